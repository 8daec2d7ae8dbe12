"""Agreed actions, taken apart: who does what, by which actual date.

"Barnaby sees J at home on the 11th and we hold a meeting here on Thurs 17th at 2" is two actions. "ASAP", "ongoing"
and "when I can" are not dates (NSSCP Appendix 1: "Actual date not ASAP"): the action stands with no date, which is
asked for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailbot.core.record.intents import Action
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.dates import FoundDate, find_dates
from mailbot.mail.text.labelled_lines import Labelled
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import plain, sentences, unwrapped

MOST_ACTIONS = 40
_BREAK = re.compile(
    r"\n+|(?<=[a-z0-9)])[.;](?=\s|$)|,? and (?=(?:we|i|he|she|they|[A-Z][a-z]+|the|mum|dad|school|csc|health"
    r"|police)\b)|,? and (?=to [a-z]+)|, (?=[A-Za-z])"
)
_BULLET = re.compile(r"^\s*(?:[-*]+|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_VAGUE = lexicon.pattern("agreed.vague")
_LOOSE = re.compile(
    r"\b(?:by|on|at|before|until|from|with effect from|no later than|this|the|cob|cop|close of play)\s*$", re.I
)
_UNTIL = re.compile(r"\b(?:until|till|til)\s+(?:the\s+)?$", re.I)
_WHO = re.compile(
    r"^(?:that )?(?P<who>[A-Z][A-Za-z'’-]+(?: [A-Z][A-Za-z'-]+){0,4}|CSC|[Ss]chool|[Hh]ealth|[Pp]olice"
    r"|[Ss]ocial care|I|we|We)"
    r"(?P<will> (?:will|to|is going to|are going to|has agreed to|agreed to|shall|'ll|would))? (?P<verb>[a-z]+)\b"
)
# "We hold a meeting here": what is done is the meeting, and everybody does it.
_HOLDING = re.compile(
    r"^(?:that )?we (?:will |are going to |'ll )?(?:all )?(?:hold|have|convene) (?:an? |the )?(?=\w+ ?(?:\w+ )?)", re.I
)
_NOT_WHO = lexicon.vocabulary("not_owner")


@dataclass(frozen=True, slots=True)
class AgreedActions:
    """``text`` is the agreement as it reads; ``unclear`` words that stand where a date should."""

    text: str
    actions: tuple[Action, ...]
    unclear: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_agreed(text: str, today: date) -> AgreedActions:
    """The agreed actions in ``text``. A clause with neither a date nor a bullet is part of the
    outcome, not an action."""
    actions: list[Action] = []
    unclear: list[str] = []
    doubts: list[str] = []
    lines_are_actions = bool(re.search(r"^\s*(?:[-*]|\(?\d[.)])\s", text, re.M))
    for piece in _pieces(text):
        bulleted = lines_are_actions and bool(_BULLET.match(piece))
        words = _since_then(_BULLET.sub("", piece).strip(" .;"))
        found = find_dates(words, today)
        vague = _VAGUE.search(words)
        if _is_of_the_past(words, found, today):
            continue
        if not (found or vague or bulleted) or len(actions) >= MOST_ACTIONS or not plain(words):
            continue
        dated = _date_of(words, found, today)
        actions.append(_action(words, dated or (found[0] if found else None), vague))
        unclear += [vague[0]] if vague else [f.words for f in found if f.on is None and dated is None]
        doubts += [f"{f.words}: {f.doubt or 'this date has passed'}" for f in found if f.on and (f.doubt or f.past)]
    return AgreedActions(" ".join(text.split()), tuple(actions), tuple(unclear), tuple(doubts))


def lasts_until(action: Action) -> bool:
    """Is the date of an agreed action the day until which it holds ("The plan stays open until 18 September"), and not
    the day by which something is done?"""
    if action.by is None:
        return False
    found = find_dates(action.what, action.by)
    return any(one.on == action.by and _UNTIL.search(action.what[: one.start]) for one in found)


def _pieces(text: str) -> list[str]:
    pieces, start = [], 0
    for end in _BREAK.finditer(text):
        if "and" in end[0] and len(text[start : end.start()].split()) < 3:
            continue  # "Ada and Tobias visit" is one deed of two people
        pieces.append(text[start : end.end() if end[0] in ".;" else end.start()])
        start = end.end()
    pieces.append(text[start:])
    joined: list[str] = []
    for piece in pieces:  # "Barnaby to visit, by the 11th" is one action: a bare date belongs to what it follows
        bare = re.fullmatch(r"\s*(?:by|on|before|no later than)\b.{1,30}", piece) or _COLUMN.match(piece)
        if bare and joined:
            joined[-1] = f"{joined[-1]}, {piece.strip()}"
        elif piece.strip():
            joined.append(piece)
    return joined


# The columns of an action plan, sent as lines of their own: "By whom: Tobias", "By when: 18/09".
_COLUMN = re.compile(r"\s*(?:by whom|by when|who|when|owner|lead|date)\s*[:=]", re.IGNORECASE)
_EMPTY_COLUMN = re.compile(r"[,\s]*\b(?:by when|when|date)\s*[:=][\s,]*$", re.IGNORECASE)
_OWNER = re.compile(
    r"[,;]?\s*\b(?i:by whom|who|owner|lead)\s*[:=]\s*(?P<who>[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)?)[\s,.;]*"
)
_MET, _AND_AGREED = lexicon.pattern("agreed.met"), lexicon.pattern("agreed.and_agreed")


def _date_of(words: str, found: tuple[FoundDate, ...], today: date) -> FoundDate | None:
    """By which of its dates an action is to be done: the first that is not gone by, where one is not; and never the day
    on which it was talked of ("We met today and meet again on the 18th")."""
    dates = [f for f in found if f.on]
    ahead = [f for f in dates if f.on and (f.on > today if _MET.match(words) else f.on >= today)]
    return next(iter(ahead or dates), None)


def _since_then(words: str) -> str:
    """What was agreed at a meeting that has been: of "We met on the 8th and agreed that Tobias visits by the 11th", the
    visit."""
    agreed = _AND_AGREED.match(words) if _MET.match(words) else None
    return words[agreed.end() :].strip(" :,;.") or words if agreed else words


def _is_of_the_past(words: str, found: tuple[FoundDate, ...], today: date) -> bool:
    """ "We met on the 8th", "The partners and I met both agencies today": what has been, and not what was agreed."""
    return _MET.match(words) is not None and all(f.on is None or f.on <= today for f in found)


def _is_an_owner(who: re.Match[str]) -> bool:
    """An agreed action's owner, a name before a deed: "Tobias to visit", "school sends". "Legal planning" and "Visits
    weekly" name nobody."""
    if who["who"].lower() in _NOT_WHO:
        return False
    return who["will"] is not None or who["verb"].endswith("s") or who["who"] in ("I", "we", "We")


