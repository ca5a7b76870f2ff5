"""One look for viewer and downloads: whoever changes it, all show it, and the newest word counts."""

from dataclasses import replace

import numpy as np
import pytest

import panoseg
from panoseg.page import look as looks
from panoseg.page.address import ADDRESS_NAMES, OTHER_MODEL, address, read_address
from panoseg.page.look import Look, Style, with_report
from tests.export import samples
from tests.fakes import VOCABULARY, FakeSegmenter, fake_prediction
from tests.page.page import COCO, Page, photo_file

PERSON = "query-3-2"


def report(number=1, source="here", **more):
    return {"number": number, "source": source, "hidden": [], "selected": [], "style": {}, **more}


def test_the_viewer_is_told_which_report_was_heard(page):
    assert page.look["heard"] == 0
    page.select(PERSON)
    page.hide("class-0")
    assert (page.look["heard"], page.look["hidden"], page.look["selected"]) == (2, ["class-0"], [])


def test_a_look_outlives_a_threshold(page):
    page.report(selected=[PERSON], hidden=["class-0"], style={"opacity": 0.25})
    page.move("score", 0.86)
    page.move("score", 0.7)
    assert (page.look["selected"], page.look["hidden"]) == ([PERSON], ["class-0"])
    assert page.look["style"]["opacity"] == 0.25


def test_another_picture_begins_with_nothing_hidden_or_selected(page):
    page.report(selected=[PERSON], hidden=["class-0"], style={"opacity": 0.25})
    page.upload(("garden.jpg", photo_file()))
    assert (page.look["selected"], page.look["hidden"]) == ([], [])
    assert page.look["style"]["opacity"] == 0.25


def test_another_model_begins_with_nothing_selected(page, models):
    models.there[COCO] = FakeSegmenter(COCO)
    page.select(PERSON)
    page.choose_model(COCO)
    assert page.look["selected"] == []


def test_an_old_report_changes_nothing():
    look = with_report(Look("here"), report(2, selected=["a"]))
    assert look.selected == ("a",)
    for number in (1, 2):
        assert with_report(look, report(number, selected=["b"])) == look


def test_a_report_about_another_picture_counts_for_its_style_only():
    look = with_report(Look("here"), report(source="there", hidden=["a"], style={"labels": True}))
    assert (look.heard, look.hidden, look.style.labels) == (1, (), True)


def test_a_comparison_lends_its_colours():
    look = Look("here", style=Style(color_by="score"))
    during = looks.compared(look, True)
    assert during.style.color_by == "outcome"
    assert looks.compared(during, False).style.color_by == "score"
    changed = replace(during, style=Style(color_by="label"))
    assert looks.compared(changed, True).style.color_by == "label"
    assert looks.compared(changed, False).style.color_by == "label"


def test_without_a_comparison_there_are_no_outcomes_to_colour_by():
    look = Look("here", style=Style(color_by="outcome"))
    assert looks.compared(look, False).style.color_by == "segment"


@pytest.mark.parametrize(
    ("told", "style"),
    [
        (None, Style()),
        ({"opacity": 7}, Style(opacity=1)),
        ({"opacity": float("nan")}, Style()),
        ({"opacity": "0.5"}, Style()),
        ({"outlines": 0}, Style()),
        ({"outline_width": -3}, Style(outline_width=1)),
        ({"outline_width": 1e9}, Style(outline_width=6)),
        ({"color_by": "<b>"}, Style()),
        ({"color_by": "score", "cutout": True, "more": 1}, Style(color_by="score", cutout=True)),
    ],
)
def test_a_style_that_makes_no_sense_is_not_taken(told, style):
    assert with_report(Look("here"), report(style=told)).style == style


@pytest.mark.parametrize(
    "told", [None, "x", [], {}, {"number": "1"}, report(selected="abc", hidden=[1, None])]
)
def test_a_report_that_makes_no_sense_does_no_harm(told):
    look = with_report(Look("here"), told)
    assert (look.hidden, look.selected, look.style) == ((), (), Style())


def test_the_downloads_hold_the_look():
    segmentation = samples.segmentation()
    sky, *_, ball = segmentation.segments
    style = Style(0.3, labels=True, outline_width=2, color_by="label")
    look = Look("here", hidden=(sky.key,), selected=(ball.key, "query-99"), style=style)
    view = looks.view(samples.photo(), segmentation, VOCABULARY, look)
    assert view.visible == {segment.id for segment in segmentation.segments} - {sky.id}
    assert view.selected == {ball.id}
    assert (view.opacity, view.labels, view.outline_width, view.color_by) == (0.3, True, 2, "label")


def test_borders_are_as_wide_in_the_file_as_on_the_screen():
    size = (3000, 4000)
    photo = panoseg.Photo.from_pixels(np.zeros((*size, 3), np.uint8), "large")
    segmentation = panoseg.panoptic(fake_prediction(size))
    view = looks.view(photo, segmentation, VOCABULARY, Look(style=Style(outline_width=2)))
    assert view.outline_width == 5  # 12 megapixels are shown at 2.1


@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look(selected=("class-0", "query-3-2")),
        Look(style=Style(0.35, False, 4, True, "score", True)),
    ],
)
def test_an_address_restores_the_look(look):
    assert read_address(address(look)) == look


def test_the_address_is_written_by_the_viewer_and_names_all_that_may_stand_there(page):
    assert set(page.look["address"]) == {*ADDRESS_NAMES, OTHER_MODEL, "selected"}
    assert set(page.look["address"].values()) == {None}
    page.move("score", 0.35)
    assert page.look["address"]["score"] == "0.35"
    assert "score" not in page.app.query_params


def test_an_address_says_only_what_is_unusual():
    assert address(Look("here", hidden=("a",), heard=3)) == {}


@pytest.mark.parametrize(
    "parameters",
    [
        {"opacity": "nan"},
        {"opacity": "<b>"},
        {"outlines": "1"},
        {"color_by": "mood"},
        {"selected": " "},
        {"x": "y"},
    ],
)
def test_an_address_that_makes_no_sense_does_no_harm(parameters):
    assert read_address(parameters) == Look()


def test_a_link_restores_style_and_selection(models):
    page = Page(opacity="0.25", color_by="label", selected=PERSON)
    assert (page.look["style"]["opacity"], page.look["style"]["color_by"]) == (0.25, "label")
    assert page.look["selected"] == [PERSON]
    page.report(style={"opacity": 0.25, "color_by": "segment", "labels": True})
    address = page.look["address"]
    assert (address["labels"], address["selected"], address["color_by"]) == ("true", None, None)
