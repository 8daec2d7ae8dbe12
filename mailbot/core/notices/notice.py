"""A notice (somebody must be told, with which letter), the letters there are, and how several notices to
one person become one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.people.roles import in_roles
from mailbot.core.decisions.people.who_is_there import whom_it_is_with
from mailbot.core.decisions.stages import is_partnership_stage, next_stage
from mailbot.core.decisions.who_may.authority import asked_to_decide
from mailbot.core.partnership.partnership import Partnership, side_of
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.events import Event
from mailbot.core.record.intents import Act, Person

# Every letter there is, and what it is for: one folder of templates each.
#
# A notice says *that* somebody must be told; the letter named here is *what* they get. The table is the contract
# between ``announce`` and ``templates/``: a test holds it against the folders, so neither can drift.

LETTERS: Mapping[str, str] = {
    "opened": "a dispute was recorded: whose turn, the limit with its working, what is missing, what to reply",
    "still_needed": "names or fields still missing, asked again on the morning of the limit",
    "reminder": "the limit is today, and nothing is recorded yet",
    "limit_passed": "the limit went by; what the protocol says happens now, and that it can be put right",
    "stage_entered": "a stage began: you are now who decides, by when, and what the stage before left open",
    "stage_told": "the same, to somebody who was in it before or is copied: nothing is asked of them",
    "refer_question": "Day 5, or the last managers' limit: will you refer it to the partnership?",
    "referred": "the referral as the Business Manager and those who decide receive it",
    "proposed": "one side says it is resolved: the other is asked to CONFIRM or DISAGREE",
    "proposed_told": "your resolution was recorded as a proposal, and who has been asked",
    "objected": "a resolution was put back: the stage and its old limit hold again",
    "closed": "closed: what was agreed or decided, actions with dates, file this on the child's record",
    "reopened": "open again, at which stage and limit",
    "summary": "a stage ended: what was disputed, what each side said, what was agreed, what remains",
    "date_proposed": "the other side asks for a date: AGREE or NO; until then the limit stands",
    "date_recorded": "a date was agreed or recorded, and what that does to the limit",
    "date_refused": "why that date cannot be had, and the nearest that can",
    "protective_date": "one side gave an earlier date for the child; it is the limit now",
    "handed_over": "somebody takes over from somebody; the clock did not stop",
    "absence": "somebody's automatic reply says they are away past the limit",
    "not_delivered": "a letter could not be delivered; the limit is unchanged; how to put the address right",
    "question": "one short question; nothing has changed until it is answered",
    "refused": "why what you asked was not done",
    "noted": "what you reported was recorded (an action done, a meeting, a correction)",
    "undone": "what was misread has been put back",
    "move_held": "the office turned the automatic move off: a person decides, and the limit is what it was",
    "move_resumed": "it moves by itself at its limit again",
    "transcript": "what became of each line of the office's email, and how to put it back within two hours",
    "status": "where it stands, because you asked",
    "guide": "how the procedure goes, and the lines to fill in",
    "out_of_scope": "this mailbox is not the way for that; what is; nothing was passed on",
    "urgent": "possible immediate danger: whom to ring, and nothing else",
    "urgent_told": "a message that may mean immediate danger arrived; ring its writer",
    "outsider": "somebody outside the agencies was on your message; please check what was shared",
    "outsider_told": "possible disclosure: somebody outside the agencies was on a message",
    "held_told": "a message is waiting for the Business Manager, with the reason",
    "roster_proposed": "an agency's contact corrects its list of people: the office says yes or no",
    "hand_filed": "somebody moved a message by hand: where to, what came of it, how to put it back",
    "was_it_you": "a message in your name could not be verified: answer this letter if it was yours",
    "calendar_moved": "a closed day was added, or another version holds: which limit moved, from when to when",
    "action_due": "today is the date for something agreed: please do it, or say that it is done",
    "action_unreported": "a date agreed has gone by and nothing is reported: to the raising side's manager, once",
    "did_it_happen": "some weeks after the end: did what was agreed happen? HAPPENED, or NOT HAPPENED",
    "did_not_happen": "what a binding decision said did not happen: to those who decided, the office, both agencies",
    "feedback_asked": "how helpful was it? one line is enough",
    "thanks": "thank you for the feedback",
    "form_read": "a form came back: what changed, what is missing, which dates are none; or why it was not opened",
    "received": "the same people already have this open: it was filed there",
    "unreachable_told": "the mailbox could not be read over a limit: what to check by hand",
    "trouble_told": "mailbot itself needs somebody to look at it: what it does meanwhile, and what to do",
}
# Letters that only answer whoever wrote. Two machines could exchange these for ever, so there is a most an hour.
ANSWERS = frozenset(
    {
        "question",
        "refused",
        "guide",
        "status",
        "noted",
        "thanks",
        "out_of_scope",
        "was_it_you",
        "received",
        "outsider",
        "form_read",
    }
)


@dataclass(frozen=True, slots=True)
class Notice:
    """``to`` must be told of ``event`` by ``letter``; ``why`` is the clause or reason.

    ``form`` is a form to go with it, and ``note`` what that is sent for ("for monitoring purposes only"). ``acts`` is
    True for somebody of whom the letter asks something: their buttons differ from those of the merely told.
    ``waiting`` is the number under which the message it is about waits for a person. ``cause`` is whose mail brings it
    about, where nothing proves that it is theirs: such letters have an allowance of their own. ``hours_late``: it
    goes so much later, because so many have gone in this one, or today.
    """

    letter: str
    to: Person
    event: Event
    why: str = ""
    form: str = ""
    note: str = ""
    acts: bool = False
    waiting: int = 0
    cause: str = ""
    hours_late: int = 0


def settle(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """The notices of one message or one tick settled to one letter a person, except those that must stand alone."""
    chosen: dict[tuple[str, str], Notice] = {}
    for notice in notices:
        if not notice.to.address:
            continue
        place = (notice.to.address, _ALONE.get(notice.letter, "") or _own_question(notice))
        held = chosen.get(place)
        if held is None or _weight(notice) > _weight(held):
            chosen[place] = _with_form_of(notice, held)
        else:
            chosen[place] = _with_form_of(held, notice)
    _fold_into_the_question(chosen)
    _ask_for_what_is_missing(chosen)
    alarmed = {address for address, alone in chosen if alone == DANGER}
    ordered = sorted(chosen.items(), key=lambda one: one[0][1] != DANGER)  # a word of danger goes before everything
    return tuple(n for (to_, alone), n in ordered if alone == DANGER or to_ not in alarmed or _is_owed(n))


# Letters that say what is missing and take it: whoever has one of the same moment is asked in it.
_SAYS_WHAT_IS_MISSING = frozenset({"summary", "opened", "stage_entered", "limit_passed", "refer_question"})


def _ask_for_what_is_missing(chosen: dict[tuple[str, str], Notice]) -> None:
    """Joins the notices that ask somebody for a name with that person's own letter of the moment. The office's word
    that nobody is known stands alone: it asks nothing, and is lost in no other letter."""
    for (address, alone), notice in list(chosen.items()):
        beside = chosen.get((address, ""))
        if alone == "still_needed" and notice.acts and beside and beside.letter in _SAYS_WHAT_IS_MISSING:
            chosen[address, ""] = replace(beside, acts=True)
            del chosen[address, alone]


def _is_owed(notice: Notice) -> bool:
    """Among notices, is this one that a word of danger does not replace: it asks something of its reader, or answers
    what they asked? Whoever asked and told of danger in one mail hears of both, of the danger first and apart. Whether
    they meant to ask how things stand can wait."""
    if notice.letter == "held_told":
        return False
    supposed = notice.letter == "question" and getattr(notice.event, "topic", "") in (Act.QUESTION, Act.STATUS)
    return not supposed and (notice.acts or notice.letter in ("refused", "question"))


# Letters that never make room for another, and are never folded into one. A word of danger stands alone, and says
# nothing else. A summary gives way to the letter that asks something of its reader, which tells the stage before as
# well; and "the next stage has begun" gives way to the summary, which says what comes next.
DANGER = "danger"
_ALONE = {
    "urgent": DANGER,
    "urgent_told": DANGER,
    "still_needed": "still_needed",
    "outsider": "outsider",
    "outsider_told": "outsider",
}
_RANK = (
    "stage_told",
    "summary",
    "noted",
    "action_due",
    "action_unreported",
    "did_it_happen",
    "still_needed",
    "proposed_told",
    "limit_passed",
    "reminder",
    "question",
    "refused",
    "refer_question",
    "date_recorded",
    "protective_date",
    "proposed",
    "referred",
    "opened",
    "stage_entered",
    "objected",
    "reopened",
    "closed",
    "urgent_told",
)


def _with_form_of(notice: Notice, other: Notice | None) -> Notice:
    return notice if notice.form or other is None else replace(notice, form=other.form, note=other.note)


# How the topics begin of questions that stand beside any other letter and any other question of the same moment.
_ASKED_BESIDE = ("answer:", "same person:", "address", "another agency", "hour:", Act.HOLD)
_ASKED = "question"


def _own_question(notice: Notice) -> str:
    """What a notice asks, kept apart from whatever else is said at the same moment: a question that another letter
    passes over is put to nobody. So is the answer to each form that came."""
    if notice.letter == "form_read":
        return f"form {getattr(notice.event, 'digest', '')}"
    if notice.letter != "question":
        return ""
    topic = getattr(notice.event, "topic", "")
    if topic == "whole or one thing":  # what else stood beside WRONG is asked with it
        return Act.HOLD
    return topic if topic.startswith(_ASKED_BESIDE) else _ASKED


def _fold_into_the_question(chosen: dict[tuple[str, str], Notice]) -> None:
    """Of the notices of one moment, what says less than a question to the same person is said with it."""
    for (address, asked), notice in list(chosen.items()):
        beside = chosen.get((address, ""))
        if asked in (_ASKED, Act.HOLD) and beside is not None and _weight(notice) > _weight(beside):
            chosen[address, asked] = _with_form_of(notice, beside)
            del chosen[address, ""]


def _weight(notice: Notice) -> tuple[bool, int]:
    return notice.acts, _RANK.index(notice.letter) if notice.letter in _RANK else len(_RANK) // 2


# What the announcements have in common: a letter to some people, whoever the stage is with, whoever comes next.

NoticesOf = list[Notice]
Announcement = Callable[[Any, Case], NoticesOf]


def to(letter: str, people: Iterable[Person], event: e.Event, acts: bool = False, why: str = "") -> NoticesOf:
    return [Notice(letter, person, event, why=why, acts=acts) for person in people]


def current(case: Case, *sides: Side) -> list[Person]:
    """The people a notice goes to when it is for whoever the present stage is with, on these sides
    (both, when none is named); where nobody is known there, for whoever is asked in their place."""
    return whom_it_is_with(case, *sides)


def with_form(told: NoticesOf, case: Case) -> NoticesOf:
    """The notices ``told``, with the form that is kept from this stage on for those of their readers who keep it: the
    people whom the stage is with on the side that raised it (NS-14)."""
    record = case.stage.record
    if record not in case.protocol.forms:
        return told
    return [replace(n, form=record) if n.acts and side_of(case.dispute, n.to) is Side.RAISING else n for n in told]


def form_kept(case: Case) -> str:
    """The form that goes with notices, as the latest of the dispute's stages keeps it; "" when
    none of them keeps one."""
    protocol = case.protocol
    records = (protocol.stages[visit.stage].record for visit in reversed(case.dispute.visits))
    return next((record for record in records if record in protocol.forms), "")


def office(partnership: Partnership) -> list[Person]:
    return list(partnership.office())


def next_people(case: Case) -> list[Person]:
    following = next_stage(case)
    if following is None or is_partnership_stage(following):
        return []
    return in_roles((*following.raising, *following.receiving), case)


# Of what the letter about our own trouble tells: its templates know each.
UNTOLD_WAITS, UNTOLD_MOVED = "a limit waits", "moved untold"


def word_of_untold(event: e.LimitPassed | e.LimitWaited, case: Case) -> NoticesOf:
    """A notice to the office that an agency has had no letter at this stage: while its limit waits for that, and when
    it moves on all the same."""
    why = UNTOLD_WAITS if isinstance(event, e.LimitWaited) else UNTOLD_MOVED
    return to("trouble_told", office(case.partnership), event, acts=True, why=why)


def deciding(case: Case) -> tuple[Person, ...]:
    """Those who decide now, and whoever passes things on to them."""
    through = case.stage.sent_through
    return tuple(in_roles((*asked_to_decide(case.dispute, case.protocol), through), case))


def writer(letter: str) -> Announcement:
    def tell(event: e.Event, case: Case) -> NoticesOf:
        by = getattr(event, "by", None)
        return to(letter, [by] if isinstance(by, Person) else [], event)

    return tell


def involved(letter: str, event: e.Event, case: Case) -> NoticesOf:
    """The announcement of one event by ``letter`` to whoever the stage is with, and to the
    practitioners: both sides alike."""
    told = to(letter, current(case), event, acts=True)
    return told + to(letter, in_roles(("raiser", "responder"), case), event)
