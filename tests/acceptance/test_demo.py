"""The demo as somebody sees it who has just installed mailbot: what is told, what is left behind, how one joins in."""

import os
import re
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from mailbot.cli import main
from mailbot.core.record.dispute import State
from mailbot.demo.play import STAY_LETTER, Play, Teller, beat, how_to_play
from mailbot.demo.story import MAILBOX, OTTILIE, PASSWORD, TABITHA
from mailbot.demo.tour import run
from mailbot.shell.clock import elapsed
from mailbot.shell.errors import BadConfiguration
from mailbot.shell.store.store import Store
from tests.shared import FOLDER, once


@dataclass(frozen=True)
class Played:
    folder: Path
    told: str
    code: int
    seconds: float


@pytest.fixture(scope="module")
def played() -> Played:
    """Played once for the whole run, whichever worker asks first."""

    def play() -> Played:
        folder, out = Path(os.environ[FOLDER]) / "here" / "demo", StringIO()
        folder.parent.mkdir()
        began = elapsed()
        code = run(folder, plain=True, out=out)
        return Played(folder, out.getvalue(), code, elapsed() - began)

    return once("the demo", play)


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    with Play(tmp_path / "demo").begin() as play:
        yield play


def test_it_ends_well_in_under_a_minute(played: Played) -> None:
    assert played.code == 0
    assert played.seconds < 60
    assert "NOT WELL" not in played.told


def test_what_is_told_fits_a_terminal_of_eighty_columns(played: Played) -> None:
    assert [line for line in played.told.splitlines() if len(line) > 80 and "--config" not in line] == []


def test_the_whole_life_of_a_dispute_is_told_in_order(played: Played) -> None:
    told = " ".join(played.told.split())
    at = 0
    for words in (
        "Mon 7 Sep 10:12 A teacher and a social worker do not agree",
        "writes Tabitha Merriwell to Ottilie Farrow, the mailbox copied in",
        "NS-26-0001 opened: Kewbridge Primary School and Somerbourne Council Children's Social Care",
        "limit Stage 1: Tue 8 Sep 17:00, 1 working day after it was raised (Mon 7 Sep 10:12)",
        "sends Tabitha Merriwell, Ottilie Farrow: [NS-26-0001] Your turn by Tue 8 Sep 5pm (Stage 1)",
        "Tue 8 Sep 09:00",
        "NS-26-0002 closed at Stage 1: resolved",
        "limit Stage 2: Thu 10 Sep 17:00, 2 working days after Stage 2 was entered",
        "sends Gideon Larkrise, Desmond Quayle: [NS-26-0001] Your turn by Thu 10 Sep 5pm (Stage 2)",
        "Desmond Quayle is away past the limit; no clock stops",
        "“Noted, thanks.” sends nothing (the message is filed in a dispute)",
        "holds message 1 for a person: the sender is not recognised",
        "Gideon Larkrise is asked: Please give an actual date for each action",
        "writes Verity Landmark to the mailbox: “DISAGREE",
        "put back: it stays open",
        "limit Stage 3: Mon 14 Sep 17:00",
        "Mon 14 Sep 08:00",
        "sends Business Manager: NSSCP digest Mon 14 Sep",
        "Mon 14 Sep 09:00 It is Day 5.",
        "[NS-26-0001] Your turn: is it to be referred? - Is this to be referred to Stage 4",
        "Delegated Safeguarding Partners: [NS-26-0001] Your decision by ",
        "writes Delegated Safeguarding Partners to the mailbox: “DECISION",
        "NS-26-0001 closed at Stage 4: decided",
        "sends Verity Landmark: [NS-26-0001] Is it done? It was for Thu 17 Sep",
        "sends Philippa Oxenbury: [NS-26-0001] Has it been done? A date has passed",
        "Mon 21 Sep 08:00 The Monday after.",
        "The end.",
    ):
        assert words in told[at:]
        at += told[at:].index(words)


def test_the_store_it_leaves_holds_two_closed_disputes_and_one_message_for_a_person(played: Played) -> None:
    store = Store.open(f"sqlite:///{played.folder / 'mailbot.db'}")
    try:
        closed = [(d.reference, d.state, d.stage, d.outcome) for d in store.disputes("north-somerset")]
        assert closed == [
            ("NS-26-0001", State.CLOSED, "4", "decided"),
            ("NS-26-0002", State.CLOSED, "1", "resolved"),
        ]
        assert [held.number for held in store.held("north-somerset")] == [1]
        assert store.verify("north-somerset") == []
    finally:
        store.close()


def test_the_page_shows_every_letter_that_was_sent_and_fetches_nothing(played: Played) -> None:
    page = (played.folder / "gallery.html").read_text(encoding="utf-8")
    store = Store.open(f"sqlite:///{played.folder / 'mailbot.db'}")
    try:
        sent = store.letters_by_state("north-somerset")["sent"]
    finally:
        store.close()
    assert page.count("<section ") == sent
    assert f"{sent} letters, as their readers see them" in played.told
    assert "Philippa Oxenbury (Headteacher, Kewbridge Primary School)" in page
    assert "Delegated Safeguarding Partners" in page
    assert re.findall(r"https?://[^\s\"'<&]+", page) == []
    assert "<script" not in page


def test_the_commands_it_prints_at_the_end_work(played: Played, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(played.folder / "config" / "mailbot.toml")
    assert f"mailbot show NS-26-0001 --config {config}" in played.told
    assert main(["show", "NS-26-0001", "--config", config]) == 0
    assert "NS-26-0001" in capsys.readouterr().out
    assert main(["held", "list", "--config", config]) == 0
    assert main(["verify", "--config", config]) == 0


def test_a_folder_called_demo_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "slides.txt").write_text("ours")
    with pytest.raises(BadConfiguration, match="not an earlier demo's"):
        run(tmp_path / "demo", plain=True, out=StringIO())
    assert (tmp_path / "demo" / "slides.txt").read_text() == "ours"


def test_a_second_demo_replaces_the_first(tmp_path: Path) -> None:
    for _ in range(2):
        with Play(tmp_path / "demo").begin() as play:
            play.turn()
            assert play.store.disputes(play.site.id) == []


def test_somebody_who_joins_in_with_a_mail_program_is_answered_and_it_is_told(play: Play) -> None:
    out = StringIO()
    teller = Teller(play, Console(file=out, width=80))
    beat(play, teller, play.now + timedelta(seconds=1))
    with smtplib.SMTP(play.servers.host, play.servers.smtp_port, timeout=20) as client:
        client.login(TABITHA, PASSWORD)
        client.sendmail(TABITHA, [OTTILIE, MAILBOX], STAY_LETTER.replace("\n", "\r\n").encode())
    beat(play, teller, play.now + timedelta(seconds=1))
    expected = "[NS-26-0001] Your turn by Tue 8 Sep 5pm (Stage 1)"
    assert [letter.rendered.subject for letter in play.letters(TABITHA)] == [expected]
    assert [letter.rendered.subject for letter in play.letters(OTTILIE)] == [expected]
    assert "records  NS-26-0001 opened" in out.getvalue()


def test_how_to_join_in_names_the_ports_that_are_open(play: Play) -> None:
    play.folder = Path("demo")
    told = how_to_play(play)
    assert max(len(line) for line in told.splitlines()) <= 80
    assert f"IMAP, 127.0.0.1, port {play.servers.imap_port}" in told
    assert f"SMTP, 127.0.0.1, port {play.servers.smtp_port}" in told
