"""Openings: does an email without a known dispute raise one; and if it does, what does it say: child,
agencies, people, issue?"""

import re
from dataclasses import dataclass, replace

from mailbot.core.partnership.partnership import begins_at
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.intents import Act, Intent, Person, Sure
from mailbot.mail import lexicon
from mailbot.mail.lexicon import Sense
from mailbot.mail.text.agreed_actions import AgreedAlready, agreed_already, read_agreed
from mailbot.mail.text.child_issue_and_impact import (
    child_in,
    children_beside,
    impact_in,
    issue_in,
    outcome_in,
    status_of,
    told_to_begin,
)
from mailbot.mail.text.dates import first_date
from mailbot.mail.text.forwarded_chains import Chain, read_chain
from mailbot.mail.text.labelled_lines import read_labels
from mailbot.mail.text.people_and_agencies import (
    agencies_that_act,
    agencies_unlisted,
    person_with_agency,
    read_person,
)
from mailbot.mail.text.phrases import hear
from mailbot.mail.text.spelling_and_sentences import MOST_WORDS, is_near, plain, sentences, tidy
from mailbot.mail.understanding import questions as asking
from mailbot.mail.understanding.agencies_and_people_of_openings import (
    agencies_of_opening,
    others_of_opening,
    people_of_opening,
)
from mailbot.mail.understanding.commands import read_command
from mailbot.mail.understanding.context import Brought, Scene, brought
from mailbot.mail.understanding.managers_and_officers import managers_named, officers_named
from mailbot.mail.understanding.questions import ask

# Does an email without a known dispute raise one; and if it does, what does it say?
#
# It opens by a tag in the subject, by two or more labels, or by a phrase of disagreement with another agency in it
# (D2). Anything else is asked about: a candidate is never dropped. Labels win over prose; what is taken from prose
# makes the opening PROBABLE, and is shown back to be corrected.

_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|sv|aw)\s*:|\[(?:external|ext|official(?:[- ]sensitive)?|secure|encrypt(?:ed)?"
    r"|spam)[^\]]{0,20}\]|(?:official(?:-sensitive)?)\s*:)\s*",
    re.I,
)
# Words that tag a subject under any protocol, beside the protocol's own tags.
TAGS = lexicon.vocabulary_in_order("tag")
DISAGREES = lexicon.pattern("openings.disagrees")
_ABOUT_A_WORKER = lexicon.pattern("openings.about_a_worker")
_WITHIN_ONE = lexicon.pattern("openings.within_one")
_PORTAL = lexicon.pattern("openings.portal")
_LOG_IT = lexicon.pattern("openings.log_it")
_PROCESS = lexicon.pattern("openings.process")
_NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,2}[.)]|[-*]\s|(?:child|dispute|issue|matter|case) (?:\d{1,2}|one|two|three"
    r"|[a-d])\b[:.)-]?)\s*",
    re.I,
)
_ITEM = re.compile(r"^\s*\(?\d{1,2}[.)]\s+(?:[A-Z]\.\s?[A-Z]\b|[A-Z][a-z]+ [A-Z]\b)")  # "1. A.A. - ..."
MOST_DISPUTES = 12


def clean_subject(subject: str) -> str:
    """The subject of an opening email without "RE:", "FW:", "[EXTERNAL]" and protective markings,
    however many stand before it."""
    for _ in range(12):
        shorter = _PREFIX.sub("", subject, count=1)
        if shorter == subject:
            break
        subject = shorter
    return subject.strip()


def has_tag_in(subject: str, protocol: Protocol) -> bool:
    """Has the subject of an opening a tag: a common one, one of the protocol's own, or its word for a stage with a
    number; spelling forgiven?"""
    words = plain(clean_subject(subject)).split()
    tags = {plain(t) for t in (*protocol.tags, *TAGS)}
    stage = protocol.stage_word.lower()
    if re.search(rf"\b(?:{re.escape(stage)}|stage|step) ?(?:\d|one|two|three|four|five)\b", " ".join(words)):
        return True
    for tag in tags:
        wanted = tag.split()
        for at in range(len(words) - len(wanted) + 1):
            if all(is_near(w, t) for w, t in zip(words[at : at + len(wanted)], wanted, strict=True)):
                return True
    return False


