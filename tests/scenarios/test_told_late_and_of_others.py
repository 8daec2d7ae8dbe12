"""What is told late, of others, or in a sentence, under each of the five procedures: heard as it was meant, by whom it
concerns, and by nobody else."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.people import CSC, DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.test_in_the_other_four import PLACES, Place, begun, flat, raise_it
from tests.story import Sent, Story

NORTH_SOMERSET = Place("north-somerset", DIRECTORY, {}, RAISED, "[ESCALATION]", "fenn", "bm", CSC)
FIVE = (NORTH_SOMERSET, *PLACES)
five = pytest.mark.parametrize("place", FIVE, ids=[place.file for place in FIVE])
UNRESOLVED = "What remains unresolved: whether K is seen at home."
SETTLED = "A visit to K by 11 September 2026.\nOutstanding issues: none. Learning: talk sooner."


def say(story: Story, who: str, words: str, when: str) -> list[Sent]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return story.letters()


def whom(letters: list[Sent]) -> set[tuple[str, str]]:
    return {(one.letter, one.to) for one in letters}


def one_to(letters: list[Sent], who: str) -> str:
    (letter,) = [one for one in letters if one.to == who]
    return flat(letter)


# What is taken back gives a turn to whoever has one


@five
def test_what_one_agency_takes_back_is_its_own_turn_and_nobody_elses(tmp_path: Path, place: Place) -> None:
    """NS-07 "agreed by all parties": the agencies that have said so have nothing to do, and are told who has."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        say(story, "hartwell", f"RESOLVED\n{SETTLED}", "2026-09-07 11:00")
        say(story, "reed", "CONFIRM", "2026-09-07 12:00")
        taken_back = say(story, "reed", "WRONG", "2026-09-07 12:30")
        assert whom(taken_back) == {("undone", "hartwell"), ("undone", place.to), ("undone", "reed")}
        assert "For information, Imogen: nothing for you to do" in one_to(taken_back, "hartwell")
        waits = one_to(taken_back, "hartwell")
        assert "and Octavian Reed (Westmere NHS Trust) to confirm what was agreed" in waits
        assert "CONFIRM (yes, we agreed this)" in one_to(taken_back, "reed")
        assert "CONFIRM (yes, we agreed this)" in one_to(taken_back, place.to)


# Settled in time, and told late


@five
def test_what_practitioners_settled_before_it_moved_up_is_theirs_to_confirm(tmp_path: Path, place: Place) -> None:
    """NS-06 "This record must be shared and agreed by all parties involved": by those who were to agree it. Whoever
    was drawn in meanwhile is told that it waits, and how it ended."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12")
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        late = say(story, "hartwell", f"RESOLVED on 7 September 2026\n{SETTLED}", "2026-09-08 11:00")
        drawn_in = {one.to for one in late} - {place.to}
        assert ("proposed", place.to) in whom(late)
        assert "Is this what you agreed?" in one_to(late, place.to)
        assert ("proposed_told", "oakes") in whom(late)
        assert "(on Monday 7 September 2026)" in one_to(late, "oakes")
        closed = say(story, place.to, "CONFIRM", "2026-09-08 12:00")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")
        assert {one.to for one in closed} >= {"hartwell", place.to, *drawn_in}
        first = "Step 1" if place.file == "sunderland" else "Stage 2" if place.file == "plymouth" else "Stage 1"
        assert f"it was confirmed that it had been agreed at {first}" in one_to(closed, "hartwell")


def test_the_form_says_at_which_stage_it_was_settled(tmp_path: Path) -> None:
    """NS-36 "Stage at which resolved": the one at which it was, and not the one it was told at."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12")
        story.until("2026-09-09 09:00")
        story.letters()
        story.mail(
            "hartwell",
            f"RESOLVED on 8 September 2026\n{SETTLED}",
            "2026-09-09 09:30",
            subject=f"[{story.first}]",
        )
        story.expect(("proposed", "fenn"), ("proposed", "peake"), ("proposed_told", "oakes"))
        story.mail("fenn", "CONFIRM", "2026-09-09 10:00", subject=f"[{story.first}]")
        closed = story.expect(*[("closed", who) for who in ("hartwell", "fenn", "oakes", "peake", "bm")])
        assert "- Stage at which resolved: Stage 1" in closed[2].text
        assert "Stage at which resolved: Stage 2" not in closed[2].text
        form = flat(closed[2])
        assert "Head Teacher, Larkfield Primary School, Stage 2 from Tuesday 8 September 2026;" in form, (
            "Date and Stage"
        )
        assert "Trust Director of Safeguarding, Larkfield Primary School, Stage 3;" in form, "it never began"


