"""Boxes of a form that the record itself can fill: who refers and how to reach them, when it was passed on, and how
each stage ended. A value that somebody wrote for the box comes first."""

from mailbot.core.dispute import Dispute
from mailbot.core.intents import Person
from mailbot.core.protocol import Protocol
from mailbot.mail.account import Speaker
from mailbot.mail.wording import plain


def filled(key: str, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    """What the record has for the box ``key``, in words; "" when it has nothing."""
    bare, _, part = key.partition(":")
    if bare in ("referrer", "referrer_contact"):
        raiser = next((p.person for p in dispute.filling("raiser")), Person())
        shown = (raiser.name, raiser.designation, raiser.agency) if bare == "referrer" else (raiser.address,)
        return ", ".join(plain(word, 120) for word in shown if word)
    if bare == "sent_to":
        through = (v.entered for v in dispute.visits if protocol.stages[v.stage].sent_through == part)
        entered = next(through, None)
        return say.day(entered.astimezone(say.zone).date()) if entered else ""
    if bare == "outcome" and any(v.stage == part and v.left for v in dispute.visits):
        remains = dispute.fields.get(f"unresolved:{part}", "")
        return f"Not resolved. {say.words(remains)}".strip() if dispute.stage != part or dispute.is_open else ""
    return ""
