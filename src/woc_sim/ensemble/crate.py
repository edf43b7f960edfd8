"""A sweep as an RO-Crate: one zip file with runs, design, sources and a machine-readable description.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): ``ro-crate-metadata.json`` lists every file with size, format
and SHA-256, the software with version, authors and licence, and the action that made the data.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from urllib.parse import quote

from woc_sim import __version__
from woc_sim.ensemble.escaping import visible
from woc_sim.ensemble.sources import EPOCH, PATCH, REQUIREMENTS, SOURCES, sources
from woc_sim.errors import UserError
from woc_sim.files import atomic_write
from woc_sim.records import shown

DESCRIPTION: Final = "ro-crate-metadata.json"
SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
CONTEXT: Final = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
"""Terms of RO-Crate 1.1, plus one that schema.org defined later."""
AUTHORS: Final = "The woc-sim authors"
LICENCE: Final = "https://spdx.org/licenses/MIT"
FORMATS: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".lock": "text/plain",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".patch": "text/x-diff",
    ".png": "image/png",
    ".py": "text/x-python",
    ".txt": "text/plain",
    ".yaml": "application/yaml",
    ".zip": "application/zip",
}
LOCAL_FILES: Final = ("lock",)
"""Files of a folder that are not packed, besides hidden and temporary files."""
ZIP64_SIZE: Final = 1 << 30
"""Size in bytes from which a file needs the zip64 format."""

README: Final = """\
# A sweep of woc-sim

Made with woc-sim {version}, commit {commit}, by

    {command}

{repeat}
`woc-sim status` and `woc-sim query` work on this folder directly.

Every file is named in `ro-crate-metadata.json` (RO-Crate 1.1) with its size and SHA-256.
"""
REPEAT: Final = """\
To repeat it, {prepare}, and there

    {program} run from=FOLDER --check

where FOLDER is the folder of this file. Nothing else is needed. It prints IDENTICAL if every number is the
same (`table_hash` {hash}).
"""
FROM_CHECKOUT: Final = f"unpack `{SOURCES}` into an empty folder, run `./run setup` in it"
FROM_PATCHED: Final = (
    f"unpack `{SOURCES}` into an empty folder, run `git apply` on `{PATCH}` and then `./run setup` in it"
)
FROM_PACKAGE: Final = (
    f"unpack `{SOURCES}` into an empty folder, install what `{REQUIREMENTS}` lists "
    f"(`python -m venv .venv` and `.venv/bin/pip install -r {REQUIREMENTS}`)"
)
NO_SOURCES: Final = """\
The sources of these results are missing: another version of woc-sim packed the archive.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an archive says about its sweep."""

    command: str
    version: str
    commit: str
    clean: bool
    model_hash: str
    table_hash: str
    title: str
    when: str

    @classmethod
    def of(cls, manifest: Mapping[str, Any], out: Path) -> Facts:
        """The facts in the manifest of the sweep in `out`. Only this function knows the manifest's form."""
        git = manifest.get("git") or {}
        started = (manifest.get("timings") or {}).get("started")
        return cls(
            command="\n    ".join(" ".join(each.split()) for each in _all_commands(manifest)),
            version=str(manifest["versions"]["woc-sim"]),
            commit=str(git.get("commit") or ""),
            clean=bool(git) and not git.get("changed"),
            model_hash=str(manifest["model_hash"]),
            table_hash=str(manifest.get("table_hash") or ""),
            title=f"{manifest['points']} points, {manifest['replicates']} replicates",
            when=_time_made(started, out),
        )


def _all_commands(manifest: Mapping[str, Any]) -> list[str]:
    """All commands that worked in the folder, in their order."""
    latest, known = str(manifest["command"]), [str(each) for each in manifest.get("commands", ())]
    return known if latest in known else [latest]


