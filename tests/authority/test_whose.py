"""Whose somebody or something is: what a side may do with its own, and what becomes of the rest, decided."""

from dataclasses import replace
from datetime import timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide, is_more_than_talk
from mailbot.core.decisions.who_may.authority import judge
from mailbot.core.decisions.who_may.table import On, Verdict
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import FormReturned, QuestionAsked
from mailbot.core.record.intents import Act, Intent, Paper, Person, Proof, ReturnedBox
from mailbot.core.record.questions_put import Put
from tests.authority.test_table import AT, HERE, dispute, person
from tests.people import POLICE
from tests.sites import partnership_for

POLICE_MANAGER = Person("sergeant@seamoor-police.example", "Sergeant Vale", POLICE)


def asked(intent: Intent, who: str, here: Dispute, partnership: Partnership = HERE) -> list[str]:
    """The names of what was decided."""
    made = decide(Case(here, partnership, AT), Request(intent, person(who), AT, proof=Proof.PROVEN))
    return [type(event).__name__ for event in made]


def with_two_agencies() -> Dispute:
    first, *rest = dispute().history
    assert isinstance(first, e.DisputeOpened)
    manager = e.PersonRecorded(at=AT, role="responding_manager", side=Side.RECEIVING, person=POLICE_MANAGER)
    return fold([replace(first, also_receiving=(POLICE,)), *rest, manager])


def test_one_responding_agency_takes_out_and_names_nobody_of_another() -> None:
    """H6: each has its people and answers for itself."""
    both = with_two_agencies()
    theirs = Intent(Act.REMOVE_PERSON, person=POLICE_MANAGER)
    assert asked(theirs, "peake", both) == ["RequestRefused"]
    assert asked(theirs, "bm", both)[0] == "PersonRemoved"
    brought = Intent(Act.ADD_PERSON, person=Person("x@seamoor-police.example"), fields={"role": "responding_manager"})
    assert "PersonRecorded" not in asked(brought, "peake", both)
    assert asked(Intent(Act.REMOVE_PERSON, person=person("fenn")), "peake", both)[0] == "PersonRemoved"


def test_somebody_of_a_third_agency_comes_in_as_a_supporter_alone() -> None:
    """H9: they speak, and decide nothing; not even the office makes them a manager of a side. Is it with them too?"""
    of_the_police = Person("lucian.brook.5512@seamoor-police.example")
    for who in ("oakes", "bm"):
        as_senior = Intent(Act.ADD_PERSON, person=of_the_police, fields={"role": "raising_senior"})
        assert asked(as_senior, who, dispute()) == ["RequestRefused"]
        assert asked(Intent(Act.ADD_PERSON, person=of_the_police), who, dispute()) == [
            "PersonRecorded",
            "QuestionAsked",
        ]
    named = Intent(Act.NOTE, people={"raising_senior": person("brook")})
    assert asked(named, "bm", dispute()) == ["QuestionAsked"]


def test_nobody_of_a_side_is_made_to_decide_nor_a_decider_brought_onto_a_side() -> None:
    """G7, B2.4."""
    as_decider = Intent(Act.ADD_PERSON, person=person("oakes"), fields={"role": "dsps"})
    assert asked(as_decider, "bm", dispute()) == ["RequestRefused"]
    named = e.PersonRecorded(at=AT, role="dsps", side=Side.PARTNERSHIP, person=person("kettle"))
    assert asked(Intent(Act.ADD_PERSON, person=person("kettle")), "peake", dispute(named)) == ["RequestRefused"]


def test_one_person_is_added_at_two_stages_by_nobody() -> None:
    """G7: whoever asks is asked for somebody else."""
    twice = Intent(Act.ADD_PERSON, person=person("oakes"), fields={"role": "raising_senior"})
    assert asked(twice, "lyle", dispute()) == ["QuestionAsked"]


def test_a_reviewing_officer_and_who_decides_are_taken_out_by_the_office_alone() -> None:
    """G22: cannot be skipped."""
    reviewer = e.PersonRecorded(at=AT, role="iro", side=Side.OTHER, person=person("dunmore"))
    panel = e.PersonRecorded(at=AT, role="dsps", side=Side.PARTNERSHIP, person=person("kettle"))
    of_a_side = e.PersonRecorded(at=AT, role="dsps", side=Side.RAISING, person=person("kettle"))
    for who, deciding in (("dunmore", panel), ("kettle", panel), ("kettle", of_a_side)):
        out = Intent(Act.REMOVE_PERSON, person=person(who))
        assert asked(out, "oakes", dispute(reviewer, deciding)) == ["RequestRefused"]
        assert asked(out, "bm", dispute(reviewer, deciding)) == ["PersonRemoved"]


