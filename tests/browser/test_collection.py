"""The Collection page: runs made, stopped, gone on with; asked, sorted, opened, come back to, downloaded."""

import io
import json
import re
import zipfile

import numpy as np
import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.demo.annotated import write_scenes
from panoseg.evaluation import evaluate_run, read_annotations
from tests.browser.accessibility import examine
from tests.browser.collection_screen import CollectionScreen
from tests.browser.conftest import serve
from tests.browser.layout_shifts import WATCH_SHIFTS, assert_still, begin_step
from tests.browser.test_looks import PHONE

pytestmark = pytest.mark.own_server

SCENES = 30


def import_without_scores(run, folder):
    """Another run of the operator's, of finished maps: what this one found, without its scores."""
    run.export("coco-panoptic", folder / "maps")
    results = json.loads((folder / "maps" / "panoptic.json").read_text())
    for annotation in results["annotations"]:
        for segment in annotation["segments_info"]:
            del segment["score"]
    (folder / "maps" / "bare.json").write_text(json.dumps(results))
    panoseg.import_coco_panoptic(
        folder / "maps" / "bare.json",
        store=folder / "runs" / "theirs",
        masks=folder / "maps" / "panoptic",
        pictures=folder / "scenes",
    ).close()


@pytest.fixture(scope="module")
def collections(tmp_path_factory):
    """A server with two runs of the operator's, and the first of them."""
    folder = tmp_path_factory.mktemp("collections")
    write_scenes(folder / "scenes", SCENES, annotations=False)
    run = panoseg.make_run(folder / "scenes", store=folder / "runs" / "meadow", model="demo", engine="torch")
    import_without_scores(run, folder)
    with serve(
        folder,
        PANOSEG_RUNS=str(folder / "runs"),
        PANOSEG_PICTURES=str(folder / "scenes"),
        PANOSEG_CACHE=str(folder / "cache"),
        PANOSEG_MODELS="demo",
        PANOSEG_ENGINE="torch",
    ) as address:
        yield address, run, folder


@pytest.fixture
def collection(collections, visit):
    """The operator's run, all counted."""
    address, _, _ = collections
    screen = CollectionScreen(visit("/collection?run=meadow", address))
    screen.wait_for_pictures(SCENES)
    return screen


def expected(run, least, thresholds=panoseg.Thresholds()):  # noqa: B008
    """Names of the pictures with so many sheep."""
    return [
        item.name
        for item in run
        if sum(s.label == "sheep" for s in item.segmentation(thresholds).segments) >= least
    ]


def test_a_question_leaves_the_right_pictures_and_a_bar_asks_one(collection, collections):
    _, run, _ = collections
    collection.ask("sheep >= 3, area > 0.2 %")
    names = expected(run, 3)
    expect(collection.chips).to_have_count(2)
    expect(collection.chips.first.locator(".left")).to_have_text(str(len(names)))
    expect(collection.left).to_have_text(f"{len(names)} of {SCENES}")
    expect(collection.first).to_have_attribute("title", names[0])
    collection.chips.nth(1).get_by_role("button").click()
    collection.chips.first.get_by_role("button").click()
    expect(collection.left).to_have_text(f"{SCENES} pictures")
    sheep = collection.page.locator(".bar-row", has_text="sheep")
    sheep.click()
    expect(sheep).to_have_attribute("aria-pressed", "true")
    expect(collection.left).to_have_text(f"{len(expected(run, 1))} of {SCENES}")
    sheep.click()
    expect(collection.left).to_have_text(f"{SCENES} pictures")
    bars = collection.page.get_by_role("region", name="Segments per label").locator(".bar-row")
    expect(bars.and_(collection.page.locator("[tabindex='0']"))).to_have_count(1)
    bars.first.press("ArrowDown")
    expect(bars.nth(1)).to_be_focused()
    collection.ask("wings > 3")
    expect(collection.page.locator(".problem")).to_contain_text("Nothing here is called “wings”")


