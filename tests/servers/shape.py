"""What a test needs to know of a pair of mail servers, whichever they are."""

import smtplib
import ssl
from dataclasses import dataclass

from mailbot.shell.servers.connection import Connection, Security
from mailbot.shell.servers.imap import ImapMailbox
from mailbot.shell.servers.smtp import KEPT_FOR, SmtpPostman, Timeouts


@dataclass(frozen=True, slots=True)
class Servers:
    """``users`` maps each address, which is also the login, to its password. ``cafile`` is for verified TLS.

    ``spare`` are those of the users that belong to no person, for tests that want a mailbox of their own.
    ``delivery_seconds`` is how long a letter may take from being accepted to lying in the inbox.
    """

    imap_host: str
    imap_port: int
    imap_security: Security
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    cafile: str | None
    users: dict[str, str]
    spare: tuple[str, ...] = ()
    imap_starttls_port: int = 0
    delivery_seconds: float = 0.1

    def mailbox(self, address: str, folder: str = "INBOX") -> ImapMailbox:
        host, port, security = self.imap_host, self.imap_port, self.imap_security
        at = Connection(host, port, address, self.users[address], security, self.cafile, read_timeout=20)
        return ImapMailbox(at, folder)

    def postman(self, address: str) -> SmtpPostman:
        host, port, security = self.smtp_host, self.smtp_port, self.smtp_security
        at = Connection(host, port, address, self.users[address], security, self.cafile)
        return SmtpPostman(at, Timeouts(10, 20, 30), keep_for=KEPT_FOR)

    def send_as_a_person(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """What a colleague's mail program does: log in and submit, to everybody at once."""
        with smtplib.SMTP(self.smtp_host, self.smtp_port, timeout=20) as client:
            if self.smtp_security == "starttls":
                client.starttls(context=ssl.create_default_context(cafile=self.cafile))
            client.login(sender, self.users[sender])
            client.sendmail(sender, recipients, raw)
