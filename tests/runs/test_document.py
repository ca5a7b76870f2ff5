"""docs/runs.md and docs/scale.md say what is there."""

import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from panoseg import cli
from panoseg.export.data_sets import RUN_FORMATS
from panoseg.export.measurements import MEASURES
from panoseg.runs import make_run
from panoseg.runs.ledger import LEDGER_FILE
from tests.fakes import FakeSegmenter, fake_prediction
from tests.runs.pictures import write_pictures

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "runs.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for text in (TEXT, (DOCS / "scale.md").read_text(encoding="utf-8"))
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("panoseg ")
]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_parse(command):
    cli.build_parser().parse_args(command.split()[1:])


def named_in_table(heading):
    """What stands in backquotes in the first column of the table below a heading."""
    rows = [line for line in TEXT.split(heading, 1)[1].split("\n#")[0].splitlines() if line.startswith("|")]
    return {name for row in rows for name in re.findall(r"`([\w-]+)`", row.split("|")[1])}


def test_every_format_and_measure_is_described():
    assert named_in_table("\n## Formats") == set(RUN_FORMATS)
    assert named_in_table("\n## Measurements") == {measure.name for measure in MEASURES}


def test_every_column_of_the_ledger_is_described(tmp_path):
    write_pictures(tmp_path / "pictures", 1)
    make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter()).close()
    connection = sqlite3.connect(tmp_path / "run" / LEDGER_FILE)
    columns = {row[1] for row in connection.execute("PRAGMA table_info(pictures)")}
    connection.close()
    assert named_in_table("**ledger.sqlite**") >= columns


def test_a_record_is_read_as_the_document_reads_it(tmp_path, monkeypatch):
    write_pictures(tmp_path / "pictures", 2)
    make_run(tmp_path / "pictures", store=tmp_path / "run", model=FakeSegmenter()).close()
    (code,) = [c for c in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if "sqlite3" in c]
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(code, names)  # noqa: S102
    assert named_in_table("**A record**") >= set(names["tensors"])
    live = fake_prediction((40, 50))
    np.testing.assert_array_equal(names["masks"], live.mask_logits)
