"""What a letter put to its reader: the proposal, the date and the agreement that stood when it was written.

Each is known by its place in the dispute's history, which only grows, so that an answer counts for what its writer was
shown and for nothing that has taken its place since. A letter knows its place by its event, a button by its token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute


@dataclass(frozen=True, slots=True)
class Put:
    """Places of the events that made each; None where there was nothing of the kind."""

    proposal: int | None = None
    date: int | None = None
    agreed: int | None = None

    @property
    def text(self) -> str:
        return ".".join("" if place is None else str(place) for place in (self.proposal, self.date, self.agreed))


NOTHING_PUT = Put()


def put_now(dispute: Dispute) -> Put:
    return puts(dispute.history)[-1]


def put_at(dispute: Dispute, place: int) -> Put:
    """As it stood right after the event at ``place``."""
    return puts(dispute.history[: place + 1])[-1]


def puts(history: Sequence[e.Event]) -> tuple[Put, ...]:
    """The questions put to people at each place of a history, from its first event on."""
    found: list[Put] = []
    undone: set[int] = set()
    for place, event in enumerate(history):
        if isinstance(event, e.MisreadUndone):
            undone |= set(event.places)
            put = NOTHING_PUT
            for n, past in enumerate(history[:place]):
                put = put if n in undone else _after(put, n, past)
            found.append(put)
        else:
            found.append(_after(found[-1] if found else NOTHING_PUT, place, event))
    return tuple(found) or (NOTHING_PUT,)


def _after(put: Put, place: int, event: e.Event) -> Put:
    match event:
        case e.ResolutionProposed():
            return replace(put, proposal=place, agreed=place)
        case e.DecisionMade():
            return replace(put, proposal=None, agreed=place)
        case e.ResolutionObjected() | e.DisputeReopened():
            return replace(put, proposal=None)
        case e.StageEntered():
            return replace(put, proposal=put.proposal if event.how == "limit" else None, date=None)
        case e.DateProposed():
            return replace(put, date=place)
        case e.DateAgreed() | e.DateRefused():
            return replace(put, date=None)
        case _:
            return put
