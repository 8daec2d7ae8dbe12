"""What letters say of the office's own doings: a move held back, disputes linked, what became of each line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.core.happened import events as e
from mailbot.core.happened import office_acts as o
from mailbot.core.happened.dispute import Dispute
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.telling.letters import Notice
from mailbot.core.telling.transcript import LineDone, LinesCarriedOut
from mailbot.mail.writing.speaking import Speaker
from mailbot.mail.writing.turn import Reader, next_stage
from mailbot.mail.writing.wording import listed, opening


@dataclass(frozen=True, slots=True)
class ByOffice:
    """``moving``: why it does, or does not, move by itself. ``linked`` is for the office's eyes alone. ``put_back``
    is what of its own doing the office took back. The rest is the transcript's; ``undo_by`` is "11:40", or "", and
    ``words`` are those the office may write, with what each does. ``waiting`` is the number of a message that waits,
    and ``example`` what a reference looks like here."""

    moving: str = ""
    linked: tuple[str, ...] = ()
    put_back: str = ""
    lines: tuple[LineDone, ...] = ()
    undo_by: str = ""
    words: tuple[tuple[str, str], ...] = ()
    waiting: int = 0
    example: str = ""

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines)


NOTHING_BY_OFFICE = ByOffice()


def by_office(event: e.Event, dispute: Dispute, protocol: Protocol, say: Speaker, reader: Reader) -> ByOffice:
    is_office = reader.office in protocol.digest.to
    office = [protocol.roles[name].address.lower() for name in protocol.digest.to if name in protocol.roles]
    undone = event if isinstance(event, e.MisreadUndone) and event.by.address in office else None
    return ByOffice(
        moving=_moving(event, dispute, protocol, say),
        linked=_linked(dispute) if is_office else (),
        put_back=_taken_back(undone, dispute) if undone is not None else "",
    )


_DEEDS: Mapping[type[e.Event], str] = {
    e.DisputeClosed: "that this was closed",
    e.DisputeReopened: "that this was opened again",
    o.AutomaticMoveHeld: "that the automatic move was turned off",
    o.AutomaticMoveResumed: "that the automatic move was turned on again",
    e.PersonRecorded: "that somebody was recorded in this",
    e.PersonRemoved: "that somebody was taken off this",
    e.ResolutionProposed: "that this was reported as resolved",
}


def _taken_back(event: e.MisreadUndone, dispute: Dispute) -> str:
    deeds = (_DEEDS.get(type(dispute.history[place]), "") for place in event.places)
    return listed(deeds) or "something that had been recorded here"


def outside(notice: Notice, protocol: Protocol, zone: ZoneInfo) -> ByOffice:
    """For a letter that belongs to no dispute: the transcript's lines, or the number of what waits."""
    event = notice.event
    if not isinstance(event, LinesCarriedOut):
        return ByOffice(waiting=notice.waiting, example=f"{protocol.prefix}-26-0012")
    words = tuple((word.format(ref=protocol.prefix), does) for word, does in WORDS) if event.lists_words else ()
    return ByOffice(lines=event.lines, words=words, undo_by=_clock(event.undo_by, zone) if event.undo_by else "")


# What the office may write, one a line: as ``understanding.office_words`` reads it.
WORDS = (
    ("2 -> {ref}-26-0031", "files waiting message 2 in that dispute; it is read there by what its writer may do"),
    ("RELEASE 3", "lets waiting message 3 in; it is read as usual"),
    ("DISMISS 3 because (why)", "keeps message 3 and does not read it"),
    ("REOPEN {ref}-26-0007 because (why)", "opens it again; both sides are told"),
    ("CLOSE {ref}-26-0007 because (why)", "closes it; everybody in it is told"),
    ("HOLD {ref}-26-0007 because (why)", "no automatic move at its limit; both sides are told, with your reason"),
    ("GO ON {ref}-26-0007", "takes that off again"),
    ("REFER {ref}-26-0007 because (why)", "refers it, or moves it up (ESCALATE), where nobody has by its limit"),
    ("LINK {ref}-26-0007 {ref}-26-0015", "notes for the office alone that the two belong together"),
    ("KEEP APART {ref}-26-0007 {ref}-26-0015", "notes for the office alone that they do not"),
    ("REDACT {ref}-26-0007 (a name)", "our letters show that name as initials from then on"),
    ("ADD {ref}-26-0007 name, email, role", "somebody becomes part of it"),
    ("REMOVE {ref}-26-0007 email", "somebody is taken off it"),
    ("STATUS {ref}-26-0007", "one letter back that says where it stands"),
    ("UNDO, or UNDO 2", "in reply to a letter like this, within two hours: puts it back, or line 2 of it"),
)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _moving(event: e.Event, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    held = dispute.move_held
    if held is not None and next_stage(dispute, protocol) and not isinstance(event, o.AutomaticMoveHeld):
        why = f" (“{say.words(held.why).rstrip('.')}”)" if held.why else ""
        return (
            f"It does not move by itself at its limit: {say.person(held.by)} turned that off at "
            f"{say.instant(held.at)}{why}. A person decides whether it moves; {dispute.raising or 'the raising side'} "
            "can ask for that at any time, and nothing that is asked for waits."
        )
    if isinstance(event, e.StageEntered | e.StageEnded):
        entered = next((p for p in reversed(dispute.history) if isinstance(p, e.StageEntered)), None)
        if entered is not None and entered.how == "limit" and entered.by:
            return (
                "Its limit had passed while the automatic move was turned off. "
                f"{opening(say.person(entered.by))} has turned it on again, so it moves now."
            )
    return ""


def _linked(dispute: Dispute) -> tuple[str, ...]:
    return tuple(
        f"{'Kept apart from' if link.apart else 'Linked with'} {link.other}. You recorded this; nobody in either "
        "dispute is told of it."
        for link in dispute.links
    )
