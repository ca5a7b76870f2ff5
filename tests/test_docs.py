"""Files that the documentation names are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(ROOT.glob("docs/*.md"))
NAMED = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|js|mjs|css))`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_files_that_a_page_names_exist(page):
    known = {
        path.relative_to(ROOT).as_posix()
        for folder in ("panoseg", "tests", "benchmarks", "tools")
        for path in (ROOT / folder).rglob("*.*")
    } | {path.name for path in ROOT.glob("*.*")}
    named = set(NAMED.findall(page.read_text(encoding="utf-8")))
    missing = {name for name in named if not any(path == name or path.endswith(f"/{name}") for path in known)}
    assert not missing
