"""What readings, indicators and units are called in a picture.

The names of columns are for programs. A picture calls what is drawn often by a short title, and everything
else by the meaning that the registry gives it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from woc_sim.figures.style import readable
from woc_sim.instruments.readings import INDICATORS, READINGS

TITLES: Final = {
    "mipex_total": "policy index",
    "lg_mean_2017": "meetings of local government in 2017-2019",
    "lg_mean_2020": "meetings of local government",
    "perceived_attitudes": "residents' attitudes, as local actors see them",
    "perceived_integration": "integration of migrants, as local actors see it",
    "latent_attitude": "residents' attitude",
    "latent_attitude_ua": "residents' attitude to Ukrainians",
    "latent_ties": "ties of a migrant to residents",
    "latent_belonging": "migrants' belonging",
    "latent_employed": "migrants in regular or precarious work",
    "latent_private_home": "migrants in a private home",
    "latent_access_employment": "difficulty of finding work",
    "latent_access_housing": "difficulty of finding a home",
    "access_employment": "access to employment (0 easy, 2 extremely difficult)",
    "access_housing": "access to housing (0 easy, 2 extremely difficult)",
    "active_public": "active public actors",
    "active_nonpublic": "active civil-society organisations",
    "active_private": "active companies",
    "restrictive_count": "restrictive measures",
    "rank_lg": "rank of local government by weighted degree",
    "rank_lg_between": "rank of local government by betweenness",
    "horizontal": "good relations with non-public actors",
    "vertical": "good relations with region and nation",
    "response_share": "needs covered by anyone",
    "belief_gap": "executive's belief less residents' attitude",
    "covid_change": "change of meetings in the pandemic",
    "experience_ne_before": "non-Europeans' belonging in 2021",
    "experience_ne_after": "the same persons' belonging in 2023",
    # indicators of every month
    "residents": "residents",
    "migrants": "migrants",
    "non_europeans": "non-European refugees",
    "ukrainians": "Ukrainians",
    "lg_degree": "meetings of local government",
    "mean_frequency": "meetings of a pair of local organisations",
    "vertical_frequency": "meetings with levels above",
    "politicisation": "politicisation",
    "mean_attitude": "residents' attitude to non-Europeans",
    "mean_attitude_ua": "residents' attitude to Ukrainians",
    "belief_executive": "executive's belief of the attitude",
    "contact_hours": "contact of a migrant with residents",
    "ties_per_migrant": "ties of a migrant to residents",
    "employed_share": "migrants in regular work",
    "private_home_share": "migrants in a private home",
    "reception_share": "migrants in reception",
    "mean_language": "migrants' command of the language",
    "belonging": "migrants' belonging",
    "loneliness": "migrants' loneliness",
    "volunteers_share": "residents who volunteer",
    "unemployment": "unemployment",
}
"""Short titles of readings and indicators that are drawn often. A name in both tables means the same."""

UNITS: Final = {
    "-1..1": "-1 to 1",
    "0..1": "0 to 1",
    "0-100": "0 to 100",
    "0-2": "0 to 2",
    "1-5": "1 to 5",
    "1": "number",
    "count": "number",
    "flag": "0 or 1",
    "1/year": "a year",
    "meetings/year": "meetings a year",
    "events/month": "events a month",
    "events/1000": "events per 1000 residents",
    "hours/month": "hours a month",
    "ties/year": "ties a year",
}
"""Units of the registry in words; those that are words already are left out."""
SIGNED: Final = "-1..1"
OBSERVABLES: Final = {each.name: (each.unit, each.meaning) for each in INDICATORS} | {
    each.name: (each.unit, each.meaning) for each in READINGS
}
"""Unit and meaning of every indicator and reading; a name in both tables has those of the reading."""

MEANINGS: Final = Counter(each.meaning for each in READINGS)
DATED: Final = {
    each.name: f"{each.meaning}, {each.month}"
    for each in READINGS
    if MEANINGS[each.meaning] > 1 and each.month
}
"""Title of readings that differ from others by the time of the interview only."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a reading or indicator is called in a picture. ``signed``: its values lie on both sides of 0."""

    title: str
    unit: str
    signed: bool = False

    @property
    def axis_title(self) -> str:
        """Title and unit in one line; the unit is not broken."""
        unit = self.unit.replace(" ", "\N{NO-BREAK SPACE}")
        return f"{self.title} ({unit})"


@cache
def shown(name: str) -> Shown:
    """Title and unit of a reading or indicator; of any other name the name in words and no unit."""
    if name not in OBSERVABLES:
        return Shown(readable(name), "number")
    unit, meaning = OBSERVABLES[name]
    return Shown(
        TITLES.get(name) or DATED.get(name, meaning),
        unit_in_words(unit),
        unit == SIGNED or "minus" in meaning,
    )


def unit_in_words(unit: str) -> str:
    """A unit of the registry as it is written in a picture."""
    return UNITS.get(unit, unit)


def title_of(outcome: str) -> str:
    """An outcome of an analysis in words: a reading, an indicator, one of these at a year or month
    (``politicisation@2016``), or the id of a finding."""
    name, _, when = outcome.partition("@")
    words = shown(name).title if name in OBSERVABLES else readable(name)
    return f"{words}, {when}" if when else words


def factor_label(name: str) -> str:
    """A factor of an analysis in words: of a parameter its subject and its name."""
    return readable(name.replace(".", ": "))


def listed(words: list[str]) -> str:
    """Words as in a sentence: a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
