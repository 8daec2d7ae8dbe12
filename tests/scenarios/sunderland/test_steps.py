"""Sunderland's four steps: agreed timescales, a month over all, and who decides at the last."""

from dataclasses import replace
from pathlib import Path

from tests.prepared import prepared
from tests.scenarios.sunderland.people import OURS, PEOPLE, RAISED, raise_it
from tests.story import Sent, Story
from tests.unit.mail.documents.word import words_of

REF = "[SU-26-0001]"
UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether the plan is needed."
TO_SOCIAL_CARE = (
    RAISED.replace("Early Help", "CSC")
    .replace("Hester Arden, hester.arden@", "Rosalind Peake, rosalind.peake@")
    .replace("Jasper Quill, jasper.quill@", "Winifred Stroud, winifred.stroud@")
)


def sunderland(tmp_path: Path, start: str = "2026-09-07 09:00") -> Story:
    return Story(tmp_path, start, "sunderland", OURS, people=PEOPLE)


@prepared
def opened(story: Story, when: str = "2026-09-07 10:00") -> list[Sent]:
    raise_it(story, when)
    return story.expect(("opened", "hartwell"), ("opened", "dunmore"), ("opened", "slade"))


@prepared
def at_step_2(story: Story) -> list[Sent]:
    """Raised on Monday; on Wednesday the raiser asks for her line manager."""
    opened(story)
    story.mail("hartwell", UNRESOLVED, "2026-09-09 10:00", subject=REF)
    return story.expect(
        ("stage_entered", "oakes"),
        ("stage_entered", "arden"),
        ("summary", "hartwell"),
        ("summary", "dunmore"),
        ("summary", "slade"),
    )


@prepared
def at_step_3(story: Story) -> list[Sent]:
    at_step_2(story)
    story.mail("oakes", UNRESOLVED, "2026-09-11 10:00", subject=REF)
    return story.expect(
        ("stage_entered", "lyle"),
        ("stage_entered", "quill"),
        *[("summary", who) for who in ("hartwell", "oakes", "arden", "slade")],
    )


def test_a_timescale_is_asked_for_and_agreed_and_a_later_one_is_refused_with_the_most(tmp_path: Path) -> None:
    """SU-02 SU-04: at most five working days; agreed shorter, it holds; agreed longer, it cannot be had."""
    with sunderland(tmp_path) as story:
        to_raiser, to_other, _ = opened(story)
        asked = "agree a date for this step, at most 5 working days: reply AGREE BY and the date."
        assert f"Imogen, please {asked}" in to_raiser.text
        assert f"Please {asked}" in to_other.text
        assert story.limit() == "Mon 14 Sep 17:00", "without an agreed date the most holds"
        story.mail(
            "hartwell", "AGREE BY 17 September 2026 because of the school's open day", "2026-09-07 12:00", subject=REF
        )
        refused = story.expect(("date_refused", "hartwell"))[0]
        assert (
            "a date may be agreed up to Monday 14 September 2026, which is the most this procedure allows"
            in refused.text
        )
        story.mail("hartwell", "AGREE BY 10 September 2026", "2026-09-07 13:00", subject=REF)
        story.expect(("date_proposed", "dunmore"), ("date_proposed", "hartwell"))
        assert story.limit() == "Mon 14 Sep 17:00", "silence agrees to nothing"
        story.mail("dunmore", "AGREE", "2026-09-07 14:00", subject=REF)
        told = story.expect(("date_recorded", "hartwell"), ("date_recorded", "dunmore"))[0]
        assert "please agree a date" not in told.text
        assert story.limit() == "Thu 10 Sep 17:00"


def test_the_thresholds_document_and_meeting_face_to_face_stand_in_the_first_letter(tmp_path: Path) -> None:
    """SU-14."""
    with sunderland(tmp_path) as story:
        letter = opened(story)[0]
        said = "Speak face to face where possible, and use the thresholds document to identify the level of need."
        assert said in letter.text


