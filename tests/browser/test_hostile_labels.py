"""Labels that would be markup stand there as the text that they are, in every tab that shows them."""

import json
import re
import shutil

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.demo.annotated import write_scenes
from panoseg.models.loading import DEMO_FOLDER
from tests.browser.collection_screen import CollectionScreen
from tests.browser.conftest import serve

SCENES = 4
ELSEWHERE = "https://example.org/"


def hostile(number):
    return f'<b>x{number}</b> <a href="{ELSEWHERE}">y</a> <img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A model of the operator's with such labels, and a run of its predictions."""
    folder = tmp_path_factory.mktemp("operator")
    mine = shutil.copytree(DEMO_FOLDER, folder / "mine")
    config = json.loads((mine / "config.json").read_text())
    config["id2label"] = {number: hostile(number) for number in config["id2label"]}
    (mine / "config.json").write_text(json.dumps(config))
    write_scenes(folder / "scenes", SCENES, annotations=False)
    panoseg.make_run(
        folder / "scenes", store=folder / "runs" / "beach", model=str(mine), engine="torch"
    ).close()
    with serve(
        folder,
        PANOSEG_MODELS=str(mine),
        PANOSEG_RUNS=str(folder / "runs"),
        PANOSEG_CACHE=str(folder / "cache"),
        PANOSEG_ENGINE="torch",
    ) as address:
        yield address


def assert_text(page, inside):
    """The label is read, and nothing was made of it."""
    expect(inside).to_contain_text(re.compile(r"<b>x\d+</b> <a href="))
    for made in (f'a[href^="{ELSEWHERE}"]', 'img[src="x"]', "b:text-matches('^x\\\\d')"):
        expect(page.locator(made)).to_have_count(0)


def test_on_the_page_of_pictures(screen):
    for tab in ("Segments", "Near misses", "Numbers"):
        screen.tab(tab).click()
        assert_text(screen.page, screen.page.get_by_role("tabpanel", name=tab))


def test_on_the_page_of_collections(server, visit):
    collection = CollectionScreen(visit("/collection?run=beach", server)).wait_for_pictures(SCENES)
    for tab in ("Numbers", "Segments"):
        collection.page.get_by_role("tab", name=tab).click()
        assert_text(collection.page, collection.page.get_by_role("tabpanel", name=tab))
