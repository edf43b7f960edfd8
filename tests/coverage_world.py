"""Worlds in plain Python, so that coverage sees inside kernels: every process, every theory, every
instrument.

Run with NUMBA_DISABLE_JIT=1 under coverage; it fails if plain Python and the committed hashes of compiled
runs differ (see tests/test_simulation.py).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fingerprint import GOLDEN, committed_scenarios, fingerprint  # noqa: E402

from woc_sim.jit import JIT_ON  # noqa: E402
from woc_sim.scenario.schema import Scenario  # noqa: E402

LONG = ("long", "towns")
"""Worlds that live to the end of the calendar. They see no line of a kernel that the others do not, so they
are lived without coverage, which makes plain Python three times as slow."""
LANES = 3
"""Processes side by side: plain Python keeps one core busy. The last one takes the long worlds."""


def different(scenarios: dict[str, Scenario]) -> list[str]:
    """Names of the scenarios whose fingerprint in plain Python is not the committed one."""
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    names = []
    for name, scenario in scenarios.items():
        found = fingerprint(scenario)
        print(f"{name}: {found}", flush=True)
        if found != expected[name]:
            names.append(name)
    return names


def main(lane: str = "") -> None:
    """Live all worlds with committed fingerprints, in lanes, and compare."""
    if JIT_ON:
        raise SystemExit("run this with NUMBA_DISABLE_JIT=1")
    if not lane:
        unmeasured = {name: value for name, value in os.environ.items() if name != "COVERAGE_PROCESS_START"}
        lanes = [
            subprocess.Popen(
                [sys.executable, __file__, str(number)], env=unmeasured if number == LANES - 1 else None
            )
            for number in range(LANES)
        ]
        raise SystemExit(max(each.wait() for each in lanes))
    scenarios = committed_scenarios()
    short = [name for name in scenarios if name not in LONG]
    names = LONG if int(lane) == LANES - 1 else short[int(lane) :: LANES - 1]
    wrong = different({name: scenarios[name] for name in names})
    if wrong:
        raise SystemExit(f"plain Python and compiled runs differ in: {', '.join(wrong)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
