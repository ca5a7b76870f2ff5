"""How threads share cores, and Python itself, in a program in which others wait for an answer."""

import os
import sys
import threading

TURN_SECONDS = 0.001
"""Python's own is five times as long."""

_LOWER_PRIORITY = 5
"""Of the kernel's "nice" values: where both want a core, others get three times as much of it."""


def wait_patiently() -> None:
    """Have threads that share a computation sleep while they wait; of use before torch is imported.

    Left to itself, OpenMP keeps a core busy with waiting, and takes it from the thread that is waited for
    where others want it too: visitors' runs of the page, decoders, the next container. Two threads on two
    cores that six other threads wanted took 5.2 s for a pass of the demo model, and so take 0.1 s. Alone on
    the machine the pass takes the same time. OMP_WAIT_POLICY: section 6.7 of the OpenMP 5.2 specification.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def give_way() -> None:
    """From here on this thread's work comes after that of threads for which others wait, such as a network's.

    It holds for as long as the thread lives, so it is for those that are begun for one piece of work; where
    threads have no priority of their own (all but Linux), nothing changes.
    """
    if sys.platform == "linux" and threading.current_thread() is not threading.main_thread():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWER_PRIORITY)


def take_short_turns() -> None:
    """Have a thread of Python's hand it on sooner where another one waits for it.

    The loop that answers everybody needs Python some ten times for one request, and each time stands in line
    behind the visitors' runs that compute.
    """
    sys.setswitchinterval(TURN_SECONDS)
