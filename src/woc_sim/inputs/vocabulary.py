"""The lists of names that inputs, configuration and output share.

Every name has one spelling, and its position in its tuple is its integer code in the columns; kernels look
codes up by name. Sectors, kinds of organisation and frames are what their catalogues say.
"""

from typing import Final

from woc_sim.inputs.frames import diagnostic_frames, prognostic_frames
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.inputs.sectors import sectors

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

SECTORS: Final = tuple(one.sector for one in sectors())
"""The needs that measures and non-public initiatives serve (sectors.csv)."""

ACTOR_KINDS: Final = tuple(one.kind for one in actor_kinds())
"""The kinds of organisation (organisations.csv)."""

DIAGNOSTIC_FRAMES: Final = tuple(one.frame for one in diagnostic_frames())
"""Ways to say what integration is; an organisation may hold several (frames.csv)."""

PROGNOSTIC_FRAMES: Final = tuple(one.frame for one in prognostic_frames())
"""Ways to say who is to act; an organisation holds one (frames.csv)."""

MEASURE_ROLES: Final = ("", "officer", "strategy", "training")
"""What a measure can be beside serving its sector: an officer's post, a strategy that saves cost, or training
of the officer's colleagues; the position is the code, 0 for none."""

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
