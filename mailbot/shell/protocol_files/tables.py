"""The tables of a protocol file into values: stages, clocks, caps, notices, roles, routes, forms, outcomes,
digest.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from types import MappingProxyType
from typing import TypeVar

from mailbot.core.clocks.silence import RUNGS, SILENCE_WORDS
from mailbot.core.procedure.closed_lists import (
    EVENT_WORDS,
    Agreed,
    AtLimit,
    Effect,
    EventWord,
    Happening,
    KnownWay,
    Length,
    Side,
    Source,
    Unit,
    about_hours,
    length,
)
from mailbot.core.procedure.outcomes import KNOWN_AS
from mailbot.core.procedure.protocol import (
    Cap,
    Clock,
    DigestRule,
    Duty,
    Form,
    FormField,
    NoticeRule,
    OutcomeRule,
    OutOfScope,
    Phone,
    Principle,
    Risk,
    Role,
    Route,
    RouteClock,
    Silence,
    Stage,
    StandIn,
    Substitute,
)
from mailbot.shell.config.toml_with_faults import TomlTable, day

# The parts of a protocol file into values: one short function for each kind of table.
#
# Each function names every key its table may have; ``finish`` makes any other a fault. ``clause`` may stand in any
# table: it is the published paragraph the table obeys.

_T = TypeVar("_T")
ONE_DAY = Length(1, Unit.WORKING_DAYS, "1 working day")
# A role that names no ``post`` is looked for in the directory under the word its id ends with.
POSTS = MappingProxyType({"manager": "line manager", "senior": "senior manager", "rep": "representative"})


def each(table: TomlTable, key: str, read: Callable[[str, TomlTable], _T]) -> Mapping[str, _T]:
    """Tables of a protocol file: every ``[key.name]`` through ``read``, each checked for keys it does not have."""
    found: dict[str, _T] = {}
    for name, part in table.tables(key).items():
        found[name] = read(name, part)
        part.finish()
    return MappingProxyType(found)


def clause(table: TomlTable) -> str:
    """The published paragraph that a table of a protocol file obeys: kept under the table's name, and shown with it."""
    text = table.text("clause", "")
    if text:
        table.sheet.clauses[".".join(map(str, table.path))] = text
    return text


def stages_of(table: TomlTable, known: Iterable[str], key: str = "stages") -> tuple[str, ...]:
    """``stage = "2"`` or ``stages = ["2", "3"]``."""
    if table.has("stage"):
        table.asked.add(key)
        return table.names("stage", known, "stage")
    table.asked.add("stage")
    return table.names(key, known, "stage")


def closures(table: TomlTable) -> Mapping[date, str]:
    """The closures in a protocol file's table, ``also_closed``: dates, or tables with a date and a name ("Christmas
    shut-down")."""
    value = table.values.get("also_closed", [])
    if isinstance(value, list) and value and isinstance(value[0], dict):
        found = {}
        for row in table.rows("also_closed"):
            found[row.day("date")] = row.text("name", "closed locally")
            row.finish()
        return MappingProxyType({when: name for when, name in found.items() if when is not None})
    if isinstance(value, list):  # TOML dates without quotes are as good as texts
        table.values = {**table.values, "also_closed": [str(item) for item in value]}
    closed: dict[date, str] = {}
    for text in table.list("also_closed"):
        try:
            closed[day(text)] = "closed locally"
        except ValueError as error:
            table.fault("also_closed", str(error))
    return MappingProxyType(closed)


def phone(table: TomlTable) -> Phone:
    read = Phone(table.text("name"), table.text("number", ""), table.text("hours", ""), table.day("checked_on", None))
    table.finish()
    return read


def risk(table: TomlTable) -> Risk:
    read = Risk(
        line=table.text("line"),
        who=table.text("who", ""),
        then=table.list("then"),
        phones=tuple(phone(row) for row in table.rows("phones")),
        clause=clause(table),
    )
    table.finish()
    return read


