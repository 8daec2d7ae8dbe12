"""The writer's own new words: no quotation, signature, disclaimer, banner or list tail, none of our own letter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.mail.incoming.message import Message
from mailbot.mail.incoming.quotation import RULE, QuotedLine, Split, split_quotation

# The writer's own new words: no quotation, no signature, no disclaimer, none of our own letter.
#
# Commands and decisions are read from ``Words.own`` and from nowhere else, so what is doubtful leaves it: a quoted
# line never stays. But a sentence of the writer's never goes either, and a message is never emptied of words: one
# that only forwards keeps the forwarded words and says so in ``forwarded``, and then nothing in them is the writer's
# instruction.

_LONGEST_READ, _MOST_LINES = 100_000, 4_000


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A body taken apart. ``interleaved``: answers stand between or below quoted lines (which are not in ``own``).

    ``forwarded``: the writer added nothing, ``own`` holds somebody else's words, or a signature alone; read no command
    from them.
    ``own`` is "" only where nothing was written, or nothing above the marker of our own letter.
    """

    own: str
    quoted: str
    signature: str
    interleaved: bool
    marker_found: bool
    forwarded: bool
    written: str  # own words with the sign-off and signature below them: for showing, not for reading commands


def own_words(message: Message) -> OwnWords:
    """The writer's own words in a message; of a long text the first 100,000 characters or 4,000 lines are read."""
    is_answer = bool(message.references) or message.subject[:4].lower() in _ANSWERS
    text = "\n".join(message.text[:_LONGEST_READ].split("\n")[:_MOST_LINES])
    return words_of(text, is_answer, message.sender.name or message.sender.address.partition("@")[0])


_SIGNED_ONLY = re.compile(r"--[ \t]*\n")  # RFC 3676 4.3: all that follows is a signature
_ANSWERS = ("re: ", "fw: ", "fwd:", "aw: ", "sv: ", "wg: ", "tr: ", "rv: ")


def words_of(text: str, is_answer: bool = True, name: str = "") -> OwnWords:
    """The writer's own words in a text alone; ``is_answer`` False keeps a memo head at the top as the writer's own.

    ``name`` is the writer's: where it stands alone near the end, the signature begins.
    """
    parted = split_quotation(text, may_begin_quoted=is_answer)
    own, interleaved = _own_lines(parted)
    written = without_footers(own, PUBLIC_BODY_NOTICES)
    body, signature = (part.strip() for part in ending_of(without_footers(own), name))
    quoted = "\n".join(
        line for line, whose in zip(parted.lines, parted.whose, strict=True) if whose is QuotedLine.QUOTED
    ).strip()
    if body or parted.marker:
        others = parted.forward or _SIGNED_ONLY.match(body) is not None
        return OwnWords(body, quoted, signature, interleaved, parted.marker, others, written)
    kept = text.strip()
    return OwnWords(kept, quoted, "", False, False, bool(quoted), kept)


def _own_lines(parted: Split) -> tuple[str, bool]:
    """The lines of the writer's own words joined, and whether they stand on both sides of a quotation.

    A signature or a list's tail alone below the quotation is no answer and is left out.
    """
    blocks: list[list[str]] = [[]]
    last = QuotedLine.OWN
    for line, whose in zip(parted.lines, parted.whose, strict=True):
        if whose is QuotedLine.OWN and last is QuotedLine.QUOTED:
            blocks.append([])
        if whose is QuotedLine.OWN:
            blocks[-1].append(line)
        last = whose
    said = [block for block in blocks if any(line.strip() for line in block)]
    while len(said) > 1 and is_tail(said[-1]):
        said.pop()
    return "\n\n".join("\n".join(block).strip("\n") for block in said), len(said) > 1


# What stands at the edges of a message and is not its words: signatures, disclaimers, markings, banners, list tails.
#
# Tables of the phrases UK public bodies put there. They are only looked for at the top and at the bottom: the same
# words in the middle of a message are the writer's.

