"""A dispute's card: the one message that lies for it in the overview, and says in its subject how it stands.

What a card shows is a function of the dispute, the day and the hour of its limit, and of nothing else: two cards made
on one day from one history are the same, so that only what has changed is put up anew.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.clocks.limits import BY_CLOCK, Limit
from mailbot.core.decisions.deciders import deciders
from mailbot.core.decisions.owed import unanswered
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.parts import State
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing import turn
from mailbot.mail.writing.card_words import lately
from mailbot.mail.writing.missing import ASKED_FOR
from mailbot.mail.writing.wording import instant_long, instant_near, instant_short, listed, opening, plain

LONGEST_AGENCY = 32  # characters of its name in a subject
# Where the post ends in a role's title, and its place begins: "practitioner in the other agency".
_PLACED = r" (?:raising|in|at|from|who|for)\b"
_ALWAYS_WANTED = ("issue", "impact")


@dataclass(frozen=True, slots=True)
class Card:
    """All strings; "" and () mean there is nothing to say. ``due``: today or past, which is when it is flagged."""

    risk: str
    partnership: str
    subject_word: str
    reference: str
    raising: str
    receiving: str
    agencies: str  # both, cut to fit a subject
    stage: str  # "Stage 2"
    stage_title: str  # "Line manager to line manager"
    turn: str  # "line managers", "Children's Social Care to confirm what was agreed"
    ball: str  # the same as a sentence, with the agencies
    otherwise: str
    limit: str  # "5pm on Thursday 10 September 2026"
    limit_short: str  # "Thu 10 Sep 17:00"
    days: str  # "day 2 of 2", "due today, day 2 of 2", "2 working days over"
    past: bool
    due: bool
    missing: tuple[str, ...]
    lately: tuple[str, ...]
    duty: str
    office: str
    mailbox: str
    # What the layout of a letter also asks for, and a card has not.
    closed_before: str = ""
    phones: tuple[str, ...] = ()
    greeting: str = ""
    then: tuple[str, ...] = ()
    source: str = ""
    policy: str = ""


def card(dispute: Dispute, partnership: Partnership, held: Limit | None, now: datetime) -> Card:
    """``held`` is the limit that holds at this stage, ``now`` aware. Raises OutOfRange."""
    protocol, calendar = partnership.protocol, partnership.calendar
    local = calendar.local(held.holds) if held else None
    past = held is not None and held.holds <= now
    asked = past and held is not None and held.at_limit is AtLimit.ASK
    short, full = _whose_turn(dispute, protocol, asked)
    raising, receiving = (turn.agency_shown(dispute, side) for side in turn.SIDES)
    ahead = held if held is not None and not past else None
    return Card(
        risk=protocol.risk.line,
        partnership=protocol.partnership,
        subject_word=protocol.subject,
        reference=dispute.reference,
        raising=raising,
        receiving=receiving,
        agencies=f"{_cut(raising)} and {_cut(receiving)}",
        stage=protocol.stage_name(dispute.stage),
        stage_title=protocol.stages[dispute.stage].name,
        turn=short,
        ball=f"Waiting on {full}.",
        otherwise=turn.otherwise(dispute, protocol, ahead.at_limit, instant_near(calendar.local(ahead.holds)))
        if ahead
        else "",
        limit=instant_long(local) if local else "",
        limit_short=instant_short(local) if local else "",
        days=_days(held, calendar, now) if held else "",
        past=past,
        due=local is not None and local.date() <= calendar.local(now).date(),
        missing=_missing(dispute, protocol),
        lately=lately(dispute, partnership),
        duty=turn.after_silence(protocol),
        office=turn.office_title(protocol),
        mailbox=protocol.mailbox,
    )


def true_until(held: Limit | None, calendar: Calendar, now: datetime) -> datetime:
    """When a card made now stops being true though nothing happens: as the limit passes, or the day ends."""
    tomorrow = calendar.local(now).date() + timedelta(days=1)
    midnight = calendar.at(tomorrow, time(0))
    return min(midnight, held.holds) if held is not None and held.holds > now else midnight


def _days(held: Limit, calendar: Calendar, now: datetime) -> str:
    today, last = calendar.local(now).date(), calendar.local(held.holds).date()
    if held.holds <= now:
        over = calendar.working_days_between(last, today)
        return f"{over} working day{'' if over == 1 else 's'} over" if over else "earlier today"
    counted = [step for step in held.working if step.counted] if held.held_by == BY_CLOCK else []
    gone = [step.counted for step in counted if step.day <= today]
    of = f"day {gone[-1]} of {counted[-1].counted}" if gone else ""
    if last == today:
        return ", ".join(filter(None, ("due today", of)))
    left = calendar.working_days_between(today, last)
    return of or ("the next working day" if left == 1 else f"in {left} working days" if left else "")


def _whose_turn(dispute: Dispute, protocol: Protocol, asked: bool) -> tuple[str, str]:
    """In few words, for the subject, and in full. Roles and agencies; who a person is stands in the letters."""
    following = turn.next_stage(dispute, protocol)
    voices, purpose = turn.waiting_on(dispute, asked and following is not None)
    decide = deciders(dispute, protocol)
    if decide and dispute.state is State.OPEN:
        title = f"the {turn.short_title(protocol.roles[decide[0]])}"
        return title, title
    agencies = listed(turn.voice_shown(dispute, voice) for voice in voices)
    if purpose == "say" and following:
        return (
            f"{agencies} to say what follows",
            f"{agencies} to say whether it goes to {turn.stage_full(following, protocol)}",
        )
    if purpose != "speak":
        return f"{agencies} {purpose}", f"{agencies} {purpose}"
    titles = [(_title(dispute, protocol, one.side), turn.voice_shown(dispute, one)) for one in voices]
    acting = [(title, agency) for title, agency in titles if title]
    shared = _shared([title for title, _ in acting])
    if shared:
        return shared, f"the {shared} at {listed(agency for _, agency in acting)}"
    each = listed(title for title, _ in acting) or "both agencies"
    return each, listed(f"the {title} at {agency}" for title, agency in acting) or each


def _title(dispute: Dispute, protocol: Protocol, side: Side) -> str:
    roles = [protocol.roles[r] for r in turn.roles_at(protocol.stages[dispute.stage], side) if r in protocol.roles]
    return turn.short_title(roles[0]) if roles else ""


def _shared(titles: list[str]) -> str:
    """ "line managers"; "practitioners", of one raising the issue and one in the other agency; "" where they differ."""
    posts = {re.split(_PLACED, title)[0] for title in titles}
    post = posts.pop() if len(titles) > 1 and len(posts) == 1 else ""
    head, of, rest = post.partition(" of ")  # heads of service
    return f"{head}s{of}{rest}" if head and head[-1] not in "sy" else ""


def _missing(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    asked = (role for role in protocol.roles.values() if role.ask_at == dispute.stage)
    nameless = [role for role in asked if not any(party.person.address for party in dispute.filling(role.id))]
    names = [f"Name and email of the {turn.short_title(r)} at {_agency(dispute, r.side)}" for r in nameless]
    names += [f"{role.title}, who must be told" for role in unanswered(dispute, protocol)]
    wanted = dict.fromkeys((*_ALWAYS_WANTED, *protocol.stages[dispute.stage].ask_for))
    lacking = [ASKED_FOR[key][0] for key in wanted if key in ASKED_FOR and not dispute.fields.get(key)]
    return (*names, *(opening(words.replace("the child", f"the {protocol.subject}")) for words in lacking))


def _agency(dispute: Dispute, side: Side) -> str:
    return turn.agency_shown(dispute, side) if side in turn.SIDES else "the agencies"


def _cut(agency: str) -> str:
    """At a whole word: "Seamoor Council Children's..."."""
    name = plain(agency, 200)
    return name if len(name) <= LONGEST_AGENCY else f"{name[: LONGEST_AGENCY - 2].rpartition(' ')[0]}..."
