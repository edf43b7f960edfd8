"""The tables of a calibration: waves, emulators, region, what the data shrink, what rules points out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.emulators import WIDE
from woc_sim.analysis.inference.matching import implausibilities, rejecting
from woc_sim.analysis.inference.parameters import first_design
from woc_sim.analysis.inference.streams import Stream
from woc_sim.analysis.inference.waves import Calibration
from woc_sim.files import write_table

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


def write_tables(found: Calibration, out: Path) -> dict[str, pd.DataFrame]:
    """Write the tables of a calibration as CSV into `out`; returns them by the name of their file."""
    tables = tables_of(found)
    for name, table in tables.items():
        write_table(table, out / f"{name}.csv")
    return tables


def tables_of(found: Calibration) -> dict[str, pd.DataFrame]:
    """The tables of a calibration, by the name of their file."""
    return {
        "waves": wave_table(found),
        "emulators": emulator_table(found),
        "region": region_table(found),
        "shrinkage": shrinkage_table(found),
        "rejecting": rejecting_table(found),
        "depth": depth_table(found),
    }


def wave_table(found: Calibration) -> pd.DataFrame:
    """One line for each wave: points, studies, share of emulators' leave-one-out errors within `WIDE`
    standard deviations, share of the ranges that is left, smallest implausibility."""
    import pandas as pd

    rows = []
    for number, wave in enumerate(found.waves, start=1):
        errors = np.concatenate([each.leave_one_out() for each in wave.emulators if each is not None])
        rows.append(
            {
                "wave": number,
                "points": len(wave.units),
                "studies": len(wave.table.point),
                "statistics": sum(each is not None for each in wave.emulators),
                "loo_within_3": float(np.mean(np.abs(errors) <= WIDE)),
                "share_left": wave.region.share,
                "smallest_implausibility": wave.region.smallest,
            }
        )
    return pd.DataFrame(rows)


def emulator_table(found: Calibration) -> pd.DataFrame:
    """One line for each wave and statistic: what its emulator reads, and its leave-one-out errors.

    ``explained``: share of the variance between points that the emulator does not count as noise;
    ``simulated_low`` and ``simulated_high``: 5 % and 95 % point over the studies of the wave.
    """
    import pandas as pd

    rows = []
    for number, wave in enumerate(found.waves, start=1):
        for column, (each, statistic) in enumerate(
            zip(wave.emulators, fit_statistics.FIT_STATISTICS, strict=True)
        ):
            values = wave.table.values[:, column]
            known = values[np.isfinite(values)]
            row: dict[str, Any] = {
                "wave": number,
                "statistic": statistic.name,
                "finding": statistic.finding,
                "unit": statistic.unit,
                "published": float(found.target.published[column]),
                "spread": float(np.sqrt(found.target.variance[column])),
                "simulated_low": float(np.quantile(known, 0.05)) if len(known) else np.nan,
                "simulated_high": float(np.quantile(known, 0.95)) if len(known) else np.nan,
                "active": "",
                "loo_within_3": np.nan,
                "loo_rmse": np.nan,
            }
            if each is not None:
                errors = each.leave_one_out()
                row |= {
                    "active": " ".join(found.space.names[index] for index in each.active),
                    "loo_within_3": float(np.mean(np.abs(errors) <= WIDE)),
                    "loo_rmse": float(np.sqrt(np.mean(errors**2))),
                }
            rows.append(row)
    return pd.DataFrame(rows)


def region_table(found: Calibration) -> pd.DataFrame:
    """Points of the region that is left (or the best points, if it is empty): values of the parameters and
    implausibility."""
    import pandas as pd

    region = found.region
    table = pd.DataFrame(found.space.values(region.units), columns=pd.Index(found.space.names))
    table.insert(0, "implausibility", found.matching(region.units))
    return table


def shrinkage_table(found: Calibration) -> pd.DataFrame:
    """How far the data shrink each parameter: low, middle and high of the region (5, 50, 95 %), and the width
    of this 90 % interval as a share of that of the range; and how many statistics it moves: those whose
    emulator in the first wave reads it."""
    import pandas as pd

    units = found.region.units
    low, middle, high = np.quantile(units, (0.05, 0.5, 0.95), axis=0)
    values = [found.space.values(each) for each in (low, middle, high)]
    width = (high - low) / 0.9
    return pd.DataFrame(
        {
            "parameter": found.space.names,
            "low": values[0],
            "middle": values[1],
            "high": values[2],
            "default": found.space.values(found.space.default()),
            "range_low": found.space.low,
            "range_high": found.space.high,
            "width": width,
            "statistics": [
                sum(column in each.active for each in found.waves[0].emulators if each is not None)
                for column in range(len(low))
            ],
        }
    ).sort_values("width", kind="stable", ignore_index=True)


def rejecting_table(found: Calibration) -> pd.DataFrame:
    """Statistics that rule points out: share of the first design and of the best points at which each is
    above the cut, by the last wave; median implausibility of the best points; and implausibility of the
    default values, by the first wave."""
    import pandas as pd

    last = found.waves[-1]
    design = rejecting(found.target, last.emulators, found.waves[0].units)
    best = rejecting(found.target, last.emulators, found.region.units[:100])
    table = implausibilities(found.target, last.emulators, found.region.units[:100])
    default = implausibilities(found.target, found.waves[0].emulators, found.space.default()[None, :])[0]
    rows = [
        {
            "statistic": each.name,
            "finding": each.finding,
            "published": float(found.target.published[column]),
            "share_of_ranges": design.get(each.name, 0.0),
            "share_of_best": best.get(each.name, 0.0),
            "implausibility_of_best": float(np.nanmedian(table[:, column]))
            if np.isfinite(table[:, column]).any()
            else np.nan,
            "implausibility_of_default": float(default[column]),
        }
        for column, each in enumerate(fit_statistics.FIT_STATISTICS)
    ]
    return pd.DataFrame(rows).sort_values(
        ["implausibility_of_best", "share_of_ranges"], ascending=False, kind="stable", ignore_index=True
    )


POLITICS: Final = "politics"
"""Word in the names of the statistics for politics' share of within-country variance."""


