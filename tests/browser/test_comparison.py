"""Two segmentations side by side: linked views, pointers and selections, and colours by outcome."""

import json
import re
import shutil
import zipfile
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.comparison import Side, compare
from panoseg.demo.gallery import GALLERY, open_scene
from panoseg.demo.world import WORLD_VOCABULARY
from panoseg.export import coco_panoptic
from panoseg.models.loading import DEMO_FOLDER
from panoseg.palette import outcome_color
from tests.browser.conftest import serve
from tests.browser.export_sheet import downloaded
from tests.browser.screen import assert_painted, assert_pixels_agree, inside, masks_of, places
from tests.browser.test_looks import (
    LAPTOP,
    PHONE,
    SIDEWAYS,
    TABLET,
    assert_apart,
    assert_nothing_scrolls,
    assert_titles_are_whole,
)

STRICT = Thresholds(score=0.99)  # drops one balloon of the first picture
LINK = "/?compare=Other+settings&other-score=0.99"


@pytest.fixture
def strict(core, photo):
    """What the page must show at the right."""
    return core(photo, STRICT)


@pytest.fixture
def comparison(segmentation, strict):
    return compare(Side(segmentation, WORLD_VOCABULARY), Side(strict, WORLD_VOCABULARY))


@pytest.fixture
def screen(visit, photo):
    """The page with the same prediction at two settings."""
    return opened(visit(LINK), photo)


def opened(screen, photo, stamp=STRICT):
    screen.wait_for_map(photo)
    screen.beside.wait_for_map(photo, stamp)
    for side in (screen, screen.beside):
        expect(side.viewer).to_have_attribute("data-outcomes", "shown")
    return screen.wait_for_rerun()


def painted_by_outcome(segmentation, outcomes, **choices):
    colors = {id_: outcome_color(outcome) for id_, outcome in outcomes.items()}
    return masks_of(segmentation, colors_by_id=colors, **choices)


def lonely(comparison):
    """The segment that only the left has."""
    (pair,) = [pair for pair in comparison.pairs if pair.outcome == "left"]
    return pair.left


def shared(comparison, segmentation):
    """A match, and a pixel inside its left segment."""
    pair = next(p for p in comparison.pairs if p.left and p.right and inside(segmentation, p.left.id))
    return pair, inside(segmentation, pair.left.id)


def assert_side_by_side(screen):
    left, right = screen.stage.bounding_box(), screen.beside.stage.bounding_box()
    assert (left["y"], left["width"], left["height"]) == pytest.approx(
        (right["y"], right["width"], right["height"]), abs=1
    )
    assert right["x"] > left["x"] + left["width"]


def wait_for_view(screen, like):
    """Until a picture lies in its stage as another one does in its own."""
    places = [side.photo.element_handle() for side in (screen, like)]
    screen.page.wait_for_function(
        """(photos) => {
          const [one, two] = photos.map((photo) => {
            const [outer, inner] = [photo.closest(".stage"), photo].map((n) => n.getBoundingClientRect());
            return [inner.x - outer.x, inner.y - outer.y, inner.width, inner.height];
          });
          return one.every((value, index) => Math.abs(value - two[index]) < 1);
        }""",
        arg=places,
    )


def test_outcomes_are_what_is_painted(screen, segmentation, strict, comparison):
    assert_side_by_side(screen)
    for side, shown, name in ((screen, segmentation, "left"), (screen.beside, strict, "right")):
        assert_painted(side.painted("masks"), painted_by_outcome(shown, comparison.outcomes(name)))
    legend = screen.page.get_by_role("list", name="Outcome")
    expect(legend.get_by_role("listitem")).to_have_text(
        [f"{comparison.count()['match']}match", "1only left", "0only right"]
    )
    expect(screen.page.get_by_role("combobox", name="Colour by")).to_have_value("outcome")


def test_views_are_one(screen):
    screen.type_keys("+", "+", "ArrowRight")
    expect(screen.beside.viewer).to_have_attribute("data-zoom", "2.250")
    wait_for_view(screen.beside, like=screen)
    right = screen.beside.stage.bounding_box()
    screen.page.mouse.move(right["x"] + 100, right["y"] + 100)
    screen.page.keyboard.down("Control")
    screen.page.mouse.wheel(0, -300)
    screen.page.keyboard.up("Control")
    screen.page.wait_for_function("Number(window.viewer().dataset.zoom) > 4")
    wait_for_view(screen, like=screen.beside)


