"""One input of the fuzzer, read all the way: parsed, described, interpreted. AssertionError for what must never be.

What must hold of any bytes: nothing raises, every string can be stored, and nobody outside the agencies is written to.
"""

import json
import time
from datetime import UTC, datetime

from mailbot.core.notices.announcements import announce
from mailbot.core.partnership.partnership import Partnership
from mailbot.door.consider import consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import parse
from mailbot.mail.reading import describe
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.people import CSC, DIRECTORY, SCHOOL
from tests.unit.mail.understanding.scenes import protocol

NOW = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
RULES = protocol()
PARTNERSHIP = Partnership(RULES.id, RULES, calendar_for(RULES.calendar, NOW.date()), DIRECTORY)
PEOPLE = [
    "i.hartwell@larkfield.sch.example",
    "head@larkfield.sch.example",
    "tobias.fenn@seamoor.example",
    "rosalind.peake@seamoor.example",
]
DISPUTE = {
    "ref": "NS-26-0012",
    "stage": "2",
    "entered": "2026-09-08T17:00:00+01:00",
    "child": "R.W.",
    "raising": SCHOOL,
    "receiving": CSC,
    "people": PEOPLE,
}
# So that whatever follows reaches the interpreter, not only the door.
ENVELOPE = (
    b"From: Desmond Oakes <head@larkfield.sch.example>\r\nTo: escalation@nsscp.example\r\n"
    b"Subject: RE: [NS-26-0012] Stage 2\r\nIn-Reply-To: <bot.ns-26-0012.4@nsscp.example>\r\n\r\n"
)
LONGEST = 5.0  # seconds of CPU for one input of at most LARGEST bytes; a hang, not a speed
LARGEST = 64 * 1024


def read_whole(data: bytes) -> None:
    """As a whole message, and as the text of an answer by somebody who may act."""
    data = data[:LARGEST]
    _read(data)
    _read(ENVELOPE + data)


def _read(raw: bytes) -> None:
    began = time.process_time()
    json.dumps(describe(raw)).encode("utf-8")
    desk = GivenDesk({"disputes": [DISPUTE]}, PARTNERSHIP, NOW)
    found = consider(parse(raw), NOW, PARTNERSHIP, desk, Door(rehearses=True))
    told = [notice.to.address for notice in found.plain]
    for step in found.steps:
        for event in step.events:
            told += [notice.to.address for notice in announce(event, step.case(NOW))]
            repr(event).encode("utf-8")
    assert all(PARTNERSHIP.may_write_to(address) for address in told if address), told
    for intent in found.intents:
        repr(intent).encode("utf-8")
    assert time.process_time() - began < LONGEST, "it took too long"
