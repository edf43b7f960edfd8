"""Made-up results in the shape of a validation, so that pictures can be tested without running the model."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, VERDICTS
from woc_sim.figures import report, style
from woc_sim.figures.style import Picture
from woc_sim.inputs.tables import cases as study_cases
from woc_sim.inputs.vocabulary import COMPONENTS, EXECUTIVES, SIZES, TYPES
from woc_sim.instruments.readings import INDICATORS, KIND_PAIRS, READINGS
from woc_sim.world.places import PLACE_KINDS

VARIANTS = ("model", "interactions_off", "country_only", "permuted")
TABLES = Path(__file__).parents[2] / "src" / "woc_sim" / "evidence" / "tables"


def _by_unit(unit: str, rng: np.random.Generator, n: int) -> np.ndarray:
    """Plausible values of a reading by its unit."""
    spans = {
        "share": (0.2, 0.7),
        "0-100": (5, 70),
        "1-5": (1.5, 4.2),
        "-1..1": (-0.3, 0.4),
        "0..1": (0.2, 0.8),
        "ties": (0.3, 2.5),
        "rank": (1, 6),
        "1": (-0.3, 0.5),
    }
    low, high = spans.get(unit, (0.0, 10.0))
    if unit == "0-2":
        return rng.integers(0, 3, n).astype(float)
    if unit == "flag":
        return rng.integers(0, 2, n).astype(float)
    return rng.uniform(low, high, n)


def _readings(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add every reading, with effects of executive, size and (outside the nulls) of both together."""
    n = len(frame)
    shift = frame["executive"].map({"progressive": 6.0, "mixed": 3.0, "conservative": -7.0}).to_numpy()
    shift = shift + frame["size"].map({"rural": -6.0, "small": 0.0, "medium": 6.0}).to_numpy()
    shift = np.where(frame["variant"] == "country_only", 0.0, shift)
    data = {each.name: _by_unit(each.unit, rng, n) for each in READINGS}
    for index, name in enumerate(COMPONENTS):
        data[f"mipex_{name}"] = np.clip(20 + 2.5 * index + shift + rng.normal(0, 14, n), 0, 100)
    data["mipex_total"] = np.mean([data[f"mipex_{name}"] for name in COMPONENTS], axis=0)
    for first, second in KIND_PAIRS:
        high = 1.2 if "eu" in (first, second) or "nation" in (first, second) else 2.6
        own = 0.05 * shift if "executive" in (first, second) or "officials" in (first, second) else 0.0
        data[f"net_{first}_{second}"] = np.clip(high + own + rng.normal(0, 0.4, n), 1, 5)
    origins = rng.dirichlet(np.linspace(1, 4, len(PLACE_KINDS)), n)
    for index, kind in enumerate(PLACE_KINDS):
        data[f"tie_origin_{kind}"] = origins[:, index]
    for group in ("ne", "ua"):
        shares = rng.dirichlet((5, 3, 1.5), n)
        for index, name in enumerate(("none", "good", "tense")):
            data[f"relations_{name}_{group}"] = shares[:, index]
    return pd.concat([frame.reset_index(drop=True), pd.DataFrame(data)], axis=1)


