"""Small pairs for the tests of views: a town with many newcomers, simulated once for all tests."""

from dataclasses import replace
from functools import cache

from woc_sim import scenario
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.view import View
from woc_sim.explorer.work import Here
from woc_sim.scenario.schema import Scenario

MONTHS = 60
PEOPLE = 700
SCRIPT = "<script>alert(1)</script>"


def small(**changes: object) -> Scenario:
    """A town of 700 people with five times as many asylum seekers as there were."""
    settings = {"case": "C21", "people": PEOPLE, "months": MONTHS, "shocks.asylum": 5.0}
    return scenario(**{**settings, **changes})


def side_of(one: Scenario, replicates: int = 2) -> Side:
    """A scenario, simulated in this process."""
    here = Here()
    return Side(one, here.indicators(one, range(replicates)), here)


@cache
def pair() -> Pair:
    """A progressive executive (A) and a conservative one (B)."""
    return Pair(side_of(small()), side_of(small(executive="conservative")))


@cache
def alone() -> Pair:
    """A without B, in a locality whose name is a script."""
    one = small(months=30)
    (spec,) = one.localities
    return Pair(side_of(replace(one, localities=(replace(spec, name=SCRIPT, case=SCRIPT),)), 1))


def shown(view: View, pair: Pair, month: int = 50) -> View:
    """The view as the page has it: built, prepared, shown, and turned to a month."""
    view.panel()
    view.prepare(pair)
    view.show(pair)
    view.month(min(month, pair.months - 1))
    return view
