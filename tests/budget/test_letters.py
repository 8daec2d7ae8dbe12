"""The budget of letters: what each procedure may cost, measured by playing it; and reminders a person, in silence."""

from collections import Counter

import pytest

from tests.budget.plays import PLAYS, played

# Letters of the whole play: with replies, and in thirty silent working days. Raised only with a clause that owes one.
BUDGET = {
    "north-somerset": (39, 36),
    "plymouth": (41, 20),
    "gloucestershire": (30, 22),
    "sunderland": (44, 27),
    "wolverhampton": (38, 37),
}
REMINDERS = ("reminder", "limit_passed", "refer_question", "still_needed")
MOST_REMINDERS = 6
OFFICES = ("bm", "bu", "ssu", "qas", "partners", "dsps", "chair", "scrutineer")


@pytest.mark.parametrize("name", PLAYS)
def test_a_procedure_with_replies_costs_no_more_letters_than_its_budget(name: str) -> None:
    sent = played(name, silent=False)
    assert len(sent) <= BUDGET[name][0], Counter(one.to for one in sent)


@pytest.mark.parametrize("name", PLAYS)
def test_silence_costs_no_more_than_its_budget_and_nobody_more_than_six_reminders(name: str) -> None:
    sent = played(name, silent=True)
    assert len(sent) <= BUDGET[name][1], Counter(one.to for one in sent)
    reminded = Counter(one.to for one in sent if one.letter in REMINDERS and one.to not in OFFICES)
    assert {who: number for who, number in reminded.items() if number > MOST_REMINDERS} == {}
    of_themselves = [one.subject for one in sent if one.to in OFFICES and "sees each week" in one.text]
    assert of_themselves == [], "an office reads of itself as you"
    words = Counter((one.to, one.text) for one in sent if one.to not in OFFICES)
    assert [who for (who, _), number in words.items() if number > 1] == [], "the same words twice to one person"
