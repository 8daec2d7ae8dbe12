"""Automatic mail, man or machine: what kind of mail this is, how certain that is, and why.

The order matters. Our own letters, reports, receipts and invitations come before anything that could answer, because
two machines that answer each other never stop. Certain and probable machines change no state and get no answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum

from mailbot.mail import lexicon
from mailbot.mail.body.own_words import FORWARDS, words_of
from mailbot.mail.incoming.bounces import Bounce, bounce_of, looks_like_mailer
from mailbot.mail.incoming.invitations import is_invitation
from mailbot.mail.incoming.message import Message, children, type_of
from mailbot.mail.incoming.sender_and_authentication import header_addresses, normal_address
from mailbot.mail.incoming.wording_of_machines import (
    AUTO_CLASS,
    AUTO_DENIED,
    AUTO_HEADER,
    AUTO_MAILER,
    AUTO_SUBJECT,
    AUTO_SUBJECT_ENDING,
    AWAY_WORDING,
    CHALLENGE_ASKS,
    CHALLENGE_HEADER,
    CHALLENGE_HELD,
    CLASS_HEADER,
    COMPLAINT,
    FORWARDED,
    LEAVE_AWAY,
    LEAVE_AWAY_LOWERED,
    LEAVE_BACK,
    LEAVE_SMALL_TALK,
    LEAVE_TO_ANYBODY,
    LEAVE_TURN_TO,
    MOST_CHALLENGE_WORDS,
    MOST_RECEIPT_WORDS,
    RECALL,
    RECEIPT_BODY,
    RECEIPT_SUBJECT,
    ROBOT,
    SUBJECT_TAGS,
)
from mailbot.mail.text.dates import first_date

# An absence, as an out-of-office tells it: until when, who covers, whether the person has left for good.
#
# An absence changes who is told about a limit that falls within it, so nothing is guessed: a date without a month,
# or a day that cannot be placed in a year, stays unread and the words are kept for a person.

WORDS_KEPT = 500
_READ = 4_000
MONTHS = {name: n for n, month in enumerate(lexicon.vocabulary_in_order("month"), 1) for name in (month, month[:3])} | {
    "sept": 9
}
_MONTH = "(" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:the\s+)?"
# A date as British staff write it: "3 January", "3rd of Jan 2027", "January 3rd", "03/01/2027" (day first), ISO.
_DATE = (
    rf"{_DAY_NAME}(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>\d{{4}}))?"
    r"|(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})|(?P<d4>\d{1,2})[/.](?P<m4>\d{1,2})(?:[/.](?P<y4>\d{2,4}))?)\b"
)
# The first working day: the absence ends the day before.
BACK = re.compile(
    r"\b(?:return(?:ing|s)?|back|resum(?:e|ing)|available(?: again)?)\b(?:\s+(?:to|in|at|into)\s+(?:work"
    r"|the office|my desk|office))?"
    rf"(?:\s+(?:again|until|on|from|by|in))*\s*:?\s*{_DATE}",
    re.IGNORECASE,
)
UNTIL = re.compile(rf"\b(?:until|till|through(?: to)?|up to(?: and including)?|to|-|–)\s+{_DATE}", re.IGNORECASE)
LEFT = re.compile(
    r"\b(?:no longer (?:works?|employed|with|at|in (?:this|my) (?:role|post))|(?:have"
    r"|has|['’]ve) (?:now )?left (?!(?:the|my|this|our) (?:office|desk|building|site|house|day)\b)"
    r"(?:(?:the|my|this|our|\w+shire|\w+ council)\b|(?-i:[A-Z])[\w'’-]+(?! \w+ (?:in charge|to cover|covering)))"
    r"|left the (?:organi[sz]ation|council|trust|force|school|service|company|authority)|(?:have"
    r"|has) (?:now )?retired|i have (?:now )?moved (?:on|to)"
    r"|this (?:mailbox|e-?mail address|account) is no longer)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+'&-]{1,64}@[A-Za-z0-9][\w.-]{1,190}[A-Za-z0-9]")
COVER = re.compile(
    r"(?i:(?:contact|e-?mail|speak (?:to|with)|call|ring|cover(?:ed)?(?: is| by|ing)?(?: for me)?(?: is"
    r"| by)?|refer to|colleague|deputy|direct(?:ed)? to)"
    r"(?:\s+(?:my|our|the|a|colleagues?|manager|deputy|team|line|cover|is|by|either|please)){0,5}\s*[,:-]?\s*)"
    r"((?:(?:Dr|Mrs?|Ms|Miss|DS|DI|DCI|Sgt|PC)\.? )?[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|[A-Z]\.)){1,2})"
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Read out of an out-of-office. ``until`` is the last day away, or None if no day could be placed for certain."""

    until: date | None
    cover_name: str
    cover_address: str
    left: bool
    words: str


