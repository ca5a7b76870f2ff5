"""The export sheet: what it says and shows is what comes, for every format and every choice of segments."""

import base64
import hashlib
import io
import json
import re
import time
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from panoseg.export import FORMATS
from panoseg.models.loading import DEMO_FOLDER
from tests.browser.conftest import PATIENCE_SECONDS
from tests.browser.export_sheet import ExportSheet, open_sheet
from tests.browser.screen import assert_pixels_agree, inside

BASE = "Balloons over the bay-demo-score0.80-mask0.50-overlap0.80"


def size_in_words(data):
    return f"{len(data) / 1e6:.1f} MB" if len(data) >= 1e6 else f"{len(data) / 1e3:.0f} kB"


@pytest.fixture
def chosen(screen, segmentation):
    """A segment that is selected in the picture."""
    segment = next(s for s in segmentation.segments if s.kind == "thing" and inside(segmentation, s.id))
    screen.click_at(*inside(segmentation, segment.id))
    screen.wait_for_selected(segment)
    return segment


def test_keys_are_the_sheets_wherever_the_focus_was_left(screen, chosen):
    sheet = open_sheet(screen)
    for key in ("h", "Escape"):
        screen.board.dispatch_event("keydown", {"key": key, "bubbles": True, "composed": True})
    expect(sheet.dialog).to_have_count(0)
    screen.wait_for_selected(chosen)
    expect(screen.eye(chosen)).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("name", FORMATS)
def test_the_sheet_says_and_shows_what_comes(screen, chosen, name):
    sheet = open_sheet(screen)
    sheet.choose(name)
    seen = set()
    for which in ("All", "Selected"):
        sheet.choose_segments(which)
        said, file_name, data = settled(sheet, seen)
        assert (said.name, said.files) == (file_name, 1)
        assert said.size == size_in_words(data)
        assert file_name == f"{BASE}-{FORMATS[name].suffix}"
        assert_previewed(screen, sheet, name, data)
        seen.add(data)
    assert len(seen) == 2, "which segments are chosen makes a difference to every format"


def test_a_press_counts_whatever_its_file_has_come_to_be_called(screen):
    sheet = open_sheet(screen)
    button = sheet.download_button.element_handle()
    for names in (["masks"], ["csv"], ["masks", "csv"]):
        sheet.choose(*names)
        said = sheet.said()
        with screen.page.expect_download() as download:
            button.click()  # a mouse that was pressed before the answer came is released on the same button
        assert download.value.suggested_filename == said.name


def settled(sheet, seen):
    """What is said and what comes, once both are new: its words and its button come one after the other."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        said, (file_name, data) = sheet.said(), sheet.download()
        if (said.size == size_in_words(data) and data not in seen) or time.monotonic() > end:
            return said, file_name, data


def assert_previewed(screen, sheet, name, data):
    """The sheet shows the beginning of this very file."""
    kind = FORMATS[name]
    if kind.mime == "image/png":
        picture = sheet.dialog.get_by_role("img").first
        expect(picture).to_be_visible()
        start, shown = screen.page.evaluate("img => img.src", picture.element_handle()).split(",")
        assert start == "data:image/png;base64"
        shown = Image.open(io.BytesIO(base64.b64decode(shown))).convert("RGBA")
        picture = Image.open(io.BytesIO(data))
        if picture.mode == "I;16":  # ids: the highest is shown as white
            ids = np.asarray(picture)
            assert len(np.unique(np.asarray(shown)[..., 0])) >= len(np.unique(ids))
            picture = Image.fromarray((ids * (255 / ids.max())).astype(np.uint8))
        wanted = picture.convert("RGBA")
        wanted.thumbnail(shown.size)
        assert wanted.size == shown.size
        assert np.abs(np.asarray(shown).astype(int) - np.asarray(wanted)).mean() < 1
    elif kind.mime == "text/csv":
        lines = data.decode("utf-8-sig").splitlines()
        expect(sheet.dialog.locator("code")).to_have_text("\n".join(lines[:8]))
        expect(sheet.dialog).to_contain_text(f"{len(lines) - 1} rows.")
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
        expect(sheet.dialog.locator("code")).to_contain_text(names[0])
        expect(sheet.dialog).to_contain_text(f"{len(names)} files.")


def test_a_cut_out_of_what_is_selected_takes_two_clicks(screen, photo, segmentation, chosen):
    screen.press("Export")
    with screen.page.expect_download() as download:
        ExportSheet(screen).download_button.click()
    assert download.value.suggested_filename == f"{BASE}-cutout.png"
    cut = np.asarray(Image.open(download.value.path()))
    assert_pixels_agree(cut[..., 3] > 0, segmentation.id_map == chosen.id)
    opaque = cut[..., 3] == 255
    np.testing.assert_array_equal(cut[opaque][:, :3], photo.pixels[opaque])


def test_all_files_take_two_clicks(screen, photo, segmentation):
    screen.press("Export")
    sheet = ExportSheet(screen)
    expect(sheet.download_button).to_be_visible()
    said = sheet.said()
    name, data = sheet.download()
    assert name == said.name == f"{BASE}-panoseg.zip"
    assert said.size == size_in_words(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        about = json.loads(archive.read("run.json"))
    assert names == [*(f"{BASE}-{kind.suffix}" for kind in FORMATS.values() if kind.usual), "run.json"]
    assert said.files == len(names)
    assert about["photo"]["sha256"] == photo.digest
    assert about["thresholds"] == {"score": 0.8, "mask": 0.5, "overlap": 0.8}
    weights = (DEMO_FOLDER / "model.safetensors").read_bytes()
    assert about["model"]["revision"] == f"sha256:{hashlib.sha256(weights).hexdigest()}"


def test_hidden_segments_are_in_all_and_not_in_visible(screen, segmentation):
    hidden = segmentation.segments[0]
    screen.toggle(hidden)
    sheet = open_sheet(screen)
    sheet.choose("ids")
    for which, missing in (("Visible", {hidden.id}), ("All", set())):
        sheet.choose_segments(which)
        ids = np.asarray(Image.open(io.BytesIO(sheet.download()[1])))
        wanted = np.where(np.isin(segmentation.id_map, list(missing)), 0, segmentation.id_map)
        assert_pixels_agree(ids, wanted)


def test_a_name_can_be_given_and_no_format_is_no_file(screen):
    sheet = open_sheet(screen)
    sheet.choose("csv")
    sheet.dialog.get_by_role("textbox", name="Name").fill("../my *photo*")
    sheet.dialog.get_by_role("textbox", name="Name").press("Enter")
    expect(sheet.summary).to_contain_text(re.compile(r"photo\S*-segments\.csv · 1 file"))
    said = sheet.said()
    name, _ = sheet.download()
    assert name == said.name
    assert not set(name) & set("/*\\")
    sheet.format("csv").click()
    expect(sheet.dialog).to_contain_text("Choose at least one format.")
    expect(sheet.download_button).to_have_count(0)
    sheet.close()


def test_the_sheet_is_left_with_escape_and_opens_again(screen):
    for _ in range(2):
        sheet = open_sheet(screen)
        screen.page.keyboard.press("Escape")
        expect(sheet.dialog).to_have_count(0)
        screen.wait_for_page()
