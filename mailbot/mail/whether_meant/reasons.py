"""Reasons: the closed lists of what may be told beside an answer or a withdrawal, and leaves it as it is.

A fact is no reason because it is plain: "Rosalind visits K at home" beside CONFIRM is not what was put, "The case is
closed" beside WITHDRAW is why the dispute was raised. So each clause of a sentence must be one of ``reasons.toml``:
beside an answer how it was agreed, who is content and who was told; beside a withdrawal why it is not needed any more.
Or it says again what was put, with nobody, nothing and no day that was not. Beside a request to go on, it says that
what the file demands before is met.
"""

import re
from collections.abc import Callable
from functools import partial

from mailbot.core.procedure.protocol import Stage
from mailbot.mail import lexicon
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.spelling_and_sentences import plain
from mailbot.mail.understanding.context import Scene
from mailbot.mail.whether_meant.other_terms import stem

_TAIL = lexicon.vocabulary("reason_tail")
_LEADS = lexicon.pattern("reasons.leads")
_HONORIFIC = rf"(?:(?i:{'|'.join(sorted(lexicon.vocabulary('honorifics')))})\.?\s+)?"
_SMALL = lexicon.vocabulary("plain_links") | frozenset(
    {"the", "a", "an", "this", "that", "it", "there", "child", "he", "she", "him", "her", "them", "they"}
)
# Where one clause may end and the next begin.
_JOINT = re.compile(r"[,;:]\s+|\s[-\u2013\u2014]+\s|\s(?=(?:and|so|because|as|since|now that|given that|therefore)\s)")
_WORDS_THAT_BEGIN = frozenset(
    word
    for table in ("plain_matters", "plain_facts", "plain_fragments", "plain_links", "plain_grounds", "plain_assents")
    for word in lexicon.vocabulary_in_order(table)
)
_EDGES = " \t-*_>.,!;:\u2013\u2014"
_LONGEST = 60  # words: of a longer sentence nobody can be sure


def agrees(said: str, scene: Scene) -> bool:
    """Is every clause of a sentence beside an answer one that agrees, or what was put said again?"""
    return _in_clauses(called(said, scene), partial(_agrees, scene=scene))


def needs_it_no_more(said: str, scene: Scene) -> bool:
    """Does every clause of a sentence beside a withdrawal say why what was raised is not needed any more?"""
    return _in_clauses(called(said, scene), _NOT_NEEDED.is_one)


def is_reason_by_shape(said: str) -> bool:
    """Is every clause of a sentence on either list, where nobody knows whose names stand in it: they are told by their
    capitals?"""
    first, *more = re.split(r"(\s+)", said.strip())
    begins = first if first.lower().strip(".,!") in _WORDS_THAT_BEGIN or not first[:1].isupper() else "nn"
    text = begins + re.sub(r"\b[A-Z][a-z]+(?:['\u2019-][A-Z]?[a-z]+)?(?:\s[A-Z][a-z]+)*\b", "nn", "".join(more))
    return _in_clauses(text, lambda clause: _AGREED.is_one(clause) or _NOT_NEEDED.is_one(clause))


def _agrees(clause: str, scene: Scene) -> bool:
    return _AGREED.is_one(clause) or _is_within_what_was_put(clause, scene)


class _Listed:
    """A list of reasons, and the words that may follow one of them."""

    def __init__(self, table: str, more: str) -> None:
        wordings = lexicon.loaded().table(f"reasons.{table}")
        self._begins = tuple(re.compile(rf"(?:{lexicon.joined((one,))})(?![\w'-])", re.I) for one in wordings)
        self._tail = _TAIL | lexicon.vocabulary(more)

    def is_one(self, clause: str) -> bool:
        return any(self._adds_nothing(clause[met.end() :]) for one in self._begins if (met := one.match(clause)))

    def _adds_nothing(self, after: str) -> bool:
        words = re.findall(r"[\w'-]+", after.lower())
        return all(word in self._tail or word.startswith("nn") or word[0].isdigit() for word in words)


_AGREED, _NOT_NEEDED = _Listed("agreed", "agreed_tail"), _Listed("not_needed", "not_needed_tail")


