"""What a message says after closing, of a dispute that is closed: it happened, it did not, one thing of it
is done, or none of these.

Only the raising side and the partnership answer whether it happened. A "no" opens the dispute again and a "yes" ends
the asking, so neither is taken from words that could mean the other: part of it, "not yet", what somebody was told and
what is planned are asked about, and change nothing.
"""

import re
from dataclasses import dataclass

from mailbot.core.decisions.after_closing import was_asked
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.intents import Act, Action, Intent, Sure
from mailbot.mail.text.phrases import Sense, hear
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import Command, read_command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.handovers_routes_statuses import alike
from mailbot.mail.understanding.questions import ask

_COMMAND = re.compile(
    r"^[\s>*_\"'(-]*(?:please[ ,]+)?(?P<word>not happened|did not happen|didn't happen|has not happened|happened|done)"
    r"\b(?P<rest>.*)$",
    re.I | re.S,
)
# Words that hold a "no" or a "not" and deny nothing of what was agreed.
_HARMLESS = re.compile(
    r"\b(?:no|not an?|without(?: an?| any)?) (?:further |more |other |new |real |particular |major )*"
    r"(?:problems?|issues?|concerns?|complaints?|worries|worry|hitch(?:es)?|difficult(?:y|ies)|delays?|questions?|changes?|action)\b"
    r"(?: (?:at all|so far|now|here|needed|required|necessary|with (?:that|it|this)|from (?:me|us|our side)))*"
    r"|\bnothing (?:else|further|more|outstanding|to (?:add|report))\b(?: (?:needed|from (?:me|us)|to (?:add|report)))*"
    r"|\bno (?:need|rush|hurry)\b[^.,;]*|\bno longer (?:an? (?:issue|concern|problem)|worried|needed)\b|\bnot only\b"
    r"|\b(?:can't|cannot|can not) (?:fault|complain)\b|\bcould(?:n't| not) (?:be|have been) (?:happier|better)\b",
    re.I,
)
_DEED = (
    r"(?:happen(?:ed|s)?|tak(?:e|en) place|took place|occurr?(?:ed)?|be(?:en)? done|done|carried out|actioned"
    r"|completed?|go(?:ne)? ahead|went ahead|held|hold|visit(?:ed)?|c[ao]me|been (?:out|round|seen|in touch|back|held"
    r"|sent|made|arranged|booked|completed|put in place)|turn(?:ed)? up|show(?:n|ed)?(?: up)?|attend(?:ed)?|r[aiu]ng"
    r"|phoned?|call(?:ed)?|contact(?:ed)?|heard|spoken|spoke|repl(?:y|ied)|respond(?:ed)?|sent|send|arrived?"
    r"|receiv(?:ed?)|materiali[sz]ed?|followed (?:up|through)|kept|seen|saw|met|meet|shared|made|put in place|in place"
    r"|start(?:ed)?|begun)"
)
# The same as done: "visit" and "come" are names of what was agreed, "visited" and "came" say that it was.
_DID = (
    r"(?:happened|(?:took|taken) place|occurr?ed|done|carried out|actioned|completed|(?:went|gone) ahead|held|visited"
    r"|came|been (?:out|round|in touch|back|put in place)|turned up|show(?:n|ed) up|attended|rang|phoned|called"
    r"|contacted|spoken|spoke|repl(?:y|ied)|responded|sent|arrived|received|followed (?:up|through)|kept|seen|saw|met"
    r"|shared|made|in place|started|begun|did happen)"
)
_DENIED = re.compile(
    rf"(?:\b(?:did|has|have|had|was|were|is|are) not|\b(?:did|has|have|had|was|were|is|are)n't|\bnever|\bnot)\s"
    rf"(?:\w+\s){{0,3}}?{_DEED}\b"
    rf"|\b(?:nobody|no one|no-one|none of (?:it|this|that|them)|neither|nothing|no (?:visit|meeting|call|contact|letter"
    rf"|assessment|referral|reply|response|email|word|sign|progress|action|worker|social worker|one)\b)"
    rf"(?:\s\w+){{0,4}}?\s{_DEED}\b"
    rf"|\bnothing (?:has |was |had )?(?:happened|changed|been done|came of it)\b|\bno[ -]show\b"
    rf"|\b(?:nobody|no one|no-one) (?:has|did|had)\b|\bthey (?:have not|haven't|did not|didn't|never did)\b(?! \w)"
    rf"|\bit (?:has not|hasn't|did not|didn't|never did|was not|wasn't)\b(?=\W*(?:$|[.,;!]))"
    rf"|^\W*no (?:visit|meeting|call|contact|sign|word|reply|response|letter)\b"
    rf"|\bheard nothing\b|\bhad no (?:contact|visit|call|word|reply|response|letter)\b"
    rf"|\bstill waiting\b|\bcancelled\b|\b(?:fell|fallen) through\b"
    rf"|\bstill (?:nothing|no (?:visit|meeting|call|contact|word|sign|reply|response|letter))\b",
    re.I,
)
_AFFIRMED = re.compile(
    rf"\b{_DID}\b|\bwent (?:to plan|fine|well)\b"
    r"|\b(?:all|everything(?: is| was)?|it's|it is|now|is|are|been) (?:now |all |been )*(?:sorted|complete|fine|good"
    r"|well|ok|okay|resolved|settled)\b|^\W*(?:sorted|resolved)\b",
    re.I,
)
# What makes it less than an answer: a part, a plan, hearsay, doubt, a condition, a question.
_CLOUDED = re.compile(
    r"\?|\byet\b(?! again)|\b(?:instead|rather than)\b|\byes and no\b|^\W*no,? (?:thanks|thank you)\b"
    r"|\b(?:partly|partially|in part|mostly|largely|some(?: of)?|half|one of|only|except"
    r"|apart from|other than|aside from|bar the|more or less|nearly|almost|not all|not everything|not both)\b"
    r"|\b(?:but|however|although|though)\b"
    r"|(?<!\bas )\b(?:(?:re)?booked|scheduled|planned|arranged|rearranged|re-arranged|rescheduled|postponed|put back"
    r"|moved to|pushed|delayed|due (?:on|to|next|this|mon|tue|wed|thu|fri)\w*|awaiting|waiting (?:for|on|to)|pending"
    r"|in progress|ongoing|under ?way)\b"
    r"|\b(?:will|'ll|going to|about to|tomorrow|next (?:week|month|mon|tue|wed|thu|fri)\w*|later (?:today|this))\b"
    r"|\b(?:told|(?<!pleased to )(?<!happy to )(?<!glad to )says?|said|apparently"
    r"|supposed(?:ly)?|understand|believe|think|thought|assume|presume|gather|hear that"
    r"|as far as i(?:'m| am)?|afaik|not sure|unsure|don't know|do not know|no idea|can't say|cannot say|may have"
    r"|might(?: have)?|should have|could have|maybe|perhaps|possibly|probably|hopefully|hope)\b"
    r"|\b(?:if|unless|once|until|when(?:ever)? (?:it|they|we|the))\b|\bfor now\b|\bsort of\b|\bkind of\b",
    re.I,
)
_FEELING = (
    r"(?:(?:sadly|unfortunately|regrettably|eventually|thankfully|happily|absolutely|definitely|100%|well)[, ]+)?"
)
_YES = re.compile(
    rf"^\W*{_FEELING}(?:yes|yep|yeah|yup|confirmed|i (?:can )?confirm|it (?:did|has)|they (?:did|have))\b", re.I
)
_CONFIRMS = re.compile(r"^\W*(?:confirmed|i (?:can )?confirm)\b", re.I)  # and what, is said after it
_NO = re.compile(
    rf"^\W*(?:{_FEELING}(?:no|nope|nah)(?=\W*$|[.,;:!-]|\s-|\s+(?:it|they|he|she|we|i|i've|that|this|nothing|nobody|none"
    r"|neither|not|never|one|sorry|unfortunately|to both|to all)\b)(?!\s+one (?:problem|issue|thing)\b)"
    r"|(?:i'?m )?afraid not\b|(?:sadly|unfortunately|regrettably) not\b|it (?:did not|didn't|has not|hasn't)\b"
    r"|they (?:did not|didn't|have not|haven't)\b)",
    re.I,
)
_WHOLE = re.compile(r"\b(?:yes|yep|yeah|all|everything|both|it|they did|every|each|confirm(?:ed)?|as agreed)\b", re.I)