def _time_made(started: Any, out: Path) -> str:
    """When the sweep was made, ISO 8601: the recorded time, else the time of its manifest."""
    try:
        moment = datetime.fromisoformat(str(started))
    except ValueError:
        moment = datetime.fromtimestamp((out / "manifest.json").stat().st_mtime, UTC)
    return moment.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file in the archive."""

    name: str
    size: int
    sha256: str

    @property
    def id(self) -> str:
        """Its name as a relative URI."""
        return quote(self.name)


def export(out: Path, target: Path, manifest: Mapping[str, Any]) -> int:
    """Write the sweep in `out` and its sources into the archive `target`; returns the number of files.

    The archive is complete or does not exist. Besides the sources of woc-sim it contains only files in `out`.
    Raises UserError if the archive exists, lies in `out` or cannot be written, and if `out` contains a link.
    """
    if os.path.lexists(target):
        raise UserError(
            f"to={shown(target)} exists and is not overwritten; give another name with to=FILE.zip"
        )
    if target.resolve().is_relative_to(out.resolve()):
        raise UserError(f"to={shown(target)} lies in the packed folder; give a path outside it")
    names = list(_files_to_pack(out))
    facts = Facts.of(manifest, out)
    source_files = sources(facts.commit, facts.clean, facts.model_hash)
    texts = {**source_files, "README.md": _readme(facts, source_files).encode()}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            parts = [_pack_file(archive, name, out / name) for name in names if name not in texts]
            parts += [_pack_bytes(archive, name, content) for name, content in texts.items()]
            parts.sort(key=lambda part: part.name)
            _pack_bytes(archive, DESCRIPTION, json.dumps(describe(parts, facts), indent=1).encode())
    except OSError as error:
        raise UserError(f"to={shown(target)} cannot be written ({error.strerror or error})") from None
    return len(parts) + 1


def _files_to_pack(out: Path) -> Iterator[str]:
    """Names of the files to pack, with slashes, in order. Raises UserError for anything but files and
    folders.
    """
    top = out.resolve()
    for folder, folders, files in os.walk(top):
        relative = Path(folder).relative_to(top)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*folders, *files]):
            path = relative / name
            if name.startswith(".") or name in LOCAL_FILES or name.endswith(".tmp"):
                continue
            if not path.as_posix().isprintable() or "\\" in path.as_posix():
                raise UserError(f"{shown(path)} in {shown(out)} cannot be packed under this name; rename it")
            mode = (top / path).lstat().st_mode
            if stat.S_ISREG(mode):
                yield path.as_posix()
            elif not stat.S_ISDIR(mode):
                description = "a link" if stat.S_ISLNK(mode) else "not a regular file"
                raise UserError(
                    f"{shown(path)} in {shown(out)} is {description}; export packs only regular files of the "
                    "folder: replace it by the file, or remove it"
                )


def _pack_file(archive: zipfile.ZipFile, name: str, path: Path) -> ArchivedFile:
    # since the listing, the file may have been replaced by a link or a pipe
    try:
        number = os.open(
            path,
            os.O_RDONLY
            | getattr(os, "O_NOFOLLOW", 0)
            | getattr(os, "O_NONBLOCK", 0)
            | getattr(os, "O_BINARY", 0),
        )
    except FileNotFoundError:
        raise UserError(
            f"{shown(path)} was removed during packing; export again when nothing writes there"
        ) from None
    with open(number, "rb") as file:
        return _pack_stream(archive, name, file, os.fstat(number).st_size)


def _pack_bytes(archive: zipfile.ZipFile, name: str, content: bytes) -> ArchivedFile:
    return _pack_stream(archive, name, BytesIO(content), len(content))


def _pack_stream(archive: zipfile.ZipFile, name: str, file: IO[bytes], size: int) -> ArchivedFile:
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    hashed = _Hashed(file)
    with archive.open(info, "w", force_zip64=size >= ZIP64_SIZE) as entry:
        shutil.copyfileobj(hashed, entry, 1 << 20)
    return ArchivedFile(name, hashed.size, hashed.digest.hexdigest())


class _Hashed:
    """A file that is hashed and counted while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, length: int = -1, /) -> bytes:
        """The next bytes."""
        block = self.file.read(length)
        self.size += len(block)
        self.digest.update(block)
        return block


def _readme(facts: Facts, source_files: Mapping[str, bytes]) -> str:
    return README.format(
        version=visible(facts.version),
        commit=visible(facts.commit) or "unknown",
        command=visible(facts.command, "\n"),
        repeat=_how_to_repeat(facts, source_files),
    )


def _how_to_repeat(facts: Facts, source_files: Mapping[str, bytes]) -> str:
    """How to repeat the sweep from the archive."""
    if SOURCES not in source_files:
        return NO_SOURCES
    installed = REQUIREMENTS in source_files
    return REPEAT.format(
        prepare=FROM_PACKAGE if installed else FROM_PATCHED if PATCH in source_files else FROM_CHECKOUT,
        program="PYTHONPATH=src .venv/bin/python -m woc_sim.cli.main" if installed else ".venv/bin/woc-sim",
        hash=facts.table_hash or "not there yet: the sweep is not finished",
    )


def describe(parts: list[ArchivedFile], facts: Facts) -> dict[str, Any]:
    """The description of an archive with `parts`, as JSON-LD."""
    files = [
        {
            "@id": part.id,
            "@type": "File",
            "name": PurePosixPath(part.name).name,
            "contentSize": str(part.size),
            "encodingFormat": FORMATS.get(PurePosixPath(part.name).suffix, "application/octet-stream"),
            "sha256": part.sha256,
        }
        for part in parts
    ]
    licence = {"@id": LICENCE, "@type": "CreativeWork", "name": "MIT License", "identifier": "MIT"}
    authors = {"@id": "#authors", "@type": "Organization", "name": AUTHORS}
    software = {
        "@id": "#woc-sim",
        "@type": "SoftwareApplication",
        "name": "woc-sim",
        "softwareVersion": f"{facts.version} ({facts.commit or 'unknown'}, model {facts.model_hash})",
        "author": {"@id": "#authors"},
        "license": {"@id": LICENCE},
    }
    action = {
        "@id": "#sweep",
        "@type": "CreateAction",
        "name": " ".join(facts.command.split()),
        "endTime": facts.when,
        "instrument": {"@id": "#woc-sim"},
        "object": [{"@id": part.id} for part in parts if part.name.startswith("plan/")],
        "result": [{"@id": part.id} for part in parts if part.name.startswith("shards/")],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Sweep of woc-sim: {facts.title}",
        "description": "Simulated localities: design, runs, tables, figures, and the sources that made them.",
        "datePublished": facts.when,
        "author": {"@id": "#authors"},
        "license": {"@id": LICENCE},
        "hasPart": [{"@id": part.id} for part in parts],
        "mentions": [{"@id": "#sweep"}],
    }
    descriptor = {
        "@id": DESCRIPTION,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
        "description": f"Written by woc-sim {__version__}.",
    }
    return {"@context": CONTEXT, "@graph": [descriptor, root, software, action, authors, licence, *files]}
