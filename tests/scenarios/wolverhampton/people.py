"""Who plays in Wolverhampton's stories: a school and social care, with the officers of Appendix 2."""

from dataclasses import replace

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.prepared import prepared
from tests.story import Story

PEOPLE = {
    "bm": "business.manager@wscb.example",
    "chair": "chair@wscb.example",
    "garland": "octavia.garland@tarn-trust.example",
    "penrose": "lucius.penrose@seamoor.example",
    "ashdown": "rowena.ashdown@tarn-trust.example",
}


def _officer(called: str, name: str, agency: str, designation: str, *posts: str) -> Officer:
    return Officer(Person(PEOPLE[called], name, agency, designation), posts)


OFFICERS = (
    _officer("garland", "Octavia Garland", SCHOOL, "Head Teachers' representative", "representative"),
    _officer("penrose", "Lucius Penrose", CSC, "Head of Service", "representative"),
    _officer("ashdown", "Rowena Ashdown", SCHOOL, "Director of the trust", "director"),
)
OURS = replace(DIRECTORY, officers=(*DIRECTORY.officers, *OFFICERS))
RAISED = """\
Dear Tobias,

I also rang you this morning.

Child: K.W.
Agencies: Larkfield Primary School / CSC
Date of decision: 4 September 2026
Line manager: Desmond Oakes, head@larkfield.sch.example
Senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example
Your line manager: Rosalind Peake, rosalind.peake@seamoor.example
Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example
Category: Threshold for action
Issue: The assessment is being closed with no further action.
Evidence: The attendance record, and what K said on 2 September 2026.
Impact on child: K is tired and hungry in class.
Outcome sought: The assessment goes on.

Imogen Hartwell
"""


@prepared
def raise_it(story: Story, when: str, body: str = RAISED) -> None:
    story.mail("hartwell", body, when, subject="Escalation - K.W.", to=["fenn"])
