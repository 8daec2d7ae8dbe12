"""Which replies a letter offers to this reader at this stage, what each does, and the ``mailto:`` link that fills it
in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.resolution import is_binding
from mailbot.core.decisions.stages import stage_after, stage_of_referral
from mailbot.core.decisions.who_may.authority import is_final, moves_up
from mailbot.core.decisions.who_may.replies_taken import FEEDBACK
from mailbot.core.notices.offered import Reader, replies_offered
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Protocol, Route
from mailbot.core.record.dispute import Dispute
from mailbot.mail.incoming.button_tokens import token_shown
from mailbot.mail.letters.whose_turn import agency_shown, office_title, stage_full, voice_shown
from mailbot.mail.letters.wording import listed, opening, person_shown

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
_ANSWER = "(an answer)"  # to a question of those who decide; its word is NOTE
_ROUTE = "(a way of the file's own)"  # its word is the name of the way: "EXCEPTIONAL"
_UNSETTLED = "We have not agreed"
_UNRESOLVED = "then what remains unresolved"
REPLIES: Mapping[str, Reply] = _table(
    Reply(
        "RESOLVED",
        "We have agreed",
        "{settles}",
        "then what was agreed, who does what, by when",
        ("RESOLVED", "What was agreed: "),
    ),
    Reply(
        "ESCALATE",
        "{unsettled}",
        "{up}.",
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
        "{on}.",
        _UNRESOLVED,
        ("REFER", "What remains unresolved: "),
    ),
    Reply("CONFIRM", "Yes, we agreed this", "It is recorded for your side."),
    Reply(
        "DISAGREE",
        "No, not agreed",
        "It stays open, and the limit is what it was.",
        "then what is not agreed",
        ("DISAGREE", "What is not agreed: "),
    ),
    Reply(
        "AGREE BY",
        "Another date",
        "{others} will be asked. Until both sides have agreed, the limit stands.",
        "the date, and why",
        ("AGREE BY: ",),
    ),
    Reply(
        "NEEDED BY",
        "Sooner",
        "Your earlier date becomes the limit at once.",
        "the date, and why",
        ("NEEDED BY: ",),
    ),
    Reply("AGREE", "Yes, that date", "The date is recorded as agreed."),
    Reply("NO", "No, not that date", "The limit stands as it is.", "then why, if you like"),
    Reply(
        "HANDOVER TO",
        "A colleague",
        "They take {whose} place here. The clock does not stop.",
        "their name and email, and until when if you will be back",
        ("HANDOVER TO: ",),
    ),
    Reply(
        "DECISION",
        "Record the decision",
        "It closes {decided}, and {agencies} are told{binding}.",
        "then the decision, who does what, and by what actual dates",
        ("DECISION", ""),
    ),
    Reply(
        "REOPEN",
        "It is not settled",
        "It opens again at {stage}, and {agencies} are told.",
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
        "Yes",
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
    Reply("WRONG CASE", "It is about something else", "Your email is opened as a dispute of its own."),
    Reply("OPEN", "Yes, record it", "A disagreement is recorded, and the other agency is told."),
    Reply("IGNORE", "No, leave it", "Nothing is recorded, and nobody is told."),
    Reply("ADD", "Add them", "They become part of this and receive its letters.", "their name and email", ("ADD: ",)),
    Reply("REMOVE", "Take them off", "They receive no more letters about this.", "their name", ("REMOVE: ",)),
    Reply(
        "WITHDRAW", "Withdraw it", "It closes as withdrawn by the agency that raised it.", "and why", ("WITHDRAW: ",)
    ),
    Reply("STATUS", "Where does it stand?", "You get one letter back that says so. Nothing changes."),
    Reply("HELP", "How does this work?", "You get the procedure and the lines to fill in. Nothing changes."),
    Reply("NOTE", "Add it to the record", "Nothing else changes."),
    Reply(
        FEEDBACK,
        "Say how helpful this was",
        "Your words go to the partnership without your name.",
        "Helpful is a mark from 1 to 5; Idea is one thing to make it better",
        ("Helpful: ", "Idea: "),
    ),
    Reply(_MISSING, "Send what is missing", "It is added to the record. Nothing else changes."),
    Reply(
        _ANSWER,
        "Answer them",
        "It goes to those who decide, and is kept on the record.",
        "then your account",
        ("NOTE", "What they are to know: "),
    ),
    Reply(
        _ROUTE,
        "Take it there",
        "{way}",
        "then your reasons, as they are to be read there",
        ("What they are to know: ",),
    ),
)

# The questions that a button leaves to be answered in its body: ours, and no part of what anybody says.
OUR_QUESTIONS = frozenset(line for reply in REPLIES.values() for line in reply.lines if line.startswith("What "))


def button(
    word: str, *, mailbox: str, reference: str, places: Mapping[str, str], lines: tuple[str, ...] = (), token: str = ""
) -> Button:
    """The button for ``word``; ``lines`` stand in for the table's own. KeyError for a word nobody may reply."""
    way = REPLIES[_ROUTE]
    reply = REPLIES[word] if word in REPLIES or not places["way"] else replace(way, lines=(word, *way.lines))
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


