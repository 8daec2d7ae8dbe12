"""The JSON Schema that editors hold a protocol file against: the right files pass, wrong ones do not, and it says what
each name is for."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mailbot.cli import main
from mailbot.shell.protocol_files.author_page import EVERYWHERE, KEY_EXAMPLES, keys_of_a_file, page
from mailbot.shell.protocol_files.json_schema import schema
from mailbot.shell.protocol_files.protocol_reader import shipped_protocols
from tests.sites import ROOT

COMMITTED = ROOT / "config" / "protocols" / "protocol.schema.json"
FILES = (*shipped_protocols().values(), *sorted((ROOT / "tests" / "protocols").glob("*.toml")))
VALIDATOR = Draft202012Validator(schema())
WHOLE = (ROOT / "config" / "protocols" / "wolverhampton.toml").read_text()


def faults(text: str) -> list[str]:
    """Where it is wrong, as paths ("clock.s1.within"); TOML's own dates and hours are to an editor what they read."""
    values = json.loads(json.dumps(tomllib.loads(text), default=str))
    return [".".join(str(part) for part in error.absolute_path) for error in VALIDATOR.iter_errors(values)]


def test_the_committed_file_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protocol", "schema"]) == 0
    assert capsys.readouterr().out == COMMITTED.read_text(encoding="utf-8")


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_protocol_there_is_passes(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", shipped_protocols().values(), ids=lambda path: path.stem)
def test_every_shipped_file_names_the_schema_first(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("#:schema ./protocol.schema.json\n")


def test_a_file_that_is_like_another_need_hold_only_what_differs() -> None:
    assert faults('like = "north-somerset"\nremove = ["notice.s2-bm"]\n[clock.s2]\nwithin = "3 working days"\n') == []
    assert faults('like = "north-somerset"\n[clock.s2]\nwithin = "3 days"\n') == ["clock.s2.within"]
    assert faults('[clock.s2]\nwithin = "3 working days"\n') != []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('within = "3 working days"', 'within = "3 days"', "clock.respond.within"),
        ('within = "24 hours"', "within = 24", "clock.s3-refer.within"),
        ('within = "3 working days"', 'witin = "3 working days"', "clock.respond"),
        ('from = "clock s3-refer done"', 'from = "clock s3-refer finished"', "clock.s3.from"),
        ('at_limit = "ask"', 'at_limit = "asks"', "clock.s3.at_limit"),
        ("cumulative = 5", 'cumulative = "5"', "clock.respond.cumulative"),
        ("start_here = true", 'start_here = "yes"', "stage.1.start_here"),
        ('done_when = "referred in writing"', 'done_when = "referred"', "clock.s3-refer.done_when"),
        ('label = "Managers resolve"\n', "", "clock.s2"),
        ('from = "email"', 'from = "mail"', "role.responder.from"),
        ('side = "receiving"', 'side = "responding"', "role.responder.side"),
        ('bank_holidays = "england-and-wales"', 'bank_holidays = "England"', "calendar.bank_holidays"),
        ("[calendar]", '[calender]\nweekend = "no"\n[calendar]', ""),
        ("schema = 1", "schema = 2", "schema"),
        ("[risk]\nline ", "[risk]\nlines ", "risk"),
        ('subject = "child"', 'subject = "children"', "protocol.subject"),
        ('day_ends = "17:00"', 'day_ends = "5pm"', "calendar.day_ends"),
    ],
)
def test_a_wrong_file_is_wrong_where_it_is_wrong(old: str, new: str, where: str) -> None:
    assert old in WHOLE
    found = faults(WHOLE.replace(old, new, 1))
    assert where in found, found


def _described(at: str, node: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for key, below in node.get("properties", {}).items():
        yield f"{at}.{key}", bool(below.get("description"))
        yield from _described(f"{at}.{key}", below)
    for key in ("additionalProperties", "items"):
        if isinstance(node.get(key), dict):
            yield from _described(at, node[key])
    for below in node.get("anyOf", ()):
        yield from _described(at, below)


def test_every_name_in_a_file_has_words_an_editor_can_show() -> None:
    told = dict(_described("", schema()))
    assert len(told) > 150
    assert [name for name, has_words in told.items() if not has_words] == []


def test_the_page_for_authors_is_current_and_has_words_and_an_example_for_every_key() -> None:
    """``python -m mailbot protocol page > docs/protocol-file.md`` writes it anew."""
    assert (ROOT / "docs" / "protocol-file.md").read_text("utf-8") == page()
    named = {key for key in keys_of_a_file() if key.rpartition(".")[2] not in EVERYWHERE}
    assert named - set(KEY_EXAMPLES) == set(), "no key without an example"
    assert set(KEY_EXAMPLES) - named == set(), "no example of a key that is gone"


def test_every_example_on_the_page_is_read_as_toml() -> None:
    for key, line in KEY_EXAMPLES.items():
        tomllib.loads(line)
        assert line.lstrip("[").startswith(key.rpartition(".")[2]) or "duty" in key or "field" in key
