"""A form that came back as a document: what of it is recorded, by whom it may be, and what it still needs.

"The person responsible for recording is the agency raising the issue" (NS-14): their form is the record. What anybody
else fills in is kept and put to them as a view. A form says itself which dispute it belongs to; one of another dispute
changes nothing here.
"""

from collections.abc import Iterable, Iterator

from mailbot.core.decisions.owed import lacking
from mailbot.core.happened import events as e
from mailbot.core.happened.correspondence import Change, FormNotRead, FormReturned
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.intents import Box, Paper
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.partnership import Partnership, Request, side_of

NOT_OURS = (
    "it does not say which dispute it belongs to, so it is not a form that this mailbox sent out. Please fill in the "
    "form that came with a letter about {reference}"
)
OF_ANOTHER = (
    "it is the form of {theirs}, and your message is about {reference}. Please attach it to a reply to a letter about "
    "the dispute that it belongs to"
)
NO_SUCH_FORM = "the procedure of {reference} has no form of that name"


def receive(dispute: Dispute, request: Request, partnership: Partnership) -> list[e.Event]:
    """The events of one attached form. ``request.intent.paper`` is what was read of it."""
    paper = request.intent.paper
    if paper is None:
        return []
    why = paper.unread or _not_of(dispute, paper, partnership)
    if why:
        return [FormNotRead(at=request.at, by=request.by, name=paper.name, digest=paper.digest, why=why)]
    side = side_of(dispute, request.by)
    mine = side is Side.RAISING
    news = tuple(box for box in paper.boxes if dispute.fields.get(box.key, "") != box.value)
    made: list[e.Event] = list(_recorded(dispute, request, news)) if mine else []
    after = dispute
    for event in made:
        after = after.after(event)
    form = partnership.protocol.forms[paper.form]
    returned = FormReturned(
        at=request.at, form=paper.form, by=request.by, side=side, name=paper.name, digest=paper.digest,
        version=_version(dispute, paper.form), recorded=mine,
        changes=tuple(Change(box.key, dispute.fields.get(box.key, ""), box.value) for box in news),
        missing=lacking(after, form) if mine and dispute.is_open else (),
        asks=paper.asks, kept=paper.kept, older=paper.older, emptied=paper.emptied,
    )  # fmt: skip
    return [*made, returned]


def by_lines(
    dispute: Dispute, request: Request, partnership: Partnership, made: Iterable[e.Event]
) -> Iterator[FormReturned]:
    """The same acknowledgement for whoever fills a stage's boxes by plain labelled lines; ``made`` is what they
    recorded. The child's status or an impact that somebody mentions is no form."""
    form = partnership.protocol.forms.get(partnership.stage_of(dispute).record)
    if form is None or side_of(dispute, request.by) is not Side.RAISING:
        return
    boxes = {field.key for field in form.fields if field.fill != "bot" and ":" in field.key}
    changes, after = [], dispute
    for event in made:
        after = after.after(event)
        if isinstance(event, e.FieldRecorded) and event.key in boxes:
            changes.append(Change(event.key, dispute.fields.get(event.key, ""), event.value))
    if changes:
        yield FormReturned(
            at=request.at, form=form.id, by=request.by, side=Side.RAISING, name="", digest=request.digest,
            version=_version(dispute, form.id), recorded=True, changes=tuple(changes), missing=lacking(after, form),
        )  # fmt: skip


def _version(dispute: Dispute, form: str) -> int:
    return 1 + sum(isinstance(past, FormReturned) and past.form == form for past in dispute.history)


def _not_of(dispute: Dispute, paper: Paper, partnership: Partnership) -> str:
    if not paper.reference:
        return NOT_OURS.format(reference=dispute.reference)
    if paper.reference != dispute.reference:
        return OF_ANOTHER.format(theirs=paper.reference, reference=dispute.reference)
    return "" if paper.form in partnership.protocol.forms else NO_SUCH_FORM.format(reference=dispute.reference)


def _recorded(dispute: Dispute, request: Request, boxes: tuple[Box, ...]) -> Iterator[e.Event]:
    at, by = request.at, request.by.address
    for box in boxes:
        replaces = bool(dispute.fields.get(box.key, "").strip())
        if box.actions:
            yield e.ActionsRecorded(
                at=at, key=box.key, actions=box.actions, words=box.value, by=by, correction=replaces
            )
        else:
            yield e.FieldRecorded(at=at, key=box.key, value=box.value, by=by, correction=replaces)
