"""The Business Manager acts by answering a letter: one line for each thing, a transcript back, two hours to undo it."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import EVERYBODY, at_stage_2, opened
from tests.story import Sent, Story


def held_resolution(story: Story) -> None:
    """A line manager writes RESOLVED with nothing to thread it by, from a system that proves nothing: it waits."""
    at_stage_2(story)
    story.mail("oakes", "RESOLVED\nThey visit K by 11 September 2026.", "2026-09-09 10:00", authenticated=False)
    story.expect(("was_it_you", "oakes"))
    assert [held.number for held in story.store.held(story.site.id)] == [1]


def transcript(story: Story, *others: tuple[str, str]) -> Sent:
    return story.expect(("transcript", "bm"), *others)[0]


def test_a_held_message_filed_into_a_dispute_is_read_there_by_what_its_own_writer_may_do(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        held_resolution(story)
        story.mail("bm", "1 -> NS-26-0001", "2026-09-09 10:30")
        told = transcript(
            story, ("proposed", "peake"), ("proposed_told", "oakes"), ("proposed_told", "hartwell"),
            ("proposed_told", "fenn"),
        )  # fmt: skip
        assert "1. 1 -> NS-26-0001\n   Done. Message 1 is filed in NS-26-0001" in told.text
        assert "Reply UNDO within two hours (by 12:30)" in told.text
        assert (story.dispute().state, story.held()) == ("proposed", [])


def test_a_strangers_word_counts_for_nothing_where_it_is_filed(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("somebody@elsewhere.example", "RESOLVED\nAll agreed.", "2026-09-09 10:00", subject="K.W.")
        story.expect()
        story.mail("bm", "1 -> NS-26-0001", "2026-09-09 10:30")
        transcript(story)
        assert (story.dispute().state, story.held()) == ("open", [])
