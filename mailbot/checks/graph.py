"""``mailbot check`` looks at a mailbox that is reached over Microsoft Graph: the token, the right to the mailbox, and
whether the mail in it is addressed to us and signed by Microsoft. Whether letters may be sent cannot be asked without
sending one: ``check --send-to`` does.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from mailbot.build import graph_of
from mailbot.checks.findings import Finding, explained, well
from mailbot.checks.reaching import IMAP_SPEECH, SMTP_SPEECH, Speech, fault_of
from mailbot.checks.trust import NEWEST_LOOKED_AT, arrived_by, trust_findings
from mailbot.shell.config.server_settings import PartnershipSettings, Server
from mailbot.shell.errors import LoginRefused, Unreachable
from mailbot.shell.servers.graph_calls import GraphCalls
from mailbot.shell.servers.graph_mailbox import WITH_NUMBER

_HEADERS = f"/mailFolders/inbox/messages?$select=id,internetMessageHeaders&$top={NEWEST_LOOKED_AT}"


def graph_mailbox_findings(one: PartnershipSettings) -> list[Finding]:
    """``mailbot check`` of a mailbox over Graph: everything about it, by asking for its newest messages."""
    calls = graph_of(one.mailbox)
    try:
        answer = calls.get("/mailFolders/inbox?$select=id,totalItemCount", 404)
        if answer.code == 404:
            seen = {"side": "mailbox", "place": one.mailbox.shown, "user": one.mailbox.user}
            return [explained("graph-no-mailbox", one.mailbox.shown, **seen)]
        count = answer.told.get("totalItemCount", 0)
        messages = f"{count} message{'s' if count != 1 else ''}"
        found = [well(f"mailbox {one.mailbox.shown}", f"may be read; {messages} in the inbox")]
        if not _numbered(calls):
            return [*found, explained("graph-numberless", side="mailbox", place=one.mailbox.shown)]
        return found + trust_findings(one, [arrived_by(raw, one.current.mailbox) for raw in _heads(calls)])
    except Unreachable as error:
        return [_fault(one.mailbox, IMAP_SPEECH, error)]
    finally:
        calls.close()


def graph_post_findings(one: PartnershipSettings) -> list[Finding]:
    """``mailbot check`` over Graph: what can be said of letters without sending one: that a token is given."""
    calls = graph_of(one.post)
    try:
        calls.get("/mailFolders/inbox?$select=id", 404)
        return [
            well(f"post {one.post.shown}", "a token is given; mailbot check --send-to YOU shows that letters leave")
        ]
    except Unreachable as error:
        return [_fault(one.post, SMTP_SPEECH, error)]
    finally:
        calls.close()


def _numbered(calls: GraphCalls) -> bool:
    told = calls.get(f"/mailFolders/inbox/messages?{WITH_NUMBER}&$top=1").told.get("value", ())
    return all(one.get("singleValueExtendedProperties") for one in told)


def _heads(calls: GraphCalls) -> Sequence[bytes]:
    told = calls.get(_HEADERS).told.get("value", ())
    heads = (one.get("internetMessageHeaders") or () for one in told)
    return ["".join(f"{line['name']}: {line['value']}\r\n" for line in head).encode() for head in heads if head]


def _fault(server: Server, speech: Speech, error: Unreachable) -> Finding:
    if error.what != urlsplit(server.api).netloc or error.why.startswith(("gave", "AADSTS", "invalid")):
        return fault_of(server, speech, error)
    seen = {"side": speech.side, "place": server.shown, "user": server.user}
    if isinstance(error, LoginRefused):
        return explained("graph-forbidden", server.shown, **seen)
    code = re.match(r"answers \d+", error.why)
    return explained("graph-failed", server.shown, **seen, found=f"it {code[0]}" if code else error.why)
