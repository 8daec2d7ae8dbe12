"""The page for whoever writes a protocol file: every table and key there is, drawn from what the reader asks for, with
what it does and an example.

``docs/protocol-file.md`` is this page; a test holds it current, and holds that no key is without words or an example.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mailbot.core.clocks.limits import CAN_BE_DONE, CAN_START_A_CAP, CAN_START_A_CLOCK, OF_ANOTHER_CLOCK
from mailbot.core.clocks.silence import RUNGS
from mailbot.core.clocks.silence import SILENCE_WORDS as SILENCE
from mailbot.core.notices.clause_notices import CALLS_FOR_A_NOTICE
from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Effect, Happening, Source
from mailbot.core.procedure.outcomes import OUTCOME_NEEDS
from mailbot.core.reports.protocol_in_plain_english import HOURS
from mailbot.shell.protocol_files.json_schema import ANY, EACH, Node, schema

# One line for each key, as it stands in a file; by the path of the key, "*" for a name the file chooses.
KEY_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "schema": "schema = 1",
        "like": 'like = "north-somerset"',
        "like_version": 'like_version = "4080f8b61a5c"',
        "remove": 'remove = ["notice.s2-bm", "cap.day-8"]',
        "protocol.id": 'id = "forest"',
        "protocol.name": 'name = "Escalation Policy"',
        "protocol.partnership": 'partnership = "Forest Safeguarding Children Partnership"',
        "protocol.short": 'short = "FSCP"',
        "protocol.subject": 'subject = "child"',
        "protocol.stage_word": 'stage_word = "Stage"',
        "protocol.formal_from": 'formal_from = "2"',
        "mailbox.address": 'address = "escalation@fscp.example"',
        "mailbox.ref_prefix": 'ref_prefix = "FS"',
        "mailbox.tags": 'tags = ["escalation", "professional difference"]',
        "calendar.working_days": 'working_days = ["mon", "tue", "wed", "thu", "fri"]',
        "calendar.bank_holidays": 'bank_holidays = "england-and-wales"',
        "calendar.also_closed": 'also_closed = [{ date = "2026-12-29", name = "Christmas shut-down" }]',
        "calendar.timezone": 'timezone = "Europe/London"',
        "calendar.day_ends": 'day_ends = "17:00"',
        "counting.day_one": 'day_one = "next_working_day"',
        "counting.after_hours": 'after_hours = "same_day"',
        "counting.hours": 'hours = "working_days"',
        "counting.month_lands_on_closed_day": 'month_lands_on_closed_day = "working_day_before"',
        "scope.in_scope": 'in_scope = "Disagreements between agencies about a child."',
        "scope.out": 'out = [{ what = "whistleblowing", say = "Use your own whistleblowing policy." }]',
        "scope.out.[].what": 'what = "single agency"',
        "scope.out.[].say": 'say = "Use your own agency\'s procedure."',
        "risk.line": 'line = "If a child is in danger now, tell your line manager. In an emergency call 999."',
        "risk.who": 'who = "designated safeguarding lead"',
        "risk.then": 'then = ["This stays your responsibility until another safety plan is in place."]',
        "risk.phones": 'phones = [{ name = "Front door", number = "01632 960111", hours = "day and night" }]',
        "risk.phones.[].name": 'name = "Front door"',
        "risk.phones.[].number": 'number = "01632 960111"',
        "risk.phones.[].hours": 'hours = "Mon to Fri 9 to 5"',
        "risk.phones.[].checked_on": 'checked_on = "2026-09-01"',
        "silence.may_move_on": 'may_move_on = ["raising side", "office"]',
        "silence.remind": 'remind = ["whoever is asked", "both sides", "their managers"]',
        "role.*.side": 'side = "raising"',
        "role.*.title": 'title = "Line manager, or named professional"',
        "role.*.from": 'from = "email"',
        "role.*.post": 'post = "line manager"',
        "role.*.rather": 'rather = "named professional"',
        "role.*.address": 'address = "business.manager@fscp.example"',
        "role.*.ask_at": 'ask_at = "1"',
        "role.*.ask_if": 'ask_if = "child_status is child protection plan or looked after"',
        "role.*.tiers": "tiers = true",
        "role.*.members": 'members = ["local authority", "police", "health", "the agencies concerned"]',
        "role.*.agency": 'agency = "Forest Council Adult Social Care"',
        "role.*.examples": 'examples = ["service manager", "school: head teacher"]',
        "role.*.stand_in": 'stand_in = [{ sector = "school", title = "Education lead", address = "…" }]',
        "role.*.stand_in.[].sector": 'sector = "school"',
        "role.*.stand_in.[].title": 'title = "Education safeguarding lead"',
        "role.*.stand_in.[].address": 'address = "education.lead@fscp.example"',
        "stage.*.name": 'name = "Line manager to line manager"',
        "stage.*.raising": 'raising = ["raising_manager"]',
        "stage.*.receiving": 'receiving = ["responding_manager"]',
        "stage.*.private_to": 'private_to = "raising"',
        "stage.*.start_here": "start_here = true",
        "stage.*.usual_start": "usual_start = true",
        "stage.*.optional": "optional = true",
        "stage.*.skipped_by": 'skipped_by = ["raising_manager"]',
        "stage.*.shown_as": 'shown_as = "2b"',
        "stage.*.speak": 'speak = "Face to face or at least by telephone, not over email."',
        "stage.*.ask_for": 'ask_for = ["evidence", "plan of action with dates", "is the concern justified?"]',
        "stage.*.also_consult": 'also_consult = ["designated_lead"]',
        "stage.*.record": 'record = "recording-form"',
        "stage.*.decided_by": 'decided_by = ["dsps"]',
        "stage.*.decide": 'decide = "together"',
        "stage.*.duty": "[[stage.1.duty]]",
        "stage.*.duty.[].of": 'of = ["responder"]',
        "stage.*.duty.[].say": 'say = "You must read and review the particular case file."',
        "stage.*.may_support": 'may_support = ["scrutineer"]',
        "stage.*.if_party_then": 'if_party_then = { role = "partners", use = "scrutineer" }',
        "stage.*.if_party_then.role": 'role = "partners"',
        "stage.*.if_party_then.use": 'use = "scrutineer"',
        "stage.*.sent_through": 'sent_through = "business_manager"',
        "stage.*.before_leaving": 'before_leaving = "All tiers of management have been involved."',
        "stage.*.start_asks": 'start_asks = "Why was it not settled at Stage 1 or 2?"',
        "stage.*.final_and_binding": "final_and_binding = true",
        "stage.*.next": 'next = "3"',
        "clock.*.label": 'label = "Line managers resolve"',
        "clock.*.from": 'from = "stage entered"',
        "clock.*.within": 'within = "2 working days"',
        "clock.*.within_by_urgency": 'within_by_urgency = { urgent = "1 working day", standard = "5 working days" }',
        "clock.*.who": 'who = ["responding_manager"]',
        "clock.*.done_when": 'done_when = "receiving side replied"',
        "clock.*.agreed": 'agreed = "both sides, any date"',
        "stage.*.agreed_with": 'agreed_with = "raiser"',
        "clock.*.cumulative": "cumulative = 7",
        "clock.*.counts": "counts = false",
        "clock.*.at_limit": 'at_limit = "move up"',
        "cap.*.label": 'label = "Stages 1 to 3 together"',
        "cap.*.from": 'from = "dispute raised"',
        "cap.*.within": 'within = "5 working days"',
        "cap.*.rebase_if_raised_late": 'rebase_if_raised_late = "raise"',
        "cap.*.at_limit": 'at_limit = "ask"',
        "cap.*.then": 'then = "4"',
        "notice.*.when": 'when = "stage closed"',
        "notice.*.or_when": 'or_when = "child status becomes known"',
        "notice.*.to": 'to = ["business_manager"]',
        "notice.*.then_to": 'then_to = ["dsps"]',
        "notice.*.send": 'send = "recording-form"',
        "notice.*.if": 'if = "child_status is child protection plan or looked after"',
        "notice.*.note": 'note = "for monitoring purposes only"',
        "notice.*.why": 'why = "shared via email with all agencies involved"',
        "form.*.title": 'title = "Recording Form (Appendix 1)"',
        "form.*.field": "[[form.recording-form.field]]",
        "form.*.proposed": "proposed = true",
        "form.*.field.[].label": 'label = "Agreed outcomes or actions, with timescales"',
        "form.*.field.[].key": 'key = "actions:2"',
        "form.*.field.[].kind": 'kind = "dated actions"',
        "form.*.field.[].needed": 'needed = "stage closed"',
        "form.*.field.[].parts": 'parts = ["Name", "Designation", "Agency"]',
        "form.*.field.[].choices": 'choices = ["2", "3", "4"]',
        "form.*.field.[].repeat": "repeat = true",
        "form.*.field.[].fill": 'fill = "agreed"',
        "route.*.name": 'name = "External mediation"',
        "route.*.effect": 'effect = "side"',
        "route.*.from": 'from = ["2", "3"]',
        "route.*.who": 'who = "a senior manager from any agency"',
        "route.*.needs": 'needs = ["supporting evidence in writing"]',
        "route.*.to": 'to = ["scrutineer"]',
        "route.*.or_to": 'or_to = "an uninvolved partner agency"',
        "route.*.to_one_of": 'to_one_of = ["Ofsted", "CQC", "HMICFRS"]',
        "route.*.sent_through": 'sent_through = "business_manager"',
        "route.*.contact": 'contact = { name = "Safeguarding Manager", number = "01632 960112" }',
        "route.*.contact.name": 'name = "Safeguarding Manager"',
        "route.*.contact.number": 'number = "01632 960112"',
        "route.*.contact.hours": 'hours = "Mon to Fri 9 to 5"',
        "route.*.contact.checked_on": 'checked_on = "2026-09-01"',
        "route.*.steps": 'steps = ["written representations", "optional meeting"]',
        "route.*.expects": 'expects = "written response"',
        "route.*.expects_within": 'expects_within = "5 working days"',
        "route.*.record_learning": "record_learning = true",
        "route.*.outcome": 'outcome = "chair"',
        "route.*.known_as": 'known_as = "mediation"',
        "route.*.counts_as": 'counts_as = "policy gap reported"',
        "route.*.clock": 'clock = "keeps running"',
        "route.*.clock.*.label": 'label = "Chair\'s decision"',
        "route.*.clock.*.from": 'from = "brought to the Chair"',
        "route.*.clock.*.within": 'within = "5 working days"',
        "outcome.*.label": 'label = "Resolved by agreement"',
        "outcome.*.needs": 'needs = ["agreed_outcome", "dated actions"]',
        "outcome.*.given_by": 'given_by = ["raising_manager"]',
        "categories.list": 'list = ["Levels of need", "Provision of services"]',
        "privacy.child_shown_as": 'child_shown_as = "initials"',
        "digest.to": 'to = ["business_manager"]',
        "digest.day": 'day = "monday"',
        "digest.time": 'time = "08:00"',
        "digest.stand_in": 'stand_in = ["deputy_manager"]',
        "digest.meeting_report_to": 'meeting_report_to = ["qas"]',
        "digest.silent_agencies": "silent_agencies = true",
        "digest.heartbeat": "heartbeat = false",
        "source.title": 'title = "FSCP Escalation Policy"',
        "source.in_force": 'in_force = "2026-09-01"',
        "source.url": 'url = "https://fscp.example/escalation"',
        "source.read_on": 'read_on = "2026-09-01"',
    }
)
EVERYWHERE = frozenset({"clause", "stage", "stages"})  # may stand in any table, and are told once
_ABOUT = """\
# Writing a protocol file

