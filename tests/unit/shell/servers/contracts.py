"""What every mailbox does, told as tests. A test class of one kind of mailbox takes these up and gives ``box``."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from mailbot.shell.clock import elapsed
from mailbot.shell.servers.mailbox_interface import Folder, Mailbox, MovesTogether, Place, Watermark, message_id_of

OVERVIEW = ("Disputes",)
WHEN = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)


def letter(number: int | str, words: str = "We do not agree with the decision.") -> bytes:
    return (
        "From: Petronella Wexcombe <petronella.wexcombe@northshire-council.example>\r\n"
        "To: disputes@northshire-scp.example\r\n"
        f"Message-ID: <letter-{number}@northshire-council.example>\r\n"
        f"Subject: Concern {number}\r\n\r\n{words}\r\n"
    ).encode()


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox under test, and what people and servers do to it from the other side."""

    mailbox: Mailbox
    deliver: Callable[[bytes, datetime], object]
    expunge: Callable[[Place], None]
    unread: Callable[[], int]
    drag: Callable[[str, Folder], None]  # a person moves what has this Message-ID from the inbox into a folder
    marks: Callable[[Folder], dict[str, str]]  # Message-ID -> "S" for seen, "F" for flagged
    mark_deleted: Callable[[Folder, str], None]


def never() -> bool:
    return False


