"""The viewer's JavaScript and style sheets, bundled (tools/bundle_viewer.mjs), as the server hands them out.

Streamlit serves a component's files only where the package's metadata lies beside it (not in a clone that was
never installed), and lets browsers ask for each of them at every visit. These routes need neither: the code's
address names its content, so that a browser keeps it for good and an upgrade is another address.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BUNDLE = Path(__file__).parent / "bundle"
_KINDS = {".js": "text/javascript", ".css": "text/css"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@cache
def files() -> Mapping[str, bytes]:
    """Content of every served file by its name, as it was when the server started.

    What is on the disk may change later, as an upgrade does; what one address gives must not.
    """
    paths = sorted(path for path in BUNDLE.iterdir() if path.suffix in _KINDS)
    return MappingProxyType({path.name: path.read_bytes() for path in paths})


@cache
def folder() -> str:
    """Where the files are, relative to the page's own address."""
    digest = hashlib.sha256(json.dumps([(name, text.hex()) for name, text in files().items()]).encode())
    return f"panoseg/viewer/{digest.hexdigest()[:16]}"


def code_routes() -> list[Route]:
    """What `st.App` must answer besides the page, below the path at which it serves that."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return [Route(f"/{base}/{folder()}/{{name:path}}".replace("//", "/"), _answer)]


async def _answer(request: Request) -> Response:
    name = request.path_params["name"]
    if (content := files().get(name)) is None:
        return Response(f"no {name}", 404, media_type="text/plain")
    return Response(content, media_type=_KINDS[PurePosixPath(name).suffix], headers=_FOR_GOOD)


def component_script(entry: str) -> str:
    """JavaScript of a Streamlit component that does what the module `entry` does, and loads it at first use.

    Streamlit runs a component's script from a blob, in which no relative import leads anywhere: hence the
    page's own address. Without the list a browser would find out about imports one level after another.
    """
    needed = ", ".join(f'"{name}"' for name in static_imports(entry))
    return f"""const folder = new URL("{folder()}/", document.baseURI);
for (const name of [{needed}]) {{
  const link = document.createElement("link");
  document.head.append(Object.assign(link, {{ rel: "modulepreload", href: new URL(name, folder) }}));
}}
export default async function (component) {{
  const module = await import(new URL("{entry}", folder));
  return module.default(component);
}}
"""


def static_imports(entry: str) -> list[str]:
    """The module `entry` and every one that it or they import, each once."""
    found = [entry]
    for name in found:
        text = files()[name].decode()
        for target in re.findall(r'^import\b[^"]*\bfrom "\./([^"]+)";', text, re.MULTILINE):
            if target not in found:
                found.append(target)
    return found
