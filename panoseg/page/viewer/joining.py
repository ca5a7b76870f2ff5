"""JavaScript modules as one text: a Streamlit component takes one, and panoseg has no build step."""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


def join_modules(folder: Path, entry: str) -> str:
    """The module `entry` after all that it imports, each once, in one scope.

    The modules import one another by name only (`import { a, b } from "./c.js";`), and no two of them may
    use the same name at their top level. What `entry` exports by default stays exported.
    """
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        for needed in _IMPORT.findall(text):
            if needed not in texts:
                add(needed)
        texts[name] = _EXPORT.sub("", _IMPORT.sub("", text)).strip()

    add(entry)
    return "\n\n".join(f"// {name}\n{text}" for name, text in texts.items()) + "\n"
