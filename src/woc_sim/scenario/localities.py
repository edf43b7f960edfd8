"""Specifications of localities: a case, a synthetic cell or a user's own, with the bands of Table A1.

Nothing is drawn here (see `realise`), so a command can check its settings before it imports numba.
"""

from dataclasses import replace

from woc_sim.inputs.tables import case, label
from woc_sim.inputs.vocabulary import TYPES
from woc_sim.scenario.schema import SYNTHETIC, SYNTHETIC_FRAMEWORK, Band, LocalitySpec


def from_case(name: str) -> LocalitySpec:
    """One of the 49 cases with the bands of Table A1. Raises KeyError if there is no case of that name."""
    entry = case(name)
    spec = with_labels(LocalitySpec(name, name, entry.framework), entry.size, entry.executive, "")
    if not entry.banded:
        return spec
    return replace(
        spec,
        rrp_share=_shares(entry.rrp_low, entry.rrp_high),
        non_eu_share=_shares(entry.non_eu_low, entry.non_eu_high),
        unemployment=_shares(entry.unemployment_low, entry.unemployment_high),
    )


def synthetic() -> LocalitySpec:
    """A synthetic locality without labels and numbers."""
    return LocalitySpec(SYNTHETIC, SYNTHETIC, SYNTHETIC_FRAMEWORK)


def with_labels(spec: LocalitySpec, size: str, executive: str, type_name: str) -> LocalitySpec:
    """The locality with the bands that belong to the labels; an empty label changes nothing.

    A type sets population trend, unemployment and the foreign share before 2014, and nothing else.
    """
    if size:
        spec = replace(spec, size=size, inhabitants=label("size", size, "inhabitants"))
    if executive:
        spec = replace(
            spec, executive=executive, executive_ideology=label("executive", executive, "ideology")
        )
    if type_name:
        structure, experience = signs(type_name)
        spec = replace(
            spec,
            type=type_name,
            population_trend=percent("structure", structure, "population_trend"),
            unemployment=percent("structure", structure, "unemployment"),
            pre2014_foreign_share=percent("experience", experience, "pre2014_foreign_share"),
        )
    return spec


def signs(type_name: str) -> tuple[int, int]:
    """Structure and experience (+1 or -1) of a type of locality."""
    return int(label("type", type_name, "structure")[0]), int(label("type", type_name, "experience")[0])


def type_of(structure: int, experience: int) -> str:
    """The type with these signs of structure and experience (Table 1 of the final paper)."""
    return next(type_name for type_name in TYPES if signs(type_name) == (structure, experience))


def percent(dimension: str, sign: int, quantity: str) -> Band:
    """The band of a quantity for the positive or negative side of a dimension of the typology, as shares of
    one.
    """
    low, high = label(dimension, "plus" if sign > 0 else "minus", quantity)
    return low / 100, high / 100


def _shares(low: float | None, high: float | None) -> Band:
    assert low is not None
    assert high is not None
    return low / 100, high / 100
