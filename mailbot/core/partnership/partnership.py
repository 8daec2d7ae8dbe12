"""A partnership, the owner of a procedure, with everything its rules are decided by: protocol, calendar, directory."""

from dataclasses import dataclass
from datetime import datetime

from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Role, Stage
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Intent, Person, Proof
from mailbot.core.record.questions_put import Put


@dataclass(frozen=True, slots=True)
class Partnership:
    """One partnership under one version of its protocol; a dispute is always decided under the version it keeps."""

    id: str
    protocol: Protocol
    calendar: Calendar
    directory: Directory

    def stage_of(self, dispute: Dispute) -> Stage:
        return self.protocol.stages[dispute.stage]

    def office(self) -> tuple[Person, ...]:
        """The partnership's office, whoever reads the digest: the Business Manager, by the
        protocol's own name for them."""
        return self.holders_of_offices(self.protocol.digest.to)

    def alarmed(self) -> tuple[Person, ...]:
        """Whom the partnership tells of danger: its office, and whoever stands in for it, so that somebody reads it."""
        return self.holders_of_offices((*self.protocol.digest.to, *self.protocol.digest.stand_in))

    @property
    def addresses(self) -> frozenset[str]:
        """The partnership's own addresses: its roles', those who stand in for a sector, and its mailbox."""
        named = {role.address.lower() for role in self.protocol.roles.values() if role.address}
        standing = {
            one.address.lower() for role in self.protocol.roles.values() for one in role.stand_in if one.address
        }
        return frozenset(named | standing | {self.protocol.mailbox.lower()})

    def may_write_to(self, address: str) -> bool:
        """Addresses the partnership may write to: an approved agency's, or its own. Nobody else is ever written to
        (G5), and nobody whose row was struck out of the directory."""
        return address in self.addresses or self.directory.is_approved(address)

    def in_place_of(self, person: Person) -> Person:
        """Whom the partnership writes to in place of an officer the directory says is not active any more: the deputy
        (F38); else the person."""
        officer = self.directory.find_officer(person.address)
        if officer is None or officer.active:
            return person
        return self.directory.deputy_of(person.address) or person

    def officers_in(self, role: Role, agency: str) -> tuple[Person, ...]:
        """The partnership's officers of an agency who may fill a role: those in the post that the file would rather
        have, where there is one, else those in its post."""
        rather = self.directory.holders(agency, role.rather) if role.rather else ()
        return rather or self.directory.holders(agency, role.post)

    def holders_of_offices(self, roles: tuple[str, ...]) -> tuple[Person, ...]:
        """The partnership's own roles among ``roles``, as people to write to."""
        found = (self.protocol.roles[r] for r in roles if r in self.protocol.roles)
        return tuple(Person(role.address.lower(), role.title) for role in found if role.address)


def begins_at(raiser: Person, protocol: Protocol, directory: Directory) -> str:
    """Where what somebody raises begins, when they name no stage: where the file has their own concerns begin, by the
    post that the partnership's directory has them in; else the usual stage."""
    for stage in reversed(tuple(protocol.stages.values())):
        if any(_has_post(raiser, protocol.roles[name], directory) for name in stage.begun_by):
            return stage.id
    return protocol.usual_start()


def _has_post(person: Person, role: Role, directory: Directory) -> bool:
    officer = directory.find_officer(person.address)
    return officer is not None and bool({role.post, role.rather} & {*officer.posts} - {""})


@dataclass(frozen=True, slots=True)
class Request:
    """What a message asks, by whatever road it came: the act and what it is about (``intent``), who asks it, what
    shows that it is they, and in answer to which letter of ours: what that put to them; None where it answers none.

    ``written`` is when its writer says that it was written: it moves no clock, and agrees to nothing that was put
    later. ``readers`` are those to whom it was written, where that was not the mailbox alone: whoever else it was
    addressed to, and whoever had a copy; empty for what was written to the mailbox, whoever had a copy.
    """

    intent: Intent
    by: Person
    at: datetime
    message: str = ""  # Message-ID
    digest: str = ""
    proof: Proof = Proof.PROVEN
    answers: Put | None = None
    written: datetime | None = None
    readers: frozenset[str] = frozenset()


def side_of(dispute: Dispute, person: Person) -> Side | None:
    """The side for which a person of the partnership writes: as recorded in the dispute, else by their agency."""
    party = dispute.party(person.address)
    if party is not None and party.side in (Side.RAISING, Side.RECEIVING):
        return party.side
    if person.agency and person.agency == dispute.raising:
        return Side.RAISING
    if person.agency and person.agency in dispute.receiving_agencies:
        return Side.RECEIVING
    return None
