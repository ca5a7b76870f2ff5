"""Files that are written whole or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile


def make_writable(folder: Path) -> None:
    """Make the folder if need be, and see that a file can be written into it.

    Raises:
        OSError: it cannot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        TemporaryFile(dir=folder).close()
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that nobody ever sees half, whoever reads or writes it at the same time.

    Raises:
        OSError: it cannot be written; what stood there before still does.
    """
    new = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)
