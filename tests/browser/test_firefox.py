"""The page under its own policy in Firefox, where there is one."""

import os
import re
import shutil

import pytest

from tests import event_loop
from tests.browser.bidi import firefox
from tests.browser.conftest import PATIENCE_SECONDS

PROGRAM = next(
    filter(None, map(shutil.which, (os.environ.get("FIREFOX", ""), "firefox", "firefox-esr"))), None
)
END = "\ue010"  # w3.org/TR/webdriver2, keyboard actions

# The viewer is in a shadow tree of its component.
LOOK = """(() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  window.named = (role, name) => all(document).find(
    (element) => element.getAttribute("role") === role && element.textContent.trim().startsWith(name));
  window.slider = (name) => all(document).find(
    (element) => (element.getAttribute("role") === "slider" || element.matches("input[type=range]"))
      && (element.getAttribute("aria-label") ?? "").startsWith(name));
  window.viewer = () => all(document).find((element) => element.matches(".viewer"));
  return true;
})()"""


@pytest.mark.skipif(PROGRAM is None, reason="there is no Firefox here; FIREFOX may be the path of one")
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
    # Streamlit's protobuf.js tries WebAssembly for long numbers, and does without.
    assert [each for each in blocked if not re.match(r"script-src wasm-eval .*/protobuf\.", each)] == []
