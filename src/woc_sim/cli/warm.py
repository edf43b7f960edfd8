"""`woc-sim warm`: compile the kernels in advance, so that the first run does not have to."""

from collections.abc import Sequence
from typing import Final

from woc_sim.errors import UserError

HELP: Final = """\
usage: woc-sim warm

Compiles every kernel into the cache (a minute or two, once) by simulating twelve years of two small
localities.
"""


def main(arguments: Sequence[str]) -> int:
    """Compile the missing kernels; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if arguments:
        raise UserError(f"warm takes no settings, not {arguments[0]!r}")
    from woc_sim.ensemble.warm import compile_all

    compile_all()
    return 0
