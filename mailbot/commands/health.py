"""How one partnership is doing, as values: ``status`` prints them, and monitoring reads them as JSON."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.shell.store import Store
from mailbot.shell.store_notes import newest_entry, troubles
from mailbot.shell.store_values import Waiting
from mailbot.turns.site import Site

NEEDED = ("take in", "tick", "post")
TURNS = (*NEEDED, "report")
LETTER_MAY_WAIT = timedelta(hours=2)  # past the longest back-off: the server refuses us, or is gone


@dataclass(frozen=True, slots=True)
class Health:
    """``turns``: when each last succeeded. ``wrong`` is empty when all is well, else each trouble in words."""

    partnership: str
    turns: dict[str, datetime | None]
    drained: datetime | None
    waiting: Waiting
    open: int
    disputes: int
    next_due: datetime | None
    head: str
    troubles: tuple[tuple[str, datetime], ...]
    wrong: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not self.wrong


def health(site: Site, store: Store, now: datetime, within: timedelta) -> Health:
    """Well means: mail was taken in, time looked at and letters sent within ``within``, and no letter is stuck."""
    turns = {turn: store.last(site.id, turn) for turn in TURNS}
    waiting = store.waiting(site.id)
    rows = store.dispute_rows(site.id)
    last = newest_entry(store, site.id)
    return Health(
        site.id,
        turns,
        store.last_drained(site.id, site.inbox),
        waiting,
        sum(row.state != "closed" for row in rows),
        len(rows),
        store.next_due(site.id),
        f"{last.reference} #{last.sequence} {last.hash[:16]}" if last else "",
        tuple((trouble.words, trouble.at) for trouble in troubles(store, site.id, now - within)),
        tuple(_wrong(turns, waiting, now, within)),
    )


def _wrong(turns: dict[str, datetime | None], waiting: Waiting, now: datetime, within: timedelta) -> list[str]:
    minutes = int(within.total_seconds() // 60)
    said = {
        "take in": "the mailbox has not been read",
        "tick": "limits have not been looked at",
        "post": "letters have not been sent",
    }
    wrong = [
        f"{said[turn]} for more than {minutes} minutes" if turns[turn] else f"{said[turn]} yet"
        for turn in NEEDED
        if (last := turns[turn]) is None or now - last > within
    ]
    if waiting.oldest_letter is not None and now - waiting.oldest_letter > LETTER_MAY_WAIT:
        wrong.append("a letter has waited for more than two hours to be sent")
    return wrong
