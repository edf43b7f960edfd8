"""`woc-sim new`: a commented file to begin with."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from woc_sim.errors import UserError, nearest
from woc_sim.records import shown

HELP: Final = """\
usage: woc-sim new locality|rule|intervention|sweep FILE [subject=SUBJECT]

  woc-sim new locality mytown.yaml               a locality of your own: locality.file=mytown.yaml
  woc-sim new rule my_rules.py                   a rule of your own: theory/contact=my_rules.py:contact_effect
  woc-sim new rule my_threat.py subject=threat   one on another subject (`woc-sim list own_rules`)
  woc-sim new intervention town/intervention/plan.yaml
                                                 interventions with months and strengths under one name
  woc-sim new sweep town/sweep/mine.yaml         axes of a sweep under one name

Each file says in comments what may be changed, and can be used as it is. Files in the folders locality,
intervention and sweep of DIR are options with --config-dir DIR: locality=mytown, intervention=plan.
Nothing is overwritten.
"""


def main(arguments: Sequence[str]) -> int:
    """Write the file; returns the exit code. Raises UserError if it exists or cannot be written."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    given = [each for each in arguments if not each.startswith("subject=")]
    subjects = [each.partition("=")[2] for each in arguments if each.startswith("subject=")]
    if len(given) != 2 or given[0] not in TEMPLATES or len(subjects) > 1:
        hint = nearest(given[0], TEMPLATES) if given and given[0] not in TEMPLATES else ""
        raise UserError(
            f"new takes one of {', '.join(TEMPLATES)} and a file, not "
            f"{shown(' '.join(arguments)) or 'nothing'}" + (f"; {hint}" if hint else "")
        )
    kind, path = given[0], Path(given[1])
    if subjects and kind != "rule":
        raise UserError("subject= says which rule is replaced, and only `woc-sim new rule` takes it")
    suffix = ".py" if kind == "rule" else ".yaml"
    if path.suffix != suffix:
        raise UserError(f"{shown(path)} does not end in {suffix}; give FILE{suffix}")
    text = rule_text(subjects[0]) if subjects else TEMPLATES[kind]()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{shown(path)} exists and is not overwritten; give another name") from None
    except OSError as error:
        raise UserError(f"{shown(path)} cannot be written ({error.strerror or error})") from None
    print(f"{path} is written. Try: {_use(kind, path, subjects)}")
    return 0


def _use(kind: str, path: Path, subjects: Sequence[str]) -> str:
    """A command that uses the file."""
    from woc_sim.cli.overrides import setting_text
    from woc_sim.scenario.own_rules import require_replaceable

    if kind == "locality":
        return shlex.join(["woc-sim", "run", setting_text("locality.file", str(path)), "people=500"])
    if kind == "rule":
        rule = require_replaceable(subjects[0] if subjects else SUBJECT)
        named = setting_text(f"theory/{rule.subject}", f"{path}:{rule.rule}")
        return shlex.join(["woc-sim", "run", "case=C21", "people=500", named])
    chosen = f"{kind}={path.stem}"
    if path.parent.name != kind:
        return f"put it into a folder DIR/{kind}, then woc-sim run --config-dir DIR {chosen}"
    command = ["sweep", "replicates=2", "out=out/mine"] if kind == "sweep" else ["run", "people=500"]
    return shlex.join(["woc-sim", *command, "--config-dir", str(path.parent.parent), chosen])


SUBJECT: Final = "contact"
"""The subject of a new rule, unless another is given."""


def locality_text() -> str:
    """A locality file: what is required, and every covariate as a comment with unit and range."""
    from woc_sim.inputs.vocabulary import EXECUTIVES, FRAMEWORKS, SIZES, TYPES
    from woc_sim.scenario.schema import COVARIATES

    lines = [
        "# A locality of your own. Use it: woc-sim run locality.file=THIS_FILE",
        "# or, in DIR/locality/mytown.yaml: woc-sim run --config-dir DIR locality=mytown",
        "# Whatever stays a comment is drawn from the localities of the study, anew in each replicate.",
        "name: My town",
        f"framework: DE # country, or part of one: {', '.join(FRAMEWORKS)}",
        f"size: small # {', '.join(SIZES)}",
        f"executive: mixed # {', '.join(EXECUTIVES)}",
        f"# type: {TYPES[0]} # {', '.join(TYPES)}",
        "# Numbers, each one number or a band [low, high] in which each replicate draws:",
    ]
    for name, quantity in COVARIATES.items():
        span = f"{quantity.low:.10g} to {quantity.high:.10g}"
        lines.append(f"# {name}: {NUMBERS[name]:g} # {quantity.meaning}; {quantity.unit}, {span}")
    return "\n".join(lines) + "\n"