# A line that begins the signature. RFC 3676 4.3 says "-- "; many clients lose the space.
DASHES = re.compile(r"\s{0,2}(?:--|—|- -|-{2,3}\s)\s*")
# A client's own advertisement; the device must be named, for people write "sent from my desk" as well.
_DEVICES = (
    r"(?:iphone|ipad|ipod|android|galaxy|samsung|huawei|honor|nokia|pixel|xiaomi|oneplus|htc|lg|sony"
    r"|xperia|blackberry|windows|outlook|mail"
    r"|gmail|yahoo|hotmail|mobile|phone|smartphone|handheld|tablet|device|handy|telefon|tel[eé]fono"
    r"|t[eé]l[eé]phone|m[oó]vil|celular|smartphone"
    r"|sparrow|thunderbird|protonmail|proton|nine|spark|mailbird|airmail|aqua|bluemail|o2|vodafone|ee"
    r"|three|nhsmail|egress|meego|inbox)"
)
SENT_FROM = re.compile(
    r"\s*[<\[(*_]*(?:sent (?:from|using|via|with|by)|get|von|gesendet|envoy[eé]|enviado|inviato|sendt"
    r"|skickat|verstuurd|verzonden"
    r"|отправлено|wysłane|lähetetty|från|diese nachricht wurde von|anfonwyd)\b[^,;!?]{0,60}?\b"
    + _DEVICES
    + r"\b[^,;!?]{0,90}",
    re.IGNORECASE,
)
CLOSINGS = (
    "kind regards",
    "kindest regards",
    "warm regards",
    "best regards",
    "regards",
    "best wishes",
    "many thanks",
    "with best wishes",
    "with kind regards",
    "warmest regards",
    "yours sincerely",
    "yours faithfully",
    "sincerely",
    "yours truly",
    "yours",
    "thanks",
    "thank you",
    "thanks and regards",
    "thanks & regards",
    "many thanks and kind regards",
    "thanks again",
    "cheers",
    "best",
    "kr",
    "br",
    "rgds",
    "all the best",
    "thanks in advance",
    "thanks so much",
    "thanks very much",
    "thank you very much",
    "with thanks",
    "sent with kind regards",
    "take care",
    "speak soon",
    "yours ever",
    "respectfully",
    "ta",
    "bw",
    "diolch",
    "cofion cynnes",
    "cofion",
    "gyda diolch",
    "yn gywir",
)
CLOSING_LINE = re.compile(
    r"\s*[-–—]?\s*(?:"
    + "|".join(re.escape(one) for one in sorted(CLOSINGS, key=len, reverse=True))
    + r")\s*[,.!;:-]*\s*",
    re.IGNORECASE,
)
SIGNATURE_LINES, SIGNATURE_LINE, SIGNATURE_SPAN = 16, 110, 40
# A line that begins so speaks, also below "Thanks": losing it would lose an instruction.
SPEAKS = re.compile(
    r"\s*(?:please|we|i|i'm|i've|we've|it|it's|this|that|they|he|she|you|can|could|will|would|do|don't"
    r"|not|let|the|there|if|when|but|and|also|ps|p\.s"
    r"|resolv\w*|escalat\w*|agree\w*|object\w*|note\w*|open\w*|reopen\w*|ignore|yes|no|ok|okay|confirm\w*"
    r"|withdraw\w*|accept\w*|extend\w*"
    r"|undo|wrong|stop|close\w*|move|refer\w*|urgent\w*|help|add|remove|handover|away|happy|mum|dad"
    r"|child)(?=[\s,.!?:;]|$)(?!\.\s?[A-Z])",
    re.IGNORECASE,
)
# Sentences people keep under their name.
FOOTNOTES = re.compile(
    r"\s*(?:please (?:note|be aware)(?: that)? (?:i|my|we|our)\b|(?:i|we) work\b"
    r"|(?:my )?(?:working|normal|usual|office) (?:days|hours|pattern|week)\b|i (?:do not|don't) (?:work|expect)"
    r"|if you (?:receive|get) this|my pronouns|follow us|part[- ]time\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
LIST_RULE = re.compile(r"[_\-=]{2,}\s*")
# The first words of a paragraph that is a disclaimer. Matched against the paragraph on one line.
DISCLAIMERS = re.compile(
    r"[\s*\"'_\-]*(?:"
    r"(?:this|the) (?:e-?mail|message|communication|transmission|information|electronic)\b.{0,160}?"
    r"(?:confidential|privileged|intended (?:only |solely )?for|intended recipient|addressee|swept"
    r"|scanned|virus|monitored|secure|published)"
    r"|(?:the )?information (?:contained )?in this (?:e-?mail|message|communication)"
    r"|if you (?:are not|have received this|receive this).{0,80}(?:intended|in error|by mistake|recipient)"
    r"|(?:confidentiality|disclaimer|legal|privacy|important|data protection|warning|e-?mail) ?(?:notice"
    r"|note|statement|disclaimer|warning)?\s*[:\-–].{0,400}"
    r"(?:confidential|e-?mail|recipient|virus|privac|personal)"
    r"|(?:confidentiality notice|disclaimer|data protection notice)\s*"
    r"|(?:please )?(?:consider|think (?:of|about)) the environment before"
    r"|(?:any|the) (?:views|opinions)\b.{0,120}(?:necessarily|author|sender|those of|individual)"
    r"|(?:all |incoming and outgoing |internet )?e-?mails?\b.{0,80}(?:may be|is not|are"
    r"|can be).{0,40}(?:monitored|intercepted|recorded|secure)"
    r"|(?:we|our|the council|the trust|the force)\b.{0,80}(?:process|use|keep"
    r"|hold)s?\b.{0,60}(?:personal (?:data|information)|privacy notice)"
    r"|(?:for|to find out|find out|read) (?:more|further|how|our)\b.{0,100}(?:privacy notice"
    r"|privacy policy|personal data)"
    r"|(?:internet )?communications? via the (?:gsi|pnn|cjsm|psn)"
    r"|the original of this e-?mail was scanned"
    r"|(?:this|the) (?:footnote|message|e-?mail)\b.{0,60}(?:swept|scanned|checked|certified|virus)"
    r"|(?:please )?note that (?:all |any )?(?:e-?mails?|messages)\b.{0,120}(?:monitored|recorded|disclos)"
    r"|(?:unauthorised|any unauthorised) (?:use|disclosure|copying)"
    r"|save paper|(?:please )?do not print this|please don't print"
    r"|this (?:message|e-?mail) is (?:for|from|intended)\b.{0,120}(?:recipient|addressee|only|group)"
    r"|mae'r (?:e-?bost|neges) (?:hwn|hon)"
    r"|registered (?:office|in england|charity)|(?:\S+ ){0,6}(?:is )?(?:a )?company registered in"
    r")",
    re.IGNORECASE,
)
# The notices of British public bodies, sure enough to be left out of what people are shown as well.
PUBLIC_BODY_NOTICES = re.compile(
    r"[\s*\"'_\-]*(?:this (?:e-?mail|message) and any (?:files?|attachments?|documents?)\b"
    r"|this (?:e-?mail|message) (?:is|may|has|was|contains)\b.{0,120}(?:addressee|intended solely|council"
    r"|nhs|police|virus)"
    r"|internet e-?mail is not to be treated as|(?:internet )?communications? via the (?:gsi|pnn|cjsm|psn)"
    r"|the original of this e-?mail was scanned|this footnote (?:also )?confirms"
    r"|(?:please note:? )?(?:that )?(?:all |any )?(?:incoming and outgoing )?e-?mails? messages? (?:are"
    r"|may be) .{0,40}monitored"
    r"|please note that (?:all )?(?:messages|e-?mails?) sent and received by|any (?:opinions"
    r"|views) expressed (?:are not|in this)"
    r"|(?:we|the council|the trust|the force) (?:keep|process|hold|use)s? .{0,80}(?:data protection"
    r"|personal (?:data|information))"
    r"|unauthorised (?:use|disclosure)|mae'r (?:e-?bost|neges) (?:hwn|hon)|save paper"
    r"|please consider the environment)",
    re.IGNORECASE,
)
# Protective markings and gateway banners, as whole lines. Kept as markings elsewhere, they are not words.
MARKINGS = re.compile(
    r"[\s\[(*#=_>-]*(?:"
    r"(?:classification|protective marking|sensitivity)\s*[:\-].{0,60}"
    r"|(?:not )?protectively marked|restricted|not protectively marked.{0,40}|unclassified"
    r"|(?:hm ?gov ?)?official(?:[ -–]{0,3}sensitive)?(?:\s*[:\-–/]\s*.{0,60})?"
    r"|\[?(?:external|secure|encrypt|confidential|official)\]?"
    r"|private (?:and|&) confidential|strictly confidential|in confidence"
    r")[\s\])*#=_.-]*",
    re.IGNORECASE,
)
BANNERS = re.compile(
    r"[\s\[(*#=_>!\-⚠️]*(?:(?:caution|warning|attention|external|think before|be careful|notice|alert)\b.{0,40}?"
    r"(?:e-?mail|message|sender|organi[sz]ation|links|external).{0,400}"
    r"|(?:this|the) (?:e-?mail|message|sender)\b.{0,60}(?:originated|came|comes|was sent"
    r"|is) (?:from )?(?:an? )?(?:outside|external).{0,400}"
    r"|you don't often get e?-?mail from .{0,300}|some people who received this message don't often .{0,300}"
    r"|\[?external e-?mail\]?.{0,200}|do not click (?:on )?(?:any )?links.{0,300})",
    re.IGNORECASE,
)


def without_footers(text: str, notices: re.Pattern[str] = DISCLAIMERS) -> str:
    """A writer's own words without notices, markings and client advertisements at their edges;
    signatures stay; never emptied."""
    lines = _cut_disclaimers(text.rstrip().split("\n"), notices)
    return strip_edges("\n".join(lines[: _without_advertisement(lines, len(lines))]))


def is_tail(lines: Sequence[str]) -> bool:
    """Is a block of lines a mere tail to a writer's own words: only a signature, a notice or a mailing list's tail?"""
    said = [line for line in lines if line.strip()]
    first = said[0] if said else ""
    begins = DASHES.fullmatch(first) or RULE.fullmatch(first) or SENT_FROM.fullmatch(first[:200])
    return bool(not said or begins or DISCLAIMERS.match(" ".join(said)[:600]) or MARKINGS.fullmatch(first[:120]))


def ending_of(text: str, name: str = "") -> tuple[str, str]:
    """The writer's own words and their ending, the signature, which begins at "-- ", "Sent from my …", a closing or
    the writer's own full name.

    It is looked for near the end only. ``name`` is the writer's, in any order; "" if unknown.
    """
    lines = text.rstrip().split("\n")
    at = _named_start(lines, _signature_start(lines), name)
    body, below = lines[:at], lines[at:]
    return ("\n".join(body), "\n".join(below)) if any(line.strip() for line in body) else ("\n".join(lines), "")


def _without_advertisement(lines: Sequence[str], end: int) -> int:
    last = _last_said(lines, end)
    while last > 0 and SENT_FROM.fullmatch(lines[last][:200]):
        end, last = last, _last_said(lines, last)
    return end


def _signature_start(lines: Sequence[str]) -> int:
    end = len(lines)
    for index in range(max(1, end - SIGNATURE_SPAN), end):
        if lines[index] == "-- " or (
            DASHES.fullmatch(lines[index]) and _is_signature(lines[index + 1 : end], SIGNATURE_LINES)
        ):
            end = index
            break
    end = _without_advertisement(lines, end)
    return _closing_start(lines, end)


def _closing_start(lines: Sequence[str], end: int) -> int:
    for index in range(max(1, end - SIGNATURE_LINES - 2), end):
        if CLOSING_LINE.fullmatch(lines[index][:80]) and _is_signature(lines[index + 1 : end], SIGNATURE_LINES):
            return index
    return end


def _named_start(lines: Sequence[str], end: int, name: str) -> int:
    """Where the writer's own words end in their full name, alone with nothing but a signature below it."""
    own = {word.lower() for word in _WORD.findall(name)}
    for index in range(max(1, end - SIGNATURE_SPAN), end):
        words = [word.lower() for word in _WORD.findall(lines[index].split("(")[0])]
        if 2 <= len(words) <= 5 and len(own.intersection(words)) >= 2 and own.issuperset(words[-1:]):
            below = [line for line in lines[index + 1 : end] if not FOOTNOTES.match(line)]
            if _is_signature(below, SIGNATURE_LINES):
                return index
    return end


def _is_signature(below: Sequence[str], most: int) -> bool:
    """Few, short lines that no sentence runs through."""
    said = [line.strip() for line in below if line.strip()]
    return len(said) <= most and all(len(line) <= SIGNATURE_LINE and not _is_sentence(line) for line in said)


def _is_sentence(line: str) -> bool:
    """Is a line one of running words, the writer's own rather than a signature's? It begins like one, or is
    long with few capitals."""
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    return bool(SPEAKS.match(line)) or (len(words) > 4 and small > len(words) * 0.6)


def _last_said(lines: Sequence[str], end: int) -> int:
    index = end - 1
    while index >= 0 and not lines[index].strip():
        index -= 1
    return index


def _paragraph_start(lines: Sequence[str], last: int) -> int:
    start = last
    while start > 0 and lines[start - 1].strip() and not RULE.fullmatch(lines[start - 1]):
        start -= 1
    return start


def _cut_disclaimers(lines: list[str], notices: re.Pattern[str]) -> list[str]:
    """Takes disclaimers off the bottom of a writer's own words, paragraph by paragraph, with
    the rules drawn round them.

    A paragraph that does not look like one is only passed over when a disclaimer stands above it within a few
    paragraphs: the address of the council under its legal notice.
    """
    end, cut = len(lines), len(lines)
    passed = 0
    while passed < 4:
        last = _last_said(lines, end)
        if last < 0:
            break
        start = _paragraph_start(lines, last)
        paragraph = " ".join(" ".join(lines[start : last + 1]).split())[:600]
        if RULE.fullmatch(lines[last]):
            start = last
        if notices.match(paragraph) or MARKINGS.fullmatch(paragraph[:120]):
            cut, passed = start, 0
        elif not RULE.fullmatch(lines[last]):
            passed += 1
        end = start
    while cut > 0 and cut < len(lines) and (not lines[cut - 1].strip() or RULE.fullmatch(lines[cut - 1])):
        cut -= 1
    cut = min(cut, _list_tail(lines))
    return lines[:cut] if any(line.strip() for line in lines[:cut]) else lines


def _list_tail(lines: Sequence[str]) -> int:
    """Where the writer's own words give way to a mailing list's own lines, the length if nowhere."""
    for index in range(max(0, len(lines) - 12), len(lines) - 1):
        if LIST_RULE.fullmatch(lines[index]) and "mailing list" in lines[index + 1].lower():
            return index
    return len(lines)


def strip_edges(text: str) -> str:
    """A writer's own words without markings and banners at their top and markings at their bottom; never emptied."""
    lines = text.split("\n")
    start, end = 0, len(lines)
    while start < end and (not lines[start].strip() or _is_top(lines[start])):
        start += 1
    while end > start and (not lines[end - 1].strip() or MARKINGS.fullmatch(lines[end - 1][:120])):
        end -= 1
    kept = "\n".join(lines[start:end]).strip()
    return kept or text.strip()


def _is_top(line: str) -> bool:
    return bool(MARKINGS.fullmatch(line[:120]) or BANNERS.fullmatch(line[:500]))
