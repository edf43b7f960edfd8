"""Hand-made studies: localities with the study's own covariates, and readings that a test sets.

`RECIPES` says for each judged finding how to make a study in which it holds (`s` = 1) and one in which
it is reversed (`s` = -1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from woc_sim.analysis.bands import band_middles
from woc_sim.analysis.checks_governance import CIVIL_SOCIETY, CLEAR_GAPS, LARGEST_GAPS, NONPUBLIC
from woc_sim.analysis.counterfactuals import (
    ATTITUDE,
    CONTACT_AND_ATTITUDE,
    CONTACT_OFF,
    FRAME_FAR,
    FRAME_NEAR,
    MODERATED_SETTINGS,
    OTHER_SETTINGS,
    UNMODERATED,
    column,
)
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import COVARIATES, LABELS, Pool, Study, label_code, one_study, table_of
from woc_sim.analysis.variants import SEAT_SHARES, eu_cases, factorial
from woc_sim.inputs.tables import case
from woc_sim.inputs.vocabulary import ACTOR_KINDS, COMPONENTS, DIAGNOSTIC_FRAMES
from woc_sim.instruments.readings import KIND_PAIRS
from woc_sim.scenario.localities import signs, type_of

Array = np.ndarray[Any, Any]


class StudyColumns:
    """Columns of localities; `made["mipex_total"] = ...` sets one, `made.where("size", "rural")` is 1 or
    0."""

    def __init__(self, rows: list[dict[str, float]], seed: int) -> None:
        self.columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        self.rng = np.random.default_rng(seed)
        self.n = len(rows)
        self.counterfactuals: StudyColumns | None = None

    def __getitem__(self, name: str) -> Array:
        return self.columns[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.columns[name] = np.broadcast_to(np.asarray(value, dtype=float), (self.n,)).copy()

    def where(self, label: str, *names: str) -> Array:
        codes = [LABELS[label].index(name) for name in names]
        return np.isin(self[label], codes).astype(float)

    def noise(self, scale: float = 0.05) -> Array:
        return self.rng.normal(0.0, scale, self.n)

    def counted(self, counts: tuple[int, ...], values: tuple[float, ...] | None = None) -> Array:
        """So many rows of the first value, so many of the second and so on, in a fixed mixed order."""
        chosen = values or tuple(range(len(counts)))
        ordered = [value for value, count in zip(chosen, counts, strict=True) for _ in range(count)]
        assert len(ordered) == self.n
        return np.array(ordered, dtype=float)

    def rows(self) -> list[dict[str, float]]:
        return [{name: float(column[row]) for name, column in self.columns.items()} for row in range(self.n)]


def eu_rows() -> list[dict[str, float]]:
    """The 40 EU cases with their labels and bands; structure and experience dealt out, 19 places growing."""
    rng = np.random.default_rng(7)
    rows = []
    for number, name in enumerate(eu_cases()):
        one = case(name)
        structure, experience = (1 if number % 2 == 0 and number < 38 else -1), (1 if number % 3 == 0 else -1)
        middle = {key: value if np.isfinite(value) else 0.05 for key, value in band_middles(name).items()}
        rows.append(
            {
                "country": label_code("country", one.country),
                "framework": label_code("framework", one.framework),
                "size": label_code("size", one.size),
                "executive": label_code("executive", one.executive),
                "type": label_code("type", type_of(structure, experience)),
                "structure": structure,
                "experience": experience,
                "executive_ideology": {"progressive": 0.55, "mixed": 0.0, "conservative": -0.55}[
                    one.executive
                ],
                "leadership": rng.normal(),
                "rrp": middle["rrp_band"],
                "non_eu": middle["non_eu_band"],
                "unemployment": middle["unemployment_band"] + rng.normal(0, 0.002),
                **middle,
            }
        )
    return rows


def synthetic_rows() -> list[dict[str, float]]:
    rng = np.random.default_rng(8)
    rows = []
    for replicate in range(3):
        for cell in factorial():
            structure, experience = signs(cell.type)
            rows.append(
                {
                    "country": label_code("country", "Germany"),
                    "framework": label_code("framework", "DE"),
                    "size": label_code("size", cell.size),
                    "executive": label_code("executive", cell.executive),
                    "type": label_code("type", cell.type),
                    "structure": structure,
                    "experience": experience,
                    "executive_ideology": {"progressive": 0.55, "mixed": 0.0, "conservative": -0.55}[
                        cell.executive
                    ],
                    "leadership": rng.normal(),
                    "rrp": cell.seats(replicate),
                }
            )
    assert {row["rrp"] for row in rows} == set(SEAT_SHARES)
    return rows


def handmade_study(recipe: Callable[[StudyColumns, StudyColumns, int], None], s: int) -> Study:
    eu, synthetic = StudyColumns(eu_rows(), 1), StudyColumns(synthetic_rows(), 2)
    eu.counterfactuals = StudyColumns(
        [row for row in synthetic_rows() if row["size"] == label_code("size", "small")], 3
    )
    recipe(eu, synthetic, s)
    return one_study(eu.rows(), synthetic.rows(), eu.counterfactuals.rows())


RECIPES: dict[str, Callable[[StudyColumns, StudyColumns, int], None]] = {}


def recipe(
    *findings: str,
) -> Callable[
    [Callable[[StudyColumns, StudyColumns, int], None]], Callable[[StudyColumns, StudyColumns, int], None]
]:
    def keep(
        function: Callable[[StudyColumns, StudyColumns, int], None],
    ) -> Callable[[StudyColumns, StudyColumns, int], None]:
        for finding in findings:
            assert finding not in RECIPES
            RECIPES[finding] = function
        return function

    return keep


def by_sign(s: int, holds: Any, reversed_: Any) -> Any:
    return holds if s > 0 else reversed_


# --- types, size and politics


def _activity(made: StudyColumns, value: Array) -> None:
    for name in ("public", "nonpublic", "private"):
        made[f"active_{name}"] = value + made.noise()


@recipe("S02")
def _s02(_: StudyColumns, y: StudyColumns, s: int) -> None:
    top = y.where("type", "revitalising")
    _activity(y, 0.4 + 0.3 * s * top)
    y["mipex_total"] = 30 + 20 * s * top + y.noise(2)


@recipe("S03")
def _s03(_: StudyColumns, y: StudyColumns, s: int) -> None:
    for name in ("latent_attitude", "latent_ties", "latent_belonging"):
        y[name] = s * y.where("type", "revitalising") + y.noise()


@recipe("S04")
def _s04(_: StudyColumns, y: StudyColumns, s: int) -> None:
    low = y.where("type", "left_behind")
    y["restrictive_count"] = 2 + s * low + y.noise()
    y["mipex_total"] = 40 - 20 * s * low + y.noise()


@recipe("S05")
def _s05(_: StudyColumns, y: StudyColumns, s: int) -> None:
    for year in (2016, 2021):
        y[f"active_share@{year}"] = 0.5 - 0.3 * s * y.where("type", "left_behind") + y.noise()


@recipe("S06")
def _s06(_: StudyColumns, y: StudyColumns, s: int) -> None:
    low = y.where("type", "left_behind")
    for name, sign in (("latent_attitude_sd", 1), ("politicisation@2022", 1), ("latent_belonging", -1)):
        y[name] = 0.4 + 0.3 * s * sign * low + y.noise()


@recipe("S07")
def _s07(_: StudyColumns, y: StudyColumns, s: int) -> None:
    marginal = y.where("type", "marginal")
    own = marginal if s > 0 else 1 - marginal
    y["active_nonpublic"] = y.noise(1)
    y["mipex_total"] = y["active_nonpublic"] * own + y.noise(1) * (1 - own)
    y["openness@2021"] = y.noise(1) * (0.2 + own)


@recipe("S08")
def _s08(_: StudyColumns, y: StudyColumns, s: int) -> None:
    for name in ("mipex_total", "vertical"):
        y[name] = s * y.where("type", "in_transition") + y.noise()


@recipe("S09")
def _s09(_: StudyColumns, y: StudyColumns, s: int) -> None:
    y["latent_attitude"] = s * y.where("type", "in_transition") + y.noise()
    y["polarisation@2022"] = -s * y.where("type", "in_transition") + y.noise()


@recipe("S10")
def _s10(_: StudyColumns, y: StudyColumns, s: int) -> None:
    y["mipex_total"] = 30 + 8 * s * y.where("type", "revitalising") + y.noise(6)


OUTCOME_READINGS = (
    ("lg_mean_2020", "horizontal"),
    ("frame_p_migrants_only", "frame_p_whole_community"),
    ("mipex_total",),
    ("access_employment", "access_housing"),
    ("ties_mean", "relations_none_ne"),
    ("perceived_attitudes",),
)


def _outcomes(e: StudyColumns, cause: Array, strengths: tuple[float, ...]) -> None:
    for names, strength in zip(OUTCOME_READINGS, strengths, strict=True):
        for name in names:
            e[name] = strength * cause + e.noise(0.5)


@recipe("S11")
def _s11(e: StudyColumns, _: StudyColumns, s: int) -> None:
    names = ("lg_mean_2020", "frame_p_migrants_only", "mipex_total", "response_share", "ties_mean")
    for name in (*names, "perceived_attitudes"):
        e[name] = by_sign(s, e["structure"], e["experience"]) + e.noise(0.2)


@recipe("S12")
def _s12(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _outcomes(e, e["structure"], by_sign(s, (0, 0, 1, 1, 0.4, 0.4), (1, 1, 0, 0, 0.4, 0.4)))


@recipe("S13")
def _s13(e: StudyColumns, _: StudyColumns, s: int) -> None:
    size = 1.5 * e.where("size", "medium")
    _outcomes(e, size, by_sign(s, (0.5, 0, 0, 1.5, 0.5, 0), (0, 1, 1, 0, 0, 1)))


@recipe("S14")
def _s14(e: StudyColumns, _: StudyColumns, s: int) -> None:
    cause = 1.5 * e.where("executive", "progressive")
    _outcomes(e, cause, by_sign(s, (1, 1, 1, 0.2, 0.2, 1), (0.2, 0.2, 0.2, 1, 1, 0.2)))


@recipe("S15")
def _s15(_: StudyColumns, y: StudyColumns, s: int) -> None:
    y["mipex_total"] = by_sign(s, 30 + y.noise(5), 10 * y["type"])


@recipe("S16")
def _s16(_: StudyColumns, y: StudyColumns, s: int) -> None:
    medium = y.where("size", "medium")
    _activity(y, 0.4 + 0.2 * s * medium)
    y["inclusive_count"] = 8 + 5 * s * medium + y.noise()
    y["restrictive_count"] = 1 + y.noise(0.1)


@recipe("S17")
def _s17(_: StudyColumns, y: StudyColumns, s: int) -> None:
    sizes = by_sign(s, ("medium",), ("rural", "small"))
    y["mipex_total"] = 20 * y.where("executive", "progressive") * y.where("size", *sizes) + y.noise(1)


@recipe("S18")
def _s18(_: StudyColumns, y: StudyColumns, s: int) -> None:
    sizes = by_sign(s, ("rural", "small"), ("medium",))
    y["mipex_total"] = 10 * y["leadership"] * y.where("size", *sizes) + y.noise(4)


@recipe("S19")
def _s19(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mipex_total"] = 30 - 15 * s * e.where("size", "rural") + e.noise(3)


@recipe("S20")
def _s20(e: StudyColumns, _: StudyColumns, s: int) -> None:
    sizes = by_sign(s, ("small", "medium"), ("rural",))
    e["mipex_total"] = 20 - 15 * e.where("executive", "conservative") * e.where("size", *sizes) + e.noise(1)


@recipe("S21")
def _s21(_: StudyColumns, y: StudyColumns, s: int) -> None:
    cell = y.where("size", "rural", "small") * (y["structure"] < 0) * y.where("executive", "conservative")
    y["response_class"] = by_sign(s, 2 - 2 * cell, 2 * cell)


@recipe("S22")
def _s22(_: StudyColumns, y: StudyColumns, s: int) -> None:
    y["response_share"] = 0.4 + 0.1 * s * y["leadership"] + y.noise()


# --- policy and response


def _published(e: StudyColumns, *names: str, turn: float | None = None) -> None:
    """The published columns; `turn` reflects them at a number. The Polish places, without numbers, get
    the mean."""
    sample = published().eu
    for name in names:
        column = sample[name] if turn is None else turn - sample[name]
        e[name] = np.concatenate([column, np.full(e.n - len(column), np.nanmean(column))])


@recipe("S23")
def _s23(e: StudyColumns, _: StudyColumns, s: int) -> None:
    order = np.cumsum(e.where("size", "medium")) - 1
    e["targeted_housing"] = by_sign(s, order % 12 < 5, 0.0)
    e["targeted_work"] = by_sign(s, order % 12 < 10, 0.0)


@recipe("S24")
def _s24(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["targeted_housing"] = 0.0
    e["targeted_work"] = by_sign(s, 0.0, 1.0)


@recipe("S25")
def _s25(e: StudyColumns, _: StudyColumns, s: int) -> None:
    conservative = e.where("executive", "conservative")
    flags = by_sign(s, 1 - conservative, conservative)
    flags[:2] = 1 - flags[:2]
    e["targeted_work"] = e["targeted_housing"] = flags


@recipe("S46")
def _s46(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["response_class"] = e.counted(by_sign(s, (10, 20, 10), (0, 0, 40)))


@recipe("S47", "D1", "S56")
def _s47(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_total", turn=None if s > 0 else 110)


@recipe("S48")
def _s48(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_total")
    e["mipex_governance"] = s * e["mipex_total"] + e.noise(10)


@recipe("S49")
def _s49(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_monitoring", turn=None if s > 0 else 100)


@recipe("S50", "D13")
def _s50(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, *(f"mipex_{name}" for name in COMPONENTS), turn=None if s > 0 else 100)


@recipe("S51")
def _s51(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mipex_total"] = 30 - 15 * s * e.where("executive", "conservative") + e.noise(5)


@recipe("S53")
def _s53(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("active_nonpublic", "active_private"):
        e[name] = 0.5 - s * e["rrp"] + e.noise()


@recipe("S55")
def _s55(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mipex_total"] = 30 + e.noise(5)
    e["response_share"] = 0.4 + 0.3 * s * e.where("size", "rural") + e.noise()


@recipe("S66")
def _s66(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["targeted_housing"] = e.counted(by_sign(s, (17, 23), (40, 0)), (1, 0))
    e["targeted_work"] = e.counted(by_sign(s, (19, 21), (40, 0)), (1, 0))


def _joint(e: StudyColumns, sector: str, other_only: int, neither: int, both: int) -> None:
    public_only = e.n - other_only - neither - both
    counts = (other_only, neither, both, public_only)
    e[f"anypublic_{sector}"] = e.counted(counts, (0, 0, 1, 1))
    e[f"nonstate_{sector}"] = e.counted(counts, (1, 0, 1, 0))


@recipe("S69", "S70", "S71", "S72", "D17", "D18")
def _s70(e: StudyColumns, _: StudyColumns, s: int) -> None:
    if s > 0:
        _joint(e, "housing", 14, 4, 7)
        _joint(e, "work", 9, 4, 13)
    else:
        _joint(e, "housing", 2, 30, 2)
        _joint(e, "work", 18, 2, 2)


@recipe("S73")
def _s73(e: StudyColumns, _: StudyColumns, s: int) -> None:
    strong = e.where("country", "Germany", "Poland", "Spain", "Italy")
    e["nonstate_housing"] = by_sign(s, strong, 1 - strong)
    e["nonstate_work"] = 0.0
    e["nonstate_work"] = np.where(np.arange(e.n) % 9 == 0, 1.0, 0.0)


@recipe("D2", "D4", "D5", "D6")
def _d2(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_total", turn=None if s > 0 else 60)


@recipe("D3")
def _d3(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_total")
    if s < 0:
        e["mipex_total"] = 10 * e["country"] + e.noise(0.1)


@recipe("D12")
def _d12(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "mipex_total", turn=None if s > 0 else 60)


@recipe("D19")
def _d19(e: StudyColumns, _: StudyColumns, s: int) -> None:
    spain, wallonia = e.where("country", "Spain"), e.where("framework", "BE-WAL")
    e["response_class"] = by_sign(s, np.where(wallonia > 0, 0.0, 1.0), np.where(spain > 0, 0.0, 1.0))
    e["mipex_total"] = 35 - 20 * s * spain + e.noise(5)


# --- governance


def _network(e: StudyColumns, centre: dict[str, float], colour: Array, other: dict[str, float]) -> None:
    """Each pair meets as often as the two kinds are central, by one list where `colour` and by another
    elsewhere."""
    for first, second in KIND_PAIRS:
        pair = [chosen.get(first, 0.2) * chosen.get(second, 0.2) for chosen in (centre, other)]
        e[f"net_{first}_{second}"] = 1 + np.where(colour > 0, *pair)


@recipe("S27")
def _s27(e: StudyColumns, _: StudyColumns, s: int) -> None:
    centre = dict.fromkeys(ACTOR_KINDS, 1.0) | dict.fromkeys(CIVIL_SOCIETY, by_sign(s, 1.9, 0.1))
    _network(e, centre, np.ones(e.n), centre)


@recipe("S28")
def _s28(e: StudyColumns, _: StudyColumns, s: int) -> None:
    star = {by_sign(s, "executive", "company"): 9.0}
    _network(e, star, e.where("executive", "progressive"), {})


@recipe("S29")
def _s29(e: StudyColumns, _: StudyColumns, s: int) -> None:
    aside = {"provider": 2.0, "ngo": 2.0, "executive": by_sign(s, 0.2, 3.0), "officials": 0.2}
    _network(e, aside, e.where("executive", "conservative"), {"executive": 2.0})


@recipe("S30")
def _s30(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for kind in NONPUBLIC:
        size = 1.0 if kind in LARGEST_GAPS else 0.6 if kind in CLEAR_GAPS else 0.2
        for year in (2017, 2020):
            e[f"lg_{kind}_{year}"] = 3 + s * size * e.where("executive", "progressive") + e.noise(0.02)


@recipe("S31")
def _s31(e: StudyColumns, _: StudyColumns, s: int) -> None:
    levels = dict.fromkeys(NONPUBLIC, 3.0) | {"region": 2.0, "nation": 1.6, "eu": 1.1}
    for kind, value in levels.items():
        e[f"lg_{kind}_2020"] = by_sign(s, value, 4 - value) + e.noise()


@recipe("S32")
def _s32(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["politicians_minus_officials"] = by_sign(s, 0.0, 1.5) + e.noise()
    e["lg_mean_2020"] = 2 + e.where("executive", "progressive") + e.noise()


@recipe("S33")
def _s33(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["covid_change"] = by_sign(s, -1.0, 1.0) + e.noise(0.1)


@recipe("S34")
def _s34(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("horizontal", "vertical"):
        e[name] = by_sign(s, 2 * e["rrp"] * e["executive_ideology"], 0) + e.noise(0.1)


@recipe("S35")
def _s35(_: StudyColumns, y: StudyColumns, s: int) -> None:
    sign = np.where(y.where("executive", "progressive") > 0, 1.0, -1.0)
    y["horizontal"] = 0.5 + s * sign * y["rrp"] + y.noise()


@recipe("S36")
def _s36(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("horizontal", "vertical"):
        e[name] = by_sign(s, 0.4, 0.9) + e.noise()


@recipe("S38")
def _s38(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("negative_ties", "modularity"):
        e[name] = by_sign(s, 0.3, 0.01) + e.noise(0.01)


@recipe("S39")
def _s39(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in DIAGNOSTIC_FRAMES:
        e[f"frame_d_{name}"] = 0.1 + e.noise(0.01)
    e["frame_d_participation"] = e["frame_d_cohesion"] = 0.4
    e["frame_d_self_sufficiency"] = by_sign(s, 0.7, 0.2)


@recipe("S40")
def _s40(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["frame_p_migrants_only"] = by_sign(s, 0.47, 0.1) + e.noise(0.01)


@recipe("S41")
def _s41(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["frame_p_whole_community"] = by_sign(s, 0.11, 0.5) + e.noise(0.01)


@recipe("S42")
def _s42(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["frame_p_migrants_only"] = 0.5 + e.noise()
    e["migrants_only_private"] = 0.5 + 0.3 * s + e.noise()
    e["woc_all"] = 0.2 + e.noise()
    e["woc_officials"] = 0.2 + 0.1 * s + e.noise()
    e["migrants_only_politicians"] = 0.5 + 0.3 * s * e.where("executive", "conservative") + e.noise()


@recipe("S43")
def _s43(e: StudyColumns, _: StudyColumns, s: int) -> None:
    conservative = e.where("executive", "conservative")
    e["migrants_only_contact"] = 0.4 + 0.4 * s * conservative + e.noise()
    e["migrants_only_other"] = 0.4 + 0.1 * s * conservative + e.noise()
    _lived_twice(e.counterfactuals, turnover=(0.02 * s, 0.01 * s), rewire=(-0.01 * s, 0.01 * s))


def _lived_twice(t: StudyColumns, **followed: tuple[float, float]) -> None:
    """Frames near and far from the executive, which go along with it by so much in each trial."""
    conservative = t.where("executive", "conservative") - t.where("executive", "progressive")
    for index, reading in enumerate((FRAME_NEAR, FRAME_FAR)):
        t[column("as_is", reading)] = 0.4 + t.noise(0.001)
        for arm, by in followed.items():
            side = conservative if arm == "rewire" else -conservative
            t[column(arm, reading)] = t[column("as_is", reading)] + side * by[index] + t.noise(0.001)


@recipe("S37")
def _s37(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mipex_total"] = 30 + e.noise(10)
    e.counterfactuals[column("no_peers", "mipex_total")] = 30.0
    e.counterfactuals[column("peers", "mipex_total")] = 30.0 + by_sign(s, 0.2, 4.0)


@recipe("S44")
def _s44(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for names in OUTCOME_READINGS:
        for name in names:
            e[name] = e.noise()
    for name in OUTCOME_READINGS[1]:
        politics = e.where("executive", "progressive") + e.noise(0.05)
        e[name] = by_sign(s, politics, e["structure"]) + e.noise(0.05)


@recipe("S45")
def _s45(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["frame_p_whole_community"] = e.noise()
    e["active_nonpublic"] = s * e["frame_p_whole_community"] + e.noise(0.02)


@recipe("S80")
def _s80(e: StudyColumns, _: StudyColumns, s: int) -> None:
    worse = e.where("executive", "conservative") + e.where("size", "rural")
    e["belief_gap"] = -s * (0.2 + 0.2 * worse) + e.noise()


RATINGS = ("perceived_integration", "perceived_attitudes")


@recipe("S103", "D10")
def _s103(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, *RATINGS)
    if s < 0:
        e["perceived_integration"] = 4.5 + e.noise(0.3)


@recipe("S104", "S105", "D7", "D8")
def _s104(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, *(f"mipex_{name}" for name in COMPONENTS))
    _published(e, *RATINGS, turn=None if s > 0 else 6)


@recipe("S106", "D9")
def _s106(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _published(e, "perceived_integration")
    _published(e, "perceived_attitudes", turn=None if s > 0 else 6)


@recipe("S107", "D11")
def _s107(e: StudyColumns, _: StudyColumns, s: int) -> None:
    policy = np.where(np.arange(e.n) % 2 == 0, 10.0, 50.0)
    e["mipex_total"] = policy
    spread = np.where((policy > 40) == (s > 0), 0.4, 0.1)
    e["perceived_integration"] = 3 + spread * np.tile([1.0, -1.0, -1.0, 1.0], e.n)[: e.n]


@recipe("S102")
def _s102(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["well_integrated_ne"] = 0.4 + e.noise(0.1)
    e["well_integrated_ua"] = 0.6 + e.noise(0.01)
    e["mipex_total"] = 100 * s * e["well_integrated_ne"] + e.noise(1)


# --- access


@recipe("S61")
def _s61(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["access_employment"] = e.counted(by_sign(s, (19, 17, 4), (2, 18, 20)))
    e["access_housing"] = e.counted(by_sign(s, (16, 10, 14), (38, 1, 1)))


def _grid(e: StudyColumns, structure: int, housing: list[float], work: list[float]) -> None:
    mask = e["structure"] == structure
    for name, values in (("access_housing", housing), ("access_employment", work)):
        if name not in e.columns:
            e[name] = 1.0
        e.columns[name][mask] = values


def _repeat(*counts: int) -> list[float]:
    return [float(grade) for grade, count in enumerate(counts) for _ in range(count)]


@recipe("S62", "S63")
def _s62(e: StudyColumns, _: StudyColumns, s: int) -> None:
    if s > 0:
        _grid(e, 1, _repeat(7, 1, 11), _repeat(12, 6, 1))
        _grid(e, -1, _repeat(9, 9, 3), _repeat(7, 11, 3))
    else:
        _grid(e, 1, _repeat(19, 0, 0), _repeat(0, 0, 19))
        _grid(e, -1, _repeat(0, 0, 21), _repeat(21, 0, 0))


@recipe("S64", "D15", "D16")
def _s64(e: StudyColumns, _: StudyColumns, s: int) -> None:
    apart = by_sign(s, 1, -1)
    _grid(e, apart, *_against(int(np.sum(e["structure"] == apart))))
    _grid(e, -apart, *_along(int(np.sum(e["structure"] == -apart))))


def _against(n: int) -> tuple[list[float], list[float]]:
    return [2.0 if row % 2 else 0.0 for row in range(n)], [0.0 if row % 2 else 2.0 for row in range(n)]


def _along(n: int) -> tuple[list[float], list[float]]:
    return [float(row % 3) for row in range(n)], [float(row % 3) for row in range(n)]


@recipe("S65")
def _s65(e: StudyColumns, _: StudyColumns, s: int) -> None:
    medium = e.where("size", "medium")
    e["access_housing"] = 1 + 0.8 * s * medium + e.noise()
    e["access_employment"] = 1 - 0.8 * s * medium + e.noise()


@recipe("S74")
def _s74(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["acceptance_work@2021"] = 0.6 + e.noise(0.01)
    e["acceptance_home@2021"] = 0.6 - 0.1 * s + e.noise(0.01)


@recipe("M17")
def _m17(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["latent_attitude_2022"] = e.noise(0.1)
    unemployment = (e["unemployment"] - e["unemployment"].mean()) / e["unemployment"].std()
    attitude = (e["latent_attitude_2022"] - e["latent_attitude_2022"].mean()) / e[
        "latent_attitude_2022"
    ].std()
    e["latent_employed"] = 0.5 - s * 0.05 * unemployment + s * 0.05 * attitude + e.noise(0.02)


# --- people


def _pair(e: StudyColumns, s: int, first: str, second: str, gap: float = 0.2) -> None:
    e[first] = 0.5 + s * gap / 2 + e.noise(0.02)
    e[second] = 0.5 - s * gap / 2 + e.noise(0.02)


@recipe("S76")
def _s76(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _pair(e, s, "well_integrated_ua", "well_integrated_ne")


@recipe("S78")
def _s78(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _pair(e, s, "support_ua", "support_ne")


@recipe("S79")
def _s79(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["against_more"] = by_sign(s, 0.21, 0.6) + e.noise(0.01)
    e["support_more"] = by_sign(s, 0.6, 0.3)


@recipe("S82")
def _s82(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["r_leisure_well_ne"] = by_sign(s, 0.2, 0.0) + e.noise(0.02)
    e["r_leisure_well_ua"] = by_sign(s, 0.0, 0.2) + e.noise(0.02)
    if s < 0:
        e["r_leisure_well_ne"] = -0.1 + e.noise(0.02)


@recipe("S83")
def _s83(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for view, sign in (("benefit", 1), ("threat", -1), ("relations", -1)):
        for group in ("ne", "ua"):
            e[f"r_{view}_well_{group}"] = s * sign * 0.3 + e.noise(0.02)


@recipe("S86")
def _s86(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["relations_none_ne"] = by_sign(s, 0.55, 0.1) + e.noise(0.01)


@recipe("S87")
def _s87(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _pair(e, s, "ties_ua", "ties_ne")
    _pair(e, s, "good_share_ua", "good_share_ne")


@recipe("S89")
def _s89(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["ties_mean"] = by_sign(s, 0.0, 0.5 * e["experience"]) + e.noise(0.1)
    if s > 0:  # no effect at all: take off what chance has put in
        for name in ("experience", "structure"):
            e["ties_mean"] = e["ties_mean"] - _part(e, name)


def _part(e: StudyColumns, name: str) -> Array:
    """What of the ties goes with a covariate within countries."""
    x, y = e[name].astype(float), e["ties_mean"].copy()
    for country in np.unique(e["country"]):
        rows = e["country"] == country
        x[rows] -= x[rows].mean()
        y[rows] -= y[rows].mean()
    return e[name] * float(x @ y) / float(x @ x)


@recipe("S90")
def _s90(e: StudyColumns, _: StudyColumns, s: int) -> None:
    order = ("workplace", "school", "association", "neighbourhood", "public_space")
    for index, kind in enumerate(order if s > 0 else order[::-1]):
        e[f"tie_origin_{kind}"] = 0.4 - 0.08 * index + e.noise(0.01)


@recipe("S91")
def _s91(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["tie_volunteer_share"] = by_sign(s, 0.7, 0.2) + e.noise(0.01)
    e["positive_without_tie"] = 0.5 + e.noise(0.01)
    e["residents_with_tie"] = by_sign(s, 0.2, 0.6)


def _settings(made: StudyColumns, advantage: float, arm: str = "") -> None:
    """Shares of ties and meetings by setting; moderated settings give more ties per meeting."""
    for kinds, ties in ((MODERATED_SETTINGS, 0.1 + advantage / 10), (OTHER_SETTINGS, 0.1)):
        for kind in kinds:
            for stem, value in (("tie_origin", ties + made.noise(0.003)), ("meetings", 0.15)):
                made[column(arm, f"{stem}_{kind}") if arm else f"{stem}_{kind}"] = value


@recipe("S92")
def _s92(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _settings(e, s * 1.0)
    for arm, advantage in (("as_is", s * 1.0), (UNMODERATED, 0.0)):
        _settings(e.counterfactuals, advantage, arm)


@recipe("S93")
def _s93(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["active_nonpublic"] = 0.5 + e.noise(0.2)
    e["mipex_total"] = 30 + e.noise(10)
    e["welcome_share"] = s * (e["active_nonpublic"] + e["mipex_total"] / 100) + e.noise(0.02)


@recipe("S94")
def _s94(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("language", "job", "known"):
        e[f"r_ties_{name}"] = 0.3 * s + e.noise(0.05)


@recipe("S95")
def _s95(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["ties_mean"] = e.noise(0.1)
    flat = e["ties_mean"] - _part(e, "experience")
    e["discrimination_share"] = 0.3 + by_sign(s, flat, 0.5 * e["experience"] + flat)


@recipe("S96")
def _s96(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _pair(e, s, "experience_ne_before", "experience_ne_after")


@recipe("S97")
def _s97(e: StudyColumns, _: StudyColumns, s: int) -> None:
    _pair(e, s, "stay_chose", "stay_placed")
    _pair(e, s, "stay_children", "stay_no_children")


@recipe("S100")
def _s100(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("belonging", "ties"):
        e[f"{name}_improved"] = 0.5 + 0.2 * s + e.noise(0.02)
        e[f"{name}_slope"] = 0.1 * s + e.noise(0.02)


@recipe("S101")
def _s101(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mean_attitude@2016"] = 0.0
    e["mean_attitude@2021"] = by_sign(s, np.where(np.arange(e.n) % 3 == 0, -0.1, 0.1), -0.1)


@recipe("M1")
def _m1(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["r_contact_attitude_ne"] = 0.2 * s + e.noise(0.02)
    t = e.counterfactuals
    for reading, effect in ((CONTACT_AND_ATTITUDE, 0.05), (ATTITUDE, 0.02)):
        t[column(CONTACT_OFF, reading)] = 0.15 + t.noise(0.01)
        t[column("as_is", reading)] = t[column(CONTACT_OFF, reading)] + s * effect + t.noise(0.01)


@recipe("M9")
def _m9(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["attitude_stability"] = by_sign(s, 0.9, 0.4)


@recipe("M13")
def _m13(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["belief_gap"] = -s * (0.2 + 0.1 * e.where("executive", "conservative")) + e.noise(0.01)


@recipe("M14")
def _m14(e: StudyColumns, _: StudyColumns, s: int) -> None:
    years = {1: 0.06, 5: 0.49, 6: 0.57, 7: 0.63}
    for year, value in years.items():
        e[f"employed_{year}y"] = by_sign(s, value, 1 - value) + e.noise(0.01)


@recipe("M18")
def _m18(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["employed_1y"] = 0.3 - 0.2 * s + e.noise(0.01)
    e["employed_ua_1y"] = 0.3 + e.noise(0.01)


@recipe("M19")
def _m19(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for year, value in enumerate((0.22, 0.35, 0.44, 0.50, 0.52), start=1):
        e[f"language_good_{year}y"] = by_sign(s, value, 1 - value) + e.noise(0.01)


@recipe("M27")
def _m27(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["volunteers_share@2016"] = 0.12 + e.noise(0.01)
    e["volunteers_share@2019"] = 0.12 - 0.08 * s + e.noise(0.01)


@recipe("M28")
def _m28(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["mean_attitude@2021"] = 0.0
    e["mean_attitude@2022"] = 0.05 * s + e.noise(0.01)
    e["mean_attitude_ua@2021"] = 0.2
    e["mean_attitude_ua@2022"] = 0.4 + 0.05 * s + e.noise(0.01)
    e["mean_attitude_ua@2023"] = 0.4 + e.noise(0.01)


@recipe("M29")
def _m29(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["onward_3y"] = by_sign(s, 0.3, 0.02)


@recipe("W5")
def _w5(e: StudyColumns, _: StudyColumns, s: int) -> None:
    left, seats = e.where("executive", "progressive"), (e["rrp"] > 0).astype(float)
    e["horizontal"] = 0.4 + left * (0.2 + 0.15 * s * seats) + e.noise(0.02)


@recipe("W7")
def _w7(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for kind in NONPUBLIC:
        for year in (2017, 2020):
            e[f"lg_{kind}_{year}"] = 2 + 0.5 * s * e.where("executive", "progressive") + e.noise()


@recipe("W9")
def _w9(e: StudyColumns, _: StudyColumns, s: int) -> None:
    left = e.where("executive", "progressive") * (e["rrp"] > 0)
    pressed = left * e.where("country", "Austria", "Belgium", "Netherlands")
    for name, scale in (("mipex_total", 50), ("horizontal", 0.5)):
        e[name] = scale * (1 + 0.4 * s * pressed) + e.noise(scale / 10)


@recipe("S108")
def _s108(e: StudyColumns, _: StudyColumns, s: int) -> None:
    for name in ("mipex_interculturalism", "mipex_governance"):
        e[name] = e.noise(20)
    both = e["mipex_interculturalism"] + e["mipex_governance"]
    for name in ("ties_mean", "support_ne", "welcome_share"):
        e[name] = 0.4 + 0.01 * s * both + e.noise(0.01)


@recipe("S109")
def _s109(e: StudyColumns, _: StudyColumns, s: int) -> None:
    e["perceived_attitudes"] = 3.1 + e.noise(by_sign(s, 0.5, 0.25))


def handmade_pool(*findings: str, sign: int = 1, replicates: int = 4) -> Pool:
    """A pool in whose every replicate the findings hold, with fresh noise."""
    tables = {}
    for kind, rows in (("eu", eu_rows()), ("synthetic", synthetic_rows()[:36])):
        stacked = []
        for replicate in range(replicates):
            eu, synthetic = (
                StudyColumns(eu_rows(), 10 * replicate + 1),
                StudyColumns(synthetic_rows()[:36], 10 * replicate + 2),
            )
            for name in findings:
                RECIPES[name](eu, synthetic, sign)
            stacked += (eu if kind == "eu" else synthetic).rows()
        names = sorted(set(stacked[0]) - set(COVARIATES))
        tables[kind] = table_of(stacked, names), len(rows)
    where = {
        kind: {
            name: np.arange(index, replicates * count, count)
            for index, name in enumerate(eu_cases() if kind == "eu" else [cell.name for cell in factorial()])
        }
        for kind, (_, count) in tables.items()
    }
    return Pool("made", tables["eu"][0], tables["synthetic"][0], where["eu"], where["synthetic"])
