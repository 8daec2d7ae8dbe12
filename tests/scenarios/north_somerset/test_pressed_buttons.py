"""A mail that a button began has no In-Reply-To: its token says which letter it answers, and gives nobody a say."""

from collections.abc import Callable
from pathlib import Path

from mailbot.core.partnership.directory import Directory, Officer
from mailbot.core.record.events_of_mail import QuestionAsked
from mailbot.core.record.intents import Person
from tests.people import AGENCIES, OFFICERS, SCHOOL
from tests.prepared import prepared
from tests.pressing import link, press
from tests.scenarios.north_somerset.test_to_the_end import EVERYBODY, OF_STAGE_2, at_stage_2, opened, raise_it
from tests.story import Sent, Story

UNRESOLVED = "whether K is a child in need."


@prepared
def _line_managers(story: Story) -> dict[str, Sent]:
    opened(story)
    story.until("2026-09-08 17:00")
    sent = story.expect(
        ("reminder", "hartwell"),
        ("reminder", "fenn"),
        ("summary", "hartwell"),
        ("summary", "fenn"),
        ("stage_entered", "oakes"),
        ("stage_entered", "peake"),
    )
    return {f"{one.letter} {one.to}": one for one in sent}


def _question(story: Story, to: str) -> Sent:
    return story.expect(("question", to))[0]


