"""What people do by moving a message in the mailbox: three places mean something, and nothing else does."""

from email.message import EmailMessage
from pathlib import Path

from mailbot.core.record.events import ResolutionConfirmed, ResolutionProposed
from mailbot.core.record.events_of_mail import MessageFiled, MovedByHand
from mailbot.shell.servers.mailbox_interface import Folder, message_id_of
from mailbot.watching.witness_in_mailbox import begin_anew
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.sites import bot_for
from tests.story import Sent, Story

HERE: Folder = ("Disputes", "NS-26-0001")
NOT_A_DISPUTE: Folder = ("Bot", "Not a dispute")
TRY_AGAIN: Folder = ("Bot", "Try again")
SETTLED = "RESOLVED\nTobias visits K at home by 11 September 2026."


def unproven(story: Story, by: str, body: str, subject: str = "About this morning") -> str:
    """A message whose sender nothing proves: it waits, and its sender is asked."""
    message_id = story.mail(by, body, subject=subject, to=["mailbox"], cc=(), authenticated=False)
    story.expect(("was_it_you", by))
    return message_id


def moved(story: Story, message_id: str, folder: Folder) -> None:
    story.mailbox.drag(message_id, folder)
    story.turn()


def confirmed(story: Story, *others: tuple[str, str]) -> Sent:
    return story.expect(("hand_filed", "bm"), *others)[0]


def folder_of(story: Story, message_id: str) -> list[Folder]:
    boxes = [((), story.mailbox.inbox), *story.mailbox.filed.items()]
    return [folder for folder, box in boxes for held in box if message_id_of(held.raw) == message_id]


def elsewhere(by: str, body: str, subject: str = "Old notes") -> bytes:
    """A mail that lay in somebody's own mailbox, and never came to this one."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ADDRESS[by], ADDRESS["bm"], subject
    message["Message-ID"] = f"<elsewhere.{by}@larkfield.sch.example>"
    message.set_content(body)
    return bytes(message)


def test_the_two_folders_are_there_from_the_start_and_come_back_when_somebody_deletes_them(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        assert story.mailbox.folders() == [("Bot",), NOT_A_DISPUTE, TRY_AGAIN, ("Bot", "Witness")]
        del story.mailbox.filed[TRY_AGAIN]
        story.turn()
        assert TRY_AGAIN in story.mailbox.folders()


def test_a_waiting_message_moved_into_a_dispute_does_there_what_its_writer_may_do(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        message_id = unproven(story, "hartwell", SETTLED)
        assert not any(isinstance(event, ResolutionProposed) for event in story.dispute().history)
        moved(story, message_id, HERE)
        told, asked = story.expect(("hand_filed", "bm"), ("was_it_you", "hartwell"))
        assert told.subject == "[NS-26-0001] A message was moved by hand"
        assert "A message was moved by hand into the folder “NS-26-0001”, and was read there." in told.text
        written = "Imogen Hartwell (Larkfield Primary School), i.hartwell@larkfield.sch.example"
        assert f"By its From line it was written by {written}." in told.text
        assert "the person in whose name it came is asked first" in told.text
        assert "it waits again." in told.text
        assert story.dispute().state == "open"
        story.mail("hartwell", "YES", "2026-09-07 12:00", answers=asked)
        story.expect(("proposed", "fenn"))
        assert story.held() == []
        assert folder_of(story, message_id) == [HERE]
        entry = next(
            entry
            for entry in story.store.chronology("north-somerset", "NS-26-0001")
            if isinstance(entry.event, MovedByHand)
        )
        assert (entry.cause.kind, entry.cause.what) == ("person", "somebody with access to the mailbox")
        story.until("2026-09-07 12:00")


def test_it_is_no_more_than_its_writer_may_do(tmp_path: Path) -> None:
    """Somebody of a third agency cannot confirm for one of the two, whoever puts the message there."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", SETTLED, "2026-09-07 11:00", subject="[NS-26-0001]")
        story.expect(("proposed", "fenn"))
        message_id = unproven(story, "brook", "CONFIRM")
        moved(story, message_id, HERE)
        told = confirmed(story, ("question", "hartwell"))
        assert "a request from somebody who is not recorded in the dispute" in told.text
        assert not any(isinstance(event, ResolutionConfirmed) for event in story.dispute().history)
        assert story.held() == [], "a person has looked at it: it stays where they put it, and waits no more"