def absence_in(text: str, sent: date | None, away: str) -> Absence:
    """The absence in an out-of-office sent on ``sent`` (a year is chosen so that the day is not past)
    by the address ``away``."""
    head = text[:_READ]
    flat = " ".join(head.split())
    back, until = BACK.search(flat), None
    if back:
        day = _day(back, sent)
        until = day - timedelta(days=1) if day else None
    else:
        until = next((day for found in UNTIL.finditer(flat) if (day := _day(found, sent))), None)
    until = until or _loosely(flat, sent)
    cover_address = next(
        (found for one in _ADDRESS.findall(head) if (found := normal_address(one)) and found != away), ""
    )
    named = COVER.search(flat)
    name = named.group(1) if named else ""
    return Absence(until, name, cover_address, LEFT.search(flat) is not None, head.strip()[:WORDS_KEPT])


_LOOSE = re.compile(r"\b(?P<how>back|returning|return|until|till)\b(?P<when>.{1,40})", re.IGNORECASE)


def _loosely(flat: str, sent: date | None) -> date | None:
    """The last day of an absence in loose words, "until tomorrow", "back on Monday": days that only the day
    of sending makes plain."""
    said = _LOOSE.search(flat)
    found = first_date(said["when"], sent) if said and sent else None
    if said is None or found is None or found.on is None or found.start > 14 or re.search(r"\d", found.words):
        return None
    return found.on if said["how"].lower() in ("until", "till") else found.on - timedelta(days=1)


def _day(found: re.Match[str], sent: date | None) -> date | None:
    values = found.groupdict()
    for index in "1234":
        day, month, year = values[f"d{index}"], values[f"m{index}"], values[f"y{index}"]
        if day and month:
            number = int(month) if month.isdigit() else MONTHS[month.lower().rstrip(".")]
            return _placed(int(day), number, int(year) if year else 0, sent)
    return None


def _placed(day: int, month: int, year: int, sent: date | None) -> date | None:
    """The day that an absence's day and month mean; without a year the first such day not more than a month before
    ``sent``; None for an impossible one."""
    try:
        if year:
            return date(year + 2000 if year < 100 else year, month, day)
        if sent is None:
            return None
        this = date(sent.year, month, day)
        return this if this >= sent - timedelta(days=31) else date(sent.year + 1, month, day)
    except ValueError:
        return None


# What kind of mail it is.


class Grade(Enum):
    """How sure: by a standard, by custom, or only by circumstance."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` is human, auto_reply, bounce, mdn, calendar, list, spam_or_other or malformed; ``why`` one clause.

    ``recall`` marks an Outlook recall: somebody wants a message unseen, which may be a privacy incident. ``sent_on``:
    a person's answer to a letter of ours, and why a list or a program had it in hand before us.
    """

    name: str
    grade: Grade | None
    why: str
    absence: Absence | None = None
    bounce: Bounce | None = None
    recall: bool = False
    sent_on: str = ""


