"""Life stories as a table, as a text to read, and as JSON among the other results of a run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Final

from woc_sim.ensemble.escaping import markdown
from woc_sim.ensemble.run import LocalityRows
from woc_sim.instruments.life_events import MIGRANT, ORGANISATION, RESIDENT, Event, Life
from woc_sim.instruments.observation import month_label

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "case",
    "replicate",
    "kind",
    "id",
    "name",
    "month",
    "code",
    "text",
    "place",
    "other",
)
"""Columns of life_stories.csv, one row for each event. `month` is YYYY-MM, `code` the kind of event, `place`
the kind of venue, home or sector, `other` the id of the other person or organisation; the last two may be
empty.
"""

INTRODUCTION: Final = """\
# Life stories

Every dated sentence is a change in the state of the run in that month. Persons and organisations were drawn
at random, whatever happens to them: migrants among all who arrived or were born here, residents among all who
ever lived here. The mayor is always included. The first sentence of a section describes the person at the
start.
"""

HEADINGS: Final = {MIGRANT: "Migrants", RESIDENT: "Residents", ORGANISATION: "Organisations"}


def lives_to_json(lives: Sequence[Life]) -> str:
    """Lives as JSON, for a column of a table."""
    return json.dumps([asdict(each) for each in lives], ensure_ascii=False) if lives else ""


def lives_from_json(text: str) -> tuple[Life, ...]:
    """The lives in a text of `lives_to_json`."""
    return tuple(
        Life(**(each | {"events": tuple(Event(**event) for event in each["events"])}))
        for each in (json.loads(text) if text else ())
    )


def lives_frame(rows: Sequence[LocalityRows]) -> pd.DataFrame:
    """All events of all lives as one table with `COLUMNS`; the events of a life are in the order of
    months.
    """
    import pandas as pd

    events_table = [
        (
            row.case,
            row.replicate,
            life.kind,
            life.id,
            life.name,
            month_label(event.month),
            event.code,
            event.text,
            event.place,
            event.other,
        )
        for row in rows
        for life in row.lives
        for event in life.events
    ]
    return pd.DataFrame(events_table, columns=pd.Index(COLUMNS))


def lives_markdown(rows: Sequence[LocalityRows]) -> str:
    """All lives as a Markdown text: a section for each life, with a sentence about the person and dated
    sentences.
    """
    return INTRODUCTION + "".join(part for row in rows for part in _locality_section(row))


def _locality_section(row: LocalityRows) -> Iterator[str]:
    yield f"\n## {markdown(row.case)}, replicate {row.replicate}\n"
    for kind, lives in groupby(row.lives, key=lambda life: life.kind):
        yield f"\n### {HEADINGS[kind]}\n"
        for life in lives:
            name = markdown(f"{life.name[:1].upper()}{life.name[1:]} ({life.id})")
            yield f"\n#### {name}\n\n{markdown(life.header)}\n\n"
            for event in life.events:
                yield f"- **{month_label(event.month)}** {markdown(event.text)}\n"
            if not life.events:
                yield "No event up to the end of the run.\n"
