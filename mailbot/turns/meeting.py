"""The report for a meeting, from what the store holds: computed, laid out, and sent once for each period."""

from datetime import date, datetime

from mailbot.core.happened.intents import Person
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.report_figures import before, period_of, report
from mailbot.core.telling.report_values import Report
from mailbot.mail.papers.report_sheet import TYPE as SHEET
from mailbot.mail.papers.report_sheet import report_sheet
from mailbot.mail.papers.report_word import TYPE as WORD
from mailbot.mail.papers.report_word import report_word
from mailbot.mail.writing.compose import Attachment
from mailbot.mail.writing.render import Letters, Rendered
from mailbot.shell.store import Store
from mailbot.shell.store_digest import urgent_between
from mailbot.turns.sealing import Sealed, put
from mailbot.turns.site import Site
from mailbot.turns.weekly import Weekly

LETTER = "meeting_report"


class MeetingReport:
    def __init__(self, site: Site, store: Store, letters: Letters) -> None:
        self._site, self._store, self._letters = site, store, letters
        self._limit_of = Weekly(site, store).limit_of

    def report(self, first: date, last: date, full: bool = False) -> Report:
        """Of the whole days from ``first`` to ``last``. Raises ValueError for a period the wrong way round."""
        here, calendar = self._site.current, self._site.current.calendar
        periods = (period_of(first, last, calendar), period_of(*before(first, last), calendar))
        urgent = tuple(urgent_between(self._store, self._site.id, period) for period in periods)
        disputes = self._store.disputes(self._site.id)
        return report(disputes, here, self._limit_of, first, last, full, (urgent[0], urgent[1]))

    def rendered(self, made: Report) -> Rendered:
        return self._letters.render(LETTER, made)

    def put(self, first: date, last: date, now: datetime) -> tuple[Person, ...]:
        """Into the outbox for whoever the protocol's file sends it to, once for a period; who that was, () the second
        time. Raises ValueError for a period that has not ended: its figures would not be those of the next copy."""
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
                put(work, self._site, Sealed(LETTER, reader, rendered, key, enclosed=enclosed), now)
        return readers


def readers_of(partnership: Partnership) -> tuple[Person, ...]:
    """Those the protocol's file names, else the office, who takes it to the meeting."""
    named = partnership.holders_of_offices(partnership.protocol.digest.meeting_report_to)
    return named or partnership.office()


def papers(made: Report) -> tuple[Attachment, ...]:
    name = f"report-{made.first.isoformat()}-to-{made.last.isoformat()}"
    return (
        Attachment(f"{name}.docx", WORD, report_word(made)),
        Attachment(f"{name}.xlsx", SHEET, report_sheet(made)),
    )
