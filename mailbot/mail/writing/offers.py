"""Which replies a letter offers to this reader: what they may do now, as a table by letter, then by stage.

A reader is only offered what they would be allowed; what they may do besides is listed after the buttons as words.
"""

from collections.abc import Mapping

from mailbot.core.decisions.deciders import deciders, is_final
from mailbot.core.decisions.resolving import is_binding
from mailbot.core.decisions.silence import may_move_on
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.parts import State
from mailbot.core.procedure.closed_lists import Agreed, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing.buttons import FEEDBACK, MISSING, Button, button, mailto, words_in
from mailbot.mail.writing.turn import (
    Reader,
    agency_shown,
    is_referral,
    next_stage,
    office_title,
    stage_full,
    voice_shown,
)  # fmt: skip
from mailbot.mail.writing.wording import listed, opening

# Letters whose replies do not depend on the stage.
FIXED: Mapping[str, tuple[str, ...]] = {
    "refer_question": ("REFER", "RESOLVED"),
    "date_proposed": ("AGREE", "NO"),
}
# Letters after the end.
AFTER: Mapping[str, tuple[str, ...]] = {
    "feedback_asked": (FEEDBACK,),
    "action_due": ("DONE",),
    "action_unreported": ("DONE", "NOT HAPPENED"),
    "did_it_happen": ("HAPPENED", "NOT HAPPENED"),
    "did_not_happen": (),
}
SILENT = frozenset(
    {"urgent", "urgent_told", "outsider", "outsider_told", "held_told", "was_it_you", "thanks", "received", "guide",
     "out_of_scope", "not_delivered", "unreachable_told", "summary", "absence", "stage_told", "transcript"}
)  # fmt: skip


def words_for(letter: str, dispute: Dispute, protocol: Protocol, reader: Reader, question: str = "") -> tuple[str, ...]:
    """The reply words for the buttons, the likeliest first."""
    if question:
        return words_in(question)
    if letter in SILENT:
        return ()
    if letter == "proposed_told":
        objects = reader.party and reader.party.role == "raiser" and not reader.has_said(dispute)
        return ("DISAGREE",) if objects and dispute.proposal else ()  # the raiser may always (G12)
    if letter == "closed":
        again = ("REOPEN",) if reader.side is Side.RAISING and not is_binding(dispute, protocol) else ()
        return (*again, *(("DEBRIEF",) if reader.party and "debrief" in protocol.routes else ()))
    if letter == "limit_passed" and not reader.acts:
        own = ("RESOLVED",) if reader.party and dispute.is_open else ()
        return (*_moving_on(dispute, protocol, reader), *own)
    if not dispute.is_open and letter in AFTER:
        return _after(letter, dispute, protocol, reader)
    if not reader.acts or not dispute.is_open:
        return ()
    return FIXED.get(letter) or _at_stage(dispute, protocol, reader)