HUMAN = Kind("human", None, "nothing says a machine wrote it")
# Header, what its value must look like, how sure, why. X-Auto-Response-Suppress alone proves nothing: people's
# Exchange servers set it on their own mail.
_EXCHANGES_OWN = re.compile(r".*(?:oof|auto|rules agent)", re.I)
AUTO_HEADERS: tuple[tuple[str, re.Pattern[str], Grade, str], ...] = (
    ("auto-submitted", re.compile(r"\s*auto-replied\b", re.I), Grade.CERTAIN, "Auto-Submitted says auto-replied"),
    ("x-autoreply", re.compile(r"(?!\s*no\b)", re.I), Grade.PROBABLE, "it carries X-Autoreply"),
    ("x-autorespond", re.compile(""), Grade.PROBABLE, "it carries X-Autorespond"),
    ("x-autoresponse", re.compile(""), Grade.PROBABLE, "it carries X-Autoresponse"),
    ("x-auto-response", re.compile(""), Grade.PROBABLE, "it carries X-Auto-Response"),
    ("x-autoreply-from", re.compile(""), Grade.PROBABLE, "it carries X-Autoreply-From"),
    ("x-mail-autoreply", re.compile(""), Grade.PROBABLE, "it carries X-Mail-Autoreply"),
    ("x-autogenerated", re.compile(r"\s*(?:reply|auto)", re.I), Grade.PROBABLE, "X-Autogenerated says reply"),
    ("x-post-messageclass", re.compile(r".*autorespond", re.I), Grade.PROBABLE, "its class says autoresponder"),
    ("precedence", re.compile(r"\s*auto[_-]?reply", re.I), Grade.PROBABLE, "Precedence says auto_reply"),
    ("x-precedence", re.compile(r"\s*auto[_-]?reply", re.I), Grade.PROBABLE, "X-Precedence says auto_reply"),
    ("x-ms-exchange-inbox-rules-loop", re.compile(""), Grade.PROBABLE, "an inbox rule sent it"),
    ("x-ms-exchange-generated-message-source", _EXCHANGES_OWN, Grade.PROBABLE, "Exchange sent it"),
    ("delivered-to", re.compile(r"\s*autoresponder$", re.I), Grade.PROBABLE, "it was delivered to an autoresponder"),
)
LIST_HEADERS = (
    "list-id",
    "list-post",
    "list-help",
    "list-subscribe",
    "list-archive",
    "list-owner",
    "mailing-list",
    "x-mailing-list",
    "x-mailinglist",
    "x-mailman-version",
    "x-beenthere",
    "x-ml-name",
)
_SPAM = "the mail system marked it as spam"
_BULK = re.compile(r"\s*(?:bulk|junk)\b", re.IGNORECASE)
_LIST = re.compile(r"\s*list\b", re.IGNORECASE)
_DIGEST = re.compile(r".{0,80}\bdigest, vol \d+|.{0,60}\bdigest\b.{0,12}#?\d+", re.IGNORECASE)


def _never(_: str) -> bool:
    return False


def kind_of_mail(message: Message, ours: Callable[[str], bool] = _never) -> Kind:
    """The kind of a mail, automatic or a person's. ``ours`` says of a Message-ID whether one of
    our own letters has it."""
    if message.message_id and ours(message.message_id):
        return Kind("spam_or_other", Grade.CERTAIN, "it is one of our own letters come back")
    for ask in (_recall, _receipt, _feedback, _journal, _bounced, _calendar, _replied):
        kind = ask(message)
        if kind:
            return kind
    # A party may answer through a distribution list: an answer to our letter is not the list's own mail, and not
    # certainly theirs.
    if any(ours(one) for one in message.references):
        marked = _list(message) or _bulk(message) or _without_return(message)
        return replace(HUMAN, sent_on=marked.why) if marked and marked.why != _SPAM else HUMAN
    return next((kind for ask in (_challenge, _list, _bulk, _robot) if (kind := ask(message))), HUMAN)


def _types(message: Message) -> list[str]:
    out: list[str] = []
    todo = [message.parts]
    while todo and len(out) < 60:
        part = todo.pop(0)
        out.append(type_of(part))
        if out[-1].startswith("multipart/"):
            todo[:0] = children(part)
    return out


def _report_type(message: Message) -> str:
    found = re.search(r"report-type\s*=\s*\"?([\w-]+)", message.headers.one("content-type"), re.IGNORECASE)
    return found.group(1).lower() if found else ""


def _recall(message: Message) -> Kind | None:
    by_class = "recall" in message.headers.one("x-ms-exchange-organization-message-class").lower()
    if RECALL.match(message.subject) or by_class:
        return Kind("auto_reply", Grade.PROBABLE, "the sender's Outlook asks for a message back", recall=True)
    return None


def _receipt(message: Message) -> Kind | None:
    types = _types(message)
    if _report_type(message) == "disposition-notification" or "message/disposition-notification" in types:
        return Kind("mdn", Grade.CERTAIN, "it is a read receipt (RFC 8098)")
    subject = RECEIPT_SUBJECT.match(_untagged(message.subject)) is not None
    if subject and types[0] == "multipart/report" and "message/delivery-status" not in types:
        return Kind("mdn", Grade.PROBABLE, "it is a read receipt")
    own = message.text[:READ_FOR_MACHINES]
    short = len(own.split()) <= MOST_RECEIPT_WORDS
    if short and subject and RECEIPT_BODY.search(own):
        return Kind("mdn", Grade.PROBABLE, "it is a read receipt in words")
    if short and _RECEIPT_SHAPE.match(own):
        return Kind("mdn", Grade.PROBABLE, "it is a read receipt in words")
    return None


