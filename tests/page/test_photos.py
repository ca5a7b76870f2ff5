"""Pictures come in: from the gallery, from a file, whole or broken."""

import pytest

from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.page.pictures_of_all import picture_store
from tests.broken_photos import ACCEPTED, BROKEN_PHOTOS, encoded
from tests.page.page import Page, acted_on, as_read, photo_file, wait_until

FIRST, SECOND = list(GALLERY)[:2]


def test_the_first_picture_is_the_gallerys_first(page):
    assert page.photo["key"] == open_scene(FIRST).digest


def test_choosing_a_scene_shows_it(page, models):
    page.go_to(SECOND)
    assert page.photo["key"] == open_scene(SECOND).digest
    assert page.shows_its_segments
    assert models.demo.calls == 2


def test_a_scene_chosen_again_is_not_predicted_again(page, models):
    for name in (SECOND, FIRST, SECOND):
        page.go_to(name)
    assert models.demo.calls == 2


def test_an_upload_becomes_the_picture(page, models):
    page.upload(("garden.jpg", photo_file(width=80, height=60)))
    assert (page.photo["name"], page.photo["width"], page.photo["height"]) == ("garden.jpg", 80, 60)
    assert page.shows_its_segments
    assert "80 × 60" in page.title_line
    assert models.demo.calls == 2


def test_the_same_file_again_is_not_predicted_again(page, models):
    page.upload(("garden.jpg", photo_file()))
    page.upload(("street.jpg", photo_file(shade=200)))
    page.upload(("garden again.jpg", photo_file()))
    assert page.photo["name"] == "garden again.jpg"
    assert models.demo.calls == 3  # the scene, the garden and the street


def test_another_visitor_with_the_same_file_costs_nothing(page, models):
    page.upload(("garden.jpg", photo_file()))
    other = type(page)()
    other.upload(("mine.jpg", photo_file()))
    assert other.shows_its_segments
    assert other.photo["name"] == "mine.jpg"
    assert models.demo.calls == 2


def test_several_files_are_tiles_and_the_first_is_shown(page, models):
    page.upload(("garden.jpg", photo_file()), ("street.jpg", photo_file(shade=200)))
    assert page.photo["name"] == "garden.jpg"
    wait_until(lambda: not page.session.filmstrip.is_waiting)
    page.run()
    uploads = page.pictures["pictures"][: page.pictures["uploads"]]
    assert [(tile["title"], tile["state"]) for tile in uploads] == [
        ("garden.jpg", "done"),
        ("street.jpg", "done"),
    ]
    assert all(tile["url"].startswith("data:image/jpeg") for tile in uploads)
    page.go_to(uploads[1]["id"])
    assert page.photo["name"] == "street.jpg"
    assert page.shows_its_segments
    assert models.demo.calls == 3


def test_a_broken_file_among_others_is_a_tile_that_says_why(page):
    page.upload(("notes.jpg", b"Milk, bread and oranges.\n" * 9), ("street.jpg", photo_file()))
    assert page.photo["name"] == "street.jpg"
    (notes, street) = page.pictures["pictures"][:2]
    assert (notes["state"], street["state"]) == ("failed", "done")
    assert "notes.jpg" in notes["words"]
    page.go_to(notes["id"])
    assert page.photo["name"] == "street.jpg"
    assert len(page.errors) == 1


def test_a_picture_can_be_taken_away(page):
    page.upload(("garden.jpg", photo_file()))
    token = page.pictures["current"]
    page.go_to(token, "remove")
    assert page.pictures["uploads"] == 0
    assert page.photo["key"] == open_scene(FIRST).digest
    assert picture_store().find(token) is None


def test_an_address_brings_an_upload_back_after_a_reload(page):
    page.upload(("garden.jpg", photo_file()))
    token = page.app.query_params["picture"]
    again = Page(picture=token)
    assert again.photo["name"] == "garden.jpg"
    assert again.shows_its_segments
    assert again.pictures["current"] == token


def test_an_upload_that_is_gone_is_said_to_be(page):
    page.upload(("garden.jpg", photo_file()))
    token = page.app.query_params["picture"]
    picture_store().forget(token)
    again = Page(picture=token)
    assert again.photo["key"] == open_scene(FIRST).digest
    (message,) = again.errors
    assert "is not here any more" in message


@pytest.mark.parametrize(
    "report", [None, 3, {}, {"number": "1"}, {"number": 1, "id": 7}, {"number": 2, "id": "../x"}]
)
def test_a_filmstrip_that_makes_no_sense_does_no_harm(page, report):
    page.app.session_state["viewer"] = {"picture": report}
    page.run()
    assert page.photo["key"] == open_scene(FIRST).digest
    assert page.shows_its_segments


def test_the_camera_gives_a_picture(page):
    assert not page.app.get("camera_input")  # the browser is not asked for it before somebody wants it
    page.app.session_state["camera-open"] = True
    page.run()
    page.app.camera_input(key="camera").set_value(("camera.jpg", photo_file(), "image/jpeg"))
    page.run()
    assert page.photo["name"] == "camera.jpg"
    assert page.shows_its_segments


@pytest.mark.parametrize("codec", ["PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF"])
def test_other_formats_come_in_too(page, codec):
    page.upload((f"garden.{codec.lower()}", encoded(codec)))
    assert (page.photo["width"], page.photo["height"]) == (64, 48)
    assert page.shows_its_segments
    assert page.errors == []


@pytest.mark.parametrize("kind", BROKEN_PHOTOS)
def test_a_broken_file_ends_in_a_message_and_the_page_goes_on(page, models, kind):
    broken = BROKEN_PHOTOS[kind]
    page.upload(("garden.jpg", photo_file()))
    page.upload((broken.file_name, broken.make()))

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
    page.upload(("notes.jpg", b"Milk, bread and oranges.\n" * 9))
    page.upload(("street.jpg", photo_file()))
    assert page.errors == []
    assert page.photo["name"] == "street.jpg"
    assert page.shows_its_segments


def test_the_message_leaves_with_the_next_picture(page):
    page.upload(("notes.jpg", b"Milk, bread and oranges.\n" * 9))
    assert len(page.errors) == 1
    page.go_to(SECOND)
    assert page.errors == []
    assert page.shows_its_segments


NASTY = "<script>alert(1)<script> *a* [x](y) $z$ :red[w].jpg"


def test_a_file_name_is_shown_as_it_is(page):
    # Everything that Markdown would act on is escaped, wherever the page says the name.
    page.upload((NASTY, photo_file()))
    title = page.title_line.removeprefix("**panoseg** :gray[").removesuffix("]")
    assert acted_on(title) == []
    assert page.photo["name"] in as_read(page.title_line)
    assert page.pictures["pictures"][0]["title"] == page.photo["name"]


def test_a_broken_files_name_is_shown_as_it_is(page):
    page.upload((NASTY, b""))
    (message,) = page.errors
    assert acted_on(message) == []
    assert "*a* [x](y) $z$ :red[w].jpg” is empty" in as_read(message)


def test_what_is_accepted_is_said_where_files_are_opened(models, monkeypatch):
    monkeypatch.setenv("PANOSEG_MAX_UPLOAD_MB", "7")
    monkeypatch.setenv("PANOSEG_MAX_MEGAPIXELS", "3")
    limits = Page().pictures["limits"]
    assert limits["short"] == "up to 7 MB"
    assert "of up to 7 MB and 3 megapixels" in limits["words"]
