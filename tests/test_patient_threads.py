"""How threads share cores."""

import os
import sys
import threading

import pytest

from panoseg.patient_threads import give_way


def niceness():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a priority of their own on Linux alone")
def test_a_thread_that_gives_way_leaves_the_others_as_they_are():
    found, mine = [], niceness()

    def work():
        give_way()
        found.append(niceness())

    for _ in range(2):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    give_way()  # the main thread answers everybody
    assert min(found) > mine or min(found) == 19
    assert niceness() == mine