def test_whoever_has_the_form_at_the_stage_it_came_to_hears_that_it_was_settled_before(tmp_path: Path) -> None:
    """NS Appendix 1 "submitted to the Business Manager upon resolution": who saw it go on to Stage 3 hears the end."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12")
        for who, when in (("hartwell", "10:30"), ("oakes", "11:00")):
            say(story, who, f"ESCALATE\n{UNRESOLVED}", f"2026-09-08 {when}")
        say(story, "hartwell", f"RESOLVED on 7 September 2026\n{SETTLED}", "2026-09-08 15:00")
        closed = say(story, "fenn", "CONFIRM", "2026-09-08 16:00")
        assert ("closed", "bm") in whom(closed)
        assert "- Stage at which resolved: Stage 1" in next(one.text for one in closed if one.to == "bm")


# Who is named in what was agreed


@pytest.mark.parametrize(
    "words",
    [
        "Tobias, Octavian and Lucian meet at the school on 10 September 2026.",
        "Tobias, Imogen and Rosalind will meet on 10 September 2026.",
        "Rosalind, Tobias to visit K together by 10 September 2026.",
        "Winifred Stroud and Rosalind Peake both ring the school by 10 September 2026.",
    ],
)
def test_the_people_of_an_agreement_are_no_signature_below_it(tmp_path: Path, words: str) -> None:
    """NS-28 "Agreed outcomes or actions": who does them is named there."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12")
        story.mail("hartwell", f"RESOLVED\n{words}", "2026-09-07 14:00", subject=f"[{story.first}]")
        put = story.expect(("proposed", "fenn"))[0]
        assert words.rstrip(".") in flat(put)


