"""``mailbot check`` looks at the post: connection, TLS, login, and whether the server lets this login send as the
mailbox. The letter is named and taken back before a word of it is sent.
"""

import smtplib
from collections.abc import Iterator

from mailbot.build import token_of
from mailbot.checks.findings import Finding, explained, well
from mailbot.checks.graph import graph_post_findings
from mailbot.checks.mailbox import maildir_finding, quietly, tls_words
from mailbot.checks.reaching import PATIENT, SMTP_SPEECH, Patience, fault_of
from mailbot.shell.config.server_settings import BY_GRAPH, MAILDIR, PartnershipSettings, Server
from mailbot.shell.servers.connection import tls_context

LETTER_BYTES = 10_000_000  # a letter with the recording form and what came with a reply


def post_findings(one: PartnershipSettings, patience: Patience = PATIENT) -> list[Finding]:
    """Everything about how letters leave; no letter is sent."""
    server = one.post
    if server.kind == MAILDIR:
        return [maildir_finding("post", server)]
    if server.kind == BY_GRAPH:
        return graph_post_findings(one)
    try:
        password = server.secret.read()
    except ValueError as error:
        return [explained("password-missing", side="post", place=server.shown, found=error)]
    try:
        client = _logged_in(server, password, patience)
    except Exception as error:
        return [fault_of(server, SMTP_SPEECH, error, patience)]
    try:
        who = f"logged in as {server.user}" if server.user else "no login asked for"
        first = well(f"post {server.shown}", f"{who}{tls_words(client.sock)}")
        return [first, *_may_send(client, server, one.current.mailbox)]
    except Exception as error:
        return [fault_of(server, SMTP_SPEECH, error, patience)]
    finally:
        quietly(client.quit)


def _logged_in(server: Server, password: str, patience: Patience) -> smtplib.SMTP:
    context = tls_context(server.cafile) if server.security != "none" else None
    client: smtplib.SMTP
    if server.security == "tls":
        client = smtplib.SMTP_SSL(server.host, server.port, timeout=patience.connect, context=context)
    else:
        client = smtplib.SMTP(server.host, server.port, timeout=patience.connect)
    try:
        client.ehlo()
        if server.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
        token = token_of(server)
        if token is not None:
            sasl = f"user={server.user}\x01auth=Bearer {token()}\x01\x01"
            client.auth("XOAUTH2", lambda challenge=None: "" if challenge else sasl)
        elif server.user:
            client.login(server.user, password)
    except BaseException:
        client.close()
        raise
    return client


def _may_send(client: smtplib.SMTP, server: Server, address: str) -> Iterator[Finding]:
    """``mailbot check`` of the post: whether the server takes a letter by the mailbox: MAIL and RCPT, and RSET before
    anything is sent."""
    seen = {"place": server.shown, "address": address, "user": server.user or "this machine"}
    code, said = client.mail(address)
    if code >= 400:
        yield explained("sender-refused", server.shown, **seen, found=_words(code, said))
        return
    code, said = client.rcpt(address)
    client.rset()
    if code == 530 or (code >= 500 and b"5.7.1" in said):  # some servers judge the sender only now
        yield explained("sender-refused", server.shown, **seen, found=_words(code, said))
    elif code >= 500:
        yield explained("recipient-refused", server.shown, **seen, found=_words(code, said))
    else:
        yield well("send as", f"{address} may be written from")
    most = client.esmtp_features.get("size", "")
    if most.isdigit() and 0 < int(most) < LETTER_BYTES:
        yield explained("letters-too-small", server.shown, place=server.shown, size=f"{int(most) / 1_000_000:.1f} MB")


def _words(code: int, said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return f"{code} " + " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]
