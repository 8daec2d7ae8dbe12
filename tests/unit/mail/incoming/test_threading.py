"""Which dispute a message belongs to, or a question for a person."""

from collections.abc import Mapping

import pytest

from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.incoming.threading import Conflict, Known, Match, references_in, which

PARTY = "rosalind.pike@calder-council.example"
OURS = "<bot.ns-26-0012.4@fenland-scp.example>"
OTHER = "<bot.ns-26-0031.1@fenland-scp.example>"

PRESSED = Pressed("NS-26-0012", PARTY, True)
TOKENS = {"aaaabbbbccccdddd": PRESSED}
BUTTON = "(ref aaaa-bbbb-cccc-dddd)"


class Disputes:
    prefixes = ("NS",)

    def __init__(self) -> None:
        self.known = {
            "NS-26-0012": Known("NS-26-0012", frozenset({OURS}), frozenset({PARTY})),
            "NS-26-0031": Known("NS-26-0031", frozenset({OTHER}), frozenset({PARTY})),
        }

    def by_message_id(self, ids: tuple[str, ...]) -> Mapping[str, str]:
        return {one: known.reference for known in self.known.values() for one in ids if one in known.message_ids}

    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None:
        return TOKENS.get(token)

    def by_reference(self, refs: tuple[str, ...]) -> Mapping[str, Known]:
        return {one: self.known[one] for one in refs if one in self.known}


def sorted_out(subject: str = "x", sender: str = PARTY, answers: str = "", body: str = "x") -> Match | Conflict | None:
    answering = f"References: {answers}\n" if answers else ""
    message = parse(f"From: {sender}\nSubject: {subject}\n{answering}\n{body}\n".encode())
    assert isinstance(message, Message)
    return which(message, Disputes())


def test_an_answer_to_our_letter_belongs_to_its_dispute_whatever_the_subject() -> None:
    assert sorted_out("J's visit", answers=f"<a@b.example> {OURS}") == Match(
        "NS-26-0012", "it answers a message of this dispute"
    )


def test_a_reference_in_the_subject_counts_from_a_party() -> None:
    found = sorted_out("RE: [NS-26-0012] Stage 2")
    assert found == Match("NS-26-0012", "its subject carries the reference and the sender is a party")


def test_a_reference_in_the_subject_from_an_outsider_is_asked_about() -> None:
    assert sorted_out("[NS-26-0012]", sender="someone@attacker.example") == Conflict(
        ("NS-26-0012",), "the sender is not a party to the dispute its subject names"
    )


def test_a_sender_with_two_readings_is_an_outsider() -> None:
    found = sorted_out("[NS-26-0012]", sender=f"{PARTY} <someone@attacker.example>")
    assert isinstance(found, Conflict)


def test_a_letter_of_one_dispute_and_the_reference_of_another_conflict() -> None:
    assert sorted_out("[NS-26-0031]", answers=OURS) == Conflict(
        ("NS-26-0012", "NS-26-0031"), "it answers a letter of one dispute and names another in its subject"
    )


def test_letters_of_two_disputes_conflict() -> None:
    found = sorted_out(answers=f"{OURS} {OTHER}")
    assert found == Conflict(("NS-26-0031", "NS-26-0012"), "it answers letters of more than one dispute")


def test_two_references_in_one_subject_conflict() -> None:
    assert isinstance(sorted_out("NS-26-0012 and NS-26-0031"), Conflict)


def test_a_buttons_token_binds_like_a_letter_of_ours_with_or_without_the_reference() -> None:
    bound = Match("NS-26-0012", "a button of a letter of this dispute began it", PRESSED)
    assert sorted_out(f"[NS-26-0012] RE: RESOLVED {BUTTON}") == bound
    assert sorted_out(f"RESOLVED {BUTTON}") == bound


def test_a_buttons_token_and_the_reference_of_another_dispute_conflict() -> None:
    assert sorted_out(f"[NS-26-0031] RESOLVED {BUTTON}") == Conflict(
        ("NS-26-0012", "NS-26-0031"), "it answers a letter of one dispute and names another in its subject"
    )


def test_a_buttons_token_in_an_answer_to_a_letter_of_another_dispute_conflicts() -> None:
    found = sorted_out(f"RE: RESOLVED {BUTTON}", answers=OTHER)
    assert found == Conflict(("NS-26-0031", "NS-26-0012"), "it answers letters of more than one dispute")


def test_what_a_mail_answers_outranks_a_token_left_in_its_subject() -> None:
    found = sorted_out(f"RE: RESOLVED {BUTTON}", answers=OURS)
    assert found == Match("NS-26-0012", "it answers a message of this dispute")


def test_a_buttons_token_from_an_outsider_is_asked_about() -> None:
    assert sorted_out(f"[NS-26-0012] {BUTTON}", sender="someone@attacker.example") == Conflict(
        ("NS-26-0012",), "the sender is not a party to the dispute whose letter's button began it"
    )


def test_a_token_nobody_gave_out_is_as_if_there_were_none() -> None:
    found = sorted_out("[NS-26-0012] RE: RESOLVED (ref zzzz-bbbb-cccc-dddd)")
    assert found == Match("NS-26-0012", "its subject carries the reference and the sender is a party")
    assert sorted_out("RESOLVED (ref zzzz-bbbb-cccc-dddd)") is None


def test_the_body_is_never_searched() -> None:
    assert sorted_out(body="This is about NS-26-0012.") is None


def test_a_reference_nobody_gave_out_points_nowhere() -> None:
    assert sorted_out("[NS-26-9999]") is None


def test_an_unknown_reference_beside_our_letter_does_not_disturb() -> None:
    assert isinstance(sorted_out("[NS-26-9999]", answers=OURS), Match)


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("RE: [NS-26-0012] Stage 2", ("NS-26-0012",)),
        ("ns 26 12", ("NS-26-0012",)),
        ("NS\u201326\u20130012", ("NS-26-0012",)),
        ("NS-26-0012 NS-26-0012 NS-26-0031", ("NS-26-0012", "NS-26-0031")),
        ("INS-26-0012", ()),
        ("NS-26-00123456789", ()),
        ("GL-26-0012", ()),
    ],
)
def test_a_reference_is_read_as_people_retype_it(subject: str, found: tuple[str, ...]) -> None:
    assert references_in(subject, ("NS",)) == found
