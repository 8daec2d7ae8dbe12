"""What an email of the office's own lines would do, for ``explain``: nothing is settled, and nothing is written."""

from datetime import datetime
from typing import Any

from mailbot.considering.considered import Considered, Desk, Step
from mailbot.considering.gatekeeping import Disposition
from mailbot.considering.office import OfficeEmail, about_dispute, at_once, quoted, urgent
from mailbot.core.decisions.office import OfficeLine, Outcome
from mailbot.core.telling.letters import Notice
from mailbot.core.telling.transcript import UNDO_WITHIN, LineDone, LinesCarriedOut
from mailbot.mail.arriving.message import Message


def would_do(email: OfficeEmail, message: Message, received: datetime, desk: Desk) -> Considered:
    """Each line by itself, on the disputes as they were given; what waits here is not known."""
    steps: list[Step] = []
    told: list[LineDone] = []
    for line in email.lines:
        outcome = at_once(line) or _outcome(line, email, message, received, desk)
        for reference, events in outcome.events:
            dispute = desk.dispute(reference)
            steps += [Step(reference, dispute, events, desk.version(dispute))] if dispute else []
        told.append(LineDone(quoted(line, desk), outcome.done, outcome.said))
    event = LinesCarriedOut(at=received, by=email.by, lines=tuple(told), undo_by=received + UNDO_WITHIN)
    plain = [Notice("transcript", email.by, event)]
    plain = [urgent(email.by, received)] if email.alarming else plain
    done = sum(line.done for line in told)
    reason = f"the office's own lines: {done} of {len(told)} would be done"
    flags = ("possible immediate risk",) if email.alarming else ()
    return Considered(
        Disposition.ANSWERED, reason, email.by, steps=tuple(steps), plain=tuple(plain), message=message, flags=flags
    )


def _outcome(line: OfficeLine, email: OfficeEmail, message: Message, received: datetime, desk: Desk) -> Outcome:
    if line.number:
        where = f" and read in {line.reference}" if line.reference else ""
        return Outcome(True, f"Message {line.number}, if it waits, would be settled{where}.")
    if not line.reference:
        return Outcome(True, "What the answered email did would be put back.")
    return about_dispute(line, email.by, message, received, desk, 0)


def keys(email: OfficeEmail) -> dict[str, Any]:
    """``act``, ``how_sure``, ``dispute`` and ``fields`` of ``explain``'s fixed keys."""
    understood = all(line.act.value != "not_understood" and not line.fault for line in email.lines)
    references = list(dict.fromkeys(line.reference for line in email.lines if line.reference))
    rows = [
        {key: value for key, value in (
            ("act", line.act.value), ("held", line.number), ("dispute", line.reference), ("other", line.other),
            ("words", line.words), ("not_done", line.fault),
        ) if value}
        for line in email.lines
    ]  # fmt: skip
    return {
        "act": [line.act.value for line in email.lines],
        "how_sure": "sure" if understood else "unsure",
        "dispute": references[0] if references else None,
        "fields": {"lines": rows},
    }
