"""What in a protocol file somebody should look at twice, though it could be run: what a deployment must still supply,
a stage without an end, two things of one name, a rule that contradicts another. A doubt stops nothing; each is told at
its line, with what would answer it.
"""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator

from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Side, Source, Unit
from mailbot.core.procedure.outcomes import ALWAYS, KNOWN_AS
from mailbot.core.procedure.protocol import Cap, Clock, Protocol, Stage
from mailbot.core.procedure.stage_ends import deciding_clock, nothing_limits
from mailbot.mail.letters.still_missing import ASKED_FOR
from mailbot.shell.config.toml_with_faults import FoundFault, TomlSheet
from mailbot.shell.errors import Fault
from mailbot.shell.protocol_files.never_triggered import statuses_as_written


def warnings_of(protocol: Protocol, sheet: TomlSheet) -> list[Fault]:
    """Warnings about a protocol file beside its faults."""
    parts = (_numbers, _dates, _ends, _names, _questions, _people, _lengths, _ways, _offices)
    found = [one for part in parts for one in part(protocol)]
    return [Fault(*sheet.where(path), said) for path, said in found if not sheet.is_told(path)]


def _numbers(protocol: Protocol) -> FoundFault:
    if not any(phone.number for phone in protocol.risk.phones):
        yield ("risk",), "no telephone number for immediate risk: mailbot.toml must give one before the service starts"
    other = {"child": "adult", "adult": "child"}.get(protocol.subject, "")
    line = protocol.risk.line.casefold()
    if other and other in line and protocol.subject not in line:
        said = f"the line about danger speaks of {'an' if other == 'adult' else 'a'} {other}"
        yield ("risk", "line"), f'{said}, and subject = "{protocol.subject}"'
    for at, phone in enumerate(protocol.risk.phones):
        if not phone.number:
            yield ("risk", "phones", at), f'the number of "{phone.name}" is missing'
    for role in protocol.roles.values():
        if role.side is Side.PARTNERSHIP and role.address.endswith(".example"):
            yield ("role", role.id, "address"), f'"{role.address}" is an example: put in the real address'
        for at, one in enumerate(role.stand_in):
            if not one.address:
                said = f'whoever stands in for the sector "{one.sector}" has no address, and is never written to'
                yield ("role", role.id, "stand_in", at), said


def _dates(protocol: Protocol) -> FoundFault:
    told = protocol.published
    if protocol.version == "undated":
        yield (
            ("source", "in_force"),
            "[source] in_force is missing: disputes cannot say which version they were opened under",
        )
    elif told.read_on is not None and told.read_on < told.in_force:
        said = f"it was last held against the published text on {told.read_on}, before it was in force"
        yield ("source", "read_on"), f"{said} ({told.in_force})"


def _ends(protocol: Protocol) -> FoundFault:
    """Doubts about stages of a protocol file that may never end, or not as they say."""
    for stage in protocol.stages.values():
        said = nothing_limits(protocol, stage.id)
        if not protocol.clocks_of(stage.id) and not stage.no_limit_published:
            instead = "where none is published, say no_limit_published = true"
            yield ("stage", stage.id), f"stage {stage.id} has no clock: nothing will remind anybody ({instead})"
        elif said and protocol.clocks_of(stage.id) and not stage.no_limit_published:
            hint = 'A clock from = "stage entered" begins by itself; where none is published, no_limit_published = true'
            yield ("stage", stage.id), f"{said}, so that it may never end. {hint}"
        if stage.start_here and is_partnership_stage(stage):
            said = f"a dispute may begin at stage {stage.id}, where the partnership decides: is that published?"
            yield ("stage", stage.id, "start_here"), said


