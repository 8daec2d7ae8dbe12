"""Intents of commands: from a command on the first line to the intent it states in a known dispute; a move up, and the
procedure's own words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from mailbot.core.decisions.stages import is_partnership_stage, partnership_stage
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Stage
from mailbot.core.record.dispute import State
from mailbot.core.record.intents import SAYS_WHAT_IS_RIGHT, Act, Intent, Person, Sure
from mailbot.mail import lexicon
from mailbot.mail.body.own_words import answers_inside
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.agreed_actions import read_agreed
from mailbot.mail.text.dates import FoundDate, first_date
from mailbot.mail.text.people_and_agencies import (
    NAME,
    addresses_in,
    find_named,
    names_in,
    names_in_full,
    names_several,
    read_person,
)
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import plain as words_of
from mailbot.mail.text.spelling_and_sentences import sentences
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.commands import CONDITION, FINAL, Command, rivals_of
from mailbot.mail.understanding.context import Scene, agency_taken_off, brought, in_either_place, roles_meant
from mailbot.mail.understanding.managers_and_officers import officers_named
from mailbot.mail.understanding.questions import RESOLVED_OR_NOT, ask

# From a command on the first line to the intent it states, inside a known dispute.


def obey(scene: Scene, command: Command) -> Intent:
    """The intent that a command states; a question when it is clouded, misspelt at a risk, or
    contradicted further down."""
    rivals = rivals_of(command, scene.own) - the_same(scene, command)
    if (command.clouded or rivals) and command.name in _ASKED_TWICE and scene.confirms_going:
        return ask(asking.GOES_ON.format(up=command.name), scene.own)
    if command.clouded or rivals:
        return ask(_which_was_meant(scene, command), command.line)
    if command.misspelt and command.risky:
        return ask(asking.MISSPELT.format(word=command.name), command.line)
    intent = _OBEY[command.name](scene, command)
    if command.misspelt and intent.sure is Sure.SURE:
        intent = replace(intent, sure=Sure.PROBABLE)
    return intent


def _which_was_meant(scene: Scene, command: Command) -> str:
    """The question about a command that is clouded, by what its writer may still ask."""
    if scene.dispute is not None and scene.dispute.state is State.CLOSED:
        return asking.REOPEN_OR_NOT
    if command.name in ("CONFIRM", "DISAGREE") and scene.answers_proposal:
        return asking.CONFIRM_OR_NOT
    return asking.RESOLVED_OR_NOT if command.name in FINAL else asking.UP_OR_NOT


def the_same(scene: Scene, command: Command) -> frozenset[str]:
    """The commands that say what this one does: where no date is waiting, "Agreed", "Resolved" and CONFIRM are one
    answer."""
    yes = frozenset({"AGREE", "CONFIRM"} | ({"RESOLVED"} if command.name == "CONFIRM" else set()))
    return yes if command.name in yes and not scene.answers_date else frozenset({command.name})


def _resolved(scene: Scene, command: Command) -> Intent:
    senses = {h.sense for h in hear(command.rest, scene.names) if h.is_clear}
    if senses & {Sense.UP, Sense.UNSETTLED}:
        return ask(asking.RESOLVED_OR_NOT, scene.own)
    if IF_THEY.search(command.rest):
        return ask(asking.IF_OR_NOT, scene.own)
    if scene.answers_proposal and len(command.rest.split()) < 4:
        return Intent(Act.CONFIRM_RESOLUTION, words=scene.own)
    on, rest = _leading_date(command.rest, scene.today)
    return resolution(scene, rest, on)


# A settlement that waits for something the other side is to do first is none yet.
IF_THEY = lexicon.pattern("told.settled_on_a_condition")
_THANKS = re.compile(r"(?:^|(?<=[.!\n]))[\s-]*(?:many )?(?:thanks|thank you)[\w ,]{0,24}[.!]*\s*$", re.IGNORECASE)


def resolution(scene: Scene, text: str, on: date | None = None, sure: Sure = Sure.SURE) -> Intent:
    """The intent that the command RESOLVED states, a proposed resolution: what was agreed, its actions, and
    "understood" where reasons were accepted."""
    found = brought(scene, text)
    labelled = next((v for k, v in found.fields.items() if k.split(":")[0] == "actions"), "")
    agreed = read_agreed(labelled or _THANKS.sub("", text), scene.today)
    fields = {**found.fields, "agreed_outcome": agreed.text.strip(" .") if agreed.text else ""}
    if scene.dispute is not None and scene.dispute.visits:
        fields["stage"] = scene.dispute.stage
    reasons = re.search(
        r"\b(?:accept|understand)\b[^.]{0,40}\b(?:rationale|reasons?|reasoning|explanation)\b", text, re.I
    )
    if reasons and "understood" in scene.protocol.outcomes:
        fields["outcome"] = "understood"
    flags = tuple(f"no actual date: {words}" for words in agreed.unclear)
    flags += tuple(f"date to check: {words}" for words in agreed.doubts)
    return Intent(Act.PROPOSE_RESOLUTION, sure, fields, found.people, agreed.actions, on, words=scene.own, flags=flags)


def _leading_date(text: str, today: date) -> tuple[date | None, str]:
    """The date that leads what follows a command, and the rest: "on 9 Sept. Barnaby will visit". Without "on" a date
    belongs to what was agreed."""
    if not re.match(r"(?:as of |as at )?(?:on|today|yesterday)\b", text, re.I):
        return None, text
    found = first_date(text[:60], today, ahead=False)
    if found is None or found.on is None or found.start > 12:
        return None, text
    return found.on, text[found.end :].lstrip(" .,:;-\n")


_ASKED_TWICE = frozenset({"ESCALATE", "REFER"})


def _decides_too(scene: Scene, command: Command) -> Intent:
    """The intent of a command that says yes to the decision of another of those who decide together: theirs as well."""
    return Intent(Act.DECISION) if len(command.rest.split()) < 4 else ask(asking.YOUR_DECISION_TOO, scene.own)


def _confirm(scene: Scene, command: Command) -> Intent:
    if scene.answers_decision:
        return _decides_too(scene, command)
    if scene.confirms_going and not scene.answers_date:
        return ask(asking.GOES_ON.format(up="REFER"), scene.own)
    if scene.dispute is not None and scene.dispute.state is State.OPEN:
        return ask(asking.NOTHING_TO_AGREE, scene.own)
    return Intent(Act.CONFIRM_RESOLUTION, words=scene.own)


def _disagree(scene: Scene, command: Command) -> Intent:
    if scene.dispute is not None and scene.dispute.state is State.OPEN and not scene.answers_date:
        return ask(asking.UP_OR_NOT, scene.own)
    if scene.answers_date and not scene.answers_proposal and not scene.is_raiser:
        return Intent(Act.REFUSE_DATE, words=scene.own)
    return Intent(Act.OBJECT_RESOLUTION, words=scene.own)


def _agree(scene: Scene, command: Command) -> Intent:
    if scene.answers_decision:
        return _decides_too(scene, command)
    if scene.answers_proposal and scene.answers_date:
        return ask(asking.DATE_OR_RESOLUTION, scene.own)
    if scene.answers_date:
        return Intent(Act.ACCEPT_DATE, on=scene.dispute.open_date.on if _has_date(scene) else None, words=scene.own)  # type: ignore[union-attr]
    if scene.answers_proposal:
        return Intent(Act.CONFIRM_RESOLUTION, words=scene.own)
    if scene.confirms_going:
        return ask(asking.GOES_ON.format(up="REFER"), scene.own)
    return ask(asking.NOTHING_TO_AGREE, scene.own)


def _has_date(scene: Scene) -> bool:
    return scene.dispute is not None and scene.dispute.open_date is not None


def _no(scene: Scene, command: Command) -> Intent:
    if scene.answers_decision:
        return ask(asking.YOUR_DECISION_TOO, scene.own)
    if scene.answers_date and scene.answers_proposal:
        return ask(asking.DATE_OR_RESOLUTION, scene.own)
    if scene.answers_date:
        return Intent(Act.REFUSE_DATE, words=scene.own)
    if scene.answers_proposal:
        return Intent(Act.OBJECT_RESOLUTION, words=scene.own)
    return ask(asking.NOTHING_TO_AGREE, scene.own)


def _agree_by(scene: Scene, command: Command) -> Intent:
    found = first_date(command.rest, scene.today)
    if found is None or found.on is None:
        return ask(asking.WHICH_DATE, scene.own)
    return proposed_date(scene, found, command.rest[found.end :])


def proposed_date(scene: Scene, found: FoundDate, reason: str, sure: Sure = Sure.SURE) -> Intent:
    """The intent that the command AGREE BY states, a date put to the other side; the other side's own open date given
    back is agreement to it."""
    waiting = scene.dispute.open_date if scene.dispute is not None else None
    flags = tuple(f"date to check: {found.words}: {doubt}" for doubt in [found.doubt] if doubt)
    if waiting is not None and scene.answers_date and waiting.on == found.on:
        return Intent(Act.ACCEPT_DATE, sure, on=found.on, words=scene.own)
    shown = found.on.isoformat() if found.on else ""
    fields = {"proposed_date": shown, "reason": " ".join(reason.split()).strip(" ,-;:")}
    past = ("the date has passed",) if found.past else ()
    return Intent(
        Act.PROPOSE_DATE,
        Sure.PROBABLE if flags else sure,
        {k: v for k, v in fields.items() if v},
        on=found.on,
        words=scene.own,
        flags=(*flags, *past),
    )


def _needed_by(scene: Scene, command: Command) -> Intent:
    found = first_date(command.rest, scene.today)
    if found is None or found.on is None:
        return ask(asking.WHICH_PROTECTIVE, scene.own)
    reason = " ".join(command.rest[found.end :].split()).strip(" ,-;:")
    flags = (f"date to check: {found.words}: {found.doubt}",) if found.doubt else ()
    hour = _AN_HOUR.search(command.rest.split("\n")[0])
    fields = {"reason": reason, "hour": hour[0] if hour else ""}
    return Intent(
        Act.PROTECTIVE_DATE, fields={k: v for k, v in fields.items() if v}, on=found.on, words=scene.own, flags=flags
    )


# An hour of that day before the close of it.
_AN_HOUR = re.compile(
    r"\b(?:(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s?a\.?m\b|(?:12|0?[1-4])(?:[:.][0-5]\d)?\s?p\.?m\b"
    r"|(?:0?[6-9]|1[0-6])[:.][0-5]\d\b(?!\s?p)|noon|midday|lunch ?time|first thing|(?:the |that )?morning)",
    re.I,
)


def _handover(scene: Scene, command: Command) -> Intent:
    text = re.sub(r"^to\b\s*", "", command.rest, flags=re.I)
    until = re.search(r"\b(?:until|till?|up to|to return)\b(.{1,40})", text, re.I)
    named = text[: until.start()] if until else text
    person = read_person(named.split("\n")[0].split(" from ")[0], scene.directory, scene.agency, scene.people)
    in_full = person is not None and (person.address or names_in_full(person.name))
    if person is None or not in_full or names_several(named, scene.directory, scene.people):
        return ask(asking.WHO_TAKES_OVER, scene.own)
    return handover_intent(scene, person, first_date(until[0], scene.today) if until else None)


def handover_intent(scene: Scene, person: Person, until: FoundDate | None, sure: Sure = Sure.SURE) -> Intent:
    party = scene.dispute.party(scene.said.sender.address) if scene.dispute else None
    fields = {"to": person.address, "role": party.role if party else ""}
    if until and until.on:
        fields["until"] = until.on.isoformat()
    flags = (f"no actual date: {until.words}",) if until and until.on is None else ()
    kept = {k: v for k, v in fields.items() if v}
    return Intent(Act.HANDOVER, sure, kept, on=until.on if until else None, person=person, words=scene.own, flags=flags)


def _met(scene: Scene, command: Command) -> Intent:
    found = first_date(command.rest, scene.today, ahead=False)
    return Intent(Act.MET, on=found.on if found and found.on else scene.today, words=scene.own)


def _note(scene: Scene, command: Command) -> Intent:
    return Intent(Act.NOTE, words=scene.own)


def _correct(scene: Scene, command: Command) -> Intent:
    found = brought(scene, command.rest)
    if not (found.fields or found.people):
        return ask(asking.WHAT_TO_CORRECT, scene.own)
    return Intent(Act.CORRECT, fields=found.fields, people=found.people, words=scene.own, flags=found.flags)


def _add(scene: Scene, command: Command) -> Intent:
    line = command.rest.split("\n")[0]
    person = read_person(line, scene.directory, scene.agency)
    if person is None or names_several(command.rest, scene.directory, scene.people):
        return ask(asking.WHO_ADD, scene.own)
    role = re.search(r"\bas (.{3,60}?)[\s.]*$", line, re.I)
    fields = in_either_place(roles_meant(role[1], scene.protocol, scene.side)) if role else {}
    return Intent(Act.ADD_PERSON, fields=fields, person=person, words=scene.own)


def _remove(scene: Scene, command: Command) -> Intent:
    if names_several(command.rest, scene.directory, scene.people):
        return ask(asking.WHO_REMOVE, scene.own)
    return removal(scene, command.rest.split("\n")[0])


def removal(scene: Scene, words: str, sure: Sure = Sure.SURE) -> Intent:
    """The intent that the command REMOVE states, and who is to go: by address, by name among the parties, or "me"."""
    if re.match(r"\W*me\b", words, re.I):
        return Intent(Act.REMOVE_PERSON, sure, person=scene.said.sender, words=scene.own)
    address = next(iter(addresses_in(words)), "")
    if not address and (agency := agency_taken_off(scene, words)):
        return Intent(Act.REMOVE_PERSON, sure, {"agency": agency}, words=scene.own)
    name = next(iter(names_in(words)), "")
    known = scene.directory.person(address, name) if address else None
    person = known or find_named(name, scene.directory, "", scene.people)
    if person is None or names_several(words, scene.directory, scene.people):
        return ask(asking.WHO_REMOVE, scene.own)
    return Intent(Act.REMOVE_PERSON, sure, person=person, words=scene.own)


def _child_status(scene: Scene, command: Command) -> Intent:
    value = re.split(r"\n|\.\s|;", command.rest, maxsplit=1)[0]
    found = brought(scene, command.rest)
    fields = {**found.fields, "child_status": " ".join(value.split()).strip(" .")}
    people = {**officers_named(scene, scene.own), **found.people}
    return Intent(Act.CHILD_STATUS, fields=fields, people=people, words=scene.own)


_DECIDES_ANOTHER = lexicon.pattern("clauses.decided_another")


def decides_another(own: str) -> bool:
    """A command or a sentence of a decision that is of another matter, "the decision on the budget", or none yet, "a
    template for the decision"."""
    return _DECIDES_ANOTHER.search(own) is not None


