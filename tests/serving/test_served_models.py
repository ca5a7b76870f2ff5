"""What is known of a model server, whether or not it answers."""

import pytest

from panoseg.errors import ModelServerError
from panoseg.protocol.model_facts import ModelFacts
from panoseg.serving.served_models import FRESH_SECONDS, PAUSE_SECONDS, ServedModels
from tests.fakes import VOCABULARY

ONE = ModelFacts("one", None, "cpu", VOCABULARY, True, 800, 1)
OTHER = ModelFacts("other", None, "cpu", VOCABULARY, True, 800, 1)


class Server:
    def __init__(self):
        self.answer, self.asked, self.now = [ONE], 0, 0.0

    def ask(self):
        self.asked += 1
        if self.answer is None:
            raise ModelServerError("away")
        return self.answer


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def models(server):
    return ServedModels("http://a.example", None, server.ask, lambda: server.now)


def test_it_is_asked_now_and_then(server, models):
    assert models.known() == models.known() == (ONE,)
    assert server.asked == 1
    server.answer, server.now = [OTHER, ONE], FRESH_SECONDS + 1
    assert models.known() == (OTHER, ONE)


def test_what_it_said_last_holds_while_it_is_away(server, models):
    models.known()
    server.answer, server.now = None, FRESH_SECONDS + 1
    assert models.known() == models.known() == (ONE,)
    assert server.asked == 2  # it is left alone for a while
    server.answer, server.now = [OTHER], FRESH_SECONDS + PAUSE_SECONDS + 2
    assert models.known() == (OTHER,)


def test_nothing_is_known_of_one_that_never_answered(server, models):
    server.answer = None
    assert models.known() == ()
