"""Who plays in Sunderland's stories: a school and Early Help, neither a statutory partner, with Heads of Service."""

from dataclasses import replace

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, HELP, SCHOOL
from tests.prepared import prepared
from tests.story import Story

PEOPLE = {
    "bm": "business.manager@sscp.example",
    "partners": "partners@sscp.example",
    "scrutineer": "scrutineer@sscp.example",
    "slade": "verity.slade@larkfield.sch.example",
    "merrick": "gideon.merrick@tarn-trust.example",
    "arden": "hester.arden@seamoor.example",
    "quill": "jasper.quill@seamoor.example",
    "sorrel": "linnet.sorrel@seamoor.example",
    "thorne": "magnus.thorne@seamoor.example",
    "wilde": "cordelia.wilde@seamoor.example",
}


def _officer(called: str, name: str, agency: str, designation: str, *posts: str) -> Officer:
    return Officer(Person(PEOPLE[called], name, agency, designation), posts)


OFFICERS = (
    _officer("slade", "Verity Slade", SCHOOL, "Designated Safeguarding Lead"),
    _officer("merrick", "Gideon Merrick", SCHOOL, "Chief Executive", "heads of service"),
    _officer("arden", "Hester Arden", HELP, "Team Manager"),
    _officer("quill", "Jasper Quill", HELP, "Service Manager"),
    _officer("sorrel", "Linnet Sorrel", HELP, "Designated Safeguarding Lead"),
    _officer("thorne", "Magnus Thorne", HELP, "Head of Early Help", "heads of service"),
    _officer("wilde", "Cordelia Wilde", CSC, "Head of Children's Social Care", "heads of service"),
)
OURS = replace(DIRECTORY, officers=(*DIRECTORY.officers, *OFFICERS))
RAISED = """\
Dear Philippa,

Child: K.W.
Agencies: Larkfield Primary School / Early Help
Line manager: Desmond Oakes, head@larkfield.sch.example
Senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example
Your line manager: Hester Arden, hester.arden@seamoor.example
Your senior manager: Jasper Quill, jasper.quill@seamoor.example
Designated lead for safeguarding: Verity Slade, verity.slade@larkfield.sch.example
Issue: Early Help is closing the plan.
Impact on child: K is tired and hungry in class.
Outcome sought: The plan stays open until the spring.

Imogen Hartwell
"""


@prepared
def raise_it(story: Story, when: str, body: str = RAISED, to: str = "dunmore") -> None:
    story.mail("hartwell", body, when, subject="Dispute - K.W.", to=[to])
