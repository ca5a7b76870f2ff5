"""A choice of things is remembered with the checkpoint that it was made for."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from panoseg.errors import ModelError, UnknownThingsError
from panoseg.models import load_segmenter, look_up, remember_things
from panoseg.models.checkpoints.remembered_things import save_things, saved_things
from panoseg.vocabulary import Vocabulary
from tests.models.tiny import LABELS, edit_json


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PANOSEG_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "things"


@pytest.fixture
def undecided(folder: Path) -> Path:
    """A checkpoint that nobody has said the things of."""
    edit_json(folder / "config.json", panoseg_things=None)
    return folder


def test_nobody_guesses(undecided):
    with pytest.raises(UnknownThingsError) as caught:
        load_segmenter(undecided)
    assert caught.value.labels == LABELS
    assert caught.value.model == undecided.name
    assert isinstance(caught.value, ModelError)
    assert "things=" in str(caught.value) and "panoseg models things" in str(caught.value)


def test_what_was_said_once_holds_from_then_on(undecided):
    assert remember_things(undecided, ["dog"]).vocabulary.things == {2}
    assert load_segmenter(undecided).vocabulary.things == {2}
    assert look_up(undecided).vocabulary.things == {2}
    remember_things(undecided, [])
    assert load_segmenter(undecided).vocabulary.things == set()


def test_the_caller_goes_before_the_memory_before_the_config(folder):
    assert load_segmenter(folder).vocabulary.things == {1, 2}  # of its config.json
    remember_things(folder, ["sky"])
    assert load_segmenter(folder).vocabulary.things == {0}
    assert load_segmenter(folder, things=["dog"]).vocabulary.things == {2}
    assert load_segmenter(folder).vocabulary.things == {0}


def test_no_weights_are_needed_to_say_it(undecided):
    (undecided / "model.safetensors").unlink()
    assert remember_things(undecided, ["cat", 2]).vocabulary.things == {1, 2}


def test_other_labels_or_another_name_are_another_checkpoint():
    save_things("mine", Vocabulary(["sky", "cat"], [1]))
    assert saved_things("mine", ("sky", "cat")) == ["cat"]
    assert saved_things("mine", ("sky", "cat", "dog")) is None
    assert saved_things("yours", ("sky", "cat")) is None
    assert saved_things("mine sky", ("cat",)) is None


def test_what_is_none_of_the_labels_is_not_remembered(undecided, kept):
    with pytest.raises(ModelError, match="'bird'"):
        remember_things(undecided, ["bird"])
    assert not kept.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"things": 3}', '{"things": ["bird"]}', "[" * 100_000])
def test_a_damaged_memory_is_none(kept, content):
    save_things("mine", Vocabulary(["sky", "cat"], [1]))
    (file,) = kept.iterdir()
    file.write_text(content)
    assert saved_things("mine", ("sky", "cat")) is None


def test_names_and_labels_never_become_paths(kept):
    save_things("../../etc/passwd", Vocabulary(["a/../b", "日本"], [0, 1]))
    (file,) = kept.iterdir()
    assert file.stem.isalnum()
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "model": "../../etc/passwd",
        "things": ["a/../b", "日本"],
    }


def test_whoever_reads_meanwhile_sees_one_choice_or_the_other(kept):
    labels = tuple(f"label {i}" for i in range(500))
    choices = [Vocabulary(labels, range(count)) for count in (10, 490)]

    def work(turn: int) -> int:
        save_things("mine", choices[turn % 2])
        return len(saved_things("mine", labels) or ())

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(200))) <= {10, 490}
    assert len(list(kept.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch, refusal):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PANOSEG_HOME", str(tmp_path / "file"))
    assert "cannot be kept" in refusal(save_things, "mine", Vocabulary(["sky"], []))
