"""Everything that panoseg raises on purpose.

PanosegError                the message is one sentence or two, fit to show to a user
├── PhotoError              a picture cannot be read or is outside the limits
├── GroundTruthError        an annotation cannot be read or does not fit its picture
├── ModelError              a checkpoint cannot be found, fetched, read or run
│   └── CancelledError      … because somebody did not want it any more
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


class CancelledError(ModelError):
    """A checkpoint is not had because somebody decided so."""


class InvalidValueError(PanosegError, ValueError):
    """An argument is out of range or has the wrong shape; says what was wanted and what came."""
