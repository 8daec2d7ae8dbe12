"""What gateways, clients and classification schemes put at the edges of a message is nobody's words."""

import pytest

from mailbot.mail.body.own_words import answers_inside, own_words, words_of
from mailbot.mail.incoming.message import Message, parse

SAID = "ESCALATE\nThe visit is still refused."


@pytest.mark.parametrize(
    "signature",
    [
        "Rosalind\nShe/Her\nTeam Manager",
        "R Peake\n(she/her)\nSeamoor Council",
        "Rosalind Peake she/her\nTeam Manager",
        "She/Her/Hers",
        "My pronouns are she/they",
    ],
)
def test_pronouns_on_a_line_of_their_own_are_of_a_signature(signature: str) -> None:
    words = words_of(f"24th is fine.\n{signature}", name="Rosalind Peake")
    assert (words.own, words.signature) == ("24th is fine.", signature)


@pytest.mark.parametrize("line", ["By whom: Rosalind Peake", "He/she was hurt by their dad", "Rosalind spoke to her"])
def test_who_does_it_and_what_was_done_are_no_signature(line: str) -> None:
    said = f"Agreed outcome: a legal planning meeting\n{line}"
    assert words_of(said, name="Rosalind Peake").own == said


@pytest.mark.parametrize(
    "advertisement",
    [
        "Sent from TypeApp",
        "Sent with BlackBerry Work\n(www.blackberry.example)",
        "Please excuse brevity, sent from my work phone",
        "Apologies for typos - sent from my tablet",
        "Sent using Zoho Mail",
        "Sent on the go",
        "Sent from my desk",
        "Get BlueMail for Android",
        "Typed on my phone so please excuse any errors",
        "Enviado desde mi teléfono",
        "Anfonwyd o fy iPhone",
        "Wedi'i anfon o Outlook",
        "Sent by Superhuman",
    ],
)
def test_how_a_message_was_sent_is_a_shape_whatever_the_product(advertisement: str) -> None:
    assert words_of(f"{SAID}\n\n{advertisement}").own == SAID
    assert words_of(f"RESOLVED\n\n{advertisement}").own == "RESOLVED"


@pytest.mark.parametrize(
    "line",
    [
        "Sent by email to Tobias on 9 September",
        "Sent to you on Monday.",
        "Sent with the form we agreed",
        "Sent from the school on 9 September to the council",
        "Get him seen today",
        "Sent by post",
    ],
)
def test_what_a_person_says_of_sending_stays(line: str) -> None:
    assert words_of(f"ESCALATE\n\n{line}").own == f"ESCALATE\n\n{line}"


@pytest.mark.parametrize(
    "marking",
    [
        "RESTRICTED WHEN COMPLETE",
        "[OFFICIAL]",
        "OFFICIAL SENSITIVE - PERSONAL DATA",
        "PROTECT - PERSONAL",
        "NHS CONFIDENTIAL: PATIENT IDENTIFIABLE DATA",
        "CONFIDENTIAL ONCE COMPLETED",
        "SWYDDOGOL",
        "Classification: OFFICIAL",
        "** OFFICIAL **",
    ],
)
def test_a_classification_is_not_said_at_the_top_nor_at_the_bottom(marking: str) -> None:
    assert words_of(f"{marking}\n{SAID}").own == SAID
    assert words_of(f"{SAID}\n\n{marking}").own == SAID


@pytest.mark.parametrize(
    "line", ["Confidential information was shared.", "Restricted contact", "Secret visits", "OFFICIAL figures say 61"]
)
def test_a_sentence_with_such_a_word_is_said(line: str) -> None:
    assert words_of(f"{line}\nRESOLVED").own == f"{line}\nRESOLVED"


@pytest.mark.parametrize(
    "banner",
    [
        "XxWarnBannerStart\nThis Message Is From an External Sender\nWhatever it says here.\nXxWarnBannerEnd",
        "CAUTION: This email originated from outside of the organisation. Do not click links.",
        "[EXTERNAL EMAIL]",
        "RHYBUDD: Daeth yr e-bost hwn o'r tu allan i'r sefydliad.",
        "You don't often get email from head@larkfield.sch.example. Learn why this is important",
        "This sender is unknown to your organisation\nReport Suspicious",
        "WARNING: EXTERNAL SENDER\nUse caution when opening attachments.",
    ],
)
def test_a_gateways_banner_is_nobodys_words(banner: str) -> None:
    assert words_of(f"{banner}\n{SAID}").own == SAID


