"""The dispatcher: finds the command, and turns what goes wrong into an exit code.

Nothing but the standard library is imported before a command is chosen, so that help is quick. Exit
codes: 0 done, 2 a mistake in what was asked (one sentence), 70 a bug of ours (traceback), 130
interrupted.
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
    "run": ("woc_sim.cli.run", "simulate a locality, or a sweep with -m"),
    "sweep": ("woc_sim.cli.sweep", "many scenarios in many replicates; goes on where it was stopped"),
    "status": ("woc_sim.cli.sweep_folder:status", "how far a sweep is (also: retry, compact)"),
    "query": ("woc_sim.cli.sweep_folder:query", "SQL over a sweep"),
    "export": ("woc_sim.cli.sweep_folder:export", "a sweep with its sources as one archive (RO-Crate)"),
    "compare": ("woc_sim.cli.compare", "two scenarios in paired replicates"),
    "reproduce": ("woc_sim.cli.reproduce", "repeat a committed experiment and compare the numbers"),
    "validate": (
        "woc_sim.cli.validate",
        "hold the model against the published findings: scoreboard and report",
    ),
    "sensitivity": ("woc_sim.cli.sensitivity", "which parameters matter (Morris screening)"),
    "obstacles": (
        "woc_sim.cli.obstacles",
        "what removing each of the six obstacles does, by type of locality",
    ),
    "benchmark": (
        "woc_sim.cli.benchmark",
        "how fast the kernels are beside plain Mesa and numpy (checkout only)",
    ),
    "list": (
        "woc_sim.cli.listing",
        "cases, parameters, findings, indicators, processes, experiments [--csv]",
    ),
}
UNLISTED_COMMANDS: Final = {
    "warm": "woc_sim.cli.warm",
    "retry": "woc_sim.cli.sweep_folder:retry",
    "compact": "woc_sim.cli.sweep_folder:compact",
}

HELP: Final = f"""\
woc-sim {__version__}: small and medium-sized localities, their newcomers and their governance, month by month

usage: woc-sim <command> [key=value ...]

{chr(10).join(f"  {name:12} {meaning}" for name, (_, meaning) in COMMANDS.items())}

`woc-sim <command> --help` says what a command takes. Try: woc-sim run case=C21 seed=7
"""


RESOURCE_ERRORS: Final = tuple(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM", "EAGAIN")
    if hasattr(errno, name)
)
"""What a system says that can give no more: disk, quota, size of a file, descriptors, memory, processes."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command line; returns the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    open_streams()
    interrupts = CtrlC()
    interrupts.listen()
    try:
        with command_environment():
            code = _run_command(typed, interrupts)
        code = _flush_output(code)
        if arguments is None and "duckdb" in sys.modules:
            sys.stderr.flush()
            os._exit(code)  # or DuckDB would tell, on standard error, of what it has not cleared away
        return code
    finally:
        interrupts.stop(ends=arguments is None)


def _run_command(typed: Sequence[str], interrupts: CtrlC) -> int:
    """Do what was typed; what goes wrong becomes an exit code."""
    try:
        if not typed or typed[0] in ("-h", "--help", "help"):
            print(HELP, end="")
            return 0
        if typed[0] in ("-V", "--version"):
            print(f"woc-sim {__version__}")
            return 0
        for argument in typed:
            if any("\ud800" <= letter <= "\udfff" for letter in argument):
                raise UserError(f"{argument!r} holds bytes that are no text in UTF-8; type it again")
        pause_garbage_collection()
        return _command(typed[0])(typed[1:])
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or interrupts.heard is not None:
            return _fail("interrupted; finished runs are kept, and the same command goes on from there", 130)
        if isinstance(error, UserError):
            return _fail(error.sentence, 2)
        if isinstance(error, BrokenPipeError):  # the reader of a pipe has seen enough
            return 0
        refused = _system_refusal(error)
        if refused:
            return _fail(f"{refused}; what was finished before is kept: mend this, and ask again", 2)
        if not isinstance(error, Exception):
            raise
        print_stderr(traceback.format_exc().rstrip("\n"))
        return _fail("this is a bug in woc-sim, not in what you typed", 70)


def _fail(sentence: str, code: int) -> int:
    """Say a sentence on standard error, in one line without control characters; returns the code."""
    print_stderr(f"woc-sim: {one_line(sentence, MAX_SENTENCE)}")
    return code


def _system_refusal(error: BaseException | None) -> str:
    """What the system refused, if that is behind an error; libraries make errors of their own of it."""
    while error is not None:
        if isinstance(error, MemoryError):
            return "there is not enough memory"
        if isinstance(error, OSError) and error.errno in RESOURCE_ERRORS:
            place = f" ({str(error.filename)[-80:]})" if error.filename is not None else ""
            return f"the system refuses: {error.strerror or error}{place}"
        if isinstance(error, ImportError) and os.strerror(errno.EMFILE) in str(error):
            return f"the system refuses: {os.strerror(errno.EMFILE)}"
        error = error.__cause__ or error.__context__
    return ""


def _flush_output(code: int) -> int:
    """Hand over what was printed; the code is 2 where nobody takes it, and that is told."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
    except OSError as error:
        _discard_output()
        return _fail(f"standard output cannot be written ({error.strerror or error})", code or 2)
    return code


def _discard_output() -> None:
    """Let the rest of what was printed go nowhere, or it would fail once more when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """The main function of a command's module."""
    modules = UNLISTED_COMMANDS | {command: module for command, (module, _) in COMMANDS.items()}
    if name not in modules:
        hint = nearest(name, COMMANDS) or f"there are {', '.join(COMMANDS)}"
        raise UserError(f"the command {one_line(repr(name), 80)} does not exist; {hint}")
    module, _, function = modules[name].partition(":")
    command = import_module(module)
    if name != "run":  # which imports the rest once it knows what was asked
        resume_garbage_collection()
    return cast(Callable[[Sequence[str]], int], getattr(command, function or "main"))


if __name__ == "__main__":
    sys.exit(main())
