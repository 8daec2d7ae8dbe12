"""Where nothing proves who wrote, what the message asks decides what becomes of it.

Talk is filed and danger is answered at once, because neither gives anybody anything. Whatever would change a dispute,
open one or name somebody to write to waits until the address on record has answered a letter for it: a From line is
typed by whoever types it.
"""

from dataclasses import replace

from mailbot.considering.gatekeeping import Disposition, Door, Stopped, is_unproven
from mailbot.core.happened.intents import Act, Intent
from mailbot.mail.arriving.message import Message

_CHANGES_NOTHING = frozenset(
    {Act.NOTE, Act.HOLD, Act.QUESTION, Act.STATUS, Act.IMMEDIATE_RISK, Act.OUT_OF_SCOPE, Act.QUARANTINE}
)


def doubted(message: Message, intents: tuple[Intent, ...], door: Door) -> Stopped | None:
    """Why what this message asks must wait for its sender's answer, or None where it need not."""
    if not is_unproven(message, door) or not any(_changes(intent) for intent in intents):
        return None
    why = "nothing shows that this mail really came from that address, and it asks for a change"
    return Stopped(Disposition.HELD, why, verify=True)


def _changes(intent: Intent) -> bool:
    """A note that brings names, dates or an action done is no mere talk: letters go to whoever is named."""
    if intent.act not in _CHANGES_NOTHING:
        return True
    return intent.act is Act.NOTE and bool(intent.fields or intent.people or intent.actions)


def believed(message: Message, intents: tuple[Intent, ...], door: Door) -> tuple[Intent, ...]:
    """``intents`` without what a question only supposes, where nothing proves who wrote it."""
    if not is_unproven(message, door):
        return intents
    return tuple(replace(i, fields={}, people={}) if i.act is Act.HOLD else i for i in intents)
