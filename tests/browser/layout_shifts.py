"""What moves by itself on the page: the browser's own layout shifts, by the step that brought them about."""

from collections import defaultdict
from typing import NamedTuple

MOST = 0.02
"""Sum of all layout shifts that no click or key press came just before."""

OPENING = "the page opens"
"""The step before the first."""

# The browser hides from a page what it knows of elements in shadow trees: they are found by where they are.
WATCH_SHIFTS = (
    f"""
window.step = "{OPENING}";"""
    + """
window.shifts = [];
window.allElements = function* (root = document) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* window.allElements(element.shadowRoot);
  }
};
window.wordsFor = (element) => {
  const label = element.getAttribute("aria-label") ?? element.dataset.testid ?? "";
  const key = [...element.classList].find((name) => name.startsWith("st-key-")) ?? element.classList[0] ?? "";
  return `${element.localName}.${key}${label && ` "${label}"`}`;
};
window.elementAt = ({ node, currentRect }) => {
  if (node) return window.wordsFor(node.nodeType === 1 ? node : node.parentElement);
  for (const element of window.allElements()) {
    const box = element.getBoundingClientRect();
    const sides = ["x", "y", "width", "height"];
    if (sides.every((side) => Math.abs(box[side] - currentRect[side]) < 1.5)) return window.wordsFor(element);
  }
  return "something gone";
};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.shifts.push({
      step: window.step,
      value: entry.value,
      expected: entry.hadRecentInput,
      elements: entry.sources.map((source) => {
        const [from, to] = [source.previousRect, source.currentRect].map(
          ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" "),
        );
        return `${window.elementAt(source)} [${from}] → [${to}]`;
      }),
    });
  }
}).observe({ type: "layout-shift", buffered: true });
"""
)


# Longer than the half second after a click or key press for which the browser calls a shift expected: what
# only a slow network would show, a control whose script comes late or an answer that pushes, counts here.
FAR_MS = 600


def go_far_away(page):
    """From now on everything that the page fetches comes late; what comes over its socket does not."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    late = {"offline": False, "latency": FAR_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", late)


class Shift(NamedTuple):
    """One layout shift.

    Attributes:
        step: during which it came.
        value: as the Layout Instability API defines it: share of the window × share of the distance.
        expected: whether the visitor had clicked or pressed a key within half a second before.
        elements: what moved, and from where to where.
    """

    step: str
    value: float
    expected: bool
    elements: list[str]


def begin_step(screen, name):
    """What moves from now on is put down to this step."""
    screen.page.evaluate("name => (window.step = name)", name)


def shifts(screen):
    """All that moved so far."""
    # Entries are handed out with the frames: those of the last one come with the next.
    screen.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
    return [Shift(**shift) for shift in screen.page.evaluate("window.shifts")]


def table(found):
    """Which steps moved how much, the most first, and what moved."""
    by_step = defaultdict(list)
    for shift in found:
        by_step[shift.step].append(shift)
    lines = []
    for step, members in sorted(by_step.items(), key=lambda item: -sum(s.value for s in item[1])):
        unexpected = sum(shift.value for shift in members if not shift.expected)
        lines.append(f"{sum(s.value for s in members):.4f} (by itself {unexpected:.4f}) {step}")
        lines += [f"    {shift.value:.4f} {element}" for shift in members for element in shift.elements]
    return "\n".join(lines)


def assert_still(screen, record_property):
    """Nothing has moved by itself.

    Args:
        screen: that was watched from its opening on.
        record_property: pytest's, for the figures.
    """
    found = shifts(screen)
    alone = [shift for shift in found if not shift.expected]
    record_property("layout shift", sum(shift.value for shift in alone))
    record_property("layout shift after input, too", sum(shift.value for shift in found))
    report = (
        f"sum {sum(s.value for s in found):.4f}, by itself {sum(s.value for s in alone):.4f}\n{table(found)}"
    )
    print(report)
    assert sum(shift.value for shift in alone) <= MOST, report