def test_a_question_that_makes_no_sense_is_answered_over_the_pictures_until_it_is_closed(collection):
    page = collection.page
    collection.ask("no sheep")
    expect(collection.chips.first.locator(".left")).to_be_visible()
    collection.ask("no ball")
    expect(collection.chips.nth(1).locator(".left")).to_be_visible()
    place = collection.grid.bounding_box()
    collection.ask("wings > 3")
    said = page.locator(".message")
    expect(said).to_be_visible()
    assert collection.grid.bounding_box() == place
    page.get_by_role("button", name="Close this message").press("Enter")
    expect(said).to_be_hidden()
    expect(page.get_by_role("combobox", name="Ask for pictures")).to_be_focused()
    collection.ask("tails > 3")
    expect(said).to_contain_text("Nothing here is called “wings”")  # the first that makes no sense
    page.reload()
    instead = page.get_by_text("Nothing could be counted: remove a filter.")
    expect(said).to_be_visible()
    expect(instead).to_be_visible()
    assert instead.bounding_box()["y"] >= said.bounding_box()["y"] + said.bounding_box()["height"]


def test_a_moved_threshold_counts_all_and_sorting_follows(collection, collections):
    _, run, _ = collections
    score = collection.page.get_by_role("slider", name="Score", exact=True)
    score.focus()
    before = collection.first.locator(".map img").get_attribute("src")
    for _ in range(30):
        score.press("ArrowLeft")
    moved = panoseg.Thresholds(score=0.5)
    segments = [len(item.segmentation(moved).segments) for item in run]
    expect(collection.counts).to_have_text(f"{sum(segments)} segments in {SCENES} pictures")
    expect(collection.first.locator(".map img")).not_to_have_attribute("src", before)
    collection.page.get_by_role("combobox", name="Sort by").select_option("segments")
    most = sorted(zip([-count for count in segments], range(SCENES), strict=True))
    names = [run[at].name for _, at in most]
    expect(collection.first).to_have_attribute("title", names[0])
    shown = collection.names()
    assert shown == names[: len(shown)]


def test_keys_alone_open_a_picture_without_a_forward_pass_and_come_back_to_it(collection, collections):
    _, run, _ = collections
    page = collection.page
    board = page.get_by_role("listbox", name="Pictures")
    board.focus()
    for _ in range(7):
        board.press("ArrowDown")
    board.press("Space")
    expect(collection.left).to_have_text(f"{SCENES} pictures, 1 ticked")
    active = page.locator(".tile.active")
    name = active.get_attribute("title")
    assert name != run[0].name
    top = collection.grid.evaluate("(grid) => grid.scrollTop")
    assert top > 0
    assert active.is_visible()
    board.press("Enter")
    expect(page.locator(".st-key-bar")).to_contain_text(name)
    item = run.find(name)
    collection.screen.wait_for_map(item.photo())
    rows = page.locator(".viewer .row .name")
    expect(rows).to_have_count(len(item.segmentation().segments))

    def expect_the_same_place():
        expect(active).to_have_attribute("title", name)
        expect(active).to_have_attribute("aria-selected", "true")
        assert collection.grid.evaluate("(grid) => grid.scrollTop") == top

    page.go_back()
    expect_the_same_place()
    page.go_forward()
    expect(rows).to_have_count(len(item.segmentation().segments))
    page.get_by_role("link", name="Back to the collection").press("Enter")
    expect_the_same_place()
    page.go_back()
    expect(page.locator(".st-key-bar")).to_contain_text(name)


def test_ticked_pictures_are_downloaded(collection, collections):
    _, run, _ = collections
    page = collection.page
    board = page.get_by_role("listbox", name="Pictures")
    board.focus()
    board.press("Space")
    board.press("ArrowRight")
    board.press("Space")
    expect(collection.left).to_contain_text("2 ticked")
    page.get_by_role("button", name="Download", exact=True).first.click()
    sheet = page.get_by_role("dialog", name="Download")
    expect(sheet.get_by_role("radio", name="Ticked (2)")).to_be_checked()
    with page.expect_download() as download:
        sheet.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        rows = archive.read("csv/segments.csv").decode().splitlines()
        assert "coco-panoptic/panoptic.json" in archive.namelist()
    assert len(rows) == 1 + sum(len(item.segmentation().segments) for item in run[:2])