def test_each_side_is_asked_for_its_designated_lead_who_is_copied_at_every_step(tmp_path: Path) -> None:
    """SU-03."""
    with sunderland(tmp_path) as story:
        to_raiser, to_other, to_lead = opened(story)
        assert "we still need" not in to_raiser.text, "hers was named"
        assert "Philippa, we still need your designated lead for safeguarding's name and email." in to_other.text
        assert "WHAT YOU CAN REPLY" not in to_lead.text, "copied: nothing is asked"
        story.mail(
            "dunmore",
            "My designated lead for safeguarding: Linnet Sorrel, linnet.sorrel@seamoor.example",
            "2026-09-07 15:00",
            answers=to_other,
        )
        story.expect(("stage_told", "sorrel"))
        story.mail("hartwell", UNRESOLVED, "2026-09-09 10:00", subject=REF)
        story.expect(
            ("stage_entered", "oakes"),
            ("stage_entered", "arden"),
            *[("summary", who) for who in ("hartwell", "dunmore", "slade", "sorrel")],
        )


def test_the_line_manager_is_asked_whether_it_is_justified_and_says_no_with_reasons(tmp_path: Path) -> None:
    """SU-05: not-justified needs reasons and the designated lead told; the raiser may object."""
    with sunderland(tmp_path) as story:
        to_oakes, to_arden, *_ = at_step_2(story)
        asked = "Is the concern justified? If not, reply NOT JUSTIFIED with the reasons."
        assert asked in to_oakes.text
        assert asked not in to_arden.text, "the question is for the raising side"
        story.mail("arden", "NOT JUSTIFIED\nThe plan has met its aims.", "2026-09-09 11:00", answers=to_arden)
        refused = story.expect(("refused", "arden"))[0]
        assert "is for the line manager to say, on the side that raised it" in refused.text
        story.mail("oakes", "NOT JUSTIFIED", "2026-09-09 12:00", answers=to_oakes)
        question = story.expect(("question", "oakes"))[0]
        assert "Please give the reasons.\n\nThey are kept on the record, and the raiser is told them." in question.text
        story.mail(
            "oakes",
            "NOT JUSTIFIED\nThe plan has met its aims, and the review says so.",
            "2026-09-10 11:00",
            answers=to_oakes,
        )
        closed = story.expect(*[("closed", who) for who in ("hartwell", "dunmore", "oakes", "arden", "slade")])
        assert story.dispute().outcome == "not-justified"
        assert "The plan has met its aims, and the review says so." in closed[0].text
        story.mail("hartwell", "DISAGREE\nThe review has not been done.", "2026-09-10 12:00", answers=closed[0])
        story.expect(*[("reopened", who) for who in ("hartwell", "dunmore", "oakes", "arden", "slade")])
        assert (story.dispute().state, story.dispute().stage) == ("open", "2")
        assert story.limit() == "Thu 17 Sep 17:00"


def test_not_justified_waits_until_the_designated_lead_can_be_told(tmp_path: Path) -> None:
    """SU-05."""
    with sunderland(tmp_path) as story:
        lead = "Designated lead for safeguarding: Verity Slade, verity.slade@larkfield.sch.example\n"
        raise_it(story, "2026-09-07 10:00", RAISED.replace(lead, ""))
        story.expect(("opened", "hartwell"), ("opened", "dunmore"))
        story.mail("hartwell", UNRESOLVED, "2026-09-09 10:00", subject=REF)
        to_oakes = story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "arden"), ("summary", "hartwell"), ("summary", "dunmore")
        )[0]
        reasons = "NOT JUSTIFIED\nThe plan has met its aims."
        story.mail("oakes", reasons, "2026-09-10 11:00", answers=to_oakes)
        question = story.expect(("question", "oakes"))[0]
        assert "Your designated lead for safeguarding must be told." in question.text
        assert story.dispute().state == "open"
        story.mail("oakes", f"{reasons}\n{lead}", "2026-09-10 11:30", answers=to_oakes)
        story.expect(*[("closed", who) for who in ("hartwell", "dunmore", "oakes", "arden", "slade")])


def test_two_times_are_agreed_at_step_2_one_for_the_step_and_one_for_the_other_managers_reply(tmp_path: Path) -> None:
    """SU-06."""
    with sunderland(tmp_path) as story:
        to_oakes = at_step_2(story)[0]
        assert "please agree a date with the practitioner, at most 5 working days" in to_oakes.text
        assert "Please agree a date for the other manager's reply, at most 5 working days" in to_oakes.text
        story.mail(
            "oakes", "AGREE BY 14 September 2026 for the other manager's reply", "2026-09-09 12:00", answers=to_oakes
        )
        asked = story.expect(("date_proposed", "arden"), ("date_proposed", "oakes"))[0]
        assert "What it is the date for: other side's manager replies." in asked.text
        story.mail("arden", "AGREE", "2026-09-09 13:00", answers=asked)
        story.expect(*[("date_recorded", who) for who in ("oakes", "arden", "hartwell", "dunmore")])
        assert story.limit() == "Wed 16 Sep 17:00", "the step keeps its own time"
        story.until("2026-09-14 17:05")
        reminded = story.expect(("limit_passed", "arden"), ("digest", "bm"))[0]
        assert "Please do this now: other side's manager replies." in reminded.text
        assert "5pm on Monday 14 September 2026" in reminded.text
        assert story.dispute().stage == "2"


