"""The kernels against the exact twin: the same people, lived person by person in plain Python."""

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.exact import twin_schedule
from worlds import snapshot

from woc_sim.processes.schedule import schedule
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.theories import default_theories
from woc_sim.world.locality import Locality
from woc_sim.world.model import Schedule, World
from woc_sim.world.people import EMPLOYED, NON_EUROPEAN, PRECARIOUS, PRIVATE, REFUSED, UKRAINIAN

FIRST, MONTHS = 116, 24  # September 2021 to August 2023: elections, restrictions, and the Ukrainians arrive
RIVALS = {
    "influence": "bounded_confidence",
    "threat": "stock",
    "contact": "unmoderated",
    "elections": "endogenous",
    "attention": "steady",
    "comparison": "own_lot",
    "deservingness": "by_group",
    "hosting": "bridge",
    "markets": "sized",
    "employers": "segmented",
    "decline": "silent",
    "room": "no_pull",
}
HISTORY = {
    "applications": "one_curve",
    "ukrainians": "one_curve",
    "rejections": "one_share",
    "salience": "one_curve",
    "seats": "constant",
}


# Per 1000 inhabitants (and year): far more than any place of the study took in.
ASYLUM, UKRAINIANS = 60.0, 60.0


def town(people: int = 2000, **theories: str) -> Scenario:
    """A town of the study with theories of its own, where people die early: few migrants are old."""
    return Scenario(
        localities=(from_case("C21"),),
        seed=7,
        people=people,
        theories={**default_theories(), **theories},
        parameters={**defaults(), "demography.deaths_at_80": 1.5},
    )


def world_of(scenario: Scenario, lived_by: Schedule) -> World:
    """A world where many will arrive, shortly before the first month; the schedule says who lives it."""
    world = World(scenario, 0, lived_by)
    world.month = FIRST - 1
    world.localities[0].row.arrivals_per_1000[NON_EUROPEAN, 0] = ASYLUM
    world.localities[0].row.arrivals_per_1000[UKRAINIAN, 0] = UKRAINIANS
    return world


def differing(one: Locality, other: Locality) -> list[str]:
    """Columns whose bytes differ, with how many rows."""
    left, right = snapshot(one), snapshot(other)
    assert left.keys() == right.keys()
    found = []
    for name, values in left.items():
        if values.shape != right[name].shape:
            found.append(f"{name}: {values.shape} against {right[name].shape}")
        elif values.tobytes() != right[name].tobytes():
            rows = np.flatnonzero((values != right[name]).reshape(len(values), -1).any(axis=1))
            found.append(f"{name}: {len(rows)} rows, first {rows[:3].tolist()}")
    return found


def counts(locality: Locality) -> dict[str, int]:
    """What people are doing or have done, in numbers of people or ties."""
    migrants, residents = locality.migrants, locality.residents
    what = {
        "Ukrainians": migrants.group == UKRAINIAN,
        "families that followed": migrants.entity >> np.uint64(56) & np.uint64(1) == 1,
        "claims refused": migrants.status == REFUSED,
        "employed": migrants.job == EMPLOYED,
        "precarious": migrants.job == PRECARIOUS,
        "refused a job": migrants.refused_job == 1,
        "refused a home": migrants.refused_home == 1,
        "private homes": migrants.housing == PRIVATE,
        "with a host": migrants.host >= 0,
        "family members": migrants.head >= 0,
        "born here": migrants.entity >> np.uint64(57) > 0,
        "at school": migrants.school >= 0,
        "club members": migrants.association >= 0,
        "helped": migrants.helper >= 0,
        "bad meetings": migrants.bad > 0.0,
        "discrimination": migrants.events > 0.0,
        "ties": migrants.tie >= 0,
        "gone": migrants.left >= 0,
        "deprived": migrants.deprivation > 0.0,
        "succeeded": residents.since >= FIRST,
        "volunteers": residents.volunteer > 0.0,
        "former volunteers": (residents.volunteered == 1) & (residents.volunteer == 0.0),
        "met in leisure": residents.leisure > 0.0,
        "witnesses": residents.norm != 0.0,
    }
    return {name: int(np.count_nonzero(whom)) for name, whom in what.items()}


@pytest.mark.portable
@pytest.mark.parametrize("theories", [{}, RIVALS, HISTORY], ids=["default", "rivals", "history"])
def test_kernels_and_plain_mesa_agree_to_the_last_byte(theories: dict[str, str]) -> None:
    scenario = town(**theories)
    kernels = world_of(scenario, schedule(scenario.schedule))
    twin = world_of(scenario, twin_schedule(scenario.schedule))
    happened = dict.fromkeys(counts(kernels.localities[0]), 0)
    for month in range(FIRST, FIRST + MONTHS):
        kernels.step()
        twin.step()
        assert differing(kernels.localities[0], twin.localities[0]) == [], f"month {month}"
        for name, count in counts(kernels.localities[0]).items():
            happened[name] += count
    # Equality of what nobody has done would prove nothing.
    happened["deaths"] = int(kernels.localities[0].value("deaths"))
    assert min(happened.values()) > 0, [name for name, count in happened.items() if not count]
    twin.close()
    kernels.close()


def test_a_planted_error_is_seen() -> None:
    """One parameter of one person-side process, changed by a millionth in the twin only, is found at once."""
    scenario = town(people=300)
    speed = scenario.parameters["attitudes.speed"]
    changed = replace(scenario, parameters={**scenario.parameters, "attitudes.speed": speed * (1.0 + 1e-6)})
    kernels = world_of(scenario, schedule(scenario.schedule))
    twin = world_of(changed, twin_schedule(scenario.schedule))
    kernels.step()
    twin.step()
    assert any(
        name.startswith("residents.attitude_to") for name in differing(*kernels.localities, *twin.localities)
    )
    twin.close()
    kernels.close()
