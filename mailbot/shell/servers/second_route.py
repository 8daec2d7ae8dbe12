"""Other ways to somebody who must know that this mailbox fails: a command on this machine, or another mail server."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from mailbot.shell.errors import Unreachable
from mailbot.shell.servers.connection import Connection
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.shell.servers.smtp import SmtpPostman, Timeouts

_LONGEST = 30.0  # seconds, for a command
_QUICK = Timeouts(connect=10.0, command=30.0, final=60.0)  # whoever raises an alarm has other things to do


@dataclass(frozen=True, slots=True)
class CommandRoute:
    """Runs ``command`` without a shell, with the subject as its last word and the text on its standard input."""

    command: tuple[str, ...]

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Tells by the second route. Raises ``Unreachable`` where the command cannot be run, fails or does not end."""
        try:
            subprocess.run(  # noqa: S603 (the operator's own words, from the configuration)
                [*self.command, subject],
                input=text.encode(),
                check=True,
                timeout=_LONGEST,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise Unreachable(self.command[0], type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class PostRoute:
    """Another mail server than the one that letters leave by."""

    connection: Connection
    sender: str
    to: Sequence[str]

    def tell(self, subject: str, text: str, now: datetime) -> None:
        """Raises ``Unreachable`` where one of the readers could not be written to."""
        mails = [(reader, self._mail(reader, subject, text, now)) for reader in self.to]
        letters = [Envelope(n, self.sender, reader, raw) for n, (reader, raw) in enumerate(mails)]
        for delivery in SmtpPostman(self.connection, _QUICK).send(letters):
            if delivery.outcome is not Outcome.ACCEPTED:
                raise Unreachable(f"{self.connection.host}:{self.connection.port}", delivery.words)

    def _mail(self, reader: str, subject: str, text: str, now: datetime) -> bytes:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"], mail["Date"] = self.sender, reader, subject, now
        mail["Message-ID"] = f"<alarm.{now:%Y%m%dT%H%M%S%f}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
