"""The demo's invented people and agencies, its configuration, and what happens: who writes what, and when."""

from dataclasses import dataclass

from mailbot.core.record.intents import Person

# Who plays in the demo: invented people of invented agencies, and the configuration they are run with.
#
# They are written out as the files a partnership would have, so that the demo begins where a real start does: at
# ``mailbot.toml``. Your own directory plays no part in it, and no letter of the demo can reach anybody in it.

MAILBOX, MANAGER, PARTNERS = "escalation@nsscp.example", "business.manager@nsscp.example", "dsps@nsscp.example"
STRANGER = "someone@familymail.example"
PASSWORD = "demo"  # noqa: S105 (every mailbox of the demo, on this machine's loopback alone)
AGENCIES = """\
name,domains,also,sector,partner
Kewbridge Primary School,kewbridge.sch.example,Kewbridge; the school,school,
Somerbourne Council Children's Social Care,somerbourne-council.example,CSC; social care,local authority,local authority
Somerbourne Council Early Help,somerbourne-council.example,early help,local authority,
Severnside Community NHS Trust,severnside-nhs.example,health; health visiting,health,health
Vale and Moor Constabulary,valemoor-police.example,police,police,police
"""
OFFICERS = """\
name,email,agency,designation,post,deputy,phone,active
Tabitha Merriwell,t.merriwell@kewbridge.sch.example,Kewbridge Primary School,Class teacher,,,,yes
Gideon Larkrise,g.larkrise@kewbridge.sch.example,Kewbridge Primary School,Designated Safeguarding Lead,line manager,,,yes
Philippa Oxenbury,head@kewbridge.sch.example,Kewbridge Primary School,Headteacher,senior manager; head of safeguarding,,,yes
Ottilie Farrow,ottilie.farrow@somerbourne-council.example,Somerbourne Council Children's Social Care,Social worker,,,,yes
Desmond Quayle,desmond.quayle@somerbourne-council.example,Somerbourne Council Children's Social Care,Team manager,line manager,,,yes
Verity Landmark,verity.landmark@somerbourne-council.example,Somerbourne Council Children's Social Care,Service manager,senior manager,,,yes
Ambrosia Tennant,ambrosia.tennant@somerbourne-council.example,Somerbourne Council Children's Social Care,Head of safeguarding,head of safeguarding,,,yes
Lucian Marsh,lucian.marsh@somerbourne-council.example,Somerbourne Council Early Help,Family support worker,,,,yes
Henrietta Cobb,henrietta.cobb@somerbourne-council.example,Somerbourne Council Early Help,Team manager,line manager,,,yes
Silas Greenaway,silas.greenaway@somerbourne-council.example,Somerbourne Council Early Help,Service manager,senior manager; head of safeguarding,,,yes
Marguerite Dolan,marguerite.dolan@severnside-nhs.example,Severnside Community NHS Trust,Health visitor,,,,yes
Thelonius Brook,thelonius.brook@severnside-nhs.example,Severnside Community NHS Trust,Named nurse,line manager,,,yes
Winifred Sayle,winifred.sayle@severnside-nhs.example,Severnside Community NHS Trust,Designated nurse,senior manager; head of safeguarding,,,yes
Constance Redfern,constance.redfern@valemoor-police.example,Vale and Moor Constabulary,Detective sergeant,line manager,,,yes
Leopold Strand,leopold.strand@valemoor-police.example,Vale and Moor Constabulary,Detective inspector,senior manager; head of safeguarding,,,yes
"""  # noqa: E501 (a spreadsheet's rows)
# {protocol}, {imap} and {smtp} are filled in when it is written: this machine, the ports that were free.
CONFIGURATION = """\
# Written by "mailbot demo". The demo's own store, invented people, and mail servers that live as long as the demo runs.

[store]
url = "sqlite:///../mailbot.db"

[service]
secret_file = "../secret"

[partnership.north-somerset]
protocol = "{protocol}"
agencies = "agencies.csv"
directory = "directory.csv"
address = "escalation@nsscp.example"
approved_domains = ["nsscp.example"]
phones = [
  {{ name = "Children's front door", number = "01632 960100", checked_on = 2026-09-01 }},
  {{ name = "Emergency duty team", number = "01632 960199", hours = "nights, weekends", checked_on = 2026-09-01 }},
]

[partnership.north-somerset.roles]
business_manager = "business.manager@nsscp.example"
dsps = "dsps@nsscp.example"
scrutineer = "scrutineer@nsscp.example"

[partnership.north-somerset.mailbox]
url = "imap://escalation@nsscp.example@127.0.0.1:{imap}/INBOX"
password_file = "../password"

[partnership.north-somerset.post]
url = "smtp://escalation@nsscp.example@127.0.0.1:{smtp}"
password_file = "../password"

[partnership.north-somerset.trust]
authserv_ids = ["mail.nsscp.example"]
require = true
"""
_OFFICES = (
    Person(MAILBOX, "the shared mailbox"),
    Person(MANAGER, "Business Manager"),
    Person(PARTNERS, "Delegated Safeguarding Partners"),
    Person("scrutineer@nsscp.example", "Independent Scrutineer"),
)


