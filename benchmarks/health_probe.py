"""Ask a server's /healthz ten times a second until the standard input ends; print the seconds of each answer.

A process of its own: beside the visitors in one event loop, it would measure that loop.
"""

import select
import sys
import time
import urllib.request

PAUSE_SECONDS = 0.1
FAILED = "failed"


def main() -> None:
    """Ask, each time by a new connection, as those who watch containers do."""
    address = sys.argv[1]
    while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
        started = time.perf_counter()
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:  # noqa: S310
                answer.read()
        except OSError as error:
            print(FAILED, type(error).__name__)
        print(f"{time.perf_counter() - started:.4f}")


if __name__ == "__main__":
    main()
