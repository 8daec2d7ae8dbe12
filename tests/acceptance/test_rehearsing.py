"""Shadow and training, each by one switch: everything is decided; in shadow the office alone is written to and nothing
in the mailbox is moved; in training every letter is marked, and none leaves for a real domain.
"""

from pathlib import Path

import pytest

from mailbot.shell.servers.maildir import MaildirPostman
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from mailbot.shell.servers.rehearsing import TrainingPostman, is_nobodys, marked
from tests.deployment import Deployment, in_maildirs, opening

OFFICE = "business.manager@nsscp.example"
TABITHA = "t.merriwell@kewbridge.sch.example"


def in_mode(folder: Path, mode: str) -> Deployment:
    made = in_maildirs(folder)
    made.change("mailbot.toml", 'mode = "live"', f'mode = "{mode}"')
    return made


def written_to(made: Deployment) -> set[str]:
    return {path.name for path in (made.folder / "post").iterdir() if any((path / "new").iterdir())}


def subjects(made: Deployment, address: str) -> list[str]:
    lines = (line for raw in made.letters_to(address) for line in raw.decode("latin-1").splitlines())
    return [line for line in lines if line.startswith("Subject: ")]


def test_live_both_practitioners_are_written_to(tmp_path: Path) -> None:
    made = in_mode(tmp_path, "live")
    made.deliver(opening())
    assert made.command("once") == 0
    assert TABITHA in written_to(made)
    assert not [one for one in subjects(made, TABITHA) if "SHADOW" in one or "TRAINING" in one]


def test_in_shadow_the_office_alone_is_written_to_and_sees_for_whom_each_letter_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_mode(tmp_path, "shadow")
    made.deliver(opening())
    assert made.command("once") == 0
    assert written_to(made) == {OFFICE}
    told = subjects(made, OFFICE)
    assert [one for one in told if one.startswith(f"Subject: [SHADOW, for {TABITHA}] ")]
    for raw in made.letters_to(OFFICE):
        assert TABITHA.encode() not in b"".join(line for line in raw.split(b"\r\n") if line.startswith(b"To:"))
    capsys.readouterr()
    assert made.command("show", "NS-26-0001") == 0
    assert "Open" in capsys.readouterr().out


def test_in_shadow_nothing_of_the_mailbox_is_moved_and_nothing_is_done_twice(tmp_path: Path) -> None:
    made = in_mode(tmp_path, "shadow")
    made.deliver(opening())
    assert made.command("once") == 0
    inbox = [path for part in ("new", "cur") for path in (tmp_path / "mail" / part).iterdir()]
    assert [path.read_bytes() for path in inbox] == [opening()]
    folders = {path.name for path in (tmp_path / "mail").iterdir() if path.name.startswith(".")}
    assert folders
    assert all(name.startswith(".Shadow") for name in folders)
    letters = len(made.letters_to(OFFICE))
    for _ in range(3):
        assert made.command("once") == 0
    assert len(made.letters_to(OFFICE)) == letters


def test_what_people_did_stands_beside_what_mailbot_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_mode(tmp_path, "shadow")
    made.deliver(opening())
    assert made.command("once") == 0
    capsys.readouterr()
    assert made.command("show", "NS-26-0001", "--beside") == 0
    told = capsys.readouterr().out
    assert "what people did, and what mailbot did by itself" in told
    assert "letter “first letter” to 2 people" in told or "letter “your turn” to 2 people" in told
    assert made.command("status") in (0, 1)
    assert "north-somerset runs in shadow mode: people are not written to" in capsys.readouterr().out


def test_in_training_every_letter_is_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_mode(tmp_path, "training")
    made.deliver(opening())
    assert made.command("once") == 0
    told = subjects(made, TABITHA)
    assert told
    assert all(one.startswith("Subject: [TRAINING] ") for one in told)


def test_training_is_refused_to_a_configuration_that_names_a_real_domain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_mode(tmp_path, "training")
    made.change("agencies.csv", "lanternlight.example,", "lanternlight.example; lanternlight.charity,")
    capsys.readouterr()
    assert made.command("check", "--offline") == 2
    assert "training is for invented people: lanternlight.charity may be somebody's" in " ".join(
        capsys.readouterr().out.split()
    )


def test_in_training_no_letter_leaves_for_a_real_domain_whatever_the_configuration_says(tmp_path: Path) -> None:
    letter = b"To: a@lanternlight.charity\r\nMessage-ID: <1@x.example>\r\nSubject: s\r\n\r\n"
    sent = TrainingPostman(MaildirPostman(tmp_path)).send(
        [Envelope(1, OFFICE, "a@lanternlight.charity", letter), Envelope(2, OFFICE, "a@x.example", letter)]
    )
    assert [delivery.outcome for delivery in sent] == [Outcome.REFUSED, Outcome.ACCEPTED]
    assert not (tmp_path / "a@lanternlight.charity").exists()


@pytest.mark.parametrize(
    ("domain", "nobodys"),
    [
        ("nsscp.example", True),
        ("example.org", True),
        ("council.test", True),
        ("x.example.uk", False),
    ],
)
def test_only_reserved_names_are_nobodys(domain: str, nobodys: bool) -> None:
    assert is_nobodys(domain) is nobodys


def test_a_mark_is_the_only_change() -> None:
    raw = b"From: a@x.example\r\nSubject: =?utf-8?q?Stage_1?=\r\n\r\nSubject: no header\r\n"
    assert marked(raw, "[TRAINING]") == raw.replace(b"Subject: =", b"Subject: [TRAINING] =")
