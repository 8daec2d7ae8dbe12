"""Other terms: does an answer that agrees say things that were not put to its writer?

"CONFIRM. The health visitor does the visit." agrees to something else than was put. Whatever an answer names that two
agencies may agree to do (who visits, where, how often, what is held) must stand in what was put; how it was agreed, who
was told of it and who is pleased are said in words of one's own.
"""

import re
from dataclasses import replace

from mailbot.mail import lexicon
from mailbot.mail.body.standing_sentences import repeats_what_was_put
from mailbot.mail.body.whose_signature import is_own_name
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.context import Scene, writer_of
from mailbot.mail.whether_meant.plainness import STANCE, WORDS

_CAUTIONS = lexicon.pattern("told.cautions")
_TERMS = lexicon.vocabulary("terms")
_TOLD = lexicon.pattern("told.told_of_it")
_PLEASED = lexicon.pattern("told.pleased_with_it")
# Where a sentence of whom one told goes on to say something else: "I rang Rosalind and she will visit weekly".
_GOES_ON = re.compile(
    r"(?:,|;|\b(?:and|so|but|who|which))\s+(?:now |then |so )?(?:we|she|he|they|you|it|there|this|that)(?:'\w+)?\s",
    re.IGNORECASE,
)
_ENDINGS = re.compile(r"(?:ing|ed|es|s|ly)$")


def says_other_terms(said: str, scene: Scene) -> bool:
    """Does a sentence beside an answer name other terms than were put, and not to say whom one told, or who agrees?"""
    proposal = scene.dispute.proposal if scene.dispute is not None else None
    if proposal is None:
        return False
    told, _, beside = said.partition(met[0]) if (met := _GOES_ON.search(said)) else (said, "", "")
    rest = _PLEASED.sub(" ", beside if _TOLD.search(told) else said)
    put = " ".join((proposal.agreed, *(f"{action.what} {action.who}" for action in proposal.actions)))
    known = {stem(word) for word in plain(put).split()}
    return any(word in _TERMS and stem(word) not in known for word in WORDS.findall(rest.lower()))


def stem(word: str) -> str:
    bare = _ENDINGS.sub("", word.removesuffix("'s"))
    return bare if len(bare) > 2 else word


def without_what_was_put(command: Command, scene: Scene) -> Command:
    """A CONFIRM, whatever explains it, without its writer's own name and without what was put to them, said again on
    its line: "CONFIRM the visit by 11 September 2026", "CONFIRM Desmond"."""
    if command.name != "CONFIRM":
        return command
    first, _, below = command.rest.partition("\n")
    if first.strip() and (repeats_what_was_put(first, scene.dispute) or is_own_name(first, writer_of(scene))):
        return replace(command, rest=below, after="")
    return command


def asks_to_add(said: str, scene: Scene) -> bool:
    """Is a sentence nothing but the request that somebody is added, for a reason that explains it and brings no term of
    its own: "Could you also copy Philippa Dunmore in?"?"""
    bare = said.strip(" \t-*_>.,!?")
    begun = _ASKS_TO_ADD.match(bare)
    if begun is None or len(bare.split()) > _MOST_OF_A_REQUEST:
        return False
    why = " ".join(word for word in (begun["why"] or "").split() if plain(word) not in _POSTS)
    return not (
        _CAUTIONS.search(why) or STANCE.search(why) or says_other_terms(why, scene) or first_date(why, scene.today)
    )


_MOST_OF_A_REQUEST, _POSTS = 25, lexicon.vocabulary("posts")  # words
_ASKS_TO_ADD = lexicon.pattern("told.asks_to_add", cased=True)
