"""A database that is older than its record is known for what it is, and stands still until a person lets it go on."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.build import mailbox_of
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.clock import utc_now
from mailbot.shell.config.configuration import load_settings
from mailbot.watching.clock_watch import TellsTime
from tests.deployment import TABITHA, Deployment, copied, in_maildirs, on_servers, opening, people

GIDEON = "g.larkrise@kewbridge.sch.example"
OFFICE = "business.manager@nsscp.example"


@pytest.fixture
def here(tmp_path: Path) -> Deployment:
    return in_maildirs(tmp_path)


def another(number: int, child: str) -> bytes:
    """Another child's dispute, told in other words."""
    return opening(number).replace(b"Child: Q.Z.", f"Child: {child}".encode()).replace(b"We do not", b"Again we do not")


def copy_of(made: Deployment) -> Path:
    """The database file alone, as somebody copies it who knows nothing of write-ahead logs."""
    kept = made.folder / "kept.db"
    shutil.copy(made.folder / "var" / "mailbot.db", kept)
    return kept


def put_back(made: Deployment, kept: Path) -> None:
    for side in ("-wal", "-shm"):
        (made.folder / "var" / f"mailbot.db{side}").unlink(missing_ok=True)
    shutil.copy(kept, made.folder / "var" / "mailbot.db")


def posted(made: Deployment) -> dict[str, int]:
    """address -> how many letters have come there."""
    return {path.name: len(list((path / "new").glob("*"))) for path in sorted((made.folder / "post").iterdir())}


def witnesses(made: Deployment) -> list[Path]:
    folder = made.folder / "mail" / ".Bot.Witness"
    return [*folder.glob("new/*"), *folder.glob("cur/*")]


def raised_twice_and_put_back(made: Deployment) -> None:
    """Two disputes, and then the database as it was after the first."""
    made.deliver(opening(), "1")
    assert made.command("once") == 0
    kept = copy_of(made)
    made.deliver(another(2, "P.R."), "2")
    assert made.command("once") == 0
    put_back(made, kept)


