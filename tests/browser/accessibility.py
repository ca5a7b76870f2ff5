"""What axe-core finds on a page: `make check` installs it with the other tools of package.json."""

from functools import cache
from pathlib import Path

import pytest

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_NO_AXE = (
    "The accessibility tests need axe-core, which `make check` installs with the other tools of package.json."
)

_RUN = """async (state) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, impact, help, nodes }) =>
      nodes.map(({ target, html, failureSummary }) =>
        `${state}: ${id} (${impact}): ${help}\\n  ${JSON.stringify(target)}\\n  ${html.slice(0, 300)}`
        + `\\n  ${failureSummary.replaceAll("\\n", " ")}`));
}"""


def examine(screen, state, *, settled=True):
    """What is serious or critical in what a screen shows now, in words that begin with the state's name.

    Args:
        screen: that is looked at.
        state: what it is called.
        settled: whether to wait until the server has answered, which it does not while it waits itself.
    """
    if settled:
        screen.wait_for_rerun()
    if not screen.page.evaluate("Boolean(window.axe)"):
        screen.page.evaluate(_source())
    return screen.page.evaluate(_RUN, state)


@cache
def _source():
    if not _AXE.exists():
        pytest.fail(_NO_AXE)
    return _AXE.read_text(encoding="utf-8")
