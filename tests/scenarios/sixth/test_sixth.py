"""A sixth procedure, in one file of the tests, run by the same engine: a shape that none of the five has."""

from pathlib import Path

from mailbot.shell.protocol_files.protocol_reader import check_protocol
from tests.scenarios.sixth.people import OURS, PEOPLE, RAISED, raise_it
from tests.sites import ROOT
from tests.story import Sent, Story

REF = "[FA-26-0001]"
URGENT = RAISED.replace("Urgency: standard", "Urgency: high")
UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether the package is needed."


def forth(tmp_path: Path, start: str = "2026-11-02 09:00") -> Story:
    return Story(tmp_path, start, "forth-adults", OURS, people=PEOPLE)


def at_rung_2(story: Story, raised: str, asked: str, body: str = RAISED) -> list[Sent]:
    raise_it(story, raised, body)
    story.expect(("opened", "reed"), ("opened", "fenn"))
    story.mail("reed", UNRESOLVED, asked, subject=REF)
    return story.expect(
        ("stage_entered", "vance"),
        ("stage_entered", "peake"),
        ("summary", "reed"),
        ("summary", "fenn"),
        ("stage_told", "lead"),
    )


def test_the_file_has_no_faults() -> None:
    assert check_protocol(ROOT / "tests" / "protocols" / "forth-adults.toml").faults == ()


