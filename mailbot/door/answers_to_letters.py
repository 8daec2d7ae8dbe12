"""Answers to letters: what a yes counts for, by the letter of ours that it answers, or that it answers none.

A bare yes counts in answer to a letter that asked for it; in answer to anything else, or to nothing, its writer is
asked what it is for. Only the word that our letters print says so by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import (
    DateAccepted,
    DateProposed,
    Event,
    LimitPassed,
    LimitWaited,
    Reminded,
    ResolutionConfirmed,
    ResolutionProposed,
    StageEntered,
)
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Act, Intent
from mailbot.core.record.questions_put import Put
from mailbot.door.message_as_read import HeardMail
from mailbot.mail.reading import Reading
from mailbot.mail.understanding.commands import command_typed, read_command
from mailbot.mail.understanding.questions import CONFIRM_OR_NOT, DATE_OR_NOT, ask


def if_no_bare_assent(intent: Intent, heard: HeardMail) -> Intent:
    """Answers no letter of ours: "Yes" and no more may be said to anybody, about anything,
    and its writer is asked. CONFIRM and AGREE, as our letters print them, and what is agreed in a sentence, are not
    that."""
    own = heard.reading.words.own
    if intent.act not in _WORD or not _ASSENT.match(own) or len(own.split()) > _BARE:
        return intent
    if command_typed(own) == _WORD[intent.act]:
        return intent
    question = CONFIRM_OR_NOT if intent.act is Act.CONFIRM_RESOLUTION else DATE_OR_NOT
    return replace(ask(question, intent.words), flags=intent.flags)


_ASSENT = re.compile(r"\W*(?:yes|yep|yeah|ok|okay|agree|agreed|fine|accepted|confirm|confirmed|confirming)\b", re.I)
_BARE = 6  # words: whoever writes more says what they agree to


def of_what_was_put(intent: Intent, shown: Put, heard: HeardMail, dispute: Dispute) -> Intent:
    """An answer to a letter of ours that asked nothing, or something else, is none ("Agreed, thanks"): its writer is
    asked whether what has been put is meant; only the word that our letters print says so by itself."""
    put = {Act.CONFIRM_RESOLUTION: shown.proposal, Act.ACCEPT_DATE: shown.date}
    if intent.act not in put or _is_plain_word(heard.reading, intent.act):
        return intent
    if put[intent.act] is not None and _asked_for(intent.act, shown, dispute):
        return intent
    question = CONFIRM_OR_NOT if intent.act is Act.CONFIRM_RESOLUTION else DATE_OR_NOT
    return replace(ask(question, intent.words), flags=intent.flags)


# The events by whose letters somebody is asked for an answer; a question asks for the one it names.
_ASKS: Mapping[Act, tuple[type[Event], ...]] = {
    Act.CONFIRM_RESOLUTION: (ResolutionProposed, ResolutionConfirmed, Reminded, LimitWaited, LimitPassed, StageEntered),
    Act.ACCEPT_DATE: (DateProposed, DateAccepted, Reminded, LimitWaited, LimitPassed),
}
_WORD: Mapping[Act, str] = {Act.CONFIRM_RESOLUTION: "CONFIRM", Act.ACCEPT_DATE: "AGREE"}


def _asked_for(act: Act, shown: Put, dispute: Dispute) -> bool:
    """An answer to a letter: did that ask for the answer which it gives?"""
    if shown.about is None:
        return True
    event = dispute.history[shown.about]
    return isinstance(event, _ASKS[act]) or (isinstance(event, QuestionAsked) and _WORD[act] in event.question)


def _is_plain_word(reading: Reading, act: Act) -> bool:
    command = read_command(reading.words.own)
    return command is not None and command.is_in_capitals and command.name == _WORD[act]
