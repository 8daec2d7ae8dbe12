"""IMAP against servers that lack things, race with people, and break off: each a trap that was met."""

import socket
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.errors import BadConfiguration, LoginRefused, Unreachable
from mailbot.shell.servers.connection import Connection, Security
from mailbot.shell.servers.imap import ImapMailbox, Layout, message_id_criteria, plain_reply
from mailbot.shell.servers.mailbox_interface import Place, Top, Watermark, Withheld
from tests.servers.shape import Servers
from tests.unit.shell.servers.contracts import WHEN, letter, never
from tests.unit.shell.servers.fault_servers import Imap, Link, Server, Talk

FIRST = Place("INBOX", 7, 4)


def mailbox_at(port: int, **other: object) -> ImapMailbox:
    given = {"user": "disputes", "password": "secret", "security": "none", "read_timeout": 2.0, **other}
    beside = {name: given.pop(name) for name in ("folder", "root", "poll") if name in given}
    return ImapMailbox(Connection("127.0.0.1", port, **given), **beside)  # type: ignore[arg-type]


def commands(imap: Imap) -> list[str]:
    """What was asked, without tags and logins."""
    said = [line.partition(" ")[2] for line in imap.heard]
    return [line for line in said if not line.startswith(("LOGIN", "CAPABILITY", "LIST", "LOGOUT"))]


