"""The numbers on the screen: equal to those of the commands that the page gives."""

import shlex

import numpy as np
import pandas as pd
import pytest
from sides import pair_of, screen

from woc_sim.cli.main import main
from woc_sim.explorer.numbers import band, csv_text, difference, sentence
from woc_sim.explorer.settings import command, config_text
from woc_sim.instruments.readings import INDICATOR_NAMES


@pytest.fixture(scope="module")
def two():
    shown = screen(**{"locality.rrp_share": 0.4, "theory.contact": "none"})
    return shown, pair_of(shown)


def run(command_line, folder, capsys):
    """Run a copied command, but in one process and in a folder of the test."""
    program, *arguments = shlex.split(command_line)
    assert program == "woc-sim"
    *arguments, out = arguments
    assert out == "out=out/explored"
    assert main([*arguments, f"out={folder}"]) == 0, capsys.readouterr().err


def test_copied_comparison_gives_the_numbers_of_the_screen(two, tmp_path, capsys):
    shown, pair = two
    run(command(shown).replace(" out=", " workers=1 out="), tmp_path / "c", capsys)
    effects = pd.read_csv(tmp_path / "c" / "effects.csv")
    for name in ("mean_attitude", "belief_executive", "migrants", "ties_per_migrant"):
        rows, found = effects[effects["indicator"] == name], difference(pair, name)
        for column in ("first", "second", "effect", "low", "high"):
            np.testing.assert_array_equal(rows[column].to_numpy(), getattr(found, column), err_msg=name)


@pytest.mark.parametrize("form", ["command", "config"])
def test_copied_run_and_downloaded_config_give_the_numbers_of_side_a(two, tmp_path, capsys, form):
    shown, pair = screen(), two[1]
    if form == "command":
        run(command(shown), tmp_path / "r", capsys)
    else:
        (tmp_path / "config.yaml").write_text(config_text(shown.a, shown.replicates), encoding="utf-8")
        assert main(["run", f"from={tmp_path / 'config.yaml'}", f"out={tmp_path / 'r'}"]) == 0
    monthly = pd.read_parquet(tmp_path / "r" / "monthly.parquet")
    for replicate, rows in monthly.groupby("replicate"):
        np.testing.assert_array_equal(rows[list(INDICATOR_NAMES)].to_numpy(), pair.a.indicators[replicate])


def test_band_is_mean_and_range_of_replicates(two):
    values = two[1].a.indicator("mean_attitude")
    found = band(two[1].a, "mean_attitude")
    assert np.allclose(found.mean, (values[0] + values[1]) / 2)
    assert (found.low == np.minimum(*values)).all()
    assert (found.high == np.maximum(*values)).all()


def test_csv_has_every_number_with_all_digits(two):
    from io import StringIO

    table = pd.read_csv(StringIO(csv_text(two[1])))
    assert list(table.columns[:3]) == ["side", "replicate", "month"]
    b = table[(table["side"] == "B") & (table["replicate"] == 1)]["mean_attitude"]
    np.testing.assert_array_equal(b.to_numpy(), two[1].b.indicator("mean_attitude")[1])


def test_sentence_says_what_is_known(two):
    _, pair = two
    assert "B less A" in sentence(pair, "mean_attitude")
    assert "2 pairs" in sentence(pair, "mean_attitude")
    alone = pair_of(screen())
    assert "replicates" in sentence(alone, "mean_attitude")
    assert "not known" in sentence(alone, "deprivation") or "Last year" in sentence(alone, "deprivation")
