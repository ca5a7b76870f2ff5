"""What visitors are told of errors."""

import pytest

from panoseg.collection.told import told
from panoseg.errors import RunError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The folder '/srv/my cache/pictures' holds no picture.", "The folder 'pictures' holds no picture."),
        ("There is no run in '/srv/run/': it has\nno header.", "There is no run in 'run': it has no header."),
        ('"/srv/it\'s" is damaged.', '"it\'s" is damaged.'),
        ("The archive 'a.zip' is damaged.", "The archive 'a.zip' is damaged."),
        (r"'C:\data\run' cannot be read.", "'run' cannot be read."),
    ],
)
def test_no_folder_of_the_server_is_named(text, said):
    assert told(RunError(text)) == said
