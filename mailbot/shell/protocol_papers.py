"""The papers of a protocol file into values: its forms, the outcomes it knows, and its digest."""

from collections.abc import Callable, Iterable
from datetime import time

from mailbot.core.procedure.protocol import DigestRule, Form, FormField, Outcome
from mailbot.shell.protocol_parts import clause, stages_of
from mailbot.shell.sheet import Table

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NEEDED = ("stage entered", "stage closed", "moving up", "stage ended", "closed", "ask at close", "optional")
KINDS = ("text", "date", "number", "choice", "yes/no", "dated actions")


def _field(table: Table, stages: Iterable[str]) -> FormField:
    read = FormField(
        label=table.text("label"),
        key=table.text("key"),
        kind=table.one_of("kind", KINDS, "text"),
        needed=table.one_of("needed", NEEDED, "optional"),
        parts=table.list("parts"),
        choices=table.list("choices"),
        repeat=table.flag("repeat"),
        fill=table.one_of("fill", ("bot", "agreed"), ""),
        stage=table.one_of("stage", stages, ""),
    )
    clause(table)
    table.finish()
    return read


def form(stages: Iterable[str]) -> Callable[[str, Table], Form]:
    def read(name: str, table: Table) -> Form:
        return Form(
            id=name,
            title=table.text("title"),
            stages=stages_of(table, stages),
            fields=tuple(_field(row, stages) for row in table.rows("field")),
            proposed=table.flag("proposed"),
            clause=clause(table),
        )

    return read


def outcome(stages: Iterable[str], roles: Iterable[str]) -> Callable[[str, Table], Outcome]:
    def read(name: str, table: Table) -> Outcome:
        clause(table)
        where, alone = stages_of(table, stages), table.names("given_by", roles, "role")
        return Outcome(name, table.text("label"), where, table.list("needs"), alone)

    return read


def digest(table: Table, roles: Iterable[str]) -> DigestRule:
    read = DigestRule(
        to=table.names("to", roles, "role"),
        day=WEEKDAYS.index(table.one_of("day", WEEKDAYS, "monday")),
        time=table.clock_time("time", time(8)),
        meeting_report_to=table.names("meeting_report_to", roles, "role"),
        silent_agencies=table.flag("silent_agencies"),
        heartbeat=table.flag("heartbeat", True),
    )
    table.finish()
    return read
