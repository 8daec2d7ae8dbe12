"""More of the table of wrong settings: what spreadsheets make of the two lists, and slips of the pen, each of which
would lead to more than one fault if what follows from a fault were told as well.
"""

import csv
import io
from collections.abc import Callable

from tests.wrong_settings.bench import USER, Bench
from tests.wrong_settings.table import Spoil, Wrong, read_under_tls, tokens_answered

_ROW = (
    "Gideon Larkrise,g.larkrise@kewbridge.sch.example,Kewbridge Primary School,Designated Safeguarding Lead,"
    "line manager,t.merriwell@kewbridge.sch.example,01632 960111,yes"
)
_SCHOOL = "Kewbridge Primary School,kewbridge.sch.example; coastway-trust.example"


def _row(new: str) -> Spoil:
    """One officer's row in another form."""
    return lambda bench: bench.change(_ROW, new, "directory.csv")


def _agencies(old: str, new: str) -> Spoil:
    return lambda bench: bench.change(old, new, "agencies.csv")


def _slip(old: str, new: str) -> Spoil:
    return lambda bench: bench.change(old, new)


def _saved(encoding: str, name: str = "directory.csv", letters: str = "Gideon") -> Spoil:
    def spoil(bench: Bench) -> None:
        path = bench.config / name
        path.write_bytes(path.read_text().replace("Gideon", letters).encode(encoding))

    return spoil


def _workbook(bench: Bench) -> None:
    (bench.config / "directory.csv").write_bytes(b"PK\x03\x04\x14\x00" + bytes(range(256)))


def _every_row(of: Callable[[int, list[str]], list[str]]) -> Spoil:
    """The directory written anew, row by row."""

    def spoil(bench: Bench) -> None:
        path, out = bench.config / "directory.csv", io.StringIO()
        rows = csv.reader(io.StringIO(path.read_text()))
        csv.writer(out, lineterminator="\r\n").writerows(of(number, row) for number, row in enumerate(rows, 1))
        path.write_text(out.getvalue())

    return spoil


def _a_title_above(bench: Bench) -> None:
    path = bench.config / "directory.csv"
    path.write_text(f"Contacts in November 2026,,,,,,,\n,,,,,,,\n{path.read_text()}")


def _exchanged(bench: Bench) -> None:
    bench.change('agencies = "agencies.csv"', 'agencies = "directory.csv"')


def _alarm(line: str) -> Spoil:
    return lambda bench: bench.add(f"\n[alarm]\n{line}\n")


def _slip_in_head(name: str, slip: str) -> Spoil:
    return lambda bench: bench.change(f"[partnership.north-somerset.{name}]", f"[partnership.north-somerset.{slip}]")


def _without_tls_words(bench: Bench) -> None:
    bench.mailbox(f"imaps://{USER}@mail nsscp.example:993/INBOX")


