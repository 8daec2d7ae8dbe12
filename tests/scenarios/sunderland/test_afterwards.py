"""After the end, under Sunderland's procedure: "follow-up of outstanding issues", over the May bank holiday."""

from pathlib import Path

from tests.scenarios.sunderland.people import OURS, PEOPLE, raise_it
from tests.scenarios.sunderland.test_steps import REF
from tests.story import Story


def test_from_the_closing_to_the_last_question_over_a_bank_holiday(tmp_path: Path) -> None:
    """SU-13: whoever is named does it; where nobody is named, both sides are reminded; a yes ends the asking; and a
    procedure whose form does not ask how helpful it was does not ask."""
    with Story(tmp_path, "2027-04-20 09:30", "sunderland", OURS, people=PEOPLE) as story:
        raise_it(story, "2027-04-20 10:00")
        to_raiser = story.letters()[0]
        story.mail(
            "hartwell",
            "RESOLVED\nPhilippa visits K by 23 April 2027. We meet on 30 April 2027.",
            "2027-04-20 11:00",
            answers=to_raiser,
        )
        asked = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("dunmore", "CONFIRM", "2027-04-20 12:00", answers=asked)
        story.expect(("closed", "hartwell"), ("closed", "dunmore"), ("closed", "slade"))

        story.until("2027-04-23 09:00")
        today = story.expect(("action_due", "dunmore"))[0]
        assert "the date is Friday 23 April 2027." in today.text
        story.mail("dunmore", "Done, I saw K at home this afternoon.", "2027-04-23 16:00", answers=today)
        story.expect()

        story.until("2027-04-30 09:00")
        story.expect(("digest", "bm"), ("action_due", "dunmore"))
        story.until("2027-05-04 08:59")  # Monday 3 May is a bank holiday, and the digest comes a day later
        story.expect(("digest", "bm"))
        story.until("2027-05-04 09:00")
        story.expect(("action_unreported", "hartwell"))

        story.until("2027-05-05 08:59")
        story.expect()
        story.until("2027-05-05 09:00")  # the tenth working day
        question = story.expect(("did_it_happen", "hartwell"))[0]
        assert "It opens again at Step 1" in question.text
        story.until("2027-05-19 08:59")
        story.expect(("digest", "bm"))
        story.until("2027-05-19 09:00")  # the twentieth
        question = story.expect(("did_it_happen", "hartwell"))[0]
        story.mail("hartwell", "Yes, both happened.", "2027-05-19 10:00", answers=question)
        story.expect(("noted", "hartwell"))
        assert [a.done for a in story.dispute().actions] == [True, True]
        story.until("2027-05-24 12:00")
        digest = story.expect(("digest", "bm"))[0]
        assert "nobody has answered" not in digest.text
        assert "past the date" not in digest.text


def test_a_concern_found_not_justified_is_not_followed_up(tmp_path: Path) -> None:
    """SU-05: there is nothing that was to happen."""
    with Story(tmp_path, "2026-09-07 09:30", "sunderland", OURS, people=PEOPLE) as story:
        raise_it(story, "2026-09-07 10:00")
        story.mail("hartwell", "ESCALATE\nWhether the plan stays open.", "2026-09-07 11:00", subject=REF)
        story.mail(
            "oakes",
            "NOT JUSTIFIED\nThe plan ends because the family no longer needs it.",
            "2026-09-07 12:00",
            subject=REF,
        )
        assert story.dispute().outcome == "not-justified"
        story.letters()
        story.until("2026-10-11 12:00")
        story.expect(("digest", "bm"))
