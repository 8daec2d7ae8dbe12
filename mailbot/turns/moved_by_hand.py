"""Messages that people move by hand, in whatever mail program they have: found, and what moving them may do."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.core.decisions.who_may.authority import judge_of
from mailbot.core.decisions.who_may.table import DISMISS_HELD, FILE_HELD, RELEASE_HELD, Capacity
from mailbot.core.notices.notice import Notice
from mailbot.core.record.events_of_mail import MovedByHand
from mailbot.core.record.intents import Person, Proof
from mailbot.core.record.ledger import Cause
from mailbot.door.gatekeeping import Disposition
from mailbot.door.message_as_read import DisputeStep
from mailbot.mail.incoming.message import Message, parse
from mailbot.shell.servers.mailbox_interface import DISPUTES, Arrival, Folder, Mailbox, Place, Top
from mailbot.shell.store.cards_and_moved_mail import Seen
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import HeldState, Kept, MessageState, NotHeld, Settled, StoredMessage
from mailbot.turns.ledger_and_outbox import Scribe
from mailbot.turns.running_partnership import Site

# Hands: what people do by moving a message, in whatever mail program they have.
#
# Into the folder of a dispute: it belongs there, and is read there by what its writer may do. Into "Not a dispute":
# it is dismissed. Into "Try again": it is read again. Nothing else is ever done because of a move: what was decided
# stays decided wherever its message lies (I11), our own letters and cards may lie anywhere, and what this mailbox
# never had is kept in the dispute's folder as a note. A message is known by its bytes; one whose server rewrote its
# header on the way (Exchange does) by its Message-ID, where only one message that waits has it.

_BEGAN = "hands"
LATELY = timedelta(days=28)  # how long after it was closed a dispute's folder is looked at
LOOKED_THROUGH = 200  # messages of a folder, told by their ids at once
FOLDERS_A_TURN = 50  # of disputes; one question to the server each

# A message that somebody has moved: what moving it there may do, and the letter that says what came of it.


@dataclass(frozen=True, slots=True)
class MovedMessage:
    """``into`` is the dispute it was moved into the folder of, "" for the bot's own two."""

    into: str
    where: str
    digest: str
    message_id: str
    writer: Person
    place: Place
    at: datetime

    @property
    def key(self) -> str:
        """The key of the letter about a message moved by hand: another move of the same message is another letter. UIDs
        begin anew in each folder."""
        said = f"{self.digest} {self.place.folder} {self.place.uidvalidity} {self.place.uid}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def event(self, outcome: str, why: str = "") -> MovedByHand:
        return MovedByHand(
            at=self.at,
            where=self.where,
            outcome=outcome,
            reference=self.into,
            why=why,
            writer=self.writer,
            digest=self.digest,
            message=self.message_id,
        )


