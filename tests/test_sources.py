"""What the sources may not contain, read from their syntax trees, and where their tests stand.

Rules and kernels: only what gives the same bytes compiled and in plain Python, on every processor, Python and
number of threads. Everywhere: no random numbers but the addressed ones of `woc_sim.draws`, and no file that
is too long to read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import woc_sim
from woc_sim.inputs.vocabulary import ACTOR_KINDS, SECTORS
from woc_sim.jit import COMPILED_SOURCES
from woc_sim.processes.schedule import PROCESSES

PACKAGE = Path(woc_sim.__file__).parent
LONGEST = 500

EXACT_MATH = {"sqrt", "floor", "fabs", "isnan", "isinf", "isfinite", "inf", "nan"}
EXACT_NUMPY = EXACT_MATH | {
    *(
        "abs",
        "minimum",
        "maximum",
        "array",
        "empty",
        "zeros",
        "ones",
        "full",
        "empty_like",
        "zeros_like",
        "ndarray",
    ),
    *(
        "float64",
        "intp",
        "uintp",
        "int64",
        "int32",
        "int16",
        "int8",
        "uint64",
        "uint32",
        "uint16",
        "uint8",
        "bool_",
    ),
}
# Methods and built-ins whose result depends on the order of additions, the mathematics library or chance.
INEXACT_NAMES = {
    *(
        "sum",
        "mean",
        "std",
        "var",
        "prod",
        "dot",
        "cumsum",
        "cumprod",
        "average",
        "nansum",
        "nanmean",
        "fsum",
    ),
    *(
        "exp",
        "exp2",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "pow",
        "power",
        "float_power",
        "hypot",
        "cbrt",
    ),
    *(
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "asin",
        "acos",
        "atan",
        "atan2",
        "arcsin",
        "arctan",
        "erf",
    ),
    *("matmul", "einsum", "inner", "outer", "vdot", "prange", "random", "round"),
}
RANDOM_NAMES = {"random", "shuffle_do", "default_rng", "RandomState", "SeedSequence"}
RANDOM_MODULES = {"random", "secrets", "numpy.random"}


def is_compiled(function: ast.FunctionDef) -> bool:
    names = {
        node.id
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Name)
    }
    return bool(names & {"rule", "kernel", "step"})


def compiled_functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and is_compiled(node):
            yield node


def own_names(tree: ast.Module) -> set[str]:
    """Functions of the package itself that a module defines or imports; they are scanned where they stand."""
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "woc_sim":
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def offence_in_compiled(node: ast.AST, own: set[str]) -> str | None:
    """What is wrong with one node of a rule or kernel, or None; `own` names may be called."""
    match node:
        case ast.BinOp(op=ast.Pow()) | ast.AugAssign(op=ast.Pow()):
            return "**"
        case ast.BinOp(op=ast.MatMult()) | ast.AugAssign(op=ast.MatMult()):
            return "@"
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in EXACT_MATH:
            return f"math.{name}"
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) if name not in EXACT_NUMPY:
            return f"np.{name}"
        case ast.Attribute(attr=name) if name in INEXACT_NAMES:
            return f".{name}"
        case ast.Call(func=ast.Name(id=name)) if name in INEXACT_NAMES - own:
            return f"{name}()"
        case ast.Import() | ast.ImportFrom() | ast.Try() | ast.Lambda() | ast.Set() | ast.SetComp():
            return type(node).__name__
    return None


def offence_anywhere(node: ast.AST) -> str | None:
    """What is wrong with one node of any module, or None."""
    match node:
        case ast.Import(names=names):
            return next((alias.name for alias in names if alias.name in RANDOM_MODULES), None)
        case ast.ImportFrom(module=module, names=names):
            if module in RANDOM_MODULES:
                return module
            return next((alias.name for alias in names if alias.name in RANDOM_NAMES), None)
        case ast.Attribute(attr=name) if name in RANDOM_NAMES:
            return f".{name}"
        case ast.keyword(arg="fastmath" | "parallel" as name, value=value) if not (
            isinstance(value, ast.Constant) and value.value is False
        ):
            return name
    return None


def imports_numba(node: ast.AST) -> bool:
    match node:
        case ast.Import(names=names):
            return any(alias.name.split(".")[0] == "numba" for alias in names)
        case ast.ImportFrom(module=str(module)):
            return module.split(".")[0] == "numba"
    return False


def offences(source: str, name: str) -> list[str]:
    """All offences in one module, as 'file:line: what'."""
    tree = ast.parse(source)
    own = own_names(tree)
    found = []
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        what = offence_anywhere(node)
        if what is not None:
            found.append(f"{name}:{line}: {what}")
        if imports_numba(node) and name != "jit.py":
            found.append(f"{name}:{line}: numba")
    for function in compiled_functions(tree):
        if Path(name).parts[0] not in COMPILED_SOURCES:
            found.append(f"{name}:{function.lineno}: {function.name} is compiled outside {COMPILED_SOURCES}")
        for statement in function.body:
            for node in ast.walk(statement):
                what = offence_in_compiled(node, own)
                if what is not None:
                    found.append(
                        f"{name}:{getattr(node, 'lineno', function.lineno)}: {what} in {function.name}"
                    )
    return found


NUMBERS_OF_CODES = re.compile(r"(^|_)(KINDS|SECTORS|NEEDS)$|_SECTOR$|^SECTOR_")


def is_numbers(value: ast.expr) -> bool:
    """Whether a value is a whole number, several of them, or a range."""
    match value:
        case ast.Constant(value=int()):
            return True
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return all(is_numbers(each) for each in elements)
        case ast.Call(func=ast.Name(id="range")):
            return True
    return False


def closed_lists(source: str, name: str) -> list[str]:
    """Lists of kinds of organisation or of sectors, and their numbers, at the level of a module.

    What there is, is said by the catalogues under inputs/: elsewhere names are looked up (`sector("work")`)
    and lists are derived from traits (`kinds_with("mission")`).
    """
    found = []
    for statement in ast.parse(source).body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        named = [node.id for each in targets for node in ast.walk(each) if isinstance(node, ast.Name)]
        where = f"{name}:{statement.lineno}"
        for known in (set(ACTOR_KINDS), set(SECTORS)):
            levels = [node for node in ast.walk(statement.value) if isinstance(node, ast.keyword)]
            asked = {
                id(each.value) for each in levels if each.arg == "levels"
            }  # levels have names of kinds too
            for node in ast.walk(statement.value):
                if id(node) in asked:
                    continue
                match node:
                    case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                        pass
                    case ast.Dict(keys=elements):
                        pass
                    case _:
                        continue
                words = [each.value for each in elements if isinstance(each, ast.Constant)]
                words += [each.id.lower() for each in elements if isinstance(each, ast.Name)]
                if len(words) > 1 and known.issuperset(words):
                    found.append(f"{where}: {named[0]} lists {', '.join(map(str, words))}")
            if is_numbers(statement.value):
                codes = [each for each in named if each.lower() in known]
                if len(codes) > 1 or any(NUMBERS_OF_CODES.search(each) for each in named):
                    found.append(f"{where}: {', '.join(named)} are numbers")
    return list(dict.fromkeys(found))


def test_no_module_lists_kinds_or_sectors_but_the_catalogues() -> None:
    found = []
    for path in modules():
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("inputs/"):
            found += closed_lists(path.read_text(encoding="utf-8"), name)
    assert found == []


def test_kinds_are_told_apart_by_traits() -> None:
    """Only the process that counts how many kinds somebody meets sees which kind an organisation is."""
    assert [one.name for one in PROCESSES if "organisations.kind" in one.columns()] == ["frames"]


@pytest.mark.parametrize(
    "line",
    [
        'PARTNERS = ("ngo", "union")',
        "PARTNERS = (NGO, UNION)",
        'LABELS: Final = {"ngo": "NGO", "union": "union"}',
        'SIDES = {"a": ("region", "nation")}',
        "EXECUTIVE, OFFICIALS = range(2)",
        "WORK, HOUSING = 2, 3",
        "KINDS = 14",
        "NEEDS = 8",
        "HOUSING_SECTOR = 3",
        "LANGUAGE_SECTOR, SERVICES_SECTOR = 1, 7",
        'SIX = ["work", "housing"]',
        'ABOVE = frozenset({"region", "nation"})',
    ],
)
def test_a_planted_list_of_kinds_or_sectors_is_caught(line: str) -> None:
    assert closed_lists(f"{line}\n", "rules/planted.py")


@pytest.mark.parametrize(
    "line",
    [
        'WORK, HOUSING = sector("work"), sector("housing")',
        'PARTNERS = kinds_with("nonpublic")',
        'ABOVE = kinds_with(levels=("region", "nation"))',
        "NEEDS = needs()",
        "WORK, HOME = 1, 2",
        'COLOURS = {"progressive": "red", "mixed": "grey"}',
        'def f():\n    return ("work", "housing")',
    ],
)
def test_what_is_looked_up_or_about_something_else_is_no_closed_list(line: str) -> None:
    assert not closed_lists(f"{line}\n", "rules/planted.py")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "conf" not in path.relative_to(PACKAGE).parts)


def test_the_sources_hold_no_offence() -> None:
    found = []
    for path in modules():
        found += offences(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    assert found == []


def test_the_scan_sees_modules_rules_and_kernels() -> None:
    """A scan of nothing would pass: it has to find what is known to be there."""
    names = {path.relative_to(PACKAGE).as_posix() for path in modules()}
    assert {"jit.py", "draws.py", "rules/curves.py"} <= names
    found = {
        function.name for path in modules() for function in compiled_functions(ast.parse(path.read_text()))
    }
    assert {"threefry", "fill_uniform", "clip"} <= found


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("x ** 2", "**"),
        ("x @ x", "@"),
        ("np.exp(x)", "np.exp"),
        ("np.random.rand()", "np.random"),
        ("np.dot(x, x)", "np.dot"),
        ("np.sum(x)", "np.sum"),
        ("math.log(x)", "math.log"),
        ("math.tanh(x)", "math.tanh"),
        ("exp(x)", "exp()"),
        ("sum(x)", "sum()"),
        ("round(x)", "round()"),
        ("x.sum()", ".sum"),
        ("x.mean()", ".mean"),
        ("x.std()", ".std"),
        ("[i for i in prange(3)]", "prange()"),
        ("sorted({1.0, x})", "Set"),
    ],
)
@pytest.mark.parametrize("decorator", ["rule", "kernel", "step"])
def test_a_planted_operation_is_caught(line: str, what: str, decorator: str) -> None:
    source = f"@{decorator}\ndef planted(x):\n    return {line}\n"
    assert f"rules/planted.py:3: {what} in planted" in offences(source, "rules/planted.py")


def test_a_planted_power_in_place_is_caught() -> None:
    source = "@rule\ndef planted(x):\n    x **= 2.0\n    return x\n"
    assert offences(source, "rules/planted.py") == ["rules/planted.py:3: ** in planted"]


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "import numba",
        "from numba import njit",
        "from random import random",
        "from numpy import random",
        "from numpy.random import default_rng",
        "x = np.random.default_rng(1)",
        "x = model.random.choice([1])",
        "agents.shuffle_do('step')",
        "f = njit(fastmath=True)",
        "f = njit(parallel=flag)",
    ],
)
def test_a_planted_source_of_chance_is_caught_anywhere(line: str) -> None:
    assert offences(line, "figures/planted.py")


def test_compiled_code_outside_the_hashed_folders_is_caught() -> None:
    source = "@kernel\ndef planted(x, out):\n    out[0] = x\n"
    assert "is compiled outside" in offences(source, "analysis/planted.py")[0]
    assert offences(source, "processes/planted.py") == []


def test_what_is_allowed_passes() -> None:
    source = """
