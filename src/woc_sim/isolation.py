"""What lies in the working folder is not ours, and the processes that we start leave Ctrl-C to us."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def unseen(file: str) -> Iterator[None]:
    """Hide a file of settings in the working folder from a library that looks for it while it is imported.

    Such files belong to other programs of the user; a damaged one would end the import.
    """
    exists: Any = os.path.exists

    def seen(path: Any) -> bool:
        return bool(path != file and exists(path))

    setattr(os.path, "exists", seen)  # noqa: B010 - a name of another module
    try:
        yield
    finally:
        setattr(os.path, "exists", exists)  # noqa: B010


@contextmanager
def deaf() -> Iterator[None]:
    """Let processes that are started in this block not hear Ctrl-C, from their first moment on.

    While they import they would end in a traceback each. This process hears it when the block ends. Windows
    has no signals to hold back: there a process is deaf by ``CREATE_NEW_PROCESS_GROUP``.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
