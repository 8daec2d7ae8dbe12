"""The table of authority, cell by cell, against a grid drawn by hand from the published procedures; and the judge that
reads it, asked by people of every standing in a dispute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.who_may.authority import NO_ROW, Judgement, capacities, judge, on_person, voice_of
from mailbot.core.decisions.who_may.table import (
    ANY_PROOF,
    HELD_ACTS,
    OFFICE_ACTS,
    TABLE,
    Capacity,
    On,
    Rule,
    Verdict,
    needs_proof,
    rule_for,
    verdict,
)
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Act, Intent, Person, Proof
from mailbot.core.record.parties import Voice
from tests.authority.printed import page
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.sites import partnership_for

AT = datetime(2026, 9, 9, 9, 0, tzinfo=UTC)
# Columns: RAISER, RAISER_ACTING, RAISING_MANAGER, RAISING_ACTING, RAISING_ABOVE, RAISING_BEFORE, RAISING_COLLEAGUE,
# RESPONDER, RESPONDER_ACTING, RECEIVING_ACTING, RECEIVING_ABOVE, RECEIVING_BEFORE, RECEIVING_COLLEAGUE, ALONE,
# WAS_ASKED, SUPPORTER, INFORMED, MOVES_ON, DATES_WITH, TAKES_ROUTE, GIVES, DECIDER, OFFICE, PARTNERSHIP; then, of no
# dispute, WRITTEN_TO, ASKED, CONTACT, SERVER, HAND; NOBODY. Y done, P put to others, V kept as a view, . refused. Then
# what must show who wrote it: proven, by the letter it answers, by the office's RELEASE, let in, unproven, failed.
GRID = """
    open                 IT            ......................YYY..... Y?????
    note                 IT            YYYYYYYYYYYYYYYYYYYYYYYY...... YYYYYY
    status               IT            YYYYYYYYYYYYYYYYYYYYYYYY...... YYYYYY
    question             IT            YYYYYYYYYYYYYYYYYYYYYYYY...... YYYYYY
    form                 IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    immediate_risk       IT            YYYYYYYYYYYYYYYYYYYYYYYYYYYYYY YYYYYY
    feedback             IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    met                  IT            YYYYYYYYYYYYY.........Y....... Y?????
    child_status         IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    correct              IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    action_done          IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    happened             IT            YYYYYYY...............Y....... Y?????
    not_happened         IT            YPPYPPPPPPPPP.........Y....... Y?????
    route                IT            ...................Y.......... Y?????
    protective_date      IT            YYYYYYYYYYYYY.........Y....... Y?????
    propose_resolution   IT            YY.YY..YYYY..Y................ Y?????
    propose_resolution   ONE_SIDED     YY.YY......................... Y?????
    end_alone            IT            ....................Y......... Y?????
    confirm_resolution   THEIRS        .Y.YY...YYY..YY............... Y?????
    confirm_resolution   OURS          .............................. Y?????
    confirm_resolution   IT            .............................. Y?????
    object_resolution    THEIRS        YYYYYYYYYYYYY................. Y?????
    object_resolution    OURS          Y............................. Y?????
    object_resolution    IT            .............................. Y?????
    object_resolution    CLOSED        Y..Y.....Y............Y....... Y?????
    move_up              IT            PYPYYP.VVVVVV....Y............ Y?Y???
    refer                IT            PYPYYP.VVVVVV....Y............ Y?????
    decision             IT            .....................Y........ Y?????
    propose_date         IT            .Y.YY...YYY................... Y?????
    propose_date         WITHIN        .Y.YY...YYY.......Y........... Y?????
    accept_date          THEIRS        .Y.YY...YYY................... Y?????
    accept_date          WITHIN        ...Y..............Y........... Y?????
    accept_date          OURS          .............................. Y?????
    accept_date          IT            .............................. Y?????
    refuse_date          THEIRS        .Y.YY...YYY................... Y?????
    refuse_date          WITHIN        ...Y..............Y........... Y?????
    refuse_date          OURS          .Y.YY...YYY.......Y........... Y?????
    refuse_date          IT            .............................. Y?????
    withdraw             IT            Y.Y........................... Y?????
    close                IT            ......................Y....... Y?????
    close                MONITORED     .............................. Y?????
    reopen               IT            YPPYPPPPPYPPP.........Y....... Y?????
    undo                 IT            YYYYYYYYYYYYY..YY....YYY...... Y?????
    handover             OURS          YYYYYYYYYYYYY................. Y?????
    handover             SHARED        PPPPPPPPPPPPP................. Y?????
    handover             THEIRS        .............................. Y?????
    handover             THIRD         .............................. Y?????
    handover             BOTH          .............................. Y?????
    handover             JUDGES        .............................. Y?????
    handover             TWICE         .............................. Y?????
    add_person           OURS          ...YY....YY...........Y....... Y?????
    add_person           SUPPORT       YY.YY...YYY...........Y....... Y?????
    add_person           SHARED        PP.PP...PPP...........Y....... Y?????
    add_person           THEIRS        PP.PP...PPP...........Y....... Y?????
    add_person           THIRD         PY.YY...PPP...........Y....... Y?????
    add_person           THIRD_ACTING  .............................. Y?????
    add_person           JOINS         YYYYYYYPPPPPP.........Y....... Y?????
    add_person           BOTH          .............................. Y?????
    add_person           TWICE         .............................. Y?????
    add_person           PANEL         ......................Y....... Y?????
    add_person           JUDGES        .............................. Y?????
    add_person           NEITHER       YYYYYYY...............Y....... Y?????
    remove_person        OURS          ...YY....YY...........Y....... Y?????
    remove_person        THEIRS        ......................Y....... Y?????
    remove_person        NEITHER       ......................Y....... Y?????
    remove_person        PANEL         ......................Y....... Y?????
    agency_out           IT            YYYYYPPPPPPPP.........Y....... Y?????
    name_person          OURS          YYYYYYYYYYYYY.........Y....... Y?????
    name_person          HELD          PPPYYPPPPYYPP.........Y....... Y?????
    name_person          UNMET         YYYYYYYYYYYYY.........Y....... Y?????
    name_person          SHARED        PPPPPPPPPPPPP.........Y....... Y?????
    name_person          THEIRS        PPPPPPPPPPPPP.........Y....... Y?????
    name_person          THIRD         .............................. Y?????
    name_person          BOTH          .............................. Y?????
    name_person          TWICE         .............................. Y?????
    name_person          PANEL         ......................Y....... Y?????
    name_person          JUDGES        .............................. Y?????
    name_person          NEITHER       YYYYYYYVVVVVVVVVVVVVVVYV...... Y?????
    record_fact          IT            YYYYYYYYYYYYYVVVVVVVVYYV...... Y?????
    record_fact          OURS          YYYYYYYYYYYYY.........Y....... Y?????
    record_fact          THEIRS        VVVVVVVVVVVVVVVVVVVVVVVV...... Y?????
    record_fact          NEITHER       YYYYYYYVVVVVVVVVVVVVVVYV...... Y?????
    record_fact          PROTECTS      YYYYYYYYYYYYYYYVYYYYYYYY...... Y?????
    record_box           IT            YYYYYYYVVVVVVVVVVVVVVVYV...... Y?Y???
    answer_question      IT            YYYYYYY...............Y....... Y?????
    pass_on              IT            YYYYYYYYYYYYY........Y........ Y?????
    file_held            IT            ......................Y.....Y. Y?????
    release_held         IT            ......................Y.....Y. Y?????
    dismiss_held         IT            ......................Y.....Y. Y?????
    hold_move            IT            ......................Y....... Y?????
    go_on                IT            ......................Y....... Y?????
    link                 IT            ......................Y....... Y?????
    keep_apart           IT            ......................Y....... Y?????
    redact               IT            ......................Y....... Y?????
    put_back             IT            ......................Y....... Y?????
    hold                 IT            YYYYYYYYYYYYYYYYYYYYYYYYYYYYYY YYYYYY
    out_of_scope         IT            YYYYYYYYYYYYYYYYYYYYYYYYYYYYYY YYYYYY
    quarantine           IT            YYYYYYYYYYYYYYYYYYYYYYYYYYYYYY YYYYYY
    auto_reply           IT            YYYYYYYYYYYYYYYYYYYYYYYY...... Y?????
    bounce               IT            ...........................Y.. Y?????
    answer_held          IT            .........................Y.... YY????
    correct_list         IT            ......................Y...P... Y?????
    place_by_hand        IT            ............................Y. YYYYYY
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
    by_its_route = {Act.CONFERENCE_REQUEST}  # judged as the route that it names
    assert {str(act) for act in set(Act) - by_its_route} <= {str(rule.act) for rule in TABLE}


