"""The weekly digest put together: which week, and what the store knows of how things stood at its end."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.happened.correspondence import RiskReported
from mailbot.core.happened.dispute import Dispute, fold
from mailbot.core.telling.digest import Digest, Working, digest
from mailbot.core.telling.digest_needs import roles_told
from mailbot.core.telling.measures import Period
from mailbot.core.telling.notices import announce
from mailbot.shell.store import Store
from mailbot.shell.store_digest import elsewhere, held_at, messages_of, record_at
from mailbot.turns.site import Site

WEEK = timedelta(days=7)
TOLD_OF_DANGER = "urgent_told"


class Weekly:
    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store = site, store

    def moment(self, now: datetime) -> datetime:
        """The newest instant at which a digest was due: the protocol's weekday and hour, or the next working day's."""
        rule, calendar = self._site.current.protocol.digest, self._site.current.calendar
        local = calendar.local(now)
        day = local.date() - timedelta(days=(local.weekday() - rule.day) % 7)
        moments = [
            calendar.morning_of(first if calendar.is_working(first) else calendar.next_working(first), rule.time)
            for first in (day, day - WEEK)
        ]
        return next((moment for moment in moments if moment <= now), moments[-1])

    def before(self, moment: datetime) -> datetime:
        return self.moment(moment - timedelta(seconds=1))

    def week_of(self, day: date) -> Period:
        """The week from one digest to the next that holds the noon of ``day``: a Monday's own is the one it begins."""
        calendar = self._site.current.calendar
        start = self.moment(calendar.at(day, time(12)))
        following = (self.moment(calendar.at(start.date() + timedelta(days=n), time(23, 59))) for n in range(1, 15))
        return start, next(moment for moment in following if moment > start)

    def digest(self, week: Period, now: datetime | None = None) -> Digest:
        """``now``: this very day, so that it can say that mailbot is at work; None for a week made again."""
        partnership, store, name = self._site.current, self._store, self._site.id
        made = digest(
            store.disputes(name), held_at(store, name, week[1]), messages_of(store, name, week), partnership.protocol,
            partnership.calendar, self.limit_of, week, [agency.name for agency in partnership.directory.agencies],
            elsewhere(store, name, week), self._who_was_told,
        )  # fmt: skip
        return replace(made, working=self.working() if now else None, record=record_at(store, name, week[1]))

    def working(self) -> Working:
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        local = self._site.current.calendar.local(drained) if drained else None
        return Working(local, self._store.waiting(self._site.id).letters)

    def limit_of(self, dispute: Dispute) -> Limit | None:
        version = self._site.version(dispute)
        return stage_limit(dispute, version.protocol, version.calendar) if dispute.is_open else None

    def _who_was_told(self, dispute: Dispute, event: RiskReported) -> tuple[str, ...]:
        """By role, as the dispute's people were when the message came."""
        version = self._site.version(dispute)
        place = next(n for n, past in enumerate(dispute.history) if past is event)
        then = fold(dispute.history[: place + 1])
        told = [n.to for n in announce(event, then, version) if n.letter == TOLD_OF_DANGER]
        return roles_told((p for p in told if version.may_write_to(p.address)), then, version.protocol)
