"""North Somerset and Gloucestershire in one deployment, on one store: one child's initials and one school in both.

Two mailboxes, two prefixes, two directories, two offices, one partnership with a letter of its own; nothing crosses.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from mailbot.build import makers
from mailbot.looking import site_from
from mailbot.shell.clock import utc_now
from mailbot.shell.config import configuration
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.store.store import Store
from tests.deployment import TABITHA, Deployment, in_maildirs, opening

NS, GL = "north-somerset", "gloucestershire"
YEAR = f"{utc_now():%y}"
OTTILIE = "ottilie.farrow@somerbourne-council.example"
MERRIN = "merrin.hale@severn-council.example"
OWN = "The team at Shire Hall looks after this mailbox.\n"


@pytest.fixture
def two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Deployment:
    made = in_maildirs(tmp_path)
    text = made.config.read_text()
    second = text[text.index("[partnership.north-somerset]") :].replace(NS, GL).replace("nsscp.example", "gscp.example")
    roles = second.index(f"[partnership.{GL}.roles]"), second.index("# Where mail comes from.")
    second = second[: roles[0]] + second[roles[1] :]
    second = second.replace('"agencies.csv"', '"gl-agencies.csv"').replace('"directory.csv"', '"gl-directory.csv"')
    second = second.replace('templates = ""', 'templates = "gl-letters"').replace("mail.gscp", "mail.nsscp")
    second = second.replace(f"maildir:{tmp_path / 'mail'}", f"maildir:{tmp_path / 'gl-mail'}")
    second = second.replace(f"maildir:{tmp_path / 'post'}", f"maildir:{tmp_path / 'gl-post'}")
    made.config.write_text(text + second)
    config = tmp_path / "config"
    school = "Kewbridge Primary School"
    (config / "gl-agencies.csv").write_text(
        f"name,domains,also,sector,partner\n{school},kewbridge.sch.example,,school,\n"
        "Severn Council Children's Social Care,severn-council.example,CSC,local authority,local authority\n"
    )
    (config / "gl-directory.csv").write_text(
        "name,email,agency,designation,post,deputy,phone,active\n"
        f"Tabitha Merriwell,{TABITHA},{school},Class teacher,,,,yes\n"
        f"Merrin Hale,{MERRIN},Severn Council Children's Social Care,Social worker,,,,yes\n"
    )
    own = config / "gl-letters" / "opened"
    own.mkdir(parents=True)
    shipped = Path(__file__).parents[2] / "templates" / "opened" / "body.txt"
    (own / "body.txt").write_text(shipped.read_text().replace("{% block lead %}\n", "{% block lead %}\n" + OWN, 1))
    assert OWN in (own / "body.txt").read_text()
    capsys.readouterr()
    return made


def elsewhere(raw: bytes) -> bytes:
    """The same disagreement, raised with Gloucestershire's council in Gloucestershire's mailbox."""
    swaps = (
        (b"escalation@nsscp.example", b"escalation@gscp.example"),
        (f"Ottilie Farrow <{OTTILIE}>".encode(), f"Merrin Hale <{MERRIN}>".encode()),
        (b"Somerbourne Council", b"Severn Council"),
        (b"<1@", b"<g1@"),
        (b"<2@", b"<g2@"),
    )
    for old, new in swaps:
        raw = raw.replace(old, new)
    return raw


def put(folder: Path, raw: bytes, name: str) -> None:
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "new" / name).write_bytes(raw)


def letters(folder: Path) -> dict[str, list[str]]:
    """What each address was sent, decoded far enough to be read."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/new/*")):
        found.setdefault(path.parent.parent.name, []).append(path.read_bytes().decode())
    return found


def none_say(words: str, texts: Iterable[str]) -> bool:
    return not any(words in text for text in texts)


