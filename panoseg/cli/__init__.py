"""panoseg from a shell: the same core as the page, without the page.

A new command is a module with `add` and a line in `COMMANDS`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

import panoseg
from panoseg.cli import app, demo, evaluate, export, models, run, runs, segment, serve
from panoseg.cli.terminal import complain
from panoseg.errors import PanosegError
from panoseg.patient_threads import wait_patiently
from panoseg.start_check import check_settings

COMMANDS = (segment, run, runs, export, evaluate, models, app, serve, demo)

INTERRUPTED = 130
UNREAD = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong is one line on the error stream each, never a traceback.

    Returns:
        0 if all went well, 2 if anything did not, 130 if interrupted, 141 if nobody reads what is said.
    """
    # A terminal that lacks a letter shows a question mark rather than ending the run.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    wait_patiently()
    options = build_parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        check_settings()
        status = command(options)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read it has had enough, such as `head`; what Python has yet to write goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except (PanosegError, OSError) as error:
        return complain(error)


def build_parser() -> argparse.ArgumentParser:
    """Every command and its options."""
    parser = argparse.ArgumentParser(
        prog="panoseg", description="Explore what Mask2Former sees in a picture."
    )
    parser.add_argument("--version", action="version", version=f"panoseg {panoseg.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