def test_a_backup_that_was_put_back_sends_nothing_but_word_to_the_office(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    raised_twice_and_put_back(here)
    before = posted(here)
    here.deliver(another(3, "T.T."), "3")
    capsys.readouterr()
    assert here.command("once") == 1
    said = capsys.readouterr().out
    assert "stands still: this database is older than its record, which has 1 thing more" in said
    assert posted(here) == {**before, OFFICE: before.get(OFFICE, 0) + 1}
    told = here.letters_to(OFFICE)[-1]
    assert b"Subject: mailbot stands still: please look today" in told
    assert here.command("once") == 1
    assert posted(here) == {**before, OFFICE: before.get(OFFICE, 0) + 1}, "once a day"
    assert here.command("status") == 1
    assert "older than its record" in capsys.readouterr().out


def test_the_difference_is_shown_and_a_person_lets_it_go_on(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    raised_twice_and_put_back(here)
    here.deliver(another(3, "T.T."), "3")
    here.command("once")
    capsys.readouterr()
    assert here.command("witness") == 1
    year = re.search(r"NS-(\d\d)-0002 was given to a dispute, and this record has none", capsys.readouterr().out)
    assert year is not None
    assert here.command("witness", "--go-on", "--by", "Philippa") == 0
    assert here.command("once") == 0
    said = capsys.readouterr().out
    assert f"NS-{year[1]}-0003  #1" in said, "the reference of another child is not given out again"
    assert f"NS-{year[1]}-0002  #1" not in said
    assert here.command("witness") == 0
    assert here.command("verify") == 0
    assert here.command("status") == 0


def test_danger_told_meanwhile_is_answered_at_once_and_once(here: Deployment) -> None:
    raised_twice_and_put_back(here)
    before = posted(here)
    danger = another(3, "T.T.").replace(
        b"should be closed.", b"should be closed. She is at immediate risk of harm tonight."
    )
    here.deliver(danger, "3")
    here.command("once")
    assert posted(here) == {**before, TABITHA: before[TABITHA] + 1, OFFICE: before.get(OFFICE, 0) + 2}
    assert sum(b"Subject: Ring 999" in one for one in here.letters_to(TABITHA)) == 1
    here.command("once")
    assert posted(here) == {**before, TABITHA: before[TABITHA] + 1, OFFICE: before.get(OFFICE, 0) + 2}


def test_a_copy_that_lacks_no_dispute_but_what_was_decided_in_one_stands_still(here: Deployment) -> None:
    here.deliver(opening(), "1")
    here.command("once")
    kept = copy_of(here)
    raised = opening(2).replace(b"Subject: Issue resolution", b"Subject: STATUS").split(b"\r\n\r\n")[0]
    reference = next((here.folder / "mail").glob(".Disputes.NS-*")).name.removeprefix(".Disputes.").encode()
    here.deliver(raised.replace(b"STATUS", b"[" + reference + b"]") + b"\r\n\r\nESCALATE\r\nNo visit.\r\n", "2")
    assert here.command("once") == 0
    put_back(here, kept)
    assert here.command("once") == 1


def test_a_first_start_a_lost_witness_and_a_second_turn_lock_nobody_out(here: Deployment) -> None:
    assert here.command("once") == 0
    here.deliver(opening(), "1")
    assert here.command("once") == 0
    assert len(witnesses(here)) == 1
    shutil.rmtree(here.folder / "mail" / ".Bot.Witness")
    here.deliver(another(2, "P.R."), "2")
    assert here.command("once") == 0
    assert len(witnesses(here)) == 1
    assert here.command("once") == 0
    assert len(witnesses(here)) == 1


def test_where_the_witness_is_lost_as_well_the_folders_of_the_disputes_say_that_one_is_missing(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    raised_twice_and_put_back(here)
    shutil.rmtree(here.folder / "mail" / ".Bot.Witness")
    assert here.command("once") == 1
    assert here.command("witness") == 1
    assert "has a folder in the mailbox, and this record never gave that reference" in capsys.readouterr().out


def test_the_same_store_in_another_database_goes_on_and_the_one_it_left_does_not(here: Deployment) -> None:
    here.deliver(opening(), "1")
    here.command("once")
    assert here.command("migrate", f"sqlite:///{here.folder}/var/other.db") == 0
    here.change("mailbot.toml", "mailbot.db", "other.db")
    here.deliver(another(2, "P.R."), "2")
    assert here.command("once") == 0
    here.change("mailbot.toml", "other.db", "mailbot.db")
    assert here.command("once") == 1


def test_anybody_else_s_message_in_the_folder_is_no_witness(here: Deployment) -> None:
    here.deliver(opening(), "1")
    here.command("once")
    (lies,) = witnesses(here)
    forged = lies.read_bytes().replace(b"<witness.", b"<witness.9")
    sealed = re.sub(rb"Seal: [0-9a-f]", b"Seal: 0", forged)
    (lies.parent / "1.forged").write_bytes(sealed if sealed != forged else forged.replace(b"Seal: 0", b"Seal: 1"))
    assert here.command("once") == 0


def test_no_letter_ever_has_the_number_of_another(here: Deployment) -> None:
    """An older copy that is let go on decides again what was decided, in other words or at another hour."""
    here.deliver(opening(), "1")
    empty = here.folder / "var" / "mailbot.db"
    assert here.command("once") == 0
    for side in ("", "-wal", "-shm"):
        Path(f"{empty}{side}").unlink(missing_ok=True)
    here.command("init")
    here.deliver(another(2, "P.R."), "2")
    assert here.command("once", "--anew") == 0
    raws = [path.read_bytes() for path in (here.folder / "post").rglob("new/*")]
    ids = [re.search(rb"^Message-ID:\s*(\S+)", raw, re.MULTILINE | re.IGNORECASE) for raw in raws]
    assert len(raws) == 4
    assert len({found[1] for found in ids if found}) == 4
    assert len({tuple(re.findall(rb"NS-\d\d-\d{4}", raw)[:1]) for raw in raws}) == 2


def test_a_mail_server_is_asked_for_the_time_and_keeps_nothing_of_that(tmp_path: Path) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        made = on_servers(Deployment(tmp_path), servers)
        mailbox = mailbox_of(load_settings(made.config, utc_now().date()).partnership().mailbox)
        assert isinstance(mailbox, TellsTime)
        raw = b"Message-ID: <time.1@nsscp.example>\r\n\r\nWhat time is it?\r\n"
        told = mailbox.server_time(("Bot", "Witness"), raw)
        assert told is not None
        assert abs(told - utc_now()) < timedelta(minutes=1)
        assert mailbox.messages(("Bot", "Witness")) == []
        mailbox.close()
        assert made.command("once") == 0


def test_over_imap_as_in_a_maildir(tmp_path: Path) -> None:
    copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        made = on_servers(Deployment(tmp_path), servers)
        servers.deliver("escalation@nsscp.example", opening())
        assert made.command("once") == 0
        kept = copy_of(made)
        servers.deliver("escalation@nsscp.example", another(2, "P.R."))
        assert made.command("once") == 0
        assert made.command("witness") == 0
        put_back(made, kept)
        assert made.command("witness") == 1
        assert made.command("once") == 1
        assert made.command("witness", "--go-on") == 0
        assert made.command("once") == 0
