"""What the words of a sentence, and those beside it, weigh for one act."""

import pytest

from mailbot.mail.second_reader.acts_by_words import ActsByWords, runs_of, words_beside
from mailbot.mail.second_reader.linear_model import acts_by_words, weighed_words

TABLE = """\
feature\tconfirm=a move_up=b
any\ta-100 b-200
b < yes\ta300
o not\ta-400 b50
w yes\ta100 b-100
"""


def test_runs_of_words_stand_between_the_ends_of_their_sentence() -> None:
    assert list(runs_of(["yes", "agreed"])) == [
        "w yes", "w agreed", "b < yes", "b yes agreed", "b agreed >", "t < yes agreed", "t yes agreed >"
    ]  # fmt: skip
    assert list(words_beside(["no"])) == ["o no"]


def test_each_act_has_its_own_weights_and_many_words_weigh_less() -> None:
    table = ActsByWords(TABLE)
    alone, beside = table.speak("confirm", ["yes"], ["yes"]), table.speak("confirm", ["yes"], ["yes", "not"])
    assert alone == pytest.approx(-1 + 4 / 2)  # "w yes", "b < yes", "b yes >", "t < yes >"
    assert beside == pytest.approx(alone - 4 / 2**0.5)
    assert table.speak("move_up", ["yes"], ["yes"]) == pytest.approx(-2 - 1 / 2)


def test_an_act_and_words_that_were_never_seen_weigh_nothing() -> None:
    table = ActsByWords(TABLE)
    assert table.speak("decision", ["yes"], ["not"]) == 0.0
    assert table.speak("confirm", ["quite"], ["quite"]) == -1.0
    assert table.speak("confirm", [], []) == -1.0


@pytest.mark.parametrize("table", ["", "word\tconfirm=a\n", "feature\tconfirm\n"])
def test_a_table_that_is_none_is_refused(table: str) -> None:
    with pytest.raises(ValueError, match="does not name the acts"):
        ActsByWords(table)


def test_the_table_that_is_shipped_hears_a_yes_where_one_is_asked_for() -> None:
    shipped = acts_by_words()
    assert shipped is not None
    yes, no = weighed_words("Yes, that is what we agreed"), weighed_words("No, that is not what we agreed")
    assert shipped.speak("confirm_resolution", yes, yes) > 0 > shipped.speak("confirm_resolution", no, no)
    assert shipped.speak("object_resolution", no, no) > 0 > shipped.speak("object_resolution", yes, yes)
