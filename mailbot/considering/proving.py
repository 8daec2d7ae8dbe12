"""Where nothing proves who wrote, what the message asks decides what becomes of it.

Talk is filed and danger is answered at once, because neither gives anybody anything. Whatever would change a dispute,
open one or name somebody to write to waits until the address on record has answered a letter for it: a From line is
typed by whoever types it. The lines of the partnership's office are such changes, before all others.
"""

from dataclasses import replace

from mailbot.considering.gatekeeping import Disposition, Door, Stopped
from mailbot.core.decisions.authority import NAME_PERSON, needs_proof
from mailbot.core.happened.intents import Act, Intent, Proof
from mailbot.mail.reading import Reading

UNPROVEN = "nothing shows that this mail really came from that address"
FAILED = "the sending domain says that this mail is not its own, and only the address on record can answer for it"


def doubted(reading: Reading, intents: tuple[Intent, ...], door: Door, proof: Proof) -> Stopped | None:
    """Why what this message asks must wait for its sender's answer, or None where it need not."""
    if proof in (Proof.PROVEN, Proof.VOUCHED):
        return None
    changing = any(_changes(intent) for intent in intents)
    if proof is Proof.FAILED:
        return Stopped(Disposition.HELD, FAILED, verify=True) if changing else None
    if changing:
        return Stopped(Disposition.HELD, f"{UNPROVEN}, and it asks for a change", verify=True)
    return Stopped(Disposition.HELD, UNPROVEN, kind=reading.kind, verify=True) if door.require else None


def _changes(intent: Intent) -> bool:
    """A note that brings names, dates or an action done is no mere talk: letters go to whoever is named."""
    if intent.act is Act.NOTE:
        return bool(intent.fields or intent.people or intent.actions) and needs_proof(NAME_PERSON)
    return needs_proof(intent.act)


def believed(intents: tuple[Intent, ...], proof: Proof) -> tuple[Intent, ...]:
    """``intents`` without what a question only supposes, where nothing proves who wrote it."""
    if proof in (Proof.PROVEN, Proof.VOUCHED):
        return intents
    return tuple(replace(i, fields={}, people={}) if i.act is Act.HOLD else i for i in intents)
