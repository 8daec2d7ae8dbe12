"""The postman contract, kept by the fake, by Maildirs and by SMTP to the embedded server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailbot.shell.servers.maildir import MaildirPostman
from tests.fakes import PostmanFake
from tests.servers.shape import Servers
from tests.unit.shell.people import smtp_post
from tests.unit.shell.servers.contracts_postman import Post, PostmanContract


class TestTheFakePostman(PostmanContract):
    @pytest.fixture
    def post(self) -> Post:
        fake = PostmanFake()
        first, second = "first@northshire-scp.example", "second@northshire-scp.example"
        return Post(
            fake,
            "disputes@northshire-scp.example",
            first,
            second,
            lambda address: [envelope.raw for envelope in fake.sent if envelope.recipient == address],
        )


class TestMaildirsToDeliverInto(PostmanContract):
    @pytest.fixture
    def post(self, tmp_path: Path) -> Post:
        first, second = "first@northshire-scp.example", "second@northshire-scp.example"
        return Post(
            MaildirPostman(tmp_path),
            "disputes@northshire-scp.example",
            first,
            second,
            lambda address: [file.read_bytes() for file in (tmp_path / address / "new").glob("*")],
        )


class TestSmtpToTheEmbeddedServer(PostmanContract):
    @pytest.fixture
    def post(self, embedded_servers: Servers, spare_address: Callable[[Servers], str]) -> Iterator[Post]:
        with smtp_post(embedded_servers, spare_address) as post:
            yield post
