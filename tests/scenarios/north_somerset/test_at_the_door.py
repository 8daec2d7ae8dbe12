"""What is not acted on: strangers, machines, mail that proves nothing or cannot be read. Held, never dropped."""

from pathlib import Path

from mailbot.core.record.events import LimitPassed
from tests.scenarios.north_somerset.test_to_the_end import RAISED, at_stage_2, opened, raise_it
from tests.story import TRUSTED, Story, at


def test_a_stranger_is_answered_by_nobody_and_waits_with_the_reason(tmp_path: Path) -> None:
    """NS-01; hazard G15."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "somebody@elsewhere.example",
            "RESOLVED\nAll agreed.",
            "2026-09-09 10:00",
            subject="RE: [NS-26-0001] Stage 2",
        )
        story.expect()
        assert story.dispute().state == "open"
        assert story.held() == ["the sender is not recognised: no agency of the directory"]


def test_a_look_alike_domain_is_told_to_the_business_manager_at_once(tmp_path: Path) -> None:
    """NS-01; hazard G15."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "rosalind.peake@seam0or.example",
            "RESOLVED\nAll agreed.",
            "2026-09-09 10:00",
            subject="RE: [NS-26-0001] Stage 2",
        )
        story.expect(("held_told", "bm"))
        assert story.dispute().state == "open"


def test_mail_that_proves_nothing_is_confirmed_by_a_round_trip_to_the_address_on_record(tmp_path: Path) -> None:
    """NS-27: nothing is closed on the word of somebody who may be anybody."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes",
            "RESOLVED\nThey visit K by 11 September 2026.",
            "2026-09-09 10:00",
            subject="RE: [NS-26-0001] Stage 2",
            authenticated=False,
        )
        asked = story.expect(("was_it_you", "oakes"))[0]
        assert story.dispute().state == "open"
        assert story.held() == ["nothing shows that this mail really came from that address, and it asks for a change"]
        story.mail("oakes", "YES", "2026-09-09 10:10", answers=asked)
        story.expect(("proposed", "peake"))
        assert story.held() == []


def test_a_forged_mail_is_disowned_by_whoever_it_names(tmp_path: Path) -> None:
    """NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "ESCALATE", "2026-09-09 10:00", subject="RE: [NS-26-0001]", authenticated=False)
        asked = story.expect(("was_it_you", "oakes"))[0]
        story.mail("oakes", "NO", "2026-09-09 10:10", answers=asked)
        story.expect()
        assert (story.dispute().stage, story.held()) == ("2", [])


def test_a_domain_that_disowns_the_mail_is_believed(tmp_path: Path) -> None:
    """NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes",
            "ESCALATE",
            "2026-09-09 10:00",
            subject="RE: [NS-26-0001]",
            authenticated=False,
            headers=[("Authentication-Results", f"{TRUSTED}; dmarc=fail header.from=larkfield.sch.example")],
        )
        story.expect(("held_told", "bm"))
        assert story.dispute().stage == "2"


def test_a_candidate_without_a_tag_is_asked_and_opens_on_open(tmp_path: Path) -> None:
    """NS-06: never dropped; it opens, or its sender is asked one question."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "hartwell",
            "Hello, please see what I wrote to Tobias about K.W. this morning.",
            "2026-09-07 10:00",
            subject="K.W.",
            to=["fenn"],
        )
        asked = story.expect(("question", "hartwell"))[0]
        assert "OPEN" in asked.text
        assert "IGNORE" in asked.text
        story.mail("hartwell", "OPEN", "2026-09-07 10:20", answers=asked)
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert story.held() == []


def test_an_automatic_reply_is_recorded_and_never_answered(tmp_path: Path) -> None:
    """NS-03: out-of-office noticed; the clock never stops."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "peake",
            "I am away until 21 September 2026. For anything urgent contact Edmund Garth on "
            "edmund.garth@seamoor.example.",
            "2026-09-08 17:02",
            subject="Automatic reply: [NS-26-0001] Stage 2",
            headers=[("Auto-Submitted", "auto-replied")],
        )
        story.expect(("stage_entered", "garth"), ("absence", "oakes"), ("absence", "bm"))
        assert story.limit() == "Thu 10 Sep 17:00"


def test_a_sealed_message_is_put_before_the_business_manager_at_once(tmp_path: Path) -> None:
    """NS-16: a limit may be inside it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "brook",
            "You have received a secure email. To read it, sign in to the portal:\n\n"
            "https://securemail.example/view?id=1\n\nDo not reply to this email.",
            "2026-09-07 10:00",
            subject="You have received a secure message",
        )
        told = story.expect(("held_told", "bm"))[0]
        assert "securemail.example" not in told.html


def test_a_parent_copied_in_is_never_written_to(tmp_path: Path) -> None:
    """NS-01; hazard G5."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "hartwell",
            "I don't agree with closing K.W.'s case. Mum is copied in.\n\nChild: K.W.\n"
            "Agencies: Larkfield Primary School / CSC\nImpact: hungry",
            "2026-09-07 10:00",
            subject="[ESCALATION] K.W.",
            to=["fenn"],
            cc=["mailbox", "tansy.w@freemail.example"],
        )
        sent = story.expect(
            ("opened", "hartwell"), ("opened", "fenn"), ("outsider", "hartwell"), ("outsider_told", "bm")
        )
        assert all("tansy" not in letter.text.casefold() for letter in sent if letter.to == "fenn")


def test_a_parent_copied_into_an_answer_is_told_of_and_never_written_to(tmp_path: Path) -> None:
    """NS-01; hazard G5."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.letters()
        story.mail(
            "fenn",
            "We have rung the school about the visit.",
            "2026-09-07 11:00",
            subject="RE: [NS-26-0001]",
            to=["mailbox"],
            cc=["tansy.w@freemail.example"],
        )
        asked, told = story.expect(("outsider", "fenn"), ("outsider_told", "bm"))
        assert "check what was shared" in told.text
        assert asked.to == "fenn"


