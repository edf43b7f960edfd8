"""The record beside results: which command made them, with which sources, inputs and machine.

`woc_sim.cli.manifest` describes what is known before anything has run; here are the forms in which it is kept
and read back. A field of a later version that is not known here is passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final

import msgspec

from woc_sim.files import atomic_write
from woc_sim.records import file_sha256, json_record

MANIFEST: Final = "manifest.json"
STARTED: Final = "started"
FINISHED: Final = "finished"
NEW_FOLDER_ADVICE: Final = "delete the folder (of a sweep, this file) and give its command again"

RUN, MULTIRUN, SWEEP = "run", "sweep", "sweep of runs"
"""Kinds of folders that hold runs: of one scenario, of ``run -m``, of ``sweep``."""


Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Manifest(msgspec.Struct, kw_only=True):
    """What every manifest says. ``files``: SHA-256 of each result file, by its path in the folder."""

    kind: str
    status: str
    command: str
    model_hash: ShortText
    versions: dict[str, str]
    git: dict[str, Any] | None
    inputs: dict[str, str]
    machine: dict[str, Any]
    timings: dict[str, Any] = {}
    files: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse names that lead out of the folder; raises ValueError."""
        for name in self.files:
            parts = PurePosixPath(name).parts
            if not name.isprintable() or "\\" in name or ".." in parts or name.startswith("/") or not parts:
                raise ValueError(f"{name!r} among its files is no name of a file in the folder")


class RunManifest(Manifest, kw_only=True):
    """A folder of one scenario. ``life_stories``: how many were told of each locality and replicate."""

    run_ids: list[ShortText]
    scenario_hash: str
    seed: int
    replicates: Count
    life_stories: int = 0


class MultirunManifest(Manifest, kw_only=True):
    """A folder of ``run -m``: ``points`` holds the axes of the scenario in each numbered folder, and
    ``replicates`` how many of the ``run_ids`` are its own."""

    run_ids: list[ShortText]
    points: list[dict[str, Any]]
    replicates: list[Count]
    life_stories: list[int] = []


class SweepManifest(Manifest, kw_only=True):
    """A folder of ``sweep``. ``table_hash`` covers every planned run; it is there when none is waiting.
    ``design`` describes points that were drawn, ``commands`` are all that worked in the folder."""

    points: Count
    replicates: Count
    seeds: list[int]
    axes: list[str]
    config: dict[str, Any] = {}
    design: dict[str, Any] | None = None
    commands: list[str] = []
    table_hash: str = ""


MANIFEST_TYPES: Final[Mapping[str, type[Manifest]]] = {
    RUN: RunManifest,
    MULTIRUN: MultirunManifest,
    SWEEP: SweepManifest,
}
"""Kind -> form; other kinds (studies) say no more than `Manifest`."""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a result folder in the form of its kind; None if there is none.

    Raises UserError for one that is damaged or of another form.
    """
    path = folder / MANIFEST
    if not os.path.isdir(folder):  # which is False for a name that no system takes
        return None
    try:
        kind = json_record(path, Manifest, NEW_FOLDER_ADVICE).kind
        return json_record(path, MANIFEST_TYPES.get(kind, Manifest), NEW_FOLDER_ADVICE)
    except FileNotFoundError:
        return None


def write_manifest(folder: Path, said: Mapping[str, Any]) -> None:
    """Write or replace the manifest of a folder in one go; raises UserError if that is not possible."""
    record = msgspec.convert(said, MANIFEST_TYPES.get(str(said["kind"]), Manifest))
    text = json.dumps(msgspec.to_builtins(record), indent=2, ensure_ascii=False)
    with atomic_write(folder / MANIFEST) as part:
        part.write_text(text + "\n", "utf-8")


def file_hashes(folder: Path, names: list[str]) -> dict[str, str]:
    """SHA-256 of files of a folder, by their names."""
    return {name: file_sha256(folder / name) for name in names}


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """Names of result files that are gone or not what the manifest says."""
    found = []
    for name, digest in manifest.files.items():
        try:
            if file_sha256(folder / name) != digest:
                found.append(name)
        except FileNotFoundError:
            found.append(name)
    return found
