"""After the end, under North Somerset's procedure: dates are remembered, and somebody asks whether it happened."""

from datetime import date
from pathlib import Path

import pytest

from mailbot.core.record.events import OutcomeAsked
from mailbot.core.reports.digest_needs import SAID
from mailbot.shell.servers.postman_interface import Outcome
from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import RAISED, raise_it
from tests.story import Sent, Story, at

REF = "[NS-26-0001] K.W."
AGREED = "RESOLVED\nRosalind visits K by {}. Desmond holds a meeting at school by {}."
MANAGERS = ("oakes", "peake")
HERE = ("hartwell", *MANAGERS)


@prepared
def end_at_stage_2(story: Story, day: str, agreed: str) -> list[Sent]:
    """Raised on ``day`` ("2026-09-07") at Stage 2, agreed in the afternoon, confirmed an hour later."""
    raise_at_stage_2(story, day)
    story.mail("oakes", agreed, f"{day} 14:00", subject=REF)
    asked = next(letter for letter in story.letters() if letter.letter == "proposed")
    story.mail("peake", "CONFIRM", f"{day} 15:00", answers=asked)
    return story.expect(*[("closed", who) for who in HERE], ("closed", "fenn"), ("closed", "bm"))


@prepared
def raise_at_stage_2(story: Story, day: str) -> None:
    story.mail("hartwell", RAISED, f"{day} 10:00", subject="[ESCALATION] Stage 2 - K.W.", to=["fenn"])
    assert story.dispute().stage == "2"
    story.letters()


def test_what_is_for_a_sunday_is_asked_about_on_the_friday_and_called_what_it_is(tmp_path: Path) -> None:
    """NS-29: nobody reads on a Friday that today is a Sunday's date."""
    with Story(tmp_path, "2026-12-09 09:30") as story:
        end_at_stage_2(story, "2026-12-09", AGREED.format("20 December 2026", "23 December 2026"))
        story.until("2026-12-18 12:00")
        (friday,) = [one for one in story.letters() if one.letter == "action_due"]
        assert friday.subject == "[NS-26-0001] Is it done? It is for Sun 20 Dec"
        assert "What was agreed is for Sunday 20 December 2026. Is it done?" in friday.text
        assert "Today is the date" not in friday.text


