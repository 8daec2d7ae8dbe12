"""A connection to a mail server, said once for IMAP and SMTP: where it goes, as whom, and how it is kept private
(verified TLS, or a loopback address).
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from mailbot.shell.errors import BadConfiguration, Fault

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a mail server is, and as whom the bot logs in to it. Timeouts are in seconds.

    ``security`` "none" is for loopback addresses alone (raises ``BadConfiguration``). ``token`` gives an OAuth2 access
    token for XOAUTH2, in place of the password.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "tls"
    cafile: str | None = None
    token: Callable[[], str] | None = field(default=None, repr=False)
    connect_timeout: float = 10.0
    read_timeout: float = 60.0

    def __post_init__(self) -> None:
        must_be_private(self.host, self.security)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


def tls_context(cafile: str | None) -> ssl.SSLContext:
    """The TLS context of a server connection: certificates and host names are verified, against ``cafile`` if given.
    Raises ``BadConfiguration`` if unusable.

    From Python 3.13 on a private authority must carry keyUsage and basicConstraints (VERIFY_X509_STRICT).
    """
    try:
        context = ssl.create_default_context(cafile=cafile)
    except (OSError, ssl.SSLError) as error:
        raise BadConfiguration(
            [Fault(cafile or "", 0, f"cannot be used as a certificate authority: {error}")]
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def must_be_private(host: str, security: Security) -> None:
    """A server connection must be private: raises ``BadConfiguration`` where ``security`` would send passwords and mail
    in clear to another machine."""
    if security not in ("tls", "starttls", "none"):
        raise BadConfiguration([Fault("mailbot.toml", 0, f'security is "tls", "starttls" or "none", not {security!r}')])
    if security == "none" and not is_loopback(host):
        message = f'security = "none" is only for a server on this machine, and {host} is not one'
        raise BadConfiguration([Fault("mailbot.toml", 0, message)])


def is_loopback(host: str) -> bool:
    """Is a server's host this very machine? That is ``localhost`` (RFC 6761) or a loopback address. Another name is not
    looked up: the answer could change."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connection_fault(error: Exception) -> str:
    """What went wrong with a connection to a server, in words that no library wrote."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "no TLS came about"
    if isinstance(error, socket.gaierror):
        return "there is no server of that name"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, EOFError) or not str(error):
        return "the connection broke off"
    if isinstance(error, OSError):
        return (error.strerror or "the connection broke off").lower()
    words = re.sub(r"^b(['\"])(.*)\1$", r"\2", str(error))  # imaplib shows bytes as Python writes them
    return " ".join("".join(one if one.isprintable() else " " for one in words).split())[:200]
