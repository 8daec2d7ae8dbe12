"""``mailbot purge`` at the terminal: looked at first, carried out by its number, and held back by a hold."""

from pathlib import Path

import pytest

from tests.acceptance.test_export import the_first
from tests.deployment import in_maildirs, opening

RETENTION = "\n[partnership.north-somerset.retention]\nother_mail_months = 1\ndisputes_months = 1\n"


def test_it_shows_what_would_go_and_goes_by_its_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    made.deliver(opening())
    assert made.command("once") == 0
    capsys.readouterr()
    assert made.command("purge") == 0
    assert "mailbot.toml names no length under [partnership.….retention]" in capsys.readouterr().out
    made.config.write_text(made.config.read_text() + RETENTION)
    assert made.command("purge", "--dry-run") == 0
    assert "0 to let go of" in capsys.readouterr().out, "it is open"
    assert made.command("purge", "--carry-out", "0123456789") == 1
    assert "That number is of another list" in capsys.readouterr().out
    assert made.command("purge", "--hold", the_first(made), "--because", "an inquiry", "--by", "Philippa") == 0
    assert f"{the_first(made)} by Philippa: an inquiry" in capsys.readouterr().out
    assert made.command("purge", "--release", the_first(made)) == 0
    assert "nothing" in capsys.readouterr().out
    assert made.command("purge", "--hold", "NS-20-0099") == 1
    assert made.command("verify") == 0


def test_a_length_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    made.config.write_text(made.config.read_text() + RETENTION.replace("= 1", "= 0"))
    assert made.command("purge") == 2
    assert '"other_mail_months" is from 1 to 1200' in capsys.readouterr().err
