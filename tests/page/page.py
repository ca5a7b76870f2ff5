"""The whole page in a test, without a browser and without weights (streamlit.testing.v1.AppTest)."""

import base64
import json
import queue
import re
import time
import zlib
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import numpy as np
from PIL import Image
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from panoseg import ModelError
from panoseg.errors import CancelledError, UnknownThingsError
from panoseg.models import Step
from panoseg.models.downloads.hub import Snapshot
from panoseg.page.app import SCRIPT
from tests.fakes import FakeSegmenter

COCO = "facebook/mask2former-swin-tiny-coco-panoptic"


class Models:
    """Stands in for `panoseg.load_segmenter`: what is not in `there` cannot be had.

    Attributes:
        there: name → a segmenter, or the exception that its loading ends in.
        loads: the names that were asked for, in order.
        downloads: name → the download that comes first.
        engine: the one that was asked for last.
    """

    def __init__(self):
        self.demo = FakeSegmenter("demo")
        self.there = {"demo": self.demo}
        self.loads = []
        self.downloads = {}

    def load(self, name, *, engine, things=None, progress, ask, make_room=None):
        self.loads.append(name)
        self.engine = engine
        if name in self.downloads:
            self.downloads[name].run(progress, ask)
        progress(Step("Loading the network"))
        answer = self.there.get(name, ModelError(f"{name} could not be downloaded: no network."))
        if isinstance(answer, UnknownThingsError) and things is not None:
            return FakeSegmenter(name, things=things)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Download:
    """A download that comes before a load: `size` bytes, of which each `let(n)` lets n more through.

    Attributes:
        done: bytes that have come.
        loads: how often it was begun or gone on with.
    """

    def __init__(self, name, size=190_000_000, licence="CC BY-NC 4.0"):
        self.name, self.size, self.licence = name, size, licence
        self.done = self.loads = 0
        self._pieces = queue.Queue()

    def let(self, count):
        self._pieces.put(count)

    def run(self, progress, ask):
        file = SimpleNamespace(size=self.size, cached_bytes=self.done)
        snapshot = Snapshot(self.name, "c" * 40, Path(), True, self.licence, (file,))
        if snapshot.missing and not ask(snapshot):
            raise CancelledError(f"{self.name} was not downloaded.")
        self.loads += bool(snapshot.missing)
        while self.done < self.size:
            progress(Step(f"Downloading the weights of {self.name}", self.done, self.size, 12e6))
            self.done += self._pieces.get(timeout=60)
        progress(Step(f"Downloading the weights of {self.name}", self.done, self.size, 12e6))


class Picture:
    """One picture's component: what it gets to see, and what it reports.

    Attributes:
        app: the page.
        name: of the component.
        reports: how many there were.
    """

    def __init__(self, app, name):
        self.app = app
        self.name = name
        self.reports = 0

    def run(self):
        """One run of the script; no run may ever end in Streamlit's own box for uncaught exceptions."""
        self.app.run()
        assert not self.app.exception, self.app.exception
        return self

    def report(self, **look):
        """What the component reports when the visitor hides or selects segments, or changes the style."""
        self.reports += 1
        told = {
            "number": self.reports,
            "source": self.map["source"],
            "hidden": [],
            "selected": [],
            "style": {},
            "thresholds": self.look["thresholds"],
        }
        self.app.session_state[self.name] = {"look": {**told, **look}}
        return self.run()

    @property
    def photo(self):
        """The photo that the component got: {key, name, width, height, url}."""
        return self._sent()["photo"]

    @property
    def rules(self):
        """How segments are drawn and thresholds moved, as the component was told."""
        return self._sent()["rules"]

    @property
    def map(self):
        """The map that the component got: {photo, stamp, width, height, segments, …}."""
        return self._sent("map")["payload"]

    @property
    def look(self):
        """The look that the component got: {heard, source, hidden, selected, style}."""
        return self._sent("look")["payload"]

    @property
    def landscape(self):
        """What every position of the score shows: {photo, scores, things, stuff, coverage}, or None."""
        return self._sent("landscape")["payload"]

    @property
    def outcomes(self):
        """The outcomes that the component got: {colors, words, partners, legend}, or None."""
        return self._sent("outcomes")["payload"]

    @property
    def doubt(self):
        """The doubt that the component got: {photo, values}, or None."""
        return self._sent("doubt")["payload"]

    @property
    def labels(self):
        return [segment["label"] for segment in self.map["segments"]]

    @property
    def ids(self):
        """(H, W) of the map that the component got, decoded as the browser does."""
        return self.unpack(self.map["ids"], {1: "u1", 2: "<u2"}[self.map["bytes_per_id"]])

    def unpack(self, packed, dtype="u1"):
        """(H, W) of anything that was packed for the present map."""
        data = zlib.decompress(base64.b64decode(packed))
        return np.frombuffer(data, dtype).reshape(self.map["height"], self.map["width"])

    @property
    def shows_its_segments(self):
        """Whether the map is of the photo that is shown, and neither is missing."""
        return self.map["photo"] == self.photo["key"] and len(self.labels) > 0

    def message(self, topic=None):
        """The message that carried a topic, or the photo; Streamlit sends none again that is unchanged."""
        return self.app.get_by_key(f"{self.name}-{topic}" if topic else self.name).proto.json

    def _sent(self, topic=None):
        return json.loads(self.message(topic))


