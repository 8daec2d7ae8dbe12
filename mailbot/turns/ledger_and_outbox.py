"""What was decided, written down: ledger, letters sealed in their final bytes, filings, and when to look again."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.due import next_due
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice, form_kept, settle
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import ActionsReminded, ActionsUnreported, OutcomeAsked
from mailbot.core.record.events_of_mail import MessageFiled
from mailbot.core.record.intents import Person
from mailbot.core.record.ledger import Cause
from mailbot.door.message_as_read import DisputeStep
from mailbot.mail.documents.enclosures import enclosures
from mailbot.mail.incoming.button_tokens import button_token
from mailbot.mail.incoming.message import Message
from mailbot.mail.letters.compose import (
    KEPT_REFERENCES,
    Addressed,
    Attachment,
    Conversation,
    compose,
    conversation,
    message_id,
)
from mailbot.mail.letters.letter import plain_view, view
from mailbot.mail.letters.render import Letters, Rendered
from mailbot.mail.veil.known_names import NO_VEIL, Veil, veil_of, veil_over_all
from mailbot.shell.forgetting.redacting import REDACT_LATER, redact_waiting
from mailbot.shell.servers.mailbox_interface import DISPUTES
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Filing, FilingKind, Letter
from mailbot.turns.desk import ALONE
from mailbot.turns.letter_allowances import PUT_OFF, TOLD, UNTOLD, Allowance, When
from mailbot.turns.running_partnership import Site

# Writes down what was decided: ledger, letters in their final bytes, filings, and when to look again.
#
# All of it goes into the one transaction it is handed, so a letter exists if and only if what it tells of has
# happened.

_REFERENCE = re.compile(r"\b[A-Z]{1,8}-\d{2}-\d{4,6}\b")
MOST_NAMED = 40  # disputes of one letter whose people are looked up for its veil
# What has not been sent of these says nothing true once their stage has ended.
STALE_AT_CLOSE = (
    "opened",
    "stage_entered",
    "stage_told",
    "summary",
    "limit_passed",
    "objected",
    "protective_date",
    "date_recorded",
    "refer_question",
    "question",
    "handed_over",
    "referred",
)
STALE_AT_END = (
    "stage_entered",
    "stage_told",
    "reminder",
    "refer_question",
    "proposed",
    "date_proposed",
    "still_needed",
)
# Nor these once that has happened: a post that was down for weeks brings nobody one letter for each week.
STALE_AFTER: Mapping[type[e.Event], tuple[str, ...]] = {
    e.DisputeReopened: ("action_due", "action_unreported", "did_it_happen", "feedback_asked"),
    ActionsReminded: ("action_due",),
    ActionsUnreported: ("action_due", "action_unreported"),
    OutcomeAsked: ("did_it_happen",),
}


def _form_filed(event: e.Event, case: Case) -> str:
    """The turn writes to the outbox: the form that goes into the dispute's folder with a summary: the one that the
    stage which ended keeps."""
    if isinstance(event, e.StageEnded) and event.how != "closed":
        record = case.protocol.stages[event.stage].record
        return record if record in case.protocol.forms else ""
    return form_kept(case)


def _never_knew(notice: Notice, untold: frozenset[str]) -> bool:
    """Would a letter to the outbox tell somebody, who has nothing to do, that something is undone of which they were
    never told?"""
    event = notice.event
    asked_for_it = isinstance(event, e.MisreadUndone) and event.by.address == notice.to.address
    return notice.letter == "undone" and not notice.acts and not asked_for_it and notice.to.address in untold


class Scribe:
    def __init__(self, site: Site, store: Store, letters: Letters) -> None:
        self._site, self._store, self._letters = site, store, letters
        store.learn_key(site.id, site.secret)  # whoever writes with the key seals with it: a command as well as a turn
        self._allowance = Allowance(site, store)

    @property
    def letters(self) -> Letters:
        return self._letters

    def write(
        self, work: Work, step: DisputeStep, cause: Cause, now: datetime, answering: Message | None = None
    ) -> tuple[Notice, ...]:
        """One dispute's events, and everything that follows from them in the ledger and the outbox: the notices that
        became letters."""
        entries = work.append(self._site.id, step.reference, step.events, cause, now)
        after = work.dispute(self._site.id, step.reference)
        if after is None:
            return ()
        if any(isinstance(event, e.StageEnded) for event in step.events):
            work.cancel_letters(self._site.id, step.reference, STALE_AT_END, "the stage ended before it was sent")
        if any(isinstance(event, e.DisputeClosed) for event in step.events):
            why = "it was closed before this was sent"
            work.cancel_letters(self._site.id, step.reference, STALE_AT_CLOSE, why)
        stale = {letter for event in step.events for letter in STALE_AFTER.get(type(event), ())}
        if stale:
            work.cancel_letters(self._site.id, step.reference, stale, "a later letter says how it stands")
        untold = self._withdrawn(work, step, after)
        sequence = {id(event): entry.sequence for event, entry in zip(step.events, entries, strict=True)}
        case = Case(after, step.partnership, now)
        told = (n for event in step.events for n in announce(event, case) if not _never_knew(n, untold))
        allowed = (found for n in told if (found := self._allowed(work, n, step.partnership, now)) is not None)
        going = settle(allowed)
        for notice in going:
            self._letter(work, notice, case, sequence[id(notice.event)], answering, going)
        for event in step.events:
            self._summary(work, event, case, sequence[id(event)])
        if any(isinstance(event, e.WordsRedacted) for event in step.events):
            redact_waiting(work, self._site.id, step.reference)
            work.note(self._site.id, f"{REDACT_LATER}{step.reference}", now)
        self._look_again(work, case)
        if answering is not None and answering.message_id:
            work.know_later(self._site.id, answering.message_id, step.reference, ours=False)
        return going

    def _withdrawn(self, work: Work, step: DisputeStep, after: Dispute) -> frozenset[str]:
        """Withdraws from the outbox what waits because of what is taken back, and whatever waits for those who are in
        it no longer since; gives the addresses that had no letter about it, and so need not hear that it is undone."""
        places = {place for event in step.events if isinstance(event, e.MisreadUndone) for place in event.places}
        if not places or step.before is None:
            return frozenset()
        there, here = ({p.person.address for p in dispute.parties} for dispute in (step.before, after))
        why = "what it tells of was taken back before it was sent"
        entries = [place + 1 for place in places]
        return work.withdraw_letters(self._site.id, step.reference, entries, there - here - {""}, why)

    def _allowed(self, work: Work, notice: Notice, partnership: Partnership, now: datetime) -> Notice | None:
        """The notice whose letter the outbox may have, put off where so many have gone; None for nobody who is not
        entitled (G5). There are no more than so many mere answers an hour to one address, nor than so many a day,
        because whatever goes on asking that fast is a machine without the marks of one (RFC 3834, section 2): what is
        beyond that goes later, and is not dropped, for it may be a person's."""
        if not partnership.may_write_to(notice.to.address):
            return None
        when = self._allowance.of(work, notice, now)
        if when is When.WITHHELD:
            work.note(self._site.id, UNTOLD, now)
            return None
        return replace(notice, hours_late=PUT_OFF.get(when, 0))

    def _look_again(self, work: Work, case: Case) -> None:
        main = case.stage_limit if case.dispute.is_open else None
        again = next_due(case)
        work.set_due(self._site.id, case.dispute.reference, again, main.holds if main else None)

    def _letter(
        self,
        work: Work,
        notice: Notice,
        case: Case,
        sequence: int,
        answering: Message | None,
        along: Sequence[Notice],
    ) -> None:
        dispute, now = case.dispute, case.now
        rendered = self._rendered(notice, case, along)
        earlier = [
            (r.created, r.message_id)
            for r in work.letters_before(self._site.id, dispute.reference)
            if r.recipient == notice.to.address
        ]
        thread = self._thread(dispute, earlier, notice.to, answering)
        answers = answering is not None and thread[-1:] == (answering.message_id,)
        key = f"{dispute.reference}:{sequence}"
        enclosed = enclosures(notice, case, self._site.own_forms)
        letter = Sealed(
            notice.letter,
            notice.to,
            rendered,
            key,
            sequence,
            dispute.reference,
            thread,
            answers,
            enclosed=enclosed,
            conversation=conversation(dispute),
            not_before=now + timedelta(hours=notice.hours_late) if notice.hours_late else None,
            veil=veil_of(dispute),
        )
        put(work, self._site, letter, now)

    def _rendered(self, notice: Notice, case: Case, along: Sequence[Notice] = ()) -> Rendered:
        made = button_token(self._site.secret, case.dispute, notice.to.address)
        return self._letters.render(notice.letter, view(notice, case, made, along))

    def _thread(
        self, dispute: Dispute, earlier: Sequence[tuple[datetime, str]], to: Person, answering: Message | None
    ) -> tuple[str, ...]:
        """The outbox keeps one thread a person: the opening email, our letters to them, what they wrote since (a
        button's mail answers nothing itself, and gets no answer), and what they have just written, last.

        The first id is the same for as long as the dispute lasts: where the opening email had none, our first letter's.
        """
        root = dispute.thread or next((message_id for _, message_id in earlier), "")
        ids = [root, *(message_id for _, message_id in earlier[-8:])]
        since = earlier[-1][0] if earlier else dispute.opened
        filed = (p for p in dispute.history if isinstance(p, MessageFiled) and p.by.address == to.address)
        just = answering.message_id if answering is not None else ""
        ids += [p.message for p in filed if p.at > since and p.message != just][-3:]
        if answering is not None and answering.sender.address == to.address:
            ids.append(answering.message_id)
        return tuple(dict.fromkeys(i for i in ids if i))

    def _summary(self, work: Work, event: e.Event, case: Case, sequence: int) -> None:
        """For the ledger, a stage ended, or the dispute: its summary into the dispute's folder, exactly once. It names
        the mail filed there, which makes one thread of the folder: what a button began answers nothing itself."""
        moved_up = isinstance(event, e.StageEnded) and event.how != "closed"
        if not moved_up and not isinstance(event, e.DisputeClosed):
            return
        dispute, now = case.dispute, case.now
        ours = Person(self._site.address, self._site.name)
        letter = "summary" if moved_up else "closed"
        notice = Notice(letter, ours, event, form=_form_filed(event, case))
        rendered = self._rendered(notice, case)
        filed = [past.message for past in dispute.history if isinstance(past, MessageFiled)]
        thread = tuple(dict.fromkeys(i for i in (dispute.thread, *filed[-KEPT_REFERENCES:]) if i))
        sealed = Sealed(
            "filed summary",
            ours,
            rendered,
            dispute.reference,
            sequence,
            thread=thread,
            conversation=conversation(dispute),
            enclosed=enclosures(notice, case, self._site.own_forms),
            veil=veil_of(dispute),
        )
        own_id, raw = bytes_of(self._site, sealed, now)
        folder = (DISPUTES, dispute.reference)
        work.put_filing(Filing(self._site.id, FilingKind.APPEND, folder, now, raw=raw, message_id=own_id))
        work.know_later(self._site.id, own_id, dispute.reference, ours=True, recipient=ours.address)

    def write_plain(
        self,
        work: Work,
        notices: Iterable[Notice],
        about: str,
        now: datetime,
        answering: Message | None = None,
        bound: str = "",
    ) -> None:
        """Letters put into the outbox that belong to no dispute. ``about`` is what they are written about, once: a
        message's digest, or the event's own key. ``bound`` is what an answer to one belongs to, "" for nothing."""
        partnership = self._site.current
        settled = settle(n for n in notices if partnership.may_write_to(n.to.address))
        going = tuple(found for n in settled if (found := self._allowed(work, n, partnership, now)) is not None)
        for notice in going:
            seen = plain_view(notice, partnership.protocol, calendar=partnership.calendar, along=going)
            rendered = self._letters.render(notice.letter, seen)
            thread: tuple[str, ...] = ()
            if answering is not None and answering.message_id and answering.sender.address == notice.to.address:
                thread = (answering.message_id,)
            mark = self._allowance.marked(notice, notice.cause)
            letter = Sealed(
                notice.letter,
                notice.to,
                rendered,
                f"{mark}|{about[:32]}" if mark else about[:32],
                thread=thread,
                answering=bool(thread),
                bound=bound,
                not_before=now + timedelta(hours=notice.hours_late) if notice.hours_late else None,
                veil=self._veil_of_all_named(work, rendered),
            )
            put(work, self._site, letter, now)

    def _veil_of_all_named(self, work: Work, rendered: Rendered) -> Veil:
        """For a letter of no dispute that goes to the outbox: the veil of every dispute whose reference it gives."""
        named = dict.fromkeys(_REFERENCE.findall(f"{rendered.subject}\n{rendered.text}"))
        there = (work.dispute(self._site.id, reference) for reference in list(named)[:MOST_NAMED])
        return veil_over_all(veil_of(dispute) for dispute in there if dispute is not None)

    def tell_the_rest(self, now: datetime) -> None:
        """One letter into the outbox, to the office, for the many that were not written, once in an hour."""
        notices = list(self._allowance.rest(now))
        if not notices:
            return
        with self._store.transaction() as work:
            for notice in notices:
                rendered = self._letters.render(notice.letter, plain_view(notice, self._site.current.protocol))
                key = f"many {now.isoformat()}"
                put(work, self._site, Sealed(notice.letter, notice.to, rendered, key), now)
        self._store.note(self._site.id, TOLD, now)

    def file_message(self, work: Work, message_digest: str, folder: tuple[str, ...], now: datetime) -> None:
        work.put_filing(Filing(self._site.id, FilingKind.MOVE, folder, now, digest=message_digest))

    def file_copy(self, work: Work, raw: bytes, message_id_: str, folder: tuple[str, ...], now: datetime) -> None:
        """The ledger's copy to file, where one email opened two disputes: it can be moved to one folder only, so the
        other gets a copy."""
        work.put_filing(Filing(self._site.id, FilingKind.APPEND, folder, now, raw=raw, message_id=message_id_))


