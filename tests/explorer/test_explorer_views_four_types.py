"""The four types: the settings with each type in turn, simulated when asked for."""

import numpy as np
import pytest
from small_pairs import pair, shown

from woc_sim.explorer.pair import Pair
from woc_sim.explorer.views.four_types import SHOWN, TypesView, of_type, simulate_types, type_words
from woc_sim.inputs.vocabulary import TYPES
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import signs
from woc_sim.scenario.realise import realise


@pytest.fixture(scope="module")
def view():
    """A view that was built once; its lines are of the pair."""
    view = shown(TypesView(), pair())
    assert view._state.object == "Not simulated yet."
    assert all(len(each.data["time"]) == 0 for each in view.lines.values())
    return view


@pytest.fixture
def drawn(view, found):
    """The view with the lines of the pair."""
    view.show(pair())
    view.draw(pair(), found)
    return view


@pytest.fixture(scope="module")
def found():
    return [simulate_types(side) for side in pair().sides]


def test_a_type_changes_what_the_type_says_and_nothing_else():
    scenario = pair().a.scenario
    for name in TYPES:
        changed = of_type(scenario, name)
        (before,), (after,) = scenario.localities, changed.localities
        drawn = realise(after, scenario.seed, 0)
        assert (drawn.structure, drawn.experience) == signs(name)
        assert (after.size, after.executive, after.framework) == (
            before.size,
            before.executive,
            before.framework,
        )
        assert changed.parameters == scenario.parameters


def test_lines_are_the_means_of_the_runs(drawn, found):
    for (side, name, indicator), source in drawn.lines.items():
        values = found[side][name][:, :, INDICATOR_NAMES.index(indicator)]
        known = np.isfinite(values).all(axis=0)  # others are tested with the bands
        assert np.allclose(source.data["mean"][known], values.mean(axis=0)[known])
        assert len(source.data["time"]) == pair().months
    index = found[0]["marginal"][:, -1, INDICATOR_NAMES.index("mipex_total")].mean()
    assert f"marginal {index:.0f}" in drawn._state.object


def test_types_end_differently(found):
    ends = [found[0][name][:, -1].tobytes() for name in TYPES]
    assert len(set(ends)) == len(TYPES)


def test_lines_of_earlier_settings_are_called_so(drawn):
    drawn.show(Pair(pair().a, pair().b))
    assert "earlier" not in drawn._state.object
    drawn.show(Pair(pair().b, pair().a))
    assert "earlier settings" in drawn._state.object


def test_b_is_taken_away_when_there_is_only_a(drawn, found):
    drawn.draw(Pair(pair().a), found[:1])
    assert len(drawn.lines[1, TYPES[0], SHOWN[0][0]].data["time"]) == 0
    assert len(drawn.lines[0, TYPES[0], SHOWN[0][0]].data["time"]) == pair().months


def test_types_in_words():
    assert type_words("left_behind") == "left behind (- -)"
