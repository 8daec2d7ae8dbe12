"""What a letter put to its reader: the proposal, the date, the agreement and the decision that stood when it was
written, and the stay in a stage, which is what a referral or a move up is of.

Each is known by its place in the dispute's history, which only grows, so that an answer counts for what its writer was
shown and for nothing that has taken its place since. A letter knows its place by its event, a button by its token.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import MessageFiled


@dataclass(frozen=True, slots=True)
class Put:
    """Places of the events that made each; None where there was nothing of the kind. ``decision`` is what one of
    several who decide together has said; ``stay`` what began the stay; ``about`` what the letter itself told of, None
    for a button, which outlives its letter."""

    proposal: int | None = None
    date: int | None = None
    agreed: int | None = None
    decision: int | None = None
    stay: int | None = field(default=None, compare=False)  # a button's token has it already
    about: int | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        said = (self.proposal, self.date, self.agreed, *(() if self.decision is None else (self.decision,)))
        return ".".join("" if place is None else str(place) for place in said)


NOTHING_PUT = Put()


def put_now(dispute: Dispute) -> Put:
    return puts(dispute.history)[-1]


def put_at(dispute: Dispute, place: int) -> Put:
    """What was put as a letter about the event at ``place`` was written: after everything that came with it."""
    history, end = dispute.history, place + 1
    while end < len(history) and history[end].at == history[place].at and not isinstance(history[end], MessageFiled):
        end += 1
    return replace(puts(history[:end])[-1], about=place)


def puts(history: Sequence[e.Event]) -> tuple[Put, ...]:
    """The questions put to people at each place of a history, from its first event on."""
    found: list[Put] = []
    undone: set[int] = set()
    for place, event in enumerate(history):
        if isinstance(event, e.MisreadUndone):
            undone |= set(event.places)
            put = NOTHING_PUT
            for n, past in enumerate(history[:place]):
                put = put if n in undone else _after(put, n, past, history)
            found.append(put)
        else:
            found.append(_after(found[-1] if found else NOTHING_PUT, place, event, history))
    return tuple(found) or (NOTHING_PUT,)


def _after(put: Put, place: int, event: e.Event, history: Sequence[e.Event]) -> Put:
    match event:
        case e.ResolutionProposed():
            return replace(put, proposal=place, agreed=place)
        case e.DecisionMade():
            return replace(put, proposal=None, agreed=place, decision=None)
        case e.DecisionPut():
            before = history[put.decision] if put.decision is not None else None
            same = isinstance(before, e.DecisionPut) and before.words.split() == event.words.split()
            return put if same else replace(put, decision=place)  # a second member says the same: the question stands
        case e.ResolutionObjected():
            return replace(put, proposal=None)
        case e.DisputeReopened():
            return replace(put, proposal=None, date=None, decision=None, stay=place)
        case e.StageEntered():
            stands = put.proposal if event.how == "limit" else None
            return replace(put, proposal=stands, date=None, decision=None, stay=place)
        case e.DateProposed():
            return replace(put, date=place)
        case e.DateAgreed() | e.DateRefused():
            return replace(put, date=None)
        case _:
            return put
