import json

import pytest

from panoseg.errors import ModelError
from panoseg.models.checkpoints.checkpoint import Checkpoint
from panoseg.models.checkpoints.network_size import check_network_size
from tests.models.tiny import edit_json, save_tiny, tiny_config


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("decoder_layers", 4096),
        ("decoder_layers", -4096),
        ("encoder_layers", 10**30),
        ("hidden_dim", 10**30),
        ("hidden_dim", float("nan")),
        ("num_queries", 2**24),
        ("feature_strides", [4, 8, 10**400, 0.5]),
    ],
)
def test_networks_that_nobody_trained_are_refused_by_their_key(tmp_path, key, value):
    edit_json(save_tiny(tmp_path) / "config.json", **{key: value})
    with pytest.raises(ModelError, match=f"^The config.json of x asks for {key} = ") as caught:
        Checkpoint.read(tmp_path, "x")
    assert len(str(caught.value)) < 250


def test_parts_are_looked_at_too():
    with pytest.raises(ModelError, match="depths"):
        check_network_size("x", {"backbone_config": {"depths": [1] * 300}})


def test_what_is_no_size_may_be_any_number():
    check_network_size("x", {"seed": 2**40, "id2label": {"0": "size"}, "use_layers": True, "size": "large"})
    check_network_size("x", json.loads(tiny_config().to_json_string()))
