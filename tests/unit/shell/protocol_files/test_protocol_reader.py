"""Protocol files: the five that are shipped, and what whoever edits one is told when something is wrong."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.core.procedure.closed_lists import Agreed, AtLimit, Effect, Happening, Side, Source
from mailbot.shell.errors import BadConfiguration, Fault
from mailbot.shell.protocol_files.protocol_reader import (
    check_protocol,
    find_protocol,
    load_all,
    load_protocol,
    shipped_protocols,
)
from tests.protocol_files import changed
from tests.thorough import many

NORTH_SOMERSET = shipped_protocols()["north-somerset"]
Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """North Somerset's file with one text replaced by another."""

    def edit(old: str, new: str) -> Path:
        text = NORTH_SOMERSET.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "edited.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


def line_of(path: Path, words: str) -> int:
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if words in line)


def told(path: Path) -> list[str]:
    return [fault.message for fault in check_protocol(path).faults]


def test_the_five_shipped_protocols_have_no_faults() -> None:
    assert sorted(load_all(NORTH_SOMERSET.parent)) == [
        "gloucestershire",
        "north-somerset",
        "plymouth",
        "sunderland",
        "wolverhampton",
    ]


def test_north_somerset_reads_as_it_is_published() -> None:
    protocol = load_protocol(NORTH_SOMERSET)
    assert protocol.order() == ("1", "2", "3", "4")
    assert [clock.within.text for clock in protocol.clocks.values()] == [
        "1 working day",
        "2 working days",
        "2 working days",
        "3 working days",
    ]
    assert [(cap.within.count, cap.then) for cap in protocol.caps.values()] == [(5, "4"), (8, "")]
    assert protocol.stages["4"].decided_by == ("dsps",)
    assert protocol.stages["4"].final_and_binding
    assert protocol.clocks["s2"].at_limit is AtLimit.MOVE_UP
    assert protocol.clocks["s3"].at_limit is AtLimit.ASK
    assert protocol.notices["s3-bm-hos"].to == ("business_manager", "head_of_safeguarding")
    assert len(protocol.forms["recording-form"].fields) == 16
    assert protocol.version == "2026-09-01"
    assert protocol.digest.day == 0


def test_what_differs_between_the_five_is_read_from_their_files() -> None:
    five = load_all(NORTH_SOMERSET.parent)
    assert five["plymouth"].usual_start() == "2"
    assert five["plymouth"].stages["1"].private_to is Side.RAISING
    assert five["sunderland"].stage_name("2") == "Step 2"
    assert five["sunderland"].clocks["each"].agreed is Agreed.MUST_BE_SET
    assert five["gloucestershire"].roles["panel"].source is Source.NAMED
    assert five["gloucestershire"].notices["iro"].or_when is Happening.STATUS_KNOWN
    assert five["wolverhampton"].clocks["s3"].start is Happening.CLOCK_DONE
    assert five["wolverhampton"].clocks["s3"].of == "s3-refer"
    assert five["wolverhampton"].routes["exceptional"].effect is Effect.FINAL
    assert [clock.within.count for clock in five["wolverhampton"].routes["exceptional"].clocks] == [2, 5]
    assert five["wolverhampton"].risk.phones[0].number == "01902 555392"


