"""What can be set, moved, observed and compared: catalogues with typed entries, each also as a data frame.

`parameters`, `cases`, `theories`, `interventions`, `observables` and `findings` have the words of ``woc-sim
list``; `fit_figures` are the published figures that calibration may use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from woc_sim.analysis.tables import Finding, cases_table, targets
from woc_sim.analysis.tables import findings as all_findings
from woc_sim.errors import UserError, nearest, short_list
from woc_sim.inputs.tables import Case
from woc_sim.inputs.tables import cases as all_cases
from woc_sim.inputs.theories import Theory
from woc_sim.inputs.theories import theories as all_theories
from woc_sim.instruments.readings import INDICATORS, READINGS, Indicator, Reading
from woc_sim.records import shown
from woc_sim.scenario.interventions import EFFECTS, Effect
from woc_sim.scenario.parameters import Parameter, registry

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T", covariant=True)
Row = Mapping[str, object]


class Catalogue(Mapping[str, T], Generic[T]):
    """A read-only mapping of names to entries, in their order, which is also a data frame (`table`).

    ``catalogue["name"]`` raises UserError with the nearest name if there is none. A catalogue pickles as its
    name, so that it is that of the version that reads it.
    """

    def __init__(self, name: str, entries: Mapping[str, T], rows: Sequence[Row]) -> None:
        self._name = name
        self._entries = MappingProxyType(dict(entries))
        self._rows = tuple(rows)

    def __getitem__(self, key: str) -> T:
        if key not in self._entries:
            known = list(self._entries)
            hint = nearest(str(key), known) or f"there are {short_list(known, 12)}"
            raise UnknownEntryError(f"{self._name} have no {shown(repr(key))}; {hint}")
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __repr__(self) -> str:
        return f"<{len(self)} {self._name.replace('_', ' ')}: {short_list(list(self), 6)}>"

    def _repr_html_(self) -> str:
        return str(self.table().to_html())

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    def table(self) -> pd.DataFrame:
        """The entries as a data frame with one row for each, indexed by name."""
        import pandas as pd

        return pd.DataFrame(list(self._rows), index=pd.Index(list(self), name="key"))

    def __reduce__(self) -> tuple[Callable[[str], Catalogue[Any]], tuple[str]]:
        return _catalogue, (self._name,)


class UnknownEntryError(UserError, KeyError):
    """There is no entry of this name; a KeyError too, as for any mapping."""

    __str__ = UserError.__str__


def _row(entry: Any, *left_out: str) -> Row:
    return {one.name: getattr(entry, one.name) for one in fields(entry) if one.name not in left_out}


@cache
def parameters() -> Catalogue[Parameter]:
    """All parameters of the model by full name (``policy.load``): value, range, unit, status, source and
    meaning.

    >>> parameters()["policy.load"].unit
    '1'
    """
    found = registry()
    return Catalogue("parameters", found, [_row(one) for one in found.values()])


@cache
def cases() -> Catalogue[Case]:
    """The 49 localities of the study (``case="C21"``). Their table has the published policy scores and
    ratings too; bands are in percent, and nan means that the papers print none.
    """
    numbers = ("rrp", "non_eu", "unemployment")
    columns = {
        *(f"{name}_{end}" for name in numbers for end in ("low", "high")),
        *("mipex_total", "perceived_integration", "perceived_attitudes"),
    }
    rows = [
        {
            name: float(text or "nan") if name in columns else text
            for name, text in row.items()
            if name != "case"
        }
        for row in cases_table()
    ]
    return Catalogue("cases", {one.name: one for one in all_cases()}, rows)


@cache
def theories() -> Catalogue[Theory]:
    """The rival theories by subject and name (``contact.none`` is set by ``theory={"contact": "none"}``)."""
    found = {
        f"{subject}.{name}": one for subject, rivals in all_theories().items() for name, one in rivals.items()
    }
    rows = [{key: value for key, value in one._asdict().items() if key != "code"} for one in found.values()]
    return Catalogue("theories", found, rows)


@cache
def interventions() -> Catalogue[Effect]:
    """The interventions (``intervention="links"``): what each means, and the columns that it changes."""
    rows = [
        {
            "meaning": one.meaning,
            "changes": " ".join(dict.fromkeys(change.column for change in one.changes)),
        }
        for one in EFFECTS.values()
    ]
    return Catalogue("interventions", EFFECTS, rows)


@cache
def observables() -> Catalogue[Indicator | Reading]:
    """The columns of the results: ``monthly.mean_attitude``, ``final.mipex_total``, with unit and meaning;
    of readings also the instrument and the month in which it is applied."""
    entries: tuple[Indicator | Reading, ...] = (*INDICATORS, *READINGS)
    found = {f"{one.table}.{one.name}": one for one in entries}
    rows = [
        {
            "table": one.table,
            "name": one.name,
            "unit": one.unit,
            "meaning": one.meaning,
            "instrument": getattr(one, "instrument", ""),
            "month": getattr(one, "month", ""),
        }
        for one in found.values()
    ]
    return Catalogue("observables", found, rows)


@cache
def findings() -> Catalogue[Finding]:
    """The published statements: S.. of the study's papers, and D.., M.., W.. (figures calculated from its
    tables, sizes of mechanisms, results from elsewhere), with role, source and published values."""
    found = {one.id: one for one in (*all_findings(), *targets())}
    rows = [
        {
            "statement": one.statement,
            "kind": one.kind,
            "role": one.role.name,
            "published": one.published,
            "n": one.n,
            "subset": one.subset,
            "check": one.check,
            "source": one.source,
        }
        for one in found.values()
    ]
    return Catalogue("findings", found, rows)


@dataclass(frozen=True, slots=True)
class FitFigure:
    """One published figure that calibration may use.

    ``finding``: the statement it belongs to. ``published``: the figure, in ``unit``; ``error``: its standard
    error. ``tolerance``: error and what the form of the model may be off (10 % of the figure, assumed),
    as a standard deviation. ``basis``: where the error comes from (`woc_sim.analysis.fit_statistics`).
    """

    name: str
    finding: str
    unit: str
    meaning: str
    published: float
    error: float
    tolerance: float
    basis: str


@cache
def fit_figures() -> Catalogue[FitFigure]:
    """The 43 published figures that calibration may use, with their standard errors and tolerances."""
    from woc_sim.analysis.fit_statistics import FIT_STATISTICS
    from woc_sim.analysis.inference.discrepancy import tolerances

    found = {
        each.name: FitFigure(
            each.name,
            each.finding,
            each.unit,
            each.meaning,
            each.published,
            each.error,
            float(tolerance),
            each.basis,
        )
        for each, tolerance in zip(FIT_STATISTICS, tolerances(), strict=True)
    }
    return Catalogue("fit_figures", found, [_row(one, "name") for one in found.values()])


_CATALOGUES: Final[Mapping[str, Callable[[], Catalogue[Any]]]] = {
    "parameters": parameters,
    "cases": cases,
    "theories": theories,
    "interventions": interventions,
    "observables": observables,
    "findings": findings,
    "fit_figures": fit_figures,
}


def _catalogue(name: str) -> Catalogue[Any]:
    return _CATALOGUES[name]()
