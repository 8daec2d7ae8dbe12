"""What a message says after closing, of a dispute that is closed: it happened, it did not, one thing of it
is done, or none of these.

Only the raising side and the partnership answer whether it happened. A "no" opens the dispute again and a "yes" ends
the asking, so neither is taken from words that could mean the other: part of it, "not yet", what somebody was told and
what is planned are asked about, and change nothing.
"""

import re
from dataclasses import dataclass

from mailbot.core.decisions.after_closing import has_something_to_happen, was_asked
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.intents import Act, Action, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import plain, sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import Command, read_command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.handovers_routes_statuses import alike, feedback_given, is_written_out
from mailbot.mail.understanding.questions import ask

_COMMAND = re.compile(
    r"^[\s>*_\"'(-]*(?:please[ ,]+)?(?P<word>not happened|did not happen|didn't happen|has not happened|happened|done)"
    r"\b(?P<rest>.*)$",
    re.I | re.S,
)
# Words that hold a "no" or a "not" and deny nothing of what was agreed.
_HARMLESS = lexicon.pattern("endings.harmless")
# The same as done: "visit" and "come" are names of what was agreed, "visited" and "came" say that it was.
_DENIED = lexicon.pattern("endings.denied")
_AFFIRMED = lexicon.pattern("endings.affirmed")
# What makes it less than an answer: a part, a plan, hearsay, doubt, a condition, a question.
_CLOUDED = lexicon.pattern("endings.clouded")
_YES = lexicon.pattern("endings.yes")
_CONFIRMS = lexicon.pattern("endings.confirms")
_NO = lexicon.pattern("endings.no")
_WHOLE = lexicon.pattern("endings.whole")


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
    command = read_command(scene.own, scene.names)
    if worded is None and command is not None and command.name not in _MAY_ANSWER:
        return None
    if worded is not None and _stands_alone(worded):
        return _commanded(scene, worded)
    if any(h.sense in _OWN_WORDS for h in hear(scene.own, scene.names)):
        return None
    return _will_not_be_done(scene) or (_answer(scene, command) if _is_asked(scene) else _reported(scene))


PUT_TO_THE_RAISER = "nothing is done: it is put to whoever raised it"
_WILL_NOT = lexicon.pattern("endings.will_not_be_done")
_OF_IT = re.compile(r"\b(?:this|that|it|what (?:was|we|they|had been) agreed|as (?:we )?agreed|the agreement)\b", re.I)


def _will_not_be_done(scene: Scene) -> Intent | None:
    """The intent of a message after closing that says that something agreed will not be done ("I've been told that I
    can't do this visit after all"). Whoever raised it opens it again by their own NOT HAPPENED, and is asked whether
    they mean that; of anybody else it is put to them."""
    if scene.dispute is None or not has_something_to_happen(scene.dispute, scene.protocol):
        return None
    told = (one for one in sentences(scene.own) if not one.rstrip().endswith("?"))
    said = [one for one in told if _WILL_NOT.search(one) or (scene.side is Side.RECEIVING and _DENIED.search(one))]
    about = [one for one in said if _OF_IT.search(one) or any(alike(action, one) for action in _pending(scene))]
    if not about:
        return None
    if scene.side is Side.RECEIVING:
        return Intent(Act.NOT_HAPPENED, words=scene.own, flags=(PUT_TO_THE_RAISER,))
    return None if _is_asked(scene) else ask(asking.HAPPENED_OR_NOT, scene.own)


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
_POLITE = lexicon.vocabulary("acknowledging")
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


def of_the_end(scene: Scene) -> tuple[Intent, ...]:
    """The intents of a message after closing: whether it happened, and a mark for the procedure. A mark
    that is written as one stands beside an answer, and a bare digit is one only where nothing is answered
    ("1. The visit happened")."""
    marked, ended = feedback_given(scene), read_end(scene)
    if ended is None or (ended.act is Act.HOLD and marked is not None and is_written_out(scene)):
        return (marked,) if marked is not None else ()
    return (ended, marked) if marked is not None and is_written_out(scene) else (ended,)


