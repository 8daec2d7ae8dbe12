"""Agreed dates: what becomes of a date that somebody asks for. Longer needs both sides and a protocol that allows
it; shorter needs one side and the child; whatever is refused, talking may go on (engine rules B2.1, B2.2; D3
"Longer time not allowed")."""

from datetime import date, datetime

from mailbot.core.clocks.case import Case
from mailbot.core.clocks.limits import Limit
from mailbot.core.decisions.who_may.authority import is_for_the_reply
from mailbot.core.partnership.partnership import Partnership, Request, side_of
from mailbot.core.procedure.closed_lists import Agreed, Happening, Side
from mailbot.core.procedure.protocol import Clock, Stage
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import OpenDate
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act


def propose_date(case: Case, request: Request) -> list[e.Event]:
    dispute = case.dispute
    on = request.intent.on
    if on is None:
        return [_which_date(request)]
    clock, limit = _clock(case, request)
    if clock is None or limit is None:
        why = "no time runs at this stage that a date could change"
        return [RequestRefused(at=request.at, by=request.by, act=Act.PROPOSE_DATE, why=why)]
    why = why_not_date(on, clock, limit, request, case.partnership)
    if why:
        return [e.DateRefused(at=request.at, stage=dispute.stage, clock=clock.id, on=on, by=request.by, why=why)]
    waiting = dispute.open_date
    side = side_of(dispute, request.by) or Side.RAISING
    if waiting is not None and waiting.on == on and waiting.within and waiting.by.address != request.by.address:
        return accept_date(case, request)
    if (
        waiting is not None
        and waiting.on == on
        and not waiting.within
        and dispute.voice(side, request.by.agency) not in waiting.accepted
    ):
        return accept_date(case, request)
    return [
        e.DateProposed(
            at=request.at,
            stage=dispute.stage,
            clock=clock.id,
            on=on,
            side=side,
            by=request.by,
            reason=request.intent.fields.get("reason", ""),
            within=_within(clock, side, case.stage),
        )
    ]


def _within(clock: Clock, side: Side, stage: Stage) -> str:
    """With whom of one's own side a date is agreed, or "" where it is the other side's: the stage's own time, which the
    raising manager and the raiser agree (SU step 2), and no date that the side asked puts."""
    return stage.agreed_with if clock.done_when is None and side is Side.RAISING else ""


def why_not_date(on: date, clock: Clock, limit: Limit, request: Request, partnership: Partnership) -> str:
    """Why a date cannot be agreed, with the nearest that can; "" when it may be asked of the other side."""
    calendar = partnership.calendar
    today, latest = calendar.local(request.at).date(), calendar.local(limit.own).date()
    if on < today:
        return f"{_shown(on)} is in the past"
    if on > calendar.last:
        return f"{_shown(on)} is too far ahead for anything to be agreed by"
    if _is_over(on, request.at, calendar):
        return f"the working hours of {_shown(on)} are over"
    if not calendar.is_working(on):
        nearest = min(calendar.previous_working(on), latest)
        return f"{_shown(on)} is not a working day ({calendar.why_closed(on)}); the nearest is {_shown(nearest)}"
    if on <= latest:
        return ""
    if clock.agreed is Agreed.NO:
        return f"the procedure does not allow longer than {_shown(latest)} here"
    if clock.agreed is Agreed.MUST_BE_SET:
        return f"a date may be agreed up to {_shown(latest)}, which is the most this procedure allows"
    return ""


def _clock(case: Case, request: Request) -> tuple[Clock | None, Limit | None]:
    """The clock that an agreed date would move: the reply's, when the writer says so and there is one
    (SU-06), else the stage's."""
    running = case.limits
    if is_for_the_reply(request):
        for limit in running:
            clock = case.protocol.clocks.get(limit.clock)
            if clock is not None and clock.done_when is Happening.REPLIED:
                return clock, limit
    main = case.stage_limit
    return (case.protocol.clocks.get(main.clock), main) if main else (None, None)


