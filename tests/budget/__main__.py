"""Measures every letter of every procedure's play and writes the tables of ``docs/letters.md``, budgets beside them."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from statistics import median

from tests.budget import pages
from tests.budget.pages import Screen
from tests.budget.plays import PLAYS, played
from tests.sites import ROOT
from tests.story import LONDON, Sent

Played = Mapping[tuple[str, bool], Sequence[Sent]]  # by procedure and whether nobody answers
BEGINS, ENDS = "<!-- figures -->\n", "<!-- end of figures -->"


def main() -> int:
    whole: Played = {(name, silent): played(name, silent) for name in PLAYS for silent in (False, True)}
    letters = [sent for one in whole.values() for sent in one]
    screens = pages.first_screens(letters)
    text = "\n".join([*_counts(whole), "", *_words(letters), "", *_first_screen(screens), "", *_one_by_one(whole), ""])
    file = ROOT / "docs" / "letters.md"
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGINS)
    file.write_text(f"{before}{BEGINS}\n{text}\n{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")
    print(text)
    return 0 if _share(screens) >= pages.SHARE_ON_FIRST_SCREEN else 1


def _table(*rows: Iterable[object]) -> Iterator[str]:
    for number, row in enumerate(rows):
        cells = [str(cell) for cell in row]
        yield f"| {' | '.join(cells)} |"
        if not number:
            yield f"|{'---|' * len(cells)}"


def _counts(whole: Played) -> Iterator[str]:
    rows: list[Sequence[object]] = [("procedure", "", "letters", "wanted", "most to one person", "each person's")]
    for (name, silent), letters in whole.items():
        people = Counter(sent.to for sent in letters).most_common()
        most = f"{people[0][0]} {people[0][1]}"
        told = ", ".join(f"{who} {count}" for who, count in people)
        wanted = "" if silent else pages.WANTED_LETTERS.get(name, "")
        rows.append((name, "in silence" if silent else "with replies", len(letters), wanted, most, told))
    yield from _table(*rows)


# Why each letter of a play with replies is written: what it asks, moves or ends, or the clause that owes it.
WHY: Mapping[str, str] = {
    "opened": "Asks both practitioners to talk. Sunderland: the designated lead, with whom each step is discussed.",
    "proposed": "Asks the other side whether it is so: nothing closes before they say yes.",
    "proposed_told": "Whoever raised it may say no. Plymouth: the Business Unit, kept informed at stage five.",
    "objected": "Asks whoever reported it to talk again.",
    "summary": "What each agency puts on the child's record, and the word that it moved on: to whoever the stage was "
    "with, and whoever raised it. Sunderland: the designated lead of each step as well.",
    "stage_entered": "Asks those whose stage begins.",
    "stage_told": "Owed by a clause: reaching stage four (Plymouth), senior managers (Gloucestershire).",
    "referred": "Asks those who decide to decide, and whoever passes it on to see that it arrived.",
    "closed": "Ends it: both practitioners, every manager whose people are to do what was settled, those who decided, "
    "and the offices to which a clause owes the result.",
    "action_due": "Asks its owner on its date whether it is done.",
    "did_it_happen": "Asks whoever raised it, four weeks on or when all is reported done.",
    "digest": "The office's own, each week.",
    "reminder": "Asks again on the day of the limit.",
}
_OF_TWO = ("plymouth", "sunderland")  # cost more than they are wanted to


def _one_by_one(whole: Played) -> Iterator[str]:
    """Who gets which letter when, and why, in the procedures that stay above what is wanted."""
    for name in _OF_TWO:
        rows: dict[tuple[str, str], list[str]] = {}
        for sent in whole[name, False]:
            on = parsedate_to_datetime(str(message_from_bytes(sent.raw)["Date"])).astimezone(LONDON)
            rows.setdefault((f"{on:%a} {on.day} {on:%b %H:%M}", sent.letter), []).append(sent.to)
        told: list[Sequence[object]] = [(f"{name}: when", "letter", "to", "why")]
        told += [(when, letter, ", ".join(who), WHY[letter]) for (when, letter), who in rows.items()]
        yield from (*_table(*told), "")


def _words(letters: Sequence[Sent]) -> Iterator[str]:
    rows: list[Sequence[object]] = [
        ("kind", "letters", "words, median", "budget", "most words", "longest subject", "grade, median")
    ]
    for kind, counted in pages.by_kind(letters).items():
        these = [sent for sent in letters if pages.kind_of(sent) == kind]
        grade = median(pages.grade(sent.text) for sent in these)
        subject = max(len(sent.subject) for sent in these)
        budget = pages.MEDIAN_WORDS[kind]
        rows.append((kind, len(these), f"{median(counted):g}", budget, max(counted), subject, f"{grade:.1f}"))
    yield from _table(*rows)


def _first_screen(screens: Sequence[tuple[Sent, Screen]]) -> Iterator[str]:
    by_letter: dict[str, list[Screen]] = defaultdict(list)
    for sent, screen in screens:
        by_letter[sent.letter].append(screen)
    rows: list[Sequence[object]] = [
        ("asking letter", "how many", "headline ends", "first button ends", "otherwise ends", "all within 440")
    ]
    for letter, found in sorted(by_letter.items()):
        ends = [median(getattr(one, part) for one in found) for part in ("headline", "button", "otherwise")]
        within = sum(one.ask <= pages.FIRST_SCREEN for one in found)
        rows.append((letter, len(found), *(f"{end:g}" for end in ends), f"{within} of {len(found)}"))
    whole = sum(screen.ask <= pages.FIRST_SCREEN for _, screen in screens)
    rows.append(("**all**", len(screens), "", "", "", f"**{whole} of {len(screens)}: {_share(screens):.0%}**"))
    yield from _table(*rows)


def _share(screens: Sequence[tuple[Sent, Screen]]) -> float:
    return sum(screen.ask <= pages.FIRST_SCREEN for _, screen in screens) / len(screens)


if __name__ == "__main__":
    sys.exit(main())
