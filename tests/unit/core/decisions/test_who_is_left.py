"""Whose it is where somebody is missing: nobody is known, they have left, or the file names a post that nobody has."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from mailbot.core.clocks.case import Case
from mailbot.core.decisions.decide import decide
from mailbot.core.decisions.due import due
from mailbot.core.decisions.people.asked_of_others import in_it_already
from mailbot.core.decisions.people.further_agencies import instead_of_another
from mailbot.core.decisions.people.names_and_facts import details
from mailbot.core.decisions.people.roles import keepers, stand_ins
from mailbot.core.decisions.resolution import _given
from mailbot.core.decisions.stages import _joined, offered, takes_one
from mailbot.core.decisions.who_may.authority import (
    NO_ROW,
    Judgement,
    _all_have_written,
    capacities_outside,
    instead_of,
    judge_of,
    lacking_members,
    substituted,
)
from mailbot.core.decisions.who_may.by_the_file import by_post, posts_of_route, says_alone
from mailbot.core.decisions.who_may.table import Capacity, Verdict
from mailbot.core.partnership.directory import Agency, Directory
from mailbot.core.partnership.partnership import Partnership, Request
from mailbot.core.procedure.closed_lists import Happening, Side, Source
from mailbot.core.procedure.stage_ends import waits_for
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.events_of_mail import MessageFiled, QuestionAsked, RequestRefused, WordsPassedOn
from mailbot.core.record.intents import Act, Intent, Proof
from mailbot.core.record.parties import Voice
from mailbot.core.record.questions_put import Put
from tests.people import ADDRESS, CSC, DIRECTORY, NHS, SCHOOL
from tests.sites import partnership_for
from tests.unit.core.decisions.test_decide import HERE, NINE, VISIT, asked, entered, raised

OAKES, PEAKE = (DIRECTORY.person(ADDRESS[who]) for who in ("oakes", "peake"))
DAY = timedelta(days=1)


def in_it(name: str, *more: e.Event, stage: str, partnership: Partnership | None = None) -> Case:
    """A dispute under another procedure, raised by the school with the council's social care."""
    here = partnership or partnership_for(name, NINE.date())
    opened = e.DisputeOpened(
        at=NINE, reference="XX-26-0001", partnership=name, protocol=name, version=here.protocol.version, raised=NINE,
        raiser=DIRECTORY.person(ADDRESS["hartwell"]), raising=SCHOOL, receiving=CSC, child="K.W.",
    )  # fmt: skip
    return Case(fold([opened, entered(stage, "opening"), *more]), here, NINE)


def test_where_nothing_says_who_may_nobody_may() -> None:
    assert judge_of("sing", Capacity.SERVER, Proof.PROVEN) == Judgement(Verdict.NO, NO_ROW)
    assert capacities_outside(HERE, "mother@webmail.example") == {Capacity.NOBODY}
    assert capacities_outside(HERE, "") == {Capacity.NOBODY}


def test_nobody_answers_for_a_side_of_which_nobody_is_known() -> None:
    first, *_ = raised().history
    nobody = fold([first, entered("1", "opening")])
    assert instead_of(Voice(Side.RECEIVING, ""), Case(nobody, HERE, NINE)) == ()
    assert keepers(Case(nobody, HERE, NINE), Side.RECEIVING) == list(HERE.office())


def test_a_panel_lacks_only_those_whom_the_file_lists() -> None:
    of_the_police = replace(HERE.protocol.roles["dsps"], members=("police",))
    assert lacking_members(raised(), of_the_police, DIRECTORY) == ("police",)


def test_a_substitute_steps_in_only_where_the_one_it_stands_for_decides() -> None:
    case = in_it("sunderland", stage="3")
    stage = next(one for one in case.protocol.stages.values() if one.if_party_then is not None)
    assert substituted(case, replace(stage, decided_by=()), NINE) == []


def test_of_an_agency_without_a_sector_nobody_stands_in() -> None:
    role = next(role for role in partnership_for("plymouth", NINE.date()).protocol.roles.values())
    assert (
        stand_ins(NHS, role, replace(HERE, directory=Directory((Agency(NHS, ("w.example",)),), (), frozenset()))) == ()
    )
    assert stand_ins("Nobody's Agency", role, HERE) == ()


def test_a_route_that_names_a_role_is_taken_by_no_other_post() -> None:
    protocol = partnership_for("wolverhampton", NINE.date()).protocol
    by_a_role = next(route for route in protocol.routes.values() if route.who in protocol.roles)
    assert posts_of_route(by_a_role, protocol) == frozenset()


def test_only_a_post_of_a_side_is_filled_from_the_directory() -> None:
    by_email = replace(HERE.protocol.roles["raising_manager"], source=Source.EMAIL)
    of_the_partnership = replace(HERE.protocol.roles["raising_manager"], source=Source.DIRECTORY, side=Side.PARTNERSHIP)
    assert by_post(by_email, raised(), DIRECTORY) == by_post(of_the_partnership, raised(), DIRECTORY) == ()


