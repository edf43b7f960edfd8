"""Monthly indicators against the columns they summarise."""

import math
from itertools import combinations

import numpy as np
import pytest

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments import mipex
from woc_sim.instruments.indicators import Monthly
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.world.people import EMPLOYED, NON_EUROPEAN, PRECARIOUS, PRIVATE, RECEPTION, UKRAINIAN


def _take(place, month=0):
    monthly = Monthly(place, month + 1)
    monthly.record(month)
    return {name: float(values[month]) for name, values in monthly.table().items()}


def test_indicators_of_residents(place):
    row = _take(place)
    attitude = place.residents.attitude_to[NON_EUROPEAN]
    assert row["mean_attitude"] == pytest.approx(attitude.mean())
    assert row["sd_attitude"] == pytest.approx(attitude.std())
    assert row["polarisation"] == pytest.approx(4 * (attitude < -0.4).mean() * (attitude > 0.4).mean())
    assert row["volunteers_share"] == pytest.approx((place.residents.volunteer > 0).mean())


def test_indicators_of_migrants_count_only_who_is_present(place):
    row = _take(place)
    here = place.migrants.present == 1
    adult = here & (place.migrants.age >= 18) & (place.migrants.age < 65)
    assert row["migrants"] == here.sum() == row["non_europeans"] + row["ukrainians"]
    assert row["employed_share"] == pytest.approx((place.migrants.job[adult] == 2).mean())
    assert row["ties_per_migrant"] == pytest.approx((place.migrants.tie[here] >= 0).sum(axis=1).mean())
    assert row["belonging"] == pytest.approx(place.migrants.belonging[here].mean())
    assert row["good_contacts"] == pytest.approx(place.encounters.good.sum() / here.sum())


def test_persons_are_scaled_to_the_place_and_shares_are_not(place):
    before = _take(place)
    place.row.scale[0] = 0.1
    after = _take(place)
    assert after["migrants"] == pytest.approx(10 * before["migrants"])
    assert after["ties_per_migrant"] == before["ties_per_migrant"]


OF_THE_LOCALITY = {
    "residents": "residents_now",
    "vacancy": "vacancy",
    "unemployment": "unemployment",
    "tightness": "tightness",
    "reception_quality": "reception_quality",
    "openness": "openness",
    "load": "load",
    "officer": "officer",
    "politicisation": "politicisation",
    "voice_for": "voice_for",
    "voice_against": "voice_against",
    "letters": "letters",
    "gatherings": "gatherings",
    "protests": "protests",
}
"""Indicators that are a number of the locality, and its column."""


def _expected(place):
    """Every indicator, worked out from the columns without the kernels."""
    here = place.migrants.present == 1
    people = {name: place.migrants.buffer(name)[: len(here)][here] for name in place.migrants}
    work = (people["age"] >= 18) & (people["age"] < 65)
    ties = (people["tie"] >= 0).sum(axis=1)
    scale = place.row.scale[0]
    ne = people["group"] == NON_EUROPEAN
    residents, attitude = place.residents, place.residents.attitude_to[NON_EUROPEAN]
    found = {name: float(place.row.buffer(column)[0]) for name, column in OF_THE_LOCALITY.items()}
    found |= {
        name: place.row.buffer(name)[0] / scale for name in ("arrivals", "moved_on", "births", "deaths")
    }
    found |= {
        "migrants": here.sum() / scale,
        "non_europeans": ne.sum() / scale,
        "ukrainians": (people["group"] == UKRAINIAN).sum() / scale,
        "mean_attitude": attitude.mean(),
        "sd_attitude": attitude.std(),
        "polarisation": 4 * (attitude < -0.4).mean() * (attitude > 0.4).mean(),
        "mean_attitude_ua": residents.attitude_to[UKRAINIAN].mean(),
        "mean_threat": residents.threat.mean(),
        "mean_benefit": residents.benefit.mean(),
        "mean_contact": residents.contact_with[NON_EUROPEAN].mean(),
        "mean_norm": residents.norm.mean(),
        "volunteers_share": (residents.volunteer > 0).mean(),
        "volunteer_fatigue": residents.fatigue[residents.volunteered == 1].mean(),
        "employed_share": (people["job"][work] == EMPLOYED).mean(),
        "precarious_share": (people["job"][work] == PRECARIOUS).mean(),
        "private_home_share": (people["housing"] == PRIVATE).mean(),
        "reception_share": (people["housing"] == RECEPTION).mean(),
        "mean_language": people["language"].mean(),
        "ties_per_migrant": ties.mean(),
        "share_without_tie": (ties == 0).mean(),
        "discrimination_per_migrant": people["events"].mean(),
        "deprivation": people["deprivation"][ne].mean(),
        "known_services": people["known"].mean(),
        "good_contacts": place.encounters.good.sum() / here.sum(),
        "bad_contacts": place.encounters.bad.sum() / here.sum(),
        "contact_hours": (people["good"] + people["bad"]).mean(),
        "acceptance_work": place.row.employers_accept[NON_EUROPEAN, 0],
        "acceptance_home": place.row.landlords_accept[NON_EUROPEAN, 0],
        "known_measures": place.measures.known.mean(),
        "measures_in_force": ((place.measures.in_force == 1) & (place.measures.direction > 0)).sum(),
        "restrictive_in_force": ((place.measures.in_force == 1) & (place.measures.direction < 0)).sum(),
        "mipex_total": mipex.read(place)["mipex_total"],
    }
    found |= {name: people[name].mean() for name in ("belonging", "loneliness", "stay", "trust")}
    state = place.sectors
    covered = 1 - (1 - state.public) * (1 - state.higher) * (1 - state.nonpublic) - state.restrictive
    found |= {f"coverage_{sector}": covered[row] for row, sector in enumerate(SECTORS)}
    return found | _expected_of_organisations(place)


