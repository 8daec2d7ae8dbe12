"""Wolverhampton's four stages: eight acts with clocks of their own, ten days and fourteen, then the Chair."""

from pathlib import Path

from tests.people import SCHOOL
from tests.prepared import prepared
from tests.scenarios.wolverhampton.people import OURS, PEOPLE, RAISED, raise_it
from tests.story import Sent, Story

REF = "[WO-26-0001]"
UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether K is a child in need."
BELOW = ("hartwell", "fenn", "oakes", "peake")
EVERYBODY = (*BELOW, "lyle", "stroud", "garland", "penrose")


def wolverhampton(tmp_path: Path, start: str = "2026-09-07 09:00") -> Story:
    return Story(tmp_path, start, "wolverhampton", OURS, people=PEOPLE)


@prepared
def opened(story: Story, when: str = "2026-09-07 10:00") -> list[Sent]:
    raise_it(story, when)
    return story.expect(("opened", "hartwell"), ("opened", "fenn"))


def at_stage_3(story: Story) -> list[Sent]:
    """Raised on Monday, to line managers on Tuesday, to senior managers on Wednesday, each time in writing."""
    opened(story)
    story.mail("hartwell", UNRESOLVED, "2026-09-08 10:00", subject=REF)
    story.expect(("stage_entered", "oakes"), ("stage_entered", "peake"), ("summary", "hartwell"), ("summary", "fenn"))
    story.mail("oakes", UNRESOLVED, "2026-09-09 10:00", subject=REF)
    return story.expect(
        ("stage_entered", "lyle"),
        ("stage_entered", "stroud"),
        *[("summary", who) for who in ("hartwell", "oakes", "peake")],
    )


def at_stage_4(story: Story) -> list[Sent]:
    at_stage_3(story)
    story.mail("lyle", UNRESOLVED, "2026-09-10 10:00", subject=REF)
    return story.expect(
        ("stage_entered", "garland"),
        ("stage_entered", "penrose"),
        *[("summary", who) for who in ("hartwell", "lyle", "stroud")],
    )


