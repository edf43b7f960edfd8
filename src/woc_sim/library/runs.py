"""Runs in Python: `run`, `load`, and the tables that they give."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from woc_sim.ensemble import arguments
from woc_sim.ensemble.clusters import Dask
from woc_sim.ensemble.column_metadata import with_meanings
from woc_sim.ensemble.folders import finished_run
from woc_sim.ensemble.manifests import RunManifest
from woc_sim.ensemble.run import SUMMARISED, final_frame, monthly_frame
from woc_sim.ensemble.run_files import FINAL, MONTHLY, NEW_RUN_ADVICE, read_run_table
from woc_sim.errors import UserError
from woc_sim.library.commands import MODEL, command_of_run, versions
from woc_sim.library.frames import chosen_columns, described, write_frames
from woc_sim.records import shown, yaml_settings
from woc_sim.scenario.as_settings import settings_of
from woc_sim.scenario.parse import parse
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.words import Setting, Settings

if TYPE_CHECKING:
    import pandas as pd
    import xarray

    from woc_sim.library.plots import Plot

CONFIG: Final = "config.yaml"
"""Name of the settings file in a run's folder."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RunTables:
    """The results of a scenario's replicates, and what is needed to repeat them.

    ``monthly``: case, replicate, month (date of its first day), then indicators. ``final``: case, replicate,
    then readings. Units and meanings of the columns are in their ``attrs``; `woc_sim.observables` lists them.
    ``scenario``: the scenario, None if unknown. ``settings``: the settings of the scenario, empty if no
    settings make it. ``versions``: of woc-sim, the model, Python and the libraries. ``command``: the command
    line that repeats the run; empty if no settings make the scenario.
    """

    monthly: pd.DataFrame
    final: pd.DataFrame
    scenario: Scenario | None = None
    settings: Mapping[str, Setting] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""

    def __repr__(self) -> str:
        sizes = (f"{name} {len(table)} x {table.shape[1]}" for name, table in self._tables().items())
        return f"RunTables(rows x columns: {', '.join(sizes)}; {shown(self.scenario)})"

    def _repr_html_(self) -> str:
        """What a notebook shows: the words of `repr`, and the summary."""
        from woc_sim.ensemble.escaping import html_text

        return f"<p>{html_text(repr(self))}</p>{self.summary().to_html()}"

    def _tables(self) -> dict[str, pd.DataFrame]:
        return {"monthly": self.monthly, "final": self.final}

    def summary(self, names: str | Sequence[str] | None = None) -> pd.DataFrame:
        """A few readings of each locality over the replicates.

        names: columns of ``final`` or ``monthly`` (mean of the last year); None for those that `woc-sim run`
        prints. Index: case and name. Columns: median, low and high (5 % and 95 % point), n (replicates in
        which the value is known), unit, meaning. Raises UserError for an unknown name.
        """
        import pandas as pd

        last_year = self.monthly.groupby(["case", "replicate"], sort=False).tail(12)
        yearly = last_year.drop(columns="month").groupby(["case", "replicate"], sort=False).mean()
        values = self.final.set_index(["case", "replicate"])
        values = values.join(yearly[[name for name in yearly if name not in values]])
        meanings = self.monthly.attrs, self.final.attrs
        units, words = (
            {k: v for each in meanings for k, v in each[key].items()} for key in ("units", "meanings")
        )
        rows = []
        for case, own in values.groupby(level="case", sort=False):
            for name in chosen_columns(values, names, SUMMARISED):
                known = own[name].dropna()
                low, median, high = known.quantile([0.05, 0.5, 0.95])
                rows.append(
                    {
                        "case": case,
                        "name": name,
                        "median": median,
                        "low": low,
                        "high": high,
                        "n": len(known),
                        "unit": units.get(name, ""),
                        "meaning": words.get(name, ""),
                    }
                )
        return pd.DataFrame(rows).set_index(["case", "name"])

    def plot(self, names: str | Sequence[str] | None = None) -> Plot:
        """Indicators over time: the median of each locality over the replicates, with a band from the 5 % to
        the 95 % point.

        names: columns of ``monthly``; None for a choice. Returns a matplotlib figure, which notebooks show;
        ``.savefig("a.png")`` writes it. Raises UserError for an unknown name.
        """
        from woc_sim.library.plots import INDICATORS_DRAWN, draw_months

        return draw_months(self.monthly, chosen_columns(self.monthly, names, INDICATORS_DRAWN), self.title)

    @property
    def title(self) -> str:
        """The scenario in words, for titles."""
        return self.command.removeprefix("woc-sim run ") or shown(self.scenario)

    def to_csv(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write ``monthly.csv`` and ``final.csv`` into a folder; returns the files.

        Raises UserError if the system refuses to write.
        """
        return write_frames(self._tables(), folder)

    def to_xarray(self) -> xarray.Dataset:
        """The indicators by month, with the dimensions case, replicate and month, and units as attributes.

        Raises UserError if xarray is not installed.
        """
        dataset = _arrays(self.monthly, ["case", "replicate", "month"])
        dataset.attrs.update({"scenario": self.title, "command": self.command, **self.versions})
        return dataset


def _arrays(table: pd.DataFrame, keys: list[str]) -> xarray.Dataset:
    from woc_sim.ensemble.sweep_tables import require_xarray

    require_xarray()
    import xarray

    dataset: xarray.Dataset = with_meanings(xarray.Dataset.from_dataframe(table.set_index(keys)))
    return dataset


def run(scenario: Scenario | Settings, replicates: int = 1, workers: int | Dask = 1) -> RunTables:
    """Simulate a scenario in one or more replicates. Nothing is written.

    Parameters
    ----------
    scenario : a `Scenario`, or a mapping of its settings, ``{"case": "C21", "seed": 7}``.
    replicates : number of replicates, 1 to 100,000. Each has its own draws.
    workers : number of parallel processes, 1 to 1024; 1 means this process. Results do not depend on it.

    Returns
    -------
    `RunTables`: ``monthly`` and ``final`` (pandas), ``scenario``, ``settings``, ``versions``, ``command``.

    Raises
    ------
    UserError : if the scenario is invalid or a number is out of range. It is raised before anything runs.
    """
    from woc_sim.ensemble.executors import run_many
    from woc_sim.ensemble.tasks import replicated

    checked = arguments.scenario_of(scenario)
    count, workers = arguments.replicates_of(replicates), arguments.workers_of(workers)
    outcomes = run_many(replicated("model", [("", checked)], range(count)), workers, progress=False)
    rows = [row for outcome in outcomes for row in outcome.rows]
    return RunTables(
        described(monthly_frame(rows)),
        described(final_frame(rows)),
        checked,
        settings_of(checked) or {},
        versions(),
        command_of_run(checked, count),
    )


def load(folder: str | os.PathLike[str]) -> RunTables:
    """The tables, scenario and settings of a folder that ``woc-sim run`` wrote.

    Parameters
    ----------
    folder : the folder of one run (for ``woc-sim run -m``, one of its numbered folders).

    Returns
    -------
    `RunTables`, with the versions and the command that made them. `run` of their scenario repeats the run.

    Raises
    ------
    UserError : if a file is missing, damaged or of another kind.
    """
    path = arguments.folder_of("folder", folder)
    return read_tables(path, finished_run(path))


def read_tables(folder: Path, manifest: RunManifest | None = None) -> RunTables:
    """The tables, settings and scenario in a folder that ``woc-sim run`` wrote, and its manifest if known.

    Raises UserError with the name of the file that is missing, damaged or of another kind.
    """
    advice = NEW_RUN_ADVICE
    try:
        settings = yaml_settings(folder / CONFIG, advice)
        monthly, final = (described(read_run_table(folder, name)) for name in (MONTHLY, FINAL))
    except FileNotFoundError as error:
        missing = Path(str(error.filename or error)).name
        raise UserError(
            f"{shown(folder)} holds no finished run: {missing} is missing; `woc-sim run out=DIR` makes one"
        ) from None
    if not isinstance(settings, dict):
        raise UserError(f"{shown(folder / CONFIG)} holds no settings; {advice}")
    try:
        scenario, _ = parse(settings)
    except UserError as error:
        raise UserError(f"{shown(folder / CONFIG)}: {error.sentence}"[:300]) from None
    if manifest is None:
        return RunTables(monthly, final, scenario, settings)
    made_with = {**manifest.versions, MODEL: manifest.model_hash}
    return RunTables(monthly, final, scenario, settings, made_with, manifest.command)
