"""What in a protocol file is worth a second look, and the contradictions that are refused."""

from pathlib import Path

import pytest

from mailbot.core.procedure.new_protocol_questions import new_file
from mailbot.shell.protocol_files.protocol_reader import check_protocol, find_protocol, load_protocol
from tests.protocol_files import changed, shipped


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    return [fault.message for fault in check_protocol(path).faults]


def doubts(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    checked = check_protocol(path)
    assert checked.faults == ()
    return [warning.message for warning in checked.warnings]


def of(name: str, tmp_path: Path, table: str, key: str, value: str | None) -> list[str]:
    """The doubts that a change in a shipped file adds."""
    return [
        said for said in doubts(tmp_path, changed(shipped(name), table, key, value)) if said not in doubts_as_is(name)
    ]


def doubts_as_is(name: str) -> list[str]:
    return [one.message for one in check_protocol(find_protocol(name)).warnings]


@pytest.mark.parametrize(
    ("name", "table", "key", "value", "says"),
    [
        ("north-somerset", "stage.1", "receiving", '["responder", "raiser"]', "which is one of the raising side"),
        ("plymouth", "stage.1", "receiving", '["responder"]', "only the raising side sees has no receiving side"),
        ("north-somerset", "stage.1", "final_and_binding", "true", 'stage 1 is final, and has next = "2"'),
        ("north-somerset", "stage.1", "usual_start", "true", None),
        ("plymouth", "stage.3", "usual_start", "true", "2 stages say usual_start = true: 2, 3"),
        ("north-somerset", "protocol", "stage_word", '"Level 1"', "has a number of its own"),
        ("north-somerset", "protocol", "id", '"Sefton LSCB"', "cannot name a file"),
        ("north-somerset", "silence", "may_move_on", "[]", "one silent person would keep it there for ever"),
        ("north-somerset", "clock.s3", "at_limit", '"move up"', "nothing goes to Stage 4 by itself"),
        ("north-somerset", "stage.1", "no_limit_published", "true", "and a clock here ends it"),
        ("sunderland", "outcome.facilitated", "given_by", '["responder"]', "end the dispute alone"),
        ("sunderland", "outcome.facilitated", "given_by", '["business_manager"]', "so could never give it"),
        ("gloucestershire", "stage.4", "decided_by", '["ssu"]', "which says monitors_only = true"),
        ("north-somerset", "role.raising_senior", "post", '"line manager"', "one person cannot act at two"),
        ("gloucestershire", "role.raising_gscp_rep", "post", '"senior manager"', None),
    ],
)
def test_a_contradiction_is_refused(
    tmp_path: Path, name: str, table: str, key: str, value: str, says: str | None
) -> None:
    found = faults(tmp_path, changed(shipped(name), table, key, value))
    assert (found == []) if says is None else any(says in one for one in found), found


@pytest.mark.parametrize(
    ("name", "table", "key", "value", "says"),
    [
        ("plymouth", "clock.each", "from", '"met"', "until somebody writes that they met or spoke, so that it may"),
        ("north-somerset", "source", "read_on", '"2020-01-01"', "before it was in force (2026-09-01)"),
        ("north-somerset", "stage.1", "ask_for", '["evidnce"]', 'did you mean "evidence"'),
        ("north-somerset", "stage.1", "ask_for", '["is it justified"]', 'a question ends with "?"'),
        ("north-somerset", "stage.1", "ask_for", '["is it justified?"]', "has no answer no"),
        ("north-somerset", "clock.s1", "who", '["dsps"]', "which has no part in Stage 1 or before"),
        ("north-somerset", "cap.day-5", "within", '"1 working day"', "and stage 2 alone has 2 working days"),
        ("north-somerset", "stage.4", "start_here", "true", "where the partnership decides: is that published?"),
        ("gloucestershire", "notice.iro", "if", '"child_status is under enquiry"', "only as it is written"),
        ("north-somerset", "digest", "to", '["business_manager", "scrutineer"]', "two files with two mailboxes"),
    ],
)
def test_what_may_be_meant_otherwise_is_told(
    tmp_path: Path, name: str, table: str, key: str, value: str, says: str
) -> None:
    found = of(name, tmp_path, table, key, value)
    assert any(says in one for one in found), found


def test_a_stage_for_which_no_limit_is_published_is_said_once_and_no_more_doubted(tmp_path: Path) -> None:
    text = changed(shipped("sunderland"), "clock.each", "stages", '["1", "2", "3"]')
    assert any("stage 4 has no clock" in one for one in doubts(tmp_path, text))
    text = changed(text, "stage.4", "no_limit_published", "true")
    assert not any("stage 4" in one for one in doubts(tmp_path, text))


def test_two_outcomes_that_people_would_close_with_by_one_name_are_told(tmp_path: Path) -> None:
    text = shipped("north-somerset") + '\n[outcome.other]\nlabel = "Same"\n[outcome.another]\nlabel = "same"\n'
    assert [one for one in doubts(tmp_path, text) if "another outcome" in one] == [
        'another outcome is called "Same" too: people close with it by this name',
        'another outcome is called "same" too: people close with it by this name',
    ]


def test_clocks_that_wait_for_each_other_in_a_ring_are_told_and_end(tmp_path: Path) -> None:
    text = shipped("north-somerset")
    for name, of_ in (("s1", "a"), ("a", "b"), ("b", "s1")):
        if name != "s1":
            text += f'\n[clock.{name}]\nlabel = "{name}"\nfrom = "clock {of_} done"\nwithin = "1 month"\nstage = "1"\n'
    text = changed(text, "clock.s1", "from", '"clock a done"')
    assert any("waits for itself" in one for one in faults(tmp_path, text))


def test_a_new_file_takes_nobodys_title_and_tells_how_much_of_it_is_another_files(tmp_path: Path) -> None:
    answers = {
        "partnership": "Elmshire Safeguarding Children Partnership", "short": "ESCP", "id": "elmshire",
        "name": "Escalation", "like": "sunderland", "address": "escalation@escp.example", "prefix": "EL",
        "office": "office@escp.example", "phone": "", "in_force": "2026-09-01",
    }  # fmt: skip
    text = new_file(answers, load_protocol(find_protocol("sunderland")))
    said = doubts(tmp_path, text)
    assert [one for one in said if one.startswith("still from sunderland, and not yet held against")] != []
    assert any("no telephone number for immediate risk" in one for one in said)
    assert 'title = "ESCP Business Manager or unit"' in text
    assert load_protocol(tmp_path / "ours.toml").published.read_on is None


def test_a_notice_to_somebody_whom_nobody_is_asked_for_is_told(tmp_path: Path) -> None:
    nurse = '[role.nurse]\nside = "raising"\ntitle = "Named nurse"\nfrom = "email"\n\n'
    notice = '[notice.nurse]\nwhen = "stage entered"\nstage = "2"\nto = ["nurse"]\nsend = "summary"\n\n'
    text = shipped("plymouth").replace("[notice.s4-bu]", f"{nurse}{notice}[notice.s4-bu]")
    assert set(doubts(tmp_path, text)) - set(doubts_as_is("plymouth")) == {
        'nobody is asked who "nurse" is, so what is sent to it reaches nobody: say ask_at'
    }


def test_a_cap_that_would_move_it_further_than_one_stage_is_told(tmp_path: Path) -> None:
    said = of("north-somerset", tmp_path, "cap.day-5", "at_limit", '"move up"')
    assert any("it moves up one stage at its end" in one and "not to stage 4" in one for one in said)


def test_an_adult_file_whose_line_about_danger_is_about_a_child_is_told(tmp_path: Path) -> None:
    said = of("plymouth", tmp_path, "protocol", "subject", '"adult"')
    assert 'the line about danger speaks of a child, and subject = "adult"' in said
