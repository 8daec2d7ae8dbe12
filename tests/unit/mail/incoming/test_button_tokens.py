"""The token of a letter's buttons: for one person and one stay in a stage, read back as people's programs leave it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.mail.incoming.button_tokens import BITS, Pressed, button_token, read_token, split_token, token_shown
from mailbot.mail.incoming.message import Message, parse
from tests.unit.mail.letters import letter_stories as s

SECRET = b"a secret for the tests"
ONE = s.opened()
TWO = s.later(ONE, s.PASSED_1, s.ENTERED_2)


def _read(made: str, dispute: Dispute = TWO, secret: bytes = SECRET) -> Pressed | None:
    return read_token(made, secret, dispute, ())


def test_it_has_eighty_bits_in_four_groups_that_are_easily_read_aloud() -> None:
    made = button_token(SECRET, ONE, s.BARNABY.address)
    assert BITS == 80
    assert [len(group) for group in made.split("-")] == [4, 4, 4, 4]
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz234567-")


def test_it_says_whose_it_is_and_whether_its_stay_still_lasts() -> None:
    made = button_token(SECRET, ONE, s.BARNABY.address)
    assert _read(made, ONE) == Pressed("NC-26-0012", s.BARNABY.address, True)
    assert _read(made, TWO) == Pressed("NC-26-0012", s.BARNABY.address, False)
    assert _read(button_token(SECRET, TWO, s.BARNABY.address), TWO) == Pressed("NC-26-0012", s.BARNABY.address, True)


def test_it_is_the_same_after_the_ledger_was_replayed_and_for_an_address_in_capitals() -> None:
    assert button_token(SECRET, fold(TWO.history), s.BARNABY.address) == button_token(
        SECRET, TWO, s.BARNABY.address.upper()
    )


@pytest.mark.parametrize(
    "dispute",
    [replace(TWO, reference="NC-26-0013"), s.later(ONE, replace(s.ENTERED_2, at=s.AT + timedelta(minutes=1)))],
)
def test_another_dispute_or_another_stay_has_another(dispute: Dispute) -> None:
    assert _read(button_token(SECRET, TWO, s.BARNABY.address), dispute) is None


def test_another_secret_makes_another_and_a_message_id_is_none() -> None:
    assert _read(button_token(b"another secret", TWO, s.BARNABY.address)) is None
    assert _read(button_token(SECRET, TWO, "stranger@elsewhere.example")) is None


def test_whoever_handed_over_and_a_stay_that_wrong_took_back_are_still_known() -> None:
    handed = e.PersonHandedOver(
        at=s.AT, role="responding_manager", side=s.Side.RECEIVING, leaving=s.EVADNE, taking=s.HORATIO
    )
    theirs = button_token(SECRET, TWO, s.EVADNE.address)
    assert _read(theirs, s.later(TWO, handed)) == Pressed("NC-26-0012", s.EVADNE.address, True)
    place = TWO.history.index(s.ENTERED_2)
    back = s.later(TWO, e.MisreadUndone(at=s.THURSDAY, places=(place,), by=s.OCTAVIA))
    assert back.stage == "1"
    assert _read(theirs, back) == Pressed("NC-26-0012", s.EVADNE.address, False)


MADE = "k7x2-m3qa-d5vh-w2te"


@pytest.mark.parametrize(
    ("subject", "bare", "found"),
    [
        (f"[NC-26-0012] RE: RESOLVED{token_shown(MADE)}", "[NC-26-0012] RE: RESOLVED", MADE),
        ("RE: [NC-26-0012] RE: RESOLVED (REF K7X2-M3QA-D5VH-W2TE)", "RE: [NC-26-0012] RE: RESOLVED", MADE.upper()),
        ("[NC-26-0012] (ref: k7x2 m3qa d5vh w2te) today", "[NC-26-0012] today", MADE),
        ("[NC-26-0012] (ref k7x2\u2013m3qa\u2013d5vh\u2013w2te)", "[NC-26-0012]", MADE),
        ("[NC-26-0012] (ref k7x2-m3qa-d5vh)", "[NC-26-0012] (ref k7x2-m3qa-d5vh)", ""),
        ("[NC-26-0012] (ref 1812-0000-8888-9999)", "[NC-26-0012] (ref 1812-0000-8888-9999)", ""),
        ("K.W. (ref NC-26-0012)", "K.W. (ref NC-26-0012)", ""),
        ("a (ref k7x2-m3qa-d5vh-w2te) b (ref aaaa-m3qa-d5vh-w2te)", "a b", ""),
        ("a (ref k7x2-m3qa-d5vh-w2te) b (ref k7x2-m3qa-d5vh-w2te)", "a b", MADE),
        ("(no subject)", "(no subject)", ""),
    ],
)
def test_it_is_taken_out_of_the_subject_before_anything_reads_that(subject: str, bare: str, found: str) -> None:
    assert split_token(subject) == (bare, found.lower().replace("-", ""))
    message = parse(f"From: a@b.example\nSubject: {subject}\n\nhello\n".encode())
    assert isinstance(message, Message)
    assert (message.subject, message.token) == (bare, found.lower().replace("-", ""))


def test_it_survives_a_subject_that_was_folded_and_encoded() -> None:
    raw = (
        "From: a@b.example\nSubject: =?utf-8?q?=5BNC-26-0012=5D_RE=3A_RESOLVED_=28ref_k7x2-m3?=\n"
        " =?utf-8?q?qa-d5vh-w2te=29?=\n\nhello\n"
    )
    message = parse(raw.encode())
    assert isinstance(message, Message)
    assert (message.subject, message.token) == ("[NC-26-0012] RE: RESOLVED", "k7x2m3qad5vhw2te")


def test_no_subject_however_long_makes_reading_it_slow() -> None:
    """The pattern has no two ways to match one text; 2,000 characters are the most a subject has."""
    assert split_token("(ref " + "a-" * 990)[1] == ""
    assert split_token("(" * 2_000)[1] == ""
