"""An invented partnership and one dispute in it, told through its events: what the tests of letters look at."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.office_acts import LineDone, LinesCarriedOut
from mailbot.core.notices.announcements import announce
from mailbot.core.notices.notice import Notice, settle
from mailbot.core.partnership.directory import Agency, Directory, Officer
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.partnership.roster import RosterProposed
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Happening, Length, Side, Source, Unit
from mailbot.core.procedure.protocol import (
    Cap,
    Clock,
    DigestRule,
    Form,
    FormField,
    OutcomeRule,
    OutOfScope,
    Phone,
    Protocol,
    Published,
    Risk,
    Role,
    Route,
    Stage,
)
from mailbot.core.procedure.working_days import Calendar, CalendarRule, Counting
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import (
    AbsenceNoticed,
    Change,
    FeedbackGiven,
    FormNotRead,
    FormReturned,
    MessageFiled,
    MovedByHand,
    NoticeFailed,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
)
from mailbot.core.record.intents import Action, Person
from mailbot.mail.letters.letter import LetterView, view

SCHOOL, CARE = "Harbourside Primary School", "Children's Social Care"
WILHELMINA = Person("w.fernsby@harbourside.example", "Wilhelmina Fernsby", SCHOOL, "Teacher")
BARNABY = Person("b.quill@northshire.example", "Barnaby Quill", CARE, "Social worker")
OCTAVIA = Person("o.samplewood@harbourside.example", "Octavia Samplewood", SCHOOL, "Deputy head")
EVADNE = Person("e.trustworth@northshire.example", "Evadne Trustworth", CARE, "Team manager")
HORATIO = Person("h.pellworthy@harbourside.example", "Horatio Pellworthy", SCHOOL, "Head teacher")
OFFICE = Person("business.manager@nscp.example", "NSCP Business Manager")
PARTNERS = Person("partners@nscp.example", "Delegated Safeguarding Partners")
MAILBOX = "escalation@nscp.example"
RISK = (
    "If a child is at risk of immediate harm do not wait for this process. Tell your line manager now and follow your "
    "agency's safeguarding procedure. In an emergency call 999."
)
MONDAY = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)  # 10:30 in the United Kingdom


def _wd(count: int) -> Length:
    return Length(count, Unit.WORKING_DAYS, f"{count} working day{'s' if count > 1 else ''}")


def _clock(name: str, stage: str, label: str, days: int, at_limit: AtLimit, who: tuple[str, ...] = ()) -> Clock:
    return Clock(name, (stage,), label, Happening.STAGE_ENTERED, _wd(days), who=who, at_limit=at_limit)


def _role(name: str, side: Side, title: str, source: Source, **more: str) -> Role:
    return Role(name, side, title, source, **more)  # type: ignore[arg-type]


MANAGER = "Line manager, or designated or named safeguarding professional"
_ROLES = (
    _role("raiser", Side.RAISING, "Practitioner raising the issue", Source.SENDER),
    _role("responder", Side.RECEIVING, "Practitioner in the other agency", Source.EMAIL),
    _role("raising_manager", Side.RAISING, MANAGER, Source.EMAIL, ask_at="1"),
    _role("responding_manager", Side.RECEIVING, MANAGER, Source.EMAIL, ask_at="1"),
    _role("raising_senior", Side.RAISING, "Senior manager", Source.EMAIL, ask_at="1"),
    _role("responding_senior", Side.RECEIVING, "Senior manager", Source.EMAIL, ask_at="1"),
    _role("business_manager", Side.PARTNERSHIP, "NSCP Business Manager", Source.ADDRESS, address=OFFICE.address),
    _role("dsps", Side.PARTNERSHIP, "Delegated Safeguarding Partners", Source.ADDRESS, address=PARTNERS.address),
)
_STAGES = (
    Stage(
        "1",
        "Practitioner to practitioner",
        ("raiser",),
        ("responder",),
        start_here=True,
        next="2",
        clause='"should initially attempt to resolve differences through discussion" (Stage 1)',
    ),
    Stage(
        "2",
        "Line manager to line manager",
        ("raising_manager",),
        ("responding_manager",),
        next="3",
        record="recording-form",
        clause='"considered at line management level" (Stage 2)',
    ),
    Stage(
        "3",
        "Senior manager to senior manager",
        ("raising_senior",),
        ("responding_senior",),
        next="4",
        clause='"discuss with peers from the other agencies" (Stage 3)',
    ),
    Stage(
        "4",
        "Safeguarding Partnership",
        ("raising_senior",),
        ("responding_senior",),
        decided_by=("dsps",),
        sent_through="business_manager",
        final_and_binding=True,
        clause='"is final and binding" (Stage 4)',
    ),
)
_CLOCKS = (
    _clock("s1", "1", "Resolve between practitioners", 1, AtLimit.MOVE_UP),
    _clock("s2", "2", "Line managers resolve", 2, AtLimit.MOVE_UP),
    _clock("s3", "3", "Senior managers resolve", 2, AtLimit.ASK),
    _clock("s4", "4", "The partners respond", 3, AtLimit.FLAG, ("dsps",)),
)
_FIELDS = (
    FormField("Summary of the issue at Stage 2", "summary:2", needed="stage closed", stage="2"),
    FormField("What remains unresolved", "unresolved:2", needed="moving up", stage="2"),
)

PROTOCOL = Protocol(
    id="northshire",
    version="2024-11-01",
    name="Issue Resolution",
    partnership="Northshire Safeguarding Children Partnership",
    short="NSCP",
    subject="child",
    stage_word="Stage",
    formal_from="2",
    mailbox=MAILBOX,
    prefix="NC",
    tags=("issue resolution",),
    calendar=CalendarRule(),
    counting=Counting(),
    in_scope="Disagreements between agencies about a child.",
    out_of_scope=(
        OutOfScope("whistleblowing", "Use your own organisation's whistleblowing policy."),
        OutOfScope("single agency", "Use your own organisation's procedure."),
    ),
    risk=Risk(
        RISK,
        "line manager",
        (
            "Consider what you can do to offer immediate support while others are contacted.",
            "Do not assume that other agencies will share your view or respond.",
        ),
        (Phone("Front door", "01632 960001", "weekdays"), Phone("Out of hours", "01632 960002")),
    ),
    roles={r.id: r for r in _ROLES},
    stages={s.id: s for s in _STAGES},
    clocks={k.id: k for k in _CLOCKS},
    caps={
        "day-5": Cap(
            "day-5", "Stages 1 to 3 together", ("1", "2", "3"), Happening.RAISED, _wd(5), at_limit=AtLimit.ASK, then="4"
        )
    },
    notices={},
    forms={"recording-form": Form("recording-form", "Recording Form", ("2", "3", "4"), _FIELDS)},
    routes={"debrief": Route("debrief", "Reflective debrief", Effect.OFFER, when_closed=True)},
    outcomes={
        "resolved": OutcomeRule("resolved", "Resolved by agreement"),
        "decided": OutcomeRule("decided", "Decided by the partners (final and binding)", ("4",)),
    },
    categories=(),
    digest=DigestRule(("business_manager",)),
    published=Published("Issue Resolution Policy", date(2024, 11, 1), "https://nscp.example/issue-resolution"),
)

CALENDAR = Calendar(
    CalendarRule(day_ends=time(17)),
    {date(2026, 8, 31): "Summer Bank Holiday", date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day"},
    date(2026, 1, 1),
    date(2027, 12, 31),
)
DIRECTORY = Directory(
    (Agency(SCHOOL, ("harbourside.example",)), Agency(CARE, ("northshire.example",))),
    tuple(Officer(p) for p in (WILHELMINA, BARNABY, OCTAVIA, EVADNE)),
    frozenset({"harbourside.example", "northshire.example"}),
)


def opened(at: datetime = MONDAY, child: str = "Jamie Thornbury", receiving: str = CARE) -> Dispute:
    """Stage 1, Monday 7 September 2026: the limit is Tuesday 8 September at 17:00."""
    recorded = [
        e.PersonRecorded(at=at, role=role, side=side, person=person)
        for role, side, person in (
            ("raiser", Side.RAISING, WILHELMINA),
            ("responder", Side.RECEIVING, BARNABY),
            ("raising_manager", Side.RAISING, OCTAVIA),
            ("responding_manager", Side.RECEIVING, EVADNE),
            ("raising_senior", Side.RAISING, HORATIO),
        )
    ]
    return fold(
        (
            e.DisputeOpened(
                at=at,
                reference="NC-26-0012",
                partnership="northshire",
                protocol="northshire",
                version="2024-11-01",
                raised=at,
                raiser=WILHELMINA,
                raising=SCHOOL,
                receiving=receiving,
                child=child,
                message="<LO2P265MB0001.opening@harbourside.example>",
            ),
            e.StageEntered(at=at, stage="1", how="opening"),
            *recorded,
            e.FieldRecorded(
                at=at,
                key="issue",
                by=WILHELMINA.address,
                value="The referral for Jamie was closed without a visit.\nWe think a visit is needed.",
            ),
            e.FieldRecorded(at=at, key="impact", value="Jamie is tired and hungry at school.", by=WILHELMINA.address),
        )
    )


def later(dispute: Dispute, *events: e.Event) -> Dispute:
    for event in events:
        dispute = dispute.after(event)
    return dispute


AT = datetime(2026, 9, 8, 16, 0, tzinfo=UTC)  # Tuesday 17:00
PASSED_1 = e.LimitPassed(at=AT, key="1:s1", clock="s1", stage="1", limit=AT, then=AtLimit.MOVE_UP)
ENTERED_2 = e.StageEntered(at=AT, stage="2", how="limit")
THURSDAY = datetime(2026, 9, 10, 9, 0, tzinfo=UTC)
PROPOSED = e.ResolutionProposed(
    at=THURSDAY,
    stage="2",
    side=Side.RAISING,
    by=OCTAVIA,
    agreed="A joint visit will be made to Jamie Thornbury.",
    actions=(Action("Joint visit", "Barnaby Quill", date(2026, 9, 14)), Action("Report back", "Octavia Samplewood")),
)
CLOSED = e.DisputeClosed(at=THURSDAY, outcome="resolved", stage="2", by=EVADNE.address)
DECIDED = e.DisputeClosed(at=THURSDAY, outcome="decided", stage="4", by=PARTNERS.address, words="A visit will be made.")
FORM_READ = FormReturned(
    at=THURSDAY,
    form="recording-form",
    by=OCTAVIA,
    side=Side.RAISING,
    name="NC-26-0012-recording-form.docx",
    digest="d" * 64,
    version=1,
    recorded=True,
    missing=("unresolved:2",),
    kept=("stage_started:2",),
    changes=(Change("summary:2", "", "A visit was made to Jamie Thornbury."),),
    asks=("Joint visit: “ASAP” is not an actual date.",),
)
FORM_VIEW = replace(FORM_READ, by=EVADNE, side=Side.RECEIVING, recorded=False, missing=(), asks=(), kept=())
FORM_NOT_READ = FormNotRead(
    at=THURSDAY,
    by=OCTAVIA,
    name="recording-form.docm",
    digest="d" * 64,
    why="it is a Word file of the kind that holds macros (.docm)",
)


def seen(notice: Notice, dispute: Dispute, now: datetime, protocol: Protocol = PROTOCOL) -> LetterView:
    """The view of ``notice`` with the limits that really hold."""
    partnership = Partnership("nc", protocol, CALENDAR, DIRECTORY)
    along = settle(announce(notice.event, Case(dispute, partnership, now)))
    return view(notice, Case(dispute, partnership, now), along=along)


def letters() -> tuple[tuple[Notice, Dispute, datetime], ...]:
    """One true occasion for every letter that belongs to a dispute."""
    one = opened()
    two = later(
        one,
        PASSED_1,
        ENTERED_2,
        e.FieldRecorded(at=AT, key="unresolved:1", value="Whether anybody visits.", by=WILHELMINA.address),
    )
    three = later(two, e.StageEntered(at=THURSDAY, stage="3", how="limit"))
    four = later(three, e.StageEntered(at=THURSDAY, stage="4", how="referred"))
    proposed, closed = later(two, PROPOSED), later(two, PROPOSED, CLOSED)
    day, friday = date(2026, 9, 9), datetime(2026, 9, 11, 9, 0, tzinfo=UTC)
    tuesday = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
    decision = e.DecisionMade(
        at=THURSDAY,
        by=PARTNERS,
        words="A visit will be made.",
        actions=(Action("Visit", "Barnaby Quill", date(2026, 9, 11)),),
    )
    decided = later(four, decision, DECIDED)
    no = e.OutcomeReported(at=tuesday, by=WILHELMINA, happened=False, words="NOT HAPPENED\nNobody has visited.")
    objected = e.ResolutionObjected(
        at=THURSDAY, side=Side.RECEIVING, by=EVADNE, words="We said we would think about it."
    )
    reopened = e.DisputeReopened(at=friday, by=OCTAVIA, words="The visit did not happen.")
    asked = e.DateProposed(
        at=THURSDAY,
        stage="2",
        clock="s2",
        on=date(2026, 9, 18),
        side=Side.RECEIVING,
        by=EVADNE,
        reason="A visit is booked.",
    )
    late = e.LimitPassed(
        at=THURSDAY, key="3:s3", clock="s3", stage="3", limit=THURSDAY, then=AtLimit.ASK, points_to="4"
    )
    agreed = e.DateAgreed(at=THURSDAY, stage="2", clock="s2", on=day)
    sooner = e.ProtectiveDateSet(at=AT, on=day, side=Side.RAISING, by=OCTAVIA, reason="The weekend is near.")
    handed = e.PersonHandedOver(
        at=AT, role="raising_manager", side=Side.RAISING, leaving=OCTAVIA, taking=HORATIO, until=date(2026, 9, 21)
    )
    kept = e.AutomaticMoveHeld(at=AT, by=OFFICE, words="The head teacher is away until Jamie Thornbury's meeting.")
    let_on = e.AutomaticMoveResumed(at=THURSDAY, by=OFFICE)
    linked = e.DisputeLinked(at=AT, other="NC-26-0015", by=OFFICE)
    stayed = replace(PASSED_1, then=AtLimit.ASK, held=True)
    cases: tuple[tuple[str, Person, e.Event, Dispute, datetime, bool], ...] = (
        ("opened", BARNABY, one.history[0], one, MONDAY, True),
        ("opened", WILHELMINA, one.history[0], one, MONDAY, True),
        ("still_needed", BARNABY, e.Reminded(at=AT, key="", clock="s1", stage="1", limit=AT), one, MONDAY, True),
        ("reminder", BARNABY, e.Reminded(at=MONDAY, key="", clock="s1", stage="1", limit=AT), one, MONDAY, True),
        ("limit_passed", WILHELMINA, PASSED_1, two, AT, False),
        ("limit_passed", EVADNE, late, three, THURSDAY, False),
        ("stage_entered", OCTAVIA, ENTERED_2, two, AT, True),
        ("stage_entered", EVADNE, ENTERED_2, two, AT, True),
        ("stage_told", WILHELMINA, ENTERED_2, two, AT, False),
        ("refer_question", HORATIO, late, three, THURSDAY, True),
        ("referred", OFFICE, four.history[-1], four, THURSDAY, True),
        ("referred", PARTNERS, four.history[-1], four, THURSDAY, True),
        ("proposed", EVADNE, PROPOSED, proposed, THURSDAY, True),
        ("proposed_told", OCTAVIA, replace(PROPOSED, understood=True), proposed, THURSDAY, False),
        ("objected", OCTAVIA, objected, later(proposed, objected), THURSDAY, True),
        ("closed", WILHELMINA, CLOSED, closed, THURSDAY, False),
        ("closed", BARNABY, DECIDED, later(four, DECIDED), THURSDAY, False),
        ("reopened", EVADNE, reopened, later(closed, reopened), friday, True),
        ("summary", WILHELMINA, e.StageEnded(at=AT, stage="1", how="moved up"), two, AT, False),
        ("date_proposed", OCTAVIA, asked, later(two, asked), THURSDAY, True),
        ("date_proposed", EVADNE, asked, later(two, asked), THURSDAY, False),
        ("date_recorded", OCTAVIA, agreed, later(two, agreed), AT, True),
        (
            "date_refused",
            EVADNE,
            e.DateRefused(at=THURSDAY, stage="2", clock="s2", on=date(2026, 9, 18), by=OCTAVIA, why="no"),
            two,
            AT,
            True,
        ),
        ("protective_date", EVADNE, sooner, later(two, sooner), AT, True),
        ("handed_over", HORATIO, handed, later(two, handed), AT, True),
        ("absence", OFFICE, AbsenceNoticed(at=AT, person=EVADNE, until=date(2026, 9, 21)), two, AT, False),
        (
            "not_delivered",
            OCTAVIA,
            NoticeFailed(at=AT, address=EVADNE.address, letter="stage_entered", why="550 5.1.1 user unknown"),
            two,
            AT,
            True,
        ),
        (
            "question",
            OCTAVIA,
            QuestionAsked(at=AT, of=OCTAVIA, question="Is it resolved? Reply RESOLVED or NOTE."),
            two,
            AT,
            True,
        ),
        (
            "refused",
            BARNABY,
            RequestRefused(at=AT, by=BARNABY, act="move_up", why="moving it up is for the agency that raised it"),
            two,
            AT,
            False,
        ),
        ("noted", BARNABY, e.MeetingHeld(at=AT, on=date(2026, 9, 8), by=BARNABY, words="We rang."), two, AT, False),
        ("undone", OCTAVIA, e.MisreadUndone(at=AT, places=(), by=OCTAVIA, words="I meant a visit."), two, AT, True),
        ("move_held", OCTAVIA, kept, later(two, kept), AT, True),
        ("move_held", BARNABY, kept, later(two, kept), AT, False),
        ("move_resumed", EVADNE, let_on, later(two, kept, let_on), AT, True),
        ("limit_passed", WILHELMINA, stayed, later(one, kept, stayed), AT, True),
        ("limit_passed", OFFICE, stayed, later(one, kept, linked, stayed), AT, False),
        ("undone", EVADNE, e.MisreadUndone(at=AT, places=(), by=OFFICE), two, AT, True),
        ("status", EVADNE, StatusAsked(at=AT, by=EVADNE), two, AT, False),
        ("urgent", WILHELMINA, RiskReported(at=AT, by=WILHELMINA), two, AT, True),
        ("urgent_told", OFFICE, RiskReported(at=AT, by=WILHELMINA), two, AT, True),
        ("outsider", BARNABY, OutsiderNoticed(at=AT, by=BARNABY, addresses=("parent@home.example",)), two, AT, False),
        (
            "outsider_told",
            OFFICE,
            OutsiderNoticed(at=AT, by=BARNABY, addresses=("parent@home.example",)),
            two,
            AT,
            False,
        ),
        (
            "calendar_moved",
            EVADNE,
            e.CalendarMoved(at=AT, stage="2", was=THURSDAY, becomes=friday, why="a day of mourning"),
            two,
            AT,
            True,
        ),
        ("feedback_asked", WILHELMINA, CLOSED, closed, THURSDAY, True),
        (
            "action_due",
            BARNABY,
            e.ActionsReminded(at=friday, keys=("14",), on=(date(2026, 9, 14),)),
            closed,
            friday,
            True,
        ),
        (
            "action_unreported",
            OCTAVIA,
            e.ActionsUnreported(at=tuesday, keys=("14",), on=(date(2026, 9, 14),)),
            closed,
            tuesday,
            True,
        ),
        ("did_it_happen", WILHELMINA, e.OutcomeAsked(at=tuesday, keys=("10",)), closed, tuesday, True),
        ("did_it_happen", WILHELMINA, e.OutcomeAsked(at=tuesday, keys=("20",), last=True), decided, tuesday, True),
        ("did_not_happen", PARTNERS, no, later(decided, no), tuesday, False),
        ("noted", WILHELMINA, replace(no, happened=True), closed, tuesday, False),
        ("thanks", WILHELMINA, FeedbackGiven(at=friday, by=WILHELMINA, helpful=4), closed, friday, False),
        ("form_read", OCTAVIA, FORM_READ, later(two, FORM_READ), THURSDAY, True),
        ("form_read", OCTAVIA, FORM_VIEW, later(two, FORM_VIEW), THURSDAY, True),
        ("form_read", EVADNE, FORM_VIEW, later(two, FORM_VIEW), THURSDAY, True),
        ("form_read", OCTAVIA, FORM_NOT_READ, later(two, FORM_NOT_READ), THURSDAY, False),
        ("received", BARNABY, MessageFiled(at=AT, digest="", by=BARNABY), two, AT, False),
        ("unreachable_told", OFFICE, replace(PASSED_1, unread_since=MONDAY), two, AT, False),
    )
    return tuple((Notice(name, to, event, acts=acts), dispute, now) for name, to, event, dispute, now, acts in cases)


# Letters that belong to no dispute.
PLAIN = (
    Notice("guide", BARNABY, QuestionAsked(at=AT, of=BARNABY, question="")),
    Notice(
        "out_of_scope",
        BARNABY,
        RequestRefused(at=AT, by=BARNABY, act="out_of_scope", why="Use your own organisation's whistleblowing policy."),
    ),
    Notice(
        "held_told",
        OFFICE,
        QuestionAsked(at=AT, of=BARNABY, question="Two references in the subject. REFER or NOTE."),
    ),
    Notice(
        "roster_proposed",
        OFFICE,
        RosterProposed(at=AT, by=BARNABY, agency="Harbourside School", changes=("Octavia Samplewood has left",)),
        acts=True,
    ),
    Notice(
        "hand_filed",
        OFFICE,
        MovedByHand(
            at=AT,
            where="NC-26-0012",
            outcome="read there",
            reference="NC-26-0012",
            writer=BARNABY,
            why="it confirms the resolution",
        ),
    ),
    Notice(
        "hand_filed",
        OFFICE,
        MovedByHand(at=AT, where="NC-26-0012", outcome="noted", reference="NC-26-0012", writer=BARNABY),
    ),
    *(
        Notice("hand_filed", OFFICE, MovedByHand(at=AT, where=where, outcome=outcome, writer=BARNABY, why=why))
        for where, outcome, why in (
            ("Not a dispute", "dismissed", "it is kept, and nothing is done because of it"),
            ("Try again", "read again", "it asks how the procedure works; it waits again"),
            ("Not a dispute", "nothing", "it was recorded in NC-26-0012, and stays so"),
        )
    ),
    Notice("was_it_you", BARNABY, MessageFiled(at=AT, digest="", by=BARNABY)),
    Notice(
        "question",
        BARNABY,
        QuestionAsked(at=AT, of=BARNABY, question="Did you mean to record a disagreement? Reply OPEN or IGNORE."),
    ),
    Notice(
        "transcript",
        OFFICE,
        LinesCarriedOut(
            at=AT,
            by=OFFICE,
            undo_by=AT,
            lines=(
                LineDone(
                    "2 -> NC-26-0012",
                    True,
                    "Message 2 is filed in NC-26-0012 and is read there now, by what its writer may do.",
                ),
                LineDone("REDACT NC-26-0012 T.", True, "From now on our letters show that as initials."),
                LineDone("CLOSE NC-26-0012 if they agree", False, "It has a condition or a question in it."),
                LineDone("and could you ring me", False, "This was not understood, so nothing was done for it."),
            ),
            lists_words=True,
        ),
    ),
    Notice("urgent", BARNABY, RiskReported(at=AT, by=BARNABY)),
    Notice("urgent_told", OFFICE, RiskReported(at=AT, by=BARNABY)),
    Notice(
        "trouble_told",
        OFFICE,
        QuestionAsked(
            at=AT, of=e.Person(), question="NC-26-0013 was given to a dispute, and this record has none of it."
        ),
        why="an older record",
    ),
    Notice(
        "trouble_told",
        OFFICE,
        QuestionAsked(at=AT, of=Person(), question="Since 9.10am on Monday 7 September: 550 5.7.60 not allowed"),
        why="letters do not leave",
    ),
)