def test_a_reply_in_time_is_not_reminded(tmp_path: Path) -> None:
    """SU-06: yes to a date is not yet the answer; the answer is."""
    with sunderland(tmp_path) as story:
        to_oakes, to_arden, *_ = at_step_2(story)
        story.mail("arden", "AGREE BY 11 September 2026 for the reply", "2026-09-09 12:00", answers=to_arden)
        story.expect(("date_proposed", "arden"), ("date_proposed", "oakes"))
        story.mail("oakes", "AGREE", "2026-09-09 13:00", answers=to_oakes)
        story.expect(*[("date_recorded", who) for who in ("oakes", "arden", "hartwell", "dunmore")])
        story.mail(
            "arden",
            "We have looked at the plan again and think that it has met its aims.",
            "2026-09-10 09:00",
            answers=to_arden,
            to=["oakes"],
        )
        story.until("2026-09-12 12:00")
        story.expect()


def test_step_3_may_hold_a_resolution_meeting_and_its_learning_is_recorded(tmp_path: Path) -> None:
    """SU-08: without delay up the line management structure, a reply with its own time, and learning points."""
    with sunderland(tmp_path) as story:
        to_lyle = at_step_3(story)[0]
        assert "At Step 3" not in to_lyle.text
        assert "please agree a date for this step, at most 5 working days" in to_lyle.text
        story.mail("lyle", "RESOLUTION MEETING on 15 September 2026 at the school", "2026-09-11 11:00", answers=to_lyle)
        noted = story.expect(("noted", "lyle"), ("noted", "quill"))[0]
        assert "Recorded: Resolution meeting." in noted.text
        assert "What learning came from it?" in noted.text
        assert story.limit() == "Fri 18 Sep 17:00"
        story.mail("lyle", "Learning: the thresholds were read in two ways.", "2026-09-15 16:00", answers=noted)
        story.expect(("digest", "bm"))
        assert story.dispute().fields["learning:3"] == "the thresholds were read in two ways."


