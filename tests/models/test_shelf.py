import gc
import weakref

import pytest

from panoseg.models import load_segmenter
from panoseg.models.queue import PredictionQueue
from panoseg.models.shelf import Shelf

PLENTY = 10


class Model:
    """Takes one unit of memory; a circle, as networks with hooks are."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.busy = False
        self.me = self


class User:
    pass


class Memory:
    """A machine with room for `size` models."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.loads: list[str] = []
        self.alive: weakref.WeakSet[Model] = weakref.WeakSet()

    def load(self, name: str) -> Model:
        model = Model(name)
        self.loads.append(name)
        self.alive.add(model)
        return model

    def available(self) -> int:
        return self.size - len(self.alive)

    @property
    def names(self) -> list[str]:
        return sorted(model.name for model in self.alive)


@pytest.fixture
def memory() -> Memory:
    return Memory(3)


@pytest.fixture
def shelf(memory: Memory) -> Shelf[Model]:
    return Shelf(memory.load, memory.available)


def test_a_model_is_loaded_once(shelf: Shelf[Model], memory: Memory) -> None:
    assert shelf.get("a") is shelf.use(User(), "a") is shelf.get("a")
    assert memory.loads == ["a"]


def test_while_there_is_room_all_stay(shelf: Shelf[Model], memory: Memory) -> None:
    for name in "ab":
        shelf.get(name)
    shelf.make_room(1)
    assert memory.names == ["a", "b"]


def test_the_one_that_was_asked_for_the_longest_ago_goes_first(shelf: Shelf[Model], memory: Memory) -> None:
    for name in "abca":
        shelf.get(name)
    gc.freeze()  # as after loading
    shelf.make_room(1)
    assert memory.names == ["a", "c"]
    shelf.make_room(3)
    assert memory.names == []
    shelf.get("a")
    assert memory.loads == ["a", "b", "c", "a"]


def test_what_somebody_uses_stays(shelf: Shelf[Model], memory: Memory) -> None:
    one, another, third = User(), User(), User()
    shelf.use(one, "a")
    shelf.use(another, "b")
    shelf.get("c").busy = True
    shelf.make_room(PLENTY)
    assert memory.names == ["a", "b", "c"]
    shelf.use(one, "b")  # turns to another
    shelf.get("c").busy = False
    shelf.make_room(PLENTY)
    assert memory.names == ["b"]
    shelf.leave(one)
    shelf.make_room(PLENTY)
    assert memory.names == ["b"]
    shelf.leave(another)
    shelf.use(third, "b")
    shelf.make_room(PLENTY)
    assert memory.names == ["b"]
    del third
    shelf.make_room(PLENTY)
    assert memory.names == []


def test_where_nobody_knows_how_much_there_is_all_stay(memory: Memory) -> None:
    shelf = Shelf(memory.load, lambda: None)
    shelf.get("a")
    shelf.make_room(PLENTY)
    assert memory.names == ["a"]


def test_memory_that_is_not_the_machines(shelf: Shelf[Model], memory: Memory) -> None:
    me = User()
    shelf.use(me, "a")
    for name in "bc":
        shelf.get(name)
    assert shelf.drop_idle()
    assert memory.names == ["a"]
    assert not shelf.drop_idle()


def test_what_failed_is_loaded_anew(shelf: Shelf[Model], memory: Memory) -> None:
    failed = shelf.get("a")
    shelf.forget("a", failed)
    newer = shelf.get("a")
    shelf.forget("a", failed)  # somebody else saw it fail, too
    assert shelf.get("a") is newer
    assert memory.loads == ["a", "a"]


def test_the_weights_of_a_real_network_are_freed() -> None:
    from tests.models.tiny import photo

    class Demo:
        def __init__(self, name: str) -> None:
            self.queue = PredictionQueue(load_segmenter(name, device="cpu"))
            self.busy = False

    shelf = Shelf(Demo, lambda: 0)
    scene = photo(60, 90)
    scene.digest = "waves"
    shelf.get("demo").queue.submit(scene).result()
    network = shelf.get("demo").queue._segmenter._engine._network  # type: ignore[attr-defined]
    weights = [weakref.ref(weight) for weight in network.parameters()]
    del network
    gc.freeze()  # as after loading
    assert all(weight() is not None for weight in weights)
    shelf.make_room(1)
    assert not any(weight() is not None for weight in weights)
