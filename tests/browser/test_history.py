"""The browser's Back and Forward, and links: between pictures, models and tasks, and nothing smaller."""

import re

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.models.checkpoints.catalog import CATALOG
from tests.browser.screen import inside
from tests.page.page import photo_file

FIRST, SECOND = list(GALLERY)[:2]
COCO = "facebook/mask2former-swin-tiny-coco-panoptic"


def entries(screen):
    return screen.page.evaluate("history.length")


def model_menu(screen):
    return screen.page.locator(".st-key-model-menu").get_by_role("button").first


def test_back_and_forward_move_between_pictures_and_tasks(screen, photo):
    second = open_scene(SECOND)
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(second).wait_for_page()
    screen.choose_task("Semantic")
    expect(screen.viewer).to_have_attribute("data-task", "semantic")
    screen.wait_for_page()

    screen.page.go_back()
    expect(screen.viewer).to_have_attribute("data-task", "panoptic")
    expect(screen.page.get_by_role("radio", name="Panoptic")).to_be_checked()
    screen.wait_for_map(second).wait_for_page()
    screen.page.go_back()
    screen.wait_for_map(photo).wait_for_page()
    expect(screen.current_tile).to_have_accessible_name(GALLERY[FIRST])
    expect(screen.title).to_contain_text(GALLERY[FIRST])

    screen.page.go_forward()
    screen.wait_for_map(second).wait_for_page()
    expect(screen.current_tile).to_have_accessible_name(GALLERY[SECOND])
    screen.page.go_forward()
    expect(screen.viewer).to_have_attribute("data-task", "semantic")
    expect(screen.page.get_by_role("radio", name="Semantic")).to_be_checked()


def test_back_returns_to_the_model_before(screen):
    before = entries(screen)
    with screen.menu("Model") as page:
        page.get_by_role("combobox", name="Model").click()
        page.get_by_role("option", name=CATALOG[COCO].title).click()
        expect(screen.shows("panoseg goes on with")).to_be_visible()  # there is no network
        expect(model_menu(screen)).to_contain_text("Demo")
        screen.wait_for_page()
    assert entries(screen) == before + 1
    screen.page.go_back()
    expect(model_menu(screen)).to_contain_text("Demo")
    expect(screen.shows("panoseg goes on with")).to_have_count(0)
    screen.page.go_forward()
    expect(screen.shows("panoseg goes on with")).to_be_visible()
    assert entries(screen) == before + 1, "going on with another one is no step of the visitor's"


def test_thresholds_style_and_selection_are_no_entries(screen, photo, segmentation):
    before = entries(screen)
    screen.press_keys("Score", "ArrowLeft")
    screen.wait_for_map(photo, Thresholds(score=0.79))
    screen.click_at(*inside(segmentation, 1))
    screen.type_keys("l", "m")
    expect(screen.page).to_have_url(re.compile(r"(?=.*score=0.79)(?=.*labels=true)(?=.*selected=)"))
    screen.wait_for_rerun()
    assert entries(screen) == before
    # And Back, which leaves a picture, keeps how it was looked at.
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(open_scene(SECOND), Thresholds(score=0.79)).wait_for_page()
    assert entries(screen) == before + 1
    screen.page.go_back()
    screen.wait_for_map(photo, Thresholds(score=0.79))


def test_back_returns_to_an_upload(screen):
    data = photo_file(width=96, height=64, shade=21)
    screen.upload("garden.jpg", data)
    screen.wait_for_map(panoseg.open_photo(data)).wait_for_page()
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(open_scene(SECOND)).wait_for_page()
    screen.page.go_back()
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.current_tile).to_have_accessible_name("garden.jpg")


@pytest.fixture
def sharing(visit, photo):
    """A page that may use the clipboard."""
    screen = visit(permissions=["clipboard-read", "clipboard-write"])
    return screen.wait_for_map(photo).wait_for_page()


def test_a_copied_link_shows_another_visitor_the_same(sharing, visit, server, segmentation):
    second = open_scene(SECOND)
    sharing.go_to(GALLERY[SECOND])
    sharing.wait_for_map(second).wait_for_page()
    sharing.press_keys("Mask", "ArrowRight")
    thresholds = Thresholds(mask=0.51)
    sharing.wait_for_map(second, thresholds)
    expect(sharing.page).to_have_url(re.compile("mask=0.51"))
    sharing.press("Copy link")
    expect(sharing.shows("Link copied.")).to_be_visible()
    link = sharing.page.evaluate("navigator.clipboard.readText()")
    assert link == sharing.page.url

    other = visit(link.removeprefix(server))
    other.wait_for_map(second, thresholds)
    expect(other.current_tile).to_have_accessible_name(GALLERY[SECOND])


def test_where_the_browser_does_not_let_it_copy_the_page_says_so(visit, photo):
    refusing = "navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))"
    screen = visit(init_script=refusing).wait_for_map(photo).wait_for_page()
    screen.type_keys("s")
    expect(screen.shows("take the link from its address bar")).to_be_visible()
