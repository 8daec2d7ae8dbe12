"""What stands beside Wolverhampton's stages: MASH, the Chair, the conference, a gap in policy."""

from pathlib import Path

from tests.pressing import press
from tests.scenarios.wolverhampton.people import RAISED
from tests.scenarios.wolverhampton.test_stages import (
    EVERYBODY,
    REF,
    UNRESOLVED,
    at_stage_3,
    at_stage_4,
    opened,
    wolverhampton,
)

REPRESENTATIONS = "EXCEPTIONAL\nK is not seen by anybody, and the assessment has been closed twice."


def test_the_director_brings_it_to_the_chair_whose_decision_is_final(tmp_path: Path) -> None:
    """WO-13 WO-18 WO-19: offered when stage 4's time has passed; two clocks; told to all; then nothing further."""
    with wolverhampton(tmp_path) as story:
        at_stage_4(story)
        story.until("2026-09-14 17:05")
        *_, offered = story.expect(
            ("digest", "bm"),
            ("reminder", "garland"),
            ("reminder", "penrose"),
            *[("limit_passed", who) for who in ("garland", "penrose", "bm")],
            ("question", "ashdown"),
        )
        assert "it is yours to open, within 2 working days" in offered.text
        press(story, offered, "EXCEPTIONAL", when="2026-09-15 07:50")
        (again,) = story.expect(("question", "ashdown"))
        assert "What are those who decide to know?" in again.text, "nothing goes up by a button as it opens"
        press(story, offered, "EXCEPTIONAL", REPRESENTATIONS.partition("\n")[2], "2026-09-15 08:00")
        to_chair, to_bm, _ = story.expect(("referred", "chair"), ("referred", "bm"), ("noted", "ashdown"))
        assert "K is not seen by anybody" in to_chair.text
        assert "It has been referred to you" in to_chair.text
        assert "Please check that this has reached the WSCB Independent Chair." in " ".join(to_bm.text.split())
        assert "the WSCB Business Manager is told" not in " ".join(to_bm.text.split()), "they are that one"
        assert story.limit() == "Tue 22 Sep 17:00", "five working days of being brought"
        story.mail("ashdown", REPRESENTATIONS, "2026-09-15 08:30", subject=REF)
        (twice,) = story.expect(("refused", "ashdown"))
        assert "those who decide have it already" in twice.text
        assert story.limit() == "Tue 22 Sep 17:00", "said twice, it is brought once"
        story.until("2026-09-17 12:00")
        story.expect()
        story.mail("garland", UNRESOLVED, "2026-09-17 12:30", subject=REF)
        refused = story.expect(("refused", "garland"))[0]
        assert "its decision is final and binding for everybody" in refused.text
        story.mail(
            "chair", "DECISION\nThe assessment goes on until 30 October 2026.", "2026-09-18 13:30", answers=to_chair
        )
        closed = story.expect(*[("closed", who) for who in (*EVERYBODY, "ashdown", "chair", "bm")])
        assert story.dispute().outcome == "chair"
        assert "decided by the Independent Chair (final and binding)" in closed[0].text
        assert "The assessment goes on until 30 October 2026." in closed[0].text
        assert "the WSCB Business Manager can arrange that" in closed[0].text
        story.mail("hartwell", "REOPEN\nI do not agree.", "2026-09-18 14:00", answers=closed[0])
        refused = story.expect(("refused", "hartwell"))[0]
        assert "final and binding for everybody" in refused.text
        assert story.dispute().state == "closed"


