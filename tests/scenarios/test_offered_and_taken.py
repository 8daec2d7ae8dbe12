"""Nothing is offered that is then refused, and nobody who asks to go on is told less than the procedure has."""

from pathlib import Path

from tests.scenarios.gloucestershire import telling as gl
from tests.scenarios.gloucestershire import test_gloucestershire as panels
from tests.scenarios.gloucestershire.telling import gloucestershire
from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.test_in_none_of_the_texts import REMAINS, in_sunderland, in_wolverhampton, to, up
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.story import Story

NS, WO, SU, GL = (f"[{area}-26-0001] K.W." for area in ("NS", "WO", "SU", "GL"))
AS_FAR_AS_IT_GOES = (("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "ESCALATE"))


def test_who_decides_says_that_it_is_resolved_and_is_asked_whether_that_is_the_decision(tmp_path: Path) -> None:
    """NS-26: "respond … within 3 working days", in whatever words: those who decide are not refused."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        up(story, NS, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        story.letters()
        story.mail(
            "dsps", "We have resolved this: Tobias visits K by 18 September 2026.", "2026-09-11 10:00", subject=NS
        )
        (asked,) = story.expect(("question", "dsps"))
        assert "Is this your decision? You wrote: “We have resolved this: Tobias visits K by 18 September 2026" in (
            to([asked], "dsps")
        )
        assert "reply DECISION, then the words" in to([asked], "dsps")
        assert story.dispute().is_open
        story.mail("dsps", "DECISION\nTobias visits K by 18 September 2026.", "2026-09-11 11:00", subject=NS)
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "decided")
        story.letters()


def test_at_the_last_stage_the_way_to_the_chair_is_named_and_whose_it_is(tmp_path: Path) -> None:
    """WO-14: "the Director of the complaining agency … to the Independent Chair": after stage four there is a way."""
    with in_wolverhampton(tmp_path) as story:
        wolverhampton.raise_it(story, "2026-09-07 10:12")
        up(story, WO, *AS_FAR_AS_IT_GOES)
        story.letters()
        story.mail("garland", "We met and could not agree.", "2026-09-11 10:00", subject=WO)
        told = to(story.letters(), "garland")
        assert "no stage after Stage 4, and beyond it: “Exceptional circumstances: WSCB Independent Chair”" in told
        assert "for the Director of the complaining agency to ask for by EXCEPTIONAL and the reasons" in told
        assert "nothing after" not in told


def test_at_the_last_step_the_inspectorates_are_named(tmp_path: Path) -> None:
    """SU: "the relevant inspectorate … Ofsted, CQC, HMICFRS" stands behind step four."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        up(story, SU, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        story.letters()
        story.mail("merrick", "ESCALATE\nWhat remains unresolved: whether K is seen.", "2026-09-11 10:00", subject=SU)
        told = to(story.letters(), "merrick")
        assert (
            "“Referral to the inspectorate” (Ofsted, CQC, HMICFRS), for either side to ask for by INSPECTORATE" in told
        )


def test_who_raised_it_has_her_wish_put_to_whoever_may_move_it_on(tmp_path: Path) -> None:
    """NS-23: "when it becomes clear that the issue cannot be resolved": her words reach those who may act on them."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        up(story, NS, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"))
        story.letters()
        story.mail("hartwell", "I do not agree with how this is going.", "2026-09-09 11:00", subject=NS)
        offered = to(story.letters(), "hartwell")
        assert "It is put to Beatrix Lyle (Larkfield Primary School), who may move it on." in offered
        assert "It goes to" not in offered
        story.mail("hartwell", "ESCALATE\nWhat remains unresolved: whether K is seen.", "2026-09-09 12:00", subject=NS)
        sent = story.letters()
        assert "moving it up from here is for Beatrix Lyle, and what you wrote is put to them" in to(sent, "hartwell")
        assert "What remains, in their words: “whether K is seen.”" in to(sent, "lyle")
        assert "If it is to go to Stage 4 now, reply REFER." in to(sent, "lyle")
        assert story.dispute().stage == "3", "and it moves when she says so"


def test_no_longer_date_is_offered_where_none_may_be_agreed(tmp_path: Path) -> None:
    """NS: "within 3 working days" has no longer time; AGREE BY would be refused."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        up(story, NS, ("hartwell", "ESCALATE"))
        story.letters()
        story.mail("peake", "We could meet them on 16 September 2026.", "2026-09-08 12:00", subject=NS)
        asked = to(story.letters(), "peake")
        assert "reply NEEDED BY and the date if the child needs it sooner" in asked
        assert "A longer time cannot be agreed at Stage 2." in asked
        assert "AGREE BY" not in asked


def test_the_side_that_was_asked_is_not_offered_to_withdraw_it(tmp_path: Path) -> None:
    """It is withdrawn by whoever raised it or by their line manager."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("fenn", "I think this could be withdrawn, if you like?", "2026-09-07 12:00", subject=NS)
        assert "WITHDRAW" not in to(story.letters(), "fenn")


def test_who_is_asked_whether_all_tiers_have_been_involved_is_told_the_one_word(tmp_path: Path) -> None:
    """GL-15: "all tiers of management … before a referral": nobody who says yes is sent round."""
    with gloucestershire(tmp_path) as story:
        gl.opened(story)
        up(story, GL, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        assert "Is all of this done?" in to(story.letters(), "lyle")
        for hour, said in ((11, f"REFER\n{REMAINS} Not all tiers have been involved."), (12, "YES")):
            story.mail("lyle", said, f"2026-09-10 {hour}:00", subject=GL)
            asked = to(story.letters(), "lyle")
            assert "Is all that you were asked about done, and is this to go on now?" in asked
            assert "please reply REFER, alone" in asked
        story.mail("lyle", "REFER", "2026-09-10 13:00", subject=GL)
        assert story.dispute().stage == "4"
        story.letters()


def test_a_panel_is_completed_by_the_office_and_a_member_says_yes_to_what_another_decided(tmp_path: Path) -> None:
    """GL-21 "the agencies concerned"; GL-23 "collectively": the member who decided first is not sent to do it."""
    with gloucestershire(tmp_path) as story:
        panels.at_stage_4(story)
        panels.add_to_the_panel(story, "2026-09-11 14:00", "quayle", "vance")
        story.letters()
        story.mail("quayle", "DECISION\nTobias visits K by 18 September 2026.", "2026-09-11 15:00", subject=GL)
        sent = story.letters()
        assert "GSCP Safeguarding Support Unit, who names them, is asked." in to(sent, "quayle")
        assert "ADD" not in to(sent, "quayle")
        assert "Please name them: reply ADD, GL-26-0001" in to(sent, "ssu")
        panels.add_to_the_panel(story, "2026-09-11 15:30", "brook", "marlow")
        story.mail("quayle", "DECISION\nTobias visits K by 18 September 2026.", "2026-09-11 16:00", subject=GL)
        asked = to(story.letters(), "vance")
        assert "It closes when all of you have decided the same" in asked
        story.mail("vance", "I agree with Magnus's decision.", "2026-09-11 16:10", subject=GL)
        assert "Is the decision that was put to you your decision too?" in to(story.letters(), "vance")
        for minute, who in ((20, "vance"), (30, "brook"), (40, "marlow")):
            assert story.dispute().is_open, "each of them decides"
            story.mail(who, "CONFIRM", f"2026-09-11 16:{minute}", subject=GL)
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "panel")
        story.letters()


def test_a_date_within_one_side_is_told_as_theirs(tmp_path: Path) -> None:
    """SU step 2: the timescale is agreed by the practitioner and their manager; the other side agreed to nothing."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        up(story, SU, ("hartwell", "ESCALATE"))
        story.letters()
        story.mail("hartwell", "AGREE BY 11 September 2026", "2026-09-09 11:00", subject=SU)
        sent = story.letters()
        assert "Asked whether they agree: Desmond Oakes (Larkfield Primary School)." in to(sent, "hartwell")
        assert "The other side" not in to(sent, "hartwell")
        story.mail("oakes", "AGREE", "2026-09-09 12:00", subject=SU)
        told = to(story.letters(), "arden")
        two = "Imogen Hartwell (Larkfield Primary School) and Desmond Oakes (Larkfield Primary School)"
        assert f"{two} have agreed" in told
        assert "both sides have agreed" not in told
