"""The house rules, checked on every run: who may import whom, who may ask the time, how long a thing may be.

Rings: ``core <- mail <- shell <- top``. The core decides, from values to values; mail translates; the shell touches
the world; the top wires them together. A ceiling here is raised only with its reason beside it.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
READS_THE_PACKAGE = {"mail/lexicon.py", "mail/second_reader/linear_model.py"}
# One subject, one module: a lower ceiling (300) cut one subject into up to eleven files.
LONGEST_FILE, LONGEST_FUNCTION = 600, 40
# Lists of words and tables of numbers may keep the shape in which they are read; everything else is the formatter's.
UNFORMATTED, MOST_UNFORMATTED = "# fmt: " + "skip", 59

MODULES = sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _ring(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 and parts[0] in MAY_SEE else "top"


def _ring_of_import(name: str) -> str:
    second = [*name.split("."), ""][1]
    return second if second in MAY_SEE else "top"


ASKED_OF = (
    ast.Import | ast.ImportFrom | ast.Call | ast.Attribute | ast.FunctionDef | ast.AsyncFunctionDef | ast.ExceptHandler
)


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    """What the rules ask of a module: itself first, its functions, imports, calls, attributes and handlers; read once
    for all."""
    found: list[ast.AST] = [ast.parse(path.read_text())]
    waiting = [*found]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ASKED_OF):
            found.append(node)
        for name in node._fields:
            below = getattr(node, name)
            if isinstance(below, list):
                waiting += [one for one in below if isinstance(one, ast.AST)]
            elif isinstance(below, ast.AST) and below._fields:
                waiting.append(below)
    return tuple(found)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in _nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _imports(path: Path) -> Iterator[str]:
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, (
                "imports are written in full: from mailbot.core.procedure.working_days import Calendar"
            )
            yield f"mailbot.{node.names[0].name}" if node.module == "mailbot" else (node.module or "")


def _calls(path: Path) -> set[str]:
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in _nodes(path)
        if isinstance(node, ast.Call)
    }


def _out_of_its_ring(path: Path) -> set[str]:
    """What a module imports, or calls, that its ring may not."""
    ring, seen, calls = _ring(path), set(_imports(path)), _calls(path)
    ours = {_ring_of_import(name) for name in seen if name.split(".")[0] == "mailbot"}
    others = {name.split(".")[0] for name in seen} - {"mailbot"}
    found = ours - MAY_SEE[ring]
    if ring == "core":
        found |= others - CORE_LIBRARY
    if ring in {"core", "mail"}:
        found |= others & IMPURE_MODULES | calls & IMPURE_CALLS
        if _name(path) not in READS_THE_PACKAGE:
            found |= others & {"importlib"} | calls & {"read_text", "read_bytes"}
    return found


def test_a_module_keeps_to_its_ring() -> None:
    assert {_name(path): found for path in MODULES if (found := _out_of_its_ring(path))} == {}


def test_only_the_clock_asks_the_time() -> None:
    asking = {_name(path) for path in MODULES if _calls(path) & ASKS_THE_TIME}
    assert asking <= {CLOCK}


OFFERED = "mailbot.core.notices.offered"
ANSWERS_A_LETTER = ("mail/letters/buttons.py", "door/button_replies.py")
DECIDES = {"judge", "may_move_on"}


def _names_from(path: Path) -> set[str]:
    return {one.name for node in _nodes(path) if isinstance(node, ast.ImportFrom) for one in node.names}


def test_what_is_offered_is_listed_once() -> None:
    """A letter's buttons and what is said of a button pressed too late come from one list, which asks the judge."""
    ours = {_name(path): path for path in MODULES}
    assert [name for name in ANSWERS_A_LETTER if OFFERED not in set(_imports(ours[name]))] == []
    letters = [name for name in ours if name.startswith("mail/letters/")] + ["door/button_replies.py"]
    assert {name: found for name in letters if (found := _names_from(ours[name]) & DECIDES)} == {}
    assert "may_reply" in _names_from(ours["core/notices/offered.py"])
    assert "judge" in _names_from(ours["core/decisions/who_may/replies_taken.py"])


# The rooms of the core, each of which may use those before it and none after it.
CORE_ROOMS = ("procedure", "record", "partnership", "clocks", "decisions", "notices", "reports")
MOST_PARAMETERS, MOST_FILES_IN_A_ROOM = 6, 14


def _of_later_rooms(path: Path) -> set[str]:
    room = path.relative_to(PACKAGE).parts[1]
    seen = {name.split(".")[2] for name in _imports(path) if name.startswith("mailbot.core.")}
    return set() if room == "__init__.py" else seen - set(CORE_ROOMS[: CORE_ROOMS.index(room) + 1])


def test_a_room_of_the_core_uses_only_the_rooms_before_it() -> None:
    core = [path for path in MODULES if _ring(path) == "core"]
    assert {_name(path): found for path in core if (found := _of_later_rooms(path))} == {}


def test_no_room_is_so_full_that_nothing_is_found_in_it() -> None:
    rooms = {path.parent for path in MODULES}
    full = {_name(room): count for room in rooms if (count := len(list(room.glob("*.py")))) > MOST_FILES_IN_A_ROOM + 1}
    assert full == {}


def test_the_tests_of_a_room_lie_in_a_folder_of_its_name() -> None:
    tests = Path(__file__).parent / "unit"
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    assert [str(folder) for folder in folders if not (PACKAGE / folder / "__init__.py").exists()] == []


