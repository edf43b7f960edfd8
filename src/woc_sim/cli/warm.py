"""`woc-sim warm`: compile the kernels once, so that the first run does not wait for them."""

from collections.abc import Sequence

from woc_sim.errors import UserError


def main(arguments: Sequence[str]) -> int:
    """Compile and cache every kernel."""
    if arguments:
        raise UserError(f"warm takes no settings, not {arguments[0]!r}")
    from woc_sim.simulation import warm_up

    warm_up()
    return 0
