"""What is still needed from this reader, said to them by name, and the lines that let them send it in one reply.

Nobody is asked for the other side's people, and nobody twice for what is there.
"""

from dataclasses import dataclass

from mailbot.core.closed_lists import Side, Source
from mailbot.core.dispute import Dispute
from mailbot.core.protocol import Protocol, Role
from mailbot.mail.turn import Reader, short_title
from mailbot.mail.wording import first_name, listed, plain

# What a field is called when it is asked for, and the label that carries it in a reply.
ASKED_FOR = {
    "issue": ("what the disagreement is about", "Issue: "),
    "impact": ("what it means for the child", "Impact on the child: "),
    "outcome_sought": ("what you want to change", "Outcome sought: "),
    "evidence": ("the evidence", "Evidence: "),
    "decision_on": ("the date of the decision you disagree with", "Date of decision: "),
    "child_status": ("whether there is a child protection plan or the child is looked after", "Status: "),
    "actions_so_far": ("what has been done so far", "Actions so far: "),
}
_ALWAYS_ASKED = ("issue", "impact")  # "what is crucial throughout this is the impact on the child" (NSSCP)


@dataclass(frozen=True, slots=True)
class Missing:
    sentences: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


def missing(reader: Reader, dispute: Dispute, protocol: Protocol) -> Missing:
    """Everything asked of ``reader``'s side that is not recorded; nothing for the partnership's own officers."""
    if reader.side not in (Side.RAISING, Side.RECEIVING) or not dispute.is_open:
        return Missing()
    people, people_prompts = _people(reader, dispute, protocol)
    fields, field_prompts = _fields(reader, dispute, protocol)
    return Missing((*people, *fields), (*people_prompts, *field_prompts))


def _people(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    nameless = [r for r in _asked_roles(reader, dispute, protocol) if not _named(r, reader, dispute)]
    titles = [f"your {short_title(role)}" for role in nameless]
    sentences = []
    if len(titles) == 1:
        sentences.append(_to(reader, f"we still need {titles[0]}'s name and email."))
    elif titles:
        sentences.append(_to(reader, f"we still need the names and emails of {listed(titles)}."))
    for role in _asked_roles(reader, dispute, protocol):
        for name in _named(role, reader, dispute):
            if name:
                sentences.append(_to(reader, f"we still need an email address for {name}."))
    asked = [r for r in _asked_roles(reader, dispute, protocol) if "" not in _named(r, reader, dispute)]
    return sentences, [f"My {_label(role)} (name and email): " for role in asked]


def _label(role: Role) -> str:
    """ "team manager" of "line or team manager": one word for the post, which the reader of labels knows."""
    return short_title(role).split(" or ")[-1]


def _named(role: Role, reader: Reader, dispute: Dispute) -> tuple[str, ...]:
    """For each holder: "" when there is an address, else their name."""
    held = [p.person for p in dispute.filling(role.id) if p.side is reader.side]
    return tuple("" if person.address else plain(person.name, 120) for person in held)


def _asked_roles(reader: Reader, dispute: Dispute, protocol: Protocol) -> list[Role]:
    order = protocol.order()
    near = [protocol.stages[s] for s in order[order.index(dispute.stage) :][:2]]
    now = {*near[0].raising, *near[0].receiving}
    soon = {name for stage in near for name in (*stage.raising, *stage.receiving)}
    return [
        role for role in protocol.roles.values()
        if role.side is reader.side and role.source in (Source.EMAIL, Source.DIRECTORY)
        and (role.ask_at or role.id in (soon if role.source is Source.EMAIL else now))
        and role.id != (reader.party.role if reader.party else "") and role.id != "responder"
    ]  # fmt: skip


def _fields(reader: Reader, dispute: Dispute, protocol: Protocol) -> tuple[list[str], list[str]]:
    if reader.side is not Side.RAISING:
        return [], []
    sentences, prompts = [], []
    alone = protocol.stages[dispute.stage].private_to is not None
    known = any(p.side is Side.RECEIVING and p.person.address for p in dispute.parties)
    if dispute.receiving and not known and not alone:
        sentences.append(
            _to(reader, f"we still need the name and email of somebody at {plain(dispute.receiving, 120)}.")
        )
        prompts.append("Other practitioner (name and email): ")
    elif not dispute.receiving and not alone:
        sentences.append(_to(reader, "who is it with? Please send the other agency, and the person's name and email."))
        prompts += ["Other agency: ", "Other practitioner (name and email): "]
    wanted = dict.fromkeys((*_ALWAYS_ASKED, *protocol.stages[dispute.stage].ask_for))
    keys = [key for key in wanted if key in ASKED_FOR and not dispute.fields.get(key)]
    if keys:
        sentences.append(_to(reader, f"please add {listed(ASKED_FOR[key][0] for key in keys)}."))
    return sentences, [*prompts, *(ASKED_FOR[key][1] for key in keys)]


def _to(reader: Reader, words: str) -> str:
    name = first_name(reader.person)
    return f"{name}, {words}" if name else words[:1].upper() + words[1:]
