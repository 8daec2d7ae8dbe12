"""The writer's own words: all of them, and nobody else's."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.body.own_words import OwnWords, own_words, words_of
from mailbot.mail.body.wording_of_mail_clients import MARKER
from mailbot.mail.incoming.message import Message, parse
from tests.thorough import many

LETTERS = Path(__file__).parents[3] / "corpus" / "letters" / "inbound"


def words(name: str) -> OwnWords:
    message = parse((LETTERS / f"{name}.eml").read_bytes())
    assert isinstance(message, Message)
    return own_words(message)


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("outlook-desktop", "RESOLVED on Monday. The joint visit is booked for 17 September."),
        ("outlook-mobile", "We cannot agree, please escalate."),
        ("iphone", "Saw him today. Home conditions fine."),
        ("gmail-wrapped-attribution", "I object, nothing has changed."),
        ("lotus-notes", "I have rung Ignatius."),
        ("nhsmail-disclaimer", "Thank you, we will come on the 17th."),
        ("marking-and-banner", "The school has not heard from anyone since 3 September."),
        ("bottom-posted", "We are still talking."),
        ("signed-only-after-quotation", "We agree."),
        ("html-only-outlook", "I do not agree that this is resolved.\n\nNo one has visited.\n\nRosalind"),
        ("html-only-gmail", "Thursday suits us."),
    ],
)
def test_each_clients_trail_and_signature_are_taken_off(name: str, own: str) -> None:
    assert words(name).own == own


@pytest.mark.parametrize("name", ["outlook-desktop", "outlook-mobile", "iphone", "gmail-wrapped-attribution"])
def test_our_own_letter_is_recognised_in_every_quote_style(name: str) -> None:
    assert words(name).marker_found is True
    assert MARKER in words(name).quoted


def test_the_signature_is_kept_apart() -> None:
    found = words("outlook-desktop")
    assert found.signature == "Kind regards\nRosalind Pike\nTeam Manager, Calder Council\n01632 960111"
    assert found.written == f"{found.own}\n\n{found.signature}"


def test_a_sentence_that_begins_with_from_costs_no_word() -> None:
    assert words("sentence-begins-with-from").own == (
        "From: what mum says he has not slept at home.\nSent: two letters, no answer.\n"
        "To: be clear, I think he is at risk.\n\nRosalind"
    )


def test_a_memo_head_at_the_top_of_a_new_message_is_the_writers() -> None:
    found = words("memo-head-of-a-new-message")
    assert found.own.endswith("We disagree with the decision to close.")
    assert found.forwarded is False


def test_answers_between_questions_are_kept_and_flagged_and_the_questions_are_not() -> None:
    found = words("interleaved")
    assert found.own == "Yes, on Monday.\n\nMum and the health visitor."
    assert found.interleaved is True


def test_an_answer_with_nothing_above_our_letter_says_nothing() -> None:
    found = words("empty-reply")
    assert (found.own, found.marker_found) == ("", True)


def test_a_bare_forward_is_shown_whole_and_marked_as_somebody_elses() -> None:
    found = words("forwarded-without-a-word")
    assert found.forwarded is True
    assert "RESOLVED is what they told me, but nobody came." in found.own


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ben\nThanks\nPlease escalate this\nRosalind",
        "We agree.\n\nThanks\n\nESCALATE",
        "See below.\n--\nPlease escalate",
        "Kind regards",
        "OFFICIAL-SENSITIVE",
        "This email is confidential and intended for the addressee.",
        "He wrote: I am not going back. She is not safe.",
        "The list of visits:\n- 3 September\n- 4 September\n----\nNobody came.",
        "The email said: do not click links. Nobody has answered it.",
        "| day | who |\n| Mon | Mum |",
        "On 8 September at 10:15 I emailed ben@calder-council.example:\nno answer came.",
        "To: decide today\nSubject: J.T.\nWe ask for a visit by 17 September 2026.",
    ],
)
def test_no_word_of_the_writers_is_taken_for_a_signature_or_a_quotation(text: str) -> None:
    assert words_of(text).own == text


@pytest.mark.parametrize(
    "head",
    [
        "________________________________\nFrom: E <e@x.example>\nSent: 8 September 2026 17:01\nTo: R\nSubject: S",
        "From: E <e@x.example>\nDate: Tuesday, 8 September 2026 at 17:01\nTo: R <r@x.example>\nSubject: S",
        "*From:* E <e@x.example>\n*Sent:* 08 September 2026 17:01\n*To:* R\n*Subject:* S",
        "Von: E <e@x.example>\nGesendet: Dienstag, 8. September 2026 17:01\nAn: R\nBetreff: S",
        "-----Original Message-----\nFrom: E\nSent: 8 September 2026",
        "-------- Original message --------\nFrom: E <e@x.example>\nDate: 08/09/2026 17:01 (GMT+00:00)\nSubject: S",
        "Begin forwarded message:\n\nFrom: E <e@x.example>",
        "On Tue, 8 Sept 2026, 17:01 E, <e@x.example> wrote:\n",
        "Ar 8 Medi 2026 17:01, E <e@x.example> wrote:\n",
        "Le mar. 8 sept. 2026 à 17:01, E <e@x.example> a écrit :\n",
        'On 8 Sep 2026 5:01 pm, "E" <e@x.example>\nwrote:\n',
        ">>> E <e@x.example> 08/09/2026 17:01 >>>",
        "-- Please reply above this line --",
        "*** PLEASE REPLY ABOVE THIS LINE ***",
    ],
)
def test_every_clients_head_ends_the_own_words(head: str) -> None:
    found = words_of(f"We have not agreed.\n\n{head}\n\nReply RESOLVED and what was agreed.")
    assert found.own == "We have not agreed."
    assert "RESOLVED" in found.quoted


@settings(max_examples=many(30, 2000), deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_yields_words(text: str) -> None:
    found = words_of(text)
    assert bool(found.own) == bool(text.strip()) or found.marker_found


@settings(max_examples=many(30, 2000), deadline=None)
@given(
    st.lists(st.sampled_from(["He is safe.", "Who came?", "Nobody", "", "I said so", "Mum and Ben came"]), min_size=1)
)
def test_lines_without_any_client_sign_all_stay(lines: list[str]) -> None:
    assert words_of("\n".join(lines)).own == "\n".join(lines).strip()


def test_a_quoted_command_never_becomes_the_writers() -> None:
    for prefix in (">", "> ", ">> ", " > "):
        found = words_of(f"Thinking about it.\n\n{prefix}RESOLVED\n{prefix}ESCALATE\n")
        assert found.own == "Thinking about it."


def test_a_signature_under_the_writers_own_full_name_is_apart_without_any_closing() -> None:
    text = "Received, I will ring Ignatius today.\n\nRosalind Pike (she/her)\nTeam Manager\n01632 960111\n\n"
    found = words_of(text + "Please note I work compressed hours and am not in on Fridays", name="Pike, Rosalind")
    assert found.own == "Received, I will ring Ignatius today."
    assert found.signature.endswith("not in on Fridays")


def test_an_instruction_under_the_writers_own_full_name_stays() -> None:
    text = "Thank you.\n\nRosalind Pike\nPS please escalate this today"
    assert words_of(text, name="Rosalind Pike").own == text
