"""A campaign: every act of the table, by everybody who may write about a dispute, by every road, in every state of
proof. Who may is told here once more, in plain words and by hand: the judge is not asked about itself.

``make test`` takes pairs of every two; ``make campaigns`` (CAMPAIGN=whole) takes every combination.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import product

import pytest

from mailbot.core.decisions.who_may.table import TABLE
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import (
    MessageFiled,
    OutsiderNoticed,
    QuestionAsked,
    RequestRefused,
    RiskReported,
    StatusAsked,
)
from mailbot.core.record.questions_put import Put, put_at, put_now
from mailbot.door.consider import NOT_LET_IN, LetIn, consider
from mailbot.door.explain_given import GivenDesk
from mailbot.door.message_as_read import Considered
from mailbot.door.office_email import about_dispute, office_email
from mailbot.door.whom_it_lets_in import Door
from mailbot.mail.incoming.button_tokens import Pressed
from mailbot.mail.incoming.message import Message, parse
from mailbot.mail.reading import read_at_the_door
from mailbot.shell.config.closures_and_bank_holidays import calendar_for
from tests.authority.test_campaign import BORDER, pairwise
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.thorough import WHOLE
from tests.unit.mail.understanding.scenes import protocol

AT, NOW = datetime(2026, 9, 8, 9, 0, tzinfo=UTC), datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
REF, HAND = "NS-26-0012", "somebody with access to the mailbox"
# The service manager is not active any more, and the deputy team manager is the directory's deputy for her.
LEFT, DEPUTY = "stroud", "garth"
PEOPLE = {
    "hartwell": ("raiser", Side.RAISING), "oakes": ("raising_manager", Side.RAISING),
    "lyle": ("raising_senior", Side.RAISING), "marlow": ("supporter", Side.RAISING),
    "vance": ("supporter", Side.RAISING),  # of another agency: speaks, and decides nothing
    "fenn": ("responder", Side.RECEIVING), "peake": ("responding_manager", Side.RECEIVING),
    LEFT: ("responding_senior", Side.RECEIVING), "dunmore": ("iro", Side.OTHER),
}  # fmt: skip
NOBODY_HERE = {"reed": ADDRESS["reed"], "dad": "dad@freemail.example"}
WRITERS = (*PEOPLE, DEPUTY, "bm", "dsps", "scrutineer", *NOBODY_HERE)
RAISING, ASKED = {"hartwell", "oakes", "lyle", "marlow"}, {"fenn", "peake", DEPUTY}
SIDES = RAISING | ASKED
CALLED = {writer: ADDRESS.get(writer, f"{writer}@nsscp.example") for writer in WRITERS} | NOBODY_HERE


@dataclass(frozen=True)
class Asked:
    """``acts``: the rows of the table that it asks; ``words`` as typed; ``who`` may have it done by writing so, where
    the dispute stands as ``scene`` says; ``released``: also where the office's own line has only let it in."""

    acts: tuple[str, ...]
    scene: str
    words: str
    who: frozenset[str]
    released: bool = False


def asks(acts: str, scene: str, words: str, who: set[str], released: bool = False) -> Asked:
    return Asked(tuple(acts.split()), scene, words, frozenset(who), released)


