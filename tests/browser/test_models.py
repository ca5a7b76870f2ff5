"""The picker, the input size and the question of things; the operator offers a model of their own."""

import json
import re
import shutil
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from panoseg.models.checkpoints.catalog import CATALOG
from panoseg.models.loading import DEMO_FOLDER
from tests.browser.accessibility import examine
from tests.browser.conftest import serve

MINE = "fine-tune"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The page with the catalogue and a copy of the demo model of which nobody has said the things."""
    folder = tmp_path_factory.mktemp("operator")
    mine = shutil.copytree(DEMO_FOLDER, folder / MINE)
    config = json.loads((mine / "config.json").read_text())
    config["id2label"] |= {"0": "*ball* <b>"}
    (mine / "config.json").write_text(json.dumps({**config, "panoseg_things": None}))
    with serve(folder, PANOSEG_MODELS=f"catalog,{mine}") as address:
        yield address


def choose(page, title):
    """Choose a model in its menu, which is open."""
    page.get_by_role("combobox", name="Model").click()
    page.keyboard.type(title)
    page.get_by_role("option", name=re.compile(f"^{re.escape(title)}( ·|$)")).click()


def test_a_model_is_found_by_typing_and_comes_with_its_facts(screen):
    name = "facebook/mask2former-swin-tiny-cityscapes-semantic"
    with screen.menu("Model") as page:
        choose(page, CATALOG[name].title)
        expect(screen.shows("Streets, seen from a car: 19 classes.")).to_be_visible()
    expect(screen.page.get_by_role("radio", name="Semantic")).to_be_checked()
    expect(screen.shows("panoseg goes on with")).to_be_visible()  # there is no network
    assert examine(screen, "a model that cannot be had") == []
    expect(screen.page).to_have_url(re.compile(re.escape(f"model={quote(name, safe='')}")))


def test_a_larger_input_gives_another_map_and_a_link_restores_it(screen):
    viewer = screen.viewer
    with screen.menu("Model") as page:
        expect(screen.shows("Sees the picture at 256 × 256.")).to_be_visible()
        page.get_by_role("radio", name="Custom").click()
        expect(screen.shows("Sees the picture at 480 × 320.")).to_be_visible()
        edge = page.get_by_role("spinbutton", name="Shorter edge")
        edge.fill("288")
        edge.press("Enter")
        expect(screen.shows("Sees the picture at 448 × 288.")).to_be_visible()
    expect(viewer).to_have_attribute("data-source", re.compile(" 288 "))
    shown = viewer.get_attribute("data-shown")

    screen.page.reload()
    expect(viewer).to_have_attribute("data-source", re.compile(" 288 "))
    expect(viewer).to_have_attribute("data-shown", shown)
    screen.wait_for_page()
    with screen.menu("Model"):
        expect(screen.shows("Sees the picture at 448 × 288.")).to_be_visible()


def test_the_visitor_says_which_labels_are_things(screen):
    with screen.menu("Model") as page:
        choose(page, MINE)
    question = screen.shows("Which of the labels of fine-tune are countable things?")
    expect(question).to_be_visible()
    expect(screen.viewer).to_contain_text("No segments.")
    expect(screen.page.locator(".busy")).to_be_hidden()

    screen.page.get_by_test_id("stMultiSelect").locator("input").click()
    for label in ("balloon", "*ball* <b>"):
        screen.page.get_by_role("option", name=label, exact=True).click()
    screen.page.keyboard.press("Escape")
    screen.press("Use these as things")

    expect(question).to_have_count(0)
    expect(screen.viewer).to_contain_text("*ball* <b>")
    with screen.menu("Model"):
        expect(screen.shows("4 things · 9 stuff")).to_be_visible()
        screen.press("Change its things")
    expect(question).to_be_visible()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["laptop", "phone"])
def test_the_question_fits(visit, photo, size):
    screen = visit(viewport={"width": size[0], "height": size[1]}, color_scheme="dark").wait_for_map(photo)
    screen.page.goto(f"{screen.page.url}?model={MINE}")
    expect(screen.shows("Which of the labels of fine-tune")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert examine(screen, "the question of things") == []