def test_the_table_lists_all_segments_and_opens_one(collection, collections):
    _, run, _ = collections
    page = collection.page
    page.get_by_role("tab", name="Segments").click()
    sheep = sum(s.label == "sheep" for item in run for s in item.segmentation().segments)
    page.get_by_role("searchbox", name="Search segments").fill("sheep")
    rows = page.locator(".segment-row")
    expect(rows.first).to_contain_text("sheep")
    expect(page.locator(".table-rows .board")).to_have_css("height", f"{28 * sheep}px")
    rows.first.click()
    expect(page.locator(".viewer .row.selected")).to_have_count(1)
    expect(page.locator(".viewer .row.selected .name")).to_contain_text("sheep")


def test_keys_pass_the_table_in_one_stop_and_open_a_row_of_it(collection):
    page = collection.page
    page.get_by_role("tab", name="Segments").click()
    table = page.get_by_role("listbox", name="Segments")
    rows = page.locator(".segment-row")
    expect(rows.first).to_be_visible()
    table.focus()
    for _ in range(3):
        page.keyboard.press("PageDown")
    page.keyboard.press("ArrowDown")
    active = rows.and_(page.locator("[aria-selected=true]"))
    expect(active).to_be_in_viewport()
    assert page.locator(".table-rows").evaluate("(rows) => rows.scrollTop") > 0
    expect(table).to_have_attribute("aria-activedescendant", active.get_attribute("id"))
    assert examine(collection.screen, "the table of segments") == []
    page.keyboard.press("Tab")
    expect(rows.and_(page.locator(":focus"))).to_have_count(0)
    table.focus()
    words = active.get_attribute("title")
    page.keyboard.press("Enter")
    expect(page.locator(".viewer .row.selected")).to_have_count(1)
    label, picture = words.split(" in ")
    expect(page.locator(".viewer .row.selected .name")).to_contain_text(label)
    expect(page.locator(".st-key-bar")).to_contain_text(picture)


@pytest.mark.parametrize("gone", ["AAAAAAAAAAAAAAAAAAAAAAAA", "../../etc", "<b>"])
def test_a_collection_that_is_gone_is_told_once_and_another_is_a_choice_away(collections, visit, gone):
    address, _, _ = collections
    screen = CollectionScreen(visit(f"/collection?run={gone}", address))
    expect(screen.page.get_by_text("This collection is not here")).to_have_count(1)
    runs = screen.page.get_by_role("combobox", name="Collection")
    expect(runs.locator("option:checked")).to_have_text("Choose a collection")
    runs.select_option("meadow")
    screen.wait_for_pictures(SCENES)
    expect(runs.get_by_text("Choose a collection")).to_have_count(0)
    assert all("409 (Conflict)" in complaint for complaint in screen.screen.complaints)
    screen.screen.complaints.clear()


def test_keys_that_remove_a_condition_never_lose_their_place(collection):
    collection.ask("sheep >= 1, area > 0.2 %")
    expect(collection.chips).to_have_count(2)
    buttons = collection.chips.get_by_role("button")
    buttons.first.press("Enter")
    expect(collection.chips).to_have_count(1)
    expect(buttons.first).to_be_focused()
    expect(collection.chips.first.locator(".left")).to_have_text(re.compile(r"\d"))
    expect(buttons.first).to_be_focused()
    buttons.first.press("Enter")
    expect(collection.chips).to_have_count(0)
    expect(collection.page.get_by_role("combobox", name="Ask for pictures")).to_be_focused()