def test_every_shipped_clock_cap_stage_and_notice_names_its_clause() -> None:
    for protocol in load_all(NORTH_SOMERSET.parent).values():
        obeying = [*protocol.stages.values(), *protocol.clocks.values(), *protocol.caps.values()]
        assert [part.id for part in (*obeying, *protocol.notices.values()) if not part.clause] == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('raising = ["raising_manager"]', 'raising = ["rasing_manager"]', 'Did you mean "raising_manager"?'),
        ('within = "1 working day"', 'within = "1 day"', "is not a length"),
        ('within = "1 working day"', 'witin = "1 working day"', 'Did you mean "within"?'),
        ('within = "1 working day"', "within = 1", '"within" must be text between quotes'),
        ('from = "stage entered"', 'from = "stage enterd"', 'Did you mean "stage entered"?'),
        ('from = "stage entered"', 'from = "monthly"', '"monthly" never starts a clock'),
        ('from = "stage entered"', 'from = "clock s9 done"', 'the clock "s9" is not in this file'),
        ('from = "stage entered"', 'from = "clock s1 done"', "waits for itself"),
        ('from = "stage entered"', 'from = "referred in writing"', "can never start"),
        ('at_limit = "move up"', 'at_limit = "move"', 'Did you mean "move up"?'),
        ('next = "3"', 'next = "7"', 'the next stage "7" is not in this file'),
        ('next = "3"', 'next = "1"', "the stages go round in a circle"),
        ('then_to = ["dsps"]', 'then_to = ["dsp"]', 'nobody fills the role "dsp"'),
        ('to = ["business_manager"]', "to = []", "goes to nobody"),
        ('address = "dsps@nsscp.example"', "", "has no address, so nobody fills it"),
        ('send = "recording-form"', 'send = "recoding-form"', 'Did you mean "recording-form"?'),
        ('ref_prefix = "NS"', 'ref_prefix = "ns"', "one to six capital letters"),
        ('day_ends      = "17:00"', 'day_ends      = "five"', "is not a time of day"),
        ('timezone      = "Europe/London"', 'timezone      = "Europe/Londn"', "is not a time zone"),
        ("also_closed   = []", 'also_closed   = ["29/12/2026"]', "is not a date"),
        ('bank_holidays = "england-and-wales"', 'bank_holidays = "england"', "It may be: england-and-wales, none"),
        ("[stage.2]", "[stage.1]", "the same name stands twice"),
        ("schema = 1", "schema = 2", "reads files of schema 1"),
        ('key = "notes"', 'key = "feedback"', '2 fields with the key "feedback"'),
        ('then = "4"', 'then = "5"', '"then" cannot be "5"'),
        ('needed = "moving up"', 'needed = "moving"', 'Did you mean "moving up"?'),
    ],
)
def test_a_mistake_in_a_file_is_told_in_words_at_its_line(edited: Edit, old: str, new: str, says: str) -> None:
    path = edited(old, new)
    faults = check_protocol(path).faults
    assert [fault for fault in faults if says in fault.message], faults
    assert all(fault.line > 0 and fault.file == str(path) for fault in faults)


def test_a_fault_names_the_very_line_it_stands_on(edited: Edit) -> None:
    path = edited(
        'Safeguarding Partners respond"\nfrom = "stage entered"', 'Safeguarding Partners respond"\nfrom = "stage left"'
    )
    (fault,) = check_protocol(path).faults
    assert fault.line == line_of(path, '"stage left"')


def test_a_fault_in_a_repeated_table_names_its_own_line(edited: Edit) -> None:
    path = edited('label = "Additional Notes"\n', 'lable = "Additional Notes"\n')
    lines = {fault.line for fault in check_protocol(path).faults}
    assert line_of(path, "lable") in lines


def test_all_the_faults_of_a_file_come_at_once(edited: Edit, tmp_path: Path) -> None:
    path = edited('within = "1 working day"', 'within = "soon"')
    path.write_text(path.read_text().replace('next = "3"', 'next = "9"').replace('"move up"', '"up"'), encoding="utf-8")
    messages = " ".join(told(path))
    assert "is not a length" in messages
    assert "the next stage" in messages
    assert 'cannot be "up"' in messages
    with pytest.raises(BadConfiguration) as raised:
        load_protocol(path)
    assert len(raised.value.faults) >= 4


def test_without_a_risk_line_a_file_is_refused(edited: Edit) -> None:
    text = NORTH_SOMERSET.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("line   ="))
    assert any('"line" is missing from [risk]' in message for message in told(edited(line + "\n", "")))


def test_a_risk_line_without_a_word_is_refused_even_where_a_number_says_999(edited: Edit) -> None:
    text = NORTH_SOMERSET.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("line   ="))
    number = 'phones = [{ name = "In an emergency", number = "999" }]  # '
    path = edited(line, 'line = " "')
    path.write_text(path.read_text(encoding="utf-8").replace("phones = []", number), encoding="utf-8")
    assert any("there is no risk line" in message for message in told(path))


def test_a_stage_nobody_can_reach_is_a_fault(edited: Edit) -> None:
    path = edited('next = "3"\n', "")
    assert any("stage 3 can never be reached" in message for message in told(path))


def test_a_missing_telephone_number_is_a_warning_and_not_a_fault() -> None:
    checked = check_protocol(NORTH_SOMERSET)
    assert checked.faults == ()
    assert any("no telephone number" in warning.message for warning in checked.warnings)