def test_practitioners_bring_in_supporters_and_managers_anybody() -> None:
    """G5; G12: the raiser may name a supporter, at whatever stage."""
    colleague = Person("n.pell@larkfield.sch.example", "Nia Pell")
    as_support = Intent(Act.ADD_PERSON, person=colleague)
    as_lead = Intent(Act.ADD_PERSON, person=colleague, fields={"role": "raising_senior"})
    at_the_first = fold([past for past in dispute().history if getattr(past, "stage", "1") == "1"])
    for here in (dispute(), at_the_first):
        assert asked(as_support, "hartwell", here) == ["PersonRecorded"]
        assert asked(as_lead, "hartwell", here) == ["RequestRefused"]
        assert asked(as_lead, "oakes", here) == ["PersonRecorded"]
    assert asked(Intent(Act.REMOVE_PERSON, person=person("peake")), "fenn", at_the_first) == ["RequestRefused"]


def test_a_colleague_does_not_give_away_a_place_that_another_gave() -> None:
    """Whoever has it, their manager and the office do; everybody else is answered, and whoever has it is asked."""
    by_the_raiser = e.PersonRecorded(
        at=AT, role="raising_senior", side=Side.RAISING, person=person("lyle"), by=person("hartwell").address
    )
    here = dispute(by_the_raiser)
    another = Intent(Act.NOTE, people={"raising_senior": Person("n.pell@larkfield.sch.example", "Nia Pell")})
    assert asked(another, "marlow", here) == ["RequestRefused", "QuestionAsked"]
    for who in ("hartwell", "oakes", "lyle", "bm"):
        assert asked(another, who, here) == ["PersonRecorded"], who


def test_nobody_is_left_without_an_answer_whose_naming_was_refused() -> None:
    """H1."""
    another = Intent(Act.NOTE, people={"raising_senior": Person("n.pell@larkfield.sch.example", "Nia Pell")})
    assert asked(another, "vance", dispute()) == ["RequestRefused"]
    panel = Intent(Act.NOTE, people={"dsps": person("kettle")})
    assert asked(panel, "peake", dispute()) == ["RequestRefused"]


def test_what_the_raising_side_recorded_is_not_written_over() -> None:
    """NS-14, H9: what anybody else says of it is kept as a view, told to its writer, and asked about."""
    said = e.FieldRecorded(at=AT, key="category", value="Assessment", by=person("oakes").address)
    told = Intent(Act.CORRECT, fields={"category": "Thresholds"})
    for who in ("fenn", "vance"):
        made = decide(Case(dispute(said), HERE, AT), Request(told, person(who), AT))
        assert [past.value for past in made if isinstance(past, e.FieldRecorded) and past.key == "category"] == []
    assert asked(told, "vance", dispute(said)) == ["RequestRefused", "QuestionAsked"]
    assert asked(told, "oakes", dispute(said)) == ["FieldRecorded"]
    agency = Intent(Act.CORRECT, fields={"receiving_agency": POLICE})
    unknown = fold([replace(dispute().history[0], receiving=""), *dispute().history[1:]])  # type: ignore[type-var]
    assert asked(agency, "vance", unknown) == ["RequestRefused", "QuestionAsked"]


def test_a_status_that_protects_more_is_recorded_from_anybody() -> None:
    """G22 before H9."""
    told = Intent(Act.CHILD_STATUS, fields={"child_status": "child protection plan"})
    assert asked(told, "fenn", dispute()) == ["FieldRecorded", "QuestionAsked"], "and the raising side is asked"
    assert asked(told, "oakes", dispute()) == ["FieldRecorded"]


def test_a_status_that_nobody_has_said_yet_is_not_the_challenged_sides_to_say() -> None:
    """H9: it is kept as their view, and the raising side is asked."""
    for said in ("none", "child in need", "closed to us"):
        told = Intent(Act.CORRECT, fields={"child_status": said})
        made = decide(Case(dispute(), HERE, AT), Request(told, person("fenn"), AT))
        recorded = [past.key for past in made if isinstance(past, e.FieldRecorded)]
        asked_of = {past.of.address for past in made if isinstance(past, QuestionAsked)}
        assert (recorded, asked_of) == (["child_status:receiving"], {person("oakes").address}), said


