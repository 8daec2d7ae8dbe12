"""Whether a mailbot is well: when reading, looking at limits, sending and filing last succeeded, and what is wrong.

Well is never said of what nobody tried. Each line says since when it is not so. As numbers for Prometheus it holds no
name, address or reference; as a heartbeat it is a file that is written and an address that is fetched while all is
well, so that whoever watches them hears of a machine that cannot say anything any more.
"""

import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.ledger import Entry
from mailbot.mail.letters.wording import instant_short
from mailbot.mail.second_reader.linear_model import second_reader
from mailbot.shell.store.queries import newest_entry, troubles
from mailbot.shell.store.store import Store
from mailbot.shell.store.stored_values import Waiting
from mailbot.turns.faults_of_ours import OWN_FAULT
from mailbot.turns.running_partnership import Site
from mailbot.watching.clock_watch import CLOCK_WRONG, is_future
from mailbot.watching.file_watch import NOT_SOUND, UNSOUND_ROW
from mailbot.watching.sending_channel import down
from mailbot.watching.witness_in_mailbox import STANDS_STILL, WHAT_TO_DO

_log = logging.getLogger("mailbot")
# What must succeed again and again, and what it means where it does not.
NEEDED = {
    "take in": "the mailbox has not been read",
    "tick": "limits have not been looked at",
    "send": "letters have not been sent",
    "file": "nothing has been filed in the mailbox",
}
TURN_NAMES = (*NEEDED, "report")
MAY_WAIT = timedelta(hours=2)  # a letter or a filing: past the longest back-off, the server refuses us, or is gone
WITHIN = timedelta(minutes=15)
FETCHED_WITHIN = 10.0  # seconds


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
    refused: int = 0

    @property
    def is_well(self) -> bool:
        return not self.wrong


def health(site: Site, store: Store, now: datetime, within: timedelta = WITHIN) -> Health:
    """How a partnership's mailbot is. Well means: mail was read to its end, limits looked at, letters sent and messages
    filed within ``within``, nothing is stuck, and nothing is known to be wrong."""
    turns = {turn: store.last(site.id, turn) for turn in TURN_NAMES}
    waiting, drained = store.waiting(site.id), store.last_drained(site.id, site.inbox)
    states, last = store.disputes_by_state(site.id), newest_entry(store, site.id)
    calendar = site.current.calendar
    recent = tuple((trouble.words, trouble.at) for trouble in troubles(store, site.id, now - within))
    return Health(
        site.id,
        turns,
        drained,
        waiting,
        sum(states.values()) - states.get("closed", 0),
        sum(states.values()),
        store.next_due(site.id),
        f"{last.reference} #{last.sequence} {last.hash[:16]}" if last else "",
        recent,
        (
            *_known(site, store),
            *_ahead(last, calendar, now),
            *(words for words, _ in recent if words.startswith(OWN_FAULT)),
            *_late(turns, drained, calendar, now - within, now),
            *_stuck(waiting, calendar, now),
        ),
        store.letters_by_state(site.id).get("refused", 0),
    )


def _known(site: Site, store: Store) -> list[str]:
    """What is known to be wrong, whatever the turns say."""
    found = [f"{STANDS_STILL}; {WHAT_TO_DO}"] if store.last(site.id, STANDS_STILL) is not None else []
    for beginning in (CLOCK_WRONG, NOT_SOUND, UNSOUND_ROW):
        found += sorted(store.noted(site.id, beginning))
    if (channel := down(store, site.id)) is not None:
        found.append(f"letters have not left since {_at(channel.since, site.current.calendar)}: {channel.words}")
    deaf = second_reader()
    if isinstance(deaf, str):
        found.append(f"{deaf}; what the rules do not understand is asked about")
    return found


def _ahead(last: Entry | None, calendar: Calendar, now: datetime) -> list[str]:
    """What is wrong where the record's newest entry lies in the future: by a clock that was ahead, or is behind."""
    if last is None or not is_future(last.at, now):
        return []
    return [f"the record's newest entry is of {_at(last.at, calendar)}: this machine's clock is behind, or was ahead"]


def _late(
    turns: dict[str, datetime | None], drained: datetime | None, calendar: Calendar, since: datetime, now: datetime
) -> list[str]:
    wrong = []
    for turn, words in NEEDED.items():
        last = turns[turn]
        if last is None:
            wrong.append(f"{words} yet")
        elif is_future(last, now):
            wrong.append(f"{words} by a right clock: that was noted for {_at(last, calendar)}")
        elif last < since:
            wrong.append(f"{words} since {_at(last, calendar)}")
    if drained is not None and drained < since and not wrong:
        wrong.append(f"the mailbox has not been read to its end since {_at(drained, calendar)}")
    return wrong