class Page(Picture):
    """What a visitor does, and what the visitor and the picture's component then get to see."""

    def __init__(self, **query):
        """Open the page, with these parameters in its address."""
        super().__init__(AppTest.from_file(SCRIPT, default_timeout=60), "viewer")
        self._beside = Picture(self.app, "beside")
        self.patient = True
        self.clicks = 0
        for name, value in query.items():
            self.app.query_params[name] = value
        self.run()

    def run(self, sent=None):
        """One run of the script, and more while a model comes.

        Args:
            sent: what the browser sends of its widgets, if that is not what it was shown last; see `sends`.
        """
        if sent is not None:
            self.app._run(sent)
        super().run()
        if self.patient and (coming := self.awaited):
            coming.join()  # in a browser a timer runs the page again
            self.patient = False
            self.run()
            self.patient = True
        return self

    @property
    def sends(self):
        """What the browser sends with all that the visitor does: the value of each widget that it shows."""
        states = self.app._tree.get_widget_states()
        values = [state for state in states.widgets if state.WhichOneof("value") != "trigger_value"]
        return WidgetStates(widgets=values)

    @property
    def awaited(self):
        """The model that the page waits for while it goes on with another, if there is one."""
        loads = self.session.loads if self.session else {}
        return next(iter(loads.values()), None)

    @property
    def session(self):
        """What the page remembers of this visitor; None before the first run."""
        begun = "panoseg" in self.app.session_state
        return self.app.session_state["panoseg"] if begun else None

    def upload(self, *files):
        """Give the page files at once, as pairs of a name and bytes."""
        box = self.app.file_uploader(key=f"open-{self.session.batch}")
        box.set_value([(name, data, "image/jpeg") for name, data in files])
        return self.run()

    def go_back(self, *gone):
        """Press the browser's Back, after which the address lacks these names."""
        for name in gone:
            del self.app.query_params[name]
        with patch("panoseg.page.navigation.is_history_navigation", lambda: True):
            self.run()

    def go_to(self, picture, action="show"):
        """What the filmstrip reports when a tile is clicked."""
        self.clicks += 1
        look = {"look": dict(self.app.session_state[self.name]).get("look")}
        self.app.session_state[self.name] = {
            **look,
            "picture": {"number": self.clicks, "action": action, "id": picture},
        }
        return self.run()

    @property
    def pictures(self):
        """The filmstrip that the viewer got: {current, uploads, pictures}."""
        return self._sent("pictures")["payload"]

    @property
    def picker(self):
        """The picker of models."""
        return self.app.selectbox(key=self.session.picker.key)

    @property
    def other_picker(self):
        """The picker of the comparison's model."""
        return self.app.selectbox(key=self.session.other_picker.key)

    def choose_other_model(self, name):
        self.other_picker.set_value(name)
        return self.run()

    def choose_model(self, name):
        self.picker.set_value(name)
        return self.run()

    def move(self, slider, value):
        """Move one of the viewer's sliders, or one of the comparison's."""
        if slider in ("score", "mask", "overlap"):
            look = self.look
            kept = {name: look[name] for name in ("hidden", "selected")}
            return self.report(**kept, thresholds={**look["thresholds"], slider: value})
        self.app.slider(key=slider).set_value(value)
        return self.run()

    def press(self, label):
        (button,) = [button for button in self.app.button if button.label == label]
        button.click()
        return self.run()

    def has_button(self, label):
        return any(button.label == label for button in self.app.button)

    def hide(self, *keys):
        return self.report(hidden=list(keys))

    def select(self, *keys):
        return self.report(selected=list(keys))

    def compare_with(self, rival):
        self.app.segmented_control(key="compare").set_value(rival)
        return self.run()

    @property
    def beside(self):
        """The second picture of a comparison; None where there is none."""
        there = any(getattr(element, "key", None) == "beside" for element in self.app.main)
        return self._beside if there else None

    def choose_task(self, name):
        self.app.segmented_control(key="task").set_value(name)
        return self.run()

    @property
    def words(self):
        """Everything that the page says outside its widgets and error boxes."""
        return as_read("\n".join(element.value for element in (*self.app.markdown, *self.app.caption)))

    @property
    def title_line(self):
        """The bar's first line, in Markdown: picture and size."""
        return self.app.main.markdown[0].value

    @property
    def offered(self):
        """Titles of the models in the picker, whose lines say more."""
        return [" · ".join(line.split(" · ")[:2]) for line in self.picker.options]

    @property
    def model_line(self):
        """What the menu of models is called, in Markdown: the model in use."""
        return next(label for label in _popovers(self.app.main) if "Compare" not in label)

    @property
    def errors(self):
        """The error boxes, in Markdown."""
        return [element.value for element in self.app.error]


def _popovers(block):
    """Labels of the popovers below a block, in order."""
    for child in getattr(block, "children", {}).values():
        if child.type == "popover":
            yield child.proto.popover.label
        yield from _popovers(child)


def photo_file(width=64, height=48, shade=90):
    """A small JPEG; another shade makes another photo."""
    stream = BytesIO()
    Image.new("RGB", (width, height), (shade, 120, 60)).save(stream, "JPEG")
    return stream.getvalue()


def as_read(markdown):
    """Markdown without the escapes, as a visitor reads it."""
    return markdown.replace("\\", "")


def acted_on(markdown):
    """The characters of a text that Markdown would act on; empty where it is shown as it is."""
    return [character for character in re.sub(r"\\.", "", markdown) if character in "`*_[]<>$~#|:"]


def wait_until(holds, seconds=60):
    """Until something holds that a thread brings about."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
