"""Write the tables of the docs anew from the code: ``./run renew docs``, or ``python -m docs.tables``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from math import inf, isnan
from pathlib import Path

from docs.site.experiments import judged, readings_of, results
from woc_sim.analysis.checks import MIN_PUBLISHED_PASS_RATE
from woc_sim.analysis.fit_statistics import FIT_STATISTICS, observation_covariance, published_values
from woc_sim.analysis.nulls import NULLS
from woc_sim.analysis.numbers import numbers as numbers_of_the_study
from woc_sim.analysis.published_checks import published_checks as checks_on_published_data
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, MECHANISM_VERDICTS, VERDICTS
from woc_sim.cli import listing
from woc_sim.inputs.frames import diagnostic_frames, prognostic_frames
from woc_sim.inputs.groups import groups as catalogue_of_groups
from woc_sim.inputs.organisations import INTERESTS, TRAITS, actor_kinds
from woc_sim.inputs.sectors import sectors as catalogue_of_sectors
from woc_sim.inputs.theories import theories as rivals_by_subject
from woc_sim.instruments.behind import columns_behind
from woc_sim.instruments.readings import INDICATORS, READINGS
from woc_sim.processes.schedule import GIVEN
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.own_rules import replaceable
from woc_sim.world import governance, people, places
from woc_sim.world import groups as traits
from woc_sim.world.columns import Column

FOLDER = Path(__file__).parent
SETS: dict[str, Sequence[Column]] = {
    "groups": traits.TRAITS,
    "residents": people.RESIDENTS,
    "migrants": people.MIGRANTS,
    "places": places.PLACES,
    "members": places.MEMBERS,
    "links": places.LINKS,
    "encounters": places.ENCOUNTERS,
    "organisations": governance.ORGANISATIONS,
    "governance": governance.governance_columns(1),
    "measures": governance.MEASURES,
    "sectors": governance.SECTORS_STATE,
    "blocs": governance.BLOCS,
    "voices": governance.VOICES,
    "locality": governance.LOCALITY,
}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def processes() -> str:
    """The schedule: what each process is for, reads and writes, and where it comes from."""
    rows = [
        [
            one["order"],
            one["name"] if one["every"] == "1" else f"{one['name']} (every {one['every']} months)",
            one["purpose"],
            one["reads"].replace(" ", ", "),
            one["writes"].replace(" ", ", "),
            one["source"],
        ]
        for one in listing.processes()
    ]
    return table(("", "process", "purpose", "reads", "writes", "source"), rows)


def state() -> str:
    """Every column of every kind of entity."""
    rows = [
        [
            f"{name}.{one.name}"
            + (f" x {one.width}" if one.width else "")
            + (" for each group" if one.by else ""),
            f"{one.low:g} to {one.high:g}",
            one.unit,
            one.meaning,
        ]
        for name, columns in SETS.items()
        for one in columns
    ]
    return table(("variable", "range", "unit", "meaning"), rows)


def parameters() -> str:
    """The registry."""
    rows = [
        [
            f"`{one['name']}`",
            one["value"],
            f"{one['low']} to {one['high']}",
            one["unit"],
            one["status"],
            one["meaning"],
            one["source"],
        ]
        for one in listing.parameters()
    ]
    return table(("parameter", "value", "range", "unit", "status", "meaning", "source"), rows)


def measures() -> str:
    """The catalogue of municipal measures."""
    names = (
        "name",
        "label",
        "component",
        "direction",
        "reach",
        "cost",
        "staff",
        "target",
        "strength",
        "channel",
    )
    return table(names, [[one[name] for name in names] for one in listing.measures()])


def kinds() -> str:
    """The kinds of organisation with their traits and numbers."""
    rows = [
        [
            one.kind,
            one.level,
            ", ".join(name for name in TRAITS if name in one.traits),
            INTERESTS[one.interest] if one.interest else "",
            f"{one.count:g} + {one.count_per_100k:g}" + (f", at most {one.most:g}" if one.most < inf else ""),
            f"{one.ideology:g}",
            f"{one.spread:g}",
            f"{one.follows:g}",
            f"{one.staff:g} + {one.staff_per_100k:g}",
            f"{one.dependence:g}",
            f"{one.meets:g}",
            one.source,
        ]
        for one in actor_kinds()
    ]
    heads = (
        "kind|level|traits|interest|number, + by 100,000 inhabitants|ideology|spread|follows|staff|"
        "dependence|meets|source"
    )
    return table(heads.split("|"), rows)


def groups() -> str:
    """The groups of migrants with what is theirs."""
    heads = (
        "group|key|regime|quota|counted|series|size|margins|visible|chose|origin shared|compared with|"
        "reference|mean|individual|distance|cues|seats in cues|shared noise|own noise|rally|source"
    )
    rows = [
        [
            f"{value:g}"
            if isinstance(value, float)
            else f"{value:d}"
            if isinstance(value, bool)
            else str(value)
            for value in (one.name, *astuple(one)[1:2], *astuple(one)[5:])
        ]
        for one in catalogue_of_groups()
    ]
    return table(heads.split("|"), rows)


def sectors() -> str:
    """The sectors: who needs what, and which components of the index serve it."""
    rows = [
        [one.sector, one.need, ", ".join(one.components), ", ".join(one.observed), one.source]
        for one in catalogue_of_sectors()
    ]
    return table(("sector", "who needs it", "components", "observed by", "source"), rows)


def frames() -> str:
    """The frames, diagnostic and prognostic."""
    diagnostic = [
        ["diagnostic", one.frame, one.label, f"{one.tilt:g}", one.sector, one.source]
        for one in diagnostic_frames()
    ]
    prognostic = [
        ["prognostic", one.frame, one.label, one.tilted_by and f"*{one.tilted_by}*", "", one.source]
        for one in prognostic_frames()
    ]
    return table(("", "frame", "label", "tilt", "sector", "source"), diagnostic + prognostic)


def interventions() -> str:
    """What each intervention means and changes."""
    rows = []
    for name, effect in EFFECTS.items():
        for change in effect.changes:
            who = [", ".join(each) for each in (change.kinds, change.others) if each]
            part = " with ".join(who) or change.sector or change.frame
            how = f"{change.how} {change.level:g}" + (" once" if change.once else "")
            meaning = effect.meaning if change is effect.changes[0] else ""
            back = "" if change.once else "given back" if change.column in GIVEN else "by its process"
            rows.append([name, meaning, change.column, part, how, back])
    return table(("intervention", "meaning", "column", "of", "change", "at its end"), rows)


def own_rules() -> str:
    """What a rule of one's own gives and may ask for, by subject."""
    rows = []
    for rule in replaceable().values():
        for one in (rule.result, *rule.arguments.values()):
            name = f"`{one.name}`" if one.name else f"gives (`{rule.rule}`)"
            subject = "" if one.name else rule.subject
            limits = f"{one.low:g} to {one.high:g}"
            rows.append(
                [subject, name, one.unit, limits, f"`{one.parameter}`" * bool(one.parameter), one.meaning]
            )
    return table(("subject", "argument", "unit", "range", "parameter", "meaning"), rows)


