"""What a dispute holds, as rows: recorded values with who gave them, people, the working of a limit, the procedure.

A child's full name and date of birth are never among the rows: they belong in the recording form alone (G4).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mailbot.core.clocks.calendar import Calendar, Step
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.afterwards import counted
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import FieldRecorded, MeetingHeld, RouteTaken
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing.answers import answers
from mailbot.mail.writing.filled import filled
from mailbot.mail.writing.speaking import Speaker
from mailbot.mail.writing.turn import short_title
from mailbot.mail.writing.wording import day_long, day_short, inside, instant_long, listed, opening, plain


@dataclass(frozen=True, slots=True)
class Row:
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
    {"child", "child_name", "child_dob", "child_ref", "people", "raising_agency", "receiving_agency", "feedback",
     "helpful", "idea", "decided_by", "final_stage", "days_taken", "signed"}
)  # fmt: skip

LABELS = (
    "Child (initials only): ", "Between: ", "Issue: ", "Impact on the child: ",
    "Outcome sought: ", "Evidence: ", "My line manager (name and email): ", "My senior manager (name and email): ",
)  # fmt: skip


def recorded(dispute: Dispute, protocol: Protocol, say: Speaker, timed: bool = False) -> tuple[Row, ...]:
    """Each value with the agency that gave it: facts and opinions stay apart from what this letter says itself (G6).
    ``timed``: with the person and the time, as a record that is filed must have them (NS-06, NS-27)."""
    last = {event.key: event for event in dispute.history if isinstance(event, FieldRecorded)}
    keys = [key for key in _SHOWN if key in dispute.fields] + [key for key in dispute.fields if key not in _SHOWN]
    rows = []
    for key in keys:
        bare = key.partition(":")[0]
        apart = key == _remaining(dispute) and dispute.is_open  # has a heading of its own, while it does remain
        if bare in _NEVER_SHOWN or apart or not dispute.fields[key].strip():
            continue
        rows.append(Row(_label(key, protocol), _value(dispute.fields[key], say), _giver(key, last, say, timed)))
    rows += [Row(label, words, by) for label, words, by in answers(dispute, say)]
    return (*rows, *(_beside(dispute, protocol, say) if timed else ()))


def _beside(dispute: Dispute, protocol: Protocol, say: Speaker) -> Iterator[Row]:
    """Meetings that were held, and side routes that were taken: by whose word, and when it came."""
    for event in counted(dispute):
        if isinstance(event, MeetingHeld):
            by = f"{say.person(event.by)}, {say.instant(event.at)}"
            yield Row(f"A meeting was held on {say.day(event.on)}", say.words(event.words), by)
        elif isinstance(event, RouteTaken) and event.route in protocol.routes:
            by = f"{say.person(event.by)}, {say.instant(event.at)}"
            yield Row(f"Asked for: {inside(protocol.routes[event.route].name)}", say.words(event.words), by)


def _giver(key: str, last: Mapping[str, FieldRecorded], say: Speaker, timed: bool) -> str:
    event = last.get(key)
    giver = say.dispute.party(event.by) if event and say.dispute else None
    if event is None or giver is None:
        return ""
    who = (plain(giver.person.shown, 120), giver.person.agency, say.instant(event.at))
    return ", ".join(word for word in who if word) if timed else giver.person.agency


# Boxes that are filled on an agency's own copy, or by a hand.
NOT_SENT = frozenset({"child_name", "child_dob", "child", "child_ref", "signed"})


def form_file(reference: str, name: str) -> str:
    """What the form is called as a file: no name of anybody (G4)."""
    return f"{reference}-{name}.docx"


def form(name: str, dispute: Dispute, protocol: Protocol, say: Speaker, calendar: Calendar) -> tuple[Row, ...]:
    """The boxes of a form with what is recorded for each, "" where nothing is; the child by initials alone."""
    rows = []
    for field in protocol.forms[name].fields:
        if field.key in NOT_SENT or (field.stage and all(v.stage != field.stage for v in dispute.visits)):
            continue
        said = _boxed(field.key, dispute, say) or filled(field.key, dispute, protocol, say, calendar)
        rows.append(Row(field.label, said))
    return tuple(rows)


def _boxed(key: str, dispute: Dispute, say: Speaker) -> str:
    if key == "agencies":
        return listed(plain(name, 120) for name in (dispute.raising, *dispute.receiving_agencies) if name)
    if key == f"actions:{dispute.stage}" and not dispute.fields.get(key):
        rows = say.actions(dispute.proposal.actions if dispute.proposal else dispute.actions)
        return "; ".join(f"{row.what}, by {row.by or 'no actual date yet'}" for row in rows)
    return _value(dispute.fields[key], say) if dispute.fields.get(key, "").strip() else ""


def _label(key: str, protocol: Protocol) -> str:
    if key in _SHOWN:
        return _SHOWN[key].replace("child", protocol.subject).replace("Child", protocol.subject.capitalize())
    bare, _, part = key.partition(":")
    if bare == "unresolved" and part in protocol.stages:
        return f"What remained unresolved at {protocol.stage_name(part)}"
    for form in protocol.forms.values():
        for field in form.fields:
            if field.key == key:
                return field.label
    shown = _SHOWN.get(bare, "").replace("child", protocol.subject) or bare.replace("_", " ").capitalize()
    return f"{shown} ({protocol.stage_name(part) if part in protocol.stages else part})" if part else shown


def _value(text: str, say: Speaker) -> str:
    try:
        return day_long(date.fromisoformat(text.strip()))
    except ValueError:
        return say.words(text)


def people(dispute: Dispute, protocol: Protocol) -> tuple[PersonRow, ...]:
    """Everybody recorded, with the part they have here."""
    rows = []
    for party in dispute.parties:
        role = protocol.roles.get(party.role)
        part = opening(short_title(role) if role else party.role.replace("_", " "))
        name = plain(party.person.shown, 120)
        agency = party.person.agency or dispute.agency_of(party)
        rows.append(PersonRow(name, plain(agency, 120), part if party.person.address else f"{part} (no email yet)"))
    return tuple(dict.fromkeys(rows))


def remains(dispute: Dispute, say: Speaker) -> str:
    """What the stage before left open, in its writers' words; "" when nobody has said."""
    return say.words(dispute.fields.get(_remaining(dispute), ""))