def test_one_bad_message_never_stops_the_next(tmp_path: Path) -> None:
    """NS-06; hazard G3."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.deliver(b"\x00\xff" * 2000)
        story.deliver(
            b"From: a@seamoor.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n" * 900
        )
        story.letters()
        raise_it(story)
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert len(story.held()) == 2


def test_the_same_message_fetched_twice_is_one_message(tmp_path: Path) -> None:
    """NS-06; a changed UIDVALIDITY brings the whole mailbox again."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mailbox.renumber()
        for uid, held in list(story.mailbox.filed[("Disputes", "NS-26-0001")] and enumerate(story.mailbox.inbox)):
            assert (uid, held) is None
        story.turn()
        story.expect()


def test_nothing_is_declared_passed_while_the_mailbox_cannot_be_read(tmp_path: Path) -> None:
    """NS-11 (drain before deadline): the answer may lie unread."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.until("2026-09-08 16:30")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))
        story.mailbox.down = "connection refused"
        story.until("2026-09-08 18:00")
        story.expect()
        assert story.dispute().stage == "1"
        story.until("2026-09-08 21:00")
        letters = story.letters()
        assert {(x.letter, x.to) for x in letters} >= {("unreachable_told", "bm"), ("stage_entered", "oakes")}
        assert story.dispute().stage == "2"
        (passed,) = [past for past in story.dispute().history if isinstance(past, LimitPassed)]
        assert passed.unread_since == at("2026-09-08 16:30")
        story.mailbox.down = ""
        story.mail(
            "hartwell",
            "RESOLVED on 8 September\nTobias visits K by 10 September 2026.",
            "2026-09-09 08:00",
            answers=to_hartwell,
        )
        story.expect(("proposed", "fenn"), ("proposed", "peake"), ("proposed_told", "oakes"))
        proposal = story.dispute().proposal
        assert proposal is not None
        assert proposal.stage == "1", "it was resolved before the limit moved it"


def test_after_a_long_outage_nothing_stale_goes_out_and_nobody_is_born_overdue(tmp_path: Path) -> None:
    """NS-13 (F29)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.now = story.now.replace(day=16, hour=11)
        story.turn()
        story.expect(
            ("digest", "bm"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )
        assert story.limit() == "Thu 17 Sep 17:00", "Day 5 is past and sets nothing; Day 8 is ahead and holds"
        story.until("2026-09-17 08:55")
        story.expect()
        story.until("2026-09-17 09:05")
        asked = {(letter.letter, letter.to) for letter in story.letters()}
        assert {who for _, who in asked} >= {"oakes", "peake"}
        assert "limit_passed" in {letter for letter, _ in asked}, "the morning after they were told"


def test_a_reference_that_is_no_dispute_here_is_asked_about_and_opens_nothing(tmp_path: Path) -> None:
    """NS-06: mistyped, or older than this store; its subject says "Stage 1" because a letter of ours once did."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "fenn",
            "Noted, thanks. Will pick this up when I can.",
            "2026-09-07 10:00",
            subject="RE: [NS-26-0012] Stage 1: practitioner to practitioner, by Tue 8 Sep 17:00",
        )
        asked = story.expect(("question", "fenn"))[0]
        assert "NS-26-0012 is not a dispute that this mailbox knows" in asked.text
        assert story.store.dispute_rows(story.site.id) == []


def test_ignore_settles_the_mail_of_somebody_who_is_in_no_dispute(tmp_path: Path) -> None:
    """NS-27; hazard G5."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.until("2026-09-08 17:00")
        letter = next(sent for sent in story.letters() if (sent.letter, sent.to) == ("stage_entered", "oakes"))
        story.mail("cosmo.vane@tarn-trust.example", "ESCALATE", "2026-09-09 10:00", answers=letter)
        asked = story.expect(("question", "oakes"))[0]
        assert story.held() == ["a request from somebody who is not recorded in the dispute"]
        story.mail("peake", "IGNORE", "2026-09-09 10:05", answers=asked)
        assert len(story.held()) == 1
        story.mail("oakes", "IGNORE", "2026-09-09 10:10", answers=asked)
        story.expect()
        assert (story.dispute().stage, story.held()) == ("2", [])


def test_ignore_settles_the_mail_that_its_letter_asked_about_and_no_other(tmp_path: Path) -> None:
    """NS-27; "never lose": two people who are in no dispute wrote, and each is asked about by a letter of their own."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        letter, _ = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        said = "ESCALATE\nWhat remains unresolved: health was not asked."
        story.mail("reed", said, "2026-09-07 11:00", answers=letter)
        story.expect(("question", "hartwell"))
        story.mail("brook", "ESCALATE", "2026-09-07 11:10", answers=letter)
        (of_brook,) = story.expect(("question", "hartwell"))
        story.mail("hartwell", "IGNORE", "2026-09-07 11:20", answers=letter)
        assert len(story.held()) == 2, "in answer to a letter that asks about neither, it says of which no word"
        story.letters()
        story.mail("hartwell", "IGNORE", "2026-09-07 11:30", answers=of_brook)
        story.expect()
        (waits,) = story.store.held(story.site.id)
        kept = story.store.message(story.site.id, waits.digest)
        assert kept is not None
        assert b"health was not asked" in kept.raw
