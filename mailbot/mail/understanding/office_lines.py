"""The office's lines, by which the partnership's office acts, each naming its object: "2 -> NS-26-0031",
"HOLD NS-26-0012 because …".

A line is read whole or not at all: case, a bullet, a "please" and the kind of arrow are forgiven, a condition, a
question or anything left over is not. What is not understood is said back, and nothing is done for it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

from mailbot.core.decisions.office_acts import OfficeAct, OfficeLine
from mailbot.mail import lexicon
from mailbot.mail.text.spelling_and_sentences import tidy, unwrapped
from mailbot.mail.understanding.commands import CONDITION, QUOTED_ALONE, is_taken_back
from mailbot.mail.whether_meant.explained import CAUTIONS, FOR_A_TIME, OF_THE_REQUEST
from mailbot.mail.whether_meant.reasons import is_reason_by_shape
from mailbot.mail.whether_meant.under_pressure import is_pressed

_MOST_LINES = 20
LONGEST_TYPED = 120  # characters of a line that are quoted back
_LONGEST_READ, LONGEST_REASON = 1000, 600
# "->" typed, corrected by Word into an arrow, or that arrow as plain text has it: in the Wingdings font it is "à".
_ARROW = r"(?:-+\s?>+|=+\s?>+|>+|[\u2192\u21d2\u279c\u2794\u27a1\u2b95\u00e0\u00e8\u00bb]\ufe0f?|to|into|in|under)"
_NUMBER = r"(?:message\s+|number\s+|no\.?\s*|#\s*)?(\d{1,6})"
_REASON = re.compile(r"(?:because|as|since|reason|due to|for the reason that)\b[\s:,-]*(?P<why>.*)", re.I | re.S)
_SET_OFF = re.compile(r"[:;,(-]\s*(?P<why>.*)", re.S)
_COURTESY = re.compile(r"(?:please|pls|thanks|thank you|many thanks|ta|thx)?[\s.!,;]*", re.I)
_PASSED_OVER = lexicon.pattern("courtesies.passed_over")
_FAREWELL = lexicon.pattern("courtesies.farewell_of_the_office")
_LEAD = re.compile(r"^[\s*_#\"'\[(-]+")
_DOUBTS = lexicon.pattern("commands.with_a_condition")
_OF_THAT_MESSAGE = lexicon.pattern("commands.of_that_message")
_LISTED = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]\s+", re.I)
_PLEASE = re.compile(r"^(?:please|pls|and|then|also)[ ,:]+", re.I)
# Whoever else sends one of these is told nothing and obeyed in nothing; the others are everybody's words too.
FOR_THE_OFFICE_ALONE = frozenset(
    {
        OfficeAct.FILE,
        OfficeAct.RELEASE,
        OfficeAct.DISMISS,
        OfficeAct.HOLD,
        OfficeAct.GO_ON,
        OfficeAct.LINK,
        OfficeAct.KEEP_APART,
        OfficeAct.REDACT,
    }
)
WITHOUT_OBJECT = frozenset({OfficeAct.HELP, OfficeAct.UNDO, OfficeAct.UNKNOWN})
SAY_WHY = "please say why, after the word “because”"
_UNCLEAR = "it has a condition or a question in it"
_MORE = "something else follows that was not understood"
_TOO_MANY = f"only the first {_MOST_LINES} lines are read; please send the rest in another email"


def office_lines(own: str, prefixes: tuple[str, ...]) -> tuple[OfficeLine, ...]:
    """The office's lines in ``own``, in order; () when it is no such email: its first line that says something is none.
    Orders stand at the top: what stands below any other sentence ("Dad wrote:", "Do not do this:") is not done."""
    read = [_line(raw, prefixes) for raw in _said(own)]
    if not read or read[0].act is OfficeAct.UNKNOWN:
        return ()
    if any(line.act is OfficeAct.UNKNOWN and _is_doubted(line.typed) for line in read):
        read = [replace(line, fault=line.fault or _TAKEN_BACK) for line in read]
    beside = [line.typed for line in read if line.act is OfficeAct.UNKNOWN and not _IS_ORDER.match(line.typed)]
    told = next(
        (n for n, line in enumerate(read) if line.act is OfficeAct.UNKNOWN and not _IS_ORDER.match(line.typed)), None
    )
    if told is not None:
        below = (replace(line, fault=line.fault or _BELOW) for line in read[told + 1 :])
        read = [*read[: told + 1], *(line for line in below if line.act is not OfficeAct.UNKNOWN)]
    read = [
        replace(line, fault=line.fault or _BESIDE)
        if line.act in _HELD_TO_IT and not all(_adds(said, line.act) for said in beside)
        else line
        for line in read
    ]
    if len(read) > _MOST_LINES:
        return (*read[:_MOST_LINES], OfficeLine("…", OfficeAct.UNKNOWN, fault=_TOO_MANY))
    return tuple(read)


LINE_BESIDE_DANGER = (
    "its email may tell of danger to a child, and nothing is ended beside that. If it is to be closed all the same, "
    "please send the line again in an email of its own, with what was settled for its reason"
)
LINE_UNDER_PRESSURE = (
    "its email reads as if somebody made you send it, so nothing was done. If it is meant, please send the line again, "
    "alone"
)
LINE_SIGNED_BY_ANOTHER = (
    "below it stands a name that I could not tell to be yours. If the line is your own, please send it again alone"
)


def refusing(lines: tuple[OfficeLine, ...], why: str, acts: frozenset[OfficeAct]) -> tuple[OfficeLine, ...]:
    """The office's lines, of which those of these acts are not done, and why."""
    return tuple(replace(line, fault=line.fault or why) if line.act in acts else line for line in lines)


