"""A fault of ours leaves a trace: in the log and for ``status``, where it happened and never what somebody wrote."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.shell.store.queries import troubles
from mailbot.turns.faults_of_ours import note_fault, place_of
from tests.scenarios.north_somerset.test_to_the_end import raise_it
from tests.story import Story

SECRET = "Ruby Quill of 12 Acacia Road"


def _raised() -> Exception:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        return error


def test_what_is_said_names_the_place_and_not_what_was_written(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story, caplog.at_level(logging.ERROR):
        said = note_fault(story.store, story.site.id, "reading message 12ab", _raised(), story.now)
        noted = [trouble.words for trouble in troubles(story.store, story.site.id, story.now - timedelta(hours=1))]
    assert said.startswith("our own fault: KeyError at ")
    assert said.endswith(", while reading message 12ab")
    assert noted == [said]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert SECRET not in caplog.text + said


def test_the_place_is_where_it_was_raised() -> None:
    assert place_of(_raised()).startswith("KeyError at ")
    assert place_of(ValueError("never raised")) == "ValueError"


def test_a_message_that_we_cannot_read_is_put_before_the_office_and_every_try_is_noted(tmp_path: Path) -> None:
    """A dispute follows a version of its protocol that is no longer here: a fault of ours, met while reading."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        kept = dict(story.site.versions)
        story.site.versions.clear()  # type: ignore[attr-defined]  # a mapping to everybody else
        story.mail("hartwell", "Any news?", "2026-09-07 11:00", answers=letter)
        noted = [trouble.words for trouble in troubles(story.store, story.site.id, story.now - timedelta(hours=1))]
        story.site.versions.update(kept)  # type: ignore[attr-defined]
        assert [words.partition(" at ")[0] for words in noted] == ["our own fault: KeyError"]
        told = story.expect(("held_told", "bm"))[0]
        assert "reading it failed three times; a person must look" in told.text
        assert "reading message" in noted[0]
