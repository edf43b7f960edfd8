"""Knock-outs: the model without one process."""

from __future__ import annotations

from woc_sim.analysis.knockouts import without_process
from woc_sim.scenario.schema import PROCESSES, Scenario


def test_dropping_a_process_drops_that_process():
    for name in PROCESSES:
        assert set(Scenario(()).schedule) - set(without_process(Scenario(()), name).schedule) == {name}
