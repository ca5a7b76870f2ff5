"""Many files for one run at once: they get no more room than one by one."""

import pytest

from panoseg.errors import RunError
from panoseg.page.collection.arrivals import AT_ONCE, Arrivals


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "kept.png").write_bytes(bytes(40))
    (tmp_path / ".begun.part").write_bytes(bytes(40))  # it was promised its room when it began
    return tmp_path


def expect(arrivals, folder, length, most_files=3):
    return arrivals.expect("run", folder, length, most_files=most_files, most_bytes=100)


def refused(arrivals, folder, length, **bounds):
    with pytest.raises(RunError) as refusal, expect(arrivals, folder, length, **bounds):
        pass
    return str(refusal.value)


def test_what_is_on_its_way_counts(folder):
    arrivals = Arrivals()
    with expect(arrivals, folder, 40):
        assert "may take" in refused(arrivals, folder, 21)
        with expect(arrivals, folder, 20):
            assert "3 pictures" in refused(arrivals, folder, 0)
    with expect(arrivals, folder, 60):
        pass


def test_few_come_at_once(folder):
    arrivals = Arrivals()
    coming = [expect(arrivals, folder, 0, most_files=500) for _ in range(AT_ONCE)]
    for each in coming:
        each.__enter__()
    assert "at the same time" in refused(arrivals, folder, 0, most_files=500)