def order_within(own: str, prefixes: tuple[str, ...]) -> str:
    """An order of the office's that stands anywhere in ``own``, within a sentence or below one: what is not done there
    is said to be not done. "" where there is none."""
    names = "|".join(re.escape(one) for one in prefixes) or "(?!)"
    found = re.search(
        r"\b(?:close|withdraw|hold|go[ -]?on|redact|remove|add|re-?open|refer|escalate|link|keep[ -]apart)[\s:-]+"
        rf"(?:to |from |with )?\[?(?:{names})[ -]{{0,3}}\d{{2}}[ -]{{1,3}}\d{{1,6}}"
        r"|\b(?:release|dismiss)[\s:-]+\d{1,6}\b",
        own,
        re.I,
    )
    return " ".join(found[0].split()) if found else ""


# A line that was meant for one of these and could not be read whole.
_IS_ORDER = re.compile(
    r"[\s*_#\"'\[(-]*(?:(?:\d{1,2}|[a-z])[.)]\s+)?(?:please[ ,]+|and |then |also )*(?:file|put|move|release|let in"
    r"|dismiss|re-?open|withdraw|close|hold|go[ -]?on|link|keep[ -]apart|redact|add|remove|status|help|undo|\d)"
    r"\b(?![^\n]*:\s*$)",
    re.IGNORECASE,
)
# Ended, put off, thrown out or given to somebody by a line: nothing else may stand beside it than what explains it.
_HELD_TO_IT = frozenset({OfficeAct.CLOSE, OfficeAct.HOLD, OfficeAct.DISMISS, OfficeAct.ADD, OfficeAct.REMOVE})
_OF_PEOPLE = frozenset({OfficeAct.ADD, OfficeAct.REMOVE})
_BESIDE = (
    "other words stand beside it, of which I could not tell whether they take it back. If it is meant, please send the "
    "line again, alone"
)
_CUT_SHORT = "its reference may be cut short. Please send the line again with all four figures at its end"
_SEVERAL = "it names more than one dispute. Please send one line for each"
_TAKEN_BACK = "another sentence of the email takes it back, or sets a condition. Please send it again without that"
_QUOTED = "it stands in quotation marks, and may be somebody else's. If it is yours, please send it again without them"
_BELOW = "it stands below other words, and may be somebody else's. If it is yours, please send it again at the top"


