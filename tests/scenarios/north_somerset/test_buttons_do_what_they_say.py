"""What a button says is what it does: for the side asked, from a telephone's private account, and for a deputy."""

from pathlib import Path

from tests.pressing import links, press
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2
from tests.story import Sent, Story

VIEW = "the threshold is not met; we will offer early help."


def _managers(story: Story) -> dict[str, Sent]:
    at_stage_2(story)
    story._seen = 0
    return {one.to: one for one in story.letters() if one.letter == "stage_entered"}


def test_not_agreed_by_the_side_asked_is_its_view_and_reaches_the_other_manager_in_its_words(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["peake"], "NOT RESOLVED", VIEW, "2026-09-09 10:00")
        (asked,) = story.expect(("question", "oakes"))
        assert "Rosalind Peake says that it is not resolved." in " ".join(asked.text.split())
        assert VIEW.rstrip(".") in " ".join(asked.text.split())
        assert "Nothing has moved, and the limit is what it was." in " ".join(asked.text.split())
        assert story.dispute().stage == "2"
        story.until("2026-09-10 17:00")
        after = story.letters()
        reminded = [" ".join(one.text.split()) for one in after if one.letter == "reminder"]
        assert len(reminded) == 2
        for words in reminded:
            assert "It is not settled yet. Please talk again now about K.W." in words
            assert "If it is not settled by then, it goes to Stage 3." in words
        assert not [one for one in after if "othing is recorded" in one.text and one.letter != "stage_entered"]
        summary = next(one for one in after if (one.letter, one.to) == ("summary", "oakes"))
        assert "by then there was on the record: what remains unresolved" in " ".join(summary.text.split())
        assert ":receiving" not in summary.text


def test_after_silence_alone_the_summary_says_that_nothing_had_been_recorded(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-10 17:00")
        sent = {(one.letter, one.to): one for one in story.letters()}
        summary, entered = sent["summary", "oakes"], sent["stage_entered", "lyle"]
        assert "because nothing had been recorded by then" in " ".join(summary.text.split())
        assert "\nStage 2 has ended at its limit. It is now at Stage 3." in summary.text
        assert "Nothing was recorded at Stage 2 by its limit." in " ".join(entered.text.split())


def test_a_summary_without_a_button_says_that_no_reply_is_needed(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.until("2026-09-10 17:00")
        summaries = {one.to: one for one in story.letters() if one.letter == "summary"}
        turns = {
            "hartwell": "For information, Imogen: Desmond Oakes is to file it on the child's record",
            "oakes": "For your file, Desmond: please put this on the child's record; no reply is needed",
            "peake": "For your file, Rosalind: please put this on the child's record; no reply is needed",
        }
        silent = {who for who, one in summaries.items() if not links(one)}
        texts = {who: " ".join(summaries[who].text.split()) for who in silent}
        assert all(turns[who] in texts[who] for who in silent - {"bm"})
        assert "nothing for you to do" in texts["bm"], "an office has no child's record"
        assert "hartwell" in silent


def test_after_a_report_and_an_answer_the_summary_counts_them(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["oakes"], "RESOLVED", "a visit by 11 September 2026.", "2026-09-09 10:00")
        story.mail("peake", "DISAGREE\nNo visit was agreed.", "2026-09-09 11:00", subject="[NS-26-0001]")
        story.letters()
        story.until("2026-09-10 17:00")
        summary = next(one for one in story.letters() if (one.letter, one.to) == ("summary", "oakes"))
        said = "by then there was on the record: 1 report that it was resolved and 1 answer that it was not"
        assert said in " ".join(summary.text.split())


def test_from_a_private_account_she_is_asked_at_her_address_on_record(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        private = "rosalind.peake77@freemail.example"
        press(story, letters["peake"], "RESOLVED", "a visit by 11 September.", "2026-09-09 10:00", by=private)
        (asked,) = story.expect(("question", "peake"))
        assert "from an address that we do not know" in " ".join(asked.text.split())
        assert "a visit by" not in asked.text
        assert story.dispute().proposal is None


def test_the_deputy_on_record_acts_as_the_person_and_the_person_hears_of_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _managers(story)
        press(story, letters["peake"], "RESOLVED", "a visit by 11 September 2026.", "2026-09-09 10:00", by="garth")
        told = story.expect(("proposed", "oakes"), ("noted", "peake"))
        assert "Edmund Garth" in told[0].text
        assert "Recorded: Edmund Garth answers for you, as your deputy." in told[1].text


def test_what_was_decided_is_not_called_agreed_and_its_owner_alone_is_asked(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        _managers(story)
        for by, when in (("oakes", "2026-09-09 10:00"), ("lyle", "2026-09-10 10:00")):
            story.mail(by, "ESCALATE\nWhat remains unresolved: visits.", when, subject="[NS-26-0001]")
        decided = "DECISION\nChildren's Social Care visits K by 18 September 2026."
        story.mail("dsps", decided, "2026-09-11 11:00", subject="[NS-26-0001]")
        story.letters()
        story.until("2026-09-18 10:00")
        due = [one for one in story.letters() if one.letter == "action_due"]
        assert [one.to for one in due] == ["stroud"]
        assert "Today is the date for what was decided. Is it done?" in " ".join(due[0].text.split())
        assert "agreed" not in due[0].text.split("WHAT YOU CAN REPLY")[0]
