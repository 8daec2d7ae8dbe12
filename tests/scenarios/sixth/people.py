"""Who plays in the stories of a procedure that nobody has seen before: health and social care, about an adult."""

from dataclasses import replace

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, NHS
from tests.prepared import prepared
from tests.story import Story

PEOPLE = {
    "lead": "lead.officer@forth-adults.example",
    "convener": "convener@forth-adults.example",
    "colleges": "colleges.link@forth-adults.example",
    "ferrier": "isla.ferrier@westmere-nhs.example",
    "drummond": "callum.drummond@seamoor.example",
    "guthrie": "morag.guthrie@westmere-nhs.example",
    "lennox": "fergus.lennox@seamoor.example",
}


def _officer(called: str, name: str, agency: str, designation: str, *posts: str) -> Officer:
    return Officer(Person(PEOPLE[called], name, agency, designation), posts)


OFFICERS = (
    _officer("ferrier", "Isla Ferrier", NHS, "Director of Nursing", "head of adult services"),
    _officer("drummond", "Callum Drummond", CSC, "Head of Adult Services", "head of adult services"),
    _officer("guthrie", "Morag Guthrie", NHS, "Locality Chair"),
    _officer("lennox", "Fergus Lennox", CSC, "Locality Chair"),
)
OURS = replace(DIRECTORY, officers=(*DIRECTORY.officers, *OFFICERS))
RAISED = """\
Dear Tobias,

Adult: R.T.
Agencies: Westmere NHS Trust / CSC
Line manager: Sidonie Vance, sidonie.vance@westmere-nhs.example
Your line manager: Rosalind Peake, rosalind.peake@seamoor.example
Issue: The care package is being ended.
Impact: R is not eating.
Urgency: standard
Outcome sought: The package goes on until a review.

Octavian Reed
"""


@prepared
def raise_it(story: Story, when: str, body: str = RAISED) -> None:
    story.mail("reed", body, when, subject="Professional disagreement - R.T.", to=["fenn"])
