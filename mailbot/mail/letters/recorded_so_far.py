"""What a dispute's record holds, as rows: values with who gave them, people, the working of a limit, a returned
form.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.after_closing import counted
from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Form, Protocol
from mailbot.core.procedure.worked_out_once import worked_out_once
from mailbot.core.procedure.working_days import Calendar, DayCounted
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeClosed, Event, FieldRecorded, MeetingHeld, RouteTaken, StageEntered
from mailbot.core.record.events_of_mail import FormNotRead, FormReturned, WordsPassedOn
from mailbot.core.record.intents import Action, Person
from mailbot.mail.letters.speaker import ActionRow, Speaker
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
    paragraphs_shown,
    plain_words,
)
from mailbot.mail.veil.known_names import veil_of

# What a dispute holds, as rows: recorded values with who gave them, people, the working of a limit, the procedure.
#
# A child's full name and date of birth are never among the rows: they belong in the recording form alone (G4).


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
        rows.append(RecordRow(label_of(key, protocol), _value(dispute.fields[key], say), _giver(key, last, say, timed)))
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
        words = in_short(plain_words(_value(dispute.fields.get(key, ""), say)))
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


# Boxes that are filled on an agency's own copy, or by a hand.
NOT_SENT = frozenset({"child_name", "child_dob", "child", "child_ref", "signed"})


def form_file(reference: str, name: str) -> str:
    """What the form is called as a file: no name of anybody (G4)."""
    return f"{reference}-{name}.docx"


def form_rows(name: str, case: Case, say: Speaker) -> tuple[RecordRow, ...]:
    """What is recorded so far in a form: the boxes of a form with what is recorded for each, "" where nothing is; the
    child by initials alone."""
    rows, dispute = [], case.dispute
    for field in case.protocol.forms[name].fields:
        if field.key in NOT_SENT or (field.stage and all(v.stage != field.stage for v in dispute.visits)):
            continue
        rows.append(RecordRow(field.label, filled(field.key, _boxed(field.key, dispute, say), case, say)))
    return tuple(rows)


def _boxed(key: str, dispute: Dispute, say: Speaker) -> str:
    if key == "agencies":
        return listed(plain_words(name, 120) for name in (dispute.raising, *dispute.receiving_agencies) if name)
    if key.startswith("actions:"):
        rows = say.actions(actions_in_box(key, dispute))
        return "; ".join(_action_shown(row) for row in rows)
    if key.startswith("unresolved:"):
        return paragraphs_shown("\n".join(unresolved_views(key, dispute, say)), _LONGEST)
    return _value(dispute.fields[key], say) if dispute.fields.get(key, "").strip() else ""


def _action_shown(row: ActionRow) -> str:
    who = f" ({row.who})" if row.who else ""
    return f"{row.what}{who}, by {row.by}" if row.by and not row.lasts else f"{row.what}{who}"


def actions_in_box(key: str, dispute: Dispute) -> tuple[Action, ...]:
    """Recorded so far of actions, for a form's box of them (``key``): row by row where it came so; as one line where it
    was written as one; else what waits to be confirmed or has been agreed; else what was decided."""
    if key in dispute.agreed:
        return dispute.agreed[key]
    if dispute.fields.get(key, "").strip():
        return (Action(dispute.fields[key]),)
    if key != f"actions:{dispute.stage}":
        return ()
    if dispute.is_open:
        return dispute.proposal.actions if dispute.proposal else ()
    return dispute.actions or _decided(dispute)


def _decided(dispute: Dispute) -> tuple[Action, ...]:
    closing = next((event for event in reversed(dispute.history) if isinstance(event, DisputeClosed)), None)
    return (Action(closing.words),) if closing and closing.words else ()


def unresolved_views(key: str, dispute: Dispute, say: Speaker) -> tuple[str, ...]:
    """What is recorded as unresolved at a stage (``key``, "unresolved:2"): by whoever moved it up, and beside it the
    view of any other side, with its agency."""
    own = (say.words(dispute.fields.get(key, "")),)
    beside = (
        f"{_side_of(other, dispute)}: {say.words(words)}"
        for other, words in dispute.fields.items()
        if other.startswith(f"{key}:") and words.strip() and words not in dispute.fields.get(key, "")
    )
    return tuple(words for words in (*own, *beside) if words)


def _side_of(key: str, dispute: Dispute) -> str:
    names = (dispute.raising,) if key.endswith(":raising") else dispute.receiving_agencies
    return plain_words(listed(names), 120) or "The other side"


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


def _value(text: str, say: Speaker) -> str:
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

# Boxes of a form that the record itself can fill: who refers and how to reach them, when it was passed on, and how
# each stage ended. A value that somebody wrote for the box comes first; to how somebody is reached it adds the rest.

REFERRER, CONTACT = "referrer", "referrer_contact"


def filled(key: str, written: str, case: Case, say: Speaker) -> str:
    """Recorded so far, for a letter: what the box ``key`` holds, in words: ``written`` for it, else what the record has
    for it; "" when that has nothing."""
    if key == CONTACT:
        by = referrer(case.dispute, case.protocol)
        given = case.dispute.fields.get(CONTACT, "").strip()  # unveiled: it is theirs, and what the box is for
        reach = (given, telephone(by, case), by.address)
        return ", ".join(plain_words(one, 120) for n, one in enumerate(reach) if one and one not in "".join(reach[:n]))
    return written or _by_the_record(key, case, say)


def telephone(person: Person, case: Case) -> str:
    """The number of somebody in the record, as the directory has it; "" where it has none."""
    officer = case.directory.find_officer(person.address)
    return officer.phone if officer is not None else ""


def _by_the_record(key: str, case: Case, say: Speaker) -> str:
    dispute, protocol, calendar = case.dispute, case.protocol, case.calendar
    bare, _, part = key.partition(":")
    if bare == REFERRER:
        by = referrer(dispute, protocol)
        return ", ".join(plain_words(word, 120) for word in (by.name, by.designation, by.agency) if word)
    if bare == "sent_to":
        through = (v.entered for v in dispute.visits if protocol.stages[v.stage].sent_through == part)
        entered = next(through, None)
        return say.day(entered.astimezone(say.zone).date()) if entered else ""
    if (agreed := _agreed_at(key, part, dispute, protocol, say)) != "":
        return agreed
    if bare == "outcome" and any(v.stage == part and v.left for v in dispute.visits):
        remains = dispute.fields.get(f"unresolved:{part}", "")
        return f"Not resolved: {say.words(remains)}".strip(": ") if dispute.stage != part or dispute.is_open else ""
    if bare == "stage_started":
        begun = next((v.entered for v in dispute.visits if v.stage == part), None)
        return say.day(calendar.local(begun).date()) if begun else ""
    if bare == "people":
        began = {v.stage: say.day(calendar.local(v.entered).date()) for v in reversed(dispute.visits)}
        return "; ".join(_involved(party.person, party.role, protocol, began) for party in dispute.parties)
    return _at_the_end(bare, dispute, protocol, calendar) if dispute.closed else ""


def referrer(dispute: Dispute, protocol: Protocol) -> Person:
    """Who referred it, for the record: whoever had it moved to the partnership; else whoever raised it."""
    entered = [past for past in reversed(dispute.history) if isinstance(past, StageEntered) and past.by]
    at_last = (past.by for past in entered if is_partnership_stage(protocol.stages[past.stage]))
    found = (party.person for by in at_last if (party := dispute.party(by)) and party.side is Side.RAISING)
    return next(found, next((p.person for p in dispute.filling("raiser")), Person()))


def _agreed_at(key: str, stage: str, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    """Recorded so far: what was agreed at ``stage``, for a box with fill = "agreed" that nobody has filled in."""
    wanted = any(f.key == key and f.fill == "agreed" for form in protocol.forms.values() for f in form.fields)
    proposal = dispute.proposal
    return say.words(proposal.agreed) if wanted and proposal is not None and proposal.stage == stage else ""


def _involved(person: Person, role: str, protocol: Protocol, began: Mapping[str, str]) -> str:
    """Everybody involved, as recorded so far: name, designation, agency, stage and date ("Desmond Oakes, Head Teacher,
    Larkfield Primary School, Stage 2 from Tuesday 8 September 2026"; NSSCP Appendix 1 "Date and Stage"); of a stage
    that has not begun, its name alone. ``began``: on which day each stage began."""
    stages = [s.id for s in protocol.stages.values() if role in (*s.raising, *s.receiving)]
    stage = next((f"{protocol.stage_name(s)}{f' from {began[s]}' if s in began else ''}" for s in stages), "")
    return ", ".join(plain_words(w, 120) for w in (person.shown, person.designation, person.agency, stage) if w)


def _ended_at(dispute: Dispute) -> str:
    """The stage at which a dispute that is closed ended, as recorded: an earlier one than the present, where it was
    settled there in time and told late."""
    ends = [past.stage for past in counted(dispute) if isinstance(past, e.DisputeClosed)]
    return ends[-1] if ends else dispute.stage


def _at_the_end(key: str, dispute: Dispute, protocol: Protocol, calendar: Calendar) -> str:
    """How each stage ended, as recorded in the form: the stage and the days as they were, also where the printed form
    offers no such choice (NS-36)."""
    if dispute.closed is None:
        return ""
    days = calendar.working_days_between(calendar.local(dispute.raised).date(), calendar.local(dispute.closed).date())
    marks = [str(given.helpful) for given in dispute.feedback if given.helpful is not None]
    return {
        "final_stage": protocol.stage_name(_ended_at(dispute)),
        "days_taken": f"{days} working day{'' if days == 1 else 's'}",
        "feedback": ", ".join(f"{mark} of 5" for mark in marks),
    }.get(key, "")


# A form that came back, as its letter tells it: what each box said and says, what is missing, what was not taken.

_LONGEST = 400  # characters of a box in the letter; the whole is in the attached form
_KEPT_BACK = "recorded, and not repeated in letters"


@dataclass(frozen=True, slots=True)
class BoxRow:
    """``was`` "" for a box that was empty."""

    label: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class FormTold:
    """``unread`` says why nothing was recorded; ``recorded`` False beside ``changed`` means that it is a view."""

    name: str = ""
    unread: str = ""
    recorded: bool = False
    changed: tuple[BoxRow, ...] = ()
    lacks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()


_BY_BOT = "this mailbox fills it in from the record, so it was left as it is. To change the record, reply and say what"
_OLDER = "it holds what the record said before, so the newer words were left. To put it back, reply CORRECT"
_EMPTIED = "it was emptied, and nothing is ever erased that way. To change it, write the right words in it"
NO_FORM = FormTold()


def tell_form(event: Event, say: Speaker) -> FormTold:
    if isinstance(event, FormNotRead):
        return FormTold(plain_words(event.name, 120), plain_words(event.why, 300))
    if not isinstance(event, FormReturned):
        return NO_FORM
    labels = labels_of(say.protocol.forms[event.form], say.protocol)
    changed = tuple(
        BoxRow(labels.get(c.key, c.key), _shown(c.key, c.was, say), _shown(c.key, c.becomes, say))
        for c in event.changes
    )
    return FormTold(
        plain_words(event.name, 120),
        recorded=event.recorded,
        changed=changed,
        lacks=tuple(labels.get(key, key) for key in event.missing),
        asks=tuple(plain_words(say.words(sentence), 400) for sentence in event.asks),
        not_taken=tuple(_not_taken(event, labels)),
    )


def labels_of(form: Form, protocol: Protocol) -> dict[str, str]:
    """Labels of a form's recorded boxes: each key's published label; with its stage, where the form has the same label
    more than once."""
    labels = [field.label for field in form.fields]
    return {
        f.key: f"{f.label} ({protocol.stage_name(f.stage)})" if f.stage and labels.count(f.label) > 1 else f.label
        for f in form.fields
    }


def _not_taken(event: FormReturned, labels: dict[str, str]) -> Iterable[str]:
    for keys, why in ((event.kept, _BY_BOT), (event.older, _OLDER), (event.emptied, _EMPTIED)):
        yield from (f"{labels.get(key, key)}: {why}." for key in keys)


def _shown(key: str, value: str, say: Speaker) -> str:
    if not value.strip():
        return ""
    if key in NOT_SENT:
        return _KEPT_BACK
    try:
        return day_long(date.fromisoformat(value))
    except ValueError:
        return paragraphs_shown(veil_of(say.dispute).free(value), _LONGEST)
