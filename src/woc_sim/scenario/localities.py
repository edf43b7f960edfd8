"""Localities as they are asked for: a case, a synthetic cell or a user's own, with the bands of Table A1.

Nothing is drawn here (`realise` does), so that a command knows what was asked before numba is imported.
"""

from dataclasses import replace

from woc_sim.inputs.tables import case, label
from woc_sim.inputs.vocabulary import TYPES
from woc_sim.scenario.schema import SYNTHETIC, SYNTHETIC_FRAMEWORK, Band, LocalitySpec


def from_case(name: str) -> LocalitySpec:
    """One of the 49 cases with the bands of Table A1; KeyError if there is none of that name."""
    one = case(name)
    spec = with_labels(LocalitySpec(name, name, one.framework), one.size, one.executive, "")
    if not one.banded:
        return spec
    return replace(
        spec,
        rrp_share=_shares(one.rrp_low, one.rrp_high),
        non_eu_share=_shares(one.non_eu_low, one.non_eu_high),
        unemployment=_shares(one.unemployment_low, one.unemployment_high),
    )


def synthetic() -> LocalitySpec:
    """A synthetic cell of which nothing is known yet."""
    return LocalitySpec(SYNTHETIC, SYNTHETIC, SYNTHETIC_FRAMEWORK)


def with_labels(spec: LocalitySpec, size: str, executive: str, kind: str) -> LocalitySpec:
    """The locality with the bands that labels stand for; an empty label changes nothing.

    A type replaces trend, unemployment and the share before 2014, and nothing else.
    """
    if size:
        spec = replace(spec, size=size, inhabitants=label("size", size, "inhabitants"))
    if executive:
        spec = replace(
            spec, executive=executive, executive_ideology=label("executive", executive, "ideology")
        )
    if kind:
        structure, experience = signs(kind)
        spec = replace(
            spec,
            type=kind,
            population_trend=percent("structure", structure, "population_trend"),
            unemployment=percent("structure", structure, "unemployment"),
            pre2014_foreign_share=percent("experience", experience, "pre2014_foreign_share"),
        )
    return spec


def signs(kind: str) -> tuple[int, int]:
    """Structure and experience (+1 or -1) of a type of locality."""
    return int(label("type", kind, "structure")[0]), int(label("type", kind, "experience")[0])


def type_of(structure: int, experience: int) -> str:
    """The type with these signs of structure and experience (Table 1 of the final paper)."""
    return next(kind for kind in TYPES if signs(kind) == (structure, experience))


def percent(kind: str, sign: int, quantity: str) -> Band:
    """The band of a quantity where a dimension of the typology is positive or negative, as shares of one."""
    low, high = label(kind, "plus" if sign > 0 else "minus", quantity)
    return low / 100, high / 100


def _shares(low: float | None, high: float | None) -> Band:
    assert low is not None
    assert high is not None
    return low / 100, high / 100
