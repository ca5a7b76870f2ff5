"""What comes between: another tab, a tab that sleeps, a connection that breaks, a reload while one drags."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import panoseg
from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import Screen, assert_painted, masks_of
from tests.browser.test_dragging import dragging, rest_at, value_of, wait_for_painted
from tests.page.page import photo_file

SECOND = list(GALLERY)[1]

# A tab that nobody sees gets no frames; what was asked for comes once it is looked at again.
SLEEPS = """
window.asleep = false;
const [frame, cancel] = [requestAnimationFrame, cancelAnimationFrame].map((each) => each.bind(window));
const waiting = new Map();
window.requestAnimationFrame = (draw) => {
  const id = frame((now) => {
    if (window.asleep) waiting.set(id, draw);
    else draw(now);
  });
  return id;
};
window.cancelAnimationFrame = (id) => (waiting.delete(id), cancel(id));
Object.defineProperty(document, "hidden", { get: () => window.asleep });
Object.defineProperty(document, "visibilityState", { get: () => (window.asleep ? "hidden" : "visible") });
window.sleep = (asleep) => {
  window.asleep = asleep;
  document.dispatchEvent(new Event("visibilitychange"));
  const woken = asleep ? [] : [...waiting.values()];
  if (!asleep) waiting.clear();
  for (const draw of woken) draw(performance.now());
  return woken.length;
};
"""
WATCH_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...all) {
    super(...all);
    window.sockets.push(this);
  }
};
"""


def follows_and_rests(screen, photo, core, start, value):
    """A drag that the picture follows by itself, and the core's map at its end."""
    with dragging(screen, "Score", start) as drag:
        there = drag(value)
        wait_for_painted(screen, Thresholds(score=there), exact=False)
    thresholds = Thresholds(score=there)
    screen.wait_for_map(photo, thresholds)
    wait_for_painted(screen, thresholds, exact=True)
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds)))
    return there


def test_two_tabs_have_a_state_each(screen, server, photo, core):
    other = Screen(screen.page.context.new_page(), server)
    other.page.goto(server)
    other.wait_for_map(photo).wait_for_page()
    data = photo_file(width=320, height=240, shade=71)
    uploaded = panoseg.open_photo(data)
    screen.upload("mine.jpg", data)
    screen.wait_for_map(uploaded).wait_for_page()
    other.page.bring_to_front()
    other.go_to(GALLERY[SECOND])
    other.wait_for_map(open_scene(SECOND)).wait_for_page()
    expect(other.tile("mine.jpg")).to_have_count(0)
    rest_at(other, "Score", 0.4)
    other.wait_for_map(open_scene(SECOND), Thresholds(score=0.4))

    screen.page.bring_to_front()
    expect(screen.current_tile).to_have_accessible_name("mine.jpg")
    assert value_of(screen) == 0.8
    rest_at(screen, "Score", 0.6)
    screen.wait_for_map(uploaded, Thresholds(score=0.6))
    assert_painted(screen.painted("masks"), masks_of(core(uploaded, Thresholds(score=0.6))))
    other.page.close()
    assert (other.complaints, other.strangers) == ([], [])
    # What belongs to the one that is left goes on: its picture, its tiles, its answers.
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(open_scene(SECOND), Thresholds(score=0.6)).wait_for_page()
    screen.go_to("mine.jpg")
    screen.wait_for_map(uploaded, Thresholds(score=0.6))


def test_a_tab_that_sleeps_while_one_drags_goes_on(visit, photo, core):
    screen = visit(init_script=SLEEPS).wait_for_map(photo).wait_for_page()
    with dragging(screen, "Score", 0.8) as drag:
        there = drag(0.6)
        wait_for_painted(screen, Thresholds(score=there), exact=False)
        screen.page.evaluate("window.sleep(true)")
        there = drag(0.3)
    screen.wait_for_rerun()
    assert screen.page.evaluate("window.sleep(false)")
    thresholds = Thresholds(score=there)
    screen.wait_for_map(photo, thresholds)
    wait_for_painted(screen, thresholds, exact=True)
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds)))
    names = screen.page.get_by_role("tabpanel", name="Segments").locator(".row .name")
    expect(names).to_have_count(len(core(photo, thresholds).segments))
    follows_and_rests(screen, photo, core, there, 0.7)


def test_a_connection_that_breaks_loses_nothing(visit, photo, core, segmentation):
    screen = visit(init_script=WATCH_SOCKETS).wait_for_map(photo).wait_for_page()
    there = follows_and_rests(screen, photo, core, 0.8, 0.6)
    segment = segmentation.segments[0]
    screen.toggle(segment)
    screen.wait_for_rerun()
    with dragging(screen, "Score", there) as drag:
        drag(0.5)
        screen.page.evaluate("window.sockets.filter((each) => each.readyState === 1).at(-1).close()")
        there = drag(0.3)
        wait_for_painted(screen, Thresholds(score=there), exact=False)
    thresholds = Thresholds(score=there)
    screen.wait_for_map(photo, thresholds)
    wait_for_painted(screen, thresholds, exact=True)
    hidden = [s.id for s in core(photo, thresholds).segments if s.key == segment.key]
    assert hidden
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds), hidden=hidden))
    # Streamlit's own words for what it could not send just then.
    screen.complaints[:] = [words for words in screen.complaints if "when disconnected" not in words]


def test_a_reload_in_the_midst_of_a_drag_shows_what_stood_before(screen, photo, core):
    there = follows_and_rests(screen, photo, core, 0.8, 0.6)
    expect(screen.page).to_have_url(re.compile(rf"\bscore={there}\b"))  # which comes after the map
    with dragging(screen, "Score", there) as drag:
        moved = drag(0.3)
        wait_for_painted(screen, Thresholds(score=moved), exact=False)
        screen.page.reload()
        thresholds = Thresholds(score=there)
        screen.wait_for_map(photo, thresholds)
    assert value_of(screen) == pytest.approx(there)
    assert_painted(screen.painted("masks"), masks_of(core(photo, thresholds)))
    screen.wait_for_page()
    follows_and_rests(screen, photo, core, there, 0.4)


def test_a_photo_that_does_not_come_is_asked_for_again(visit, core):
    screen = visit().wait_for_map(open_scene(next(iter(GALLERY))))
    failed = []

    def fail_twice(route):
        if len(failed) == 2:
            return route.continue_()
        failed.append(route.request.url)
        return route.abort()

    screen.page.route("**/photo/*.jpg", fail_twice)
    second = open_scene(SECOND)
    screen.go_to(GALLERY[SECOND])
    screen.wait_for_map(second)
    assert len(failed) == 2
    assert_painted(screen.painted("masks"), masks_of(core(second)))
    assert np.abs(screen.painted("photo")[..., :3] - second.pixels).mean() < 3
    screen.complaints.clear()  # the browser's, about those two
