"""What holds for every test."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_memory_of_the_machine(tmp_path_factory):
    """What was said of things on this machine neither helps a test nor is changed by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANOSEG_HOME", str(tmp_path_factory.mktemp("panoseg")))
        yield
