"""``mailbot check`` looks into the DNS: whether answers can come to the mailbox's domain and letters to the agencies'
(MX), and whether receiving servers can tell our letters from forged ones (SPF, DKIM, DMARC).

What the name of a DKIM key is, and whether letters really leave by the servers that SPF names, cannot be seen from
here: that a letter arrives is shown by ``check --send-to``.
"""

import typing
from collections.abc import Iterable, Iterator

import dns.exception
import dns.resolver

from mailbot.checks.findings import Finding, explained, well
from mailbot.core.partnership.directory import domain_of
from mailbot.shell.config.server_settings import PartnershipSettings

SECONDS_A_QUESTION = 3.0
# What Microsoft 365, Google, and the usual tools for one's own server call their keys.
SELECTORS = ("selector1", "selector2", "google", "default", "mail", "dkim", "s1", "s2")


class DnsSilent(Exception):
    """No DNS server answers from here."""


class Resolver(typing.Protocol):
    """Asks the DNS: the texts of the records of this kind ("MX", "TXT", "A"), () where there are none or no such name.
    Raises ``DnsSilent``."""

    def __call__(self, name: str, kind: str) -> tuple[str, ...]: ...


def ask_dns(name: str, kind: str) -> tuple[str, ...]:
    """A ``Resolver`` by this machine's own DNS servers."""
    try:
        asked = dns.resolver.Resolver()
        asked.lifetime = SECONDS_A_QUESTION
        answer = asked.resolve(name, kind)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError):
        raise DnsSilent(name) from None
    if kind == "TXT":
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
    return tuple(record.to_text() for record in answer)


def dns_findings(one: PartnershipSettings, ask: Resolver) -> list[Finding]:
    """The domain records of a partnership's mail: everything the DNS says about it. The world's own is not asked for an
    example, whose domain nobody has (RFC 2606)."""
    domain = domain_of(one.current.mailbox)
    if ask is ask_dns and domain.endswith(".example"):
        return []
    try:
        return [*_own(domain, ask), *_agencies(one, ask)]
    except DnsSilent:
        return [explained("dns-unreachable", domain=domain)]


def _own(domain: str, ask: Resolver) -> Iterator[Finding]:
    if receives_mail(domain, ask):
        yield well(f"DNS {domain}", "answers can arrive (MX)")
    else:
        yield explained("dns-no-mx", domain=domain)
    yield from _spf(domain, ask)
    yield from _dmarc(domain, ask)
    if any(ask(f"{selector}._domainkey.{domain}", "TXT") for selector in SELECTORS):
        yield well(f"DNS {domain}", "a DKIM key is published")
    else:
        yield explained("dns-no-dkim", domain=domain, selectors=", ".join(SELECTORS))


def receives_mail(domain: str, ask: Resolver) -> bool:
    """By a domain's records, whether mail for it can be delivered: an MX that is not the null one (RFC 7505), or an
    address (RFC 5321, 5.1)."""
    found = ask(domain, "MX")
    if found:
        return any(record.split()[-1] != "." for record in found)
    return bool(ask(domain, "A"))


def _spf(domain: str, ask: Resolver) -> Iterator[Finding]:
    records = [text for text in ask(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
    if not records:
        yield explained("dns-no-spf", domain=domain)
    elif len(records) > 1:
        yield explained("dns-two-spf", domain=domain, count=len(records))
    elif {"+all", "all"} & set(records[0].lower().split()):
        yield explained("dns-spf-everybody", domain=domain)
    else:
        yield well(f"DNS {domain}", f"SPF: {records[0]}")


def _dmarc(domain: str, ask: Resolver) -> Iterator[Finding]:
    """The record of a domain for DMARC: its own, or of the organisation's above it (RFC 7489, 6.6.3), as far as that
    can be told without a list of public suffixes: one name up."""
    for name in (domain, domain.partition(".")[2]):
        records = [text for text in ask(f"_dmarc.{name}", "TXT") if text.lower().startswith("v=dmarc1")]
        if records:
            tags = dict(part.replace(" ", "").lower().partition("=")[::2] for part in records[0].split(";"))
            if tags.get("p") == "none":
                yield explained("dns-dmarc-none", domain=domain)
            else:
                yield well(f"DNS {domain}", f"DMARC: p={tags.get('p', '')}")
            return
    yield explained("dns-no-dmarc", domain=domain)


def _agencies(one: PartnershipSettings, ask: Resolver) -> Iterable[Finding]:
    for agency in one.directory.agencies:
        for domain in agency.domains:
            if not receives_mail(domain, ask):
                yield explained("dns-agency-no-mx", domain=domain, agency=agency.name)