def silence(table: TomlTable, roles: Iterable[str]) -> Silence:
    """The table ``[silence]`` of a protocol file: it may be left out, and then any party of the raising side may move
    on, and the office; reminders go up the usual ladder, or where ``remind`` is empty nowhere."""
    named = table.names("may_move_on", (*roles, *SILENCE_WORDS), "role")
    rungs = table.names("remind", RUNGS, "rung")
    ladder = rungs if "remind" in table.values else Silence().remind
    read = Silence(named if "may_move_on" in table.values else Silence().may_move_on, ladder, clause(table))
    table.finish()
    return read


def out_of_scope(table: TomlTable) -> OutOfScope:
    read = OutOfScope(table.text("what"), table.text("say"))
    clause(table)
    table.finish()
    return read


def principle(table: TomlTable) -> Principle:
    read = Principle(table.text("say"), clause(table))
    table.finish()
    return read


def _stand_in(table: TomlTable) -> StandIn:
    read = StandIn(table.text("sector"), table.text("title", ""), table.text("address", ""))
    table.finish()
    return read


def post_of(role: str) -> str:
    """The post that a role's table in a protocol file means by its name: "raising_senior" -> "senior manager";
    "head_of_safeguarding" -> "head of safeguarding"."""
    word = role.removeprefix("raising_").removeprefix("responding_")
    return POSTS.get(word, word.replace("_", " "))


def role(name: str, table: TomlTable) -> Role:
    return Role(
        id=name,
        side=table.choice("side", Side),
        title=table.text("title"),
        source=table.choice("from", Source),
        post=table.text("post", post_of(name)),
        rather=table.text("rather", ""),
        address=table.text("address", "").lower(),
        ask_at=table.text("ask_at", ""),
        ask_if=table.text("ask_if", ""),
        tiers=table.flag("tiers"),
        members=table.list("members"),
        agency=table.text("agency", ""),
        examples=table.list("examples"),
        stand_in=tuple(_stand_in(row) for row in table.rows("stand_in")),
        monitors_only=table.flag("monitors_only"),
        clause=clause(table),
    )


def _substitute(table: TomlTable, roles: Iterable[str]) -> Substitute | None:
    if not table.has("if_party_then"):
        table.asked.add("if_party_then")
        return None
    part = table.table("if_party_then")
    role, use = part.one_of("role", roles), part.one_of("use", roles)
    part.finish()
    is_told = use == part.values.get("use")  # else it is a fault already, and no other role's
    return Substitute(role, use if is_told else "")


def _duty(table: TomlTable, roles: Iterable[str]) -> Duty:
    read = Duty(table.names("of", roles, "role"), table.text("say"), clause(table))
    table.finish()
    return read


def stage(roles: Iterable[str]) -> Callable[[str, TomlTable], Stage]:
    def read(name: str, table: TomlTable) -> Stage:
        private = table.one_of("private_to", ("raising", "receiving"), "")
        return Stage(
            id=name,
            name=table.text("name"),
            raising=table.names("raising", roles, "role"),
            receiving=table.names("receiving", roles, "role"),
            private_to=Side(private) if private else None,
            start_here=table.flag("start_here"),
            usual_start=table.flag("usual_start"),
            begun_by=table.names("begun_by", roles, "role"),
            optional=table.flag("optional"),
            referred_early=table.flag("referred_early"),
            skipped_by=table.names("skipped_by", roles, "role"),
            shown_as=table.text("shown_as", ""),
            speak=table.text("speak", ""),
            ask_for=table.list("ask_for"),
            also_consult=table.names("also_consult", roles, "role"),
            record=table.text("record", ""),
            decided_by=table.names("decided_by", roles, "role"),
            together=table.one_of("decide", ("together", "one for all"), "one for all") == "together",
            duties=tuple(_duty(row, roles) for row in table.rows("duty")),
            agreed_with=table.one_of("agreed_with", roles, ""),
            may_support=table.names("may_support", roles, "role"),
            if_party_then=_substitute(table, roles),
            sent_through=table.one_of("sent_through", roles, ""),
            before_leaving=table.text("before_leaving", ""),
            start_asks=table.text("start_asks", ""),
            final_and_binding=table.flag("final_and_binding"),
            no_limit_published=table.flag("no_limit_published"),
            next=table.text("next", ""),
            clause=clause(table),
        )

    return read


