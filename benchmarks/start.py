"""Seconds from starting the installed page to the first segmented picture, in a real Chromium.

    python benchmarks/start.py

Cold: the server has just been started. Warm: the next visitor of the same server.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
STAGES = ("the page's frame", "first picture", "first segments")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def visit(browser: Browser, address: str) -> tuple[float, float, float]:
    """Seconds until the page's frame is up, until it shows a picture, and until its segments are painted."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1", timeout=120_000)
    page.wait_for_selector("[data-testid=stSegmentedControl], [data-testid=stButtonGroup]", timeout=120_000)
    framed = time.perf_counter() - started
    page.wait_for_selector(".viewer canvas.photo[role=img]", timeout=120_000)
    pictured = time.perf_counter() - started
    page.wait_for_selector(".viewer[data-segments]", timeout=120_000)
    segmented = time.perf_counter() - started
    page.context.close()
    return framed, pictured, segmented


def run_once(browser: Browser) -> dict[str, float]:
    port = free_port()
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}",
         "--server.headless=true"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.02)
        serving = time.perf_counter() - started
        cold = visit(browser, f"http://127.0.0.1:{port}")
        warm = visit(browser, f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=10)
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
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        runs = [run_once(browser) for _ in range(repeat)]
        browser.close()
    print(f"| | seconds, median of {repeat} |\n|---|---|")
    for name in runs[0]:
        print(f"| {name} | {statistics.median(run[name] for run in runs):.1f} |")


if __name__ == "__main__":
    main()
