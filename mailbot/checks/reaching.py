"""Reaching a mail server, for ``mailbot check``: whatever goes wrong on the way, from the name to the login, as a
finding that says what to do. No library's words reach a reader.
"""

import errno
import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from imapclient.exceptions import IMAPClientError, LoginError

from mailbot.checks.findings import Finding, explained
from mailbot.shell.config.server_settings import Server
from mailbot.shell.errors import BadConfiguration, LoginRefused, Unreachable


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a mail server is waited for: to be reached, for an answer, and for its first words where only
    what is spoken is looked at (a server speaks at once, or waits for TLS)."""

    connect: float = 10.0
    read: float = 30.0
    look: float = 3.0


PATIENT = Patience()


@dataclass(frozen=True, slots=True)
class Speech:
    """One language of mail servers: what it is called, its addresses with and without TLS at the beginning, with their
    usual ports, and what is at stake."""

    side: str
    wanted: str
    greets: bytes
    schemes: Mapping[str, int]
    stake: str
    allowed: str

    def other(self, scheme: str) -> str:
        return next(name for name in self.schemes if name != scheme)

    @property
    def usual(self) -> str:
        return " or ".join(f"{scheme}:// with {port}" for scheme, port in self.schemes.items())


IMAP_SPEECH = Speech(
    "mailbox",
    "an IMAP server",
    b"* ",
    {"imaps": 993, "imap+starttls": 143},
    "Nothing is read: a dispute raised by email would lie unseen.",
    "and IMAP must be allowed for the mailbox.",
)
SMTP_SPEECH = Speech(
    "post",
    "an SMTP server for submission",
    b"220",
    {"smtp+starttls": 587, "smtps": 465},
    "No letter leaves: nobody would hear that it is their turn.",
    "and SMTP AUTH must be allowed for the mailbox.",
)


class ServerFault(Exception):
    """A server cannot be used; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.words)
        self.finding = finding


def fault_of(server: Server, speech: Speech, error: Exception, patience: Patience = PATIENT) -> Finding:
    """The finding that a failure in reaching a server is. A connection that broke is looked at once more, for what
    is really spoken at that port."""
    if isinstance(error, ServerFault):
        return error.finding
    if isinstance(error, BadConfiguration):
        return _cafile(server, speech)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate(server, speech, error)
    if isinstance(error, LoginRefused | Unreachable) and server.oauth is not None and error.what != server.shown:
        return _token(error)
    if isinstance(error, Unreachable) and "STARTTLS" in error.why:
        error = smtplib.SMTPNotSupportedError()
    if isinstance(error, LoginError | smtplib.SMTPAuthenticationError | LoginRefused):
        return _login(server, speech)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _not_offered(server, speech)
    if isinstance(error, socket.gaierror):
        return _told("server-unknown", server, speech, host=server.host)
    if isinstance(error, TimeoutError):
        return spoken_there(server, speech, patience) or _told(
            "server-silent", server, speech, seconds=int(patience.connect)
        )
    if isinstance(error, ConnectionRefusedError):
        return _told("server-refused", server, speech)
    if isinstance(error, OSError) and error.errno in {errno.EHOSTUNREACH, errno.ENETUNREACH}:
        return _told("server-unreachable", server, speech, found=(error.strerror or "no route").lower())
    return spoken_there(server, speech, patience) or _broken(server, speech, error)


def _told(name: str, server: Server, speech: Speech, **more: object) -> Finding:
    seen = {
        "side": speech.side,
        "place": server.shown,
        "stake": speech.stake,
        "usual": speech.usual,
        "user": server.user,
    }
    return explained(name, server.shown, **(seen | more))


def _cafile(server: Server, speech: Speech) -> Finding:
    file = server.cafile or ""
    name = "cafile-no-certificate" if Path(file).is_file() else "cafile-missing"
    return _told(name, server, speech, file=file)


def _certificate(server: Server, speech: Speech, error: ssl.SSLCertVerificationError) -> Finding:
    """In reaching a server, its certificate that cannot be trusted: another name's, out of date, or an unknown
    authority's (the codes are OpenSSL's, X509_V_ERR_*)."""
    if error.verify_code in {62, 64}:  # hostname mismatch, IP address mismatch
        names = _names_in(error.verify_message) or "another name"
        return _told("certificate-another-name", server, speech, names=names, host=server.host)
    if error.verify_code == 9:
        return _told("certificate-not-yet", server, speech)
    if error.verify_code == 10:
        return _told("certificate-expired", server, speech)
    return _told("certificate-unknown-authority", server, speech, found=error.verify_message)


def _names_in(message: str) -> str:
    return ", ".join(re.findall(r"certificate is not valid for '?[^']*'?.*?(?:for|:) (.*)$", message))


def _login(server: Server, speech: Speech) -> Finding:
    if server.oauth is None:
        return _told("login-refused", server, speech, allowed=speech.allowed)
    remedy = (
        f"The app registration needs {'IMAP.AccessAsApp' if speech is IMAP_SPEECH else 'SMTP.SendAsApp'} with the "
        "administrator's consent, and its service principal full access to this mailbox (New-ServicePrincipal, "
        "Add-MailboxPermission). It takes up to an hour until a change counts."
    )
    return _told("token-not-taken", server, speech, remedy=remedy)


def _not_offered(server: Server, speech: Speech) -> Finding:
    if server.security == "starttls" and not _offers_starttls(server, speech):
        other = next(scheme for scheme in speech.schemes if not scheme.endswith("starttls"))
        return _told("starttls-missing", server, speech, other=other, port=speech.schemes[other])
    return _told("login-without-tls", server, speech)


