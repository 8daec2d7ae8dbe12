"""Small words: dates, times, names, lists and initials, as a tired person reads them on a telephone.

No locale is asked: a server's language must not change what a letter says. What people wrote is shown with
everything invisible taken out, and a child is never more than initials, also inside what somebody else wrote.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from mailbot.core.record.intents import Person
from mailbot.mail import lexicon
from mailbot.mail.veil.known_names import Veil, naming_words

_DAYS = tuple(day.title() for day in lexicon.vocabulary_in_order("weekday"))
_MONTHS = tuple(month.title() for month in lexicon.vocabulary_in_order("month"))
LONGEST_SHOWN = 1500  # characters of somebody's own words; the whole is in the mailbox


def day_long(day: date) -> str:
    """ "Thursday 10 September 2026"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_long(day: date) -> str:
    """ "September 2026", of any day in it."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def date_words(day: date) -> str:
    """ "1 November 2024"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_short(day: date) -> str:
    """ "Thu 10 Sep"."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def hour_words(local: datetime) -> str:
    """ "5pm", "9:30am", "12 noon", "midnight"."""
    if local.minute == 0 and local.hour in (0, 12):
        return "12 noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour + 11) % 12 + 1}{minutes}{'am' if local.hour < 12 else 'pm'}"


def instant_long(local: datetime) -> str:
    """The long wording of an instant: "5pm on Thursday 10 September 2026"; ``local`` is already in the partnership's
    zone."""
    return f"{hour_words(local)} on {day_long(local.date())}"


def instant_near(local: datetime) -> str:
    """The wording of an instant soon to come, without its year: "5pm on Thursday 10 September"."""
    return instant_long(local).rpartition(" ")[0]


def instant_short(local: datetime) -> str:
    """ "Thu 10 Sep 17:00"."""
    return f"{day_short(local.date())} {local.hour:02}:{local.minute:02}"


def instant_brief(local: datetime) -> str:
    """The wording of an instant in a subject: "Thu 10 Sep 5pm"."""
    return f"{day_short(local.date())} {hour_words(local)}"


def day_brief(shown: str) -> str:
    """The wording of a day in a subject: "Thu 10 Sep" of "Thursday 10 September 2026" (``day_long``); "" of ""."""
    words = shown.split()
    return f"{words[0][:3]} {words[1]} {words[2][:3]}" if len(words) == 4 else shown


def listed(words: Iterable[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"; nothing twice."""
    items = tuple(dict.fromkeys(word for word in words if word))
    if len(items) < 2:
        return items[0] if items else ""
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def inside(sentence: str) -> str:
    """The wording of a sentence inside another: ``sentence`` as it reads after a colon: first letter small, unless it
    is a name ("Safeguarding Partnership")."""
    first, *rest = sentence.split() or [""]
    is_name = any(word[:1].isupper() and word[1:2].islower() for word in rest) or not (
        first[1:].islower() or len(first) == 1
    )
    return sentence if is_name else sentence[:1].lower() + sentence[1:]


def opening(sentence: str) -> str:
    """``sentence`` with a capital to begin with."""
    return sentence[:1].upper() + sentence[1:]


def forename_first(name: str) -> str:
    """The wording of a name as a directory writes it, "Samplewood, Octavia (SCHOOL)", as people say it: "Octavia
    Samplewood". Any other name is left as it is."""
    told = _LISTED.fullmatch(name.strip())
    return f"{told['forename']} {told['surname']}" if told else name


_LISTED = re.compile(
    r"(?P<surname>[^\W\d_][\w'’-]*(?: [^\W\d_][\w'’-]*){0,3}) ?, ?(?P<forename>[^\W\d_][\w'’. -]*?)(?: \([^()]*\))?"
)


def person_shown(person: Person) -> str:
    """ "Octavia Samplewood (Children's Social Care)"."""
    name = without_links(forename_first(plain_words(person.name, 120))) or _unnamed(person.address)
    return f"{name} ({plain_words(person.agency, 120)})" if person.agency else name


def _unnamed(address: str) -> str:
    """Whoever is known by an address alone, or by what stands in its place: "M. Vane", of whoever gave a command."""
    return safe_address(address) if "@" in address else without_links(plain_words(address, 120))


