"""Verify, beside the chains and seals: that everybody and everything is still found by what it is looked up by."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.story import Story


@pytest.mark.parametrize(
    ("done", "found"),
    [
        (
            "UPDATE involved SET address = 'tobias.fenm@seamoor.example' WHERE address LIKE 'tobias%'",
            "NS-26-0001: 1 of its people are not found in it by their address",
        ),
        ("DELETE FROM involved", "NS-26-0001: 6 of its people are not found in it by their address"),
        (
            "DELETE FROM known_id WHERE message_id IN (SELECT message_id FROM outbox WHERE id = 2)",
            "NS-26-0001: letter 2 is not known by its number",
        ),
        (
            "UPDATE known_id SET recipient = 'x@seamoor.example' WHERE message_id IN "
            "(SELECT message_id FROM outbox WHERE id = 1)",
            "NS-26-0001: letter 1 is not known by its number",
        ),
        ("UPDATE outbox SET state = 'semt' WHERE id = 1", "outbox: 'semt' is no state that there is"),
        ("UPDATE filing SET state = 'mowed' WHERE id = 1", "filing: 'mowed' is no state that there is"),
        ("UPDATE filing SET folder = '[\"Everybody\"]' WHERE id = 1", "filing 1: it is not what was written"),
    ],
)
def test_a_row_that_something_is_found_by_and_that_was_changed_is_told(tmp_path: Path, done: str, found: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        assert story.store.verify(story.site.id) == []
        with closing(sqlite3.connect(story.file)) as beside, closing(sqlite3.connect(":memory:")) as before:
            beside.backup(before)
            assert beside.execute(done).rowcount
            beside.commit()
            assert story.store.verify(story.site.id) == [found]
            before.backup(beside)
