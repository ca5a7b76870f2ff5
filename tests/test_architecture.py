"""What the rooms of the package may know of each other; docs/architecture.md shows the same as a picture.

A room is a module or a package directly under `panoseg`; three parts of `models` are rooms of their own. A
new room needs a row in `ROOMS`. Every import counts, also in a function and behind TYPE_CHECKING.
"""

import ast
import subprocess
import sys
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Room → the rooms that it may import. "panoseg" is the package's own front, with its public names.
ROOMS = {
    # What everything stands on.
    "errors": "",
    "setting_values": "",
    "settings": "errors setting_values",
    "files": "",
    "events": "",
    "cores": "",
    "png": "",
    # Bytes → photo → prediction → segmentation.
    "srgb": "",
    "file_kinds": "",
    "file_structure": "",
    "photo": "errors file_kinds file_structure srgb",
    "vocabulary": "errors",
    "palette": "",
    "label_colors": "",
    "coloring": "palette",
    "prediction": "coloring errors png vocabulary",
    "segment": "errors",
    "segment_columns": "segment",
    "segmentation": "errors png segment segment_columns",
    "thresholds": "errors",
    "merging": "cores errors palette prediction segment segment_columns segmentation thresholds vocabulary",
    "tasks": "merging prediction segmentation thresholds",
    # A checkpoint's name → something that predicts.
    "models.checkpoints": "errors files prediction settings tasks vocabulary",
    "models.downloads": "errors models.checkpoints",
    "models.engines": "errors models.checkpoints prediction setting_values settings",
    "protocol": "errors prediction vocabulary",
    "models.remote": "errors models models.checkpoints models.engines photo png prediction protocol "
    "vocabulary",
    "models": "cores errors models.checkpoints models.downloads models.engines models.remote photo "
    "prediction protocol setting_values settings vocabulary",
    # What is made of a segmentation.
    "quality": "errors vocabulary",
    "comparison": "quality segment segmentation vocabulary",
    "annotation": "errors file_structure",
    "annotation_archive": "errors",
    "ground_truth": "annotation coloring comparison errors quality segment segmentation vocabulary",
    # Files of strangers, decoded in processes of their own.
    "decoding": "annotation annotation_archive cores errors models.checkpoints photo",
    "inner_points": "",
    "patient_threads": "",
    "work_ahead": "",
    "drawing": "comparison errors inner_points label_colors palette photo segment segmentation",
    "export": "comparison drawing errors files merging palette photo png quality segment segment_columns "
    "segmentation tasks thresholds vocabulary",
    # The world that the demo model knows.
    "demo": "errors export files photo png vocabulary",
    # Many pictures.
    "runs": "cores decoding drawing errors export files ground_truth merging models models.checkpoints "
    "patient_threads photo png prediction quality segment_columns segmentation setting_values tasks "
    "thresholds vocabulary work_ahead",
    # The library.
    "start_check": "errors models.downloads setting_values settings",
    "evaluation": "annotation comparison cores drawing errors file_structure files merging photo prediction "
    "quality runs segmentation thresholds vocabulary work_ahead",
    "panoseg": "drawing errors merging models photo prediction runs segment segmentation thresholds "
    "vocabulary",
    # Many visitors, one process.
    "serving": "errors events models models.checkpoints models.downloads models.remote panoseg photo "
    "prediction protocol settings tasks",
    # Runs as a whole, for everybody who looks at them.
    "collection": "demo errors evaluation events label_colors merging models models.checkpoints "
    "models.engines photo png prediction runs segmentation serving settings tasks thresholds vocabulary",
    # What stands around the page's server.
    "hosting": "errors events setting_values",
    # Models behind a door of their own.
    "model_server": "cores decoding demo errors events hosting models models.checkpoints panoseg photo "
    "protocol serving setting_values settings",
    # What people see: the page and the shell may import everything but each other.
    "page": "*",
    "page.app": "page",
    "cli": "*",
    "__main__": "cli",
}
NEVER = {
    "page": ("cli", "page.app", "__main__"),
    "cli": ("page", "__main__"),
}

# Library → the rooms that may import it.
LIBRARIES = {
    "streamlit": "page page.app",
    "torch": "models.engines",
    "transformers": "models.engines",
    "openvino": "models.engines",
    "huggingface_hub": "models.downloads",
    "httpx2": "models.downloads models.remote",
    "numba": "merging",
    "cachetools": "collection merging serving",
    "starlette": "hosting model_server page",
    "anyio": "page",
    "uvicorn": "hosting model_server",
    "ray": "model_server runs",
    "prometheus_client": "hosting",
    "sqlite3": "runs",
    "fsspec": "runs",
    "pyarrow": "evaluation export runs",
    "pycocotools": "evaluation export",
    "skimage": "export",
}

