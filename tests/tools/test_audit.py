"""What the look for known security holes says."""

import sys

import pytest

from tools import audit

FINE = {"name": "fine", "version": "1", "vulns": []}
BROKEN = {"name": "broken", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}


def test_a_hole_is_named_and_fails(capsys):
    assert audit.report([FINE, BROKEN]) == 1
    said = capsys.readouterr().out
    assert "broken 2: CVE-1, mended in 2.1\n" in said
    assert "2 dependencies were looked up, 1 known holes." in said
    assert "NOT CHECKED" not in said


@pytest.mark.parametrize(
    ("found", "says"),
    [([], "the dependencies"), ([FINE, UNKNOWN], "1 dependencies"), ([UNKNOWN], "1 dependencies")],
)
def test_what_could_not_be_looked_up_is_said_and_fails_nothing(capsys, found, says):
    assert audit.report(found) == 0
    assert f"NOT CHECKED: {says}." in capsys.readouterr().out


def test_a_database_out_of_reach_is_said(capsys):
    assert audit.audit([sys.executable, "-c", "import sys; sys.exit('ConnectionError: no route')"]) == []
    assert "no route" in capsys.readouterr().out


def test_a_database_that_never_answers_is_said(capsys, monkeypatch):
    monkeypatch.setattr(audit, "MOST_SECONDS", 0.2)
    assert audit.audit([sys.executable, "-c", "import time; time.sleep(60)"]) == []
    assert "No answer within" in capsys.readouterr().out
