"""How a message would be read and what would be done, in words and as JSON, changing nothing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mailbot.core.clocks.limits import limits
from mailbot.core.decisions.office_acts import UNDO_WITHIN, LineDone, LinesCarriedOut, OfficeLine, OfficeOutcome
from mailbot.core.decisions.recording_form import missing_from_record
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice, settle
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.protocol import Form
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import FormReturned
from mailbot.core.record.intents import Act, Intent, Person, Sure
from mailbot.door.consider import consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.gatekeeping import Disposition
from mailbot.door.message_as_read import Considered, Desk, DisputeStep, said_in
from mailbot.door.office_email import OfficeEmail, about_dispute, at_once, office_email, quoted, urgent_line
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import Message, Unreadable, parse
from mailbot.mail.letters.letter import plain_view, view
from mailbot.mail.letters.render import Letters, Rendered
from mailbot.mail.reading import Reading, account_of, read_at_the_door
from mailbot.mail.second_reader.both_readers import ALARMED
from mailbot.mail.second_reader.linear_model import heard_because
from mailbot.mail.understanding.interpret import weighed_because

# How a message would be read and what would be done, in words and as JSON, changing nothing.
#
# It goes the whole way of a real message (``consider``, then the letters as they would be rendered), so what it says
# is what would happen.

_STOPPED = {
    Disposition.HELD: "hold",
    Disposition.QUARANTINED: "quarantine",
    Disposition.BOUNCED: "bounce",
    Disposition.AUTOMATIC: "auto_reply",
    Disposition.OWN: "note",
}


def explain(
    raw: bytes | tuple[bytes, Message | Unreadable],
    received: datetime,
    partnership: Partnership,
    given: Mapping[str, object],
    letters: Letters,
    door: Door,
) -> dict[str, Any]:
    """One message explained, changing nothing. The keys are fixed: users and checks rely on them. Where it has been
    parsed already, that goes with its bytes: it may have 25 MB."""
    read, message = raw if isinstance(raw, tuple) else (raw, parse(raw))
    writer = message.sender.address if isinstance(message, Message) else ""
    desk = GivenDesk(given, partnership, received, writer)
    reading = read_at_the_door(message, desk.is_ours, door.trusted_ids) if isinstance(message, Message) else message
    told = account_of(message, read, reading.words if isinstance(reading, Reading) else None)
    office = office_email(reading, partnership, desk, door)
    if office is not None and isinstance(message, Message):
        found = would_do(office, message, received, desk)
    else:
        found = consider(reading, received, partnership, desk, door)
    kind = str(told["class"])
    return {
        **told,
        "act": _acts(found, kind),
        "how_sure": _how_sure(found),
        "dispute": _dispute(found),
        "fields": _fields(found),
        "missing": _missing(found),
        "flags": [*dict.fromkeys(found.flags), *_forms_begun(found)],
        "deadlines": _deadlines(found),
        "replies": _replies(found, partnership, letters, received),
        "why": _sentence(found.reason),
        "also_heard": heard_because(found.words.own) if found.words is not None else "",
        "weighed": _weighed(found, reading, received) if isinstance(reading, Reading) else "",
        **(keys(office) if office is not None else {}),
    }


def _weighed(found: Considered, reading: Reading, received: datetime) -> str:
    """For ``mailbot explain``, what both readers weigh: what a message in a dispute is likeliest to mean, and why."""
    if not found.steps or found.steps[0].before is None:
        return ""
    before, version = found.steps[0].before, found.steps[0].partnership
    said = said_in(reading.message, reading.words, received, version, before)
    return weighed_because(said, before, version)


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def _acts(found: Considered, kind: str) -> list[str]:
    if found.intents:
        acts = [intent.act.value for intent in found.intents]
        return ["hold"] if _not_theirs(found) else acts
    if ALARMED in found.flags and kind != "human":
        return [Act.IMMEDIATE_RISK.value, "note"]
    if found.disposition is Disposition.AUTOMATIC and kind not in ("auto_reply", "bounce"):
        return ["note"]
    return [_STOPPED.get(found.disposition, "note")]


def _not_theirs(found: Considered) -> bool:
    """Held for its sender's standing, not for its words."""
    return found.held and all(i.sure is not Sure.UNSURE for i in found.intents) and not _speaks_of_nothing(found)


def _speaks_of_nothing(found: Considered) -> bool:
    return any(i.act in (Act.QUARANTINE, Act.IMMEDIATE_RISK, Act.HOLD) for i in found.intents)


def _how_sure(found: Considered) -> str:
    order = (Sure.UNSURE, Sure.PROBABLE, Sure.SURE)
    if found.intents:
        return min((i.sure for i in found.intents), key=order.index).value
    return (Sure.UNSURE if found.disposition is Disposition.HELD else Sure.SURE).value


