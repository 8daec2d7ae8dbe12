"""What a reader may answer: the reply words, what each does, and the ``mailto:`` link that has it filled in.

Each button is a mail the reader's own program writes and the reader sends, so a link scanner that opens every link
changes nothing. Its subject carries the letter's token (``mailbot.mail.tokens``), which says what it answers. The same
words are printed beside the button for whoever types; a true reply needs no token.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from mailbot.mail.tokens import shown

LONGEST_MAILTO = 2000  # characters, encoded: Outlook for Windows cuts a longer command line off


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


MISSING = "(what is missing)"  # no word to type: the labelled lines speak for themselves
FEEDBACK = "(feedback)"
_UNRESOLVED = "then what remains unresolved"
REPLIES: Mapping[str, Reply] = _table(
    Reply("RESOLVED", "We have agreed", "{settles}",
          "then what was agreed, who does what, and by what actual dates", ("RESOLVED", "What was agreed: ")),
    Reply("ESCALATE", "We have not agreed", "It goes to {next} now, without waiting for the limit.", _UNRESOLVED,
          ("ESCALATE", "What remains unresolved: ")),
    Reply("NOT RESOLVED", "We have not agreed", "Recorded as your view. {raising} is asked whether to move it up.",
          _UNRESOLVED, ("NOT RESOLVED", "What remains unresolved: ")),
    Reply("REFER", "Refer it on", "It goes to {next}{through}, with what is recorded so far.", _UNRESOLVED,
          ("REFER", "What remains unresolved: ")),
    Reply("CONFIRM", "Yes, that is what we agreed", "Your side's agreement is recorded. With both sides it closes."),
    Reply("DISAGREE", "No, that is not agreed", "It stays open at {stage}, and the limit is what it was.",
          "then what is not agreed", ("DISAGREE", "What is not agreed: ")),
    Reply("AGREE BY", "Agree a date", "{others} will be asked. Until both sides have agreed, the limit stands.",
          "the date, and why", ("AGREE BY: ",)),
    Reply("NEEDED BY", "The {child} needs it sooner", "Your earlier date becomes the limit at once.",
          "the date, and why", ("NEEDED BY: ",)),
    Reply("AGREE", "Yes, that date", "The date is recorded as agreed by both sides."),
    Reply("NO", "No, not that date", "The limit stands as it is.", "then why, if you like"),
    Reply("HANDOVER TO", "Hand over to a colleague", "They take your place here. The clock does not stop.",
          "their name and email, and until when if you will be back", ("HANDOVER TO: ",)),
    Reply("DECISION", "Record the decision", "It closes with your decision, and both agencies are told{binding}.",
          "then the decision, who does what, and by what actual dates", ("DECISION", "")),
    Reply("REOPEN", "It is not settled", "It opens again at {stage}, and both agencies are told.",
          "then what is not settled", ("REOPEN", "What is not settled: ")),
    Reply("HAPPENED", "Yes, it has happened", "It is recorded, and you are not asked again about what is past."),
    Reply("NOT HAPPENED", "No, it has not", "{no_happening}.", "then what did not happen",
          ("NOT HAPPENED", "What did not happen: ")),
    Reply("DONE", "It is done", "It is recorded as done, and there is no reminder of it.",
          "and which, if more than one thing was agreed", ("DONE",)),
    Reply("DEBRIEF", "Look back on it together", "{office} is told that you would like this."),
    Reply("WRONG", "That is not what I meant", "What was read is put back, and the limit is what it was.",
          "then what you meant", ("WRONG", "")),
    Reply("OPEN", "Yes, record it", "A disagreement is recorded, and the other agency is told."),
    Reply("IGNORE", "No, leave it", "Nothing is recorded, and nobody is told."),
    Reply("ADD", "Add them", "They become part of this and receive its letters.", "their name and email", ("ADD: ",)),
    Reply("REMOVE", "Take them off", "They receive no more letters about this.", "their name", ("REMOVE: ",)),
    Reply("WITHDRAW", "Withdraw it", "It closes as withdrawn by the agency that raised it.", "and why",
          ("WITHDRAW: ",)),
    Reply("STATUS", "Where does it stand?", "You get one letter back that says so. Nothing changes."),
    Reply("HELP", "How does this work?", "You get the procedure and the lines to fill in. Nothing changes."),
    Reply("NOTE", "Just file it", "It is kept with the record. Nothing changes."),
    Reply(FEEDBACK, "Tell us", "Your words go to the partnership without your name.",
          "Helpful is a mark from 1 to 5; Idea is one thing to make it better", ("Helpful: ", "Idea: ")),
    Reply(MISSING, "Send what is missing", "It is added to the record. Nothing else changes."),
)  # fmt: skip


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
        mailto=mailto(mailbox, f"[{reference}] RE: {said}".rstrip(": ") + shown(token), body) if reference else "",
    )


def mailto(mailbox: str, subject: str, lines: tuple[str, ...]) -> str:
    """RFC 6068: everything but letters, digits and ``-._~`` encoded, line ends as %0D%0A.

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


_SHOUTED = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})?\b")


def words_in(question: str) -> tuple[str, ...]:
    """The reply words that a question offers, in its order: "Reply OPEN or IGNORE." gives both."""
    found: list[str] = []
    for shouted in _SHOUTED.findall(question):
        found += [shouted] if shouted in REPLIES else [part for part in shouted.split() if part in REPLIES]
    return tuple(dict.fromkeys(found))
