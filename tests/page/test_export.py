"""What the export sheet makes: one rule for which segments, one archive that says where it comes from."""

import io
import json
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from panoseg.errors import CancelledError
from panoseg.export import FORMATS
from panoseg.export.measurements import MEASURES, PixelSize
from panoseg.export.origin import Origin
from panoseg.export.run_json import run_json
from panoseg.page import export_files, runs
from panoseg.page.export_files import (
    Exportable,
    Files,
    Included,
    chosen_view,
    measured,
    packed,
    usual_choice,
    usual_name,
)
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds
from tests.export import samples

PATIENCE_SECONDS = 60
ORIGIN = Origin("facebook/model", Task.PANOPTIC, Thresholds(0.7, 0.5, 0.8), 640)


def test_it_begins_with_what_is_selected_or_with_all_that_is_visible():
    assert usual_choice(samples.view(selected={2})) == (Included.SELECTED, ["cutout"])
    assert usual_choice(samples.view()) == (
        Included.VISIBLE,
        ["overlay", "csv", "ids", "cutout", "masks", "coco"],
    )


@pytest.mark.parametrize(
    ("included", "visible"), [(Included.ALL, None), (Included.VISIBLE, {1, 2}), (Included.SELECTED, {2})]
)
def test_one_rule_says_which_segments(included, visible):
    view = chosen_view(samples.view(visible={1, 2}, selected={2}), included)
    assert view.visible == visible


def test_a_selection_by_itself_is_shown_at_full_strength():
    view = chosen_view(samples.view(selected={2}), Included.SELECTED)
    assert view.selected == ()


def test_one_file_comes_as_it_is_and_several_as_an_archive():
    about = run_json(samples.photo(), ORIGIN, "visible")
    assert packed({"csv": b"a"}, about, "holiday") == ("holiday-segments.csv", b"a", "text/csv")
    name, data, mime = packed({"csv": b"a", "ids": b"b"}, about, "../holiday")
    assert (name, mime) == ("holiday-panoseg.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["holiday-segments.csv", "holiday-ids.png", "run.json"]
        assert archive.read("holiday-ids.png") == b"b"
        assert archive.read("run.json") == about


def test_a_pixel_size_has_the_table_measured_in_units():
    view = samples.view(visible={2})
    plain = Exportable(view, ORIGIN, "a")
    files = Files()
    bare = files.get("csv", plain, Included.VISIBLE).decode().splitlines()
    rows = files.get("csv", measured(plain, PixelSize.read("0.5mm")), Included.VISIBLE).decode().splitlines()
    assert rows[0].split(",") == [*bare[0].split(","), *(each.name for each in MEASURES)]
    assert len(rows) == 2
    row = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    assert row["unit"] == "mm"
    assert float(row["measured_area"]) == pytest.approx(int(row["area"]) / 4)
    assert (row["mean_margin"], row["mean_red"] != "") == ("", True)
    sure = np.full(view.segmentation.size, 0.25, np.float32)
    known = measured(Exportable(replace(view, margins=lambda: sure), ORIGIN, "b"), PixelSize())
    header, row = files.get("csv", known, Included.VISIBLE).decode().splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["mean_margin"] == "0.25"


def test_run_json_says_what_makes_it_again():
    photo = samples.photo()
    about = json.loads(run_json(photo, ORIGIN, "visible"))
    height, width = photo.size
    assert about["photo"] == {"name": photo.name, "sha256": photo.digest, "width": width, "height": height}
    assert about["model"] == {"name": "facebook/model", "revision": None, "input_size": 640}
    assert about["thresholds"] == {"score": 0.7, "mask": 0.5, "overlap": 0.8}
    assert (about["task"], about["segments"]) == ("panoptic", "visible")
    assert {"python", "torch", "numpy"} <= set(about["versions"])


def test_other_settings_give_other_names():
    assert usual_name("a/holiday.jpg", ORIGIN) == "holiday-model-score0.70-mask0.50-overlap0.80"


def test_files_are_made_once_until_something_changes():
    files, view = Files(), samples.view()
    first = files.get("csv", Exportable(view, ORIGIN, "a"), Included.VISIBLE)
    assert files.get("csv", Exportable(view, ORIGIN, "a"), Included.VISIBLE) is first
    assert files.get("csv", Exportable(view, ORIGIN, "b"), Included.VISIBLE) is not first


def test_files_are_encoded_a_few_at_a_time_and_for_nobody_who_has_left(monkeypatch):
    monkeypatch.setattr(export_files, "_encoding", threading.BoundedSemaphore(1))
    begun, may_end, made = threading.Event(), threading.Event(), []

    def encode(view):
        made.append(view)
        begun.set()
        may_end.wait(PATIENCE_SECONDS)
        return b"file"

    monkeypatch.setitem(FORMATS, "csv", replace(FORMATS["csv"], encode=encode))
    all_of_it = Exportable(samples.view(), ORIGIN, "a")
    first, second, third = Files(), Files(), Files()
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(first.get, "csv", all_of_it, Included.ALL)]
        assert begun.wait(PATIENCE_SECONDS)
        asked += [pool.submit(each.get, "csv", all_of_it, Included.ALL) for each in (second, third)]
        third.close()
        time.sleep(0.05)
        assert len(made) == 1
        may_end.set()
        assert [each.result() for each in asked[:2]] == [b"file", b"file"]
        with pytest.raises(CancelledError):
            asked[2].result()
    assert len(made) == 2


def test_the_sheet_keeps_nobody_from_a_run(page, monkeypatch):
    inside = []

    def get(files, name, exportable, included):
        inside.append(runs._has_place())
        return get_file(files, name, exportable, included)

    get_file = Files.get
    monkeypatch.setattr(Files, "get", get)
    page.press("Export")
    assert inside and not any(inside)


def test_the_sheet_opens_on_the_button_and_once(page):
    page.press("Export")
    name, pixel_size = page.app.text_input
    assert pixel_size.value == ""
    assert name.value == "Balloons over the bay-demo-score0.80-mask0.50-overlap0.80"
    assert page.session.wants_export is False
    page.move("score", 0.4)
    assert not page.app.text_input


def test_every_row_of_the_table_says_what_made_it():
    data = Files().get("csv", Exportable(samples.view(), ORIGIN, "a"), Included.ALL)
    table = pd.read_csv(io.BytesIO(data))
    assert set(table.photo) == {"holiday.jpg"}
    assert set(table.model) == {"facebook/model"}
    assert set(table.score_threshold) == {0.7}
