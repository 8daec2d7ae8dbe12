"""A protocol told back in plain English, to be held beside the published text by whoever answers for it.

Everything said here is read from the same values that the rules obey; nothing is written for one partnership.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mailbot.core.clocks.silence import RUNGS
from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Effect, Happening, Side, Source, Unit
from mailbot.core.procedure.protocol import Clock, NoticeRule, Protocol, Role, Route, Stage
from mailbot.core.procedure.stage_ends import follows_resolution, nothing_limits
from mailbot.core.reports.protocol_picture import WIDTH, picture

AT_LIMIT: Mapping[AtLimit, str] = MappingProxyType(
    {
        AtLimit.MOVE_UP: "when it passes, the dispute moves up by itself and both sides are told",
        AtLimit.ASK: "when it passes, the side that raised it is asked whether it is to go on",
        AtLimit.FLAG: "when it passes, the office is told and whoever decides, and nothing moves",
        AtLimit.REMIND: "when it passes, those named are reminded",
        AtLimit.NOTHING: "a guide only",
    }
)
AGREED: Mapping[Agreed, str] = MappingProxyType(
    {
        Agreed.NO: "cannot be made longer",
        Agreed.RECORD_ONLY: "a later date agreed by both is recorded, and the limit stays",
        Agreed.ANY_DATE: "both sides together may agree another date",
        Agreed.MUST_BE_SET: "both sides should agree a date; this is the most it can be",
        Agreed.MUST_BE_SET_ANY: "both sides agree a date of their own; until they have, this holds",
    }
)
SILENCE: Mapping[str, str] = MappingProxyType(
    {"raising side": "anybody recorded on the side that raised it", "office": "the partnership's own office"}
)
HOURS: Mapping[str, str] = MappingProxyType(
    {
        "working_days": '"24 hours" is one working day.',
        "same_time": "24 hours are one working day, to the same time of day; 48 hours are two.",
        "clock": "Hours run by the clock, through nights, weekends and bank holidays.",
    }
)
SOURCES: Mapping[Source, str] = MappingProxyType(
    {
        Source.SENDER: "whoever sends the email",
        Source.EMAIL: "named in the email, else the directory",
        Source.DIRECTORY: "from the directory",
        Source.ADDRESS: "a fixed address",
        Source.NAMED: "named at the time",
    }
)


def protocol_in_plain_english(protocol: Protocol) -> str:
    """The whole protocol in plain English, as a page of text of at most ``WIDTH`` characters a line, ending with a
    newline."""
    rules = (_counting, _risk, _principles, _stages, _caps, _notices, _forms, _routes)
    parts = (_head, picture, *rules, _people, _outcomes, _office)
    said = (_in_its_word(line, protocol) for part in parts for line in (*part(protocol), ""))
    lines = (line for one in said for line in _wrapped(one))
    return "\n".join(lines).rstrip() + "\n"


_OF_STAGES = re.compile(
    r"the stage's (?:beginning|end)\b|^  This is the last stage\.$|^(?:Over|No limit over) several stages\b"
    r"|^(?:Beside|No ways beside) the stages\b"
)


def _in_its_word(line: str, protocol: Protocol) -> str:
    """A line of the protocol's plain English in which a stage is called as the text calls it: "Step"."""
    word = protocol.stage_word.lower()
    return line if word == "stage" else _OF_STAGES.sub(lambda met: met[0].replace("stage", word), line)


def _wrapped(line: str) -> list[str]:
    """A line of the protocol's plain English as several, the further ones set in below it; a picture keeps its spaces,
    for it is made to fit."""
    if len(line) <= WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    lines, here = [], indent
    for word in line.split():
        if here.strip() and len(here) + len(word) >= WIDTH:
            lines.append(here)
            here = indent + "    "
        here += (" " if here.strip() else "") + word
    return [*lines, here]


def _clause(clause: str) -> str:
    return f"  [{clause}]" if clause else ""