def _said(own: str) -> Iterable[str]:
    """The lines of the office's email that say something: no greeting, no thanks, nothing from the farewell on."""
    for raw in unwrapped(own).split("\n"):
        said = tidy(raw).strip(" \t*_")
        if _FAREWELL.fullmatch(said):
            return
        if said.strip(" .,-*_=>") and not _PASSED_OVER.fullmatch(said):
            yield raw


def _line(raw: str, prefixes: tuple[str, ...]) -> OfficeLine:
    typed = " ".join(raw.split())
    typed = typed if len(typed) <= LONGEST_TYPED else f"{typed[: LONGEST_TYPED - 1]}…"
    said = " ".join(tidy(raw[:_LONGEST_READ]).replace("*", " ").split())
    for candidate in (said, _LEAD.sub("", said), _LISTED.sub("", _LEAD.sub("", said))):
        found = _read(_PLEASE.sub("", candidate.strip(" _")), typed, prefixes)
        if found is not None:
            quoted = QUOTED_ALONE.fullmatch(raw) is not None
            return replace(found, fault=found.fault or (_QUOTED if quoted else ""))
    return OfficeLine(typed, OfficeAct.UNKNOWN)


def _adds(typed: str, act: OfficeAct) -> bool:
    """Is a sentence beside the office's line one that takes nothing from it: of what ends or puts off, how it was
    agreed or why it is not needed any more; of who takes part, what is said of them or of the writer in plain words?"""
    if _OF_THE_ORDER.search(typed):
        return False
    if act is OfficeAct.REMOVE and FOR_A_TIME.search(typed) is not None:
        return False
    if act in _OF_PEOPLE:
        return CAUTIONS.search(typed) is None and _OF_SOMEBODY.match(typed) is not None
    return is_reason_by_shape(typed)


_OF_SOMEBODY = lexicon.pattern("reasons.of_somebody")
_OF_THE_ORDER = lexicon.pattern("told.of_the_order")


def _is_doubted(words: str) -> bool:
    """Does what stands beside an office's line take it back, or set it a condition?"""
    own = _OF_THAT_MESSAGE.sub("", words)
    return is_taken_back(own, closes=True) or _DOUBTS.search(own) is not None


def _read(said: str, typed: str, prefixes: tuple[str, ...]) -> OfficeLine | None:
    for pattern, made in _forms(prefixes):
        match = pattern.fullmatch(said)
        if match is not None:
            line = made(match, typed)
            several = len(set(_references(said, prefixes))) > (2 if line.other else 1)
            cut_short = _cut_short(said, prefixes)
            wrong = _SEVERAL if several else _CUT_SHORT if cut_short else ""
            return replace(line, fault=line.fault or wrong)
    return None


def _cut_short(said: str, prefixes: tuple[str, ...]) -> bool:
    """Is a reference in an office's line written with its noughts, and short of them: "NS-26-001"?"""
    names = "|".join(re.escape(one) for one in prefixes) or "(?!)"
    return re.search(rf"\b(?:{names})[ -]{{0,3}}\d{{2}}[ -]{{1,3}}0\d{{0,2}}(?!\d)", said, re.I) is not None


def _references(said: str, prefixes: tuple[str, ...]) -> list[str]:
    """The references in an office's line, wherever they stand in it."""
    names = "|".join(re.escape(one) for one in prefixes) or "(?!)"
    written = re.findall(rf"\b(?:{names})[ -]{{0,3}}\d{{2}}[ -]{{1,3}}\d{{1,6}}(?!\d)", said, re.I)
    return [_reference(one) for one in written]


_Made = Callable[[re.Match[str], str], OfficeLine]