def test_an_adult_is_spoken_of_in_the_procedures_own_words(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        raise_it(story, "2026-11-02 10:00")
        letter = story.expect(("opened", "reed"), ("opened", "fenn"))[0]
        assert "Meet where the adult can be heard." in letter.text
        assert "initials for the adult." in letter.text
        assert letter.text.splitlines()[2].startswith("Is an adult in danger now? Do not wait for this: ring 999.")
        assert "Duty social work: 01632 960 123 (day and night)" in letter.text
        assert "child" not in letter.text.casefold().replace("children's social care", "")


def test_a_rung_without_a_clock_waits_for_people_and_nothing_is_sent(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        raise_it(story, "2026-11-02 10:00")
        letter = story.expect(("opened", "reed"), ("opened", "fenn"))[0]
        assert story.limit() == ""
        assert "THE LIMIT" not in letter.text
        assert "at the latest" not in letter.text
        story.until("2026-11-10 12:00")
        story.expect(("digest", "lead"))
        assert (story.dispute().stage, story.dispute().state) == ("1", "open")


def test_saint_andrews_day_is_not_a_working_day_and_a_day_ends_at_half_past_four(tmp_path: Path) -> None:
    with forth(tmp_path, "2026-11-26 09:00") as story:
        at_rung_2(story, "2026-11-26 10:00", "2026-11-26 11:00")
        assert story.limit() == "Fri 04 Dec 16:30", "Monday 30 November is a holiday in Scotland"


def test_at_new_year_the_second_of_january_and_the_partnerships_own_day_are_closed(tmp_path: Path) -> None:
    with forth(tmp_path, "2026-12-29 09:00") as story:
        at_rung_2(story, "2026-12-29 10:00", "2026-12-29 11:00", URGENT)
        assert story.limit() == "Wed 30 Dec 16:30"
        story.until("2026-12-30 16:30")
        story.letters()
        assert (story.dispute().stage, story.limit()) == ("3", "Tue 05 Jan 16:30")


def test_how_long_a_rung_lasts_goes_by_urgency(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00", URGENT)
        assert story.limit() == "Tue 03 Nov 16:30"
        story.mail("vance", "Urgency: low", "2026-11-02 12:00", subject=REF)
        assert story.limit() == "Mon 16 Nov 16:30"


def test_while_nobody_has_said_how_urgent_it_is_the_shortest_length_holds(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00", RAISED.replace("Urgency: standard\n", ""))
        assert story.limit() == "Tue 03 Nov 16:30", "one working day, and not the five of an ordinary one"
        story.mail("vance", "Urgency: standard", "2026-11-02 12:00", subject=REF)
        assert story.limit() == "Mon 09 Nov 16:30"


def test_a_rung_that_may_be_skipped_is_skipped_when_nobody_is_named_for_it(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00")
        story.mail("vance", UNRESOLVED, "2026-11-03 10:00", subject=REF)
        letter = story.expect(
            ("stage_entered", "ferrier"),
            ("stage_entered", "drummond"),
            *[("summary", who) for who in ("reed", "vance", "peake")],
        )[0]
        assert "This is Rung 3" in letter.text
        assert story.limit() == "Wed 04 Nov 10:00", "24 hours by the clock"


def test_a_rung_shown_as_2b_is_used_when_somebody_is_named_for_it(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        to_vance = at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00")[0]
        story.mail(
            "vance",
            "My locality chair: Morag Guthrie, morag.guthrie@westmere-nhs.example",
            "2026-11-02 12:00",
            answers=to_vance,
        )
        story.expect()
        story.until("2026-11-09 16:30")
        sent = story.expect(
            ("digest", "lead"),
            ("reminder", "vance"),
            ("reminder", "peake"),
            ("stage_entered", "guthrie"),
            *[("summary", who) for who in ("reed", "vance", "peake")],
            ("still_needed", "fenn"),
            ("still_needed", "lead"),
        )
        to_guthrie = next(x for x in sent if x.to == "guthrie")
        assert to_guthrie.subject == "[FA-26-0001] Your turn by Wed 11 Nov 4:30pm"
        assert story.dispute().stage == "locality"


def test_somebody_stands_in_for_a_sector_that_has_no_head_of_service(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        body = RAISED.replace("Westmere NHS Trust", "Larkfield Primary School").replace(
            "Sidonie Vance, sidonie.vance@westmere-nhs.example", "Desmond Oakes, head@larkfield.sch.example"
        )
        story.mail("hartwell", body, "2026-11-02 10:00", subject="Professional disagreement - R.T.", to=["fenn"])
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        story.mail("hartwell", UNRESOLVED, "2026-11-02 11:00", subject=REF)
        story.letters()
        story.mail("oakes", UNRESOLVED, "2026-11-03 10:00", subject=REF)
        to_link = story.expect(
            ("stage_entered", "colleges"),
            ("stage_entered", "drummond"),
            *[("summary", who) for who in ("hartwell", "oakes", "peake")],
        )[0]
        story.mail(
            "colleges", "RESOLVED\nThe package goes on until 30 November 2026.", "2026-11-03 12:00", answers=to_link
        )
        (asked,) = story.expect(("proposed", "drummond"))
        story.mail("drummond", "CONFIRM", "2026-11-03 13:00", answers=asked)
        people = ("hartwell", "fenn", "oakes", "peake", "colleges", "drummond", "lead")
        story.expect(*[("closed", who) for who in people])


def test_a_grave_concern_goes_straight_to_the_convener_over_the_rungs_between(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        to_vance = at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00")[0]
        story.mail("vance", "GRAVE CONCERN\nThe package ends on Friday.", "2026-11-02 12:00", answers=to_vance)
        to_convener, *_ = story.expect(
            ("referred", "convener"),
            ("referred", "lead"),
            ("stage_entered", "ferrier"),
            ("stage_entered", "drummond"),
            ("noted", "vance"),
            *[("summary", who) for who in ("reed", "peake")],
        )
        assert [visit.stage for visit in story.dispute().visits] == ["1", "2", "4"]
        assert story.limit() == "Mon 02 Nov 16:30", "the same working day"
        story.mail(
            "convener", "DECISION\nThe package goes on until 27 November 2026.", "2026-11-02 15:00", answers=to_convener
        )
        people = ("reed", "fenn", "vance", "peake", "ferrier", "drummond", "lead", "convener")
        story.expect(*[("closed", who) for who in people])
        assert story.dispute().outcome == "convener"


def test_a_grave_concern_that_tells_of_danger_is_urgent_and_goes_to_the_convener_all_the_same(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        to_vance = at_rung_2(story, "2026-11-02 10:00", "2026-11-02 11:00")[0]
        story.mail("vance", "GRAVE CONCERN\nR has not eaten since Friday.", "2026-11-02 12:00", answers=to_vance)
        sent = [(letter.letter, letter.to) for letter in story.letters()]
        assert ("urgent", "vance") in sent
        assert ("urgent_told", "lead") in sent
        assert ("referred", "convener") in sent
        assert (story.dispute().stage, story.limit()) == ("4", "Mon 02 Nov 16:30")


def test_a_grave_concern_is_not_open_where_the_file_does_not_open_it(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        body = RAISED.replace("Adult:", "Stage: 3\nAdult:")
        story.mail("ferrier", body, "2026-11-02 10:00", subject="Professional disagreement", to=["drummond"])
        letter = story.expect(("opened", "ferrier"), ("opened", "drummond"))[0]
        assert (story.dispute().stage, story.limit()) == ("3", "Tue 03 Nov 10:00"), "it may begin at any rung"
        story.mail("ferrier", "GRAVE CONCERN\nThe package ends on Friday.", "2026-11-02 11:00", answers=letter)
        refused = story.expect(("refused", "ferrier"))[0]
        assert "“Grave concern” is not open at Rung 3" in refused.text


def test_after_half_past_four_a_message_counts_from_the_next_working_day(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        raise_it(story, "2026-11-02 10:00")
        story.letters()
        story.mail("reed", UNRESOLVED, "2026-11-02 16:45", subject=REF)
        story.letters()
        assert story.limit() == "Tue 10 Nov 16:30"


def test_two_locality_chairs_agree_a_later_date_and_it_holds(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        body = RAISED.replace("Adult:", "Stage: 2\nAdult:")
        story.mail("vance", body, "2026-11-02 10:00", subject="Professional disagreement", to=["peake"])
        letter = story.expect(("opened", "vance"), ("opened", "peake"), ("stage_told", "lead"))[0]
        for who, chair in (("vance", "guthrie"), ("peake", "lennox")):
            story.mail(who, f"My locality chair: {PEOPLE[chair]}", "2026-11-02 11:00", subject=REF)
        story.mail("vance", UNRESOLVED, "2026-11-02 12:00", answers=letter)
        story.letters()
        assert (story.dispute().stage, story.limit()) == ("locality", "Wed 04 Nov 16:30")
        story.mail("guthrie", "AGREE BY 12 November 2026", "2026-11-02 13:00", subject=REF)
        story.mail("lennox", "AGREE", "2026-11-02 14:00", subject=REF)
        story.letters()
        assert story.limit() == "Thu 12 Nov 16:30"


AUTOMATIC = [("Auto-Submitted", "auto-replied")]


def test_whoever_has_left_under_a_file_nobody_has_seen_is_asked_nothing_more(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        raise_it(story, "2026-11-02 10:00")
        story.expect(("opened", "reed"), ("opened", "fenn"))
        words = "I no longer work for Westmere NHS Trust."
        story.mail("reed", words, "2026-11-02 11:00", subject=f"Automatic reply: {REF}", headers=AUTOMATIC)
        asked = story.expect(("absence", "vance"), ("absence", "fenn"), ("absence", "lead"))[0]
        assert "Octavian Reed has left. Who has this now?" in " ".join(asked.text.split())
        story.mail("vance", UNRESOLVED, "2026-11-03 09:00", subject=REF)
        assert ("summary", "reed") not in {(one.letter, one.to) for one in story.letters()}
        assert story.dispute().stage == "2"


def test_another_adult_spoken_of_is_asked_about_in_the_files_own_word(tmp_path: Path) -> None:
    with forth(tmp_path) as story:
        body = RAISED.replace("\nOctavian", "\nThe same applies to her sister.\n\nOctavian")
        raise_it(story, "2026-11-02 10:00", body)
        asked = story.expect(("question", "reed"), ("opened", "reed"), ("opened", "fenn"))[0]
        said = " ".join(asked.text.split())
        assert "Is this about another adult too? Your email also speaks of a sister, beside R.T." in said
        story.mail("reed", "CORRECT Adult: R.T., S.T.", "2026-11-02 11:00", subject=REF)
        story.letters()
        assert story.dispute().child == "R.T., S.T."
