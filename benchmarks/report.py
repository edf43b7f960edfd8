"""What `woc-sim benchmark` leaves: tables on the screen and as files (JSON, CSV, Markdown), and a picture."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.figure import draw
from benchmarks.measure import QUICK, Bar, Measured, Sizes, bars, measure, ratios
from benchmarks.thinning import distances
from woc_sim.figures import style


def run(out: Path, manifest: dict[str, Any], quick: bool, console: Console) -> Measured:
    """Measure everything, print it, and write it into the folder `out`, which exists."""
    before = os.getloadavg()
    told = Console(stderr=True)
    found = measure(QUICK if quick else Sizes(), lambda what: told.print(f"[dim]{what} ...[/]"))
    load = {"before": before, "after": os.getloadavg()}
    manifest = manifest | {"quick": quick, "load": load, "day": date.today().isoformat()}
    console.print(setting(manifest))
    for sheet in sheets(found):
        console.print()
        console.print(sheet.rich())
    write(out, found, manifest)
    return found


@dataclass(frozen=True)
class Sheet:
    """One table as it is printed and written: the first column is words, the others are numbers."""

    title: str
    header: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def rich(self) -> Table:
        """For a terminal."""
        table = Table(title=self.title, title_justify="left")
        for place, name in enumerate(self.header):
            table.add_column(name, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """For a page."""
        lines = [
            f"**{self.title}**",
            "",
            self.header,
            ("---", *("---:",) * (len(self.header) - 1)),
            *self.rows,
        ]
        return "\n".join(line if isinstance(line, str) else f"| {' | '.join(line)} |" for line in lines)


def setting(manifest: dict[str, Any]) -> str:
    """Machine, load, versions, commit and day in one line."""
    machine, versions, load = manifest["machine"], manifest["versions"], manifest["load"]
    return (
        f"{processor()}, {machine['cores']} cores, load {load['before'][0]:.1f} to {load['after'][0]:.1f}; "
        f"Python {versions['python']}, Mesa {versions['mesa']}, numba {versions['numba']}, "
        f"numpy {versions['numpy']}; {commit(manifest)}; {manifest['day']}"
    )


def sheets(found: Measured) -> list[Sheet]:
    """All tables, the bars first."""
    kept = Sheet(
        "What is asked, and what was measured",
        ("what", "measured", "limit", "goal", "limit is"),
        [(bar.what, f"{bar.value:.3g}", *limits(bar), "met" if bar.met else "missed") for bar in bars(found)],
    )
    same = Sheet(
        "The same lives, but for chance: means over replicates, half width of the 99.9 % interval",
        ("indicator", "kernels", "plain Mesa", "difference", "+-"),
        [
            (row.indicator, *(f"{x:.4f}" for x in (row.kernels, row.twin, row.difference, row.half_width)))
            for row in found.tables["equality"].itertuples()
        ],
    )
    faster = Sheet(
        "CPU ms a month, medians of pairs",
        ("what", "people", "kernels", "other", "ratio", "range"),
        [
            (
                row.what,
                f"{row.people:,}",
                f"{1e3 * row.kernels:.3f}",
                f"{1e3 * row.other:.1f}",
                f"{row.ratio:.1f}",
                f"{row.lowest:.1f} to {row.highest:.1f}",
            )
            for row in ratios(found).itertuples()
        ],
    )
    runs = Sheet(
        "Whole runs of 2,000 people: building, 144 months, instruments and tables (CPU)",
        ("organisations", "s a run", "quickest to slowest", "runs a second"),
        [
            (
                "decide" if row.organisations else "at rest",
                f"{row.seconds:.3f}",
                f"{row.quickest:.3f} to {row.slowest:.3f}",
                f"{row.per_second:.1f}",
            )
            for row in found.tables["runs"].itertuples()
        ],
    )
    small = Sheet(
        "CPU ms of a run of 120 months, with all instruments or that of the policy index alone",
        ("people", "all instruments", "policy index"),
        [
            *(
                (f"{each['people']:,.0f}", f"{each['all']:.1f}", f"{each['index']:.1f}")
                for each in found.tables["small"].to_dict("records")
            ),
            ("0", *(f"{found.numbers[f'fixed_ms_{kind}']:.1f}" for kind in ("all", "index"))),
        ],
    )
    growth = Sheet(
        f"Growth with the number of people: exponent {found.numbers['exponent']:.2f}",
        ("people", "CPU s of all steps", "building (s)"),
        [
            (f"{row.people:,}", f"{row.seconds:.2f}", f"{row.building:.2f}")
            for row in found.tables["scaling"].itertuples()
        ],
    )
    thinned = Sheet(
        "A thinned town beside the whole of 9,000: largest distance of an indicator per head",
        ("scale", "standard errors", "indicator"),
        [
            (f"{row.scale:g}", f"{row.distance:+.1f}", style.readable(row.indicator))
            for _, each in distances(found.tables["thinning"]).groupby("scale")
            for row in each.loc[[each["distance"].abs().idxmax()]].itertuples()
        ],
    )
    hot = Sheet(
        "Where plain Mesa spends its time (under the profiler)",
        ("function", "calls", "own s", "share"),
        [
            (row.function, f"{row.calls:,}", f"{row.self_seconds:.2f}", f"{row.share:.0%}")
            for row in found.tables["hottest"].itertuples()
        ],
    )
    return [kept, same, faster, processes(found), runs, small, whole_run(found), growth, thinned, hot]


def whole_run(found: Measured) -> Sheet:
    """One large town in a process of its own."""
    n = found.numbers
    return Sheet(
        f"One run of {n['run_people']:,.0f} people and {n['run_months']:.0f} months in a process of its own",
        ("wall s", "CPU s", "building (s)", "MiB, libraries only", "built", "at most", "bytes a person"),
        [
            (
                f"{n['run_wall']:.1f}",
                f"{n['run_cpu']:.1f}",
                f"{n['run_building']:.2f}",
                f"{n['run_libraries_mib']:.0f}",
                f"{n['run_built_mib']:.0f}",
                f"{n['run_peak_mib']:.0f}",
                f"{n['run_bytes_person']:.0f}",
            )
        ],
    )


def processes(found: Measured) -> Sheet:
    """Nanoseconds a person and month of each process, one column a size."""
    wide = found.tables["processes"].pivot(index="process", columns="people", values="ns_person_month")
    wide = wide.loc[list(dict.fromkeys(found.tables["processes"]["process"]))]
    rows = [
        (process, *(f"{value:.1f}" for value in values))
        for process, values in zip(wide.index, wide.to_numpy(), strict=True)
    ]
    rows.append(("all", *(f"{value:.1f}" for value in wide.sum())))
    header = ("process", *(f"{people:,} people" for people in wide.columns))
    return Sheet("Wall ns a person and month, by process", header, rows)


def limits(bar: Bar) -> tuple[str, str]:
    """Limit and goal of a bar in words."""
    word = "at most" if bar.most else "at least"
    return f"{word} {bar.ceiling:g}", "" if bar.goal is None else f"{bar.goal:g}"


def processor() -> str:
    """Name of the processor, where Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return "unknown processor"
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "processor")


