"""What was put forward as a resolution before, and what was answered: both sides' words, with whose and when.

Whoever a dispute is referred to must see that it was once thought resolved, and why it was not (G6, NS-27). What waits
for an answer now, or has closed it, is told by the letter itself and is left out here.
"""

from mailbot.core.happened import events as e
from mailbot.core.happened.dispute import Dispute
from mailbot.mail.writing.account import tell
from mailbot.mail.writing.speaking import Speaker

PUT, REFUSED = "Reported as resolved", "Not agreed to be resolved"


def answers(dispute: Dispute, say: Speaker) -> tuple[tuple[str, str, str], ...]:
    """(what and when, the words, whose) of every proposal put back and every objection, in order."""
    undone = {place for event in dispute.history if isinstance(event, e.MisreadUndone) for place in event.places}
    counted = [event for place, event in enumerate(dispute.history) if place not in undone]
    rows: list[tuple[str, str, str]] = []
    waiting: list[tuple[str, str, str]] = []
    for event in counted:
        told = tell(event, say)
        if isinstance(event, e.ResolutionProposed):
            waiting.append((f"{PUT} ({told.at})", told.agreed, told.by))
        elif isinstance(event, e.ResolutionObjected):
            rows += [*waiting, (f"{REFUSED} ({told.at})", told.words, told.by)]
            waiting = []
        elif isinstance(event, e.StageEntered):
            rows += waiting  # it moved up all the same
            waiting = []
        elif isinstance(event, e.DisputeClosed | e.DisputeReopened):
            waiting = []
    return tuple(rows)