def _expected_of_organisations(place):
    organisations, relations = place.organisations, place.governance
    local = organisations.level == 0
    leads = organisations.leads == 1
    others = local & ~leads
    among = np.outer(local, local) & ~np.eye(len(local), dtype=bool)
    running = organisations.initiative.sum(axis=1)
    nonpublic = organisations.nonpublic == 1
    frequency = relations.frequency
    return {
        "belief_executive": organisations.belief[organisations.head == 1].mean(),
        "belief_all": organisations.belief[local].mean(),
        "mean_frequency": frequency[among].mean(),
        "lg_degree": frequency[np.ix_(leads, others)].mean(),
        "vertical_frequency": frequency[np.ix_(leads, ~local)].mean(),
        "mean_tone": (relations.tone * frequency)[among].sum() / frequency[among].sum(),
        "migrants_only": organisations.prognostic[local, 0].mean(),
        "whole_community": organisations.prognostic[local, 3].mean(),
        "engagement": organisations.engagement[local].mean(),
        "active_share": (running[nonpublic] > 0).mean(),
        "initiatives": running[nonpublic].sum(),
        "business_initiatives": running[organisations.business == 1].sum(),
    }


def test_every_indicator_has_a_value_that_no_other_has_and_it_is_the_right_one(place):
    rng = np.random.default_rng(5)
    for column in (*OF_THE_LOCALITY.values(), "arrivals", "moved_on", "births", "deaths"):
        place.row.buffer(column)[0] = rng.uniform(0, 50)
    place.row.officer[0] = 1
    place.row.scale[0] = 0.25
    for column in (place.row.employers_accept, place.row.landlords_accept):
        column[:, 0] = rng.random(len(column))
    for rows, names in (
        (place.residents, ("norm", "fatigue")),
        (place.migrants, ("events", "deprivation", "trust", "known")),
        (place.organisations, ("engagement",)),
        (place.measures, ("known",)),
        (place.encounters, ("good", "bad")),
        (place.sectors, ("higher",)),
    ):
        for name in names:
            rows.buffer(name)[: len(rows)] = rng.random(len(rows))
    place.sectors.restrictive[:] = 0.01
    place.measures.direction[:8] = -1
    place.migrants.housing[:30] = PRIVATE
    row, expected = _take(place), _expected(place)
    assert set(expected) == set(INDICATOR_NAMES)
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, rel=1e-12), name
    twins = [(a, b) for a, b in combinations(row, 2) if row[a] == pytest.approx(row[b], rel=1e-9)]
    assert not twins


def test_indicators_of_governance(place):
    row = _take(place)
    local = place.organisations.level == 0
    assert row["belief_all"] == pytest.approx(place.organisations.belief[local].mean())
    assert row["belief_executive"] == pytest.approx(place.organisations.belief[0])
    frequency = place.governance.frequency
    partners = np.flatnonzero(local & ~place.organisations.leads.astype(bool))
    assert row["lg_degree"] == pytest.approx(frequency[:2, partners].mean())
    assert row["vertical_frequency"] == pytest.approx(frequency[:2, ~local].mean())
    assert row["mean_frequency"] == pytest.approx(
        frequency[np.ix_(local, local)].sum() / (local.sum() * (local.sum() - 1))
    )
    assert row["initiatives"] == place.organisations.initiative[place.organisations.nonpublic == 1].sum()
    assert -1.0 <= row["mean_tone"] <= 1.0


def test_an_organisation_that_is_gone_counts_nowhere(place):
    full = _take(place)
    place.organisations.active[4] = 0
    place.governance.frequency[4, :] = 400.0
    place.governance.frequency[:, 4] = 400.0
    less = _take(place)
    assert less["mean_frequency"] < 20.0
    assert less["belief_all"] != full["belief_all"]
    place.organisations.active[:] = 0
    assert math.isnan(_take(place)["belief_executive"])


def test_the_running_index_equals_the_instrument(place):
    place.measures.direction[:5] = -1
    row = _take(place)
    assert row["mipex_total"] == pytest.approx(mipex.read(place)["mipex_total"])
    assert row["restrictive_in_force"] == place.measures.in_force[:5].sum()
    assert row["measures_in_force"] == place.measures.in_force[5:].sum()


def test_coverage_joins_suppliers_and_loses_by_restrictions(place):
    row = _take(place)
    state = place.sectors
    assert row["coverage_work"] == pytest.approx(1 - (1 - state.public[2]) * (1 - state.nonpublic[2]))
    state.restrictive[2] = 1.0
    assert _take(place)["coverage_work"] == 0.0


def test_columns_that_grew_are_read_anew(place):
    monthly = Monthly(place, 2)
    monthly.record(0)
    start = place.migrants.append(500)
    place.migrants.present[start:] = 1
    monthly.record(1)
    before, after = monthly.table()["migrants"]
    assert after == before + 500


def test_months_that_were_not_lived_are_not_in_the_table(place):
    monthly = Monthly(place, 12)
    monthly.record(0)
    monthly.record(1)
    assert {len(values) for values in monthly.table().values()} == {2}
    assert np.isnan(monthly.rows[2:]).all()
