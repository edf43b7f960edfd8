"""One run as tables: what it holds, that it is repeated exactly, and one row for each locality."""

from __future__ import annotations

import numpy as np
import pytest
from small_runs import MONTHS, held_by, scenario

from woc_sim.ensemble.run import final_frame, month_names, monthly_frame, run_rows
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, INSTRUMENT_NAMES, READING_NAMES, READINGS
from woc_sim.scenario.localities import from_case


def test_one_run_has_the_promised_tables():
    rows = run_rows(scenario(), 3)
    final, monthly = final_frame(rows), monthly_frame(rows)
    assert list(final.columns) == ["case", "replicate", *READING_NAMES]
    assert list(monthly.columns) == ["case", "replicate", "month", *INDICATOR_NAMES]
    assert final[["case", "replicate"]].to_numpy().tolist() == [["C21", 3]]
    assert monthly["month"].tolist() == [f"2012-{month:02d}" for month in range(1, MONTHS + 1)]
    assert np.isfinite(final["mipex_total"]).all()


def test_a_run_is_repeated_exactly_and_replicates_differ():
    first, again, other = (run_rows(scenario(), replicate)[0] for replicate in (1, 1, 2))
    assert np.array_equal(first.readings, again.readings, equal_nan=True)
    assert np.array_equal(first.indicators, again.indicators, equal_nan=True)
    assert not np.array_equal(first.indicators, other.indicators, equal_nan=True)


def test_localities_of_one_world_give_one_row_each():
    both = scenario(localities=(from_case("C21"), from_case("C02")))
    rows = run_rows(both, 0)
    assert [row.case for row in rows] == ["C21", "C02"]
    assert final_frame(rows).shape == (2, 2 + len(READING_NAMES))
    assert monthly_frame(rows).shape == (2 * MONTHS, 3 + len(INDICATOR_NAMES))


def test_month_names_end_with_the_calendar():
    assert month_names()[0] == "2012-01"
    assert month_names()[-1] == "2023-12"


@pytest.mark.parametrize("instrument", INSTRUMENT_NAMES)
def test_an_instrument_reads_the_same_alone_as_among_all(instrument: str):
    asked = scenario(months=26)
    name = next(each.name for each in READINGS if each.instrument == instrument)
    whole, part = run_rows(asked, 0)[0], run_rows(asked, 0, readings=(name,))[0]
    held = held_by("mipex", instrument)  # the index tells a valid run
    assert np.array_equal(part.readings, np.where(held, whole.readings, np.nan), equal_nan=True)
    assert np.array_equal(part.indicators, whole.indicators, equal_nan=True)
    assert np.isfinite(part.readings[held]).any()


def test_an_unknown_reading_is_refused():
    with pytest.raises(UserError, match=r"there is no reading support_nee; did you mean 'support_ne'"):
        run_rows(scenario(), 0, readings=("support_nee",))