@pytest.mark.parametrize(
    "signed",
    [
        "Rosalind Peake, Team Manager",
        "Rosalind Peake, Tobias Fenn and Winifred Stroud",
        "Darren Hughes, Kay and mum say no to this",
        "Rosalind, Tobias and colleagues from social care",
        "Rosalind Peake, Safeguarding and Attendance lead",
    ],
)
def test_a_strange_signature_is_asked_about_whoever_is_named_beside_it(tmp_path: Path, signed: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12")
        words = f"RESOLVED\nA visit by 10 September 2026.\n\n{signed}"
        story.mail("hartwell", words, "2026-09-07 14:00", subject=f"[{story.first}]")
        asked = story.expect(("question", "hartwell"))[0]
        assert "Below your words stands a name that I could not tell to be yours" in flat(asked)


def test_that_those_who_decide_have_met_is_no_action_of_their_decision(tmp_path: Path) -> None:
    """SU step 4: they "facilitate a resolution": that they met is how, and not what is to be done."""
    place = replace(PLACES[2], raised=sunderland.RAISED)
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12")
        for who, when in (("hartwell", "2026-09-09"), ("oakes", "2026-09-10"), ("lyle", "2026-09-11")):
            say(story, who, f"ESCALATE\n{UNRESOLVED}", f"{when} 10:00")
        assert story.dispute().stage == "4"
        words = "The partners and I met both agencies today. The plan stays open until 18 December 2026."
        closed = say(story, "scrutineer", f"DECISION\n{words}", "2026-09-15 11:00")
        assert [(one.what, str(one.by)) for one in story.dispute().actions] == [
            ("The plan stays open until 18 December 2026", "2026-12-18")
        ]
        assert words in one_to(closed, "hartwell")


# Raised on behalf of somebody


def raised_by_the_head(place: Place, sentence: str) -> str:
    greeting, _, rest = place.raised.replace("\nImogen Hartwell", "\nDesmond Oakes").partition("\n")
    return f"{greeting}\n\n{sentence}\n{rest}"


@five
@pytest.mark.parametrize(
    "sentence",
    [
        "I am writing on behalf of our safeguarding lead Imogen Hartwell, who is off sick today.",
        "Imogen Hartwell has asked me to raise this.",
    ],
)
def test_for_whom_it_is_raised_is_the_raiser_and_its_writer_stays_in_it(
    tmp_path: Path, place: Place, sentence: str
) -> None:
    """PL "if unsupported", D2 "also for a colleague": the practitioner has the letters and the words, and the writer
    reads along."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        body = raised_by_the_head(place, sentence)
        story.mail("oakes", body, "2026-09-07 10:12", subject=f"{place.subject} - K.W.", to=[place.to])
        sent = story.letters()
        assert {p.person.name for p in story.dispute().parties if p.role == "raiser"} == {"Imogen Hartwell"}
        assert {("opened", "hartwell"), ("opened", "oakes"), ("opened", place.to)} <= whom(sent)
        assert not [one for one in sent if one.letter == "question"]
        assert "Your turn, Imogen" in one_to(sent, "hartwell")
        assert "For information, Desmond" in one_to(sent, "oakes")


@pytest.mark.parametrize(
    "sentence",
    [
        "Raised by: Zora Quell",
        "I am raising this on behalf of our family worker Zora Quell.",
        "I am raising this on behalf of Zora Quell (zora.quell@elsewhere.example).",
        "I am raising this on behalf of Rosalind Peake.",
    ],
)
def test_somebody_whom_no_letter_reaches_is_asked_about_and_nobody_is_left_out(tmp_path: Path, sentence: str) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        body = raised_by_the_head(NORTH_SOMERSET, sentence).replace("Line manager: Desmond Oakes, ", "Added: ", 1)
        story.mail("oakes", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        _, _, asked = story.expect(("opened", "oakes"), ("opened", "fenn"), ("question", "oakes"))
        name = "Rosalind Peake" if "Rosalind" in sentence else "Zora Quell"
        assert f"{name} is named, and no address of theirs at Larkfield Primary School is known here" in flat(asked)
        assert {p.role for p in story.dispute().parties} == {
            "raiser",
            "responder",
            "raising_senior",
            "responding_manager",
            "responding_senior",
        }


def test_whoever_raised_it_for_a_colleague_says_how_they_are_reached(tmp_path: Path) -> None:
    """Theirs from then on; the writer stays, and may still be the line manager."""
    zora = "zora.quell@larkfield.sch.example"
    with Story(tmp_path, "2026-09-07 09:30", people={"quell": zora}) as story:
        body = raised_by_the_head(NORTH_SOMERSET, "I am raising this on behalf of our family worker Zora Quell.")
        story.mail("oakes", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.letters()
        story.mail("oakes", f"Raised by: Zora Quell, {zora}", "2026-09-07 11:00", subject=f"[{story.first}]")
        story.expect(("stage_entered", "quell"), ("noted", "oakes"))
        story.mail("oakes", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 12:00", subject=f"[{story.first}]")
        story.letters()
        story.mail("quell", f"ESCALATE\n{UNRESOLVED}", "2026-09-07 13:00", subject=f"[{story.first}]")
        story.letters()
        assert story.dispute().stage == "2"


@pytest.mark.parametrize(
    "sentence",
    [
        "I am writing on behalf of Larkfield Primary School.",
        "I am writing on behalf of K's mother.",
        "I am raising this for Kezia Ward.",
        "I rang the hub on behalf of Tobias Fenn.",
    ],
)
def test_for_whom_else_somebody_speaks_makes_nobody_the_raiser(tmp_path: Path, sentence: str) -> None:
    """A school, a family and the child raise nothing here."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        body = RAISED.replace("\n\nAs we", f"\n\n{sentence}\n\nAs we", 1)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.expect(("opened", "hartwell"), ("opened", "fenn"))


# An agency leaves, and another comes


def in_it(story: Story) -> set[str]:
    receiving = story.dispute().receiving
    return {receiving} if isinstance(receiving, str) else set(receiving)


def agencies(story: Story, *names: str) -> str:
    return f"CORRECT Agencies: {' / '.join((story.dispute().raising, *names))}"


@five
@pytest.mark.parametrize(
    "words",
    [
        "Health are no longer involved with this family. Please take us off this.",
        "We are no longer involved with this family. Please remove us.",
        "REMOVE Westmere NHS Trust",
    ],
)
def test_an_agency_that_leaves_is_put_to_whoever_raised_it(tmp_path: Path, place: Place, words: str) -> None:
    """NS-07 "all parties involved": with whom it is, is not for one of them to say alone; and it is asked at once."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        asked = say(story, "reed", words, "2026-09-07 14:00")
        assert whom(asked) == {("refused", "reed"), ("question", "hartwell")}
        assert "with which agencies it is, is for whoever raised it" in one_to(asked, "reed")
        assert "Asked about it: Imogen Hartwell" in one_to(asked, "reed")
        assert "Octavian Reed writes that Westmere NHS Trust should be in this no longer" in one_to(asked, "hartwell")
        assert agencies(story, place.theirs) in one_to(asked, "hartwell")
        assert in_it(story) == {place.theirs, "Westmere NHS Trust"}


@five
def test_an_agency_that_is_taken_out_is_told_so_and_its_silence_holds_nothing_back(
    tmp_path: Path, place: Place
) -> None:
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        left = say(story, "hartwell", agencies(story, place.theirs), "2026-09-07 15:00")
        everybody = {("noted", one) for one in ("hartwell", place.to, "reed", place.office)}
        assert everybody <= whom(left) <= everybody | {("noted", "vance")}
        assert "Recorded: Westmere NHS Trust is in it no longer, and need not agree." in one_to(left, "reed")
        assert in_it(story) == {place.theirs}
        put = say(story, "hartwell", f"RESOLVED\n{SETTLED}", "2026-09-07 16:00")
        assert whom(put) == {("proposed", place.to)}
        closed = say(story, place.to, "CONFIRM", "2026-09-07 16:10")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")
        assert not {"reed", "vance"} & {one.to for one in closed}


@five
def test_what_all_the_others_have_agreed_closes_when_the_silent_one_is_out(tmp_path: Path, place: Place) -> None:
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        say(story, "hartwell", f"RESOLVED\n{SETTLED}", "2026-09-07 11:00")
        told = say(story, place.to, "CONFIRM", "2026-09-07 12:00")
        assert story.dispute().state == "proposed"
        assert "If this is not with Westmere NHS Trust any more, reply CORRECT Agencies:" in one_to(told, "hartwell")
        assert "CORRECT Agencies" not in one_to(told, place.to)
        closed = say(story, "hartwell", agencies(story, place.theirs), "2026-09-07 15:00")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")
        assert {("closed", "hartwell"), ("closed", place.to), ("noted", "reed")} <= whom(closed)
        assert ("closed", "reed") not in whom(closed)


def test_what_the_one_that_left_was_to_do_is_agreed_anew(tmp_path: Path) -> None:
    """NS-28: nobody is left with an action that nobody will do."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12", third=True)
        say(story, "hartwell", "RESOLVED\nOctavian visits K by 11 September 2026.", "2026-09-07 11:00")
        say(story, "fenn", "CONFIRM", "2026-09-07 12:00")
        asked = say(story, "hartwell", agencies(story, CSC), "2026-09-07 15:00")
        assert story.dispute().state == "proposed"
        assert "names somebody of an agency that is in this no longer" in one_to(asked, "hartwell")


