"""A message that this mailbox had never had, put into a dispute's folder by hand: kept there as a note, never obeyed.

Nobody knows how it came, and nothing shows who wrote it: the border's marks are whoever's mailbox it lay in. So it
counts for no side and asks for nothing. What it says of danger is still heard, by the office alone.
"""

from datetime import datetime

from mailbot.considering.considered import Considered, Step
from mailbot.considering.gatekeeping import Disposition
from mailbot.core.happened.correspondence import MovedByHand, RiskReported
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.partnership import Partnership
from mailbot.core.telling.letters import Notice
from mailbot.mail.arriving.message import Unreadable
from mailbot.mail.reading import Reading
from mailbot.mail.understanding.risk_words import risk_in

REASON = "put into the folder by hand: kept as a note, and nothing it asks was done"


def placed(
    reading: Reading | Unreadable, event: MovedByHand, dispute: Dispute, partnership: Partnership, now: datetime
) -> Considered:
    """``event`` says who wrote it, as far as can be told, and where it was put."""
    writer = event.writer
    assert writer is not None
    message = reading if isinstance(reading, Unreadable) else reading.message
    told = []
    if _speaks_of_danger(reading, partnership):
        danger = RiskReported(at=now, by=writer)
        told = [Notice("urgent_told", person, danger, acts=True) for person in partnership.office()]
    step = Step(dispute.reference, dispute, (event,), partnership)
    return Considered(Disposition.FILED, REASON, writer, steps=(step,), plain=tuple(told), message=message)


def _speaks_of_danger(reading: Reading | Unreadable, partnership: Partnership) -> bool:
    if isinstance(reading, Unreadable) or reading.kind.name != "human":
        return False
    return bool(risk_in(f"{reading.for_danger}\n\n{reading.message.subject}", partnership.protocol.risk.line))
