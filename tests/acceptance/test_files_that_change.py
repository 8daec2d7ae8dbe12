"""Files that change while the service runs: read again when they are sound, said when they are not, and never half."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.build import Workshop
from mailbot.shell.config.configuration import load_settings
from mailbot.shell.config.server_settings import Settings
from mailbot.shell.errors import BadConfiguration
from mailbot.turns.bot import Bot
from mailbot.watching.file_watch import FileWatch
from tests.deployment import TABITHA, Deployment, in_maildirs

BEGIN = datetime(2026, 9, 7, 9, 30, tzinfo=UTC)
GIDEON = "g.larkrise@kewbridge.sch.example"
OFFICE = "business.manager@nsscp.example"


class Running:
    """A deployment as the service has it, with a clock set by hand: ``after`` some seconds the files are looked at."""

    def __init__(self, made: Deployment) -> None:
        self.made, self.now = made, BEGIN
        self.workshop = Workshop(self._read(BEGIN), lambda _: lambda _: None)
        self.bots = {name: make(BEGIN) for name, make in self.workshop.makers(self.workshop.settings).items()}
        self.used = 0
        self.watch = FileWatch(made.config, self._read, self._use)

    def _read(self, now: datetime) -> Settings:
        return load_settings(self.made.config, now.date(), lenient=True)

    def _use(self, settings: Settings) -> None:
        self.bots = {name: make(self.now) for name, make in self.workshop.anew(settings).items()}
        self.used += 1

    def after(self, seconds: int) -> tuple[str, ...] | None:
        self.now += timedelta(seconds=seconds)
        faults = self.watch.look(self.now)
        return None if faults is None else tuple(fault.message for fault in faults)

    @property
    def bot(self) -> Bot:
        return self.bots["north-somerset"]


@pytest.fixture
def running(tmp_path: Path) -> Running:
    found = Running(in_maildirs(tmp_path))
    assert found.after(0) is None
    return found


def closed(made: Deployment, day: str) -> None:
    path = made.folder / "config" / "closures.toml"
    path.write_text(f'{path.read_text()}\n[[closed]]\nfrom = {day}\nto = {day}\nwhy = "a day of mourning"\n')


def test_a_day_of_mourning_typed_in_holds_within_a_minute_and_without_a_new_start(running: Running) -> None:
    day = datetime(2026, 9, 8, tzinfo=UTC).date()
    assert running.bot.site.current.calendar.is_working(day)
    closed(running.made, "2026-09-08")
    before = running.now
    while not running.used:
        running.after(10)
    assert running.now - before <= timedelta(minutes=1)
    assert not running.bot.site.current.calendar.is_working(day)
    assert running.after(10) is None
    assert running.used == 1, "and it is not read a second time"


def test_what_is_not_sound_is_said_once_and_what_was_before_still_holds(running: Running) -> None:
    first = running.bot
    closed(running.made, "2026-19-08")
    said = [running.after(10) for _ in range(6)]
    (faults,) = [found for found in said if found]
    assert "cannot be read" in faults[0] or "date" in faults[0]
    assert running.used == 0
    assert running.bot is first
    running.made.change("closures.toml", "2026-19-08", "2026-09-08")
    assert [found for found in (running.after(10) for _ in range(6)) if found is not None] == [()]
    assert running.used == 1


def test_half_of_a_change_is_never_used(running: Running) -> None:
    """Somebody saves one file after the other, and each in pieces: nothing holds until all is quiet."""
    path = running.made.folder / "config" / "directory.csv"
    whole = path.read_text()
    for cut in (200, 500, 900):
        path.write_text(whole[:cut])
        running.after(10)
    path.write_text(whole.replace("Class teacher", "Deputy head"))
    running.after(10)
    running.after(10)
    assert running.used == 0
    running.after(10)
    assert running.used == 1
    officer = running.bot.site.current.directory.find_officer(TABITHA)
    assert officer is not None
    assert officer.person.designation == "Deputy head"


def test_an_unsound_row_stops_that_rows_person_only(running: Running) -> None:
    running.made.change("directory.csv", f"{TABITHA},Kewbridge", f"{TABITHA},Kewbrigde")
    for _ in range(4):
        running.after(10)
    assert running.used == 1
    directory = running.bot.site.current.directory
    assert directory.find_officer(TABITHA) is None
    assert directory.find_officer(GIDEON) is not None
    (fault,) = [one for one in running.workshop.settings.unsound if "not an agency" in one.message]
    running.bot.tell_of_files("a row of the directory cannot be used: ", [fault], BEGIN)
    assert list(running.bot.store.noted("north-somerset", "a row of the directory")) == [
        f"a row of the directory cannot be used: directory.csv, line {fault.line}"
    ]
    running.bot.send(BEGIN)
    (told,) = running.made.letters_to(OFFICE)
    assert f"directory.csv, line {fault.line}".encode() in told
    running.bot.tell_of_files("a row of the directory cannot be used: ", [fault], BEGIN + timedelta(hours=1))
    running.bot.send(BEGIN + timedelta(hours=1))
    assert len(running.made.letters_to(OFFICE)) == 1, "told once"
    with pytest.raises(BadConfiguration):
        load_settings(running.made.config, BEGIN.date())


def test_a_deputy_who_has_left_stops_nobody(running: Running) -> None:
    """Tabitha is Gideon's deputy, and leaves: he stays, without a deputy."""
    path = running.made.folder / "config" / "directory.csv"
    rows = path.read_text().splitlines()
    rows[1] = re.sub(r"yes$", "no", rows[1])
    path.write_text("\n".join(rows) + "\n")
    for _ in range(4):
        running.after(10)
    assert running.used == 1
    officer = running.bot.site.current.directory.find_officer(GIDEON)
    assert officer is not None
    assert officer.deputy == ""


def test_what_only_a_new_start_can_change_is_said(running: Running) -> None:
    running.made.change("mailbot.toml", "mailbot.db", "another.db")
    said = [running.after(10) for _ in range(4)]
    assert [found for found in said if found] == [("[store] changes with a new start",)]
    assert running.used == 0


def test_a_turn_over_an_unsound_row_goes_on_and_tells_the_office_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = in_maildirs(tmp_path)
    made.change("directory.csv", f"{TABITHA},Kewbridge", f"{TABITHA},Kewbrigde")
    capsys.readouterr()
    assert made.command("once") == 0
    (told,) = made.letters_to(OFFICE)
    assert b"Subject: A changed file cannot be used: please look" in told
    assert TABITHA.encode() not in told
    assert made.command("status") == 1
    assert "a row of the directory cannot be used: directory.csv, line 2" in capsys.readouterr().out
    assert made.command("check", "--offline") == 2
    made.change("directory.csv", f"{TABITHA},Kewbrigde", f"{TABITHA},Kewbridge")
    assert made.command("once") == 0
    assert made.command("status") == 0
