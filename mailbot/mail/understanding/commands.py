"""Commands, the words a letter tells people to reply with, read off the first line they wrote.

Case, a leading "please", bold marks and trailing punctuation are forgiven. A word counts as a command only when it is
alone, in capitals, or followed by what belongs to it ("Resolved on ...", "Escalate to ..."): "No one has visited" and
"Add to this that ..." are prose. A command followed by a condition ("ESCALATE if ...") or a question mark is asked
about, and so is a misspelt one whose effect is hard to take back.
"""

import re
from dataclasses import dataclass

from mailbot.mail.text.spelling_and_sentences import distance, plain

# The command; the words that give it; what may follow it in ordinary case for it still to be the command.
COMMANDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "ESCALATE",
        (
            "not resolved",
            "unresolved",
            "escalate",
            "escalated",
            "escalating",
            "escalate this",
            "escalate it",
            "move up",
            "next stage",
            "escalation",
        ),
        r"to\b|this\b|it\b|please|as\b|because|pls|thanks",
    ),
    (
        "RESOLVED",
        ("resolved", "this is resolved", "now resolved", "all resolved"),
        r"on\b|as\b|we\b|with\b|today|yesterday|thanks|thank you|at stage|following|after\b",
    ),
    (
        "CONFIRM",
        ("confirm", "confirmed", "i confirm", "we confirm", "confirming"),
        r"thanks|thank you|as agreed|resolved|resolution|agreed|that this is resolved|that it is resolved",
    ),
    (
        "DISAGREE",
        ("disagree", "i disagree", "we disagree", "disagreed", "object"),
        r"with the (?:resolution|outcome|summary)|as\b|because|this is not|it is not|that this is resolved|it's not",
    ),
    (
        "AGREE BY",
        ("agree by", "agreed by", "agree to", "agree date", "agree on"),
        r"(?=.*\d|.*day\b|.*week|.*month|.*term|tomorrow)",
    ),
    (
        "AGREE",
        ("agree", "agreed", "i agree", "we agree", "yes", "yes agreed", "yes agree", "accept", "accepted", "ok agreed"),
        r"thanks|thank you|to that|with that date|to the date|with the date|with (?:mon|tue|wed|thu|fri)"
        r"|to (?:mon|tue|wed|thu|fri)"
        r"|please|that works|the \d",
    ),
    (
        "NO",
        ("no", "no thanks", "not agreed", "do not agree", "no not agreed"),
        r"we (?:can't|cannot|do not|don't)|sorry|thank you|thanks",
    ),
    ("NEEDED BY", ("needed by", "need by", "needed before", "child needs this by"), r"."),
    ("HANDOVER", ("handover to", "hand over to", "handover", "hand over", "handing over to", "handed over to"), r"."),
    (
        "MET",
        ("met on", "met", "meeting held on", "we met on", "spoke on", "call held on"),
        r"\d|the \d|mon|tue|wed|thu|fri|today|yesterday|with .*\d",
    ),
    ("NOTE", ("note", "for note", "file note"), r"(?!that\b|i\b|i'|we\b|the fact|my\b|he\b|she\b|they\b)."),
    ("CORRECT", ("correct", "correction"), r"[a-z' ]{2,30}[:=]"),
    ("ADD", ("add",), r"[A-Z][a-z]+ [A-Z]|[^ ]+@|[A-Z][a-z]+,"),
    ("REMOVE", ("remove",), r"[A-Z][a-z]+ [A-Z]|[^ ]+@|[A-Z][a-z]+(?: |$)|me\b"),
    ("CHILD STATUS", ("child status", "childs status", "child's status"), r"."),
    (
        "REFER",
        ("refer", "refer to partnership", "referral"),
        r"to (?:the )?(?:\w+ ){0,3}(?:partners\w*|board|chair|panel|dsps|gscp|sscp|pscp|nsscp|wscb)",
    ),
    ("DECISION", ("decision", "decided", "final decision"), r"(?:of|by) the"),
    (
        "WITHDRAW",
        ("withdraw", "withdrawn", "i withdraw", "we withdraw", "withdrawing"),
        r"this\b|the (?:dispute|escalation)|as\b|because|our\b|my\b",
    ),
    ("WRONG DISPUTE", ("wrong case", "wrong child", "wrong dispute"), r"."),
    ("WRONG", ("wrong", "undo"), r"that is not|i did not|that's not|not what|please|i meant|sorry"),
    ("OPEN", ("open", "yes open", "open it", "open please"), r"please|thanks|it\b|a dispute"),
    ("IGNORE", ("ignore", "no ignore", "ignore it", "please ignore"), r"please|thanks|it\b|this\b"),
    ("STATUS", ("status", "status update", "where are we"), r"please|update|of this|\?"),
    ("HELP", ("help", "help please", "guide", "commands"), r"please|with (?:this|the) (?:process|form|mailbox)"),
    ("REOPEN", ("reopen", "re-open", "reopened"), r"this\b|please|as\b|because|the (?:dispute|escalation)"),
    ("LINK", ("link",), r"(?!)"),
    ("KEEP APART", ("keep apart",), r"."),
    ("HOLD", ("hold",), r"(?!)"),
    ("REDACT", ("redact",), r"(?!)"),
)
_WORDS = sorted(((words, name, follow) for name, many, follow in COMMANDS for words in many), key=lambda w: -len(w[0]))
_NAMES = frozenset({"ADD", "REMOVE"})  # "add Cosmo Standin" is a command, "add to this" is not: capitals tell
_POSSIBLE = tuple(
    (words, name, re.compile(rf"(?:{follow})", 0 if name in _NAMES else re.I)) for words, name, follow in _WORDS
)
_LEAD = re.compile(r"^[\s>*_#\"'\[(-]*(?:(?:hi|hello|dear|good (?:morning|afternoon)),?\s*$)?", re.I)
_PLEASE = re.compile(r"^(?:please|pls|plz|ok|okay)[ ,:]+", re.I)
_GREETING = re.compile(
    r"^(?:hi|hello|hiya|dear|good (?:morning|afternoon|evening)|morning|afternoon|thanks|thank you|many thanks"
    r"|all)\b[^.!?:]{0,50}[,.!]?$",
    re.I,
)
CONDITION = re.compile(
    r"^\W*(?:(?:only|and|or|but|this|it|that|bit|which|please)\W+){0,2}(?:if\b|once\b|when\b|unless\b"
    r"|until\b|provided|subject to|in part|partly|partially"
    r"|mostly|apart from|except|in principle|hopefully|assuming|pending|or (?:resolved|escalate)|not\b"
    r"|maybe|possibly|tbc)",
    re.I,
)
_PARTIAL = re.compile(
    r"\b(?:apart from|except(?: for)?|other than|as far as"
    r"|all but|but not (?:the|on|about)|in part|partially|partly)\b",
    re.I,
)
_FORGIVEN = {
    "escalate": False,
    "resolved": False,
    "disagree": False,
    "handover": False,
    "status": False,
    "confirm": True,
    "withdraw": True,
    "decision": True,
    "reopen": True,
}
_DOUBTS = ("?", "\u203d", "!?", "\u2048", "\u2049", "\uff1f")
_ALTERNATIVES = re.compile(r"\n|\s*[/|]\s*|\s+or\s+", re.I)


