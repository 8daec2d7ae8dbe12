"""Before anything is read as a request: is this mail a person's, can it be read, and is it really from whom it says?
The order is the point (each step was moved up by somebody's mail loop): our own letters, machines, sealed and
unreadable mail, a From that cannot be trusted, strangers, failed authentication. What does not pass is kept with its
reason, and put before a person where one is needed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from mailbot.core.decisions.who_may.authority import judge_of
from mailbot.core.decisions.who_may.table import ANSWER_HELD, NAME_PERSON, Capacity, needs_proof
from mailbot.core.partnership.directory import Directory, domain_of
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.intents import Act, Intent, Proof
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.automatic_mail import Grade, Kind, other_hands
from mailbot.mail.incoming.message import Message, Unreadable
from mailbot.mail.incoming.sender_and_authentication import Trust, looks_like
from mailbot.mail.reading import Reading
from mailbot.mail.text.spelling_and_sentences import plain

# Before anything is read as a request: is this mail a person's, can it be read, and is it really from whom it says?
#
# The order is the point (each step was moved up by somebody's mail loop): our own letters, machines, sealed and
# unreadable mail, a From that cannot be trusted, strangers, failed authentication. Only what passes all of it is
# interpreted. What does not pass is kept, recorded with its reason, and put before a person where one is needed.


class Disposition(StrEnum):
    """What became of a message. Every one gets exactly one, and the digest counts them all."""

    OPENED = "opened a dispute"
    ACTED = "changed a dispute"
    FILED = "filed in a dispute"
    ANSWERED = "answered"
    OUT_OF_SCOPE = "out of scope"
    AUTOMATIC = "automatic"
    BOUNCED = "a letter of ours came back"
    OWN = "our own"
    HELD = "held"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Stopped:
    """A message that goes no further. ``tell`` True: the Business Manager hears of it at once, not only on Monday."""

    disposition: Disposition
    reason: str
    tell: bool = False
    kind: Kind | None = None
    verify: bool = False  # a round trip to the address on record would settle it
    would: str = ""  # what it would do, for that letter: in our words, never in its own
    flag: str = ""  # in two or three words


def stop(reading: Reading | Unreadable, partnership: Partnership, ours: Callable[[str], bool]) -> Stopped | None:
    """Gatekeeping: why this message goes no further, or None when it may be interpreted. What nothing proves may be;
    what comes of it waits for its sender's answer (``proving``)."""
    if isinstance(reading, Unreadable):
        return Stopped(Disposition.HELD, f"it could not be read: {reading.reason}", tell=True)
    message, kind = reading.message, reading.kind
    if message.message_id and ours(message.message_id):
        return Stopped(Disposition.OWN, "one of our own letters", kind=kind)
    if kind.name != "human":
        return _machine(kind, partnership)
    if message.sealed:
        why = f"a sealed message arrived that cannot be read here ({message.sealed}); a limit may be inside it"
        return Stopped(Disposition.HELD, why, tell=True, kind=kind, flag="unreadable secure message")
    return _stranger(message, partnership, kind) or _failed(reading)


def _machine(kind: Kind, partnership: Partnership) -> Stopped:
    if kind.recall:
        return Stopped(Disposition.HELD, "somebody asked for a message back: it may be a privacy incident", True, kind)
    if kind.name == "bounce":
        return Stopped(Disposition.BOUNCED, kind.why, kind=kind, flag="notice not delivered")
    if kind.name == "auto_reply" and kind.grade is Grade.SUSPECTED:
        return Stopped(Disposition.HELD, f"it may be automatic: {kind.why}", kind=kind)
    if kind.name in ("spam_or_other", "malformed"):
        return Stopped(Disposition.QUARANTINED, kind.why, kind=kind)
    return Stopped(Disposition.AUTOMATIC, kind.why, kind=kind)


# RFC 5322 3.6: at most one of each. Forged mail adds its own above or below the true one.
_ONCE = ("from", "sender", "to", "date", "message-id", "subject", "in-reply-to", "references")


def _stranger(message: Message, partnership: Partnership, kind: Kind) -> Stopped | None:
    sender, directory = message.sender, partnership.directory
    twice = next((name for name in _ONCE if len(message.headers.all(name)) > 1), "")
    if twice:
        why = f"its {twice} header stands twice, and programs differ over which is meant"
        return Stopped(Disposition.QUARANTINED, why, True, kind)
    if not sender.address or sender.faults:
        why = "; ".join(sender.faults) or "no sender"
        return Stopped(Disposition.QUARANTINED, f"the sender cannot be told for certain: {why}", True, kind)
    if partnership.may_write_to(sender.address):
        return None
    imitated = looks_like(domain_of(sender.address), directory.approved_domains)
    if imitated:
        why = f"the sender is not recognised, and the address looks like one at {imitated}"
        return Stopped(Disposition.QUARANTINED, why, True, kind, flag="unknown domain")
    why = "the sender is not recognised: no agency of the directory"
    return Stopped(Disposition.QUARANTINED, why, False, kind, flag="unknown domain")


def _failed(reading: Reading) -> Stopped | None:
    if reading.trust is not Trust.FAILED:
        return None
    why = "the sending domain says that this mail is not its own"
    return Stopped(Disposition.QUARANTINED, why, True, reading.kind)


