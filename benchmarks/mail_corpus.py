"""Mail as a partnership's mailbox gets it, invented, the same for the same seed: who raises, answers, talks, is away.

Of a hundred messages thirty-two open a dispute, twenty-seven say what is to happen in a person's own words, thirty-two
are talk with the thread below it, six are out-of-office replies and three are bounces; one in eight has a document.
"""

import random
from base64 import encodebytes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from mailbot.shell.clock import utc_now

MAILBOX = "escalation@nsscp.example"
SCHOOL, COUNCIL = "kewbridge.sch.example", "somerbourne-council.example"
KINDS = ("opening",) * 32 + ("command",) * 27 + ("talk",) * 32 + ("away",) * 6 + ("bounce",) * 3
COMMANDS = (
    "RESOLVED\n\nWe spoke this morning, and the visit will happen on Friday. Thank you for ringing back.",
    "We have not been able to agree on this, so please take it to the next stage. I will be in all day.",
    "DISAGREE\n\nThe assessment says nothing about the two nights. We would like it looked at again.",
    "I am content with what Ottilie has proposed and am happy for this to be closed.",
    "WHERE ARE WE?\n\nI have been on leave for a week and should like to know before the meeting.",
)
TALK = (
    "Thank you, that is helpful. I will read it with the class teacher and come back to you.",
    "Could you tell me when the core group met last? I have the minutes of June and nothing after.",
    "I have asked the health visitor to write to you both. She was there on Tuesday.",
)
FIRST_NAMES = ("Hesper", "Jocasta", "Lettice", "Marigold", "Orlando", "Peregrine", "Quentin", "Rowena", "Sylvester")
LAST_NAMES = ("Ashgrove", "Birtwhistle", "Copplestone", "Dunnabie", "Eversholt", "Featherwick", "Greenhalgh")
PROSE = (
    "We have talked about this with the family and with the school nurse, and the picture is the same at home. ",
    "The attendance officer has been round twice, and nobody answered on the second visit. ",
    "Mum says that the heating has been repaired, and the landlord has told us something else. ",
    "We are grateful for the work that has been done so far, and we see it differently. ",
)


EVERY = timedelta(minutes=10)  # one message comes, the last of them now


@dataclass(frozen=True, slots=True)
class Mail:
    kind: str
    raw: bytes
    sent: datetime


def corpus(number: int, seed: int = 26) -> Iterator[Mail]:
    """Always the same ``number`` of messages for one ``seed``, but for their dates; an answer comes after what it
    answers."""
    dice = random.Random(seed)  # noqa: S311 (nothing here is secret)
    opened: list[str] = []
    now = utc_now().replace(microsecond=0)
    for place in range(number):
        kind = dice.choice(KINDS) if opened else "opening"
        if kind == "opening":
            opened.append(f"<{place}.opening@{SCHOOL}>")
        about, sent = opened[-1] if kind == "opening" else dice.choice(opened), now - EVERY * (number - place)
        yield Mail(kind, _message(kind, place, about, format_datetime(sent), dice), sent)


def _message(kind: str, place: int, about: str, date: str, dice: random.Random) -> bytes:
    first, last, sender = _writer(int(about.partition(".")[0].strip("<")))
    body = BODIES[kind](place, dice).replace("Tabitha", first)
    own = about if kind == "opening" else f"<{place}.{kind}@{SCHOOL}>"
    answers = [] if kind == "opening" else [f"In-Reply-To: {about}", f"References: {about}"]
    automatic = ["Auto-Submitted: auto-replied"] if kind in ("away", "bounce") else []
    head = [
        f"Received: from edge.example (edge.example [192.0.2.1]) by mail.nsscp.example; {date}",
        f"Authentication-Results: mail.nsscp.example; dmarc=pass header.from={SCHOOL}",
        f"From: {first} {last} <{sender}>",
        f"To: Ottilie Farrow <ottilie.farrow@{COUNCIL}>",
        f"Cc: {MAILBOX}",
        f"Subject: {'Issue resolution' if kind == 'opening' else 'RE: Issue resolution'}",
        f"Message-ID: {own}",
        f"Date: {date}",
        *answers,
        *automatic,
        "MIME-Version: 1.0",
    ]
    return _with_document(head, body, dice) if place % 8 == 3 else _plain(head, body)


def _writer(number: int) -> tuple[str, str, str]:
    """Who writes about one disagreement: the same person from its beginning to its end, and no other."""
    first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number % len(LAST_NAMES)]
    return first, last, f"{first[0]}.{last}{number}@{SCHOOL}".lower()


def _plain(head: list[str], body: str) -> bytes:
    return "\r\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", body.replace("\n", "\r\n")]).encode()


def _with_document(head: list[str], body: str, dice: random.Random) -> bytes:
    document = encodebytes(dice.randbytes(40_000)).decode().replace("\n", "\r\n")
    lines = [
        *head,
        'Content-Type: multipart/mixed; boundary="part"',
        "",
        "--part",
        "Content-Type: text/plain; charset=utf-8",
        "",
        body.replace("\n", "\r\n"),
        "--part",
        'Content-Type: application/octet-stream; name="notes.dat"',
        'Content-Disposition: attachment; filename="notes.dat"',
        "Content-Transfer-Encoding: base64",
        "",
        f"{document}--part--",
        "",
    ]
    return "\r\n".join(lines).encode()


def _opening(place: int, dice: random.Random) -> str:
    child = f"{chr(65 + place % 26)}.{chr(65 + place // 26 % 26)}."
    return (
        f"Raising agency: Kewbridge Primary School\nReceiving agency: Somerbourne Council Children's Social Care\n"
        f"Child: {child}\nIssue: We do not agree that the assessment should be closed.\n"
        f"Line manager: Gideon Larkrise <g.larkrise@{SCHOOL}>\nSenior manager: Philippa Oxenbury <head@{SCHOOL}>\n\n"
        f"{_prose(dice, 12)}\n"
    )


def _command(place: int, dice: random.Random) -> str:
    return f"{dice.choice(COMMANDS)}\n\nTabitha\n\n{_thread(dice)}"


def _talk(place: int, dice: random.Random) -> str:
    return f"{dice.choice(TALK)} {_prose(dice, 6)}\n\nKind regards\nTabitha\n\n{_thread(dice)}"


def _away(place: int, dice: random.Random) -> str:
    return "I am out of the office until Monday 9 March and will answer when I am back.\n"


def _bounce(place: int, dice: random.Random) -> str:
    return "This is the mail system. Your message could not be delivered to one or more recipients.\n"


def _prose(dice: random.Random, sentences: int) -> str:
    return "".join(dice.choice(PROSE) for _ in range(sentences))


def _thread(dice: random.Random) -> str:
    quoted = "\n".join(f"> {line}" for line in (_prose(dice, 3) for _ in range(dice.randint(2, 14))))
    return f"On Mon, 2 Mar 2026 at 09:00, Ottilie Farrow <ottilie.farrow@{COUNCIL}> wrote:\n{quoted}\n"


BODIES = {"opening": _opening, "command": _command, "talk": _talk, "away": _away, "bounce": _bounce}