def commit(manifest: dict[str, Any]) -> str:
    """The commit that was measured."""
    git = manifest["git"]
    if git is None:
        return "no repository"
    return f"commit {git['commit'][:10]}{' with changes' if git['changed'] else ''}"


def long(found: Measured) -> pd.DataFrame:
    """All numbers as rows: table, row, quantity, value."""
    rows = []
    keys = {"equality": ["indicator"], "stepping": ["people", "pair"], "numpy": ["people", "pair"]}
    keys |= {"processes": ["people", "process"], "runs": ["organisations"], "scaling": ["people"]}
    keys |= {"small": ["people"], "hottest": ["function"], "thinning": ["scale", "indicator"]}
    for name, table in found.tables.items():
        for record in table.to_dict("records"):
            row = " ".join(str(record.pop(key)) for key in keys[name])
            rows += [(name, row, quantity, float(value)) for quantity, value in record.items()]
    rows += [("number", "", name, value) for name, value in found.numbers.items()]
    return pd.DataFrame(rows, columns=["table", "row", "quantity", "value"])


def write(out: Path, found: Measured, manifest: dict[str, Any]) -> None:
    """benchmark.json, .csv, .md and .png; each appears whole."""
    held = {
        **manifest,
        "status": "finished",
        "processor": processor(),
        "numbers": found.numbers,
        "ratios": ratios(found).to_dict("records"),
        "bars": [{**vars(bar), "met": bar.met} for bar in bars(found)],
        "tables": {name: table.to_dict("records") for name, table in found.tables.items()},
    }
    draw(found, out / ".benchmark.png")
    (out / ".benchmark.csv").write_text(long(found).to_csv(index=False), "utf-8")
    (out / ".benchmark.json").write_text(json.dumps(held, indent=2, default=float) + "\n", "utf-8")
    page = [setting(manifest), *(sheet.markdown() for sheet in sheets(found))]
    (out / ".benchmark.md").write_text("\n\n".join(page) + "\n", "utf-8")
    for kind in ("png", "csv", "md", "json"):
        (out / f".benchmark.{kind}").replace(out / f"benchmark.{kind}")
