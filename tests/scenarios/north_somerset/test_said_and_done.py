"""What is said is what is done: courtesies, acknowledgements, and one name given twice."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.story import Story

RECORD = "RESOLVED: on the telephone we agreed that Tobias visits K by 11 September 2026.\n\nImogen Hartwell\n"


def test_thanks_beside_a_yes_take_nothing_from_it(tmp_path: Path) -> None:
    """NS-06 NS-07 NS-10: what two practitioners settled is settled, and no manager of the other side hears of it."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        body = RAISED.replace("Imogen Hartwell\n", RECORD)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        story.letters()
        story.mail("fenn", "Agreed, thank you Imogen.\nCONFIRM", "2026-09-07 11:00", subject=f"[{story.first}]")
        story.expect(("closed", "hartwell"), ("closed", "fenn"), ("closed", "oakes"))
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_an_acknowledgement_is_no_absence(tmp_path: Path) -> None:
    """NS-03: a team's automatic receipt says nothing of anybody being away, and nobody is told that somebody is."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        story.letters()
        words = "Thank you for contacting the Assessment Team. Your email has been received and will be dealt with."
        away = [("Auto-Submitted", "auto-replied")]
        story.mail("peake", words, "2026-09-08 17:10", subject=f"Automatic reply: [{story.first}]", headers=away)
        story.expect()


def test_one_person_named_for_two_stages_is_asked_about(tmp_path: Path) -> None:
    """NS-08: the senior manager is still asked for, in a letter of its own, where one person was named as both."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        body = RAISED.replace(
            "Beatrix Lyle, beatrix.lyle@tarn-trust.example", "Desmond Oakes, head@larkfield.sch.example"
        )
        assert body != RAISED
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        asked = story.expect(("question", "hartwell"), ("opened", "hartwell"), ("opened", "fenn"))[0]
        assert "who is the senior manager?" in " ".join(asked.text.split())
        assert [p.role for p in story.dispute().parties if p.person.address == story.address["oakes"]] == [
            "raising_manager"
        ]
