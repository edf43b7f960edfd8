"""Scale: what a person costs in memory, and whether a thinned town tells the same per head as the whole."""

import subprocess
import sys

import pandas as pd
import pytest
from benchmarks.thinning import PER_HEAD, WHOLE, distances, per_head

from woc_sim.ensemble.warm import ensure_compiled

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
    ensure_compiled()  # a process that has to compile kernels needs more memory than any town
    assert float(run(WARM + TOWN)) < BYTES_A_PERSON


REPLICATES = 10


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    return distances(per_head((0.05, 0.2, WHOLE), REPLICATES)).set_index("scale")


@pytest.mark.parametrize("scale", [0.05, 0.2])
def test_a_thinned_town_tells_the_same_per_head(measured, scale):
    apart = measured.loc[scale]
    assert len(apart) == len(PER_HEAD)
    assert (apart["distance"].abs() <= 3.0).all(), apart
