"""Announcements of mail: who hears of a question, a refusal, words of danger, a stranger on the thread, a letter
that came back, a returned form, and words that are passed on."""

from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import everyone, in_roles
from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.notices.notice import Announcement, NoticesOf, current, deciding, office, to, writer
from mailbot.core.partnership.partnership import Partnership, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.events_of_mail import (
    FeedbackGiven,
    FormNotRead,
    FormReturned,
    NoticeFailed,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
    WordsPassedOn,
)


def _not_delivered(event: NoticeFailed, case: Case) -> NoticesOf:
    """Announces a letter that did not arrive. A stage clock runs while nobody has been told: the raising side, the
    other side and the Business Manager know at once, and the deputy gets what bounced. Once it is closed nothing runs:
    the Business Manager is told."""
    partnership = case.partnership
    if not case.dispute.is_open:
        return to("not_delivered", office(partnership), event, acts=True)
    deputy = partnership.directory.deputy_of(event.address)
    theirs_now = event.address in {person.address for person in (*current(case), *deciding(case))}
    told = to("stage_entered", [deputy] if deputy and theirs_now else [], event, acts=True)
    agencies = {a.name for a in partnership.directory.agencies_at(event.address)}
    people = [p for p in everyone(case) if p.address != event.address]
    unreached = [p for p in current(case) if p.agency in agencies]
    theirs = [p for p in people if p.agency in agencies and p not in unreached]
    others = [p for p in people if p.agency not in agencies]
    return told + to("not_delivered", [*theirs[-1:], *others[-2:], *office(partnership)], event, acts=True)


def _question(event: QuestionAsked, case: Case) -> NoticesOf:
    return to("question", [event.of], event, acts=True)


def _refused(event: RequestRefused, case: Case) -> NoticesOf:
    """Announces a refusal to its asker. When the receiving side asked to move up, the raising side hears
    that too (D2, ESCALATE)."""
    told = to("refused", [event.by], event)
    if event.act == "move_up" and side_of(case.dispute, event.by) is Side.RECEIVING:
        told += to("question", current(case, Side.RAISING), event, acts=True)
    return told


def _managers_roles(partnership: Partnership) -> tuple[str, ...]:
    """Roles to announce to, of the stage after the one at which practitioners talk: their managers, by any name."""
    protocol = partnership.protocol
    following = protocol.stages.get(protocol.stages[protocol.usual_start()].next)
    return (*following.raising, *following.receiving) if following is not None else ()


def _risk(event: RiskReported, case: Case) -> NoticesOf:
    others = [p for p in current(case) if p.address != event.by.address]
    managers = in_roles(_managers_roles(case.partnership), case)
    side = side_of(case.dispute, event.by)
    consulted = in_roles(case.stage.also_consult, case, *((side,) if side else ()))
    others += [p for p in (*managers, *consulted) if p.address != event.by.address]
    return to("urgent", [event.by], event, acts=True) + to(
        "urgent_told", [*others, *case.partnership.alarmed()], event, acts=True
    )


def _outsider(event: OutsiderNoticed, case: Case) -> NoticesOf:
    return to("outsider", [event.by], event) + to("outsider_told", office(case.partnership), event)


def _feedback_given(event: FeedbackGiven, case: Case) -> NoticesOf:
    """Thanked once, however often they write."""
    before = [given for given in case.dispute.feedback if given.by.address == event.by.address]
    return to("thanks", [event.by] if before[:1] in ([], [event]) else [], event)


def _form_returned(event: FormReturned, case: Case) -> NoticesOf:
    """Announces a returned form: its sender hears what was read, with the form as it now stands; what the other side
    filled in is put to the people of the side that keeps the form."""
    told = to("form_read", [event.by], event, acts=True)
    if event.recorded:
        return [replace(notice, form=event.form) for notice in told]
    keepers = current(case, Side.RAISING) or in_roles(("raiser",), case)
    return told + (to("form_read", keepers, event, acts=True) if event.changes else [])


def _form_not_read(event: FormNotRead, case: Case) -> NoticesOf:
    return to("form_read", [event.by], event)


def _passed_on(event: WordsPassedOn, case: Case) -> NoticesOf:
    """Announces words passed on to both agencies, or to those who decide; who wrote it sees that it went."""
    if event.to_deciders:
        theirs = in_roles(deciders(case.dispute, case.protocol), case)
    else:
        theirs = [p for p in everyone(case) if side_of(case.dispute, p) in (Side.RAISING, Side.RECEIVING)]
    others = [p for p in theirs if p.address != event.by.address]
    return to("noted", others, event, acts=not event.to_deciders) + to("noted", [event.by], event)


OF_MAIL: Mapping[type[e.Event], Announcement] = {
    QuestionAsked: _question,
    RequestRefused: _refused,
    StatusAsked: writer("status"),
    RiskReported: _risk,
    OutsiderNoticed: _outsider,
    NoticeFailed: _not_delivered,
    FeedbackGiven: _feedback_given,
    FormReturned: _form_returned,
    FormNotRead: _form_not_read,
    WordsPassedOn: _passed_on,
}
