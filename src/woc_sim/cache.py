"""The cache folder: compiled kernels and results of slow checks. All of it can be deleted and made again.

woc-sim executes the compiled kernels that it finds there. A folder that another user can write to is
therefore never used.
"""

import atexit
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from woc_sim.errors import print_stderr

VARIABLE: Final = "WOC_SIM_CACHE"
SOURCES: Final = (".py", ".csv", ".yaml")
"""Suffixes of source files and tables of the model."""


@cache
def cache_root() -> Path | None:
    """The cache folder: `$WOC_SIM_CACHE`, else `~/.cache/woc-sim`, else a temporary folder.

    None if this user has no private folder to write to. If the first choice cannot be used although the user
    asked for it, or because others can write to it, one line on standard error says so.
    """
    chosen = os.environ.get(VARIABLE)
    root = Path(os.path.expanduser(chosen or "~/.cache/woc-sim"))
    if chosen:
        root = root.absolute()
    reason = _unusable_reason(root) if root.is_absolute() else "has no home"
    if reason is None:
        return root
    if chosen or "others" in reason:
        shown_root = "".join(letter if letter.isprintable() else "?" for letter in str(root))
        print_stderr(
            f"woc-sim: the cache {shown_root} {reason}; a temporary one is used ({VARIABLE} names another)"
        )
    temporary = _temporary_root()
    if temporary is not None:
        os.environ[VARIABLE] = str(temporary)  # processes started by this one then do not report it again
    return temporary


def _unusable_reason(folder: Path) -> str | None:
    """Why `folder` cannot be used as a cache; None if it is private and can be written. Creates the
    folder.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)  # the umask may have removed bits
        if not is_private(folder):
            return "belongs to another user or can be written by others"
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"cannot be written ({error.strerror or error})"


def is_private(folder: Path) -> bool:
    """Whether only this user can write into a folder.

    On Windows access lists decide this, and a user's folders are private by default.
    """
    if sys.platform == "win32":
        return folder.is_dir()
    status = folder.stat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _temporary_root() -> Path | None:
    """A private folder among the temporary files, shared by the processes of this user."""
    name = "woc-sim"
    if sys.platform != "win32":  # there every user has a separate temporary folder
        name += f"-{os.geteuid()}"
    try:
        shared = Path(tempfile.gettempdir()) / name
        if not shared.is_symlink() and _unusable_reason(shared) is None and not shared.is_symlink():
            return shared
        # another user has that name: use a new folder for this process and the processes it starts
        folder = Path(tempfile.mkdtemp(prefix="woc-sim-"))
    except OSError:
        return None
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, process_id: int) -> None:
    if os.getpid() == process_id:
        shutil.rmtree(folder, ignore_errors=True)


def write_cache_file(path: Path, content: bytes) -> OSError | None:
    """Write a cache file completely or not at all; returns the system's error if it refuses, else None.

    A cache that cannot be written is not an error: its content is computed again.
    """
    part = path.with_name(f".{os.urandom(8).hex()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        return error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return None


def source_files(package: Path, names: Iterable[str]) -> Iterator[Path]:
    """The source files and tables of the modules and folders `names` of a package, in a fixed order.

    Skips hidden files and folders that are not packages (results may lie there).
    """
    for name in names:
        path = package / name
        if path.is_dir():
            yield from sorted(_sources_in(path))
        elif path.is_file():
            yield path


def _sources_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if (path / "__init__.py").is_file():
            yield from _sources_in(path)
        elif path.suffix in SOURCES and path.is_file():
            yield path


def sources_hash(package: Path, names: Iterable[str], also: object) -> str:
    """Hash (16 hex digits) of the bytes of the source files and of `also`, whatever else the result depends
    on.
    """
    digest = hashlib.sha256(repr(also).encode())
    for path in source_files(package, names):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
