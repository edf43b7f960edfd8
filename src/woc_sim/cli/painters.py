"""Drawing beside the run: matplotlib is imported by other processes while this one simulates.

A run of a small place takes a quarter of a second, and importing matplotlib and drawing two pictures with it
five times that. Each picture has a process of its own (`python -m woc_sim.cli.painters`), started before
the run, which reads the tables when they are there. A painter whose parent dies finds its input closed
and ends.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from woc_sim.cli.startup import collect_garbage, rest_garbage

PICTURES: Final = (
    ("run", "draw_timeline", "monthly.parquet"),
    ("run", "draw_profile", "final.parquet"),
)
"""What is drawn of a run: module of figures, its function, and the tables of the folder that it takes."""

OF_LIVES: Final = (("life_stories", "draw_lives", "life_stories.csv", "monthly.parquet"),)
"""What is drawn of life stories, in the same form."""

QUIET: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


class Painters:
    """Processes that wait for folders with tables and draw their pictures. They end with this process."""

    def __init__(self, pictures: Sequence[tuple[str, ...]] = PICTURES) -> None:
        self._started = [
            subprocess.Popen(
                [sys.executable, "-m", "woc_sim.cli.painters", *picture],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | QUIET,
            )
            for picture in pictures
        ]

    def draw(self, folder: Path) -> None:
        """Let the pictures of the tables in `folder` be drawn; `finish` waits for them."""
        for painter in self._started:
            assert painter.stdin is not None
            try:
                painter.stdin.write(json.dumps(str(folder)) + "\n")
                painter.stdin.flush()
            except BrokenPipeError:
                raise _ended(painter) from None

    def finish(self, folder: Path) -> None:
        """Wait until the pictures of `folder` are there. Raises RuntimeError with a painter's traceback."""
        for painter in self._started:
            assert painter.stdout is not None
            drawn, failure = "", None
            while drawn != str(folder):  # a folder whose run failed after `draw` comes before it
                line = painter.stdout.readline()
                if not line:
                    raise _ended(painter)
                drawn, failure = json.loads(line)
            if failure is not None:
                raise RuntimeError(f"while drawing in another process:\n{failure}")

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for painter in self._started:
            painter.terminate()
            painter.communicate()


def _ended(painter: subprocess.Popen[str]) -> RuntimeError:
    painters.cache_clear()
    return RuntimeError(f"a drawing process ended with exit code {painter.wait()}")


@cache
def painters(pictures: tuple[tuple[str, ...], ...] = PICTURES) -> Painters:
    """This process's painters of `pictures`, started when first asked for and kept for all runs."""
    started = Painters(pictures)
    atexit.register(started.close)
    return started


def paint(module: str, function: str, *tables: str) -> None:
    """Draw one picture for each folder named on standard input, a JSON text a line, and answer each.

    The answer is a line with the folder and, where drawing failed, the traceback.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C, and its painters end with it
    os.nice(10)  # importing here must not slow the run down
    rest_garbage()
    from pyarrow.csv import read_csv
    from pyarrow.parquet import ParquetFile

    from woc_sim.figures import style

    draw = getattr(import_module(f"woc_sim.figures.{module}"), function)
    style.warm()
    collect_garbage()
    for line in sys.stdin:
        folder, failure = Path(json.loads(line)), None
        try:
            read = [
                read_csv(folder / table) if table.endswith(".csv") else ParquetFile(folder / table).read()
                for table in tables
            ]
            draw(*read, folder / "figures")
        except Exception:
            failure = traceback.format_exc()
        print(json.dumps((str(folder), failure)), flush=True)


if __name__ == "__main__":
    paint(*sys.argv[1:])
