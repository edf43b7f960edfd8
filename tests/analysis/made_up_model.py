"""A made-up model in place of simulations: four statistics that are functions of three parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference import posterior, studies, waves
from woc_sim.analysis.inference.parameters import space_of

Array = np.ndarray[Any, Any]
OVER = ("policy.ideology", "policy.need", "policy.cost")
TRUTH = np.array([0.3, 0.6, 0.4])
NOISE, ERROR = 0.02, 0.05
NAMES = ("level", "gap", "politics_share", "curve")


@dataclass(frozen=True)
class Statistic:
    name: str
    finding: str = "D1"
    unit: str = ""
    basis: str = "tables"


CATALOGUE = tuple(Statistic(name) for name in NAMES)


def made_up(units: Array) -> Array:
    x, y, z = np.atleast_2d(units).T
    return np.column_stack([x + y, y - z, 0.5 * x + 0.3 * z**2, np.sin(3 * z) + 0.2 * x])


def use_made_up_model(monkeypatch: pytest.MonkeyPatch, published: Array, error: float = ERROR) -> None:
    """Replace simulation and published numbers."""
    covariance = np.eye(len(NAMES)) * error**2
    monkeypatch.setattr(fit_statistics, "FIT_STATISTICS", CATALOGUE)
    monkeypatch.setattr(fit_statistics, "published_values", lambda without="": published.copy())
    monkeypatch.setattr(fit_statistics, "observation_covariance", lambda without="": covariance.copy())

    def run(points: Sequence[studies.StudyPoint], *_: Any) -> studies.StudyTable:
        space = space_of(OVER)
        units = np.array(
            [space.units(np.array([each.scenario.parameters[name] for name in OVER])) for each in points]
        )
        noise = np.array([np.random.default_rng(each.number).normal(0, NOISE, len(NAMES)) for each in points])
        values = made_up(units) + noise
        without = {country: values.copy() for country in studies.COUNTRIES}
        return studies.StudyTable(np.array([each.point for each in points]), values, without)

    monkeypatch.setattr(waves, "run_studies", run)
    monkeypatch.setattr(posterior, "run_studies", run)
