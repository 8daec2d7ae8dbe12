"""A message that somebody has moved: what moving it there may do, and the letter that says what came of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.considering.gatekeeping import Disposition
from mailbot.core.happened.correspondence import MovedByHand
from mailbot.core.happened.intents import Person
from mailbot.core.telling.letters import Notice
from mailbot.mail.arriving.message import Message, parse
from mailbot.shell.mailbox import Folder, Place
from mailbot.shell.store import Store
from mailbot.shell.store_hands import Seen
from mailbot.shell.store_values import Kept, MessageState, StoredMessage
from mailbot.shell.store_work import Work
from mailbot.turns.scribe import DISPUTES, Scribe
from mailbot.turns.site import Site

NOT_A_DISPUTE: Folder = ("Bot", "Not a dispute")
TRY_AGAIN: Folder = ("Bot", "Try again")
HAND = "somebody with access to the mailbox"  # who it was, no mailbox says
LETTER = "hand_filed"
MOST_LETTERS, PER = 20, timedelta(hours=1)  # to one address: whoever clears out a folder is not to be buried in answers
# Mail that went by the procedure, and that a person may say belongs to it after all.
_PASSED_BY = frozenset({"dismissed", Disposition.ANSWERED.value, Disposition.OUT_OF_SCOPE.value})


@dataclass(frozen=True, slots=True)
class Moved:
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
        """Of the letter: another move of the same message is another letter. UIDs begin anew in each folder."""
        said = f"{self.digest} {self.place.folder} {self.place.uidvalidity} {self.place.uid}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def event(self, outcome: str, why: str = "") -> MovedByHand:
        return MovedByHand(
            at=self.at, where=self.where, outcome=outcome, reference=self.into, why=why, writer=self.writer,
            digest=self.digest, message=self.message_id,
        )  # fmt: skip


def moved_of(site: Site, folder: Folder, message: Kept | StoredMessage, now: datetime) -> Moved:
    read = parse(message.raw)
    writer = Person(name=read.sender) if not isinstance(read, Message) else Person()
    if isinstance(read, Message):
        writer = site.current.directory.person(read.sender.address, read.sender.name)
    into = folder[1] if folder[0] == DISPUTES else ""
    return Moved(into, folder[-1], message.digest, message.message_id, writer, message.place, now)


def may_be_read_again(one: Seen) -> bool:
    """Whether a person may still say what is to become of it: it waits, was dismissed, or was never a dispute's."""
    if one.state is MessageState.NEW:
        return not one.released and not one.into
    return bool(one.waiting) or one.disposition in _PASSED_BY


def came_to_nothing(folder: Folder, one: Seen) -> str:
    """Why a move changed nothing; "" where nobody would expect it to."""
    if one.state is MessageState.NEW and one.into:
        return f"it was moved into {one.into} as well, and is read there"
    if one.reference:
        return f"it was recorded in {one.reference}, and stays so"
    if folder == NOT_A_DISPUTE or one.state is MessageState.NEW or one.disposition in _PASSED_BY:
        return ""
    return "a machine wrote it, and nothing that a machine writes is acted on"


def tell(store: Store, scribe: Scribe, work: Work, site: Site, event: MovedByHand, key: str) -> None:
    """The office hears of it; beyond so many an hour the record alone has it."""
    notices = [
        Notice(LETTER, person, event)
        for person in site.current.office()
        if store.letters_since(site.id, person.address, {LETTER}, event.at - PER) < MOST_LETTERS
    ]
    scribe.write_plain(work, notices, key, event.at, None, held=False)