NUMBERS: Final[Mapping[str, float]] = {
    "inhabitants": 40_000,
    "executive_ideology": 0,
    "rrp_share": 0.1,
    "non_eu_share": 0.05,
    "unemployment": 0.06,
    "population_trend": 0.002,
    "pre2014_foreign_share": 0.06,
}
"""A number for each covariate, to begin with."""
EXAMPLES: Final[Mapping[str, str]] = {
    "contact": """\
def room(attitude):
    return 0.5 * (1.0 - attitude)


def contact_effect(attitude, good, bad, gain):
    # Contact moves only those who have room for it, and good and bad contact weigh alike.
    return gain * (good - bad) * room(attitude)
""",
    "threat": """\
def threat_signal(rate, stock, rate_half):
    # What is felt is the speed of arrivals, less where many newcomers live already.
    speed = rate / (rate + rate_half)
    return speed * (1.0 - stock)
""",
    "influence": """\
def influence_effect(own, heard, friends, stubborn, speed):
    # Friends pull more strongly the more of them there are.
    many = friends / (friends + 5.0)
    return speed * many * (1.0 - stubborn) * (heard - own)
""",
}
"""A rule for each subject that can be replaced."""


def rule_text(subject: str = SUBJECT) -> str:
    """A file of rules with what the rule gives and may ask for. Raises UserError for another subject."""
    from woc_sim.scenario.own_rules import require_replaceable

    rule = require_replaceable(subject)
    asked = [
        f"  {each.name:12} {each.meaning} ({each.unit}, {each.low:g} to {each.high:g})"
        for each in rule.arguments.values()
    ]
    result = rule.result
    lines = [
        f'"""A rule of one\'s own on {subject}: {result.meaning}.',
        "",
        f"Use it: woc-sim run theory/{subject}=THIS_FILE:{rule.rule}",
        f"It gives a number from {result.low:g} to {result.high:g} ({result.unit}) and may ask, by name, for",
        *asked,
        "Use + - * / abs min max, comparisons and the functions of math. Import only math, typing and",
        "woc_sim.rules (e.g. from woc_sim.rules.curves import clip, saturate). No random numbers.",
        '"""',
        "",
        "",
        EXAMPLES[subject],
    ]
    return "\n".join(lines)


def intervention_text() -> str:
    """Two interventions with their settings, and the names of the others."""
    from woc_sim.scenario.interventions import EFFECTS

    lines = [
        "# Interventions under one name, for DIR/intervention/plan.yaml:",
        "#   woc-sim run --config-dir DIR intervention=plan",
        "# start and end: months, YYYY-MM (2018-01 to the end if left out); strength: 0 to 1;",
        "# where: names of localities, [C31] (all if left out).",
        "links:",
        "  start: 2016-01",
        "  strength: 0.5",
        "# Others:",
    ]
    lines += [f"# {name}: {{}} # {effect.meaning}" for name, effect in EFFECTS.items() if name != "links"]
    return "\n".join(lines) + "\n"


def sweep_text() -> str:
    """The axes of a small sweep."""
    return (
        "# Axes of a sweep under one name, for DIR/sweep/mine.yaml:\n"
        "#   woc-sim sweep --config-dir DIR sweep=mine replicates=20 out=out/mine\n"
        "# Each line is a setting and its values, as on the command line. Every combination is run.\n"
        "executive: progressive,conservative\n"
        "size: rural,small,medium\n"
        "# parameters.attitudes.contact: 0.02,0.05,0.08\n"
        "# theory/contact: moderated,none\n"
    )


TEMPLATES: Final[Mapping[str, Callable[[], str]]] = {
    "locality": locality_text,
    "rule": rule_text,
    "intervention": intervention_text,
    "sweep": sweep_text,
}
