"""`woc-sim warm`: compile the kernels once, so that the first run does not wait for them."""

from collections.abc import Sequence

from woc_sim.errors import UserError


def main(arguments: Sequence[str]) -> int:
    """Compile and cache every kernel, by living a small place through all months and reading it once."""
    if arguments:
        raise UserError(f"warm takes no settings, not {arguments[0]!r}")
    from woc_sim.ensemble.run import run_one
    from woc_sim.scenario.parse import parse_scenario

    run_one(parse_scenario({"case": "C21", "scale": 0.05}), 0)
    return 0
