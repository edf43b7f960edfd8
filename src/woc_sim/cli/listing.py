"""`woc-sim list`: tables of cases, parameters, findings and so on, for reading or as CSV for scripts."""

import csv
import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from woc_sim.errors import UserError, nearest

Rows = list[dict[str, str]]

HELP: Final = """\
usage: woc-sim list cases|parameters|findings|observables|processes|theories|own_rules|measures|kinds
                    |interventions|experiments|presets [--csv]

  cases        the 49 localities of the study: known covariates and published scores
  parameters   every number of the model with unit, range, source and status
  findings     the 112 published statements: role and source
  observables  columns of monthly.parquet and final.parquet (also: indicators)
  processes    the processes of a month, in order: purpose, columns read and written, source
  theories     the rival theories of each subject: claim, default, source (theory/SUBJECT=NAME)
  own_rules    the rules that one of your own may replace: what it gives and may ask for (docs/own-rules.md)
  measures     what a municipality can adopt: component, need, cost, staff, target, level, strength, channel
  kinds        the kinds of organisation: level, traits, interest, numbers by inhabitants, ideology, staff
  interventions  what can be changed in a running world (intervention=NAME): meaning, columns changed
  experiments  what `woc-sim reproduce NAME` can repeat (in a checkout of the sources)
  presets      named settings and sweeps: woc-sim run experiment=..., woc-sim sweep sweep=...

Sources are below each line; --csv prints every column.
"""

COLUMNS: Final = {
    "cases": (
        "case",
        "country",
        "macroregion",
        "size",
        "executive",
        "rrp",
        "non_eu",
        "unemployment",
        "mipex_total",
    ),
    "parameters": ("name", "value", "low", "high", "unit", "status", "meaning"),
    "findings": ("id", "kind", "role", "statement"),
    "observables": ("name", "table", "unit", "meaning"),
    "indicators": ("name", "table", "unit", "meaning"),
    "processes": ("order", "name", "purpose"),
    "theories": ("subject", "name", "default", "claim"),
    "own_rules": ("subject", "rule", "argument", "unit", "low", "high", "meaning"),
    "measures": ("name", "component", "sector", "direction", "cost", "staff", "strength", "label"),
    "kinds": ("kind", "level", "interest", "count", "per_100k", "ideology", "staff", "traits"),
    "interventions": ("name", "meaning"),
    "experiments": ("name", "question"),
    "presets": ("use", "meaning"),
}
"""Columns for reading; --csv has all."""
LINES_BELOW: Final = {
    "parameters": ("source",),
    "findings": ("source",),
    "processes": ("source", "reads", "writes"),
    "theories": ("source",),
    "measures": ("target", "coverage", "source"),
    "kinds": ("source",),
    "interventions": ("changes",),
    "experiments": ("design", "findings"),
}
"""Columns that are printed below a line, because they are too long."""
MIN_LAST_COLUMN: Final = 40
"""Least width of the last column, in characters; if there is less room, it is printed below the line."""


