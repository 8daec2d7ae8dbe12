"""Commands, the words a letter tells people to reply with, read off the first line they wrote.

Case, a leading "please", bold marks and trailing punctuation are forgiven. A word counts as a command only when it is
alone, in capitals, or followed by what belongs to it ("Resolved on ...", "Escalate to ..."): "No one has visited" and
"Add to this that ..." are prose. A command followed by a condition ("ESCALATE if ...") or a question mark is asked
about, and so is a misspelt one whose effect is hard to take back; one that its own sentence goes on to speak of
("ESCALATE is not what I want"); and one that is taken back, or said to be another's, in the sentences below it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from mailbot.core.decisions.people.roles import STATUSES
from mailbot.mail import lexicon
from mailbot.mail.letters.buttons import OUR_QUESTIONS, REPLIES
from mailbot.mail.lexicon import NOBODY, Names
from mailbot.mail.text.labelled_lines import field_for
from mailbot.mail.text.sieve import Wordings
from mailbot.mail.text.spelling_and_sentences import distance, plain

# In ordinary case a word counts as the command only when what may follow it follows. Longer words are tried first.
_WORDS = sorted(
    ((words, row.name, row.wordings) for row in lexicon.rows("command") for words in row.words),
    key=lambda said: -len(said[0]),
)
_NAMES = frozenset({"ADD", "REMOVE"})  # "add Cosmo Standin" is a command, "add to this" is not: capitals tell
_LEAD = lexicon.pattern("courtesies.lead")
_PLEASE = re.compile(r"^(?:please|pls|plz|ok|okay)[ ,:]+", re.I)
# "Thanks Imogen. CONFIRM": a word of thanks takes nothing from a command that is written as our letters print it.
_THANKS = re.compile(r"^(?:many thanks|thanks|thank you|cheers)\b[^.!?\n]{0,40}[.!]\s+(?=[A-Z]{5})", re.I)
# "Yes please CONFIRM", "Hi, HANDOVER TO ...": a greeting or an assent before a word on its own line.
_LED_TO = re.compile(lexicon.pattern("courtesies.led_to").pattern + r"(?=(?-i:[A-Z]{3,}\b))", re.I)
# "Hi Rosalind, please CONFIRM" asks her for it.
_ASKS_SOMEBODY = re.compile(r"\W*\w+ (?!(?:All|Both|Team|Everyone|Everybody|There)\b)[A-Z]\w+\W+(?:please|pls)\b")
GREETING_LINE = lexicon.pattern("courtesies.greeting_line")
_PASSED_OVER = lexicon.pattern("courtesies.passed_over")
CONDITION = lexicon.pattern("commands.condition")
_TAKEN_BACK = lexicon.pattern("commands.taken_back")
_SPOKEN_OF = lexicon.pattern("commands.spoken_of", cased=True)
_PUT_OFF = lexicon.pattern("commands.put_off")
_TAKES_BACK = lexicon.pattern("commands.takes_back")
_KEPT_OPEN = lexicon.pattern("commands.kept_open")
_TAKES_BACK_ALONE = lexicon.pattern("commands.takes_back_alone")
_PARTIAL = lexicon.pattern("commands.partial")
_RISKY = lexicon.vocabulary_in_order("forgiven_with_a_question")  # forgiven too, but with a question
_FORGIVEN = (*lexicon.vocabulary_in_order("forgiven"), *_RISKY)
_NOT_MISSPELT = lexicon.vocabulary("not_misspelt")
# A word in quotation marks is as our letters print it; a quotation that goes on is somebody's words.
_OPENS_A_QUOTATION = re.compile(r"\s*[\"“”„«]")
QUOTED_ALONE = re.compile(r"\s*[\"“”„«][^\"“”„«»]*[\"“”„»][\s.!,]*")
_DOUBTS = ("?", "\u203d", "!?", "\u2048", "\u2049", "\uff1f")
_PIECES = re.compile(r"[.!?;:]\s+|,\s+|\s[-\u2013\u2014]\s|[()]|\n+")
# What follows a command in its own grammar: people, an address, a date; and what is done with it, "this", "it".
_ADDRESS = re.compile(r"[^\s@<>(),;:]+@[\w.-]*\w")
_ARGUMENTS = re.compile(r"[^\w\n]*(?:(?:[A-Z][\w.'-]*|@|\d[\w/.-]*|of|and|as|from|the)[ \t,<>()]*)*")
_OBJECT = re.compile(r"\W*(?:(?:this|it|that|the dispute|now)\b)?[\s\"'\u201d\u2019*_)]*")
_NO_OBJECT = re.compile(r"[\s\"'\u201d\u2019*_)]*")
# What follows these is why: "DISAGREE this does not help K". Of a no, and of looking again, nobody must be sure twice.
_WITH_A_REASON = frozenset({"NO", "DISAGREE", "REOPEN"})
_WITH_ARGUMENTS = frozenset({"HANDOVER", "ADD", "REMOVE", "NEEDED BY", "AGREE BY"})
_AT_ONCE = frozenset({"ESCALATE", "REFER", "WITHDRAW", "CONFIRM", "DISAGREE", "REOPEN"})  # no day belongs to them
_CHANGES = _WITH_ARGUMENTS | _AT_ONCE | {"RESOLVED", "AGREE", "NO", "DECISION", "CHILD STATUS"}
_CLOSES = frozenset({"WITHDRAW", "CONFIRM", "AGREE", "RESOLVED"})
_SAYS_NO = frozenset({"NO", "DISAGREE"})
_SAYS_SO_AGAIN = lexicon.pattern("commands.says_so_again")
_SAYS_NO_AGAIN = lexicon.pattern("commands.says_no_again")
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
        """Given as our letters print it, or in capitals in another language."""
        said = _PLEASE.sub("", _thanked(self.line)).lstrip("*_ ")
        first = re.match(r"[A-Z]{5,}\b", said)
        return said.startswith(self.name.split()[0]) or (first is not None and _is_the_same(self.name, first[0]))


@cache
def _possible(names: Names) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Each command's words with what may follow them in ordinary case, longest first."""
    return tuple(
        (words, name, re.compile(f"(?:{lexicon.joined(follow, names)})", 0 if name in _NAMES else re.IGNORECASE))
        for words, name, follow in _WORDS
    )


