"""A message of many megabytes is read by its beginning, and its files are whole all the same."""

import base64

import pytest

from mailbot.mail.body.own_words import own_words
from mailbot.mail.incoming.message import Message, parse

HEAD = b"From: Rosalind Pike <rosalind.pike@calder-council.example>\nSubject: Jory\nMIME-Version: 1.0\n"
FILE = bytes(range(256)) * 10_000


def with_file(head: str, packed: bytes, ends: bytes = b"\n") -> Message:
    attached = f'--b\nContent-Type: application/pdf; name="plan.pdf"\n{head}\n\n'.encode()
    first = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nESCALATE\n"
    raw = HEAD + first + attached + packed + b"\n--b\nContent-Type: text/plain\n\nand more\n--b--\n"
    found = parse(raw.replace(b"\n", ends))
    assert isinstance(found, Message)
    return found


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_a_long_file_is_whole_and_the_text_behind_it_is_read(ends: bytes) -> None:
    found = with_file("Content-Transfer-Encoding: base64", base64.encodebytes(FILE), ends)
    assert [(one.name, one.size) for one in found.attachments] == [("plan.pdf", 2_560_000)]
    assert found.attachments[0].content == FILE
    assert found.text == "ESCALATE\nand more"


def test_a_long_file_that_is_cut_within_four_letters_is_whole_too() -> None:
    packed = base64.b64encode(FILE)
    odd = b"\n".join(packed[at : at + 61] for at in range(0, len(packed), 61))
    assert with_file("Content-Transfer-Encoding: base64", odd).attachments[0].content == FILE


def test_a_long_text_is_read_by_its_beginning() -> None:
    words = b"He was not at school again. " * 3 + b"\n"
    found = parse(HEAD + b"\nESCALATE\n" + words * 200_000)
    assert isinstance(found, Message)
    assert len(found.text) == 1024 * 1024
    assert own_words(found).own.startswith("ESCALATE\nHe was not at school again.")


def test_a_text_without_a_single_line_end_is_read() -> None:
    found = parse(HEAD + b"\n" + b"word " * 1_000_000)
    assert isinstance(found, Message)
    assert found.text.startswith("word word")
