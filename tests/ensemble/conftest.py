"""Runs that several tests compare with."""

import pytest
from small_runs import tasks

from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.tasks import Outcome


@pytest.fixture(scope="session")
def outcomes() -> list[Outcome]:
    """What one process gives."""
    return run_many(tasks(), 1, progress=False)