@rule
def allowed(x: float, y: float) -> float:
    \"\"\"Names in words are no calls: np.random, exp, **.\"\"\"
    total = 0.0
    for i in range(3):
        total += abs(x) * min(y, 1.0) / max(x, 0.5) - math.sqrt(float(i)) + np.floor(y)
    return total if not np.isnan(total) else 0.0
def free(x):
    return np.exp(x).mean() ** 2
"""
    assert offences(source, "rules/allowed.py") == []


def test_a_substitute_of_the_package_may_bear_the_name_of_what_it_replaces() -> None:
    source = "from {}\n@rule\ndef planted(x):\n    return log2(x)\n"
    assert offences(source.format("woc_sim.rules.curves import log2"), "rules/planted.py") == []
    assert offences(source.format("math import log2"), "rules/planted.py") == [
        "rules/planted.py:4: log2() in planted"
    ]


# Halves, doubles, ends of scales and months of a year say how a formula is made, not how strong something is.
PLAIN_NUMBERS = {0.0, 0.5, 1.0, 2.0, 12.0}


def numbers_in_functions(source: str) -> list[float]:
    """Decimal numbers that stand in functions and are neither plain ones nor defaults of arguments."""
    return [
        node.value
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, float)
        and node.value not in PLAIN_NUMBERS
    ]


@pytest.mark.parametrize("folder", ["rules", "processes"])
def test_every_number_of_a_rule_or_process_has_a_name(folder: str) -> None:
    """It is a parameter of the registry, or a constant of the module with the reason why it cannot vary."""
    found = {path.name: numbers_in_functions(path.read_text()) for path in (PACKAGE / folder).glob("*.py")}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}
    assert numbers_in_functions("def f(x):\n    return 0.3 * x + 2.0") == [0.3]


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text().splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


TESTS = Path(__file__).parent
# Tests of no single module: of the whole program, of the package as it is handed on, of the pages.
SUITES = {
    *("browser", "docs", "emergent", "notebooks", "twins"),
    *("archives", "common_random_numbers", "library", "platforms", "renew", "scale", "setup", "sources"),
    *("cli/bad_input", "cli/bad_input_table", "cli/documented", "cli/fuzz", "cli/own_rules", "cli/received"),
    "cli/studies",
    *(
        "ensemble/damage",
        "ensemble/kills",
        "figures/faults",
        "figures/validation",
        "processes/plain_python",
        "processes/ranges",
    ),
    *("scenario/labels", "world/added_group", "world/added_kind"),
}


def subject(path: str) -> str:
    """What a test file is about, by its path below tests/: `rules/curves` for rules/test_rules_curves.py."""
    folder, _, name = path.removesuffix(".py").rpartition("/")
    return f"{folder}/{name.removeprefix('test_').removeprefix(f'{folder}_')}".lstrip("/")


def mirrors(about: str) -> bool:
    """Whether a module, table or folder of the package has this name or begins it (`clusters_addresses`)."""
    folder, _, name = about.rpartition("/")
    words = name.split("_")
    names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    return any(
        (PACKAGE / folder / f"{each}{kind}").exists() for each in names for kind in (".py", ".csv", "")
    )


def test_every_test_file_is_of_one_module_or_is_a_suite() -> None:
    files = sorted(path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py"))
    about = {path: subject(path) for path in files}
    suites = {path for path, name in about.items() if name in SUITES or name.split("/")[0] in SUITES}
    assert [path for path in files if path not in suites and not mirrors(about[path])] == []
    assert {name for name in SUITES if name not in about.values() and not (TESTS / name).is_dir()} == set()
    assert [name for name in SUITES if "/" in name and (PACKAGE / f"{name}.py").exists()] == []
    names = [Path(path).name for path in files]
    assert len(set(names)) == len(names), "pytest imports test files by their bare names"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("rules/test_rules_curves.py", True),
        ("cli/test_grid.py", True),
        ("inputs/test_inputs_cases.py", True),
        ("test_jit.py", True),
        ("ensemble/test_ensemble_clusters_addresses.py", True),
        ("rules/test_organisation_rules.py", False),
        ("rules/test_grid.py", False),
        ("test_people.py", False),
    ],
)
def test_a_test_of_no_module_is_noticed(path: str, found: bool) -> None:
    assert mirrors(subject(path)) is found