def test_two_partnerships_never_mix_what_is_theirs(two: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    put(two.folder / "mail", opening(1), "1")
    put(two.folder / "gl-mail", elsewhere(opening(1)), "1")
    put(two.folder / "mail", opening(2, sealed=False), "2")  # each keeps one waiting for a person
    put(two.folder / "gl-mail", elsewhere(opening(2, sealed=False)), "2")
    assert two.command("once") == 0
    told = capsys.readouterr().out
    assert f"NS-{YEAR}-0001" in told
    assert f"GL-{YEAR}-0001" in told

    ours, theirs = letters(two.folder / "post"), letters(two.folder / "gl-post")
    assert set(ours) >= {TABITHA, OTTILIE}
    assert set(theirs) >= {TABITHA, MERRIN}
    assert MERRIN not in ours
    assert OTTILIE not in theirs
    of_ours = [text for texts in ours.values() for text in texts]
    of_theirs = [text for texts in theirs.values() for text in texts]
    assert all(none_say(words, of_ours) for words in (f"GL-{YEAR}", "gscp.example", "Severn", "Shire Hall"))
    assert all(none_say(words, of_theirs) for words in (f"NS-{YEAR}", "nsscp.example", "Somerbourne"))
    assert all(f"[NS-{YEAR}-0001]" in ours[who][0] for who in (TABITHA, OTTILIE)), (
        "readable: the words above could fail"
    )
    assert all(f"[GL-{YEAR}-0001]" in theirs[who][0] for who in (TABITHA, MERRIN))
    assert any("Shire Hall" in text for text in theirs[MERRIN]), "the letter of its own is used by it"

    store = Store.open(f"sqlite:///{two.folder / 'var' / 'mailbot.db'}")
    try:
        assert [row.reference for row in store.dispute_rows(NS)] == [f"NS-{YEAR}-0001"]
        assert [row.reference for row in store.dispute_rows(GL)] == [f"GL-{YEAR}-0001"]
        assert store.dispute(NS, f"GL-{YEAR}-0001") is None
        assert [held.number for held in store.held(NS)] == [held.number for held in store.held(GL)] == [1]
        for name, entries in ((NS, f"NS-{YEAR}-0001"), (GL, f"GL-{YEAR}-0001")):
            assert {entry.partnership for entry in store.chronology(name, entries)} == {name}
            assert store.verify(name) == []
    finally:
        store.close()


def test_one_mail_copied_to_both_opens_in_each_what_is_its_own(two: Deployment) -> None:
    """A school on the border raises one thing with two councils at once, and copies both mailboxes."""
    raw = opening(1)
    for old, new in (
        (b"Cc: escalation@nsscp.example", b"Cc: escalation@nsscp.example, escalation@gscp.example"),
        (f"<{OTTILIE}>".encode(), f"<{OTTILIE}>, Merrin Hale <{MERRIN}>".encode()),
        (
            b"Somerbourne Council Children's Social Care",
            b"Somerbourne Council Children's Social Care / Severn Council Children's Social Care",
        ),
    ):
        assert old in raw
        raw = raw.replace(old, new, 1)
    put(two.folder / "mail", raw, "1")
    put(two.folder / "gl-mail", raw, "1")
    assert two.command("once") == 0
    ours, theirs = letters(two.folder / "post"), letters(two.folder / "gl-post")
    assert (set(ours), set(theirs)) == ({TABITHA, OTTILIE}, {TABITHA, MERRIN})
    assert none_say("Severn", (text for texts in ours.values() for text in texts))
    assert none_say("Somerbourne", (text for texts in theirs.values() for text in texts))


def test_one_mail_copied_to_both_is_nothing_to_the_partnership_it_does_not_concern(two: Deployment) -> None:
    raw = opening(1).replace(b"escalation@nsscp.example", b"escalation@nsscp.example, escalation@gscp.example")
    put(two.folder / "mail", raw, "1")
    put(two.folder / "gl-mail", raw, "1")
    assert two.command("once") == 0
    assert set(letters(two.folder / "post")) == {TABITHA, OTTILIE}
    assert letters(two.folder / "gl-post") == {}


def test_a_waiting_number_that_both_have_asks_which_and_settles_only_that(
    two: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    put(two.folder / "mail", opening(2, sealed=False), "2")
    put(two.folder / "gl-mail", elsewhere(opening(2, sealed=False)), "2")
    two.command("once")
    capsys.readouterr()
    assert two.command("held", "dismiss", "1", "--why", "a rehearsal") == 1
    assert "Several partnerships have a number 1" in capsys.readouterr().out
    assert two.command("held", "dismiss", "1", "--why", "a rehearsal", "--partnership", GL) == 0
    capsys.readouterr()
    assert two.command("held") == 0
    told = capsys.readouterr().out
    assert f"{NS}: 1 waiting" in told
    assert f"{GL}: nothing waiting" in told


def test_each_digest_shows_its_own_disputes_to_its_own_office(
    two: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    put(two.folder / "mail", opening(1), "1")
    put(two.folder / "gl-mail", elsewhere(opening(1)), "1")
    two.command("once")
    for name, own, other in ((NS, "NS", "GL"), (GL, "GL", "NS")):
        capsys.readouterr()
        assert two.command("digest", "--preview", "--partnership", name) == 0
        told = capsys.readouterr().out
        assert f"{own}-{YEAR}-0001" in told
        assert f"{other}-{YEAR}-0001" not in told
    now = utc_now()
    offices = [
        {person.address for person in site_from(one, now).current.office()}
        for one in configuration.load_settings(two.config, now.date()).partnerships
    ]
    assert all(offices)
    assert offices[0].isdisjoint(offices[1])


def test_the_other_partnerships_reference_in_a_subject_reaches_nothing(two: Deployment) -> None:
    put(two.folder / "mail", opening(1), "1")
    put(two.folder / "gl-mail", elsewhere(opening(1)), "1")
    two.command("once")
    store = Store.open(f"sqlite:///{two.folder / 'var' / 'mailbot.db'}")
    try:
        before = len(store.chronology(GL, f"GL-{YEAR}-0001"))
        stray = opening(3, subject=f"RE: [GL-{YEAR}-0001]")
        stray = stray[: stray.index(b"Raising agency")] + b"RESOLVED: agreed with the council.\r\n"
        put(two.folder / "mail", stray, "3")
        two.command("once")
        assert len(store.chronology(GL, f"GL-{YEAR}-0001")) == before
    finally:
        store.close()


@pytest.mark.parametrize(
    ("part", "text", "line", "says"),
    [
        ("subject.txt", "{{ reference }}\n{{ nobody.knows }}\n", 2, "'nobody' is undefined"),
        ("body.txt", "one\n\n{% if %}\n", 3, "Expected an expression"),
    ],
)
def test_a_broken_letter_of_one_partnership_stops_the_start_with_its_file_and_line(
    two: Deployment, part: str, text: str, line: int, says: str
) -> None:
    file = two.folder / "config" / "gl-letters" / "opened" / part
    file.write_text(text)
    now = utc_now()
    with pytest.raises(BadConfiguration) as bad:
        makers(configuration.load_settings(two.config, now.date()))
    fault = bad.value.faults[0]
    assert (fault.file, fault.line) == (str(file), line)
    assert says in fault.message
    assert two.command("once") == 2


def test_one_mail_that_went_to_both_opens_where_its_agency_is_and_nowhere_else(
    two: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    both = opening(1).replace(b"Cc: escalation@nsscp.example", b"Cc: escalation@nsscp.example, escalation@gscp.example")
    put(two.folder / "mail", both, "1")
    put(two.folder / "gl-mail", both, "1")
    assert two.command("once") == 0
    capsys.readouterr()
    assert set(letters(two.folder / "post")) >= {TABITHA, OTTILIE}
    assert letters(two.folder / "gl-post") == {}, "nothing is opened there, and nobody there is an outsider"
    store = Store.open(f"sqlite:///{two.folder / 'var' / 'mailbot.db'}")
    try:
        assert [row.reference for row in store.dispute_rows(NS)] == [f"NS-{YEAR}-0001"]
        assert list(store.dispute_rows(GL)) == []
    finally:
        store.close()


def test_one_mail_about_two_disagreements_opens_each_in_its_own_partnership(
    two: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same words went to the councils of both: each has the one that is with its own agency."""
    both = opening(1).replace(b"Cc: escalation@nsscp.example", b"Cc: escalation@nsscp.example, escalation@gscp.example")
    both = both.replace(OTTILIE.encode(), OTTILIE.encode() + b">,\r\n Merrin Hale <" + MERRIN.encode())
    put(two.folder / "mail", both, "1")
    put(two.folder / "gl-mail", both.replace(b"Somerbourne Council", b"Severn Council"), "1")
    assert two.command("once") == 0
    capsys.readouterr()
    ours, theirs = letters(two.folder / "post"), letters(two.folder / "gl-post")
    assert MERRIN not in ours
    assert OTTILIE not in theirs
    assert OTTILIE in ours
    assert MERRIN in theirs
