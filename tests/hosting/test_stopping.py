"""SIGTERM, taken by a loop as a server's."""

import asyncio
import os
import signal
import threading
import time

import pytest

from panoseg.hosting import stopping
from tests import event_loop


class Server:
    """Notes what happens, and is stopped as uvicorn is: by its own handler."""

    def __init__(self):
        self.events = []
        self.running = 2
        self.ended = asyncio.Event()

    def handler(self, number, frame):
        self.events.append("handed on")
        self.ended.set()

    def close(self):
        self.events.append("closed")

    def busy(self):
        self.running -= 1
        told = "busy" if self.running > 0 else "idle"
        if self.events[-1] != told:
            self.events.append(told)
        return self.running > 0

    def end(self, status):
        self.events.append(status)
        self.loop.call_soon_threadsafe(self.ended.set)  # the watchdog has a thread of its own


def stop(server, signals=1, handler=True):
    """What happens after so many signals; in the main thread, where signals come."""

    async def serve():
        server.ended, server.loop = asyncio.Event(), asyncio.get_running_loop()
        before = signal.signal(signal.SIGTERM, server.handler if handler else signal.SIG_DFL)
        try:
            with stopping.stopping_gently(server.close, server.busy, server.end):
                for _ in range(signals):
                    os.kill(os.getpid(), signal.SIGTERM)
                    await asyncio.sleep(0)
                await asyncio.wait_for(server.ended.wait(), 30)
            assert signal.getsignal(signal.SIGTERM) == (server.handler if handler else signal.SIG_DFL)
        finally:
            signal.signal(signal.SIGTERM, before)
        return server.events

    return event_loop.run(serve())


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(stopping, "QUIET_SECONDS", 0.2)
    yield
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()  # the watchdog of a process that goes on


def test_the_doors_close_then_what_runs_ends_then_the_server():
    assert stop(Server()) == ["closed", "busy", "idle", "handed on"]


def test_the_last_seconds_count_from_the_signal(monkeypatch):
    told = []

    class Watchdog(threading.Timer):
        def __init__(self, seconds, end):
            told.append(seconds)
            super().__init__(seconds, end)

    monkeypatch.setattr(threading, "Timer", Watchdog)

    async def serve():
        server = Server()
        server.loop = asyncio.get_running_loop()
        ending = stopping._Stop(server.loop, server.close, server.busy, server.end, server.handler)
        ending(signal.SIGTERM, None)
        time.sleep(0.1)  # what else the loop has to do
        await server.ended.wait()

    event_loop.run(serve())
    assert told[0] <= stopping.LAST_SECONDS - 0.1


def test_what_does_not_end_is_cut_off(monkeypatch):
    monkeypatch.setattr(stopping, "DRAIN_SECONDS", 0.2)
    server = Server()
    server.running = 10**9
    events = stop(server)
    assert events[0] == "closed"
    assert events[-1] == "handed on"
    assert "idle" not in events


def test_a_second_signal_waits_for_nothing():
    server = Server()
    server.running = 10**9
    assert stop(server, signals=2)[-1] == "handed on"


def test_the_process_ends_even_if_the_server_does_not(monkeypatch):
    monkeypatch.setattr(stopping, "LAST_SECONDS", 0.05)
    server = Server()
    server.handler = lambda number, frame: server.events.append("handed on")
    assert 143 in stop(server)
    assert stopping.DRAIN_SECONDS < 9


def test_another_thread_has_no_signals():
    found = []

    async def serve():
        before = signal.getsignal(signal.SIGTERM)
        with stopping.stopping_gently(lambda: None, lambda: False):
            found.append(signal.getsignal(signal.SIGTERM) == before)

    thread = threading.Thread(target=lambda: event_loop.run(serve()))
    thread.start()
    thread.join()
    assert found == [True]


def test_ten_seconds_are_enough():
    assert stopping.DRAIN_SECONDS + stopping.QUIET_SECONDS < stopping.LAST_SECONDS < 10
