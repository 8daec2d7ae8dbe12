"""The limit as a calendar file, for those of whom something is asked; taken back when it is over for them.

METHOD:PUBLISH (RFC 5546, 3.2.1): an entry to keep, not a meeting to accept. METHOD:REQUEST would put Accept buttons on
it, whose answers come to the mailbox and tell the others who looked. It has no length, because the end of a half hour
is easily read as its beginning; it is private, and does not make anybody busy. An entry says what a stranger at a
shared screen may see: the reference, the stage, the risk line. Nobody's name, nothing of the case.

One UID for a stay in a stage, in everybody's calendar. SEQUENCE counts what may have moved its limit since the stay
began, from the dispute's own history, so that it is the same after a replay and never falls: a program keeps the entry
with the highest. It may rise where the limit stayed; the entry then replaces one that is just like it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import stage_limit
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.stage_ends import deciding_clock
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, Visit, fold
from mailbot.mail.incoming.invitations import OUR_ENTRIES
from mailbot.mail.letters.compose import CRLF, Attachment
from mailbot.mail.letters.wording import instant_long

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
# A reminder of a limit that never moved tells of an entry that its reader has.
_CARRY = frozenset(
    {
        "opened",
        "stage_entered",
        "referred",
        "date_recorded",
        "protective_date",
        "calendar_moved",
        "objected",
        "reopened",
        "handed_over",
        "undone",
        "reminder",
    }
)
_TAKE_BACK = frozenset({"closed", "summary", "stage_told", "stage_entered", "referred", "handed_over"})
_MOVES = (
    e.StageEntered,
    e.DisputeClosed,
    e.DisputeReopened,
    e.DateAgreed,
    e.ProtectiveDateSet,
    e.CalendarMoved,
    e.VersionMoved,
    e.MisreadUndone,
    e.PersonHandedOver,
    e.ActDone,
    e.MeetingHeld,
    e.RouteTaken,
)
_FIELDS_THAT_MOVE = frozenset({"urgency", "decision_on", "decision_at", "child_status"})


def invites(notice: Notice, case: Case) -> tuple[Attachment, ...]:
    """The calendar entries of a letter: the entry that goes with this letter, and one that takes back the entry of a
    stage its reader has left."""
    made: list[Attachment] = []
    left = _left(notice, case)
    if left is not None:
        made += _attached(CANCEL, left, case)
    if _carries(notice, case):
        made += _attached(PUBLISH, case.dispute, case)
    return tuple(made)


def _carries(notice: Notice, case: Case) -> bool:
    if notice.letter not in _CARRY or not notice.acts or not case.dispute.is_open:
        return False
    if notice.letter == "reminder":
        return sequence(case.dispute, case.dispute.visit) > 0
    return notice.letter != "handed_over" or notice.to.address in _asked(case)


def _left(notice: Notice, case: Case) -> Dispute | None:
    """Who has left what a calendar entry was for: the dispute as it stood when the limit was last its reader's, when it
    is not theirs any more; else None."""
    dispute = case.dispute
    if notice.letter not in _TAKE_BACK:
        return None
    event = notice.event
    if isinstance(event, e.PersonHandedOver):
        stage = case.stage
        gone = event.leaving.address == notice.to.address and event.role in (*stage.raising, *stage.receiving)
        return dispute if gone and dispute.is_open else None
    before = dispute
    if isinstance(event, e.StageEnded | e.StageEntered) and dispute.is_open:
        entered = [n for n, past in enumerate(dispute.history) if isinstance(past, e.StageEntered)]
        before = fold(dispute.history[: entered[-1]])
        if not before.visits:
            return None
    elif not isinstance(event, e.DisputeClosed):
        return None
    had = notice.to.address in _asked(replace(case, dispute=before))
    return before if had and deciding_clock(case.protocol, before.stage) is not None else None


def _asked(case: Case) -> frozenset[str]:
    """Who gets a calendar entry: whoever the present stage was with, in this stay: recorded then or before, and those
    who decide."""
    stage = case.stage
    roles = {*stage.raising, *stage.receiving}
    offices = case.partnership.holders_of_offices((*deciders(case.dispute, case.protocol), stage.sent_through))
    parties = (p.person.address for p in case.dispute.parties if p.role in roles)
    return frozenset((*parties, *(person.address for person in offices))) - {""}


def sequence(dispute: Dispute, visit: Visit) -> int:
    """A calendar entry's sequence number: how often the limit of ``visit`` may have moved since that stay began."""
    began = (n for n, past in enumerate(dispute.history) if _begins(past) and past.at == visit.entered)
    return sum(map(_moves, dispute.history[next(began, 0) + 1 :]))


def _begins(event: e.Event) -> bool:
    return isinstance(event, e.BEGINS_A_STAY)


