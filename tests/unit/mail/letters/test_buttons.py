"""A button is a promise: the mail it writes, with the answer filled in, is read back as the act it named."""

from urllib.parse import parse_qs, urlsplit

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.intents import Act
from mailbot.mail.letters.buttons import Button
from mailbot.mail.understanding.context import Said
from mailbot.mail.understanding.interpret import interpret
from tests.unit.mail.letters import letter_stories as s


def _body(button: Button) -> list[str]:
    return parse_qs(urlsplit(button.mailto).query, keep_blank_values=True)["body"][0].split("\r\n")


ANSWERS: dict[str, tuple[str, Act]] = {
    "RESOLVED": ("A joint visit will be made by 14 September 2026.", Act.PROPOSE_RESOLUTION),
    "ESCALATE": ("whether anybody visits", Act.MOVE_UP),
    "NOT RESOLVED": ("whether anybody visits", Act.MOVE_UP),
    "REFER": ("whether anybody visits", Act.REFER),
    "CONFIRM": ("", Act.CONFIRM_RESOLUTION),
    "DISAGREE": ("we never said so", Act.OBJECT_RESOLUTION),
    "NEEDED BY": ("9 September 2026, the weekend is near", Act.PROTECTIVE_DATE),
    "AGREE": ("", Act.ACCEPT_DATE),
    "NO": ("", Act.REFUSE_DATE),
    "HANDOVER TO": ("Horatio Pellworthy, h.pellworthy@harbourside.example", Act.HANDOVER),
    "DECISION": ("A visit will be made.", Act.DECISION),
    "REOPEN": ("the visit did not happen", Act.REOPEN),
    "HAPPENED": ("", Act.HAPPENED),
    "NOT HAPPENED": ("nobody has visited", Act.NOT_HAPPENED),
    "DONE": ("", Act.ACTION_DONE),
    "DEBRIEF": ("", Act.ROUTE),
    "": ("4", Act.FEEDBACK),
}


def test_every_button_filled_in_is_read_back_as_what_it_promised() -> None:
    seen_words = set()
    for notice, dispute, now in s.letters():
        view = s.seen(notice, dispute, now)
        for button in (*view.buttons, *view.also):
            if button.word not in ANSWERS or (button.word == "" and notice.letter != "feedback_asked"):
                continue
            answer, act = ANSWERS[button.word]
            lines = _body(button)
            own = "\n".join([*lines[:-1], lines[-1] + answer] if button.word else [lines[0] + answer, *lines[1:]])
            subject = parse_qs(urlsplit(button.mailto).query)["subject"][0]
            said = Said(own=own, subject=subject, sender=notice.to, to=(), cc=(), received=now)
            read = interpret(said, dispute, Partnership("nc", s.PROTOCOL, s.CALENDAR, s.DIRECTORY))
            assert act in {intent.act for intent in read}, (notice.letter, own)
            seen_words.add(button.word)
    assert seen_words >= set(ANSWERS) - {"AGREE BY"}


def test_the_lines_for_what_is_missing_are_read_back_into_the_right_role() -> None:
    notice, dispute, now = next(c for c in s.letters() if c[0].letter == "opened" and c[0].to == s.BARNABY)
    button = s.seen(notice, dispute, now).buttons[-1]
    own = f"{_body(button)[0]}Ferdinand Ash, f.ash@northshire.example"
    said = Said(own=own, subject="RE", sender=s.BARNABY, to=(), cc=(), received=s.MONDAY)
    read = interpret(said, dispute, Partnership("nc", s.PROTOCOL, s.CALENDAR, s.DIRECTORY))
    assert read[0].people["responding_senior"].address == "f.ash@northshire.example"