def test_what_the_chair_asks_reaches_both_agencies_and_their_answers_the_chair(tmp_path: Path) -> None:
    """WO-13 WO-19: "will seek written representation initially, and may request a meeting with those involved"."""
    with wolverhampton(tmp_path) as story:
        at_stage_4(story)
        story.mail("ashdown", REPRESENTATIONS, "2026-09-10 12:00", subject=REF)
        story.expect(("referred", "chair"), ("referred", "bm"), ("noted", "ashdown"))
        asks = "Please let me have written representations from both agencies by 15 September 2026."
        story.mail("chair", asks, "2026-09-10 14:00", subject=REF)
        asked = story.expect(*[("noted", who) for who in (*EVERYBODY, "ashdown", "chair")])
        assert all("written representations from both agencies by 15 September" in one.text for one in asked)
        to_penrose = next(one for one in asked if one.to == "penrose")
        assert {one.to for one in asked if "please answer" in one.text} == {*EVERYBODY, "ashdown"}
        assert 'class="ball"' not in to_penrose.html, "the limit is that of those who decide"
        assert "What they answer comes to you" in next(one.text for one in asked if one.to == "chair")
        press(story, to_penrose, "NOTE", when="2026-09-11 08:00")
        (again,) = story.expect(("question", "penrose"))
        assert "What are those who decide to know?" in again.text
        press(story, to_penrose, "NOTE", "we saw K twice in August, and found no reason to go on.", "2026-09-11 09:00")
        to_chair, _ = story.expect(("noted", "chair"), ("noted", "penrose"))
        assert "\nwe saw K twice in August" in to_chair.text, "without the word of ours that it began with"
        assert "it is still your turn, by 5pm on Thursday 17 September" in " ".join(to_chair.text.split())
        assert story.dispute().state == "open"


def test_the_chairs_own_time_is_reminded_and_flagged(tmp_path: Path) -> None:
    """WO-13."""
    with wolverhampton(tmp_path) as story:
        at_stage_4(story)
        story.mail("ashdown", REPRESENTATIONS, "2026-09-10 12:00", subject=REF)
        story.expect(("referred", "chair"), ("referred", "bm"), ("noted", "ashdown"))
        assert story.limit() == "Thu 17 Sep 17:00"
        story.until("2026-09-18 12:00")
        sent = story.letters()
        assert {(x.letter, x.to) for x in sent if x.to == "chair"} == {("reminder", "chair"), ("limit_passed", "chair")}
        told = next(x for x in sent if (x.letter, x.to) == ("limit_passed", "chair"))
        assert "chair's decision communicated to all" in told.text.lower()
        assert "refer_question" not in {x.letter for x in sent}


def test_only_the_director_may_take_it_and_not_before_stage_3_has_ended(tmp_path: Path) -> None:
    """WO-19: allowed to the Director from the end of stage 3."""
    with wolverhampton(tmp_path) as story:
        to_lyle = at_stage_3(story)[0]
        story.mail("lyle", REPRESENTATIONS, "2026-09-09 11:00", answers=to_lyle)
        refused = story.expect(("refused", "lyle"))[0]
        assert "opens when the time of Stage 3 has passed" in refused.text
        story.until("2026-09-11 17:05")
        story.expect(
            ("reminder", "lyle"),
            ("reminder", "stroud"),
            *[("limit_passed", who) for who in ("lyle", "stroud", "bm")],
        )
        story.mail("lyle", REPRESENTATIONS, "2026-09-11 17:10", answers=to_lyle)
        refused = story.expect(("refused", "lyle"))[0]
        assert "is for: Director of the complaining agency" in refused.text
        story.mail("ashdown", REPRESENTATIONS, "2026-09-11 17:20", subject=REF)
        story.expect(("referred", "chair"), ("referred", "bm"), ("noted", "ashdown"))
        assert story.limit() == "Fri 18 Sep 17:00"


def test_a_senior_manager_asks_for_a_child_protection_conference_and_the_clock_runs_on(tmp_path: Path) -> None:
    """WO-14."""
    with wolverhampton(tmp_path) as story:
        to_lyle, *_ = at_stage_3(story)
        story.mail("fenn", "I request a child protection conference.", "2026-09-09 10:30", subject=REF)
        refused = story.expect(("refused", "fenn"))[0]
        assert "is for a senior manager from any agency" in refused.text
        story.mail(
            "lyle",
            "I request a child protection conference. The evidence is in the attendance record.",
            "2026-09-09 11:00",
            answers=to_lyle,
        )
        noted = story.expect(("noted", "lyle"), ("noted", "stroud"))[0]
        assert "Please ring the Safeguarding Manager (Children's): 01902 550477." in noted.text
        assert "It needs: supporting evidence in writing. Expect a written response." in noted.text
        assert story.limit() == "Fri 11 Sep 17:00", "as before"
        story.mail("stroud", "I request a child protection conference too.", "2026-09-09 12:00", subject=REF)
        story.expect(("noted", "lyle"), ("noted", "stroud"))