def _moving_on(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """For whoever may move it on in place of somebody silent: to refer it, or to move it up."""
    following = next_stage(dispute, protocol)
    if following is None or not dispute.is_open or not may_move_on(dispute, protocol, reader.person.address):
        return ()
    return ("REFER" if is_referral(following) else "ESCALATE",)


def _after(letter: str, dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Whether it happened is for the raising side and the partnership to say."""
    says = reader.side is Side.RAISING or bool(reader.office)
    return tuple(word for word in AFTER[letter] if word != "NOT HAPPENED" or says) if reader.acts else ()


def _at_stage(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    if dispute.state is State.PROPOSED:
        return () if reader.has_said(dispute) else ("CONFIRM", "DISAGREE")
    decide = deciders(dispute, protocol)
    if decide:
        if reader.decides(decide):
            return ("DECISION",)
        here = protocol.stages[dispute.stage]
        settles = (
            reader.party and reader.party.role in (*here.raising, *here.receiving) and not is_final(dispute, protocol)
        )
        return ("RESOLVED",) if settles else ()
    following = next_stage(dispute, protocol)
    words = ["RESOLVED"]
    if following and reader.side is Side.RAISING:
        words.append("REFER" if is_referral(following) else "ESCALATE")
    elif following and reader.side is Side.RECEIVING:
        words.append("NOT RESOLVED")
    return tuple(words)


def also_for(words: tuple[str, ...], dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """What may be replied besides, for those with whom the stage is."""
    if "RESOLVED" not in words or not reader.acts or dispute.state is not State.OPEN:
        return ()
    agreed = {clock.agreed for clock in protocol.clocks_of(dispute.stage)}
    dates = (
        ("AGREE BY",)
        if agreed & {Agreed.ANY_DATE, Agreed.MUST_BE_SET, Agreed.MUST_BE_SET_ANY, Agreed.RECORD_ONLY}
        else ()
    )
    return ("NEEDED BY", *dates, "HANDOVER TO")


def places(dispute: Dispute | None, protocol: Protocol, reader: Reader | None) -> Mapping[str, str]:
    """What the blanks in a reply's consequence hold for this reader."""
    if dispute is None:
        blanks = ("others", "settles", "next", "through", "raising", "stage", "binding", "no_happening")
        return dict.fromkeys(blanks, "") | {"child": protocol.subject, "office": opening(office_title(protocol))}
    stage, following = protocol.stages[dispute.stage], next_stage(dispute, protocol)
    through = protocol.roles.get(following.sent_through) if following and following.sent_through else None
    own = reader.side if reader else None
    alone = stage.private_to is not None
    others = _others(dispute, reader) if own in (Side.RAISING, Side.RECEIVING) and not alone else _both(dispute)
    return {
        "others": others[:1].upper() + others[1:],
        "settles": "It closes here. The other agency has not been told of it."
        if alone
        else f"{others[:1].upper()}{others[1:]} will be asked to confirm. It closes only when {_both(dispute)} have.",
        "next": stage_full(following, protocol) if following else "",
        "through": f", through the {through.title}" if through else "",
        "raising": agency_shown(dispute, Side.RAISING),
        "stage": stage_full(stage, protocol),
        "binding": "; it is final and binding" if is_final(dispute, protocol) else "",
        "child": protocol.subject,
        "office": opening(office_title(protocol)),
        "no_happening": _no_happening(dispute, protocol),
    }


def _both(dispute: Dispute) -> str:
    return "all of them" if len(dispute.receiving_agencies) > 1 else "both sides"


def _others(dispute: Dispute, reader: Reader | None) -> str:
    """Whoever else must agree, by the names of their agencies."""
    party = reader.party if reader else None
    mine = dispute.voice(party.side, dispute.agency_of(party)) if party else None
    return listed(voice_shown(dispute, voice) for voice in dispute.voices() if voice != mine)


def _no_happening(dispute: Dispute, protocol: Protocol) -> str:
    if is_binding(dispute, protocol):
        return f"Those who decided are told, and {office_title(protocol)}. The decision itself stays as it is"
    stage = protocol.stages[dispute.stage]
    return (
        f"It opens again at {stage_full(stage, protocol)}{'' if stage.private_to else ', and both agencies are told'}"
    )


def buttons(
    words: tuple[str, ...], dispute: Dispute | None, protocol: Protocol, reader: Reader | None,
    lines: tuple[str, ...] = (), token: str = "",
) -> tuple[Button, ...]:  # fmt: skip
    """``lines`` are the ones for what is missing; they get a button of their own at the end."""
    filled = places(dispute, protocol, reader)
    reference = dispute.reference if dispute else ""
    wanted = [(word, ()) for word in words] + ([(MISSING, lines)] if lines else [])
    return tuple(
        button(word, mailbox=protocol.mailbox, reference=reference, places=filled, lines=own, token=token)
        for word, own in wanted
    )


def start(protocol: Protocol, lines: tuple[str, ...]) -> Button:
    """The button that begins a new email to the mailbox, with the lines to fill in."""
    tag = protocol.tags[0] if protocol.tags else protocol.name
    subject = f"{tag[:1].upper()}{tag[1:]}: {protocol.stage_name(protocol.usual_start())}"
    consequence = "Copy in the person in the other agency. Sending it records the disagreement."
    return Button("Begin the email", consequence, "", "", lines, mailto(protocol.mailbox, subject, lines))
