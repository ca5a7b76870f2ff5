"""One selection for picture, list and table; the list's groups and filter; keys and help."""

from playwright.sync_api import expect

from panoseg import Thresholds
from tests.browser.screen import assert_painted, by_list, inside, masks_of


def lit(segmentation, *chosen):
    ids = {segment.id for segment in chosen}
    return {segment.id: 0.75 if segment.id in ids else 0.6 * 0.35 for segment in segmentation.segments}


def test_a_click_selects_before_the_server_hears_of_it(screen, segmentation):
    one, two = segmentation.segments[1], segmentation.segments[2]
    screen.page.evaluate("window.sent = []")

    screen.click_at(*inside(segmentation, one.id))

    screen.wait_for_selected(one)
    assert screen.first_sent()["selected"] == ["1"]
    assert_painted(screen.painted("masks"), masks_of(segmentation, opacities=lit(segmentation, one)))
    screen.click_at(*inside(segmentation, two.id), keys=["Shift"])
    screen.wait_for_selected(one, two)
    screen.page.wait_for_timeout(400)  # else two clicks might count as one double click
    screen.click_at(*inside(segmentation, two.id), keys=["Shift"])
    screen.wait_for_selected(one)
    screen.page.wait_for_timeout(400)
    screen.click_at(*inside(segmentation, one.id))
    screen.wait_for_selected()


def test_the_table_shows_what_was_clicked_and_changes_it(screen, segmentation):
    one, two = segmentation.segments[1], segmentation.segments[2]
    screen.open_tab("Numbers")
    screen.click_at(*inside(segmentation, two.id))
    screen.wait_for_selected(two)
    expect(screen.number(two)).to_have_attribute("aria-selected", "true")
    # The row is selected already, so that one click on it takes it away again.
    screen.select_number(two)
    screen.wait_for_selected()
    screen.select_number(one)
    screen.wait_for_selected(one)
    screen.page.keyboard.down("Control")
    screen.select_number(two)
    screen.page.keyboard.up("Control")
    screen.wait_for_selected(one, two)


def test_bars_table_and_picture_select_the_same(screen, segmentation):
    one = max(segmentation.segments, key=lambda segment: segment.area)
    screen.open_tab("Numbers")
    blocks = screen.page.locator(".area-bars .block")
    expect(blocks).to_have_count(len(segmentation.segments))
    screen.page.locator(f'.area-bars [title^="{one.label} {one.id}:"]').click()
    screen.wait_for_selected(one)
    expect(screen.page.locator(".area-bars .block:not(.faint)")).to_have_count(1)
    screen.select_number(one)  # it is selected there, too: a click takes it away
    screen.wait_for_selected()
    expect(screen.page.locator(".area-bars .block.faint")).to_have_count(0)


