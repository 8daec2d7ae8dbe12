"""What happens in the demo: two disputes under North Somerset's procedure, told as who writes what, and when.

Only the people's side stands here. Everything else that is seen - letters, limits, stages - is what mailbot does.
"""

from dataclasses import dataclass

from mailbot.demonstration.people import PARTNERS, STRANGER

BEGINS = "2026-09-07 09:30"
FIRST, SECOND = "NS-26-0001", "NS-26-0002"
TABITHA, GIDEON, PHILIPPA = "t.merriwell@kewbridge.sch.example", "g.larkrise@kewbridge.sch.example", (
    "head@kewbridge.sch.example"
)  # fmt: skip
OTTILIE, DESMOND = "ottilie.farrow@somerbourne-council.example", "desmond.quayle@somerbourne-council.example"
VERITY, LUCIAN = "verity.landmark@somerbourne-council.example", "lucian.marsh@somerbourne-council.example"
MARGUERITE = "marguerite.dolan@severnside-nhs.example"


@dataclass(frozen=True, slots=True)
class Written:
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

AWAY = """\
Thank you for your email. I am on annual leave and will be back on Tuesday 15 September 2026.
I am not reading my email.

Desmond Quayle
"""

STORY: tuple[Written | Passes, ...] = (
    Written(
        "2026-09-07 10:12", TABITHA, RAISED, to=(OTTILIE,), subject="[ESCALATION] Stage 1 - K.W.",
        seen="A teacher and a social worker do not agree. The teacher writes, and copies the shared mailbox in.",
    ),
    Written(
        "2026-09-07 14:05", MARGUERITE, ALSO_RAISED, to=(LUCIAN,), subject="[ESCALATION] Stage 1 - A.T.",
        seen="The same afternoon a health visitor raises another one.",
    ),
    Passes("2026-09-08 09:30", "Nobody answers the teacher. On the morning of the limit:"),
    Written(
        "2026-09-08 11:20", MARGUERITE,
        "RESOLVED\nLucian visits the family by 15 September 2026.\nMarguerite books both reviews by 18 September 2026.",
        about=SECOND, seen="The other two have spoken.",
    ),
    Written("2026-09-08 11:42", LUCIAN, "CONFIRM", about=SECOND, seen="The other side agrees that this is so."),
    Passes("2026-09-08 17:05", "About K.W. there is still silence, and Stage 1 runs out."),
    Written(
        "2026-09-08 17:06", DESMOND, AWAY, about=FIRST, automatic=True,
        seen="One of the line managers is away until after the limit. Their mail program says so.",
    ),
    Written(
        "2026-09-09 09:40", GIDEON, "Noted, thanks.", about=FIRST, seen="People are polite. Nothing follows from it.",
    ),
    Written(
        "2026-09-09 10:15", STRANGER,
        "Hello, what is happening about K.W.? Please send me everything you have.\n\nA friend of the family",
        subject="K.W.", seen="Somebody from outside writes. They are told nothing; a person will look at it.",
    ),
    Written(
        "2026-09-09 14:30", GIDEON, "RESOLVED\nChildren's Social Care will visit K at home ASAP.", about=FIRST,
        seen="An agreement, of a kind: \"as soon as possible\" cannot be followed up.",
    ),
    Written(
        "2026-09-09 14:50", GIDEON,
        "RESOLVED\nChildren's Social Care visits K at home by 11 September 2026.\n"
        "Kewbridge holds a meeting with the family by 18 September 2026.",
        about=FIRST, seen="Again, with dates.",
    ),
    Written(
        "2026-09-10 10:20", VERITY, "DISAGREE\nA visit was discussed, not agreed. The assessment is closed.",
        about=FIRST, seen="The other side does not confirm it. The old limit holds, and nobody has gained a day.",
    ),
    Passes("2026-09-10 17:05", "Stage 2 runs out."),
    Passes("2026-09-14 08:00", "Monday morning: what the Business Manager reads with the first coffee."),
    Passes("2026-09-14 09:05", "It is Day 5. The procedure says that now somebody must decide."),
    Written(
        "2026-09-14 11:30", PHILIPPA,
        "ESCALATE\nUnresolved: whether the assessment may be closed while K is alone at night.",
        about=FIRST, seen="The senior managers have not agreed. The head teacher refers it to the Partnership.",
    ),
    Written(
        "2026-09-15 15:40", LUCIAN, "DONE the visit", about=SECOND,
        seen="Lucian was reminded this morning of what he had agreed to do today. The family has been visited.",
    ),
    Written(
        "2026-09-16 15:10", PARTNERS,
        "DECISION\nThe assessment is reopened by 17 September 2026. Children's Social Care visits K at home by "
        "18 September 2026, and both agencies meet the family by 25 September 2026.",
        about=FIRST, seen="The Delegated Safeguarding Partners decide. It is final and binding.",
    ),
    Passes("2026-09-18 09:05", "It is closed, and what was decided is not forgotten: its dates come."),
    Passes("2026-09-21 08:00", "The Monday after."),
)  # fmt: skip
