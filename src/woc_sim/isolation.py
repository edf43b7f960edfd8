"""Protection from the working folder's files and from Ctrl-C in child processes."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def file_hidden(file: str) -> Iterator[None]:
    """Hide a settings file in the working folder from a library that looks for it during its import.

    The file belongs to another program of the user; a damaged one would break the import.
    """
    exists: Any = os.path.exists

    def exists_unless_hidden(path: Any) -> bool:
        return bool(path != file and exists(path))

    setattr(os.path, "exists", exists_unless_hidden)  # noqa: B010 - mypy refuses a plain assignment
    try:
        yield
    finally:
        setattr(os.path, "exists", exists)  # noqa: B010


@contextmanager
def ctrl_c_blocked() -> Iterator[None]:
    """Processes started in this block ignore Ctrl-C from their first instruction.

    Otherwise each of them would print a traceback while it imports. A Ctrl-C that arrives meanwhile reaches
    this process when the block ends. Windows cannot block signals: use ``CREATE_NEW_PROCESS_GROUP`` there.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
