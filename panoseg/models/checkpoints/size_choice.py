"""How large a network sees a photo, as users choose it."""

from typing import Literal

from panoseg.errors import InvalidValueError

SizeChoice = Literal["shipped", "paper"] | int
"""As the checkpoint says, as the paper tests on the checkpoint's data set, or with a shorter edge of that
many pixels. What comes of it for one photo, in pixels, is the `input_size` of its `Prediction`."""

SMALLEST_EDGE, LARGEST_EDGE = 64, 2048
"""In pixels."""

_MOST_DIGITS = 12
_MOST_TOLD = 40


def read_size_choice(text: str) -> SizeChoice:
    """A choice as people write it.

    Raises:
        InvalidValueError: there is no such size.

    >>> read_size_choice("800")
    800
    """
    match text:
        case "shipped" | "paper":
            return text
    is_number = text.isdecimal() and len(text) <= _MOST_DIGITS  # longer ones are no numbers to Python
    return check_edge(int(text) if is_number else text)


def check_edge(value: object) -> int:
    """The same, if it is a shorter edge that may be chosen.

    Raises:
        InvalidValueError: it is not.
    """
    if not isinstance(value, int) or not SMALLEST_EDGE <= value <= LARGEST_EDGE:
        raise InvalidValueError(
            f'input_size: wanted "shipped", "paper" or {SMALLEST_EDGE} to {LARGEST_EDGE} pixels, '
            f"got {repr(value)[:_MOST_TOLD]}."
        )
    return value
