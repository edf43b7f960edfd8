"""The closed lists of names that inputs, configuration and output share.

Every name has one spelling, and its position in its tuple is its integer code in the columns and in the
kernels: the order is part of the meaning, so appending is safe and reordering is not.
"""

from typing import Final

COMPONENTS: Final = (
    "governance",
    "actors",
    "monitoring",
    "implementation",
    "labour",
    "education",
    "language",
    "social_services",
    "housing",
    "political_participation",
    "health",
    "antidiscrimination",
    "interculturalism",
)
"""The 13 components of the local integration policy index, in the order of its publication."""

SECTORS: Final = (
    "reception",
    "language",
    "work",
    "housing",
    "education",
    "encounter",
    "rights",
    "services",
    "steering",
)
"""The nine needs that measures and non-public initiatives serve."""

ACTOR_KINDS: Final = (
    "executive",
    "officials",
    "bureaucrats",
    "rrp",
    "ngo",
    "migrant_organisation",
    "provider",
    "union",
    "church",
    "company",
    "estate_company",
    "region",
    "nation",
    "eu",
)
"""The 14 kinds of organisation; the last three are above the locality."""

DIAGNOSTIC_FRAMES: Final = (
    "participation",
    "belonging",
    "adjustment",
    "self_sufficiency",
    "access",
    "whole_of_community",
    "two_way",
    "cohesion",
    "critique",
    "hands_off",
)
"""Ways to say what integration is; an organisation may hold several."""

PROGNOSTIC_FRAMES: Final = ("migrants_only", "institutions", "locals_and_migrants", "whole_community")
"""Ways to say who is to act; an organisation holds one."""

FRAMEWORKS: Final = (
    "AT",
    "BE-VLG",
    "BE-WAL",
    "DE",
    "ES",
    "ES-CAT",
    "IT",
    "NL",
    "SE",
    "PL",
    "TR",
    "CA",
)
"""Legal frameworks: a country, or a region with integration law of its own."""

COUNTRIES: Final = (
    "Italy",
    "Spain",
    "Sweden",
    "Netherlands",
    "Austria",
    "Belgium",
    "Germany",
    "Poland",
    "Turkey",
    "Canada",
)

SIZES: Final = ("rural", "small", "medium")
EXECUTIVES: Final = ("progressive", "mixed", "conservative")
TYPES: Final = ("revitalising", "in_transition", "marginal", "left_behind")
LEVELS: Final = ("local", "regional", "national")
MEASURE_SCOPES: Final = ("targeted", "mainstream")
"""Whether a measure addresses migrants or changes what all residents have."""
MEASURE_TARGETS: Final = ("all", "children", "women", "workers", "minors", "asylum_seekers", "families")
"""Groups of migrants that a municipal measure may be restricted to."""

MONTHS: Final = 144
"""Months of the calendar: index 0 is 2012-01 and index 143 is 2023-12."""