Written by `python -m mailbot protocol page`; a test holds it current. A partnership's published procedure is one file
of TOML: tables in brackets, names on the left, values on the right. `mailbot protocol check FILE` tells every fault and
every doubt at once, each with its line; `mailbot protocol show FILE` gives everything that binds anybody back in plain
English, to be held beside the published page; `mailbot protocol new` asks ten questions and writes the beginning.

What the words of this mailbox bring about, beside what the keys below say:

- **The office** is whoever `[digest] to` names, whatever the role is called: it has the digest, hears of danger, and
  may CLOSE, REOPEN, ADD, REMOVE, HOLD and, once a time has passed, REFER. It needs an address. A file without it, or
  without 999 in its line on danger, is refused.
- **Roles** may have any name. Five are known to the reader of labels in emails and so are best kept: `raiser`,
  `responder`, `raising_manager` and `responding_manager`, `raising_senior` and `responding_senior` ("My line manager:",
  "Your senior manager:"). Any other role is asked for, and answered, by its `title`.
- **One side raises, one or more agencies receive.** A receiving role is filled once for each of them. It is resolved
  when the raising side and every receiving agency have said so.
- **`clause`** may stand in any table: the published paragraph it obeys. It is shown with the rule. **`stage`** or
  **`stages`** say where a clock, cap, notice, form or outcome holds.