def accept_date(case: Case, request: Request) -> list[e.Event]:
    dispute = case.dispute
    waiting, side = dispute.open_date, side_of(dispute, request.by)
    if waiting is not None and waiting.within:
        if request.by.address == waiting.by.address or side is not waiting.side:
            why = "the date is for whoever it was put to, on the side that raised it"
            return [RequestRefused(at=request.at, by=request.by, act=Act.ACCEPT_DATE, why=why)]
        return _gone_by(waiting, request, case.calendar) or [_agreed(waiting, request)]
    voice = dispute.voice(side, request.by.agency) if side else None
    if waiting is None or side is None or voice in waiting.accepted:
        why = "no date from the other side is waiting for your answer"
        return [RequestRefused(at=request.at, by=request.by, act=Act.ACCEPT_DATE, why=why)]
    if gone := _gone_by(waiting, request, case.calendar):
        return gone
    if any(other not in (*waiting.accepted, voice) for other in dispute.voices()):
        return [
            e.DateAccepted(
                at=request.at, stage=waiting.stage, clock=waiting.clock, on=waiting.on, side=side, by=request.by
            )
        ]
    return [_agreed(waiting, request)]


def _is_over(on: date, at: datetime, calendar: Calendar) -> bool:
    """Is an agreed date over at an instant: the day itself, or its working hours? What could only end at once is no
    date to work to."""
    return calendar.local(at).date() > on or (calendar.is_working(on) and calendar.close_of(on) <= at)


def _gone_by(waiting: OpenDate, request: Request, calendar: Calendar) -> list[e.Event]:
    """The end of a date put to the other side that is over before they agree to it: it moves nothing, and whoever put
    it and whoever says yes to it hear so. Nothing while it may be agreed."""
    if not _is_over(waiting.on, request.at, calendar):
        return []
    ended = e.DateRefused(
        at=request.at,
        stage=waiting.stage,
        clock=waiting.clock,
        on=waiting.on,
        by=waiting.by,
        why=f"{_shown(waiting.on)} had gone by before it was agreed",
    )
    why = f"{_shown(waiting.on)}, the date put to you, has gone by; to ask for another, reply AGREE BY and a date"
    return [ended, RequestRefused(at=request.at, by=request.by, act=Act.ACCEPT_DATE, why=why)]


def _agreed(waiting: OpenDate, request: Request) -> e.DateAgreed:
    by = request.by.address
    return e.DateAgreed(at=request.at, stage=waiting.stage, clock=waiting.clock, on=waiting.on, by=by)


def refuse_date(case: Case, request: Request) -> list[e.Event]:
    waiting = case.dispute.open_date
    if waiting is None:
        why = "no date is waiting for an answer"
        return [RequestRefused(at=request.at, by=request.by, act=Act.REFUSE_DATE, why=why)]
    said_no = e.DateRefused(
        at=request.at, stage=waiting.stage, clock=waiting.clock, on=waiting.on, by=request.by, why=e.NO
    )
    return [said_no]


def protect(case: Case, request: Request) -> list[e.Event]:
    """The events of NEEDED BY, a date for the child that need not be agreed: one side is enough; a later one than the
    limit changes nothing."""
    on = request.intent.on
    if on is None:
        return [_which_date(request)]
    calendar = case.calendar
    if on < calendar.local(request.at).date():
        why = f"{_shown(on)} is in the past; if a child needs something now, do not wait for this process"
        return [RequestRefused(at=request.at, by=request.by, act=Act.PROTECTIVE_DATE, why=why)]
    if on > calendar.last:
        return [_which_date(request)]
    date = e.ProtectiveDateSet(
        at=request.at,
        on=on,
        side=side_of(case.dispute, request.by) or Side.RAISING,
        by=request.by,
        reason=request.intent.fields.get("reason", "") or request.intent.words,
    )
    hour = request.intent.fields.get("hour", "")
    return [date, _before_that_hour(request, on, hour)] if hour else [date]


def _before_that_hour(request: Request, on: date, hour: str) -> QuestionAsked:
    """A date holds to the close of its day: whoever needs something by an hour of it is told so at once, and asked."""
    question = (
        f"Must it be done before {hour} on {_shown(on)}? The date that you gave holds at once, and counts to the close "
        "of that day. If it cannot wait so long, reply NEEDED BY and an earlier day, or ask for the next stage now, "
        "and ring those it is with: the child comes before any time here."
    )
    return QuestionAsked(at=request.at, of=request.by, question=question, topic=f"hour: {hour}")


def _which_date(request: Request) -> QuestionAsked:
    word = "NEEDED" if request.intent.act is Act.PROTECTIVE_DATE else "AGREE"
    question = f"Which date? Please reply with the day and month, for example “{word} BY 24 September”."
    return QuestionAsked(at=request.at, of=request.by, question=question, topic="which date")


def _shown(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
