"""What a letter costs its reader: words, subject, reading grade, and what of its ask stands on a telephone's first
screen.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.browser import Browser
from tests.story import Sent

# Kinds of letter, each with the words that its median may have (a word has a letter or a digit in it).
SHORT = "told, reminded, asked, answered"
ENTERED, OPENED = "a stage entered", "a dispute opened"
_BEGINS = {"stage_entered": ENTERED, "opened": OPENED}
ASKING = "asked to decide, to confirm, to talk again"
FILED = "kept on the record: summary, closing"
OFFICE = "the office's own: digest, daily word, counts, report"
_FILED = frozenset({"summary", "closed"})
_OFFICE = frozenset({"digest", "heartbeat", "counts", "meeting_report", "transcript"})
_SHORT = frozenset({"reminder", "question", "refused", "noted", "form_read", "undone", "action_due"})
MEDIAN_WORDS: Mapping[str, int] = {SHORT: 165, ENTERED: 250, OPENED: 250, ASKING: 185, FILED: 645, OFFICE: 432}
# What the plays of tests/budget/plays.py, with replies and in silence, cost on the product as it was before anybody
# counted its letters.
LETTERS_BEFORE: Mapping[str, tuple[int, int]] = {
    "north-somerset": (72, 78),
    "plymouth": (72, 64),
    "gloucestershire": (51, 66),
    "sunderland": (72, 70),
    "wolverhampton": (70, 76),
}
LONGEST_SUBJECT = 50
LONGEST_HEADLINE = 15  # words; a headline of the median length has fewer
HIGHEST_GRADE = 7.0  # Flesch-Kincaid, median; age is five more
FIRST_SCREEN = 440  # pixels of 640 that a mail program's own head leaves, at a width of 360
SHARE_ON_FIRST_SCREEN = 0.95


def wanted_letters(name: str, silent: bool) -> int:
    """Of North Somerset 44 of the 75 that a play like its own once cost, and 38 of 60 in silence; of the others as
    large a part of what they cost."""
    if name == "north-somerset":
        return 38 if silent else 44
    before = LETTERS_BEFORE[name][silent]
    return round(before * (38 / 60 if silent else 44 / 75))


def kind_of(sent: Sent) -> str:
    if sent.letter in _OFFICE:
        return OFFICE
    if sent.letter in _FILED:
        return FILED
    if sent.letter in _BEGINS:
        return _BEGINS[sent.letter]
    return SHORT if sent.letter in _SHORT or not asks(sent) else ASKING


def asks(sent: Sent) -> bool:
    return "\nYour turn" in sent.text.replace("\r", "")


def words_in(text: str) -> int:
    return len(re.findall(r"\S*\w\S*", text))


def by_kind(letters: Iterable[Sent]) -> Mapping[str, Sequence[int]]:
    """How many words the letters of each kind have."""
    found: dict[str, list[int]] = defaultdict(list)
    for sent in letters:
        found[kind_of(sent)].append(words_in(sent.text))
    return found


def headline(sent: Sent) -> str:
    found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", sent.html)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a letter's own sentences; syllables are counted by groups of vowels."""
    lines = [line.strip(" -") for line in text.replace("\r", "").split("\n")]
    said = " ".join(line if line.endswith((".", "?", ":", "!")) else f"{line}." for line in lines if words_in(line))
    sentences = [one for one in re.split(r"[.?!:]\s+", said) if words_in(one)]
    words = re.findall(r"[A-Za-z']+", said)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / max(len(sentences), 1) + 11.8 * syllables / max(len(words), 1) - 15.59


def _syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(groups - (word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1), 1)


def median_grade(letters: Iterable[Sent]) -> float:
    return median(grade(sent.text) for sent in letters if kind_of(sent) != OFFICE)


@dataclass(frozen=True, slots=True)
class Screen:
    """Where on a page 360 pixels wide its headline, its first button and "otherwise" end; 0 for what it has not."""

    headline: int
    button: int
    otherwise: int

    @property
    def ask(self) -> int:
        return max(self.headline, self.button, self.otherwise)


_ENDS = """(() => {
  const end = (one) => one ? Math.round(one.getBoundingClientRect().bottom + scrollY) : 0;
  return ["h1", ".press", ".ball"].map((name) => end(document.querySelector(name)));
})()"""
# A place has its own numbers in every letter: two of the usual length, where a story's procedure gives none.
_NUMBERS = "".join(
    f'<br><a href="tel:1" style="display:inline-block;padding:3px 0;">{words}</a>'
    for words in ("Front door: 01632 960001 (Mon to Fri, 9 to 5)", "Out of hours: 01632 960002 (nights, weekends)")
)


_UNSTAFFED = re.compile(r"<br><span[^>]*>Offices closed: [^<]*</span>")


def first_screens(letters: Iterable[Sent]) -> list[tuple[Sent, Screen]]:
    """Each letter that asks and has a button, laid out by a browser. Raises RuntimeError where there is none."""
    asking = [sent for sent in letters if asks(sent) and 'class="press"' in sent.html]
    with Browser() as browser:
        return [(sent, _screen(browser, sent)) for sent in asking]


def _screen(browser: Browser, sent: Sent) -> Screen:
    has = re.search(r'href="tel:(?!999)', sent.html)
    page = _UNSTAFFED.sub("", sent.html)  # where there are numbers, it is not said
    risk_ends = page.index("</td>", page.index('class="risk"'))
    browser.show(sent.html if has else f"{page[:risk_ends]}{_NUMBERS}{page[risk_ends:]}", 360)
    return Screen(*browser.ask_page(_ENDS))
