"""What is needed to repeat a run and to judge its timing: versions, sources, machine."""

import hashlib
import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from woc_sim import __version__
from woc_sim.scenario.identity import model_hash

PACKAGES: Final = (
    "mesa",
    "numpy",
    "numba",
    "llvmlite",
    "scipy",
    "pandas",
    "pyarrow",
    "hydra-core",
    "omegaconf",
)
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "NUMBA_DISABLE_JIT")


def describe(kind: str, command: str) -> dict[str, Any]:
    """The part of a manifest that is known before anything runs. It names no user and no folder."""
    return {
        "kind": kind,
        "status": "started",
        "command": command,
        "model_hash": model_hash(),
        "versions": {"woc-sim": __version__, "python": platform.python_version(), **package_versions()},
        "git": git_state(),
        "inputs": inputs(),
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
        },
    }


def package_versions() -> dict[str, str]:
    """Versions of the libraries that results depend on, as far as they are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def inputs() -> dict[str, str]:
    """SHA-256 of every table and configuration file that the simulation reads."""
    package = Path(__file__).resolve().parent.parent
    found: dict[str, str] = {}
    for folder in ("inputs", "scenario", "conf"):
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in (".csv", ".yaml"):
                found[path.relative_to(package).as_posix()] = _sha256(path) or ""
    return found


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def git_state() -> dict[str, Any] | None:
    """Commit of the sources, whether and how they differ from it, and the hash of the lock file; None outside
    a repository.
    """
    source = Path(__file__).resolve().parent.parent

    def git(*arguments: str) -> bytes:
        # bytes: a difference may hold text in any encoding
        command = ["git", "-C", str(source), *arguments]
        return subprocess.run(command, capture_output=True, timeout=10, check=True).stdout.strip()

    try:
        if not git("ls-files", "--", "__init__.py"):
            return None
        difference = git("diff", "HEAD", "--", ".")
        return {
            "commit": git("rev-parse", "HEAD").decode(),
            "changed": bool(git("status", "--porcelain", "--", ".")),
            "diff_sha256": hashlib.sha256(difference).hexdigest() if difference else None,
            "lock_sha256": _sha256(
                Path(os.fsdecode(git("rev-parse", "--show-toplevel"))) / "requirements.lock"
            ),
        }
    except (OSError, subprocess.SubprocessError):
        return None
