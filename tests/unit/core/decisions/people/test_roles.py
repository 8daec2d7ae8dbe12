"""A child's status however it is written: a notice hangs on it, so no spelling may hide it and no denial give it."""

import pytest

from mailbot.core.decisions.people.roles import statuses


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("CPP", {"child protection plan"}),
        ("on a CP plan since May", {"child protection plan"}),
        ("Child Protection Plan", {"child protection plan"}),
        ("LAC", {"looked after"}),
        ("looked-after", {"looked after"}),
        ("accommodated under s.20", {"looked after"}),
        ("CP plan and looked after", {"child protection plan", "looked after"}),
        ("child in need", {"child in need"}),
        ("CIN; no longer on a CP plan", {"child in need"}),
        ("not LAC", set()),
        ("came off the CP plan in June", set()),
        ("privately fostered", {"privately fostered"}),
        ("", set()),
    ],
)
def test_a_status_is_read_as_people_write_it(written: str, read: set[str]) -> None:
    assert statuses(written) == read
