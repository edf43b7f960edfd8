"""What is observed of a world, and when; nothing changes because somebody looks."""

import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from woc_sim.instruments import (
    LocalityObservation,
    Observation,
    access_rating,
    encounter_log,
    frame_interviews,
    governance_survey,
    migrant_interviews,
    mipex,
    month_label,
    network_survey,
    resident_survey,
    response_class,
)
from woc_sim.instruments.follow_up import FollowUp
from woc_sim.instruments.network_survey import Meetings
from woc_sim.instruments.readings import INDICATOR_NAMES, PEOPLE_MONTH, POLICY_MONTH, READING_NAMES, READINGS
from woc_sim.instruments.sampling import interviewees


def _history(place: Any, months: int = 144) -> tuple[Meetings, FollowUp]:
    meetings, notes = Meetings(place, months), FollowUp(place, months)
    for month in range(months):
        meetings.record(month)
        notes.record(month)
    return meetings, notes


def test_every_instrument_returns_exactly_its_readings(place):
    meetings, notes = _history(place)
    people = interviewees(place)
    found = {
        "mipex": mipex.read(place),
        "governance_survey": governance_survey.read(place, people),
        "network_survey": network_survey.read(place, people, meetings),
        "frame_interviews": frame_interviews.read(place, people),
        "access_rating": access_rating.read(place, POLICY_MONTH),
        "response_class": response_class.read(place),
        "resident_survey": resident_survey.read(place, notes),
        "migrant_interviews": migrant_interviews.read(place, notes, PEOPLE_MONTH),
        "encounter_log": encounter_log.read(place),
    }
    for instrument, readings in found.items():
        assert set(readings) == {each.name for each in READINGS if each.instrument == instrument}
        assert all(isinstance(value, float) for value in readings.values()), instrument


def test_a_place_without_migrants_gives_nan_and_not_zero(make):
    empty = make(migrants=0)
    observed = LocalityObservation(empty, 144)
    for month in range(144):
        observed.observe(month)
    row = observed.final_row()
    silent = (
        "ties_mean",
        "welcome_share",
        "perceived_integration",
        "employed_1y",
        "r_ties_language",
        "onward_3y",
    )
    asked = (
        "well_integrated_ne",
        "relations_none_ua",
        "tie_origin_school",
        "latent_no_contact_ne",
        "ties_slope",
    )
    assert all(math.isnan(row[name]) for name in (*silent, *asked))
    assert row["mipex_total"] >= 10.0
    assert not math.isnan(row["support_ne"])
    assert not math.isnan(row["perceived_attitudes"])  # residents can be judged without migrants
    monthly = observed.monthly.table()
    assert math.isnan(monthly["belonging"][50])
    assert monthly["migrants"][50] == 0.0


def test_instruments_are_applied_in_their_months(place):
    observed = LocalityObservation(place, 144)
    for month in range(POLICY_MONTH):
        observed.observe(month)
    assert all(math.isnan(value) for value in observed.final_row().values())
    observed.observe(POLICY_MONTH)
    before = observed.final_row()
    assert not math.isnan(before["mipex_total"])
    assert math.isnan(before["support_ne"])
    place.measures.in_force[:] = 0
    for month in range(POLICY_MONTH + 1, PEOPLE_MONTH + 1):
        observed.observe(month)
    after = observed.final_row()
    assert after["mipex_total"] == before["mipex_total"]
    assert not math.isnan(after["support_ne"])
    assert observed.monthly.table()["mipex_total"][-1] < before["mipex_total"]


def test_a_short_run_is_read_in_its_last_month(place):
    observed = LocalityObservation(place, 30)
    for month in range(30):
        observed.observe(month)
    row = observed.final_row()
    assert not math.isnan(row["mipex_total"])
    assert not math.isnan(row["lg_mean_2020"])
    assert math.isnan(row["lg_mean_2017"])
    assert list(row) == list(READING_NAMES)


def test_observing_writes_nothing_into_the_world(place):
    before = {
        (name, column): rows.buffer(column).copy()
        for name, rows in place.sets.items()
        for column in rows.columns
    }
    observed = LocalityObservation(place, 20)
    for month in range(20):
        observed.observe(month)
    for (name, column), values in before.items():
        assert (place.sets[name].buffer(column) == values).all(), (name, column)


def test_tables_of_a_world_with_two_places(make):
    class World:
        month = -1
        localities = (make(seed=1), make(seed=2))

    observation = Observation(14)
    for month in range(14):
        World.month = month
        observation.observe(World)
    monthly, final = observation.monthly_table(), observation.final_table()
    assert list(monthly) == ["case", "replicate", "month", *INDICATOR_NAMES]
    assert list(final) == ["case", "replicate", *READING_NAMES]
    assert {len(column) for column in monthly.values()} == {28}
    assert {len(column) for column in final.values()} == {2}
    assert monthly["month"][12] == "2013-01" == month_label(12)
    assert observation.final_row(1)["mipex_total"] == final["mipex_total"][1]


def test_a_place_with_the_same_names_gives_the_same_answers(make):
    rows = []
    for replicate in (0, 0, 1):
        place = make()
        place.replicate = replicate
        observed = LocalityObservation(place, 14)
        for month in range(14):
            observed.observe(month)
        rows.append(repr(observed.final_row()))
    assert rows[0] == rows[1] != rows[2]


def test_no_instrument_asks_with_a_draw_that_was_used_before():
    """Two answers from one draw would be one answer; the debug mode of draws needs plain Python."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from conftest import build\n"
        "from woc_sim import draws\n"
        "from woc_sim.instruments import LocalityObservation\n"
        "observed = LocalityObservation(build(), 2)\n"
        "draws.watch_addresses(True)\n"
        "observed.observe(0); observed.observe(1)\n"
        "assert draws._watched\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
