"""Where the two readers of a message meet, and nowhere else: what the rules read, and what the second reader heard.

The rules act and the second reader only listens. It may turn an act that was read from prose into a question, silence
into a question, and it may raise the alarm; an act of its own it never has, and an alarm of the rules it never stops.
Typed command words and buttons need no second hearing. A question names the best guess first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.text.second_reader import DANGER, LIKELY, WISH, Listened, threshold
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.danger import is_danger

ALARMED = "possible immediate risk"
MAYBE = "heard by the second reader alone: it may be mistaken"
ELSE, TALK, THANKS = "conditional_or_other_object", "talk", "thanks"
CERTAIN = 0.96  # an opening tells of worries by its nature: there the second reader must be all but certain of danger
SHORTEST = 3  # words: of somebody whose turn it is, an answer rather than a note
HARDLY = 0.3  # under this likelihood a message is no talk
SHORT = 14  # words: no more than an answer, which means nothing without what it answers


class Audience(Enum):
    """To whom a message is addressed: the mailbox and nobody else, the mailbox and others, others with it copied."""

    MAILBOX = "the mailbox alone"
    BOTH = "the mailbox and others"
    OTHERS = "others, with the mailbox copied"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What both readings must know of the message. ``own`` are its writer's own words, ``typed`` that they begin with a
    word of command; ``answers_another``: they answer what a colleague asked, or a letter that asks nothing;
    ``answers_no_letter``: an email that is no letter of ours; ``awaited``
    names what this writer's answer is waited for on: a "proposal", a "date", the "end" (has it happened?), the "stage",
    a "decision" that is theirs to make; "closed" where nothing is waited for any more. ``up`` is their word for moving
    it on."""

    own: str
    audience: Audience = Audience.MAILBOX
    typed: bool = False
    in_capitals: bool = False
    answers_another: bool = False
    answers_no_letter: bool = False
    awaited: str = ""
    up: str = "ESCALATE"
    alone: str = ""  # how the writer may end it alone, where the procedure lets their role


CHANGES_NOTHING = frozenset(
    {Act.NOTE, Act.HOLD, Act.QUESTION, Act.STATUS, Act.IMMEDIATE_RISK, Act.OUT_OF_SCOPE, Act.QUARANTINE, Act.FORM}
)
_CLOSES = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.WITHDRAW, Act.HAPPENED})
_ANSWERS = frozenset(
    {Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION, Act.ACCEPT_DATE, Act.REFUSE_DATE, Act.HAPPENED, Act.NOT_HAPPENED}
)
# The labels under which the second reader may hear the same as the rules.
_SAME: Mapping[Act, tuple[str, ...]] = {
    Act.PROPOSE_RESOLUTION: ("resolved", "confirms"),
    Act.CONFIRM_RESOLUTION: ("confirms", "resolved"),
    Act.OBJECT_RESOLUTION: ("disagrees", "did_not_happen", "take_up"),
    Act.MOVE_UP: ("take_up", "disagrees"),
    Act.REFER: ("take_up", "disagrees"),
    Act.DECISION: ("decision", "resolved"),
    Act.ACCEPT_DATE: ("confirms", "date"),
    Act.REFUSE_DATE: ("disagrees", "date"),
    Act.PROPOSE_DATE: ("date", "confirms"),
    Act.PROTECTIVE_DATE: ("date", "take_up", DANGER),
    Act.HANDOVER: ("handover", "person"),
    Act.ADD_PERSON: ("person", "handover"),
    Act.REMOVE_PERSON: ("person", "handover"),
    Act.WITHDRAW: ("withdraw", "resolved"),
    Act.REOPEN: ("take_up", "disagrees", "did_not_happen", "undo"),
    Act.UNDO: ("undo", "disagrees"),
    Act.MET: ("met",),
    Act.CHILD_STATUS: ("child_status",),
    Act.HAPPENED: ("confirms", "resolved"),
    Act.NOT_HAPPENED: ("did_not_happen", "disagrees", "take_up"),
}
MEANINGS = tuple(dict.fromkeys(label for labels in _SAME.values() for label in labels if label != DANGER))
# What changes a dispute whoever it is said to; a yes, a no or a question to a colleague is theirs.
_OF_ALL = frozenset({"take_up", "resolved", "withdraw", "decision", "handover", "child_status", "undo"})
_GUESSED = (*MEANINGS, "question", "data_rights")


@dataclass(frozen=True, slots=True)
class Supposed:
    """An act that the rules suppose, and what the second reader heard in the sentences that tell it. ``bare``: it is
    told in no clause that is known, and answers what was put to its writer. ``beside`` is what was heard in all the
    other sentences."""

    intent: Intent
    heard: Listened
    bare: bool = False
    beside: Listened = field(default_factory=Listened)


