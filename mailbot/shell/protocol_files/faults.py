"""What a protocol file says that cannot be meant: faults that need the whole of it, each at its line.

Names that point nowhere inside one table are found while it is read; here are the questions across tables: can every
stage be reached, does somebody fill every role, can every clock start, is every letter sent to somebody.
"""

import re
from collections import Counter
from collections.abc import Iterable

from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import AtLimit, Effect, Side, Source
from mailbot.core.procedure.outcomes import ALWAYS, OUTCOME_NEEDS, TOLD
from mailbot.core.procedure.protocol import Phone, Protocol
from mailbot.core.procedure.stage_ends import ANOTHER, deciding_clock
from mailbot.shell.config.directory_csv import is_address
from mailbot.shell.config.phone_numbers import dialled
from mailbot.shell.config.toml_with_faults import FoundFault, Path, TomlSheet, nearest
from mailbot.shell.errors import Fault
from mailbot.shell.protocol_files.never_triggered import is_counts, never_triggered

EVERYONE = ("everyone", "raiser")  # groups a notice may name besides roles
SENDS = ("summary",)


def protocol_faults(protocol: Protocol, sheet: TomlSheet) -> list[Fault]:
    """Every fault of a protocol file across tables; empty for a protocol that can be run."""
    checks = (
        _risk,
        _office,
        _stages,
        _deciders,
        _reached,
        _roles,
        _clocks,
        _starts,
        _caps,
        _notices,
        _forms,
        _routes,
        _outcomes,
        _mailbox,
        never_triggered,
        _sides,
        _posts,
        _starts_and_ends,
        _upwards,
    )
    found = [one for check in checks for one in check(protocol)]
    return [_placed(path, message, sheet) for path, message in found if not _follows(path, message, sheet)]


_NO_STAGE = "runs in no stage: say stage"


def _follows(path: Path, message: str, sheet: TomlSheet) -> bool:
    """Does a fault of a protocol file follow from one that is told already: no stage, because it is misspelt?"""
    return sheet.has_slip(path) or (_NO_STAGE in message and sheet.is_told((*path, "stage"), (*path, "stages")))


def _placed(path: Path, message: str, sheet: TomlSheet) -> Fault:
    """A fault of a protocol file at its line; of one that this file is like, at the line that says so: what is to be
    done is done here."""
    file, line = sheet.where(path)
    own = sheet.layers[0]
    if file == own.file or ("like",) not in own.lines:
        return Fault(file, line, message)
    part = ".".join(str(one) for one in path[:2])
    said = f"{message} ([{part}] is in {file.rpartition('/')[2]}, which this file is like: write what differs under"
    return Fault(own.file, own.lines[("like",)], f'{said} [{part}] here, or remove = ["{part}"])')


def _risk(protocol: Protocol) -> FoundFault:
    if not protocol.risk.line.strip():
        yield ("risk", "line"), "there is no risk line: every letter opens with what to do when a child is in danger"
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
    """Faults of a protocol file that lets one side decide its own dispute, or whoever only monitors it: whoever decides
    is named by neither side, so such a role would stay empty."""
    for name in deciders:
        role = protocol.roles.get(name)
        if role is not None and role.side in (Side.RAISING, Side.RECEIVING):
            said = f'"{path[-1]}" lets the role "{name}" decide, which is one of the {role.side} side'
            yield path, f"{said}: neither side decides its own dispute"
        elif role is not None and role.monitors_only:
            said = f'"{path[-1]}" lets the role "{name}" decide, which says monitors_only = true'
            yield path, f"{said}: whoever only records what others decide decides nothing. Leave one of the two out"


def _outcomes(protocol: Protocol) -> FoundFault:
    for outcome in protocol.outcomes.values():
        for need in outcome.needs:
            told = protocol.roles.get(need.removesuffix(TOLD).replace(" ", "_")) if need.endswith(TOLD) else None
            if need not in OUTCOME_NEEDS and need not in ALWAYS and told is None:
                known = ", ".join(f'"{one}"' for one in OUTCOME_NEEDS)
                said = f'nothing obeys "{need}" in "needs": it can be {known}, or a role with " told" after it'
                yield ("outcome", outcome.name_in_file, "needs"), said


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
        if protocol.leads(protocol.stages[stage].next, stage):
            yield ("stage", stage, "next"), f"the stages go round in a circle from stage {stage}"


def _roles(protocol: Protocol) -> FoundFault:
    for role in protocol.roles.values():
        path: Path = ("role", role.id)
        if role.source is Source.ADDRESS and not role.address:
            yield path, f'role "{role.id}" says from = "address" but has no address, so nobody fills it'
        if role.source is not Source.ADDRESS and role.address:
            yield (*path, "address"), f'role "{role.id}" has an address but says from = "{role.source}"'
        if role.ask_at and role.ask_at not in protocol.stages:
            yield (*path, "ask_at"), f'"ask_at" names the stage "{role.ask_at}", which is not in this file'
    senders = [role.id for role in protocol.roles.values() if role.source is Source.SENDER]
    if not senders:
        yield ("role",), 'no role says from = "sender": nobody is the one who raises a dispute'


