"""The shipped configuration is whole, and every fault of every file is told at once, where it is."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from mailbot.shell.config.configuration import load_settings, without_needs
from mailbot.shell.config.secrets import Secret, make_key, secret_key
from mailbot.shell.config.server_settings import server
from mailbot.shell.config.template_files import data_dir
from mailbot.shell.errors import BadConfiguration

TODAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped configuration, to be spoilt."""
    shutil.copytree(data_dir("config"), tmp_path / "config")
    return tmp_path / "config"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def faults_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(BadConfiguration) as caught:
        load_settings(folder / "mailbot.toml", TODAY)
    return [(Path(fault.file).name, fault.line, fault.message) for fault in caught.value.faults]


def line_of(path: Path, words: str) -> int:
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if words in line)


def test_the_shipped_configuration_can_be_meant(folder: Path) -> None:
    settings = load_settings(folder / "mailbot.toml", TODAY)
    one = settings.partnership()
    assert one.id == "north-somerset"
    assert one.current.mailbox == "escalation@nsscp.example"
    assert one.current.roles["business_manager"].address == "business.manager@nsscp.example"
    assert [phone.number for phone in one.current.risk.phones] == ["01632 960100", "01632 960199"]
    assert (one.mailbox.host, one.mailbox.port, one.mailbox.security) == ("mail.nsscp.example", 993, "tls")
    assert (one.post.host, one.post.port, one.post.security) == ("mail.nsscp.example", 587, "starttls")
    assert one.mailbox.user == "escalation@nsscp.example"
    assert one.patience == timedelta(hours=4)
    assert settings.store_url == f"sqlite:///{folder.parent / 'var' / 'mailbot.db'}"


def test_everybody_in_the_shipped_directory_is_invented_at_a_reserved_domain(folder: Path) -> None:
    directory = load_settings(folder / "mailbot.toml", TODAY).partnership().directory
    assert len(directory.officers) == 25
    assert {domain.rpartition(".")[2] for domain in directory.approved_domains} == {"example"}


def test_every_agency_of_the_shipped_directory_has_somebody_at_every_post(folder: Path) -> None:
    directory = load_settings(folder / "mailbot.toml", TODAY).partnership().directory
    for agency in directory.agencies:
        for post in ("line manager", "senior manager", "head of safeguarding"):
            assert directory.holders(agency.name, post), (agency.name, post)


def test_the_partnerships_closed_days_move_its_calendar_and_an_agencys_do_not(folder: Path) -> None:
    one = load_settings(folder / "mailbot.toml", TODAY).partnership()
    assert sorted(one.current.calendar.also_closed) == [date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)]
    school = one.directory.find_agency("Kewbridge Primary School")
    assert school is not None
    assert sorted(school.closed) == [date(2027, 2, day) for day in range(15, 20)]


def test_the_faults_of_all_files_are_told_at_once_with_their_lines(folder: Path) -> None:
    change(folder / "mailbot.toml", "poll_seconds", "pol_seconds")
    change(folder / "directory.csv", "g.larkrise@kewbridge.sch.example,Kewbridge", "g.larkrise,Kewbridge")
    change(folder / "closures.toml", "to = 2026-12-31", "to = 2026-12-01")
    change(folder / "agencies.csv", "kewbridge.sch.example;", "not a domain;")
    told = faults_of(folder)
    assert {name for name, _, _ in told} == {"mailbot.toml", "directory.csv", "closures.toml", "agencies.csv"}
    assert (
        "mailbot.toml",
        line_of(folder / "mailbot.toml", "pol_seconds"),
        '"pol_seconds" is not a name that [service] has. Did you mean "poll_seconds"?',
    ) in told
    assert ("directory.csv", 3, '"g.larkrise" is not an email address') in told
    assert (
        "agencies.csv",
        2,
        '"not a domain" is not a mail domain: it is what stands after the @ in an address',
    ) in told


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (",Kewbridge Primary School,Class", ",Kewbridge Primery School,Class", 2, 'Did you mean "Kewbridge Primary'),
        ("t.merriwell@kewbridge.sch.example,Kew", "t.merriwell@webmail.example,Kew", 2, "at a domain that no agency"),
        ("head@kewbridge.sch.example", "g.larkrise@kewbridge.sch.example", 4, "is here twice: the first is in row 3"),
        ("line manager,t.merriwell@", "line manager,t.meriwell@", 3, "is not in this file. Did you mean"),
        ("head@kewbridge.sch.example", "", 4, '"email" is empty'),
        ("01632 960111,yes", "01632 960111,perhaps", 3, '"active" is yes or no, not "perhaps"'),
        ("name,email", "name,mail", 1, 'the column "email" is missing'),
    ],
)
def test_a_fault_of_the_directory_names_its_row(folder: Path, old: str, new: str, line: int, said: str) -> None:
    change(folder / "directory.csv", old, new)
    assert [row for row in faults_of(folder) if row[:2] == ("directory.csv", line) and said in row[2]]