def test_what_the_one_that_left_reported_as_agreed_falls_with_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12", third=True)
        say(story, "reed", f"RESOLVED\n{SETTLED}", "2026-09-07 11:00")
        say(story, "hartwell", "CONFIRM", "2026-09-07 12:00")
        say(story, "hartwell", agencies(story, CSC), "2026-09-07 15:00")
        assert (story.dispute().state, story.dispute().proposal) == ("open", None)
        back = say(story, "hartwell", "WRONG", "2026-09-07 15:30")
        assert in_it(story) == {CSC, "Westmere NHS Trust"}
        assert (story.dispute().state, {one.to for one in back}) == (
            "proposed",
            {"hartwell", "fenn", "reed", "bm"},  # and nobody whose turn comes later
        )


def test_the_only_agency_that_it_is_with_leaves_nothing_behind(tmp_path: Path) -> None:
    """With nobody left there is no disagreement: it is withdrawn, or put right, by whoever raised it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-07 10:12")
        words = "We are no longer involved with this family. Please remove us."
        asked = say(story, "fenn", words, "2026-09-07 14:00")
        assert whom(asked) == {("refused", "fenn"), ("question", "hartwell")}
        assert "It is with nobody else, so nothing was changed." in one_to(asked, "hartwell")
        mine = say(story, "hartwell", words, "2026-09-07 15:00")
        assert "To end it, reply WITHDRAW and why" in one_to(mine, "hartwell")
        assert in_it(story) == {CSC}


@five
def test_a_manager_of_a_third_agency_named_in_a_sentence_acts_for_it_once_she_is_added_as_one(
    tmp_path: Path, place: Place
) -> None:
    """PL "the equivalent supervisor or manager in the other agency/agencies as appropriate": she is asked, must agree,
    and may say no; the first agency hears of it."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12")
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-08 10:00")
        vance = "Sidonie Vance, sidonie.vance@westmere-nhs.example"
        asked = say(story, "oakes", f"Health need to be part of this too. Please include {vance}.", "2026-09-08 11:00")
        assert "Sidonie Vance of Westmere NHS Trust is recorded as a supporter." in one_to(asked, "oakes")
        first = next(p for p in story.dispute().parties if p.role == "responding_manager")
        title = "frontline manager" if place.file == "plymouth" else "line manager"
        added = say(story, "oakes", f"ADD {vance} as receiving {title}", "2026-09-08 12:00")
        assert in_it(story) == {place.theirs, "Westmere NHS Trust"}
        assert {p.role for p in story.dispute().parties if p.person.name == "Sidonie Vance"} == {first.role}
        assert ("stage_entered", "vance") in whom(added)
        peer = story.who[first.person.address]
        assert ("noted", peer) in whom(added)
        say(story, "oakes", f"RESOLVED\n{SETTLED}", "2026-09-08 13:00")
        say(story, peer, "CONFIRM", "2026-09-08 13:30")
        assert story.dispute().state == "proposed"
        no = say(story, "vance", "DISAGREE\nOctavian has no capacity.", "2026-09-08 14:00")
        assert story.dispute().state == "open"
        assert {"oakes", peer} <= {one.to for one in no}


