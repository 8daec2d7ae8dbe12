"""What is still needed from this reader, said to them by name, with the lines that let them send it in one reply."""

import re
from dataclasses import dataclass

from mailbot.core.clocks.absences import absence_of, is_past_limit
from mailbot.core.clocks.case import Case
from mailbot.core.decisions.consequences import awaited_form, lacking, lacks_follow_up, unanswered
from mailbot.core.decisions.people.roles import in_roles, is_for_later
from mailbot.core.notices.offered import Reader
from mailbot.core.procedure.closed_lists import Agreed, Happening, Side, Source
from mailbot.core.procedure.outcomes import DATED, FOLLOW_UP_KEY
from mailbot.core.procedure.protocol import Protocol, Role
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeClosed, Event, ResolutionConfirmed, StageEnded
from mailbot.mail.documents.form_boxes import CONTACT, referrer, telephone
from mailbot.mail.letters.whose_turn import short_title
from mailbot.mail.letters.wording import first_name, inside, listed, opening, person_shown, plain_words
from mailbot.mail.text.dates import first_date

# What is still needed from this reader, said to them by name, and the lines that let them send it in one reply.
#
# Nobody is asked for the other side's people, and nobody twice for what is there.

# What a field is called when it is asked for, and the label that carries it in a reply.
ASKED_FOR = {
    "issue": ("what the disagreement is about", "Issue: "),
    "impact": ("what it means for the child", "Impact on the child: "),
    "outcome_sought": ("what you want to change", "Outcome sought: "),
    "evidence": ("the evidence", "Evidence: "),
    "decision_on": ("the date of the decision you disagree with", "Date of decision: "),
    "child_status": ("whether there is a child protection plan or the child is looked after", "Status: "),
    "actions_so_far": ("what has been done so far", "Actions so far: "),
    "urgency": ("how urgent it is", "Urgency: "),
}
_ALWAYS_ASKED = ("issue", "impact")  # "what is crucial throughout this is the impact on the child" (NSSCP)


@dataclass(frozen=True, slots=True)
class Missing:
    sentences: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


def missing_for_reader(reader: Reader, case: Case) -> Missing:
    """What is still missing: everything asked of ``reader``'s side that is not recorded; nothing for the partnership's
    own officers."""
    dispute, protocol = case.dispute, case.protocol
    if reader.side not in (Side.RAISING, Side.RECEIVING) or not dispute.is_open:
        return Missing()
    people, people_prompts = _people(reader, dispute, protocol)
    away, away_prompts = _instead_of_the_away(reader, case)
    fields, field_prompts = _fields(reader, dispute, protocol)
    asked, asked_prompts = asked_by_file(reader, dispute, protocol)
    outstanding, follow_up = _outstanding(reader, dispute, protocol)
    return Missing(
        _named_once((*people, *away, *fields, *_questions(reader, dispute, protocol), *asked, *outstanding), reader),
        tuple(dict.fromkeys((*people_prompts, *away_prompts, *field_prompts, *asked_prompts, *follow_up))),
    )


