"""Where what can be made again is kept: compiled kernels and the answers to slow questions."""

import os
import tempfile
from pathlib import Path


def cache_root() -> Path:
    """The folder of all caches: `$WOC_SIM_CACHE`, else `~/.cache/woc-sim`, else a temporary folder."""
    chosen = os.environ.get("WOC_SIM_CACHE")
    root = Path(chosen) if chosen else Path(os.path.expanduser("~")) / ".cache" / "woc-sim"
    return root.absolute() if _is_writable(root) else _temporary_root()


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in `folder`, which is created where it can be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _temporary_root() -> Path:
    """A folder of this user's own among the temporary files, shared by its processes.

    Cached code is executed, so a folder that somebody else could have prepared is not used.
    """
    shared = Path(tempfile.gettempdir()) / f"woc-sim-{os.getuid()}"
    try:
        shared.mkdir(mode=0o700, exist_ok=True)
        status = shared.lstat()
        if (
            status.st_uid == os.getuid()
            and not status.st_mode & 0o022
            and shared.is_dir()
            and not shared.is_symlink()
        ):
            return shared
    except OSError:
        pass  # an unusable name: one folder for this process alone will do
    return Path(tempfile.mkdtemp(prefix="woc-sim-"))
