"""``mailbot check`` looks at how mail came to the mailbox: whether it is addressed to us, and signed by the server
whose word on its sender the configuration trusts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.checks.findings import Finding, explained, well
from mailbot.mail.incoming.sender_and_authentication import authserv_of
from mailbot.shell.config.server_settings import PartnershipSettings

NEWEST_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Road:
    """What a message in the mailbox says about how it came here: the topmost Authentication-Results, and whether it
    names our address."""

    authserv: str  # "" where it has no such field
    is_ours: bool  # a letter of our own
    names_us: bool


def arrived_by(raw: bytes, address: str) -> Road:
    """How a message came here, from its header."""
    header = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0].decode("latin-1")
    lines = re.sub(r"\r?\n[ \t]+", " ", header).splitlines()
    fields = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    results = next((value for name, value in fields if name == "authentication-results"), "")
    addressed = " ".join(value for name, value in fields if name not in {"authentication-results", "from"})
    ours = any(address in value.lower() for name, value in fields if name == "from")
    return Road(authserv_of(results) if results else "", ours, address in addressed.lower())


def trust_findings(one: PartnershipSettings, heads: Sequence[Road]) -> list[Finding]:
    """``mailbot check`` of trust: whether the mail in the mailbox is addressed to us, and signed by the server that the
    configuration trusts."""
    from_outside = [head for head in heads if not head.is_ours]
    return [*_addressed(one, from_outside), *(_authserv(one, from_outside) if one.require_authentication else ())]


def _addressed(one: PartnershipSettings, heads: Sequence[Road]) -> list[Finding]:
    address, user = one.current.mailbox, one.mailbox.user
    if heads and not any(head.names_us for head in heads):
        return [explained("other-mailbox", count=len(heads), address=address)]
    if heads:
        return [well("address", f"mail for {address} arrives here")]
    return [explained("login-is-another", user=user, address=address)] if user and user.lower() != address else []


def _authserv(one: PartnershipSettings, heads: Sequence[Road]) -> list[Finding]:
    named = " or ".join(one.authserv_ids)
    if not heads:
        return [explained("authserv-nothing-to-see", named=named)]
    seen = list(dict.fromkeys(head.authserv for head in heads if head.authserv))
    if set(seen) & set(one.authserv_ids):
        return [
            well("trust", f"your server signs its results as {' or '.join(sorted(set(seen) & set(one.authserv_ids)))}")
        ]
    if not seen:
        return [explained("authserv-no-field", count=len(heads))]
    if seen == ["microsoft"]:
        return [explained("authserv-microsoft", named=named)]
    offered = ", ".join(f'"{name}"' for name in seen[:1])
    return [explained("authserv-unseen", named=named, seen=", ".join(seen[:5]), offered=offered)]