def _named_once(sentences: tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    """What is still missing, with its reader's name in the first sentence only."""
    name = f"{first_name(reader.person)}, "
    return (*sentences[:1], *(opening(one.removeprefix(name)) for one in sentences[1:]))


def _outstanding(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    """Still missing: "How any outstanding issues will be pursued", asked of whoever reported that it is resolved."""
    proposal = dispute.proposal
    asked = proposal is not None and reader.person.address == proposal.by.address
    if not asked or not lacks_follow_up(dispute, protocol):
        return [], []
    said = "is anything outstanding? Please say how it will be followed up and by which date, or that nothing is."
    return [_to(reader, said)], ["Outstanding issues: "]


def _people(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    nameless = [r for r in _asked_roles(reader, dispute, protocol) if not _named(r, reader, dispute)]
    titles = [f"your {short_title(role)}" for role in nameless]
    sentences = []
    if len(titles) == 1:
        such = _such_as(nameless[0])
        sentences.append(_to(reader, f"we still need {titles[0]}'s name and email{such}."))
    elif titles:
        sentences.append(_to(reader, f"we still need the names and emails of {listed(titles)}."))
        sentences += [f"{opening(short_title(role))}{_such_as(role)}." for role in nameless if role.examples]
    for role in _asked_roles(reader, dispute, protocol):
        for name in _named(role, reader, dispute):
            if name:
                sentences.append(_to(reader, f"we still need an email address for {name}."))
    asked = [r for r in _asked_roles(reader, dispute, protocol) if "" not in _named(r, reader, dispute)]
    return sentences, [f"My {_label(role)} (name and email): " for role in asked]


def _instead_of_the_away(reader: Reader, case: Case) -> tuple[list[str], list[str]]:
    """Who is still missing in place of somebody of the reader's own side who is away past the limit: asked of everybody
    there but of them, unless somebody stands in."""
    dispute, protocol = case.dispute, case.protocol
    sentences, prompts = [], []
    for party in (p for p in dispute.parties if p.side is reader.side and p.role in _roles_here(dispute, protocol)):
        absent = absence_of(party.person.address, dispute, case.calendar.local(case.now).date())
        if absent is None or absent.person.address == reader.person.address or party.role not in protocol.roles:
            continue
        beside = [p for p in in_roles((party.role,), case, party.side) if p.address != party.person.address]
        practitioner = party.role in ("raiser", "responder")
        if beside or practitioner or not is_past_limit(absent, dispute, protocol, case.calendar):
            continue
        has = "has left" if absent.left else "is away"
        sentences.append(_to(reader, f"{person_shown(party.person)} {has}: we need the name and email of who has it."))
        prompts.append(f"My {_label(protocol.roles[party.role])} (name and email): ")
    return sentences, prompts


def _roles_here(dispute: Dispute, protocol: Protocol) -> tuple[str, ...]:
    stage = protocol.stages[dispute.stage]
    return (*stage.raising, *stage.receiving)


def _such_as(role: Role) -> str:
    """Examples of a post still missing: ", for example a service manager or head of service; in a school, likely the
    head teacher"."""
    plain_ones = [plain_words(one, 80) for one in role.examples if ":" not in one]
    placed = [one.partition(":") for one in role.examples if ":" in one]
    said = [f"for example {' or '.join(plain_ones)}"] if plain_ones else []
    said += [f"in a {where.strip()}, likely the {plain_words(who, 80)}" for where, _, who in placed]
    return f" ({'; '.join(said)})" if said else ""


def _label(role: Role) -> str:
    """The label of somebody who is still missing: "team manager" of "line or team manager": one word for the post,
    which the reader of labels knows."""
    return short_title(role).split(" or ")[-1]


def _named(role: Role, reader: Reader, dispute: Dispute) -> tuple[str, ...]:
    """What a letter says is still missing from each holder of a role: "" when there is an address, else their name,
    whose address is asked for."""
    mine = dispute.agency_of(reader.party) if reader.party and len(dispute.agencies(reader.party.side)) > 1 else ""
    theirs = [p for p in dispute.filling(role.id) if p.side is reader.side]
    held = [p.person for p in theirs if not mine or dispute.agency_of(p) == mine]
    return tuple("" if person.address else plain_words(person.name, 120) for person in held)


def _asked_roles(reader: Reader, dispute: Dispute, protocol: Protocol) -> list[Role]:
    order = protocol.order()
    near = [protocol.stages[s] for s in order[order.index(dispute.stage) :][:2]]
    now = {*near[0].raising, *near[0].receiving}
    soon = {name for stage in near for name in (*stage.raising, *stage.receiving)}
    beside = set(near[0].also_consult)
    asked = [
        role
        for role in protocol.roles.values()
        if (
            role.side is reader.side
            and role.source in (Source.EMAIL, Source.DIRECTORY)
            and (role.ask_at or role.id in (soon if role.source is Source.EMAIL else now))
        )
        or (role.side is Side.EACH and role.source is Source.EMAIL and role.id in beside)
    ]
    return [role for role in asked if role.id != (reader.party.role if reader.party else "") and role.id != "responder"]


def _fields(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    if reader.side is not Side.RAISING:
        return [], []
    sentences, prompts = [], []
    alone = protocol.stages[dispute.stage].private_to is not None
    unknown = _nobody_at(dispute, protocol)
    if unknown and not alone:
        sentences.append(_to(reader, f"we still need the name and email of somebody at {listed(unknown)}."))
        prompts.append("Other practitioner (name and email): ")
    elif not dispute.receiving and not alone:
        sentences.append(_to(reader, "who is it with? Please send the other agency, and the person's name and email."))
        prompts += ["Other agency: ", "Other practitioner (name and email): "]
    by_urgency = any(clock.within_by_urgency for clock in protocol.clocks_of(dispute.stage))
    asked_here = protocol.stages[dispute.stage].ask_for
    wanted = dict.fromkeys((*_ALWAYS_ASKED, *asked_here, *(("urgency",) if by_urgency else ())))
    keys = [key for key in wanted if key in ASKED_FOR and not dispute.fields.get(key)]
    if keys:
        sentences.append(_to(reader, f"please add {listed(_about(ASKED_FOR[key][0], protocol) for key in keys)}."))
    return sentences, [*prompts, *(_prompt(key, protocol) for key in keys)]


def _nobody_at(dispute: Dispute, protocol: Protocol) -> list[str]:
    """Agencies whose people are still missing: the agencies it is with at which nobody can be written to yet, for who
    is named for a later stage hears nothing before it; of several, those with nobody at this stage."""
    there = [p for p in dispute.parties if p.side is Side.RECEIVING and p.person.address]
    if len(dispute.receiving_agencies) > 1:
        there = [p for p in there if p.role in protocol.stages[dispute.stage].receiving]
    there = [p for p in there if not is_for_later(p, dispute, protocol)]
    return [plain_words(name, 120) for name in dispute.receiving_agencies if name not in map(dispute.agency_of, there)]


def _about(words: str, protocol: Protocol) -> str:
    return words.replace("the child", f"the {protocol.subject}")


def _prompt(key: str, protocol: Protocol) -> str:
    """The prompt for a value that is still missing: a label that is read back whoever it is about: "Impact on the
    child" is one, "on the adult" is not."""
    return "Impact: " if key == "impact" and protocol.subject != "child" else ASKED_FOR[key][1]


def _questions(reader: Reader, dispute: Dispute, protocol: Protocol) -> list[str]:
    """Questions about what is still missing: what a stage asks for that a label does not carry: dates both sides agree
    on (SU-04, SU-06), and the procedure's own question, with the outcome whose giver this reader is when the answer is
    no (SU-05)."""
    if not reader.acts or reader.side not in (Side.RAISING, Side.RECEIVING):
        return []
    asked = []
    for wanted in protocol.stages[dispute.stage].ask_for:
        if wanted.startswith("agreed date"):
            asked += _date_to_agree(wanted.removeprefix("agreed date").strip(), reader, dispute, protocol)
        elif wanted.endswith("?") and reader.side is Side.RAISING:
            asked += [_to(reader, wanted + _if_not(reader, dispute, protocol))]
        elif (
            not wanted.endswith("?") and wanted not in ASKED_FOR
        ):  # the file's own words, of both sides: "plan of action with dates"
            asked += [_to(reader, f"the procedure asks here for: {plain_words(wanted, 200)}.")]
    return asked


def _date_to_agree(what: str, reader: Reader, dispute: Dispute, protocol: Protocol) -> list[str]:
    reply = "reply" in what
    clocks = [c for c in protocol.clocks_of(dispute.stage) if c.agreed in (Agreed.MUST_BE_SET, Agreed.MUST_BE_SET_ANY)]
    meant = [c for c in clocks if (c.done_when is Happening.REPLIED) is reply]
    within = protocol.roles.get(protocol.stages[dispute.stage].agreed_with or "")
    if within and not reply and reader.side is not within.side:
        return []  # agreed between two people of the other side (SU-06)
    if not meant or any(a.stage == dispute.stage and a.clock == meant[0].id for a in dispute.agreed_dates):
        return []
    said = f"please agree a date {what or f'for this {protocol.stage_word.lower()}'}"
    most = f", at most {meant[0].within.text}" if meant[0].agreed is Agreed.MUST_BE_SET else ""
    return [_to(reader, f"{said}{most}: reply AGREE BY and the date{f' {what}' if reply else ''}.")]


def _if_not(reader: Reader, dispute: Dispute, protocol: Protocol) -> str:
    role = reader.party.role if reader.party else ""
    given = [o for o in protocol.outcomes.values() if role in o.given_by and dispute.stage in o.stages]
    return "".join(f" If not, reply {o.id.replace('-', ' ').upper()} with the reasons." for o in given)


def outstanding_asked(event: Event, address: str, dispute: Dispute, protocol: Protocol) -> str:
    """Is it still missing how anything outstanding is followed up? In the letter that it is closed (SU-13), which costs
    nobody another letter: asked of whoever reported the resolution, and of those who confirmed it, for what is agreed
    is both sides'; the office is told that it is unsaid."""
    proposal = dispute.proposal
    agreed = isinstance(event, DisputeClosed) and proposal is not None and proposal.outcome == event.outcome
    if not agreed or proposal is None or not isinstance(event, DisputeClosed):
        return ""
    if not lacks_follow_up(dispute, protocol):
        return _by_which_date(event, address, dispute, protocol)
    line = "a line that begins “Outstanding issues:”, with how it will be followed up and by which date"
    if proposal.by.address == address:
        return f"Is anything outstanding? Please reply with {line}, or that nothing is."
    said_so = person_shown(proposal.by)
    if any(isinstance(p, ResolutionConfirmed) and p.by.address == address for p in dispute.history):
        return (
            "Nobody has said yet whether anything is outstanding. Please settle it between you: you, or "
            f"{said_so}, can reply with {line}, or that nothing is."
        )
    if address in (protocol.roles[role].address.lower() for role in protocol.digest.to if role in protocol.roles):
        return f"Nobody has said yet how anything outstanding is followed up. It is for {said_so} to say."
    return ""


def _by_which_date(event: DisputeClosed, address: str, dispute: Dispute, protocol: Protocol) -> str:
    """Is it still missing by when what is outstanding is followed up, where dates are asked of what is agreed ("with
    agreed timescales", NS Recording): asked of whoever reported it."""
    proposal, said = dispute.proposal, dispute.fields.get(FOLLOW_UP_KEY, "")
    outcome = protocol.outcomes.get(event.outcome)
    dated = outcome is None or DATED not in outcome.needs or first_date(said, event.at.date()) is not None
    if proposal is None or proposal.by.address != address or not said or dated or _NOTHING.match(said):
        return ""
    return (
        f"By which date is what is outstanding followed up (“{plain_words(said, 120)}”)? Please reply with a line that "
        "begins “Outstanding issues:”, with how and by which date."
    )


_NOTHING = re.compile(r"\W*(?:none|nothing|nil|no\b|not\b|n/?a\b|all (?:settled|done|resolved))", re.IGNORECASE)


def learning_asked(event: Event, case: Case, reader: Reader) -> str:
    """Is the learning still missing? Asked as each stage ends of those whom that stage was with, so that a form which
    wants it by stage is ready when it is needed (SU-15); and of whoever referred it, how they are reached."""
    dispute, protocol = case.dispute, case.protocol
    if not isinstance(event, StageEnded | DisputeClosed) or not _held(event.stage, reader, dispute, protocol):
        return ""
    boxes = [f for form in protocol.forms.values() for f in form.fields if f.key.partition(":")[2] == event.stage]
    empty = [f for f in boxes if not dispute.fields.get(f.key)]
    learning = any(f.key.startswith("learning:") for f in empty)
    due = [f for f in empty if f.needed == "stage ended"]
    said = []
    if due:
        lines = listed(f"“{f.label}:”" for f in due)
        said.append(f"The form asks what was done: please reply with a line that begins {lines}.")
    if learning:
        label = f"{protocol.stage_name(event.stage)} learning"
        said.append(
            f"Has any learning been identified? Reply with a line that begins “{label}:” and it is kept for the form."
        )
    return " ".join((*said, *_reached_how(case, reader)))


def _reached_how(case: Case, reader: Reader) -> list[str]:
    """Is it still missing how whoever referred it is reached, besides by email, where a form asks?"""
    dispute, protocol = case.dispute, case.protocol
    form = protocol.forms.get(protocol.stages[dispute.stage].record) if dispute.is_open else None
    asks = next((f.label for f in form.fields if f.key == CONTACT), "") if form is not None else ""
    by = referrer(dispute, protocol)
    if not asks or by.address != reader.person.address or dispute.fields.get(CONTACT) or telephone(by, case):
        return []
    return [f"It asks how you are reached: please reply with a line that begins “{asks}:” and your telephone number."]


def _held(stage: str, reader: Reader, dispute: Dispute, protocol: Protocol) -> bool:
    """Was ``stage`` with this reader? Only they can say what is still missing about it."""
    there = {*protocol.stages[stage].raising, *protocol.stages[stage].receiving, *protocol.stages[stage].decided_by}
    own = {p.role for p in dispute.parties if p.person.address == reader.person.address}
    return bool(there & {*own, reader.office})


def _to(reader: Reader, words: str) -> str:
    name = first_name(reader.person)
    return f"{name}, {words}" if name else words[:1].upper() + words[1:]


# What the protocol's own file asks of the raising side, as sentences and as the lines that answer: who must be told
# because of the child's status, and what a form that is waited for still lacks.

# The line that carries a box of a form in a reply, as the reader of labels knows it.
_LINES = {"summary": "Summary: ", "actions_so_far": "Actions so far: ", "evidence": "Evidence: "}


def asked_by_file(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    """What the protocol's file still asks for and is missing: (sentences, prompts), both empty for anybody but the
    raising side. The boxes of a form are asked of those alone whom the stage is with: the account is theirs."""
    if reader.side is not Side.RAISING:
        return [], []
    sentences, prompts = [], []
    for role in unanswered(dispute, protocol):
        title = plain_words(role.title, 120)
        sentences.append(f"Still to be answered: who the {title} is, or NOTE and why there is none.")
        prompts.append(f"{title}: ")
    theirs = reader.party is not None and reader.party.role in protocol.stages[dispute.stage].raising
    form = awaited_form(dispute, protocol) if theirs else None
    keys = lacking(dispute, form) if form is not None else ()
    if form is not None and keys:
        boxes = listed(inside(plain_words(f.label, 120).rstrip("?")) for f in form.fields if f.key in keys)
        sentences.append(f"“{form.title}” still needs: {boxes}.")
        prompts += [_LINES[bare] for key in keys if (bare := key.partition(":")[0]) in _LINES]
    return sentences, prompts
