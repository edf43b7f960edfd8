"""The recorded history: the columns of the world, month by month."""

import numpy as np
import pytest
from sides import SMALL

from woc_sim.explorer.history import AT_END, RECORDED, record
from woc_sim.explorer.settings import scenario_of
from woc_sim.explorer.work import Here
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.world.groups import GROUPS


@pytest.fixture(scope="module")
def lived():
    scenario = scenario_of({**SMALL, "people": 500, "months": 60})
    return record(scenario, 0), Here().indicators(scenario, [0])[0]


def test_history_agrees_with_the_indicators(lived):
    history, indicators = lived
    by_name = dict(zip(INDICATOR_NAMES, indicators.T, strict=True))
    attitudes = history.monthly["residents.attitude_to"][:, GROUPS.index("non_european")]
    assert np.allclose(attitudes.mean(axis=1), by_name["mean_attitude"], atol=1e-6)
    present = history.monthly["migrants.present"].sum(axis=1)
    there = present > 0
    assert ((by_name["migrants"] > 0) == there).all()
    inhabitants_of_a_person = by_name["migrants"][there] / present[there]
    assert np.allclose(inhabitants_of_a_person, inhabitants_of_a_person[0])
    assert (history.monthly["measures.in_force"].sum(axis=1) > 0).any()


def test_history_holds_every_column_for_every_month(lived):
    history, _ = lived
    assert history.months == 60
    assert set(history.monthly) == set(RECORDED)
    assert set(history.end) == set(AT_END)
    assert {len(values) for values in history.monthly.values()} == {60}
    rows = len(history.end["migrants.group"])
    assert history.monthly["migrants.tie"].shape[:2] == (60, rows)
    came = history.end["migrants.cohort"]
    before = np.arange(60)[:, None] < came[None, :]
    assert before.any()
    assert not history.monthly["migrants.present"][before].any()