@cache
def _forms(prefixes: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], _Made], ...]:
    names = "|".join(re.escape(one) for one in prefixes) or "(?!)"
    ref = rf"\[?((?:{names})[ -]{{0,3}}\d{{2}}[ -]{{1,3}}\d{{1,6}})(?!\d)\]?"

    def form(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("REF", ref).replace("NUM", _NUMBER), re.I | re.S)

    return (
        (form(rf"(?:(?:file|put|move)\s+)?NUM\s*(?:is |goes |belongs )?{_ARROW}\s*REF(.*)"), _filed),
        (form(r"(?:release|let in)[\s:-]+NUM\b(.*)"), _about_message(OfficeAct.RELEASE)),
        (form(r"dismiss[\s:-]+NUM\b(.*)"), _about_message(OfficeAct.DISMISS)),
        (form(r"re-?open[\s:-]+REF(.*)"), _with_reason(OfficeAct.REOPEN)),
        (form(r"(?:withdraw|close)[\s:-]+REF(.*)"), _closed),
        (form(r"hold[\s:-]+REF(.*)"), _put_off),
        (form(r"go[ -]?on[\s:-]+(?:with )?REF(.*)"), _bare(OfficeAct.GO_ON)),
        (form(r"(?:refer|escalate|move up)[\s:-]+REF(.*)"), _with_reason(OfficeAct.MOVE)),
        (form(rf"link[\s:-]+REF\s*(?:and|with|&|,|\+|{_ARROW})?\s*REF(.*)"), _pair(OfficeAct.LINK)),
        (form(r"keep[ -]apart[\s:-]+REF\s*(?:and|from|&|,|\+)?\s*REF(.*)"), _pair(OfficeAct.KEEP_APART)),
        (form(r"redact[\s:-]+REF[\s:,-]*(.*)"), _redacted),
        (form(r"add[\s:-]+(?:to )?REF[\s:,-]*(.*)"), _person(OfficeAct.ADD)),
        (form(r"remove[\s:-]+(?:from )?REF[\s:,-]*(.*)"), _person(OfficeAct.REMOVE)),
        (form(r"status[\s:-]+(?:of )?REF(.*)"), _bare(OfficeAct.STATUS)),
        (form(r"help[\s.!?]*"), lambda match, typed: OfficeLine(typed, OfficeAct.HELP)),
        (form(r"undo(?:\s+lines?)?((?:[\s,&:]+(?:and )?\d{1,2})*)\s*(?:please)?[\s.!]*"), _undone),
    )


def _reference(written: str) -> str:
    parted = re.fullmatch(r"(.+?)[ -]*(\d{2})[ -]+(\d{1,6})", written)
    assert parted is not None, "a reference is only read where its pattern stood"
    return f"{parted[1].upper()}-{parted[2]}-{int(parted[3]):04d}"


def _reason(tail: str) -> tuple[str, str]:
    """The reason at the end of an office's line: (the reason, "") or ("", what is wrong with what follows); ("",
    "") where nothing does."""
    said = tail.strip()
    if _COURTESY.fullmatch(said.lstrip(" ,;.-")):
        return "", ""
    match = _REASON.fullmatch(said.lstrip(" ,;:.-(")) or _SET_OFF.fullmatch(said)
    if match is None:
        return "", _UNCLEAR if CONDITION.match(said) or said.endswith("?") else _MORE
    why = match["why"].strip(" ,;:()-")
    if not re.search(r"[^\W\d_]{2,}", why):
        return "", SAY_WHY  # the three dots of the instructions, sent back as they were
    if CONDITION.match(why) or why.endswith("?") or _is_doubted(why) or OF_THE_REQUEST.search(why):
        return "", _UNCLEAR
    return why[:LONGEST_REASON], ""


def _filed(match: re.Match[str], typed: str) -> OfficeLine:
    why, fault = _reason(match[3])
    return OfficeLine(typed, OfficeAct.FILE, int(match[1]), reference=_reference(match[2]), words=why, fault=fault)


def _about_message(act: OfficeAct) -> _Made:
    def made(match: re.Match[str], typed: str) -> OfficeLine:
        why, fault = _reason(match[2])
        needed = SAY_WHY if act is OfficeAct.DISMISS and not why else ""
        return OfficeLine(typed, act, int(match[1]), words=why, fault=fault or needed)

    return made


