"""The weekly digest, the daily word that mailbot is at work, the report for a meeting: when each is due, and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Happening
from mailbot.core.procedure.protocol import NoticeRule
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import QuestionAsked, RiskReported
from mailbot.core.record.intents import Person
from mailbot.core.reports.agency_counts import MonthCounted, agency_counts, month_counted
from mailbot.core.reports.daily_word import Heartbeat, daily_word, word_counted
from mailbot.core.reports.digest import Digest, DigestMaterial, Working, digest, digest_counted
from mailbot.core.reports.digest_needs import roles_told
from mailbot.core.reports.digest_rows import closures_told
from mailbot.core.reports.measures import CountedBy, Period
from mailbot.core.reports.meeting_report import Report, period_before, period_of, report
from mailbot.core.reports.portions import Steps, added_up, finished
from mailbot.core.reports.report_counted import ReportAsked, report_counted
from mailbot.mail.documents.digest_list import CSV_TYPE, digest_list
from mailbot.mail.documents.meeting_report import SPREADSHEET_TYPE as SHEET
from mailbot.mail.documents.meeting_report import WORD_TYPE as WORD
from mailbot.mail.documents.meeting_report import report_sheet, report_word
from mailbot.mail.letters.compose import Attachment
from mailbot.mail.letters.render import Letters, Rendered
from mailbot.mail.second_reader.linear_model import is_deaf
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.queries import elsewhere, held_at, last_letter, messages_of, record_at, urgent_between
from mailbot.shell.store.store import Store
from mailbot.turns.ledger_and_outbox import Scribe, Sealed, put
from mailbot.turns.roster import Rosters
from mailbot.turns.running_partnership import Site

# Report: the weekly digest on its morning, a word each other working day that mailbot is at work, and word at once
# when the mailbox itself cannot be read.
#
# Of a week in which nothing happened, with nothing open and no mail, no digest goes, as no word goes of such a day; but
# one at least every four weeks, and each says by when the next one comes.
#
# Neither is made until the mailbox was read to its end after its hour, so that what came before is in it; a mailbox
# that stays out of reach is waited for as long as a limit would be, and not longer.

_BEGAN = "began"


class Reporter:
    def __init__(self, site: Site, store: Store, letters: Letters, scribe: Scribe) -> None:
        self._site, self._store, self._letters, self._scribe = site, store, letters, scribe
        self._weekly, self._daily = Weekly(site, store), Daily(site, store)
        self._rosters = Rosters(site, store, letters)
        self._last_word: datetime | None = None  # of the daily ones that were decided: spares a transaction each turn
        self._under_way: Steps[None] | None = None

    def report_some(self, now: datetime) -> bool:
        """A step towards the digest or report that is due to be sent by ``now`` and was not: True while there is more,
        so that mail which comes meanwhile is looked at between two steps. It is made as of when it was begun."""
        steps, self._under_way = self._under_way or self._steps(now), None
        try:
            next(steps)
        except StopIteration:
            return False
        self._under_way = steps
        return True

    def _steps(self, now: datetime) -> Steps[None]:
        """The digest or report that is due. The week we began in gets no digest: there is no week."""
        began = self._store.last(self._site.id, _BEGAN)
        if began is None:
            self._store.note(self._site.id, _BEGAN, now)
            began = now
        moment = self._weekly.moment(now)
        if began < moment <= now and self._is_read(moment, now):
            yield from self._put_digest(moment, now)
        yield from self._heartbeat(began, now)
        yield from self._counts(began, now)
        self._rosters.ask(began, now)
        self._unreachable(now)
        self._scribe.tell_the_rest(now)

    def _is_read(self, moment: datetime, now: datetime) -> bool:
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        return drained is None or drained >= moment or now - moment > self._site.patience

    def _heartbeat(self, began: datetime, now: datetime) -> Steps[None]:
        moment = self._daily.moment(now)
        if moment is None or not began < moment <= now or moment == self._last_word or not self._is_read(moment, now):
            return
        if not self._store.is_marked(self._site.id, "daily", moment.isoformat()):
            found = yield from self._daily.heartbeat(now)
            rendered = self._letters.render("heartbeat", found) if found else None
            self._put("daily", moment, rendered, now)
        self._last_word = moment

    def _counts(self, began: datetime, now: datetime) -> Steps[None]:
        """The monthly report: each agency's own numbers of the month before, to its own lead, where the protocol's file
        wants them told monthly. An agency that nothing was counted for gets no letter."""
        partnership = self._site.current
        local = partnership.calendar.local(now)
        first = local.date().replace(day=1)
        day = first if partnership.calendar.is_working(first) else partnership.calendar.next_working(first)
        moment = partnership.calendar.morning_of(day, partnership.protocol.digest.time)
        rules = [rule for rule in partnership.protocol.notices.values() if rule.when is Happening.MONTHLY]
        if not rules or not began < moment <= now:
            return
        month = (first - timedelta(days=1)).replace(day=1)
        for rule in rules:
            if not self._store.is_marked(self._site.id, f"monthly {rule.id}", moment.isoformat()):
                portions = self._store.portions(self._site.id, partnership.calendar.at(month, time.min))
                counted = yield from added_up(portions, partial(self._month_counted, month))
                with self._store.transaction() as work:
                    if work.mark_digest(self._site.id, f"monthly {rule.id}", moment.isoformat()):
                        self._put_counts(work, rule, counted, month, now)

    def _month_counted(self, month: date, disputes: Sequence[Dispute]) -> MonthCounted:
        return month_counted(disputes, month, self._site.current.protocol, self._site.current.calendar)

    def _put_counts(self, work: Work, rule: NoticeRule, counted: MonthCounted, month: date, now: datetime) -> None:
        partnership = self._site.current
        roles = [partnership.protocol.roles[name] for name in rule.to if name in partnership.protocol.roles]
        for agency in partnership.directory.agencies:
            found = agency_counts(counted, agency.name, month, partnership.protocol, rule.clause)
            leads = [p for role in roles for p in partnership.directory.holders(agency.name, role.post)]
            for lead in () if found.is_empty else leads:
                if partnership.may_write_to(lead.address):
                    rendered = self._letters.render("counts", found)
                    key = f"{rule.id}:{month.isoformat()}:{agency.name}"
                    put(work, self._site, Sealed("counts", lead, rendered, key), now)

    def preview(self, now: datetime) -> tuple[Digest, Rendered]:
        """The digest as it would be now, for the seven days before; sends nothing."""
        return self._rendered(finished(self._weekly.digest((now - WEEK, now), now)))

    def again(self, day: date, now: datetime) -> tuple[Digest, Rendered]:
        """The digest of the week that ``day`` is in, made again as it stood at the week's end; sends nothing. Raises
        ValueError for a week that has not ended."""
        week = self._weekly.week_of(day)
        if week[1] > now:
            raise ValueError(f"the week from {week[0]:%A %d %B %Y} has not ended: see --preview")
        return self._rendered(finished(self._weekly.digest(week)))

    def _rendered(self, value: Digest) -> tuple[Digest, Rendered]:
        return value, self._letters.render("digest", value)

    def _put_digest(self, moment: datetime, now: datetime) -> Steps[None]:
        if not self._store.is_marked(self._site.id, "weekly", moment.isoformat()):
            made = yield from self._weekly.digest((self._weekly.before(moment), moment), now)
            last = last_letter(self._store, self._site.id, "digest")
            left_out = made.is_quiet and last is not None and moment.date() < last.date() + LONGEST_QUIET
            rendered = None if left_out else self._letters.render("digest", made)
            self._put("weekly", moment, rendered, now, whole_list(made) if made.is_long else ())

    def _put(
        self,
        kind: str,
        moment: datetime,
        rendered: Rendered | None,
        now: datetime,
        enclosed: tuple[Attachment, ...] = (),
    ) -> None:
        """A report, made while nobody waited for it, into the outbox once: whoever marks its ``moment`` first. None:
        there is nothing to say."""
        letter = {"daily": "heartbeat", "weekly": "digest"}[kind]
        key = f"{'daily' if letter == 'heartbeat' else letter}:{moment.isoformat()}"
        with self._store.transaction() as work:
            if work.mark_digest(self._site.id, kind, moment.isoformat()) and rendered is not None:
                for reader in self._site.current.office():
                    put(work, self._site, Sealed(letter, reader, rendered, key, enclosed=enclosed), now)

    def _unreachable(self, now: datetime) -> None:
        """A report of the mailbox being unreachable, once for each outage that outlasts our patience: limits go on, and
        somebody must look at the mailbox."""
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        if drained is None or now - drained <= self._site.patience:
            return
        if self._store.is_marked(self._site.id, "unreachable", drained.isoformat()):
            return
        with self._store.transaction() as work:
            if work.mark_digest(self._site.id, "unreachable", drained.isoformat()):
                local = self._site.current.calendar.local(drained)
                words = f"The mailbox was last read at {local:%H:%M on %A} {local.day} {local:%B}."
                for reader in self._site.current.office():
                    event = QuestionAsked(at=now, of=reader, question=words, topic="unreachable")
                    notice = Notice("unreachable_told", reader, event, acts=True)
                    self._scribe.write_plain(work, [notice], f"unreachable {drained.isoformat()}", now)


def whole_list(made: Digest) -> tuple[Attachment, ...]:
    """What goes with a digest of which the letter shows only what matters first."""
    return (Attachment(f"digest-{made.end:%Y-%m-%d}.csv", CSV_TYPE, digest_list(made)),)


# The daily word that mailbot is at work: on which mornings it is due, and what it says.

_INSTANT = timedelta(microseconds=1)  # a period is open at its end, and this one ends with the present


class Daily:
    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store, self._weekly = site, store, Weekly(site, store)

    def moment(self, now: datetime) -> datetime | None:
        """The newest working morning at which the daily report of being at work was due: after an outage there is one,
        not one for each day. None where it was the digest's own day, or the protocol's file wants none."""
        rule = self._site.current.protocol.digest
        newest = self._morning(now)
        return newest if rule.heartbeat and newest != self._weekly.moment(now) else None

    def _morning(self, now: datetime) -> datetime:
        rule, calendar = self._site.current.protocol.digest, self._site.current.calendar
        today = calendar.local(now).date()
        if calendar.is_working(today) and (moment := calendar.morning_of(today, rule.time)) <= now:
            return moment
        return calendar.morning_of(calendar.previous_working(today), rule.time)

    def heartbeat(self, now: datetime) -> Steps[Heartbeat | None]:
        """The daily report of being at work: what has passed meanwhile is told since the last such word, or since the
        week that the digest told of."""
        partnership, until = self._site.current, now + _INSTANT
        last, week = last_letter(self._store, self._site.id, "heartbeat"), self._weekly.moment(now)
        since = max(week, last + _INSTANT) if last else week
        by = CountedBy(partnership.protocol, partnership.calendar, self._weekly.limit_of)
        portions = self._store.portions(self._site.id, since)
        counted = yield from added_up(portions, lambda disputes: word_counted(disputes, by, (since, until)))
        return daily_word(counted, self._weekly.working(now), partnership.protocol, partnership.calendar, until)


# The weekly digest put together: which week, and what the store knows of how things stood at its end.

WEEK = timedelta(days=7)
LONGEST_QUIET = timedelta(weeks=4)  # between two digests, where nothing is open, nothing happens and no mail comes
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
        """The digest's week, from one digest to the next that holds the noon of ``day``: a Monday's own is the one it
        begins."""
        calendar = self._site.current.calendar
        start = self.moment(calendar.at(day, time(12)))
        following = (self.moment(calendar.at(start.date() + timedelta(days=n), time(23, 59))) for n in range(1, 15))
        return start, next(moment for moment in following if moment > start)

    def digest(self, week: Period, now: datetime | None = None) -> Steps[Digest]:
        """The weekly digest, made at ``now``: this very day, so that it can say that mailbot is at work; None for a
        week made again."""
        partnership, store, name = self._site.current, self._store, self._site.id
        found = DigestMaterial(
            week,
            held_at(store, name, week[1]),
            messages_of(store, name, week),
            [agency.name for agency in partnership.directory.agencies],
            elsewhere(store, name, week),
            self._who_was_told,
            self._closed_from(week[1]),
        )
        by = CountedBy(partnership.protocol, partnership.calendar, self.limit_of)
        counted = yield from added_up(store.portions(name), lambda disputes: digest_counted(disputes, found, by))
        made = digest(counted, found, by)
        made = replace(made, working=self.working(now) if now else None, record=record_at(store, name, week[1]))
        return made if made.open_now else replace(made, next_by=self._next_by(week[1]))

    def _next_by(self, end: datetime) -> date:
        """The day by which the next digest goes, though the weeks until then bring nothing."""
        calendar = self._site.current.calendar
        day = calendar.local(end).date() + LONGEST_QUIET
        return day if calendar.is_working(day) else calendar.next_working(day)

    def _closed_from(self, end: datetime) -> Mapping[str, str]:
        partnership = self._site.current
        first = partnership.calendar.local(end).date()
        return closures_told(partnership.directory.agencies, first, first + timedelta(days=7))

    def working(self, now: datetime) -> Working:
        drained = self._store.last_drained(self._site.id, self._site.inbox)
        local = self._site.current.calendar.local(drained) if drained else None
        unread = drained is not None and now - drained > self._site.patience
        held = tuple((one.number, one.reason) for one in self._store.held(self._site.id))
        return Working(local, self._store.waiting(self._site.id).letters, is_deaf(), unread, held)

    def limit_of(self, dispute: Dispute) -> Limit | None:
        version = self._site.version(dispute)
        return stage_limit(dispute, version.protocol, version.calendar) if dispute.is_open else None

    def _who_was_told(self, dispute: Dispute, event: RiskReported) -> tuple[str, ...]:
        """By role, as the dispute's people were when the message came."""
        version = self._site.version(dispute)
        place = next(n for n, past in enumerate(dispute.history) if past is event)
        then = fold(dispute.history[: place + 1])
        told = [n.to for n in announce(event, Case(then, version, event.at)) if n.letter == TOLD_OF_DANGER]
        return roles_told((p for p in told if version.may_write_to(p.address)), then, version.protocol)


