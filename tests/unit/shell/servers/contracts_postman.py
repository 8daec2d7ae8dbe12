"""What every postman does, told as tests. A test class of one kind of postman takes these up and gives ``post``."""

from collections.abc import Callable
from dataclasses import dataclass

from mailbot.shell.servers.postman_interface import Envelope, Outcome, Postman

LETTER = (
    b"From: disputes@northshire-scp.example\r\n"
    b"Message-ID: <notice-1@northshire-scp.example>\r\n"
    b"Subject: [NS-26-0001] Stage 2\r\n"
    b"\r\n"
    b"If a child is at immediate risk, call 999.\r\n"
    b".\r\n"
    b"..two dots, and From the start of a line\r\n"
)


@dataclass(frozen=True, slots=True)
class Post:
    """A postman under test, two addresses that can be written to, and what has come to one of them."""

    postman: Postman
    sender: str
    first: str
    second: str
    received: Callable[[str], list[bytes]]


class PostmanContract:
    def test_each_letter_is_accounted_for_in_order(self, post: Post) -> None:
        letters = [Envelope(7, post.sender, post.first, LETTER), Envelope(9, post.sender, post.second, LETTER)]
        deliveries = list(post.postman.send(letters))
        assert [(delivery.id, delivery.outcome) for delivery in deliveries] == [
            (7, Outcome.ACCEPTED),
            (9, Outcome.ACCEPTED),
        ]
        assert all(200 <= delivery.code < 300 for delivery in deliveries)

    def test_the_bytes_arrive_as_they_were(self, post: Post) -> None:
        list(post.postman.send([Envelope(1, post.sender, post.first, LETTER)]))
        (raw,) = post.received(post.first)
        assert raw.endswith(LETTER.partition(b"\r\n\r\n")[2])
        assert b"\r\nMessage-ID: <notice-1@northshire-scp.example>\r\n" in raw

    def test_each_letter_goes_to_its_own_recipient_alone(self, post: Post) -> None:
        everybody = LETTER.replace(b"Subject:", f"Cc: {post.second}\r\nSubject:".encode())
        list(post.postman.send([Envelope(1, post.sender, post.first, everybody)]))
        assert len(post.received(post.first)) == 1
        assert post.received(post.second) == []

    def test_the_sender_may_be_empty(self, post: Post) -> None:
        (delivery,) = post.postman.send([Envelope(1, "", post.first, LETTER)])
        assert delivery.outcome is Outcome.ACCEPTED
        assert len(post.received(post.first)) == 1

    def test_an_address_that_would_be_a_command_is_refused_and_the_rest_goes_on(self, post: Post) -> None:
        wicked = [
            f"{post.first}>\r\nRCPT TO:<{post.second}",
            f"{post.first} {post.second}",
            "jos\u00e9@northshire-scp.example",
            "nobody",
            "",
        ]
        letters = [Envelope(number, post.sender, address, LETTER) for number, address in enumerate(wicked)]
        deliveries = list(post.postman.send([*letters, Envelope(99, post.sender, post.first, LETTER)]))
        assert [delivery.outcome for delivery in deliveries] == [Outcome.REFUSED] * 5 + [Outcome.ACCEPTED]
        assert len(post.received(post.first)) == 1
        assert post.received(post.second) == []

    def test_nothing_to_send_is_no_work(self, post: Post) -> None:
        assert list(post.postman.send([])) == []

    def test_it_can_be_used_for_one_batch_after_another(self, post: Post) -> None:
        for number in (1, 2):
            (delivery,) = post.postman.send([Envelope(number, post.sender, post.first, LETTER + b"%d\r\n" % number)])
            assert delivery.outcome is Outcome.ACCEPTED
        assert len(post.received(post.first)) == 2

    def test_a_batch_may_be_broken_off(self, post: Post) -> None:
        letters = [Envelope(number, post.sender, post.first, LETTER) for number in (1, 2, 3)]
        some = post.postman.send(letters)
        assert next(some).id == 1
        some.close()  # type: ignore[attr-defined]
        assert len(post.received(post.first)) == 1
