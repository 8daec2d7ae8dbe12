"""The Business Manager acts by answering a letter: a line for each thing, a transcript back, two hours to undo it."""

from pathlib import Path

from mailbot.core.record.events import AutomaticMoveHeld
from mailbot.core.record.events_of_mail import MessageFiled
from tests.prepared import prepared
from tests.scenarios.north_somerset.test_to_the_end import at_stage_2, opened, raise_it
from tests.story import TRUSTED, Sent, Story

BOTH = ("hartwell", "fenn", "oakes", "peake")
PROPOSED = (("proposed", "peake"),)


def said(letter: Sent) -> str:
    return " ".join(letter.text.split())


def lines(story: Story, body: str, when: str, *others: tuple[str, str], answers: Sent | None = None) -> Sent:
    """The office writes, and has its transcript; ``others`` are the other letters that follow, and nothing else."""
    story.mail("bm", body, when, answers=answers)
    return story.expect(("transcript", "bm"), *others)[0]


@prepared
def a_waiting_resolution(story: Story) -> None:
    """A line manager's RESOLVED with nothing to thread it by, from a system that proves nothing: message 1 waits."""
    at_stage_2(story)
    story.mail("oakes", "RESOLVED\nThey visit K by 11 September 2026.", "2026-09-09 10:00", authenticated=False)
    story.expect(("was_it_you", "oakes"))
    assert numbers(story) == [1]


@prepared
def a_waiting_escalation(story: Story) -> None:
    """A line manager's ESCALATE that names a dispute which is none: message 1 waits."""
    at_stage_2(story)
    story.mail("oakes", "ESCALATE\nThere is no agreement.", "2026-09-09 10:00", subject="[NS-26-0099]")
    story.expect(("question", "oakes"))
    assert numbers(story) == [1]


def transcript(story: Story, body: str, when: str, answers: Sent | None = None) -> Sent:
    """The office writes, and has its transcript, among whatever else follows."""
    story.mail("bm", body, when, answers=answers)
    return next(letter for letter in story.letters() if (letter.letter, letter.to) == ("transcript", "bm"))


def numbers(story: Story) -> list[int]:
    return [held.number for held in story.store.held(story.site.id)]


def second(story: Story, when: str) -> None:
    """Another dispute, about another child: NS-26-0002."""
    body = "Child: P.R.\nAgencies: Larkfield Primary School / Children's Social Care\nIssue: No visit.\nImpact: Tired."
    story.mail("hartwell", body, when, subject="[ESCALATION] Stage 1 - P.R.", to=["fenn"])
    story.expect(("opened", "hartwell"), ("opened", "fenn"))


