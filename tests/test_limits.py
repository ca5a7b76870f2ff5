"""The tables of limits in the documentation say what the code does."""

import re
from pathlib import Path

import pytest

from panoseg import annotation, annotation_archive
from panoseg.collection import jobs, questions, shelf, survey
from panoseg.decoding.pool import DecodingLimits
from panoseg.file_structure import gif, jpeg, png, tiff
from panoseg.hosting import connections, log, numbers, patience, pieces, places, stopping
from panoseg.model_server import app
from panoseg.models.checkpoints import network_size
from panoseg.page import annotation_reference, departures, filmstrip
from panoseg.page.collection import arrivals, downloads, own_runs, routes, visitors
from panoseg.page.guards import upload_guard
from panoseg.page.viewer import close_up, photo_file
from panoseg.photo import PhotoLimits
from panoseg.runs import archive_bounds
from panoseg.serving import picture_store
from panoseg.settings import VARIABLES

DOCS = Path(__file__).parents[1] / "docs"
MB, GB = 2**20, 2**30
DECODING = DecodingLimits()

# What the row of that name says, in this order.
FIGURES = {
    "a picture's file": (PhotoLimits().max_bytes // MB, PhotoLimits().max_pixels // 10**6),
    "scans, segments, EXIF segments of a JPEG": (
        jpeg.MOST_SCANS,
        jpeg.MOST_SEGMENTS,
        jpeg.MOST_EXIF_SEGMENTS,
    ),
    "blocks before a GIF's first picture": (gif.MOST_BLOCKS, 255),
    "chunks of a PNG": (png.MOST_CHUNKS,),
    "strips or tiles, tags of a TIFF": (tiff.MOST_PIECES, tiff.MOST_TAGS),
    "decoding one file": (
        DECODING.seconds,
        DECODING.memory_bytes // MB,
        DECODING.patience,
        DECODING.most_waiting,
    ),
    "an annotation": (
        annotation.MOST_PIXELS // 10**6,
        annotation.MOST_SEGMENTS,
        annotation_reference.MOST_SEGMENTS,
    ),
    "a ZIP or JSON of an annotation": (annotation_archive.MOST_BYTES // MB,),
    "files that a session sends": (
        upload_guard.SESSION_BYTES // MB,
        upload_guard.SESSION_FILES,
        upload_guard.AT_ONCE,
        upload_guard.IDLE_SECONDS,
    ),
    "files of all sessions": (upload_guard.MOST_BYTES // MB,),
    "pictures that a visitor can go back to": (
        filmstrip.MOST_UPLOADS,
        picture_store.MOST_BYTES // MB,
        picture_store.KEPT_SECONDS // 3600,
    ),
    "the head of a request": (connections.MOST_HEAD_BYTES // 1024, patience.HEAD_SECONDS),
    "an answer that waits to be taken": (patience.LEAST_BYTES, patience.UNREAD_SECONDS),
    "a large answer": (pieces.PIECE_BYTES // 1024,),
    "slowness in places that are few, and in room for files that come": (
        places.GRACE_SECONDS,
        places.SLOW_BYTES // 1000,
    ),
    "a request's body in crumbs": (connections.MOST_CRUMBS, connections.CRUMB_BYTES),
    "reading of one connection": (connections.READ_BYTES // 1024,),
    "frames of a WebSocket": (connections.FRAMES_AT_ONCE, connections.FRAMES_A_SECOND),
    "a message from a browser": (connections.MOST_MESSAGE_BYTES // MB, 5),
    "tiles and answers about pixels": (close_up.AT_ONCE,),
    "answers about collections": (
        routes.MOST_ANSWERED,
        routes.MOST_DRAWN,
        downloads.MOST_AT_ONCE,
        downloads.MOST_SENT,
        downloads.MOST_OF_A_VISITOR,
        downloads.LINE_SECONDS,
        downloads.MOST_COUNTING,
    ),
    "pictures and predictions of a model server": (app.MOST_READING, app.MOST_SENDING),
    "the form of a download": (downloads.MOST_BODY // MB, downloads.BODY_SECONDS),
    "files for a visitor's run": (arrivals.AT_ONCE, arrivals.IDLE_SECONDS, visitors.MOST_NEW_RUNS),
    "an archive for a run": (
        own_runs.MOST_MEMBERS,
        own_runs.MOST_LIST_BYTES // MB,
        own_runs.MOST_TIMES_UNPACKED,
        archive_bounds.HEADER_BYTES // MB,
        own_runs.MOST_STARTED_AT_ONCE,
    ),
    "visitors' runs": (
        shelf.MOST_BYTES // GB,
        shelf.KEPT_SECONDS // 3600,
        jobs.MOST_IN_LINE,
        shelf.IDLE_SECONDS,
    ),
    "a file that hardly comes": (places.LEAST_BYTES,),
    "exact numbers of a collection": (survey.MOST_WANTED, survey.TURN_SECONDS),
    "a question about a collection": (questions.MOST_LETTERS, questions.MOST_CONDITIONS),
    "a session whose browser has gone": (departures.STAY_SECONDS, departures.MOST_GONE),
    "pictures encoded for browsers": (photo_file.MOST_KEPT_BYTES // MB,),
    "a network's input": (),
    "a network's configuration": (network_size.MOST_LAYERS, network_size.WIDEST),
    "numbers in addresses": (numbers.MOST_DIGITS,),
    "files of the export sheet": (),
    "lines of the log": (log.MOST_OF_A_KIND,),
    "stopping": (stopping.DRAIN_SECONDS, stopping.LAST_SECONDS),
}


def table(page, heading):
    """The cells of the rows of the first table below a heading."""
    below = (DOCS / page).read_text(encoding="utf-8").partition(f"## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE).group().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


BOUNDED = {row[0].strip("| "): row[1:] for row in table("security.md", "What is bounded")}


def test_every_bound_is_compared():
    assert BOUNDED.keys() == FIGURES.keys()


@pytest.mark.parametrize("what", BOUNDED)
def test_a_bound_is_as_the_table_says(what):
    said = [int(number) for number in re.findall(r"(?<![\w`])\d+", BOUNDED[what][0])]
    assert said == [int(figure) for figure in FIGURES[what]]


@pytest.mark.parametrize("what", BOUNDED)
def test_a_bound_has_its_reason_and_its_place(what):
    _, why, where = BOUNDED[what]
    assert why
    assert re.fullmatch(r"`[\w/]+\.py`(, `[\w/]+\.py`)*", where.rstrip(" |"))


def test_what_an_operator_sets_has_the_defaults_of_the_settings():
    defaults = {variable.name: variable.default for variable in VARIABLES}
    rows = table("hosting.md", "Limits")
    named = {name for row in rows for name in re.findall(r"PANOSEG_\w+", row[1])}
    assert {name for name in defaults if "MAX_" in name or name.endswith("_MB")} <= named
    for row in rows:
        names = re.findall(r"PANOSEG_\w+", row[1])
        assert row[2] == " and ".join(defaults[name] for name in names)
