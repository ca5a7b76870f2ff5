"""Routes for those who watch a server: does it live, can it serve, how does it do."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from panoseg import events
from panoseg.hosting.figures import CONTENT_TYPE, Figures

_FRESH = {"Cache-Control": "no-store"}


def routes(
    unready: Callable[[], str], figures: Figures | None, token: str | None, base: str = ""
) -> list[Route]:
    """/healthz, /readyz and /metrics.

    Args:
        unready: why the server should be sent nobody; empty where it can serve.
        figures: what /metrics hands out; None where it hands out nothing.
        token: what it asks for.
        base: the path at which the page is served, "" or "/path".
    """

    async def health(request: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_FRESH)

    async def readiness(request: Request) -> Response:
        why = unready()
        return PlainTextResponse(f"{why or 'ready'}\n", 503 if why else 200, headers=_FRESH)

    async def metrics(request: Request) -> Response:
        if figures is None or not token:
            return PlainTextResponse("There is nothing here.\n", 404, headers=_FRESH)
        given = request.headers.get("authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {token}".encode()):
            events.note("refused", reason="token")
            return PlainTextResponse(
                "A token is needed.\n", 401, headers={**_FRESH, "WWW-Authenticate": "Bearer"}
            )
        return Response(figures.text(), media_type=CONTENT_TYPE, headers=_FRESH)

    return [
        Route(f"{base}/healthz", health, methods=["GET"]),
        Route(f"{base}/readyz", readiness, methods=["GET"]),
        Route(f"{base}/metrics", metrics, methods=["GET"]),
    ]
