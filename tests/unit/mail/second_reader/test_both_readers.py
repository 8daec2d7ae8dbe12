"""The rules act and the second reader listens: what may come of the two, whatever either of them makes of a message."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.core.record.intents import Act, Intent, Sure
from mailbot.mail.second_reader.both_readers import (
    CHANGES_NOTHING,
    MEANINGS,
    Audience,
    Circumstances,
    Supposed,
    agree,
    is_thanks,
)
from mailbot.mail.second_reader.linear_model import DANGER, WISH, Listened, listen, threshold
from mailbot.mail.understanding.danger import danger_in

LABELS = (
    DANGER,
    WISH,
    *MEANINGS,
    "question",
    "data_rights",
    "feedback",
    "talk",
    "thanks",
    "conditional_or_other_object",
)
INTENTS = st.builds(
    Intent,
    act=st.sampled_from(Act),
    sure=st.sampled_from(Sure),
    fields=st.sampled_from(({}, {"issue": "stepped down"})),
    words=st.sampled_from(("Agreed", "He has fresh bruising")),
    question=st.sampled_from(("", "Which date do you mean? Please reply AGREE BY and the actual date.")),
)
HEARD = st.builds(
    Listened,
    likely=st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1)),
    deaf=st.sampled_from(("", "weights.tsv is missing")),
)
CIRCUMSTANCES = st.builds(
    Circumstances,
    own=st.sampled_from(("", "Thanks", "Yes", "We have agreed and he is visited on Friday.", "Who decides this?")),
    audience=st.sampled_from(Audience),
    typed=st.booleans(),
    in_capitals=st.booleans(),
    answers_another=st.booleans(),
    answers_no_letter=st.booleans(),
    awaited=st.sampled_from(("", "proposal", "date", "end", "stage", "closed")),
)


def _acts(intents: tuple[Intent, ...]) -> set[Act]:
    """What would be done: a question does nothing."""
    return {i.act for i in intents if i.act not in CHANGES_NOTHING and i.sure is not Sure.UNSURE}


def _alarms(intents: tuple[Intent, ...]) -> bool:
    return any(i.act is Act.IMMEDIATE_RISK for i in intents)


SUPPOSED = st.lists(st.builds(Supposed, INTENTS, st.floats(0, 1)), max_size=4).map(tuple)
LIKELY = st.dictionaries(st.sampled_from(Act), st.floats(0, 1))


@given(st.lists(INTENTS, min_size=1, max_size=4).map(tuple), HEARD, CIRCUMSTANCES, SUPPOSED, LIKELY)
def test_nothing_is_done_that_the_rules_did_not_read_or_suppose(
    rules: tuple[Intent, ...],
    heard: Listened,
    here: Circumstances,
    supposed: tuple[Supposed, ...],
    likely: dict[Act, float],
) -> None:
    assert _acts(agree(rules, heard, here, supposed, likely)) <= _acts(rules) | _acts(
        tuple(one.intent for one in supposed)
    )


@given(st.lists(INTENTS, min_size=1, max_size=4).map(tuple), HEARD, CIRCUMSTANCES, SUPPOSED)
def test_no_alarm_of_either_is_ever_lost(
    rules: tuple[Intent, ...], heard: Listened, here: Circumstances, supposed: tuple[Supposed, ...]
) -> None:
    supposed = tuple(one for one in supposed if one.intent.act is not Act.IMMEDIATE_RISK)
    told = agree(rules, heard, here, supposed)
    assert _alarms(told) == (_alarms(rules) or heard.of(DANGER) >= threshold(DANGER))


@given(st.lists(INTENTS, min_size=1, max_size=4).map(tuple), HEARD, CIRCUMSTANCES)
def test_there_is_always_a_reading_and_a_question_always_asks_something(
    rules: tuple[Intent, ...], heard: Listened, here: Circumstances
) -> None:
    told = agree(rules, heard, here)
    made = [intent for intent in told if intent not in rules]
    assert told
    assert all(intent.question for intent in made if intent.act is Act.HOLD)


NOTE = (Intent(Act.NOTE),)


def _heard(**likely: float) -> Listened:
    return Listened(likely)


def _questions(intents: tuple[Intent, ...]) -> list[str]:
    return [intent.question for intent in intents if intent.act is Act.HOLD]


def test_a_wish_that_only_the_second_reader_hears_is_asked_about_with_the_best_guess_first() -> None:
    (question,) = _questions(agree(NOTE, _heard(wish=0.97, take_up=0.99), Circumstances("Needs to go up")))
    assert question == (
        "Do you want this to go to the next stage? If so, please reply ESCALATE with what remains unresolved. If you "
        "meant something else, please say so in one sentence, or reply NOTE to add this to the record."
    )


def test_a_no_to_what_was_reported_is_offered_as_such() -> None:
    here = Circumstances("Nope", awaited="proposal")
    (question,) = _questions(agree(NOTE, _heard(disagrees=0.9, wish=0.9), here))
    assert question.startswith("Do you mean that it is not agreed? If so, please reply DISAGREE")


def test_people_who_talk_to_each_other_with_the_mailbox_copied_are_left_in_peace() -> None:
    here = Circumstances("I will ring you at two.", Audience.OTHERS)
    assert agree(NOTE, _heard(wish=0.6, question=0.4, talk=0.3), here) == NOTE


def test_a_plain_wish_is_heard_also_where_the_mailbox_is_only_copied() -> None:
    here = Circumstances("I'd like this moved to senior managers please.", Audience.OTHERS, awaited="stage")
    assert _questions(agree(NOTE, listen(here.own), here, (), {Act.MOVE_UP: 0.9}))


def test_whoever_tells_of_danger_is_asked_no_riddle_beside_the_alarm() -> None:
    here = Circumstances(
        "He told me his dad hits him with a belt and he has marks, he goes home at 3.15", awaited="stage"
    )
    told = agree(NOTE, listen(here.own), here)
    assert [intent.act for intent in told] == [Act.IMMEDIATE_RISK, Act.NOTE]


@pytest.mark.parametrize("own", ["Many thanks", "Thanks all, received", "Noted, thank you", "Diolch yn fawr"])
def test_thanks_are_met_with_silence_whatever_is_waited_for(own: str) -> None:
    assert agree(NOTE, _heard(wish=0.9, confirms=0.9), Circumstances(own, awaited="proposal")) == NOTE


@pytest.mark.parametrize("own", ["Thanks, but no", "Ok then close it", "Thank you, who decides?"])
def test_more_than_thanks_is_none(own: str) -> None:
    assert not is_thanks(own)


def test_while_an_answer_is_waited_for_a_short_reply_is_asked_about() -> None:
    here = Circumstances("Hm, the twelfth maybe", awaited="date")
    (question,) = _questions(agree(NOTE, _heard(talk=0.9), here))
    assert question.startswith("I could not tell whether you agree to the date that was asked for.")


def test_an_act_read_from_prose_is_asked_about_where_the_second_reader_hears_another_thing() -> None:
    rules = (Intent(Act.WITHDRAW, Sure.PROBABLE, words="I no longer wish to proceed with the trip."),)
    other = _heard(conditional_or_other_object=0.9, withdraw=0.2)
    assert _acts(agree(rules, other, Circumstances(rules[0].words))) == set()
    assert agree(rules, _heard(withdraw=0.8), Circumstances(rules[0].words)) == rules


UP = Intent(Act.MOVE_UP, Sure.PROBABLE, words="Up it goes")


SETTLED = Intent(Act.PROPOSE_RESOLUTION, Sure.PROBABLE, words="Happy now")
MET = Intent(Act.MET, Sure.PROBABLE, words="We met")


@pytest.mark.parametrize(("likely", "acts"), [(0.99, {Act.MOVE_UP}), (0.5, set()), (0.1, set())])
def test_what_is_supposed_is_done_only_where_it_is_likely_by_all_that_speaks_for_and_against_it(
    likely: float, acts: set[Act]
) -> None:
    told = agree(NOTE, _heard(take_up=0.9, wish=1.0), Circumstances("Up it goes"), (Supposed(UP, likely),))
    assert _acts(told) == acts
    assert bool(_questions(told)) is not bool(acts)


def test_an_act_that_the_rules_read_is_asked_about_where_it_is_hardly_likely() -> None:
    here = Circumstances("Up it goes")
    assert agree((UP,), _heard(take_up=0.9), here, (), {Act.MOVE_UP: 0.9}) == (UP,)
    assert _questions(agree((UP,), _heard(take_up=0.9), here, (), {Act.MOVE_UP: 0.1}))


def test_two_likely_things_that_cannot_both_be_meant_are_asked_about() -> None:
    both = (Supposed(UP, 0.97), Supposed(SETTLED, 0.98))
    told = agree(NOTE, _heard(take_up=0.9, resolved=0.9, wish=1.0), Circumstances("Settled. Up it goes."), both)
    assert _acts(told) == set()
    assert _questions(told)


def test_that_they_met_is_not_put_down_beside_what_came_of_it() -> None:
    both = (Supposed(MET, 0.97), Supposed(UP, 0.98))
    assert _acts(agree(NOTE, _heard(take_up=0.9, met=0.9), Circumstances("We met. Up it goes."), both)) == {Act.MOVE_UP}


def test_what_is_to_be_opened_again_says_more_than_that_it_was_not_done() -> None:
    supposed = (Supposed(Intent(Act.NOT_HAPPENED), 0.98), Supposed(Intent(Act.REOPEN), 0.6))
    here = Circumstances("Nobody came. Please open it again.", awaited="end")
    assert _acts(agree(NOTE, _heard(reopen=0.9), here, supposed)) == {Act.REOPEN}


@pytest.mark.parametrize(
    "here",
    [
        Circumstances("Yes, all of that", answers_another=True),
        Circumstances("NOTE yes", typed=True, in_capitals=True),
    ],
)
def test_no_answer_is_supposed_that_is_given_to_a_colleague_nor_anything_beside_a_command(here: Circumstances) -> None:
    agreed = Intent(Act.CONFIRM_RESOLUTION, Sure.PROBABLE, words=here.own)
    assert _acts(agree(NOTE, _heard(confirms=0.9), here, (Supposed(agreed, 0.99),))) == set()


def test_what_is_supposed_closes_nothing_beside_danger_and_is_not_done_by_one_reader_alone() -> None:
    heard = _heard(take_up=0.9, danger=0.99)
    told = agree(NOTE, heard, Circumstances("Up it goes"), (Supposed(UP, 0.99),))
    assert [i.act for i in told] == [Act.IMMEDIATE_RISK, Act.MOVE_UP]
    settled = (Supposed(SETTLED, 0.99),)
    assert _acts(agree(NOTE, _heard(resolved=0.9, danger=0.99), Circumstances("Happy now"), settled)) == set()
    deaf = Listened(deaf="weights.tsv is missing")
    assert _acts(agree(NOTE, deaf, Circumstances("Up it goes"), (Supposed(UP, 0.99),))) == set()


def test_a_question_about_what_a_message_brings_is_not_passed_over_for_what_is_supposed() -> None:
    rules = (Intent(Act.HOLD, Sure.UNSURE, question="Who takes over from you?"),)
    assert agree(rules, _heard(take_up=0.9), Circumstances("Up it goes"), (Supposed(UP, 0.99),)) == rules


def test_what_was_written_to_the_mailbox_alone_and_not_understood_is_asked_about() -> None:
    odd = Circumstances("We agree on the threshold but not on who should lead.", awaited="stage")
    assert _questions(agree(NOTE, listen(odd.own), odd))
    told = Circumstances("The chronology is on its way to you by post.", awaited="stage")
    assert agree(NOTE, listen(told.own), told) == NOTE


def test_take_her_off_adds_nobody_where_it_cannot_be_told_who_she_is() -> None:
    added = (Supposed(Intent(Act.ADD_PERSON), 0.97),)
    here = Circumstances("Can you take her off please")
    likely = {Act.ADD_PERSON: 0.97, Act.REMOVE_PERSON: 0.98}
    assert _acts(agree(NOTE, _heard(person=0.9, off=0.9, wish=0.9), here, added, likely)) == set()
    assert _acts(agree(NOTE, _heard(person=0.9, wish=0.9), here, added, {Act.ADD_PERSON: 0.97})) == {Act.ADD_PERSON}


@pytest.mark.parametrize(("own", "asked"), [("As discussed", 1), ("Thanks, received", 0)])
def test_a_few_words_of_somebody_whose_turn_it_is_are_asked_about_unless_they_are_thanks(own: str, asked: int) -> None:
    assert len(_questions(agree(NOTE, _heard(talk=0.9), Circumstances(own, awaited="stage")))) == asked


def test_a_wish_beside_the_news_that_they_met_is_not_lost() -> None:
    rules = (Intent(Act.MET, Sure.PROBABLE, words="We met, and it has to go higher."),)
    (question,) = _questions(agree(rules, _heard(met=0.99, take_up=0.99), Circumstances(rules[0].words)))
    assert question.startswith("Do you want this to go to the next stage?")


def test_a_typed_word_needs_no_second_hearing() -> None:
    rules = (Intent(Act.WITHDRAW, words="WITHDRAW it is settled"),)
    assert (
        agree(rules, _heard(talk=1.0), Circumstances("WITHDRAW it is settled", typed=True, in_capitals=True)) == rules
    )


@pytest.mark.parametrize(("audience", "questions"), [(Audience.MAILBOX, 1), (Audience.BOTH, 0), (Audience.OTHERS, 0)])
def test_a_short_answer_above_a_colleagues_question_is_never_obeyed(audience: Audience, questions: int) -> None:
    rules = (Intent(Act.CONFIRM_RESOLUTION, words="Yes"),)
    here = Circumstances("Yes", audience, typed=True, answers_another=True, awaited="proposal")
    told = agree(rules, _heard(confirms=1.0, wish=1.0), here)
    assert _acts(told) == set()
    assert len(_questions(told)) == questions


@pytest.mark.parametrize(("audience", "questions"), [(Audience.MAILBOX, 1), (Audience.BOTH, 0), (Audience.OTHERS, 0)])
def test_a_yes_to_an_email_that_is_no_letter_of_ours_agrees_to_nothing(audience: Audience, questions: int) -> None:
    rules = (
        Intent(Act.CONFIRM_RESOLUTION, words="Yes, that is what we said on Tuesday at the meeting in your office."),
    )
    here = Circumstances(rules[0].words, audience, answers_no_letter=True, awaited="proposal")
    told = agree(rules, _heard(confirms=1.0, wish=1.0), here)
    assert _acts(told) == set()
    assert len(_questions(told)) == questions


def test_without_the_second_reader_the_bot_asks_where_it_would_have_filed_and_before_it_acts_on_prose() -> None:
    deaf, rules = Listened(deaf="weights.tsv is missing"), (Intent(Act.MOVE_UP, words="we want it moved up"),)
    assert _questions(agree(NOTE, deaf, Circumstances("Left a voicemail for Desmond.")))
    assert _acts(agree(rules, deaf, Circumstances("we want it moved up"))) == set()
    assert agree(NOTE, deaf, Circumstances("Thanks")) == NOTE


@pytest.mark.parametrize(
    "text",
    [
        "He's told me his dad hits him with a belt and he's got marks, he goes home at 3.15",
        "Thanks for the minutes, Thursday at two is fine. She says her uncle comes into her bed at night.",
        "Attendance attached.\n" * 6_000 + "She has taken all her tablets and will not wake up.",
    ],
)
def test_danger_is_heard_by_one_or_the_other_wherever_it_stands(text: str) -> None:
    assert danger_in(text)


def test_our_own_letters_about_danger_alarm_nobody_when_they_come_back() -> None:
    assert not danger_in(
        "Thanks, seen.\n\nRE: [NS-26-0012] Do not wait for this mailbox: ring now if a child may be in danger"
    )


def test_the_labels_of_the_training_sentences_are_those_that_the_reader_knows() -> None:
    with open("training/replies.jsonl", encoding="utf-8") as lines:
        used = {label for line in lines for label in json.loads(line)["labels"]}
    assert used <= set(LABELS)
