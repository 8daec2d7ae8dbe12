"""What a message means by its clauses: done where both readers hear it, asked about where one of them does not."""

from datetime import date

import pytest

from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Act, Sure
from mailbot.mail.understanding.after_closing import done_told
from mailbot.mail.understanding.context import scene_of
from mailbot.mail.understanding.handovers_routes_statuses import handover_told
from mailbot.mail.whether_meant.supposed import means, open_to, told_in
from tests.unit.mail.understanding.scenes import (
    DATED,
    ENDED,
    ENDED_WITH_TWO,
    FENN,
    HARTWELL,
    OAKES,
    OPEN,
    PROPOSED,
    partnership,
    read,
    said,
)

SAID = (
    (OPEN, "Please could the head of service take this on, we are stuck", Act.MOVE_UP),
    (OPEN, "This needs senior oversight now, we are stuck", Act.MOVE_UP),
    (OPEN, "We sorted this out over the phone and nothing is left between us", Act.PROPOSE_RESOLUTION),
    (OPEN, "The two teams are aligned and the matter can be closed", Act.PROPOSE_RESOLUTION),
    (PROPOSED, "We're happy with the plan as set out, no outstanding issues from health", Act.CONFIRM_RESOLUTION),
    (PROPOSED, "I'm afraid we are poles apart on this", Act.OBJECT_RESOLUTION),
    (DATED, "The midwives can do that day too, count us in", Act.ACCEPT_DATE),
    (ENDED, "Nobody has been out to see him since it was closed", Act.NOT_HAPPENED),
    (
        OPEN,
        "The team manager has said she will send somebody out, so there is nothing left to argue about",
        Act.PROPOSE_RESOLUTION,
    ),
    (OPEN, "We can't agree, so please put it to the people above us", Act.MOVE_UP),
    (OPEN, "Please can we pull this one, mum has told us a lot more since", Act.WITHDRAW),
    (OPEN, "I wasn't saying it was resolved, you have misunderstood me", Act.UNDO),
    (OPEN, "Please write to Cassius Marlow about this from Monday, c.marlow@tarn-trust.example", Act.HANDOVER),
    (OPEN, "The health visitor should be on this as well, octavian.reed@westmere-nhs.example", Act.ADD_PERSON),
    (PROPOSED, "That's a fair account of what we agreed, thank you", Act.CONFIRM_RESOLUTION),
    (
        PROPOSED,
        "I'm sorry but no, the strategy meeting has been left out and we won't sign it",
        Act.OBJECT_RESOLUTION,
    ),
    (DATED, "I am away on the 17th, can I suggest Monday 21 September instead?", Act.PROPOSE_DATE),
    (ENDED, "I'd like this opened up again please, the same worries are back", Act.REOPEN),
    (OPEN, "We don't want to carry on with this dispute, please take it as withdrawn", Act.WITHDRAW),
    (OPEN, "There is no point in going on with this one, so please cancel it", Act.WITHDRAW),
    (DATED, "Thursday is good for the midwives too, count us in", Act.ACCEPT_DATE),
    (DATED, "17th is good for us. 2pm at the school? I'll bring the SENCO along.", Act.ACCEPT_DATE),
    (OPEN, "I'd like our SENCO Ruth Amory to be added to the emails, please", Act.ADD_PERSON),
    (OPEN, "Mrs Adeyemi would like to come off the emails, they come in on her days off.", Act.REMOVE_PERSON),
    (
        OPEN,
        "The school no longer wishes to proceed. We accept we don't have the evidence. Please end the dispute.",
        Act.WITHDRAW,
    ),
)
NOT_SAID = (
    (OPEN, "If nobody rings today the head of service should step in", Act.MOVE_UP),
    (OPEN, "Should the head of service step in?", Act.MOVE_UP),
    (OPEN, "Mum is happy with everything and nothing is left between us", Act.PROPOSE_RESOLUTION),
    (OPEN, "We got the bus sorted out over the phone", Act.PROPOSE_RESOLUTION),
    (OPEN, "They were taken off the plan by agreement in 2020", Act.PROPOSE_RESOLUTION),
    (OPEN, "Both of these are now resolved", Act.PROPOSE_RESOLUTION),
    (OPEN, "I've withdrawn my request for the hall", Act.WITHDRAW),
    (OPEN, "I no longer wish to proceed with the trip.", Act.WITHDRAW),
    (OPEN, "We have decided to drop the swimming", Act.WITHDRAW),
    (OPEN, "I am not dropping it, whatever they say", Act.WITHDRAW),
    (OPEN, "We've agreed to talk again on Wednesday and that is all", Act.PROPOSE_RESOLUTION),
    (OPEN, "I am no longer pursuing the grievance about parking", Act.WITHDRAW),
    (OPEN, "The child's initials are wrong, it should be J.F.", Act.UNDO),
    (OPEN, "Edmund covered for me last week, I'm back now", Act.HANDOVER),
    (OPEN, "He has been very withdrawn since the weekend", Act.WITHDRAW),
    (OPEN, "She was withdrawn and tearful all week, the dispute goes on", Act.WITHDRAW),
    (OPEN, "Social care should withdraw", Act.WITHDRAW),
    (OPEN, "Edmund used to cover for me", Act.HANDOVER),
    (OPEN, "Tobias misquoted me in the minutes", Act.UNDO),
    (PROPOSED, "I didn't say that at the meeting", Act.UNDO),
    (OPEN, "Apparently the two teams are aligned", Act.PROPOSE_RESOLUTION),
    (PROPOSED, "We'd be happy with the plan if health had no outstanding issues", Act.CONFIRM_RESOLUTION),
    (PROPOSED, "We're happy with the plan. But nobody has rung mum.", Act.CONFIRM_RESOLUTION),
    (
        PROPOSED,
        "I'm content with the substance. I'm not content with the timing of part two, and told her so at the time.",
        Act.CONFIRM_RESOLUTION,
    ),
    (DATED, "The 24th suits us better", Act.ACCEPT_DATE),
    (ENDED, "Nobody has been out yet, the visit is planned for Monday", Act.NOT_HAPPENED),
    (OPEN, "According to Tobias, the two of us are aligned", Act.PROPOSE_RESOLUTION),
    (OPEN, "Edmund is content with it, I am still thinking", Act.PROPOSE_RESOLUTION),
    (OPEN, "It would be premature to take it to the senior managers", Act.MOVE_UP),
    (OPEN, "Please don't send it to the head of service before I have rung her", Act.MOVE_UP),
    (OPEN, "The senior managers should have been involved in July", Act.MOVE_UP),
    (OPEN, "Our last escalation was withdrawn", Act.WITHDRAW),
    (OPEN, "I'm covering for Tobias Fenn this week", Act.HANDOVER),
    (OPEN, "Edmund Garth and Winifred Stroud take it in turns to cover", Act.HANDOVER),
    (PROPOSED, "Yes, I saw that", Act.CONFIRM_RESOLUTION),
    (PROPOSED, "It is right that he should be visited", Act.CONFIRM_RESOLUTION),
    (PROPOSED, "Tobias would not agree to that", Act.OBJECT_RESOLUTION),
    (ENDED, "How would we reopen it?", Act.REOPEN),
    (ENDED, "The sports day didn't happen", Act.NOT_HAPPENED),
)