def test_from_the_closing_to_the_second_question_over_christmas(tmp_path: Path) -> None:
    """NS-27 NS-02 NS-29: how outstanding issues are followed up. Nobody is chased for what is done; a date that passed
    is told once; two questions, and no third; silence is said in the digest and closes nothing more."""
    with Story(tmp_path, "2026-12-09 09:30") as story:
        end_at_stage_2(story, "2026-12-09", AGREED.format("14 December 2026", "21 December 2026"))
        assert story.limit() == ""
        story.until("2026-12-13 12:00")
        story.expect()

        story.until("2026-12-14 09:00")
        today, _ = story.expect(("action_due", "peake"), ("digest", "bm"))
        assert "Today is the date for what was agreed. Is it done?" in today.text
        assert "and the date is Monday 14 December 2026." in today.text
        assert "- Rosalind visits K: by Monday 14 December 2026; nothing reported yet" in today.text
        assert "meeting" not in today.text, "not hers, and not today's"
        story.mail("peake", "The visit took place this morning.", "2026-12-14 15:00", answers=today)
        story.expect(("noted", "peake"))
        assert [(a.what, a.done) for a in story.dispute().actions] == [
            ("visits K", True),
            ("holds a meeting at school", False),
        ]

        story.until("2026-12-21 09:00")
        story.expect(("digest", "bm"), ("action_due", "oakes"))
        story.until("2026-12-22 09:00")
        passed = story.expect(("action_unreported", "oakes"))[0]
        assert "A date has passed, and nothing is reported. Is it done?" in passed.text
        assert "It may have been done all the same" in passed.text

        story.until("2026-12-23 09:00")
        asked = story.expect(("did_it_happen", "hartwell"))[0]
        assert "Did what was agreed happen?" in asked.text
        assert "- Rosalind visits K: by Monday 14 December 2026; reported done" in asked.text
        assert "by Monday 21 December 2026; nothing reported yet" in asked.text
        assert "It opens again at Stage 2 (Line manager to line manager), and both agencies are told." in asked.text

        story.until("2026-12-29 08:00")  # closed: Christmas Day, the Monday for Boxing Day, New Year's Day
        assert "1 action past the date, not reported done" in story.expect(("digest", "bm"))[0].text
        story.until("2027-01-11 08:59")
        story.expect(("digest", "bm"))
        story.until("2027-01-11 09:00")
        last = story.expect(("did_it_happen", "hartwell"))[0]
        assert "This is the last time you are asked. No answer is not taken as a yes." in last.text
        story.until("2027-01-11 12:00")
        story.expect()
        for monday in ("2027-01-18 08:00", "2027-01-25 08:00"):
            story.until(monday)
            assert SAID in story.expect(("digest", "bm"))[0].text
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_a_yes_ends_the_asking_except_for_what_was_still_to_come(tmp_path: Path) -> None:
    """NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("11 September 2026", "2 October 2026"))
        story.until("2026-09-21 09:00")
        asked = next(letter for letter in story.letters() if letter.letter == "did_it_happen")
        story.mail("hartwell", "Yes, no problems at all. She came on the Friday.", "2026-09-21 12:00", answers=asked)
        recorded = story.expect(("noted", "hartwell"))[0]
        assert "Recorded: what was agreed has happened." in recorded.text
        assert [a.done for a in story.dispute().actions] == [True, False], "the meeting is still to come"
        story.until("2026-10-02 09:00")
        story.expect(("digest", "bm"), ("action_due", "oakes"))
        story.mail("oakes", "DONE", "2026-10-02 16:00", subject=REF)
        story.expect()
        story.until("2026-10-05 12:00")
        (digest,) = story.expect(("digest", "bm"))
        assert "no digest goes. The next comes by Monday 2 November" in " ".join(digest.text.split())
        for monday in ("12", "19", "26"):
            story.until(f"2026-10-{monday} 12:00")
            story.expect()
        story.until("2026-11-02 12:00")
        story.expect(("digest", "bm"))


def test_a_no_opens_it_again_with_its_reason_and_wrong_closes_it_again(tmp_path: Path) -> None:
    """NS-27: and it is asked about again from the closing that holds, never twice about one."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", "RESOLVED\nRosalind rings Imogen by 11 September 2026.")
        story.until("2026-09-21 09:00")
        asked = next(letter for letter in story.letters() if letter.letter == "did_it_happen")
        story.mail("hartwell", "It did not happen, they never rang.", "2026-09-21 12:00", answers=asked)
        again = story.expect(*[("reopened", who) for who in (*HERE, "fenn", "bm")])
        assert "It did not happen, they never rang." in again[2].text
        assert (story.dispute().stage, story.limit()) == ("2", "Wed 23 Sep 17:00"), "its clock begins afresh"

        story.mail("hartwell", "WRONG\nI had the wrong child in mind.", "2026-09-21 14:00", answers=again[0])
        story.expect(*[("undone", who) for who in (*HERE, "fenn", "bm")])
        assert (story.dispute().state, story.limit()) == ("closed", "")
        story.until("2026-10-05 08:59")
        story.expect(("digest", "bm"))
        story.until("2026-10-05 09:00")
        asked = story.expect(("did_it_happen", "hartwell"))[0]

        story.mail("hartwell", "NO\nNobody has rung.", "2026-10-05 10:00", answers=asked)
        story.expect(*[("reopened", who) for who in (*HERE, "fenn", "bm")])
        story.mail("oakes", "RESOLVED\nRosalind rings Imogen by 7 October 2026.", "2026-10-05 11:00", subject=REF)
        put = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("peake", "CONFIRM", "2026-10-05 12:00", answers=put)
        story.letters()
        story.until("2026-10-19 08:59")
        story.expect(("action_due", "peake"), ("action_unreported", "oakes"), ("digest", "bm"))
        story.until("2026-10-19 09:00")
        story.expect(("did_it_happen", "hartwell"))