def test_by_keys_a_run_is_made_stopped_found_after_a_reload_and_gone_on_with(collections, visit):
    address, _, folder = collections
    screen = CollectionScreen(visit("", address))
    page = screen.page
    page.get_by_role("link", name="Collection").click()
    page.get_by_role("button", name="New").press("Enter")
    sheet = page.get_by_role("dialog", name="New collection")
    sheet.get_by_role("textbox", name="Name").focus()
    page.keyboard.type("My meadow")
    with page.expect_file_chooser() as chooser:
        sheet.get_by_label("Pictures or archives").press("Space")
    chooser.value.set_files(sorted((folder / "scenes").glob("*.png")))
    expect(sheet.get_by_role("status")).to_contain_text(f"{SCENES} files")
    sheet.get_by_role("button", name="Make it").press("Enter")
    progress = page.locator(".collection .progress")
    stop = progress.get_by_role("button", name="Stop")
    expect(page.get_by_role("combobox", name="Collection")).to_contain_text("My meadow")
    expect(page.locator(".tile").first).to_be_visible()  # the first come while the others are made
    stop.press("Enter")
    expect(progress).to_contain_text(re.compile(r"Stopped: \d+ pictures? waits?"))
    go_on = progress.get_by_role("button", name="Continue")
    expect(go_on).to_be_focused()  # it stands where the other was
    page.reload()
    expect(go_on).to_be_visible()
    expect(page.get_by_role("combobox", name="Collection").locator("option:checked")).to_have_text(
        "My meadow (mine)"
    )
    go_on.press("Enter")
    screen.wait_for_pictures(SCENES)
    expect(page.get_by_role("listbox", name="Pictures")).to_be_focused()  # nothing is left to be done
    progress.get_by_role("button", name="Remove").press("Enter")
    expect(page.get_by_role("combobox", name="Collection").locator("option:checked")).to_have_text(
        "Demo collection"
    )
    screen.wait_for_pictures(24)
    expect(page.get_by_role("combobox", name="Collection")).not_to_contain_text("My meadow")


def test_a_collection_that_the_server_does_not_remove_comes_back_with_the_reason(collections, visit):
    address, _, folder = collections
    screen = CollectionScreen(visit("/collection", address))
    page = screen.page
    page.get_by_role("button", name="New").click()
    sheet = page.get_by_role("dialog", name="New collection")
    sheet.get_by_role("textbox", name="Name").fill("Kept")
    sheet.get_by_label("Pictures or archives").set_input_files(sorted((folder / "scenes").glob("*.png"))[:2])
    sheet.get_by_role("button", name="Make it").click()
    screen.wait_for_pictures(2)
    refused = "This run is being made; stop it first."
    page.route("**/remove/*", lambda route: route.fulfill(status=409, body=refused))
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".message")).to_contain_text(refused)
    expect(page.get_by_role("combobox", name="Collection")).to_contain_text("Kept")
    assert all("409 (Conflict)" in complaint for complaint in screen.screen.complaints)
    screen.screen.complaints.clear()


def test_the_demo_collection_is_evaluated_sorted_and_opened_beside_its_annotation(collections, visit):
    address, _, folder = collections
    collection = CollectionScreen(visit("/collection", address))
    page = collection.page
    collection.wait_for_pictures(24)
    page.get_by_role("tab", name="Evaluation").click()
    demo = folder / "cache" / "demo-collection"
    annotations = read_annotations(demo / "scenes" / "annotations" / "panoptic.json")
    with panoseg.open_run(demo / "run") as run:
        found = evaluate_run(run, annotations)
        moved = evaluate_run(run, annotations, panoseg.Thresholds(score=0.5))
    pq = page.locator(".quality-number.all b")
    expect(pq).to_have_text(f"{100 * found.figures.groups['all'].pq:.1f}")
    score = page.get_by_role("slider", name="Score", exact=True)
    score.focus()
    for _ in range(30):
        score.press("ArrowLeft")
    expect(pq).to_have_text(f"{100 * moved.figures.groups['all'].pq:.1f}")
    page.get_by_role("combobox", name="Sort by", exact=True).select_option("pq")
    quality = moved.picture_quality
    names = [moved.pictures[at].run_name for at in np.argsort(quality, kind="stable")]
    expect(collection.first).to_have_attribute("title", names[0])
    expect(collection.first).to_contain_text(f"PQ {100 * quality.min():.1f}")
    shown = collection.names()
    assert shown == names[: len(shown)]
    cost = moved.costs[0]
    reason = page.get_by_role("region", name="Where it is lost").locator(".bar-row").first
    expect(reason).to_contain_text(f"{cost.words}")
    reason.click()
    table = moved.segments
    rows = table[(table["outcome"] == cost.side) & (table["reason"] == cost.reason)]
    expect(collection.left).to_contain_text(f"{rows['picture'].nunique()} of 24")
    expect(page.locator(".loss")).to_have_count(min(60, len(rows)))
    lit = collection.first.locator(".map img")
    expect(lit).to_have_attribute("src", re.compile(r"/map/\d+\.png\?.*lost="))
    assert page.request.get(lit.get_attribute("src")).ok
    page.locator(".loss").first.click()
    expect(page.locator(".viewer")).to_have_count(2)
    expect(page.locator(".st-key-title-right")).to_contain_text("Annotation")