def test_the_table_keeps_its_order_and_has_every_segment(screen, photo, core):
    thresholds = Thresholds(score=0.0)
    screen.press_keys("Score", "Home")
    screen.wait_for_map(photo, thresholds)
    segments = core(photo, thresholds).segments
    screen.open_tab("Numbers")
    expect(screen.numbers).to_have_count(len(segments))
    head = screen.page.get_by_role("columnheader", name="Area", exact=False).first
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    numbers = screen.numbers.locator("td:first-child")
    order = by_area(segments)
    expect(numbers).to_have_text(order)
    screen.select_number(segments[2])
    screen.wait_for_selected(segments[2])
    screen.wait_for_rerun()
    expect(numbers).to_have_text(order)
    expect(head).to_have_attribute("aria-sort", "descending")
    # Another threshold sorts other segments by the same column.
    screen.press_keys("Score", "End", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    fewer = Thresholds(score=0.97)
    screen.wait_for_map(photo, fewer)
    expect(numbers).to_have_text(by_area(core(photo, fewer).segments))


def by_area(segments):
    """Numbers of segments as the table writes them, the largest first."""
    return [str(s.id) for s in sorted(segments, key=lambda s: (-s.area, s.id))]


def test_the_newest_click_wins(screen, segmentation):
    chosen = [segment for segment in segmentation.segments if inside(segmentation, segment.id)][:5]
    for segment in chosen:
        screen.click_at(*inside(segmentation, segment.id))
        screen.page.wait_for_timeout(150)  # just long enough for a report each
    screen.wait_for_rerun()
    screen.wait_for_selected(chosen[-1])


def test_keys_walk_hide_and_show(screen, segmentation):
    order = by_list(segmentation.segments)
    screen.type_keys("n")
    screen.wait_for_selected(order[0])
    screen.type_keys("n", "n", "p")
    screen.wait_for_selected(order[1])
    screen.type_keys("h")
    screen.wait_for_shown(len(order) - 1)
    screen.type_keys("i")
    screen.wait_for_shown(1)
    screen.type_keys("a")
    screen.wait_for_shown(len(order))
    screen.type_keys("Escape")
    screen.wait_for_selected()


def test_a_label_and_a_kind_are_switched_at_once(screen, segmentation):
    labels = [segment.label for segment in segmentation.segments]
    label = next(label for label in labels if labels.count(label) > 1)
    things = sum(segment.kind == "thing" for segment in segmentation.segments)
    screen.press(f"Show all {label}")
    screen.wait_for_shown(len(labels) - labels.count(label))
    screen.press("Show all Things")  # some are hidden: all are shown
    screen.wait_for_shown(len(labels))
    screen.press("Show all Things")
    screen.wait_for_shown(len(labels) - things)
    screen.press(f"Show only {label}")
    screen.wait_for_shown(labels.count(label))


def test_the_filter_finds_labels(screen, segmentation):
    label = segmentation.segments[0].label
    others = [segment for segment in segmentation.segments if segment.label != label]
    screen.page.get_by_role("searchbox").fill(label.upper())
    expect(screen.page.locator(".row")).to_have_count(len(segmentation.segments) - len(others))
    screen.press("None")  # of those that are listed
    screen.wait_for_shown(len(others))
    screen.page.get_by_role("searchbox").fill("<b>nothing</b>")
    expect(screen.viewer).to_contain_text("No label matches.")
    screen.page.get_by_role("searchbox").press("Escape")
    expect(screen.page.locator(".row")).to_have_count(len(segmentation.segments))


def test_the_help_lists_the_keys(screen):
    screen.type_keys("?")
    sheet = screen.page.get_by_role("dialog", name="Mouse and keys")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Zoom to the segment")
    assert sheet.evaluate("sheet => sheet.scrollTop") == 0
    screen.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    screen.viewer.get_by_role("button", name="Keys", exact=True).click()
    expect(sheet).to_be_visible()
    screen.press("Close")
    expect(sheet).to_be_hidden()


def test_everything_has_a_name_and_can_be_reached_with_tab(screen):
    nameless = screen.viewer.locator("button, input, select, [tabindex='0'], [role=img]").evaluate_all(
        """nodes => nodes.filter((n) => {
          const name = n.getAttribute("aria-label") || n.getAttribute("aria-labelledby") || n.textContent;
          return !name.trim();
        }).length"""
    )
    assert nameless == 0
    screen.page.get_by_role("button", name="Zoom out").focus()
    roles = []
    for _ in range(40):
        screen.page.keyboard.press("Tab")
        roles.append(
            screen.page.evaluate(
                """() => {
                  const { activeElement } = window.viewer().getRootNode();
                  const words = activeElement?.cloneNode(true);
                  for (const unread of words?.querySelectorAll("[aria-hidden]") ?? []) unread.remove();
                  return activeElement?.getAttribute("aria-label") || words?.textContent;
                }"""
            )
        )
    assert "Opacity" in roles
    expected = ["Opacity", "Outline width", "Open photo", "All", "Filter segments by label"]
    assert [name for name in roles if name in expected][: len(expected)] == expected
    assert next(name for name in roles if name and "lists the keys" in name)
