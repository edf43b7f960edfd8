"""What is handed on as an archive is whole: the source distribution, and the wheel that is built from it."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def build(kind: str, source: Path, into: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return next(into.iterdir())


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, unpacked."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, folder / "built")) as archive:
        assert all(each.isfile() or each.isdir() for each in archive.getmembers())  # a link may lead nowhere
        archive.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.name != "built")


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_the_source_distribution_holds_what_the_commands_of_the_readme_need(unpacked: Path) -> None:
    for name in ("run", ".ci/run"):
        assert (unpacked / name).stat().st_mode & 0o100, name
    named = ("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml")
    for name in (
        *named,
        "build.lock",
        "requirements.lock",
        "crate.lock",
        "benchmarks/report.py",
        "tests/conftest.py",
    ):
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes(), name
    for folder in ("src/woc_sim/conf", "docs", "experiments"):
        mine = {name: held for name, held in files_below(ROOT / folder).items() if "__pycache__" not in name}
        assert files_below(unpacked / folder) == mine


def test_a_wheel_built_from_it_is_the_wheel_built_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    held = []
    for source, name in ((ROOT, "own"), (unpacked, "other")):
        with zipfile.ZipFile(build("wheel", source, tmp_path / name)) as wheel:
            held.append({each: wheel.read(each) for each in wheel.namelist()})
    assert held[0] == held[1]
    configuration = files_below(ROOT / "src/woc_sim/conf")
    assert configuration
    for name, content in configuration.items():
        assert held[1][f"woc_sim/conf/{name}"] == content


def test_a_source_distribution_of_the_source_distribution_is_the_same(unpacked: Path, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", unpacked, tmp_path / "again")) as archive:
        names = [each.name.partition("/")[2] for each in archive.getmembers() if each.isfile()]
    assert len(set(names)) == len(names)
    assert set(names) == set(files_below(unpacked))
