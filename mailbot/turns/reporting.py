"""Report: the weekly digest on its morning, and word at once when the mailbox itself cannot be read."""

from datetime import date, datetime, timedelta

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.happened.correspondence import QuestionAsked
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import NoticeRule
from mailbot.core.telling.counts import counts
from mailbot.core.telling.digest import Digest, HeldMessage, digest
from mailbot.core.telling.letters import Notice
from mailbot.mail.writing.render import Letters, Rendered
from mailbot.shell.store import Store
from mailbot.shell.store_work import Work
from mailbot.turns.scribe import Scribe
from mailbot.turns.sealing import Sealed, put
from mailbot.turns.site import Site

BEGAN = "began"
WEEK = timedelta(days=7)


class Reporter:
    def __init__(self, site: Site, store: Store, letters: Letters, scribe: Scribe) -> None:
        self._site, self._store, self._letters, self._scribe = site, store, letters, scribe

    def report(self, now: datetime) -> None:
        """What is due to be reported by ``now`` and was not. The week we began in gets no digest: there is no week."""
        began = self._store.last(self._site.id, BEGAN)
        if began is None:
            self._store.note(self._site.id, BEGAN, now)
            began = now
        moment = self.moment(now)
        if began < moment <= now:
            with self._store.transaction() as work:
                if work.mark_digest(self._site.id, "weekly", moment.isoformat()):
                    self._put_digest(work, moment, now)
        self._counts(began, now)
        self._unreachable(now)

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

    def preview(self, now: datetime) -> tuple[Digest, Rendered]:
        """The digest as it would be now, for the seven days before; sends nothing."""
        value = self._digest(now - WEEK, now)
        return value, self._letters.render("digest", value)

    def _digest(self, since: datetime, until: datetime) -> Digest:
        partnership, store = self._site.current, self._store
        waiting = [HeldMessage(h.number, h.reason, h.since, until - h.since) for h in store.held(self._site.id)]
        by_disposition = store.messages_between(self._site.id, since, until)
        decided = {name: n for name, n in by_disposition.items() if name}
        received = {**decided, "received": sum(by_disposition.values())}
        disputes = store.disputes(self._site.id)
        return digest(
            disputes, waiting, received, partnership.protocol, partnership.calendar, self._limit_of,
            (since, until), until, [agency.name for agency in partnership.directory.agencies],
        )  # fmt: skip

    def _limit_of(self, dispute: Dispute) -> Limit | None:
        version = self._site.version(dispute)
        return stage_limit(dispute, version.protocol, version.calendar) if dispute.is_open else None

    def _put_digest(self, work: Work, moment: datetime, now: datetime) -> None:
        previous = self.moment(moment - timedelta(seconds=1))
        rendered = self._letters.render("digest", self._digest(previous, moment))
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