@dataclass(frozen=True, slots=True)
class EndSaid:
    """What the words say once what denies nothing is struck out."""

    yes: bool
    no: bool
    clouded: bool


def read_end(scene: Scene) -> Intent | None:
    """The intent of a message after closing, from what it says of the end; None where it says nothing of it."""
    if scene.dispute is None or not scene.own.strip():
        return None
    worded = _COMMAND.match(scene.own)
    command = read_command(scene.own)
    if worded is None and command is not None and command.name not in _MAY_ANSWER:
        return None
    if worded is not None and _stands_alone(worded):
        return _commanded(scene, worded)
    if any(h.sense in _OWN_WORDS for h in hear(scene.own)):
        return None
    return _answer(scene, command) if _is_asked(scene) else _reported(scene)


def _is_asked(scene: Scene) -> bool:
    """Does the writer of a message after closing owe an answer, or may they give it for somebody who does?"""
    asked = scene.dispute is not None and was_asked(scene.dispute) is not None
    return asked and (scene.side is Side.RAISING or scene.is_partnership)


def or_ask(scene: Scene, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """The intents of a message after closing, or a question: a short reply that was read as nothing at all is asked
    about; thanks are left in peace."""
    only = intents[0] if len(intents) == 1 else None
    if only is None or only.act is not Act.NOTE or only.fields or only.people or not _is_asked(scene):
        return intents
    words = plain(_HARMLESS.sub("", scene.own)).split()
    if len(words) > MOST_WORDS_OF_AN_ANSWER or set(words) <= _POLITE or _LATER.search(scene.own):
        return intents
    return (ask(asking.HAPPENED_OR_NOT, scene.own),)


MOST_WORDS_OF_AN_ANSWER = 15
_POLITE = frozenset(
    {
        "thanks",
        "thank",
        "you",
        "all",
        "everyone",
        "noted",
        "ok",
        "okay",
        "many",
        "for",
        "letting",
        "me",
        "us",
        "know",
        "your",
        "this",
        "the",
        "help",
        "email",
        "reminder",
        "received",
        "great",
        "perfect",
        "lovely",
        "cheers",
        "very",
        "much",
        "so",
        "will",
        "do",
    }
)
# Commands whose words may as well be an answer to a question put with yes or no.
_MAY_ANSWER = frozenset({"NO", "AGREE", "CONFIRM", "RESOLVED", "MET"})
_OWN_WORDS = frozenset({Sense.UNDO, Sense.REOPEN, Sense.OBJECTION})  # "please reopen": read as what they say


def _stands_alone(worded: re.Match[str]) -> bool:
    """Do words that answer after closing stand alone? "HAPPENED", "NOT HAPPENED: they never rang", "Done: the visit":
    not the beginning of a sentence about it."""
    rest = worded["rest"]
    return not rest.strip(" .!*_") or worded["word"].isupper() or rest.lstrip()[:1] in (":", "-", "\n", ",")


def _commanded(scene: Scene, worded: re.Match[str]) -> Intent:
    word, rest = plain(worded["word"]), worded["rest"].strip(" .:;,!*_-\n")
    if re.match(r"\s*\?", worded["rest"]) or _CLOUDED.match(rest):
        return ask(asking.HAPPENED_OR_NOT, scene.own)
    if word == "done":
        return _done(scene, rest)
    if word == "happened":
        said = _hear(rest)
        doubtful = said.no or (said.clouded and not rest.lower().startswith("on "))
        return ask(asking.HAPPENED_OR_NOT, scene.own) if doubtful else Intent(Act.HAPPENED, words=scene.own)
    return Intent(Act.NOT_HAPPENED, words=scene.own)


def _answer(scene: Scene, command: Command | None) -> Intent | None:
    """The intent of a message that answers, after closing, "did what was agreed happen?", in its writer's own words."""
    said = _hear(scene.own)
    if not (said.yes or said.no):
        return ask(asking.HAPPENED_OR_NOT, scene.own) if said.clouded and _speaks_of_it(scene) else None
    if said.clouded or (said.yes and said.no):
        return ask(asking.HAPPENED_OR_NOT, scene.own)
    if said.no:
        return Intent(Act.NOT_HAPPENED, Sure.PROBABLE, words=scene.own)
    if not _WHOLE.search(scene.own) and len(_pending(scene)) > 1:
        return _reported(scene) or ask(asking.HAPPENED_OR_NOT, scene.own)
    return Intent(Act.HAPPENED, Sure.PROBABLE, words=scene.own)


_HELLO = re.compile(
    r"^\W*(?:hi|hello|hiya|dear|morning|good (?:morning|afternoon))\b(?: (?!No\b|Yes\b)[A-Z]\w+){0,2}\s*[,!.:\n-]+\s*",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\bnot yet\b|n't not\b|\bnot not\b", re.I)


def _hear(text: str) -> EndSaid:
    kept = _HARMLESS.sub(" \0 ", _HELLO.sub("", text))
    pieces = [" ".join(piece.split()) for piece in sentences(kept)]
    left = [_DENIED.sub(" \0 ", piece) for piece in pieces]
    first, denied = (pieces or [""])[0], left != pieces
    no = denied or bool(_NO.match(first))
    says_yes = bool(left) and bool(_YES.match(left[0])) and not (no and _CONFIRMS.match(left[0]))
    yes = says_yes or any(_AFFIRMED.search(piece) for piece in left)
    hedged = not no and re.match(r"\W*(?:no|nah|nope)\b", first, re.I) is not None  # "No all good thanks"
    clouded = hedged or _TWICE.search(text) is not None or any(_CLOUDED.search(piece) for piece in left)
    return EndSaid(yes, no, clouded)


_SPEAKS = re.compile(
    rf"\b(?:{_DEED}|happen\w*|visit\w*|meeting|agreed|not yet|booked|part(?:ly|ially)|in part|mostly|half|some of"
    r"|not sure|unsure|don't know|do not know|no idea|maybe|perhaps|possibly|probably|hopefully|think so|waiting"
    r"|update|news|pending|ongoing|in progress|(?:has|did|was) (?:it|this|that))\b",
    re.I,
)
_LATER = re.compile(r"\b(?:(?:come|get) back to|let you know|check|look into|find out|chase)\b", re.I)


def _speaks_of_it(scene: Scene) -> bool:
    """Does a message after closing speak of whether what was agreed happened? "I will check and come back to you"
    speaks of it later, and need not be asked again meanwhile."""
    return bool(_SPEAKS.search(scene.own)) and not _LATER.search(scene.own)


def _pending(scene: Scene) -> tuple[Action, ...]:
    return tuple(a for a in scene.dispute.actions if not a.done) if scene.dispute else ()


_TOOK_PLACE = re.compile(
    r"\b(?:took place|has taken place|have taken place|went ahead|happened|has been (?:done|held|made|sent|completed"
    r"|carried out)|was (?:done|held|made|sent|completed|carried out)|is done|visited|saw|met|rang|sent)\b",
    re.I,
)


def _reported(scene: Scene) -> Intent | None:
    """The intent of a message after closing that says one agreed action is done ("The visit took place on Tuesday"), by
    the word of anybody who is in it."""
    said = _hear(scene.own)
    pending = _pending(scene)
    if not pending or said.no or said.clouded or not said.yes:
        return None
    piece = next((s for s in sentences(scene.own) if _TOOK_PLACE.search(s)), "")
    rated = [(alike(action, piece), action) for action in pending] if piece else []
    best = max((score for score, _ in rated), default=0)
    if not best:
        return None
    meant = {action.what for score, action in rated if score == best}
    if len(meant) > 1:
        return ask(asking.WHICH_DONE, scene.own)
    return Intent(Act.ACTION_DONE, Sure.PROBABLE, {"action_done": meant.pop()}, words=scene.own)


def _done(scene: Scene, rest: str) -> Intent:
    """The intent of a DONE after closing, and which action it means: by its words, or nothing
    where there is only one."""
    line = rest.split("\n")[0].strip()
    pending = _pending(scene)
    rated = [(alike(action, line), action.what) for action in pending] if line else []
    best = max((score for score, _ in rated), default=0)
    meant = {what for score, what in rated if score == best} if best else set()
    if len(meant) > 1:
        return ask(asking.WHICH_DONE, scene.own)
    fields = {"action_done": meant.pop() if meant else line}
    return Intent(Act.ACTION_DONE, fields={k: v for k, v in fields.items() if v}, words=scene.own)
