"""``mailbot show``: one dispute told from its beginning on a terminal, in people's words: who did what and when, which
letters went out, and what is running now.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from types import MappingProxyType

from mailbot.commands.terminal import Commands, columns, heading, new_parser, say, settings_of, when
from mailbot.core.clocks.case import Case
from mailbot.core.clocks.silence import MORNING_CHASE
from mailbot.core.decisions.due import CONFIRMATION, STANDS
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.working_days import until
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import Entry
from mailbot.looking import looking
from mailbot.mail.letters.recorded_so_far import label_of, working
from mailbot.mail.letters.speaker import Speaker, speaker_of
from mailbot.mail.letters.wording import instant_long, without_reply_word
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import missing_versions
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration
from mailbot.shell.store.stored_values import LetterRecord


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    one = new_parser(commands, "show", "show the whole of one dispute", "Who did what and when, letters, limits.")
    one.add_argument("reference", metavar="REF", help="its reference, like NS-26-0012")
    says = "what people did beside what mailbot did by itself and the letters it wrote: for a trial in shadow mode"
    one.add_argument("--beside", action="store_true", help=says)
    one.set_defaults(run=run_show)


def run_show(args: argparse.Namespace) -> int:
    now, reference = utc_now(), args.reference.strip().upper()
    settings = settings_of(args, now, lenient=True)
    with looking(settings, now) as (store, sites):
        for one in sites:
            dispute = store.dispute(one.site.id, reference)
            if dispute is not None and (dispute.protocol, dispute.version) not in one.site.versions:
                raise BadConfiguration(missing_versions(settings, store))
            if dispute is not None:
                show = show_beside if args.beside else show_dispute
                case = Case(dispute, one.site.version(dispute), now)
                show(case, store.chronology(one.site.id, reference), store.letters(one.site.id, reference))
                return OK
        gone = [at for one in sites if (at := store.purged(one.site.id, reference)) is not None]
    for at in gone:
        say(f"{reference} was purged on {at:%d %b %Y}: its chain is kept, and nothing that was said in it.")
    if not gone:
        say(f"There is no dispute {reference}.")
    return NOT_WELL


# What an event is called, and the fields worth a line, in their order. Everything else is in the ledger's text.
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "DisputeOpened": ("raised", ("raising", "receiving", "also_receiving", "child", "decision_on")),
    "AgencyJoined": ("another agency", ("agency",)),
    "AgencyLeft": ("an agency taken out", ("agency",)),
    "DateAccepted": ("date accepted", ("on", "by")),
    "PersonRecorded": ("in it now", ("person", "role", "side")),
    "PersonRemoved": ("taken out of it", ("person", "role")),
    "PersonHandedOver": ("handed over", ("role", "leaving", "taking", "until")),
    "FieldRecorded": ("recorded", ("key", "value")),
    "StageEntered": ("began", ("stage", "how")),
    "StageEnded": ("ended", ("stage", "how")),
    "Reminded": ("reminder", ("clock", "limit")),
    "LimitPassed": ("limit passed", ("clock", "stage", "limit", "then", "untold")),
    "LimitWaited": ("limit waits, nobody told of", ("untold", "stage", "limit", "until")),
    "ResolutionProposed": ("said to be resolved", ("side", "agreed", "on")),
    "ResolutionConfirmed": ("what was agreed is confirmed", ("side",)),
    "ResolutionObjected": ("not agreed to be resolved", ("side", "words")),
    "DecisionPut": ("decided by one of several", ("by", "words")),
    "DecisionMade": ("decision", ("words",)),
    "DisputeClosed": ("closed", ("outcome", "words")),
    "DisputeReopened": ("opened again", ("words",)),
    "DateProposed": ("another date asked for", ("on", "side", "reason")),
    "DateAgreed": ("date agreed", ("on", "clock")),
    "DateRefused": ("date refused", ("on", "why")),
    "ProtectiveDateSet": ("an earlier date for the child", ("on", "side", "reason")),
    "ActDone": ("done in time", ("clock",)),
    "ActionsRecorded": ("recorded", ("key", "words")),
    "FormReturned": ("form came back", ("form", "version", "name", "digest")),
    "FormNotRead": ("document not taken", ("name", "why")),
    "FormCompleted": ("form complete", ("form", "stage")),
    "MeetingPlanned": ("meeting planned", ("on", "words")),
    "MeetingHeld": ("meeting held", ("on", "words")),
    "RouteTaken": ("taken beside the stages", ("route", "words")),
    "ActionReported": ("an action", ("what", "done")),
    "MisreadUndone": ("what was misread was put back", ("words",)),
    "CalendarMoved": ("a limit moved with the calendar", ("stage", "was", "becomes", "why")),
    "VersionMoved": ("moved to another version", ("version", "why")),
    "AutomaticMoveHeld": ("automatic move turned off", ("words",)),
    "AutomaticMoveResumed": ("automatic move on again", ("words",)),
    "DisputeLinked": ("linked", ("other", "apart")),
    "WordsRedacted": ("shown as initials from here on", ("words",)),
    "MessageFiled": ("email filed", ()),
    "RiskReported": ("possible immediate risk", ()),
    "QuestionAsked": ("one question", ("of", "question")),
    "RequestRefused": ("not done", ("act", "why")),
    "StatusAsked": ("asked where it stands", ()),
    "WordsPassedOn": ("passed on", ("words",)),
    "NoticeFailed": ("letter came back", ("address", "letter", "why")),
    "AbsenceNoticed": ("away until", ("person", "until", "cover")),
    "OutsiderNoticed": ("somebody outside the agencies was copied", ("addresses",)),
    "MovedByHand": ("moved by hand", ("where", "outcome")),
    "FeedbackGiven": ("feedback", ("helpful", "idea")),
    "ActionsReminded": ("reminded of what was agreed", ("on",)),
    "ActionsUnreported": ("date passed, nothing reported", ("on",)),
    "OutcomeAsked": ("asked whether it happened", ()),
    "OutcomeReported": ("what was agreed", ("happened", "words")),
    "FeedbackAsked": ("asked for feedback", ("of",)),
}
_LONGEST = 160
NEVER_REPEATED = frozenset({"child_name", "child_dob", "signed"})  # it is in the ledger, and on no screen (G4)
# What stands in the record as a word of ours, as people say it.
_HOW = MappingProxyType(
    {
        "opening": "where it was raised",
        "asked": "a person asked for it",
        "limit": "at the limit",
        "referred": "it was referred",
        "reopened": "it was opened again",
        "moved up": "not settled",
        "move up": "it moves up by itself",
        "ask": "those who raised it are asked what follows",
        "flag": "the office is told",
        "remind": "a reminder goes out",
        "nothing": "",
    }
)
_CAUSES = MappingProxyType({"limit": "the time had come", "person": "by a person at the partnership"})
# What a letter is, where its own name does not say it.
_LETTERS = MappingProxyType(
    {
        "opened": "first letter",
        "stage_entered": "your turn",
        "stage_told": "it moved on",
        "limit_passed": "time has passed",
        "refer_question": "is it to be referred?",
        "proposed": "please confirm",
        "proposed_told": "is it resolved?",
        "objected": "not agreed",
        "action_due": "is it done?",
        "action_unreported": "date has passed",
        "did_it_happen": "did it happen?",
        "noted": "recorded",
        "refused": "not done",
        "heartbeat": "daily word",
    }
)


def show_dispute(case: Case, entries: Sequence[Entry], letters: Sequence[LetterRecord]) -> None:
    dispute = case.dispute
    calendar, protocol = case.calendar, case.protocol
    heading(f"{dispute.reference}: {dispute.between}")
    stage = f", {protocol.stage_name(dispute.stage)} ({protocol.stages[dispute.stage].name})" if dispute.visits else ""
    say(f"{dispute.state.value.capitalize()}{stage}; {protocol.name}, version {dispute.version}")
    say()
    heading("What happened")
    for (at, why), together in groupby(entries, key=lambda e: (when(e.event.at, calendar), _why(e))):
        say(f"  {at}, {why}")
        columns([(f"{e.sequence:3}", chronology_told(e.event, case)) for e in together], indent=4)
    if dispute.is_open:
        say()
        heading("Limits now")
        for limit in sorted(case.limits, key=lambda one: one.done or one.holds):
            state = "done" if limit.done else "passed" if limit.holds < case.now else "runs until"
            say(f"  {limit.label}: {state} {instant_long(calendar.local(limit.done or limit.holds))}")
            columns([(limit.because,)], indent=4)
            columns(working(until(limit.working, calendar.local(limit.holds).date())), indent=4)
    say()
    heading("Letters")
    columns([_letter(one, case) for one in letters] or [("none",)])


def _letter(letter: LetterRecord, case: Case) -> tuple[str, ...]:
    """One letter of the dispute on a terminal: when, what it is, what became of it, and to whom, by name."""
    say = speaker_of(case.dispute, case.protocol, case.calendar.zone)
    name = case.directory.person(letter.recipient).name or say.person(letter.recipient) or letter.recipient
    kind = _LETTERS.get(letter.letter, letter.letter.replace("_", " "))
    return when(letter.created, case.calendar), kind, _state(letter), name.partition(" (")[0]


def show_beside(case: Case, entries: Sequence[Entry], letters: Sequence[LetterRecord]) -> None:
    """``mailbot show``: what people did, what mailbot did by itself when a limit passed, and the letters it wrote,
    hour by hour, beside each other. In shadow mode the letters went to the office alone."""
    calendar = case.calendar
    rows = []
    for entry in entries:
        told, people = chronology_told(entry.event, case), entry.cause.kind in ("message", "person")
        rows.append((entry.event.at, told if people else "", "" if people else told))
    grouped = groupby(
        sorted(letters, key=lambda one: (one.created, one.letter)), key=lambda one: (one.created, one.letter)
    )
    for (at, letter), some in grouped:
        to = len({one.recipient for one in some})
        kind = _LETTERS.get(letter, letter.replace("_", " "))
        rows.append((at, "", f"letter “{kind}” to {to} {'person' if to == 1 else 'people'}"))
    heading(f"{case.dispute.reference}: what people did, and what mailbot did by itself")
    shown = [(when(at, calendar), people[:60], mailbot) for at, people, mailbot in sorted(rows, key=lambda row: row[0])]
    columns(shown, ("when", "people", "mailbot"))


def chronology_told(event: Event, case: Case) -> str:
    """ "began: Stage 2; it was referred (by Verity Landmark)"."""
    name, wanted = EVENTS.get(type(event).__name__, (type(event).__name__, ()))
    if getattr(event, "key", "") in NEVER_REPEATED:
        wanted = ("key",)
    words = [_field(key, getattr(event, key), case) for key in wanted]
    by = _field("by", getattr(event, "by", None) or getattr(event, "raiser", None), case)
    text = "; ".join(word for word in words if word)
    return f"{name}{': ' if text else ''}{text}{f' (by {by})' if by and by != text.partition(';')[0] else ''}"


def _field(key: str, value: object, case: Case) -> str:
    """One field of an event of the chronology: what is a word of ours, or of the protocol's file, by what it means."""
    rule = _FIELDS.get(key)
    if rule is not None and isinstance(value, str):
        return rule(value, speaker_of(case.dispute, case.protocol, case.calendar.zone))
    if isinstance(value, Side):
        return case.dispute.agency(value) or f"{value.value} side"
    return _shown(value, case.partnership)


