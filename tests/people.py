"""Invented people of invented agencies: who plays in the stories."""

from mailbot.core.partnership.directory import Agency, Directory, Officer
from mailbot.core.record.intents import Person

SCHOOL, CSC, HELP, NHS, POLICE = (
    "Larkfield Primary School",
    "Seamoor Council Children's Social Care",
    "Seamoor Council Early Help",
    "Westmere NHS Trust",
    "Seamoor Police",
)

AGENCIES = (
    Agency(SCHOOL, ("larkfield.sch.example", "tarn-trust.example"), sector="school"),
    Agency(
        CSC,
        ("seamoor.example",),
        ("CSC", "social care", "children's services", "MASH", "front door"),
        "local authority",
        "local authority",
    ),
    Agency(HELP, ("seamoor.example",), ("early help",), "local authority"),
    Agency(NHS, ("westmere-nhs.example",), ("health", "health visiting"), "health", "health"),
    Agency(POLICE, ("seamoor-police.example",), ("police",), "police", "police"),
)


def _officer(name: str, address: str, agency: str, designation: str, posts: str = "", deputy: str = "") -> Officer:
    named = tuple(post.strip() for post in posts.split(";") if post.strip())
    return Officer(Person(address, name, agency, designation), named, deputy)


ADDRESS_OF_DEPUTY = "edmund.garth@seamoor.example"
OFFICERS = (
    _officer("Imogen Hartwell", "i.hartwell@larkfield.sch.example", SCHOOL, "Designated Safeguarding Lead"),
    _officer("Desmond Oakes", "head@larkfield.sch.example", SCHOOL, "Head Teacher"),
    _officer("Beatrix Lyle", "beatrix.lyle@tarn-trust.example", SCHOOL, "Trust Director of Safeguarding"),
    _officer("Cassius Marlow", "c.marlow@tarn-trust.example", SCHOOL, "Head of Safeguarding", "head of safeguarding"),
    _officer("Tobias Fenn", "tobias.fenn@seamoor.example", CSC, "Social Worker"),
    _officer(
        "Rosalind Peake", "rosalind.peake@seamoor.example", CSC, "Team Manager", "", "edmund.garth@seamoor.example"
    ),
    _officer("Edmund Garth", "edmund.garth@seamoor.example", CSC, "Deputy Team Manager"),
    _officer("Winifred Stroud", "winifred.stroud@seamoor.example", CSC, "Service Manager"),
    _officer("Ambrose Kettle", "ambrose.kettle@seamoor.example", CSC, "Head of Safeguarding", "head of safeguarding"),
    _officer("Philippa Dunmore", "philippa.dunmore@seamoor.example", HELP, "Early Help Worker"),
    _officer("Octavian Reed", "octavian.reed@westmere-nhs.example", NHS, "Health Visitor"),
    _officer("Sidonie Vance", "sidonie.vance@westmere-nhs.example", NHS, "Named Nurse", "line manager"),
    _officer("Lucian Brook", "lucian.brook.5512@seamoor-police.example", POLICE, "Detective Sergeant"),
)

DIRECTORY = Directory(AGENCIES, OFFICERS, frozenset(domain for agency in AGENCIES for domain in agency.domains))

# How the stories call them.
ADDRESS = {
    "hartwell": "i.hartwell@larkfield.sch.example",
    "oakes": "head@larkfield.sch.example",
    "lyle": "beatrix.lyle@tarn-trust.example",
    "marlow": "c.marlow@tarn-trust.example",
    "fenn": "tobias.fenn@seamoor.example",
    "peake": "rosalind.peake@seamoor.example",
    "garth": "edmund.garth@seamoor.example",
    "stroud": "winifred.stroud@seamoor.example",
    "kettle": "ambrose.kettle@seamoor.example",
    "dunmore": "philippa.dunmore@seamoor.example",
    "reed": "octavian.reed@westmere-nhs.example",
    "vance": "sidonie.vance@westmere-nhs.example",
    "brook": "lucian.brook.5512@seamoor-police.example",
    "bm": "business.manager@nsscp.example",
    "dsps": "dsps@nsscp.example",
    "mailbox": "escalation@nsscp.example",
}
WHO = {address: name for name, address in ADDRESS.items()}
NAMES = {officer.person.address: officer.person.name for officer in OFFICERS}
