"""A difference that was settled before it was written down: the Stage 1 record in one email, with the difference, the
reasons and the resolution ("evidence the difference of opinion in writing via an email, including the rationale and
resolution").

A line of its own says it ("Resolution:", "RESOLVED:", "Outcome agreed:"), or a sentence that tells an agreement, where
the email calls itself the record of it or says that it is settled. An agreement that was not kept is no resolution. A
line that says what its writer would like, or with whom it is still to be discussed, is what they ask, whatever stands
before its colon; where it could be either, its writer is asked.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mailbot.mail.lexicon import Sense
from mailbot.mail.text.labelled_lines import Labelled
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import sentences, unwrapped

_LABELS = ("resolution", "actions")  # keys of the lines that tell what was agreed
_NONE = re.compile(
    r"\W*(?:no\b(?! further)|none|not\b|n/?a\b|nil|never|still (?:to be|not)|awaited"
    r"|pending|yet to|unresolved|tbc)",
    re.I,
)
# What somebody asks, wants, hopes for, or has still to talk about: no agreement, whatever the line is called.
_WISHED = re.compile(
    r"\?\s*$|\bplease\b|\b(?:sought|requested|wanted|proposed|suggested|desired|hoped for|asked for|ideally)\b"
    r"|\bpreferably\b"
    r"|\b(?:i|we|the school|school|my (?:view|request|hope|wish)|our (?:view|request|hope|wish))\b[^.;:]{0,24}?"
    r"(?:'d|\b(?:would|should|want|wish|hope|ask|asking|request|requesting|seek|seeking|need|expect|propose|proposing|"
    r"suggest|suggesting|think|believe|feel|recommend|looking for|is that|is for|await|waiting))\b"
    r"|\b(?:should|must|ought to|needs? to|would (?:be|like|help|need))\b"
    r"|\b(?:to|needs?) (?:be )?(?:discuss\w*|talk\w*|meet\w*|consider\w*|decid\w*|determin\w*|explor\w*|agree[ds]?|"
    r"negotiat\w*|found|sought|confirm\w*|resolv\w*|request\w*|ask\w*|escalat\w*|review\w*)\b"
    r"|\b(?:asking|hoping|requesting|seeking|wanting|awaiting)\b",
    re.I,
)
# What tells that it is so, or will be: somebody who does or did something.
_TOLD = re.compile(
    r"\b(?:agreed|accepted|confirmed|will|shall|has|have|had|is|are|was|were|we|both|'ll|no further action)\b"
    r"|\b(?:[A-Z][\w.'’-]+|case|plan|team|school|worker|visitor|manager|it|he|she|assessment|meeting|child)"
    r" (?:\w+ly )?(?!this\b|its\b|his\b|was\b)[a-z]+s\b",
)
_SAYS_AGREED = re.compile(r"\b(?:resolved|agreed|settled|reached)\b", re.I)  # of a line's own name
_AGREED = re.compile(
    r"\b(?:we(?:'ve| have| both| all| had a \w+ and)?|both of us|(?:and|it was) (?:have )?|has been|was)\b[^.:;]{0,60}?"
    r"\b(?:have |has |'ve )?(?:now |both |all |also |since )?(?P<said>agreed)\b(?: between us| together"
    r"| on the (?:tele)?phone)?\s*(?::|,|that\b|to\b|as follows:?|on\b)?\s*(?P<what>[^\n]{8,600})",
    re.I,
)
_UNKEPT = re.compile(
    r"\b(?:but|however|although|since then|yet|despite|still (?:has|have|not)|has(?: not|n't)|have(?: not|n't)"
    r"|did(?: not|n't)|was(?: not|n't)|never|could(?: not|n't)|can(?:not|'t)|failed|should have|had (?:been )?agreed"
    r"|unless|if|not (?:been )?agreed|would have"
    r"|last (?:week|month|year|term)|in (?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december))\b",
    re.I,
)
# A settlement in other words, which its writer is asked about: it may be one of something else.
_SETTLED = re.compile(
    r"\b[\w’-]+(?: has| have|'s|'ve)(?: now| since| both| also| just)* (?:agreed|accepted)\b"
    r"|\b(?:reach(?:ed)?|c[ao]me to|have|got) (?:an|a joint) agreement\b"
    r"|\b(?i:this|it|that|matter|issue|dispute|things?)(?: has| have| is| was|'s)?(?: now| since| all| been| both)*"
    r" (?:sorted|resolved|settled|put right)\b"
    r"|\b[Ww]e(?: have|'ve)?(?: now| since| both| all)* (?:resolved|settled|sorted|agreed)\b"
    r"|\b(?i:both|all|each)(?: of us)?(?: are)?(?: now)? (?:happy|content|satisfied|agreed)\b"
)
_NOT_YET = re.compile(
    r"\b(?:not|never|no|cannot|hop\w+|want\w*|would like|need\w*|try\w*|tried|able to|unable|in order|until|till|before"
    r"|should|could|can be|to be|to get|be|unless|if|when|whether|fail\w*|refus\w*)\b|n't\b|\?",
    re.I,
)
_TAKEN_BACK = re.compile(
    r"\W*(?:he|she|they|this|that|it|nothing|nobody|no one|but|however)\b[^.]{0,60}?(?:\bnot\b|n't\b|never|nothing"
    r"|nobody|withdr|changed|went back|cancel)|\W*(?:nothing|nobody|but|however)\b",
    re.I,
)
_RECORD = re.compile(
    r"\b(?:(?:this|the) (?:e-?mail|message|note) (?:is|serves as|records|confirms)|(?:as|for) (?:the|a|our) record\b"
    r"|for the record|record of (?:the |our |what |it|this)\w*|to confirm what (?:we|was)"
    r"|putting (?:our|the) (?:agreement|resolution)|no further action is needed)\b",
    re.I,
)
_NEW_CLAUSE = re.compile(r";|\b(?:but|however|although)\b", re.I)
_LABEL = re.compile(r"^\W*[A-Z][A-Za-z' ]{2,40}:\s+")


@dataclass(frozen=True, slots=True)
class AgreedAlready:
    """``text`` is what was agreed; ``doubtful``: it may be, and its writer is asked. ``wished``: what a line that is
    called a resolution says its writer asks."""

    text: str = ""
    doubtful: bool = False
    wished: str = ""


def agreed_already(text: str, labels: tuple[Labelled, ...]) -> AgreedAlready:
    """What an opening email says was agreed already; nothing, where it says nothing of the kind."""
    told = [label for label in labels if label.key.split(":")[0] in _LABELS and label.is_answer]
    told = [label for label in told if not _NONE.match(label.value)]
    if told:
        return _of_lines(told)
    return _of_sentences(unwrapped(text))


def _of_lines(told: Iterable[Labelled]) -> AgreedAlready:
    """What lines that are called a resolution say: agreed, asked for, or either."""
    agreed, doubted, wished = [], [], []
    for label in told:
        says_agreed, asks = _SAYS_AGREED.search(label.label), _WISHED.search(label.value)
        if asks and not says_agreed and not _SAYS_AGREED.search(label.value):
            wished.append(label.value)
        elif asks or not (says_agreed or _TOLD.search(label.value)):
            doubted.append(label.value)
        else:
            agreed.append(label.value)
    if doubted:
        return AgreedAlready(" ".join((*agreed, *doubted)), doubtful=True, wished=" ".join((*doubted, *wished)))
    return AgreedAlready(" ".join(agreed), wished=" ".join(wished))


def _of_sentences(body: str) -> AgreedAlready:
    """What the sentences of an email tell as agreed: for certain, where it calls itself the record of it or says that
    it is settled."""
    said = sentences(body)
    for number, sentence in enumerate(said):
        found = _AGREED.search(sentence)
        after = said[number + 1] if number + 1 < len(said) else ""
        if found is None or _UNKEPT.search(_clause(sentence, found.start("what"))) or _TAKEN_BACK.match(after):
            continue
        settled = any(heard.sense is Sense.SETTLED and heard.is_clear for heard in hear(body))
        if settled or _RECORD.search(body):
            who = sentence[found.end("said") : found.start("what")]  # "agreed to see K": who does it stands before
            what = _whole(sentence) if who.split()[-1:] == ["to"] else found["what"]
            return AgreedAlready(" ".join(what.split()).strip(" ,;:"))
        return AgreedAlready(_whole(sentence), doubtful=True)
    for number, sentence in enumerate(said):
        after = said[number + 1] if number + 1 < len(said) else ""
        found = _SETTLED.search(sentence)
        if found is None or _NOT_YET.search(sentence[: found.end()]) or sentence.rstrip().endswith("?"):
            continue
        if not (_UNKEPT.search(_clause(sentence, found.end())) or _TAKEN_BACK.match(after)):
            return AgreedAlready(_whole(sentence), doubtful=True)
    return AgreedAlready()


def _clause(sentence: str, at: int) -> str:
    """What a sentence says from the clause on that stands at ``at``: "K was hungry, but we have since agreed …"."""
    begins = max((m.end() for m in _NEW_CLAUSE.finditer(sentence[:at])), default=0)
    return sentence[begins:]


def _whole(sentence: str) -> str:
    """A sentence as it is quoted to its writer, without the name of the line that it stands on."""
    return _LABEL.sub("", " ".join(sentence.split())).strip(" ,;:")
