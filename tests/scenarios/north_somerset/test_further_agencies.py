"""One more agency comes into an open dispute: by the side that raised it or the office, and nobody else's word."""

from pathlib import Path

import pytest

from mailbot.core.record.dispute import Dispute
from tests.people import CSC, NHS, SCHOOL
from tests.scenarios.north_somerset.test_several_agencies import raise_with_both
from tests.scenarios.north_somerset.test_to_the_end import RAISED, at_stage_2, opened, raise_it
from tests.story import Sent, Story

REF = "[NS-26-0001] K.W."
ALL_THREE = "Agencies: Larkfield Primary School / Children's Social Care / Westmere NHS Trust"
REED = "Octavian Reed, octavian.reed@westmere-nhs.example"
VANCE = "Sidonie Vance, sidonie.vance@westmere-nhs.example"


def say(story: Story, who: str, words: str, when: str) -> dict[str, list[Sent]]:
    story.mail(who, words, when, subject=REF)
    sent = story.letters()
    return {one.to: [other for other in sent if other.to == one.to] for one in sent}


def text(letters: list[Sent]) -> str:
    return " ".join(" ".join(one.text.split()) for one in letters)


def holders(dispute: Dispute, role: str) -> set[str]:
    return {p.person.name for p in dispute.parties if p.role == role}


@pytest.mark.parametrize(
    "words",
    [
        f"CORRECT {ALL_THREE}\nYour practitioner: {REED}",
        f"{ALL_THREE}\nYour practitioner: {REED}",
        f"Also with: health\nYour practitioner: {REED}",
        f"ADD {REED} as practitioner",
    ],
)
def test_the_raiser_brings_in_another_agency_and_its_worker_has_it(tmp_path: Path, words: str) -> None:
    """PL "agency/agencies as appropriate": it is asked like the first, and everybody the stage is with knows."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", words, "2026-09-07 11:00")
        assert story.dispute().receiving == (CSC, NHS)
        assert holders(story.dispute(), "responder") == {"Tobias Fenn", "Octavian Reed"}
        assert [one.subject for one in sent["reed"]] == ["[NS-26-0001] Your turn by Tue 8 Sep 5pm (Stage 1)"]
        assert f"it is with {NHS} too, and they must agree" in text(sent["fenn"])
        assert story.limit() == "Tue 08 Sep 17:00"


def test_it_closes_only_when_the_agency_that_came_later_agrees_too(tmp_path: Path) -> None:
    """NS-07 "agreed by all parties involved": what the first had confirmed stays said."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "fenn", "RESOLVED\nTobias visits K by 11 September 2026.", "2026-09-07 10:30")
        sent = say(story, "hartwell", f"ADD {REED} as practitioner", "2026-09-07 11:00")
        assert "CONFIRM" in text(sent["reed"])
        say(story, "hartwell", "CONFIRM", "2026-09-07 12:00")
        assert story.dispute().state == "proposed"
        assert [voice.agency for voice in story.dispute().unconfirmed()] == [NHS]
        say(story, "reed", "CONFIRM", "2026-09-07 13:00")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_with_nobody_named_the_raiser_is_asked_who_it_is_and_the_office_knows(tmp_path: Path) -> None:
    """NS-08: an agency of which nobody is known is told nothing, and whoever can name somebody is asked."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", f"CORRECT {ALL_THREE}", "2026-09-07 11:00")
        assert f"we still need the name and email of somebody at {NHS}" in text(sent["hartwell"])
        story.until("2026-09-07 14:30")
        assert not story.letters()
        story.until("2026-09-07 15:30")
        assert "A name is missing: somebody cannot be told." in text([one for one in story.letters() if one.to == "bm"])
        sent_later = say(story, "hartwell", f"Your practitioner: {REED}", "2026-09-07 16:00")
        assert "Your turn by Tue 8 Sep 5pm" in sent_later["reed"][0].subject


def test_at_the_managers_stage_its_manager_comes_from_the_directory(tmp_path: Path) -> None:
    """NS-12: "within and between each agency": the line manager whom the directory has for it is in it at once."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        sent = say(story, "oakes", f"ADD {REED} as practitioner", "2026-09-09 10:00")
        assert holders(story.dispute(), "responding_manager") == {"Rosalind Peake", "Sidonie Vance"}
        assert "Your turn by Thu 10 Sep 5pm (Stage 2)" in sent["vance"][0].subject
        assert "For information" in text(sent["reed"])


