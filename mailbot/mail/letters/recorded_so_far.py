"""What a dispute's record holds, as rows: values with who gave them, people, the working of a limit, the procedure.

A child's full name and date of birth are never among the rows: they belong in the recording form alone (G4).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.after_closing import counted
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.procedure.working_days import Calendar, DayCounted
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import FieldRecorded, MeetingHeld, RouteTaken
from mailbot.core.record.events_of_mail import WordsPassedOn
from mailbot.mail.letters.speaker import Speaker
from mailbot.mail.letters.what_happened import answers
from mailbot.mail.letters.whose_turn import short_title
from mailbot.mail.letters.wording import (
    day_long,
    day_short,
    forename_first,
    in_short,
    inside,
    instant_brief,
    listed,
    opening,
    plain_words,
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    label: str
    value: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    name: str
    agency: str
    part: str


# In the order in which they are shown; anything else recorded comes after, under its own name.
_SHOWN = {
    "issue": "What it is about",
    "impact": "Impact on the child",
    "outcome_sought": "What is sought",
    "evidence": "Evidence",
    "decision_on": "Date of the decision",
    "child_status": "Child's status",
    "actions_so_far": "Done so far",
    "category": "Category",
    "level_of_need": "Level of need",
    "stage_1_date": "Stage 1 began",
}
_NEVER_SHOWN = frozenset(
    {
        "child",
        "child_name",
        "child_dob",
        "child_ref",
        "people",
        "raising_agency",
        "receiving_agency",
        "feedback",
        "helpful",
        "idea",
        "decided_by",
        "final_stage",
        "days_taken",
        "signed",
    }
)
RECORD_LABELS = (
    "Child (initials only): ",
    "Between: ",
    "Issue: ",
    "Impact on the child: ",
    "Outcome sought: ",
    "Evidence: ",
    "My line manager (name and email): ",
    "My senior manager (name and email): ",
)


@worked_out_once(50)
def recorded_rows(dispute: Dispute, protocol: Protocol, say: Speaker, timed: bool = False) -> tuple[RecordRow, ...]:
    """What is recorded so far, as rows: each value with the agency that gave it: facts and opinions stay apart from
    what this letter says itself (G6). ``timed``: with the person and the time, as a record that is filed must have them
    (NS-06, NS-27)."""
    last = {event.key: event for event in dispute.history if isinstance(event, FieldRecorded)}
    keys = [key for key in _SHOWN if key in dispute.fields] + [key for key in dispute.fields if key not in _SHOWN]
    rows = []
    for key in keys:
        bare = key.partition(":")[0]
        apart = key == _remaining(dispute) and dispute.is_open  # has a heading of its own, while it does remain
        if bare in _NEVER_SHOWN or apart or not dispute.fields[key].strip():
            continue
        rows.append(
            RecordRow(label_of(key, protocol), value_shown(dispute.fields[key], say), _giver(key, last, say, timed))
        )
    rows += [RecordRow(label, words, by) for label, words, by in answers(dispute, say)]
    return (*rows, *(_beside(dispute, protocol, say) if timed else ()))


def represented(dispute: Dispute, say: Speaker) -> list[RecordRow]:
    """What is recorded so far as sent for those who decide, for them alone, whenever they came to it (GL 2.4d)."""
    sent = (past for past in counted(dispute) if isinstance(past, WordsPassedOn) and past.to_deciders)
    return [RecordRow("For those who decide", say.words(one.words), say.signed(one.by, one.at)) for one in sent]


_GIST = {"issue": "About", "outcome_sought": "Wanted"}


@worked_out_once(50)
def gist(dispute: Dispute, say: Speaker) -> tuple[RecordRow, ...]:
    """The record in short, for somebody whose turn begins: what it is about and what is wanted, cut at thirty words.
    The whole is in the form and the summaries."""
    rows = []
    for key, label in _GIST.items():
        words = in_short(plain_words(value_shown(dispute.fields.get(key, ""), say)))
        rows += [RecordRow(label, words)] if words else []
    return tuple(rows)


def _beside(dispute: Dispute, protocol: Protocol, say: Speaker) -> Iterator[RecordRow]:
    """What is recorded beside the fields: meetings that were held or are planned, and side routes that were taken: by
    whose word, and when it came."""
    for event in counted(dispute):
        if isinstance(event, MeetingHeld | e.MeetingPlanned):
            held = f"A meeting {'was held' if isinstance(event, MeetingHeld) else 'is planned'} on {say.day(event.on)}"
            yield RecordRow(held, say.words(event.words), say.signed(event.by, event.at))
        elif isinstance(event, RouteTaken) and event.route in protocol.routes:
            asked = f"Asked for: {inside(protocol.routes[event.route].name)}"
            yield RecordRow(asked, say.words(event.words), say.signed(event.by, event.at))


def _giver(key: str, last: Mapping[str, FieldRecorded], say: Speaker, timed: bool) -> str:
    event = last.get(key)
    giver = say.dispute.party(event.by) if event and say.dispute else None
    if event is None or giver is None:
        return ""
    return say.signed(giver.person, event.at) if timed else giver.person.agency


def label_of(key: str, protocol: Protocol) -> str:
    if key in _SHOWN:
        return _SHOWN[key].replace("child", protocol.subject).replace("Child", protocol.subject.capitalize())
    if key.endswith(":receiving"):
        return f"{label_of(key.removesuffix(':receiving'), protocol)} (in the view of the agency asked)"
    bare, _, part = key.partition(":")
    stage, _, side = part.partition(":")
    if bare == "unresolved" and stage in protocol.stages:
        whose = f", as the {side} side sees it" if side else ""
        return f"What remained unresolved at {protocol.stage_name(stage)}{whose}"
    for form in protocol.forms.values():
        for field in form.fields:
            if field.key == key:
                return field.label
    if bare in protocol.roles:
        return opening(short_title(protocol.roles[bare]))
    shown = _SHOWN.get(bare, "").replace("child", protocol.subject) or bare.replace("_", " ").capitalize()
    return f"{shown} ({protocol.stage_name(part) if part in protocol.stages else part})" if part else shown


def value_shown(text: str, say: Speaker) -> str:
    try:
        return day_long(date.fromisoformat(text.strip()))
    except ValueError:
        return say.words(text)


@worked_out_once(50)
def people(dispute: Dispute, protocol: Protocol) -> tuple[PersonRow, ...]:
    """Everybody recorded, with the part they have here."""
    rows = []
    for party in dispute.parties:
        role = protocol.roles.get(party.role)
        part = opening(short_title(role) if role else party.role.replace("_", " "))
        name = forename_first(plain_words(party.person.shown, 120))
        agency = party.person.agency or dispute.agency_of(party)
        rows.append(
            PersonRow(name, plain_words(agency, 120), part if party.person.address else f"{part} (no email yet)")
        )
    return tuple(dict.fromkeys(rows))


@worked_out_once(50)
def remains(dispute: Dispute, say: Speaker) -> str:
    """What is recorded as still unresolved: what the stage before left open, in its writers' words; "" when nobody has
    said."""
    return say.words(dispute.fields.get(_remaining(dispute), ""))


def remains_by(dispute: Dispute, say: Speaker) -> str:
    """Who said so, and when."""
    last = {event.key: event for event in dispute.history if isinstance(event, FieldRecorded)}
    return _giver(_remaining(dispute), last, say, timed=True)


def _remaining(dispute: Dispute) -> str:
    keys = (f"unresolved:{visit.stage}" for visit in reversed(dispute.visits))
    return next((key for key in keys if dispute.fields.get(key, "").strip()), "")


_PASSED_OVER = ", not counted"


def working(steps: tuple[DayCounted, ...]) -> tuple[tuple[str, str], ...]:
    """Beside what is recorded, a limit's working, row by row: each day and what it was: "Mon 7 Sep", "day 1"; days
    passed over together share a row."""
    rows: list[tuple[str, str]] = []
    run: list[DayCounted] = []
    ending = _PASSED_OVER if any(step.counted for step in steps) else ""
    for step in steps:
        if step.counted is None and run and _joins(run[-1], step):
            run.append(step)
            continue
        rows += _closed_row(run, ending)
        run = [step] if step.counted is None else []
        if step.counted is not None:
            rows.append((day_short(step.day), f"day {step.counted}"))
    return (*rows, *_closed_row(run, ending))


def uncounted(steps: tuple[DayCounted, ...], weekends: bool = True) -> str:
    """Beside what is recorded, a limit's working in short: the closed days passed over after the first, "Sat 12 to Sun
    13 Sep (weekend)"; "" when each day counted. Without ``weekends``, those alone of which not everybody thinks."""
    rows = [(days, why.removesuffix(_PASSED_OVER)) for days, why in working(steps)[1:] if why.endswith(_PASSED_OVER)]
    return listed(f"{days} ({why})" for days, why in rows if weekends or why != "weekend")


