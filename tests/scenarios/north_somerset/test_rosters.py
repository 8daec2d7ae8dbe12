"""Four times a year each agency's contact is asked whether its list of people is right; the office says yes or no."""

from dataclasses import replace
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from mailbot.shell.config.directory_changes import DirectoryFiles
from mailbot.shell.config.directory_csv import load_directory
from tests.people import DIRECTORY, SCHOOL
from tests.scenarios.north_somerset.test_to_the_end import raise_it
from tests.sites import bot_for
from tests.story import Sent, Story

AGENCIES = """name,domains,contact
Larkfield Primary School,larkfield.sch.example; tarn-trust.example,head@larkfield.sch.example
Westmere NHS Trust,westmere-nhs.example,
"""
PEOPLE = """name;email;agency;designation;post;deputy;phone;active
Imogen Hartwell;i.hartwell@larkfield.sch.example;Larkfield Primary School;Designated Lead;line manager;;;yes
Desmond Oakes;head@larkfield.sch.example;Larkfield Primary School;Head;senior manager;i.hartwell@larkfield.sch.example;;
Octavian Reed;octavian.reed@westmere-nhs.example;Westmere NHS Trust;Health Visitor;;;;yes
"""
OCTOBER = "2026-10-01 08:30"
LEFT_AND_NEW = """Thank you.
LEFT: Imogen Hartwell
NEW: Cordelia Ives, c.ives@larkfield.sch.example, Designated Safeguarding Lead, line manager
CHANGE: Desmond Oakes, phone: 01632 960111

Desmond"""


def with_contact(address: str = "head@larkfield.sch.example") -> Directory:
    agencies = tuple(replace(a, contact=address) if a.name == SCHOOL else a for a in DIRECTORY.agencies)
    return replace(DIRECTORY, agencies=agencies)


def lists(folder: Path) -> Path:
    (folder / "agencies.csv").write_text(AGENCIES, "utf-8")
    (folder / "directory.csv").write_text(PEOPLE, "utf-8", newline="")
    return folder / "directory.csv"


def story_with_lists(folder: Path, trusted: bool = True) -> Story:
    story = Story(folder, "2026-09-30 12:00", directory=with_contact(), **({} if trusted else {"trusted": ()}))
    path = lists(folder)
    story.site = replace(story.site, change_list=DirectoryFiles(path.with_name("agencies.csv"), path).change)
    story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
    return story


