"""Compiling all kernels before worlds are simulated: one process compiles, others wait."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from woc_sim import jit
from woc_sim.errors import print_stderr
from woc_sim.kernel_cache import EXPECTED_FUNCTIONS, CompileProgress
from woc_sim.scenario.own_rules import own_rules
from woc_sim.scenario.schema import Scenario

MAX_WAIT_SECONDS: Final = 600.0
"""Longest time that a process waits for another one that compiles; then it compiles itself."""


def ensure_compiled() -> None:
    """Compile all kernels unless they are in the cache.

    Call it before workers start; otherwise each of them would compile all kernels.
    """
    if not jit.is_complete():
        compile_all()


def ensure_own_rules(scenarios: Iterable[Scenario]) -> None:
    """Check the rules of one's own of some scenarios and compile what calls them.

    Call it before workers start and before anything is written. Raises UserError as `check_own_rules`.
    """
    for chosen in {id(one.theories): one.theories for one in scenarios}.values():
        own = own_rules(chosen)
        if own:
            from woc_sim.processes.own_rules import check_own_rules, compile_own_rules

            check_own_rules(own)
            ensure_compiled()
            compile_own_rules(own)


def compile_all() -> None:
    """Compile every kernel that is not in the cache, and show progress on standard error."""
    compiling: CompileProgress | None = jit.COMPILE_PROGRESS if jit.JIT_ON else None
    if compiling is None or compiling.folder is None:
        return  # plain Python, or no cache folder
    with _one_process(compiling.folder):
        if compiling.count() < EXPECTED_FUNCTIONS and sys.stderr is not None and sys.stderr.isatty():
            with _progress_bar(compiling):
                run_small_world()
        else:
            run_small_world()
        if not compiling.is_complete():  # the mark keeps the number of functions that everybody needs
            compiling.complete()


def run_small_world() -> None:
    """Simulate twelve years of two small localities, which calls every kernel."""
    from woc_sim.ensemble.run import run_rows
    from woc_sim.scenario.parse import parse_scenario

    # The resident survey draws a sample only in a locality with more adults than its sample size.
    run_rows(parse_scenario({"case": ["C13", "C21"], "people": 1000}), 0)


@contextmanager
def _one_process(folder: Path) -> Iterator[None]:
    """A block that only one process at a time enters, for one cache folder."""
    from filelock import FileLock, Timeout

    lock, is_locked = FileLock(folder / "compiling.lock"), False
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print_stderr("woc-sim: waiting for another process that compiles the kernels ...")
            lock.acquire(timeout=MAX_WAIT_SECONDS)
        is_locked = True
    except (Timeout, NotImplementedError, OSError):
        pass  # compile anyway: the file system has no locks, or the other process hangs
    try:
        yield
    finally:
        if is_locked:
            lock.release()


@contextmanager
def _progress_bar(compiling: CompileProgress) -> Iterator[None]:
    from rich.console import Console
    from rich.progress import Progress

    start = time.perf_counter()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling the kernels (a minute or two, once)", total=EXPECTED_FUNCTIONS)

        def show(count: int) -> Any:
            bar.update(task, completed=min(count, EXPECTED_FUNCTIONS))

        with compiling.report_to(show):
            yield
    print_stderr(f"woc-sim: the kernels are compiled ({time.perf_counter() - start:.0f} s)")
