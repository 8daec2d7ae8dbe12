"""The house rules, checked on every run: who may import whom, who may ask the time, how long a thing may be.

Rings: ``core <- mail <- shell <- top``. The core decides, from values to values; mail translates; the shell touches
the world; the top wires them together. A ceiling here is raised only with its reason beside it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mailbot"
MAY_SEE = {
    "core": {"core"},
    "mail": {"core", "mail"},
    "shell": {"core", "mail", "shell"},
    "top": {"core", "mail", "shell", "top"},
}
# json is here for one purpose: the canonical text of a ledger entry, which is what gets hashed.
CORE_LIBRARY = {
    "__future__",
    "collections",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "re",
    "types",
    "typing",
    "zoneinfo",
}
ASKS_THE_TIME = {"now", "utcnow", "today", "time_ns", "monotonic"}
IMPURE_CALLS = ASKS_THE_TIME | {"sleep", "uuid4", "token_hex", "token_bytes", "open", "print", "input", "getenv"}
IMPURE_MODULES = {"logging", "os", "pathlib", "random", "secrets", "socket", "sqlalchemy", "subprocess", "time"}
CLOCK = "shell/clock.py"
# The words of the language are data in the package. They are part of the program as much as its code is, the same for
# every message and deployment, so the one module that reads them stands where they are used.
READS_THE_PACKAGE = {"mail/lexicon.py", "mail/second_reader.py"}
# One subject, one module: a lower ceiling (300) cut one subject into up to eleven files.
LONGEST_FILE, LONGEST_FUNCTION = 600, 40
# What takes more than six still, each a road that is handed a turn's whole surroundings; nothing may join them.
TO_BE_BUNDLED = {"consider", "_letter", "write_plain", "__init__"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _ring(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 and parts[0] in MAY_SEE else "top"


def _ring_of_import(name: str) -> str:
    second = [*name.split("."), ""][1]
    return second if second in MAY_SEE else "top"


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                "imports are written in full: from mailbot.core.procedure.working_days import Calendar"
            )
            yield f"mailbot.{node.names[0].name}" if node.module == "mailbot" else (node.module or "")


def _calls(tree: ast.AST) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_keeps_to_its_ring(path: Path) -> None:
    tree, ring = ast.parse(path.read_text()), _ring(path)
    seen = set(_imports(tree))
    ours = {_ring_of_import(name) for name in seen if name.split(".")[0] == "mailbot"}
    others = {name.split(".")[0] for name in seen} - {"mailbot"}
    assert ours <= MAY_SEE[ring]
    if ring == "core":
        assert others <= CORE_LIBRARY
    if ring in {"core", "mail"}:
        assert not others & IMPURE_MODULES
        assert not _calls(tree) & IMPURE_CALLS
        if _name(path) not in READS_THE_PACKAGE:
            assert "importlib" not in others
            assert not _calls(tree) & {"read_text", "read_bytes"}


def test_only_the_clock_asks_the_time() -> None:
    asking = {_name(path) for path in MODULES if _calls(ast.parse(path.read_text())) & ASKS_THE_TIME}
    assert asking <= {CLOCK}


# The rooms of the core, each of which may use those before it and none after it.
CORE_ROOMS = ("procedure", "record", "partnership", "clocks", "decisions", "notices", "reports")
MOST_PARAMETERS, MOST_FILES_IN_A_ROOM = 6, 15


@pytest.mark.parametrize("path", [path for path in MODULES if _ring(path) == "core"], ids=_name)
def test_a_room_of_the_core_uses_only_the_rooms_before_it(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[1]
    if room == "__init__.py":
        return
    seen = {name.split(".")[2] for name in _imports(ast.parse(path.read_text())) if name.startswith("mailbot.core.")}
    assert seen <= set(CORE_ROOMS[: CORE_ROOMS.index(room) + 1])


def test_no_room_is_so_full_that_nothing_is_found_in_it() -> None:
    rooms = {path.parent for path in MODULES}
    full = {_name(room): count for room in rooms if (count := len(list(room.glob("*.py")))) > MOST_FILES_IN_A_ROOM + 1}
    assert full == {}


def _public(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_a_public_name_means_one_thing() -> None:
    """Whoever reads ``due`` or ``Row`` somewhere must not have to look up which. Each command's module adds its parsers
    under one agreed name, and migrations speak alembic's language."""
    where: dict[str, list[str]] = {}
    for path in MODULES:
        if "migrations" not in path.parts:
            for name in set(_public(path)):
                where.setdefault(name, []).append(_name(path))
    twice = {name: places for name, places in where.items() if len(places) > 1 and not name.startswith("_")}
    assert set(twice) == {"add_parsers"}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_function_takes_more_than_six_parameters(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            named = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            count = len([name for name in named if name not in {"self", "cls"}])
            assert count <= MOST_PARAMETERS + 6 * (node.name in TO_BE_BUNDLED), f"{node.name} takes {count}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nothing_is_too_long_to_read_in_one_sitting(path: Path) -> None:
    source = path.read_text()
    assert source.count("\n") <= LONGEST_FILE + 30 * (path.name == "phrases.py")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


# One road to decisions. A message is decided by ``decide``, which asks the one judge; time by ``due``; and what they
# decide is events. Whoever made such an event anywhere else would have decided without being asked who may.
DECIDED_IN = "core/decisions/"
MAY_CALL_DECIDE = {"door/consider.py", "door/raising.py", "core/decisions/office_acts.py"}
# Who may is asked outside the rules in two places: of the office's lines, before any dispute is known, and of a
# button's offer, which shows what its reader may say now and lets nobody do it.
MAY_ASK_THE_JUDGE = {"door/office_email.py", "door/button_replies.py"}
# Disputes that are imagined, to show how one would go, and written down nowhere.
IMAGINES = {"core/reports/timeline.py", "door/explain_given.py"}
# What is noticed, asked and kept, and decides nothing, is made where it is found; and that the rules' files changed.
DECIDES_NOTHING = {
    "AbsenceNoticed",
    "CalendarMoved",
    "FormNotRead",
    "FormReturned",
    "LineDone",
    "LinesCarriedOut",
    "MessageFiled",
    "MovedByHand",
    "NoticeFailed",
    "OutsiderNoticed",
    "QuestionAsked",
    "RequestRefused",
    "RiskReported",
    "StatusAsked",
    "VersionMoved",
}
WHO_MAY = {"judge", "verdict", "capacities", "side_acted_for", "Capacity", "Verdict", "Judgement", "TABLE", "Rule"}


def _decided_events() -> set[str]:
    classes = (
        n for n in ast.parse((PACKAGE / "core/record/events.py").read_text()).body if isinstance(n, ast.ClassDef)
    )
    return {n.name for n in classes if any(getattr(base, "id", "") == "Event" for base in n.bases)} - DECIDES_NOTHING


def _names_from(tree: ast.AST, module: str) -> set[str]:
    """What is imported from ``module``, by its own name; and what is taken from it as an attribute, however it is
    called here."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    direct = {alias.name for node in froms if node.module == module for alias in node.names}
    parent, _, last = module.rpartition(".")
    called = {a.asname or a.name for node in froms if node.module == parent for a in node.names if a.name == last}
    attributes = (n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name))
    return direct | {n.attr for n in attributes if isinstance(n.value, ast.Name) and n.value.id in called}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_decisions_are_reached_by_one_road(path: Path) -> None:
    tree, name = ast.parse(path.read_text()), _name(path)
    if not name.startswith(DECIDED_IN):
        assert name in IMAGINES or not _calls(tree) & _decided_events(), "what is decided is made by the rules alone"
        inner = {
            one
            for module in ("resolution", "agreed_dates", "people", "routes", "after_closing", "stages", "opening")
            for one in _names_from(tree, f"mailbot.core.decisions.{module}")
        }
        assert not inner & DECIDING, "and a rule is reached through them"
    if name not in MAY_CALL_DECIDE and not name.endswith("decisions/decide.py"):
        assert "decide" not in _names_from(tree, "mailbot.core.decisions.decide")
    if not name.startswith(DECIDED_IN) and name not in MAY_ASK_THE_JUDGE:
        assert not _names_from(tree, "mailbot.core.decisions.authority") & WHO_MAY, "who may is asked of one judge"
        assert not _attributes(tree) & {"office_addresses"} or name in {"core/clocks/silence.py"}


def _attributes(tree: ast.AST) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


DECIDING = {
    "propose_resolution",
    "confirm_resolution",
    "object_to_resolution",
    "reopen",
    "withdraw",
    "propose_date",
    "accept_date",
    "refuse_date",
    "protect",
    "hand_over",
    "add",
    "remove",
    "details",
    "take_route",
    "action_done",
    "happened",
    "did_not_happen",
    "close_dispute",
    "enter",
    "undo",
}


def test_one_road_leads_into_the_record() -> None:
    """``append`` of the store's work writes events down; the Scribe calls it, and nobody beside it."""
    writing = {_name(path) for path in MODULES if re.search(r"\bwork\.append\(", path.read_text())}
    assert writing == {"turns/ledger_and_outbox.py"}