@pytest.mark.parametrize(("dispute", "words", "act"), SAID)
def test_what_both_readers_hear_in_plain_prose_is_done_and_said_back(dispute: Dispute, words: str, act: Act) -> None:
    (intent,) = read(words, dispute, OAKES)
    assert intent.act is act
    assert intent.sure is Sure.PROBABLE


@pytest.mark.parametrize(("dispute", "words", "act"), NOT_SAID)
def test_what_is_clouded_or_of_something_else_is_not_done(dispute: Dispute, words: str, act: Act) -> None:
    assert all(
        i.act is not act or i.sure is Sure.UNSURE for i in read(words, dispute, HARTWELL if dispute is OPEN else OAKES)
    )


def test_the_one_who_raised_it_may_take_it_back_in_their_own_words() -> None:
    (intent,) = read("I'd like to pull this, we raised it in error", OPEN, HARTWELL)
    assert intent.act is Act.WITHDRAW
    assert intent.fields == {"reason": "I'd like to pull this, we raised it in error"}


@pytest.mark.parametrize(
    ("words", "name", "address"),
    [
        ("Sian Probert takes over from me on J.T. from tomorrow as I am moving on", "Sian Probert", ""),
        ("From Monday Mr Vane of our office has it, and what he says goes", "Mr Vane", ""),
        (
            "I'm on a beach til the 20th, speak to cassius about this one",
            "Cassius Marlow",
            "c.marlow@tarn-trust.example",
        ),
    ],
)
def test_whoever_takes_over_is_known_by_a_name(words: str, name: str, address: str) -> None:
    intent = handover_told(scene_of(said(words, OAKES), OPEN, partnership()), words)
    assert intent is not None
    assert intent.person is not None
    assert (intent.person.name, intent.person.address) == (name, address)


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("My bit's done, went on Wednesday at four", "visit at home"),
        ("I've sent mum the chronology", "I've sent mum the chronology"),
        ("Done.", None),
        ("Everything has been done as agreed", None),
    ],
)
def test_what_is_told_as_done_is_the_writers_own_part_or_kept_in_their_words(words: str, done: str | None) -> None:
    here = scene_of(said(words, FENN), ENDED_WITH_TWO, partnership())
    intent = done_told(here, words)
    assert (intent.fields["action_done"] if intent is not None else None) == done


