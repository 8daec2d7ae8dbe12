"""A desk for ``explain``: what is known comes from a file (or from nowhere), and nothing is ever written.

The file says what a person would say of a dispute in one breath: reference, stage, since when, whose child, which two
agencies, who is in it. Events that would have led there are made up to match, so that the very same rules answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import SUPPORTER
from mailbot.core.partnership.directory import domain_of
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Action, Person
from mailbot.core.record.questions_put import Put, put_now
from mailbot.mail.incoming.message import Message
from mailbot.mail.incoming.threading import Known

Given = Mapping[str, object]


class GivenDesk:
    """``given`` is ``{"disputes": [{"ref", "stage", "entered", "raised", "child", "raising", "receiving", "people",
    "status", "proposed_by", "agreed", "actions", "proposed_date", "limit_passed", "asked"}]}``; every key but ``ref``
    may be missing; ``asked`` is when it was asked, of one that is closed, whether what was agreed happened. Raises
    ValueError for one that cannot be."""

    def __init__(self, given: Given, partnership: Partnership, now: datetime, writer: str = "") -> None:
        """The dispute given to explain: ``writer`` is whoever wrote the message: in a dispute given without people,
        they act for the raising side."""
        self._partnership = partnership
        rows = given.get("disputes", [])
        made = [_dispute(row, partnership, now, writer) for row in (rows if isinstance(rows, list) else [])]
        self._disputes = {dispute.reference: dispute for dispute in made}
        self._opened = 0

    @property
    def prefixes(self) -> tuple[str, ...]:
        return (self._partnership.protocol.prefix,)

    @property
    def servers(self) -> tuple[str, ...]:
        return (domain_of(self._partnership.protocol.mailbox),)

    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]:
        """In what is given to explain, our own Message-IDs carry the reference, which is enough to rehearse threading
        with."""
        return {i: ref for i in ids for ref in self._disputes if ref.lower() in i.lower()}

    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]:
        found = {ref: self._disputes[ref] for ref in refs if ref in self._disputes}
        offices = self._partnership.addresses
        return {ref: Known(ref, frozenset(), offices | _addresses(dispute)) for ref, dispute in found.items()}

    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> None:
        """Nobody's in what is given to explain: without the site's secret none can be told from one that was made
        up."""

    def shown(self, ids: tuple[str, ...], sender: str, dispute: Dispute) -> Put | None:
        """What a letter of ours put to its reader: explain is given none of them, so a message that answers one of this
        dispute's answers the newest."""
        answered = dispute.reference in self.by_message_id(ids).values()
        return put_now(dispute) if answered else None

    def ended_by(self, address: str, since: datetime) -> int:
        return 0

    def dispute(self, reference: str) -> Dispute | None:
        return self._disputes.get(reference)

    def version(self, dispute: Dispute) -> Partnership:
        return self._partnership

    def open_disputes(self, address: str) -> Sequence[Dispute]:
        return [dispute for dispute in self._disputes.values() if dispute.is_open]

    def new_reference(self, year: int) -> str:
        self._opened += 1
        return f"{self._partnership.protocol.prefix}-{year % 100:02d}-{self._opened:04d}"

    def is_ours(self, message_id: str) -> bool:
        return bool(self.by_message_id((message_id,)))

    def kept(self, digest: str) -> Message | None:
        return None

    def all_kept(self, digests: Iterable[str]) -> Iterator[tuple[str, Message]]:
        return iter(())

    def letter(self, message_id: str) -> tuple[str, str, str] | None:
        found = self.by_message_id((message_id,))
        return (found[message_id], "stage_entered", "") if message_id in found else None


def _addresses(dispute: Dispute) -> frozenset[str]:
    return frozenset(p.person.address for p in dispute.parties if p.person.address)


def _dispute(row: object, partnership: Partnership, now: datetime, writer: str) -> Dispute:
    if not isinstance(row, dict) or not row.get("ref"):
        raise ValueError('each dispute given needs at least "ref"')
    protocol = partnership.protocol
    closed = row.get("status") == "closed" or row.get("stage") == "closed"
    stage = str(row.get("stage") or "")
    if stage not in protocol.stages:
        stage = protocol.order()[-1 if closed else 0]
    entered = _instant(row.get("entered")) or _before(row, stage, partnership, now)
    raised = _instant(row.get("raised")) or entered
    people = [partnership.directory.person(str(address).lower()) for address in row.get("people") or ()]
    raising, receiving = str(row.get("raising") or ""), str(row.get("receiving") or "")
    if not (raising or people):
        raising = partnership.directory.person(writer).agency
    people = [_of(person, raising, receiving, partnership) for person in people]
    first = next((p for p in people if p.agency == raising), people[0] if people else Person())
    history: list[e.Event] = [
        e.DisputeOpened(
            at=raised,
            reference=str(row["ref"]),
            partnership=partnership.id,
            protocol=protocol.id,
            version=protocol.version,
            raised=raised,
            raiser=first,
            raising=raising,
            receiving=receiving,
            child=str(row.get("child") or ""),
        )
    ]
    history += _people(people, raising, raised, partnership) or _writer(writer, stage, raised, partnership)
    order = protocol.order()
    if stage != protocol.usual_start():
        history.append(e.StageEntered(at=raised, stage=order[max(order.index(stage) - 1, 0)], how="opening"))
    history.append(e.StageEntered(at=entered, stage=stage, how="asked" if len(history) > 1 else "opening"))
    history += _passed(row, stage, entered, partnership) + _put(
        row, stage, entered, Case(fold(history), partnership, now)
    )
    return fold([*history, *(_ended(row, stage, entered) if closed else ())])


