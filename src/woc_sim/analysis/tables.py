"""The localities and findings of the study for `woc-sim list`, Python and the documentation, which may not
read the evidence themselves."""

import copyreg

from woc_sim.evidence.catalogue import (
    Finding,
    Inconsistency,
    finding,
    findings,
    inconsistencies,
    table_rows,
    targets,
)
from woc_sim.inputs.tables import cases

__all__ = [
    "Finding",
    "all_findings",
    "cases_table",
    "contradictions",
    "findings",
    "findings_table",
    "targets",
]

Row = dict[str, str]

# its values are read-only, which does not pickle; a finding is the one of the version that reads it
copyreg.pickle(Finding, lambda one: (finding, (one.id,)))


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


def all_findings() -> tuple[Finding, ...]:
    """The published statements (S..) and the further figures (D.., M.., W..), in the order of the roles."""
    return (*findings(), *targets())


def contradictions(identifier: str) -> tuple[Inconsistency, ...]:
    """Where the papers disagree on a finding, with the rule taken for each."""
    return tuple(each for each in inconsistencies() if identifier in each.affects)


def _text(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
