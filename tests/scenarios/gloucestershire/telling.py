"""Gloucestershire's people and the beginnings its stories share."""

from pathlib import Path

from mailbot.core.partnership.directory import Directory, Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.prepared import prepared
from tests.story import Sent, Story

PEOPLE = {
    "ssu": "support.unit@gscp.example",
    "dell": "araminta.dell@seamoor.example",
    "penrose": "l.penrose@tarn-trust.example",
    "quayle": "magnus.quayle@seamoor.example",
    "ives": "c.ives@tarn-trust.example",
}
OFFICERS = (
    Officer(Person(PEOPLE["dell"], "Araminta Dell", CSC, "Independent Reviewing Officer")),
    Officer(
        Person(PEOPLE["penrose"], "Lavinia Penrose", SCHOOL, "Trust safeguarding lead"),
        ("representative", "gscp representative", "gscp rep", "agency lead"),
    ),
    Officer(Person(PEOPLE["quayle"], "Magnus Quayle", CSC, "Designated lead"), ("agency lead",)),
    Officer(Person(PEOPLE["ives"], "Cordelia Ives", SCHOOL, "Chief Executive")),
)
GLOUCESTERSHIRE = Directory(DIRECTORY.agencies, (*DIRECTORY.officers, *OFFICERS), DIRECTORY.approved_domains)

RAISED = """\
Dear Tobias,

Child: K.W. (Year 3)
Agencies: Larkfield Primary School / Children's Social Care
Issue: The assessment is being closed with no further action.
Outcome sought: The case stays open and somebody sees K. at home.
Impact on child: K. is tired and hungry in class.
Actions so far: Two calls and a home visit by our family worker.
Category: The need for action
My line manager: Desmond Oakes, head@larkfield.sch.example
Your line manager: Rosalind Peake, rosalind.peake@seamoor.example
My senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example
Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example
{more}
Imogen Hartwell
"""


def gloucestershire(folder: Path, start: str = "2026-09-07 09:30") -> Story:
    return Story(folder, start, "gloucestershire", GLOUCESTERSHIRE, people=PEOPLE)


@prepared
def opened(story: Story, more: str = "") -> tuple[Sent, Sent]:
    """Raised on a Monday morning at stage 1."""
    story.mail("hartwell", RAISED.format(more=more), "2026-09-07 10:12", subject="Escalation - K.W.", to=["fenn"])
    one, other = story.expect(("opened", "hartwell"), ("opened", "fenn"))
    return one, other
