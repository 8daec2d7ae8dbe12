"""Below a command: what else its writer wrote down, in lines of its own, that would be lost with the command obeyed.

A labelled line ("Child status: child protection plan") is a fact that its writer states, whatever stands above it. A
second command is obeyed where it is the child's own: a date, a status. Any other is told not to have been done, and is
asked for alone: of two, nobody can tell in which order they are meant.
"""

from collections.abc import Iterator
from dataclasses import replace

from mailbot.core.record.intents import Act, Intent
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import Command, read_command, rivals_of
from mailbot.mail.understanding.context import Scene, brought
from mailbot.mail.understanding.intents_of_commands import obey, the_same
from mailbot.mail.understanding.questions import ask

# Commands that read the lines below them themselves, or file them as they are.
_READS_ITS_LINES = frozenset(
    {"RESOLVED", "ESCALATE", "REFER", "NOT RESOLVED", "CORRECT", "CHILD STATUS", "DECISION", "NOTE", "OPEN"}
)
_OF_THE_CHILD = frozenset({"NEEDED BY", "CHILD STATUS"})


def facts_below(scene: Scene, command: Command) -> tuple[Scene, tuple[Intent, ...]]:
    """Facts and people in labelled lines below a command that has no use for them, and the scene without them: they are
    recorded before it, for it may end the dispute, and take nothing from what it asks for."""
    if command.name in _READS_ITS_LINES:
        return scene, ()
    lines = scene.own.split("\n")
    facts = [at for at, line in enumerate(lines) if at and _is_fact(line, scene)]
    if not facts:
        return scene, ()
    found = brought(scene, "\n".join(lines[at] for at in facts))
    told = Intent(Act.NOTE, fields=found.fields, people=found.people, words=scene.own, flags=found.flags)
    own = "\n".join(line for at, line in enumerate(lines) if at not in facts)
    return replace(scene, own=own), (replace(told, others=found.others),)


def _is_fact(line: str, scene: Scene) -> bool:
    """Is a line below a command one that names a person, or says what the child's status is?"""
    found = brought(scene, line)
    return len(found.labels) == 1 and bool(found.people or found.others or set(found.fields) & {"child_status"})


def second_command(scene: Scene, command: Command, intent: Intent) -> tuple[Intent, ...]:
    """What follows from the first other command in capitals at the head of a line below the one that is obeyed."""
    for second, own in _below(scene, command):
        if second.name in the_same(scene, command) or second.misspelt or not second.is_in_capitals:
            continue
        if second.name not in _OF_THE_CHILD or second.clouded or rivals_of(second, own):
            return (ask(asking.SECOND_WORD.format(second=second.name), scene.own),)
        more = obey(replace(scene, own=own, said=replace(scene.said, own=own)), second)
        return () if more.act is intent.act else (more,)
    return ()


def _below(scene: Scene, command: Command) -> Iterator[tuple[Command, str]]:
    """The commands below the first, each with the lines that are its own."""
    lines = command.rest.split("\n")
    for at, line in enumerate(lines):
        if not line.strip() or (at == 0 and command.after.strip()):
            continue
        own = "\n".join(lines[at:])
        found = read_command(line.strip(), scene.names)
        if found is not None:
            yield read_command(own, scene.names) or found, own
