"""What is looked at before a command or the page does anything: what the operator set."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec

from panoseg.errors import InvalidValueError
from panoseg.models.downloads.hub import is_hub_id
from panoseg.setting_values import CATALOG, DEMO
from panoseg.settings import PREFIX, VARIABLES, settings


def check_settings() -> None:
    """See that what is set makes sense, and name on the error stream what panoseg does not know.

    Raises:
        InvalidValueError: a variable holds what it must not, or names a model's folder that is not there.
    """
    for name in sorted(os.environ.keys() - {variable.name for variable in VARIABLES}):
        if name.startswith(PREFIX):
            _warn(name)
    if settings().server and settings().save_things:
        raise InvalidValueError(
            "PANOSEG_SAVE_THINGS: what the models of a model server know is remembered there, "
            "with `panoseg models things`."
        )
    for model in settings().models or ():
        if settings().server:
            break  # names there, not here
        if model not in (DEMO, CATALOG) and not is_hub_id(model) and not os.path.isdir(model):
            raise InvalidValueError(
                f"PANOSEG_MODELS: wanted {DEMO}, {CATALOG}, hub ids (owner/name) or folders that are there, "
                f"got “{model}”."
            )
    if settings().engine == "openvino" and find_spec("openvino") is None:
        raise InvalidValueError(
            "PANOSEG_ENGINE: openvino is not installed; `pip install panoseg[openvino]` brings it along."
        )
    if settings().login and find_spec("authlib") is None:
        raise InvalidValueError(
            "PANOSEG_LOGIN: signing in needs Authlib; `pip install panoseg[login]` brings it along."
        )


def check_settings_or_exit() -> None:
    """The same for a server: one sentence on the error stream, and exit status 2."""
    try:
        check_settings()
    except InvalidValueError as error:
        print(f"panoseg: {error}", file=sys.stderr)
        sys.exit(2)


@cache  # once, whoever looks again
def _warn(name: str) -> None:
    words = [variable.name.removeprefix(PREFIX) for variable in VARIABLES]
    known = get_close_matches(name.removeprefix(PREFIX), words, n=1, cutoff=0.8)
    hint = f"did you mean {PREFIX}{known[0]}?" if known else "it has no effect."
    print(f"panoseg: {name} is none of panoseg's variables; {hint}", file=sys.stderr)
