"""A letter before it has its layout: everything a template may print, already in words.

``view`` looks once at the dispute, its protocol and its limits, for one reader, and leaves nothing to decide: templates
hold sentences, loops and ifs. Two readers of one event get two views, because what is asked of them differs.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.deciders import deciders, is_final
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.procedure.closed_lists import AtLimit, Side
from mailbot.core.procedure.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.letters import Notice
from mailbot.mail.writing import record, turn
from mailbot.mail.writing.afterwards import tell, took
from mailbot.mail.writing.buttons import Button, words_in
from mailbot.mail.writing.by_office import by_office, outside
from mailbot.mail.writing.conversation import topic
from mailbot.mail.writing.duties import closed_agencies, contacts, duties
from mailbot.mail.writing.form_told import tell_form
from mailbot.mail.writing.letter_view import LetterView, PhoneRow
from mailbot.mail.writing.missing import learning_asked, missing
from mailbot.mail.writing.offers import AFTER, SILENT, also_for, buttons, start, words_for
from mailbot.mail.writing.speaking import Speaker, Told
from mailbot.mail.writing.wording import (
    child_shown,
    date_words,
    first_name,
    instant_long,
    instant_near,
    instant_short,
    listed,
    opening,
    person_shown,
    plain,
)

# Letters that put one question: a second request beside it would go unread.
_ONE_ANSWER = frozenset({"proposed", "date_proposed", "question", "reminder", "feedback_asked", "closed", "action_due",
                          "action_unreported", "did_it_happen"})  # fmt: skip
_FILED = frozenset({"summary", "closed"})  # kept on the record of each agency: with who said what, when
_SPEAK = "Face to face or by telephone works better than email."


def _greeting(reader: turn.Reader) -> str:
    """An office of the partnership is greeted by its title, a person by their first name."""
    return plain(reader.person.name, 120) if reader.office else first_name(reader.person)


def view(
    notice: Notice,
    dispute: Dispute,
    protocol: Protocol,
    directory: Directory,
    limits: tuple[Limit, ...],
    stage_limit: Limit | None,
    calendar: Calendar,
    now: datetime,
    token: str = "",
) -> LetterView:
    """The letter ``notice`` asks for, as this one reader is to have it. ``now`` is aware.

    ``token`` goes with its buttons: whoever holds the site's secret makes it, for this reader and stay in a stage.
    """
    reader = turn.reader_of(notice.to, dispute, protocol, notice.acts)
    say = Speaker(dispute, protocol, calendar.zone)
    clause = "" if notice.letter in AFTER else protocol.stages[dispute.stage].clause  # no stage asks for those
    made = _standing(notice.letter, protocol, plain(notice.why, 300) or clause)
    made = _where(replace(made, acts=notice.acts), dispute, protocol, directory, reader)
    made = _when(made, dispute, protocol, limits, stage_limit, calendar, now)
    until = stage_limit.holds if stage_limit and stage_limit.holds > now else now
    made = replace(
        made,
        duties=duties(dispute, protocol, reader),
        contacts=contacts(dispute, protocol, directory, reader) if notice.acts else (),
        away=closed_agencies(dispute, directory, calendar.local(now).date(), calendar.local(until).date()),
    )
    asked = _is_asked(notice, dispute, stage_limit, now)
    made = replace(
        made,
        ball=turn.ball(dispute, protocol, directory, reader.person.address, asked),
        otherwise="" if asked else made.otherwise,
        greeting="" if reader.person.address == protocol.mailbox else _greeting(reader),
        decides=reader.decides(deciders(dispute, protocol)),
        side="partnership" if reader.office else reader.side.value if reader.side else "",
        told=tell(notice.event, say),
        paper=tell_form(notice.event, say),
        by_office=by_office(notice.event, dispute, protocol, say, reader),
        why=plain(notice.why, 600),
    )
    made = _with_record(made, notice, dispute, protocol, say, calendar)
    return _answerable(made, notice, dispute, protocol, reader, token)


def _is_asked(notice: Notice, dispute: Dispute, held: Limit | None, now: datetime) -> bool:
    """Does a limit that has gone by wait for the raising side to say what follows? So it does at a move by the limit
    that the office has held back."""
    asks = {AtLimit.ASK, AtLimit.MOVE_UP} if dispute.move_held is not None else {AtLimit.ASK}
    passed = held is not None and held.holds <= now and held.at_limit in asks
    return passed or notice.letter == "refer_question"


def _with_record(
    made: LetterView, notice: Notice, dispute: Dispute, protocol: Protocol, say: Speaker, calendar: Calendar
) -> LetterView:
    """With what is recorded, who is involved, and the form; in what is filed, with who said what when (G6)."""
    filed = notice.letter in _FILED
    made = replace(
        made,
        recorded=record.recorded(dispute, protocol, say, timed=filed),
        people=record.people(dispute, protocol),
        remains=record.remains(dispute, say),
        remains_by=record.remains_by(dispute, say) if filed else "",
        took=took(dispute, protocol, say, calendar) if filed else (),
    )
    if not notice.form:
        return made
    rows = record.form(notice.form, dispute, protocol, say, calendar)
    file = record.form_file(dispute.reference, notice.form)
    title, note = protocol.forms[notice.form].title, plain(notice.note, 120)
    return replace(made, form=title, form_rows=rows, note=note, form_file=file)


def _answerable(
    made: LetterView, notice: Notice, dispute: Dispute, protocol: Protocol, reader: turn.Reader, token: str
) -> LetterView:
    """With its subject, what is missing from this reader, and what they may reply."""
    writer = getattr(notice.event, "by", None) or getattr(notice.event, "raiser", None)
    is_writer = isinstance(writer, Person) and writer.address == notice.to.address
    understood = made.told.understood and is_writer and notice.letter in ("proposed_told", "noted", "opened")
    lacking = missing(reader, dispute, protocol)
    lines = () if notice.letter in _ONE_ANSWER else lacking.prompts
    words = words_for(notice.letter, dispute, protocol, reader, made.told.question)
    return replace(
        made,
        topic=topic(notice.event, dispute, protocol),
        is_writer=is_writer,
        learning=learning_asked(notice.event, dispute, protocol),
        missing=lacking.sentences,
        buttons=buttons((*words, "WRONG") if understood else words, dispute, protocol, reader, lines, token),
        also=buttons(also_for(words, dispute, protocol, reader), dispute, protocol, reader, token=token),
    )


def plain_view(notice: Notice, protocol: Protocol, dispute: Dispute | None = None, reference: str = "") -> LetterView:
    """A letter that belongs to no dispute, or must say nothing about one ("urgent", "held_told", "out_of_scope" …)."""
    zone = ZoneInfo(protocol.calendar.timezone)
    told = tell(notice.event, Speaker(dispute, protocol, zone))
    made = _standing(notice.letter, protocol, "")
    return replace(
        made,
        reference=reference or (dispute.reference if dispute else ""),
        greeting=_greeting(turn.reader_of(notice.to, dispute, protocol, notice.acts)),
        told=told,
        by_office=outside(notice, protocol, zone),
        why=plain(notice.why, 600),
        buttons=_plain_buttons(notice.letter, told, protocol, dispute),
        stages=record.procedure(protocol),
        labels=record.LABELS,
        out_of_scope=(told.why,) if told.why else _say_of(notice.why, protocol),
    )


def _plain_buttons(letter: str, told: Told, protocol: Protocol, dispute: Dispute | None) -> tuple[Button, ...]:
    if letter == "guide":
        return (start(protocol, record.LABELS),)
    return () if letter in SILENT else buttons(words_in(told.question), dispute, protocol, None)


def _say_of(what: str, protocol: Protocol) -> tuple[str, ...]:
    """The protocol's own answer for ``what`` ("whistleblowing"); all of its answers when it has none for that."""
    own = tuple(o.say for o in protocol.out_of_scope if what and o.what.casefold() in what.casefold())
    return own or tuple(f"{o.what[:1].upper()}{o.what[1:]}: {o.say}" for o in protocol.out_of_scope)


