"""What stands in a message besides its writer's own words: nothing is done for it, and nobody is left unheard."""

from email.message import EmailMessage
from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.story import TRUSTED, Sent, Story

FROM = "Desmond Oakes <head@larkfield.sch.example>"
BELT = "He told me this morning that dad hit him with a belt last night and he is frightened to go home today."


def mail_to(story: Story, answered: Sent, kind: str, body: str, *headers: tuple[str, str]) -> None:
    """The head teacher answers a letter, in a message made part by part."""
    message = EmailMessage()
    message["Authentication-Results"] = f"{TRUSTED}; dmarc=pass header.from=larkfield.sch.example"
    message["From"], message["To"] = FROM, "escalation@nsscp.example"
    message["Subject"] = f"RE: {answered.subject}"
    message["Date"] = "Wed, 09 Sep 2026 10:00:00 +0100"
    message["Message-ID"] = f"<w{len(body)}@larkfield.sch.example>"
    message["In-Reply-To"] = message["References"] = answered.message_id
    for name, value in headers:
        message[name] = value
    if kind == "calendar":
        message.set_content(body)
        message.add_alternative(
            "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", subtype="calendar", params={"method": "REPLY"}
        )
    else:
        message.set_content(body, subtype=kind)
    story.until("2026-09-09 10:00")
    story.deliver(message.as_bytes())


def letter_of_stage_2(story: Story) -> Sent:
    opened(story)
    story.until("2026-09-08 17:00")
    return next(one for one in story.letters() if (one.letter, one.to) == ("stage_entered", "oakes"))


def test_what_a_parent_wrote_is_not_done_and_is_asked_about(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        mail_to(story, answered, "plain", "I will ring you.\n\nDad wrote:\n\nESCALATE\nNobody came.\n")
        asked = story.expect(("question", "oakes"))[0]
        assert "somebody else's words that you passed on" in " ".join(asked.text.split())
        assert story.dispute().stage == "2"


def test_danger_in_what_is_passed_on_is_danger(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        mail_to(story, answered, "plain", f"Please see what mum sent me:\n\n{BELT}\n")
        story.expect(("urgent", "oakes"), ("urgent_told", "peake"), ("urgent_told", "bm"))


def test_answers_that_may_stand_in_the_quotation_are_asked_for(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        page = (
            "<p>Please see my comments in red below.</p><p><b>From:</b> E &lt;e@nsscp.example&gt;<br><b>Sent:</b> 08 "
            "September 2026 17:01<br><b>To:</b> head<br><b>Subject:</b> S</p><p>Agreed? <font color=red>No.</font>"
        )
        mail_to(story, answered, "html", page)
        asked = story.expect(("question", "oakes"))[0]
        assert "send your answer again above it" in " ".join(asked.text.split())


def test_an_email_attached_without_a_word_of_what_it_is_for_is_asked_about(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        story.mail(
            "oakes",
            "Please see attached.",
            "2026-09-09 10:00",
            answers=answered,
            attached=[("note.eml", b"From: dad@freemail.example\n\nRESOLVED\n")],
        )
        story.expect(("question", "oakes"))
        assert story.dispute().state == "open"


def test_a_form_behind_a_link_or_in_a_photograph_was_not_read_and_its_sender_is_told(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        story.mail(
            "oakes",
            "Completed recording form: https://larkfield.sharepoint.example/:w:/s/x",
            "2026-09-09 10:00",
            answers=answered,
        )
        linked = story.expect(("form_read", "oakes"))[0]
        assert "it is a link, and links are not opened here" in " ".join(linked.text.split())
        assert "sharepoint" not in linked.text
        story.mail(
            "oakes",
            "Please find the form attached.",
            "2026-09-09 11:00",
            answers=answered,
            attached=[("IMG_0042.HEIC", b"\0\0\0\x18ftypheic")],
        )
        pictured = story.expect(("form_read", "oakes"))[0]
        assert "it is a picture" in " ".join(pictured.text.split())


def test_a_declined_meetings_comment_and_a_lists_mail_are_listened_to_for_danger(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        mail_to(story, answered, "calendar", BELT)
        story.expect(("urgent", "oakes"), ("urgent_told", "bm"))


def test_a_leave_note_without_marks_hands_nothing_over(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        answered = letter_of_stage_2(story)
        note = "I'm now on maternity leave and will return in June 2027. Your email has not been forwarded. Please "
        story.mail("peake", f"{note}contact Winifred Stroud.", "2026-09-09 10:00", answers=answered)
        assert "handed_over" not in {letter.letter for letter in story.letters()}
        people = [p.person.name for p in story.dispute().parties]
        assert people.count("Rosalind Peake") == 1
        assert people.count("Winifred Stroud") == 1
