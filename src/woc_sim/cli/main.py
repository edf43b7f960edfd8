"""The dispatcher: finds the command and turns errors into exit codes.

Only the standard library is imported before the command is known, so that help is fast. Exit codes: 0 done, 2
a mistake of the user (one sentence), 70 a bug (traceback), 130 interrupted.
"""

import errno
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, cast

from woc_sim import __version__
from woc_sim.cli.startup import (
    CtrlC,
    command_environment,
    open_streams,
    pause_garbage_collection,
    resume_garbage_collection,
)
from woc_sim.errors import MAX_SENTENCE, UserError, nearest, one_line, print_stderr

COMMANDS: Final = {
    "run": ("woc_sim.cli.run", "simulate one or more localities, or a sweep with -m"),
    "explore": (
        "woc_sim.cli.explore",
        "two settings side by side in a browser, simulated while a slider moves",
    ),
    "sweep": ("woc_sim.cli.sweep", "many scenarios in many replicates; can be stopped and resumed"),
    "status": ("woc_sim.cli.sweep_folder:status", "progress of a sweep (also: retry, compact)"),
    "query": ("woc_sim.cli.sweep_folder:query", "SQL query on a sweep"),
    "export": ("woc_sim.cli.sweep_folder:export", "pack a sweep with its sources into an archive (RO-Crate)"),
    "compare": ("woc_sim.cli.compare", "compare two scenarios in paired replicates"),
    "why": ("woc_sim.cli.why", "through which channels the difference between two scenarios runs"),
    "reproduce": ("woc_sim.cli.reproduce", "repeat an experiment of the project and compare the numbers"),
    "validate": (
        "woc_sim.cli.validate",
        "compare the model with the published findings: scoreboard and report",
    ),
    "sensitivity": (
        "woc_sim.cli.sensitivity",
        "which parameters, conditions and chance matter, also for the misfit of findings (SALib)",
    ),
    "theories": (
        "woc_sim.cli.theories",
        "which rival theories the evidence prefers, and what would tell more",
    ),
    "calibrate": (
        "woc_sim.cli.calibrate",
        "what the evidence supports: reach, waves of history matching, plausible sets, countries left out",
    ),
    "obstacles": (
        "woc_sim.cli.obstacles",
        "effect of removing each of the six obstacles, by type of locality",
    ),
    "benchmark": (
        "woc_sim.cli.benchmark",
        "speed of the kernels compared with plain Mesa and numpy (checkout only)",
    ),
    "list": (
        "woc_sim.cli.listing",
        "cases, parameters, findings, observables, processes, theories, interventions, presets, ...",
    ),
    "new": ("woc_sim.cli.new", "a commented file to begin with: a locality, a rule, interventions, a sweep"),
}
UNLISTED_COMMANDS: Final = {
    "warm": "woc_sim.cli.warm",
    "retry": "woc_sim.cli.sweep_folder:retry",
    "compact": "woc_sim.cli.sweep_folder:compact",
}

HELP: Final = f"""\
woc-sim {__version__}: small and medium-sized localities, their newcomers and their governance, month by month

usage: woc-sim <command> [key=value ...] [--config-dir DIR]

{chr(10).join(f"  {name:12} {meaning}" for name, (_, meaning) in COMMANDS.items())}

`woc-sim <command> --help` or `woc-sim help <command>` shows its settings. Try: woc-sim run case=C21 seed=7
--config-dir DIR adds the YAML files of a folder of yours: DIR/locality/mytown.yaml is locality=mytown.
eval "$(woc-sim -sc install=bash)" completes commands and settings in bash.
"""


