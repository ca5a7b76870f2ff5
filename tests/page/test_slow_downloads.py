"""Downloads whose readers take nothing, and those who come after them."""

import asyncio
import io
import threading
import zipfile
from urllib.parse import urlencode

import httpx2
import pytest

from panoseg.hosting import places
from panoseg.page.collection import downloads
from panoseg.page.collection.routes import FOLDER
from panoseg.page.collection.visitors import CollectionVisitor
from tests import event_loop
from tests.page.collection_store import PICTURES


@pytest.fixture
def visitors(store):
    """Four who are there."""
    visitors = [CollectionVisitor() for _ in range(4)]
    for each in visitors:
        each.open()
    yield visitors
    for each in visitors:
        each.close()


class Browsers:
    """Those of several visitors, some of which read nothing.

    Attributes:
        reading: may begin: then they do.
    """

    def __init__(self, app):
        self._app = app
        self._reading = asyncio.Event()
        self._slow = []

    async def ask(self, visitor):
        """The name of a download, or why there is none."""
        async with self._client(visitor) as client:
            answer = await client.post("run/beach/download", content=urlencode({"formats": "csv,labels"}))
        return answer.json()["id"] if answer.status_code == 200 else answer.text

    async def fetch(self, visitor):
        """The answer, which is read at once."""
        name = await self.ask(visitor)
        async with self._client(visitor) as client:
            return await client.get(f"run/beach/download/{name}")

    async def begin(self, visitor):
        """Read nothing of one until all do, and return when its writer waits for that."""
        name = await self.ask(visitor)
        stuck = asyncio.Event()

        async def send(message):
            stuck.set()
            await self._reading.wait()

        async def receive():
            await asyncio.sleep(3600)

        path = f"/{FOLDER}/{visitor.token}/run/beach/download/{name}"
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "http_version": "1.1"}
        self._slow.append(asyncio.create_task(self._app({**scope, "headers": []}, receive, send)))
        await asyncio.wait_for(stuck.wait(), 60)
        async with asyncio.timeout(60):
            while downloads._writing._value < downloads.MOST_AT_ONCE:
                await asyncio.sleep(0.01)

    async def end(self):
        """All read to the end."""
        self._reading.set()
        await asyncio.wait_for(asyncio.gather(*self._slow), 60)

    async def hang_up(self):
        """All have gone, and their writers with them."""
        for task in self._slow:
            task.cancel()
        await asyncio.wait(self._slow)
        async with asyncio.timeout(60):
            while any(thread.name == "download" for thread in threading.enumerate()):
                await asyncio.sleep(0.01)
        self._slow = []

    def _client(self, visitor):
        transport = httpx2.ASGITransport(self._app)
        return httpx2.AsyncClient(
            transport=transport, base_url=f"http://localhost/{FOLDER}/{visitor.token}/", timeout=60
        )


def run(app, story, monkeypatch):
    monkeypatch.setattr(downloads, "_WAITING_PIECES", 1)

    async def tell():
        browsers = Browsers(app)
        await story(browsers)
        await browsers.end()

    event_loop.run(tell())
    assert downloads._writing._value == downloads.MOST_AT_ONCE
    assert not downloads._sending._taken


def whole(answer):
    return zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_readers_that_take_nothing_keep_nobody_from_a_download(client, visitors, monkeypatch):
    async def story(browsers):
        for _ in range(downloads.MOST_AT_ONCE):
            await browsers.begin(visitors[0])
        assert whole(await browsers.fetch(visitors[1]))

    run(client.app, story, monkeypatch)


def test_a_visitor_has_two_downloads_at_a_time(client, visitors, monkeypatch):
    async def story(browsers):
        for _ in range(downloads.MOST_OF_A_VISITOR):
            await browsers.begin(visitors[0])
        assert "try again in a minute" in await browsers.ask(visitors[0])

    run(client.app, story, monkeypatch)
    assert visitors[0].downloads == 0


def test_nothing_is_made_for_who_has_hung_up(client, visitors, monkeypatch):
    items, made = downloads._items, []

    def counted(opened, positions):
        for item in items(opened, positions):
            made.append(item.name)
            yield item

    monkeypatch.setattr(downloads, "_items", counted)

    async def story(browsers):
        await browsers.begin(visitors[0])
        before = len(made)
        await browsers.hang_up()
        assert len(made) == before < PICTURES

    run(client.app, story, monkeypatch)


def test_when_all_places_are_taken_the_slowest_makes_room(client, visitors, monkeypatch):
    async def story(browsers):
        for number in range(downloads.MOST_SENT):
            await browsers.begin(visitors[number // 2])
        in_line = asyncio.create_task(browsers.fetch(visitors[3]))  # all are new
        async with asyncio.timeout(60):
            while not downloads._sending._line:
                await asyncio.sleep(0.01)
        assert visitors[3].downloads == 1
        monkeypatch.setattr(places, "GRACE_SECONDS", 0)
        assert whole(await in_line)

    run(client.app, story, monkeypatch)


def test_nobody_stands_in_line_for_ever(client, visitors, monkeypatch):
    monkeypatch.setattr(downloads, "LINE_SECONDS", 0.05)

    async def story(browsers):
        for number in range(downloads.MOST_SENT):
            await browsers.begin(visitors[number // 2])
        assert "try again in a minute" in (await browsers.fetch(visitors[3])).text

    run(client.app, story, monkeypatch)


def test_downloads_whose_turn_it_is_not_are_written_later(client, visitors, monkeypatch):
    async def story(browsers):
        for _ in range(downloads.MOST_AT_ONCE):
            downloads._writing.acquire()
        waiting = asyncio.create_task(browsers.fetch(visitors[0]))
        async with asyncio.timeout(60):
            while not downloads._sending._taken:
                await asyncio.sleep(0.01)
        for _ in range(downloads.MOST_AT_ONCE):
            downloads._writing.release()
        assert whole(await waiting)

    run(client.app, story, monkeypatch)


def test_who_waits_for_exact_numbers_keeps_no_other_from_a_download(client, visitors, monkeypatch):
    async def story(browsers):
        for number in range(downloads.MOST_COUNTING):
            downloads._counting().acquire_on_behalf_of_nowait(number)
        assert whole(await asyncio.wait_for(browsers.fetch(visitors[0]), 60))
        for number in range(downloads.MOST_COUNTING):
            downloads._counting().release_on_behalf_of(number)

    run(client.app, story, monkeypatch)