@pytest.mark.parametrize("text", ["a\r\nX9 DELETE INBOX", "a\nb", "a\rb", "a\0b", "é"])
def test_what_would_be_a_command_of_its_own_is_not_written_into_one(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be written into an IMAP command"):
        plain_reply(text)


@pytest.mark.parametrize(
    "identity", ['<a"b@x.example>', "<a b@x.example>", "<a\r\nX9 DELETE INBOX\r\n@x>", "<*>", "<é>", ""]
)
def test_an_odd_message_id_is_never_sent_to_the_server(identity: str) -> None:
    assert message_id_criteria(identity) == ["ALL"]


def test_a_plain_message_id_is_searched_for_without_its_brackets() -> None:
    assert message_id_criteria("<a.1+b=c@x.example>") == ["HEADER", "MESSAGE-ID", "a.1+b=c@x.example"]


def test_a_password_with_a_line_break_reaches_no_server() -> None:
    imap = Imap()
    with Server(imap) as server, pytest.raises(Unreachable, match="line break"):
        mailbox_at(server.port, password="a\r\nX9 DELETE INBOX").folders()
    assert not any("DELETE" in line for line in imap.heard)


@pytest.mark.parametrize("host", ["mail.example", "192.0.2.1", "localhost.example", "10.0.0.1"])
def test_nothing_goes_in_clear_to_another_machine(host: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        Connection(host, 143, "disputes", "secret", "none")
    assert str(caught.value) == (
        f'mailbot.toml: security = "none" is only for a server on this machine, and {host} is not one'
    )


def test_a_kind_of_security_nobody_knows_is_the_operators_mistake() -> None:
    with pytest.raises(BadConfiguration, match="not 'ssl'"):
        Connection("127.0.0.1", 143, "disputes", "secret", "ssl")  # type: ignore[arg-type]


def test_a_server_without_starttls_never_sees_the_password() -> None:
    imap = Imap()
    with Server(imap) as server, pytest.raises(Unreachable, match="does not offer STARTTLS"):
        mailbox_at(server.port, security="starttls").folders()
    assert not any("secret" in line or "LOGIN" in line for line in imap.heard)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_server_that_accepts_and_says_nothing_is_given_up(security: Security) -> None:
    with (
        Server(lambda talk: void(talk.stream.readline())) as server,
        pytest.raises(Unreachable, match=f"127.0.0.1:{server.port}"),
    ):
        mailbox_at(server.port, security=security, read_timeout=0.3, connect_timeout=0.3).folders()


def void(_: object) -> None: ...


def test_no_server_at_all_is_told_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        list(mailbox_at(port).arrivals(None))
    assert caught.value.what == f"127.0.0.1:{port}"
    assert "refused" in caught.value.why


def test_a_wrong_password_is_a_refused_login(embedded_servers: Servers) -> None:
    with pytest.raises(LoginRefused):
        mailbox_at(embedded_servers.imap_port, user=embedded_servers.spare[-1], password="not this one").folders()


def test_a_token_is_handed_over_in_place_of_a_password() -> None:
    handed = []

    def authenticate(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ ")
        handed.append((command, b64decode(talk.hear()).decode()))
        talk.say(f"{tag} OK welcome")

    with Server(Imap("AUTH=XOAUTH2", {"AUTHENTICATE": authenticate})) as server:
        assert mailbox_at(server.port, token=lambda: "t0ken").messages(("Processed",)) == []
    assert handed == [("AUTHENTICATE XOAUTH2", "user=disputes\x01auth=Bearer t0ken\x01\x01")]


def test_a_password_beyond_ascii_goes_by_the_way_that_takes_it() -> None:
    handed = []

    def authenticate(talk: Talk, tag: str, command: str) -> None:
        talk.say("+ ")
        handed.append(b64decode(talk.hear()).decode())
        talk.say(f"{tag} OK welcome")

    with Server(Imap("AUTH=PLAIN", {"AUTHENTICATE": authenticate})) as server:
        mailbox_at(server.port, password="Gwdihŵ").messages(("Processed",))
    assert handed == ["\0disputes\0Gwdihŵ"]
    with Server(Imap()) as server, pytest.raises(LoginRefused, match="not in ASCII"):
        mailbox_at(server.port, password="Gwdihŵ").messages(("Processed",))


def test_commands_leave_at_once_instead_of_waiting_for_acknowledgements(embedded_servers: Servers) -> None:
    mailbox = embedded_servers.mailbox(embedded_servers.spare[-1])
    mailbox.folders()
    assert mailbox._client.socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert mailbox._client.socket().gettimeout() == 20
    mailbox.close()


def test_reading_asks_for_uids_and_leaves_the_seen_flag_alone() -> None:
    imap = Imap()
    imap.bodies = {4: letter(1), 9: letter(2)}
    with Server(imap) as server:
        arrivals = list(mailbox_at(server.port).arrivals(Watermark(7, 3)))
    assert [(arrival.place.uid, arrival.received) for arrival in arrivals] == [
        (4, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)),
        (9, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)),
    ]
    assert {arrival.received.tzinfo for arrival in arrivals} == {UTC}
    assert commands(imap) == [
        'EXAMINE "INBOX"',
        "UID SEARCH UID 4:9",
        "UID FETCH 4,9 (RFC822.SIZE)",
        "UID FETCH 4,9 (INTERNALDATE BODY.PEEK[])",
    ]


def test_a_search_that_answers_with_older_mail_brings_nothing_twice() -> None:
    imap = Imap()
    imap.bodies = {4: letter(1), 9: letter(2)}
    with Server(imap) as server:
        arrivals = list(mailbox_at(server.port).arrivals(Watermark(7, 4)))
    assert [arrival.place.uid for arrival in arrivals] == [9]


@pytest.mark.parametrize(("stays", "found"), [(True, [Withheld(Place("INBOX", 7, 4))]), (False, [])])
def test_a_body_that_is_nil_is_withheld_while_it_is_listed_and_gone_when_it_is_not(
    stays: bool, found: list[Withheld]
) -> None:
    def fetch(talk: Talk, tag: str, command: str) -> None:
        if "BODY" in command:
            talk.say('* 1 FETCH (UID 4 INTERNALDATE "05-Jan-2026 10:00:00 +0100" BODY[] NIL)')
            imap.bodies = imap.bodies if stays else {}
        talk.say(f"{tag} OK done")

    imap = Imap(tricks={"FETCH": fetch})
    imap.bodies = {4: letter(1)}
    with Server(imap) as server:
        assert list(mailbox_at(server.port).arrivals(None)) == found


def test_one_damaged_message_does_not_keep_the_others_back() -> None:
    def fetch(talk: Talk, tag: str, command: str) -> None:
        asked = command.split()[2].split(",") if "BODY" in command else []
        for uid in (4, 5, 6):
            if str(uid) in asked and uid != 5:
                body = letter(uid).decode()
                talk.say(f'* 1 FETCH (UID {uid} INTERNALDATE "05-Jan-2026 10:00:00 +0100" BODY[] {{{len(body)}}}')
                talk.say(f"{body})")
        talk.say(f"{tag} NO some could not be retrieved" if "5" in asked else f"{tag} OK done")

    imap = Imap(tricks={"FETCH": fetch})
    imap.bodies = {4: letter(4), 5: letter(5), 6: letter(6)}
    with Server(imap) as server:
        found = list(mailbox_at(server.port).arrivals(None))
    assert [type(one).__name__ for one in found] == ["Arrival", "Withheld", "Arrival"]
    assert [one.place.uid for one in found] == [4, 5, 6]


def test_large_mail_is_not_all_held_at_once() -> None:
    imap = Imap()
    imap.bodies = {uid: letter(uid, "x" * 9_000_000) for uid in (1, 2, 3)}
    with Server(imap) as server:
        assert [len(arrival.raw) > 9_000_000 for arrival in mailbox_at(server.port).arrivals(None)] == [True] * 3
    assert [line for line in commands(imap) if "BODY.PEEK" in line] == [
        "UID FETCH 1 (INTERNALDATE BODY.PEEK[])",
        "UID FETCH 2 (INTERNALDATE BODY.PEEK[])",
        "UID FETCH 3 (INTERNALDATE BODY.PEEK[])",
    ]


@pytest.mark.parametrize("limit", [1, 60, 150, 700, 1000, 1024, 2048, 3072, 4096, 5000])
def test_a_connection_cut_while_reading_stores_no_half_of_a_message(limit: int) -> None:
    imap = Imap()
    imap.bodies = {4: letter(1, "x" * 6000)}
    with Server(imap) as server:
        with Link(server.port, limit=limit) as link, pytest.raises(Unreachable):
            list(mailbox_at(link.port).arrivals(None))
        assert [arrival.raw for arrival in mailbox_at(server.port).arrivals(None)] == [letter(1, "x" * 6000)]


def test_mail_that_dribbles_in_is_read_whole() -> None:
    imap = Imap()
    imap.bodies = {4: letter(1), 5: letter(2)}
    with Server(imap) as server, Link(server.port, piece=7) as link:
        assert [arrival.raw for arrival in mailbox_at(link.port).arrivals(None)] == [letter(1), letter(2)]


def test_after_a_failure_the_next_call_connects_again() -> None:
    imap = Imap()
    imap.bodies = {4: letter(1)}
    failures = iter([True])

    def search(talk: Talk, tag: str, command: str) -> None:
        if next(failures, False):
            raise EOFError
        talk.say("* SEARCH 4")
        talk.say(f"{tag} OK done")

    imap.tricks = {"SEARCH": search}
    with Server(imap) as server:
        mailbox = mailbox_at(server.port)
        with pytest.raises(Unreachable):
            list(mailbox.arrivals(None))
        assert [arrival.place.uid for arrival in mailbox.arrivals(None)] == [4]
        assert server.connections == 2


def ok(talk: Talk, tag: str, command: str) -> None:
    talk.say(f"{tag} OK done")


def test_with_move_the_message_moves_in_one_command() -> None:
    def move(talk: Talk, tag: str, command: str) -> None:
        talk.say("* OK [COPYUID 9 4 1] moved")
        talk.say("* 1 EXPUNGE")
        talk.say(f"{tag} OK done")

    imap = Imap("MOVE UIDPLUS", {"MOVE": move})
    imap.bodies = {4: letter(1)}
    with Server(imap) as server:
        assert mailbox_at(server.port).move(FIRST, ("Processed",)) is True
    assert commands(imap) == [
        'SELECT "INBOX"',
        # PEEK: what nobody has read yet must not look read in the folder either.
        "UID FETCH 4 (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])",
        'UID MOVE 4 "Processed"',
    ]


def moving_to(imap: Imap, taken: dict[int, bytes], mute: bool = False, damaged: int = 0) -> None:
    """A server that moves what it is asked to, and says so unless it is ``mute``; ``damaged`` it refuses."""

    def move(talk: Talk, tag: str, command: str) -> None:
        uids = [int(uid) for uid in command.split()[2].split(",")]
        if damaged in uids:
            talk.say(f"{tag} NO cannot read message")
            return
        taken.update({uid: imap.bodies.pop(uid) for uid in uids if uid in imap.bodies})
        if not mute:
            talk.say(f"* OK [COPYUID 9 {','.join(map(str, uids))} 1:{len(uids)}] moved")
        talk.say(f"{tag} OK done")

    imap.tricks["MOVE"] = move


def test_what_goes_to_one_folder_goes_by_one_command() -> None:
    imap, taken = Imap("MOVE UIDPLUS"), dict[int, bytes]()
    imap.bodies = {uid: letter(uid) for uid in (4, 5, 6)}
    moving_to(imap, taken)
    with Server(imap) as server:
        places = [Place("INBOX", 7, uid) for uid in (4, 5, 6)]
        moved = mailbox_at(server.port).move_all([(place, ("Processed",)) for place in places])
    assert (moved, sorted(taken)) == ([True] * 3, [4, 5, 6])
    assert commands(imap) == ['SELECT "INBOX"', 'UID MOVE 4,5,6 "Processed"']


def test_one_message_that_cannot_be_moved_keeps_no_other_back() -> None:
    imap, taken = Imap("MOVE UIDPLUS"), dict[int, bytes]()
    imap.bodies = {uid: letter(uid) for uid in (4, 5, 6)}
    moving_to(imap, taken, damaged=4)
    with Server(imap) as server, pytest.raises(Unreachable, match="cannot read message"):
        mailbox_at(server.port).move_all([(Place("INBOX", 7, uid), ("Processed",)) for uid in (4, 5, 6)])
    assert sorted(taken) == [5, 6]


def test_a_server_that_does_not_say_what_it_moved_is_asked_for_each() -> None:
    imap, taken = Imap("MOVE"), dict[int, bytes]()
    imap.bodies = {4: letter(4), 5: letter(5)}
    moving_to(imap, taken, mute=True)

    def examine(talk: Talk, tag: str, command: str) -> None:
        imap.bodies = taken if "Processed" in command else imap.bodies
        talk.say("* OK [UIDVALIDITY 8] ok")
        talk.say(f"{tag} OK done")

    imap.tricks["EXAMINE"] = examine
    with Server(imap) as server:
        moved = mailbox_at(server.port).move_all([(Place("INBOX", 7, uid), ("Processed",)) for uid in (4, 5)])
    assert (sorted(taken), len(moved)) == ([4, 5], 2)


def test_without_move_only_this_uid_is_expunged() -> None:
    imap = Imap("UIDPLUS")
    imap.bodies = {4: letter(1), 5: letter(2)}
    with Server(imap) as server:
        assert mailbox_at(server.port).move(FIRST, ("Processed",)) is True
    assert commands(imap)[-3:] == [
        'UID COPY 4 "Processed"',
        "UID STORE 4 +FLAGS.SILENT (\\Deleted)",
        "UID EXPUNGE 4",
    ]


def test_without_move_and_uidplus_nothing_is_ever_deleted() -> None:
    imap = Imap()
    imap.bodies = {4: letter(1)}
    # What is looked for in the folder is not there yet.
    imap.tricks = {"SEARCH": lambda talk, tag, command: ok(talk, tag, command)}
    with Server(imap) as server:
        assert mailbox_at(server.port).move(FIRST, ("Processed",)) is True
    assert any(line == 'UID COPY 4 "Processed"' for line in commands(imap))
    assert not any("STORE" in line or "EXPUNGE" in line for line in commands(imap))


def test_with_uidplus_what_is_ours_is_taken_out_by_its_uid_alone() -> None:
    imap = Imap("UIDPLUS")
    imap.bodies = {4: letter(1), 5: letter("1.longer")}
    with Server(imap) as server:
        assert mailbox_at(server.port).remove(("Disputes",), "<letter-1@northshire-council.example>") is True
    assert commands(imap) == [
        'SELECT "Disputes"',
        "UID SEARCH HEADER MESSAGE-ID letter-1@northshire-council.example UNDELETED",
        "UID FETCH 4,5 (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])",
        "UID STORE 4 +FLAGS.SILENT (\\Deleted \\Seen)",
        "UID EXPUNGE 4",
    ]


def test_without_uidplus_what_is_ours_stays_struck_out_and_read_and_nothing_is_expunged() -> None:
    imap = Imap("MOVE")
    imap.bodies = {4: letter(1), 5: letter(2)}
    with Server(imap) as server:
        mailbox = mailbox_at(server.port)
        assert mailbox.remove(("Disputes",), "<letter-1@northshire-council.example>") is True
        mailbox.close()
    assert commands(imap)[-1] == "UID STORE 4 +FLAGS.SILENT (\\Deleted \\Seen)"
    assert not any("EXPUNGE" in line or "CLOSE" in line for line in imap.heard)


def test_a_folder_the_server_will_not_tell_of_is_left_out_and_the_connection_is_kept() -> None:
    def status(talk: Talk, tag: str, command: str) -> None:
        if "Missing" in command:
            talk.say(f"{tag} NO no such mailbox")
        else:
            talk.say('* STATUS "Disputes" (MESSAGES 3 UIDNEXT 9 UIDVALIDITY 7)')
            talk.say(f"{tag} OK done")

    with Server(Imap(tricks={"STATUS": status})) as server:
        assert mailbox_at(server.port).tops([("Missing",), ("Disputes",)]) == {("Disputes",): Top(7, 8, 3)}
        assert server.connections == 1


def test_a_move_that_is_answered_but_not_done_is_a_failure() -> None:
    imap = Imap("MOVE UIDPLUS", {"MOVE": ok})
    imap.bodies = {4: letter(1)}
    with Server(imap) as server, pytest.raises(Unreachable, match="moved nothing"):
        mailbox_at(server.port).move(FIRST, ("Processed",))


def test_when_a_person_takes_a_message_between_two_commands_it_is_gone() -> None:
    imap = Imap("MOVE UIDPLUS")

    def move(talk: Talk, tag: str, command: str) -> None:
        # Dovecot says OK to moving what is not there.
        imap.bodies = {}
        talk.say(f"{tag} OK No messages found")

    imap.tricks = {"MOVE": move}
    imap.bodies = {4: letter(1)}
    with Server(imap) as server:
        assert mailbox_at(server.port).move(FIRST, ("Processed",)) is False


def test_a_server_that_does_not_say_where_it_moved_to_is_looked_up() -> None:
    imap = Imap("MOVE")
    processed: dict[int, bytes] = {}

    def move(talk: Talk, tag: str, command: str) -> None:
        processed.update(imap.bodies)
        imap.bodies = {}
        talk.say(f"{tag} OK done")

    def examine(talk: Talk, tag: str, command: str) -> None:
        imap.bodies = processed if "Processed" in command else imap.bodies
        talk.say("* OK [UIDVALIDITY 8] ok")
        talk.say(f"{tag} OK done")

    imap.tricks = {"MOVE": move, "EXAMINE": examine}
    imap.bodies = {4: letter(1)}
    with Server(imap) as server:
        assert mailbox_at(server.port).move(FIRST, ("Processed",)) is True


def test_a_refused_move_is_a_failure_of_the_world() -> None:
    imap = Imap("MOVE", {"MOVE": lambda talk, tag, command: talk.say(f"{tag} NO [OVERQUOTA] Quota exceeded")})
    imap.bodies = {4: letter(1)}
    with Server(imap) as server, pytest.raises(Unreachable, match="Quota exceeded"):
        mailbox_at(server.port).move(FIRST, ("Processed",))


@pytest.mark.parametrize(
    ("layout", "folder", "name"),
    [
        (Layout("", "/"), ("Disputes", "NS-26-0001"), "Disputes/NS-26-0001"),
        (Layout("INBOX.", "."), ("Disputes", "NS-26-0001"), "INBOX.Disputes.NS-26-0001"),
        (Layout("", "."), ("Processed",), "Processed"),
    ],
)
def test_folder_names_are_written_as_the_server_writes_them(layout: Layout, folder: tuple[str, ...], name: str) -> None:
    assert layout.name(folder) == name
    assert layout.parts(name) == folder


@pytest.fixture
def rooted(embedded: EmbeddedServers) -> Iterator[ImapMailbox]:
    embedded.add_user("rooted@northshire-scp.example", "secret")
    mailbox = mailbox_at(embedded.imap_port, user="rooted@northshire-scp.example", root=("mailbot",), read_timeout=20.0)
    yield mailbox
    mailbox.close()


def test_everything_may_be_filed_beneath_one_folder(rooted: ImapMailbox) -> None:
    assert rooted.file(("Disputes", "NS-26-0001"), letter(1), WHEN) is True
    assert rooted.folders() == [("Disputes",), ("Disputes", "NS-26-0001")]
    names = [name for _, _, name in rooted._client.list_folders()]
    assert "mailbot/Disputes/NS-26-0001" in names


def test_a_server_that_cannot_idle_is_asked_now_and_then() -> None:
    imap = Imap()
    with Server(imap) as server:
        mailbox = mailbox_at(server.port, poll=0.1)
        assert list(mailbox.arrivals(None)) == []
        assert mailbox.wait(5, never) is False
        imap.bodies = {1: letter(1)}
        assert mailbox.wait(5, never) is True


def test_a_mailbox_is_read_in_windows_that_fit_an_answer() -> None:
    imap = Imap()
    imap.bodies = {1: letter(1), 120_000: letter(2)}
    with Server(imap) as server:
        list(mailbox_at(server.port).arrivals(None))
    assert [line for line in commands(imap) if "SEARCH" in line] == [
        "UID SEARCH UID 1:50000",
        "UID SEARCH UID 50001:100000",
        "UID SEARCH UID 100001:120000",
    ]
