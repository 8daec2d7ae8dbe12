"""``mailbot init``: what cannot be guessed is asked and checked, nothing that was made up is written, and the rest is
said.
"""

import configparser
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from mailbot.cli import main
from mailbot.commands.init import prepare_system
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.first_configuration import Question, questions_of
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.protocol_files.protocol_reader import find_protocol, load_protocol
from tests.deployment import Deployment
from tests.sites import ROOT

PLAIN = {
    "provider": "plain",
    "protocol": "wolverhampton",
    "address": "disputes@vale-scb.example",
    "domain": "vale-scb.example",
    "mailbox": "imaps://disputes@mail.vale-scb.example/INBOX",
    "post": "smtp+starttls://disputes@mail.vale-scb.example",
    "password_file": "../var/mailbox-password",
    "authserv_id": "none",
    "phone_name": 'The "front" door',
    "phone_number": "01632 960101",
    "phone_hours": "Monday to Friday, 9am to 5pm",
    "phone_checked_on": "2026-11-20",
    "closed_phone_name": "Emergency duty team",
    "closed_phone_number": "01632 960102",
    "closed_phone_checked_on": "no",
    "role_business_manager": "office@vale-scb.example",
    "role_chair": "chair@vale-scb.example",
}
UUID = "12345678-90ab-cdef-1234-567890abcdef"


@pytest.fixture
def here(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path)


def answers(folder: Path, given: dict[str, str]) -> str:
    file = folder / "answers.toml"
    text = "".join(f"{key} = '{value}'\n" for key, value in given.items())
    file.write_text(text)
    return str(file)