def test_a_gap_in_policy_goes_to_the_representative_and_on_to_the_chair(tmp_path: Path) -> None:
    """WO-15."""
    with wolverhampton(tmp_path) as story:
        letter = opened(story)[0]
        story.mail(
            "hartwell",
            "There is a gap in the policy: nothing covers pupils on part-time timetables.",
            "2026-09-07 12:00",
            answers=letter,
        )
        *_, to_rep, to_chair, _ = story.expect(
            ("noted", "hartwell"), ("noted", "fenn"), ("noted", "garland"), ("noted", "chair"), ("noted", "bm")
        )
        for told in (to_rep, to_chair):
            assert "nothing covers pupils on part-time timetables" in told.text
        assert story.limit() == "Thu 10 Sep 17:00"


def test_immediate_risk_is_for_mash_on_the_same_working_day_with_its_number(tmp_path: Path) -> None:
    """WO-03 WO-04: the designated lead, who rings MASH; in every letter, at every stage."""
    with wolverhampton(tmp_path) as story:
        for letter in opened(story):
            assert "tell your designated safeguarding lead and follow your safeguarding procedure now" in letter.text
            assert "- Multi-Agency Safeguarding Hub (MASH): 01902 555392" in letter.text
        story.mail(
            "hartwell",
            "K has just disclosed that he was hit last night. He is at immediate risk.",
            "2026-09-07 14:00",
            subject=REF,
        )
        urgent, *_ = story.expect(
            ("urgent", "hartwell"),
            ("urgent_told", "fenn"),
            ("urgent_told", "oakes"),
            ("urgent_told", "peake"),
            ("urgent_told", "bm"),
        )
        assert "01902 555392" in urgent.text
        assert "must be escalated on the same working day" in urgent.text
        assert "The timescales here are not a reason for delay." in " ".join(urgent.text.split())
        assert "Multi-Agency Safeguarding Hub" in urgent.text


def test_every_letter_names_the_safeguarding_lead_first(tmp_path: Path) -> None:
    """WO-05: the safeguarding lead at the earliest opportunity."""
    with wolverhampton(tmp_path) as story:
        letter = opened(story)[0]
        assert letter.text.index("tell your designated safeguarding lead") < letter.text.index("Imogen:")


def test_a_dispute_inside_one_agency_or_about_a_person_is_sent_elsewhere(tmp_path: Path) -> None:
    """WO-01."""
    with wolverhampton(tmp_path) as story:
        story.mail(
            "hartwell",
            "I want to make a complaint about a social worker who was rude to a parent.",
            "2026-09-07 10:00",
            subject="A complaint",
        )
        answered = story.expect(("out_of_scope", "hartwell"))[0]
        assert "Use your agency's complaints procedure." in answered.text
        body = "\n".join(line for line in RAISED.split("\n") if not line.startswith(("Your", "Dear")))
        story.mail(
            "hartwell",
            body.replace("Larkfield Primary School / CSC", "Larkfield Primary School"),
            "2026-09-07 11:00",
            subject="Escalation - K.W.",
            to=["oakes"],
        )
        asked = story.expect(("question", "hartwell"))[0]
        assert "disagreements inside one go through its own procedure first" in asked.text


def test_what_is_opened_again_before_the_chair_has_its_time_from_then(tmp_path: Path) -> None:
    """WO-13: five working days of being brought, and a new stay has its own."""
    with wolverhampton(tmp_path) as story:
        at_stage_4(story)
        story.mail("ashdown", REPRESENTATIONS, "2026-09-10 12:00", subject=REF)
        assert story.limit() == "Thu 17 Sep 17:00"
        story.mail("hartwell", "WITHDRAW because it was settled by telephone.", "2026-09-11 10:00", subject=REF)
        assert story.dispute().state == "closed"
        story.mail("hartwell", "REOPEN\nIt was not settled.", "2026-10-20 10:00", subject=REF)
        story.letters()
        assert story.limit() == "Tue 27 Oct 17:00"
        story.until("2026-10-20 12:00")
        story.expect()
