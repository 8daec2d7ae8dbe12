"""A letter before it has its layout: everything a template may print, already in words, for one reader."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import BY_CLOCK, Limit
from mailbot.core.decisions.stages import stage_after, stage_of_referral
from mailbot.core.decisions.who_may.authority import asked_to_decide, deciders, is_final
from mailbot.core.notices.notice import Notice
from mailbot.core.notices.offered import AFTER, SILENT, Reader, offered_beside, reader_of, replies_offered
from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.closed_lists import NUMBERS, Side
from mailbot.core.procedure.protocol import Protocol, Published
from mailbot.core.procedure.working_days import Calendar, until
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event, FieldRecorded, StageEnded
from mailbot.core.record.intents import Person
from mailbot.core.record.parties import Voice
from mailbot.mail.documents.form_boxes import NO_FORM, NOT_SENT, FormTold, form_file, form_rows, tell_form
from mailbot.mail.letters import recorded_so_far as record
from mailbot.mail.letters import whose_turn as turn
from mailbot.mail.letters.buttons import (
    Button,
    buttons,
    for_whoever_is_away,
    start,
    to_those_who_ask,
    words_for,
    words_in,
)
from mailbot.mail.letters.duties_asked import acts_due, duties
from mailbot.mail.letters.how_long_it_took import by_itself, took
from mailbot.mail.letters.recorded_so_far import PersonRow, RecordRow
from mailbot.mail.letters.speaker import NOTHING, EventTold, Speaker, speaker_of
from mailbot.mail.letters.still_missing import learning_asked, missing_for_reader, outstanding_asked
from mailbot.mail.letters.what_happened import (
    NOTHING_BY_OFFICE,
    TO_ANSWER,
    ByOffice,
    by_office,
    outside,
    tell_ending,
    tell_proposed,
)
from mailbot.mail.letters.whose_turn import NOBODY_BESIDES, ToldBesides, told_besides
from mailbot.mail.letters.wording import (
    child_shown,
    date_words,
    first_name,
    instant_brief,
    instant_long,
    instant_near,
    listed,
    name_only,
    opening,
    person_shown,
    plain_words,
)

# What a letter may print, for one reader: all strings, nothing left to decide.


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """``shown`` is what is read, ``dialled`` the digits a telephone is handed."""

    shown: str
    dialled: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """All strings and tuples of strings. "" and () mean there is nothing to say, and the template says nothing."""

    letter: str
    partnership: str
    short: str
    protocol: str
    subject_word: str  # "child" or "adult"
    risk: str
    then: tuple[str, ...]
    phones: tuple[PhoneRow, ...]
    duty: str
    office: str
    mailbox: str
    source: str
    policy: str  # address of the published text, "" when the file has none
    greeting: str = ""
    acts: bool = False
    decides: bool = False  # one of those who decide at this stage
    is_writer: bool = False  # wrote what this letter answers
    side: str = ""  # "raising", "receiving", "partnership"
    reference: str = ""
    child: str = ""
    raiser: str = ""
    raising: str = ""
    receiving: str = ""
    agencies: str = (
        ""  # all of them, as one says them: "Larkfield Primary School, Seamoor Police and Westmere NHS Trust"
    )
    stage: str = ""  # "Stage 2"
    stage_title: str = ""  # "Line manager to line manager"
    stage_before: str = ""
    stage_next: str = ""  # "Stage 3 (Senior manager to senior manager)", "" after the last
    stage_referred: str = ""  # to which REFER leads
    with_whom: str = ""
    speak: bool = False  # those whom it is with are to talk to each other
    how: str = ""  # how they are to talk, in the file's own words
    is_open: bool = True
    is_final: bool = False
    also_decides: str = ""  # who else decides, and so was asked for the same decision
    together: bool = False  # those who decide do so together, and not whoever is first
    both: str = "both sides"  # "all the agencies", where it is with several
    who_agrees: str = "both sides"  # to a date: by name, where it is within one side
    awaited: str = ""  # of several, those whose word is still awaited
    alone: bool = False  # one agency only: the other side is not told
    limit: str = ""  # "5pm on Thursday 10 September 2026"
    limit_short: str = ""  # "Thu 10 Sep 5pm"
    by_short: str = "now"  # "by Thu 10 Sep 5pm"; "now" once it has passed, or where there is no limit
    by: str = ""  # "by 5pm on Thursday 10 September at the latest"; "" once it has passed
    because: str = ""
    within: str = ""  # "5 working days": the length alone, where the limit is that long after it was raised
    working: tuple[tuple[str, str], ...] = ()
    uncounted: str = ""  # "Fri 25 Dec (Christmas Day)": days passed over; weekends too for whoever has no turn
    caps: tuple[str, ...] = ()
    closed_before: str = ""  # "Saturday 12 and Sunday 13 September": closed days between now and the limit
    duties: tuple[str, ...] = ()  # what the procedure tells this reader to do at this stage
    act_due: bool = False  # one of them has a time of its own
    contacts: tuple[str, ...] = ()  # how those who must speak reach each other
    away: tuple[str, ...] = ()  # agencies that say they are closed before the limit; it moves no limit
    absent: tuple[str, ...] = ()  # whose turn it is, and who is away; it moves no limit
    instead_of: str = ""  # why this reader is asked in place of somebody
    cover_is_reader: bool = False
    stands_in: bool = False  # for the partnership's office, which says that it is away
    over: str = ""  # "5 working days": how long ago the limit passed that the letter is about; "" on its own day
    ball: str = ""
    still_yours: bool = False  # the stage is with this reader, whatever the letter tells them
    otherwise: str = ""
    missing: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    also: tuple[Button, ...] = ()
    heard: bool = False  # something is on the record of what came of the present stage
    recorded: tuple[RecordRow, ...] = ()
    gist: tuple[RecordRow, ...] = ()  # what it is about and what is sought, in some thirty words each
    people: tuple[PersonRow, ...] = ()
    remains: str = ""
    remains_by: str = ""  # who said so and when, in what is filed
    by_itself: str = ""  # that the stage before moved on at its limit, and what was on the record by then
    took: tuple[str, ...] = ()  # how long each stage took, and what ended it
    outcome: str = ""
    ended: str = ""  # "Agreed", "Decided", "Withdrawn", "Closed": what ended it, in the subject
    told: EventTold = NOTHING
    put: EventTold = (
        NOTHING  # the resolution that its reader is asked to confirm, where the letter tells of something else
    )
    besides: ToldBesides = NOBODY_BESIDES  # who else has a letter of the same moment
    why: str = ""
    stages: tuple[RecordRow, ...] = ()  # the whole procedure, for the guide
    principles: tuple[str, ...] = ()  # what the procedure asks of everybody, for the guide
    labels: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    debrief: bool = False
    learning: str = ""
    form: str = ""  # the title of a form that goes with the letter
    form_rows: tuple[RecordRow, ...] = ()
    form_file: str = ""  # the form as an attached document
    paper: FormTold = NO_FORM  # a form that came back
    note: str = ""  # what the form is sent for
    risk_who: str = ""  # whom a reader at an agency tells of danger; "" for an office of the partnership
    tag: str = ""
    stage_word: str = ""
    by_office: ByOffice = NOTHING_BY_OFFICE
    shut: bool = False  # nobody is in the partnership's office now


# A letter before it has its layout: everything a template may print, already in words.
#
# ``view`` looks once at the dispute, its protocol and its limits, for one reader, and leaves nothing to decide:
# templates hold sentences, loops and ifs. Two readers of one event get two views, because what is asked of them
# differs.

# Letters that say what is still missing from their reader, and take it. In one that tells of danger or of a slip, or
# that puts a question of its own, a second request would be read in its place, or go unread.
_TAKES_WHAT_IS_MISSING = frozenset(
    {
        "opened",
        "stage_entered",
        "handed_over",
        "limit_passed",
        "refer_question",
        "noted",
        "proposed_told",
        "status",
        "still_needed",
        "summary",
    }
)
OF_OURSELVES = frozenset({"trouble_told"})  # of no clause, and its "why" says which trouble it is
# Letters of where it stands, to everybody whom the stage is with: whose turn it is, the record says.
_WHERE_IT_STANDS = frozenset(
    {
        "stage_entered",
        "reminder",
        "reopened",
        "undone",
        "move_held",
        "move_resumed",
        "calendar_moved",
        "date_recorded",
        "protective_date",
    }
)
_FILED = frozenset({"summary", "closed"})  # kept on the record of each agency: with who said what, when
# Letters with what they rest on in full, and where it can be read; the rest name the clause.
_WITH_SOURCE = frozenset({"opened", "referred", "closed", "summary", "reopened", "status", "guide"})
# Fields of a view, by their names, until all are there: a view has ninety, and is made once.
Fields = dict[str, Any]


# After the end no clause holds any more; the first letter tells what the procedure asks whole, and names the stage.
_UNNAMED = frozenset({*AFTER, "opened"})


def _greeting(reader: Reader) -> str:
    """A letter's greeting: an office of the partnership is greeted by its title, a person by their first name."""
    return plain_words(reader.person.name, 120) if reader.office else first_name(reader.person)


