"""A site whose server writes no Authentication-Results ([trust] require = false): anybody can type any From."""

from pathlib import Path

from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Story

UNPROVEN = "nothing shows that this mail really came from that address, and it asks for a change"


def unproven(folder: Path) -> Story:
    return Story(folder, "2026-09-07 09:30", trusted=())


@prepared
def opened(story: Story) -> None:
    """Somebody writes in the raiser's name, and the raiser answers for it."""
    story.mail(
        "hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"], authenticated=False
    )
    asked = story.expect(("was_it_you", "hartwell"))[0]
    assert story.held() == [UNPROVEN]
    story.mail("hartwell", "YES", "2026-09-07 10:15", answers=asked, authenticated=False)
    story.expect(("opened", "hartwell"), ("opened", "fenn"))
    assert (story.dispute().stage, story.held()) == ("1", [])


def test_a_dispute_opens_only_once_its_raiser_has_answered_for_it(tmp_path: Path) -> None:
    """NS-27; hazard G15: a From line is typed by whoever types it."""
    with unproven(tmp_path) as story:
        opened(story)


def test_whatever_asks_for_a_change_waits_for_the_address_on_record(tmp_path: Path) -> None:
    """NS-27; hazard G15."""
    with unproven(tmp_path) as story:
        opened(story)
        for asked in (
            "RESOLVED\nVisits by 11 September 2026.",
            "ESCALATE",
            "ADD Cosmo Vane, cosmo.vane@tarn-trust.example",
            "My senior manager: Edmund Garth, edmund.garth@seamoor.example",
            "WITHDRAW raised in error",
        ):
            story.mail("hartwell", asked, "2026-09-07 11:00", subject="RE: [NS-26-0001]", authenticated=False)
            story.expect(("was_it_you", "hartwell"))
        assert story.held() == [UNPROVEN] * 5
        assert (story.dispute().state, story.dispute().stage) == ("open", "1")
        assert len(story.dispute().parties) == 6


def test_the_answer_lets_the_waiting_message_in_and_no_throws_it_out(tmp_path: Path) -> None:
    """NS-27; hazard G15."""
    with unproven(tmp_path) as story:
        opened(story)
        story.mail(
            "hartwell",
            "ESCALATE\nNo visit was offered.",
            "2026-09-07 14:00",
            subject="RE: [NS-26-0001]",
            authenticated=False,
        )
        asked = story.expect(("was_it_you", "hartwell"))[0]
        story.mail("fenn", "YES", "2026-09-07 14:01", answers=asked, authenticated=False)
        story.expect(("question", "fenn"))
        assert UNPROVEN in story.held()
        story.mail("hartwell", "No", "2026-09-07 14:02", answers=asked, authenticated=False)
        story.expect()
        assert story.dispute().stage == "1"
        assert UNPROVEN not in story.held()
        story.mail("hartwell", "ESCALATE", "2026-09-07 14:10", subject="RE: [NS-26-0001]", authenticated=False)
        asked = story.expect(("was_it_you", "hartwell"))[0]
        story.mail("hartwell", "confirm", "2026-09-07 14:12", answers=asked, authenticated=False)
        story.expect(
            ("summary", "hartwell"), ("summary", "fenn"), ("stage_entered", "oakes"), ("stage_entered", "peake")
        )
        assert story.dispute().stage == "2"


def test_talk_is_filed_and_danger_is_answered_without_waiting(tmp_path: Path) -> None:
    """NS-09; hazard G2: nobody who fears for a child is asked whether it was them."""
    with unproven(tmp_path) as story:
        opened(story)
        story.mail(
            "fenn",
            "I will ring Imogen this afternoon.",
            "2026-09-07 11:00",
            subject="RE: [NS-26-0001]",
            authenticated=False,
        )
        story.expect()
        story.mail(
            "fenn",
            "He is in immediate danger, dad has a knife.",
            "2026-09-07 11:05",
            subject="RE: [NS-26-0001]",
            authenticated=False,
        )
        told = story.letters()
        assert ("urgent", "fenn") in {(letter.letter, letter.to) for letter in told}
        assert "was_it_you" not in {letter.letter for letter in told}
        assert story.held() == []


def test_danger_beside_a_wish_is_answered_at_once_and_the_wish_waits(tmp_path: Path) -> None:
    """NS-09; hazards G2 and G15: the letter about danger holds nothing but that; whose wish it is, another asks."""
    with unproven(tmp_path) as story:
        opened(story)
        story.mail(
            "hartwell",
            "ESCALATE\nHe is not safe to go home tonight, dad said he would kill him.",
            "2026-09-07 15:00",
            subject="RE: [NS-26-0001]",
            authenticated=False,
        )
        story.expect(("urgent", "hartwell"), ("urgent_told", "bm"), ("was_it_you", "hartwell"))
        assert story.held() == [f"{UNPROVEN}; its words may mean immediate risk"]
        assert story.dispute().stage == "1"
