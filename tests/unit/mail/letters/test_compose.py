"""Letters as bytes: they read back as they were meant, thread in every client, and nobody can add a header to them."""

import binascii
from datetime import UTC, datetime, timedelta, timezone
from email.parser import BytesParser
from email.policy import compat32, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.core.record.intents import Person
from mailbot.mail.letters.compose import Addressed, Attachment, Thread, compose, message_id, unflowed
from mailbot.mail.letters.render import Rendered

OUTLOOK = "<LO2P265MB1234567890ABCDEF1234567890ABCDEF1234567890@LO2P265MB1234.GBRP265.PROD.OUTLOOK.COM>"
OURS = "<nc-26-0012.7.0123456789abcdef0123@nscp.example>"
AT = datetime(2026, 9, 8, 16, 0, 5, tzinfo=UTC)
LETTER = Rendered("[NC-26-0012] Stage 2", "Zażółć\n\nFrom here.\n.\n" + "long " * 300 + "\n", "<p>=20 é</p>\n")
BARNABY = Person("b.quill@northshire.example", "Barnaby Quill")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
]


def _composed(rendered: Rendered = LETTER, to: Person = BARNABY, **more: object) -> bytes:
    given: dict[str, object] = {
        "sender": ("NSCP Issue Resolution", "escalation@nscp.example"),
        "to": to,
        "message_id": OURS,
        "date": AT,
        "references": (OUTLOOK,),
        "in_reply_to": OUTLOOK,
    }
    beside = {name: more.pop(name) for name in ("attachments", "conversation") if name in more}
    return compose(rendered, Addressed(**(given | more)), **beside)  # type: ignore[arg-type]


def test_a_letter_has_these_headers_and_no_others() -> None:
    message = BytesParser(policy=compat32).parsebytes(_composed())
    assert message.keys() == HEADERS
    assert message["From"].replace("\r\n", "") == '"NSCP Issue Resolution" <escalation@nscp.example>'
    assert message["To"].replace("\r\n", "") == '"Barnaby Quill" <b.quill@northshire.example>'
    assert message["Date"] == "Tue, 08 Sep 2026 16:00:05 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "DR, RN, NRN, AutoReply"
    assert message["Content-Language"] == "en-GB"


def test_an_answer_to_a_person_says_so() -> None:
    assert b"\r\nAuto-Submitted: auto-replied\r\n" in _composed(answering=True)


def test_every_line_ends_in_crlf_and_none_is_longer_than_the_standard_allows() -> None:
    raw = _composed(attachments=(Attachment("deadline.ics", "text/calendar; charset=utf-8", b"BEGIN\r\n" * 90),))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_text_and_html_read_back_as_they_were_written() -> None:
    message = BytesParser(policy=compat32).parsebytes(_composed())
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.get_payload()
    assert unflowed(text.get_payload(decode=True).decode()).rstrip() == LETTER.text.rstrip()
    assert html.get_payload(decode=True).decode().replace("\r\n", "\n") == LETTER.html


LONG = "Please " + "talk to each other " * 8 + "and settle it."


def test_the_text_has_short_lines_that_join_again_to_the_windows_width() -> None:
    """RFC 3676: a space at the end of a line says that its paragraph goes on; what begins with one gets another."""
    text = f"{LONG}\n\nFrom here.\n  a line to fill in\n- {LONG}\nsomebody.with.a.{'long' * 20}@name.example wrote.\n"
    message = BytesParser(policy=compat32).parsebytes(_composed(Rendered("Hello", text, "<p>Hello</p>")))
    part = message.get_payload()[0]
    assert (part.get_param("format"), part.get_param("charset")) == ("flowed", "utf-8")
    lines = part.get_payload(decode=True).decode().split("\r\n")
    assert [line for line in lines if len(line) > 72] == [f"somebody.with.a.{'long' * 20}@name.example "]
    assert lines[0].endswith(" ")
    assert " From here." in lines
    assert unflowed("\n".join(lines)) == text


def test_attachments_go_beside_the_letter_under_plain_names() -> None:
    attached = Attachment("Förm ü/../x.docx", "application/octet-stream", bytes(range(256)))
    message = BytesParser(policy=default).parsebytes(_composed(attachments=(attached,)))
    assert message.get_content_type() == "multipart/mixed"
    [last] = list(message.iter_attachments())
    assert last.get_filename() == "F-rm-..-x.docx"
    assert last.get_content() == bytes(range(256))


def test_a_long_outlook_id_stays_whole_on_a_line_of_its_own() -> None:
    raw = _composed(references=("<root@harbourside.example>", OUTLOOK))
    assert b"\r\nReferences: <root@harbourside.example>\r\n " + OUTLOOK.encode() + b"\r\n" in raw
    assert b"\r\nIn-Reply-To: " + OUTLOOK.encode() + b"\r\n" in raw
    assert b"=?utf-8?" not in raw


