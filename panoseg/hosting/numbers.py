"""Whole numbers in addresses, which anybody may write as long as they like.

Python refuses to read more than 4,300 digits, databases and arrays have no place for more than 19: neither is
an error of the server's. What no picture, tile or row can have as its number becomes `NOWHERE`, and is
looked for, and not found, like any other that is not there.
"""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

MOST_DIGITS = 12
NOWHERE = 10**MOST_DIGITS
"""Larger than any number that is read."""


def number(text: str) -> int | None:
    """The number that a visitor wrote; None where that is none, NOWHERE where nothing has it.

    >>> number("12"), number("-1"), number("²"), number("9" * 5000) == NOWHERE
    (12, None, None, True)
    """
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if len(text) <= MOST_DIGITS else NOWHERE


class _Number(Convertor[int]):
    regex = "[0-9]+"

    def convert(self, value: str) -> int:
        found = number(value)
        return NOWHERE if found is None else found

    def to_string(self, value: int) -> str:
        return str(value)


# For routes: "/tile/{row:number}", in place of Starlette's own "int".
register_url_convertor("number", _Number())