def test_learning_is_asked_as_each_step_ends_and_the_proforma_goes_with_the_referral(tmp_path: Path) -> None:
    """SU-09 SU-15: asked when a step ends, so that the form is ready; Heads of Service and the partners have it."""
    with sunderland(tmp_path) as story:
        _, _, summary, _, of_lead = at_step_2(story)
        assert "Has any learning been identified? Reply with a line that begins “Step 1 learning:”" in summary.text
        assert "Step 1 (frontline professionals) was about K.W." in summary.text
        assert summary.subject == "[SU-26-0001] Summary for your file (Step 1)"
        assert "learning" not in of_lead.text, "only those who held the step can say"
        story.mail("hartwell", "Step 1 learning: we should have met in person.", "2026-09-09 11:00", answers=summary)
        story.expect()
        story.mail("oakes", UNRESOLVED, "2026-09-10 10:00", subject=REF)
        story.expect(
            ("stage_entered", "lyle"),
            ("stage_entered", "quill"),
            *[("summary", who) for who in ("hartwell", "oakes", "arden", "slade")],
        )
        story.mail("lyle", "REFER\nWhat remains unresolved: the plan", "2026-09-11 10:00", subject=REF)
        *_, to_bm, to_partners = story.expect(
            *[("summary", who) for who in ("hartwell", "lyle", "quill", "slade")],
            ("stage_entered", "merrick"),
            ("stage_entered", "thorne"),
            ("referred", "bm"),
            ("referred", "partners"),
        )
        assert story.limit() == "Fri 18 Sep 17:00", "five working days for step 4 too"
        said = "The Independent Scrutineer (scrutineer@sscp.example) may support the discussion, where you ask for it."
        assert said in " ".join(to_partners.text.split()), "none of the partners is a party, so they decide"
        for letter in (to_bm, to_partners):
            for box in (
                "Name and designation of Referrer: Beatrix Lyle, Trust Director of Safeguarding",
                "Contact Details of Referrer: beatrix.lyle@tarn-trust.example",
                "Date information passed to SSCB Strategic Business Manager: Friday 11 September 2026",
                "Reason for implementing the SSCP Escalation and Challenge Protocol: Early Help is closing the plan.",
                "Step 1 - Outcome: Not resolved:",
                "Step 1 - Has any learning been identified?: we should have met in person.",
            ):
                assert box in letter.text
            assert "Tell your line manager" not in letter.text, "an office of the partnership has none"
            ((name, document),) = letter.attached
            assert name == "SU-26-0001-proforma.docx"
            for words in ("Step 1 - Has any learning been identified?", "we should have met in person."):
                assert words in words_of(document)
        story.mail(
            "partners", "DECISION\nThe plan stays open until 18 December 2026.", "2026-09-14 11:00", answers=to_partners
        )
        everybody = ("hartwell", "dunmore", "oakes", "arden", "lyle", "quill", "slade", "merrick", "thorne")
        closed = {
            letter.to: letter
            for letter in story.expect(
                *[("closed", who) for who in everybody],
                *[("closed", who) for who in ("partners", "bm")],
                ("digest", "bm"),
            )
            if letter.letter == "closed"
        }
        assert closed["merrick"].subject == "[SU-26-0001] Decided and closed: please file"
        assert closed["partners"].subject == "[SU-26-0001] Decided and closed: for information"
        assert "- The plan stays open until 18 December 2026\n" in closed["merrick"].text
        assert "it was decided by the Statutory safeguarding partners." in closed["merrick"].text
        assert story.dispute().outcome == "facilitated"
        story.until("2026-12-18 09:00")
        due = [letter for letter in story.letters() if letter.letter == "action_due"]
        assert {letter.to for letter in due} == {"thorne"}, "nobody was named for it"
        for letter in due:
            assert "What was decided was to hold until today. Did it?" in letter.text
            assert "Nobody was named for it, so both agencies are asked" in letter.text
            assert letter.subject == "[SU-26-0001] Did it hold? It was until Fri 18 Dec"


def test_a_partner_that_is_a_party_gives_place_to_the_scrutineer_and_the_month_ends_before_christmas(
    tmp_path: Path,
) -> None:
    """SU-07 SU-09 SU-10 SU-16 SU-17 SU-18: one calendar month lands on a Sunday, so on the working day before."""
    with sunderland(tmp_path, "2026-11-27 09:00") as story:
        raise_it(story, "2026-11-27 10:00", TO_SOCIAL_CARE, "fenn")
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"), ("opened", "slade"))[0]
        story.mail("hartwell", "STATUS", "2026-11-27 11:00", answers=letter)
        status = story.expect(("status", "hartwell"))[0]
        assert "Whole process: Thu 24 Dec 5pm at the latest." in status.text
        for by, when in (("hartwell", "2026-12-04 08:00"), ("oakes", "2026-12-11 08:00")):
            story.mail(by, UNRESOLVED, when, subject=REF)
            assert story.dispute().visit.entered.isoformat()[:10] == when[:10], "counted from entering this step"
        assert story.limit() == "Fri 18 Dec 17:00"
        story.letters()
        story.mail("lyle", "REFER\nWhat remains unresolved: the plan", "2026-12-18 08:00", subject=REF)
        referred = story.expect(
            ("referred", "scrutineer"),
            ("referred", "bm"),
            ("stage_told", "partners"),
            ("digest", "bm"),
            ("stage_entered", "merrick"),
            ("stage_entered", "wilde"),
            *[("summary", who) for who in ("hartwell", "lyle", "stroud", "slade")],
        )
        assert "It has been referred to the Independent Scrutineer" in referred[1].text
        assert story.limit() == "Thu 24 Dec 17:00", "the month ends before five working days do"
        story.mail("partners", "DECISION\nThe case is closed.", "2026-12-21 11:00", answers=referred[2])
        refused = story.expect(("digest", "bm"), ("refused", "partners"))[1]
        assert "only those who decide at this stage can do that" in refused.text
        story.mail(
            "scrutineer",
            "DECISION\nThe case stays open until 29 January 2027.",
            "2026-12-22 11:00",
            answers=referred[0],
        )
        everybody = ("hartwell", "fenn", "oakes", "peake", "lyle", "stroud", "slade", "merrick", "wilde")
        story.expect(*[("closed", who) for who in everybody], ("closed", "scrutineer"), ("closed", "bm"))
        assert story.dispute().outcome == "facilitated"