def test_what_is_not_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("schema = 1\n[protocol]\nid = north\n", encoding="utf-8")
    (fault,) = check_protocol(path).faults
    assert fault.line == 3
    assert "cannot be read" in fault.message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("schema = 1", "schema = \u201c1\u201d", "its quotes are the curly ones"),
        ("start_here = true", "start_here = yes", "yes and no are written true and false here"),
        ("start_here = true", "start_here = True", "yes and no are written true and false here"),
        ('stage = "1"', "stage = 1", '"stage" must be text between quotes: stage = "1"'),
        ("[clock.s1]", "[timescale.s1]", '"timescale" is not a name that this file has'),
        ('within = "1 working day"', 'within = "1 working week"', 'a working week is "5 working days"'),
        ('within = "1 working day"', 'within = "28 days"', '"28 working days", or "28 calendar days"'),
    ],
)
def test_what_a_word_processor_or_a_guess_makes_of_a_line_is_told_so_that_it_can_be_mended(
    edited: Edit, old: str, new: str, says: str
) -> None:
    path = edited(old, new)
    (fault,) = [one for one in check_protocol(path).faults if says in one.message]
    assert fault.line == line_of(path, new)


def test_values_with_commas_in_them_are_listed_so_that_each_can_be_told_from_the_next(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(changed(NORTH_SOMERSET.read_text("utf-8"), "clock.s1", "agreed", '"yes"'), "utf-8")
    assert told(path) == [
        '"agreed" cannot be "yes". It may be: "both sides, any date", "must be set, any date", "must be set, at most '
        'the limit", "no", "record only".'
    ]


def test_the_mark_that_some_editors_put_before_the_first_line_is_read_past(tmp_path: Path) -> None:
    path = tmp_path / "saved.toml"
    path.write_text("\ufeff" + NORTH_SOMERSET.read_text("utf-8"), "utf-8")
    assert check_protocol(path).faults == ()


def test_what_follows_from_a_fault_is_not_told_beside_it(edited: Edit) -> None:
    assert told(edited('stage = "1"', "stage = 1")) == ['"stage" must be text between quotes: stage = "1"']


def test_a_file_that_is_not_there_and_one_that_is_not_text_are_told(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Caf\xe9"'.encode("latin-1"))
    assert "not UTF-8" in told(latin)[0]
    assert "cannot be read" in told(tmp_path / "nothing.toml")[0]


@pytest.mark.parametrize("text", ["", "schema = 1", "stage = 3", "[stage]\n1 = 2", "[[role]]\na = 1", 'role.x = "y"'])
def test_a_file_of_the_wrong_shape_gives_faults_and_never_breaks(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.toml"
    path.write_text(text, encoding="utf-8")
    assert any('"id" is missing from [protocol]' in message for message in told(path))


def test_a_file_may_be_like_another_and_hold_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "next-door.toml"
    path.write_text(
        'schema = 1\nlike = "north-somerset"\nremove = ["cap.day-8"]\n[protocol]\nid = "next-door"\n'
        '[mailbox]\naddress = "escalation@next-door.example"\nref_prefix = "ND"\n'
        '[clock.s1]\nwithin = "2 working days"\n'
        '[role.business_manager]\naddress = "bm@next-door.example"\n[role.dsps]\naddress = "dsps@next-door.example"\n'
        '[role.scrutineer]\naddress = "scrutineer@next-door.example"\n',
        encoding="utf-8",
    )
    protocol = load_protocol(path)
    assert (protocol.id, protocol.prefix, protocol.clocks["s1"].within.count) == ("next-door", "ND", 2)
    assert protocol.clocks["s1"].label == "Resolve between practitioners"
    assert list(protocol.caps) == ["day-5"]
    assert protocol.clocks["s2"].within.count == 2


def test_nobodys_address_is_taken_from_the_file_that_a_file_is_like(tmp_path: Path) -> None:
    """Else a referral with a child's form goes to another partnership's partners."""
    path = tmp_path / "next-door.toml"
    path.write_text(
        'schema = 1\nlike = "north-somerset"\n[protocol]\nid = "next-door"\npartnership = "Next Door"\nshort = "ND"\n'
        'name = "Escalation"\n[mailbox]\naddress = "escalation@next-door.example"\nref_prefix = "ND"\n'
        '[role.business_manager]\naddress = "bm@next-door.example"\n',
        encoding="utf-8",
    )
    checked = check_protocol(path)
    assert [fault.message for fault in checked.faults] == [
        f'role "{name}" says from = "address" but has no address, so nobody fills it ([role.{name}] is in '
        f"north-somerset.toml, which this file is like: write what differs under [role.{name}] here, or "
        f'remove = ["role.{name}"])'
        for name in ("dsps", "scrutineer")
    ]
    assert {(fault.file, fault.line) for fault in checked.faults} == {(str(path), 2)}
    told = [one.message for one in checked.warnings]
    assert any(one.startswith('"role.business_manager.title" is from the file this one is like') for one in told)
    assert any(one.startswith('"risk.line" is from the file this one is like') for one in told)


def test_a_change_of_the_file_that_a_file_is_like_is_told_by_its_mark(tmp_path: Path) -> None:
    (tmp_path / "north-somerset.toml").write_text(NORTH_SOMERSET.read_text("utf-8"), "utf-8")
    path = tmp_path / "ours.toml"
    path.write_text('like = "north-somerset"\n[clock.s1]\nwithin = "2 working days"\n', "utf-8")
    (told,) = [one.message for one in check_protocol(path).warnings if "like_version" in one.message]
    mark = told.split('"')[1]
    path.write_text(
        f'like = "north-somerset"\nlike_version = "{mark}"\n[clock.s1]\nwithin = "2 working days"\n', "utf-8"
    )
    assert check_protocol(path).faults == ()
    changed = NORTH_SOMERSET.read_text("utf-8").replace('within = "2 working days"', 'within = "9 working days"', 1)
    (tmp_path / "north-somerset.toml").write_text(changed, "utf-8")
    (fault,) = check_protocol(path).faults
    assert (fault.line, "has changed since" in fault.message) == (2, True)


def test_a_fault_in_what_differs_is_told_in_the_file_that_differs(tmp_path: Path) -> None:
    path = tmp_path / "next-door.toml"
    path.write_text('like = "north-somerset"\n[clock.s1]\nwithin = "2 wd"\n', encoding="utf-8")
    (fault,) = check_protocol(path).faults
    assert (fault.file, fault.line) == (str(path), 3)


def test_two_files_like_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('like = "b"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('like = "a"\n', encoding="utf-8")
    assert any('"like"' in message for message in told(tmp_path / "a.toml"))


def test_two_protocols_may_not_share_a_prefix(tmp_path: Path) -> None:
    text = NORTH_SOMERSET.read_text(encoding="utf-8")
    (tmp_path / "one.toml").write_text(text, encoding="utf-8")
    (tmp_path / "two.toml").write_text(text.replace('"north-somerset"', '"two"', 1), encoding="utf-8")
    with pytest.raises(BadConfiguration, match="used by more than one protocol"):
        load_all(tmp_path)


def test_a_protocol_is_found_by_its_id_and_an_unknown_one_names_the_nearest() -> None:
    assert find_protocol("plymouth").name == "plymouth.toml"
    with pytest.raises(BadConfiguration, match='Did you mean "plymouth"'):
        find_protocol("plymoth")


def test_closures_may_have_names_and_dates_without_quotes(edited: Edit) -> None:
    named = load_protocol(
        edited("also_closed   = []", 'also_closed = [{ date = 2026-12-29, name = "Christmas shut-down" }]')
    )
    assert named.calendar.also_closed == {date(2026, 12, 29): "Christmas shut-down"}
    bare = load_protocol(edited("also_closed   = []", "also_closed = [2026-12-29]"))
    assert bare.calendar.also_closed == {date(2026, 12, 29): "closed locally"}


def test_the_in_force_date_is_the_version(edited: Edit) -> None:
    assert load_protocol(edited('in_force = "2026-09-01"', "in_force = 2027-04-01")).version == "2027-04-01"


def test_a_fault_prints_as_file_line_and_message() -> None:
    assert str(Fault("config/x.toml", 12, "is wrong")) == "config/x.toml:12: is wrong"


ODD = [
    '""',
    "3",
    "true",
    "[]",
    '["x"]',
    "{ a = 1 }",
    '"5 working days"',
    "2026-01-01",
    "[{ a = 1 }]",
    '"stage entered"',
]
LINES = NORTH_SOMERSET.read_text(encoding="utf-8").splitlines()


@settings(max_examples=many(30, 500), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, len(LINES) - 1), value=st.sampled_from([None, *ODD]))
def test_whatever_one_line_is_turned_into_the_file_is_read_to_its_end(
    tmp_path: Path, where: int, value: str | None
) -> None:
    lines = list(LINES)
    lines[where] = "" if value is None else f"{lines[where].split('=')[0]} = {value}"
    path = tmp_path / "odd.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    checked = check_protocol(path)
    assert (checked.protocol is None) == bool(checked.faults)
