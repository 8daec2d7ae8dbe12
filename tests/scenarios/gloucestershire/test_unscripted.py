"""Gloucestershire in situations that its text does not tell, each from one sentence of it."""

from pathlib import Path

from tests.scenarios.gloucestershire.telling import RAISED, gloucestershire, opened
from tests.story import Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether the case stays open."


def say(story: Story, who: str, words: str, when: str) -> set[tuple[str, str]]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return {(one.letter, one.to) for one in story.letters()}


def test_two_workers_of_one_agency_are_asked_whether_this_is_for_here(tmp_path: Path) -> None:
    """GL-01: "the actions or inaction or decisions of another agency": inside one, nothing is opened."""
    with gloucestershire(tmp_path) as story:
        body = RAISED.format(more="").replace("/ Children's Social Care", "/ Larkfield Primary School")
        body = "\n".join(line for line in body.splitlines() if not line.startswith("Your"))
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Escalation - K.W.", to=["oakes"])
        asked = story.expect(("question", "hartwell"))[0]
        assert "disagreements inside one go through its own procedure first" in " ".join(asked.text.split())
        assert list(story.store.dispute_rows(story.site.id)) == []


def test_each_manager_takes_it_to_their_equivalent_and_can_reach_them(tmp_path: Path) -> None:
    """GL-09: "a discussion with their equivalent supervisor/manager in the other agency"."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        story.mail("hartwell", UNRESOLVED, "2026-09-08 10:00", subject=f"[{story.first}]")
        sent = {one.to: one for one in story.letters() if one.letter == "stage_entered"}
        assert set(sent) == {"oakes", "peake"}
        assert "rosalind.peake@seamoor.example" in sent["oakes"].text
        assert "head@larkfield.sch.example" in sent["peake"].text
        assert "within the information sharing guidance" in " ".join(sent["peake"].text.split())


def test_what_managers_settle_never_reaches_the_support_unit(tmp_path: Path) -> None:
    """GL-16: "At this stage", the third, the form is copied for monitoring; before it nothing is."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        sent = say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        sent |= say(story, "oakes", "RESOLVED\nRosalind sees K. at home by 18 September 2026.", "2026-09-09 10:00")
        sent |= say(story, "peake", "CONFIRM", "2026-09-09 11:00")
        assert story.dispute().outcome == "resolved"
        assert "ssu" not in {to for _, to in sent}


def test_a_date_that_one_agency_alone_wants_later_is_not_one(tmp_path: Path) -> None:
    """GL-08: "Unless agreed otherwise between both agencies": the other says no, and five working days hold."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "fenn", "AGREE BY 30 September 2026, I am on a course", "2026-09-08 10:00")
        sent = say(story, "hartwell", "NO. K. cannot wait for that.", "2026-09-08 11:00")
        assert ("date_refused", "fenn") in sent
        assert story.limit() == "Mon 14 Sep 17:00"


def test_the_workers_hear_how_it_ended_though_it_left_them_long_ago(tmp_path: Path) -> None:
    """GL-23: "to include the worker who raised the initial concern": at the end of the third stage too."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")
        say(story, "lyle", "RESOLVED\nWinifred sees K. at home by 18 September 2026.", "2026-09-10 10:00")
        sent = say(story, "stroud", "CONFIRM", "2026-09-10 11:00")
        assert {("closed", "hartwell"), ("closed", "fenn"), ("closed", "oakes"), ("closed", "peake")} <= sent


def test_a_status_that_ends_before_stage_2_brings_no_reviewing_officer(tmp_path: Path) -> None:
    """GL-11: "If the subject child is on a Child Protection Plan": it no longer is."""
    with gloucestershire(tmp_path) as story:
        opened(
            story,
            more="Child status: child protection plan\nIndependent Reviewing Officer: A. Dell, dell@seamoor.example\n",
        )
        say(story, "hartwell", "CORRECT Child status: no longer on a child protection plan", "2026-09-07 14:00")
        sent = say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        assert "dell@seamoor.example" not in {to for _, to in sent}


def test_senior_managers_do_not_settle_it_without_a_plan(tmp_path: Path) -> None:
    """GL-17: "agree a clear plan of action, which includes timescales": asked before it is put to the other side."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")
        sent = say(story, "lyle", "RESOLVED\nThe case stays open.", "2026-09-10 10:00")
        assert sent == {("question", "lyle")}
        assert story.dispute().proposal is None


def test_what_is_sent_for_the_panel_reaches_each_member_whenever_they_are_named(tmp_path: Path) -> None:
    """GL 2.4d "will receive representations from those involved in the dispute": of either side, also before anybody
    sits on it; and not the other side's."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        for who, when in (("hartwell", "09:00"), ("oakes", "10:00"), ("lyle", "11:00"), ("lyle", "11:10")):
            words = "ESCALATE\nWhat remains unresolved: whether K. is seen."
            story.mail(who, words, f"2026-09-08 {when}", subject=f"[{story.first}]")
        told = [one for one in story.letters() if one.to == "stroud"][-1]
        assert "in an email that begins “Representation:”" in " ".join(told.text.split())
        words = "Our representation: K. was seen twice by the school nurse in July, and nobody followed it up."
        assert say(story, "lyle", words, "2026-09-08 15:00") == {("noted", "lyle")}
        added = f"ADD {story.first}, Lucian Brook, lucian.brook.5512@seamoor-police.example, panel member"
        story.mail("ssu", added, "2026-09-09 10:00", subject="panel")
        to_brook = next(one for one in story.letters() if one.to == "brook")
        assert f"For those who decide: {words}" in " ".join(to_brook.text.split())
        assert [name for name, _ in to_brook.attached] == ["GL-26-0001-monitoring-form.docx"]
        theirs = "Representation: two visits were offered in August and declined."
        assert {who for _, who in say(story, "fenn", theirs, "2026-09-10 09:00")} == {"brook", "fenn"}
        story.mail("stroud", "STATUS", "2026-09-10 10:00", subject=f"[{story.first}]")
        assert "school nurse" not in story.letters()[0].text
