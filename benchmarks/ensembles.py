"""What an ensemble costs: overhead of a run in the pool and on Dask, 100,000 empty runs, 10,000 real ones.

    python -m benchmarks.ensembles [runs [real runs]]

An empty run returns numbers made beforehand. The overhead is measured with runs that take a fixed time, at
the batches that are chosen by default: wall time times workers, less the time of the runs, for each run. The
start of the workers is left out by running each ensemble twice as long and taking the difference. Real runs
are `woc-sim sweep` of a place of 1,000 people and 144 months with two workers, start and table included.
"""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from benchmarks.report import processor
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.executors import run_all, run_batches
from woc_sim.ensemble.plan import DesignPoint, plan_tasks
from woc_sim.ensemble.run import LocalityRows
from woc_sim.ensemble.store import open_store
from woc_sim.ensemble.sweep_tables import ledger
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario

RUN_SECONDS = 0.02
WORKERS = 2
MANY = 100_000
REAL = 10_000
POINTS = 1_000
READINGS = np.full(len(READING_NAMES), 0.5)
YEARS = np.full((12, len(INDICATOR_NAMES)), 0.5)


def empty(task: Task) -> Outcome:
    """A run in which nothing happens."""
    return Outcome(task.key, (LocalityRows("C21", task.replicate, READINGS, YEARS, ()),), 1e-5)


def empty_batch(tasks: Sequence[Task]) -> Batch:
    """A batch of runs of a fixed time."""
    found = []
    for task in tasks:
        start = time.perf_counter()
        while time.perf_counter() - start < RUN_SECONDS:
            pass
        found.append(replace(empty(task), seconds=RUN_SECONDS))
    return found


def points(number: int) -> list[DesignPoint]:
    """Design points that differ in one parameter."""
    base = Scenario((from_case("C21"),), people=1000)
    return [
        DesignPoint(
            replace(base, parameters={**base.parameters, "ties.friend": 20.0 + place / number}),
            {"parameters.ties.friend": 20.0 + place / number},
            {"case": "C21"},
        )
        for place in range(number)
    ]


def overhead(where: int | Dask, runs: int) -> float:
    """Milliseconds a run beyond the run itself."""
    from benchmarks.ensembles import empty_batch as work  # by a name that workers can import, not __main__

    walls = []
    for number in (runs, 2 * runs):
        with tempfile.TemporaryDirectory() as folder:
            tasks = plan_tasks(Path(folder), points(number), 1, monthly=False)
            with open_store(Path(folder)) as store:
                start = time.perf_counter()
                for batch in run_batches(tasks, where, work):
                    store.add([each for each in batch if isinstance(each, Outcome)])
                walls.append(time.perf_counter() - start)
    return 1000 * ((walls[1] - walls[0]) * WORKERS / runs - RUN_SECONDS)


def many(number: int) -> dict[str, float]:
    """Seconds to plan, store, read back and join so many empty runs; files left; MiB of this process."""
    from woc_sim.ensemble import executors

    executors.run_task = empty
    told: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        start = time.perf_counter()
        tasks = plan_tasks(out, points(POINTS), number // POINTS, monthly=False)
        told["plan"] = time.perf_counter() - start
        with open_store(out) as store:
            start = time.perf_counter()
            run_all(tasks, 1, progress=False, store=store)
            told["run and store"] = time.perf_counter() - start
            start = time.perf_counter()
            run_all(tasks, 1, progress=False, store=store)
            told["resume"] = time.perf_counter() - start
            start = time.perf_counter()
            store.compact()
            told["compact"] = time.perf_counter() - start
            start = time.perf_counter()
            assert len(ledger(out, store)) == number
            told["ledger"] = time.perf_counter() - start
        told["files"] = sum(1 for path in out.rglob("*") if path.is_file())
    told["MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def real(number: int) -> tuple[float, float]:
    """Seconds of a sweep of so many real runs, and the most MiB that it and its workers held together."""
    with tempfile.TemporaryDirectory() as folder:
        asked = [
            "case=C21",
            "people=1000",
            f"replicates={number}",
            f"workers={WORKERS}",
            f"out={folder}/sweep",
        ]
        command = [sys.executable, "-m", "woc_sim.cli.main", "sweep", *asked, "executor=processes"]
        start = time.perf_counter()
        most = 0
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sweep:
            family = psutil.Process(sweep.pid)
            while sweep.poll() is None:
                most = max(most, _held(family))
                time.sleep(0.5)
        if sweep.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {sweep.returncode}")
        return time.perf_counter() - start, most / 2**20


def _held(family: psutil.Process) -> int:
    """Bytes of memory of a process and its descendants; of one that has just ended, none."""
    total = 0
    for each in (family, *family.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += each.memory_info().rss
    return total


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    lived = int(sys.argv[2]) if len(sys.argv) > 2 else REAL
    root = str(Path(__file__).resolve().parent.parent)  # workers do not import from the working folder
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    print(processor(), f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
    for name, where in (("pool", WORKERS), ("Dask", Dask(WORKERS))):
        print(f"overhead of a run of {RUN_SECONDS * 1000:g} ms, {name}: {overhead(where, 1500):.2f} ms")
    for what, figure in many(number).items():
        print(f"{number} empty runs, {what}: {figure:.1f}")
    seconds, held = real(lived)
    print(f"{lived} runs of 1,000 people and 144 months: {seconds:.0f} s, {held:.0f} MiB")


if __name__ == "__main__":
    main()