def test_eight_acts_each_with_its_clock_and_the_whole_in_fourteen_days(tmp_path: Path) -> None:
    """WO-02 WO-06 WO-07 WO-10 WO-11 WO-12 WO-20: silence, from the practitioners to the question of stage 4."""
    with wolverhampton(tmp_path) as story:
        letter = opened(story)[0]
        assert "both verbally and in writing, with clear reasons based on evidence." in " ".join(letter.text.split())
        story.mail("hartwell", "STATUS", "2026-09-07 11:00", answers=letter)
        status = story.expect(("status", "hartwell"))[0]
        assert "Practitioner to senior manager: Fri 18 Sep 5pm at the latest." in status.text
        assert "Stages 1 to 4: Thu 24 Sep 5pm at the latest." in status.text
        assert story.limit() == "Thu 10 Sep 17:00", "three working days from the raising"
        story.until("2026-09-10 17:00")
        story.expect(
            ("reminder", "hartwell"),
            ("reminder", "fenn"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )
        assert story.limit() == "Mon 14 Sep 17:00", "two more"
        story.until("2026-09-14 17:00")
        story.expect(
            ("digest", "bm"),
            ("reminder", "oakes"),
            ("reminder", "peake"),
            *[("summary", who) for who in ("hartwell", "oakes", "peake")],
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
        )
        assert story.limit() == "Thu 17 Sep 17:00", "24 hours count as one working day, then two"
        story.until("2026-09-15 17:00")
        reminded = story.expect(("limit_passed", "oakes"))[0]
        assert "Please do this now: refer in writing to the senior manager." in reminded.text
        story.until("2026-09-17 17:00")
        story.expect(
            ("reminder", "lyle"),
            ("reminder", "stroud"),
            ("limit_passed", "lyle"),
            ("limit_passed", "stroud"),
            ("limit_passed", "bm"),
        )
        assert story.dispute().stage == "3", "stage 4 is for a person to ask for"


def test_clocks_run_from_what_really_happened_and_move_earlier_with_it(tmp_path: Path) -> None:
    """WO-11 WO-12 WO-21: referred in writing at once, the dialogue's two days begin at once; so at stage 4."""
    with wolverhampton(tmp_path) as story:
        at_stage_3(story)
        assert story.limit() == "Fri 11 Sep 17:00", "two working days after the writing, not three"
        story.mail("lyle", UNRESOLVED, "2026-09-10 10:00", subject=REF)
        to_garland = story.expect(
            ("stage_entered", "garland"),
            ("stage_entered", "penrose"),
            *[("summary", who) for who in ("hartwell", "lyle", "stroud")],
        )[0]
        assert story.limit() == "Mon 14 Sep 17:00", "the representative was told at once, so two days"
        assert '2 working days after "Raise with the WSCB representative" was done' in to_garland.text


def test_a_managers_own_email_is_the_referral_in_writing(tmp_path: Path) -> None:
    """WO-11: moved by the limit, the line manager then writes to the senior manager; no reminder comes."""
    with wolverhampton(tmp_path) as story:
        opened(story)
        story.until("2026-09-14 18:00")
        story.letters()
        story.mail(
            "oakes",
            "Beatrix, this is now yours: social care hold to the closing.",
            "2026-09-15 09:00",
            subject=REF,
            to=["lyle"],
        )
        assert story.limit() == "Thu 17 Sep 17:00"
        story.until("2026-09-16 12:00")
        story.expect()


def test_an_agency_without_a_representative_is_asked_for_one_and_the_act_waits(tmp_path: Path) -> None:
    """WO-12: Appendix 2 is the directory; raised with the representative only once there is somebody to tell."""
    nobody = tuple(o for o in OURS.officers if not (o.person.agency == SCHOOL and "representative" in o.posts))
    directory = type(OURS)(OURS.agencies, nobody, OURS.approved_domains)
    with Story(tmp_path, "2026-09-07 09:00", "wolverhampton", directory, people=PEOPLE) as story:
        at_stage_3(story)
        story.mail("lyle", UNRESOLVED, "2026-09-10 10:00", subject=REF)
        asked = story.expect(
            ("summary", "lyle"),
            ("still_needed", "bm"),
            ("stage_entered", "penrose"),
            ("still_needed", "oakes"),
            *[("summary", who) for who in ("hartwell", "stroud")],
        )[0]
        assert "representative" in asked.text
        assert story.limit() == "Wed 16 Sep 17:00", "two days to raise it and two to meet"
        story.mail(
            "lyle",
            "My WSCB representative: Octavia Garland, octavia.garland@tarn-trust.example",
            "2026-09-10 15:00",
            answers=asked,
        )
        story.expect(("stage_entered", "garland"))
        assert story.limit() == "Mon 14 Sep 17:00"


def test_a_date_that_protects_the_child_is_shorter_than_any_clock(tmp_path: Path) -> None:
    """WO-02 WO-03: ten days or a timescale that protects the child, whichever is shortest."""
    with wolverhampton(tmp_path) as story:
        letter = opened(story)[0]
        assert "Sooner if the child needs it." in letter.text
        assert "Do not wait for this: ring 999." in letter.text
        story.mail(
            "hartwell",
            "NEEDED BY 8 September 2026 because K goes home on Wednesday",
            "2026-09-07 12:00",
            answers=letter,
        )
        story.expect(("protective_date", "hartwell"), ("protective_date", "fenn"))
        assert story.limit() == "Tue 08 Sep 17:00"


RESOLVED = "RESOLVED\nThe assessment goes on until 2 October 2026."


def test_resolved_is_confirmed_in_writing_within_two_more_days_by_the_receiving_agency(tmp_path: Path) -> None:
    """WO-09 WO-16: outside the cumulative days; reminded; the closing letter names who approved it, dated."""
    with wolverhampton(tmp_path) as story:
        to_raiser = opened(story)[0]
        story.mail("hartwell", RESOLVED, "2026-09-07 11:00", answers=to_raiser)
        story.expect(("proposed", "fenn"))
        story.until("2026-09-09 16:59")
        story.expect()
        story.until("2026-09-09 17:00")
        reminded = story.expect(("proposed", "fenn"))[0]
        story.mail("fenn", "CONFIRM", "2026-09-09 17:30", answers=reminded)
        closed = story.expect(("closed", "hartwell"), ("closed", "fenn"))[0]
        assert (
            "Approved: reported by Imogen Hartwell (Larkfield Primary School), 11am on Monday 7 September 2026; "
            "confirmed by Tobias Fenn (Seamoor Council Children's Social Care), 5:30pm on Wednesday 9 September 2026."
        ) in closed.text
        assert "It may help those involved to look back on it together" in closed.text


def test_a_resolution_that_nobody_confirmed_holds_the_move_two_days_and_may_still_be_confirmed_after_it(
    tmp_path: Path,
) -> None:
    """WO-09 WO-16: RESOLVED changes no limit; the managers are asked, and the worker who was asked may answer."""
    with wolverhampton(tmp_path) as story:
        to_raiser = opened(story)[0]
        assert story.limit() == "Thu 10 Sep 17:00"
        story.mail("hartwell", RESOLVED, "2026-09-09 10:00", answers=to_raiser)
        (asked,) = story.expect(("proposed", "fenn"))
        assert story.limit() == "Thu 10 Sep 17:00"
        story.until("2026-09-11 16:59")
        story.expect()
        story.until("2026-09-11 17:00")
        sent = story.expect(
            *[("summary", who) for who in ("hartwell", "fenn")],
            *[("stage_entered", who) for who in ("oakes", "peake")],
            ("proposed", "peake"),
        )
        to_oakes = next(one.text for one in sent if one.to == "oakes")
        assert "Your side says that this is resolved. Please see that it is confirmed." in to_oakes
        assert "It is now for Rosalind Peake (Seamoor Council Children's Social Care) to confirm" in to_oakes
        assert (story.dispute().stage, story.dispute().state) == ("2", "proposed")
        story.mail("fenn", "CONFIRM", "2026-09-11 17:30", answers=asked)
        closed = story.expect(*[("closed", who) for who in ("hartwell", "fenn", "oakes", "peake")])[0]
        assert (
            "Approved: reported by Imogen Hartwell (Larkfield Primary School), 10am on Wednesday 9 September 2026; "
            "confirmed by Tobias Fenn (Seamoor Council Children's Social Care), 5:30pm on Friday 11 September 2026."
        ) in closed.text


def test_raised_late_is_accepted_and_flagged_and_the_days_count_from_the_raising(tmp_path: Path) -> None:
    """WO-22: otherwise every later step would be born overdue."""
    with wolverhampton(tmp_path) as story:
        raise_it(story, "2026-09-07 10:00", RAISED.replace("4 September 2026", "24 August 2026"))
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"), ("limit_passed", "bm"))
        assert story.limit() == "Thu 10 Sep 17:00"
        ten = "Practitioner to senior manager: Mon 21 Sep 5pm at the latest. It was raised later than"
        assert ten in letter[0].text
        assert "The procedure gives until 5pm on Wednesday 26 August 2026." in letter[2].text
        assert "It is accepted as it is" in letter[2].text


def test_without_a_decision_date_the_emails_own_date_counts_and_the_date_is_asked_for(tmp_path: Path) -> None:
    """WO-08 WO-23: evidence is asked for too."""
    with wolverhampton(tmp_path) as story:
        dropped = ("Date of decision", "Evidence")
        raise_it(story, "2026-09-07 10:00", "\n".join(x for x in RAISED.split("\n") if not x.startswith(dropped)))
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        assert "Imogen, please add the date of the decision you disagree with and the evidence." in letter.text
        story.mail("hartwell", "STATUS", "2026-09-07 10:30", answers=letter)
        status = story.expect(("status", "hartwell"))[0]
        assert "Practitioner to senior manager: Mon 21 Sep 5pm at the latest." in status.text
        story.mail(
            "hartwell",
            "Date of decision: 4 September 2026\nEvidence: the attendance record",
            "2026-09-07 11:00",
            answers=letter,
        )
        assert story.dispute().decision_on is not None
        assert story.dispute().fields["evidence"] == "the attendance record"


def test_the_category_is_recorded_in_the_procedures_own_words(tmp_path: Path) -> None:
    """WO-17."""
    with wolverhampton(tmp_path) as story:
        opened(story)
        assert story.dispute().fields["category"] == "Threshold for action"
        story.mail("hartwell", "STATUS", "2026-09-07 12:00", subject=f"[{story.first}]")
        (told,) = story.expect(("status", "hartwell"))
        assert "- Category: Threshold for action" in told.text
        assert len(story.site.current.protocol.categories) == 7
