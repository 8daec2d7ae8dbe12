"""Deliveries: of which agencies nobody has had a letter at a dispute's present stage.

What was written is not what was received. A limit that passes over people whose letters still wait, because a server is
down or their address is wrong, is a limit that nobody knew of (I17).
"""

from collections.abc import Sequence

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import in_roles
from mailbot.core.procedure.closed_lists import Side
from mailbot.shell.store.stored_values import LetterRecord, LetterState

_HAD = (LetterState.SENT, LetterState.UNCERTAIN)  # of the latter the bytes have gone, and only the answer was lost


def agencies_untold(case: Case, letters: Sequence[LetterRecord]) -> tuple[str, ...]:
    """Deliveries to agencies: those to whose people letters were written since the present stay began, of which none
    has been accepted. Where an agency has nobody to write to, that is asked about elsewhere, and no limit waits for
    it."""
    dispute = case.dispute
    if not dispute.is_open or not dispute.visits:
        return ()
    stage, since = case.stage, dispute.visit.entered
    here = [one for one in letters if one.created >= since]
    had = {one.recipient for one in here if one.state in _HAD}
    written = {one.recipient for one in here}
    found = []
    for side, roles in ((Side.RAISING, stage.raising), (Side.RECEIVING, stage.receiving)):
        people = in_roles(roles, case, side)
        for agency in dispute.agencies(side):
            several = len(dispute.agencies(side)) > 1
            theirs = {person.address for person in people if not several or person.agency == agency}
            if theirs & written and not theirs & had:
                found.append(agency)
    return tuple(found)