def _as_in(protocol: Protocol, *tables: str) -> str:
    """In plain English, whose a protocol's rule is, where the file took it over from another one: " (as in
    sunderland)"."""
    names = dict.fromkeys(protocol.as_in[table] for table in tables if table in protocol.as_in)
    return f"  (as in {', '.join(names)})" if names else ""


def _own(protocol: Protocol, *keys: str) -> str:
    """In plain English, that a protocol's rule is in no file, and so not the published text's but mailbot's own."""
    return "  (not in the file: mailbot's own)" if any(key in protocol.left_out for key in keys) else ""


def _of(protocol: Protocol, *tables: str) -> str:
    """The paragraphs that whole tables of the file obey."""
    return _clause("; ".join(said for name in tables if (said := protocol.clauses.get(name, ""))))


def _head(protocol: Protocol) -> Iterator[str]:
    told = protocol.published
    yield f"{protocol.partnership} ({protocol.short}): {protocol.name}{_of(protocol, '', 'protocol')}"
    read = f"; held against it on {told.read_on}" if told.read_on else ""
    where = f" <{told.url}>" if told.url else ""
    yield f"Version {protocol.version}, from: {told.title}{where}{read}{_of(protocol, 'source')}"
    tags = f"subject tags: {', '.join(protocol.tags)}{_of(protocol, 'mailbox')}"
    yield f"Mailbox {protocol.mailbox}; references begin {protocol.prefix}-; {tags}"
    yield f"For: {protocol.in_scope}{_of(protocol, 'scope')}"
    for number, out in enumerate(protocol.out_of_scope):
        yield f"Not for “{out.what}”: {out.say}{_of(protocol, f'scope.out.{number}')}"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _counting(protocol: Protocol) -> Iterator[str]:
    rule, counting = protocol.calendar, protocol.counting
    days = ", ".join(_DAYS[day] for day in sorted(rule.working_days))
    whose = _as_in(protocol, "calendar", "counting")
    yield f"How days are counted{_of(protocol, 'calendar', 'counting')}{whose}"
    holidays = BANK_HOLIDAYS.get(rule.bank_holidays, rule.bank_holidays)
    own = _own(protocol, "calendar.working_days", "calendar.bank_holidays")
    yield f"  Working days: {days}; {holidays}.{own}"
    yield f"  A day ends at {rule.day_ends:%H:%M} ({rule.timezone}).{_own(protocol, 'calendar.day_ends')}"
    if rule.also_closed:
        closed = ", ".join(f"{day} ({name})" for day, name in sorted(rule.also_closed.items()))
        yield f"  Also closed: {closed}."
    first = "is Day 1" if counting.day_one == "same_day" else "is not counted: Day 1 is the working day after it"
    yield f"  The day something starts {first}.{_own(protocol, 'counting.day_one')}"
    late = "the next working day" if counting.after_hours == "next_working_day" else "its own date"
    late += f".{_own(protocol, 'counting.after_hours')}"
    yield f"  What comes after hours or on a closed day counts from {late}"
    yield f"  {HOURS[counting.hours]}{_own(protocol, 'counting.hours')}"
    if any(length.unit is Unit.CLOCK_HOURS for length in protocol.lengths()):
        yield '  "By the clock" is through nights, weekends and bank holidays.'
    before = counting.month_lands_on_closed_day == "working_day_before"
    own = _own(protocol, "counting.month_lands_on_closed_day")
    yield f"  A month that ends on a closed day ends on the working day {'before' if before else 'after'} it.{own}"


def _risk(protocol: Protocol) -> Iterator[str]:
    risk = protocol.risk
    yield f"At the head of every letter{_clause(risk.clause)}{_as_in(protocol, 'risk')}"
    yield f"  {risk.line}"
    if risk.who:
        yield f"  Tell first: {risk.who}"
    yield from (f"  {line}" for line in risk.then)
    yield from (f"  {phone.name}: {phone.number or '(number missing)'} {phone.hours}".rstrip() for phone in risk.phones)


