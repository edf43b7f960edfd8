"""Running tasks: in this process, in a pool of processes, or on Dask. Results do not depend on the choice.

Workers have one thread each and end with their parent. Only the parent collects and stores results. A batch
takes a few seconds, so stopping an ensemble loses at most that much work.
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
from woc_sim.ensemble.warm import ensure_compiled, ensure_own_rules


def run_many(
    tasks: Sequence[Task],
    workers: int | Dask = 1,
    progress: bool | None = None,
    store: Store | None = None,
    title: str = "simulating",
) -> list[Outcome]:
    """Run all tasks and return their outcomes in the order of `tasks`.

    With a `store`, outcomes that it holds are reused and every finished batch is added to it. Tasks with the
    same key run once. With one worker the tasks run in this process, with more in processes of their own,
    with `Dask` on a cluster. An exception in a task is raised here; runs finished before it stay in the
    store. `progress`: see `Progress`. Raises UserError for workers that end or have another version of the
    model.
    """
    done: dict[str, Outcome] = {}
    if store is not None:
        done.update(store.read({task.key for task in tasks}))
    missing = list({task.key: task for task in tasks if task.key not in done}.values())
    stream = run_batches(missing, workers, _run_unguarded)
    with (
        closing(stream),
        Progress(title, total=len(missing), already_done=len(done), show=progress) as display,
    ):
        for batch in stream:
            outcomes = [each for each in batch if isinstance(each, Outcome)]
            if store is not None:
                store.add(outcomes)
            for outcome in outcomes:
                done[outcome.key] = outcome
            display.advance(len(batch))
    return [done[task.key] for task in tasks]


class TooManyFailuresError(Exception):
    """The ensemble was stopped because more runs failed than `max_failures` allows."""


def run_all(
    tasks: Sequence[Task],
    workers: int | Dask = 1,
    progress: bool | None = None,
    store: Store | None = None,
    title: str = "simulating",
    time_limit: float | None = None,
    max_failures: int | None = None,
) -> dict[str, Outcome | Failure]:
    """Run all tasks and return the result of each, by key. A failed run does not stop the others.

    A run fails by an exception, by taking longer than `time_limit` seconds, by invalid readings, or when its
    process ends. When a process ends, its other runs are tried again one by one. A worker that does not reply
    long after the limit is killed; with one worker, a run that hangs in compiled code is not. With a `store`,
    its outcomes and failures are not run again. Raises TooManyFailuresError when more than `max_failures` of
    these runs have failed, and UserError for workers with another version of the model. Finished runs stay in
    the store.
    """
    done: dict[str, Outcome | Failure] = {}
    keys = {task.key for task in tasks}
    if store is not None:
        done.update(store.read(keys))
        done.update(store.failures(keys))
    missing = list({task.key: task for task in tasks if task.key not in done}.values())
    work = partial(run_guarded_batch, time_limit)
    stream = run_batches(missing, workers, work, True, time_limit)
    failed = 0
    with (
        closing(stream),
        Progress(title, total=len(missing), already_done=len(done), show=progress) as display,
    ):
        for batch in stream:
            failures = [result for result in batch if isinstance(result, Failure)]
            if store is not None:
                store.add([result for result in batch if isinstance(result, Outcome)])
                store.add_failures(failures)
            done.update((result.key, result) for result in batch)
            failed += len(failures)
            display.advance(len(batch), len(failures))
            if max_failures is not None and failed > max_failures:
                raise TooManyFailuresError(f"{failed} runs failed, more than max_failures={max_failures}")
    return {task.key: done[task.key] for task in tasks}


def run_guarded_batch(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    """Run tasks one after the other in this process; an error becomes a `Failure` of its task."""
    return [run_guarded(task, run_task, time_limit) for task in tasks]


def run_batch(tasks: Sequence[Task]) -> list[Outcome]:
    """Run tasks one after the other in this process."""
    return [run_task(task) for task in tasks]


def run_task(task: Task) -> Outcome:
    """Run one task in this process."""
    start = time.perf_counter()
    rows = run_rows(task.scenario, task.replicate, task.lives, task.readings)
    if task.period == "year":
        rows = [replace(each, indicators=yearly(each.indicators)) for each in rows]
    return Outcome(task.key, tuple(rows), time.perf_counter() - start)


def run_batches(
    tasks: Sequence[Task],
    workers: int | Dask,
    work: Work,
    retry_lost: bool = False,
    time_limit: float | None = None,
) -> Generator[Batch, None, None]:
    """Batches of results of the tasks, in the order in which they finish; see `dispatch`.

    `work` is a function that workers can import, or a ``partial`` of one. With one worker everything runs in
    this process.
    """
    if not tasks:
        return
    ensure_compiled()  # otherwise each worker would compile the kernels
    ensure_own_rules({id(task.scenario): task.scenario for task in tasks}.values())
    if isinstance(workers, int) and workers <= 1:
        yield from _run_here(tasks, work)
        return
    with on_dask(workers) if isinstance(workers, Dask) else Pool(workers) as group:
        yield from dispatch(group, tasks, work, retry_lost, time_limit)


def _run_unguarded(tasks: Sequence[Task]) -> Batch:
    return run_batch(tasks)


def _run_here(tasks: Sequence[Task], work: Work) -> Generator[Batch, None, None]:
    sizer, start = BatchSizer(), 0
    while start < len(tasks):
        size = sizer.next_size(len(tasks) - start, 1)
        batch = work(tasks[start : start + size])
        sizer.record(batch)
        start += size
        yield batch