def test_only_a_part_or_too_soon_changes_nothing_and_one_question_comes_back(tmp_path: Path) -> None:
    """NS-27: never on a guess; and the other side cannot answer for the raiser."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", "RESOLVED\nRosalind visits K by 11 September 2026.")
        story.until("2026-09-21 09:00")
        asked = next(letter for letter in story.letters() if letter.letter == "did_it_happen")
        story.mail("hartwell", "Not yet, but it is booked for Monday.", "2026-09-21 12:00", answers=asked)
        question = story.expect(("question", "hartwell"))[0]
        assert "reply HAPPENED if it has, NOT HAPPENED and what has not" in question.text
        story.mail("peake", "NOT HAPPENED", "2026-09-21 13:00", subject=REF)
        refused, asked = story.expect(("refused", "peake"), ("question", "hartwell"))
        assert "whether it is opened again is for the agency that raised it" in " ".join(refused.text.split())
        assert "Will what was agreed be done?" in asked.text
        assert story.dispute().state == "closed"


def test_a_no_after_a_binding_decision_is_told_to_those_who_decided_and_to_both_agencies(tmp_path: Path) -> None:
    """NS-26 NS-27: nobody can reopen it, so those who decided and the Business Manager hear of it; and so do the agency
    that was to do it, which may say that it is done, and the managers that it was with last."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_at_stage_2(story, "2026-09-07")
        story.mail("oakes", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-07 14:00", subject=REF)
        referred = next(letter for letter in story.letters() if letter.to == "dsps")
        story.mail(
            "dsps",
            "DECISION\nChildren's Social Care visits K at home by 18 September 2026.",
            "2026-09-08 10:00",
            answers=referred,
        )
        closed = next(letter for letter in story.letters() if letter.letter == "closed")
        assert "by Friday 18 September 2026" in closed.text
        story.until("2026-09-22 09:00")
        sent = {(letter.letter, letter.to): letter for letter in story.letters()}
        assert ("action_due", "stroud") in sent, "whoever the last stage was with, on that agency's side"
        assert ("action_unreported", "lyle") in sent
        asked = sent["did_it_happen", "hartwell"]
        assert "Those who decided are told, the NSSCP Business Manager, and both agencies." in asked.text
        story.mail("hartwell", "No. Nobody has been.", "2026-09-22 12:00", answers=asked)
        _, partners, _, raising, doing = story.expect(
            ("noted", "hartwell"),
            ("did_not_happen", "dsps"),
            ("did_not_happen", "bm"),
            ("did_not_happen", "lyle"),
            ("did_not_happen", "stroud"),
        )
        assert "What follows is for those who decided to say." in raising.text
        assert "Your turn, Winifred" in doing.text
        assert "It is recorded as yours to do. If it has been done, reply DONE and which" in doing.text
        assert "What was decided has not happened, Imogen Hartwell reports." in (partners.text)
        assert "No. Nobody has been." in partners.text
        assert story.dispute().state == "closed"


def test_what_is_done_early_is_not_chased(tmp_path: Path) -> None:
    """NS-28: by its own word; and which, is asked when it could be either."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(
            story,
            "2026-09-07",
            "RESOLVED\nRosalind visits K by 10 September 2026. Desmond visits the family by 11 September 2026.",
        )
        story.mail("peake", "DONE", "2026-09-08 10:00", subject=REF)
        question = story.expect(("question", "peake"))[0]
        assert "Which of these is done: visits K (Rosalind); visits the family (Desmond)?" in question.text
        story.mail("peake", "DONE visits K", "2026-09-08 11:00", answers=question)
        story.expect()
        story.mail("oakes", "Done - the family was visited today.", "2026-09-08 15:00", subject=REF)
        story.expect()
        story.until("2026-09-13 12:00")
        story.expect()


def test_three_weeks_away_bring_one_letter_to_each(tmp_path: Path) -> None:
    """NS-27 (G3, G20): what is stale is said as it is now: the date has passed."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("11 September 2026", "14 September 2026"))
        story.now = at("2026-10-06 11:20")  # mailbot was down for a month
        story.turn()
        asked, passed, _ = story.expect(("did_it_happen", "hartwell"), ("action_unreported", "oakes"), ("digest", "bm"))
        assert "agreed for Friday 11 September 2026 and Monday 14 September 2026" in passed.text
        assert "This is the last time you are asked." in asked.text
        story.until("2026-11-01 12:00")
        story.expect(("digest", "bm"))


def test_a_post_that_was_down_for_weeks_brings_the_last_question_alone(tmp_path: Path) -> None:
    """NS-27 (G20): what waited in the outbox and was overtaken is withdrawn, not sent after the event."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("11 September 2026", "14 September 2026"))
        story.until("2026-09-20 12:00")
        story.letters()
        down = [Outcome.DEFERRED] * 8
        story.postman.script |= {story.address["hartwell"]: list(down)}
        story.until("2026-09-21 09:00")
        story.expect(("digest", "bm"))
        story.until("2026-10-05 08:00")
        story.expect(("digest", "bm"))
        story.until("2026-10-05 09:00")
        story.postman.script.clear()
        story.until("2026-10-06 09:00")
        asked = story.expect(("did_it_happen", "hartwell"))[0]
        assert "This is the last time you are asked." in asked.text


def test_feedback_is_asked_with_what_is_sent_anyway_thanked_once_and_told_without_a_name(tmp_path: Path) -> None:
    """NS-29: "How helpful or unhelpful was this policy": of the managers at close, of the raiser with the question
    whether it happened; nobody gets a letter for it alone."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        ended = end_at_stage_2(story, "2026-09-07", "RESOLVED\nRosalind visits K by 30 October 2026.")
        offered = {letter.to: "Helpful:" in letter.text for letter in ended}
        assert offered == {"hartwell": False, "fenn": False, "oakes": True, "peake": True, "bm": False}
        assert {letter.to: "Say how helpful this was</a>" in letter.html for letter in ended} == offered
        story.until("2026-09-09 09:00")
        story.expect()
        asked = next(letter for letter in ended if letter.to == "oakes")
        story.mail("oakes", "Helpful: 4\nIdea: a list of whom to escalate to", "2026-09-09 10:00", answers=asked)
        story.expect(("thanks", "oakes"))
        story.mail("oakes", "Helpful: 5", "2026-09-09 10:30", answers=asked)
        story.expect()
        story.mail("hartwell", "REOPEN\nIt has started again.", "2026-09-10 10:00", subject=REF)
        story.expect(*[("reopened", who) for who in (*HERE, "fenn", "bm")])
        story.mail("oakes", "RESOLVED\nRosalind visits K by 30 October 2026.", "2026-09-10 11:00", subject=REF)
        put = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("peake", "CONFIRM", "2026-09-10 12:00", answers=put)
        story.letters()
        story.until("2026-09-20 12:00")
        digest = story.expect(("digest", "bm"))[0]
        assert "How helpful, from 1 to 5: 1: 0, 2: 0, 3: 0, 4: 0, 5: 1" in digest.text
        assert "Hartwell" not in digest.text


def test_a_debrief_is_asked_for_with_one_word(tmp_path: Path) -> None:
    """NS-31."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        closed = end_at_stage_2(story, "2026-09-07", "RESOLVED\nRosalind visits K by 30 October 2026.")
        assert "the NSSCP Business Manager can arrange that: reply DEBRIEF." in closed[0].text
        story.mail("hartwell", "DEBRIEF", "2026-09-07 16:00", answers=closed[0])
        told, _ = story.expect(("noted", "bm"), ("noted", "hartwell"))
        assert "Recorded: Reflective debrief." in told.text
        assert "It came from Imogen Hartwell" in told.text
        story.mail("peake", "Thanks all. We would like a debrief please.", "2026-09-07 17:00", answers=closed[2])
        story.expect(("noted", "bm"), ("noted", "peake"))


def test_a_withdrawn_dispute_is_asked_nothing(tmp_path: Path) -> None:
    """NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_at_stage_2(story, "2026-09-07")
        story.mail("oakes", "WITHDRAW: K has moved to another school.", "2026-09-07 14:00", subject=REF)
        story.letters()
        story.until("2026-10-11 12:00")
        story.expect(("digest", "bm"))


def test_the_raising_manager_is_asked_when_the_raiser_has_left(tmp_path: Path) -> None:
    """NS-03 NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        closed = end_at_stage_2(story, "2026-09-07", "RESOLVED\nRosalind visits K by 18 September 2026.")
        story.mail(
            "hartwell",
            "I have now left the school and no longer read this mailbox.",
            "2026-09-08 10:00",
            answers=closed[0],
            headers=[("Auto-Submitted", "auto-replied")],
        )
        story.expect()
        story.until("2026-09-21 09:00")
        sent = {(letter.letter, letter.to) for letter in story.letters()}
        assert ("did_it_happen", "oakes") in sent
        assert ("did_it_happen", "hartwell") not in sent


def test_each_summary_says_who_said_what_when_and_how_long_it_took(tmp_path: Path) -> None:
    """NS-06 NS-07 NS-15 NS-27: a court could read it two years later; each goes into the dispute's folder too."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        first = story.letters()[0]
        story.until("2026-09-08 17:00")
        summary = next(letter for letter in story.letters() if (letter.letter, letter.to) == ("summary", "hartwell"))
        text = summary.text.replace("\r\n", "\n")
        assert (
            "Stage 1: 1 working day, from 10:12am on Monday 7 September 2026 to 5pm on Tuesday 8 September 2026; it "
            "moved on by itself at the limit, because nothing had been recorded by then."
        ) in text
        assert (
            "Imogen Hartwell, Larkfield Primary School, 10:12am on Monday 7 September 2026:\n"
            "- What it is about: The assessment is being closed with no further action." in text
        )
        assert "please put this on the child's record" in text
        assert first.message_id in summary.references, "in one thread"
        story.mail("oakes", "RESOLVED\nRosalind visits K by 11 September 2026.", "2026-09-09 10:00", subject=REF)
        put = next(letter for letter in story.letters() if letter.letter == "proposed")
        story.mail("peake", "CONFIRM", "2026-09-09 11:00", answers=put)
        closed = next(letter for letter in story.letters() if letter.letter == "closed").text.replace("\r\n", "\n")
        assert (
            "Stage 2: 1 working day, from 5pm on Tuesday 8 September 2026 to 11am on Wednesday 9 September 2026; it "
            "was agreed."
        ) in closed
        assert "Altogether: 2 working days from the day it was raised, Monday 7 September 2026." in closed
        assert "- Rosalind visits K: by Friday 11 September 2026" in closed
        assert "reported by Desmond Oakes (Larkfield Primary School), 10am on Wednesday 9 September 2026" in closed
        assert story.dispute().actions[0].by == date(2026, 9, 11)
        assert len(story.mailbox.messages(("Disputes", "NS-26-0001"))) == 5, "three emails and two summaries"


def test_whoever_was_named_in_error_is_taken_out_after_the_end(tmp_path: Path) -> None:
    """G5: the office and their own manager may; nobody is asked who acts instead, and what is asked later is asked of
    those who are left."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("14 September 2026", "15 September 2026"))
        story.mail("peake", f"REMOVE {story.address['oakes']}", "2026-09-07 15:30", subject=REF)
        story.expect(("refused", "peake"))
        story.mail("bm", f"REMOVE {story.first} {story.address['peake']}", "2026-09-07 16:00", subject="Lines")
        story.expect(("noted", "bm"), ("transcript", "bm"))
        story.mail("oakes", f"REMOVE {story.address['hartwell']}", "2026-09-07 16:10", subject=REF)
        story.expect(("noted", "oakes"))
        assert not [p for p in story.dispute().parties if p.person.name in ("Rosalind Peake", "Imogen Hartwell")]
        story.until("2026-10-06 12:00")
        written_to = {letter.to for letter in story.letters() if letter.letter != "digest"}
        assert written_to == {"oakes", "fenn"}
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_it_is_asked_twice_however_far_off_the_date_is(tmp_path: Path) -> None:
    """NS-27: the second question comes ten working days after the first, and silence to one ends nothing."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("4 November 2026", "5 November 2026"))
        story.until("2026-12-24 12:00")
        asked = [letter for letter in story.letters() if letter.letter == "did_it_happen"]
        assert [letter.to for letter in asked] == ["hartwell", "hartwell"]
        days = [past.at.date() for past in story.dispute().history if isinstance(past, OutcomeAsked)]
        assert days == [date(2026, 11, 5), date(2026, 11, 19)]


@pytest.mark.parametrize(
    "words", ["DISAGREE this does not help K", "DISAGREE it is not settled", "REOPEN this is no help"]
)
def test_a_reason_on_the_same_line_takes_nothing_back(tmp_path: Path, words: str) -> None:
    """G12: the raiser may always say no, and is not asked first whether she means it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("14 September 2026", "15 September 2026"))
        story.mail("hartwell", words, "2026-09-08 09:00", subject=REF)
        assert {letter.letter for letter in story.letters()} == {"reopened"}
        assert story.dispute().is_open


@pytest.mark.parametrize("words", ["RESOLVED?", "ESCALATE?", "NEEDED BY soon", "HANDOVER TO somebody"])
def test_a_question_about_a_closed_dispute_offers_nothing_that_it_refuses(tmp_path: Path, words: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        end_at_stage_2(story, "2026-09-07", AGREED.format("14 September 2026", "15 September 2026"))
        story.mail("hartwell", words, "2026-09-08 09:00", subject=REF)
        (asked,) = story.expect(("question", "hartwell"))
        offered = [line.split(",")[0].split(" (")[0] for line in asked.text.split("\n") if line.startswith("- ")]
        assert [word for word in offered if word.isupper() or "NOTE" in word] == ["- REOPEN", "- NOTE"]


def test_what_was_told_after_the_end_is_taken_back_by_wrong(tmp_path: Path) -> None:
    """H11: a DONE by mistake ends no asking."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.mail("fenn", "RESOLVED\nTobias Fenn will visit K by 11 September 2026.", "2026-09-07 12:00", subject=REF)
        story.mail("hartwell", "CONFIRM", "2026-09-07 13:00", subject=REF)
        story.mail("fenn", "DONE visit K", "2026-09-11 14:30", subject=REF)
        assert [one.done for one in story.dispute().actions] == [True]
        story.letters()
        story.mail("fenn", "WRONG", "2026-09-11 14:40", subject=REF)
        assert "refused" not in {one.letter for one in story.letters()}
        assert (story.dispute().state, [one.done for one in story.dispute().actions]) == ("closed", [False])
        story.mail("fenn", "WRONG", "2026-09-11 14:50", subject=REF)
        assert {one.letter for one in story.letters()} == {"refused"}
        assert story.dispute().state == "closed", "what came before the end is as fixed as ever"
