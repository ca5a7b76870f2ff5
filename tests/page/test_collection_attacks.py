"""What nobody's page asks the Collection page's routes for."""

import asyncio
import gzip
import io
import os
import tarfile
import threading
import time
import zipfile
from urllib.parse import parse_qsl

import httpx2
import pytest

from panoseg.errors import RunError
from panoseg.hosting import places
from panoseg.page.collection import downloads, own_runs
from panoseg.page.collection.desk import desk
from panoseg.page.collection.routes import FOLDER
from panoseg.page.kept_prediction import open_kept
from tests import event_loop
from tests.page.collection_store import png

ADDRESS = "http://localhost"


def test_a_name_that_no_disk_has_room_for_is_shortened(client):
    run = client.post("new").json()["id"]
    assert client.put(f"files/{run}/{'海' * 115}.png", content=png(1)).status_code == 200
    (kept,) = desk().shelf.pictures(desk().shelf.find(run)).iterdir()
    assert kept.name.endswith("海.png")


@pytest.mark.parametrize("digits", ["9" * 25, "9" * 5000])
def test_numbers_of_many_digits_are_nowhere(client, digits):
    run = client.post("new").json()["id"]
    assert client.get(f"run/beach/photo/{digits}.jpg").status_code == 409
    assert client.get(f"run/beach/map/0.png?lit={digits}").status_code == 200
    assert client.get(f"run/beach/segments?first={digits}").json()["rows"] == []
    assert client.post(f"start/{run}?model=demo&folder={digits}").status_code == 409
    ticked = {"formats": "png", "which": "ticked", "positions": digits}
    assert client.post("run/beach/download", data=ticked).status_code == 409
    with pytest.raises(RunError):
        open_kept(f"run:beach:{digits}")


def test_a_file_that_says_nothing_for_long_is_given_up(client, visitor, monkeypatch):
    run = client.post("new").json()["id"]
    monkeypatch.setattr(own_runs, "IDLE_SECONDS", 0.05)
    sent = []

    async def silence():
        await asyncio.sleep(3600)

    async def note(message):
        sent.append(message)

    path = f"/{FOLDER}/{visitor.token}/files/{run}/a.png"
    scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "http_version": "1.1"}
    scope |= {"headers": [(b"content-length", b"10")]}
    event_loop.run(client.app(scope, silence, note))
    assert sent[0]["status"] == 409
    assert list(desk().shelf.pictures(desk().shelf.find(run)).iterdir()) == []


def test_a_file_that_comes_by_the_byte_is_given_up(client, visitor, monkeypatch):
    run = client.post("new").json()["id"]
    monkeypatch.setattr(places, "_STALL_SECONDS", 0.01)
    crumbs = iter([b"x"] * 50)
    sent = []

    async def crumb():
        await asyncio.sleep(0.02)
        body = next(crumbs, None)
        return {"type": "http.request" if body else "http.disconnect", "body": body, "more_body": True}

    async def note(message):
        sent.append(message)

    path = f"/{FOLDER}/{visitor.token}/files/{run}/a.png"
    scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "http_version": "1.1"}
    scope |= {"headers": [(b"content-length", b"1000000")]}
    event_loop.run(client.app(scope, crumb, note))
    assert sent[0]["status"] == 409
    assert next(crumbs, None)  # before its sender had gone


def test_runs_that_nobody_looks_at_make_room_for_a_file(client, monkeypatch):
    idle, mine = (client.post("new").json()["id"] for _ in range(2))
    content = png(1)
    client.put(f"files/{idle}/a.png", content=content)
    os.utime(desk().shelf.pictures(desk().shelf.find(idle)).parent, (1e9, 1e9))
    monkeypatch.setattr(desk().shelf, "_measured", (time.time() + 60, len(content) - 1))
    assert client.put(f"files/{mine}/a.png", content=content).status_code == 200
    assert desk().shelf.find(idle) is None


def test_a_run_whose_file_is_still_coming_is_not_idle(client, visitor):
    run = client.post("new").json()["id"]
    folder = desk().shelf.pictures(desk().shelf.find(run)).parent
    content = png(1)
    pieces = iter([content[:9], content[9:]])

    async def late():
        os.utime(folder, (1e9, 1e9))  # it took long to come
        body = next(pieces)
        return {"type": "http.request", "body": body, "more_body": len(body) == 9}

    async def note(message):
        pass

    path = f"/{FOLDER}/{visitor.token}/files/{run}/a.png"
    scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "http_version": "1.1"}
    scope |= {"headers": [(b"content-length", str(len(content)).encode())]}
    event_loop.run(client.app(scope, late, note))
    client.post("new")
    assert desk().shelf.find(run)


def test_no_archive_is_made_for_who_asks_for_its_head_alone(client):
    name = client.post("run/beach/download", data={"formats": "csv"}).json()["id"]
    assert client.head(f"run/beach/download/{name}").status_code == 405
    assert client.get(f"run/beach/download/{name}").status_code == 200


async def never():
    await asyncio.sleep(3600)


