"""Servers that misbehave to order, on the real wire: a scripted IMAP server, a scripted SMTP server, a faulty link."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

Script = Callable[["Talk"], None]


class Talk:
    """One connection, seen from the server. Reading past the end raises ``EOFError``, which ends the script."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.stream = connection.makefile("rb")

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def say_bytes(self, raw: bytes) -> None:
        self.connection.sendall(raw)

    def hear(self) -> str:
        line = self.stream.readline()
        if not line:
            raise EOFError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def hear_letter(self) -> bytes:
        """Lines up to the lonely dot."""
        lines = []
        while (line := self.stream.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line)
        return b"".join(lines)


class Server:
    """Listens on a free loopback port; each connection runs ``script``. ``heard`` collects what scripts put there."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self.released = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._script(Talk(connection))
        except (OSError, EOFError):
            pass
        finally:
            hang_up(connection)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.released.set()
        for one in [self._listener, *self._open]:
            hang_up(one)


def hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


class Imap:
    """Enough of an IMAP server for one inbox of ``bodies`` (UID -> raw), with every command written down.

    ``capabilities`` are announced; ``tricks`` replaces the answer to a command by its first word ("MOVE" for UID MOVE):
    it is called with the talk, the tag and the whole line, and says everything, the tagged line included.
    """

    def __init__(
        self, capabilities: str = "", tricks: dict[str, Callable[[Talk, str, str], None]] | None = None
    ) -> None:
        self.capabilities = f"IMAP4rev1 {capabilities}".strip()
        self.tricks = tricks or {}
        self.bodies: dict[int, bytes] = {}
        self.heard: list[str] = []

    def __call__(self, talk: Talk) -> None:
        talk.say(f"* OK [CAPABILITY {self.capabilities}] ready")
        while True:
            line = talk.hear()
            self.heard.append(line)
            tag, _, command = line.partition(" ")
            words = command.removeprefix("UID ").split()
            if words[0] in self.tricks:
                self.tricks[words[0]](talk, tag, command)
            else:
                self._answer(talk, tag, words[0], words[1:])

    def _answer(self, talk: Talk, tag: str, word: str, arguments: list[str]) -> None:
        if word == "CAPABILITY":
            talk.say(f"* CAPABILITY {self.capabilities}")
        elif word == "LIST":
            talk.say('* LIST () "/" "INBOX"')
            if arguments[-1].strip('"') not in ("*", "%"):
                talk.say(f'* LIST () "/" {arguments[-1]}')
        elif word in ("SELECT", "EXAMINE"):
            talk.say(f"* {len(self.bodies)} EXISTS")
            talk.say("* OK [UIDVALIDITY 7] ok")
            talk.say(f"* OK [UIDNEXT {max(self.bodies, default=0) + 1}] ok")
        elif word == "SEARCH":
            talk.say("* SEARCH " + " ".join(map(str, self.bodies)))
        elif word == "FETCH":
            self._fetch(talk, {int(uid) for uid in arguments[0].split(",")}, " ".join(arguments[1:]))
        talk.say(f"{tag} OK done")

    def _fetch(self, talk: Talk, uids: set[int], items: str) -> None:
        for number, (uid, raw) in enumerate(self.bodies.items(), 1):
            if uid not in uids:
                continue
            if "RFC822.SIZE" in items:
                talk.say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            elif "HEADER.FIELDS" in items:
                header = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                self._literal(talk, number, uid, "BODY[HEADER.FIELDS (MESSAGE-ID)]", header)
            else:
                self._literal(talk, number, uid, 'INTERNALDATE "05-Jan-2026 10:00:00 +0100" BODY[]', raw)

    @staticmethod
    def _literal(talk: Talk, number: int, uid: int, items: str, raw: bytes) -> None:
        talk.say(f"* {number} FETCH (UID {uid} {items} {{{len(raw)}}}")
        talk.say_bytes(raw + b")\r\n")


class Smtp:
    """An SMTP server that answers each verb with ``answers[verb]``, and the last dot with ``answers["."]``.

    An answer of "" hangs up without a word; "hang" says nothing until the test is over. ``letters`` is what it has got.
    """

    def __init__(self, answers: dict[str, str] | None = None, extensions: tuple[str, ...] = ()) -> None:
        self.answers = {"HELLO": "220 ready", "DATA": "354 go on", "QUIT": "221 bye", **(answers or {})}
        self.extensions = extensions
        self.letters: list[bytes] = []
        self.heard: list[str] = []
        self.over = threading.Event()

    def __call__(self, talk: Talk) -> None:
        self._say(talk, "HELLO")
        while True:
            line = talk.hear()
            self.heard.append(line)
            verb = line.split()[0].upper()
            if verb == "EHLO" and "EHLO" not in self.answers:
                talk.say("250-mail.example")
                for extension in self.extensions:
                    talk.say(f"250-{extension}")
            self._say(talk, verb)
            if verb == "DATA" and self.answers["DATA"].startswith("354"):
                self.letters.append(talk.hear_letter())
                self._say(talk, ".")
            if verb == "QUIT":
                return

    def _say(self, talk: Talk, verb: str) -> None:
        answer = self.answers.get(verb, "250 ok")
        if answer == "hang":
            self.over.wait(30)
        if answer in ("", "hang"):
            raise EOFError
        talk.say(answer)


class Link:
    """A connection to ``port`` through a faulty link: cut after ``limit`` bytes from the server, in ``piece`` sizes, or
    swallowed both ways once ``dark`` is set, with both ends still believing in it."""

    def __init__(self, port: int, limit: int | None = None, piece: int = 65_536) -> None:
        self._to, self._limit, self._piece = port, limit, piece
        self.dark = threading.Event()
        self.server = Server(self._carry)
        self.port = self.server.port

    def _carry(self, talk: Talk) -> None:
        with socket.create_connection(("127.0.0.1", self._to)) as onward:
            onward.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            up = threading.Thread(target=self._pump, args=(talk.connection, onward, None), daemon=True)
            up.start()
            self._pump(onward, talk.connection, self._limit)

    def _pump(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        try:
            while limit is None or limit > 0:
                some = source.recv(min(self._piece, limit or self._piece))
                if not some:
                    break
                if limit is not None:
                    limit -= len(some)
                if not self.dark.is_set():
                    target.sendall(some)
        except OSError:
            pass
        finally:
            hang_up(target)

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.server.__exit__(kind, error, at)
