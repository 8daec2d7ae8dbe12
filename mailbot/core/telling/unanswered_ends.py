"""Closed disputes of which nobody has said whether what was agreed happened: asked twice, and silence since.

Silence is never taken as a yes. It stands in the digest until somebody on the raising side, or the Business Manager,
says HAPPENED or NOT HAPPENED. A few days are left for an answer first.
"""

from collections.abc import Sequence
from datetime import datetime

from mailbot.core.clocks.calendar import Calendar
from mailbot.core.decisions.afterwards import answer, was_asked
from mailbot.core.happened.dispute import Dispute
from mailbot.core.telling.digest_rows import Remark

PATIENCE = 2  # working days after the last question

SAID = "whether what was agreed happened was asked for the last time, and nobody has answered"


def unanswered_ends(disputes: Sequence[Dispute], calendar: Calendar, now: datetime) -> tuple[Remark, ...]:
    """One line for each dispute whose last question has gone unanswered."""
    rows = []
    for dispute in disputes:
        asked = was_asked(dispute)
        if asked is None or not asked.last or answer(dispute) is not None:
            continue
        if calendar.close_of(calendar.nth_after(calendar.local(asked.at).date(), PATIENCE)) <= now:
            rows.append(Remark(dispute.reference, SAID))
    return tuple(rows)
