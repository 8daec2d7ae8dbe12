"""A campaign: who writes, what they ask, what proves them, how their words stand in the mail, by which road; and every
trick of ``whole_emails.toml`` with every act by everybody. Nothing is obeyed that must not be, and everything that
somebody may do is obeyed by every road.

``make test`` takes pairs of every two; ``make campaigns`` (CAMPAIGN=whole) takes every combination.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path

import pytest

from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute
from mailbot.door.consider import consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.message import parse
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.thorough import WHOLE
from tests.unit.mail.understanding.scenes import protocol

NOW = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
BORDER = "mx.nsscp.example"
RAISERS, ASKED = ("hartwell", "oakes", "lyle"), ("fenn", "peake", "stroud")
WRITERS = (*RAISERS, *ASKED, "reed", "bm")
# What is asked, and everybody who may have it done by writing so at the second stage.
ACTS = {
    "ESCALATE\nThere is no agreement about the visit.": {"oakes", "lyle"},
    "RESOLVED\nA visit at home by 11 September 2026.": {*RAISERS, *ASKED},
    "WITHDRAW\nK has moved to another school.": {"hartwell", "oakes"},
    "NEEDED BY 9 September 2026 because of the hearing": {*RAISERS, *ASKED, "bm"},
    "REMOVE tobias.fenn@seamoor.example": {"peake", "stroud", "bm"},
    "REMOVE i.hartwell@larkfield.sch.example": {"oakes", "lyle", "bm"},
    "ADD c.marlow@tarn-trust.example": {*RAISERS, "bm"},
    "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example": set(RAISERS),
    "CORRECT Issue: The assessment was closed without a visit.": {*RAISERS, "bm"},
}
PROOFS = {
    "proven": "{border}; dmarc=pass header.from={domain}",
    "nothing": "",
    "failed": "{border}; dmarc=fail header.from={domain}",
    "another domain's": "{border}; dmarc=pass header.from=freemail.example",
    "another server's": "mx.elsewhere.example; dmarc=pass header.from={domain}",
}
PLAIN = "{words}\n"
STANDING = {  # how the words stand in the mail -> kind, body, whether they are its writer's own
    "plain": ("text/plain", PLAIN, True),
    "after a greeting": ("text/plain", "Dear all,\n\n{words}\n", True),
    "above a quotation": (
        "text/plain",
        "{words}\n\nOn Wed, 9 Sep 2026 at 08:00, A B <a@b.example> wrote:\n> STATUS\n",
        True,
    ),
    "a page": ("text/html", "<p>{lines}</p>", True),
    "quoted": ("text/plain", "Thank you.\n\n> {quoted}\n", False),
    "a parent's": ("text/plain", "I will ring you. This came today.\n\nDad wrote:\n\n{words}\n", False),
    "set in": ("text/plain", "I will ring you.\n\n{set_in}\n", False),
    "below a line": ("text/plain", "I will ring you.\n\n____________________\n{words}\n", False),
    "struck out": ("text/html", "<p><s>{lines}</s></p><p>I will ring you.</p>", False),
    "white": ("text/html", "<p style='color:white'>{lines}</p><p>I will ring you.</p>", False),
    "not displayed": (
        "text/html",
        "<style>.a b{{display:none}}</style><div class=a><b>{lines}</b></div><p>Ring me.</p>",
        False,
    ),
    "in a field": ("text/html", "<textarea>{lines}</textarea><p>I will ring you.</p>", False),
}
ROADS = ("its subject", "a reply", "both")
AXES: tuple[Sequence[str], ...] = (WRITERS, tuple(ACTS), tuple(PROOFS), tuple(STANDING), ROADS)
GIVEN = {
    "ref": "NS-26-0012", "stage": "2", "entered": "2026-09-08T17:00:00+01:00", "raised": "2026-09-07T10:00:00+01:00",
    "child": "K.W.", "raising": SCHOOL, "receiving": CSC, "people": [ADDRESS[who] for who in (*RAISERS, *ASKED)],
}  # fmt: skip


def _here() -> Partnership:
    rules = protocol()
    return Partnership(rules.id, rules, calendar_for(rules.calendar, NOW.date()), DIRECTORY)


HERE = _here()


def mail(writer: str, asked: str, proof: str, standing: str, road: str) -> bytes:
    address = ADDRESS[writer]
    result = PROOFS[proof].format(border=BORDER, domain=address.partition("@")[2])
    kind, body, _ = STANDING[standing]
    lines = asked.split("\n")
    words = body.format(
        words=asked, lines="<br>".join(lines), quoted="\n> ".join(lines), set_in="\n".join(f"    {x}" for x in lines)
    )
    head = [f"Authentication-Results: {result}"] if result else []
    head += [f"From: {address}", "To: escalation@nsscp.example", "Message-ID: <one@x.example>"]
    head += [f"Subject: {'RE: [NS-26-0012]' if road != 'a reply' else 'RE: your letter'}"]
    head += ["In-Reply-To: <ns-26-0012.7@nsscp.example>"] if road != "its subject" else []
    head += ["Date: Wed, 09 Sep 2026 10:00:00 +0100", "MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8"]
    return ("\r\n".join(head) + "\r\n\r\n" + words.replace("\n", "\r\n")).encode()


def _shown(dispute: Dispute) -> tuple[object, ...]:
    """Everything of a dispute that an act changes; views are nobody's act."""
    fields = {key: value for key, value in dispute.fields.items() if not key.endswith(":receiving")}
    return dispute.state, dispute.stage, dispute.outcome, dispute.parties, fields, dispute.protective, dispute.proposal


