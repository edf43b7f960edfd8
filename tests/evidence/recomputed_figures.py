"""The study's figures recomputed from its tables, in plain Python, for the tests of the transcription.

Every row of ``tables/derived.csv`` must come out of :func:`derived`. Executives and bands come from the input
tables; a band stands for its middle. "Within countries" means that both sides are less their country means.
"""

import csv
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

from woc_sim.evidence import catalogue
from woc_sim.inputs.vocabulary import COMPONENTS

Column = dict[str, float]
EXECUTIVES = ("progressive", "mixed", "conservative")
SIZES = ("rural", "small", "medium")
LEVELS = ("easy", "difficult", "extremely_difficult")


def cases() -> dict[str, dict[str, str]]:
    """Rows of the input table of cases by case number."""
    path = Path(catalogue.__file__).parents[1] / "inputs" / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["case"]: row for row in csv.DictReader(file)}


def column(table: str, name: str) -> Column:
    """A column of a table by case, joined localities only."""
    return {row["case"]: float(row[name]) for row in catalogue.table_rows(table) if row["case"]}


def middle(quantity: str) -> Column:
    """Middle of a band of Table A1 by case, for the cases that have one."""
    return {
        case: (float(row[f"{quantity}_low"]) + float(row[f"{quantity}_high"])) / 2
        for case, row in cases().items()
        if row[f"{quantity}_low"]
    }


def correlation(x: list[float], y: list[float]) -> float:
    """Pearson's r."""
    a, b = mean(x), mean(y)
    across = sum((p - a) * (q - b) for p, q in zip(x, y, strict=True))
    return across / sqrt(sum((p - a) ** 2 for p in x) * sum((q - b) ** 2 for q in y))


def tau(x: list[int], y: list[int]) -> float:
    """Kendall's tau-b."""
    agree = differ = tied_x = tied_y = pairs = 0
    for i in range(len(x)):
        for j in range(i):
            product = (x[i] - x[j]) * (y[i] - y[j])
            agree, differ = agree + (product > 0), differ + (product < 0)
            tied_x, tied_y, pairs = tied_x + (x[i] == x[j]), tied_y + (y[i] == y[j]), pairs + 1
    return (agree - differ) / sqrt((pairs - tied_x) * (pairs - tied_y))


def less_country(values: Column, keys: list[str]) -> Column:
    """Values as deviations from the mean of their country among `keys`."""
    country = {case: cases()[case]["country"] for case in keys}
    means = {
        name: mean(values[case] for case in keys if country[case] == name) for name in set(country.values())
    }
    return {case: values[case] - means[country[case]] for case in keys}


def across(x: Column, y: Column, keys: list[str], *, within: bool = False) -> float:
    """Correlation of two columns over `keys`, optionally within countries."""
    if within:
        x, y = less_country(x, keys), less_country(y, keys)
    return correlation([x[key] for key in keys], [y[key] for key in keys])


def difficulties(structure: str) -> tuple[list[int], list[int]]:
    """Difficulty of housing and of employment (0, 1, 2), one element a locality of Figure 9."""
    housing: list[int] = []
    employment: list[int] = []
    for row in catalogue.table_rows("figure9"):
        if row["structure"] == structure:
            housing += [LEVELS.index(row["housing"])] * int(row["n"])
            employment += [LEVELS.index(row["employment"])] * int(row["n"])
    return housing, employment


def text_number(identifier: str) -> float:
    """A number of the running text."""
    return next(
        float(row["number"]) for row in catalogue.table_rows("text_numbers") if row["id"] == identifier
    )


def _policy() -> dict[tuple[str, str], float]:
    """D1-D6, D12, D13: the policy score of the 36 joined localities."""
    total = column("table4", "total")
    keys = sorted(total)
    a1 = cases()
    deviation = less_country(total, keys)
    out = {
        ("D1", "mean"): mean(total.values()),
        ("D1", "sd"): stdev(total.values()),
        ("D1", "minimum"): min(total.values()),
        ("D1", "maximum"): max(total.values()),
        ("D1", "below_50"): sum(value < 50 for value in total.values()),
    }
    for country in sorted({a1[key]["country"] for key in keys}):
        out["D2", country] = mean(total[key] for key in keys if a1[key]["country"] == country)
    overall = mean(total.values())
    out["D3", "between_country"] = 1 - sum(d * d for d in deviation.values()) / sum(
        (value - overall) ** 2 for value in total.values()
    )
    for tag, field, groups in (("D4", "executive", EXECUTIVES), ("D5", "size", SIZES)):
        for group in groups:
            members = [key for key in keys if a1[key][field] == group]
            out[tag, f"n_{group}"] = len(members)
            out[tag, group] = mean(total[key] for key in members)
            out[tag, f"{group}_within"] = mean(deviation[key] for key in members)
    seats = middle("rrp")
    for group in EXECUTIVES:
        for label, some in (("none", False), ("some", True)):
            members = [key for key in keys if a1[key]["executive"] == group and (seats[key] > 0) == some]
            out["D6", f"n_{group}_{label}"] = len(members)
            out["D6", f"{group}_{label}_raw"] = mean(total[key] for key in members)
            out["D6", f"{group}_{label}"] = mean(deviation[key] for key in members)
    for quantity in ("unemployment", "non_eu"):
        out["D12", quantity] = across(middle(quantity), total, keys)
        out["D12", f"{quantity}_within"] = across(middle(quantity), total, keys, within=True)
        out["D12", f"{quantity}_raw_on_within"] = correlation(
            [middle(quantity)[key] for key in keys], [deviation[key] for key in keys]
        )
    for component in COMPONENTS:
        scores = column("table4", component)
        out["D13", component] = mean(scores.values())
        out["D13", f"zeros_{component}"] = sum(value == 0 for value in scores.values())
    out["S48", "correlation"] = across(column("table4", "governance"), total, keys)
    return out


