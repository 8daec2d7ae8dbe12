"""The table of wrong settings: what was set wrongly, how to set it so, and the answer expected of ``mailbot check``."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import trustme

from mailbot.shell.config.secrets import make_key
from tests.deployment import opening
from tests.servers.graph import GraphServer
from tests.unit.mail.documents.test_recording_form import own
from tests.unit.shell.servers.fault_servers import Talk
from tests.wrong_settings.bench import HEAD, NOW, USER, Bench, SoundImap, says

Spoil = Callable[[Bench], object]


@dataclass(frozen=True, slots=True)
class Wrong:
    """``words``: a telling part of the answer; ``where``: its file, with a part of the
    line after a colon and a space, or the line's number; ``ends``: the exit code (0 for a thing
    to look at)."""

    setting: str
    spoil: Spoil
    id: str
    words: str
    where: str = ""
    ends: int = 2


def _toml(old: str, new: str) -> Spoil:
    return lambda bench: bench.change(old, new)


def _csv(name: str, old: str, new: str) -> Spoil:
    return lambda bench: bench.change(old, new, name)


# ---- the files ----


def _without(start: str, end: str) -> Spoil:
    def spoil(bench: Bench) -> None:
        path = bench.config / "mailbot.toml"
        text = path.read_text()
        first = text.index(start)
        path.write_text(text[:first] + text[text.index(end, first) + len(end) :])

    return spoil


def _only_daytime(bench: Bench) -> None:
    bench.change("nights, weekends, bank holidays", "Monday to Friday, 5pm to 8pm")


def _twice(bench: Bench) -> None:
    text = bench.made.config.read_text()
    start = text.index("[partnership.north-somerset]")
    second = text[start:].replace("[partnership.north-somerset", "[partnership.second")
    bench.add(second.replace('protocol = "', 'ref_prefix = "XX"\nprotocol = "', 1))


def _agency_row(domains: str) -> Spoil:
    return lambda bench: bench.add(f"Harbourside Surgery,{domains},,gp,\n", "agencies.csv")


def _empty_directory(bench: Bench) -> None:
    path = bench.config / "directory.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")


def _latin(bench: Bench) -> None:
    path = bench.config / "directory.csv"
    path.write_bytes(path.read_text().replace("Tabitha", "Zoë").encode("latin-1"))


def _templates(name: str, text: str = "Hello") -> Spoil:
    def spoil(bench: Bench) -> None:
        path = bench.config / "letters" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        bench.change('templates = ""', 'templates = "letters"')

    return spoil


def _own_form(bench: Bench) -> None:
    forms = bench.config / "letters" / "forms" / "north-somerset"
    forms.mkdir(parents=True)
    (forms / "recording.docx").write_bytes(own(()))
    bench.change('templates = ""', 'templates = "letters"')


def _not_utf8(bench: Bench) -> None:
    bench.made.config.write_bytes(bench.made.config.read_bytes() + b"# Zo\xeb\n")


FILES = (
    Wrong("mailbot.toml is not there", lambda b: b.made.config.unlink(), "files", "cannot be read: No such file"),
    Wrong("mailbot.toml is not saved as UTF-8", _not_utf8, "files", "is not UTF-8 text"),
    Wrong(
        "a text without its quotes",
        _toml('protocol = "north-somerset"', "protocol = north-somerset"),
        "files",
        "this line cannot be read",
        "mailbot.toml: protocol = north",
    ),
    Wrong(
        "a key misspelt",
        _toml("poll_seconds", "pol_seconds"),
        "service.pol_seconds",
        '"pol_seconds" is not a name that [service] has. Did you mean "poll_seconds"?',
        "mailbot.toml: pol_seconds",
    ),
    Wrong(
        "poll_seconds = 1", _toml("poll_seconds = 60", "poll_seconds = 1"), "service.poll_seconds", "is from 5 to 900"
    ),
    Wrong(
        "a number where a text belongs",
        _toml('address = "escalation@nsscp.example"', "address = 5"),
        "partnership.address",
        '"address" must be text between quotes',
    ),
    Wrong(
        "the password in the file itself",
        lambda b: b.change("north-somerset.mailbox]", 'north-somerset.mailbox]\npassword = "hunter2"'),
        "partnership.mailbox.password",
        "please do not keep a password in this file",
    ),
    Wrong(
        "a procedure misspelt",
        _toml('protocol = "north-somerset"', 'protocol = "north-sumerset"'),
        "partnership.protocol",
        'Did you mean "north-somerset"?',
    ),
    Wrong(
        "a procedure's file with a fault",
        lambda b: b.change(
            '[role.raiser]\nside = "raising"', '[role.raiser]\nside = "rising"', "protocols/north-somerset.toml"
        ),
        "role.raiser.side",
        '"side" cannot be "rising"',
        "north-somerset.toml:81",
    ),
    Wrong(
        "the templates' folder is not there",
        _toml('templates = ""', 'templates = "leters"'),
        "partnership.templates",
        "there is no folder",
    ),
    Wrong(
        "a letter's folder misspelt",
        _templates("openned/body.txt"),
        "letter-folder-unknown",
        'your templates have a folder "openned", and there is no such letter. Did you mean "opened"?',
        "letters/openned",
    ),
    Wrong(
        "a letter's part misspelt",
        _templates("opened/boddy.txt"),
        "letter-file-unknown",
        "your templates have opened/boddy.txt",
    ),
    Wrong(
        "a letter that cannot be rendered",
        _templates("opened/body.txt", "{% block lead %}"),
        "letter-broken",
        "opened/body.txt, line 1",
    ),
    Wrong("a Word form of no procedure", _own_form, "form-wrong", "no procedure here has this form", "recording.docx"),
    Wrong(
        "the address of the mailbox is none",
        _toml('address = "escalation@nsscp.example"', 'address = "escalation at nsscp"'),
        "partnership.address",
        '"escalation at nsscp" is not an email address',
    ),
    Wrong(
        "an office at a domain nobody approves",
        _toml('"dsps@nsscp.example"', '"dsps@webmail.example"'),
        "partnership.approved_domains",
        "is at a domain that is not approved",
    ),
    Wrong(
        "a role that the procedure does not have",
        _toml("scrutineer =", "scrutinier ="),
        "partnership.roles.scrutinier",
        'Did you mean "scrutineer"?',
    ),
    Wrong(
        "two partnerships on one mailbox", _twice, "partnership", '"second" reads the same mailbox as "north-somerset"'
    ),
    Wrong(
        "closed days that end before they begin",
        lambda b: b.change("to = 2026-12-31", "to = 2026-12-01", "closures.toml"),
        "closed.to",
        '"to" must be the same day as "from" or later',
        "closures.toml:7",
    ),
    Wrong(
        "no day closed in the year to come",
        lambda b: (b.config / "closures.toml").write_text(""),
        "no-closed-days",
        "nobody has said on which days the partnership is closed after 2026-11-23",
        ends=0,
    ),
    Wrong(
        "bank holidays that are not known yet",
        lambda b: setattr(b, "now", datetime(2999, 1, 1, tzinfo=NOW.tzinfo)),
        "partnership.protocol",
        "are not known: bring the package holidays up to date",
    ),
    Wrong(
        "a database of another kind",
        _toml('url = "sqlite:///../var/mailbot.db"', 'url = "mysql://db.example/mailbot"'),
        "store.url",
        "the store can be kept in SQLite or PostgreSQL",
    ),
    Wrong(
        "a database password in the file",
        _toml('url = "sqlite:///../var/mailbot.db"', 'url = "postgresql://mailbot:hunter2@db.example/mailbot"'),
        "store.url",
        '"url" holds a password: put it into ~/.pgpass',
    ),
)

# ---- people and numbers ----

PEOPLE = (
    Wrong(
        "no number to ring",
        _without("phones = [", "]\n"),
        "partnership.phones",
        "no telephone number for immediate risk",
    ),
    Wrong(
        "a number that is none",
        _toml('"01632 960199"', '"ring me"'),
        "partnership.phones",
        '"ring me" (Emergency duty team) is no telephone number that can be dialled',
    ),
    Wrong(
        "a number without its area code",
        _toml('"01632 960199"', '"960199"'),
        "partnership.phones",
        '"960199" (Emergency duty team) is no telephone number',
    ),
    Wrong(
        "no number for nights and closed days",
        _only_daytime,
        "partnership.phones",
        "no number is said to be answered on nights, weekends and bank holidays",
        "mailbot.toml: phones = [",
    ),
    Wrong(
        "a number nobody has rung",
        _toml('holidays", checked_on = 2026-09-01', 'holidays"'),
        "phone-nobody-rang",
        "01632 960199: nobody has said when it was last rung",
        ends=0,
    ),
    Wrong(
        "a number rung long ago",
        _toml('holidays", checked_on = 2026-09-01', 'holidays", checked_on = 2024-09-01'),
        "phone-rung-long-ago",
        "01632 960199 was last rung on 2024-09-01",
        ends=0,
    ),
    Wrong(
        "an agency at a public mail provider",
        _agency_row("gmail.com"),
        "agencies.csv.domains",
        '"gmail.com" is a public mail provider',
        "agencies.csv:11",
    ),
    Wrong(
        "a public mail provider approved",
        _toml('approved_domains = ["nsscp.example"]', 'approved_domains = ["nsscp.example", "outlook.com"]'),
        "partnership.approved_domains",
        '"outlook.com" is a public mail provider',
    ),
    Wrong(
        "an agency at a domain that many share",
        _csv("agencies.csv", "pierroad-surgery.example,", "pierroad-surgery.example; nhs.net,"),
        "shared-domain",
        "nhs.net, of Pier Road Surgery, is shared by many organisations",
        ends=0,
    ),
    Wrong(
        "an agency's domain that is none",
        _agency_row("not a domain"),
        "agencies.csv.domains",
        '"not a domain" is not a mail domain',
        "agencies.csv:11",
    ),
    Wrong("an agency without a domain", _agency_row(""), "agencies.csv", '"domains" is empty'),
    Wrong(
        "no agencies",
        lambda b: (b.config / "agencies.csv").write_text("name,domains\n"),
        "agencies.csv",
        "no agency is here yet",
    ),
    Wrong("an empty directory", _empty_directory, "directory-empty", "nobody is in the directory yet"),
    Wrong(
        "an agency without a senior manager",
        _csv("directory.csv", "Headteacher,senior manager", "Headteacher,"),
        "agency-without-managers",
        "Kewbridge Primary School has nobody as senior manager",
        ends=0,
    ),
    Wrong(
        "a post misspelt",
        _csv(
            "directory.csv",
            "Service manager,senior manager,desmond",
            "Service manager,senior manager; head of safegarding,desmond",
        ),
        "directory.csv",
        'no role of the protocol is filled by the post "head of safegarding"',
        ends=0,
    ),
    Wrong(
        "an officer of no agency",
        _csv("directory.csv", ",Kewbridge Primary School,Class", ",Kewbridge Primery School,Class"),
        "directory.csv",
        'Did you mean "Kewbridge Primary School"?',
        "directory.csv:2",
    ),
    Wrong(
        "a private address in the directory",
        _csv("directory.csv", "lucian.marsh@somerbourne-council.example", "lucian.marsh@webmail.example"),
        "directory.csv",
        "is at a domain that no agency has",
        "directory.csv:12",
    ),
    Wrong(
        "an address twice",
        _csv("directory.csv", "head@kewbridge.sch.example", "g.larkrise@kewbridge.sch.example"),
        "directory.csv",
        "is here twice: the first is in row 3",
        "directory.csv:4",
    ),
    Wrong(
        "a deputy who is not there",
        _csv("directory.csv", "line manager,t.merriwell@", "line manager,t.meriwell@"),
        "directory.csv",
        "is not in this file. Did you mean",
        "directory.csv:3",
    ),
    Wrong(
        "a column's head misspelt",
        _csv("directory.csv", "name,email", "name,mail"),
        "directory.csv",
        'the column "email" is missing',
        "directory.csv:1",
    ),
    Wrong("a directory saved by an old spreadsheet", _latin, "directory.csv", 'save it as "CSV UTF-8"'),
)

# ---- this machine ----


def _garbage(bench: Bench) -> None:
    (bench.var / "mailbot.db").write_text("this is a letter, and no database\n" * 40)


def _damaged(bench: Bench) -> None:
    path = bench.var / "mailbot.db"
    raw = bytearray(path.read_bytes())
    raw[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(raw)


def _mode(name: str, mode: int) -> Spoil:
    def spoil(bench: Bench) -> None:
        bench.var.chmod(0o755)
        (bench.made.folder / name).chmod(mode)

    return spoil


def _copy_open(bench: Bench) -> None:
    bench.var.chmod(0o755)
    (bench.var / "mailbot.db.backup").write_bytes(b"x")
    (bench.var / "mailbot.db.backup").chmod(0o644)


def _postgres_down(bench: Bench) -> None:
    bench.change('url = "sqlite:///../var/mailbot.db"', 'url = "postgresql://mailbot@127.0.0.1:9/mailbot"')


MODES = (
    Wrong(
        'mode = "shadow", after the trial',
        _toml('mode = "live"', 'mode = "shadow"'),
        "mode-shadow",
        "shadow: everything is decided, and only business.manager@nsscp.example is written to",
        ends=0,
    ),
    Wrong(
        'mode = "training", in earnest',
        _toml('mode = "live"', 'mode = "training"'),
        "mode-training",
        "training: everybody is invented",
        ends=0,
    ),
    Wrong(
        "training with a real domain",
        lambda b: (
            b.change('mode = "live"', 'mode = "training"'),
            b.change("lanternlight.example,", "lanternlight.example; lanternlight.charity,", "agencies.csv"),
        ),
        "partnership.mode",
        "training is for invented people: lanternlight.charity may be somebody's",
    ),
    Wrong("a mode misspelt", _toml('mode = "live"', 'mode = "life"'), "partnership.mode", 'Did you mean "live"?'),
)


def _key_named_late(bench: Bench) -> None:
    bench.made.deliver(opening())
    assert bench.made.command("once") == 0
    bench.change("[store]\n", '[store]\nkey_file = "../var/storage-key"\n')
    make_key(bench.var / "storage-key")


MACHINE = (
    Wrong("no key", lambda b: (b.var / "secret").unlink(), "key-unusable", "cannot be read: No such file"),
    Wrong(
        "a key that others may read",
        _mode("var/secret", 0o644),
        "key-unusable",
        "can be read by everybody on this machine",
    ),
    Wrong("a key cut short", lambda b: (b.var / "secret").write_text("abc"), "key-unusable", "is too short for a key"),
    Wrong(
        "a storage key that is not there",
        _toml("[store]\n", '[store]\nkey_file = "../var/storage-key"\n'),
        "storage-key-unusable",
        "storage-key cannot be read: No such file",
    ),
    Wrong(
        "a storage key named after the record was begun",
        _key_named_late,
        "words-in-clear",
        "entries of the record were written before there was a storage key",
        ends=0,
    ),
    Wrong("no database", lambda b: (b.var / "mailbot.db").unlink(), "database-missing", "there is no database at"),
    Wrong("an empty database", lambda b: (b.var / "mailbot.db").write_bytes(b""), "database-empty", "holds no tables"),
    Wrong("a file that is no database", _garbage, "database-not-one", "is no database of mailbot"),
    Wrong("a damaged database", _damaged, "database-damaged", "the database is damaged"),
    Wrong(
        "a database that others may read",
        _mode("var/mailbot.db", 0o644),
        "others-may-read",
        "others on this machine may read",
        "mailbot.db",
    ),
    Wrong(
        "a copy of the database that others may read",
        _copy_open,
        "others-may-read",
        "others on this machine may read",
        "mailbot.db.backup",
    ),
    Wrong(
        "a configuration that others may change",
        _mode("config/directory.csv", 0o666),
        "others-may-change",
        "others on this machine may change",
        "directory.csv",
    ),
    Wrong(
        "PostgreSQL is not up", _postgres_down, "database-unreachable", "the database server cannot be reached", ends=3
    ),
)

# ---- reaching the servers ----


def _plain_smtp_at_imap(bench: Bench) -> None:
    bench.post(f"smtp://{USER}@127.0.0.1:{bench.serve(SoundImap())}")


def _greets_as_smtp(talk: Talk) -> None:
    talk.say("220 mail.example ESMTP")
    talk.hear()


def _hang_up(_: Talk) -> None:
    """A server that says nothing and goes."""


def _imaps_on(script: Callable[[Talk], None]) -> Spoil:
    return lambda bench: bench.mailbox(f"imaps://{USER}@127.0.0.1:{bench.serve(script)}/INBOX")


def _under_tls(
    bench: Bench, script: Callable[[Talk], None], name: str = "localhost", valid: str = "now"
) -> tuple[int, trustme.CA]:
    """A port on which ``script`` is spoken under TLS, by a certificate for ``name``; ``valid``: "now", "once" or
    "later"."""
    authority = trustme.CA()
    until = datetime(2001, 1, 1) if valid == "once" else None
    since = datetime(2035, 1, 1) if valid == "later" else None
    certificate = authority.issue_cert(name, not_after=until, not_before=since)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)

    def secured(talk: Talk) -> None:
        with context.wrap_socket(talk.connection, server_side=True) as wrapped:
            script(Talk(wrapped))

    return bench.serve(secured), authority


def read_under_tls(url: str, name: str = "localhost", known: bool = True, valid: str = "now") -> Spoil:
    """The mailbox at ``url`` (with PORT in it), on a server that speaks TLS at once."""

    def spoil(bench: Bench) -> None:
        port, authority = _under_tls(bench, SoundImap(), name, valid)
        bench.mailbox(url.replace("PORT", str(port)))
        if known:
            authority.cert_pem.write_to_path(str(bench.config / "ca.pem"))
            bench.change(
                "[partnership.north-somerset.mailbox]", '[partnership.north-somerset.mailbox]\ncafile = "ca.pem"'
            )

    return spoil


def _cafile(text: str | None) -> Spoil:
    def spoil(bench: Bench) -> None:
        bench.mailbox(f"imaps://{USER}@127.0.0.1:9/INBOX")
        bench.change("[partnership.north-somerset.mailbox]", '[partnership.north-somerset.mailbox]\ncafile = "ca.pem"')
        if text is not None:
            (bench.config / "ca.pem").write_text(text)

    return spoil


def _password(text: str | None, mode: int = 0o600) -> Spoil:
    def spoil(bench: Bench) -> None:
        bench.mailbox(f"imaps://{USER}@127.0.0.1:9/INBOX")
        file = bench.password(text or "", mode)
        if text is None:
            file.unlink()

    return spoil


def _variable(bench: Bench) -> None:
    bench.mailbox(f"imaps://{USER}@127.0.0.1:9/INBOX")
    bench.change('password_file = "../var/mailbox-password"', 'password_env = "MAILBOT_NO_SUCH_VARIABLE"')


def _login_refused(bench: Bench) -> None:
    server = SoundImap()
    server.tricks["LOGIN"] = says("NO [AUTHENTICATIONFAILED] Authentication failed.")
    bench.imap(server)


def tokens_answered(code: int, told: str, expires: str = "2027-09-01", url: str = "") -> Spoil:
    def spoil(bench: Bench) -> None:
        def token(talk: Talk) -> None:
            length = 0
            while line := talk.hear():
                if line.lower().startswith("content-length:"):
                    length = int(line.split(":")[1])
            talk.stream.read(length)
            talk.say(f"HTTP/1.1 {code} Told\r\nContent-Length: {len(told)}\r\nConnection: close\r\n\r\n{told}")

        port = bench.serve(token)
        bench.imap()
        bench.change('password_file = "../var/mailbox-password"\n', "")
        told_by = url or f"http://127.0.0.1:{port}/token"
        bench.add(
            f'\n[partnership.north-somerset.oauth]\ntoken_url = "{told_by}"\nclient_id = "c1"\n'
            f'secret_file = "../var/client-secret"\nsecret_expires = {expires}\n'
        )
        (bench.var / "client-secret").write_text("correct horse\n")
        (bench.var / "client-secret").chmod(0o600)

    return spoil


_REFUSED = '{{"error": "invalid_client", "error_description": "AADSTS{}: the words of a library. Trace ID: 1"}}'
_GRANTED = '{"access_token": "t1", "expires_in": 3600}'


REACHING = (
    Wrong(
        "a server in clear",
        lambda b: b.mailbox("imap://escalation@mail.example"),
        "partnership.mailbox.url",
        "would send mail in clear to mail.example",
    ),
    Wrong(
        "an address that is none",
        lambda b: b.mailbox("pop3://escalation@mail.example"),
        "partnership.mailbox.url",
        "begins with none of imaps://",
    ),
    Wrong(
        "the password in the address",
        lambda b: b.mailbox("imaps://escalation:hunter2@mail.example"),
        "partnership.mailbox.url",
        "holds a password: take it out",
    ),
    Wrong(
        "the mailbox's server given for the post",
        lambda b: b.post(f"imaps://{USER}@mail.example"),
        "partnership.post.url",
        "cannot be a server for the other direction",
    ),
    Wrong("no user", lambda b: b.mailbox("imaps://mail.example"), "partnership.mailbox.url", "names no user"),
    Wrong(
        "no password",
        lambda b: (
            b.mailbox(f"imaps://{USER}@mail.example"),
            b.change('password_file = "../var/mailbox-password"\n', ""),
        ),
        "partnership.mailbox.url",
        "needs a password",
    ),
    Wrong("the password's file is not there", _password(None), "password-missing", "not tried:", ""),
    Wrong("the password's file is empty", _password(""), "password-missing", "is empty"),
    Wrong(
        "a password that others may read",
        _password("correct horse\n", 0o644),
        "password-missing",
        "can be read by everybody on this machine",
    ),
    Wrong(
        "a password's variable that is not set",
        _variable,
        "password-missing",
        "the variable MAILBOT_NO_SUCH_VARIABLE is not set",
    ),
    Wrong(
        "a server's name misspelt",
        lambda b: b.mailbox(f"imaps://{USER}@mial.nsscp.example/INBOX"),
        "server-unknown",
        "there is no server of the name mial.nsscp.example",
    ),
    Wrong(
        "a port at which nothing listens",
        lambda b: b.mailbox(f"imaps://{USER}@127.0.0.1:9/INBOX"),
        "server-refused",
        "nothing answers at this port",
        ends=3,
    ),
    Wrong(
        "imaps:// at a port that begins without TLS",
        _imaps_on(SoundImap("STARTTLS")),
        "tls-not-spoken",
        "the server does not begin with TLS at this port",
    ),
    Wrong(
        "imap+starttls:// at a port that begins with TLS",
        read_under_tls(f"imap+starttls://{USER}@localhost:PORT/INBOX"),
        "tls-spoken-already",
        "the server begins with TLS at this port",
    ),
    Wrong(
        "STARTTLS that the server does not offer",
        lambda b: b.mailbox(f"imap+starttls://{USER}@127.0.0.1:{b.serve(SoundImap())}/INBOX"),
        "starttls-missing",
        "the server does not offer STARTTLS",
    ),
    Wrong(
        "the post at the port of IMAP",
        _plain_smtp_at_imap,
        "another-service",
        "this is an IMAP server, not an SMTP server for submission",
    ),
    Wrong(
        "the mailbox at the port of SMTP",
        lambda b: b.mailbox(f"imap+starttls://{USER}@127.0.0.1:{b.serve(_greets_as_smtp)}/INBOX"),
        "another-service",
        "this is an SMTP server, not an IMAP server",
    ),
    Wrong(
        "a server that hangs up",
        lambda b: b.mailbox(f"imap+starttls://{USER}@127.0.0.1:{b.serve(_hang_up)}/INBOX"),
        "server-hung-up",
        "the server broke the connection off",
        ends=3,
    ),
    Wrong(
        "a certificate for another name",
        read_under_tls(f"imaps://{USER}@localhost:PORT/INBOX", "mail.elsewhere.example"),
        "certificate-another-name",
        "the server's certificate is for another name, not for localhost",
    ),
    Wrong(
        "a certificate that has run out",
        read_under_tls(f"imaps://{USER}@localhost:PORT/INBOX", valid="once"),
        "certificate-expired",
        "the server's certificate has run out",
    ),
    Wrong(
        "a certificate of an unknown authority",
        read_under_tls(f"imaps://{USER}@localhost:PORT/INBOX", known=False),
        "certificate-unknown-authority",
        "was signed by an authority that this machine does not know",
    ),
    Wrong("a cafile that is not there", _cafile(None), "cafile-missing", "cafile names"),
    Wrong("a cafile without a certificate", _cafile("not a certificate\n"), "cafile-no-certificate", "cafile names"),
    Wrong(
        "the mailbox's password is wrong",
        _login_refused,
        "login-refused",
        f"the server refuses the login of {USER}: is the password current?",
    ),
    Wrong(
        "the post's password is wrong",
        lambda b: b.smtp({"AUTH": "535 5.7.8 Error: authentication failed"}),
        "login-refused",
        f"the server refuses the login of {USER}: is the password current?",
    ),
    Wrong(
        "a post that takes no password at this port",
        lambda b: b.smtp(extensions=()),
        "login-without-tls",
        "the server takes no password at this port",
    ),
    Wrong(
        "a client secret that is wrong",
        tokens_answered(401, _REFUSED.format(7000215)),
        "token-refused",
        "gives no token: the client secret is wrong (AADSTS7000215)",
    ),
    Wrong(
        "a client secret that has run out at Microsoft",
        tokens_answered(401, _REFUSED.format(7000222)),
        "token-refused",
        "gives no token: the client secret has run out (AADSTS7000222)",
    ),
    Wrong(
        "a client_id that the tenant does not know",
        tokens_answered(400, _REFUSED.format(700016)),
        "token-refused",
        "gives no token: the tenant has no app registration of this client_id",
    ),
    Wrong(
        "a tenant that is not there",
        tokens_answered(400, _REFUSED.format(90002)),
        "token-refused",
        "gives no token: there is no tenant of this ID",
    ),
    Wrong(
        "a token server that is down",
        tokens_answered(503, "{}"),
        "token-unreachable",
        "cannot be reached for a token: answers 503",
        ends=3,
    ),
    Wrong(
        "tenant and token_url both",
        lambda b: (
            tokens_answered(200, _GRANTED)(b),
            b.change('\ntoken_url = "http://', '\ntenant = "t1"\ntoken_url = "http://'),
        ),
        "partnership.oauth",
        "and not both",
    ),
)

# ---- what may be done there ----


def _served(change: Callable[[SoundImap], object]) -> Spoil:
    def spoil(bench: Bench) -> None:
        server = SoundImap()
        change(server)
        bench.imap(server)

    return spoil


def _heads(*heads: str) -> Spoil:
    return _served(lambda server: setattr(server, "bodies", {n: head.encode() for n, head in enumerate(heads, 1)}))


_MICROSOFT = HEAD.replace(
    "mail.nsscp.example; dmarc=pass", "spf=pass smtp.mailfrom=kewbridge.sch.example; dmarc=pass action=none"
)
_NO_FIELD = HEAD.split("\r\n", 1)[1]

SERVERS = (
    Wrong(
        "an inbox misspelt",
        _served(lambda s: s.tricks.update(EXAMINE=says("NO [NONEXISTENT] Mailbox doesn't exist"))),
        "folder-missing",
        "there is no folder INBOX that this login may open",
    ),
    Wrong(
        'a login that may only read ("lrs")',
        _served(lambda s: setattr(s, "had", "lrs")),
        "rights-missing",
        "this login lacks the right to flag messages, file messages, mark messages as deleted, take messages out, "
        "make folders",
    ),
    Wrong(
        "no IDLE",
        _served(lambda s: setattr(s, "capabilities", "IMAP4rev1 UIDPLUS ACL")),
        "no-announcing",
        "does not announce new mail",
        ends=0,
    ),
    Wrong(
        "no UIDPLUS",
        _served(lambda s: setattr(s, "capabilities", "IMAP4rev1 IDLE ACL")),
        "no-uidplus",
        "cannot take out one message alone",
        ends=0,
    ),
    Wrong(
        "no flags",
        _served(lambda s: setattr(s, "flags", "\\Seen")),
        "no-flags",
        "the server keeps no flags here",
        ends=0,
    ),
    Wrong(
        "this machine's clock is behind",
        _served(lambda s: setattr(s, "arrived", "23-Nov-2026 09:30:00 +0000")),
        "clock-behind",
        "this machine's clock is 30 minutes behind the mail server's",
    ),
    Wrong(
        "authserv_ids names another server",
        _toml('authserv_ids = ["mail.nsscp.example"]', 'authserv_ids = ["mx.elsewhere.example"]'),
        "authserv-unseen",
        "no received message bears mx.elsewhere.example; those seen bear mail.nsscp.example",
    ),
    Wrong(
        "authserv_ids at Microsoft 365",
        _heads(_MICROSOFT),
        "authserv-microsoft",
        "names no server at all, as Microsoft 365 writes it",
    ),
    Wrong(
        "a server that writes no Authentication-Results",
        _heads(_NO_FIELD, _NO_FIELD),
        "authserv-no-field",
        "none of the 2 newest messages has a field Authentication-Results",
    ),
    Wrong(
        "nothing has come from outside yet",
        _heads(HEAD.replace("From: t.merriwell@kewbridge.sch.example", f"From: {USER}")),
        "authserv-nothing-to-see",
        "the inbox holds no message from outside",
        ends=0,
    ),
    Wrong(
        "the login of another mailbox",
        _heads(HEAD.replace("To: escalation@", "To: enquiries@")),
        "other-mailbox",
        "none of the 1 newest messages in this mailbox is addressed to escalation@nsscp.example",
    ),
    Wrong(
        "require = false",
        lambda b: (b.deliver(HEAD), b.change("require = true", "require = false")),
        "trust-none",
        "nothing proves who wrote a message",
        ends=0,
    ),
    Wrong(
        "require = true and no authserv_ids",
        _toml('authserv_ids = ["mail.nsscp.example"]', "authserv_ids = []"),
        "partnership.trust.authserv_ids",
        'no "authserv_ids"',
    ),
    Wrong(
        "a login that may not send as the mailbox",
        lambda b: b.smtp({"MAIL": "553 5.7.1 Sender address rejected: not owned by user"}),
        "sender-refused",
        f"the server does not let {USER} send as {USER}: 553 5.7.1 Sender address rejected",
    ),
    Wrong(
        "a sender refused at the recipient, as Postfix does",
        lambda b: b.smtp({"RCPT": "553 5.7.1 Sender address rejected: not owned by user"}),
        "sender-refused",
        "does not let",
    ),
    Wrong(
        "a post that takes no letter for the mailbox",
        lambda b: b.smtp({"RCPT": "550 5.1.1 User unknown"}),
        "recipient-refused",
        "takes no letter for escalation@nsscp.example: 550 5.1.1 User unknown",
    ),
    Wrong(
        "a post for small letters alone",
        lambda b: b.smtp(extensions=("AUTH PLAIN", "SIZE 1000000")),
        "letters-too-small",
        "takes letters of 1.0 MB at most",
        ends=0,
    ),
    Wrong(
        "a client secret that runs out soon",
        tokens_answered(200, _GRANTED, "2026-12-01"),
        "token-runs-out",
        "the client's secret runs out on 2026-12-01, in 8 days",
        ends=0,
    ),
    Wrong(
        "a client secret that ran out",
        tokens_answered(200, _GRANTED, "2026-11-20"),
        "token-ran-out",
        "the client's secret ran out on 2026-11-20",
    ),
)

# ---- Microsoft Graph ----


def _graph(change: Callable[[GraphServer], object], url: str = f"graph://{USER}") -> Spoil:
    def spoil(bench: Bench) -> None:
        server = bench.stack.enter_context(GraphServer(USER))
        server.deliver(USER, _MICROSOFT.encode())
        bench.change('"mail.nsscp.example"]', '"microsoft"]')
        bench.change(f'url = "maildir:{bench.made.folder / "mail"}"', f'url = "{url}"\ngraph_url = "{server.base}"')
        bench.add(
            f'\n[partnership.north-somerset.oauth]\ntoken_url = "{server.token_url}"\nclient_id = "c1"\n'
            'secret_file = "../var/client-secret"\nsecret_expires = 2027-09-01\n'
        )
        (bench.var / "client-secret").write_text("correct horse\n")
        (bench.var / "client-secret").chmod(0o600)
        change(server)

    return spoil


GRAPH = (
    Wrong(
        "graph:// without an app registration",
        lambda b: b.change(f'url = "maildir:{b.made.folder / "mail"}"', f'url = "graph://{USER}"'),
        "partnership.mailbox.url",
        "graph:// needs [partnership.….oauth]",
    ),
    Wrong(
        "a mailbox that the tenant does not have",
        _graph(lambda s: None, "graph://escalations@nsscp.example"),
        "graph-no-mailbox",
        "the tenant has no mailbox escalations@nsscp.example",
    ),
    Wrong(
        "an app registration that may not use the mailbox",
        _graph(lambda s: s.refuses.update({"/mailFolders": (403, "ErrorAccessDenied")})),
        "graph-forbidden",
        f"the app registration may not use the mailbox {USER}",
    ),
    Wrong(
        "a client secret of Graph that is wrong",
        _graph(lambda s: setattr(s, "secret", "another")),
        "token-refused",
        "gives no token: the client secret is wrong",
    ),
    Wrong(
        "Graph has a fault of its own",
        _graph(lambda s: s.refuses.update({"/mailFolders": (500, "ErrorInternalServerError")})),
        "graph-failed",
        "Graph gives no answer that can be used: it answers 500",
        ends=3,
    ),
)

# ---- the DNS ----


def _dns(**changed: tuple[str, ...] | None) -> Spoil:
    """``MX`` and ``TXT`` of the domain, ``DMARC`` and ``DKIM``; None takes one away."""
    names = {
        "MX": ("nsscp.example", "MX"),
        "TXT": ("nsscp.example", "TXT"),
        "DMARC": ("_dmarc.nsscp.example", "TXT"),
        "DKIM": ("default._domainkey.nsscp.example", "TXT"),
        "AGENCY": ("yeobank.sch.example", "MX"),
    }

    def spoil(bench: Bench) -> None:
        bench.asks_dns = True
        assert bench.dns is not None
        for word, records in changed.items():
            bench.dns[names[word]] = records or ()
        if changed.get("AGENCY", ()) is None:
            bench.dns["yeobank.sch.example", "A"] = ()

    return spoil


def _silent(bench: Bench) -> None:
    bench.asks_dns, bench.dns = True, None


DNS = (
    Wrong("a domain that receives no mail", _dns(MX=None), "dns-no-mx", "the domain of the mailbox receives no mail"),
    Wrong(
        "an agency's domain misspelt",
        _dns(AGENCY=None),
        "dns-agency-no-mx",
        "no mail can be sent to yeobank.sch.example, of Yeobank Academy",
        ends=0,
    ),
    Wrong(
        "no SPF", _dns(TXT=("some other text",)), "dns-no-spf", "does not say which servers send its mail (SPF)", ends=0
    ),
    Wrong("two SPF records", _dns(TXT=("v=spf1 mx -all", "v=spf1 -all")), "dns-two-spf", "has 2 SPF records", ends=0),
    Wrong(
        "an SPF record that lets everybody send",
        _dns(TXT=("v=spf1 +all",)),
        "dns-spf-everybody",
        "ends in +all",
        ends=0,
    ),
    Wrong("no DMARC", _dns(DMARC=None), "dns-no-dmarc", "has no DMARC record", ends=0),
    Wrong(
        "DMARC that lets forged mail through",
        _dns(DMARC=("v=DMARC1; p=none",)),
        "dns-dmarc-none",
        "says p=none",
        ends=0,
    ),
    Wrong(
        "no DKIM key under a usual name",
        _dns(DKIM=None),
        "dns-no-dkim",
        "none of the usual DKIM keys is published",
        ends=0,
    ),
    Wrong("a DNS that does not answer", _silent, "dns-unreachable", "no DNS server answers", ends=0),
)

TABLE = (*FILES, *PEOPLE, *MODES, *MACHINE, *REACHING, *SERVERS, *GRAPH, *DNS)
