"""A message read, as values: what it was found to be, its writer's own words, what follows for each dispute."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.directory import Directory
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Intent, Person, Proof
from mailbot.core.record.questions_put import Put
from mailbot.door.gatekeeping import Disposition
from mailbot.mail.body.own_words import OwnWords
from mailbot.mail.documents.returned_form import FormsSent, papers_in
from mailbot.mail.incoming.automatic_mail import Kind
from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.incoming.message import Message, Unreadable, is_email
from mailbot.mail.incoming.threading import Known
from mailbot.mail.reading import Reading
from mailbot.mail.text.forwarded_chains import is_forward
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.opening import has_tag_in

# One message considered, as values: what it was found to be, and what follows from it for each dispute.


class Desk(Protocol):
    """What is known before this message: the store's answers, or those given to ``explain``."""

    @property
    def prefixes(self) -> tuple[str, ...]: ...
    @property
    def servers(self) -> tuple[str, ...]: ...
    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]: ...
    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]: ...
    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None: ...
    def dispute(self, reference: str) -> Dispute | None: ...
    def version(self, dispute: Dispute) -> Partnership: ...
    def open_disputes(self, address: str) -> Sequence[Dispute]: ...
    def new_reference(self, year: int) -> str: ...
    def is_ours(self, message_id: str) -> bool: ...
    def kept(self, digest: str) -> Message | None: ...
    def all_kept(self, digests: Iterable[str]) -> Iterator[tuple[str, Message]]: ...
    def shown(self, ids: tuple[str, ...], sender: str, dispute: Dispute) -> Put | None: ...
    def ended_by(self, address: str, since: datetime) -> int: ...
    def letter(self, message_id: str) -> tuple[str, str, str] | None: ...


@dataclass(frozen=True, slots=True)
class DisputeStep:
    """What follows for one dispute: it was ``before`` (None: it opens), then ``events``."""

    reference: str
    before: Dispute | None
    events: tuple[Event, ...]
    partnership: Partnership

    @property
    def after(self) -> Dispute:
        if self.before is None:
            return fold(self.events)
        dispute = self.before
        for event in self.events:
            dispute = dispute.after(event)
        return dispute

    def case(self, now: datetime) -> Case:
        """The dispute's case once this has happened."""
        return Case(self.after, self.partnership, now)


@dataclass(frozen=True, slots=True)
class Considered:
    """The whole reading. ``plain`` are letters that belong to no dispute; ``held`` True: it waits for a person."""

    disposition: Disposition
    reason: str
    sender: Person
    intents: tuple[Intent, ...] = ()
    steps: tuple[DisputeStep, ...] = ()
    plain: tuple[Notice, ...] = ()
    held: bool = False
    asked: str = ""
    kind: Kind | None = None
    words: OwnWords | None = None
    flags: tuple[str, ...] = ()
    message: Message | Unreadable | None = field(default=None, repr=False)
    about_held: str = ""  # the waiting message, by its digest, for which an answer to its letters counts


# A message as it was heard: its writer's own words, who they are here, what they ask. Nothing is decided yet.


