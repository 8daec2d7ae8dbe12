"""Who is not there: a manager nobody knows, a raiser who has left, a manager away before it is their turn, and the
deputy whom the directory names. Somebody of each side is always asked, by name; and no letter says so of anybody else.

Each of the five procedures gives it to people: "the worker should contact their manager" (GL 2.2a), "refer to line
manager" (SU step 2), "contact their supervisor or manager" (PL stage three), "each practitioner's line manager" (NS
stage 2), "their respective manager" (WO stage 2). What none of them says is what happens where there is nobody.
"""

from pathlib import Path

import pytest

from tests.people import CSC, DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.test_in_the_other_four import PLACES, UNRESOLVED, Place, begun
from tests.story import Sent, Story

NORTH_SOMERSET = Place("north-somerset", DIRECTORY, {}, RAISED, "[ESCALATION] Stage 1", "fenn", "bm", CSC)
FIVE = (NORTH_SOMERSET, *PLACES)
five = pytest.mark.parametrize("place", FIVE, ids=[place.file for place in FIVE])
asking = pytest.mark.parametrize("place", PLACES[:3], ids=[place.file for place in PLACES[:3]])  # no move by itself
AUTOMATIC = [("Auto-Submitted", "auto-replied")]
THEIR_MANAGER = {"sunderland": "arden"}
AWAY, LEFT = "I am on annual leave until Monday 21 September 2026.", "I have left Larkfield Primary School."


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def without_managers(place: Place) -> str:
    mine = ("My ", "Line manager:", "Senior manager:")
    return "\n".join(line for line in place.raised.split("\n") if not line.startswith(mine))


def raise_it(story: Story, place: Place, body: str = "") -> None:
    story.mail("hartwell", body or place.raised, "2026-09-07 10:12", subject=f"{place.subject} - K.W.", to=[place.to])
    consulted = [("opened", "slade")] if place.file == "sunderland" else []
    story.expect(("opened", "hartwell"), ("opened", place.to), *consulted)


def automatic(story: Story, by: str, words: str, when: str) -> None:
    story.mail(by, words, when, subject=f"Automatic reply: [{story.first}] K.W.", headers=AUTOMATIC)


def say(story: Story, by: str, words: str, when: str) -> None:
    story.mail(by, words, when, subject=f"[{story.first}] K.W.")


# Nobody knows who


@asking
def test_where_no_manager_is_known_whoever_raised_it_is_asked_and_asked_again(tmp_path: Path, place: Place) -> None:
    """GL-08 PL-10 SU-04: at the limit of the managers' stage, and by the ladder after it: never "asked" of nobody."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, without_managers(place))
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00")
        theirs = THEIR_MANAGER.get(place.file, "peake")
        moved = [one for one in story.letters() if one.to == "hartwell"]
        assert "Please send what is still needed" in flat(moved[0])
        story.until("2026-09-16 09:00")
        reminder = next(one for one in story.letters() if (one.letter, one.to) == ("reminder", "hartwell"))
        assert "of Larkfield Primary School is known here." in flat(reminder)
        story.until("2026-09-16 17:00")
        above = {"plymouth": "stroud", "gloucestershire": "stroud", "sunderland": "quill"}[place.file]
        sent = story.expect(
            ("limit_passed", "hartwell"),
            ("limit_passed", theirs),
            ("limit_passed", above),
            ("limit_passed", place.office),
        )
        assert "Your turn now, Imogen" in flat(sent[0])
        assert "You are asked because no " in flat(sent[0])
        for informed in sent[1:]:
            assert "It is now for Imogen Hartwell (Larkfield Primary School) to say whether it is to go" in flat(
                informed
            )
        story.until("2026-09-17 09:00")
        again = story.expect(("limit_passed", "hartwell"))[0]
        assert "Asked on Wed 16 Sep." in flat(again)


@asking
def test_the_office_reads_in_its_digest_that_nobody_is_known(tmp_path: Path, place: Place) -> None:
    """GL-24 PL-18 SU-08: the office may know who it is."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, without_managers(place))
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-09 10:00")
        story.letters()
        story.until("2026-09-14 09:00")
        digest = next(one for one in story.letters() if one.letter == "digest")
        assert "1 needs you" in digest.subject
        assert "(Larkfield Primary School): nobody is known. If you know who it is, reply ADD " in flat(digest)


