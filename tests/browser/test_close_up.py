"""Looking closer than the picture that the page was sent: pixels, what they could be, and pinned segments."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.label_colors import label_color
from panoseg.merging import candidates, query_mask, rivals_at, why_void
from tests.browser.screen import inside
from tests.browser.test_looks import PHONE

LARGE = (1800, 2700)
TILE = re.compile(r"/(photo|ids)/[^/]+/\d")
# Where the picture lies below a canvas that covers the board.
WHERE = """(canvas) => {
  const picture = window.viewer().querySelector("canvas.photo").getBoundingClientRect();
  const own = canvas.getBoundingClientRect();
  return { left: own.x - picture.x, top: own.y - picture.y, width: picture.width, height: picture.height };
}"""


@pytest.fixture(scope="module")
def large():
    """A photo of 4.9 megapixels, and its file, which holds it exactly."""
    scene = open_scene(next(iter(GALLERY)), LARGE)
    file = io.BytesIO()
    Image.fromarray(scene.pixels).save(file, "PNG", compress_level=1)
    data = file.getvalue()
    return panoseg.open_photo(data, name="large.png"), data


@pytest.fixture
def close(visit, photo, large, core):
    """The page with that photo, at some 800 % where segments meet, every tile there."""
    screen = visit().wait_for_map(photo).wait_for_page()
    open_file(screen, "large.png", large[1])
    screen.wait_for_map(large[0]).wait_for_page()
    ids = core(large[0]).id_map
    y, x = np.argwhere((ids[:, 1:] != ids[:, :-1]) & (np.arange(LARGE[0]) > LARGE[0] / 2)[:, None])[0]
    zoom_in(screen, (x, y))
    return screen


def board(screen):
    return screen.viewer.locator(".board")


def open_file(screen, name, data):
    box = screen.page.locator(".st-key-open input[type=file]")
    box.set_input_files({"name": name, "mimeType": "image/png", "buffer": data})


def press(screen, *keys):
    board(screen).focus()
    for key in keys:
        screen.page.keyboard.press(key)


def zoom_in(screen, pixel):
    """To some eight pixels of the screen for one of the photo, at one of its pixels."""
    shown = screen.photo.evaluate("canvas => canvas.width") / LARGE[1]
    screen.page.mouse.move(*screen.place_of(*(shown * side for side in pixel)))
    screen.page.keyboard.down("Control")
    zoom = int(screen.viewer.locator(".percent").inner_text().removesuffix(" %")) / 100
    screen.page.mouse.wheel(0, -np.log(8 / zoom) / 0.0022)
    screen.page.keyboard.up("Control")
    wait_for_tiles(screen, "0 photo masks")


def wait_for_tiles(screen, words):
    expect(screen.viewer).to_have_attribute("data-tiles", words)


def canvas(screen, index):
    """(pixels, columns, rows) of a close-up canvas: of the photo, −1 near an edge between two pixels."""
    found = screen.viewer.locator("canvas.close-up").nth(index)
    where = found.evaluate(WHERE)
    read = found.evaluate(
        """(canvas) => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
          return { width, height, data: btoa(Array.from(data, (b) => String.fromCharCode(b)).join("")) };
        }"""
    )
    pixels = np.frombuffer(base64.b64decode(read["data"]), np.uint8).reshape(read["height"], read["width"], 4)

    def places(count, start, size, photo):
        at = (np.arange(count) + 0.5 + start) / size * photo
        far = 1.2 * photo / size  # tiles begin at whole pixels of the screen
        return np.where((at % 1 > far) & (at % 1 < 1 - far), np.floor(at), -1).astype(int)

    columns = places(read["width"], where["left"], where["width"], LARGE[1])
    rows = places(read["height"], where["top"], where["height"], LARGE[0])
    return pixels.astype(int), columns, rows


def test_at_800_percent_every_pixel_is_one_of_the_photo(close, large):
    expect(close.page.get_by_role("button", name=re.compile("Zoom [78][0-9]{2} %"))).to_be_visible()
    pixels, columns, rows = canvas(close, 0)
    x, y = columns[columns >= 0], rows[rows >= 0]
    assert len(x) > 300
    assert len(y) > 200
    seen = pixels[np.ix_(rows >= 0, columns >= 0)]
    np.testing.assert_array_equal(seen[..., :3], large[0].pixels[np.ix_(y, x)])
    press(close, "1")  # of the photo's own pixels, of which the page was sent fewer
    expect(close.page.get_by_role("button", name="Zoom 100 %")).to_be_visible()
    assert close.photo.evaluate("canvas => canvas.width") < LARGE[1]
    assert close.photo.bounding_box()["width"] == pytest.approx(LARGE[1], abs=1)


def test_masks_lie_on_the_photos_own_pixels(close, core, large):
    press(close, "o")
    wait_for_tiles(close, "0 photo masks")
    segmentation = core(large[0])
    pixels, columns, rows = canvas(close, 1)
    x, y = columns[columns >= 0], rows[rows >= 0]
    ids = segmentation.id_map[np.ix_(y, x)]
    assert len(np.unique(ids)) > 1, "a place where segments meet"
    colors = np.array([(0, 0, 0, 0)] + [(*s.color, 153) for s in segmentation.segments])
    # A canvas stores colours multiplied with alpha.
    agree = np.abs(pixels[np.ix_(rows >= 0, columns >= 0)] - colors[ids]).max(axis=2) <= 2
    assert agree.mean() > 0.999


def test_while_a_slider_is_held_the_browsers_own_map_serves(close, large):
    slider = close.page.get_by_role("slider", name="Score", exact=True)
    box = slider.bounding_box()
    close.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    close.page.mouse.down()
    close.page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2, steps=4)
    expect(close.viewer).to_have_attribute("data-exact", "false")
    wait_for_tiles(close, "0 photo")
    close.page.mouse.up()
    wait_for_tiles(close, "0 photo masks")
    expect(close.viewer).to_have_attribute("data-exact", "true")


def test_nothing_is_fetched_before_one_looks_closer(visit, photo, large):
    screen = visit().wait_for_map(photo).wait_for_page()
    asked = []
    screen.page.on("request", lambda request: asked.append(request.url))
    open_file(screen, "large.png", large[1])
    screen.wait_for_map(large[0]).wait_for_page()
    assert not [address for address in asked if TILE.search(address)]
    assert len([address for address in asked if "/photo/" in address]) == 1, "the photo itself, once"
    zoom_in(screen, (1350, 900))
    tiles = [address for address in asked if "/photo/" in address and address.endswith(".png")]
    assert 1 <= len(tiles) < 40


def test_a_resting_pointer_says_what_else_the_pixel_could_be(screen, segmentation, predict, photo):
    segment = segmentation.segments[0]
    x, y = inside(segmentation, segment.id)
    screen.point_at(x, y)
    expect(screen.tip.locator("small").first).to_contain_text(f"x {x}, y {y}")
    rivals = rivals_at(predict(photo), x, y)
    expect(screen.tip.locator(".rivals .label")).to_have_text([rival.label for rival in rivals])
    words = screen.tip.locator(".rivals .product").first.inner_text()
    numbers = [float(number) for number in re.findall(r"[\d.]+", words)]
    best = rivals[0]
    assert numbers == pytest.approx([best.score, best.probability, best.weight], abs=0.002)


def test_a_click_on_void_says_why(screen, core, predict, photo):
    chosen = Thresholds(score=0.99)
    number = screen.page.get_by_role("spinbutton", name="Score as a number")
    number.fill("0.99")
    number.press("Enter")
    screen.wait_for_map(photo, chosen).wait_for_page()
    segmentation = core(photo, chosen)
    void = np.argwhere(segmentation.id_map == 0)
    fates = candidates(predict(photo), chosen)
    y, x = next(
        (y, x) for y, x in void.tolist() if "covers it" in why_void(predict(photo), fates, chosen, x, y)
    )
    screen.click_at(x, y)
    words = why_void(predict(photo), fates, chosen, x, y)
    expect(screen.tip.locator(".why")).to_contain_text(words.split(".")[0])
    expect(screen.viewer.locator(".announcement")).to_contain_text(f"Void at {x}, {y}. ")


def test_a_pinned_segment_shows_its_own_mask_its_classes_and_its_fate(screen, segmentation, predict, photo):
    segment = max((s for s in segmentation.segments if s.kind == "thing"), key=lambda s: s.area)
    screen.page.locator(f".row[data-key='{segment.key}']").hover()
    screen.press(f"Pin {segment.label} {segment.id}")
    expect(screen.viewer).to_have_attribute("data-pinned", f"{segment.key} mask")
    card = screen.page.get_by_role("region", name="Pinned segment")
    expect(card.locator(".classes .label")).to_have_count(5)
    expect(card.locator(".classes .label").first).to_have_text(segment.label)
    expect(card.locator(".fates")).to_have_text(f"It is segment {segment.id}.")
    painted = screen.painted("pin")
    mask = query_mask(predict(photo), segment.queries[0], 0.5)
    assert ((painted[..., 3] > 0) == mask).mean() > 0.999
    card.get_by_role("button", name="Probability").click()
    expect(screen.viewer).to_have_attribute("data-pinned", f"{segment.key} heat")
    assert (screen.painted("pin")[..., 3] > 0).sum() > mask.sum()
    press(screen, "Escape")
    expect(screen.viewer).to_have_attribute("data-pinned", "")
    expect(card).to_be_hidden()


def test_a_pin_outlives_the_threshold_that_takes_its_segment_away(screen, segmentation, photo):
    segment = min((s for s in segmentation.segments if s.kind == "thing"), key=lambda s: s.score)
    screen.point_at(*inside(segmentation, segment.id))
    press(screen, "k")
    expect(screen.viewer).to_have_attribute("data-pinned", f"{segment.key} mask")
    number = screen.page.get_by_role("spinbutton", name="Score as a number")
    number.fill("1")
    number.press("Enter")
    screen.wait_for_map(photo, Thresholds(score=1.0))
    card = screen.page.get_by_role("region", name="Pinned segment")
    expect(card.locator(".fates")).to_contain_text("is not above the score threshold of 1.00")
    expect(screen.viewer).to_have_attribute("data-pinned", f"{segment.key} mask")


def test_colours_have_a_legend(screen, segmentation):
    legend = screen.page.get_by_role("group", name="What the colours mean")
    expect(legend).to_be_hidden()
    press(screen, "m")
    areas = {}
    for segment in segmentation.segments:
        areas[segment.label] = areas.get(segment.label, 0) + segment.area
    expected = sorted(areas, key=lambda label: -areas[label])
    expect(legend.locator(".entry")).to_have_text(expected[:12])
    color = legend.locator(".entry .swatch").first.evaluate("node => getComputedStyle(node).backgroundColor")
    assert color == f"rgb({', '.join(map(str, label_color(expected[0])))})"
    press(screen, "m")
    expect(legend).to_contain_text("Score")
    expect(legend.locator(".ticks span")).to_have_text(["0", "0.5", "0.8", "0.9", "1"])


def test_a_finger_that_moves_the_picture_leaves_no_stale_words(visit, photo):
    screen = visit(**PHONE).wait_for_map(photo)
    press(screen, "+", "+", "+")
    box = board(screen).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    touch = screen.page.context.new_cdp_session(screen.page)

    def finger(kind, *places):
        points = [{"x": px, "y": py} for px, py in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger("touchStart", (x, y))
    expect(screen.tip).to_be_visible()
    for step in (10, 25, 40):
        finger("touchMove", (x - step, y))
    finger("touchEnd")
    expect(screen.tip).to_be_hidden()
