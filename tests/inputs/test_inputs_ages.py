"""Ages: each has its reason beside it, and stands nowhere else."""

import ast
from pathlib import Path

import woc_sim
from woc_sim.inputs import ages
from woc_sim.inputs.tables import margins

PACKAGE = Path(woc_sim.__file__).parent
ALONE = {name: value for name, value in vars(ages).items() if name.isupper() and isinstance(value, float)}


def test_every_age_has_its_reason_beside_it() -> None:
    body = ast.parse(Path(ages.__file__).read_text("utf-8")).body
    told, named = 0, []
    for one, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            named.append(one.target.id)
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                assert len(str(after.value.value)) > 30, one.target.id
                told += len(named)
                named.clear()
            else:  # the next age shares the reason
                assert isinstance(after, ast.AnnAssign), one.target.id
    assert told == len(ALONE) + 2


def test_ages_of_working_life_and_classes_are_in_order() -> None:
    assert 0.0 < ages.SCHOOL_FROM < ages.WORK_FROM <= ages.ADULT < ages.PENSION < ages.OLDEST
    assert ages.WORK_FROM < ages.SEEK_WORK_TO <= ages.PENSION
    assert ages.BIRTH_FROM < ages.BIRTH_TO < ages.PARENT_TO
    for classes in (ages.RESIDENT_CLASSES, ages.ARRIVAL_CLASSES):
        assert list(classes) == sorted(classes)
        assert {0.0, ages.SCHOOL_FROM, ages.ADULT} < set(classes)


def test_classes_of_age_are_those_of_the_margins() -> None:
    for quantity, classes in (("age", ages.RESIDENT_CLASSES), ("asylum_age", ages.ARRIVAL_CLASSES)):
        assert [float(name.split("-")[0]) for name in margins(quantity)] == list(classes[:-1])


def test_no_process_rule_or_instrument_has_an_age_of_its_own() -> None:
    """The ages at which people become adult, stop work or retire stand in `inputs/ages.py` alone."""
    kept = {ages.WORK_FROM, ages.ADULT, ages.SEEK_WORK_TO, ages.PENSION}
    found = []
    for folder in ("processes", "rules", "instruments", "world"):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value in kept:
                    found.append(f"{path.name}:{node.lineno}: {node.value}")
    assert found == []
