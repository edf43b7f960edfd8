"""The sources of woc-sim as they travel with what they made, from a checkout or an installed package."""

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
"""What was installed beside a package that is no checkout, a line a library."""
LOCK: Final = "requirements.lock"
PACKAGE: Final = Path(__file__).resolve().parent.parent
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every file in an archive, so that equal content is an equal archive."""
COMMIT: Final = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def sources(commit: str, clean: bool, model: str) -> dict[str, bytes]:
    """Files that hold the sources of results of the model `model`, made at `commit`, which held all of the
    sources if `clean`.

    From a checkout the archive of that commit, or of the present one with a patch of what differs from it;
    else the files of the installed package and the versions of what it needs. Nothing if these sources are of
    another model.
    """
    top = PACKAGE.parent.parent
    own = model == model_hash()
    try:
        # a checkout of another project may hold this package; its files are nobody's business
        if Path(_git(top, "rev-parse", "--show-toplevel").decode().strip()).resolve() == top and _git(
            top, "ls-files", "--", str(PACKAGE / "__init__.py")
        ):
            return _of_checkout(top, commit if clean and COMMIT.fullmatch(commit) else "", own)
    except (OSError, subprocess.SubprocessError):
        pass  # no git, no repository, or one that does not answer
    return _of_package() if own else {}


def _git(top: Path, *arguments: str, differs: bool = False) -> bytes:
    """What git says; with `differs` also where it ends with 1, for a difference."""
    done = subprocess.run(["git", "-C", str(top), *arguments], capture_output=True, check=not differs)
    return done.stdout


def _of_checkout(top: Path, commit: str, own: bool) -> dict[str, bytes]:
    try:
        if commit and commit != _git(top, "rev-parse", "HEAD").decode().strip():
            found = {SOURCES: _git(top, "archive", "--format=zip", commit)}
            return found | {LOCK: _git(top, "show", f"{commit}:{LOCK}")}
    except subprocess.CalledProcessError:
        pass  # not in this repository
    if not own:
        return {}
    found = {SOURCES: _git(top, "archive", "--format=zip", "HEAD"), LOCK: (top / LOCK).read_bytes()}
    changes = _git(top, "diff", "--binary", "HEAD")
    places = ("src", "conf")  # new files elsewhere are the user's own
    for name in _git(top, "ls-files", "-z", "--others", "--exclude-standard", "--", *places).split(b"\0"):
        if name:
            new = os.fsdecode(name)
            changes += _git(top, "diff", "--binary", "--no-index", "--", os.devnull, new, differs=True)
    return found | ({PATCH: changes} if changes else {})


def _of_package() -> dict[str, bytes]:
    """The package's own files under ``src/``, and the versions of all that it needs."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, folders, files in os.walk(PACKAGE, followlinks=True):  # conf may be a link of ours
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(files):
                path = Path(folder, name)
                entry = (Path("src", PACKAGE.name) / path.relative_to(PACKAGE)).as_posix()
                archive.writestr(zipfile.ZipInfo(entry, EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return {
        SOURCES: held.getvalue(),
        REQUIREMENTS: "".join(f"{line}\n" for line in _required_libraries()).encode(),
    }


def _required_libraries() -> list[str]:
    """Name and version of every library that woc-sim needs and that is installed, directly or by way of
    another."""
    found: dict[str, str] = {}
    open_names = ["woc-sim"]
    while open_names:
        name = open_names.pop()
        try:
            held = distribution(name)
        except PackageNotFoundError:
            continue  # for another system
        own = re.sub(r"[-_.]+", "-", held.metadata["Name"]).lower()
        if own in found:
            continue
        found[own] = held.version
        for line in held.requires or ():
            if "extra ==" not in line and (named := re.match(r"[A-Za-z0-9._-]+", line)):
                open_names.append(named[0])
    return [f"{name}=={version}" for name, version in sorted(found.items()) if name != "woc-sim"]
