"""Ask whether any dependency has a known security hole: `make audit`, and CI once a day.

    python tools/audit.py

Looks up what the Docker image holds (docker/requirements.lock) and what the checks and tests need besides.
Where the database of advisories cannot be reached it says so, and ends with 0: it does not know of any. What
it finds ends it with 1.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "docker/requirements.lock"

MOST_SECONDS = 600
"""For each of the two lists; some 200 dependencies are looked up in one or two minutes."""


def audit(command: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each dependency; nothing where it could ask nobody."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:  # a network that answers nothing, not even that
        print(f"No answer within {MOST_SECONDS} s.")
        return []
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "pip-audit said nothing.")
        return []
    return found


def report(dependencies: list[dict[str, Any]]) -> int:
    """Say what was found; the exit status."""
    holes = [(each, hole) for each in dependencies for hole in each.get("vulns", ())]
    unknown = [each["name"] for each in dependencies if "skip_reason" in each]
    for each, hole in holes:
        fixed = ", ".join(hole.get("fix_versions", ())) or "no version yet"
        print(f"{each['name']} {each['version']}: {hole['id']}, mended in {fixed}")
    checked = len(dependencies) - len(unknown)
    print(f"{checked} dependencies were looked up, {len(holes)} known holes.")
    if unknown or not dependencies:
        which = f"{len(unknown)} dependencies" if dependencies else "the dependencies"
        print(f"NOT CHECKED: {which}. The database of advisories cannot be reached from here, or lacks them.")
    return 1 if holes else 0


def main() -> int:
    """Check what the image pins, by hashes, and what is installed here."""
    base = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    found = audit([*base, "--disable-pip", f"--requirement={LOCK}"])
    known = {each["name"] for each in found}
    found += [each for each in audit([*base, "--local"]) if each["name"] not in known]
    return report(found)


if __name__ == "__main__":
    sys.exit(main())
