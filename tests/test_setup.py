"""The set-up script, the locks and the package: `./run` is driven with stand-ins for Python and the tools."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "woc_sim"
LOCKS = ("build.lock", "requirements.lock")

PYTHON_STAND_IN = """#!/bin/sh
case "$1 $2" in
    "-V ") echo "Python ${STAND_IN_VERSION:-3.11.9}" ;;
    "-c "*) [ -z "${STAND_IN_TOO_OLD:-}" ] || exit 1; echo "$0" ;;
    "-m venv")
        for folder; do :; done
        echo "venv $folder" >>"$LOG"
        mkdir -p "$folder/bin"
        touch "$folder/pyvenv.cfg"
        cp "$0" "$folder/bin/python" ;;
    "-m pip")
        case "$*" in
            *--version*) ;;
            *)
                echo "$*" | sed 's/.*--disable-pip-version-check/pip/' >>"$LOG"
                for tool in ruff mypy lint-imports woc-sim; do
                    printf '#!/bin/sh\\necho "%s $*" >>"$LOG"\\n' "$tool" >"$VENV/bin/$tool"
                    chmod +x "$VENV/bin/$tool"
                done ;;
        esac ;;
    "-m pytest") shift; echo "$*" >>"$LOG"; echo "3 passed in 0.01s"; exit "${PYTEST_EXIT:-0}" ;;
    "-m tests.renew") shift; echo "$*" >>"$LOG" ;;
    "-m compileall") ;;
    *) echo "unexpected: $*" >&2; exit 99 ;;
esac
"""


class Checkout:
    """A copy of the set-up files with a stand-in interpreter that writes down what it is asked to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        for name in ("run", "pyproject.toml", *LOCKS):
            shutil.copy(ROOT / name, folder / name)
        self.tools = folder / "tools"
        self.tools.mkdir()
        python = self.tools / "python3"
        python.write_text(PYTHON_STAND_IN)
        python.chmod(0o755)

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        base = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "LOG": str(self.log),
            "VENV": ".venv",
            "HOME": str(self.folder),
        }
        return subprocess.run(
            [str(self.folder / "run"), *words],
            env=base | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self) -> list[str]:
        """What was asked since the last call."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


INSTALL_BUILD = "pip --require-hashes -r build.lock"
INSTALL_LOCK = "pip --require-hashes --no-build-isolation -r requirements.lock"
INSTALL_PROJECT = "pip --no-deps --no-build-isolation --no-index -e ."


def test_setup_installs_the_locks_in_order_and_only_once(checkout: Checkout) -> None:
    first = checkout.run("setup")
    assert first.returncode == 0, first.stderr
    assert checkout.done() == ["venv .venv", INSTALL_BUILD, INSTALL_LOCK, INSTALL_PROJECT, "woc-sim warm"]
    start = time.perf_counter()
    assert checkout.run("main", "seed=3").returncode == 0
    assert time.perf_counter() - start < 1.0
    assert checkout.done() == ["woc-sim validate seed=3"]


def test_setup_follows_changed_files(checkout: Checkout) -> None:
    checkout.run("setup")
    checkout.done()
    with (checkout.folder / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    checkout.run("main")
    assert INSTALL_PROJECT in checkout.done()
    with (checkout.folder / "requirements.lock").open("a") as file:
        file.write("# changed\n")
    checkout.run("main")
    assert checkout.done()[:3] == ["venv .venv", INSTALL_BUILD, INSTALL_LOCK]
    checkout.run("main", STAND_IN_VERSION="3.12.4")
    assert "venv .venv" in checkout.done()


def test_a_broken_installation_is_not_taken_for_a_finished_one(checkout: Checkout) -> None:
    python = checkout.tools / "python3"
    python.write_text(
        PYTHON_STAND_IN.replace("*--version*) ;;", "*--version*) ;; *requirements.lock*) exit 1 ;;")
    )
    assert checkout.run("main").returncode == 1
    assert not [line for line in checkout.done() if line.startswith("woc-sim")]
    python.write_text(PYTHON_STAND_IN)
    assert checkout.run("main").returncode == 0
    assert INSTALL_LOCK in checkout.done()


def test_no_fitting_python_is_said_in_a_sentence(checkout: Checkout) -> None:
    for name in ("python3.11", "python3.12", "python3.13"):
        shutil.copy(checkout.tools / "python3", checkout.tools / name)
    old = checkout.run("setup", STAND_IN_TOO_OLD="1", STAND_IN_VERSION="3.9.2")
    assert old.returncode == 1
    assert old.stderr.startswith("run: no Python 3.11, 3.12 or 3.13 found (python3 here: Python 3.9.2)")
    named = checkout.run("setup", PYTHON="/nowhere/python3")
    assert named.returncode == 1
    assert "/nowhere/python3" in named.stderr
    assert checkout.done() == []


def test_a_folder_with_other_things_is_not_emptied(checkout: Checkout) -> None:
    kept = checkout.folder / "mine" / "notes.txt"
    kept.parent.mkdir()
    kept.write_text("keep me")
    result = checkout.run("setup", VENV="mine")
    assert result.returncode == 1
    assert "mine" in result.stderr
    assert kept.read_text() == "keep me"


@pytest.mark.parametrize("words", [(), ("start",), ("--help",), ("setup", "now")])
def test_other_words_print_the_usage(checkout: Checkout, words: tuple[str, ...]) -> None:
    result = checkout.run(*words)
    assert result.returncode == 2
    assert result.stderr.startswith("usage: ./run setup")
    assert checkout.done() == []


def test_test_runs_all_checks_and_ends_with_pytest(checkout: Checkout) -> None:
    checkout.run("setup")
    checkout.done()
    result = checkout.run("test", "-k", "jit")
    assert result.returncode == 0
    assert checkout.done() == [
        "ruff check .",
        "ruff format --check .",
        "mypy --strict src tests/library/typed_use.py",
        "lint-imports ",
        "pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=10 -k jit",
    ]
    assert result.stdout.splitlines()[-1] == "3 passed in 0.01s"
    assert checkout.run("test", PYTEST_EXIT="5").returncode == 5


def test_renew_names_the_steps_to_the_module(checkout: Checkout) -> None:
    checkout.run("setup")
    checkout.done()
    assert checkout.run("renew", "docs", "golden").returncode == 0
    assert checkout.done() == ["tests.renew docs golden"]


@pytest.mark.parametrize("tool", ["ruff", "mypy", "lint-imports"])
def test_a_failing_check_fails_the_tests(checkout: Checkout, tool: str) -> None:
    checkout.run("setup")
    checkout.done()
    (checkout.folder / ".venv" / "bin" / tool).write_text("#!/bin/sh\nexit 1\n")
    result = checkout.run("test")
    assert result.returncode == 1
    assert tool in result.stderr.splitlines()[-1]
    assert not [line for line in checkout.done() if line.startswith("pytest")]


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_hashed_and_name_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|index-url|find-links|\bfile:|(?<!\w)/\w", text)
    entries = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n    --hash[^\n]*)*", text, flags=re.MULTILINE)
    assert len(entries) > 5
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """Locks are compiled by hand after a change of pyproject.toml; this notices when they were not."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "requirements.lock": project["project"]["dependencies"]
        + project["project"]["optional-dependencies"]["dev"],
        "build.lock": project["dependency-groups"]["build"] + project["build-system"]["requires"],
        "crate.lock": project["dependency-groups"]["crate"],
    }
    for lock, requirements in asked.items():
        pins = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / lock).read_text(), flags=re.MULTILINE)
        for requirement in map(Requirement, requirements):
            name = re.sub(r"[-_.]+", "-", requirement.name).lower()
            versions = [Version(version) for pinned, version in pins if pinned.lower() == name]
            assert versions, f"{name} is not in {lock}"
            assert all(version in requirement.specifier for version in versions), (name, versions)


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_wheel_holds_configuration_and_inputs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"woc_sim/conf/{name}" for name in files_below(ROOT / "src/woc_sim/conf")} <= names
    assert {"woc_sim/inputs/cases.csv", "woc_sim/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests/", "conf/"))]