@pytest.mark.parametrize(
    "line",
    [
        "Outside the school he was hit by his dad, I sent an email.",
        "External agencies have not been told.",
        "Warning signs: hungry, tired, no coat.",
        "The message from outside was that nobody comes.",
    ],
)
def test_a_warning_about_a_child_is_no_banner(line: str) -> None:
    assert words_of(f"{line}\nRESOLVED").own == f"{line}\nRESOLVED"


@pytest.mark.parametrize(
    "particulars",
    [
        "________________________________\nMicrosoft Teams meeting\nJoin on your computer, mobile app or room device\n"
        "Click here to join the meeting<https://teams.example/l/x>\nMeeting ID: 385 218 112 33\nPasscode: aBcDe\n"
        "Learn more<https://a.example> | Meeting options<https://b.example>\n________________________________",
        "Join Zoom Meeting\nhttps://zoom.example/j/123\n\nMeeting ID: 123 456\nPasscode: 999\nOne tap mobile\n"
        "+442034815237,,123# United Kingdom",
        "Join with Google Meet\nhttps://meet.example/abc\nOr dial: (GB) +44 20 3937 2000 PIN: 123#",
    ],
)
def test_a_meetings_particulars_are_nobodys_words(particulars: str) -> None:
    assert words_of(f"{SAID}\n\n{particulars}").own == SAID


@pytest.mark.parametrize(
    "line",
    [
        "Answers below.",
        "Please see my comments in red below.\nIgnatius",
        "Answered inline",
        "My replies are in blue",
        "I have put my answers next to each point",
        "Responses within the text",
        "Gweler isod",
    ],
)
def test_a_writer_says_that_their_answers_stand_in_what_they_quote(line: str) -> None:
    assert answers_inside(line) is True


def reply(page: str, subject: str = "RE: [NS-26-0012] Stage 2") -> Message:
    head = f"From: R <r@calder-council.example>\nSubject: {subject}\nIn-Reply-To: <bot.1@fenland-scp.example>\n"
    found = parse(f"{head}Content-Type: text/html; charset=utf-8\n\n{page}".encode())
    assert isinstance(found, Message)
    return found


ATTRIBUTION = "<div class=gmail_attr>On Tue, 8 Sept 2026 at 17:01, E &lt;e@fenland-scp.example&gt; wrote:<br></div>"
HEADER = "<p><b>From:</b> E &lt;e@fenland-scp.example&gt;<br><b>Sent:</b> 08 September 2026 17:01<br><b>To:</b> R<br>"


@pytest.mark.parametrize(
    "container", ["gmail_quote", "gmail_quote gmail_quote_container", "protonmail_quote", "yahoo_quoted"]
)
def test_answers_typed_below_and_between_a_containers_blockquotes_are_the_writers(container: str) -> None:
    page = (
        f"<div>Answers below.<div class='{container}'>{ATTRIBUTION}<blockquote>Is it agreed?</blockquote><div>No.</div>"
        "<blockquote>Reply RESOLVED</blockquote><div>ESCALATE please.</div></div></div>"
    )
    assert own_words(reply(page)).own == "Answers below.\n\nNo.\n\nESCALATE please."


def test_a_container_without_a_blockquote_is_quoted_whole_and_may_hold_answers() -> None:
    page = f"<div>Answers below.</div><div class=yahoo_quoted>{ATTRIBUTION}<div>Is it agreed?</div><div>No.</div></div>"
    found = own_words(reply(page))
    assert found.own == "Answers below."
    assert "No." in found.inside


def test_an_answer_with_nothing_above_an_outlook_head_may_stand_below_it() -> None:
    page = f"{HEADER}<b>Subject:</b> S</p><p>Is it agreed?</p><p style='color:#1F497D'>ESCALATE</p>"
    assert "ESCALATE" in own_words(reply(page)).inside
    assert own_words(reply(page, "FW: [NS-26-0012] Stage 2")).inside == ""


def test_a_line_down_the_left_side_marks_a_quotation() -> None:
    page = "<p>Thank you.</p><blockquote style='border-left:1px solid #ccc;padding-left:1ex'>RESOLVED</blockquote>"
    assert own_words(reply(page)).own == "Thank you."
