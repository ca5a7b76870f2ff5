"""The CSV reads back as the core's table, and no cell runs as a formula."""

import csv
from io import BytesIO, StringIO

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoseg.export import table_csv
from panoseg.export.origin import Origin
from panoseg.segment_columns import COLUMNS
from panoseg.tasks import Task
from panoseg.thresholds import Thresholds
from tests.export import samples


def test_it_says_where_every_row_comes_from():
    origin = Origin("facebook/=model", Task.INSTANCES, Thresholds(0.7, 0.5, 0.8), 640, "c" * 40)
    text = table_csv(samples.segmentation(), about=origin.columns("=photo.jpg"))
    table = pd.read_csv(BytesIO(text))
    added = ["photo", "model", "revision", "input_size", "task", "score_threshold"]
    assert list(table.columns) == [*(column.name for column in COLUMNS), *added]
    assert set(table.score_threshold) == {0.7}
    assert set(table.photo) == {"'=photo.jpg"}, "a name is no formula"
    assert set(table.revision) == {"c" * 40}


def test_it_reads_back_equal():
    segmentation = samples.segmentation()
    # Read as text, as it is Python's own reading of a number that promises to be exact.
    table = pd.read_csv(BytesIO(table_csv(segmentation)), dtype=str)
    table = table.astype({column.name: column.dtype for column in COLUMNS})
    pd.testing.assert_frame_equal(table, segmentation.to_frame(), check_exact=True)


def test_an_empty_table_has_its_columns():
    assert table_csv(samples.empty()).decode() == ",".join(column.name for column in COLUMNS) + "\r\n"


def first_label(data, encoding="utf-8"):
    return next(csv.DictReader(StringIO(data.decode(encoding), newline="")))["label"]


@pytest.mark.parametrize(
    "label",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://example.com","x")',
        "  =1",
        "\ttab",
        "\rreturn",
        "\nline",
        "\u00a0=1",
        "\u200b=1",
        "\ufeff=1",
        "\x00=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_formulas_are_defused(label):
    segmentation, _ = samples.labelled(label)
    assert first_label(table_csv(segmentation), "utf-8-sig") == "'" + label


@pytest.mark.parametrize(
    ("label", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a; =1;b;@x", "a;' =1;b;'@x"),
        ("=1;=2", "'=1;'=2"),
        ("a\n=1", "a\n'=1"),
        ('a";=1', "a\";'=1"),
        ("a;＝1", "a;'＝1"),
        ("a\t=1", "a\t'=1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_formulas_behind_what_ends_a_cell_elsewhere_are_defused(label, cell):
    """Some countries' spreadsheets split a CSV there, wherever its quotes are."""
    segmentation, _ = samples.labelled(label)
    assert first_label(table_csv(segmentation), "utf-8-sig") == cell


@pytest.mark.parametrize(
    "label",
    ["sky", "a; b", "a;1", "sky-other", "a=b", "tree (e.g. =oak)", "1st", "'quoted'", "a,b", 'a"b', "a\nb"],
)
def test_plain_labels_stay_as_they_are(label):
    segmentation, _ = samples.labelled(label)
    assert first_label(table_csv(segmentation)) == label


@given(st.text(min_size=1, max_size=12))
def test_no_label_starts_as_a_formula(label):
    segmentation, _ = samples.labelled(label.replace("\x00", "") or "x")
    cell = first_label(table_csv(segmentation), "utf-8-sig")
    assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


def test_a_byte_order_mark_comes_only_where_it_helps():
    plain, _ = samples.labelled("tree")
    accented, _ = samples.labelled("forêt")
    assert table_csv(plain).startswith(b"id,")
    assert table_csv(accented).startswith(b"\xef\xbb\xbfid,")
    assert pd.read_csv(BytesIO(table_csv(accented))).label.tolist() == ["forêt"]
