"""What is made once for all visitors."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from panoseg.serving.shared_cache import SharedCache


def test_bytes_are_what_is_bounded():
    cache = SharedCache(1000, len)
    for number in range(300):
        cache.get(number, lambda: bytes(3))
    assert cache.nbytes == 900
    assert cache.get(7, lambda: b"made again") == bytes(3)
    cache.get("large", lambda: bytes(990))
    assert cache.nbytes == 999
    assert cache.get("larger", lambda: bytes(1001)) == bytes(1001)
    assert cache.nbytes == 999


def test_who_asks_at_the_same_time_gets_the_same():
    cache, gate, made = SharedCache(1000, len), threading.Event(), []

    def make():
        assert gate.wait(30)
        made.append(1)
        return bytes(10)

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(cache.get, "a", make) for _ in range(8)]
        gate.set()
        assert {id(each.result()) for each in asked} == {id(cache.get("a", None))}
    assert made == [1]


def test_an_error_is_for_all_who_wait_and_is_not_kept():
    cache = SharedCache(1000, len)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: b"x") == b"x"


def test_a_cache_can_be_emptied():
    cache = SharedCache(1000, len)
    cache.get("a", lambda: b"123")
    cache.clear()
    assert (cache.nbytes, cache.get("a", lambda: b"4567")) == (0, b"4567")
