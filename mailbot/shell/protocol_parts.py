"""The parts of a protocol file into values: one short function for each kind of table.

Each function names every key its table may have; ``finish`` makes any other a fault. ``clause`` may stand in any
table: it is the published paragraph the table obeys.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from mailbot.core.decisions.silence import WORDS
from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Happening, Length, Side, Source, Unit
from mailbot.core.procedure.lengths import length
from mailbot.core.procedure.protocol import (
    Cap,
    Clock,
    Duty,
    NoticeRule,
    OutOfScope,
    Phone,
    Risk,
    Role,
    Silence,
    Stage,
    StandIn,
    Substitute,
)
from mailbot.shell.sheet import Table, day

T = TypeVar("T")
ONE_DAY = Length(1, Unit.WORKING_DAYS, "1 working day")
# A role that names no ``post`` is looked for in the directory under the word its id ends with.
POSTS = MappingProxyType({"manager": "line manager", "senior": "senior manager", "rep": "representative"})


def each(table: Table, key: str, read: Callable[[str, Table], T]) -> Mapping[str, T]:
    """Every ``[key.name]`` through ``read``, each checked for keys it does not have."""
    found: dict[str, T] = {}
    for name, part in table.tables(key).items():
        found[name] = read(name, part)
        part.finish()
    return MappingProxyType(found)


def clause(table: Table) -> str:
    return table.text("clause", "")


def stages_of(table: Table, known: Iterable[str], key: str = "stages") -> tuple[str, ...]:
    """``stage = "2"`` or ``stages = ["2", "3"]``."""
    if table.has("stage"):
        table.asked.add(key)
        return table.names("stage", known, "stage")
    table.asked.add("stage")
    return table.names(key, known, "stage")


def closures(table: Table) -> Mapping[date, str]:
    """``also_closed``: dates, or tables with a date and a name ("Christmas shut-down")."""
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


def phone(table: Table) -> Phone:
    read = Phone(table.text("name"), table.text("number", ""), table.text("hours", ""), table.day("checked_on", None))
    table.finish()
    return read


def risk(table: Table) -> Risk:
    read = Risk(
        line=table.text("line"),
        who=table.text("who", ""),
        then=table.list("then"),
        phones=tuple(phone(row) for row in table.rows("phones")),
        clause=clause(table),
    )
    table.finish()
    return read


def silence(table: Table, roles: Iterable[str]) -> Silence:
    """``[silence]``: it may be left out, and then any party of the raising side may move on, and the office."""
    named = table.names("may_move_on", (*roles, *WORDS), "role")
    read = Silence(named or Silence().may_move_on, clause(table))
    table.finish()
    return read


def out_of_scope(table: Table) -> OutOfScope:
    read = OutOfScope(table.text("what"), table.text("say"))
    clause(table)
    table.finish()
    return read


def _stand_in(table: Table) -> StandIn:
    read = StandIn(table.text("sector"), table.text("title", ""), table.text("address", ""))
    table.finish()
    return read


def post_of(role: str) -> str:
    """ "raising_senior" -> "senior manager"; "head_of_safeguarding" -> "head of safeguarding"."""
    word = role.removeprefix("raising_").removeprefix("responding_")
    return POSTS.get(word, word.replace("_", " "))


def role(name: str, table: Table) -> Role:
    return Role(
        id=name,
        side=table.choice("side", Side),
        title=table.text("title"),
        source=table.choice("from", Source),
        post=table.text("post", post_of(name)),
        address=table.text("address", "").lower(),
        ask_at=table.text("ask_at", ""),
        ask_if=table.text("ask_if", ""),
        tiers=table.flag("tiers"),
        members=table.list("members"),
        agency=table.text("agency", ""),
        examples=table.list("examples"),
        stand_in=tuple(_stand_in(row) for row in table.rows("stand_in")),
        clause=clause(table),
    )


def _substitute(table: Table, roles: Iterable[str]) -> Substitute | None:
    if not table.has("if_party_then"):
        table.asked.add("if_party_then")
        return None
    part = table.table("if_party_then")
    read = Substitute(part.one_of("role", roles), part.one_of("use", roles))
    part.finish()
    return read


def _duty(table: Table, roles: Iterable[str]) -> Duty:
    read = Duty(table.names("of", roles, "role"), table.text("say"), clause(table))
    table.finish()
    return read


def stage(roles: Iterable[str]) -> Callable[[str, Table], Stage]:
    def read(name: str, table: Table) -> Stage:
        private = table.one_of("private_to", ("raising", "receiving"), "")
        return Stage(
            id=name,
            name=table.text("name"),
            raising=table.names("raising", roles, "role"),
            receiving=table.names("receiving", roles, "role"),
            private_to=Side(private) if private else None,
            start_here=table.flag("start_here"),
            usual_start=table.flag("usual_start"),
            optional=table.flag("optional"),
            shown_as=table.text("shown_as", ""),
            speak=table.text("speak", ""),
            ask_for=table.list("ask_for"),
            also_consult=table.names("also_consult", roles, "role"),
            record=table.text("record", ""),
            decided_by=table.names("decided_by", roles, "role"),
            together=table.one_of("decide", ("together", "one for all"), "one for all") == "together",
            duties=tuple(_duty(row, roles) for row in table.rows("duty")),
            may_support=table.names("may_support", roles, "role"),
            if_party_then=_substitute(table, roles),
            sent_through=table.one_of("sent_through", roles, ""),
            before_leaving=table.text("before_leaving", ""),
            start_asks=table.text("start_asks", ""),
            final_and_binding=table.flag("final_and_binding"),
            next=table.text("next", ""),
            clause=clause(table),
        )

    return read


def within(table: Table, key: str = "within") -> Length:
    return table.parsed(key, length) or ONE_DAY


def _clock_start(table: Table) -> tuple[Happening, str]:
    """``from``: a word of the closed list, or "clock s3-refer done"."""
    words = table.values.get("from")
    if isinstance(words, str) and words.startswith("clock ") and words.endswith(" done"):
        table.asked.add("from")
        return Happening.CLOCK_DONE, words.removeprefix("clock ").removesuffix(" done").strip()
    return table.choice("from", Happening), ""


def _by_urgency(table: Table) -> Mapping[str, Length]:
    part = table.table("within_by_urgency")
    read = {name: within(part, name) for name in part.values}
    return MappingProxyType(read)


def clock(roles: Iterable[str], stages: Iterable[str]) -> Callable[[str, Table], Clock]:
    def read(name: str, table: Table) -> Clock:
        start, of = _clock_start(table)
        by_urgency = _by_urgency(table)
        longest = max(by_urgency.values(), key=lambda one: one.count, default=None)
        return Clock(
            id=name,
            stages=stages_of(table, stages),
            label=table.text("label"),
            start=start,
            of=of,
            within=table.parsed("within", length, longest) if longest else within(table),  # type: ignore[arg-type]
            within_by_urgency=by_urgency,
            who=table.names("who", roles, "role"),
            done_when=table.choice("done_when", Happening) if table.has("done_when") else None,
            agreed=table.choice("agreed", Agreed, Agreed.NO),
            agreed_with=table.one_of("agreed_with", roles, ""),
            cumulative=table.whole("cumulative", None),
            counts=table.flag("counts", True),
            at_limit=table.choice("at_limit", AtLimit, AtLimit.FLAG),
            clause=clause(table),
        )

    return read


def cap(stages: Iterable[str], clocks: Iterable[str]) -> Callable[[str, Table], Cap]:
    def read(name: str, table: Table) -> Cap:
        return Cap(
            id=name,
            label=table.text("label"),
            stages=stages_of(table, stages),
            start=table.choice("from", Happening),
            within=within(table),
            rebase=table.one_of("rebase_if_raised_late", clocks, ""),
            at_limit=table.choice("at_limit", AtLimit, AtLimit.FLAG),
            then=table.one_of("then", stages, ""),
            clause=clause(table),
        )

    return read


def notice(stages: Iterable[str]) -> Callable[[str, Table], NoticeRule]:
    def read(name: str, table: Table) -> NoticeRule:
        return NoticeRule(
            id=name,
            when=table.choice("when", Happening),
            to=table.list("to"),
            send=table.text("send"),
            stages=stages_of(table, stages),
            or_when=table.choice("or_when", Happening) if table.has("or_when") else None,
            condition=table.text("if", ""),
            then_to=table.list("then_to"),
            note=table.text("note", ""),
            why=table.text("why", ""),
            clause=clause(table),
        )

    return read
