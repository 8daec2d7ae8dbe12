"""A dispute as it stood at an instant, told from its own history: a past week can be made again as it was."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute, fold


def as_of(dispute: Dispute, end: datetime) -> Dispute | None:
    """``dispute`` from what happened before ``end``; None when it had not been opened.

    By the instants events count from: a message that came before ``end`` belongs before it, whenever it was read.
    """
    places = [place for place, event in enumerate(dispute.history) if event.at < end]
    if len(places) == len(dispute.history):
        return dispute
    if places[:1] != [0]:
        return None
    moved = {old: new for new, old in enumerate(places)}
    return fold(_renumbered(dispute.history[place], moved) for place in places)


def _renumbered(event: e.Event, moved: dict[int, int]) -> e.Event:
    """WRONG names what it undoes by its place in the history, and some places are not there yet."""
    if not isinstance(event, e.MisreadUndone):
        return event
    return replace(event, places=tuple(moved[place] for place in event.places if place in moved))


def all_as_of(disputes: Iterable[Dispute], end: datetime) -> tuple[Dispute, ...]:
    return tuple(then for dispute in disputes if (then := as_of(dispute, end)) is not None)
