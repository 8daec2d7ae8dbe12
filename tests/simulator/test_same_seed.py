"""A simulated time can be looked at again: the same seed lives it to the same end."""

from pathlib import Path

from tests.simulator.people import Year


def lived(folder: Path) -> tuple[str, int, list[str], dict[str, int]]:
    """The record at the end as one hash, how many letters left, what was violated, and what went wrong how often."""
    folder.mkdir()
    year = Year(folder, 330, disputes=1, days=4)
    found = year.run()
    assert len(year.world.store.dispute_rows(year.world.site.id)) == 1
    ended = year.world.head(), len(year.world.postman.sent), found, dict(year.world.happened)
    year.world.store.close()
    return ended


def test_the_same_seed_lived_twice_ends_in_the_same_record(tmp_path: Path) -> None:
    first, second = lived(tmp_path / "first"), lived(tmp_path / "second")
    assert first == second
    assert first[2] == []