def _dispute(found: Considered) -> str | None:
    if not found.steps:
        return None
    return "new" if found.steps[0].before is None else found.steps[0].reference


def _fields(found: Considered) -> dict[str, Any]:
    openings = [i for i in found.intents if i.act is Act.OPEN]
    if len(openings) > 1:
        return {"disputes": [_of_intent(i, found) for i in openings]}
    merged: dict[str, Any] = {}
    for intent in found.intents:
        merged.update(_of_intent(intent, found))
    if found.kind is not None and found.kind.absence is not None:
        away = found.kind.absence
        merged |= {"until": away.until.isoformat()} if away.until else {}
        merged |= {"cover": away.cover_address or away.cover_name} if away.cover_address or away.cover_name else {}
    if found.kind is not None and found.kind.bounce is not None:
        merged["failed"] = ", ".join(found.kind.bounce.recipients)
    return merged


def _of_intent(intent: Intent, found: Considered) -> dict[str, Any]:
    fields: dict[str, Any] = dict(intent.fields)
    fields.update({role: _as_written(person, found) for role, person in intent.people.items()})
    if intent.actions:
        fields["actions"] = [
            {"what": a.what, "who": a.who, "by": a.by.isoformat() if a.by else None} for a in intent.actions
        ]
    if fields.get("helpful", "").isdigit():
        fields["helpful"] = int(fields["helpful"])
    entered = [ev.stage for step in found.steps for ev in step.events if isinstance(ev, e.StageEntered)]
    if entered and intent.act in (Act.OPEN, Act.MOVE_UP, Act.REFER):
        fields["stage"] = entered[-1]
    if intent.act is Act.HANDOVER:
        fields |= _handover(intent, found)
    if intent.act in (Act.ADD_PERSON, Act.REMOVE_PERSON) and intent.person:
        fields["person"] = intent.person.address or intent.person.name
    if intent.act in (Act.ACCEPT_DATE, Act.PROTECTIVE_DATE, Act.MET) and intent.on:
        fields[_DATED[intent.act]] = intent.on.isoformat()
    if intent.act is Act.PROPOSE_DATE and intent.on:
        fields["proposed_date"] = intent.on.isoformat()
    return fields


_DATED = {Act.ACCEPT_DATE: "agreed_date", Act.PROTECTIVE_DATE: "child_date", Act.MET: "met_on"}


def _as_written(person: Person, found: Considered) -> str:
    """To explain, a person's address where it is on the message or in the dispute; else the name its writer gave, which
    the letters look up in the directory."""
    message, words = found.message, found.words
    if not person.address or not person.name or not isinstance(message, Message):
        return person.address or person.name
    seen = {message.sender.address, *(a.address for a in (*message.to, *message.cc))}
    seen |= {p.person.address for step in found.steps if step.before for p in step.before.parties}
    text = f"{words.own}\n{words.signature}\n{words.quoted}".lower() if words else ""
    if person.address in seen or person.address in text:
        return person.address
    name = re.sub(r"\s*\([^)]*\)|\s+\d+$", "", person.name)  # "OAKES, Marian (TARN NHS TRUST)" as directories have it
    last, _, first = name.partition(", ")
    return f"{first} {last.title() if last.isupper() else last}".strip()


def _handover(intent: Intent, found: Considered) -> dict[str, Any]:
    roles = [ev.role for step in found.steps for ev in step.events if isinstance(ev, e.PersonHandedOver)]
    told: dict[str, Any] = {"role": roles[0]} if roles else {}
    if intent.person:
        told["to"] = intent.person.address or intent.person.name
    if intent.on:
        told["until"] = intent.on.isoformat()
    return told


def _missing(found: Considered) -> list[str]:
    opened = [step for step in found.steps if step.before is None]
    lists = [(*missing_from_record(step.after, step.partnership.protocol), *_birth_dates(step)) for step in opened]
    lists += [ev.missing for step in found.steps for ev in step.events if isinstance(ev, FormReturned)]
    each = {key for key in lists[0] if all(key in keys for keys in lists)} if len(lists) > 1 else set()
    return list(dict.fromkeys(f"{key} (each)" if key in each else key for keys in lists for key in keys))


def _forms_at_once(step: DisputeStep) -> list[Form]:
    """To explain: forms that a dispute opened at a later stage begins with (NS-14: "from stage 2")."""
    protocol = step.partnership.protocol
    order = protocol.order()
    if step.before is not None or step.after.stage == protocol.usual_start() or step.after.stage not in order:
        return []
    return [form for form in protocol.forms.values() if step.after.stage in form.stages]


def _forms_begun(found: Considered) -> list[str]:
    return ["recording form started"] if any(_forms_at_once(step) for step in found.steps) else []