_REOPEN = {"hartwell", "oakes", "peake", DEPUTY, "bm"}
ACTS: Mapping[str, Asked] = {
    "move up": asks(
        "move_up", "open", "ESCALATE\nThere is no agreement about the visit.", {"oakes", "lyle"}, released=True
    ),
    "refer": asks("refer", "open", "REFER\nIt cannot be resolved below.", {"oakes", "lyle"}),
    "propose": asks(
        "propose_resolution", "open", "RESOLVED\nA visit at home by 11 September 2026.", SIDES - {"marlow"}
    ),
    "withdraw": asks("withdraw", "open", "WITHDRAW\nK has moved to another school.", {"hartwell", "oakes"}),
    "needed by": asks(
        "protective_date", "open", "NEEDED BY 9 September 2026 because of the hearing", {*SIDES, "bm"}
    ),
    "met": asks("met", "open", "MET on 8 September 2026", {*SIDES, "bm"}),
    "status": asks(
        "child_status record_fact", "open", "CHILD STATUS: child protection plan",
        {*SIDES, "bm", "dunmore"},
    ),
    "correct": asks("correct record_fact", "open", "CORRECT Issue: It was closed without a visit.", {*RAISING, "bm"}),
    "remove theirs": asks("remove_person", "open", "REMOVE tobias.fenn@seamoor.example", {"peake", DEPUTY, "bm"}),
    "remove ours": asks("remove_person", "open", "REMOVE i.hartwell@larkfield.sch.example", {"oakes", "lyle", "bm"}),
    "remove reviewer": asks("remove_person", "open", "REMOVE philippa.dunmore@seamoor.example", {"bm"}),
    "add ours": asks(
        "add_person", "open", "ADD Nia Pell, n.pell@larkfield.sch.example", {"hartwell", "oakes", "lyle", "bm"}
    ),
    "add a third's": asks(
        "add_person", "open", "ADD Lucian Brook, lucian.brook.5512@seamoor-police.example", {"oakes", "lyle", "bm"}
    ),
    "hand over": asks("handover", "open", "HANDOVER TO Nia Pell, n.pell@larkfield.sch.example", RAISING),
    "name": asks(
        "name_person", "open", "My line manager: Nia Pell, n.pell@larkfield.sch.example",
        {"hartwell", "oakes", "lyle", "bm"},
    ),
    "ask a date": asks("propose_date", "open", "AGREE BY 10 September 2026", {"oakes", "lyle", "peake", DEPUTY}),
    "confirm nothing": asks("confirm_resolution", "open", "CONFIRM", set()),
    "agree to nothing": asks("accept_date refuse_date", "open", "AGREE", set()),
    "decide too early": asks("decision", "open", "DECISION\nA visit at home by 11 September 2026.", set()),
    "confirm": asks("confirm_resolution", "proposed", "CONFIRM", {"oakes", "lyle"}),
    "disagree": asks("object_resolution", "proposed", "DISAGREE\nNo visit was offered.", RAISING),
    "agree": asks("accept_date", "dated", "AGREE", {"oakes", "lyle"}),
    "refuse": asks("refuse_date", "dated", "NO", {"oakes", "lyle"}),
    "reopen": asks("reopen", "closed", "REOPEN\nThe visit was cancelled.", _REOPEN),
    "disagree after all": asks("object_resolution", "closed", "DISAGREE\nThe visit was cancelled.", _REOPEN),
    "happened": asks("happened", "closed", "HAPPENED", {*RAISING, "bm"}),
    "not happened": asks("not_happened", "closed", "NOT HAPPENED\nNobody came.", {"hartwell", "oakes", "bm"}),
    "decide": asks("decision", "decided above", "DECISION\nA visit at home by 16 September 2026.", {"dsps"}),
    "close": asks("close", "open", f"CLOSE {REF} because both agencies have merged", {"bm"}),
    "hold": asks("hold_move", "open", f"HOLD {REF} because the manager has rung us", {"bm"}),
    "redact": asks("redact", "open", f"REDACT {REF} Kimberley", {"bm"}),
    "take out": asks("remove_person", "open", f"REMOVE {REF} tobias.fenn@seamoor.example", {"peake", DEPUTY, "bm"}),
    "an agency out": asks(
        "agency_out", "with two", f"REMOVE {NHS}", {"hartwell", "oakes", "lyle", "bm"}
    ),
    "open again": asks("reopen", "closed", f"REOPEN {REF}", _REOPEN),
}  # fmt: skip
ROADS = ("typed", "a button", "an answer", "by hand", "let in", "RELEASE")
PROOFS = {
    "proven": f"{BORDER}; dmarc=pass header.from={{domain}}",
    "nothing": "",
    "failed": f"{BORDER}; dmarc=fail header.from={{domain}}",
}
AXES: tuple[Sequence[str], ...] = (tuple(ACTS), WRITERS, ROADS, tuple(PROOFS))


