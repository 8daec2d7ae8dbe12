"""Bytes from anybody become a Message or an Unreadable, and both can be stored."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.mail.incoming.message import Message, Unreadable, parse
from tests.thorough import many

LETTERS = Path(__file__).parents[3] / "corpus" / "letters" / "inbound"
HEAD = b"From: Rosalind Pike <rosalind.pike@calder-council.example>\nSubject: Jory\n"


def read(name: str) -> Message:
    message = parse((LETTERS / f"{name}.eml").read_bytes())
    assert isinstance(message, Message)
    return message


def test_carriage_returns_alone_end_lines() -> None:
    message = read("cr-only-line-ends")
    assert message.subject == "Jory"
    assert message.text == "First line.\nSecond line."
    assert message.to == ()


def test_a_message_saved_as_utf_16_is_read() -> None:
    message = read("saved-as-utf-16")
    assert message.sender.address == "rosalind.pike@calder-council.example"
    assert message.text == "First line.\nSecond line."


def test_a_second_from_or_message_id_is_a_fault() -> None:
    message = read("two-from-two-ids")
    assert message.faults == ("two From headers", "two Message-ID headers")
    assert message.sender.address == ""


def test_nul_and_lone_surrogates_never_reach_the_text() -> None:
    message = read("nul-and-lone-surrogate")
    for text in (message.text, message.subject):
        assert "\x00" not in text
        assert text.encode("utf-8")
    assert message.text.startswith("One two")


def test_windows_bytes_declared_as_utf_8_keep_every_letter() -> None:
    message = read("cp1252-called-utf-8")
    assert message.subject == "Zoë"
    assert message.text == "Mum said “never again” – Zoë heard it."


def test_an_unknown_charset_is_read_for_what_it_is() -> None:
    assert read("unknown-charset").text == "Zoë was there."


def test_a_junk_line_in_the_head_does_not_turn_the_rest_into_text() -> None:
    message = read("junk-line-in-head")
    assert message.message_id == "<junk@calder-council.example>"
    assert message.text == "Hello."
    assert message.headers.one("X-Gateway") == "checked by the border server"


def test_what_has_no_at_sign_is_no_id_and_encoded_ids_are_decoded() -> None:
    message = read("ids-that-are-none")
    assert message.message_id == ""
    assert message.references == (
        "<LO2P265MB0001000100010001000100010001000100010001000100010001@LO2P265.GBRP265.PROD>",
    )


def test_an_attached_message_is_an_attachment_and_not_the_writers_words() -> None:
    message = read("attached-message-is-not-the-writers")
    assert message.text == "See attached."
    assert [one.content_type for one in message.attachments] == ["message/rfc822", "application/pdf"]
    assert b"RESOLVED on Monday" in message.attachments[0].content


def test_a_file_name_loses_its_directories_and_keeps_its_letters() -> None:
    pdf = read("attached-message-is-not-the-writers").attachments[1]
    assert (pdf.name, pdf.size, pdf.content) == ("plan Zoë.pdf", 5, b"%PDF-")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("winmail-only", "winmail.dat"),
        ("smime-enveloped", "S/MIME"),
        ("rights-protected", "rpmsg"),
        ("secure-portal", "secure portal"),
        ("outlook-desktop", ""),
        ("attached-message-is-not-the-writers", ""),
    ],
)
def test_a_wrapper_nobody_can_open_is_named(name: str, kind: str) -> None:
    assert read(name).sealed == kind


def test_an_armoured_message_is_sealed() -> None:
    message = parse(HEAD + b"\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n")
    assert isinstance(message, Message)
    assert message.sealed == "PGP"


def test_a_sentence_about_a_secure_message_seals_nothing() -> None:
    message = parse(HEAD + b"\nI have sent you a secure email on Monday. Did you read it?\n")
    assert isinstance(message, Message)
    assert message.sealed == ""


def test_an_outlook_file_sent_as_a_mail_is_unreadable_and_says_so() -> None:
    found = parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    assert isinstance(found, Unreadable)
    assert (found.reason, found.size) == ("an Outlook .msg file, not a mail", 608)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no mail headers"),
        (b"just some words\nand more\n", "no mail headers"),
        (HEAD + b"X-Long: " + b"a" * 300_000 + b"\n\nhi", "more than 256 KB of headers"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 501, "too many parts"),
        (HEAD + b"\n" + b"x" * 26_300_000, "larger than 25 MB"),
    ],
    ids=["empty", "no headers", "long head", "many parts", "large"],
)
def test_what_passes_a_limit_is_unreadable_with_its_reason(raw: bytes, reason: str) -> None:
    found = parse(raw)
    assert isinstance(found, Unreadable)
    assert found.reason == reason


def test_an_unreadable_message_still_shows_who_and_what() -> None:
    found = parse(HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 501)
    assert isinstance(found, Unreadable)
    assert found.subject == "Jory"
    assert found.sender == "Rosalind Pike <rosalind.pike@calder-council.example>"


def test_twenty_levels_are_read_and_ten_thousand_are_not() -> None:
    def nested(depth: int) -> bytes:
        levels = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
        return HEAD + "".join(levels).encode() + b"\ndeep words\n"

    shallow, deep = parse(nested(19)), parse(nested(10_000))
    assert isinstance(shallow, Message)
    assert shallow.text == "deep words"
    assert isinstance(deep, Unreadable)
    assert deep.reason == "nested too deeply"


def test_the_claimed_date_is_aware_and_nonsense_is_none() -> None:
    summer = parse(HEAD + b"Date: Wed, 09 Sep 2026 09:02:00 +0100\n\nx")
    unknown = parse(HEAD + b"Date: Wed, 09 Sep 2026 09:02:00 -0000\n\nx")
    nonsense = parse(HEAD + b"Date: Thu, 99 Foo 99999 25:61:61 +9999\n\nx")
    assert isinstance(summer, Message)
    assert isinstance(unknown, Message)
    assert isinstance(nonsense, Message)
    assert summer.date == datetime(2026, 9, 9, 9, 2, tzinfo=timezone(timedelta(hours=1)))
    assert unknown.date == datetime(2026, 9, 9, 9, 2, tzinfo=UTC)
    assert nonsense.date is None


def test_html_hides_what_a_browser_hides_and_breaks_lines_where_it_does() -> None:
    page = b'<style>p{}</style><p>One<br>two</p><p style="display:none">never</p><ul><li>three</ul><script>x()</script>'
    message = parse(HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + page)
    assert isinstance(message, Message)
    assert message.text == "One\ntwo\n\n- three"


def test_words_under_a_hundred_thousand_elements_are_found() -> None:
    message = parse(HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 100_000 + b"still here")
    assert isinstance(message, Message)
    assert "still here" in message.text


def test_a_plain_part_that_only_points_at_the_html_is_passed_over() -> None:
    html = base64.b64encode(b"<p>We agree.</p>")
    parts = (
        b'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        b"Please view this message in an HTML client.\n--b\nContent-Type: text/html\n"
        b"Content-Transfer-Encoding: base64\n\n" + html + b"\n--b--\n"
    )
    message = parse(HEAD + parts)
    assert isinstance(message, Message)
    assert message.text == "We agree."


def test_groups_and_unquoted_commas_in_to_are_read_leniently() -> None:
    to = b"To: Fernsby, Wilf <Wilf@Mill-School.example>; undisclosed:;, plain@calder-council.example\n"
    message = parse(HEAD + to + b"\nx")
    assert isinstance(message, Message)
    assert [one.address for one in message.to] == ["wilf@mill-school.example", "plain@calder-council.example"]


@settings(max_examples=many(40, 2000), deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"\n", b"From: ", b"--b\n", b"=?utf-8?b?", b"\r"]))))
def test_no_bytes_whatever_make_it_raise_or_yield_what_cannot_be_stored(pieces: list[bytes]) -> None:
    found = parse(b"".join(pieces))
    shown = found.subject + (found.text if isinstance(found, Message) else found.sender)
    assert "\x00" not in shown
    assert shown.encode("utf-8") is not None


@settings(max_examples=many(30, 2000), deadline=None)
@given(
    st.binary(max_size=80), st.sampled_from(["idna", "punycode", "utf-7", "utf-16", "rot13", "undefined", "x\xff", ""])
)
def test_no_charset_makes_a_body_raise(body: bytes, charset: str) -> None:
    found = parse(HEAD + f"Content-Type: text/plain; charset={charset}\n\n".encode() + body)
    assert isinstance(found, Message)
    assert found.text.encode("utf-8") is not None
