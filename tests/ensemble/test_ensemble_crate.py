"""The archive of a sweep: its content, that the sweep can be repeated from it alone, and what it never
contains.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

from woc_sim.cli.main import main
from woc_sim.ensemble import sources as made
from woc_sim.ensemble.crate import AUTHORS, CONTEXT, DESCRIPTION, LICENCE, SPECIFICATION, export
from woc_sim.ensemble.sources import PATCH, REQUIREMENTS, SOURCES, sources
from woc_sim.errors import UserError
from woc_sim.scenario.identity import model_hash

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("swept") / "my sweep"
    asked = ["executive=progressive,conservative", "replicates=1", "people=80", "months=24", "workers=1"]
    assert main(["sweep", *asked, f"out={out}"]) == 0
    return out


def manifest_of(out: Path) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((out / "manifest.json").read_text("utf-8"))
    return held


def unpacked(archive: Path, into: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(into)
    return into


def repeated(folder: Path) -> list[str]:
    """The arguments of the command in an archive's README."""
    words = shlex.split(
        re.findall(r"^    .*woc.sim.* (run from=FOLDER .*)$", (folder / "README.md").read_text(), re.M)[0]
    )
    return [word.replace("FOLDER", str(folder)) for word in words]


def run(arguments: list[str], folder: Path) -> str:
    """woc-sim from the sources in `folder`, with the libraries of these tests. Plain Python gives the same
    numbers without compiling.
    """
    command = [sys.executable, "-P", "-m", "woc_sim.cli.main", *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
def test_the_command_in_the_archive_repeats_the_sweep_from_the_archive_alone(
    swept: Path, tmp_path: Path
) -> None:
    export(swept, tmp_path / "s.zip", manifest_of(swept))
    there = unpacked(tmp_path / "s.zip", tmp_path / "there")
    checkout = unpacked(there / SOURCES, tmp_path / "checkout")
    if (there / PATCH).exists():
        subprocess.run(["git", "apply", str(there / PATCH)], cwd=checkout, check=True)
    assert "IDENTICAL" in run(repeated(there), checkout).splitlines()
    assert manifest_of(swept)["table_hash"] in (there / "README.md").read_text()


@pytest.mark.thorough
def test_an_installed_package_packs_its_own_files(
    swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_git(*_: object, **__: object) -> bytes:
        raise FileNotFoundError("git")

    monkeypatch.setattr(made, "_git", no_git)
    export(swept, tmp_path / "s.zip", manifest_of(swept))
    there = unpacked(tmp_path / "s.zip", tmp_path / "there")
    listed = (there / REQUIREMENTS).read_text().splitlines()
    assert {"mesa", "numba", "pandas"} <= {line.partition("==")[0] for line in listed}
    package = unpacked(there / SOURCES, tmp_path / "package")
    assert (package / "src/woc_sim/conf/config.yaml").is_file()
    assert not list(package.rglob("__pycache__"))
    assert "IDENTICAL" in run(repeated(there), package).splitlines()


def test_a_checkout_of_another_project_is_not_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "project" / "lib" / "woc_sim"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (tmp_path / "project" / "private.txt").write_text("private")
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@e"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], cwd=tmp_path / "project", check=True)
    monkeypatch.setattr(made, "PACKAGE", package)
    found = sources("", False, model_hash())
    with zipfile.ZipFile(tmp_path / "x.zip", "w"):
        (tmp_path / "x.zip").write_bytes(found[SOURCES])
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        assert packed.namelist() == ["src/woc_sim/__init__.py"]


def test_new_files_of_the_sources_are_in_the_patch_and_others_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "checkout"
    package = top / "src" / "woc_sim"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (top / "requirements.lock").write_text("x==1\n")
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@e"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], cwd=top, check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=top, capture_output=True, text=True, check=True)
    monkeypatch.setattr(made, "PACKAGE", package)
    assert set(sources("", False, model_hash())) == {SOURCES, "requirements.lock"}
    (package / "new rule.py").write_text("x = 1\n")
    (package / "__init__.py").write_text("y = 2\n")
    (top / "diary.txt").write_text("private\n")
    found = sources("", False, model_hash())
    assert b"private" not in found[PATCH]
    there = tmp_path / "there"
    (tmp_path / "s.zip").write_bytes(found[SOURCES])
    unpacked(tmp_path / "s.zip", there)
    subprocess.run(["git", "apply", "-"], input=found[PATCH], cwd=there, check=True)
    assert (there / "src/woc_sim/new rule.py").read_text() == "x = 1\n"
    assert (there / "src/woc_sim/__init__.py").read_text() == "y = 2\n"
    # results of an earlier commit come with the sources of that commit, and those of an unknown one with none
    subprocess.run([*git, "commit", "-qam", "more"], cwd=top, check=True)
    assert sources(commit.stdout.strip(), True, "another") == {
        SOURCES: subprocess.run(
            ["git", "archive", "--format=zip", commit.stdout.strip()],
            cwd=top,
            capture_output=True,
            check=True,
        ).stdout,
        "requirements.lock": b"x==1\n",
    }
    for unknown in ("f" * 40, "--output=x", ""):
        assert sources(unknown, True, "another") == {}
        assert SOURCES in sources(unknown, True, model_hash())


def test_sources_of_another_model_are_not_passed_off_as_its_own(swept: Path, tmp_path: Path) -> None:
    manifest = manifest_of(swept) | {"model_hash": "another", "git": None}
    export(swept, tmp_path / "s.zip", manifest)
    there = unpacked(tmp_path / "s.zip", tmp_path / "there")
    assert not (there / SOURCES).exists()
    assert "sources of these results are missing" in (there / "README.md").read_text()


@pytest.mark.parametrize(
    "command", ["woc-sim sweep 'file=my points.csv'", "woc_sim.sweep(...)", "a \x1b[31m\n# b", ""]
)
def test_the_command_is_shown_as_text(swept: Path, tmp_path: Path, command: str) -> None:
    export(swept, tmp_path / "s.zip", manifest_of(swept) | {"command": command})
    text = (unpacked(tmp_path / "s.zip", tmp_path / "there") / "README.md").read_text()
    assert "\x1b" not in text
    shown = " ".join(command.split()).replace("\x1b", "?")
    assert f"\n\n    {shown}\n\n" in text


def test_the_description_names_every_file_the_licence_the_authors_and_the_time(
    swept: Path, tmp_path: Path
) -> None:
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    (out / "figures" / "ä b#c.png").write_bytes(b"x")
    number = export(out, tmp_path / "s.zip", manifest_of(out))
    there = unpacked(tmp_path / "s.zip", tmp_path / "there")
    held = json.loads((there / DESCRIPTION).read_text())
    assert held["@context"] == CONTEXT
    graph = {each["@id"]: each for each in held["@graph"]}
    files = {name: each for name, each in graph.items() if each["@type"] == "File"}
    on_disk = {path.relative_to(there).as_posix() for path in there.rglob("*") if path.is_file()}
    assert {unquote(name) for name in files} | {DESCRIPTION} == on_disk
    assert len(on_disk) == number
    for name, each in files.items():
        content = (there / unquote(name)).read_bytes()
        assert re.fullmatch(r"[\w./%~-]+", name, re.ASCII)
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["contentSize"] == str(len(content))
    root = graph["./"]
    assert [each["@id"] for each in root["hasPart"]] == sorted(files, key=unquote)
    assert datetime.fromisoformat(root["datePublished"]).tzinfo is not None
    assert graph[DESCRIPTION]["conformsTo"] == {"@id": SPECIFICATION}
    assert graph[root["license"]["@id"]]["identifier"] == "MIT"
    assert graph[root["author"]["@id"]]["@type"] == "Organization"
    for each in held["@graph"]:  # whatever is named is described
        named = [value for value in each.values() if isinstance(value, dict)]
        assert {value["@id"] for value in named} <= {*graph, SPECIFICATION}


def test_licence_and_authors_are_those_of_the_project() -> None:
    cited = yaml.safe_load((TOP / "CITATION.cff").read_text("utf-8"))
    assert [each["name"] for each in cited["authors"]] == [AUTHORS]
    assert LICENCE.endswith(f"/{cited['license']}")


def test_the_time_is_that_of_the_sweep(swept: Path, tmp_path: Path) -> None:
    manifest = manifest_of(swept) | {"timings": {"started": "2026-01-02T03:04:05+00:00"}}
    for name in ("a", "b"):
        export(swept, tmp_path / f"{name}.zip", manifest)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    held = (unpacked(tmp_path / "a.zip", tmp_path / "a") / DESCRIPTION).read_text()
    assert '"datePublished": "2026-01-02T03:04:05+00:00"' in held


# --- what it never holds


@pytest.mark.parametrize("place", ["shards", "figures", "."])
@pytest.mark.parametrize("kind", ["file", "folder", "dangling", "pipe"])
def test_nothing_outside_the_folder_is_packed(swept: Path, tmp_path: Path, place: str, kind: str) -> None:
    outside = tmp_path / "private"
    outside.mkdir()
    (outside / "key.txt").write_text("private")
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    odd = out / place / "odd.parquet"
    if kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("pipes have no names here")
        os.mkfifo(odd)
    else:
        odd.symlink_to({"file": outside / "key.txt", "folder": outside, "dangling": outside / "no"}[kind])
    with pytest.raises(UserError, match=r"odd\.parquet in .* is (a link|not a regular file)") as refused:
        export(out, tmp_path / "s.zip", manifest_of(out))
    assert len(refused.value.sentence) <= 300
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*"))


def test_a_file_that_becomes_a_link_while_it_is_packed_is_not_followed(
    swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "O_NOFOLLOW"):
        pytest.skip("links are followed here")
    (tmp_path / "key.txt").write_text("private")
    out = tmp_path / "s"
    shutil.copytree(swept, out)

    def swapped(*_: object) -> dict[str, bytes]:
        (out / "final.parquet").unlink()
        (out / "final.parquet").symlink_to(tmp_path / "key.txt")
        return {}

    monkeypatch.setattr("woc_sim.ensemble.crate.sources", swapped)
    with pytest.raises(UserError):
        export(out, tmp_path / "s.zip", manifest_of(out))
    assert not (tmp_path / "s.zip").exists()


def test_a_file_that_goes_away_is_one_sentence(
    swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "s"
    shutil.copytree(swept, out)

    def gone(*_: object) -> dict[str, bytes]:
        (out / "final.parquet").unlink()
        return {}

    monkeypatch.setattr("woc_sim.ensemble.crate.sources", gone)
    with pytest.raises(UserError, match="was removed during packing"):
        export(out, tmp_path / "s.zip", manifest_of(out))
    assert not list(tmp_path.glob("*.zip*")) + list(tmp_path.glob(".*"))


def test_it_is_not_packed_into_itself(swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    (tmp_path / "way").symlink_to(out)
    monkeypatch.chdir(out)
    for target in (out / "s.zip", out / "figures" / "s.zip", Path("s.zip"), tmp_path / "way" / "s.zip"):
        with pytest.raises(UserError, match="lies in the packed folder"):
            export(Path(), target, manifest_of(out))
    assert not list(out.rglob("*.zip*"))
    assert export(Path(), tmp_path / "s.zip", manifest_of(out)) > 5


def test_what_a_folder_holds_for_its_own_use_stays_there(swept: Path, tmp_path: Path) -> None:
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    for name in ("lock", ".lock", "shards/x.tmp", ".hidden/x", "shards/lock"):
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("own")
    export(out, tmp_path / "s.zip", manifest_of(out))
    with zipfile.ZipFile(tmp_path / "s.zip") as packed:
        assert not [
            name for name in packed.namelist() if re.search(r"lock$|tmp|hidden", name) and "req" not in name
        ]


@pytest.mark.parametrize("name", ["a\x1bb.csv", "a\nb.csv", "a\\..\\b.csv"])
def test_a_name_that_cannot_be_packed_is_one_sentence(swept: Path, tmp_path: Path, name: str) -> None:
    if os.name == "nt":
        pytest.skip("no file can be called so here")
    out = tmp_path / "s"
    shutil.copytree(swept, out)
    (out / name).write_text("x")
    with pytest.raises(UserError, match="cannot be packed") as refused:
        export(out, tmp_path / "s.zip", manifest_of(out))
    assert refused.value.sentence.isprintable()