@five
def test_whoever_is_named_in_answer_has_the_stage_from_then_on(tmp_path: Path, place: Place) -> None:
    """NS-12 PL-10 GL-08 SU-04 WO-10."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, without_managers(place))
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        story.letters()
        say(story, "hartwell", "My line manager: Desmond Oakes, head@larkfield.sch.example", "2026-09-08 11:00")
        sent = story.expect(("stage_entered", "oakes"))[0]
        assert "Your turn, Desmond: by 5pm on " in flat(sent)


def test_who_is_named_for_a_later_stage_is_asked_nothing_before_it(tmp_path: Path) -> None:
    """NS-08: names are exchanged; nobody of the other agency is known yet, and their managers are not written to."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        story.mail(
            "hartwell", RAISED.replace("Dear Tobias,", "Hello,"), "2026-09-07 10:12", subject="[ESCALATION] K.W."
        )
        story.expect(("opened", "hartwell"))
        story.until("2026-09-08 09:30")
        assert not {"peake", "stroud"} & {one.to for one in story.letters()}


# Whoever raised it has left


@five
def test_whoever_has_left_is_asked_nothing_more_and_their_manager_is(tmp_path: Path, place: Place) -> None:
    """NS-03 PL-16 GL-30 SU-08 WO-03: the clock runs on, and it is for somebody who is there."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        automatic(story, "hartwell", LEFT, "2026-09-07 12:00")
        sent = story.expect(("absence", "oakes"), ("absence", place.office), ("absence", place.to))
        assert "Imogen Hartwell has left. Who has this now?" in flat(sent[0])
        assert "Asked who has it now: Desmond Oakes (Larkfield Primary School)." in flat(sent[1])
        assert "Who has this now?" not in flat(sent[2])
        story.until("2026-09-18 12:00")
        later = story.letters()
        assert "hartwell" not in {one.to for one in later}
        assert not any("Imogen Hartwell (Larkfield Primary School) to say" in flat(one) for one in later)
        assert any(one.to == "oakes" and "Your turn" in flat(one) for one in later)


@five
def test_their_colleague_takes_it_over_by_answering(tmp_path: Path, place: Place) -> None:
    """NS-03: "ensure this is handed over to an appropriate colleague": it is the place of whoever left, and not of
    whoever answers."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        automatic(story, "hartwell", LEFT, "2026-09-07 12:00")
        asked = next(one for one in story.letters() if one.to == "oakes")
        assert "They take the place of Imogen Hartwell here. The clock does not stop." in flat(asked)
        assert "mailto:" not in asked.html, "a mail of its own could not say whose place it is"
        words = "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example"
        story.mail("oakes", words, "2026-09-07 13:00", answers=asked)
        story.expect(("handed_over", "marlow"), ("handed_over", "oakes"), ("handed_over", place.to))
        who = {party.role: party.person.name for party in story.dispute().parties}
        assert (who["raiser"], who["raising_manager"]) == ("Cassius Marlow", "Desmond Oakes")


def test_an_out_of_office_that_says_the_office_was_left_is_nobodys_leaving(tmp_path: Path) -> None:
    """NS-03: "I have left the office" is said at five o'clock."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        automatic(
            story, "hartwell", "I have left the office for today and am back on 8 September 2026.", "2026-09-07 12:00"
        )
        story.expect()
        story.until("2026-09-08 09:00")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))


def test_whoever_writes_after_all_is_asked_again(tmp_path: Path) -> None:
    """NS-03: an automatic reply takes nothing from anybody."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        automatic(story, "hartwell", LEFT, "2026-09-07 12:00")
        story.letters()
        say(story, "hartwell", "Tobias, I am back for two days and have rung you.", "2026-09-07 14:00")
        story.letters()
        story.until("2026-09-08 09:00")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))


# A manager away before it is their turn


