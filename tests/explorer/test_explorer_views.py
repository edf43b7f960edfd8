"""What holds for all views: quick to show, nothing empty, A alone, and names of others as text."""

import time

import numpy as np
import panel as pn
import pytest
from bokeh.models import ColumnDataSource
from small_pairs import SCRIPT, alone, pair, shown

from woc_sim.explorer.views import make_views

NAMES = [view.name for view in make_views()]
MILLISECONDS = 60


def view_of(name: str):
    return next(view for view in make_views() if view.name == name)


def sources(panel) -> list[ColumnDataSource]:
    """All data sources of a panel."""
    found = []
    for pane in panel.select(pn.pane.Bokeh):
        found += pane.object.select({"type": ColumnDataSource})
    return found


def test_names_and_titles_differ():
    assert len(set(NAMES)) == len({view.title for view in make_views()}) == len(NAMES) == 7


@pytest.mark.parametrize("name", NAMES)
def test_a_view_is_shown_and_turned_in_less_than_60_ms(name):
    view = shown(view_of(name), pair())
    begun = time.process_time()
    view.show(pair())
    between = time.process_time()
    view.month(20)
    ended = time.process_time()
    assert 1000 * (between - begun) < MILLISECONDS
    assert 1000 * (ended - between) < MILLISECONDS


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_drawn_anew(name):
    view = view_of(name)
    panel = view.panel()
    view.prepare(pair())
    before = sources(panel)
    view.show(pair())
    view.month(10)
    after = sources(panel)
    assert {id(each) for each in before} == {id(each) for each in after}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("types", "scoreboard")])
def test_b_is_gone_when_there_is_only_a(name):
    view = shown(view_of(name), pair())
    assert "<b>B</b>" in view._heading.object
    both = sum(_rows(view))
    shown(view, alone(), 20)
    assert "<b>B</b>" not in view._heading.object
    assert 0 < sum(_rows(view)) < both


def _rows(view) -> list[int]:
    return [len(next(iter(each.data.values()))) for each in sources(view.panel())]


@pytest.mark.parametrize("name", NAMES)
def test_a_locality_called_script_is_text(name):
    view = view_of(name)
    panel = view.panel()
    view.prepare(alone())
    view.show(alone())
    texts = [str(pane.object) for pane in panel.select(pn.pane.HTML)]
    assert not any(SCRIPT in text for text in texts)
    if name != "scoreboard":
        assert any("&lt;script&gt;" in text for text in texts)


def test_widgets_have_names_for_screen_readers():
    for view in make_views():
        unnamed = [each for each in view.panel().select(pn.widgets.Widget) if not each.label]
        assert unnamed == [], view.name


def test_colours_of_a_and_b_are_told_apart_by_shape_and_dash_too():
    from woc_sim.explorer.views import drawing

    for looks in (drawing.SIDE_COLOURS, drawing.SIDE_MARKS, drawing.SIDE_DASHES):
        assert len(set(looks)) == 2
    assert np.unique(drawing.ATTITUDES).size == 11
