"""Ways in: chosen, dropped, pasted, clicked in the filmstrip, and still there after a reload."""

import base64
import re

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import assert_painted, masks_of
from tests.page.page import photo_file

FIRST, SECOND = list(GALLERY)[:2]

# Files as the system's clipboard or file manager would hand them over.
TRANSFER = """
window.transferOf = (files) => {
  const transfer = new DataTransfer();
  for (const { name, type, data } of files) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  return transfer;
};
window.dragged = (selector, kind, files) => {
  const target = document.querySelector(selector) ?? window.viewer().querySelector(selector);
  const options = { bubbles: true, cancelable: true, composed: true, dataTransfer: window.transferOf(files) };
  return !target.dispatchEvent(new DragEvent(kind, options));
};
window.pasted = (files) => {
  const clipboardData = window.transferOf(files);
  const options = { bubbles: true, cancelable: true, composed: true, clipboardData };
  return !document.body.dispatchEvent(new ClipboardEvent("paste", options));
};
"""


@pytest.fixture
def screen(visit, photo):
    return visit(init_script=TRANSFER).wait_for_map(photo).wait_for_page()


def transferred(name, data, kind="image/jpeg"):
    return {"name": name, "type": kind, "data": base64.b64encode(data).decode("ascii")}


def chosen(name, data, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": data}


@pytest.mark.parametrize("place", ["[role=application]", ".st-key-bar"], ids=["picture", "bar"])
def test_a_file_that_is_dropped_is_opened(screen, place):
    data = photo_file(width=96, height=64, shade=11)
    file = transferred("dropped.jpg", data)
    assert screen.page.evaluate("a => window.dragged(a[0], 'dragenter', a[1]) || true", [place, [file]])
    expect(screen.board).to_have_class(re.compile(r"\bdropping\b"))
    # Unless the page says that it takes it, the browser shows the file in place of the page.
    assert screen.page.evaluate("a => window.dragged(a[0], 'dragover', a[1])", [place, [file]])
    assert screen.page.evaluate("a => window.dragged(a[0], 'drop', a[1])", [place, [file]])
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.board).not_to_have_class(re.compile(r"\bdropping\b"))
    expect(screen.current_tile).to_have_accessible_name("dropped.jpg")
    expect(screen.title).to_contain_text("dropped.jpg · 96 × 64")


def test_a_picture_that_is_pasted_is_opened_and_words_are_left_alone(screen, photo):
    assert not screen.page.evaluate("window.pasted([])")
    data = photo_file(width=96, height=64, shade=12)
    assert screen.page.evaluate("files => window.pasted(files)", [transferred("image.png", data)])
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.current_tile).to_have_accessible_name("image.png")


def test_several_files_are_tiles_and_the_first_is_shown(screen, core):
    garden, street = (photo_file(width=96, height=64, shade=shade) for shade in (13, 14))
    notes = b"Milk, bread and oranges.\n" * 9
    screen.upload_all(chosen("garden.jpg", garden), chosen("notes.jpg", notes), chosen("street.jpg", street))
    first = panoseg.open_photo(garden)
    screen.wait_for_map(first)
    assert_painted(screen.painted("masks"), masks_of(core(first)))
    expect(screen.current_tile).to_have_accessible_name("garden.jpg")
    for name in ("garden.jpg", "notes.jpg, cannot be read", "street.jpg"):
        expect(screen.tile(name)).to_be_visible()
    names = screen.tiles.evaluate_all("tiles => tiles.map((tile) => tile.ariaLabel)")
    assert names == ["garden.jpg", "notes.jpg, cannot be read", "street.jpg", *GALLERY.values()]
    for name in ("garden.jpg", "street.jpg"):
        picture = screen.tile(name).locator("img")
        expect(picture).to_have_attribute("src", re.compile("^data:image/jpeg;base64,"))
    expect(screen.tile("notes.jpg, cannot be read")).to_have_attribute("title", re.compile("notes.jpg"))
    expect(screen.alerts).to_have_count(0)

    screen.go_to("street.jpg")
    screen.wait_for_map(panoseg.open_photo(street))
    screen.take_out("street.jpg")  # the one that is shown: the gallery's first comes
    screen.wait_for_map(open_scene(FIRST))
    expect(screen.tile("street.jpg")).to_have_count(0)
    expect(screen.tile("garden.jpg")).to_be_visible()


def test_where_the_first_of_several_cannot_be_read_the_next_is_shown(screen):
    data = photo_file(width=96, height=64, shade=15)
    screen.upload_all(chosen("notes.jpg", b"Milk, bread and oranges.\n" * 9), chosen("street.jpg", data))
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.current_tile).to_have_accessible_name("street.jpg")
    expect(screen.alerts).to_contain_text("notes.jpg")


def test_a_refused_file_leaves_the_picture_its_name(screen):
    data = photo_file(width=96, height=64, shade=16)
    screen.upload("garden.jpg", data)
    screen.wait_for_map(panoseg.open_photo(data)).wait_for_page()
    address = screen.page.url
    screen.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    expect(screen.alerts).to_contain_text("notes.jpg")
    screen.wait_for_rerun()
    expect(screen.title).to_contain_text("garden.jpg · 96 × 64")
    expect(screen.photo).to_have_accessible_name("garden.jpg")
    expect(screen.current_tile).to_have_accessible_name("garden.jpg")
    assert screen.page.url == address


def test_a_reload_keeps_an_upload_and_its_thresholds(screen, core):
    data = photo_file(width=320, height=240, shade=17)
    photo = panoseg.open_photo(data)
    screen.upload("garden.jpg", data)
    screen.wait_for_map(photo).wait_for_page()
    screen.press_keys("Score", "ArrowLeft")
    thresholds = panoseg.Thresholds(score=0.79)
    screen.wait_for_map(photo, thresholds)
    expect(screen.page).to_have_url(re.compile(r"(?=.*picture=)(?=.*score=0.79)"))
    screen.page.reload()
    screen.wait_for_map(photo, thresholds)
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds)))
    expect(screen.title).to_contain_text("garden.jpg · 320 × 240")
    expect(screen.current_tile).to_have_accessible_name("garden.jpg")


def test_a_link_to_an_upload_that_is_gone_says_so(visit, photo):
    screen = visit("/?picture=nobody-has-this-token").wait_for_map(photo)
    expect(screen.alerts).to_contain_text("is not here any more")
    expect(screen.current_tile).to_have_accessible_name(GALLERY[FIRST])


def test_keys_go_along_the_filmstrip(screen):
    screen.type_keys("PageDown")
    screen.wait_for_map(open_scene(SECOND))
    expect(screen.current_tile).to_have_accessible_name(GALLERY[SECOND])
    screen.wait_for_page()
    screen.type_keys("PageUp")
    screen.wait_for_map(open_scene(FIRST)).wait_for_page()
    screen.current_tile.focus()
    screen.page.keyboard.press("ArrowRight")
    expect(screen.tile(GALLERY[SECOND])).to_be_focused()
    screen.page.keyboard.press("Enter")
    screen.wait_for_map(open_scene(SECOND))
    expect(screen.tile(GALLERY[SECOND])).to_be_focused()
