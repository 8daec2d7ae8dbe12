"""Plymouth's people and the beginnings its stories share."""

from pathlib import Path

from mailbot.core.partnership.directory import Directory, Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.prepared import prepared
from tests.story import Sent, Story

PEOPLE = {
    "whitlock": "h.whitlock@tarn-trust.example",
    "farrow": "gideon.farrow@seamoor.example",
    "bu": "business.unit@pscp.example",
    "qas": "qas@pscp.example",
    "scrutineer": "scrutineer@pscp.example",
}
OFFICERS = (
    Officer(Person(PEOPLE["whitlock"], "Honor Whitlock", SCHOOL, "Director of Education"), ("strategic",)),
    Officer(Person(PEOPLE["farrow"], "Gideon Farrow", CSC, "Service Director"), ("strategic",)),
)
PLYMOUTH = Directory(DIRECTORY.agencies, (*DIRECTORY.officers, *OFFICERS), DIRECTORY.approved_domains)

RAISED = """\
Dear Tobias,

Child: K.W. (Year 3)
Agencies: Larkfield Primary School / Children's Social Care
Issue: The assessment is being closed with no further action.
Actions so far: Two calls and a home visit by our family worker.
Evidence: It is a gut feeling, from how K. comes in on Mondays.
Outcome sought: The case stays open and somebody sees K. at home.
Impact on child: K. is tired and hungry in class.
My team manager: Desmond Oakes, head@larkfield.sch.example
My senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example
Your manager: Rosalind Peake, rosalind.peake@seamoor.example
Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example

Imogen Hartwell
"""

SUPERVISED = RAISED.replace(
    "My team manager:", "My safeguarding lead: Cassius Marlow, c.marlow@tarn-trust.example\nMy team manager:"
)


def plymouth(folder: Path, start: str = "2026-09-07 09:30") -> Story:
    return Story(folder, start, "plymouth", PLYMOUTH, people=PEOPLE)


@prepared
def opened(story: Story) -> tuple[Sent, Sent]:
    """Raised on a Monday morning, practitioner to practitioner: stage 2, where most begin."""
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn"])
    one, other = story.expect(("opened", "hartwell"), ("opened", "fenn"))
    return one, other
