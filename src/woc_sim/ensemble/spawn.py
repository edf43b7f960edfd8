"""Processes of this machine that work for this one, started so that nothing around it gets into them.

They import neither the user's main module (so no ``__main__`` guard is needed, and notebooks and standard
input will do) nor what happens to lie in the working folder. They have one thread each, whatever the
environment says, and a process group of their own: Ctrl-C in a terminal reaches this process alone.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import woc_sim
from woc_sim.ensemble.messages import send
from woc_sim.ensemble.worker import StartMessage

ONE_THREAD: Final = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "GOTO_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMEXPR_MAX_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
WORKER_CODE: Final = (
    "import sys, typing; sys.path.insert(0, sys.argv[1]); import woc_sim; del sys.path[0]; "
    "from woc_sim.ensemble.worker import main; main()"
)
"""The package is taken from where this process has it, and that place is searched for nothing else."""
OWN_PROCESS_GROUP: Final[dict[str, Any]] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"process_group": 0}
)


def spawn_worker(dask: tuple[str, Any, str] | None = None) -> subprocess.Popen[bytes]:
    """A new process that does what `woc_sim.ensemble.worker.main` says; it ends with this one.

    dask: the scheduler that it is to work for: address, `Security`, name of the worker.
    """
    package = Path(woc_sim.__file__).resolve().parent.parent
    asked = (("-E", sys.flags.ignore_environment), ("-s", sys.flags.no_user_site))
    process = subprocess.Popen(
        [sys.executable, "-P", *(flag for flag, is_set in asked if is_set), "-c", WORKER_CODE, str(package)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # where standard error is closed, its number may belong to another file by now
        stderr=subprocess.DEVNULL if sys.__stderr__ is None else None,
        env=os.environ | ONE_THREAD | {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(_user_paths())},
        **OWN_PROCESS_GROUP,
    )
    assert process.stdin is not None
    with suppress(OSError):  # it ended at once, which its output tells whoever waits for it
        send(process.stdin, pickle.dumps(StartMessage(_import_paths(), pickle.dumps(dask) if dask else b"")))
    return process


def exit_description(process: subprocess.Popen[bytes]) -> str:
    """How a process ended, in words; it is waited for."""
    code = process.wait()
    return f"ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def kill_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes at once: nothing they still do can be used."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def _user_paths() -> list[str]:
    """Where the user says that Python is to import from; an empty place means the working folder to Python,
    but as a rule nothing to the user."""
    return [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]


def _import_paths() -> list[str]:
    """Where this process imports from, without the working folder unless the user named it."""
    return [
        place
        for place in sys.path
        if place in _user_paths() or not (place == "" or _is_working_folder(place))
    ]


def _is_working_folder(place: str) -> bool:
    try:
        return os.path.samefile(place, os.curdir)
    except OSError:  # one of the two is gone
        return False
