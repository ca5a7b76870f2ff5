import gc
import weakref

import pytest

from panoseg.models import load_segmenter
from panoseg.serving.model_pool import ModelPool
from panoseg.serving.prediction_queue import PredictionQueue

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
def pool(memory: Memory) -> ModelPool[Model]:
    return ModelPool(memory.load, memory.available)


def test_a_model_is_loaded_once(pool: ModelPool[Model], memory: Memory) -> None:
    assert pool.get("a") is pool.use(User(), "a") is pool.get("a")
    assert memory.loads == ["a"]


def test_while_there_is_room_all_stay(pool: ModelPool[Model], memory: Memory) -> None:
    for name in "ab":
        pool.get(name)
    pool.make_room(1)
    assert memory.names == ["a", "b"]


def test_the_one_that_was_asked_for_the_longest_ago_goes_first(
    pool: ModelPool[Model], memory: Memory
) -> None:
    for name in "abca":
        pool.get(name)
    gc.freeze()  # as after loading
    pool.make_room(1)
    assert memory.names == ["a", "c"]
    pool.make_room(3)
    assert memory.names == []
    pool.get("a")
    assert memory.loads == ["a", "b", "c", "a"]


def test_what_somebody_uses_stays(pool: ModelPool[Model], memory: Memory) -> None:
    one, another, third = User(), User(), User()
    pool.use(one, "a")
    pool.use(another, "b")
    pool.get("c").busy = True
    pool.make_room(PLENTY)
    assert memory.names == ["a", "b", "c"]
    pool.use(one, "b")  # turns to another
    pool.get("c").busy = False
    pool.make_room(PLENTY)
    assert memory.names == ["b"]
    pool.leave(one)
    pool.make_room(PLENTY)
    assert memory.names == ["b"]
    pool.leave(another)
    pool.use(third, "b")
    pool.make_room(PLENTY)
    assert memory.names == ["b"]
    del third
    pool.make_room(PLENTY)
    assert memory.names == []


def test_where_nobody_knows_how_much_there_is_all_stay(memory: Memory) -> None:
    pool = ModelPool(memory.load, lambda: None)
    pool.get("a")
    pool.make_room(PLENTY)
    assert memory.names == ["a"]


def test_memory_that_is_not_the_machines(pool: ModelPool[Model], memory: Memory) -> None:
    me = User()
    pool.use(me, "a")
    for name in "bc":
        pool.get(name)
    assert pool.drop_idle()
    assert memory.names == ["a"]
    assert not pool.drop_idle()


def test_what_failed_is_loaded_anew(pool: ModelPool[Model], memory: Memory) -> None:
    failed = pool.get("a")
    pool.forget("a", failed)
    newer = pool.get("a")
    pool.forget("a", failed)  # somebody else saw it fail, too
    assert pool.get("a") is newer
    assert memory.loads == ["a", "a"]


def test_the_weights_of_a_real_network_are_freed() -> None:
    from tests.models.tiny import photo

    class Demo:
        def __init__(self, name: str) -> None:
            self.queue = PredictionQueue(load_segmenter(name, device="cpu"))
            self.busy = False

    pool = ModelPool(Demo, lambda: 0)
    scene = photo(60, 90)
    pool.get("demo").queue.submit(scene).result()
    network = pool.get("demo").queue._segmenter._engine._network  # type: ignore[attr-defined]
    weights = [weakref.ref(weight) for weight in network.parameters()]
    del network
    gc.freeze()  # as after loading
    assert all(weight() is not None for weight in weights)
    pool.make_room(1)
    assert not any(weight() is not None for weight in weights)
