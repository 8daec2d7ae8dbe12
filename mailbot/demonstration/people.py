"""Who plays in the demo: invented people of invented agencies, and the configuration they are run with.

They are written out as the files a partnership would have, so that the demo begins where a real start does: at
``mailbot.toml``. Your own directory plays no part in it, and no letter of the demo can reach anybody in it.
"""

from mailbot.core.happened.intents import Person

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
  {{ name = "Emergency duty team", number = "01632 960199", checked_on = 2026-09-01 }},
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
