"""The manifest of a result folder: which command made it, with which sources, inputs and machine.

`woc_sim.ensemble.provenance` collects what is known before anything runs; this module defines the forms in
which manifests are written and read. Unknown fields (of a later version) are ignored.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final

import msgspec

from woc_sim.files import write_text
from woc_sim.records import file_sha256, json_record

MANIFEST: Final = "manifest.json"
STARTED: Final = "started"
FINISHED: Final = "finished"
NEW_FOLDER_ADVICE: Final = "delete the folder (for a sweep, this file) and repeat its command"

RUN, MULTIRUN, SWEEP = "run", "sweep", "sweep of runs"
"""Kinds of folders with runs: of one scenario, of ``run -m``, of ``sweep``."""


Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Manifest(msgspec.Struct, kw_only=True):
    """Fields of every manifest. ``files``: SHA-256 of each result file, by its path in the folder."""

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
        """Refuse file names outside the folder. Raises ValueError."""
        for name in self.files:
            parts = PurePosixPath(name).parts
            if not name.isprintable() or "\\" in name or ".." in parts or name.startswith("/") or not parts:
                raise ValueError(f"{name!r} among its files is not a file in the folder")


class RunManifest(Manifest, kw_only=True):
    """A folder of one scenario. ``life_stories``: number of life stories of each locality and replicate."""

    run_ids: list[ShortText]
    scenario_hash: str
    seed: int
    replicates: Count
    life_stories: int = 0


class MultirunManifest(Manifest, kw_only=True):
    """A folder of ``run -m``: ``points`` holds the axes of the scenario in each numbered folder;
    ``replicates`` says how many of the ``run_ids`` belong to it.
    """

    run_ids: list[ShortText]
    points: list[dict[str, Any]]
    replicates: list[Count]
    life_stories: list[int] = []


class SweepManifest(Manifest, kw_only=True):
    """A folder of ``sweep``. ``table_hash`` covers all planned runs and is empty while some are waiting.
    ``design`` describes sampled points; ``commands`` are all commands that worked in the folder.
    """

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
"""Kind -> type; other kinds (studies) have only the fields of `Manifest`."""


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a result folder, with the type of its kind; None if there is none.

    Raises UserError if it is damaged or has another form.
    """
    path = folder / MANIFEST
    if not os.path.isdir(folder):  # False also for names that the system refuses
        return None
    try:
        kind = json_record(path, Manifest, NEW_FOLDER_ADVICE).kind
        return json_record(path, MANIFEST_TYPES.get(kind, Manifest), NEW_FOLDER_ADVICE)
    except FileNotFoundError:
        return None


def write_manifest(folder: Path, fields: Mapping[str, Any]) -> None:
    """Write or replace the manifest of a folder atomically. Raises UserError if that is not possible."""
    record = msgspec.convert(fields, MANIFEST_TYPES.get(str(fields["kind"]), Manifest))
    text = json.dumps(msgspec.to_builtins(record), indent=2, ensure_ascii=False)
    write_text(text + "\n", folder / MANIFEST)


def file_hashes(folder: Path, names: list[str]) -> dict[str, str]:
    """SHA-256 of files in a folder, by name."""
    return {name: file_sha256(folder / name) for name in names}


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """Names of result files that are missing or differ from the manifest."""
    damaged = []
    for name, digest in manifest.files.items():
        try:
            if file_sha256(folder / name) != digest:
                damaged.append(name)
        except FileNotFoundError:
            damaged.append(name)
    return damaged