def test_the_link_needs_no_message(screen, segmentation):
    screen.point_at(*places(segmentation)[0][1])
    screen.wait_for_rerun()
    screen.page.evaluate("window.sent = []")
    for _, place in places(segmentation)[1:4]:
        screen.point_at(*place)
        screen.beside.point_at(*place)
    screen.type_keys("+", "0", "w", "w")
    screen.page.wait_for_timeout(400)
    assert screen.sent() == []


def test_what_is_pointed_at_is_shown_in_both(screen, comparison, segmentation, strict):
    pair, place = shared(comparison, segmentation)
    for pointed, other, named in ((screen, screen.beside, pair.right), (screen.beside, screen, pair.left)):
        pointed.point_at(*place)
        expect(other.viewer).to_have_attribute("data-hovered", named.key)
        expect(other.tip.locator("b")).to_have_text(f"{named.label} {named.id}")
        expect(other.tip).to_contain_text("match, IoU 1.00")
        expect(pointed.viewer.locator(".cross")).to_be_hidden()
        cross = other.viewer.locator(".cross").bounding_box()
        middle = cross["x"] + cross["width"] / 2, cross["y"] + cross["height"] / 2
        assert middle == pytest.approx(other.place_of(*place), abs=1.5)
        outlined = other.painted("light")[..., 3] > 0
        shown = strict if other.name == "beside" else segmentation
        np.testing.assert_array_equal(outlined, shown.id_map == named.id)
    screen.page.mouse.move(5, 5)
    expect(screen.viewer.locator(".cross")).to_be_hidden()
    expect(screen.tip).to_be_hidden()


def test_a_selection_takes_its_partner_along(screen, comparison, segmentation, strict):
    pair, place = shared(comparison, segmentation)
    screen.page.evaluate("window.sent = []")
    screen.click_at(*place)
    expect(screen.beside.viewer).to_have_attribute("data-selected", "1")
    assert screen.first_sent()["selected"] == ["1", "1"]
    opacities = {s.id: 0.75 if s.id == pair.right.id else 0.6 * 0.35 for s in strict.segments}
    wanted = painted_by_outcome(strict, comparison.outcomes("right"), opacities=opacities)
    screen.wait_for_rerun()
    assert_painted(screen.beside.painted("masks"), wanted)
    # And back: a click on the right one takes both away.
    screen.beside.click_at(*place)
    screen.wait_for_selected()
    screen.wait_for_rerun()
    for side in (screen, screen.beside):
        expect(side.viewer).to_have_attribute("data-selected", "0")


