"""A real server that can write nowhere but in its volume, as compose.yaml starts it."""

import json
import shutil
import subprocess
import sys
import time

import pytest

from benchmarks.visitor import Visitor
from tests import event_loop
from tests.page.test_hosting import PATIENCE_SECONDS, picture, running

# A file system of the test's own: all of it read-only but the folder, and no capability for what comes after.
ROOTS = "ext2,ext3,ext4,xfs,btrfs,overlay,tmpfs,fuse,fuseblk,9p,virtiofs"
READ_ONLY = f"""
volume=$1; shift
mount --bind "$volume" "$volume"
findmnt --raw --noheadings --output TARGET --types {ROOTS} | while read -r place; do
    case $place in
        "$volume" | /dev/*) ;;
        *) mount -o remount,bind,ro "$place" || echo "stays as it is: $place" ;;
    esac
done
[ -w / ] || [ -w /usr ] || [ -w /tmp ] || [ ! -w "$volume" ] || \\
    exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
INSIDE = [
    "unshare",
    "--map-root-user",
    "--mount",
    "--propagation",
    "private",
    "sh",
    "-e",
    "-c",
    READ_ONLY,
    "sh",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("volume")
    if sys.platform != "linux" or not shutil.which("unshare") or not shutil.which("setpriv"):
        pytest.skip("needs Linux's namespaces")
    tried = subprocess.run([*INSIDE, str(folder), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine gives no namespace: {tried.stderr}")
    return folder


def test_a_page_needs_no_file_system_to_write_to(folder):
    places = {
        name: str(folder) for name in ("HOME", "TMPDIR", "PANOSEG_HOME", "PANOSEG_CACHE", "XDG_CACHE_HOME")
    }
    inside = [*INSIDE, str(folder)]
    with running(folder, inside=inside, PANOSEG_LOG="json", PANOSEG_MODELS="demo", **places) as server:
        server.wait_until_ready()

        async def visit():
            async with Visitor(server.address) as visitor:
                await visitor.upload("a.png", picture())
                await visitor.move(score=0.9)
                await visitor.settle()
                return visitor.alerts

        async def look_at_the_collection():
            async with Visitor(server.address, page="collection") as visitor:
                folder = visitor.told("collection")["folder"]
                deadline = time.monotonic() + PATIENCE_SECONDS
                while not (about := json.loads(server.get(f"/{folder}/run/demo")[2]))["pictures"]:
                    assert time.monotonic() < deadline, about
                    time.sleep(0.1)

        assert not event_loop.run(visit())
        event_loop.run(look_at_the_collection())
        assert not server.events("error")
    assert list(folder.glob("demo-collection/run/*"))
