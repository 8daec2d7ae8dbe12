"""The office's email: carried out line by line in one transaction, answered by a transcript; and UNDO of what it
did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.core.decisions.office_acts import (
    CLOSURES_PER,
    UNDO_WITHIN,
    LineDone,
    LinesCarriedOut,
    OfficeAct,
    OfficeLine,
    OfficeOutcome,
    not_done,
    put_back_by_office,
)
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Request
from mailbot.core.record.events import DisputeClosed
from mailbot.core.record.intents import Act, Intent, Person
from mailbot.core.record.ledger import Cause, Entry
from mailbot.door.gatekeeping import Disposition
from mailbot.door.message_as_read import Considered, DisputeStep
from mailbot.door.office_email import (
    Answering,
    OfficeEmail,
    about_dispute,
    at_once,
    office_email,
    quoted,
    told_of_pressure,
    urgent_line,
)
from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, Unreadable, parse
from mailbot.mail.letters.wording import listed
from mailbot.mail.reading import Reading
from mailbot.mail.understanding.office_lines import office_lines
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.queries import caused_by, decided_since, settled, wait_again, written_at
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Held, HeldState, LetterState, NotHeld, Settled, StoredMessage
from mailbot.turns.desk import OFFICE, StoreDesk
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.running_partnership import Site

# The office's email, carried out line by line in the one transaction it is read in, and answered by a transcript.
#
# Each line acts alone; its events have the email's digest and the line's number for a cause, so that UNDO finds them
# again in the ledger and nothing need be kept beside it.

_HELD_ACTS = (OfficeAct.FILE, OfficeAct.RELEASE, OfficeAct.DISMISS)
# What leaves something behind that UNDO can put back.
_LASTING = frozenset(OfficeAct) - {OfficeAct.STATUS, OfficeAct.HELP, OfficeAct.UNDO, OfficeAct.UNKNOWN}


class OfficeRoom:
    def __init__(self, site: Site, store: Store, scribe: Scribe) -> None:
        self._site, self._store, self._scribe = site, store, scribe

    def answer(
        self, work: Work, stored: StoredMessage, reading: Reading | Unreadable, desk: StoreDesk, now: datetime
    ) -> Considered | None:
        """The office's email, carried out; None when this is none, and it is read as ever."""
        if isinstance(reading, Unreadable):
            return None
        here, door, message = self._site.current, self._site.door, reading.message
        answering = desk.answering(message.references, message.sender.address)
        email = office_email(reading, here, desk, door, stored.released, answering)
        if email is None:
            return None
        own_id = message.message_id
        if own_id and not work.know_id(self._site.id, own_id, f"{OFFICE}{stored.digest}", ours=False):
            return Considered(Disposition.ANSWERED, "the same email came again: it acts once", email.by)
        carrying = _Carrying(self, work, _Came(email, stored, message, answering), desk, now)
        lines = [carrying.line(number, line) for number, line in enumerate(email.lines, 1)]
        self._tell(work, email, lines, stored, message, now)
        plain = [urgent_line(email.by, stored.received)] if email.alarming else []
        plain += told_of_pressure(email.by, stored.received, self._site.current) if email.pressed else ()
        done = sum(line.done for line in lines)
        reason = f"the office's own lines: {done} of {len(lines)} done"
        return Considered(Disposition.ANSWERED, reason, email.by, plain=tuple(plain), message=message)

    def _tell(
        self,
        work: Work,
        email: OfficeEmail,
        lines: list[LineDone],
        stored: StoredMessage,
        message: Message,
        now: datetime,
    ) -> None:
        lasting = any(told.done and line.act in _LASTING for told, line in zip(lines, email.lines, strict=True))
        unclear = any(line.act in (OfficeAct.HELP, OfficeAct.UNKNOWN) for line in email.lines)
        told = LinesCarriedOut(
            at=now,
            by=email.by,
            lines=tuple(lines),
            undo_by=now + UNDO_WITHIN if lasting else None,
            lists_words=unclear,
        )
        notice = Notice("transcript", email.by, told)
        self._scribe.write_plain(work, [notice], stored.digest, now, message, f"{OFFICE}{stored.digest}")


@dataclass(frozen=True, slots=True)
class _Came:
    """The office's email as it came: its lines, its bytes and headers, and which letter of ours it answers."""

    email: OfficeEmail
    stored: StoredMessage
    message: Message
    answering: Answering


