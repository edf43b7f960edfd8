"""What has to be known about a run to repeat it and to judge its timing: versions, sources, machine."""

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
    """The part of a manifest that is known before anything has run. It names no user and no folder."""
    return {
        "kind": kind,
        "status": "started",
        "command": command,
        "model_hash": model_hash(),
        "versions": {"woc-sim": __version__, "python": platform.python_version(), **_versions()},
        "git": git_state(),
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
            "threads": {name: os.environ[name] for name in THREADS if name in os.environ},
        },
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def git_state() -> dict[str, Any] | None:
    """Commit of the model's sources and whether they differ from it; None if they are not in a repository."""
    source = Path(__file__).resolve().parent.parent

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(source), *arguments], capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout.strip()

    try:
        if not git("ls-files", "--", "__init__.py"):
            return None
        return {"commit": git("rev-parse", "HEAD"), "changed": bool(git("status", "--porcelain", "--", "."))}
    except (OSError, subprocess.SubprocessError):
        return None
