"""Whom and what a message puts on the record beside what it asks: people for a place, dates that it states, what is
still missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.agreed_dates import accept_date, propose_date
from mailbot.core.decisions.decide import decide
from mailbot.core.decisions.opening import open_dispute
from mailbot.core.decisions.people.names_and_facts import _is_kept, details
from mailbot.core.decisions.recording_form import missing_from_record, receive
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import QuestionAsked, RequestRefused
from mailbot.core.record.intents import Act, Intent, Paper, Person
from mailbot.core.record.parties import Party
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.sites import partnership_for
from tests.unit.core.decisions.test_decide import HERE, NINE, asked, entered, raised
from tests.unit.core.decisions.test_who_is_left import in_it

HARTWELL, OAKES, PEAKE, REED = (DIRECTORY.person(ADDRESS[who]) for who in ("hartwell", "oakes", "peake", "reed"))
PELL = Person("n.pell@larkfield.sch.example", "Nia Pell", SCHOOL)


def opened(here: Partnership, **fields: str) -> list[e.Event]:
    said = {"raising_agency": SCHOOL, "receiving_agency": CSC, "child": "K.W.", **fields}
    return open_dispute("XX-26-0001", Request(Intent(Act.OPEN, fields=said), HARTWELL, NINE), here)


def kinds(made: list[e.Event]) -> set[str]:
    return {type(one).__name__ for one in made}


# Dates that an opening states


@pytest.mark.parametrize(
    ("said", "raised_on"), [("2026-09-07", "2026-09-07"), ("2026-12-01", "2026-09-09"), ("", "2026-09-09")]
)
def test_time_counts_from_the_first_stage_that_the_opening_states_and_never_from_a_later_day(
    said: str, raised_on: str
) -> None:
    first, *_ = opened(HERE, stage_1_date=said)
    assert isinstance(first, e.DisputeOpened)
    assert first.raised.date().isoformat() == raised_on


def test_dates_that_an_opening_states_hold_where_the_procedure_wants_one_agreed() -> None:
    """SU: each step has a date that the two agree; NS-05 has the day after, and none is agreed."""
    dates = {"agreed_date": "2026-09-16", "child_date": "2026-09-11"}
    made = opened(partnership_for("sunderland", NINE.date()), **dates)
    assert [(one.clock, one.on) for one in made if isinstance(one, e.DateAgreed)] == [("each", date(2026, 9, 16))]
    assert [one.on for one in made if isinstance(one, e.ProtectiveDateSet)] == [date(2026, 9, 11)]
    assert not [one for one in opened(HERE, **dates) if isinstance(one, e.DateAgreed)]


# People for a place


def with_managers(name: str, stage: str) -> Case:
    case = in_it(name, stage=stage)
    people = (("raiser", Side.RAISING, HARTWELL), ("raising_manager", Side.RAISING, OAKES),
              ("responding_manager", Side.RECEIVING, PEAKE))  # fmt: skip
    for role, side, person in people:
        case = case.after(e.PersonRecorded(at=NINE, role=role, side=side, person=person))
    return case


def test_a_reviewing_officer_is_named_by_either_side_and_replaced_by_the_raising_side_alone() -> None:
    """GL-11: of NEITHER side, and "must be notified": whoever knows who it is says so."""
    case, iro = with_managers("gloucestershire", "2"), Person("philippa.dunmore@seamoor.example", "Philippa Dunmore")
    added = decide(case, Request(Intent(Act.ADD_PERSON, person=iro, fields={"role": "iro"}), OAKES, NINE))
    assert [(one.role, one.side) for one in added if isinstance(one, e.PersonRecorded)] == [("iro", Side.OTHER)]
    named = Request(Intent(Act.NOTE, people={"iro": iro}), PEAKE, NINE)
    assert [(one.role, one.side) for one in details(case, named)] == [("iro", Side.OTHER)]
    held = e.PersonRecorded(at=NINE, role="iro", side=Side.OTHER, person=PELL, by=OAKES.address)
    view = details(case.after(held), named)
    assert [(one.of.name, one.topic) for one in view if isinstance(one, QuestionAsked)] == [
        ("Desmond Oakes", "view: iro")
    ]
    assert "PersonRecorded" not in kinds(view)
    assert details(Case(raised(), HERE, NINE), named) == [], "NS has no such role"


def test_the_next_tier_of_management_comes_in_where_nobody_of_it_was_yet() -> None:
    """GL-15: within one stage managers climb tier by tier, and whoever was before stays and is copied (GL-30)."""
    case = with_managers("gloucestershire", "3")
    office = case.partnership.office()[0]

    def added(person: Person, to: Case) -> list[e.Event]:
        intent = Intent(Act.ADD_PERSON, person=person, fields={"role": "raising_senior"})
        return list(decide(to, Request(intent, office, NINE)))

    (first,) = [one for one in added(PELL, case) if isinstance(one, e.PersonRecorded)]
    assert (first.role, first.person.address) == ("raising_senior", PELL.address)
    above = added(DIRECTORY.person(ADDRESS["lyle"]), case.after(first))
    assert [(one.leaving.address, one.taking.name) for one in above if isinstance(one, e.PersonHandedOver)] == [
        (PELL.address, "Beatrix Lyle")
    ]
    assert [(one.role, one.person.address) for one in above if isinstance(one, e.PersonRecorded)] == [
        ("supporter", PELL.address)
    ]


def test_a_place_that_was_handed_over_is_whoever_had_it_before() -> None:
    handed = e.PersonHandedOver(
        at=NINE, role="raising_senior", side=Side.RAISING, leaving=DIRECTORY.person(ADDRESS["lyle"]), taking=PELL
    )
    another = Person("w.ives@larkfield.sch.example", "Wren Ives")
    there = raised(entered("2"), handed)
    assert kinds(asked(there, "hartwell", Act.NOTE, people={"raising_senior": another})) == {
        "RequestRefused",
        "QuestionAsked",
    }
    assert kinds(asked(there, "oakes", Act.NOTE, people={"raising_senior": another})) == {"PersonRecorded"}


@pytest.mark.parametrize(
    ("address", "namer", "agency"),
    [
        ("sidonie.vance@westmere-nhs.example", PEAKE, NHS),  # by the domain of the address
        ("nobody@westmere-nhs.example", PEAKE, NHS),
    ],
)
def test_somebody_named_for_one_of_several_agencies_is_of_the_one_that_shows(
    address: str, namer: Person, agency: str
) -> None:
    both = raised(entered("2"), also=(NHS,))
    request = Request(Intent(Act.NOTE, people={"responding_senior": Person(address, "Somebody New")}), namer, NINE)
    made = details(Case(both, HERE, NINE), request, opening=True)
    named = [one.person.agency for one in made if isinstance(one, e.PersonRecorded)]
    assert named in ([agency], []), made
    assert made


def test_a_role_that_the_procedure_does_not_have_is_nobodys() -> None:
    request = Request(Intent(Act.NOTE, people={"lord_mayor": PELL}), OAKES, NINE)
    assert "PersonRecorded" not in kinds(details(Case(raised(), HERE, NINE), request))


@pytest.mark.parametrize("key", ["outcome_sought", "issue"])
def test_a_supporter_of_a_side_records_nothing_in_its_name(key: str) -> None:
    helper = e.PersonRecorded(at=NINE, role="supporter", side=Side.RAISING, person=REED)
    request = Request(Intent(Act.NOTE, fields={key: "Something else."}), REED, NINE)
    made = details(Case(raised(entered("2"), helper), HERE, NINE), request)
    assert [one.key for one in made if isinstance(one, e.FieldRecorded)] == []


def test_a_place_of_which_the_record_does_not_say_who_gave_it_is_anybodys_of_that_side() -> None:
    holder = Party("raising_senior", Side.RAISING, PELL)
    assert not _is_kept(Case(raised(), HERE, NINE), holder, Request(Intent(Act.NOTE), OAKES, NINE))


# A date within one's own side (SU step 2)


def within() -> Dispute:
    case = in_it("sunderland", stage="2")
    raiser = e.PersonRecorded(at=NINE, role="raiser", side=Side.RAISING, person=HARTWELL)
    managers = [
        e.PersonRecorded(at=NINE, role=role, side=side, person=person)
        for role, side, person in (
            ("raising_manager", Side.RAISING, OAKES),
            ("responding_manager", Side.RECEIVING, PEAKE),
        )
    ]
    return fold([*case.dispute.history, raiser, *managers])


def test_a_date_within_one_side_is_agreed_by_that_side_alone() -> None:
    here = partnership_for("sunderland", NINE.date())
    there = within()
    on = (NINE + timedelta(days=1)).date()
    put = propose_date(Case(there, here, NINE), Request(Intent(Act.PROPOSE_DATE, on=on), OAKES, NINE))
    (one,) = put
    assert isinstance(one, e.DateProposed)
    assert one.within
    there = there.after(one)
    again = Request(Intent(Act.PROPOSE_DATE, on=on), HARTWELL, NINE)
    (agreed,) = propose_date(Case(there, here, NINE), again)
    assert isinstance(agreed, e.DateAgreed)
    for who in (OAKES, PEAKE):
        (refused,) = accept_date(Case(there, here, NINE), Request(Intent(Act.ACCEPT_DATE), who, NINE))
        assert isinstance(refused, RequestRefused)
        assert refused.why == "the date is for whoever it was put to, on the side that raised it"


# What the record still lacks


@pytest.mark.parametrize(
    ("name", "stage", "lacks"),
    [
        ("gloucestershire", "1", "responder raising_manager responding_manager issue outcome_sought impact evidence"),
        ("sunderland", "1", "responder raising_manager responding_manager designated_lead|(each|side) impact"),
        ("wolverhampton", "3", "raising_senior responding_senior impact"),
        ("plymouth", "4", "raising_senior responding_senior impact"),
    ],
)
def test_what_the_record_lacks_is_what_the_procedure_wants_by_this_stage(name: str, stage: str, lacks: str) -> None:
    case = in_it(name, stage=stage)
    assert missing_from_record(case.dispute, case.protocol) == tuple(one.replace("|", " ") for one in lacks.split())


def test_a_side_that_has_named_its_own_is_asked_no_more() -> None:
    assert missing_from_record(raised(entered("2")), HERE.protocol) == ("impact",), "everybody is named"
    case = in_it("sunderland", stage="1")
    lead = e.PersonRecorded(at=NINE, role="designated_lead", side=Side.RAISING, person=HARTWELL)
    assert "designated_lead (receiving side)" in missing_from_record(case.dispute.after(lead), case.protocol)
    wanted = in_it("wolverhampton", stage="1")
    assert "decision_on" in missing_from_record(wanted.dispute, wanted.protocol)
    first, *rest = wanted.dispute.history
    assert isinstance(first, e.DisputeOpened)
    told = fold([replace(first, decision_on=date(2026, 9, 20)), *rest])
    assert "decision_on" not in missing_from_record(told, wanted.protocol)


def test_a_form_that_is_none_of_ours_is_answered_and_a_message_without_one_is_no_form() -> None:
    request = Request(Intent(Act.FORM), OAKES, NINE)
    assert receive(Case(raised(), HERE, NINE), request) == []
    strange = replace(request, intent=Intent(Act.FORM, paper=Paper("form.docx", "ab12")))
    made = receive(Case(raised(), HERE, NINE), strange)
    assert "NS-26-0001" in str(made[0])
    assert "FieldRecorded" not in kinds(made)
