"""Catalogues: typed entries by name, a data frame, completion, and a sentence for an unknown name."""

import pickle

import numpy as np
import pytest

import woc_sim
from woc_sim import UserError
from woc_sim.analysis.fit_statistics import FIT_STATISTICS, observation_covariance
from woc_sim.instruments.readings import INDICATORS, READINGS
from woc_sim.scenario.parameters import registry

NAMES = ("parameters", "cases", "theories", "interventions", "observables", "findings", "fit_figures")


@pytest.mark.parametrize("name", NAMES)
def test_a_catalogue_is_a_mapping_and_a_frame_and_pickles(name: str) -> None:
    catalogue = getattr(woc_sim, name)()
    table = catalogue.table()
    assert list(table.index) == list(catalogue)
    assert catalogue._ipython_key_completions_() == list(catalogue)
    assert catalogue._repr_html_().count("<tr") >= 10
    assert len(repr(catalogue)) < 250
    again = pickle.loads(pickle.dumps(catalogue))
    assert list(again) == list(catalogue)
    entry = next(iter(catalogue.values()))
    assert pickle.loads(pickle.dumps(entry)) == entry
    with pytest.raises(TypeError):
        catalogue["new"] = entry


def test_entries_are_what_the_model_uses() -> None:
    load = woc_sim.parameters()["policy.load"]
    assert load is registry()["policy.load"]
    assert woc_sim.parameters().table().loc["policy.load", "high"] == load.high
    assert woc_sim.cases()["C21"].name == "C21"
    assert np.isfinite(woc_sim.cases().table().loc["C01", "mipex_total"])
    assert (
        woc_sim.scenario(theory={"contact": woc_sim.theories()["contact.none"].name}).theories["contact"]
        == "none"
    )
    assert woc_sim.findings()["D3"].role.name == "fit"
    assert len(woc_sim.observables()) == len(INDICATORS) + len(READINGS)
    assert woc_sim.observables()["monthly.mean_attitude"].unit == "-1..1"


def test_the_fit_figures_are_those_of_the_calibration_and_tolerances_are_wider_than_errors() -> None:
    table = woc_sim.fit_figures().table()
    assert list(table.index) == [each.name for each in FIT_STATISTICS]
    assert np.allclose(table["error"], np.sqrt(np.diag(observation_covariance())), rtol=1e-12)
    expected = np.sqrt(table["error"] ** 2 + (0.1 * table["published"]) ** 2)
    assert np.allclose(table["tolerance"], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("parameters", "policy.laod", "did you mean 'policy.load'"),
        ("interventions", "linsk", "did you mean 'links'"),
        ("cases", "Paris", "there are C01"),
    ],
)
def test_an_unknown_name_is_a_sentence_and_a_key_error(name: str, key: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as raised:
        getattr(woc_sim, name)()[key]
    assert isinstance(raised.value, KeyError)
    assert str(raised.value) == raised.value.sentence
    assert getattr(woc_sim, name)().get(key) is None
