"""Two lives of a dispute under each procedure: answered at every stage to its end, and met with nothing but silence."""

from dataclasses import dataclass
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from tests.people import DIRECTORY
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.north_somerset import test_to_the_end as north_somerset
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.story import Sent, Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether K is seen at home."
REFERRED = UNRESOLVED.replace("ESCALATE", "REFER")
SETTLED = "RESOLVED\nChildren's Social Care visits K at home by 18 September 2026."
DECIDED = "DECISION\nChildren's Social Care visits K at home by 18 September 2026."
RAISED_AT, LEFT_AT, ENDED_AT = "2026-09-07 10:12", "2026-10-19 12:00", "2026-10-14 12:00"


@dataclass(frozen=True)
class Life:
    """One procedure's dispute: what raises it, and who writes what when, to the end (``replies``)."""

    protocol: str
    directory: Directory
    people: dict[str, str]
    body: str
    other: str
    replies: tuple[tuple[str, str, str], ...]


LIVES = (
    Life(
        "north-somerset",
        DIRECTORY,
        {},
        north_somerset.RAISED,
        "fenn",
        (
            ("hartwell", UNRESOLVED, "2026-09-07 15:00"),
            ("oakes", UNRESOLVED, "2026-09-08 10:00"),
            ("lyle", REFERRED, "2026-09-09 10:00"),
            ("dsps", DECIDED, "2026-09-11 11:00"),
        ),
    ),
    Life(
        "plymouth",
        plymouth.PLYMOUTH,
        plymouth.PEOPLE,
        plymouth.RAISED,
        "fenn",
        (
            ("hartwell", UNRESOLVED, "2026-09-08 10:00"),
            ("oakes", UNRESOLVED, "2026-09-10 10:00"),
            ("lyle", SETTLED, "2026-09-11 12:00"),
            ("stroud", "CONFIRM", "2026-09-11 13:00"),
        ),
    ),
    Life(
        "gloucestershire",
        gloucestershire.GLOUCESTERSHIRE,
        gloucestershire.PEOPLE,
        gloucestershire.RAISED.format(more=""),
        "fenn",
        (
            ("hartwell", UNRESOLVED, "2026-09-08 10:00"),
            ("oakes", UNRESOLVED, "2026-09-09 10:00"),
            ("lyle", SETTLED, "2026-09-11 12:00"),
            ("stroud", "CONFIRM", "2026-09-11 13:00"),
        ),
    ),
    Life(
        "sunderland",
        sunderland.OURS,
        sunderland.PEOPLE,
        sunderland.RAISED,
        "dunmore",
        (
            ("hartwell", UNRESOLVED, "2026-09-09 10:00"),
            ("oakes", UNRESOLVED, "2026-09-11 10:00"),
            ("lyle", REFERRED, "2026-09-11 12:00"),
            ("partners", "DECISION\nThe plan stays open until 18 December 2026.", "2026-09-15 10:00"),
        ),
    ),
    Life(
        "wolverhampton",
        wolverhampton.OURS,
        wolverhampton.PEOPLE,
        wolverhampton.RAISED,
        "fenn",
        (
            ("hartwell", UNRESOLVED, "2026-09-08 10:00"),
            ("oakes", UNRESOLVED, "2026-09-09 10:00"),
            ("lyle", SETTLED, "2026-09-10 12:00"),
            ("stroud", "CONFIRM", "2026-09-10 13:00"),
        ),
    ),
)


def _begun(life: Life, folder: Path) -> Story:
    folder.mkdir(parents=True, exist_ok=True)
    return Story(folder, "2026-09-07 09:30", life.protocol, life.directory, people=life.people)


def silent(life: Life, folder: Path) -> list[Sent]:
    """Every letter of the dispute when nobody answers for thirty working days."""
    with _begun(life, folder) as story:
        story.mail("hartwell", life.body, RAISED_AT, subject="Escalation - K.W.", to=[life.other])
        story.until(LEFT_AT)
        return story.letters()


def answered(life: Life, folder: Path) -> list[Sent]:
    """Every letter when each stage is answered, up to its end and twenty working days after."""
    with _begun(life, folder) as story:
        story.mail("hartwell", life.body, RAISED_AT, subject="Escalation - K.W.", to=[life.other])
        for by, body, when in life.replies:
            story.mail(by, body, when, subject=f"[{story.first}] K.W.")
        assert not story.dispute().is_open, f"{life.protocol}: still open at {story.dispute().stage}"
        story.until(ENDED_AT)
        return story.letters()
