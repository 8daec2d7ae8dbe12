"""One invented dispute in the states that change what a reply means, and who replies."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, OpenDate, Proposal, State, Visit
from mailbot.core.record.events import OutcomeAsked
from mailbot.core.record.intents import Action, Intent, Person
from mailbot.core.record.parties import Party, Voice
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import interpret
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from mailbot.shell.protocol_files import protocol_reader as protocols
from tests.people import CSC, DIRECTORY, SCHOOL

LONDON = ZoneInfo("Europe/London")
WEDNESDAY = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)  # 10:00 in London
FOLDER = Path(__file__).parents[4] / "config" / "protocols"


@cache
def protocol(name: str = "north-somerset") -> Protocol:
    return protocols.load_protocol(FOLDER / f"{name}.toml")


@cache
def partnership(name: str = "north-somerset") -> Partnership:
    rules = protocol(name)
    return Partnership(rules.id, rules, calendar_for(rules.calendar, WEDNESDAY.date()), DIRECTORY)


def officer(address: str) -> Person:
    return DIRECTORY.person(address)


HARTWELL, OAKES, LYLE = (
    officer(a)
    for a in ("i.hartwell@larkfield.sch.example", "head@larkfield.sch.example", "beatrix.lyle@tarn-trust.example")
)
FENN, PEAKE, STROUD = (officer(f"{a}@seamoor.example") for a in ("tobias.fenn", "rosalind.peake", "winifred.stroud"))
PARTIES = (
    Party("raiser", Side.RAISING, HARTWELL),
    Party("raising_manager", Side.RAISING, OAKES),
    Party("raising_senior", Side.RAISING, LYLE),
    Party("responder", Side.RECEIVING, FENN),
    Party("responding_manager", Side.RECEIVING, PEAKE),
    Party("responding_senior", Side.RECEIVING, STROUD),
)
VISIT = Action("visit at home", "Tobias", date(2026, 9, 11))
OPEN = Dispute(
    "NS-26-0012",
    "north-somerset",
    "north-somerset",
    "2024-01-01",
    WEDNESDAY,
    WEDNESDAY,
    SCHOOL,
    (CSC,),
    "R.W.",
    "<open@larkfield.sch.example>",
    visits=(Visit("2", WEDNESDAY, "asked"),),
    parties=PARTIES,
)
PROPOSED = replace(
    OPEN,
    state=State.PROPOSED,
    confirmed=frozenset({Voice(Side.RECEIVING)}),
    proposal=Proposal("2", Side.RECEIVING, PEAKE, "Visits restart", (VISIT,), "resolved", WEDNESDAY),
)
DATED = replace(
    OPEN,
    open_date=OpenDate("2", "s2", date(2026, 9, 17), Side.RECEIVING, PEAKE, "", WEDNESDAY),
)
CLOSED = replace(OPEN, state=State.CLOSED, outcome="resolved", closed=WEDNESDAY)
TEN_DAYS_ON = WEDNESDAY + timedelta(days=14)
ENDED = replace(
    CLOSED,
    actions=(VISIT,),
    history=(e.DisputeClosed(at=WEDNESDAY, outcome="resolved", stage="2"), OutcomeAsked(at=TEN_DAYS_ON, keys=("10",))),
)
ENDED_WITH_TWO = replace(ENDED, actions=(VISIT, Action("meeting at the school", "", date(2026, 9, 17))))
SITUATIONS = {
    "open": (OPEN, OAKES),
    "receiving": (OPEN, PEAKE),
    "proposed": (PROPOSED, OAKES),
    "dated": (DATED, OAKES),
    "closed": (CLOSED, HARTWELL),
    "asked": (ENDED, HARTWELL),
    "asked of two": (ENDED_WITH_TWO, HARTWELL),
}


def said(own: str, sender: Person = OAKES, subject: str = "RE: [NS-26-0012] Stage 2", **more: object) -> Said:
    plain = Said(own=own, subject=subject, sender=sender, to=(), cc=(), received=WEDNESDAY)
    return replace(plain, **more)  # type: ignore[arg-type]


def read(
    own: str, dispute: Dispute | None = OPEN, sender: Person = OAKES, name: str = "north-somerset", **more: object
) -> tuple[Intent, ...]:
    return interpret(said(own, sender, **more), dispute, partnership(name))  # type: ignore[arg-type]
