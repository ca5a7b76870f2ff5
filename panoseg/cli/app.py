"""`panoseg app`: serve the page."""

from __future__ import annotations

import argparse
import runpy
import socket
import sys
from typing import Any

from panoseg.errors import InvalidValueError
from panoseg.page.app import SCRIPT


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("app", help="serve the page")
    parser.set_defaults(command=serve)
    parser.add_argument("--port", type=int, metavar="N", help="default 7000")
    parser.add_argument(
        "--address",
        metavar="A",
        help="where it listens: localhost (the default), 0.0.0.0 for visitors from other machines",
    )
    parser.add_argument("--no-browser", action="store_true", help="open no browser")


def serve(options: argparse.Namespace) -> int:
    """Become Streamlit's server, until it is stopped.

    Raises:
        InvalidValueError: the port is no port, or the address none of this machine's.
    """
    command = ["streamlit", "run", str(SCRIPT)]
    if options.port is not None:
        if not 1 <= options.port <= 65535:
            raise InvalidValueError(f"--port: wanted 1 to 65535, got {options.port}.")
        command.append(f"--server.port={options.port}")
    if options.address is not None:
        _check_address(options.address)
        command.append(f"--server.address={options.address}")
    if options.no_browser:
        command.append("--server.headless=true")
    from panoseg.hosting.patience import bound_connections  # no server's libraries before there is one

    bound_connections()
    # In this process, so that whoever stops `panoseg app` stops the server.
    sys.argv = command
    runpy.run_module("streamlit", run_name="__main__")
    return 0


def _check_address(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, 0), family=family).close()
    except (OSError, UnicodeError) as error:
        raise InvalidValueError(f"--address: wanted one of this machine's, got “{address}”.") from error
