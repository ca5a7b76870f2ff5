"""How much memory there is for this process, by what the machine and its container say.

Linux only: a container's limit is in its control group (docs.kernel.org, "Control Group v2" and "Memory
Resource Controller"), of which the machine's own figures know nothing. Elsewhere nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Memory in bytes: all that there is, and what of it can still be taken."""

    total: int
    available: int


def memory(root: Path = Path("/"), most: int | None = None) -> Memory | None:
    """The tightest bounds of the machine and of each control group around this process, or None.

    Args:
        root: where /proc and /sys are.
        most: bytes that the process may take in any case, where its operator says so.
    """
    bounds = [*_machine(root), *_control_groups(root)]
    if most is not None:
        bounds.append(Memory(most, most - 1024 * _table(root / "proc/self/status").get("VmRSS:", 0)))
    if not bounds:
        return None
    return Memory(min(bound.total for bound in bounds), max(0, min(bound.available for bound in bounds)))


def _machine(root: Path) -> Iterator[Memory]:
    kilobytes = _table(root / "proc/meminfo")
    if "MemTotal:" in kilobytes and "MemAvailable:" in kilobytes:
        yield Memory(1024 * kilobytes["MemTotal:"], 1024 * kilobytes["MemAvailable:"])


def _control_groups(root: Path) -> Iterator[Memory]:
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            names = ("memory.max", "memory.current", "inactive_file")
            yield from _group_bounds(root / "sys/fs/cgroup", path, *names)
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            yield from _group_bounds(root / "sys/fs/cgroup/memory", path, *names)


def _group_bounds(mount: Path, path: str, limit: str, usage: str, reclaimable: str) -> Iterator[Memory]:
    """The group and those around it; inside a container only the outermost is to be seen, and is its own."""
    group = mount / path.strip("/")
    for folder in (group, *group.parents):
        total, used = _text(folder / limit).strip(), _text(folder / usage).strip()
        if total.isdecimal() and used.isdecimal():  # "max" is no limit
            cached = _table(folder / "memory.stat").get(reclaimable, 0)
            yield Memory(int(total), int(total) - int(used) + cached)
        if folder == mount:
            return


def _table(path: Path) -> dict[str, int]:
    """Lines of a name and a number."""
    rows = (line.split() for line in _text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdecimal()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
