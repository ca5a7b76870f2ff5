"""Exports shard by shard: together they hold what one export holds, and their JSONs become one."""

import json

import numpy as np
import pytest

from panoseg import Thresholds, cli
from panoseg.errors import InvalidValueError
from panoseg.runs import import_coco_panoptic, make_run
from panoseg.runs.shard_exports import ShardExport, export_by_shard
from tests.fakes import FakeSegmenter
from tests.runs.pictures import write_pictures

BOTH = ("coco-panoptic", "coco-instances")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    write_pictures(folder / "pictures", 70)
    return make_run(folder / "pictures", store=folder / "run", model=FakeSegmenter())


def wanted(run, folder, formats=BOTH, **options):
    return ShardExport(run.place, str(folder), tuple(formats), **options)


def test_the_sums_are_those_of_one_export(run, tmp_path):
    whole = run.export(BOTH, tmp_path / "whole", Thresholds(score=0.4))
    seen = []
    parts = export_by_shard(
        run, wanted(run, tmp_path / "parts", thresholds=Thresholds(score=0.4)), progress=seen.append
    )
    assert (parts.pictures, parts.failures, parts.losses) == (70, [], whole.losses)
    assert [each.pictures for each in seen] == [64, 6]
    one = json.loads((tmp_path / "whole" / "coco-instances" / "instances.json").read_text())
    many = [
        json.loads((tmp_path / "parts" / shard / "coco-instances" / "instances.json").read_text())
        for shard in ("000000", "000001")
    ]
    for key, number in (("images", 70), ("annotations", len(one["annotations"]))):
        assert sum(len(each[key]) for each in many) == number


def test_joined_they_are_the_one_json(run, tmp_path):
    run.export("coco-instances", tmp_path / "whole")
    export_by_shard(run, wanted(run, tmp_path / "parts", ["coco-instances"]), join=True)
    one, joined = (
        json.loads((tmp_path / where / "instances.json").read_text()) for where in ("whole", "parts")
    )
    assert joined == one


@pytest.mark.parametrize("formats", [["coco-panoptic"], BOTH], ids=["alone", "with another"])
def test_a_joined_panoptic_json_is_read_with_its_masks(run, tmp_path, formats):
    export_by_shard(run, wanted(run, tmp_path / "out", formats), join=True)
    read = import_coco_panoptic(
        tmp_path / "out" / "panoptic.json", store=tmp_path / "read", masks=tmp_path / "out"
    )
    assert read.counts == {"done": 70, "failed": 0, "waiting": 0}
    for index in (0, 64, 69):
        np.testing.assert_array_equal(
            read[index].segmentation().id_map > 0, run[index].segmentation().id_map > 0
        )


def test_the_shell_does_it(run, tmp_path, capsys):
    command = ["export", run.place, "--formats", "coco-panoptic", "--out", str(tmp_path / "out")]
    assert cli.main([*command, "--per-shard", "--join"]) == 0
    assert "wrote 70 pictures" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["000000", "000001", "panoptic.json"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--join"], "--join, --ray: wanted --per-shard"),
        (["--ray"], "--join, --ray: wanted --per-shard"),
        (["--per-shard", "--out", "x.zip"], "wanted a folder with --per-shard"),
    ],
)
def test_options_that_do_not_go_together(run, tmp_path, capsys, options, says):
    command = ["export", run.place, "--formats", "ids", "--out", str(tmp_path / "out")]
    assert cli.main([*command, *options]) == 2
    assert says in capsys.readouterr().err


def test_an_unknown_format_is_refused(run, tmp_path):
    with pytest.raises(InvalidValueError, match="formats: wanted some of"):
        export_by_shard(run, wanted(run, tmp_path, ["gif"]))