# The letter's own head between "Your message" and what became of it: no person writes that.
_RECEIPT_SHAPE = re.compile(
    r"\s*Your message\b[^\n]{0,80}\n(?:\s*(?:To|Subject|Sent|From|Date|At|Pwnc|Anfonwyd)\s?:[^\n]*\n"
    r"|\s*\n){3,12}\s*(?:was|has been|is) (?:read|opened|displayed|viewed|(?:deleted|discarded) (?:without|unread"
    r"|before))\b",
    re.IGNORECASE,
)


def _feedback(message: Message) -> Kind | None:
    types = _types(message)
    if (
        _report_type(message) in {"feedback-report", "tlsrpt", "dmarc"}
        or "message/feedback-report" in types
        or COMPLAINT.match(message.subject)
    ):
        return Kind("spam_or_other", Grade.CERTAIN, "it is a report between mail systems")
    return None


def _bounced(message: Message) -> Kind | None:
    if _says_away(message) and "multipart/report" not in _types(message)[:1]:
        return None
    found = bounce_of(message)
    if not found:
        return None
    bounce, certain = found
    if bounce.arrived:
        return Kind("mdn", Grade.CERTAIN, "a mail system reports that a letter arrived")
    why = "a mail system reports that a letter did not arrive" if bounce.permanent else "a mail system reports a delay"
    return Kind("bounce", Grade.CERTAIN if certain else Grade.PROBABLE, why, bounce=bounce)


def _journal(message: Message) -> Kind | None:
    """Automatic mail that is a compliance archive's wrapper: a copy of somebody's mail, in a mailer's name, and no
    report of anything."""
    headed = any(re.fullmatch(r"x-[\w-]*journal[\w-]*", name) for name, _ in message.headers.fields)
    wrapped = (
        "message/rfc822" in _types(message)[1:3] and _JOURNALLED.match(message.text) and looks_like_mailer(message)
    )
    if headed or wrapped or message.message_id.endswith("@journal.report.generator>"):
        return Kind("spam_or_other", Grade.CERTAIN, "it is an archive's copy of mail between others (a journal report)")
    return None


_JOURNALLED = re.compile(
    r"\s*Sender:.*\n(?:(?:Subject|Message-Id|To|Cc|Bcc|Recipient|On-Behalf-Of|Label|SentUtc|ReceivedUtc):.*\n?){2,}",
    re.I,
)


def _calendar(message: Message) -> Kind | None:
    if is_invitation(message):
        return Kind("calendar", Grade.CERTAIN, "it is an invitation or the answer to one (RFC 5546)")
    return None


def _challenge(message: Message) -> Kind | None:
    if any(CHALLENGE_HEADER.fullmatch(name) for name, _ in message.headers.fields):
        return Kind("auto_reply", Grade.CERTAIN, "it asks a sender to prove to be a person")
    text = message.text[:READ_FOR_MACHINES]
    own = " ".join(f"{message.subject}. {text}".split())
    if len(own.split()) > MOST_CHALLENGE_WORDS or not _DOOR.search(own):
        return None
    if CHALLENGE_HELD.search(own) and CHALLENGE_ASKS.search(own):
        return Kind("auto_reply", Grade.PROBABLE, "it asks a sender to prove to be a person")
    return None


READ_FOR_MACHINES = 4_000
_DOOR = re.compile(r"https?://|\b(?:click|follow the link|reply to this|press)\b", re.IGNORECASE)


def _says_away(message: Message) -> bool:
    """Is a mail an automatic reply by its subject, one that only auto-replies have? A person answering or forwarding
    one is still a person."""
    tagged, subject = message.subject[:300], _untagged(message.subject)
    if FORWARDED.match(tagged) or FORWARDED.match(subject):
        return False
    shapes = (AUTO_SUBJECT.match(tagged), AUTO_SUBJECT.match(subject), AUTO_SUBJECT_ENDING.fullmatch(subject))
    return any(shapes)