def asked(story: Story) -> Sent:
    story.until(OCTOBER)
    (letter,) = story.expect(("roster", "oakes"))
    return letter


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def test_on_the_first_working_day_of_a_quarter_each_contact_has_their_own_list_once(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        letter = asked(story)
        assert letter.subject == "NSSCP: is this list of your people right?"
        assert "Imogen Hartwell, Designated Safeguarding Lead: i.hartwell@larkfield.sch.example" in flat(letter)
        assert "rosalind.peake@" not in letter.text, "nobody of another agency"
        story.until("2026-12-31 18:00")
        assert {one.letter for one in story.letters()} == {"digest"}
        story.until("2027-01-04 08:30")  # Monday: the 1st was New Year's Day
        story.expect(("roster", "oakes"))


def test_an_agency_that_nobody_answers_for_is_asked_nothing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-30 12:00") as story:
        story.until(OCTOBER)


def test_what_a_contact_corrects_waits_for_the_office_and_its_yes_is_written_into_the_list(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        letter = asked(story)
        story.mail("oakes", LEFT_AND_NEW, "2026-10-01 10:00", to=["mailbox"], answers=letter)
        (told,) = story.expect(("roster_proposed", "bm"))
        assert "Imogen Hartwell (i.hartwell@larkfield.sch.example) has left" in flat(told)
        assert "new: Cordelia Ives (c.ives@larkfield.sch.example), Designated Safeguarding Lead, line manager" in flat(
            told
        )
        assert "Desmond Oakes (head@larkfield.sch.example): phone “01632 960111”, where there was none" in flat(told)
        assert "RELEASE 1 (all of it is written into the list)" in flat(told)
        path = tmp_path / "directory.csv"
        assert path.read_text("utf-8") == PEOPLE, "nothing has changed"
        story.mail("bm", "RELEASE 1", "2026-10-01 11:00", to=["mailbox"], answers=told)
        story.expect(("transcript", "bm"))
        there = {one.person.address: one for one in load_directory(path).officers}
        assert not there["i.hartwell@larkfield.sch.example"].active
        assert there["c.ives@larkfield.sch.example"].posts == ("line manager",)
        assert there["head@larkfield.sch.example"].phone == "01632 960111"
        assert there["head@larkfield.sch.example"].deputy == "", "nobody stands in who has left"
        assert there["octavian.reed@westmere-nhs.example"].active
        assert story.held() == []


def test_a_no_of_the_office_leaves_the_list_as_it_is(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        story.mail("oakes", LEFT_AND_NEW, "2026-10-01 10:00", to=["mailbox"], answers=asked(story))
        (told,) = story.expect(("roster_proposed", "bm"))
        story.mail("bm", "DISMISS 1 because she is only on leave", "2026-10-01 11:00", to=["mailbox"], answers=told)
        story.expect(("transcript", "bm"))
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE


def test_right_is_all_that_a_contact_need_say(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        story.mail("oakes", "RIGHT, thank you", "2026-10-01 10:00", to=["mailbox"], answers=asked(story))
        assert story.held() == []


def test_nobody_but_whoever_was_asked_can_answer_and_for_no_other_agency(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        letter = asked(story)
        story.mail("hartwell", "LEFT: Desmond Oakes", "2026-10-01 10:00", to=["mailbox"], answers=letter)
        assert not [one for one in story.letters() if one.letter == "roster_proposed"]
        body = "LEFT: octavian.reed@westmere-nhs.example\nNEW: A. Stranger, a.stranger@westmere-nhs.example"
        story.mail("oakes", body, "2026-10-01 10:30", to=["mailbox"], answers=letter)
        assert not [one for one in story.letters() if one.letter == "roster_proposed"]
        story.mail("bm", "RELEASE 1\nRELEASE 2", "2026-10-01 11:00", to=["mailbox"])
        story.letters()
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE


def test_mail_that_fails_its_proof_proposes_nothing(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        letter = asked(story)
        story.mail("oakes", LEFT_AND_NEW, "2026-10-01 10:00", to=["mailbox"], answers=letter, authenticated=False)
        assert not [one for one in story.letters() if one.letter == "roster_proposed"]
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE


def test_a_contact_cannot_say_yes_for_the_office(tmp_path: Path) -> None:
    """The address on record answers for its own mail; the list is changed by the office alone."""
    with story_with_lists(tmp_path) as story:
        story.mail("oakes", LEFT_AND_NEW, "2026-10-01 10:00", to=["mailbox"], answers=asked(story))
        (told,) = story.expect(("roster_proposed", "bm"))
        story.mail("oakes", "RELEASE 1", "2026-10-01 11:00", to=["mailbox"], answers=told)
        story.letters()
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE


def test_a_change_that_would_make_the_list_unsound_is_not_written_and_the_office_hears_why(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        (tmp_path / "agencies.csv").write_text(AGENCIES.replace("tarn-trust.example", "tarn.example"), "utf-8")
        body = "NEW: Beatrix Lyle, b.lyle@tarn-trust.example, Trust Director"
        story.mail("oakes", body, "2026-10-01 10:00", to=["mailbox"], answers=asked(story))
        (told,) = story.expect(("roster_proposed", "bm"))
        story.mail("bm", "RELEASE 1", "2026-10-01 11:00", to=["mailbox"], answers=told)
        sent = story.expect(("transcript", "bm"), ("held_told", "bm"))
        assert "the list of people was not changed" in flat(sent[1])
        assert "b.lyle@tarn-trust.example is at a domain that no agency has" in flat(sent[1])
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE


def test_danger_in_a_contacts_answer_is_heard_as_ever(tmp_path: Path) -> None:
    with story_with_lists(tmp_path) as story:
        danger = "K is in immediate danger: his father has taken him and is threatening to kill him."
        body = f"LEFT: Imogen Hartwell\n\n{danger}"
        story.mail("oakes", body, "2026-10-01 10:00", to=["mailbox"], answers=asked(story))
        names = {(one.letter, one.to) for one in story.letters()}
        assert {("urgent", "oakes"), ("urgent_told", "bm")} <= names


def test_where_a_letter_comes_back_the_agencys_contact_is_asked_the_next_morning_whether_they_have_left(
    tmp_path: Path,
) -> None:
    """Nobody is taken off the list by a bounce: their own agency is asked, and then the office."""
    with story_with_lists(tmp_path) as story:
        story.postman.says = {story.address["hartwell"]: "550 5.1.1 user unknown"}
        raise_it(story, "2026-10-05 10:12")
        story.until("2026-10-06 08:30")
        (letter,) = [one for one in story.letters() if one.subject == "NSSCP: has somebody on your list left?"]
        assert letter.to == "oakes"
        assert "Is Imogen Hartwell still at Larkfield Primary School?" in flat(letter)
        assert "Please look: a letter to this address came back (5 October 2026)" in flat(letter)
        story.until("2026-10-09 12:00")
        assert not [one for one in story.letters() if one.letter == "roster"], "asked once"
        story.mail("oakes", "LEFT: Imogen Hartwell", "2026-10-09 12:30", to=["mailbox"], answers=letter)
        assert ("roster_proposed", "bm") in {(one.letter, one.to) for one in story.letters()}
        assert (tmp_path / "directory.csv").read_text("utf-8") == PEOPLE
