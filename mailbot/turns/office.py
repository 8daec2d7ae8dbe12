"""The office's email, carried out line by line in the one transaction it is read in, and answered by a transcript.

Each line acts alone; its events have the email's digest and the line's number for a cause, so that UNDO finds them
again in the ledger and nothing need be kept beside it.
"""

from datetime import datetime

from mailbot.considering.considered import Considered, Step
from mailbot.considering.gatekeeping import Disposition
from mailbot.considering.office import Answering, OfficeEmail, about_dispute, at_once, office_email, quoted, urgent
from mailbot.core.decisions.office import CLOSURES_PER, OfficeAct, OfficeLine, Outcome, not_done
from mailbot.core.happened.events import DisputeClosed
from mailbot.core.telling.letters import Notice
from mailbot.core.telling.transcript import UNDO_WITHIN, LineDone, LinesCarriedOut
from mailbot.mail.arriving.message import Message, Unreadable
from mailbot.mail.reading import Reading
from mailbot.shell.store import Store
from mailbot.shell.store_notes import decided_since
from mailbot.shell.store_values import HeldState, NotHeld, StoredMessage
from mailbot.shell.store_work import Work
from mailbot.turns.desk import OFFICE, StoreDesk
from mailbot.turns.putting_back import PuttingBack, cause_of
from mailbot.turns.scribe import Scribe
from mailbot.turns.site import Site

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
        carrying = _Carrying(self, work, email, stored, message, desk, now, answering)
        lines = [carrying.line(number, line) for number, line in enumerate(email.lines, 1)]
        self._tell(work, email, lines, stored, message, now)
        plain = (urgent(email.by, stored.received),) if email.alarming else ()
        done = sum(line.done for line in lines)
        reason = f"the office's own lines: {done} of {len(lines)} done"
        return Considered(Disposition.ANSWERED, reason, email.by, plain=plain, message=message)

    def _tell(
        self, work: Work, email: OfficeEmail, lines: list[LineDone], stored: StoredMessage, message: Message,
        now: datetime,
    ) -> None:  # fmt: skip
        lasting = any(told.done and line.act in _LASTING for told, line in zip(lines, email.lines, strict=True))
        unclear = any(line.act in (OfficeAct.HELP, OfficeAct.UNKNOWN) for line in email.lines)
        told = LinesCarriedOut(
            at=now, by=email.by, lines=tuple(lines), undo_by=now + UNDO_WITHIN if lasting else None,
            lists_words=unclear,
        )  # fmt: skip
        notice = Notice("transcript", email.by, told)
        self._scribe.write_plain(
            work, [notice], stored.digest, now, message, held=False, bound=f"{OFFICE}{stored.digest}"
        )


class _Carrying:
    """One email being carried out, inside the transaction."""

    def __init__(
        self, room: OfficeRoom, work: Work, email: OfficeEmail, stored: StoredMessage, message: Message,
        desk: StoreDesk, now: datetime, answering: Answering,
    ) -> None:  # fmt: skip
        self._site, self._store, self._scribe = room._site, room._store, room._scribe
        self._work, self._email, self._stored, self._message = work, email, stored, message
        self._desk, self._now, self._answering = desk, now, answering
        self._closed = 0

    def line(self, number: int, line: OfficeLine) -> LineDone:
        outcome = self._outcome(number, line)
        for reference, events in outcome.events:
            dispute = self._desk.dispute(reference)
            assert dispute is not None, "an outcome is of disputes that there are"
            self._closed += sum(isinstance(event, DisputeClosed) for event in events)
            step = Step(reference, dispute, events, self._desk.version(dispute))
            self._scribe.write(self._work, step, cause_of(self._stored.digest, number), self._now)
        return LineDone(quoted(line, self._desk), outcome.done, outcome.said)

    def _outcome(self, number: int, line: OfficeLine) -> Outcome:
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
        lately = decided_since(self._store, self._site.id, self._now - CLOSURES_PER)
        kinds = [entry.event for entry in lately if entry.kind == DisputeClosed.__name__]
        by = self._email.by.address
        return self._closed + sum(isinstance(event, DisputeClosed) and event.by == by for event in kinds)

    def _about_held(self, number: int, line: OfficeLine) -> Outcome:
        """As ``mailbot held`` does it. Who let it in vouches that it is from whom it says, and for nothing else."""
        if line.reference and self._desk.dispute(line.reference) is None:
            return not_done(f"there is no dispute {line.reference} in this mailbox")
        becomes = HeldState.DISMISSED if line.act is OfficeAct.DISMISS else HeldState.RELEASED
        why = f"line {number} of {self._stored.digest[:16]}: {line.words}".rstrip(": ")
        try:
            self._work.settle_held(
                self._site.id, line.number, becomes, self._email.by.address, why, self._now, line.reference
            )
        except NotHeld as nothing:
            return not_done(str(nothing))
        if line.act is OfficeAct.DISMISS:
            return Outcome(True, f"Message {line.number} is kept and will not be read.")
        if line.act is OfficeAct.RELEASE:
            return Outcome(True, f"Message {line.number} is let in and is read now, by what its writer may do.")
        return Outcome(
            True,
            f"Message {line.number} is filed in {line.reference} and is read there now, by what its writer may do.",
        )