def agree(
    rules: tuple[Intent, ...], heard: Listened, here: Circumstances, supposed: tuple[Supposed, ...] = ()
) -> tuple[Intent, ...]:
    """Both readers agree or not: what is done with a message of a dispute that the rules read as ``rules``, and in
    whose clauses they suppose ``supposed``; never empty when ``rules`` is not."""
    if any(intent.act is Act.QUARANTINE for intent in rules):
        return with_alarm(rules, heard, here.own)
    alarmed = any(intent.act is Act.IMMEDIATE_RISK for intent in rules)
    asked = tuple(_weighed(intent, heard, here, is_danger(heard)) for intent in rules)
    meant = _meant(supposed, heard, here) if all(map(_is_open, asked)) else None
    if meant is not None:
        kept = (intent for intent in asked if intent.act is not Act.HOLD and not _says_nothing(intent))
        return with_alarm((meant, *kept), heard, here.own)
    theirs = here.audience is not Audience.MAILBOX and any(_is_a_colleagues(intent.act, here) for intent in rules)
    silent = not alarmed and not theirs and all(_says_nothing(intent) for intent in asked)
    if silent and _wants_an_answer(heard, here):
        asked = (_question(heard, here),)
    return with_alarm(asked, heard, here.own)


def with_alarm(rules: tuple[Intent, ...], heard: Listened, own: str) -> tuple[Intent, ...]:
    """The alarm of both readers: the second reader's goes before the rules' reading, where the rules have raised
    none."""
    if not is_danger(heard) or any(intent.act is Act.IMMEDIATE_RISK for intent in rules):
        return rules
    return (Intent(Act.IMMEDIATE_RISK, words=own, flags=(ALARMED, MAYBE)), *rules)


def _may_be_danger(heard: Listened) -> bool:
    """Too little for the alarm, and too much for silence."""
    return threshold("danger asked") <= heard.of(DANGER) and not is_danger(heard)


def _weighed(intent: Intent, heard: Listened, here: Circumstances, raised: bool) -> Intent:
    """An act that the rules read: done, or asked about first."""
    if intent.act in CHANGES_NOTHING:
        return intent
    if _is_a_colleagues(intent.act, here):
        if here.audience is Audience.MAILBOX:
            return replace(asking.ask(_question(heard, here).question, here.own), flags=intent.flags)
        return Intent(Act.NOTE, words=here.own, flags=intent.flags)
    if here.typed:
        return intent
    if intent.act is Act.PROPOSE_RESOLUTION and here.awaited == "decision":  # whoever decides puts nothing to the sides
        return replace(asking.ask(guess("decision", here), here.own), flags=intent.flags)
    if intent.act is Act.WITHDRAW and heard.of("resolved") >= max(LIKELY, heard.of("withdraw") + MARGIN):
        return replace(asking.ask(guess("resolved", here), here.own), flags=intent.flags)
    if intent.act is Act.MET:  # "We met, and it must go higher": what came of it is not lost
        label, likely = heard.strongest(_OUTCOMES)
        if likely >= LIKELY:
            return replace(asking.ask(guess(label, here), here.own), flags=intent.flags)
    if (raised and intent.act in _CLOSES) or not _hears_the_same(intent.act, heard):
        return replace(_doubted(intent, heard, here), flags=intent.flags)
    return intent


def _is_a_colleagues(act: Act, here: Circumstances) -> bool:
    """For both readers, an answer that is given to a colleague: short, to what they asked; or a yes, to an email that
    is no letter of ours. CONFIRM and AGREE as our letters print them are for us."""
    if here.in_capitals:
        return False
    return (here.answers_another and act in _ANSWERS and _is_short(here.own)) or (
        here.answers_no_letter and act in (Act.CONFIRM_RESOLUTION, Act.ACCEPT_DATE)
    )


# What it means that the second reader hears something against an act. That they met, who else there is and which day it
# is stand beside anything.
_KEEPS_OPEN = frozenset({Act.OBJECT_RESOLUTION, Act.MOVE_UP, Act.REFER, Act.REFUSE_DATE, Act.REOPEN, Act.NOT_HAPPENED})
_AGAINST_CLOSING = ("disagrees", "take_up", "did_not_happen", "undo", "question", ELSE, TALK)
_AGAINST_THE_REST = ("resolved", "confirms", "withdraw", "undo", "question", ELSE, TALK)