def _stuck(waiting: Waiting, calendar: Calendar, now: datetime) -> list[str]:
    wrong = []
    for oldest, words in (
        (waiting.oldest_letter, "a letter has waited to be sent"),
        (waiting.oldest_filing, "something has waited to be filed in the mailbox"),
    ):
        if oldest is not None and now - oldest > MAY_WAIT:
            wrong.append(f"{words} since {_at(oldest, calendar)}")
    return wrong


def _at(instant: datetime, calendar: Calendar) -> str:
    return instant_short(calendar.local(instant))


# As numbers, in the text format of Prometheus (exposition format 0.0.4).


def metrics_text(found: list[tuple[Health, datetime]]) -> str:
    """Each partnership's health as gauges, ``found`` with the instant it was looked at."""
    lines: list[str] = []
    for name, says, of in _GAUGES:
        lines += [f"# HELP mailbot_{name} {says}", f"# TYPE mailbot_{name} gauge"]
        for state, now in found:
            lines += [f"mailbot_{name}{{{labels}}} {value:g}" for labels, value in of(state, now)]
    return "\n".join(lines) + "\n"


def _labels(state: Health, **more: str) -> str:
    return ",".join(f'{key}="{value}"' for key, value in {"partnership": state.partnership, **more}.items())


def _age(instant: datetime | None, now: datetime) -> float:
    return (now - instant).total_seconds() if instant else 0.0


def _one(value: float, state: Health) -> list[tuple[str, float]]:
    return [(_labels(state), value)]


def _ages(state: Health, now: datetime) -> list[tuple[str, float]]:
    return [
        (_labels(state, turn=turn.replace(" ", "_")), (now - at).total_seconds())
        for turn, at in state.turns.items()
        if at is not None
    ]


_Gauge = tuple[str, str, Callable[[Health, datetime], list[tuple[str, float]]]]
_GAUGES: tuple[_Gauge, ...] = (
    ("well", "1 while all is well, else 0", lambda s, now: _one(float(s.is_well), s)),
    ("troubles", "How many things are wrong", lambda s, now: _one(len(s.wrong), s)),
    ("turn_age_seconds", "Seconds since a turn last succeeded", _ages),
    (
        "drained_age_seconds",
        "Seconds since the mailbox was read to its end",
        lambda s, now: _one(_age(s.drained, now), s),
    ),
    ("messages_unread", "Messages kept and not decided", lambda s, now: _one(s.waiting.unread, s)),
    ("messages_held", "Messages that wait for a person", lambda s, now: _one(s.waiting.held, s)),
    ("letters_waiting", "Letters written and not sent", lambda s, now: _one(s.waiting.letters, s)),
    ("letters_refused", "Letters refused for good", lambda s, now: _one(s.refused, s)),
    (
        "letter_oldest_seconds",
        "Seconds that the oldest letter has waited",
        lambda s, now: _one(_age(s.waiting.oldest_letter, now), s),
    ),
    ("filings_waiting", "Things to be filed in the mailbox", lambda s, now: _one(s.waiting.filings, s)),
    ("disputes_open", "Disputes that are open", lambda s, now: _one(s.open, s)),
    ("disputes", "Disputes there are in all", lambda s, now: _one(s.disputes, s)),
)


# As a heartbeat.


@dataclass(frozen=True, slots=True)
class Heart:
    """A file that is written, and an address that is fetched, while all is well. What is "" or None is left out."""

    file: Path | None = None
    url: str = ""

    def beat(self, now: datetime) -> None:
        """The heartbeat of a healthy service. Never raises: a heart that cannot beat is what its watchers wait for."""
        if self.file is not None:
            try:
                self.file.write_text(f"{now.isoformat(timespec='seconds')}\n", encoding="ascii")
            except OSError as error:
                _log.error("the heartbeat cannot be written: %s", error.strerror)
        if self.url:
            try:
                with urllib.request.urlopen(self.url, timeout=FETCHED_WITHIN) as answer:  # noqa: S310 (page_fault)
                    answer.read(1)
            except OSError as error:
                _log.error("the heartbeat's address cannot be fetched: %s", type(error).__name__)
