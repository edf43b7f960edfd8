"""Rules of one's own in a process: compiled variants, and what is refused."""

import re
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from woc_sim.cli.new import EXAMPLES
from woc_sim.errors import UserError
from woc_sim.processes import attitudes, schedule
from woc_sim.processes.own_rules import _builtin, _checked, check_own_rules, with_own_rules
from woc_sim.processes.rewiring import rewired
from woc_sim.scenario.own_rules import OwnRule, named_by_user, replaceable

PAGE = Path(__file__).parents[2] / "docs" / "own-rules.md"
Constants = namedtuple("Constants", "attitudes_contact attitudes_asymmetry")
Now = namedtuple("Now", "contact")


def own_rule(folder: Path, text: str, subject: str = "contact", function: str = "contact_effect") -> OwnRule:
    path = folder / "my_rules.py"
    path.write_text(text, "utf-8")
    return named_by_user(f"{path}:{function}", subject)


def moved_by(kernel: object, good: float) -> list[float]:
    """Change of the attitudes -1, 0 and 1 by good contact."""
    moved = np.zeros(3)
    own = np.array([-1.0, 0.0, 1.0])
    kernel(Constants(0.05, 1.5), Now(0), own, np.full(3, good), np.zeros(3), moved)  # type: ignore[operator]
    return list(moved)


def test_the_example_of_the_page_replaces_the_rule_and_nothing_else(tmp_path: Path) -> None:
    text = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    rule = own_rule(tmp_path, text)
    check_own_rules({"contact": rule})
    variant = rewired(
        attitudes._own_contact, {_builtin("contact"): _checked(rule, "contact")}, f"contact={rule}"
    )
    assert moved_by(variant, 0.5) == pytest.approx([0.05 * 0.5 * room for room in (1.0, 0.5, 0.0)])
    assert moved_by(attitudes._own_contact, 0.5) == pytest.approx([0.05 * 0.5 * room for room in (2, 1, 0)])


def test_a_process_without_own_rules_stays_itself(tmp_path: Path) -> None:
    rule = own_rule(tmp_path, EXAMPLES["contact"])
    for process in schedule.PROCESSES:
        assert with_own_rules(process, {}) is process
        varied = with_own_rules(process, {"contact": rule})
        if "contact" not in process.theories:
            assert varied is process
        elif process.name == "attitudes":
            assert varied.kernels != process.kernels
            assert varied.own_rules == (("contact", rule),)
        else:
            assert varied.kernels == process.kernels, "it reads the theory, and not this rule"


@pytest.mark.parametrize("subject", replaceable())
def test_every_replaceable_rule_takes_what_the_table_offers(subject: str, tmp_path: Path) -> None:
    one = replaceable()[subject]
    text = f"def f({', '.join(one.arguments)}):\n    return {' + '.join(one.arguments)} - 1.0\n"
    adapted = _checked(own_rule(tmp_path, text, subject, "f"), subject)
    p = namedtuple("P", "attitudes_inflation attitudes_threat_rate_half attitudes_threat_stock_half")
    given = {
        "contact": (0, 0.1, 0.2, 0.3, 0.4, 0.5),
        "threat": (p(0.2, 0.3, 0.4), 0, 0.1, 0.15, 0.2),
        "influence": (0.1, 0.2, 0, 0.3, 0.8),
    }[subject]
    numbers = [each for each in given if isinstance(each, float)] + [
        value for each in given if isinstance(each, tuple) for value in each
    ]
    assert adapted(*given) == pytest.approx(sum(numbers) - 1.0)


@pytest.mark.parametrize("subject", EXAMPLES)
def test_the_templates_stay_in_range(subject: str, tmp_path: Path) -> None:
    check_own_rules({subject: own_rule(tmp_path, EXAMPLES[subject], subject, replaceable()[subject].rule)})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return attitude / good", "gives -inf for attitude=-1, good=0; allowed: a number from -2 to 2"),
        ("return 0.0 * attitude / good", "gives nan for attitude=-1, good=0; allowed: a number from -2 to 2"),
        ("return 7.0", "gives 7.0 for attitude=-1, good=0; allowed"),
        ("return [attitude]", "allowed: a number from -2 to 2"),
        (
            "if good > 2.0:\n        return 'much'\n    return 0.0",
            " cannot be compiled: Can't unify return type",
        ),
        ("return good > 0.5", "gives bool; allowed: a number from -2 to 2"),
        (
            "if 0.1 < good < 0.2:\n        return None\n    return good",
            "gives OptionalType(float64); allowed: a number",
        ),
        ("return good.mood", "my_rules.py, line 2 cannot be compiled: Unknown attribute 'mood'"),
    ],
)
def test_a_rule_is_tried_before_it_is_used(body: str, said: str, tmp_path: Path) -> None:
    rule = own_rule(tmp_path, f"def contact_effect(attitude, good):\n    {body}\n")
    with pytest.raises(UserError) as caught:
        check_own_rules({"contact": rule})
    assert said in caught.value.sentence


def test_a_module_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    rule = own_rule(tmp_path, "HALF = 1 / 0\ndef contact_effect(good):\n    return HALF * good\n")
    with pytest.raises(UserError, match=r"my_rules.py, line 1 fails \(ZeroDivisionError: division by zero\)"):
        check_own_rules({"contact": rule})


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (
            "contact_effect = 5",
            "my_rules.py defines contact_effect, and then gives the name to something else",
        ),
        (
            "del contact_effect",
            "my_rules.py defines contact_effect, and then gives the name to something else",
        ),
        ("exit(3)", r"my_rules.py, line 3 fails \(SystemExit: 3\)"),
    ],
)
def test_a_module_has_to_leave_the_function(end: str, said: str, tmp_path: Path) -> None:
    rule = own_rule(tmp_path, f"def contact_effect(good):\n    return good\n{end}\n")
    with pytest.raises(UserError, match=said):
        check_own_rules({"contact": rule})


@pytest.mark.parametrize("function", ["float", "_own", "_Error"])
def test_a_function_may_have_any_name(function: str, tmp_path: Path) -> None:
    rule = own_rule(tmp_path, f"def {function}(good):\n    return 0.5 * good\n", function=function)
    assert _checked(rule, "contact")(0, 0.1, 0.4, 0.3, 0.4, 0.5) == pytest.approx(0.2)


def test_a_rule_that_leaves_its_range_between_ends_the_run(tmp_path: Path) -> None:
    text = "def contact_effect(good):\n    return 3.0 if 0.1 < good < 0.2 else 0.0\n"
    rule = own_rule(tmp_path, text)
    check_own_rules({"contact": rule})
    variant = rewired(attitudes._own_contact, {_builtin("contact"): _checked(rule, "contact")}, str(rule))
    assert moved_by(variant, 0.5) == [0.0, 0.0, 0.0]
    with pytest.raises(UserError, match=rf"theory.contact={rule} gave 3 for good=0.15; allowed: a number"):
        moved_by(variant, 0.15)


def test_a_rule_whose_file_was_not_named_is_not_run() -> None:
    with pytest.raises(UserError, match=r"runs its code only if you name its file: theory/contact=FILE.py:f"):
        check_own_rules({"contact": OwnRule("f@0123456789abcdef")})