_OF_A_PROPOSAL = {CONFIRMATION: "nobody has confirmed what was agreed", STANDS: "what was agreed waits for a yes"}


def _clock(name: str, say: Speaker) -> str:
    rung = name.removeprefix(MORNING_CHASE).strip(": ") if name.startswith(MORNING_CHASE) else ""
    asked = {CONFIRMATION: "nobody has confirmed what was agreed", STANDS: "what was agreed waits for a yes"}.get(
        name, ""
    )
    return say.clock(name) or asked or (f"what follows: {rung}" if rung else name)


def _stage(name: str, say: Speaker) -> str:
    return say.protocol.stage_name(name) if name in say.protocol.stages else name


def _outcome(name: str, say: Speaker) -> str:
    found = say.protocol.outcomes.get(name)
    return found.label if found else name


def _route(name: str, say: Speaker) -> str:
    found = say.protocol.routes.get(name)
    return found.name if found else name


def _form(name: str, say: Speaker) -> str:
    found = say.protocol.forms.get(name)
    return found.title if found else name


def _by(address: str, say: Speaker) -> str:
    return say.person(address).partition(" (")[0] or address


_FIELDS: Mapping[str, Callable[[str, Speaker], str]] = MappingProxyType(
    {
        "clock": _clock,
        "stage": _stage,
        "how": lambda how, say: _HOW.get(how, how),
        "then": lambda then, say: _HOW.get(then, then),
        "key": lambda key, say: label_of(key, say.protocol),
        "outcome": _outcome,
        "route": _route,
        "form": _form,
        "by": _by,
        "words": lambda words, say: _cut(without_reply_word(words)),
        "letter": lambda name, say: _LETTERS.get(name, name.replace("_", " ")),
    }
)


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
    text = " ".join(str(value).split()) if value is not None else ""
    role = partnership.protocol.roles.get(text)
    if role is not None:
        return role.title
    if text.isidentifier():
        return text.replace("_", " ")  # a name of ours or of the protocol's file
    return _cut(text)


def _cut(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rpartition(" ")[0] + " …"


def _why(entry: Entry) -> str:
    """``mailbot show`` says why an event was recorded: what it was decided by; a message is named by the beginning of
    its digest."""
    if entry.cause.kind == "message":
        return f"an email ({entry.cause.what[:8]})"
    return _CAUSES.get(entry.cause.kind, f"by {entry.cause.kind}")


def _state(letter: LetterRecord) -> str:
    tries = f", {letter.attempts} tries" if letter.attempts > 1 else ""
    words = f" ({letter.words})" if letter.words and letter.state.value not in ("sent", "new") else ""
    return f"{letter.state.value}{tries}{words}"
