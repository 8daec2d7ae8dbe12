"""Signatures, notices and markings: what stands at the edges of a message and is not its words.

Also disclaimers, gateways' banners, clients' advertisements, a meeting's particulars, list tails. Tables of the phrases
UK public bodies put there, and shapes. They are only looked for at the top and at the bottom: the same words in the
middle of a message are the writer's.
"""

import re
from collections.abc import Sequence

from mailbot.mail import lexicon
from mailbot.mail.body.wording_of_mail_clients import RULE

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
    r"\s*[<\[(*_]*(?:sent (?:from|using|via|with|by)(?! [\w-]+['\u2019]s\b)|get|von|gesendet|envoy[eé]|enviado"
    r"|inviato|sendt|skickat|verstuurd|verzonden"
    r"|отправлено|wysłane|lähetetty|från|diese nachricht wurde von|anfonwyd)\b[^,;!?]{0,60}?\b"
    + _DEVICES
    + r"\b[^,;!?]{0,90}",
    re.IGNORECASE,
)
# The same by its shape, whatever the product: "Sent with …", beside nothing but an excuse for its writer's thumbs. Only
# kept apart with the signature, because a desk may stand there as well as a telephone.
_SENT_BY_SHAPE = re.compile(
    r"[\s<\[(*_>-]{0,6}(?:(?:this (?:e-?mail|message) (?:was|is) )?(?:sent|written|composed|typed|dictated"
    r"|scanned)(?: (?:to you|quickly|securely"
    r"|wirelessly))? (?:from|using|via|with|on|through|by (?=(?-i:[A-Z])))|get \S+(?: \S+)? (?:for|app)"
    r"|(?:wedi['’]i )?(?:h?anfon|anfonwyd)\w* (?:o|gan|gyda|drwy)\b|o fy ffôn"
    r"|gesendet (?:von|mit)|von meinem|envoy[eé]e? (?:de|depuis|avec|à)|enviado (?:desde|do|de|con)|inviato (?:da|dal"
    r"|con)"
    r"|(?:verstuurd|verzonden) (?:vanaf|met|via)|skickat från|sendt fra|wysłan[eo] z|lähetetty)\b.{0,80}",
    re.IGNORECASE,
)
_EXCUSES = re.compile(
    r"\b(?:excuse|forgive|apolog\w+|sorry|pardon|typos?|brevity|brief\w*|terse\w*|spelling|mis-?spell\w*|autocorrect"
    r"|predictive"
    r"|fat fingers?|thumbs?|on the (?:move|go|train|road)|any errors?)\b",
    re.IGNORECASE,
)
_SAYS_MORE = re.compile(
    r"@|\b\d{1,2}[:./]\d{2}\b|\b(?:we|he|she|they|you|must|cannot|should|resolved|escalate|confirm|agreed?)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,2}(?:st|nd|rd|th)?\s(?:jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_ADDRESS_LINE = re.compile(r"[\s<(\[]*(?:https?://|www\.)\S+[\s>)\]]*", re.IGNORECASE)
MOST_ADVERTISED = 14  # words
# What a meeting's invitation carries below its words.
_JOINS = re.compile(
    r"\s*(?:\W{0,4}(?:microsoft teams|zoom|google meet|webex|skype)\b.{0,40}(?:meeting|help|call)?|.{0,30}\b(?:join"
    r"|ymuno)\b.{0,60}"
    r"(?:meeting|call|conference|computer|app|device|cyfarfod).{0,60}|join(?: (?:zoom|now|online|here))?\b.{0,20}"
    r"|(?:or )?dial\b.{0,60})",
    re.IGNORECASE,
)
_OF_A_MEETING = re.compile(
    r"\s*(?:(?:meeting|conference|webinar|phone conference)\s?(?:id|number|code)\b.{0,60}|(?:pass ?code|password|pin"
    r"|topic|time|host key)\s*[:#].{0,80}"
    r"|(?:tel:)?\+?[\d ()-]{7,20}.{0,60}|.{0,10}(?:https?://|<https?|<tel:)\S*.{0,20}|(?:learn more|meeting options"
    r"|need help|find a local number"
    r"|for organi[sz]ers|download (?:teams|the app)|join on the web|system reference|or call in|reset|call in|one tap"
    r"|join by|join with|privacy"
    r"|video conferenc\w+).{0,100})",
    re.IGNORECASE,
)
CLOSINGS = tuple(word for table in ("closing", "farewell", "thanks") for word in lexicon.vocabulary_in_order(table))
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
# Classification lines are made of few words, whichever scheme they are of: one of the first and nothing but the second.
_CLASSES = frozenset(
    [
        "official",
        "restricted",
        "confidential",
        "confidentiality",
        "secret",
        "protect",
        "unclassified",
        "marked",
        "classified",
        "swyddogol",
        "cyfrinachol",
        "cyfyngedig",
        "sensitive",
    ]
)
_CLASSED_WORDS = """
personal commercial locsen when once complete completed not protectively protected nhs patient identifiable data
internal external only use private and strictly in confidence police gov hm hmgov government uk eyes handling
caveat no marking protective classification security if until filled information os o wedi'i gwblhau personol
sensitif pan level il2 il3 gpms gsc tlp amber red green white clear business public limited distribution
circulation staff partner partners agency agencies multi safeguarding child children
"""
_CLASSED = _CLASSES | frozenset(_CLASSED_WORDS.split())
# "ZjQcmQRYFpfptBannerStart": a gateway's own brackets round its warning.
_BRACKET = re.compile(r"\s*\S{0,40}banner\S{0,10}?(start|end)\s*", re.IGNORECASE)
MOST_BANNER_LINES = 14
_WARNS_OF = re.compile(
    r"\b(?:external|outside|unknown|unverified|untrusted|suspicious|unusual|first time|don['’]t often|do not often"
    r"|not verified|could not be verified"
    r"|tu allan|allanol)\b",
    re.IGNORECASE,
)
_WARNED_OF = re.compile(
    r"\b(?:e-?mails?|messages?|sender|senders|organi[sz]ation|council|trust|network|domain|address|source|e-?bost"
    r"|neges|sefydliad|anfonwr)\b",
    re.I,
)
_WARNED_TOO = re.compile(
    r"\b(?:click|links?|attachments?|phish\w*|recogni[sz]e|report (?:suspicious|this|phishing|spam)|service ?desk"
    r"|help ?desk|caution|learn (?:why|more)"
    r"|trust (?:the|this)|is safe|be careful|impersonat\w+|verify|dolen(?:nau|ni)?|atodiad\w*)\b",
    re.IGNORECASE,
)
_OF_A_CHILD = re.compile(
    r"\b(?:child|children|mum|dad|mother|father|school|family|he|she|his|her|visit|escalat\w+|resolved)\b",
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
    """A text without disclaimers, markings and client advertisements at their edges; signatures stay; never emptied."""
    lines = _cut_disclaimers(text.rstrip().split("\n"), notices)
    return strip_edges("\n".join(lines[: _without_advertisement(lines, len(lines))]))


def is_tail(lines: Sequence[str]) -> bool:
    """Is a block of lines a mere tail: only a signature, a disclaimer or a mailing list's tail?"""
    said = [line for line in lines if line.strip()]
    first = said[0] if said else ""
    begins = DASHES.fullmatch(first) or RULE.fullmatch(first) or SENT_FROM.fullmatch(first[:200])
    return bool(not said or begins or DISCLAIMERS.match(" ".join(said)[:600]) or is_marking(first))


def ending_of(text: str, name: str = "") -> tuple[str, str]:
    """Signature and words apart: (words, signature). A signature begins at "-- ", "Sent from my …", a closing or the
    writer's own full name.

    It is looked for near the end only. ``name`` is the writer's, in any order; "" if unknown.
    """
    lines = text.rstrip().split("\n")
    at = _pronouns_start(lines, _named_start(lines, _signature_start(lines), name), name)
    body, below = lines[:at], lines[at:]
    return ("\n".join(body), "\n".join(below)) if any(line.strip() for line in body) else ("\n".join(lines), "")


def _is_advertisement(line: str) -> bool:
    """A client's advertisement below a signature, "Please excuse brevity, sent from my work phone": one clause of the
    shape, the others excuses."""
    if SENT_FROM.fullmatch(line[:200]):
        return True
    if len(line.split()) > MOST_ADVERTISED or _SAYS_MORE.search(line):
        return False
    clauses = [one for one in re.split(r"[,;.!]\s|\s[-–—]\s|\bso\b|\band\b", line.strip(" .!*_<>()[]")) if one.strip()]
    shaped = [_SENT_BY_SHAPE.fullmatch(one.strip()) is not None for one in clauses]
    return any(shaped) and all(one or _EXCUSES.search(clause) for one, clause in zip(shaped, clauses, strict=True))


def _closing_matter(lines: Sequence[str], end: int) -> int:
    """Below a signature, where a client's advertisement and a meeting's particulars begin at the bottom; ``end`` where
    there are none."""
    last = _last_said(lines, end)
    while last > 0:
        at = last
        while at > 0 and _ADDRESS_LINE.fullmatch(lines[at]):
            at = _last_said(lines, at)
        if not _is_advertisement(lines[at]):
            break
        end, last = at, _last_said(lines, at)
    return min(end, _meeting_start(lines, end))


def _meeting_start(lines: Sequence[str], end: int) -> int:
    start = end
    for at in range(end - 1, max(0, end - SIGNATURE_SPAN), -1):
        line = lines[at].strip()
        if line and not (_OF_A_MEETING.fullmatch(line) or _JOINS.fullmatch(line) or RULE.fullmatch(line)):
            break
        if _JOINS.fullmatch(line) or (at + 1 == start and RULE.fullmatch(line)):
            start = at
    block = "\n".join(lines[start:end])
    return start if re.search(r"https?://|meeting id|passcode|conference id", block, re.IGNORECASE) else end


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
    return _closing_start(lines, _closing_matter(lines, end))


def _closing_start(lines: Sequence[str], end: int) -> int:
    for index in range(max(1, end - SIGNATURE_LINES - 2), end):
        if CLOSING_LINE.fullmatch(lines[index][:80]) and _is_signature(lines[index + 1 : end], SIGNATURE_LINES):
            return index
    return end


def _named_start(lines: Sequence[str], end: int, name: str) -> int:
    """Where the writer's own full name stands alone with nothing but a signature below it."""
    own = {word.lower() for word in _WORD.findall(name)}
    for index in range(max(1, end - SIGNATURE_SPAN), end):
        label, colon, _ = lines[index].partition(":")
        if colon and not CLOSING_LINE.fullmatch(label[:80]):
            continue  # "By whom: Octavia Frost" says who does it
        words = [word.lower() for word in _WORD.findall(_PRONOUNS.sub("", lines[index]).split("(")[0])]
        if 2 <= len(words) <= 5 and len(own.intersection(words)) >= 2 and own.issuperset(words[-1:]):
            below = [line for line in lines[index + 1 : end] if not FOOTNOTES.match(line)]
            if _is_signature(below, SIGNATURE_LINES):
                return index
    return end


def _pronouns_start(lines: Sequence[str], end: int, name: str) -> int:
    """Where a signature begins with somebody's pronouns on a line of their own, and the writer's name, or a part of it,
    on the line above."""
    own = {word.lower() for word in _WORD.findall(name)}
    for index in range(max(1, end - SIGNATURE_SPAN), end):
        if not _PRONOUNS.fullmatch(lines[index]) or not _is_signature(lines[index + 1 : end], SIGNATURE_LINES):
            continue
        above = _last_said(lines, index)
        words = [word.lower() for word in _WORD.findall(lines[above])] if above > 0 else []
        known = [word for word in words if word in own or any(len(word) == 1 and w.startswith(word) for w in own)]
        return above if 0 < len(words) <= 4 and words == known else index
    return end


_PRONOUN = r"(?:she|her|hers|he|him|his|they|them|theirs|any|all)"
_PRONOUNS = re.compile(
    r"[\s(\[*_-]*(?:(?:my )?pronouns?\s*(?:are|:|-)?\s*)?"
    rf"\b{_PRONOUN}(?:\s*[/|\\]\s*{_PRONOUN}\b){{1,3}}(?: pronouns)?[\s)\].*_]*",
    re.IGNORECASE,
)


def _is_signature(below: Sequence[str], most: int) -> bool:
    """Few, short lines that no sentence runs through."""
    said = [line.strip() for line in below if line.strip()]
    return len(said) <= most and all(len(line) <= SIGNATURE_LINE and not _is_sentence(line) for line in said)


def _is_sentence(line: str) -> bool:
    """A line of running words rather than a signature: it begins like one, or is long with few capitals."""
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
    """Take disclaimers, the legal notices, off the bottom, paragraph by paragraph, with the rules drawn round them.

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
        if notices.match(paragraph) or is_marking(paragraph[:120]):
            cut, passed = start, 0
        elif not RULE.fullmatch(lines[last]):
            passed += 1
        end = start
    while cut > 0 and cut < len(lines) and (not lines[cut - 1].strip() or RULE.fullmatch(lines[cut - 1])):
        cut -= 1
    cut = min(cut, _list_tail(lines))
    return lines[:cut] if any(line.strip() for line in lines[:cut]) else lines


def _list_tail(lines: Sequence[str]) -> int:
    """Where a mailing list's own lines, which are a disclaimer too, begin, the length if nowhere."""
    for index in range(max(0, len(lines) - 12), len(lines) - 1):
        if LIST_RULE.fullmatch(lines[index]) and "mailing list" in lines[index + 1].lower():
            return index
    return len(lines)


def strip_edges(text: str) -> str:
    """A text without banners and disclaimers: markings and banners at its top and markings at its bottom; never
    emptied."""
    lines = text.split("\n")
    start, end = _top_end(lines), len(lines)
    while end > start and (not lines[end - 1].strip() or is_marking(lines[end - 1])):
        end -= 1
    kept = "\n".join(lines[start:end]).strip()
    return kept or text.strip()


def _top_end(lines: Sequence[str]) -> int:
    """Where the banner that a gateway put at the top ends: bracketed by its own marks, or line by line."""
    start, warned = 0, False
    while start < len(lines):
        line = lines[start][:500]
        bracket = _BRACKET.fullmatch(line)
        if bracket and bracket[1].lower() == "start":
            start = _bracket_end(lines, start)
        elif not line.strip() or bracket or _is_top(line) or (warned and _warns_too(line)):
            start += 1
        else:
            break
        warned = warned or bracket is not None or (bool(line.strip()) and not is_marking(line))
    return start


def _bracket_end(lines: Sequence[str], start: int) -> int:
    for at in range(start + 1, min(len(lines), start + MOST_BANNER_LINES)):
        closing = _BRACKET.fullmatch(lines[at][:500])
        if closing and closing[1].lower() == "end":
            return at + 1
    return start + 1


def is_marking(line: str) -> bool:
    """A banner of classification: "RESTRICTED WHEN COMPLETE", "[OFFICIAL-SENSITIVE: PERSONAL]", "SWYDDOGOL"."""
    if MARKINGS.fullmatch(line[:120]):
        return True
    words = re.findall(r"[\w'’]+", line[:120].replace("’", "'"))
    if not 0 < len(words) <= 9 or line.rstrip().endswith(("?", "!")):
        return False
    low = [word.casefold() for word in words]
    loud = sum(word.isupper() for word in words) * 2 > len(words) or line.lstrip()[:1] in "[(*"
    return loud and bool(_CLASSES.intersection(low)) and _CLASSED.issuperset(low)


def _is_top(line: str) -> bool:
    return is_marking(line) or bool(BANNERS.fullmatch(line[:500])) or _warns(line)


def _warns(line: str) -> bool:
    """A gateway's banner that warns of the mail itself, in whatever words: never one that speaks of a child."""
    if _OF_A_CHILD.search(line) or len(line.split()) > 60:
        return False
    warned = bool(_WARNS_OF.search(line)) and bool(_WARNED_OF.search(line))
    begins = re.match(
        r"\W*(?:warning|caution|attention|notice|alert|external|unknown|unverified|first time|rhybudd|gofal|sylw|mae"
        r"|\[|this (?:e-?mail|message|sender)|the sender|you)\b",
        line,
        re.IGNORECASE,
    )
    return warned and (bool(begins) or bool(_WARNED_TOO.search(line)))


def _warns_too(line: str) -> bool:
    return bool(_WARNED_TOO.search(line)) and not _OF_A_CHILD.search(line) and len(line.split()) < 50
