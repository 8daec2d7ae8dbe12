"""Somebody else's words: an email that says its words are not its writer's own.

Nobody acts for another: what is sent on behalf of a person, from another's telephone, because somebody asked for it, or
pasted from a letter that its writer had, is asked about.
"""

import re

from mailbot.mail import lexicon
from mailbot.mail.text.people_and_agencies import people_spoken_of
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.commands import GREETING_LINE
from mailbot.mail.understanding.context import Scene

_ASCRIBED = tuple(
    re.compile(lexicon.loaded().filled(one), re.IGNORECASE | re.MULTILINE)
    for one in lexicon.loaded().table("told.ascribed")
)
_KIN = lexicon.vocabulary("kin")
_OURS = re.compile(
    r"(?:us|our|my|both|all|everyone|everybody|the (?:school|team|trust|council|service|agency|practice|surgery|force"
    r"|ward|college|nursery|governors?|board|child|department))\b",
    re.I,
)


def is_ascribed(scene: Scene) -> bool:
    """Does an email say, above its signature or in it, that what stands there is somebody else's, and no explanation of
    its writer's own: sent on behalf of a person, from another's telephone, because somebody asked for it?"""
    mine = {*plain(scene.said.sender.name).split(), *plain(scene.said.sender.agency).split()}
    for text in (scene.own, scene.said.signature):
        for pattern in _ASCRIBED:
            for met in pattern.finditer(text.replace("\u2019", "'")):
                who = next((one for one in met.groupdict().values() if one), "")
                if who and (_OURS.match(who) or set(plain(who).split()) & mine):
                    continue
                if who or not _is_asked_by_a_colleague(text[: met.start()], met[0], scene):
                    return True
    return False


# "Desmond asked me to say": whoever asked, in the words before; a colleague of the writer's own agency, or the mailbox.
_ASKED = re.compile(r"(?:asked|wants?|wanted|would like)\b", re.I)
_BY_US = re.compile(r"\byou(?:'ve|'d| have| had)?\W*$", re.I)
_BY_SOMEBODY = re.compile(r"\b(?:he|she|they)(?:'s|'ve|'d| has| have| had| is)?(?: also| just)?\W*$", re.I)
_SUPERIOR = re.compile(
    r"\b(?:my|our|the) (?:head ?teacher|head|principal|(?:line |team |service )?manager|supervisor|director|boss)\b"
    r"|^\W*head\b",
    re.I,
)
_THEIR_CLAUSE = 80


def _is_asked_by_a_colleague(before: str, asked: str, scene: Scene) -> bool:
    """Did a colleague of the writer's own agency ask for the email, or did we? That explains whose wish it is as well:
    both are of one side, and whether the writer may say so themselves is judged as ever. Never where a family or
    anybody else may have asked, or where somebody made them."""
    if not _ASKED.match(asked):
        return False
    clause = re.split(r"[.!?\n]", before)[-1][-_THEIR_CLAUSE:]
    if _BY_US.search(clause):
        return True
    said = before if _BY_SOMEBODY.search(clause) else clause
    if set(plain(said).split()) & _KIN:
        return False
    agency, writer = scene.said.sender.agency, scene.said.sender.address
    colleagues = [one for one in scene.people if agency and one.agency == agency and one.address != writer]
    others = [one for one in scene.people if one.agency != agency]
    return bool(people_spoken_of(said, colleagues) or _SUPERIOR.search(said)) and not people_spoken_of(clause, others)


def is_addressed_to_its_writer(scene: Scene) -> bool:
    """Is it a letter that its writer had and pasted, "Dear" and their own name, and no explanation of theirs?"""
    first = next((line.strip() for line in scene.own.split("\n") if line.strip()), "")
    mine = {word for word in plain(scene.said.sender.name).split() if len(word) > 2}
    return bool(GREETING_LINE.match(first) and set(plain(first).split()) & mine)