@five
def test_a_manager_away_before_their_turn_is_told_to_their_own_side(tmp_path: Path, place: Place) -> None:
    """NS-08 PL-10 GL-08 SU-04 WO-10: never to the other agency, and never to themselves."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        automatic(story, "oakes", AWAY, "2026-09-07 12:00")
        sent = story.expect(("absence", "hartwell"), ("absence", place.office))
        assert "Desmond Oakes is away until Mon 21 Sep. Who has this now?" in flat(sent[0])
        assert "It comes to them at " in flat(sent[0])
        assert "Asked who has it now: Imogen Hartwell (Larkfield Primary School)." in flat(sent[1])


@five
def test_when_their_turn_comes_the_letters_say_that_they_are_away(tmp_path: Path, place: Place) -> None:
    """The same clauses: whoever comes before them is asked who has it, and whoever waits for them knows why."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        automatic(story, "oakes", AWAY, "2026-09-07 12:00")
        story.letters()
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        sent = {one.to: flat(one) for one in story.letters() if one.letter in ("summary", "stage_entered")}
        assert "Desmond Oakes (Larkfield Primary School) is away: we need the name and email of who" in sent["hartwell"]
        assert "Please send what is still needed." in sent["hartwell"]
        said = "Desmond Oakes (Larkfield Primary School) is away until Mon 21 Sep, by an automatic reply."
        assert said in sent[THEIR_MANAGER.get(place.file, "peake")]
        assert said not in sent["oakes"]
        say(story, "hartwell", "My line manager: Cassius Marlow, c.marlow@tarn-trust.example", "2026-09-08 11:00")
        story.expect(("stage_entered", "marlow"))
        there = {party.person.name for party in story.dispute().parties if party.role == "raising_manager"}
        assert there == {"Desmond Oakes", "Cassius Marlow"}


def test_an_absence_that_ends_before_their_turn_is_told_to_nobody(tmp_path: Path) -> None:
    """GL-08: a day off is nobody's business."""
    with begun(tmp_path, PLACES[1], "2026-09-07 09:00") as story:
        raise_it(story, PLACES[1])
        automatic(story, "oakes", "I am on leave until 9 September 2026.", "2026-09-07 12:00")
        story.expect()
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-10 10:00")
        assert not any("is away" in flat(one) for one in story.letters())


def test_one_that_lasts_into_their_turn_is_told_when_it_begins(tmp_path: Path) -> None:
    """WO-10: two working days, of which the manager is away for both: it was nobody's business before."""
    place = PLACES[3]
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        automatic(story, "oakes", "I am on leave until 10 September 2026.", "2026-09-07 12:00")
        story.expect()
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 14:00")
        sent = {one.to: flat(one) for one in story.letters()}
        assert story.limit() == "Wed 09 Sep 17:00"
        assert "Desmond Oakes (Larkfield Primary School) is away: we need the name" in sent["hartwell"]


# The deputy whom the directory names


def at_stage_2_with_peake_away(story: Story) -> None:
    raise_it(story, NORTH_SOMERSET)
    automatic(story, "peake", AWAY, "2026-09-07 11:00")
    story.expect(("absence", "fenn"), ("absence", "bm"))
    say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 15:00")


def test_a_deputy_is_asked_beside_whoever_is_away_as_the_stage_begins(tmp_path: Path) -> None:
    """NS-12: the directory's deputy of the line manager acts in the same role, and the letter says why."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        at_stage_2_with_peake_away(story)
        sent = {one.to: flat(one) for one in story.letters() if one.letter == "stage_entered"}
        assert set(sent) == {"oakes", "peake", "garth"}
        assert (
            "You are asked because Rosalind Peake (Seamoor Council Children's Social Care) is away until Mon 21 Sep, "
            "and you stand in for them." in sent["garth"]
        )
        assert (
            "Edmund Garth (Seamoor Council Children's Social Care) stands in for them, by the directory."
            in (sent["oakes"])
        )


def test_the_deputys_confirm_closes_it_though_it_is_a_mail_of_its_own(tmp_path: Path) -> None:
    """NS-13: "communicated to all parties in writing": it names who confirmed."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        at_stage_2_with_peake_away(story)
        story.letters()
        agreed = "RESOLVED\nTobias visits K by 11 September 2026.\nOutstanding issues: none."
        say(story, "oakes", agreed, "2026-09-08 10:00")
        story.expect(("proposed", "peake"), ("proposed", "garth"))
        say(story, "garth", "CONFIRM", "2026-09-08 11:00")
        sent = {one.to: flat(one) for one in story.letters() if one.letter == "closed"}
        assert story.dispute().state == "closed"
        assert "confirmed by Edmund Garth (Seamoor Council Children's Social Care), 11am on Tuesday 8" in sent["oakes"]
        assert {"hartwell", "fenn", "oakes", "peake", "garth"} <= set(sent)


