"""Python imports this at its start where this folder is on its path: notes whom a process asks for anything.

Each line of the file that `OUTGOING_LOG` names is an address outside this machine to which something was to
be sent, or a name that was to be looked up. Nothing is held back.
"""

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

_LOG = Path(os.environ["OUTGOING_LOG"])
_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}
"""Python's audit events, and where among their arguments the address is."""


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    address = arguments[_EVENTS[event]]
    host = address[0] if isinstance(address, tuple) else address
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if host and not _is_this_machine(str(host)):
        with _LOG.open("a", encoding="utf-8") as log:
            log.write(f"{event} {host}\n")


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.startswith("/"):  # a socket with a path
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(_note)
