"""Words that stand in a message as somebody else's: introduced, pasted, indented, behind bars, out of a chat.

A practitioner passes on what a parent wrote, and it begins with RESOLVED. Nothing marks where such words end, so all
below an introduction counts as perhaps not the writer's: it is heard, above all for danger, and a person is asked
about it; nothing is done because of it. The signs are shapes (a third person, a word for telling, a colon), not a list
of sentences.
"""

import re
from collections.abc import Sequence

from mailbot.mail.body.signatures_banners_disclaimers import CLOSING_LINE

LONGEST_INTRODUCTION, LONGEST_HEADING = 300, 8  # characters; words
_TELLS = (
    r"wrote|writes|written|said|says|sent|sends|told|tells|texts?(?:ed)?|e-?mail(?:s|ed)|messag(?:es|ed)|repli(?:es|ed)"
    r"|respond(?:s|ed)|answered|posted|states?|stated|reads?|forwards|forwarded|dictated|commented|came back|got back"
    r"|reported|explained|came|comes|arrived|demand(?:s|ed)|claim(?:s|ed)|ysgrifennodd|dywedodd|meddai|anfonodd|atebodd"
)
_MESSAGE = (
    r"e-?mails?|messages?|texts?|letters?|notes?|words|repl(?:y|ies)|responses?|statements?|voice ?mails?|whats ?apps?"
    r"|sms|comments?|complaints?|transcripts?|posts?|views?|account|e-?bost|neges|llythyr"
)
# "Notes from the meeting" are the writer's.
_OCCASIONS = re.compile(
    r"\b(?:meeting|call|visit|conference|discussion|conversation|supervision|panel|review|file)\b", re.IGNORECASE
)
_OTHERS = (
    r"(?:he|she|they|his|her|their|dad|mum|father|mother|parents?|carers?|family|grandma|grandad|nan|aunt|uncle|gran"
    r"|step-?(?:dad|mum|father|mother)|foster \w+|child|boy|girl|young person|you|your|yr|the|this|that|these|ei|eu"
    r"|mam|tad)"
)
# A verb or a noun of telling, and then a colon, a dash or nothing at the end of the line.
_VERB = re.compile(rf"\b(?:{_TELLS})\b", re.IGNORECASE)
# A Welsh sentence begins with its verb; an English one that does is an order to its reader ("Text me:").
_WELSH_VERB = re.compile(r"ysgrifennodd|dywedodd|meddai|anfonodd|atebodd", re.IGNORECASE)
_NOUN = re.compile(
    rf"(?:\b{_OTHERS}\b[^.!?]{{0,60}}|\w['’]s?\s(?:\w+\s){{0,3}}|\b(?:following|pasted|copied|received"
    rf"|forwarded)\s(?:\w+\s){{0,2}})"
    rf"\b(?:{_MESSAGE})\b|\b(?:{_MESSAGE})\b[^.!?]{{0,40}}\b(?:from|gan|oddi wrth|received|pasted|copied|below"
    rf"|as follows)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[:：]\s*[\"“‘']?\s*$|\s[-–—]{1,3}\s*$|\bas follows\W*$", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|we|i['’]ve|we['’]ve|i['’]d|we['’]d|yourself)\b(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
_OURS = re.compile(r"\b(?:my|our|mine|ours)\b(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|got|am|are)\s+(?:\w+\s+)?$", re.IGNORECASE)
# "See what I was sent below", "I had this from the father", "passing on the following": the rest is passed on.
_PASSED_ON = re.compile(
    r"\b(?:(?:what|which|that)\s+(?:i|we)\s+(?:was|were|have been|['’]ve been|had|got|have|received"
    r"|have had)\b[^.!?]{0,40}"
    r"|(?:here|this|below|that)\s(?:is|was|['’]s)\s(?:what|how|the|an?|his|her|their)\b[^.!?]{0,60}"
    rf"\b(?:{_TELLS}|{_MESSAGE})\b[^.!?]{{0,40}}"
    r"|(?:had|have|got|received|receiv\w+|pass(?:ing|ed)?(?: on)?|shar(?:e|ing)|forward(?:ing|ed)?|past(?:e|ing|ed)"
    r"|cop(?:y|ying|ied))\s"
    r"(?:\w+\s){0,4}(?:this|these|the following|below|what|the below)\b[^.!?]{0,60}?\b(?:from|sent|wrote|said|below"
    r"|by)\b[^.!?]{0,40}"
    rf"|(?:{_MESSAGE})\b[^.!?]{{0,40}}\bbelow\b[^.!?]{{0,20}})",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(r"\s*[*_]{0,2}(?:from|oddi wrth|gan)\s*[:：][*_]{0,2}\s*(\S[^.!?:]{0,60})", re.IGNORECASE)
_HEADING = re.compile(
    rf"\W{{0,4}}(?:{_MESSAGE}|chat|call|forwarded|fwd|passed on|pasted|copied)\W?\s+(?:received\s+)?"
    r"(?:from|by|gan)\s+\S.{0,60}",
    re.IGNORECASE,
)
_FRAMED = re.compile(r"\s*([-=_*~#])\1{2,}\s*(\S.{1,80}?)\s*[-=_*~#]{2,}\s*")
_FRAMED_TELLS = re.compile(rf"\b(?:{_TELLS}|{_MESSAGE}|original|start|begin\w*|quote\w*|dad|mum|from)\b", re.IGNORECASE)
_BARE = re.compile(rf"\s*(?:[A-Z]\S*\s){{1,4}}(?:{_TELLS})(?:\s(?:to\s)?(?:me|us|this|back))?\s*")
_INLINE = re.compile(rf"[^.!?:]{{0,120}}\b(?:{_TELLS})(?:\s(?:to\s)?(?:me|us|that|this))?\s*[:：]\s+\S", re.IGNORECASE)
_RULE = re.compile(r"\s*([-_=*~#])\1{7,}\s*")
# A short line is drawn between one's own paragraphs too: it sets words apart only where what stands above points to it.
_SHORT_RULE, _POINTS_BELOW = re.compile(r"\s*([-_=*~#])\1{2,}\s*"), re.compile(r"\b(?:below|isod)\b\W*$", re.IGNORECASE)
_CHAT = re.compile(
    r"\s*\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]m)?\]?\s*[-–:]?\s*[^:\n]{1,40}:\s",
    re.I,
)
_BARRED = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]{0,8}[|¦»}‖│┃▌▍▎▏❘❙❚]\s?[^|]*")
_INDENTED = re.compile(r"(?:[^\S\n]{3,}|\t|[\u2001\u2003\u3000\u2800\u3164]{2,})\s*(?![-*•·o§+]\s|\(?\w{1,3}[.)]\s)\S")
_LABELLED = re.compile(r"\s*[A-Z][\w'’ /()-]{1,40}:\s")