def read_opening(scene: Scene) -> tuple[Intent, ...]:
    """The intents of an opening email: OPEN (one for each child or issue), QUESTION, OUT_OF_SCOPE, or HOLD
    with the question to ask."""
    said, own = scene.said, scene.own
    text = f"{own}\n\n{read_chain(tidy(said.quoted), scene.today).text}"[:MOST_WORDS] if said.forwarded else own
    if _PORTAL.search(text) and len(own) < 3000:
        return (ask(asking.SECURE, own, "unreadable secure message"),)
    answer = _answer(scene) or _not_a_dispute(scene, text)
    if answer is not None:
        return (answer,)
    return _raised(scene, text)


def _not_a_dispute(scene: Scene, text: str) -> Intent | None:
    """No opening: the intent of an email that opens no dispute: about a worker, or nothing to read."""
    said, own = scene.said, scene.own
    if _is_about_a_worker(text, said.subject, len(read_labels(text))):
        flags = ("possible allegation against a worker",)
        return Intent(Act.OUT_OF_SCOPE, fields={"what": "whistleblowing"}, words=own, flags=flags)
    only = bool(said.attachments) and len(own.split()) < 13 and "attach" in own.lower()
    if (only or not plain(own)) and not said.forwarded:
        return ask(asking.PASTE_IT, own, "attachment only") if said.attachments else ask(asking.OPEN_OR_IGNORE, own)
    return None


def _raised(scene: Scene, text: str) -> tuple[Intent, ...]:
    """The openings in an email, the disputes it raises, once it is known to be meant as one; else the
    question that decides that."""
    said, own = scene.said, scene.own
    tagged = has_tag_in(said.subject, scene.protocol) or bool(_LOG_IT.search(own[:600]))
    substance = len({label.key for label in read_labels(text)}) >= 2
    disagrees = _says_so(text) or _says_so(clean_subject(said.subject))
    if _is_question(scene, disagrees, substance):
        return (Intent(Act.QUESTION, Sure.PROBABLE, words=own),)
    sections = _sections(own)
    intents = tuple(opening_said(scene, section, len(sections) > 1) for section in sections or (text,))
    if len(intents) > 1:
        intents = tuple(replace(i, flags=(*i.flags, _several(len(intents)))) for i in intents)
    other = any(i.fields.get("receiving_agency") for i in intents)
    if _WITHIN_ONE.search(own) and not other:
        return (ask(asking.OWN_PROCEDURE, own, "single agency"),)
    if not (tagged or substance or (disagrees and other and _names_a_child(intents))):
        return (ask(asking.OPEN_OR_IGNORE, own),)
    logged = bool(_LOG_IT.search(own[:600]))
    told = _says_so(text) and (_names_a_child(intents) or (other and _says_so(text, but_the_word=True)))
    if tagged and not (substance or logged or told):
        return (ask(asking.OPEN_OR_IGNORE, own),)  # a tag alone is minutes, a ticket, a word about the policy
    if all(_is_one_agency(i) for i in intents):
        return (ask(asking.OWN_PROCEDURE, own, "single agency"),)
    return intents


_DENIED = re.compile(r"\b(?:no|not|without|any|nor)\b[^.,;:]{0,24}$", re.IGNORECASE)


def _says_so(text: str, *, but_the_word: bool = False) -> bool:
    """Is an email an opening: does it say that somebody disagrees? "No disagreements noted" and "the escalation policy"
    do not; and where the word alone is not enough (``but_the_word``), neither does "six escalations"."""
    for said in DISAGREES.finditer(text):
        denied = re.match(r"(?:professional |disput|disagreement|challeng|escalat)", said[0], re.IGNORECASE)
        if but_the_word and denied:
            continue
        about = _OF_THE_POLICY.match(text[said.end() :]) or _OF_THE_POLICY.match(said[0])
        if not about and not (denied and _DENIED.search(text[max(0, said.start() - 40) : said.start()])):
            return True
    return False


_OF_THE_POLICY = lexicon.pattern("openings.of_the_policy")


def _names_a_child(intents: tuple[Intent, ...]) -> bool:
    return any(intent.fields.get("child") for intent in intents)


_COUNT = ("", "", *lexicon.vocabulary_in_order("number")[1:])


def _several(number: int) -> str:
    return f"one email opened {_COUNT[number]} disputes"


def _answer(scene: Scene) -> Intent | None:
    """The intent of an answer to our question about an opening email held earlier, OPEN or IGNORE; STATUS and
    HELP ask for the guide."""
    command = read_command(scene.own, scene.names)
    if command is None:
        return None
    rest = len(command.rest.split())
    if command.name == "OPEN" and not command.clouded:
        found = opening_said(scene, command.rest, False)
        return Intent(
            Act.OPEN, fields=found.fields, people=found.people, words=scene.own, flags=("answers our question",)
        )
    if command.name == "IGNORE" and rest < 12:
        return Intent(Act.NOTE, fields={"answer": "ignore"}, words=scene.own)
    if command.name in ("HELP", "STATUS") and rest < 12:
        return Intent(Act.QUESTION, words=scene.own)
    return None


