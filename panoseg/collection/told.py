"""What visitors are told of an error: its sentence, and not where this machine keeps things."""

from __future__ import annotations

import re

from panoseg.errors import sentence_of

_QUOTED_PATH = re.compile(r"""(['"])((?:/|[A-Za-z]:\\)(?:(?!\1).)*)\1""")


def told(error: BaseException | str) -> str:
    """The sentence of an error on one line; of paths that it names in quotes, the last part is left.

    >>> told(ValueError("The folder '/srv/cache/pictures' holds\\nno picture."))
    "The folder 'pictures' holds no picture."
    """
    return _QUOTED_PATH.sub(_last_part, sentence_of(error))


def _last_part(found: re.Match[str]) -> str:
    quote, path = found.groups()
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    return f"{quote}{last}{quote}"
