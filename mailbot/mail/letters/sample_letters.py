"""Invented views for trying each template on: one with everything filled in, one with nothing that may be absent."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailbot.core.decisions.office_acts import LineDone
from mailbot.core.partnership.roster import RosterRow, RosterSheet
from mailbot.core.reports.agency_counts import Counts, Silent, StageCount
from mailbot.core.reports.daily_word import Heartbeat, Passed
from mailbot.core.reports.digest import Digest, RecordSoFar, Working
from mailbot.core.reports.digest_figures import Bar, DayAhead, FeedbackTold, Figure, Figures, WeekCount
from mailbot.core.reports.digest_needs import Need, NeedKind
from mailbot.core.reports.digest_rows import Due, MovedRow, OpenRow, Received, Remark, Resolved
from mailbot.core.reports.measures import Share
from mailbot.core.reports.meeting_report import Report, ReportedCase, ReportLine, ReportTable
from mailbot.mail.documents.form_boxes import BoxRow, FormTold
from mailbot.mail.letters.buttons import Button, mailto
from mailbot.mail.letters.letter import LetterView, PhoneRow
from mailbot.mail.letters.overview_card import Card
from mailbot.mail.letters.recorded_so_far import RECORD_LABELS, PersonRow, RecordRow
from mailbot.mail.letters.speaker import ActionRow, EventTold
from mailbot.mail.letters.what_happened import ByOffice
from mailbot.mail.letters.whose_turn import ToldBesides

# Two invented views for trying a template on: one with everything filled in, one with nothing that may be absent.

RISK = (
    "If a child is at risk of immediate harm do not wait for this process. Tell your line manager now and follow your "
    "agency's safeguarding procedure. In an emergency call 999."
)
_MAILBOX = "escalation@partnership.example"
_PAPER = FormTold(
    "NC-26-0012-recording-form.docx",
    recorded=True,
    changed=(BoxRow("Summary", "", "A visit was made."),),
    lacks=("What remains unresolved",),
    asks=("Joint visit: “ASAP” is not an actual date.",),
    not_taken=("Date Stage 2 started: this mailbox fills it in.",),
)
_BESIDES = ToldBesides(
    "The NSCP Business Manager has been told.",
    "Harbourside School has been told.",
    "The other side has been asked to confirm.",
    "They have been sent the numbers to ring.",
    deciding=True,
)
_LIMIT = "5pm on Thursday 10 September 2026"
_WORKING_SHOWN = (("Tue 8 Sep", "the day it starts"), ("Wed 9 Sep", "day 1"), ("Thu 10 Sep", "day 2"))
_GIST = (RecordRow("What it is about", "The referral was closed."),)
_TOLD = EventTold(
    by="Octavia Samplewood",
    at="9am on Tuesday 8 September 2026",
    words="We have spoken.",
    agreed="A joint visit.",
    actions=(ActionRow("Joint visit", "A. Quill", "", False, "Joint visit (A. Quill)"),),
    on="Friday 11 September 2026",
    was=_LIMIT,
    becomes=_LIMIT,
    why="a visit is booked",
    whom="Evadne Trustworth",
    until="Monday 14 September 2026",
    addresses=("someone@elsewhere.example",),
    question="Which one is it?",
    what="Line managers resolve",
    understood=True,
    unread_since=_LIMIT,
    then="move up",
    to="Stage 3",
)


def bare(letter: str) -> LetterView:
    """A bare sample of a letter: what ``letter`` must be able to do without: no dispute, no limit, no telephone, nobody
    named."""
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
    "It does not move by itself.",
    ("Linked with NC-26-0015.",),
    "that this was closed",
    (LineDone("RELEASE 3", True, "It is let in."),),
    "11:40",
    (("RELEASE 3", "lets in"),),
    3,
    "NC-26-0012",
)


def full(letter: str) -> LetterView:
    """Everything at once, more than any real letter holds."""
    stage = replace(
        bare(letter),
        then=("Consider what you can do to offer immediate support.",),
        phones=(PhoneRow("Front door: 01632 960001", "01632960001"),),
        source="In the procedure: Stage 2.",
        policy="https://partnership.example/policy",
        greeting="Barnaby",
        tag="Issue resolution",
        stage_word="Stage",
        acts=True,
        side="receiving",
        reference="NC-26-0012",
        child="J.T.",
        raiser="Wilhelmina Fernsby (Harbourside School)",
        raising="Harbourside School",
        receiving="Children's Social Care",
        stage="Stage 2",
        stage_title="Line manager to line manager",
        stage_before="Stage 1",
        stage_next="Stage 3 (Senior managers)",
        with_whom="Octavia Samplewood and Evadne Trustworth",
        speak=True,
        also_decides="the Independent Scrutineer",
        how="Please speak to each other.",
        is_final=True,
    )
    return replace(_full_record(stage), gist=_GIST, uncounted="Sat 12 to Sun 13 Sep (weekend)", besides=_BESIDES)


def _full_record(stage: LetterView) -> LetterView:
    """A full sample of a letter: ``stage`` with a limit, buttons and everything that can be recorded."""
    limit = _LIMIT
    buttons = (
        _button("RESOLVED", "We have agreed", "Children's Social Care will be asked to confirm."),
        _button("ESCALATE", "We have not agreed", "It goes to Stage 3 (Senior manager to senior manager) now."),
    )
    return replace(
        stage,
        limit=limit,
        limit_short="Thu 10 Sep 5pm",
        by_short="by Thu 10 Sep 5pm",
        by=f"by {limit} at the latest",
        because="2 working days from the day it was raised.",
        working=_WORKING_SHOWN,
        caps=("Stages 1 to 3 together: Mon 14 Sep 5pm at the latest.",),
        closed_before="Sat 5 Sep and Sun 6 Sep",
        ball="Waiting on Octavia Samplewood.",
        otherwise=f"If nothing is recorded by {limit}, it goes to Stage 3.",
        missing=("Barnaby, we still need your senior manager's name and email.",),
        buttons=buttons,
        also=buttons[:1],
        recorded=(RecordRow("What it is about", "The referral was closed.", "Harbourside School"),),
        people=(PersonRow("Octavia Samplewood", "Harbourside School", "Line manager"),),
        remains="Whether a visit is made.",
        outcome="Resolved by agreement",
        why="two references in the subject",
        told=_TOLD,
        stages=(RecordRow("Stage 1", "Practitioner to practitioner", "at most 1 working day"),),
        labels=RECORD_LABELS,
        out_of_scope=("Whistleblowing: use your own policy.",),
        debrief=True,
        risk_who="line manager",
        form="Recording form",
        form_rows=(RecordRow("What it is about", "The referral was closed."), RecordRow("Outcome", "")),
        form_file="NC-26-0012-recording-form.docx",
        paper=_PAPER,
        note="for monitoring purposes only",
        by_office=_BY_OFFICE,
    )


def full_counts() -> Counts:
    """A month with something in every row."""
    return Counts(
        partnership="Northshire Safeguarding Children Partnership",
        short="NSCP",
        risk=RISK,
        agency="Harbourside School",
        month=date(2026, 9, 1),
        raised=2,
        received=1,
        closed=1,
        open_now=2,
        stages=(StageCount("Stage 1", 1, 0), StageCount("Stage 2", 1, 1)),
        why="numbers from Stage 1 onwards",
    )


def bare_counts() -> Counts:
    """A month in which nothing happened."""
    return replace(full_counts(), raised=0, received=0, closed=0, open_now=0, stages=(), why="")


_ROSTER_ROW = RosterRow(
    "Octavia Samplewood",
    "o.samplewood@harbourside.sch.example",
    "Designated Safeguarding Lead",
    "line manager",
    "Evadne Trustworth",
    "01632 960111",
    True,
)


def full_roster() -> RosterSheet:
    """For a sample letter, a list with somebody on it, somebody who is out of use, and a post that nobody holds."""
    return RosterSheet(
        partnership="Northshire Safeguarding Children Partnership",
        short="NSCP",
        risk=RISK,
        agency="Harbourside School",
        mailbox=_MAILBOX,
        office="the NSCP Business Manager",
        rows=(_ROSTER_ROW, replace(_ROSTER_ROW, active=False, sign="a letter to this address came back (4 May 2026)")),
        missing=("senior manager",),
        example="Octavia Samplewood",
        doubted="Octavia Samplewood",
    )


def bare_roster() -> RosterSheet:
    """A list with nobody on it."""
    return replace(full_roster(), rows=(), missing=(), example="name or email address", doubted="")


# Two invented cards for trying its template on: one with everything, one with nothing that may be absent.


def full_card() -> Card:
    return Card(
        risk=RISK,
        partnership="Northshire Safeguarding Children Partnership",
        subject_word="child",
        reference="NC-26-0012",
        raising="Harbourside School",
        receiving="Children's Social Care",
        agencies="Harbourside School and Children's Social Care",
        stage="Stage 2",
        stage_title="Line manager to line manager",
        turn="line managers",
        ball="Waiting on the line managers at Harbourside School and Children's Social Care.",
        otherwise="If nothing is recorded by 5pm on Thursday 10 September, it goes to Stage 3.",
        limit="5pm on Thursday 10 September 2026",
        limit_short="Thu 10 Sep 17:00",
        days="due today, day 2 of 2",
        past=False,
        due=True,
        missing=("Name and email: senior manager (Harbourside School)", "What it means for the child"),
        lately=("Wed 9 Sep 09:00: Stage 2 began: nothing was recorded by the limit",),
        duty="Recording this here does not make a referral and does not pass on your duty.",
        office="the NSCP Business Manager",
        mailbox="escalation@partnership.example",
    )


def bare_card() -> Card:
    """A stage without a limit, with nothing missing, past nothing."""
    return replace(full_card(), otherwise="", limit="", limit_short="", days="", due=False, missing=(), lately=())


# Invented views of the letters to the partnership's office: a full digest and an empty one, a full and a bare word.

_PARTNERSHIP, _SHORT = "Northshire Safeguarding Children Partnership", "NSCP"
_AT = datetime(2026, 9, 14, 7, tzinfo=UTC)
_BOTH = ("Harbourside School", "Children's Social Care")
_ROW = OpenRow("NC-26-0012", *_BOTH, "Stage 2", "Line manager", _AT, 2, _AT, _AT.date(), "raised late")
_WORKING = Working(_AT, 1, held=((3, "the sender is not recognised: no agency of the directory"),))


def full_digest() -> Digest:
    """A full sample of the digest: a digest with a row in every part, and a count that does not add up."""
    remark = Remark("NC-26-0012", "1 action without an actual date")
    needs = (
        Need(
            "A message may have meant immediate danger. Told at once: Line manager", "NC-26-0012", _AT, NeedKind.URGENT
        ),
        Need("Message 3 has waited 2 days: two references", "", _AT, NeedKind.UNCLEAR, 3),
    )
    return Digest(
        partnership=_PARTNERSHIP,
        short=_SHORT,
        mailbox="escalation@partnership.example",
        risk=RISK,
        subject_word="child",
        start=_AT - timedelta(days=7),
        end=_AT,
        needs=needs,
        unclear=1,
        past_limit=(_ROW,),
        due=(Due(_AT.date(), (_ROW,)),),
        opened=(_ROW,),
        moved=(MovedRow("NC-26-0012", "Stage 2", "by the limit", "nobody has written"),),
        resolved=(
            Resolved("NC-26-0011", "Stage 1", "Resolved by agreement", 1),
            Resolved("NC-26-0010", "Stage 1", "Withdrawn by the raising agency", 2, True),
        ),
        resolved_but=(remark,),
        missing_names=(remark,),
        learning=(remark,),
        feedback=FeedbackTold((0, 0, 1, 2, 0), ("Shorter letters.",)),
        others=(_ROW,),
        figures=_figures(),
        received=Received(3, (("filed", 1), ("out of scope", 1)), 1),
        open_now=1,
        silent=(Silent("Northshire Police", _AT.date()), Silent("Northshire NHS Trust", None)),
        working=_WORKING,
        record=RecordSoFar(412, 37, "3f9a" * 16),
    )


def _figures() -> Figures:
    days = tuple(_AT.date() + timedelta(days=n) for n in range(7))
    return Figures(
        stages=(Bar("Stage 1", 3), Bar("Stage 2", 1), Bar("Stage 3", 0)),
        days=tuple(DayAhead(day, n % 3, "" if day.weekday() < 5 else f"{day:%A}") for n, day in enumerate(days)),
        weeks=tuple(WeekCount(_AT.date() - timedelta(days=7 * n), n % 4, n % 3, n % 2) for n in range(8, 0, -1)),
        moves=(Bar("By the limit: nobody had answered", 3), Bar("By a person", 4), Bar("Referred by a person", 0)),
        drift=Share(3, 7),
        since=date(2026, 7, 20),
        rows=(Figure("Moved by the limit", "3 of 7", "moves because nobody had answered, of all moves"),),
    )


def bare_digest() -> Digest:
    """A week in which nothing happened."""
    full = full_digest()
    none = replace(
        full.figures,
        stages=tuple(replace(bar, number=0) for bar in full.figures.stages),
        days=tuple(replace(day, due=0) for day in full.figures.days),
        weeks=tuple(replace(week, raised=0, closed=0, by_limit=0) for week in full.figures.weeks),
        moves=tuple(replace(bar, number=0) for bar in full.figures.moves),
        drift=Share(0, 0),
    )
    return replace(
        full,
        needs=(),
        unclear=0,
        past_limit=(),
        due=(),
        opened=(),
        moved=(),
        resolved=(),
        resolved_but=(),
        missing_names=(),
        learning=(),
        feedback=None,
        others=(),
        figures=none,
        received=Received(0, (), 0),
        open_now=0,
        silent=(),
        working=None,
        record=None,
    )


def full_heartbeat() -> Heartbeat:
    """A morning with something of every kind."""
    return Heartbeat(
        partnership=_PARTNERSHIP,
        short=_SHORT,
        risk=RISK,
        subject_word="child",
        day=_AT.date(),
        working=_WORKING,
        open_now=4,
        today=(_ROW,),
        later=(Due(date(2026, 9, 16), (_ROW,)),),
        past=(_ROW,),
        without=(replace(_ROW, limit=None),),
        meanwhile=(Passed("NC-26-0009", "Stage 1", _AT),),
    )


def bare_heartbeat() -> Heartbeat:
    """A bare sample of the daily word: one dispute, at a stage without a limit, and a mailbox never read."""
    return replace(full_heartbeat(), working=Working(None, 0), open_now=1, today=(), later=(), past=(), meanwhile=())


# Invented reports for a meeting: one with everything in it, one of a period in which nothing happened.


def full_report() -> Report:
    lines = (
        ReportLine("Raised", "12", "9", "by the date raised, not when it was first seen"),
        ReportLine("Moved by the limit", "3 of 7", "none to count", "moves because nobody had answered, of all moves"),
    )
    return Report(
        partnership="Northshire Safeguarding Children Partnership",
        short="NSCP",
        procedure="Issue Resolution",
        risk=RISK,
        first=date(2026, 7, 1),
        last=date(2026, 9, 30),
        before_first=date(2026, 4, 1),
        before_last=date(2026, 6, 30),
        full=True,
        headline=lines,
        lines=lines,
        matrix=ReportTable(
            "Who raised with whom",
            ("Raised by", "Northshire Police", "Schools", "Total"),
            (("Schools", "7", "under 5", "9"), ("Total", "7", "under 5", "9")),
            "By the date raised.",
        ),
        tables=(
            ReportTable("Stage reached", ("Stage", "Disputes"), (("Stage 1", "8"), ("Stage 2", "4")), "Of 12.", bars=1),
        ),
        silent=("Northshire Police: nothing on record yet. No disagreements, or is the procedure not used?",),
        only_receiving=("Northshire NHS Trust",),
        cases=(ReportedCase("Case 1 (NC-26-0012)", "It went from Stage 1 to 4."),),
        ideas=("Ask for the manager's name first.",),
        learning=("Thresholds were read in two ways.",),
        references=("Raised: NC-26-0012",),
    )


def bare_report() -> Report:
    nothing = ReportTable("Who raised with whom", (), (), "Nothing was raised in this period.")
    return replace(
        full_report(),
        full=False,
        headline=(),
        lines=(),
        matrix=nothing,
        tables=(),
        silent=(),
        only_receiving=(),
        cases=(),
        ideas=(),
        learning=(),
        references=(),
    )
