"""Copies of the package and of its tables, for tests that change them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import woc_sim

PACKAGE = Path(woc_sim.__file__).parent


def copy_package(folder: Path) -> Path:
    """Copy the package with its bytecode into a folder; returns the copy, `folder`/woc_sim."""
    copy = folder / "woc_sim"
    shutil.copytree(
        PACKAGE, copy
    )  # bytecode of a file that a test changes then is known to be old by its date
    return copy


def copy_compiler(folder: Path) -> Path:
    """Copy only what compiles, with an empty folder of rules; returns the copy, `folder`/woc_sim."""
    copy = folder / "woc_sim"
    (copy / "rules").mkdir(parents=True)
    (copy / "rules" / "__init__.py").write_text("")
    for name in ("__init__.py", "cache.py", "kernel_cache.py", "errors.py", "jit.py", "isolation.py"):
        shutil.copy(PACKAGE / name, copy / name)
    return copy


def in_plain_python(folder: Path, *arguments: str) -> str:
    """What Python prints with these arguments, with the package in `folder` and without compiling.

    Raises AssertionError with what was written to standard error if it fails.
    """
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def copy_with(file: Path, found: str, planted: str, folder: Path) -> Path:
    """Copy a table into a folder with the first `found` in it replaced; returns the copy.

    Raises AssertionError if the table has no such text.
    """
    text = file.read_text(encoding="utf-8")
    assert found in text
    copy = folder / file.name
    copy.write_text(text.replace(found, planted, 1), encoding="utf-8")
    return copy