def indicators() -> str:
    """What is observed every month, and the columns whose values it is made of."""
    rows = []
    for one in INDICATORS:
        behind = columns_behind(one.name)
        rows.append([one.name, one.unit, one.meaning, ", ".join(sorted(behind.values or behind.conditions))])
    return table(("indicator", "unit", "meaning", "stands for"), rows)


def readings() -> str:
    """What the instruments read, and the true state behind it."""
    heads = ("reading", "unit", "meaning", "stands for", "instrument", "when")
    return table(
        heads,
        [
            [one.name, one.unit, one.meaning, ", ".join(one.stands_for), one.instrument, one.month]
            for one in READINGS
        ],
    )


def theories() -> str:
    """The rival theories of each subject, with a link to the page that compares them."""
    rows = [
        [
            f"[{subject}](theories/{subject}.md)",
            f"**{name}**" if one.is_default else name,
            one.claim,
            one.source,
        ]
        for subject, rivals in rivals_by_subject().items()
        for name, one in rivals.items()
    ]
    return table(("subject", "theory (bold: the default)", "claim", "source"), rows)


def numbers() -> str:
    """How many places and findings there are."""
    return table(("what", "number"), [[name, str(number)] for name, number in numbers_of_the_study().items()])


def verdicts() -> str:
    """The words of the scoreboard."""
    words = [
        (kind, one)
        for kind, found in (
            ("finding", VERDICTS),
            ("hypothesis", HYPOTHESIS_VERDICTS),
            ("mechanism", MECHANISM_VERDICTS),
        )
        for one in found
    ]
    return table(("of a", "verdict", "meaning"), [[kind, one.name, one.meaning] for kind, one in words])


