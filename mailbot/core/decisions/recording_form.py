"""The recording form of a dispute: what is still missing from it, and what of a form that came back is recorded."""

from collections.abc import Iterable, Iterator

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.consequences import lacking
from mailbot.core.decisions.people.roles import sides_of
from mailbot.core.decisions.who_may.authority import judge
from mailbot.core.decisions.who_may.table import RECORD_BOX, On
from mailbot.core.partnership.partnership import Request, side_of
from mailbot.core.procedure.closed_lists import Side, Source
from mailbot.core.procedure.protocol import Protocol, Role
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import Change, FormNotRead, FormReturned
from mailbot.core.record.intents import Paper, ReturnedBox

# A form that came back as a document: what of it is recorded, by whom it may be, and what it still needs.
#
# "The person responsible for recording is the agency raising the issue" (NS-14): their form is the record. What
# anybody else fills in is kept and put to them as a view. A form says itself which dispute it belongs to; one of
# another dispute changes nothing here.

NOT_OURS = (
    "it does not say which dispute it belongs to, so it is not a form that this mailbox sent out. Please fill in the "
    "form that came with a letter about {reference}"
)
OF_ANOTHER = (
    "it is the form of {theirs}, and your message is about {reference}. Please attach it to a reply to a letter about "
    "the dispute that it belongs to"
)
NO_SUCH_FORM = "the procedure of {reference} has no form of that name"


def receive(case: Case, request: Request) -> list[e.Event]:
    """The events of one recording form that came back attached. ``request.intent.paper`` is what was read of it."""
    dispute = case.dispute
    paper = request.intent.paper
    if paper is None:
        return []
    why = paper.unread or _not_of(case, paper)
    if why:
        return [FormNotRead(at=request.at, by=request.by, name=paper.name, digest=paper.digest, why=why)]
    side = side_of(dispute, request.by)
    mine = judge(request, case, RECORD_BOX, On.IT).is_allowed
    news = tuple(box for box in paper.boxes if dispute.fields.get(box.key, "") != box.value)
    made: list[e.Event] = list(_recorded(dispute, request, news)) if mine else []
    after = dispute
    for event in made:
        after = after.after(event)
    form = case.protocol.forms[paper.form]
    returned = FormReturned(
        at=request.at,
        form=paper.form,
        by=request.by,
        side=side,
        name=paper.name,
        digest=paper.digest,
        version=_version(dispute, paper.form),
        recorded=mine,
        changes=tuple(Change(box.key, dispute.fields.get(box.key, ""), box.value) for box in news),
        missing=lacking(after, form) if mine and dispute.is_open else (),
        asks=paper.asks,
        kept=paper.kept,
        older=paper.older,
        emptied=paper.emptied,
    )
    return [*made, returned]


def by_lines(case: Case, request: Request, made: Iterable[e.Event]) -> Iterator[FormReturned]:
    """The acknowledgement of a recording form filled in by plain labelled lines instead of a document; ``made`` is what
    they recorded. The child's status or an impact that somebody mentions is no form."""
    dispute = case.dispute
    form = case.protocol.forms.get(case.stage.record)
    if form is None or not judge(request, case, RECORD_BOX, On.IT).is_allowed:
        return
    boxes = {field.key for field in form.fields if field.fill != "bot" and ":" in field.key}
    changes, after = [], dispute
    for event in made:
        after = after.after(event)
        if isinstance(event, e.FieldRecorded) and event.key in boxes:
            changes.append(Change(event.key, dispute.fields.get(event.key, ""), event.value))
    if changes:
        yield FormReturned(
            at=request.at,
            form=form.id,
            by=request.by,
            side=side_of(dispute, request.by),
            name="",
            digest=request.digest,
            version=_version(dispute, form.id),
            recorded=True,
            changes=tuple(changes),
            missing=lacking(after, form),
        )


def _version(dispute: Dispute, form: str) -> int:
    return 1 + sum(isinstance(past, FormReturned) and past.form == form for past in dispute.history)


def _not_of(case: Case, paper: Paper) -> str:
    dispute = case.dispute
    if not paper.reference:
        return NOT_OURS.format(reference=dispute.reference)
    if paper.reference != dispute.reference:
        return OF_ANOTHER.format(theirs=paper.reference, reference=dispute.reference)
    return "" if paper.form in case.protocol.forms else NO_SUCH_FORM.format(reference=dispute.reference)


def _recorded(dispute: Dispute, request: Request, boxes: tuple[ReturnedBox, ...]) -> Iterator[e.Event]:
    at, by = request.at, request.by.address
    for box in boxes:
        replaces = bool(dispute.fields.get(box.key, "").strip())
        if box.actions:
            yield e.ActionsRecorded(
                at=at, key=box.key, actions=box.actions, words=box.value, by=by, correction=replaces
            )
        else:
            yield e.FieldRecorded(at=at, key=box.key, value=box.value, by=by, correction=replaces)


# What is still missing from a dispute's record, by key: the names to be exchanged, the fields asked for.

# Words of ``ask_for`` that name people or dates with records of their own, not fields.
_NOT_FIELDS = ("line_manager", "senior_manager", "agreed date", "plan of action", "is the concern")
# What every procedure turns on: "What is crucial throughout this is the impact on the child" (NS "Issues").
CRUCIAL = ("impact",)


def missing_from_record(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    """What the recording form still lacks: keys of roles and fields the procedure asks for by this stage and that
    nobody has given, in its order."""
    return (*_people(dispute, protocol), *_fields(dispute, protocol))


def _people(dispute: Dispute, protocol: Protocol) -> Iterator[str]:
    """The people the recording form still lacks: the other practitioner, the next stage's people, and whoever the
    protocol wants exchanged now (NS-08)."""
    order = protocol.order()
    place = order.index(dispute.stage)
    near = [protocol.stages[s] for s in order[place : place + 2]]
    soon = {name for stage in near for name in (*stage.raising, *stage.receiving)} | set(near[0].also_consult)
    for role in protocol.roles.values():
        due = role.source is Source.EMAIL and (role.id in soon or _is_asked(role, order, place))
        if not due:
            continue
        held = {p.side for p in dispute.filling(role.id)}
        lacking = [side for side in sides_of(role) if side not in held]
        if not lacking or _is_past(role, order, place, protocol):
            continue
        if role.side is Side.EACH:
            yield f"{role.id} ({'each' if len(lacking) == 2 else lacking[0].value} side)"
        else:
            yield role.id


def _is_asked(role: Role, order: tuple[str, ...], place: int) -> bool:
    return role.ask_at in order and order.index(role.ask_at) <= place


def _is_past(role: Role, order: tuple[str, ...], place: int, protocol: Protocol) -> bool:
    """Is a role past asking for on the recording form, since it acts only at stages that are over? Nobody is asked for
    who would have discussed it then."""
    acts = [n for n, s in enumerate(order) if role.id in (*protocol.stages[s].raising, *protocol.stages[s].receiving)]
    return bool(acts) and max(acts) < place


def _fields(dispute: Dispute, protocol: Protocol) -> Iterator[str]:
    asked = dict.fromkeys((*protocol.stages[dispute.stage].ask_for, *CRUCIAL))
    for key in asked:
        if (
            not key.startswith(_NOT_FIELDS)
            and key not in dispute.fields
            and not (key == "decision_on" and dispute.decision_on)
        ):
            yield key
