"""The questions asked when a message can be read two ways, short and kind. Each says what to
reply; nothing has changed."""

from collections.abc import Mapping

from mailbot.core.record.intents import Act, Intent, Sure

RESOLVED_OR_NOT = (
    "I was not sure whether this is resolved. Please reply RESOLVED with what was agreed and actual dates, ESCALATE "
    "with what remains unresolved, or NOTE to add it to the record."
)
PART_OR_ALL = (
    "Part of what you wrote reads as agreed and part as not, so nothing is closed. What closes a dispute closes all of "
    "it. If all of it is settled, please reply RESOLVED with what was agreed and actual dates; write how a smaller "
    "point is followed up, and by when, in a line that begins “Outstanding issues:”. If part of it must go further, "
    "reply ESCALATE with what remains unresolved. To add this to the record, reply NOTE."
)
CONFIRM_PART_OR_ALL = (
    "Part of what you wrote reads as agreed and part as not, so nothing is closed. Please reply CONFIRM alone if all "
    "of it is settled, or DISAGREE with what is not: it then stays open."
)
UP_OR_NOT = (
    "I was not sure whether you want the next stage now. Please reply ESCALATE with what remains unresolved, or NOTE "
    "to add this to the record."
)
IF_OR_NOT = (
    "What you wrote sets a condition, so it has not been put to the other side. If it is settled, please reply "
    "RESOLVED with what was agreed and actual dates; if it waits for something, reply NOTE, or ESCALATE with what "
    "remains."
)
CONFIRM_OR_NOT = (
    "The other side has said that this is resolved. Please reply CONFIRM if you agree, or DISAGREE if you do not."
)
DATE_OR_NOT = "A date waits for your answer. Please reply AGREE if you agree to it, or NO if you do not."
DATE_OR_RESOLUTION = "Please reply CONFIRM to agree that it is resolved, or AGREE BY and the date to agree the date."
NOTHING_TO_AGREE = (
    "I could not tell what you are agreeing to. Please reply RESOLVED with what was agreed and actual dates, AGREE BY "
    "and a date, or NOTE."
)
OTHER_CHILD_OR_NOT = (
    "This may hold details of a child whom this dispute is not about. It has been kept back and nothing of it is "
    "passed on. If it raises another disagreement, please reply OPEN: it is then opened as a dispute of its own. If "
    "not, send it again without those details, or, where they belong here, with NOTE on its first line."
)
WHICH_DATE = "Which date do you mean? Please reply AGREE BY and the actual date."
WHICH_PROTECTIVE = "By which actual date does the child need this? Please reply NEEDED BY, the date and the reason."
WHO_TAKES_OVER = "Who takes over from you? Please reply HANDOVER TO with their name and email address."
THEIR_HANDOVER = (
    "I understood that {name} is away. Please ask them, or their manager, to reply HANDOVER TO with the name and "
    "email address of whoever takes over."
)
WHO_ADD = "Who should be added? Please reply ADD with their name and email address."
WHO_REMOVE = "Who should be removed? Please reply REMOVE and their name."
WHAT_TO_CORRECT = "What should be corrected? Please reply CORRECT, the line's name, a colon and the right words."
WITHDRAW_OR_NOT = (
    "I was not sure whether you want to withdraw this dispute. Please reply WITHDRAW and the reason, or NOTE."
)
REOPEN_OR_NOT = "This dispute is closed. Please reply REOPEN and the reason if it should be opened again, or NOTE."
HAPPENED_OR_NOT = (
    "I was not sure whether all that was agreed has happened. Please reply HAPPENED if it has, NOT HAPPENED and what "
    "has not if this must be looked at again, or NOTE if it is too soon to say."
)
WHICH_DONE = "Which of the things that were agreed is done? Please reply DONE and its words as they were agreed."
DECISION_OR_NOT = "Is this the decision? Please reply DECISION followed by its words, or NOTE."
YOUR_DECISION_TOO = (
    "Is the decision that was put to you your decision too? If it is, please reply DECISION to this letter; if not, "
    "DECISION and your own words, which are then put to the rest."
)
ASKED_WHETHER_DONE = "asked whether all that had to be done is, and answered neither"
NEXT_TIER = (
    "Has {who} this from now on, as the next tier of your management? If so, please reply ADD {as_it_is}. You stay "
    "copied in, and no time starts again. If not, reply NOTE and what is to happen."
)
SAYS_ALL_IS_DONE = "says that all that was asked about is done, and asks for it to go on"
GOES_ON = (
    "Is all that you were asked about done, and is this to go on now? If so, please reply {up}, alone or with what "
    "remains unresolved; if not, NOTE and what is still to be done."
)
MARK = "How helpful was the policy? Please reply with a mark from 1 (unhelpful) to 5 (very helpful), and any idea."
OPEN_OR_IGNORE = "Did you mean to record a disagreement with another agency? Please reply OPEN or IGNORE."
RAISE_YOUR_OWN = (
    "Is this a disagreement of your own? What you wrote was filed here, and raises nothing yet. To raise it, send a "
    "new email to this mailbox, not a reply, with {tag} in its subject and these lines: Child: (initials), Agencies: "
    "(yours first, then the one it is with), Issue:, Impact on child:, Outcome sought:. It then has a reference and a "
    "time of its own. If it belongs to this one, reply NOTE."
)
OWN_PROCEDURE = (
    "Are these two different agencies? Both sides look like the same organisation, and disagreements inside one go "
    "through its own procedure first. If they are two, please reply OPEN and say which."
)
PASTE_IT = "I cannot read attachments as messages. Please paste the words into an email and send it again."
ANSWERS_INSIDE = (
    "I could not tell your words from the email that you answered. If you wrote between its lines or below it, please "
    "send your answer again above it, or in a new email, beginning with RESOLVED, ESCALATE or NOTE."
)
NOT_TO_BE_SHARED = (
    "You ask that what you wrote is not shared. What asks for something here goes to both sides in its writer's own "
    "words, so nothing was done, and nothing was passed on. If they may see all of it, please send it again without "
    "that sentence; if not, send only what they may see, and tell the rest to whoever should know it by telephone."
)
OPEN_WITH_ALL_OF_IT = (
    "You ask that what you wrote is not shared. A disagreement is recorded in the words in which it is raised, and the "
    "other agency is sent them, so nothing was opened yet, and nothing was passed on. If they may see all of it, reply "
    "OPEN; if not, reply IGNORE and send it again with only what they may see."
)
BELOW_OTHER_WORDS = (
    "{word} stands below other words in your email, where it may be somebody else's, so nothing was done. If it is "
    "what you ask for, please reply with {word} at the top, before anything else."
)
SECOND_WORD = (
    "Do you ask for {second} too? It stands below another word in your email. That word was read; {second} was not "
    "done, for of two it cannot be told which comes first. If so, please send {second} again, at the top of an email "
    "of its own."
)
BEHIND_OTHER_WORDS = (
    "{word} stands behind other words in your email, and I could not tell whether you ask for it, so nothing was done. "
    "If it is what you ask for, please reply with {word} at the top, before anything else."
)
SUBJECT_OF_NO_ANSWER = (
    "Your email's subject is that of a draft, of an email that was forwarded, or of what a program tells about one, so "
    "nothing was done. If it is your answer, please reply to this letter with it."
)
ORDER_WITHIN = (
    "“{order}” stands within other words of your email, so nothing was done. If you ask for it, the partnership's own "
    "office writes it at the top, on a line of its own; reply HELP for what everybody can reply."
)
PASSED_ON = (
    "Part of your message looks like somebody else's words that you passed on, so nothing in it was done. If they are "
    "your own, please send them again by themselves; reply NOTE to add them to the record."
)
SIGNED_BY_ANOTHER = (
    "Below your words stands a name that I could not tell to be yours, so nothing was done. If the words are your own, "
    "please send {word} again, alone or with your own name; reply NOTE to add them to the record."
)
ATTACHED_EMAIL = (
    "An email was attached to yours, and I do not read those as your words. Please write what you want recorded, or "
    "paste its words above; reply NOTE if it is only for the record."
)
ENGLISH = "I could not read this message; a person will look at it. If you can, please send it in English too."
TWO_TEXTS = (
    "Your email came in two versions that do not say the same, and I could not tell which of them you meant. Nothing "
    "was done. Please write it again in a new email."
)
UNEXPLAINED = (
    "You asked for something that cannot be taken back easily, and beside it stand words of which I could not tell "
    "whether they take it back, put it off or are somebody else's. Nothing was done, and your words are filed. If you "
    "mean it, please send {word} again, alone or with the plain reason."
)
UNEXPLAINED_END = UNEXPLAINED.format(word="one word for it")[-60:]  # told in prose: no word of command was typed
BESIDE_DANGER = (
    "Your email may tell of danger to a child, so nothing was ended because of it. If you mean this to end, please "
    "send {word} again, alone."
)
UNDER_PRESSURE = (
    "Your email reads as if somebody made you send it, so nothing was done because of it; a person at the partnership "
    "will look at it. If you mean it for a reason of your own, please send {word} again, alone."
)
NOT_SURE_SEEN = (
    "Your email is laid out in a way that I do not know, and I could not be sure that its reader sees just what I read "
    "in it. Nothing was done. Please send it again in plain text, in a new email."
)
NO_WORDS = "I found no words of yours in your email, so nothing is recorded. Please send it again with them."
SECURE = "A secure message arrived that I cannot read. Please sign in and forward its wording to this mailbox."
MISSPELT = "I was not sure of the first word. Please send {word} again if that is what you meant, or NOTE."