def proof_of(
    reading: Reading | Unreadable,
    door: Door,
    release: str = "",
    directory: Directory | None = None,
    office: frozenset[str] = frozenset(),
) -> Proof:
    """The gatekeeper's proof: what shows who wrote it. ``release`` is whoever let it in: the address on record by its
    own answer, or somebody at the partnership, who vouches for where it belongs and not for who wrote it; of ``office``
    where that was a line of its own, which counts for more where the server writes results. What went through another
    hand (``other_hand``) is proven by nothing but its writer's answer."""
    if isinstance(reading, Unreadable):
        return Proof.UNPROVEN
    if release and release == reading.sender:
        return Proof.PROVEN
    if reading.trust is Trust.FAILED:
        return Proof.FAILED
    if other_hand(reading, directory):
        return Proof.VOUCHED if release else Proof.UNPROVEN
    if reading.trust is Trust.PASSED or door.rehearses:
        return Proof.PROVEN
    if door.require and release in office:
        return Proof.RELEASED
    return Proof.VOUCHED if release else Proof.UNPROVEN


def other_hand(reading: Reading, directory: Directory | None) -> str:
    """For the gatekeeper, why what this asks is not certainly of whoever stands in From, though it left their domain;
    "" where it is, or where the directory lets the address that sent it speak for them."""
    for hand in other_hands(reading.message, reading.kind):
        spoken_for = directory.spoken_for(hand.address) if directory is not None and hand.address else ()
        if reading.sender not in {person.address for person in spoken_for}:
            return f"{hand.why}, and the directory does not say that it may" if hand.address else hand.why
    return ANOTHERS_NAME if directory is not None and _bears_anothers_name(reading, directory) else ""


def _bears_anothers_name(reading: Reading, directory: Directory) -> bool:
    """For the gatekeeper, is the name beside the address in From another officer's, and not also its owner's?"""
    shown, sender = plain(reading.message.sender.name), reading.sender
    named = {one.person.address for one in directory.officers if shown and plain(one.person.name) == shown}
    return bool(named) and sender not in named


def counts_as_answer(reading: Reading, door: Door, looked_at: bool = False) -> bool:
    """For the gatekeeper, does this answer for a waiting message? Where the server writes results, only what it found
    to be its sender's: who can read a letter of ours, or was copied on an answer to it, knows its number. Where it
    writes none, or a person at the partnership has let that message in (``looked_at``: they were to ring its writer
    first), that number is all there is: else whoever's domain proves nothing were locked out."""
    proof = proof_of(reading, door)
    nothing_else = (not door.require or looked_at) and proof not in (Proof.PROVEN, Proof.FAILED)
    return judge_of(ANSWER_HELD, Capacity.ASKED, Proof.BY_LETTER if nothing_else else proof).is_allowed


# Where nothing proves who wrote, what the message asks decides what becomes of it.
#
# Talk is filed and danger is answered at once, because neither gives anybody anything. Whatever would change a
# dispute, open one or name somebody to write to waits until the address on record has answered a letter for it: a
# From line is typed by whoever types it. The lines of the partnership's office are such changes, before all others.

LET_IN = (Proof.RELEASED, Proof.VOUCHED)  # by a person at the partnership
ANOTHERS_NAME = "the name in From is that of somebody else in the directory"
LET_IN_ONLY = "a person let it in, and nothing shows that it really came from that address; it asks for a change"
UNPROVEN = "nothing shows that this mail really came from that address"
FAILED = "the sending domain says that this mail is not its own, and only the address on record can answer for it"


def doubted(
    reading: Reading,
    intents: tuple[Intent, ...],
    door: Door,
    proof: Proof,
    directory: Directory,
    more_than_talk: bool = False,
) -> Stopped | None:
    """Gatekeeping: why what this message asks must wait for its sender's answer, or None where it need not.
    ``more_than_talk``: its bare words would be decided on."""
    if proof is Proof.PROVEN:
        return None
    changing = more_than_talk or any(_changes(intent) for intent in intents)
    if proof is Proof.FAILED:
        return Stopped(Disposition.HELD, FAILED, verify=True) if changing else None
    by_another = other_hand(reading, directory) if reading.trust is Trust.PASSED else ""
    if changing:
        return Stopped(Disposition.HELD, f"{by_another or UNPROVEN}, and it asks for a change", verify=True)
    if by_another:
        return None
    return Stopped(Disposition.HELD, UNPROVEN, kind=reading.kind, verify=True) if door.require else None


def _changes(intent: Intent) -> bool:
    """For the gatekeeper, a note that brings names, dates or an action done is no mere talk: letters go to whoever is
    named."""
    if intent.act is Act.NOTE:
        return bool(intent.fields or intent.people or intent.actions) and needs_proof(NAME_PERSON)
    return needs_proof(intent.act)


def believed(intents: tuple[Intent, ...], proof: Proof) -> tuple[Intent, ...]:
    """What the gatekeeper believes: ``intents`` without what a question only supposes, where nothing proves who wrote
    it."""
    if proof in (Proof.PROVEN, *LET_IN):
        return intents
    return tuple(replace(i, fields={}, people={}) if i.act is Act.HOLD else i for i in intents)
