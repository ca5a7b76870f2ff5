"""Running what is asynchronous in a test, whichever tests ran before it."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Its result; in this thread, where signals come, too.

    Playwright leaves the loop of its own as the running one in the thread of the tests, until the
    last browser is closed, and ``asyncio.run`` refuses to start beside it.
    """
    of_playwright = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return asyncio.run(coroutine)  # noqa: TID251
    finally:
        asyncio._set_running_loop(of_playwright)
