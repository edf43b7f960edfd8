"""Kills at random moments, of a sweep, `compact`, `export` and `retry`: no run is lost, doubled or
incomplete.

Children are forked from this process, which has imported and compiled everything, so a kill costs only tenths
of a second. `WOC_SIM_KILLS=N` tries N kills instead of a few.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from ensemble_processes import children

from woc_sim.cli.main import main
from woc_sim.ensemble.plan import DesignPoint
from woc_sim.ensemble.sweep_run import run_sweep
from woc_sim.ensemble.sweep_tables import open_sweep
from woc_sim.errors import UserError
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

KILLS = int(os.environ.get("WOC_SIM_KILLS", "12"))
A_FOLDER = 25
"""Kills until a new folder is begun."""
AT_FIRST = 0.1
"""Seconds until the kill of an operation that has not been seen to end."""

pytestmark = [
    pytest.mark.fuzz,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which Windows cannot"),
]


def sweep(out: Path, replicates: int = 8, workers: int = 1) -> pd.DataFrame:
    towns = [replace(Scenario((from_case(name),)), people=60, months=2) for name in ("C21", "C02", "C31")]
    points = [DesignPoint(town, {"case": town.localities[0].case}) for town in towns]
    return run_sweep(out, points, replicates, "test", workers=workers, progress=False).sweep.runs


def export(out: Path) -> None:
    main(["export", str(out), f"to={out.parent / 'archive.zip'}"])


def compact(out: Path) -> None:
    main(["compact", str(out)])


def retry(out: Path) -> None:
    main(["retry", str(out)])


OPERATIONS: tuple[Callable[[Path], object], ...] = (sweep, sweep, compact, export, retry)


def seconds_if_ended(operation: Callable[[Path], object], out: Path, delay: float) -> float | None:
    """Start an operation in a child process and kill it after `delay` seconds; how long it took if it ended
    before, None if the kill struck.
    """
    start = time.perf_counter()
    child = multiprocessing.get_context("fork").Process(target=operation, args=(out,))
    child.start()
    child.join(delay)
    took = time.perf_counter() - start
    child.kill()
    child.join()
    return None if child.exitcode == -signal.SIGKILL else took


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, float]:
    """The ledger of an undisturbed sweep, and how long it takes."""
    out = tmp_path_factory.mktemp("kills") / "whole"
    sweep(out)
    shutil.rmtree(out)
    start = time.perf_counter()
    found = sweep(out).drop(columns="seconds")
    return found, time.perf_counter() - start


@pytest.mark.timeout(3000)
@pytest.mark.parametrize("folder", range(-(-KILLS // A_FOLDER)))
def test_nothing_is_lost_doubled_or_half_whenever_it_is_killed(tmp_path, whole, folder):
    expected, longest = whole
    chance = random.Random(folder)
    truth = expected.set_index(["run_id", "case"])
    out, archive = tmp_path / "s", tmp_path / "archive.zip"
    struck = 0
    # A sweep of a finished folder is over at once, so each operation is killed within the time it took last.
    usual: dict[Callable[[Path], object], float] = {sweep: longest}
    for number in range(min(A_FOLDER, KILLS)):
        operation = sweep if number == 0 else chance.choice(OPERATIONS)
        took = seconds_if_ended(operation, out, chance.uniform(0.0, usual.get(operation, AT_FIRST)))
        if took is None:
            struck += 1
        else:
            usual[operation] = took
        if archive.exists():
            assert zipfile.ZipFile(archive).testzip() is None
            archive.unlink()
        if not (out / "plan").exists() or not (out / "manifest.json").exists():
            with pytest.raises(UserError, match="holds no sweep"):
                open_sweep(out)
            continue
        if not list((out / "plan").glob("*.parquet")):
            continue
        found = open_sweep(out).runs.drop(columns="seconds")
        assert found["run_id"].is_unique
        done = found[found["status"] == "done"].set_index(["run_id", "case"])
        if len(done):
            pd.testing.assert_frame_equal(done, truth.loc[done.index], check_exact=True)
    pd.testing.assert_frame_equal(sweep(out).drop(columns="seconds"), expected, check_exact=True)
    assert not list(out.rglob(".*.part"))
    assert struck >= min(A_FOLDER, KILLS) / 6


@pytest.mark.timeout(3000)
def test_workers_killed_again_and_again_cost_no_run(tmp_path):
    strikes = max(1, KILLS // 25)
    many = 40 + 20 * strikes  # replicates: enough that workers run at each strike
    expected = sweep(tmp_path / "whole", many).drop(columns="seconds")
    before, out, struck = children(os.getpid()), tmp_path / "s", []
    ended = threading.Event()

    def strike() -> None:
        """Kill running workers; if they all end before a result, the pool raises UserError."""
        chance = random.Random(5)
        wait = 0.1
        while len(struck) < strikes and not ended.wait(wait):
            workers = sorted(children(os.getpid()) - before)
            if workers and list((out / "shards").glob("*.parquet")):
                struck.append(chance.choice(workers))
                os.kill(struck[-1], signal.SIGKILL)
                wait = 8.0  # until the next one works

    thread = threading.Thread(target=strike)
    thread.start()
    first = sweep(out, many, workers=2)
    ended.set()
    thread.join()
    lost = first[first["status"] == "failed"]
    assert set(lost["stage"]) <= {"worker"}, "a run that was struck twice"
    assert len(lost) <= len(struck) // 2
    retry(out)
    pd.testing.assert_frame_equal(sweep(out, many).drop(columns="seconds"), expected, check_exact=True)
    assert struck
