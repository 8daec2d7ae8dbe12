"""To whom the words before those who decide are written: they go to whom they were meant for, and no further."""

from pathlib import Path

import pytest

from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Sent, Story

SIDES = ("hartwell", "fenn", "oakes", "peake", "lyle", "stroud")
REFERENCE = "RE: [NS-26-0001]"
ASKS = "Please send us your written representations by Wednesday noon, both of you."


@prepared
def with_the_partners(story: Story) -> None:
    """Raised on a Monday morning, and referred on to the partners by one o'clock."""
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
    story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=REFERENCE)
    story.mail("oakes", "ESCALATE\nWe do not agree.", "2026-09-07 12:00", subject=REFERENCE)
    story.mail("lyle", "REFER\nWe do not agree.", "2026-09-07 13:00", subject=REFERENCE)
    assert story.dispute().stage == "4"
    story.letters()


def asked_for_representations(story: Story) -> list[Sent]:
    with_the_partners(story)
    story.mail("dsps", ASKS, "2026-09-08 10:00", subject=REFERENCE)
    return story.expect(*[("noted", who) for who in (*SIDES, "dsps")])


@pytest.mark.parametrize(
    ("to", "cc"),
    [
        (("bm",), ("mailbox",)),
        (("bm", "mailbox"), ()),
        (("hartwell",), ("mailbox",)),
        (("hartwell", "oakes", "mailbox"), ()),
    ],
)
def test_what_those_who_decide_write_to_somebody_else_goes_no_further(
    tmp_path: Path, to: tuple[str, ...], cc: tuple[str, ...]
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_partners(story)
        talk = "Between us, before we meet: we are minded to find for the school. Please do not share this yet."
        story.mail("dsps", talk, "2026-09-08 10:00", subject=REFERENCE, to=to, cc=cc)
        story.expect()


@pytest.mark.parametrize(
    ("to", "cc"), [((), ()), (("mailbox",), ("bm",)), (("oakes", "peake"), ("mailbox",)), (("fenn", "lyle"), ("bm",))]
)
def test_what_they_write_to_the_mailbox_or_to_both_agencies_reaches_both(
    tmp_path: Path, to: tuple[str, ...], cc: tuple[str, ...]
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with_the_partners(story)
        story.mail("dsps", ASKS, "2026-09-08 10:00", subject=REFERENCE, to=to, cc=cc)
        told = story.expect(*[("noted", who) for who in (*SIDES, "dsps")])
        asks = "Please send us your written representations by Wednesday noon, both of you."
        assert all(asks in " ".join(one.text.split()) for one in told)


@pytest.mark.parametrize(
    ("to", "cc"), [(("oakes",), ("mailbox",)), (("oakes", "mailbox"), ()), (("oakes",), ("mailbox", "lyle"))]
)
def test_what_a_colleague_writes_to_a_colleague_does_not_reach_those_who_decide(
    tmp_path: Path, to: tuple[str, ...], cc: tuple[str, ...]
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        asked_for_representations(story)
        talk = "Desmond, between ourselves: our own record of the two calls is thin, and the second is not in it."
        story.mail("hartwell", talk, "2026-09-08 11:00", subject=REFERENCE, to=to, cc=cc)
        story.expect()


@pytest.mark.parametrize(
    ("to", "cc"), [((), ()), (("mailbox",), ("oakes",)), (("dsps",), ("mailbox",)), (("dsps", "oakes"), ("mailbox",))]
)
def test_what_is_sent_for_those_who_decide_reaches_them(
    tmp_path: Path, to: tuple[str, ...], cc: tuple[str, ...]
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        asked_for_representations(story)
        sent = "We wrote to the duty team twice in August, on the 11th and on the 18th, and had no answer."
        story.mail("hartwell", sent, "2026-09-08 11:00", subject=REFERENCE, to=to, cc=cc)
        to_dsps, _ = story.expect(("noted", "dsps"), ("noted", "hartwell"))
        assert sent in " ".join(to_dsps.text.split())