@pytest.mark.parametrize(
    ("words", "may_be_another"),
    [
        ("17th is good for us, 2pm at the school?", False),
        ("The 17th is no good, could we say the 21st?", True),
        ("Could we make it the week after?", True),
    ],
)
def test_no_other_day_is_supposed_where_only_the_one_asked_for_is_named(words: str, may_be_another: bool) -> None:
    here = scene_of(said(words, OAKES), DATED, partnership())
    assert (Act.PROPOSE_DATE in open_to(here)) is may_be_another


@pytest.mark.parametrize(
    ("words", "may_be_a_yes"),
    [
        ("I'm content with the substance. I'm not content with the timing of part two.", False),
        ("I'm content with the substance. I'm content with the timing of part two.", True),
    ],
)
def test_a_yes_beside_a_plain_no_confirms_nothing(words: str, may_be_a_yes: bool) -> None:
    told = told_in(scene_of(said(words, OAKES), PROPOSED, partnership()))
    assert told is not None
    assert (means(told, Act.CONFIRM_RESOLUTION, "I'm content with the substance.") is not None) is may_be_a_yes


def test_another_day_named_beside_a_no_to_the_one_that_was_asked_for_is_put_to_the_other_side() -> None:
    (intent,) = read("Not the 17th please, could we say 14 September instead?", DATED, OAKES)
    assert (intent.act, intent.on) == (Act.PROPOSE_DATE, date(2026, 9, 14))


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("Desmond asked me to reply for him. Yes, that is what was agreed.", [Act.CONFIRM_RESOLUTION]),
        ("You asked me to answer. Yes, that is what was agreed.", [Act.CONFIRM_RESOLUTION]),
        ("Mum asked me to write this. Yes, that is what was agreed.", [Act.HOLD]),
        ("Desmond made me write this. Yes, that is what was agreed.", [Act.HOLD]),
        ("Rosalind asked me to write this. Yes, that is what was agreed.", [Act.HOLD]),
    ],
)
def test_a_colleague_or_we_may_have_asked_for_it_and_nobody_else(words: str, acts: list[Act]) -> None:
    assert [intent.act for intent in read(words, PROPOSED, HARTWELL)] == acts
