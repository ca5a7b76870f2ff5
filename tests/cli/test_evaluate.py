"""`panoseg evaluate`: what it prints and writes."""

import csv
import json
import re

import numpy as np
import pyarrow.parquet as parquet
import pytest

from panoseg.evaluation.report.files import report_page
from tests.cli.shell import only_line, run
from tests.evaluation.worlds import random_prediction, random_truth, write_annotation, write_run


@pytest.fixture
def world(tmp_path):
    rng = np.random.default_rng(6)
    truths = {f"p{n}.jpg": random_truth(rng) for n in range(4)}
    for name in ("a", "b"):
        predictions = {each: random_prediction(rng, truth) for each, truth in truths.items()}
        write_run(tmp_path / name, predictions).close()
    return tmp_path / "a", tmp_path / "b", write_annotation(tmp_path, truths)


def test_the_table_and_the_reasons(world, capsys):
    a, _, annotation = world
    assert run("evaluate", a, "--annotation", annotation, "--score", "0.5") == 0
    out = capsys.readouterr().out
    assert re.search(r"^All +\| +\d+\.\d +\d+\.\d +\d+\.\d +4$", out, re.M)
    assert "annotated, and not found" in out and "predicted, and not there" in out


def test_the_files(world, tmp_path, capsys):
    a, _, annotation = world
    assert (
        run("evaluate", a, "--annotation", annotation, "--score", "0.5", "--out", tmp_path / "out", "-q") == 0
    )
    out = tmp_path / "out"
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["made_of"]["annotation_sha256"] and metrics["made_of"]["thresholds"]["score"] == 0.5
    assert "NaN" not in (out / "metrics.json").read_text()
    rows = list(csv.DictReader((out / "classes.csv").read_text().splitlines()))
    assert [row["name"] for row in rows] == ["sky", "grass", "person", "ball"]
    assert float(rows[2]["pq"]) == metrics["classes"][2]["pq"]
    table = parquet.read_table(out / "segments.parquet").to_pandas()
    missed = table[table.outcome == "missed"]
    assert len(missed) == sum(each["fn"] for each in metrics["classes"])
    assert (missed.reason != "").all() and missed.what.str.contains(":").all()
    page = (out / "report.html").read_text()
    assert '"image": "/9j/' in page
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)
    assert capsys.readouterr().out == ""


def test_names_cannot_leave_the_report_s_data(world):
    page = report_page({"made_of": {"model": "</script><b>", "annotation": "<i>"}, "x": "</script>{{STYLE}}"})
    assert page.count("</script>") == 2
    assert "&lt;/script&gt;&lt;b&gt; · &lt;i&gt;" in page


def test_two_runs(world, capsys):
    a, b, annotation = world
    assert run("evaluate", a, b, "--annotation", annotation, "--score", "0.5", "--surface") == 0
    out = capsys.readouterr().out
    assert "B less A over 4 pictures" in out
    assert re.search(r"^most of them in: p\d\.jpg \(\d+ against \d+\)", out, re.M)
    assert "best thresholds: score" in out
    assert run("evaluate", a, b, "--score", "0.5") == 0
    assert "segments are in both" in capsys.readouterr().out


def test_what_only_one_of_two_runs_finds_is_written_picture_by_picture(world, tmp_path):
    a, b, annotation = world
    out = tmp_path / "out"
    assert run("evaluate", a, b, "--annotation", annotation, "--score", "0.5", "--out", out, "-q") == 0
    found = json.loads((out / "metrics.json").read_text())["comparison"]
    assert (found["other"]["run"], found["other"]["annotation"]) == ("a", "truth.json")
    rows = list(csv.DictReader((out / "differences.csv").read_text().splitlines()))
    assert {row["only_found_by"] for row in rows} == {"A", "B"}
    for side in ("a", "b"):
        its = [row for row in rows if row["only_found_by"] == side.upper()]
        assert (
            len(its) == found[f"only_{side}"] == sum(len(each["only"][side]) for each in found["by_picture"])
        )
    assert all(float(row["iou"]) > 0.5 and row["why_the_other_does_not"] for row in rows)


def test_a_reason_is_not_said_twice(world, capsys):
    a, _, annotation = world
    assert run("evaluate", a, "--annotation", annotation) == 0
    out = capsys.readouterr().out
    assert re.search(r"^  below the score threshold +\d+ ", out, re.M)
    assert re.search(r"^  merge: |^  part: |^  spurious: |^  badly drawn +\d", out, re.M)


@pytest.mark.parametrize(("task", "words"), [("instances", "AP50"), ("semantic", "mIoU")])
def test_other_tasks(world, capsys, task, words):
    a, _, annotation = world
    assert run("evaluate", a, "--annotation", annotation, "--task", task) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{a}"], "--annotation"),
        (["{a}", "{b}", "{a}", "--annotation", "{json}"], "one run or two"),
        (["{a}", "--annotation", "gone.json"], "cannot be read"),
        (["gone", "--annotation", "{json}"], "There is no run"),
        (["{a}", "--annotation", "{json}", "--score", "2"], "score"),
        (["{a}", "--annotation", "{json}", "--task", "semantic", "--out", "x"], "--out"),
    ],
)
def test_one_sentence(world, capsys, arguments, words):
    a, b, annotation = world
    given = [each.format(a=a, b=b, json=annotation) for each in arguments]
    assert run("evaluate", *given) == 2
    assert words in only_line(capsys.readouterr())


def test_a_picture_that_fails_is_listed(world, capsys):
    a, _, annotation = world
    (annotation.with_suffix("") / "p1.png").write_bytes(b"")
    assert run("evaluate", a, "--annotation", annotation) == 2
    captured = capsys.readouterr()
    assert "“p1.jpg”" in only_line(captured)
    assert "All" in captured.out