def test_a_post_that_no_role_uses_is_a_warning_and_no_fault(folder: Path) -> None:
    change(folder / "directory.csv", "senior manager,g.larkrise", "senor manager,g.larkrise")
    settings = load_settings(folder / "mailbot.toml", TODAY)
    said = [w.message for w in settings.warnings if Path(w.file).name == "directory.csv"]
    assert said == ['no role of the protocol is filled by the post "senor manager". Did you mean "senior manager"?']


def test_a_directory_saved_by_a_spreadsheet_reads_the_same(folder: Path) -> None:
    plain = load_settings(folder / "mailbot.toml", TODAY).partnership().directory
    path = folder / "directory.csv"
    rows = [line.replace(";", "|").replace(",", ";") for line in path.read_text().splitlines()]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*rows, ";;;;;;;", ""]).encode())
    assert load_settings(folder / "mailbot.toml", TODAY).partnership().directory == plain


def test_a_directory_that_is_not_utf8_is_refused_in_words(folder: Path) -> None:
    (folder / "directory.csv").write_bytes("name,email,agency\nZoë".encode("latin-1"))
    assert ("directory.csv", 2, 'is not UTF-8: in the spreadsheet, save it as "CSV UTF-8"') in faults_of(folder)


def test_a_password_in_the_file_is_refused_kindly_and_not_repeated(folder: Path) -> None:
    change(folder / "mailbot.toml", 'password_file = "../var/mailbox-password"', 'password = "hunter2"')
    [told] = [message for _, _, message in faults_of(folder) if message.startswith("please")]
    assert "password_file" in told
    assert not any("hunter2" in message for _, _, message in faults_of(folder))


def test_a_password_in_an_address_is_refused_and_not_repeated(folder: Path) -> None:
    change(folder / "mailbot.toml", "imaps://escalation@nsscp.example@", "imaps://escalation:hunter2@")
    told = faults_of(folder)
    assert ["holds a password" in message for _, _, message in told] == [True]
    assert "hunter2" not in str(told)


def test_a_role_at_a_domain_that_nobody_approves_is_a_fault(folder: Path) -> None:
    change(folder / "mailbot.toml", '"dsps@nsscp.example"', '"dsps@webmail.example"')
    [told] = faults_of(folder)
    assert told[2].startswith("dsps@webmail.example (dsps) is at a domain that is not approved")


def test_no_number_to_ring_when_a_child_is_in_danger_is_a_fault(folder: Path) -> None:
    path = folder / "mailbot.toml"
    text = path.read_text()
    start, end = text.index("phones = ["), text.index("]\n", text.index("phones = [")) + 2
    path.write_text(text[:start] + text[end:])
    [told] = faults_of(folder)
    assert told[2].startswith("no telephone number for immediate risk")


def test_trust_without_a_server_to_believe_is_a_fault(folder: Path) -> None:
    change(folder / "mailbot.toml", 'authserv_ids = ["mail.nsscp.example"]', "authserv_ids = []")
    [told] = faults_of(folder)
    assert told[1] == line_of(folder / "mailbot.toml", "authserv_ids = []")
    assert "require = false" in told[2]


def test_bank_holidays_that_are_not_known_are_a_fault(folder: Path) -> None:
    with pytest.raises(BadConfiguration, match="are not known: bring the package holidays up to date"):
        load_settings(folder / "mailbot.toml", date(2999, 1, 1))