LONGEST_IN_SHORT = 30  # words


def in_short(text: str) -> str:
    """The wording of what somebody wrote where only so much can stand: on one line, cut at thirty words."""
    words = text.split()
    return " ".join(words[:LONGEST_IN_SHORT]) + (" …" if len(words) > LONGEST_IN_SHORT else "")


def name_only(shown: str) -> str:
    """The wording of people in a headline, by their names: "Octavia Samplewood" of "Octavia Samplewood (Harbourside
    School)"; whatever stands in brackets is said below it."""
    return re.sub(r" \([^()]*\)", "", shown)


_LONGEST_HEADLINE = 15  # words


_WITHIN_A_QUOTATION = r"(?![^“]*”)"  # what somebody wrote is shown whole, or not in the headline
_CLAUSE_ENDS = re.compile(rf"(?:(?<!says)(?<!writes)(?<!wrote)[:;] |, so ){_WITHIN_A_QUOTATION}")
_SENTENCE_ENDS = re.compile(rf"(?<=[.?!]) {_WITHIN_A_QUOTATION}|(?<=[.?!]”) ")


def headline_of(words: str) -> tuple[str, str]:
    """The wording of a question as a headline and what is left of it. The headline is its first sentence where that is
    short enough to be read at a glance, else whatever of it asks: a question in it, what the first sentence says before
    it gives its reason, what it says please to; where nothing is short, "One question, please." and the whole."""
    said = _SENTENCE_ENDS.split(words)
    if not words or _at_a_glance(said[0]):
        return said[0], " ".join(said[1:])
    asks = next((one for one in said if one.endswith("?") and _at_a_glance(one)), "")
    before = _CLAUSE_ENDS.search(said[0])
    if not asks and before and len(said[0][: before.start()].split()) > 2 and _at_a_glance(said[0][: before.start()]):
        one, other = f"{said[0][: before.start()]}.", _capital(said[0][before.end() :])
        one, other = (other, one) if other.endswith("?") and _at_a_glance(other) else (one, other)
        return one, " ".join((other, *said[1:]))
    asks = asks or next((one for one in said if one.startswith("Please ") and _at_a_glance(one)), "")
    if asks:
        return asks, " ".join(one for one in said if one is not asks)
    return "One question, please.", words


def _at_a_glance(sentence: str) -> bool:
    return len(sentence.split()) <= _LONGEST_HEADLINE


def _capital(words: str) -> str:
    return re.sub(r"\w", lambda letter: letter[0].upper(), words, count=1)


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "pc", "dc", "ds", "di"})


def first_name(person: Person) -> str:
    """The wording of a greeting's name: what they are greeted by: "Barnaby"; "Dr Vale" where there is a title; "" when
    no name is known."""
    words = forename_first(plain_words(person.name, 120)).split()
    if not words or "@" in person.name:
        return ""
    if len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        return f"{words[0]} {words[-1]}"
    if any(word.islower() and len(word) > 3 for word in words[1:]):
        return " ".join(words)  # a post, and no name: "Colleges' link officer"
    return words[0]


def plain_words(text: str, most: int = LONGEST_SHOWN) -> str:
    """Plain wording: ``text`` on one line: controls, direction marks and other invisible signs gone, at most ``most``
    characters."""
    return " ".join(_visible(text, most).split())