def test_into_not_a_dispute_it_is_dismissed_and_into_try_again_it_is_read_after_all(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        message_id = unproven(story, "hartwell", SETTLED, subject="[NS-26-0001]")
        moved(story, message_id, NOT_A_DISPUTE)
        told = confirmed(story)
        assert told.subject == "A message was moved by hand"
        assert "into the folder “Not a dispute”: it waits no longer." in told.text
        assert story.held() == []
        moved(story, message_id, TRY_AGAIN)
        told, asked = story.expect(("hand_filed", "bm"), ("was_it_you", "hartwell"))
        assert "into the folder “Try again”, and was read again." in told.text
        story.mail("hartwell", "YES", "2026-09-07 12:00", answers=asked)
        story.expect(("proposed", "fenn"))
        assert folder_of(story, message_id) == [HERE], "what was read again is filed like any other"


def test_try_again_says_yes_to_whether_it_was_meant_to_raise_a_dispute(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        body = RAISED.replace("putting this in writing", "writing").replace("Issue:", "About:")
        message_id = story.mail("hartwell", body, "2026-09-07 10:00", subject="K.W.", to=["fenn"], authenticated=False)
        story.expect(("was_it_you", "hartwell"))
        moved(story, message_id, TRY_AGAIN)
        letters = {one.letter: one for one in story.expect(("was_it_you", "hartwell"), ("hand_filed", "bm"))}
        told, asked = letters["hand_filed"], letters["was_it_you"]
        assert "it is now taken to raise one" in told.text
        assert "the person in whose name it came is asked first" in told.text
        assert "it waits again" in told.text
        assert story.store.dispute_rows(story.site.id) == [], "where it belongs is vouched for, and not who wrote it"
        story.mail("hartwell", "YES", "2026-09-07 10:30", answers=asked)
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert folder_of(story, message_id) == [HERE]


def test_mail_from_elsewhere_is_kept_as_a_note_and_nothing_it_asks_is_done(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        before = story.dispute().state
        raw = elsewhere("fenn", "RESOLVED\nWe agreed all of this months ago.")
        story.mailbox.put(raw, HERE)
        story.turn()
        told = confirmed(story)
        assert "A new message was put into the folder “NS-26-0001”: it is kept as a note." in told.text
        last = story.dispute().history[-1]
        assert isinstance(last, MovedByHand)
        assert (last.outcome, story.dispute().state) == ("noted", before)
        assert story.store.raw(story.site.id, last.digest) == raw
        assert not [event for event in story.dispute().history if isinstance(event, MessageFiled)][1:]
        story.turn()
        moved(story, "<elsewhere.fenn@larkfield.sch.example>", ("Disputes",))
        moved(story, "<elsewhere.fenn@larkfield.sch.example>", HERE)


def test_what_a_note_says_of_danger_is_heard_by_the_office(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mailbox.put(elsewhere("fenn", "K is not safe tonight, dad has threatened to hurt her."), HERE)
        story.turn()
        story.expect(("hand_filed", "bm"), ("urgent_told", "bm"))


def test_mail_from_elsewhere_in_the_bots_own_folders_does_nothing(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mailbox.put(elsewhere("fenn", "RESOLVED"), NOT_A_DISPUTE)
        story.turn()
        story.expect()
        story.mailbox.put(elsewhere("hartwell", "RESOLVED"), TRY_AGAIN)
        story.turn()
        assert "That changed nothing." in confirmed(story).text
        assert story.store.dispute_rows(story.site.id) == []


def test_what_was_decided_stays_decided_wherever_its_message_is_moved(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        opening = "<story.1@larkfield.sch.example>"
        before = story.dispute().history
        moved(story, opening, ("Disputes",))
        moved(story, opening, HERE)
        story.expect()
        for folder in (NOT_A_DISPUTE, TRY_AGAIN):
            moved(story, opening, folder)
            told = confirmed(story)
            assert "What came of it: it was recorded in NS-26-0001, and stays so." in told.text
        moved(story, opening, ())
        assert story.dispute().history == before
        story.expect()


def test_a_letter_of_ours_may_lie_anywhere(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        sent = story.letters()
        summary = next(held for held in story.mailbox.filed[HERE] if b"Summary for your file" in held.raw)
        before = story.dispute().history
        for folder in (TRY_AGAIN, NOT_A_DISPUTE, HERE):
            moved(story, message_id_of(summary.raw), folder)
            story.mailbox.put(sent[0].raw, folder)
            story.turn()
        assert story.dispute().history == before


def test_two_people_putting_copies_into_two_disputes_make_one_act(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail(
            "reed",
            "Child: T.B.\nAgencies: Westmere NHS Trust / Seamoor Police\nIssue: Nobody was told.\n"
            "Other practitioner: Lucian Brook, lucian.brook.5512@seamoor-police.example\n",
            "2026-09-07 11:12",
            subject="[ESCALATION] T.B.",
            to=["brook"],
        )
        story.letters()
        message_id = unproven(story, "hartwell", SETTLED)
        raw = next(held.raw for held in story.mailbox.inbox if message_id_of(held.raw) == message_id)
        story.mailbox.put(raw, ("Disputes", "NS-26-0002"))
        moved(story, message_id, HERE)
        told = story.expect(*[("hand_filed", "bm")] * 2, ("was_it_you", "hartwell"))
        assert "it was moved into NS-26-0001 as well, and is read there" in told[0].text + told[1].text
        assert [type(event) for event in story.dispute("NS-26-0002").history].count(MovedByHand) == 0


def test_a_message_whose_header_the_server_rewrote_is_known_by_its_id_where_only_one_waits(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        message_id = unproven(story, "hartwell", SETTLED)
        (held,) = [held for held in story.mailbox.inbox if message_id_of(held.raw) == message_id]
        story.mailbox.expunge(held.uid)
        story.mailbox.put(b"X-MS-Exchange-Moved: yes\r\n" + held.raw, HERE)
        story.turn()
        confirmed(story, ("was_it_you", "hartwell"))
        assert len(story.held()) == 1


def test_a_second_copy_that_was_delivered_into_a_folder_is_no_move(tmp_path: Path) -> None:
    """Some servers deliver "escalation+Disputes/NS-26-0001@…" into that folder: no hand has touched it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        message_id = unproven(story, "hartwell", SETTLED)
        (held,) = [held for held in story.mailbox.inbox if message_id_of(held.raw) == message_id]
        story.mailbox.put(b"Delivered-To: escalation+Disputes\r\n" + held.raw, HERE)
        story.turn()
        told = confirmed(story)
        assert "this is a copy, and the message itself still lies where it was" in told.text
        assert len(story.held()) == 1
        assert not any(isinstance(event, ResolutionProposed) for event in story.dispute().history)


def test_a_folder_left_over_from_a_lost_store_is_not_read_and_its_reference_is_given_to_nobody(tmp_path: Path) -> None:
    beginning = Story(tmp_path, "2026-09-07 09:30")
    beginning.mailbox.put(elsewhere("fenn", "RESOLVED"), HERE)
    with beginning as story:
        story.expect(("trouble_told", "bm"))
        begin_anew(story.mailbox, story.store, story.site, story.now)
        story.first = "NS-26-0002"
        opened(story)
        story.until("2026-09-07 12:00")
        assert [row.reference for row in story.store.dispute_rows(story.site.id)] == ["NS-26-0002"]


def test_what_lay_there_before_moving_meant_anything_means_nothing(tmp_path: Path) -> None:
    """A mailbox that was run by an older mailbot: its folders are full, and nobody is told of each message in them."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        with story.store._writes() as connection:
            connection.exec_driver_sql("DELETE FROM note WHERE what = 'hands'")
        story.mailbox.put(elsewhere("fenn", "RESOLVED"), TRY_AGAIN)
        story.bot = bot_for(story.site, story.store, story.mailbox, story.postman)
        story.turn()
        story.expect()
        story.mailbox.put(elsewhere("hartwell", "RESOLVED"), TRY_AGAIN)
        story.turn()
        confirmed(story)


def test_a_closed_disputes_folder_is_looked_at_for_four_weeks(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", "WITHDRAW", "2026-09-07 12:00", subject="[NS-26-0001]")
        story.letters()
        story.until("2026-09-30 09:00")
        story.letters()
        story.mailbox.put(elsewhere("fenn", "See the notes."), HERE)
        story.turn()
        confirmed(story)
        story.until("2026-11-09 09:00")
        story.letters()
        story.mailbox.put(elsewhere("hartwell", "See the notes."), HERE)
        story.turn()


def test_clearing_out_the_inbox_brings_twenty_letters_and_not_more(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for number in range(23):
            raw = elsewhere("fenn", f"Note {number}").replace(b"elsewhere.fenn", b"elsewhere.%d" % number)
            story.mailbox.put(raw, HERE)
        story.turn()
        story.expect(*[("hand_filed", "bm")] * 20)
        assert [type(event) for event in story.dispute().history].count(MovedByHand) == 23