@dataclass(frozen=True, slots=True)
class Command:
    """``rest`` is everything after it, as written. ``misspelt``: forgiven; ``risky``: forgiven only with a question;
    ``clouded``: a condition, a part or a question mark is attached to it."""

    name: str
    rest: str
    line: str
    misspelt: bool = False
    risky: bool = False
    clouded: bool = False
    after: str = ""  # the rest of its own line

    @property
    def is_in_capitals(self) -> bool:
        """Given as our letters print it."""
        return _PLEASE.sub("", self.line).lstrip("*_ ").startswith(self.name.split()[0])


def read_command(own: str) -> Command | None:
    """The command on the first line of a message that says something, or None. A greeting before it is passed over."""
    lines = own.split("\n")
    for at, line in enumerate(lines):
        said = _LEAD.sub("", line).strip(" \t*_>")
        if not said:
            continue
        found = _command_in(said, "\n".join(lines[at + 1 :]))
        if found or not _GREETING.match(said):
            return found
    return None


def later_commands(own: str) -> tuple[str, ...]:
    """The later commands of a message, that stand alone on lines after the first: a rival to it, or the whole
    answer below some prose."""
    found = []
    for line in _ALTERNATIVES.split(own):
        said = _PLEASE.sub("", line.strip(" \t*_>.!\"'"))
        name = next((n for words, n, _ in _WORDS if plain(said) == words), "") if 0 < len(said) < 30 else ""
        if name:
            found.append(name)
    return tuple(found)


