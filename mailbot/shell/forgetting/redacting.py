"""A name cut out of all that is stored of a dispute: its ledger, its emails as they came, the letters that wait and
those that went, what was filed; and the copies that mailbot put into the mailbox itself.

It goes by the ledger: what the office has had struck out. Nobody's own email in the mailbox is touched: what still
names them there is counted, and a person must look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import WordsRedacted
from mailbot.core.record.ledger import Entry, replaced_words
from mailbot.mail.veil.known_names import Veil, redaction_veil
from mailbot.mail.veil.redacted_copy import hidden_in, redacted_copy, redacted_words
from mailbot.shell.forgetting.replacements import (
    REDACTED,
    Replaced,
    Replacement,
    bytes_hash,
    entry_key,
    note_replaced,
)
from mailbot.shell.store import tables as t
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.stored_values import Filing, FilingKind, FilingState, LetterState
from mailbot.shell.store.tables import AnyRow, dispute_columns, entries, folded

REDACT_LATER = "to redact: "  # a note's beginning: names were struck out of this dispute, and UNDO may still come
OWN_COPIES = (FilingKind.APPEND, FilingKind.REPLACE)
_GONE = "it could not be read to cut a name out of it"
_NOT_TRIED = (LetterState.NEW, LetterState.DEFERRED)
_IN_HAND = (LetterState.SENDING, LetterState.UNCERTAIN)


@dataclass(slots=True)
class Reached:
    """How much was rewritten, and what cannot be: ``lies_in_mailbox`` emails that people sent, ``with_people`` letters
    that have gone, ``later`` letters that are being sent this moment."""

    entries: int = 0
    messages: int = 0
    letters: int = 0
    filings: int = 0
    taken_away: int = 0
    lies_in_mailbox: int = 0
    with_people: int = 0
    later: int = 0
    replaced: list[Replacement] = field(default_factory=list)


def redact_waiting(work: Work, partnership: str, reference: str) -> None:
    """Redacts at once what has not gone: the letters of a dispute that wait, and are nobody's yet."""
    dispute = work.dispute(partnership, reference)
    if dispute is not None:
        made: list[Replacement] = []
        for row in _letters(work._connection, partnership, reference, _NOT_TRIED):
            _letter(work, row, redaction_veil(dispute), made)
        note_replaced(work._connection, work._seals, partnership, made, dispute.history[-1].at)


def redact_all(work: Work, partnership: str, reference: str, now: datetime) -> Reached:
    """Redacts all that is stored of a dispute. Raises ``ValueError`` where the record would not say the same with the
    names cut: then nothing is."""
    dispute, reached = work.dispute(partnership, reference), Reached()
    if dispute is None or not dispute.redacted:
        return reached
    veil, connection = redaction_veil(dispute), work._connection
    work.write_now()
    history = entries(connection, partnership, reference)
    _ledger(work, dispute, history, veil, reached)
    _messages(connection, partnership, _digests(connection, partnership, reference, history), veil, reached)
    for row in _letters(connection, partnership, reference):
        if row.state in _IN_HAND:
            reached.later += 1
        elif _letter(work, row, veil, reached.replaced):
            reached.letters += 1
            reached.with_people += row.state == LetterState.SENT
    for row in own_copies(connection, partnership, reference):
        _filing(work, row, veil, reached, now)
    card = (t.dispute.c.partnership == partnership) & (t.dispute.c.reference == reference)
    connection.execute(update(t.dispute).where(card).values(card_due=now))
    note_replaced(connection, work._seals, partnership, reached.replaced, now)
    return reached


def _ledger(work: Work, dispute: Dispute, history: Sequence[Entry], veil: Veil, reached: Reached) -> None:
    changed: list[Entry] = []
    for entry in history:
        # The order itself is kept as it was given: by it the name goes on being cut.
        cut = entry.text if entry.kind == WordsRedacted.__name__ else redacted_words(entry.kind, entry.text, veil)
        if cut != entry.text:
            changed.append(replace(entry, text=cut))
            key = entry_key(entry.reference, entry.sequence)
            was = replaced_words(entry)
            reached.replaced.append(Replacement(Replaced.ENTRY, key, was, cut.encode(), REDACTED))
    if not changed:
        return
    anew = {entry.sequence: entry for entry in changed}
    after = folded([anew.get(entry.sequence, entry) for entry in history])
    if dispute_columns(after) != dispute_columns(dispute):
        raise ValueError(f"{dispute.reference} would not be the same with that name cut out of its ledger")
    for entry in changed:
        row = (t.ledger.c.partnership == entry.partnership) & (t.ledger.c.reference == entry.reference)
        row = row & (t.ledger.c.sequence == entry.sequence)
        work._connection.execute(update(t.ledger).where(row).values(text=entry.text))
    work._folds.forget(dispute.partnership, dispute.reference)
    reached.entries += len(changed)