def _moves(event: e.Event) -> bool:
    return isinstance(event, _MOVES) or (isinstance(event, e.FieldRecorded) and event.key in _FIELDS_THAT_MOVE)


def uid(case: Case, visit: Visit) -> str:
    domain = case.protocol.mailbox.rpartition("@")[2]
    return f"{case.dispute.reference}.{visit.stage}.{visit.entered.astimezone(UTC):%Y%m%dT%H%M%SZ}@{domain}".lower()


def _attached(method: str, at: Dispute, case: Case) -> list[Attachment]:
    """A calendar entry as an attachment. ``at`` is the dispute as the limit stood in it; the case as it stands now.
    Nothing where no limit is ahead."""
    held = stage_limit(at, case.protocol, case.calendar)
    if held is None or (method == PUBLISH and held.holds <= case.now):
        return []
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{OUR_ENTRIES}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        *_entry(method, at, case, held.holds),
        *(
            _alarm(_description(case.partnership, held.holds), held.holds, case.calendar, case.now)
            if method == PUBLISH
            else ()
        ),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    name = "limit.ics" if method == PUBLISH else "limit-cancelled.ics"
    content = CRLF.join(map(_folded, lines)).encode()
    return [Attachment(name, f"text/calendar; method={method}; charset=utf-8; name={name}", content)]


def _entry(method: str, at: Dispute, case: Case, limit: datetime) -> list[str]:
    """A calendar entry's lines, whole."""
    protocol = case.protocol
    stage = protocol.stage_name(at.stage)
    is_over = method == CANCEL
    said = "this limit no longer holds" if is_over else "limit; act as soon as you can"
    return [
        f"SUMMARY:{_escaped(f'[{case.dispute.reference}] {stage}: {said}')}",
        f"DTSTART:{limit.astimezone(UTC):{_INSTANT}}",
        f"DTSTAMP:{case.now.astimezone(UTC):{_INSTANT}}",
        f"UID:{_escaped(uid(case, at.visit))}",
        f"SEQUENCE:{sequence(case.dispute, at.visit)}",
        "CLASS:PRIVATE",
        *(() if is_over else (_description(case.partnership, limit),)),
        f"ORGANIZER:mailto:{protocol.mailbox}",
        f"STATUS:{'CANCELLED' if is_over else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
    ]


def _description(partnership: Partnership, limit: datetime) -> str:
    protocol = partnership.protocol
    said = instant_long(partnership.calendar.local(limit))
    words = (
        f"{protocol.risk.line}\n\n{said} at the latest; sooner if the {protocol.subject} needs it. "
        "The letters under this reference say what is asked."
    )
    return f"DESCRIPTION:{_escaped(words)}"


def _alarm(description: str, limit: datetime, calendar: Calendar, now: datetime) -> list[str]:
    """The alarm of a calendar entry: in the morning of the working day before, while there is still a day to speak in;
    else that morning, else an hour before. Relative to the entry: Outlook passes over an alarm at an instant."""
    day = calendar.local(limit).date()
    before = calendar.previous_working(day - timedelta(days=1))
    wanted = (calendar.morning_of(before), calendar.morning_of(day), limit - timedelta(hours=1))
    at = next((one for one in wanted if now < one < limit), limit)
    return ["BEGIN:VALARM", "ACTION:DISPLAY", description, f"TRIGGER:{_before(limit - at)}", "END:VALARM"]


# Written line by line, as RFC 5545 3.1 and 3.3 ask: a general library took as long for one entry as all the rest of
# its letter. The tests read every entry with one.

_INSTANT = "%Y%m%dT%H%M%SZ"
_LONGEST_LINE = 74  # octets, one short of what RFC 5545 3.1 allows; a line that goes on begins with a space


def _escaped(words: str) -> str:
    """Text in a calendar entry (RFC 5545 3.3.11)."""
    for plain, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        words = words.replace(plain, instead)
    return words


def _before(span: timedelta) -> str:
    """How long before, in a calendar entry: "-P1DT2H" (RFC 5545 3.3.6)."""
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = ((hours, "H", hours), (minutes, "M", minutes or (hours and seconds)), (seconds, "S", seconds))
    time = "".join(f"{number}{unit}" for number, unit, stands in parts if stands)
    days = f"{span.days}D" if span.days or not time else ""
    return f"{'-' if span else ''}P{days}{f'T{time}' if time else ''}"


def _folded(line: str) -> str:
    """A line of a calendar entry in pieces that every program takes; no sign and no escape is cut in two."""
    pieces: list[str] = []
    while len(line.encode()) > _LONGEST_LINE:
        end = min(len(line), _LONGEST_LINE)
        while len(line[:end].encode()) > _LONGEST_LINE:
            end -= 1
        end -= (end - len(line[:end].rstrip("\\"))) % 2
        pieces.append(line[:end])
        line = line[end:]
    return f"{CRLF} ".join([*pieces, line])
