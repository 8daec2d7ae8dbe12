"""The page for whoever writes a protocol file: every table and key there is, drawn from what the reader asks for, with
what it does and an example.

``docs/protocol-file.md`` is this page; a test holds it current, and holds that no key is without words or an example.
"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mailbot.core.clocks.silence import RUNGS
from mailbot.core.clocks.silence import SILENCE_WORDS as SILENCE
from mailbot.core.procedure.closed_lists import EVENT_WORDS, Agreed, AtLimit, Effect, Source
from mailbot.core.procedure.outcomes import OUTCOME_NEEDS
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
        "principle.[].say": 'say = "Keep the focus on the child\'s safety and welfare at all times."',
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
        "role.*.monitors_only": "monitors_only = true",
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
        "stage.*.begun_by": 'begun_by = ["raising_manager"]',
        "stage.*.optional": "optional = true",
        "stage.*.referred_early": "referred_early = true",
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
        "stage.*.no_limit_published": "no_limit_published = true",
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
        "outcome.*.known_as": 'known_as = "withdrawn"',
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
English, to be held beside the published page; `mailbot protocol new` asks ten questions and writes the beginning,
like one of the shipped files or like none.

What the words of this mailbox bring about, beside what the keys below say:

- **The office** is whoever `[digest] to` names, whatever the role is called: it has the digest, hears of danger, and
  may CLOSE, REOPEN, ADD, REMOVE, HOLD and, once a time has passed, REFER. It needs an address. A file without it, or
  without 999 in its line on danger, is refused.
- **Roles** may have any name. Five are known to the reader of labels in emails and so are best kept: `raiser`,
  `responder`, `raising_manager` and `responding_manager`, `raising_senior` and `responding_senior` ("My line manager:",
  "Your senior manager:"). Any other role is asked for, and answered, by its `title`.
- **One side raises, one or more agencies receive.** A receiving role is filled once for each of them. It is resolved
  when the raising side and every receiving agency have said so.
- **`clause`** may stand in any table, `clause = "2.4"`: the published paragraph it obeys. It is shown with the rule.
- **`stage = "1"`**, or **`stages = ["1", "2"]`**, says where a clock, cap, notice, form or outcome holds, by the name
  after `[stage.`. A clock and a cap need it. A notice, a form and an outcome without it hold at every stage.
- **Required** keys are marked so. What holds where another is left out stands at its end ("Without it: …");
  `mailbot protocol show` prints such a rule with "(not in the file: mailbot's own)".
- **`like`** takes over another file's rules, never its people: no address, no number. What else is still the other
  file's (a title with its name, its words about danger) is told line by line. A table that is there in both is laid
  over key by key; `remove` takes a part away. `like_version` makes a change of the other file a fault here.
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
    return (
        node.get("type") == "object"
        or ("anyOf" in node and any(one.get("type") == "object" for one in node["anyOf"]))
        or "properties" in node.get("items", {})
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
    head = f"[{name}.…]" if ANY in here else f"[[{name}]]" if EACH in here else f"[{name}]"
    said = [f"## `{head}`", "", str(node.get("description", "")), ""]
    rows = [(one, below) for one, below in _walk(node, path) if one[-1] not in EVERYWHERE]
    del table
    return [*said, *_lines(rows, len(here)), ""]


def required_keys() -> frozenset[str]:
    """For the page for authors of protocol files: the keys that must be in a file that stands alone, by their path."""
    return frozenset(_required(schema()["else"], ()))


def _required(node: Node, path: tuple[str, ...]) -> Iterator[str]:
    for name in node.get("required", ()):
        yield ".".join((*path, name))
    for name, below in node.get("properties", {}).items():
        yield from _required(below, (*path, name))
    for key, part in (("additionalProperties", ANY), ("items", EACH)):
        if isinstance(node.get(key), dict):
            yield from _required(node[key], (*path, part))


def _rows(keys_: _Keys) -> list[str]:
    return _lines([(path, node) for path, node in keys_.rows if path[-1] not in EVERYWHERE], 0)


def _lines(rows: list[tuple[tuple[str, ...], Node]], depth: int) -> list[str]:
    made = ["| key | what it does | example |", "|---|---|---|"]
    required = required_keys()
    for path, node in rows:
        key = ".".join(part for part in path[depth:] if part not in (ANY, EACH)) or path[-1]
        example = KEY_EXAMPLES.get(".".join(path), "")
        must = " **required**" if ".".join(path) in required else ""
        made.append(f"| `{key}`{must} | {_told(node)} | {f'`{example}`' if example else ''} |")
    return made


def _told(node: Node) -> str:
    words = str(node.get("description", "")).replace("|", "/")
    choices = ", ".join(f"`{one}`" for one in _choices(node))
    default = node.get("default")
    without = f" Without it: `{json.dumps(default)}`." if default is not None else ""
    return f"{words} One of: {choices}.{without}" if choices else words + without


def _choices(node: Node) -> list[Any]:
    """The words that may stand there; of those that go on in the file's own words, how they begin: "go to stage …"."""
    either = node.get("anyOf", ())
    words = [*node.get("enum", ()), *(word for one in either for word in one.get("enum", ()))]
    shapes = (str(one.get("pattern", "")).strip("^$").replace(".+", "…").replace("|", " or ") for one in either)
    return [*words, *(shape for shape in shapes if words and "…" in shape)]


