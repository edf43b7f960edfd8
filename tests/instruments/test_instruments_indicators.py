"""Monthly indicators against the columns they summarise."""

import math

import numpy as np
import pytest

from woc_sim.instruments import mipex
from woc_sim.instruments.indicator_kernels import ACCEPTED, Place
from woc_sim.instruments.indicators import Monthly
from woc_sim.world.people import NON_EUROPEAN


def _take(place, month=0):
    monthly = Monthly(place, month + 1)
    monthly.record(place, month)
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


def test_the_place_is_told_by_its_own_columns_each_under_its_name(place):
    numbers = {name: float(number) for number, name in enumerate(Place._fields, start=1)}
    for name, number in numbers.items():
        column = f"{ACCEPTED[name]}.non_european" if name in ACCEPTED else name
        place.row.buffer(column)[0] = number
    row = _take(place)
    assert {name: row[name] for name in Place._fields} == numbers


def test_indicators_of_governance(place):
    row = _take(place)
    kinds = place.organisations.kind
    local = kinds < 11
    assert row["belief_all"] == pytest.approx(place.organisations.belief[local].mean())
    assert row["belief_executive"] == pytest.approx(place.organisations.belief[0])
    frequency = place.governance.frequency
    partners = [j for j in range(len(kinds)) if local[j] and kinds[j] > 1]
    assert row["lg_degree"] == pytest.approx(frequency[:2, partners].mean())
    assert row["vertical_frequency"] == pytest.approx(frequency[:2, ~local].mean())
    assert row["mean_frequency"] == pytest.approx(frequency[np.ix_(local, local)].sum() / (14 * 13))
    assert row["initiatives"] == place.organisations.initiative[local & (kinds > 3)].sum()
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
    monthly.record(place, 0)
    start = place.migrants.append(500)
    place.migrants.present[start:] = 1
    monthly.record(place, 1)
    before, after = monthly.table()["migrants"]
    assert after == before + 500


def test_months_that_were_not_lived_are_not_in_the_table(place):
    monthly = Monthly(place, 12)
    monthly.record(place, 0)
    monthly.record(place, 1)
    assert {len(values) for values in monthly.table().values()} == {2}
    assert np.isnan(monthly.rows[2:]).all()
