"""What interviewees know: all sides alike, or what their own field, work and partners show."""

import math

import numpy as np
import pytest

from woc_sim.inputs.organisations import FIELDS_OF_WORK, actor_kinds
from woc_sim.inputs.sectors import DIMENSIONS, sector
from woc_sim.instruments import access_rating, governance_survey
from woc_sim.instruments.knowledge import FIELD_SHOWS, SHOWS, information, insight, migrants_seen
from woc_sim.instruments.sampling import interviewees
from woc_sim.rules.knowledge import COMMON, OWN_FIELD

JOBS, HOMES, LANGUAGE, TIES, PEACE = range(len(DIMENSIONS))


def under(place, theory=OWN_FIELD):
    place.theories["knowledge"] = theory
    return place


def silent(place, theory=OWN_FIELD):
    """Nobody does anything, meets anybody or reports."""
    place.measures.in_force[:] = 0
    place.organisations.initiative[:] = 0
    place.governance.frequency[:] = 0.0
    place.parameters["knowledge.field"] = 0.0
    return under(place, theory)


def rows_of(place, kind):
    names = [each.kind for each in actor_kinds()]
    return np.flatnonzero(place.organisations.kind == names.index(kind)).tolist()


def test_every_field_and_sector_shows_a_side_that_exists() -> None:
    assert set(FIELD_SHOWS) == set(FIELDS_OF_WORK)
    assert set(FIELD_SHOWS.values()) | set(SHOWS) == {"", *DIMENSIONS}


def test_by_the_default_all_sides_count_alike(place):
    under(place, COMMON)
    assert set(insight(place, migrants_seen(place))) == {(1.0,) * len(DIMENSIONS)}


def test_measures_inform_only_where_they_reach_migrants(place):
    silent(place)
    measures, people = place.measures, migrants_seen(place)
    (official,) = rows_of(place, "officials")
    measures.effect[:], measures.coverage[:] = 1.0, 0.5
    steering, work = (measures.sector == sector(name) for name in ("steering", "work"))
    measures.in_force[steering] = 1
    assert information(place, people)[official] == 0.0
    measures.in_force[:] = work
    assert information(place, people)[official] == pytest.approx(0.5 * work.sum())
    assert np.argmax(insight(place, people)[official]) == JOBS
    assert sum(each > 0.0 for each in insight(place, people)[official]) == 1
    measures.coverage[:] = 0.0
    assert information(place, people)[official] == 0.0
    under(place, COMMON)
    measures.in_force[:] = 0
    measures.in_force[steering] = 1
    assert information(place, people)[official] == steering.sum()


def test_employers_know_jobs_and_landlords_homes_and_partners_tell(place):
    silent(place)
    place.parameters["knowledge.field"] = 2.0
    people = migrants_seen(place)
    company, estate, ngo = (rows_of(place, kind)[0] for kind in ("company", "estate_company", "ngo"))
    found = insight(place, people)
    assert found[company][JOBS] > 0.0 == found[company][HOMES]
    assert found[estate][HOMES] > 0.0 == found[estate][JOBS]
    assert set(found[ngo]) == {0.0}
    place.governance.frequency[ngo, company] = 12.0
    assert insight(place, people)[ngo][JOBS] > 0.0 == insight(place, people)[ngo][HOMES]


def test_an_interviewee_judges_the_side_that_the_own_work_shows(make):
    """Jobs for all and no ties: who serves work sees success, who brings people together sees failure."""

    def judged(name, theory):
        place = silent(make(), theory)
        place.migrants.job[:] = 2
        place.migrants.age[:] = 30.0
        place.migrants.tie[:] = -1
        place.organisations.initiative[:, sector(name)] = 50.0
        place.organisations.belief[:] = 0.0
        found = governance_survey.ratings(place, interviewees(place))
        return math.fsum(each.integration for each in found) / len(found)

    assert judged("work", OWN_FIELD) > judged("encounter", OWN_FIELD) + 0.5
    assert judged("work", COMMON) == judged("encounter", COMMON)


def test_informants_tell_of_those_whom_they_know(make):
    """Employers know those who work: with them as informants work looks easier than it is."""

    def told(theory, kind):
        place = silent(make(), theory)
        place.parameters |= {
            "knowledge.field": 3.0,
            "instruments.acquaintance": 0.3,
            "instruments.field": 4.0,
        }
        place.migrants.present[:] = 1
        place.migrants.age[:] = 30.0
        place.migrants.job[:] = 0
        place.migrants.job[::2] = 2
        informants = [who for who in interviewees(place) if actor_kinds()[who.kind].kind == kind]
        return access_rating.told_by(place, 120, informants)["employment"], access_rating.difficulty_of_work(
            place, 120
        )

    by_employers, true = told(OWN_FIELD, "company")
    assert by_employers < true
    by_others, _ = told(OWN_FIELD, "ngo")  # knows nothing, so that the market alone speaks
    place = silent(make())
    assert by_others == access_rating.difficulty_of_work(place, 120, np.empty(0, dtype=np.int64))


def test_access_is_told_by_informants_under_the_theory_only(place):
    people = interviewees(place)
    plain = access_rating.read(under(place, COMMON), 120)
    assert access_rating.read(place, 120, people) == plain
    found = access_rating.read(under(place), 120, people)
    assert found["latent_access_employment"] == plain["latent_access_employment"]
    assert {found["access_employment"], found["access_housing"]} <= {0.0, 1.0, 2.0}
