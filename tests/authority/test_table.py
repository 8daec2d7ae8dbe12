"""The table of authority, cell by cell, against a grid drawn by hand from the published procedures; and the judge that
reads it, asked by people of every standing in a dispute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.core.decisions.authority import (
    ANY_PROOF,
    OFFICE_ACTS,
    TABLE,
    Capacity,
    On,
    Rule,
    Verdict,
    capacities,
    judge,
    rule_for,
    verdict,
)
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Act, Intent, Person, Proof
from tests.authority.printed import page
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.sites import partnership_for

AT = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
# Columns: RAISER, RAISING_ACTING, RAISING_BEFORE, RAISING_COLLEAGUE, RESPONDER, RECEIVING_ACTING, RECEIVING_BEFORE,
# RECEIVING_COLLEAGUE, ALONE, WAS_ASKED, SUPPORTER, INFORMED, MOVES_ON, DATES_WITH, DECIDER, OFFICE, PARTNERSHIP,
# NOBODY. Y done, P put to others, V kept as a view, . refused. Then what must show who wrote it: proven,
# let in, unproven, failed.
GRID = """
    open                 IT       YYYYYYYYYYYYYYYYYY YY??
    note                 IT       YYYYYYYYYYYYYYYYY. YYYY
    status               IT       YYYYYYYYYYYYYYYYY. YYYY
    question             IT       YYYYYYYYYYYYYYYYY. YYYY
    form                 IT       YYYYYYYYYYYYYYYYY. YY??
    immediate_risk       IT       YYYYYYYYYYYYYYYYYY YYYY
    feedback             IT       YYYYYYYYYYYYYYYYY. YY??
    met                  IT       YYYYYYYY.......Y.. YY??
    child_status         IT       YYYYYYYYYYYYYYYYY. YY??
    correct              IT       YYYYYYYYYYYYYYYYY. YY??
    action_done          IT       YYYYYYYYYYYYYYYYY. YY??
    happened             IT       YYYY...........Y.. YY??
    not_happened         IT       YYYY...........Y.. YY??
    route                IT       YYYYYYYYYYYYYYYYYY YY??
    conference_request   IT       YYYYYYYY.......Y.. YY??
    protective_date      IT       YYYYYYYY.......Y.. YY??
    propose_resolution   IT       YY..YY............ YY??
    confirm_resolution   THEIRS   .Y...Y..YY........ YY??
    confirm_resolution   OURS     .................. YY??
    confirm_resolution   IT       .................. YY??
    object_resolution    THEIRS   YYYYYYYY.......... YY??
    object_resolution    OURS     Y................. YY??
    object_resolution    IT       YYYYYYYY.......... YY??
    move_up              IT       .Y..VVVV....Y..... YY??
    refer                IT       .Y..VVVV....Y..... YY??
    decision             IT       ..............Y... YY??
    propose_date         IT       .Y...Y.......Y.... YY??
    accept_date          THEIRS   .Y...Y.......Y.... YY??
    accept_date          OURS     .................. YY??
    accept_date          IT       .Y...Y.......Y.... YY??
    refuse_date          THEIRS   .Y...Y.......Y.... YY??
    refuse_date          OURS     .Y...Y............ YY??
    refuse_date          IT       .Y...Y.......Y.... YY??
    withdraw             IT       YYY............Y.. YY??
    reopen               IT       YYY..Y.........Y.. YY??
    undo                 IT       YYYYYYYY..YY..YY.. YY??
    handover             OURS     YYYYYYYY.......... YY??
    handover             SHARED   PPPPPPPP.......... YY??
    handover             THEIRS   .................. YY??
    handover             THIRD    .................. YY??
    handover             BOTH     .................. YY??
    add_person           OURS     .Y...Y.........Y.. YY??
    add_person           SHARED   .P...P.........Y.. YY??
    add_person           THEIRS   .P...P.........Y.. YY??
    add_person           THIRD    .Y...P.........Y.. YY??
    add_person           BOTH     .................. YY??
    add_person           PANEL    ...............Y.. YY??
    remove_person        OURS     .Y...Y.........Y.. YY??
    remove_person        THEIRS   ...............Y.. YY??
    remove_person        NEITHER  .Y.............Y.. YY??
    name_person          OURS     YYYYYYYY.......Y.. YY??
    name_person          SHARED   PPPPPPPP.......Y.. YY??
    name_person          THEIRS   PPPPPPPP.......Y.. YY??
    name_person          THIRD    ...............Y.. YY??
    name_person          BOTH     .................. YY??
    name_person          PANEL    ...............Y.. YY??
    name_person          NEITHER  YYYYVVVVVVVVVVVYV. YY??
    record_fact          IT       YYYYYYYYYYYYYYYYY. YY??
    record_fact          OURS     YYYYYYYYYYYYYYYYY. YY??
    record_fact          THEIRS   VVVVVVVVVVVVVVVVV. YY??
    record_fact          NEITHER  YYYYVVVVVVVVVVVYV. YY??
    record_box           OURS     YYYYVVVVVVVVYYYYY. YY??
    file_held            IT       ...............Y.. Y???
    release_held         IT       ...............Y.. Y???
    dismiss_held         IT       ...............Y.. Y???
    hold_move            IT       ...............Y.. Y???
    go_on                IT       ...............Y.. Y???
    link                 IT       ...............Y.. Y???
    keep_apart           IT       ...............Y.. Y???
    redact               IT       ...............Y.. Y???
