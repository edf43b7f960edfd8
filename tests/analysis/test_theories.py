"""Rival theories: which are compared, how they are ranked, and what would tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from handmade_studies import eu_rows

from woc_sim.analysis import theories as module
from woc_sim.analysis.baselines import crps_ensemble
from woc_sim.analysis.replication import published
from woc_sim.analysis.rival_theories import rivals, sets_of_rivals
from woc_sim.analysis.study import Study, one_study
from woc_sim.analysis.theories import CANNOT_TELL, PREFERS, compared
from woc_sim.errors import UserError
from woc_sim.figures.theories import theories as draw
from woc_sim.scenario.schema import Scenario


def test_a_single_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="studies is 1; allowed: an integer from 2 to 1000"):
        module.theories(tmp_path, studies=1)


def made_study(number: int, shift: float, ties: float) -> Study:
    """A study with the published scores, shifted in conservative places, and with ties of a level."""
    truth = published().west["mipex_total"]
    noise = np.random.default_rng(number).normal(size=(40, 2))
    rows = []
    for place, row in enumerate(eu_rows()):
        score = truth[place] if place < len(truth) else 30.0
        uneven = shift * (-1) ** place
        rows.append(
            row
            | {"mipex_total": score + uneven + 3 * noise[place, 0]}
            | {"ties_mean": 2.0 + ties + 0.5 * noise[place, 1], "net_lg_ngo": 3.0}
        )
    return one_study(rows)


@pytest.fixture(scope="module")
def found() -> Any:
    chosen = rivals(("contact", "elections"))
    shifts = {"moderated": (0.0, 0.0), "unmoderated": (12.0, 1.0), "none": (0.0, 0.01)}
    studies = {
        one.changed: [made_study(number, *shifts.get(one.name, (0.0, 0.0))) for number in range(6)]
        for one in chosen
    }
    return compared(chosen, studies, 1)


def test_the_theory_that_predicts_worse_is_not_preferred(found: Any) -> None:
    pairs = found.pairs.set_index(["first", "second"])
    worse = pairs.loc[("moderated", "unmoderated")]
    assert worse["by_prediction"] == "moderated"
    assert worse["crps_low"] > 0
    assert worse["verdict"].startswith(f"{PREFERS} moderated (by ")
    assert pairs.loc[("moderated", "none"), "verdict"] == CANNOT_TELL
    same = pairs.loc[("fixed", "endogenous")]
    assert (same["fit"], same["crps"], same["verdict"]) == (0, 0, CANNOT_TELL)
    ranking = found.ranking.set_index("theory")
    assert ranking.at["unmoderated", "crps"] > ranking.at["moderated", "crps_high"]
    assert ranking.at["unmoderated", "p_best_crps"] == 0
    assert found.ranking["subject"].tolist() == ["contact"] * 3 + ["elections"] * 2


def test_the_reading_that_differs_most_is_named_first(found: Any) -> None:
    one = found.observations[found.observations["second"] == "unmoderated"].iloc[0]
    assert one["reading"] == "ties_mean"
    assert one["contrast"] == "mean of all places"
    assert one["difference"] == pytest.approx(1.0, abs=1e-6)
    assert one["ratio"] == pytest.approx(1 / one["error"])
    assert one["places"] <= 40
    near = found.observations[(found.observations["first"] == "moderated")]
    near = near[near["second"] == "none"]
    assert near["ratio"].iloc[0] < 1
    assert near["places"].iloc[0] > 40
    assert not len(found.observations[found.observations["subject"] == "elections"])
    told = module.sentences(found)
    assert len(told) == 5
    assert "best told apart by ties_mean (mean of all places): +1" in told[0]
    assert "places are needed" in told[1]
    assert told[-2].endswith("no reading would tell them apart")
    assert told[-1].startswith("8 comparisons were made")


def test_the_country_left_out_gives_no_part_of_its_offset() -> None:
    """Scores that are too low by 10 everywhere are predicted as well as right ones."""
    right = [made_study(number, 0.0, 0.0) for number in range(5)]
    low = []
    for study in right:
        values = study.eu.table.values.copy()
        values[:, study.eu.table.index["mipex_total"]] -= 10.0
        low.append(replace(study, eu=replace(study.eu, table=replace(study.eu.table, values=values))))
    errors, country = module.country_out_errors({"right": right, "low": low})
    assert errors["right"] == pytest.approx(errors["low"])
    assert len(country) == len(errors["right"]) == 36
    truth, draws = np.array([1.0, 2.0]), np.array([[0.0, 2.0, 5.0], [2.0, 2.0, 2.5]])
    assert module._crps_by_case(truth, draws).mean() == pytest.approx(crps_ensemble(truth, draws))


def test_a_small_comparison_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Scenario", lambda places, **rest: Scenario(places, months=4, **rest))
    found = module.theories(
        tmp_path, subjects=("elections",), studies=2, people=50, workers=1, progress=False
    )
    assert set(found.ranking["theory"]) == {"fixed", "endogenous"}
    written = pd.read_csv(tmp_path / "pairs.csv")
    assert len(written) == 1
    reached = found.ranking[["subject", "theory"]].assign(
        out_of_reach=20, into_reach="", put_out="", held=50.0
    )
    for each in (found, replace(found, reached=reached)):
        for picture in draw(each, tmp_path / "figures"):
            assert picture.path.read_bytes().startswith(b"\x89PNG")
            assert "Out of reach" in picture.caption or each is found or picture.path.stem == "observations"
    assert any(
        "20 findings are out of reach" in line for line in module.sentences(replace(found, reached=reached))
    )


def test_a_study_of_a_rival_has_the_set_of_its_own_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds: dict[str, list[float]] = {}

    def recorded(points: Sequence[tuple[Scenario, int]], *rest: object) -> list[Study]:
        for world, _ in points:
            worlds.setdefault(world.theories["contact"], []).append(world.parameters["policy.load"])
        return [made_study(number, 0.0, 0.0) for _, number in points]

    monkeypatch.setattr(module, "simulated_studies", recorded)
    for name, value in (("default", 0.1), ("contact.none", 0.3)):
        (tmp_path / f"{name}.csv").write_text(f"set,weight,policy.load\n1,1,{value}\n", "utf-8")
    found = module.theories(
        tmp_path / "out",
        subjects=("contact",),
        studies=2,
        workers=1,
        progress=False,
        sets=sets_of_rivals(str(tmp_path), rivals(("contact",))),
    )
    assert worlds == {"moderated": [0.1, 0.1], "unmoderated": [0.1, 0.1], "none": [0.3, 0.3]}
    assert module.sentences(found)[-1].endswith(
        "contact none: plausible sets of their own; the others have those of default.csv"
    )
