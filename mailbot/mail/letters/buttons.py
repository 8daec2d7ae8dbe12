"""Which replies a letter offers to this reader at this stage, what each does, and the ``mailto:`` link that fills it
in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from mailbot.core.clocks.silence import may_move_on
from mailbot.core.decisions.after_closing import asks_for_feedback
from mailbot.core.decisions.authority import deciders, is_final
from mailbot.core.decisions.resolution import is_binding
from mailbot.core.decisions.stages import is_partnership_stage, stage_after
from mailbot.core.procedure.closed_lists import Agreed, Side
from mailbot.core.procedure.protocol import Protocol
from mailbot.core.record.dispute import Dispute, State
from mailbot.mail.incoming.button_tokens import token_shown
from mailbot.mail.letters.whose_turn import Reader, agency_shown, office_title, stage_full, voice_shown
from mailbot.mail.letters.wording import listed, opening

# What a reader may answer: the reply words, what each does, and the ``mailto:`` link that has it filled in.
#
# Each button is a mail the reader's own program writes and the reader sends, so a link scanner that opens every link
# changes nothing. Its subject carries the letter's token (``mailbot.mail.incoming.button_tokens``), which says what
# it answers. The same words are printed beside the button for whoever types; a true reply needs no token.

LONGEST_MAILTO = 2000  # characters, encoded: Outlook for Windows cuts a longer command line off


def mailto(mailbox: str, subject: str, lines: tuple[str, ...]) -> str:
    """The ``mailto:`` link of a button, by RFC 6068: everything but letters, digits and ``-._~`` encoded, line ends as
    %0D%0A.

    Commas and spaces are encoded too: Outlook splits a body at a bare comma and shows "+" where a space was meant.
    Raises ValueError at 2,000 characters.
    """
    said, body = quote(subject, safe=""), quote("\r\n".join(lines), safe="")
    link = f"mailto:{quote(mailbox, safe='@')}?subject={said}&body={body}"
    if len(link) >= LONGEST_MAILTO:
        raise ValueError(
            f"the reply {lines[0]!r} makes a link of {len(link)} characters; Outlook cuts one of 2,000 off"
        )
    return link


@dataclass(frozen=True, slots=True)
class Button:
    """``word`` is what the reply begins with ("" for labelled lines); ``then`` what follows; ``lines`` to fill in.

    ``mailto`` is "" where there is no reference yet: a mail begun by a link carries no In-Reply-To, so only a true
    reply to the letter can be bound to the message it asks about.
    """

    label: str
    consequence: str
    word: str
    then: str
    lines: tuple[str, ...]
    mailto: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply word before it is addressed. ``{…}`` in ``label`` and ``consequence`` are filled by ``button``.

    ``lines`` is what the mail's body holds. Each is read back by the interpreter with nothing but the answer added,
    so a hint stands in ``then``, which is printed, and never in a line, where it would be taken for an answer.
    """

    word: str
    label: str
    consequence: str
    then: str = ""
    lines: tuple[str, ...] = ()


def _table(*replies: Reply) -> Mapping[str, Reply]:
    return {reply.word: reply for reply in replies}


