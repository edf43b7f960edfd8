"""Worker processes on this machine, isolated from their surroundings.

They import neither the user's main module (so scripts need no ``__main__`` guard, and notebooks and standard
input work) nor files in the working folder. They have one thread each, whatever the environment says, and
their own process group: Ctrl-C in a terminal reaches only this process.
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
"""Imports the package from the place where this process has it; nothing else is imported from there."""
OWN_PROCESS_GROUP: Final[dict[str, Any]] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"process_group": 0}
)


def spawn_worker(dask: tuple[str, Any, str] | None = None) -> subprocess.Popen[bytes]:
    """A new process that runs `woc_sim.ensemble.worker.main`. It ends with this process.

    dask: the scheduler to work for: address, `Security`, name of the worker.
    """
    package = Path(woc_sim.__file__).resolve().parent.parent
    flags = (("-E", sys.flags.ignore_environment), ("-s", sys.flags.no_user_site))
    process = subprocess.Popen(
        [sys.executable, "-P", *(flag for flag, is_set in flags if is_set), "-c", WORKER_CODE, str(package)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # if standard error is closed, its number may belong to another file
        stderr=subprocess.DEVNULL if sys.__stderr__ is None else None,
        env=os.environ | ONE_THREAD | {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(_user_paths())},
        **OWN_PROCESS_GROUP,
    )
    assert process.stdin is not None
    with suppress(OSError):  # the process ended at once; whoever reads its output will notice
        send(process.stdin, pickle.dumps(StartMessage(_import_paths(), pickle.dumps(dask) if dask else b"")))
    return process


def exit_description(process: subprocess.Popen[bytes]) -> str:
    """How a process ended, in words. Waits for its end."""
    code = process.wait()
    return f"ended by signal {-code}" if code < 0 else f"ended with exit code {code}"


def kill_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """Kill processes; their work can no longer be used."""
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def _user_paths() -> list[str]:
    """The entries of PYTHONPATH. Empty entries are left out: Python would read them as the working folder."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


def _import_paths() -> list[str]:
    """The import path of this process, without the working folder unless PYTHONPATH names it."""
    return [
        entry
        for entry in sys.path
        if entry in _user_paths() or not (entry == "" or _is_working_folder(entry))
    ]


def _is_working_folder(entry: str) -> bool:
    try:
        return os.path.samefile(entry, os.curdir)
    except OSError:  # one of the two no longer exists
        return False
