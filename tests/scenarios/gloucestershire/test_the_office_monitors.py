"""Gloucestershire's Support Unit records "for monitoring purposes only" (2.3e): it ends nothing by itself."""

from pathlib import Path

import pytest

from tests.scenarios.gloucestershire.telling import gloucestershire, opened
from tests.scenarios.gloucestershire.test_gloucestershire import at_stage_4
from tests.scenarios.north_somerset import test_to_the_end
from tests.scenarios.test_nobody_scripted import flat, say, whom
from tests.story import Story

WHY = ("it is old", "I think that it is settled", "the Partnership has decided the case should be closed")


@pytest.mark.parametrize("why", WHY)
def test_the_support_unit_does_not_end_what_it_monitors(tmp_path: Path, why: str) -> None:
    """GL-24: "monitoring purposes only": CLOSE is refused, with who may end it, and nobody else hears of it."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        story.mail("ssu", f"CLOSE GL-26-0001 because {why}", "2026-09-11 09:00", subject="RE: digest")
        sent = story.letters()
        assert whom(sent) == {"ssu"}
        assert "your office records what others decide" in flat(sent[0])
        assert story.dispute().state == "open"


def test_the_support_unit_records_what_both_sides_wrote(tmp_path: Path) -> None:
    """GL-24: once each side has written since the agreement was reported, CLOSE puts that on record."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "RESOLVED\nTobias visits K by 11 September 2026.", "2026-09-07 14:00")
        close = "CLOSE GL-26-0001 because both of them wrote so"
        story.mail("ssu", close, "2026-09-07 15:00", subject="RE: digest")
        assert story.dispute().state == "proposed"
        say(
            story,
            "fenn",
            "I shall see K on Friday at four, as Imogen writes, and have put it in my diary.",
            "2026-09-07 16:00",
        )
        story.letters()
        story.mail("ssu", close, "2026-09-07 17:00", subject="RE: digest")
        assert story.dispute().state == "closed"
        assert {"hartwell", "fenn"} <= whom(story.letters(), "closed")


def test_an_office_that_calls_it_decided_is_asked_by_whom(tmp_path: Path) -> None:
    """NS-26: the Delegated Safeguarding Partners decide at Stage 4: the office's "decided" names who did."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        test_to_the_end.opened(story)
        for day, (who, word) in enumerate(
            (("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER")), start=8
        ):
            say(story, who, f"{word}\nWhat remains unresolved: whether K is seen.", f"2026-09-{day:02} 10:00")
        assert story.dispute().stage == "4"
        story.mail("bm", "CLOSE NS-26-0001 because it has been decided", "2026-09-11 09:00", subject="RE: digest")
        assert "Who decided it?" in flat(next(one for one in story.letters() if one.to == "bm"))
        assert story.dispute().state == "open"
        why = "the Delegated Safeguarding Partners decided that K is seen weekly"
        story.mail("bm", f"CLOSE NS-26-0001 because {why}", "2026-09-11 10:00", subject="RE: digest")
        assert {"hartwell", "fenn", "dsps"} <= whom(story.letters(), "closed")