def _principles(protocol: Protocol) -> Iterator[str]:
    if protocol.principles:
        yield f"Of everybody, at every {protocol.stage_word.lower()}{_as_in(protocol, 'principle')}"
    yield from (f"  {one.say}{_clause(one.clause)}" for one in protocol.principles)


def _stages(protocol: Protocol) -> Iterator[str]:
    for stage in protocol.stages.values():
        whose = _as_in(protocol, f"stage.{stage.id}")
        yield f"{protocol.stage_name(stage.id)}: {stage.name}{_clause(stage.clause)}{whose}"
        yield from (f"  {line}" for line in _stage(protocol, stage))
        for clock in protocol.clocks_of(stage.id):
            yield from (f"  {line}" for line in _clock(protocol, clock))
        if said := nothing_limits(protocol, stage.id):
            yield f"  {said[:1].upper()}{said[1:]}."
        following = f"If it is not resolved, then: {protocol.stage_name(stage.next)}"
        yield f"  {following}" if stage.next else "  This is the last stage."
        yield ""


def _titles(protocol: Protocol, names: tuple[str, ...]) -> str:
    said = dict.fromkeys(_title(protocol, name) for name in names)
    both = [one.removesuffix(_RAISING) for one in said if one.endswith(_RAISING)]
    both = [title for title in both if f"{title} (receiving side)" in said]
    kept = (one for one in said if one.removesuffix(" (receiving side)") not in both)
    return "; ".join(
        f"{one.removesuffix(_RAISING)} (both sides)" if one.removesuffix(_RAISING) in both else one for one in kept
    )


_RAISING = " (raising side)"


def _title(protocol: Protocol, name: str) -> str:
    """In plain English, the title of a protocol's role; with its side, where a role of another side has the same
    one."""
    role = protocol.roles.get(name)
    if role is None:
        return name
    alike = [one for one in protocol.roles.values() if one.title.casefold() == role.title.casefold()]
    return role.title if len(alike) == 1 else f"{role.title} ({_SIDES.get(role.side, f'{role.side.value} side')})"


def _stage(protocol: Protocol, stage: Stage) -> Iterator[str]:
    for heading, names in (
        ("Raising side", stage.raising),
        ("Receiving side", stage.receiving),
        ("Decided by", stage.decided_by),
        ("May support", stage.may_support),
        ("Also consulted", stage.also_consult),
    ):
        if names:
            said = _titles(protocol, names)
            yield f"{heading}: {said.replace(f' ({heading.lower()})', '')}"
    if stage.private_to is Side.RAISING:
        yield "Only the raising side sees this stage."
    if stage.if_party_then is not None:
        role, use = (_title(protocol, name) for name in (stage.if_party_then.role, stage.if_party_then.use))
        yield f"If one of {role} is a party: {use}"
    if stage.sent_through:
        yield f"Sent through: {_titles(protocol, (stage.sent_through,))}"
    if stage.ask_for:
        yield f"Asked for: {', '.join(word.replace('_', ' ') for word in stage.ask_for)}"
    if stage.record:
        yield f"Recorded in: {protocol.forms[stage.record].title if stage.record in protocol.forms else stage.record}"
    for heading, line in (
        ("How they speak", stage.speak),
        ("Asked of whoever begins here", stage.start_asks),
        ("Before it goes on from here", stage.before_leaving),
    ):
        if line:
            yield f"{heading}: {line}"
    for duty in stage.duties:
        yield f"{_titles(protocol, duty.of)}: {duty.say}{_clause(duty.clause)}"
    if stage.agreed_with:
        yield f"A date for it is agreed with: {_titles(protocol, (stage.agreed_with,))}, on the raising side"
    yield from _how_it_ends(protocol, stage)


