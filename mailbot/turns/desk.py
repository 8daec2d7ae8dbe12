"""What the store knows, as ``consider`` asks it, inside the transaction that will write down the answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from mailbot.core.decisions.stages import openers
from mailbot.core.partnership.directory import domain_of
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeClosed, PersonHandedOver
from mailbot.core.record.questions_put import Put, put_at
from mailbot.door.office_email import NOTHING_OF_OURS, Answering
from mailbot.mail.incoming.button_tokens import Pressed, read_token
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.incoming.threading import Known
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.queries import decided_since
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import KnownId
from mailbot.turns.running_partnership import Site

# A letter about a message that waits is bound to the message, not to a dispute: "held:" and its digest.
HELD = "held:"
_BYTES_OF = 8  # messages at once
# The transcript of what the office's email did is bound to that email; any other letter outside a dispute to nothing.
OFFICE, ALONE = "office:", "alone:"
# The letter about an agency's roster: "roster:" and the agency's name.
ROSTER = "roster:"


def is_dispute(bound: str) -> bool:
    """The store's desk says: is what a Message-ID belongs to a dispute (or to nothing), and not one of the above?"""
    return ":" not in bound


class StoreDesk:
    """``named`` are the Message-IDs of the message that is decided: what is known of them is asked for together."""

    def __init__(self, site: Site, store: Store, work: Work, named: Iterable[str] = ()) -> None:
        self._site, self._store, self._work = site, store, work
        self._asked: dict[str, KnownId | None] = {}
        self._named = tuple(one for one in named if one)

    def _known(self, ids: Iterable[str]) -> Mapping[str, KnownId]:
        """What the store's desk knows of these Message-IDs; each is asked about once for a message, however many rules
        ask."""
        named = tuple(ids)
        if any(one not in self._asked for one in named):
            unasked = [one for one in (*named, *self._named) if one not in self._asked]
            self._asked |= dict.fromkeys(unasked) | self._work.by_message_id(self._site.id, unasked)
        return {one: known for one in named if (known := self._asked[one]) is not None}

    @property
    def prefixes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.protocol.prefix for p in self._site.versions.values()))

    @property
    def servers(self) -> tuple[str, ...]:
        """For the desk, whose reports of letters that came back are believed, beside the recipient's own: the servers
        through which our letters leave and our mail comes."""
        return (domain_of(self._site.address), *self._site.door.trusted_ids, *self._site.door.sends_through)

    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]:
        found = self._known(ids)
        return {i: known.reference for i, known in found.items() if is_dispute(known.reference)}

    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]:
        disputes = {reference: self.dispute(reference) for reference in refs}
        return {
            reference: Known(reference, frozenset(), self._participants(dispute))
            for reference, dispute in disputes.items()
            if dispute is not None
        }

    def _participants(self, dispute: Dispute) -> frozenset[str]:
        people = frozenset(p.person.address for p in dispute.parties if p.person.address)
        version = self._site.version(dispute)
        desks = (o.person.address for o in version.directory.officers if people & set(o.speaks_for) and o.active)
        gone = frozenset(p.leaving.address for p in dispute.history if isinstance(p, PersonHandedOver) and not p.by)
        return people | gone | frozenset(desks) | version.addresses | openers(dispute, version)

    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None:
        """A button's token, looked for by the store's desk where the mail points to; only when its reference was lost
        as well, in its sender's disputes."""
        pointed = [d for d in map(self.dispute, near) if d is not None]
        others = (d for d in self.open_disputes(sender) if d.party(sender) is not None)
        for dispute in chain(pointed, others):
            found = read_token(token, self._site.secret, dispute, (sender, *self._participants(dispute)))
            if found is not None:
                return found
        return None

    def dispute(self, reference: str) -> Dispute | None:
        return self._work.dispute(self._site.id, reference)

    def version(self, dispute: Dispute) -> Partnership:
        return self._site.version(dispute)

    def open_disputes(self, address: str) -> Sequence[Dispute]:
        """Those in which this address is or was somebody's."""
        return self._work.open_disputes(self._site.id, address) if address else []

    def new_reference(self, year: int) -> str:
        return self._work.new_reference(self._site.id, self._site.current.protocol.prefix, year)

    def is_ours(self, message_id: str) -> bool:
        known = self._known([message_id]).get(message_id)
        return known is not None and known.ours

    def kept(self, digest: str) -> Message | None:
        """A message that came before, read anew from its bytes."""
        return next((message for _, message in self.all_kept((digest,))), None)

    def all_kept(self, digests: Iterable[str]) -> Iterator[tuple[str, Message]]:
        """Messages that came before, by the store's desk, each read anew under its digest; their bytes are asked for a
        few at a time, because each may be as large as a message may be."""
        wanted = [digest for digest in digests if digest]
        for at in range(0, len(wanted), _BYTES_OF):
            found = self._work.bytes_of(self._site.id, wanted[at : at + _BYTES_OF])
            for digest in wanted[at : at + _BYTES_OF]:
                message = parse(found[digest]) if found.get(digest) else None
                if isinstance(message, Message):
                    yield digest, message

    def letter(self, message_id: str) -> tuple[str, str, str] | None:
        """Reference, letter's name and recipient of a letter of ours."""
        known = self._known([message_id]).get(message_id)
        if known is None or not known.ours or not is_dispute(known.reference):
            return None
        written = [r for r in self._store.letters(self._site.id, known.reference) if r.message_id == message_id]
        return (known.reference, written[0].letter, written[0].recipient) if written else None

    def shown(self, ids: tuple[str, ...], sender: str, dispute: Dispute) -> Put | None:
        """The store's desk says what the newest letter of ours to ``sender`` among ``ids`` had put to them; None where
        there is none."""
        known = self._work.by_message_id(self._site.id, ids)
        theirs = {
            i for i, one in known.items() if one.ours and one.recipient == sender and one.reference == dispute.reference
        }
        rows = {r.message_id: r for r in self._store.letters(self._site.id, dispute.reference)} if theirs else {}
        for message_id in reversed(ids):
            if message_id in theirs and message_id in rows:
                sequence = rows[message_id].key.removeprefix(f"{dispute.reference}:").partition(":")[0]
                place = int(sequence) - 1 if sequence.isdigit() else -1
                return put_at(dispute, place) if 0 <= place < len(dispute.history) else None
        return None

    def ended_by(self, address: str, since: datetime) -> int:
        """The store's desk says how many disputes this address has brought to an end since then."""
        lately = decided_since(self._store, self._site.id, since)
        ends = [entry.event for entry in lately if entry.kind == DisputeClosed.__name__]
        return sum(isinstance(event, DisputeClosed) and event.by == address for event in ends)

    def held_answer(self, ids: tuple[str, ...], sender: str) -> str:
        """The store's desk gives the digest of the waiting message that this mail answers for, "" when it answers none.
        Only whoever the letter went to can answer it: its Message-ID cannot be guessed, and was sent to nobody else."""
        for known in self._known(ids).values():
            if known.reference.startswith(HELD) and known.ours and known.recipient == sender:
                return known.reference.removeprefix(HELD)
        return ""

    def roster_asked(self, ids: tuple[str, ...], sender: str) -> str:
        """The store's desk gives the agency whose roster the letter was about that this answers; "" where it answers
        none. Only whoever had that letter can answer it."""
        for known in self._known(ids).values():
            if known.reference.startswith(ROSTER) and known.ours and known.recipient == sender:
                return known.reference.removeprefix(ROSTER)
        return ""

    def answering(self, ids: tuple[str, ...], sender: str) -> Answering:
        """The store's desk says which letter of ours this reader answers, the newest of those named, when that is no
        dispute's."""
        known = self._known(ids)
        ours = [known[i].reference for i in ids if i in known and known[i].ours and known[i].recipient == sender]
        newest = ours[-1] if ours else ""
        if is_dispute(newest):
            return NOTHING_OF_OURS
        return Answering(newest.removeprefix(OFFICE) if newest.startswith(OFFICE) else "", anything=True)
