"""The procedure's own words as commands: a route of its file, or an outcome that one role may give, by its name.

``[route.resolution-meeting]`` is opened by RESOLUTION MEETING on the first line, ``[outcome.not-justified]`` given by
NOT JUSTIFIED. So a file that brings a way of its own brings the words for it, and no code need know them.
"""

import re

from mailbot.core.happened.intents import Act, Intent
from mailbot.mail.understanding.asking import RESOLVED_OR_NOT, ask
from mailbot.mail.understanding.commands import CONDITION
from mailbot.mail.understanding.scene import Scene, brought


def read_named(scene: Scene) -> Intent | None:
    """The route or outcome that the first line names, in capitals or alone on its line; None for anything else."""
    line, _, below = scene.own.lstrip("\n >*_").partition("\n")
    for name in _names(scene):
        said = re.match(rf"{_words(name)}\b[\s.:,;!*_-]*(.*)$", line, re.I)
        if said is None or not (line[: said.start(1)].isupper() or not said[1]):
            continue
        if CONDITION.match(said[1]) or line.rstrip().endswith("?"):
            return ask(RESOLVED_OR_NOT, line)
        return _intent(scene, name, f"{said[1]}\n{below}".strip())
    return None


def _names(scene: Scene) -> tuple[str, ...]:
    routes = tuple(scene.protocol.routes)
    outcomes = (outcome.id for outcome in scene.protocol.outcomes.values() if outcome.given_by)
    return tuple(sorted((*routes, *outcomes), key=len, reverse=True))


def _words(name: str) -> str:
    return r"[\s-]+".join(re.escape(word) for word in re.split(r"[-_]", name))


def _intent(scene: Scene, name: str, rest: str) -> Intent:
    found = brought(scene, rest)
    fields, outcome = dict(found.fields), scene.protocol.outcomes.get(name)
    if outcome is None or not outcome.given_by:
        return Intent(Act.ROUTE, fields={**fields, "route": name}, people=found.people, words=rest or scene.own)
    labelled = {label.line for label in found.labels}
    own = [line for at, line in enumerate(rest.split("\n")) if at not in labelled]
    fields |= {"outcome": name, "reason": " ".join(" ".join(own).split())}
    return Intent(Act.PROPOSE_RESOLUTION, fields=fields, people=found.people, words=scene.own)
