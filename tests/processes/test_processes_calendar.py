"""Calendar: what comes from outside in each month, and what shocks and majorities change."""

import numpy as np
import pytest
from worlds import live, small_locality

from woc_sim.inputs.organisations import level_code
from woc_sim.inputs.theories import code
from woc_sim.processes import calendar
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def test_calendar_brings_2015_covid_and_2022() -> None:
    locality = small_locality(60)
    names = {"asylum": "arriving.non_european", "ukrainians": "arriving.ukrainian", "meetings": "meetings"}
    seen = {}
    for month in (24, 45, 99, 100, 123):
        live(locality, [month], ["calendar"])
        seen[month] = {name: locality.value(column) for name, column in names.items()}
    assert seen[45]["asylum"] > 2.0 * seen[24]["asylum"]
    assert seen[100]["meetings"] < 0.6 < seen[24]["meetings"] == 1.0
    assert seen[123]["ukrainians"] > 0.1 > seen[45]["ukrainians"] == 0.0


def test_calendar_counts_against_the_years_of_its_inputs() -> None:
    months = calendar.months_of_calendar()
    assert sum(month[0][NON_EUROPEAN] for month in months[24:120]) / 96 == pytest.approx(1.0)
    assert sum(month[0][UKRAINIAN] for month in months[:132]) == pytest.approx(1.0)


def test_shocks_scale_the_calendar() -> None:
    locality = small_locality(60, shocks={"asylum": 0.0, "covid": 0.0, "ukrainians": 2.0})
    live(locality, [100], ["calendar"])
    assert locality.value("arriving.non_european") == 0.0
    assert locality.value("meetings") == 1.0


def test_nation_and_region_stand_where_their_majorities_stand() -> None:
    """Austria changes from a grand coalition to one with the radical right in December 2017 (W9)."""
    locality = small_locality(60, framework="AT")
    level, ideology = locality.organisations.level, locality.organisations.ideology
    nation = int(np.flatnonzero(level == level_code("nation"))[0])
    others = ~np.isin(level, (level_code("nation"), level_code("region")))
    before, founded = ideology.copy(), float(locality.organisations.own_ideology[nation])
    live(locality, [70], ["calendar"])
    assert ideology[nation] == before[nation] == pytest.approx(founded)
    live(locality, [71], ["calendar"])
    assert locality.value("nation_ideology") == -0.75
    assert ideology[nation] == pytest.approx(max(-1.0, founded - 0.75))
    np.testing.assert_array_equal(ideology[others], before[others])


def test_the_calendar_ends() -> None:
    with pytest.raises(ValueError, match="2023-12"):
        live(small_locality(60), [144], ["calendar"])


def arriving(country: str, column: str, theory: str, **shocks: float) -> np.ndarray:
    """A column of the calendar in every month of a place of that framework under the rival inputs."""
    theories = {} if theory else {subject: code(subject, "one_curve") for subject in COURSES}
    locality = small_locality(60, framework=country, theories=theories, shocks=shocks)
    months = []
    for month in range(144):
        live(locality, [month], ["calendar"])
        months.append(locality.value(column))
    return np.array(months)


COURSES = ("applications", "ukrainians", "salience")


def test_countries_have_courses_of_their_own_where_they_are_asked_for() -> None:
    for column in ("arriving.non_european", "arriving.ukrainian", "media"):
        same = [arriving(country, column, "") for country in ("SE", "ES")]
        assert same[0].tobytes() == same[1].tobytes()
        own = [arriving(country, column, "own") for country in ("SE", "ES")]
        assert own[0].tobytes() != own[1].tobytes()
        assert own[0].tobytes() != same[0].tobytes()


def test_a_country_without_the_survey_keeps_the_european_salience() -> None:
    assert arriving("TR", "media", "own").tobytes() == arriving("TR", "media", "").tobytes()


@pytest.mark.parametrize("theory", ["", "own"])
def test_a_world_without_the_wave_has_the_trend_of_before_and_all_other_years(theory: str) -> None:
    was = arriving("SE", "arriving.non_european", theory)
    without = arriving("SE", "arriving.non_european", theory, wave=0.0)
    twice = arriving("SE", "arriving.non_european", theory, wave=2.0)
    assert (without <= was).all()
    assert without[:24].tobytes() == was[:24].tobytes()
    assert without[60:].tobytes() == was[60:].tobytes()
    assert 0.0 < without[36:48].sum() < 0.6 * was[36:48].sum()
    np.testing.assert_allclose(twice - was, was - without)
    for column in ("arriving.ukrainian", "media", "meetings"):
        changed = arriving("SE", column, theory, wave=0.0)
        assert changed.tobytes() == arriving("SE", column, theory).tobytes()


def test_other_shocks_take_away_what_was_not_there_before_and_nothing_else() -> None:
    """Ukrainians had not come before 2022, and meetings were free before 2020 and after 2021."""
    was = arriving("DE", "arriving.ukrainian", "")
    assert not was[:121].any()
    assert not arriving("DE", "arriving.ukrainian", "", ukrainians=0.0).any()
    meetings = arriving("DE", "meetings", "")
    assert (meetings[:96] == 1.0).all()
    assert (arriving("DE", "meetings", "", covid=0.0) == 1.0).all()
    asylum = arriving("DE", "arriving.non_european", "", covid=0.0)
    assert asylum.tobytes() == arriving("DE", "arriving.non_european", "").tobytes()


def test_the_calendar_writes_what_the_country_rejects() -> None:
    rejected = arriving("SE", "rejected", "")
    assert rejected[12 * 3] < 0.25 < 0.6 < rejected[12 * 9]