def test_the_version_is_the_same_everywhere() -> None:
    import woc_sim

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = (ROOT / "CITATION.cff").read_text()
    assert woc_sim.__version__ == project["version"]
    assert f"\nversion: {project['version']}\n" in citation
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text()


def test_numba_is_bound_to_the_version_whose_insides_are_known() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (bound,) = (Requirement(each) for each in project["dependencies"] if Requirement(each).name == "numba")
    installed = Version(importlib.metadata.version("numba"))
    assert installed in bound.specifier
    assert Version(f"{installed.major}.{installed.minor + 1}") not in bound.specifier


def test_hosted_ci_calls_the_script_with_every_supported_python() -> None:
    job = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["everything"]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    (pythons,) = (
        step["with"]["python-version"].split()
        for step in job["steps"]
        if "setup-python" in step.get("uses", "")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    supported = SpecifierSet(project["requires-python"])
    assert sorted(pythons) == [f"3.{minor}" for minor in range(8, 20) if f"3.{minor}" in supported]


def test_scripts_are_executable() -> None:
    for name in ("run", ".ci/run"):
        assert os.access(ROOT / name, os.X_OK), name


def test_containers_start_from_an_official_python_and_call_the_script() -> None:
    docker = (ROOT / "Dockerfile").read_text("utf-8")
    editors = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    notebooks = (ROOT / ".binder/postBuild").read_text("utf-8")
    (start,) = re.findall(r"^FROM (.*)$", docker, re.MULTILINE)
    assert editors["image"] == start
    assert (ROOT / ".binder/runtime.txt").read_text("utf-8").strip() == start.replace(":", "-")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert start.removeprefix("python:") in SpecifierSet(project["requires-python"])
    assert "\nRUN ./run setup\n" in docker
    assert editors["postCreateCommand"] == "./run setup"
    assert "\n./run setup\n" in notebooks
    assert os.access(ROOT / ".binder/postBuild", os.X_OK)


def test_the_address_of_the_project_stands_in_one_place() -> None:
    addresses = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    source = addresses["Source"]
    assert all(each.startswith(source) for each in addresses.values())
    pages = [*ROOT.glob("*.md"), *ROOT.glob("*.cff"), *(ROOT / "docs").rglob("*.md"), *PACKAGE.rglob("*.py")]
    assert [page.name for page in pages if source in page.read_text("utf-8")] == []
