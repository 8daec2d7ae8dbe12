"""Situations that none of the five texts describes, each told from the sentence that must hold in it all the same."""

from dataclasses import replace
from pathlib import Path

from tests.authority.test_stories import _moves_on
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.scenarios.gloucestershire.telling import gloucestershire
from tests.scenarios.north_somerset.test_several_agencies import THREE
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.story import Sent, Story

REF = "[NS-26-0001] K.W."
REMAINS = "What remains unresolved: whether K is seen."
AGREED = "RESOLVED\nTobias visits K by 11 September 2026."
BETWEEN_THREE = f"between {SCHOOL}, {CSC} and {NHS}"


def said(letter: Sent) -> str:
    return " ".join(letter.text.split())


def to(letters: list[Sent], who: str) -> str:
    return " ".join(said(letter) for letter in letters if letter.to == who)


def up(story: Story, ref: str, *steps: tuple[str, str]) -> None:
    """One stage a day, from Tuesday on: (who, by which word)."""
    for day, (who, word) in enumerate(steps, start=8):
        story.mail(who, f"{word}\n{REMAINS}", f"2026-09-{day:02} 10:00", subject=ref)


def in_sunderland(folder: Path) -> Story:
    return Story(folder, "2026-09-07 09:30", "sunderland", sunderland.OURS, people=sunderland.PEOPLE)


def in_wolverhampton(folder: Path) -> Story:
    return Story(folder, "2026-09-07 09:30", "wolverhampton", wolverhampton.OURS, people=wolverhampton.PEOPLE)


