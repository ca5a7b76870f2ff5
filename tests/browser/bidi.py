"""A real Firefox, by WebDriver BiDi (w3.org/TR/webdriver-bidi): playwright knows one of its own only."""

import asyncio
import json
import re
import subprocess
from contextlib import asynccontextmanager
from itertools import count

from websockets.asyncio.client import connect

LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
QUIET = """
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("app.update.enabled", false);
user_pref("remote.active-protocols", 1);
user_pref("browser.download.folderList", 2);
user_pref("browser.download.always_ask_before_handling_new_types", false);
user_pref("browser.download.alwaysOpenPanel", false);
"""
# Told by each document for itself, from its first line on.
NOTE_VIOLATIONS = """() => {
  window.blocked = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.blocked.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
  });
  window.addEventListener("error", (event) => window.blocked.push(event.message));
}"""


class Firefox:
    """One window.

    Attributes:
        patience: seconds for each answer.
    """

    def __init__(self, socket, patience):
        self._socket, self._numbers, self.patience = socket, count(1), patience
        self._window = ""

    async def begin(self):
        await self.ask("session.new", capabilities={})
        tree = await self.ask("browsingContext.getTree")
        self._window = tree["contexts"][0]["context"]
        await self.ask("script.addPreloadScript", functionDeclaration=NOTE_VIOLATIONS)

    async def go_to(self, address):
        await self.ask("browsingContext.navigate", context=self._window, url=address, wait="complete")

    async def evaluate(self, expression):
        """What an expression is, as JSON has it; a promise is waited for."""
        answer = await self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(JSON.stringify)",
            target={"context": self._window},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"].get("value", "null"))

    async def wait_for(self, expression):
        """Until it is true."""
        async with asyncio.timeout(self.patience):
            while not await self.evaluate(expression):
                await asyncio.sleep(0.1)

    async def choose_files(self, expression, *paths):
        """As the dialog of an input for files does."""
        found = await self.ask(
            "script.evaluate", expression=expression, target={"context": self._window}, awaitPromise=False
        )
        element = {"sharedId": found["result"]["sharedId"]}
        files = [str(path) for path in paths]
        await self.ask("input.setFiles", context=self._window, element=element, files=files)

    async def press(self, *keys):
        """Keys, as WebDriver writes them, for what has the focus."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        await self.ask("input.performActions", context=self._window, actions=actions)

    async def point(self, *strokes):
        """The mouse: ("move", x, y), ("down",) and ("up",), one after the other."""
        kinds = {
            "move": lambda x, y: {"type": "pointerMove", "x": x, "y": y, "duration": 20},
            "down": lambda: {"type": "pointerDown", "button": 0},
            "up": lambda: {"type": "pointerUp", "button": 0},
        }
        actions = [kinds[name](*place) for name, *place in strokes]
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        await self.ask("input.performActions", context=self._window, actions=[mouse])

    async def click(self, expression):
        """The middle of an element, where it stands in the window."""
        x, y, *_ = await self.place_of(expression)
        await self.point(("move", x, y), ("down",), ("up",))

    async def place_of(self, expression):
        """An element's middle in the window, and its width, in whole pixels."""
        box = await self.evaluate(f"{expression}.getBoundingClientRect().toJSON()")
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        return *map(round, middle), round(box["width"])

    async def ask(self, method, **params):
        number = next(self._numbers)
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(self.patience):
            while True:
                answer = json.loads(await self._socket.recv())
                if answer.get("id") == number:
                    assert answer["type"] == "success", answer
                    return answer["result"]


@asynccontextmanager
async def firefox(program, profile, patience):
    """A browser of its own, ended afterwards; what it downloads comes into the profile's `downloads`."""
    downloads = json.dumps(str(profile / "downloads"))
    (profile / "user.js").write_text(f'{QUIET}user_pref("browser.download.dir", {downloads});\n')
    process = await asyncio.create_subprocess_exec(
        program,
        *("--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"),
        stdout=subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(patience):
            while not (found := LISTENING.search(await process.stderr.readline())):
                assert process.returncode is None, "Firefox does not start"
        drain = asyncio.create_task(process.stderr.read())
        async with connect(found[1].decode() + "/session", max_size=None) as socket:
            browser = Firefox(socket, patience)
            await browser.begin()
            yield browser
        drain.cancel()
    finally:
        process.kill()
        await process.wait()
