"""`panoseg serve` as a process of its own, with Ray, and what it started."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.model_server.running import TOKEN

ROOT = Path(__file__).parents[2]
START_SECONDS = 240
"""Ray is slow to start where much else runs, and is tried three times."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


class ServerProcess:
    """The server's process.

    Attributes:
        base: its address.
        process: as of `subprocess`.
        log: what it says.
    """

    def __init__(self, port, folder, *arguments):
        self.base = f"http://127.0.0.1:{port}"
        self.log = folder / "serve.txt"
        environment = {**os.environ, "PANOSEG_TOKEN": TOKEN, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "panoseg", "serve", f"--port={port}", *arguments],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self):
        end = time.monotonic() + START_SECONDS
        while self.ask("/readyz") != "ready":
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)

    def ask(self, path):
        try:
            with urllib.request.urlopen(self.base + path, timeout=10) as answer:
                return answer.read().decode().strip()
        except OSError:
            return None

    def children(self):
        """pid → command of all that it started, and they."""
        parents, commands = {}, {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                pid = int(entry.name)
                parents[pid] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[pid] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return {pid: commands[pid] for pid in found if pid != self.process.pid}

    def replicas(self):
        return [pid for pid, command in self.children().items() if command.startswith("ray::ServeReplica")]

    def replica_seconds(self):
        """Of processor time that the replicas have had, on all cores together."""
        ticks = 0
        for pid in self.replicas():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def listening(self):
        """(pid, address) of every port at which it or what it started listens, on Linux."""
        inodes = {}
        for pid in (self.process.pid, *self.children()):
            with contextlib.suppress(OSError):
                for link in Path(f"/proc/{pid}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        inodes[os.readlink(link)] = pid
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and (pid := inodes.get(f"socket:[{fields[9]}]")):
                    yield pid, fields[1].partition(":")[0]

    def stop(self):
        """SIGTERM; gives the seconds that its end took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - began

    def kill(self):
        """Whatever is left of it."""
        pids = [self.process.pid, *self.children()] if self.process.poll() is None else []
        for pid in pids:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
