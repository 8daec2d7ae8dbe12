"""A protocol told back in plain English, to be held beside the published text by whoever answers for it.

Everything said here is read from the same values that the rules obey; nothing is written for one partnership.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from mailbot.core.clocks.silence import RUNGS
from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Effect, Happening, Side, Source, Unit
from mailbot.core.procedure.protocol import Clock, NoticeRule, Protocol, Role, Route, Stage
from mailbot.core.procedure.working_days import Calendar, CalendarRule
from mailbot.core.reports.timeline import TimelineRow, timeline

AT_LIMIT: Mapping[AtLimit, str] = MappingProxyType(
    {
        AtLimit.MOVE_UP: "when it passes, the dispute moves up by itself and both sides are told",
        AtLimit.ASK: "when it passes, a person is asked whether to take it up",
        AtLimit.FLAG: "when it passes, that is shown and nothing moves",
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
# A week without a holiday, to count days on: what is shown is "Day 5", not a date.
_ANY_MONDAY = date(2026, 9, 7)
_WIDTH = 80  # characters: a terminal as it opens, and a sheet of A4
_NAMES = 36  # of them for the names beside the picture


def protocol_in_plain_english(protocol: Protocol) -> str:
    """The whole protocol in plain English, as a page of text of at most ``WIDTH`` characters a line, ending with a
    newline."""
    parts = (_head, _picture, _counting, _risk, _stages, _caps, _notices, _forms, _routes, _people, _outcomes, _office)
    lines = (line for part in parts for said in (*part(protocol), "") for line in _wrapped(said))
    return "\n".join(lines).rstrip() + "\n"


def _wrapped(line: str) -> list[str]:
    """A line of the protocol's plain English as several, the further ones set in below it; a picture keeps its spaces,
    for it is made to fit."""
    if len(line) <= _WIDTH:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    lines, here = [], indent
    for word in line.split():
        if here.strip() and len(here) + len(word) >= _WIDTH:
            lines.append(here)
            here = indent + "    "
        here += (" " if here.strip() else "") + word
    return [*lines, here]


def _clause(clause: str) -> str:
    return f"  [{clause}]" if clause else ""


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
        yield f"Not for: {out.what}. {out.say}{_of(protocol, f'scope.out.{number}')}"


def _picture(protocol: Protocol) -> Iterator[str]:
    """The picture of the protocol in its plain English: each clock as a bar over working days, if
    everything runs to its limit."""
    rows, first = rehearsed(protocol)
    calendar = plain_calendar(protocol)
    days = [(row, _day(calendar, first, row.start), _day(calendar, first, row.effective)) for row in rows]
    width = max((ends for _, _, ends in days), default=0)
    yield "If everything runs to its limit (working days, counted from the start):"
    cell = max(1, min(3, (_WIDTH - _NAMES - len("  Day 100")) // max(width, 1)))
    yield f"{'':{_NAMES}} " + _scale(width, cell)
    for row, begins, ends in days:
        name = f"{protocol.stage_name(row.stage)}: {row.label}" if row.stage else row.label
        bar = "".join(("■" if begins < day <= ends else " ").rjust(cell) for day in range(1, width + 1)).rstrip()
        yield f"{_short(name, _NAMES):{_NAMES}} {bar}  Day {ends}"


def _scale(width: int, cell: int) -> str:
    """The scale of the protocol's picture, days under which the bars stand: the first, every fifth and the last, where
    there is room for them."""
    marks = [" "] * (width * cell)
    for day in (1, *range(5, width + 1, 5), width):
        end, said = day * cell, str(day)
        if end >= len(said) and not "".join(marks[max(0, end - len(said) - 1) : end]).strip():
            marks[end - len(said) : end] = said
    return "".join(marks)


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def plain_calendar(protocol: Protocol) -> Calendar:
    """The protocol's week, with no day closed besides."""
    rule = CalendarRule(
        protocol.calendar.working_days, "none", {}, protocol.calendar.timezone, protocol.calendar.day_ends
    )
    return Calendar(rule, {}, date(2026, 1, 1), date(2045, 12, 31))


def rehearsed(protocol: Protocol) -> tuple[list[TimelineRow], date]:
    """The clocks that the protocol's picture draws, of a dispute begun on an ordinary Monday morning, with no
    notices and no "if resolved"."""
    calendar = plain_calendar(protocol)
    rows = timeline(protocol, calendar, calendar.morning_of(_ANY_MONDAY), ())
    confirming = {clock.id for clock in protocol.clocks.values() if clock.start is Happening.RESOLVED}
    kept = [row for row in rows if row.working and row.clock not in confirming]
    return kept, _ANY_MONDAY


def _day(calendar: Calendar, first: date, instant: datetime) -> int:
    return calendar.working_days_between(first, calendar.local(instant).date())