# A rendered letter, in its final bytes, into the outbox: the one place where a letter gets its identity.
#
# Message-ID and Date are fixed here, once; whatever is sent again is the same bytes, so that a mail server that has
# had them already may drop the second copy.


@dataclass(frozen=True, slots=True)
class Sealed:
    """``name`` of the letter; ``key`` what it is about, once; ``sequence`` of its event, 0 when there is none.

    ``thread`` are the Message-IDs it follows, oldest first; ``answering`` True when the last is what its reader wrote.
    ``reference`` is "" outside any dispute; ``bound`` what an answer to it belongs to, when not to that dispute.
    ``enclosed`` are the documents that go with it. ``conversation`` is its dispute's, None outside any. ``veil`` is
    laid over it in the last step.
    """

    name: str
    to: Person
    rendered: Rendered
    key: str
    sequence: int = 0
    reference: str = ""
    thread: tuple[str, ...] = ()
    answering: bool = False
    bound: str = ""
    enclosed: tuple[Attachment, ...] = ()
    conversation: Conversation | None = None
    not_before: datetime | None = None
    veil: Veil = NO_VEIL
    shown: Rendered = field(init=False)

    def __post_init__(self) -> None:
        """The letter as it leaves for the outbox, the overview or a folder: nobody named in it who must not be. The
        veil is laid over it once."""
        veil, made = self.veil, self.rendered
        shown = replace(made, subject=veil.words(made.subject), text=veil.words(made.text), html=veil.page(made.html))
        object.__setattr__(self, "shown", shown)


