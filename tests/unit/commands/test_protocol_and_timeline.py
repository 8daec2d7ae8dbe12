"""``mailbot timeline`` and ``mailbot protocol``, as they are typed."""

import argparse
import json
import subprocess
import sys
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest

from mailbot.commands.protocol_and_timeline import add_parsers, new_protocol
from mailbot.shell.protocol_files.protocol_reader import load_protocol, shipped_protocols

START = "2026-09-14T09:15:00+01:00"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_parsers(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    assert run("timeline", *words, "--json") == 0
    found: list[dict[str, str]] = json.loads(capsys.readouterr().out)
    return found


def due(found: list[dict[str, str]], clock: str) -> str:
    return next(row["due"] for row in found if row["clock"] == clock)


def test_a_row_in_json_has_the_promised_keys_with_the_local_offset(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "north-somerset", "--start", START)[0] == {
        "clock": "s1",
        "stage": "1",
        "label": "Resolve between practitioners",
        "from": "2026-09-14T09:15:00+01:00",
        "due": "2026-09-15T17:00:00+01:00",
        "effective": "2026-09-15T17:00:00+01:00",
        "because": "1 working day after it was raised (Mon 14 Sep 09:15)",
    }


def test_a_start_in_utc_or_without_an_offset_is_shown_in_local_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "plymouth", "--start", "2026-09-14T08:15:00Z")[0]["from"] == "2026-09-14T09:15:00+01:00"
    assert rows(capsys, "plymouth", "--start", "2026-09-14T09:15:00")[0]["from"] == "2026-09-14T09:15:00+01:00"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("day_one=same_day", "2026-09-14T17:00:00+01:00"),
        ("day_ends=16:30", "2026-09-15T16:30:00+01:00"),
        ("also_closed=2026-09-15,2026-09-16", "2026-09-17T17:00:00+01:00"),
        ("timezone=UTC", "2026-09-15T17:00:00+00:00"),
        ("bank_holidays=none", "2026-09-15T17:00:00+01:00"),
        ("working_days=mon,fri", "2026-09-18T17:00:00+01:00"),
    ],
)
def test_a_setting_changes_how_the_days_are_counted(
    capsys: pytest.CaptureFixture[str], setting: str, expected: str
) -> None:
    assert due(rows(capsys, "north-somerset", "--start", START, "--set", setting), "s1") == expected


def test_where_a_month_lands_may_be_set_by_its_short_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "sunderland", "--start", "2026-12-16T09:00:00+00:00", "--set", "month_lands=working_day_after")
    assert due(found, "cap month") == "2027-01-18T17:00:00+00:00"


