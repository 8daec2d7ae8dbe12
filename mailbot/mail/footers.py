"""What stands at the edges of a message and is not its words: signatures, disclaimers, markings, banners, list tails.

Tables of the phrases UK public bodies put there. They are only looked for at the top and at the bottom: the same
words in the middle of a message are the writer's.
"""

import re
from collections.abc import Sequence

# A line that begins the signature. RFC 3676 4.3 says "-- "; many clients lose the space.
DASHES = re.compile(r"\s{0,2}(?:--|—|- -|-{2,3}\s)\s*")
SENT_FROM = re.compile(
    r"\s*[<\[(]?(?:sent from (?:my|a|the)?\s?\S.{0,60}|sent (?:using|via|with) \S.{0,60}|get outlook for \S.{0,60}"
    r"|von meinem \S.{0,60} gesendet|gesendet (?:von|mit) \S.{0,60}|envoyé (?:de|depuis) (?:mon|ma)?\s?\S.{0,60}"
    r"|enviado (?:desde|do|de) (?:mi|meu)?\s?\S.{0,60}|inviato da(?:l mio)? \S.{0,60}|sendt fra (?:min)?\s?\S.{0,60}"
    r"|skickat från (?:min)?\s?\S.{0,60}|verstuurd vanaf (?:mijn)?\s?\S.{0,60}|verzonden (?:vanaf|met) \S.{0,60}"
    r"|отправлено (?:с|из) \S.{0,60}|wysłane z \S.{0,60}|lähetetty \S{3,40}|cordialement envoyé.{0,60}"
    r"|sent on the (?:go|move).{0,60}|\S{0,30} iphone\s*)[>\])]?\.?\s*",
    re.IGNORECASE,
)
CLOSINGS = (
    "kind regards", "kindest regards", "warm regards", "best regards", "regards", "best wishes", "many thanks",
    "with best wishes", "with kind regards", "warmest regards", "yours sincerely", "yours faithfully", "sincerely",
    "yours truly", "yours", "thanks", "thank you", "thanks and regards", "thanks & regards", "many thanks and kind regards",
    "thanks again", "cheers", "best", "kr", "br", "rgds", "all the best", "thanks in advance", "thanks so much",
    "thanks very much", "thank you very much", "with thanks", "sent with kind regards", "take care", "speak soon",
    "yours ever", "respectfully", "ta", "bw", "diolch", "cofion cynnes", "cofion", "gyda diolch", "yn gywir",
)  # fmt: skip
CLOSING_LINE = re.compile(
    r"\s*[-–—]?\s*(?:"
    + "|".join(re.escape(one) for one in sorted(CLOSINGS, key=len, reverse=True))
    + r")\s*[,.!;:-]*\s*",
    re.IGNORECASE,
)
SIGNATURE_LINES, SIGNATURE_LINE = 16, 110
RULE = re.compile(r"\s*[-_=*~#.]{4,}\s*")

