"""The daily word that mailbot is at work: on which mornings it is due, and what it says."""

from datetime import datetime, timedelta

from mailbot.core.telling.heartbeat import Heartbeat, heartbeat
from mailbot.shell.store import Store
from mailbot.shell.store_digest import last_letter
from mailbot.turns.site import Site
from mailbot.turns.weekly import Weekly

_INSTANT = timedelta(microseconds=1)  # a period is open at its end, and this one ends with the present


class Daily:
    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store, self._weekly = site, store, Weekly(site, store)

    def moment(self, now: datetime) -> datetime | None:
        """The newest working morning at which a word was due: after an outage there is one, not one for each day. None
        where it was the digest's own day, or the protocol's file wants none."""
        rule = self._site.current.protocol.digest
        newest = self._morning(now)
        return newest if rule.heartbeat and newest != self._weekly.moment(now) else None

    def _morning(self, now: datetime) -> datetime:
        rule, calendar = self._site.current.protocol.digest, self._site.current.calendar
        today = calendar.local(now).date()
        if calendar.is_working(today) and (moment := calendar.morning_of(today, rule.time)) <= now:
            return moment
        return calendar.morning_of(calendar.previous_working(today), rule.time)

    def heartbeat(self, now: datetime) -> Heartbeat | None:
        """What has passed meanwhile is told since the last such word, or since the week that the digest told of."""
        partnership, disputes = self._site.current, self._store.disputes(self._site.id)
        last, week = last_letter(self._store, self._site.id, "heartbeat"), self._weekly.moment(now)
        since = max(week, last + _INSTANT) if last else week
        return heartbeat(
            disputes, self._weekly.working(), partnership.protocol, partnership.calendar, self._weekly.limit_of,
            (since, now + _INSTANT),
        )  # fmt: skip
