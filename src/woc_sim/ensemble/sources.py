"""The sources of woc-sim for an archive, from a checkout or an installed package."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path
from typing import Final

from woc_sim.scenario.identity import model_hash

SOURCES: Final = "sources.zip"
PATCH: Final = "changes.patch"
REQUIREMENTS: Final = "requirements.txt"
"""File with the libraries installed beside a package that is not a checkout, one per line."""
LOCK: Final = "requirements.lock"
PACKAGE: Final = Path(__file__).resolve().parent.parent
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every file in an archive, so that equal content gives an equal archive."""
COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def sources(commit: str, clean: bool, model: str) -> dict[str, bytes]:
    """Files with the sources that made the results of the model `model`. They were made at `commit`, which
    contains all sources if `clean`.

    A checkout gives an archive of that commit, or of the present commit with a patch of the differences. An
    installed package gives its files and the versions of its libraries. Empty if these sources belong to
    another model.
    """
    top = PACKAGE.parent.parent
    is_current = model == model_hash()
    try:
        # the package may lie in a checkout of another project, whose files must not be packed
        if Path(_git(top, "rev-parse", "--show-toplevel").decode().strip()).resolve() == top and _git(
            top, "ls-files", "--", str(PACKAGE / "__init__.py")
        ):
            return _of_checkout(top, commit if clean and COMMIT.fullmatch(commit) else "", is_current)
    except (OSError, subprocess.SubprocessError):
        pass  # no git, no repository, or git fails
    return _of_package() if is_current else {}


def _git(top: Path, *arguments: str, differs: bool = False) -> bytes:
    """git's output. With `differs`, exit code 1 is allowed (git diff finds a difference)."""
    finished = subprocess.run(["git", "-C", str(top), *arguments], capture_output=True, check=not differs)
    return finished.stdout


def _of_checkout(top: Path, commit: str, is_current: bool) -> dict[str, bytes]:
    try:
        if commit and commit != _git(top, "rev-parse", "HEAD").decode().strip():
            files = {SOURCES: _git(top, "archive", "--format=zip", commit)}
            return files | {LOCK: _git(top, "show", f"{commit}:{LOCK}")}
    except subprocess.CalledProcessError:
        pass  # not in this repository
    if not is_current:
        return {}
    files = {SOURCES: _git(top, "archive", "--format=zip", "HEAD"), LOCK: (top / LOCK).read_bytes()}
    changes = _git(top, "diff", "--binary", "HEAD")
    # new files elsewhere belong to the user
    for name in _git(top, "ls-files", "-z", "--others", "--exclude-standard", "--", "src").split(b"\0"):
        if name:
            new = os.fsdecode(name)
            changes += _git(top, "diff", "--binary", "--no-index", "--", os.devnull, new, differs=True)
    return files | ({PATCH: changes} if changes else {})


def _of_package() -> dict[str, bytes]:
    """The package's files under ``src/``, and the versions of all libraries it needs."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, folders, files in os.walk(PACKAGE):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                path = Path(folder, name)
                entry = (Path("src", PACKAGE.name) / path.relative_to(PACKAGE)).as_posix()
                archive.writestr(zipfile.ZipInfo(entry, EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return {
        SOURCES: buffer.getvalue(),
        REQUIREMENTS: "".join(f"{line}\n" for line in _required_libraries()).encode(),
    }


def _required_libraries() -> list[str]:
    """Name and version of every installed library that woc-sim needs directly or indirectly."""
    versions: dict[str, str] = {}
    pending = ["woc-sim"]
    while pending:
        name = pending.pop()
        try:
            library = distribution(name)
        except PackageNotFoundError:
            continue  # only needed on another system
        normalised = re.sub(r"[-_.]+", "-", library.metadata["Name"]).lower()
        if normalised in versions:
            continue
        versions[normalised] = library.version
        for line in library.requires or ():
            if "extra ==" not in line and (match := re.match(r"[A-Za-z0-9._-]+", line)):
                pending.append(match[0])
    return [f"{name}=={version}" for name, version in sorted(versions.items()) if name != "woc-sim"]
