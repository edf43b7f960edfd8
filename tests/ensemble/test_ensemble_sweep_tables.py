"""Sweeps: failed runs become rows, killed workers and parents lose nothing, and a folder can be resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ensemble_processes import children

import woc_sim
from woc_sim.ensemble import executors
from woc_sim.ensemble.axes import axis_column_names
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.executors import TooManyFailuresError, run_all
from woc_sim.ensemble.guard import TimeLimitError, run_guarded
from woc_sim.ensemble.ledger import LEDGER
from woc_sim.ensemble.plan import DesignPoint, plan_tasks, require_plan
from woc_sim.ensemble.store import SHARD_SUFFIX, open_store
from woc_sim.ensemble.sweep_tables import canonical_hash, ledger
from woc_sim.ensemble.tasks import Failure, Outcome, Task
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

MONTHS = 6
COUNT = 2  # points


def scenario(name: str) -> Scenario:
    return replace(Scenario((from_case(name),), people=80, months=MONTHS))


def points() -> list[DesignPoint]:
    return [DesignPoint(scenario(name), {"case": name}, {"case": name}) for name in ("C21", "C02")]


def planned_tasks(out: Path, replicates: int = 3) -> list[Task]:
    return plan_tasks(out, points(), replicates, monthly=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, Outcome | Failure]:
    return run_all(planned_tasks(tmp_path_factory.mktemp("plan")), progress=False)


def test_the_hash_of_the_table_is_one_for_any_way_of_running(tmp_path, whole):
    tasks = planned_tasks(tmp_path)
    assert canonical_hash(run_all(tasks, 2, progress=False)) == canonical_hash(whole)
    assert canonical_hash(run_all(tasks[::-1], 1, progress=False)) == canonical_hash(whole)
    other = run_all([replace(task, replicate=task.replicate + 10) for task in tasks], progress=False)
    assert canonical_hash(other) != canonical_hash(whole)


def test_more_points_and_replicates_run_only_what_is_new(tmp_path, whole, monkeypatch):
    with open_store(tmp_path) as store:
        run_all(planned_tasks(tmp_path, 2), store=store, progress=False)
    ran: list[str] = []
    run_task = executors.run_task

    def noted(task: Task) -> Outcome:
        ran.append(task.key)
        return run_task(task)

    monkeypatch.setattr(executors, "run_task", noted)
    with open_store(tmp_path) as store:
        found = run_all(planned_tasks(tmp_path, 3), store=store, progress=False)
    assert len(ran) == COUNT
    assert canonical_hash(found) == canonical_hash(whole)
    assert [len(point.runs) for point in require_plan(tmp_path)] == [3] * COUNT


def broken(kind: str, at: int) -> Callable[[Task], Outcome]:
    run_task = executors.run_task

    def run(task: Task) -> Outcome:
        if task.replicate != at:
            return run_task(task)
        if kind == "raises":
            raise ValueError("no such town")
        if kind == "hangs":
            while True:
                time.sleep(0.01)
        outcome = run_task(task)
        rows = [replace(row, readings=np.full(len(READING_NAMES), np.nan)) for row in outcome.rows]
        return replace(outcome, rows=tuple(rows))

    return run


@pytest.mark.parametrize(
    ("kind", "stage", "message"),
    [
        ("raises", "run", "no such town"),
        ("hangs", "time limit", "not finished after 0.5 s"),
        ("nan", "result", "mipex_total is not a number in C21"),
    ],
)
def test_what_goes_wrong_is_a_row_with_its_cause_and_costs_no_other(
    tmp_path, whole, monkeypatch, kind, stage, message
):
    monkeypatch.setattr(executors, "run_task", broken(kind, 1))
    with open_store(tmp_path) as store:
        run_all(planned_tasks(tmp_path), store=store, progress=False, time_limit=0.5)
        table = ledger(tmp_path, store)
    lost = table[table["status"] == "failed"]
    assert set(lost["replicate"]) == {1}
    assert len(lost) == COUNT
    assert set(lost["stage"]) == {stage}
    assert message in set(lost["message"])
    assert (table["status"] == "done").sum() == 2 * COUNT
    if kind == "raises":
        assert set(lost["error"]) == {"ValueError"}
        assert "no such town" in lost["trace"].iloc[0]
    monkeypatch.undo()
    with open_store(tmp_path) as store:
        again = run_all(planned_tasks(tmp_path), store=store, progress=False)
        assert sum(isinstance(each, Failure) for each in again.values()) == COUNT  # a row stays until retried
        assert store.forget_failures() == COUNT
        mended = run_all(planned_tasks(tmp_path), store=store, progress=False)
    assert canonical_hash(mended) == canonical_hash(whole)


def test_too_many_failures_end_the_sweep_and_keep_what_was_done(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "run_task", broken("raises", 0))
    with open_store(tmp_path) as store:
        with pytest.raises(TooManyFailuresError, match="max_failures=1"):
            run_all(planned_tasks(tmp_path), store=store, progress=False, max_failures=1)
        assert len(store.failures()) == COUNT


def test_interrupts_are_no_failures(tmp_path, monkeypatch):
    def interrupted(task: Task) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(executors, "run_task", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_all(planned_tasks(tmp_path), progress=False)


def deadly(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    if any(task.replicate == 1 and task.cell == "1" for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return executors.run_batch(tasks)


SLOW = """
import sys
from pathlib import Path
from woc_sim.ensemble.executors import run_all
from woc_sim.ensemble.store import open_store
from test_ensemble_sweep_tables import planned_tasks