@dataclass(frozen=True, slots=True)
class HeardMail:
    """A message read, before it is decided."""

    reading: Reading
    said: Said
    intents: tuple[Intent, ...]
    received: datetime
    partnership: Partnership
    put_there: bool = False  # a person at the partnership said which dispute it belongs to
    looked_at: bool = False  # a person at the partnership let it in
    proof: Proof = Proof.PROVEN
    answers: Put | None = None  # what the letter of ours that it answers had put to its writer
    neighbours: Mapping[str, Directory] = field(default_factory=dict)  # see ``Door``
    brought: tuple[Event, ...] = ()  # what it brings with it: its sender's part in the dispute, as somebody's deputy

    def request(self, intent: Intent) -> Request:
        return Request(
            intent,
            self.said.sender,
            self.received,
            self.message.message_id,
            self.message.digest,
            self.proof,
            self.answers,
            self.message.date,
            self._readers,
        )

    @property
    def _readers(self) -> frozenset[str]:
        """For whom a message as read was meant, besides the mailbox; nobody where it was sent to the mailbox itself."""
        beside = {self.partnership.protocol.mailbox.lower(), self.message.sender.address, ""}
        if not {one.address for one in self.message.to} - beside:
            return frozenset()
        return self.addressed - beside

    def case(self, dispute: Dispute) -> Case:
        """The case of the dispute that it belongs to, as it stands when the message comes."""
        return Case(dispute, self.partnership, self.received)

    @property
    def message(self) -> Message:
        return self.reading.message

    @property
    def words(self) -> OwnWords:
        return self.reading.words

    @property
    def is_tagged(self) -> bool:
        """Does its subject say that it raises something?"""
        return has_tag_in(self.said.subject, self.partnership.protocol)

    @property
    def outsiders(self) -> tuple[str, ...]:
        """Outsiders on a message as read: addresses on it that belong to no agency: a parent, somebody's private
        account (G5)."""
        everybody = [a.address for a in (*self.message.to, *self.message.cc) if a.address not in ("", *self.neighbours)]
        beside = [who for box, who in self.neighbours.items() if box in self.addressed]
        theirs = {a for a in everybody if any(who.is_approved(a) for who in beside)}
        return tuple(a for a in everybody if a not in theirs and not self.partnership.may_write_to(a))

    @property
    def addressed(self) -> frozenset[str]:
        return frozenset(a.address for a in (*self.message.to, *self.message.cc) if a.address)

    def result(self, disposition: Disposition, reason: str, **more: object) -> Considered:
        flags = tuple(flag for intent in self.intents for flag in intent.flags)
        flags += tuple(f"non-professional address copied: {a}" for a in self.outsiders)
        return Considered(
            disposition,
            reason,
            self.said.sender,
            self.intents,
            words=self.words,
            message=self.message,
            flags=flags,
            **more,  # type: ignore[arg-type]  # each caller names fields of Considered
        )


def said_in(
    message: Message, words: OwnWords, received: datetime, partnership: Partnership, dispute: Dispute | None
) -> Said:
    """A message as read: what was said, by whom and to whom, with the people as the directory and the dispute know
    them."""

    def person(address: str, name: str) -> Person:
        return agency_at_shared_domain(partnership.directory.person(address, name), dispute, partnership)

    everybody = [a.address for a in (*message.to, *message.cc)]
    mailbox = partnership.protocol.mailbox.lower()
    return Said(
        own=words.own if dispute else words.whole,
        subject=message.subject,
        sender=_spoken_for(person(message.sender.address, message.sender.name), dispute, partnership),
        to=tuple(person(a.address, a.name) for a in message.to if a.address not in ("", mailbox)),
        cc=tuple(person(a.address, a.name) for a in message.cc if a.address not in ("", mailbox)),
        received=received,
        signature=words.signature,
        attachments=tuple(a.name for a in message.attachments),
        forwarded=words.forwarded or (bool(words.quoted) and is_forward(message.subject)),
        interleaved=words.interleaved,
        quoted=words.quoted,
        others=words.forwarded,
        mailbox_only=all(a in ("", mailbox) for a in everybody),
        to_mailbox=mailbox in {a.address for a in message.to},
        papers=papers_in(_sent(message, words), Case(dispute, partnership, received)) if dispute else (),
        passed_on=words.passed_on if dispute else "",
        inside=words.inside,
        encloses_emails=any(is_email(one) for one in message.attachments),
    )


def _spoken_for(writer: Person, dispute: Dispute | None, partnership: Partnership) -> Person:
    """A message as read from a shared desk, or from somebody's assistant: it is the word of whoever the directory says
    they speak for, where exactly one of them is in this dispute and the writer is not; the record says who wrote."""
    if dispute is None or dispute.party(writer.address) is not None:
        return writer
    theirs = [p for p in partnership.directory.spoken_for(writer.address) if dispute.party(p.address) is not None]
    if len(theirs) != 1:
        return writer
    one = theirs[0]
    return Person(one.address, f"{one.shown} (written by {writer.shown})", one.agency, one.designation)


def _sent(message: Message, words: OwnWords) -> FormsSent:
    return FormsSent(message.attachments, message.links, words.own)


def agency_at_shared_domain(person: Person, dispute: Dispute | None, partnership: Partnership) -> Person:
    """A message as read from a domain that several agencies share: the one that is in this dispute (a council is often
    two agencies)."""
    if person.agency or dispute is None:
        return person
    party = dispute.party(person.address)
    if party is not None and party.person.agency:
        return party.person
    at_domain = {a.name for a in partnership.directory.agencies_at(person.address)}
    here = [name for name in (dispute.raising, *dispute.receiving_agencies) if name in at_domain]
    return Person(person.address, person.name, here[0], person.designation) if len(here) == 1 else person
