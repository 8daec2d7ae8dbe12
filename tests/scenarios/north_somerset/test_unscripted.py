"""North Somerset in situations that its text does not tell, each from one sentence of it."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.story import Story

UNRESOLVED = "What remains unresolved: whether K is seen at home."


def say(story: Story, who: str, words: str, when: str) -> set[tuple[str, str]]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return {(one.letter, one.to) for one in story.letters()}


def test_what_is_outstanding_is_asked_of_whoever_reports_it_resolved(tmp_path: Path) -> None:
    """NS-27: "how any outstanding issues will be followed up, with agreed timescales"."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        story.mail(
            "hartwell",
            "RESOLVED\nTobias visits K by 11 September 2026.",
            "2026-09-07 12:00",
            subject=f"[{story.first}]",
        )
        story.letters()
        story.mail("fenn", "CONFIRM", "2026-09-07 13:00", subject=f"[{story.first}]")
        told = next(one for one in story.letters() if (one.letter, one.to) == ("closed", "hartwell"))
        assert "Is anything outstanding?" in told.text


def test_what_was_settled_before_the_mailbox_knew_is_put_right_when_somebody_says_so(tmp_path: Path) -> None:
    """NS-10: settled by telephone on the day, written down after the limit had moved it: it still closes at once."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        story.until("2026-09-08 17:30")
        story.letters()
        say(story, "oakes", "RESOLVED on 8 September 2026\nTobias visits K by 11 September 2026.", "2026-09-09 09:00")
        assert ("closed", "hartwell") in say(story, "peake", "CONFIRM", "2026-09-09 10:00")
        assert story.dispute().outcome == "resolved"


def test_a_manager_who_goes_on_leave_hands_over_and_the_clock_runs_on(tmp_path: Path) -> None:
    """NS-03: "If annual leave or end of shift is imminent": until a day, to a colleague of the same agency."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        story.letters()
        before = story.limit()
        words = "HANDOVER TO: Edmund Garth, edmund.garth@seamoor.example until 25 September 2026"
        assert ("handed_over", "garth") in say(story, "peake", words, "2026-09-09 09:00")
        assert story.limit() == before
        assert "garth" in {
            to for _, to in say(story, "oakes", "RESOLVED\nA visit by 18 September 2026.", "2026-09-09 10:00")
        }


def test_a_handover_to_another_agency_is_none(tmp_path: Path) -> None:
    """NS-03: "handed over to an appropriate colleague": nobody of another agency is one."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        words = "HANDOVER TO: Octavian Reed, octavian.reed@westmere-nhs.example"
        assert say(story, "fenn", words, "2026-09-07 12:00") == {("refused", "fenn")}
        assert [p.person.name for p in story.dispute().filling("responder")] == ["Tobias Fenn"]


def test_raised_by_a_practitioner_whose_agency_the_partnership_does_not_know_reaches_a_person(tmp_path: Path) -> None:
    """NS-01: "all agencies across the Partnership both statutory and third sector": a stranger waits."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        story.mail("nora@smallcharity.example", RAISED, "2026-09-07 10:00", subject="[ESCALATION] K.W.", to=["fenn"])
        story.letters()
        assert any("not recognised" in reason for reason in story.held())
        assert list(story.store.dispute_rows(story.site.id)) == []


def test_the_partners_answer_after_day_8_is_still_their_decision(tmp_path: Path) -> None:
    """NS-24 NS-26: "respond within 3 working days by Day 8": late, it is no less final and binding."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00")
        say(story, "oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        say(story, "lyle", f"REFER\n{UNRESOLVED}", "2026-09-09 10:00")
        story.until("2026-09-24 12:00")
        story.letters()
        sent = say(story, "dsps", "DECISION\nA visit at home by 30 September 2026.", "2026-09-24 13:00")
        assert {("closed", "lyle"), ("closed", "stroud"), ("closed", "hartwell"), ("closed", "bm")} <= sent
        assert story.dispute().outcome == "decided"


def test_the_form_reaches_each_agencys_record_and_the_business_manager(tmp_path: Path) -> None:
    """NS-30: "stored on the child/young person's record for each agency and submitted to the Business Manager"."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00")
        say(story, "oakes", "RESOLVED\nRosalind sees K at home by 18 September 2026.", "2026-09-08 10:00")
        story.mail("peake", "CONFIRM", "2026-09-08 11:00", subject=f"[{story.first}]")
        closed = {one.to: [name for name, _ in one.attached] for one in story.letters() if one.letter == "closed"}
        form = ["NS-26-0001-recording-form.docx"]
        assert (closed["oakes"], closed["peake"], closed["bm"]) == (form, form, form)
        assert closed["fenn"] == []


def test_evidence_is_asked_for_where_nobody_gave_any(tmp_path: Path) -> None:
    """NS-32: "the impact on the child and the evidence that supports this"."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        mine = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        assert "please add the evidence" in " ".join(mine.text.split())


def test_the_line_manager_passes_the_form_to_the_senior_manager_of_their_own_side(tmp_path: Path) -> None:
    """NS-18: "the line manager will need to share the recording form with their senior manager"."""
    with Story(tmp_path, "2026-09-07 09:00") as story:
        opened(story)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00")
        story.mail("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00", subject=f"[{story.first}]")
        entered = {one.to: one.attached for one in story.letters() if one.letter == "stage_entered"}
        assert [name for name, _ in entered["lyle"]] == ["NS-26-0001-recording-form.docx"]
