"""The commands as an operator meets them: exit codes, plain words, and a record that can be looked at."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import fields
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import IO

import pytest

from mailbot.cli import main
from mailbot.commands.chronology import EVENTS
from mailbot.core.record.events_as_json import EVENT_KINDS
from mailbot.demo.embedded_servers import EmbeddedServers
from mailbot.shell.clock import utc_now
from mailbot.shell.store.store import Store
from tests.deployment import TABITHA, Deployment, copied, in_maildirs, on_servers, opening, people


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Deployment:
    made = in_maildirs(tmp_path)
    capsys.readouterr()
    return made


def test_the_help_says_how_a_command_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "2  something here must be mended first" in told
    for name in ("init", "check", "run", "once", "status", "show", "held", "verify", "digest", "explain", "protocol"):
        assert f"    {name} " in told


def test_a_bad_configuration_lists_every_fault_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(tmp_path)
    made.change("mailbot.toml", "poll_seconds = 60 ", "poll_seconds = 2 ")
    made.change("directory.csv", "Kewbridge Primary School,Headteacher", "Kewbridge,Headteacher")
    assert made.command("once") == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.rpartition("/")[2].split(" ")[0] for line in told[:-1]] == ["directory.csv:4:", "mailbot.toml:12:"]
    assert told[-1] == "2 faults. Nothing was started."


def test_without_a_store_nothing_starts_and_the_way_out_is_said(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    (here.folder / "var" / "mailbot.db").unlink()
    assert here.command("once") == 2
    assert "(mailbot init makes one); after a loss, restore a backup." in capsys.readouterr().err
    assert not (here.folder / "var" / "mailbot.db").exists()


def test_a_template_that_breaks_its_letter_stops_the_start(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    own = here.folder / "config" / "letters" / "opened"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text("{{ nobody.knows }}")
    here.change("mailbot.toml", 'templates = ""', 'templates = "letters"')
    assert here.command("once") == 2
    assert "opened" in capsys.readouterr().err


def test_one_turn_opens_a_dispute_and_writes_to_both_practitioners(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening())
    assert here.command("once") == 0
    told = capsys.readouterr().out
    year = f"{utc_now():%y}"
    assert f"NS-{year}-0001  #1   raised" in told
    assert len(here.letters_to(TABITHA)) == 1
    assert len(here.letters_to("ottilie.farrow@somerbourne-council.example")) == 1
    assert here.command("once") == 0
    assert capsys.readouterr().out == "north-somerset: nothing new\n"


def test_one_turn_on_real_servers_takes_mail_in_and_sends_letters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        on_servers(made, servers)
        servers.deliver("escalation@nsscp.example", opening(sealed=False), TABITHA)
        capsys.readouterr()
        assert made.command("once") == 0
        assert "1 committed, 2 sent, 2 marked, 1 moved" in capsys.readouterr().out


def test_a_server_that_is_gone_is_told_in_one_sentence_and_ends_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        on_servers(made, servers)
    capsys.readouterr()
    assert made.command("once") == 3
    assert "north-somerset: could not reach 127.0.0.1:" in capsys.readouterr().out
    assert made.command("status") == 1
    told = capsys.readouterr().out
    assert "the mailbox has not been read yet" in told
    assert "trouble" in told


def test_show_tells_a_dispute_from_its_beginning(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    here.deliver(opening())
    here.command("once")
    capsys.readouterr()
    assert here.command("show", f"ns-{utc_now():%y}-0001") == 0
    told = capsys.readouterr().out
    assert "Kewbridge Primary School and Somerbourne Council Children's Social Care" in told
    assert (
        "raised: Kewbridge Primary School; Somerbourne Council Children's Social Care; Q.Z. (by Tabitha Merriw" in told
    )
    assert "Resolve between practitioners" in told
    assert "1 working day after" in told
    assert "sent" in told.split("Letters\n")[1]


def test_a_reference_that_is_no_dispute_ends_with_one(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("show", "NS-26-9999") == 1
    assert capsys.readouterr().out == "There is no dispute NS-26-9999.\n"


def test_status_is_well_after_a_turn_and_not_before(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    assert here.command("status") == 1
    assert "NOT WELL" in capsys.readouterr().out
    here.command("once")
    capsys.readouterr()
    assert here.command("status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_well"], told["open"], told["waiting"]["held"], told["wrong"]) == (True, 0, 0, [])


def test_status_within_no_time_at_all_is_not_well(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    here.command("once")
    assert here.command("status", "--within", "0") == 1
    assert "the mailbox has not been read since" in capsys.readouterr().out


def say_yes(here: Deployment) -> None:
    """The writer of the message that waits says that it was theirs, in answer to the last letter that asked them."""
    asked = [message_from_bytes(letter) for letter in here.letters_to(TABITHA)]
    last = max((one for one in asked if "Was this message yours?" in one["Subject"]), key=lambda one: one["Date"])
    answer = opening(number=9, subject=f"Re: {last['Subject']}").replace(
        b"MIME-Version:", f"In-Reply-To: {last['Message-ID']}\r\nMIME-Version:".encode()
    )
    here.deliver(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\nYES\r\n", "yes")


def test_held_mail_is_listed_shown_and_let_in_by_a_named_person(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening(sealed=False))
    here.command("once")
    capsys.readouterr()
    assert here.command("held") == 0
    assert "nothing shows that this mail really came from that address" in capsys.readouterr().out
    assert here.command("held", "show", "1") == 0
    assert "We do not agree that the assessment should be closed." in capsys.readouterr().out
    assert here.command("held", "release", "1", "--why", "rang the school", "--by", TABITHA) == 0
    assert here.command("once") == 0
    assert "raised" not in capsys.readouterr().out, "where it belongs is vouched for, and not who wrote it"
    say_yes(here)
    assert here.command("once") == 0
    assert "raised" in capsys.readouterr().out
    assert here.command("held", "release", "1", "--why", "again") == 1
    assert "Nothing is waiting under number 1." in capsys.readouterr().out


def test_held_mail_is_let_into_the_dispute_that_a_person_names(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening(sealed=False))
    here.command("once")
    assert here.command("held", "release", "1", "--why", "rang the school", "--into", "NS-26-0099") == 1
    assert "There is no dispute NS-26-0099. Nothing was done." in capsys.readouterr().out
    assert here.command("held", "release", "1", "--why", "rang the school") == 0
    here.command("once")
    say_yes(here)
    here.command("once")
    here.deliver(opening(number=2, sealed=False), "2")
    here.command("once")
    reference = f"NS-{utc_now():%y}-0001"
    capsys.readouterr()
    assert here.command("held", "release", "3", "--why", "sent again", "--into", reference.lower()) == 0
    assert f"let in; the next turn reads it in {reference}." in capsys.readouterr().out
    here.command("once")
    capsys.readouterr()
    assert here.command("show", reference) == 0
    assert capsys.readouterr().out.count("email filed") == 2


def test_dismissed_mail_opens_nothing(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    here.deliver(opening(sealed=False))
    here.command("once")
    assert here.command("held", "dismiss", "1", "--why", "a rehearsal", "--by", "M. Vane") == 0
    capsys.readouterr()
    here.command("once")
    assert capsys.readouterr().out == "north-somerset: nothing new\n"


def test_settling_held_mail_needs_a_reason(here: Deployment) -> None:
    with pytest.raises(SystemExit) as ended:
        here.command("held", "release", "1")
    assert ended.value.code == 2
    assert here.command("held", "release", "1", "--why", " ") == 1


def test_a_message_cannot_write_to_the_operators_terminal(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    here.deliver(opening(sealed=False, subject="Issue \x1b]0;owned\x07\x1b[2J[bold]resolution[/bold]"))
    here.command("once")
    capsys.readouterr()
    here.command("held", "show", "1")
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "[bold]resolution[/bold]" in told


def test_verify_is_content_with_a_whole_record_and_names_what_was_changed(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening())
    here.command("once")
    capsys.readouterr()
    assert here.command("verify") == 0
    assert capsys.readouterr().out == "north-somerset: the record of 1 dispute is whole\n"
    store = Store.open(f"sqlite:///{here.folder / 'var' / 'mailbot.db'}")
    with store._writes() as connection:
        connection.exec_driver_sql("UPDATE dispute SET state = 'closed'")
    store.close()
    assert here.command("verify") == 1
    assert "its state is 'closed', and its ledger says 'open'" in capsys.readouterr().out


def test_the_digest_is_previewed_and_sent_to_nobody(here: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    here.deliver(opening())
    here.command("once")
    capsys.readouterr()
    page = here.folder / "digest.html"
    assert here.command("digest", "--preview", "--html", str(page)) == 0
    assert here.command("digest", "--preview") == 0
    assert f"NS-{utc_now():%y}-0001" in capsys.readouterr().out
    assert f"NS-{utc_now():%y}-0001" in page.read_text()
    assert here.command("digest", "--week", "2026-01-07") == 0
    past = capsys.readouterr().out
    assert "the week from Mon 5 Jan 08:00 to Mon 12 Jan 08:00." in past
    assert "I am working" not in past
    assert here.command("digest", "--week", f"{utc_now():%Y-%m-%d}") == 1
    assert "has not ended" in capsys.readouterr().out
    assert here.letters_to("business.manager@nsscp.example") == []


def test_the_report_for_a_meeting_is_shown_written_and_sent_once(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening())
    here.command("once")
    today = f"{utc_now():%Y-%m-%d}"
    capsys.readouterr()
    assert here.command("report", "--from", today, "--to", today, "--out", str(here.folder / "papers")) == 0
    told = capsys.readouterr().out
    assert "- Raised: 1 (up from 0)" in told
    assert "-26-0001" not in told
    written = sorted(path.suffix for path in (here.folder / "papers").iterdir())
    assert written == [".docx", ".html", ".xlsx"]
    assert here.command("report", "--from", today, "--to", today, "--full") == 0
    assert here.command("report", "--from", today, "--to", today, "--send") == 2
    assert f"Not sent: the period to {today} has not ended." in capsys.readouterr().out
    last = utc_now().date().replace(day=1) - timedelta(days=1)
    for said in ("It goes out with the next post to business.manager@nsscp.example.", "This report was sent before"):
        assert here.command("report", "--from", f"{last:%Y-%m-01}", "--to", f"{last}", "--send") == 0
        assert said in capsys.readouterr().out
    here.command("once")
    assert len(here.letters_to("business.manager@nsscp.example")) == 1
    assert here.command("report", "--from", "2026-09-30", "--to", "2026-07-01") == 2
    (here.folder / "var" / "secret").write_text("short", encoding="utf-8")
    capsys.readouterr()
    assert here.command("report", "--from", f"{last:%Y-%m-01}", "--to", f"{last}", "--send") == 2
    assert "is too short for a key" in "".join(capsys.readouterr())


def test_the_example_is_written_once_and_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = Deployment(tmp_path)
    assert made.command("init", "--yes") == 0
    made.change("agencies.csv", "Yeobank Academy,", "Yeobank High School,")
    made.change("directory.csv", "Yeobank Academy,", "Yeobank High School,")
    secret = (tmp_path / "var" / "secret").read_bytes()
    capsys.readouterr()
    assert made.command("init", "--yes") == 0
    assert "is there already and stays as it is" in capsys.readouterr().out
    assert "Yeobank High School" in (tmp_path / "config" / "agencies.csv").read_text()
    assert (tmp_path / "var" / "secret").read_bytes() == secret


def test_a_second_reader_of_one_mailbox_does_nothing_and_says_so(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store.open(f"sqlite:///{here.folder / 'var' / 'mailbot.db'}")
    now = utc_now()
    assert store.try_lease("north-somerset", "INBOX", "another:1", now, now + timedelta(minutes=9)) == 1
    store.close()
    here.deliver(opening())
    assert here.command("once") == 3
    assert "another mailbot is reading this mailbox" in capsys.readouterr().out
    assert here.letters_to(TABITHA) == []


class Log:
    """What a service says, line by line, read by a thread of its own."""

    def __init__(self, service: "subprocess.Popen[str]") -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        assert service.stderr is not None
        threading.Thread(target=self._read, args=(service.stderr,), daemon=True).start()

    def _read(self, stderr: IO[str]) -> None:
        for line in stderr:
            self._lines.put(line)

    def line_with(self, words: str) -> str:
        """The next line that holds ``words``. Raises queue.Empty when half a minute passes without a line."""
        while True:
            line = self._lines.get(timeout=30)
            if words in line:
                return line

    def lines_with(self, *words: str) -> list[str]:
        """The next line that holds each of ``words``, in whatever order they come. Raises queue.Empty likewise."""
        found: dict[str, str] = {}
        while len(found) < len(words):
            line = self._lines.get(timeout=30)
            found = {one: line for one in words if one in line} | found
        return [found[one] for one in words]


def test_the_service_acts_on_mail_as_it_comes_logs_no_names_and_ends_cleanly(tmp_path: Path) -> None:
    made = copied(tmp_path)
    with EmbeddedServers(people(tmp_path)) as servers:
        on_servers(made, servers)
        command = [sys.executable, "-m", "mailbot", "run", "--config", str(made.config)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, bufsize=1, text=True, env=dict(os.environ)) as service:
            log = Log(service)
            try:
                started = log.line_with("started")
                servers.deliver("escalation@nsscp.example", opening(sealed=False), TABITHA)
                opened = log.line_with("DisputeOpened")
                turn, posted = log.lines_with(" committed", " sent")
                service.send_signal(signal.SIGTERM)
                stopped = log.line_with("stopped")
                assert service.wait(timeout=20) == 0
            finally:
                service.kill()
    assert "north-somerset started: protocol north-somerset of 20" in started
    assert f"NS-{utc_now():%y}-0001 #1 DisputeOpened (message " in opened
    assert "turn: 1 fetched, 1 stored, 1 decided, 1 committed" in turn
    assert "turn: 2 sent" in posted, "letters go while the mailbox is read, and have a line of their own"
    assert stopped.endswith("INFO stopped\n")
    assert not any(words in started + opened + turn + posted for words in ("Tabitha", "Kewbridge", "@", "Q.Z."))


def test_every_kind_of_event_has_plain_words() -> None:
    assert set(EVENTS) == set(EVENT_KINDS)
    for name, (_, wanted) in EVENTS.items():
        assert set(wanted) <= {field.name for field in fields(EVENT_KINDS[name])}, name


def test_a_mailbox_full_of_disputes_is_not_read_into_a_store_that_knows_none(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    here.deliver(opening())
    here.command("once")
    for left in (here.folder / "var").glob("mailbot.db*"):
        left.unlink()
    here.command("init")
    here.deliver(opening(2), "2")
    capsys.readouterr()
    assert here.command("once") == 2
    assert "holds disputes, and this store knows none of them; nothing was decided" in capsys.readouterr().out
    assert len(here.letters_to(TABITHA)) == 1
    assert here.command("once", "--anew") == 0
    assert len(here.letters_to(TABITHA)) == 2


def test_two_partnerships_share_a_deployment_and_keep_apart(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    text = here.config.read_text()
    second = text[text.index("[partnership.north-somerset]") :].replace("north-somerset", "plymouth")
    roles = second.index("[partnership.plymouth.roles]"), second.index("# Where mail comes from.")
    second = (second[: roles[0]] + second[roles[1] :]).replace("nsscp.example", "pscp.example")
    second = second.replace(str(here.folder / "mail"), str(here.folder / "mail2"))
    here.config.write_text(text + second.replace(str(here.folder / "post"), str(here.folder / "post2")))
    here.deliver(opening())
    assert here.command("once") == 0
    told = capsys.readouterr().out
    assert "north-somerset: 1 fetched" in told
    assert "plymouth: nothing new" in told
    assert here.command("status", "--partnership", "plymouth") == 0
    told = capsys.readouterr().out
    assert "plymouth: all is well" in told
    assert "north-somerset" not in told
    assert here.command("verify", "--partnership", "elsewhere") == 2
    assert 'there is no partnership "elsewhere": there is north-somerset, plymouth' in capsys.readouterr().err


def test_a_fault_of_ours_ends_one_turn_without_a_word_anybody_wrote(
    here: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store.open(f"sqlite:///{here.folder / 'var' / 'mailbot.db'}")
    with store._writes() as connection:
        connection.exec_driver_sql("DROP TABLE message_bytes")
    store.close()
    here.deliver(opening())
    assert here.command("once") in (1, 3)
    told = capsys.readouterr()
    assert "Tabitha" not in told.out + told.err
    assert "Traceback" not in told.err
