"""The content security policy in a real browser; all other tests there show that the page works under it."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest


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


def test_the_whole_page_works_under_it(screen):
    """Viewer, worker, table, chart; what is blocked is a complaint of the browser's, which fails the test."""
    policy = screen.page.evaluate(
        "async () => (await fetch(document.baseURI)).headers.get('content-security-policy')"
    )
    assert "default-src 'none'" in policy
    screen.press_keys("Score", "ArrowRight", "ArrowRight")
    screen.select_row(0)
    for part in ("stPlotlyChart", "data-grid-canvas"):
        screen.page.get_by_test_id(part).first.wait_for()


def test_text_does_not_become_code(screen):
    tried = screen.page.evaluate(
        """() => { try { return new Function("return 1")() } catch (error) { return error.name } }"""
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
