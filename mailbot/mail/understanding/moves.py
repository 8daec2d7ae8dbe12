"""Moving a dispute up: to the next stage, or to the partnership, with who takes it and what remains unresolved."""

import re

from mailbot.core.happened.intents import Act, Intent, Person, Sure
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Stage
from mailbot.mail.understanding.commands import Command
from mailbot.mail.understanding.hearing import hear
from mailbot.mail.understanding.people import NAME, find_named
from mailbot.mail.understanding.phrases import Sense
from mailbot.mail.understanding.scene import Scene, brought
from mailbot.mail.understanding.spelling import sentences

_TO_NAME = re.compile(
    rf"\b(?:to|over to|with|by) (?:our |my |the |their )?(?:[a-z]+ (?:manager|lead|head),? )?({NAME})"
)
# Capitals that are offices or stages, not names.
_NOT_NAMES = frozenset({
    "stage", "step", "senior", "line", "delegated", "safeguarding", "partnership", "the", "csc", "head", "dsps",
    "dsp", "board", "panel", "chair", "independent", "director", "monday", "tuesday", "wednesday", "thursday",
    "friday", "gscp", "sscp", "pscp", "nsscp", "wscb", "business", "manager", "social", "children's", "level",
    "please",
})  # fmt: skip


def is_partnership_stage(stage: Stage | None) -> bool:
    return stage is not None and bool(stage.decided_by or stage.sent_through)


def partnership_stage(protocol: Protocol) -> Stage | None:
    return next((s for s in protocol.stages.values() if is_partnership_stage(s)), None)


def move_up(scene: Scene, command: Command, sure: Sure = Sure.SURE) -> Intent:
    """ESCALATE. Where the next stage is the partnership's, that is a referral."""
    asks_partnership = any(h.sense is Sense.REFER for h in hear(command.rest))
    if asks_partnership or is_partnership_stage(scene.following):
        return referral(scene, command, sure)
    return _up(scene, command, Act.MOVE_UP, scene.following, sure)


def referral(scene: Scene, command: Command, sure: Sure = Sure.SURE) -> Intent:
    """REFER: to the partnership, from whatever stage it is at (NSSCP Stage 4: "or when it becomes clear")."""
    target = partnership_stage(scene.protocol)
    return _up(scene, command, Act.REFER if target else Act.MOVE_UP, target or scene.following, sure)


def _up(scene: Scene, command: Command, act: Act, target: Stage | None, sure: Sure) -> Intent:
    found = brought(scene, command.rest)
    fields = dict(found.fields)
    people = dict(found.people)
    if target is not None:
        fields["stage"] = target.id
        taking = _taker(f"{command.line}\n{command.rest}", scene)
        role = _role_for(taking, target, scene) if taking else ""
        if taking and role:
            people.setdefault(role, taking)
    if scene.stage is not None:
        key = f"unresolved:{scene.stage.id}"
        remains = _remains(command.rest, scene) if not found.labels else ""
        if remains:
            fields.setdefault(key, remains)
    return Intent(act, sure, fields, people, words=scene.own, flags=found.flags)


def _taker(text: str, scene: Scene) -> Person | None:
    for match in _TO_NAME.finditer(text[:2000]):
        words = [w for w in match[1].split() if w.lower().strip(".'") not in _NOT_NAMES]
        if not words or match[1].split()[0].lower() in _NOT_NAMES:
            continue
        person = find_named(" ".join(words), scene.directory, "", scene.people)
        if person is not None and (person.address or len(words) > 1):
            return person
    return None


def _role_for(person: Person, target: Stage, scene: Scene) -> str:
    """The role of the next stage on whichever side this person's agency is; the writer's own when unknown."""
    d = scene.dispute
    receiving = bool(d and person.agency and person.agency in d.receiving_agencies) or (
        not person.agency and scene.side is Side.RECEIVING
    )
    roles = target.receiving if receiving else target.raising
    return roles[0] if roles else ""


def _remains(rest: str, scene: Scene) -> str:
    """What is left unresolved: the sentences that are not themselves the request to move up, nor thanks or a name."""
    kept = []
    for sentence in sentences(rest):
        senses = {h.sense for h in hear(sentence)}
        if (
            re.match(r"\W*(?:to|this|it|please|escalat\w+|thanks|thank you|many thanks)\b", sentence, re.I)
            and len(sentence) < 90
        ):
            after = re.search(r"\b(?:because|as|since|:)\s+(.{8,})$", sentence)
            if after:
                kept.append(after[1])
            continue
        if senses & {Sense.UP, Sense.REFER} and len(sentence) < 60:
            continue
        if sentence.strip(" .").lower() == scene.said.sender.name.lower():
            continue
        kept.append(" ".join(sentence.split()))
    return " ".join(kept).strip(" -,:")
