"""A moved threshold's map goes ahead of the page, and no wrong one ever does."""

import pytest

from panoseg.page import viewer
from tests.page.page import COCO, FakeSegmenter, photo_file


@pytest.fixture
def sent(monkeypatch):
    """Each thing that is sent to the viewer, in its order."""
    order = []
    for name in ("show_photo", "show_map", "show_look"):
        real = getattr(viewer, name)

        def spy(*arguments, real=real, name=name, **options):
            order.append(name)
            return real(*arguments, **options)

        monkeypatch.setattr(viewer, name, spy)
    return order


def test_the_map_of_a_moved_threshold_comes_first(page, sent):
    page.move("score", 0.4)
    assert sent == ["show_map", "show_photo", "show_look"]
    assert "kite" in page.labels
    assert "score=0.4," in page.map["stamp"]


def test_other_changes_take_their_turn(page, sent):
    page.choose_task("semantic")
    assert sent == ["show_photo", "show_map", "show_look"]


def test_a_threshold_moved_together_with_another_picture_is_of_that_picture(page, sent):
    page.choose_source("Upload")
    sent.clear()
    before = page.photo["key"]
    page.app.slider(key="score").set_value(0.4)
    page.upload("new.jpg", photo_file())
    assert sent == ["show_map", "show_photo", "show_photo", "show_map", "show_look"]  # from the beginning
    assert page.photo["key"] != before
    assert page.shows_its_segments
    assert "kite" in page.labels


def test_a_threshold_moved_together_with_the_model(models, page):
    models.there[COCO] = FakeSegmenter(COCO)
    page.app.slider(key="score").set_value(0.4)
    page.choose_model(COCO)
    assert COCO in page.map["source"]
    assert "kite" in page.labels
