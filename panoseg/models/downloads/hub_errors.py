"""What huggingface_hub and the disk complain about → one sentence for the user."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from panoseg.errors import ModelError, PanosegError


@contextmanager
def translate_errors(name: str, revision: str | None) -> Iterator[None]:
    """Turn what is raised inside, while getting that checkpoint, into a ModelError."""
    from huggingface_hub import errors

    try:
        yield
    except PanosegError:
        raise
    except errors.HFValidationError:
        raise ModelError(f"{name[:80]!r} is no hub id; they look like owner/name.") from None
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{name} is gated: accept its terms on its page on the hub, sign in with "
            "“hf auth login”, then load it again."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"The hub knows no checkpoint {name}, or it is private: check the spelling, or sign in "
            "with “hf auth login”."
        ) from error
    except errors.RevisionNotFoundError as error:
        raise ModelError(f"{name} has no revision {revision}.") from error
    except errors.LocalEntryNotFoundError as error:
        raise not_cached(name, error.__cause__) from error
    except errors.HfHubHTTPError as error:
        raise _refused(name, error) from error
    except PermissionError as error:
        raise ModelError(f"The download cache cannot be written, so {name} was not fetched.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(f"The disk is full, so {name} could not be downloaded.") from error
        raise _cut_off(name) from error
    except Exception as error:  # the client lets its transport's own errors through
        raise _cut_off(name) from error


def not_cached(name: str, cause: BaseException | None = None) -> ModelError:
    """The hub is needed and not there, for that reason."""
    from huggingface_hub import errors, is_offline_mode

    if isinstance(cause, errors.HfHubHTTPError):
        return _refused(name, cause)
    if is_offline_mode():
        return ModelError(f"{name} is not in the download cache, and HF_HUB_OFFLINE forbids to download it.")
    return ModelError(
        f"{name} is not in the download cache, and the hub cannot be reached: check the network "
        "connection, then load it again."
    )


def _refused(name: str, error: Exception) -> ModelError:
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return ModelError(
            f"The hub does not let this account read {name}: sign in with “hf auth login” as someone who may."
        )
    return ModelError(f"The hub answered with error {status} for {name}; try again later.")


def _cut_off(name: str) -> ModelError:
    return ModelError(
        f"The download of {name} was cut off: check the network connection, then load it again; "
        "it goes on from where it was."
    )
