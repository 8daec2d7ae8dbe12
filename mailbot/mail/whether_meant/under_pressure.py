"""Under pressure: beside an act it tells of danger, of a threat, or of somebody who makes its writer do it.

Nothing is ended beside the first two, which go where danger goes; nothing is ended, given away or put off beside the
last, and a person is told. So it is with every command, with a yes to "was this yours?" and with the office's lines.
"""

from mailbot.core.record.intents import Act, Intent
from mailbot.mail import lexicon
from mailbot.mail.body.standing_sentences import without_standing_sentences
from mailbot.mail.second_reader.linear_model import DANGER, Listened, threshold
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import read_command
from mailbot.mail.understanding.context import Scene
from mailbot.mail.understanding.danger import threat_in, without_standing
from mailbot.mail.understanding.questions import ask
from mailbot.mail.whether_meant.explained import IN_OTHER_WORDS

PRESSED = "possibly written under pressure"
_ENDS = {Act.CONFIRM_RESOLUTION: "CONFIRM", Act.WITHDRAW: "WITHDRAW"}


def nothing_ended_beside_danger(intents: tuple[Intent, ...], scene: Scene) -> tuple[Intent, ...]:
    """The intents interpreted, of which none ends a dispute in a message that tells of danger: it is asked about."""
    if not any(intent.act is Act.IMMEDIATE_RISK for intent in intents):
        return intents
    return tuple(
        ask(asking.BESIDE_DANGER.format(word=_ENDS[intent.act]), scene.own, *intent.flags, IN_OTHER_WORDS)
        if intent.act in _ENDS
        else intent
        for intent in intents
    )


def nothing_done_under_threat(intents: tuple[Intent, ...], scene: Scene, heard: Listened) -> tuple[Intent, ...]:
    """The intents interpreted, of which none ends a dispute beside words of harm or of a threat, of which everybody
    hears who hears of danger; and none ends it, gives it away or puts it off beside words of somebody who makes its
    writer do it, of which the partnership's office hears."""
    command = read_command(scene.own, scene.names)
    word = command.name if command is not None and command.name in _ENDS.values() else ""
    word = word or next((_ENDS[intent.act] for intent in intents if intent.act in _ENDS), "")
    if scene.dispute is None or any(intent.act is Act.IMMEDIATE_RISK for intent in intents):
        return intents
    if not word:
        given = command.name if command is not None and command.name in _GIVES_AWAY.values() else ""
        given = given or next((_GIVES_AWAY[intent.act] for intent in intents if intent.act in _GIVES_AWAY), "")
        return _nothing_done_under_pressure(intents, scene, given, ends=False) if given else intents
    said = without_standing(f"{scene.said.own}\n{scene.said.signature}", scene.protocol.risk.line)
    if alarm := threat_in(said) or (scene.own if heard.of(DANGER) >= threshold("danger asked") else ""):
        risk = Intent(Act.IMMEDIATE_RISK, words=alarm, flags=("possible immediate risk",))
        return (risk, ask(asking.BESIDE_DANGER.format(word=word), scene.own, IN_OTHER_WORDS))
    return _nothing_done_under_pressure(intents, scene, word, ends=True)


def _nothing_done_under_pressure(
    intents: tuple[Intent, ...], scene: Scene, word: str, *, ends: bool
) -> tuple[Intent, ...]:
    """The intents interpreted, and nothing done where their writer says that somebody makes them, or calls for help: of
    that the partnership's office hears."""
    said = without_standing(f"{scene.said.own}\n{scene.said.signature}", scene.protocol.risk.line)
    if not is_pressed(without_standing_sentences(said), ends=ends):
        return intents
    return (ask(asking.UNDER_PRESSURE.format(word=word), scene.own, PRESSED, IN_OTHER_WORDS),)


# What gives a child's matter, or somebody's part in it, into other hands, or puts it off.
_GIVES_AWAY = {
    Act.HANDOVER: "HANDOVER",
    Act.ADD_PERSON: "ADD",
    Act.REMOVE_PERSON: "REMOVE",
    Act.ACCEPT_DATE: "AGREE",
    Act.PROPOSE_DATE: "AGREE BY",
}
_COMPELLED, _PRESSURE = lexicon.pattern("told.compelled"), lexicon.pattern("told.pressure")


def is_pressed(said: str, *, ends: bool = False) -> bool:
    """Does its writer say that they are made to ask for it, or call for help? ``ends``: a dispute would end by it, so
    that what they fear for is heard too, and what they say they must do."""
    return _COMPELLED.search(said) is not None or (ends and _PRESSURE.search(said) is not None)
