"""Network survey: how often actors meet on integration, on the scale 1-5, in two windows (final working
paper, section 3.1).

Interviewees say how often their organisation interacts with each *kind* of actor: the sum of its meetings
with all organisations of that kind. The average network of a locality (Figure 3) joins kinds by the mean of
the answers from both sides; its weights are scores minus one, so that "never" is no tie. Answers exist only
for what was asked: a pair of kinds of which nobody was interviewed is nan.
"""

from __future__ import annotations

import math

import numpy as np

from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.instruments.networks import betweenness, modularity, rank, weighted_degrees
from woc_sim.instruments.readings import FIRST_WINDOW, KIND_PAIRS, PARTNERS, SECOND_WINDOW
from woc_sim.instruments.sampling import HIGHER, Array, Interviewee, Key, errors
from woc_sim.instruments.summary import known_mean, mean, ratio
from woc_sim.world.governance import (
    CHURCH,
    COMPANY,
    ESTATE_COMPANY,
    EXECUTIVE,
    MIGRANT_ORGANISATION,
    NATION,
    NGO,
    OFFICIALS,
    PROVIDER,
    REGION,
    UNION,
)
from woc_sim.world.locality import Locality

KINDS = len(ACTOR_KINDS)
LOCAL_GOVERNMENT = (EXECUTIVE, OFFICIALS)
CIVIL_SOCIETY = (NGO, MIGRANT_ORGANISATION, PROVIDER, CHURCH)
NONPUBLIC = (*CIVIL_SOCIETY, UNION, COMPANY, ESTATE_COMPANY)
SHORT = SECOND_WINDOW[1] - SECOND_WINDOW[0] + 1
"""Months of the second window; a run that ends before 2021-12 is asked about its last months instead."""


class Meetings:
    """Meetings of a locality added up month by month over the two windows of the question."""

    def __init__(self, locality: Locality, months: int) -> None:
        last = min(SECOND_WINDOW[1], months - 1)
        self.windows = (FIRST_WINDOW, (max(0, last - SHORT + 1), last))
        side = locality.governance.frequency.shape
        self._totals = [np.zeros(side), np.zeros(side)]
        self._months = [0, 0]

    def record(self, locality: Locality, month: int) -> None:
        """Add one month. Frequencies are meetings a year and contain the restrictions of the pandemic."""
        for place, (first, last) in enumerate(self.windows):
            if first <= month <= last:
                self._totals[place] += locality.governance.frequency
                self._months[place] += 1

    def yearly(self, window: int) -> Array | None:
        """Mean meetings a year of each pair of organisations in window 0 or 1; None where no month was
        seen.
        """
        return self._totals[window] / self._months[window] if self._months[window] else None


def score(meetings: float, cuts: tuple[float, float, float, float]) -> float:
    """Answer 1 (less than yearly) to 5 (about weekly) for meetings a year."""
    return 1.0 + sum(meetings >= cut for cut in cuts)


def _cuts(locality: Locality) -> tuple[float, float, float, float]:
    one, two, three, four = (locality.parameters[f"instruments.frequency_cut_{step}"] for step in range(1, 5))
    return one, two, three, four


def _members(locality: Locality) -> list[list[int]]:
    """Rows of the active organisations of each kind."""
    rows: list[list[int]] = [[] for _ in range(KINDS)]
    for row, (kind, active) in enumerate(
        zip(locality.organisations.kind.tolist(), locality.organisations.active.tolist(), strict=True)
    ):
        if active:
            rows[kind].append(row)
    return rows


def answers(
    locality: Locality, yearly: Array, people: list[Interviewee], key: Key, item: int
) -> list[list[float]]:
    """For each interviewee the score with each kind; nan for the own organisation's kind without others, or
    no actor.
    """
    members = _members(locality)
    cuts = _cuts(locality)
    noise = locality.parameters["instruments.frequency_noise"]
    table = yearly.tolist()
    found = []
    for who in people:
        row = table[who.organisation]
        scores = []
        missed = errors(key, who.entity, who.question(item), KINDS)
        for rows, wrong in zip(members, missed, strict=True):
            others = [each for each in rows if each != who.organisation]
            recalled = 1.0 + noise * wrong
            meetings = math.fsum(row[each] for each in others) * max(0.0, recalled)
            scores.append(score(meetings, cuts) if others else math.nan)
        found.append(scores)
    return found


def kind_matrix(people: list[Interviewee], scores: list[list[float]]) -> list[list[float]]:
    """Symmetric matrix between kinds: the mean of the answers from both sides; nan where nobody could
    answer.
    """
    sides: list[list[list[float]]] = [[] for _ in range(KINDS)]
    for who, scored in zip(people, scores, strict=True):
        sides[who.kind].append(scored)
    one_way = [[known_mean([s[other] for s in side]) for other in range(KINDS)] for side in sides]
    return [
        [math.nan if i == j else known_mean((one_way[i][j], one_way[j][i])) for j in range(KINDS)]
        for i in range(KINDS)
    ]


