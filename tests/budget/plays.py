"""Each procedure played whole, with replies and in silence, by its own invented people: the letters that it brings.

With replies: at each stage somebody reports a resolution, which the other side does not agree to, and it goes up;
those at the end decide, or the two sides settle it; what was agreed is done; four weeks later all is quiet. In silence:
nobody writes after the raising for thirty working days.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from tests.people import DIRECTORY
from tests.pressing import links, opened_mail, word_of
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.shared import once
from tests.sites import ROOT
from tests.story import Sent, SoFar, Story, at

PRIVATE = "somebody.77@freemail.example"
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


@dataclass(frozen=True)
class Offer:
    """A button as a mail program opens it, and where the play stood when its letter came."""

    sent: Sent
    word: str
    subject: str
    body: str
    before: SoFar


@dataclass(frozen=True)
class Told:
    """A play as it went: every letter, in the order in which they went, and each button that was new to its side."""

    letters: tuple[Sent, ...]
    offers: tuple[Offer, ...]


def played(name: str, silent: bool) -> list[Sent]:
    """Every letter of one procedure's play, in the order in which they went; it is played once in a run."""
    return [*_told(name, silent).letters]


def offered(name: str) -> tuple[Offer, ...]:
    """The buttons of one procedure's play with replies: each once for each side that it is offered to."""
    return _told(name, silent=False).offers


def story_of(name: str, folder: Path) -> Story:
    """One that begins as the play does, with somebody besides who writes from a private address."""
    play = PLAYS[name]
    people = {**(play.people or {}), "private": PRIVATE}
    return Story(folder, "2026-09-07 09:00", play.protocol, play.directory, people=people, heartbeat=True)


def _told(name: str, silent: bool) -> Told:
    def told() -> Told:
        with tempfile.TemporaryDirectory() as folder:
            return _played(name, Path(folder), silent)

    return once((str(ROOT), played, name, silent), told)


def _played(name: str, folder: Path, silent: bool) -> Told:
    play = PLAYS[name]
    letters: list[Sent] = []
    offers: dict[tuple[str, str], Offer] = {}

    def look(story: Story) -> None:
        sent = story.letters()
        letters.extend(sent)
        for key, offer in _buttons(story, sent):
            offers.setdefault(key, offer)

    with story_of(name, folder) as story:
        story.mail(play.by, play.raised, "2026-09-07 10:12", subject=play.subject, to=[play.other])
        look(story)
        for when, by, body in () if silent else play.steps:
            _pass(story, when)
            look(story)
            story.mail(by, body, when, subject=f"[{story.first}] K.W.")
            look(story)
        _pass(story, SILENT_UNTIL if silent else play.until)
        look(story)
    return Told(tuple(letters), tuple(offers.values()))


def _buttons(story: Story, sent: Sequence[Sent]) -> Iterator[tuple[tuple[str, str], Offer]]:
    """The buttons of these letters, each by its word and the side that it is offered to."""
    if not any(links(one) for one in sent):
        return
    before, dispute = story.so_far(), story.dispute()
    for one in sent:
        for link in links(one):
            subject, body = opened_mail(link)
            party = dispute.party(story.address[one.to])
            word = word_of(body)
            yield (word, party.side.value if party else ""), Offer(one, word, subject, body, before)


def _pass(story: Story, when: str) -> None:
    """Time passes to ``when`` with a turn each morning, as the service makes one: whatever a day brings by itself."""
    while (morning := (story.now + timedelta(days=1)).replace(hour=9, minute=0)) < at(when):
        story.until(f"{morning:%Y-%m-%d %H:%M}")
    story.until(when)
