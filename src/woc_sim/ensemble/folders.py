"""Result folders: which may be written, and which already hold the requested work.

A command works in the result folder itself, which may be a link, a mount point or the working folder. It
first writes a manifest with the status 'started', then keeps finished runs in ``shards/``, and at the end
writes a manifest with the status 'finished' and a hash of every result file. So a stopped command can resume,
work of another command is never mixed in, and lost or damaged results are made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
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
    file_hashes,
    read_manifest,
    write_manifest,
)
from woc_sim.errors import UserError
from woc_sim.files import PART, write_text
from woc_sim.records import shown
from woc_sim.scenario.identity import inside_package, model_hash
from woc_sim.scenario.own_rules import OwnRule, own_rules
from woc_sim.scenario.schema import Scenario

PLAN: Final = "plan"
OWN_RULES: Final = "rules"
SHARDS: Final = "shards"
PROBE: Final = ".probe-"
LOCK: Final = ".lock"
"""Name of the lock file in a result folder."""
LEFTOVERS: Final = {LOCK, SHARDS, PLAN}
"""Files of a command that was killed before it wrote its manifest."""


def folder_state(out: Path, kind: str, run_ids: list[str], lives: list[int]) -> str:
    """'' for a free folder, else 'started' or 'finished' for a folder that holds exactly this work.

    kind: 'run' or 'sweep' (``run -m``); lives: number of life stories of each scenario, 0 for none. A
    finished folder that lost a file counts as 'started'. Raises UserError for every other folder, because
    nothing is overwritten.
    """
    if _is_free(out):
        return ""
    refuse_links(out)
    manifest = read_manifest(out)
    if manifest is None:
        raise _holds_other_files(out)
    if (
        manifest.kind != kind
        or not isinstance(manifest, RunManifest | MultirunManifest)
        or manifest.run_ids != run_ids
    ):
        raise UserError(
            f"out={shown(out)} holds another run ({shown(manifest.command)}); choose a new folder"
        )
    _refuse_other_model(out, manifest)
    life_stories = (
        manifest.life_stories if isinstance(manifest, MultirunManifest) else [manifest.life_stories]
    )
    if any(lives) and life_stories != lives:
        raise UserError(
            f"out={shown(out)} holds this {kind} with {max(life_stories, default=0) or 'no'} life stories; "
            "choose a new folder"
        )
    return FINISHED if manifest.status == FINISHED and not damaged_files(out, manifest) else STARTED


def prepare(out: Path, kind: str) -> Manifest | None:
    """Make the folder `out` for a command that can resume in it; returns the manifest found there.

    Raises UserError if the folder holds other files or the work of another kind of command.
    """
    manifest = None
    if not _is_free(out):
        refuse_links(out)
        manifest = read_manifest(out)
        names = _file_names(out)
        if manifest is None and not (names <= LEFTOVERS or PLAN in names):
            raise _holds_other_files(out)
        if manifest is not None and manifest.kind != kind:
            raise UserError(
                f"out={shown(out)} holds a {shown(manifest.kind)} ({shown(manifest.command)}); "
                "choose a new folder"
            )
    make_folder(out)
    return manifest


def finished_run(folder: Path) -> RunManifest:
    """The manifest of a finished run with undamaged files. Raises UserError for any other folder."""
    manifest = read_manifest(folder)
    if not isinstance(manifest, RunManifest):
        problem = (
            f"holds no run but a {shown(manifest.kind)}"
            if manifest
            else "holds no run; `woc-sim run` makes one"
        )
        raise UserError(f"{shown(folder)} {problem}")
    advice = f"`{shown(manifest.command)}` makes it"
    if manifest.status != FINISHED:
        raise UserError(f"{shown(folder)} is not finished; {advice}")
    if damaged := damaged_files(folder, manifest):
        raise UserError(f"{shown(folder / damaged[0])} is missing or changed; {advice} again")
    return manifest


def _refuse_other_model(out: Path, manifest: Manifest) -> None:
    if manifest.model_hash != model_hash():
        raise UserError(
            f"out={shown(out)} was made by another version of the model "
            f"({shown(manifest.model_hash)}, this is {model_hash()}); choose a new folder"
        )


def refuse_changed_files(out: Path, manifest: Manifest | None, lost: bool) -> None:
    """Raise UserError if a file that the manifest names has other content; with `lost`, also if it is
    missing."""
    if manifest is None:
        return
    for name in damaged_files(out, manifest):
        if os.path.lexists(out / name):
            raise UserError(
                f"{shown(out / name)} was changed; delete it and repeat `{shown(manifest.command)}`"
            )
        if lost:
            raise UserError(f"{shown(out / name)} is missing; repeat `{shown(manifest.command)}`")


def mark_started(out: Path, manifest: Mapping[str, Any]) -> None:
    """Prepare the folder `out` (see `prepare`) and write the manifest with the status started.

    Raises UserError, and keeps the manifest that is there, if another version of the model made the folder.
    """
    held = prepare(out, manifest["kind"])
    if held is not None:
        _refuse_other_model(out, held)
    write_manifest(out, {**manifest, "status": STARTED})


def mark_finished(out: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest with the status finished."""
    write_manifest(out, {**manifest, "status": FINISHED})