def view(notice: Notice, case: Case, token: str = "", along: Sequence[Notice] = ()) -> LetterView:
    """The letter ``notice`` asks for, as this one reader is to have it.

    ``token`` goes with its buttons: whoever holds the site's secret makes it, for this reader and stay in a stage.
    ``along`` are the notices of the same moment that become letters: it says of nobody else that they were told.
    """
    dispute, protocol, calendar = case.dispute, case.protocol, case.calendar
    reader = replace(reader_of(notice.to, dispute, protocol, notice.acts), instead=turn.is_in_place(notice.to, case))
    say = speaker_of(dispute, protocol, calendar.zone)
    unnamed = notice.letter in _UNNAMED or (notice.acts and notice.letter not in _WITH_SOURCE)
    clause = "" if unnamed else _clause(notice.event, dispute, protocol)  # whoever is asked has the stage's own name
    quoted = "" if notice.letter in OF_OURSELVES else plain_words(notice.why, 300) or clause
    asked = turn.asks_what_follows(notice, dispute, case.stage_limit, case.now)
    when = _when(case, reader)
    if asked:
        when["otherwise"] = turn.after_no_answer(case, notice.event.at, reader) or when.get("otherwise", "")
    told = tell_ending(notice.event, say)
    made = _standing(notice.letter, protocol, quoted) | when
    made |= _where(case, reader) | _duties(notice, case, reader) | _absent(notice, case, reader)
    made |= Fields(
        acts=notice.acts and not _is_for_others(notice.letter, case, reader),
        ball=turn.ball(case, reader.person.address, asked),
        still_yours=turn.is_with(case, reader.person.address, asked),
        over=_over(notice, calendar, case.now),
        greeting="" if reader.person.address == protocol.mailbox else _greeting(reader),
        risk_who=protocol.risk.who if reader.side or notice.letter == "urgent" else "",
        decides=reader.decides(deciders(dispute, protocol)),
        side="partnership" if reader.office else reader.side.value if reader.side else "",
        told=_completed(told, notice, case, say),
        besides=told_besides(notice, along, dispute, protocol),
        paper=tell_form(notice.event, say),
        by_office=by_office(notice.event, dispute, protocol, say, reader),
        cover_is_reader=_is_cover(notice),
        shut=record.is_shut(calendar, case.now),
        why=plain_words(notice.why, 600),
    )
    made |= _record(notice, case, say, reader)
    made |= _answerable(notice, case, reader, told, token)
    return LetterView(**made)


