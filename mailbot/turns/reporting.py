"""Report: the weekly digest on its morning, a word each other working day that mailbot is at work, and word at once
when the mailbox itself cannot be read.

Neither is made until the mailbox was read to its end after its hour, so that what came before is in it; a mailbox
that stays out of reach is waited for as long as a limit would be, and not longer.
"""

from datetime import date, datetime, timedelta

from mailbot.core.happened.correspondence import QuestionAsked
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import NoticeRule
from mailbot.core.telling.counts import counts
from mailbot.core.telling.digest import Digest
from mailbot.core.telling.letters import Notice
from mailbot.mail.writing.render import Letters, Rendered
from mailbot.shell.store import Store
from mailbot.shell.store_work import Work
from mailbot.turns.daily import Daily
from mailbot.turns.scribe import Scribe
from mailbot.turns.sealing import Sealed, put
from mailbot.turns.site import Site
from mailbot.turns.weekly import WEEK, Weekly

BEGAN = "began"


class Reporter:
    def __init__(self, site: Site, store: Store, letters: Letters, scribe: Scribe) -> None:
        self._site, self._store, self._letters, self._scribe = site, store, letters, scribe
        self._weekly, self._daily = Weekly(site, store), Daily(site, store)
        self._last_word: datetime | None = None  # of the daily ones that were decided: spares a transaction each turn

    def report(self, now: datetime) -> None:
        """What is due to be reported by ``now`` and was not. The week we began in gets no digest: there is no week."""
        began = self._store.last(self._site.id, BEGAN)
        if began is None:
            self._store.note(self._site.id, BEGAN, now)
            began = now
        moment = self._weekly.moment(now)
        if began < moment <= now and self._is_read(moment, now):
            with self._store.transaction() as work:
                if work.mark_digest(self._site.id, "weekly", moment.isoformat()):
                    self._put_digest(work, moment, now)
        self._heartbeat(began, now)
        self._counts(began, now)
        self._unreachable(now)
        self._scribe.tell_the_rest(now)

    def _is_read(self, moment: datetime, now: datetime) -> bool:
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        return drained is None or drained >= moment or now - moment > self._site.patience

    def _heartbeat(self, began: datetime, now: datetime) -> None:
        moment = self._daily.moment(now)
        if moment is None or not began < moment <= now or moment == self._last_word or not self._is_read(moment, now):
            return
        with self._store.transaction() as work:
            if work.mark_digest(self._site.id, "daily", moment.isoformat()):
                found = self._daily.heartbeat(now)
                readers = self._site.current.office() if found else ()
                for reader in readers:
                    rendered = self._letters.render("heartbeat", found)
                    put(work, self._site, Sealed("heartbeat", reader, rendered, f"daily:{moment.isoformat()}"), now)
        self._last_word = moment

    def _counts(self, began: datetime, now: datetime) -> None:
        """Each agency's own numbers of the month before, to its own lead, where the protocol's file wants them told
        monthly. An agency that nothing was counted for gets no letter."""
        partnership = self._site.current
        local = partnership.calendar.local(now)
        first = local.date().replace(day=1)
        day = first if partnership.calendar.is_working(first) else partnership.calendar.next_working(first)
        moment = partnership.calendar.morning_of(day, partnership.protocol.digest.time)
        rules = [rule for rule in partnership.protocol.notices.values() if rule.when is Happening.MONTHLY]
        if not rules or not began < moment <= now:
            return
        month = (first - timedelta(days=1)).replace(day=1)
        with self._store.transaction() as work:
            for rule in rules:
                if work.mark_digest(self._site.id, f"monthly {rule.id}", moment.isoformat()):
                    self._put_counts(work, rule, month, now)

    def _put_counts(self, work: Work, rule: NoticeRule, month: date, now: datetime) -> None:
        partnership, disputes = self._site.current, self._store.disputes(self._site.id)
        roles = [partnership.protocol.roles[name] for name in rule.to if name in partnership.protocol.roles]
        for agency in partnership.directory.agencies:
            found = counts(disputes, agency.name, month, partnership.protocol, partnership.calendar, rule.clause)
            leads = [p for role in roles for p in partnership.directory.holders(agency.name, role.post)]
            for lead in () if found.is_empty else leads:
                if partnership.may_write_to(lead.address):
                    rendered = self._letters.render("counts", found)
                    key = f"{rule.id}:{month.isoformat()}:{agency.name}"
                    put(work, self._site, Sealed("counts", lead, rendered, key), now)

    def preview(self, now: datetime) -> tuple[Digest, Rendered]:
        """The digest as it would be now, for the seven days before; sends nothing."""
        return self._rendered(self._weekly.digest((now - WEEK, now), now))

    def again(self, day: date, now: datetime) -> tuple[Digest, Rendered]:
        """The digest of the week that ``day`` is in, made again as it stood at the week's end; sends nothing. Raises
        ValueError for a week that has not ended."""
        week = self._weekly.week_of(day)
        if week[1] > now:
            raise ValueError(f"the week from {week[0]:%A %d %B %Y} has not ended: see --preview")
        return self._rendered(self._weekly.digest(week))

    def _rendered(self, value: Digest) -> tuple[Digest, Rendered]:
        return value, self._letters.render("digest", value)

    def _put_digest(self, work: Work, moment: datetime, now: datetime) -> None:
        rendered = self._letters.render("digest", self._weekly.digest((self._weekly.before(moment), moment), now))
        for reader in self._site.current.office():
            put(work, self._site, Sealed("digest", reader, rendered, f"digest:{moment.isoformat()}"), now)

    def _unreachable(self, now: datetime) -> None:
        """Once for each outage that outlasts our patience: limits go on, and somebody must look at the mailbox."""
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        if drained is None or now - drained <= self._site.patience:
            return
        with self._store.transaction() as work:
            if work.mark_digest(self._site.id, "unreachable", drained.isoformat()):
                local = self._site.current.calendar.local(drained)
                words = f"The mailbox was last read at {local:%H:%M on %A} {local.day} {local:%B}."
                for reader in self._site.current.office():
                    event = QuestionAsked(at=now, of=reader, question=words, topic="unreachable")
                    notice = Notice("unreachable_told", reader, event, acts=True)
                    self._scribe.write_plain(work, [notice], f"unreachable {drained.isoformat()}", now, None, False)