# The button was pressed and sent as it opened: what stands there is ours, so nothing was said. By its word.
LEFT_EMPTY: Mapping[str, str] = {
    "RESOLVED": "What was agreed, who will do it, and by which date? Please reply RESOLVED, then the words.",
    "ESCALATE": "What remains unresolved? Please reply ESCALATE, then the words: whoever it goes to needs them.",
    "NOT RESOLVED": "What remains unresolved? Please reply NOT RESOLVED, then the words.",
    "REFER": "What remains unresolved? Please reply REFER, then the words: whoever it goes to needs them.",
    "DISAGREE": "What is not agreed? Please reply DISAGREE, then the words: the other side will want to know.",
    "REOPEN": "What is not settled? Please reply REOPEN, then the words.",
    "NOT HAPPENED": "What did not happen? Please reply NOT HAPPENED, then the words.",
    "(an answer)": "What are those who decide to know? Please reply NOTE, then the words.",
    "(feedback)": MARK,
    "": "Nothing was filled in, so nothing is recorded. Please fill in the lines and send it again.",
}

NOTHING_TO_GO_BY = "What are those who decide to know? Please reply {word}, then the words: they go by them."

# Asked because the words could not be told for sure, and not for what they bring.
NOT_SURE = frozenset(
    {
        RESOLVED_OR_NOT,
        UP_OR_NOT,
        CONFIRM_OR_NOT,
        NOTHING_TO_AGREE,
        WHICH_DATE,
        WITHDRAW_OR_NOT,
        HAPPENED_OR_NOT,
        DECISION_OR_NOT,
        REOPEN_OR_NOT,
        WHAT_TO_CORRECT,
        WHO_ADD,
        WHO_REMOVE,
        WHO_TAKES_OVER,
    }
)


