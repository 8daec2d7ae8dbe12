"""Words that a writer passes on are not theirs, however they are set apart; the writer's own stay theirs."""

import pytest

from mailbot.mail.body.html_to_text import html_to_text
from mailbot.mail.body.own_words import words_of
from mailbot.mail.body.passed_on import apart

ABOVE = "Hello both, I will ring you.\n\nDesmond"
PASTED = "RESOLVED on 9 September\nThe case is closed with no further action."


@pytest.mark.parametrize(
    "introduction",
    [
        "Dad wrote:",
        "From: Dad",
        "This is what his email said:",
        "He has sent me this:",
        "What mum has put in her text:",
        "Email received from father -",
        "Text from Dad 09:12",
        "Message from Ms Jones (mother)",
        "Voicemail from dad today",
        "-------- what he wrote --------",
        "==== begin message ====",
        "________________________________",
        "On Tuesday I met Petronella and afterwards she wrote:",
        "In her words she told me\nthe following:",
        "I was sent the following by dad:",
        "Please see what I was sent below.",
        "I had this from the father, please see.",
        "FYI - forwarding this from mum.",
        "Below is what the grandmother said.",
        "Dad wrote",
        "Dad ysgrifennodd:",
        "Neges gan Dad:",
        "Oddi wrth: Mam",
    ],
)
def test_below_an_introduction_nothing_is_the_writers(introduction: str) -> None:
    own, passed_on = apart(f"{ABOVE}\n\n{introduction}\n\n{PASTED}", is_answer=True)
    assert own.startswith(ABOVE)
    assert "RESOLVED" not in own
    assert passed_on.strip() == PASTED


@pytest.mark.parametrize("mark", ["    ", "\t", "| ", "» "])
def test_what_is_indented_or_barred_below_own_words_is_somebody_elses(mark: str) -> None:
    pasted = "\n".join(f"{mark}{line}" for line in PASTED.split("\n"))
    assert apart(f"FYI\n\n{pasted}", is_answer=True) == ("FYI", pasted)


def test_a_line_out_of_a_chat_is_whoevers_it_says() -> None:
    assert apart("See his chat.\n[09/09/2026, 09:12] Dad: RESOLVED\nas far as I care", is_answer=True) == (
        "See his chat.",
        "[09/09/2026, 09:12] Dad: RESOLVED\nas far as I care",
    )


@pytest.mark.parametrize(
    "line",
    [
        "We agreed the following:",
        "I wrote to them:",
        "As I said:",
        "Our letter said:",
        "My email of Tuesday said:",
        "Please record the following as agreed:",
        "What we agreed:",
        "The actions are:",
        "Notes from the meeting:",
        "The panel decided:",
        "I have told them:",
        "Please see my comments below.",
        "Outcome sought:",
        "Text:",
        "From: the school we would like to see a visit first.",
    ],
)
def test_what_the_writer_introduces_as_their_own_stays_theirs(line: str) -> None:
    text = f"{line}\n\nThe visit is on 11 September 2026."
    assert apart(text, is_answer=True) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "Actions\n\n    - Tobias visits\n    - school rings",
        "1. Visit\n   on Friday\n2. Call",
        "| day | who |\n| Mon | Mum |",
        "Child: K.W.\n____________\nIssue: no visit",
        "    ESCALATE\n    The visit is refused.",
    ],
)
def test_lists_tables_and_forms_are_the_writers(text: str) -> None:
    assert apart(text, is_answer=True) == (text, "")


def test_what_is_passed_on_is_still_heard() -> None:
    found = words_of("Mum said:\n\nHe hit him with a belt.\n\nRegards\nRosalind")
    assert (found.own, found.passed_on) == ("Mum said:", "He hit him with a belt.")
    assert found.whole == "Mum said:\n\nHe hit him with a belt."


@pytest.mark.parametrize(
    "text",
    [
        "Petronella said to me:\n\n    we will not visit\n\nSo please ESCALATE.",
        "Petronella said to me:\n\n> we will not visit\n\nSo please ESCALATE.",
        "Petronella said to me:\n| we will not visit\n\nSo please ESCALATE.",
    ],
)
def test_where_a_shape_shows_the_end_of_what_is_passed_on_the_writer_goes_on(text: str) -> None:
    own = words_of(text).own
    assert own.endswith("So please ESCALATE.")
    assert "we will not visit" not in own


def test_a_bare_blockquote_is_passed_on_only_where_it_is_introduced() -> None:
    said = "<p>Petronella said to me:</p><blockquote>we will not visit</blockquote><p>So please ESCALATE.</p>"
    found = words_of(html_to_text(said))
    assert found.own == "Petronella said to me:\n\n\nSo please ESCALATE."
    assert found.passed_on == "| we will not visit"
    assert words_of(html_to_text("<p>Hello.</p><blockquote>ESCALATE</blockquote>")).own == "Hello.\n\nESCALATE"