# A meeting told in ordinary words, and a conference asked for


@five
@pytest.mark.parametrize(
    "words",
    [
        "We are holding a meeting on 15 September 2026 at 2pm with the other side. Health will also attend.",
        "We have a meeting booked for 15 September 2026 with the other side.",
        "I have written to the other side; we meet on 15 September 2026.",
        "A meeting has been arranged for Tuesday 15 September 2026 at the school.",
        "We are holding a resolution meeting on 15 September 2026 at 2pm with Jasper Quill. Health will also attend.",
    ],
)
def test_a_meeting_to_come_is_kept_moves_nothing_and_is_followed_up(tmp_path: Path, place: Place, words: str) -> None:
    """SU step 3 "This may involve a resolution meeting"; WO stage 4 "and meet": what came of it is asked of
    whoever told of it, on the morning after, and the limit is what it was."""
    with begun(tmp_path, place, "2026-09-10 09:00") as story:
        raise_it(story, place, "2026-09-14 10:12")
        say(story, "hartwell", f"ESCALATE\n{UNRESOLVED}", "2026-09-14 11:00")
        before = (story.dispute().stage, story.limit())
        kept = say(story, "oakes", words, "2026-09-14 12:00")
        assert whom(kept) == {("noted", "oakes")}
        assert "Recorded: a meeting, Tue 15 Sep." in one_to(kept, "oakes")
        assert (story.dispute().stage, story.limit(), story.dispute().state) == (*before, "open")
        story.until("2026-09-16 10:00")
        asked = [one for one in story.letters() if one.letter == "question"]
        assert [one.to for one in asked] == ["oakes"]
        assert "What came of the meeting of 15 September? If it is settled, reply RESOLVED" in flat(asked[0])
        story.until("2026-09-17 10:00")
        assert not [one for one in story.letters() if one.letter == "question"]


