"""How events are written down: canonical, complete, and read back as they were."""

import json
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.core.procedure.closed_lists import Side
from mailbot.core.record.events import ActionReported, Event, FeedbackAsked, PersonHandedOver, RouteTaken, StageEntered
from mailbot.core.record.events_as_json import (
    EVENT_KINDS,
    _shape,
    from_text,
    instant_text,
    storable,
    text_fault,
    to_text,
)
from mailbot.core.record.events_of_mail import FeedbackGiven
from mailbot.core.record.intents import Person
from tests.thorough import many

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANNA = Person("anna.ash@council.example", "Anna Ash", "Children's Services", "Social Worker")

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
INSTANTS = st.datetimes(
    datetime(1970, 1, 1),
    datetime(2150, 1, 1),
    timezones=st.integers(-12, 12).map(lambda h: timezone(timedelta(hours=h))),
)
PLAIN: Mapping[object, st.SearchStrategy[object]] = {
    str: WORDS,
    int: st.integers(),
    bool: st.booleans(),
    datetime: INSTANTS,
    date: st.dates(),
}


def anything_of(hint: object) -> st.SearchStrategy[object]:
    if hint in PLAIN:
        return PLAIN[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return st.one_of(*(st.none() if each is types.NoneType else anything_of(each) for each in arguments))
    if origin is tuple:
        return st.lists(anything_of(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(WORDS, WORDS, max_size=3)
    assert isinstance(hint, type)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    assert is_dataclass(hint)
    hints = typing.get_type_hints(hint)
    return st.builds(hint, **{part.name: anything_of(hints[part.name]) for part in fields(hint)})


def test_every_kind_of_event_is_known_and_nothing_else() -> None:
    assert {"DisputeOpened", "LimitPassed", "MisreadUndone", "RiskReported", "FeedbackGiven"} <= EVENT_KINDS.keys()
    assert "Event" not in EVENT_KINDS
    assert "Person" not in EVENT_KINDS


@pytest.mark.parametrize("kind", sorted(EVENT_KINDS))
@settings(max_examples=many(6, 100), deadline=None)
@given(data=st.data())
def test_every_event_reads_back_as_it_was_written(kind: str, data: st.DataObject) -> None:
    event = data.draw(anything_of(EVENT_KINDS[kind]))
    assert isinstance(event, Event)
    text = to_text(event)
    assert from_text(kind, text) == event
    assert to_text(from_text(kind, text)) == text


def test_the_text_has_sorted_keys_no_spaces_and_instants_in_utc() -> None:
    summer = datetime(2026, 7, 1, 10, 30, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert to_text(StageEntered(at=summer, stage="Step 2", how="asked", by="ö")) == (
        '{"at":"2026-07-01T09:30:00.000005Z","by":"ö","how":"asked","stage":"Step 2"}'
    )


def test_nested_people_dates_and_closed_lists_are_written_by_value() -> None:
    event = PersonHandedOver(
        at=NINE,
        role="raising_manager",
        side=Side.RAISING,
        leaving=ANNA,
        taking=Person(name="Bo"),
        until=date(2026, 3, 9),
    )
    assert to_text(event) == (
        '{"at":"2026-03-02T09:00:00.000000Z","by":"",'
        '"leaving":{"address":"anna.ash@council.example","agency":"Children\'s Services",'
        '"designation":"Social Worker","name":"Anna Ash"},'
        '"role":"raising_manager","side":"raising",'
        '"taking":{"address":"","agency":"","designation":"","name":"Bo"},"until":"2026-03-09"}'
    )


def test_a_field_added_later_takes_its_default_in_an_old_entry() -> None:
    old = '{"at":"2026-03-02T09:00:00.000000Z","by":{"name":"Bo"}}'
    assert from_text("FeedbackGiven", old) == FeedbackGiven(at=NINE, by=Person(name="Bo"), helpful=None, idea="")


def test_a_mapping_read_back_cannot_be_changed() -> None:
    event = from_text("RouteTaken", to_text(RouteTaken(at=NINE, route="conference", by=ANNA, fields={"when": "soon"})))
    assert isinstance(event, RouteTaken)
    with pytest.raises(TypeError):
        event.fields["when"] = "later"  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "text", "fault"),
    [
        ("DisputeForgotten", "{}", "no such kind of event: DisputeForgotten"),
        ("Event", "{}", "no such kind of event: Event"),
        ("StageEntered", '{"at":"2026-03-02T09:00:00.000000Z","stage":"1","how":"x","mood":"y"}', "no field mood"),
        ("StageEntered", '{"at":"2026-03-02T09:00:00.000000Z","how":"x"}', "lacks stage"),
        ("StageEntered", '{"at":"2026-03-02T09:00:00","stage":"1","how":"x"}', "StageEntered.at: not an instant"),
        ("StageEntered", '{"at":"2026-02-30T09:00:00.000000Z","stage":"1","how":"x"}', "StageEntered.at: day is out"),
        ("StageEntered", '{"at":"2026-03-02T09:00:00.000000Z","stage":1,"how":""}', "stage: expected str, found int"),
        ("StageEntered", "[]", "StageEntered: expected an object"),
        ("StageEntered", "not json", "Expecting value"),
        ("FeedbackGiven", '{"at":"2026-03-02T09:00:00.000000Z","by":{},"helpful":true}', "helpful: expected int"),
        ("FeedbackGiven", '{"at":"2026-03-02T09:00:00.000000Z","by":{"age":3}}', "by: Person has no field age"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(kind: str, text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        from_text(kind, text)


@pytest.mark.parametrize(
    ("what", "fault"),
    [("a\x00b", r"ActionReported.what: the text holds U\+0000 at place 1"), ("\udc80", r"holds U\+DC80 at place 0")],
)
def test_text_that_no_database_keeps_is_refused_before_it_is_written(what: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        to_text(ActionReported(at=NINE, what=what, done=True, by=ANNA))


def test_a_value_of_the_wrong_type_is_refused_before_it_is_written() -> None:
    with pytest.raises(ValueError, match=r"ActionReported\.done: expected bool, found int"):
        to_text(ActionReported(at=NINE, what="x", done=1, by=ANNA))  # type: ignore[arg-type]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone: 2026-03-02T09:00:00"):
        instant_text(datetime(2026, 3, 2, 9))


def test_a_strangers_words_are_made_storable_and_everything_else_in_them_stays() -> None:
    assert storable("a\x00b\ud800\n😀é") == "a\ufffdb\ufffd\n😀é"
    assert text_fault("a\n😀é") == ""


ROUTE = RouteTaken(at=NINE, route="r", by=ANNA, words="", fields={"a": "b"})
DONE = ActionReported(at=NINE, what="x", done=True, by=ANNA, agreed_for=date(2026, 3, 2))
FEEDBACK = FeedbackAsked(at=NINE, keys=("k",), of=(ANNA,))
LEFT = PersonHandedOver(at=NINE, role="raiser", side=Side.RAISING, leaving=ANNA, taking=ANNA)


@pytest.mark.parametrize(
    ("event", "field", "value", "why"),
    [
        (DONE, "at", "2026-03-02", "expected an instant, found str"),
        (DONE, "agreed_for", NINE, "expected a date, found datetime"),
        (DONE, "done", 1, "expected bool, found int"),
        (FEEDBACK, "keys", ["k"], "expected a tuple, found list"),
        (ROUTE, "fields", ["a"], "expected a mapping, found list"),
        (LEFT, "side", "raising", "expected one of Side, found 'raising'"),
        (LEFT, "leaving", "Anna", "expected Person, found str"),
    ],
)
def test_what_is_no_value_of_its_field_is_not_written(event: Event, field: str, value: object, why: str) -> None:
    with pytest.raises(ValueError, match=f"{field}: {re.escape(why)}"):
        to_text(replace(event, **{field: value}))


@pytest.mark.parametrize(
    ("event", "field", "value", "why"),
    [
        (DONE, "at", "yesterday", "not an instant: 'yesterday'"),
        (DONE, "agreed_for", "2026-3-2", "not a date: '2026-3-2'"),
        (FEEDBACK, "keys", "k", "expected a list, found str"),
        (ROUTE, "fields", ["a"], "expected an object, found list"),
        (LEFT, "leaving", "Anna", "Person: expected an object, found str"),
    ],
)
def test_what_is_no_value_of_its_field_is_not_read(event: Event, field: str, value: object, why: str) -> None:
    said = {**json.loads(to_text(event)), field: value}
    with pytest.raises(ValueError, match=re.escape(why)):
        from_text(type(event).__name__, json.dumps(said))


def test_a_kind_of_event_that_nobody_declared_and_a_type_without_a_writing_are_our_own_mistakes() -> None:
    class Sung(Event):
        pass

    with pytest.raises(ValueError, match="no such kind of event: Sung"):
        to_text(Sung(at=NINE))
    with pytest.raises(ValueError, match="no such kind of event: Sung"):
        from_text("Sung", "{}")
    with pytest.raises(TypeError, match="the ledger cannot write a <class 'complex'>"):
        _shape(complex)
