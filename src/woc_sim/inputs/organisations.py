"""Kinds of organisation: what each is, how many there are in a locality, where they stand, how they are
reached.

`organisations.csv` alone says which kinds there are. A row names a kind and gives it traits; kernels,
instruments, figures and life stories ask for traits and never for a kind, so a new kind is a new row. The
order of the rows is the order of kinds in tables and figures, and a kind's position is its code in the column
`organisations.kind`. Random draws do not depend on the position: the column `key` is part of the address of
an organisation's draws.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Final

from woc_sim.inputs.reading import Row, read_rows, refuse_twins

KIND_LEVELS: Final = ("local", "region", "nation", "eu")
"""Levels of an organisation: in the locality, or above it."""

TRAITS: Final = {
    "public": "belongs to the municipality",
    "leads": "local government: decides, invites and pays (executive and officials)",
    "head": "holds the executive office (mayor and councillors)",
    "politician": "sits in the council or the executive",
    "radical_right": "council group of the radical right; exists only where it has seats",
    "street_level": "puts measures into practice and meets those they are for (Lipsky 1980)",
    "works_for_executive": "works in direct contact with the executive, on its order or its money",
    "nonpublic": "local and neither of the municipality nor of the council",
    "mission": "mission-driven: answers unmet need",
    "business": "a firm",
    "founded_by_migrants": "founded and dissolved by settled migrants",
    "draws_volunteers": "can draw on the hours of volunteers",
    "eases_volunteers": "its initiatives ease the load of volunteers",
}
"""Traits that a kind may have, each a flag in the columns of organisations, with their meaning."""

INTERESTS: Final = {
    "": "none",
    "workers": "lacks workers: acts on work",
    "members": "speaks for people at work: acts on work",
    "tenants": "lacks tenants: acts on housing",
}
"""What an interest-driven kind acts for, with its meaning; the position is the code, 0 for none."""

FIELDS_OF_WORK: Final = ("", "at_work", "in_own_home", "without_own_home")
"""Where an organisation meets migrants more often than others do: those who work, those who rent a home of
their own, or those who do not; empty: nowhere more than others."""

KEYS: Final = 1000
"""Keys of kinds are below this: an interview has 1000 places for its questions on meetings with each kind."""


@dataclass(frozen=True, slots=True)
class ActorKind:
    """One kind of organisation.

    `key` names the kind in the addresses of draws: it is unique and never changed or used again. `label` and
    `plural` are its name in sentences and in figures. `level` is one of KIND_LEVELS, `traits` are some of
    TRAITS, `interest` is one of INTERESTS, `meets_migrants` one of FIELDS_OF_WORK.

    There are count + count_per_100k x inhabitants / 100,000 organisations, at most `most`. Their ideology
    (-1..1) has the standard deviation `spread`; `follows` is the weight of the executive's ideology in it.
    Staff depends on inhabitants like the count. `dependence` is the share of funds that come from the
    executive (0..1), `meets` how easily the kind can be met (distance, competence; 0..1).
    """

    kind: str
    key: int
    label: str
    plural: str
    level: str
    traits: frozenset[str]
    interest: str
    meets_migrants: str
    count: float
    count_per_100k: float
    most: float
    ideology: float
    spread: float
    follows: float
    staff: float
    staff_per_100k: float
    dependence: float
    meets: float
    source: str

    @property
    def local(self) -> bool:
        """Whether it is an organisation of the locality, not of a level above it."""
        return self.level == "local"


@cache
def actor_kinds() -> tuple[ActorKind, ...]:
    """All kinds in the order of the catalogue. Raises ValueError if the shipped table is at fault."""
    file = "organisations.csv"
    header = (
        "kind key label plural level traits interest meets_migrants count count_per_100k most ideology "
        "spread follows staff staff_per_100k dependence meets source"
    )
    found = [_kind(row) for row in read_rows(file, tuple(header.split()))]
    refuse_twins(file, [(one.kind,) for one in found])
    refuse_twins(file, [(f"key {one.key}",) for one in found])
    for trait in ("head", "street_level"):
        if not any(trait in one.traits for one in found):
            raise ValueError(f"{file}: no kind has the trait {trait}")
    return tuple(found)


def _kind(row: Row) -> ActorKind:
    one = ActorKind(
        kind=row.text("kind"),
        key=row.integer("key", range(KEYS)),
        label=row.text("label"),
        plural=row.text("plural"),
        level=row.choice("level", KIND_LEVELS),
        traits=frozenset(row.words("traits", tuple(TRAITS))),
        interest=row.choice("interest", tuple(INTERESTS)),
        meets_migrants=row.choice("meets_migrants", FIELDS_OF_WORK),
        count=row.number_in("count", 0, 1000),
        count_per_100k=row.number_in("count_per_100k", 0, 1000),
        most=row.number_in("most", 1, 1000) if row.text("most", empty=True) else inf,
        ideology=row.number_in("ideology", -1, 1),
        spread=row.number_in("spread", 0, 1),
        follows=row.number_in("follows", 0, 1),
        staff=row.number_in("staff", 0, 1e4),
        staff_per_100k=row.number_in("staff_per_100k", 0, 1e4),
        dependence=row.number_in("dependence", 0, 1),
        meets=row.number_in("meets", 0, 1),
        source=row.text("source"),
    )
    if not one.local and one.traits:
        raise row.fault(f"a kind of the level {one.level} has traits, which are for local kinds")
    if one.local and len(one.traits & {"public", "radical_right", "nonpublic"}) != 1:
        raise row.fault("a local kind has one of the traits public, radical_right and nonpublic")
    if "leads" in one.traits and "public" not in one.traits:
        raise row.fault("a kind that leads is public")
    if "head" in one.traits and "leads" not in one.traits:
        raise row.fault("a kind that heads the executive leads")
    if (one.interest or "mission" in one.traits) and "nonpublic" not in one.traits:
        raise row.fault("a kind with a mission or an interest is nonpublic")
    if one.interest and "mission" in one.traits:
        raise row.fault("a kind is driven by a mission or by an interest, not by both")
    return one


def kinds_with(
    *traits: str, without: Collection[str] = (), levels: Collection[str] = KIND_LEVELS
) -> tuple[str, ...]:
    """Names of the kinds that have all of `traits`, none of `without`, and one of `levels`, in the
    catalogue's order."""
    unknown = {*traits, *without} - TRAITS.keys() | {*levels} - {*KIND_LEVELS}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return tuple(
        one.kind
        for one in actor_kinds()
        if one.traits.issuperset(traits) and one.traits.isdisjoint(without) and one.level in levels
    )


