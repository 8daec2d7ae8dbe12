"""Templates: the shipped ones are whole, an edited one is checked, and what people write is never more than a value."""

from dataclasses import replace

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from mailbot.core.notices.notice import LETTERS
from mailbot.mail.letters.render import LETTERS_APART, Letters
from mailbot.mail.letters.sample_letters import bare, full
from mailbot.shell.config.template_files import load_letters, shipped_letters

SHIPPED = dict(load_letters([shipped_letters()]))
LETTERS_MADE = Letters(SHIPPED)


def _edited(name: str, source: str) -> Letters:
    return Letters({**SHIPPED, name: source})


def test_every_shipped_letter_and_the_digest_render_with_everything_and_with_nothing() -> None:
    assert LETTERS_MADE.check() == []


def test_every_letter_has_its_three_templates_and_no_folder_is_left_over() -> None:
    folders = {name.split("/")[0] for name in SHIPPED if "/" in name and not name.startswith("_")}
    assert folders == set(LETTERS) | set(LETTERS_APART)
    assert {f"{name}/{part}" for name in LETTERS for part in ("subject.txt", "body.txt", "body.html")} <= set(SHIPPED)


def test_a_template_that_is_missing_is_named() -> None:
    without = {name: source for name, source in SHIPPED.items() if name != "reminder/body.html"}
    assert Letters(without).check() == ["reminder/body.html: this template is missing"]


def test_a_template_that_does_not_compile_is_named_with_its_line() -> None:
    faults = _edited("thanks/body.txt", "one\n{% if %}\n").check()
    assert faults == ["thanks/body.txt, line 2: Expected an expression, got 'end of statement block'"]


def test_a_misspelt_value_is_a_fault_and_not_an_empty_space() -> None:
    faults = _edited("thanks/subject.txt", "{{ refrence }}").check()
    assert faults[0] == "thanks/subject.txt, line 1: 'refrence' is undefined"
    with pytest.raises(UndefinedError):
        _edited("thanks/subject.txt", "{{ refrence }}").render("thanks", full("thanks"))


def test_an_edited_letter_that_gives_leave_to_wait_is_found() -> None:
    edited = SHIPPED["thanks/body.txt"].replace("Thank you.", "You have until Friday.")
    assert "thanks/body.txt: a letter never says 'you have until'" in _edited("thanks/body.txt", edited).check()


GUIDES = ("guide", "guide")  # in full, and bare


def test_an_edited_letter_that_drops_the_risk_line_is_found() -> None:
    faults = _edited("_layout.txt", SHIPPED["_layout.txt"].replace("{{ danger }}", "")).check()
    assert "closed/body.txt: the first line must be the reply marker and the first sentence ask about danger" in faults
    faults = _edited("_parts/all_of_danger.txt", SHIPPED["_parts/all_of_danger.txt"].replace("{{ risk }}", "")).check()
    assert faults == [f"{one}/body.txt: the procedure's own words about danger are missing" for one in GUIDES]


def test_an_edited_letter_that_loads_a_picture_from_elsewhere_is_found() -> None:
    edited = SHIPPED["thanks/body.html"] + '{% block before %}<img src="https://a.example/x.gif">{% endblock %}'
    faults = _edited("thanks/body.html", edited).check()
    assert faults[0].startswith("thanks/body.html: only mailto: and tel: links, and nothing from elsewhere")


def test_a_template_cannot_reach_outside_its_sandbox() -> None:
    with pytest.raises(SecurityError):
        _edited("thanks/subject.txt", "{{ reference.__class__.__mro__ }}").render("thanks", full("thanks"))


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "a & b \"c\" 'd'"])
def test_what_people_write_is_shown_as_they_wrote_it_and_never_run(words: str) -> None:
    view = full("reopened")
    made = LETTERS_MADE.render("reopened", replace(view, raiser=words, told=replace(view.told, words=words)))
    assert words in made.text
    assert "<script" not in made.html
    assert "49" not in made.html


def test_html_shows_the_words_of_the_text() -> None:
    made = LETTERS_MADE.render("closed", full("closed"))
    assert "This is closed: resolved by agreement." in made.text
    assert "This is closed: resolved by agreement." in made.html


def test_a_letter_without_a_dispute_says_nothing_of_one() -> None:
    made = LETTERS_MADE.render("question", replace(bare("question"), greeting="Barnaby"))
    assert made.subject == "One question: please answer"
    assert "None" not in made.text
    assert "[]" not in made.text


def test_the_end_in_brackets_gives_way_before_the_ask_or_the_limit_is_cut() -> None:
    said = replace(full("opened"), by_short="by Thu 10 Sep 5pm")
    assert LETTERS_MADE.render("opened", said).subject == "[NC-26-0012] Your turn by Thu 10 Sep 5pm (Stage 2)"
    said = replace(said, by_short="by Thu 10 Sep 10:30am")
    assert LETTERS_MADE.render("opened", said).subject == "[NC-26-0012] Your turn by Thu 10 Sep 10:30am"


def test_initials_at_the_end_of_a_sentence_bring_no_second_full_stop() -> None:
    assert "J.T.." not in LETTERS_MADE.render("opened", full("opened")).text


def test_a_partnerships_own_template_replaces_the_shipped_one(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "thanks").mkdir()
    (folder / "thanks" / "subject.txt").write_text("[{{ reference }}] Diolch", encoding="utf-8")
    made = Letters(load_letters([shipped_letters(), folder])).render("thanks", full("thanks"))
    assert made.subject == "[NC-26-0012] Diolch"
