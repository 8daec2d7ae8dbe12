"""What is a Maildir's own: numbers that stay, names that change under us, letters that are delivered once."""

import os
from pathlib import Path

from mailbot.shell.servers.mailbox_interface import Watermark
from mailbot.shell.servers.maildir import MaildirMailbox, MaildirPostman
from mailbot.shell.servers.postman_interface import Envelope, Outcome
from tests.unit.shell.people import maildir_box
from tests.unit.shell.servers.contracts import WHEN, Box, letter, never

SENDER, RECIPIENT = "disputes@northshire-scp.example", "ambrose.tilling@northshire-council.example"


def delivered(path: Path, count: int) -> Box:
    box = maildir_box(path)
    for number in range(count):
        box.deliver(letter(number), WHEN)
    return box


def read_by_a_person(path: Path) -> None:
    """A mail program marks everything as seen: new/x becomes cur/x:2,S."""
    for file in list((path / "new").iterdir()):
        file.rename(path / "cur" / f"{file.name}:2,S")


def test_a_message_keeps_its_number_when_it_is_read_and_when_the_bot_starts_again(tmp_path: Path) -> None:
    box = delivered(tmp_path, 2)
    before = [arrival.place for arrival in box.mailbox.arrivals(None)]
    read_by_a_person(tmp_path)
    assert [arrival.place for arrival in MaildirMailbox(tmp_path).arrivals(None)] == before


def test_a_number_is_not_given_twice(tmp_path: Path) -> None:
    box = delivered(tmp_path, 2)
    places = [arrival.place for arrival in box.mailbox.arrivals(None)]
    for place in places:
        box.expunge(place)
    box.deliver(letter(9), WHEN)
    (arrival,) = box.mailbox.arrivals(None)
    assert arrival.place.uid == places[-1].uid + 1


def test_without_its_index_everything_is_read_again(tmp_path: Path) -> None:
    box = delivered(tmp_path, 2)
    *_, last = box.mailbox.arrivals(None)
    index = tmp_path / "mailbot-uids"
    index.write_text("spoiled")
    # The second in which the index is made is its UIDVALIDITY; here it is as good as any other number.
    mark = Watermark(last.place.uidvalidity - 1, last.place.uid)
    assert len(list(box.mailbox.arrivals(mark))) == 2
    assert index.read_text().startswith("mailbot-uids 1\n")


def test_a_message_that_is_marked_while_it_is_read_is_still_read(tmp_path: Path) -> None:
    box = delivered(tmp_path, 3)
    arrivals = box.mailbox.arrivals(None)
    assert next(arrivals).raw == letter(0)
    read_by_a_person(tmp_path)
    assert [arrival.raw for arrival in arrivals] == [letter(1), letter(2)]


def test_a_message_moved_into_a_folder_and_dragged_back_arrives_again(tmp_path: Path) -> None:
    box = delivered(tmp_path, 1)
    (first,) = box.mailbox.arrivals(None)
    assert box.mailbox.move(first.place, ("Processed",)) is True
    assert list(box.mailbox.arrivals(None)) == []
    (file,) = (tmp_path / ".Processed" / "cur").iterdir()
    file.rename(tmp_path / "cur" / file.name)
    (again,) = box.mailbox.arrivals(None)
    assert again.raw == first.raw
    assert again.place.uid > first.place.uid


def test_a_folder_is_where_mail_programs_look_for_it(tmp_path: Path) -> None:
    mailbox = MaildirMailbox(tmp_path)
    mailbox.file(("Disputes", "NS-26-0001"), letter(1), WHEN)
    mailbox.file(("Disputes", "NS-26-0001"), letter(2), WHEN, seen=True)
    folder = tmp_path / ".Disputes.NS-26-0001"
    assert (folder / "maildirfolder").exists()
    (new,), (seen,) = list((folder / "new").iterdir()), list((folder / "cur").iterdir())
    assert new.read_bytes() == letter(1)
    assert seen.name.endswith(":2,S")
    assert seen.stat().st_mtime == WHEN.timestamp()


def test_a_letter_sent_twice_lies_there_once(tmp_path: Path) -> None:
    postman = MaildirPostman(tmp_path)
    for _ in (1, 2):
        (delivery,) = postman.send([Envelope(1, SENDER, RECIPIENT.upper(), letter(1))])
        assert delivery.outcome is Outcome.ACCEPTED
    (file,) = (tmp_path / RECIPIENT / "new").iterdir()
    assert file.read_bytes() == letter(1)


def test_a_recipient_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    addresses = ["../up@northshire-scp.example", "/etc/up@northshire-scp.example", ".hidden@northshire-scp.example"]
    envelopes = [Envelope(1, SENDER, address, letter(1)) for address in addresses]
    deliveries = MaildirPostman(tmp_path / "out").send(envelopes)
    assert [delivery.outcome for delivery in deliveries] == [Outcome.REFUSED] * 3
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_will_not_take_the_letter_defers_it(tmp_path: Path) -> None:
    (tmp_path / RECIPIENT).write_text("a file where a folder should be")
    (delivery,) = MaildirPostman(tmp_path).send([Envelope(1, SENDER, RECIPIENT, letter(1))])
    assert delivery.outcome is Outcome.DEFERRED


def test_it_is_made_where_there_is_none(tmp_path: Path) -> None:
    mailbox = MaildirMailbox(tmp_path / "new" / "Maildir")
    assert mailbox.folders() == []
    assert mailbox.wait(0, never) is False
    assert (tmp_path / "new" / "Maildir" / "cur").is_dir()


def test_whatever_the_umask_nobody_else_on_the_machine_reads_what_it_made(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        mailbox = MaildirMailbox(tmp_path / "mail")
        mailbox.file(("Disputes", "NC-26-0001"), letter(1), WHEN)
        assert len(list(mailbox.arrivals(None))) == 0
        list(MaildirPostman(tmp_path / "post").send([Envelope(1, SENDER, RECIPIENT, letter(2))]))
    finally:
        os.umask(before)
    made = list(tmp_path.rglob("*"))
    assert len([path for path in made if path.is_file()]) >= 3
    assert [path.name for path in made if path.stat().st_mode & 0o007] == []


def test_whoever_has_a_maildir_by_its_group_has_its_folders_too(tmp_path: Path) -> None:
    box = tmp_path / "mail"
    box.mkdir()
    box.chmod(0o2770)
    MaildirMailbox(box).file(("Bot", "Automatic"), letter(1), WHEN)
    assert (box / ".Bot.Automatic" / "new").stat().st_mode & 0o7777 == 0o2770
