"""Few tab stops, keys that work wherever the pointer is, and words that can be read."""

import pytest
from playwright.sync_api import expect

from panoseg import Thresholds
from panoseg.demo.gallery import GALLERY
from tests.browser.collection_screen import CollectionScreen
from tests.browser.screen import by_list, inside

ACTIVE = """() => {
  const { activeElement } = window.viewer().getRootNode();
  return activeElement?.getAttribute("aria-label") || activeElement?.textContent || "";
}"""

# Of each text that is seen in the viewer: its words, and the contrast with what is behind it (WCAG 2.2).
CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[3] * top[i] + (1 - top[3]) * below[i]).concat(1);
  const page = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const behind = (node) => {
    const layers = [];
    for (; node; node = node.parentElement ?? node.getRootNode().host) {
      layers.push(rgba(getComputedStyle(node).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, top) => over(top, below), rgba(page));
  };
  const luminance = ([r, g, b]) => {
    const curve = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const linear = [r, g, b].map((v) => curve(v / 255));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const found = [];
  const walker = document.createTreeWalker(window.viewer(), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    const visible = node.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    if (!words || !visible || node.closest(":disabled, .off, option, .announcement")) continue;
    const ground = behind(node);
    const text = over(rgba(getComputedStyle(node).color), ground);
    const [light, dark] = [luminance(text), luminance(ground)].sort((a, b) => b - a);
    found.push([words, (light + 0.05) / (dark + 0.05)]);
  }
  return found;
}"""


def focused(screen):
    return screen.page.evaluate(ACTIVE)


def test_tab_passes_the_list_and_the_toolbar_in_one_stop_each(screen, segmentation):
    screen.page.get_by_role("button", name="Zoom out").focus()
    seen = [focused(screen)]
    for _ in range(60):
        screen.page.keyboard.press("Tab")
        name = focused(screen)
        if not name and len(seen) > 5:
            break
        seen.append(name)
    assert len(segmentation.segments) == 15
    assert len(seen) < 30
    assert len([name for name in seen if name.startswith(("Show ", "Pin "))]) == 1
    for name in ("Opacity", "Outline width", "Filter segments by label", "Score"):
        assert name in seen


def test_arrows_go_along_a_row_and_from_row_to_row(screen, segmentation):
    first = by_list(segmentation.segments)[0]
    screen.page.get_by_role("button", name="Show all Things").focus()
    screen.page.keyboard.press("ArrowDown")
    assert focused(screen) == f"Show {first.label} {first.id}"
    screen.page.keyboard.press("ArrowRight")
    assert focused(screen).startswith(f"{first.label} {first.id}")
    screen.page.keyboard.press("Enter")
    screen.wait_for_selected(first)
    screen.page.keyboard.press("ArrowRight")
    assert focused(screen) == f"Pin {first.label} {first.id}"
    screen.page.keyboard.press("End")
    last = by_list(segmentation.segments)[-1]
    assert focused(screen) == f"Show {last.label} {last.id}"
    screen.page.keyboard.press("Home")
    assert focused(screen) == "Show all Things"
    # Out of the list and back: to where one was.
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Shift+Tab")
    screen.page.keyboard.press("Tab")
    assert focused(screen) == f"Show {first.label} {first.id}"


def test_the_table_is_one_stop_whose_rows_keys_select(screen, segmentation):
    screen.open_tab("Numbers")
    expect(screen.numbers).to_have_count(len(segmentation.segments))
    screen.page.keyboard.press("Tab")
    assert focused(screen) == "No."
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("ArrowDown")
    first, second = segmentation.segments[:2]
    expect(screen.number(first)).to_be_focused()
    expect(screen.viewer).to_have_attribute("data-hovered", first.key)
    screen.page.keyboard.press("Enter")
    screen.wait_for_selected(first)
    screen.page.keyboard.press("ArrowDown")
    screen.page.keyboard.press("Shift+Space")
    screen.wait_for_selected(first, second)
    screen.page.keyboard.press("Tab")
    expect(screen.viewer).to_have_attribute("data-hovered", "")
    assert not focused(screen)


def test_near_misses_come_back_by_keys_that_never_lose_their_place(screen, photo):
    screen.press_keys("Score", "End")
    screen.wait_for_map(photo, Thresholds(score=1.0))
    group = screen.page.get_by_role("group", name="Just missed")
    expect(group.get_by_role("button").nth(1)).to_be_attached()
    screen.page.keyboard.press("Tab")  # the number beside the slider
    while not focused(screen).startswith("Bring back"):
        screen.page.keyboard.press("Tab")
    likeliest = focused(screen)
    screen.page.keyboard.press("ArrowRight")
    second = focused(screen)
    assert second.startswith("Bring back")
    assert second != likeliest
    screen.page.keyboard.press("Enter")
    expect(screen.viewer).not_to_have_attribute("data-segments", "0")
    expect(group.get_by_role("button", name=second)).to_have_count(0)
    assert focused(screen).startswith("Bring back")
    screen.page.keyboard.press("Control+z")
    screen.wait_for_map(photo, Thresholds(score=1.0))
    screen.open_tab("Near misses")
    screen.page.locator(".bring-back").first.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.viewer).not_to_have_attribute("data-segments", "0")
    assert focused(screen).startswith("Bring back")


def test_arrows_go_along_the_toolbar(screen):
    screen.page.get_by_role("button", name="Zoom out").focus()
    view = ("Zoom", "Zoom in", "Fit", "Labels", "Cut out", "Before and after", "Where is it unsure?")
    for name in (*view, "Colours", "Outlines", "Copy link", "How it works", "Keys"):
        screen.page.keyboard.press("ArrowRight")
        assert focused(screen).startswith(name)
    screen.page.keyboard.press("Home")
    assert focused(screen) == "Zoom out"
    screen.page.keyboard.press("End")
    assert focused(screen) == "Keys"


def test_keys_work_after_a_slider_and_after_the_page_around(screen, segmentation):
    zoom = screen.zoom
    screen.page.get_by_role("slider", name="Opacity").click()
    screen.page.keyboard.press("+")
    expect(screen.viewer).to_have_attribute("data-zoom", f"{1.5 * zoom:.3f}")
    # A field for numbers has no use for letters.
    screen.page.get_by_role("spinbutton", name="Mask as a number").focus()
    screen.page.keyboard.press("n")
    screen.wait_for_selected(by_list(segmentation.segments)[0])
    screen.page.keyboard.press("Tab")
    # Another of the page's own controls has the focus, and the pointer is over the picture.
    screen.page.get_by_role("radio").first.focus()
    box = screen.viewer.locator(".board").bounding_box()
    screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.page.keyboard.press("0")
    expect(screen.viewer).to_have_attribute("data-zoom", "1.000")


def test_keys_lead_into_a_menu_and_out_of_it(screen):
    opener = screen.page.locator(".st-key-compare-menu").get_by_role("button")
    opener.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("radio", name="Nothing")).to_be_focused()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Space")
    expect(screen.beside.viewer).to_have_attribute("data-outcomes", "shown")
    expect(screen.page.get_by_role("radio", name="Other settings")).to_be_checked()
    screen.page.keyboard.press("Tab")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("radio", name="Other settings")).to_be_focused()
    screen.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    # Nor is there a stop that nobody sees.
    for _ in range(4):
        screen.page.keyboard.press("Tab")
        assert screen.page.evaluate(
            "document.activeElement.checkVisibility({ visibilityProperty: true })"
            " && !document.activeElement.closest('.st-key-open')"
        )


def test_keys_stay_in_a_menu_whose_button_leaves_with_what_it_did(screen, photo):
    screen.choose_rival("Annotation")
    screen.page.locator(".st-key-reference-menu").get_by_role("button").press("Enter")
    upload = screen.page.get_by_test_id("stPopoverBody").locator("button", has_text="Upload")
    expect(upload).to_be_focused()
    with screen.page.expect_file_chooser() as chooser:
        upload.press("Enter")
    chooser.value.set_files({"name": "notes.json", "mimeType": "application/json", "buffer": b"{}"})
    expect(screen.alerts.first).to_be_visible()
    expect(screen.page.get_by_test_id("stPopoverBody").locator(":focus")).to_have_count(1)


def test_keys_go_along_the_filmstrip(screen):
    first, *_, last = GALLERY.values()
    screen.tile(first).focus()
    screen.page.keyboard.press("End")
    expect(screen.tile(last)).to_be_focused()
    screen.page.keyboard.press("ArrowRight")
    expect(screen.tile(first)).to_be_focused()
    screen.page.keyboard.press("ArrowLeft")
    expect(screen.tile(last)).to_be_focused()
    screen.page.keyboard.press("Home")
    expect(screen.tile(first)).to_be_focused()


def test_keys_lead_to_the_picker_of_models_whose_script_comes_when_the_menu_opens(screen):
    screen.model_menu.focus()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("combobox", name="Model")).to_be_focused()


def test_keys_go_on_at_the_picture_once_a_message_is_closed(visit, photo):
    screen = visit("/?model=nobody/nothing").wait_for_map(photo).wait_for_page()
    cross = screen.page.get_by_role("button", name="Close this message")
    cross.focus()
    screen.page.keyboard.press("Enter")
    expect(cross).to_have_count(0)
    expect(screen.board).to_be_focused()


def test_keys_go_on_at_the_pictures_of_the_page_that_comes(screen, photo):
    collection = CollectionScreen(screen)
    grid = screen.page.get_by_role("listbox", name="Pictures")
    screen.page.get_by_role("link", name="Collection").press("Enter")
    expect(grid).to_be_focused()
    screen.page.get_by_role("link", name="Picture", exact=True).press("Enter")
    screen.wait_for_map(photo)
    expect(screen.board).to_be_focused()
    screen.page.go_back()
    expect(grid).to_be_focused()
    collection.first.wait_for()
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_role("link", name="Back to the collection")).to_be_visible()
    expect(screen.board).to_be_focused()


def test_a_visit_begins_where_the_browser_begins(visit, photo):
    screen = visit().wait_for_map(photo).wait_for_page()
    assert screen.page.evaluate("document.activeElement === document.body")


def test_who_is_somewhere_else_when_a_page_comes_stays_there(screen):
    page = screen.page
    page.get_by_role("link", name="Collection").press("Enter")
    run = page.get_by_role("combobox", name="Collection")
    run.focus()
    CollectionScreen(screen).first.wait_for()
    expect(run).to_be_focused()


@pytest.mark.parametrize("key", ["Control", "Meta"])
def test_a_click_with_a_key_held_adds_to_the_selection(screen, segmentation, key):
    one, two, three = [s for s in segmentation.segments if inside(segmentation, s.id)][:3]
    screen.click_at(*inside(segmentation, one.id))
    screen.wait_for_selected(one)
    screen.click_at(*inside(segmentation, two.id), keys=[key])
    screen.wait_for_selected(one, two)
    screen.page.locator(f".row[data-key='{three.key}'] .pick").click(modifiers=[key])
    screen.wait_for_selected(one, two, three)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_from_what_is_behind_it(visit, photo, segmentation, scheme):
    screen = visit(color_scheme=scheme).wait_for_map(photo).wait_for_page()
    screen.toggle(segmentation.segments[0])
    screen.wait_for_shown(len(segmentation.segments) - 1)
    screen.page.mouse.move(2, 2)
    # Settled, as one whose element leaves meanwhile is cancelled, which is no failure of the page.
    screen.page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    contrasts = screen.page.evaluate(CONTRASTS)
    assert len(contrasts) > 30
    assert [(words, round(value, 2)) for words, value in contrasts if value < 4.5] == []