def apart(own: str, is_answer: bool, introducing: frozenset[str] = frozenset()) -> tuple[str, str]:
    """``own`` without what it passes on, and that; "" where it passes nothing on. The line that introduces it stays, so
    that no message is emptied. A new message may begin with a memo's "From: ". ``introducing`` are lines below which
    a mail program's quotation stood: what they introduce has gone already.
    """
    lines = own.split("\n")
    others = _marked(lines)
    for at in range(len(lines)):
        if others[at] or lines[at] in introducing or _next_is_marked(others, lines, at):
            continue
        end = _introduced(lines, at, is_answer)
        if end:
            others[end:] = [True] * (len(lines) - end)
            break
    if not any(others) or all(others[at] or not line.strip() for at, line in enumerate(lines)):
        return own, ""
    kept, passed_on = (
        "\n".join(line for line, is_others in zip(lines, others, strict=True) if is_others is whose).strip("\n")
        for whose in (False, True)
    )
    return (kept, passed_on) if passed_on.strip() else (own, "")


def _next_is_marked(others: Sequence[bool], lines: Sequence[str], at: int) -> bool:
    """Whether the passed-on words that a line introduces are set apart by its shape, and so end where that ends."""
    below = _next(lines, at + 1)
    return below < len(lines) and others[below]


def is_set_in(line: str) -> bool:
    """Whether a line is indented as passed-on words are, and is no item of a list."""
    return _INDENTED.match(line) is not None


def introduces(line: str) -> bool:
    """Whether a line, alone, says that somebody else's words, passed on, follow."""
    return _is_introduction([line], 0)


def _marked(lines: Sequence[str]) -> list[bool]:
    """Passed-on lines that their own shape marks: a chat's, behind a bar, indented below words that are not, after "X
    said: "."""
    others = [False] * len(lines)
    flush = in_item = False  # something stands at the margin above; the lines above are an item of a list
    for at, line in enumerate(lines):
        if not line.strip():
            in_item = False
            continue
        above = lines[at - 1] if at and others[at - 1] else ""
        in_item = bool(_ITEM.match(line)) or (in_item and line[:1].isspace())
        set_in = flush and not in_item and _INDENTED.match(line)
        goes_on = bool(above.strip()) and (_CHAT.match(above[:200]) or _is_inline(above))
        others[at] = bool(_CHAT.match(line[:200]) or (flush and _BARRED.fullmatch(line)) or set_in or goes_on)
        flush = flush or not line[:1].isspace()
    return others


