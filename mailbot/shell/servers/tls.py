"""How a connection is kept private, said once for IMAP and SMTP: verified TLS, or a loopback address."""

import ipaddress
import ssl
from typing import Literal

from mailbot.shell.errors import BadConfiguration, Fault

Security = Literal["tls", "starttls", "none"]


def tls_context(cafile: str | None) -> ssl.SSLContext:
    """Certificates and host names are verified, against ``cafile`` if given. Raises ``BadConfiguration`` if unusable.

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
    """Raises ``BadConfiguration`` where ``security`` would send passwords and mail in clear to another machine."""
    if security not in ("tls", "starttls", "none"):
        raise BadConfiguration([Fault("mailbot.toml", 0, f'security is "tls", "starttls" or "none", not {security!r}')])
    if security == "none" and not is_loopback(host):
        message = f'security = "none" is only for a server on this machine, and {host} is not one'
        raise BadConfiguration([Fault("mailbot.toml", 0, message)])


def is_loopback(host: str) -> bool:
    """``localhost`` (RFC 6761) or a loopback address. Another name is not looked up: the answer could change."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