def _within(table: TomlTable, key: str = "within") -> Length:
    return table.parsed(key, length) or ONE_DAY


_USES: Mapping[str, Callable[[EventWord], bool]] = MappingProxyType(
    {
        "starts a clock": lambda word: word.starts_clock,
        "starts a cap": lambda word: word.starts_cap,
        "starts a route's clock": lambda word: word.starts_route_clock,
        "ends a clock": lambda word: word.ends_clock,
        "calls for a notice": lambda word: word.calls_notice,
    }
)
_WRITTEN_WITH_A_NAME = (Happening.CLOCK_DONE, Happening.CLOCK_KEPT, Happening.CLOCK_PASSED)


def words_that(use: str) -> tuple[str, ...]:
    """The words for events that a protocol file may have where one ``use`` is made of them: "ends a clock"."""
    can = _USES[use]
    named = (happening for happening, word in EVENT_WORDS.items() if can(word))
    return tuple(one.value for one in named if one not in _WRITTEN_WITH_A_NAME)


def _event(table: TomlTable, key: str, use: str) -> Happening:
    """A word for an event in a table of a protocol file, of those that can do there what is asked of them."""
    allowed, given = words_that(use), table.values.get(key)
    other = isinstance(given, str) and given in [one.value for one in Happening] and given not in allowed
    if other:
        table.asked.add(key)
        instead = ": leave it out, for a clock without it runs to the end of its stage" if given == _AT_THE_END else ""
        listed = ", ".join(f'"{one}"' for one in allowed)
        table.fault(key, f'"{given}" never {use}{instead or f": here it can be {listed}"}')
        return Happening(allowed[0])
    return Happening(table.one_of(key, allowed))


_AT_THE_END = "stage closed"


def _clock_start(table: TomlTable) -> tuple[Happening, str]:
    """What starts a clock, in its table of a protocol file: ``from``: a word of the closed list, or "clock s3-refer
    done"."""
    words = table.values.get("from")
    if not isinstance(words, str) or not words.startswith("clock"):
        return _event(table, "from", "starts a clock"), ""
    table.asked.add("from")
    if found := _AFTER_ANOTHER.fullmatch(words):
        return _CLOCK_WORDS[found[2]], found[1]
    name = words.removeprefix("clock").strip() or "s1"
    name = "s1" if name in _CLOCK_WORDS else name
    said = f'"from" cannot be "{words}": write "clock {name} done" (done or due)'
    table.fault("from", f'{said}, "clock {name} kept" (done in its time) or "clock {name} passed" (not done in it)')
    return Happening.STAGE_ENTERED, ""


_CLOCK_WORDS = MappingProxyType(
    {"done": Happening.CLOCK_DONE, "kept": Happening.CLOCK_KEPT, "passed": Happening.CLOCK_PASSED}
)
_AFTER_ANOTHER = re.compile(r"clock +(\S.*?) +(done|kept|passed)")


def _by_urgency(table: TomlTable) -> Mapping[str, Length]:
    part = table.table("within_by_urgency")
    read = {name: _within(part, name) for name in part.values}
    return MappingProxyType(read)


def clock(roles: Iterable[str], stages: Iterable[str]) -> Callable[[str, TomlTable], Clock]:
    def read(name: str, table: TomlTable) -> Clock:
        start, of = _clock_start(table)
        by_urgency = _by_urgency(table)
        if by_urgency and table.has("within"):
            table.fault("within", '"within" holds for nothing beside "within_by_urgency": leave one of them out')
        longest = max(by_urgency.values(), key=about_hours, default=None)
        return Clock(
            id=name,
            stages=stages_of(table, stages),
            label=table.text("label"),
            start=start,
            of=of,
            within=table.parsed("within", length, longest) if longest else _within(table),  # type: ignore[arg-type]
            within_by_urgency=by_urgency,
            who=table.names("who", roles, "role"),
            done_when=_event(table, "done_when", "ends a clock") if table.has("done_when") else None,
            agreed=table.choice("agreed", Agreed, Agreed.NO),
            cumulative=table.whole("cumulative", None),
            counts=table.flag("counts", True),
            at_limit=table.choice("at_limit", AtLimit, AtLimit.FLAG),
            clause=clause(table),
        )

    return read


