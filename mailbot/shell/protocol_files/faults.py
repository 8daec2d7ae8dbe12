"""What a protocol file says that cannot be meant: faults that need the whole of it, each at its line.

Names that point nowhere inside one table are found while it is read; here are the questions across tables: can every
stage be reached, does somebody fill every role, can every clock start, is every letter sent to somebody.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from mailbot.core.clocks.limits import CAN_BE_DONE, CAN_START_A_CAP, CAN_START_A_CLOCK, OF_ANOTHER_CLOCK
from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Happening, Side, Source, Unit
from mailbot.core.procedure.outcomes import ALWAYS, OUTCOME_NEEDS, TOLD
from mailbot.core.procedure.protocol import Clock, Protocol, Stage
from mailbot.shell.config.toml_with_faults import Path, TomlSheet, nearest
from mailbot.shell.errors import Fault

FoundFault = Iterator[tuple[Path, str]]
EVERYONE = ("everyone", "raiser")  # groups a notice may name besides roles
SENDS = ("summary",)
ROUTE_CLOCKS = frozenset({Happening.LIMIT_PASSED, Happening.BROUGHT_TO_CHAIR})


def protocol_faults(protocol: Protocol, sheet: TomlSheet) -> list[Fault]:
    """Every fault of a protocol file across tables; empty for a protocol that can be run."""
    checks = (
        _risk,
        _office,
        _stages,
        _deciders,
        _reached,
        _roles,
        _sides,
        _clocks,
        _acts,
        _starts,
        _caps,
        _notices,
        _forms,
        _routes,
        _outcomes,
        _mailbox,
    )
    found = [one for check in checks for one in check(protocol)]
    return [Fault(*sheet.where(path), message) for path, message in found]


def warnings_of(protocol: Protocol, sheet: TomlSheet) -> list[Fault]:
    """Warnings about a protocol file beside its faults: what a deployment must still supply, or somebody should look at
    twice."""
    return [Fault(*sheet.where(path), message) for path, message in _doubts(protocol)]


def _risk(protocol: Protocol) -> FoundFault:
    if not protocol.risk.line.strip():
        yield ("risk",), "there is no risk line: every letter opens with what to do when a child is in danger"
    elif not re.search(r"\b999\b", " ".join((protocol.risk.line, *(p.number for p in protocol.risk.phones)))):
        yield ("risk", "line"), "neither the risk line nor a number says 999: each letter is read alone, and must"


def _office(protocol: Protocol) -> FoundFault:
    """Faults of the office in a protocol file: somebody must hear of danger, of strangers' mail and of what nobody
    answers."""
    for name in protocol.office:
        role = protocol.roles.get(name)
        if role is not None and role.source is not Source.ADDRESS:
            said = f'the office "{name}" has no address of its own: it needs from = "address" and an address'
            yield ("digest", "to"), said


def _stages(protocol: Protocol) -> FoundFault:
    if not protocol.stages:
        yield ("protocol",), "there is no stage: [stage.1] and so on"
    elif not any(stage.start_here or stage.usual_start for stage in protocol.stages.values()):
        yield ("stage",), "no stage says start_here = true, so nothing could be opened"
    for stage in protocol.stages.values():
        path: Path = ("stage", stage.id)
        if stage.next and stage.next not in protocol.stages:
            yield (
                (*path, "next"),
                f'the next stage "{stage.next}" is not in this file.{nearest(stage.next, protocol.stages)}',
            )
        if not stage.raising and not stage.receiving and not stage.decided_by:
            yield path, f"nobody acts at stage {stage.id}: raising, receiving or decided_by must name a role"
        if not stage.receiving and not stage.decided_by and stage.private_to is None:
            yield path, f'stage {stage.id} has no receiving side; say private_to = "raising" if that is meant'
        if stage.record and stage.record not in protocol.forms:
            near = nearest(stage.record, protocol.forms)
            said = f'the form "{stage.record}" is not in this file.{near}'
            hint = f" What is kept on a child's record without a form is a [[stage.{stage.id}.duty]]"
            yield (*path, "record"), said if near.startswith(" Did you mean") else said + hint
        for number, duty in enumerate(stage.duties):
            if not duty.of or not duty.say.strip():
                yield (*path, "duty", number), 'a duty says whose it is (of = ["…"]) and what it is (say = "…")'


def _deciders(protocol: Protocol) -> FoundFault:
    """Faults of who decides in a protocol file: a decision that nobody could make, and a substitute that could never be
    needed."""
    for stage in protocol.stages.values():
        instead = stage.if_party_then
        role = protocol.roles.get(instead.role) if instead is not None else None
        if instead is not None and role is not None and not role.members:
            said = f'the role "{instead.role}" has no members, so none of them can be a party'
            yield ("stage", stage.id, "if_party_then"), said
        yield from _of_a_side(protocol, stage.decided_by, ("stage", stage.id, "decided_by"))
        if instead is not None:
            yield from _of_a_side(protocol, (instead.use,), ("stage", stage.id, "if_party_then"))
    for route in protocol.routes.values():
        if route.effect is Effect.FINAL and not route.to:
            yield ("route", route.id), f'route "{route.id}" ends in a decision, and "to" names nobody who makes it'
        elif route.effect is Effect.FINAL:
            yield from _of_a_side(protocol, route.to, ("route", route.id, "to"))


def _of_a_side(protocol: Protocol, deciders: tuple[str, ...], path: Path) -> FoundFault:
    """Faults of a protocol file that lets one side decide its own dispute: whoever decides is named by neither side, so
    such a role would stay empty."""
    for name in deciders:
        role = protocol.roles.get(name)
        if role is not None and role.side in (Side.RAISING, Side.RECEIVING):
            said = f'"{path[-1]}" lets the role "{name}" decide, which is one of the {role.side} side'
            yield path, f"{said}: neither side decides its own dispute"


def _outcomes(protocol: Protocol) -> FoundFault:
    for outcome in protocol.outcomes.values():
        for need in outcome.needs:
            told = protocol.roles.get(need.removesuffix(TOLD).replace(" ", "_")) if need.endswith(TOLD) else None
            if need not in OUTCOME_NEEDS and need not in ALWAYS and told is None:
                known = ", ".join(f'"{one}"' for one in OUTCOME_NEEDS)
                said = f'nothing obeys "{need}" in "needs": it can be {known}, or a role with " told" after it'
                yield ("outcome", outcome.id, "needs"), said


def _reached(protocol: Protocol) -> FoundFault:
    reached = {stage.id for stage in protocol.stages.values() if stage.start_here or stage.usual_start}
    leads = {stage.id: {stage.next} for stage in protocol.stages.values()}
    for route in protocol.routes.values():
        if route.effect is Effect.GO_TO_STAGE:
            for stage in route.stages or tuple(protocol.stages):
                leads[stage].add(route.go_to)
    for cap in protocol.caps.values():
        for stage in cap.stages:
            leads[stage].add(cap.then)
    while more := {to for stage in reached for to in leads.get(stage, ())} & set(protocol.stages) - reached:
        reached |= more
    for stage in protocol.stages:
        if reached and stage not in reached:
            yield ("stage", stage), f'stage {stage} can never be reached: no other says next = "{stage}"'
    for stage in protocol.stages:
        if _comes_back(protocol, stage):
            yield ("stage", stage, "next"), f"the stages go round in a circle from stage {stage}"


def _comes_back(protocol: Protocol, start: str) -> bool:
    here, seen = protocol.stages[start].next, set[str]()
    while here in protocol.stages and here not in seen:
        if here == start:
            return True
        seen.add(here)
        here = protocol.stages[here].next
    return False


def _roles(protocol: Protocol) -> FoundFault:
    for role in protocol.roles.values():
        path: Path = ("role", role.id)
        if role.source is Source.ADDRESS and "@" not in role.address:
            yield path, f'role "{role.id}" says from = "address" but has no address, so nobody fills it'
        if role.source is not Source.ADDRESS and role.address:
            yield (*path, "address"), f'role "{role.id}" has an address but says from = "{role.source}"'
        if role.ask_at and role.ask_at not in protocol.stages:
            yield (*path, "ask_at"), f'"ask_at" names the stage "{role.ask_at}", which is not in this file'
    senders = [role.id for role in protocol.roles.values() if role.source is Source.SENDER]
    if not senders:
        yield ("role",), 'no role says from = "sender": nobody is the one who raises a dispute'


def _sides(protocol: Protocol) -> FoundFault:
    """Faults of a protocol file that puts a role on the other side, or one stage under two rules that exclude each
    other."""
    for stage in protocol.stages.values():
        path: Path = ("stage", stage.id)
        for key, side in (("raising", Side.RECEIVING), ("receiving", Side.RAISING)):
            for name in getattr(stage, key):
                if name in protocol.roles and protocol.roles[name].side is side:
                    yield (*path, key), f'"{key}" names the role "{name}", which is one of the {side} side'
        if stage.private_to is not None and stage.receiving:
            said = f"stage {stage.id} is private to one side, and its receiving side acts in it: it is one or the other"
            yield (*path, "private_to"), said


def _acts(protocol: Protocol) -> FoundFault:
    """Faults of a clock in a protocol file that could never be done: nothing that people write brings its act about."""
    forms = {stage.id for stage in protocol.stages.values() if stage.record in protocol.forms}
    for clock in protocol.clocks.values():
        act, path = clock.done_when, ("clock", clock.id, "done_when")
        if act is not None and act not in CAN_BE_DONE:
            known = ", ".join(f'"{one}"' for one in sorted(CAN_BE_DONE))
            yield path, f'nothing that anybody does is "{act}" for a clock: it can be {known}'
        elif act in (Happening.FORM_COMPLETE, Happening.FORM_SENT) and not set(clock.stages) & forms:
            yield path, f'"{act}" never happens: no stage of this clock keeps a form (record = "…")'


def _clocks(protocol: Protocol) -> FoundFault:
    for clock in protocol.clocks.values():
        path: Path = ("clock", clock.id)
        if not clock.stages:
            yield path, f'clock "{clock.id}" runs in no stage: say stage = "1" or stages = ["1", "2"]'
        if clock.start in OF_ANOTHER_CLOCK and clock.of not in protocol.clocks:
            yield (*path, "from"), f'the clock "{clock.of}" is not in this file.{nearest(clock.of, protocol.clocks)}'
        if clock.start not in CAN_START_A_CLOCK:
            yield (*path, "from"), f'nothing can start the clock "{clock.id}": "{clock.start}" starts no clock'
        if clock.at_limit is AtLimit.MOVE_UP and not any(protocol.stages[stage].next for stage in clock.stages):
            yield (*path, "at_limit"), f'clock "{clock.id}" moves up from a last stage: there is nowhere to go'
        if clock.cumulative is not None and clock.cumulative < 1:
            yield (
                (*path, "cumulative"),
                f'"cumulative" counts working days and must be 1 or more, not {clock.cumulative}',
            )


def _starts(protocol: Protocol) -> FoundFault:
    for clock in protocol.clocks.values():
        seen, here = {clock.id}, clock
        while here.start in OF_ANOTHER_CLOCK and here.of in protocol.clocks:
            here = protocol.clocks[here.of]
            if here.id in seen:
                yield ("clock", clock.id, "from"), f'clock "{clock.id}" waits for itself and can never start'
                break
            seen.add(here.id)
        first = protocol.clocks.get(clock.of)
        if first is not None and not set(clock.stages) <= set(first.stages):
            said = f'clock "{clock.id}" starts from "{first.id}", which does not run in the same stage'
            yield ("clock", clock.id, "from"), said
        act = clock.start.value
        if clock.start in _ACTS and not any(other.done_when is clock.start for other in protocol.clocks.values()):
            said = f'clock "{clock.id}" can never start: no clock here has done_when = "{act}"'
            yield ("clock", clock.id, "from"), said


_ACTS = frozenset(
    {
        Happening.REPLIED,
        Happening.REFERRED,
        Happening.REPRESENTATIVE_TOLD,
        Happening.FORM_COMPLETE,
        Happening.FORM_SENT,
    }
)


def _caps(protocol: Protocol) -> FoundFault:
    for cap in protocol.caps.values():
        if cap.start not in CAN_START_A_CAP:
            allowed = " or ".join(f'"{happening}"' for happening in sorted(CAN_START_A_CAP))
            yield ("cap", cap.id, "from"), f'a cap counts from {allowed}, not from "{cap.start}"'
        if not cap.stages:
            yield ("cap", cap.id), f'cap "{cap.id}" runs over no stage: say stages = ["1", "2"]'


def _notices(protocol: Protocol) -> FoundFault:
    known = (*protocol.roles, *EVERYONE)
    sends = (*SENDS, *protocol.forms)
    for notice in protocol.notices.values():
        path: Path = ("notice", notice.id)
        if not notice.to:
            yield path, f'notice "{notice.id}" goes to nobody: "to" must name a role'
        for key, names in (("to", notice.to), ("then_to", notice.then_to)):
            for name in names:
                if name not in known:
                    yield (*path, key), f'nobody fills the role "{name}".{nearest(name, known)}'
        if notice.send not in sends and not notice.send.startswith("counts "):
            yield (
                (*path, "send"),
                f'"{notice.send}" is neither "summary", "counts …" nor a form.{nearest(notice.send, sends)}',
            )

    waits = [n for n in protocol.notices.values() if Happening.GAP_REPORTED in (n.when, n.or_when)]
    if waits and not any(route.counts_as is Happening.GAP_REPORTED for route in protocol.routes.values()):
        said = 'nothing brings it about: say counts_as = "policy gap reported" in the route by which one is reported'
        yield ("notice", waits[0].id, "when"), said


def _forms(protocol: Protocol) -> FoundFault:
    for form in protocol.forms.values():
        path: Path = ("form", form.id)
        for key, many in Counter(one.key for one in form.fields).items():
            if many > 1:
                yield path, f'form "{form.id}" has {many} fields with the key "{key}"'
        for at, one in enumerate(form.fields):
            if one.stage and form.stages and one.stage not in form.stages:
                said = f'"{one.key}" is for stage {one.stage}, where this form is not used, so it is never asked for'
                yield (*path, "field", at), said
            if Counter(other.label.casefold() for other in form.fields)[one.label.casefold()] > 1 and not one.stage:
                yield (*path, "field", at), f'two fields are called "{one.label}", and people answer by that name'
            if one.kind == "choice" and not one.choices:
                yield (*path, "field", at), f'"{one.key}" is a choice without choices'
        used = {stage.record for stage in protocol.stages.values()} | {n.send for n in protocol.notices.values()}
        if form.id not in used:
            yield path, f'form "{form.id}" is never asked for: no stage records on it and no notice sends it'


def _routes(protocol: Protocol) -> FoundFault:
    for route in protocol.routes.values():
        if route.outcome and route.outcome not in protocol.outcomes:
            said = f'the outcome "{route.outcome}" is not in this file.{nearest(route.outcome, protocol.outcomes)}'
            yield ("route", route.id, "outcome"), said
        for clock in route.clocks:
            if clock.start not in ROUTE_CLOCKS:
                said = f'a route\'s clock starts from "limit passed" or "brought to the Chair", not "{clock.start}"'
                yield ("route", route.id, "clock", clock.id, "from"), said


_ONE_ADDRESS = re.compile(r"[^\s@;,]+@[^\s@;,]+\.[^\s@;,]+")


def _mailbox(protocol: Protocol) -> FoundFault:
    if not _ONE_ADDRESS.fullmatch(protocol.mailbox):
        yield ("mailbox", "address"), f'"{protocol.mailbox}" is not an email address, or more than one'
    for role in protocol.roles.values():
        path: Path = ("role", role.id, "address")
        if role.address and role.address == protocol.mailbox.lower():
            yield path, f'"{role.address}" is this mailbox itself: its own letters would come back to it'
        elif role.address and not _ONE_ADDRESS.fullmatch(role.address):
            yield path, f'"{role.address}" is not an email address, or more than one: a role has one'
    prefix = protocol.prefix
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 1 <= len(prefix) <= 6):
        yield ("mailbox", "ref_prefix"), f'"{prefix}" cannot begin a reference: one to six capital letters, like "NS"'
    for stage, many in _shared_stage_names(protocol):
        yield ("stage", stage), f'{many} stages are shown as "{protocol.stage_name(stage)}"'


def _shared_stage_names(protocol: Protocol) -> Iterable[tuple[str, int]]:
    shown = Counter(protocol.stage_name(stage) for stage in protocol.stages)
    return (
        (stage, shown[protocol.stage_name(stage)]) for stage in protocol.stages if shown[protocol.stage_name(stage)] > 1
    )


def _doubts(protocol: Protocol) -> FoundFault:
    for outcome in protocol.outcomes.values():
        for need in set(outcome.needs) & set(ALWAYS):
            said = f'"{need}" changes nothing: it is so in every procedure, and can be left out'
            yield ("outcome", outcome.id, "needs"), said
    if not any(phone.number for phone in protocol.risk.phones):
        yield ("risk",), "no telephone number for immediate risk: mailbot.toml must give one before the service starts"
    for at, phone in enumerate(protocol.risk.phones):
        if not phone.number:
            yield ("risk", "phones", at), f'the number of "{phone.name}" is missing'
    if protocol.version == "undated":
        yield ("source",), "[source] in_force is missing: disputes cannot say which version they were opened under"
    for stage in protocol.stages.values():
        if not protocol.clocks_of(stage.id):
            yield ("stage", stage.id), f"stage {stage.id} has no clock: nothing will remind anybody"
    used = {name for stage in protocol.stages.values() for name in _people(protocol, stage.id)}
    used |= {name for notice in protocol.notices.values() for name in (*notice.to, *notice.then_to)}
    used |= {name for route in protocol.routes.values() for name in (*route.to, route.who, route.sent_through)}
    used |= set(protocol.digest.to) | set(protocol.digest.meeting_report_to)
    for role in protocol.roles.values():
        if role.id not in used:
            yield ("role", role.id), f'role "{role.id}" is never used'
        if role.side is Side.PARTNERSHIP and role.address.endswith(".example"):
            yield ("role", role.id, "address"), f'"{role.address}" is an example: put in the real address'
    for clock in protocol.clocks.values():
        yield from _odd_clock(clock)
        yield from _goes_up_to_the_partnership(protocol, clock)
    for stage in protocol.stages.values():
        yield from _without_an_end(protocol, stage)


def _goes_up_to_the_partnership(protocol: Protocol, clock: Clock) -> FoundFault:
    """A protocol file's clock that says "move up" where a person must refer: it asks all the same."""
    nexts = (protocol.stages.get(protocol.stages[stage].next) for stage in clock.stages if stage in protocol.stages)
    if clock.at_limit is AtLimit.MOVE_UP and any(n is not None and is_partnership_stage(n) for n in nexts):
        said = 'nothing goes to the partnership by itself: the raising side is asked, as at_limit = "ask" says'
        yield ("clock", clock.id, "at_limit"), said


