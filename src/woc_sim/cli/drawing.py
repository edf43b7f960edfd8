"""Drawing in helper processes, which import matplotlib while this process simulates.

A run of a small locality takes a quarter of a second; importing matplotlib and drawing two figures takes five
times as long. Each figure has its own process. It starts before the run and reads the tables when they are
written. If the parent dies, its standard input closes and it ends.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from woc_sim.cli.startup import pause_garbage_collection, resume_garbage_collection, start_helper
from woc_sim.errors import UserError

TIMELINE: Final = "draw_timeline"
"""The function that draws the indicators of a `Drawing`."""
PICTURES: Final = (
    ("run", TIMELINE, "monthly.parquet"),
    ("run", "draw_profile", "final.parquet"),
)
"""Figures of a run: module in figures, function, and the tables of the folder that it reads."""

LIFE_STORY_PICTURES: Final = (("life_stories", "draw_lives", "life_stories.csv", "monthly.parquet"),)
"""Figures of life stories, in the same form."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What figures say and show.

    ``about``: the line under every title; ``indicators``: those of the time line (none: the usual ones);
    ``formats``: written beside PNG.
    """

    about: str = ""
    indicators: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


USUAL: Final = Drawing()
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class DrawingProcesses:
    """Helper processes that wait for folders with tables and draw their figures. They end with this "
    "process."""

    def __init__(self, pictures: Sequence[tuple[str, ...]] = PICTURES) -> None:
        self._processes = [
            start_helper(
                "woc_sim.cli.drawing",
                *picture,
                environment=ONE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            for picture in pictures
        ]

    def draw(self, folder: Path, drawing: Drawing = USUAL) -> None:
        """Start drawing the figures of the tables in `folder`; `finish` waits for them."""
        line = json.dumps([str(folder), drawing.about, drawing.indicators, drawing.formats])
        for process in self._processes:
            assert process.stdin is not None
            try:
                process.stdin.write(line + "\n")
                process.stdin.flush()
            except BrokenPipeError:
                raise _end_error(process) from None

    def finish(self, folder: Path) -> None:
        """Wait until the figures of `folder` are drawn.

        Raises UserError if they cannot be written, RuntimeError with a helper's traceback.
        """
        for process in self._processes:
            assert process.stdout is not None
            folder_drawn, error_sentence, traceback_text = "", None, None
            while folder_drawn != str(
                folder
            ):  # earlier answers belong to a folder whose run failed after `draw`
                line = process.stdout.readline()
                if not line:
                    raise _end_error(process)
                folder_drawn, error_sentence, traceback_text = json.loads(line)
            if error_sentence is not None:
                raise UserError(error_sentence)
            if traceback_text is not None:
                raise RuntimeError(f"while drawing in another process:\n{traceback_text}")

    def close(self) -> None:
        """End the processes at once."""
        for process in self._processes:
            process.terminate()
            process.communicate()


def _end_error(process: subprocess.Popen[str]) -> Exception:
    drawing_processes.cache_clear()
    code = process.wait()
    if code < 0:  # killed by a user or for lack of memory
        return UserError(f"a drawing process was ended by signal {-code}; repeat the command")
    return RuntimeError(f"a drawing process ended with exit code {code}")


@cache
def drawing_processes(pictures: tuple[tuple[str, ...], ...] = PICTURES) -> DrawingProcesses:
    """The helper processes for `pictures`; started at the first call and kept for all runs of this "
    "process."""
    started = DrawingProcesses(pictures)
    atexit.register(started.close)
    return started


def draw_for_parent(module: str, function: str, *tables: str) -> None:
    """Draw one figure for each folder named on standard input, and answer each on standard output.

    A line of input is a JSON list: the folder and the parts of a `Drawing`.

    An answer is one line with the folder, a sentence if the system refused to write, and a traceback if
    drawing failed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C, and this process ends with it
    if sys.platform != "win32":
        os.nice(10)  # importing must not slow down the simulation
    pause_garbage_collection()
    from pyarrow.csv import read_csv
    from pyarrow.parquet import ParquetFile

    from woc_sim.figures import style

    draw = getattr(import_module(f"woc_sim.figures.{module}"), function)
    style.load_renderer()
    resume_garbage_collection()
    for line in sys.stdin:
        name, about, indicators, formats = json.loads(line)
        folder, error_sentence, traceback_text = Path(name), None, None
        chosen = [tuple(indicators)] if function == TIMELINE and indicators else []
        try:
            arguments = [
                read_csv(folder / table) if table.endswith(".csv") else ParquetFile(folder / table).read()
                for table in tables
            ]
            with style.sheet(about, formats):
                draw(*arguments, folder / "figures", *chosen)
        except UserError as error:
            error_sentence = error.sentence
        except Exception:
            traceback_text = traceback.format_exc()
        print(json.dumps((str(folder), error_sentence, traceback_text)), flush=True)


if __name__ == "__main__":
    draw_for_parent(*sys.argv[1:])