def _birth_dates(step: DisputeStep) -> list[str]:
    """Asked for the form alone: letters never carry it (G4)."""
    wanted = any(field.key == "child_dob" for form in _forms_at_once(step) for field in form.fields)
    return ["child_dob (form)"] if wanted and not step.after.fields.get("child_dob") else []


def _deadlines(found: Considered) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    several = sum(step.before is None for step in found.steps) > 1
    for number, step in enumerate(found.steps, 1):
        if not _moves_time(step):
            continue
        calendar, protocol = step.partnership.calendar, step.partnership.protocol
        for limit in limits(step.after, protocol, calendar):
            name = f"{number}: {limit.clock}" if several else limit.clock
            rows.append({"clock": name, "due": calendar.local(limit.holds).isoformat()})
            if limit.own != limit.holds:
                rows.append({"clock": f"{name} maximum", "due": calendar.local(limit.own).isoformat()})
    return rows


_MOVES = (e.StageEntered, e.ResolutionObjected, e.DateAgreed, e.ProtectiveDateSet, e.RouteTaken, e.DisputeReopened)


def _moves_time(step: DisputeStep) -> bool:
    return step.after.is_open and any(isinstance(event, _MOVES) for event in step.events)


def _replies(found: Considered, partnership: Partnership, letters: Letters, now: datetime) -> list[dict[str, Any]]:
    replies: list[dict[str, Any]] = []
    for step in found.steps:
        case = step.case(now)
        told = (n for event in step.events for n in announce(event, case))
        going = settle(n for n in told if step.partnership.may_write_to(n.to.address))
        for notice in going:
            replies.append(_reply(notice, letters.render(notice.letter, view(notice, case, along=going))))
    plain = settle(n for n in found.plain if partnership.may_write_to(n.to.address))
    for notice in plain:
        made = letters.render(notice.letter, plain_view(notice, partnership.protocol, along=plain))
        replies.append(_reply(notice, made))
    return replies


def _reply(notice: Notice, made: Rendered) -> dict[str, Any]:
    return {"to": [notice.to.address], "letter": notice.letter, "subject": made.subject, "text": made.text}


# What an email of the office's own lines would do, for ``explain``: nothing is settled, and nothing is written.


def would_do(email: OfficeEmail, message: Message, received: datetime, desk: Desk) -> Considered:
    """To explain an office's email, each line by itself, on the disputes as they were given; what waits here is not
    known."""
    steps: list[DisputeStep] = []
    told: list[LineDone] = []
    for line in email.lines:
        outcome = at_once(line) or _outcome(line, email, message, received, desk)
        for reference, events in outcome.events:
            dispute = desk.dispute(reference)
            steps += [DisputeStep(reference, dispute, events, desk.version(dispute))] if dispute else []
        told.append(LineDone(quoted(line, desk), outcome.done, outcome.said))
    event = LinesCarriedOut(at=received, by=email.by, lines=tuple(told), undo_by=received + UNDO_WITHIN)
    plain = [Notice("transcript", email.by, event)]
    plain = [urgent_line(email.by, received)] if email.alarming else plain
    done = sum(line.done for line in told)
    reason = f"the office's own lines: {done} of {len(told)} would be done"
    flags = ("possible immediate risk",) if email.alarming else ()
    return Considered(
        Disposition.ANSWERED, reason, email.by, steps=tuple(steps), plain=tuple(plain), message=message, flags=flags
    )


def _outcome(line: OfficeLine, email: OfficeEmail, message: Message, received: datetime, desk: Desk) -> OfficeOutcome:
    if line.number:
        where = f" and read in {line.reference}" if line.reference else ""
        return OfficeOutcome(True, f"Message {line.number}, if it waits, would be settled{where}.")
    if not line.reference:
        return OfficeOutcome(True, "What the answered email did would be put back.")
    return about_dispute(line, email.by, message, received, desk, 0)


def keys(email: OfficeEmail) -> dict[str, Any]:
    """``act``, ``how_sure``, ``dispute`` and ``fields`` of ``explain``'s fixed keys."""
    understood = all(line.act.value != "not_understood" and not line.fault for line in email.lines)
    references = list(dict.fromkeys(line.reference for line in email.lines if line.reference))
    rows = [
        {
            key: value
            for key, value in (
                ("act", line.act.value),
                ("held", line.number),
                ("dispute", line.reference),
                ("other", line.other),
                ("words", line.words),
                ("not_done", line.fault),
            )
            if value
        }
        for line in email.lines
    ]
    return {
        "act": [line.act.value for line in email.lines],
        "how_sure": "sure" if understood else "unsure",
        "dispute": references[0] if references else None,
        "fields": {"lines": rows},
    }