@lru_cache(maxsize=16)  # one message is asked for it from several sides
def read_command(own: str, names: Names = NOBODY) -> Command | None:
    """The command on the first line that says something, or None. A greeting before it is passed over."""
    lines = own.split("\n")
    for at, line in enumerate(lines):
        said = _LEAD.sub("", line).strip(" \t*_>")
        if not said:
            continue
        found = _command_in(said, "\n".join(lines[at + 1 :]), names)
        if found and _OPENS_A_QUOTATION.match(line) and not QUOTED_ALONE.fullmatch(line):
            return replace(found, clouded=True)
        if found or not GREETING_LINE.match(said):
            return found
    return None


def command_below(own: str, names: Names = NOBODY) -> str:
    """The name of a command that stands, as our letters print it, below other words than a greeting or thanks, "" where
    none does. Commands stand at the top: whose a word is below "Mum asks me to send you:" nobody can tell, and below
    "Please do not write" it is not given at all."""
    told = False
    for line in own.split("\n"):
        said = _LEAD.sub("", line).strip(" \t*_>")
        if not said or GREETING_LINE.match(said) or _PASSED_OVER.fullmatch(said):
            continue
        # Behind a mark or a name ("~~ESCALATE~~", "Dad: ESCALATE") it does not stand at the top of a line either.
        behind = [re.sub(r"^\W+", "", line), line.rpartition(": ")[2].strip() if ": " in line else ""]
        for piece in (said, *behind) if told else (one for one in behind if one != said):
            found = _command_in(piece, "", names) if piece else None
            if found is not None and found.is_in_capitals and not found.misspelt:
                return found.name
        told = True
    return ""