def test_scotland_has_its_own_holidays(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("north-somerset", "--start", "2026-08-28T09:00:00+01:00", "--set", "bank_holidays=scotland")
    assert due(rows(capsys, *words), "s1") == "2026-08-31T17:00:00+01:00"


def test_a_person_reads_each_limit_with_its_days_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("timeline", "north-somerset", "--start", "2026-12-23T17:00:00+00:00") == 0
    printed = capsys.readouterr().out
    assert "Thu 24 Dec 2026 17:00 GMT  Stage 1. Resolve between practitioners\n" in printed
    assert "        Fri 25 Dec  Christmas Day\n" in printed
    limits = [line for line in printed.split("\n") if line and not line.startswith(" ")]
    times = [datetime.strptime(line.partition(" GMT")[0], "%a %d %b %Y %H:%M") for line in limits]
    assert times == sorted(times), "in the order in which they come"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nort-somerset", "--start", START], 'Did you mean "north-somerset"?'),
        (["north-somerset", "--start", "Monday"], '"Monday" is not a date and time'),
        (["north-somerset", "--start", START, "--set", "day_won=same_day"], 'Did you mean "day_one"?'),
        (["north-somerset", "--start", START, "--set", "day_one=sameday"], 'Did you mean "same_day"?'),
        (["north-somerset", "--start", START, "--event", "2026-09-15T09:00:00+01:00 stage 2 enterd"], "did you mean"),
        (["north-somerset", "--start", START, "--event", "yesterday raised"], '"yesterday" is not a date and time'),
    ],
)
def test_what_cannot_be_read_is_told_and_ends_with_two(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    assert run("timeline", *words) == 2
    assert says in capsys.readouterr().err


def test_a_protocol_may_be_given_as_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(shipped_protocols()["plymouth"].read_text(encoding="utf-8"), encoding="utf-8")
    assert rows(capsys, str(path), "--start", START)[0]["clock"] == "each"


def test_checking_prints_every_fault_with_its_line_and_ends_with_two(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    text = shipped_protocols()["plymouth"].read_text(encoding="utf-8")
    path.write_text(text.replace('next = "3"', 'next = "8"').replace("5 working days", "5 days"), encoding="utf-8")
    assert run("protocol", "check", str(path), str(shipped_protocols()["sunderland"])) == 2
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{path}:") and "the next stage" in line for line in printed)
    assert any(line.startswith(f"{path}:") and "is not a length" in line for line in printed)


def test_checking_a_file_without_faults_ends_with_nought(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("protocol", "check", str(shipped_protocols()["wolverhampton"])) == 0
    assert "no faults" in capsys.readouterr().out


def test_a_procedure_is_told_back_in_plain_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("protocol", "show", "north-somerset") == 0
    printed = capsys.readouterr().out
    assert "Stage 2: Line manager to line manager" in printed
    assert "Line managers resolve: within 2 working days of the stage's beginning" in printed
    assert "when it passes, the dispute moves up by itself and both sides are told" in printed
    assert "Overall: Whole process" in printed
    assert "Day 8" in printed
    assert "do not wait for this process" in " ".join(printed.split())


@pytest.mark.parametrize("name", sorted(shipped_protocols()))
def test_every_shipped_procedure_can_be_shown(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run("protocol", "show", name) == 0
    printed = capsys.readouterr().out
    assert "If everything runs to its limit" in printed
    assert max(len(line) for line in printed.splitlines()) <= 80
    for word in ("stage entered", "stage closed", "dispute raised", "england-and-wales", "replace person"):
        assert word not in printed, "a word of the file, not of the published text"


ANSWERS = [
    "Northshire Safeguarding Children Partnership",
    "NSP",
    "Northshire!",
    "northshire",
    'Resolving "differences"',
    "hull",
    "plymouth",
    "escalation@northshire.example",
    "NH",
    "office@northshire.example",
    "01632 960 001",
    "2026-09-01",
]


def answer(folder: Path, answers: list[str]) -> int:
    return new_protocol(folder, StringIO("\n".join(answers) + "\n"))


def test_ten_answers_make_a_file_that_has_no_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(tmp_path, ANSWERS) == 0
    assert "Small letters and hyphens." in capsys.readouterr().out
    protocol = load_protocol(tmp_path / "northshire.toml")
    assert (protocol.name, protocol.prefix, protocol.version) == ('Resolving "differences"', "NH", "2026-09-01")
    assert protocol.roles["business_unit"].address == "office@northshire.example"
    assert protocol.risk.phones[0].number == "01632 960 001"
    assert len(protocol.stages) == 5


def test_a_new_file_never_replaces_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "northshire.toml").write_text("mine", encoding="utf-8")
    assert answer(tmp_path, ANSWERS) == 2
    assert (tmp_path / "northshire.toml").read_text(encoding="utf-8") == "mine"


def test_one_that_is_like_none_stands_empty_where_its_text_must_speak(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No length and no word about danger is invented: the check names each line, and nothing else."""
    own = ["none" if one == "plymouth" else one for one in ANSWERS]
    assert answer(tmp_path, own) == 0
    path = tmp_path / "northshire.toml"
    capsys.readouterr()
    assert run("protocol", "check", str(path)) == 2
    faults = [line for line in capsys.readouterr().out.splitlines() if "warning" not in line and ".toml:" in line]
    empty = [number for number, line in enumerate(path.read_text().splitlines(), start=1) if ' = ""' in line]
    assert sorted({int(line.split(".toml:")[1].split(":")[0]) for line in faults}) == empty
    filled = path.read_text().replace('line = ""', 'line = "In danger ring 999."').replace('name = ""', 'name = "Talk"')
    path.write_text(filled.replace('within = ""', 'within = "3 working days"'))
    assert run("protocol", "check", str(path)) == 0


def test_answers_that_end_too_soon_are_kept_and_gone_on_from(tmp_path: Path) -> None:
    """As it is typed, with its answers on standard input."""
    typed = [sys.executable, "-m", "mailbot", "protocol", "new", str(tmp_path)]
    said = "\n".join(ANSWERS[:3]) + "\n"
    done = subprocess.run(typed, input=said, capture_output=True, text=True, check=False)
    kept = tmp_path / "new-protocol-answers.json"
    assert done.returncode == 2
    assert f"They are kept in {kept}: run this again to go on." in done.stderr
    assert [one.name for one in tmp_path.iterdir()] == [kept.name]
    assert answer(tmp_path, ANSWERS[3:]) == 0
    assert load_protocol(tmp_path / "northshire.toml").partnership == ANSWERS[0]
    assert not kept.exists()