def _standing(letter: str, protocol: Protocol, clause: str) -> LetterView:
    """What every letter of a partnership carries, whoever it is to."""
    risk, published = protocol.risk, protocol.published
    quoted = f"This rests on: {clause.rstrip('.')}. " if clause else ""
    return LetterView(
        letter=letter,
        partnership=protocol.partnership,
        short=protocol.short,
        protocol=protocol.name,
        subject_word=protocol.subject,
        risk=risk.line,
        then=risk.then,
        phones=tuple(
            PhoneRow(f"{p.name}: {p.number}{f' ({p.hours})' if p.hours else ''}", re.sub(r"[^0-9+]", "", p.number))
            for p in risk.phones
            if p.number
        ),
        duty=turn.after_silence(protocol),
        office=turn.office_title(protocol),
        mailbox=protocol.mailbox,
        source=f'{quoted}The procedure is {protocol.short}\'s "{protocol.name}", version in force from '
        f"{date_words(published.in_force)}. Where this letter and the published text differ, the published text holds.",
        policy=published.url,
        debrief="debrief" in protocol.routes,
        risk_who=risk.who,
        tag=protocol.tags[0][:1].upper() + protocol.tags[0][1:] if protocol.tags else protocol.name,
        stage_word=protocol.stage_word,
    )


