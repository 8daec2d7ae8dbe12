"""Danger: words that may mean a child is in danger now. A false alarm costs a phone call;
silence may cost a child (G2).

One alarming phrase is enough, or two of the weaker words in one breath ("tonight" and "scared"). A phrase that its
own clause denies ("no immediate risk", "not an emergency") is not counted, and nothing else is: doubt about the denial
("not sure he isn't in danger") is an alarm. The bot does not grade risk; finding none suppresses nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from mailbot.mail import lexicon
from mailbot.mail.second_reader.linear_model import DANGER, Listened, listen, second_reader, threshold
from mailbot.mail.text.spelling_and_sentences import MOST_WORDS, sentences, tidy

_ALARM = lexicon.pattern("danger.alarm")
# Alone these say little; one of the first kind with one of the second in the same or next sentence is an alarm.
_NOW = lexicon.pattern("danger.now")
_GRAVE = lexicon.pattern("danger.grave")
_DENIED = lexicon.pattern("danger.denied")
_UNSURE = lexicon.pattern("danger.unsure")
_CLAUSE = re.compile(r"[,;:]| - | but | and (?:he|she|they|i|we) ", re.IGNORECASE)
# The standing line that every procedure prints, when a letter repeats it.
_STANDING = lexicon.pattern("danger.standing")
_OUR_HEAD = re.compile(lexicon.pattern("danger.our_head").pattern, re.IGNORECASE | re.MULTILINE)
_TOLD_NONE = re.compile(lexicon.pattern("danger.told_none").pattern, re.IGNORECASE | re.MULTILINE)


def _of_its_writer(text: str) -> str:
    """``text`` without the lines about danger that our letters begin with, which a reply repeats, and without what is
    denied as soon as it is said."""
    return _TOLD_NONE.sub("\n", _OUR_HEAD.sub("\n", text))


def without_standing(text: str, standing: str = "") -> str:
    """``text`` to be read for danger, without the lines that every letter and mailbox repeats, and ours above all: they
    tell of nobody."""
    said = (" ".join(sentence.split()).lstrip("> ") for sentence in sentences(_of_its_writer(text)))
    return "\n".join(s for s in said if not (standing and s in standing) and not _is_standing(s))


def risk_in(text: str, standing: str = "") -> str:
    """The sentence that raises the alarm of danger, in the writer's words; "" when there is none.

    ``standing`` is the protocol's own risk line, which an email may quote without meaning anything by it.
    """
    before = ""
    for sentence in (piece for part in _parts(_of_its_writer(text)) for piece in sentences(tidy(part))):
        flat = " ".join(sentence.split()).lstrip("> ")  # our own line comes back quoted
        if (standing and flat and flat in standing) or _is_standing(flat):
            before = ""
            continue
        if _alarms(flat):
            return flat
        pair = f"{before} {flat}"
        if _is_grave_now(pair):
            return pair.strip()
        before = flat
    return ""


@lru_cache(maxsize=1024)  # looked for ahead in what waits, and again when its turn comes
def _alarms(sentence: str) -> bool:
    return any(not _is_denied(sentence, alarm.start()) for alarm in _ALARM.finditer(sentence))


@lru_cache(maxsize=1024)
def _is_grave_now(pair: str) -> bool:
    return _NOW.search(pair) is not None and any(not _is_denied(pair, g.start()) for g in _GRAVE.finditer(pair))


def _parts(text: str) -> Iterator[str]:
    """Parts of a text read for danger, of any length, to its end; where one is cut, the next begins a little before."""
    yield from (text[at : at + MOST_WORDS] for at in range(0, max(len(text), 1), MOST_WORDS - 400))


# Not danger in so many words, yet the next question of anybody who knows the work would be whether it is.
_WORRIES = lexicon.pattern("danger.worry")


def worry_in(text: str) -> bool:
    """Does any sentence worry about danger without naming it, and not in denying it?"""
    for sentence in sentences(tidy(text)):
        flat = " ".join(sentence.split())
        if any(not _is_denied(flat, worry.start()) for worry in _WORRIES.finditer(flat)):
            return True
    return False


_THREATS = lexicon.pattern("danger.threat")


def threat_in(text: str) -> str:
    """The first sentence that tells of harm or of a threat, though it raises no alarm of danger by itself, and not in
    denying it; "" where none does. Beside it nothing is ended."""
    for sentence in sentences(tidy(text)):
        flat = " ".join(sentence.split())
        if any(not _is_denied(flat, threat.start()) for threat in _THREATS.finditer(flat)):
            return flat
    return " ".join(text.split()) if worry_in(text) else ""


def danger_words_shown(text: str) -> str:
    """The child in the question about danger: "is she", "is he" or "are they" by the words used; "is the child" where
    they say neither, or both."""
    she, he = (len(re.findall(words, text, re.I)) for words in (r"\b(?:she|her)\b", r"\b(?:he|him|his)\b"))
    if (she > 0) is not (he > 0):
        return "is she" if she else "is he"
    return "is the child"


# Subjects of our own letters about danger, which every answer to one repeats.
# And that of whose turn it is, whole and with nothing added, whatever a file calls its stages ("Rung 3").
_OUR_SUBJECT = re.compile(
    r"do not wait for this mailbox: ring now|urgent: please ring the writer of a message"
    r"|^\W*(?:(?:re|fwd?|aw|sv|wg)\s*:\s*)*\[[A-Z]{2,6}-\d\d-\d+\]\s*your turn\b[\w ,:]{0,30}(?:\([\w ]{1,30}\))?\s*$",
    re.I,
)


def _is_standing(sentence: str) -> bool:
    return bool(_OUR_SUBJECT.search(sentence)) or (
        bool(_STANDING.match(sentence))
        and bool(re.search(r"999|do not wait|dial|contact|ring|call|tell|monitored|emergenc", sentence, re.I))
    )


def _is_denied(sentence: str, at: int) -> bool:
    """Is a word of danger denied in the same clause, shortly before it? Never by a denial that is itself in doubt."""
    clause = _CLAUSE.split(sentence[max(0, at - 160) : at])[-1]
    return bool(_DENIED.search(clause)) and not _UNSURE.search(clause)


def danger_in(text: str, standing: str = "") -> str:
    """The words that raise the alarm, by either reader; "" where neither does. ``standing`` is the protocol's own line
    about danger. A text of any length is read to its end."""
    found, left = risk_in(text, standing), without_standing(text, standing)
    if found or not is_danger(listen(left)):
        return found
    reader = second_reader()
    return "" if isinstance(reader, str) else reader.loudest(left, DANGER)


def is_danger(heard: Listened) -> bool:
    return heard.of(DANGER) >= threshold(DANGER)
