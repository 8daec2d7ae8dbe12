"""Which replies a letter offers to this reader: what they may do now, as a table by letter, then by stage.

A reader is only offered what they would be allowed; what they may do besides is listed after the buttons as words.
"""

from collections.abc import Mapping

from mailbot.core.decisions.deciders import deciders, is_final
from mailbot.core.decisions.resolving import BY_OFFICE
from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.parts import State
from mailbot.core.procedure.closed_lists import Agreed, Effect, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.mail.writing.buttons import FEEDBACK, MISSING, Button, button, mailto, words_in
from mailbot.mail.writing.turn import Reader, agency_shown, is_referral, next_stage, other, stage_full

# Letters whose replies do not depend on the stage.
FIXED: Mapping[str, tuple[str, ...]] = {
    "refer_question": ("REFER", "RESOLVED"),
    "date_proposed": ("AGREE", "NO"),
    "feedback_asked": (FEEDBACK,),
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
        objects = reader.party and reader.party.role == "raiser" and reader.side not in dispute.confirmed
        return ("DISAGREE",) if objects and dispute.proposal else ()  # the raiser may always (G12)
    if letter == "closed":
        return ("REOPEN",) if reader.side is Side.RAISING and not _is_binding(dispute, protocol) else ()
    if letter == "limit_passed" and not reader.acts:
        return ("RESOLVED",) if reader.party and dispute.is_open else ()
    if not reader.acts or not dispute.is_open:
        return ()
    return FIXED.get(letter) or _at_stage(dispute, protocol, reader)


def _is_binding(dispute: Dispute, protocol: Protocol) -> bool:
    """Closed by a decision that is final: at a stage, or by a route, whose decision the protocol calls binding."""
    routes = (protocol.routes.get(name) for name, _ in dispute.routes)
    by_route = any(route is not None and route.effect is Effect.FINAL for route in routes)
    agreed = dispute.proposal is not None and dispute.proposal.outcome == dispute.outcome
    final = protocol.stages[dispute.stage].final_and_binding
    return by_route or (final and not agreed and dispute.outcome not in ("withdrawn", BY_OFFICE))


def _at_stage(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    if dispute.state is State.PROPOSED:
        return () if reader.side in dispute.confirmed else ("CONFIRM", "DISAGREE")
    decide = deciders(dispute, protocol)
    if decide:
        return ("DECISION",) if reader.office in decide else ()
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
    dates = ("AGREE BY",) if agreed & {Agreed.ANY_DATE, Agreed.MUST_BE_SET, Agreed.RECORD_ONLY} else ()
    return ("NEEDED BY", *dates, "HANDOVER TO")


def places(dispute: Dispute | None, protocol: Protocol, reader: Reader | None) -> Mapping[str, str]:
    """What the blanks in a reply's consequence hold for this reader."""
    if dispute is None:
        return dict.fromkeys(("others", "settles", "next", "through", "raising", "stage", "binding"), "") | {
            "child": protocol.subject
        }
    stage, following = protocol.stages[dispute.stage], next_stage(dispute, protocol)
    through = protocol.roles.get(following.sent_through) if following and following.sent_through else None
    own = reader.side if reader else None
    alone = stage.private_to is not None
    others = agency_shown(dispute, other(own)) if own in (Side.RAISING, Side.RECEIVING) and not alone else "Both sides"
    return {
        "others": others[:1].upper() + others[1:],
        "settles": "It closes here. The other agency has not been told of it."
        if alone
        else f"{others[:1].upper()}{others[1:]} will be asked to confirm. It closes only when both sides have.",
        "next": stage_full(following, protocol) if following else "",
        "through": f", through the {through.title}" if through else "",
        "raising": agency_shown(dispute, Side.RAISING),
        "stage": stage_full(stage, protocol),
        "binding": "; it is final and binding" if is_final(dispute, protocol) else "",
        "child": protocol.subject,
    }


def buttons(
    words: tuple[str, ...], dispute: Dispute | None, protocol: Protocol, reader: Reader | None,
    lines: tuple[str, ...] = (),
) -> tuple[Button, ...]:  # fmt: skip
    """``lines`` are the ones for what is missing; they get a button of their own at the end."""
    filled = places(dispute, protocol, reader)
    reference = dispute.reference if dispute else ""
    made = [button(word, mailbox=protocol.mailbox, reference=reference, places=filled) for word in words]
    if lines:
        made.append(button(MISSING, mailbox=protocol.mailbox, reference=reference, places=filled, lines=lines))
    return tuple(made)


def start(protocol: Protocol, lines: tuple[str, ...]) -> Button:
    """The button that begins a new email to the mailbox, with the lines to fill in."""
    tag = protocol.tags[0] if protocol.tags else protocol.name
    subject = f"{tag[:1].upper()}{tag[1:]}: {protocol.stage_name(protocol.usual_start())}"
    consequence = "Copy in the person in the other agency. Sending it records the disagreement."
    return Button("Begin the email", consequence, "", "", lines, mailto(protocol.mailbox, subject, lines))