def may(asked: str, writer: str, road: str, proof: str) -> bool:
    """In plain words: whoever may, by every road, once it is proven that they wrote it. To have it moved up
    is also done where the office's own line has let it in, and nothing shows who wrote it: never for the office, nor by
    anybody else's hand. Only a letter knows a deputy for one, or a hand that puts their proven mail there."""
    act = ACTS[asked]
    if writer not in act.who or (writer == DEPUTY and road not in ("an answer", "by hand")):
        return False
    if proof == "nothing":
        return act.released and road == "RELEASE" and writer not in ("bm", DEPUTY)
    return proof == "proven"


def _here() -> Partnership:
    rules = protocol()
    officers = tuple(
        replace(o, active=False, deputy=ADDRESS[DEPUTY]) if o.person.address == ADDRESS[LEFT] else o
        for o in DIRECTORY.officers
    )
    return Partnership(rules.id, rules, calendar_for(rules.calendar, NOW.date()), replace(DIRECTORY, officers=officers))


HERE = _here()


def _disputes() -> dict[str, Dispute]:
    who = {name: HERE.directory.person(address) for name, address in CALLED.items()}
    opened = e.DisputeOpened(
        at=AT, reference=REF, partnership=HERE.id, protocol=HERE.protocol.id, version=HERE.protocol.version, raised=AT,
        raiser=who["hartwell"], raising=SCHOOL, receiving=CSC, child="K.W.",
    )  # fmt: skip
    by = {Side.RAISING: CALLED["hartwell"], Side.RECEIVING: CALLED["fenn"], Side.OTHER: CALLED["hartwell"]}
    named = [
        e.PersonRecorded(at=AT, role=role, side=side, person=who[name], by=by[side])
        for name, (role, side) in PEOPLE.items()
    ]
    issue = e.FieldRecorded(at=AT, key="issue", value="It was closed.", by=CALLED["hartwell"])
    stages = [e.StageEntered(at=AT, stage=stage, how="asked") for stage in ("1", "2")]
    history = [opened, *named, issue, *stages]
    put = e.ResolutionProposed(
        at=AT, stage="2", side=Side.RECEIVING, by=who["peake"], agreed="A visit", actions=(), outcome="resolved"
    )
    dated = e.DateProposed(
        at=AT, stage="2", clock="s2", on=date(2026, 9, 10), side=Side.RECEIVING, by=who["peake"], reason=""
    )
    closed = (put, e.DisputeClosed(at=AT, outcome="resolved", stage="2", by=CALLED["oakes"]))
    asked = e.OutcomeAsked(at=AT, keys=("given",))
    return {
        "open": fold(history),
        "proposed": fold([*history, put]),
        "dated": fold([*history, dated]),
        "closed": fold([*history, *closed, asked]),
        "with two": fold([*history, e.AgencyJoined(at=AT, agency=NHS, by=CALLED["hartwell"])]),
        "decided above": fold([*history, e.StageEntered(at=AT, stage="4", how="referred")]),
    }


DISPUTES = _disputes()