def test_what_has_no_row_is_done_for_nobody_and_waits_for_proof() -> None:
    assert rule_for("sing", On.IT) is None
    assert rule_for("withdraw", On.THIRD) is None, "no row lends itself to another object"
    for who in ("hartwell", "oakes", "bm"):
        request = Request(Intent(Act.NOTE), person(who), AT)
        here, unknown = Case(dispute(), HERE, AT), (("sing", None), ("withdraw", On.THIRD))
        assert [judge(request, here, act, on) for act, on in unknown] == [Judgement(Verdict.NO, NO_ROW)] * 2
    assert needs_proof("sing")


def test_the_page_in_the_documentation_is_this_table() -> None:
    told = Path(__file__).parents[2].joinpath("docs", "authority.md").read_text(encoding="utf-8")
    assert told == page(), "python -m tests.authority prints it anew"


held = st.frozensets(st.sampled_from(list(Capacity)), min_size=1, max_size=4)


@settings(deadline=None)  # a busy machine is no fault of the table's
@given(st.sampled_from(TABLE), held, st.sampled_from(list(Proof)))
def test_more_standing_never_allows_less(rule: Rule, some: frozenset[Capacity], proof: Proof) -> None:
    for one in some:
        if verdict(rule, {one}, proof) is Verdict.YES:
            assert verdict(rule, some, proof) is Verdict.YES