def _answer(scene: Scene, command: Command | None) -> Intent | None:
    """The intent of a message that answers, after closing, "did what was agreed happen?", in its writer's own words."""
    said = _hear(scene.own)
    if not (said.yes or said.no):
        return ask(asking.HAPPENED_OR_NOT, scene.own) if said.clouded and _speaks_of_it(scene) else None
    if said.clouded or (said.yes and said.no):
        return ask(asking.HAPPENED_OR_NOT, scene.own)
    if said.no and _is_of_something_else(scene):
        return ask(asking.HAPPENED_OR_NOT, scene.own)
    if said.no:
        return Intent(Act.NOT_HAPPENED, Sure.PROBABLE, words=scene.own)
    if (not _WHOLE.search(scene.own) or _ONE_PART.search(scene.own)) and len(_pending(scene)) > 1:
        return _reported(scene) or ask(asking.HAPPENED_OR_NOT, scene.own)
    return Intent(Act.HAPPENED, Sure.PROBABLE, words=scene.own)


_ONE_PART = lexicon.pattern("endings.one_part")
_HELLO = lexicon.pattern("courtesies.hello")
_TWICE = lexicon.pattern("endings.twice")
_IN_DOUBT = lexicon.pattern("endings.in_doubt")
_ELSEWHERE = lexicon.pattern("endings.elsewhere")


def _hear(text: str) -> EndSaid:
    kept = _HARMLESS.sub(" \0 ", _HELLO.sub("", text))
    pieces = [" ".join(piece.split()) for piece in sentences(kept)]
    left = [_DENIED.sub(" \0 ", piece) for piece in pieces]
    first, denied = (pieces or [""])[0], left != pieces
    no = denied or bool(_NO.match(first))
    says_yes = bool(left) and bool(_YES.match(left[0])) and not (no and _CONFIRMS.match(left[0]))
    yes = says_yes or any(_AFFIRMED.search(piece) for piece in left)
    hedged = not no and re.match(r"\W*(?:no|nah|nope)\b", first, re.I) is not None  # "No all good thanks"
    beside = any(one.search(text) is not None for one in (_TWICE, _ELSEWHERE, _IN_DOUBT))
    clouded = hedged or beside or any(_CLOUDED.search(piece) for piece in left)
    return EndSaid(yes, no, clouded)


_SUBJECT = lexicon.pattern("endings.subject")
_PROMISED = lexicon.pattern("endings.promised")


def _is_of_something_else(scene: Scene) -> bool:
    """Is what a message after closing says did not happen none of what was agreed ("The sports day didn't happen")?"""
    subject = _SUBJECT.match(scene.own)
    if subject is None or not _pending(scene) or len(sentences(scene.own)) > 1:
        return False
    return not _PROMISED.search(subject[0]) and not any(alike(action, subject[0]) for action in _pending(scene))


_SPEAKS = lexicon.pattern("endings.speaks")
_LATER = lexicon.pattern("endings.later")


def _speaks_of_it(scene: Scene) -> bool:
    """Does a message after closing speak of whether what was agreed happened? "I will check and come back to you"
    speaks of it later, and need not be asked again meanwhile."""
    return bool(_SPEAKS.search(scene.own)) and not _LATER.search(scene.own)


def _pending(scene: Scene) -> tuple[Action, ...]:
    return tuple(a for a in scene.dispute.actions if not a.done) if scene.dispute else ()


_TOOK_PLACE = lexicon.pattern("endings.took_place")


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


def done_told(scene: Scene, said: str) -> Intent | None:
    """The intent of a message after closing whose sentences ``said`` tell that one agreed action is done: by its words,
    or as the writer's own part; of none that was agreed, in the words that tell it. None where they could mean
    several."""
    rated = [(alike(action, said), action.what) for action in _pending(scene)]
    best = max((score for score, _ in rated), default=0)
    meant = {what for score, what in rated if score == best and best}
    if not meant and _OWN_PART.search(said):
        mine = {*plain(scene.said.sender.name).split(), *plain(scene.said.sender.agency).split()}
        meant = {action.what for action in _pending(scene) if action.who and set(plain(action.who).split()) <= mine}
    if not meant and len(plain(said).split()) >= _FEWEST and not _ALL_OF_IT.search(said):
        meant = {" ".join(said.split()).strip(" .")}
    if len(meant) != 1:
        return None
    return Intent(Act.ACTION_DONE, Sure.PROBABLE, {"action_done": meant.pop()}, words=scene.own)


_OWN_PART = lexicon.pattern("endings.own_part")
_ALL_OF_IT = re.compile(r"\b(?:all|everything|both|every|each)\b", re.IGNORECASE)
_FEWEST = 4  # that tell a deed: "Done." tells none


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
