"""A deployment in a folder: the shipped configuration, its mail in Maildirs or on servers in this process."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from mailbot.cli import main
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.config.directory_csv import load_directory
from mailbot.shell.config.template_files import data_dir

IMAP_URL = "imaps://escalation@nsscp.example@mail.nsscp.example:993"
SMTP_URL = "smtp+starttls://escalation@nsscp.example@mail.nsscp.example:587"
OFFICES = (
    "escalation@nsscp.example",
    "business.manager@nsscp.example",
    "dsps@nsscp.example",
    "scrutineer@nsscp.example",
)
OPENING = """\
{seal}From: Tabitha Merriwell <{sender}>
To: Ottilie Farrow <ottilie.farrow@somerbourne-council.example>
Cc: escalation@nsscp.example
Subject: {subject}
Message-ID: <{number}@kewbridge.sch.example>
Date: Mon, 02 Mar 2026 09:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Raising agency: Kewbridge Primary School
Receiving agency: Somerbourne Council Children's Social Care
Child: Q.Z.
Issue: We do not agree that the assessment should be closed.
Line manager: Gideon Larkrise <g.larkrise@kewbridge.sch.example>
Senior manager: Philippa Oxenbury <head@kewbridge.sch.example>
"""
SEAL = "Authentication-Results: mail.nsscp.example; dmarc=pass header.from={domain}\n"
TABITHA = "t.merriwell@kewbridge.sch.example"


def opening(number: int = 1, sender: str = TABITHA, sealed: bool = True, subject: str = "Issue resolution") -> bytes:
    """A practitioner raises a disagreement; ``sealed`` as the partnership's own server would have marked it."""
    seal = SEAL.format(domain=sender.rpartition("@")[2]) if sealed else ""
    text = OPENING.format(seal=seal, sender=sender, number=number, subject=subject)
    return text.replace("\n", "\r\n").encode()


@dataclass(frozen=True, slots=True)
class Deployment:
    """``command`` runs one command on this deployment and gives its exit code."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config" / "mailbot.toml"

    def command(self, *words: str) -> int:
        """``words`` with this configuration named after them, as an operator may."""
        return main([*words, "--config", str(self.config)])

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / "config" / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def deliver(self, raw: bytes, name: str = "1") -> None:
        """Into the Maildir, as a mail server does."""
        inbox = self.folder / "mail"
        for part in ("tmp", "new", "cur"):
            (inbox / part).mkdir(parents=True, exist_ok=True)
        (inbox / "tmp" / name).write_bytes(raw)
        (inbox / "tmp" / name).rename(inbox / "new" / name)

    def letters_to(self, address: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / "post" / address / "new").glob("*"))]


def copied(folder: Path) -> Deployment:
    """The shipped configuration as it is."""
    shutil.copytree(data_dir("config"), folder / "config")
    return Deployment(folder)


def in_maildirs(folder: Path) -> Deployment:
    """Mail arrives in ``folder/mail`` and letters go to ``folder/post/<address>``; the store is there, and empty."""
    made = copied(folder)
    made.change("mailbot.toml", IMAP_URL + "/INBOX", f"maildir:{folder / 'mail'}")
    made.change("mailbot.toml", SMTP_URL, f"maildir:{folder / 'post'}")
    made.change("mailbot.toml", 'password_file = "../var/mailbox-password"\n', "")
    assert made.command("init") == 0
    return made


def people(folder: Path) -> dict[str, str]:
    """Everybody of a configuration, with a password."""
    officers = load_directory(folder / "config" / "directory.csv").officers
    return dict.fromkeys((*(officer.person.address for officer in officers), *OFFICES), "correct horse")


def on_servers(made: Deployment, servers: EmbeddedServers, password: str = "correct horse") -> Deployment:
    """``made``, a copy, on these servers."""
    user = "escalation@nsscp.example"
    made.change("mailbot.toml", IMAP_URL, f"imap://{user}@{servers.host}:{servers.imap_port}")
    made.change("mailbot.toml", SMTP_URL, f"smtp://{user}@{servers.host}:{servers.smtp_port}")
    (made.folder / "var").mkdir()
    file = made.folder / "var" / "mailbox-password"
    file.write_text(password + "\n")
    file.chmod(0o600)
    assert made.command("init") == 0
    return made
