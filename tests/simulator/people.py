"""The people of a simulated year: what each does on a letter, how late, and how well."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path

from mailbot.shell.servers.mailbox_interface import message_id_of
from mailbot.shell.servers.postman_interface import Envelope
from tests.people import ADDRESS, WHO
from tests.simulator.world import OUTSIDERS, World
from tests.story import TRUSTED, at

OPENING = """\
Child: {child}
Agencies: {agencies}
Line manager: {line}
Senior manager: {senior}
Issue: {issue}
Impact on child: Tired and hungry in class.
Outcome sought: The case stays open.
"""
# Who raises with whom, and the managers that they name.
RAISED = (
    ("hartwell", "fenn", "Larkfield Primary School / Children's Social Care", "oakes", "lyle"),
    ("reed", "fenn", "Westmere NHS Trust / Children's Social Care", "vance", "vance"),
    ("fenn", "hartwell", "Children's Social Care / Larkfield Primary School", "peake", "stroud"),
    ("hartwell", "dunmore", "Larkfield Primary School / Seamoor Council Early Help", "oakes", "lyle"),
)
ISSUES = (
    "The assessment is being closed with no further action.",
    "We do not agree with the threshold decision.",
    "No visit has been made since July.",
    "The child in need plan was ended without us.",
)
TALK = (
    "Thank you, I will ring you this afternoon.",
    "We met yesterday and will speak again on Friday.",
    "Please find the chronology in our system.",
    "I have asked the team to look at it.",
    "We are close, but not there yet.",
)
SETTLED = "RESOLVED\nThey visit the child at home by {day}."
DANGER = "The child is at immediate risk of harm tonight, please ring me."
NO_ANSWER = ("summary", "transcript", "digest")
HOURS = (0.05, 0.2, 1, 3, 8, 20, 30, 55, 100, 200)


@dataclass(order=True)
class _Planned:
    when: datetime
    number: int
    what: Callable[[], None] = field(compare=False)


class Year:
    """A year of one partnership: ``disputes`` raised at times that the seed gives."""

    def __init__(self, folder: Path, seed: int, disputes: int = 100, days: int = 365) -> None:
        self.world = World(folder, seed, at("2026-01-05 08:00"))
        self.dice, self.days = self.world.dice, days
        self._agenda: list[_Planned] = []
        self._count = 0
        self._owners: dict[str, str] = {}  # Message-ID of a letter -> its name
        self._away: dict[str, datetime] = {}
        self._said: list[tuple[str, bytes]] = []
        for number in range(disputes):
            self._plan(self._some_time(days * 0.9), lambda n=number: self.raise_one(n))
        for _ in range(days // 7):
            self._plan(self._some_time(days), self.something_goes_wrong)
        for day in range(1, days, 30):
            self._plan(self.world.begins + timedelta(days=day, hours=2), lambda: self.world.look(whole=True))

    def run(self) -> list[str]:
        """Everything that was not as it must be, in words."""
        end = self.world.begins + timedelta(days=self.days)
        self.world.turn()
        self.live(end)
        self.all_well_again(end)
        return self.violations()

    def live(self, end: datetime) -> None:
        """Everything that is planned before ``end``, and what follows from it."""
        while self._agenda and self._agenda[0].when < end:
            planned = heapq.heappop(self._agenda)
            self.world.until(max(planned.when, self.world.now))
            self.do(planned.what)
        self.world.until(max(end, self.world.now))

    def do(self, what: Callable[[], None]) -> None:
        what()
        self.world.turn()
        self.world.look()
        self._read_post()

    def violations(self) -> list[str]:
        return [*self.world.violations, *self.world.forged_acts()]

    def all_well_again(self, end: datetime) -> None:
        """Every server is well for two days: then nothing is left lying."""
        world = self.world
        world.mailbox.down, world.postman.refuses_us, world.ahead, world.kills_at = "", "", timedelta(0), 0
        world.mailbox.withheld.clear()
        world.postman.script.clear()
        for hours in range(0, 49, 2):
            world.until(max(end + timedelta(hours=hours), world.now))
            world.turn()
        world.look(whole=True)
        waiting = world.store.waiting(world.site.id)
        if (waiting.unread, waiting.letters, waiting.filings) != (0, 0, 0):
            world.violations.append(f"stuck: {waiting}")
        world.violations += world.store.verify(world.site.id)

    # The agenda

    def _plan(self, when: datetime, what: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._agenda, _Planned(when, self._count, what))

    def _some_time(self, days: float) -> datetime:
        """In working hours, mostly."""
        day = self.world.begins + timedelta(days=self.dice.uniform(0, days))
        return day.replace(hour=self.dice.choice((8, 9, 10, 11, 13, 14, 15, 16, 21)), minute=self.dice.randrange(60))

    def _later(self, what: Callable[[], None]) -> None:
        hours = self.dice.choice(HOURS) * self.dice.uniform(0.7, 1.3)
        self._plan(self.world.now + timedelta(hours=hours), what)

    # What people write

    def _mail(self, by: str, subject: str, body: str, to: str = "mailbox", answers: str = "", **how: str) -> bytes:
        self._count += 1
        message = EmailMessage()
        sender = ADDRESS.get(by, by)
        message["From"] = sender
        message["To"] = ADDRESS.get(to, to)
        copied = [ADDRESS["mailbox"]] * (to != "mailbox") + ([how["cc"]] if "cc" in how else [])
        if copied:
            message["Cc"] = ", ".join(copied)
        message["Subject"], message["Date"] = subject, self.world.now
        message["Message-ID"] = f"<sim.{self._count}@{sender.rpartition('@')[2]}>"
        if answers:
            message["In-Reply-To"] = message["References"] = answers
        for name in ("Auto-Submitted", "List-Id"):
            if name in how:
                message[name] = how[name]
        message.set_content(body)
        raw = bytes(message)
        if "forged" not in how:
            raw = (
                f"Authentication-Results: {TRUSTED}; dmarc=pass header.from={sender.rpartition('@')[2]}\r\n".encode()
                + raw
            )
        return raw

    def _send(self, by: str, subject: str, body: str, to: str = "mailbox", answers: str = "", **how: str) -> None:
        raw = self._mail(by, subject, body, to, answers, **how)
        self.world.deliver(raw)
        self._said.append((by, raw))

    def raise_one(self, number: int) -> None:
        raiser, other, agencies, line, senior = self.dice.choice(RAISED)
        child = f"{chr(65 + number % 26)}.{chr(65 + (number // 26) % 26)}."
        named = self.dice.random() < 0.8
        body = OPENING.format(
            child=child,
            agencies=agencies,
            line=ADDRESS[line] if named else "",
            senior=ADDRESS[senior] if named else "",
            issue=self.dice.choice(ISSUES),
        )
        how = {"cc": self.dice.choice(sorted(OUTSIDERS))} if self.dice.random() < 0.05 else {}
        self.world.happened["an outsider copied"] += len(how)
        self._send(raiser, f"[ESCALATION] Stage 1 - {child}", body, to=other, **how)

    # What people do on a letter

    def _read_post(self) -> None:
        for envelope in self.world.posted():
            head = BytesHeaderParser(policy=compat32).parsebytes(envelope.raw)
            own_id, who = str(head["Message-ID"]), WHO.get(envelope.recipient, "")
            if who and who != "mailbox":
                self._later(lambda e=envelope, w=who, i=own_id: self._answer(e, w, i))

    def _letter(self, own_id: str) -> tuple[str, str]:
        """Name and dispute of one of our letters."""
        with self.world.store._reads() as connection:
            asked = "SELECT letter, reference FROM outbox WHERE message_id = ?"
            row = connection.exec_driver_sql(asked, (own_id,)).first()
        return (str(row[0]), str(row[1])) if row else ("", "")

    def _answer(self, envelope: Envelope, who: str, own_id: str) -> None:
        letter, reference = self._letter(own_id)
        away = self._away.get(who)
        if away is not None and self.world.now < away:
            self.world.happened["away"] += 1
            if self.dice.random() < 0.3:
                self._send(who, "Automatic reply", "I am away.", answers=own_id, **{"Auto-Submitted": "auto-replied"})
            return
        words = self._words(letter, reference, who)
        if not words:
            return
        subject = f"RE: [{reference}]" if reference else "RE: your letter"
        if self.dice.random() < 0.1:
            own_id = ""  # written anew instead of answered
        self._send(who, subject, words, answers=own_id)
        if letter == "proposed" and self.dice.random() < 0.1:
            self.world.happened["contradicts themselves"] += 1
            self._later(lambda: self._send(who, subject, self.dice.choice(("DISAGREE\nNot as written.", "CONFIRM"))))

    def _words(self, letter: str, reference: str, who: str) -> str:
        dice = self.dice
        if letter in NO_ANSWER or letter.endswith("_told") or who in ("bm", "dsps"):
            return self._of_the_office(letter, reference, who)
        if letter == "proposed":
            return dice.choices(("CONFIRM", "DISAGREE\nIt is not what we said.", ""), (6, 2, 2))[0]
        if letter == "was_it_you":
            return dice.choices(("yes", "no", ""), (5, 2, 3))[0]
        if letter in ("opened", "stage_entered", "reminder", "limit_passed", "refer_question", "objected"):
            day = (self.world.now + timedelta(days=10)).strftime("%d %B %Y")
            chosen = dice.choices(
                (
                    SETTLED.format(day=day),
                    "ESCALATE\nWe remain apart.",
                    dice.choice(TALK),
                    "WITHDRAW",
                    DANGER,
                    "STATUS",
                    "",
                ),
                (16, 8, 20, 1, 1, 2, 52),
            )[0]
            self.world.happened["danger"] += chosen == DANGER
            return chosen
        return dice.choice(TALK) if dice.random() < 0.05 else ""

    def _of_the_office(self, letter: str, reference: str, who: str) -> str:
        if not reference or who != "bm":
            return ""
        lines = (
            f"STATUS {reference}",
            f"HOLD {reference} because of a meeting",
            f"GO ON {reference}",
            f"CLOSE {reference} because it was withdrawn",
            f"REDACT {reference} Thornbury",
            "1 -> " + reference,
        )
        return self.dice.choice(lines) if self.dice.random() < 0.02 else ""

    # What goes wrong

    def something_goes_wrong(self) -> None:
        dice, world = self.dice, self.world
        faults: tuple[Callable[[], None], ...] = (
            self._server_down,
            self._post_down,
            self._reader_refuses,
            self._withheld,
            self._killed,
            self._clock_ahead,
            self._came_twice,
            self._renumbered,
            self._impostor,
            self._away_for_a_while,
            self._backup,
            world.put_backup_back,
            lambda: world.close_a_day(dice.randint(1, 12)),
            self._moved_by_hand,
        )
        for _ in range(dice.randint(1, 3)):
            dice.choice(faults)()

    def _for_a_while(self, hours: float, back: Callable[[], None]) -> None:
        self._plan(self.world.now + timedelta(hours=self.dice.uniform(0.2, hours)), back)

    def _server_down(self) -> None:
        self.world.happened["mailbox down"] += 1
        self.world.mailbox.down = "connection refused"
        self._for_a_while(30, lambda: setattr(self.world.mailbox, "down", ""))

    def _post_down(self) -> None:
        self.world.happened["post refuses us"] += 1
        self.world.postman.refuses_us = "550 5.7.60 not allowed to send as this sender"
        self._for_a_while(50, lambda: setattr(self.world.postman, "refuses_us", ""))

    def _reader_refuses(self) -> None:
        self.world.outcome_for(ADDRESS[self.dice.choice(("hartwell", "fenn", "oakes", "peake", "bm", "stroud"))])

    def _withheld(self) -> None:
        self.world.happened["a message withheld"] += 1
        self.world.mailbox.withheld.add(self.world.mailbox._last_uid + 1)
        self._for_a_while(20, self.world.mailbox.withheld.clear)

    def _killed(self) -> None:
        self.world.kills_at = self.dice.randint(1, 12)

    def _clock_ahead(self) -> None:
        self.world.happened["clock ahead"] += 1
        self.world.ahead = timedelta(hours=self.dice.choice((3, 30, 400)))
        self._for_a_while(5, lambda: setattr(self.world, "ahead", timedelta(0)))

    def _came_twice(self) -> None:
        if self._said:
            self.world.happened["an old email came again"] += 1
            self.world.deliver(self.dice.choice(self._said)[1])

    def _renumbered(self) -> None:
        self.world.happened["the mailbox was renumbered"] += 1
        self.world.mailbox.renumber()

    def _impostor(self) -> None:
        rows = self.world.store.dispute_rows(self.world.site.id)
        if not rows:
            return
        self.world.happened["an impostor"] += 1
        reference = self.dice.choice(rows).reference
        words = self.dice.choice(("WITHDRAW", "CONFIRM", "RESOLVED\nAll is well.", "ESCALATE", "DECISION\nClosed."))
        by = self.dice.choice(("hartwell", "fenn", "oakes", "dsps", "bm"))
        raw = self._mail(by, f"RE: [{reference}]", words, forged="yes")
        self.world.deliver(raw)
        self.world.note_forged(raw)

    def _away_for_a_while(self) -> None:
        who = self.dice.choice(("hartwell", "fenn", "oakes", "peake"))
        self._away[who] = self.world.now + timedelta(days=self.dice.randint(1, 14))

    def _backup(self) -> None:
        self.world.back_up()

    def _moved_by_hand(self) -> None:
        box = self.world.mailbox
        there = [(folder, held) for folder, some in sorted(box.filed.items()) if len(folder) == 2 for held in some]
        if there and not box.down:
            self.world.happened["moved by hand"] += 1
            _, held = self.dice.choice(there)
            box.drag(message_id_of(held.raw))