def _ended(row: dict[str, object], stage: str, entered: datetime) -> list[e.Event]:
    """Given to explain: that it is closed, and whether its raiser was asked if what was agreed has happened."""
    asked = _instant(row.get("asked"))
    asking: list[e.Event] = [e.OutcomeAsked(at=max(asked, entered), keys=("given",))] if asked else []
    return [e.DisputeClosed(at=entered, outcome="resolved", stage=stage), *asking]


def _passed(row: dict[str, object], stage: str, entered: datetime, partnership: Partnership) -> list[e.Event]:
    """Given to explain: a limit that is said to have gone by, in the words of the protocol's own clock."""
    limit, clocks = _instant(row.get("limit_passed")), partnership.protocol.clocks_of(stage)
    if limit is None or not clocks:
        return []
    clock = next((c for c in clocks if c.done_when is None), clocks[0])
    then = clock.at_limit
    return [e.LimitPassed(at=max(limit, entered), key="given", clock=clock.id, stage=stage, limit=limit, then=then)]


def _put(row: dict[str, object], stage: str, entered: datetime, case: Case) -> list[e.Event]:
    """Given to explain: what one side has put to the other and waits for an answer: a resolution, or a date."""
    status, at = str(row.get("status") or ""), min(entered, case.now)
    by = case.directory.person(str(row.get("proposed_by") or "").lower())
    party = case.dispute.party(by.address)
    person, side = (party.person, party.side) if party else (by, Side.RECEIVING)
    asked = str(row.get("proposed_date") or row.get("date") or "")
    if asked and "resolution" not in status:
        clocks = case.protocol.clocks_of(stage)
        clock = next((c.id for c in clocks if c.done_when is None), "")
        on = date.fromisoformat(asked[:10])
        return [e.DateProposed(at=at, stage=stage, clock=clock, on=on, side=side, by=person)]
    if "proposed" not in status:
        return []
    rows = row.get("actions")
    actions = tuple(_action(a) for a in (rows if isinstance(rows, list) else []) if isinstance(a, dict))
    agreed = str(row.get("agreed") or "; ".join(a.what for a in actions))
    return [e.ResolutionProposed(at=at, stage=stage, side=side, by=person, agreed=agreed, actions=actions)]


def _action(row: Mapping[str, object]) -> Action:
    by = str(row.get("by") or "")
    return Action(str(row.get("what") or ""), str(row.get("who") or ""), date.fromisoformat(by[:10]) if by else None)


def _of(person: Person, raising: str, receiving: str, partnership: Partnership) -> Person:
    """Of what is given to explain, at a domain that several agencies share, the one that is in this dispute."""
    if person.agency in (raising, receiving):
        return person
    here = [a.name for a in partnership.directory.agencies_at(person.address) if a.name in (raising, receiving)]
    return Person(person.address, person.name, here[0] if here else person.agency, person.designation)


def _people(people: Sequence[Person], raising: str, at: datetime, partnership: Partnership) -> list[e.Event]:
    """The people given to explain, listed from the practitioner upwards, side by side: the nth of a side acts at the
    nth stage with people of it; whoever is listed beyond that was brought in."""
    events: list[e.Event] = []
    for side, mine in ((Side.RAISING, True), (Side.RECEIVING, False)):
        roles = []
        for stage in partnership.protocol.stages.values():
            named = stage.raising if side is Side.RAISING else stage.receiving
            roles += [role for role in named[:1] if role not in roles and stage.receiving]
        here = [person for person in people if (person.agency == raising) is mine]
        for role, person in zip(roles, here, strict=False):
            events.append(e.PersonRecorded(at=at, role=role, side=side, person=person))
        for person in here[len(roles) :]:
            events.append(e.PersonRecorded(at=at, role=SUPPORTER, side=side, person=person))
    return events


def _writer(writer: str, stage: str, at: datetime, partnership: Partnership) -> list[e.Event]:
    """Given to explain with nobody in it: the writer acts for the raising side, also by a route that leads out of its
    stage."""
    if not partnership.directory.is_approved(writer):
        return []
    protocol, person = partnership.protocol, partnership.directory.person(writer)
    roles = [*(protocol.stages[stage].raising or ("raiser",))[:1]]
    roles += [r.who for r in protocol.routes.values() if r.who in protocol.roles and stage in r.stages]
    mine = [r for r in dict.fromkeys(roles) if r not in protocol.roles or protocol.roles[r].side is Side.RAISING]
    return [e.PersonRecorded(at=at, role=role, side=Side.RAISING, person=person) for role in mine]


def _before(row: dict[str, object], stage: str, partnership: Partnership, now: datetime) -> datetime:
    """Given to explain, a file with only the limit: the stage began so long before it that its clock comes out
    there."""
    due = _instant(row.get("limit_passed")) or _instant(row.get("due"))
    clocks = partnership.protocol.clocks_of(stage)
    if due is None or not clocks:
        return now
    calendar, day = partnership.calendar, partnership.calendar.local(due).date()
    whole = [c for c in clocks if c.done_when is None] or list(clocks)
    for _ in range(whole[0].within.count):
        day = calendar.previous_working(date.fromordinal(day.toordinal() - 1))
    return calendar.morning_of(day)


def _instant(value: object) -> datetime | None:
    if not value:
        return None
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError(f"{value} has no offset from UTC")
    return found