def ask(question: str, words: str, *flags: str) -> Intent:
    return Intent(Act.HOLD, Sure.UNSURE, words=words, question=question, flags=flags)


# The best guess of what was meant, by what the second reader heard, and the word that says so. ``{up}`` is the word by
# which this writer moves it on.
GUESSES: Mapping[str, str] = {
    "danger": "Do you say that somebody may be in danger now? If so, do not wait for an answer here: ring 999, and "
    "tell your line manager.",
    "": "I could not tell what you would like done about this.",
    "resolved": "Do you mean that this is settled? If so, please reply RESOLVED with what was agreed and actual dates.",
    "confirms": "Do you mean that this is agreed? If so, please reply RESOLVED with what was agreed and actual dates.",
    "disagrees": "Do you mean that it is not agreed? If it should go further now, please reply {up} with what "
    "remains unresolved.",
    "take_up": "Do you want this to go to the next stage? If so, please reply {up} with what remains unresolved.",
    "date": "Do you ask for another date? If so, please reply AGREE BY and the actual date, or NEEDED BY and the date "
    "if the child needs it sooner.",
    "handover": "Does somebody take over here? If so, please reply HANDOVER TO with their name and email address.",
    "person": "Should somebody be added or taken off? If so, please reply ADD or REMOVE with their name and email "
    "address.",
    "off": "Should somebody be taken off? If so, please reply REMOVE with their name.",
    "did_not_happen": "Do you mean that something has not been done? If this should go further because of it, please "
    "reply {up} with what remains unresolved.",
    "withdraw": "Do you want to withdraw this dispute? If so, please reply WITHDRAW and the reason.",
    "decision": "Is this the decision? If so, please reply DECISION followed by its words.",
    "child_status": "Has the child's status changed? If so, please reply with a line “Child status:” and the new one.",
    "met": "Do you mean that you have met? If so, please reply “Met on” and the date.",
    "done": "Do you mean that something that was agreed is done? If so, please reply DONE and its words.",
    "corrects": "Should the record be corrected? If so, please reply CORRECT, the line's name, a colon and the right "
    "words.",
    "reopen": "Should this be opened again? If so, please reply REOPEN and the reason.",
    "needed_by": "Does the child need this by a certain day? If so, please reply NEEDED BY, the date and the reason.",
    "conference": "Do you ask for a child protection conference? If so, please ask for it in so many words.",
    "undo": "Do you mean that something was misread? If so, please reply WRONG, then what you meant.",
    "question": "Do you ask about the procedure? Please reply HELP for how it works, or STATUS for where this stands.",
    "feedback": "Is this what you think of the procedure? If so, please reply with a mark from 1 to 5, and the words.",
    "data_rights": "Do you ask for records, or wish to complain? This mailbox can answer neither: please write to the "
    "partnership's office.",
}
_AGREED = "Do you mean that this is what was agreed? If so, please reply CONFIRM; if not, reply DISAGREE."
_NOT_AGREED = (
    "Do you mean that it is not agreed? If so, please reply DISAGREE, then what is not agreed; if it is, reply CONFIRM."
)
_HAPPENED = "Do you mean that what was agreed has happened? If so, please reply HAPPENED; if not, reply NOT HAPPENED."
_NOT_HAPPENED = (
    "Do you mean that what was agreed has not happened? If so, please reply NOT HAPPENED, then what has not; if it "
    "has, reply HAPPENED."
)
_NO_LONGER = "This dispute is closed. Should it be opened again? If so, please reply REOPEN and the reason."
# The same where an answer is waited for, by what is asked.
GUESSES_WHEN: Mapping[str, Mapping[str, str]] = {
    "proposal": {
        "": "I could not tell whether you agree with what was reported as agreed. Please reply CONFIRM or DISAGREE.",
        "resolved": _AGREED,
        "confirms": _AGREED,
        "disagrees": _NOT_AGREED,
        "did_not_happen": _NOT_AGREED,
        "take_up": _NOT_AGREED,
    },
    "date": {
        "": "I could not tell whether you agree to the date that was asked for. Please reply AGREE or NO.",
        "confirms": "Do you agree to the date that was asked for? If so, please reply AGREE; if not, reply NO.",
        "disagrees": "Do you mean that the date is not agreed? If so, please reply NO; if it is, reply AGREE.",
    },
    "end": {
        "": "I could not tell whether what was agreed has happened. Please reply HAPPENED or NOT HAPPENED.",
        "resolved": _HAPPENED,
        "confirms": _HAPPENED,
        "done": _HAPPENED,
        "reopen": _NO_LONGER,
        "met": _HAPPENED,
        "disagrees": _NOT_HAPPENED,
        "did_not_happen": _NOT_HAPPENED,
        "take_up": _NO_LONGER,
    },
    "closed": {"reopen": _NO_LONGER, "disagrees": _NO_LONGER, "did_not_happen": _NO_LONGER, "take_up": _NO_LONGER},
    "stage": {
        "": "I could not tell whether this is settled. Please reply RESOLVED with what was agreed and actual dates, "
        "or {up} with what remains unresolved."
    },
}
OTHERWISE = "If you meant something else, please say so in one sentence, or reply NOTE to add this to the record."
