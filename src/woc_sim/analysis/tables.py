"""The localities and findings of the study as rows for `woc-sim list`, which may not read the evidence
itself."""

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.variants import eu_cases, factorial
from woc_sim.evidence.catalogue import finding, findings, table_rows, targets
from woc_sim.inputs.tables import cases

Row = dict[str, str]


def numbers() -> dict[str, int]:
    """How many places and findings there are, by what they are; help, README and docs state these numbers."""
    judged = checks_by_finding()
    once = {check.name: finding(identifier).role.name for identifier, check in judged.items()}
    roles = list(once.values())
    return {
        "localities of the study (Table A1)": len(cases()),
        "of them simulated by a validation: eight EU countries": len(eu_cases()),
        "of them with a published policy score: Western Europe": sum(
            bool(row["case"]) for row in table_rows("table4")
        ),
        "synthetic localities: type by size by executive": len(factorial()),
        "published statements": len(findings()),
        "further figures, sizes of mechanisms and results published elsewhere": len(targets()),
        "statements and figures with a check": len(judged),
        "checks, since some share one": len(once),
        "of them findings that are counted": len(roles) - roles.count("hypothesis"),
        "of these held out": roles.count("held_out"),
        "of these fit": roles.count("fit"),
        "of them hypotheses of the authors, which are not counted": roles.count("hypothesis"),
    }


def cases_table() -> list[Row]:
    """The cases: bands of Table A1 in percent, policy scores of Table 4, ratings of Table 6; '' if
    missing."""
    policy = {row["case"]: row["total"] for row in table_rows("table4")}
    perceived = {row["case"]: row for row in table_rows("table6")}
    table = []
    for one in cases():
        ratings = perceived.get(one.name, {})
        table.append(
            {
                "case": one.name,
                "country": one.country,
                "macroregion": one.macroregion,
                "size": one.size,
                "executive": one.executive,
                "rrp_low": _text(one.rrp_low),
                "rrp_high": _text(one.rrp_high),
                "non_eu_low": _text(one.non_eu_low),
                "non_eu_high": _text(one.non_eu_high),
                "unemployment_low": _text(one.unemployment_low),
                "unemployment_high": _text(one.unemployment_high),
                "mipex_total": policy.get(one.name, ""),
                "perceived_integration": ratings.get("perceived_integration", ""),
                "perceived_attitudes": ratings.get("perceived_attitudes", ""),
                "framework": one.framework,
            }
        )
    return table


def findings_table() -> list[Row]:
    """The published statements with role, the check that tests them (empty if there is none) and source."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "role": one.role.name,
            "check": one.check,
            "source": one.source,
            "statement": one.statement,
        }
        for one in findings()
    ]


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
