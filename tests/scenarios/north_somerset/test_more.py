"""What else North Somerset's procedure asks: the form and whom it reaches, what is counted, what is offered."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import EVERYBODY, at_stage_2, opened, raise_it
from tests.story import Sent, Story


def lines(letter: Sent) -> str:
    return letter.text.replace("\r\n", "\n")


def at_stage_3(story: Story) -> list[Sent]:
    at_stage_2(story)
    story.mail(
        "oakes",
        "CORRECT summary: Desmond and Rosalind went through the chronology.",
        "2026-09-09 09:00",
        subject="[NS-26-0001]",
    )
    story.mail("oakes", "ESCALATE\nWhether K is seen at home.", "2026-09-09 10:00", subject="[NS-26-0001]")
    return story.letters()


def test_the_form_goes_with_what_is_written_when_stage_2_ends(tmp_path: Path) -> None:
    """NS-14 NS-16 NS-17 NS-18 NS-20: kept by the raising agency; to the Business Manager at the end of stage 2, when
    there is something in it; and with it to the senior managers."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = {letter.to: letter for letter in at_stage_3(story)}
        form = lines(sent["bm"])
        assert sent["bm"].letter == "summary"
        assert "RECORDING FORM: ISSUE RESOLUTION (APPENDIX 1)" in form
        assert "- Date Stage 2 started: Tuesday 8 September 2026" in form
        assert "Desmond Oakes, Head Teacher, Larkfield Primary School, Stage 2" in form
        assert "impact on child: Desmond and Rosalind went through the chronology." in form
        assert "please explain what remains unresolved: Whether K is seen at home." in form
        assert "Time taken to resolve" not in form
        assert "Whether K is seen at home." in sent["lyle"].text
        assert "Whether K is seen at home." in sent["stroud"].text


def test_stage_3_reaches_each_agencys_own_head_of_safeguarding(tmp_path: Path) -> None:
    """NS-21: copies to the Business Manager and to one's own Head of Safeguarding; a police head is told nothing."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_3(story)
        story.mail("lyle", "ESCALATE\nWhether K is a child in need.", "2026-09-10 10:00", subject="[NS-26-0001]")
        sent = {(letter.letter, letter.to): letter for letter in story.letters()}
        assert ("summary", "marlow") in sent
        assert ("summary", "kettle") in sent
        assert "Whether K is a child in need." in sent["summary", "marlow"].text
        assert ("referred", "bm") in sent
        assert "scrutineer" not in {to for _, to in sent}


def test_what_came_of_it_is_told_to_everybody_for_the_file_and_a_debrief_is_offered(tmp_path: Path) -> None:
    """NS-15 NS-29 NS-30 NS-31 NS-36: the form's last boxes are as it was: stage 2, two days."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes",
            "RESOLVED\nRosalind's team visits K by 11 September 2026.",
            "2026-09-09 10:00",
            subject="[NS-26-0001]",
        )
        asked = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("peake", "CONFIRM", "2026-09-09 11:00", answers=asked)
        closed = story.expect(*[("closed", who) for who in EVERYBODY], ("closed", "bm"))
        for letter in closed[:4]:
            assert "It may help those involved to look back on it together" in letter.text
        turns = {letter.to: letter.text.partition("\nFor ")[2].partition("\n\n")[0] for letter in closed}
        assert turns == {
            "hartwell": "information, Imogen: Desmond Oakes is to file it on the child's record",
            "oakes": "your file, Desmond: please put this on the child's record",
            "fenn": "information, Tobias: Rosalind Peake is to file it on the child's record",
            "peake": "your file, Rosalind: please put this on the child's record",
            "bm": "information, NSSCP Business Manager: nothing for you to do",
        }, "each agency files it once"
        assert {letter.subject.partition("closed: ")[2] for letter in closed if letter.to in ("oakes", "peake")} == {
            "please file"
        }
        assert closed[0].subject == "[NS-26-0001] Agreed and closed: for information"
        form = lines(closed[-1])
        assert "- Stage at which resolved: Stage 2" in form
        assert "- Time taken to resolve (days): 2 working days" in form
        assert "visits K by 11 September 2026" in form.replace("Friday ", "")


def test_a_dispute_of_one_day_is_written_as_one_day(tmp_path: Path) -> None:
    """NS-36: the printed form begins at 2; the true number is written."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.mail("hartwell", "ESCALATE\nWhether K is seen.", "2026-09-07 12:00", answers=letter)
        story.letters()
        story.mail(
            "oakes", "RESOLVED\nRosalind visits K on 10 September 2026.", "2026-09-08 10:00", subject="[NS-26-0001]"
        )
        asked = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("peake", "CONFIRM", "2026-09-08 11:00", answers=asked)
        form = next(letter for letter in story.letters() if letter.to == "bm")
        assert "- Time taken to resolve (days): 1 working day\n" in lines(form)


def test_the_effect_on_the_child_is_asked_for_when_nobody_gave_it(tmp_path: Path) -> None:
    """NS-32."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "hartwell",
            "Child: K.W.\nAgencies: Larkfield Primary School / CSC\nIssue: no service offered",
            "2026-09-07 10:00",
            subject="Escalation stage 1",
            to=["fenn"],
        )
        mine, theirs = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert "what it means for the child" in mine.text
        assert "Impact on the child:" in mine.text
        assert "what it means for the child" not in theirs.text


def test_the_day_it_is_raised_is_not_day_one(tmp_path: Path) -> None:
    """NS-33: raised on a Friday afternoon, stage 1 has until Monday's close and day 5 is the Friday after."""
    with Story(tmp_path, "2026-09-04 09:30") as story:
        opened(story, "2026-09-04 16:00")
        assert story.limit() == "Mon 07 Sep 17:00"
        story.mail("hartwell", "STATUS", "2026-09-04 16:30", subject="[NS-26-0001]")
        letter = story.expect(("status", "hartwell"))[0]
        assert "Stages 1 to 3 together: Fri 11 Sep 5pm at the latest." in letter.text


def test_a_quick_first_stage_gives_the_third_no_more_than_its_own_two_days(tmp_path: Path) -> None:
    """NS-34: stage limits and Day 5 both hold, and the earlier is the limit."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for by, when in (("hartwell", "2026-09-07 11:00"), ("oakes", "2026-09-07 15:00")):
            story.mail(by, "ESCALATE\nWhether K is seen.", when, subject="[NS-26-0001]")
            story.letters()
        assert (story.dispute().stage, story.limit()) == ("3", "Wed 09 Sep 17:00")


def test_once_day_8_is_past_the_partners_still_have_three_days(tmp_path: Path) -> None:
    """NS-25 NS-35: by Day 8 while that is ahead; after it, three working days, and the overrun is said. The scrutineer
    may support those who decide, and gets no letter that asks for anything."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-18 10:00")
        story.letters()
        assert story.dispute().stage == "3"
        story.mail("lyle", "REFER\nWhether K is a child in need.", "2026-09-18 11:00", subject="[NS-26-0001]")
        sent = story.letters()
        assert story.limit() == "Wed 23 Sep 17:00"
        referred = next(letter for letter in sent if (letter.letter, letter.to) == ("referred", "dsps"))
        assert "had ended Thu 17 Sep" in referred.text
        stage = story.site.current.protocol.stages["4"]
        assert (stage.may_support, stage.decided_by) == (("scrutineer",), ("dsps",))
        assert "scrutineer" not in {letter.to for letter in sent}
