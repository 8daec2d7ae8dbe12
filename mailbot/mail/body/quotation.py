"""Quotation: where the writer stops and what they answer begins, line by line.

Two shapes exist. A *prefixed* quotation (``> ``) can be taken out line by line, whatever stands below it. An
*unprefixed* one (Outlook and its kin) runs to the end once it has begun; it is only believed when its header block
holds an address or a date, because ordinary sentences begin with "From:" and "Sent:" too, and in this mailbox such
a sentence may be about a child.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from mailbot.mail.body.wording_of_mail_clients import (
    A_DATE,
    A_TIME,
    AN_ADDRESS,
    DATE_AND_ADDRESS,
    DAY_WORDS,
    DIVIDERS,
    GROUPWISE,
    INVISIBLE,
    LABEL_KIND,
    LABEL_LINE,
    LOTUS_DATE,
    LOTUS_NAME_AND_DATE,
    MARKER_LINE,
    OPENS_ATTRIBUTION,
    QUOTED_LINE,
    RULE,
    WROTE_END,
)

_SENTENCE_END = re.compile(r"[^\W\d_]{3,}[.!?]\s*$")
_PLAIN_WORD, _TELLING = re.compile(r"\b[a-z]{3,}\b"), 2


LONGEST_LINE = 400
BLOCK_LINES = 24
WRAPPED_LINE, WRAPPED_REST, LONG_LINE = 60, 50, 74
ATTRIBUTION_LINES = 4


class QuotedLine(Enum):
    OWN = "own"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Split:
    """The lines of a text and whose they are; ``cut`` is where an unprefixed quotation begins (len if nowhere)."""

    lines: tuple[str, ...]
    whose: tuple[QuotedLine, ...]
    cut: int
    forward: bool
    marker: bool


def _label(line: str) -> tuple[str, str]:
    match = LABEL_LINE.fullmatch(line[:LONGEST_LINE].translate(INVISIBLE))
    kind = LABEL_KIND.get(match.group(1).strip().lower(), "") if match else ""
    return (kind, match.group(2)) if match and kind else ("", "")


def _is_dated(text: str) -> bool:
    return bool(
        A_DATE.search(text) or (A_TIME.search(text) and (DAY_WORDS.search(text) or any(c.isdigit() for c in text)))
    )


def header_block(lines: Sequence[str], at: int) -> int:
    """The number of lines of the header block with which a client begins its quotation here, 0 if none does.

    Three kinds of label are needed (two under a drawn line), From or To among them, and proof: an address or a date.
    """
    kind, value = _label(lines[at])
    if kind not in {"from", "date", "to", "subject"}:
        return 0
    seen: dict[str, str] = {}
    last, blank, index = at, 0, at
    for index in range(at, min(len(lines), at + BLOCK_LINES)):
        kind, value = _label(lines[index])
        if blank and (kind == "from" or kind in seen) and index + 1 < len(lines) and _label(lines[index + 1])[0]:
            return 0  # the client's block begins here: what stands above the gap are the writer's own lines
        if kind and kind not in seen:
            seen[kind] = value
            last, blank = index, 0
        elif not lines[index].strip():
            blank += 1
            if blank > 1 or (len(seen) > 2 and "subject" in seen):
                break
        elif (not kind and blank) or (not kind and index - last > 8):
            break
    if len(seen) < (2 if _is_ruled_off(lines, at) else 3) or not seen.keys() & {"from", "to"}:
        return 0
    block = "\n".join(_of_the_labels(lines[at : last + 1]))[:2000]
    addressed = AN_ADDRESS.search(seen.get("from", "")) or AN_ADDRESS.search(seen.get("to", ""))
    dated = _is_dated(seen.get("date", ""))
    if "from" in seen and (dated or addressed or (len(seen) >= 4 and _is_dated(block))):
        return last - at + 1
    # Lotus Notes puts the name and the date above To, cc and Subject.
    return (
        last - at + 1
        if "from" not in seen
        and {"to", "subject"} <= seen.keys()
        and (addressed or dated or _lotus_start(lines, at) < at)
        else 0
    )


def _of_the_labels(block: Sequence[str]) -> Iterator[str]:
    """The lines of a header block that are its own: those with a label, and what stands below a label left empty. A
    sentence that happens to stand between them proves nothing."""
    is_open = False
    for line in block:
        kind, value = _label(line)
        if kind or (is_open and line.strip()):
            yield line
        is_open = not value.strip() if kind else is_open and not line.strip()


def _is_ruled_off(lines: Sequence[str], at: int) -> bool:
    """Whether a drawn line stands directly above."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above >= 0 and RULE.fullmatch(lines[above]) is not None