def _clocks(protocol: Protocol) -> FoundFault:
    for clock in protocol.clocks.values():
        path: Path = ("clock", clock.id)
        if not clock.stages:
            yield path, f'clock "{clock.id}" {_NO_STAGE} = "1" or stages = ["1", "2"]'
        if clock.start in ANOTHER and clock.of not in protocol.clocks:
            yield (*path, "from"), f'the clock "{clock.of}" is not in this file.{nearest(clock.of, protocol.clocks)}'
        if (
            clock.at_limit is AtLimit.MOVE_UP
            and clock.stages
            and not any(protocol.stages[stage].next for stage in clock.stages)
        ):
            yield (*path, "at_limit"), f'clock "{clock.id}" moves up from a last stage: there is nowhere to go'
        if clock.cumulative is not None and clock.cumulative < 1:
            yield (
                (*path, "cumulative"),
                f'"cumulative" counts working days and must be 1 or more, not {clock.cumulative}',
            )


def _starts(protocol: Protocol) -> FoundFault:
    for clock in protocol.clocks.values():
        seen, here = {clock.id}, clock
        while here.start in ANOTHER and here.of in protocol.clocks:
            here = protocol.clocks[here.of]
            if here.id in seen:
                yield ("clock", clock.id, "from"), f'clock "{clock.id}" waits for itself and can never start'
                break
            seen.add(here.id)
        first = protocol.clocks.get(clock.of)
        if first is not None and not set(clock.stages) <= set(first.stages):
            said = f'clock "{clock.id}" starts from "{first.id}", which does not run in the same stage'
            yield ("clock", clock.id, "from"), said


def _caps(protocol: Protocol) -> FoundFault:
    for cap in protocol.caps.values():
        if not cap.stages:
            yield ("cap", cap.id), f'cap "{cap.id}" {_NO_STAGE}s = ["1", "2"]'


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
        if notice.send not in sends and not is_counts(notice.send):
            said = f'"{notice.send}" is neither "summary", "counts" nor a form of this file'
            yield (*path, "send"), f"{said}.{nearest(notice.send, (*sends, 'counts'))}"


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


def _sides(protocol: Protocol) -> FoundFault:
    """Faults of a protocol file that puts somebody on both sides, or lets one side end what the other raised."""
    other = {"raising": Side.RECEIVING, "receiving": Side.RAISING}
    for stage in protocol.stages.values():
        for key, names in (("raising", stage.raising), ("receiving", stage.receiving)):
            for name in names:
                role = protocol.roles.get(name)
                if role is not None and role.side is other[key]:
                    said = f'"{key}" names the role "{name}", which is one of the {role.side} side'
                    yield ("stage", stage.id, key), said
        if stage.private_to is Side.RAISING and stage.receiving:
            said = "a stage that only the raising side sees has no receiving side: leave one of the two out"
            yield ("stage", stage.id, "private_to"), said
    for outcome in protocol.outcomes.values():
        for name in outcome.given_by:
            role = protocol.roles.get(name)
            if role is not None and role.side is Side.RECEIVING:
                said = f'"given_by" lets the role "{name}" of the receiving side end the dispute alone'
                yield ("outcome", outcome.name_in_file, "given_by"), f"{said}: what was raised is not theirs to end"
            elif role is not None and role.side is Side.PARTNERSHIP:
                said = f'"given_by" names the role "{name}" of the partnership, which is of neither side of a dispute'
                hint = "Its office ends one by CLOSE, those who decide by DECISION: say stage and decided_by"
                yield ("outcome", outcome.name_in_file, "given_by"), f"{said}, and so could never give it. {hint}"


def _posts(protocol: Protocol) -> FoundFault:
    """Faults of a protocol file by which the directory would have one person for two stages of a side, at which two
    must look at it."""
    acts = {name: set[str]() for name in protocol.roles}
    for stage in protocol.stages.values():
        for name in (*stage.raising, *stage.receiving):
            acts.get(name, set()).add(stage.id)
    held: dict[tuple[Side, str], str] = {}
    for role in protocol.roles.values():
        if not acts[role.id] or role.source is Source.ADDRESS or not role.post:
            continue
        other = held.setdefault((role.side, role.post.casefold()), role.id)
        if other != role.id and not acts[role.id] & acts[other]:
            said = f'"{role.post}" is the post of "{other}" too, which acts at another stage of the same side'
            yield ("role", role.id, "post"), f"{said}: one person cannot act at two. Give it a post of its own"