def test_an_outcome_is_given_alone_only_by_whom_the_file_names_and_at_its_stages() -> None:
    protocol = partnership_for("sunderland", NINE.date()).protocol
    alone = next(one for one in protocol.outcomes.values() if one.given_by)
    assert not says_alone(None, ADDRESS["peake"], raised())
    assert not says_alone(replace(alone, given_by=()), ADDRESS["peake"], raised())
    assert not says_alone(replace(alone, stages=("9",)), ADDRESS["peake"], raised())


def test_whoever_takes_over_from_nobody_is_asked_from_whom() -> None:
    request = Request(Intent(Act.HANDOVER), DIRECTORY.person(ADDRESS["reed"]), NINE)
    (question,) = in_it_already(Case(raised(), HERE, NINE), request)
    assert isinstance(question, QuestionAsked)
    assert question.question.startswith("Whose part do you take over?")


def test_nobody_is_taken_out_for_an_agency_that_is_in_no_directory() -> None:
    request = Request(Intent(Act.CORRECT), OAKES, NINE)
    for agency, gone in (("Nobody's Agency", (CSC,)), (NHS, ()), (CSC, (CSC,)), (NHS, ("Nobody's Agency",))):
        assert instead_of_another(Case(raised(), HERE, NINE), request, agency, gone) == []


def test_a_line_that_only_leaves_an_agency_out_changes_nothing_and_says_how() -> None:
    both = raised(entered("2"), also=(NHS,))
    made = asked(both, "oakes", Act.CORRECT, fields={"agencies": f"{SCHOOL}{chr(31)}{CSC}"})
    assert not [one for one in made if not isinstance(one, QuestionAsked)]


def test_a_way_that_the_procedure_does_not_have_is_answered() -> None:
    """A button of an older version, which had it."""
    note = Request(Intent(Act.ROUTE, fields={"route": "nowhere"}), OAKES, NINE)
    assert not takes_one(Case(raised(), HERE, NINE), note)
    assert [type(one) for one in decide(Case(raised(), HERE, NINE), note)] == [RequestRefused]


def test_what_those_who_decide_did_not_ask_for_is_not_passed_on_to_them() -> None:
    panel = e.PersonRecorded(at=NINE, role="dsps", side=Side.PARTNERSHIP, person=DIRECTORY.person(ADDRESS["dsps"]))
    there = raised(panel, entered("4"))
    words = "We would like you to know that the family moved last week and that the school has changed."
    assert not [one for one in asked(there, "oakes", Act.NOTE, words=words) if isinstance(one, WordsPassedOn)]


def test_the_evening_before_a_weekend_nobody_on_the_other_side_is_told_of_on_monday() -> None:
    """Four hours from 3pm on a Friday are over when the office is closed."""
    friday = datetime(2026, 9, 11, 14, 0, tzinfo=UTC)
    first, *_ = raised().history
    assert isinstance(first, e.DisputeOpened)
    alone = fold([replace(first, at=friday, raised=friday), entered("1", "opening", friday)])
    told = [one.key for one in due(Case(alone, HERE, friday + 2 * DAY)) if isinstance(one, e.Reminded)]
    assert told == []
    told = [one.key for one in due(Case(alone, HERE, friday + 3 * DAY)) if isinstance(one, e.Reminded)]
    assert "untold" in told


def test_what_rests_on_more_of_ones_own_is_taken_back_last_first() -> None:
    """RESOLVED, and ESCALATE after it, by the same hand: the first is not taken from under the second."""
    resolved = e.ResolutionProposed(at=NINE, stage="2", side=Side.RAISING, by=OAKES, agreed="as agreed", actions=VISIT)
    moved = e.StageEntered(at=NINE, stage="3", how="asked", by=OAKES.address)
    there = raised(entered("2"), filed("1"), resolved, filed("2"))
    place = there.history.index(resolved)
    assert isinstance(undone(there, place), e.MisreadUndone)
    refused = undone(there.after(moved).after(filed("3")), place)
    assert isinstance(refused, RequestRefused)
    assert refused.why.startswith("you have done more since that rests on it.")


def filed(digest: str) -> MessageFiled:
    return MessageFiled(at=NINE, digest=digest, by=OAKES, side=Side.RAISING, message=f"<{digest}@larkfield.example>")


def undone(dispute: Dispute, about: int) -> e.Event:
    request = Request(Intent(Act.UNDO), OAKES, NINE, answers=Put(about=about))
    return decide(Case(dispute, HERE, NINE), request)[0]


def test_an_outcome_that_one_gives_alone_is_given_by_nobody_else_though_the_opening_says_it() -> None:
    """SU-05: asked without the judge before it as well."""
    case = in_it("sunderland", stage="2")
    outcome = next(one for one in case.protocol.outcomes.values() if one.given_by)
    request = Request(Intent(Act.PROPOSE_RESOLUTION, fields={"outcome": outcome.id, "reason": "x"}), OAKES, NINE)
    (refused,) = _given(case, request, outcome)
    assert isinstance(refused, RequestRefused)


