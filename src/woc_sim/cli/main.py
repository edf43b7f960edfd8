"""The dispatcher: finds the command, and turns what goes wrong into an exit code.

Nothing but the standard library is imported before a command is chosen, so that help is quick. Exit
codes: 0 done, 2 a mistake in what was asked (one sentence), 70 a bug of ours (traceback), 130
interrupted.
"""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, cast

from woc_sim import __version__
from woc_sim.cli.startup import collect_garbage, one_interrupt, rest_garbage
from woc_sim.errors import UserError, nearest

COMMANDS: Final = {
    "run": ("woc_sim.cli.run", "simulate a locality, or a sweep with -m"),
    "sweep": ("woc_sim.cli.sweep", "many scenarios in many replicates; goes on where it was stopped"),
    "status": ("woc_sim.cli.sweeps:status", "how far a sweep is (also: retry, compact)"),
    "query": ("woc_sim.cli.sweeps:query", "SQL over a sweep"),
    "export": ("woc_sim.cli.sweeps:export", "a sweep with its sources as one archive (RO-Crate)"),
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
HIDDEN: Final = {
    "warm": "woc_sim.cli.warm",
    "retry": "woc_sim.cli.sweeps:retry",
    "compact": "woc_sim.cli.sweeps:compact",
}

HELP: Final = f"""\
woc-sim {__version__}: small and medium-sized localities, their newcomers and their governance, month by month

usage: woc-sim <command> [key=value ...]

{chr(10).join(f"  {name:12} {meaning}" for name, (_, meaning) in COMMANDS.items())}

`woc-sim <command> --help` says what a command takes. Try: woc-sim run case=C21 seed=7
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command line; returns the exit code."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    if not typed or typed[0] in ("-h", "--help", "help"):
        print(HELP, end="")
        return 0
    if typed[0] in ("-V", "--version"):
        print(f"woc-sim {__version__}")
        return 0
    rest_garbage()
    with one_interrupt():
        return _answered(typed)


def _answered(typed: Sequence[str]) -> int:
    """Run a command; what goes wrong becomes an exit code."""
    try:
        return _command(typed[0])(typed[1:])
    except UserError as error:
        print(f"woc-sim: {error.sentence}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "woc-sim: interrupted; finished runs are kept, and the same command goes on from there",
            file=sys.stderr,
        )
        return 130
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        traceback.print_exc()
        print("woc-sim: this is a bug in woc-sim, not in what you typed", file=sys.stderr)
        return 70


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """The main function of a command's module."""
    modules = HIDDEN | {command: module for command, (module, _) in COMMANDS.items()}
    if name not in modules:
        hint = nearest(name, COMMANDS) or f"there are {', '.join(COMMANDS)}"
        raise UserError(f"the command {name!r} does not exist; {hint}")
    module, _, function = modules[name].partition(":")
    command = import_module(module)
    if name != "run":  # which imports the rest once it knows what was asked
        collect_garbage()
    return cast(Callable[[Sequence[str]], int], getattr(command, function or "main"))


if __name__ == "__main__":
    sys.exit(main())