- **`like`** takes over another file's rules, never its people: no address, no number. What else is still the other
  file's (a title with its name, its words about danger) is told line by line. A table that is there in both is laid
  over key by key; `remove` takes a part away. `like_version` makes a change of the other file a fault here.
- **Needed in every file**: `[mailbox]`, `[digest] to`, `[risk] line`, a role with `from = "sender"`, a stage with
  `start_here`. Left out, these hold, and no published text says so: without `agreed` no later date can be agreed;
  without `at_limit` nothing moves and the office sees it; without `[counting]` the day after is day 1, an evening
  counts as its own day, 24 hours are a working day; without `formal_from` every stage is counted; without `[silence]`
  anybody of the raising side, and the office, may move it on once its time has passed, and reminders go up the usual
  ladder.
- **Two roles on one side of a stage**: either of them speaks for the side. **A `record`** is filled by whoever the
  stage is with on the raising side; a notice that has it as `send` passes a copy on.
- **Told before it was written**: an opening email that says when it was first raised ("spoke on 3 September"; a line
  "Stage 1 began:") counts the caps from that day; the stage's own clocks count from the email.
- **Anybody may set an earlier date for the child** (NEEDED BY), at any stage of any procedure; no key is needed.
"""


def page() -> str:
    """The whole page, in Markdown."""
    lines = [_ABOUT]
    top = schema()
    alone = [key for key, node in top["properties"].items() if not _is_table(node)]
    lines += ["## At the head of the file", "", *_rows(_Keys(top, alone, ())), ""]
    for name, node in top["properties"].items():
        if _is_table(node):
            lines += _table(name, node, (name,))
    lines += _closed_words()
    return "\n".join(lines).rstrip() + "\n"


def keys_of_a_file() -> tuple[str, ...]:
    """Every key a file may have, by its path."""
    return tuple(".".join(path) for path, _ in _walk(schema(), ()))


class _Keys:
    """Some keys of one table of the schema, with their nodes."""

    def __init__(self, node: Node, names: list[str], path: tuple[str, ...]) -> None:
        self.rows = [((*path, name), node["properties"][name]) for name in names]


def _is_table(node: Node) -> bool:
    return node.get("type") == "object" or (
        "anyOf" in node and any(one.get("type") == "object" for one in node["anyOf"])
    )


def _inside(node: Node, path: tuple[str, ...]) -> tuple[Node, tuple[str, ...]]:
    """For the author's page, the table that a path leads to, past the names that a file chooses and the numbers of a
    list."""
    if "anyOf" in node:
        node = next((one for one in node["anyOf"] if one.get("type") == "object"), node)
    if isinstance(node.get("additionalProperties"), dict) and "properties" not in node:
        return _inside(node["additionalProperties"], (*path, ANY))
    if isinstance(node.get("items"), dict) and node["items"].get("properties"):
        return node["items"], (*path, EACH)
    return node, path


def _walk(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    table, here = _inside(node, path)
    for name, below in table.get("properties", {}).items():
        if not (_is_table(below) and len(path) == 0):
            yield (*here, name), below
        if below is not None:
            yield from _walk(below, (*here, name))


def _table(name: str, node: Node, path: tuple[str, ...]) -> list[str]:
    table, here = _inside(node, path)
    head = f"[{name}.…]" if ANY in here else f"[{name}]"
    said = [f"## `{head}`", "", str(node.get("description", "")), ""]
    rows = [(one, below) for one, below in _walk(node, path) if one[-1] not in EVERYWHERE]
    del table
    return [*said, *_lines(rows, len(here)), ""]


def _rows(keys_: _Keys) -> list[str]:
    return _lines([(path, node) for path, node in keys_.rows if path[-1] not in EVERYWHERE], 0)


def _lines(rows: list[tuple[tuple[str, ...], Node]], depth: int) -> list[str]:
    made = ["| key | what it does | example |", "|---|---|---|"]
    for path, node in rows:
        key = ".".join(part for part in path[depth:] if part not in (ANY, EACH)) or path[-1]
        example = KEY_EXAMPLES.get(".".join(path), "")
        made.append(f"| `{key}` | {_told(node)} | {f'`{example}`' if example else ''} |")
    return made


def _told(node: Node) -> str:
    words = str(node.get("description", "")).replace("|", "/")
    choices = [str(one) for one in _choices(node)]
    return f"{words} One of: {', '.join(f'`{one}`' for one in choices)}." if choices else words


def _choices(node: Node) -> list[Any]:
    return list(node.get("enum", ()))


def _closed_words() -> list[str]:
    """What some of the closed words bring about."""
    made = ["## Words with a meaning of their own", ""]
    for heading, pairs in (
        ("`from` of a clock or cap, `done_when` of a clock, `when` of a notice", _happenings()),
        ("`hours` of [counting]", HOURS.items()),
        ("`at_limit`", _AT_LIMIT.items()),
        ("`agreed`", _AGREED.items()),
        ("`from` of a role", _SOURCES.items()),
        ("`effect` of a route", _EFFECTS.items()),
        ("`needs` of an outcome", OUTCOME_NEEDS.items()),
        ("`may_move_on`", SILENCE.items()),
        ("`remind`", RUNGS.items()),
        ("`ask_for` of a stage", _ASK_FOR.items()),
        ("`fill` of a form's field", _FILL.items()),
    ):
        made += [f"### {heading}", "", *(f"- `{word}`: {does}" for word, does in pairs), ""]
    return made


def _happenings() -> list[tuple[str, str]]:
    """Each happening of the author's page, with where a file may use it and what somebody must do for it."""
    used = (
        ("starts a clock", CAN_START_A_CLOCK),
        ("starts a cap", CAN_START_A_CAP),
        ("finishes an act", CAN_BE_DONE),
        ("calls for a notice", CALLS_FOR_A_NOTICE),
    )
    rows = []
    for one in Happening:
        where = ", ".join(words for words, those in used if one in those) or "a route's clock alone"
        written = one.value.replace("clock ", "clock … ") if one in OF_ANOTHER_CLOCK else one.value
        rows.append((written, f"{_HAPPENS[one]} ({where})"))
    return rows


