"""How server and workers talk through pipes: JSON heads, each with its length, and raw bytes between them.

A request is a head whose "bytes" are followed by as many. An answer is a head, and after one that has a
"size" come the pixels, in pieces that each have their length, an empty one at their end, and one more head.
"""

import json
from io import RawIOBase
from typing import Any

MOST_HEAD_BYTES = 16 * 2**20
"""Room for the 65,535 segments of the largest annotation that is read."""

_LENGTH = 4


def write_head(stream: RawIOBase, head: dict[str, Any]) -> None:
    """Write a head."""
    text = json.dumps(head).encode()
    write_all(stream, len(text).to_bytes(_LENGTH, "little") + text)


def write_piece(stream: RawIOBase, piece: memoryview | bytes) -> None:
    """Write some bytes and, before them, how many they are."""
    write_all(stream, len(piece).to_bytes(_LENGTH, "little"))
    write_all(stream, piece)


def write_all(stream: RawIOBase, data: memoryview | bytes) -> None:
    """Write it to the end, however little the pipe takes at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def read_head(stream: RawIOBase) -> dict[str, Any]:
    """Read a head.

    Raises:
        EOFError: the other side has ended.
        ValueError: this is no head.
    """
    length = read_length(stream)
    if length > MOST_HEAD_BYTES:
        raise ValueError(f"a head of {length} bytes")
    text = bytearray(length)
    read_into(stream, memoryview(text))
    head = json.loads(text)
    if not isinstance(head, dict):
        raise ValueError("a head that is no object")
    return head


def read_length(stream: RawIOBase) -> int:
    """How many bytes follow.

    Raises:
        EOFError: the other side has ended.
    """
    length = bytearray(_LENGTH)
    read_into(stream, memoryview(length))
    return int.from_bytes(length, "little")


def read_into(stream: RawIOBase, room: memoryview) -> None:
    """Fill all of the room.

    Raises:
        EOFError: the other side has ended.
    """
    while room:
        count = stream.readinto(room)
        if not count:
            raise EOFError
        room = room[count:]