def _closed_words() -> list[str]:
    """What some of the closed words bring about."""
    made = [*_events(), "## Words with a meaning of their own", ""]
    for heading, pairs in (
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
    return [*made, _CONDITIONS, _CANNOT]


def _events() -> list[str]:
    """The words for events, from the one table of them: what brings each about, and what it can do."""
    made = [_EVENTS, "| word | what brings it about | it can |", "|---|---|---|"]
    for happening, word in EVENT_WORDS.items():
        can = [
            use
            for use, is_so in (
                ("start a clock", word.starts_clock),
                ("start a cap", word.starts_cap),
                ("start a route's clock", word.starts_route_clock),
                ("end a clock", word.ends_clock),
                ("call for a notice", word.calls_notice),
            )
            if is_so
        ]
        made.append(f"| `{happening.value}` | {word.does} | {', '.join(can)} |")
    return [*made, ""]


_EVENTS = """\
## Words for events

`from`, `done_when`, `when` and `or_when` take these words, each only where it can do what is asked of it there. They
are what reaches the mailbox: what nobody writes to it has not happened for it. `check` refuses a word that nothing
could bring about at that stage.
"""
_CONDITIONS = """\
### `if` of a notice, `ask_if` of a role

- `child_status is child protection plan or looked after`: the key of a field, `is`, and one or more answers with `or`
  between them. The key is that of a field of a form here, or one that a label tells without a form: `issue`, `impact`,
  `outcome_sought`, `evidence`, `actions_so_far`, `decision_on`, `child_status`, `urgency`, `category`,
  `level_of_need`. A choice must be one of the field's `choices`, word for word.
- Known in every spelling are the statuses `child protection plan`, `looked after`, `child in need`, `early help` and
  `unborn`; any other is found only as it is written. Nothing can be said with "and", "not", or about the people.

### `within_by_urgency`

- `{ red = "24 hours by the clock", green = "5 working days" }`: the word on the line "Urgency:" of an email, or in the
  form's field `urgency`; its `choices` must each have a length. Until somebody has given one of these words, or where
  somebody writes another, the shortest holds.

### `sector` of a stand-in

- the word in the column `sector` of the directory, for the agency that has nobody of its own: `health`, `education`,
  `police`, `general practice`, whatever is written there. A stand-in without an address is never written to.

### Where no day is published

- `in_force` may be left out: the version is then called undated, and `check` says so. Do not invent one. `read_on` is
  the day on which a person held this file against the published page, and is never taken from another file.
"""
_CANNOT = """\
## What cannot be said, and what to do instead

- **At once, without delay**: `within = "same working day"`, which ends at the close of that day, and for what comes
  after it at the close of the next working day. Where minutes count no clock is the answer: put it in `[risk]`.
- **Usually, should aim to**: `at_limit = "remind"`, or `counts = false` for a guide that holds nobody.
- **A judgement which way to take** (a head of service chooses between three): one `[route.…]` for each way; the person
  chooses by naming it. `who` of a route is printed, and holds nobody back.
- **Two letters at once, a form by post, the minutes of a meeting**: a `duty`, in the letter of whoever must do it.
- **Two limits for one act** ("in 48 hours, at most 3 days"): the one that holds is the clock's; the other a `duty`.
- **Adult or child decides which board has it**: two files with two mailboxes (the second may be `like` the first).
  One file has one office, and that office sees every dispute of its mailbox.
- **A procedure in 24 hours where it is urgent, over all its stages**: each clock may have `within_by_urgency`; a cap
  may not.
- **A way of its own beside the stages with its own limit** (a conference's dissent): a `[stage.…]` with
  `start_here = true`, no `next`, and its own clocks, begun by "Stage: D" in the opening email; nothing of it counts for
  the other stages. Beside an open dispute it is a `[route.…]`: its clock `from = "decision made"` says by when it had
  to be taken, one `from = "brought to the Chair"` when its answer is due.
- **Parents and children**: nobody outside the agencies is ever written to.
"""


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
