"""UNDO, in reply to a transcript and within two hours: what its lines did is put back, as far as it can be.

Events of a dispute count no more (``MisreadUndone``) and whoever had letters about them is told; a waiting message
waits again. What cannot be put back is said, with the reason.
"""

from collections.abc import Sequence
from datetime import datetime

from mailbot.considering.considered import Step
from mailbot.considering.office import Answering
from mailbot.core.decisions.office import OfficeAct, OfficeLine, Outcome, not_done, put_back
from mailbot.core.happened.intents import Act, Intent, Person
from mailbot.core.happened.ledger import Cause, Entry
from mailbot.core.procedure.partnership import Request
from mailbot.core.telling.transcript import UNDO_WITHIN
from mailbot.mail.arriving.message import Message, Unreadable, parse
from mailbot.mail.arriving.reply import own_words
from mailbot.mail.understanding.office_words import office_lines
from mailbot.mail.writing.wording import listed
from mailbot.shell.store import Store
from mailbot.shell.store_office import caused_by, settled, wait_again, written_at
from mailbot.shell.store_values import Held, LetterState
from mailbot.shell.store_work import Work
from mailbot.turns.desk import StoreDesk
from mailbot.turns.scribe import Scribe
from mailbot.turns.site import Site

_ANSWER_IT = "reply UNDO to the letter that lists what was done: then it is plain which lines are meant"
_TOO_LATE = (
    "more than two hours have passed, and people may have acted on it. Write the line that does the opposite "
    "(REOPEN, CLOSE, GO ON, REMOVE, ADD, KEEP APART, or a waiting message's number again)"
)


def cause_of(digest: str, number: int) -> Cause:
    """Why the events of one line were decided: the email, and the line of it."""
    return Cause("message", f"{digest} line {number}")


class PuttingBack:
    def __init__(self, site: Site, store: Store, scribe: Scribe, work: Work, desk: StoreDesk, by: Person) -> None:
        self._site, self._store, self._scribe = site, store, scribe
        self._work, self._desk, self._by = work, desk, by

    def undo(
        self, answering: Answering, message: Message, numbers: tuple[int, ...], received: datetime, cause: Cause,
        now: datetime,
    ) -> Outcome:  # fmt: skip
        """All lines of the email that the answered transcript is of, or those of ``numbers``."""
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
        return Outcome(any(outcome.done for _, outcome in said), words)

    def _lines(self, digest: str) -> tuple[OfficeLine, ...]:
        """The email's lines, read anew from its bytes as they were read then."""
        message = parse(self._store.raw(self._site.id, digest) or b"")
        if isinstance(message, Unreadable):
            return ()
        return office_lines(own_words(message).own, self._desk.prefixes)

    def _line(
        self, digest: str, number: int, line: OfficeLine, received: datetime, cause: Cause, now: datetime
    ) -> Outcome | None:
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

    def _held(self, held: Held, received: datetime, cause: Cause, now: datetime) -> Outcome:
        kept = self._store.message(self._site.id, held.digest)
        if kept is None:
            return not_done(f"message {held.number} is not kept any more")
        if kept.disposition == "held":
            return not_done(f"message {held.number} was read and waits for you again, under another number")
        entries = caused_by(self._store, self._site.id, held.digest, held.settled)
        outcome = self._events(entries, received, cause, now) if entries else Outcome(True, "")
        if not outcome.done:
            return outcome
        wait_again(self._work, held, kept.message_id)
        where = f" Its copy in the folder Disputes / {kept.reference} stays there until it is moved." if entries else ""
        return Outcome(True, f"Message {held.number} waits for you again. {outcome.said}{where}".rstrip())

    def _events(self, entries: Sequence[Entry], received: datetime, cause: Cause, now: datetime) -> Outcome:
        """Every dispute they are in, or none: half a line is not put back."""
        steps: list[Step] = []
        for reference in dict.fromkeys(entry.reference for entry in entries):
            dispute = self._desk.dispute(reference)
            assert dispute is not None, "an entry is of a dispute that there is"
            places = frozenset(entry.sequence - 1 for entry in entries if entry.reference == reference)
            request = Request(Intent(Act.UNDO), self._by, received)
            outcome = put_back(dispute, places, self._by, request)
            if not outcome.done:
                return outcome
            steps += [Step(ref, dispute, made, self._desk.version(dispute)) for ref, made in outcome.events]
        for step in steps:
            self._scribe.write(self._work, step, cause, now)
        gone = self._letters_gone(entries)
        return Outcome(True, f"Put back.{f' Letters about it had gone to {listed(gone)}.' if gone else ''}")

    def _letters_gone(self, entries: Sequence[Entry]) -> list[str]:
        """Who has had a letter because of these: they cannot be called back."""
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
