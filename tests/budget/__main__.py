"""Measures every letter of every procedure's play and writes the tables of ``docs/letters.md``, budgets beside them."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from tests.budget import pages
from tests.budget.pages import Screen
from tests.budget.plays import PLAYS, played
from tests.sites import ROOT
from tests.story import Sent

Played = Mapping[tuple[str, bool], Sequence[Sent]]  # by procedure and whether nobody answers
BEGINS, ENDS = "<!-- figures -->\n", "<!-- end of figures -->"


def main() -> int:
    whole: Played = {(name, silent): played(name, silent) for name in PLAYS for silent in (False, True)}
    letters = [sent for one in whole.values() for sent in one]
    screens = pages.first_screens(letters)
    text = "\n".join([*_counts(whole), "", *_words(letters), "", *_first_screen(screens), ""])
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
