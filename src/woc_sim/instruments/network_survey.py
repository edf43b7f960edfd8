"""Network survey: how often actors meet on integration, on the scale 1-5, in two windows (final working
paper, section 3.1).

Interviewees say how often their organisation interacts with each *kind* of actor: the sum of its meetings
with all organisations of that kind, or its meetings with a typical one (`theory/meetings_told`). The average
network of a locality (Figure 3) joins kinds by the mean of the answers from both sides; its weights are
scores minus one, so that "never" is no tie. Answers exist only for what was asked: a pair of kinds of which
nobody was interviewed is nan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.organisations import actor_kinds, kind_codes
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.instruments.networks import betweenness, modularity, rank, weighted_degrees
from woc_sim.instruments.readings import FIRST_WINDOW, KIND_PAIRS, PARTNERS, SECOND_WINDOW
from woc_sim.instruments.recording import Recorder
from woc_sim.instruments.sampling import Array, Interviewee, Key, errors
from woc_sim.instruments.summary import known_mean, mean, ratio
from woc_sim.jit import entry, kernel, rule
from woc_sim.rules.answers import meetings_told
from woc_sim.world.locality import Locality

KINDS = len(ACTOR_KINDS)
KEYS = np.array([kind.key for kind in actor_kinds()])
LOCAL_GOVERNMENT = kind_codes("leads")
EXECUTIVE, OFFICIALS = kind_codes("head"), kind_codes("leads", without=("head",))
CIVIL_SOCIETY = kind_codes("mission")
NONPUBLIC = (*CIVIL_SOCIETY, *kind_codes("nonpublic", without=("mission",)))
HIGHER = kind_codes(levels=("region", "nation", "eu"))
REGION_AND_NATION = kind_codes(levels=("region", "nation"))
NET = tuple(f"net_{one}_{two}" for one, two in KIND_PAIRS)
"""Readings of the network of kinds, for the pairs above its diagonal."""
SHORT = SECOND_WINDOW[1] - SECOND_WINDOW[0] + 1
"""Months of the second window; a run that ends before 2021-12 is asked about its last months instead."""


class Added(NamedTuple):
    """What meetings are added up from and into: totals (window x organisation x organisation) and the months
    that were added (window)."""

    frequency: Array
    totals: Array
    months: Array


class Windows(NamedTuple):
    """First and last month of each window (window x 2)."""

    windows: Array


@entry
@kernel
def _add_up(state: Any, constants: Any, moment: Any) -> None:
    """Add one month. Frequencies are meetings a year and contain the restrictions of the pandemic."""
    for window in range(len(constants.windows)):
        if constants.windows[window, 0] <= moment.month <= constants.windows[window, 1]:
            state.months[window] += 1
            for i in range(len(state.frequency)):
                for j in range(len(state.frequency)):
                    state.totals[window, i, j] += state.frequency[i, j]


class Meetings(Recorder):
    """Meetings of a locality added up month by month over the two windows of the question."""

    def __init__(self, locality: Locality, months: int) -> None:
        last = min(SECOND_WINDOW[1], months - 1)
        windows = np.array((FIRST_WINDOW, (max(0, last - SHORT + 1), last)))
        self._totals = np.zeros((2, *locality.governance.frequency.shape))
        self._months = np.zeros(2, dtype=np.int64)
        super().__init__(locality, _add_up, Added, Windows(windows))

    def arrays(self) -> Mapping[str, Any]:
        """Meetings of each pair, and their totals."""
        frequency = self.locality.buffer("governance.frequency")
        return {"frequency": frequency, "totals": self._totals, "months": self._months}

    def yearly(self, window: int) -> Array | None:
        """Mean meetings a year of each pair of organisations in window 0 or 1; None where no month was
        seen.
        """
        return self._totals[window] / self._months[window] if self._months[window] else None


@rule
def score(meetings: float, cuts: tuple[float, float, float, float]) -> float:
    """Answer 1 (less than yearly) to 5 (about weekly) for meetings a year."""
    found = 1.0
    for cut in cuts:
        if meetings >= cut:
            found += 1.0
    return found


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


@kernel
def _scores(theory: Any, yearly: Any, kinds: Any, active: Any, asked: Any, recalled: Any, cuts: Any) -> Any:
    scores = np.full(recalled.shape, np.nan)
    for i in range(asked.size):
        own = asked[i]
        meetings = np.zeros(recalled.shape[1])
        others = np.zeros(recalled.shape[1])
        for row in range(kinds.size):
            if active[row] and row != own:
                meetings[kinds[row]] += yearly[own, row]
                others[kinds[row]] += 1.0
        for kind in range(meetings.size):
            if others[kind] > 0.0:
                told = meetings_told(theory, meetings[kind], others[kind])
                scores[i, kind] = score(told * max(0.0, recalled[i, kind]), cuts)
    return scores


def answers(locality: Locality, yearly: Array, people: list[Interviewee], key: Key, item: int) -> Array:
    """The score of each interviewee with each kind (interviewees x kinds); nan for the own organisation's
    kind without others, or no actor.
    """
    organisations = locality.organisations
    # the question on a kind is named by the kind's key, so that a new kind leaves all other answers alone
    missed = errors(key, people, item, int(KEYS.max()) + 1).take(KEYS, axis=1)
    recalled = 1.0 + locality.parameters["instruments.frequency_noise"] * missed
    asked = np.array([who.organisation for who in people], dtype=np.int64)
    theory = locality.theories["meetings_told"]
    found: Array = _scores(
        theory, yearly, organisations.kind, organisations.active, asked, recalled, _cuts(locality)
    )
    return found


@kernel
def _side(kinds: Any, scores: Any) -> Any:
    """Mean answer of interviewees of one kind (rows) on another (columns); nan where nobody answered."""
    side = np.full((KINDS, KINDS), np.nan)
    for kind in range(KINDS):
        for other in range(KINDS):
            total = answered = 0.0
            for i in range(kinds.size):
                if kinds[i] == kind and not np.isnan(scores[i, other]):
                    total += scores[i, other]
                    answered += 1.0
            if answered > 0.0:
                side[kind, other] = total / answered
    return side


def kind_matrix(people: list[Interviewee], scores: Array) -> Array:
    """Symmetric matrix between kinds (kinds x kinds): the mean of the answers from both sides; nan where
    nobody could answer.
    """
    side = _side(np.array([who.kind for who in people], dtype=np.int64), scores)
    matrix: Array = np.where(np.isnan(side), side.T, np.where(np.isnan(side.T), side, (side + side.T) / 2.0))
    np.fill_diagonal(matrix, np.nan)
    return matrix


def _with_partners(people: list[Interviewee], scores: Array, year: str) -> dict[str, float]:
    """Mean answer of local government for each partner, and over partners."""
    asked = [index for index, who in enumerate(people) if who.kind in LOCAL_GOVERNMENT]
    told = scores[asked].T.tolist()
    found = {f"lg_{kind}_{year}": known_mean(told[ACTOR_KINDS.index(kind)]) for kind in PARTNERS}
    return found | {f"lg_mean_{year}": known_mean(found.values())}


def _axis(locality: Locality, members: list[list[int]], yearly: Array, kinds: tuple[int, ...]) -> float:
    """Frequent and collaborative: mean over kinds of (score - 1) / 4 times (1 + tone) / 2 (axes of Figure
    5).
    """
    cuts, theory = _cuts(locality), locality.theories["meetings_told"]
    government = [row for kind in LOCAL_GOVERNMENT for row in members[kind]]
    tone = locality.governance.tone
    values = []
    for kind in kinds:
        if not members[kind] or not government:
            continue
        sums = [math.fsum(float(yearly[row, each]) for each in members[kind]) for row in government]
        meetings = [meetings_told(theory, each, float(len(members[kind]))) for each in sums]
        warmth = [float(tone[row, each]) for row in government for each in members[kind]]
        values.append(
            mean([(score(each, cuts) - 1.0) / 4.0 for each in meetings]) * (1.0 + mean(warmth)) / 2.0
        )
    return mean(values)


def _negative(locality: Locality, members: list[list[int]], yearly: Array) -> float:
    """Share of pairs of local organisations that meet at least yearly whose tone is negative (S38)."""
    rows = [row for kind, each in enumerate(members) if kind not in HIGHER for row in each]
    tone, meetings = locality.governance.tone.tolist(), yearly.tolist()
    least = _cuts(locality)[0]
    met = [tone[i][j] for index, i in enumerate(rows) for j in rows[index + 1 :] if meetings[i][j] >= least]
    return ratio(sum(each < 0.0 for each in met), len(met))


def _latent(members: list[list[int]], yearly: Array | None, higher: bool) -> float:
    """Meetings a year of executive and officials with one other organisation, above or below the regional
    level.
    """
    if yearly is None:
        return math.nan
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
    unasked = np.full((len(people), KINDS), np.nan)
    first = answers(locality, before, people, key, 1000) if before is not None else unasked
    second = answers(locality, now, people, key, 2000) if now is not None else unasked
    found = _with_partners(people, first, "2017") | _with_partners(people, second, "2020")
    matrix = kind_matrix(people, second)
    weights = matrix - 1.0  # nan stays nan: no tie to count
    degrees, between = weighted_degrees(weights).tolist(), betweenness(weights).tolist()
    asked = [(who.kind, known_mean(each)) for who, each in zip(people, second.tolist(), strict=True)]
    found |= {
        "covid_change": found["lg_mean_2020"] - found["lg_mean_2017"],
        "politicians_minus_officials": mean([s for kind, s in asked if kind in EXECUTIVE])
        - mean([s for kind, s in asked if kind in OFFICIALS]),
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
        "horizontal": _axis(locality, members, now, NONPUBLIC) if now is not None else math.nan,
        "vertical": _axis(locality, members, now, REGION_AND_NATION) if now is not None else math.nan,
        "negative_ties": _negative(locality, members, now) if now is not None else math.nan,
        "modularity": modularity(weights) if seen else math.nan,
        "latent_lg_degree": _latent(members, now, higher=False),
        "latent_lg_degree_2017": _latent(members, before, higher=False),
        "latent_vertical": _latent(members, now, higher=True),
    }
    return found | dict(zip(NET, matrix[np.triu_indices(KINDS, 1)].tolist(), strict=True))
