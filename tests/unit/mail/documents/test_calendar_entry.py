"""The limit in people's calendars: it follows the limit wherever that goes, goes when it is over, and says nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest
from icalendar import Calendar

from mailbot.core.clocks.case import Case
from mailbot.core.notices.notice import LETTERS, Notice
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Person
from mailbot.mail.documents.calendar_entry import invites, sequence
from mailbot.shell.protocol_files.protocol_reader import shipped_protocols
from tests.entries import entries, files
from tests.scenarios.gloucestershire.telling import gloucestershire
from tests.scenarios.gloucestershire.telling import opened as opened_in_gloucestershire
from tests.scenarios.north_somerset.test_calendar_changes import proclaim
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened, raise_it
from tests.sites import partnership_for
from tests.story import TRUSTED, Sent, Story

ONE = "gl-26-0001.1.20260907t091200z@gscp.example"
TWO = "gl-26-0001.2.20260910t080000z@gscp.example"


Row = tuple[str, str, str, int, str]  # to, METHOD, UID, SEQUENCE, limit


def _told(sent: list[Sent]) -> list[Row]:
    return sorted((one.to, one.method, one.uid, one.sequence, one.limit) for one in entries(sent))


def _each(people: tuple[str, ...], method: str, uid: str, number: int, limit: str) -> list[Row]:
    return sorted((who, method, uid, number, limit) for who in people)


def test_an_entry_follows_its_limit_through_a_whole_dispute(tmp_path: Path) -> None:
    """Opened; a day is closed; extended by both sides; shortened for the child; moved up; resolved."""
    practitioners, managers = ("hartwell", "fenn"), ("oakes", "peake")
    with gloucestershire(tmp_path) as story:
        sent = list(opened_in_gloucestershire(story))
        assert _told(sent) == _each(practitioners, "PUBLISH", ONE, 0, "Mon 14 Sep 17:00")

        proclaim(story, date(2026, 9, 11), "Day of mourning")
        assert _told(story.letters()) == _each(practitioners, "PUBLISH", ONE, 1, "Tue 15 Sep 17:00")

        story.mail("hartwell", "AGREE BY 24 September 2026", "2026-09-08 10:00", answers=sent[0])
        asked = story.letters()
        assert entries(asked) == [], "a date that is asked for moves nothing"
        story.mail("fenn", "AGREE", "2026-09-08 11:00", answers=next(one for one in asked if one.to == "fenn"))
        assert _told(story.letters()) == _each(practitioners, "PUBLISH", ONE, 2, "Thu 24 Sep 17:00")

        story.mail("fenn", "NEEDED BY 16 September 2026 because of the hearing", "2026-09-09 11:00", answers=sent[1])
        assert _told(story.letters()) == _each(practitioners, "PUBLISH", ONE, 3, "Wed 16 Sep 17:00")

        story.mail("hartwell", "ESCALATE\nThe plan.", "2026-09-10 09:00", answers=sent[0])
        moved = story.letters()
        gone = _each(practitioners, "CANCEL", ONE, 4, "Wed 16 Sep 17:00")
        assert _told(moved) == sorted(gone + _each(managers, "PUBLISH", TWO, 0, "Wed 16 Sep 17:00"))

        to_oakes = next(one for one in moved if (one.letter, one.to) == ("stage_entered", "oakes"))
        story.mail("oakes", "RESOLVED\nA visit by 18 September 2026.", "2026-09-10 11:00", answers=to_oakes)
        asked = story.letters()
        assert entries(asked) == [], "one side's word ends no limit"
        to_peake = next(one for one in asked if (one.letter, one.to) == ("proposed", "peake"))
        story.mail("peake", "CONFIRM", "2026-09-10 12:00", answers=to_peake)
        assert _told(story.letters()) == _each(managers, "CANCEL", TWO, 1, "Wed 16 Sep 17:00")

        for dispute in (story.dispute(), fold(story.dispute().history)):  # as it was decided, and replayed
            assert [sequence(dispute, visit) for visit in dispute.visits] == [5, 1]


def test_a_closed_day_moves_the_entry_with_the_limit(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        proclaim(story, date(2026, 9, 8), "Day of national mourning")
        sent = story.expect(("calendar_moved", "hartwell"), ("calendar_moved", "fenn"))
        assert {(one.method, one.sequence, one.limit) for one in entries(sent)} == {("PUBLISH", 1, "Wed 09 Sep 17:00")}
        story.until("2026-09-09 09:00")
        reminded = story.expect(("reminder", "hartwell"), ("reminder", "fenn"))
        assert {(one.sequence, one.limit) for one in entries(reminded)} == {(1, "Wed 09 Sep 17:00")}


def test_a_reminder_of_a_limit_that_stayed_brings_no_second_entry(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 09:00")
        assert entries(story.expect(("reminder", "hartwell"), ("reminder", "fenn"))) == []


def test_whoever_acts_at_two_stages_has_the_old_entry_taken_back_with_the_new(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-10 17:00")
        third = {one.to: one for one in entries(story.letters()) if one.method == "PUBLISH"}
        assert sorted(third) == ["lyle", "stroud"]
        story.mail("lyle", "ESCALATE\nWhether K is a child in need.", "2026-09-11 10:00", subject="[NS-26-0001]")
        sent = story.letters()
        of_lyle = sorted((one.method, one.sequence, one.limit) for one in entries(sent) if one.to == "lyle")
        assert of_lyle == [("CANCEL", 1, "Mon 14 Sep 17:00"), ("PUBLISH", 0, "Wed 16 Sep 17:00")]
        assert {one.uid for one in entries(sent) if one.method == "CANCEL"} == {third["lyle"].uid}
        asked = {one.to for one in entries(sent) if one.method == "PUBLISH"}
        assert asked == {"lyle", "stroud", "bm", "dsps"}
        assert {one.to for one in entries(sent) if one.method == "CANCEL"} == {"lyle", "stroud"}


def test_a_handover_takes_it_from_one_and_gives_it_to_the_other(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "peake",
            "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example until 30 September 2026",
            "2026-09-09 10:00",
            subject="[NS-26-0001]",
        )
        sent = story.letters()
        assert [(one.to, one.method, one.sequence) for one in entries(sent) if one.letter == "handed_over"] == [
            ("garth", "PUBLISH", 1),
            ("peake", "CANCEL", 1),
        ]


def test_a_stage_that_wrong_took_back_gives_its_people_an_entry_newer_than_the_one_taken_away(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.mail("hartwell", "ESCALATE\nThe plan.", "2026-09-07 12:00", answers=to_hartwell)
        gone = [one for one in entries(story.letters()) if one.method == "CANCEL"]
        story.mail("hartwell", "WRONG\nWe have not spoken yet.", "2026-09-07 12:30", answers=to_hartwell)
        back = entries(story.letters())
        assert sorted((one.to, one.sequence) for one in gone) == [("fenn", 1), ("hartwell", 1)]
        assert sorted((one.to, one.method, one.sequence) for one in back) == [
            ("fenn", "PUBLISH", 2),
            ("hartwell", "PUBLISH", 2),
        ]
        assert {one.uid for one in back} == {one.uid for one in gone}


def test_a_resolution_put_back_brings_the_entry_again_as_it_was(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "RESOLVED\nA visit by 11 September 2026.", "2026-09-09 10:00", subject="[NS-26-0001]")
        to_peake = next(one for one in story.letters() if one.letter == "proposed")
        story.mail("peake", "DISAGREE\nNot that.", "2026-09-09 11:00", answers=to_peake)
        sent = story.expect(("objected", "oakes"))
        assert [(one.to, one.sequence, one.limit) for one in entries(sent)] == [("oakes", 0, "Thu 10 Sep 17:00")]


# What a stranger at a shared screen may see

AT = datetime(2026, 9, 10, 9, tzinfo=UTC)
RAISER = Person("ada.quince@a.example", "Ada Quince", "Agency Arbour")
RESPONDER = Person("bo.reed@b.example", "Bo Reed", "Agency Brook")
NAMES = ("Quince", "Ada", "Reed", "Arbour", "Brook", "Thornbury", "J.T.", "hungry", "@a.example", "@b.example")
STAGES = [(name, stage) for name in shipped_protocols() for stage in partnership_for(name, AT.date()).protocol.stages]
_partnership = cache(partnership_for)


def _dispute(partnership: Partnership, stage: str) -> Dispute:
    protocol = partnership.protocol
    roles = protocol.stages[stage]
    first = e.DisputeOpened(
        at=AT,
        reference=f"{protocol.prefix}-26-0001",
        partnership="x",
        protocol=protocol.id,
        version=protocol.version,
        raised=AT,
        raiser=RAISER,
        raising="Agency Arbour",
        receiving="Agency Brook",
        child="Jamie Thornbury",
        decision_on=date(2026, 9, 9),
    )
    people = [
        *(e.PersonRecorded(at=AT, role=role, side=Side.RAISING, person=RAISER) for role in ("raiser", *roles.raising)),
        *(e.PersonRecorded(at=AT, role=role, side=Side.RECEIVING, person=RESPONDER) for role in roles.receiving),
    ]
    said = e.FieldRecorded(at=AT, key="impact", value="Jamie Thornbury is hungry.")
    return fold((first, *people, said, e.StageEntered(at=AT, stage=stage, how="asked")))


def _all(partnership: Partnership, dispute: Dispute, event: e.Event) -> Iterator[bytes]:
    for letter in LETTERS:
        for to in (RAISER, RESPONDER):
            for made in invites(Notice(letter, to, event, acts=True), Case(dispute, partnership, AT)):
                assert made == invites(Notice(letter, to, event, acts=True), Case(dispute, partnership, AT))[-1]
                assert made.type.startswith("text/calendar; method=")
                yield made.content


@pytest.mark.parametrize(("name", "stage"), STAGES)
def test_no_entry_of_any_procedure_names_anybody_or_says_anything_of_the_case(name: str, stage: str) -> None:
    partnership = _partnership(name, AT.date())
    dispute = _dispute(partnership, stage)
    closing = e.DisputeClosed(at=AT + timedelta(hours=1), outcome="resolved", stage=stage)
    published = list(_all(partnership, dispute, dispute.history[-1]))
    cancelled = list(_all(partnership, dispute.after(closing), closing))
    risk = partnership.protocol.risk.line
    read = {content: Calendar.from_ical(content) for content in (*published, *cancelled)}  # most letters bring the same
    for content, calendar in read.items():
        whole = calendar.to_ical().decode().replace("\r\n ", "")
        assert [word for word in NAMES if word in whole] == []
        assert all(len(line) <= 75 for line in content.split(b"\r\n"))
        assert content.count(b"\n") == content.count(b"\r\n")
        (entry,) = calendar.walk("VEVENT")
        assert (str(entry["CLASS"]), str(entry["TRANSP"])) == ("PRIVATE", "TRANSPARENT")
        assert f"[{dispute.reference}] {partnership.protocol.stage_name(stage)}: " in str(entry["SUMMARY"])
        assert not {"ATTENDEE", "LOCATION", "URL", "DTEND", "DURATION"} & set(entry)
    for content in dict.fromkeys(published):
        (entry,) = read[content].walk("VEVENT")
        (alarm,) = entry.walk("VALARM")
        for said in (str(entry["DESCRIPTION"]), str(alarm["DESCRIPTION"])):
            assert said.startswith(risk)
            assert said.index(risk) < said.index("at the latest; sooner if the ")
        assert "act as soon as you can" in str(entry["SUMMARY"])
        assert timedelta(0) > alarm["TRIGGER"].dt
        assert entry["DTSTART"].dt + alarm["TRIGGER"].dt > AT
    assert all(read[content].walk("VEVENT")[0]["STATUS"] == "CANCELLED" for content in cancelled)
    if _has_a_clock(partnership, stage):
        assert published
        assert cancelled


def _has_a_clock(partnership: Partnership, stage: str) -> bool:
    return any(clock.counts and clock.within for clock in partnership.protocol.clocks_of(stage))


def test_the_letter_says_what_kind_of_file_it_is(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        assert b"Content-Type: text/calendar; method=PUBLISH; charset=utf-8; name=limit.ics\r\n" in letter.raw
        assert b'Content-Disposition: attachment; filename="limit.ics"\r\n' in letter.raw


# What comes back


def _answering(letter: Sent, body: str, method: str, content: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Tobias Fenn <tobias.fenn@seamoor.example>", "escalation@nsscp.example"
    message["Subject"], message["Message-ID"] = f"RE: {letter.subject}", f"<{method}.1@seamoor.example>".lower()
    message["In-Reply-To"] = message["References"] = letter.message_id
    message.set_content(body)
    message.add_attachment(content, "text", "calendar", filename="limit.ics", params={"method": method})
    return f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=seamoor.example\r\n".encode() + bytes(message)


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "REQUEST", "REFRESH", "DECLINECOUNTER"])
def test_a_programs_answer_to_an_entry_is_calendar_mail_and_changes_nothing(tmp_path: Path, method: str) -> None:
    """Also where a program copies our PRODID into its answer, and somebody's RESOLVED stands in a comment."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[1]
        before = len(story.dispute().history)
        content = files(letter.raw)[0].replace(b"METHOD:PUBLISH", f"METHOD:{method}".encode())
        story.deliver(_answering(letter, "RESOLVED\nA visit by 11 September 2026.", method, content))
        assert len(story.dispute().history) == before
        assert story.store.messages_between("north-somerset", AT - timedelta(9), AT)["automatic"] == 1


def test_a_person_who_sends_our_letter_on_with_its_file_is_still_a_person(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[1]
        story.deliver(_answering(letter, "RESOLVED\nA visit by 11 September 2026.", "PUBLISH", files(letter.raw)[0]))
        story.expect(("proposed", "hartwell"))


def test_an_entry_is_the_same_bytes_for_the_same_letter() -> None:
    partnership = _partnership("north-somerset", AT.date())
    dispute = _dispute(partnership, "2")
    notice = Notice("stage_entered", RAISER, dispute.history[-1], acts=True)
    first = invites(notice, Case(dispute, partnership, AT))
    assert first == invites(notice, Case(replace(dispute, history=tuple(dispute.history)), partnership, AT))
