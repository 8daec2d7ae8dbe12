"""Every way of seeming to be somebody who may act, times every command: none is obeyed, and nothing is told to them."""

from datetime import UTC, datetime

import pytest

from mailbot.core.notices.announcements import announce
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record.events_of_mail import MessageFiled, OutsiderNoticed, QuestionAsked
from mailbot.door.consider import consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.gatekeeping import Disposition
from mailbot.door.message_as_read import Considered
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import parse
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.hostile.shapes import BORDER, BOSS, BOSS_PASSES, EVIL_PASSES, FROMS, OTHERS, RESULTS, letter
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.thorough import WHOLE, turn
from tests.unit.mail.understanding.scenes import protocol

NOW = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
COMMANDS = (
    "ESCALATE",
    "NOT RESOLVED\nThey will not commit.",
    "RESOLVED on 9 September\nA visit by 11 September.",
    "CONFIRM",
    "DISAGREE",
    "AGREE BY 14 September",
    "AGREE",
    "NO",
    "NEEDED BY 9 September because of the hearing",
    "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example until 21 September",
    "MET on 8 September",
    "CORRECT Impact: none at all",
    "ADD evil@evil.example",
    "ADD c.marlow@tarn-trust.example",
    "REMOVE i.hartwell@larkfield.sch.example",
    "CHILD STATUS: child protection plan",
    "REFER to the partnership",
    "DECISION\nThe case is closed.",
    "WITHDRAW we no longer wish to pursue it",
    "WRONG",
    "WRONG CASE",
    "STATUS",
    "HELP",
    "REOPEN",
    "LINK NS-26-0013",
    "REDACT everything",
    "Escalating this to Beatrix Lyle please, no agreement.",
    "We have agreed that the case can be closed.",
    "Impact: none at all\nMy line manager: E, evil@evil.example",
)
PEOPLE = (
    "i.hartwell@larkfield.sch.example",
    BOSS,
    "beatrix.lyle@tarn-trust.example",
    "tobias.fenn@seamoor.example",
    "rosalind.peake@seamoor.example",
    "winifred.stroud@seamoor.example",
)
GIVEN = {
    "ref": "NS-26-0012",
    "stage": "2",
    "entered": "2026-09-08T17:00:00+01:00",
    "raised": "2026-09-07T10:00:00+01:00",
    "child": "R.W.",
    "raising": SCHOOL,
    "receiving": CSC,
    "people": list(PEOPLE),
}
HARMLESS = (MessageFiled, OutsiderNoticed, QuestionAsked)
DOOR = Door(trusted_ids=(BORDER,))


def _partnership() -> Partnership:
    rules = protocol()
    calendar: Calendar = calendar_for(rules.calendar, NOW.date())
    return Partnership(rules.id, rules, calendar, DIRECTORY)


PARTNERSHIP = _partnership()


def _considered(raw: bytes, given: dict[str, object] = GIVEN) -> Considered:
    desk = GivenDesk({"disputes": [given]}, PARTNERSHIP, NOW)
    return consider(parse(raw), NOW, PARTNERSHIP, desk, DOOR)


def _is_obeyed(found: Considered) -> bool:
    events = [event for step in found.steps for event in step.events]
    return any(not isinstance(event, HARMLESS) for event in events) or found.disposition is Disposition.OPENED


def _written_to(found: Considered) -> set[str]:
    told = {n.to.address for n in found.plain}
    return told | {n.to.address for s in found.steps for event in s.events for n in announce(event, s.case(NOW))}


def _proof_of(writer: str) -> str:
    return f"{BORDER}; dmarc=pass header.from={writer.split('@')[1][:-1]}"


SHAPES = (
    *((froms, (f"Authentication-Results: {EVIL_PASSES}",)) for froms in FROMS),
    *((froms, (f"Authentication-Results: {BOSS_PASSES}",)) for froms in FROMS if len(froms) > 1),
    *(((f"Desmond Oakes <{BOSS}>",), above) for above in RESULTS),
    *(
        ((one,), (f"Authentication-Results: {BORDER}; dmarc=pass header.from={one.split('@')[1][:-1]}",))
        for one in OTHERS
    ),
)


