"""Everything that is held of one dispute, with its bytes; and everything that is held about one person."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from mailbot.core.record.ledger import Entry
from mailbot.mail.veil.redacted_copy import readable
from mailbot.shell.forgetting.replacements import Replaced, entry_key, replacements
from mailbot.shell.store import tables as t
from mailbot.shell.store.maintenance import with_words_cut
from mailbot.shell.store.store import Store
from mailbot.shell.store.tables import entry_of

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class HeldBytes:
    """One email or letter as it is held. ``name`` is its digest, or its number and kind; ``was`` the hash of what stood
    there before it was replaced, "" where it is as it came."""

    name: str
    raw: bytes
    at: datetime
    of: str  # "message", "letter" or "filing"
    reference: str
    was: str = ""
    to: str = ""
    state: str = ""


def ledger_held(store: Store, partnership: str, reference: str) -> list[Entry]:
    """The ledger of a dispute as it is held, each entry with the hash of the words that were first in it, where they
    were replaced."""
    with store._reads() as connection:
        words = replacements(connection, partnership, Replaced.ENTRY)
        chosen = (t.ledger.c.partnership == partnership) & (t.ledger.c.reference == reference)
        found = [
            entry_of(row) for row in connection.execute(select(t.ledger).where(chosen).order_by(t.ledger.c.sequence))
        ]
    return [with_words_cut(entry, words.get(entry_key(entry.reference, entry.sequence))) for entry in found]


def bytes_held(store: Store, partnership: str, reference: str) -> list[HeldBytes]:
    """Every email and letter that is held of a dispute: what belongs to it, what an entry of it came from, what was
    written and what was filed."""
    causes = {e.cause.what.split(" ")[0] for e in store.chronology(partnership, reference) if e.cause.kind == "message"}
    with store._reads() as connection:
        return [
            one
            for one in _all_bytes(connection, partnership)
            if one.reference == reference or (one.of == "message" and one.name in causes)
        ]


def _all_bytes(connection: Connection, partnership: str) -> Iterator[HeldBytes]:
    """All the bytes that are held for a partnership, one after the other."""
    cut = replacements(connection, partnership, Replaced.MESSAGE)
    messages = t.MESSAGES.where(t.message.c.partnership == partnership).order_by(
        t.message.c.received, t.message.c.digest
    )
    for row in connection.execute(messages.execution_options(yield_per=_AT_ONCE)):
        was = cut[row.digest].was if row.digest in cut else ""
        yield HeldBytes(row.digest, row.raw, row.received, "message", row.reference, was)
    cut = replacements(connection, partnership, Replaced.LETTER)
    letters = select(t.outbox).where(t.outbox.c.partnership == partnership).order_by(t.outbox.c.id)
    for row in connection.execute(letters.execution_options(yield_per=_AT_ONCE)):
        was, name = cut[str(row.id)].was if str(row.id) in cut else "", f"{row.id:06d}-{row.letter}"
        yield HeldBytes(name, row.raw, row.created, "letter", row.reference, was, row.recipient, row.state)
    cut = replacements(connection, partnership, Replaced.FILING)
    filed = (t.filing.c.partnership == partnership) & (t.filing.c.raw != b"")
    for row in connection.execute(select(t.filing).where(filed).order_by(t.filing.c.id)):
        was, folder = cut[str(row.id)].was if str(row.id) in cut else "", t.folder_of(row.folder)
        of = row.reference or (folder[1] if len(folder) == 2 and folder[0] == "Disputes" else "")
        yield HeldBytes(
            f"{row.id:06d}-{row.kind}", row.raw, row.created, "filing", of, was, "/".join(folder), row.state
        )


# One person: by address, or by name as it may be written.


@dataclass(frozen=True, slots=True)
class Found:
    """One place at which somebody is named. ``what`` is the kind of place, ``which`` of that kind; ``raw`` its bytes
    where it has some."""

    what: str
    reference: str
    which: str
    at: datetime | None = None
    raw: bytes = b""


def _plain(text: str) -> str:
    """What is held, for looking a name up in it: without accents and capitals, and with single spaces: how people
    write one name."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def held_about(store: Store, partnership: str, who: str) -> Iterator[Found]:
    """Everything that is held about a person: ``who`` is an address, or a name as it is written (accents, capitals and
    line ends do not matter). Every table is gone through, and every email and letter is read."""
    wanted = _plain(who)
    with store._reads() as connection:
        for table, what, which in (
            (t.ledger, "entry of the record", "sequence"),
            (t.held, "reason of waiting mail", "number"),
            (t.known_id, "number of a message", "message_id"),
            (t.involved_table, "known to be in it", "address"),
            (t.outbox, "row of a letter", "id"),
            (t.message, "row of an email", "digest"),
            (t.note, "note", "what"),
            (t.dispute, "row of a dispute", "reference"),
        ):
            for row in connection.execute(select(table).where(table.c.partnership == partnership)):
                cells = (cell for name, cell in row._mapping.items() if isinstance(cell, str) and name != "raw")
                if any(wanted in _plain(cell) for cell in cells):
                    at = getattr(row, "at", None) or getattr(row, "created", None) or getattr(row, "received", None)
                    yield Found(what, getattr(row, "reference", ""), str(getattr(row, which)), at)
        names = {"message": "email", "letter": "letter", "filing": "copy in the mailbox"}
        for one in _all_bytes(connection, partnership):
            if any(wanted in _plain(text) for text in readable(one.raw)):
                yield Found(names[one.of], one.reference, one.name, one.at, one.raw)