def test_no_deputy_is_called_in_for_whoever_is_back(tmp_path: Path) -> None:
    """NS-12."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        automatic(story, "peake", "I am on leave until 8 September 2026.", "2026-09-07 11:00")
        story.letters()
        say(story, "fenn", "Imogen, I will ring you this afternoon.", "2026-09-08 09:00")
        say(story, "peake", "I am back a day early; please copy me in.", "2026-09-08 09:30")
        story.letters()
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        assert "garth" not in {one.to for one in story.letters()}


# Nobody left, everybody away


@asking
def test_where_nobody_is_left_on_the_raising_side_the_office_is_asked(tmp_path: Path, place: Place) -> None:
    """GL-24 PL-18 SU-08: whoever raised it has left, and nobody else of theirs was ever named."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, without_managers(place))
        automatic(story, "hartwell", LEFT, "2026-09-07 12:00")
        sent = story.expect(("absence", place.office), ("absence", place.to))
        assert "Who has this now?" in flat(sent[0])
        story.until("2026-09-14 17:00")
        asked = [one for one in story.letters() if (one.letter, one.to) == ("limit_passed", place.office)]
        assert "Your turn now" in flat(asked[0])
        assert "- ESCALATE, then what remains unresolved." in flat(asked[0])
        say(story, place.office, f"ESCALATE\n{UNRESOLVED}", "2026-09-15 10:00")
        story.letters()
        assert story.dispute().stage == ("3" if place.file == "plymouth" else "2")


@asking
def test_at_the_limit_of_a_manager_who_is_away_whoever_raised_it_is_asked_too(tmp_path: Path, place: Place) -> None:
    """GL-08 PL-10 SU-04: and may move it on."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        story.letters()
        automatic(story, "oakes", "I am away until 30 September 2026.", "2026-09-08 10:05")
        story.letters()
        story.until("2026-09-15 17:00")
        asked = next(one for one in story.letters() if (one.letter, one.to) == ("limit_passed", "hartwell"))
        why = "You are asked because Desmond Oakes (Larkfield Primary School) is away until Wed 30 Sep."
        assert why in flat(asked)
        assert "- ESCALATE, then what remains unresolved." in flat(asked)


def test_where_whoever_was_asked_first_has_left_their_manager_confirms_and_has_the_end(tmp_path: Path) -> None:
    """NS-07 NS-10: nothing waits for somebody who is not there; whose word it was sees what became of it."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        automatic(story, "fenn", "I have left Seamoor Council.", "2026-09-07 12:00")
        story.expect(("absence", "peake"), ("absence", "bm"), ("absence", "hartwell"))
        say(
            story,
            "hartwell",
            "RESOLVED\nK is seen at home by 18 September 2026.\nOutstanding issues: none.",
            "2026-09-07 14:00",
        )
        story.expect(("proposed", "peake"))
        say(story, "peake", "CONFIRM", "2026-09-07 15:00")
        story.expect(("closed", "hartwell"), ("closed", "peake"), ("closed", "oakes"))


