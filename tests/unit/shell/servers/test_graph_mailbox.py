"""A mailbox and a postman over Graph keep the same contracts as every other, against a server on this machine; and what
is Graph's own: patience, pages, tokens, links that are forgotten.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mailbot.shell.clock import utc_now
from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.graph_calls import GraphCalls
from mailbot.shell.servers.graph_mailbox import GraphMailbox
from mailbot.shell.servers.graph_postman import GraphPostman, addressed_to
from mailbot.shell.servers.mailbox_interface import Place, Watermark, Withheld, message_id_of
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.watching.clock_watch import TellsTime
from tests.servers.graph import GraphServer
from tests.unit.shell.servers.contracts import WHEN, Box, MailboxContract, letter
from tests.unit.shell.servers.contracts_postman import LETTER, Post, PostmanContract

OURS, FIRST, SECOND = (
    "disputes@northshire-scp.example",
    "first@northshire-scp.example",
    "second@northshire-scp.example",
)
Pauses = list[float]


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer(OURS, FIRST, SECOND) as serving:
        yield serving


def calls(server: GraphServer, pauses: Pauses | None = None) -> GraphCalls:
    return GraphCalls(server.base, OURS, lambda: server.token, (pauses if pauses is not None else []).append)


def box_of(server: GraphServer, poll: float = 0.1) -> Box:
    made = GraphMailbox(GraphCalls(server.base, OURS, lambda: server.token), poll=poll)

    def expunge(place: Place) -> None:
        found = next(mail for mail in server.inbox(OURS).mails.values() if mail.number == place.uid)
        server.take_out(OURS, found.id)

    def called(message_id: str) -> str:
        everything = (mail for drawer in server.drawers[OURS].values() for mail in drawer.mails.values())
        return next(mail.id for mail in everything if message_id_of(mail.raw) == message_id)

    def marks(folder: tuple[str, ...]) -> dict[str, str]:
        mails = server.drawer(OURS, folder).mails.values()
        return {message_id_of(m.raw): f"{'F' if m.flagged else ''}{'S' if m.read else ''}" for m in mails}

    return Box(
        made,
        lambda raw, when: server.deliver(OURS, raw, when),
        expunge,
        lambda: sum(not mail.read for mail in server.inbox(OURS).mails.values()),
        lambda message_id, folder: server.shift(OURS, called(message_id), server.drawer(OURS, folder)),
        marks,
        lambda folder, message_id: None,  # Graph knows no message that is struck out and still there
    )


class TestAMailboxOverGraph(MailboxContract):
    @pytest.fixture
    def box(self, server: GraphServer) -> Box:
        return box_of(server)


class TestAPostmanOverGraph(PostmanContract):
    @pytest.fixture
    def post(self, server: GraphServer) -> Post:
        def received(address: str) -> list[bytes]:
            return [mail.raw for mail in server.inbox(address).mails.values()]

        return Post(GraphPostman(calls(server)), OURS, FIRST, SECOND, received)


def test_a_server_that_asks_for_patience_is_given_it_and_then_answers(server: GraphServer) -> None:
    server.deliver(OURS, letter(1), WHEN)
    server.patience = [7, 3]
    pauses: Pauses = []
    assert len(list(GraphMailbox(calls(server, pauses)).arrivals(None))) == 1
    assert [round(pause) for pause in pauses[:1]] == [7]
    assert sum(pauses) > 7


def test_a_server_that_asks_for_more_patience_than_a_turn_has_is_out_of_reach(server: GraphServer) -> None:
    server.patience = [120]
    pauses: Pauses = []
    mailbox = GraphMailbox(calls(server, pauses))
    for _ in range(2):
        with pytest.raises(Unreachable, match=r"asks to be left alone for 1[12]\d seconds"):
            list(mailbox.arrivals(None))
    assert pauses == []
    assert len(server.calls) == 1  # the second time it is not even asked


def test_letters_wait_while_the_server_wants_to_be_left_alone(server: GraphServer) -> None:
    server.patience = [120]
    letters = [Envelope(1, OURS, FIRST, LETTER), Envelope(2, OURS, SECOND, LETTER)]
    deliveries = list(GraphPostman(calls(server)).send(letters))
    assert [delivery.outcome for delivery in deliveries] == [Outcome.DEFERRED] * 2
    assert len(server.calls) == 1


def test_a_token_that_is_not_taken_is_a_refused_login(server: GraphServer) -> None:
    mailbox = GraphMailbox(GraphCalls(server.base, OURS, lambda: "another"))
    with pytest.raises(LoginRefused, match="answers 401 InvalidAuthenticationToken"):
        list(mailbox.arrivals(None))


@pytest.mark.parametrize(
    ("code", "word", "outcome"),
    [
        (400, "ErrorInvalidRecipients", Outcome.REFUSED),
        (413, "RequestEntityTooLarge", Outcome.REFUSED),
        (403, "ErrorAccessDenied", Outcome.DEFERRED),
        (403, "ErrorSendAsDenied", Outcome.DEFERRED),
        (400, "ErrorQuotaExceeded", Outcome.DEFERRED),
        (500, "ErrorInternalServerError", Outcome.DEFERRED),
    ],
)
def test_only_what_is_the_letters_own_fate_refuses_it(
    server: GraphServer, code: int, word: str, outcome: Outcome
) -> None:
    server.refuses["/sendMail"] = (code, word)
    (delivery,) = GraphPostman(calls(server)).send([Envelope(1, OURS, FIRST, LETTER)])
    assert delivery.outcome is outcome
    assert word in delivery.words
    assert (delivery.theirs, delivery.ours) == (outcome is Outcome.REFUSED, outcome is Outcome.DEFERRED)


def test_a_server_that_is_not_there_leaves_letters_waiting(server: GraphServer) -> None:
    nobody = GraphPostman(GraphCalls("http://127.0.0.1:9/v1.0", OURS, lambda: "t"))
    (delivery,) = nobody.send([Envelope(1, OURS, FIRST, LETTER)])
    assert (delivery.outcome, delivery.words) == (Outcome.DEFERRED, "127.0.0.1:9: connection refused")


def test_changes_are_asked_for_once_the_folder_is_known(server: GraphServer) -> None:
    for number in range(5):
        server.deliver(OURS, letter(number), WHEN)
    mailbox = GraphMailbox(calls(server))
    seen = list(mailbox.arrivals(None))
    assert [message_id_of(one.raw) for one in seen if not isinstance(one, Withheld)] == [
        f"<letter-{number}@northshire-council.example>" for number in range(5)
    ]
    server.calls.clear()
    mark = Watermark(seen[-1].place.uidvalidity, seen[-1].place.uid)
    assert list(mailbox.arrivals(mark)) == []
    assert [call.rpartition("/")[2] for call in server.calls] == ["delta"]


def test_a_forgotten_link_reads_the_folder_again_and_nothing_twice(server: GraphServer) -> None:
    server.deliver(OURS, letter(1), WHEN)
    mailbox = GraphMailbox(calls(server))
    (first,) = mailbox.arrivals(None)
    server.deliver(OURS, letter(2), WHEN)
    server.forgets = True
    (second,) = mailbox.arrivals(Watermark(first.place.uidvalidity, first.place.uid))
    assert not isinstance(second, Withheld)
    assert second.raw == letter(2)


def test_numbers_are_the_servers_own_and_so_outlast_us(server: GraphServer) -> None:
    for number in (1, 2):
        server.deliver(OURS, letter(number), WHEN)
    places = [one.place for one in GraphMailbox(calls(server)).arrivals(None)]
    assert [one.place for one in GraphMailbox(calls(server)).arrivals(None)] == places


def test_a_message_that_is_listed_and_not_given_is_withheld(server: GraphServer) -> None:
    server.deliver(OURS, letter(1), WHEN)
    mailbox = GraphMailbox(calls(server))
    server.refuses["$value"] = (500, "ErrorItemCorrupt")
    (one,) = mailbox.arrivals(None)
    assert isinstance(one, Withheld)


def test_a_link_to_another_machine_is_not_followed_with_our_token(server: GraphServer) -> None:
    with pytest.raises(Unreachable, match=r"sends on to another machine, elsewhere\.example"):
        calls(server).get("https://elsewhere.example/v1.0/users/x/messages")
    assert server.calls == []


def test_a_folder_that_somebody_took_away_is_made_again(server: GraphServer) -> None:
    mailbox = GraphMailbox(calls(server))
    mailbox.file(("Disputes",), letter(1), WHEN)
    del server.drawers[OURS][server.drawer(OURS, ("Disputes",)).id]
    assert mailbox.messages(("Disputes",)) == []
    assert mailbox.file(("Disputes",), letter(1), WHEN) is True


def test_a_letter_that_names_its_one_recipient_leaves_as_it_is() -> None:
    raw = b"From: a@x.example\r\nTo: First One <first@x.example>\r\nSubject: s\r\n\r\nCc: not a header\r\n"
    assert addressed_to(raw, "first@x.example") == raw
    many = raw.replace(b"Subject", b"Cc: second@x.example,\r\n third@x.example\r\nSubject")
    assert addressed_to(many, "first@x.example") == (
        b"To: first@x.example\r\nFrom: a@x.example\r\nSubject: s\r\n\r\nCc: not a header\r\n"
    )


def test_the_server_tells_its_own_time_and_nothing_is_put_into_the_mailbox_for_it(server: GraphServer) -> None:
    mailbox = GraphMailbox(calls(server))
    assert isinstance(mailbox, TellsTime)
    told = mailbox.server_time(("Bot", "Witness"), letter("<time.1@x.example>"))
    assert told is not None
    assert abs(told - utc_now()) < timedelta(minutes=5)
    assert server.inbox(OURS).mails == {}
