"""``mailbot status``, ``show``, ``verify`` and ``digest``: what there is to see. Nothing is changed."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

from mailbot.build import Looked, letters_of, looking
from mailbot.commands.terminal import Commands, ago, columns, heading, new_parser, say, settings_of, when
from mailbot.core.clocks.limits import limits
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import Entry
from mailbot.mail.letters.recorded_so_far import working
from mailbot.mail.letters.wording import instant_long
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import missing_versions
from mailbot.shell.config.secrets import secret_key
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import NOT_WELL, OK, BadConfiguration
from mailbot.shell.servers.connection import is_loopback
from mailbot.shell.servers.rehearsing import LIVE
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import LetterRecord
from mailbot.turns.digest_and_reports import Reporter
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.watching.health import WITHIN, Health, health, metrics_text
from mailbot.watching.invariants import breaches
from mailbot.watching.record_at_a_moment import snapshot_of

# ``mailbot status``, ``show``, ``verify`` and ``digest``: what there is to see. Nothing is changed.


def add_parsers(commands: "Commands[argparse.ArgumentParser]") -> None:
    status = new_parser(
        commands, "status", "show whether all is well", "Ends with 1 where it is not, so that monitoring can ask."
    )
    status.add_argument("--json", action="store_true", help="one JSON object for each partnership, one a line")
    minutes = int(WITHIN.total_seconds() // 60)
    says = f"how recent each turn must be to be well ({minutes})"
    status.add_argument("--within", metavar="MINUTES", type=int, default=minutes, help=says)
    status.set_defaults(run=run_status)
    metrics = new_parser(
        commands,
        "metrics",
        "tell monitoring how it is, in numbers",
        "In the text format of Prometheus; for a collector that reads a file, or a page that prints it. No number "
        "says anything about a person.",
    )
    metrics.set_defaults(run=run_metrics)
    one = new_parser(commands, "show", "show the whole of one dispute", "Who did what and when, letters, limits.")
    one.add_argument("reference", metavar="REF", help="its reference, like NS-26-0012")
    says = "what people did beside what mailbot did by itself and the letters it wrote: for a trial in shadow mode"
    one.add_argument("--beside", action="store_true", help=says)
    one.set_defaults(run=_run_show)
    verify = new_parser(
        commands,
        "verify",
        "check that nothing in the record was changed",
        "Every chain is computed again, every dispute replayed, every message compared with its digest, and every "
        "invariant of the record looked at. Ends with 1 and says each break in words.",
    )
    verify.set_defaults(run=run_verify)
    _add_digest(commands)


def _add_digest(commands: "Commands[argparse.ArgumentParser]") -> None:
    digest = new_parser(
        commands, "digest", "show the weekly digest, as it would be now or of a past week", "It is sent to nobody."
    )
    which = digest.add_mutually_exclusive_group(required=True)
    which.add_argument("--preview", action="store_true", help="as it would be now, and send nothing")
    which.add_argument(
        "--week",
        metavar="DATE",
        type=date.fromisoformat,
        help="of the week that DATE is in (like 2026-09-07), made again as it stood at that week's end",
    )
    form = digest.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="as plain text (this is what happens without --html too)")
    form.add_argument("--html", metavar="FILE", type=Path, help="write it to FILE as it looks in a mail program")
    digest.set_defaults(run=run_digest)


def run_status(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        found = [(one.site, health(one.site, store, now, timedelta(minutes=args.within))) for one in sites]
        modes = {one.site.id: one.settings.mode for one in sites}
    for site, state in found:
        if not args.json and modes[site.id] != LIVE:
            say(f"{site.id} runs in {modes[site.id]} mode: people are not written to")
        if args.json:
            print(json.dumps(asdict(state) | {"is_well": state.is_well}, default=_instant))
        else:
            _print(state, site.current.calendar, now)
    return OK if all(state.is_well for _, state in found) else NOT_WELL


def _instant(value: datetime) -> str:
    return value.isoformat()


def run_metrics(args: argparse.Namespace) -> int:
    """``mailbot metrics``, which is ``mailbot status`` in numbers, run: always 0, so that a scrape of what is wrong is
    one that succeeded."""
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        print(metrics_text([(health(one.site, store, now), now) for one in sites]), end="")
    return OK


def _print(state: Health, calendar: Calendar, now: datetime) -> None:
    heading(f"{state.partnership}: {'all is well' if state.is_well else 'NOT WELL'}")
    columns([("fault", words) for words in state.wrong])
    wait = state.waiting
    rows = [(turn, ago(at, now), when(at, calendar)) for turn, at in state.turns.items()]
    rows.append(("read to its end", ago(state.drained, now), when(state.drained, calendar)))
    columns(rows)
    say()
    columns(
        [
            ("disputes", f"{state.open} open, {state.disputes} in all"),
            ("next due", when(state.next_due, calendar) if state.next_due else "nothing"),
            ("not read yet", _waits(wait.unread, wait.oldest_unread, now)),
            ("letters to send", _waits(wait.letters, wait.oldest_letter, now)),
            ("to be filed", str(wait.filings)),
            ("for a person", f"{wait.held}{'  (mailbot held)' if wait.held else ''}"),
            ("ledger", state.head or "empty"),
            *(("trouble", f"{words} ({ago(at, now)})") for words, at in state.troubles),
        ]
    )


def _waits(count: int, oldest: datetime | None, now: datetime) -> str:
    return f"{count}, the oldest from {ago(oldest, now)}" if count else "0"


def _run_show(args: argparse.Namespace) -> int:
    now, reference = utc_now(), args.reference.strip().upper()
    settings = settings_of(args, now, lenient=True)
    with looking(settings, now) as (store, sites):
        for one in sites:
            dispute = store.dispute(one.site.id, reference)
            if dispute is not None and (dispute.protocol, dispute.version) not in one.site.versions:
                raise BadConfiguration(missing_versions(settings, store))
            if dispute is not None:
                letters = store.letters(one.site.id, reference)
                if args.beside:
                    show_beside(dispute, one.site.version(dispute), store.chronology(one.site.id, reference), letters)
                    return OK
                show_dispute(dispute, one.site.version(dispute), store.chronology(one.site.id, reference), letters, now)
                return OK
        gone = [at for one in sites if (at := store.purged(one.site.id, reference)) is not None]
    for at in gone:
        say(f"{reference} was purged on {at:%d %b %Y}: its chain is kept, and nothing that was said in it.")
    if not gone:
        say(f"There is no dispute {reference}.")
    return NOT_WELL


def run_verify(args: argparse.Namespace) -> int:
    settings = settings_of(args, utc_now(), lenient=True)
    with looking(settings, utc_now()) as (store, sites):
        keyless = _learn_keys(settings, store, [one.site.id for one in sites])
        found = {
            one.site.id: (
                len(store.dispute_rows(one.site.id)),
                [
                    *store.verify(one.site.id),
                    *breaches(snapshot_of(store, one.site, utc_now(), in_clear=_in_clear(one))),
                ],
            )
            for one in sites
        }
        unkeyed = {one.site.id: store.unkeyed(one.site.id) for one in sites}
    for name, (disputes, breaks) in found.items():
        breaks += keyless
        if breaks:
            heading(f"{name}: the record is NOT whole")
            columns([("fault", words) for words in breaks])
        else:
            say(f"{name}: the record of {disputes} dispute{'s' if disputes != 1 else ''} is whole")
        columns([("unkeyed", words) for words in unkeyed[name]])
    return NOT_WELL if any(breaks for _, breaks in found.values()) else OK


def _in_clear(one: Looked) -> tuple[str, ...]:
    """For ``mailbot verify``, the servers that are reached without TLS and are not on this machine."""
    servers = (one.settings.mailbox, one.settings.post)
    return tuple(x.shown for x in servers if x.host and x.security == "none" and not is_loopback(x.host))


def _learn_keys(settings: Settings, store: Store, partnerships: Sequence[str]) -> list[str]:
    """What ``mailbot verify`` needs for the seals; in words, why it cannot have it."""
    try:
        secret = secret_key(settings.secret_file)
    except ValueError as error:
        return [f"the seals of the record cannot be looked at: {error}"]
    for name in partnerships:
        store.learn_key(name, secret)
    return []


def run_digest(args: argparse.Namespace) -> int:
    now = utc_now()
    with looking(settings_of(args, now, lenient=True), now) as (store, sites):
        for one in sites:
            letters = letters_of(one.settings)
            reporter = Reporter(one.site, store, letters, Scribe(one.site, store, letters))
            try:
                _, rendered = reporter.again(args.week, now) if args.week else reporter.preview(now)
            except ValueError as error:  # a week that has not ended, or one outside the calendar's years
                say(f"{one.site.id}: {error}")
                return NOT_WELL
            if args.html is not None:
                target = args.html if len(sites) == 1 else args.html.with_stem(f"{args.html.stem}-{one.site.id}")
                target.write_text(rendered.html, encoding="utf-8")
                say(f"written to {target}")
            else:
                heading(rendered.subject)
                say()
                say(rendered.text)
    return OK


# One dispute told from its beginning: who did what and when, which letters went out, and what is running now.

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
    "LimitPassed": ("limit passed", ("clock", "stage", "limit", "then", "untold")),
    "LimitWaited": ("limit waits, nobody told of", ("untold", "stage", "limit", "until")),
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
}
_LONGEST = 160
NEVER_REPEATED = frozenset({"child_name", "child_dob", "signed"})  # it is in the ledger, and on no screen (G4)


def show_dispute(
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
        columns([(f"{e.sequence:3}", chronology_told(e.event, partnership, dispute)) for e in together], indent=4)
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
        [(when(letter.created, calendar), letter.letter, _state(letter), letter.recipient) for letter in letters]
        or [("none",)]
    )


def show_beside(
    dispute: Dispute, partnership: Partnership, entries: Sequence[Entry], letters: Sequence[LetterRecord]
) -> None:
    """``mailbot show``: what people did, what mailbot did by itself when a limit passed, and the letters it wrote,
    hour by hour, beside each other. In shadow mode the letters went to the office alone."""
    calendar = partnership.calendar
    rows = []
    for entry in entries:
        told, people = chronology_told(entry.event, partnership, dispute), entry.cause.kind in ("message", "person")
        rows.append((entry.event.at, told if people else "", "" if people else told))
    grouped = groupby(
        sorted(letters, key=lambda one: (one.created, one.letter)), key=lambda one: (one.created, one.letter)
    )
    for (at, letter), some in grouped:
        to = len({one.recipient for one in some})
        rows.append((at, "", f"letter {letter.replace('_', ' ')} to {to} {'person' if to == 1 else 'people'}"))
    heading(f"{dispute.reference}: what people did, and what mailbot did by itself")
    shown = [(when(at, calendar), people[:60], mailbot) for at, people, mailbot in sorted(rows, key=lambda row: row[0])]
    columns(shown, ("when", "people", "mailbot"))


def chronology_told(event: Event, partnership: Partnership, dispute: Dispute) -> str:
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
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _why(entry: Entry) -> str:
    """``mailbot show`` says why an event was recorded: what it was decided by; a message is named by the beginning of
    its digest."""
    return f"{entry.cause.kind} {entry.cause.what[:8]}" if entry.cause.kind == "message" else f"by {entry.cause.kind}"


def _state(letter: LetterRecord) -> str:
    tries = f", {letter.attempts} tries" if letter.attempts > 1 else ""
    words = f" ({letter.words})" if letter.words and letter.state.value not in ("sent", "new") else ""
    return f"{letter.state.value}{tries}{words}"
