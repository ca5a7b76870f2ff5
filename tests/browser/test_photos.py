"""A visitor's own pictures: upright, at their size, and kept when the next file is broken."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from tests.broken_photos import BROKEN_PHOTOS
from tests.browser.screen import assert_painted, masks_of, places

FIRST, SECOND = list(GALLERY)[:2]
ORIENTATION = 0x0112
TURNED_LEFT = 6  # how a phone held upright writes its pictures: to be turned right for viewing


def phone_photo(size=(480, 320)):
    """A JPEG whose pixels lie on their side, with a tag that says so; upright it is (H, W) = size."""
    height, width = size
    scene = Image.fromarray(open_scene(SECOND).pixels).resize((width, height))
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_LEFT
    file = BytesIO()
    scene.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=95, exif=exif)
    return file.getvalue(), np.asarray(scene)


def test_a_phones_photo_stands_upright(visit, core):
    data, upright = phone_photo()
    photo = panoseg.open_photo(data, name="IMG 0042.jpg")
    assert photo.size == (480, 320)

    screen = visit()
    screen.upload("IMG 0042.jpg", data)

    screen.wait_for_map(photo)
    expect(screen.shows("IMG 0042.jpg · 320 × 480")).to_be_visible()
    expect(screen.shows("The demo model knows only its drawn world")).to_be_visible()
    shown = screen.painted("photo")[..., :3]
    assert shown.shape == upright.shape
    assert np.abs(shown - upright).mean() < 6
    assert_painted(screen.painted("masks"), masks_of(core(photo)))
    box = screen.photo.bounding_box()
    assert box["height"] / box["width"] == pytest.approx(480 / 320, rel=0.02)


@pytest.mark.parametrize("kind", ["text", "JPEG cut in half", "PNG bomb"])
def test_a_broken_file_leaves_the_picture_at_work(visit, core, kind):
    broken = BROKEN_PHOTOS[kind]
    photo = open_scene(FIRST)
    segmentation = core(photo)
    screen = visit().wait_for_map(photo)

    screen.upload(broken.file_name, broken.make())

    expect(screen.alerts).to_have_count(1)
    expect(screen.alerts).to_contain_text(broken.says)
    expect(screen.alerts).to_contain_text("panoseg opens JPEG, PNG, WebP")
    assert_painted(screen.painted("masks"), masks_of(segmentation))
    segment, place = places(segmentation)[0]
    screen.point_at(*place)
    expect(screen.tip).to_contain_text(f"{segment.label} {segment.id}")

    # The picture that is still shown is still called what it is called.
    expect(screen.title).to_contain_text(GALLERY[FIRST])
    expect(screen.title).not_to_contain_text(broken.file_name)
    expect(screen.current_tile).to_have_accessible_name(GALLERY[FIRST])
    expect(screen.tile(f"{broken.file_name}, cannot be read")).to_be_visible()

    screen.take_out(broken.file_name)
    expect(screen.tile(f"{broken.file_name}, cannot be read")).to_have_count(0)
    data, _ = phone_photo()
    screen.upload("good.jpg", data)
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.alerts).to_have_count(0)


def test_what_is_no_picture_is_called_by_its_name(visit):
    photo = open_scene(FIRST)
    screen = visit().wait_for_map(photo)
    screen.upload("scan.pdf", b"%PDF-1.7\n", "application/pdf")
    expect(screen.alerts).to_contain_text("“scan.pdf” is a PDF document, which panoseg cannot open.")
    expect(screen.viewer).to_have_attribute("data-photo", photo.digest)


def test_a_file_name_is_shown_as_it_is(visit):
    name = "<b>x<b> *a* [x](y) $z$ `q` :red[w] _u_.jpg"
    data, _ = phone_photo()
    screen = visit()
    screen.upload(name, data)
    screen.wait_for_map(panoseg.open_photo(data))
    expect(screen.title).to_contain_text(name)
    expect(screen.tile(name)).to_be_visible()
    screen.upload(name, b"")
    expect(screen.alerts).to_contain_text(f"“{name}” is empty")


def test_where_the_coco_model_cannot_be_had_the_demo_goes_on(visit):
    data, _ = phone_photo()
    photo = panoseg.open_photo(data)
    screen = visit()
    screen.upload("garden.jpg", data)
    screen.wait_for_map(photo)
    screen.press("Use the COCO model")
    expect(screen.shows("panoseg goes on with")).to_be_visible()
    expect(screen.shows("Try again")).to_be_visible()
    expect(screen.viewer).to_have_attribute("data-photo", photo.digest)
    expect(screen.alerts).to_have_count(0)