class _Carrying:
    """One email being carried out, inside the transaction."""

    def __init__(self, room: OfficeRoom, work: Work, came: _Came, desk: StoreDesk, now: datetime) -> None:
        self._site, self._store, self._scribe = room._site, room._store, room._scribe
        self._email, self._stored = came.email, came.stored
        self._message, self._answering = came.message, came.answering
        self._work, self._desk, self._now = work, desk, now

    def line(self, number: int, line: OfficeLine) -> LineDone:
        outcome = self._outcome(number, line)
        told: set[str] = set()
        for reference, events in outcome.events:
            dispute = self._desk.dispute(reference)
            assert dispute is not None, "an outcome is of disputes that there are"
            step = DisputeStep(reference, dispute, events, self._desk.version(dispute))
            cause = cause_of(self._stored.digest, number)
            told |= {one.to.address for one in self._scribe.write(self._work, step, cause, self._now)}
        others = len(told - {self._email.by.address}) if outcome.done and outcome.events else None
        directory = self._site.current.directory
        at_work = (*(one.name for one in directory.agencies), *(one.person.name for one in directory.officers))
        return LineDone(quoted(line, self._desk, at_work), outcome.done, outcome.said, others)

    def _outcome(self, number: int, line: OfficeLine) -> OfficeOutcome:
        answered = at_once(line)
        if answered is not None:
            return answered
        if line.act is OfficeAct.UNDO:
            back = PuttingBack(self._site, self._store, self._scribe, self._work, self._desk, self._email.by)
            cause = cause_of(self._stored.digest, number)
            return back.undo(self._answering, self._message, line.numbers, self._stored.received, cause, self._now)
        if line.act in _HELD_ACTS:
            return self._about_held(number, line)
        closures = self._closures() if line.act is OfficeAct.CLOSE else 0
        return about_dispute(line, self._email.by, self._message, self._stored.received, self._desk, closures)

    def _closures(self) -> int:
        """Theirs within the hour, those of this very email too."""
        lately = decided_since(self._store, self._site.id, self._now - CLOSURES_PER)
        kinds = [entry.event for entry in lately if entry.kind == DisputeClosed.__name__]
        by = self._email.by.address
        return sum(isinstance(event, DisputeClosed) and event.by == by for event in kinds)

    def _lets_in(self, number: int) -> str:
        """By whom a line of the office's email lets in held mail. What came in the office's own name is not answered
        for by that: the line says that somebody looked, and only an answer to its letter that they wrote it."""
        by = self._email.by.address
        waiting = (self._desk.kept(held.digest) for held in self._store.held(self._site.id) if held.number == number)
        return f"{by} (RELEASE)" if any(one is not None and one.sender.address == by for one in waiting) else by

    def _about_held(self, number: int, line: OfficeLine) -> OfficeOutcome:
        """A line of the office's email about held mail, done as ``mailbot held`` does it. Who let it in vouches that it
        is from whom it says, and for nothing else."""
        if line.reference and self._desk.dispute(line.reference) is None:
            return not_done(f"there is no dispute {line.reference} in this mailbox")
        becomes = HeldState.DISMISSED if line.act is OfficeAct.DISMISS else HeldState.RELEASED
        why = f"line {number} of {self._stored.digest[:16]}: {line.words}".rstrip(": ")
        try:
            settled = Settled(becomes, self._lets_in(line.number), why, line.reference)
            self._work.settle_held(self._site.id, line.number, settled, self._now)
        except NotHeld as nothing:
            return not_done(str(nothing))
        if line.act is OfficeAct.DISMISS:
            return OfficeOutcome(True, f"Message {line.number} is kept and will not be read.")
        if line.act is OfficeAct.RELEASE:
            return OfficeOutcome(
                True, f"Message {line.number} is let in and is read now, by what its writer may do{_ASKED}"
            )
        return OfficeOutcome(
            True,
            f"Message {line.number} is filed in {line.reference} and is read there now, by what its writer may do"
            f"{_ASKED}",
        )


# UNDO, in reply to a transcript and within two hours: what its lines did is put back, as far as it can be.
#
# Events of a dispute count no more (``MisreadUndone``) and whoever had letters about them is told; a waiting message
# waits again. What cannot be put back is said, with the reason.

_ASKED = ". Where nothing shows who wrote it, they are asked first."
_ANSWER_IT = "reply UNDO to the letter that lists what was done: then it is plain which lines are meant"
_TOO_LATE = (
    "more than two hours have passed, and people may have acted on it. Write the line that does the opposite "
    "(REOPEN, CLOSE, GO ON, REMOVE, ADD, KEEP APART, or a waiting message's number again)"
)


def cause_of(digest: str, number: int) -> Cause:
    """Why the events of one line of the office's email were decided: the email, and the line of it."""
    return Cause("message", f"{digest} line {number}")


