"""What a type checker sees of the public names: `mypy --strict` reads this file, and nobody runs it."""

from typing import assert_type

import pandas as pd
import xarray

import woc_sim
from woc_sim import run, scenario
from woc_sim.inputs.tables import Case
from woc_sim.inputs.theories import Theory
from woc_sim.library.catalogues import FitFigure
from woc_sim.scenario.interventions import Effect
from woc_sim.scenario.parameters import Parameter
from woc_sim.scenario.schema import Scenario

town = scenario(case="C21", seed=7, intervention="links", parameters={"policy.load": 0.2})
assert_type(town, Scenario)
assert_type(scenario({"locality.rrp_share": 0.2}, case="C21", months=12), Scenario)
assert_type(woc_sim.scenario(intervention={"links": {"start": "2018-01"}}), Scenario)
scenario(case=21)  # type: ignore[arg-type]
scenario(seed="7")  # type: ignore[arg-type]

tables = run({"case": "C21", "people": 60, "locality": {"rrp_share": [0.1, 0.2]}}, replicates=2)
assert_type(tables, woc_sim.RunTables)
assert_type(tables.monthly, pd.DataFrame)
assert_type(tables.summary("mean_attitude"), pd.DataFrame)
assert_type(tables.to_xarray(), xarray.Dataset)
assert_type(tables.command, str)
run("C21")  # type: ignore[arg-type]

assert_type(woc_sim.sweep({"a": town, "b": {"case": "C21"}}, 2, "out/a"), pd.DataFrame)
assert_type(woc_sim.sweep(woc_sim.grid(size=["rural", "small"]), 2, "out/a"), pd.DataFrame)
assert_type(woc_sim.load_sweep("out/a"), pd.DataFrame)
assert_type(woc_sim.load_sweep("out/a", arrays=True), xarray.Dataset)
assert_type(woc_sim.compare(town, {"case": "C21"}), woc_sim.Comparison)
assert_type(woc_sim.why(town, town, "mipex_total").summary(), pd.DataFrame)

assert_type(woc_sim.parameters()["policy.load"], Parameter)
assert_type(woc_sim.cases()["C21"], Case)
assert_type(woc_sim.theories()["contact.none"], Theory)
assert_type(woc_sim.interventions()["links"], Effect)
assert_type(woc_sim.fit_figures()["policy_mean"], FitFigure)
assert_type(woc_sim.observables().table(), pd.DataFrame)
role = woc_sim.findings()["S01"].role.nmae  # type: ignore[attr-defined]

problem = woc_sim.problem("policy", base=town, outcomes=["mipex_total"])
assert_type(problem.bounds, dict[str, tuple[float, float]])
assert_type(problem({"policy.load": 0.2}), dict[str, float])
assert_type(woc_sim.misfit({"policy.load": 0.2})["distance"].mean(), float)
