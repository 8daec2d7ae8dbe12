"""What a protocol file waits for and nothing can ever bring about: an act that nobody could do at that stage, a form
that is never filled in there, a condition on what nobody is asked for. Each is a fault at its line, with what to write.

What each word for an event means, and what it can do at all, is in ``closed_lists.EVENT_WORDS``; here is what depends
on the rest of the file.
"""

from collections.abc import Iterable, Iterator

from mailbot.core.decisions.people.roles import STATUSES
from mailbot.core.procedure.closed_lists import Happening, Side, Source
from mailbot.core.procedure.protocol import Clock, FormField, NoticeRule, Protocol
from mailbot.mail.letters.still_missing import ASKED_FOR
from mailbot.shell.config.toml_with_faults import FoundFault, Path, nearest

_FORM = (Happening.FORM_COMPLETE, Happening.FORM_SENT)
_BY_ANOTHER_ACT = (*_FORM, Happening.REPLIED, Happening.REFERRED, Happening.REPRESENTATIVE_TOLD)
_FACTS = (*ASKED_FOR, "category", "level_of_need")  # what a label in an email tells, whatever forms there are


def is_counts(send: str) -> bool:
    """Triggered by the month alone: does a notice of a protocol file send the month's numbers? The words after it are
    for whoever reads the file."""
    return send == "counts" or send.startswith("counts ")


def never_triggered(protocol: Protocol) -> FoundFault:
    """Every fault of this kind in a protocol file."""
    for clock in protocol.clocks.values():
        yield from _starts(protocol, clock)
        yield from _ends(protocol, clock)
        yield from _urgency(protocol, clock)
    for notice in protocol.notices.values():
        yield from _called_for(protocol, notice)
        yield from _condition(protocol, notice.condition, ("notice", notice.id, "if"))
    for role in protocol.roles.values():
        yield from _condition(protocol, role.ask_if, ("role", role.id, "ask_if"))


def _starts(protocol: Protocol, clock: Clock) -> FoundFault:
    """A clock of a protocol file that is never triggered, since it waits for an act which no clock of the same stage
    looks out for."""
    first = protocol.clocks.get(clock.of)
    if clock.start is Happening.CLOCK_KEPT and first is not None and first.done_when is None:
        said = f'clock "{clock.id}" can never start: "{first.id}" has no done_when, so that nothing is done in its time'
        yield ("clock", clock.id, "from"), said
    if clock.start not in _BY_ANOTHER_ACT:
        return
    path: Path = ("clock", clock.id, "from")
    here = [stage for stage in clock.stages if stage in protocol.stages]
    acts = [c for c in protocol.clocks.values() if c.done_when is clock.start and set(c.stages) & set(here)]
    if not [act for act in acts if act.id != clock.id]:
        said = f'clock "{clock.id}" can never start: no other clock of its stage has done_when = "{clock.start}"'
        yield path, f'{said}. From the beginning of the stage it is from = "stage entered"'


def _ends(protocol: Protocol, clock: Clock) -> FoundFault:
    """Never triggered in a protocol file: the end of a clock whose act nobody could do, at one of the stages it runs
    in."""
    path: Path = ("clock", clock.id, "done_when")
    act = clock.done_when
    if act is clock.start and act is not None:
        said = f'clock "{clock.id}" begins and ends with "{act}": it would be over at the instant it starts'
        yield path, said
    elif act is Happening.RAISED and clock.start is not Happening.DECISION_MADE:
        said = f'clock "{clock.id}" is over before it starts: only a clock from = "decision made" waits for the raising'
        yield path, said
    for name in clock.stages:
        stage = protocol.stages.get(name)
        if stage is None:
            continue
        if act is Happening.REPLIED and not _of_side(protocol, stage.receiving, Side.RECEIVING):
            yield path, f'nobody can reply at stage {name}: it has no receiving side, so clock "{clock.id}" never ends'
        elif act is Happening.REPLIED and clock.who and not set(clock.who) & set(stage.receiving):
            said = f'"who" of clock "{clock.id}" names nobody of the receiving side of stage {name}'
            yield ("clock", clock.id, "who"), f"{said}, and only they can reply"
        elif act is Happening.REPRESENTATIVE_TOLD and not stage.raising:
            yield path, f'nobody can be told at stage {name}: "raising" names no role there'
        elif act in _FORM and not stage.record:
            said = f'no form is filled in at stage {name}, so clock "{clock.id}" never ends'
            yield path, f'{said}: say record = "…" in [stage.{name}]'


