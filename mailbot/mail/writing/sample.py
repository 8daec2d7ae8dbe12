"""Two invented views for trying a template on: one with everything filled in, one with nothing that may be absent."""

from dataclasses import replace
from datetime import date

from mailbot.core.telling.counts import Counts, StageCount
from mailbot.core.telling.transcript import LineDone
from mailbot.mail.writing.buttons import Button, mailto
from mailbot.mail.writing.by_office import ByOffice
from mailbot.mail.writing.form_told import BoxRow, FormTold
from mailbot.mail.writing.letter_view import LetterView, PhoneRow
from mailbot.mail.writing.record import LABELS, PersonRow, Row
from mailbot.mail.writing.speaking import ActionRow, Told

RISK = (
    "If a child is at risk of immediate harm do not wait for this process. Tell your line manager now and follow your "
    "agency's safeguarding procedure. In an emergency call 999."
)
_MAILBOX = "escalation@partnership.example"


_PAPER = FormTold(
    "NC-26-0012-recording-form.docx", recorded=True, changed=(BoxRow("Summary", "", "A visit was made."),),
    lacks=("What remains unresolved",), asks=("Joint visit: “ASAP” is not an actual date.",),
    not_taken=("Date Stage 2 started: this mailbox fills it in.",),
)  # fmt: skip

_LIMIT = "5pm on Thursday 10 September 2026"
_TOLD = Told(
    by="Octavia Samplewood", at="9am on Tuesday 8 September 2026", words="We have spoken.",
    agreed="A joint visit.", actions=(ActionRow("Joint visit", "A. Quill", "", False),),
    on="Friday 11 September 2026", was=_LIMIT, becomes=_LIMIT, why="a visit is booked", whom="Evadne Trustworth",
    until="Monday 14 September 2026", addresses=("someone@elsewhere.example",), question="Which one is it?",
    what="Line managers resolve", understood=True, unread_since=_LIMIT, then="move up", to="Stage 3",
)  # fmt: skip


def bare(letter: str) -> LetterView:
    """What ``letter`` must be able to do without: no dispute, no limit, no telephone, nobody named."""
    return LetterView(
        letter=letter,
        partnership="Northshire Safeguarding Children Partnership",
        short="NSCP",
        protocol="Issue Resolution",
        subject_word="child",
        risk=RISK,
        then=(),
        phones=(),
        duty="Recording this here does not make a referral and does not pass on your duty.",
        office="the NSCP Business Manager",
        mailbox=_MAILBOX,
        source="",
        policy="",
    )


def _button(word: str, label: str, consequence: str) -> Button:
    lines = (word, "What was agreed: ")
    return Button(
        label, consequence, word, "then what was agreed", lines, mailto(_MAILBOX, f"[NC-26-0012] {word}", lines)
    )


_BY_OFFICE = ByOffice(
    "It does not move by itself.", ("Linked with NC-26-0015.",), "that this was closed",
    (LineDone("RELEASE 3", True, "It is let in."),), "11:40", (("RELEASE 3", "lets in"),), 3, "NC-26-0012",
)  # fmt: skip


def full(letter: str) -> LetterView:
    """Everything at once, more than any real letter holds."""
    limit = _LIMIT
    buttons = (
        _button("RESOLVED", "We have agreed", "Children's Social Care will be asked to confirm."),
        _button("ESCALATE", "We have not agreed", "It goes to Stage 3 (Senior manager to senior manager) now."),
    )
    view = replace(
        bare(letter),
        then=("Consider what you can do to offer immediate support.",),
        phones=(PhoneRow("Front door: 01632 960001", "01632960001"),),
        source="This rests on: Stage 2.", policy="https://partnership.example/policy", greeting="Barnaby", acts=True,
        side="receiving", reference="NC-26-0012", child="J.T.", raiser="Wilhelmina Fernsby (Harbourside School)",
        raising="Harbourside School", receiving="Children's Social Care", stage="Stage 2",
        stage_title="Line manager to line manager", stage_before="Stage 1", stage_next="Stage 3 (Senior managers)",
        with_whom="Octavia Samplewood and Evadne Trustworth", speak="Please speak to each other.", is_final=True,
        limit=limit, limit_short="Thu 10 Sep 17:00", by=f"by {limit} at the latest; less if the child needs it",
        because="2 working days from the day it was raised.",
        working=(("Tue 8 Sep", "the day it starts"), ("Wed 9 Sep", "day 1"), ("Thu 10 Sep", "day 2")),
        caps=("Stages 1 to 3 together: 5pm on Monday 14 September 2026 at the latest.",),
        closed_before="Sat 5 Sep and Sun 6 Sep", ball="Waiting on Octavia Samplewood.",
        otherwise=f"If nothing is recorded by {limit}, it goes to Stage 3.",
        missing=("Barnaby, we still need your senior manager's name and email.",), buttons=buttons, also=buttons[:1],
        recorded=(Row("What it is about", "The referral was closed.", "Harbourside School"),),
        people=(PersonRow("Octavia Samplewood", "Harbourside School", "Line manager"),),
        remains="Whether a visit is made.", outcome="Resolved by agreement", why="two references in the subject",
        told=_TOLD,
        stages=(Row("Stage 1", "Practitioner to practitioner", "at most 1 working day"),), labels=LABELS,
        out_of_scope=("Whistleblowing: use your own policy.",), debrief=True, risk_who="line manager",
        form="Recording form", form_rows=(Row("What it is about", "The referral was closed."), Row("Outcome", "")),
        form_file="NC-26-0012-recording-form.docx", paper=_PAPER,
        note="for monitoring purposes only", tag="Issue resolution", stage_word="Stage",
        topic="Stage 2: line manager to line manager",
        by_office=_BY_OFFICE,
    )  # fmt: skip
    return view


def full_counts() -> Counts:
    """A month with something in every row."""
    return Counts(
        partnership="Northshire Safeguarding Children Partnership", short="NSCP", risk=RISK,
        agency="Harbourside School", month=date(2026, 9, 1), raised=2, received=1, closed=1, open_now=2,
        stages=(StageCount("Stage 1", 1, 0), StageCount("Stage 2", 1, 1)), why="numbers from Stage 1 onwards",
    )  # fmt: skip


def bare_counts() -> Counts:
    """A month in which nothing happened."""
    return replace(full_counts(), raised=0, received=0, closed=0, open_now=0, stages=(), why="")
