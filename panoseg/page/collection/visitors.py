"""Who may ask: each session has a token that nobody can guess, and bounds for what it sends."""

from __future__ import annotations

import secrets
import threading

MOST_NEW_RUNS = 5
"""Runs that one visit may begin."""


class CollectionVisitor:
    """One visitor, as the routes know it.

    Attributes:
        token: what the browser is known by; 192 random bits.
        begun: ids of the runs that this visit began.
        beginning: how many it is beginning at the moment.
        prepared: downloads that were asked for and not begun, by their id.
        is_preparing: whether one is being looked at.
        downloads: how many are on their way to it.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self.begun: list[str] = []
        self.beginning = 0
        self.prepared: dict[str, object] = {}
        self.is_preparing = False
        self.downloads = 0

    def open(self) -> None:
        """Let its browser ask, from now on."""
        with _lock:
            _by_token[self.token] = self

    def close(self) -> None:
        """The browser has gone."""
        with _lock:
            _by_token.pop(self.token, None)


_lock = threading.Lock()
_by_token: dict[str, CollectionVisitor] = {}


def visitor_of(token: str) -> CollectionVisitor | None:
    """The visitor of a token who is there."""
    return _by_token.get(token)
