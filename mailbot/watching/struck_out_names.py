"""Names that the office has had struck out: cut out of all that is stored, once UNDO can no longer bring them back; and
the office told what that did not reach.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from mailbot.core.decisions.office_acts import UNDO_WITHIN
from mailbot.mail.letters.wording import listed
from mailbot.shell.forgetting.redacting import REDACT_LATER, Reached, redact_all
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.turns.faults_of_ours import note_fault
from mailbot.turns.running_partnership import Site
from mailbot.watching.alarms import STRUCK_OUT, OfficeWord

BACKED_UP = "backup: "  # a note's beginning: where a copy of the database was made


def backups_known(store: Store, site: Site) -> list[str]:
    """For struck-out names: where copies of the database were made by ``mailbot backup``, and on which day: what was
    struck out since, or purged, is in them."""
    made = store.noted(site.id, BACKED_UP)
    local = site.current.calendar.local
    return [f"{what.removeprefix(BACKED_UP)} ({local(at):%d %b %Y})" for what, at in sorted(made.items())]


class StruckOutNames:
    def __init__(
        self, site: Site, store: Store, word: OfficeWord, deciding: Callable[[], AbstractContextManager[Work]]
    ) -> None:
        self._site, self._store, self._word, self._deciding = site, store, word, deciding

    def cut(self, now: datetime, drained: datetime) -> None:
        """Names that were struck out two hours ago are cut out, and tells the office, once for each time. ``drained``:
        until when the mailbox was read, so that no UNDO that came in time lies there unread."""
        for what, at in self._store.noted(self._site.id, REDACT_LATER).items():
            if min(now, drained) - at >= UNDO_WITHIN:
                self._cut(what.removeprefix(REDACT_LATER), what, at, now)

    def _cut(self, reference: str, note: str, at: datetime, now: datetime) -> None:
        try:
            with self._deciding() as work:
                reached = redact_all(work, self._site.id, reference, now)
        except ValueError as error:
            note_fault(self._store, self._site.id, f"cutting a name out of {reference}", error, now)
            return
        if reached.later:
            return  # a letter is on its way this moment: all of it again, with the next turn
        self._store.forget(self._site.id, note)
        if reached.replaced:
            told = f"{reference}: {reached_in_words(reached, backups_known(self._store, self._site))}"
            self._word.tell(STRUCK_OUT, f"{reference} {at.isoformat()}", told, now)


def reached_in_words(reached: Reached, backups: Iterable[str]) -> str:
    """Struck-out names kept away: what cutting one out reached, and what it did not, in sentences."""
    counts = (
        (reached.entries, "entry of the record", "entries of the record"),
        (reached.messages, "email as it came", "emails as they came"),
        (reached.letters, "letter", "letters"),
        (reached.filings, "filed copy", "filed copies"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    said = [f"the name was cut out of {listed(parts)}."]
    if reached.taken_away:
        said.append(f"{reached.taken_away} of the emails could not be read to do so, and are not stored any more.")
    if reached.with_people:
        said.append(f"Not reached: {reached.with_people} of the letters, which their readers have.")
    if reached.lies_in_mailbox:
        said.append(f"Not touched: the emails themselves ({reached.lies_in_mailbox}), where they lie in the mailbox.")
    copies = list(backups)
    said.append(f"Copies of the database that still have it: {listed(copies) if copies else 'none that is known'}.")
    return " ".join(said)
