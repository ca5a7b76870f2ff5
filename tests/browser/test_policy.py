"""The content security policy in a real browser, which all other tests there pass by."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere(tmp_path, server):
    """The address of somebody else's page, which has panoseg in a frame."""
    (tmp_path / "index.html").write_text(f'<iframe src="{server}/" width="800" height="600"></iframe>')
    (tmp_path / "script.js").write_text("window.stranger = true")
    other = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{other.server_address[1]}"
    other.shutdown()
    other.server_close()
    thread.join()


@pytest.fixture
def screen(visit, photo):
    """The page under its own policy."""
    return visit(bypass_csp=False).wait_for_map(photo).wait_for_page()


def test_the_whole_page_works_under_it(screen):
    """Viewer, worker, tabs, export; what is blocked is a complaint of the browser's, which fails the test."""
    policy = screen.page.evaluate(
        "async () => (await fetch(document.baseURI)).headers.get('content-security-policy')"
    )
    assert "default-src 'none'" in policy
    screen.press_keys("Score", "ArrowRight", "ArrowRight")
    for tab in ("Near misses", "Numbers", "Segments"):
        screen.open_tab(tab)
    screen.press("Export")
    expect(screen.page.get_by_role("dialog", name="Export").get_by_role("img").first).to_be_visible()


def test_text_does_not_become_code(screen):
    tried = screen.page.evaluate(
        # Later: what the browser's own tools evaluate may do what the page may not.
        """() => new Promise((done) => setTimeout(() => {
          try { done(new Function("return 1")()) } catch (error) { done(error.name) }
        }))"""
    )
    assert tried == "EvalError"
    screen.complaints.clear()  # it says that it has blocked it


def test_nothing_comes_from_elsewhere_and_nothing_goes_there(screen, elsewhere):
    outcome = screen.page.evaluate(
        """async (address) => {
            const script = Object.assign(document.createElement("script"), { src: `${address}/script.js` });
            const loaded = new Promise((done) => {
                script.onload = () => done("ran");
                script.onerror = () => done("blocked");
            });
            document.head.append(script);
            const sent = fetch(address, { mode: "no-cors" }).then(() => "sent", () => "blocked");
            return [await loaded, await sent, window.stranger === true];
        }""",
        elsewhere,
    )
    assert outcome == ["blocked", "blocked", False]
    screen.complaints.clear()
    screen.strangers.clear()


def test_nobody_elses_page_shows_it_in_a_frame(chromium, elsewhere, server):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    (frame,) = page.frames[1:]
    assert not frame.url.startswith(server)
    assert page.frame_locator("iframe").locator("h1").filter(has_text="panoseg").count() == 0
    context.close()
