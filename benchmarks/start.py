"""Seconds from starting the installed page to the first segmented picture, in a real Chromium.

    python benchmarks/start.py

Cold: the server has just been started. Warm: the next visitor of the same server.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.page_server import chromium, serve

STAGES = ("the page's frame", "first picture", "first segments")


def visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """Seconds until the page's frame is up, until it shows a picture, and until its segments are painted."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("[data-testid=stSegmentedControl], [data-testid=stButtonGroup]", timeout=120_000)
    framed = time.perf_counter() - started
    page.wait_for_selector(".viewer canvas.photo[role=img]", timeout=120_000)
    pictured = time.perf_counter() - started
    page.wait_for_selector(".viewer[data-segments]", timeout=120_000)
    segmented = time.perf_counter() - started
    page.context.close()
    return framed, pictured, segmented


def run_once(browser: Browser) -> dict[str, float]:
    """A start of the server, with its first visitor and the next."""
    started = time.perf_counter()
    with serve("streamlit_app.py") as (address, _):
        serving = time.perf_counter() - started
        cold = visit(browser, address)
        warm = visit(browser, address)
    return {
        "start → server answers": serving,
        **{f"visit → {name}, cold": seconds for name, seconds in zip(STAGES, cold, strict=True)},
        **{f"visit → {name}, warm": seconds for name, seconds in zip(STAGES, warm, strict=True)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3)
    repeat = parser.parse_args().repeat
    with chromium() as browser:
        runs = [run_once(browser) for _ in range(repeat)]
    print(f"| | seconds, median of {repeat} |\n|---|---|")
    for name in runs[0]:
        print(f"| {name} | {statistics.median(run[name] for run in runs):.1f} |")


if __name__ == "__main__":
    main()
