"""``mailbot check`` tries everything and says what to do; a fault here ends it with 2, a fault out there with 3."""

from pathlib import Path

import pytest

from mailbot.demo.embedded_servers import EmbeddedServers
from tests.deployment import Deployment, copied, in_maildirs, on_servers, people
from tests.unit.mail.documents.test_recording_form import own
from tests.unit.shell.servers.fault_servers import Imap, Server, Talk


@pytest.fixture
def servers(tmp_path: Path) -> EmbeddedServers:
    copied(tmp_path)
    return EmbeddedServers(people(tmp_path))


def found(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def test_a_deployment_whose_servers_answer_has_no_fault(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    with servers:
        made = on_servers(Deployment(tmp_path), servers)
        capsys.readouterr()
        assert made.command("check") == 0
    told = found(capsys)
    assert "letters written twice each, full and bare" in told
    assert f"ok mailbox 127.0.0.1:{servers.imap_port} logged in as escalation@nsscp.example" in told
    assert "ok folder INBOX 0 messages" in told
    assert "ok IDLE new mail is announced" in told
    assert "ok UIDPLUS old cards are taken out by themselves" in told
    assert "ok flags cards are flagged on their day" in told
    assert f"ok post 127.0.0.1:{servers.smtp_port} logged in as escalation@nsscp.example" in told
    assert "No fault." in told


def test_a_wrong_password_is_named_for_mailbox_and_post(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    with servers:
        made = on_servers(Deployment(tmp_path), servers, password="wrong horse")
        capsys.readouterr()
        assert made.command("check") == 2
    told = found(capsys)
    assert told.count("the server refuses the login of escalation@nsscp.example: is the password current") == 2
    assert "wrong horse" not in told


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    with servers:
        made = on_servers(Deployment(tmp_path), servers)
        made.change("mailbot.toml", f":{servers.imap_port}/INBOX", f":{servers.imap_port}/Elsewhere")
        capsys.readouterr()
        assert made.command("check") == 2
    assert "fault folder Elsewhere there is no folder Elsewhere that this login may open" in found(capsys)


@pytest.mark.parametrize("flags", ["\\Seen", "\\Seen \\Flagged"])
def test_what_the_overview_lacks_is_said_with_what_happens_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: str
) -> None:
    def examine(talk: Talk, tag: str, command: str) -> None:
        talk.say(f"* FLAGS ({flags})")
        talk.say("* 0 EXISTS")
        talk.say("* OK [UIDVALIDITY 7] ok")
        talk.say(f"{tag} OK done")

    made = copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers, Server(Imap("IDLE", {"EXAMINE": examine})) as bare:
        on_servers(made, servers)
        made.change("mailbot.toml", f":{servers.imap_port}/INBOX", f":{bare.port}/INBOX")
        capsys.readouterr()
        assert made.command("check") == 0
    told = found(capsys)
    assert "look UIDPLUS the server cannot take out one message alone why: A card that was replaced stays" in told
    flagged = "\\Flagged" in flags
    assert ("ok flags cards are flagged" in told, "look flags the server keeps no flags here" in told) == (
        flagged,
        not flagged,
    )


def test_servers_that_do_not_answer_are_faults_out_there(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    with servers:
        made = on_servers(Deployment(tmp_path), servers)
    capsys.readouterr()
    assert made.command("check") == 3
    assert found(capsys).count("nothing answers at this port") == 2
    assert made.command("check", "--offline") == 0


def test_what_must_be_mended_here_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    (tmp_path / "var" / "secret").chmod(0o644)
    (tmp_path / "var" / "mailbot.db").unlink()
    capsys.readouterr()
    assert made.command("check") == 2
    told = found(capsys)
    assert "can be read by everybody on this machine: chmod 600" in told
    assert "fault database there is no database at" in told
    assert "2 faults." in told
    assert not (tmp_path / "var" / "mailbot.db").exists()


def test_a_broken_letter_of_ones_own_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    own = tmp_path / "config" / "letters" / "opened"
    own.mkdir(parents=True)
    (own / "body.txt").write_text("{% block lead %}")
    made.change("mailbot.toml", 'templates = ""', 'templates = "letters"')
    capsys.readouterr()
    assert made.command("check") == 2
    assert "fault letters opened/body.txt, line 1" in found(capsys)


def test_word_forms_of_ones_own_are_held_against_the_procedure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path)
    assert made.command("check", "--offline") == 0
    assert "ok forms recording-form (made here)" in found(capsys)
    forms = tmp_path / "config" / "letters" / "forms" / "north-somerset"
    forms.mkdir(parents=True)
    (forms / "recording-form.docx").write_bytes(own(("summary:2", "sumary:3"), rows=1))
    (forms / "recording.docx").write_bytes(own(()))
    made.change("mailbot.toml", 'templates = ""', 'templates = "letters"')
    assert made.command("check", "--offline") == 2
    told = found(capsys)
    assert "the content control tagged 'sumary:3' fits no field of the form: child_name, child_dob" in told
    assert "no content control is tagged 'unresolved:2' (If this requires progressing to Stage 3" in told
    assert "no procedure here has this form; there are: north-somerset/recording-form" in told


def test_a_number_nobody_has_rung_lately_is_to_be_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = in_maildirs(tmp_path)
    made.change("mailbot.toml", '9am to 5pm", checked_on = 2026-09-01', '9am to 5pm"')
    capsys.readouterr()
    assert made.command("check", "--offline") == 0
    assert "look phone Children's front door 01632 960100: nobody has said when it was last rung" in found(capsys)