def _decision(scene: Scene, command: Command) -> Intent:
    if decides_another(f"{command.name} {command.rest}"):
        return ask(asking.DECISION_OR_NOT, scene.own)
    agreed = read_agreed(command.rest, scene.today)
    return Intent(Act.DECISION, fields=brought(scene, command.rest).fields, actions=agreed.actions, words=command.rest)


def _withdraw(scene: Scene, command: Command) -> Intent:
    reason = " ".join(command.rest.split())
    return Intent(Act.WITHDRAW, fields={"reason": reason} if reason else {}, words=scene.own)


def _wrong(scene: Scene, command: Command) -> Intent:
    flags: tuple[str, ...] = ("wrong dispute",) if command.name == "WRONG DISPUTE" else ()
    flags += (SAYS_WHAT_IS_RIGHT,) if set(words_of(command.rest).split()) - _OPENED_IN_ERROR else ()
    return Intent(Act.UNDO, words=scene.own, flags=flags)


_OPENED_IN_ERROR = lexicon.vocabulary("opened_in_error")


def _plain(act: Act) -> "_Obeyed":
    return lambda scene, command: Intent(act, words=scene.own)


def _business(scene: Scene, command: Command) -> Intent:
    """The intent of a command that is the office's, LINK, KEEP APART, HOLD, REDACT: a person's work at the partnership;
    filed and put before them."""
    return Intent(Act.NOTE, fields={}, words=scene.own, flags=(f"asks to {command.name.lower()}",))


