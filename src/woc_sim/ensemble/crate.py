"""A sweep as an RO-Crate: one zip with runs, design, sources and a description that machines can read.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): ``ro-crate-metadata.json`` names every file with size, format
and SHA-256, the software with its version and commit, and the action that made the data from it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from woc_sim import __version__
from woc_sim.errors import UserError

DESCRIPTION: Final = "ro-crate-metadata.json"
CONTEXT: Final = "https://w3id.org/ro/crate/1.1/context"
FORMATS: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".png": "image/png",
    ".md": "text/markdown",
    ".zip": "application/zip",
    ".patch": "text/x-diff",
    ".lock": "text/plain",
}
LEFT_OUT: Final = ("lock",)
"""What a folder holds for its own use."""
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Date of every file in the archive, so that equal content is an equal archive."""

README: Final = """\
# A sweep of woc-sim

Made by `{command}` with woc-sim {version}, commit {commit}.

To repeat it, unpack `sources.zip` (and apply `changes.patch` if it is there), run `./run setup`, then there:

    .venv/bin/woc-sim {arguments} out=out/again

The `table_hash` in `out/again/manifest.json` is {hash} if every number is the same. `woc-sim status` and
`woc-sim query` also work on this folder as it is, and the command with `out=` this folder goes on with it.
"""


def export(out: Path, target: Path, manifest: Mapping[str, Any]) -> int:
    """Write the sweep in `out` with what made it into the archive `target`; how many files that are.

    The archive is there as a whole or not at all. Raises UserError if it exists or cannot be written.
    """
    if target.exists():
        raise UserError(f"{target} exists and is not overwritten; give another name, to=FILE.zip")
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in _kept(out)}
    files |= _sources()
    files["README.md"] = _readme(manifest).encode()
    files[DESCRIPTION] = json.dumps(describe(files, manifest), indent=1).encode()
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"to={target} cannot be written ({error.strerror or error})") from None
    return len(files)


def _kept(out: Path) -> Iterator[Path]:
    for path in sorted(out.rglob("*")):
        if path.is_file() and path.name not in LEFT_OUT and path.suffix != ".tmp":
            yield path


def _sources() -> dict[str, bytes]:
    """The committed sources, what differs from them, and the lock; nothing outside a repository."""
    package = Path(__file__).resolve().parent.parent

    def git(*arguments: str) -> bytes:
        done = subprocess.run(["git", "-C", str(package), *arguments], capture_output=True, check=True)
        return done.stdout

    try:
        if not git("ls-files", "--", "__init__.py"):
            return {}
        top = git("rev-parse", "--show-toplevel").decode().strip()
        found = {"sources.zip": git("-C", top, "archive", "--format=zip", "HEAD")}
        if changes := git("-C", top, "diff", "--binary", "HEAD"):
            found["changes.patch"] = changes
    except (OSError, subprocess.SubprocessError):
        return {}
    lock = Path(top) / "requirements.lock"
    return found | ({lock.name: lock.read_bytes()} if lock.exists() else {})


def _readme(manifest: Mapping[str, Any]) -> str:
    words = str(manifest["command"]).split()[1:]
    return README.format(
        command=manifest["command"],
        arguments=" ".join(word for word in words if not word.startswith("out=")),
        version=manifest["versions"]["woc-sim"],
        commit=(manifest.get("git") or {}).get("commit", "unknown"),
        hash=manifest.get("table_hash", "not there yet: the sweep is not finished"),
    )


def describe(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The description of an archive of `files` as JSON-LD."""
    parts = [
        {
            "@id": name,
            "@type": "File",
            "contentSize": str(len(content)),
            "encodingFormat": FORMATS.get(Path(name).suffix, "application/octet-stream"),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in sorted(files.items())
    ]
    commit = (manifest.get("git") or {}).get("commit", "unknown")
    software = {
        "@id": "#woc-sim",
        "@type": "SoftwareApplication",
        "name": "woc-sim",
        "softwareVersion": f"{__version__} ({commit}, model {manifest['model_hash']})",
        "license": {"@id": "https://spdx.org/licenses/MIT"},
    }
    action = {
        "@id": "#sweep",
        "@type": "CreateAction",
        "name": str(manifest["command"]),
        "instrument": {"@id": "#woc-sim"},
        "object": [{"@id": name} for name in sorted(files) if name.startswith("plan/")],
        "result": [{"@id": name} for name in sorted(files) if name.startswith("shards/")],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Sweep of woc-sim: {manifest['points']} points, {manifest['replicates']} replicates",
        "description": "Simulated localities: design, runs, tables, figures, and the sources that made them.",
        "license": {"@id": "https://spdx.org/licenses/MIT"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": [{"@id": "#sweep"}],
    }
    own = {
        "@id": DESCRIPTION,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    return {"@context": CONTEXT, "@graph": [own, root, software, action, *parts]}
