"""A process that does one case after another: a line "kind seed" in, a line of JSON out."""

import json
import resource
import sys
import time
import traceback
import warnings
from pathlib import Path

from panoseg.errors import PanosegError
from tests.hostile import cases

MOST_BYTES = 500 * 2**20


def main() -> None:
    """Serve until the input ends."""
    warnings.simplefilter("ignore")
    for kind in cases.KINDS:  # what is imported and made once counts for nobody
        for seed in range(20):
            outcome_of(cases.case(kind, -1 - seed))
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    most = pages * resource.getpagesize() + MOST_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        kind, seed = line.split()
        case = cases.case(kind, int(seed))
        started = time.process_time()
        outcome = outcome_of(case)
        print(json.dumps([*outcome, time.process_time() - started]), flush=True)


def outcome_of(case: cases.Case) -> tuple[str, str]:
    """What it ends in, and what was said."""
    try:
        case()
    except PanosegError as error:
        told = str(error)
        return ("out of memory" if "not enough memory" in told else type(error).__name__), told
    except MemoryError:
        return "out of memory", traceback.format_exc()
    except Exception:
        return "escaped", traceback.format_exc()
    return "result", ""


if __name__ == "__main__":
    main()
