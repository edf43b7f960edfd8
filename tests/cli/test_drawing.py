"""Drawing in helper processes: figures arrive, failures are reported, and no helper outlives its parent."""

from pathlib import Path

import pandas as pd
import pytest

from woc_sim.cli.drawing import PICTURES, DrawingProcesses
from woc_sim.errors import UserError
from woc_sim.figures.run import PANELS


def _tables(folder: Path) -> Path:
    folder.mkdir()
    columns = {line.column: [0.5, 0.6] for panel in PANELS for line in panel.lines}
    pd.DataFrame({"month": ["2012-01", "2012-02"], **columns}).to_parquet(folder / "monthly.parquet")
    pd.DataFrame({"case": ["C21"], "mipex_total": [40.0]}).to_parquet(folder / "final.parquet")
    return folder


def test_painters_draw_several_folders_tell_what_failed_and_end(tmp_path: Path) -> None:
    painters = DrawingProcesses()
    try:
        for name in ("one", "two"):
            folder = _tables(tmp_path / name)
            painters.draw(folder)
            painters.finish(folder)
            assert {path.name for path in (folder / "figures").iterdir()} == {"timeline.png", "profile.png"}
        painters.draw(tmp_path / "missing")
        folder = _tables(tmp_path / "three")
        painters.draw(folder)
        painters.finish(folder)  # not misled by the answers about the folder before
        painters.draw(tmp_path / "missing")
        with pytest.raises(RuntimeError, match=r"(?s)while drawing.*monthly\.parquet"):
            painters.finish(tmp_path / "missing")
    finally:
        painters.close()
    assert all(painter.poll() is not None for painter in painters._processes)
    assert len(painters._processes) == len(PICTURES)


def test_a_painter_that_cannot_write_says_so_in_a_sentence(tmp_path: Path) -> None:
    painters = DrawingProcesses(PICTURES[:1])
    try:
        folder = _tables(tmp_path / "one")
        (folder / "figures").write_text("no folder", "utf-8")
        painters.draw(folder)
        with pytest.raises(UserError, match="figures cannot be written"):
            painters.finish(folder)
    finally:
        painters.close()


def test_a_painter_that_was_killed_is_no_bug(tmp_path: Path) -> None:
    painters = DrawingProcesses(PICTURES[:1])
    painters._processes[0].terminate()
    painters._processes[0].wait()
    with pytest.raises(UserError, match="ended by signal 15"):
        painters.finish(tmp_path)
    painters.close()


def test_a_painter_that_ended_is_told_and_not_waited_for(tmp_path: Path) -> None:
    painters = DrawingProcesses()
    painters.close()
    with pytest.raises((RuntimeError, ValueError)):
        painters.draw(tmp_path)