def _completed(told: EventTold, notice: Notice, case: Case, say: Speaker) -> EventTold:
    """What a letter tells, with what the dispute must be asked for."""
    why = told.why or _corrected(notice.event, case.protocol, say)
    return replace(told, why=why, protects=turn.is_of_childs_day(notice, case))


def _over(notice: Notice, calendar: Calendar, now: datetime) -> str:
    """How many working days ago the limit passed that the letter is about."""
    limit = getattr(notice.event, "limit", None)
    if not isinstance(limit, datetime) or limit >= now:
        return ""
    days = calendar.working_days_between(calendar.local(limit).date(), calendar.local(now).date())
    return f"{days} working day{'' if days == 1 else 's'}" if days > 0 else ""


def _is_for_others(letter: str, case: Case, reader: Reader) -> bool:
    """Is a letter of where it stands no turn of its reader: others decide, or have still to say that it was agreed, or
    it is closed, and nothing that they could reply would settle it? A stage that begins is for its own people all the
    same: they have still to speak."""
    deciding = deciders(case.dispute, case.protocol)
    if letter not in _WHERE_IT_STANDS or reader.decides(deciding) or (letter == "stage_entered" and not deciding):
        return False
    return not replies_offered(letter, reader, case)


def _is_cover(notice: Notice) -> bool:
    """Is this the one whom somebody's automatic reply names?"""
    cover = getattr(notice.event, "cover", None)
    return isinstance(cover, Person) and cover.address == notice.to.address


