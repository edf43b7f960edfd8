"""Ages at which something begins or ends for people, in years: one place for all, each with its source.

Two ages that happen to be equal, or nearly so, are two names if they mean two things: who may work is not who
is an adult, and who is counted as of working age is not who has retired.
"""

from typing import Any, Final

SCHOOL_FROM: Final = 6.0
"""Compulsory schooling begins: at six in most countries of the study, at five or seven in a few (Eurydice,
Compulsory Education in Europe 2022/23)."""

ADULT: Final = 18.0
"""Legal adulthood: whoever is younger is a child (Convention on the Rights of the Child, article 1). Adults
vote, have a claim of their own, leave the school of their neighbourhood and found a household."""

WORK_FROM: Final = 16.0
"""May work: full-time compulsory schooling ends at 15 or 16 in most countries of the study (Eurydice 2022/23;
Council Directive 94/33/EC forbids work before)."""

VOLUNTEER_FROM: Final = 16.0
"""Volunteers without the parents: end of compulsory schooling, as for work."""

ANSWER_FROM: Final = 16.0
"""Asked in a survey of residents: assumed, since the study does not print it; the European Social Survey and
Eurobarometer ask from 15 on."""

WORK_TO: Final = 65.0
"""End of working age in labour statistics, which count persons of 15 to 64 (Eurostat, EU Labour Force
Survey)."""

SEEK_WORK_TO: Final = 65.0
"""Migrants seek and keep work up to this age: the end of working age of the statistics that the rates of
employment are set to (M14)."""

PENSION: Final = 66.0
"""A resident's working life ends: normal pension age about 65 to 67 in the countries of the study (OECD,
Pensions at a Glance 2021)."""

EDUCATION_TO: Final = 25.0
"""Up to here lack of language is also a need of education: youth as the United Nations and Eurostat count it,
15 to 24."""

BIRTH_FROM: Final = 18.0
BIRTH_TO: Final = 45.0
"""Births are counted between these ages: nearly all of them are (Eurostat demo_fasec), minors' left out."""

PARENT_TO: Final = 55.0
"""Adults below may have children of school age with them: births up to 45, children up to about ten."""

LANDLORD_FROM: Final = 30.0
"""Residents own dwellings to let from here on: assumed, few do before."""

JOIN_FROM: Final = 6.0
"""May join an association: sport and culture begin with school."""

OLDEST: Final = 109.0
"""Nobody grows older in the model: a little below the bound of the columns of ages."""

RESIDENT_CLASSES: Final = (0.0, 6.0, 18.0, 25.0, 45.0, 65.0, 90.0)
"""Ends of the classes of age that the margins of residents count (inputs/margins.csv, age)."""

ARRIVAL_CLASSES: Final = (0.0, 6.0, 18.0, 35.0, 65.0, 80.0)
"""Ends of the classes of age that the margins of arrivals count (inputs/margins.csv, asylum_age), the last
drawn up to 80."""


def of_working_age(ages: Any) -> Any:
    """Which ages (array, years) statistics of work count: adults up to the end of working age."""
    return (ages >= ADULT) & (ages < WORK_TO)
