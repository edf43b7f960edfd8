"""`woc-sim explore`: two settings side by side in a browser, simulated anew while a slider moves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli import settings
from woc_sim.errors import UserError
from woc_sim.scenario import fields

if TYPE_CHECKING:
    from woc_sim.explorer.settings import Screen

HELP: Final = """\
usage: woc-sim explore [port=N] [open=false] [replicates=N] [settings of a run]

  woc-sim explore                                  open the explorer in a browser
  woc-sim explore case=C31 theory/contact=none     begin with these settings on side A
  woc-sim explore port=8080 open=false             serve on this port, and open no browser

A page in a browser: choose a place, theories, interventions and parameters, and watch twelve years change
while a slider moves. A and B are two settings with common draws, so that their difference is an effect.
Whatever is on the screen can be had again: the page gives the command, the config, the data and its address.

It is served on this machine alone (127.0.0.1), needs no network, and ends with Ctrl-C. port=0 takes a free
port (default 5006). It needs the extra `explorer`: pip install 'woc-sim[explorer]'; `./run setup` has it.
More: docs/explorer.md
"""
READERS: Final[dict[str, settings.Reader]] = {
    "port": settings.integer(0, 65535),
    "open": fields.flag,
    "replicates": settings.integer(1, 50),
}
PORT: Final = 5006


def main(arguments: Sequence[str]) -> int:
    """Read the settings and serve until it is interrupted; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    start, given = requested(arguments)
    try:
        import panel  # noqa: F401
    except ImportError:
        raise UserError(
            "the explorer needs Panel, which is not installed; `pip install 'woc-sim[explorer]'` installs it"
        ) from None
    from woc_sim.explorer.serve import serve

    serve(start, given.get("port", PORT), given.get("open", True))
    return 0


def requested(arguments: Sequence[str]) -> tuple["Screen", dict[str, Any]]:
    """The screen that a page begins with, and the settings of the explorer itself. Raises UserError."""
    from woc_sim.explorer.settings import REPLICATES, START, Screen, from_composed, scenario_of

    own = [each for each in arguments if each.partition("=")[0] in READERS]
    typed = [each for each in arguments if each not in own]
    given, _ = settings.read_settings(own, READERS)
    screen = Screen(replicates=given.get("replicates", REPLICATES))
    if not typed:
        return screen, given
    from woc_sim.cli.compose import compose_request

    settings.refuse_ignored("explore", typed)
    request = compose_request(typed, multirun=False)
    if request.sweep:
        raise UserError("these settings are a sweep; explore begins with a single scenario")
    (point,) = request.points
    side = from_composed(point.settings, point.scenario)
    if not any(each.startswith(("people=", "scale=")) for each in typed):
        side = {**side, "people": START["people"]}
    scenario_of(side)
    return replace(screen, a=side), given
