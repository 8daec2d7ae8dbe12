"""Every small change of a module that a rule makes: a comparison moved by one, a condition turned round, a line gone.

What people read is left alone (any text with a space in it), and so are annotations, decorators and docstrings: none of
them decides anything.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

COMPARED: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
WRITTEN: dict[type[ast.cmpop], str] = {ast.In: "in", ast.NotIn: r"not\s+in", ast.Is: "is", ast.IsNot: r"is\s+not"}
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Turned round by another rule already.
TURNED = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
UNREAD = ("annotation", "returns", "decorator_list", "pattern", "bases", "type_comment")


@dataclass(frozen=True)
class Mutant:
    """In ``file``, the bytes from ``begin`` to ``end`` become ``new``; ``lines`` are those of the statement it is in,
    ``name`` the function's, or the module's own ("")."""

    file: str
    name: str
    lines: tuple[int, int]
    line: int
    begin: int
    end: int
    new: str
    why: str

    @property
    def what(self) -> str:
        return f"{self.file}:{self.line} {self.name or 'the module'}: {self.why}"

    def of(self, text: str) -> str:
        raw = text.encode()
        return (raw[: self.begin] + self.new.encode() + raw[self.end :]).decode()


def mutants_of(file: str, text: str) -> list[Mutant]:
    """All of one file, in the order in which they stand; a few may be no program."""
    found = {(one.begin, one.end, one.new): one for one in _Walk(file, text).module()}
    return sorted(found.values(), key=lambda one: (one.begin, one.end, one.new))


def is_program(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


class _Walk:
    def __init__(self, file: str, text: str) -> None:
        self.file, self.raw, self.tree = file, text.encode(), ast.parse(text)
        self.starts = [0, *(found.end() for found in re.finditer(rb"\n", self.raw))]
        self.names: list[str] = []
        self.lines = (1, 1)

    def module(self) -> Iterator[Mutant]:
        for statement in self.tree.body:
            yield from self.statement(statement)

    # Places

    def begin(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, begin: int, end: int) -> str:
        return self.raw[begin:end].decode()

    def put(self, begin: int, end: int, new: str, why: str = "") -> Mutant:
        line = self.raw[:begin].count(b"\n") + 1
        old = " ".join(self.text(begin, end).split())
        said = why or f"{old[:60]} becomes {' '.join(new.split())[:60]}"
        return Mutant(self.file, ".".join(self.names), self.lines, line, begin, end, new, said)

    def of(self, node: ast.expr | ast.stmt, new: str, why: str = "") -> Mutant:
        return self.put(self.begin(node), self.end(node), new, why)

    # Statements

    def statement(self, node: ast.stmt) -> Iterator[Mutant]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self.names.append(node.name)
            if isinstance(node, ast.FunctionDef):
                for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one)):
                    yield from self.expression(default)
            for inner in node.body:
                yield from self.statement(inner)
            self.names.pop()
            return
        before, self.lines = self.lines, (node.lineno, self._header_ends(node))
        yield from self._whole(node)
        for field, value in ast.iter_fields(node):
            if field not in UNREAD:
                yield from self._inside(value)
        self.lines = before

    def _inside(self, value: object) -> Iterator[Mutant]:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.stmt):
                yield from self.statement(one)
            elif isinstance(one, ast.expr):
                yield from self.expression(one)
            elif isinstance(one, ast.match_case):
                yield from self._inside([one.guard, *one.body] if one.guard else one.body)
            elif isinstance(one, ast.excepthandler | ast.withitem):
                yield from self._inside([x for x in ast.iter_child_nodes(one) if isinstance(x, ast.stmt | ast.expr)])

    def _header_ends(self, node: ast.stmt) -> int:
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        last = node.end_lineno or node.lineno
        if not body:
            return last
        first = getattr(body[0], "lineno", None) or body[0].pattern.lineno
        return max(node.lineno, first - 1)

    def _whole(self, node: ast.stmt) -> Iterator[Mutant]:
        match node:
            case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
                yield self.put(self.begin(node), self.begin(node), "if False: ", "a yield is left out")
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
                yield self.of(
                    node, "pass", f"left out: {' '.join(self.text(self.begin(node), self.end(node)).split())[:60]}"
                )
            case ast.Break():
                yield self.of(node, "continue")
            case ast.Continue():
                yield self.of(node, "break")
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield self.of(value, "None")
            case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
                yield from self._turned(test)
            case ast.Assign(value=ast.Tuple() as value) if not self.names:
                yield from self._without_one(value)
            case _:
                pass

    # Expressions

    def expression(self, node: ast.expr) -> Iterator[Mutant]:
        if isinstance(node, ast.JoinedStr):
            return  # places within are told wrongly before Python 3.12
        yield from self._itself(node)
        for field, value in ast.iter_fields(node):
            if field in UNREAD:
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.expr):
                    yield from self.expression(one)
                elif isinstance(one, ast.keyword):
                    yield from self.expression(one.value)
                elif isinstance(one, ast.comprehension):
                    yield from self.expression(one.iter)
                    for test in one.ifs:
                        yield from self._turned(test)
                        yield from self.expression(test)

    def _itself(self, node: ast.expr) -> Iterator[Mutant]:
        match node:
            case ast.Compare():
                yield from self._compared(node)
            case ast.BoolOp(op=op, values=values):
                old, new = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
                for first, second in pairwise(values):
                    yield from self._between(first, second, old, new)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in COMPUTED and not _is_text(left, right):
                yield from self._between(left, right, *COMPUTED[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield self.put(
                    self.begin(node), self.begin(node) + 3, "", f"not is left out before {self._said(operand)}"
                )
            case ast.IfExp(test=test):
                yield from self._turned(test)
            case ast.Constant(value=value):
                yield from self._constant(node, value)
            case ast.Set():
                yield from self._without_one(node)
            case ast.Call(func=ast.Name(id="replace"), keywords=given):
                for one in given:
                    yield self.put(*self._and_comma(one), "", f"left out: {self._said(one.value)} for {one.arg}")
            case ast.Call(func=ast.Name(id=name) as called, args=args):
                if name in CALLED:
                    yield self.of(called, CALLED[name])
                if name == "isinstance" and isinstance(args[-1], ast.Tuple):
                    yield from self._without_one(args[-1])
            case _:
                pass

    def _said(self, node: ast.expr) -> str:
        return " ".join(self.text(self.begin(node), self.end(node)).split())[:60]

    def _compared(self, node: ast.Compare) -> Iterator[Mutant]:
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            begin, end = self.end(left), self.begin(right)
            found = re.search(WRITTEN.get(type(op), r"[<>=!]+"), self.text(begin, end))
            assert found is not None
            before, after = found.string[: found.start()], found.string[found.end() :]
            said = f"{COMPARED[type(op)]} for {found[0]} in: {self._said(node)}"
            yield self.put(begin, end, f"{before}{COMPARED[type(op)]}{after}", said)
            if isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.Tuple):
                yield from self._without_one(right)
            left = right

    def _between(self, first: ast.expr, second: ast.expr, old: str, new: str) -> Iterator[Mutant]:
        begin, end = self.end(first), self.begin(second)
        between = self.text(begin, end)
        if between.count(old) == 1:
            said = f"{new} for {old} in: {self._said(first)} {old} {self._said(second)}"
            yield self.put(begin, end, between.replace(old, new), said)

    def _turned(self, test: ast.expr) -> Iterator[Mutant]:
        by_another = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        by_another |= isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], TURNED)
        if not by_another:
            yield self.of(test, f"(not ({self.text(self.begin(test), self.end(test))}))", f"not ({self._said(test)})")

    def _constant(self, node: ast.Constant, value: object) -> Iterator[Mutant]:
        if isinstance(value, bool):
            yield self.of(node, str(not value))
        elif isinstance(value, int):
            yield self.of(node, str(value + 1))
        elif isinstance(value, str) and re.fullmatch(r"\w*", value):
            yield self.of(node, repr(f"{value}XX"))

    def _without_one(self, node: ast.Set | ast.Tuple) -> Iterator[Mutant]:
        if len(node.elts) > 1 and all(isinstance(one, ast.Name | ast.Attribute | ast.Constant) for one in node.elts):
            for one in node.elts:
                yield self.put(*self._and_comma(one), "", f"left out of several: {self._said(one)}")

    def _and_comma(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        """From where it begins to behind the comma that follows, or, of the last one, from the comma before."""
        after = re.match(rb"\s*,", self.raw[self.end(node) :])
        if after:
            return self.begin(node), self.end(node) + after.end()
        before = re.search(rb",\s*$", self.raw[: self.begin(node)])
        return (before.start() if before else self.begin(node)), self.end(node)


def _is_text(*nodes: ast.expr) -> bool:
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in nodes
    )
