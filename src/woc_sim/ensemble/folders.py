"""Result folders: which may be written, and which hold the work that is asked for.

Work is done in the folder itself, whatever that is (a link to a folder, a mount point, the working folder). A
manifest that says 'started' is written first, finished runs are kept in ``shards/``, and a manifest that says
'finished', with a hash of every result file, is written last. So a stopped command goes on from what it had,
nothing of another command is adopted, and results that were lost or damaged afterwards are made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from woc_sim.ensemble.manifests import (
    FINISHED,
    MANIFEST,
    STARTED,
    Manifest,
    MultirunManifest,
    RunManifest,
    damaged_files,
    read_manifest,
    write_manifest,
)
from woc_sim.errors import UserError
from woc_sim.files import PART
from woc_sim.records import shown
from woc_sim.scenario.identity import inside_package, model_hash

PLAN: Final = "plan"
SHARDS: Final = "shards"
PROBE: Final = ".probe-"
LOCK: Final = ".lock"
"""Lies in the folder of the work, beside its data."""
LEFTOVERS: Final = {LOCK, SHARDS, PLAN}
"""What a command leaves that was ended before it could write its manifest."""


def folder_state(out: Path, kind: str, run_ids: list[str], lives: list[int]) -> str:
    """'' for a folder that is free, else 'started' or 'finished' for one that holds exactly this work.

    kind: 'run' or 'sweep' (``run -m``); lives: how many life stories are wanted of each scenario, 0 for none.
    'started' is also what was finished and lost a file since. Raises UserError for every other folder:
    nothing that exists is overwritten.
    """
    if _is_free(out):
        return ""
    refuse_links(out)
    held = read_manifest(out)
    if held is None:
        raise _holds_other_files(out)
    if held.kind != kind or not isinstance(held, RunManifest | MultirunManifest) or held.run_ids != run_ids:
        raise UserError(f"out={shown(out)} holds another run ({shown(held.command)}); choose a new folder")
    if held.model_hash != model_hash():
        raise UserError(
            f"out={shown(out)} was made by another version of the model "
            f"({shown(held.model_hash)}, this is {model_hash()}); choose a new folder"
        )
    told = held.life_stories if isinstance(held, MultirunManifest) else [held.life_stories]
    if any(lives) and told != lives:
        raise UserError(
            f"out={shown(out)} holds this {kind} with {max(told, default=0) or 'no'} life stories; choose a "
            "new folder"
        )
    return FINISHED if held.status == FINISHED and not damaged_files(out, held) else STARTED


def prepare(out: Path, kind: str) -> Manifest | None:
    """Make `out` for a command that goes on in its own folder; the manifest that is there.

    Raises UserError if the folder holds other things or the work of a command of another kind.
    """
    held = None
    if not _is_free(out):
        refuse_links(out)
        held = read_manifest(out)
        names = _file_names(out)
        if held is None and not (names <= LEFTOVERS or PLAN in names):
            raise _holds_other_files(out)
        if held is not None and held.kind != kind:
            raise UserError(
                f"out={shown(out)} holds a {shown(held.kind)} ({shown(held.command)}); choose a new folder"
            )
    make_folder(out)
    return held


def finished_run(folder: Path) -> RunManifest:
    """The manifest of a finished run whose files are as they were written; raises UserError for any other
    folder."""
    held = read_manifest(folder)
    if not isinstance(held, RunManifest):
        found = f"holds no run but a {shown(held.kind)}" if held else "holds no run; `woc-sim run` makes one"
        raise UserError(f"{shown(folder)} {found}")
    again = f"`{shown(held.command)}` makes it"
    if held.status != FINISHED:
        raise UserError(f"{shown(folder)} is not finished; {again}")
    if lost := damaged_files(folder, held):
        raise UserError(f"{shown(folder / lost[0])} is gone or not what was written; {again} again")
    return held


def mark_started(out: Path, said: Mapping[str, Any]) -> None:
    """Make `out` for a command whose manifest is `said`, as `prepare` does, and mark it as started."""
    prepare(out, said["kind"])
    write_manifest(out, {**said, "status": STARTED})


def mark_finished(out: Path, said: Mapping[str, Any]) -> None:
    """Mark the work of a command in `out` as finished."""
    write_manifest(out, {**said, "status": FINISHED})


def make_folder(out: Path) -> None:
    """Make a folder with its parents; raises UserError if that is not possible, or if files cannot be made in
    it. Nothing half-made is left."""
    refuse_location(out)
    missing = [folder for folder in (out, *out.parents) if not os.path.lexists(folder)]
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f"{PROBE}{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        for folder in missing:  # innermost first; only what is empty
            try:
                folder.rmdir()
            except OSError:
                continue
        raise unwritable(out, error) from None


def refuse_location(out: Path) -> None:
    """Raise UserError for a place where no results may lie: no text, a link to nowhere, in the package."""
    try:
        os.fspath(out).encode("utf-8")
    except UnicodeEncodeError:
        raise UserError(f"out={shown(out)} is no name in Unicode; choose another folder") from None
    try:
        if out.is_symlink() and not out.exists():
            raise UserError(f"out={shown(out)} is a link that leads nowhere; choose another folder")
        inside = inside_package(out)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to one another
        raise unwritable(out, error) from None
    if inside:
        raise UserError(f"out={shown(out)} lies in the sources of woc-sim; choose a folder of your own")


def refuse_links(out: Path) -> None:
    """Raise UserError if something in the folder is a link, so that nothing outside it is written or removed.

    `out` itself may be one."""
    for folder in (out, out / SHARDS, out / PLAN, out / "figures"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_symlink():
                raise UserError(f"{shown(path)} is a link, which is not followed; choose another folder")


def unwritable(out: Path, error: Exception) -> UserError:
    """The error for a folder that cannot be made or written."""
    reason = getattr(error, "strerror", None) or shown(error)
    return UserError(f"out={shown(out)} cannot be written ({reason}); choose another folder")


def remove_traces(out: Path, made: bool) -> None:
    """Remove the traces of work of which nothing was finished, and `out` itself if it was `made` for it."""
    if any((out / SHARDS).glob("*.parquet")):
        return
    drop_shards(out)
    (out / MANIFEST).unlink(missing_ok=True)
    if made:
        with suppress(OSError):  # something else was put there meanwhile
            out.rmdir()


def drop_shards(out: Path) -> None:
    """Remove the runs that were kept to go on from, and the lock that nobody holds."""
    if not (out / SHARDS).is_symlink():
        shutil.rmtree(out / SHARDS, ignore_errors=True)
    (out / LOCK).unlink(missing_ok=True)


def _is_free(out: Path) -> bool:
    """Whether there is nothing at `out`, or an empty folder; UserError for a file."""
    refuse_location(out)
    try:
        if not out.exists():
            return True
        if not out.is_dir():
            raise UserError(f"out={shown(out)} is a file; choose the name of a folder")
        return not _file_names(out) - {LOCK}
    except OSError as error:
        raise unwritable(out, error) from None


def _file_names(out: Path) -> set[str]:
    """What lies in a folder, without what a command leaves that is killed while it writes its first file."""
    names = {path.name for path in out.iterdir()}
    left = {name for name in names if name.startswith(".") and name.endswith(PART)}
    return {name for name in names - left if not name.startswith(PROBE)}


def _holds_other_files(out: Path) -> UserError:
    return UserError(
        f"out={shown(out)} holds other things and is not overwritten; choose an empty or a new folder"
    )