_MISSING = "(what is missing)"  # no word to type: the labelled lines speak for themselves
FEEDBACK = "(feedback)"
_UNRESOLVED = "then what remains unresolved"
REPLIES: Mapping[str, Reply] = _table(
    Reply(
        "RESOLVED",
        "We have agreed",
        "{settles}",
        "then what was agreed, who does it and by what actual date",
        ("RESOLVED", "What was agreed: "),
    ),
    Reply(
        "ESCALATE",
        "We have not agreed",
        "It goes to {next} now.",
        _UNRESOLVED,
        ("ESCALATE", "What remains unresolved: "),
    ),
    Reply(
        "NOT RESOLVED",
        "We have not agreed",
        "Recorded as your view. {raising} is asked whether to move it up.",
        _UNRESOLVED,
        ("NOT RESOLVED", "What remains unresolved: "),
    ),
    Reply(
        "REFER",
        "Refer it on",
        "It goes to {next}{through}, with what is recorded so far.",
        _UNRESOLVED,
        ("REFER", "What remains unresolved: "),
    ),
    Reply("CONFIRM", "Yes, that is what we agreed", "Your side's agreement is recorded. With both sides it closes."),
    Reply(
        "DISAGREE",
        "No, that is not agreed",
        "It stays open at {stage}, and the limit is what it was.",
        "then what is not agreed",
        ("DISAGREE", "What is not agreed: "),
    ),
    Reply(
        "AGREE BY",
        "Agree a date",
        "{others} will be asked. Until both sides have agreed, the limit stands.",
        "the date, and why",
        ("AGREE BY: ",),
    ),
    Reply(
        "NEEDED BY",
        "Sooner, for the {child}",
        "Your earlier date becomes the limit at once.",
        "the date, and why",
        ("NEEDED BY: ",),
    ),
    Reply("AGREE", "Yes, that date", "The date is recorded as agreed by both sides."),
    Reply("NO", "No, not that date", "The limit stands as it is.", "then why, if you like"),
    Reply(
        "HANDOVER TO",
        "To a colleague",
        "They take your place here. The clock does not stop.",
        "their name and email, and until when if you will be back",
        ("HANDOVER TO: ",),
    ),
    Reply(
        "DECISION",
        "Record the decision",
        "It closes with your decision, and both agencies are told{binding}.",
        "then the decision, who does what, and by what actual dates",
        ("DECISION", ""),
    ),
    Reply(
        "REOPEN",
        "It is not settled",
        "It opens again at {stage}, and both agencies are told.",
        "then what is not settled",
        ("REOPEN", "What is not settled: "),
    ),
    Reply("HAPPENED", "Yes, it has happened", "It is recorded, and you are not asked again about what is past."),
    Reply(
        "NOT HAPPENED",
        "No, it has not",
        "{no_happening}.",
        "then what did not happen",
        ("NOT HAPPENED", "What did not happen: "),
    ),
    Reply(
        "DONE",
        "It is done",
        "It is recorded as done, and there is no reminder of it.",
        "and which, if more than one thing was agreed",
        ("DONE",),
    ),
    Reply("DEBRIEF", "Look back on it together", "{office} is told that you would like this."),
    Reply(
        "WRONG",
        "That is not what I meant",
        "What was read is put back, and the limit is what it was.",
        "then what you meant",
        ("WRONG", ""),
    ),
    Reply("OPEN", "Yes, record it", "A disagreement is recorded, and the other agency is told."),
    Reply("IGNORE", "No, leave it", "Nothing is recorded, and nobody is told."),
    Reply("ADD", "Add them", "They become part of this and receive its letters.", "their name and email", ("ADD: ",)),
    Reply("REMOVE", "Take them off", "They receive no more letters about this.", "their name", ("REMOVE: ",)),
    Reply(
        "WITHDRAW", "Withdraw it", "It closes as withdrawn by the agency that raised it.", "and why", ("WITHDRAW: ",)
    ),
    Reply("STATUS", "Where does it stand?", "You get one letter back that says so. Nothing changes."),
    Reply("HELP", "How does this work?", "You get the procedure and the lines to fill in. Nothing changes."),
    Reply("NOTE", "Just file it", "It is kept with the record. Nothing changes."),
    Reply(
        FEEDBACK,
        "Say how helpful this was",
        "Your words go to the partnership without your name.",
        "Helpful is a mark from 1 to 5; Idea is one thing to make it better",
        ("Helpful: ", "Idea: "),
    ),
    Reply(_MISSING, "Send what is missing", "It is added to the record. Nothing else changes."),
)

# The questions that a button leaves to be answered in its body: ours, and no part of what anybody says.
OUR_QUESTIONS = frozenset(line for reply in REPLIES.values() for line in reply.lines if line.startswith("What "))


def button(
    word: str, *, mailbox: str, reference: str, places: Mapping[str, str], lines: tuple[str, ...] = (), token: str = ""
) -> Button:
    """The button for ``word``; ``lines`` stand in for the table's own. KeyError for a word nobody may reply."""
    reply = REPLIES[word]
    body = lines or reply.lines or (word,)
    said = "" if word.startswith("(") else word
    return Button(
        label=reply.label.format_map(places),
        consequence=reply.consequence.format_map(places),
        word=said,
        then=reply.then,
        lines=body,
        mailto=mailto(mailbox, f"[{reference}] RE: {said}".rstrip(": ") + token_shown(token), body)
        if reference
        else "",
    )


_SHOUTED = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})?\b")


def words_in(question: str) -> tuple[str, ...]:
    """The reply words that a question offers as buttons, in its order: "Reply OPEN or IGNORE." gives both."""
    found: list[str] = []
    for shouted in _SHOUTED.findall(question):
        found += [shouted] if shouted in REPLIES else [part for part in shouted.split() if part in REPLIES]
    return tuple(dict.fromkeys(found))


