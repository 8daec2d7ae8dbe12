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
    rows: list[Sequence[object]] = [
        ("procedure", "", "before", "wanted", "letters", "most to one person", "each person's")
    ]
    for (name, silent), letters in whole.items():
        people = Counter(sent.to for sent in letters).most_common()
        most = f"{people[0][0]} {people[0][1]}"
        told = ", ".join(f"{who} {count}" for who, count in people)
        before = pages.LETTERS_BEFORE[name][silent]
        wanted = pages.wanted_letters(name, silent)
        rows.append((name, "in silence" if silent else "with replies", before, wanted, len(letters), most, told))
    yield from _table(*rows)


# Why each letter of the plays that cost most is written: what it asks or ends, or the clause that owes
# it; by its name, to all of its readers or to some.
_ASKS: Mapping[str, str] = {
    "opened": "Asks both practitioners to talk.",
    "proposed": "Asks whether it is so: nothing closes before they say yes.",
    "objected": "Asks whoever reported it to talk again.",
    "stage_entered": "Asks those whose stage begins.",
    "did_it_happen": "Asks whoever raised it, four weeks on.",
    "digest": "The office's own, each week, whatever is open.",
}
_RAISER = "No clause: whoever raised it hears that it moved on."
_MAY_SAY_NO = "No clause: whoever raised it may say no, whatever their manager says."
_MANAGERS = "No clause: those who had it before are to see to what was settled, and would wait on."
WHY: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "plymouth": {
        "summary": {
            "hartwell": _RAISER,
            "": "Stages one to four: on the child's record of both agencies. Whoever moved it has their answer.",
        },
        "proposed_told": {"": _MAY_SAY_NO},
        "stage_told": {
            "bu": "Flowchart: once stage 4 is reached, and when working within stage 5.",
            "qas": "Introduction: all that reach stage four or above.",
        },
        "closed": {
            "whitlock": "Stage five: recorded on the child's record of both agencies.",
            "farrow": "Stage five: recorded on the child's record of both agencies.",
            "bu": "Introduction: reported to the Subgroup; flowchart: informed within stage 5.",
            "qas": "Introduction: reported to the Subgroup.",
            "hartwell": "Ends it for those who work with the child.",
            "fenn": "Ends it for those who work with the child.",
            "": _MANAGERS,
        },
        "action_due": {"": "Asks its owner on its date whether it is done."},
    },
    "sunderland": {
        "opened": {"slade": "Flowchart: discussed with the designated lead at each stage.", "": _ASKS["opened"]},
        "summary": {
            "slade": "Flowchart: discussed with the designated lead at each stage.",
            "": "Flowchart: clear written records by everyone at all stages. Whoever moved it has their answer.",
        },
        "proposed_told": {"": _MAY_SAY_NO},
        "stage_entered": {
            "merrick": "Step 4: the Head of Service of each agency.",
            "thorne": "Step 4: the Head of Service of each agency.",
            "": _ASKS["stage_entered"],
        },
        "referred": {
            "bm": "Step 4: brings it to the statutory partners.",
            "": "Step 4: asks those who decide.",
        },
        "closed": {"": "Records: written confirmation between the parties, and to those who decided."},
        "action_due": {"": "Nobody was named for it, so the agency that was asked is, on its date."},
    },
}
_OF_TWO = ("plymouth", "sunderland")  # have the most stages and the most offices to tell


def _why(name: str, sent: Sent, first: bool) -> str:
    """``first``: of this letter's kind and reader, the first in its play."""
    reasons = WHY[name].get(sent.letter) or {"": _ASKS[sent.letter]}
    own = first and sent.letter == "summary" and sent.to == "hartwell"  # it was their own stage that ended
    return reasons[""] if own or sent.to not in reasons else reasons[sent.to]


def _one_by_one(whole: Played) -> Iterator[str]:
    """Who gets which letter when, and why, in the two procedures that cost most."""
    for name in _OF_TWO:
        rows: dict[tuple[str, str, str], list[str]] = {}
        had: set[tuple[str, str]] = set()
        for sent in whole[name, False]:
            on = parsedate_to_datetime(str(message_from_bytes(sent.raw)["Date"])).astimezone(LONDON)
            why = _why(name, sent, (sent.letter, sent.to) not in had)
            had.add((sent.letter, sent.to))
            rows.setdefault((f"{on:%a} {on.day} {on:%b %H:%M}", sent.letter, why), []).append(sent.to)
        told: list[Sequence[object]] = [(f"{name}: when", "letter", "to", "why")]
        told += [(when, letter, ", ".join(who), why) for (when, letter, why), who in rows.items()]
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