def _how_it_ends(protocol: Protocol, stage: Stage) -> Iterator[str]:
    panel = any(protocol.roles[name].source is Source.NAMED for name in stage.decided_by if name in protocol.roles)
    if stage.together and (panel or len(stage.decided_by) > 1):
        yield "They decide together: each of them says so."
    elif len(stage.decided_by) > 1:
        yield f"One of them decides for all.{_own(protocol, f'stage.{stage.id}.decide')}"
    if stage.optional:
        yield "Passed over where nobody is named for it."
    if stage.skipped_by:
        yield f"By their judgement it may be passed over by: {_titles(protocol, stage.skipped_by)}"
    if stage.referred_early:
        yield "It may be referred here from any stage before, once it is plain that those cannot settle it."
    if stage.usual_start:
        yield "Disputes usually begin here."
    elif stage.start_here:
        yield "A dispute may begin here."
    if stage.begun_by:
        yield f"What one of these raises of their own begins here: {_titles(protocol, stage.begun_by)}"
    if stage.no_limit_published:
        yield "No limit is published for it."
    if stage.final_and_binding:
        yield "What is decided here is final and binding."


def _clock(protocol: Protocol, clock: Clock) -> Iterator[str]:
    most = f", at most {clock.cumulative} working days in all" if clock.cumulative else ""
    same_day = clock.within.unit is Unit.SAME_DAY
    long = "by the end of the working day" if same_day else f"within {clock.within.text}"
    long = "as long as its urgency says" if clock.within_by_urgency else long
    whose = f"{_clause(clock.clause)}{_as_in(protocol, f'clock.{clock.id}')}"
    yield f"{clock.label}: {long} of {_started(protocol, clock)}{most}{whose}"
    for urgency, length in clock.within_by_urgency.items():
        yield f"  if {urgency}: {length.text}"
    if clock.within_by_urgency:
        yield "  until somebody has said one of these: the shortest"
    if clock.who:
        yield f"  for: {_titles(protocol, clock.who)}"
    if clock.done_when is not None:
        yield f"  done when: {clock.done_when.value}"
    yield f"  {AT_LIMIT[clock.at_limit]}{_up_from(protocol, clock)}{_own(protocol, f'clock.{clock.id}.at_limit')}"
    if clock.counts and clock.start is not Happening.DECISION_MADE:
        yield f"  {AGREED[clock.agreed]}{_own(protocol, f'clock.{clock.id}.agreed')}"
        if not follows_resolution(protocol, clock):
            yield f"  either side may set an earlier date for the {protocol.subject}"


def _started(protocol: Protocol, clock: Clock) -> str:
    before = protocol.clocks.get(clock.of)
    if before is None:
        return _STARTS.get(clock.start, clock.start.value)
    return {
        Happening.CLOCK_DONE: f'"{before.label}" being done, or due',
        Happening.CLOCK_KEPT: f'"{before.label}" being done in its time',
        Happening.CLOCK_PASSED: f'the limit of "{before.label}", where it is not done by then',
    }[clock.start]


def _up_from(protocol: Protocol, clock: Clock) -> str:
    """In plain English, from which stages of a clock that moves up a person is asked instead, for the partnership
    decides at the next."""
    following = {stage: protocol.stages.get(protocol.stages[stage].next) for stage in clock.stages}
    asked = [stage for stage, to in following.items() if to is not None and is_partnership_stage(to)]
    if clock.at_limit is not AtLimit.MOVE_UP or not asked:
        return ""
    return f"; from {', '.join(map(protocol.stage_name, asked))} the side that raised it is asked instead"


