"""A JSON Schema of the protocol file, for editors: what may stand where, and what each name in it means."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from mailbot.core.clocks.limits import CAN_START_A_CLOCK
from mailbot.core.procedure.closed_lists import NUMBERS, Effect, Happening, Length, length
from mailbot.core.procedure.stage_ends import ANOTHER
from mailbot.shell.config.toml_with_faults import MISSING_VALUE, Layer, TomlSheet, TomlTable, day
from mailbot.shell.protocol_files import protocol_reader as protocols

# A JSON Schema of the protocol file, for editors: what may stand where, said while somebody types.
#
# It is drawn by the reader itself. The functions that read a file (``protocols.read``) are run once over a
# ``Sketch``, a table that answers every question with a harmless value and writes down what was asked; so a key that
# the reader comes to know is in the schema, and one that it forgets is gone. Only what the reader works out by hand
# stands in ``BY_HAND``.
#
# A schema sees shapes and words. Whether a name exists and a stage can be reached is for ``mailbot protocol check``.

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")
Node = dict[str, Any]  # JSON
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_FILE = "protocol.schema.json"
ANY = "*"  # stands for a name that the file itself chooses
EACH = "[]"  # stands for one row of a list
NUMBER = "([0-9]{1,4}|" + "|".join(f"[{w[0].upper()}{w[0]}]{w[1:]}" for w in NUMBERS) + ")"
LENGTH: Node = {
    "type": "string",
    "pattern": (
        rf"^({NUMBER} +(([Ww]orking|[Cc]alendar) +day|([Cc]alendar +)?month|hour)s?|{NUMBER} +hours? +by +the +clock|"
        "([Tt]he )?[Ss]ame (working )?day)$"
    ),
    "examples": ["2 working days", "24 hours", "48 hours by the clock", "28 calendar days", "same working day"],
}
DATE: Node = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TIME: Node = {"type": "string", "pattern": r"^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}
TEXT: Node = {"type": "string"}
TEXTS: Node = {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
DAY_NAMES = "^(" + "|".join(f"[{d[0].upper()}{d[0]}]{d[1:]}" for d in protocols.DAYS) + ")"


def _words(of: Iterable[str]) -> Node:
    return {"type": "string", "enum": list(of)}


# What an editor says of each name in a protocol file, by its path; "…" before a name that means the same everywhere.
#
# For whoever writes the file with the published procedure beside it: what the value does, not how it is kept.

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "": (
            "One dated version of a published escalation procedure: who speaks with whom, by when, and what "
            "happens then. 'mailbot protocol check FILE' tells every fault with its line; 'mailbot protocol "
            "show FILE' gives it back in plain English."
        ),
        "like": (
            "The id of another protocol: this file then holds only what differs from it. Rules are taken over, people "
            "never: no address, no telephone number."
        ),
        "like_version": "The mark of that file as it was, as 'protocol check' gives it: a change of it is then told.",
        "remove": 'Parts of the file it is like that this one does not have, such as "notice.s2-bm".',
        "…clause": "The paragraph of the published text that this obeys. It is shown with the rule.",
        "…stage": "The stage this belongs to, by the name after [stage.].",
        "…stages": "The stages this belongs to, by the names after [stage.].",
        "schema": "The shape of this file. It is 1.",
        "protocol": "What the procedure is called, and how it speaks.",
        "protocol.id": "Its short name, as in the name of this file: north-somerset.",
        "protocol.name": "What the published text is called.",
        "protocol.partnership": "The partnership's full name.",
        "protocol.short": "The partnership's short name, used at the head of letters.",
        "protocol.subject": "Whom the procedure is about.",
        "protocol.stage_word": "What a stage is called: Stage, Step, Level, Tier.",
        "protocol.formal_from": (
            "The stage from which it is a formal dispute; those before are counted apart in the digest."
        ),
        "mailbox": "The shared mailbox that practitioners copy in.",
        "mailbox.address": "Its address.",
        "mailbox.ref_prefix": "The letters that begin every reference: NS gives NS-26-0001.",
        "mailbox.tags": "Words in a subject that say: this is one.",
        "calendar": "Which days count.",
        "calendar.working_days": "The days of the week on which offices are open: mon, tue, wed …",
        "calendar.bank_holidays": "Whose bank holidays are passed over.",
        "calendar.also_closed": "Further closed days of the partnership: dates, or { date = …, name = … }.",
        "calendar.timezone": "In the United Kingdom: Europe/London.",
        "calendar.day_ends": "The close of business at which a day's limit falls: 17:00.",
        "…date": "The day, written 2026-12-29.",
        "counting": "How days are counted.",
        "counting.day_one": "Whether the day it happens on counts as the first, or the next working day does.",
        "counting.after_hours": (
            "Whether something after the close of business counts from that day or from the next working day."
        ),
        "counting.hours": (
            "What 24 hours are: one working day, to its close (working_days); one working day, to the same time of day "
            "(same_time); or 24 hours through nights, weekends and bank holidays (clock). One length alone that must "
            "run through them is written 24 hours by the clock."
        ),
        "counting.month_lands_on_closed_day": (
            "Where a month, or a count of calendar days, ends on a closed day: the working day before it, or after."
        ),
        "scope": "What the procedure is for, and what it is not.",
        "scope.in_scope": "One sentence: what it is for.",
        "scope.out": "What belongs elsewhere, and what its writer is told.",
        "…what": "What it is called in an email: whistleblowing, complaint.",
        "…say": "What its writer is told to do instead.",
        "principle": (
            "What the procedure asks of everybody, at every stage. It is printed in the letter that says how it goes, "
            "and by 'protocol show'; what one role is to do at one stage is a [[stage.1.duty]]."
        ),
        "principle.[].say": "The principle, in a sentence or two.",
        "risk": "What to do when a child is in danger now. Every letter opens with it.",
        "risk.line": "The sentence that opens every letter.",
        "risk.who": "Whom to tell first in one's own agency.",
        "risk.then": "What else to do while waiting for help, a sentence each.",
        "risk.phones": "Numbers to ring, printed in every letter. A deployment gives its own in mailbot.toml.",
        "…number": "The telephone number, as people write it.",
        "…hours": "When it is answered.",
        "…checked_on": "The day somebody last rang it to see.",
        "silence": "What may happen when the time of a stage has passed and whoever it is with says nothing.",
        "silence.may_move_on": (
            "Who may then move it up or refer it: roles, 'raising side' (anybody recorded on it), 'office' (whoever "
            "has the digest). Without it, both of these."
        ),
        "silence.remind": (
            "The ladder of reminders after a limit that asks somebody: one rung each working morning, then the digest "
            "alone. Without it: 'whoever is asked', 'both sides', 'their managers'."
        ),
        "role": "The people of the procedure: [role.raising_manager] and so on.",
        "role.*": "Somebody the procedure names: who it is, and where the address comes from.",
        "role.*.side": "Which side they act for: raising, receiving, each (one of both), partnership, other.",
        "role.*.title": "What the published text calls them.",
        "role.*.from": (
            "Where their address comes from: whoever sends, the email itself, the directory, a fixed "
            "address, or named at the time."
        ),
        "role.*.post": "Their post in the directory; without it, the last word of the role's name.",
        "role.*.rather": "A post that is asked before it: the named professional instead of line management.",
        "role.*.address": 'Their address, where from = "address".',
        "role.*.ask_at": "The stage at which their name is asked for.",
        "role.*.ask_if": "Only asked for if this is so.",
        "role.*.tiers": "Whether there are several tiers to climb within the stage.",
        "role.*.members": "Which agencies or bodies belong to it.",
        "role.*.agency": "The agency whose it always is, whichever side that agency is on.",
        "role.*.examples": "Posts that may fill it, as the published text names them.",
        "role.*.monitors_only": "Whether it only records what others decide: it then ends nothing by itself.",
        "role.*.stand_in": "Who stands in for a sector that has nobody of its own.",
        "…sector": "The sector of the directory: health, education, police.",
        "stage": "The stages in their order: [stage.1], [stage.2] and so on.",
        "stage.*": "One stage: who speaks with whom, who decides, what comes next. The first written is the first.",
        "stage.*.name": "What the published text calls it.",
        "stage.*.raising": "The roles that act for the agency that raised it.",
        "stage.*.receiving": "The roles that act for the other agency.",
        "stage.*.private_to": "A stage within one agency: the other sees nothing of it.",
        "stage.*.start_here": "Whether a dispute may begin here.",
        "stage.*.usual_start": "Where it begins when its email names no stage.",
        "stage.*.begun_by": (
            "Roles whose own concern begins here when its email names no stage: whoever raises it and has the post of "
            "one in the directory, and who then has that role in it."
        ),
        "stage.*.optional": "Whether it may be passed over.",
        "stage.*.referred_early": (
            "Whether it may be referred here from any stage before, once it is plain that those cannot settle it. "
            "Where the text does not say so, whoever writes REFER there is asked once."
        ),
        "stage.*.skipped_by": "Roles that may pass it over by their judgement (ESCALATE TO STAGE 4).",
        "stage.*.shown_as": "The number people see, where it is not the name in the brackets: 2b.",
        "stage.*.speak": "How they are to speak: telephone, meeting.",
        "stage.*.ask_for": "What is asked for by the end of this stage: names of roles, or keys of the form.",
        "stage.*.also_consult": "Roles that are consulted and copied.",
        "stage.*.record": "The form that is filled in here, by the name after [form.].",
        "stage.*.decided_by": "The roles that decide, where the two sides no longer do.",
        "stage.*.decide": "Whether those who decide do so together (each must say so), or one for all.",
        "stage.*.duty": "What the procedure tells somebody to do here: it is printed in their letters.",
        "stage.*.duty.[].of": "The roles whose duty it is.",
        "stage.*.duty.[].say": "The duty, in a sentence.",
        "stage.*.may_support": "Roles that may be asked to help.",
        "stage.*.if_party_then": "Who acts instead, where whoever decides is a party to it.",
        "stage.*.if_party_then.role": "The role that may be a party.",
        "stage.*.if_party_then.use": "The role that then acts instead.",
        "stage.*.sent_through": "The role through which a referral is passed on.",
        "stage.*.before_leaving": "What must be asked before it goes on from here.",
        "stage.*.start_asks": "What is asked of whoever begins here.",
        "stage.*.final_and_binding": "Whether what is decided here ends it.",
        "stage.*.no_limit_published": "true where the published text sets no limit for this stage: it is then shown.",
        "stage.*.next": "The stage that follows; nothing at the last.",
        "clock": "Running times within stages: [clock.s1] and so on.",
        "clock.*": "How long something may take, from when, and what happens at its end.",
        "clock.*.label": "What it is for, in a few words: it is printed beside the limit.",
        "clock.*.from": 'What starts it, in these words, or "clock s3-refer done" for the end of another.',
        "clock.*.within": "How long: 2 working days, 24 hours, 1 month, same working day.",
        "clock.*.within_by_urgency": 'A length for each word of the field "urgency".',
        "clock.*.who": "The roles whose act it is.",
        "clock.*.done_when": "What finishes it; without it, the end of the stage.",
        "clock.*.agreed": "Whether both sides may agree a later date. An earlier one always holds.",
        "stage.*.agreed_with": "A role of the raising side with whom a date for this stage is agreed.",
        "clock.*.cumulative": "The most it may run to, in working days from the very beginning.",
        "clock.*.counts": "false for a guide that holds nobody.",
        "clock.*.at_limit": "At its end: move up, ask whether to, flag it to the partnership, remind, or nothing.",
        "cap": "Lengths over several stages: [cap.day5] and so on.",
        "cap.*": "A length that stages share.",
        "cap.*.label": "What it is called: Day 5.",
        "cap.*.from": "What it counts from.",
        "cap.*.within": "How long: 5 working days, 1 month.",
        "cap.*.rebase_if_raised_late": "The clock whose being missed makes it count from the raising.",
        "cap.*.at_limit": "At its end: move up, ask whether to, flag it to the partnership, remind, or nothing.",
        "cap.*.then": "The stage it points to when it ends.",
        "notice": "Who else must be told: [notice.s2-bm] and so on.",
        "notice.*": "Somebody who must be told, when, and with what.",
        "notice.*.when": "What calls for it.",
        "notice.*.or_when": "Something else that calls for it too.",
        "notice.*.to": "Roles; or everyone (all who are recorded on it), raiser (whoever raised it).",
        "notice.*.then_to": "Who passes it on, and to whom.",
        "notice.*.send": (
            'What they get: "summary"; a form by the name after [form.]; or "counts", with when = "monthly", each '
            "agency's own numbers of the month before."
        ),
        "notice.*.if": "Only if this is so: see the conditions below.",
        "notice.*.note": "What it is sent for, printed with it: for monitoring purposes only.",
        "notice.*.why": "Why they are told, where the clause does not say it.",
        "form": "The recording forms: [form.x].",
        "form.*": "A recording form of the procedure, field by field.",
        "form.*.title": "What the form is called.",
        "form.*.field": "Its fields in their order: [[form.x.field]].",
        "form.*.proposed": "true where the published form was not seen, and these fields are a proposal.",
        "form.*.field.[].label": "The question, as the form prints it. People answer it by this label.",
        "form.*.field.[].key": "Its name in this file.",
        "form.*.field.[].kind": "What kind of answer it takes.",
        "form.*.field.[].needed": "When it must be there.",
        "form.*.field.[].parts": "The parts of one answer: name, agency, telephone.",
        "form.*.field.[].choices": "The answers there are.",
        "form.*.field.[].repeat": "Whether there may be several.",
        "form.*.field.[].fill": '"bot" where it is filled in from what has happened.',
        "form.*.field.[].stage": "The stage it belongs to.",
        "route": "Ways beside the stages: [route.mediation] and so on. None ever stops a clock.",
        "route.*": "A way beside the stages: who may take it, from where, and what it does.",
        "route.*.name": "What the published text calls it. People ask for it by this name.",
        "route.*.effect": (
            'What it does: a side way, another person, a stage ("go to stage 3"), a final answer, a note, or an offer.'
        ),
        "route.*.from": 'The stages it may be taken from; "any"; "closed" for afterwards; "always" for both.',
        "route.*.who": "Who may take it.",
        "route.*.needs": "What must be given with it.",
        "route.*.to": "The roles it goes to.",
        "route.*.or_to": "Who else it may go to.",
        "route.*.to_one_of": "Bodies of which it goes to one.",
        "route.*.sent_through": "The role through which it is passed on.",
        "route.*.contact": "Whom to ring or write to.",
        "route.*.steps": "What is done, a sentence each.",
        "route.*.expects": "What is expected of it, printed with it.",
        "route.*.expects_within": "When whoever took it is asked whether that has come: 5 working days.",
        "route.*.record_learning": "Whether what was learnt is asked for.",
        "route.*.outcome": "The outcome its decision gives, by the name after [outcome.].",
        "route.*.known_as": "What it is, whatever it is called: it is then also heard in the words people use for it.",
        "route.*.counts_as": "What its being taken counts as, for the notices that wait for that.",
        "route.*.clock": (
            'The times it gives: [route.x.clock.y]. "keeps running" says that the stage\'s own goes on, as it '
            "always does."
        ),
        "route.*.clock.*": "A time that this way gives to whoever takes or decides it.",
        "route.*.clock.*.label": "What it is for, in a few words.",
        "route.*.clock.*.from": "What starts it.",
        "route.*.clock.*.within": "How long: 2 working days.",
        "outcome": "How a dispute may end: [outcome.resolved] and so on.",
        "outcome.*": "One way it may end.",
        "outcome.*.label": "What it is called. People close with it by this name.",
        "outcome.*.known_as": (
            "What it is, whatever it is called: the end that RESOLVED, WITHDRAW, or reasons that were accepted bring "
            "about. Without it, an outcome of that very name is."
        ),
        "outcome.*.needs": "What must be given with it.",
        "outcome.*.given_by": "Roles that may give it alone.",
        "categories": "What disputes are about, for the counts.",
        "categories.list": "The words of the list.",
        "privacy": "What letters and digests show of the child.",
        "privacy.child_shown_as": "Initials, or nothing but the reference.",
        "digest": "The weekly digest.",
        "digest.to": "The roles it goes to.",
        "digest.day": "Its day of the week.",
        "digest.time": "Its hour, in the partnership's own time: 08:00.",
        "digest.stand_in": "Roles with an address that stand in for it: told of danger too, with the same powers.",
        "digest.meeting_report_to": "The roles that the report for a meeting goes to.",
        "digest.silent_agencies": "Whether agencies from which nothing is heard are named.",
        "digest.heartbeat": (
            "Whether a word comes on each other working day on which a limit falls, mail waits for a person, or "
            "something is wrong. It does unless this says otherwise."
        ),
        "source": "Where these rules come from, and from when they hold.",
        "source.title": "The title of the published text.",
        "source.in_force": (
            "The day from which it holds. It is the version's name; an open dispute keeps the version it was "
            "opened under."
        ),
        "source.url": "Where it is published.",
        "source.read_on": "The day this file was last held against it.",
        "…name": "What it is called.",
        "…title": "What the person or post is called.",
        "…address": "An email address.",
    }
)
# What the reader takes apart itself, by the path of the key; and for each route, a table to take apart.
BY_HAND: Mapping[str, Node] = MappingProxyType(
    {
        "schema": {"const": protocols.SCHEMA},
        "calendar.working_days": {"type": "array", "items": {"type": "string", "pattern": DAY_NAMES}},
        "calendar.also_closed": {
            "type": "array",
            "items": {
                "anyOf": [
                    DATE,
                    {
                        "type": "object",
                        "required": ["date"],
                        "properties": {
                            "date": {"description": _WORDS["…date"], **DATE},
                            "name": {"description": _WORDS["…name"], **TEXT},
                        },
                        "additionalProperties": False,
                    },
                ]
            },
        },
        "clock.*.from": {
            "anyOf": [
                _words(h.value for h in Happening if h in CAN_START_A_CLOCK - ANOTHER),
                {"type": "string", "pattern": "^clock .+ (done|kept|passed)$"},
            ]
        },
        "clock.*.within_by_urgency": {"type": "object", "additionalProperties": LENGTH},
        "route.*.effect": {
            "anyOf": [
                _words(effect.value for effect in Effect if effect is not Effect.GO_TO_STAGE),
                {"type": "string", "pattern": "^go to stage .+$"},
            ]
        },
    }
)
ALSO_A_WORD = "route.*.clock"  # a table of clocks, or the words "keeps running"
ONE_OF_TWO = {"clock.*": ("within", "within_by_urgency")}


def _said(default: object) -> Node:
    """What the JSON Schema says of a key that is left out; nothing where its being absent is the whole of it."""
    if default is MISSING_VALUE or default in ("", None, (), {}) or isinstance(default, Length):
        return {}
    if isinstance(default, time):
        return {"default": f"{default:%H:%M}"}
    return {"default": list(default) if isinstance(default, tuple) else default}


@dataclass
class Drawing:
    """One place of the file as it was asked for: ``below`` by key, ``ANY`` or ``EACH``."""

    node: Node
    below: dict[str, "Drawing"] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


class Sketch(TomlTable):
    """A table that has everything, and notes what is asked of it."""

    def __init__(self, path: tuple[str, ...], drawing: Drawing) -> None:
        given: Node = {"clock": {}} if path[:-1] == ("route",) else {}
        super().__init__(TomlSheet({}, [Layer("", {})]), path, given)
        self._path, self._drawing = path, drawing
        self._looked_for: set[str] = set()  # before it is asked for: it need not be there

    def _note(self, key: str, node: Node, default: object = "") -> Drawing:
        self.asked.add(key)
        below = self._drawing.below
        shape = BY_HAND.get(".".join((*self._path, key)), node)
        if key in below and below[key].below:  # asked as a table and as a word
            return below[key]
        below[key] = Drawing(dict(shape) | _said(default))
        if default is MISSING_VALUE and key not in self._looked_for:
            self._drawing.required.add(key)
        return below[key]

    def has(self, key: str) -> bool:
        self._looked_for.add(key)
        return True

    def finish(self) -> None:
        """A table of the JSON Schema is finished: what is looked for under two names is asked for under one of them."""
        for key in sorted(self.asked - set(self._drawing.below)):
            self._note(key, TEXTS)

    def text(self, key: str, default: str = MISSING_VALUE) -> str:
        self._note(key, {"type": "string", "pattern": r"\S"} if default is MISSING_VALUE else TEXT, default)
        return "" if default is MISSING_VALUE else default

    def flag(self, key: str, default: bool = False) -> bool:
        self._note(key, {"type": "boolean"}, default)
        return default

    def whole(self, key: str, default: int | None = MISSING_VALUE) -> int | None:
        self._note(key, {"type": "integer"}, default)
        return None if default is MISSING_VALUE else default

    def list(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        self._note(key, TEXTS, default)
        return default

    def names(self, key: str, known: Iterable[str], what: str) -> tuple[str, ...]:
        self._note(key, TEXTS)
        return ()

    def one_of(self, key: str, known: Iterable[str], default: str = MISSING_VALUE) -> str:
        known = tuple(known)
        self._note(key, TEXT if ANY in known else _words(known), default)
        return next(iter(known), "") if default is MISSING_VALUE else default

    def choice(self, key: str, of: type[_E], default: _E = MISSING_VALUE) -> _E:
        self._note(key, _words(member.value for member in of), default)
        return next(iter(of)) if default is MISSING_VALUE else default

    def parsed(self, key: str, read: Callable[[str], _T], default: _T = MISSING_VALUE) -> _T | None:
        shapes: Mapping[Callable[[str], Any], Node] = {length: LENGTH, day: DATE}
        self._note(key, shapes[read], default)
        return None if default is MISSING_VALUE else default

    def day(self, key: str, default: date | None = MISSING_VALUE) -> date | None:
        self._note(key, DATE, default)
        return None if default is MISSING_VALUE else default

    def clock_time(self, key: str, default: time = MISSING_VALUE) -> time:
        self._note(key, TIME, default)
        return time(0) if default is MISSING_VALUE else default

    def table(self, key: str) -> TomlTable:
        return Sketch((*self._path, key), self._note(key, {"type": "object"}))

    def tables(self, key: str) -> dict[str, TomlTable]:
        under = self._note(key, {"type": "object"})
        under.below.setdefault(ANY, Drawing({"type": "object"}))
        return {ANY: Sketch((*self._path, key, ANY), under.below[ANY])}

    def rows(self, key: str) -> tuple[TomlTable, ...]:
        under = self._note(key, {"type": "array"})
        under.below.setdefault(EACH, Drawing({"type": "object"}))
        return (Sketch((*self._path, key, EACH), under.below[EACH]),)


def schema() -> Node:
    """The schema, as a JSON value."""
    drawing = Drawing({"type": "object"})
    protocols.read_protocol(Sketch((), drawing))
    shape = _shape((), drawing)
    for key in ("like", "like_version", "remove"):
        shape["properties"][key] = {"description": _WORDS[key], **(TEXTS if key == "remove" else TEXT)}
    whole = _required((), drawing)
    return {
        "$schema": DIALECT,
        "title": "A partnership's procedure, for mailbot",
        "description": _WORDS[""],
        **shape,
        "if": {"required": ["like"]},
        "else": whole,
    }


def schema_text() -> str:
    """The schema as it lies beside the protocol files."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _shape(path: tuple[str, ...], drawing: Drawing) -> Node:
    made = {**_described(path), **drawing.node}
    if EACH in drawing.below:
        return {**made, "items": _shape((*path, EACH), drawing.below[EACH])}
    if ANY in drawing.below:
        made["additionalProperties"] = _shape((*path, ANY), drawing.below[ANY])
        words = {"anyOf": [{k: v for k, v in made.items() if k != "description"}, {"const": "keeps running"}]}
        return {**_described(path), **words} if ".".join(path) == ALSO_A_WORD else made
    if made.get("type") != "object" or "additionalProperties" in made:
        return made
    properties = {key: _shape((*path, key), below) for key, below in drawing.below.items()}
    return {**made, "properties": properties, "additionalProperties": False}


def _required(path: tuple[str, ...], drawing: Drawing) -> Node:
    """What the JSON Schema requires: what must be there in a file that stands alone; one that is ``like`` another holds
    only what differs."""
    below = {key: found for key, one in drawing.below.items() if (found := _required((*path, key), one))}
    either = ONE_OF_TWO.get(".".join(path), ())
    needed = {key for key in drawing.required if key not in either}
    if EACH in drawing.below:
        return {"items": below[EACH]} if EACH in below else {}
    if ANY in drawing.below:
        return {"additionalProperties": below[ANY]} if ANY in below else {}
    if path == ():
        needed |= {key for key in below if "required" in below[key]}
    made: Node = {"required": sorted(needed)} if needed else {}
    made |= {"anyOf": [{"required": [key]} for key in either]} if either else {}
    return made | ({"properties": below} if below else {})


def _described(path: tuple[str, ...]) -> Node:
    """The JSON Schema's description of a key: the words of the whole path, else those that the key has everywhere."""
    words = _WORDS.get(".".join(path)) or _WORDS.get(f"…{path[-1]}" if path else "", "")
    return {"description": words} if words and path else {}