class PuttingBack:
    def __init__(self, site: Site, store: Store, scribe: Scribe, work: Work, desk: StoreDesk, by: Person) -> None:
        self._site, self._store, self._scribe = site, store, scribe
        self._work, self._desk, self._by = work, desk, by

    def undo(
        self,
        answering: Answering,
        message: Message,
        numbers: tuple[int, ...],
        received: datetime,
        cause: Cause,
        now: datetime,
    ) -> OfficeOutcome:
        """Undoes the office's email: all lines of the one that the answered transcript is of, or those of
        ``numbers``."""
        written = [at for i in message.references if (at := written_at(self._store, self._site.id, i)) is not None]
        if not answering.transcript or not written:
            return not_done(_ANSWER_IT)
        if received > max(written) + UNDO_WITHIN:
            return not_done(_TOO_LATE)
        lines = self._lines(answering.transcript)
        wanted = numbers or tuple(range(1, len(lines) + 1))
        if any(not 1 <= number <= len(lines) for number in wanted):
            return not_done(f"that email had {len(lines)} line{'s' if len(lines) > 1 else ''}")
        told = [(n, self._line(answering.transcript, n, lines[n - 1], received, cause, now)) for n in reversed(wanted)]
        said = [(n, outcome) for n, outcome in reversed(told) if outcome is not None]
        if not said:
            return not_done("none of its lines had changed anything that could be put back")
        words = " ".join(f"Line {n}: {outcome.said}" for n, outcome in said)
        return OfficeOutcome(any(outcome.done for _, outcome in said), words)

    def _lines(self, digest: str) -> tuple[OfficeLine, ...]:
        """The lines of the office's email, read anew from its bytes as they were read then."""
        message = parse(self._store.raw(self._site.id, digest) or b"")
        if isinstance(message, Unreadable):
            return ()
        return office_lines(own_words(message).own, self._desk.prefixes)

    def _line(
        self, digest: str, number: int, line: OfficeLine, received: datetime, cause: Cause, now: datetime
    ) -> OfficeOutcome | None:
        """None for a line that had done nothing."""
        if line.act is OfficeAct.UNDO:
            return not_done("an UNDO is not undone; send the lines again that are meant to hold")
        if line.act in (OfficeAct.FILE, OfficeAct.RELEASE, OfficeAct.DISMISS):
            held = settled(self._store, self._site.id, line.number)
            ours = held is not None and held.why.startswith(f"line {number} of {digest[:16]}")
            return self._held(held, received, cause, now) if held is not None and ours else None
        entries = caused_by(self._store, self._site.id, cause_of(digest, number).what)
        if line.act is OfficeAct.STATUS and entries:
            return not_done("a letter that has gone cannot be called back, and nothing else was done")
        return self._events(entries, received, cause, now) if entries else None

    def _held(self, held: Held, received: datetime, cause: Cause, now: datetime) -> OfficeOutcome:
        kept = self._store.message(self._site.id, held.digest)
        if kept is None:
            return not_done(f"message {held.number} is not kept any more")
        if kept.disposition == "held":
            return not_done(f"message {held.number} was read and waits for you again, under another number")
        entries = caused_by(self._store, self._site.id, held.digest, held.settled)
        outcome = self._events(entries, received, cause, now) if entries else OfficeOutcome(True, "")
        if not outcome.done:
            return outcome
        wait_again(self._work, held, kept.message_id)
        where = f" Its copy in the folder Disputes / {kept.reference} stays there until it is moved." if entries else ""
        return OfficeOutcome(True, f"Message {held.number} waits for you again. {outcome.said}{where}".rstrip())

    def _events(self, entries: Sequence[Entry], received: datetime, cause: Cause, now: datetime) -> OfficeOutcome:
        """Undoing the office's email in every dispute its events are in, or none: half a line is not put back."""
        steps: list[DisputeStep] = []
        for reference in dict.fromkeys(entry.reference for entry in entries):
            dispute = self._desk.dispute(reference)
            assert dispute is not None, "an entry is of a dispute that there is"
            places = frozenset(entry.sequence - 1 for entry in entries if entry.reference == reference)
            request = Request(Intent(Act.UNDO), self._by, received)
            outcome = put_back_by_office(dispute, places, self._by, request)
            if not outcome.done:
                return outcome
            steps += [DisputeStep(ref, dispute, made, self._desk.version(dispute)) for ref, made in outcome.events]
        for step in steps:
            self._scribe.write(self._work, step, cause, now)
        gone = self._letters_gone(entries)
        return OfficeOutcome(True, f"Put back.{f' Letters about it had gone to {listed(gone)}.' if gone else ''}")

    def _letters_gone(self, entries: Sequence[Entry]) -> list[str]:
        """Who has had a letter because of the office's email: they cannot be called back."""
        keys = {f"{entry.reference}:{entry.sequence}" for entry in entries}
        names: dict[str, str] = {}
        for reference in dict.fromkeys(entry.reference for entry in entries):
            dispute = self._desk.dispute(reference)
            for letter in self._store.letters(self._site.id, reference):
                if letter.key.removesuffix(f":{letter.letter}:{letter.recipient}") not in keys:
                    continue
                if letter.state is not LetterState.CANCELLED and letter.recipient != self._by.address:
                    party = dispute.party(letter.recipient) if dispute else None
                    names[letter.recipient] = party.person.shown if party else letter.recipient
        return list(names.values())
