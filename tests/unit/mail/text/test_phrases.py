"""The traps: the same words meaning less than they seem to."""

import pytest

from mailbot.mail.lexicon import Sense
from mailbot.mail.text.phrases import hear


def _clear(text: str) -> set[Sense]:
    return {heard.sense for heard in hear(text) if heard.is_clear}


@pytest.mark.parametrize(
    "text",
    [
        "Is this resolved now?",
        "Once resolved I will say.",
        "Hopefully resolved by Friday.",
        "It is mostly resolved.",
        "It will be resolved soon.",
        "They said it is resolved.",
        "This might be resolved.",
        "If they visit this is resolved.",
        "This is resolved in principle.",
        "We have agreed but not on the date.",
    ],
)
def test_a_question_a_hope_or_a_part_is_not_a_resolution(text: str) -> None:
    assert Sense.SETTLED not in _clear(text)


@pytest.mark.parametrize(
    "text",
    [
        "We agreed to disagree.",
        "This is not resolved.",
        "It isn't resolved.",
        "We could not agree.",
        "No agreement was reached.",
        "I don't think this is resolved.",
        "This has never been resolved.",
        "We were unable to reach agreement.",
    ],
)
def test_agreement_denied_is_no_agreement(text: str) -> None:
    assert Sense.UNSETTLED in _clear(text)
    assert Sense.SETTLED not in _clear(text)


def test_agreeing_to_meet_is_a_meeting() -> None:
    assert _clear("We have agreed to meet on Thursday.") == {Sense.MEETING_AGREED}


def test_what_is_promised_after_we_have_agreed_is_what_was_agreed() -> None:
    assert _clear("We have agreed that he will be seen on Friday.") == {Sense.SETTLED}


def test_a_denied_escalation_is_not_one() -> None:
    assert Sense.UP not in _clear("I don't want to escalate this.")


def test_a_negation_in_another_clause_denies_nothing() -> None:
    assert Sense.UP in _clear("Rosalind won't move so please escalate this.")


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("I no longer wish to proceed with the trip.", Sense.WITHDRAWN),
        ("Please cancel the taxi for Thursday.", Sense.WITHDRAWN),
        ("Please escalate the broken heating to the caretaker.", Sense.UP),
        ("Mum and I have agreed that he stays with his aunt.", Sense.SETTLED),
        ("Mum and dad have resolved it.", Sense.SETTLED),
        ("We agreed to take it to the senior managers on the 10th.", Sense.UP),
    ],
)
def test_what_is_of_something_or_somebody_else_is_never_clear(text: str, sense: Sense) -> None:
    assert sense not in _clear(text)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("We no longer wish to proceed with the dispute.", Sense.WITHDRAWN),
        ("Please cancel our escalation.", Sense.WITHDRAWN),
        ("Could you please escalate this?", Sense.UP),
        ("I'd be grateful if this could be put to the senior managers.", Sense.UP),
        ("Would you kindly reopen this?", Sense.REOPEN),
    ],
)
def test_what_is_asked_politely_or_of_this_dispute_is_clear(text: str, sense: Sense) -> None:
    assert sense in _clear(text)


def test_a_condition_beside_a_polite_request_still_clouds_it() -> None:
    assert Sense.UP not in _clear("I'd be grateful if this could go to the senior managers if Rosalind says no.")