def _ratings() -> dict[tuple[str, str], float]:
    """D7-D11 and the correlations within countries: the 30 localities with ratings."""
    integration, attitudes = (
        column("table6", "perceived_integration"),
        column("table6", "perceived_attitudes"),
    )
    printed_total = column("table6", "mipex_total")
    keys = sorted(attitudes)
    a1 = cases()
    out: dict[tuple[str, str], float] = {}
    for group in EXECUTIVES:
        members = [key for key in keys if a1[key]["executive"] == group]
        out["D7", f"n_{group}"] = len(members)
        out["D7", group] = mean(attitudes[key] for key in members)
    for group in SIZES:
        out["I-26", f"attitudes_{group}"] = mean(attitudes[key] for key in keys if a1[key]["size"] == group)
    out["D8", "correlation"] = across(middle("rrp"), attitudes, keys)
    out["D9", "correlation"] = across(integration, attitudes, keys)
    for name, values in (("integration", integration), ("attitudes", attitudes)):
        out["D10", f"{name}_mean"] = mean(values.values())
        out["D10", f"{name}_sd"] = stdev(values.values())
        out["D10", f"{name}_min"] = min(values.values())
        out["D10", f"{name}_max"] = max(values.values())
    for label, members in (
        ("low", [key for key in keys if printed_total[key] < 20]),
        ("high", [key for key in keys if printed_total[key] > 40]),
    ):
        out["D11", f"n_{label}"] = len(members)
        out["D11", f"mean_{label}"] = mean(integration[key] for key in members)
        out["D11", f"sd_{label}"] = stdev(integration[key] for key in members)
    for component in COMPONENTS:
        scores = column("table4", component)
        out["S104.within", component] = across(scores, integration, keys, within=True)
        out["S105.within", component] = across(scores, attitudes, keys, within=True)
    return out


def _access() -> dict[tuple[str, str], float]:
    """D15-D18: access to housing and employment in 40 localities."""
    out: dict[tuple[str, str], float] = {}
    for tag, structure in (("D15", "positive"), ("D16", "negative")):
        housing, employment = difficulties(structure)
        out[tag, "n"] = len(housing)
        for position, level in enumerate(LEVELS):
            out[tag, f"housing_{level}"] = housing.count(position)
            out[tag, f"employment_{level}"] = employment.count(position)
        corner = sum(h == 2 and e == 0 for h, e in zip(housing, employment, strict=True))
        out[tag, "employment_easy_housing_extreme"] = corner
        out[tag, "corner_from_margins"] = housing.count(2) * employment.count(0) / len(housing)
        out[tag, "rank_correlation"] = tau(housing, employment)
    for sector in ("housing", "employment"):
        none, alone, both = (
            text_number(f"{sector}_{name}") for name in ("no_public", "non_public_only", "both")
        )
        neither, localities = text_number(f"{sector}_neither"), text_number("cases_access")
        public = localities - none
        out["D17", f"{sector}_no_public"] = alone / none
        out["D17", f"{sector}_public"] = both / public
        out["D17", f"{sector}_odds_ratio"] = (both / (public - both)) / (alone / neither)
        out["D18", f"{sector}_non_public"] = alone + both
        out["D18", f"{sector}_public_only"] = public - both
        out["D18", f"{sector}_neither"] = neither
    municipal = round(text_number("measures_housing") * text_number("cases_access") / 100)
    public = text_number("cases_access") - text_number("housing_no_public")
    # where only higher levels act, initiatives may exist that the paper does not count as "both"
    out["D17", "housing_public_upper"] = (text_number("housing_both") + public - municipal) / public
    return out


def _responses() -> dict[tuple[str, str], float]:
    """D14 and D19: the formula of the total, and the joint response in Spain and Wallonia."""
    gaps = [
        abs(mean(float(row[component]) for component in COMPONENTS) - float(row["total"]))
        for row in catalogue.table_rows("table4")
    ]
    spain = [float(row["total"]) for row in catalogue.table_rows("table4") if row["country"] == "Spain"]
    wallonia = [float(row["total"]) for row in catalogue.table_rows("table4") if row["region"] == "Wallonia"]
    classes = catalogue.table_rows("table5")
    return {
        ("D14", "largest_deviation"): max(gaps),
        ("D19", "spain_mixed"): sum(
            int(row["n"]) for row in classes if row["country"] == "Spain" and row["class"] == "mixed"
        ),
        ("D19", "spain_max_total"): max(spain),
        ("D19", "wallonia_lack"): sum(
            int(row["n"]) for row in classes if row["region"] == "Wallonia" and row["class"] == "lack"
        ),
        ("D19", "wallonia_total"): max(wallonia),
    }


def derived() -> dict[tuple[str, str], float]:
    """Every figure of ``tables/derived.csv`` by id and quantity."""
    return {**_policy(), **_ratings(), **_access(), **_responses()}
