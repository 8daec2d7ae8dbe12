"""Who must be told of what concerns the correspondence itself: questions, refusals, danger, letters that came back."""

from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.decisions.deciders import deciders
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import (
    AbsenceNoticed,
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
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Person
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, side_of
from mailbot.core.telling.announcing import Announcement, Told, current, next_people, office, to
from mailbot.core.telling.demands import everyone, in_roles


def _absent(event: AbsenceNoticed, dispute: Dispute, partnership: Partnership) -> Told:
    """Away past a limit: their own side's next manager, the cover they named, and the Business Manager (D3)."""
    if not dispute.is_open:
        return []  # nothing runs: whoever is asked next is somebody else
    side = side_of(dispute, event.person)
    above = [p for p in next_people(dispute, partnership) if side_of(dispute, p) is side]
    deputy = partnership.directory.deputy_of(event.person.address)
    cover = [c for c in (event.cover, deputy) if c and partnership.directory.is_approved(c.address)]
    told = to("absence", cover, event, acts=True)
    return told + to("absence", [*above, *office(partnership)], event)


def _not_delivered(event: NoticeFailed, dispute: Dispute, partnership: Partnership) -> Told:
    """A stage clock runs while nobody has been told: the raising side, the other side and the Business Manager know
    at once, and the deputy gets what bounced. Once it is closed nothing runs: the Business Manager is told."""
    if not dispute.is_open:
        return to("not_delivered", office(partnership), event, acts=True)
    deputy = partnership.directory.deputy_of(event.address)
    told = to("stage_entered", [deputy] if deputy else [], event, acts=True)
    agencies = {a.name for a in partnership.directory.agencies_at(event.address)}
    people = [p for p in everyone(dispute, partnership) if p.address != event.address]
    unreached = [p for p in current(dispute, partnership) if p.agency in agencies]
    theirs = [p for p in people if p.agency in agencies and p not in unreached]
    others = [p for p in people if p.agency not in agencies]
    return told + to("not_delivered", [*theirs[-1:], *others[-2:], *office(partnership)], event, acts=True)


def _question(event: QuestionAsked, dispute: Dispute, partnership: Partnership) -> Told:
    return to("question", [event.of], event, acts=True)


def _refused(event: RequestRefused, dispute: Dispute, partnership: Partnership) -> Told:
    """To its asker. When the receiving side asked to move up, the raising side hears that too (D2, ESCALATE)."""
    told = to("refused", [event.by], event)
    if event.act == "move_up" and side_of(dispute, event.by) is Side.RECEIVING:
        told += to("question", current(dispute, partnership, Side.RAISING), event, acts=True)
    return told


def _risk(event: RiskReported, dispute: Dispute, partnership: Partnership) -> Told:
    others = [p for p in current(dispute, partnership) if p.address != event.by.address]
    managers = in_roles(("raising_manager", "responding_manager"), dispute, partnership)
    side = side_of(dispute, event.by)
    consulted = in_roles(partnership.stage_of(dispute).also_consult, dispute, partnership, *((side,) if side else ()))
    others += [p for p in (*managers, *consulted) if p.address != event.by.address]
    return to("urgent", [event.by], event, acts=True) + to(
        "urgent_told", [*others, *office(partnership)], event, acts=True
    )


def _outsider(event: OutsiderNoticed, dispute: Dispute, partnership: Partnership) -> Told:
    return to("outsider", [event.by], event) + to("outsider_told", office(partnership), event)


def _feedback(event: FeedbackGiven, dispute: Dispute, partnership: Partnership) -> Told:
    """Thanked once, however often they write."""
    before = [given for given in dispute.feedback if given.by.address == event.by.address]
    return to("thanks", [event.by] if before[:1] in ([], [event]) else [], event)


def _form_returned(event: FormReturned, dispute: Dispute, partnership: Partnership) -> Told:
    """Its sender hears what was read, with the form as it now stands; what the other side filled in is put to the
    people of the side that keeps the form."""
    told = to("form_read", [event.by], event, acts=True)
    if event.recorded:
        return [replace(notice, form=event.form) for notice in told]
    keepers = current(dispute, partnership, Side.RAISING) or in_roles(("raiser",), dispute, partnership)
    return told + (to("form_read", keepers, event, acts=True) if event.changes else [])


def _form_not_read(event: FormNotRead, dispute: Dispute, partnership: Partnership) -> Told:
    return to("form_read", [event.by], event)


def _passed_on(event: WordsPassedOn, dispute: Dispute, partnership: Partnership) -> Told:
    """To both agencies, or to those who decide; who wrote it sees that it went."""
    if event.to_deciders:
        theirs = in_roles(deciders(dispute, partnership.protocol), dispute, partnership)
    else:
        theirs = [p for p in everyone(dispute, partnership) if side_of(dispute, p) in (Side.RAISING, Side.RECEIVING)]
    others = [p for p in theirs if p.address != event.by.address]
    return to("noted", others, event) + to("noted", [event.by], event)


def writer(letter: str) -> Announcement:
    def tell(event: e.Event, dispute: Dispute, partnership: Partnership) -> Told:
        by = getattr(event, "by", None)
        return to(letter, [by] if isinstance(by, Person) else [], event)

    return tell


OF_MAIL: Mapping[type[e.Event], Announcement] = {
    QuestionAsked: _question,
    RequestRefused: _refused,
    StatusAsked: writer("status"),
    RiskReported: _risk,
    OutsiderNoticed: _outsider,
    AbsenceNoticed: _absent,
    NoticeFailed: _not_delivered,
    FeedbackGiven: _feedback,
    FormReturned: _form_returned,
    FormNotRead: _form_not_read,
    WordsPassedOn: _passed_on,
}