_ITEM = re.compile(r"\s*(?:[-*•·o§+]|\(?\w{1,3}[.)])\s")


def _is_inline(line: str) -> bool:
    return bool(_INLINE.match(line[:LONGEST_INTRODUCTION])) and _is_of_others(line[: line.index(":")])


def _introduced(lines: Sequence[str], at: int, is_answer: bool) -> int:
    """Where the passed-on words that this line introduces begin, 0 if it introduces none."""
    line = lines[at].strip()
    below = _next(lines, at + 1)
    if not line or below >= len(lines):
        return 0
    if len(line) > LONGEST_INTRODUCTION * 4:
        return 0
    if _RULE.fullmatch(line):
        return at + 1 if any(one.strip() for one in lines[:at]) and not _LABELLED.match(lines[below]) else 0
    if _SHORT_RULE.fullmatch(line):
        above = [one for one in lines[:at] if one.strip()]
        return at + 1 if above and _POINTS_BELOW.search(above[-1]) else 0
    framed = _FRAMED.fullmatch(line)
    if framed and _FRAMED_TELLS.search(framed[2]):
        return at + 1
    if _is_heading(lines, at, below, is_answer) or _is_introduction(lines, at):
        return at + 1
    if _PASSED_ON.search(line) and not _is_ours(line):
        return _paragraph_end(lines, at)
    return 0


def _next(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _paragraph_end(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and lines[at].strip():
        at += 1
    return at if _next(lines, at) < len(lines) else 0


def _is_heading(lines: Sequence[str], at: int, below: int, is_answer: bool) -> bool:
    """A heading over words passed on, "From: Dad", "Text from Dad 09:12", "Mum wrote": short, on a line of its own."""
    line = lines[at].strip()
    words = len(line.split())
    if words > LONGEST_HEADING or line.endswith((".", "!", "?", ",")):
        return False
    named = _FROM_LINE.fullmatch(line) if is_answer else None
    if named and len(named[1].split()) <= 6 and not _LABELLED.match(lines[below]):
        return True
    apart = (at == 0 or not lines[at - 1].strip() or bool(CLOSING_LINE.fullmatch(lines[at - 1]))) and not _is_ours(line)
    return bool(
        apart
        and not _OCCASIONS.search(line)
        and (_HEADING.fullmatch(line) or (below > at + 1 and _BARE.fullmatch(line)))
    )


def _is_introduction(lines: Sequence[str], at: int) -> bool:
    """A line that introduces words passed on: it (or one that was wrapped) ends with a colon and tells of somebody's
    words."""
    line = lines[at].strip()
    if not _ENDS.search(line):
        return False
    whole = line
    if at > 0 and lines[at - 1].strip() and not lines[at - 1].rstrip().endswith((".", "!", "?", ":")):
        whole = f"{lines[at - 1].strip()} {line}"
    sentence = re.split(r"(?<=[.!?])\s+", whole[-LONGEST_INTRODUCTION:])[-1]
    return _is_of_others(sentence)


def _is_of_others(sentence: str) -> bool:
    """Whether a line tells of words passed on, and those are not the writer's own."""
    verbs = [
        met
        for met in _VERB.finditer(sentence)
        if sentence[: met.start()].strip(" *_") or met[0].islower() or _WELSH_VERB.fullmatch(met[0])
    ]
    if any(not _is_spoken_by_us(sentence[: met.start()]) for met in verbs):
        return not _is_ours(sentence)
    return not verbs and bool(_NOUN.search(sentence)) and not (_is_ours(sentence) or _OCCASIONS.search(sentence))


def _is_spoken_by_us(before: str) -> bool:
    """Our own words and none passed on, "as I said", "our letter says"; what we were sent is another's."""
    if _PASSIVE.search(before):
        return False
    rest = re.sub(r"\b(?:have|had|also|already|just|then|now|has|did|do)\s*$", "", before.rstrip(), flags=re.IGNORECASE)
    return bool(_FIRST_PERSON.search(rest) or _OURS.search(rest))


def _is_ours(line: str) -> bool:
    """ "Please find our letter below", "my note of the call"."""
    return bool(
        re.search(rf"\b(?:my|our)\s(?:\w+\s){{0,3}}(?:{_MESSAGE}|proposals?|answers?|form)\b", line, re.IGNORECASE)
    )