class MailboxContract:
    def test_an_empty_mailbox_has_no_arrivals(self, box: Box) -> None:
        assert list(box.mailbox.arrivals(None)) == []

    def test_arrivals_come_in_order_with_their_bytes_and_the_servers_date(self, box: Box) -> None:
        for number in (1, 2, 3):
            box.deliver(letter(number), WHEN.replace(minute=number))
        arrivals = list(box.mailbox.arrivals(None))
        assert [arrival.raw for arrival in arrivals] == [letter(1), letter(2), letter(3)]
        assert [arrival.received for arrival in arrivals] == [WHEN.replace(minute=number) for number in (1, 2, 3)]
        uids = [arrival.place.uid for arrival in arrivals]
        assert uids == sorted(set(uids))
        assert all(arrival.received.tzinfo is UTC for arrival in arrivals)

    def test_only_what_lies_after_the_watermark_arrives(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        (first,) = box.mailbox.arrivals(None)
        mark = Watermark(first.place.uidvalidity, first.place.uid)
        assert list(box.mailbox.arrivals(mark)) == []
        box.deliver(letter(2), WHEN)
        assert [arrival.raw for arrival in box.mailbox.arrivals(mark)] == [letter(2)]

    def test_another_uidvalidity_brings_everything_again(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        (first,) = box.mailbox.arrivals(None)
        stale = Watermark(first.place.uidvalidity + 1, first.place.uid + 1000)
        assert [arrival.raw for arrival in box.mailbox.arrivals(stale)] == [letter(1)]

    def test_a_message_of_the_inbox_may_be_asked_for_again(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        box.deliver(letter(2), WHEN)
        first, second = box.mailbox.arrivals(None)
        validity = first.place.uidvalidity
        assert list(box.mailbox.again(validity, [second.place.uid, second.place.uid + 9])) == [second]
        assert list(box.mailbox.again(validity + 1, [second.place.uid])) == []

    def test_reading_leaves_mail_unread(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        assert len(list(box.mailbox.arrivals(None))) == 1
        assert box.unread() == 1

    def test_a_message_is_moved_once_and_then_gone(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        box.deliver(letter(2), WHEN)
        first, second = box.mailbox.arrivals(None)
        assert box.mailbox.move(first.place, ("Disputes", "NS-26-0001")) is True
        assert box.mailbox.move(first.place, ("Disputes", "NS-26-0001")) is False
        filed = box.mailbox.messages(("Disputes", "NS-26-0001"))
        assert [message_id for _, message_id in filed] == ["<letter-1@northshire-council.example>"]
        assert [arrival.place for arrival in box.mailbox.arrivals(None)] == [second.place]

    def test_several_messages_are_moved_together_and_each_is_told_of(self, box: Box) -> None:
        if not isinstance(box.mailbox, MovesTogether):
            pytest.skip("moves one after the other")
        for number in range(5):
            box.deliver(letter(number), WHEN)
        one, two, three, four, five = (arrival.place for arrival in box.mailbox.arrivals(None))
        box.expunge(three)
        there, elsewhere = ("Disputes", "NS-26-0001"), ("Bot", "Automatic")
        stale = Place(one.folder, one.uidvalidity + 1, one.uid)
        moves = [(one, there), (five, there), (two, elsewhere), (three, there), (stale, there), (one, there)]
        assert box.mailbox.move_all(moves)[:5] == [True, True, True, False, False]
        assert [message_id for _, message_id in box.mailbox.messages(there)] == [
            "<letter-0@northshire-council.example>",
            "<letter-4@northshire-council.example>",
        ]
        assert len(box.mailbox.messages(elsewhere)) == 1
        assert [arrival.place for arrival in box.mailbox.arrivals(None)] == [four]
        assert box.mailbox.move_all(moves) == [False] * 6

    def test_the_newest_come_first_and_no_more_of_them_than_were_asked_for(self, box: Box) -> None:
        for number in (1, 2, 3, 4):
            box.deliver(letter(number), WHEN.replace(minute=number))
        mailbox = box.mailbox
        assert [arrival.raw for arrival in mailbox.newest(None, 3)] == [letter(4), letter(3), letter(2)]
        first, second, *_ = mailbox.arrivals(None)
        mark = Watermark(second.place.uidvalidity, second.place.uid)
        assert [arrival.raw for arrival in mailbox.newest(mark, 3)] == [letter(4), letter(3)]
        assert list(mailbox.newest(Watermark(mark.uidvalidity, mark.uid + 2), 3)) == []
        stale = Watermark(first.place.uidvalidity + 1, 999)
        assert [arrival.raw for arrival in mailbox.newest(stale, 1)] == [letter(4)]
        assert len(list(mailbox.arrivals(mark))) == 2

    def test_mail_may_be_moved_while_arrivals_are_being_read(self, box: Box) -> None:
        for number in range(60):
            box.deliver(letter(number), WHEN)
        seen = []
        for arrival in box.mailbox.arrivals(None):
            seen.append(arrival.raw)
            assert box.mailbox.move(arrival.place, ("Processed",))
        assert seen == [letter(number) for number in range(60)]
        assert list(box.mailbox.arrivals(None)) == []
        assert len(box.mailbox.messages(("Processed",))) == 60

    def test_a_message_somebody_took_away_is_skipped_and_cannot_be_moved(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        box.deliver(letter(2), WHEN)
        first, second = box.mailbox.arrivals(None)
        box.expunge(first.place)
        assert [arrival.place.uid for arrival in box.mailbox.arrivals(None)] == [second.place.uid]
        assert box.mailbox.move(first.place, ("Processed",)) is False
        assert box.mailbox.messages(("Processed",)) == []

    def test_a_place_under_another_uidvalidity_is_gone(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        (first,) = box.mailbox.arrivals(None)
        stale = Place(first.place.folder, first.place.uidvalidity + 1, first.place.uid)
        assert box.mailbox.move(stale, ("Processed",)) is False
        assert len(list(box.mailbox.arrivals(None))) == 1

    def test_the_same_letter_is_filed_once(self, box: Box) -> None:
        folder = ("Disputes", "NS-26-0002")
        assert box.mailbox.file(folder, letter(1), WHEN) is True
        assert box.mailbox.file(folder, letter(1), WHEN, seen=True) is False
        assert box.mailbox.file(folder, letter(2), WHEN, seen=True) is True
        assert sorted(message_id for _, message_id in box.mailbox.messages(folder)) == [
            "<letter-1@northshire-council.example>",
            "<letter-2@northshire-council.example>",
        ]

    def test_an_id_that_is_part_of_another_is_another(self, box: Box) -> None:
        assert box.mailbox.file(("Processed",), letter("1@northshire-council.example.letter"), WHEN) is True
        longer = letter(1).replace(b"<letter-1@", b"<reply.letter-1@")
        assert box.mailbox.file(("Processed",), longer, WHEN) is True
        assert box.mailbox.file(("Processed",), letter(1), WHEN) is True
        assert len(box.mailbox.messages(("Processed",))) == 3

    @pytest.mark.parametrize(
        "identity", ['<a"b%c*(d)\\e@x.example>', "<a b) DELETE INBOX@x.example>", '<"@[>', "<é@x>"]
    )
    def test_an_id_as_somebody_typed_it_can_be_looked_for(self, box: Box, identity: str) -> None:
        raw = letter(1).replace(b"<letter-1@northshire-council.example>", identity.encode())
        assert message_id_of(raw)
        assert box.mailbox.file(("Processed",), raw, WHEN) is True
        assert box.mailbox.file(("Processed",), raw, WHEN) is False

    def test_what_has_no_message_id_cannot_be_filed(self, box: Box) -> None:
        with pytest.raises(ValueError, match="must carry a Message-ID"):
            box.mailbox.file(("Processed",), b"Subject: no id\r\n\r\nMessage-ID: <not-here@x.example>\r\n", WHEN)

    @pytest.mark.parametrize("name", ["", " ", "a.b", "a/b", "a\r\nX9 DELETE INBOX", "a\0", "*", "é", '"', "&AOk-"])
    def test_a_folder_name_no_server_can_hold_is_refused(self, box: Box, name: str) -> None:
        with pytest.raises(ValueError, match="folder name"):
            box.mailbox.file(("Disputes", name), letter(1), WHEN)

    def test_folders_are_listed_with_their_parts(self, box: Box) -> None:
        assert box.mailbox.folders() == []
        box.mailbox.file(("Disputes", "NS-26-0003"), letter(1), WHEN)
        assert box.mailbox.folders() == [("Disputes",), ("Disputes", "NS-26-0003")]

    def test_a_folder_that_is_not_there_holds_nothing(self, box: Box) -> None:
        assert box.mailbox.messages(("No such folder",)) == []

    def test_what_is_filed_may_be_marked_as_read_and_flagged(self, box: Box) -> None:
        for number, marks in enumerate([(False, False), (True, False), (False, True), (True, True)]):
            assert box.mailbox.file(OVERVIEW, letter(number), WHEN, seen=marks[0], flagged=marks[1]) is True
        assert box.marks(OVERVIEW) == {
            "<letter-0@northshire-council.example>": "",
            "<letter-1@northshire-council.example>": "S",
            "<letter-2@northshire-council.example>": "F",
            "<letter-3@northshire-council.example>": "FS",
        }

    def test_only_what_carries_exactly_this_id_is_removed(self, box: Box) -> None:
        longer = letter(1).replace(b"<letter-1@", b"<reply.letter-1@")
        for raw in (letter(1), longer, letter(2)):
            box.mailbox.file(OVERVIEW, raw, WHEN, seen=True)
        assert box.mailbox.remove(OVERVIEW, "<letter-1@northshire-council.example>") is True
        assert box.mailbox.remove(OVERVIEW, "<letter-1@northshire-council.example>") is False
        assert sorted(message_id for _, message_id in box.mailbox.messages(OVERVIEW)) == [
            "<letter-2@northshire-council.example>",
            "<reply.letter-1@northshire-council.example>",
        ]

    def test_what_people_have_struck_out_does_not_leave_with_what_is_removed(self, box: Box) -> None:
        for number in (1, 2):
            box.mailbox.file(OVERVIEW, letter(number), WHEN)
        box.mark_deleted(OVERVIEW, "<letter-2@northshire-council.example>")
        assert box.mailbox.remove(OVERVIEW, "<letter-1@northshire-council.example>") is True
        assert [i for _, i in box.mailbox.messages(OVERVIEW)] == ["<letter-2@northshire-council.example>"]

    def test_what_was_removed_may_be_filed_again(self, box: Box) -> None:
        for _ in (1, 2):
            assert box.mailbox.file(OVERVIEW, letter(1), WHEN) is True
            assert box.mailbox.remove(OVERVIEW, "<letter-1@northshire-council.example>") is True
        assert box.mailbox.messages(OVERVIEW) == []

    def test_nothing_is_removed_from_a_folder_that_is_not_there(self, box: Box) -> None:
        assert box.mailbox.remove(OVERVIEW, "<letter-1@northshire-council.example>") is False
        assert box.mailbox.folders() == []

    def test_a_folder_is_made_once_with_those_above_it(self, box: Box) -> None:
        for _ in (1, 2):
            box.mailbox.make(("Bot", "Try again"))
        assert box.mailbox.folders() == [("Bot",), ("Bot", "Try again")]

    def test_what_a_person_moved_into_a_folder_shows_at_its_top_and_is_read_there(self, box: Box) -> None:
        folder = ("Disputes", "NS-26-0001")
        box.mailbox.file(folder, letter(1), WHEN)
        before = box.mailbox.tops([folder, ("Disputes", "NS-26-0002")])
        assert list(before) == [folder]
        assert before[folder].count == 1
        assert box.mailbox.messages(folder, before[folder].uid) == []
        box.deliver(letter(2), WHEN)
        box.drag("<letter-2@northshire-council.example>", folder)
        after = box.mailbox.tops([folder])[folder]
        assert (after.count, after.uidvalidity) == (2, before[folder].uidvalidity)
        assert after.uid > before[folder].uid
        assert box.mailbox.messages(folder, before[folder].uid) == [
            (after.uid, "<letter-2@northshire-council.example>")
        ]
        (moved,) = box.mailbox.read(folder, after.uidvalidity, [after.uid, after.uid + 7])
        assert (moved.raw, moved.received) == (letter(2), WHEN)
        assert "S" not in box.marks(folder)["<letter-2@northshire-council.example>"]
        assert list(box.mailbox.read(folder, after.uidvalidity + 1, [after.uid])) == []
        assert box.mailbox.move(moved.place, ("Bot", "Automatic")) is True
        assert box.mailbox.messages(folder, before[folder].uid) == []

    def test_a_message_lies_where_it_was_until_somebody_moves_it(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        (first,) = box.mailbox.arrivals(None)
        assert box.mailbox.lies_at(first.place) is True
        assert box.mailbox.lies_at(Place(first.place.folder, first.place.uidvalidity + 1, first.place.uid)) is False
        box.mailbox.make(OVERVIEW)
        box.drag("<letter-1@northshire-council.example>", OVERVIEW)
        assert box.mailbox.lies_at(first.place) is False

    def test_moving_a_message_to_where_it_lies_does_nothing(self, box: Box) -> None:
        folder = ("Disputes", "NS-26-0001")
        box.mailbox.file(folder, letter(1), WHEN)
        top = box.mailbox.tops([folder])[folder]
        (there,) = box.mailbox.read(folder, top.uidvalidity, [top.uid])
        assert box.mailbox.move(there.place, folder) is True
        assert box.mailbox.tops([folder]) == {folder: top}
        assert box.mailbox.remove(folder, "<letter-1@northshire-council.example>") is True
        assert box.mailbox.move(there.place, folder) is False

    def test_waiting_ends_when_mail_comes(self, box: Box) -> None:
        assert list(box.mailbox.arrivals(None)) == []
        later = threading.Timer(0.3, box.deliver, (letter(1), WHEN))
        later.start()
        begun = elapsed()
        assert box.mailbox.wait(15, never) is True
        assert elapsed() - begun < 5
        later.join()

    def test_mail_that_came_before_the_waiting_began_ends_it_at_once(self, box: Box) -> None:
        assert list(box.mailbox.arrivals(None)) == []
        box.deliver(letter(1), WHEN)
        begun = elapsed()
        assert box.mailbox.wait(15, never) is True
        assert elapsed() - begun < 5

    def test_waiting_ends_when_the_time_is_over_or_when_told_to_stop(self, box: Box) -> None:
        assert list(box.mailbox.arrivals(None)) == []
        assert box.mailbox.wait(0.2, never) is False
        begun = elapsed()
        assert box.mailbox.wait(15, lambda: True) is False
        assert elapsed() - begun < 5

    def test_after_closing_it_can_be_used_again(self, box: Box) -> None:
        box.deliver(letter(1), WHEN)
        box.mailbox.close()
        assert len(list(box.mailbox.arrivals(None))) == 1
