"""One wrong setting, one answer: what is so, where, why it matters and what to do; and no second fault beside it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from mailbot.checks.findings import FAULT, LOOK, explanations
from mailbot.commands.check import how_it_ends
from tests.deployment import in_maildirs
from tests.wrong_settings.bench import HEAD, Bench, bench
from tests.wrong_settings.spreadsheets_and_slips import SLIPS, SPREADSHEETS
from tests.wrong_settings.table import TABLE, Wrong

# What no single setting shows here: a service of years, another user's machine, or a letter that is really sent.
ELSEWHERE = {
    "alarm-missing",
    "graph-numberless",
    "reader-damaged",
    "version-missing",
    "database-newer",
    "database-shut",
    "database-login",
    "server-silent",
    "server-unreachable",
    "tls-failed",
    "token-not-taken",
    "login-is-another",
    "maildir-not-there",
    "letter-not-entitled",
    "letter-not-taken",
    "letter-deferred",
    "letter-unanswered",
    "letter-unproven",
}
ALL = (*TABLE, *SPREADSHEETS, *SLIPS)
LIBRARY_WORDS = ("Errno", "[SSL", "b'", "Traceback", "Error:", "sqlite3", "psycopg", "(-", "AUTHENTICATIONFAILED")


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    in_maildirs(folder)
    return folder


@pytest.fixture
def spoilt(sound: Path, tmp_path: Path) -> Iterator[Bench]:
    with ExitStack() as stack:
        yield bench(sound, tmp_path, stack)


def test_the_sound_deployment_has_nothing_wrong(spoilt: Bench) -> None:
    spoilt.deliver(HEAD)
    spoilt.asks_dns = True
    assert spoilt.wrong() == []
    spoilt.imap()
    spoilt.smtp()
    assert spoilt.wrong() == []


@pytest.mark.parametrize("wrong", ALL, ids=[wrong.setting for wrong in ALL])
def test_a_wrong_setting_has_its_one_answer(spoilt: Bench, wrong: Wrong, capsys: pytest.CaptureFixture[str]) -> None:
    if "nothing has come" not in wrong.setting:
        spoilt.deliver(HEAD)
    wrong.spoil(spoilt)
    found = spoilt.wrong()
    assert [(one.id, one.mark) for one in found][:1] == [(wrong.id, FAULT if wrong.ends else LOOK)]
    assert wrong.words in found[0].words
    file, _, line = wrong.where.partition(": ")
    assert file in found[0].where
    if line:
        path, _, number = found[0].where.rpartition(":")
        assert line in Path(path).read_text().splitlines()[int(number) - 1]
    assert len(found) == 1
    assert found[0].why
    assert how_it_ends(found) == wrong.ends
    shown = f"{found[0].words} {found[0].do}"
    assert not [words for words in LIBRARY_WORDS if words in shown]


def test_everything_that_can_be_found_is_in_the_table_or_told_elsewhere() -> None:
    assert {wrong.id for wrong in ALL} & set(explanations()) | ELSEWHERE == set(explanations())


def test_every_explanation_says_what_why_and_what_to_do() -> None:
    for name, told in explanations().items():
        assert set(told) - {"again"} == {"mark", "what", "is", "why", "do"}, name
        assert told["mark"] in {FAULT, LOOK}
        assert not (told.get("again") and told["mark"] == LOOK), name