def _without_an_end(protocol: Protocol, stage: Stage) -> FoundFault:
    """A protocol file's stage whose clocks are all for acts inside it: once those are done, nothing limits it."""
    here = [clock for clock in protocol.clocks_of(stage.id) if clock.counts and clock.at_limit is not AtLimit.NOTHING]
    lasting = [c for c in here if c.done_when is None and c.start not in (Happening.DECISION_MADE, Happening.RESOLVED)]
    capped = any(stage.id in cap.stages for cap in protocol.caps.values())
    if here and not lasting and not capped and stage.next and not any(c.done_when in _SETTLES for c in here):
        acts = " and ".join(f'"{clock.label}"' for clock in here)
        said = f"once {acts} {'is' if len(here) == 1 else 'are'} done, nothing limits stage {stage.id}"
        yield ("stage", stage.id), said


_SETTLES = frozenset({Happening.RESOLVED, Happening.CONFIRMED, Happening.REFERRED, Happening.REPRESENTATIVE_TOLD})


def _people(protocol: Protocol, stage: str) -> Iterator[str]:
    found = protocol.stages[stage]
    yield from (*found.raising, *found.receiving, *found.decided_by, *found.may_support, *found.also_consult)
    yield found.sent_through
    for duty in found.duties:
        yield from duty.of
    if found.if_party_then is not None:
        yield from (found.if_party_then.role, found.if_party_then.use)


def _odd_clock(clock: Clock) -> FoundFault:
    if (
        clock.cumulative is not None
        and clock.within.unit is Unit.WORKING_DAYS
        and clock.cumulative < clock.within.count
    ):
        said = f'clock "{clock.id}" is never its own length: {clock.within.text}, {clock.cumulative} in all'
        yield ("clock", clock.id, "cumulative"), said
