"""What is still missing from a dispute's record, by key: the names to be exchanged, the fields asked for."""

from collections.abc import Iterator

from mailbot.core.decisions.moving import sides_of
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role

# Words of ``ask_for`` that name people or dates with records of their own, not fields.
_NOT_FIELDS = ("line_manager", "senior_manager", "agreed date", "plan of action", "is the concern")
# What every procedure turns on: "What is crucial throughout this is the impact on the child" (NS "Issues").
CRUCIAL = ("impact",)


def missing(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """Keys of roles and fields the procedure asks for by this stage and that nobody has given, in its order."""
    return (*_people(dispute, protocol), *_fields(dispute, protocol))


def _people(dispute: Dispute, protocol: Protocol) -> Iterator[str]:
    """The other practitioner, the next stage's people, and whoever the protocol wants exchanged now (NS-08)."""
    order = protocol.order()
    place = order.index(dispute.stage)
    near = [protocol.stages[s] for s in order[place : place + 2]]
    soon = {name for stage in near for name in (*stage.raising, *stage.receiving)} | set(near[0].also_consult)
    for role in protocol.roles.values():
        due = role.source is Source.EMAIL and (role.id in soon or _is_asked(role, order, place))
        if not due:
            continue
        held = {p.side for p in dispute.filling(role.id)}
        lacking = [side for side in sides_of(role) if side not in held]
        if not lacking or _is_past(role, order, place, protocol):
            continue
        if role.side is Side.EACH:
            yield f"{role.id} ({'each' if len(lacking) == 2 else lacking[0].value} side)"
        else:
            yield role.id


def _is_asked(role: Role, order: tuple[str, ...], place: int) -> bool:
    return role.ask_at in order and order.index(role.ask_at) <= place


def _is_past(role: Role, order: tuple[str, ...], place: int, protocol: Protocol) -> bool:
    """Acts only at stages that are over: nobody is asked for who would have discussed it then."""
    acts = [n for n, s in enumerate(order) if role.id in (*protocol.stages[s].raising, *protocol.stages[s].receiving)]
    return bool(acts) and max(acts) < place


def _fields(dispute: Dispute, protocol: Protocol) -> Iterator[str]:
    asked = dict.fromkeys((*protocol.stages[dispute.stage].ask_for, *CRUCIAL))
    for key in asked:
        if (
            not key.startswith(_NOT_FIELDS)
            and key not in dispute.fields
            and not (key == "decision_on" and dispute.decision_on)
        ):
            yield key
