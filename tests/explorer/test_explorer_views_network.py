"""The governance network: ties are those of the history, and the layout never moves."""

import numpy as np
import pytest
from small_pairs import pair, shown

from woc_sim.explorer.views.network import (
    LEAST_MEETINGS,
    SORTS,
    NetworkView,
    layout_of,
    sort_of,
    ties_of,
    weighted_degrees,
)
from woc_sim.inputs.organisations import actor_kinds

MONTH = 40


@pytest.fixture(scope="module")
def view():
    return shown(NetworkView(), pair(), MONTH)


def test_drawn_ties_are_those_with_enough_meetings(view):
    for number, side in enumerate(pair().sides):
        monthly = side.history().monthly
        active = monthly["organisations.active"][MONTH] == 1
        frequency = monthly["governance.frequency"][MONTH]
        meetings = np.triu(0.5 * (frequency + frequency.T) * np.outer(active, active), 1)
        expected = meetings[meetings >= view.least.value]
        drawn = [each.data["meetings"] for each in view.ties[number].values()]
        assert np.allclose(np.sort(np.concatenate(drawn)), np.sort(expected))
        assert len(expected) > 10


def test_conflict_is_dashed(view):
    tones = [
        (dash, tone) for sides in view.ties for dash, each in sides.items() for tone in each.data["tone"]
    ]
    assert all((tone < 0) == (dash == "dashed") for dash, tone in tones)
    assert {dash for dash, _ in tones} == {"solid", "dashed"}


def test_wider_lines_are_of_those_who_meet_more(view):
    drawn = view.ties[0]["solid"].data
    order = np.argsort(drawn["meetings"])
    assert (np.diff(drawn["width"][order]) >= 0).all()


def test_sizes_follow_the_weighted_degree(view):
    network = view._network(pair().a)
    degrees = weighted_degrees(network, MONTH)
    here = network.history.monthly["organisations.active"][MONTH] == 1
    drawn = view.nodes[0].data
    assert np.allclose(drawn["degree"], degrees[here])
    assert degrees.sum() == pytest.approx(2 * ties_of(network, MONTH)[2].sum())
    assert list(drawn["who"]) == [
        name for name, one in zip(network.history.organisations, here, strict=True) if one
    ]


def test_the_layout_is_the_same_in_all_months(view):
    def places(month):
        view.month(month)
        drawn = view.nodes[0].data
        return dict(zip(drawn["who"], zip(drawn["x"], drawn["y"], strict=True), strict=True))

    first, later = places(2), places(55)
    view.month(MONTH)
    both = first.keys() & later.keys()
    assert len(both) > 10
    assert all(first[who] == later[who] for who in both)
    assert len(set(later.values())) == len(later)


def test_degrees_by_kind_and_their_difference(view):
    kinds = [each.plural for each in actor_kinds()]
    a, b = (each.data for each in view.kinds)
    assert a["kind"] == kinds
    row = kinds.index("executive")
    network = view._network(pair().a)
    own = network.history.end["organisations.kind"] == row
    assert a["degree"][row] == pytest.approx(weighted_degrees(network, MONTH)[own].mean())
    change = b["degree"][row] - a["degree"][row]
    assert view.changes.data["words"][row] == f"{change:+.0f}"
    absent = kinds.index("radical-right group")
    if a["count"][absent] == 0:
        assert view.changes.data["words"][absent] == "-"


def test_fewer_ties_are_drawn_from_more_meetings_on(view):
    before = len(view.ties[0]["solid"].data["x0"])
    view.least.value = 40
    assert len(view.ties[0]["solid"].data["x0"]) < before
    assert (view.ties[0]["solid"].data["meetings"] >= 40).all()
    view.least.value = LEAST_MEETINGS


def test_every_kind_has_a_sort_and_sorts_differ_by_shape():
    assert {sort_of(kind) for kind in actor_kinds()} == set(range(len(SORTS)))
    assert len({sort.shape for sort in SORTS}) == len({sort.colour for sort in SORTS}) == len(SORTS)


def test_a_layout_of_levels_above_alone():
    above = [code for code, kind in enumerate(actor_kinds()) if not kind.local]
    layout = layout_of(np.array(above))
    assert (layout.at[:, 1] > 1.0).all()
