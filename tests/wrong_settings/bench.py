"""One deployment to be spoilt: the shipped configuration with its mail in Maildirs, or on servers that do as told."""

import argparse
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mailbot.checks.domain_records import DnsSilent
from mailbot.checks.findings import FAULT, LOOK, Finding
from mailbot.checks.reaching import Patience
from mailbot.commands.check import everything_found
from tests.deployment import Deployment
from tests.unit.shell.servers.fault_servers import Imap, Server, Smtp, Talk

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
USER = "escalation@nsscp.example"
SOUND_DNS = {
    ("nsscp.example", "MX"): ("10 mail.nsscp.example.",),
    ("nsscp.example", "TXT"): ("v=spf1 include:mail.nsscp.example -all",),
    ("_dmarc.nsscp.example", "TXT"): ("v=DMARC1; p=reject",),
    ("default._domainkey.nsscp.example", "TXT"): ("v=DKIM1; p=abc",),
}
# A server on this machine that has not spoken by then waits for the other side to begin.
SHORT = Patience(connect=1.0, read=5.0, look=0.8)
# What is published of the agencies in the example.
AGENCIES_MX = ("10 mail.example.",)
CAPABLE = "IDLE UIDPLUS ACL NAMESPACE"
HEAD = (
    "Authentication-Results: mail.nsscp.example; dmarc=pass header.from=kewbridge.sch.example\r\n"
    "From: t.merriwell@kewbridge.sch.example\r\nTo: escalation@nsscp.example\r\n"
    "Message-ID: <1@kewbridge.example>\r\n\r\n"
)


@dataclass
class Bench:
    """``made`` is the deployment; ``dns`` what the DNS says, None for one that does not answer."""

    made: Deployment
    stack: ExitStack
    dns: dict[tuple[str, str], tuple[str, ...]] | None = field(default_factory=lambda: dict(SOUND_DNS))
    asks_dns: bool = False
    offline: bool = False
    now: datetime = NOW

    @property
    def config(self) -> Path:
        return self.made.folder / "config"

    @property
    def var(self) -> Path:
        return self.made.folder / "var"

    def change(self, old: str, new: str, name: str = "mailbot.toml") -> None:
        self.made.change(name, old, new)

    def add(self, text: str, name: str = "mailbot.toml") -> None:
        path = self.config / name
        path.write_text(path.read_text() + text)

    def deliver(self, *heads: str) -> None:
        for number, head in enumerate(heads):
            self.made.deliver(head.encode(), f"{number}")

    def password(self, text: str = "correct horse\n", mode: int = 0o600) -> Path:
        path = self.var / "mailbox-password"
        path.write_text(text)
        path.chmod(mode)
        return path

    def mailbox(self, url: str) -> None:
        """The mailbox at another address, with a password."""
        self.password()
        self.change(
            f'url = "maildir:{self.made.folder / "mail"}"', f'url = "{url}"\npassword_file = "../var/mailbox-password"'
        )

    def post(self, url: str) -> None:
        """The post at another address, with a password."""
        self.password()
        self.change(
            f'url = "maildir:{self.made.folder / "post"}"', f'url = "{url}"\npassword_file = "../var/mailbox-password"'
        )

    def serve(self, script: Callable[[Talk], None]) -> int:
        def lenient(talk: Talk) -> None:
            with suppress(IndexError):  # the beginning of TLS, where a line was expected
                script(talk)

        return self.stack.enter_context(Server(lenient)).port

    def imap(self, server: Imap | None = None) -> Imap:
        """The mailbox on an IMAP server that does as told."""
        serving = server or SoundImap()
        self.mailbox(f"imap://{USER}@127.0.0.1:{self.serve(serving)}/INBOX")
        return serving

    def smtp(self, answers: dict[str, str] | None = None, extensions: tuple[str, ...] = ("AUTH PLAIN",)) -> None:
        """The post on an SMTP server that does as told."""
        told = {"AUTH": "235 welcome", **(answers or {})}
        self.post(f"smtp://{USER}@127.0.0.1:{self.serve(Smtp(told, extensions))}")

    def ask(self, name: str, kind: str) -> tuple[str, ...]:
        if self.dns is None:
            raise DnsSilent(name)
        return self.dns.get((name, kind), () if name.endswith("nsscp.example") else AGENCIES_MX)

    def found(self) -> list[Finding]:
        args = argparse.Namespace(config=self.made.config, partnership="", offline=self.offline, send_to="", wait=1.0)
        told = everything_found(args, self.now, self.ask if self.asks_dns else None, SHORT)
        return [finding for _, some in told for finding in some]

    def wrong(self) -> list[Finding]:
        """What is wrong or worth a look, without what a sound example has to be looked at for."""
        return [one for one in self.found() if one.mark == FAULT or (one.mark == LOOK and one.id not in EXAMPLES)]

    def plain(self, text: str) -> str:
        """The same words wherever the deployment lies and whatever ports were free."""
        text = text.replace(str(self.made.folder), "/etc/mailbot").replace("/etc/mailbot/var", "/var/lib/mailbot")
        return re.sub(r"(127\.0\.0\.1|localhost):\d{4,5}", r"\1:PORT", text)


# An example, in Maildirs that nothing has come to yet, is worth these looks.
EXAMPLES = {"partnership.roles", "maildir-not-there", "alarm-missing"}


class SoundImap(Imap):
    """An IMAP server on which everything is as it should be; ``had`` are the rights, ``arrived`` when the last message
    came."""

    def __init__(self, capabilities: str = CAPABLE, *heads: str) -> None:
        super().__init__(capabilities)
        self.had, self.flags, self.arrived = "lrswipkxtea", "\\Seen \\Flagged \\Deleted", "20-Nov-2026 10:00:00 +0000"
        self.bodies = {number: head.encode() for number, head in enumerate(heads or (HEAD,), 1)}
        self.tricks = {"EXAMINE": self._examine, "MYRIGHTS": self._rights, "FETCH": self._heads}

    def _examine(self, talk: Talk, tag: str, _: str) -> None:
        for line in (f"FLAGS ({self.flags})", f"{len(self.bodies)} EXISTS", "OK [UIDVALIDITY 7] ok"):
            talk.say(f"* {line}")
        talk.say(f"{tag} OK done")

    def _rights(self, talk: Talk, tag: str, _: str) -> None:
        talk.say(f'* MYRIGHTS "INBOX" {self.had}')
        talk.say(f"{tag} OK done")

    def _heads(self, talk: Talk, tag: str, command: str) -> None:
        for number, (uid, raw) in enumerate(self.bodies.items(), 1):
            if "INTERNALDATE" in command:
                talk.say(f'* {number} FETCH (UID {uid} INTERNALDATE "{self.arrived}")')
            else:
                talk.say(f"* {number} FETCH (UID {uid} BODY[HEADER.FIELDS (FROM)] {{{len(raw)}}}")
                talk.say_bytes(raw + b")\r\n")
        talk.say(f"{tag} OK done")


def says(tag_and_words: str) -> Callable[[Talk, str, str], None]:
    """A server's answer to one command: "NO not for you"."""
    return lambda talk, tag, _: talk.say(f"{tag} {tag_and_words}")


def bench(sound: Path, folder: Path, stack: ExitStack) -> Bench:
    """A copy of the sound deployment in ``sound``, to be spoilt."""
    for part in ("config", "var"):
        shutil.copytree(sound / part, folder / part)
    made = Deployment(folder)
    text = made.config.read_text().replace(str(sound), str(folder))
    made.config.write_text(text)
    return Bench(made, stack)