_TYPED = re.compile(rf"(?<![\w'-])(?:{'|'.join(sorted(_CHANGES, key=len, reverse=True))})(?![\w'-])")
_NO_WORD = re.compile(r"[A-Z]{2,6}-\d\d-\d+|[^\w'\s]+")
_MAY_LEAD = lexicon.vocabulary("may_lead_to_a_command")
_THEREFORE = re.compile(r"[,;\u2013\u2014]\s*((?:so|therefore|hence|thus|accordingly)\b[^,;]*)\Z", re.I)
_SHORTENED = re.compile(r"\b(?:\w\.){2,}\Z")  # "e.g."
_SHOUTED = 8  # words: whoever writes so many in capitals writes everything so


def command_spoken_of(own: str) -> str:
    """The name of a command that stands, as our letters print it, behind words of its own line that lead to no command,
    "" where none does: "I refuse to CONFIRM", "DRAFT - CONFIRM", and below "Note to self:". What may lead to one is a
    short list; what may turn one round has no end."""
    if own.isupper() and len(own.split()) > _SHOUTED:
        return ""
    for met in _TYPED.finditer(own.replace("\u2019", "'")):
        before = own[: met.start()].rstrip(' \t*_"\u201c')
        if before.endswith((".", "!", "?")) and not _SHORTENED.search(before):
            continue
        line = before[max(before.rfind(mark) for mark in ("\n", ". ", "! ", "? ", "\u2026 ")) + 1 :]
        above = before[: len(before) - len(line)].rstrip().rpartition("\n")[2] if not line.strip() else ""
        leads = above if above.endswith((":", "-", "\u2013", "\u2014")) and not before.endswith("\n\n") else line
        if not _leads_to_a_command(leads):
            return met[0]
    return ""


def command_typed(own: str) -> str:
    """The first word that stands in a message as our letters print a command, wherever; "" where none does, or where
    its writer writes everything in capitals."""
    met = _TYPED.search(own)
    return met[0] if met is not None and not (own.isupper() and len(own.split()) > _SHOUTED) else ""


def _leads_to_a_command(before: str) -> bool:
    said = before.strip()
    therefore = _THEREFORE.search(said)
    said = therefore[1] if therefore is not None else said
    if not said or GREETING_LINE.match(said) or _PASSED_OVER.fullmatch(said):
        return True
    return all(word in _MAY_LEAD for word in _NO_WORD.sub(" ", said).lower().split())


FINAL = frozenset({"RESOLVED", "CONFIRM", "DISAGREE", "ESCALATE", "REFER", "WITHDRAW", "AGREE", "NO", "DECISION"})


def rivals_of(command: Command, own: str) -> frozenset[str]:
    """The other commands that stand alone on lines of a message: of two, nobody can tell which is meant. Beside a word
    that decides, another that decides, however written; beside any that changes something, any as our letters print
    it. What is withdrawn because it is "Resolved" is withdrawn."""
    why = {"RESOLVED"} if command.name == "WITHDRAW" else set()
    found = tuple((name, typed) for name, typed in later_commands(own) if typed or name not in why)
    final = {name for name, _ in found if name in FINAL and command.name in FINAL}
    printed = {name for name, typed in found if typed and command.name in _CHANGES}
    return frozenset((final | printed) - {command.name})


def later_commands(own: str) -> tuple[tuple[str, bool], ...]:
    """The commands of a message that stand alone on their lines, and whether each is in capitals."""
    found = []
    for line in _ALTERNATIVES.split(own):
        said = _PLEASE.sub("", line.strip(" \t*_>.!\"'"))
        name = next((n for words, n, _ in _WORDS if plain(said) == words), "") if 0 < len(said) < 30 else ""
        if name:
            found.append((name, said.isupper() and len(said) > 2))
    return tuple(found)


