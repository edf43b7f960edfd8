"""Ensembles: the same rows for any number of workers, and after any interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ensemble_processes import children, ended

from woc_sim.ensemble import store as store_module
from woc_sim.ensemble.executors import run_batch, run_many, yearly
from woc_sim.ensemble.progress import Progress
from woc_sim.ensemble.run import final_frame, month_names, monthly_frame, run_one, run_rows
from woc_sim.ensemble.store import SHARD_SUFFIX, Store, open_store
from woc_sim.ensemble.tasks import Outcome, Task, replicated
from woc_sim.errors import UserError
from woc_sim.instruments.readings import INDICATOR_NAMES, INSTRUMENT_NAMES, READING_NAMES, READINGS
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

MONTHS = 8


def scenario(name: str = "C21", **changes: object) -> Scenario:
    return replace(Scenario((from_case(name),), people=120, months=MONTHS), **changes)


def tasks(count: int = 5) -> list[Task]:
    return replicated("model", [("C21", scenario()), ("C02", scenario("C02"))], range(count))[:count]


def same(first: list[Outcome], second: list[Outcome]) -> bool:
    return [each.key for each in first] == [each.key for each in second] and all(
        a.case == b.case
        and a.replicate == b.replicate
        and np.array_equal(a.readings, b.readings, equal_nan=True)
        and np.array_equal(a.indicators, b.indicators, equal_nan=True)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one.rows, other.rows, strict=True)
    )


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return run_many(tasks(), 1, progress=False)


def test_one_run_has_the_promised_tables():
    tables = run_one(scenario(), 3)
    assert list(tables.final.columns) == ["case", "replicate", *READING_NAMES]
    assert list(tables.monthly.columns) == ["case", "replicate", "month", *INDICATOR_NAMES]
    assert tables.final[["case", "replicate"]].to_numpy().tolist() == [["C21", 3]]
    assert tables.monthly["month"].tolist() == [f"2012-{month:02d}" for month in range(1, MONTHS + 1)]
    assert np.isfinite(tables.final["mipex_total"]).all()


def test_a_run_is_repeated_exactly_and_replicates_differ():
    first, again, other = (run_rows(scenario(), replicate)[0] for replicate in (1, 1, 2))
    assert np.array_equal(first.readings, again.readings, equal_nan=True)
    assert np.array_equal(first.indicators, again.indicators, equal_nan=True)
    assert not np.array_equal(first.indicators, other.indicators, equal_nan=True)


def test_localities_of_one_world_give_one_row_each():
    both = scenario(localities=(from_case("C21"), from_case("C02")))
    rows = run_rows(both, 0)
    assert [row.case for row in rows] == ["C21", "C02"]
    assert final_frame(rows).shape == (2, 2 + len(READING_NAMES))
    assert monthly_frame(rows).shape == (2 * MONTHS, 3 + len(INDICATOR_NAMES))


def held_by(*instruments: str) -> list[bool]:
    return [each.instrument in instruments for each in READINGS]


@pytest.mark.parametrize("instrument", INSTRUMENT_NAMES)
def test_an_instrument_reads_the_same_alone_as_among_all(instrument: str):
    asked = scenario(months=26)
    name = next(each.name for each in READINGS if each.instrument == instrument)
    whole, part = run_rows(asked, 0)[0], run_rows(asked, 0, readings=(name,))[0]
    held = held_by("mipex", instrument)  # the index tells a valid run
    assert np.array_equal(part.readings, np.where(held, whole.readings, np.nan), equal_nan=True)
    assert np.array_equal(part.indicators, whole.indicators, equal_nan=True)
    assert np.isfinite(part.readings[held]).any()


def test_an_unknown_reading_is_refused():
    with pytest.raises(UserError, match=r"there is no reading support_nee; did you mean 'support_ne'"):
        run_rows(scenario(), 0, readings=("support_nee",))


def test_a_store_gives_the_readings_that_are_asked_for_and_runs_what_it_lacks(tmp_path, monkeypatch):
    run: list[tuple[str, ...]] = []

    def counted(asked: Scenario, replicate: int, lives: int, readings: tuple[str, ...]) -> object:
        run.append(readings)
        return run_rows(asked, replicate, lives, readings)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_rows", counted)

    def asked(*readings: str) -> np.ndarray:
        with open_store(tmp_path / "runs") as store:
            task = Task("model", "", scenario(), 0, "year", readings=readings)
            return run_many([task], 1, progress=False, store=store)[0].rows[0].readings

    policy = asked("mipex_total", "response_share")
    fewer, whole = asked("mipex_total"), asked()
    later = asked("response_share"), asked("support_ne", "response_class")
    assert run == [("mipex_total", "response_share"), ()], "the rest was in the store"
    for found, instruments in (
        (policy, ("mipex", "response_class")),
        (fewer, ("mipex",)),
        (later[0], ("mipex", "response_class")),
        (later[1], ("mipex", "response_class", "resident_survey")),
    ):
        expected = np.where(held_by(*instruments), whole, np.nan)
        assert np.array_equal(found, expected, equal_nan=True)


def test_outcomes_come_in_the_order_of_the_tasks(outcomes):
    assert [each.key for each in outcomes] == [task.key for task in tasks()]
    assert [each.rows[0].case for each in outcomes] == ["C21", "C02", "C21", "C02", "C21"]
    assert [each.rows[0].replicate for each in outcomes] == [0, 0, 1, 1, 2]


def test_two_workers_give_what_one_gives(outcomes):
    assert same(outcomes, run_many(tasks(), 2, progress=False))


def test_years_are_means_of_months():
    months = run_batch([Task("a", "b", scenario(months=24), 0)])[0].rows[0].indicators
    years = run_batch([Task("a", "b", scenario(months=24), 0, "year")])[0].rows[0].indicators
    assert years.shape == (2, len(INDICATOR_NAMES))
    assert np.array_equal(years, yearly(months), equal_nan=True)
    assert np.allclose(years[1], months[12:].mean(axis=0), equal_nan=True)


def test_the_same_run_twice_is_run_once(monkeypatch):
    ran: list[int] = []

    def counted(batch: list[Task]) -> list[Outcome]:
        ran.append(len(batch))
        return run_batch(batch)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", counted)
    task = tasks(1)[0]
    found = run_many([task, replace(task, arm="null")], 1, progress=False)
    assert sum(ran) == 1
    assert found[0] is found[1]


def test_month_names_end_with_the_calendar():
    assert month_names()[0] == "2012-01"
    assert month_names()[-1] == "2023-12"


# --- the store


def test_what_is_stored_is_not_run_again(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        store.add(outcomes[:3])
    ran: list[str] = []

    def noted(batch: list[Task]) -> list[Outcome]:
        ran.extend(task.key for task in batch)
        return run_batch(batch)

    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", noted)
    with open_store(tmp_path) as store:
        found = run_many(tasks(), 1, progress=False, store=store)
    assert sorted(ran) == sorted(task.key for task in tasks()[3:])
    assert same(found, outcomes)


def test_resuming_a_finished_ensemble_runs_nothing(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        run_many(tasks(), 1, progress=False, store=store)
    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda batch: pytest.fail("ran again"))
    with open_store(tmp_path) as store:
        assert same(run_many(tasks(), 1, progress=False, store=store), outcomes)


def test_a_half_written_shard_is_forgotten(tmp_path, outcomes):
    with open_store(tmp_path) as store:
        store.add(outcomes[:2])
    shards = tmp_path / "shards"
    ledger = next(shards.glob(f"*{SHARD_SUFFIX}"))
    ledger.rename(ledger.with_name(f".{ledger.name}.0123abcd.part"))  # killed before the last rename
    with open_store(tmp_path) as store:
        assert store.read({each.key for each in outcomes}) == {}
        assert not list(shards.glob("*.part"))
        store.add(outcomes[:2])
        assert set(store.read({each.key for each in outcomes})) == {each.key for each in outcomes[:2]}


def test_runs_of_another_model_are_refused(tmp_path, outcomes, monkeypatch):
    with open_store(tmp_path) as store:
        store.add(outcomes[:1])
    monkeypatch.setattr(store_module, "model_hash", lambda: "0123456789abcdef")
    with (
        pytest.raises(UserError, match=r"another version of the model .*this is 0123456789abcdef"),
        open_store(tmp_path),
    ):
        pass


def test_two_writers_of_one_folder_are_refused(tmp_path):
    with open_store(tmp_path), pytest.raises(UserError, match="another process"), open_store(tmp_path):
        pass
    with open_store(tmp_path):  # and the lock is given back
        pass


def test_an_empty_batch_leaves_no_shard(tmp_path):
    with Store(tmp_path) as store:
        store.add([])
    assert list((tmp_path / "shards").iterdir()) == []


ENSEMBLE = """
import sys
from pathlib import Path
from test_ensemble import tasks
from woc_sim.ensemble.executors import run_many
from woc_sim.ensemble.store import open_store
if __name__ == "__main__":
    with open_store(Path(sys.argv[1])) as store:
        run_many(tasks(24), int(sys.argv[2]), progress=False, store=store)
    print("finished")