_Obeyed = Callable[[Scene, Command], Intent]

# Moving a dispute up: to the next stage, or to the partnership, with who takes it and what remains unresolved.


def move_up(scene: Scene, command: Command, sure: Sure = Sure.SURE) -> Intent:
    """The intent that the command ESCALATE states, a move up. Where the next stage is the
    partnership's, that is a referral."""
    asks_partnership = any(h.sense is Sense.REFER for h in hear(command.rest, scene.names))
    following = scene.following
    if asks_partnership or (following is not None and is_partnership_stage(following)):
        return referral(scene, command, sure)
    return _up(scene, command, Act.MOVE_UP, scene.following, sure)


def referral(scene: Scene, command: Command, sure: Sure = Sure.SURE) -> Intent:
    """The intent that the command REFER states: a move to the partnership, from whatever stage it is at (NSSCP Stage 4:
    "or when it becomes clear")."""
    target = partnership_stage(scene.protocol)
    return _up(scene, command, Act.REFER if target else Act.MOVE_UP, target or scene.following, sure)


def _up(scene: Scene, command: Command, act: Act, target: Stage | None, sure: Sure) -> Intent:
    found = brought(scene, command.rest)
    fields = dict(found.fields)
    people = dict(found.people)
    if _NOT_RESOLVED.match(command.line):
        fields["said"] = "not resolved"
    if target is not None:
        fields["stage"] = target.id
        if (asked := _named_stage(f"{command.line}\n{command.rest}", scene)) and act is Act.MOVE_UP:
            fields["as_far_as"] = asked
        taking = _taker(f"{command.line}\n{command.rest}", scene)
        role = _role_for(taking, target, scene) if taking else ""
        if taking and role:
            people.setdefault(role, taking)
    if scene.stage is not None:
        key = f"unresolved:{scene.stage.id}"
        remains = _said_open(scene.own) or (_remains(command.rest, scene) if not found.labels else "")
        if remains:
            fields.setdefault(key, remains)
    return Intent(act, sure, fields, people, words=scene.own, flags=found.flags)