def _command_in(line: str, below: str) -> Command | None:
    said = _PLEASE.sub("", line)
    low = said.lower()
    for words, name, follow in _POSSIBLE:
        if not low.startswith(words):
            continue
        after = said[len(words) :]
        if after[:1].isalnum() or (after[:1] in ("'", "-") and after[1:2].isalpha()):
            continue
        if _is_meant(said, words, after, follow):
            rest = after.lstrip(" .,:;!-*_\"')")
            whole = f"{rest}\n{below}".strip()
            clouded = _is_asked(after) or bool(CONDITION.match(after)) or _is_partial(name, after)
            return Command(name, whole, line, clouded=clouded, after=after)
    return _misspelt(said, line, below)


def _is_meant(said: str, words: str, after: str, follow: re.Pattern[str]) -> bool:
    stripped = after.strip(" *_\"')")
    if not stripped or set(stripped) <= set(".,:;!-?"):
        return True
    if words in {"yes", "no"} and after.lstrip()[:1] == "," and said[:2] != "NO":
        return False  # "Yes, I'll ring him" promises a call and agrees to nothing
    if re.match(r"\s*(?:[.:;,!]|-(?= )|\s-)", after):
        return True
    capitals = said[: len(words)]
    if capitals.isupper() and len(capitals) > 2:
        return True
    return bool(follow.match(after.lstrip()))


def _is_asked(after: str) -> bool:
    """Is a command asked rather than given? "RESOLVED?", "Resolved, really?", and no question in
    a sentence of its own."""
    return after.lstrip().startswith(_DOUBTS) or re.match(r"[^.!\n]{0,60}\?", after) is not None


def _is_partial(name: str, after: str) -> bool:
    first = re.split(r"[.\n]", after, maxsplit=1)[0]
    return name in {"RESOLVED", "CONFIRM", "AGREE"} and bool(_PARTIAL.search(first))


def _misspelt(said: str, line: str, below: str) -> Command | None:
    """A misspelt command: one edit in a long word, forgiven when it is written as one, alone on
    its line, or in capitals."""
    word = re.match(r"[A-Za-z]{6,12}", said)
    if word is None or word[0].lower() in {"resolve", "resolves", "confirms", "escalates", "disagrees", "revolved"}:
        return None
    alone = not said[word.end() :].strip(" .!,:-")
    if not (alone or word[0].isupper()) or said.rstrip().endswith("?"):
        return None
    for meant, risky in _FORGIVEN.items():
        if distance(word[0].lower(), meant, 1) == 1:
            after = said[word.end() :]
            clouded = bool(CONDITION.match(after)) or _is_partial(meant.upper(), after)
            rest = f"{after.lstrip(' .,:;!-')}\n{below}".strip()
            return Command(meant.upper(), rest, line, misspelt=True, risky=risky, clouded=clouded)
    return None