def paragraphs_shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """Plain wording in paragraphs: as ``plain``, with its lines kept and at most one empty line between two."""
    lines = [" ".join(line.split()) for line in _visible(text, most).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(text: str, most: int) -> str:
    cut = text[: most + 1].replace("\r\n", "\n").replace("\r", "\n")
    if len(text) <= most and cut.replace("\n", "").isprintable():  # nearly all, and told at once
        return cut
    shown = "".join(c if c == "\n" or unicodedata.category(c)[0] not in "CZ" else " " for c in cut)
    return shown if len(text) <= most else f"{shown[:most].rstrip()} … (shortened; the whole is in the mailbox)"


# Words of a child label that name nobody and so may be said in full.
_NAMELESS = frozenset(
    {"and", "of", "baby", "unborn", "child", "children", "sibling", "siblings", "twin", "twins", "the", "adult", "ubb"}
)
_INITIALS = re.compile(r"(?:[A-Z]\.?){1,2}|(?:[A-Z]\.?){2,4}(?<=\.)|[A-Z]{1,2}[0-9]{1,2}")


def child_shown(child: str, subject: str = "child", shown_as: str = "initials") -> str:
    """The wording for a child: initials of whatever the raiser called the child: "Jamie Thornbury" gives "J.T.";
    numbers are left out.

    What cannot be initials gives "the child". A name in capitals ("AMY") is longer than initials are: "A.".
    """
    if shown_as != "initials":
        return f"the {subject}"
    said = re.sub(r"\([^)]*\)", " ", plain_words(child, 200))
    groups = [_group(part) for part in re.split(r"\s*(?:,|/|;|&|\band\b)\s*", said)]
    return listed(groups) or f"the {subject}"


def _group(words: str) -> str:
    shown, run = [], ""
    for word in words.split():
        if word.lower().strip(".") in _NAMELESS:
            shown += [run, word.lower() if word.lower() != "ubb" else "unborn baby"]
            run = ""
        elif _INITIALS.fullmatch(word):
            run += word if any(c.isdigit() for c in word) else "".join(f"{c}." for c in word if c.isalpha())
        elif any(c.isalpha() for c in word) and not any(c.isdigit() for c in word):
            run += "".join(f"{part[0].upper()}." for part in re.split(r"[-']", word) if part[:1].isalpha())
    return " ".join(part for part in (*shown, run) if part)


_REPLY_WORD = re.compile(
    r"\s*(?:NOT RESOLVED|RESOLVED|NOT HAPPENED|HAPPENED|DISAGREE|REOPEN|WITHDRAW|DECISION|WRONG|ESCALATE|REFER)\b"
    r"[\s:;,.-]*"
)


def without_reply_word(text: str) -> str:
    """The wording of a reply without its reply word: what somebody wrote, without the capitals they put before it for
    the computer: "REOPEN Nobody has seen K."."""
    return _REPLY_WORD.sub("", text, count=1) if _REPLY_WORD.match(text) else text


def veiled(text: str, child: str) -> str:
    """The wording veiled: ``text`` with every word of the child's name cut to its first letter (``veil``)."""
    return Veil(naming_words(child)).words(text)


_LINKED = re.compile(
    r"(?:https?:|www\.|mailto:)\S*|\S+\.(?:com|net|org|info|biz|ru|io|example)(?:/\S*)?", re.IGNORECASE
)
_SAFE_NAME = re.compile(r"(?:[A-Z][a-z'’-]+|[A-Z]\.?)(?: (?:[A-Z][A-Za-z'’-]+|[A-Z]\.?|of|the|and)){0,4}")
LONGEST_SUBJECT_SHOWN = 70


def safe_subject(subject: str) -> str:
    """The wording of a stranger's subject, as it may stand in a letter of ours: short, on one line, without a link."""
    shown = plain_words(_LINKED.sub("…", subject.replace("“", '"').replace("”", '"')), 200)
    return f"{shown[:LONGEST_SUBJECT_SHOWN].rstrip()}…" if len(shown) > LONGEST_SUBJECT_SHOWN else shown


def without_links(text: str) -> str:
    """The wording of what somebody typed, without what a program would make a link of."""
    return " ".join(_LINKED.sub("…", text).split()).strip(" …") if _LINKED.search(text) else text


def safe_address(address: str) -> str:
    """The wording of an address that somebody wrote from, known or not: all of it that is no link, and no more."""
    local, at, domain = plain_words(address, 254).rpartition("@")
    return f"{_NOT_OF_AN_ADDRESS.sub('…', _LINKED.sub('…', local))}{at}{_NOT_OF_AN_ADDRESS.sub('…', domain)}"


_NOT_OF_AN_ADDRESS = re.compile(r"[^\w.+'&=#~-]+")


def safe_name(name: str) -> str:
    """The wording of what somebody calls themself, where it is no more than a name; "" for an order, an address, a
    sentence."""
    shown = plain_words(name, 80)
    return shown if _SAFE_NAME.fullmatch(shown) and len(shown) <= 50 else ""