def _stands_in(notice: Notice, case: Case) -> bool:
    """Does the letter tell whoever stands in for the partnership's office that it is away?"""
    away = getattr(notice.event, "person", None)
    office = {one.address for one in case.partnership.alarmed()}
    return isinstance(away, Person) and away.address in office


def _clause(event: Event, dispute: Dispute, protocol: Protocol) -> str:
    """The clause a letter rests on: the present stage's; that of the stage which ended, in its summary; "" where it has
    no more to say than the stage's name."""
    stage = protocol.stages[event.stage if isinstance(event, StageEnded) else dispute.stage]
    named = " ".join(str(NUMBERS.get(word, word)) for word in stage.clause.casefold().split())
    return "" if named == protocol.stage_name(stage.id).casefold() else stage.clause


def _record(notice: Notice, case: Case, say: Speaker, reader: Reader) -> Fields:
    """The letter with the record, who is involved, and the form; what is filed says who said what when (G6)."""
    dispute, protocol, calendar = case.dispute, case.protocol, case.calendar
    filed, decides = notice.letter in _FILED, reader.decides(deciders(dispute, protocol))
    sent = record.represented(dispute, say) if decides and notice.acts else []
    made = Fields(
        recorded=(*record.recorded_rows(dispute, protocol, say, timed=filed), *sent),
        gist=record.gist(dispute, say),
        by_itself=by_itself(dispute, say),
        people=record.people(dispute, protocol),
        remains=record.remains(dispute, say),
        remains_by=record.remains_by(dispute, say) if filed else "",
        took=took(dispute, protocol, say, calendar) if filed else (),
    )
    if not notice.form:
        return made
    rows = form_rows(notice.form, case, say)
    file = form_file(dispute.reference, notice.form)
    title, note = protocol.forms[notice.form].title, plain_words(notice.note, 120)
    return made | Fields(form=title, form_rows=rows, note=note, form_file=file)


def _corrected(event: Event, protocol: Protocol, say: Speaker) -> str:
    """What a correction put into the record, with its label, for whoever made it; "" of what no letter shows."""
    if not isinstance(event, FieldRecorded) or not event.correction or event.key in NOT_SENT:
        return ""
    return f"{record.label_of(event.key, protocol)}: {say.words(event.value)}"