def _counting(protocol: Protocol) -> Iterator[str]:
    rule, counting = protocol.calendar, protocol.counting
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = ", ".join(names[day] for day in sorted(rule.working_days))
    yield f"How days are counted{_of(protocol, 'calendar', 'counting')}"
    yield f"  Working days: {days}; {BANK_HOLIDAYS.get(rule.bank_holidays, rule.bank_holidays)}."
    yield f"  A day ends at {rule.day_ends:%H:%M} ({rule.timezone})."
    if rule.also_closed:
        closed = ", ".join(f"{day} ({name})" for day, name in sorted(rule.also_closed.items()))
        yield f"  Also closed: {closed}."
    first = "is Day 1" if counting.day_one == "same_day" else "is not counted: Day 1 is the working day after it"
    yield f"  The day something starts {first}."
    late = "the next working day" if counting.after_hours == "next_working_day" else "its own date"
    yield f"  What comes after hours or on a closed day counts from {late}."
    yield f"  {HOURS[counting.hours]}"
    if any(length.unit is Unit.CLOCK_HOURS for length in protocol.lengths()):
        yield '  "By the clock" is through nights, weekends and bank holidays.'
    before = counting.month_lands_on_closed_day == "working_day_before"
    yield f"  A month that ends on a closed day ends on the working day {'before' if before else 'after'} it."


def _risk(protocol: Protocol) -> Iterator[str]:
    risk = protocol.risk
    yield f"At the head of every letter{_clause(risk.clause)}"
    yield f"  {risk.line}"
    if risk.who:
        yield f"  Tell first: {risk.who}"
    yield from (f"  {line}" for line in risk.then)
    yield from (f"  {phone.name}: {phone.number or '(number missing)'} {phone.hours}".rstrip() for phone in risk.phones)


def _stages(protocol: Protocol) -> Iterator[str]:
    for stage in protocol.stages.values():
        yield f"{protocol.stage_name(stage.id)}: {stage.name}{_clause(stage.clause)}"
        yield from (f"  {line}" for line in _stage(protocol, stage))
        for clock in protocol.clocks_of(stage.id):
            yield from (f"  {line}" for line in _clock(protocol, clock))
        yield f"  Then: {protocol.stage_name(stage.next)}" if stage.next else "  This is the last stage."
        yield ""


def _titles(protocol: Protocol, names: tuple[str, ...]) -> str:
    said = (protocol.roles[name].title if name in protocol.roles else name for name in names)
    return "; ".join(dict.fromkeys(said))


def _stage(protocol: Protocol, stage: Stage) -> Iterator[str]:
    for heading, names in (
        ("Raising side", stage.raising),
        ("Receiving side", stage.receiving),
        ("Decided by", stage.decided_by),
        ("May support", stage.may_support),
        ("Also consulted", stage.also_consult),
    ):
        if names:
            yield f"{heading}: {_titles(protocol, names)}"
    if stage.private_to is Side.RAISING:
        yield "Only the raising side sees this stage."
    if stage.if_party_then is not None:
        role, use = (protocol.roles[name].title for name in (stage.if_party_then.role, stage.if_party_then.use))
        yield f"If one of {role} is a party: {use}"
    if stage.sent_through:
        yield f"Sent through: {_titles(protocol, (stage.sent_through,))}"
    if stage.ask_for:
        yield f"Asked for: {', '.join(word.replace('_', ' ') for word in stage.ask_for)}"
    if stage.record:
        yield f"Recorded in: {protocol.forms[stage.record].title if stage.record in protocol.forms else stage.record}"
    yield from (line for line in (stage.speak, stage.start_asks, stage.before_leaving) if line)
    for duty in stage.duties:
        yield f"{_titles(protocol, duty.of)}: {duty.say}{_clause(duty.clause)}"
    if stage.agreed_with:
        yield f"A date for it is agreed with: {_titles(protocol, (stage.agreed_with,))}, on the raising side"
    if stage.together and len(stage.decided_by) > 1:
        yield "They decide together: each of them says so."
    if stage.optional:
        yield "Passed over where nobody is named for it."
    if stage.skipped_by:
        yield f"By their judgement it may be passed over by: {_titles(protocol, stage.skipped_by)}"
    if stage.usual_start:
        yield "Disputes usually begin here."
    elif stage.start_here:
        yield "A dispute may begin here."
    if stage.final_and_binding:
        yield "What is decided here is final and binding."


def _clock(protocol: Protocol, clock: Clock) -> Iterator[str]:
    before = protocol.clocks.get(clock.of)
    start = f'the end of "{before.label}"' if before else _STARTS.get(clock.start, clock.start.value)
    most = f", at most {clock.cumulative} working days in all" if clock.cumulative else ""
    yield f"{clock.label}: within {clock.within.text} of {start}{most}{_clause(clock.clause)}"
    for urgency, length in clock.within_by_urgency.items():
        yield f"  if {urgency}: {length.text}"
    if clock.who:
        yield f"  for: {_titles(protocol, clock.who)}"
    if clock.done_when is not None:
        yield f"  done when: {clock.done_when.value}"
    yield f"  {AT_LIMIT[clock.at_limit]}; {AGREED[clock.agreed]}; either side may set an earlier date for the child"