SPREADSHEETS = (
    Wrong(
        "the directory saved with the letters of Windows",
        _saved("cp1252", letters="André"),
        "directory.csv",
        'is not UTF-8: in the spreadsheet, save it as "CSV UTF-8"',
        "directory.csv:3",
    ),
    Wrong("the directory saved as Unicode text", _saved("utf-16"), "directory.csv", "is not UTF-8"),
    Wrong("a workbook under the directory's name", _workbook, "directory.csv", "is a workbook and not a list"),
    Wrong(
        "a title above the columns",
        _a_title_above,
        "directory.csv",
        "the heads of the columns stand in row 3: take away the rows above",
        "directory.csv:1",
    ),
    Wrong(
        "the two lists exchanged",
        _exchanged,
        "agencies.csv",
        "these are the columns of directory.csv: the names of the two files may be exchanged",
        "directory.csv:1",
    ),
    Wrong(
        "a column of one's own",
        _every_row(lambda number, row: [*row, "notes" if number == 1 else "rings back"]),
        "directory.csv",
        '"notes" is not a column',
        "directory.csv:1",
    ),
    Wrong(
        "a cell merged over two rows",
        _every_row(lambda number, row: [*row[:2], "", *row[3:]] if number == 3 else row),
        "directory.csv",
        '"agency" is empty',
        "directory.csv:3",
    ),
    Wrong(
        "a surname first, without quotation marks",
        _row(_ROW.replace("Gideon Larkrise", "Larkrise, Gideon")),
        "directory.csv",
        "has 9 cells, and there are 8 columns: a name with a comma in it stands between quotation marks",
        "directory.csv:3",
    ),
    Wrong(
        "two people at one address",
        _row(f"{_ROW}\n{_ROW.replace('Gideon', 'Gemma')}"),
        "directory.csv",
        "is here twice: the first is in row 3, for Gideon Larkrise; a desk that several share has one row",
        "directory.csv:4",
    ),
    Wrong(
        "an address that others name as their deputy, misspelt",
        _row(_ROW.replace("g.larkrise@", "g.larkrise.")),
        "directory.csv",
        '"g.larkrise.kewbridge.sch.example" is not an email address',
        "directory.csv:3",
    ),
    Wrong(
        "a link in place of an address",
        _row(_ROW.replace("g.larkrise@", "mailto:g.larkrise@")),
        "directory.csv",
        '"mailto:g.larkrise@kewbridge.sch.example" is not an email address',
        "directory.csv:3",
    ),
    Wrong(
        "a deputy by name",
        _row(_ROW.replace("t.merriwell@kewbridge.sch.example", "Tabitha Merriwell")),
        "directory.csv",
        'the deputy "Tabitha Merriwell" is not an email address',
        "directory.csv:3",
    ),
    Wrong(
        "a number that lost its 0",
        _row(_ROW.replace("01632 960111", "1632960111")),
        "directory.csv.phone",
        "a spreadsheet takes away the 0 at its beginning unless the column is one of text",
        "directory.csv:3",
        0,
    ),
    Wrong(
        "a website in place of a domain",
        _agencies(_SCHOOL, _SCHOOL.replace("kewbridge.sch", "www.kewbridge.sch")),
        "agencies.csv.domains",
        '"www.kewbridge.sch.example" is the address of a website',
        "agencies.csv:2",
    ),
    Wrong(
        "an agency twice",
        _agencies("Pier Road Surgery,", "Yeobank Academy,yeobank-academy.example,,,,\nPier Road Surgery,"),
        "agencies.csv",
        'the agency "Yeobank Academy" is here twice: keep one row',
        "agencies.csv:9",
    ),
    Wrong(
        "two agencies called the same",
        _agencies("lanternlight.example,Lanternlight", "lanternlight.example,police"),
        "agencies.csv.also",
        '"police" is what Vale and Moor Constabulary and Lanternlight Families are both called',
        ends=0,
    ),
    Wrong(
        "a statutory partner misspelt",
        _agencies("local authority,local authority,", "local authority,local authorty,"),
        "agencies.csv.partner",
        '"local authorty" is no statutory partner. Did you mean "local authority"?',
        "agencies.csv:4",
    ),
    Wrong(
        "a contact at another domain",
        _agencies("head@kewbridge.sch.example", "head@webmail.example"),
        "agencies.csv.contact",
        'the contact "head@webmail.example" is not an address at its own domain',
        "agencies.csv:2",
    ),
)