@settings(deadline=None)  # a busy machine is no fault of the table's
@given(st.sampled_from(TABLE), held)
def test_nothing_changes_for_a_mail_that_is_not_its_senders(rule: Rule, some: frozenset[Capacity]) -> None:
    for proof in (Proof.VOUCHED, Proof.UNPROVEN, Proof.FAILED):
        assert rule.proof == ANY_PROOF or verdict(rule, some, proof) is Verdict.PROVE


RECEIVING = frozenset({Capacity.RESPONDER, Capacity.RESPONDER_ACTING, Capacity.RECEIVING_ACTING,
                       Capacity.RECEIVING_ABOVE, Capacity.RECEIVING_BEFORE, Capacity.RECEIVING_COLLEAGUE})  # fmt: skip
ASIDE = frozenset({Capacity.SUPPORTER, Capacity.INFORMED, Capacity.PARTNERSHIP, Capacity.NOBODY})
NEVER = {  # act -> who never does it, whatever else they are not
    "withdraw": frozenset(Capacity) - {Capacity.RAISER, Capacity.RAISING_MANAGER},
    "close": frozenset(Capacity) - {Capacity.OFFICE},
    "move_up": RECEIVING | ASIDE,
    "reopen": ASIDE | {Capacity.RESPONDER, Capacity.RAISING_BEFORE, Capacity.RAISING_ABOVE},
    "decision": frozenset(Capacity) - {Capacity.DECIDER},
    "confirm_resolution": ASIDE | {Capacity.OFFICE},
    "record_box": RECEIVING | ASIDE | {Capacity.DECIDER},
    **{act: frozenset(Capacity) - {Capacity.OFFICE} for act in OFFICE_ACTS if act not in HELD_ACTS},
    **{act: frozenset(Capacity) - {Capacity.OFFICE, Capacity.HAND} for act in HELD_ACTS},
}