def test_the_same_letter_is_the_same_bytes() -> None:
    assert _composed() == _composed()
    there = AT.astimezone(timezone(timedelta(hours=1)))
    assert _composed() == _composed(date=there)


def test_a_name_that_is_not_ascii_is_encoded_and_reads_back() -> None:
    message = BytesParser(policy=default).parsebytes(_composed(to=Person(BARNABY.address, "Siân Łukasz-Ó'Briain")))
    assert message["To"].addresses[0].display_name == "Siân Łukasz-Ó'Briain"
    assert message["To"].addresses[0].addr_spec == "b.quill@northshire.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "b.quill",
        "b.quill@northshire.example, x@evil.example",
        "b@x.example\r\nBcc: c@d.example",
        "<b@x.example>",
        "b quill@x.example",
    ],
)
def test_what_is_no_single_address_gets_no_letter(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        _composed(to=Person(address, "Barnaby"))


@pytest.mark.parametrize("bad", ["", "no-brackets@x.example", "<a b@x.example>", "<a@x>\r\nBcc: <b@x>", "<a@x><b@x>"])
def test_what_is_no_message_id_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="no Message-ID"):
        _composed(message_id=bad)


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        _composed(date=datetime(2026, 9, 8, 16))


anything = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "=?UTF-8?Q?=0A?=Bcc: x@evil.example",
        "a\r\nBcc: x@evil.example",
        "a\x00b",
        "\u2028Bcc: x",
        '"<x@evil.example>',
        "\ud800",
    ]
)


@given(name=anything, subject=anything, text=anything)
def test_no_name_subject_or_text_can_add_a_header_or_a_recipient(name: str, subject: str, text: str) -> None:
    raw = _composed(Rendered(subject, text, text), to=Person(BARNABY.address, name))
    message = BytesParser(policy=compat32).parsebytes(raw)
    assert message.keys() == HEADERS
    assert message["To"].rstrip().endswith("b.quill@northshire.example>") or message["To"] == BARNABY.address
    assert len(message.get_payload()) == 2


def test_a_message_id_is_the_same_for_the_same_letter_and_another_for_any_other() -> None:
    made = message_id("nscp.example", "NC-26-0012", 7, "opened", "b.quill@northshire.example", b"secret")
    assert made == message_id("nscp.example", "NC-26-0012", 7, "opened", "B.Quill@northshire.example", b"secret")
    others = {
        message_id("nscp.example", "NC-26-0013", 7, "opened", "b.quill@northshire.example", b"secret"),
        message_id("nscp.example", "NC-26-0012", 8, "opened", "b.quill@northshire.example", b"secret"),
        message_id("nscp.example", "NC-26-0012", 7, "reminder", "b.quill@northshire.example", b"secret"),
        message_id("nscp.example", "NC-26-0012", 7, "opened", "o.samplewood@harbourside.example", b"secret"),
        message_id("nscp.example", "NC-26-0012", 7, "opened", "b.quill@northshire.example", b"other"),
    }
    assert len(others | {made}) == 6


def test_a_message_id_carries_the_reference_and_nobodys_address() -> None:
    made = message_id("nscp.example", "NC-26-0012", 7, "opened", "b.quill@northshire.example", b"secret")
    assert made.startswith("<nc-26-0012.7.")
    assert made.endswith("@nscp.example>")
    assert "quill" not in made
    assert _composed(message_id=made)


def test_one_persons_letters_hang_from_the_opening_email_in_order() -> None:
    """The joining rule of RFC 5322 3.6.4 as mail programs apply it: each reference is the parent of the next."""
    root, first, second, theirs = "<root@h.example>", "<1@n.example>", "<2@n.example>", "<theirs@h.example>"
    sent = [Thread(root), Thread(root, (first,)), Thread(root, (first, second), theirs)]
    parents = {}
    for own, thread in zip((first, second, "<3@n.example>"), sent, strict=True):
        chain = (*thread.references, own)
        parents |= dict(zip(chain[1:], chain, strict=False))
    assert parents == {first: root, second: first, theirs: second, "<3@n.example>": theirs}
    assert sent[2].in_reply_to == theirs


def test_a_long_thread_keeps_its_root_and_its_newest_letters() -> None:
    thread = Thread("<root@h.example>", tuple(f"<{n}@n.example>" for n in range(50)), "<49@n.example>")
    assert thread.references[0] == "<root@h.example>"
    assert thread.references[-1] == "<49@n.example>"
    assert len(thread.references) == 21


@given(st.lists(st.text("a=é. \t-\u034f", max_size=100), max_size=5), st.booleans())
def test_a_page_is_written_as_if_it_were_quoted_whole(lines: list[str], ends: bool) -> None:
    page = "\n".join(lines) + ("\n" if ends else "x")
    whole = binascii.b2a_qp(page.replace("\n", "\r\n").encode(), istext=True)
    assert whole.replace(b"\r\n", b"\n") in _composed(Rendered("x", "x\n", page)).replace(b"\r\n", b"\n")
