"""How many runs of the page compute at the same time."""

import threading
from contextlib import contextmanager, suppress

import pytest

from panoseg.page import runs
from tests.page.page import wait_until

PATIENCE_SECONDS = 30


class Crowd:
    """Visitors whose runs all begin at once and end when they may."""

    def __init__(self, count, block):
        self.inside = self.most = self.done = 0
        self.changed = threading.Condition()
        self.may_end = threading.Event()
        self.threads = [threading.Thread(target=self._visit, args=[block], daemon=True) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _visit(self, block):
        with suppress(ZeroDivisionError), block():
            self._count(1)
            self.may_end.wait(PATIENCE_SECONDS)
            self._count(-1)
            raise ZeroDivisionError  # as Streamlit ends a run

    def _count(self, change):
        with self.changed:
            self.inside += change
            self.most = max(self.most, self.inside)
            self.done += change < 0
            self.changed.notify_all()

    def wait_for(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE_SECONDS)

    def end(self):
        self.may_end.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)


@contextmanager
def nested(outer, inner):
    with outer, inner:
        yield


def test_few_compute_and_all_have_their_turn():
    crowd = Crowd(3 * runs.AT_ONCE, lambda: runs.run("run"))
    crowd.wait_for(lambda: crowd.inside == runs.AT_ONCE)
    assert runs.any_running()
    crowd.end()
    assert (crowd.most, crowd.done) == (runs.AT_ONCE, 3 * runs.AT_ONCE)
    assert not runs.any_running()


def test_who_waits_for_a_network_leaves_its_place_to_others():
    crowd = Crowd(3 * runs.AT_ONCE, lambda: nested(runs.run("run"), runs.waiting()))
    crowd.wait_for(lambda: crowd.inside == 3 * runs.AT_ONCE)
    crowd.end()
    again = Crowd(2 * runs.AT_ONCE, lambda: runs.run("run"))  # every place came back, and none twice
    again.wait_for(lambda: again.inside == runs.AT_ONCE)
    again.end()
    assert again.most == runs.AT_ONCE


def test_who_returns_from_waiting_goes_first_and_then_who_came_first():
    places, order = runs._Places(1), []

    def visit(name):
        places.take(again=name == "again")
        order.append(name)
        places.give_back()

    places.take()
    threads = [
        threading.Thread(target=visit, args=[name], daemon=True)
        for name in ("first", "second", "again", "third")
    ]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(lambda number=number: places.waiting == number)
    places.give_back()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert order == ["again", "first", "second", "third"]


def test_who_has_what_it_waits_for_keeps_its_place():
    crowd = Crowd(3 * runs.AT_ONCE, lambda: nested(runs.run("run"), runs.waiting(True)))
    crowd.wait_for(lambda: crowd.inside == runs.AT_ONCE)
    crowd.end()
    assert crowd.most == runs.AT_ONCE


@pytest.mark.parametrize("inner", [lambda: runs.run("picture"), lambda: runs.waiting()])
def test_a_part_of_a_page_needs_no_second_place(inner):
    crowd = Crowd(runs.AT_ONCE, lambda: nested(runs.run("run"), inner()))
    crowd.wait_for(lambda: crowd.inside == runs.AT_ONCE)
    crowd.end()
    assert crowd.done == runs.AT_ONCE


def test_what_mostly_waits_needs_none():
    crowd = Crowd(3 * runs.AT_ONCE, lambda: runs.under_way("files"))
    crowd.wait_for(lambda: crowd.inside == 3 * runs.AT_ONCE)
    crowd.end()