def _of_side(protocol: Protocol, names: Iterable[str], side: Side) -> bool:
    roles = (protocol.roles[name] for name in names if name in protocol.roles)
    return any(role.side in (side, Side.EACH, Side.OTHER, Side.PARTNERSHIP) for role in roles)


def _urgency(protocol: Protocol, clock: Clock) -> FoundFault:
    """Never triggered in a protocol file: a length for an answer that the form offers for the urgency, and that has no
    length."""
    words = {word.casefold() for word in clock.within_by_urgency}
    for one in _fields(protocol, "urgency") if words else ():
        without = [choice for choice in one.choices if choice.casefold() not in words]
        if without:
            said = f'clock "{clock.id}" has no length for {_listed(without)}, which a form offers as an answer to'
            yield ("clock", clock.id, "within_by_urgency"), f'{said} "{one.label}"'


def _called_for(protocol: Protocol, notice: NoticeRule) -> FoundFault:
    """Never triggered in a protocol file: a notice that nothing calls for, or that would have nothing to send."""
    path: Path = ("notice", notice.id)
    stages = [stage for stage in protocol.stages.values() if stage.id in (notice.stages or protocol.order())]
    for key, when in (("when", notice.when), ("or_when", notice.or_when)):
        if when in _FORM and not any(stage.record == notice.send for stage in stages):
            said = f'no form "{notice.send}" is filled in there: say record = "{notice.send}" in its stage, or'
            yield (*path, key), f"{said} send the form that is recorded on"
        if when is Happening.LIMIT_PASSED and not any(_has_a_limit(protocol, stage.id) for stage in stages):
            yield (*path, key), "no limit can pass there: no clock runs in that stage, and no cap over it"
        if when is Happening.GAP_REPORTED and not any(r.counts_as is when for r in protocol.routes.values()):
            said = (
                'nothing brings it about: say counts_as = "policy gap reported" in the route by which one is reported'
            )
            yield (*path, key), said
        if when is Happening.MONTHLY:
            yield from _monthly(protocol, notice, (*path, key))
    if is_counts(notice.send) and notice.when is not Happening.MONTHLY:
        yield (*path, "send"), 'counts are sent by the month alone: say when = "monthly"'


def _monthly(protocol: Protocol, notice: NoticeRule, path: Path) -> FoundFault:
    if not is_counts(notice.send):
        yield path, 'by the month counts are sent, and nothing else: say send = "counts"'
    fixed = [name for name in notice.to if name in protocol.roles and protocol.roles[name].source is Source.ADDRESS]
    if fixed:
        said = f"counts go to a post in each agency, and {_listed(fixed)} is of none"
        yield (path[0], path[1], "to"), f"{said}: for the partnership's own there is meeting_report_to in [digest]"


def _has_a_limit(protocol: Protocol, stage: str) -> bool:
    return bool(protocol.clocks_of(stage)) or any(stage in cap.stages for cap in protocol.caps.values())


def _condition(protocol: Protocol, condition: str, path: Path) -> FoundFault:
    """Never triggered in a protocol file: a condition that is no condition, or on what this file can never know."""
    if not condition:
        return
    key, found, values = (part.strip() for part in condition.partition(" is "))
    fields = list(_fields(protocol, key))
    if not found or not values:
        said = f'"{condition}" is no condition: write the key of a field, "is", and the answers'
        yield path, f'{said}: "child_status is child protection plan or looked after"'
    elif not fields and key not in _FACTS:
        known = [one.key for form in protocol.forms.values() for one in form.fields]
        yield path, f'nothing here tells "{key}", so this could never hold.{nearest(key, (*known, *_FACTS))}'
    for one in fields:
        answers = one.choices or (("yes", "no") if one.kind == "yes/no" else ())
        given = [value.strip() for value in values.split(" or ")]
        wrong = [value for value in given if value.casefold() not in {a.casefold() for a in answers}]
        if answers and wrong:
            yield path, f'{_listed(wrong)} is no answer to "{one.label}": it can be {_listed(answers)}'


def statuses_as_written(protocol: Protocol, condition: str) -> tuple[str, ...]:
    """Perhaps never triggered: the values of a protocol file's condition on the child's status that are no status known
    by several spellings: they are found only as they are written."""
    key, _, values = condition.partition(" is ")
    if key.strip() != "child_status":
        return ()
    known = {name for name, _ in STATUSES}
    return tuple(value.strip() for value in values.split(" or ") if value.strip().casefold() not in known)


def _fields(protocol: Protocol, key: str) -> Iterator[FormField]:
    return (one for form in protocol.forms.values() for one in form.fields if one.key == key)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