def _caps(protocol: Protocol) -> Iterator[str]:
    yield "Over several stages" if protocol.caps else "No limit over several stages."
    for cap in protocol.caps.values():
        stages = ", ".join(protocol.stage_name(stage) for stage in cap.stages)
        start = _STARTS.get(cap.start, cap.start.value)
        yield f"  {cap.label} ({stages}): within {cap.within.text} of {start}{_clause(cap.clause)}"
        then = f"; it points to {protocol.stage_name(cap.then)}" if cap.then else ""
        rebase = f"; counted from the raising where {protocol.clocks[cap.rebase].label} was late" if cap.rebase else ""
        yield f"    {AT_LIMIT[cap.at_limit]}{then}{rebase}"
    named = protocol.silence.may_move_on
    said = "; ".join(SILENCE.get(one, protocol.roles[one].title if one in protocol.roles else one) for one in named)
    clause = _clause(protocol.silence.clause)
    yield f"Once a time has passed and nobody has acted, it may be moved on by: {said}{clause}"
    ladder = "; then ".join(RUNGS[rung] for rung in protocol.silence.remind)
    yield f"  Reminded, one each working morning: {ladder or 'nobody'}. After that it stands in the digest alone."


def _notices(protocol: Protocol) -> Iterator[str]:
    yield "Who is told"
    for notice in protocol.notices.values():
        yield f"  {_notice(protocol, notice)}{_clause(notice.clause)}"


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
        yield f"Form: {form.title}{proposed}{_clause(form.clause)}"
        for number, one in enumerate(form.fields):
            needed = "filled in by mailbot" if one.fill == "bot" else _NEEDED.get(one.needed, one.needed)
            yield f"  {one.label}  ({needed}){_of(protocol, f'form.{form.id}.field.{number}')}"


def _routes(protocol: Protocol) -> Iterator[str]:
    yield "Beside the stages (no clock ever stops for these)"
    for route in protocol.routes.values():
        yield f"  {_route(protocol, route)}{_clause(route.clause)}"
        yield from (f"    {line}" for line in _of_route(protocol, route))
        for clock in route.clocks:
            start, clause = _STARTS.get(clock.start, clock.start.value), f"route.{route.id}.clock.{clock.id}"
            yield f"    {clock.label}: within {clock.within.text} of {start}{_of(protocol, clause)}"


def _route(protocol: Protocol, route: Route) -> str:
    at = ", ".join(protocol.stage_name(stage) for stage in route.stages) or "any stage"
    to = f"; to {_titles(protocol, route.to)}" if route.to else ""
    by = protocol.roles[route.who].title if route.who in protocol.roles else route.who
    does = EFFECTS[route.effect] + (
        f" {protocol.stage_name(route.go_to)}" if route.effect is Effect.GO_TO_STAGE else ""
    )
    when = "after closing" if route.when_closed else at
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
        within = f", within {route.expects_within.text}" if route.expects_within else ""
        yield f"Expects: {route.expects}{within}"
    if route.record_learning:
        yield "What was learnt is asked for."
    if route.outcome in protocol.outcomes:
        yield f"Its decision is called: {protocol.outcomes[route.outcome].label}"


def _people(protocol: Protocol) -> Iterator[str]:
    yield "People"
    for role in protocol.roles.values():
        yield f"  {_role(role)}{_clause(role.clause)}"
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
        yield f"  {outcome.label}{at}{needs}{given}{_of(protocol, f'outcome.{outcome.id}')}"
    if protocol.categories:
        yield f"Categories: {'; '.join(protocol.categories)}{_of(protocol, 'categories')}"


def _office(protocol: Protocol) -> Iterator[str]:
    rule = protocol.digest
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    yield "The partnership's office"
    day, clause = names[rule.day], _of(protocol, "digest")
    yield f"  {_titles(protocol, rule.to)}: a digest every {day} at {rule.time:%H:%M}.{clause}"
    if rule.heartbeat:
        yield "  On other working days, a line where a limit falls, mail waits for a person, or something is wrong."
    if rule.stand_in:
        yield f"  Told of danger beside it, and standing in for it: {_titles(protocol, rule.stand_in)}"
    if rule.meeting_report_to:
        yield f"  The report for its meetings goes to: {_titles(protocol, rule.meeting_report_to)}"
    if rule.silent_agencies:
        yield "  Agencies of which nothing is heard are listed, as a question."
    yield f"  Disputes from {protocol.stage_name(protocol.formal_from)} on are counted as formal ones."
    shown = "reference" if protocol.child_shown_as == "reference" else "initials"
    yield f"  In letters the {protocol.subject} is shown by {shown}.{_of(protocol, 'privacy')}"


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
