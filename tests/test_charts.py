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


def test_an_empty_segmentation_has_an_empty_chart():
    assert len(area_chart(Segmentation(np.zeros((2, 2)), ())).data[0].x) == 0