def main(arguments: Sequence[str]) -> int:
    """Print one table; returns the exit code."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    as_csv = "--csv" in arguments
    names = [argument for argument in arguments if argument != "--csv"]
    if len(names) != 1 or names[0] not in TABLES:
        hint = nearest(names[0], TABLES) if len(names) == 1 else ""
        given = f", not {' '.join(names)!r}" if names else ""
        raise UserError(f"list takes one of {', '.join(TABLES)}{given}" + (f"; {hint}" if hint else ""))
    rows = TABLES[names[0]]()
    if as_csv:
        _print_csv(rows)
    else:
        _print_text(names[0], rows)
    return 0


def cases() -> Rows:
    """The 49 localities."""
    from woc_sim.analysis.tables import cases_table

    return cases_table()


def findings() -> Rows:
    """The 112 findings."""
    from woc_sim.analysis.tables import findings_table

    return findings_table()


def parameters() -> Rows:
    """The registry of parameters."""
    from woc_sim.scenario.parameters import registry

    return [
        {
            "name": one.name,
            "value": f"{one.value:.10g}",
            "low": f"{one.low:.10g}",
            "high": f"{one.high:.10g}",
            "unit": one.unit,
            "status": one.status,
            "source": one.source,
            "meaning": one.meaning,
        }
        for one in registry().values()
    ]


def indicators() -> Rows:
    """Columns of the monthly table, then of the final table."""
    from woc_sim.instruments.readings import INDICATORS, READINGS

    monthly = [
        {
            "name": one.name,
            "table": one.table,
            "unit": one.unit,
            "meaning": one.meaning,
            "instrument": "",
            "month": "",
        }
        for one in INDICATORS
    ]
    final = [
        {
            "name": one.name,
            "table": one.table,
            "unit": one.unit,
            "meaning": one.meaning,
            "instrument": one.instrument,
            "month": one.month,
        }
        for one in READINGS
    ]
    return monthly + final


def processes() -> Rows:
    """The processes of a month and their declarations."""
    from woc_sim.processes.schedule import PROCESSES

    return [
        {
            "order": str(index),
            "name": one.name,
            "purpose": one.purpose,
            "source": one.source,
            "every": str(one.every),
            "reads": " ".join(one.reads),
            "writes": " ".join(one.writes),
            "parameters": " ".join(one.parameters),
            "theories": " ".join(one.theories),
            "draws": " ".join(one.draws),
        }
        for index, one in enumerate(PROCESSES, start=1)
    ]


def own_rules() -> Rows:
    """The rules that a user may replace: first what each gives, then what it may ask for."""
    from woc_sim.scenario.own_rules import replaceable

    return [
        {
            "subject": one.subject,
            "rule": one.rule,
            "argument": each.name or "(result)",
            "unit": each.unit,
            "low": f"{each.low:g}",
            "high": f"{each.high:g}",
            "parameter": each.parameter,
            "meaning": each.meaning,
        }
        for one in replaceable().values()
        for each in (one.result, *one.arguments.values())
    ]


def theories() -> Rows:
    """The rival theories of each subject, and how a rule of one's own is given where it may replace them."""
    from woc_sim.inputs.theories import theories as catalogue
    from woc_sim.scenario.own_rules import replaceable

    own = [
        {
            "subject": one.subject,
            "name": f"FILE.py:{one.rule}",
            "default": "",
            "claim": f"a rule of one's own; it may ask for {', '.join(one.arguments)}",
            "source": "docs/own-rules.md; `woc-sim new rule my_rules.py` writes one to begin with",
        }
        for one in replaceable().values()
    ]
    rivals = [
        {
            "subject": one.subject,
            "name": one.name,
            "default": "default" if one.is_default else "",
            "claim": one.claim,
            "source": one.source,
        }
        for rivals in catalogue().values()
        for one in rivals.values()
    ]
    return rivals + own


def measures() -> Rows:
    """The catalogue of municipal measures, with the responsible level of each component by framework."""
    from woc_sim.inputs import tables

    levels: dict[str, dict[str, list[str]]] = {}
    for country in tables.countries():
        for row in tables.mandates(country.framework):
            levels.setdefault(row.component, {}).setdefault(row.level, []).append(row.framework)
    return [
        {
            "name": one.name,
            "component": one.component,
            "sector": one.sector,
            "direction": "inclusive" if one.direction > 0 else "restrictive",
            "weight": f"{one.weight:g}",
            "cost": f"{one.cost:g}",
            "staff": f"{one.staff:g}",
            "target": one.target,
            "reach": f"local {one.scope}",
            "coverage": f"{one.coverage:g}",
            "strength": f"{one.strength:g}",
            "level": "; ".join(
                f"{level}: {' '.join(places)}"
                for level, places in sorted(levels.get(one.component, {}).items())
            ),
            "channel": f"{'public' if one.direction > 0 else 'restrictive'}[{one.sector}]",
            "source": one.source,
            "label": one.label,
        }
        for one in tables.measures()
    ]


def kinds() -> Rows:
    """The kinds of organisation, as their catalogue has them."""
    from woc_sim.inputs.organisations import actor_kinds

    return [
        {
            "kind": one.kind,
            "key": str(one.key),
            "label": one.label,
            "plural": one.plural,
            "level": one.level,
            "interest": one.interest,
            "count": f"{one.count:g}",
            "per_100k": f"{one.count_per_100k:g}",
            "most": f"{one.most:g}",
            "ideology": f"{one.ideology:g}",
            "staff": f"{one.staff:g}",
            "staff_per_100k": f"{one.staff_per_100k:g}",
            "dependence": f"{one.dependence:g}",
            "meets": f"{one.meets:g}",
            "meets_migrants": one.meets_migrants,
            "source": one.source,
            "traits": " ".join(sorted(one.traits)),
        }
        for one in actor_kinds()
    ]