def _names(protocol: Protocol) -> FoundFault:
    """Doubts about things of a protocol file that people tell apart by one and the same name."""
    for outcome in protocol.outcomes.values():
        for need in set(outcome.needs) & set(ALWAYS):
            said = f'"{need}" changes nothing: it is so in every procedure, and can be left out'
            yield ("outcome", outcome.name_in_file, "needs"), said
        decides = {route.outcome for route in protocol.routes.values()}
        if not (outcome.id in (*KNOWN_AS, *decides) or outcome.given_by or outcome.stages):
            ways = (
                'known_as = "withdrawn" (or another), the roles that give it (given_by), or the stage that decides it'
            )
            yield ("outcome", outcome.name_in_file), f"nothing ends a dispute so: say {ways}"
    outcomes = {one.name_in_file: one.label for one in protocol.outcomes.values()}
    for name, label in _twice(outcomes):
        yield ("outcome", name, "label"), f'another outcome is called "{label}" too: people close with it by this name'
    for form in protocol.forms.values():
        labels = {str(at): one.label for at, one in enumerate(form.fields) if one.fill != "bot" and not one.stage}
        for at, label in _twice(labels):
            said = f'another field of this form has the label "{label}" too: people answer it by this label'
            yield ("form", form.id, "field", int(at)), said
    for stage in protocol.stages:
        for name, label in _twice({clock.id: clock.label for clock in protocol.clocks_of(stage)}):
            yield ("clock", name, "label"), f'another clock of stage {stage} is called "{label}" too'


def _twice(named: dict[str, str]) -> Iterator[tuple[str, str]]:
    many = Counter(label.casefold() for label in named.values())
    return ((name, label) for name, label in named.items() if many[label.casefold()] > 1)


_ASKS = ("is ", "are ", "was ", "were ", "has ", "have ", "does ", "do ", "did ", "can ", "should ", "why ", "what ")


def _questions(protocol: Protocol) -> FoundFault:
    """Doubts about what a stage of a protocol file asks for: a key misspelt, a question that is none, or without an
    answer no."""
    answers_no = any(outcome.given_by for outcome in protocol.outcomes.values())
    for stage in protocol.stages.values():
        for wanted in stage.ask_for:
            near = difflib.get_close_matches(wanted.casefold(), ASKED_FOR, n=1, cutoff=0.8)
            if near and wanted not in ASKED_FOR:
                said = f'"{wanted}" is printed as it stands: did you mean "{near[0]}", which is asked for by a label?'
                yield ("stage", stage.id, "ask_for"), said
            elif wanted.casefold().startswith(_ASKS) and not wanted.endswith("?"):
                yield ("stage", stage.id, "ask_for"), f'"{wanted}" is printed, and not asked: a question ends with "?"'
            elif wanted.endswith("?") and not answers_no:
                said = f'"{wanted}" has no answer no: that is an [outcome.…] with given_by'
                yield ("stage", stage.id, "ask_for"), said
    for name, condition in [(n.id, n.condition) for n in protocol.notices.values()]:
        for value in statuses_as_written(protocol, condition):
            said = f'"{value}" is no status that is known in several spellings: it is found only as it is written'
            yield ("notice", name, "if"), said


def _people(protocol: Protocol) -> FoundFault:
    """Doubts about roles of a protocol file that do nothing, or have no part where they are to act."""
    acting = {name for stage in protocol.stages.values() for name in _of_stage(stage)}
    used = acting | {name for notice in protocol.notices.values() for name in (*notice.to, *notice.then_to)}
    used |= {name for route in protocol.routes.values() for name in (*route.to, route.who, route.sent_through)}
    used |= set(protocol.digest.to) | set(protocol.digest.meeting_report_to) | set(protocol.digest.stand_in)
    named = {name for stage in protocol.stages.values() for duty in stage.duties for name in duty.of}
    named |= {name for clock in protocol.clocks.values() for name in clock.who}
    for role in protocol.roles.values():
        if role.ask_if and not any(role.id in notice.to and notice.stages for notice in protocol.notices.values()):
            said = f'"{role.id}" is never asked for: no notice of a stage goes to it, and only for that it would be'
            yield ("role", role.id, "ask_if"), said
        if role.id not in used:
            only = ": it is named in a duty or a clock, and acts for no side at any stage, so nobody ever fills it"
            yield ("role", role.id), f'role "{role.id}" is never used{only if role.id in named else ""}'
        elif role.source is Source.EMAIL and role.id not in acting and not (role.ask_at or role.ask_if):
            yield (
                ("role", role.id),
                f'nobody is asked who "{role.id}" is, so what is sent to it reaches nobody: say ask_at',
            )
    for clock in protocol.clocks.values():
        here = {n for stage in clock.stages if stage in protocol.stages for n in _up_to(protocol, stage)}
        for name in [name for name in clock.who if here and name not in here]:  # a stage that is none is a fault
            said = f'"who" names the role "{name}", which has no part in {_listed(protocol, clock.stages)} or before'
            yield ("clock", clock.id, "who"), said


