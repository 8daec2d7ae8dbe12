"""How many letters mail may cause: what nobody has proven has an allowance of its own, apart from what people need.

What exceeds it is not lost. A question to the address on record is put off to the next hour; of what the office would
be told, one letter tells the rest, with a count and the first reasons. Danger told by anybody who has proven who they
are has no allowance at all.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum

from mailbot.core.notices.notice import ANSWERS, Notice
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person
from mailbot.door.mail_not_acted_on import MAY_BE_DANGER
from mailbot.mail.letters.wording import listed
from mailbot.shell.store.decisions import Work
from mailbot.shell.store.store import Store
from mailbot.turns.running_partnership import Site

HOUR, DAY, DANGER_TOLD = timedelta(hours=1), timedelta(days=1), timedelta(minutes=5)
MOST_ANSWERS, MOST_ANSWERS_A_DAY = 6, 24  # to one address, an hour at once and a day in all
MOST_ASKED, MOST_ASKED_A_DAY, MOST_ASKED_OF_UNKNOWN = 6, 24, 6  # "was it you": to one address; to all in no directory
MOST_TOLD = 6  # an hour: letters to the office about mail that waits
MOST_ALARMS, MOST_ALARMS_OF_ONE = 6, 3  # an hour: danger that nothing proves, of strangers together, of one partner
UNTOLD, TOLD = "letters withheld", "letters withheld: told"
FIRST_REASONS = 3


class When(Enum):
    NOW = "now"
    LATER = "within the hour"
    WITHHELD = "told with others"
    TOMORROW = "a day later"


PUT_OFF = {When.LATER: 1, When.TOMORROW: 24}  # hours


class Allowance:
    def __init__(self, site: Site, store: Store) -> None:
        self._site, self._store = site, store

    def of(self, work: Work, notice: Notice, now: datetime) -> When:
        """The letter allowance of unproven mail: whether this letter may go now. A notice's cause is whose unproven
        mail brings it about; "" for anything proven."""
        address, cause = notice.to.address, notice.cause
        if notice.letter == "was_it_you":
            return self._question(work, address, now)
        if notice.letter in ("held_told", "outsider_told"):
            return self._told(work, address, now)
        if notice.letter in ("urgent", "urgent_told") and cause:
            return self._alarm(work, notice, cause, now)
        if notice.letter not in ANSWERS:
            return When.NOW
        answers = ANSWERS - {"was_it_you"}
        if self._count(work, address, answers, now - HOUR) < MOST_ANSWERS:
            return When.NOW
        return When.LATER if self._count(work, address, answers, now - DAY) < MOST_ANSWERS_A_DAY else When.TOMORROW

    def _count(self, work: Work, address: str, names: frozenset[str], since: datetime) -> int:
        return work.letters_since(self._site.id, address, names, since)

    def _question(self, work: Work, address: str, now: datetime) -> When:
        asked = frozenset({"was_it_you"})
        if self._is_known(address):
            if self._count(work, address, asked, now - HOUR) < MOST_ASKED:
                return When.NOW
            return When.LATER if self._count(work, address, asked, now - DAY) < MOST_ASKED_A_DAY else When.WITHHELD
        strangers = self._store.letters_caused(self._site.id, "unknown", now - HOUR)
        return When.NOW if strangers < MOST_ASKED_OF_UNKNOWN else When.WITHHELD

    def _is_known(self, address: str) -> bool:
        """Letter allowances spare somebody whom the directory or a dispute has: their own request must not be lost in a
        flood in their name."""
        here = self._site.current
        if here.directory.find_officer(address) or address in here.addresses:
            return True
        return self._store.is_in_a_dispute(self._site.id, address)

    def marked(self, notice: Notice, cause: str) -> str:
        """For letter allowances, what the key of a letter begins with, so that it can be counted again."""
        if notice.letter == "was_it_you":
            return "" if self._is_known(notice.to.address) else "unknown"
        return cause if notice.letter in ("urgent", "urgent_told") else ""

    def _told(self, work: Work, address: str, now: datetime) -> When:
        names = frozenset({"held_told", "outsider_told"})
        return When.NOW if self._count(work, address, names, now - HOUR) < MOST_TOLD else When.WITHHELD

    def _alarm(self, work: Work, notice: Notice, cause: str, now: datetime) -> When:
        if notice.letter == "urgent":
            return self._answer_to_danger(work, notice.to.address, now)
        readers = max(len(self._site.current.office()), 1)
        stranger = cause == STRANGERS
        most = (MOST_ALARMS if stranger else MOST_ALARMS_OF_ONE) * (readers + (0 if stranger else 1))
        caused = self._store.letters_caused(self._site.id, cause, now - HOUR)
        return When.NOW if caused < most else When.WITHHELD

    def _answer_to_danger(self, work: Work, address: str, now: datetime) -> When:
        """No allowance of letters that anybody can spend: whoever may be in danger has the numbers again each time;
        where mail in their name comes in a flood, they have had the very same letter within five minutes."""
        urgent = frozenset({"urgent"})
        flood = self._count(work, address, urgent, now - HOUR) >= MOST_ALARMS_OF_ONE
        return When.WITHHELD if flood and self._count(work, address, urgent, now - DANGER_TOLD) else When.NOW

    def rest(self, now: datetime) -> Iterator[Notice]:
        """When a letter allowance is used up, the one letter for those that were not written, an hour after the last
        such; five minutes where words of danger are among them."""
        untold, told = (self._store.last(self._site.id, name) for name in (UNTOLD, TOLD))
        if untold is None or (told is not None and told >= untold):
            return
        since = max(told or untold - HOUR, untold - DAY)
        waiting = [one for one in self._store.held(self._site.id) if one.since > since]
        danger = [one for one in waiting if MAY_BE_DANGER in one.reason]
        soon = DANGER_TOLD if danger else HOUR
        if not waiting or now - untold < min(soon, HOUR / 4) or (told is not None and now - told < soon):
            return
        reasons = Counter(one.reason for one in waiting).most_common()
        first = sorted(reasons, key=lambda one: MAY_BE_DANGER not in one[0])[:FIRST_REASONS]
        said = listed(f"{reason} ({count})" for reason, count in first)
        since_then = f"have come to wait since {self._shown(since)}, more than are told one by one"
        alarm = (
            f"In {len(danger)} of them words may mean immediate danger: please look at those now. " if danger else ""
        )
        question = f"{alarm}{len(waiting)} messages {since_then}: {said}"
        event = QuestionAsked(at=now, of=Person(), question=question, topic="many")
        yield from (Notice("held_told", person, event, acts=True) for person in self._site.current.office())

    def _shown(self, at: datetime) -> str:
        return f"{self._site.current.calendar.local(at):%H:%M}"


STRANGERS = "strangers"
