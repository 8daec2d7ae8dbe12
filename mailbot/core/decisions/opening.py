"""The opening of a dispute: from an email that raises one to its first events."""

from dataclasses import replace
from datetime import date, datetime

from mailbot.core.decisions.consequences import consequences
from mailbot.core.decisions.people import details
from mailbot.core.decisions.stages import find_people
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Agreed, Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Person, Sure


def open_dispute(reference: str, request: Request, partnership: Partnership, understood: bool = False) -> list[e.Event]:
    """The events of opening ``reference``. Clocks count from the email's arrival, or from an earlier Stage 1 it
    states (A6.9: a dispute opened at stage 2 keeps the overall days already used)."""
    fields, protocol = request.intent.fields, partnership.protocol
    stage = _stage(fields.get("stage", ""), partnership)
    raiser = request.intent.people.get("raiser", request.by)
    responder = request.intent.people.get("responder")
    decided = fields.get("decision_on", "")
    opened = e.DisputeOpened(
        at=request.at,
        reference=reference,
        partnership=partnership.id,
        protocol=protocol.id,
        version=protocol.version,
        raised=_raised(fields.get("stage_1_date", ""), request.at, partnership),
        raiser=raiser,
        raising=fields.get("raising_agency", "") or raiser.agency,
        receiving=fields.get("receiving_agency", "") or (responder.agency if responder else ""),
        child=fields.get("child", ""),
        decision_on=date.fromisoformat(decided) if decided else None,
        message=request.message,
        understood=understood or request.intent.sure is Sure.PROBABLE,
    )
    events: list[e.Event] = [opened, _recorded(request.at, "raiser", Side.RAISING, raiser)]
    if responder is not None:
        events.append(_recorded(request.at, "responder", Side.RECEIVING, responder))
    dispute = fold([*events, e.StageEntered(at=request.at, stage=stage, how="opening")])
    for more in details(dispute, replace(request, by=raiser), partnership, opening=True):
        events.append(more)
        dispute = dispute.after(more)
    events += find_people(dispute, protocol.stages[stage], request.at, partnership)
    events.append(e.StageEntered(at=request.at, stage=stage, how="opening", by=request.by.address))
    events += _dates(fields.get("agreed_date", ""), fields.get("child_date", ""), stage, request, partnership)
    return events + consequences(fold(events[:1]), events[1:], partnership)


def _recorded(at: datetime, role: str, side: Side, person: Person) -> e.PersonRecorded:
    return e.PersonRecorded(at=at, role=role, side=side, person=person, by=person.address)


def _stage(asked: str, partnership: Partnership) -> str:
    """The stage a dispute opens at: the one the email names, when a dispute may start there; else the usual one
    (GL-05: the lowest possible)."""
    stage = partnership.protocol.stages.get(asked)
    return asked if stage is not None and stage.start_here else partnership.protocol.usual_start()


def _raised(stage_1_date: str, arrived: datetime, partnership: Partnership) -> datetime:
    if not stage_1_date:
        return arrived
    stated = partnership.calendar.morning_of(date.fromisoformat(stage_1_date))
    return min(stated, arrived)


def _dates(agreed: str, protective: str, stage: str, request: Request, partnership: Partnership) -> list[e.Event]:
    """The events of a date that both had agreed, or the child's own, when the opening email states one."""
    events: list[e.Event] = []
    clocks = [c for c in partnership.protocol.clocks_of(stage) if c.agreed is Agreed.MUST_BE_SET]
    if agreed and clocks:
        on = date.fromisoformat(agreed)
        events.append(e.DateAgreed(at=request.at, stage=stage, clock=clocks[0].id, on=on, by=request.by.address))
    if protective:
        on = date.fromisoformat(protective)
        events.append(
            e.ProtectiveDateSet(at=request.at, on=on, side=Side.RAISING, by=request.by, reason="stated when raised")
        )
    return events


def twin(disputes: tuple[Dispute, ...], by: Person, child: str) -> Dispute | None:
    """The open dispute to which a new opening belongs instead: this person is party to it, and it is
    about the same child (D2)."""
    same = [d for d in disputes if d.is_open and child and d.child == child and d.party(by.address) is not None]
    return same[0] if len(same) == 1 else None
