"""The public names of the package: imported lazily, and equal whatever was imported before."""

import subprocess
import sys

import pytest

import woc_sim
import woc_sim.scenario.parse
from woc_sim import UserError, scenario
from woc_sim.scenario.schema import Scenario


def test_the_scenario_package_is_also_the_function() -> None:
    asked = scenario(case="C21", seed=7)
    assert isinstance(asked, Scenario)
    assert woc_sim.scenario(case="C21", seed=7) == asked
    assert woc_sim.scenario.parse.parse({"case": "C21", "seed": 7})[0] == asked
    with pytest.raises(UserError, match="'sead' does not exist"):
        scenario(sead=1)


def test_every_public_name_exists() -> None:
    for name in woc_sim.__all__:
        assert getattr(woc_sim, name)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(woc_sim, "nothing")  # noqa: B009


def test_the_first_lines_of_a_user_work_in_a_fresh_interpreter() -> None:
    code = "from woc_sim import scenario, run; print(scenario(case='C21').localities[0].name, run.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "C21 run\n"


def test_the_import_stays_light_and_the_package_can_be_looked_at_before_it_is_used() -> None:
    code = (
        "import sys, woc_sim; assert 'Model' in dir(woc_sim); "
        "print(sorted({'numpy', 'pandas', 'numba', 'mesa', 'pyarrow', 'hydra'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"
