"""`panoseg demo`."""

import numpy as np

import panoseg
from panoseg.demo import gallery
from tests.cli.shell import run


def test_demo_writes_the_gallery(monkeypatch, tmp_path, capsys):
    names = list(gallery.GALLERY)[:2]
    monkeypatch.setattr(gallery, "GALLERY", {name: gallery.GALLERY[name] for name in names})
    assert run("demo", tmp_path / "scenes") == 0
    assert capsys.readouterr().out.count("wrote ") == 2
    for name in names:
        written = panoseg.open_photo(tmp_path / "scenes" / f"{name}.png")
        np.testing.assert_array_equal(written.pixels, gallery.open_scene(name).pixels)
