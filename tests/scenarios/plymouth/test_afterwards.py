"""After the end of what one agency settled by itself: its own people are reminded, and the other hears nothing."""

from pathlib import Path

from tests.scenarios.plymouth.telling import SUPERVISED, plymouth
from tests.scenarios.plymouth.test_plymouth import say


def test_what_supervision_settled_is_followed_up_inside_the_agency(tmp_path: Path) -> None:
    """PL-02: one-sided to the end, also where somebody in the other agency is named as doing it."""
    with plymouth(tmp_path) as story:
        story.mail(
            "hartwell", SUPERVISED, "2026-09-07 10:12", subject="Professional difference: Stage 1 - K.W.", to=["marlow"]
        )
        story.expect(("opened", "hartwell"), ("opened", "marlow"))
        say(story, "hartwell", "RESOLVED\nTobias is asked for a joint visit by 11 September 2026.", "2026-09-08 12:00")
        story.expect(("closed", "hartwell"), ("closed", "marlow"))
        story.until("2026-09-11 09:00")
        story.expect(("action_due", "hartwell"), ("action_due", "marlow"))
        story.until("2026-09-14 09:00")
        story.expect(("digest", "bu"), ("action_unreported", "hartwell"), ("action_unreported", "marlow"))
        story.until("2026-09-22 09:00")
        asked = story.expect(("digest", "bu"), ("did_it_happen", "hartwell"))[1]
        assert "both agencies are told" not in asked.text
        story.mail(
            "hartwell",
            "NOT HAPPENED\nWhat did not happen: Tobias has not rung.",
            "2026-09-22 10:00",
            answers=asked,
        )
        story.expect(("reopened", "hartwell"), ("reopened", "marlow"))
