"""Notice to the office that a limit came while nobody of an agency had had a letter: it must be told by telephone."""

from mailbot.core.notices.notices import NoticesOf, office, to
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute

# Of what the letter about our own trouble tells: its templates know each.
UNTOLD_WAITS, UNTOLD_MOVED = "a limit waits", "moved untold"


def word_of_untold(event: e.LimitPassed | e.LimitWaited, dispute: Dispute, partnership: Partnership) -> NoticesOf:
    """The notices to the office that an agency has had no letter at this stage: while its limit waits for that, and
    when it moves on all the same."""
    why = UNTOLD_WAITS if isinstance(event, e.LimitWaited) else UNTOLD_MOVED
    return to("trouble_told", office(partnership), event, acts=True, why=why)