def cap(stages: Iterable[str], clocks: Iterable[str]) -> Callable[[str, TomlTable], Cap]:
    def read(name: str, table: TomlTable) -> Cap:
        return Cap(
            id=name,
            label=table.text("label"),
            stages=stages_of(table, stages),
            start=_event(table, "from", "starts a cap"),
            within=_within(table),
            rebase=table.one_of("rebase_if_raised_late", clocks, ""),
            at_limit=table.choice("at_limit", AtLimit, AtLimit.FLAG),
            then=table.one_of("then", stages, ""),
            clause=clause(table),
        )

    return read


def _whom(table: TomlTable, key: str) -> tuple[str, ...]:
    """Who is told, in a notice's table of a protocol file; "everyone involved" is what people write for "everyone"."""
    return tuple("everyone" if name == "everyone involved" else name for name in table.list(key))


def notice(stages: Iterable[str]) -> Callable[[str, TomlTable], NoticeRule]:
    def read(name: str, table: TomlTable) -> NoticeRule:
        return NoticeRule(
            id=name,
            when=_event(table, "when", "calls for a notice"),
            to=_whom(table, "to"),
            send=table.text("send"),
            stages=stages_of(table, stages),
            or_when=_event(table, "or_when", "calls for a notice") if table.has("or_when") else None,
            condition=table.text("if", ""),
            then_to=_whom(table, "then_to"),
            note=table.text("note", ""),
            why=table.text("why", ""),
            clause=clause(table),
        )

    return read


# Routes beside the stages ([route.x] of a protocol file) into values. None of them ever stops a clock.


def _clock(name: str, table: TomlTable) -> RouteClock:
    clause(table)
    return RouteClock(name, table.text("label"), _event(table, "from", "starts a route's clock"), _within(table))


def _clocks(table: TomlTable) -> tuple[RouteClock, ...]:
    """A route's clocks, from the protocol file's tables ``[route.x.clock.y]``; or ``clock = "keeps running"``, which is
    so anyway and written for whoever reads it."""
    if isinstance(table.values.get("clock"), dict):
        return tuple(each(table, "clock", _clock).values())
    table.one_of("clock", ("keeps running",), "")
    return ()


def _effect(table: TomlTable, stages: tuple[str, ...]) -> tuple[Effect, str]:
    """A word of the closed list; "go to stage 3" also names where."""
    words = table.values.get("effect")
    other = re.fullmatch(r"go to \w+ (\S+)", words) if isinstance(words, str) else None
    if other is not None and other[1] in stages and not str(words).startswith("go to stage "):
        table.asked.add("effect")
        table.fault("effect", f'"effect": write "go to stage {other[1]}", whatever a stage is called in letters')
        return Effect.SIDE, ""
    if not isinstance(words, str) or not words.startswith("go to stage "):
        return table.choice("effect", Effect), ""
    table.asked.add("effect")
    to = words.removeprefix("go to stage ").strip()
    if to not in stages:
        table.fault("effect", f'"effect" goes to the stage "{to}", which is not in this file')
    return Effect.GO_TO_STAGE, to


def _counts_as(table: TomlTable) -> Happening | None:
    word = table.one_of("counts_as", (Happening.GAP_REPORTED.value,), "")
    return Happening(word) if word else None


