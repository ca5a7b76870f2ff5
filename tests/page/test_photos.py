"""Pictures come in: from the gallery, from a file, whole or broken."""

import pytest

from panoseg.demo.gallery import GALLERY, open_scene
from tests.broken_photos import ACCEPTED, BROKEN_PHOTOS, encoded
from tests.page.page import acted_on, as_read, photo_file

FIRST, SECOND = list(GALLERY)[:2]


def test_the_first_picture_is_the_gallerys_first(page):
    assert page.photo["key"] == open_scene(FIRST).digest


def test_choosing_a_scene_shows_it(page, models):
    page.press(GALLERY[SECOND])
    assert page.photo["key"] == open_scene(SECOND).digest
    assert page.shows_its_segments
    assert models.demo.calls == 2


def test_a_scene_chosen_again_is_not_predicted_again(page, models):
    for name in (SECOND, FIRST, SECOND):
        page.press(GALLERY[name])
    assert models.demo.calls == 2


def test_an_upload_becomes_the_picture(page, models):
    page.upload("garden.jpg", photo_file(width=80, height=60))
    assert (page.photo["name"], page.photo["width"], page.photo["height"]) == ("garden.jpg", 80, 60)
    assert page.shows_its_segments
    assert "80 × 60 pixels" in page.words
    assert models.demo.calls == 2


def test_the_same_file_again_is_not_predicted_again(page, models):
    page.upload("garden.jpg", photo_file())
    page.upload("street.jpg", photo_file(shade=200))
    page.upload("garden again.jpg", photo_file())
    assert page.photo["name"] == "garden again.jpg"
    assert models.demo.calls == 3  # the scene, the garden and the street


def test_another_visitor_with_the_same_file_costs_nothing(page, models):
    page.upload("garden.jpg", photo_file())
    other = type(page)()
    other.upload("mine.jpg", photo_file())
    assert other.shows_its_segments
    assert other.photo["name"] == "mine.jpg"
    assert models.demo.calls == 2


def test_taking_the_file_out_of_the_uploader_keeps_the_picture(page):
    page.upload("garden.jpg", photo_file())
    page.app.file_uploader(key="upload").clear()
    page.run()
    assert page.photo["name"] == "garden.jpg"
    assert page.shows_its_segments


@pytest.mark.parametrize("source", ["Gallery", "Camera"])
def test_looking_at_another_source_keeps_the_picture(page, source):
    page.upload("garden.jpg", photo_file())
    page.choose_source(source).choose_source("Upload")
    assert page.photo["name"] == "garden.jpg"
    assert page.errors == []


def test_the_camera_gives_a_picture(page):
    page.choose_source("Camera")
    page.app.camera_input(key="camera").set_value(("camera.jpg", photo_file(), "image/jpeg"))
    page.run()
    assert page.photo["name"] == "camera.jpg"
    assert page.shows_its_segments


@pytest.mark.parametrize("codec", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_other_formats_come_in_too(page, codec):
    page.upload(f"garden.{codec.lower()}", encoded(codec))
    assert (page.photo["width"], page.photo["height"]) == (64, 48)
    assert page.shows_its_segments
    assert page.errors == []


@pytest.mark.parametrize("kind", BROKEN_PHOTOS)
def test_a_broken_file_ends_in_a_message_and_the_page_goes_on(page, models, kind):
    broken = BROKEN_PHOTOS[kind]
    page.upload("garden.jpg", photo_file())
    page.upload(broken.file_name, broken.make())

    (message,) = page.errors
    assert as_read(broken.says) in as_read(message)
    assert ACCEPTED in as_read(message)
    assert page.photo["name"] == "garden.jpg"
    assert page.shows_its_segments

    page.move("score", 0.4)
    assert "kite" in page.labels
    assert len(page.errors) == 1
    assert models.demo.calls == 2  # the scene and the garden


def test_a_good_file_after_a_broken_one(page):
    page.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    page.upload("street.jpg", photo_file())
    assert page.errors == []
    assert page.photo["name"] == "street.jpg"
    assert page.shows_its_segments


def test_the_message_leaves_with_the_file(page):
    page.upload("notes.jpg", b"Milk, bread and oranges.\n" * 9)
    assert len(page.errors) == 1
    page.app.file_uploader(key="upload").clear()
    page.run()
    assert page.errors == []
    assert page.shows_its_segments


NASTY = "<script>alert(1)<script> *a* [x](y) $z$ :red[w].jpg"


def test_a_file_name_is_shown_as_it_is(page):
    # Everything that Markdown would act on is escaped, wherever the page says the name.
    page.upload(NASTY, photo_file())
    assert acted_on(page.title_line) == []
    assert page.photo["name"] in as_read(page.title_line)
    page.choose_source("Gallery")
    popover = page.app.sidebar.get("popover")[0].proto.popover.label
    assert acted_on(popover) == []
    assert page.photo["name"] in as_read(popover)


def test_a_broken_files_name_is_shown_as_it_is(page):
    page.upload(NASTY, b"")
    (message,) = page.errors
    assert acted_on(message) == []
    assert "*a* [x](y) $z$ :red[w].jpg” is empty" in as_read(message)
