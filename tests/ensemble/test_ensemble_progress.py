"""Progress: lines where there is no terminal, and silence on request."""

from __future__ import annotations

from woc_sim.ensemble.progress import Progress


def test_progress_speaks_in_lines_where_there_is_no_terminal(capsys, monkeypatch):
    clock = iter(range(0, 1000, 11))
    monkeypatch.setattr("woc_sim.ensemble.progress.time.perf_counter", lambda: float(next(clock)))
    with Progress("simulating", total=3, already_done=2) as display:
        for _ in range(3):
            display.advance(1)
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "simulating: 3 runs, 2 found finished"
    assert "1 of 3 runs" in said[1]
    assert "s left" in said[1]
    assert said[-1].startswith("simulating: 3 runs in ")


def test_progress_can_be_silent(capsys):
    with Progress("simulating", total=3, show=False) as display:
        display.advance(3)
    assert capsys.readouterr().err == ""
