"""Post: what is in the outbox goes out, and what is to be filed in the mailbox is filed. At least once, the same bytes.

Nothing is decided here but when to try again: five minutes, doubling to about an hour, as Postfix does.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from mailbot.core.decisions.who_may.authority import why_not_sent
from mailbot.core.record.dispute import Dispute
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox_interface import Mailbox, MovesTogether
from mailbot.shell.servers.postman_interface import (
    Delivery,
    Envelope,
    KeepsConnection,
    Outcome,
    Postman,
    TriesSending,
)
from mailbot.shell.store.cards_and_moved_mail import CardRow
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.queries import note_trouble
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import (
    FilingEnding,
    FilingKind,
    LetterEnding,
    LetterState,
    OpenFiling,
    OutgoingLetter,
)
from mailbot.turns.running_partnership import Site
from mailbot.watching.sending_channel import Channel, Whose, down, is_turned_away, waiting_for_channel

AT_ONCE, MARKED_AT_ONCE = 20, 5
CLAIM = timedelta(minutes=20)  # longer than the SMTP timeouts of a whole batch: a stalled claim is taken again
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(minutes=67)
TRIED_EVERY = timedelta(hours=1)  # whether letters would leave, where none has
_DONE = {
    FilingKind.MOVE: "moved",
    FilingKind.APPEND: "filed",
    FilingKind.REPLACE: "copy replaced",
    FilingKind.TAKE_OUT: "copy taken out",
    FilingKind.CARD: "card replaced",
}
# What the log calls what became of a letter: one that was tried is not one that was sent.
_WENT = {
    Outcome.ACCEPTED: "sent",
    Outcome.UNCERTAIN: "perhaps sent",
    Outcome.DEFERRED: "put off",
    Outcome.REFUSED: "refused",
}
CHANGED = "it was changed in the database after it was written, and was not sent"
Lying = Mapping[str, Sequence[CardRow]]  # by dispute, the cards that may lie in the overview, the newest last
GIVE_UP_FILING = 12  # tries; then a person finds the message where it lies, and the ledger has it anyway


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try sending or filing again after ``attempts`` tries (Postfix's minimal and maximal back-off times)."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(max(attempts - 1, 0), 8)
    return now + min(doubled, LAST_RETRY)


def _recipient_in(raw: bytes) -> str:
    """The address in its own To line, which was sealed with it."""
    head = raw[:20_000].replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("utf-8", "replace")
    found = re.search(r"^To:(.*(?:\n[ \t].*)*)", head, re.IGNORECASE | re.MULTILINE)
    addresses = re.findall(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+", found[1]) if found else []
    return addresses[-1].lower() if addresses else ""


def _ending(letter: OutgoingLetter, delivery: Delivery, now: datetime) -> LetterEnding:
    if delivery.ours:
        return waiting_for_channel(letter, delivery, now)
    waiting = delivery.outcome in (Outcome.DEFERRED, Outcome.UNCERTAIN)
    again = next_try(letter.attempts, now) if waiting else None
    return LetterEnding(letter.id, delivery.outcome, delivery.words, again)


@dataclass(frozen=True, slots=True)
class MailServers:
    """A partnership's mail servers, as its bot reaches them: its mailbox, its postman, and, where two connections are
    had, another one to the same mailbox, to file by while the first is read, and another postman, to answer danger by
    while the first waits for a server that hangs."""

    mailbox: Mailbox
    postman: Postman
    filing: Mailbox | None = None
    danger: Postman | None = None
    danger_leaves: threading.Lock = field(default_factory=threading.Lock)  # held by whoever sends by the second postman


@dataclass(frozen=True, slots=True)
class Deciding:
    """How a bot's parts decide: ``transaction`` begins one in which they may, and ``passing`` hears the name of each
    point at which the process may be killed and must then go on."""

    transaction: Callable[[], AbstractContextManager[Work]]
    passing: Callable[[str], None]


class Postroom:
    """``returned`` is told, inside the transaction that writes it down, of each letter that was refused for good: that
    is an event of its dispute. ``channel`` tells the readers' refusals from our own."""

    def __init__(
        self,
        site: Site,
        store: Store,
        servers: MailServers,
        returned: Callable[[Work, OutgoingLetter, str, datetime], None],
        deciding: Deciding,
        channel: Channel,
    ) -> None:
        self._site, self._store = site, store
        self._mailbox, self._postman = servers.filing or servers.mailbox, servers.postman
        self._second, self._second_sends = servers.danger, servers.danger_leaves
        self._deciding, self._passing = deciding.transaction, deciding.passing
        self._returned, self._channel = returned, channel
        # Claims that somebody who died or failed has left are free at once: a mailbox has one that sends and one that
        # files, and this is it.
        self._letters_left = self._filings_left = True
        self.tries_when_idle = False
        self._left_at: datetime | None = None  # when a letter last left, or would have

    def send(self, now: datetime, only_urgent: bool = False) -> bool:
        """Sending, letters out of the outbox in the order they were written, until none waits or the channel fails:
        then False. Where none has left for an hour, whether one would is tried: nobody should learn of a password
        that has run out from the letter that it stops."""
        if self._letters_left and self._second_sends.acquire(blocking=False):
            try:
                self._store.free_letters(self._site.id, now)
            finally:
                self._second_sends.release()
        self._letters_left = True  # until this run has ended as it should
        left = self._sent_all(now, only_urgent, self._postman)
        self._letters_left = False
        if isinstance(self._postman, KeepsConnection):
            self._postman.let_go()
        return left and self._would_leave(now)

    def send_danger(self, now: datetime) -> bool:
        """Sending what speaks of danger by a connection of its own, while the other one waits for an answer: it may
        wait for eleven minutes after the last dot of anybody's reminder. False where that does not leave either."""
        if self._second is None:
            return True
        with self._second_sends:
            left = self._sent_all(now, True, self._second)
        if isinstance(self._second, KeepsConnection):
            self._second.let_go()
        return left

    def close(self) -> None:
        """Sending ends: the connections to the mail servers are left."""
        self._postman.close()
        if self._second is not None:
            self._second.close()
        self._mailbox.close()

    def _sent_all(self, now: datetime, only_urgent: bool, postman: Postman) -> bool:
        accepted = False  # any of this run
        while letters := self._store.claim_letters(self._site.id, now, CLAIM, AT_ONCE, only_urgent):
            self._passing("claimed")
            about = {letter.reference for letter in letters if letter.reference}
            disputes = self._store.disputes_named(self._site.id, about)
            theirs = (one for one in letters if self._is_theirs(one, disputes.get(one.reference), now))
            by_id = {letter.id: letter for letter in theirs}
            told = self._sent(by_id, accepted, now, postman)
            accepted = accepted or any(one.outcome is Outcome.ACCEPTED for one in told)
            if any(one.ours for one in told):
                return False
        if accepted:
            self._left_at = now
        return True

    def _would_leave(self, now: datetime) -> bool:
        if not self.tries_when_idle or not isinstance(self._postman, TriesSending):
            return down(self._store, self._site.id) is None
        if self._left_at is not None and timedelta(0) <= now - self._left_at < TRIED_EVERY:
            return down(self._store, self._site.id) is None
        found = self._postman.try_sending(self._site.address)
        self._left_at = None if found.ours else now
        self._channel.ended([found], now)
        return not found.ours

    def _sent(
        self, by_id: dict[int, OutgoingLetter], accepted: bool, now: datetime, postman: Postman
    ) -> list[Delivery]:
        """How the sending of one batch of letters ended. What was accepted is written down in between, what was turned
        away at the end, when it shows by whose fault; ``accepted`` says whether any has left before."""
        envelopes = [Envelope(x.id, self._site.address, x.recipient, x.raw) for x in by_id.values()]
        ended: list[tuple[OutgoingLetter, Delivery]] = []
        turned_away: list[tuple[OutgoingLetter, Delivery]] = []
        told: list[Delivery] = []
        try:
            for delivery in postman.send(envelopes):
                self._passing(_WENT[delivery.outcome])
                (turned_away if is_turned_away(delivery) else ended).append((by_id[delivery.id], delivery))
                told.append(delivery)
                if len(ended) == MARKED_AT_ONCE:
                    self._mark(ended, now)
                    ended = []
        finally:
            self._mark(ended, now)
            accepted = accepted or any(one.outcome is Outcome.ACCEPTED for one in told)
            waiting, still_open = self._turned_away(turned_away, accepted, now)
        self._channel.ended([*told, *waiting], now, still_open)
        return [*told, *waiting]

    def _turned_away(
        self, turned_away: Sequence[tuple[OutgoingLetter, Delivery]], accepted: bool, now: datetime
    ) -> tuple[list[Delivery], list[int]]:
        """Sending letters that are turned away: a reader's own refusal is theirs, and told of; what is the channel's
        waits for it, and is given, with the ids of those of which nothing shows yet whose it is."""
        if not turned_away:
            return [], []
        both = list(zip(turned_away, self._channel.judged(turned_away, accepted), strict=True))
        ours = [(letter, delivery) for (letter, delivery), whose in both if whose is not Whose.READER]
        waiting = [(letter, replace(delivery, outcome=Outcome.DEFERRED, ours=True)) for letter, delivery in ours]
        theirs = [one for one, whose in both if whose is Whose.READER]
        self._mark([*waiting, *(one for one in theirs if one[1].outcome is not Outcome.REFUSED)], now)
        for letter, delivery in theirs:
            if delivery.outcome is Outcome.REFUSED:
                self._give_up(letter, delivery.words, letter, now)
        return [delivery for _, delivery in waiting], [x.id for (x, _), whose in both if whose is Whose.OPEN]

    def _give_up(self, letter: OutgoingLetter, words: str, told: OutgoingLetter, now: datetime) -> None:
        """Sending given up, instead of trying again: that the letter was refused, and what follows from it, in one
        transaction; whoever dies before it tries once more."""
        with self._deciding() as work:
            (state,) = self._store.letters_done([LetterEnding(letter.id, Outcome.REFUSED, words)], now)
            self._passing("given up")
            if state is LetterState.REFUSED:
                self._returned(work, told, words, now)
        self._passing("marked")

    def _keep_back(self, letter: OutgoingLetter, now: datetime) -> None:
        """Instead of sending: a letter whose reader or bytes were changed in the database goes to nobody, and a person
        is told. Whom it was written to stands at the end of its key."""
        note_trouble(self._store, self._site.id, f"{letter.reference} {letter.letter}: {CHANGED}", now)
        self._give_up(letter, CHANGED, replace(letter, recipient=letter.key.rpartition(":")[2]), now)

    def _is_theirs(self, letter: OutgoingLetter, dispute: Dispute | None, now: datetime) -> bool:
        """Is the letter its reader's, asked again when sending, and not only when it was written: somebody who was
        taken out of the dispute, has left or is of an agency that was struck off gets nothing any more, and whoever
        must know of it is told."""
        if not letter.is_whole:
            self._keep_back(letter, now)
            return False
        if letter.recipient == self._site.address:
            return True
        partnership = self._site.version(dispute) if dispute else self._site.current
        why = why_not_sent(letter.recipient, dispute, partnership)
        if not why and _recipient_in(letter.raw) not in ("", letter.recipient):
            why = "its recipient is not the one it was written to"
        if not why:
            return True
        if dispute is not None and dispute.party(letter.recipient) is not None:
            self._give_up(letter, why, letter, now)
        else:
            self._store.letters_done([LetterEnding(letter.id, Outcome.REFUSED, why)], now)
        return False

    def _mark(self, ended: Sequence[tuple[OutgoingLetter, Delivery]], now: datetime) -> None:
        """Letters marked before sending, several in one durable commit: whoever dies before it sends those few again,
        byte for byte the same."""
        if not ended:
            return
        self._store.letters_done([_ending(*one, now) for one in ended], now)
        for _ in ended:
            self._passing("marked")

    def file(self, now: datetime) -> None:
        """Filing: moves and copies in the mailbox. Raises ``Unreachable`` when it cannot be reached; the rest waits."""
        if self._filings_left:
            self._store.free_filings(self._site.id, now)
        self._filings_left = True
        self._file_all(now)
        self._filings_left = False

    def _file_all(self, now: datetime) -> None:
        while filings := self._store.claim_filings(self._site.id, now, CLAIM, AT_ONCE):
            ended: list[FilingEnding] = []
            about = {one.reference for one in filings if one.kind is FilingKind.CARD}
            cards = self._store.cards(self._site.id, about) if about else {}
            try:
                for some in self._together(filings):
                    ended += self._moved(some, cards) if len(some) > 1 else [self._filed(some[0], cards)]
            except Unreachable as error:
                did = {one.id for one in ended}
                left = [one for one in filings if one.id not in did]
                ended += [FilingEnding(one.id, False, str(error), next_try(one.attempts, now)) for one in left]
                raise
            finally:
                self._store.filings_done(ended, now)

    def _together(self, filings: Sequence[OpenFiling]) -> list[list[OpenFiling]]:
        """Filings as they are done: where a mailbox moves several at once, what it is to move comes first."""
        moves = [one for one in filings if one.kind is FilingKind.MOVE and one.place is not None]
        if len(moves) < 2 or not isinstance(self._mailbox, MovesTogether):
            return [[one] for one in filings]
        return [moves, *([one] for one in filings if one not in moves)]

    def _moved(self, filings: Sequence[OpenFiling], cards: Lying) -> list[FilingEnding]:
        """Filings that move messages, done together; each by itself where the name of one's folder cannot be used."""
        assert isinstance(self._mailbox, MovesTogether)
        try:
            self._mailbox.move_all([(one.place, one.folder) for one in filings if one.place is not None])
        except ValueError:
            return [self._filed(one, cards) for one in filings]
        for _ in filings:
            self._passing(_DONE[FilingKind.MOVE])
        return [FilingEnding(one.id, True) for one in filings]

    def _filed(self, filing: OpenFiling, cards: Lying) -> FilingEnding:
        try:
            self._do(filing, cards)
        except ValueError as error:
            return FilingEnding(filing.id, False, str(error))
        self._passing(_DONE[filing.kind])
        return FilingEnding(filing.id, True)

    def _do(self, filing: OpenFiling, cards: Lying) -> None:
        """One filing done: a message a person has moved meanwhile is where they wanted it: that changes nothing that
        was decided."""
        if filing.kind is FilingKind.MOVE:
            if filing.place is not None:
                self._mailbox.move(filing.place, filing.folder)
        elif filing.kind is FilingKind.CARD:
            self._replace(filing, cards[filing.reference])
        else:
            if (
                filing.kind is not FilingKind.APPEND
            ):  # of our own making, under the same Message-ID: once more does no harm
                self._mailbox.remove(filing.folder, filing.message_id)
            if filing.kind is not FilingKind.TAKE_OUT:
                self._mailbox.file(filing.folder, filing.raw, filing.dated, seen=filing.seen)

    def _replace(self, filing: OpenFiling, cards: Sequence[CardRow]) -> None:
        """Filing a card: the newest card up, then the older ones down: whoever dies between leaves two, and never none.
        A filing that waited while a newer card was made does nothing, because the newer one's own does all of it."""
        *older, newest = cards
        if newest.message_id != filing.message_id:
            return
        if filing.raw:
            self._mailbox.file(filing.folder, filing.raw, filing.dated, seen=filing.seen, flagged=filing.flagged)
            self._passing("card put up")
        for old in older:
            self._mailbox.remove(filing.folder, old.message_id)
            self._passing("card taken down")
            self._store.card_gone(old)