def make_cases(replicates: int = 6) -> pd.DataFrame:
    """36 cases x replicates x worlds with all readings."""
    rng = np.random.default_rng(2)
    scored = set(pd.read_csv(TABLES / "table4.csv")["case"].dropna())
    rows = [
        (each.name, replicate, variant, each.country, each.size, each.executive, rng.uniform(0, 0.25))
        for each in study_cases()
        if each.name in scored
        for replicate in range(replicates)
        for variant in VARIANTS
    ]
    columns = ["case", "replicate", "variant", "country", "size", "executive", "rrp"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["structure"] = rng.choice([-1, 1], len(frame))
    return _readings(frame, rng)


def make_own(replicates: int = 6) -> pd.DataFrame:
    """A locality of the user's own with all readings, in as many studies as the cases."""
    rng = np.random.default_rng(9)
    columns = {
        "case": "Hillford",
        "variant": "model",
        "country": "Austria",
        "size": "rural",
        "executive": "mixed",
    }
    frame = pd.DataFrame([columns] * replicates).assign(replicate=range(replicates), rrp=0.1)
    return _readings(frame, rng)


def make_factorial(replicates: int = 3) -> pd.DataFrame:
    """Types x sizes x executives x RRP shares x replicates."""
    rng = np.random.default_rng(3)
    rows = [
        (kind, size, executive, rrp, replicate, "model")
        for kind in TYPES
        for size in SIZES
        for executive in EXECUTIVES
        for rrp in (0.0, 0.2)
        for replicate in range(replicates)
    ]
    frame = pd.DataFrame(rows, columns=["type", "size", "executive", "rrp", "replicate", "variant"])
    frame["case"] = frame["type"] + "-" + frame["size"] + "-" + frame["executive"]
    return _readings(frame, rng)


def make_published() -> dict[str, list[dict[str, object]]]:
    """The study's localities and its access grid, from the transcribed tables."""
    policy = pd.read_csv(TABLES / "table4.csv").dropna(subset=["case"])
    policy = policy.rename(columns={name: f"mipex_{name}" for name in (*COMPONENTS, "total")})
    ratings = pd.read_csv(TABLES / "table6.csv")[["case", "perceived_integration", "perceived_attitudes"]]
    executives = {each.name: each.executive for each in study_cases()}
    joined = policy.merge(ratings, on="case", how="left")
    joined["executive"] = joined["case"].map(executives)
    access = pd.read_csv(TABLES / "figure9.csv")[["structure", "housing", "employment", "n"]]
    return {
        "localities": json.loads(joined.to_json(orient="records")),
        "access": json.loads(access.to_json(orient="records")),
    }


def make_timelines() -> pd.DataFrame:
    """Indicators by month and executive."""
    rng = np.random.default_rng(4)
    months = [f"{2012 + month // 12}-{month % 12 + 1:02d}" for month in range(144)]
    frames = []
    for index, executive in enumerate(EXECUTIVES):
        frame = pd.DataFrame({"month": months, "executive": executive})
        for each in INDICATORS:
            walk = np.cumsum(rng.normal(0.002, 0.01, 144))
            frame[each.name] = 0.4 - 0.1 * index + walk
        frame["residents"], frame["migrants"] = 2000.0, np.linspace(10, 120, 144)
        frame["mipex_total"] = np.linspace(15, 40 - 6 * index, 144)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def make_scoreboard() -> pd.DataFrame:
    """Forty rows: numbers and directions, every role and every verdict, and a row that could not be read."""
    rng = np.random.default_rng(5)
    words = [each.name for each in VERDICTS]
    hypotheses = [each.name for each in HYPOTHESIS_VERDICTS]
    rows = []
    for index in range(40):
        numeric = index % 3 != 0
        middle, passed = rng.uniform(-1, 50), rng.uniform(0, 1)
        role = ("held_out", "held_out", "fit", "hypothesis")[index % 4]
        verdict = hypotheses[index // 4 % 3] if role == "hypothesis" else words[index % 5]
        rows.append(
            {
                "id": f"S{index + 10:02d}",
                "role": role,
                "statement": f"Statement {index} of the study, said in our own words and at some length <&>.",
                "published": f"{middle:.2f} (points)" if numeric else "progressive above others",
                "target": middle + rng.normal(0, 8) if numeric else float("nan"),
                "simulated": middle if index != 7 else float("nan"),
                "low": middle - 5,
                "high": middle + 4,
                "n": 36,
                "pass_model": passed,
                "pass_low": max(0.0, passed - 0.15),
                "pass_high": min(1.0, passed + 0.15),
                "pass_null": rng.uniform(0, 1),
                "pass_off": rng.uniform(0, 1),
                "pass_country": rng.uniform(0, 1),
                "pass_permuted": float("nan") if index % 6 else rng.uniform(0, 1),
                "living": "interactions_off, permuted",
                "mechanism": "relations" if index % 7 == 0 else "",
                "verdict": verdict,
                "source": "final paper, 3.1",
                "why": f"Reason {index} & more." if verdict == "not reproduced" else None,
            }
        )
    return pd.DataFrame(rows)


def make_knockouts() -> pd.DataFrame:
    """Six processes by twelve findings; one process moves nothing, one finding loses its number."""
    rng = np.random.default_rng(6)
    rows = []
    for process in range(6):
        for finding in range(12):
            effect = rng.normal(0, 2.5) if process != 3 else 0.1
            rows.append(
                {
                    "process": f"process_{process}",
                    "finding": f"S{finding + 30}",
                    "effect": effect,
                    "value_model": 1.0,
                    "value_without": 1.0 + effect,
                    "passed_model": finding % 3 != 0,
                    "passed_without": finding % 3 != 0 and (process == 3 or finding != 4),
                    "pass_rate_model": 0.8,
                }
            )
    frame = pd.DataFrame(rows)
    frame.loc[0, ["effect", "value_without"]] = np.nan
    frame.loc[1, "effect"] = np.inf
    return frame


def make_knockouts_indicators() -> pd.DataFrame:
    """No process moves the one indicator but the first."""
    effects = [0.5, 0.01, 0.01, 0.01, 0.01, 0.01]
    rows = [
        {"process": f"process_{index}", "indicator": "belonging", "effect": effect}
        for index, effect in enumerate(effects)
    ]
    return pd.DataFrame(rows)


def make_sensitivity() -> pd.DataFrame:
    """Morris results for two outcomes and twenty parameters, a quarter of them influential."""
    rng = np.random.default_rng(7)
    rows = [
        {
            "outcome": outcome,
            "factor": f"subject.parameter_{index}",
            "index": rng.exponential(1.0),
            "half_width": rng.uniform(0.05, 0.3),
            "floor": 0.4,
            "influential": index % 4 == 0,
            "method": "morris",
            "unit": "points",
        }
        for outcome in ("mipex_total", "latent_attitude")
        for index in range(20)
    ]
    return pd.DataFrame(rows)


def make_baselines() -> pd.DataFrame:
    """Scores of the model and its rivals for both targets and both ways of leaving out."""
    rng = np.random.default_rng(8)
    rows = []
    for target in ("mipex_total", "perceived_attitudes"):
        for name in ("mean", "country_mean", "linear_regression", "gaussian_process", "model"):
            for fold in ("none", "one_out", "country_out")[name != "model" :]:
                r = np.nan if name == "mean" else rng.uniform(-0.2, 0.6)
                error = rng.uniform(6, 10)
                row = {"target": target, "baseline": name, "fold": fold, "n": 36, "mae": error}
                row |= {"mae_low": error - 2, "mae_high": error + 3, "crps": error / 2}
                rows.append(row | {"r_within_country": r})
    return pd.DataFrame(rows)


def make_folds() -> pd.DataFrame:
    """Offsets of three countries, and of all."""
    rows = [
        ("Spain", 6, 8.0, -1.0),
        ("Sweden", 6, -2.0, 1.0),
        ("Austria", 4, 0.5, 0.2),
        ("all", 16, 2.0, 0.0),
    ]
    return pd.DataFrame(rows, columns=["country", "n", "offset", "offset_of_others"])


def make_counterfactuals() -> pd.DataFrame:
    told = {
        "turnover": "frames of {} move towards the new executive",
        "rewire": "frames of {} move towards the executive",
    }
    rows = [
        {"change": change, "meaning": words.format(who), "unit": "share", "effect": 0.01, "error": 0.002}
        for change, words in told.items()
        for who in ("those who work for the executive", "all others")
    ]
    rows.append({"change": "peers", "meaning": "policy index", "unit": "points", "effect": 0.1, "error": 0.2})
    variants = {"model": 1.0, "interactions_off": 0.0}
    return pd.DataFrame(
        [
            {"variant": w, **row, "effect": row["effect"] * x, "n": 32}
            for w, x in variants.items()
            for row in rows
        ]
    )


def make_variance() -> pd.DataFrame:
    """Shares of two outcomes with and without interactions."""
    names = ("offsets", "covariates", "dynamics")
    shares = {"model": (0.5, 0.3, 0.2), "interactions_off": (0.7, 0.1, 0.2)}
    return pd.DataFrame(
        [
            {"variant": variant, "outcome": outcome, "n": 40, **dict(zip(names, values, strict=True))}
            for variant, values in shares.items()
            for outcome in ("mipex_total", "ties_mean")
        ]
    )


def write_validation(
    path: Path, change: Callable[[pd.DataFrame], pd.DataFrame] = lambda frame: frame
) -> None:
    """Leave in `path` what a validation leaves, each table passed through `change`."""
    change(make_cases()).to_parquet(path / "cases.parquet")
    change(make_factorial()).to_parquet(path / "factorial.parquet")
    change(make_timelines()).to_parquet(path / "timelines.parquet")
    tables = {
        "scoreboard": make_scoreboard(),
        "baselines": make_baselines(),
        "folds": make_folds(),
        "variance": make_variance(),
        "counterfactuals": make_counterfactuals(),
        "knockouts": make_knockouts(),
        "knockouts_indicators": make_knockouts_indicators(),
        "sensitivity": make_sensitivity(),
        "own_locality": make_own().drop(columns="variant"),
    }
    for name, table in tables.items():
        change(table).to_csv(path / f"{name}.csv", index=False)
    (path / "published.json").write_text(json.dumps(make_published()), encoding="utf-8")
    manifest = {"versions": {"woc_sim": "0.1.0"}, "seed": 1, "git": {"dirty": False}}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@dataclass
class Album:
    """A written report, and what went into it."""

    folder: Path
    page: str
    pictures: dict[str, Picture]
    figures: dict[str, Figure]
    said: dict[str, list[str]]


def write_album(folder: Path) -> Album:
    """Write the report of `folder`, keeping each figure and each sentence that stands for an empty panel."""
    album = Album(folder, "", {}, {}, {})
    save, say, figure = style.save, style.explain_empty, report._figure_html

    def keep(drawn: Figure, path: Path, title: str) -> Path:
        album.figures[path.stem] = drawn
        album.said[path.stem] = album.said.pop("", [])
        return save(drawn, path, title)

    def listen(axes: Axes, sentence: str) -> None:
        album.said.setdefault("", []).append(sentence)
        say(axes, sentence)

    def note(picture: Picture) -> str:
        album.pictures[picture.path.stem] = picture
        return figure(picture)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "save", keep)
        patch.setattr(style, "explain_empty", listen)
        patch.setattr(report, "_figure_html", note)
        album.page = report.write_report(folder).read_text(encoding="utf-8")
    return album
