"""What holds for every test."""

from collections.abc import Callable
from typing import Any

import hypothesis
import pytest

from panoseg.errors import ModelError
from panoseg.patient_threads import wait_patiently
from panoseg.settings import settings

wait_patiently()  # tests run beside one another


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, a file's stay together, as they share what is slow to make.

    Two clusters at once would overload a small machine, and the last test to end should be a short one.
    """
    for item in items:
        group = "cluster" if item.get_closest_marker("cluster") else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.get_closest_marker("cluster") is None)


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
