"""Who is told besides the reader of a letter: its words that others have been told, asked or sent something.

They rest on the letters of the same moment and on nothing else, and stand in no template: what is not written to
somebody cannot be said to have been.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mailbot.core.decisions.authority import deciders
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Person
from mailbot.mail.letters.whose_turn import agency_shown, office_title
from mailbot.mail.letters.wording import listed, opening, person_shown, plain_words


@dataclass(frozen=True, slots=True)
class ToldBesides:
    """Whole sentences, "" where no letter of the moment bears them out."""

    office: str = ""  # "The Business Manager has been told."
    raising: str = ""  # "Larkfield Primary School has been told."
    asked: str = ""  # "The other side has been asked to confirm."
    writer: str = ""  # of whoever wrote what it is about: "They have been sent the numbers to ring."
    deciding: bool = False  # those who decide have a letter of it


NOBODY_BESIDES = ToldBesides()

# Of a letter's name: by which letter whoever it speaks of has been asked, and the words for it.
_ASKED = {
    "proposed_told": ("proposed", "to confirm"),
    "date_proposed": ("date_proposed", "whether it agrees"),
}
_OF_ITS_WRITER = {
    "urgent_told": ("urgent", "They have been sent the numbers to ring."),
    "outsider_told": ("outsider", "Whoever sent it has been asked to check what was shared."),
}


def told_besides(notice: Notice, along: Sequence[Notice], dispute: Dispute | None, protocol: Protocol) -> ToldBesides:
    """What the letter of ``notice`` may say of the other letters of its moment, ``along``."""
    others = [other for other in along if other.to.address != notice.to.address]
    offices = _addresses(protocol, protocol.digest.to)
    sides = [(other, side_of(dispute, other.to)) for other in others] if dispute is not None else []
    return ToldBesides(
        office=_office(notice, protocol) if any(other.to.address in offices for other in others) else "",
        raising=f"{_raising(dispute)} has been told." if any(side is Side.RAISING for _, side in sides) else "",
        asked=_asked(notice, others, dispute),
        writer=_of_writer(notice, others),
        deciding=dispute is not None and _deciding(along, dispute, protocol),
    )


def _addresses(protocol: Protocol, roles: Iterable[str]) -> frozenset[str]:
    found = (protocol.roles[role] for role in roles if role in protocol.roles)
    return frozenset(role.address.lower() for role in found if role.address)


def _office(notice: Notice, protocol: Protocol) -> str:
    name = office_title(protocol)
    if notice.letter == "urgent":
        return f"I have told {name} that an urgent message arrived."
    return f"{opening(name)} has been told."


def _raising(dispute: Dispute | None) -> str:
    return agency_shown(dispute, Side.RAISING) if dispute is not None else ""


def _deciding(along: Sequence[Notice], dispute: Dispute, protocol: Protocol) -> bool:
    deciding = deciders(dispute, protocol)
    here = {party.person.address for role in deciding for party in dispute.filling(role)}
    here |= _addresses(protocol, deciding)
    return any(other.to.address in here for other in along)


def _asked(notice: Notice, others: Sequence[Notice], dispute: Dispute | None) -> str:
    """Of a letter that something was put to others: to whom, by their letters."""
    if notice.letter == "refused":
        asked = [person_shown(other.to) for other in others if other.letter == "question" and other.acts]
        return f"Asked about it: {listed(dict.fromkeys(asked))}." if asked else ""
    letter, what = _ASKED.get(notice.letter, ("", ""))
    put_to = [other.to for other in others if other.letter == letter and other.acts]
    if dispute is None or not put_to:
        return ""
    if len(dispute.receiving_agencies) < 2:
        return f"The other side has been asked {what}."
    agencies = dict.fromkeys(_agency(person, dispute) for person in put_to)
    return f"Asked {what.replace('it agrees', 'they agree')}: {listed(filter(None, agencies))}."


def _agency(person: Person, dispute: Dispute) -> str:
    party = dispute.party(person.address)
    return plain_words(dispute.agency_of(party) if party else person.agency, 120)


def _of_writer(notice: Notice, others: Sequence[Notice]) -> str:
    letter, words = _OF_ITS_WRITER.get(notice.letter, ("", ""))
    by = getattr(notice.event, "by", None)
    writer = by.address if isinstance(by, Person) else ""
    return words if any(other.letter == letter and other.to.address == writer for other in others) else ""


def others_told(others: int | None) -> str:
    """Who is told besides the office of what its line did: how many ``others`` have a letter; "" for None."""
    if others is None:
        return ""
    many = f"{others} other {'person' if others == 1 else 'people'}"
    return f"A letter about it goes to {many}." if others else "Nobody else has a letter about it."
