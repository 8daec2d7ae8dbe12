"""Other terms: does an answer that agrees say things that were not put to its writer, or what is asked mean another
matter than the dispute?

"CONFIRM. The health visitor does the visit." agrees to something else than was put. Whatever an answer names that two
agencies may agree to do (who visits, where, how often, what is held) must stand in what was put; how it was agreed, who
was told of it and who is pleased are said in words of one's own.
"""

import re
from dataclasses import replace

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act
from mailbot.mail import lexicon
from mailbot.mail.body.whose_signature import is_own_name
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.spelling_and_sentences import plain, sentences
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
_FAMILYS, _VOIDED = lexicon.pattern("told.familys_assent"), lexicon.pattern("told.voids_what_was_put")
_TURNED = {
    Act.CONFIRM_RESOLUTION: (_FAMILYS, _VOIDED),
    Act.ACCEPT_DATE: (_FAMILYS, _VOIDED),
    Act.WITHDRAW: (lexicon.pattern("told.keeps_the_dispute"),),
}


def turns(act: Act, said: str) -> bool:
    """Does a fact beside an answer say that what was put is off, changed or elsewhere, or a family's wish; beside a
    withdrawal, that the dispute or what it is about goes on?"""
    return any(turned.search(said) for turned in _TURNED.get(act, ()))


# Withdrawn is what was raised, by any of its names: "my consent", "K from swimming", "the referral" are something else.
_WITHDRAWS_ANOTHER = lexicon.pattern("told.withdraws_another")
_REOPENS_ANOTHER = lexicon.pattern("told.reopens_another")


def withdraws_another(own: str) -> bool:
    """Is something else withdrawn, and not plainly what was raised: "withdraw K from swimming", "my consent"?"""
    return _WITHDRAWS_ANOTHER.search(own) is not None


def reopens_another(line: str) -> bool:
    """Is something else opened again than the dispute: "REOPEN the school gates"?"""
    return _REOPENS_ANOTHER.match(line) is not None


_CONDITIONAL = lexicon.pattern("told.cautions")
_ARTICLES = frozenset({"the", "a", "an", "that", "to", "will"})
_FEWEST = 3  # words: two may stand in any order in what was put


def repeats_what_was_put(said: str, dispute: Dispute | None) -> bool:
    """Does a sentence say again what was put to its writer: a sentence of it whole, or words of it in their order,
    where it has no condition that could be left out?"""
    proposal = dispute.proposal if dispute is not None else None
    words = _stems(said)
    if proposal is None or not words:
        return False
    dated = (action for action in proposal.actions if action.by is not None)
    put = (proposal.agreed, *(f"{action.who} {action.what} by {action.by:%-d %B %Y}" for action in dated))
    if any(words == _stems(one) for text in put for one in (text, *sentences(text))):
        return True
    return len(words) >= _FEWEST and any(
        _CONDITIONAL.search(text) is None and _in_order(words, _stems(text)) for text in put
    )


def _in_order(words: tuple[str, ...], put: tuple[str, ...]) -> bool:
    left = iter(put)
    return all(word in left for word in words)


def _stems(said: str) -> tuple[str, ...]:
    bare = (re.sub(r"(?:'s|ing|ed|es|s)$", "", word) if len(word) > 4 else word for word in plain(said).split())
    return tuple(word for word in bare if word not in _ARTICLES)