def _digests(connection: Connection, partnership: str, reference: str, history: Sequence[Entry]) -> list[str]:
    """The messages to redact: those that belong to the dispute, and those that an entry of it came from."""
    of_it = (t.message.c.partnership == partnership) & (t.message.c.reference == reference)
    found = set(connection.scalars(select(t.message.c.digest).where(of_it)))
    found |= {entry.cause.what.split(" ")[0] for entry in history if entry.cause.kind == "message"}
    return sorted(found)


def _messages(connection: Connection, partnership: str, digests: Iterable[str], veil: Veil, reached: Reached) -> None:
    for digest in digests:
        named = (t.message_bytes.c.partnership == partnership) & (t.message_bytes.c.digest == digest)
        raw = connection.scalar(select(t.message_bytes.c.raw).where(named))
        if not raw or not hidden_in(raw, veil):
            continue
        cut = redacted_copy(raw, veil) or b""
        connection.execute(update(t.message_bytes).where(named).values(raw=cut))
        reached.replaced.append(Replacement(Replaced.MESSAGE, digest, digest, cut, REDACTED if cut else _GONE))
        reached.messages += 1
        reached.taken_away += not cut
        reached.lies_in_mailbox += 1
        _said_of(connection, partnership, digest, veil)


def _said_of(connection: Connection, partnership: str, digest: str, veil: Veil) -> None:
    """What the store says of a message in words of its own, redacted: why it was held, what was asked."""
    for table, names in ((t.message, ("reason",)), (t.held, ("reason", "asked", "why"))):
        named = (table.c.partnership == partnership) & (table.c.digest == digest)
        for row in connection.execute(select(*(table.c[name] for name in names)).where(named)).all():
            cut = {name: veil.words(getattr(row, name)) for name in names}
            if any(cut[name] != getattr(row, name) for name in names):
                connection.execute(update(table).where(named).values(**cut))


def _letters(
    connection: Connection, partnership: str, reference: str, states: Sequence[LetterState] = ()
) -> list[AnyRow]:
    named = (t.outbox.c.partnership == partnership) & (t.outbox.c.reference == reference)
    chosen = named & t.outbox.c.state.in_(states) if states else named
    return list(connection.execute(select(t.outbox).where(chosen).order_by(t.outbox.c.id)).all())


def _letter(work: Work, row: AnyRow, veil: Veil, made: list[Replacement]) -> bool:
    """A letter redacted: sealed anew for the reader it had. True where it named somebody."""
    subject = veil.words(row.subject)
    cut = redacted_copy(row.raw, veil) if row.raw else row.raw
    if cut == row.raw and subject == row.subject:
        return False
    cut = cut or b""
    columns = {"subject": subject, "raw": cut, "seal": work._seals.of_letter(dict(row._mapping), cut)}
    if not cut and row.state in _NOT_TRIED:
        return False  # better a letter that names somebody than none: it cannot be ours, for all of ours can be read
    work._connection.execute(update(t.outbox).where(t.outbox.c.id == row.id).values(**columns))
    why = REDACTED if cut else _GONE
    made.append(Replacement(Replaced.LETTER, str(row.id), bytes_hash(row.raw), cut, why))
    return True


def own_copies(connection: Connection, partnership: str, reference: str) -> list[AnyRow]:
    """What mailbot itself put, or will put, into a dispute's folder in the mailbox, to be redacted or taken out."""
    folder: ColumnElement[bool] = t.filing.c.folder == t.folder_text(("Disputes", reference))
    chosen = (t.filing.c.partnership == partnership) & folder & t.filing.c.kind.in_(OWN_COPIES)
    return list(connection.execute(select(t.filing).where(chosen).order_by(t.filing.c.id)).all())


def _filing(work: Work, row: AnyRow, veil: Veil, reached: Reached, now: datetime) -> None:
    """A copy of our own redacted, in the store, and by another filing in the mailbox."""
    cut = redacted_copy(row.raw, veil) if row.raw else row.raw
    if cut == row.raw:
        return
    cut = cut or b""
    seal = work._seals.of_filing(row._asdict(), cut)
    work._connection.execute(update(t.filing).where(t.filing.c.id == row.id).values(raw=cut, seal=seal))
    why = REDACTED if cut else _GONE
    reached.replaced.append(Replacement(Replaced.FILING, str(row.id), bytes_hash(row.raw), cut, why))
    reached.filings += 1
    if row.state == FilingState.FILED:
        kind = FilingKind.REPLACE if cut else FilingKind.TAKE_OUT
        work.put_filing(
            Filing(
                row.partnership,
                kind,
                t.folder_of(row.folder),
                now,
                digest=bytes_hash(cut),
                raw=cut,
                message_id=row.message_id,
                dated=row.dated,
                seen=True,
            )
        )