def _lotus_start(lines: Sequence[str], at: int) -> int:
    """Where the quotation above a Lotus block begins, at its name and date lines; ``at`` itself if there are none."""
    index = at - 1
    while index >= 0 and at - index < 6 and not lines[index].strip():
        index -= 1
    if index < 0 or at - index >= 6:
        return at
    line = lines[index][:LONGEST_LINE]
    if LOTUS_DATE.fullmatch(line):
        for above in (index - 1, index - 2):
            if above < 0 or not 0 < len(lines[above].strip()) < 80:
                return above + 1
            if "sent by:" not in lines[above].lower():
                return above
        return index
    return index if LOTUS_NAME_AND_DATE.fullmatch(line) else at


def attribution(lines: Sequence[str], at: int) -> int:
    """The number of lines of the "On … wrote:" that introduces a quotation here, 0 if none does; a proof of
    date or address is asked."""
    first = lines[at].strip()
    if not first or len(first) > LONGEST_LINE:
        return 0
    joined = ""
    for count in range(1, ATTRIBUTION_LINES + 1):
        if at + count > len(lines):
            return 0
        line = lines[at + count - 1].strip()
        if (not line and count > 1) or _label(line)[0]:
            return 0
        joined = f"{joined} {line}".strip()[: LONGEST_LINE * 2]
        if _closes(joined):
            whole = _is_attribution(joined) and not any(_begins_anew(lines, at, k, count) for k in range(1, count))
            return count if whole and (count == 1 or _opens(lines, at)) else 0
    return 0


def _begins_anew(lines: Sequence[str], at: int, first: int, count: int) -> bool:
    """Does a later line begin a sentence of its own, so that what stands above it is the writer's? Either "On Monday
    she wrote:", whether or not it proves to introduce a quotation, or whatever stands below a sentence's end."""
    rest = " ".join(line.strip() for line in lines[at + first : at + count])[: LONGEST_LINE * 2]
    if not rest[:1].isupper():
        return False
    return bool(OPENS_ATTRIBUTION.match(rest)) or _SENTENCE_END.search(lines[at + first - 1]) is not None


def _opens(lines: Sequence[str], at: int) -> bool:
    """Does a quotation's attribution of several lines begin on this one, and not on the next?"""
    first, second = lines[at].strip(), lines[at + 1].strip()[:LONGEST_LINE]
    if OPENS_ATTRIBUTION.match(second) and _is_dated(second) and not _is_dated(first):
        return False
    return bool(OPENS_ATTRIBUTION.match(first) or A_DATE.search(first) or AN_ADDRESS.search(first))


def _closes(text: str) -> bool:
    tail = text.rstrip(" *_")
    if not tail.endswith((":", "：")):
        return bool(len(tail) < 300 and any(WROTE_END.fullmatch(tail[i:]) for i in _word_starts(tail)))
    return True


def _word_starts(text: str) -> list[int]:
    """Where the last few words begin."""
    starts, at = [], len(text)
    for _ in range(4):
        at = text.rfind(" ", 0, at)
        if at < 0:
            break
        starts.append(at + 1)
    return starts


def _is_attribution(text: str) -> bool:
    tail = text.rstrip(" *_:：")
    wrote = next((i for i in _word_starts(tail)[::-1] if WROTE_END.fullmatch(tail[i:])), None)
    if wrote is None:
        return bool(DATE_AND_ADDRESS.match(text))
    addresses = list(AN_ADDRESS.finditer(text))
    if addresses and _tells(text[addresses[-1].end() : wrote]):
        return False
    return bool(addresses or (_is_dated(text) and OPENS_ATTRIBUTION.match(text)))


def _tells(between: str) -> bool:
    """Do the words between an address and the verb at the end tell of something, "<address> has the file, and he
    wrote:"? A client puts at most a name or a date there."""
    said = (word[0] for word in _PLAIN_WORD.finditer(between))
    return sum(not (DAY_WORDS.match(word) or OPENS_ATTRIBUTION.fullmatch(word)) for word in said) >= _TELLING


