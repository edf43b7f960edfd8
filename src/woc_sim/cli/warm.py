"""`woc-sim warm`: compile the kernels once, so that the first run does not wait for them."""

from collections.abc import Sequence
from typing import Final

from woc_sim.errors import UserError

HELP: Final = """\
usage: woc-sim warm

Compiles every kernel into the cache (a minute or two, once), by living twelve years in two small places.
"""


def main(arguments: Sequence[str]) -> int:
    """Live a small world through the whole calendar, which calls every kernel; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if arguments:
        raise UserError(f"warm takes no settings, not {arguments[0]!r}")
    from woc_sim.ensemble.run import run_rows
    from woc_sim.scenario.parse import parse_scenario

    # The resident survey draws a sample only where more adults live than it asks.
    run_rows(parse_scenario({"case": ["C13", "C21"], "people": 1000}), 0)
    return 0