def _in_clauses(said: str, is_one: Callable[[str], bool]) -> bool:
    """Is a sentence made of such clauses from end to end, whatever leads from one to the next?"""
    bare = said.strip(_EDGES)
    if len(bare.split()) > _LONGEST:
        return False
    joints = [(met.start(), met.end()) for met in _JOINT.finditer(bare)] + [(len(bare), len(bare))]
    begun = {0}  # where a clause may begin, with nothing before it that is no reason
    for at in range(len(bare)):
        if at not in begun:
            continue
        if (led := _LEADS.match(bare, at)) is not None:
            begun.add(led.end())
        begun |= {after for ends, after in joints if ends > at and is_one(bare[at:ends].strip(_EDGES))}
    return len(bare) in begun


def _is_within_what_was_put(clause: str, scene: Scene) -> bool:
    """Beside an answer, does a clause that gives no reason say nothing that was not put: nobody, nothing and no day
    that does not stand there?"""
    proposal = scene.dispute.proposal if scene.dispute is not None else None
    if proposal is None:
        return False
    days = {action.by for action in proposal.actions if action.by is not None}
    found = first_date(clause, scene.today)
    if found is not None and found.on in days:
        clause = clause.replace(found.words, " ")
    put = (proposal.agreed, *(f"{action.who} {action.what}" for action in proposal.actions))
    said = _content(clause)
    dated = found is not None and found.on in days
    return len(said) > (0 if dated else 1) and said <= {word for one in put for word in _content(called(one, scene))}


def _content(said: str) -> frozenset[str]:
    return frozenset(stem(word) for word in plain(said).split() if word not in _SMALL)


def called(said: str, scene: Scene) -> str:
    """A reason's sentence in which whoever is named of the dispute or the email is "nn" and their name in one word,
    an agency of it "agency" and the child "child", by which the lists know them."""
    dispute = scene.dispute
    if dispute is None:
        return said
    text = " ".join(said.replace("\u2019", "'").split())
    for agency in sorted({dispute.raising, *dispute.receiving_agencies} - {""}, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(agency)}", "agency", text, flags=re.I)
        text = re.sub(rf"\b{re.escape(agency.split()[0])}\b", "agency", text)  # "Larkfield is happy"
    letters = re.findall(r"[A-Z]", dispute.child)
    if letters:
        whole = r"\.?\s?".join(letters)
        text = re.sub(rf"\b(?:{whole}|(?![AI]\b){letters[0]})\b(?:\.(?!\s*$))?", "child", text)
    people = [person.name for person in (*scene.people, *scene.said.to, *scene.said.cc, scene.said.sender)]
    known = {word for name in people for word in re.findall(r"[^\W\d_]{2,}", name)}
    one = "|".join(sorted((re.escape(word) for word in known), key=len, reverse=True)) or "(?!)"
    return re.sub(rf"\b{_HONORIFIC}({one})((?:\s(?:{one}))*)\b", partial(_token, people=people), text)


def _token(met: re.Match[str], people: list[str]) -> str:
    """One word for whoever is named by all these words; for nobody in particular where they are of several."""
    named = set(plain(f"{met[1]} {met[2]}").split())
    whose = sorted({"".join(plain(name).split()) for name in people if named <= set(plain(name).split())})
    return f"nn{whose[0] if len(whose) == 1 else ''}"


_WORDS = re.compile(r"[a-z]{4,}")
_OF_ANY_DEMAND = frozenset({"have", "been", "with", "that", "this", "they", "their", "agency's", "agency"})
_UNMET = re.compile(
    r"\b(?:not|never|no|nobody|none|except|apart|but|yet|without|only|some|will|should|if|unless)\b|n['’]t\b", re.I
)


def demand_met(said: str, stage: Stage | None) -> bool | None:
    """Does a sentence beside a request say that what the file demands before it goes on is met, in the words of that
    ("All tiers of management have been involved"); False where it takes it back, None where it speaks of something
    else."""
    demand = stage.before_leaving if stage is not None else ""
    wanted = set(_WORDS.findall(demand.lower())) - _OF_ANY_DEMAND
    told = set(_WORDS.findall(said.lower())) - _OF_ANY_DEMAND
    if not demand or len(told & wanted) < 2 or len(told & wanted) * 2 < len(told):
        return None
    return _UNMET.search(said) is None
