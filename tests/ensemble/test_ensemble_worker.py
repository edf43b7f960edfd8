"""Worker processes: start from anywhere, import nothing around them, and respect the time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pickle import dumps, loads

import pytest
from ensemble_processes import children, freezing, freezing_once
from test_ensemble_clusters import deadly
from test_ensemble_sweep_tables import environment, planned_tasks

from woc_sim.cli.main import main
from woc_sim.ensemble import batches as batching
from woc_sim.ensemble import executors, spawn
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.executors import run_all, run_many
from woc_sim.ensemble.sweep_tables import canonical_hash
from woc_sim.ensemble.tasks import Failure, Outcome
from woc_sim.ensemble.worker import reply_to_batch
from woc_sim.errors import UserError

UNGUARDED = """
import os, sys, random, types, copy, calendar, string, numbers
import cryptography, distributed.deploy, numpy, woc_sim
from woc_sim.ensemble.clusters import Dask

town = woc_sim.scenario(case="C21", people=80, months=6)
here = woc_sim.run(town, replicates=3, workers=1)
sys.path[:0] = ["", os.getcwd()]  # after what this process needs itself, which is not what this is about
os.environ["PYTHONPATH"] += os.pathsep
for workers in [2, Dask(1)] if sys.argv[0] == "script.py" else [2]:
    assert woc_sim.run(town, replicates=3, workers=workers).final.equals(here.final), workers
