"""What an environment variable's text says: one function for each kind of value.

Each takes the text, never empty, and returns the value; a ValueError or KeyError where it makes no sense.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

DEMO, CATALOG = "demo", "catalog"

EngineName = Literal["auto", "torch", "openvino"]
"""What runs the networks."""

LogForm = Literal["text", "json"]
"""How lines of the log are written."""

MOST_UPLOAD_MB = 100
"""What Streamlit lets in at all (server.maxUploadSize in the page's options)."""

NOBODY, ITSELF = "none", "self"
"""Who may show the page in a frame, beside origins."""

_HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]|\*", re.ASCII)
_ORIGIN = re.compile(r"https?://[a-z0-9*]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
_SERVER = re.compile(r"https?://[^\s?#@]+", re.ASCII)
_MAIL = re.compile(r"[^\s@,;]*@[a-z0-9.-]+", re.ASCII)


def models(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip()) or (CATALOG,)


def truth(text: str) -> bool:
    return {"1": True, "0": False}[text]


def count(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)


def positive(text: str) -> int:
    if (number := count(text)) == 0:
        raise ValueError(text)
    return number


def upload_megabytes(text: str) -> int:
    if (megabytes := positive(text)) > MOST_UPLOAD_MB:
        raise ValueError(text)
    return megabytes


def words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))


def all_match(text: str, pattern: re.Pattern[str], *, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    found = words(text)
    if not all(word in beside or pattern.fullmatch(word) for word in found):
        raise ValueError(text)
    return found


def hosts(text: str) -> tuple[str, ...]:
    return all_match(text, _HOST)


def frames(text: str) -> tuple[str, ...]:
    words = all_match(text, _ORIGIN, beside=(NOBODY, ITSELF))
    if NOBODY in words and len(words) > 1:
        raise ValueError(text)
    return words


def login(text: str) -> bool | tuple[str, ...]:
    return text == "1" if text in ("0", "1") else all_match(text, _MAIL)


def token(text: str) -> str:
    # It is compared with what a header holds; a short one can be tried out.
    if not re.fullmatch(r"[!-~]{16,}", text):
        raise ValueError(text)
    return text


def server(text: str) -> str:
    if not _SERVER.fullmatch(text):
        raise ValueError(text)
    return text.rstrip("/")


def log_form(text: str) -> LogForm:
    return {name: name for name in get_args(LogForm)}[text]


def edge(text: str) -> int:
    edge = count(text)
    if not 64 <= edge <= 2048:
        raise ValueError(text)
    return edge


def engine(text: str) -> EngineName:
    return {name: name for name in get_args(EngineName)}[text]


def folder(text: str) -> Path:
    return Path(text).expanduser()


def folders(text: str) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(folder(part.strip()) for part in text.split(",") if part.strip()))