def _caps(protocol: Protocol) -> Iterator[str]:
    yield "Over several stages" if protocol.caps else "No limit over several stages."
    for cap in protocol.caps.values():
        stages = ", ".join(protocol.stage_name(stage) for stage in cap.stages)
        start = _STARTS.get(cap.start, cap.start.value)
        whose = f"{_clause(cap.clause)}{_as_in(protocol, f'cap.{cap.id}')}"
        yield f"  {cap.label} ({stages}): within {cap.within.text} of {start}{whose}"
        then = f"; it points to {protocol.stage_name(cap.then)}" if cap.then else ""
        rebase = f"; counted from the raising where {protocol.clocks[cap.rebase].label} was late" if cap.rebase else ""
        yield f"    {AT_LIMIT[cap.at_limit]}{then}{rebase}{_own(protocol, f'cap.{cap.id}.at_limit')}"
    named = protocol.silence.may_move_on
    said = "; ".join(SILENCE.get(one, _title(protocol, one)) for one in named)
    clause = f"{_clause(protocol.silence.clause)}{_own(protocol, 'silence.may_move_on')}"
    yield f"Once a time has passed and nobody has acted, it may be moved on by: {said}{clause}"
    ladder = "; then ".join(RUNGS[rung] for rung in protocol.silence.remind)
    after = "After that it stands in the digest alone.  (mailbot's own)"
    yield f"  Reminded, one each working morning: {ladder or 'nobody'}. {after}"


def _notices(protocol: Protocol) -> Iterator[str]:
    yield "Who is told" if protocol.notices else "Nobody is told beside those who act."
    for notice in protocol.notices.values():
        yield f"  {_notice(protocol, notice)}{_clause(notice.clause)}{_as_in(protocol, f'notice.{notice.id}')}"


def _notice(protocol: Protocol, notice: NoticeRule) -> str:
    stages = f" ({', '.join(protocol.stage_name(stage) for stage in notice.stages)})" if notice.stages else ""
    when = WHEN.get(notice.when, notice.when.value) + stages
    when += f", or {WHEN.get(notice.or_when, notice.or_when.value)}" if notice.or_when else ""
    condition = f", if {notice.condition.replace('_', ' ')}" if notice.condition else ""
    then = f", who passes it to {_titles(protocol, notice.then_to)}" if notice.then_to else ""
    sent = protocol.forms[notice.send].title if notice.send in protocol.forms else notice.send
    note = f" ({notice.note})" if notice.note else ""
    why = f". {notice.why[:1].upper()}{notice.why[1:]}" if notice.why else ""
    return f"{when[0].upper()}{when[1:]}{condition}: {_titles(protocol, notice.to)}{then}. Sent: {sent}{note}{why}"


def _forms(protocol: Protocol) -> Iterator[str]:
    for form in protocol.forms.values():
        proposed = " (the published form was not seen: these fields are a proposal)" if form.proposed else ""
        yield f"Form: {form.title}{proposed}{_clause(form.clause)}{_as_in(protocol, f'form.{form.id}')}"
        for number, one in enumerate(form.fields):
            needed = "filled in by mailbot" if one.fill == "bot" else _NEEDED.get(one.needed, one.needed)
            yield f"  {one.label}  ({needed}){_of(protocol, f'form.{form.id}.field.{number}')}"


def _routes(protocol: Protocol) -> Iterator[str]:
    yield "Beside the stages (no clock ever stops for these)" if protocol.routes else "No ways beside the stages."
    for route in protocol.routes.values():
        yield f"  {_route(protocol, route)}{_clause(route.clause)}{_as_in(protocol, f'route.{route.id}')}"
        yield from (f"    {line}" for line in _of_route(protocol, route))
        for clock in route.clocks:
            start, clause = _STARTS.get(clock.start, clock.start.value), f"route.{route.id}.clock.{clock.id}"
            yield f"    {clock.label}: within {clock.within.text} of {start}{_of(protocol, clause)}"


def _route(protocol: Protocol, route: Route) -> str:
    at = ", ".join(protocol.stage_name(stage) for stage in route.stages) or "any stage"
    to = f"; to {_titles(protocol, route.to)}" if route.to else ""
    by = _title(protocol, route.who)
    does = EFFECTS[route.effect] + (
        f" {protocol.stage_name(route.go_to)}" if route.effect is Effect.GO_TO_STAGE else ""
    )
    when = "any stage, and after closing" if route.always else "after closing" if route.when_closed else at
    return f"{route.name} ({when}){f', by {by}' if by else ''}: {does}{to}"


