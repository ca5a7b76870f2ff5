"""Results come in the order of the pieces, and no more is begun than may be."""

import threading

import pytest

from panoseg.work_ahead import in_order

THREADS = [1, 3]


@pytest.mark.parametrize("threads", THREADS)
def test_results_come_in_order(threads):
    second_began = threading.Event()

    def work(piece):
        if piece == 0 and threads > 1:  # the first piece ends last
            assert second_began.wait(60)
        second_began.set()
        return piece * 10

    assert [(piece, result()) for piece, result in in_order(work, range(40), threads)] == [
        (piece, piece * 10) for piece in range(40)
    ]


@pytest.mark.parametrize("threads", THREADS)
def test_what_one_piece_raises_is_its_own(threads):
    found = []
    for piece, result in in_order(lambda piece: 1 // piece, [1, 0, 1], threads):
        try:
            found.append(result())
        except ZeroDivisionError:
            found.append(piece)
    assert found == [1, 0, 1]


@pytest.mark.parametrize(("threads", "most_begun"), [(1, 1), (3, 14)])
def test_what_is_given_up_is_not_begun(threads, most_begun):
    begun = []
    worked = in_order(begun.append, iter(range(1000)), threads)
    next(worked)[1]()
    worked.close()
    assert 1 <= len(begun) <= most_begun


def test_pieces_that_cost_much_wait_for_each_other():
    begun = []
    costs = {"large": 70, "small": 20, "tiny": 10, "too large": 500, "last": 1}
    worked = in_order(begun.append, costs, threads=2, cost=costs.__getitem__, most=100)
    held = [set(begun) | {piece} for piece, result in worked if result() is None]
    assert "too large" not in held[0]
    assert "last" not in held[2]
    assert begun == list(costs)
