"""How tasks are run: here and now, in a pool of processes, or on Dask. Results do not depend on which.

Workers have one thread each and end with their parent. The parent alone collects and stores; tasks travel in
batches of a few seconds, so that a stopped ensemble loses no more than that.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

from woc_sim.ensemble.batches import Batch, BatchSizer, Work, dispatch
from woc_sim.ensemble.clusters import Dask, on_dask
from woc_sim.ensemble.guard import run_guarded
from woc_sim.ensemble.pool import Pool
from woc_sim.ensemble.progress import Progress
from woc_sim.ensemble.run import run_rows, yearly
from woc_sim.ensemble.store import Store
from woc_sim.ensemble.tasks import Failure, Outcome, Task
from woc_sim.ensemble.warm import ensure_compiled


def run_many(
    tasks: Sequence[Task],
    workers: int | Dask = 1,
    progress: bool | None = None,
    store: Store | None = None,
    title: str = "simulating",
) -> list[Outcome]:
    """Run all tasks and return their outcomes in the order of `tasks`.

    With a `store`, what it already holds is not run again and every finished batch is added to it. Tasks
    with the same key are run once. One worker runs in this process, more run in processes of their own, and
    a `Dask` runs them on a cluster. An exception in a task is raised here, and what was finished before it
    stays in the store. `progress`: see `Progress`. Raises UserError for workers that end, or that have
    another version of the model.
    """
    done: dict[str, Outcome] = {}
    if store is not None:
        done.update(store.read({task.key for task in tasks}))
    waiting = list({task.key: task for task in tasks if task.key not in done}.values())
    made = run_batches(waiting, workers, _run_unguarded)
    with closing(made), Progress(title, total=len(waiting), kept=len(done), show=progress) as display:
        for batch in made:
            outcomes = [each for each in batch if isinstance(each, Outcome)]
            if store is not None:
                store.add(outcomes)
            for outcome in outcomes:
                done[outcome.key] = outcome
            display.advance(len(batch))
    return [done[task.key] for task in tasks]


class TooManyFailuresError(Exception):
    """An ensemble was ended because more of its runs failed than `max_failures` allows."""


def run_all(
    tasks: Sequence[Task],
    workers: int | Dask = 1,
    progress: bool | None = None,
    store: Store | None = None,
    title: str = "simulating",
    time_limit: float | None = None,
    max_failures: int | None = None,
) -> dict[str, Outcome | Failure]:
    """Run all tasks and return what became of each, by key: a failed run costs no other.

    A run fails by an exception, by lasting longer than `time_limit` seconds, by readings that cannot be, or
    with its process; the runs that shared the process are tried again, one by one. A worker that does not
    answer long after the limit is ended; a run in this process that hangs in compiled code is not. With a
    `store`, what it holds, failures among it, is not run again. Raises TooManyFailuresError when more than
    `max_failures` of these runs have failed, and UserError for workers with another version of the model;
    what was finished stays in the store.
    """
    done: dict[str, Outcome | Failure] = {}
    keys = {task.key for task in tasks}
    if store is not None:
        done.update(store.read(keys))
        done.update(store.failures(keys))
    waiting = list({task.key: task for task in tasks if task.key not in done}.values())
    work = partial(run_guarded_batch, time_limit)
    made = run_batches(waiting, workers, work, True, time_limit)
    failed = 0
    with closing(made), Progress(title, total=len(waiting), kept=len(done), show=progress) as display:
        for batch in made:
            lost = [each for each in batch if isinstance(each, Failure)]
            if store is not None:
                store.add([each for each in batch if isinstance(each, Outcome)])
                store.add_failures(lost)
            done.update((each.key, each) for each in batch)
            failed += len(lost)
            display.advance(len(batch), len(lost))
            if max_failures is not None and failed > max_failures:
                raise TooManyFailuresError(f"{failed} runs failed, more than max_failures={max_failures}")
    return {task.key: done[task.key] for task in tasks}


def run_guarded_batch(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    """Run tasks one after the other in this process; what goes wrong becomes a `Failure` of that task."""
    return [run_guarded(task, run_task, time_limit) for task in tasks]


def run_batch(tasks: Sequence[Task]) -> list[Outcome]:
    """Run tasks one after the other in this process."""
    return [run_task(task) for task in tasks]


def run_task(task: Task) -> Outcome:
    """Run one task in this process."""
    start = time.perf_counter()
    rows = run_rows(task.scenario, task.replicate, task.lives)
    if task.period == "year":
        rows = [replace(each, indicators=yearly(each.indicators)) for each in rows]
    return Outcome(task.key, tuple(rows), time.perf_counter() - start)


def run_batches(
    tasks: Sequence[Task],
    workers: int | Dask,
    work: Work,
    patient: bool = False,
    time_limit: float | None = None,
) -> Generator[Batch, None, None]:
    """Batches of what became of tasks, in the order in which they end; see `dispatch`.

    `work` is a function that workers can import, or a ``partial`` of one. One worker is this process.
    """
    if not tasks:
        return
    ensure_compiled()  # or each worker would compile the kernels for itself
    if isinstance(workers, int) and workers <= 1:
        yield from _run_here(tasks, work)
        return
    with on_dask(workers) if isinstance(workers, Dask) else Pool(workers) as crew:
        yield from dispatch(crew, tasks, work, patient, time_limit)


def _run_unguarded(tasks: Sequence[Task]) -> Batch:
    return run_batch(tasks)


def _run_here(tasks: Sequence[Task], work: Work) -> Generator[Batch, None, None]:
    pace, start = BatchSizer(), 0
    while start < len(tasks):
        size = pace.size(len(tasks) - start, 1)
        batch = work(tasks[start : start + size])
        pace.learn(batch)
        start += size
        yield batch
