"""What can be asked: a frozen scenario, and run options that are no part of its identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.theories import default_theories

Band = tuple[float, float]
"""Lowest and highest value of a covariate; each replicate draws inside. Equal ends say that the value is
known."""

PROCESSES: Final = (
    "calendar",
    "arrivals",
    "demography",
    "work",
    "housing",
    "learning",
    "encounters",
    "ties",
    "attitudes",
    "experience",
    "civil_society",
    "business",
    "perception",
    "relations",
    "frames",
    "policy",
    "diffusion",
)
"""The processes of a month in their default order."""

SYNTHETIC: Final = "synthetic"
"""Name of every locality that is no case and no file, at every design point: so that design points share
draws."""

SYNTHETIC_FRAMEWORK: Final = "DE"
"""Framework of a synthetic locality unless another is named."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number of the scenario may be."""

    low: float
    high: float
    unit: str
    meaning: str


COVARIATES: Final[Mapping[str, Quantity]] = {
    "inhabitants": Quantity(1000, 1_000_000, "persons", "inhabitants at the start"),
    "executive_ideology": Quantity(-1, 1, "1", "executive, conservative -1 to progressive +1"),
    "rrp_share": Quantity(0, 1, "share", "seats of radical-right parties in the council"),
    "non_eu_share": Quantity(0, 0.6, "share", "non-EU residents in 2019"),
    "unemployment": Quantity(0, 0.5, "share", "unemployed in the labour force in 2019"),
    "population_trend": Quantity(-0.03, 0.03, "1/year", "yearly growth of the population"),
    "pre2014_foreign_share": Quantity(0, 0.6, "share", "foreign residents before 2014"),
}
"""Covariates of a locality in natural units: shares are between 0 and 1, not percent."""


@dataclass(frozen=True, slots=True)
class LocalitySpec:
    """A locality before its replicate is drawn.

    name: key of its draws. case: what tables print (a case, 'synthetic', or the name in a user's file).
    Labels are empty where only numbers are given. A band that is None is drawn from the localities of the
    study.
    """

    name: str
    case: str
    framework: str
    size: str = ""
    executive: str = ""
    type: str = ""
    inhabitants: Band | None = None
    executive_ideology: Band | None = None
    rrp_share: Band | None = None
    non_eu_share: Band | None = None
    unemployment: Band | None = None
    population_trend: Band | None = None
    pre2014_foreign_share: Band | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """A change to a running world: its name, the months (index) in which it holds [start, end), its strength,
    and the names of the localities it holds in (all if empty)."""

    name: str
    start: int
    end: int
    strength: float
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shocks:
    """Multipliers of what the calendar brings: 1 as it was, 0 as if it had not been; covid scales the
    restrictions."""

    asylum: float = 1.0
    ukrainians: float = 1.0
    covid: float = 1.0
    media: float = 1.0


@dataclass(frozen=True)
class Scenario:
    """One world to simulate; with a replicate number it determines every result.

    months: lived from 2012-01 on. people: residents simulated for each locality; scale, if given, sets
    them to that share of its inhabitants instead. theories: subject -> name. parameters: full name ->
    value for all of the registry. schedule: names of processes in the order of a month.
    """

    localities: tuple[LocalitySpec, ...]
    seed: int = 1
    months: int = MONTHS
    people: int = 2000
    scale: float | None = None
    theories: Mapping[str, str] = field(default_factory=default_theories, hash=False)
    parameters: Mapping[str, float] = field(default_factory=defaults, hash=False)
    interventions: tuple[Intervention, ...] = ()
    shocks: Shocks = Shocks()
    schedule: tuple[str, ...] = PROCESSES


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run, which changes no result. None: out is named after the scenario, workers are the
    processor's cores, progress is shown when standard error is a terminal. life_stories: lives that are told
    of each locality and replicate."""

    out: str | None = None
    replicates: int = 1
    workers: int | None = None
    executor: str = "in_process"
    progress: bool | None = None
    profile: bool = False
    life_stories: int = 0


EXECUTORS: Final = ("in_process", "processes", "dask")
