"""What strangers may choose, and what they may have fetched."""

import os
from types import SimpleNamespace

import pytest
import streamlit as st

from panoseg.errors import ModelError
from panoseg.models.checkpoints.catalog import CATALOG
from panoseg.page import filmstrip, model_offers, server
from panoseg.page.model_in_use import failure, note_failure
from panoseg.page.model_offers import offer, offer_called, offers
from panoseg.setting_values import MOST_UPLOAD_MB
from panoseg.settings import settings
from tests.page.page import COCO


@pytest.fixture
def address(monkeypatch):
    """Have the server listen somewhere."""
    monkeypatch.delenv("PANOSEG_MODELS", raising=False)
    monkeypatch.setattr(model_offers, "is_cached", lambda name: name == COCO)
    option = st.get_option

    def listen(where):
        settings.cache_clear()
        monkeypatch.setattr(
            st, "get_option", lambda name: where if name == "server.address" else option(name)
        )

    return listen


def names():
    return [offer.name for offer in offers()]


@pytest.mark.parametrize("where", ["localhost", "127.0.0.1", "::1"])
def test_who_sits_at_the_machine_may_choose_all(address, where):
    address(where)
    assert names() == list(CATALOG)


@pytest.mark.parametrize("where", [None, "0.0.0.0", "::", "192.0.2.1"])  # noqa: S104
def test_strangers_choose_what_is_there_already(address, where):
    address(where)
    assert names() == ["demo", COCO]


@pytest.mark.parametrize(
    ("said", "offered"),
    [("catalog", list(CATALOG)), ("demo", ["demo"]), ("owner/name,demo", ["owner/name", "demo"])],
)
def test_an_operator_who_says_more_offers_more(address, monkeypatch, said, offered):
    monkeypatch.setenv("PANOSEG_MODELS", said)
    address(None)
    assert names() == offered


def test_folders_are_called_by_their_names_and_told_apart(address, monkeypatch, tmp_path):
    folders = [tmp_path / "goats", tmp_path / "old" / "goats", tmp_path / "demo"]
    for folder in folders:
        folder.mkdir(parents=True)
    monkeypatch.setenv("PANOSEG_MODELS", ",".join(map(str, ["demo", *folders, "owner/goats"])))
    address(None)
    called = [(each.title, each.public_name) for each in offers()]
    assert called[1:] == [
        ("goats", "goats"),
        ("goats (2)", "goats (2)"),
        ("demo (2)", "demo (2)"),
        ("goats (3)", "owner/goats"),
    ]
    assert [offer_called(name).name for _, name in called] == names()
    assert offer(str(folders[1])).title == "goats (2)"
    assert offer_called(str(folders[1])) is None


def test_what_fails_names_no_folder_of_the_server(address, monkeypatch, tmp_path):
    folder = tmp_path / "goats"
    folder.mkdir()
    monkeypatch.setenv("PANOSEG_MODELS", str(folder))
    address(None)
    session = SimpleNamespace(failures={})
    note_failure(session, offers()[0], ModelError(f"{folder}/config.json cannot be read."))
    assert failure(session, offers()[0]) == "goats/config.json cannot be read."


@pytest.mark.parametrize(
    ("where", "said", "set_before", "offline"),
    [
        (None, None, None, "1"),
        ("localhost", None, None, None),
        (None, "catalog", None, None),
        (None, None, "0", "0"),  # the operator has the last word
    ],
)
def test_for_strangers_the_hub_is_asked_for_nothing(address, monkeypatch, where, said, set_before, offline):
    for name, value in (("PANOSEG_MODELS", said), ("HF_HUB_OFFLINE", set_before)):
        monkeypatch.setenv(name, value or "")  # to be put back
        if value is None:
            monkeypatch.delenv(name)
    address(where)
    server.forget()
    server.checked_options()
    assert os.environ.get("HF_HUB_OFFLINE") == offline


def test_streamlit_lets_in_as_much_as_an_operator_may_allow():
    assert st.get_option("server.maxUploadSize") == MOST_UPLOAD_MB


def test_the_operators_limits_are_the_pages(monkeypatch):
    monkeypatch.setenv("PANOSEG_MAX_UPLOAD_MB", "3")
    monkeypatch.setenv("PANOSEG_MAX_MEGAPIXELS", "2")
    settings.cache_clear()
    limits = filmstrip.limits()
    assert (limits.max_bytes, limits.max_pixels) == (3 * 2**20, 2_000_000)
