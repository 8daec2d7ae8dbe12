"""What nothing could ever bring about in a protocol file is told, with what to write instead; and the words for events
do what their one table says of them."""

from pathlib import Path

import pytest

from mailbot.core.clocks.limits import CAN_START_A_CAP, CAN_START_A_CLOCK
from mailbot.core.notices.clause_notices import CALLS_FOR_A_NOTICE
from mailbot.core.procedure.closed_lists import EVENT_WORDS, Happening
from mailbot.shell.protocol_files.author_page import page
from mailbot.shell.protocol_files.protocol_reader import check_protocol
from tests.protocol_files import changed, shipped

FORM = """
[form.urgent]
title = "Urgency"
stage = "1"

[[form.urgent.field]]
label = "How urgent is it?"
key = "urgency"
kind = "choice"
choices = ["high", "low"]
"""


def told(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    return [fault.message for fault in check_protocol(path).faults]


def test_every_word_for_an_event_is_explained_and_does_what_its_table_says() -> None:
    assert set(EVENT_WORDS) == set(Happening)
    assert {word for word, what in EVENT_WORDS.items() if what.starts_clock} == CAN_START_A_CLOCK
    assert {word for word, what in EVENT_WORDS.items() if what.starts_cap} == CAN_START_A_CAP
    assert {word for word, what in EVENT_WORDS.items() if what.calls_notice} == CALLS_FOR_A_NOTICE
    rows = {line.split("`")[1]: line for line in page().splitlines() if line.startswith("| `")}
    assert [word.value for word in Happening if EVENT_WORDS[word].does not in rows.get(word.value, "")] == []


@pytest.mark.parametrize(
    ("table", "key", "value", "says"),
    [
        ("clock.s1", "done_when", '"monthly"', '"monthly" never ends a clock: here it can be "dispute raised", '),
        ("clock.s1", "done_when", '"stage closed"', '"stage closed" never ends a clock: leave it out'),
        ("clock.s1", "done_when", '"form complete"', "no form is filled in at stage 1"),
        ("clock.s1", "done_when", '"dispute raised"', "is over before it starts"),
        ("clock.s1", "from", '"limit passed"', '"limit passed" never starts a clock'),
        ("clock.s1", "from", '"met"', None),
        ("clock.s1", "from", '"form sent"', "no other clock of its stage has done_when"),
        ("clock.s1", "from", '"clock s1"', 'write "clock s1 done" (done or due)'),
        ("clock.s1", "from", '"clock done"', 'write "clock s1 done" (done or due)'),
        ("notice.s2-bm", "when", '"receiving side replied"', '"receiving side replied" never calls for a notice'),
        ("notice.s2-bm", "when", '"monthly"', 'by the month counts are sent, and nothing else: say send = "counts"'),
        ("notice.s2-bm", "when", '"form complete"', None),
        ("notice.s2-bm", "send", '"counts"', 'counts are sent by the month alone: say when = "monthly"'),
        ("notice.s2-bm", "if", '"the child is on a plan"', 'nothing here tells "the child"'),
        ("notice.s2-bm", "if", '"child on a plan"', '"child on a plan" is no condition'),
        ("notice.s2-bm", "if", '"child_status is looked after"', None),
        ("notice.s2-bm", "to", '["everyone involved"]', None),
    ],
)
def test_what_nothing_could_bring_about_there_is_told(
    tmp_path: Path, table: str, key: str, value: str, says: str | None
) -> None:
    found = told(tmp_path, changed(shipped("north-somerset"), table, key, value))
    assert (found == []) if says is None else any(says in one for one in found), found


def test_a_clock_that_begins_and_ends_with_the_same_act_is_told(tmp_path: Path) -> None:
    text = changed(changed(shipped("north-somerset"), "clock.s1", "from", '"met"'), "clock.s1", "done_when", '"met"')
    assert told(tmp_path, text) == ['clock "s1" begins and ends with "met": it would be over at the instant it starts']


def test_only_the_receiving_side_can_reply(tmp_path: Path) -> None:
    private = changed(shipped("plymouth"), "clock.each", "done_when", '"receiving side replied"')
    assert any("nobody can reply at stage 1" in one for one in told(tmp_path, private))
    text = changed(shipped("north-somerset"), "clock.s1", "done_when", '"receiving side replied"')
    assert told(tmp_path, changed(text, "clock.s1", "who", '["raiser"]')) == [
        '"who" of clock "s1" names nobody of the receiving side of stage 1, and only they can reply'
    ]


def test_each_answer_that_a_form_offers_for_the_urgency_has_a_length(tmp_path: Path) -> None:
    text = changed(shipped("north-somerset"), "clock.s1", "within", None)
    text = changed(text, "clock.s1", "within_by_urgency", '{ high = "1 working day" }')
    text = changed(text, "stage.1", "record", '"urgent"') + FORM
    assert told(tmp_path, text) == [
        'clock "s1" has no length for "low", which a form offers as an answer to "How urgent is it?"'
    ]


def test_a_condition_asks_for_an_answer_that_the_form_offers(tmp_path: Path) -> None:
    text = changed(shipped("north-somerset"), "notice.s2-bm", "if", '"urgency is red or high"')
    text = changed(text, "stage.1", "record", '"urgent"') + FORM
    assert told(tmp_path, text) == ['"red" is no answer to "How urgent is it?": it can be "high", "low"']


def test_counts_go_to_a_post_in_each_agency_and_not_to_one_address(tmp_path: Path) -> None:
    text = changed(shipped("gloucestershire"), "notice.agency-counts", "to", '["ssu"]')
    assert any("counts go to a post in each agency" in one for one in told(tmp_path, text))