_ANSWERED_ELSEWHERE = re.compile(r"\bask them to reply [^.;]*|\bYES or NO\b")


_A_WAY = re.compile(r"\bReply ([A-Z]{2,}(?: [A-Z]{2,})*)\b")


def words_in(question: str, protocol: Protocol | None = None) -> tuple[str, ...]:
    """The reply words that a question offers as buttons, in its order: "Reply OPEN or IGNORE." gives both; "Reply
    EXCEPTIONAL", where the file has a way of that name. What somebody else is to be asked for is no reply of its
    reader, nor is the YES or NO that answers another letter."""
    ways = [word for word in _A_WAY.findall(question) if protocol is not None and way_called(word, protocol)]
    found: list[str] = []
    for shouted in _SHOUTED.findall(_ANSWERED_ELSEWHERE.sub("", question)):
        known = shouted in REPLIES or shouted in ways
        found += [shouted] if known else [part for part in shouted.split() if part in REPLIES]
    return tuple(dict.fromkeys(found))


def words_for(letter: str, reader: Reader, case: Case, question: str = "") -> tuple[str, ...]:
    """The reply words for the buttons, the likeliest first: those that a question offers, else what is offered to its
    reader by ``letter``."""
    return words_in(question, case.protocol) if question else replies_offered(letter, reader, case)


_BLANKS = ("others", "settles", "early", "up", "on", "raising", "stage", "decided", "binding", "no_happening", "way")


def places(dispute: Dispute | None, protocol: Protocol, reader: Reader | None) -> Mapping[str, str]:
    """The blanks in a button's consequence: what the blanks in a reply's consequence hold for this reader."""
    if dispute is None:
        return dict.fromkeys(_BLANKS, "") | {
            "agencies": "both agencies",
            "unsettled": _UNSETTLED,
            "child": protocol.subject,
            "office": opening(office_title(protocol)),
            "whose": "your",
        }
    stage, following = protocol.stages[dispute.stage], stage_after(dispute, protocol)
    referred = stage_of_referral(dispute, protocol)
    through = protocol.roles.get(referred.sent_through) if referred and referred.sent_through else None
    way = f", through the {through.title}" if through else ""
    up = f"goes to {protocol.stage_name(following.id)} now" if following else ""
    on = f"goes to {protocol.stage_name(referred.id)}{way}" if referred else ""
    own = reader.side if reader else None
    alone = stage.private_to is not None
    others = _others(dispute, reader) if own in (Side.RAISING, Side.RECEIVING) and not alone else _both(dispute)
    return {
        "others": others[:1].upper() + others[1:],
        "agencies": _all_agencies(dispute),
        "settles": "It closes here. The other agency has not been told of it."
        if alone
        else f"It closes when {_the_others(dispute, own)}.",
        "unsettled": "Move it up" if reader and reader.office else _UNSETTLED,
        "up": _goes_up(up, reader, dispute, protocol),
        "on": _goes_up(on, reader, dispute, protocol),
        "raising": agency_shown(dispute, Side.RAISING),
        "stage": stage_full(stage, protocol),
        "decided": "when all of you have decided the same" if stage.together else "with your decision",
        "binding": "; it is final and binding" if is_final(dispute, protocol) else "",
        "child": protocol.subject,
        "office": opening(office_title(protocol)),
        "no_happening": _no_happening(dispute, protocol),
        "whose": "your",
        "way": "",
    }


