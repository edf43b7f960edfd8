"""Compiled functions on disk, one checked file each, and progress messages while kernels compile.

It replaces numba's file cache, which has three faults: it checks only the file that holds a function (after
an edit of a rule, kernels in other files would still call the old rule), its folder depends on the
environment, and a damaged file ends in a traceback. Here a hash of all sources that compiled code depends on
names the folder.
"""

import hashlib
import os
import pickle
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from woc_sim.cache import cache_root, is_private, write_cache_file
from woc_sim.errors import print_stderr

MAX_FOLDERS: Final = 6
MIN_AGE_SECONDS: Final = (
    3600.0  # a running process may still write to a folder that is no longer among the newest
)
KERNEL_SUFFIX: Final = ".kernel"
COMPLETE_MARK: Final = "complete"
"""Name of the file that marks a folder into which every kernel was compiled."""
LINE_SECONDS: Final = 15.0
FIRST_REPORTED: Final = 5
"""With a complete cache, compiling is reported from this many functions on: fewer mean only a new argument
type.
"""
EXPECTED_FUNCTIONS: Final = 302
"""Number of functions that are compiled in all, for the progress bar."""


def open_folder(key: str) -> Path | None:
    """The cache folder for compiled functions of these sources. Marks it as used; deletes old folders if it
    is new. None if no folder can be used.
    """
    root = cache_root()
    if root is None:
        print_stderr("woc-sim: no folder for compiled kernels; every command compiles them again")
        return None
    folder = root / f"kernels-{key}"
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_dir() and not is_private(folder):
            shutil.rmtree(folder)  # never execute files that others could have written
        if folder.is_dir():
            os.utime(folder)
        else:
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # the umask may have removed bits
            _prune(root)
    except OSError as error:
        print_stderr(f"woc-sim: compiled kernels cannot be stored in {root} ({error.strerror or error})")
        return None
    return folder


def _prune(root: Path) -> None:
    """Delete old kernel folders, except the newest and those used within the last hour."""
    used = {}
    for folder in root.glob("kernels-*"):
        with suppress(OSError):  # another process may be deleting it
            used[folder] = folder.stat().st_mtime
    for folder in sorted(used, key=lambda each: used[each], reverse=True)[MAX_FOLDERS:]:
        if time.time() - used[folder] > MIN_AGE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


class CompileProgress:
    """Counts compiled functions and reports progress to a listener, or else as lines on standard error."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.is_writable = folder is not None
        self.missed = 0
        self.listener: Callable[[int], None] | None = None
        self._last_report = 0.0

    @contextmanager
    def report_to(self, listener: Callable[[int], None]) -> Iterator[None]:
        """In this block, report the number of compiled functions to `listener` instead of standard error."""
        before, self.listener = self.listener, listener
        listener(self.count())
        try:
            yield
        finally:
            self.listener = before

    def count(self) -> int:
        """Number of compiled functions in the cache."""
        return 0 if self.folder is None else sum(1 for _ in self.folder.glob(f"*{KERNEL_SUFFIX}"))

    def is_complete(self) -> bool:
        """Whether all kernels were compiled into the folder, or there is no folder."""
        return self.folder is None or (self.folder / COMPLETE_MARK).exists()

    def complete(self) -> None:
        """Mark the folder as complete."""
        if self.is_writable and self.folder is not None:
            write_cache_file(self.folder / COMPLETE_MARK, f"{self.count()}\n".encode())

    def function_missing(self) -> None:
        """Record that a function is not in the cache."""
        self.missed += 1
        first = FIRST_REPORTED if self.folder is not None and self.is_complete() else 1
        if self.missed == first and self.listener is None:
            self._last_report = time.perf_counter()
            print_stderr("woc-sim: compiling the kernels (a minute or two, once) ...")

    def function_compiled(self) -> None:
        """Record that a function was compiled and, if possible, stored."""
        if self.listener is not None:
            self.listener(self.count())
        elif self._last_report and time.perf_counter() - self._last_report >= LINE_SECONDS:
            self._last_report = time.perf_counter()
            print_stderr(
                f"woc-sim: compiling the kernels: {max(self.count(), self.missed)} of about "
                f"{EXPECTED_FUNCTIONS} functions"
            )


class FunctionCache:
    """Compiled code of one function on disk. numba's dispatcher calls it like numba's own cache.

    dumps: numba's pickling of a compile result; rebuild: makes the result again from target context and
    parts; key: hash of texts outside the package on which the function depends, empty if there are none.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        compiling: CompileProgress,
        dumps: Callable[[Any], bytes],
        rebuild: Callable[..., Any],
        key: str = "",
    ) -> None:
        self._compiling = compiling
        self._dumps, self._rebuild = dumps, rebuild
        code = function.__code__
        self._name = function.__name__
        cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
        closure = dumps(cells) if cells else b""
        # bytecode is left out, because options of Python change it; the folder name covers the sources
        self._identity = (function.__module__, function.__qualname__, code.co_firstlineno, closure, key)

    @property
    def cache_path(self) -> str:
        """The folder of the compiled functions."""
        return str(self._compiling.folder)

    def _path(self, signature: Any, codegen: Any) -> Path | None:
        """The file for these types on this kind of processor."""
        if self._compiling.folder is None:
            return None
        key = repr((self._identity, str(signature), codegen.magic_tuple()))
        name = f"{self._name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}{KERNEL_SUFFIX}"
        return self._compiling.folder / name

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The function compiled for these types; None if its file is missing or damaged."""
        context.refresh()
        path = self._path(signature, context.codegen())
        content = b""
        if path is not None and path.is_file():
            with suppress(OSError):  # deleted meanwhile or unreadable: compile again
                content = path.read_bytes()
        digest, payload = content[:32], content[32:]
        if not payload or hashlib.sha256(payload).digest() != digest:
            self._compiling.function_missing()
            return None
        return self._rebuild(context, *pickle.loads(payload))

    def save_overload(self, signature: Any, result: Any) -> None:
        """Store a compiled function, unless it refers to memory of this process."""
        path = self._path(signature, result.codegen)
        if path is not None and self._compiling.is_writable and not result.library.has_dynamic_globals:
            payload = self._dumps(result._reduce())
            error = write_cache_file(path, hashlib.sha256(payload).digest() + payload)
            if error is not None:
                self._compiling.is_writable = False
                print_stderr(f"woc-sim: compiled kernels cannot be stored ({error.strerror or error})")
        self._compiling.function_compiled()

    def flush(self) -> None:
        """Does nothing: the folder name says which sources a file belongs to."""
