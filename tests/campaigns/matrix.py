"""``python -m tests.campaigns.matrix``: every verb of SMTP with every answer, every command of IMAP with every fault.

After each fault the server is well again: then the letter has been taken once at most for each try, or its refusal is
known; and every message is read.
"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.shell.servers.smtp import SmtpPostman, Timeouts
from tests.unit.shell.servers.fault_servers import Imap, Server, Smtp, Talk

VERBS = ("HELLO", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", ".", "QUIT")
ANSWERS = (
    "421 closing",
    "450 try later",
    "451 local error",
    "452 full",
    "550 5.7.60 not allowed to send as this sender",
    "550 no such user",
    "552 too large",
    "554 refused",
    "",  # cut
    "hang",
    "nonsense",
    "250",
)
LETTER = (
    b"From: escalation@nsscp.example\r\nTo: a@larkfield.sch.example\r\nMessage-ID: <1@nsscp.example>\r\n\r\nHello.\r\n"
)
COMMANDS = ("CAPABILITY", "LOGIN", "SELECT", "EXAMINE", "SEARCH", "FETCH", "LIST", "MOVE", "APPEND", "NOOP")
FAULTS: dict[str, Callable[[Talk, str, str], None]] = {
    "NO": lambda talk, tag, _: talk.say(f"{tag} NO not now"),
    "BAD": lambda talk, tag, _: talk.say(f"{tag} BAD what"),
    "BYE": lambda talk, tag, _: (talk.say("* BYE leaving"), _cut())[0],
    "cut": lambda talk, tag, _: _cut(),
    "nonsense": lambda talk, tag, _: talk.say("* what is this"),
    "another tag": lambda talk, tag, _: (talk.say("X99 OK done"), _cut())[0],
    "half a line": lambda talk, tag, _: (talk.say_bytes(f"{tag} O".encode()), _cut())[0],
    "half a literal": lambda talk, tag, _: (talk.say_bytes(b"* 1 FETCH (UID 1 BODY[] {500}\r\nhalf"), _cut())[0],
}
QUICK = Timeouts(0.6, 0.6, 0.6)


def _cut() -> None:
    raise EOFError


def smtp_fault(verb: str, answer: str) -> list[str]:
    wrong: list[str] = []
    script = Smtp({"AUTH": "235 welcome", verb: answer}, ("AUTH PLAIN",))
    with Server(script) as server:
        outcome = _sent(server.port)
        script.over.set()
        script.answers[verb] = {"HELLO": "220 ready", "AUTH": "235 welcome", "DATA": "354 go on"}.get(verb, "250 ok")
        if verb == "EHLO":
            del script.answers["EHLO"]
        taken = len(script.letters)
        again = _sent(server.port) if outcome in (Outcome.DEFERRED, Outcome.UNCERTAIN) else outcome
    name = f"SMTP {verb} {answer or 'cut'}"
    if outcome is Outcome.ACCEPTED and taken != 1:
        wrong.append(f"{name}: said to be accepted, and {taken} were taken")
    if outcome is Outcome.DEFERRED and verb not in (".", "QUIT") and taken:
        wrong.append(f"{name}: was taken, and is said to be deferred")
    if again not in (Outcome.ACCEPTED, Outcome.REFUSED):
        wrong.append(f"{name}: ended as {again.value} on a server that is well")
    if len(set(script.letters)) > 1:
        wrong.append(f"{name}: the second copy differs")
    return wrong


def _sent(port: int) -> Outcome:
    postman = SmtpPostman(Connection("127.0.0.1", port, "escalation@nsscp.example", "secret", "none"), QUICK)
    try:
        (delivery,) = postman.send([Envelope(1, "escalation@nsscp.example", "a@larkfield.sch.example", LETTER)])
        return delivery.outcome
    finally:
        postman.close()


def imap_fault(command: str, fault: str) -> list[str]:
    script = Imap("UIDPLUS MOVE", {command: FAULTS[fault]})
    script.bodies = {n: f"Message-ID: <{n}@x.example>\r\nSubject: {n}\r\n\r\nbody\r\n".encode() for n in (1, 2)}
    with Server(script) as server:
        _tried(server.port)
        script.tricks.clear()
        name = f"IMAP {command} {fault}"
        try:
            read = _tried(server.port, must=True)
        except Unreachable as error:
            return [f"{name}: still out of reach on a server that is well: {error}"]
    return [] if read == 2 else [f"{name}: {read} of 2 were read"]


def _tried(port: int, must: bool = False) -> int:
    at = Connection("127.0.0.1", port, "user", "secret", "none", read_timeout=0.6)
    mailbox = ImapMailbox(at)
    try:
        found = list(mailbox.arrivals(None))
        if not must:
            mailbox.file(("Disputes",), LETTER, datetime(2026, 9, 7, tzinfo=UTC))
        return len(found)
    except Unreachable:
        if must:
            raise
        return 0
    finally:
        mailbox.close()


def main() -> int:
    asked = (
        ("SMTP", smtp_fault, [(verb, answer) for verb in VERBS for answer in ANSWERS]),
        ("IMAP", imap_fault, [(command, fault) for command in COMMANDS for fault in FAULTS]),
    )
    code = 0
    for what, tried, cases in asked:  # most of the time is waiting for servers that say nothing
        with ThreadPoolExecutor(12) as several:
            wrong = [one for found in several.map(lambda case: tried(*case), cases) for one in found]  # noqa: B023
        for one in wrong:
            print(one)
        print(f"{len(cases)} {what} faults, each once: {len(wrong)} violations", flush=True)
        code |= bool(wrong)
    return code


if __name__ == "__main__":
    sys.exit(main())
