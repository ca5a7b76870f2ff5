"""The viewer's code on its way to the browser."""

from panoseg.page.viewer import served_code
from tests.browser.conftest import serve


def code_of(page):
    """By address below the folder of code: what the browser asked for."""
    return page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
        ".filter((name) => name.includes('/panoseg/viewer/'))"
    )


def test_the_browser_loads_the_files_that_there_are_and_no_message_carries_them(screen, server):
    folder = f"{server}/{served_code.folder()}/"
    # The last of them, once there is something to merge.
    screen.page.wait_for_function(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/worker.js'))"
    )
    loaded = code_of(screen.page)
    assert all(address.startswith(folder) for address in loaded)
    modules = {address.removeprefix(folder) for address in loaded if address.endswith(".js")}
    entries = ("viewer.js", "payload.js", "logits_message.js")
    wanted = {name for entry in entries for name in served_code.static_imports(entry)}
    assert modules == {*wanted, "worker.js"}
    received = b"".join(f if isinstance(f, bytes) else f.encode() for f in screen.received)
    assert b"requestAnimationFrame" not in received
    assert b"grid-template-columns" not in received


def test_a_second_visit_needs_no_code(visit, photo, server):
    first = visit().wait_for_map(photo)
    page = first.page.context.new_page()
    asked = []
    page.on("response", lambda response: asked.append(response))
    page.goto(server)
    page.locator(f'[data-photo="{photo.digest}"]').wait_for(state="attached")
    code = [response for response in asked if "/panoseg/viewer/" in response.url]
    assert code
    assert all(response.from_service_worker or _is_cached(page, response.url) for response in code)


def _is_cached(page, address):
    sizes = page.evaluate(
        "(address) => performance.getEntriesByName(address).map((entry) => entry.transferSize)", address
    )
    return sizes and not any(sizes)


def test_below_a_path_of_its_own(visit, photo, tmp_path):
    with serve(tmp_path, base="deep/down") as address:
        screen = visit("/deep/down/", server=address.removesuffix("/deep/down")).wait_for_map(photo)
        code = code_of(screen.page)
        assert code
        assert all(name.startswith(f"{address}/{served_code.folder()}/") for name in code)
        screen.page.close()  # before it misses its server
