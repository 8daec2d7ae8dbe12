"""The weekly digest: what needs a person first, references only, and every message accounted for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailbot.core.clocks.limits import Limit, stage_limit
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events_of_mail import (
    AbsenceNoticed,
    FeedbackGiven,
    MessageFiled,
    NoticeFailed,
    OutsiderNoticed,
    RiskReported,
)
from mailbot.core.reports.digest import Digest, DigestMaterial, digest, digest_counted
from mailbot.core.reports.digest_figures import last_weeks
from mailbot.core.reports.digest_needs import Elsewhere, HeldMessage, counted_as
from mailbot.core.reports.measures import CountedBy
from tests.unit.mail.letters import letter_stories as s

WEDNESDAY = datetime(2026, 9, 9, 8, 0, tzinfo=UTC)
WEEK = (WEDNESDAY - timedelta(days=7), WEDNESDAY)


def _limit(dispute: Dispute) -> Limit | None:
    return stage_limit(dispute, s.PROTOCOL, s.CALENDAR) if dispute.is_open else None


def _digest(*disputes: Dispute, held: tuple[HeldMessage, ...] = (), now: datetime = WEDNESDAY, **counts: int) -> Digest:
    found = DigestMaterial((now - timedelta(days=7), now), held, counts)
    by = CountedBy(s.PROTOCOL, s.CALENDAR, _limit)
    return digest(digest_counted(disputes, found, by), found, by)


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
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, RiskReported(at=s.AT, by=s.WILHELMINA))
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
        "closed without the other side's confirmation",
        "1 action without an actual date",
        "1 box of the form empty",
        "1 action past the date, not reported done",
    ]


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
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, RiskReported(at=s.AT, by=s.WILHELMINA), s.PROPOSED)
    said = repr(_digest(two, s.opened()))
    assert [name for name in ("J.T", "Jamie", "Wilhelmina", "Octavia", "Barnaby", "Evadne") if name in said] == []


def _held(number: int, reason: str, hours: int, urgent: bool = False) -> HeldMessage:
    return HeldMessage(number, reason, WEDNESDAY - timedelta(hours=hours), timedelta(hours=hours), urgent)


def test_what_waits_is_sorted_by_what_it_is() -> None:
    needs = _digest(
        held=(
            _held(1, "its Precedence is bulk", 3),
            _held(2, "it could not be read: more than 25 MB", 2),
            _held(3, "nothing shows that this mail really came from that address", 45),
            _held(4, "somebody asked for a message back: it may be a privacy incident", 1),
            _held(5, "the sender is not recognised: no agency of the directory", 1, urgent=True),
            _held(6, "its from header stands twice, and programs differ over which is meant", 1),
            _held(7, "people talking to each other: filed; possible details of another child", 1),
        )
    ).needs
    assert [(n.number, n.kind.name) for n in needs] == [
        (5, "URGENT"),
        (2, "UNREADABLE"),
        (3, "UNCLEAR"),
        (1, "QUARANTINED"),
        (6, "QUARANTINED"),
        (4, "DISCLOSURE"),
        (7, "DISCLOSURE"),
    ]


STRANGER = "the sender is not recognised: no agency of the directory"


def test_two_thousand_strangers_are_one_line_and_hide_nothing() -> None:
    flood = [_held(n, STRANGER, 100) for n in range(1, 2001) if n != 1001]
    found = _digest(held=[*flood, _held(1001, "it could not be read: more than 25 MB", 100)]).needs
    assert [(n.number, n.of, n.what) for n in found] == [
        (1001, 1, "Message 1001 has waited 4 days: it could not be read: more than 25 MB"),
        (0, 1999, f"1,999 messages, from 1 to 2000, have waited, the longest 4 days: {STRANGER}"),
    ]


def test_of_many_that_speak_of_danger_the_first_three_stand_alone_and_none_before_a_disputes_own() -> None:
    reason = f"{STRANGER}; its words may mean immediate risk"
    two = s.later(s.opened(), RiskReported(at=s.AT, by=s.WILHELMINA))
    found = _digest(two, held=[_held(n, reason, 100 - n, urgent=n < 7) for n in range(1, 31)]).needs
    assert {n.kind.name for n in found} == {"URGENT"}
    assert sorted(n.number for n in found) == [0, 0, 1, 2, 3]
    assert (found[-1].of, "27 messages, from 4 to 30" in found[-1].what) == (27, True)


def test_reasons_that_differ_by_a_number_alone_are_one_line() -> None:
    found = _digest(held=[_held(n, f"its from header stands twice, {n} times", 30) for n in range(1, 41)]).needs
    assert [n.of for n in found] == [40]


def test_four_alike_are_told_one_by_one() -> None:
    assert len(_digest(held=[_held(n, STRANGER, 30) for n in range(1, 5)]).needs) == 4


def test_what_is_unclear_is_its_writers_for_a_working_day_and_then_the_business_managers() -> None:
    friday_noon = datetime(2026, 9, 4, 11, tzinfo=UTC)
    reason = "it can be read in more than one way, so its writer is asked"
    for now, number, meanwhile in (
        (datetime(2026, 9, 7, 7, tzinfo=UTC), 0, 1),  # the weekend is no working day
        (datetime(2026, 9, 7, 16, tzinfo=UTC), 0, 1),
        (datetime(2026, 9, 7, 16, 1, tzinfo=UTC), 1, 0),
    ):
        made = _digest(held=(HeldMessage(1, reason, friday_noon, now - friday_noon),), now=now)
        assert (len(made.needs), made.unclear) == (number, meanwhile)


def test_a_reason_that_quotes_an_address_shows_none() -> None:
    [need] = _digest(held=(_held(1, "the sender cannot be told for certain: <jamie@home.example> twice", 30),)).needs
    assert need.what == "Message 1 has waited 1 day: the sender cannot be told for certain: <(an address)> twice"


def test_letters_that_came_back_and_people_who_are_away_are_named_by_role_and_agency() -> None:
    two = s.later(
        s.opened(),
        s.PASSED_1,
        s.ENTERED_2,
        NoticeFailed(at=s.AT, address=s.EVADNE.address, letter="stage_entered"),
        AbsenceNoticed(at=s.AT, person=s.OCTAVIA, until=date(2026, 9, 21)),
        OutsiderNoticed(at=s.AT, by=s.BARNABY, addresses=("parent@home.example",)),
    )
    assert [n.what for n in _digest(two).needs] == [
        "A letter to Line manager (Children's Social Care) could not be delivered",
        "Line manager (Harbourside Primary School) is away until Mon 21 Sep, by their automatic reply",
        "Somebody outside the agencies was on a message",
    ]
    a_week_later = _digest(two, now=datetime(2026, 9, 16, 8, tzinfo=UTC)).needs
    assert [n.kind.name for n in a_week_later] == ["AWAY"], "still away: it is told again until they are back"


def test_a_limit_that_was_acted_on_hours_after_it_had_passed_is_told_and_one_put_back_late_is_not() -> None:
    late = replace(s.PASSED_1, at=s.AT + timedelta(hours=5))
    [need] = _digest(s.later(s.opened(), late, s.ENTERED_2)).needs
    assert (need.kind.name, need.since) == ("LATE", s.AT)
    proposed = replace(s.PROPOSED, at=s.AT - timedelta(hours=1), stage="1")
    objected = e.ResolutionObjected(at=late.at, side=Side.RECEIVING, by=s.BARNABY)
    assert _digest(s.later(s.opened(), proposed, objected, late, s.ENTERED_2)).needs == ()


def test_a_dispute_that_nobody_has_written_about_since_it_was_opened_is_marked_where_the_limit_moved_it() -> None:
    two = s.later(s.opened(), s.PASSED_1, s.ENTERED_2)
    note = MessageFiled(at=s.MONDAY + timedelta(hours=3), digest="", by=s.BARNABY, side=Side.RECEIVING)
    talked = s.later(replace(s.opened(), reference="NC-26-0013"), note, s.PASSED_1, s.ENTERED_2)
    assert [m.note for m in _digest(two, talked).moved] == ["since the opening email nobody has written", ""]


def test_withdrawn_is_shown_apart_and_counts_as_no_outcome() -> None:
    withdrawn = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, replace(s.CLOSED, outcome="withdrawn"))
    made = _digest(withdrawn, now=datetime(2026, 9, 16, 8, tzinfo=UTC))
    assert [(r.reference, r.apart) for r in made.resolved] == [("NC-26-0012", True)]
    shown = {figure.label: figure for figure in made.figures.rows}
    assert shown["Closed with an outcome"].shown == "0"
    assert "Apart from these: 1 withdrawn" in shown["Closed with an outcome"].definition


def test_urgent_messages_are_counted_over_the_eight_weeks_also_those_about_no_dispute() -> None:
    two = s.later(s.opened(), RiskReported(at=s.AT, by=s.WILHELMINA))
    weeks = [WEDNESDAY - timedelta(days=days) for days in (1, 20, 55, 57)]
    found = Elsewhere(urgent=(weeks[0],), all_urgent=tuple(weeks))
    material, by = DigestMaterial(WEEK, elsewhere=found), CountedBy(s.PROTOCOL, s.CALENDAR, _limit)
    made = digest(digest_counted((two,), material, by), material, by)
    assert {figure.label: figure.shown for figure in made.figures.rows}["Urgent messages"] == "4"
    assert [need.reference for need in made.needs] == ["", "NC-26-0012"]


def test_ideas_are_in_their_writers_words_without_a_name_and_without_a_reference() -> None:
    idea = "Octavia Samplewood should ring Barnaby (b.quill@northshire.example) about Jamie, J.T., at once."
    given = FeedbackGiven(at=s.AT, by=s.WILHELMINA, helpful=4, idea=idea)
    told = _digest(s.later(s.opened(), given)).feedback
    assert told is not None
    assert told.marks == (0, 0, 0, 1, 0)
    assert told.ideas == ("… should ring … about …, …, at once.",)


def test_what_has_happened_since_is_not_in_a_past_week() -> None:
    closed = s.later(s.opened(), s.PASSED_1, s.ENTERED_2, s.PROPOSED, s.CLOSED)
    made = _digest(closed)
    assert (made.open_now, made.resolved, made.resolved_but) == (1, (), ())
    assert [(due.day, [row.stage for row in due.rows]) for due in made.due] == [(date(2026, 9, 10), ["Stage 2"])]
    assert _digest(closed, now=s.MONDAY).opened == (), "it was opened at that very instant, and a week ends before it"


def test_what_was_taken_back_later_still_stood_in_the_week_before() -> None:
    undone = s.later(s.opened(), s.PASSED_1, s.ENTERED_2)
    places = (len(undone.history) - 1,)
    undone = s.later(undone, e.MisreadUndone(at=s.THURSDAY, places=places, by=s.BARNABY))
    assert [m.how for m in _digest(undone).moved] == ["by the limit"]
    assert _digest(undone, now=s.THURSDAY + timedelta(hours=1)).moved == ()


def test_the_days_ahead_say_which_are_closed() -> None:
    days = _digest(now=datetime(2026, 8, 27, 8, tzinfo=UTC)).figures.days
    assert [(day.day.day, day.closed) for day in days][2:5] == [
        (29, "Saturday"),
        (30, "Sunday"),
        (31, "Summer Bank Holiday"),
    ]


def test_eight_weeks_keep_their_hour_over_the_change_of_the_clocks() -> None:
    end = datetime(2026, 11, 2, 8, tzinfo=UTC)
    weeks = last_weeks(s.CALENDAR, (end - timedelta(days=7), end))
    assert [f"{s.CALENDAR.local(start):%d %b %H:%M}" for start, _ in weeks] == [
        "07 Sep 08:00",
        "14 Sep 08:00",
        "21 Sep 08:00",
        "28 Sep 08:00",
        "05 Oct 08:00",
        "12 Oct 08:00",
        "19 Oct 08:00",
        "26 Oct 08:00",
    ]


def test_what_happened_in_no_dispute_is_told_the_first_three_alone() -> None:
    urgent = tuple(WEDNESDAY - timedelta(hours=n) for n in range(1, 6))
    found = DigestMaterial(WEEK, elsewhere=Elsewhere(urgent=urgent, undelivered=(WEDNESDAY,)))
    by = CountedBy(s.PROTOCOL, s.CALENDAR, _limit)
    needs = digest(digest_counted((), found, by), found, by).needs
    assert [(n.what, n.of) for n in needs if "danger" in n.what][-1] == (
        "2 more messages about no dispute here may have meant immediate danger",
        2,
    )
    assert "A letter about no dispute could not be delivered" in [n.what for n in needs]


def test_whoever_has_left_is_told_as_that_and_somebody_without_a_part_by_what_they_are() -> None:
    left = s.later(
        s.opened(), s.PASSED_1, s.ENTERED_2, AbsenceNoticed(at=s.AT, person=s.OCTAVIA, left=True),
        NoticeFailed(at=s.AT, address="nobody@harbourside.example", letter="summary"),
    )  # fmt: skip
    said = [n.what for n in _digest(left).needs]
    assert "Line manager (Harbourside Primary School) has left, by their automatic reply" in said
    assert "A letter to somebody told of it could not be delivered" in said


def test_what_a_person_must_see_beside_what_was_done_with_it_counts_as_what_was_done() -> None:
    of_another = "people talking; possible details of another child"
    assert counted_as(_held(1, of_another, 1)) == "filed in a dispute"
    assert counted_as(_held(1, "resolved; not in English", 1)) == "changed a dispute"
