"""How the threads of a network wait for one another, in a program that is not alone on its machine."""

import os


def wait_patiently() -> None:
    """Have threads that share a computation sleep while they wait; of use before torch is imported.

    Left to itself, OpenMP keeps a core busy with waiting, and takes it from the thread that is waited for
    where others want it too: visitors' runs of the page, decoders, the next container. Two threads on two
    cores that six other threads wanted took 5.2 s for a pass of the demo model, and so take 0.1 s. Alone on
    the machine the pass takes the same time. OMP_WAIT_POLICY: section 6.7 of the OpenMP 5.2 specification.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