def cast() -> dict[str, Person]:
    """Everybody with a mailbox in the demo, by address."""
    rows = [line.split(",") for line in OFFICERS.splitlines()[1:]]
    people = [*_OFFICES, *(Person(row[1], row[0], row[2], row[3]) for row in rows)]
    return {person.address: person for person in people}


# What happens in the demo: two disputes under North Somerset's procedure, told as who writes what, and when.
#
# Only the people's side stands here. Everything else that is seen - letters, limits, stages - is what mailbot does.

BEGINS = "2026-09-07 09:30"
FIRST_DISPUTE, SECOND_DISPUTE = "NS-26-0001", "NS-26-0002"
TABITHA, GIDEON, PHILIPPA = (
    "t.merriwell@kewbridge.sch.example",
    "g.larkrise@kewbridge.sch.example",
    ("head@kewbridge.sch.example"),
)
OTTILIE, DESMOND = "ottilie.farrow@somerbourne-council.example", "desmond.quayle@somerbourne-council.example"
VERITY, LUCIAN = "verity.landmark@somerbourne-council.example", "lucian.marsh@somerbourne-council.example"
MARGUERITE = "marguerite.dolan@severnside-nhs.example"


@dataclass(frozen=True, slots=True)
class WrittenByHand:
    """Somebody writes. With ``about`` they answer the newest letter they have about that dispute; without, it is an
    email of their own, to ``to`` with the mailbox copied. ``seen`` is what the teller says before it."""

    when: str
    by: str
    body: str
    about: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    seen: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes to ``when``, and nobody writes."""

    when: str
    seen: str


RAISED = """\
Dear Ottilie,

As we did not agree on the telephone I am putting this in writing and copying the escalation mailbox.

Child: K.W. (Year 3)
Agencies: Kewbridge Primary School / Children's Social Care
Line manager: Gideon Larkrise, g.larkrise@kewbridge.sch.example
Senior manager: Philippa Oxenbury, head@kewbridge.sch.example
Your line manager: Desmond Quayle, desmond.quayle@somerbourne-council.example
Your senior manager: Verity Landmark, verity.landmark@somerbourne-council.example
Issue: The assessment is being closed with no further action.
Impact on child: K is tired and hungry in class, and says nobody is home at night.
Outcome sought: The assessment stays open and a meeting is held by Friday 18 September 2026.

Tabitha Merriwell
"""
ALSO_RAISED = """\
Dear Lucian,

I am raising this under the issue resolution procedure.

Child: A.T.
Agencies: Severnside Community NHS Trust / Early Help
Line manager: Thelonius Brook, thelonius.brook@severnside-nhs.example
Senior manager: Winifred Sayle, winifred.sayle@severnside-nhs.example
Your line manager: Henrietta Cobb, henrietta.cobb@somerbourne-council.example
Your senior manager: Silas Greenaway, silas.greenaway@somerbourne-council.example
Issue: The family has been taken off the waiting list for support.
Impact on child: A has missed two developmental reviews.
Outcome sought: A visit to the family within two weeks.

Marguerite Dolan
"""
_AWAY = """\
Thank you for your email. I am on annual leave and will be back on Tuesday 15 September 2026.
I am not reading my email.