def test_what_came_of_a_meeting_is_not_asked_once_it_has_been_told(tmp_path: Path) -> None:
    with begun(tmp_path, PLACES[2], "2026-09-10 09:00") as story:
        raise_it(story, PLACES[2], "2026-09-14 10:12")
        say(story, "hartwell", "We are holding a meeting on 15 September 2026.", "2026-09-14 12:00")
        say(story, "hartwell", "We met today. Tobias explained the plan.", "2026-09-15 16:00")
        story.until("2026-09-16 10:00")
        assert not [one for one in story.letters() if one.letter == "question"]


@pytest.mark.parametrize(
    "words",
    [
        "Could we meet on 15 September 2026?",
        "I would like a meeting on 15 September 2026.",
        "The meeting on 15 September 2026 has been cancelled.",
        "We are not meeting on 15 September 2026.",
        "We have agreed to meet on 15 September 2026 and it is settled.",
    ],
)
def test_a_meeting_that_is_only_wished_for_or_off_is_none(tmp_path: Path, words: str) -> None:
    with Story(tmp_path, "2026-09-10 09:00") as story:
        raise_it(story, NORTH_SOMERSET, "2026-09-14 10:12")
        sent = say(story, "hartwell", words, "2026-09-14 12:00")
        assert "Recorded: a meeting" not in " ".join(flat(one) for one in sent)


@pytest.mark.parametrize(
    "words",
    [
        "As a senior manager I ask for a child protection conference to be convened for K. Evidence: attendance 61%.",
        "I am formally requesting an ICPC.",
        "Please can an initial child protection conference be called? K's attendance is 61%.",
        "A child protection conference should be convened for K.",
    ],
)
def test_wolverhamptons_senior_manager_asks_for_a_conference_in_their_own_words(tmp_path: Path, words: str) -> None:
    """ "A senior manager from any agency can request that a Child Protection Conference be convened.": whom to ring,
    and what must follow in writing."""
    with begun(tmp_path, PLACES[3], "2026-09-07 09:00") as story:
        raise_it(story, PLACES[3], "2026-09-07 10:12")
        for who, when in (("hartwell", "2026-09-08"), ("oakes", "2026-09-09")):
            say(story, who, f"ESCALATE\n{UNRESOLVED}", f"{when} 10:00")
        heard = say(story, "lyle", words, "2026-09-09 11:00")
        assert {("noted", "lyle"), ("noted", "stroud")} == whom(heard)
        assert "Please ring the Safeguarding Manager (Children's): 01902 550477." in one_to(heard, "lyle")
        assert "It needs: supporting evidence in writing." in one_to(heard, "lyle")
        assert "Your turn, Beatrix" in one_to(heard, "lyle")
        assert "For information, Winifred" in one_to(heard, "stroud")
        rings = "Beatrix Lyle (Larkfield Primary School) rings the Safeguarding Manager (Children's): 01902 550477."
        assert rings in one_to(heard, "stroud")


# What a procedure asks of everybody


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (NORTH_SOMERSET, "Consider which of your organisation's own protocols and procedures need amending"),
        (PLACES[3], "Disagreements can be healthy, and always require resolution."),
    ],
    ids=["north-somerset", "wolverhampton"],
)
def test_whoever_asks_how_it_goes_reads_what_it_asks_of_everybody(tmp_path: Path, place: Place, says: str) -> None:
    """NS Aims 3 "considering required amendments to organisational protocols"; WO 1.2."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        story.mail("hartwell", "How does this procedure work?", "2026-09-07 10:00", subject="A question")
        (guide,) = [one for one in story.letters() if one.letter == "guide"]
        assert says in flat(guide)


@five
def test_the_office_takes_an_agency_out_by_its_line(tmp_path: Path, place: Place) -> None:
    """NS-07: nobody who is silent holds back an agreement for ever, whoever else is silent."""
    with begun(tmp_path, place, "2026-09-07 09:00") as story:
        raise_it(story, place, "2026-09-07 10:12", third=True)
        line = f"REMOVE {story.first} Westmere NHS Trust"
        story.mail(place.office, line, "2026-09-07 14:00", subject="RE: digest")
        left = story.letters()
        assert in_it(story) == {place.theirs}
        assert {("noted", "reed"), ("noted", "hartwell"), ("transcript", place.office)} <= whom(left)
