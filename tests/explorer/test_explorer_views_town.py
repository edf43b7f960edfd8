"""The town: sources hold what the history holds, and a sample is said to be one."""

import numpy as np
import pytest
from small_pairs import MONTHS, pair, shown

from woc_sim.explorer.views import town_layout
from woc_sim.explorer.views.town import TownView, meetings, newcomers, shape_of
from woc_sim.explorer.views.town_layout import every, plan_of, rings, sunflower
from woc_sim.inputs.groups import groups
from woc_sim.world.groups import GROUPS, REFERENCE
from woc_sim.world.places import NEIGHBOURHOOD, RECEPTION_CENTRE

MONTH = 59


@pytest.fixture(scope="module")
def view():
    return shown(TownView(), pair(), MONTH)


def test_residents_have_the_attitudes_of_the_month(view):
    for number, side in enumerate(pair().sides):
        history = side.history()
        drawn = view.residents[number].data
        expected = history.monthly["residents.attitude_to"][MONTH, REFERENCE]
        assert np.array_equal(drawn["attitude"], expected)
        assert drawn["attitude"].mean() == pytest.approx(side.indicator("mean_attitude")[0, MONTH], abs=1e-6)


def test_another_group_can_be_chosen(view):
    other = 1 - REFERENCE
    view.colour.value = other
    history = pair().a.history()
    drawn = view.residents[0].data["attitude"]
    assert np.array_equal(drawn, history.monthly["residents.attitude_to"][MONTH, other])
    view.colour.value = REFERENCE


def test_newcomers_are_those_who_are_present(view):
    for number, side in enumerate(pair().sides):
        drawn = view.newcomers[number].data
        here = side.history().monthly["migrants.present"][MONTH].sum()
        assert len(drawn["x"]) == here > 5
        persons = here * side.history().persons  # for whom they stand
        assert persons == pytest.approx(side.indicator("migrants")[0, MONTH])
        assert np.isfinite(drawn["x"]).all()
        assert {len(values) for values in drawn.values()} == {len(drawn["x"])}


def test_residents_and_groups_of_newcomers_differ_by_shape():
    shapes = {shape_of(code) for code in range(len(GROUPS))}
    assert len(shapes) == len(groups())
    assert "circle" not in shapes


def test_lines_are_the_meetings_and_ties_of_the_month(view):
    for number, side in enumerate(pair().sides):
        monthly = side.history().monthly
        here = monthly["migrants.present"][MONTH][:, None] == 1
        met = (monthly["migrants.met"][MONTH] >= 0) & here
        good = monthly["migrants.met_good"][MONTH] == 1
        drawn = {kind: len(source.data["x0"]) for kind, source in view.lines[number].items()}
        assert drawn["good"] == (met & good).sum() > 0
        assert drawn["bad"] == (met & ~good).sum()
        assert drawn["tie"] == ((monthly["migrants.tie"][MONTH] >= 0) & here).sum() > 0
        assert set(view.lines[number]["good"].data["where"]) <= {*town_words()}


def town_words():
    from woc_sim.instruments.life_events import AT

    return AT.values()


def test_lines_end_where_people_stand(view):
    plan = plan_of(pair().a.history())
    spots = {tuple(spot) for spot in plan.spots.tolist()}
    drawn = view.lines[0]["good"].data
    assert set(zip(drawn["x1"], drawn["y1"], strict=True)) <= spots
    people = view.newcomers[0].data
    assert set(zip(drawn["x0"], drawn["y0"], strict=True)) <= set(zip(people["x"], people["y"], strict=True))


def test_lines_can_be_taken_away(view):
    view.shown_lines.value = ["ties"]
    assert len(view.lines[0]["good"].data["x0"]) == 0
    assert len(view.lines[0]["tie"].data["x0"]) > 0
    view.shown_lines.value = ["meetings", "ties"]
    assert len(view.lines[0]["good"].data["x0"]) > 0


def test_small_numbers_are_named(view):
    text = view._texts[0].object
    count = int(pair().a.history().monthly["migrants.present"][MONTH].sum())
    assert f"{count} newcomers" in text
    assert f"One newcomer is {1 / count:.0%} of them" in text
    assert "inhabitants" in text
    assert "sample" not in text
    assert "mean attitude" in view._difference.object


def test_of_a_large_town_a_sample_is_drawn_and_said_to_be_one(monkeypatch):
    monkeypatch.setattr(town_layout, "MOST_RESIDENTS", 50)
    monkeypatch.setattr(town_layout, "MOST_NEWCOMERS", 10)
    view = shown(TownView(), pair(), MONTH)
    assert 0 < len(view.residents[0].data["x"]) <= 50
    assert 0 < len(view.newcomers[0].data["x"]) <= 10
    assert "Drawn: a sample of 50 residents" in view._texts[0].object
    ends = view.lines[0]["good"].data
    assert 0 < len(ends["x1"]) < met_in(pair().a.history())
    assert np.isfinite(ends["x1"]).all()


def met_in(history) -> int:
    """Meetings of the month."""
    here = history.monthly["migrants.present"][MONTH][:, None] == 1
    return int(((history.monthly["migrants.met"][MONTH] >= 0) & here).sum())


def test_nobody_is_drawn_before_newcomers_came(view):
    first = int(np.argmax(pair().a.indicator("migrants")[0] > 0))
    if first:
        view.month(0)
        assert len(view.newcomers[0].data["x"]) == 0
        assert "0 newcomers" in view._texts[0].object
        view.month(MONTH)
    assert len(view.newcomers[0].data["x"]) > 0


def test_everybody_has_a_spot_in_the_disc_of_the_home():
    history = pair().a.history()
    plan = plan_of(history)
    home = history.end["residents.neighbourhood"][plan.residents]
    far = np.hypot(*(plan.spots - plan.centres[home]).T)
    assert far.max() < 1.0
    assert len({tuple(spot) for spot in plan.spots.tolist()}) == len(plan.spots)
    kinds = history.end["places.kind"]
    assert set(kinds[plan.homes]) <= {NEIGHBOURHOOD, RECEPTION_CENTRE}
    gone = plan.newcomer_spots(np.full(len(plan.newcomers), -1))
    assert np.isnan(gone).all()


def test_newcomers_of_one_home_have_spots_of_their_own():
    plan = plan_of(pair().a.history())
    spots = plan.newcomer_spots(np.zeros(len(plan.newcomers), dtype=int))
    count = min(len(spots), town_layout.RIM_SPOTS)
    assert len({tuple(spot) for spot in np.round(spots[:count], 6).tolist()}) == count > 10


def test_layouts():
    assert every(10, 4).tolist() == [0, 3, 6, 9]
    assert every(3, 10).tolist() == [0, 1, 2]
    assert np.hypot(*sunflower(50, 2.0).T).max() <= 2.0
    for count in (1, 2, 3, 8, 40):
        centres = rings(count)
        assert len(centres) == count
        apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1)) + 9.0 * np.eye(count)
        assert apart.min() > 2.0


def test_a_month_of_a_town_by_itself():
    side = pair().a
    town = TownView()._town(side)
    assert set(meetings(town, MONTHS - 1)) == {"good", "bad", "tie"}
    drawn = newcomers(town, MONTHS - 1)
    cohorts = side.history().end["migrants.cohort"]
    assert set(drawn["since"]) <= {f"{2012 + each // 12}-{each % 12 + 1:02d}" for each in cohorts.tolist()}