def test_there_are_more_than_three_hundred_hostile_letters() -> None:
    assert len(SHAPES) * len(COMMANDS) >= 300 * 5


@pytest.mark.parametrize("number", range(len(SHAPES)), ids=[f"{s[0]}{s[1]}"[:90] for s in SHAPES])
def test_no_command_is_obeyed_from_somebody_who_only_seems_to_be_the_manager(number: int) -> None:
    """Every shape and every command, thirty times each: a third of all pairs of them, another third each day."""
    froms, above = SHAPES[number]
    for own in COMMANDS if WHOLE else COMMANDS[(number + turn()) % 3 :: 3]:
        found = _considered(letter(froms, above, own))
        assert not _is_obeyed(found), own
        assert not {a for a in _written_to(found) if not PARTNERSHIP.may_write_to(a)}, own


@pytest.mark.parametrize("own", [c for c in COMMANDS if c.split()[0] not in ("CONFIRM", "AGREE", "NO", "DISAGREE")])
def test_the_manager_proven_is_answered(own: str) -> None:
    raw = letter((f"Desmond Oakes <{BOSS}>",), (f"Authentication-Results: {BOSS_PASSES}",), own)
    assert _considered(raw).disposition in (Disposition.ACTED, Disposition.FILED)


def test_the_manager_proven_is_obeyed() -> None:
    raw = letter((f"Desmond Oakes <{BOSS}>",), (f"Authentication-Results: {BOSS_PASSES}",), "ESCALATE")
    assert _is_obeyed(_considered(raw))


@pytest.mark.parametrize("own", COMMANDS)
def test_a_hijacked_reply_to_is_never_written_to(own: str) -> None:
    raw = letter((f"Desmond Oakes <{BOSS}>",), (f"Authentication-Results: {BOSS_PASSES}",), own)
    raw = raw.replace(f"Reply-To: {BOSS}".encode(), b"Reply-To: evil@evil.example")
    assert "evil@evil.example" not in _written_to(_considered(raw))


@pytest.mark.parametrize("header", ["From", "Sender", "To", "Date", "Message-ID", "Subject"])
def test_a_header_that_may_stand_once_and_stands_twice_is_not_acted_on(header: str) -> None:
    raw = letter((f"Desmond Oakes <{BOSS}>",), (f"Authentication-Results: {BOSS_PASSES}",), "ESCALATE")
    again = {"Date": "Wed, 09 Sep 2026 11:00:00 +0100", "Message-ID": "<b@b.example>"}.get(header, f"E <{BOSS}>")
    found = _considered(f"{header}: {again}\r\n".encode() + raw)
    assert not _is_obeyed(found)


# Characters that make a word look like a command, or hide one (S16, S36).
CONFUSED = (
    "\u202eEVLOSER",
    "R\u0415SOLVED",
    "\u0421ONFIRM",
    "E\u0405CALATE",
    "ESC\u0410LATE",
    "\u2705 ",
    "\U0001f44d",
    "\U0001f44e",
    "RESOLVED?",
    "not RESOLVED?",
    "N\u0336O\u0336T\u0336 RESOLVED if he visits",
    "RESOLVED\u203d",
    "\uff32\uff25\uff33\uff2f\uff2c\uff36\uff25\uff24",
    "\U0001f3f4 resolved or not resolved?",
    "> RESOLVED",
    ">> ESCALATE",
    "-- \nESCALATE",
    "RESOLVED / ESCALATE / DISAGREE",
)


@pytest.mark.parametrize("own", CONFUSED)
def test_what_only_looks_like_a_command_changes_nothing(own: str) -> None:
    raw = letter((f"Desmond Oakes <{BOSS}>",), (f"Authentication-Results: {BOSS_PASSES}",), own)
    assert not _is_obeyed(_considered(raw)), own
