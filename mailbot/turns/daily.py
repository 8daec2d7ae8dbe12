"""The daily word that mailbot is at work: on which mornings it is due, and what it says."""

from datetime import datetime, timedelta

from mailbot.core.telling.heartbeat import Heartbeat, heartbeat
from mailbot.shell.store import Store
from mailbot.turns.site import Site
from mailbot.turns.weekly import Weekly


class Daily:
    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store, self._weekly = site, store, Weekly(site, store)

    def moment(self, now: datetime) -> datetime | None:
        """The newest working morning at which a word was due: after an outage there is one, not one for each day. None
        where it was the digest's own day, or the protocol's file wants none."""
        rule = self._site.current.protocol.digest
        newest = self._morning(now)
        return newest if rule.heartbeat and newest != self._weekly.moment(now) else None

    def before(self, moment: datetime) -> datetime:
        """The working morning before: since then the office has had no word, or an older one."""
        return self._morning(moment - timedelta(seconds=1))

    def _morning(self, now: datetime) -> datetime:
        rule, calendar = self._site.current.protocol.digest, self._site.current.calendar
        today = calendar.local(now).date()
        if calendar.is_working(today) and (moment := calendar.morning_of(today, rule.time)) <= now:
            return moment
        return calendar.morning_of(calendar.previous_working(today), rule.time)

    def heartbeat(self, since: datetime, now: datetime) -> Heartbeat | None:
        partnership = self._site.current
        disputes = [d for d in self._store.disputes(self._site.id) if d.is_open]
        return heartbeat(
            disputes, self._weekly.working(), partnership.protocol, partnership.calendar, self._weekly.limit_of,
            (since, now),
        )  # fmt: skip
