import numpy as np

from panoseg import Segment, Segmentation
from panoseg.charts import area_chart


def test_one_block_per_segment_in_its_color_largest_label_on_top():
    figure = area_chart(
        Segmentation(
            np.array([[1, 2, 3, 3], [3, 3, 3, 0]]),
            (
                Segment(1, 0, "ball", "thing", 0.9, 1, (0, 0, 1, 1), color=(1, 2, 3)),
                Segment(2, 0, "ball", "thing", 0.9, 1, (1, 0, 1, 1)),
                Segment(3, 1, "sky", "stuff", 0.9, 5, (0, 0, 4, 2)),
            ),
        )
    )
    (bars,) = figure.data
    assert list(bars.y) == ["ball", "ball", "sky"]
    assert list(bars.x) == [12.5, 12.5, 62.5]
    assert bars.marker.color[0] == "rgb(1,2,3)"
    assert list(figure.layout.yaxis.categoryarray) == ["ball", "sky"]  # plotly draws upwards


def test_what_is_not_selected_is_faint():
    segments = tuple(
        Segment(number, 0, "ball", "thing", 0.9, 1, (number - 1, 0, 1, 1)) for number in (1, 2, 3)
    )
    segmentation = Segmentation(np.array([[1, 2, 3]]), segments)
    assert area_chart(segmentation, [2]).data[0].selectedpoints == (1,)
    assert area_chart(segmentation).data[0].selectedpoints is None


def test_an_empty_segmentation_has_an_empty_chart():
    assert len(area_chart(Segmentation(np.zeros((2, 2)), ())).data[0].x) == 0


def test_labels_are_text_and_never_markup_or_numbers():
    labels = ("<b>bold</b>", '<a href="https://example.org">x</a> & co', "12")
    segments = tuple(
        Segment(i, i - 1, label, "thing", 0.9, 1, (0, 0, 1, 1)) for i, label in enumerate(labels, 1)
    )
    figure = area_chart(Segmentation(np.array([[1, 2, 3]]), segments))
    shown = list(figure.data[0].y)
    assert shown == [
        "&lt;b&gt;bold&lt;/b&gt;",
        '&lt;a href="https://example.org"&gt;x&lt;/a&gt; &amp; co',
        "12",
    ]
    assert sorted(figure.layout.yaxis.categoryarray) == sorted(shown)
    assert figure.layout.yaxis.type == "category"
