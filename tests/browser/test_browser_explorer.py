"""The explorer in Chromium: drag, play, read a life, download, type nonsense, open two tabs. CI runs them.

How fast it is, is measured by test_browser_speed.py.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woc_sim.cli.main import main

pytestmark = pytest.mark.browser

SEATS = "Number(new URLSearchParams(location.search).get('a.locality.rrp_share'))"

WIDTHS = (
    "[...Bokeh.documents[0]._all_models.values()]"
    ".filter(each => each.type === 'Figure' && each.visible).map(each => each.inner_width)"
)
"""Widths in pixels of the figures that were made."""


def test_dragged_slider_redraws_the_history(open_tab: Any) -> None:
    tab = open_tab()
    before = tab.line("mean_attitude")
    box = tab.slider().bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    for step in range(1, 11):
        tab.page.mouse.move(x + 6 * step, y)
    tab.wait_until_other_than(before)  # while the mouse is still held
    tab.page.mouse.up()
    tab.page.wait_for_function(f"() => {SEATS} > 0.1")
    tab.settle()
    page, address = tab.line("mean_attitude"), tab.page.url
    tab.page.reload()
    tab.settle()
    assert tab.page.url == address
    assert tab.line("mean_attitude") == page, "what is drawn is the value at which the slider was left"


def test_held_slider_ends_where_it_is_left(open_tab: Any) -> None:
    tab = open_tab()
    handle = tab.slider()
    for _ in range(15):
        handle.press("ArrowRight")
    # what came in between may be skipped
    tab.page.wait_for_function(f"() => Math.abs({SEATS} - 0.25) < 1e-9")
    tab.settle()
    page = tab.line("mean_attitude")
    tab.page.reload()
    tab.settle()
    assert tab.line("mean_attitude") == page, "what is drawn is the value at which the slider was left"


def test_downloaded_config_gives_what_the_page_shows(open_tab: Any, tmp_path: Path) -> None:
    tab = open_tab("?a.case=C21&a.people=60&a.months=36&a.locality.rrp_share=0.35")
    tab.open_view("Take away")
    with tab.page.expect_download() as download:
        tab.page.get_by_text("Config of A", exact=True).click()
    download.value.save_as(tmp_path / "config.yaml")
    assert main(["run", f"from={tmp_path / 'config.yaml'}", f"out={tmp_path / 'run'}"]) == 0
    monthly = pd.read_parquet(tmp_path / "run" / "monthly.parquet")
    for indicator in ("mean_attitude", "mipex_total"):
        again = monthly.pivot(index="replicate", columns="month", values=indicator).to_numpy()
        np.testing.assert_array_equal(np.nanmean(again, axis=0), tab.line(indicator))


def test_months_are_played(open_tab: Any) -> None:
    tab = open_tab("?a.case=C21&a.people=300&a.months=36")
    tab.open_view("Town")
    tab.settle()
    month = tab.page.get_by_text("2014-12", exact=True)
    month.wait_for()  # the last month of three years
    tab.page.locator(".first:visible").first.click()
    tab.page.get_by_text("2012-01", exact=True).wait_for()
    tab.page.locator(".play:visible").first.click()
    month.wait_for()


def test_time_lines_are_drawn_in_full_after_another_view(open_tab: Any) -> None:
    """Bokeh gives a figure no width if it lays it out while its tab is hidden."""
    tab = open_tab("?a.people=300&a.months=36")
    tab.open_view("Town")
    tab.page.locator(".bk-Switch").click()  # a side B
    tab.page.get_by_text("edit B", exact=True).wait_for()
    tab.page.get_by_text("5 replicates", exact=True).wait_for()
    tab.open_view("Time lines")
    tab.page.wait_for_function(f"() => {WIDTHS}.length >= 8 && {WIDTHS}.every(width => width > 250)")


def test_pair_stands_below_one_another_on_a_tablet(open_tab: Any) -> None:
    tab = open_tab("?a.case=C21&a.people=300&b.case=C05&b.people=300")
    tab.open_view("Governance network")
    figures = tab.page.locator(".bk-Figure:visible")
    for width, below in ((1280, False), (820, True)):
        tab.page.set_viewport_size({"width": width, "height": 1180})
        tab.page.wait_for_function("width => window.innerWidth === width", arg=width)
        figures.nth(2).wait_for()
        tab.page.wait_for_timeout(500)  # the layout follows the window a moment later
        boxes = sorted((each.bounding_box() for each in figures.all()), key=lambda box: (box["y"], box["x"]))
        first, second, degrees = boxes  # degrees lie below both networks
        assert (second["y"] >= first["y"] + first["height"]) is below
        assert degrees["y"] >= second["y"] + second["height"]
        assert min(first["width"], second["width"]) > 400
        assert min(first["height"], second["height"]) > 400


def test_life_is_read(open_tab: Any) -> None:
    tab = open_tab("?a.case=C21&a.people=300&b.case=C21&b.people=300&b.theory.contact=none")
    tab.open_view("Life stories")
    tab.settle()
    lives = tab.page.get_by_label("Life (click a bar, or use the arrow keys)")
    lives.locator("option").nth(1).wait_for(state="attached")
    chosen, other = lives.locator("option").all_text_contents()[:2]
    assert chosen != other
    lives.select_option(label=other)
    name = other.split(": ", 1)[1].rsplit(" (", 1)[0]
    for side in "AB":
        tab.page.get_by_text(f"{side}: {name}", exact=True).wait_for()
    tab.open_view("Scoreboard")
    tab.open_view("Life stories")
    assert lives.locator("option:checked").text_content() == other, "the life that was read stays open"


def test_wrong_yaml_is_a_sentence_and_the_page_stays(open_tab: Any) -> None:
    tab = open_tab()
    before = tab.line("mean_attitude")
    tab.page.get_by_text("my own", exact=True).click()
    text = tab.page.locator("textarea:visible").first
    for wrong, words in (
        ("name: [unclosed", "not valid YAML"),
        ("name: x\nframework: XX", "size or inhabitants"),
    ):
        text.fill(wrong)
        text.press("Tab")
        tab.page.get_by_text("Use this locality", exact=True).click()
        tab.page.get_by_text(words).wait_for()
        assert tab.line("mean_attitude") == before
    text.fill("name: <script>alert(1)</script>\nframework: DE\nsize: rural\nexecutive: mixed\n")
    text.press("Tab")
    tab.page.get_by_text("Use this locality", exact=True).click()
    tab.page.get_by_text("<script>alert(1)</script>").first.wait_for()
    tab.settle()
    tab.page.wait_for_function("() => location.search.includes('script')")
    assert tab.line("mean_attitude") != before


def test_two_tabs_are_independent(open_tab: Any) -> None:
    one, other = open_tab(), open_tab("?a.case=C31&a.people=300")
    before = other.line("mean_attitude")
    one.move("ArrowRight", 3)
    assert other.line("mean_attitude") == before
    assert one.line("mean_attitude") != before
