"""How many localities, findings and checks there are.

This is apart from `tables`, because checks load the kernels and `woc-sim list` shall answer at once.
"""

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.variants import eu_cases, factorial
from woc_sim.evidence.catalogue import finding, findings, table_rows, targets
from woc_sim.inputs.tables import cases


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
