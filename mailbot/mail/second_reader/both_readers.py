"""Where the two readers of a message meet, and nowhere else: what the rules read, and what the second reader heard.

The rules act and the second reader only listens. It may turn an act that was read from prose into a question, silence
into a question, and it may raise the alarm; an act of its own it never has, and an alarm of the rules it never stops.
Typed command words and buttons need no second hearing. A question names the best guess first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from math import exp, log

from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.second_reader.linear_model import (
    DANGER,
    LIKELY,
    WISH,
    Listened,
    meant_from,
    threshold,
    trees_of_acts,
    weights_of,
)
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.after_closing import PUT_TO_THE_RAISER
from mailbot.mail.understanding.danger import is_danger
from mailbot.mail.understanding.handovers_routes_statuses import MEETING_AHEAD
from mailbot.mail.whether_meant.supposed import ELSE, LABELS, TALK, Evidence, strength

ALARMED = "possible immediate risk"
MAYBE = "heard by the second reader alone: it may be mistaken"
CERTAIN = 0.96  # an opening tells of worries by its nature: there the second reader must be all but certain of danger
SHORTEST = 3  # words: of somebody whose turn it is, an answer rather than a note
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


# What is only put to somebody else, or answers in so many words what a question of ours put to its writer.
_NEEDS_NO_SECOND = frozenset({PUT_TO_THE_RAISER, asking.SAYS_ALL_IS_DONE})
CHANGES_NOTHING = frozenset(
    {Act.NOTE, Act.HOLD, Act.QUESTION, Act.STATUS, Act.IMMEDIATE_RISK, Act.OUT_OF_SCOPE, Act.QUARANTINE, Act.FORM}
)
_CLOSES = frozenset({Act.PROPOSE_RESOLUTION, Act.CONFIRM_RESOLUTION, Act.WITHDRAW, Act.HAPPENED})
_ANSWERS = frozenset(
    {Act.CONFIRM_RESOLUTION, Act.OBJECT_RESOLUTION, Act.ACCEPT_DATE, Act.REFUSE_DATE, Act.HAPPENED, Act.NOT_HAPPENED}
)
# The labels under which the second reader may hear the same as the rules.
_SAME: Mapping[Act, tuple[str, ...]] = {
    **{
        act: labels
        for act, labels in LABELS.items()
        if act not in (Act.FEEDBACK, Act.CONFERENCE_REQUEST, Act.ACTION_DONE)
    },
    Act.PROTECTIVE_DATE: (*LABELS[Act.PROTECTIVE_DATE], DANGER),
    Act.REOPEN: (*LABELS[Act.REOPEN], "disagrees", "undo"),
    Act.UNDO: (*LABELS[Act.UNDO], "disagrees"),
    Act.NOT_HAPPENED: (*LABELS[Act.NOT_HAPPENED], "take_up", "reopen"),
}
MEANINGS = tuple(dict.fromkeys(label for labels in _SAME.values() for label in labels if label != DANGER))
# What changes a dispute whoever it is said to; a yes, a no or a question to a colleague is theirs.
_OF_ALL = frozenset({"take_up", "resolved", "withdraw", "decision", "handover", "child_status", "undo"})
_GUESSED = (*MEANINGS, "question", "data_rights")


@dataclass(frozen=True, slots=True)
class Supposed:
    """An act that the rules suppose, with all it needs, and how likely it is meant, 0 to 1, by what speaks for and
    against it."""

    intent: Intent
    likely: float


def likelihood(one: Evidence) -> float:
    """How likely both readers, taken together, make it that an act is meant, 0 to 1: by what speaks for and against it,
    as the trees that ``make train`` grew weigh it; 0 where there is no second reader."""
    trees = trees_of_acts()
    return 0.0 if trees is None else trees.likely(one.speaks)


def agree(
    rules: tuple[Intent, ...],
    heard: Listened,
    here: Circumstances,
    supposed: tuple[Supposed, ...] = (),
    likely: Mapping[Act, float] | None = None,
) -> tuple[Intent, ...]:
    """Both readers agree or not: what is done with a message of a dispute that the rules read as ``rules``, in which
    they suppose ``supposed``; ``likely`` are acts by how likely each is meant. Never empty when ``rules`` is not."""
    if any(intent.act is Act.QUARANTINE for intent in rules):
        return with_alarm(rules, heard, here.own)
    alarmed = any(intent.act is Act.IMMEDIATE_RISK for intent in rules)
    asked = tuple(_weighed(intent, heard, here, is_danger(heard), likely or {}) for intent in rules)
    meant = _meant(supposed, heard, here, likely or {}) if all(map(_is_open, asked)) else ()
    if any(intent.act in _OF_PEOPLE for intent in asked):  # whom the rules heard named is not named anew
        meant = tuple(intent for intent in meant if intent.act not in _OF_PEOPLE)
    if _loses_what_came_of_it(meant, asked, likely or {}):
        meant = ()
    if meant:
        told = {intent.act for intent in meant}
        kept = (
            intent for intent in asked if intent.act not in {Act.HOLD, Act.MET, *told} and not _says_nothing(intent)
        )
        by_rules = {intent.act: intent for intent in asked}  # as the rules read it, where they did
        return with_alarm((*(by_rules.get(intent.act, intent) for intent in meant), *kept), heard, here.own)
    theirs = here.audience is not Audience.MAILBOX and any(_is_a_colleagues(intent.act, here) for intent in rules)
    silent = not alarmed and not theirs and all(_says_nothing(intent) for intent in asked)
    if silent and _wants_an_answer(heard, here, likely or {}):
        asked = (_question(heard, here),)
    return with_alarm(asked, heard, here.own)


def _loses_what_came_of_it(meant: tuple[Intent, ...], asked: tuple[Intent, ...], likely: Mapping[Act, float]) -> bool:
    """Do both readers take no more than that they met, where the rules would ask, and what came of it may be meant:
    "We met. We agreed that K will be seen by Friday"?"""
    only_met = bool(meant) and all(intent.act is Act.MET for intent in meant)
    came = max(likely.get(act, 0.0) for act in (Act.PROPOSE_RESOLUTION, Act.MOVE_UP, Act.REFER))
    return only_met and came >= RIVAL and any(intent.act is Act.HOLD for intent in asked)


def with_alarm(rules: tuple[Intent, ...], heard: Listened, own: str) -> tuple[Intent, ...]:
    """The alarm of both readers: the second reader's goes before the rules' reading, where the rules have raised
    none."""
    if not is_danger(heard) or any(intent.act is Act.IMMEDIATE_RISK for intent in rules):
        return rules
    return (Intent(Act.IMMEDIATE_RISK, words=own, flags=(ALARMED, MAYBE)), *rules)


def _may_be_danger(heard: Listened) -> bool:
    """Too little for the alarm, and too much for silence."""
    return threshold("danger asked") <= heard.of(DANGER) and not is_danger(heard)


def _weighed(intent: Intent, heard: Listened, here: Circumstances, raised: bool, likely: Mapping[Act, float]) -> Intent:
    """An act that the rules read: done, or asked about first."""
    if intent.act in CHANGES_NOTHING or _NEEDS_NO_SECOND & set(intent.flags):
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
    if MEETING_AHEAD in intent.flags:  # kept, and asked about afterwards: no day is asked for, and nothing is settled
        return intent
    if intent.act is Act.MET:  # "We met, and it must go higher": what came of it is not lost
        label, loud = heard.strongest(_OUTCOMES)
        if loud >= LIKELY:
            return replace(asking.ask(guess(label, here), here.own), flags=intent.flags)
    if intent.act in likely and intent.act not in _BESIDE:
        doubted = likely[intent.act] < (LIKELY if intent.act in _CLOSES else threshold("read"))
    else:
        doubted = not _hears_the_same(intent.act, heard)
    if (raised and intent.act in _CLOSES) or doubted:
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


LOUD = 0.8
MARGIN = 0.15  # by how much one of two rivals must be likelier
_OUTCOMES = ("take_up", "resolved")  # of a meeting
RIVAL = 0.4  # how likely another outcome is beside the one that is meant, for it to be asked about
NEAR = 0.3  # and beside one that keeps it open, by how much less likely it may be
OPENED_AGAIN = 0.35  # how likely it must be that something is to be opened again, where it was not done
DOUBTFUL = 0.2  # less likely than that, an act is not looked at any further


def _is_open(intent: Intent) -> bool:
    """Of both readers, have the rules read no more than that the rules were not sure, or nothing but what stands beside
    anything?"""
    if _says_nothing(intent) or intent.act in _BESIDE:
        return True
    if asking.ASKED_WHETHER_DONE in intent.flags:
        return False
    unsure = intent.question in asking.NOT_SURE or intent.question.endswith((asking.OTHERWISE, asking.UNEXPLAINED_END))
    return intent.act is Act.HOLD and unsure


def _meant(
    supposed: tuple[Supposed, ...], heard: Listened, here: Circumstances, weighed: Mapping[Act, float]
) -> tuple[Intent, ...]:
    """Meant by both readers: of what the rules suppose, the one outcome that is likely, and no other nearly so; and
    what stands beside it. What is likely and lacks what it needs (whom "take her off" means) is a rival like others."""
    if heard.deaf or here.typed:
        return ()
    likely = sorted(
        (one for one in supposed if one.likely >= meant_from(one.intent.act.value)), key=lambda one: -one.likely
    )
    outcomes = [one.intent for one in likely if one.intent.act not in _BESIDE]
    # The likeliest thing beside it; that they met on the way to something else is no news.
    beside = tuple(one.intent for one in likely if one.intent.act in _BESIDE and not _is_of_others(one, weighed))[:1]
    if outcomes:
        beside = tuple(intent for intent in beside if intent.act is not Act.MET)
    if any(_is_a_colleagues(intent.act, here) for intent in outcomes):
        return ()
    first = outcomes[0] if outcomes else None
    every = {**{one.intent.act: one.likely for one in supposed}, **weighed}
    rivals = [act for act, of in every.items() if of >= RIVAL and act not in _BESIDE]
    if all(one.intent.act is not Act.PROPOSE_DATE for one in supposed):  # "Yes, I can do that day": no other is named
        rivals = [act for act in rivals if act is not Act.PROPOSE_DATE]
    if (
        first is not None and first.act in _KEEPS_OPEN
    ):  # what stays open is looked at again: only what is near it counts
        rivals = [act for act in rivals if every[act] >= every[first.act] - NEAR]
    if first is not None and any(not _go_together(first.act, other) for other in rivals if other is not first.act):
        return ()
    if first is not None and is_danger(heard) and first.act in _CLOSES:
        return ()
    if first is not None and first.act is Act.ACTION_DONE and every.get(Act.HAPPENED, 0.0) > every[first.act]:
        return ()  # that all of it happened is likelier, and no one part of it is put down as the whole
    if first is not None and first.act is Act.NOT_HAPPENED:  # "It is to be opened again" says more
        again = [one.intent for one in supposed if one.intent.act is Act.REOPEN and one.likely >= OPENED_AGAIN]
        first = again[0] if again else first
    return beside if first is None else (first, *beside)


_BESIDE = frozenset(
    {Act.MET, Act.CHILD_STATUS, Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON, Act.CORRECT, Act.FEEDBACK,
     Act.CONFERENCE_REQUEST}
)  # fmt: skip
_OF_PEOPLE = frozenset({Act.HANDOVER, Act.ADD_PERSON, Act.REMOVE_PERSON})


def _is_of_others(one: Supposed, weighed: Mapping[Act, float]) -> bool:
    """Do both readers rather take what is said of somebody for something else: "take him off" for no adding?"""
    return one.intent.act in _OF_PEOPLE and any(weighed.get(act, 0.0) > one.likely for act in _OF_PEOPLE)


# What says no in two ways, of which the first says enough.
_ALIKE = (
    frozenset({Act.OBJECT_RESOLUTION, Act.MOVE_UP, Act.REFER}),
    frozenset({Act.REFUSE_DATE, Act.PROPOSE_DATE}),
    frozenset({Act.NOT_HAPPENED, Act.REOPEN}),
    frozenset({Act.HAPPENED, Act.ACTION_DONE}),
    frozenset({Act.MOVE_UP, Act.PROTECTIVE_DATE}),
)


def _go_together(one: Act, other: Act) -> bool:
    """For both readers, do two acts say the same?"""
    return any({one, other} <= alike for alike in _ALIKE)


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


def said_to(here: Circumstances) -> str:
    """Whether, for both readers, the mailbox is spoken to or only hears it: "mailbox" or "others"."""
    return "others" if here.audience is Audience.OTHERS else "mailbox"


def signs_of_a_wish(heard: Listened, here: Circumstances, likely: Mapping[Act, float]) -> dict[str, float]:
    """What both readers have to go by where silence is weighed: what speaks for and against it that a message wants
    something, each thing by its name. ``likely`` are acts by how likely each is meant."""
    words, each = len(plain(here.own).split()), heard.each or (heard,)
    mine = {
        "wish in a sentence": max(strength(one.of(WISH)) - strength(one.of(TALK)) for one in each),
        "told in a sentence": max(strength(one.strongest(_GUESSED)[1]) - strength(one.of(TALK)) for one in each),
        "least talk": min(strength(one.of(TALK)) for one in each),
        "not understood": max(-strength(max(one.of(TALK), one.of(ELSE), one.of("thanks"))) for one in each),
        "wanting": 4 * wanting(heard),
        "an act": strength(max(likely.values(), default=0.0)),
        **{f"hears {label}": strength(heard.of(label)) for label in (*_GUESSED, ELSE, WISH, TALK, DANGER)},
    }
    speaks = {"any": 1.0, "words": log(1 + words) - 3, **mine}
    if here.audience is Audience.OTHERS:
        speaks |= {f"to others, {name}": value for name, value in mine.items() if name in _COPIED}
    for sign, is_so in (
        (f"to {said_to(here)}", True),
        (f"awaited {here.awaited}", True),
        ("answers another", here.answers_another),
        ("answers no letter", here.answers_no_letter),
        ("asks", _asks(here.own)),
        ("thanks", is_thanks(here.own)),
    ):
        if is_so:
            speaks[sign] = 1.0
    return speaks


_COPIED = frozenset({"wanting", "wish in a sentence", "an act", f"hears {TALK}", f"hears {ELSE}"})


def wanted(speaks: Mapping[str, float]) -> float:
    """How likely both readers make it that a message wants something, 0 to 1."""
    weights = weights_of("wanted")
    return 1 / (1 + exp(-sum(weights.get(name, 0.0) * value for name, value in speaks.items())))


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
_ASKS_FOR_PAPERS = lexicon.pattern("asides.asks_for_papers")
_CORRECTS = lexicon.pattern("asides.corrects")
_REACTED = lexicon.pattern("asides.reacted")


def _wants_an_answer(heard: Listened, here: Circumstances, likely: Mapping[Act, float]) -> bool:
    """Where both readers agree on nothing, would silence be the answer to a request, or to something that was not
    understood?"""
    if here.typed or not here.own.strip() or _REACTED.match(here.own):
        return False
    if is_danger(heard):  # the alarm is its answer: whoever tells of danger is asked no riddle beside it
        return False
    is_wanted = wanted(signs_of_a_wish(heard, here, likely))
    if here.audience is Audience.OTHERS:  # people who talk to each other are left in peace, but for a clear wish
        return bool(_TO_US.search(here.own)) or (
            heard.strongest(_GUESSED)[0] in _OF_ALL and is_wanted >= threshold("wanted copied")
        )
    if here.audience is Audience.MAILBOX and (_asks(here.own) or _CORRECTS.search(here.own)):
        return True
    if is_thanks(here.own) or (here.answers_another and here.audience is Audience.BOTH and _is_short(here.own)):
        return False
    if here.awaited == "decision":  # whoever decides is asked whether this is it; all else they write is passed on
        sounds_like_one = heard.strongest(_GUESSED)[0] == "decision" and heard.of(WISH) >= LIKELY
        return _may_be_danger(heard) or (sounds_like_one and not _ASKS_FOR_PAPERS.match(here.own))
    if here.awaited in ("proposal", "date", "end") and _is_short(here.own):
        return True
    if here.awaited == "stage" and len(plain(here.own).split()) <= SHORTEST:
        return True
    return bool(heard.deaf) or _may_be_danger(heard) or _asks(here.own) or is_wanted >= threshold("wanted")


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