def _is_about_a_worker(text: str, subject: str, labels: int) -> bool:
    """Is an email about the conduct of a person, and so never an opening: not forwarded, not quoted (G8)? A labelled
    dispute may mention a LADO."""
    whole = f"{text}\n{subject}"
    hits = (hit for hit in _ABOUT_A_WORKER.finditer(whole) if not _IS_NOT_THAT.search(whole[: hit.start()][-40:]))
    hit = next(hits, None)
    return hit is not None and (labels < 3 or "whistle" in hit[0].lower() or "allegation" in hit[0].lower())


# "This is not whistleblowing": what an email says that it is not, it is not sent away for.
_IS_NOT_THAT = re.compile(
    r"\b(?:not|no|nor|never|rather than|instead of|nothing to do with|n't)\b[^.;:\n]{0,16}$", re.IGNORECASE
)


def _is_question(scene: Scene, disagrees: bool, substance: bool) -> bool:
    """Is an email a question rather than an opening: it asks how the procedure works, and says nothing of a child, an
    issue, or anybody it is with?"""
    if substance:
        return False
    asks = [h for h in hear(scene.own, scene.names) if h.sense in (Sense.GUIDE, Sense.STATUS)]
    parts = sentences(scene.own)
    questions = [s for s in parts if s.rstrip().endswith("?") and _PROCESS.search(s)]
    if not asks and not (questions and len(questions) * 2 >= len(parts) and not scene.said.to):
        return False
    hypothetical = bool(re.search(r"\b(?:if|when|what if) (?:i|we|you|they|there)\b", scene.own, re.I))
    child = re.search(r"\b[A-Z]\.\s?[A-Z]\.?(?=\W|$)|\b(?:child|pupil|patient)\s*[:=-]", scene.own)
    return child is None and (hypothetical or not disagrees or len(scene.own) < 200) and not _others(scene)


def _others(scene: Scene) -> bool:
    mine = scene.said.sender.agency
    return any(p.agency and p.agency != mine for p in scene.said.to)


def _is_one_agency(intent: Intent) -> bool:
    raising, receiving = intent.fields.get("raising_agency", ""), intent.fields.get("receiving_agency", "")
    return bool(raising) and raising == receiving


