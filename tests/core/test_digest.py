"""The weekly digest: what needs a person first, references only, and every message accounted for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.happened import correspondence as c
from mailbot.core.happened.dispute import Dispute
from mailbot.core.telling.digest import Digest, HeldMessage, digest
from tests.mail import letter_stories as s

WEDNESDAY = datetime(2026, 9, 9, 8, 0, tzinfo=UTC)
WEEK = (WEDNESDAY - timedelta(days=7), WEDNESDAY)


def _limit(dispute: Dispute) -> Limit | None:
    return stage_limit(dispute, s.PROTOCOL, s.CALENDAR) if dispute.is_open else None


def _digest(*disputes: Dispute, held: tuple[HeldMessage, ...] = (), now: datetime = WEDNESDAY, **counts: int) -> Digest:
    return digest(disputes, held, counts, s.PROTOCOL, s.CALENDAR, _limit, (now - timedelta(days=7), now))


def test_an_empty_week_says_so_in_every_part() -> None:
    made = _digest()
    assert (made.needs, made.past_limit, made.due, made.opened, made.resolved_but) == ((), (), (), (), ())
    assert made.received.total == 0
    assert made.open_now == 0


def test_a_dispute_past_its_limit_says_with_whom_how_long_over_and_when_a_person_last_wrote() -> None:
    [row] = _digest(s.opened()).past_limit
    assert (row.reference, row.stage, row.days_over) == ("NC-26-0012", "Stage 1", 1)
    assert row.with_whom == (
        "Practitioner raising the issue (Harbourside Primary School) and "
        "Practitioner in the other agency (Children's Social Care)"
    )
    assert row.limit == datetime(2026, 9, 8, 16, 0, tzinfo=UTC)
    assert row.last_contact == s.MONDAY


def test_what_falls_due_is_listed_by_day() -> None:
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2)
    [due] = _digest(two).due
    assert due.day == date(2026, 9, 10)
    assert [row.reference for row in due.rows] == ["NC-26-0012"]


def test_urgent_messages_come_before_everything_that_waits() -> None:
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, c.RiskReported(at=s.AT, by=s.WILHELMINA))
    held = HeldMessage(3, "two references in the subject.", s.MONDAY, timedelta(hours=46))
    needs = _digest(two, held=(held,)).needs
    assert [(n.reference, n.what) for n in needs] == [
        ("NC-26-0012", "A message may have meant immediate danger"),
        ("", "Message 3 has waited 1 day: two references in the subject"),
    ]


def test_moves_by_the_limit_are_told_from_moves_by_people() -> None:
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2)
    asked = s.later(s.opened(), replace(s.ENTERED_2, how="asked"))
    moved = _digest(two, replace(asked, reference="NC-26-0013")).moved
    assert [(m.reference, m.how) for m in moved] == [("NC-26-0012", "by the limit"), ("NC-26-0013", "by a person")]


def test_what_was_resolved_counts_working_days_and_names_what_is_still_open_about_it() -> None:
    closed = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED, s.CLOSED)
    made = _digest(closed, now=datetime(2026, 9, 16, 8, tzinfo=UTC))
    [row] = made.resolved
    assert (row.stage, row.outcome, row.days) == ("Stage 2", "Resolved by agreement", 3)
    assert [r.what for r in made.resolved_but] == [
        "closed without the other side's confirmation", "1 action without an actual date", "1 box of the form empty",
        "1 action past the date, not reported done",
    ]  # fmt: skip


def test_a_resolution_nobody_confirmed_is_listed() -> None:
    waiting = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED)
    [remark] = _digest(waiting, now=s.THURSDAY + timedelta(hours=1)).resolved_but
    assert remark.what == "reported as resolved, not confirmed by the other side"


def test_missing_managers_are_named_by_post_and_agency_never_by_person() -> None:
    [remark] = _digest(s.opened()).missing_names
    assert remark.what == "Senior manager (Children's Social Care)"


def test_messages_that_do_not_add_up_are_said() -> None:
    made = _digest(received=14, filed=9, opened=3, automatic=1)
    assert made.received.parts == (("filed", 9), ("opened", 3), ("automatic", 1))
    assert made.received.unaccounted == 1
    assert _digest(received=13, filed=9, opened=3, automatic=1).received.unaccounted == 0


def test_a_digest_holds_neither_initials_nor_names() -> None:
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, c.RiskReported(at=s.AT, by=s.WILHELMINA), s.PROPOSED)
    said = repr(_digest(two, s.opened()))
    assert [name for name in ("J.T", "Jamie", "Wilhelmina", "Octavia", "Barnaby", "Evadne") if name in said] == []