"""
LETTERS = {"Y": Verdict.YES, "P": Verdict.PUT, "V": Verdict.VIEW, ".": Verdict.NO}
CELLS = [
    (act, On[on], capacity, LETTERS[letter])
    for act, on, row, _ in (line.split() for line in GRID.strip().splitlines())
    for capacity, letter in zip(Capacity, row, strict=True)
]
PROOFS = [
    (act, On[on], proof, letter == "Y")
    for act, on, _, row in (line.split() for line in GRID.strip().splitlines())
    for proof, letter in zip(Proof, row, strict=True)
]


def _rule(act: str, on: On) -> Rule:
    rule = rule_for(act, on)
    assert rule is not None
    assert rule.on is on
    return rule


def test_the_grid_has_every_row_of_the_table_once() -> None:
    rows = [(act, on) for act, on, *_ in (line.split() for line in GRID.strip().splitlines())]
    assert rows == [(str(rule.act), rule.on.name) for rule in TABLE]
    assert len(set(rows)) == len(rows)


def test_every_cell_is_what_the_table_answers() -> None:
    found = [(act, on, who, verdict(_rule(act, on), {who}, Proof.PROVEN)) for act, on, who, _ in CELLS]
    assert [cell for cell, (*_, expected) in zip(found, CELLS, strict=True) if cell[-1] is not expected] == []
    assert len(CELLS) > 1000


def test_what_must_show_who_wrote_it() -> None:
    found = [(act, on, proof, verdict(_rule(act, on), {Capacity.OFFICE}, proof)) for act, on, proof, _ in PROOFS]
    said = [(act, on, proof, answer is not Verdict.PROVE) for act, on, proof, answer in found]
    assert [row for row, expected in zip(said, PROOFS, strict=True) if row != expected] == []
    assert len(PROOFS) > 200


def test_every_act_that_a_message_can_ask_stands_in_the_table() -> None:
    """A new act is refused nobody by being forgotten here."""
    elsewhere = {Act.HOLD, Act.OUT_OF_SCOPE, Act.QUARANTINE, Act.AUTO_REPLY, Act.BOUNCE}
    assert {str(act) for act in set(Act) - elsewhere} <= {str(rule.act) for rule in TABLE}


def test_the_page_in_the_documentation_is_this_table() -> None:
    told = Path(__file__).parents[2].joinpath("docs", "authority.md").read_text(encoding="utf-8")
    assert told == page(), "python -m tests.authority prints it anew"


held = st.frozensets(st.sampled_from(list(Capacity)), min_size=1, max_size=4)


@given(st.sampled_from(TABLE), held, st.sampled_from(list(Proof)))
def test_more_standing_never_allows_less(rule: Rule, some: frozenset[Capacity], proof: Proof) -> None:
    for one in some:
        if verdict(rule, {one}, proof) is Verdict.YES:
            assert verdict(rule, some, proof) is Verdict.YES


@given(st.sampled_from(TABLE), held)
def test_nothing_changes_for_a_mail_that_is_not_its_senders(rule: Rule, some: frozenset[Capacity]) -> None:
    for proof in (Proof.UNPROVEN, Proof.FAILED):
        assert rule.proof == ANY_PROOF or verdict(rule, some, proof) is Verdict.PROVE


RECEIVING = frozenset({Capacity.RESPONDER, Capacity.RECEIVING_ACTING, Capacity.RECEIVING_BEFORE,
                       Capacity.RECEIVING_COLLEAGUE})  # fmt: skip
NEVER = {  # act -> who never does it, whatever else they are not
    "withdraw": RECEIVING | {Capacity.SUPPORTER, Capacity.INFORMED, Capacity.PARTNERSHIP, Capacity.NOBODY},
    "move_up": RECEIVING | {Capacity.SUPPORTER, Capacity.INFORMED, Capacity.NOBODY},
    "decision": frozenset(Capacity) - {Capacity.DECIDER},
    "confirm_resolution": frozenset({Capacity.SUPPORTER, Capacity.INFORMED, Capacity.OFFICE, Capacity.NOBODY}),
    **{act: frozenset(Capacity) - {Capacity.OFFICE} for act in OFFICE_ACTS},
}


@given(st.sampled_from(sorted(NEVER)), st.data())
def test_who_never_does_what(act: str, data: st.DataObject) -> None:
    some = data.draw(st.frozensets(st.sampled_from(sorted(NEVER[act])), min_size=1))
    for on in On:
        rule = rule_for(act, on)
        assert rule is None or verdict(rule, some, Proof.PROVEN) is not Verdict.YES


@given(held, st.sampled_from(list(Proof)))
def test_danger_is_anybodys_to_tell(some: frozenset[Capacity], proof: Proof) -> None:
    assert verdict(_rule("immediate_risk", On.IT), some, proof) is Verdict.YES


# The judge, in a dispute at its second stage


HERE = partnership_for("north-somerset", AT.date())


def person(who: str, name: str = "") -> Person:
    return DIRECTORY.person(ADDRESS.get(who, who), name)


def dispute(*more: e.Event) -> Dispute:
    opened = e.DisputeOpened(
        at=AT, reference="NS-26-0001", partnership=HERE.id, protocol=HERE.protocol.id, version=HERE.protocol.version,
        raised=AT, raiser=person("hartwell"), raising=SCHOOL, receiving=CSC, child="K.W.",
    )  # fmt: skip
    people = (
        ("raiser", Side.RAISING, "hartwell"), ("responder", Side.RECEIVING, "fenn"),
        ("raising_manager", Side.RAISING, "oakes"), ("responding_manager", Side.RECEIVING, "peake"),
        ("raising_senior", Side.RAISING, "lyle"), ("responding_senior", Side.RECEIVING, "stroud"),
        ("supporter", Side.RAISING, "marlow"), ("supporter", Side.RAISING, "vance"),
    )  # fmt: skip
    recorded = [e.PersonRecorded(at=AT, role=role, side=side, person=person(who)) for role, side, who in people]
    return fold(
        [
            opened,
            *recorded,
            e.StageEntered(at=AT, stage="1", how="opening"),
            e.StageEntered(at=AT, stage="2", how="asked"),
            *more,
        ]
    )


@pytest.mark.parametrize(
    ("who", "speaks_as"),
    [
        ("hartwell", {Capacity.RAISER}),
        ("oakes", {Capacity.RAISING_ACTING}),
        ("lyle", {Capacity.RAISING_ACTING}),
        ("marlow", {Capacity.RAISING_COLLEAGUE}),
        ("fenn", {Capacity.RESPONDER}),
        ("peake", {Capacity.RECEIVING_ACTING}),
        ("stroud", {Capacity.RECEIVING_ACTING}),
        ("vance", {Capacity.SUPPORTER}),
        ("bm", {Capacity.OFFICE, Capacity.PARTNERSHIP}),
        ("dsps", {Capacity.PARTNERSHIP}),
        ("reed", {Capacity.NOBODY}),
        ("garth", {Capacity.NOBODY}),
        ("dad@freemail.example", {Capacity.NOBODY}),
    ],
)
def test_as_what_somebody_speaks_is_what_is_recorded_of_them(who: str, speaks_as: set[Capacity]) -> None:
    assert capacities(dispute(), HERE, ADDRESS.get(who, who)) == speaks_as


def test_somebody_of_an_earlier_stage_speaks_as_such() -> None:
    later = dispute(e.StageEntered(at=AT, stage="3", how="asked"))
    assert capacities(later, HERE, ADDRESS["oakes"]) == {Capacity.RAISING_BEFORE}
    assert capacities(later, HERE, ADDRESS["peake"]) == {Capacity.RECEIVING_BEFORE}


def test_a_practitioner_whose_side_has_nobody_acting_confirms() -> None:
    roles = (("responding_manager", "peake"), ("responding_senior", "stroud"))
    gone = [e.PersonRemoved(at=AT, role=role, person=person(who)) for role, who in roles]
    assert capacities(dispute(*gone), HERE, ADDRESS["fenn"]) == {Capacity.RESPONDER, Capacity.ALONE}
    assert _asked(dispute(*gone, _proposal("oakes")), "fenn", Act.CONFIRM_RESOLUTION) is Verdict.YES


def _proposal(by: str) -> e.ResolutionProposed:
    side = Side.RAISING if by in ("hartwell", "oakes") else Side.RECEIVING
    return e.ResolutionProposed(
        at=AT, stage="2", side=side, by=person(by), agreed="A visit", actions=(), outcome="resolved"
    )


def _asked(here: Dispute, who: str, act: Act, proof: Proof = Proof.PROVEN, partnership: Partnership = HERE) -> Verdict:
    return judge(Request(Intent(act), person(who), AT, proof=proof), here, partnership).verdict


@pytest.mark.parametrize("who", ["fenn", "peake", "stroud", "vance", "marlow", "reed", "dsps"])
def test_only_the_raiser_their_managers_and_the_office_withdraw(who: str) -> None:
    assert _asked(dispute(), who, Act.WITHDRAW) is Verdict.NO
    assert [_asked(dispute(), one, Act.WITHDRAW) for one in ("hartwell", "oakes", "lyle", "bm")] == [Verdict.YES] * 4


def test_one_side_does_not_confirm_what_it_proposed() -> None:
    waiting = dispute(_proposal("peake"))
    assert [_asked(waiting, who, Act.CONFIRM_RESOLUTION) for who in ("peake", "fenn", "stroud")] == [Verdict.NO] * 3
    assert [_asked(waiting, who, Act.CONFIRM_RESOLUTION) for who in ("oakes", "lyle")] == [Verdict.YES] * 2


def test_a_move_by_the_limit_takes_nobody_the_answer_they_were_asked_for() -> None:
    moved = dispute(_proposal("peake"), e.StageEntered(at=AT + timedelta(days=1), stage="3", how="limit"))
    assert _asked(moved, "oakes", Act.CONFIRM_RESOLUTION) is Verdict.YES
    assert Capacity.WAS_ASKED in capacities(moved, HERE, ADDRESS["oakes"])


def test_a_proof_that_lacks_is_asked_for_before_anything_else_is_weighed() -> None:
    for proof in (Proof.UNPROVEN, Proof.FAILED):
        assert _asked(dispute(), "oakes", Act.MOVE_UP, proof) is Verdict.PROVE
        assert _asked(dispute(), "bm", Act.WITHDRAW, proof) is Verdict.PROVE


def test_whoever_was_struck_out_of_the_directory_is_nobody() -> None:
    left = replace(HERE, directory=replace(DIRECTORY, officers=tuple(
        o for o in DIRECTORY.officers if o.person.address != ADDRESS["oakes"]
    ), struck_out=frozenset({ADDRESS["oakes"]})))  # fmt: skip
    assert capacities(dispute(), left, ADDRESS["oakes"]) == {Capacity.NOBODY}
    assert _asked(dispute(), "oakes", Act.MOVE_UP, partnership=left) is Verdict.NO
    assert not left.may_write_to(ADDRESS["oakes"])
    assert left.may_write_to("n.pell@larkfield.sch.example"), "a colleague who never had a row"
    assert _asked(dispute(), "oakes", Act.MOVE_UP) is Verdict.YES
