"""Every text part of a message is its writer's, in the order they stand and in the version that people see."""

import base64

import pytest

from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, parse

HEAD = "From: Rosalind Pike <rosalind.pike@calder-council.example>\nSubject: Jory\nMIME-Version: 1.0\n"
PICTURE = ('Content-Type: image/png; name="a.png"\nContent-Disposition: inline', "iVBOR")


def mail(*parts: tuple[str, str], kind: str = "mixed") -> Message:
    body = "".join(f"--b\n{head}\n\n{text}\n" for head, text in parts)
    found = parse(f'{HEAD}Content-Type: multipart/{kind}; boundary="b"\n\n{body}--b--\n'.encode())
    assert isinstance(found, Message)
    return found


def single(head: str, body: str) -> Message:
    found = parse(f"{HEAD}{head}\n\n{body}\n".encode())
    assert isinstance(found, Message)
    return found


def test_html_picture_html_is_read_to_its_end() -> None:
    found = mail(
        ("Content-Type: text/html", "<p>We have agreed the plan.</p>"),
        PICTURE,
        ("Content-Type: text/html", "<p>But NOT the visit, so please escalate.</p>"),
    )
    assert found.text == "We have agreed the plan.\nBut NOT the visit, so please escalate."


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("ATT00001.txt", "text/plain", "Please escalate."),
        ("ATT00002.htm", "text/html", "<html><body>Please escalate.</body></html>"),
        ("Part 1.2.html", "text/html", "<p>Please escalate.</p>"),
        ("noname.rtf", "application/rtf", r"{\rtf1\ansi Please {\b escalate}.}"),
    ],
)
def test_the_rest_of_a_text_that_a_gateway_named_and_attached_is_still_the_text(
    name: str, kind: str, content: str
) -> None:
    attached = f'Content-Type: {kind}; name="{name}"\nContent-Disposition: attachment; filename="{name}"'
    found = mail(("Content-Type: text/plain", "Notes of our call:"), PICTURE, (attached, content))
    assert found.text == "Notes of our call:\nPlease escalate."


def test_a_text_file_that_somebody_attached_is_a_file() -> None:
    attached = 'Content-Type: text/plain; name="letter.txt"\nContent-Disposition: attachment; filename="letter.txt"'
    assert mail(("Content-Type: text/plain", "See attached."), (attached, "RESOLVED")).text == "See attached."


def test_a_body_in_rich_text_is_read_and_what_is_struck_out_in_it_is_not() -> None:
    rtf = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}\f0 Zo\'eb {\strike agrees}"
        r"\par said \u8220?no\u8221?}"
    )
    assert single("Content-Type: text/rtf", rtf).text == "Zoë\nsaid “no”"


def test_a_warning_in_plain_words_above_a_packed_body_does_not_spoil_it() -> None:
    packed = base64.encodebytes("RESOLVED\nÉlise visits on 11 September 2026.\n".encode()).decode()
    warning = "Warning: This message came from outside the organisation."
    declared = single(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", f"{warning}\n{packed}"
    )
    undeclared = single("Content-Type: text/plain; charset=utf-8", f"{warning}\n{packed}".rstrip())
    for found in (declared, undeclared):
        assert own_words(found).own == "RESOLVED\nÉlise visits on 11 September 2026."


PLAIN, PAGE = "Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"


def test_two_versions_of_one_text_are_the_same_although_programs_write_them_differently() -> None:
    plain = "We agree. See https://x.example/plan <https://x.example/plan>\n\n  *   visit on Friday\n\n[cid:logo]"
    page = (
        '<p>We <b>agree</b>. See <a href="https://x.example/plan">https://x.example/plan</a></p><ul><li>visit on Friday'
    )
    found = mail((PLAIN, plain), (PAGE, page), kind="alternative")
    assert found.other_text == ""


@pytest.mark.parametrize(
    ("plain", "page", "read"),
    [
        ("CONFIRM", "<p>I do not agree with this, ring me.</p>", "I do not agree with this, ring me."),
        ("I will not confirm it.", "<p>CONFIRM</p>", "CONFIRM"),
        ("We have agreed.", "<p>We have not agreed.</p>", "We have not agreed."),
    ],
)
def test_where_the_versions_say_different_things_the_page_is_read_and_the_other_kept(
    plain: str, page: str, read: str
) -> None:
    found = mail((PLAIN, plain), (PAGE, page), kind="alternative")
    assert (found.text, found.other_text) == (read, plain)


def test_words_struck_out_on_the_page_are_not_said_by_the_plain_version_either() -> None:
    found = mail((PLAIN, "CONFIRM I will think."), (PAGE, "<p><s>CONFIRM</s> I will think.</p>"), kind="alternative")
    assert (found.text, found.other_text, found.unseen) == ("I will think.", "", "CONFIRM")


def test_a_page_of_which_nothing_can_be_seen_is_put_before_a_person() -> None:
    found = single("Content-Type: text/html", "<body style='color:#fff'><p>He is not safe.</p></body>")
    assert found.sealed == "words in a colour or size that nobody can see"


def test_a_message_of_twenty_five_megabytes_is_read_within_the_limits() -> None:
    big = "A" * 76 + "\n"
    found = parse(f"{HEAD}Content-Type: text/plain\n\nESCALATE\n{big * 300_000}".encode())
    assert isinstance(found, Message)
    assert own_words(found).own.startswith("ESCALATE")