def _answerable(notice: Notice, case: Case, reader: Reader, told: EventTold, token: str) -> Fields:
    """The letter with what is missing from this reader, and what they may reply."""
    dispute, protocol = case.dispute, case.protocol
    writer = getattr(notice.event, "by", None) or getattr(notice.event, "raiser", None)
    is_writer = (writer.address if isinstance(writer, Person) else writer) == notice.to.address
    understood = told.understood and is_writer and notice.letter in ("proposed_told", "objected", "noted", "opened")
    lacking = missing_for_reader(reader, case)
    lines = lacking.prompts if notice.letter in _TAKES_WHAT_IS_MISSING else ()
    words = words_for(notice.letter, reader, case, told.question)
    put = dispute.proposal if notice.letter != "proposed" and "CONFIRM" in words else None
    outstanding = outstanding_asked(notice.event, notice.to.address, dispute, protocol)
    made = buttons((*words, "WRONG") if understood else words, dispute, protocol, reader, lines, token)
    if notice.letter == "absence":
        made = for_whoever_is_away(made, name_only(told.by))
    elif notice.acts and told.then == TO_ANSWER:
        made, words = to_those_who_ask(dispute, protocol, token), ()
    return Fields(
        is_writer=is_writer,
        put=tell_proposed(put, speaker_of(dispute, protocol, case.calendar.zone)) if put else NOTHING,
        learning=" ".join(filter(None, (outstanding, learning_asked(notice.event, case, reader)))),
        missing=lacking.sentences,
        buttons=made,
        also=buttons(offered_beside(words, reader, case), dispute, protocol, reader, token=token),
    )


def plain_view(
    notice: Notice,
    protocol: Protocol,
    dispute: Dispute | None = None,
    reference: str = "",
    calendar: Calendar | None = None,
    along: Sequence[Notice] = (),
) -> LetterView:
    """The view of a letter that belongs to no dispute, or must say nothing about one ("urgent", "held_told",
    "out_of_scope" …)."""
    zone = ZoneInfo(protocol.calendar.timezone)
    told = tell_ending(notice.event, Speaker(dispute, protocol, zone))
    reader = reader_of(notice.to, dispute, protocol, notice.acts)
    made = _standing(notice.letter, protocol, "")
    made |= Fields(
        reference=reference or (dispute.reference if dispute else ""),
        greeting=_greeting(reader),
        risk_who="" if reader.office and notice.letter != "urgent" else protocol.risk.who,
        told=told,
        besides=told_besides(notice, along, dispute, protocol),
        by_office=outside(notice, protocol, zone),
        why=plain_words(notice.why, 600),
        buttons=_plain_buttons(notice.letter, told, protocol, dispute),
        stages=record.procedure(protocol),
        principles=tuple(one.say for one in protocol.principles),
        labels=record.RECORD_LABELS,
        shut=record.is_shut(calendar, notice.event.at) if calendar is not None else False,
        out_of_scope=(told.why,) if told.why else _say_of(notice.why, protocol),
    )
    return LetterView(**made)


def _plain_buttons(letter: str, told: EventTold, protocol: Protocol, dispute: Dispute | None) -> tuple[Button, ...]:
    if letter == "guide":
        return (start(protocol, record.RECORD_LABELS),)
    return () if letter in SILENT else buttons(words_in(told.question), dispute, protocol, None)


def _say_of(what: str, protocol: Protocol) -> tuple[str, ...]:
    """What a letter says of something out of scope: the protocol's own answer for ``what`` ("whistleblowing"); all of
    its answers when it has none for that."""
    own = tuple(o.say for o in protocol.out_of_scope if what and o.what.casefold() in what.casefold())
    return own or tuple(f"{o.what[:1].upper()}{o.what[1:]}: {o.say}" for o in protocol.out_of_scope)