def nulls() -> str:
    """The null models."""
    return table(("null model", "what it says"), [[one.name.replace("_", " "), one.meaning] for one in NULLS])


def published_checks() -> str:
    """The checks that can be made on the published data."""
    rows = [
        [
            each.findings.replace(" ", ", "),
            f"`{each.check}`",
            each.data,
            "yes" if each.holds else "no",
            share_of(each.pass_rate),
            "-" if isnan(each.shuffled_rate) else share_of(each.shuffled_rate),
            "" if each.pass_rate >= MIN_PUBLISHED_PASS_RATE else "cannot tell",
        ]
        for each in checks_on_published_data()
    ]
    heads = ("finding", "check", "data", "the data pass", "bootstraps", "shuffles", "")
    return table(heads, rows)


def rewritten_checks() -> str:
    """The checks that were rewritten, with their pass rates on the published data before and after."""
    after = {name: each.pass_rate for each in checks_on_published_data() for name in each.findings.split()}
    with (FOLDER / "rewritten_checks.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            [
                row["finding"],
                row["claim before"],
                row["claim now"],
                row["reason"],
                share_of(float(row["rate before"])) if row["rate before"] else "-",
                share_of(after[row["finding"]]) if row["finding"] in after else "-",
            ]
            for row in csv.DictReader(file)
        ]
    return table(("finding", "claim before", "claim now", "reason", "before", "after"), rows)


def share_of(value: float) -> str:
    """A share with two digits after the point and none before it, as in papers; 1 for 1."""
    text = f"{value:.2f}"
    return text.removeprefix("0") if text.startswith("0.") else text


def fit_statistics() -> str:
    """The figures that calibration may use."""
    values, covariance = published_values(), observation_covariance()
    rows = [
        [
            f"`{each.name}`",
            each.finding,
            each.meaning,
            f"{values[number]:.3g}",
            f"{covariance[number, number] ** 0.5:.2g}",
            each.unit,
            each.basis,
        ]
        for number, each in enumerate(FIT_STATISTICS)
    ]
    return table(("name", "finding", "meaning", "published", "error", "unit", "error from"), rows)


TABLES = {
    each.__name__: each
    for each in (
        processes,
        state,
        parameters,
        measures,
        groups,
        kinds,
        sectors,
        frames,
        interventions,
        own_rules,
        indicators,
        readings,
        theories,
        numbers,
        verdicts,
        nulls,
        published_checks,
        rewritten_checks,
        fit_statistics,
    )
}
OF_EXPERIMENTS = {each.__name__: each for each in (judged, results, readings_of)}
"""Tables of the page of an experiment, which is named in the mark."""
MARK = re.compile(r"<!-- table: (\w+)(?: (\w+))? -->\n.*?<!-- end -->", re.DOTALL)


def renewed(text: str) -> str:
    """The page with every marked table as the code has it now. KeyError for a mark without a table."""

    def fill(found: re.Match[str]) -> str:
        made = OF_EXPERIMENTS[found[1]](found[2]) if found[2] else TABLES[found[1]]()
        mark, _, _ = found[0].partition("\n")
        return f"{mark}\n{made}\n<!-- end -->"

    return MARK.sub(fill, text)


def pages() -> list[Path]:
    """The pages that hold a table which is written from the code."""
    found = [*sorted(FOLDER.rglob("*.md")), *sorted((FOLDER.parent / "experiments").glob("*/README.md"))]
    return [page for page in found if "<!-- table: " in page.read_text("utf-8")]


if __name__ == "__main__":
    for page in pages():
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