def test_a_subject_ends_with_the_token_and_the_words_for_those_who_type_do_not(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        sent = _line_managers(story)["stage_entered oakes"]
        subject, body = link(sent, "ESCALATE")
        before, _, after = subject.partition(" (ref ")
        assert before == "[NS-26-0001] RE: ESCALATE"
        assert len(after) == len("k7x2-m3qa-d5vh-w2te)")
        assert body == "ESCALATE\r\nWhat remains unresolved: "
        assert "(ref" not in sent.text
        assert after not in sent.subject


def test_its_reader_presses_it_at_its_stage_and_it_is_done(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        press(story, letters["stage_entered oakes"], "RESOLVED", "a visit by 11 September 2026.", "2026-09-09 10:00")
        told = story.expect(("proposed", "peake"))
        press(story, told[0], "CONFIRM", when="2026-09-09 11:00")
        story.expect(*[("closed", who) for who in EVERYBODY], ("closed", "bm"))
        assert story.dispute().outcome == "resolved"


def test_it_binds_where_the_reference_was_lost_from_the_subject(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        subject, _ = link(letters["stage_entered oakes"], "ESCALATE")
        kept = subject.replace("[NS-26-0001] RE: ", "RE: ")
        story.mail("oakes", f"ESCALATE\nWhat remains unresolved: {UNRESOLVED}", "2026-09-09 10:00", subject=kept)
        assert story.dispute().stage == "3"
        story.letters()


def test_pressed_twice_it_is_one_act(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        for when in ("2026-09-09 10:00", "2026-09-09 10:01"):
            press(story, letters["stage_entered oakes"], "RESOLVED", "a visit by 11 September 2026.", when)
        told = story.expect(("proposed", "peake"))
        for when in ("2026-09-09 11:00", "2026-09-09 11:01"):
            press(story, told[0], "CONFIRM", when=when)
        story.expect(*[("closed", who) for who in EVERYBODY], ("closed", "bm"))
        filed = [type(event).__name__ for event in story.dispute().history]
        assert (filed.count("ResolutionProposed"), filed.count("DisputeClosed"), filed.count("MessageFiled")) == (
            1,
            1,
            5,
        )


def test_pressed_twice_it_does_not_carry_its_sender_past_the_next_stage(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        press(story, letters["stage_entered oakes"], "ESCALATE", UNRESOLVED, "2026-09-09 10:00")
        story.expect(
            *[("summary", who) for who in OF_STAGE_2],
            ("summary", "bm"),
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
        )
        press(story, letters["stage_entered oakes"], "ESCALATE", UNRESOLVED, "2026-09-09 10:02")
        assert story.dispute().stage == "3"


def test_said_again_in_other_words_it_is_a_new_act(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        for on in ("11", "14"):
            press(
                story,
                letters["stage_entered oakes"],
                "RESOLVED",
                f"a visit by {on} September 2026.",
                f"2026-09-09 {on}:00",
            )
        story.expect(("proposed", "peake"), ("proposed", "peake"))
        proposal = story.dispute().proposal
        assert proposal is not None
        assert [f"{action.by}" for action in proposal.actions] == ["2026-09-14"]


def test_a_button_of_an_earlier_stage_changes_nothing_and_its_sender_is_asked(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.until("2026-09-08 17:00")
        story.letters()
        press(story, to_hartwell, "ESCALATE", UNRESOLVED, "2026-09-09 10:00")
        asked = _question(story, "hartwell")
        assert story.dispute().stage == "2"
        assert story.limit() == "Thu 10 Sep 17:00"
        assert "from before this moved on" in asked.text
        assert "NS-26-0001 is now at Stage 2 (Line manager to line manager)." in asked.text
        assert asked.text.index("ring 999.") < asked.text.index("from before this moved on")
        # The question's own button is of the present stage, and what it asks is done.
        press(story, asked, "RESOLVED", "a visit by 11 September 2026.", "2026-09-09 11:00")
        story.expect(("proposed", "peake"))


def test_a_button_of_an_earlier_stage_that_only_asks_how_things_stand_is_answered(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail("oakes", "Yes and no, I think that we have not agreed?", "2026-09-09 10:00", subject="[NS-26-0001]")
        asked = [one for one in story.letters() if one.letter == "question"]
        story.until("2026-09-10 17:00")
        story.letters()
        assert asked
        subject, _ = link(asked[0], "ESCALATE")
        story.mail("oakes", "STATUS", "2026-09-11 09:30", subject=subject)
        story.expect(("status", "oakes"))


def test_danger_told_by_an_old_button_is_danger(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.until("2026-09-08 17:00")
        story.letters()
        danger = "K says she is afraid to go home tonight; she is at immediate risk of harm."
        press(story, to_hartwell, "ESCALATE", danger, "2026-09-09 10:00")
        told = {(one.letter, one.to) for one in story.letters()}
        assert {("urgent", "hartwell"), ("urgent_told", "bm")} <= told
        assert story.dispute().stage == "2"


def test_a_button_made_out_to_somebody_else_in_it_is_filed_and_they_are_asked(tmp_path: Path) -> None:
    """Peake passes the letter that asks her to confirm to Fenn, who is in the dispute too, and Fenn presses it."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        press(story, letters["stage_entered oakes"], "RESOLVED", "a visit by 11 September 2026.", "2026-09-09 10:00")
        told = story.expect(("proposed", "peake"))
        press(story, told[0], "DISAGREE", "no visit was agreed.", "2026-09-09 11:00", by="fenn")
        asked = _question(story, "fenn")
        assert story.dispute().proposal is not None
        assert "for the person the letter went to" in asked.text
        story.mail("fenn", "DISAGREE\nNo visit was agreed.", "2026-09-09 11:30", answers=asked)
        story.expect(("objected", "oakes"), ("objected", "peake"))


def test_a_colleague_who_replies_to_a_pressed_buttons_mail_answers_in_their_own_name(tmp_path: Path) -> None:
    """Oakes copies Peake in; her "RE:" carries his token in its subject, and answers his mail, which is known."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        subject, body = link(letters["stage_entered oakes"], "RESOLVED")
        his = story.mail(
            "oakes", f"{body}a visit by 11 September 2026.", "2026-09-09 10:00", subject=subject, to=["peake"]
        )
        story.letters()
        story.mail(
            "peake",
            "CONFIRM",
            "2026-09-09 11:00",
            subject=f"RE: {subject}",
            to=["oakes"],
            headers=[("In-Reply-To", his), ("References", his)],
        )
        story.expect(*[("closed", who) for who in EVERYBODY], ("closed", "bm"))


def _retyped(subject: str) -> list[str]:
    before, _, token = subject.partition(" (ref ")
    token = token.rstrip(")")
    return [
        f"{before} (REF {token.upper()})",
        f"{before} (ref: {token.replace('-', ' ')})",
        f"{before}  ( ref {token.replace('-', '')} )",
    ]


def test_a_token_rewritten_in_capitals_or_without_its_dashes_is_still_one(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.until("2026-09-08 17:00")
        story.letters()
        for n, subject in enumerate(_retyped(link(to_hartwell, "ESCALATE")[0])):
            story.mail(
                "hartwell", f"ESCALATE\nWhat remains unresolved: {UNRESOLVED}", f"2026-09-09 10:0{n}", subject=subject
            )
            assert "from before this moved on" in _question(story, "hartwell").text


def _spoilt(change: Callable[[str], str], tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        subject, body = link(letters["stage_entered oakes"], "ESCALATE")
        story.mail("oakes", body + UNRESOLVED, "2026-09-09 10:00", subject=change(subject))
        assert story.dispute().stage == "3"
        story.letters()


def test_a_garbled_token_is_as_if_there_were_none(tmp_path: Path) -> None:
    """The reference in the subject binds its sender, who is a party, as it does for whoever types."""
    spoilt: list[Callable[[str], str]] = [
        lambda s: s.replace("(ref ", "(ref aaaa-"),
        lambda s: s[:-6] + ")",
        lambda s: s[:-3],
        lambda s: s + s,
        lambda s: s[:-6] + "aaaa)",
    ]
    for n, change in enumerate(spoilt):
        (tmp_path / str(n)).mkdir()
        _spoilt(change, tmp_path / str(n))


def test_a_token_of_one_dispute_under_the_reference_of_another_is_asked_about(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = _line_managers(story)
        second = (
            "Child: B.T.\nIssue: the plan\nImpact: B waits\nLine manager: Desmond Oakes, head@larkfield.sch.example"
        )
        story.mail("hartwell", second, "2026-09-09 09:30", subject="[ESCALATION] Stage 1 - B.T.", to=["fenn"])
        story.letters()
        subject, body = link(letters["stage_entered oakes"], "ESCALATE")
        other = subject.replace("NS-26-0001", "NS-26-0002")
        story.mail("oakes", body + UNRESOLVED, "2026-09-09 10:00", subject=other)
        assert story.dispute().stage == "2"
        assert story.dispute("NS-26-0002").stage == "1"
        assert story.held() == ["it answers a letter of one dispute and names another in its subject"]
        assert [(one.to, "I could not tell" in one.text) for one in _plain_letters(story)] == [("oakes", True)]


def _plain_letters(story: Story) -> list[Sent]:
    """Letters of no dispute: their names are not in any dispute's outbox."""
    return story.letters()


STAFF = tuple(f"colleague.{n}@larkfield.sch.example" for n in range(25))
OTHERS = (
    *STAFF[:20],
    *(f"clerk.{n}@seamoor.example" for n in range(20)),
    *(f"somebody.{n}@freemail.example" for n in range(9)),
    "dsps@nsscp.example",
)


def test_fifty_others_press_a_managers_button_and_nothing_is_done(tmp_path: Path) -> None:
    """S5: colleagues of both agencies, strangers, and the partners; proven to be who they say, and not the manager."""
    known = Directory(
        AGENCIES,
        (*OFFICERS, *(Officer(_clerk(one)) for one in STAFF[:2])),
        frozenset(d for agency in AGENCIES for d in agency.domains),
    )
    with Story(tmp_path, "2026-09-07 09:30", directory=known) as story:
        letters = _line_managers(story)
        subject, body = link(letters["stage_entered oakes"], "ESCALATE")
        before = story.dispute()
        assert len(set(OTHERS)) == 50
        for other in OTHERS:
            story.mail(other, body + UNRESOLVED, subject=subject)
        after = story.dispute()
        assert (after.stage, after.state, after.parties) == (before.stage, before.state, before.parties)
        assert (after.fields, after.proposal, story.limit()) == (before.fields, before.proposal, "Thu 10 Sep 17:00")
        new = after.history[len(before.history) :]
        assert {type(event).__name__ for event in new} <= {"MessageFiled", "QuestionAsked"}
        # The partners have not been told of it yet, so they are nobody in it: the raising side is asked who they are.
        asked = [(event.of.address, event.topic) for event in new if isinstance(event, QuestionAsked)]
        assert asked == [("head@larkfield.sch.example", "stranger")]
        written_to = {one.to for one in story.letters()}
        assert written_to & {other for other in OTHERS if "freemail" in other} == set()
        assert written_to & {"dsps", "dsps@nsscp.example"} == set()


def _clerk(address: str) -> Person:
    return Person(address, "A Colleague", SCHOOL)
