"""Invented histories: what people and time do to some disputes over ten weeks, decided by the very rules.

Each is made from a seed, so that one that breaks something can be told again. Whoever acts is drawn from everybody, so
that much of what is asked is refused, as in life.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide, filed
from mailbot.core.decisions.due import due, next_due
from mailbot.core.decisions.opening import open_dispute
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Act, Action, Intent, Person
from mailbot.core.record.ledger import Cause, Entry, head_of, next_entries
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.sites import partnership_for

BEGIN = datetime(2026, 9, 7, 8, tzinfo=UTC)
END = BEGIN + timedelta(weeks=10)
PROTOCOLS = ("north-somerset", "gloucestershire")
ACTS = (
    *(Act.NOTE,) * 5,
    *(Act.PROPOSE_RESOLUTION,) * 4,
    *(Act.CONFIRM_RESOLUTION,) * 4,
    *(Act.MOVE_UP,) * 3,
    Act.OBJECT_RESOLUTION,
    Act.REFER,
    Act.DECISION,
    Act.WITHDRAW,
    Act.REOPEN,
    Act.FEEDBACK,
    Act.IMMEDIATE_RISK,
    Act.ACTION_DONE,
    Act.ACTION_DONE,
    Act.PROTECTIVE_DATE,
    Act.UNDO,
)


@dataclass(frozen=True, slots=True)
class History:
    """``entries`` by dispute: the ledger as the store would hold it. ``messages``: what became of each that came."""

    partnership: Partnership
    disputes: tuple[Dispute, ...]
    entries: tuple[tuple[Entry, ...], ...]
    messages: tuple[str, ...]


@cache
def history(seed: int) -> History:
    draw = Random(seed)
    partnership = partnership_for(draw.choice(PROTOCOLS), date(2026, 9, 7))
    told = [_Told(draw, partnership, number) for number in range(1, draw.randint(3, 7))]
    kinds = ("automatic", "held", "quarantined", "out of scope", "answered")
    messages = [one for dispute in told for one in dispute.messages] + draw.choices(kinds, k=draw.randint(0, 12))
    return History(
        partnership, tuple(one.dispute for one in told), tuple(tuple(one.entries) for one in told), tuple(messages)
    )


def person(name: str) -> Person:
    return DIRECTORY.person(ADDRESS[name])


class _Told:
    """One dispute told to the end of the ten weeks."""

    def __init__(self, draw: Random, partnership: Partnership, number: int) -> None:
        self._draw, self._partnership = draw, partnership
        self.entries: list[Entry] = []
        self.messages = ["opened a dispute"]
        self._people = ["hartwell", "fenn", "oakes", "peake", "lyle", "stroud", "bm", "dsps"]
        at = BEGIN + timedelta(minutes=draw.randint(0, 8 * 7 * 24 * 60))
        self.dispute = self._opened(at, number)
        while (at := self._next(at)) < END:
            pass

    def _opened(self, at: datetime, number: int) -> Dispute:
        draw, named = (
            self._draw,
            dict(
                zip(
                    (
                        "raiser",
                        "responder",
                        "raising_manager",
                        "responding_manager",
                        "raising_senior",
                        "responding_senior",
                    ),
                    map(person, self._people),
                    strict=False,
                )
            ),
        )
        fields = {
            "raising_agency": SCHOOL,
            "receiving_agency": draw.choice((CSC, CSC, NHS)),
            "child": "K.W.",
            "issue": "The assessment is being closed.",
            "child_ref": draw.choice(("", "", "4471", f"90{number}")),
        }
        if draw.random() < 0.4:
            fields["decision_on"] = (at - timedelta(days=draw.randint(0, 9))).date().isoformat()
        intent = Intent(Act.OPEN, fields={k: v for k, v in fields.items() if v}, people=named)
        reference = f"{self._partnership.protocol.prefix}-26-{number:04d}"
        request = Request(intent, named["raiser"], at, f"<opening.{number}@larkfield.sch.example>")
        events = open_dispute(reference, request, self._partnership)
        self.dispute = fold(events)
        self._write(tuple(events), at, opening=True)
        return self.dispute

    def _next(self, at: datetime) -> datetime:
        """Time or a person, whichever comes first."""
        moment = next_due(Case(self.dispute, self._partnership, at))
        acts = at + timedelta(minutes=self._draw.randint(30, 5 * 24 * 60))
        if moment is not None and moment <= acts:
            at = max(at, moment)
            events = due(Case(self.dispute, self._partnership, at))
            self._write(events, at)
            return at if events else at + timedelta(minutes=1)
        self._act(acts)
        return acts

    def _act(self, at: datetime) -> None:
        by = person(self._draw.choice(self._people))
        request = Request(self._intent(self._draw.choice(ACTS), at), by, at, f"<{len(self.entries)}@one.example>")
        self.messages.append(self._draw.choice(("filed in a dispute", "changed a dispute")))
        first = filed(request, self.dispute)
        self._write((first,), at)
        self._write(decide(Case(self.dispute, self._partnership, request.at), request), at)

    def _intent(self, act: Act, at: datetime) -> Intent:
        draw = self._draw
        on = (at + timedelta(days=draw.randint(1, 20))).date()
        made: dict[Act, Callable[[], Intent]] = {
            Act.PROPOSE_RESOLUTION: lambda: Intent(
                act,
                fields={"agreed_outcome": "A visit."},
                actions=(Action("Visit the home", "Tobias Fenn", draw.choice((on, on, None))),),
            ),
            Act.FEEDBACK: lambda: Intent(act, fields={"helpful": str(draw.randint(1, 5)), "idea": "Ring first."}),
            Act.ACTION_DONE: lambda: Intent(act, fields={"action_done": "visit the home"}, words="visit the home"),
            Act.PROTECTIVE_DATE: lambda: Intent(act, on=on, words="the weekend"),
        }
        return made.get(act, lambda: Intent(act, fields={"reason": "It is settled."}, words="It is settled."))()

    def _write(self, events: tuple[Event, ...], at: datetime, opening: bool = False) -> None:
        cause = Cause("message" if opening else "limit", "told")
        self.entries += next_entries(head_of(self.entries), "told", self.dispute.reference, events, cause, at)
        if not opening:
            for event in events:
                self.dispute = self.dispute.after(event)
