"""The server's process: the door opens at once, the models come behind it, and SIGTERM ends both gently."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

import panoseg
from panoseg import events
from panoseg.errors import InvalidValueError, PanosegError
from panoseg.hosting import hosts, probes
from panoseg.hosting.figures import CountedAnswers, Figures, Now
from panoseg.hosting.hosts import Hosts, is_loopback
from panoseg.hosting.log import Log
from panoseg.hosting.patience import ImpatientProtocol
from panoseg.hosting.pieces import Pieces
from panoseg.hosting.stopping import DRAIN_SECONDS, QUIET_SECONDS, stopping_gently
from panoseg.model_server.answers import Replicas
from panoseg.model_server.app import Door, Token, Versions, application
from panoseg.photo import PhotoLimits
from panoseg.settings import settings

DEFAULT_PORT = 7100
_KEEP_ALIVE_SECONDS = 15


class StartingReplicas(Replicas, Protocol):
    """Replicas that can be started and ended."""

    def start(self) -> None:
        """Returns when they are ready."""
        ...

    def stop(self) -> None:
        """End them."""
        ...


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Where the server listens, and what it takes.

    Attributes:
        address, port: where it listens; port 0 takes a free one.
        token: what clients have to know.
        limits: of a picture's file.
        most_waiting: pictures in line for one model.
        replicas: of each model.
        lanes: pictures with a replica at the same time, in its network and made ready.

    Raises:
        InvalidValueError: other machines could come in without a token.
    """

    address: str
    port: int
    token: str | None
    limits: PhotoLimits
    most_waiting: int
    replicas: int = 1
    lanes: int = 2

    def __post_init__(self) -> None:
        if not is_loopback(self.address) and not self.token:
            raise InvalidValueError(
                f"At {self.address} other machines can come in: PANOSEG_TOKEN must hold what they must know."
            )


class ModelServer:
    """A server and its replicas.

    Args:
        options: where it listens, and what it takes.
        replicas: what runs the models.
    """

    def __init__(self, options: ServerOptions, replicas: StartingReplicas) -> None:
        self._options = options
        self._replicas = replicas
        token = settings().metrics_token
        figures = Figures(self._now) if token else None
        self._listeners: list[events.Listener] = [Log(settings().log), *([figures] if figures else [])]
        self._failure: PanosegError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.door = Door(
            replicas,
            limits=options.limits,
            most_waiting=options.most_waiting,
            replicas_per_model=options.replicas,
            ahead=max(1, options.lanes - 1),
        )
        config = uvicorn.Config(
            application(
                [*self.door.routes(), *probes.routes(lambda: self.door.why_not, figures, token)],
                [
                    Middleware(Pieces),
                    Middleware(CountedAnswers),
                    Middleware(Versions),
                    Middleware(Hosts, hosts=hosts.names_of(options.address, settings().hosts)),
                    Middleware(Token, token=options.token),
                ],
                self._lifespan,
            ),
            host=options.address,
            port=options.port,
            http=ImpatientProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)

    def run(self) -> None:
        """Serve until SIGTERM or Ctrl-C.

        Raises:
            PanosegError: the models could not be loaded, or the port is taken.
        """
        try:
            self._server.run()
        except SystemExit as error:
            raise InvalidValueError(
                f"--port: something else listens at {self._options.address}:{self._options.port} already."
            ) from error
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End it from another thread: whoever still waits is told so."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.door.end)
        self._server.should_exit = True

    @property
    def port(self) -> int:
        """Where it listens, once it does."""
        for server in self._server.servers:
            for listener in server.sockets:
                return int(listener.getsockname()[1])
        return self._options.port

    @property
    def ready(self) -> bool:
        """Whether it answers and has models."""
        return self._server.started and not self.door.why_not

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        for listener in self._listeners:
            events.listen(listener)
        events.note("start", version=panoseg.__version__, open=not is_loopback(self._options.address))
        starting = asyncio.create_task(self._start())
        try:
            with stopping_gently(self._close, lambda: self.door.busy):
                yield
        finally:
            starting.cancel()
            await asyncio.to_thread(self._replicas.stop)
            events.note("stop", outcome="ok")
            for listener in self._listeners:
                events.ignore(listener)

    async def _start(self) -> None:
        try:
            await asyncio.to_thread(self._replicas.start)
        except PanosegError as error:
            self._failure = error
        except Exception as error:
            events.note("error", where="start", outcome=type(error).__name__, cause=events.cause(error))
            self._failure = PanosegError("The models could not be started.")
        if self._failure is not None:
            self._server.should_exit = True
            return
        events.note("ready", outcome="ok")
        names = ", ".join(each.name for each in self._replicas.facts)
        while not self._server.started:
            await asyncio.sleep(0.01)
        place = f"http://{self._options.address}:{self.port}"
        print(f"{names} at {place}", file=sys.stdout, flush=True)

    def _now(self) -> Now:
        return Now(None, self.door.waiting, None, len(self._replicas.facts))

    def _close(self) -> None:
        self.door.closing = True
        # Those who are not served by then hear of it while their connections are still there.
        asyncio.get_running_loop().call_later(DRAIN_SECONDS + QUIET_SECONDS, self.door.end)
