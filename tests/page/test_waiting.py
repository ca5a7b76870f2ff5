"""What the page says while it waits, and how much the operator lets it remember."""

import pytest

from panoseg.page import notices
from panoseg.page.model_service import cache_bytes
from panoseg.serving import host_memory
from tests.page.page import COCO
from tests.serving.held_segmenter import HeldSegmenter


def test_while_it_waits_the_page_says_so(page, models, monkeypatch):
    held = models.there[COCO] = HeldSegmenter()
    told, show = [], notices.ProgressNotice.show

    def spy(notice, text, share=None):
        show(notice, text, share)
        told.append(text)
        if told.count("Finding segments…") == 3:
            held.let_go()

    monkeypatch.setattr(notices.ProgressNotice, "show", spy)
    page.choose_model(COCO)
    assert told[-1] == "Finding segments…"
    assert page.shows_its_segments
    assert "Finding segments" not in page.words


@pytest.mark.parametrize(("given", "wanted"), [("0", 0), (" 256 ", 256 * 2**20)])
def test_the_operator_sets_the_budget(monkeypatch, given, wanted):
    monkeypatch.setenv("PANOSEG_CACHE_MB", given)
    assert cache_bytes() == wanted


def test_the_budget_follows_the_memory(monkeypatch):
    monkeypatch.delenv("PANOSEG_CACHE_MB", raising=False)
    for room, wanted in (
        (None, 2**30),
        (host_memory.Memory(64 * 2**30, 0), 2**30),
        (host_memory.Memory(2**30, 0), 2**27),
    ):
        monkeypatch.setattr(host_memory, "memory", lambda room=room, **_: room)
        assert cache_bytes() == wanted