class Hands:
    """``passing`` is called with the name of each point at which we may be killed."""

    def __init__(
        self,
        site: Site,
        store: Store,
        mailbox: Mailbox,
        scribe: Scribe,
        deciding: Callable[[], AbstractContextManager[Work]],
        passing: Callable[[str], None],
    ) -> None:
        self._site, self._store, self._mailbox, self._scribe = site, store, mailbox, scribe
        self._deciding, self._passing = deciding, passing
        self._tops: dict[Folder, Top] = {}
        self._next = ""  # the reference to go on after
        self._begun = self._to_be_read = False

    def look(self, now: datetime) -> bool:
        """Messages moved by hand looked for: every folder in which something is new: looked through, and done what it
        says. True where something is to be read because of it. Raises ``Unreachable``."""
        if not self._begun:
            self._begin(now)
        tops = self._mailbox.tops([NOT_A_DISPUTE, TRY_AGAIN, *self._disputes(now)])
        for folder in (NOT_A_DISPUTE, TRY_AGAIN):
            if folder not in tops:
                self._mailbox.make(folder)
        for folder, top in tops.items():
            if self._tops.get(folder) != top:
                self._look_through(folder, top, now)
                self._tops[folder] = top
        to_be_read, self._to_be_read = self._to_be_read, False
        return to_be_read

    def _begin(self, now: datetime) -> None:
        if self._store.last(self._site.id, _BEGAN) is None:
            self._pass_over(now)
        self._begun = True

    def _pass_over(self, now: datetime) -> None:
        """Not moved by hand: what lies in the folders when a mailbot first looks at them was put there before moving
        meant anything: by an older mailbot, or in disputes of a store that was lost."""
        of_disputes = (folder for folder in self._mailbox.folders() if folder[0] == DISPUTES and len(folder) == 2)
        folders = [NOT_A_DISPUTE, TRY_AGAIN, *of_disputes]
        for folder, top in self._mailbox.tops(folders).items():
            self._store.looked_at(self._site.id, _name(folder), top.uidvalidity, top.uid)
        self._store.note(self._site.id, _BEGAN, now)

    def _disputes(self, now: datetime) -> Iterator[Folder]:
        """Where messages moved by hand are looked for: the folders of those disputes that something is due in now, so
        that what a person put there counts before a limit is declared passed; and of the others the next fifty, each
        turn the next."""
        with self._store.looking():
            due = self._store.due(self._site.id, now, FOLDERS_A_TURN)
            some, self._next = self._store.disputes_at_hand(self._site.id, now - LATELY, self._next, FOLDERS_A_TURN)
        return ((DISPUTES, reference) for reference in dict.fromkeys((*due, *some)))

    def _look_through(self, folder: Folder, top: Top, now: datetime) -> None:
        mark = self._store.watermark(self._site.id, _name(folder))
        known = mark.uid if mark is not None and mark.uidvalidity == top.uidvalidity else 0
        if top.uid <= known:
            return
        new = list(self._mailbox.messages(folder, known))
        for at in range(0, len(new), LOOKED_THROUGH):
            some = new[at : at + LOOKED_THROUGH]
            ours = self._ours(folder, [message_id for _, message_id in some if message_id])
            for uid, _ in (one for one in some if one[1] not in ours):
                for arrival in self._mailbox.read(folder, top.uidvalidity, [uid]):
                    self._found(folder, arrival, now)
                self._store.looked_at(self._site.id, _name(folder), top.uidvalidity, uid)
        self._store.looked_at(self._site.id, _name(folder), top.uidvalidity, top.uid)

    def _ours(self, folder: Folder, message_ids: Sequence[str]) -> set[str]:
        """Not moved by hand: letters or cards of ours, or what we have filed here ourselves: told by their ids, without
        fetching them."""
        known = self._store.by_message_id(self._site.id, message_ids)
        ours = {message_id for message_id, one in known.items() if one.ours}
        met = self._store.seen_under(self._site.id, [one for one in message_ids if one not in ours])
        return ours | {one for one, alike in met.items() if all(self._stays(folder, seen, one) for seen in alike)}

    def _stays(self, folder: Folder, one: Seen, message_id: str) -> bool:
        """Whether it is where it belongs by what was decided of it."""
        if folder[0] == DISPUTES and folder[1] in (one.reference, one.into):
            return True
        return self._store.filed_there(self._site.id, folder, one.digest, message_id)

    def _found(self, folder: Folder, arrival: Arrival, now: datetime) -> None:
        kept = Kept.of(arrival)
        alike = self._store.seen(self._site.id, message_id=kept.message_id) if kept.message_id else []
        same = next(iter(self._store.seen(self._site.id, digest=kept.digest)), None)
        one = same or _the_one(alike)
        if one is None and not alike:
            self._unknown(folder, kept, now)
        elif one is None:
            why = "several messages have its identity, and which of them is meant cannot be told"
            self._nothing(folder, kept, now, why)
        elif same is None and may_be_read_again(one) and self._mailbox.lies_at(one.place):
            # A server may deliver into folders by an address's detail: then this is a second copy, not a move.
            self._nothing(folder, kept, now, "this is a copy, and the message itself still lies where it was")
        elif not self._stays(folder, one, kept.message_id):
            self._act(folder, kept, one, now)

    def _unknown(self, folder: Folder, kept: Kept, now: datetime) -> None:
        """An unknown message moved by hand, kept before anything else is done, as everything is; the reading makes a
        note of it, and nothing more."""
        if folder[0] == DISPUTES:
            self._store.keep(self._site.id, _name(folder), [kept], into=folder[1])
            self._to_be_read = True
            self._passing("kept by hand")
        elif folder == TRY_AGAIN:
            self._nothing(folder, kept, now, "this mailbox never had it; moved into the inbox, it is read")

    def _act(self, folder: Folder, kept: Kept, one: Seen, now: datetime) -> None:
        if folder == NOT_A_DISPUTE and one.waiting:
            self._settle(kept, one, HeldState.DISMISSED, folder, now)
        elif folder != NOT_A_DISPUTE and may_be_read_again(one):
            self._settle(kept, one, HeldState.RELEASED, folder, now)
        elif why := came_to_nothing(folder, one):
            self._nothing(folder, kept, now, why)

    def _settle(self, kept: Kept, one: Seen, becomes: HeldState, folder: Folder, now: datetime) -> None:
        """A message moved by hand is settled in one act, whichever of two clients was first: whoever comes second finds
        nothing that waits."""
        moved = moved_of(self._site, folder, kept, now)
        act = DISMISS_HELD if becomes is HeldState.DISMISSED else FILE_HELD if moved.into else RELEASE_HELD
        if not (judged := judge_of(act, Capacity.HAND, Proof.PROVEN)).is_allowed:
            self._nothing(folder, kept, now, judged.why)
            return
        with self._deciding() as work:
            try:
                for number in one.waiting:
                    settled = Settled(becomes, HAND, f"moved into {moved.where}", moved.into)
                    work.settle_held(self._site.id, number, settled, now)
            except NotHeld:
                return
            if not one.waiting:
                work.read_again(self._site.id, one.digest, HAND, moved.into)
            work.lies_at(self._site.id, one.digest, kept.place)
            if moved.into:
                self._record(work, moved, now)
            if becomes is HeldState.DISMISSED:
                dismissed = "it is kept, and nothing is done because of it"
                tell_of_move(
                    self._store, self._scribe, work, self._site, moved.event("dismissed", dismissed), moved.key
                )
        self._to_be_read = True
        self._passing("settled by hand")

    def _record(self, work: Work, moved: MovedMessage, now: datetime) -> None:
        dispute = work.dispute(self._site.id, moved.into)
        if dispute is not None:
            event = moved.event("read there")
            step = DisputeStep(dispute.reference, dispute, (event,), self._site.version(dispute))
            self._scribe.write(work, step, Cause("person", HAND), now)

    def _nothing(self, folder: Folder, kept: Kept, now: datetime, why: str) -> None:
        moved = moved_of(self._site, folder, kept, now)
        with self._deciding() as work:
            tell_of_move(self._store, self._scribe, work, self._site, moved.event("nothing", why), moved.key)