def _hears_the_same(act: Act, heard: Listened) -> bool:
    """Do both readers hear the same, likelier than not; or nothing against it: an unsure second reader is not
    against."""
    labels = _SAME.get(act)
    if labels is None:
        return True
    same = max(heard.of(label) for label in labels)
    if heard.deaf or same >= LIKELY:
        return not heard.deaf
    loud = LOUD if act in _KEEPS_OPEN else LIKELY
    return max(heard.of(label) for label in _contrary(act) if label not in labels) < max(same, loud)


def _contrary(act: Act) -> tuple[str, ...]:
    """Where both readers differ: the labels under which the second hears the contrary of an act."""
    if act is Act.DECISION:
        return ("question", ELSE, TALK)
    return _AGAINST_CLOSING if act in _CLOSES else _AGAINST_THE_REST if act in _KEEPS_OPEN else (*MEANINGS, ELSE, TALK)


# How firmly what is only supposed must be heard, and how loud anything against it may be: of what answers a letter that
# asked this writer, of what closes a dispute unasked, and of what keeps it open or takes it higher.
FIRM, FIRMER, FIRMEST = 0.5, 0.7, 0.8
ANSWERED, FAINT, LOUD = 0.8, 0.6, 0.8
UNSURE = 0.3  # from which a wish to keep it open or to take it higher is heard, where nothing else is
SURE_WISH = 0.6
LONG = 70  # words: in a longer message much is told on the way
MARGIN = 0.15  # by how much one of two rivals must be likelier
_SUPPOSED: Mapping[Act, tuple[str, ...]] = {
    **_SAME,
    Act.OBJECT_RESOLUTION: ("disagrees", "did_not_happen", "take_up", "undo"),
    Act.UNDO: ("undo",),
    Act.REMOVE_PERSON: ("person", "handover", "withdraw"),
    Act.CORRECT: ("undo",),
    Act.FEEDBACK: ("feedback",),
    Act.ACTION_DONE: ("confirms", "resolved", "met"),
    Act.CONFERENCE_REQUEST: (WISH, "take_up"),
}


def is_left_open(rules: tuple[Intent, ...], heard: Listened, here: Circumstances) -> bool:
    """Do both readers leave a message open: no more than a note or a question is read, or an act that the second reader
    does not hear?"""
    return all(_is_open(_weighed(intent, heard, here, raised=False)) for intent in rules)


def _is_open(intent: Intent) -> bool:
    """Of both readers, have the rules read no more than that the rules were not sure, or read nothing?"""
    if _says_nothing(intent):
        return True
    unsure = intent.question in asking.NOT_SURE or intent.question.endswith(asking.OTHERWISE)
    return intent.act is Act.HOLD and unsure and not intent.both


def _meant(supposed: tuple[Supposed, ...], heard: Listened, here: Circumstances) -> Intent | None:
    """Meant by both readers: of what the rules suppose, the one thing that the second reader firmly hears where it is
    told."""
    if heard.deaf or here.in_capitals or here.answers_another or here.audience is Audience.OTHERS:
        return None
    firm = sorted((one for one in supposed if _is_firm(one, here)), key=lambda one: -_likely(one))
    firm = [one for one in firm if not one.bare] or firm
    main = [one for one in firm if one.intent.act not in _BESIDE] or firm
    if not main or any(_is_a_colleagues(one.intent.act, here) for one in main):
        return None
    first, rivals = main[0], main[1:]
    if first.intent.act in _CLOSES and heard.of(ELSE) >= CERTAIN:
        return None
    if is_danger(heard) and first.intent.act not in _KEEPS_OPEN:  # beside danger nothing is guessed at
        return None
    if speaks_against(first.intent.act, first.beside):
        return None
    if {one.intent.act for one in main} <= _AGAINST:
        return next(one.intent for one in supposed if one in main)  # the first of them says enough
    if any(_likely(one) > _likely(first) - MARGIN for one in rivals):
        return None
    if first.intent.act is Act.MET and heard.strongest(_OUTCOMES)[1] >= LIKELY:
        return None
    return first.intent


def speaks_against(act: Act, beside: Listened) -> bool:
    """Do the readers stop agreeing on an act by what is heard in the sentences beside it?"""
    if act in _CLOSES:
        against = tuple(label for label in (*_AGAINST_CLOSING, *_OF_ALL) if label != TALK)
    elif act in _ANSWERS:
        against = ("undo", ELSE)
    else:
        against = ("undo",)
    mine = _SUPPOSED.get(act, ())
    return any(beside.of(label) >= (LOUD if label == ELSE else FIRMER) for label in against if label not in mine)


def _likely(one: Supposed) -> float:
    """For both readers to agree, how likely just this act is meant: by the label that is its own."""
    return one.heard.of(_SUPPOSED.get(one.intent.act, ("",))[0])


