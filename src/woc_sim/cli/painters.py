"""Drawing beside the run: matplotlib is imported by other processes while this one simulates.

A run of a small place takes a quarter of a second, and importing matplotlib and drawing two pictures with it
five times that. Each picture has a process of its own, started before
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

from woc_sim.cli.startup import collect_garbage, rest_garbage, start_helper
from woc_sim.errors import UserError

PICTURES: Final = (
    ("run", "draw_timeline", "monthly.parquet"),
    ("run", "draw_profile", "final.parquet"),
)
"""What is drawn of a run: module of figures, its function, and the tables of the folder that it takes."""

OF_LIVES: Final = (("life_stories", "draw_lives", "life_stories.csv", "monthly.parquet"),)
"""What is drawn of life stories, in the same form."""

ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Painters:
    """Processes that wait for folders with tables and draw their pictures. They end with this process."""

    def __init__(self, pictures: Sequence[tuple[str, ...]] = PICTURES) -> None:
        self._started = [
            start_helper(
                "woc_sim.cli.painters",
                *picture,
                environment=ONE_THREAD,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
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
        """Wait until the pictures of `folder` are there.

        Raises UserError where they cannot be written, RuntimeError with a painter's traceback.
        """
        for painter in self._started:
            assert painter.stdout is not None
            drawn, refused, failure = "", None, None
            while drawn != str(folder):  # a folder whose run failed after `draw` comes before it
                line = painter.stdout.readline()
                if not line:
                    raise _ended(painter)
                drawn, refused, failure = json.loads(line)
            if refused is not None:
                raise UserError(refused)
            if failure is not None:
                raise RuntimeError(f"while drawing in another process:\n{failure}")

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for painter in self._started:
            painter.terminate()
            painter.communicate()


def _ended(painter: subprocess.Popen[str]) -> Exception:
    painters.cache_clear()
    code = painter.wait()
    if code < 0:  # by somebody's hand, or for want of memory
        return UserError(f"a process that draws was ended by signal {-code}; ask again")
    return RuntimeError(f"a drawing process ended with exit code {code}")


@cache
def painters(pictures: tuple[tuple[str, ...], ...] = PICTURES) -> Painters:
    """This process's painters of `pictures`, started when first asked for and kept for all runs."""
    started = Painters(pictures)
    atexit.register(started.close)
    return started


def paint(module: str, function: str, *tables: str) -> None:
    """Draw one picture for each folder named on standard input, a JSON text a line, and answer each.

    The answer is a line with the folder, what the system refused to write, and the traceback where drawing
    failed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C, and its painters end with it
    if sys.platform != "win32":
        os.nice(10)  # importing here must not slow the run down
    rest_garbage()
    from pyarrow.csv import read_csv
    from pyarrow.parquet import ParquetFile

    from woc_sim.figures import style

    draw = getattr(import_module(f"woc_sim.figures.{module}"), function)
    style.load_renderer()
    collect_garbage()
    for line in sys.stdin:
        folder, refused, failure = Path(json.loads(line)), None, None
        try:
            read = [
                read_csv(folder / table) if table.endswith(".csv") else ParquetFile(folder / table).read()
                for table in tables
            ]
            draw(*read, folder / "figures")
        except UserError as error:
            refused = error.sentence
        except Exception:
            failure = traceback.format_exc()
        print(json.dumps((str(folder), refused, failure)), flush=True)


if __name__ == "__main__":
    paint(*sys.argv[1:])
