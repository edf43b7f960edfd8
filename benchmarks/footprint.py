"""`python -m benchmarks.footprint PEOPLE MONTHS`: time and memory of one run in a fresh process, as JSON.

Memory is counted over that of a process that has lived a small world: libraries and kernels are left out.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.localities import town_of
from woc_sim.ensemble.run import run_rows
from woc_sim.simulation import open_world

MIB = 1024.0


def memory(field: str) -> float:
    """MiB of this process: VmRSS now, VmHWM at its highest (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / MIB for line in lines if line.startswith(field))


def main(people: int, months: int) -> dict[str, float]:
    """Live one town of `people`; see `whole.footprint` for what is returned."""
    run_rows(town_of(300, months), 0)
    libraries = memory("VmRSS")
    asked = town_of(people, months)
    wall, cpu = time.perf_counter(), time.process_time()
    with open_world(asked, 0) as world:
        building, built = time.process_time() - cpu, memory("VmHWM")
        for _ in range(months):
            world.step()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = memory("VmHWM")
    return {
        "people": people,
        "months": months,
        "wall": wall,
        "cpu": cpu,
        "building": building,
        "libraries_mib": libraries,
        "built_mib": built,
        "peak_mib": peak,
        "bytes_person": (peak - libraries) * MIB * MIB / people,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