def test_an_unknown_protocol_and_one_not_in_force_yet_are_faults(folder: Path) -> None:
    with pytest.raises(BadConfiguration, match="no version of the protocol is in force yet"):
        load_settings(folder / "mailbot.toml", date(1990, 1, 2))
    change(folder / "mailbot.toml", 'protocol = "north-somerset"', 'protocol = "north-sumerset"')
    assert any('Did you mean "north-somerset"?' in message for _, _, message in faults_of(folder))


def test_of_several_versions_the_newest_in_force_is_current_and_all_are_kept(folder: Path) -> None:
    first = folder / "protocols" / "north-somerset.toml"
    old = load_settings(folder / "mailbot.toml", TODAY).partnership().current.version
    text = first.read_text()
    for version, name in (("2026-11-01", "north-somerset-2"), ("2027-04-01", "north-somerset-3")):
        newer = "\n".join(
            f'in_force = "{version}"' if line.strip().startswith("in_force") else line for line in text.splitlines()
        )
        (folder / "protocols" / f"{name}.toml").write_text(newer)
    one = load_settings(folder / "mailbot.toml", TODAY).partnership()
    assert one.current.version == "2026-11-01"
    assert {p.version for p in one.versions} == {old, "2026-11-01", "2027-04-01"}


def test_two_partnerships_never_share_a_mailbox(folder: Path) -> None:
    path = folder / "mailbot.toml"
    text = path.read_text()
    second = text[text.index("[partnership.north-somerset]") :].replace("[partnership.north-somerset", "[partnership.b")
    path.write_text(text + second)
    told = [message for _, _, message in faults_of(folder)]
    assert '"b" reads the same mailbox as "north-somerset"' in told
    assert '"b" and "north-somerset" have the same ref_prefix' in told


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("imap://box@mail.example", "would send mail in clear to mail.example"),
        ("pop3://box@mail.example", "begins with none of"),
        ("imaps://", "names no server"),
        ("imaps://box:secret@mail.example", "holds a password"),
        ("imaps://box@mail.example:port", "port"),
    ],
)
def test_a_server_that_cannot_be_meant_is_refused_in_words(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        server(url, Path(), Secret(), None)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="mailbot init writes one"):
        load_settings(tmp_path / "mailbot.toml", TODAY)


def test_a_password_is_asked_of_its_file_before_anything_starts(folder: Path) -> None:
    settings = load_settings(folder / "mailbot.toml", TODAY)
    assert len(without_needs(settings)) == 2
    password = folder.parent / "var" / "mailbox-password"
    password.parent.mkdir()
    password.write_text("correct horse\n")
    password.chmod(0o644)
    assert "can be read by everybody" in without_needs(settings)[0].message
    password.chmod(0o600)
    assert without_needs(settings) == []
    assert settings.partnership().mailbox.secret.read() == "correct horse"


def test_a_password_may_be_in_a_variable() -> None:
    assert Secret(env="BOX").read({"BOX": "correct horse"}) == "correct horse"
    with pytest.raises(ValueError, match="the variable BOX is not set"):
        Secret(env="BOX").read({})


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    assert make_key(path)
    first = secret_key(path)
    assert len(first) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert not make_key(path)
    assert secret_key(path) == first


def test_tokens_take_the_place_of_passwords(folder: Path) -> None:
    path = folder / "mailbot.toml"
    path.write_text(
        path.read_text().replace('password_file = "../var/mailbox-password"\n', "")
        + '\n[partnership.north-somerset.oauth]\ntenant = "t1"\nclient_id = "c1"\nsecret_env = "OURS"\n'
    )
    one = load_settings(path, TODAY).partnership()
    assert one.mailbox.oauth is not None
    assert one.mailbox.oauth == one.post.oauth
    assert one.mailbox.oauth.token_url == "https://login.microsoftonline.com/t1/oauth2/v2.0/token"
    assert one.mailbox.oauth.secret == Secret(env="OURS")


def test_a_token_server_without_tls_or_two_of_them_are_faults(folder: Path) -> None:
    path = folder / "mailbot.toml"
    table = '\n[partnership.north-somerset.oauth]\ntenant = "t1"\ntoken_url = "http://t.example"\nclient_id = "c1"\n'
    path.write_text(path.read_text() + table)
    told = [message for _, _, message in faults_of(folder)]
    assert '"token_url" must begin with https://' in told
    assert any('needs "secret_file", "secret_env" or "certificate_file", and one of them only' in said for said in told)
    assert any("and not both" in message for message in told)