def test_the_office_brings_it_in_by_a_line_of_its_own(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("bm", f"ADD NS-26-0001 {REED} as receiving practitioner", "2026-09-07 11:00", subject="RE: digest")
        assert "reed" in {one.to for one in story.letters()}
        assert story.dispute().receiving == (CSC, NHS)


def test_the_office_hears_with_its_line_that_somebody_of_another_agency_only_supports(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("bm", f"ADD NS-26-0001 {REED}", "2026-09-07 11:00", subject="RE: digest")
        answer = text([one for one in story.letters() if one.letter == "transcript"])
        assert "Octavian Reed is recorded in NS-26-0001." in answer
        assert f"If the disagreement is with {NHS} too" in answer
        assert holders(story.dispute(), "supporter") == {"Octavian Reed"}


def test_the_side_that_was_asked_brings_in_nobody_and_the_raiser_is_asked(tmp_path: Path) -> None:
    """H9: which agencies it is between is the raising side's or the office's to say."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for words in (f"CORRECT {ALL_THREE}", f"ADD {REED} as practitioner"):
            sent = say(story, "fenn", words, f"2026-09-07 {12 if words.startswith('ADD') else 11}:00")
            assert story.dispute().receiving == CSC
            assert {"hartwell", "fenn"} == set(sent)
            assert sent["hartwell"][0].letter == "question"


def test_whoever_says_the_same_agencies_again_changes_and_asks_nothing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "fenn", "Agencies: Larkfield Primary School / Children's Social Care", "2026-09-07 11:00")
        assert story.dispute().receiving == CSC
        assert not any(one.letter == "question" for one in story.letters())


def test_a_supporter_stays_one_until_the_raiser_says_that_it_is_with_them(tmp_path: Path) -> None:
    """G12: brought in without a role they support; the line that the question prints makes their agency one that is
    asked, and them its practitioner."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", f"ADD {REED}", "2026-09-07 11:00")
        line = f"CORRECT Agencies: {SCHOOL} / {CSC} / {NHS}"
        assert f"reply {line}." in text(sent["hartwell"])
        assert (story.dispute().receiving, holders(story.dispute(), "supporter")) == (CSC, {"Octavian Reed"})
        say(story, "hartwell", line, "2026-09-07 12:00")
        assert (story.dispute().receiving, holders(story.dispute(), "supporter")) == ((CSC, NHS), set())
        assert holders(story.dispute(), "responder") == {"Tobias Fenn", "Octavian Reed"}


def test_a_line_that_leaves_one_out_is_asked_about(tmp_path: Path) -> None:
    """Beside it, or in its place: that is for whoever raised it to say, and nothing is changed before."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", f"CORRECT Agencies: Larkfield Primary School / {NHS}", "2026-09-07 11:00")
        assert story.dispute().receiving == CSC
        assert f"Is this with {NHS} as well as {CSC}?" in text(sent["hartwell"])
        assert f"reply CORRECT Agencies: {SCHOOL} / {CSC} / {NHS}." in text(sent["hartwell"])


def test_an_agency_that_no_directory_has_is_asked_about(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", "Also with: Harbour Housing", "2026-09-07 11:00")
        assert story.dispute().receiving == CSC
        assert "Which agency is “Harbour Housing”?" in text(sent["hartwell"])


def test_the_raiser_takes_back_an_agency_that_was_brought_in_by_mistake(tmp_path: Path) -> None:
    """H11: WRONG takes back one's own message."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "hartwell", f"CORRECT {ALL_THREE}\nYour practitioner: {REED}", "2026-09-07 11:00")
        story.mail("hartwell", "WRONG", "2026-09-07 11:30", answers=sent["hartwell"][0])
        story.letters()
        assert (story.dispute().receiving, holders(story.dispute(), "responder")) == (CSC, {"Tobias Fenn"})


def test_an_opening_that_lists_an_agency_nobody_knows_opens_and_asks_which_it_is(tmp_path: Path) -> None:
    """NS-01: what is listed is never dropped in silence, whoever else the email is with."""
    body = RAISED.replace("/ Children's Social Care", "/ Children's Social Care / Harbour Housing")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn"])
        asked = text([one for one in story.letters() if one.letter == "question"])
        assert story.dispute().receiving == CSC
        assert "Which agency is “Harbour Housing”?" in asked


def test_the_people_of_an_agency_that_it_is_not_with_any_more_have_no_further_letter(tmp_path: Path) -> None:
    """G5: corrected to another agency: its line manager has the second stage, and nobody of the first one does."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "CORRECT Receiving agency: health", "2026-09-07 11:00")
        assert story.dispute().receiving == NHS
        story.until("2026-09-08 18:00")
        later = {one.to for one in story.letters()}
        assert not later & {"fenn", "peake", "stroud"}
        assert {"hartwell", "oakes", "vance", "bm"} <= later


def test_a_name_that_is_put_right_leaves_the_people_where_they_are(tmp_path: Path) -> None:
    """The same agency by another name of the directory's is no other agency."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "CORRECT Receiving agency: CSC", "2026-09-07 11:00")
        assert (story.dispute().receiving, holders(story.dispute(), "responder")) == (CSC, {"Tobias Fenn"})


def test_a_line_manager_refers_where_no_senior_manager_of_theirs_is_known(tmp_path: Path) -> None:
    """NS-23: the raising side's third stage has nobody: whom it was last with may take it on."""
    body = RAISED.replace("Senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example\n", "", 1)
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, "ESCALATE\nWhat remains unresolved: whether K is seen.", when)
        say(story, "peake", "ESCALATE\nWhat remains unresolved: the threshold.", "2026-09-09 09:30")
        assert story.dispute().stage == "3"
        say(story, "oakes", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-09 10:00")
        assert story.dispute().stage == "4"


def send(story: Story, who: str, words: str, when: str) -> None:
    story.mail(who, words, when, subject=REF)


def test_the_word_of_an_agency_that_it_was_never_with_is_not_the_right_ones(tmp_path: Path) -> None:
    """NS-27: what the council's practitioner reported binds no trust; B2.6: silence is never agreement."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.letters()
        send(story, "fenn", "RESOLVED\nTobias Fenn visits K by 15 September 2026.", "2026-09-07 11:00")
        story.letters()
        send(story, "hartwell", "CORRECT Receiving agency: Westmere NHS Trust", "2026-09-07 12:00")
        told = {letter.to: letter for letter in story.letters()}
        assert f"{CSC} is in it no longer" in told["fenn"].text
        assert "stroud" not in told, "she is only named for Stage 3, and was never told of it"
        assert (story.dispute().state, story.dispute().receiving, story.dispute().proposal) == ("open", NHS, None)
        send(story, "hartwell", "CONFIRM", "2026-09-07 13:00")
        story.expect(("question", "hartwell"))
        assert story.dispute().state == "open"


def test_a_line_without_correct_takes_it_from_one_agency_to_another_as_well(tmp_path: Path) -> None:
    """NS-27: and WRONG gives the first one its word again."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        send(story, "fenn", "RESOLVED\nTobias Fenn visits K by 15 September 2026.", "2026-09-07 11:00")
        send(story, "hartwell", "Receiving agency: Westmere NHS Trust", "2026-09-07 12:00")
        assert {"fenn", "hartwell", "bm"} <= {letter.to for letter in story.letters() if letter.letter == "noted"}
        assert (story.dispute().state, story.dispute().filling("responder")) == ("open", ())
        send(story, "hartwell", "WRONG", "2026-09-07 12:10")
        assert {letter.to for letter in story.letters()} == {"hartwell", "fenn", "bm"}
        assert (story.dispute().state, story.dispute().receiving) == ("proposed", CSC)


def test_one_of_several_agencies_that_is_replaced_takes_its_yes_with_it(tmp_path: Path) -> None:
    """NS-07: "agreed by all parties involved": those that are in it now."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        send(story, "hartwell", "RESOLVED\nOctavian Reed visits K by 15 September 2026.", "2026-09-07 11:00")
        send(story, "fenn", "CONFIRM", "2026-09-07 12:00")
        send(story, "hartwell", "CORRECT Receiving agency: Seamoor Police", "2026-09-07 13:00")
        story.letters()
        send(story, "reed", "CONFIRM", "2026-09-07 14:00")
        told = story.expect(("proposed_told", "reed"), ("proposed_told", "hartwell"))
        assert "Still to confirm: Seamoor Police." in " ".join(told[0].text.split())
        assert story.dispute().state == "proposed"


def test_what_an_agency_reported_falls_with_it_though_its_reporter_has_handed_over(tmp_path: Path) -> None:
    """NS-03 NS-07: the word is the agency's, whoever has its place by now."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        send(story, "reed", "RESOLVED\nOctavian Reed visits K by 15 September 2026.", "2026-09-07 11:00")
        send(story, "reed", "HANDOVER TO Petra Lowe, petra.lowe@westmere-nhs.example", "2026-09-07 12:00")
        story.letters()
        send(story, "fenn", "CONFIRM", "2026-09-07 12:30")
        assert {letter.to for letter in story.letters()} == {"fenn", "petra.lowe@westmere-nhs.example"}
        send(story, "hartwell", f"CORRECT Agencies: {SCHOOL} / {CSC}", "2026-09-07 13:00")
        assert "reed" not in {letter.to for letter in story.letters()}
        assert (story.dispute().state, story.dispute().proposal) == ("open", None)
