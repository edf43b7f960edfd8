"""`woc-sim benchmark`: speed of the kernels compared with the same mechanism in plain Mesa and in numpy."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from woc_sim.cli import settings
from woc_sim.cli.config_dir import command_text
from woc_sim.ensemble import folders
from woc_sim.errors import UserError
from woc_sim.scenario import fields

HELP: Final = """\
usage: woc-sim benchmark [quick=true] [out=DIR]

First it checks that the kernels and a plain-Mesa twin of the person side give the same distributions. Then
it times both, numpy, the single processes and whole runs, and measures memory and growth with size. Takes
about six minutes, or one with quick=true, which uses smaller towns. Prints tables and writes them into DIR
(default out/benchmark) as benchmark.json, .csv and .md, with a figure. Needs a checkout of the sources.
"""

READERS: Final[dict[str, settings.Reader]] = {
    "quick": fields.flag,
    "out": fields.text,
}

ROOT: Final = Path(__file__).resolve().parents[3]


def main(arguments: Sequence[str]) -> int:
    """Check the settings, measure, print; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given, _ = settings.read_settings(arguments, READERS)
    if not (ROOT / "benchmarks" / "report.py").is_file():
        raise UserError(
            "benchmark compares with code that is not installed; run it from a checkout of the sources"
        )
    out = Path(given.get("out", "out/benchmark"))
    folders.prepare(out, "benchmark")

    from rich.console import Console

    from woc_sim.ensemble.provenance import describe

    sys.path.insert(0, str(ROOT))
    manifest = describe("benchmark", command_text("benchmark", arguments))
    import_module("benchmarks.report").run(out, manifest, given.get("quick", False), Console())
    print(f"results: {out / 'benchmark.json'} (.csv, .md, .png)", flush=True)
    return 0
