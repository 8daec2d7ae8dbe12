"""What is due after something was put back, read late or agreed anew: each limit passes for itself, nobody's silence is
forgotten, and nothing begins before anybody could know of it."""

from pathlib import Path

import pytest

from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.plymouth.telling import RAISED as RAISED_IN_PLYMOUTH
from tests.scenarios.plymouth.telling import plymouth
from tests.scenarios.sunderland.test_steps import RAISED as RAISED_IN_SUNDERLAND
from tests.scenarios.sunderland.test_steps import REF as SU
from tests.scenarios.sunderland.test_steps import UNRESOLVED, sunderland
from tests.scenarios.wolverhampton.people import OURS, PEOPLE
from tests.scenarios.wolverhampton.people import RAISED as RAISED_IN_WOLVERHAMPTON
from tests.story import Story

NS, PL = "RE: [NS-26-0001]", "RE: [PL-26-0001]"
ASKED_IN_PLYMOUTH = [("limit_passed", who) for who in ("oakes", "peake", "lyle", "stroud", "bu")]


def raised(story: Story) -> None:
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
    story.letters()


def at_stage_three_of_plymouth(story: Story) -> None:
    story.mail(
        "hartwell", RAISED_IN_PLYMOUTH, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn"]
    )
    story.mail("hartwell", "ESCALATE\nStill nobody has seen K.", "2026-09-08 10:00", subject=PL)
    story.letters()


def test_a_stage_entered_again_after_a_wrong_has_its_own_limit(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=NS)
        story.mail("oakes", "ESCALATE\nStill not agreed.", "2026-09-07 12:00", subject=NS)
        story.until("2026-09-09 17:30")
        assert (story.dispute().stage, story.limit()) == ("3", "Wed 09 Sep 17:00")
        story.mail("oakes", "WRONG\nWe had not finished at our stage.", "2026-09-10 08:30", subject=NS)
        assert (story.dispute().stage, story.limit()) == ("3", "Fri 11 Sep 17:00"), "for stage 2 was over on Wednesday"
        story.letters()
        story.until("2026-09-11 17:30")
        sent = story.letters()
        assert ("refer_question", "lyle") in [(one.letter, one.to) for one in sent]
        story.mail("hartwell", "REFER\nWhat remains: whether K is seen.", "2026-09-14 10:00", subject=NS)
        assert story.dispute().stage == "4", "silence locks nobody out"
        story.letters()


