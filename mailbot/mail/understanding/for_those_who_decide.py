"""What somebody sends for those who decide: a representation, which asks for nothing else (GL 2.4d, WO footnote)."""

from mailbot.core.decisions.who_may.authority import deciders
from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail import lexicon
from mailbot.mail.understanding.commands import GREETING_LINE, read_command
from mailbot.mail.understanding.context import Scene

_REPRESENTATION = lexicon.pattern("commands.representation")


def for_those_who_decide(scene: Scene, understood: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """A message interpreted at a stage where somebody decides, which says that it is a representation: it is passed on
    to them whole, and no sentence of it is an act. Danger is still heard."""
    dispute = scene.dispute
    if dispute is None or not dispute.is_open or read_command(scene.own):
        return understood
    if not (deciders(dispute, scene.protocol) or scene.protocol.stages[dispute.stage].decided_by):
        return understood
    lines = [line for line in scene.own.split("\n") if line.strip() and not GREETING_LINE.match(line)]
    if not lines or not _REPRESENTATION.search(lines[0]):
        return understood
    kept = tuple(i for i in understood if i.act in (Act.IMMEDIATE_RISK, Act.QUARANTINE))
    return (*kept, Intent(Act.NOTE, Sure.SURE, {"representation": "written"}, words=scene.own))
