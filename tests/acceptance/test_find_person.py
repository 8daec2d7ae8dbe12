"""A request to see what is held about somebody: found by address and by name, wherever it stands; and nobody else."""

import json
from pathlib import Path

import pytest

from tests.deployment import Deployment, in_maildirs, opening


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    made = in_maildirs(tmp_path_factory.mktemp("person"))
    made.deliver(
        opening().replace(b"We do not agree", "Her uncle Zo\u00eb Fern-\r\n dale says so. We do not agree".encode())
    )
    assert made.command("once") == 0
    return made


def places(made: Deployment, who: str, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    made.command("find-person", who, "--json")
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {what: sum(one["what"] == what for one in found) for what in {one["what"] for one in found}}


def test_an_address_is_found_in_the_record_the_letters_and_the_directory(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    found = places(here, "g.larkrise@kewbridge.sch.example", capsys)
    assert found["entry of the record"] >= 1
    assert found["email"] == 1
    assert found["configuration"] == 2, "a row of her own, and that of somebody whose deputy she is"
    assert places(here, "t.merriwell@kewbridge.sch.example", capsys)["letter"] == 2, "her own, and one that names her"


def test_a_name_is_found_in_an_email_with_accents_and_line_ends_or_without(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert places(here, "zoe fern- dale", capsys)["email"] == 1
    assert places(here, "Gideon LARKRISE", capsys)["email"] == 1


def test_somebody_of_whom_nothing_is_held(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("find-person", "Ignatius Nobody") == 1
    assert "nothing names Ignatius Nobody" in capsys.readouterr().out
    assert here.command("find-person", "a") == 2


def test_the_emails_and_letters_are_copied_for_whoever_must_hand_them_over(
    here: Deployment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert here.command("find-person", "Gideon Larkrise", "--copies", str(tmp_path / "copies")) == 0
    copies = sorted((tmp_path / "copies").iterdir())
    assert copies
    assert all(path.stat().st_mode & 0o077 == 0 for path in copies)
    assert any(b"Gideon Larkrise" in path.read_bytes() for path in copies)
    assert "Not looked through: the mailbox itself" in capsys.readouterr().out
    assert here.command("find-person", "Gideon Larkrise", "--copies", str(tmp_path / "copies")) == 2