def _way(word: str, protocol: Protocol) -> str:
    """What a reply brings that takes a way of the file's own by its name; "" of any other word."""
    route = way_called(word, protocol)
    if route is None:
        return ""
    to = listed(f"the {protocol.roles[name].title}" for name in route.to) or f"“{route.name}”"
    through = f", through the {protocol.roles[route.sent_through].title}" if route.sent_through else ""
    return f"It goes to {to} today{through}."


def way_called(word: str, protocol: Protocol) -> Route | None:
    """The way of the file's own that a reply takes by its name ("EXCEPTIONAL")."""
    return next((one for one in protocol.routes.values() if one.id.replace("-", " ").upper() == word), None)


def _goes_up(where: str, reader: Reader | None, dispute: Dispute, protocol: Protocol) -> str:
    """What a reply that moves it up brings: the move, of whoever may ask for it; else it is put to those who may."""
    party = reader.party if reader else None
    if not where:
        return "Recorded as your view"
    if party is None or moves_up(party, dispute, protocol):
        return f"It {where}"
    here = protocol.stages[dispute.stage].raising
    theirs = [p.person for p in dispute.parties if p.role in here and p.side is Side.RAISING]
    who = listed(dict.fromkeys(person_shown(one) for one in theirs)) or agency_shown(dispute, Side.RAISING)
    return f"It is put to {who}, who may move it on"


def _all_agencies(dispute: Dispute) -> str:
    return "all the agencies" if len(dispute.receiving_agencies) > 1 else "both agencies"


def _both(dispute: Dispute) -> str:
    return "all of them" if len(dispute.receiving_agencies) > 1 else "both sides"


def _the_others(dispute: Dispute, own: Side | None) -> str:
    """Whoever must still confirm, as a side, with its verb."""
    if own not in (Side.RAISING, Side.RECEIVING):
        return f"{_both(dispute)} confirm"
    return "the others confirm" if len(dispute.receiving_agencies) > 1 else "the other side confirms"


def _others(dispute: Dispute, reader: Reader | None) -> str:
    """Whoever else must agree, by the names of their agencies."""
    party = reader.party if reader else None
    mine = dispute.voice(party.side, dispute.agency_of(party)) if party else None
    return listed(voice_shown(dispute, voice) for voice in dispute.voices() if voice != mine)


def _no_happening(dispute: Dispute, protocol: Protocol) -> str:
    if is_binding(dispute, protocol):
        told = f"Those who decided are told, {office_title(protocol)}, and both agencies"
        return f"{told}. The decision itself stays as it is"
    stage = protocol.stages[dispute.stage]
    told = "" if stage.private_to else f", and {_all_agencies(dispute)} are told"
    return f"It opens again at {stage_full(stage, protocol)}{told}"


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
        button(
            word,
            mailbox=protocol.mailbox,
            reference=reference,
            places=filled if word in REPLIES else {**filled, "way": _way(word, protocol)},
            lines=own,
            token=token,
        )
        for word, own in wanted
    )


def for_whoever_is_away(made: tuple[Button, ...], name: str) -> tuple[Button, ...]:
    """What the letter that asks who has it now takes, at the place of its buttons: whose place is passed on is that of
    whoever is away, which only a reply to this very letter can say."""
    said = f"They take the place of {name} here. The clock does not stop."
    then = "the name and email of whoever has it, and until when"
    return tuple(replace(one, label="Say who has it", consequence=said, then=then, mailto="") for one in made)


def to_those_who_ask(dispute: Dispute, protocol: Protocol, token: str) -> tuple[Button, ...]:
    """The button of the letter by which those who decide ask everybody in it: what is answered goes to them."""
    made = button(_ANSWER, mailbox=protocol.mailbox, reference=dispute.reference, places={}, token=token)
    return (replace(made, word="NOTE"),)


def start(protocol: Protocol, lines: tuple[str, ...]) -> Button:
    """The button that begins a new email to the mailbox, with the lines to fill in."""
    tag = protocol.tags[0] if protocol.tags else protocol.name
    subject = f"{tag[:1].upper()}{tag[1:]}: {protocol.stage_name(protocol.usual_start())}"
    consequence = "Copy in the person in the other agency. Sending it records the disagreement."
    return Button("Begin the email", consequence, "", "", lines, mailto(protocol.mailbox, subject, lines))
