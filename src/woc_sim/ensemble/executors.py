"""How tasks are run: here and now, in a pool of processes, or on Dask. Results do not depend on which.

Workers are spawned (a forked numba or BLAS can hang), pinned to one thread each, and end within two seconds
of their parent. The parent alone collects and stores; tasks travel in batches of a few seconds, so that a
stopped ensemble loses no more than that.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import replace
from functools import partial

from woc_sim.ensemble.batches import Batch, Pace, Work, single_threaded, watch
from woc_sim.ensemble.clusters import Dask, on_dask
from woc_sim.ensemble.design import Failure, Outcome, Task
from woc_sim.ensemble.guard import guarded
from woc_sim.ensemble.progress import Progress
from woc_sim.ensemble.run import run_rows, yearly
from woc_sim.ensemble.store import Store


def run_many(
    tasks: Sequence[Task],
    workers: int | Dask = 1,
    progress: bool | None = None,
    store: Store | None = None,
    title: str = "simulating",
) -> list[Outcome]:
    """Run all tasks and return their outcomes in the order of `tasks`.

    With a `store`, what it already holds is not run again and every finished batch is added to it. Tasks
    with the same key are run once. One worker runs in this process, more run in spawned processes, and a
    `Dask` runs them on a cluster. An
    exception in a task is raised here, and what was finished before it stays in the store. `progress`: None
    shows it if standard error is a terminal.
    """
    done: dict[str, Outcome] = {}
    if store is not None:
        done.update(store.read({task.key for task in tasks}))
    waiting = list({task.key: task for task in tasks if task.key not in done}.values())
    batches = _batches(waiting, workers, _plain, patient=False)
    with closing(batches), Progress(title, total=len(waiting), kept=len(done), show=progress) as display:
        for batch in batches:
            outcomes = [each for each in batch if isinstance(each, Outcome)]
            if store is not None:
                store.add(outcomes)
            for outcome in outcomes:
                done[outcome.key] = outcome
            display.advance(len(batch))
    return [done[task.key] for task in tasks]


class TooManyFailuresError(Exception):
    """An ensemble was ended because more of its runs failed than were to be borne."""


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
    with its process; the runs that shared the process are tried again, one by one. With a `store`, what it
    holds, failures among it, is not run again. Raises TooManyFailuresError when more than `max_failures` of
    these runs have failed; what was finished stays in the store.
    """
    done: dict[str, Outcome | Failure] = {}
    keys = {task.key for task in tasks}
    if store is not None:
        done.update(store.read(keys))
        done.update(store.failures(keys))
    waiting = list({task.key: task for task in tasks if task.key not in done}.values())
    work = partial(guarded_batch, time_limit)
    batches = _batches(waiting, workers, work, patient=True)
    failed = 0
    with closing(batches), Progress(title, total=len(waiting), kept=len(done), show=progress) as display:
        for batch in batches:
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


def guarded_batch(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    """Run tasks one after the other in this process; what goes wrong becomes a `Failure` of that task."""
    return [guarded(task, run_task, time_limit) for task in tasks]


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


def _plain(tasks: Sequence[Task]) -> Batch:
    return run_batch(tasks)


def _batches(
    tasks: Sequence[Task], workers: int | Dask, work: Work, patient: bool
) -> Generator[Batch, None, None]:
    if isinstance(workers, Dask):
        return on_dask(tasks, workers, work, patient)
    return _here(tasks, work) if workers <= 1 else _pool(tasks, workers, work, patient)


def _here(tasks: Sequence[Task], work: Work) -> Generator[Batch, None, None]:
    pace, start = Pace(), 0
    while start < len(tasks):
        size = pace.size(len(tasks) - start, 1)
        batch = work(tasks[start : start + size])
        pace.learn(batch)
        start += size
        yield batch


def _pool(
    tasks: Sequence[Task], workers: int, work: Work, patient: bool = False
) -> Generator[Batch, None, None]:
    """Batches from a pool of processes. patient: when a worker dies, the tasks it may have died of are tried
    again alone, and the one that ends its process again is a failure; otherwise that is an exception."""
    if not tasks:
        return
    pace, start = Pace(), 0
    running: dict[Future[Batch], Sequence[Task]] = {}
    suspects: list[Task] = []
    with single_threaded():
        pool = _open_pool(workers)
        try:
            while start < len(tasks) or running or suspects:
                try:
                    if suspects and not running:
                        alone = pool.submit(work, suspects[:1])
                        task = suspects.pop(0)
                        try:
                            yield alone.result()
                        except BrokenProcessPool as error:
                            pool = _open_pool(workers)
                            yield [Failure(task.key, "worker", type(error).__name__, str(error), "", 0.0)]
                        continue
                    while not suspects and start < len(tasks) and len(running) <= workers:
                        size = pace.size(len(tasks) - start, workers)
                        chunk = tasks[start : start + size]
                        running[pool.submit(work, chunk)] = chunk
                        start += size
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        batch = future.result()
                        del running[future]
                        pace.learn(batch)
                        yield batch
                except BrokenProcessPool:  # told by a result, or by the next task that is handed over
                    if not patient:
                        raise
                    suspects += [task for chunk in running.values() for task in chunk]
                    running.clear()
                    pool = _open_pool(workers)
        except BaseException:
            _stop(pool)
            raise
        pool.shutdown()


def _open_pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(),),
    )


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers at once: nothing they still do can be used."""
    workers = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()


def _begin(parent: int) -> None:
    """First thing in a worker: leave Ctrl-C to the parent, and follow it when it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, args=(parent,), name="watch-parent", daemon=True).start()
