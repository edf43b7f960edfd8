"""Interventions: scheduled changes to a running world: one for each of the six obstacles the final paper ends
with, and some on the people themselves.

A scenario says which hold, from which month to which, and how strongly. What they do is written here as
changes of state columns, to be applied at the start of every month in which an intervention holds; they
can be repeated without piling up, so an effect ends when the processes that own the column have worked it
off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

STARTS: Final = 72
"""Month (index from 2012-01) from which an intervention holds that is given none: 2018-01."""

RAISE, LOWER, SURVEY, SCALE = "raise", "lower", "survey", "scale"  # ways of a change: `Change.how`


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one state column.

    ``raise`` lifts values to at least `level` x strength; ``lower`` presses them to at most 1 - strength
    x (1 - level); ``survey`` moves beliefs towards the mean attitude of residents by the share `level` x
    strength, as a published survey would; ``scale`` multiplies by 1 + `level` x strength. kinds: only rows of
    organisations (for relations: pairs with an organisation) of these kinds; all if empty. to: of such pairs
    only those whose other side is of these kinds. sectors: only rows of these sectors; of council blocs those
    of the radical right are never changed. part: only this position of a column with several values a row.
    once: in the first month only, because nothing undoes it.
    """

    column: str
    how: Literal["raise", "lower", "survey", "scale"]
    level: float
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    part: int | None = None
    to: tuple[str, ...] = ()
    once: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention is and does."""

    meaning: str
    changes: tuple[Change, ...]


HIGHER: Final = ("region", "nation", "eu")
GOVERNS: Final = ("executive",)
WORK_FOR_IT: Final = ("officials", "bureaucrats", "provider")
WORK_APART: Final = ("ngo", "migrant_organisation", "union", "church", "company", "estate_company")
WHOLE_COMMUNITY: Final = 3  # position of the prognostic frame in the vocabulary

EFFECTS: Final[Mapping[str, Effect]] = {
    "expertise": Effect(
        "money and know-how: a trained integration officer, and half of the cost of measures from above",
        (
            Change("locality.officer", "raise", 1.0),
            Change("locality.expertise", "raise", 0.8),
            Change("measures.funding", "raise", 0.5),
        ),
    ),
    "links": Effect(
        "links to higher levels: a standing contact point at the region and the nation",
        (Change("governance.reach", "raise", 1.0, kinds=("region", "nation")),),
    ),
    "eu_weight": Effect(
        "weight at the EU level: direct access to its venues and funds without a detour",
        (
            Change("governance.reach", "raise", 1.0, kinds=("eu",)),
            Change("measures.funding", "raise", 0.3),
        ),
    ),
    "responsibility": Effect(
        "frames of responsibility: a campaign that integration is everybody's task",
        (Change("organisations.prognostic", "raise", 0.6, part=WHOLE_COMMUNITY),),
    ),
    "depoliticise": Effect(
        "politicisation: a pact of the parties to keep the topic out of campaigns",
        (Change("locality.politicisation", "lower", 0.0),),
    ),
    "perception": Effect(
        "misperception: a survey of residents whose result everybody reads",
        (Change("organisations.belief", "survey", 0.5),),
    ),
    "encounters": Effect(
        "contact programme: moderated evenings for all, paid from outside the place",
        (Change("sectors.higher", "raise", 1.0, sectors=("encounter",)),),
    ),
    "courses": Effect(
        "language courses for all, paid from outside the place",
        (Change("sectors.higher", "raise", 1.0, sectors=("language",)),),
    ),
    "arrivals": Effect(
        "twice as many asylum seekers a year as the framework sends",
        (Change("locality.asylum_share", "scale", 1.0),),
    ),
    "turnover": Effect(
        "change of executive: the opposite majority takes office, and everybody else stays who they are",
        (
            Change("locality.executive_ideology", "scale", -2.0, once=True),
            Change("organisations.ideology", "scale", -2.0, kinds=GOVERNS, once=True),
            Change("blocs.ideology", "scale", -2.0, once=True),
        ),
    ),
    "rewire": Effect(
        "ties rewired: the executive meets and pays whom it had no business with, not those who work for it",
        (
            Change("governance.reach", "lower", 0.0, kinds=GOVERNS, to=WORK_FOR_IT),
            Change("governance.reach", "raise", 1.0, kinds=GOVERNS, to=WORK_APART),
            Change("organisations.dependence", "lower", 0.0, kinds=WORK_FOR_IT),
            Change("organisations.dependence", "raise", 0.9, kinds=WORK_APART),
        ),
    ),
}
"""Name -> effect. Levels are choices of the experimenter at strength 1, no estimates."""
