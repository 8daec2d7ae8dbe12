"""Alarms: word of trouble by a second way, for when the first is what fails.

A letter that says "letters do not leave" does not leave. Where ``[alarm]`` names a command or another mail server, what
must be known at once goes there as well: when it begins, again every four hours while it lasts, and when it is over.
"""

import logging
import typing
from collections.abc import Sequence
from datetime import datetime, timedelta

from mailbot.shell.store.store import Store
from mailbot.turns.faults_of_ours import place_of
from mailbot.turns.running_partnership import Site

_log = logging.getLogger("mailbot")
TOLD = "alarm told: "  # a note's beginning; the kind of trouble; when it was last told
AGAIN = timedelta(hours=4)
_BY_HAND = (
    "Until this is mended nobody can rely on a letter or an answer of this mailbox. Please watch it by hand, above all "
    "for urgent messages, and ring whoever must know of a limit today. mailbot status says more."
)


class SecondRoute(typing.Protocol):
    """One other way to somebody who must know. Raises whatever it likes: the others are tried all the same."""

    def tell(self, subject: str, text: str, now: datetime) -> None: ...


class Alarms:
    def __init__(self, site: Site, store: Store, routes: Sequence[SecondRoute] = ()) -> None:
        self._site, self._store, self.routes = site, store, tuple(routes)

    def tell(self, kind: str, words: str, now: datetime) -> None:
        """Tells of trouble of this kind by every other way, at most every four hours."""
        last = self._store.last(self._site.id, f"{TOLD}{kind}")
        if last is not None and timedelta(0) <= now - last < AGAIN:
            return
        self._store.forget(self._site.id, f"{TOLD}{kind}")
        self._store.note(self._site.id, f"{TOLD}{kind}", now)
        self._by_all(f"mailbot needs somebody: {self._site.id}", f"{words}.\n\n{_BY_HAND}\n", now)

    def over(self, kind: str, words: str, now: datetime) -> None:
        """An alarm ends: tells that trouble of this kind is over, where anybody was told of it."""
        if self._store.last(self._site.id, f"{TOLD}{kind}") is not None:
            self._store.forget(self._site.id, f"{TOLD}{kind}")
            self._by_all(f"mailbot is well again: {self._site.id}", f"{words}.\n", now)

    def _by_all(self, subject: str, text: str, now: datetime) -> None:
        for route in self.routes:
            try:
                route.tell(subject, text, now)
            except Exception as error:
                _log.error("%s the alarm could not be given: %s", self._site.id, place_of(error))