def test_the_list_of_differences_selects_and_zooms_in_both(screen, comparison, segmentation):
    first, second = comparison.pairs[:2]  # what only the left has, then a match
    assert (first.outcome, second.outcome) == ("left", "match")
    screen.open_tab("Differences")
    rows = screen.page.get_by_role("tabpanel", name="Differences").get_by_role("listitem")
    expect(rows).to_have_count(len(comparison.pairs))
    rows.nth(1).get_by_role("button").click()
    expect(screen.viewer).to_have_attribute("data-selected", "1")
    expect(screen.beside.viewer).to_have_attribute("data-selected", "1")
    expect(rows.nth(1).get_by_role("button")).to_have_attribute("aria-pressed", "true")
    screen.page.wait_for_function("Number(window.viewer().dataset.zoom) > 1")
    wait_for_view(screen.beside, like=screen)
    left, top, width, height = second.left.bbox
    board = screen.board.bounding_box()
    for corner in ((left, top), (left + width - 1, top + height - 1)):
        x, y = screen.place_of(*corner)
        assert board["x"] <= x <= board["x"] + board["width"]
        assert board["y"] <= y <= board["y"] + board["height"]
    rows.nth(0).get_by_role("button").click()
    expect(rows.nth(0).get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(rows.nth(1).get_by_role("button")).to_have_attribute("aria-pressed", "false")
    expect(screen.viewer).to_have_attribute("data-selected", "1")
    expect(screen.beside.viewer).to_have_attribute("data-selected", "0")
    screen.open_tab("Segments")
    screen.wait_for_selected(first.left)


def test_a_style_is_for_both(screen, segmentation, strict):
    screen.page.get_by_role("combobox", name="Colour by").select_option("segment")
    screen.press("Outlines")
    screen.wait_for_rerun()
    assert_painted(screen.beside.painted("masks"), masks_of(strict, outlines=False))
    screen.beside.type_keys("]", "o")
    expect(screen.page.get_by_role("button", name="Outlines")).to_have_attribute("aria-pressed", "true")
    screen.wait_for_rerun()
    assert_painted(screen.painted("masks"), masks_of(segmentation, opacity=0.65))
    assert_painted(screen.beside.painted("masks"), masks_of(strict, opacity=0.65))


def test_a_threshold_of_the_left_leaves_the_right_alone(screen, photo, core, strict):
    pair = Side(core(photo, STRICT), WORLD_VOCABULARY)
    screen.beside.type_keys("h")  # nothing is pointed at: nothing happens
    screen.beside.click_at(*places(strict)[0][1])
    screen.page.wait_for_timeout(400)
    screen.beside.type_keys("h", "Escape")
    expect(screen.beside.viewer).to_have_attribute("data-shown", str(len(strict.segments) - 1))
    screen.wait_for_rerun()
    screen.received.clear()
    for number in range(1, 6):
        screen.press_keys("Score", "ArrowRight")
        screen.wait_for_map(photo, Thresholds(score=round(0.8 + number / 100, 2)))
    screen.wait_for_rerun()
    expect(screen.beside.viewer).to_have_attribute("data-shown", str(len(strict.segments) - 1))
    assert not [frame for frame in screen.received if b"beside-map" in frame and b"payload" in frame]
    assert [frame for frame in screen.received if b"viewer-map" in frame and b"payload" in frame]
    now = compare(Side(core(photo, Thresholds(score=0.85)), WORLD_VOCABULARY), pair)
    expect(screen.page.get_by_role("list", name="Outcome")).to_contain_text(f"{now.count()['match']}match")


def test_the_download_is_coloured_by_outcome(screen, photo, segmentation, comparison):
    _, data = downloaded(screen, "overlay")
    wanted = panoseg.draw_overlay(
        photo, segmentation, color_by="outcome", outcomes=comparison.outcomes("left")
    )
    assert_pixels_agree(np.asarray(Image.open(BytesIO(data))), np.asarray(wanted))


def test_the_first_picture_is_the_same_before_during_and_after(screen, photo, segmentation, comparison):
    screen.viewer.evaluate("viewer => (viewer.marked = true)")
    screen.choose_rival("Nothing")
    expect(screen.beside.viewer).to_have_count(0)
    screen.wait_for_rerun()
    assert_painted(screen.painted("masks"), masks_of(segmentation))
    screen.choose_rival("Other settings")
    for side in (screen, screen.beside):
        expect(side.viewer).to_have_attribute("data-outcomes", "shown")
    assert screen.viewer.evaluate("viewer => viewer.marked")
    # It begins with settings that make a difference.
    legend = screen.page.get_by_role("list", name="Outcome")
    expect(legend).to_contain_text(re.compile("[1-9]only (left|right)"))


@pytest.mark.parametrize("unpacked", [False, True], ids=["as a ZIP", "as two files"])
def test_an_annotation_stands_beside(visit, photo, core, strict, unpacked):
    screen = visit().wait_for_map(photo).wait_for_page()
    data = coco_panoptic("truth", strict, WORLD_VOCABULARY)
    archive = zipfile.ZipFile(BytesIO(data))
    files = {name: archive.read(name) for name in archive.namelist()} if unpacked else {"truth.zip": data}
    screen.upload_all(*({"name": name, "mimeType": "", "buffer": content} for name, content in files.items()))
    opened(screen, photo, "")
    annotated = Side(strict, WORLD_VOCABULARY, annotated=True)
    found = compare(Side(core(photo), WORLD_VOCABULARY), annotated)
    assert_side_by_side(screen)
    for side, shown, name in ((screen, core(photo), "left"), (screen.beside, strict, "right")):
        assert_painted(side.painted("masks"), painted_by_outcome(shown, found.outcomes(name)))
    screen.beside.point_at(*places(strict)[0][1])
    expect(screen.beside.tip).not_to_contain_text("score")


def test_beside_an_annotation_each_lonely_segment_says_why(visit, photo, core, segmentation):
    sheep, *_ = [each for each in segmentation.segments if each.label == "sheep"]
    person = replace(sheep, class_id=WORLD_VOCABULARY.labels.index("person"), label="person")
    segments = [person if each is sheep else each for each in segmentation.segments]
    truth = panoseg.Segmentation(segmentation.id_map, tuple(segments))
    screen = visit().wait_for_map(photo).wait_for_page()
    data = coco_panoptic("truth", truth, WORLD_VOCABULARY)
    screen.upload_all({"name": "truth.zip", "mimeType": "", "buffer": data})
    opened(screen, photo, "")
    extra, missing = (
        re.compile(rf"{label} [01]\.\d+: {words} \(IoU 1\.00\)")
        for label, words in (("sheep", "is person"), ("person", "called sheep"))
    )
    for side, said in ((screen, extra), (screen.beside, missing)):
        why = side.viewer.locator(".labels .reason")
        expect(why).to_have_text([said])
        place, stage = why.bounding_box(), side.stage.bounding_box()
        assert stage["x"] <= place["x"] and place["x"] + place["width"] <= stage["x"] + stage["width"]
    screen.open_tab("Differences")
    expect(screen.viewer.locator(".difference .reason")).to_have_text([extra, missing])
    # With no segment left of its own, all that is annotated is missing, and what would bring it back is said.
    screen.press_keys("Score", "End")
    expect(screen.viewer.locator(".difference .reason")).to_have_count(len(segments))
    labels = screen.beside.viewer.locator(".labels .reason")
    expect(labels.first).to_contain_text(re.compile(r"below the score threshold; back at 0\.\d\d"))
    screen.type_keys("y")
    expect(labels).to_have_count(0)
    screen.page.get_by_role("button", name="Why it is missing or extra").click()
    expect(labels.first).to_be_visible()


def test_a_model_that_cannot_be_had_is_one_sentence(visit, photo):
    screen = visit("/?compare=Other+model").wait_for_map(photo)
    screen.page.get_by_role("combobox", name="Other model").click()
    screen.page.get_by_role("option", name="COCO panoptic · Swin-T").click()
    expect(screen.alerts).to_contain_text("is not in the download cache")
    screen.press_keys("Score", "ArrowRight")
    screen.wait_for_map(photo, Thresholds(score=0.81))
    expect(screen.beside.viewer).to_have_count(0)


@pytest.fixture
def goats(tmp_path):
    """The address of a server that also offers a model like the demo's that calls sheep goats."""
    goats = shutil.copytree(DEMO_FOLDER, tmp_path / "goats")
    config = json.loads((goats / "config.json").read_text())
    labels = ["goat" if label == "sheep" else label for label in WORLD_VOCABULARY.labels]
    config["id2label"] = dict(enumerate(labels))
    config["label2id"] = {label: number for number, label in enumerate(labels)}
    (goats / "config.json").write_text(json.dumps(config))
    with serve(tmp_path, PANOSEG_MODELS=f"demo,{goats}") as address:
        yield address


def test_another_model_stands_beside_and_no_one_learns_where_it_lies(goats, tmp_path, visit, photo, core):
    screen = visit("/?compare=Other+model&other-model=goats", server=goats)
    opened(screen, photo, Thresholds())
    assert_side_by_side(screen)
    outcomes = {s.id: "left" if s.label == "sheep" else "match" for s in core(photo).segments}
    assert set(outcomes.values()) == {"left", "match"}
    assert_painted(screen.painted("masks"), painted_by_outcome(core(photo), outcomes))
    screen.open_tab("Differences")
    expect(screen.shows("Labels that only one side knows cannot match: goat, sheep.")).to_be_visible()
    segment, place = next(found for found in places(core(photo)) if found[0].label == "sheep")
    screen.point_at(*place)
    expect(screen.beside.tip.locator("b")).to_have_text(f"goat {segment.id}")
    screen.page.goto(f"{goats}/?model=goats&compare=Other+settings")
    expect(screen.page.get_by_role("button", name="goats")).to_be_visible()
    screen.wait_for_map(photo).wait_for_page()
    assert "model=goats" in screen.page.url
    name, data = downloaded(screen, "csv")
    assert name.startswith("Balloons over the bay-goats-")
    assert b",goats," in data
    said = [each.encode() if isinstance(each, str) else each for each in (*screen.received, data)]
    assert not [each for each in said if bytes(tmp_path / "goats") in each]


@pytest.mark.parametrize("options", [PHONE, TABLET], ids=["phone", "tablet"])
def test_upright_both_pictures_and_what_is_known_of_them_are_seen_at_once(visit, photo, options):
    screen = opened(visit(LINK, **options), photo)
    size = tuple(options["viewport"].values())
    assert_nothing_scrolls(screen, size)
    assert_side_by_side(screen)
    assert_titles_are_whole(screen)
    tools = screen.page.get_by_role("toolbar")
    legend = screen.page.get_by_role("list", name="Outcome")
    slider = screen.page.get_by_role("slider", name="Score", exact=True)
    seen = screen.stage, screen.beside.stage, legend, tools, slider
    for part in seen:
        expect(part).to_be_in_viewport(ratio=1)
    assert_apart(*seen)
    # Tools and filmstrip reach over the second picture, and are reached there.
    assert tools.bounding_box()["width"] > 0.8 * size[0]
    tools.get_by_role("button", name="Labels").tap()
    expect(screen.beside.viewer.locator(".labels span").first).to_be_visible()
    before = screen.stage.bounding_box()
    screen.type_keys("n", "k")
    expect(screen.page.locator(".pin-card").first).to_contain_text("It is segment")
    assert screen.stage.bounding_box() == before
    screen.go_to(GALLERY[list(GALLERY)[2]])
    opened(screen, open_scene(list(GALLERY)[2]))


@pytest.mark.parametrize("rival", ["Annotation", "Other model"])
@pytest.mark.parametrize("options", [PHONE, SIDEWAYS, TABLET], ids=["phone", "sideways", "tablet"])
def test_what_stands_in_the_second_pictures_place_stays_in_it(visit, photo, options, rival):
    screen = visit(**options).wait_for_map(photo).wait_for_page()
    screen.choose_rival(rival)
    place = screen.page.locator(".st-key-second")
    expect(place.locator("p").first).to_be_visible()
    if rival == "Annotation":
        screen.upload("truth.json", b'{"images": [], "annotations": []}', "application/json")
        expect(screen.alerts).to_contain_text("The annotation is not complete")
    screen.wait_for_rerun()
    assert_nothing_scrolls(screen, tuple(options["viewport"].values()))
    first = screen.tiles.first
    assert_apart(place, first)
    if options is TABLET:
        assert place.evaluate("place => place.scrollHeight <= place.clientHeight")
    if options is not SIDEWAYS:
        assert_apart(place, screen.page.get_by_role("toolbar"))


@pytest.mark.parametrize("width", [1280, 1440, 1920])
def test_tops_are_level_at_any_width(visit, photo, width):
    screen = opened(visit(LINK, viewport={"width": width, "height": 900}), photo)
    assert_side_by_side(screen)
    for control in ("Compare", "Export"):
        expect(screen.page.get_by_role("button", name=control)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("options", [LAPTOP, SIDEWAYS], ids=["laptop", "sideways"])
def test_what_stands_there_before_a_second_picture_lies_over_nothing(visit, photo, options):
    screen = visit(**options).wait_for_map(photo).wait_for_page()
    screen.choose_rival("Annotation")
    wanted = screen.shows("Drop the picture's annotation anywhere")
    expect(wanted).to_be_visible()
    titles = [screen.page.locator(f".st-key-title-{side}") for side in ("left", "right")]
    screen.wait_for_rerun()
    assert_apart(screen.stage, wanted, *titles)
    screen.upload("truth.json", b'{"images": [], "annotations": []}', "application/json")
    expect(screen.alerts).to_contain_text("The annotation is not complete")
    screen.wait_for_rerun()
    assert_apart(screen.stage, wanted, screen.alerts, *titles)


def test_a_second_picture_without_segments_says_why(visit, photo):
    screen = opened(visit("/?compare=Other+settings&other-score=1", **LAPTOP), photo, Thresholds(score=1.0))
    expect(screen.beside.notice).to_contain_text("The score threshold of 1.00 filters everything away")
    assert_nothing_scrolls(screen, (1280, 720))
