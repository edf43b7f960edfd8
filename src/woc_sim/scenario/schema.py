"""The data types of input: a frozen scenario, and run options, which are not part of its identity.

Everything is checked when it is made and cannot be changed later. numpy numbers and lists become plain
numbers and tuples. A mistake raises UserError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, MONTHS, SIZES, TYPES
from woc_sim.scenario import checks
from woc_sim.scenario import fields as read
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.own_rules import OwnRule, own_rules

Band = tuple[float, float]
"""Lowest and highest value of a covariate; each replicate draws inside. Equal ends: the value is known."""

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
"""Name of every locality that is neither a case nor from a file. It is the same at all design points, so that
these share draws.
"""

SYNTHETIC_FRAMEWORK: Final = "DE"
"""Framework of a synthetic locality unless another is named."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Range, unit and meaning of a number of the scenario."""

    low: float
    high: float
    unit: str
    meaning: str


COVARIATES: Final[Mapping[str, Quantity]] = {
    "inhabitants": Quantity(1000, 1_000_000, "persons", "inhabitants at the start"),
    "executive_ideology": Quantity(-1, 1, "1", "executive, conservative -1 to progressive +1"),
    "rrp_share": Quantity(
        0, 1, "share", "seats of radical-right parties in the council in 2021 (other years: theory/seats)"
    ),
    "non_eu_share": Quantity(0, 0.6, "share", "non-EU residents in 2019"),
    "unemployment": Quantity(0, 0.5, "share", "unemployed in the labour force in 2019"),
    "population_trend": Quantity(-0.03, 0.03, "1/year", "yearly growth of the population"),
    "pre2014_foreign_share": Quantity(0, 0.6, "share", "foreign residents before 2014"),
}
"""Covariates of a locality in natural units: shares are between 0 and 1, not percent."""


class ShortRepr:
    """A repr that shows only what differs from the defaults, in the form in which it can be typed."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = []
        for one in fields(self):  # type: ignore[arg-type]
            default: Any = one.default_factory() if one.default_factory is not MISSING else one.default
            value = getattr(self, one.name)
            if isinstance(value, dict):
                value, default = {key: value[key] for key in value if value[key] != default[key]}, {}
            if value != default:
                shown.append(f"{one.name}={value!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)


def _is_band(value: Any, quantity: Quantity) -> bool:
    """Whether the value is a valid band already. Mostly it is, because localities are copied by thousands."""
    return (
        type(value) is tuple
        and [type(end) for end in value] == [float, float]
        and bool(quantity.low <= value[0] <= value[1] <= quantity.high)
    )


@dataclass(frozen=True, slots=True, repr=False)
class LocalitySpec(ShortRepr):
    """A locality before the draws of a replicate.

    name: key of its draws. case: the name in tables (a case, 'synthetic', or the name in a user's file).
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
                self._set(**{name: read.band(f"locality.{name}", value, quantity.low, quantity.high)})


@dataclass(frozen=True, slots=True, repr=False)
class Intervention(ShortRepr):
    """A change to a running world: its name, the months (index) in which it holds [start, end), its strength,
    and the names of the localities it holds in (all if empty)."""

    name: str
    start: int
    end: int
    strength: float
    where: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        key = f"intervention.{read.choice('the name of an intervention', self.name, EFFECTS)}"
        start = read.integer(f"{key}.start", self.start, 0, MONTHS - 1)
        self._set(
            start=start,
            end=read.integer(f"{key}.end", self.end, start + 1, MONTHS),
            strength=read.number(f"{key}.strength", self.strength, 0, 1),
            where=checks.tuple_of(f"{key}.where", self.where, str, "a tuple of names of localities"),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Shocks(ShortRepr):
    """Multipliers of what the calendar brings: 1 as it was, 0 as if it had not been.

    asylum: all asylum seekers of all years; wave: what exceeds, in 2014-16, the trend of the years before;
    ukrainians: all of them, since none had come before 2022; covid: the restrictions of meetings; media: the
    salience of the topic. None of them changes another one.
    """

    asylum: float = 1.0
    ukrainians: float = 1.0
    covid: float = 1.0
    media: float = 1.0
    wave: float = 1.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = read.number(f"shocks.{each.name}", getattr(self, each.name), 0, 5)
            self._set(**{each.name: value})


@dataclass(frozen=True, repr=False)
class Scenario(ShortRepr):
    """One world to simulate. A scenario and a replicate number determine every result.

    months: number of simulated months from 2012-01 on. people: simulated residents of each locality; if scale
    is given, they are that share of its inhabitants instead. theories: subject -> name. parameters: full name
    -> value. Names that are missing in these two keep their default. schedule: names of processes in the
    order of a month. Everything is read-only; ``dataclasses.replace(scenario, seed=8)`` makes a changed copy.
    A scenario without localities is a base to make others from and cannot be run.
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
            raise read.invalid("shocks", self.shocks, "Shocks(...)")
        self._set(
            localities=checks.tuple_of(
                "localities", self.localities, LocalitySpec, "a tuple of LocalitySpec"
            ),
            seed=read.integer("seed", self.seed, 0, checks.MAX_SEED),
            months=read.integer("months", self.months, 1, MONTHS),
            people=read.integer("people", self.people, 50, checks.MAX_PEOPLE),
            scale=None if self.scale is None else read.number("scale", self.scale, 0.0001, 1),
            theories=checks.theories(self.theories),
            parameters=checks.parameters(self.parameters),
            interventions=checks.tuple_of(
                "interventions", self.interventions, Intervention, "a tuple of Intervention"
            ),
            schedule=checks.tuple_of("schedule", self.schedule, str, "a tuple of names of processes"),
        )
        if self.schedule is not PROCESSES:
            for name in self.schedule:
                if name not in PROCESSES:
                    raise read.unknown_name("the process in schedule", name, PROCESSES)
            checks.refuse_repeats("schedule", self.schedule, "process")
        names = [each.name for each in self.localities]
        checks.refuse_repeats("localities", names, "name of a locality")
        for each in self.interventions if names else ():
            for locality in each.where:
                read.choice(f"intervention.{each.name}.where", locality, names)

    def __repr__(self) -> str:
        from woc_sim.scenario.as_settings import settings_of

        settings = settings_of(self)
        if settings is None:  # for example a user's own locality
            return super().__repr__()
        return f"scenario({', '.join(f'{key}={value!r}' for key, value in settings.items())})"


def with_sources(scenario: Scenario, named: Iterable[OwnRule]) -> Scenario:
    """The same scenario, in which rules of one's own have the text of the file that the user named.

    Raises UserError if files are named, and none of them has the text of a rule of the scenario.
    """
    known = {str(rule): rule for rule in named}
    own = own_rules(scenario.theories)
    for subject, rule in own.items() if known else ():
        if rule not in known:
            raise UserError(
                f"theory.{subject} is {rule}, and {next(iter(known.values())).named} is "
                f"{next(iter(known))}: name the file with the text of that time"
            )
    if not known or not own:
        return scenario
    sources = {subject: known[rule] for subject, rule in own.items()}
    return replace(scenario, theories={**scenario.theories, **sources})


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run; no result depends on it. None means: out is named after the scenario, workers are the
    processor's cores, progress is shown when standard error is a terminal. life_stories: number of life
    stories of each locality and replicate.
    """

    out: str | None = None
    replicates: int = 1
    workers: int | None = None
    executor: str = "in_process"
    progress: bool | None = None
    profile: bool = False
    life_stories: int = 0


EXECUTORS: Final = ("in_process", "processes", "dask")