def _of_route(protocol: Protocol, route: Route) -> Iterator[str]:
    if route.sent_through:
        yield f"Sent through: {_titles(protocol, (route.sent_through,))}"
    if route.or_to:
        yield f"Or to: {route.or_to}"
    if route.to_one_of:
        yield f"To one of: {', '.join(route.to_one_of)}"
    if route.contact is not None:
        number = route.contact.number or "(number missing)"
        yield f"Contact: {route.contact.name}, {number} {route.contact.hours}".rstrip()
    if route.needs:
        yield f"Needs: {'; '.join(route.needs)}"
    yield from (f"Step: {step}" for step in route.steps)
    if route.expects:
        yield f"Expects: {route.expects}"
    if route.expects and route.expects_within:
        yield f"  asked {route.expects_within.text} after whether it has come  (mailbot's own: nothing is due by then)"
    if route.record_learning:
        yield "What was learnt is asked for."
    if route.outcome in protocol.outcomes:
        yield f"Its decision is called: {protocol.outcomes[route.outcome].label}"


def _people(protocol: Protocol) -> Iterator[str]:
    yield "People"
    for role in protocol.roles.values():
        yield f"  {_role(role)}{_clause(role.clause)}{_as_in(protocol, f'role.{role.id}')}"
        yield from (f"    {line}" for line in _of_role(protocol, role))


def _role(role: Role) -> str:
    where = role.address or SOURCES[role.source]
    side = _SIDES.get(role.side, f"{role.side.value} side")
    return f"{role.title} ({side}): {where}"


def _of_role(protocol: Protocol, role: Role) -> Iterator[str]:
    if role.examples:
        yield f"For example: {'; '.join(role.examples)}"
    if role.members:
        yield f"Members: {', '.join(role.members)}"
    if role.rather:
        yield f"Rather than them: {role.rather}, where the agency has one."
    if role.agency:
        yield f"Always of: {role.agency}"
    if role.tiers:
        yield "There may be several tiers to climb within the stage."
    if role.monitors_only:
        yield "Records what others decide, and decides nothing: it closes only what both sides have written is settled."
    for one in role.stand_in:
        yield f"For the sector {one.sector}: {one.title or one.address} {one.address}".rstrip()
    if role.ask_at in protocol.stages:
        yield f"Asked for at {protocol.stage_name(role.ask_at)}."
    if role.ask_if:
        yield f"Asked for if {role.ask_if.replace('_', ' ')}."


_SIDES: Mapping[Side, str] = MappingProxyType(
    {Side.EACH: "of each side", Side.PARTNERSHIP: "the partnership's", Side.OTHER: "of neither side"}
)


def _outcomes(protocol: Protocol) -> Iterator[str]:
    yield "How it may end"
    for outcome in protocol.outcomes.values():
        needs = f"; needs {', '.join(word.replace('_', ' ') for word in outcome.needs)}" if outcome.needs else ""
        given = f"; given by {_titles(protocol, outcome.given_by)}" if outcome.given_by else ""
        at = f" ({', '.join(protocol.stage_name(s) for s in outcome.stages)})" if outcome.stages else ""
        name = f"outcome.{outcome.name_in_file}"
        clause, whose = _of(protocol, name), _as_in(protocol, name)
        yield f"  {outcome.label}{at}{needs}{given}{clause}{whose}"
    if protocol.categories:
        yield f"Categories: {'; '.join(protocol.categories)}{_of(protocol, 'categories')}"