def _is_firm(one: Supposed, here: Circumstances) -> bool:
    act, heard = one.intent.act, one.heard
    mine = _SUPPOSED.get(act, ())
    likely = max((heard.of(label) for label in mine), default=0.0)
    if (
        heard.of(ELSE) >= (ANSWERED if act in _ANSWERS else FAINT if act in _CLOSES else LOUD)
        and heard.of(ELSE) >= likely
    ):
        return False
    if one.bare:
        own = max(_likely(one), likely if act is Act.CONFIRM_RESOLUTION else 0.0)
        return (
            own >= (FIRMER if act in _WITH_WHAT_IT_NEEDS else FIRMEST) and max(heard.of(ELSE), heard.of(TALK)) < LIKELY
        )
    if act is Act.REOPEN:  # its words are its own, and no label is
        return not heard.deaf and max(heard.of(label) for label in _AGAINST_THE_REST if label != "question") < LOUD
    if act in _FIRST and _likely(one) < FIRM:
        return False
    if act in _CLOSES and act not in _ANSWERS and len(here.own.split()) > LONG and _likely(one) < FIRMEST:
        return False
    wished = act in _KEEPS_OPEN and likely >= UNSURE and heard.of(WISH) >= LIKELY and heard.of(TALK) < UNSURE
    if wished and all(heard.of(label) <= likely / 2 for label in _contrary(act) if label not in mine):
        return True  # nothing is against it
    if wished and act is Act.NOT_HAPPENED:
        return False
    if likely < FIRM and act in _AGAINST and _hears_only_a_wish(heard, mine):
        return True
    decides = act is Act.DECISION and here.awaited == "decision"
    against = max((heard.of(label) for label in (*_contrary(act), TALK) if label not in (*mine, ELSE)), default=0.0)
    return likely >= (FIRMER if act in _TELLS_MORE and not decides else FIRM) and likely > against


def _hears_only_a_wish(heard: Listened, mine: tuple[str, ...]) -> bool:
    """Is it heard that something is wanted, and nothing else than what a clause tells: words that the second reader
    never learnt?"""
    other = (label for label in (*_GUESSED, ELSE, TALK) if label not in mine)
    return heard.of(WISH) >= SURE_WISH and max(heard.of(label) for label in other) < UNSURE


# They name somebody whom the directory knows, or a day, as well.
_WITH_WHAT_IT_NEEDS = frozenset({Act.PROPOSE_DATE, Act.ADD_PERSON, Act.HANDOVER, Act.ACTION_DONE, Act.MET})
_OUTCOMES = ("take_up", "resolved")  # of a meeting
# Heard under its own label, or not at all: "agreed", and to nothing that was put; settled, and not withdrawn.
_FIRST = frozenset({Act.PROPOSE_RESOLUTION, Act.WITHDRAW, Act.HANDOVER, Act.ADD_PERSON, Act.PROPOSE_DATE})
_BESIDE = frozenset({Act.MET, Act.CHILD_STATUS})  # told on the way to something else
# What is said of other things too.
_TELLS_MORE = frozenset(
    {Act.UNDO, Act.CHILD_STATUS, Act.DECISION, Act.HANDOVER, Act.ADD_PERSON, Act.PROPOSE_DATE, Act.FEEDBACK}
)
_AGAINST = frozenset({Act.OBJECT_RESOLUTION, Act.REFUSE_DATE, Act.MOVE_UP, Act.REFER})


def _is_short(own: str) -> bool:
    return len(plain(own).split()) <= SHORT


def _says_nothing(intent: Intent) -> bool:
    """Filed, with nothing that is recorded of it."""
    return intent.act is Act.NOTE and not (intent.fields or intent.people or intent.actions or intent.flags)


# Silence


def wanting(heard: Listened) -> float:
    """For both readers to agree on silence, how much it sounds to the second as if something were wanted: that anything
    is, the strongest thing, and that it is no talk."""
    return heard.of(WISH) + heard.strongest(_GUESSED)[1] - heard.of(TALK)


