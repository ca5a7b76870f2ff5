"""The page in a browser: where things are, and what is really painted."""

import base64
import copy
import re
from contextlib import contextmanager

import numpy as np
from playwright.sync_api import expect

import panoseg

MOST_DIFFERING = 1e-4
"""Share of the pixels; `assert_pixels_agree` says why."""

# Notes what is painted at the moment at which the browser sends something to the server.
WATCH_SENDING = """
window.sent = [];
window.viewers = (root = document) =>
  [...root.querySelectorAll("*")].flatMap((element) => [
    ...(element.matches(".viewer") ? [element] : []),
    ...(element.shadowRoot ? window.viewers(element.shadowRoot) : []),
  ]);
window.viewer = () => window.viewers()[0] ?? null;
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...message) {
  const viewer = window.viewer();
  const masks = viewer?.querySelector("canvas.masks");
  const pixel = window.probe && masks.getContext("2d").getImageData(...window.probe, 1, 1).data;
  const selected = window.viewers().map((each) => each.dataset.selected);
  window.sent.push({ shown: viewer?.dataset.shown, alpha: pixel?.[3], selected });
  return send.apply(this, message);
};
"""

READ_CANVAS = """(canvas) => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let text = "";
  for (let i = 0; i < data.length; i += 32768) {
    text += String.fromCharCode(...data.subarray(i, i + 32768));
  }
  return { width, height, pixels: btoa(text) };
}"""


