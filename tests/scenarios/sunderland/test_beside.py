"""What stands beside Sunderland's steps: what it is not for, danger, the inspectorate, written confirmation."""

from pathlib import Path

from tests.scenarios.sunderland.people import RAISED, raise_it
from tests.scenarios.sunderland.test_steps import REF, at_step_3, opened, sunderland


def test_a_dispute_inside_one_agency_is_sent_to_its_own_procedure(tmp_path: Path) -> None:
    """SU-01."""
    with sunderland(tmp_path) as story:
        body = RAISED.replace("Larkfield Primary School / Early Help", "Larkfield Primary School")
        body = "\n".join(line for line in body.split("\n") if not line.startswith("Your"))
        raise_it(story, "2026-09-07 10:00", body.replace("Early Help", "The school"), "oakes")
        asked = story.expect(("question", "hartwell"))[0]
        assert "disagreements inside one go through its own procedure first" in asked.text


def test_whistle_blowing_is_answered_with_the_way_for_it_and_goes_nowhere(tmp_path: Path) -> None:
    """SU-01."""
    with sunderland(tmp_path) as story:
        story.mail(
            "hartwell",
            "I want to whistleblow: a colleague has been drinking at work.",
            "2026-09-07 10:00",
            subject="A concern",
        )
        answered = story.expect(("out_of_scope", "hartwell"))[0]
        assert "Use your organisation's whistle-blowing policy." in answered.text


def test_danger_is_answered_at_once_and_line_managers_and_the_designated_lead_are_told(tmp_path: Path) -> None:
    """SU-12: at any point, whatever the clock says."""
    with sunderland(tmp_path) as story:
        opened(story)
        story.mail(
            "hartwell",
            "K has just disclosed that he was hit last night and is frightened to go home. He is at immediate risk.",
            "2026-09-07 14:00",
            subject=REF,
        )
        urgent, *_ = story.expect(
            ("urgent", "hartwell"),
            ("urgent_told", "dunmore"),
            ("urgent_told", "oakes"),
            ("urgent_told", "arden"),
            ("urgent_told", "slade"),
            ("urgent_told", "bm"),
        )
        assert "tell your line manager and/or your designated lead for safeguarding immediately" in urgent.text
        assert "limit" not in urgent.text


def test_danger_opens_every_letter_and_the_first_says_what_to_follow(tmp_path: Path) -> None:
    """SU-12."""
    with sunderland(tmp_path) as story:
        letters = opened(story)
        story.mail("hartwell", "STATUS", "2026-09-07 11:00", subject=REF)
        for letter in [*letters, *story.expect(("status", "hartwell"))]:
            assert letter.text.splitlines()[2].startswith("Is a child in danger now? Do not wait for this: ring 999.")
        tell = "If anyone is at risk, tell your line manager and/or designated lead for safeguarding and follow"
        assert all(tell in letter.text for letter in letters)


def test_both_sides_confirm_in_writing_and_the_follow_up_is_dated(tmp_path: Path) -> None:
    """SU-13."""
    with sunderland(tmp_path) as story:
        to_raiser, _, _ = opened(story)
        story.mail(
            "hartwell",
            "RESOLVED\nPhilippa visits K by 18 September 2026. We meet on 2 October 2026.",
            "2026-09-08 10:00",
            answers=to_raiser,
        )
        (asked,) = story.expect(("proposed", "dunmore"))
        assert story.dispute().state == "proposed"
        story.mail("dunmore", "CONFIRM", "2026-09-08 11:00", answers=asked)
        closed = story.expect(("closed", "hartwell"), ("closed", "dunmore"), ("closed", "slade"))[0]
        assert "by Friday 18 September 2026" in closed.text
        assert "by Friday 2 October 2026" in closed.text
        assert "please put this on the child's record" in closed.text


def test_whoever_reported_it_is_asked_as_it_closes_what_is_outstanding(tmp_path: Path) -> None:
    """SU-13: "how any outstanding issues will be pursued": put to them as a question, unless they have said it."""
    question = "Is anything outstanding?"
    with sunderland(tmp_path) as story:
        to_raiser, _, _ = opened(story)
        story.mail("hartwell", "RESOLVED\nIt was talked over and is settled.", "2026-09-08 10:00", answers=to_raiser)
        (asked,) = story.expect(("proposed", "dunmore"))
        story.mail("dunmore", "CONFIRM", "2026-09-08 11:00", answers=asked)
        closed = story.expect(("closed", "hartwell"), ("closed", "dunmore"), ("closed", "slade"))
        assert [letter.to for letter in closed if question in letter.text] == ["hartwell"]
        said = "Outstanding issues: we meet on 2 October 2026."
        story.mail("hartwell", said, "2026-09-08 12:00", answers=closed[0])
        story.letters()
        assert story.dispute().fields["follow_up"] == "we meet on 2 October 2026."


