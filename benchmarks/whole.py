"""The whole model: runs a second, seconds by process, memory a person, growth with the number of people."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.localities import ORGANISATIONS, town_of
from woc_sim.cli.profile import time_processes
from woc_sim.ensemble.run import final_frame, monthly_frame, run_rows
from woc_sim.inputs.vocabulary import MONTHS
from woc_sim.simulation import open_world

ROOT = Path(__file__).resolve().parent.parent


def runs_per_second(people: int, months: int, runs: int) -> pd.DataFrame:
    """Whole runs a CPU second (building, instruments and tables included) with and without organisations.

    organisations, runs, seconds (of one run), per_second, slowest, quickest (of one run).
    """
    asked = {
        True: town_of(people, months),
        False: town_of(people, months, schedule={"drop": list(ORGANISATIONS)}),
    }
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for replicate in range(runs + 1):
        for organisations, scenario in asked.items():
            gc.collect()
            start = time.process_time()
            found = run_rows(scenario, replicate)
            monthly_frame(found)
            final_frame(found)
            if replicate:  # the first loads kernels and libraries
                seconds[organisations].append(time.process_time() - start)
    rows = []
    for organisations, each in seconds.items():
        middle = float(np.median(each))
        rows.append(
            {
                "organisations": organisations,
                "runs": runs,
                "seconds": middle,
                "per_second": 1.0 / middle,
                "quickest": min(each),
                "slowest": max(each),
            }
        )
    return pd.DataFrame(rows)


def small_runs(sizes: tuple[int, ...], months: int, runs: int) -> pd.DataFrame:
    """CPU ms of whole runs by their size, medians: people, all (with every instrument), index (with that of
    the policy index alone).

    Sizes take turns, so that a slow minute of the machine is in all of them.
    """
    scenarios = {people: town_of(people, months) for people in sizes}
    kinds: dict[str, tuple[str, ...]] = {"all": (), "index": ("mipex_total",)}
    seconds: dict[tuple[int, str], list[float]] = {(people, kind): [] for people in sizes for kind in kinds}
    for replicate in range(runs + 1):
        for (people, kind), each in seconds.items():
            gc.collect()
            start = time.process_time()
            run_rows(scenarios[people], replicate, readings=kinds[kind])
            if replicate:  # the first loads kernels
                each.append(time.process_time() - start)
    return pd.DataFrame(
        [
            {"people": people} | {kind: 1e3 * float(np.median(seconds[people, kind])) for kind in kinds}
            for people in sizes
        ]
    )


def fixed_cost(table: pd.DataFrame, kind: str) -> float:
    """Milliseconds that a run costs whatever its size: the line through the times of small runs, at no
    people."""
    return float(np.polyfit(table["people"], table[kind], 1)[1])


def by_process(people: int, months: int) -> pd.DataFrame:
    """Seconds of every process in a whole run: process, seconds, share, nanoseconds a person and month."""
    table = time_processes(town_of(people, months))
    table["ns_person_month"] = table["seconds"] * 1e9 / (people * months)
    return table


def scaling(sizes: list[int], months: int, repeats: int) -> pd.DataFrame:
    """CPU seconds of the steps of one town by its size (best of `repeats`): people, seconds, building."""
    rows = []
    for people in sizes:
        asked = town_of(people, months)
        best = building = float("inf")
        for _ in range(repeats):
            gc.collect()
            start = time.process_time()
            with open_world(asked, 0) as world:
                built = time.process_time()
                for _ in range(months):
                    world.step()
                best = min(best, time.process_time() - built)
                building = min(building, built - start)
        rows.append({"people": people, "seconds": best, "building": building})
    return pd.DataFrame(rows)


def organisations(few: int, many: int, months: int) -> dict[str, float]:
    """Cost of the organisations' processes: milliseconds in 144 months of a place of `few` residents, whom
    they hardly look at, and their share of all steps at `many`."""
    small, large = (time_processes(town_of(people, months)).set_index("process") for people in (few, many))
    own = [name for name in ORGANISATIONS if name in small.index]
    steps = large.drop(index="building")["seconds"]
    return {
        "organisations_people": float(many),
        "organisations_fixed_ms": 1e3 * float(small.loc[own, "seconds"].sum()) * MONTHS / months,
        "organisations_share": float(steps[own].sum() / steps.sum()),
    }


def exponent(table: pd.DataFrame) -> float:
    """Slope of log seconds on log people."""
    return float(np.polyfit(np.log(table["people"]), np.log(table["seconds"]), 1)[0])


def footprint(people: int, months: int) -> dict[str, float]:
    """A whole run in a process of its own: seconds (wall, cpu, building), MiB, and bytes a person."""
    command = [sys.executable, "-m", "benchmarks.footprint", str(people), str(months)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, float] = json.loads(done.stdout)
    return found
