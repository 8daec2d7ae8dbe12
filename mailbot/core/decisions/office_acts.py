"""The acts of the partnership's own office: what it asks for by one line of an email about a dispute it names, decided;
and what its email did, line by line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide
from mailbot.core.decisions.due import held_back
from mailbot.core.partnership.partnership import Request
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import Event
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Person

# What the partnership's own office asks for by one line of an email about a dispute it names, decided.
#
# Each line is decided alone: done, with its events, or not, with the reason. What anybody else in the dispute may ask
# is decided where theirs is (``decide``), so that the office gets by a line nothing that the rules refuse it.

MOST_CLOSURES, CLOSURES_PER = 3, timedelta(hours=1)


class OfficeAct(StrEnum):
    """What a line can ask, in the words that ``mailbot explain`` prints."""

    FILE = "file_held"
    RELEASE = "release_held"
    DISMISS = "dismiss_held"
    REOPEN = "reopen"
    CLOSE = "close"
    HOLD = "hold_move"
    GO_ON = "go_on"
    MOVE = "move_up"
    LINK = "link"
    KEEP_APART = "keep_apart"
    REDACT = "redact"
    ADD = "add_person"
    REMOVE = "remove_person"
    STATUS = "status"
    HELP = "help"
    UNDO = "undo"
    UNKNOWN = "not_understood"


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One line as ``typed``. ``number`` is that of a waiting message; ``numbers`` the lines to undo (none: all);
    ``words`` the reason, the words to redact, or whom to add; ``fault`` why nothing can be done with it, or ""."""

    typed: str
    act: OfficeAct
    number: int = 0
    numbers: tuple[int, ...] = ()
    reference: str = ""
    other: str = ""
    words: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class OfficeOutcome:
    """``said`` is what was done, or why not. ``events`` by the reference of the dispute they belong to."""

    done: bool
    said: str
    events: tuple[tuple[str, tuple[e.Event, ...]], ...] = ()


def not_done(why: str) -> OfficeOutcome:
    sentence = f"{why[:1].upper()}{why[1:]}"
    return OfficeOutcome(False, sentence if sentence.endswith((".", "?")) else f"{sentence}.")


def asked_as_anybody(case: Case, request: Request, said: str) -> OfficeOutcome:
    """An act the office asks for as anybody might, REOPEN, CLOSE, ADD, REMOVE, STATUS, decided by the rules for
    everybody. A refusal or question is the line's answer; what is asked beside something done is said with it."""
    events = decide(case, request)
    put = [one for one in events if isinstance(one, QuestionAsked) and one.of.address == request.by.address]
    done = tuple(one for one in events if one not in put)
    for event in events:
        if isinstance(event, RequestRefused):
            return not_done(event.why)
        if event in put and not any(not isinstance(one, QuestionAsked) for one in done):
            return not_done(put[0].question)
    told = " ".join((said, *(one.question for one in put)))
    return OfficeOutcome(True, told, ((case.dispute.reference, done),))


def move(case: Case, request: Request) -> OfficeOutcome:
    """The office's act of referring, or moving up, in place of whoever is silent: by the rules of the file
    (``[silence]``)."""
    outcome = asked_as_anybody(case, request, "")
    entered = next((event for _, made in outcome.events for event in made if isinstance(event, e.StageEntered)), None)
    if entered is None:
        return outcome
    stage = case.protocol.stage_name(entered.stage)
    return OfficeOutcome(True, f"{case.dispute.reference} is at {stage} now.", outcome.events)


def close_for_office(case: Case, request: Request, closures: int) -> OfficeOutcome:
    """The office's act CLOSE, within bounds. ``closures``: how many disputes this address has closed within the hour;
    whoever has got into one mailbox must not be able to close them all."""
    if closures >= MOST_CLOSURES:
        return not_done(
            f"{MOST_CLOSURES} disputes have been closed from this address within the hour, and more are not closed at "
            f"once. {case.dispute.reference} is as it was; please send this line again in an hour"
        )
    return asked_as_anybody(case, request, f"{case.dispute.reference} is closed.")


def hold(case: Case, request: Request) -> OfficeOutcome:
    """The office's act HOLD: no automatic move at a limit (G11). The clock goes on; nothing a person
    asks for is delayed by it."""
    dispute = case.dispute
    if not dispute.is_open:
        return not_done(f"{dispute.reference} is closed, so there is no move to hold back")
    if dispute.move_held is not None:
        return not_done(f"{dispute.reference} does not move by itself already; its limit goes on as ever")
    held = e.AutomaticMoveHeld(at=request.at, by=request.by, words=request.intent.words)
    said = (
        f"{dispute.reference} does not move by itself at its limit any more. The limit and the reminders go on, "
        "and the letters about it have your reason."
    )
    return OfficeOutcome(True, said, ((dispute.reference, (held,)),))


