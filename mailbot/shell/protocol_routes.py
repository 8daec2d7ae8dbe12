"""Routes beside the stages ([route.x] of a protocol file) into values. None of them ever stops a clock."""

from collections.abc import Callable, Iterable

from mailbot.core.procedure.closed_lists import Effect, Happening
from mailbot.core.procedure.lengths import length
from mailbot.core.procedure.protocol import Route, RouteClock
from mailbot.shell.protocol_parts import clause, each, phone, within
from mailbot.shell.sheet import Table


def _clock(name: str, table: Table) -> RouteClock:
    clause(table)
    return RouteClock(name, table.text("label"), table.choice("from", Happening), within(table))


def _clocks(table: Table) -> tuple[RouteClock, ...]:
    """``[route.x.clock.y]``; or ``clock = "keeps running"``, which is so anyway and written for whoever reads it."""
    if isinstance(table.values.get("clock"), dict):
        return tuple(each(table, "clock", _clock).values())
    table.one_of("clock", ("keeps running",), "")
    return ()


def _effect(table: Table, stages: tuple[str, ...]) -> tuple[Effect, str]:
    """A word of the closed list; "go to stage 3" also names where."""
    words = table.values.get("effect")
    if not isinstance(words, str) or not words.startswith("go to stage "):
        return table.choice("effect", Effect), ""
    table.asked.add("effect")
    to = words.removeprefix("go to stage ").strip()
    if to not in stages:
        table.fault("effect", f'"effect" goes to the stage "{to}", which is not in this file')
    return Effect.GO_TO_STAGE, to


def route(roles: Iterable[str], stages: Iterable[str]) -> Callable[[str, Table], Route]:
    roles, stages = tuple(roles), tuple(stages)

    def read(name: str, table: Table) -> Route:
        effect, go_to = _effect(table, stages)
        where = table.values.get("from")
        table.asked.add("from")
        return Route(
            id=name,
            name=table.text("name"),
            effect=effect,
            go_to=go_to,
            stages=() if where in ("any", "closed") else table.names("from", stages, "stage"),
            when_closed=where == "closed",
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
            clocks=_clocks(table),
            clause=clause(table),
        )

    return read