def interventions() -> Rows:
    """The interventions with the columns they change."""
    from woc_sim.scenario.interventions import EFFECTS

    return [
        {
            "name": name,
            "meaning": effect.meaning,
            "changes": " ".join(dict.fromkeys(change.column for change in effect.changes)),
        }
        for name, effect in EFFECTS.items()
    ]


def experiments() -> Rows:
    """The experiments that `reproduce` can repeat. Raises UserError outside a checkout of the sources."""
    from woc_sim.cli.reproduce import experiment_folders
    from woc_sim.records import yaml_settings

    rows = []
    for folder in experiment_folders():
        settings = yaml_settings(folder / "experiment.yaml", "take it from the sources")
        lists = {
            key: " ".join(map(str, settings[key]))
            for key in ("design", "findings", "readings", "full", "quick")
        }
        rows.append({"name": folder.name, "question": str(settings["question"]), **lists})
    return rows


def presets() -> Rows:
    """The named settings (`experiment=`) and sweeps (`sweep=`) under conf/: what each sets, and its "
    "comment."""
    import yaml

    from woc_sim.cli import CONF

    rows = []
    for group in ("experiment", "sweep"):
        for path in sorted((CONF / group).glob("*.yaml")):
            text = path.read_text("utf-8")
            comments = [
                line[2:] for line in text.splitlines() if line.startswith("# ") and "@package" not in line
            ]
            settings = yaml.safe_load(text)
            rows.append(
                {"use": f"{group}={path.stem}", "meaning": " ".join(comments), "settings": _flat(settings)}
            )
    return rows


def _flat(settings: dict[str, object]) -> str:
    """Settings of a preset as they would be typed."""
    typed: list[str] = []

    def walk(value: object, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{key}.{name}" if key else str(name))
        elif isinstance(value, list):
            for inner in value:
                walk(inner, key)
        else:
            short_key = (
                key.removeprefix("defaults.").removeprefix("override /").removeprefix("hydra.sweeper.params.")
            )
            typed.append(f"{short_key}={value}")

    walk(settings, "")
    return " ".join(typed)


TABLES: Final[dict[str, Callable[[], Rows]]] = {
    "cases": cases,
    "parameters": parameters,
    "findings": findings,
    "observables": indicators,
    "indicators": indicators,
    "processes": processes,
    "theories": theories,
    "own_rules": own_rules,
    "measures": measures,
    "kinds": kinds,
    "interventions": interventions,
    "experiments": experiments,
    "presets": presets,
}


def _print_csv(rows: Rows) -> None:
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print_text(name: str, rows: Rows) -> None:
    """Print columns with their natural width; the last one is wrapped to the terminal or printed below."""
    shown = COLUMNS[name]
    cells = [[_cell(row, key) for key in shown] for row in rows]
    widths = [max([len(key), *(len(line[index]) for line in cells)]) for index, key in enumerate(shown[:-1])]
    indent = sum(widths) + 2 * len(widths)
    width = max(shutil.get_terminal_size((120, 24)).columns, 60)
    room = width - indent
    is_beside = room >= MIN_LAST_COLUMN or all(len(line[-1]) <= room for line in [shown, *cells])
    for index, line in enumerate([list(shown), *cells]):
        line_start = "".join(f"{cell:{wide}}  " for cell, wide in zip(line, widths, strict=False))
        first_line, *more_lines = textwrap.wrap(line[-1], room if is_beside else width - 4) or [""]
        print(
            f"{line_start}{first_line}".rstrip() if is_beside else f"{line_start.rstrip()}\n    {first_line}"
        )
        for rest in more_lines:
            print(" " * (indent if is_beside else 4) + rest)
        for key in LINES_BELOW.get(name, ()) if index else ():
            text = rows[index - 1][key] or "nothing"
            print(textwrap.fill(f"    {key}: {text}", width, subsequent_indent=" " * 12))
    if name == "parameters":
        counts = Counter(row["status"] for row in rows)
        print(
            f"{len(rows)} parameters: "
            + ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        )
    elif name == "findings":
        counts = Counter(row["role"] for row in rows)
        print(
            f"{len(rows)} findings: " + ", ".join(f"{count} {role}" for role, count in sorted(counts.items()))
        )


def _cell(row: dict[str, str], key: str) -> str:
    """A cell; the two columns of a band become one."""
    if key in row:
        return row[key]
    low, high = row[f"{key}_low"], row[f"{key}_high"]
    return low if low == high else f"{low}-{high}"
