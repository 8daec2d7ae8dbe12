"""Two invented cards for trying its template on: one with everything, one with nothing that may be absent."""

from dataclasses import replace

from mailbot.mail.writing.card import Card
from mailbot.mail.writing.sample import RISK


def full_card() -> Card:
    return Card(
        risk=RISK, partnership="Northshire Safeguarding Children Partnership", subject_word="child",
        reference="NC-26-0012", raising="Harbourside School", receiving="Children's Social Care",
        agencies="Harbourside School and Children's Social Care", stage="Stage 2",
        stage_title="Line manager to line manager", turn="line managers",
        ball="Waiting on the line managers at Harbourside School and Children's Social Care.",
        otherwise="If nothing is recorded by 5pm on Thursday 10 September, it goes to Stage 3.",
        limit="5pm on Thursday 10 September 2026", limit_short="Thu 10 Sep 17:00", days="due today, day 2 of 2",
        past=False, due=True,
        missing=("Name and email: senior manager (Harbourside School)", "What it means for the child"),
        lately=("Wed 9 Sep 09:00: Stage 2 began: nothing was recorded by the limit",),
        duty="Recording this here does not make a referral and does not pass on your duty.",
        office="the NSCP Business Manager", mailbox="escalation@partnership.example",
    )  # fmt: skip


def bare_card() -> Card:
    """A stage without a limit, with nothing missing, past nothing."""
    return replace(
        full_card(), otherwise="", limit="", limit_short="", days="", due=False, missing=(), lately=()
    )  # fmt: skip
