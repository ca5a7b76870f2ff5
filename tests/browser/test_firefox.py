"""The page under its own policy in Firefox, where there is one."""

import asyncio
import os
import re
import shutil

import pytest
from PIL import Image

import panoseg
from tests import event_loop
from tests.browser.bidi import firefox
from tests.browser.conftest import PATIENCE_SECONDS

PROGRAM = next(
    filter(None, map(shutil.which, (os.environ.get("FIREFOX", ""), "firefox", "firefox-esr"))), None
)
# Streamlit's protobuf.js tries WebAssembly for long numbers, and does without.
HARMLESS = r"script-src wasm-eval .*/protobuf\."
END, ESCAPE = "\ue010", "\ue00c"  # w3.org/TR/webdriver2, keyboard actions

# The viewer is in a shadow tree of its component.
LOOK = """(() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  window.named = (role, name) => all(document).find(
    (element) => element.getAttribute("role") === role && element.textContent.trim().startsWith(name));
  window.slider = (name) => all(document).find(
    (element) => (element.getAttribute("role") === "slider" || element.matches("input[type=range]"))
      && (element.getAttribute("aria-label") ?? "").startsWith(name));
  window.one = (selector) => all(document).find((element) => element.matches(selector));
  window.button = (name) => all(document).find((element) => element.matches("button, label, a")
    && (element.getAttribute("aria-label") ?? element.textContent).trim().endsWith(name));
  window.viewer = () => all(document).find((element) => element.matches(".viewer"));
  return true;
})()"""


in_firefox = pytest.mark.skipif(
    PROGRAM is None, reason="there is no Firefox here; FIREFOX may be the path of one"
)


@in_firefox
def test_a_photo_is_opened_selected_hidden_compared_and_taken_home(server, tmp_path, photo):
    mine = tmp_path / "mine.png"
    Image.fromarray(photo.pixels[:, ::-1]).save(mine)
    shown = panoseg.open_photo(mine.read_bytes())
    home = tmp_path / "downloads"

    async def visit():
        async with firefox(PROGRAM, tmp_path, PATIENCE_SECONDS) as browser:
            await browser.go_to(server)
            await browser.evaluate(LOOK)
            await browser.wait_for("Number(viewer()?.dataset.shown) > 0")
            await browser.choose_files("one('.open-photo').parentElement.querySelector('input')", mine)
            await browser.wait_for(f"viewer().dataset.photo === '{shown.digest}'")
            await browser.wait_for("Number(viewer().dataset.shown) > 2")
            count = int(await browser.evaluate("viewer().dataset.shown"))
            await browser.evaluate("one('[role=application]').focus()")
            await browser.press("n")
            await browser.wait_for("viewer().dataset.selected === '1'")
            await browser.press("h")
            await browser.wait_for(f"viewer().dataset.shown === '{count - 1}'")
            await browser.evaluate("button('Undo').click()")
            await browser.wait_for(f"viewer().dataset.shown === '{count}'")
            # As a pointer does: the viewer reports what is selected before anything else is asked for.
            press = "new PointerEvent('pointerdown', {bubbles: true, composed: true})"
            await browser.evaluate(f"button('Export').dispatchEvent({press})")
            await browser.evaluate("button('Export').click()")
            await browser.wait_for("button('Download')?.disabled === false")
            await browser.evaluate("button('Download').click()")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not any(path.stat().st_size for path in home.glob("mine-demo-*.png")):
                    await asyncio.sleep(0.1)
            await browser.evaluate("one('[role=dialog] [aria-label=Close]').click()")
            await browser.wait_for("!button('Download')")
            await browser.evaluate("one('.st-key-compare-menu button').click()")
            await browser.wait_for("Boolean(named('radio', 'Other settings'))")
            await browser.evaluate("named('radio', 'Other settings').click()")
            await browser.wait_for("one('.viewer.beside')?.dataset.outcomes === 'shown'")
            return await browser.evaluate("window.blocked")

    blocked = event_loop.run(visit())
    assert [path.name.rpartition("-")[2] for path in home.iterdir()] == ["cutout.png"]
    assert [each for each in blocked if not re.match(HARMLESS, each)] == []


@in_firefox
def test_the_picture_follows_a_dragged_threshold_and_escape_closes_the_sheet(server, tmp_path):
    async def visit():
        async with firefox(PROGRAM, tmp_path, PATIENCE_SECONDS) as browser:
            await browser.go_to(server)
            await browser.evaluate(LOOK)
            await browser.wait_for("viewer()?.dataset.exact === 'true' && Boolean(slider('Score'))")
            before = await browser.evaluate("viewer().dataset.segments")
            x, y, width = await browser.place_of("slider('Score')")
            thumb = round(x + 0.3 * (width - 16))  # at 0.80, from the middle
            await browser.point(("move", thumb, y), ("down",), ("move", round(x + 0.47 * (width - 16)), y))
            # Browsers that merge by themselves do so once they have the logits; the others wait for the rest.
            await browser.wait_for("viewer().dataset.thresholds.startsWith('0.9')")
            await browser.wait_for("viewer().dataset.exact === 'false'")
            dragged = await browser.evaluate("viewer().dataset.segments")
            await browser.point(("up",))
            await browser.wait_for("viewer().dataset.exact === 'true'")
            rested = await browser.evaluate("[viewer().dataset.segments, viewer().dataset.thresholds]")
            await browser.wait_for("location.search.includes('score=0.9')")

            await browser.evaluate("one('[role=application]').focus()")
            await browser.press("n")
            await browser.wait_for("viewer().dataset.selected === '1'")
            await browser.click("button('Export')")
            await browser.wait_for("button('Download')?.disabled === false")
            await browser.click("button('Download')")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not any(path.stat().st_size for path in (tmp_path / "downloads").glob("*.png")):
                    await asyncio.sleep(0.1)
            await browser.press(ESCAPE)
            await browser.wait_for("!button('Download')")
            return before, dragged, rested, await browser.evaluate("viewer().dataset.selected")

    before, dragged, (rested, thresholds), selected = event_loop.run(visit())
    assert int(dragged) == int(rested) == int(before) - 1  # the balloon of 0.95
    assert thresholds.startswith("0.9")
    assert selected == "1", "Escape was the sheet's, not the picture's"


@in_firefox
def test_the_page_works_under_its_policy(server, tmp_path):
    async def visit():
        async with firefox(PROGRAM, tmp_path, PATIENCE_SECONDS) as browser:
            await browser.go_to(server)
            await browser.evaluate(LOOK)
            await browser.wait_for("Number(viewer()?.dataset.shown) > 0")
            await browser.wait_for("Boolean(slider('Score'))")
            await browser.evaluate("slider('Score').focus()")
            await browser.press(END)  # no segment is that sure
            await browser.wait_for("viewer().dataset.shown === '0'")
            for tab in ("Near misses", "Numbers", "Segments"):
                await browser.evaluate(f"named('tab', {tab!r}).click()")
                await browser.wait_for(f"named('tab', {tab!r}).getAttribute('aria-selected') === 'true'")
            policy = await browser.evaluate(
                "fetch(document.baseURI).then((page) => page.headers.get('content-security-policy'))"
            )
            blocked = await browser.evaluate("window.blocked")
            await browser.go_to(f"{server}/collection")
            await browser.evaluate(LOOK)
            await browser.wait_for("Boolean(named('tab', 'Evaluation'))")
            return policy, blocked + await browser.evaluate("window.blocked")

    policy, blocked = event_loop.run(visit())
    assert "default-src 'none'" in policy
    assert [each for each in blocked if not re.match(HARMLESS, each)] == []
