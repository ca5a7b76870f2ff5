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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin")


@dataclass
class Repository:
    """Commits of one checkpoint, and how it misbehaves.

    Attributes:
        commits: file name → contents, by commit.
        branches: branch or tag → commit.
        gated: files are refused (403) though the listing is public.
        private: everything is refused, as if it did not exist (401).
        forbidden: the listing itself is refused (403), with no reason given.
        status: answer everything with this status code instead.
        truncated: names of files that are sent short of their announced size.
    """

    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    gated: bool = False
    private: bool = False
    forbidden: bool = False
    status: int | None = None
    truncated: frozenset[str] = frozenset()

    def add(self, folder: Path, branch: str = "main", leave_out: tuple[str, ...] = ()) -> str:
        """Commit a folder's files to a branch; gives the commit."""
        files = {f.name: f.read_bytes() for f in sorted(folder.iterdir()) if f.name not in leave_out}
        digest = hashlib.sha1(usedforsecurity=False)
        for name, content in files.items():
            digest.update(name.encode() + content)
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
    """

    url: str
    repositories: dict[str, Repository] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

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
            siblings = [{"rfilename": file_name} for file_name in files]
            return self.send_json({"id": f"{owner}/{name}", "sha": commit, "siblings": siblings})
        if verb == "tree":
            return self.send_json([_listing(*item) for item in files.items()])
        if repository.gated:
            return self.refuse(403, "GatedRepo")
        if file_name not in files:
            return self.refuse(404, "EntryNotFound", commit)
        return self.send_file(files[file_name], commit, cut=file_name in repository.truncated)

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

    def send_file(self, content: bytes, commit: str, *, cut: bool) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        size = len(content)
        body = content[start:]
        if cut and self.command == "GET":
            body = body[: size // 2]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", commit)
        self.send_header("X-Linked-Size", str(size))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing; `Hub.requests` is the log."""


def _listing(name: str, content: bytes) -> dict[str, object]:
    blob = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    entry: dict[str, object] = {"type": "file", "path": name, "size": len(content), "oid": blob}
    if name.endswith(LARGE):
        digest = hashlib.sha256(content).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 134}
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
