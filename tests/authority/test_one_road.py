"""One road to decisions, kept so by the architecture: a message is decided by ``decide``, which asks the one judge;
time by ``due``; and what they decide is events. Whoever made such an event anywhere else would have decided without
being asked who may.
"""

import ast
import re
from pathlib import Path

from tests.test_architecture import MODULES, PACKAGE, _calls, _name, _nodes

DECIDED_IN = "core/decisions/"
# Mail that is only filed may tell of danger, and that is decided as ever.
MAY_CALL_DECIDE = {
    "door/consider.py",
    "door/mail_not_acted_on.py",
    "door/raising.py",
    "core/decisions/office_acts.py",
}
# Who may is asked outside the rules in two places: of the office's lines, before any dispute is known; and of
# what an agency's contact says of its list of people, which is of no dispute.
MAY_ASK_THE_JUDGE = {
    "door/office_email.py",
    "door/consider.py",
    "door/gatekeeping.py",
    "door/mail_not_acted_on.py",
    "door/raising.py",
    "turns/roster.py",
    "turns/moved_by_hand.py",
    "commands/held_and_letters.py",
}
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
WHO_MAY = {
    "judge",
    "judge_outside",
    "judge_of",
    "lacks_proof",
    "verdict",
    "capacities",
    "capacities_outside",
    "side_acted_for",
    "Capacity",
    "Verdict",
    "Judgement",
    "TABLE",
    "Rule",
}


def _decided_events() -> set[str]:
    texts = ((PACKAGE / file).read_text() for file in ("core/record/events.py", "core/record/events_of_mail.py"))
    classes = (n for text in texts for n in ast.parse(text).body if isinstance(n, ast.ClassDef))
    return {n.name for n in classes if any(getattr(base, "id", "") == "Event" for base in n.bases)} - DECIDES_NOTHING


RULES = (
    "resolution",
    "agreed_dates",
    "people.joining_and_leaving",
    "people.names_and_facts",
    "after_closing",
    "stages",
    "opening",
    "taking_back",
)
DECIDING = {
    "propose_resolution",
    "confirm_resolution",
    "object_to_resolution",
    "reopen",
    "withdraw",
    "close_by_office",
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


def _taken_from(path: Path, module: str) -> set[str]:
    """What is imported from ``module``, by its own name; and what is taken from it as an attribute, however it is
    called here."""
    froms = [node for node in _nodes(path) if isinstance(node, ast.ImportFrom)]
    direct = {alias.name for node in froms if node.module == module for alias in node.names}
    parent, _, last = module.rpartition(".")
    called = {a.asname or a.name for node in froms if node.module == parent for a in node.names if a.name == last}
    attributes = (n for n in _nodes(path) if isinstance(n, ast.Attribute))
    return direct | {n.attr for n in attributes if isinstance(n.value, ast.Name) and n.value.id in called}


OUTSIDE = [path for path in MODULES if not _name(path).startswith(DECIDED_IN)]


def test_what_is_decided_is_made_by_the_rules_alone() -> None:
    decided = _decided_events()
    made = {_name(path): found for path in OUTSIDE if (found := _calls(path) & decided)}
    assert set(made) <= IMAGINES, made


def test_a_rule_is_reached_through_the_one_that_asks_who_may() -> None:
    rooms = [f"mailbot.core.decisions.{name}" for name in RULES]
    taken = {_name(path): {one for room in rooms for one in _taken_from(path, room)} & DECIDING for path in OUTSIDE}
    assert {name: found for name, found in taken.items() if found} == {}
    assert {path for path in rooms if not (PACKAGE.parent / f"{path.replace('.', '/')}.py").exists()} == set()
    callers = {_name(path) for path in MODULES if "decide" in _taken_from(path, "mailbot.core.decisions.decide")}
    assert callers == MAY_CALL_DECIDE


def test_who_may_is_asked_of_one_judge() -> None:
    judge = ("mailbot.core.decisions.who_may.authority", "mailbot.core.decisions.who_may.table")
    asking = {_name(path) for path in OUTSIDE if any(_taken_from(path, one) & WHO_MAY for one in judge)}
    assert asking == MAY_ASK_THE_JUDGE
    rings = ("core/", "mail/", "door/", "turns/")
    read = [path for path in MODULES if _name(path).startswith(rings)]
    weighing = {_name(p) for p in read if any(getattr(n, "attr", "") == "office_addresses" for n in _nodes(p))}
    assert weighing <= {"core/clocks/silence.py"}, "whose address is the office's is no rule of its own"


def test_one_road_leads_into_the_record() -> None:
    """``append`` of the store's work writes events down; the Scribe calls it, and nobody beside it."""
    writing = {_name(path) for path in MODULES if re.search(r"\bwork\.append\(", path.read_text())}
    assert writing == {"turns/ledger_and_outbox.py"}