def _joins(before: DayCounted, step: DayCounted) -> bool:
    weekend = {before.why, step.why} <= {"Saturday", "Sunday"}
    return step.day - before.day == timedelta(days=1) and (weekend or before.why == step.why)


def _closed_row(run: list[DayCounted], ending: str) -> list[tuple[str, str]]:
    if not run:
        return []
    days = day_short(run[0].day) if len(run) == 1 else f"{day_short(run[0].day)[:-4]} to {day_short(run[-1].day)}"
    why = "weekend" if len(run) == 2 and run[0].why == "Saturday" else listed(step.why for step in run)
    return [(days, f"{why or 'closed'}{ending}")]


def procedure(protocol: Protocol) -> tuple[RecordRow, ...]:
    """The stages in order with their times, for the guide."""
    rows = []
    for stage in protocol.stages.values():
        clocks = [clock for clock in protocol.clocks_of(stage.id) if clock.counts and not clock.done_when]
        within = f"at most {clocks[0].within.text}" if clocks else ""
        rows.append(RecordRow(protocol.stage_name(stage.id), stage.name, within))
    return tuple(rows)


def is_shut(calendar: Calendar, now: datetime) -> bool:
    """A letter about danger: is nobody in the partnership's office now? It says so to whoever might wait for it, and
    names no day: a date there reads as leave to wait (G1)."""
    local = calendar.local(now)
    day = local.date()
    return not calendar.is_working(day) or not calendar.morning_of(day) <= local < calendar.close_of(day)


def closed_between(calendar: Calendar, first: date, last: date) -> str:
    """Beside what is recorded, the days closed before the limit: "Sat 12 Sep and Sun 13 Sep", or "" when every day up
    to the limit is a working day (G1)."""
    days = [first + timedelta(days=n) for n in range(min((last - first).days, 40) + 1)]
    return listed(day_short(day) for day in days if not calendar.is_working(day))


def caps(limits: Iterable[Limit], held: Limit, protocol: Protocol, calendar: Calendar) -> tuple[str, ...]:
    """The caps recorded beside a limit: the lengths over several stages, where they are not the limit itself: "Day 5:
    Mon 14 Sep 5pm at the latest."."""
    rows = []
    for limit in limits:
        if limit.clock in protocol.caps and limit.holds != held.holds:
            late = _LATE if "raised late" in limit.because else ""
            rows.append(f"{limit.label}: {instant_brief(calendar.local(limit.holds))} at the latest.{late}")
    return tuple(rows)


_LATE = " It was raised later than the procedure asks, so this counts from the raising."
