"""No letter of a whole dispute costs its reader more than the budget: words, subject, headline, reading grade."""

from statistics import median

import pytest

from tests.budget.pages import (
    ENTERED,
    HIGHEST_GRADE,
    LONGEST_HEADLINE,
    LONGEST_SUBJECT,
    MEDIAN_WORDS,
    OPENED,
    by_kind,
    grade,
    headline,
    kind_of,
    median_grade,
    words_in,
)
from tests.budget.plays import PLAYS, played
from tests.story import Sent


@pytest.fixture(scope="module")
def letters() -> list[Sent]:
    """Every letter of every procedure's play, with replies and in silence."""
    found: list[Sent] = []
    for name in PLAYS:
        for silent in (False, True):
            found += played(name, silent)
    return found


def test_no_kind_of_letter_has_more_words_than_its_budget(letters: list[Sent]) -> None:
    found = {kind: median(counted) for kind, counted in by_kind(letters).items()}
    assert found.keys() == MEDIAN_WORDS.keys()
    assert {kind: words for kind, words in found.items() if words > MEDIAN_WORDS[kind]} == {}


def test_a_digest_of_a_week_without_anything_is_short(letters: list[Sent]) -> None:
    """It says that nothing needs its reader and that no mail is lost; figures come again when there is something."""
    nothing = "Nothing needs you; none past the limit; none due in seven days; 0 open."
    digests = [sent for sent in letters if sent.letter == "digest" and nothing in sent.text]
    quiet = [words_in(sent.text) for sent in digests if "THIS WEEK" not in sent.text]
    assert quiet
    assert max(quiet) <= 182


def test_no_subject_is_longer_than_a_list_of_mail_shows(letters: list[Sent]) -> None:
    assert [sent.subject for sent in letters if len(sent.subject) > LONGEST_SUBJECT] == []


def test_headlines_are_read_at_a_glance(letters: list[Sent]) -> None:
    """But for the office's own, and what quotes somebody's own words or a long name of a person or an agency: also that
    of those who decide, where a stage is told to managers who do not."""
    long = {sent.letter for sent in letters if words_in(headline(sent)) >= LONGEST_HEADLINE and sent.letter != "digest"}
    assert long <= {"heartbeat", "counts", "refused", "opened", "stage_entered"}
    assert median(words_in(headline(sent)) for sent in letters) <= 10


def test_a_twelve_year_old_can_read_them(letters: list[Sent]) -> None:
    assert median_grade(letters) <= HIGHEST_GRADE


def test_in_a_list_of_mail_it_can_be_told_what_is_asked_told_decided_and_closed(letters: list[Sent]) -> None:
    """One person's subjects over a whole dispute: no two that ask different things are the same. What only informs asks
    nothing, and may be told alike by letters of two kinds."""
    said: dict[str, set[str]] = {}
    for sent in letters:
        if sent.letter not in ("digest", "heartbeat", "counts") and "] For information" not in sent.subject:
            kind = ENTERED if kind_of(sent) == OPENED else kind_of(sent)  # both ask two people to talk, by a limit
            said.setdefault(sent.subject.partition("] ")[2], set()).add(kind)
    assert {subject: kinds for subject, kinds in said.items() if len(kinds) > 1} == {}


# The measures themselves can fail


def test_the_measures_count_what_they_say() -> None:
    assert words_in("-- Please reply above this line --\n- NEEDED BY (sooner)") == 8
    assert grade("The cat sat on the mat.") < 1 < 12 < grade("Multi-agency safeguarding considerations necessitate it.")