_NOT_RESOLVED = re.compile(r"[\W_]*(?:not\s+|un)resolved\b", re.IGNORECASE)  # a view, and not a wish to move it


def _named_stage(text: str, scene: Scene) -> str:
    """The stage that a command's move up names outright, "straight to Stage 4", by its id; "" where it names none."""
    word = re.escape(scene.protocol.stage_word)
    said = re.search(rf"\bto (?:{word}|stage|step|level) (\w+)", text, re.IGNORECASE)
    shown = {(s.shown_as or s.id).casefold(): s.id for s in scene.protocol.stages.values()}
    return shown.get(said[1].casefold(), "") if said else ""


_OBEY: Mapping[str, _Obeyed] = {
    "ESCALATE": move_up,
    "RESOLVED": _resolved,
    "CONFIRM": _confirm,
    "DISAGREE": _disagree,
    "AGREE BY": _agree_by,
    "AGREE": _agree,
    "NO": _no,
    "NEEDED BY": _needed_by,
    "HANDOVER": _handover,
    "MET": _met,
    "NOTE": _note,
    "CORRECT": _correct,
    "ADD": _add,
    "REMOVE": _remove,
    "CHILD STATUS": _child_status,
    "REFER": referral,
    "DECISION": _decision,
    "WITHDRAW": _withdraw,
    "WRONG": _wrong,
    "WRONG DISPUTE": _wrong,
    "OPEN": _note,
    "IGNORE": _note,
    "STATUS": _plain(Act.STATUS),
    "HELP": _plain(Act.QUESTION),
    "REOPEN": _plain(Act.REOPEN),
    "LINK": _business,
    "KEEP APART": _business,
    "HOLD": _business,
    "REDACT": _business,
}
_TO_NAME = re.compile(
    rf"\b(?:to|over to|with|by) (?:our |my |the |their )?(?:[a-z]+ (?:manager|lead|head),? )?({NAME})"
)
# Capitals that are offices or stages, not names.
_NOT_NAMES = lexicon.vocabulary("not_names")