def route(roles: Iterable[str], stages: Iterable[str]) -> Callable[[str, TomlTable], Route]:
    roles, stages = tuple(roles), tuple(stages)

    def read(name: str, table: TomlTable) -> Route:
        effect, go_to = _effect(table, stages)
        where = table.values.get("from")
        table.asked.add("from")
        return Route(
            id=name,
            name=table.text("name"),
            effect=effect,
            go_to=go_to,
            stages=() if where in ("any", "closed", "always") else table.names("from", stages, "stage"),
            when_closed=where in ("closed", "always"),
            always=where == "always",
            who=table.text("who", ""),
            needs=table.list("needs"),
            to=table.names("to", roles, "role"),
            or_to=table.text("or_to", ""),
            to_one_of=table.list("to_one_of"),
            sent_through=table.one_of("sent_through", roles, ""),
            contact=phone(table.table("contact")) if table.has("contact") else None,
            steps=table.list("steps"),
            expects=table.text("expects", ""),
            expects_within=table.parsed("expects_within", length, None) if table.has("expects_within") else None,
            record_learning=table.flag("record_learning"),
            outcome=table.text("outcome", ""),
            known_as=KnownWay(way) if (way := table.one_of("known_as", [*KnownWay], "")) else None,
            counts_as=_counts_as(table),
            clocks=_clocks(table),
            clause=clause(table),
        )

    return read


# The papers of a protocol file into values: its forms, the outcomes it knows, and its digest.

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEEDED = ("stage entered", "stage closed", "moving up", "stage ended", "closed", "ask at close", "optional")
_KINDS = ("text", "date", "number", "choice", "yes/no", "dated actions")


def _field(table: TomlTable, stages: Iterable[str]) -> FormField:
    read = FormField(
        label=table.text("label"),
        key=table.text("key"),
        kind=table.one_of("kind", _KINDS, "text"),
        needed=table.one_of("needed", _NEEDED, "optional"),
        parts=table.list("parts"),
        choices=table.list("choices"),
        repeat=table.flag("repeat"),
        fill=table.one_of("fill", ("bot", "agreed"), ""),
        stage=table.one_of("stage", stages, ""),
    )
    clause(table)
    table.finish()
    return read


def form_table(stages: Iterable[str]) -> Callable[[str, TomlTable], Form]:
    def read(name: str, table: TomlTable) -> Form:
        return Form(
            id=name,
            title=table.text("title"),
            stages=stages_of(table, stages),
            fields=tuple(_field(row, stages) for row in table.rows("field")),
            proposed=table.flag("proposed"),
            clause=clause(table),
        )

    return read


def outcome_rule(stages: Iterable[str], roles: Iterable[str]) -> Callable[[str, TomlTable], OutcomeRule]:
    def read(name: str, table: TomlTable) -> OutcomeRule:
        clause(table)
        where, alone = stages_of(table, stages), table.names("given_by", roles, "role")
        known_as = table.one_of("known_as", KNOWN_AS, "")
        written = name if known_as else ""
        return OutcomeRule(known_as or name, table.text("label"), where, table.list("needs"), alone, written)

    return read


def outcomes(root: TomlTable, stages: Iterable[str], roles: Iterable[str]) -> Mapping[str, OutcomeRule]:
    """The outcomes of a protocol file, each under what it is known as, else under its name there."""
    found: dict[str, OutcomeRule] = {}
    for rule in each(root, "outcome", outcome_rule(stages, roles)).values():
        if rule.id in found:
            other = found[rule.id].name_in_file
            said = f'[outcome.{other}] is the outcome "{rule.id}" already: one word cannot end it in two ways'
            root.sheet.fault(("outcome", rule.name_in_file), said)
        found.setdefault(rule.id, rule)
    return MappingProxyType(found)


def digest_rule(table: TomlTable, roles: Iterable[str]) -> DigestRule:
    if not table.has("to"):
        table.fault("to", '"to" is missing from [digest]: there is no office, and nobody would hear of danger')
    clause(table)
    read = DigestRule(
        to=table.names("to", roles, "role"),
        day=WEEKDAYS.index(table.one_of("day", WEEKDAYS, "monday")),
        time=table.clock_time("time", time(8)),
        stand_in=table.names("stand_in", roles, "role"),
        meeting_report_to=table.names("meeting_report_to", roles, "role"),
        silent_agencies=table.flag("silent_agencies"),
        heartbeat=table.flag("heartbeat", True),
    )
    table.finish()
    return read