def go_on(case: Case, request: Request) -> OfficeOutcome:
    dispute = case.dispute
    if dispute.move_held is None:
        return not_done(f"the automatic move of {dispute.reference} is not held back")
    resumed = e.AutomaticMoveResumed(at=request.at, by=request.by, words=request.intent.words)
    now_due = held_back(case.after(resumed)) is not None
    said = (
        f"The limit of {dispute.reference} has passed meanwhile, so it moves now; its letters say why."
        if now_due
        else f"{dispute.reference} moves by itself at its limit again."
    )
    return OfficeOutcome(True, said, ((dispute.reference, (resumed,)),))


def link(one: Dispute, other: Dispute, request: Request, apart: bool) -> OfficeOutcome:
    """The office's act LINK or KEEP APART: on both disputes, and on both alike; never joined, and told to
    nobody in either (G16)."""
    if one.reference == other.reference:
        return not_done("a line names two different disputes")
    if any((known.other, known.apart) == (other.reference, apart) for known in one.links):
        return not_done("that is recorded already")
    pairs = ((one.reference, other.reference), (other.reference, one.reference))
    events = tuple(
        (here, (e.DisputeLinked(at=request.at, other=there, by=request.by, apart=apart),)) for here, there in pairs
    )
    word = "kept apart" if apart else "linked"
    return OfficeOutcome(True, f"Recorded on both that they are {word}.", events)


def redact(dispute: Dispute, request: Request) -> OfficeOutcome:
    if request.intent.words in dispute.redacted:
        return not_done("that is shown as initials already")
    hidden = e.WordsRedacted(at=request.at, words=request.intent.words, by=request.by)
    said = (
        "From now on our letters show that as initials, also those that are waiting. In two hours, when UNDO can no "
        "longer put it back, the name is cut out of all that is stored, and you are told what that could not reach."
    )
    return OfficeOutcome(True, said, ((dispute.reference, (hidden,)),))


# What an UNDO cannot reach behind: once something else rests on it, taking it away would leave that in the air.
_FOUNDATIONS = (
    e.DisputeClosed,
    e.DisputeReopened,
    e.PersonRecorded,
    e.PersonRemoved,
    e.PersonHandedOver,
    e.ResolutionProposed,
    e.StageEntered,
)
_RESTS_ON = (
    e.StageEntered,
    e.ResolutionProposed,
    e.ResolutionConfirmed,
    e.ResolutionObjected,
    e.DateProposed,
    e.DateAgreed,
    e.ProtectiveDateSet,
    e.PersonHandedOver,
    e.DisputeClosed,
    e.DisputeReopened,
    e.RouteTaken,
    e.DecisionMade,
)


def put_back_by_office(dispute: Dispute, places: frozenset[int], by: Person, request: Request) -> OfficeOutcome:
    """The office's act of undoing its own acts: the events at these places count no more
    (``MisreadUndone``); or why they must."""
    undone = dispute.undone
    if places <= undone:
        return not_done("that has been put back already")
    if 0 in places:
        return not_done(
            f"it opened {dispute.reference}, and letters have gone out. If that is wrong, write CLOSE "
            f"{dispute.reference} because and the reason"
        )
    counted = [(n, past) for n, past in enumerate(dispute.history) if n not in undone]
    founds = any(isinstance(past, _FOUNDATIONS) for n, past in counted if n in places)
    since = [past for n, past in counted if n > min(places) and n not in places and isinstance(past, _RESTS_ON)]
    if founds and since:
        return not_done(
            f"something else has been recorded in {dispute.reference} since, and rests on it. Write the line that "
            f"does the opposite, or STATUS {dispute.reference} to see where it stands"
        )
    back = e.MisreadUndone(at=request.at, places=tuple(sorted(places - undone)), by=by)
    return OfficeOutcome(True, "Put back.", ((dispute.reference, (back,)),))


# What the office's email did, line by line: carried by the letter that says so, and in no dispute's record.

UNDO_WITHIN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LineDone:
    """One line as ``typed`` (shortened, and veiled where it names a child); ``said``: what was done, or why not;
    ``others``: how many other people have a letter because of it, None where it is about no dispute."""

    typed: str
    done: bool
    said: str
    others: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesCarriedOut(Event):
    """``undo_by`` None: nothing of it can be put back. ``lists_words``: the words that may be used stand below."""

    by: Person
    lines: tuple[LineDone, ...]
    undo_by: datetime | None = None
    lists_words: bool = False