def write_own_rules(rules: Iterable[OwnRule], out: Path) -> list[str]:
    """Keep the texts of rules of one's own in the folder, for readers; they are never executed from there
    unless a user names them. Returns the names of the files.
    """
    names = []
    for rule in sorted(set(rules)):
        (out / OWN_RULES).mkdir(exist_ok=True)
        write_text(rule.source, out / OWN_RULES / rule.file_name)
        names.append(f"{OWN_RULES}/{rule.file_name}")
    return names


def with_own_rules(out: Path, manifest: Mapping[str, Any], scenarios: Iterable[Scenario]) -> dict[str, Any]:
    """The manifest with the hashes of the rules of one's own in these scenarios, whose texts are kept in the
    folder (`write_own_rules`)."""
    names = write_own_rules([rule for one in scenarios for rule in own_rules(one.theories).values()], out)
    return {**manifest, "files": {**manifest.get("files", {}), **file_hashes(out, names)}}


def make_folder(out: Path) -> None:
    """Make a folder with its parents. Raises UserError, and leaves nothing behind, if that fails or no file
    can be made in it.
    """
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
    """Raise UserError for a place that cannot hold results: a name that is not Unicode, a broken link, a
    folder in the package.
    """
    try:
        os.fspath(out).encode("utf-8")
    except UnicodeEncodeError:
        raise UserError(f"out={shown(out)} is not a Unicode name; choose another folder") from None
    try:
        if out.is_symlink() and not out.exists():
            raise UserError(f"out={shown(out)} is a broken link; choose another folder")
        inside = inside_package(out)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to one another
        raise unwritable(out, error) from None
    if inside:
        raise UserError(f"out={shown(out)} lies in the sources of woc-sim; choose a folder of your own")


def refuse_links(out: Path) -> None:
    """Raise UserError if a file in the folder is a link: nothing outside the folder may be written or
    removed.

    `out` itself may be a link.
    """
    for folder in (out, out / SHARDS, out / PLAN, out / OWN_RULES, out / "figures"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_symlink():
                raise UserError(f"{shown(path)} is a link, and links are not followed; choose another folder")


def unwritable(out: Path, error: Exception) -> UserError:
    """The error for a folder that cannot be made or written."""
    reason = getattr(error, "strerror", None) or shown(error)
    return UserError(f"out={shown(out)} cannot be written ({reason}); choose another folder")


def remove_traces(out: Path, created: bool) -> None:
    """Remove the files of a command that finished no run, and `out` itself if the command created it."""
    if any((out / SHARDS).glob("*.parquet")):
        return
    drop_shards(out)
    (out / MANIFEST).unlink(missing_ok=True)
    if created:
        with suppress(OSError):  # other files were put there meanwhile
            out.rmdir()


def drop_shards(out: Path) -> None:
    """Remove the stored runs, which were needed only to resume, and the lock file."""
    if not (out / SHARDS).is_symlink():
        shutil.rmtree(out / SHARDS, ignore_errors=True)
    (out / LOCK).unlink(missing_ok=True)


def _is_free(out: Path) -> bool:
    """Whether there is nothing at `out`, or an empty folder. Raises UserError for a file."""
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
    """Names of files in a folder, without unfinished files of a killed command."""
    names = {path.name for path in out.iterdir()}
    unfinished = {name for name in names if name.startswith(".") and name.endswith(PART)}
    return {name for name in names - unfinished if not name.startswith(PROBE)}


def _holds_other_files(out: Path) -> UserError:
    return UserError(
        f"out={shown(out)} holds other files and is not overwritten; choose an empty or a new folder"
    )