def test_a_date_for_the_child_given_again_after_a_wrong_is_asked_about_when_it_comes(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        at_stage_three_of_plymouth(story)
        story.mail("oakes", "NEEDED BY 9 September 2026 because K has no bed.", "2026-09-08 11:00", subject=PL)
        story.until("2026-09-09 17:30")
        story.mail("oakes", "WRONG\nThat was meant for another child.", "2026-09-09 17:40", subject=PL)
        story.mail("oakes", "NEEDED BY 11 September 2026 because the family moves.", "2026-09-09 17:50", subject=PL)
        assert story.limit() == "Fri 11 Sep 17:00"
        story.letters()
        story.until("2026-09-11 08:59")
        story.expect()
        story.until("2026-09-11 17:30")
        story.expect(("reminder", "oakes"), ("reminder", "peake"), *ASKED_IN_PLYMOUTH)


def test_a_later_date_ends_the_silence_and_leaves_every_reminder_for_its_own(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        at_stage_three_of_plymouth(story)
        story.mail("oakes", "NEEDED BY 9 September 2026 because K has no bed.", "2026-09-08 11:00", subject=PL)
        story.until("2026-09-10 09:30")
        story.mail("oakes", "WRONG\nThat was meant for another child.", "2026-09-10 10:00", subject=PL)
        assert story.limit() == "Tue 15 Sep 17:00"
        story.letters()
        story.until("2026-09-13 20:00")
        story.expect()
        story.until("2026-09-15 17:30")
        story.expect(("digest", "bu"), ("reminder", "oakes"), ("reminder", "peake"), *ASKED_IN_PLYMOUTH)
        story.until("2026-09-16 09:30")
        story.expect(("limit_passed", "oakes"))
        story.until("2026-09-17 09:30")
        story.expect(("limit_passed", "oakes"), ("limit_passed", "peake"))
        story.until("2026-09-18 09:30")
        story.expect(("limit_passed", "lyle"), ("limit_passed", "stroud"))


def test_a_claim_of_the_side_that_was_asked_ends_no_reminding(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        at_stage_three_of_plymouth(story)
        story.until("2026-09-15 18:00")
        story.letters()
        story.mail("peake", "RESOLVED\nWe will see K by 1 October 2026.", "2026-09-15 18:10", subject=PL)
        story.letters()
        story.until("2026-09-18 12:00")
        gone = [(one.letter, one.to) for one in story.letters()]
        assert ("limit_passed", "lyle") in gone, "their managers hear of it on the third morning"
        assert ("limit_passed", "stroud") in gone
        story.until("2026-09-21 12:00")
        assert "1 needs you" in story.expect(("digest", "bu"))[0].subject


def test_whoever_asks_each_morning_for_a_date_that_is_forbidden_keeps_nobody_from_hearing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=NS)
        story.mail("oakes", "ESCALATE\nStill not agreed.", "2026-09-07 12:00", subject=NS)
        for day in ("10", "11", "14"):
            story.mail("stroud", "AGREE BY 30 October 2026", f"2026-09-{day} 09:30", subject=NS)
        gone = [(one.letter, one.to) for one in story.letters()]
        assert ("limit_passed", "hartwell") in gone
        assert ("limit_passed", "oakes") in gone


def test_a_date_that_has_gone_by_is_agreed_by_nobody(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=NS)
        story.letters()
        story.mail("oakes", "AGREE BY 8 September 2026", "2026-09-07 12:00", subject=NS)
        put = next(one for one in story.letters() if one.to == "peake")
        story.mail("peake", "AGREE", "2026-09-09 08:50", answers=put)
        no, ended = story.expect(("refused", "peake"), ("date_refused", "oakes"))
        assert "answer about the date" not in no.text, "for it is not put any more"
        assert "Tuesday 8 September 2026 had gone by before it was agreed" in " ".join(ended.text.split())
        assert "Tuesday 8 September 2026, the date put to you, has gone by" in no.text
        assert (story.dispute().stage, story.limit()) == ("2", "Wed 09 Sep 17:00")


def test_an_email_read_late_moves_no_stage_that_it_did_not_know_of(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.until("2026-09-08 14:00")
        story.mailbox.down = "out of reach"
        story.mail("oakes", "ESCALATE\nImogen and Tobias do not agree.", "2026-09-08 15:00", subject=NS)
        story.until("2026-09-09 09:30")
        story.letters()
        story.mailbox.down = ""
        story.until("2026-09-09 10:00")
        (asked,) = story.expect(("question", "oakes"))
        assert "your email was written before Tuesday 8 September, 17:00" in " ".join(asked.text.split())
        assert [visit.stage for visit in story.dispute().visits] == ["1", "2"]
        story.mail("oakes", "ESCALATE\nThey still do not agree.", "2026-09-09 10:30", answers=asked)
        assert story.dispute().stage == "3"
        story.letters()


@pytest.mark.parametrize("year", ["2016", "2027", "2036"])
def test_a_day_on_which_nothing_can_have_been_decided_loses_no_opening_and_starts_no_clock(
    tmp_path: Path, year: str
) -> None:
    with Story(tmp_path, "2026-09-07 09:00", "wolverhampton", OURS, people=PEOPLE) as story:
        text = RAISED_IN_WOLVERHAMPTON.replace("4 September 2026", f"4 September {year}")
        story.mail("hartwell", text, "2026-09-07 10:00", subject="Escalation - K.W.", to=["fenn"])
        sent = story.expect(("opened", "hartwell"), ("opened", "fenn"), ("question", "hartwell"))
        asked = " ".join(sent[2].text.split())
        given = "(date)" if year == "2016" else f"4 September {year}"  # which might be somebody's birthday
        assert f"On which day was the decision made? {given} is given, which cannot be it" in asked
        assert (story.dispute().decision_on, story.limit()) == (None, "Thu 10 Sep 17:00")
        line = "Date of decision: 4 September 2026"
        story.mail("hartwell", line, "2026-09-07 11:00", answers=sent[2])
        story.letters()
        assert f"{story.dispute().decision_on}" == "2026-09-04"


@pytest.mark.parametrize("word", ["AGREE BY", "NEEDED BY"])
def test_a_date_beyond_every_calendar_is_answered(tmp_path: Path, word: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raised(story)
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject=NS)
        story.letters()
        story.mail("oakes", f"{word} 25 September 2046", "2026-09-07 12:00", subject=NS)
        sent = story.letters()
        assert "oakes" in {one.to for one in sent}
        assert (story.held(), story.limit()) == ([], "Wed 09 Sep 17:00")


def test_a_reply_that_is_due_at_the_instant_at_which_the_month_ends_does_not_hide_that(tmp_path: Path) -> None:
    """SU "within one month": it is asked what follows, and the Business Manager told, whatever else falls due then."""
    with sunderland(tmp_path) as story:
        story.mail("hartwell", RAISED_IN_SUNDERLAND, "2026-09-07 10:00", subject="Dispute - K.W.", to=["dunmore"])
        story.mail("hartwell", UNRESOLVED, "2026-09-09 10:00", subject=SU)
        story.until("2026-09-30 09:30")
        story.mail("oakes", UNRESOLVED, "2026-09-30 10:00", subject=SU)
        story.letters()
        story.mail("lyle", "AGREE BY 5 October 2026", "2026-09-30 11:00", subject=SU)
        put = next(one for one in story.letters() if one.to == "quill")
        story.mail("quill", "AGREE", "2026-09-30 12:00", answers=put)
        story.until("2026-10-07 16:59")
        story.letters()
        story.until("2026-10-07 17:00")
        story.expect(("limit_passed", "quill"), ("refer_question", "lyle"), ("limit_passed", "bm"))


def test_a_date_for_the_child_after_the_limit_has_passed_brings_what_a_limit_brings(tmp_path: Path) -> None:
    """GL-08 "or a timescale that protects the child (whichever is less)": the limit that has passed stays the earlier,
    and on the day by which the child needs it everybody hears of it again."""
    with plymouth(tmp_path) as story:
        at_stage_three_of_plymouth(story)
        story.until("2026-09-21 08:00")  # the limit, and the three rungs after it
        story.letters()
        words = "NEEDED BY 23 September 2026 because K starts at another school then."
        story.mail("oakes", words, "2026-09-21 10:00", subject=PL)
        given = story.expect(*[("protective_date", who) for who in ("oakes", "peake", "hartwell", "fenn")])
        assert given[1].subject == "[PL-26-0001] The child needs this by Wed 23 Sep"
        said = " ".join(given[1].text.split())
        assert "The limit of Stage 3 does not move: it was 5pm on Tuesday 15 September 2026." in said
        assert story.limit() == "Tue 15 Sep 17:00", "the earliest holds"
        story.until("2026-09-23 12:00")
        morning = story.expect(("reminder", "oakes"), ("reminder", "peake"))
        assert "Today is the date given for the child: 5pm on Wednesday 23 September 2026." in morning[0].text
        story.until("2026-09-23 17:30")
        passed = story.expect(*ASKED_IN_PLYMOUTH)
        assert "The date given for the child was 5pm on Wednesday 23 September 2026." in " ".join(
            passed[0].text.split()
        )
        story.until("2026-10-02 12:00")  # and its own ladder, which ends
        again = [one for one in story.letters() if one.letter != "digest"]
        assert [one.to for one in again] == ["oakes", "oakes", "peake", "lyle", "stroud"]
        assert again[0].subject == "[PL-26-0001] Your turn: 7 working days past limit"


def test_the_digest_says_by_when_the_child_needs_what_is_past_its_limit(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        at_stage_three_of_plymouth(story)
        story.until("2026-09-17 08:00")
        story.mail("oakes", "NEEDED BY 23 September 2026 because K moves.", "2026-09-17 10:00", subject=PL)
        story.until("2026-09-21 09:00")
        digest = [one for one in story.letters() if one.letter == "digest"][-1]
        assert "needed for the child by Wed 23 Sep" in " ".join(digest.text.split())


def test_a_stage_opened_again_has_its_time_from_then_where_its_clock_counts_from_the_raising(tmp_path: Path) -> None:
    """WO table, stage 1: three working days; of a dispute that was settled and did not happen, three new ones."""
    with Story(tmp_path, "2026-09-07 09:30", "wolverhampton", OURS, people=PEOPLE) as story:
        story.mail("hartwell", RAISED_IN_WOLVERHAMPTON, "2026-09-07 10:12", subject="Escalation - K.W.", to=["fenn"])
        words = "RESOLVED\nTobias Fenn visits K at home by 9 September 2026.\nOutstanding issues: none."
        story.mail("hartwell", words, "2026-09-07 12:00", subject="[WO-26-0001]")
        story.mail("fenn", "CONFIRM", "2026-09-07 13:00", subject="[WO-26-0001]")
        story.until("2026-09-14 09:00")
        story.letters()
        story.mail("hartwell", "NOT HAPPENED\nNobody came.", "2026-09-14 10:00", subject="[WO-26-0001]")
        assert (story.dispute().stage, story.limit()) == ("1", "Thu 17 Sep 17:00")
        again = story.expect(("reopened", "hartwell"), ("reopened", "fenn"))
        assert "The limit: 3 working days after Stage 1 was entered" in " ".join(again[0].text.split())