def is_obeyed(raw: bytes) -> bool:
    desk = GivenDesk({"disputes": [GIVEN]}, HERE, NOW)
    found = consider(parse(raw), NOW, HERE, desk, Door((BORDER,)))
    return any(step.before is None or _shown(step.before) != _shown(step.after) for step in found.steps)


def must_be_obeyed(writer: str, asked: str, proof: str, standing: str, road: str) -> bool:
    return writer in ACTS[asked] and proof == "proven" and STANDING[standing][2]


def pairwise(axes: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Combinations in which every two values of different axes meet: the next is always the one with most new pairs."""
    open_pairs = {
        (a, x, b, y) for a, b in combinations(range(len(axes)), 2) for x in axes[a] for y in axes[b]
    }  # fmt: skip
    while open_pairs:
        a, x, b, y = min(open_pairs)
        row: list[str] = ["" for _ in axes]
        row[a], row[b] = x, y
        for n in (n for n in range(len(axes)) if not row[n]):
            row[n] = max(
                axes[n], key=lambda v: sum(_pair(n, v, m, row[m]) in open_pairs for m in range(len(axes)) if row[m])
            )
        open_pairs -= {_pair(n, row[n], m, row[m]) for n, m in combinations(range(len(axes)), 2)}
        yield tuple(row)


def _pair(n: int, v: str, m: int, w: str) -> tuple[int, str, int, str]:
    return (n, v, m, w) if n < m else (m, w, n, v)


# The tricks of whole emails, told there of one head teacher and one word: here of everybody and every act.
EMAILS = tomllib.loads(Path(__file__).with_name("whole_emails.toml").read_text(encoding="utf-8"))
_ALONE = re.compile(r"(?m)^ESCALATE$")
_PAGE_WORD = re.compile(r"ESCALATE(?:<br>There is no agreement about the visit\.)?")


def tricks() -> list[tuple[str, str, str]]:
    """(the trick, who tries it, what they ask): words that stand in an email and are not said by its writer to us."""
    to_him = {"letter"}  # it greets the head teacher: from anybody else it is a letter to him
    passed_on = [how for how, body in EMAILS["not_his"].items() if _ALONE.search(body) and how not in to_him]
    return [*product((*EMAILS["unseen"], *passed_on), WRITERS, ACTS)]


def heads() -> list[tuple[str, str, str]]:
    """(the head, in whose name, what it asks): mail that is not provably its sender's, or is a machine's."""
    return [*product(EMAILS["not_from_him"], WRITERS, ACTS)]


def _in_name_of(writer: str, lines: Sequence[str], body: str, kind: str) -> bytes:
    local, _, domain = ADDRESS[writer].partition("@")
    named = [
        line.replace("larkfield.sch.example", domain).replace("head", local, 1) if "head@" in line or "head+" in line
        else line.replace("larkfield.sch.example", domain)
        for line in lines
    ]  # fmt: skip
    rest = ["To: escalation@nsscp.example", "Message-ID: <one@x.example>", "Subject: RE: [NS-26-0012]"]
    rest += ["Date: Wed, 09 Sep 2026 10:00:00 +0100", "MIME-Version: 1.0", f"Content-Type: {kind}; charset=utf-8"]
    return ("\r\n".join((*named, *rest)) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()


def played(how: str, writer: str, asked: str) -> bytes:
    """A trick as it lies on the wire, its writer proven."""
    head = (
        f"Authentication-Results: {BORDER}; dmarc=pass header.from=larkfield.sch.example",
        f"From: {ADDRESS[writer]}",
    )
    if how in EMAILS["unseen"]:
        page = _PAGE_WORD.sub(lambda _: asked.replace("\n", "<br>"), EMAILS["unseen"][how])
        return _in_name_of(writer, head, page, "text/html")
    return _in_name_of(writer, head, _ALONE.sub(lambda _: asked, EMAILS["not_his"][how]), "text/plain")


def refused() -> list[tuple[str, ...]]:
    return [row for row in product(*AXES) if not must_be_obeyed(*row)]


def allowed() -> list[tuple[str, ...]]:
    own = tuple(name for name, (*_, theirs) in STANDING.items() if theirs)
    return [row for row in product(WRITERS, ACTS, ("proven",), own, ROADS) if must_be_obeyed(*row)]


def test_nothing_is_obeyed_that_must_not_be() -> None:
    rows = refused() if WHOLE else [row for row in pairwise(AXES) if not must_be_obeyed(*row)]
    assert [row for row in rows if is_obeyed(mail(*row))] == []


def test_no_trick_is_obeyed_whoever_plays_it() -> None:
    rows = tricks() if WHOLE else tricks()[::131]
    assert [row for row in rows if is_obeyed(played(*row))] == []


def test_no_head_is_obeyed_in_whose_name_it_may_be() -> None:
    rows = heads() if WHOLE else heads()[::61]
    asked = [(row, _in_name_of(row[1], EMAILS["not_from_him"][row[0]], row[2], "text/plain")) for row in rows]
    assert [row for row, raw in asked if is_obeyed(raw)] == []


def test_everything_is_obeyed_that_somebody_may_do_by_every_road() -> None:
    rows = allowed()
    deaf = [row for row in (rows if WHOLE else rows[::7]) if not is_obeyed(mail(*row))]
    assert deaf == []


@pytest.mark.parametrize("axes", [AXES])
def test_pairs_are_few_and_leave_none_out(axes: Sequence[Sequence[str]]) -> None:
    rows = list(pairwise(axes))
    met = {_pair(n, row[n], m, row[m]) for row in rows for n, m in combinations(range(len(axes)), 2)}
    assert len(met) == sum(len(axes[n]) * len(axes[m]) for n, m in combinations(range(len(axes)), 2))
    assert len(rows) < 200
