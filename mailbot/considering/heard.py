"""A message as it was heard: its writer's own words, who they are here, what they ask. Nothing is decided yet."""

from dataclasses import dataclass
from datetime import datetime

from mailbot.considering.considered import Considered
from mailbot.considering.gatekeeping import Disposition
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Intent, Person
from mailbot.core.procedure.partnership import Partnership, Request
from mailbot.mail.arriving.message import Message
from mailbot.mail.arriving.reply import Words
from mailbot.mail.papers.returned import papers_in
from mailbot.mail.understanding.chains import is_forward
from mailbot.mail.understanding.interpret import Said
from mailbot.mail.understanding.opening import has_tag_in


@dataclass(frozen=True, slots=True)
class Reading:
    """A message read, before it is decided."""

    message: Message
    words: Words
    said: Said
    intents: tuple[Intent, ...]
    received: datetime
    partnership: Partnership
    put_there: bool = False  # a person at the partnership said which dispute it belongs to

    def request(self, intent: Intent) -> Request:
        return Request(intent, self.said.sender, self.received, self.message.message_id, self.message.digest)

    @property
    def is_tagged(self) -> bool:
        """Does its subject say that it raises something?"""
        return has_tag_in(self.said.subject, self.partnership.protocol)

    @property
    def outsiders(self) -> tuple[str, ...]:
        """Addresses on the message that belong to no agency: a parent, somebody's private account (G5)."""
        everybody = [a.address for a in (*self.message.to, *self.message.cc) if a.address]
        return tuple(a for a in everybody if not self.partnership.may_write_to(a))

    def result(self, disposition: Disposition, reason: str, **more: object) -> Considered:
        flags = tuple(flag for intent in self.intents for flag in intent.flags)
        flags += tuple(f"non-professional address copied: {a}" for a in self.outsiders)
        return Considered(
            disposition, reason, self.said.sender, self.intents, words=self.words, message=self.message, flags=flags,
            **more,  # type: ignore[arg-type]  # each caller names fields of Considered
        )  # fmt: skip


def said_in(
    message: Message, words: Words, received: datetime, partnership: Partnership, dispute: Dispute | None
) -> Said:
    """What was said, by whom and to whom, with the people as the directory and the dispute know them."""

    def person(address: str, name: str) -> Person:
        return with_agency(partnership.directory.person(address, name), dispute, partnership)

    everybody = [a.address for a in (*message.to, *message.cc)]
    mailbox = partnership.protocol.mailbox.lower()
    today = partnership.calendar.local(received).date()
    return Said(
        own=words.own, subject=message.subject, sender=person(message.sender.address, message.sender.name),
        to=tuple(person(a.address, a.name) for a in message.to if a.address not in ("", mailbox)),
        cc=tuple(person(a.address, a.name) for a in message.cc if a.address not in ("", mailbox)),
        received=received, signature=words.signature, attachments=tuple(a.name for a in message.attachments),
        forwarded=words.forwarded or (bool(words.quoted) and is_forward(message.subject)),
        interleaved=words.interleaved, quoted=words.quoted, others=words.forwarded,
        mailbox_only=all(a in ("", mailbox) for a in everybody),
        papers=papers_in(message.attachments, dispute, partnership, today) if dispute else (),
    )  # fmt: skip


def with_agency(person: Person, dispute: Dispute | None, partnership: Partnership) -> Person:
    """At a domain that several agencies share, the one that is in this dispute (a council is often two agencies)."""
    if person.agency or dispute is None:
        return person
    party = dispute.party(person.address)
    if party is not None and party.person.agency:
        return party.person
    at_domain = {a.name for a in partnership.directory.agencies_at(person.address)}
    here = [name for name in (dispute.raising, *dispute.receiving_agencies) if name in at_domain]
    return Person(person.address, person.name, here[0], person.designation) if len(here) == 1 else person