def _office(protocol: Protocol) -> Iterator[str]:
    rule = protocol.digest
    yield "The partnership's office"
    day, clause = _DAYS[rule.day], f"{_of(protocol, 'digest')}{_as_in(protocol, 'digest')}"
    own = _own(protocol, "digest.day", "digest.time")
    yield f"  {_titles(protocol, rule.to)}: a digest every {day} at {rule.time:%H:%M}.{clause}{own}"
    if rule.heartbeat:
        yield "  On other working days, a line where a limit falls, mail waits for a person, or something is wrong."
    if rule.stand_in:
        yield f"  Told of danger beside it, and standing in for it: {_titles(protocol, rule.stand_in)}"
    if rule.meeting_report_to:
        yield f"  The report for its meetings goes to: {_titles(protocol, rule.meeting_report_to)}"
    if rule.silent_agencies:
        yield "  Agencies with nothing on record are listed, as a question."
    own = _own(protocol, "protocol.formal_from")
    yield f"  Disputes from {protocol.stage_name(protocol.formal_from)} on are counted as formal ones.{own}"
    shown = "reference" if protocol.child_shown_as == "reference" else "initials"
    own = _own(protocol, "privacy.child_shown_as")
    yield f"  In letters the {protocol.subject} is shown by {shown}.{_of(protocol, 'privacy')}{own}"


# The closed words of a protocol file, as the page says them to somebody who has only read the published text.

# What something counts from: "within 2 working days of the day this stage begins".
_STARTS: Mapping[Happening, str] = MappingProxyType(
    {
        Happening.DECISION_MADE: "the decision",
        Happening.RAISED: "its being raised",
        Happening.STAGE_ENTERED: "the stage's beginning",
        Happening.STAGE_CLOSED: "the stage's end",
        Happening.REPLIED: "the other side's reply",
        Happening.MET: "the meeting",
        Happening.REFERRED: "the written referral",
        Happening.REPRESENTATIVE_TOLD: "the representative's being told",
        Happening.FORM_COMPLETE: "the form's being complete",
        Happening.FORM_SENT: "the form's being sent",
        Happening.RESOLVED: "its being resolved",
        Happening.LIMIT_PASSED: "the limit's passing",
        Happening.BROUGHT_TO_CHAIR: "its being brought to the Chair",
        Happening.STATUS_KNOWN: "the child's status becoming known",
    }
)
# What calls for a notice: "When this stage begins (Stage 2): …".
WHEN: Mapping[Happening, str] = MappingProxyType(
    {
        Happening.STAGE_ENTERED: "when the stage begins",
        Happening.STAGE_CLOSED: "when the stage ends",
        Happening.RESOLVED: "when it is resolved",
        Happening.CLOSED: "when it is closed",
        Happening.MONTHLY: "every month",
        Happening.EVERY_CHANGE: "at every change",
        Happening.LIMIT_PASSED: "when the limit passes",
        Happening.STATUS_KNOWN: "when the child's status becomes known",
        Happening.FORM_COMPLETE: "when the form is complete",
        Happening.FORM_SENT: "when the form is sent",
        Happening.GAP_REPORTED: "when a gap in policy is reported",
        Happening.RAISED: "when it is raised",
    }
)
EFFECTS: Mapping[Effect, str] = MappingProxyType(
    {
        Effect.SIDE: "goes on beside the stage",
        Effect.GO_TO_STAGE: "goes straight to",
        Effect.FINAL: "what is decided there is final and binding",
        Effect.RECORD_ONLY: "is recorded, and changes nothing else",
        Effect.OFFER: "is offered",
    }
)
_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "stage entered": "needed when the stage begins",
        "stage closed": "needed by the end of the stage",
        "moving up": "needed to move up",
        "stage ended": "asked as the stage ends",
        "closed": "needed to close",
        "ask at close": "asked when it is closed",
    }
)
BANK_HOLIDAYS: Mapping[str, str] = MappingProxyType(
    {
        "england-and-wales": "without the bank holidays of England and Wales",
        "scotland": "without the bank holidays of Scotland",
        "northern-ireland": "without the bank holidays of Northern Ireland",
        "none": "bank holidays included",
    }
)
