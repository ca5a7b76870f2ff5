"""The worker that merges: its modules under Node, and as the one text that can travel to browsers."""

import re
from pathlib import Path

from panoseg.ui.viewer.joining import join_modules
from tests.ui.viewer.test_modules import node

HERE = Path(__file__).parent
MERGE = Path(__file__).parents[4] / "panoseg" / "page" / "viewer" / "modules" / "merge"


def test_the_service_and_its_client():
    node("--test", *sorted(HERE.glob("*.test.mjs")))


def test_the_worker_is_one_text(tmp_path):
    text = join_modules(MERGE, "worker.js")
    joined = tmp_path / "worker.mjs"
    joined.write_text(text, encoding="utf-8")
    node("--check", joined)
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)


def test_the_page_needs_little_of_it():
    assert len(join_modules(MERGE, "client.js")) < 8_000
