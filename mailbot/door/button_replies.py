"""What comes of a mail that a letter's button began. Of the present stay and in its own reader's hand: what its words
ask, decided as always. Otherwise it is filed as a note and its sender is asked, because a link outlives its letter: it
is pressed again weeks later, and from a letter that somebody passed on. Pressed twice, it is one act.

Danger is anybody's to tell, from any button; and a note or a wish to know how things stand changes no stage.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.who_may.replies_taken import FEEDBACK, REPLY_ACTS
from mailbot.core.notices.offered import reader_of, replies_offered
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Act, Intent, Person, Sure
from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.letters.whose_turn import stage_full

_OF_ANY_STAGE = frozenset({Act.NOTE, Act.STATUS, Act.QUESTION, Act.FEEDBACK, Act.IMMEDIATE_RISK})


@dataclass(frozen=True, slots=True)
class OnlyFiled:
    """``intents`` are what is left to decide, ``events`` the question to its sender, ``reason`` one clause."""

    intents: tuple[Intent, ...]
    events: tuple[e.Event, ...]
    reason: str


def weigh(pressed: Pressed, intents: tuple[Intent, ...], case: Case, sender: Person) -> OnlyFiled | None:
    """A button's reply weighed: None when the mail is decided like any other of its sender's."""
    asks = [intent for intent in intents if intent.act not in _OF_ANY_STAGE]
    theirs = pressed.address == sender.address or case.directory.stands_in(sender.address, pressed.address)
    if theirs and asks and all(_is_recorded(intent, pressed, case.dispute, sender) for intent in asks):
        return OnlyFiled(_noted(intents), (), "already recorded: the same button was pressed again")
    if theirs and (pressed.present or not asks):
        return None
    why = "a button of an earlier stage" if theirs else "a button made out to somebody else"
    said = _EARLIER if theirs else _ANOTHERS
    question = f"{said} {_now(case)} {_replies(case, sender)}"
    asked = QuestionAsked(at=case.now, of=sender, question=question, topic=why)
    return OnlyFiled(_noted(intents), (asked,), f"{why} began it: filed, and its sender asked")


_EARLIER = "That button was from before this moved on, so your email is filed and nothing else was done."
_ANOTHERS = (
    "That button was for the person the letter went to, so your email is filed and nothing else was done. "
    "Please answer in your own name."
)


def _now(case: Case) -> str:
    if not case.dispute.is_open:
        return f"{case.dispute.reference} is closed now."
    return f"{case.dispute.reference} is now at {stage_full(case.stage, case.protocol)}."


def _replies(case: Case, sender: Person) -> str:
    """What the sender of a button's reply may say now, in words that become the buttons of the question."""
    reader = reader_of(sender, case.dispute, case.protocol, acts=True)
    now = replies_offered("stage_entered" if case.dispute.is_open else "closed", reader, case)
    may = [word for word in now if word in REPLY_ACTS and word != FEEDBACK]
    if "RESOLVED" in may:
        return (
            f"If you have something to say now, reply {_or(may)} to this letter; if it was settled earlier, say "
            "RESOLVED on that date. To see how things stand, reply STATUS."
        )
    if may:
        return f"If you have something to say now, reply {_or(may)} to this letter, or STATUS to see how things stand."
    return "To see how things stand, reply STATUS to this letter."


def _or(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1]) if words[1:] else words)


def _noted(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    flags = tuple(flag for intent in intents for flag in intent.flags)
    risks = tuple(intent for intent in intents if intent.act is Act.IMMEDIATE_RISK)
    return (*risks, Intent(Act.NOTE, Sure.PROBABLE, flags=() if risks else flags))


def _is_recorded(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    """Did the very act of this button's reply already happen, and does it still stand?"""
    rule = _RECORDED.get(intent.act)
    return intent.sure is not Sure.UNSURE and rule is not None and rule(intent, pressed, dispute, sender)


def _standing(dispute: Dispute, *kinds: type[e.Event]) -> list[e.Event]:
    """Those of these kinds that nobody took back with WRONG."""
    undone = dispute.undone
    return [past for place, past in enumerate(dispute.history) if place not in undone and isinstance(past, kinds)]


def _last(dispute: Dispute, *kinds: type[e.Event]) -> e.Event | None:
    return next(reversed(_standing(dispute, *kinds)), None)


def _moved(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    """A button's reply come too late: their own word began the present stay, and the button is older than that."""
    last = _last(dispute, e.StageEntered, e.DisputeReopened)
    by = last.by.address if isinstance(last, e.DisputeReopened) else getattr(last, "by", "")
    return not pressed.present and dispute.is_open and by == sender.address


def _ended(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    last = _last(dispute, e.DisputeClosed)
    return not dispute.is_open and isinstance(last, e.DisputeClosed) and last.by == sender.address


def _proposed(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    last = _last(dispute, e.ResolutionProposed, e.ResolutionObjected, e.DisputeReopened, e.StageEntered)
    agreed = intent.fields.get("agreed_outcome", "") or "; ".join(a.what for a in intent.actions)
    if not isinstance(last, e.ResolutionProposed) or last.by.address != sender.address:
        return False
    return (last.agreed, last.actions, last.on) == (agreed, intent.actions, intent.on)


def _objected(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    last = _last(dispute, e.ResolutionProposed, e.ResolutionObjected, e.DisputeReopened)
    return isinstance(last, e.ResolutionObjected | e.DisputeReopened) and last.by.address == sender.address


def _dated(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    asked = dispute.open_date
    return asked is not None and asked.by.address == sender.address and asked.on == intent.on


def _agreed(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    last = _last(dispute, e.DateProposed, e.DateAgreed, e.DateRefused)
    by = last.by.address if isinstance(last, e.DateRefused) else getattr(last, "by", "")
    wanted = e.DateAgreed if intent.act is Act.ACCEPT_DATE else e.DateRefused
    return isinstance(last, wanted) and by == sender.address


def _protected(intent: Intent, pressed: Pressed, dispute: Dispute, sender: Person) -> bool:
    """A button's reply that names a date, in this stay only: a date for the child is worth more than being spared a
    letter."""
    past = [one for one in _standing(dispute, e.ProtectiveDateSet) if one.at >= dispute.visit.entered]
    return any(
        isinstance(one, e.ProtectiveDateSet) and (one.on, one.by.address) == (intent.on, sender.address) for one in past
    )


_RECORDED: Mapping[Act, Callable[[Intent, Pressed, Dispute, Person], bool]] = {
    Act.MOVE_UP: _moved,
    Act.REFER: _moved,
    Act.REOPEN: _moved,
    Act.CONFIRM_RESOLUTION: _ended,
    Act.DECISION: _ended,
    Act.WITHDRAW: _ended,
    Act.PROPOSE_RESOLUTION: _proposed,
    Act.OBJECT_RESOLUTION: _objected,
    Act.PROPOSE_DATE: _dated,
    Act.ACCEPT_DATE: _agreed,
    Act.REFUSE_DATE: _agreed,
    Act.PROTECTIVE_DATE: _protected,
}