# What `import panoseg` must not load.
HEAVY = (
    "torch transformers openvino huggingface_hub streamlit pandas numba scipy pyarrow skimage ray httpx2 "
    "uvicorn fsspec"
)


def sources() -> dict[str, str]:
    """The text of each module, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text(
            "utf-8"
        )
        for path in (ROOT / "panoseg").rglob("*.py")
    }


def imported(module: str, text: str, modules: Collection[str]) -> Iterator[str]:
    """The modules that one imports; `from package import name` may be the module of that name."""
    parts = module.split(".")
    is_package = any(other.startswith(f"{module}.") for other in modules)
    package = parts if is_package else parts[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                full = f"{start}.{alias.name}"
                yield full if full in modules else start


def imports_of(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Module → the modules that it imports, those of other libraries included."""
    return {module: set(imported(module, text, texts)) for module, text in texts.items()}


def circles(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The shortest way from each module back to itself, once per circle: [a, b, a]."""
    found: dict[frozenset[str], list[str]] = {}
    for start in sorted(imports):
        ways = deque([[start]])
        seen: set[str] = set()
        while ways:
            way = ways.popleft()
            if len(way) > 1 and way[-1] == start:
                found.setdefault(frozenset(way), way)
                break
            for following in sorted(imports.get(way[-1], ())):
                if following in imports and following not in seen:
                    seen.add(following)
                    ways.append([*way, following])
    return list(found.values())


def room_of(module: str) -> str:
    """models.checkpoints for panoseg.models.checkpoints.catalog; panoseg for the package itself."""
    parts = module.split(".")[1:] or [module]
    part = ".".join(parts[:2])
    return part if part in ROOMS else parts[0]


IMPORTS = imports_of(sources())


def test_every_module_is_in_a_room_of_the_table():
    rooms = {room_of(module) for module in IMPORTS}
    assert rooms <= set(ROOMS), "a new room needs a row in ROOMS"
    assert set(ROOMS) <= rooms, "rows of rooms that are not there"
    assert {name for row in ROOMS.values() for name in row.split()} <= {*ROOMS, "*"}


@pytest.mark.parametrize("module", sorted(IMPORTS))
def test_a_room_imports_only_what_it_may(module):
    room = room_of(module)
    may = {room, *(ROOMS if ROOMS[room] == "*" else ROOMS[room].split())} - {*NEVER.get(room, ())}
    for other in sorted(IMPORTS[module]):
        library = other.split(".")[0]
        if library == "panoseg":
            assert room_of(other) in may, f"{module} imports {other}, which {room} may not"
        elif library in LIBRARIES:
            assert room in LIBRARIES[library].split(), f"{module} imports {library}, which {room} may not"


def test_no_module_imports_itself_in_a_circle():
    found = circles(IMPORTS)
    assert not found, "\n".join(["modules that import each other:", *(" → ".join(way) for way in found)])


@pytest.mark.parametrize("module", ["panoseg", "panoseg.cli", "panoseg.serving.prediction_queue"])
def test_importing_stays_light(module):
    code = f"import {module}, sys; print(*[m for m in '{HEAVY}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    "text",
    [
        "import panoseg.b",
        "from panoseg import b",
        "from panoseg.b import name",
        "from . import b",
        "from .b import name",
        "def f():\n    from panoseg import b",
        "if TYPE_CHECKING:\n    from panoseg.b import Name",
    ],
)
def test_the_finder_sees_every_kind_of_import(text):
    texts = {
        "panoseg": "",
        "panoseg.a": text,
        "panoseg.b": "import os\nfrom panoseg.c import x",
        "panoseg.c": "",
    }
    assert circles(imports_of(texts)) == []
    texts["panoseg.c"] = "from panoseg.a import y"
    assert circles(imports_of(texts)) == [["panoseg.a", "panoseg.b", "panoseg.c", "panoseg.a"]]


def test_the_finder_sees_relative_imports_of_packages():
    texts = {
        "panoseg": "",
        "panoseg.p": "from . import a",
        "panoseg.p.a": "from ..q import b",
        "panoseg.q": "",
    }
    imports = imports_of(texts)
    assert imports["panoseg.p"] == {"panoseg.p.a"}
    assert imports["panoseg.p.a"] == {"panoseg.q"}
