"""Models on their way into memory: one load per name and process, watched by every session."""

import gc
import os
import threading
import time
from collections.abc import Callable, Hashable

import panoseg
from panoseg.errors import CancelledError, PanosegError
from panoseg.models import Segmenter, Step
from panoseg.models.hub import Snapshot, is_hub_id

_POLL_SECONDS = 0.05
_PRESENCE_SECONDS = 30.0
"""A visitor whose page was not heard of for so long waits for nothing any more."""


class Loading:
    """A model that loads in a thread of its own.

    A download begins when somebody agreed to it, and ends early when nobody who waited for it is left.

    Attributes:
        name: of the model.
        step: what is being done.
        question: the download that somebody should agree to, where there is one.
        segmenter, error: how it ended; both are None while it goes on.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.step = Step("Starting")
        self.question: Snapshot | None = None
        self.error: PanosegError | None = None
        self.segmenter: Segmenter | None = None
        self._agreed = False
        self._left = self._stopped = False
        self._seen: dict[Hashable, float] = {}
        self._lock = threading.Lock()
        self._start()

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self.segmenter is not None or self.error is not None

    def wait(self, report: Callable[[str], object]) -> Segmenter:
        """The model once it is there; meanwhile `report` hears what is being done.

        Raises:
            PanosegError: it could not be loaded. The next call of `loading` tries again.
        """
        said = ""
        while not self.over:
            if str(self.step) != said:
                report(said := str(self.step))
            time.sleep(_POLL_SECONDS)
        if self.segmenter is None:
            raise self.error or PanosegError("The model could not be loaded.")
        return self.segmenter

    def agree(self) -> None:
        """Answer the question with yes, for everyone."""
        with self._lock:
            if self.question is None:
                return
            self.question = None
            self._agreed = True
        self.step = Step("Starting")
        self._start()

    def watch(self, visitor: Hashable) -> None:
        """That visitor waits for it, as of now."""
        with self._lock:
            self._seen[visitor] = time.monotonic()

    def leave(self, visitor: Hashable) -> None:
        """That visitor does not want it any more; a download that nobody else waits for ends."""
        with self._lock:
            self._seen.pop(visitor, None)
            self._left = True
        if self._unwanted():
            self._stopped = True
            _forget(self)  # whoever wants it again is asked again

    def join(self) -> None:
        """Wait until it is over or has a question."""
        self._thread.join()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._load, name=f"load {self.name}", daemon=True)
        self._thread.start()

    def _load(self) -> None:
        asked: list[Snapshot] = []

        def ask(snapshot: Snapshot) -> bool:
            if not self._agreed:
                asked.append(snapshot)
            return self._agreed

        try:
            segmenter = panoseg.load_segmenter(self.name, progress=self._hear, ask=ask)
        except PanosegError as error:
            if asked:
                self.question = asked[0]
            else:
                self._fail(error)
        except Exception as error:
            unknown = PanosegError(f"The model “{self.name}” could not be loaded.")
            unknown.__cause__ = error
            self._fail(unknown)
        else:
            # The libraries and weights stay for good: no later collection needs to look at them.
            gc.collect()
            gc.freeze()
            self.segmenter = segmenter

    def _fail(self, error: PanosegError) -> None:
        _forget(self)  # first, so that whoever sees the error may start anew
        self.error = error

    def _hear(self, step: Step) -> None:
        self.step = step
        if self._stopped or self._unwanted():
            raise CancelledError(f"The download of {self.name} was stopped; it goes on from there next time.")

    def _unwanted(self) -> bool:
        """Whether somebody left the download, and nobody is left of those who waited for it.

        A load that downloads nothing costs nobody anything: it goes on, for the next who wants it.
        """
        downloads = self.question is not None or self.step.total is not None
        now = time.monotonic()
        with self._lock:
            waited_for = any(now - seen < _PRESENCE_SECONDS for seen in self._seen.values())
        return downloads and self._left and not waited_for


_loadings: dict[str, Loading] = {}
_lock = threading.Lock()


def loading(name: str) -> Loading:
    """The load of that model in this process, started by whoever asks first."""
    with _lock:
        if name not in _loadings:
            _loadings[name] = Loading(name)
        return _loadings[name]


def is_loaded(name: str) -> bool:
    """Whether that model is in memory; starts nothing."""
    found = _loadings.get(name)
    return found is not None and found.segmenter is not None


def is_local(name: str) -> bool:
    """Whether that model needs no hub: the demo, or a folder."""
    return not is_hub_id(name) or os.path.isdir(name)


def _forget(failed: Loading) -> None:
    with _lock:
        if _loadings.get(failed.name) is failed:
            del _loadings[failed.name]