"""


@pytest.mark.timeout(600)
def test_a_killed_ensemble_resumes_to_the_same_table_and_leaves_no_workers(tmp_path):
    out, script = tmp_path / "out", tmp_path / "ensemble.py"
    script.write_text(ENSEMBLE)
    places = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    command = [sys.executable, str(script), str(out), "2"]
    running = subprocess.Popen(command, env=environment)
    deadline = time.monotonic() + 300
    while not list((out / "shards").glob(f"*{SHARD_SUFFIX}")):
        assert running.poll() is None, "ended before a batch was stored"
        assert time.monotonic() < deadline
        time.sleep(0.05)
    workers = children(running.pid)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert workers
    waited = time.monotonic()
    while not all(ended(worker) for worker in workers):
        assert time.monotonic() - waited < 15, "workers outlive their parent"
        time.sleep(0.1)
    before = len(list((out / "shards").glob(f"*{SHARD_SUFFIX}")))
    with open_store(out) as store:
        resumed = run_many(tasks(24), 1, progress=False, store=store)
    assert len(list((out / "shards").glob(f"*{SHARD_SUFFIX}"))) > before
    assert same(resumed, run_many(tasks(24), 1, progress=False))


# --- progress


def test_progress_speaks_in_lines_where_there_is_no_terminal(capsys, monkeypatch):
    clock = iter(range(0, 1000, 11))
    monkeypatch.setattr("woc_sim.ensemble.progress.time.perf_counter", lambda: float(next(clock)))
    with Progress("simulating", total=3, already_done=2) as display:
        for _ in range(3):
            display.advance(1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "simulating: 3 runs, 2 found finished"
    assert "1 of 3 runs" in said[1]
    assert "s left" in said[1]
    assert said[-1].startswith("simulating: 3 runs in ")


def test_progress_can_be_silent(capsys):
    with Progress("simulating", total=3, show=False) as display:
        display.advance(3)
    assert capsys.readouterr().err == ""


def test_an_exception_in_a_task_is_raised_here(tmp_path, monkeypatch):
    def broken(*_: object) -> list[object]:
        raise RuntimeError("a bug")

    monkeypatch.setattr("woc_sim.ensemble.executors.run_rows", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        run_many(tasks(1), 1, progress=False)