def test_three_agencies_go_to_the_partners_and_each_is_named_everywhere(tmp_path: Path) -> None:
    """NS-26 NS-30: "peers from the other agencies", "binding for all organisations": in letters, form, card, digest."""
    body = THREE.replace("Issue:", "Your senior manager: Aurelia Penn, aurelia.penn@westmere-nhs.example\nIssue:", 1)
    with Story(tmp_path, "2026-09-07 09:30", people={"penn": "aurelia.penn@westmere-nhs.example"}) as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn", "reed"])
        up(story, REF, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        partners = next(one for one in story.letters() if one.to == "dsps")
        assert f"not settled {BETWEEN_THREE}" in said(partners)
        assert "all the agencies are told" in said(partners)
        assert "Sidonie Vance, Named Nurse, Westmere NHS Trust, Stage 2" in said(partners)
        story.mail("dsps", "DECISION\nTobias visits K by 16 September 2026.", "2026-09-11 10:00", subject=REF)
        ended = story.letters()
        assert {"reed", "vance", "penn"} <= {one.to for one in ended}
        assert BETWEEN_THREE in to(ended, "penn")
        story.until("2026-09-14 09:00")
        digest = next(one for one in story.letters() if one.letter == "digest")
        assert f"{SCHOOL}, {CSC} and {NHS}" in said(digest)


def test_a_manager_whose_stage_is_over_is_told_what_is_still_theirs(tmp_path: Path) -> None:
    """WO-11: "must be referred in writing within 24 hours": by the line manager, whose own stage has just ended."""
    with in_wolverhampton(tmp_path) as story:
        wolverhampton.raise_it(story, "2026-09-07 10:12")
        up(story, "[WO-26-0001] K.W.", ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"))
        mine = next(one for one in story.letters() if one.to == "oakes" and "Summary" in one.subject)
        assert "Refer it in writing to the senior manager, or other designated professional, within 24 hours." in said(
            mine
        )
        assert "record; no reply is needed. Below is what the procedure asks of you" in said(mine)
        assert "at the latest. Copy this mailbox in" not in said(mine), "that email of theirs was it"


def test_whoever_must_refer_in_writing_after_a_move_by_the_limit_is_told_by_when(tmp_path: Path) -> None:
    """WO-11, of a line manager who wrote nothing: the referral has a time of its own; a copy puts it on the record."""
    with in_wolverhampton(tmp_path) as story:
        wolverhampton.raise_it(story, "2026-09-07 10:12")
        up(story, "[WO-26-0001] K.W.", ("hartwell", "ESCALATE"))
        story.until("2026-09-10 17:30")
        mine = [one for one in story.letters() if one.to == "oakes" and "Summary" in one.subject][-1]
        due = "Refer in writing to the senior manager: by 5pm on Friday 11 September at the latest."
        assert f"{due} Copy this mailbox in" in said(mine)
        assert "record; below is what the procedure asks of you" in said(mine)
        words = "Beatrix, the two of us could not agree on K.W.: over to you."
        story.mail("oakes", words, "2026-09-11 10:00", subject="[WO-26-0001] K.W.", to=["lyle"])
        story.until("2026-09-11 17:30")
        assert ("limit_passed", "oakes") not in [(one.letter, one.to) for one in story.letters()]


def test_the_practitioner_is_told_whom_to_turn_to_as_it_goes_to_managers(tmp_path: Path) -> None:
    """PL-05: "the concerned practitioner should contact their supervisor or manager within their own agency"."""
    with plymouth.plymouth(tmp_path) as story:
        plymouth.opened(story)
        up(story, "[PL-26-0001] K.W.", ("hartwell", "ESCALATE"))
        sent = story.letters()
        assert "Contact your own supervisor or manager" in to(sent, "hartwell")
        assert "Contact your own supervisor or manager" not in to(sent, "fenn")


def test_a_review_that_does_not_support_the_concern_is_offered_its_own_word(tmp_path: Path) -> None:
    """SU-05: "should review the concern to ensure it is justified", told in a sentence; nobody can know the word."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        up(story, "[SU-26-0001] K.W.", ("hartwell", "ESCALATE"))
        story.letters()
        ref = "[SU-26-0001] K.W."
        story.mail(
            "oakes", "I have reviewed it and do not think that it is justified.", "2026-09-09 10:00", subject=ref
        )
        (asked,) = story.expect(("question", "oakes"))
        assert "reply NOT JUSTIFIED with the reasons" in said(asked)
        story.mail("oakes", "NOT JUSTIFIED\nThe plan has met its aims.", "2026-09-09 11:00", subject=ref)
        story.letters()
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "not-justified")


def test_the_referrer_on_the_proforma_is_who_referred_it(tmp_path: Path) -> None:
    """SU-15: "Name and designation of Referrer", "to be completed by the referrer": not whoever once raised it."""
    with in_sunderland(tmp_path) as story:
        sunderland.raise_it(story, "2026-09-07 10:12")
        up(story, "[SU-26-0001] K.W.", ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        office = to(story.letters(), "bm")
        assert "Name and designation of Referrer: Beatrix Lyle, Trust Director of Safeguarding" in office
        assert "Contact Details of Referrer: beatrix.lyle@tarn-trust.example" in office


def test_a_gap_seen_only_after_the_end_still_reaches_the_chair(tmp_path: Path) -> None:
    """WO-15: "if the process highlights gaps in policies", and a process that is over has highlighted them best."""
    with in_wolverhampton(tmp_path) as story:
        wolverhampton.raise_it(story, "2026-09-07 10:12")
        ref = "[WO-26-0001] K.W."
        story.mail("hartwell", AGREED, "2026-09-08 10:00", subject=ref)
        story.mail("fenn", "CONFIRM", "2026-09-08 12:00", subject=ref)
        story.letters()
        story.mail("fenn", "There is a gap in our policy: nobody says who reopens it.", "2026-09-09 12:00", subject=ref)
        assert {"bm", "chair"} <= {one.to for one in story.letters()}
        assert story.dispute().state == "closed", "and nothing is opened again by it"


def test_a_correction_is_said_back_with_its_label(tmp_path: Path) -> None:
    """NS-06: what is put right on a child's record is seen by whoever put it right."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", "CORRECT Impact on child: K is often asleep in class.", "2026-09-07 12:00", subject=REF)
        (noted,) = story.expect(("noted", "hartwell"))
        assert "Impact on the child: K is often asleep in class." in said(noted)


def test_when_the_raiser_has_left_her_manager_is_asked_whether_it_happened(tmp_path: Path) -> None:
    """NS-27: "the agency raising the issue remains responsible", whoever still works there."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        up(story, REF, ("hartwell", "ESCALATE"))
        left = tuple(
            replace(one, active=False) if one.person.address == ADDRESS["hartwell"] else one
            for one in DIRECTORY.officers
        )
        _moves_on(story, replace(DIRECTORY, officers=left))
        story.mail("peake", AGREED, "2026-09-08 12:00", subject=REF)
        story.mail("oakes", "CONFIRM", "2026-09-08 13:00", subject=REF)
        story.letters()
        story.until("2026-09-30 12:00")
        asked = [one for one in story.letters() if one.letter == "did_it_happen"]
        assert {one.to for one in asked} == {"oakes"}


def test_a_second_decision_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    """NS-26: "final and binding": two partners who write apart decide once, and the second hears how to go on."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        up(story, REF, ("hartwell", "ESCALATE"), ("oakes", "ESCALATE"), ("lyle", "REFER"))
        story.mail("dsps", "DECISION\nTobias visits K by 16 September 2026.", "2026-09-11 10:00", subject=REF)
        story.letters()
        decided = story.dispute().actions
        story.mail("dsps", "DECISION\nNo visit is needed.", "2026-09-11 11:00", subject=REF)
        (refused,) = story.expect(("refused", "dsps"))
        assert "is closed" in said(refused)
        assert "reply REOPEN" in said(refused)
        assert story.dispute().actions == decided


def test_one_person_named_for_both_sides_acts_for_their_own(tmp_path: Path) -> None:
    """NS-12: "each practitioner's line manager … within and between each agency": not the same person twice."""
    both = RAISED.replace("Rosalind Peake, rosalind.peake@seamoor.example", "Desmond Oakes, head@larkfield.sch.example")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", both, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        asked = to([one for one in story.letters() if one.letter == "question"], "hartwell")
        assert "is not of that side's own agency, so nobody was recorded" in asked
        assert [p.side for p in story.dispute().parties if p.person.address == ADDRESS["oakes"]] == ["raising"]


def test_what_supervision_settles_is_nobody_elses(tmp_path: Path) -> None:
    """PL-02: "seeking supervision within own agency" may end it: the other agency hears neither that it began nor that
    it ended, and the Business Unit no more."""
    with plymouth.plymouth(tmp_path) as story:
        subject = "Professional difference - Stage 1 - K.W."
        story.mail("hartwell", plymouth.SUPERVISED, "2026-09-07 10:12", subject=subject, to=["marlow"])
        rings = "RESOLVED\nImogen rings Tobias herself by 9 September 2026."
        story.mail("marlow", rings, "2026-09-07 15:00", subject="[PL-26-0001] K.W.")
        assert {one.to for one in story.letters()} == {"hartwell", "marlow"}
        assert story.dispute().state == "closed"
        story.until("2026-09-10 12:00")
        assert not {"fenn", "bu", "qas"} & {one.to for one in story.letters()}


def test_whoever_asks_how_it_goes_reads_what_is_asked_of_everybody(tmp_path: Path) -> None:
    """GL-23 GL-24: "high support and high challenge", "record the number of escalations": of no one role, at no one
    stage, and so in the letter that says how it goes."""
    with gloucestershire(tmp_path) as story:
        story.mail("hartwell", "HELP", "2026-09-07 10:12", subject="How does this work?")
        (guide,) = story.expect(("guide", "hartwell"))
        assert "high support and high challenge" in said(guide)
        assert "records the number of escalations from Stage 1 onwards" in said(guide)
