"""What a session remembers, and that the page keeps to it."""

import ast
from pathlib import Path

import pytest

import panoseg.page
from panoseg.page.latest import Latest
from panoseg.page.widget_keys import stable_key

ROOM = Path(panoseg.page.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))


def uses(path, *names):
    """Lines of a file that use one of these attributes of Streamlit."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "st" and node.attr in names
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_file_ends_runs_and_one_keeps_state(path):
    assert path.name == "picture_page.py" or not uses(path, "stop", "rerun")
    assert path.name == "pages.py" or not uses(path, "switch_page")
    assert path.name == "session.py" or not uses(path, "session_state")


def test_the_files_that_may_do():
    assert uses(ROOM / "picture_page.py", "rerun")
    assert uses(ROOM / "session.py", "session_state")


def test_the_latest_result_is_made_once():
    made = []
    latest = Latest()
    for key in ("a", "a", None, None, "a"):
        assert latest.get(key, lambda key=key: made.append(key) or key) == key
    assert made == ["a", None, "a"]


def test_a_result_that_fails_is_made_again():
    latest = Latest()
    with pytest.raises(ZeroDivisionError):
        latest.get("a", lambda: 1 / 0)
    assert latest.get("a", lambda: 2) == 2


def test_keys_follow_what_is_shown():
    assert stable_key("table", "a", 1) == stable_key("table", "a", 1)
    assert len({stable_key("table", "a"), stable_key("table", "b"), stable_key("chart", "a")}) == 3