def _with_partners(people: list[Interviewee], scores: list[list[float]], year: str) -> dict[str, float]:
    """Mean answer of local government for each partner, and over partners."""
    asked = [s for who, s in zip(people, scores, strict=True) if who.kind in LOCAL_GOVERNMENT]
    found = {
        f"lg_{kind}_{year}": known_mean([s[ACTOR_KINDS.index(kind)] for s in asked]) for kind in PARTNERS
    }
    return found | {f"lg_mean_{year}": known_mean(found.values())}


def _axis(locality: Locality, yearly: Array, kinds: tuple[int, ...]) -> float:
    """Frequent and collaborative: mean over kinds of (score - 1) / 4 times (1 + tone) / 2 (axes of Figure
    5).
    """
    members = _members(locality)
    cuts = _cuts(locality)
    government = [row for kind in LOCAL_GOVERNMENT for row in members[kind]]
    tone = locality.governance.tone
    values = []
    for kind in kinds:
        if not members[kind] or not government:
            continue
        meetings = [math.fsum(float(yearly[row, each]) for each in members[kind]) for row in government]
        warmth = [float(tone[row, each]) for row in government for each in members[kind]]
        values.append(
            mean([(score(each, cuts) - 1.0) / 4.0 for each in meetings]) * (1.0 + mean(warmth)) / 2.0
        )
    return mean(values)


def _negative(locality: Locality, yearly: Array) -> float:
    """Share of pairs of local organisations that meet at least yearly whose tone is negative (S38)."""
    rows = [row for kind, each in enumerate(_members(locality)) if kind not in HIGHER for row in each]
    tone = locality.governance.tone
    least = _cuts(locality)[0]
    met = [
        float(tone[i, j]) for place, i in enumerate(rows) for j in rows[place + 1 :] if yearly[i, j] >= least
    ]
    return ratio(sum(each < 0.0 for each in met), len(met))


def _latent(locality: Locality, yearly: Array | None, higher: bool) -> float:
    """Meetings a year of executive and officials with one other organisation, above or below the regional
    level.
    """
    if yearly is None:
        return math.nan
    members = _members(locality)
    others = [
        row
        for kind, rows in enumerate(members)
        if kind not in LOCAL_GOVERNMENT and (kind in HIGHER) == higher
        for row in rows
    ]
    return mean(
        [float(yearly[row, each]) for kind in LOCAL_GOVERNMENT for row in members[kind] for each in others]
    )


def read(locality: Locality, people: list[Interviewee], meetings: Meetings) -> dict[str, float]:
    """Scores of local government, the network of kinds and its measures, and the latent meetings behind
    them.
    """
    key = locality.key("instrument.network_survey")
    before, now = meetings.yearly(0), meetings.yearly(1)
    unasked = [[math.nan] * KINDS for _ in people]
    first = answers(locality, before, people, key, 1000) if before is not None else unasked
    second = answers(locality, now, people, key, 2000) if now is not None else unasked
    found = _with_partners(people, first, "2017") | _with_partners(people, second, "2020")
    matrix = kind_matrix(people, second)
    weights = [[each - 1.0 for each in row] for row in matrix]  # nan stays nan: no tie to count
    degrees = weighted_degrees(weights)
    between = betweenness(weights)
    asked = [(who.kind, known_mean(s)) for who, s in zip(people, second, strict=True)]
    found |= {
        "covid_change": found["lg_mean_2020"] - found["lg_mean_2017"],
        "politicians_minus_officials": mean([s for kind, s in asked if kind == EXECUTIVE])
        - mean([s for kind, s in asked if kind == OFFICIALS]),
    }
    seen = now is not None
    members = _members(locality)
    for kind, name in enumerate(ACTOR_KINDS):
        there = seen and bool(members[kind])
        found[f"degree_{name}"] = degrees[kind] if there else math.nan
        found[f"between_{name}"] = between[kind] if there else math.nan
    found |= {
        "rank_lg": min(rank(degrees, kind) for kind in LOCAL_GOVERNMENT) if seen else math.nan,
        "rank_lg_between": min(rank(between, kind) for kind in LOCAL_GOVERNMENT) if seen else math.nan,
        "civil_society_rank": min(rank(degrees, kind) for kind in CIVIL_SOCIETY) if seen else math.nan,
        "horizontal": _axis(locality, now, NONPUBLIC) if now is not None else math.nan,
        "vertical": _axis(locality, now, (REGION, NATION)) if now is not None else math.nan,
        "negative_ties": _negative(locality, now) if now is not None else math.nan,
        "modularity": modularity(weights) if seen else math.nan,
        "latent_lg_degree": _latent(locality, now, higher=False),
        "latent_lg_degree_2017": _latent(locality, before, higher=False),
        "latent_vertical": _latent(locality, now, higher=True),
    }
    return found | {
        f"net_{one}_{two}": matrix[ACTOR_KINDS.index(one)][ACTOR_KINDS.index(two)] for one, two in KIND_PAIRS
    }