# Which replies a letter offers to this reader: what they may do now, as a table by letter, then by stage.
#
# A reader is only offered what they would be allowed; what they may do besides is listed after the buttons as words.

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
    {
        "urgent",
        "urgent_told",
        "outsider",
        "outsider_told",
        "held_told",
        "was_it_you",
        "thanks",
        "received",
        "guide",
        "out_of_scope",
        "not_delivered",
        "unreachable_told",
        "trouble_told",
        "summary",
        "absence",
        "stage_told",
        "transcript",
    }
)


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
        debrief = ("DEBRIEF",) if reader.party and protocol.look_back else ()
        return (*again, *debrief, *_feedback(dispute, protocol, reader))
    if letter == "limit_passed" and not reader.acts:
        own = ("RESOLVED",) if reader.party and dispute.is_open else ()
        return (*_moving_on(dispute, protocol, reader), *own)
    if not dispute.is_open and letter in AFTER:
        return _after(letter, dispute, protocol, reader)
    if not reader.acts or not dispute.is_open:
        return ()
    return FIXED.get(letter) or _at_stage(dispute, protocol, reader)


def _moving_on(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Buttons for whoever may move it on in place of somebody silent: to refer it, or to move it up."""
    following = stage_after(dispute, protocol)
    if following is None or not dispute.is_open or not may_move_on(dispute, protocol, reader.person.address):
        return ()
    return ("REFER" if is_partnership_stage(following) else "ESCALATE",)


def _after(letter: str, dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Which reply buttons a letter offers after closing: whether it happened is for the raising side and the
    partnership to say."""
    says = reader.side is Side.RAISING or bool(reader.office)
    words = tuple(word for word in AFTER[letter] if word != "NOT HAPPENED" or says) if reader.acts else ()
    return (*words, FEEDBACK) if letter == "did_it_happen" and asks_for_feedback(dispute, protocol) else words


def _feedback(dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """The button for feedback in a closing letter: for the managers of the last stage, whose form asks for it at close.
    Whoever raised it is asked later, beside the question whether it happened."""
    stage = protocol.stages[dispute.stage]
    here = reader.party is not None and reader.party.role in (*stage.raising, *stage.receiving)
    is_raiser = any(p.person.address == reader.person.address for p in dispute.filling("raiser"))
    return (FEEDBACK,) if here and not is_raiser and asks_for_feedback(dispute, protocol) else ()


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
    following = stage_after(dispute, protocol)
    words = ["RESOLVED"]
    if following and reader.side is Side.RAISING:
        words.append("REFER" if is_partnership_stage(following) else "ESCALATE")
    elif following and reader.side is Side.RECEIVING:
        words.append("NOT RESOLVED")
    return tuple(words)


def also_for(words: tuple[str, ...], dispute: Dispute, protocol: Protocol, reader: Reader) -> tuple[str, ...]:
    """Reply words offered beside the buttons: what may be replied besides, for those with whom the stage is."""
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
    """The blanks in a button's consequence: what the blanks in a reply's consequence hold for this reader."""
    if dispute is None:
        blanks = ("others", "settles", "early", "next", "through", "raising", "stage", "binding", "no_happening")
        return dict.fromkeys(blanks, "") | {"child": protocol.subject, "office": opening(office_title(protocol))}
    stage, following = protocol.stages[dispute.stage], stage_after(dispute, protocol)
    through = protocol.roles.get(following.sent_through) if following and following.sent_through else None
    own = reader.side if reader else None
    alone = stage.private_to is not None
    others = _others(dispute, reader) if own in (Side.RAISING, Side.RECEIVING) and not alone else _both(dispute)
    return {
        "others": others[:1].upper() + others[1:],
        "settles": "It closes here. The other agency has not been told of it."
        if alone
        else f"{_the_others(dispute, own)} asked to confirm; then it closes.",
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


def _the_others(dispute: Dispute, own: Side | None) -> str:
    """Whoever must still confirm, as a side."""
    if own not in (Side.RAISING, Side.RECEIVING):
        return f"{_both(dispute)[:1].upper()}{_both(dispute)[1:]} are"
    return "The others are" if len(dispute.receiving_agencies) > 1 else "The other side is"


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
    words: tuple[str, ...],
    dispute: Dispute | None,
    protocol: Protocol,
    reader: Reader | None,
    lines: tuple[str, ...] = (),
    token: str = "",
) -> tuple[Button, ...]:
    """The buttons of a letter for its reader. ``lines`` are the ones for what is missing; they get a button of their
    own at the end."""
    filled = places(dispute, protocol, reader)
    reference = dispute.reference if dispute else ""
    wanted = [(word, ()) for word in words] + ([(_MISSING, lines)] if lines else [])
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