@settings(deadline=None)  # a busy machine is no fault of the table's
@given(st.sampled_from(sorted(NEVER)), st.data())
def test_who_never_does_what(act: str, data: st.DataObject) -> None:
    some = data.draw(st.frozensets(st.sampled_from(sorted(NEVER[act])), min_size=1))
    for on in On:
        rule = rule_for(act, on)
        assert rule is None or verdict(rule, some, Proof.PROVEN) is not Verdict.YES


@settings(deadline=None)  # a busy machine is no fault of the table's
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
        ("oakes", {Capacity.RAISING_ACTING, Capacity.RAISING_MANAGER}),
        ("lyle", {Capacity.RAISING_ABOVE}),
        ("marlow", {Capacity.RAISING_COLLEAGUE}),
        ("fenn", {Capacity.RESPONDER}),
        ("peake", {Capacity.RECEIVING_ACTING}),
        ("stroud", {Capacity.RECEIVING_ABOVE}),
        ("vance", {Capacity.SUPPORTER}),
        ("bm", {Capacity.OFFICE, Capacity.PARTNERSHIP}),
        ("dsps", {Capacity.NOBODY}),  # nobody has told them of it yet
        ("reed", {Capacity.NOBODY}),
        ("garth", {Capacity.NOBODY}),
        ("dad@freemail.example", {Capacity.NOBODY}),
    ],
)
def test_as_what_somebody_speaks_is_what_is_recorded_of_them(who: str, speaks_as: set[Capacity]) -> None:
    assert capacities(Case(dispute(), HERE, AT), ADDRESS.get(who, who)) == speaks_as


def test_somebody_of_an_earlier_stage_speaks_as_such() -> None:
    later = dispute(e.StageEntered(at=AT, stage="3", how="asked"))
    assert capacities(Case(later, HERE, AT), ADDRESS["oakes"]) == {Capacity.RAISING_BEFORE, Capacity.RAISING_MANAGER}
    assert capacities(Case(later, HERE, AT), ADDRESS["peake"]) == {Capacity.RECEIVING_BEFORE}


def test_a_practitioner_whose_side_has_nobody_acting_confirms() -> None:
    roles = (("responding_manager", "peake"), ("responding_senior", "stroud"))
    gone = [e.PersonRemoved(at=AT, role=role, person=person(who)) for role, who in roles]
    assert capacities(Case(dispute(*gone), HERE, AT), ADDRESS["fenn"]) == {Capacity.RESPONDER, Capacity.ALONE}
    assert _asked(dispute(*gone, _proposal("oakes")), "fenn", Act.CONFIRM_RESOLUTION) is Verdict.YES


def _proposal(by: str) -> e.ResolutionProposed:
    side = Side.RAISING if by in ("hartwell", "oakes") else Side.RECEIVING
    return e.ResolutionProposed(
        at=AT, stage="2", side=side, by=person(by), agreed="A visit", actions=(), outcome="resolved"
    )


def _asked(here: Dispute, who: str, act: Act, proof: Proof = Proof.PROVEN, partnership: Partnership = HERE) -> Verdict:
    return judge(Request(Intent(act), person(who), AT, proof=proof), Case(here, partnership, AT)).verdict


@pytest.mark.parametrize("who", ["fenn", "peake", "stroud", "lyle", "vance", "marlow", "reed", "dsps", "bm"])
def test_only_the_raiser_and_their_line_manager_withdraw_and_the_office_closes(who: str) -> None:
    assert _asked(dispute(), who, Act.WITHDRAW) is Verdict.NO
    assert [_asked(dispute(), one, Act.WITHDRAW) for one in ("hartwell", "oakes")] == [Verdict.YES] * 2
    assert _asked(dispute(), who, Act.CLOSE) is (Verdict.YES if who == "bm" else Verdict.NO)