def test_marks_of_an_evaluation_are_reached_by_keys_and_light_up_what_they_stand_for(collections, visit):
    address, _, _ = collections
    collection = CollectionScreen(visit("/collection", address))
    page = collection.page
    collection.wait_for_pictures(24)
    page.get_by_role("tab", name="Evaluation").click()
    marks = page.locator(".quality-marks")
    marks.locator("summary").click()
    page.locator(".surface .cell[tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("slider", name="Score", exact=True)).to_have_value("0.1")
    # It is evaluated anew; what was drawn stays, and who stands at a point still does when it is drawn again.
    expect(page.locator(".quality-progress")).to_be_hidden()
    expect(page.locator(".surface .here")).to_have_attribute("title", re.compile("score 0.1, overlap 0.9$"))
    expect(page.locator(".surface .here")).to_be_focused()
    dots = page.locator("circle.proposals")
    page.locator("svg.trust circle[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    focused = page.locator("svg.trust circle:focus")
    condition = focused.get_attribute("data-condition")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("aria-pressed", "true")
    expect(collection.chips).to_contain_text([condition])
    expect(collection.first.locator(".map img")).to_have_attribute("src", re.compile("lost="))
    page.keyboard.press("Space")
    expect(collection.chips).to_have_count(0)
    # The surest of both kinds lie in one place, and a pointer reaches each.
    surest = dots.and_(page.locator("[data-condition='proposed: 0.90 .. 1.00']"))
    surest.click(position={"x": 1.5, "y": surest.bounding_box()["height"] / 2})
    expect(collection.chips).to_contain_text(["proposed: 0.90 .. 1.00"])


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark"), (1920, "light")])
def test_it_fits_the_window_in_both_themes(collections, visit, width, scheme):
    address, _, _ = collections
    screen = CollectionScreen(
        visit(
            "/collection?run=meadow",
            address,
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
        )
    )
    screen.wait_for_pictures(SCENES)
    wide = screen.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= width
    boxes = screen.tiles.evaluate_all("(tiles) => tiles.map((tile) => tile.getBoundingClientRect().toJSON())")
    assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)
    assert len({round(box["left"]) for box in boxes}) == (2 if width == 390 else 4 if width == 1280 else 6)


def test_fingers_reach_the_buttons_of_the_sheets(collections, visit):
    address, _, _ = collections
    page = CollectionScreen(visit("/collection?run=meadow", address, **PHONE)).page
    for button in ("New", "Download"):
        page.locator(".tools-row").get_by_role("button", name=button).click()
        sheet = page.locator("dialog[open]")
        heights = sheet.locator("button").evaluate_all("(all) => all.map((each) => each.offsetHeight)")
        assert len(heights) == 2
        assert min(heights) >= 44
        page.keyboard.press("Escape")


def test_a_link_to_it_leads_to_the_picture_and_back(collections, visit):
    """The browser's console says nothing meanwhile, also where a phone opened the link."""
    address, _, _ = collections
    screen = visit("/collection?run=meadow", address, **PHONE)
    bar = screen.page.locator(".st-key-bar")
    expect(bar.get_by_text("panoseg")).to_be_visible()
    bar.get_by_role("link", name="Picture").click()
    expect(screen.viewer).to_be_visible()
    screen.page.get_by_role("link", name="Collection").click()
    CollectionScreen(screen).wait_for_pictures(SCENES)


def states(collection):
    """Name of each state that the page is brought into."""
    page = collection.page
    yield "the grid"
    collection.ask("sheep >= 1")
    expect(collection.chips.first.locator(".left")).to_be_visible()
    collection.tick_first()
    yield "a question, and a picture ticked"
    for tab in ("Segments", "Evaluation"):
        page.get_by_role("tab", name=tab).click()
        yield f"the tab {tab}"
    for button, title in (("New", "New collection"), ("Download", "Download")):
        page.locator(".tools-row").get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()
        yield f"the sheet {title}"
        page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("scheme", "options"),
    [("light", {"viewport": {"width": 1280, "height": 720}}), ("dark", PHONE)],
    ids=["laptop", "phone"],
)
def test_nothing_about_it_is_hard_to_use(collections, visit, scheme, options):
    address, _, _ = collections
    collection = CollectionScreen(visit("/collection", address, color_scheme=scheme, **options))
    collection.wait_for_pictures(24)
    found = [line for state in states(collection) for line in examine(collection.screen, state)]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("options", [{}, PHONE], ids=["laptop", "phone"])
