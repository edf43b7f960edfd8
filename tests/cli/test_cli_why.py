"""`woc-sim why` as a command: what it writes and prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from woc_sim.cli.main import main
from woc_sim.cli.why import requested
from woc_sim.errors import UserError

ONE = "people=80 months=24 executive=conservative"
OTHER = "people=80 months=24 executive=progressive"


def test_why_writes_tables_words_and_a_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["why", ONE, OTHER, "reading=mipex_total,lg_degree", "channels=policy,contact+opinion"]
    out = tmp_path / "why"
    assert main([*typed, "replicates=2", "workers=1", f"out={out}"]) == 0
    effects, shares, replicates = (
        pd.read_csv(out / f"{name}.csv") for name in ("effects", "shares", "replicates")
    )
    assert list(effects["reading"]) == ["mipex_total", "lg_degree"]
    assert list(shares["channel"][:3]) == ["setting", "policy", "contact+opinion"]
    assert len(replicates) == 2 * 2 * 3
    sums = shares.groupby("reading", sort=False)["share"].sum()
    assert sums.to_numpy() == pytest.approx(effects["effect"].to_numpy(), abs=1e-9)
    text = (out / "why.txt").read_text("utf-8")
    printed = capsys.readouterr().out
    assert text.strip() in printed
    assert (out / "figures" / "why.png").exists()
    assert json.loads((out / "manifest.json").read_text("utf-8"))["status"] == "finished"


def test_names_are_lists_and_reading_and_out_are_asked_for() -> None:
    given = requested(["reading=a,b", "channels=contact+opinion", "hold=policy", "out=x"])
    assert given["reading"] == ("a", "b")
    assert given["channels"] == ("contact+opinion",)
    assert given["hold"] == ("policy",)
    with pytest.raises(UserError, match="reading is missing"):
        requested(["out=x"])
    with pytest.raises(UserError, match="out is missing"):
        requested(["reading=a"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([], "why takes two scenarios"),
        ([ONE, OTHER, "out=OUT"], "reading is missing"),
        ([ONE, ONE, "reading=mipex_total", "out=OUT"], "the two scenarios are equal"),
        ([ONE, OTHER, "reading=mipex", "out=OUT"], "there is no reading or indicator 'mipex'"),
        ([ONE, OTHER, "reading=mipex_total", "channels=polcy", "out=OUT"], "there is no channel 'polcy'"),
        ([ONE, OTHER, "reading=mipex_total", "hold=nothing", "out=OUT"], "hold is 'nothing'"),
        ([ONE, OTHER, "reading=mipex_total", "replicates=1", "out=OUT"], "replicates is 1"),
        ([ONE, f"{OTHER} seed=2", "reading=mipex_total", "out=OUT"], "pairs need one"),
        ([ONE, f"{OTHER} workers=2", "reading=mipex_total", "out=OUT"], "has no effect in why"),
        ([ONE, "sweep=types", "reading=mipex_total", "out=OUT"], "why takes two single scenarios"),
        (["people=80", "people=70", "reading=mipex_total", "out=OUT"], "people is 80 in the first scenario"),
        (
            ["scale=0.01 months=1", "scale=0.02 months=1", "reading=mipex_total", "workers=1", "out=OUT"],
            "give both people=",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_two(
    typed: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o"
    assert main(["why", *(each.replace("OUT", str(out)) for each in typed)]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert told in lines[-1]
    assert not (out / "shares.csv").exists()
