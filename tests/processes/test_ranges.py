"""Worlds at the ends of the ranges of all parameters: whatever a user asks for is answered by numbers."""

import random

import numpy as np
import pytest
from tests.worlds import live, small_locality

from woc_sim.processes.schedule import BY_NAME
from woc_sim.scenario.parameters import Parameter, registry


def lived(pick) -> list[str]:
    """Columns that hold a number that is none after thirty months with the parameters that `pick` takes."""
    parameters = {name: pick(one) for name, one in registry().items()}
    locality = live(small_locality(100, parameters=parameters, asylum_share=20.0), range(36, 66), BY_NAME)
    assert locality.sets["migrants"].count > 0
    return [
        f"{owner}.{column}"
        for owner, rows in locality.sets.items()
        for column in rows
        if not np.isfinite(rows.buffer(column)[: rows.count].astype(float)).all()
    ]


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_parameters_can_lie_at_one_end_of_their_ranges(end: str) -> None:
    assert lived(lambda one: getattr(one, end)) == []


@pytest.mark.parametrize("seed", range(8))
def test_parameters_can_lie_at_any_mixture_of_ends(seed: int) -> None:
    chance = random.Random(seed)

    def pick(one: Parameter) -> float:
        return chance.choice((one.low, one.value, one.high))

    assert lived(pick) == []
