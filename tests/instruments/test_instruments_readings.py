"""The registry of observables: complete rows, and each reading moves with what its row says it stands for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from tests.copies import copy_package, in_plain_python

from woc_sim.inputs.vocabulary import COMPONENTS
from woc_sim.instruments import LocalityObservation
from woc_sim.instruments.indicators import ROW
from woc_sim.instruments.readings import INDICATOR_NAMES, INDICATORS, PEOPLE_MONTH, READING_NAMES, READINGS
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN


def test_names_are_unique_and_documented():
    assert len(set(READING_NAMES)) == len(READING_NAMES)
    assert len(set(INDICATOR_NAMES)) == len(INDICATOR_NAMES)
    assert all(each.unit and each.meaning for each in (*READINGS, *INDICATORS))
    assert {each.table for each in READINGS} == {"final"}
    assert {each.table for each in INDICATORS} == {"monthly"}
    assert {"mipex_total", *(f"mipex_{each}" for each in COMPONENTS)} <= set(READING_NAMES)


def test_every_reading_stands_for_a_state_that_exists(place):
    columns = {f"{name}.{column}" for name, rows in place.sets.items() for column in rows.columns}
    for each in READINGS:
        assert each.stands_for, each.name
        others = {name for name in each.stands_for if name not in columns}
        assert others <= set(READING_NAMES) - {each.name}, each.name


def test_the_kernels_row_is_in_the_order_of_the_registry():
    sizes = [ROW[field].itemsize // 8 for field in ROW.names]
    fields = [field for field, size in zip(ROW.names, sizes, strict=True) for _ in range(size)]
    assert fields == [each.field or each.name for each in INDICATORS]


BY_NAME = {each.name: each for each in READINGS}
MONTHS = (60, 96, 113, *range(119, 126), *range(131, PEOPLE_MONTH + 1))
"""Months in which something is noted or asked."""
TURNS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda old: old[..., ::-1],
    lambda old: old * 0 + 1,
    lambda old: old * 0,
    lambda old: 1 - old,
    lambda old: np.full_like(old, old.max()),
    lambda old: old * 0 + (np.arange(old.shape[-1]) == 0).astype(old.dtype),
    lambda old: np.random.default_rng(2).permuted(old),
    lambda old: old * 0 + 30 if old.dtype.kind == "f" else old,
)
"""Other numbers in a column."""
LOST = {"contact_host_home_ne", "contact_host_home_ua"}
"""The notes of a year keep a setting as one of eight bits, and there are nine: see `FollowUp.settings`."""
Make = Callable[..., Locality]


def columns_of(name: str) -> set[str]:
    """The columns of the state that an answer is made of: those its row names, or those of other readings."""
    truths = BY_NAME[name].stands_for
    columns = {truth for truth in truths if "." in truth}
    return columns or set().union(*(columns_of(truth) for truth in truths))


def _answers(make: Make, acts: bool, change: Callable[[Locality], None]) -> np.ndarray:
    place = make(migrants=120, residents=150)
    place.measures.coverage[:] = 0.3
    place.measures.targeted[::2] = 0
    place.measures.direction[::5] = -1
    place.measures.in_force[:] = acts | ~np.isin(place.measures.sector, (2, 3))  # on work and housing
    place.encounters.good_total[:] += 7.0 * np.arange(len(place.encounters))
    place.migrants.known[:] = place.migrants.language[::-1]
    place.migrants.visible[:] = place.migrants.age > 30
    place.migrants.family[:] = np.arange(120) % 3
    place.residents.distance_to[NON_EUROPEAN] = place.residents.threat
    place.residents.distance_to[UKRAINIAN] = place.residents.benefit
    conflict = place.residents.conflict_with
    conflict[UKRAINIAN] = conflict[NON_EUROPEAN][::-1]
    place.residents.age[:] += 10
    place.row.rrp[0] = 0.1
    for name in ("vacancy", "tightness", "employers_accept", "landlords_accept"):
        place.row.buffer(name)[...] = 0.2
    change(place)
    observed = LocalityObservation(place, PEOPLE_MONTH + 1)
    for month in MONTHS:
        if month == PEOPLE_MONTH - 6:  # between two questions to the same persons
            place.residents.attitude_to[:, ::2] *= 0.5
            place.migrants.belonging[::2] = 0.5 * place.migrants.belonging[::2] + 0.1
            place.migrants.tie[1::4, 0] = 1
        observed.observe(month)
    return np.array(list(observed.final_row().values()))


@cache
def _unchanged(make: Make, acts: bool) -> np.ndarray:
    return _answers(make, acts, lambda _: None)


def _put(column: str, turn: Callable[[np.ndarray], object]) -> Callable[[Locality], None]:
    def change(place: Locality) -> None:
        buffer = place.buffer(column)
        buffer[...] = turn(buffer.copy())

    return change


COLUMNS = sorted(set().union(*(columns_of(each.name) for each in READINGS)))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_reading_moves_with_every_column_that_it_stands_for(make: Make, column: str) -> None:
    still = {name for name in BY_NAME if column in columns_of(name)} - LOST
    for acts, turn in product((True, False), TURNS):
        before = _unchanged(make, acts)
        after = _answers(make, acts, _put(column, turn))
        # what nobody could be asked in this place cannot move
        same = (before == after) & ~np.isnan(before)
        still &= {each.name for each, stays in zip(READINGS, same, strict=True) if stays}
        if not still:
            break
    assert still == set()


def test_a_true_state_is_made_of_columns_only() -> None:
    for one in READINGS:
        if one.name.startswith("latent_"):
            assert all("." in truth for truth in one.stands_for), one.name


def test_a_new_observable_is_a_row_and_a_line_of_a_kernel(tmp_path: Path) -> None:
    package = copy_package(tmp_path)
    for name, line, added in (
        (
            "monthly_readings",
            "INDICATORS: Final = (\n",
            '    Indicator("budget", "1", "persons who pay"),\n',
        ),
        (
            "indicator_kernels",
            "    row.vacancy = state.locality_vacancy[0]\n",
            "    row.budget = state.locality_residents_now[0]\n",
        ),
    ):
        path = package / "instruments" / f"{name}.py"
        source = path.read_text("utf-8")
        assert source.count(line) == 1
        path.write_text(source.replace(line, line + added), "utf-8")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from conftest import build\n"
        "from woc_sim.instruments.behind import columns_behind\n"
        "from woc_sim.instruments.indicators import Monthly\n"
        "place = build(); place.row.residents_now[0] = 1234.0\n"
        "monthly = Monthly(place, 1); monthly.record(0)\n"
        "table = monthly.table()\n"
        "assert table['budget'] == [1234.0] and table['vacancy'] == [place.row.vacancy[0]]\n"
        "assert columns_behind('budget').values == {'locality.residents_now'}\n"
    )
    in_plain_python(tmp_path, "-c", code, str(Path(__file__).parent))
