"""Each procedure played whole, with replies and in silence, by its own invented people: the letters that it brings.

With replies: at each stage somebody reports a resolution, which the other side does not agree to, and it goes up;
those at the end decide, or the two sides settle it; what was agreed is done; four weeks later all is quiet. In silence:
nobody writes after the raising for thirty working days.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from tests.people import DIRECTORY
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.shared import once
from tests.sites import ROOT
from tests.story import Sent, Story, at

SILENT_UNTIL = "2026-10-19 18:00"  # thirty working days after Monday 7 September
VISIT = "Children's Social Care visits K at home by {on} September 2026."
NOT_SO = "DISAGREE\nA visit alone does not keep K safe."
UP = "ESCALATE\nWhat remains unresolved: whether K is seen at home."


@dataclass(frozen=True)
class Play:
    """``steps`` are what people write after the raising: (when, who, what). It ends at ``until``."""

    protocol: str
    subject: str
    raised: str
    other: str
    steps: tuple[tuple[str, str, str], ...]
    until: str
    directory: Directory = DIRECTORY
    people: Mapping[str, str] | None = None
    by: str = "hartwell"


def _tried(when: str, receiving: str, raising: str, on: str) -> tuple[tuple[str, str, str], ...]:
    """One stage: the side asked reports a resolution, the raising side does not agree, and it goes up."""
    return (
        (f"{when} 11:00", receiving, f"RESOLVED\n{VISIT.format(on=on)}"),
        (f"{when} 12:00", raising, NOT_SO),
        (f"{when} 12:30", raising, UP),
    )


_DONE = ("2026-09-18 12:00", "stroud", "DONE")
_HAPPENED = ("2026-09-28 10:00", "hartwell", "HAPPENED")
_DECISION = f"DECISION\n{VISIT.format(on='18')}"
PLAYS: Mapping[str, Play] = {
    "north-somerset": Play(
        "north-somerset",
        "[ESCALATION] Stage 1 - K.W.",
        RAISED,
        "fenn",
        (
            *_tried("2026-09-07", "fenn", "hartwell", "11"),
            ("2026-09-08 09:30", "peake", "RESOLVED\nWe visit K at home as soon as possible."),
            *_tried("2026-09-08", "peake", "oakes", "14"),
            *_tried("2026-09-09", "stroud", "lyle", "15"),
            ("2026-09-11 11:00", "dsps", _DECISION),
            _DONE,
            _HAPPENED,
        ),
        "2026-10-09 18:00",
    ),
    "plymouth": Play(
        "plymouth",
        "Professional difference - K.W.",
        plymouth.RAISED,
        "fenn",
        (
            *_tried("2026-09-08", "fenn", "hartwell", "11"),
            *_tried("2026-09-09", "peake", "oakes", "14"),
            *_tried("2026-09-10", "stroud", "lyle", "15"),
            ("2026-09-14 11:00", "farrow", f"RESOLVED\n{VISIT.format(on='18')}"),
            ("2026-09-14 12:00", "whitlock", "CONFIRM"),
            ("2026-09-18 12:00", "farrow", "DONE"),
            _HAPPENED,
        ),
        "2026-10-12 18:00",
        plymouth.PLYMOUTH,
        plymouth.PEOPLE,
    ),
    "gloucestershire": Play(
        "gloucestershire",
        "Escalation - K.W.",
        gloucestershire.RAISED.format(more=""),
        "fenn",
        (
            *_tried("2026-09-08", "fenn", "hartwell", "11"),
            *_tried("2026-09-09", "peake", "oakes", "14"),
            ("2026-09-11 11:00", "stroud", f"RESOLVED\n{VISIT.format(on='18')}"),
            ("2026-09-11 12:00", "lyle", "CONFIRM"),
            _DONE,
            _HAPPENED,
        ),
        "2026-10-09 18:00",
        gloucestershire.GLOUCESTERSHIRE,
        gloucestershire.PEOPLE,
    ),
    "sunderland": Play(
        "sunderland",
        "Dispute - K.W.",
        sunderland.RAISED,
        "dunmore",
        (
            *_tried("2026-09-08", "dunmore", "hartwell", "11"),
            *_tried("2026-09-09", "arden", "oakes", "14"),
            *_tried("2026-09-10", "quill", "lyle", "15"),
            ("2026-09-14 11:00", "partners", "DECISION\nThe plan stays open until 18 September 2026."),
            ("2026-09-18 12:00", "quill", "DONE"),
            _HAPPENED,
        ),
        "2026-10-12 18:00",
        sunderland.OURS,
        sunderland.PEOPLE,
    ),
    "wolverhampton": Play(
        "wolverhampton",
        "Escalation - K.W.",
        wolverhampton.RAISED,
        "fenn",
        (
            *_tried("2026-09-08", "fenn", "hartwell", "11"),
            *_tried("2026-09-09", "peake", "oakes", "14"),
            *_tried("2026-09-10", "stroud", "lyle", "15"),
            ("2026-09-14 11:00", "penrose", f"RESOLVED\n{VISIT.format(on='18')}"),
            ("2026-09-14 12:00", "garland", "CONFIRM"),
            _DONE,
            _HAPPENED,
        ),
        "2026-10-12 18:00",
        wolverhampton.OURS,
        wolverhampton.PEOPLE,
    ),
}


def played(name: str, silent: bool) -> list[Sent]:
    """Every letter of one procedure's play, in the order in which they went; it is played once in a run."""

    def told() -> list[Sent]:
        with tempfile.TemporaryDirectory() as folder:
            return _played(name, Path(folder), silent)

    return once((str(ROOT), played, name, silent), told)


def _played(name: str, folder: Path, silent: bool) -> list[Sent]:
    play = PLAYS[name]
    steps = () if silent else play.steps
    told = Story(folder, "2026-09-07 09:00", play.protocol, play.directory, people=play.people, heartbeat=True)
    with told as story:
        story.mail(play.by, play.raised, "2026-09-07 10:12", subject=play.subject, to=[play.other])
        for when, by, body in steps:
            _pass(story, when)
            story.mail(by, body, when, subject=f"[{story.first}] K.W.")
        _pass(story, SILENT_UNTIL if silent else play.until)
        return story.letters()


def _pass(story: Story, when: str) -> None:
    """Time passes to ``when`` with a turn each morning, as the service makes one: whatever a day brings by itself."""
    while (morning := (story.now + timedelta(days=1)).replace(hour=9, minute=0)) < at(when):
        story.until(f"{morning:%Y-%m-%d %H:%M}")
    story.until(when)
