"""The request itself: what stands beside any word that changes something and is said of the request, by one rule for
every command, for a yes to "was this yours?" and for the office's lines.

It is taken back (``commands.is_taken_back``), made by somebody whom another makes to, or refused by a sign or in a
script that nobody here reads. Of the second a person is told.
"""

import re
from unicodedata import category, name

from mailbot.core.procedure.protocol import Stage
from mailbot.core.record.intents import Act
from mailbot.mail import lexicon

_COMPELLED, _PRESSURE = lexicon.pattern("told.compelled"), lexicon.pattern("told.pressure")
_FRIENDLY = lexicon.vocabulary("friendly_signs")
_READ = ("LATIN", "MODIFIER LETTER", "MASCULINE ORDINAL", "FEMININE ORDINAL")


def is_pressed(said: str, *, ends: bool = False) -> bool:
    """Does its writer say that they are made to ask for it, or call for help? ``ends``: a dispute would end by it, so
    that what they fear for is heard too, and what they say they must do."""
    return _COMPELLED.search(said) is not None or (ends and _PRESSURE.search(said) is not None)


def shows_doubt(said: str) -> bool:
    """Does it show a sign that stands for a word and is none of the friendly ones (a thumb down), or a letter of a
    script that is not read here, in which people refuse as well as in English ("нет")?"""
    return any(
        (category(sign) == "So" and sign not in _FRIENDLY)
        or (category(sign).startswith("L") and not name(sign, "").startswith(_READ))
        for sign in said
        if not sign.isascii()
    )


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


_WORDS = re.compile(r"[a-z]{4,}")
_SMALL = frozenset({"have", "been", "with", "that", "this", "they", "their", "agency's", "agency"})
_UNMET = re.compile(
    r"\b(?:not|never|no|nobody|none|except|apart|but|yet|without|only|some|will|should|if|unless)\b|n['’]t\b", re.I
)


def demand_met(said: str, stage: Stage | None) -> bool | None:
    """Does a sentence beside a request say that what the file demands before it goes on is met, in the words of that
    ("All tiers of management have been involved"); False where it takes it back, None where it speaks of something
    else."""
    demand = stage.before_leaving if stage is not None else ""
    wanted = set(_WORDS.findall(demand.lower())) - _SMALL
    told = set(_WORDS.findall(said.lower())) - _SMALL
    if not demand or len(told & wanted) < 2 or len(told & wanted) * 2 < len(told):
        return None
    return _UNMET.search(said) is None