def test_a_manager_on_leave_hands_over_nothing_of_whoever_says_so(tmp_path: Path) -> None:
    """NS-03: "My manager is on leave; write to Edmund Garth" is said of the manager's part."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        words = "My manager is on leave; please write to Edmund Garth, edmund.garth@seamoor.example, instead."
        say(story, "fenn", words, "2026-09-07 13:00")
        story.expect(("question", "fenn"))
        assert {p.person.name for p in story.dispute().parties if p.role == "responder"} == {"Tobias Fenn"}


def test_whoever_has_left_has_left_every_dispute(tmp_path: Path) -> None:
    """NS-03: a mail server tells it once, in answer to one letter; no other dispute waits for them either."""
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        other = RAISED.replace("K.W. (Year 3)", "A.B. (Year 5)")
        story.mail("hartwell", other, "2026-09-07 11:00", subject="[ESCALATION] A.B.", to=["fenn"])
        story.letters()
        automatic(story, "hartwell", LEFT, "2026-09-07 12:00")
        sent = story.expect(*[("absence", who) for who in ("oakes", "fenn", "bm") for _ in range(2)])
        assert {one.subject[1:11] for one in sent} == {"NS-26-0001", "NS-26-0002"}


# Who hears after the end, once whoever raised it has left


@five
def test_after_the_end_the_next_above_whoever_left_is_asked_and_may_say_that_it_did_not_happen(
    tmp_path: Path, place: Place
) -> None:
    """NS-27 "how any outstanding issues will be followed up": by their line manager, though nothing had come to them
    yet; and an automatic reply that answers no letter by its number is known by the reference in its subject."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        settled = "RESOLVED\nA visit to K by 14 September 2026.\nOutstanding issues: none. Learning: none."
        say(story, "hartwell", settled, "2026-09-07 12:00")
        say(story, place.to, "CONFIRM", "2026-09-07 13:00")
        story.until("2026-09-15 09:30")
        automatic(story, "hartwell", LEFT, "2026-09-15 09:40")
        story.letters()
        story.until("2026-09-24 12:00")
        assert [one.to for one in story.letters() if one.letter == "did_it_happen"] == ["oakes"]
        say(story, "oakes", "NOT HAPPENED\nNobody has visited K.", "2026-09-24 13:00")
        assert {("reopened", "oakes"), ("reopened", place.to)} <= {(one.letter, one.to) for one in story.letters()}
        assert story.dispute().state == "open"


# Who hands over in an email of its own


@five
@pytest.mark.parametrize(
    "words",
    [
        "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example",
        "I am on leave from tomorrow. Please send anything about the school's dispute to Edmund Garth, "
        "edmund.garth@seamoor.example.",
    ],
)
def test_a_handover_that_names_no_dispute_is_put_back_with_the_one_its_writer_is_in(
    tmp_path: Path, place: Place, words: str
) -> None:
    """NS-03 "handed over to an appropriate colleague": the question is where it is meant, and never whether they meant
    to disagree with somebody."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place)
        story.mail(place.to, words, "2026-09-07 12:00", subject="Annual leave")
        asked = story.expect(("question", place.to))[0]
        assert asked.subject.startswith(f"[{story.first}] ")
        assert f"filed in {story.first}, the one open dispute that you are in here" in flat(asked)
        assert "(it hands over to a colleague) was not done: to have it done there, reply with it here" in flat(asked)
        here = [p.person.name for p in story.dispute().parties if p.role == "responder"]
        assert "Edmund Garth" not in here
        story.mail(place.to, words, "2026-09-07 12:30", answers=asked)
        answered = {(one.letter, one.to) for one in story.letters()}
        elsewhere = place.theirs != CSC  # whose colleague he is not
        assert (("question", place.to) if elsewhere else ("handed_over", "garth")) in answered


def test_a_handover_by_somebody_in_two_disputes_is_asked_for_which(tmp_path: Path) -> None:
    with begun(tmp_path, NORTH_SOMERSET, "2026-09-07 09:00") as story:
        raise_it(story, NORTH_SOMERSET)
        other = RAISED.replace("K.W.", "A.B.")
        story.mail("hartwell", other, "2026-09-07 10:30", subject="[ESCALATION] A.B.", to=["fenn"])
        story.letters()
        words = "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example"
        story.mail("fenn", words, "2026-09-07 12:00", subject="Annual leave")
        asked = flat(story.expect(("question", "fenn"))[0])
        assert "you are in NS-26-0001, NS-26-0002" in asked
        assert "with that reference in the subject" in asked
        assert story.held() == ["it hands over to a colleague, and it does not say in which dispute"]