def bytes_of(site: Site, letter: Sealed, now: datetime) -> tuple[str, bytes]:
    """A letter for the outbox, its Message-ID and its final bytes. What it says, and when, are in the id: whatever a
    database forgets, no two letters have one id (I23)."""
    domain = site.address.rpartition("@")[2]
    what = f"{letter.name} {_said(letter, now)}"
    own_id = message_id(domain, letter.key, letter.sequence, what, letter.to.address, site.secret)
    last = letter.thread[-1] if letter.thread else ""
    at = Addressed((site.name, site.address), letter.to, own_id, now, letter.thread, last, answering=letter.answering)
    raw = compose(letter.shown, at, letter.enclosed, letter.conversation)
    return own_id, raw


def _said(letter: Sealed, now: datetime) -> str:
    shown, written = letter.shown, hashlib.sha256()
    parts = (shown.subject, shown.text, shown.html, now.isoformat(), letter.conversation, *letter.thread)
    for part in (*parts, *letter.enclosed):
        written.update(repr(part).encode() + b"\0")
    return written.hexdigest()


def put(work: Work, site: Site, letter: Sealed, now: datetime) -> None:
    """A letter into the outbox, once for each key, letter and reader; and its Message-ID among those we know as
    ours."""
    own_id, raw = bytes_of(site, letter, now)
    key = f"{letter.key}:{letter.name}:{letter.to.address}"
    row = Letter(
        site.id,
        letter.reference,
        key,
        letter.name,
        letter.to.address,
        letter.shown.subject,
        own_id,
        raw,
        now,
        letter.not_before,
    )
    bound = letter.bound or letter.reference or f"{ALONE}{letter.name}"
    if (work.put_letter_later if letter.sequence else work.put_letter)(row):
        work.know_later(site.id, own_id, bound, ours=True, recipient=letter.to.address)
