"""Names of photos: fit to show, whatever the file was called."""

import unicodedata
from types import SimpleNamespace

import pytest

from panoseg import photo as photo_module
from panoseg.errors import PhotoError
from panoseg.photo import open_photo
from tests.broken_photos import encoded

SOUND = encoded("PNG", (16, 16))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("holiday.jpg", "holiday.jpg"),
        ("/home/me/holiday.jpg", "holiday.jpg"),
        (r"C:\Users\me\holiday.jpg", "holiday.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nb\x00\x1b[31m.png", "a b [31m.png"),
        ("evil\u202egnp.exe", "evil gnp.exe"),
        ("Bildschirmfoto 10.30\u202fUhr.png", "Bildschirmfoto 10.30 Uhr.png"),
        ("Cafe\u0301.png", "Café.png"),
        ("写真.jpg", "写真.jpg"),
        ("x" * 500, "x" * 100),
        ("x" * 500 + ".jpeg", "x" * 95 + ".jpeg"),
        ("x" * 97 + ".tiff", "x" * 95 + ".tiff"),
        ("x" * 500 + ". a.b", "x" * 98 + ".b"),
        ("", "photo"),
        ("\n\t", "photo"),
        ("///", "photo"),
    ],
)
def test_names_are_fit_to_show(name, shown):
    assert open_photo(SOUND, name=name).name == shown


def test_no_more_of_a_name_is_normalised_than_is_shown(monkeypatch):
    """Normalising 100,000 marks on one letter takes seconds."""
    lengths = []

    def normalize(form, text):
        lengths.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(photo_module, "unicodedata", SimpleNamespace(normalize=normalize))
    name = open_photo(SOUND, name="a" + "\u0301\u0327" * 50_000 + ".png").name
    assert name.startswith("\u00e1")
    assert len(name) <= 100
    assert max(lengths) < 1000


def test_no_name_is_photo():
    assert open_photo(SOUND).name == "photo"
    with pytest.raises(PhotoError, match=r"^The file is empty"):
        open_photo(b"")
