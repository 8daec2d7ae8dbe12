"""The hazards: danger told by anybody, machines that answer machines, people who have left, addresses at no agency."""

from dataclasses import replace
from pathlib import Path

from mailbot.core.partnership.directory import Directory
from mailbot.core.record.events_of_mail import NoticeFailed
from mailbot.shell.servers.postman_interface import Outcome
from tests.people import ADDRESS, DIRECTORY
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened, raise_it
from tests.story import Story

DANGER = "K has fresh bruising and says she is not safe to go home tonight."


def test_danger_told_by_somebody_who_is_no_party_is_answered_all_the_same(tmp_path: Path) -> None:
    """NS-09."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("vance", DANGER, "2026-09-09 10:00", subject="RE: [NS-26-0001]")
        story.expect(("urgent", "vance"), ("urgent_told", "bm"))


def test_danger_beside_a_command_of_somebody_who_is_no_party_is_answered_and_the_command_is_not(tmp_path: Path) -> None:
    """NS-09: somebody to whom a letter of ours was sent on answers it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        letter = next(sent for sent in story.letters() if (sent.letter, sent.to) == ("stage_entered", "oakes"))
        words = f"ESCALATE\nNobody has seen K.\n\n{DANGER}"
        story.mail("cosmo.vane@tarn-trust.example", words, "2026-09-09 10:00", answers=letter)
        cosmo = ("urgent", "cosmo.vane@tarn-trust.example")
        story.expect(cosmo, ("question", "oakes"), *[("urgent_told", who) for who in ("bm", "oakes", "peake")])
        assert story.dispute().stage == "2"


def test_danger_told_by_a_stranger_reaches_the_business_manager_at_once(tmp_path: Path) -> None:
    """NS-09: a parent who writes is answered by nobody here, and heard."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("somebody@freemail.example", DANGER, "2026-09-07 11:00", subject="K")
        told = story.expect(("urgent_told", "bm"))[0]
        assert "bruising" not in told.text


def test_danger_in_mail_that_proves_nothing_is_not_kept_waiting_for_proof(tmp_path: Path) -> None:
    """NS-09."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", DANGER, "2026-09-07 11:00", subject="RE: [NS-26-0001]", authenticated=False)
        story.expect(("urgent", "hartwell"), ("urgent_told", "bm"))
        assert len(story.held()) == 1


def test_an_absence_whose_words_begin_with_no_dismisses_nothing(tmp_path: Path) -> None:
    """NS-27: automatic mail never changes anything."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "ESCALATE", "2026-09-09 10:00", subject="RE: [NS-26-0001]", authenticated=False)
        asked = story.expect(("was_it_you", "oakes"))[0]
        story.mail("oakes", "No longer at this school. Please write to the office.", "2026-09-09 10:01", answers=asked)
        story.letters()
        assert story.held()[0] == (
            "nothing shows that this mail really came from that address, and it asks for a change"
        )


def test_a_machine_that_answers_every_letter_is_not_answered_for_ever(tmp_path: Path) -> None:
    """NS-06 (RFC 3834): it bears none of the marks of one."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for minute in range(40):
            story.mail(
                "oakes",
                f"Hello, please see the matter of K.W. Ticket {minute} was logged.",
                f"2026-09-07 10:{minute:02d}",
                subject="ticket",
                to=["fenn"],
            )
        assert len([letter for letter in story.letters() if letter.to == "oakes"]) == 6


def test_nothing_that_comes_back_goes_round_in_circles(tmp_path: Path) -> None:
    """NS-06: neither a letter of ours that somebody's server sends back, nor word of a refusal that is refused too."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script = {
            ADDRESS["fenn"]: [Outcome.REFUSED],
            ADDRESS["hartwell"]: [Outcome.ACCEPTED, Outcome.REFUSED],
        }
        raise_it(story)
        letter, _ = story.expect(("opened", "hartwell"), ("not_delivered", "bm"))
        assert [past.address for past in story.dispute().history if isinstance(past, NoticeFailed)] == [ADDRESS["fenn"]]
        before = len(story.dispute().history)
        story.deliver(letter.raw)
        assert len(story.dispute().history) == before
        assert letter.message_id in story.mailbox.marks(("Bot", "Automatic"))


def test_a_letter_of_ours_that_a_list_sends_on_as_somebody_elses_is_known_by_its_number(tmp_path: Path) -> None:
    """NS-06: nothing in its headers says any more that a machine wrote it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter, _ = story.expect(("opened", "fenn"), ("opened", "hartwell"))
        lines = letter.raw.split(b"\r\n")
        end = lines.index(b"")
        kept = [
            one
            for one in lines[:end]
            if one.split(b":")[0].lower() in {b"message-id", b"subject", b"content-type", b"mime-version"}
            or one[:1] in b" \t"
        ]
        sender = f"From: Tobias Fenn <{ADDRESS['fenn']}>".encode()
        before = len(story.dispute().history)
        story.deliver(b"\r\n".join([sender, *kept, *lines[end:]]))
        story.expect()
        assert len(story.dispute().history) == before
        assert story.held() == []