class _Desk(GivenDesk):
    """One dispute, whose letters everybody has had; a token is whoever's presses it."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__({}, HERE, NOW)
        self._disputes = {dispute.reference: dispute}

    def by_token(self, token: str, near: tuple[str, ...], sender: str) -> Pressed | None:  # type: ignore[override]
        return Pressed(REF, sender, True, put_now(self._disputes[REF]))

    def shown(self, ids: tuple[str, ...], sender: str, dispute: Dispute) -> Put | None:  # type: ignore[override]
        return put_at(dispute, len(dispute.history) - 1) if self.by_message_id(ids) else None


def mail(asked: str, writer: str, road: str, proof: str) -> bytes:
    address = CALLED[writer]
    result = PROOFS[proof].format(domain=address.partition("@")[2])
    head = [f"Authentication-Results: {result}"] if result else []
    head += [f"From: {address}", "To: escalation@nsscp.example", "Message-ID: <one@x.example>"]
    button = " (ref k7x2-m3qa-d5vh-w2te)" if road == "a button" else ""
    head += [f"Subject: {'your letter' if road in ('an answer', 'by hand') else f'RE: [{REF}]{button}'}"]
    head += [f"In-Reply-To: <{REF.lower()}.7@nsscp.example>"] if road == "an answer" else []
    head += ["Date: Wed, 09 Sep 2026 10:00:00 +0100", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8"]
    return ("\r\n".join(head) + "\r\n\r\n" + ACTS[asked].words.replace("\n", "\r\n") + "\r\n").encode()


# What is asked, refused, filed, told or kept as somebody's view is nothing done.
_NOT_DONE = (MessageFiled, QuestionAsked, RequestRefused, OutsiderNoticed, RiskReported, StatusAsked)


def _is_done(event: e.Event) -> bool:
    view = isinstance(event, e.FieldRecorded) and event.key.endswith(":receiving")
    joins = isinstance(event, e.PersonRecorded) and event.person.address == CALLED[DEPUTY]  # to say what they say
    return not (view or joins) and not isinstance(event, _NOT_DONE)


WRITES_RESULTS, WRITES_NONE = Door((BORDER,)), Door((), require=False)


def is_obeyed(asked: str, writer: str, road: str, proof: str, door: Door = WRITES_RESULTS) -> bool:
    desk = _Desk(DISPUTES[ACTS[asked].scene])
    office = CALLED["bm"] if writer != "bm" else f"{CALLED['bm']} (RELEASE)"  # as the office's line is written down
    by = {"by hand": HAND, "let in": "Jo Brook", "RELEASE": office}.get(road, "")
    let_in = LetIn(by, REF if road == "by hand" else "") if by else NOT_LET_IN
    message = parse(mail(asked, writer, road, proof))
    assert isinstance(message, Message)
    reading = read_at_the_door(message, desk.is_ours, door.trusted_ids)
    ordered = office_email(reading, HERE, desk, door, by)
    if ordered is not None:
        done = [about_dispute(line, ordered.by, message, NOW, desk, 0) for line in ordered.lines if line.reference]
        return any(_is_done(event) for one in done if one.done for _, events in one.events for event in events)
    found: Considered = consider(reading, NOW, HERE, desk, door, let_in)
    return any(_is_done(event) for step in found.steps for event in step.events)


def rows(obeyed: bool) -> list[tuple[str, ...]]:
    return [row for row in product(*AXES) if may(*row) is obeyed]  # type: ignore[arg-type]


def test_nobody_is_obeyed_who_may_not() -> None:
    tried = rows(obeyed=False) if WHOLE else [row for row in pairwise(AXES) if not may(*row)]  # type: ignore[arg-type]
    assert [row for row in tried if is_obeyed(*row)] == []


def test_everybody_who_may_is_obeyed_by_every_road() -> None:
    tried = rows(obeyed=True)
    assert [row for row in (tried if WHOLE else tried[::4]) if not is_obeyed(*row)] == []


def test_where_the_server_writes_no_results_every_road_asks() -> None:
    """Nothing that changes anything is done for anybody, the office first, before the address on record has answered:
    whatever somebody at the partnership let in, or put where it belongs."""
    rows = [*product(tuple(ACTS), WRITERS, ROADS)]
    tried = rows if WHOLE else rows[::7]
    assert [row for row in tried if is_obeyed(*row, "nothing", WRITES_NONE)] == []


# Rows that no email asks in words of their own, or that stories of their own try: what is only told, what machines and
# hands do, what is judged beside a message, and files' own routes.
ELSEWHERE = {
    "open", "note", "status", "question", "form", "immediate_risk", "feedback", "action_done", "undo", "route",
    "end_alone", "record_box", "answer_question", "pass_on", "file_held", "release_held", "dismiss_held", "go_on",
    "link", "keep_apart", "put_back", "hold", "out_of_scope", "quarantine", "auto_reply", "bounce", "answer_held",
    "correct_list", "place_by_hand",
}  # fmt: skip


def test_every_act_of_the_table_is_tried_here_or_named_as_tried_elsewhere() -> None:
    tried = {act for asked in ACTS.values() for act in asked.acts}
    assert tried | ELSEWHERE == {str(rule.act) for rule in TABLE}
    assert tried & ELSEWHERE == set()


@pytest.mark.parametrize("writer", WRITERS)
def test_somebody_may_and_somebody_may_not(writer: str) -> None:
    may_do = {asked for asked in ACTS if may(asked, writer, "an answer", "proven")}
    assert bool(may_do) is (writer not in {*NOBODY_HERE, LEFT, "scrutineer", "vance"}), (
        "who only supports a side decides nothing"
    )