def remains_by(dispute: Dispute, say: Speaker) -> str:
    """Who said so, and when."""
    last = {event.key: event for event in dispute.history if isinstance(event, FieldRecorded)}
    return _giver(_remaining(dispute), last, say, timed=True)


def _remaining(dispute: Dispute) -> str:
    keys = (f"unresolved:{visit.stage}" for visit in reversed(dispute.visits))
    return next((key for key in keys if dispute.fields.get(key, "").strip()), "")


def working(steps: tuple[Step, ...]) -> tuple[tuple[str, str], ...]:
    """Each day and what it was: "Mon 7 Sep", "day 1"; days passed over together share a row."""
    rows: list[tuple[str, str]] = []
    run: list[Step] = []
    ending = ", not counted" if any(step.counted for step in steps) else ""
    for step in steps:
        if step.counted is None and run and _joins(run[-1], step):
            run.append(step)
            continue
        rows += _closed_row(run, ending)
        run = [step] if step.counted is None else []
        if step.counted is not None:
            rows.append((day_short(step.day), f"day {step.counted}"))
    return (*rows, *_closed_row(run, ending))


def _joins(before: Step, step: Step) -> bool:
    weekend = {before.why, step.why} <= {"Saturday", "Sunday"}
    return step.day - before.day == timedelta(days=1) and (weekend or before.why == step.why)


def _closed_row(run: list[Step], ending: str) -> list[tuple[str, str]]:
    if not run:
        return []
    days = day_short(run[0].day) if len(run) == 1 else f"{day_short(run[0].day)[:-4]} to {day_short(run[-1].day)}"
    why = "weekend" if len(run) == 2 and run[0].why == "Saturday" else listed(step.why for step in run)
    return [(days, f"{why or 'closed'}{ending}")]


def procedure(protocol: Protocol) -> tuple[Row, ...]:
    """The stages in order with their times, for the guide."""
    rows = []
    for stage in protocol.stages.values():
        clocks = [clock for clock in protocol.clocks_of(stage.id) if clock.counts and not clock.done_when]
        within = f"at most {clocks[0].within.text}" if clocks else ""
        rows.append(Row(protocol.stage_name(stage.id), stage.name, within))
    return tuple(rows)


def closed_between(calendar: Calendar, first: date, last: date) -> str:
    """ "Sat 12 Sep and Sun 13 Sep", or "" when every day up to the limit is a working day (G1)."""
    days = [first + timedelta(days=n) for n in range(min((last - first).days, 40) + 1)]
    return listed(day_short(day) for day in days if not calendar.is_working(day))


def caps(limits: Iterable[Limit], held: Limit, protocol: Protocol, calendar: Calendar) -> tuple[str, ...]:
    """The lengths over several stages, where they are not the limit itself: "Day 5: 5pm on ... at the latest."."""
    rows = []
    for limit in limits:
        if limit.clock in protocol.caps and limit.holds != held.holds:
            late = _LATE if "raised late" in limit.because else ""
            rows.append(f"{limit.label}: {instant_long(calendar.local(limit.holds))} at the latest.{late}")
    return tuple(rows)


_LATE = " It was raised later than the procedure asks, so this counts from the raising."