print("equal")
"""
STUDENTS = ("random", "types", "copy", "calendar", "string", "numbers", "distributed", "numpy", "woc_sim")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return run_all(planned_tasks(tmp_path_factory.mktemp("plan")), progress=False)


@pytest.mark.thorough
@pytest.mark.timeout(120)
@pytest.mark.parametrize("way", ["script", "standard input", "-c"])
def test_workers_need_no_guard_and_import_nothing_from_the_working_folder(tmp_path, way):
    for name in STUDENTS:
        text = f"open({str(tmp_path / 'executed')!r}, 'a').write('{name} ')\nraise ImportError('mine')\n"
        (tmp_path / f"{name}.py").write_text(text)
    (tmp_path / "script.py").write_text(UNGUARDED)
    options = {"script": ["script.py"], "standard input": ["-"], "-c": ["-c", UNGUARDED]}[way]
    told = subprocess.run(
        [sys.executable, "-P", *options],
        input=UNGUARDED if way == "standard input" else "",
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("equal\n", "", 0)
    assert not (tmp_path / "executed").exists()


def test_the_users_own_places_are_imported_from_and_the_working_folder_only_if_named(tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(sys, "path", ["", ".", str(tmp_path), str(own)])
    assert spawn._import_paths() == [str(own)]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}")
    assert spawn._import_paths() == [str(tmp_path), str(own)]


def test_the_environments_threads_do_not_reach_workers(tmp_path, monkeypatch, whole):
    for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_MAX_THREADS"):
        monkeypatch.setenv(name, "abc" if name.startswith("O") else "0")
    assert canonical_hash(run_all(planned_tasks(tmp_path), 2, progress=False)) == canonical_hash(whole)
    assert os.environ["NUMBA_NUM_THREADS"] == "0"


@pytest.mark.parametrize("workers", [2, Dask(2)])
def test_workers_that_cannot_start_are_told_in_a_sentence(tmp_path, monkeypatch, workers):
    before = children(os.getpid())  # of other tests: processes that wait to draw
    monkeypatch.setattr(spawn, "WORKER_CODE", "raise SystemExit(3)")
    with pytest.raises(UserError, match="exit code 3") as told:
        run_all(planned_tasks(tmp_path), workers, progress=False)
    assert len(told.value.sentence) <= 300
    assert not children(os.getpid()) - before


def test_a_worker_with_another_model_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(batching, "model_hash", lambda: "0123456789abcdef")
    with pytest.raises(UserError, match=r"another version of the model .*this is 0123456789abcdef") as told:
        run_all(planned_tasks(tmp_path), 2, progress=False)
    assert len(told.value.sentence) <= 300


@pytest.mark.thorough
def test_a_frozen_worker_is_ended_and_its_run_has_failed_by_the_time_limit(tmp_path, monkeypatch, whole):
    before = children(os.getpid())  # of other tests: processes that wait to draw
    monkeypatch.setattr(batching, "MAX_BATCH_SECONDS", 1.0)
    monkeypatch.setattr(batching, "MARGIN_SECONDS", 4.0)
    monkeypatch.setattr(executors, "run_guarded_batch", freezing)
    found = run_all(planned_tasks(tmp_path), 2, progress=False, time_limit=2.0)
    lost = [each for each in found.values() if isinstance(each, Failure)]
    assert [(each.stage, each.seconds) for each in lost] == [("time limit", 2.0)]
    assert lost[0].message == "not finished after 2 s, and its worker did not reply"
    kept = {each.key: whole[each.key] for each in found.values() if isinstance(each, Outcome)}
    assert len(kept) == len(whole) - 1
    assert canonical_hash({key: found[key] for key in kept}) == canonical_hash(kept)
    assert not children(os.getpid()) - before


@pytest.mark.thorough
def test_a_worker_that_freezes_by_itself_costs_no_run(tmp_path, monkeypatch, whole):
    monkeypatch.setattr(batching, "MAX_BATCH_SECONDS", 1.0)
    monkeypatch.setattr(batching, "MARGIN_SECONDS", 4.0)
    monkeypatch.setattr(executors, "run_guarded_batch", freezing_once)
    monkeypatch.setenv("FROZEN", str(tmp_path / "frozen"))
    found = run_all(planned_tasks(tmp_path), 2, progress=False, time_limit=2.0)
    assert (tmp_path / "frozen").exists()
    assert canonical_hash(found) == canonical_hash(whole)


def raising(tasks):
    raise LookupError(tasks[0].key)


def test_an_exception_in_a_worker_is_raised_here_with_where_it_came_from(tmp_path):
    with pytest.raises(LookupError) as told:
        list(executors.run_batches(planned_tasks(tmp_path), 2, raising))
    assert "in raising" in told.value.__notes__[0]


def test_a_batch_that_lasts_too_long_is_given_back_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(batching, "MAX_BATCH_SECONDS", 0.0)
    tasks = planned_tasks(tmp_path)
    reply = loads(reply_to_batch(dumps((executors.run_batch, tasks))))
    assert [each.key for each in reply.batch] == [tasks[0].key]
    assert reply.error is None


def test_a_worker_that_ends_a_plain_run_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "_run_unguarded", deadly)
    with pytest.raises(UserError, match=r"ended by signal 9.*fewer workers"):
        run_many(planned_tasks(tmp_path), 2, progress=False)


# --- Ctrl-C


@pytest.mark.timeout(120)
@pytest.mark.parametrize("executor", ["processes", "dask"])
@pytest.mark.parametrize("moment", [0.5, "running"])
def test_ctrl_c_more_than_once_ends_quietly_and_keeps_what_was_done(tmp_path, capsys, executor, moment):
    out = tmp_path / "out"
    command = [sys.executable, "-m", "woc_sim.cli.main"]
    asked = ["sweep", "case=C21", "people=80", "months=6", "replicates=2000", "workers=2", f"out={out}"]
    running = subprocess.Popen(
        [*command, *asked, f"executor={executor}"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,  # as a terminal does: Ctrl-C goes to all that are in it
    )
    until = time.monotonic() + 60
    while (moment == "running" and not list((out / "shards").rglob("*.parquet"))) or not out.exists():
        assert time.monotonic() < until
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    if moment != "running":
        time.sleep(moment)
    for pause in (0.0, 0.1, 0.4):
        time.sleep(pause)
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
    _, stderr = running.communicate(timeout=40)
    assert running.returncode == 130, stderr
    assert [line for line in stderr.splitlines() if "point" not in line] == [
        "woc-sim: interrupted; finished runs are kept, and the same command resumes"
    ]
    assert main(["status", str(out)]) == 0
    told = capsys.readouterr().out
    assert "2000 runs planned" in told
    if moment == "running":
        assert "\n0 done" not in told


@pytest.mark.thorough
def test_a_full_or_closed_standard_error_ends_no_sweep(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom test_ensemble_sweep_tables import planned_tasks\n"
        "from woc_sim.ensemble.executors import run_all\n"
        "print(len(run_all(planned_tasks(Path(sys.argv[1])), 2)))\n"
    )
    for redirection in ("2>/dev/full", "2>&-"):
        shell = f"{sys.executable} {script} {tmp_path} {redirection}"
        told = subprocess.run(shell, shell=True, env=environment(), capture_output=True, text=True)
        assert told.stdout == "6\n"