CONFIG_DIR: Final = "--config-dir"
RESOURCE_ERRORS: Final = tuple(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN")
    if hasattr(errno, name)
)
"""Errors of a system that has no more resources: disk, quota, file size, descriptors, memory, processes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command line; returns the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    open_streams()
    ctrl_c = CtrlC()
    ctrl_c.install()
    try:
        with command_environment():
            code = _run_command(typed, ctrl_c)
        code = _flush_output(code)
        if arguments is None and "duckdb" in sys.modules:
            sys.stderr.flush()
            os._exit(code)  # at a normal exit DuckDB would print warnings on standard error
        return code
    finally:
        ctrl_c.restore(process_ends=arguments is None)


def _run_command(typed: Sequence[str], ctrl_c: CtrlC) -> int:
    """Run the typed command; an error becomes an exit code."""
    try:
        if typed[:1] == ["help"] and len(typed) == 2 and not typed[1].startswith("-"):
            typed = [typed[1], "--help"]
        if not typed or typed[0] in ("-h", "--help", "help"):
            print(HELP, end="")
            return 0
        if typed[0] in ("-V", "--version"):
            print(f"woc-sim {__version__}")
            return 0
        for argument in typed:
            if any("\ud800" <= letter <= "\udfff" for letter in argument):
                raise UserError(f"{argument!r} contains bytes that are not UTF-8 text; type it again")
        if typed[0] in ("-sc", "--shell-completion"):
            from woc_sim.cli.completion import main as complete

            return complete(typed[1:])
        if any(argument.startswith(CONFIG_DIR) for argument in typed):
            from woc_sim.cli.config_dir import take_config_dir

            typed = take_config_dir(typed)
            if not typed:
                raise UserError(f"{CONFIG_DIR} needs a command: woc-sim run {CONFIG_DIR} DIR locality=mytown")
        pause_garbage_collection()
        return _command(typed[0])(typed[1:])
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or ctrl_c.interrupted_at is not None:
            return _fail("interrupted; finished runs are kept, and the same command resumes", 130)
        if isinstance(error, UserError):
            return _fail(error.sentence, 2)
        if isinstance(error, BrokenPipeError):  # the reader closed the pipe
            return 0
        refusal = _system_refusal(error)
        if refusal:
            return _fail(f"{refusal}; earlier results are kept: fix this and repeat the command", 2)
        if not isinstance(error, Exception):
            raise
        print_stderr(traceback.format_exc().rstrip("\n"))
        return _fail("this is a bug in woc-sim, not in what you typed", 70)


def _fail(sentence: str, code: int) -> int:
    """Print a sentence on standard error, in one line without control characters; returns the code."""
    print_stderr(f"woc-sim: {one_line(sentence, MAX_SENTENCE)}")
    return code


def _system_refusal(error: BaseException | None) -> str:
    """What the system refused, if that caused the error (libraries raise errors of their own for it); else
    empty.
    """
    while error is not None:
        if isinstance(error, MemoryError):
            return "there is not enough memory"
        if isinstance(error, OSError) and error.errno in RESOURCE_ERRORS:
            file_name = f" ({str(error.filename)[-80:]})" if error.filename is not None else ""
            return f"the system refuses: {error.strerror or error}{file_name}"
        if isinstance(error, ImportError) and os.strerror(errno.EMFILE) in str(error):
            return f"the system refuses: {os.strerror(errno.EMFILE)}"
        error = error.__cause__ or error.__context__
    return ""


def _flush_output(code: int) -> int:
    """Flush standard output. If it cannot be written, report that; the code is then 2."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        discard_output()
        return _fail(f"standard output cannot be written ({error.strerror or error})", code or 2)
    return code


def discard_output() -> None:
    """Discard the rest of the output; otherwise Python would fail again when it ends."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """The main function of a command's module."""
    modules = UNLISTED_COMMANDS | {command: module for command, (module, _) in COMMANDS.items()}
    if name not in modules:
        hint = nearest(name, COMMANDS) or f"there are {', '.join(COMMANDS)}"
        raise UserError(f"the command {one_line(repr(name), 80)} does not exist; {hint}")
    module, _, function = modules[name].partition(":")
    command = import_module(module)
    if name != "run":  # `run` imports more after it has read its settings
        resume_garbage_collection()
    return cast(Callable[[Sequence[str]], int], getattr(command, function or "main"))


if __name__ == "__main__":
    sys.exit(main())