def test_somebody_who_has_left_is_not_written_to_and_their_deputy_is(tmp_path: Path) -> None:
    """NS-13 (F38)."""
    gone = tuple(replace(officer, active=officer.person.address != ADDRESS["peake"]) for officer in DIRECTORY.officers)
    directory = Directory(DIRECTORY.agencies, gone, DIRECTORY.approved_domains)
    with Story(tmp_path, "2026-09-07 09:30", directory=directory) as story:
        raise_it(story)
        story.letters()
        story.until("2026-09-08 17:00")
        story.expect(
            ("reminder", "hartwell"),
            ("reminder", "fenn"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "garth"),
        )


def test_a_manager_named_with_a_private_address_is_asked_for_again(tmp_path: Path) -> None:
    """NS-08; hazard G5."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail(
            "fenn",
            "CORRECT Your line manager: Rosalind Peake, rosalind@freemail.example",
            "2026-09-07 11:00",
            subject="RE: [NS-26-0001]",
        )
        story.letters()
        assert {p.person.address for p in story.dispute().filling("responding_manager")} == {ADDRESS["peake"]}


def test_the_digest_comes_on_the_next_working_day_when_monday_is_closed(tmp_path: Path) -> None:
    """NS-02; the summer bank holiday of 2026."""
    with Story(tmp_path, "2026-08-24 09:30") as story:
        opened(story, "2026-08-24 10:00")
        story.until("2026-08-31 12:00")
        assert "digest" not in {letter.letter for letter in story.letters()}
        story.until("2026-09-01 07:59")
        story.expect()
        story.until("2026-09-01 08:00")
        assert ("digest", "bm") in {(letter.letter, letter.to) for letter in story.letters()}


def test_a_server_that_is_down_is_tried_again_and_nothing_goes_twice(tmp_path: Path) -> None:
    """NS-07."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.postman.script[ADDRESS["fenn"]] = [Outcome.DEFERRED, Outcome.DEFERRED, Outcome.UNCERTAIN]
        raise_it(story)
        story.expect(("opened", "hartwell"))
        story.until("2026-09-07 10:20")
        story.expect()
        story.until("2026-09-07 10:30")
        first = story.expect(("opened", "fenn"))[0]
        story.until("2026-09-07 11:30")
        again = story.expect(("opened", "fenn"))[0]
        assert again.raw == first.raw, "it may have gone the first time: the same bytes go again"


def test_a_letter_of_ours_sent_back_with_nothing_above_it_tells_of_no_danger(tmp_path: Path) -> None:
    """NS-09: its first line asks about danger; an answer typed under that is heard."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        asked = next(letter for letter in story.letters() if letter.to == "oakes")
        quoted = "\n".join(f"> {line}" for line in asked.text.split("\n"))
        head = "\n\nOn Tue, 8 Sept 2026 at 17:01, Escalation wrote:\n\n"
        story.mail("oakes", f"{head}{quoted}", "2026-09-09 10:00", answers=asked)
        assert "urgent" not in {letter.letter for letter in story.letters()}
        told = f"{head}{quoted}\n\nYes. He has fresh bruising and is going home tonight."
        story.mail("oakes", told, "2026-09-09 11:00", answers=asked)
        assert "urgent" in {letter.letter for letter in story.letters()}


def test_a_deputy_who_says_that_they_take_over_is_beside_whom_they_stand_in_for(tmp_path: Path) -> None:
    """NS-06: nobody is put out of a dispute by somebody else's word."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        theirs = next(letter for letter in story.letters() if letter.to == "peake")
        said = "I'm covering for Rosalind Peake this week, so please send anything about this to me."
        story.mail("garth", said, "2026-09-09 10:00", answers=theirs)
        told = next(letter for letter in story.letters() if letter.to == "garth")
        assert "You are recorded as acting for Rosalind Peake" in " ".join(told.text.split())
        names = {party.person.name for party in story.dispute().parties}
        assert {"Rosalind Peake", "Edmund Garth"} <= names
