"""What a reader may answer: the reply words, what each does, and the ``mailto:`` link that has it filled in.

Each button is a mail the reader's own program writes and the reader sends, so a link scanner that opens every link
changes nothing. The same words are printed beside the button for whoever types.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

LONGEST_MAILTO = 2000  # characters, encoded: Outlook for Windows cuts a longer command line off


@dataclass(frozen=True, slots=True)
class Button:
    """``word`` is what the reply begins with; ``label`` is on the button; ``consequence`` is what sending it does."""

    label: str
    consequence: str
    word: str
    prompts: tuple[str, ...]
    mailto: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply word before it is addressed. ``{…}`` in ``consequence`` are the places that ``button`` fills."""

    word: str
    label: str
    consequence: str
    prompts: tuple[str, ...] = ()


def _table(*replies: Reply) -> Mapping[str, Reply]:
    return {reply.word: reply for reply in replies}


REPLIES: Mapping[str, Reply] = _table(
    Reply(
        "RESOLVED", "We have agreed",
        "{others} will be asked to confirm. It closes only when both sides have.",
        ("What was agreed: ", "Action, who, by what date: ", "Date agreed: "),
    ),
    Reply("ESCALATE", "We have not agreed", "It goes to {next} now, without waiting for the limit.",
          ("What remains unresolved: ",)),
    Reply("NOT RESOLVED", "We have not agreed", "Recorded as your view. {raising} is asked whether to move it up.",
          ("What remains unresolved: ",)),
    Reply("REFER", "Refer it on", "It goes to {next}{through}, with what is recorded so far.",
          ("What remains unresolved: ",)),
    Reply("CONFIRM", "Yes, that is what we agreed", "Your side's agreement is recorded. With both sides it closes."),
    Reply("DISAGREE", "No, that is not agreed", "It stays open at {stage}, and the limit is what it was.",
          ("What is not agreed: ",)),
    Reply("AGREE BY", "Agree a date", "{others} will be asked. Until both sides have agreed, the limit stands.",
          ("Date: ", "Why: ")),
    Reply("NEEDED BY", "The {child} needs it sooner", "Your earlier date becomes the limit at once.",
          ("Date: ", "Why: ")),
    Reply("AGREE", "Yes, that date", "The date is recorded as agreed by both sides."),
    Reply("NO", "No, not that date", "The limit stands as it is.", ("Why: ",)),
    Reply("HANDOVER TO", "Hand over to a colleague", "They take your place here. The clock does not stop.",
          ("Name and email: ", "Until, if you will be back: ")),
    Reply("DECISION", "Record the decision", "It closes with your decision, and both agencies are told{binding}.",
          ("The decision: ", "Action, who, by what date: ")),
    Reply("REOPEN", "It is not settled", "It opens again at {stage}, and both agencies are told.",
          ("What is not settled: ",)),
    Reply("WRONG", "That is not what I meant", "What was read is put back, and the limit is what it was.",
          ("What I meant: ",)),
    Reply("OPEN", "Yes, record it", "A disagreement is recorded, and the other agency is told."),
    Reply("IGNORE", "No, leave it", "Nothing is recorded, and nobody is told."),
    Reply("ADD", "Add them", "They become part of this and receive its letters.", ("Name and email: ",)),
    Reply("REMOVE", "Take them off", "They receive no more letters about this.", ("Name: ",)),
    Reply("WITHDRAW", "Withdraw it", "It closes as withdrawn by the agency that raised it.", ("Why: ",)),
    Reply("STATUS", "Where does it stand?", "You get one letter back that says so. Nothing changes."),
    Reply("HELP", "How does this work?", "You get the procedure and the lines to fill in. Nothing changes."),
    Reply("NOTE", "Just file it", "It is kept with the record. Nothing changes."),
    Reply("MET", "We have met or spoken", "The meeting is recorded. The limit stays as it is.", ("On: ", "With: ")),
    Reply("ACTION DONE", "An action is done", "It is marked as done on the record.", ("Which action: ",)),
    Reply("FEEDBACK", "Tell us", "Your words go to the partnership without your name.",
          ("How helpful, from 1 to 5: ", "One idea to make it better: ")),
    Reply("NAMES", "Send what is missing", "It is added to the record. Nothing else changes."),
)  # fmt: skip


def button(
    word: str, *, mailbox: str, reference: str, places: Mapping[str, str], prompts: tuple[str, ...] = ()
) -> Button:
    """The button for ``word``; ``prompts`` stand in for the table's own. KeyError for a word nobody may reply."""
    reply = REPLIES[word]
    asked = prompts or reply.prompts
    said = "" if word == "NAMES" else word
    return Button(
        label=reply.label.format_map(places),
        consequence=reply.consequence.format_map(places),
        word=said,
        prompts=asked,
        mailto=mailto(mailbox, reference, said, asked),
    )


def mailto(mailbox: str, reference: str, word: str, prompts: tuple[str, ...]) -> str:
    """RFC 6068: everything but letters, digits and ``-._~`` encoded, line ends as %0D%0A.

    Commas and spaces are encoded too: Outlook splits a body at a bare comma and shows "+" where a space was meant.
    Raises ValueError at 2,000 characters.
    """
    subject = f"[{reference}] RE: {word}" if reference else f"RE: {word}"
    body = "\r\n".join(line for line in (word, *prompts) if line)
    link = (
        f"mailto:{quote(mailbox, safe='@')}?subject={quote(subject.rstrip(': '), safe='')}&body={quote(body, safe='')}"
    )
    if len(link) >= LONGEST_MAILTO:
        raise ValueError(f"the reply {word!r} makes a link of {len(link)} characters; Outlook cuts one of 2,000 off")
    return link


_SHOUTED = re.compile(r"\b[A-Z]{2,}(?: [A-Z]{2,})?\b")


def words_in(question: str) -> tuple[str, ...]:
    """The reply words that a question offers, in its order: "Reply OPEN or IGNORE." gives both."""
    found: list[str] = []
    for shouted in _SHOUTED.findall(question):
        found += [shouted] if shouted in REPLIES else [part for part in shouted.split() if part in REPLIES]
    return tuple(dict.fromkeys(word for word in found if word != "NAMES"))