def _of_stage(stage: Stage) -> Iterator[str]:
    yield from (*stage.raising, *stage.receiving, *stage.decided_by, *stage.may_support, *stage.also_consult)
    yield stage.sent_through
    if stage.if_party_then is not None:
        yield from (stage.if_party_then.role, stage.if_party_then.use)


def _up_to(protocol: Protocol, stage: str) -> set[str]:
    """Everybody who has a part at a stage of a protocol file or at one before it: who was there may still act."""
    order = protocol.order()
    return {name for one in order[: order.index(stage) + 1] for name in _of_stage(protocol.stages[one])}


def _listed(protocol: Protocol, stages: Iterable[str]) -> str:
    return ", ".join(protocol.stage_name(stage) for stage in stages)


def _lengths(protocol: Protocol) -> FoundFault:
    """Doubts about lengths of a protocol file that contradict each other."""
    for cap in protocol.caps.values():
        after = {protocol.stages[stage].next for stage in cap.stages if stage in protocol.stages}
        if cap.at_limit is AtLimit.MOVE_UP and cap.then and after != {cap.then}:
            said = f"it moves up one stage at its end, from whichever it is at, and not to stage {cap.then}"
            yield ("cap", cap.id, "at_limit"), f'{said}: say at_limit = "ask", or leave "then" out'
    for clock in protocol.clocks.values():
        yield from _cumulative(clock)
        following = [protocol.stages.get(protocol.stages[stage].next) for stage in clock.stages]
        asks = [to is not None and is_partnership_stage(to) for to in following]
        if clock.at_limit is AtLimit.MOVE_UP and any(asks) and not all(asks):
            said = (
                'nothing goes to the partnership by itself: the raising side is asked there, as at_limit = "ask" says'
            )
            yield ("clock", clock.id, "at_limit"), said
    for cap in protocol.caps.values():
        yield from _too_short(protocol, cap)


def _cumulative(clock: Clock) -> FoundFault:
    if (
        clock.cumulative is not None
        and clock.within.unit is Unit.WORKING_DAYS
        and clock.cumulative < clock.within.count
    ):
        said = f'clock "{clock.id}" is never its own length: {clock.within.text}, {clock.cumulative} in all'
        yield ("clock", clock.id, "cumulative"), said


def _too_short(protocol: Protocol, cap: Cap) -> FoundFault:
    """A doubt about a cap of a protocol file that ends before one of the stages under it alone could."""
    if cap.within.unit is not Unit.WORKING_DAYS:
        return
    for stage in cap.stages:
        clock = deciding_clock(protocol, stage)
        if clock is not None and clock.within.unit is Unit.WORKING_DAYS and clock.within.count > cap.within.count:
            said = f'cap "{cap.id}" ends after {cap.within.text}, and stage {stage} alone has {clock.within.text}'
            yield ("cap", cap.id, "within"), said


def _ways(protocol: Protocol) -> FoundFault:
    """A doubt about a way of a protocol file that leads back."""
    order = protocol.order()
    for route in protocol.routes.values():
        leads = route.effect is Effect.GO_TO_STAGE and route.go_to in order
        back = [one for one in route.stages or order if leads and order.index(one) >= order.index(route.go_to)]
        if back:
            said = f"from {_listed(protocol, back)} this goes back to {protocol.stage_name(route.go_to)}"
            yield ("route", route.id, "effect"), f"{said}, which then begins anew with all its time"


def _offices(protocol: Protocol) -> FoundFault:
    """A doubt about a protocol file with two offices: each receives every dispute, whomever it is about."""
    if len(protocol.digest.to) > 1:
        both = " and ".join(protocol.roles[name].title for name in protocol.digest.to)
        said = f"{both} each receive every dispute of this mailbox, with the initials, whomever it is about"
        why = "whom it is about is not known before somebody has read the email. Where one board is to see what"
        said = f"{said}: {why} concerns adults and another what concerns children, that is two files with two mailboxes"
        yield ("digest", "to"), said