def _standing(letter: str, protocol: Protocol, clause: str) -> Fields:
    """The standing part of a letter: what every letter of a partnership carries, whoever it is to."""
    risk, published = protocol.risk, protocol.published
    in_force = _in_force(published) if letter in _FILED else ""
    quoted = f"In the procedure: {clause.rstrip('.')}. " if clause else ""
    return Fields(
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
        duty=turn.after_silence(),
        office=turn.office_title(protocol),
        mailbox=protocol.mailbox,
        source=f'{quoted}{_owner(letter, protocol)}\'s "{protocol.name}"{in_force} holds where this letter differs.'
        if letter in _WITH_SOURCE
        else quoted.strip(),
        policy=published.url if letter in _WITH_SOURCE else "",
        debrief=protocol.look_back is not None,
        risk_who=risk.who,
        tag=protocol.tags[0][:1].upper() + protocol.tags[0][1:] if protocol.tags else protocol.name,
        stage_word=protocol.stage_word,
    )


def _owner(letter: str, protocol: Protocol) -> str:
    """Whose procedure it is: in the first letter by the full name, for whoever has never heard of it."""
    return protocol.partnership if letter == "opened" else protocol.short


def _in_force(published: Published) -> str:
    """In a letter, " (in force from 1 September 2026)"; nothing where the file does not say from when."""
    return f" (in force from {date_words(published.in_force)})" if published.in_force.year > 1 else ""


def _where(case: Case, reader: Reader) -> Fields:
    dispute, protocol, directory = case.dispute, case.protocol, case.directory
    stage, following = case.stage, stage_after(dispute, protocol)
    referred = stage_of_referral(dispute, protocol)
    raiser = next((p.person for p in dispute.parties if p.role == "raiser"), None)
    before = dispute.visits[-2].stage if len(dispute.visits) > 1 else ""
    outcome = protocol.outcomes.get(dispute.outcome)
    return Fields(
        reference=dispute.reference,
        child=child_shown(dispute.child, protocol.subject, protocol.child_shown_as),
        raiser=person_shown(raiser) if raiser else turn.agency_shown(dispute, Side.RAISING),
        raising=turn.agency_shown(dispute, Side.RAISING),
        receiving=turn.agency_shown(dispute, Side.RECEIVING),
        agencies=listed(turn.agency_names(dispute)),
        stage=protocol.stage_name(stage.id),
        stage_title=stage.name,
        stage_before=protocol.stage_name(before) if before else "",
        stage_next=turn.stage_full(following, protocol) if following else "",
        stage_referred=turn.stage_full(referred, protocol) if referred else "",
        with_whom=listed(turn.acting(case, turn.BOTH_SIDES_NAMED, reader.person.address)),
        speak=not deciders(dispute, protocol) and not stage.private_to,
        how=stage.speak,
        is_open=dispute.is_open,
        heard=dispute.is_heard,
        is_final=is_final(dispute, protocol),
        also_decides=_also_decides(dispute, protocol, directory, reader),
        together=stage.together,
        both="all the agencies" if len(dispute.receiving_agencies) > 1 else "both sides",
        who_agrees=turn.who_agrees(dispute, protocol),
        awaited=_awaited(dispute),
        alone=stage.private_to is not None,
        outcome=outcome.label if outcome else plain_words(dispute.outcome, 80),
        ended=_ended(dispute, protocol),
    )


def _also_decides(dispute: Dispute, protocol: Protocol, directory: Directory, reader: Reader) -> str:
    """Who decides beside this reader of a letter, by name: "the Independent Scrutineer"; "" where they decide alone, or
    not at all."""
    deciding = asked_to_decide(dispute, protocol)
    if not reader.decides(deciders(dispute, protocol)):
        return ""
    return listed(
        name
        for role in deciding
        for name in turn.filling(
            protocol.roles[role], Voice(Side.PARTNERSHIP), dispute, directory, reader.person.address
        )
        if name != "you"
    )


def _ended(dispute: Dispute, protocol: Protocol) -> str:
    """What ended it, in a word for a letter's subject; "" while it is open. A decision is never told as agreed."""
    if dispute.is_open:
        return ""
    word = {"resolved": "Agreed", "withdrawn": "Withdrawn"}.get(dispute.outcome)
    return word or ("Decided" if deciders(dispute, protocol) else "Closed")


