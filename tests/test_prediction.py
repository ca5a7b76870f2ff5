import numpy as np
import pytest

from panoseg import InvalidValueError, Prediction, Vocabulary

VOCABULARY = Vocabulary(["sky", "person"], things=[1])


def build(**changes):
    arguments = {
        "class_logits": np.zeros((2, 3)),
        "mask_logits": np.zeros((2, 4, 5)),
        "input_size": (16, 20),
        "content_size": (16, 18),
        "image_size": (100, 90),
        "vocabulary": VOCABULARY,
    }
    return Prediction(**(arguments | changes))


def test_arrays_become_read_only_float32():
    prediction = build(mask_logits=np.zeros((2, 4, 5), np.float64))
    assert prediction.mask_logits.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        prediction.mask_logits[0, 0, 0] = 1


def test_takes_torch_tensors_of_any_precision():
    import torch

    logits = torch.randn(2, 4, 5, dtype=torch.bfloat16, requires_grad=True)
    prediction = build(mask_logits=logits)
    np.testing.assert_array_equal(prediction.mask_logits, logits.detach().float().numpy())


def test_scores_are_the_softmax_of_all_classes_and_no_object():
    prediction = build(class_logits=np.log([[0.2, 0.7, 0.1], [0.1, 0.3, 0.6]]))
    np.testing.assert_allclose(prediction.class_probabilities, [[0.2, 0.7, 0.1], [0.1, 0.3, 0.6]], rtol=1e-6)
    assert prediction.labels.tolist() == [1, 2]
    np.testing.assert_allclose(prediction.scores, [0.7, 0.6], rtol=1e-6)


def test_huge_logits_do_not_overflow():
    assert build(class_logits=np.array([[1e30, 0, 0], [0, -1e30, 0]])).scores.tolist() == [1.0, 0.5]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"class_logits": np.zeros(3)}, "class_logits: wanted 2 dimensions"),
        ({"mask_logits": np.zeros((2, 4))}, "mask_logits: wanted 3 dimensions"),
        ({"class_logits": np.zeros((2, 4))}, "wanted 3 columns"),
        ({"class_logits": np.zeros((3, 3))}, "one mask of at least 1×1 per row"),
        ({"class_logits": np.zeros((0, 3)), "mask_logits": np.zeros((0, 4, 5))}, "one mask"),
        ({"mask_logits": np.zeros((2, 0, 5))}, "one mask of at least 1×1"),
        ({"class_logits": np.full((2, 3), np.nan)}, "class_logits: wanted finite"),
        ({"mask_logits": np.full((2, 4, 5), np.inf)}, "mask_logits: wanted finite"),
        ({"input_size": (16,)}, "input_size: wanted \\(height, width\\)"),
        ({"input_size": None}, "input_size: wanted \\(height, width\\)"),
        ({"image_size": (0, 90)}, "image_size: wanted sides of at least 1"),
        ({"content_size": (16, 21)}, "content_size: wanted at most"),
    ],
)
def test_rejects(changes, message):
    with pytest.raises(InvalidValueError, match=message):
        build(**changes)


def test_queries_that_see_nothing_share_no_color():
    """They may still be instances of the class that they give next, and overlap."""
    masks = np.full((3, 4, 4), 3.0)
    prediction = build(class_logits=np.log([[0.01, 0.4, 0.59]] * 3), mask_logits=masks)
    assert len({tuple(color) for color in prediction.colors.tolist()}) == 3