def test_the_last_stages_route_is_offered_to_the_one_whose_it_is_while_nobody_has_taken_it() -> None:
    """WO: the raising side's director."""
    director = e.PersonRecorded(at=NINE, role="raising_director", side=Side.RAISING, person=OAKES)
    case = in_it("wolverhampton", director, stage="4")
    assert [one.of.name for one in offered(case, NINE) if isinstance(one, QuestionAsked)] == ["Desmond Oakes"]
    assert not [one for one in offered(case, NINE) if isinstance(one, e.PersonRecorded)], "they are in it already"
    assert offered(in_it("wolverhampton", stage="4"), NINE) == [], "nobody is known"
    file = case.protocol
    route = replace(file.routes["exceptional"], clocks=file.routes["exceptional"].clocks[1:])  # none from the limit
    without = replace(case.partnership, protocol=replace(file, routes={"exceptional": route}))
    assert offered(replace(case, partnership=without), NINE) == []
    taken = e.RouteTaken(at=NINE, route="exceptional", by=OAKES, words="It cannot wait.")
    assert offered(case.after(taken), NINE) == []


def test_somebody_in_it_no_more_is_not_heard_for_a_side() -> None:
    """An office that only monitors records that it is over once each side has written (H6)."""
    resolved = e.ResolutionProposed(at=NINE, stage="2", side=Side.RAISING, by=OAKES, agreed="as agreed", actions=VISIT)
    later = NINE + DAY
    stranger = replace(filed("9"), at=later, by=DIRECTORY.person(ADDRESS["brook"]), side=None)
    there = raised(entered("2"), resolved, stranger)
    assert not _all_have_written(there)
    assert _all_have_written(there.after(replace(filed("8"), at=later, by=PEAKE, side=Side.RECEIVING)))
    assert not _all_have_written(raised(entered("2")))


def test_a_date_accepted_that_nobody_put_changes_nothing() -> None:
    accepted = e.DateAccepted(at=NINE, stage="2", clock="s2", on=date(2026, 9, 10), side=Side.RECEIVING, by=PEAKE)
    there = raised(entered("2"))
    assert replace(there.after(accepted), history=()) == replace(there, history=())


def test_what_a_stage_waits_for_that_begins_when_an_act_was_done_in_its_time() -> None:
    file = HERE.protocol
    act = replace(file.clocks["s2"], id="reply", start=Happening.STAGE_ENTERED, done_when=Happening.REPLIED)
    kept = replace(file.clocks["s2"], start=Happening.CLOCK_KEPT, of="reply")
    assert waits_for(replace(file, clocks={**file.clocks, "s2": kept, "reply": act}), "2") is Happening.REPLIED


def test_whoever_took_a_way_that_awaits_an_answer_is_asked_once_whether_it_has_come() -> None:
    """WO: "a response provided in writing"."""
    taken = e.RouteTaken(at=NINE, route="conference", by=OAKES, words="A conference is needed.")
    case = in_it("wolverhampton", taken, stage="4")
    later = replace(case, now=NINE + 20 * DAY)
    asked_for = [one for one in due(later) if isinstance(one, QuestionAsked) and one.topic == "answer:conference"]
    assert [one.of.name for one in asked_for] == ["Desmond Oakes"]
    assert "01902 550477" in asked_for[0].question


def test_a_way_for_a_post_is_taken_by_whoever_has_it() -> None:
    case = in_it("wolverhampton", stage="2")
    request = Request(Intent(Act.ROUTE, fields={"route": "conference"}), DIRECTORY.person(ADDRESS["brook"]), NINE)
    assert not takes_one(case, request), "a sergeant is no senior manager"
    senior = e.PersonRecorded(at=NINE, role="raising_senior", side=Side.RAISING, person=OAKES)
    assert takes_one(case.after(senior), replace(request, by=OAKES))


def test_a_stranger_records_nothing() -> None:
    request = Request(Intent(Act.NOTE, fields={"issue": "Something else."}), DIRECTORY.person(ADDRESS["brook"]), NINE)
    assert details(Case(raised(entered("2")), HERE, NINE), request) == []


def test_whoever_takes_a_route_by_their_post_comes_into_the_dispute_once() -> None:
    route = replace(next(iter(HERE.protocol.routes.values())), who="raising_senior")
    request = Request(Intent(Act.ROUTE, fields={"route": route.id}), DIRECTORY.person(ADDRESS["kettle"]), NINE)
    (joined,) = _joined(Case(raised(), HERE, NINE), route, request)
    assert isinstance(joined, e.PersonRecorded)
    assert (joined.role, joined.person.address) == ("raising_senior", ADDRESS["kettle"])
    assert _joined(Case(raised(joined), HERE, NINE), route, request) == []
