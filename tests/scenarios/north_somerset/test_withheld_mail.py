"""A message that the server lists and does not give: asked for again, put before a person, read when it comes."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import raise_it
from tests.story import Story


def test_the_rest_flows_and_what_was_withheld_is_read_when_it_is_given(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox.withheld.add(1)
        raise_it(story)
        story.expect()
        raise_it(story, "2026-09-07 10:20")
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        story.mailbox.withheld.clear()
        story.until("2026-09-07 10:24")
        assert {letter.letter for letter in story.letters()} == {"question"}
        assert story.mailbox.inbox == []


def test_what_is_withheld_for_long_is_put_before_a_person_once(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox.withheld.add(1)
        raise_it(story)
        story.until("2026-09-07 10:20")
        story.expect()
        story.until("2026-09-07 10:28")
        story.expect(("held_told", "bm"))
        story.until("2026-09-07 12:00")
        story.expect()
        story.mailbox.withheld.clear()
        story.until("2026-09-07 12:05")
        story.expect(("opened", "hartwell"), ("opened", "fenn"))


def test_what_was_withheld_and_is_gone_is_forgotten(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox.withheld.add(1)
        raise_it(story)
        story.mailbox.expunge(1)
        story.until("2026-09-07 12:00")
        story.expect()