def test_nothing_on_it_moves_by_itself(collections, visit, options, record_property):
    address, _, _ = collections
    screen = visit("/collection?run=meadow", address, WATCH_SHIFTS, is_far=True, **options)
    collection = CollectionScreen(screen).wait_for_pictures(SCENES)
    page = collection.page

    def step(name):
        screen.wait_for_rerun()
        begin_step(screen, name)

    for key in ("ArrowLeft", "Home", "End"):
        step(f"Score {key}")
        screen.press_keys("Score", key)
        expect(collection.counts).not_to_contain_text("about")
    step("the paper's values")
    screen.press("The paper's values")
    collection.wait_for_pictures(SCENES)
    step("a question")
    collection.ask("sheep >= 1")
    expect(collection.chips.first.locator(".left")).to_be_visible()
    step("a question that makes no sense")
    collection.ask("wings > 3")
    expect(page.locator(".problem")).to_be_visible()
    for chip in ("“wings > 3”", "“sheep >= 1”"):
        step(f"no more {chip}")
        screen.press(f"Remove {chip}")
    collection.wait_for_pictures(SCENES)
    step("another order")
    before = collection.first.get_attribute("title")
    page.get_by_role("combobox", name="Sort by").select_option("segments")
    expect(collection.first).not_to_have_attribute("title", before)
    step("a tick")
    collection.tick_first()
    for tab in ("Segments", "Numbers"):
        step(f"the tab {tab}")
        page.get_by_role("tab", name=tab).click()
    step("scrolling")
    page.get_by_role("listbox", name="Pictures").press("End")
    expect(page.locator(f".tile[aria-posinset='{SCENES}']")).to_be_visible()
    assert_still(screen, record_property)


def test_what_does_nothing_for_a_finished_map_is_off_and_says_why(collections, visit):
    address, _, _ = collections
    page = visit("/?picture=run:theirs:0", address).page
    told = page.get_by_text("This collection holds finished maps, no logits: thresholds and tasks are off.")
    expect(told).to_be_visible()
    for name in ("Score", "Mask", "Overlap"):
        expect(page.get_by_role("slider", name=name, exact=True)).to_be_disabled()
    expect(page.get_by_role("radio", name="Semantic")).to_be_disabled()
    page.get_by_role("button", name="Close this message").click()
    expect(told).to_have_count(0)
    page.get_by_role("tab", name="Near misses").click()
    expect(page.get_by_text("No thresholds made this map, so none took anything away.")).to_be_visible()
    page.get_by_role("tab", name="Numbers").click()
    row = page.locator(".numbers tbody tr").first
    expect(row).to_be_visible()
    assert row.locator("td").all_inner_texts().count("–") == 2, "neither a score nor a quality is known"