def _with_reason(act: OfficeAct) -> _Made:
    def made(match: re.Match[str], typed: str) -> OfficeLine:
        why, fault = _reason(match[2])
        return OfficeLine(
            typed, act, reference=_reference(match[1]), words=why, fault=fault or ("" if why else SAY_WHY)
        )

    return made


def _closed(match: re.Match[str], typed: str) -> OfficeLine:
    """An office's line that ends a dispute: for any reason that is one already, and its own."""
    line = _with_reason(OfficeAct.CLOSE)(match, typed)
    if line.fault or not (_NO_REASON_YET.search(line.words) or is_pressed(line.words, ends=True)):
        return line
    return replace(line, words="", fault=_NO_REASON)


def _put_off(match: re.Match[str], typed: str) -> OfficeLine:
    """An office's line that holds a dispute's move: for no family's wish."""
    line = _with_reason(OfficeAct.HOLD)(match, typed)
    if line.fault or not _FAMILYS_WISH.search(line.words):
        return line
    return replace(line, words="", fault=_A_FAMILYS)


_FAMILYS_WISH = lexicon.pattern("told.familys_wish")
_A_FAMILYS = (
    "its reason is what a family wishes, and nothing about a child is put off for that alone. Please say what the two "
    "agencies, or their managers, need the time for"
)
_NO_REASON_YET = lexicon.pattern("told.no_reason_yet")
_NO_REASON = (
    "its reason is somebody else's wish, or has not come about yet. Please say what has been settled, and by whom"
)


def _bare(act: OfficeAct) -> _Made:
    def made(match: re.Match[str], typed: str) -> OfficeLine:
        asked = match[2].rstrip(" ?!") if act is OfficeAct.STATUS else match[2]
        why, fault = _reason(asked)
        return OfficeLine(typed, act, reference=_reference(match[1]), words=why, fault=fault)

    return made


def _pair(act: OfficeAct) -> _Made:
    def made(match: re.Match[str], typed: str) -> OfficeLine:
        why, fault = _reason(match[3])
        one, other = _reference(match[1]), _reference(match[2])
        return OfficeLine(typed, act, reference=one, other=other, words=why, fault=fault)

    return made


def _redacted(match: re.Match[str], typed: str) -> OfficeLine:
    words = re.findall(r"[^\W\d_]{3,}", match[2])
    name = " ".join(match[2].strip(" .\"'“”").split())
    fault = ""
    if not words or len(name) > 80:
        fault = "please give the name to be shown as initials, at least three letters of it"
    elif name.endswith("?") or CONDITION.match(name):
        fault = _UNCLEAR
    return OfficeLine(typed, OfficeAct.REDACT, reference=_reference(match[1]), words=name, fault=fault)


WHOSE_ADDRESS = "please give the person's email address"


def _person(act: OfficeAct) -> _Made:
    def made(match: re.Match[str], typed: str) -> OfficeLine:
        who = match[2].strip(" .;")
        whole = "@" in who or (act is OfficeAct.REMOVE and bool(who))  # an agency is taken out by its name
        fault = "" if whole else WHOSE_ADDRESS
        if fault == "" and (who.endswith("?") or CONDITION.match(who) or _is_doubted(who)):
            fault = _UNCLEAR
        if fault == "" and act is OfficeAct.REMOVE and FOR_A_TIME.search(who) is not None:
            fault = _COMES_BACK
        return OfficeLine(typed, act, reference=_reference(match[1]), words=who, fault=fault)

    return made


_COMES_BACK = "whoever is away for a time stays in it; their letters go to their deputy, or to whom they hand it over"


def _undone(match: re.Match[str], typed: str) -> OfficeLine:
    return OfficeLine(typed, OfficeAct.UNDO, numbers=tuple(int(n) for n in re.findall(r"\d+", match[1])))