def _command_in(line: str, below: str, names: Names) -> Command | None:
    said = _PLEASE.sub("", _thanked(line))
    low = said.lower()
    for words, name, follow in _possible(names):
        if not low.startswith(words):
            continue
        after = said[len(words) :]
        if after[:1].isalnum() or (after[:1] in ("'", "-") and after[1:2].isalpha()):
            continue
        if name == "STATUS" and _is_of_the_child(after):
            return None  # the line by which our letters ask for the child's status (GL 2.2d)
        if _is_meant(said, words, after, follow):
            rest = after.lstrip(" .,:;!-*_\"')")
            whole = f"{rest}\n{below}".strip()
            clouded = _is_asked(after) or _is_partial(name, after) or bool(CONDITION.match(after))
            clouded = clouded or bool(_TAKEN_BACK.match(after.partition("\n")[0]))
            clouded = clouded or (name in _CHANGES and _is_no_order(name, after, below))
            clouded = clouded or (name == "CORRECT" and is_taken_back(below, closes=False))
            clouded = clouded or (name in _CHANGES | {"CORRECT"} and _goes_on_below(below))
            return Command(name, whole, line, clouded=clouded, after=after)
    return _misspelt(said, line, below)


def _is_of_the_child(after: str) -> bool:
    """Is it a command no more, because what follows "Status:" is a child's: "child protection plan", "none"?"""
    told = after.partition("\n")[0].strip(" .*_")
    if not told.startswith((":", "-", "=")):
        return False
    said = told.lstrip(":-= ").lower()
    return _NO_STATUS.match(said) is not None or any(re.search(pattern, said) for _, pattern in STATUSES)


_NO_STATUS = re.compile(r"(?:none|neither|nil|no (?:plan|status)|not (?:on|subject|looked)|n/?a)\b")


def _thanked(line: str) -> str:
    """A command's line without the word of thanks, the greeting or the yes before it; the line itself where what
    follows is not all in capitals."""
    rest = _LED_TO.sub("", line)
    is_word = any(rest.lower().startswith(words) for words, _, _ in _WORDS)
    if rest != line and is_word and not _ASKS_SOMEBODY.match(line):
        return rest
    rest = _THANKS.sub("", line)
    return rest if rest != line and re.match(r"[A-Z]{5,}\b", rest) else line


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


def _is_no_order(name: str, after: str, below: str) -> bool:
    """Is a command's word only spoken of in its own sentence ("ESCALATE is not what I want", "HANDOVER TO X is not
    needed"), put off ("ESCALATE on Friday"), one of several, or taken back below?"""
    text = _ADDRESS.sub("@", f"{_SAYS_SO_AGAIN.sub('', after) if name in _CLOSES else after}\n{below}")
    given = (_ARGUMENTS if name in _WITH_ARGUMENTS else _NO_OBJECT if name in _WITH_A_REASON else _OBJECT).match(text)
    apart = re.match(r"\s*[:.;(-]", after) or (not after.strip() and below.lstrip()[:1].isupper())
    if not apart and given is not None and _SPOKEN_OF.match(text, given.end()):
        return True
    other = re.match(r"\s*(?:[/|]|or\b)\s*([A-Z]{4,})", after)
    if (other is not None and not _is_the_same(name, other[1])) or (name in _AT_ONCE and _PUT_OFF.match(after)):
        return True
    if name in _SAYS_NO and (_SAYS_NO_AGAIN.match(text) or _TAKES_BACK_ALONE.match(below.strip())):
        return False
    return is_taken_back(text, closes=name in _CLOSES)


def _is_the_same(name: str, word: str) -> bool:
    """Is a word one for this command, as CONFIRM in another language is: "CADARNHAU / CONFIRM"?"""
    return any(words == word.casefold() and one == name for words, one, _ in _WORDS)


def _goes_on_below(below: str) -> bool:
    """Does a command's sentence go on below it, and speak of it: "is what they want, and not what I want"?"""
    rest = below.lstrip()
    return rest[:1].islower() and _SPOKEN_OF.match(rest) is not None


