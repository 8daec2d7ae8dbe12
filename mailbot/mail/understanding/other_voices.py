"""What stands in a message besides its writer's certain words: heard for danger, asked about, and never obeyed.

Three things stand there: what the writer passes on of somebody else's, a quotation that may hold the writer's answers,
and emails attached to theirs. Whoever sent them meant something by it, so silence would be wrong; whose words they are
cannot be told, so acting would be too.
"""

from dataclasses import replace
from zoneinfo import ZoneInfo

from mailbot.core.partnership.directory import Directory
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Intent
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.both_readers import is_guess
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.danger import danger_in
from mailbot.mail.understanding.interpret import interpret
from mailbot.mail.understanding.questions import ask

_SHORT = 30
_TALK = frozenset({Act.NOTE, Act.FORM, Act.IMMEDIATE_RISK})


def hear_whole(
    said: Said, dispute: Dispute | None, protocol: Protocol, directory: Directory, calendar_zone: ZoneInfo
) -> tuple[Intent, ...]:
    """What ``said`` asks by its writer's own words, with what has to be said of the other voices' words beside them."""
    intents = interpret(said, dispute, protocol, directory, calendar_zone)
    if dispute is None or any(intent.act is Act.QUARANTINE for intent in intents):
        return intents
    alarm = danger_in(f"{said.passed_on}\n\n{said.inside}", protocol.risk.line)
    if alarm and all(intent.act is not Act.IMMEDIATE_RISK for intent in intents):
        clear = tuple(intent for intent in intents if intent.act is not Act.HOLD)  # "Please see what mum sent me"
        intents = (Intent(Act.IMMEDIATE_RISK, words=alarm, flags=("possible immediate risk",)), *clear)
    if any(intent.act not in (*_TALK, Act.HOLD) for intent in intents) or alarm:
        return intents
    unsure = not all(_is_talk(intent) for intent in intents)
    if unsure and not (said.passed_on and _asks_something(said, dispute, protocol, directory, calendar_zone)):
        return intents
    if said.inside:
        return (*_without_notes(intents), ask(asking.ANSWERS_INSIDE, said.own, "answers inside a quotation"))
    if said.passed_on and _asks_something(said, dispute, protocol, directory, calendar_zone):
        return (*_without_notes(intents), ask(asking.PASSED_ON, said.own, "somebody else's words"))
    if said.encloses_emails and len(said.own.split()) <= _SHORT:
        return (*_without_notes(intents), ask(asking.ATTACHED_EMAIL, said.own, "attached email not read"))
    return intents


def _asks_something(
    said: Said, dispute: Dispute, protocol: Protocol, directory: Directory, calendar_zone: ZoneInfo
) -> bool:
    """Whether the words of other voices, passed on, would ask for something, were they the writer's."""
    whole = replace(said, own=said.passed_on, passed_on="", inside="", papers=())
    return not all(_is_talk(intent) for intent in interpret(whole, dispute, protocol, directory, calendar_zone))


def _is_talk(intent: Intent) -> bool:
    """Nothing that was understood: what the other voices say tells its sender more than a guess at it would."""
    return intent.act in _TALK or is_guess(intent)


def _without_notes(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    return tuple(intent for intent in intents if intent.act not in (Act.NOTE, Act.HOLD))