def _action(words: str, dated: FoundDate | None, vague: re.Match[str] | None) -> Action:
    what = words
    if dated is not None:
        before, after = words[: dated.start], words[dated.end :]
        for _ in range(2):
            before = _LOOSE.sub("", before)
        what = f"{before.rstrip(' ,-:(')} {after.strip(' ,-)')}".strip()
        if _UNTIL.search(words[: dated.start]):
            what = words  # how long it holds is part of it: "The plan stays open until 18 September"
    elif vague is not None:
        what = f"{words[: vague.start()].rstrip(' ,-:(')} {words[vague.end() :].strip(' ,-)')}".strip()
    named = _OWNER.search(what)
    if named:
        what = f"{what[: named.start()]} {what[named.end() :]}"
    what = _EMPTY_COLUMN.sub("", _HOLDING.sub("", what).rstrip(" ,;-"))
    what = re.sub(r"^(?:that|and|to|so)\s+", "", " ".join(what.split()).strip(" .,-"))
    who = _WHO.match(what)
    name = who["who"] if who and _is_an_owner(who) else ""
    if named:
        name = named["who"]
    elif who and name:
        what = what[who.start("verb") :]
    return Action(what or words, name, dated.on if dated else None)


# A difference that was settled before it was written down: the Stage 1 record in one email, with the difference,
# the reasons and the resolution ("evidence the difference of opinion in writing via an email, including the
# rationale and resolution").
#
# A line of its own says it ("Resolution:", "RESOLVED:", "Outcome agreed:"), or a sentence that tells an agreement,
# where the email calls itself the record of it or says that it is settled. An agreement that was not kept is no
# resolution. A line that says what its writer would like, or with whom it is still to be discussed, is what they
# ask, whatever stands before its colon; where it could be either, its writer is asked.

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