def _public(path: Path) -> Iterator[str]:
    module = _nodes(path)[0]
    assert isinstance(module, ast.Module)
    for node in module.body:
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


def _bound(path: Path) -> Iterator[str]:
    module = _nodes(path)[0]
    assert isinstance(module, ast.Module)
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        for target in node.targets if isinstance(node, ast.Assign) else ():
            yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def test_a_module_gives_a_name_once() -> None:
    """A table that is given anew further down holds for what stands above it too, whose own it is not."""
    twice = {_name(path): [name for name, n in Counter(_bound(path)).items() if n > 1] for path in MODULES}
    assert {name: found for name, found in twice.items() if found} == {}


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return len([one for one in named if one.arg not in {"self", "cls"}])


def test_no_function_takes_more_than_six_parameters() -> None:
    found = [(_name(path), f.name, _parameters(f)) for path in MODULES for f in _functions(path)]
    assert [one for one in found if one[2] > MOST_PARAMETERS] == []


# A dispute and the partnership whose procedure it follows are one ``Case``. These take both because no case is there.
BEFORE_IT_IS_KNOWN = {  # whether a message belongs to a dispute at all
    "door/consider.py": {"_joined", "_heard", "_said"},
    "door/message_as_read.py": {"said_in", "_spoken_for", "agency_at_shared_domain"},
    "mail/understanding/context.py": {"scene_of"},
    "mail/understanding/interpret.py": {"interpret", "hear_whole", "weighed_because", "_asks_something"},
}
WITH_OR_WITHOUT_ONE = {
    "core/decisions/who_may/authority.py": {"_judged", "_why", "_of_the_partnership", "why_not_sent"}
}
AT_NO_MOMENT = {"core/decisions/stages.py": {"openers"}}  # who may name it at all: asked of every dispute
AS_IT_IS_TODAY = {"door/raising.py": {"opened_after_all"}}  # the partnership, not the version the dispute follows
MAY_TAKE_BOTH = BEFORE_IT_IS_KNOWN | WITH_OR_WITHOUT_ONE | AT_NO_MOMENT | AS_IT_IS_TODAY


def _takes_both(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    named = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    kinds = {kind.strip() for one in named if one.annotation for kind in ast.unparse(one.annotation).split("|")}
    return {"Dispute", "Partnership"} <= kinds


def test_a_dispute_and_its_partnership_are_handed_on_as_one_case() -> None:
    found = {_name(path): both for path in MODULES if (both := {f.name for f in _functions(path) if _takes_both(f)})}
    assert found == MAY_TAKE_BOTH


# A message is read once, at the door, and handed on as one ``Reading``. These read the words of another message, or of
# one at another time: what lies in a dispute already, what danger is looked for in before its turn, what is shown.
READ_AT_THE_DOOR, THE_DOOR = {"own_words", "authentication", "kind_of_mail"}, "mail/reading.py"
READ_ANOTHER = {
    "door/counted_once.py",
    "door/raising.py",
    "turns/take_in.py",
    "turns/office_email.py",
    "watching/record_at_a_moment.py",
    "commands/held_and_letters.py",
}


def test_a_message_is_read_once_at_the_door() -> None:
    found = {_name(path): read for path in MODULES if (read := _names_from(path) & READ_AT_THE_DOOR)}
    assert found == {THE_DOOR: READ_AT_THE_DOOR} | {name: {"own_words"} for name in READ_ANOTHER}


# What goes wrong in a way that nobody foresaw is told: raised again, or said by one of these.
TELLS_OF_A_FAULT = {"note_fault", "place_of", "fault_of"}
TOLD_ELSEWHERE = {
    # Libraries that raise whatever damaged bytes make them raise: the message is kept whole, and a person reads it.
    "mail/incoming/bounces.py": 1,
    "mail/incoming/message.py": 1,
    "mail/incoming/sender_and_authentication.py": 1,
    "turns/take_in.py": 3,  # each message is read again by itself, and what goes wrong is told there
    "turns/bot.py": 1,  # each dispute is decided again by itself, and what goes wrong is told there
    "checks/mailbox.py": 1,  # a farewell to a server that was looked at already
}


def _is_broad(handler: ast.ExceptHandler) -> bool:
    named = (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else {"Exception"}
    )
    return not named.isdisjoint({"Exception", "BaseException"})


def _tells(handler: ast.ExceptHandler) -> bool:
    inside = [node for line in handler.body for node in ast.walk(line)]
    called = {getattr(node.func, "id", "") for node in inside if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Raise) for node in inside) or not called.isdisjoint(TELLS_OF_A_FAULT)


def test_what_nobody_foresaw_is_never_passed_over() -> None:
    found = {
        _name(path): len(silent)
        for path in MODULES
        if (
            silent := [
                one for one in _nodes(path) if isinstance(one, ast.ExceptHandler) and _is_broad(one) and not _tells(one)
            ]
        )
    }
    assert found == TOLD_ELSEWHERE


def test_nothing_is_too_long_to_read_in_one_sitting() -> None:
    lines = {_name(path): path.read_text().count("\n") for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}
    found = [(_name(path), f.name, (f.end_lineno or 0) - f.lineno) for path in MODULES for f in _functions(path)]
    assert [one for one in found if one[2] >= LONGEST_FUNCTION] == []


def test_the_formatter_has_nearly_everything() -> None:
    here = PACKAGE.parent
    files = [path for room in ("mailbot", "tests", "benchmarks", "training") for path in (here / room).rglob("*.py")]
    assert sum(path.read_text().count(UNFORMATTED) for path in files) <= MOST_UNFORMATTED
