"""A model comes from a hub while a visitor looks on: asked for, cancelled, gone on with, used by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import examine
from tests.browser.conftest import PATIENCE_SECONDS, serve
from tests.browser.screen import Screen
from tests.models.hub_server import running_hub
from tests.models.tiny import save_tiny

pytestmark = pytest.mark.own_server

ID = "someone/tiny-mask2former"
TITLE = "tiny-mask2former"


@pytest.fixture
def hub(tmp_path):
    """A hub with one small checkpoint, slow enough to be watched."""
    with running_hub() as hub:
        repository = hub.repository(ID)
        repository.add(save_tiny(tmp_path / "checkpoint"))
        repository.licence = {"license": "cc-by-nc-4.0"}
        repository.seconds_per_piece = 1.0
        yield hub


@pytest.fixture
def screen(hub, tmp_path, chromium, photo):
    """The page of a visitor who may choose that checkpoint."""
    settings = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "NO_PROXY": "127.0.0.1"}
    with serve(tmp_path, PANOSEG_MODELS=f"demo,{ID}", **settings) as address:
        context = chromium.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(1000 * PATIENCE_SECONDS)
        screen = Screen(context.new_page(), address)
        screen.page.goto(address)
        yield screen.wait_for_map(photo)
        context.close()
    assert screen.complaints == []


def test_asked_cancelled_gone_on_with_and_used(screen, hub):
    page = screen.page
    download = page.get_by_role("button", name="Download", exact=True)
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    picker = page.locator(".st-key-model-menu").get_by_role("button").first

    choose(screen)
    expect(page.get_by_text("is 0.5 MB, licence cc-by-nc-4.0. Download it")).to_be_visible()
    assert examine(screen, "a download is offered") == []
    assert hub.offsets == []
    download.click()
    expect(page.get_by_text(re.compile(r"0\.[1-4] of 0\.5 MB"))).to_be_visible()
    assert examine(screen, "a download") == []
    cancel.click()
    expect(cancel).to_be_hidden()
    expect(picker).to_contain_text("Demo · drawn world")
    expect(screen.model_menu).to_contain_text("Demo")

    choose(screen)
    expect(page.get_by_text("MB still missing")).to_be_visible()
    hub.repository(ID).seconds_per_piece = 0.0
    download.click()
    expect(screen.model_menu).to_contain_text(TITLE)
    assert hub.offsets[0] == 0
    assert hub.offsets[1] > 0, "the second download went on where the first one ended"


def test_what_a_comparison_was_to_be_made_with_is_not_asked_for_again_once_it_was_cancelled(screen, photo):
    page = screen.page
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    screen.choose_rival("Other model")
    page.get_by_role("combobox", name="Other model").click()
    page.get_by_role("option", name=TITLE).click()
    expect(cancel).to_be_visible()
    expect(page).to_have_url(re.compile("other-model=someone"))
    cancel.press("Enter")
    expect(cancel).to_have_count(0)
    expect(page).not_to_have_url(re.compile("other-model"))
    page.reload()
    screen.wait_for_map(photo).wait_for_page()
    expect(screen.shows("stand here once it is chosen")).to_be_visible()
    expect(cancel).to_have_count(0)


def choose(screen):
    with screen.menu("Model") as page:
        page.get_by_role("combobox", name="Model").click()
        page.get_by_role("option", name=TITLE).click()