def _taker(text: str, scene: Scene) -> Person | None:
    offices = _NOT_NAMES.union(*(name.split() for name in scene.names.partnership))
    for match in _TO_NAME.finditer(text[:2000]):
        words = [w for w in match[1].split() if w.lower().strip(".'") not in offices]
        if not words or match[1].split()[0].lower() in offices:
            continue
        person = find_named(" ".join(words), scene.directory, "", scene.people)
        if person is not None and (person.address or len(words) > 1):
            return person
    return None


def _role_for(person: Person, target: Stage, scene: Scene) -> str:
    """The role in which a command names somebody for the next stage, on whichever side their agency is; the
    writer's own when unknown."""
    d = scene.dispute
    receiving = bool(d and person.agency and person.agency in d.receiving_agencies) or (
        not person.agency and scene.side is Side.RECEIVING
    )
    roles = target.receiving if receiving else target.raising
    return roles[0] if roles else ""


# "Not agreed: the home visit." beside "Agreed: the case stays open."
_OPEN_LINE = re.compile(
    r"^\W*(?:(?:what is |still )?not (?:yet )?(?:agreed|resolved|settled)|still (?:open|outstanding|disputed"
    r"|unresolved)|outstanding"
    r"|in dispute|(?:what )?remains)\s*[:=–-]\s*(\S.{2,})$",
    re.IGNORECASE | re.MULTILINE,
)
_SETTLED = re.compile(r"\b(?:agreed?|resolved|settled|sorted|fine|happy with|accepted?)\b", re.IGNORECASE)
_UNSETTLED = re.compile(
    lexicon.joined(("{denied}",)) + r"|\b(?:but|except|unless|still|dis\w+|un\w+|refus\w+)\b",
    re.IGNORECASE,
)
_AND_SO_UP = re.compile(
    r"[,;]?\s*(?:(?:so|and|therefore|hence"
    r"|thus)\s+)?(?:please\s+)?\bescalat\w+\b.{0,40}$",
    re.IGNORECASE,
)