def _offers_starttls(server: Server, speech: Speech) -> bool:
    asks = b"a CAPABILITY\r\n" if speech is IMAP_SPEECH else b"EHLO localhost\r\n"
    try:
        with socket.create_connection((server.host, server.port), 3.0) as plain:
            plain.settimeout(3.0)
            plain.recv(1024)
            plain.sendall(asks)
            return b"STARTTLS" in plain.recv(4096).upper()
    except OSError:
        return False


def _broken(server: Server, speech: Speech, error: Exception) -> Finding:
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "it was broken off").replace("_", " ").lower()
        return _told("tls-failed", server, speech, found=reason)
    broken = OSError | EOFError | smtplib.SMTPServerDisconnected | imaplib.IMAP4.abort | IMAPClientError
    if isinstance(error, broken | smtplib.SMTPException | imaplib.IMAP4.error):
        return _told("server-hung-up", server, speech)
    raise error


_KINDS: Mapping[bytes, str] = {
    b"* OK": "an IMAP server",
    b"* PREAUTH": "an IMAP server",
    b"220": "an SMTP server",
    b"554": "an SMTP server that turns this machine away",
    b"+OK": "a POP3 server",
    b"SSH-": "an SSH server",
    b"HTTP": "a web server",
}


def spoken_there(server: Server, speech: Speech, patience: Patience = PATIENT) -> Finding | None:
    """In reaching a server, the finding that something else is spoken at this port than its address says; None where it
    is the right thing, or nothing can be told."""
    scheme = next(name for name in speech.schemes if name.endswith("starttls") == (server.security == "starttls"))
    plain = _first_words(server, patience, tls=False)
    if plain is not None and plain:
        kind = next((said for begins, said in _KINDS.items() if plain.startswith(begins)), "no mail server")
        if not plain.startswith(speech.greets):
            return _told("another-service", server, speech, found=kind, wanted=speech.wanted)
        if server.security == "tls":
            return _told(
                "tls-not-spoken", server, speech, scheme=scheme, other=speech.other(scheme), port=speech.schemes[scheme]
            )
        return None
    under = _first_words(server, patience, tls=True)
    if under is None or (under == b"" and server.security == "tls"):
        return None
    if under and not under.startswith(speech.greets):
        kind = next((said for begins, said in _KINDS.items() if under.startswith(begins)), "no mail server")
        return _told("another-service", server, speech, found=kind, wanted=speech.wanted)
    if server.security == "starttls":
        return _told(
            "tls-spoken-already", server, speech, scheme=scheme, other=speech.other(scheme), port=speech.schemes[scheme]
        )
    return None


def _first_words(server: Server, patience: Patience, *, tls: bool) -> bytes | None:
    """In reaching a server, what it says first: b"" where it says nothing in time, None where there is no such
    connection."""
    try:
        with socket.create_connection((server.host, server.port), patience.look) as plain:
            plain.settimeout(patience.look)
            if not tls:
                return _heard(plain.recv)
            # Only what is spoken is looked at, nothing is sent that is anybody's: the certificate does not matter here.
            context = ssl._create_unverified_context()  # noqa: S323
            with context.wrap_socket(plain, server_hostname=server.host) as wrapped:
                return _heard(wrapped.recv)
    except OSError:
        return None


def _heard(recv: Callable[[int], bytes]) -> bytes:
    try:
        return recv(256)
    except TimeoutError:
        return b""


# What Microsoft's token server says, by the number it gives: learn.microsoft.com/entra/identity-platform/
# reference-error-codes, read on 2026-11-20.
_AADSTS: Mapping[str, tuple[str, str]] = {
    "7000215": (
        "the client secret is wrong",
        "Copy the secret's Value (not its Secret ID) from Certificates & secrets; it is shown once, when it is made.",
    ),
    "7000222": (
        "the client secret has run out",
        "Make a new one in Certificates & secrets, put its Value in the file, and write its day as secret_expires.",
    ),
    "700016": (
        "the tenant has no app registration of this client_id",
        "Compare client_id with Application (client) ID, and tenant with Directory (tenant) ID, on the app's overview.",
    ),
    "90002": ("there is no tenant of this ID", "Compare tenant with Tenant ID in the Entra admin centre, Overview."),
    "900023": ("there is no tenant of this ID", "Compare tenant with Tenant ID in the Entra admin centre, Overview."),
    "700027": (
        "the certificate is not one of the app registration's",
        "Upload the certificate under Certificates & secrets, or correct certificate_file.",
    ),
    "50034": ("there is no such account in the tenant", "Compare tenant with Tenant ID in the Entra admin centre."),
    "53003": (
        "a Conditional Access policy forbids it from here",
        "Ask the tenant's administrator to let this app's sign-in from this machine's address through.",
    ),
    "65001": ("nobody has consented to what the app asks for", "An administrator presses Grant admin consent."),
    "1002012": ("the scope is not one for client credentials", "Leave scope out: the default ends in /.default."),
}


def _token(error: Unreachable) -> Finding:
    if not isinstance(error, LoginRefused):
        return explained("token-unreachable", error.what, host=error.what, found=error.why or "no answer")
    return token_refusal(error.what, error.why)


def token_refusal(host: str, why: str) -> Finding:
    """In reaching a server, the finding that a token was refused, in words: by Microsoft's number where there is
    one."""
    number = re.search(r"AADSTS(\d+)", why)
    known = _AADSTS.get(number[1]) if number else None
    if known is not None:
        found, remedy = known
        return explained(
            "token-refused", host, host=host, found=f"{found} (AADSTS{number[1] if number else ''})", remedy=remedy
        )
    remedy = "Look at tenant, client_id and the secret; the reason stands in the sign-in logs of the app registration."
    return explained("token-refused", host, host=host, found=why or "no reason was given", remedy=remedy)