def _untagged(subject: str) -> str:
    """A subject, to be read for an automatic reply, without what gateways put before it; a tag that is all there is
    stays."""
    tags = SUBJECT_TAGS.match(subject[:300])
    return subject[tags.end() : 300] or subject[:300] if tags else subject[:300]


def _headed(message: Message) -> tuple[Grade | None, str]:
    """What a header says of an automatic reply, whichever product wrote it."""
    for name, shape, sure, reason in AUTO_HEADERS:
        if any(shape.match(value) for value in message.headers.all(name)):
            return sure, reason
    for name, value in message.headers.fields:
        if "suppress" not in name and AUTO_HEADER.fullmatch(name) and not AUTO_DENIED.match(value):
            return Grade.PROBABLE, f"it carries {name.title()}"
        if CLASS_HEADER.fullmatch(name) and AUTO_CLASS.search(value):
            return Grade.PROBABLE, "its class says that it answers by itself"
        if name in ("x-mailer", "user-agent") and AUTO_MAILER.search(value):
            return Grade.PROBABLE, "the program that sent it answers by itself"
    return None, ""


def _is_leave_note(message: Message) -> bool:
    """An automatic note of leave to whoever writes, without any mark: every sentence of it tells of an absence, or is
    small talk."""
    text = message.text[:READ_FOR_MACHINES]
    if not LEAVE_AWAY_LOWERED.search(text.lower()):
        return False
    own = words_of(text).whole
    sentences = [one for one in re.split(r"(?<=[.!?])\s+|\n+", own) if one.strip()]
    if not sentences or len(own.split()) > MOST_LEAVE_WORDS:
        return False
    away = [one for one in sentences if LEAVE_AWAY.search(one)]
    anybody = [one for one in sentences if LEAVE_TO_ANYBODY.search(one)]
    placed = [one for one in sentences if LEAVE_BACK.search(one) or LEAVE_TURN_TO.search(one)]
    known = {*away, *anybody, *placed}
    others = [one for one in sentences if one not in known and not LEAVE_SMALL_TALK.match(one) and len(one.split()) > 5]
    return (
        bool(away)
        and bool(anybody)
        and bool(placed)
        and not others
        and not _DECIDES.search(own)
        and not _FAMILY.search(own)
    )


MOST_LEAVE_WORDS = 180
_FAMILY = re.compile(
    r"\b(?:mum|dad|mam|mother|father|he|she|his|her|him|child|parents?|family|grand\w+|step\w+)\b", re.IGNORECASE
)
_DECIDES = re.compile(
    r"\b(?:RESOLVED|ESCALATE|CONFIRM|DISAGREE|WITHDRAW|HANDOVER|AWAY)\b|\b(?i:handing over|hand(?:ed)? (?:this"
    r"|it) over|takes? over|taking over|(?:is|will be)"
    r" covering (?:this|for me)|we (?:have )?agreed?|resolved|escalat\w+|disagree\w*)\b"
)


def _replied(message: Message) -> Kind | None:
    grade, why = _headed(message)
    head = f"{message.subject}\n{message.text[:2_000]}"
    submitted = message.headers.one("auto-submitted").strip().lower()
    if grade is None and _says_away(message):
        grade, why = Grade.PROBABLE, "its subject is an automatic reply's"
    if grade is None and submitted and not submitted.startswith("no") and AWAY_WORDING.search(head):
        grade, why = Grade.CERTAIN, "Auto-Submitted says a machine sent it, and its words say somebody is away"
    if (
        grade is None
        and message.headers.one("return-path").strip() == "<>"
        and AWAY_WORDING.search(head)
        and looks_like_mailer(message)
    ):
        grade, why = Grade.CERTAIN, "it has no return path and its words say somebody is away"
    if (
        grade is None
        and any(map(_BULK.match, message.headers.all("precedence")))
        and AWAY_WORDING.search(head)
        and not _is_list(message)
    ):
        grade, why = Grade.PROBABLE, "its Precedence is bulk, and its words say somebody is away"
    if grade is None and not FORWARDS.match(message.subject) and _is_leave_note(message):
        grade, why = Grade.PROBABLE, "it says to whoever writes that somebody is away"
    if grade is None:
        return None
    away = absence_in(message.text, message.date.date() if message.date else None, message.sender.address)
    absent = AWAY_WORDING.search(_AUTOMATIC.sub(" ", head)) is not None or away.until is not None or away.left
    return Kind("auto_reply", grade, why, absence=away if absent else None)


