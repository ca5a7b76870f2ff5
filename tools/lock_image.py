"""Pin what the Docker image holds, every package with its hashes, and list it: `make lock`.

    python tools/lock_image.py

Writes docker/requirements.lock and docker/sbom.json (CycloneDX). torch is not in the first: its builds for
CPUs have an index of their own, and the Dockerfile pins it by its version.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "docker"
LOCK, SBOM = DOCKER / "requirements.lock", DOCKER / "sbom.json"
PYTHON = "3.11"
CYCLONEDX = "cyclonedx-bom==7.5.0"
_OF_CUDA = re.compile(r"(nvidia-|cuda-|triton\b)")
"""What only torch's builds for GPUs need."""


def lock() -> str:
    """requirements.in and all that it draws in, in the newest versions; hashes are of all platforms."""
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header",
        f"--python-version={PYTHON}", "--python-platform=x86_64-manylinux_2_28", "--no-emit-package=torch",
        "--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "requirements.in",
    ]  # fmt: skip
    text = subprocess.run(command, cwd=DOCKER, check=True, capture_output=True, text=True).stdout
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    kept = [block.rstrip() for block in blocks if not _OF_CUDA.match(block) and not block.startswith("#")]
    return "\n".join(["# Made by tools/lock_image.py of requirements.in.", *kept, ""])


def bill_of_materials() -> str:
    """The same as a CycloneDX list, with torch; the hashes stand in the lock."""
    # Not among the development requirements: it brings along a check of JSON schemas with which each of Ray's
    # processes takes a second longer to start.
    command = [
        sys.executable, "-m", "uv", "tool", "run", "--quiet", f"--from={CYCLONEDX}",
        "cyclonedx-py", "requirements", "--output-reproducible", "-",
    ]  # fmt: skip
    torch = re.search(r"^torch==.*", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    pins = LOCK.read_text(encoding="utf-8") + (torch.group() if torch else "")
    done = subprocess.run(command, input=pins, check=True, capture_output=True, text=True)
    listed = json.loads(done.stdout)
    listed["metadata"].pop("tools", None)
    for component in listed["components"]:
        component.pop("externalReferences", None)
        component.pop("description", None)
    return json.dumps(listed, indent=1, sort_keys=True) + "\n"


def main() -> None:
    """Write both."""
    LOCK.write_text(lock(), encoding="utf-8")
    SBOM.write_text(bill_of_materials(), encoding="utf-8")


if __name__ == "__main__":
    main()