def _sections(own: str) -> tuple[str, ...]:
    """The sections of an opening email, one text for each child with its own matter: numbered items, or a "Child:"
    line that starts again."""
    lines = own.split("\n")
    child_lines = [label.line for label in read_labels(own) if label.key == "child"]
    child_lines = child_lines or [at for at, line in enumerate(lines) if _ITEM.match(line)]
    if len(child_lines) < 2 or len(child_lines) > MOST_DISPUTES:
        return ()
    starts = child_lines
    ends = [*starts[1:], len(lines)]
    parts = ["\n".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
    parts = [_NUMBERED.sub("", part, count=1) for part in parts]
    with_matter = [p for p in parts if len(p.split()) > 6]
    return tuple(parts) if len(with_matter) == len(parts) else ()


# What an opening email says: the child, the two agencies, the people, the issue, what it does to the child.

_STAGE = re.compile(r"\b(?:stage|step|level)\s*(\d[a-z]?|one|two|three|four|five)\b", re.I)
_NUMBER = {word: str(n) for n, word in enumerate(lexicon.vocabulary_in_order("number")[:5], 1)}
_NOT_PEOPLE = frozenset({"child", "child_ref", "stage", "agencies", "also_with", "raising_agency", "receiving_agency"})
_DECIDED = lexicon.pattern("openings.decided")


def opening_said(scene: Scene, text: str, several: bool) -> Intent:
    """The intent of one opening, an OPEN. ``several``: the email holds others, and only ``text`` speaks for this."""
    near = (*scene.said.to, *scene.said.cc)
    found = brought(scene, text, near)
    chain = read_chain(tidy(scene.said.quoted), scene.today) if scene.said.forwarded else None
    signed = brought(scene, scene.said.signature, near) if scene.said.signature else None
    fields = {k: v for k, v in found.fields.items() if k not in _NOT_PEOPLE}
    flags = list(found.flags)
    subject = "" if several else scene.said.subject
    fields["stage"], fields["no_such_stage"] = _stage(found, f"{subject}\n{told_to_begin(text)}", scene, flags)
    _child(fields, found, subject, text)
    raising, receiving, *more = agencies_of_opening(scene, found, subject, text)
    written = _written(scene, chain, raising) if chain else None
    receiving = receiving or (written.person.agency if written is not None else "")
    if began := _earlier_stage(scene, text) or (written.on if written is not None else ""):
        fields.setdefault("stage_1_date", began)
    fields |= {k: _fragment(fields[k]) for k in _PROSE if k in fields}
    fields |= {"raising_agency": raising, "receiving_agency": receiving, "also_receiving": "; ".join(more)}
    fields["agencies_unknown"] = agencies_unlisted(found.labels, scene.directory)
    _with_agreement(fields, settled := AgreedAlready() if several else agreed_already(text, found.labels))
    prose = _from_prose(scene, fields, text, flags)
    named = people_of_opening(scene, found, text, raising, receiving, _begun(fields["stage"], scene.protocol))
    if written is not None:
        named.setdefault("responder", person_with_agency(written.person, receiving))
    people = {**(_managers(signed) if signed else {}), **officers_named(scene, text), **named}
    fields |= {} if several else _spoken_of(scene, fields, text, {scene.said.sender, *people.values()})
    labelled = sum(1 for label in found.labels if label.key in _SUBSTANCE)
    sure = Sure.SURE if labelled >= 2 and not several else Sure.PROBABLE
    if prose and sure is Sure.PROBABLE and not several:
        flags.append("prose fields shown back for checking")
    return Intent(
        Act.OPEN,
        sure,
        {k: v for k, v in fields.items() if v},
        people,
        read_agreed(settled.text, scene.today).actions if settled.text and not settled.doubtful else (),
        words=scene.own,
        flags=tuple(dict.fromkeys(flags)),
        others=others_of_opening(scene, found, people, (raising, receiving, *more)),
    )


def _spoken_of(scene: Scene, fields: dict[str, str], text: str, known: set[Person]) -> dict[str, str]:
    """Whom an opening speaks of and no line of it records: children beside the one that it is about, managers whose
    title is no role of the procedure and who have no other part in it, and agencies whose doing is part of it."""
    agencies = {Side.RAISING: fields["raising_agency"], Side.RECEIVING: fields["receiving_agency"]}
    names = {person.name for person in known}
    unplaced = [one for one in managers_named(scene, text, agencies).unplaced if one.partition(",")[0] not in names]
    beside = children_beside(fields.get("child", ""), scene.said.subject, text)
    there = {fields["raising_agency"], fields["receiving_agency"], *fields["also_receiving"].split("; ")}
    acting = [name for name in agencies_that_act(text, scene.directory) if name not in there]
    told = {"children_spoken_of": beside, "people_spoken_of": unplaced, "agencies_spoken_of": acting}
    return {key: "; ".join(found) for key, found in told.items()}


def _with_agreement(fields: dict[str, str], settled: AgreedAlready) -> None:
    """An opening with what was agreed before it was written down, or may have been, among its values. What a line that
    is called a resolution asks for is what its writer seeks, and so is what may be either, until they have said."""
    if settled.text:
        fields["agreed_before" if settled.doubtful else "agreed_outcome"] = settled.text.strip(" .")
    sought = settled.wished
    if sought and plain(sought) not in plain(fields.get("outcome_sought", "")):
        before = f"{fields['outcome_sought'].rstrip(' .')}. " if fields.get("outcome_sought") else ""
        fields["outcome_sought"] = f"{before}{sought}"
    if settled.text or settled.wished:
        fields.pop("actions", None)


_SUBSTANCE = frozenset(
    {
        "child",
        "issue",
        "impact",
        "outcome_sought",
        "agencies",
        "raising_agency",
        "receiving_agency",
        "raising_manager",
        "responding_manager",
        "evidence",
        "decision_on",
        "child_ref",
        "stage_1_date",
        "resolution",
    }
)
_PROSE = ("issue", "impact", "outcome_sought")


def _fragment(value: str) -> str:
    """The issue of an opening as it is kept: a fragment ("strategy discussion convened.") without its full stop; whole
    sentences keep theirs."""
    whole = not value[:1].islower() or re.search(r"[.!?]\s|[A-Z]\.$", value)
    return value if whole else value.removesuffix(".")


_TOOK_PLACE = re.compile(
    r"\b(?:stage|step) (?:\d|one|two|three) (?:discussion |meeting |call |conversation )?(?:took place|was (?:held )?|"
    r"happened|held|began|started)[^.\n]{0,20}?\bon (?P<when>[^.\n]{3,30})",
    re.I,
)


def _earlier_stage(scene: Scene, text: str) -> str:
    """The earlier date that an opening email states, "Stage 1 took place on 8 September": it counts (A6.9);
    never one after the email."""
    said = _TOOK_PLACE.search(text)
    found = first_date(said["when"], scene.today, ahead=False) if said else None
    return found.on.isoformat() if found and found.on and found.on <= scene.today else ""


@dataclass(frozen=True, slots=True)
class _Written:
    """The letter in a forwarded chain by which one side first wrote to the other."""

    person: Person
    on: str


def _written(scene: Scene, chain: Chain, raising: str) -> _Written | None:
    """The letter with which a forwarded opening began, the oldest of the chain that went to another
    agency: A6.9 counts from it."""
    for letter in reversed(chain.letters):
        person = read_person(letter.to.split(";")[0], scene.directory) if letter.to else None
        at = {a.name for a in scene.directory.agencies_at(person.address)} if person and person.address else set()
        if person is not None and letter.on and letter.on <= scene.today and at and raising not in at:
            return _Written(person, letter.on.isoformat())
    return None


def _managers(signed: Brought) -> dict[str, Person]:
    """The managers in the signature of an opening email, only who they are ("Supervisor: DI ..."): the rest of
    it is about the writer."""
    return {k: p for k, p in signed.people.items() if k in ("raising_manager", "raising_senior") and p.address}


def _begun(asked: str, protocol: Protocol) -> str:
    """The stage at which an opening begins, where it names ``asked``: its people are those of that one."""
    return asked if protocol.stages[asked].start_here else protocol.usual_start()


def _stage(found: Brought, text: str, scene: Scene, flags: list[str]) -> tuple[str, str]:
    """The stage that an opening names, else where one of its raiser begins; and the words of one that this procedure
    does not have."""
    named, unknown, stages = found.fields.get("stage", ""), "", scene.protocol.stages
    for match in _STAGE.finditer(f"{named}\n{text}\n"):
        number = _NUMBER.get(match[1].lower(), match[1].lower())
        if number in stages:
            return number, ""
        flags.append(f"no such stage: {match[0]}")
        unknown = unknown or match[0]
    bare = f"{named}\n{text}".split("\n")[0].strip()
    raiser = found.people.get("raiser") or scene.said.sender
    if named.strip() and bare not in stages:
        unknown = unknown or f"{scene.protocol.stage_word} {bare}"
    return (bare, "") if bare in stages else (begins_at(raiser, scene.protocol, scene.directory), unknown)


def _child(fields: dict[str, str], found: Brought, subject: str, text: str) -> None:
    value = found.fields.get("child", "")
    child, reference = child_in(value, subject, text)
    fields["child"] = child
    fields["child_status"] = fields.get("child_status", "") or status_of(value, text, child)
    fields["child_ref"] = found.fields.get("child_ref", "") or reference


def _from_prose(scene: Scene, fields: dict[str, str], text: str, flags: list[str]) -> bool:
    """Fills in what no label of an opening gave, from its prose; True when what is said of the child came from there
    and is to be shown back."""
    before = dict(fields)
    outcome = fields.get("outcome_sought") or outcome_in(text)
    issue = fields.get("issue") or issue_in(text, fields.get("child", ""))
    fields |= {"outcome_sought": outcome, "issue": issue}
    fields["impact"] = fields.get("impact") or impact_in(text, issue)
    if "decision_on" not in fields:
        said = _DECIDED.search(text)
        on = first_date(said[1], scene.today, ahead=False) if said else None
        fields["decision_on"] = on.on.isoformat() if on and on.on else ""
    for heard in hear(text, scene.names):
        found = first_date(heard.sentence, scene.today)
        if found is None or found.on is None or not heard.is_clear:
            continue
        if heard.sense is Sense.DEADLINE_AGREED:
            fields.setdefault("agreed_date", found.on.isoformat())
        because = re.search(r"\b(?:as|because|since|before)\b", heard.sentence)
        if heard.sense is Sense.CHILD_DATE and because and "child_date" not in fields:
            fields["child_date"] = found.on.isoformat()
            flags.append("protective date taken from the text: ask to confirm")
    return bool(fields.get("impact")) and not before.get("impact")
