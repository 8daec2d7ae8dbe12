"""Agreed actions, taken apart: who does what, by which actual date.

"Barnaby sees J at home on the 11th and we hold a meeting here on Thurs 17th at 2" is two actions. "ASAP", "ongoing"
and "when I can" are not dates (NSSCP Appendix 1: "Actual date not ASAP"): the action stands with no date, which is
asked for.
"""

import re
from dataclasses import dataclass
from datetime import date

from mailbot.core.record.intents import Action
from mailbot.mail import lexicon
from mailbot.mail.text.dates import FoundDate, find_dates
from mailbot.mail.text.spelling_and_sentences import plain

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
        words = _BULLET.sub("", piece).strip(" .;")
        found = find_dates(words, today)
        vague = _VAGUE.search(words)
        if _is_of_the_past(words, found, today):
            continue
        if not (found or vague or bulleted) or len(actions) >= MOST_ACTIONS or not plain(words):
            continue
        dated = next((f for f in found if f.on), None)
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
_MET = lexicon.pattern("agreed.met")


def _is_of_the_past(words: str, found: tuple[FoundDate, ...], today: date) -> bool:
    """ "We met on the 8th": what has been, and not what was agreed."""
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