def politics_of(found: Calibration) -> list[str]:
    """Politics' share of within-country variance over the region beside the study's interval, in words; empty
    if no statistic is about it."""
    lines = []
    for column, each in enumerate(fit_statistics.FIT_STATISTICS):
        emulator = found.waves[-1].emulators[column]
        if POLITICS not in each.name or emulator is None:
            continue
        mean, variance = emulator.predict(found.region.units)
        draws = mean + np.sqrt(variance) * Stream("politics", found.settings.seed).normal(len(mean))
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
        half = 1.645 * float(np.sqrt(found.target.observation[column, column]))
        published = found.target.published[column]
        inside = published - half <= middle <= published + half
        lines.append(
            f"{each.name}: {middle:.2f} ({low:.2f} to {high:.2f}) over the "
            f"{'best points' if found.region.empty else 'region'}, published {published:.2f} "
            f"({published - half:.2f} to {published + half:.2f}): "
            f"{'inside' if inside else 'outside'} the study's interval"
        )
    return lines


PAIRED: Final = 6
"""Parameters whose pairs are described: those that the data shrink most."""
BINS: Final = 8
SCANNED: Final = 2048
"""Points of the whole ranges at which implausibility is calculated for the pairs."""


def depth_table(found: Calibration) -> pd.DataFrame:
    """For pairs of the parameters that the data shrink most, on a grid: smallest implausibility and depth.

    The depth is the share of the points of a cell that is not ruled out, as a multiple of that of all ranges.
    """
    import pandas as pd

    names = list(shrinkage_table(found)["parameter"].head(min(PAIRED, len(found.space.names))))
    region = found.region.units
    scan = np.vstack([first_design(len(found.space.names), SCANNED, found.settings.seed + 9), region])
    level = found.matching(scan)
    rows = []
    for x in names:
        for y in names:
            if x == y:
                continue
            columns = [found.space.names.index(name) for name in (x, y)]
            cells = np.minimum((scan[:, columns] * BINS).astype(int), BINS - 1)
            own = cells[len(scan) - len(region) :]
            for column in range(BINS):
                for row in range(BINS):
                    here = (cells[:, 0] == column) & (cells[:, 1] == row)
                    inside = ((own[:, 0] == column) & (own[:, 1] == row)).mean()
                    rows.append(
                        {
                            "x": x,
                            "y": y,
                            "column": column,
                            "row": row,
                            "implausibility": float(level[here].min()) if here.any() else np.nan,
                            "depth": float(inside) * BINS**2,
                        }
                    )
    return pd.DataFrame(rows)