def is_taken_back(text: str, *, closes: bool) -> bool:
    """Is a command taken back, or said to be somebody else's, by what follows it? ``closes``: it ends the dispute, so
    that "keep it open" takes it back too."""
    pieces = [piece.strip(" \t\"'*_>~-\u2013\u201c\u201d") for piece in _PIECES.split(text)]
    if any(_TAKES_BACK.search(piece) or (closes and _KEPT_OPEN.search(piece)) for piece in pieces if piece):
        return True
    return any(_TAKES_BACK_ALONE.match(line) for line in _alone(text))


def _alone(text: str) -> Iterator[str]:
    """The lines of a text below a command that no sentence above them goes on to: what is wrapped stands not alone."""
    _, *below = text.split("\n")
    above = ""
    for line in (" ".join(one.split()) for one in below):
        if line[:1].isupper() and (not above or above[-1] in ".!?:"):
            yield line
        above = line


def _misspelt(said: str, line: str, below: str) -> Command | None:
    """A misspelt command: one edit in a long word, forgiven when it is written as one, alone on
    its line, or in capitals."""
    word = re.match(r"[A-Za-z]{6,12}", said)
    if word is None or word[0].lower() in _NOT_MISSPELT:
        return None
    alone = not said[word.end() :].strip(" .!,:-")
    if not (alone or word[0].isupper()) or said.rstrip().endswith("?"):
        return None
    for meant in _FORGIVEN:
        if distance(word[0].lower(), meant, 1) == 1:
            after = said[word.end() :]
            clouded = bool(CONDITION.match(after)) or _is_partial(meant.upper(), after)
            rest = f"{after.lstrip(' .,:;!-')}\n{below}".strip()
            return Command(meant.upper(), rest, line, misspelt=True, risky=meant in _RISKY, clouded=clouded)
    return None


# What a button wrote itself is never what its sender says: a prompt with nothing after it is an empty line.

_AS_OPENED = {plain(" ".join(reply.lines)): word for word, reply in REPLIES.items() if "".join(reply.lines[1:])}
_ALL_PROMPTS = "|".join(re.escape(prompt.strip(": ")) for prompt in OUR_QUESTIONS)
# One that is a label of the record's stays where something follows it: it says for which box the words are.
_ONLY_OURS = "|".join(re.escape(words) for prompt in OUR_QUESTIONS if not field_for(words := prompt.strip(": ")))
_PROMPT = re.compile(rf"^[ \t>*_]*(?:{_ONLY_OURS})\s*:[ \t*_]*", re.IGNORECASE | re.MULTILINE)
_EMPTY_PROMPT = re.compile(rf"[ \t>*_]{{0,12}}\b(?:{_ALL_PROMPTS})\s*:[\s*_]*\Z", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"[ \t>*_]*[A-Za-z][^:\n]{1,90}:[ \t*_]*")

_REACTED = lexicon.pattern("asides.reacted")


def sent_as_it_opened(own: str) -> str | None:
    """The command of the button that was pressed and sent with nothing written ("" where its lines are labels
    alone); None where anything was."""
    if (word := _AS_OPENED.get(plain(own))) is not None:
        return word
    lines = [line for line in own.split("\n") if line.strip()]
    empty = bool(lines) and not _REACTED.match(own) and all(_EMPTY_LINE.fullmatch(line) for line in lines)
    return "" if empty and read_command(own) is None else None


def without_prompts(own: str) -> str:
    """Around a command, the writer's own words without what a button put there to be answered."""
    return _PROMPT.sub("", _EMPTY_PROMPT.sub("", own))


# Instructions to a machine, in mail that people are supposed to write. Each alone is enough.
_AIMED = lexicon.loaded().lists["aimed.aimed"]
_AIMED_AT = Wordings([_AIMED])
_DATA = Wordings([[wording for wording in _AIMED if "forward" in wording]])


def asks_for_records(own: str) -> bool:
    """Around commands: does a message ask the mailbox for lists or records to be sent somewhere? Said of it where it is
    kept; read no further, never answered."""
    return _DATA.stand_in(own)


def is_aimed_at_the_mailbox(own: str) -> bool:
    """Commands to a machine, in words that people do not write to a colleague."""
    return _AIMED_AT.stand_in(own)
