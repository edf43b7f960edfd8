"""Knock-outs: the model without one process."""

from __future__ import annotations

import pandas as pd

from woc_sim.analysis.knockouts import decorative_processes, mechanism_verdicts, without, without_process
from woc_sim.analysis.mechanisms import mechanisms
from woc_sim.analysis.verdicts import CANNOT_TELL, NOT_BY_IT, WITHOUT_IT
from woc_sim.scenario.schema import PROCESSES, Scenario


def test_dropping_a_process_drops_that_process():
    for name in PROCESSES:
        assert set(Scenario(()).schedule) - set(without_process(Scenario(()), name).schedule) == {name}


def test_a_mechanism_may_be_a_theory():
    one = without(Scenario(()), "theory/contact=none")
    assert one.theories["contact"] == "none"
    assert one.schedule == Scenario(()).schedule
    assert without(Scenario(()), "ties") == without_process(Scenario(()), "ties")


def test_a_finding_has_its_mechanism_only_if_it_falls_without_it():
    (process,) = mechanisms()["S55"]
    for passes, word in ((0, WITHOUT_IT), (1, WITHOUT_IT), (4, CANNOT_TELL), (7, NOT_BY_IT)):
        row = {"process": process, "finding": "S55", "passes_without": passes, "n": 8}
        assert mechanism_verdicts(pd.DataFrame([row])) == {"S55": word}
    other = {"process": "calendar", "finding": "S55", "passes_without": 0, "n": 8}
    assert mechanism_verdicts(pd.DataFrame([other])) == {}


def test_a_theory_is_no_decorative_process():
    same = {"finding": "S55", "effect": 0.0, "value_model": 1.0, "value_without": 1.0}
    same |= {"passed_model": True, "passed_without": True}
    rows = [{"process": name, **same} for name in ("ties", "theory/contact=none")]
    assert decorative_processes(pd.DataFrame(rows), pd.DataFrame()) == ("ties",)
