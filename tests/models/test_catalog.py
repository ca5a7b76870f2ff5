"""What the catalogue says of each checkpoint, against the rules that decide when it is loaded."""

import json
import re
from pathlib import Path

import pytest

from panoseg.models.checkpoints import data_sets
from panoseg.models.checkpoints.catalog import CATALOG, Entry, paper_resize
from panoseg.models.checkpoints.preprocess import FitEdges, InputPolicy, Squash
from panoseg.models.downloads.hub import is_hub_id
from panoseg.models.loading import DEMO_FOLDER, load_segmenter
from panoseg.tasks import Task

OFFICIAL = [entry for entry in CATALOG.values() if entry.name != "demo"]
PREFIX = "facebook/mask2former-swin-"


def by_name(entry: Entry) -> str:
    return entry.name


def test_every_official_checkpoint_is_there() -> None:
    sizes = {
        "coco-panoptic": "tiny small base large",
        "coco-instance": "tiny small base base-IN21k large",
        "ade-panoptic": "large",
        "ade-semantic": "tiny small base-IN21k large",
        "cityscapes-panoptic": "tiny small base-IN21k large",
        "cityscapes-instance": "tiny large",
        "cityscapes-semantic": "tiny",
        "mapillary-vistas-panoptic": "large",
        "mapillary-vistas-semantic": "large",
    }
    wanted = ["demo", *(f"{PREFIX}{size}-{part}" for part in sizes for size in sizes[part].split())]
    assert list(CATALOG) == wanted
    assert len({entry.title for entry in CATALOG.values()}) == len(CATALOG)


@pytest.mark.parametrize("entry", OFFICIAL, ids=by_name)
def test_a_name_leads_to_the_vocabulary_that_the_catalogue_promises(entry: Entry) -> None:
    assert is_hub_id(entry.name)
    labels = entry.data_set.labels
    config = {"id2label": {str(i): f"class {i}" for i in range(len(labels))}}  # known by the name alone
    vocabulary = data_sets.vocabulary_of(entry.name, config)
    assert vocabulary.things == entry.data_set.things
    assert vocabulary.dataset_ids == (entry.data_set.category_ids or tuple(range(len(labels))))
    assert entry.task.value.startswith(entry.name.rsplit("-", 1)[1])


@pytest.mark.parametrize("entry", OFFICIAL, ids=by_name)
def test_facts_are_of_a_plausible_size(entry: Entry) -> None:
    assert 47e6 < entry.backbone.parameters < 216e6
    assert entry.download_bytes == 4 * entry.backbone.parameters
    assert entry.metric in entry.title or entry.metric in ("PQ", "AP", "mIoU")
    assert entry.quality is not None and 39 < entry.quality < 84
    assert entry.licence == "CC BY-NC 4.0"


@pytest.mark.parametrize(
    ("part", "qualities"),
    [
        ("coco-panoptic", {"tiny": 53.2, "small": 54.6, "base": 55.1, "large": 57.8}),
        ("cityscapes-panoptic", {"tiny": 63.9, "small": 64.8, "base-IN21k": 66.1, "large": 66.6}),
        ("ade-panoptic", {"large": 48.1}),
    ],
)
def test_panoptic_qualities_are_the_papers(part: str, qualities: dict[str, float]) -> None:
    for size, quality in qualities.items():
        entry = CATALOG[f"{PREFIX}{size}-{part}"]
        assert (entry.metric, entry.quality) == ("PQ", quality)


def test_the_demo_is_what_its_files_say() -> None:
    entry = CATALOG["demo"]
    config = json.loads((DEMO_FOLDER / "config.json").read_text(encoding="utf-8"))
    vocabulary = data_sets.vocabulary_of("demo", config)
    assert (entry.data_set.labels, entry.data_set.things) == (vocabulary.labels, vocabulary.things)
    preprocessor = json.loads((DEMO_FOLDER / "preprocessor_config.json").read_text(encoding="utf-8"))
    assert InputPolicy.from_config(preprocessor).resize == Squash(*entry.shipped_size)
    assert entry.quality is None and entry.download_bytes == 0 and entry.task is Task.PANOPTIC
    weights = (DEMO_FOLDER / "model.safetensors").stat().st_size
    assert entry.backbone.parameters == pytest.approx(weights / 4, rel=0.02)


def test_the_documentation_has_the_same_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    told: dict[str, str] = {}
    for _, checkpoints, qualities, _ in re.findall(r"^\|(.*)\|(.*)\|(.*)\|(.*)\|$", text, re.MULTILINE):
        names = []
        for before, several, after in re.findall(r"`([\w-]*)\{([\w,-]+)\}([\w-]*)`", checkpoints):
            names += [f"{before}{one}{after}" for one in several.split(",")]
        names += re.findall(r"`((?:large|tiny)-[\w-]+)`", checkpoints)
        for name, quality in zip(names, re.findall(r"\d\d\.\d", qualities), strict=False):
            told[f"{PREFIX}{name}"] = quality
    assert told == {entry.name: f"{entry.quality}" for entry in OFFICIAL}


def test_titles_are_short_and_speak() -> None:
    assert CATALOG[f"{PREFIX}base-IN21k-coco-instance"].title == "COCO instance · Swin-B 21k"
    assert CATALOG[f"{PREFIX}tiny-ade-semantic"].title == "ADE20K semantic · Swin-T"
    assert CATALOG[f"{PREFIX}large-mapillary-vistas-panoptic"].title == "Vistas panoptic · Swin-L"


@pytest.mark.parametrize(
    ("name", "labels", "edges"),
    [
        (f"{PREFIX}tiny-coco-panoptic", data_sets.COCO_PANOPTIC.labels, (800, 1333)),
        (f"{PREFIX}large-ade-panoptic", data_sets.ADE20K.labels, (640, 2560)),
        (f"{PREFIX}large-ade-semantic", data_sets.ADE20K.labels, (640, 2560)),
        (f"{PREFIX}tiny-ade-semantic", data_sets.ADE20K.labels, (512, 2048)),
        (f"{PREFIX}small-ade-semantic", data_sets.ADE20K.labels, (512, 2048)),
        (f"{PREFIX}tiny-cityscapes-instance", data_sets.CITYSCAPES_INSTANCE.labels, (1024, 2048)),
        (f"{PREFIX}large-mapillary-vistas-semantic", data_sets.MAPILLARY_VISTAS.labels, (2048, 2048)),
        ("someone/fine-tune", data_sets.CITYSCAPES.labels, (1024, 2048)),
        ("someone/fine-tune", ("sky", "cat"), (800, 1333)),
        ("demo", data_sets.DEMO_WORLD.labels, (800, 1333)),
    ],
)
def test_the_papers_edges(name: str, labels: tuple[str, ...], edges: tuple[int, int]) -> None:
    assert paper_resize(name, labels) == FitEdges(*edges)
    if name in CATALOG and name != "demo":
        assert CATALOG[name].policy.at("paper").resize == FitEdges(*edges)


def test_a_loaded_checkpoint_sees_what_the_catalogue_says() -> None:
    from panoseg.photo import Photo
    from tests.models.tiny import photo

    segmenter, entry = load_segmenter("demo"), CATALOG["demo"]
    small = Photo.from_pixels(photo(40, 60).pixels, "waves")
    for input_size in ("shipped", 96):
        prediction = segmenter.predict(small, input_size=input_size)
        content, size = entry.policy.at(input_size).geometry(small.size)
        assert (prediction.content_size, prediction.input_size) == (content, size)
