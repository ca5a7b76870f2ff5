"""Replicas without Ray, in the server's own process: what they answer, tests decide."""

import asyncio
import threading

from panoseg.model_server.answers import Refusal
from panoseg.photo import open_photo
from panoseg.protocol.model_facts import ModelFacts
from panoseg.protocol.prediction_bytes import encode_prediction
from tests.fakes import VOCABULARY, fake_prediction


class LocalReplicas:
    """A fake model, `name`, whose network stands still while `held` is set.

    Attributes:
        seen: what was asked for, in order.
        cancelled: how many of those were given up.
        answer: given in place of a prediction, where it is set.
        why_not: as of `Replicas`.
    """

    def __init__(self, name="demo", *, decided=True, lanes=1):
        self.facts = [
            ModelFacts(name, "abc", "cpu", VOCABULARY, decided, 1024, lanes, "d" * 64, "torch", "float32")
        ]
        self.why_not = ""
        self.seen = []
        self.cancelled = 0
        self.answer = None
        self.held = False
        self.stopped = threading.Event()

    async def predict(self, model, asked, picture):
        self.seen.append(asked)
        try:
            while self.held:
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.answer is not None:
            return self.answer
        try:
            photo = open_photo(picture)
        except Exception as error:
            return Refusal(422, str(error))
        return encode_prediction(fake_prediction(photo.size), asked.precision)

    def start(self):
        pass

    def stop(self):
        self.stopped.set()
