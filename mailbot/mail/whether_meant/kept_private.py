"""Kept private: beside what it asks, a message says that it is not to be shared.

What a message asks of a dispute goes to both sides in its writer's own words: what was agreed, what remains, a reason,
a fact. Of whoever writes that the other side, or anybody, must not see them, nothing is done and nothing is passed on
before they have been asked; danger is heard all the same. That a family must not be told something is for the agencies
to know, and is no such wish.
"""

from dataclasses import replace

from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.questions import ask
from mailbot.mail.whether_meant.explained import IN_OTHER_WORDS

_NOT_TO_BE_SHARED = lexicon.pattern("told.not_to_be_shared")
# Of these no words go further than whom they are written to.
_GO_NO_FURTHER = frozenset(
    {Act.NOTE, Act.HOLD, Act.STATUS, Act.QUESTION, Act.FEEDBACK, Act.UNDO, Act.IMMEDIATE_RISK}
    | {Act.OUT_OF_SCOPE, Act.QUARANTINE, Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE, Act.REFUSE_DATE}
)


def is_not_to_be_shared(text: str) -> bool:
    """Does a message beside what it asks say that its words are not to be passed on?"""
    said = (" ".join(one.replace("\u2019", "'").split()) for one in sentences(text))
    return any(_NOT_TO_BE_SHARED.search(one) for one in said)


def nothing_passed_on_unasked(intents: tuple[Intent, ...], own: str) -> tuple[Intent, ...]:
    """``intents`` of a message, of which none passes on what stands beside it where its writer says that it is not to
    be shared: they are asked. An opening waits for their OPEN, danger for nothing."""
    if all(_goes_no_further(intent) for intent in intents) or not is_not_to_be_shared(own):
        return intents
    kept = tuple(intent for intent in intents if intent.act is Act.IMMEDIATE_RISK)
    opened = next((intent for intent in intents if intent.act is Act.OPEN), None)
    if opened is not None:
        return (*kept, replace(opened, sure=Sure.UNSURE, question=asking.OPEN_WITH_ALL_OF_IT))
    return (*kept, ask(asking.NOT_TO_BE_SHARED, own, IN_OTHER_WORDS))


def _goes_no_further(intent: Intent) -> bool:
    return intent.act in _GO_NO_FURTHER and not (intent.act is Act.NOTE and (intent.fields or intent.people))