def _is_certain(lines: Sequence[str], at: int, count: int) -> bool:
    """Does the attribution of a quotation say enough to end the own words without a prefix below
    it: a date and an address?

    "On 3 September the school wrote:" introduces what the writer goes on to say themself.
    """
    text = " ".join(lines[at : at + count])[: LONGEST_LINE * 2]
    return bool(_is_dated(text) and AN_ADDRESS.search(text))


def _wrapped_rest(lines: Sequence[str], at: int) -> int:
    """The number of lines a gateway wrapped off the line of quotation above; the quotation goes on right below them.

    An answer written between quoted lines begins with a capital or stands apart; the rest of a long line does neither.
    """
    above = lines[at - 1]
    for count in range(1, 3):
        if at + count >= len(lines) or not lines[at + count - 1].strip():
            return 0
        if QUOTED_LINE.match(lines[at + count]):
            first = lines[at].strip()
            long_above = len(above) >= (WRAPPED_LINE if len(first) < WRAPPED_REST and count == 1 else LONG_LINE)
            return count if long_above and (not first[0].isupper() or len(first) < 12) else 0
    return 0


def _next_said(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def split_quotation(text: str, may_begin_quoted: bool = True) -> Split:
    """A text split into own lines and quotation. ``may_begin_quoted`` False: a header block on the
    first line is the writer's."""
    lines = text.split("\n")
    whose = [QuotedLine.OWN] * len(lines)
    at = 0
    if not may_begin_quoted and lines[first := min(_next_said(lines, 0), len(lines) - 1)]:
        at = first + header_block(lines, first)
    while at < len(lines):
        marker = MARKER_LINE.fullmatch(lines[at][:LONGEST_LINE]) is not None and not QUOTED_LINE.match(lines[at])
        end = at if marker else _end_of_own(lines, at)
        if end is not None:
            return _cut(lines, whose, end, marker)
        quoted = _prefixed(lines, at)
        whose[at : at + quoted] = [QuotedLine.QUOTED] * quoted
        at += quoted or 1
    return _cut(lines, whose, len(lines))


def _end_of_own(lines: Sequence[str], at: int) -> int | None:
    """Where the own words end if an unprefixed quotation begins on this line: there, or a little above."""
    line = lines[at][:LONGEST_LINE]
    if GROUPWISE.fullmatch(line):
        return at
    if QUOTED_LINE.match(line):
        return None
    step = attribution(lines, at)
    if step:
        introduces = _next_said(lines, at + step) < len(lines)  # with nothing below, it is the writer's own last line
        below = _is_prefixed_below(lines, at + step)
        return at if introduces and not below and _is_certain(lines, at, step) else None
    if DIVIDERS.fullmatch(line):
        return at
    if not header_block(lines, at):
        return None
    return at if _label(line)[0] == "from" else _lotus_start(lines, at)  # Lotus: name and date stand in place of From


def _is_prefixed_below(lines: Sequence[str], at: int) -> bool:
    below = _next_said(lines, at)
    if below >= len(lines) or GROUPWISE.fullmatch(lines[below][:LONGEST_LINE]):
        return False
    return QUOTED_LINE.match(lines[below]) is not None


def _prefixed(lines: Sequence[str], at: int) -> int:
    """The number of lines of a prefixed quotation that stand here: the lines that introduce it, or a
    line with what it lost."""
    if QUOTED_LINE.match(lines[at]):
        return 1 + _wrapped_rest(lines, at + 1)
    step = attribution(lines, at)
    return step if step and _is_prefixed_below(lines, at + step) else 0


def _cut(lines: list[str], whose: list[QuotedLine], at: int, marker: bool = False) -> Split:
    """The split at a line, a divider just above it taken along."""
    above = at - 1 if at < len(lines) else -1
    while above >= 0 and (not lines[above].strip() or RULE.fullmatch(lines[above])):
        at = above if lines[above].strip() else at
        above -= 1
    whose[at:] = [QuotedLine.QUOTED] * (len(lines) - at)
    found = marker or any(
        MARKER_LINE.fullmatch(line[:LONGEST_LINE]) for line in lines if "above this line" in line.lower()
    )
    forward = any("forward" in line[:60].lower() for line in lines[at : at + 2])
    return Split(tuple(lines), tuple(whose), at, forward, found)
