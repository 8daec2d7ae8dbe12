"""Who has the ball, what happens otherwise, and who everybody is here: a dispute's present, said in names.

Facts only, both sides alike (nobody is late, nobody is to blame): "Waiting on", never "X has failed to".
"""

from dataclasses import dataclass

from mailbot.core.closed_lists import AtLimit, Side
from mailbot.core.directory import Directory
from mailbot.core.dispute import Dispute, Party, State
from mailbot.core.intents import Person
from mailbot.core.protocol import Protocol, Role, Stage
from mailbot.mail.wording import listed, person_shown, plain


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a letter is to: their party entry if they have one, else the partnership's role they fill."""

    person: Person
    party: Party | None
    office: str  # id of the partnership's role, "" for a party
    acts: bool

    @property
    def side(self) -> Side | None:
        return self.party.side if self.party else None


def reader_of(person: Person, dispute: Dispute, protocol: Protocol, acts: bool) -> Reader:
    party = dispute.party(person.address)
    office = "" if party else _office(person.address, protocol)
    return Reader(party.person if party and party.person.name else person, party, office, acts)


def _office(address: str, protocol: Protocol) -> str:
    return next((r.id for r in protocol.roles.values() if address and r.address.lower() == address), "")


def other(side: Side) -> Side:
    return Side.RECEIVING if side is Side.RAISING else Side.RAISING


def roles_at(stage: Stage, side: Side) -> tuple[str, ...]:
    return stage.raising if side is Side.RAISING else stage.receiving


def agency_shown(dispute: Dispute, side: Side) -> str:
    """The agency's name; "the other agency" while it is not known."""
    return plain(dispute.agency(side), 120) or "the other agency"


def filling(role: Role, side: Side, dispute: Dispute, directory: Directory) -> tuple[str, ...]:
    """Whoever fills ``role`` for ``side``, as shown; the role and agency themselves while nobody is named."""
    if role.side is Side.PARTNERSHIP:
        return (f"the {role.title}",)
    named = tuple(p.person for p in dispute.filling(role.id) if p.side in (side, Side.EACH, Side.OTHER))
    if not named and role.post and dispute.agency(side):
        named = directory.holders(dispute.agency(side), role.post)
    if named:
        return tuple(person_shown(person) for person in named)
    return (f"{_with_article(role.title)} at {agency_shown(dispute, side)} (name still needed)",)


def _with_article(title: str) -> str:
    return f"the {title[:1].lower()}{title[1:]}" if title[1:2].islower() else f"the {title}"


def acting(dispute: Dispute, protocol: Protocol, directory: Directory, sides: tuple[Side, ...]) -> tuple[str, ...]:
    """Everybody the present stage is with, on ``sides``; those who decide, where the partnership does."""
    stage = protocol.stages[dispute.stage]
    roles = protocol.roles
    if stage.decided_by and dispute.state is State.OPEN:
        return tuple(f"the {roles[r].title}" for r in stage.decided_by[:1])
    found: list[str] = []
    for side in sides:
        for role in roles_at(stage, side):
            found += filling(roles[role], side, dispute, directory) if role in roles else ()
    return tuple(dict.fromkeys(found))


def ball(dispute: Dispute, protocol: Protocol, directory: Directory) -> str:
    """ "Waiting on …", "" once it is closed."""
    if not dispute.is_open:
        return ""
    both = (Side.RAISING, Side.RECEIVING)
    if dispute.state is State.PROPOSED:
        waiting = tuple(side for side in both if side not in dispute.confirmed)
        return f"Waiting on {listed(acting(dispute, protocol, directory, waiting))} to confirm what was agreed."
    names = acting(dispute, protocol, directory, both)
    if not names:
        return ""
    spoken = " to speak to each other" if len(names) > 1 and not protocol.stages[dispute.stage].decided_by else ""
    return f"Waiting on {listed(names)}{spoken}."


def next_stage(dispute: Dispute, protocol: Protocol) -> Stage | None:
    return protocol.stages.get(protocol.stages[dispute.stage].next)


def stage_full(stage: Stage, protocol: Protocol) -> str:
    """ "Stage 3 (Senior manager to senior manager)"."""
    return f"{protocol.stage_name(stage.id)} ({stage.name})"


def is_referral(stage: Stage) -> bool:
    """Is ``stage`` reached by referring to the partnership, rather than by moving up?"""
    return bool(stage.decided_by or stage.sent_through)


def otherwise(dispute: Dispute, protocol: Protocol, at_limit: AtLimit, limit: str) -> str:
    """What happens when ``limit`` (in words) goes by and nothing is recorded; "" where nothing does."""
    following = next_stage(dispute, protocol)
    if dispute.state is State.PROPOSED:
        return "Silence does not close it: it stays open until the other side has answered."
    if at_limit is AtLimit.MOVE_UP and following:
        return f"If nothing is recorded by {limit}, it goes to {stage_full(following, protocol)}."
    if at_limit is AtLimit.ASK and following:
        asked = "referred" if is_referral(following) else "moved"
        return (
            f"If nothing is recorded by {limit}, {agency_shown(dispute, Side.RAISING)} will be asked whether it is to "
            f"be {asked} to {stage_full(following, protocol)}."
        )
    if at_limit in (AtLimit.FLAG, AtLimit.ASK):
        return f"If nothing is recorded by {limit}, {office_title(protocol)} will be told."
    if at_limit is AtLimit.REMIND:
        return f"If nothing is recorded by {limit}, a reminder goes out."
    return ""


def office_title(protocol: Protocol) -> str:
    """ "the NSSCP Business Manager": whoever reads the digest."""
    role = next((protocol.roles[r] for r in protocol.digest.to if r in protocol.roles), None)
    return f"the {role.title}" if role else "the partnership's office"


def after_silence(protocol: Protocol) -> str:
    """The one sentence about duty that every letter carries (G21)."""
    return (
        "Recording this here does not make a referral and does not pass on your duty. "
        f"Keeping the {protocol.subject} safe stays with you and your agency."
    )
