"""Worlds in plain Python, so that coverage sees inside kernels: every process, every theory, every
instrument.

Run with NUMBA_DISABLE_JIT=1 under coverage; it fails if plain Python and the committed hashes of compiled
runs differ (see tests/test_simulation.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.fingerprint import GOLDEN, fingerprint, golden_scenario, rival_scenarios  # noqa: E402

from woc_sim.jit import JIT_ON  # noqa: E402


def main() -> None:
    """Live the golden world and the rival theories; compare with the committed fingerprints."""
    if JIT_ON:
        raise SystemExit("run this with NUMBA_DISABLE_JIT=1")
    expected = json.loads(GOLDEN.read_text(encoding="utf-8"))
    different = []
    for name, scenario in {"golden": golden_scenario(), **rival_scenarios()}.items():
        found = fingerprint(scenario)
        print(f"{name}: {found}", flush=True)
        if found != expected[name]:
            different.append(name)
    if different:
        raise SystemExit(f"plain Python and compiled runs differ in: {', '.join(different)}")


if __name__ == "__main__":
    main()