_THANKS = frozenset(
    [
        "thanks",
        "thank",
        "you",
        "your",
        "many",
        "ta",
        "cheers",
        "much",
        "appreciated",
        "noted",
        "received",
        "ok",
        "okay",
        "great",
        "lovely",
        "perfect",
        "brilliant",
        "super",
        "will",
        "do",
        "understood",
        "acknowledged",
        "again",
        "so",
        "for",
        "the",
        "this",
        "that",
        "email",
        "letter",
        "update",
        "reply",
        "message",
        "quick",
        "prompt",
        "help",
        "kind",
        "regards",
        "best",
        "wishes",
        "regards",
        "all",
        "both",
        "everyone",
        "and",
        "very",
        "got",
        "it",
        "seen",
        "with",
        "read",
        "fine",
        "i",
        "have",
        "we",
        "ve",
        "ll",
        "a",
        "in",
        "safely",
        "good",
        "morning",
        "afternoon",
        "evening",
        "hi",
        "hello",
        "dear",
        "team",
        "fyi",
        "diolch",
        "yn",
        "fawr",
        "iawn",
        "letting",
        "me",
        "us",
        "know",
        "file",
        "sure",
        "no",
        "problem",
        "worries",
        "sorry",
        "delay",
    ]
)


def is_thanks(own: str) -> bool:
    """Thanks, a receipt, a greeting, on which both readers need not agree: nothing is asked by it, and nothing
    answered. A bare "ok" answers nothing."""
    said = plain(own).replace("'", " ").split()
    return all(word in _THANKS for word in said if not word.isdigit())


_TO_US = lexicon.pattern("asides.to_us")
_CORRECTS = lexicon.pattern("asides.corrects")
_REACTED = lexicon.pattern("asides.reacted")


def _wants_an_answer(heard: Listened, here: Circumstances) -> bool:
    """Where both readers agree on nothing, would silence be the answer to a request, or to something that was not
    understood?"""
    if here.typed or not here.own.strip():
        return False
    if _REACTED.match(here.own):
        return False
    if here.audience is Audience.OTHERS and _TO_US.search(here.own):
        return True
    if here.audience is Audience.OTHERS:  # people who talk to each other are left in peace, but for a clear wish
        label, _ = heard.strongest(_GUESSED)
        return label in _OF_ALL and not here.answers_another and wanting(heard) >= threshold("wish copied")
    if here.audience is Audience.MAILBOX and (_asks(here.own) or _CORRECTS.search(here.own)):
        return True
    if is_thanks(here.own) or (here.answers_another and here.audience is Audience.BOTH and _is_short(here.own)):
        return False
    if here.awaited == "decision":  # whoever decides is asked whether this is it; all else they write is passed on
        return _may_be_danger(heard) or (heard.strongest(_GUESSED)[0] == "decision" and heard.of(WISH) >= LIKELY)
    if here.awaited in ("proposal", "date", "end") and _is_short(here.own):
        return True
    if here.awaited == "stage" and len(plain(here.own).split()) <= SHORTEST:
        return True
    if _may_be_danger(heard):
        return True
    if here.audience is Audience.MAILBOX and not is_danger(heard) and _is_no_plain_note(heard):
        return True
    return bool(heard.deaf) or wanting(heard) >= threshold(WISH) or _asks(here.own)


def _is_no_plain_note(heard: Listened) -> bool:
    """Both readers do not agree that it is a note: what was written to the mailbox alone, and is hardly talk: it tells
    something, or was not understood."""
    talk, (_, told) = heard.of(TALK), heard.strongest((*_GUESSED, ELSE, WISH))
    return talk < HARDLY or (told >= LIKELY and told > talk)


def _asks(own: str) -> bool:
    """A message that asks, whatever both readers agree on: a question mark at the end of a sentence."""
    return re.search(r"\w[\"')]*\s*\?+(?=[\s!\"')]|$)", own) is not None


# Questions


def _doubted(intent: Intent, heard: Listened, here: Circumstances) -> Intent:
    """The question in place of an act when both readers do not agree: what the rules read is the best guess."""
    label = next(iter(_SAME.get(intent.act, ())), "")
    return Intent(Act.HOLD, Sure.UNSURE, words=intent.words or here.own, question=guess(label, here))


def _question(heard: Listened, here: Circumstances) -> Intent:
    if _may_be_danger(heard):
        return asking.ask(guess(DANGER, here), here.own)
    label, likely = heard.strongest(_GUESSED)
    return asking.ask(guess(label if likely >= 0.3 else "", here), here.own)


def is_guess(intent: Intent) -> bool:
    """Is it a question asked because both readers agree on nothing, or not on the same?"""
    return intent.act is Act.HOLD and intent.question.endswith(asking.OTHERWISE)


def guess(label: str, here: Circumstances) -> str:
    """One question where both readers do not agree: the best guess, what to reply if it is right, and what else to
    reply."""
    words = {**asking.GUESSES, **asking.GUESSES_WHEN.get(here.awaited, {})}
    alone = here.alone if label in ("", "resolved", "disagrees", "withdraw") else ""
    said = (words.get(label, words[""]).format(up=here.up), alone, asking.OTHERWISE)
    return " ".join(one for one in said if one)