def test_a_returned_form_is_the_judges_to_record() -> None:
    """NS-14: a supporter of another agency fills in boxes as a view, whatever side they came in on."""
    paper = Paper(
        "form.docx", "d", reference="NS-26-0001", form="recording-form", boxes=(ReturnedBox("summary:2", "They met."),)
    )
    for who, expected in (("vance", False), ("fenn", False), ("oakes", True), ("bm", True)):
        made = decide(Case(dispute(), HERE, AT), Request(Intent(Act.FORM, paper=paper), person(who), AT))
        assert [past.recorded for past in made if isinstance(past, FormReturned)] == [expected], who


def test_a_date_that_the_side_asked_puts_is_the_other_sides_to_agree() -> None:
    """SU step 2: only the raising manager's date is the raiser's; the reply's is the two managers'."""
    rules = partnership_for("sunderland", AT.date())
    here = dispute()
    mine = Request(Intent(Act.PROPOSE_DATE), person("hartwell"), AT)
    reply = Request(Intent(Act.PROPOSE_DATE, fields={"reason": "for their reply"}), person("hartwell"), AT)
    assert judge(mine, Case(here, rules, mine.at)).verdict is Verdict.YES
    assert judge(reply, Case(here, rules, reply.at)).verdict is Verdict.NO
    day = (AT + timedelta(days=1)).date()
    put = Intent(Act.PROPOSE_DATE, on=day)
    for who, within in (("oakes", "raiser"), ("peake", "")):
        made = decide(Case(here, rules, AT), Request(put, person(who), AT))
        assert [past.within for past in made if isinstance(past, e.DateProposed)] == [within], who
        waiting = fold([*here.history, *made])
        agree = Request(Intent(Act.ACCEPT_DATE), person("stroud"), AT)
        assert judge(agree, Case(waiting, rules, agree.at)).verdict is Verdict.NO, who


def test_a_note_that_answers_the_files_question_is_no_mere_talk() -> None:
    """G22, GL-11: nothing shows who wrote it, so its writer is asked first."""
    question = QuestionAsked(
        at=AT, of=person("oakes"), question="Who is it? If there is none, reply NOTE and why.", topic="answer:no iro"
    )
    note = Request(Intent(Act.NOTE, words="NOTE there is none, he is not on a plan"), person("oakes"), AT)
    unproven = replace(note, proof=Proof.UNPROVEN)
    assert is_more_than_talk(Case(dispute(question), HERE, unproven.at), unproven)
    assert not is_more_than_talk(Case(dispute(), HERE, unproven.at), unproven)
    recorded = [type(past).__name__ for past in decide(Case(dispute(question), HERE, note.at), note)]
    assert recorded == ["FieldRecorded"]
    assert decide(Case(dispute(question), HERE, unproven.at), unproven) == ()


def test_whether_it_happened_is_said_of_the_closing_that_the_letter_asked_about() -> None:
    put = e.ResolutionProposed(
        at=AT, stage="2", side=Side.RECEIVING, by=person("peake"), agreed="A visit", actions=(), outcome="resolved"
    )
    closed = e.DisputeClosed(at=AT, outcome="resolved", stage="2", by=person("oakes").address)
    once = dispute(put, closed, e.OutcomeAsked(at=AT, keys=("a",)))
    asked_once = len(once.history) - 1
    again = dispute(
        *once.history[len(dispute().history) :],
        e.DisputeReopened(at=AT, by=person("hartwell"), words=""),
        replace(closed, at=AT + timedelta(days=1)),
    )
    yes = Request(Intent(Act.HAPPENED), person("hartwell"), AT + timedelta(days=2), answers=Put(about=asked_once))
    assert [type(past).__name__ for past in decide(Case(again, HERE, yes.at), yes)] == ["QuestionAsked"]
    assert [type(past).__name__ for past in decide(Case(once, HERE, yes.at), yes)] == ["OutcomeReported"]


def test_a_route_is_taken_by_whom_its_file_names() -> None:
    """WO: "a senior manager from any agency"; GL 2.2c: "the managers involved"."""
    here = Case(dispute(), partnership_for("gloucestershire", AT.date()), AT)
    meeting = Intent(Act.ROUTE, fields={"route": "professionals-meeting"})
    may = {
        who: judge(Request(meeting, person(who), AT), here).verdict is Verdict.YES
        for who in ("oakes", "peake", "lyle", "hartwell", "fenn", "marlow", "vance")
    }
    assert may == {
        "oakes": True, "peake": True, "lyle": True, "hartwell": False, "fenn": False, "marlow": False, "vance": False
    }  # fmt: skip
    assert judge(Request(meeting, person("oakes"), AT), here, on=On.THEIRS).verdict is Verdict.NO
