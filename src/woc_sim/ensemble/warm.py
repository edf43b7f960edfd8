"""Compiling every kernel before worlds are lived, once and by one process, while others wait for it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from woc_sim import jit
from woc_sim.errors import print_stderr
from woc_sim.kernel_cache import EXPECTED_FUNCTIONS, CompileProgress

MAX_WAIT_SECONDS: Final = 600.0
"""Seconds after which a process no longer waits for another one that compiles, and does so itself."""


def ensure_compiled() -> None:
    """Have all kernels compiled; costs nothing where they are.

    To be called before workers are started: each of them would compile them all for itself.
    """
    if not jit.is_complete():
        compile_all()


def compile_all() -> None:
    """Compile every kernel that is not in the cache, and show how far it is on standard error."""
    compiling: CompileProgress | None = jit.COMPILE_PROGRESS if jit.JIT_ON else None
    if compiling is None or compiling.folder is None:
        return  # plain Python, or nowhere to keep what is compiled
    with _one_process(compiling.folder):
        if compiling.count() < EXPECTED_FUNCTIONS and sys.stderr is not None and sys.stderr.isatty():
            with _progress_bar(compiling):
                run_small_world()
        else:
            run_small_world()
        compiling.complete()


def run_small_world() -> None:
    """Live twelve years in two small places, which calls every kernel."""
    from woc_sim.ensemble.run import run_rows
    from woc_sim.scenario.parse import parse_scenario

    # The resident survey draws a sample only where more adults live than it asks.
    run_rows(parse_scenario({"case": ["C13", "C21"], "people": 1000}), 0)


@contextmanager
def _one_process(folder: Path) -> Iterator[None]:
    """A block that one process at a time is in, for one cache folder."""
    from filelock import FileLock, Timeout

    lock, held = FileLock(folder / "compiling.lock"), False
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print_stderr("woc-sim: waiting for another process that compiles the kernels ...")
            lock.acquire(timeout=MAX_WAIT_SECONDS)
        held = True
    except (Timeout, NotImplementedError, OSError):
        pass  # twice the work is better than none: the file system has no locks, or the other one hangs
    try:
        yield
    finally:
        if held:
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
