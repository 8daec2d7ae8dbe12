"""How long what is kept is kept: one length for each class of it, chosen by the partnership; and what is on hold.

No length is built in. What names none is kept until a person says otherwise (storage limitation is the controllers'
choice: UK GDPR, Article 5(1)(e)).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

EVERYTHING = "ALL"  # a hold on all there is, in the place of a reference


@dataclass(frozen=True, slots=True)
class Retention:
    """Months; None for as long as there is no other word. ``emails`` and ``letters``: the bytes of emails, and of
    letters and their forms, after the last thing that happened in a closed dispute. ``disputes``: all the rest of it,
    likewise. ``other_mail``: emails that belong to no dispute and wait for nobody, and letters about them, after they
    came."""

    emails: int | None = None
    letters: int | None = None
    disputes: int | None = None
    other_mail: int | None = None


KEEPS_ALL = Retention()  # nothing is let go of


def months_before(now: datetime, months: int) -> datetime:
    """The end of a retention: the same day and time of day so many months ago; on a month's last day where that month
    is shorter."""
    count = now.year * 12 + now.month - 1 - months
    year, month = divmod(count, 12)
    day = now.day
    while True:
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1


def is_on_hold(reference: str, holds: Iterable[str]) -> bool:
    """Whether a legal hold keeps this dispute, or mail of none (""), whatever its retention says."""
    return any(hold in (EVERYTHING, reference) for hold in holds)