def test_answers_become_a_configuration_that_says_what_is_still_to_be_done(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.command("init", "--answers", answers(here.folder, PLAIN)) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "What your own administrator does, once: 1. Make a mailbox disputes@vale-scb.example of its own" in told
    assert "agencies.csv: a row for each agency, with its mail domains" in told
    one = tomllib.loads(here.config.read_text())["partnership"]["wolverhampton"]
    assert one["address"] == "disputes@vale-scb.example"
    assert one["trust"] == {"authserv_ids": [], "require": False, "patience_hours": 4}
    assert one["roles"] == {"business_manager": "office@vale-scb.example", "chair": "chair@vale-scb.example"}
    assert one["phones"] == [
        {
            "name": 'The "front" door',
            "number": "01632 960101",
            "hours": "Monday to Friday, 9am to 5pm",
            "checked_on": date(2026, 11, 20),
        },
        {"name": "Emergency duty team", "number": "01632 960102", "hours": "nights, weekends, bank holidays"},
    ]
    assert (here.folder / "var" / "secret").is_file()
    assert (here.folder / "var" / "mailbot.db").stat().st_mode & 0o777 == 0o600
    (here.folder / "config" / "agencies.csv").write_text("name,domains\nVale Council,vale-council.example\n")
    assert here.command("init") == 0


def test_no_value_of_the_example_is_in_a_real_configuration(here: Deployment) -> None:
    here.command("init", "--answers", answers(here.folder, PLAIN))
    text = here.config.read_text()
    assert "nsscp" not in text
    assert "01632 960100" not in text
    assert "01632 960199" not in text
    assert "in these files is invented" not in text
    for name in ("agencies.csv", "directory.csv"):
        assert len((here.folder / "config" / name).read_text().splitlines()) == 1
    assert "post         what they are in the procedure" in (here.folder / "config" / "LISTS.txt").read_text()


def test_microsoft_365_is_asked_for_its_app_registration_and_not_for_a_password(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    given = PLAIN | {
        "provider": "microsoft",
        "mailbox": "imaps://disputes@vale-scb.example@outlook.office365.com:993/INBOX",
        "post": "smtp+starttls://disputes@vale-scb.example@smtp.office365.com:587",
        "route": "imap",
        "authserv_id": "microsoft",
        "tenant": UUID,
        "client_id": UUID,
        "secret_expires": "2027-09-01",
        "password_file": "../var/client-secret",
    }
    assert here.command("init", "--answers", answers(here.folder, given)) == 1
    assert "IMAP.AccessAsApp and SMTP.SendAsApp" in " ".join(capsys.readouterr().out.split())
    one = tomllib.loads(here.config.read_text())["partnership"]["wolverhampton"]
    assert "password_file" not in one["mailbox"] | one["post"]
    assert one["oauth"] == {
        "tenant": UUID,
        "client_id": UUID,
        "secret_file": "../var/client-secret",
        "secret_expires": date(2027, 9, 1),
    }
    assert one["trust"]["authserv_ids"] == ["microsoft"]


def test_a_tenant_that_forbids_imap_is_set_up_for_graph_and_for_one_mailbox(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "graph://disputes@vale-scb.example"
    given = PLAIN | {"provider": "microsoft", "route": "graph", "mailbox": url, "post": url, "authserv_id": "microsoft"}
    given |= {"tenant": UUID, "client_id": UUID, "secret_expires": "2027-09-01", "password_file": "../var/secret2"}
    assert here.command("init", "--answers", answers(here.folder, given)) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "-RecipientRestrictionFilter \"PrimarySmtpAddress -eq 'disputes@vale-scb.example'\"" in told
    (here.folder / "config" / "agencies.csv").write_text("name,domains\nVale Council,vale-council.example\n")
    one = load_settings(here.config, date(2026, 11, 23)).partnership()
    assert (one.mailbox.kind, one.mailbox.user, one.mailbox.api) == (
        "graph",
        "disputes@vale-scb.example",
        "https://graph.microsoft.com/v1.0",
    )
    assert one.mailbox.oauth is not None
    assert one.mailbox.oauth.scope == "https://graph.microsoft.com/.default"


def test_missing_unknown_and_wrong_answers_are_told_at_once_and_nothing_is_written(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    given = PLAIN | {"phone_number": "ring me", "fone": "01632 960101"}
    del given["closed_phone_number"]
    assert here.command("init", "--answers", answers(here.folder, given)) == 2
    told = capsys.readouterr().err
    assert 'answers.toml: "closed_phone_number" is missing: Their number' in told
    assert 'answers.toml:10: "phone_number": This is no telephone number that can be dialled' in told
    assert 'answers.toml:17: "fone" is no question.' in told
    assert "3 faults" in told
    assert not here.config.exists()


def test_the_file_of_answers_is_documented_by_the_program_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--questions", "plain", "wolverhampton"]) == 0
    text = capsys.readouterr().out
    assert set(tomllib.loads(text)) == set(PLAIN)
    assert "#   From the partnership's published procedure. Ring it before you write it down." in text
    assert main(["init", "--questions", "plain", "wolverhamton"]) == 2


def asked(address: str = "disputes@vale-scb.example", provider: str = "plain") -> dict[str, Question]:
    given = {"address": address, "domain": "vale-scb.example", "provider": provider, "secrets": "../var/x"}
    protocol = load_protocol(find_protocol("wolverhampton"))
    return {question.key: question for question in questions_of(protocol, given, date(2026, 11, 23))}


@pytest.mark.parametrize(
    ("key", "said", "why"),
    [
        ("address", "escalation at nsscp", "This is no email address"),
        ("address", "vale.disputes@gmail.com", "gmail.com is a public mail provider"),
        ("domain", "nsscp", "This is no mail domain"),
        ("mailbox", "imap://box@mail.vale-scb.example", "would send mail in clear"),
        ("mailbox", "smtps://box@mail.vale-scb.example", "for the other direction"),
        ("mailbox", "imaps://box:hunter2@mail.vale-scb.example", "holds a password"),
        ("phone_name", "?", "This cannot be guessed"),
        ("phone_number", "ring me", "no telephone number that can be dialled"),
        ("phone_checked_on", "yesterday", "Write the day as 2026-11-23, or today, or no"),
        ("phone_checked_on", "2027-01-01", "That day has not come yet"),
        ("role_chair", "chair@elsewhere.example", "not at vale-scb.example"),
        ("authserv_id", "mail server", "It is one word"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_told_why(key: str, said: str, why: str) -> None:
    question = asked()[key]
    assert why in question.check(said)
    assert question.follows == "" or not question.check(question.follows)


@pytest.mark.parametrize(
    ("key", "said", "made"),
    [
        ("mailbox", "mail.vale-scb.example", "imaps://disputes@vale-scb.example@mail.vale-scb.example:993/INBOX"),
        (
            "mailbox",
            "mail.vale-scb.example:143",
            "imap+starttls://disputes@vale-scb.example@mail.vale-scb.example:143/INBOX",
        ),
        ("post", "mail.vale-scb.example", "smtp+starttls://disputes@vale-scb.example@mail.vale-scb.example:587"),
        ("post", "mail.vale-scb.example:465", "smtps://disputes@vale-scb.example@mail.vale-scb.example:465"),
        ("mailbox", "maildir:/var/mail/disputes", "maildir:/var/mail/disputes"),
    ],
)
def test_the_name_of_a_mail_server_is_enough(key: str, said: str, made: str) -> None:
    question = asked()[key]
    assert question.check(said) == ""
    assert question.made_of(said) == made


def test_a_port_at_which_letters_are_passed_between_servers_is_no_answer() -> None:
    why = asked()["post"].check("mail.vale-scb.example:25")
    assert why.startswith("At that port no login with TLS is known: the ports are 587 or 465")


def test_an_answer_left_empty_takes_what_follows_from_another(here: Deployment) -> None:
    given = PLAIN | {"domain": "", "mailbox": "mail.vale-scb.example", "post": "", "password_file": ""}
    assert here.command("init", "--answers", answers(here.folder, given)) == 1
    one = tomllib.loads(here.config.read_text())["partnership"]["wolverhampton"]
    assert one["approved_domains"] == ["vale-scb.example"]
    assert one["mailbox"] == {
        "url": "imaps://disputes@vale-scb.example@mail.vale-scb.example:993/INBOX",
        "password_file": "../var/mailbox-password",
    }
    assert one["post"]["url"] == "smtp+starttls://disputes@vale-scb.example@mail.vale-scb.example:587"


def test_the_number_of_a_film_is_no_answer_for_a_real_partnership() -> None:
    assert "films and examples" in asked("disputes@vale-scb.test")["phone_number"].check("01632 960101")
    assert asked()["phone_number"].check("01632 960101") == ""


def test_only_what_follows_from_another_answer_is_offered() -> None:
    offered = {key: question.follows for key, question in asked(provider="google").items() if question.follows}
    assert offered == {
        "domain": "vale-scb.example",
        "mailbox": "imaps://disputes@vale-scb.example@imap.gmail.com:993/INBOX",
        "post": "smtp+starttls://disputes@vale-scb.example@smtp.gmail.com:587",
        "authserv_id": "mx.google.com",
        "password_file": "../var/x",
    }


def test_the_systems_files_have_their_rights_and_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = PLAIN | {"password_file": "/var/lib/mailbot/mailbox-password"}
    assert main(["init", "--system", "--root", str(tmp_path), "--answers", answers(tmp_path, given)]) == 1
    config = tomllib.loads((tmp_path / "etc" / "mailbot" / "mailbot.toml").read_text())
    assert config["store"]["url"] == "sqlite:////var/lib/mailbot/mailbot.db"
    assert config["service"]["secret_file"] == "/var/lib/mailbot/secret"
    assert (tmp_path / "etc" / "mailbot").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "var" / "lib" / "mailbot").stat().st_mode & 0o777 == 0o700
    unit = configparser.RawConfigParser(strict=False)
    unit.read(tmp_path / "etc" / "systemd" / "system" / "mailbot.service")
    assert unit["Service"]["ExecStart"].endswith("/bin/mailbot run")
    assert unit["Service"]["User"] == "mailbot"
    assert unit["Service"]["RestartPreventExitStatus"] == "2"
    assert {unit["Service"][key] for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome")} == {"yes"}
    assert (tmp_path / "etc" / "logrotate.d" / "mailbot").is_file()
    heads = {name: (tmp_path / "etc" / "mailbot" / f"{name}.csv").read_text() for name in ("agencies", "directory")}
    assert heads == {
        "agencies": "name,domains,also,sector,partner,contact\n",
        "directory": "name,email,agency,designation,post,deputy,phone,active,speaks for\n",
    }


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    """A key misspelt is a warning of systemd's and would be passed over in silence: no line of it may come."""
    unit = tmp_path / "mailbot.service"
    unit.write_text((ROOT / "deploy" / "mailbot.service").read_text().replace("@MAILBOT@", sys.executable))
    ran = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (ran.returncode, [line for line in ran.stderr.splitlines() if "mailbot.service" in line]) == (0, [])


def test_the_machine_is_only_prepared_by_root() -> None:
    with pytest.raises(BadConfiguration, match=r"run it as root \(sudo\)"):
        prepare_system(Path("/"), 1000)


def test_a_place_that_cannot_be_written_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--yes", "--config", "/proc/sys/mailbot/mailbot.toml"]) == 2
    assert "/proc/sys/mailbot: cannot be made: No such file or directory." in capsys.readouterr().err
