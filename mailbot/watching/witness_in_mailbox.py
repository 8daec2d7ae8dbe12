"""The witness kept: filed in the mailbox whenever the record has moved on, and asked whenever a mailbot begins.

It is put up before the letters of the same turn leave, so that what people have been told is witnessed. A witness that
was lost locks nobody out: the mailbox's own folders are asked instead, and the next one is put in its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.core.record.witness import (
    RecordWitness,
    difference,
    is_behind,
    newest_witness,
    raised_by_folders,
)
from mailbot.mail.documents.witness_message import is_witness_id, witness_in, witness_message
from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.mailbox_interface import DISPUTES, Folder, Mailbox
from mailbot.shell.store.maintenance import DECISIONS, ERA
from mailbot.shell.store.queries import note_trouble
from mailbot.shell.store.store import Store
from mailbot.shell.store.to_another_database import REBUILT
from mailbot.turns.running_partnership import Site

WITNESS: Folder = ("Bot", "Witness")
LAST_AGREED = "agrees with its witness"  # the note of when the store was last seen to be the newest
STANDS_STILL = "stands still: this database is older than its record"  # the note while it is so
WHAT_TO_DO = (
    "nothing is decided or sent but answers to danger: mailbot witness shows what is missing, and lets it go on"
)
UNSEEN_FOR = timedelta(hours=24)  # so long a store that agreed is believed where the mailbox cannot be asked
FILED_EVERY = timedelta(seconds=30)  # where no reference was given out meanwhile
_LOOKED_AT = 20  # witnesses, the newest: more than one lies there only where somebody died between two steps


@dataclass(frozen=True, slots=True)
class MailboxSays:
    """What the mailbox says of the record: its newest witness, and the disputes that have a folder there."""

    witness: RecordWitness | None
    ids: tuple[str, ...] = ()  # of all witnesses that lie there
    folders: tuple[str, ...] = ()


def seen_in(mailbox: Mailbox, store: Store, site: Site) -> MailboxSays:
    """What the witness in the mailbox says of this partnership's record. Raises ``Unreachable``."""
    top = mailbox.tops([WITNESS]).get(WITNESS)
    lying = [(uid, one) for uid, one in mailbox.messages(WITNESS) if is_witness_id(one)] if top else []
    found: list[RecordWitness] = []
    if top is not None and lying:
        key = store.record_key(site.id)
        uids = [uid for uid, _ in sorted(lying)[-_LOOKED_AT:]]
        for arrival in mailbox.read(WITNESS, top.uidvalidity, uids):
            if (witness := witness_in(arrival.raw, key, site.id)) is not None:
                found.append(witness)
    newest = newest_witness(found)
    folders = () if newest else tuple(f[1] for f in mailbox.folders() if f[0] == DISPUTES and len(f) == 2)
    return MailboxSays(newest, tuple(one for _, one in lying), folders)


def behind(seen: MailboxSays, store: Store, site: Site, now: datetime) -> tuple[str, ...]:
    """What the store lacks by the witness of what was seen in the mailbox, in sentences; () where it is the newest
    of itself."""
    witness = seen.witness
    if (since := store.last(site.id, REBUILT)) is not None:
        local = site.current.calendar.local(since)
        return (f"It was rebuilt from the mailbox at {local:%H:%M} on {local:%d %b %Y}, and nobody has looked yet.",)
    if witness is None:
        beyond = raised_by_folders(store.record_witness(site.id, now).given, seen.folders)
        return tuple(f"{one} has a folder in the mailbox, and this record never gave that reference." for one in beyond)
    here = store.record_witness(site.id, now, tuple(witness.heads) or ("",))
    has_newest = witness.newest is None or store.has_entry(site.id, witness.newest)
    return difference(here, witness) if is_behind(here, witness, has_newest) else ()


def is_new(store: Store, site: Site) -> bool:
    """For the witness: whether this store knows no dispute and has decided nothing: on a first start, or because it
    was lost."""
    return not store.counted(site.id).get(DECISIONS) and not store.disputes_by_state(site.id)


def given_out(seen: MailboxSays) -> Mapping[str, int]:
    """By the witness, the highest number of each prefix and year that the mailbox knows to have been given out."""
    given = dict(seen.witness.given) if seen.witness else {}
    for reference in raised_by_folders(given, seen.folders):
        name, _, number = reference.rpartition("-")
        given[name] = max(given.get(name, 0), int(number))
    return given