def _name(folder: Folder) -> str:
    """As the store calls it."""
    return "/".join(folder)


def _the_one(alike: Sequence[Seen]) -> Seen | None:
    """Of several messages moved by hand with one identity, the only one a person can still have meant; or the only one
    at all."""
    open_ones = [one for one in alike if may_be_read_again(one)] or list(alike)
    return open_ones[0] if len(open_ones) == 1 else None


NOT_A_DISPUTE: Folder = ("Bot", "Not a dispute")
TRY_AGAIN: Folder = ("Bot", "Try again")
HAND = "somebody with access to the mailbox"  # who it was, no mailbox says
_LETTER = "hand_filed"
_MOST_LETTERS, _PER = (
    20,
    timedelta(hours=1),
)  # to one address: whoever clears out a folder is not to be buried in answers
# Mail that went by the procedure, and that a person may say belongs to it after all.
_PASSED_BY = frozenset({"dismissed", Disposition.ANSWERED.value, Disposition.OUT_OF_SCOPE.value})


def moved_of(site: Site, folder: Folder, message: Kept | StoredMessage, now: datetime) -> MovedMessage:
    read = parse(message.raw)
    writer = Person(name=read.sender) if not isinstance(read, Message) else Person()
    if isinstance(read, Message):
        writer = site.current.directory.person(read.sender.address, read.sender.name)
    into = folder[1] if folder[0] == DISPUTES else ""
    return MovedMessage(into, folder[-1], message.digest, message.message_id, writer, message.place, now)


def may_be_read_again(one: Seen) -> bool:
    """Whether a message moved by hand may still be read again: it waits, was dismissed, or was never a dispute's."""
    if one.state is MessageState.NEW:
        return not one.released and not one.into
    return bool(one.waiting) or one.disposition in _PASSED_BY


def came_to_nothing(folder: Folder, one: Seen) -> str:
    """Why a message moved by hand changed nothing; "" where nobody would expect it to."""
    if one.state is MessageState.NEW and one.into:
        return f"it was moved into {one.into} as well, and is read there"
    if one.reference:
        return f"it was recorded in {one.reference}, and stays so"
    if folder == NOT_A_DISPUTE or one.state is MessageState.NEW or one.disposition in _PASSED_BY:
        return ""
    return "a machine wrote it, and nothing that a machine writes is acted on"


def tell_of_move(store: Store, scribe: Scribe, work: Work, site: Site, event: MovedByHand, key: str) -> None:
    """The office hears of a message moved by hand; beyond so many an hour the record alone has it."""
    notices = [
        Notice(_LETTER, person, event)
        for person in site.current.office()
        if store.letters_since(site.id, person.address, {_LETTER}, event.at - _PER) < _MOST_LETTERS
    ]
    scribe.write_plain(work, notices, key, event.at)
