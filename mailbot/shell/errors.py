"""What can go wrong outside the rules, sorted by who must act on it.

A sender's mistake is a value, answered kindly, and never an exception. An operator's mistake is ``BadConfiguration``:
the whole list at once, exit code 2, nothing started. The world's failures are ``Unreachable``: tried again, and then
a person is told. Whatever else is raised is our own mistake.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


class MailbotError(Exception):
    """Every failure that is told to a person, in plain words."""


class Unreachable(MailbotError):
    """The world did not answer. ``what`` names the server (``host:port``) or folder; ``why`` says what it did."""

    def __init__(self, what: str, why: str = "") -> None:
        super().__init__(f"{what}: {why}" if why else what)
        self.what = what
        self.why = why


REFUSES_LOGIN = "refuses the login"  # so begins why, of a refused login: told apart also where only words were kept


class LoginRefused(Unreachable):
    """The server answered, and did not want us: a password or a token has run out, or access was taken away."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file. ``line`` counts from 1; 0 where no line can be named. ``key`` is the setting's path
    in ``keys.toml``, where one can be named."""

    file: str
    line: int
    message: str
    key: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class BadConfiguration(MailbotError):
    """The operator must act: every fault that was found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class StoreRefused(MailbotError):
    """The database must not be used as it is: missing, damaged, newer than this program. An operator must act."""


# How a command ends (its exit code): sorted by who must act, as its errors are.

OK, NOT_WELL, BAD_CONFIGURATION, UNREACHABLE = 0, 1, 2, 3
EXPLAINED = """\
How a command ends:
  0  done, and all is well
  1  done, and something is not well (status, verify), or there is nothing of that name
  2  something here must be mended first: every fault is listed, and nothing was started
  3  a server or the database could not be reached: try again
"""


def clean_for_terminal(text: str) -> str:
    """In an error, text made safe for a terminal: one printable line of ``text``: a message must not be able to
    write to the operator's terminal (ECMA-48 escape sequences move the cursor, and rename the window)."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