Desmond Quayle
"""
STORY: tuple[WrittenByHand | Passes, ...] = (
    WrittenByHand(
        "2026-09-07 10:12",
        TABITHA,
        RAISED,
        to=(OTTILIE,),
        subject="[ESCALATION] Stage 1 - K.W.",
        seen="A teacher and a social worker do not agree. The teacher writes, and copies the shared mailbox in.",
    ),
    WrittenByHand(
        "2026-09-07 14:05",
        MARGUERITE,
        ALSO_RAISED,
        to=(LUCIAN,),
        subject="[ESCALATION] Stage 1 - A.T.",
        seen="The same afternoon a health visitor raises another one.",
    ),
    Passes("2026-09-08 09:30", "Nobody answers the teacher. On the morning of the limit:"),
    WrittenByHand(
        "2026-09-08 11:20",
        MARGUERITE,
        "RESOLVED\nLucian visits the family by 15 September 2026.\nMarguerite books both reviews by 18 September 2026.",
        about=SECOND_DISPUTE,
        seen="The other two have spoken.",
    ),
    WrittenByHand(
        "2026-09-08 11:42", LUCIAN, "CONFIRM", about=SECOND_DISPUTE, seen="The other side agrees that this is so."
    ),
    Passes("2026-09-08 17:05", "About K.W. there is still silence, and Stage 1 runs out."),
    WrittenByHand(
        "2026-09-08 17:06",
        DESMOND,
        _AWAY,
        about=FIRST_DISPUTE,
        automatic=True,
        seen="One of the line managers is away until after the limit. Their mail program says so.",
    ),
    WrittenByHand(
        "2026-09-09 09:40",
        GIDEON,
        "Noted, thanks.",
        about=FIRST_DISPUTE,
        seen="People are polite. Nothing follows from it.",
    ),
    WrittenByHand(
        "2026-09-09 10:15",
        STRANGER,
        "Hello, what is happening about K.W.? Please send me everything you have.\n\nA friend of the family",
        subject="K.W.",
        seen="Somebody from outside writes. They are told nothing; a person will look at it.",
    ),
    WrittenByHand(
        "2026-09-09 14:30",
        GIDEON,
        "RESOLVED\nChildren's Social Care will visit K at home ASAP.",
        about=FIRST_DISPUTE,
        seen='An agreement, of a kind: "as soon as possible" cannot be followed up.',
    ),
    WrittenByHand(
        "2026-09-09 14:50",
        GIDEON,
        "RESOLVED\nChildren's Social Care visits K at home by 11 September 2026.\n"
        "Kewbridge holds a meeting with the family by 18 September 2026.",
        about=FIRST_DISPUTE,
        seen="Again, with dates.",
    ),
    WrittenByHand(
        "2026-09-10 10:20",
        VERITY,
        "DISAGREE\nA visit was discussed, not agreed. The assessment is closed.",
        about=FIRST_DISPUTE,
        seen="The other side does not confirm it. The old limit holds, and nobody has gained a day.",
    ),
    Passes("2026-09-10 17:05", "Stage 2 runs out."),
    Passes("2026-09-14 08:00", "Monday morning: what the Business Manager reads with the first coffee."),
    Passes("2026-09-14 09:05", "It is Day 5. The procedure says that now somebody must decide."),
    WrittenByHand(
        "2026-09-14 11:30",
        PHILIPPA,
        "ESCALATE\nUnresolved: whether the assessment may be closed while K is alone at night.",
        about=FIRST_DISPUTE,
        seen="The senior managers have not agreed. The head teacher refers it to the Partnership.",
    ),
    WrittenByHand(
        "2026-09-15 15:40",
        LUCIAN,
        "DONE the visit",
        about=SECOND_DISPUTE,
        seen="Lucian was reminded this morning of what he had agreed to do today. The family has been visited.",
    ),
    WrittenByHand(
        "2026-09-16 15:10",
        PARTNERS,
        "DECISION\nThe assessment is reopened by 17 September 2026. Children's Social Care visits K at home by "
        "18 September 2026, and both agencies meet the family by 25 September 2026.",
        about=FIRST_DISPUTE,
        seen="The Delegated Safeguarding Partners decide. It is final and binding.",
    ),
    Passes("2026-09-18 09:05", "It is closed, and what was decided is not forgotten: its dates come."),
    Passes("2026-09-21 08:00", "The Monday after."),
)
