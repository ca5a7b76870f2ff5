"""The picture: masks on the canvas, names under the pointer, segments switched on and off."""

import numpy as np
from playwright.sync_api import expect

from panoseg.demo.gallery import GALLERY, open_scene
from tests.browser.screen import assert_painted, assert_pixels_agree, masks_of, places

SECOND = list(GALLERY)[1]


def test_the_page_opens_on_a_scene_with_its_masks(screen, photo, segmentation):
    assert len(segmentation.segments) >= 3
    expect(screen.viewer).to_have_attribute("data-segments", str(len(segmentation.segments)))
    assert_painted(screen.painted("masks"), masks_of(segmentation))
    shown = screen.painted("photo")[..., :3]
    assert np.abs(shown - photo.pixels).mean() < 3  # it travels as a JPEG


def test_hovering_names_the_segment_under_the_pointer(screen, segmentation):
    for segment, place in places(segmentation):
        screen.point_at(*place)
        share = 100 * segment.area / segmentation.id_map.size
        expect(screen.tip.locator("b")).to_have_text(f"{segment.label} {segment.id}")
        expect(screen.tip).to_contain_text(
            f"score {segment.score:.3f} · {segment.area:,} px, {share:.1f} % · x {place[0]}, y {place[1]}"
        )
        lit = screen.painted("light")[..., 3] > 0
        assert_pixels_agree(lit, segmentation.id_map == segment.id)


def test_the_tip_leaves_with_the_pointer(screen, segmentation):
    _, place = places(segmentation)[0]
    screen.point_at(*place)
    expect(screen.tip).to_be_visible()
    screen.page.mouse.move(5, 5)
    expect(screen.tip).to_be_hidden()
    assert not screen.painted("light").any()


def test_a_hidden_segment_is_gone_before_the_server_hears_of_it(screen, segmentation):
    segment, place = places(segmentation)[-1]
    rest = len(segmentation.segments) - 1
    # The pointer lights the segment up on its way; only the click is of interest.
    screen.eye(segment).hover()
    expect(screen.page.locator(".row.hovered")).to_have_count(1)
    screen.page.evaluate("place => { window.probe = place; window.sent = []; }", list(place))

    screen.toggle(segment)

    screen.wait_for_shown(rest)
    assert_painted(screen.painted("masks"), masks_of(segmentation, hidden=[segment.id]))
    told = screen.first_sent()
    assert (told["shown"], told["alpha"]) == (str(rest), 0)

    screen.point_at(*place)
    expect(screen.tip).to_contain_text("hidden")
    screen.toggle(segment)
    screen.wait_for_shown(rest + 1)
    assert_painted(screen.painted("masks"), masks_of(segmentation))


def test_none_all_and_only(screen, segmentation):
    ids = [segment.id for segment in segmentation.segments]
    kept = segmentation.segments[1]

    screen.press("None")
    screen.wait_for_shown(0)
    assert not screen.painted("masks").any()
    expect(screen.notice).to_contain_text("Every segment is hidden")

    screen.show_only(kept)
    screen.wait_for_shown(1)
    others = [number for number in ids if number != kept.id]
    assert_painted(screen.painted("masks"), masks_of(segmentation, hidden=others))
    expect(screen.viewer).to_contain_text(f"1 of {len(ids)} shown")
    expect(screen.notice).to_be_hidden()

    screen.press("All")
    screen.wait_for_shown(len(ids))
    assert_painted(screen.painted("masks"), masks_of(segmentation))


def test_another_picture_begins_with_every_segment(screen, core):
    screen.press("None")
    screen.wait_for_shown(0)
    screen.go_to(GALLERY[SECOND])
    second = open_scene(SECOND)
    screen.wait_for_map(second)
    screen.wait_for_shown(len(core(second).segments))
    assert_painted(screen.painted("masks"), masks_of(core(second)))


def test_opacity_and_outlines(screen, segmentation):
    screen.press_keys("Opacity", *["ArrowLeft"] * 2)
    screen.press("Outlines")
    # Inside a segment alpha is half of 255, and nothing is opaque once the borders are gone.
    screen.page.wait_for_function(
        """([x, y]) => {
          const { data, width } = window.viewer().querySelector("canvas.masks").getContext("2d")
            .getImageData(0, 0, 960, 640);
          const alphas = data.filter((value, index) => index % 4 === 3);
          return alphas[y * width + x] === 128 && !alphas.includes(255);
        }""",
        arg=list(places(segmentation)[0][1]),
    )
    assert_painted(screen.painted("masks"), masks_of(segmentation, opacity=0.5, outlines=False))


def test_a_selected_row_lights_its_segment_up(screen, segmentation):
    chosen = segmentation.segments[2]
    screen.open_tab("Numbers")
    screen.select_number(chosen)
    screen.open_tab("Segments")
    selected = screen.page.locator(".row.selected")
    expect(selected).to_have_count(1)
    expect(selected.locator(".name")).to_have_text(f"{chosen.label} {chosen.id}")
    opacities = {segment.id: 0.6 * 0.35 for segment in segmentation.segments} | {chosen.id: 0.75}
    assert_painted(screen.painted("masks"), masks_of(segmentation, opacities=opacities))
