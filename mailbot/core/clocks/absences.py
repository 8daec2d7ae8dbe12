"""Who is away: what automatic replies have shown of the people of a dispute, until they write again.

An absence is noticed, never obeyed (D3): it stops no clock and hands nothing over. It says whom no letter can ask:
whoever has left is asked nothing more, and whoever is away when it is their turn is not asked alone.
"""

from collections.abc import Iterator
from datetime import date

from mailbot.core.clocks.limits import stage_limit
from mailbot.core.procedure.protocol import Protocol, Stage
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import AbsenceNoticed, MessageFiled


def left_for_good(dispute: Dispute) -> frozenset[str]:
    """The addresses whose own automatic reply says that they have left, and from which nobody has written since."""
    return frozenset(absent.person.address for absent in _standing(dispute) if absent.left)


def absence_of(address: str, dispute: Dispute, day: date) -> AbsenceNoticed | None:
    """The absence of whoever is away on ``day``, or has left; None for somebody who is there. One of no date lasts
    until they write again."""
    found = (one for one in _standing(dispute) if address and one.person.address == address)
    return next((one for one in found if one.left or one.until is None or one.until >= day), None)


def _standing(dispute: Dispute) -> Iterator[AbsenceNoticed]:
    """Of each address that was ever away, its newest absence, unless its holder has written since."""
    seen: set[str] = set()
    for past in reversed(dispute.history):
        if isinstance(past, MessageFiled):
            seen.add(past.by.address)
        elif isinstance(past, AbsenceNoticed) and past.person.address not in seen:
            seen.add(past.person.address)
            yield past


def is_past_limit(absent: AbsenceNoticed, dispute: Dispute, protocol: Protocol, calendar: Calendar) -> bool:
    """Does an absence last beyond the limit of the present stage? A day off inside it is nobody's business. Raises
    OutOfRange as ``limits``."""
    if absent.left or absent.until is None:
        return True
    limit = stage_limit(dispute, protocol, calendar)
    return limit is None or absent.until > calendar.local(limit.holds).date()


def acts_now(address: str, dispute: Dispute, protocol: Protocol) -> bool:
    """Is the present stage with somebody who may be away?"""
    return _acts(address, dispute, [protocol.stages[dispute.stage]])


def acts_later(address: str, dispute: Dispute, protocol: Protocol) -> bool:
    """Will a stage that is still to come be with somebody who may be away, and the present one is not?"""
    order = protocol.order()
    later = [protocol.stages[name] for name in order[order.index(dispute.stage) + 1 :]]
    return _acts(address, dispute, later) and not acts_now(address, dispute, protocol)


def first_turn(address: str, dispute: Dispute, protocol: Protocol) -> str:
    """The stage at which it comes to somebody who may be away: the first after the present one; "" where none does."""
    order = protocol.order()
    later = order[order.index(dispute.stage) + 1 :]
    return next((name for name in later if _acts(address, dispute, [protocol.stages[name]])), "")


def _acts(address: str, dispute: Dispute, stages: list[Stage]) -> bool:
    roles = {role for stage in stages for role in (*stage.raising, *stage.receiving)}
    return any(party.role in roles and party.person.address == address for party in dispute.parties)
