"""One dispute told from its beginning: who did what and when, which letters went out, and what is running now."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from mailbot.commands.screen import columns, heading, say, when
from mailbot.core.clocks.limits import limits
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import Event
from mailbot.core.happened.intents import Person
from mailbot.core.happened.ledger import Entry
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership
from mailbot.mail.writing.record import working
from mailbot.mail.writing.wording import instant_long
from mailbot.shell.store_values import LetterRecord

# What an event is called, and the fields worth a line, in their order. Everything else is in the ledger's text.
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "DisputeOpened": ("raised", ("raising", "receiving", "also_receiving", "child", "decision_on")),
    "AgencyJoined": ("another agency", ("agency",)),
    "DateAccepted": ("date accepted", ("on", "by")),
    "PersonRecorded": ("person recorded", ("person", "role", "side")),
    "PersonRemoved": ("person taken out", ("person", "role")),
    "PersonHandedOver": ("handed over", ("role", "leaving", "taking", "until")),
    "FieldRecorded": ("recorded", ("key", "value")),
    "StageEntered": ("stage entered", ("stage", "how")),
    "StageEnded": ("stage ended", ("stage", "how")),
    "Reminded": ("reminder sent", ("clock", "limit")),
    "LimitPassed": ("limit passed", ("clock", "stage", "limit", "then")),
    "ResolutionProposed": ("resolution put", ("side", "agreed", "on")),
    "ResolutionConfirmed": ("resolution confirmed", ("side",)),
    "ResolutionObjected": ("resolution objected to", ("side", "words")),
    "DecisionPut": ("decision by one of several", ("by", "words")),
    "DecisionMade": ("decision", ("words",)),
    "DisputeClosed": ("closed", ("outcome", "words")),
    "DisputeReopened": ("opened again", ("words",)),
    "DateProposed": ("date put", ("on", "side", "reason")),
    "DateAgreed": ("date agreed", ("on", "clock")),
    "DateRefused": ("date refused", ("on", "why")),
    "ProtectiveDateSet": ("protective date", ("on", "side", "reason")),
    "ActDone": ("done", ("clock",)),
    "ActionsRecorded": ("recorded", ("key", "words")),
    "FormReturned": ("form came back", ("form", "version", "name", "digest")),
    "FormNotRead": ("document not taken", ("name", "why")),
    "FormCompleted": ("form complete", ("form", "stage")),
    "MeetingHeld": ("meeting held", ("on", "words")),
    "RouteTaken": ("route taken", ("route", "words")),
    "ActionReported": ("action", ("what", "done")),
    "MisreadUndone": ("misreading undone", ("words",)),
    "CalendarMoved": ("calendar moved a limit", ("stage", "was", "becomes", "why")),
    "VersionMoved": ("moved to another version", ("version", "why")),
    "AutomaticMoveHeld": ("automatic move turned off", ("words",)),
    "AutomaticMoveResumed": ("automatic move on again", ("words",)),
    "DisputeLinked": ("linked", ("other", "apart")),
    "WordsRedacted": ("shown as initials from here on", ("words",)),
    "MessageFiled": ("message filed", ()),
    "RiskReported": ("possible immediate risk", ()),
    "QuestionAsked": ("asked", ("of", "question")),
    "RequestRefused": ("not done", ("act", "why")),
    "StatusAsked": ("asked where it stands", ()),
    "WordsPassedOn": ("passed on", ("words",)),
    "NoticeFailed": ("letter came back", ("address", "letter", "why")),
    "AbsenceNoticed": ("away", ("person", "until", "cover")),
    "OutsiderNoticed": ("outsider copied", ("addresses",)),
    "MovedByHand": ("moved by hand", ("where", "outcome")),
    "FeedbackGiven": ("feedback", ("helpful", "idea")),
    "ActionsReminded": ("reminded of what was agreed", ("on",)),
    "ActionsUnreported": ("date passed, nothing reported", ("on",)),
    "OutcomeAsked": ("asked whether it happened", ()),
    "OutcomeReported": ("what was agreed", ("happened", "words")),
    "FeedbackAsked": ("asked for feedback", ("of",)),
}  # fmt: skip
LONGEST = 160
NEVER_REPEATED = frozenset({"child_name", "child_dob", "signed"})  # it is in the ledger, and on no screen (G4)


def show(
    dispute: Dispute, partnership: Partnership, entries: Sequence[Entry], letters: Sequence[LetterRecord], now: datetime
) -> None:
    calendar, protocol = partnership.calendar, partnership.protocol
    heading(f"{dispute.reference}: {dispute.raising} and {dispute.agency(Side.RECEIVING) or 'an agency not named yet'}")
    stage = f", {protocol.stage_name(dispute.stage)} ({protocol.stages[dispute.stage].name})" if dispute.visits else ""
    say(f"{dispute.state.value.capitalize()}{stage}; {protocol.name}, version {dispute.version}")
    say()
    heading("What happened")
    for (at, why), together in groupby(entries, key=lambda e: (when(e.event.at, calendar), _why(e))):
        say(f"  {at}, {why}")
        columns([(f"{e.sequence:3}", told(e.event, partnership, dispute)) for e in together], indent=4)
    if dispute.is_open:
        say()
        heading("Limits now")
        for limit in limits(dispute, protocol, calendar):
            state = "done" if limit.done else "passed" if limit.holds < now else "runs until"
            say(f"  {limit.label}: {state} {instant_long(calendar.local(limit.done or limit.holds))}")
            say(f"    {limit.because}")
            columns(working(limit.working), indent=4)
    say()
    heading("Letters")
    columns(
        [
            (when(letter.created, calendar), letter.letter, _state(letter), letter.recipient)
            for letter in letters
        ] or [("none",)]
    )  # fmt: skip


def told(event: Event, partnership: Partnership, dispute: Dispute) -> str:
    """ "stage entered: 2; limit (by Verity Landmark)"."""
    name, wanted = EVENTS.get(type(event).__name__, (type(event).__name__, ()))
    if getattr(event, "key", "") in NEVER_REPEATED:
        wanted = ("key",)
    words = [_shown(getattr(event, key), partnership) for key in wanted]
    who = getattr(event, "by", None) or getattr(event, "raiser", None)
    party = dispute.party(who) if isinstance(who, str) else None
    by = party.person.shown if party else _shown(who, partnership)
    text = "; ".join(word for word in words if word)
    return f"{name}{': ' if text else ''}{text}{f' (by {by})' if by else ''}"


def _shown(value: object, partnership: Partnership) -> str:
    if isinstance(value, Person):
        return value.shown
    if isinstance(value, datetime):
        return when(value, partnership.calendar)
    if isinstance(value, date):
        return f"{value:%a} {value.day} {value:%b %Y}"
    if isinstance(value, bool):
        return "done" if value else "not done"
    if isinstance(value, tuple):
        return ", ".join(_shown(one, partnership) for one in value)
    if isinstance(value, Side):
        return f"{value.value} side"
    text = " ".join(str(value).split()) if value is not None else ""
    role = partnership.protocol.roles.get(text)
    if role is not None:
        return role.title
    if text.isidentifier():
        return text.replace("_", " ")  # a name of ours or of the protocol's file
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _why(entry: Entry) -> str:
    """What it was decided by; a message is named by the beginning of its digest."""
    return f"{entry.cause.kind} {entry.cause.what[:8]}" if entry.cause.kind == "message" else f"by {entry.cause.kind}"


def _state(letter: LetterRecord) -> str:
    tries = f", {letter.attempts} tries" if letter.attempts > 1 else ""
    words = f" ({letter.words})" if letter.words and letter.state.value not in ("sent", "new") else ""
    return f"{letter.state.value}{tries}{words}"
