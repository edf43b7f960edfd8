"""Traits of the groups of migrants as columns, one row a group: kernels ask these, not which group it is.

They are written once, from the catalogue (inputs/groups.csv), its margins and the parameters that it names.
"""

from __future__ import annotations

from typing import Any, Final

from woc_sim.draws import fill_uniform, uniform
from woc_sim.inputs.groups import PROCEDURE_REGIME, YEARLY, Group, groups
from woc_sim.inputs.tables import margin, margins
from woc_sim.jit import kernel, rule
from woc_sim.world.columns import Column, ColumnSet
from woc_sim.world.locality import Locality, record

GROUPS: Final = tuple(one.name for one in groups())
"""Names of the groups; a position is the code of a group in the columns."""

REFERENCE: Final = next(code for code, one in enumerate(groups()) if one.reference)
"""The group that questions on immigration as such are about."""

AGES, SKILLS, FAMILIES = 5, 3, 3  # classes of the margins of those who arrive
MORE_NUMBERS: Final = ("cues", "rrp", "noise_shared", "noise_own", "rally")
_KEY_AT, _MORE_KEY_AT = 48, 40  # where the address of a migrant's draws has the key of the group

TRAITS: tuple[Column, ...] = (
    Column("key", "i4", 0, 0, 511, "number", "number of the group in addresses of draws"),
    Column("origin", "u8", 0, 0, 2**64 - 1, "key", "part of the address of its members' draws"),
    Column("procedure", "u1", 0, 0, 1, "flag", "claims are decided; else protected at once"),
    Column(
        "quota", "u1", 0, 0, 1, "flag", "a share is placed, the others choose; else all are counted as one"
    ),
    Column("months", "f8", 1, 1, 12, "months", "in which as many arrive as its size says"),
    Column("chose", "f8", 0, 0, 1, "share", "chose the place, where there is no quota"),
    Column("origin_shared", "u1", 0, 0, 1, "flag", "immigrants from before 2014 share its origins"),
    Column("compared_with", "i4", -1, -1, 511, "group", "whose lot its members compare with theirs, -1 none"),
    Column("attitude_mean", "f8", 0, -1, 1, "1", "mean predisposition of residents at leaning 0"),
    Column("individual", "f8", 0.3, 0, 1, "1", "standard deviation of what is particular to the attitude"),
    Column("distance", "f8", 0.5, 0, 1, "1", "mean perceived value distance"),
    Column("cues", "f8", 1, 0, 1, "1", "weight of elite cues about it"),
    Column("rrp", "f8", 1, 0, 1, "1", "weight of radical-right seats in cues about it"),
    Column("noise_shared", "f8", 0, 0, 1, "1", "weight of the noise that all attitudes of a person share"),
    Column("noise_own", "f8", 1, 0, 1, "1", "weight of the noise of the attitude to it"),
    Column("rally", "f8", 0, 0, 10, "1", "sympathy with the arrival of all its members"),
    Column("female", "f8", 0.5, 0, 1, "share", "women and girls among arrivals"),
    Column("visible", "f8", 0, 0, 1, "share", "recognised as foreign among arrivals"),
    Column("age", "f8", 0, 0, 1.001, "share", "running shares of the classes of age of arrivals", AGES),
    Column("skill", "f8", 0, 0, 1.001, "share", "running shares of low, medium and high skill", SKILLS),
    Column("family", "f8", 0, 0, 1.001, "share", "running shares of none, abroad and here", FAMILIES),
)


Traits = record("Traits", (column.name for column in TRAITS), __name__)
"""The columns of all groups."""


def traits_of(locality: Locality) -> Any:
    """The traits of all groups as a record for kernels."""
    return Traits(*map(locality.sets["groups"].buffer, Traits._fields))


@kernel
def fill_by_group(
    key0: Any, key1: Any, entities: Any, month: int, keys: Any, first: int, others: int, count: int, out: Any
) -> None:
    """Fill a row of uniform numbers for each group, one for each of the first `count` entities.

    They are drawn for the purpose `first` for the group with the key 0 and for the purpose `others` for all
    others, whose keys tell them apart: so a group that is added draws what nobody else draws.
    """
    for g in range(len(keys)):
        if keys[g] == 0:
            fill_uniform(key0, key1, entities, month, first, 0, count, out[g])
        else:
            fill_uniform(key0, key1, entities, month, others, keys[g] - 1, count, out[g])


@rule
def draw_of_group(key0: Any, key1: Any, entity: Any, month: int, key: int, first: int, others: int) -> float:
    """One uniform number for one group, at the address that `fill_by_group` would use."""
    if key == 0:
        return float(uniform(key0, key1, entity, month, first, 0))
    return float(uniform(key0, key1, entity, month, others, key - 1))


def origin_of(key: int) -> int:
    """The part of a migrant's address that says the group of this key."""
    return (key & 1) << _KEY_AT | (key >> 1) << _MORE_KEY_AT


def found_groups(locality: Locality) -> None:
    """Write the traits of all groups. Raises ValueError if the catalogue names no parameter and no number."""
    rows = ColumnSet("groups", TRAITS, len(GROUPS), len(GROUPS))
    for code, one in enumerate(groups()):
        rows.key[code] = one.key
        rows.origin[code] = origin_of(one.key)
        rows.procedure[code] = one.regime == PROCEDURE_REGIME
        rows.quota[code] = one.quota
        rows.months[code] = 12.0 if one.counted == YEARLY else 1.0
        rows.origin_shared[code] = one.origin_shared
        rows.compared_with[code] = GROUPS.index(one.compared_with) if one.compared_with else -1
        for trait in ("chose", "attitude_mean", "individual", "distance", *MORE_NUMBERS):
            rows.buffer(trait)[code] = _number(locality, one, trait)
        rows.female[code] = margin(f"{one.margins}_gender", "female")
        rows.visible[code] = one.visible
        for trait in ("age", "skill", "family"):
            rows.buffer(trait)[code, :] = _running(f"{one.margins}_{trait}")
    locality.sets["groups"] = rows


def _number(locality: Locality, one: Group, trait: str) -> float:
    """A number of the catalogue, or of the parameter that it names; 0 where there is none."""
    text = getattr(one, trait) or "0"
    if text in locality.parameters:
        return locality.parameters[text]
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            f"groups.csv: {trait} of {one.name} is no number and no parameter: {text!r}"
        ) from None


def _running(quantity: str) -> list[float]:
    """Running totals of the shares of a margin."""
    total = 0.0
    found = []
    for share in margins(quantity).values():
        total += share
        found.append(total)
    return found
