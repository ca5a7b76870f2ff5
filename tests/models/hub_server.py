"""A hub of one's own: speaks the Hugging Face Hub's protocol, as far as downloads need it.

The real huggingface_hub client is pointed at it through HF_ENDPOINT. It asks for

    GET  /api/models/{id}                         which commit is its main branch?
    GET  /api/models/{id}/revision/{revision}     and which another branch or tag?
    GET  /api/models/{id}/tree/{commit}           names and sizes of its files
    HEAD /{id}/resolve/{commit}/{file}            ETag, size and commit of one file
    GET  /{id}/resolve/{commit}/{file}            its bytes, from any offset on (Range)

and reads the cause of a refusal from the header X-Error-Code.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin")
IN_MEMORY_BYTES = 1 << 20
PIECE_BYTES = 1 << 16


class File:
    """A committed file: small ones are held as they were, large ones stay where they lie."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        self._path = path
        self._content = path.read_bytes() if self.size <= IN_MEMORY_BYTES else None

    @cached_property
    def sha256(self) -> str:
        digest = hashlib.sha256()
        for piece in self.pieces(0, self.size):
            digest.update(piece)
        return digest.hexdigest()

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Bytes from one offset to another, a piece at a time."""
        if self._content is not None:
            yield from (
                self._content[i : min(stop, i + PIECE_BYTES)] for i in range(start, stop, PIECE_BYTES)
            )
            return
        with self._path.open("rb") as file:
            file.seek(start)
            while (left := stop - file.tell()) > 0:
                yield file.read(min(left, PIECE_BYTES))


@dataclass
class Repository:
    """Commits of one checkpoint, and how it misbehaves.

    Attributes:
        commits: file name → file, by commit.
        branches: branch or tag → commit.
        gated: files are refused (403) though the listing is public.
        private: everything is refused, as if it did not exist (401).
        forbidden: the listing itself is refused (403), with no reason given.
        status: answer everything with this status code instead.
        truncated: names of files of which the second half is never sent.
        corrupt: names of files whose bytes are not the announced ones.
        breaks_after: so many bytes of a large file come, then the connection ends, from any offset.
        seconds_per_piece: how long each piece of a large file takes.
        knows_ranges: whether a large file can be had from an offset on.
        licence: the card's licence, and its name where that is "other".
    """

    commits: dict[str, dict[str, File]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    gated: bool = False
    private: bool = False
    forbidden: bool = False
    status: int | None = None
    truncated: frozenset[str] = frozenset()
    corrupt: frozenset[str] = frozenset()
    breaks_after: int | None = None
    seconds_per_piece: float = 0.0
    knows_ranges: bool = True
    licence: dict[str, str] = field(default_factory=dict)

    def add(self, folder: Path, branch: str = "main", leave_out: tuple[str, ...] = ()) -> str:
        """Commit a folder's files to a branch; gives the commit."""
        files = {f.name: File(f) for f in sorted(folder.iterdir()) if f.name not in leave_out}
        digest = hashlib.sha1(usedforsecurity=False)
        for name, file in files.items():
            digest.update(f"{name} {file.sha256}".encode())
        commit = digest.hexdigest()
        self.commits[commit] = files
        self.branches[branch] = commit
        return commit


@dataclass
class Hub:
    """A running server.

    Attributes:
        url: for HF_ENDPOINT.
        repositories: by hub id; may be changed while it runs.
        requests: "METHOD path" of everything that was asked for.
        offsets: where each download of a large file began.
    """

    url: str
    repositories: dict[str, Repository] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def repository(self, name: str) -> Repository:
        return self.repositories.setdefault(name, Repository())

    def downloads(self) -> list[str]:
        """Names of the files whose bytes were sent, in alphabetical order."""
        gets = (request.split("/")[-1] for request in self.requests if "GET" in request)
        return sorted(name for name in gets if "." in name)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/api/models/") or "/resolve/" in path:  # the client is curious about more
            self.hub.requests.append(f"{self.command} {path}")
        parts = path.strip("/").split("/")
        is_api = parts[:2] == ["api", "models"]
        owner, name, verb, revision, *file = [*(parts[2:] if is_api else parts), "", "", "", ""]
        verb, revision = verb or "revision", revision or "main"
        file_name = "/".join(file).rstrip("/")
        repository = self.hub.repositories.get(f"{owner}/{name}")
        if repository is None or repository.private:
            return self.refuse(401 if repository else 404, "RepoNotFound")
        if repository.status is not None:
            return self.refuse(repository.status, "")
        if repository.forbidden:
            return self.refuse(403, "")
        commit = repository.branches.get(revision, revision)
        files = repository.commits.get(commit)
        if files is None:
            return self.refuse(404, "RevisionNotFound")
        if verb == "revision":
            siblings = [_sibling(*item) for item in files.items()]
            answer = {"id": f"{owner}/{name}", "sha": commit, "siblings": siblings}
            return self.send_json({**answer, "cardData": repository.licence})
        if verb == "tree":
            return self.send_json([_listing(*item) for item in files.items()])
        if repository.gated:
            return self.refuse(403, "GatedRepo")
        if file_name not in files:
            return self.refuse(404, "EntryNotFound", commit)
        return self.send_file(file_name, files[file_name], commit, repository)

    def refuse(self, status: int, code: str, commit: str | None = None) -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        if commit:
            self.send_header("X-Repo-Commit", commit)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_json(self, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_file(self, name: str, file: File, commit: str, repository: Repository) -> None:
        large, size = name.endswith(LARGE), file.size
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        if large and not repository.knows_ranges:
            start = 0
        stop = max(start, size // 2) if name in repository.truncated else size
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{file.sha256}"')
        self.send_header("X-Repo-Commit", commit)
        self.send_header("X-Linked-Size", str(size))
        self.send_header("Content-Length", str(size if self.command == "HEAD" else stop - start))
        self.end_headers()
        if self.command == "HEAD":
            return
        if large:
            self.hub.offsets.append(start)
            if repository.breaks_after is not None and start + repository.breaks_after < stop:
                stop, self.close_connection = start + repository.breaks_after, True
        with suppress(ConnectionError):  # whoever asked may have gone
            for piece in file.pieces(start, stop):
                self.wfile.write(bytes(len(piece)) if name in repository.corrupt else piece)
                if large:
                    time.sleep(repository.seconds_per_piece)

    def log_message(self, *args: object) -> None:
        """Say nothing; `Hub.requests` is the log."""


def _sibling(name: str, file: File) -> dict[str, object]:
    entry: dict[str, object] = {"rfilename": name, "size": file.size, "blobId": "0" * 40}
    if name.endswith(LARGE):
        entry["lfs"] = {"sha256": file.sha256, "size": file.size, "pointerSize": 134}
    return entry


def _listing(name: str, file: File) -> dict[str, object]:
    oid = hashlib.sha1(file.sha256.encode(), usedforsecurity=False).hexdigest()
    entry: dict[str, object] = {"type": "file", "path": name, "size": file.size, "oid": oid}
    if name.endswith(LARGE):
        entry["lfs"] = {"oid": file.sha256, "size": file.size, "pointerSize": 134}
    return entry


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub on a free port of this machine, until the block is left."""

    class Handler(_Handler):
        """Of this hub alone, as the server makes one per connection."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub = Handler.hub = Hub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
