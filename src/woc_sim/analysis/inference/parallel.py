"""The same calculation for several independent cases, in processes beside one another.

Each process has one thread, since sums over several threads differ in the last bit: so results are the same
for any number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

from woc_sim.ensemble.progress import Progress

Case = TypeVar("Case")
Result = TypeVar("Result")


def for_each(
    work: Callable[[Case], Result],
    cases: Sequence[Case],
    workers: int,
    progress: bool | None,
    title: str,
    noun: str,
) -> list[Result]:
    """The result of `work` for each case, in their order. `work` and the cases can be pickled.

    progress, title and noun: see `Progress`.
    """
    from joblib import Parallel, delayed, parallel_config

    results: list[Result] = []
    with (
        Progress(title, len(cases), show=progress, noun=noun) as display,
        parallel_config("loky", inner_max_num_threads=1),
    ):
        stream = Parallel(n_jobs=max(1, min(workers, len(cases))), return_as="generator")(
            delayed(_with_one_thread)(work, case) for case in cases
        )
        for result in stream:
            results.append(result)
            display.advance(1)
    return results


def one_thread() -> AbstractContextManager[object]:
    """While it is entered, numpy and scipy use one thread in this process."""
    from threadpoolctl import threadpool_limits

    limit: AbstractContextManager[object] = threadpool_limits(1)
    return limit


def _with_one_thread(work: Callable[[Case], Result], case: Case) -> Result:
    with one_thread():
        return work(case)