def test_a_waiting_message_is_filed_into_a_dispute_and_counts_there_once_its_writer_says_it_is_theirs(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        story.mail("bm", "1 -> NS-26-0001", "2026-09-09 10:30")
        told, asked = story.expect(("transcript", "bm"), ("was_it_you", "oakes"))
        assert "Line 1: “1 -> NS-26-0001” Done. Message 1 is filed in NS-26-0001 and is read there now" in said(told)
        assert "Reply UNDO within two hours (by 12:30)" in said(told)
        assert told.subject == "What was done: 1 of 1 line"
        assert (story.dispute().state, numbers(story)) == ("open", [2])
        story.mail("oakes", "YES", "2026-09-09 10:40", answers=asked)
        story.expect(*PROPOSED)
        assert (story.dispute().state, story.held()) == ("proposed", [])


def test_a_strangers_word_counts_for_nothing_where_it_is_filed_and_does_not_wait_twice(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("somebody@elsewhere.example", "RESOLVED\nAll agreed.", "2026-09-09 10:00", subject="K.W.")
        story.expect()
        lines(story, "1 -> NS-26-0001", "2026-09-09 10:30")
        assert (story.dispute().state, story.held()) == ("open", [])
        assert isinstance(story.dispute().history[-1], MessageFiled)


def test_a_professional_who_is_no_party_is_filed_there_and_the_raising_side_is_asked_who_they_are(
    tmp_path: Path,
) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("reed", "RESOLVED\nAll agreed.", "2026-09-09 10:00", authenticated=False)
        story.expect(("was_it_you", "reed"))
        lines(story, "Message 1 to NS-26-1", "2026-09-09 10:30", ("question", "oakes"))
        assert (story.dispute().state, story.held()) == ("open", [])


def test_release_and_dismiss_settle_what_waits_each_by_its_number(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        story.mail("oakes", "ESCALATE", "2026-09-09 10:05", subject="RE: [NS-26-0001]", authenticated=False)
        story.expect(("was_it_you", "oakes"))
        told = lines(
            story,
            "- dismiss 1 because Mr Oakes sent it again\n- Release 2, thanks\n- release 7",
            "2026-09-09 10:30",
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
            *[("summary", who) for who in ("hartwell", "oakes", "peake", "bm")],
        )
        assert "Message 1 is kept and will not be read." in said(told)
        assert "Line 3: “- release 7” NOT DONE. Nothing is waiting under number 7." in said(told)
        assert (story.dispute().stage, numbers(story)) == ("3", [])


def test_one_bad_line_stops_no_other_and_is_said_back(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        told = lines(
            story,
            "CLOSE NS-26-0001 if both agree\nrelease one and two\n1 => NS-26-0009\n1 → ns-26-1\nThanks\n\nVera",
            "2026-09-09 10:30",
            ("was_it_you", "oakes"),
        )
        assert "Done: 1 of 4 lines. Please look at the rest." in said(told)
        assert "Line 1: “CLOSE NS-26-0001 if both agree” NOT DONE. It has a condition or a question in it." in said(
            told
        )
        assert "Line 2: “release one and two” NOT DONE. This was not understood, so nothing was done" in said(told)
        assert "Line 3: “1 => NS-26-0009” NOT DONE. There is no dispute NS-26-0009 in this mailbox." in said(told)
        assert "Line 4: “1 → ns-26-1” Done." in said(told)
        assert "- HOLD NS-26-0007 because (why): no automatic move at its limit" in said(told)
        assert (story.dispute().state, numbers(story)) == ("open", [2])


def test_an_answer_to_the_digest_begins_with_its_lines_as_any_email_does(tmp_path: Path) -> None:
    """What stands below a sentence may be somebody else's ("Dad wrote:")."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story, "2026-09-11 10:12")
        story.until("2026-09-14 08:00")
        digest = story.expect(("digest", "bm"))[0]
        told = lines(story, "Many thanks\nSTATUS NS-26-0001", "2026-09-14 08:30", ("status", "bm"), answers=digest)
        assert "UNDO within two hours" not in said(told), "a letter that went is all it was"
        story.mail("bm", "Please do this for me\nSTATUS NS-26-0001", "2026-09-14 08:40", answers=digest)
        assert [letter.letter for letter in story.letters()] == ["question"]


def test_the_office_closes_and_reopens_with_a_reason(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        lines(story, "CLOSE NS-26-0001", "2026-09-09 10:00")
        assert story.dispute().state == "open", "it is closed for a reason or not at all"
        everybody = [("closed", who) for who in (*BOTH, "bm")]
        told = lines(story, "CLOSE NS-26-0001 because both heads wrote that it is over", "2026-09-09 10:10", *everybody)
        assert "NS-26-0001 is closed. A letter about it goes to 4 other people." in said(told)
        assert story.dispute().outcome == "closed by the partnership's office"
        lines(
            story,
            "REOPEN NS-26-0001 because nobody visited",
            "2026-09-11 10:00",
            *[("reopened", who) for who in BOTH],
        )
        assert (story.dispute().state, story.dispute().stage) == ("open", "2")


def test_no_more_than_three_are_closed_within_an_hour(tmp_path: Path) -> None:
    """Whoever has got into one mailbox must not be able to end them all."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        for child in ("A.B.", "C.D.", "E.F.", "G.H."):
            body = f"Child: {child}\nAgencies: Larkfield Primary School / Children's Social Care\nIssue: No visit."
            story.mail("hartwell", body, subject=f"[ESCALATION] Stage 1 - {child}", to=["fenn"])
        story.letters()
        both = [("closed", "hartwell"), ("closed", "fenn")]
        body = "\n".join(f"CLOSE NS-26-000{n} because of a mistake" for n in (1, 2, 3, 4))
        told = lines(story, body, "2026-09-07 10:00", *both * 3)
        assert "Done: 3 of 4 lines." in said(told)
        assert "3 disputes have been closed from this address within the hour" in said(told)
        lines(story, "CLOSE NS-26-0004 because of a mistake", "2026-09-07 10:59")
        assert story.dispute("NS-26-0004").is_open
        lines(story, "CLOSE NS-26-0004 because of a mistake", "2026-09-07 11:01", *both)


@prepared
def held_over_its_limit(story: Story) -> None:
    """HOLD at stage 1, and its limit goes by on Tuesday at 17:00."""
    opened(story)
    told = lines(
        story,
        "HOLD NS-26-0001 because the head teacher is away until Thursday",
        "2026-09-07 11:00",
        ("move_held", "hartwell"),
        ("move_held", "fenn"),
    )
    assert "NS-26-0001 does not move by itself at its limit any more." in said(told)
    story.until("2026-09-08 09:00")
    reminder = story.expect(("reminder", "hartwell"), ("reminder", "fenn"))[0]
    assert "the NSSCP Business Manager turned that off at 11am on Monday 7 September 2026" in said(reminder)
    assert "“the head teacher is away until Thursday”" in said(reminder)
    assert "it goes to Stage 2" not in said(reminder)
    story.until("2026-09-08 17:00")
    passed = story.expect(*[("limit_passed", who) for who in (*BOTH, "bm")])
    assert "It stays at Stage 1; you say whether it goes to Stage 2" in said(passed[0])
    assert "ESCALATE" in passed[0].text
    assert story.dispute().stage == "1"


def test_held_over_its_limit_nothing_moves_and_all_are_told_and_go_on_moves_it(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        held_over_its_limit(story)
        story.until("2026-09-09 09:00")
        story.expect(("limit_passed", "hartwell"))
        told = lines(
            story,
            "GO ON NS-26-0001",
            "2026-09-09 10:00",
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )
        assert "The limit of NS-26-0001 has passed meanwhile, so it moves now" in said(told)
        assert (story.dispute().stage, story.limit()) == ("2", "Fri 11 Sep 17:00")


def test_a_move_let_on_says_so_to_those_it_reaches(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        held_over_its_limit(story)
        story.mail("bm", "GO ON NS-26-0001", "2026-09-08 18:00")
        moved = story.expect(
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("transcript", "bm"),
        )
        for letter in moved[:4]:
            assert "The NSSCP Business Manager has turned it on again, so it moves now." in said(letter)


def test_go_on_before_the_limit_lets_it_move_there(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("bm", "HOLD NS-26-0001 because a call is booked\nGO ON NS-26-0001", "2026-09-07 11:00")
        story.expect(("transcript", "bm"), *[(name, who) for name in ("move_held", "move_resumed") for who in BOTH[:2]])
        story.until("2026-09-08 17:00")
        story.expect(
            *[(name, who) for name in ("reminder", "summary") for who in BOTH[:2]],
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )


def test_a_hold_delays_nothing_that_a_person_asks_for(tmp_path: Path) -> None:
    """Neither the next stage nor a referral to the partnership; and it stays on at the next stage."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        held_over_its_limit(story)
        story.mail("hartwell", "ESCALATE", "2026-09-08 17:30", subject="[NS-26-0001]")
        story.expect(
            ("summary", "hartwell"), ("summary", "fenn"), ("stage_entered", "oakes"), ("stage_entered", "peake")
        )
        story.mail(
            "oakes",
            "REFER to the partnership\nThis cannot be settled below.",
            "2026-09-09 10:00",
            subject="[NS-26-0001]",
        )
        assert ("referred", "bm") in {(letter.letter, letter.to) for letter in story.letters()}
        assert story.dispute().stage == "4"


def test_linked_and_kept_apart_is_for_the_office_alone(tmp_path: Path) -> None:
    """Hazard G16: never joined, never told to anybody in either."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.expect(("opened", "hartwell"), ("opened", "fenn"))
        second(story, "2026-09-07 10:20")
        lines(story, "LINK NS-26-0001 NS-26-0002", "2026-09-07 11:00")
        assert [link.other for link in story.dispute().links] == ["NS-26-0002"]
        assert [link.other for link in story.dispute("NS-26-0002").links] == ["NS-26-0001"]
        again = lines(story, "link NS-26-0002 and NS-26-0001", "2026-09-07 11:10")
        assert "That is recorded already." in said(again)
        status = lines(story, "STATUS NS-26-0001?", "2026-09-07 11:20", ("status", "bm"))
        assert "recorded this" not in said(status)
        story.mail("hartwell", "STATUS", "2026-09-07 11:30", subject="[NS-26-0001]")
        assert "NS-26-0002" not in story.expect(("status", "hartwell"))[0].text
        lines(story, "KEEP APART NS-26-0001 NS-26-0002", "2026-09-07 11:40")
        story.mail("bm", "STATUS NS-26-0001", "2026-09-07 11:50")
        _, to_bm = story.expect(("transcript", "bm"), ("status", "bm"))
        assert "Kept apart from NS-26-0002. You recorded this; nobody in either dispute is told" in said(to_bm)


def test_redacted_words_are_initials_from_then_on_also_in_the_transcript(tmp_path: Path) -> None:
    """Words that no veil knows of itself to name anybody: the office's word alone hides them."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        told = lines(story, "REDACT NS-26-0001 Saltmarsh", "2026-09-07 11:00")
        assert "Line 1: “REDACT NS-26-0001 S.” Done." in said(told)
        assert "Saltmarsh" not in told.text + told.html
        story.mail(
            "hartwell",
            "ESCALATE\nWhat remains unresolved: who brings K home from the Saltmarsh flat.",
            "2026-09-07 12:00",
            subject="[NS-26-0001]",
        )
        sent = story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "peake"), ("summary", "hartwell"), ("summary", "fenn")
        )
        assert all("home from the S. flat" in said(letter) for letter in sent)
        assert not any("Saltmarsh" in letter.text + letter.html for letter in sent)
        assert "Saltmarsh" in str(story.dispute().fields), "the record keeps what was written"


def test_people_are_added_and_removed_by_the_rules_of_their_dispute(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        told = lines(
            story,
            "ADD NS-26-0001 Sidonie Vance, sidonie.vance@westmere-nhs.example, supporter\n"
            "ADD NS-26-0001 Tansy, tansy.w@freemail.example\n"
            "ADD NS-26-0001 Sidonie Vance, sidonie.vance@westmere-nhs.example, astronaut\n"
            "REMOVE NS-26-0001 tobias.fenn@seamoor.example",
            "2026-09-09 10:00",
            ("noted", "bm"),
            ("stage_told", "vance"),
        )
        assert "sidonie.vance@westmere-nhs.example, supporter” Done." in said(told)
        assert "Somebody is added with an email address at an agency the partnership knows." in said(told)
        assert "“astronaut” is no role of this procedure" in said(told)
        assert story.dispute().party("sidonie.vance@westmere-nhs.example") is not None
        assert story.dispute().party("tobias.fenn@seamoor.example") is None


def test_undo_puts_back_all_lines_and_tells_those_who_had_letters(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        told = lines(
            story,
            "CLOSE NS-26-0001 because it was withdrawn\nREDACT NS-26-0001 Kestrelwood",
            "2026-09-09 10:00",
            *[("closed", who) for who in (*BOTH, "bm")],
        )
        story.mail("bm", "UNDO", "2026-09-09 11:59", answers=told)
        back, *corrections = story.expect(("transcript", "bm"), *[("undone", who) for who in BOTH])
        assert "Line 1: Put back. Letters about it had gone to Imogen Hartwell, Tobias Fenn" in said(back)
        assert "Line 2: Put back." in said(back)
        assert "The NSSCP Business Manager has taken back the closing of this." in said(corrections[0])
        dispute = story.dispute()
        assert (dispute.state, dispute.redacted, story.limit()) == ("open", (), "Thu 10 Sep 17:00")
        again = lines(story, "UNDO", "2026-09-09 11:59", answers=told)
        assert "That has been put back already." in said(again)


def test_undo_of_one_line_leaves_the_others(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        told = lines(
            story,
            "HOLD NS-26-0001 because of a meeting\nREDACT NS-26-0001 Kestrelwood",
            "2026-09-09 10:00",
            *[("move_held", who) for who in BOTH],
        )
        lines(story, "UNDO 2", "2026-09-09 10:10", answers=told)
        assert story.dispute().redacted == ()
        assert story.dispute().move_held is not None
        wrong = lines(story, "UNDO 3", "2026-09-09 10:20", answers=told)
        assert "That email had 2 lines." in said(wrong)
        lines(story, "undo line 1", "2026-09-09 10:30", *[("undone", who) for who in BOTH], answers=told)
        assert (story.dispute().move_held, story.dispute().redacted) == (None, ())


def test_after_two_hours_an_undo_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        told = lines(story, "REDACT NS-26-0001 Kestrelwood", "2026-09-09 10:00")
        late = lines(story, "UNDO", "2026-09-09 12:01", ("trouble_told", "bm"), answers=told)
        assert "Nothing was changed by your email." in said(late)
        assert "More than two hours have passed, and people may have acted on it. Write the line that does" in said(
            late
        )
        assert story.dispute().redacted == ("Kestrelwood",)


def test_a_message_filed_in_the_wrong_dispute_waits_again_after_undo_and_can_be_filed_right(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_escalation(story)
        second(story, "2026-09-09 10:15")
        told = transcript(story, "1 -> NS-26-0001", "2026-09-09 10:30")
        assert story.dispute().stage == "3"
        back = transcript(story, "UNDO", "2026-09-09 10:40", answers=told)
        assert "Message 1 waits for you again. Put back." in said(back)
        assert "Its copy in the folder Disputes / NS-26-0001 stays there until it is moved." in said(back)
        assert (story.dispute().stage, numbers(story)) == ("2", [1])
        transcript(story, "1 -> NS-26-0001", "2026-09-09 10:50")
        assert (story.dispute().stage, numbers(story)) == ("3", [])


def test_what_others_have_built_on_is_not_undone(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_escalation(story)
        told = transcript(story, "1 -> NS-26-0001", "2026-09-09 10:30")
        story.mail("lyle", "REFER\nNo agreement.", "2026-09-09 10:40", subject="[NS-26-0001]")
        assert story.dispute().stage == "4"
        back = transcript(story, "UNDO", "2026-09-09 10:50", answers=told)
        assert "omething else has been recorded in NS-26-0001 since, and rests on it." in said(back)
        assert (story.dispute().stage, numbers(story)) == ("4", [])


def test_a_dismissed_message_waits_again_after_undo(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        told = lines(story, "DISMISS 1: sent twice", "2026-09-09 10:30")
        assert numbers(story) == []
        lines(story, "UNDO", "2026-09-09 10:40", answers=told)
        assert numbers(story) == [1]


def test_undo_without_a_transcript_is_told_what_to_answer(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        told = lines(story, "UNDO 2", "2026-09-09 10:00")
        assert "Reply UNDO to the letter that lists what was done" in said(told)


LINES = (
    "1 -> NS-26-0001\nRELEASE 1\nDISMISS 1 because spam\nHOLD NS-26-0001 because I say so\n"
    "CLOSE NS-26-0001 because I say so\nLINK NS-26-0001 NS-26-0002\nREDACT NS-26-0001 everything"
)


def test_the_same_lines_from_a_practitioner_do_nothing_and_wait_and_are_told(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        before = story.dispute()
        story.mail("peake", LINES, "2026-09-09 10:30")
        told = story.expect(("held_told", "bm"))[0]
        assert "it asks for what only the partnership's own office may do" in said(told)
        assert "It waits under number 2. You can answer this letter with one of these lines: - RELEASE 2" in said(told)
        story.mail("peake", LINES, "2026-09-09 10:40", subject="RE: [NS-26-0001] Stage 2")
        story.expect(("held_told", "bm"))
        assert (story.dispute(), numbers(story)) == (before, [1, 2, 3])


def test_a_raiser_still_withdraws_by_the_words_that_are_theirs(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes", "WITHDRAW NS-26-0001 because they have visited", "2026-09-09 10:00", subject="RE: [NS-26-0001]"
        )
        story.expect(*[("closed", who) for who in (*BOTH, "bm")])
        assert story.dispute().outcome == "withdrawn"


def test_the_same_lines_in_the_offices_name_prove_nothing_until_the_office_says_yes(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        a_waiting_resolution(story)
        before = story.dispute()
        disowned = ("Authentication-Results", f"{TRUSTED}; dmarc=fail header.from=nsscp.example")
        story.mail("bm", LINES, "2026-09-09 10:30", authenticated=False, headers=[disowned])
        story.expect(("held_told", "bm"))
        story.mail("bm", "HOLD NS-26-0001 because of a meeting", "2026-09-09 10:40", authenticated=False)
        asked = story.expect(("was_it_you", "bm"))[0]
        assert (story.dispute(), numbers(story)) == (before, [1, 2, 3])
        story.mail("bm", "YES", "2026-09-09 10:50", answers=asked)
        story.expect(("transcript", "bm"), *[("move_held", who) for who in BOTH])
        assert (story.dispute().move_held is not None, numbers(story)) == (True, [1, 2])


def test_the_same_email_delivered_twice_acts_once(tmp_path: Path) -> None:
    """Also when the second copy came another way, and its bytes differ."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        told = lines(
            story, "HOLD NS-26-0001 because of a meeting", "2026-09-09 10:00", *[("move_held", who) for who in BOTH]
        )
        copies = story.mailbox.filed[("Bot", "Answered")]
        raw = copies[-1].raw
        story.deliver(raw)
        story.deliver(b"Received: from relay.example by mx.nsscp.example; Wed, 9 Sep 2026 10:01:00 +0100\r\n" + raw)
        story.expect()
        assert sum(isinstance(past, AutomaticMoveHeld) for past in story.dispute().history) == 1
        assert told.subject == "What was done: 1 of 1 line"


def test_words_of_danger_come_first_whatever_the_lines_do(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("bm", "HOLD NS-26-0001 because the child is in immediate danger at home tonight", "2026-09-09 10:00")
        story.expect(("urgent", "bm"), ("transcript", "bm"), *[("move_held", who) for who in BOTH])


def test_the_office_in_a_disputes_own_thread_is_read_as_ever(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("bm", "HELP", "2026-09-09 10:00", subject="[NS-26-0001]")
        assert [letter.letter for letter in story.letters()] == ["status"]
        told = lines(story, "HELP", "2026-09-09 10:10")
        assert "- 2 -> NS-26-0031: files waiting message 2 in that dispute" in said(told)
