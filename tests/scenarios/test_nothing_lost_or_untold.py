"""No part of a dispute is closed unsettled, no child is lost, and nobody goes on believing what is no longer so."""

from pathlib import Path

import pytest

from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.scenarios.test_nobody_scripted import say, whom
from tests.story import Story

# Part is settled


@pytest.mark.parametrize(
    "words",
    [
        "RESOLVED\nTobias visits by 11 September 2026. We've yet to agree the plan.",
        "RESOLVED\nTobias visits by 11 September 2026, and everything is agreed apart from the plan.",
        "RESOLVED: Tobias visits by 11 September 2026.\nWhat remains unresolved: who leads.",
        "We have settled some of it: Tobias visits on 11 September 2026. On the plan we cannot agree.",
    ],
)
def test_what_is_settled_in_part_closes_nothing(tmp_path: Path, words: str) -> None:
    """NS-13: "how any outstanding issues will be pursued": what closes, closes all of it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", words, "2026-09-07 15:00")
        assert whom(sent, "question") == {"hartwell"}
        assert whom(sent, "proposed") == set()
        say(story, "fenn", "CONFIRM", "2026-09-07 15:30")
        assert story.dispute().state == "open"


def test_a_smaller_point_with_its_follow_up_keeps_nothing_open(tmp_path: Path) -> None:
    """NS-13: the line "Outstanding issues:" says how the rest is pursued, so the agreement is put to the other side."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        settled = "RESOLVED\nTobias visits by 11 September 2026.\n"
        words = f"{settled}Outstanding issues: who leads is still to be agreed by us on 14 September 2026."
        assert whom(say(story, "hartwell", words, "2026-09-07 15:00"), "proposed") == {"fenn"}


def test_a_confirmation_of_a_part_is_none(tmp_path: Path) -> None:
    """NS-13: whoever confirms one point and not another is asked, and it stays open."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "RESOLVED\nTobias visits by 11 September 2026.", "2026-09-07 15:00")
        sent = say(story, "fenn", "CONFIRM\nThe question of the plan remains open.", "2026-09-07 15:30")
        assert whom(sent, "question") == {"fenn"}
        assert story.dispute().state == "proposed"
