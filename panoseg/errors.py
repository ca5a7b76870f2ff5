"""Everything that panoseg raises on purpose.

PanosegError                the message is one sentence or two, fit to show to a user
├── PhotoError              a picture cannot be read or is outside the limits
├── GroundTruthError        an annotation cannot be read or does not fit its picture
├── ModelError              a checkpoint cannot be found, fetched, read or run
│   ├── MemoryShortError    for want of memory
│   ├── ModelServerError    for want of the server that has it
│   └── UnknownThingsError  nothing tells which of its labels are countable things
├── SourceError             nothing can be taken from a folder, an archive or a list of pictures
├── RunError                a run cannot be read, written or continued
│   └── RunBusyError        because another process is writing to it
├── CancelledError          the work was given up because nobody wants its result any more
└── InvalidValueError       an argument is out of range or has the wrong shape (also a ValueError)
"""


class PanosegError(Exception):
    """Base of panoseg's errors; its text tells a user what was wrong and what is accepted."""


class PhotoError(PanosegError):
    """A picture cannot be read, or lies outside the limits."""


class GroundTruthError(PanosegError):
    """An annotation cannot be read, or does not fit its picture."""


class ModelError(PanosegError):
    """A checkpoint cannot be found, fetched, read or run."""


class MemoryShortError(ModelError):
    """A checkpoint cannot be read or run for want of memory."""


class ModelServerError(ModelError):
    """The server that has a model cannot be reached, refuses, or speaks another version."""


class UnknownThingsError(ModelError):
    """Nothing tells which of a checkpoint's labels are countable things; who knows it has to say so.

    Attributes:
        model: the checkpoint's name.
        labels: all its labels, by class id.
    """

    def __init__(self, message: str, model: str = "", labels: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.model = model
        self.labels = labels


class SourceError(PanosegError):
    """Nothing can be taken from a folder, an archive or a list of pictures."""


class RunError(PanosegError):
    """A run cannot be read, written or continued."""


class RunBusyError(RunError):
    """Another process is writing to the run."""


class CancelledError(PanosegError):
    """The work was given up because nobody wants its result any more."""

    def __init__(self, message: str = "This was given up for something newer.") -> None:
        super().__init__(message)


class InvalidValueError(PanosegError, ValueError):
    """An argument is out of range or has the wrong shape; says what was wanted and what came."""


def sentence_of(error: BaseException | str) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split())