def _said_open(own: str) -> str:
    """What a command's writer labels as not agreed."""
    return " ".join(line.strip() for line in _OPEN_LINE.findall(own))


def _is_beside_the_point(sentence: str) -> bool:
    """Beside the point of a command ESCALATE: a part that is agreed, or a word on where the answers stand: nothing
    of either remains unresolved."""
    return (_SETTLED.search(sentence) is not None and not _UNSETTLED.search(sentence)) or answers_inside(sentence)


def _remains(rest: str, scene: Scene) -> str:
    """What the command ESCALATE says is left unresolved: the sentences that are not themselves the request to move
    up, nor the part agreed, thanks or a name."""
    kept = []
    for sentence in sentences(rest):
        if _is_beside_the_point(sentence):
            continue
        before = _AND_SO_UP.sub("", sentence).strip()
        if len(before.split()) > 3 and _UNSETTLED.search(before):
            kept.append(" ".join(before.split()))
            continue
        senses = {h.sense for h in hear(sentence, scene.names)}
        if (
            re.match(r"\W*(?:to|this|it|please|escalat\w+|thanks|thank you|many thanks)\b", sentence, re.I)
            and len(sentence) < 90
        ):
            after = re.search(r"\b(?:because|as|since|:)\s+(.{8,})$", sentence)
            if after:
                kept.append(after[1])
            continue
        if senses & {Sense.UP, Sense.REFER} and len(sentence) < 60:
            continue
        if sentence.strip(" .").lower() == scene.said.sender.name.lower():
            continue
        kept.append(" ".join(sentence.split()))
    return " ".join(kept).strip(" -,:")


# The procedure's own words as commands: a route of its file, or an outcome that one role may give, by its name.
#
# ``[route.resolution-meeting]`` is opened by RESOLUTION MEETING on the first line, ``[outcome.not-justified]`` given
# by NOT JUSTIFIED. So a file that brings a way of its own brings the words for it, and no code need know them.


def read_named(scene: Scene) -> Intent | None:
    """The intent of a command in the procedure's own words: the route or outcome that the first line names, in capitals
    or alone on its line; None for anything else."""
    line, _, below = scene.own.lstrip("\n >*_").partition("\n")
    for name in _names(scene):
        said = re.match(rf"{_words(name)}\b[\s.:,;!*_-]*(.*)$", line, re.I)
        if said is None or not (line[: said.start(1)].isupper() or not said[1]):
            continue
        if CONDITION.match(said[1]) or line.rstrip().endswith("?"):
            return ask(RESOLVED_OR_NOT, line)
        return _intent(scene, name, f"{said[1]}\n{below}".strip())
    return None


def _names(scene: Scene) -> tuple[str, ...]:
    routes = (*scene.protocol.routes, *(("debrief",) if scene.protocol.look_back else ()))
    outcomes = (outcome.id for outcome in scene.protocol.outcomes.values() if outcome.given_by)
    return tuple(sorted((*routes, *outcomes), key=len, reverse=True))


def _words(name: str) -> str:
    return r"[\s-]+".join(re.escape(word) for word in re.split(r"[-_]", name))


def _intent(scene: Scene, name: str, rest: str) -> Intent:
    found = brought(scene, rest)
    fields, outcome = dict(found.fields), scene.protocol.outcomes.get(name)
    if outcome is None or not outcome.given_by:
        back = scene.protocol.look_back
        name = back.id if back is not None and name == "debrief" else name
        final = scene.protocol.final_word
        if final is not None and name == final.id and not rest:
            return ask(asking.NOTHING_TO_GO_BY.format(word=name.replace("-", " ").upper()), scene.own)
        return Intent(Act.ROUTE, fields={**fields, "route": name}, people=found.people, words=rest or scene.own)
    labelled = {label.line for label in found.labels}
    own = [line for at, line in enumerate(rest.split("\n")) if at not in labelled]
    fields |= {"outcome": name, "reason": " ".join(" ".join(own).split())}
    return Intent(Act.PROPOSE_RESOLUTION, fields=fields, people=found.people, words=scene.own)