_HAPPENS = {
    Happening.DECISION_MADE: "the day that the opening email gives as the decision's; where none is given, its raising",
    Happening.RAISED: "the opening email came",
    Happening.STAGE_ENTERED: "the stage began, by the opening or by a move",
    Happening.STAGE_CLOSED: "the stage ended, whatever ended it",
    Happening.REPLIED: "somebody of `who`, on the receiving side, has written in the thread",
    Happening.MET: "somebody has said that they met, and when: MET on 3 September, or in their own words",
    Happening.REFERRED: "somebody of `who` has written to have it referred (REFER, ESCALATE, or an email to that end)",
    Happening.REPRESENTATIVE_TOLD: "the representative is known by an email address, and somebody of `who` has written",
    Happening.FORM_COMPLETE: "the stage's form (`record`) has everything that it needs by then",
    Happening.FORM_SENT: "the same: a form that is complete is sent on by a notice at once",
    Happening.RESOLVED: "one side has said RESOLVED; for a clock's start, while that is not put back",
    Happening.CONFIRMED: "the other side has answered CONFIRM",
    Happening.LIMIT_PASSED: "a limit went by",
    Happening.BROUGHT_TO_CHAIR: "a route to a final decision was taken",
    Happening.STATUS_KNOWN: "the child's status was recorded, of which the notice's `if` speaks",
    Happening.GAP_REPORTED: "a route that `counts_as` it was taken",
    Happening.EVERY_CHANGE: "any of: stage, resolution, date, handover, meeting, route, reopening, end",
    Happening.CLOSED: "it ended, by agreement, decision or withdrawal",
    Happening.MONTHLY: "the first working day of a month",
    Happening.CLOCK_DONE: "the other clock's act was done; where it was not, its limit passed",
    Happening.CLOCK_UNMET: "the other clock's limit passed and its act had not been done; never, where it was",
}
_AT_LIMIT = {
    AtLimit.MOVE_UP.value: "it goes to the next stage by itself, and both sides are told; never to the partnership",
    AtLimit.ASK.value: "the raising side is asked whether it is to go on; whoever [silence] names may then move it",
    AtLimit.FLAG.value: "the office is told, and those who decide; nothing moves",
    AtLimit.REMIND.value: "those in `who` are reminded that it is theirs to do",
    AtLimit.NOTHING.value: "a guide only: it is shown, and nobody hears of its passing",
}
_AGREED = {
    Agreed.NO.value: "no date later than the limit can be agreed; talking may go on",
    Agreed.RECORD_ONLY.value: "a later date both agree is recorded and shown, and the limit stays",
    Agreed.ANY_DATE.value: "a date that everybody agrees is the limit, also a later one",
    Agreed.MUST_BE_SET.value: "both are asked to agree a date, at most the limit; until then the limit holds",
    Agreed.MUST_BE_SET_ANY.value: "both are asked to agree a date; `within` is the time for agreeing it, and no most",
}
_SOURCES = {
    Source.SENDER.value: "whoever sends the opening email",
    Source.EMAIL.value: "named in an email; asked for where nobody is",
    Source.DIRECTORY.value: "the agency's officer in that `post`, where the directory has exactly one",
    Source.ADDRESS.value: "the address in this file: the partnership's own",
    Source.NAMED.value: "named at the time by the office (ADD); until somebody is, there is nobody, and nobody decides",
}
_EFFECTS = {
    Effect.SIDE.value: "goes on beside the stage; those it concerns are told",
    Effect.GO_TO_STAGE.value: "written `go to stage 3`: it goes there at once",
    Effect.FINAL.value: "whoever it is sent `to` decides, finally for everybody",
    Effect.RECORD_ONLY.value: "is put on the record, and changes nothing else",
    Effect.OFFER.value: "is offered to those involved",
}
_ASK_FOR = {
    "issue, impact, outcome_sought, evidence, actions_so_far, decision_on, child_status, urgency": (
        "asked for by a label, until it is recorded"
    ),
    "agreed date …": "both are asked to agree a date (AGREE BY); the words after it say for what",
    "… ?": "a question to the raising side, in the file's words; an outcome with `given_by` is the answer no",
    "anything else": "said to both sides as what the procedure asks for at this stage",
}
_FILL = {
    "bot": "filled in from what has happened, and never asked for",
    "agreed": "what was agreed at that stage stands here where nobody has written anything",
}