def _where(
    made: LetterView, dispute: Dispute, protocol: Protocol, directory: Directory, reader: turn.Reader
) -> LetterView:
    stage, following = protocol.stages[dispute.stage], turn.next_stage(dispute, protocol)
    raiser = next((p.person for p in dispute.parties if p.role == "raiser"), None)
    before = dispute.visits[-2].stage if len(dispute.visits) > 1 else ""
    outcome = protocol.outcomes.get(dispute.outcome)
    return replace(
        made,
        reference=dispute.reference,
        child=child_shown(dispute.child, protocol.subject, protocol.child_shown_as),
        raiser=person_shown(raiser) if raiser else turn.agency_shown(dispute, Side.RAISING),
        raising=turn.agency_shown(dispute, Side.RAISING),
        receiving=turn.agency_shown(dispute, Side.RECEIVING),
        stage=protocol.stage_name(stage.id),
        stage_title=stage.name,
        stage_before=protocol.stage_name(before) if before else "",
        stage_next=turn.stage_full(following, protocol) if following else "",
        with_whom=listed(turn.acting(dispute, protocol, directory, turn.BOTH, reader.person.address)),
        speak="" if deciders(dispute, protocol) or stage.private_to else stage.speak or _SPEAK,
        is_open=dispute.is_open,
        is_final=is_final(dispute, protocol),
        both="all the agencies" if len(dispute.receiving_agencies) > 1 else "both sides",
        awaited=_awaited(dispute),
        alone=stage.private_to is not None,
        outcome=outcome.label if outcome else plain(dispute.outcome, 80),
    )


def _awaited(dispute: Dispute) -> str:
    """Of several agencies, those that have still to say whether it is resolved, or whether a date suits."""
    if len(dispute.receiving_agencies) < 2 or (dispute.proposal is None and dispute.open_date is None):
        return ""
    voices, _ = turn.waiting_on(dispute, asked=False)
    return listed(turn.voice_shown(dispute, voice) for voice in voices)


def _when(
    made: LetterView, dispute: Dispute, protocol: Protocol, limits: Iterable[Limit], held: Limit | None,
    calendar: Calendar, now: datetime,
) -> LetterView:  # fmt: skip
    if not dispute.is_open:
        return made
    if held is None:
        return replace(made, otherwise=turn.without_limit(dispute, protocol))
    local = calendar.local(held.holds)
    ahead = now < held.holds
    return replace(
        made,
        limit=instant_long(local),
        limit_short=instant_short(local),
        by=f"as soon as you can, by {instant_near(local)} at the latest; less if the {protocol.subject} needs it",
        because=f"{opening(held.because.rstrip('.'))}." if held.because else "",
        working=record.working(held.working),
        caps=record.caps(limits, held, protocol, calendar),
        closed_before=record.closed_between(calendar, calendar.local(now).date(), local.date()) if ahead else "",
        otherwise=turn.otherwise(dispute, protocol, held.at_limit, instant_near(local) if ahead else ""),
    )
