"""What holds for all views: quick to show, nothing empty, A alone, and names of others as text."""

import time

import numpy as np
import panel as pn
import pytest
from bokeh.models import ColumnDataSource
from small_pairs import SCRIPT, alone, pair

from woc_sim.explorer.views import make_views

NAMES = [view.name for view in make_views()]
MILLISECONDS = 60


@pytest.fixture(scope="module")
def built():
    """Each view with its panel, by name. Built once: that takes most of the time of these tests."""
    return {view.name: (view, view.panel()) for view in make_views()}


def sources(panel) -> list[ColumnDataSource]:
    """All data sources of a panel."""
    found = []
    for pane in panel.select(pn.pane.Bokeh):
        found += pane.object.select({"type": ColumnDataSource})
    return found


def rows(panel) -> int:
    """Rows of all data sources of a panel."""
    return sum(len(next(iter(each.data.values()))) for each in sources(panel))


def put(view, pair, month: int) -> None:
    """Show a pair and a month, as the page does."""
    view.prepare(pair)
    view.show(pair)
    view.month(month)


def test_names_and_titles_differ():
    assert len(set(NAMES)) == len({view.title for view in make_views()}) == len(NAMES) == 7


@pytest.mark.parametrize("name", NAMES)
def test_a_view_is_shown_and_turned_in_less_than_60_ms_and_nothing_is_drawn_anew(built, name):
    view, panel = built[name]
    put(view, pair(), 10)
    before = sources(panel)
    begun = time.process_time()
    view.show(pair())
    between = time.process_time()
    view.month(20)
    ended = time.process_time()
    assert 1000 * (between - begun) < MILLISECONDS
    assert 1000 * (ended - between) < MILLISECONDS
    assert {id(each) for each in before} == {id(each) for each in sources(panel)}


@pytest.mark.parametrize("name", NAMES)
def test_a_alone_leaves_nothing_of_b_and_a_locality_called_script_is_text(built, name):
    view, panel = built[name]
    put(view, pair(), 50)
    both = rows(panel)
    put(view, alone(), 20)
    texts = [str(pane.object) for pane in panel.select(pn.pane.HTML)]
    assert not any(SCRIPT in text for text in texts)
    if name == "scoreboard":
        return
    assert any("&lt;script&gt;" in text for text in texts)
    assert "<b>B</b>" not in view._heading.object
    if name != "types":
        assert 0 < rows(panel) < both


def test_widgets_have_names_for_screen_readers(built):
    for view, panel in built.values():
        assert [each for each in panel.select(pn.widgets.Widget) if not each.label] == [], view.name


def test_colours_of_a_and_b_are_told_apart_by_shape_and_dash_too():
    from woc_sim.explorer.views import drawing

    for looks in (drawing.SIDE_COLOURS, drawing.SIDE_MARKS, drawing.SIDE_DASHES):
        assert len(set(looks)) == 2
    assert np.unique(drawing.ATTITUDES).size == 11