def _starts_and_ends(protocol: Protocol) -> FoundFault:
    """Faults of where a protocol file begins and ends: two usual beginnings, an end that is none, nobody who may move
    it on."""
    usual = [stage.id for stage in protocol.stages.values() if stage.usual_start]
    for stage in protocol.stages.values():
        path: Path = ("stage", stage.id)
        if stage.begun_by and not (stage.start_here and set(stage.begun_by) <= set(stage.raising)):
            said = f"stage {stage.id} needs start_here = true, and those who begin here among its raising roles"
            yield (*path, "begun_by"), said
        if len(usual) > 1 and stage.usual_start:
            yield (*path, "usual_start"), f"{len(usual)} stages say usual_start = true: {', '.join(usual)}"
        if stage.final_and_binding and stage.next:
            yield (*path, "final_and_binding"), f'stage {stage.id} is final, and has next = "{stage.next}"'
        if stage.no_limit_published and deciding_clock(protocol, stage.id) is not None:
            said = f"stage {stage.id} says that no limit is published for it, and a clock here ends it"
            yield (*path, "no_limit_published"), said
    if not protocol.silence.may_move_on:
        said = "nobody could move it on once a time has passed, and one silent person would keep it there for ever"
        yield ("silence", "may_move_on"), said
    if re.search(r"\d", protocol.stage_word):
        said = f'"{protocol.stage_word}" has a number of its own: the stage\'s is put after it'
        yield ("protocol", "stage_word"), f'{said}. Write stage_word = "Level"'
    if protocol.id and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", protocol.id):
        yield (
            ("protocol", "id"),
            f'"{protocol.id}" cannot name a file: small letters, figures and hyphens, like east-riding',
        )


def _upwards(protocol: Protocol) -> FoundFault:
    """Faults of a protocol file by which a dispute would go to the partnership by itself: a person refers it there."""
    for kind, parts in (("clock", protocol.clocks), ("cap", protocol.caps)):
        for part in parts.values():
            following = [protocol.stages[stage].next for stage in part.stages if stage in protocol.stages]
            ahead = [protocol.stages[name] for name in following if name in protocol.stages]
            if part.at_limit is AtLimit.MOVE_UP and ahead and all(map(is_partnership_stage, ahead)):
                to = protocol.stage_name(ahead[0].id)
                said = f"nothing goes to {to} by itself, for the partnership decides there: a person refers it"
                yield (kind, part.id, "at_limit"), f'{said}. Say at_limit = "ask"'


def prefix_fault(prefix: str) -> str:
    """Why a protocol's references cannot begin so, or ""."""
    if prefix.isascii() and prefix.isalpha() and prefix.isupper() and 1 <= len(prefix) <= 6:
        return ""
    return f'"{prefix}" cannot begin a reference: one to six capital letters, like "NS"'


def _mailbox(protocol: Protocol) -> FoundFault:
    yield from _addresses(protocol)
    if fault := prefix_fault(protocol.prefix):
        yield ("mailbox", "ref_prefix"), fault
    for stage, many in _shared_stage_names(protocol):
        yield ("stage", stage), f'{many} stages are shown as "{protocol.stage_name(stage)}"'


def _addresses(protocol: Protocol) -> FoundFault:
    """Faults of the addresses and numbers in a protocol file: letters that would come back to the mailbox itself, that
    two roles would have of each other, or that reach nobody."""
    mailbox = protocol.mailbox
    if not is_address(mailbox):
        yield ("mailbox", "address"), _no_address(mailbox)
    held: dict[str, str] = {}
    for role in protocol.roles.values():
        path: Path = ("role", role.id, "address")
        if role.address and not is_address(role.address):
            yield path, _no_address(role.address)
        elif role.address and role.address == mailbox:
            said = (
                f'"{mailbox}" is the shared mailbox itself: letters to "{role.id}" would come back into it, and nobody'
            )
            yield path, f"{said} would read them. Write the address at which they are read"
        elif role.address and (other := held.setdefault(role.address, role.id)) != role.id:
            said = f'"{role.address}" is the address of "{other}" too: who writes from it would be both.'
            yield path, f"{said} Name one role in both places, or write another address"
        for at, one in enumerate(role.stand_in):
            if one.address and not is_address(one.address):
                yield ("role", role.id, "stand_in", at), _no_address(one.address)
            elif one.address.lower() == mailbox:
                yield ("role", role.id, "stand_in", at), f'"{mailbox}" is the shared mailbox itself'
    phones: list[tuple[Path, Phone]] = [
        (("risk", "phones", at), phone) for at, phone in enumerate(protocol.risk.phones)
    ]
    phones += [(("route", r.id, "contact"), r.contact) for r in protocol.routes.values() if r.contact is not None]
    for where, phone in phones:
        if phone.number and not dialled(phone.number):
            yield where, f'"{phone.number}" is no telephone number that can be dialled: write it whole, 01632 960112'


def _no_address(text: str) -> str:
    several = ": two people are two roles, or one address that both read" if text.count("@") > 1 else ""
    return f'"{text}" is not an email address{several}'


def _shared_stage_names(protocol: Protocol) -> Iterable[tuple[str, int]]:
    shown = Counter(protocol.stage_name(stage) for stage in protocol.stages)
    return (
        (stage, shown[protocol.stage_name(stage)]) for stage in protocol.stages if shown[protocol.stage_name(stage)] > 1
    )
