"""WRONG: what was misread is put back, so that being misread never costs anybody a stage or a day."""

from mailbot.core.decisions.moving import close
from mailbot.core.happened import events as e
from mailbot.core.happened.afterwards import OutcomeReported
from mailbot.core.happened.correspondence import MessageFiled, RequestRefused
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Act, Person
from mailbot.core.procedure.partnership import Partnership, Request


def undo(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """WRONG takes back what was read from its writer's last message, and nothing that anybody else did since."""
    at = next((p.at for p in reversed(dispute.history) if _by(p) == request.by.address and _changes(p)), None)
    group = tuple(n for n, p in enumerate(dispute.history) if p.at == at and not isinstance(p, MessageFiled))
    if at is None or not group or any(place in past for past in _undone(dispute) for place in group):
        why = "nothing that you sent has changed anything that could be put back"
        return [RequestRefused(at=request.at, by=request.by, act=Act.UNDO, why=why)]
    if group[0] == 0:
        return close(dispute, "opened in error", request.at, request.by.address, request.intent.words)
    return [e.MisreadUndone(at=request.at, places=group, by=request.by, words=request.intent.words)]


_CHANGING = (
    e.StageEntered, e.ResolutionProposed, e.ResolutionConfirmed, e.ResolutionObjected, e.DateProposed, e.DateAgreed,
    e.ProtectiveDateSet, e.PersonHandedOver, e.FieldRecorded, e.DisputeClosed, e.DisputeReopened, e.RouteTaken,
    e.ActionReported, e.ActionsRecorded, e.MeetingHeld, OutcomeReported,
)  # fmt: skip


def _changes(event: e.Event) -> bool:
    return isinstance(event, _CHANGING)


def _by(event: e.Event) -> str:
    by = getattr(event, "by", getattr(event, "leaving", ""))
    return by.address if isinstance(by, Person) else by


def _undone(dispute: Dispute) -> tuple[tuple[int, ...], ...]:
    return tuple(p.places for p in dispute.history if isinstance(p, e.MisreadUndone))