class Screen:
    """One visitor's page.

    Attributes:
        page: playwright's page.
        name: of the viewer that is looked at: the first, or the one beside it.
        complaints: what the browser's console said in red, and uncaught exceptions.
        strangers: addresses other than the server's that were asked for something.
        received: messages from the server, as they came.
    """

    def __init__(self, page, server):
        self.page = page
        self.name = "viewer"
        self.complaints = []
        self.strangers = []
        self.received = []
        page.add_init_script(WATCH_SENDING)
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note_request(request.url, server))
        page.on("websocket", lambda socket: self._note_socket(socket, server))

    def _note_request(self, url, server):
        if not url.startswith((f"{server}/", f"blob:{server}/", "data:")):
            self.strangers.append(url)

    def _note_socket(self, socket, server):
        if not socket.url.startswith(server.replace("http", "ws") + "/"):
            self.strangers.append(socket.url)
        socket.on("framereceived", lambda frame: self.received.append(frame))

    # What the visitor does ------------------------------------------------------------------------

    def choose_task(self, task):
        self.page.get_by_role("radio", name=task, exact=True).click()

    def choose_rival(self, rival):
        """Choose what to compare with, in the menu for it."""
        with self.menu("Compare"):
            self.page.get_by_role("radio", name=rival, exact=True).click()
            expect(self.page.get_by_role("radio", name=rival, exact=True)).to_be_checked()

    @contextmanager
    def menu(self, key):
        """One of the page's menus, open: Model, Compare, or the comparison's Reference."""
        opener = self.page.locator(f".st-key-{key.lower()}-menu").get_by_role("button").first
        opener.click()
        expect(opener).to_have_attribute("aria-expanded", "true")
        yield self.page
        if opener.get_attribute("aria-expanded") == "true":
            opener.click()
        expect(opener).to_have_attribute("aria-expanded", "false")

    def upload(self, name, data, kind="image/jpeg"):
        """Choose a file as visitors do: a click, and the browser's own dialog."""
        self.upload_all({"name": name, "mimeType": kind, "buffer": data})

    def upload_all(self, *files):
        """Choose files: {name, mimeType, buffer} each."""
        with self.page.expect_file_chooser() as chooser:
            self.press("Open photo")
        chooser.value.set_files(list(files))

    def go_to(self, title):
        """Click a picture of the filmstrip."""
        self.tile(title).click()

    def take_out(self, name):
        """Take an upload out of the filmstrip."""
        self.page.get_by_role("button", name=f"Remove {name}", exact=True).click()

    def open_tab(self, name):
        self.tab(name).click()
        expect(self.tab(name)).to_have_attribute("aria-selected", "true")

    def select_number(self, segment):
        """Click a segment's row of the table, whose tab must be open."""
        self.number(segment).click()

    def press_keys(self, slider, *keys):
        self.page.get_by_role("slider", name=re.compile(f"^{slider}")).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def point_at(self, x, y):
        """Move the pointer over the middle of a pixel of the picture, counted in the canvas's own."""
        left, top = self.place_of(x, y)
        self.page.mouse.move(left, top)

    def place_of(self, x, y):
        """Where that pixel's middle is in the window."""
        self.stage.scroll_into_view_if_needed()
        box = self.photo.bounding_box()
        width, height = self.photo.evaluate("canvas => [canvas.width, canvas.height]")
        return box["x"] + (x + 0.5) / width * box["width"], box["y"] + (y + 0.5) / height * box["height"]

    def eye(self, segment):
        """The button that hides and shows a segment."""
        return self.page.get_by_role("button", name=f"Show {segment.label} {segment.id}", exact=True)

    def toggle(self, segment):
        self.eye(segment).click()

    def show_only(self, segment):
        self.page.get_by_role("button", name=f"Show only {segment.label} {segment.id}", exact=True).click()

    def click_at(self, x, y, **options):
        """Click the middle of a pixel of the picture."""
        self.page.mouse.move(*self.place_of(x, y))
        for key in options.get("keys", ()):
            self.page.keyboard.down(key)
        self.page.mouse.click(*self.place_of(x, y), click_count=options.get("times", 1))
        for key in options.get("keys", ()):
            self.page.keyboard.up(key)

    def type_keys(self, *keys):
        """Press keys while the picture has the focus."""
        self.board.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def press(self, label):
        self.page.get_by_role("button", name=label, exact=True).click()

    # What the visitor sees ------------------------------------------------------------------------

    @property
    def viewer(self):
        return self.page.locator(f".viewer[data-name={self.name}]")

    @property
    def beside(self):
        """The same page with a look at the second picture of a comparison."""
        other = copy.copy(self)
        other.name = "beside"
        return other

    @property
    def stage(self):
        """The picture's box, as large as the picture that fits."""
        return self.viewer.locator(".stage")

    @property
    def board(self):
        """What the picture stands on: it has the focus and takes mouse and keys."""
        return self.viewer.get_by_role("application")

    def tile(self, title):
        """A picture of the filmstrip."""
        return self.page.get_by_role("navigation", name="Pictures").get_by_role(
            "button", name=title, exact=True
        )

    @property
    def tiles(self):
        """The filmstrip's pictures, in order."""
        return self.page.get_by_role("navigation", name="Pictures").locator(".tile")

    @property
    def current_tile(self):
        """The filmstrip's picture that is shown."""
        return self.page.get_by_role("navigation", name="Pictures").locator("[aria-current=true] .tile")

    @property
    def title(self):
        """The bar's line: the page's name, the picture's and its size."""
        return self.page.locator(".st-key-bar").get_by_text("panoseg").locator("xpath=ancestor-or-self::p")

    @property
    def model_menu(self):
        """The button that opens the menu of models, and names the one in use."""
        return self.page.locator(".st-key-model-menu").get_by_role("button").first

    def tab(self, name):
        """One of the inspector's tabs; its title may end in a number."""
        return self.page.get_by_role("tab", name=re.compile(rf"^{name}( \d+)?$"))

    @property
    def numbers(self):
        """The rows of the table of segments."""
        return self.page.get_by_role("grid", name="Segments in numbers").locator("tbody tr")

    def number(self, segment):
        """A segment's row of that table."""
        return self.page.locator(f'.numbers tbody tr[data-key="{segment.key}"]')

    @property
    def notice(self):
        """What stands over the picture where there is nothing to see."""
        return self.viewer.locator(".notice")

    @property
    def zoom(self):
        """How much larger than fitting the picture is shown."""
        return float(self.viewer.get_attribute("data-zoom"))

    @property
    def selected(self):
        """Rows of the list that are selected."""
        return self.page.locator(".row.selected")

    @property
    def photo(self):
        return self.viewer.locator("canvas.photo")

    @property
    def tip(self):
        return self.viewer.locator(".tip")

    @property
    def alerts(self):
        return self.page.get_by_test_id("stAlert")

    def wait_for_map(self, photo, thresholds=panoseg.Thresholds()):  # noqa: B008
        """Until the segments of that photo at those thresholds are painted."""
        wanted = f'[data-name={self.name}][data-photo="{photo.digest}"][data-stamp="{thresholds}"]'
        self.page.locator(wanted).wait_for(state="attached")
        return self

    def wait_for_selected(self, *segments):
        """Until these, and no others, are selected in the list."""
        expect(self.viewer).to_have_attribute("data-selected", str(len(segments)))
        expect(self.selected.locator(".name")).to_have_text(
            [f"{segment.label} {segment.id}" for segment in by_list(segments)]
        )
        return self

    def wait_for_rerun(self):
        """Until the server has heard of everything and has answered."""
        self.page.wait_for_timeout(400)  # the viewer reports once the visitor has paused
        return self.wait_for_page()

    def wait_for_page(self):
        """Until the server has no more of the page to send: the picture comes before the rest."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        return self

    def wait_for_shown(self, count):
        expect(self.viewer).to_have_attribute("data-shown", str(count))
        return self

    def painted(self, layer):
        """(H, W, 4) int, what a canvas holds: photo, masks or light."""
        canvas = self.viewer.locator(f"canvas.{layer}").evaluate(READ_CANVAS)
        pixels = np.frombuffer(base64.b64decode(canvas["pixels"]), np.uint8)
        return pixels.reshape(canvas["height"], canvas["width"], 4).astype(int)

    def sent(self):
        """What was painted whenever the browser sent something: a list of {shown, alpha, selected}."""
        return self.page.evaluate("window.sent")

    def first_sent(self):
        """The first of it, once there is one."""
        self.page.wait_for_function("window.sent.length > 0")
        return self.sent()[0]

    def shows(self, words):
        return self.page.get_by_text(re.compile(re.escape(words))).first


def by_list(segments):
    """Segments in the order of the list: things, then stuff, each by label."""
    return sorted(segments, key=lambda segment: (segment.kind == "stuff", segment.label.lower(), segment.id))


def masks_of(segmentation, *, hidden=(), opacities=None, opacity=0.6, outlines=True, colors_by_id=None):
    """(H, W, 4) int: how the masks of a segmentation must be painted, hidden ids left out.

    Args:
        opacities: by id, where segments differ.
        colors_by_id: where they are not the segments' own.
    """
    ids = np.where(np.isin(segmentation.id_map, list(hidden)), 0, segmentation.id_map)
    colors = np.zeros((len(segmentation.segments) + 1, 4), dtype=int)
    for segment in segmentation.segments:
        share = (opacities or {}).get(segment.id, opacity)
        color = (colors_by_id or {}).get(segment.id, segment.color)
        colors[segment.id] = (*color, round(255 * share))
    pixels = colors[ids]
    if outlines:
        pixels[:, :-1][ids[:, :-1] != ids[:, 1:]] = 255
        pixels[:-1][ids[:-1] != ids[1:]] = 255
    return pixels


def assert_pixels_agree(got, expected):
    """Equal pixels (or masks, or ids), but for the few that rounding may decide.

    The page predicts in a process of its own, and sums of float32 may come out differently there. That moves
    mask logits by up to 1e-4 and, in the pictures of the gallery, the decision at no more than 2 of 240,000
    pixels, with the outlines around them.
    """
    assert got.shape == expected.shape
    differs = (got != expected).reshape(*got.shape[:2], -1).any(axis=2)
    assert differs.mean() <= MOST_DIFFERING


def assert_painted(painted, expected):
    """Pixels that agree; colours may be off by what a canvas loses by storing them multiplied with alpha."""
    seen = expected[..., 3] > 0
    loss = 1 + 255 // (2 * max(1, expected[seen][:, 3].min(initial=255)))
    near = seen & (np.abs(painted - expected).max(axis=2) <= loss)
    unseen = (painted[..., 3] == 0) & ~seen
    assert_pixels_agree(painted[..., 3], expected[..., 3])
    assert_pixels_agree(near | unseen, np.ones_like(seen))


def places(segmentation, margin=4):
    """[(segment, (x, y)), …]: for each segment that is not too thin, a pixel well inside it."""
    found = []
    for segment in segmentation.segments:
        same = np.pad(segmentation.id_map == segment.id, margin)
        for axis in (0, 1):
            shifted = [np.roll(same, shift, axis) for shift in range(-margin, margin + 1)]
            same = np.logical_and.reduce(shifted)
        deep = np.argwhere(same)
        if len(deep):
            y, x = deep[len(deep) // 2] - margin
            found.append((segment, (int(x), int(y))))
    return found


def inside(segmentation, segment_id):
    """(x, y) of a pixel well inside a segment, or None if it is too thin."""
    return {segment.id: place for segment, place in places(segmentation)}.get(segment_id)