def test_past_the_month_it_is_told_and_reported_and_nothing_is_blocked(tmp_path: Path) -> None:
    """SU-07 SU-19: "where possible"; exceeding it is put before people, and the step goes on."""
    with sunderland(tmp_path) as story:
        opened(story)
        story.until("2026-09-14 17:00")
        story.expect(
            ("digest", "bm"),
            ("reminder", "hartwell"),
            ("reminder", "dunmore"),
            ("limit_passed", "hartwell"),
            ("limit_passed", "dunmore"),
            ("limit_passed", "oakes"),
            ("limit_passed", "arden"),
            ("limit_passed", "bm"),
        )
        story.until("2026-10-06 18:00")
        story.expect(
            *[("limit_passed", who) for who in ("hartwell", "hartwell", "dunmore", "oakes", "arden")],
            ("digest", "bm"),
        )
        story.until("2026-10-07 18:00")
        told = story.letters()
        assert ("refer_question", "hartwell") in {(x.letter, x.to) for x in told}
        asked = next(x for x in told if x.letter == "refer_question")
        assert "Is this to be referred to Step 4? Please say." in asked.text, "the step to which its button takes it"
        again = [x for x in told if x.letter == "refer_question"][-1]
        assert "Asked on Mon 14 Sep, Tue 15 Sep and Wed 16 Sep." in again.text
        assert "by 5pm on Wednesday 7 October, this is asked once more." in asked.text
        assert "No more reminders come" in again.text
        assert "No more reminders" not in asked.text
        assert (story.dispute().stage, story.dispute().state) == ("1", "open"), "a person refers it, not the clock"
        story.mail("hartwell", UNRESOLVED, "2026-10-08 08:00", subject=REF)
        story.expect(
            ("stage_entered", "oakes"),
            ("stage_entered", "arden"),
            ("summary", "hartwell"),
            ("summary", "dunmore"),
            ("summary", "slade"),
        )
        assert story.limit() == "Thu 15 Oct 17:00", "the month is past and sets nothing: no step is born overdue"


def test_how_the_referrer_is_reached_is_what_the_directory_has_or_is_asked(tmp_path: Path) -> None:
    """SU-15 "Contact Details of Referrer": the telephone beside the email, by the directory or in their answer."""
    with sunderland(tmp_path) as story:
        at_step_3(story)
        story.mail("lyle", "REFER\nWhat remains unresolved: the plan", "2026-09-11 10:30", subject=REF)
        sent = {one.to: " ".join(one.text.split()) for one in story.letters()}
        assert "a line that begins “Contact Details of Referrer:” and your telephone number" in sent["lyle"]
        assert "- Contact Details of Referrer: beatrix.lyle@tarn-trust.example" in sent["bm"]
        story.mail("lyle", "Contact Details of Referrer: 01632 960222", "2026-09-11 11:00", subject=REF)
        story.mail("partners", "DECISION\nThe plan stays open.", "2026-09-14 11:00", subject=REF)
        closed = next(one for one in story.letters() if one.letter == "closed" and one.to == "merrick")
        assert "01632 960222, beatrix.lyle@tarn-trust.example" in words_of(closed.attached[0][1])


def test_a_telephone_that_the_directory_has_is_asked_of_nobody(tmp_path: Path) -> None:
    known = tuple(
        replace(one, phone="01632 960177") if one.person.name == "Beatrix Lyle" else one for one in OURS.officers
    )
    directory = replace(OURS, officers=known)
    with Story(tmp_path, "2026-09-07 09:00", "sunderland", directory, people=PEOPLE) as story:
        raise_it(story, "2026-09-07 10:00")
        for who, when in (("hartwell", "2026-09-09"), ("oakes", "2026-09-10"), ("lyle", "2026-09-11")):
            story.mail(who, UNRESOLVED, f"{when} 10:00", subject=REF)
        sent = {one.to: " ".join(one.text.split()) for one in story.letters()}
        assert "- Contact Details of Referrer: 01632 960177, beatrix.lyle@tarn-trust.example" in sent["bm"]
        assert "telephone number" not in sent["lyle"]
