"""The mailbox contract, kept by the fake, by a Maildir and by IMAP to the embedded server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.shell.servers.mailbox_interface import message_id_of
from tests.fakes import MailboxFake
from tests.servers.shape import Servers
from tests.unit.shell.people import imap_box, maildir_box
from tests.unit.shell.servers.contracts import Box, MailboxContract


class TestTheFakeMailbox(MailboxContract):
    @pytest.fixture
    def box(self) -> Box:
        fake = MailboxFake()
        return Box(
            fake,
            fake.deliver,
            lambda place: fake.expunge(place.uid),
            lambda: len(fake.inbox),
            fake.drag,
            fake.marks,
            fake.mark_deleted,
        )


class TestAMaildir(MailboxContract):
    @pytest.fixture
    def box(self, tmp_path: Path) -> Box:
        return maildir_box(tmp_path / "Maildir")


class TestAnEmbeddedServer(MailboxContract):
    @pytest.fixture
    def box(self, embedded_servers: Servers, spare_address: Callable[[Servers], str]) -> Iterator[Box]:
        with imap_box(embedded_servers, spare_address(embedded_servers)) as box:
            yield box


@pytest.mark.parametrize(
    ("raw", "message_id"),
    [
        (b"Message-ID: <a@x.example>\r\n\r\n", "<a@x.example>"),
        (b"Subject: a\nMESSAGE-Id:\n <a@x.example> (and a remark)\n\n", "<a@x.example>"),
        (b"Message-ID: no brackets\r\n\r\n", "nobrackets"),
        (b"Message-ID: <>\r\n\r\n", "<>"),
        (b"Subject: a\r\n\r\nMessage-ID: <in-the-body@x.example>\r\n", ""),
        (b"X-Message-ID: <a@x.example>\r\n\r\n", ""),
        (b"", ""),
    ],
)
def test_the_message_id_is_read_from_the_header_alone(raw: bytes, message_id: str) -> None:
    assert message_id_of(raw) == message_id
