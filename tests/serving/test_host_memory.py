from pathlib import Path

import pytest

from panoseg.serving.host_memory import memory

MEMINFO = "MemTotal:       8000 kB\nMemFree:        1 kB\nMemAvailable:   6000 kB\nHugePages_Total:   0\n"


def lay_out(root: Path, **files: str) -> Path:
    for path, text in {"proc/meminfo": MEMINFO, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_a_machine_without_limits(tmp_path: Path) -> None:
    assert memory(lay_out(tmp_path)) == (8000 * 1024, 6000 * 1024)


def test_where_nobody_says(tmp_path: Path) -> None:
    assert memory(tmp_path) is None


def test_here() -> None:
    room = memory()
    assert room is None or 0 <= room.available <= room.total


@pytest.mark.parametrize(
    ("line", "folder", "names"),
    [
        ("0::/", "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")),
        ("0::/a/b", "sys/fs/cgroup/a/b", ("memory.max", "memory.current", "inactive_file")),
        ("0::/a/b", "sys/fs/cgroup/a", ("memory.max", "memory.current", "inactive_file")),
        (
            "3:cpu,memory:/docker/12ab",  # of the host's tree, of which a container sees its own part only
            "sys/fs/cgroup/memory",
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ),
    ],
)
def test_a_container_has_its_own_limit(
    tmp_path: Path, line: str, folder: str, names: tuple[str, str, str]
) -> None:
    limit, usage, cached = names
    lay_out(
        tmp_path,
        **{
            "proc/self/cgroup": f"7:pids:/\n{line}\n",
            f"{folder}/{limit}": "4000000\n",
            f"{folder}/{usage}": "3000000\n",
            f"{folder}/memory.stat": f"anon 2000000\n{cached} 500000\n",
        },
    )
    assert memory(tmp_path) == (4_000_000, 1_500_000)


def test_the_operators_word_is_one_more_bound(tmp_path: Path) -> None:
    lay_out(tmp_path, **{"proc/self/status": "Name:\tpython\nVmRSS:\t    1000 kB\n"})
    assert memory(tmp_path, most=3_000_000) == (3_000_000, 3_000_000 - 1000 * 1024)
    assert memory(tmp_path, most=2**40) == (8000 * 1024, 6000 * 1024)
    assert memory(tmp_path, most=1000) == (1000, 0)


def test_no_limit_is_none(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "max\n",
        "sys/fs/cgroup/memory.current": "3000000\n",
    }
    assert memory(lay_out(tmp_path, **files)) == (8000 * 1024, 6000 * 1024)