def test_a_form_that_does_not_come_is_given_up(client, visitor, monkeypatch):
    monkeypatch.setattr(downloads, "BODY_SECONDS", 0.05)
    path = f"/{FOLDER}/{visitor.token}/run/beach/download"
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "http_version": "1.1"}
    scope |= {"headers": [(b"content-length", b"10")]}
    sent = []

    async def note(message):
        sent.append(message)

    event_loop.run(client.app(scope, never, note))
    assert sent[0]["status"] == 409


def test_a_file_that_hardly_comes_makes_room(client, visitor, monkeypatch):
    content = png(1)
    monkeypatch.setattr(places, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(own_runs, "_coming", places.Places(len(content) + 99))
    monkeypatch.setattr(desk().shelf, "room", lambda *_: own_runs.MOST_BYTES)
    runs = [client.post("new").json()["id"] for _ in range(2)]
    sent = []
    crumbs = iter([b"x" * 100])

    async def crumb():
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": next(crumbs, b"x"), "more_body": True}

    async def whole():
        return {"type": "http.request", "body": content}

    async def note(message):
        sent.append(message)

    def put(run, length, body):
        path = f"/{FOLDER}/{visitor.token}/files/{run}/a.png"
        scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "http_version": "1.1"}
        scope |= {"headers": [(b"content-length", b"%d" % length)]}
        return asyncio.ensure_future(client.app(scope, body, note))

    async def both():
        slow = put(runs[0], 999, crumb)
        await asyncio.sleep(0.2)
        await put(runs[1], len(content), whole)
        await slow

    event_loop.run(both())
    assert sorted(each["status"] for each in sent if "status" in each) == [200, 409]
    assert any(b"too slowly" in each.get("body", b"") for each in sent)


def test_what_was_announced_for_a_run_takes_no_room(client, visitor, monkeypatch):
    content = png(1)
    monkeypatch.setattr(own_runs, "_coming", places.Places(len(content)))
    monkeypatch.setattr(desk().shelf, "room", lambda *_: own_runs.MOST_BYTES)
    runs = [client.post("new").json()["id"] for _ in range(2)]
    path = f"/{FOLDER}/{visitor.token}/files/{runs[0]}/a.png"
    scope = {"type": "http", "method": "PUT", "path": path, "query_string": b"", "http_version": "1.1"}
    scope |= {"headers": [(b"content-length", b"1000000")]}

    async def both():
        silent = asyncio.ensure_future(client.app(scope, never, None))
        await asyncio.sleep(0.1)
        answer = await asyncio.to_thread(client.put, f"files/{runs[1]}/a.png", content=content)
        silent.cancel()
        return answer.status_code

    assert event_loop.run(both()) == 200


def bomb():
    """A tar archive of 64 kB that has 64 MB once it is unpacked."""
    entry = tarfile.TarInfo("a.png")
    entry.size = 64 * 2**20
    return gzip.compress(entry.tobuf()) + gzip.compress(bytes(2**20)) * 64


def test_an_archive_without_an_end_is_refused_and_no_folder_of_the_server_is_named(client):
    run = client.post("new").json()["id"]
    assert client.put(f"files/{run}/a.tgz", content=bomb()).status_code == 200
    refused = client.post(f"start/{run}?model=demo")
    assert (refused.status_code, refused.text) == (
        409,
        "The archive 'a.tgz' is too large once it is unpacked.",
    )
    nothing = client.post("new").json()["id"]
    refused = client.post(f"start/{nothing}?model=demo")
    assert refused.status_code == 409
    assert refused.text.startswith("The folder 'pictures' holds no picture.")


def test_a_long_form_is_read_beside_the_loop_that_serves_everybody(client, monkeypatch):
    readers = []

    def parse(*args, **options):
        readers.append(threading.current_thread())
        return parse_qsl(*args, **options)

    monkeypatch.setattr(downloads, "parse_qsl", parse)
    assert client.post("run/beach/download", data={"formats": "labels"}).status_code == 200
    (reader,) = readers
    assert reader.name.startswith("AnyIO worker thread")


def test_a_run_that_is_removed_while_it_starts_is_a_sentence(client):
    run = client.post("new").json()["id"]
    desk().shelf.pictures(desk().shelf.find(run)).rmdir()
    refused = client.post(f"start/{run}?model=demo")
    assert (refused.status_code, refused.text) == (409, "These pictures were taken away meanwhile.")


def test_an_archive_alone_makes_a_run(client):
    run = client.post("new").json()["id"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside/b.png", png(200))
    assert client.put(f"files/{run}/more.zip", content=packed.getvalue()).status_code == 200
    assert client.post(f"start/{run}?model=demo").status_code == 200


def test_runs_that_are_begun_in_one_moment_are_no_more_than_one_by_one(client, visitor):
    async def begin():
        transport = httpx2.ASGITransport(client.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ADDRESS) as browser:
            path = f"/{FOLDER}/{visitor.token}/new"
            return await asyncio.gather(*(browser.post(path) for _ in range(20)))

    answers = event_loop.run(begin())
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [409] * 15