def test_whoever_confirms_is_told_that_it_is_unsaid_and_may_say_it_as_well(tmp_path: Path) -> None:
    """SU-13: the agreement is both sides', and so is how anything outstanding is pursued."""
    with sunderland(tmp_path) as story:
        to_raiser, _, _ = opened(story)
        story.mail("hartwell", "RESOLVED\nIt was talked over and is settled.", "2026-09-08 10:00", answers=to_raiser)
        (asked,) = story.expect(("proposed", "dunmore"))
        story.mail("dunmore", "CONFIRM", "2026-09-08 11:00", answers=asked)
        closed = story.expect(("closed", "hartwell"), ("closed", "dunmore"), ("closed", "slade"))
        unsaid = "Nobody has said yet whether anything is outstanding. Please settle it between you"
        assert [letter.to for letter in closed if unsaid in " ".join(letter.text.split())] == ["dunmore"]
        story.mail("dunmore", "Outstanding issues: we meet on 2 October 2026.", "2026-09-08 12:00", answers=closed[1])
        assert story.dispute().fields["follow_up"] == "we meet on 2 October 2026."
        told = story.expect(("noted", "hartwell"), ("noted", "dunmore"))
        assert all("we meet on 2 October 2026." in letter.text for letter in told)


def test_whoever_reports_it_with_its_follow_up_is_asked_nothing_more(tmp_path: Path) -> None:
    """SU-13: said already, nobody is asked about it again."""
    with sunderland(tmp_path) as story:
        to_raiser, _, _ = opened(story)
        said = "RESOLVED\nPhilippa visits K by 18 September 2026.\nOutstanding issues: we meet on 2 October 2026."
        story.mail("hartwell", said, "2026-09-08 10:00", answers=to_raiser)
        (asked,) = story.expect(("proposed", "dunmore"))
        story.mail("dunmore", "CONFIRM", "2026-09-08 11:00", answers=asked)
        closed = story.expect(("closed", "hartwell"), ("closed", "dunmore"), ("closed", "slade"))
        assert not [letter.to for letter in closed if "outstanding?" in letter.text]


def test_a_handover_within_the_council_to_another_service_is_asked_about(tmp_path: Path) -> None:
    """SU-04: the directory has him at Children's Social Care, and she is of Early Help: who it is, she is asked."""
    with sunderland(tmp_path) as story:
        opened(story)
        words = "HANDOVER TO: Edmund Garth, edmund.garth@seamoor.example"
        story.mail("dunmore", words, "2026-09-08 10:00", subject=REF)
        (asked,) = story.expect(("question", "dunmore"))
        assert "Who at Seamoor Council Early Help takes over?" in asked.text
        assert [p.person.name for p in story.dispute().filling("responder")] == ["Philippa Dunmore"]
        story.mail(
            "dunmore", "HANDOVER TO: Linnet Sorrel, linnet.sorrel@seamoor.example", "2026-09-08 11:00", answers=asked
        )
        story.letters()
        assert [p.person.name for p in story.dispute().filling("responder")] == ["Linnet Sorrel"]


def test_a_referral_to_the_inspectorate_is_a_persons_act_and_is_only_recorded(tmp_path: Path) -> None:
    """SU-11."""
    with sunderland(tmp_path) as story:
        to_lyle = at_step_3(story)[0]
        story.mail("lyle", "INSPECTORATE\nOfsted, today, because nothing changes.", "2026-09-11 11:00", answers=to_lyle)
        refused = story.expect(("refused", "lyle"))[0]
        assert "“Referral to the inspectorate” is not open at Step 3" in refused.text
        story.mail("lyle", "REFER\nWhat remains unresolved: the plan", "2026-09-11 12:00", answers=to_lyle)
        story.letters()
        story.mail(
            "merrick",
            "INSPECTORATE\nOfsted: I referred it today, because it is still unresolved.",
            "2026-09-17 12:00",
            subject=REF,
        )
        sent = story.letters()
        noted = next(x for x in sent if (x.letter, x.to) == ("noted", "merrick"))
        assert "It needs: reason; who referred; date. It goes to one of: Ofsted, CQC, HMICFRS." in noted.text
        assert ("noted", "bm") in {(x.letter, x.to) for x in sent}
        taken = [(name, story.dispute().stage, story.dispute().state) for name, _ in story.dispute().routes]
        assert taken == [("inspectorate", "4", "open")]
        assert {x.to for x in sent} <= {"merrick", "bm", "thorne", "partners"}
