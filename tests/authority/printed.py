"""The table of authority as a page for people: ``python -m tests.authority`` writes it into ``docs/authority.md``."""

from collections.abc import Iterable

from mailbot.core.decisions.authority import (
    ANY_PROOF,
    ANYBODY_IN_IT,
    PROVEN_ALONE,
    RAISING,
    RECEIVING,
    TABLE,
    Capacity,
    On,
    Rule,
    Verdict,
    verdict,
)
from mailbot.core.record.intents import Act, Proof

_HEAD = """# Who may do what

Printed by `python -m tests.authority` from the table that decides (`mailbot/core/decisions/authority.py`); a test holds
the two together. Every act, whatever its road (a reply, a button, a line of the office's, an answer to one of our
questions, a message moved by hand, an automatic mail, mail let out of being held), is one request, and this table
judges it.

Each row is one act on one kind of object, seen from its writer. Where nothing shows who wrote it, or the sending domain
says that it was not they, every act but those marked *no proof needed* is asked of the address on record first; the
office's own lines are, unless they are proven, also where somebody has let them in.

"""
_ON = {
    On.IT: "the dispute", On.OURS: "their own side's", On.THEIRS: "the other side's", On.SHARED: "a shared domain's",
    On.THIRD: "a third agency's", On.NEITHER: "neither side's",
    On.BOTH: "of somebody on the other side", On.PANEL: "of those who decide",
}  # fmt: skip


_BY_THE_FILE = {Act.ROUTE: "whoever the procedure's file names for that route"}


def page() -> str:
    return _HEAD + "\n".join(_lines()) + "\n"


def _lines() -> Iterable[str]:
    yield "| Act | On | Done for | Put to others for | Kept as a view of | Proof | Otherwise |"
    yield "|---|---|---|---|---|---|---|"
    for rule in TABLE:
        cells = [_who(rule, said) for said in (Verdict.YES, Verdict.PUT, Verdict.VIEW)]
        cells[0] = _BY_THE_FILE.get(rule.act, cells[0])
        act = str(rule.act).replace("_", " ")
        yield f"| {act} | {_ON[rule.on]} | {' | '.join(cells)} | {_proof(rule)} | {rule.why or ''} |"
    yield ""
    yield "Capacities: " + "; ".join(f"*{one.value}*" for one in Capacity) + "."


def _who(rule: Rule, said: Verdict) -> str:
    found = {one for one in Capacity if verdict(rule, {one}, Proof.PROVEN) is said}
    named: list[str] = []
    for several, name in _SEVERAL:
        if several <= found:
            named.append(name)
            found -= several
    return "; ".join((*named, *(one.value for one in Capacity if one in found)))


_SEVERAL = (
    (frozenset(Capacity), "anybody"),
    (ANYBODY_IN_IT, "anybody recorded in it"),
    (RAISING, "the raising side"),
    (RECEIVING, "the side asked"),
)


def _proof(rule: Rule) -> str:
    return {ANY_PROOF: "no proof needed", PROVEN_ALONE: "proven alone"}.get(rule.proof, "proven, or let in")
