"""Scale: what a person costs in memory, and whether a thinned town tells the same per head as the whole."""

import subprocess
import sys
from dataclasses import replace
from statistics import fmean, stdev

import numpy as np
import pytest

from woc_sim.ensemble.run import run_rows
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

BYTES_A_PERSON = 400
WARM = """
from dataclasses import replace
from woc_sim.ensemble.run import run_rows
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

spec = from_case("C21")
run_rows(Scenario(localities=(spec,), people=2000, months=60), 0)
"""
TOWN = """
def kibibytes(name):  # not ru_maxrss, which a process inherits from the one that started it
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))

before = kibibytes("VmRSS")
town = replace(spec, inhabitants=(150_000.0, 150_000.0))
run_rows(Scenario(localities=(town,), people=150_000, months=60), 0)
print((kibibytes("VmHWM") - before) * 1024 / 150_000)
"""


def run(script: str) -> str:
    """What a fresh Python prints; raises if it fails."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


def test_a_person_takes_less_than_four_hundred_bytes_over_the_libraries():
    """The peak of a whole run with migrants, instruments and both surveys: they come in its last month."""
    run(WARM)  # a process that has to compile kernels needs more memory than any town
    assert float(run(WARM + TOWN)) < BYTES_A_PERSON


PER_HEAD = (
    "mean_attitude",
    "mean_attitude_ua",
    "sd_attitude",
    "mean_norm",
    "mean_contact",
    "volunteers_share",
    "employed_share",
    "private_home_share",
    "mean_language",
    "ties_per_migrant",
    "belonging",
    "loneliness",
    "contact_hours",
)
REPLICATES = 10


def _last_year(scale: float) -> dict[str, list[float]]:
    """Means over 2023 of the indicators per head, one number a replicate."""
    scenario = Scenario(localities=(from_case("C21"),), seed=11, scale=scale)
    scenario = replace(scenario, localities=(replace(scenario.localities[0], inhabitants=(9000.0, 9000.0)),))
    rows = [run_rows(scenario, replicate)[0].indicators[-12:] for replicate in range(REPLICATES)]
    return {name: [float(np.mean(row[:, INDICATOR_NAMES.index(name)])) for row in rows] for name in PER_HEAD}


@pytest.fixture(scope="module")
def whole() -> dict[str, list[float]]:
    return _last_year(1.0)


@pytest.mark.parametrize("scale", [0.05, 0.2])
def test_a_thinned_town_tells_the_same_per_head(whole, scale):
    thinned = _last_year(scale)
    apart = {}
    for name in PER_HEAD:
        one, other = thinned[name], whole[name]
        error = ((stdev(one) ** 2 + stdev(other) ** 2) / REPLICATES) ** 0.5
        apart[name] = (fmean(one) - fmean(other)) / error
    assert all(abs(distance) <= 3.0 for distance in apart.values()), apart