def _awaited(dispute: Dispute) -> str:
    """The agencies a letter awaits: of several, those that have still to say whether it is resolved, or whether a date
    suits."""
    if len(dispute.receiving_agencies) < 2 or (dispute.proposal is None and dispute.open_date is None):
        return ""
    voices, _ = turn.waiting_on(dispute, asked=False)
    return listed(turn.voice_shown(dispute, voice) for voice in voices)


_OF_SILENCE = frozenset({"refer_question", "limit_passed"})  # they say that nobody answered, and so why that may be


def _duties(notice: Notice, case: Case, reader: Reader) -> Fields:
    """The letter with what the procedure tells this reader to do, how to reach the others, and who is closed
    meanwhile."""
    dispute, protocol, directory = case.dispute, case.protocol, case.directory
    held, now, local = case.stage_limit, case.now, case.calendar.local
    until = held.holds if held and held.holds > now else now
    since = dispute.visit.entered if notice.letter in _OF_SILENCE and dispute.visits else now
    return Fields(
        duties=duties(case, reader),
        act_due=bool(acts_due(case, reader)),
        contacts=turn.contacts(dispute, protocol, directory, reader) if notice.acts else (),
        away=turn.closed_agencies(dispute, directory, local(since).date(), local(until).date(), local(now).date()),
    )


# Letters that say whose turn it is, and so who of them is away; and of these the ones that ask somebody in place of
# another, and say why.
_WHOSE_TURN = frozenset(
    {"stage_entered", "summary", "reminder", "limit_passed", "refer_question", "proposed", "proposed_told", "status"}
)


def _absent(notice: Notice, case: Case, reader: Reader) -> Fields:
    """The letter with who is away whose turn it is, and why its reader is asked in place of somebody."""
    if notice.letter == "absence":
        standing_in = turn.standing_in_for(getattr(notice.event, "person", None), case)
        return Fields(absent=standing_in, stands_in=_stands_in(notice, case))
    if notice.letter not in _WHOSE_TURN or not case.dispute.is_open:
        return Fields()
    return Fields(absent=turn.people_away(case, reader), instead_of=turn.why_asked(reader, case) if notice.acts else "")


def _within(held: Limit, protocol: Protocol) -> str:
    """A letter's limit as its length alone, where that is all of its working: from the raising by the stage's clock."""
    clock = protocol.clocks.get(held.clock)
    if record.uncounted(held.working, weekends=False) or clock is None or held.held_by != BY_CLOCK:
        return ""
    if not re.fullmatch(r"[^.]* after it was raised [^.]*", held.because):
        return ""
    return clock.within.text


def _when(case: Case, reader: Reader) -> Fields:
    """The letter with the limit that decides the stage, its working, the caps over it, and what happens otherwise."""
    dispute, protocol, calendar = case.dispute, case.protocol, case.calendar
    held, now = case.stage_limit, case.now
    if not dispute.is_open:
        return Fields()
    if held is None:
        return Fields(otherwise=turn.without_limit(dispute, protocol))
    local = calendar.local(held.holds)
    counted = until(held.working, local.date())
    ahead = now < held.holds
    return Fields(
        limit=instant_long(local),
        limit_short=instant_brief(local),
        by_short=f"by {instant_brief(local)}" if ahead else "now",
        by=f"by {instant_near(local)} at the latest" if ahead else "",
        because=f"{opening(held.because.rstrip('.'))}." if held.because else "",
        within=_within(held, protocol),
        working=record.working(counted),
        uncounted=record.uncounted(counted, weekends=not reader.acts),
        caps=record.caps(case.limits, held, protocol, calendar),
        closed_before=record.closed_between(calendar, calendar.local(now).date(), local.date()) if ahead else "",
        otherwise=turn.otherwise(dispute, protocol, held.at_limit, ahead, reader),
    )
