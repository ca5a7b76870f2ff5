"""What holds for every test."""

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest

from panoseg.errors import ModelError
from panoseg.patient_threads import wait_patiently
from panoseg.settings import settings

wait_patiently()  # tests run beside one another

CLUSTERS = ("tests/model_server/test_with_ray.py", "tests/runs/test_on_ray.py")
"""They start Ray, which takes long, and two of which would overload a small machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is first, so that processes that share the tests end at about the same time."""
    items.sort(key=lambda item: not item.nodeid.startswith(CLUSTERS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests of a file stay in one process, as they share what is slow to make; and so do clusters."""
    from xdist.scheduler import LoadFileScheduling

    class Files(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "clusters" if nodeid.startswith(CLUSTERS) else super()._split_scope(nodeid)

    return Files(config, log)


@pytest.fixture(scope="session", autouse=True)
def clusters_get_their_share():
    """Ray's processes give way to all others, as a rule: beside other tests they would hardly ever run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_worker_niceness", "0")
        yield


@pytest.fixture(scope="session", autouse=True)
def no_memory_of_the_machine(tmp_path_factory):
    """What was said of things on this machine neither helps a test nor is changed by one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PANOSEG_HOME", str(tmp_path_factory.mktemp("panoseg")))
        yield


@pytest.fixture(autouse=True)
def settings_of_its_own():
    """No test goes by what another has set; one that changes a variable twice clears them in between."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def refusal() -> Callable[..., str]:
    """Call something that must raise ModelError; gives its sentence, fit to show to a user."""

    def call(function: Callable[..., Any], *args: Any, **options: Any) -> str:
        with pytest.raises(ModelError) as caught:
            function(*args, **options)
        sentence = str(caught.value)
        assert sentence
        assert "\n" not in sentence
        assert "Traceback" not in sentence
        return sentence

    return call


# No example has a time limit of its own: a machine that is busy is no defect.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")
