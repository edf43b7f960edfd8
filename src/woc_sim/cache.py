"""Where what can be made again is kept (compiled kernels, answers to slow questions), and what it is made
from.

What lies there is executed. So the folder belongs to this user alone, and one that somebody else could have
written to is not used.
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

from woc_sim.errors import tell

VARIABLE: Final = "WOC_SIM_CACHE"
SOURCES: Final = (".py", ".csv", ".yaml")
"""How the names of sources and of the model's tables end."""


@cache
def cache_root() -> Path | None:
    """The folder of all caches: `$WOC_SIM_CACHE`, else `~/.cache/woc-sim`, else a temporary one.

    None if there is no place at all where this user, and nobody else, can write. A line on standard error
    says when the first choice is not used because it is unsafe, or was asked for.
    """
    chosen = os.environ.get(VARIABLE)
    root = Path(os.path.expanduser(chosen or "~/.cache/woc-sim"))
    if chosen:
        root = root.absolute()
    wrong = _made(root) if root.is_absolute() else "has no home"
    if wrong is None:
        return root
    if chosen or "others" in wrong:
        place = "".join(letter if letter.isprintable() else "?" for letter in str(root))
        tell(f"woc-sim: the cache {place} {wrong}; a temporary one is used ({VARIABLE} names another)")
    return _temporary_root()


def _made(folder: Path) -> str | None:
    """What keeps `folder` from being used; None if it is this user's own now, and can be written."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.chmod(0o700)  # whatever the umask takes away
        if not is_own(folder):
            return "can be written by others, or is theirs"
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"cannot be written ({error.strerror or error})"


def is_own(folder: Path) -> bool:
    """Whether nobody but this user can put something into a folder.

    Windows keeps that in lists of rights, which a user's folders have by themselves.
    """
    if sys.platform == "win32":
        return folder.is_dir()
    status = folder.stat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _temporary_root() -> Path | None:
    """A folder of this user's own among the temporary files, shared by its processes."""
    user = "" if sys.platform == "win32" else f"-{os.geteuid()}"  # Windows has them for each user apart
    try:
        shared = Path(tempfile.gettempdir()) / f"woc-sim{user}"
        if not shared.is_symlink() and _made(shared) is None and not shared.is_symlink():
            return shared
        # a name that is somebody else's: a folder for this process and those that it starts
        alone = Path(tempfile.mkdtemp(prefix="woc-sim-"))
    except OSError:
        return None
    os.environ[VARIABLE] = str(alone)
    atexit.register(_remove, alone, os.getpid())
    return alone


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def keep(path: Path, content: bytes) -> OSError | None:
    """Write a file of a cache, whole or not at all; what the system says if it refuses.

    A cache that cannot be written is no error: its content is made again where it is missing.
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
    """The sources and tables of some modules and folders of a package, in order.

    A folder inside those that is no package itself holds nothing of ours (results may be written there), nor
    does a hidden file.
    """
    for name in names:
        place = package / name
        if place.is_dir():
            yield from sorted(_sources_in(place))
        elif place.is_file():
            yield place


def _sources_in(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if (path / "__init__.py").is_file():
            yield from _sources_in(path)
        elif path.suffix in SOURCES and path.is_file():
            yield path


def sources_hash(package: Path, names: Iterable[str], with_: object) -> str:
    """Hash (16 hex digits) of the bytes of sources and of what else the answer depends on."""
    digest = hashlib.sha256(repr(with_).encode())
    for path in source_files(package, names):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