def kind_codes(
    *traits: str, without: Collection[str] = (), levels: Collection[str] = KIND_LEVELS
) -> tuple[int, ...]:
    """Codes of the kinds that `kinds_with` finds."""
    chosen = kinds_with(*traits, without=without, levels=levels)
    return tuple(code for code, one in enumerate(actor_kinds()) if one.kind in chosen)


def chosen_kinds(words: str) -> tuple[str, ...]:
    """Names of the kinds that fit words with spaces between them, in the catalogue's order; none for no
    words.

    A trait asks for kinds that have it, a trait with a minus for kinds that do not, and levels for kinds of
    one of these: "nonpublic -works_for_executive", "region nation". KeyError names words that are neither.
    """
    asked = words.split()
    if not asked:
        return ()
    levels = [word for word in asked if word in KIND_LEVELS]
    without = [word[1:] for word in asked if word.startswith("-")]
    traits = [word for word in asked if word not in KIND_LEVELS and not word.startswith("-")]
    return kinds_with(*traits, without=without, levels=levels or KIND_LEVELS)


@cache
def _kinds_by_name() -> dict[str, ActorKind]:
    return {one.kind: one for one in actor_kinds()}


def actor_kind(name: str) -> ActorKind:
    """The kind of that name; KeyError if there is none."""
    return _kinds_by_name()[name]


def level_code(name: str) -> int:
    """Code of a level in the column `organisations.level`; KeyError if there is none of that name."""
    return dict(zip(KIND_LEVELS, range(len(KIND_LEVELS)), strict=True))[name]


def interest_code(name: str) -> int:
    """Code of an interest in the column `organisations.interest`; KeyError if there is none of that name."""
    return dict(zip(INTERESTS, range(len(INTERESTS)), strict=True))[name]
