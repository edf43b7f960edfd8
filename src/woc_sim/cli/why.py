"""`woc-sim why`: the effect of the difference between two scenarios, split over the channels it runs
through."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from woc_sim.cli import settings
from woc_sim.cli.compare import scenario_of
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.files import write_table, write_text
from woc_sim.scenario import fields

HELP: Final = """\
usage: woc-sim why A B reading=NAMES [channels=NAMES] [hold=NAMES] [orders=N] [replicates=N]
                       [parameters=plausible|FILE] [workers=N] out=DIR

  woc-sim why "executive=conservative" "executive=progressive" reading=lg_degree out=DIR
  woc-sim why "case=C21" "case=C21 intervention=encounters" reading=latent_attitude out=DIR

Where does the effect of B against A come from? Both scenarios share their draws, so B is lived again with
single channels held at the course that they took in A: what they pass on to others is then what it was in A.
What is left with all channels held comes from the setting itself. The rest is shared among the channels by
what each adds when it becomes free, mean over the orders in which they can (Shapley). The shares add up to
the effect. A and B are settings in quotes or folders, as for `woc-sim compare`; run options follow.

reading=NAMES    readings or indicators (mean of the last year), separated by commas, or all readings
channels=NAMES   the channels to split over, default all: people, work, housing, language, contact, opinion,
                 experience, initiatives, voice, relations, policy; contact+opinion is one channel; what runs
                 through channels that are not named counts with the setting
hold=NAMES       channels that are held all the time: the effect without them is split
orders=N         pairs of orders for each replicate (default 1), where there are more than 6 channels; up to
                 6 channels are split exactly, over all orders
replicates=N     pairs of runs, default 20; low and high are 95 % intervals over them (Student's t)

Writes effects.csv, shares.csv, replicates.csv, why.txt (a paragraph for each reading) and a figure, with
format=pdf,svg in these formats too.
docs/why.md says what shares mean, and what they cannot say.
"""
READERS: Final[dict[str, settings.Reader]] = {
    "reading": fields.text,
    "channels": fields.text,
    "hold": fields.text,
    "orders": settings.integer(1, 1000),
    "replicates": settings.integer(2, 100_000),
    "parameters": settings.PARAMETERS,
    **settings.WORK,
}
NAMES: Final = ("reading", "channels", "hold")
"""Settings that are names."""
SHOWN: Final = 6
"""Most readings whose paragraphs are printed."""


def main(arguments: Sequence[str]) -> int:
    """Check the settings, replay, write and draw; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    if len(arguments) < 2:
        raise UserError("why takes two scenarios; `woc-sim why --help` shows how")
    given = requested(arguments[2:])
    first, second = (scenario_of(each, "why") for each in arguments[:2])

    from woc_sim.ensemble import why
    from woc_sim.ensemble.plausible import of_replicates, sets_named, write_sets
    from woc_sim.ensemble.provenance import describe
    from woc_sim.figures.why import draw_why

    drawing = settings.sheet(given, arguments[2:], first.seed)
    replicates, sets = given.get("replicates", why.REPLICATES), sets_named(given.get("parameters"))
    pairs = given.get("orders", why.PAIRS)
    game = why.game_of(
        first, second, given["reading"], given.get("channels"), given.get("hold", ()), pairs, sets
    )
    out = Path(given["out"])
    manifest = describe("why", command_text("why", arguments))
    folders.mark_started(out, manifest)
    manifest = folders.with_own_rules(out, manifest, (first, second))
    workers = given.get("workers", os.cpu_count() or 1)
    held = f", held: {', '.join(sorted(game.hold))}" if game.hold else ""
    found = why.why(game, replicates, workers, names=(arguments[0], arguments[1] + held))
    for name in ("effects", "shares", "replicates"):
        write_table(getattr(found, name), out / f"{name}.csv")
    write_text(found.text + "\n", out / "why.txt")
    write_sets(of_replicates(sets, replicates), out)
    with drawing:
        picture = draw_why(found.effects, found.shares, found.names, out / "figures")
    folders.mark_finished(out, manifest)
    print(found.text if len(game.outcomes) <= SHOWN else f"{len(game.outcomes)} readings: see why.txt")
    print(f"results: {out / 'shares.csv'}, {out / 'why.txt'}, {picture.path}", flush=True)
    return 0


def requested(arguments: Sequence[str]) -> dict[str, Any]:
    """The settings after the two scenarios, names as tuples. Raises UserError."""
    given, _ = settings.read_settings(arguments, READERS, elsewhere=settings.IN_QUOTES)
    for key, advice in (("reading", "give one or more, e.g. reading=mipex_total"), ("out", "out=DIR")):
        if key not in given:
            raise UserError(f"{key} is missing; {advice}")
    for key in NAMES:
        if key in given:
            given[key] = settings.names(key, given[key])
    return given