def test_one_side_does_not_confirm_what_it_proposed() -> None:
    waiting = dispute(_proposal("peake"))
    assert [_asked(waiting, who, Act.CONFIRM_RESOLUTION) for who in ("peake", "fenn", "stroud")] == [Verdict.NO] * 3
    assert [_asked(waiting, who, Act.CONFIRM_RESOLUTION) for who in ("oakes", "lyle")] == [Verdict.YES] * 2


def test_a_move_by_the_limit_takes_nobody_the_answer_they_were_asked_for() -> None:
    moved = dispute(_proposal("peake"), e.StageEntered(at=AT + timedelta(days=1), stage="3", how="limit"))
    assert _asked(moved, "oakes", Act.CONFIRM_RESOLUTION) is Verdict.YES
    assert Capacity.WAS_ASKED in capacities(Case(moved, HERE, AT), ADDRESS["oakes"])


def test_a_proof_that_lacks_is_asked_for_before_anything_else_is_weighed() -> None:
    for proof in (Proof.UNPROVEN, Proof.FAILED):
        assert _asked(dispute(), "oakes", Act.MOVE_UP, proof) is Verdict.PROVE
        assert _asked(dispute(), "bm", Act.WITHDRAW, proof) is Verdict.PROVE


def test_whoever_was_struck_out_of_the_directory_is_nobody() -> None:
    left = replace(
        HERE,
        directory=replace(
            DIRECTORY,
            officers=tuple(o for o in DIRECTORY.officers if o.person.address != ADDRESS["oakes"]),
            struck_out=frozenset({ADDRESS["oakes"]}),
        ),
    )
    assert capacities(Case(dispute(), left, AT), ADDRESS["oakes"]) == {Capacity.NOBODY}
    assert _asked(dispute(), "oakes", Act.MOVE_UP, partnership=left) is Verdict.NO
    assert not left.may_write_to(ADDRESS["oakes"])
    assert left.may_write_to("n.pell@larkfield.sch.example"), "a colleague who never had a row"
    assert _asked(dispute(), "oakes", Act.MOVE_UP) is Verdict.YES


def test_whose_domain_nobody_approves_any_more_is_nobody() -> None:
    """Though their rows still stand in the directory."""
    struck = replace(HERE, directory=replace(DIRECTORY, approved_domains=frozenset({"seamoor.example"})))
    assert capacities(Case(dispute(), struck, AT), ADDRESS["oakes"]) == {Capacity.NOBODY}
    assert _asked(dispute(), "oakes", Act.MOVE_UP, partnership=struck) is Verdict.NO
    assert not struck.may_write_to(ADDRESS["oakes"])
    assert struck.may_write_to(ADDRESS["peake"])


def test_whoever_the_directory_has_for_a_deputy_answers_what_is_written_to_them() -> None:
    """The letters of somebody not active any more go to their deputy: so does the right to answer them."""
    officers = tuple(
        replace(o, active=False, deputy=ADDRESS["marlow"]) if o.person.address == ADDRESS["oakes"] else o
        for o in DIRECTORY.officers
    )
    away = replace(HERE, directory=replace(DIRECTORY, officers=officers))
    without = fold([past for past in dispute().history if getattr(past, "role", "") != "supporter"])
    assert capacities(Case(without, away, AT), ADDRESS["marlow"]) == {Capacity.RAISING_ACTING, Capacity.RAISING_MANAGER}
    assert capacities(Case(without, HERE, AT), ADDRESS["marlow"]) == {Capacity.NOBODY}


def test_an_agency_speaks_for_its_own_people_where_a_dispute_is_with_several() -> None:
    """H6: each has its people and answers for itself."""
    with_police = fold(
        [
            replace(dispute().history[0], also_receiving=("Avon Police",)),
            *dispute().history[1:],
        ]
    )
    here, theirs = Case(with_police, HERE, AT), Person("x@police.example", "X", "Avon Police")
    peake = voice_of(ADDRESS["peake"], here)
    assert peake == Voice(Side.RECEIVING, CSC)
    assert on_person(person("garth"), peake, here, Side.RECEIVING) is On.OURS
    assert on_person(theirs, peake, here, Side.RECEIVING) is On.THEIRS
