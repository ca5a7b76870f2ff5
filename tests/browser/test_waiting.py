"""While a prediction is on its way: what the page says, that it obeys, and that the newest request wins."""

import re
import time

import pytest
from playwright.sync_api import expect

import panoseg
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.accessibility import examine
from tests.browser.conftest import PATIENCE_SECONDS, serve
from tests.browser.screen import assert_painted, masks_of
from tests.browser.test_looks import assert_apart
from tests.page.page import photo_file

pytestmark = pytest.mark.own_server


class Gate:
    """What goes on in the network of tests/browser/held_page.py."""

    def __init__(self, folder):
        self.folder = folder

    def wait_for(self, photo, event):
        """Until a photo "began" or was "given up"."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (self.folder / f"{photo.digest} {event}").exists():
            assert time.monotonic() < deadline, f"{event}: waited in vain"
            time.sleep(0.02)

    def count(self, photo):
        """How often a photo came into the network."""
        return len((self.folder / f"{photo.digest} began").read_text().splitlines())

    def let_go(self, photo):
        (self.folder / f"{photo.digest} go").touch()


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate that only the picture on which the page opens has passed."""
    gate = Gate(tmp_path_factory.mktemp("gate"))
    gate.let_go(open_scene(next(iter(GALLERY))))
    return gate


@pytest.fixture(scope="module")
def server(gate, tmp_path_factory):
    """In place of the other tests' server."""
    folder = tmp_path_factory.mktemp("held")
    with serve(folder, "tests/browser/held_page.py", HELD_PAGE_GATE=str(gate.folder)) as address:
        yield address


def upload(screen, shade):
    """Bring a photo that no other test has."""
    data = photo_file(width=320, height=240, shade=shade)
    screen.upload(f"{shade}.jpg", data)
    return panoseg.open_photo(data)


def notice(screen):
    return screen.page.locator(".st-key-waiting")


def test_what_is_said_before_the_viewer_comes_stands_where_it_will(screen, gate):
    upload(screen, 21)
    expect(notice(screen)).to_be_visible()
    place = notice(screen).bounding_box()
    screen.page.locator(".st-key-pictures").evaluate("viewer => { viewer.style.display = 'none' }")
    assert abs(notice(screen).bounding_box()["y"] - place["y"]) < 2
    assert screen.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight - main.clientHeight") == 0


def test_a_newer_picture_takes_the_place_of_the_one_before(screen, gate, core):
    listed = screen.page.get_by_role("tabpanel", name="Segments").locator(".pick")
    expect(listed.first).to_be_visible()
    export = screen.page.get_by_role("button", name="Export", exact=True)

    slow = upload(screen, 10)
    gate.wait_for(slow, "began")
    expect(notice(screen)).to_have_text(re.compile(r"^Finding segments… \d+ s"))
    expect(screen.title).to_contain_text("10.jpg · 320 × 240")
    # Nothing of the picture before is left.
    expect(listed).to_have_count(0)
    expect(screen.page.locator("canvas.masks")).to_be_hidden()

    # What is said of it lies over no other message, and is said once.
    assert_apart(
        notice(screen), screen.page.locator(".st-key-notice-advice"), screen.page.get_by_role("toolbar")
    )
    expect(screen.page.locator(".busy")).to_be_hidden()
    for part in (".counts", ".just-missed"):
        expect(screen.page.locator(part)).to_have_text("")
    assert examine(screen, "finding segments", settled=False) == []

    # A threshold neither waits for the network nor starts it again.
    told = len(screen.sent())
    screen.press_keys("Score", "ArrowLeft")
    expect(screen.page.get_by_role("slider", name="Score")).to_have_value("0.79")
    screen.page.wait_for_function("told => window.sent.length > told", arg=told)
    expect(notice(screen)).to_have_text(re.compile(r"^Finding segments… \d+ s"))

    newer = upload(screen, 20)
    gate.wait_for(slow, "given up")
    gate.wait_for(newer, "began")
    assert gate.count(slow) == 1
    gate.let_go(newer)
    thresholds = panoseg.Thresholds(score=0.79)
    screen.wait_for_map(newer, thresholds)
    expect(notice(screen)).to_have_count(0)
    assert_painted(screen.painted("masks"), masks_of(core(newer, thresholds)))
    export.click()
    expect(
        screen.page.get_by_role("dialog", name="Export").get_by_role("textbox", name="Name")
    ).to_have_value(re.compile("^20-demo-score0.79"))


def test_who_leaves_makes_room_for_who_waits(visit, photo, gate):
    first, second = visit().wait_for_map(photo), visit().wait_for_map(photo)
    held = upload(first, 30)
    gate.wait_for(held, "began")
    wanted = upload(second, 40)
    expect(notice(second)).to_have_text("Waiting: 1 picture before yours")

    first.page.close()
    gate.wait_for(held, "given up")
    gate.wait_for(wanted, "began")
    gate.let_go(wanted)
    second.wait_for_map(wanted)
