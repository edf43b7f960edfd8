"""The dispatcher: fast help, exit codes, and which modules each command imports."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from woc_sim import __version__
from woc_sim.cli import listing
from woc_sim.cli.main import COMMANDS, main
from woc_sim.cli.startup import ENVIRONMENT, CtrlC
from woc_sim.errors import UserError

HEAVY = ("numpy", "numba", "hydra", "mesa", "pandas", "matplotlib", "rich", "yaml", "pyarrow", "SALib")


def loaded_by(code: str) -> set[str]:
    shown = f"import sys; {code}; print(' '.join(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert all(f"\n  {name} " in printed for name in COMMANDS)
    assert "warm" not in printed


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: woc-sim {command}")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"woc-sim {__version__}\n"


def test_help_and_list_import_nothing_heavy() -> None:
    assert loaded_by("from woc_sim.cli.main import main; main(['--help'])") == set()
    assert loaded_by("import woc_sim; woc_sim.UserError") == set()
    of_all_commands = (
        "from woc_sim.cli.main import main, COMMANDS; [main([each, '--help']) for each in COMMANDS]"
    )
    assert loaded_by(of_all_commands) == set()
    assert not loaded_by("from woc_sim.cli.main import main; main(['list', 'cases'])") & (
        set(HEAVY) - {"yaml"}
    )


@pytest.mark.parametrize(("arguments", "limit"), [(["--help"], 0.5), (["list", "cases"], 1.0)])
def test_start_is_quick(arguments: list[str], limit: float) -> None:
    """The best of five processor times, because the machine may be busy."""
    code = (
        "import os, sys; from woc_sim.cli.main import main; main(sys.argv[1:]);"
        "print(sum(os.times()[:2]), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    best = min(
        float(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr)
        for _ in range(5)
    )
    assert best < limit


def test_an_interruption_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Sequence[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(listing, "main", interrupted)
    assert main(["list", "cases"]) == 130
    printed = capsys.readouterr().err
    assert "interrupted" in printed
    assert printed.count("\n") == 1


def test_a_bug_exits_70_with_its_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Sequence[str]) -> int:
        raise LookupError("of ours")

    monkeypatch.setattr(listing, "main", broken)
    assert main(["list", "cases"]) == 70
    printed = capsys.readouterr().err
    assert "Traceback" in printed
    assert "LookupError: of ours" in printed


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m woc_sim.cli.main list findings | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def raising(error: BaseException) -> Any:
    def broken(_: Sequence[str]) -> int:
        raise error

    return broken


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EMFILE, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("hidden", [False, True], ids=["plain", "as the cause of another error"])
def test_what_the_system_refuses_is_one_sentence(
    number: int, hidden: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error: Exception = OSError(number, os.strerror(number), "x" * 500)
    if hidden:
        cause, error = error, ImportError("made of it by a library")
        error.__cause__ = cause
    monkeypatch.setattr(listing, "main", raising(error))
    assert main(["list", "cases"]) == 2
    printed = capsys.readouterr().err
    assert os.strerror(number) in printed
    assert printed.count("\n") == 1
    assert len(printed) <= 301


def test_other_errors_of_the_system_are_bugs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(listing, "main", raising(OSError(errno.ENOENT, "gone", "x")))
    assert main(["list", "cases"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_sentence_holds_no_control_characters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(listing, "main", raising(UserError("the key \x1b[31mred\x07\n is \u202e unknown")))
    assert main(["list", "cases"]) == 2
    assert capsys.readouterr().err == "woc-sim: the key ?[31mred? is ? unknown\n"


def test_ctrl_c_that_a_library_makes_an_error_of_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Sequence[str]) -> int:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            signal.raise_signal(signal.SIGINT)  # a second one, while the first is answered
            raise ImportError("numpy could not be imported") from None
        return 0

    monkeypatch.setattr(listing, "main", interrupted)
    assert main(["list", "cases"]) == 130
    assert capsys.readouterr().err.count("\n") == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_that_is_lost_in_a_destructor_is_answered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fragile:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    ctrl_c = CtrlC()
    ctrl_c.install()
    try:
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - what is lost comes at any moment of the block
            Fragile()
            time.sleep(5.0)
    finally:
        ctrl_c.restore(process_ends=False)


def test_the_environment_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    monkeypatch.setenv("MATPLOTLIBRC", "mine")
    monkeypatch.setattr(listing, "main", lambda _: seen.update(os.environ) or 0)
    assert main(["list", "cases"]) == 0
    assert ENVIRONMENT.items() <= seen.items()
    assert os.environ["MATPLOTLIBRC"] == "mine"
    assert Path(ENVIRONMENT["MATPLOTLIBRC"]).is_file()


def in_shell(line: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """A bash command line in `folder`, in which `woc` starts the program like the console script."""
    program = f"{sys.executable} -P -m woc_sim.cli.main"
    return subprocess.run(
        ["bash", "-c", f'woc() {{ {program} "$@"; }}; {line}'],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | environment,
        timeout=200,
    )


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the shell and its limits are those of POSIX")
FULL = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="only Linux has a device that is always full"
)
SMALL = "case=C21 people=50 months=12 workers=1 out=o"


@FULL
@pytest.mark.parametrize("command", ["--help", "list cases", f"run {SMALL}"])
def test_a_full_standard_output_is_one_sentence_and_work_is_kept(command: str, tmp_path: Path) -> None:
    done = in_shell(f"woc {command} > /dev/full", tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == (["o"] if command.startswith("run") else [])


@POSIX
@pytest.mark.parametrize(
    ("command", "code"),
    [(f"run {SMALL} >&- 2>&- <&-", 0), ("run case=XX >&- 2>&-", 2), ("list cases 2>&- | head -n 1", 0)],
)
def test_closed_streams_are_no_error(command: str, code: int, tmp_path: Path) -> None:
    done = in_shell(f"woc {command}", tmp_path)
    assert (done.returncode, done.stderr) == (code, "")
    if SMALL in command:
        assert (tmp_path / "o" / "manifest.json").is_file()


@POSIX
@pytest.mark.parametrize("limit", ["ulimit -n 8", "ulimit -f 1"])
def test_limits_of_the_system_end_a_run_in_one_sentence(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # where coverage is measured, its own file would be the first to meet the limit
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    done = in_shell(f"{limit}; woc run {SMALL}", tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


STUDENTS = (
    *("random", "types", "copy", "calendar", "string", "numbers", "inspect", "typing", "json", "glob"),
    *("signal", "runpy", "importlib", "contextlib", "pickle", "statistics", "abc", "enum", "numpy"),
)


@pytest.mark.thorough
@pytest.mark.portable
def test_the_working_folder_is_no_code_and_sets_nothing(tmp_path: Path) -> None:
    quiet = in_shell(f"woc run {SMALL}", tmp_path)
    assert quiet.returncode == 0, quiet.stderr
    (tmp_path / "o").rename(tmp_path / "first")
    for name in STUDENTS:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name} was executed')\n", "utf-8")
    (tmp_path / "matplotlibrc").write_bytes(b"axes.nonsense: 1\nbackend: none\nfont.size: 30\n\xff")
    (tmp_path / ".numba_config.yaml").write_text("opt: 9\n- [", "utf-8")
    done = in_shell(f"woc run {SMALL}", tmp_path, MPLBACKEND="nonsense", NUMBA_NUM_THREADS="0")
    assert (done.returncode, done.stderr) == (0, "")
    for file in ("monthly.parquet", "figures/timeline.png"):
        assert (tmp_path / "o" / file).read_bytes() == (tmp_path / "first" / file).read_bytes()


def test_started_as_a_module_too_the_working_folder_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "inspect.py").write_text("raise SystemExit('inspect was executed')\n", "utf-8")
    code = "import sys, woc_sim; print(sys.path[0])"
    (tmp_path / "probe.py").write_text(code, "utf-8")
    command = [sys.executable, "-m", "woc_sim.cli.main", "list", "cases"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
    assert done.returncode == 0, done.stderr
    # a module of the user's own keeps its folder
    own = subprocess.run(
        [sys.executable, "-m", "probe"], capture_output=True, text=True, check=True, cwd=tmp_path, timeout=60
    )
    assert own.stdout.strip() == str(tmp_path)


@POSIX
def test_ctrl_c_at_any_moment_of_start_up_is_one_line(tmp_path: Path) -> None:
    """Until `main` starts, Python itself handles Ctrl-C; a printed line marks that moment."""
    begin = "import sys; from woc_sim.cli import main; print('begun', flush=True);sys.exit(main.main())"
    for wait in (0.0, 0.1, 0.3, 0.6, 1.0, 1.5):
        with subprocess.Popen(
            [sys.executable, "-P", "-c", begin, "run", *SMALL.replace("=12", "=120").split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(wait + 0.02)
            for _ in range(2):
                os.killpg(process.pid, signal.SIGINT)
                time.sleep(0.1)
            _, errors = process.communicate(timeout=60)
        # Python ends by the signal itself where it struck inside of `exec`; shells say 130 for both
        assert process.returncode in (130, -signal.SIGINT, 0), errors
        assert errors.count("\n") == (0 if process.returncode == 0 else 1), errors
        assert not [path.name for path in tmp_path.iterdir() if path.name != "o"]
