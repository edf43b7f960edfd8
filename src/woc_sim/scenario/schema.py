"""What can be asked: a frozen scenario, and run options that are no part of its identity.

Everything is checked when it is made and cannot be changed afterwards; numbers of numpy and lists are taken
as the plain numbers and tuples that they are. A mistake raises UserError.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final

from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, MONTHS, SIZES, TYPES
from woc_sim.scenario import checks
from woc_sim.scenario import fields as read
from woc_sim.scenario.checks import plain
from woc_sim.scenario.interventions import EFFECTS

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


class Short:
    """A repr that shows what departs from the defaults, so that it can be read and typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        told = []
        for each in fields(self):  # type: ignore[arg-type]
            default: Any = each.default_factory() if each.default_factory is not MISSING else each.default
            value = getattr(self, each.name)
            if isinstance(value, dict):
                value, default = {key: value[key] for key in value if value[key] != default[key]}, {}
            if value != default:
                told.append(f"{each.name}={value!r}")
        return f"{type(self).__name__}({', '.join(told)})"

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


def _is_band(value: Any, quantity: Quantity) -> bool:
    """Whether it is one already, which it mostly is: localities are made from one another by thousands."""
    return (
        type(value) is tuple
        and [type(end) for end in value] == [float, float]
        and bool(quantity.low <= value[0] <= value[1] <= quantity.high)
    )


@dataclass(frozen=True, slots=True, repr=False)
class LocalitySpec(Short):
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

    def __post_init__(self) -> None:
        read.text("locality.name", self.name)
        read.text("locality.case", self.case)
        read.choice("locality.framework", self.framework, FRAMEWORKS)
        for label, names in (("size", SIZES), ("executive", EXECUTIVES), ("type", TYPES)):
            if getattr(self, label) != "":
                read.choice(f"locality.{label}", getattr(self, label), names)
        for name, quantity in COVARIATES.items():
            value = getattr(self, name)
            if value is not None and not _is_band(value, quantity):
                ends = value.tolist() if hasattr(value, "tolist") else value
                ends = [plain(end) for end in ends] if isinstance(ends, list | tuple) else ends
                self._set(**{name: read.band(f"locality.{name}", ends, quantity.low, quantity.high)})


@dataclass(frozen=True, slots=True, repr=False)
class Intervention(Short):
    """A change to a running world: its name, the months (index) in which it holds [start, end), its strength,
    and the names of the localities it holds in (all if empty)."""

    name: str
    start: int
    end: int
    strength: float
    where: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        key = f"intervention.{read.choice('the name of an intervention', self.name, EFFECTS)}"
        start = read.integer(f"{key}.start", plain(self.start), 0, MONTHS - 1)
        self._set(
            start=start,
            end=read.integer(f"{key}.end", plain(self.end), start + 1, MONTHS),
            strength=read.number(f"{key}.strength", plain(self.strength), 0, 1),
            where=checks.row(f"{key}.where", self.where, str, "a tuple of names of localities"),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Shocks(Short):
    """Multipliers of what the calendar brings: 1 as it was, 0 as if it had not been; covid scales the
    restrictions."""

    asylum: float = 1.0
    ukrainians: float = 1.0
    covid: float = 1.0
    media: float = 1.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = plain(getattr(self, each.name))
            self._set(**{each.name: read.number(f"shocks.{each.name}", value, 0, 5)})


@dataclass(frozen=True, repr=False)
class Scenario(Short):
    """One world to simulate; with a replicate number it determines every result.

    months: lived from 2012-01 on. people: residents simulated for each locality; scale, if given, sets
    them to that share of its inhabitants instead. theories: subject -> name. parameters: full name ->
    value. In both what is not named keeps its default. schedule: names of processes in the order of a month.
    Read-only throughout; ``dataclasses.replace(scenario, seed=8)`` makes another one. Without localities it
    is a base to make others from, and cannot be run.
    """

    localities: tuple[LocalitySpec, ...]
    seed: int = 1
    months: int = MONTHS
    people: int = 2000
    scale: float | None = None
    theories: Mapping[str, str] = field(default_factory=checks.standard_theories, hash=False)
    parameters: Mapping[str, float] = field(default_factory=checks.standard_parameters, hash=False)
    interventions: tuple[Intervention, ...] = ()
    shocks: Shocks = Shocks()
    schedule: tuple[str, ...] = PROCESSES

    def __post_init__(self) -> None:
        if not isinstance(self.shocks, Shocks):
            raise read.refuse("shocks", self.shocks, "Shocks(...)")
        scale = plain(self.scale)
        self._set(
            localities=checks.row("localities", self.localities, LocalitySpec, "a tuple of LocalitySpec"),
            seed=read.integer("seed", plain(self.seed), 0, checks.MAX_SEED),
            months=read.integer("months", plain(self.months), 1, MONTHS),
            people=read.integer("people", plain(self.people), 50, checks.MAX_PEOPLE),
            scale=None if scale is None else read.number("scale", scale, 0.0001, 1),
            theories=checks.theories(self.theories),
            parameters=checks.parameters(self.parameters),
            interventions=checks.row(
                "interventions", self.interventions, Intervention, "a tuple of Intervention"
            ),
            schedule=checks.row("schedule", self.schedule, str, "a tuple of names of processes"),
        )
        if self.schedule is not PROCESSES:
            for name in self.schedule:
                if name not in PROCESSES:
                    raise read.unknown("the process in schedule", name, PROCESSES)
            checks.once("schedule", self.schedule, "process")
        names = [each.name for each in self.localities]
        checks.once("localities", names, "name of a locality")
        for each in self.interventions if names else ():
            for place in each.where:
                read.choice(f"intervention.{each.name}.where", place, names)

    def __repr__(self) -> str:
        from woc_sim.scenario.as_settings import settings_of

        settings = settings_of(self)
        if settings is None:  # a locality of one's own, say
            return super().__repr__()
        return f"scenario({', '.join(f'{key}={value!r}' for key, value in settings.items())})"


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