SLIPS = (
    Wrong(
        "a section misspelt",
        _slip_in_head("mailbox", "mailbx"),
        "partnership.mailbx",
        '"mailbx" is not a name that [partnership.north-somerset] has. Did you mean "mailbox"?',
    ),
    Wrong(
        "the section of trust misspelt",
        _slip_in_head("trust", "turst"),
        "partnership.turst",
        'Did you mean "trust"?',
    ),
    Wrong(
        "authserv_ids misspelt", _slip("authserv_ids", "authserv_id"), "partnership.trust.authserv_id", "Did you mean"
    ),
    Wrong("phones misspelt", _slip("\nphones =", "\nphone ="), "partnership.phone", 'Did you mean "phones"?'),
    Wrong(
        "a telephone's number misspelt",
        _slip('number = "01632 960100"', 'nubmer = "01632 960100"'),
        "partnership.phones.nubmer",
        'Did you mean "number"?',
    ),
    Wrong(
        "approved_domains misspelt",
        _slip("\napproved_domains", "\naproved_domains"),
        "partnership.aproved_domains",
        'Did you mean "approved_domains"?',
    ),
    Wrong(
        "an address in place of a domain",
        _slip('["nsscp.example"]', '["escalation@nsscp.example"]'),
        "partnership.approved_domains",
        '"escalation@nsscp.example" is not a mail domain: it is what stands after the @',
    ),
    Wrong(
        "a date as it is written by hand",
        lambda b: b.change('9am to 5pm", checked_on = 2026-09-01', '9am to 5pm", checked_on = 01/09/2026'),
        "files",
        "a date is written with its year first and without quotes",
        "mailbot.toml: 01/09/2026",
    ),
    Wrong(
        "a number with its unit",
        _slip("poll_seconds = 60", "poll_seconds = 1 minute"),
        "files",
        "a number stands alone",
    ),
    Wrong(
        "a folder as Windows writes it",
        _slip('templates = ""', r'templates = "C:\letters"'),
        "files",
        "write / in the place of",
    ),
    Wrong("a bracket not closed", _slip('["nsscp.example"]', '["nsscp.example"'), "files", "this line cannot be read"),
    Wrong(
        "a number that was rung tomorrow",
        lambda b: b.change('9am to 5pm", checked_on = 2026-09-01', '9am to 5pm", checked_on = 2027-09-01'),
        "partnership.phones",
        "cannot have been rung on 2027-09-01: that day has not come yet",
    ),
    Wrong(
        "the mailbox as its own Business Manager",
        _slip('business_manager = "business.manager@nsscp.example"', f'business_manager = "{USER}"'),
        "partnership.roles",
        "the address of business_manager is the mailbox itself",
    ),
    Wrong(
        "references that cannot be told in a subject",
        _slip('\naddress = "', '\nref_prefix = "N S!"\naddress = "'),
        "partnership.ref_prefix",
        '"N S!" cannot begin a reference',
    ),
    Wrong(
        "a patience below nothing",
        _slip("patience_hours = 4", "patience_hours = -4"),
        "partnership.trust.patience_hours",
        '"patience_hours" is from 0 to 72',
    ),
    Wrong(
        "an id with the words around it",
        _slip('["mail.nsscp.example"]', '["mail.nsscp.example; dmarc=pass"]'),
        "partnership.trust.authserv_ids",
        "is not one word, such as mx.council.gov.uk",
    ),
    Wrong(
        "a port in words",
        lambda b: b.mailbox(f"imaps://{USER}@mail.nsscp.example:imap/INBOX"),
        "partnership.mailbox.url",
        "has a port that is no number from 1 to 65535",
    ),
    Wrong(
        "a space in a server's name",
        _without_tls_words,
        "partnership.mailbox.url",
        'names a server "mail nsscp.example", which is no name of one',
    ),
    Wrong(
        "a password with a second line",
        lambda b: (b.imap(), b.password("correct horse\nuntil March\n")),
        "password-missing",
        "has more than one line: it holds the password, and nothing else",
    ),
    Wrong(
        "an alarm that is not there",
        _alarm('command = ["/usr/local/bin/tell-somebdy"]'),
        "alarm-command-missing",
        "there is no program /usr/local/bin/tell-somebdy",
    ),
    Wrong(
        "a heartbeat in no folder",
        lambda b: b.change('# heartbeat_file = "../var/heartbeat"', 'heartbeat_file = "../vra/heartbeat"'),
        "heartbeat-nowhere",
        "there is no folder",
    ),
    Wrong(
        "a certificate of tomorrow, or a clock of yesterday",
        read_under_tls(f"imaps://{USER}@localhost:PORT/INBOX", valid="later"),
        "certificate-not-yet",
        "the server's certificate is not valid yet",
    ),
    Wrong(
        "a token server of no such name",
        tokens_answered(0, "", url="https://login.nobody.invalid/token"),
        "token-unreachable",
        "login.nobody.invalid cannot be reached for a token: there is no server of that name",
        ends=3,
    ),
)
