"""Compiled functions on disk, each in a checked file of its own, and word of how compiling goes.

It stands in for numba's file cache, which looks only at the file that holds a function (after an edit to a
rule every kernel in another file would go on calling the old one), goes where settings of the environment
say, and ends in a traceback at a damaged file. The folder is named after a hash of all that compiled code
can depend on.
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

from woc_sim.cache import cache_root, is_own, keep
from woc_sim.errors import tell

KEPT_FOLDERS: Final = 6
KEPT_SECONDS: Final = (
    3600.0  # a running process may still write to a folder that is no longer among the newest
)
ENDING: Final = ".kernel"
COMPLETE: Final = "complete"
"""The file that says that every kernel has been compiled into its folder."""
LINE_SECONDS: Final = 15.0
FIRST_TOLD: Final = 5
"""Functions that are compiled in silence where the cache is complete: a new type of argument, no more."""
ABOUT: Final = 227
"""How many functions are compiled in all, to say how far it is."""


def open_folder(key: str) -> Path | None:
    """The folder for compiled functions of these sources, marked as used; where it is new, old ones are
    pruned. None if there is no place for it."""
    root = cache_root()
    if root is None:
        tell("woc-sim: there is no folder for compiled kernels; every command compiles them anew")
        return None
    folder = root / f"kernels-{key}"
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_dir() and not is_own(folder):
            shutil.rmtree(folder)  # what others could have written to is not executed
        if folder.is_dir():
            os.utime(folder)
        else:
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)  # whatever the umask takes away
            _prune(root)
    except OSError as error:
        tell(f"woc-sim: compiled kernels cannot be kept ({error.strerror or error}); {root} cannot be used")
        return None
    return folder


def _prune(root: Path) -> None:
    """Delete the caches of sources that are gone: all but the newest few and those used within the hour."""
    used = {}
    for folder in root.glob("kernels-*"):
        with suppress(OSError):  # another process deletes it at this moment
            used[folder] = folder.stat().st_mtime
    for folder in sorted(used, key=lambda each: used[each], reverse=True)[KEPT_FOLDERS:]:
        if time.time() - used[folder] > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


class Compiling:
    """How far compiling is: counted here, told by whoever listens, else in lines on standard error."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.keeps = folder is not None
        self.missed = 0
        self.listener: Callable[[int], None] | None = None
        self._said = 0.0

    @contextmanager
    def heard_by(self, listener: Callable[[int], None]) -> Iterator[None]:
        """Tell `listener` in this block, instead of standard error, how many functions are compiled."""
        before, self.listener = self.listener, listener
        listener(self.count())
        try:
            yield
        finally:
            self.listener = before

    def count(self) -> int:
        """How many compiled functions the cache holds."""
        return 0 if self.folder is None else sum(1 for _ in self.folder.glob(f"*{ENDING}"))

    def is_complete(self) -> bool:
        """Whether all kernels were compiled into the folder, or there is none."""
        return self.folder is None or (self.folder / COMPLETE).exists()

    def complete(self) -> None:
        """Note that all kernels have been compiled into the folder."""
        if self.keeps and self.folder is not None:
            keep(self.folder / COMPLETE, f"{self.count()}\n".encode())

    def begins(self) -> None:
        """A function is not in the cache."""
        self.missed += 1
        first = FIRST_TOLD if self.folder is not None and self.is_complete() else 1
        if self.missed == first and self.listener is None:
            self._said = time.perf_counter()
            tell("woc-sim: compiling the kernels (a minute or two, once) ...")

    def ended(self) -> None:
        """A function was compiled and, if possible, kept."""
        if self.listener is not None:
            self.listener(self.count())
        elif self._said and time.perf_counter() - self._said >= LINE_SECONDS:
            self._said = time.perf_counter()
            tell(
                f"woc-sim: compiling the kernels: {max(self.count(), self.missed)} of about {ABOUT} functions"
            )


class Compiled:
    """What numba compiled of one function, on disk; a dispatcher calls it as it calls numba's own cache.

    dumps: numba's pickling of a compile result; rebuild: from target context and the result's parts.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        compiling: Compiling,
        dumps: Callable[[Any], bytes],
        rebuild: Callable[..., Any],
    ) -> None:
        self._compiling = compiling
        self._dumps, self._rebuild = dumps, rebuild
        code = function.__code__
        self._name = function.__name__
        cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
        closed = dumps(cells) if cells else b""
        # not its bytecode, which options of Python change: the folder is named after the sources
        self._identity = (function.__module__, function.__qualname__, code.co_firstlineno, closed)

    @property
    def cache_path(self) -> str:
        """Where the functions lie."""
        return str(self._compiling.folder)

    def _path(self, signature: Any, codegen: Any) -> Path | None:
        """The file for these types on this kind of processor."""
        if self._compiling.folder is None:
            return None
        key = repr((self._identity, str(signature), codegen.magic_tuple()))
        name = f"{self._name}-{hashlib.sha256(key.encode()).hexdigest()[:24]}{ENDING}"
        return self._compiling.folder / name

    def load_overload(self, signature: Any, context: Any) -> Any:
        """The function compiled for these types; None if it is not there, or its file is damaged."""
        context.refresh()
        path = self._path(signature, context.codegen())
        content = b""
        if path is not None and path.is_file():
            with suppress(OSError):  # deleted at this moment, or unreadable: it is compiled anew
                content = path.read_bytes()
        digest, payload = content[:32], content[32:]
        if not payload or hashlib.sha256(payload).digest() != digest:
            self._compiling.begins()
            return None
        return self._rebuild(context, *pickle.loads(payload))

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep a compiled function, unless it holds places in this process's memory."""
        path = self._path(signature, result.codegen)
        if path is not None and self._compiling.keeps and not result.library.has_dynamic_globals:
            payload = self._dumps(result._reduce())
            refused = keep(path, hashlib.sha256(payload).digest() + payload)
            if refused is not None:
                self._compiling.keeps = False
                tell(f"woc-sim: compiled kernels cannot be kept ({refused.strerror or refused})")
        self._compiling.ended()

    def flush(self) -> None:
        """Forget nothing: the key says for which sources a file is good."""