# That a machine answers says nothing of anybody being away: "Automatic reply: your email has been received".
_AUTOMATIC = re.compile(r"automatic(?:ally generated)? (?:reply|response|e-?mail)|auto-?reply", re.IGNORECASE)


def _is_list(message: Message) -> bool:
    headers = message.headers
    return any(name in headers for name in LIST_HEADERS) or any(map(_LIST.match, headers.all("precedence")))


def _list(message: Message) -> Kind | None:
    headers = message.headers
    spam = headers.one("x-spam-flag").strip().lower() == "yes"
    if _is_list(message):
        return None if spam else Kind("list", Grade.PROBABLE, "a mailing list sent it on")
    if _DIGEST.match(message.subject) and "-request@" in headers.one("from").lower():
        return Kind("list", Grade.PROBABLE, "it is a list's digest")
    return None


def _bulk(message: Message) -> Kind | None:
    headers = message.headers
    submitted = headers.one("auto-submitted").strip().lower()
    if headers.one("x-spam-flag").strip().lower() == "yes":
        return Kind("spam_or_other", Grade.PROBABLE, _SPAM)
    if submitted and not submitted.startswith("no"):
        return Kind("spam_or_other", Grade.CERTAIN, "Auto-Submitted says a machine sent it (RFC 3834)")
    if "list-unsubscribe" in headers or "feedback-id" in headers or "x-campaign" in headers:
        return Kind("spam_or_other", Grade.PROBABLE, "it offers to unsubscribe")
    if any(map(_BULK.match, headers.all("precedence"))):
        return Kind("spam_or_other", Grade.PROBABLE, "its Precedence is bulk")
    return None


def _without_return(message: Message) -> Kind | None:
    """Automatic by its envelope: a person's mail can come back to somebody (RFC 3834 3.3)."""
    null = message.headers.one("return-path").strip() == "<>"
    return Kind("spam_or_other", Grade.SUSPECTED, "it has no return path, as a program's mail") if null else None


def _robot(message: Message) -> Kind | None:
    local = message.sender.address.partition("@")[0]
    if ROBOT.fullmatch(local) and not message.sealed:
        return Kind("spam_or_other", Grade.SUSPECTED, "its address takes no replies")
    return None


# Other hands: what a mail itself says of somebody or something between whoever stands in From and us.
#
# What proves a mail proves the domain in From, and so whose account it left. Not that the person wrote it: an
# assistant sends on their behalf, an old mail of theirs is redirected unchanged, a list or a mass mailing carries
# it, a program made it. Each says so in the head. What such a mail asks is theirs only once they have said so
# themselves.

_NAMED_FOR_ANOTHER = lexicon.pattern("told.named_for_another")
_SIGNED_FOR_ANOTHER = lexicon.pattern("told.signs_for_another")


@dataclass(frozen=True, slots=True)
class OtherHand:
    """``address`` is whose hand it was, "" where the mail names none; ``why`` says it in one clause."""

    address: str
    why: str


BEHALF = "another address sent it on behalf of that one"
REDIRECTED = "another address passed it on as it was (Resent-From)"
NAMED = "the name in From says that somebody else sent it for that person"


def other_hands(message: Message, kind: Kind) -> tuple[OtherHand, ...]:
    """The other hands that a mail went through, by its own account (RFC 5322 3.6.2 and 3.6.6, RFC 3834, RFC 2919): none
    of them where it came from its writer."""
    found = [OtherHand(message.sent_by, BEHALF)] if message.sent_by else []
    found += [OtherHand(address, REDIRECTED) for address in _redirected_by(message)]
    if kind.sent_on:
        found.append(OtherHand("", kind.sent_on))
    shown = message.sender.name
    if _NAMED_FOR_ANOTHER.search(shown) or _SIGNED_FOR_ANOTHER.search(shown):
        found.append(OtherHand("", NAMED))
    return tuple(found)


def _redirected_by(message: Message) -> tuple[str, ...]:
    """Who passed a mail on unchanged; "somebody else" where what stands there is no address. Its own writer may."""
    written = (*message.headers.all("resent-from"), *message.headers.all("resent-sender"))
    found = [address or "somebody else" for _, address in header_addresses(written)]
    found += ["somebody else"] if written and not found else []
    return tuple(dict.fromkeys(one for one in found if one != message.sender.address))
