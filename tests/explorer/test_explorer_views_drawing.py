"""What views share: months, differences in words, headings as plain text."""

import numpy as np
from small_pairs import alone, pair

from woc_sim.ensemble.compare import paired_differences
from woc_sim.explorer.views import drawing


def test_months_and_counts_in_words():
    assert drawing.month_words(0) == "2012-01"
    assert drawing.month_words(143) == "2023-12"
    assert drawing.counted(1, "person", "persons") == "1 person"
    assert drawing.counted(1200, "person", "persons") == "1,200 persons"


def test_months_on_an_axis_of_dates():
    years = drawing.years_of(13)
    assert years[0] == np.datetime64("2012-01-01", "ms").astype(int)
    assert years[12] == np.datetime64("2013-01-01", "ms").astype(int)


def test_bands_go_from_the_lowest_to_the_highest():
    mean, low, high = drawing.band_of(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert (mean.tolist(), low.tolist(), high.tolist()) == ([2.0, 5.0], [1.0, 5.0], [3.0, 5.0])


def test_a_month_that_no_replicate_knows_is_a_gap_and_has_no_band():
    mean, low, high = drawing.band_of(np.array([[1.0, np.nan, 4.0], [3.0, np.nan, np.nan]]))
    assert np.array_equal(mean, [2.0, np.nan, 4.0], equal_nan=True)
    assert low.tolist() == [1.0, 2.0, 4.0]
    assert high.tolist() == [3.0, 2.0, 4.0]


def test_differences_in_words_have_an_interval_only_with_replicates():
    a, b = np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])
    found = paired_differences(a, b)
    (words,) = drawing.difference_words(found, "{:+.1f}")
    assert words.startswith("+1.5 (")
    assert f"{found.low[0]:+.1f}" in words
    assert drawing.difference_words(paired_differences(a[:1], b[:1]), "{:+.1f}") == ["+1.0"]
    nothing = paired_differences(np.array([[np.nan]]), np.array([[1.0]]))
    assert drawing.difference_words(nothing, "{:+.1f}") == ["unknown"]


def test_a_heading_names_both_sides_and_escapes_names():
    told = drawing.heading("Town", pair())
    assert "progressive" in told
    assert "conservative" in told
    assert "seed 1" in told
    assert "<script>" not in drawing.heading("Town", alone())