def begin_anew(mailbox: Mailbox, store: Store, site: Site, now: datetime) -> None:
    """By word of the witness, a store that knows none of the mailbox's disputes begins all the same: they stay as
    they lie, and none of their references is given out again. Raises ``Unreachable``."""
    seen = seen_in(mailbox, store, site)
    if is_new(store, site) and behind(seen, store, site, now):
        let_go_on(seen, store, site, "--anew", now)


def let_go_on(seen: MailboxSays, store: Store, site: Site, by: str, now: datetime) -> None:
    """A person has looked at the witness and says that this store is what holds from now on."""
    era = max(seen.witness.era if seen.witness else 0, store.record_witness(site.id, now).era)
    store.let_go_on(site.id, era + 1, given_out(seen), by, now)
    store.forget(site.id, REBUILT)


class WitnessDesk:
    """One partnership's witness: asked, and filed. ``behind`` is what the store lacks, () while it is the newest."""

    def __init__(self, site: Site, store: Store, mailbox: Mailbox) -> None:
        self._site, self._store, self._mailbox = site, store, mailbox
        self._filed: RecordWitness | None = None
        self._asked = False
        self.behind: tuple[str, ...] = ()

    def ask(self, now: datetime) -> MailboxSays | None:
        """Asks the mailbox whether the store is the newest of itself. Where the mailbox cannot be asked, a store that
        agreed with its witness within the last day is believed; None then. Raises ``Unreachable`` for any other."""
        try:
            seen = seen_in(self._mailbox, self._store, self._site)
        except Unreachable:
            agreed = self._store.last(self._site.id, LAST_AGREED)
            if agreed is None or not timedelta(0) <= now - agreed <= UNSEEN_FOR:
                raise
            self._asked = True
            return None
        self._found(seen, now)
        return seen

    def ask_anew(self) -> None:
        """The witness is asked again before anything else is done."""
        self._asked = False

    @property
    def stands_still(self) -> bool:
        """Whether, by the witness, nothing may be decided and sent: the store is not the newest of itself, or nobody
        has asked yet."""
        return not self._asked or bool(self.behind)

    def _found(self, seen: MailboxSays, now: datetime) -> None:
        self._asked, self.behind = True, behind(seen, self._store, self._site, now)
        if self.behind:
            self._store.note(self._site.id, STANDS_STILL, now)
        else:
            self._store.note(self._site.id, LAST_AGREED, now)
            self._store.forget(self._site.id, STANDS_STILL)

    def keep(self, now: datetime) -> None:
        """Files the witness of how far the record has come, where it has moved on or the day has, and takes the older
        ones away. A mailbox that takes none is told of, and keeps nobody from anything."""
        if not self._store.record_key(self._site.id) or not self._wanted(now):
            return
        try:
            self._file(self._store.record_witness(self._site.id, now), now)
        except (Unreachable, ValueError) as error:
            note_trouble(self._store, self._site.id, f"the witness of the record cannot be filed: {error}", now)

    def _wanted(self, now: datetime) -> bool:
        filed, counted = self._filed, self._store.counted(self._site.id)
        if filed is None or filed.at.date() != now.date() or filed.era != counted.get(ERA, 0):
            return True
        if any(number != filed.given.get(name) for name, number in counted.items() if "-" in name):
            return True
        return filed.decisions != counted.get(DECISIONS, 0) and now - filed.at >= FILED_EVERY

    def _file(self, here: RecordWitness, now: datetime) -> None:
        """Files the witness, and looks again first: what another store has filed meanwhile is not taken away, but
        believed."""
        seen = seen_in(self._mailbox, self._store, self._site)
        self._found(seen, now)
        if self.behind:
            return
        if (lies := seen.witness) is not None and lies.rank == here.rank and lies.at.date() == now.date():
            self._filed = lies
            return
        own_id, raw = witness_message(here, self._store.record_key(self._site.id), self._site.address)
        if own_id not in seen.ids:
            self._mailbox.file(WITNESS, raw, now, seen=True)
        for old in seen.ids:
            if old != own_id:
                self._mailbox.remove(WITNESS, old)
        self._filed = here