# The report for a meeting, from what the store holds: computed, laid out, and sent once for each period.

_LETTER = "meeting_report"


class MeetingReport:
    def __init__(self, site: Site, store: Store, letters: Letters) -> None:
        self._site, self._store, self._letters = site, store, letters
        store.learn_key(site.id, site.secret)
        self._limit_of = Weekly(site, store).limit_of

    def report(self, first: date, last: date, full: bool = False) -> Report:
        """The report for a meeting, of the whole days from ``first`` to ``last``. Raises ValueError for a period the
        wrong way round."""
        here, calendar = self._site.current, self._site.current.calendar
        now, past = period_of(first, last, calendar), period_of(*period_before(first, last), calendar)
        asked = ReportAsked(here, self._limit_of, now, past, full)
        urgent, urgent_past = (urgent_between(self._store, self._site.id, period) for period in (now, past))
        portions = self._store.portions(self._site.id)
        counted = finished(added_up(portions, lambda disputes: report_counted(disputes, asked)))
        return report(counted, asked, (first, last), (urgent, urgent_past))

    def rendered(self, made: Report) -> Rendered:
        return self._letters.render(_LETTER, made)

    def put(self, first: date, last: date, now: datetime) -> tuple[Person, ...]:
        """The report put into the outbox for whoever the protocol's file sends it to, once for a period; who that was,
        () the second time. Raises ValueError for a period that has not ended: its figures would not be those of the
        next copy."""
        if period_of(first, last, self._site.current.calendar)[1] > now:
            raise ValueError(f"the period to {last} has not ended")
        made = self.report(first, last)
        rendered, enclosed = self.rendered(made), papers(made)
        readers = readers_of(self._site.current)
        with self._store.transaction() as work:
            if not work.mark_digest(self._site.id, "meeting", f"{first.isoformat()} {last.isoformat()}"):
                return ()
            for reader in readers:
                key = f"meeting:{first.isoformat()}:{last.isoformat()}"
                put(work, self._site, Sealed(_LETTER, reader, rendered, key, enclosed=enclosed), now)
        return readers


def readers_of(partnership: Partnership) -> tuple[Person, ...]:
    """Readers of digest and report: those the protocol's file names, else the office, who takes it to the meeting."""
    named = partnership.holders_of_offices(partnership.protocol.digest.meeting_report_to)
    return named or partnership.office()


def papers(made: Report) -> tuple[Attachment, ...]:
    name = f"report-{made.first.isoformat()}-to-{made.last.isoformat()}"
    return (
        Attachment(f"{name}.docx", WORD, report_word(made)),
        Attachment(f"{name}.xlsx", SHEET, report_sheet(made)),
    )
