"""Where a model on a server is: https://HOST[:PORT][/PATH], or one of its models by name."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from panoseg.errors import InvalidValueError
from panoseg.protocol import MODELS_PATH

_WANTED = "wanted http:// or https:// and a server's name"


class ServerAddress(NamedTuple):
    """A server and perhaps one of its models.

    Attributes:
        base: "https://host:port/path", without a slash at its end.
        model: a model's name there; None for the first that it offers.

    >>> ServerAddress.read("https://models.example.org/v1/models/owner/name")
    ServerAddress(base='https://models.example.org', model='owner/name')
    """

    base: str
    model: str | None

    @classmethod
    def read(cls, text: str) -> ServerAddress:
        """What people write.

        Raises:
            InvalidValueError: it is no such address.
        """
        try:
            parts = urlsplit(text)
            fits = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1)
        except ValueError:
            fits = False
        if not fits or parts.query or parts.fragment:
            raise InvalidValueError(f"The address of a model server: {_WANTED}, got “{text[:200]}”.")
        if "@" in parts.netloc:
            raise InvalidValueError(
                "The address of a model server holds no password; its token belongs in PANOSEG_TOKEN."
            )
        path, _, model = parts.path.partition(f"{MODELS_PATH}/")
        base = f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}".removesuffix(MODELS_PATH)
        return cls(base, unquote(model).strip("/") or None)

    @property
    def host(self) -> str:
        """What to call the server in a sentence."""
        return urlsplit(self.base).netloc

    def of_model(self, name: str) -> str:
        """The address of a model of that name on this server."""
        return f"{self.base}{MODELS_PATH}/{quote(name)}"


def is_address(name: object) -> bool:
    """Whether a model's name is the address of a server."""
    return isinstance(name, str) and name.startswith(("http://", "https://"))