# The first words of a paragraph that is a disclaimer. Matched against the paragraph on one line.
DISCLAIMERS = re.compile(
    r"[\s*\"'_\-]*(?:"
    r"(?:this|the) (?:e-?mail|message|communication|transmission|information|electronic)\b.{0,160}?"
    r"(?:confidential|privileged|intended (?:only |solely )?for|intended recipient|addressee|swept|scanned|virus|monitored|secure|published)"
    r"|(?:the )?information (?:contained )?in this (?:e-?mail|message|communication)"
    r"|if you (?:are not|have received this|receive this).{0,80}(?:intended|in error|by mistake|recipient)"
    r"|(?:confidentiality|disclaimer|legal|privacy|important|data protection|warning|e-?mail) ?(?:notice|note|statement|disclaimer|warning)?\s*[:\-–].{0,400}"
    r"(?:confidential|e-?mail|recipient|virus|privac|personal)"
    r"|(?:confidentiality notice|disclaimer|data protection notice)\s*"
    r"|(?:please )?(?:consider|think (?:of|about)) the environment before"
    r"|(?:any|the) (?:views|opinions)\b.{0,120}(?:necessarily|author|sender|those of|individual)"
    r"|(?:all |incoming and outgoing |internet )?e-?mails?\b.{0,80}(?:may be|is not|are|can be).{0,40}(?:monitored|intercepted|recorded|secure)"
    r"|(?:we|our|the council|the trust|the force)\b.{0,80}(?:process|use|keep|hold)s?\b.{0,60}(?:personal (?:data|information)|privacy notice)"
    r"|(?:for|to find out|find out|read) (?:more|further|how|our)\b.{0,100}(?:privacy notice|privacy policy|personal data)"
    r"|(?:internet )?communications? via the (?:gsi|pnn|cjsm|psn)"
    r"|the original of this e-?mail was scanned"
    r"|(?:this|the) (?:footnote|message|e-?mail)\b.{0,60}(?:swept|scanned|checked|certified|virus)"
    r"|(?:please )?note that (?:all |any )?(?:e-?mails?|messages)\b.{0,120}(?:monitored|recorded|disclos)"
    r"|(?:unauthorised|any unauthorised) (?:use|disclosure|copying)"
    r"|save paper|(?:please )?do not print this|please don't print"
    r"|to unsubscribe|unsubscribe|for additional commands|you received this message because|you are receiving this|"
    r"to view this discussion|manage your subscription|this (?:message|e-?mail) is (?:for|from|intended)\b.{0,120}(?:recipient|addressee|only|group)"
    r"|mae'r (?:e-?bost|neges) (?:hwn|hon)"
    r"|registered (?:office|in england|charity)|(?:\S+ ){0,6}(?:is )?(?:a )?company registered in"
    r")",
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
    r"|(?:this|the) (?:e-?mail|message|sender)\b.{0,60}(?:originated|came|comes|was sent|is) (?:from )?(?:an? )?(?:outside|external).{0,400}"
    r"|you don't often get e?-?mail from .{0,300}|some people who received this message don't often .{0,300}"
    r"|\[?external e-?mail\]?.{0,200}|do not click (?:on )?(?:any )?links.{0,300})",
    re.IGNORECASE,
)
LIST_TAIL = re.compile(r"\s*(?:_{20,}|-{20,}|~{20,})\s*")
LIST_WORDS = re.compile(r"mailing list|unsubscribe|listinfo|mailto:|https?://|for (?:more|additional)", re.IGNORECASE)


def ending_of(text: str) -> tuple[str, str]:
    """(words, signature). The signature begins at "-- ", "Sent from my …" or a closing near the end; never at the top."""
    lines = text.rstrip().split("\n")
    lines, tail = _cut_disclaimers(lines)
    at = _signature_start(lines)
    body, below = lines[:at], lines[at:]
    if not any(line.strip() for line in body):
        return "\n".join(lines), "\n".join(tail)
    return "\n".join(body), "\n".join([*below, *tail])


def _signature_start(lines: Sequence[str]) -> int:
    end = len(lines)
    for index, line in enumerate(lines):
        if index and DASHES.fullmatch(line) and _is_signature(lines[index + 1 : end], SIGNATURE_LINES):
            end = index
            break
    changed = True
    while changed and end > 0:
        changed = False
        last = _last_said(lines, end)
        if last > 0 and SENT_FROM.fullmatch(lines[last][:200]):
            end, changed = last, True
    return _closing_start(lines, end)


def _closing_start(lines: Sequence[str], end: int) -> int:
    for index in range(max(1, end - SIGNATURE_LINES - 2), end):
        if CLOSING_LINE.fullmatch(lines[index][:80]) and _is_signature(lines[index + 1 : end], SIGNATURE_LINES):
            return index
    return end


def _is_signature(below: Sequence[str], most: int) -> bool:
    """Few, short lines that no sentence runs through."""
    said = [line.strip() for line in below if line.strip()]
    return len(said) <= most and all(len(line) <= SIGNATURE_LINE and not _is_sentence(line) for line in said)


def _is_sentence(line: str) -> bool:
    """A line of running words: long, with few capitals, and an ending of its own."""
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    return len(words) > 6 and small > len(words) * 0.6


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


def _cut_disclaimers(lines: list[str]) -> tuple[list[str], list[str]]:
    """Take disclaimers off the bottom, paragraph by paragraph, with the rules drawn round them.

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
            if passed == 0:
                pass
        if _is_footer(paragraph):
            cut, passed = start, 0
        elif not RULE.fullmatch(lines[last]):
            passed += 1
        end = start
    while cut > 0 and cut < len(lines) and (not lines[cut - 1].strip() or RULE.fullmatch(lines[cut - 1])):
        cut -= 1
    return (lines[:cut], lines[cut:]) if any(line.strip() for line in lines[:cut]) else (lines, [])


def _is_footer(paragraph: str) -> bool:
    return bool(DISCLAIMERS.match(paragraph) or MARKINGS.fullmatch(paragraph[:120]))


def strip_edges(text: str) -> str:
    """The text without markings and banners at its top and markings at its bottom; never emptied."""
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
