"""The ten lines of docs/notebook.md, run one by one, each with what a notebook would show of it."""

import ast
import re
from pathlib import Path

import panoseg
from panoseg.demo.annotated import write_scenes

DOCUMENT = Path(__file__).parents[1] / "docs" / "notebook.md"


def test_the_lines_run_and_show_what_they_promise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_scenes(Path("scenes"), 4, annotations=False)
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in code.splitlines() if line]) <= 10
    names, shown = {}, []
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), "cell", "eval"), names)  # noqa: S307
            shown.append(value)
        else:
            exec(compile(ast.Module([statement], []), "cell", "exec"), names)  # noqa: S102
    run, labels, item, segmentation, exported = shown
    assert "demo" in run._repr_html_()
    assert labels.iloc[0] >= 4
    assert item._repr_png_().startswith(b"\x89PNG")
    assert segmentation._repr_png_().startswith(b"\x89PNG")
    assert isinstance(segmentation, panoseg.Segmentation)
    assert exported.pictures == 4
    assert len(list(Path("files/panoptic").iterdir())) == 4