if __name__ == "__main__":
    out = Path(sys.argv[1])
    with open_store(out) as store:
        run_all(planned_tasks(out, 150), 2, progress=False, store=store)
"""


def environment() -> dict[str, str]:
    places = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}


@pytest.mark.thorough
def test_a_run_that_ends_its_process_is_a_row_and_its_neighbours_are_not(tmp_path, whole, monkeypatch):
    monkeypatch.setattr(executors, "run_guarded_batch", deadly)
    with open_store(tmp_path) as store:
        executors.run_all(planned_tasks(tmp_path), 2, progress=False, store=store)
    monkeypatch.undo()
    with open_store(tmp_path) as store:
        table = ledger(tmp_path, store)
        lost = table[table["status"] == "failed"]
        assert lost[["stage", "error", "message"]].to_numpy().tolist() == [
            ["worker", "WorkerLost", "ended by signal 9"]
        ]
        assert (table["status"] == "done").sum() == 3 * COUNT - 1
        store.forget_failures()
        mended = run_all(planned_tasks(tmp_path), store=store, progress=False)
        assert canonical_hash(mended) == canonical_hash(whole)


def begun(source: str, folder: Path, out: Path) -> subprocess.Popen[bytes]:
    """A script that runs a sweep in `out`; returns after it has stored its first batch."""
    script = folder / "script.py"
    script.write_text(source)
    command = [sys.executable, str(script), str(out)]
    running = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not list((out / "shards").glob(f"*{SHARD_SUFFIX}")):
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return running


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> str:
    """Hash of the 300 runs without any kill."""
    return canonical_hash(run_all(planned_tasks(tmp_path_factory.mktemp("calm"), 150), 2, progress=False))


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.parametrize("delay", [0.0, 0.4])
def test_a_sweep_of_300_runs_killed_at_any_moment_goes_on_to_the_same_table(tmp_path, delay, undisturbed):
    out = tmp_path / "out"
    running = begun(SLOW, tmp_path, out)
    time.sleep(delay)
    running.send_signal(signal.SIGKILL)
    running.wait()
    with open_store(out) as store:
        held = store.read({key for each in require_plan(out) for key in each.run_keys()})
        assert held
        resumed = run_all(planned_tasks(out, 150), store=store, progress=False)
        assert ledger(out, store)["run_id"].is_unique
    assert canonical_hash(resumed) == undisturbed


@pytest.mark.thorough
@pytest.mark.timeout(600)
@pytest.mark.parametrize("delay", [0.0, 0.3])
def test_a_worker_killed_at_any_moment_costs_nothing(tmp_path, delay, undisturbed):
    out = tmp_path / "out"
    running = begun(SLOW, tmp_path, out)
    time.sleep(delay)
    for worker in sorted(children(running.pid))[-1:]:
        os.kill(worker, signal.SIGKILL)
    assert running.wait(timeout=300) == 0
    with open_store(out) as store:
        table = ledger(out, store)
        assert set(table["status"]) == {"done"}
        assert table["run_id"].is_unique
        assert canonical_hash(run_all(planned_tasks(out, 150), store=store, progress=False)) == undisturbed


@pytest.mark.parametrize(("limit", "stage"), [(0.05, "time limit"), (None, "run")])
def test_a_run_that_is_struck_inside_compiled_code_has_failed_by_its_time_limit(tmp_path, limit, stage):
    def struck(task):
        """Acts like the interpreter when a kernel returns its result."""
        try:
            time.sleep(0.2)
        except TimeLimitError as error:
            raise SystemError("returned a result with an exception set") from error
        raise SystemError("something else")

    found = run_guarded(planned_tasks(tmp_path)[0], struck, limit)
    assert found.stage == stage
    assert found.message == ("something else" if limit is None else "not finished after 0.05 s")


@pytest.mark.thorough
@pytest.mark.timeout(300)
def test_a_worker_that_dies_while_its_parent_stores_costs_nothing(tmp_path, undisturbed):
    killed: list[int] = []

    class Store:
        """Keeps nothing; while it adds the first batch, a worker dies and the pool notices."""

        def read(self, keys):
            return {}

        failures = read

        def add(self, outcomes):
            if not killed:
                killed.append(max(children(os.getpid())))
                os.kill(killed[0], signal.SIGKILL)
                time.sleep(1.0)

        def add_failures(self, failures):
            assert not failures

    found = run_all(planned_tasks(tmp_path, 150), 2, progress=False, store=Store())
    assert killed
    assert canonical_hash(found) == undisturbed


# --- the folder


def test_compacting_changes_no_row(tmp_path, whole):
    with open_store(tmp_path) as store:
        tasks = planned_tasks(tmp_path)
        run_all(tasks[:2], store=store, progress=False)
        run_all(tasks, store=store, progress=False)
        before = ledger(tmp_path, store)
        assert store.compact() >= 2
        assert len(list((tmp_path / "shards").glob(f"*{SHARD_SUFFIX}"))) == 1
        assert ledger(tmp_path, store).equals(before)
        assert canonical_hash(run_all(tasks, store=store, progress=False)) == canonical_hash(whole)


def test_a_damaged_shard_is_named_and_a_deleted_one_is_run_again(tmp_path, whole):
    with open_store(tmp_path) as store:
        run_all(planned_tasks(tmp_path), store=store, progress=False)
    shard = next((tmp_path / "shards").glob(f"*{SHARD_SUFFIX}"))
    shard.write_bytes(shard.read_bytes()[:100])
    with pytest.raises(UserError, match=r"is damaged .*delete it"), open_store(tmp_path):
        pass
    shard.unlink()
    with open_store(tmp_path) as store:
        assert canonical_hash(
            run_all(planned_tasks(tmp_path), store=store, progress=False)
        ) == canonical_hash(whole)


def test_columns_are_named_by_the_last_word_where_that_is_enough():
    names = axis_column_names(
        ["executive", "locality.rrp_share", "theory.rrp", "parameters.ties.speed", "a.speed"]
    )
    assert names["locality.rrp_share"] == "rrp_share"
    assert names["theory.rrp"] == "rrp"
    assert names["parameters.ties.speed"] == "parameters_ties_speed"
    assert axis_column_names(["x.seconds", "case"], LEDGER) == {"x.seconds": "x_seconds", "case": "axis_case"}


def test_three_lines_of_python_give_a_frame(tmp_path):
    towns = {(("case", name), ("colour", name[-1])): scenario(name) for name in ("C21", "C02")}
    table = woc_sim.sweep(towns, replicates=2, out=str(tmp_path / "sweep"), progress=False)
    assert len(table) == 4
    assert set(table["colour"]) == {"1", "2"}
    assert woc_sim.load_sweep(str(tmp_path / "sweep")).equals(table)
    with pytest.raises(UserError, match="holds no sweep"):
        woc_sim.load_sweep(str(tmp_path))


PROFILED = """
import cProfile, time
from woc_sim.ensemble import guard

for limit, lasts in ((60.0, 0.0), (0.05, 0.5), (0.05, 0.05)):
    try:
        with guard._limited(limit):
            time.sleep(lasts)
    except guard.TimeLimitError:
        pass

def called():
    return 1

cProfile.Profile().runcall(lambda: [called() for _ in range(1000)])
"""


def test_a_time_limit_leaves_nothing_behind_that_python_looks_for_ever_after():
    """In Python 3.11 a withdrawn exception kept a profiler in an endless loop."""
    subprocess.run([sys.executable, "-c", PROFILED], check=True, timeout=60)
