"""Access tokens for mail servers that take no passwords (OAuth 2.0 client credentials, RFC 6749 section 4.4).

Microsoft 365 wants this for IMAP and, more and more, for SMTP: an app registration with IMAP.AccessAsApp and
SMTP.SendAsApp, whose service principal was given the shared mailbox and nothing else. A token lives about an hour; it
is kept in memory, and never written anywhere.
"""

import base64
import hashlib
import json
import re
import threading
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mailbot.shell.clock import elapsed
from mailbot.shell.config.secrets import Secret, read_private
from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.connection import connection_fault, is_loopback

MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
OUTLOOK = "https://outlook.office365.com/.default"
TIMEOUT = 20.0  # seconds
EARLY = 300.0  # seconds before its end at which a token is not used any more: a login may be slow
LARGEST = 100_000  # bytes of an answer; a token is a few thousand


@dataclass(frozen=True, slots=True)
class OAuth:
    """Whom to ask for a token, as whom. ``expires``: the day the client's secret runs out, as far as is known."""

    token_url: str
    client_id: str
    secret: Secret = field(default_factory=Secret)
    scope: str = OUTLOOK
    expires: date | None = None
    certificate: Path | None = None  # PEM: a private key and its certificate, in place of the secret


class Tokens:
    """Calling it gives a token that is good for some minutes at least. Safe for several threads.

    Raises ``LoginRefused`` with the server's reason, ``Unreachable`` when it does not answer.
    """

    def __init__(self, oauth: OAuth, http: object = None) -> None:
        self._oauth, self._http = oauth, http
        self._alone = threading.Lock()
        self._token, self._until = "", 0.0

    def __call__(self) -> str:
        with self._alone:
            if not self._token or elapsed() >= self._until:
                self._token, lifetime = self._asked()
                self._until = elapsed() + lifetime - EARLY
            return self._token

    def _asked(self) -> tuple[str, float]:
        oauth, host = self._oauth, urlsplit(self._oauth.token_url).netloc
        if oauth.certificate is not None:
            return token_by_certificate(oauth, oauth.certificate, host, self._http)
        try:
            secret = oauth.secret.read()
        except ValueError as error:
            raise LoginRefused(host, str(error)) from None
        form = {
            "grant_type": "client_credentials",
            "client_id": oauth.client_id,
            "client_secret": secret,
            "scope": oauth.scope,
        }
        request = urllib.request.Request(  # noqa: S310 (https or loopback: token_url_fault)
            oauth.token_url, urllib.parse.urlencode(form).encode("ascii"), {"Accept": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                told = json.loads(answer.read(LARGEST))
            return str(told["access_token"]), float(told.get("expires_in", 3600))
        except urllib.error.HTTPError as error:
            if error.code >= 500 or error.code == 429:
                raise Unreachable(host, f"answers {error.code}") from None
            raise LoginRefused(host, _reason(error)) from None
        except OSError as error:
            reason = error.reason if isinstance(error, urllib.error.URLError) else error
            why = connection_fault(reason if isinstance(reason, Exception) else error)
            raise Unreachable(host, why) from None
        except (ValueError, KeyError, TypeError):  # the answer itself may hold a token, and is told to nobody
            raise Unreachable(host, "it answers with something that is no token") from None


def _reason(error: urllib.error.HTTPError) -> str:
    """Why an OAuth token was refused, in the server's words: "invalid_client: AADSTS7000222: The provided client secret
    keys are expired." and no more of it."""
    try:
        told = json.loads(error.read(LARGEST))
        words = f"{told.get('error', '')}: {told.get('error_description', '')}"
    except (OSError, ValueError, AttributeError):
        words = f"answers {error.code}"
    first = words.replace("\r", "\n").split("\n", 1)[0]
    return "".join(letter if letter.isprintable() else " " for letter in first)[:200]


def token_url_fault(url: str) -> str:
    """The fault of an OAuth token address: why this address must not be sent a secret, or "": it is neither https nor
    this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return ""
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return ""
    return "must begin with https://"


# By a certificate: msal signs the assertion (RFC 7523) and speaks to Microsoft. It is asked for only here, because a
# deployment with a client secret has no need of it, nor of the eleven packages that it brings.


def token_by_certificate(oauth: OAuth, file: Path, host: str, http: object = None) -> tuple[str, float]:
    """An access token by certificate, with its lifetime in seconds. ``http``: msal's own client, where it is not the
    network. Raises ``LoginRefused``, ``Unreachable``."""
    try:
        import msal
    except ImportError:
        raise LoginRefused(host, "needs msal: install requirements-extras.lock") from None
    try:
        pem = read_private(file).decode("ascii")
        key = {"private_key": pem, "public_certificate": pem, "thumbprint": _thumbprint(pem)}
    except ValueError as error:
        raise LoginRefused(host, str(error)) from None
    authority = oauth.token_url.removesuffix("/oauth2/v2.0/token")
    try:
        app = msal.ConfidentialClientApplication(
            oauth.client_id, authority=authority, client_credential=key, instance_discovery=False, http_client=http
        )
        told: Mapping[str, Any] = app.acquire_token_for_client(scopes=[oauth.scope])
    except Exception:  # msal passes on whatever its HTTP client raises
        raise Unreachable(host, "the connection broke off") from None
    if "access_token" not in told:
        words = f"{told.get('error', '')}: {told.get('error_description', '')}".splitlines()[0]
        raise LoginRefused(host, words[:200])
    return str(told["access_token"]), float(told.get("expires_in", 3600))


def _thumbprint(pem: str) -> str:
    """For an access token: the name by which Microsoft knows a certificate: the SHA-1 of its DER form (RFC 7517,
    4.8)."""
    return hashlib.sha1(_der(pem), usedforsecurity=False).hexdigest()


def _der(pem: str) -> bytes:
    found = re.search(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", pem, re.DOTALL)
    if found is None or "PRIVATE KEY-----" not in pem:
        raise ValueError("the certificate's file must hold its private key and the certificate, both as PEM")
    return base64.b64decode(found[1])


def certificate_ends(file: Path) -> date | None:
    """The day a certificate for access tokens runs out; None where the file does not say, or cannot be read."""
    try:
        from cryptography import x509

        return x509.load_der_x509_certificate(_der(read_private(file).decode("ascii"))).not_valid_after_utc.date()
    except (ImportError, ValueError):
        return None
