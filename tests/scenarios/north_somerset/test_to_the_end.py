"""The main job, from a practitioner's email to the end, under North Somerset's procedure."""

from pathlib import Path

from mailbot.shell.servers.postman_interface import Outcome
from tests.prepared import prepared
from tests.pressing import link
from tests.story import Story

RAISED = """\
Dear Tobias,

As we did not agree on the telephone I am putting this in writing and copying the escalation mailbox.

Child: K.W. (Year 3)
Agencies: Larkfield Primary School / Children's Social Care
Line manager: Desmond Oakes, head@larkfield.sch.example
Senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example
Your line manager: Rosalind Peake, rosalind.peake@seamoor.example
Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example
Issue: The assessment is being closed with no further action.
Impact on child: K is tired and hungry in class.
Outcome sought: The case stays open and a meeting is held by Friday 18 September 2026.

Imogen Hartwell
"""
EVERYBODY = ("hartwell", "fenn", "oakes", "peake")
OF_STAGE_2 = ("hartwell", "oakes", "peake")  # those to whom its end is told


@prepared
def raise_it(story: Story, when: str = "2026-09-07 10:12") -> None:
    story.mail("hartwell", RAISED, when, subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])


@prepared
def opened(story: Story, when: str = "2026-09-07 10:12") -> None:
    """Raised on a Monday morning, and its two letters seen."""
    raise_it(story, when)
    story.expect(("opened", "hartwell"), ("opened", "fenn"))


@prepared
def at_stage_2(story: Story) -> None:
    """A day of silence later: line managers, until Thursday."""
    opened(story)
    story.until("2026-09-08 17:00")
    story.expect(
        ("reminder", "hartwell"),
        ("reminder", "fenn"),
        ("summary", "hartwell"),
        ("summary", "fenn"),
        ("stage_entered", "oakes"),
        ("stage_entered", "peake"),
    )


def test_silence_takes_it_to_the_question_of_referral_and_the_partners_decide(tmp_path: Path) -> None:
    """NS-02 NS-04 NS-05 NS-06 NS-11 NS-12 NS-13 NS-16 NS-18 NS-19 NS-20 NS-22 NS-23 NS-24 NS-26 NS-30."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        letter = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        assert story.limit() == "Tue 08 Sep 17:00"
        assert letter.text.index("ring 999.") < letter.text.index("8 September")
        assert "at Stage 1 (1 working day)." in letter.text

        story.until("2026-09-08 09:00")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))
        story.until("2026-09-08 16:59")
        story.expect()

        story.until("2026-09-08 17:00")
        story.expect(
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "oakes"),
            ("stage_entered", "peake"),
        )
        assert story.limit() == "Thu 10 Sep 17:00"

        story.until("2026-09-10 09:00")
        story.expect(("reminder", "oakes"), ("reminder", "peake"))
        story.until("2026-09-10 17:00")
        story.expect(
            *[("summary", who) for who in OF_STAGE_2],
            ("summary", "bm"),
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
        )
        assert story.limit() == "Mon 14 Sep 17:00", "never past Day 5"

        story.until("2026-09-14 09:00")
        story.expect(("refer_question", "lyle"), ("reminder", "stroud"), ("digest", "bm"))
        story.until("2026-09-14 17:00")
        asked, stroud, bm = story.expect(("refer_question", "lyle"), ("limit_passed", "stroud"), ("limit_passed", "bm"))
        assert "For information, Winifred: nothing is asked of you; you may reply" in stroud.text
        assert "those it was with can reply RESOLVED" in " ".join(bm.text.split()), "an office cannot for a side"
        assert story.dispute().stage == "3", "a referral needs a person"

        story.mail("lyle", "ESCALATE\nWhat remains unresolved: whether K is a child in need.", answers=asked)
        referred = story.expect(
            ("referred", "bm"),
            ("referred", "dsps"),
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
            ("summary", "hartwell"),
            ("summary", "marlow"),
            ("summary", "kettle"),
        )
        to_bm, to_dsps, to_lyle, to_stroud = (" ".join(one.text.split()) for one in referred[:4])
        assert "Please check that this has reached the Delegated Safeguarding Partners." in to_bm
        assert "you are told" in to_bm
        assert "Your decision is final" in to_dsps
        for told in (to_lyle, to_stroud):
            assert "It is now for the Delegated Safeguarding Partners to decide" in told
            assert "Your turn" not in told
        assert story.limit() == "Thu 17 Sep 17:00", "three working days, by Day 8"

        story.mail(
            "dsps",
            "DECISION\nThe case stays open; a child in need meeting is held by 25 September 2026.",
            "2026-09-16 11:00",
            answers=referred[1],
        )
        closed = story.expect(
            *[("closed", who) for who in (*EVERYBODY, "lyle", "stroud", "bm", "dsps")],
        )
        assert story.dispute().outcome == "decided"
        assert "The case stays open; a child in need meeting is held by 25 September 2026." in closed[0].text
        assert "child's record" in closed[0].text
        story.until("2026-09-20 12:00")
        story.expect()


def test_two_practitioners_agree_by_email_and_nothing_further_needs_to_be_done(tmp_path: Path) -> None:
    """NS-06 NS-07 NS-10 NS-27."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.mail(
            "hartwell",
            "RESOLVED\nTobias visits K at home by 11 September 2026. We meet on 17 September 2026.",
            "2026-09-07 15:00",
            answers=to_hartwell,
        )
        (asked,) = story.expect(("proposed", "fenn"))
        assert "Tobias visits K at home" in asked.text
        assert "CONFIRM" in asked.text
        story.mail("fenn", "CONFIRM", "2026-09-07 15:30", answers=asked)
        story.expect(("closed", "hartwell"), ("closed", "fenn"), ("closed", "oakes"))
        dispute = story.dispute()
        assert (dispute.outcome, [a.by.isoformat() for a in dispute.actions if a.by]) == (
            "resolved",
            ["2026-09-11", "2026-09-17"],
        )
        story.until("2026-09-13 12:00")
        story.expect(("action_due", "fenn"))


def test_a_resolution_is_put_back_with_no_time_gained(tmp_path: Path) -> None:
    """NS-27 (A6.12)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes",
            "RESOLVED\nRosalind's team visits K by 11 September 2026.",
            "2026-09-09 10:00",
            subject="[NS-26-0001] call today",
        )
        asked = story.expect(("proposed", "peake"))[0]
        silence = "No answer is not a yes: it goes to Stage 3."
        assert silence in " ".join(asked.text.split())
        story.until("2026-09-10 11:00")
        (stands,) = story.expect(("proposed_told", "hartwell"))
        assert "Nothing closes until both sides have confirmed." in " ".join(stands.text.split())
        assert link(stands, "DISAGREE")[0].startswith("[NS-26-0001] RE: DISAGREE")
        story.mail("peake", "DISAGREE\nWe agreed to meet, not to visit.", "2026-09-10 11:30", answers=asked)
        (back,) = story.expect(("objected", "oakes"))
        assert "If it is not settled by then, it goes to Stage 3." in " ".join(back.text.split())
        assert story.limit() == "Thu 10 Sep 17:00"
        assert "Rosalind Peake" in back.text
        story.until("2026-09-10 17:00")
        story.expect(
            *[("summary", who) for who in OF_STAGE_2],
            ("summary", "bm"),
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
        )


def test_the_raiser_may_always_object_even_after_both_managers_agreed(tmp_path: Path) -> None:
    """NS-27; the junior practitioner is not overruled in silence (hazard G12)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes", "RESOLVED\nWe meet again on 21 September 2026.", "2026-09-09 10:00", subject="[NS-26-0001] call"
        )
        asked = story.expect(("proposed", "peake"))[0]
        story.mail("peake", "CONFIRM", "2026-09-09 11:00", answers=asked)
        closed = story.expect(*[("closed", who) for who in EVERYBODY], ("closed", "bm"))[0]
        story.mail("hartwell", "DISAGREE\nNobody has seen K.", "2026-09-09 12:00", answers=closed)
        story.expect(*[("reopened", who) for who in (*EVERYBODY, "bm")])
        assert (story.dispute().state, story.dispute().stage, story.limit()) == ("open", "2", "Fri 11 Sep 17:00")


def test_asap_is_not_a_date(tmp_path: Path) -> None:
    """NS-28: "Actual date not ASAP"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", "RESOLVED\nTobias will visit K ASAP.", "2026-09-07 12:00", subject="[NS-26-0001] agreed")
        (asked,) = story.expect(("question", "hartwell"))
        assert "actual date" in asked.text
        assert story.dispute().state == "open", "the other side is asked once, when the date is there"
        story.mail("hartwell", "RESOLVED\nTobias visits K by 10 September 2026.", "2026-09-07 13:00", answers=asked)
        story.expect(("proposed", "fenn"))
        proposal = story.dispute().proposal
        assert proposal is not None
        assert [a.by.isoformat() for a in proposal.actions if a.by] == ["2026-09-10"]


def test_people_talking_to_each_other_are_left_in_peace(tmp_path: Path) -> None:
    """NS-06: recorded and filed, answered by nobody."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell, to_fenn = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        for minute, (who, body) in enumerate(
            [
                ("fenn", "Noted, thanks. Will pick this up when I can."),
                ("hartwell", "Thanks Tobias. I am in class until two, then free."),
                ("fenn", "I will ring you at two."),
            ]
        ):
            story.mail(
                who,
                body,
                f"2026-09-07 11:{minute:02d}",
                to=["hartwell" if who == "fenn" else "fenn"],
                answers=to_fenn if who == "fenn" else to_hartwell,
            )
        story.expect()
        assert len(story.mailbox.messages(("Disputes", "NS-26-0001"))) == 4
        assert story.limit() == "Tue 08 Sep 17:00"


def test_escalate_moves_it_up_at_once(tmp_path: Path) -> None:
    """NS-11: "without delay"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_hartwell = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        story.mail(
            "hartwell",
            "Not resolved, escalating to Desmond Oakes please. They will not commit to a date.",
            "2026-09-07 14:00",
            to=["fenn"],
            answers=to_hartwell,
        )
        entered = story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "peake"), ("summary", "hartwell"), ("summary", "fenn")
        )[0]
        assert story.limit() == "Wed 09 Sep 17:00"
        assert "They will not commit to a date." in entered.text


def test_the_other_side_cannot_move_it_up_and_the_raiser_is_told_that_they_wished_to(tmp_path: Path) -> None:
    """NS-11 (D2: "receiving side: recorded as its view, raising manager asked")."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        to_fenn = story.expect(("opened", "hartwell"), ("opened", "fenn"))[1]
        story.mail("fenn", "ESCALATE", "2026-09-07 14:00", answers=to_fenn)
        refused, _ = story.expect(("refused", "fenn"), ("question", "hartwell"))
        told = " ".join(refused.text.split())
        assert "For information, Tobias; it is still your turn, by 5pm on Tuesday 8 September at the latest" in told
        assert "nothing for you to do" not in told
        assert story.dispute().stage == "1"


def test_a_handover_replaces_the_person_and_stops_no_clock(tmp_path: Path) -> None:
    """NS-03."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "peake",
            "I'm on leave from tomorrow until the 21st, please speak to Edmund Garth "
            "(edmund.garth@seamoor.example) who is covering the team.",
            "2026-09-09 09:10",
            subject="RE: [NS-26-0001] Stage 2",
        )
        story.expect(("handed_over", "garth"), ("handed_over", "peake"), ("handed_over", "oakes"))
        assert story.limit() == "Thu 10 Sep 17:00"
        story.until("2026-09-10 09:00")
        story.expect(("reminder", "oakes"), ("reminder", "garth"))


def test_danger_is_answered_at_once_and_with_nothing_else(tmp_path: Path) -> None:
    """NS-09."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "hartwell",
            "K hasn't come in today, no answer at the house, and mum said she can't go on. "
            "I'm really worried something has happened.",
            "2026-09-09 14:35",
            subject="RE: [NS-26-0001] Stage 2",
        )
        urgent = story.expect(
            ("urgent", "hartwell"), ("urgent_told", "oakes"), ("urgent_told", "peake"), ("urgent_told", "bm")
        )
        assert "999" in urgent[0].text
        told = " ".join(urgent[0].text.split())
        assert "this stays your responsibility until another working safety plan is in place" in told
        assert "10 September" not in urgent[0].text
        assert all("can't go on" not in letter.text for letter in urgent[1:])
        assert story.limit() == "Thu 10 Sep 17:00"


def test_a_bounced_escalation_is_told_at_once_to_those_who_can_mend_it(tmp_path: Path) -> None:
    """NS-11 NS-13: a clock does not run in silence over somebody who was never told."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.postman.script["head@larkfield.sch.example"] = [Outcome.REFUSED]
        story.until("2026-09-08 17:00")
        story.expect(
            ("reminder", "hartwell"),
            ("reminder", "fenn"),
            ("summary", "hartwell"),
            ("summary", "fenn"),
            ("stage_entered", "peake"),
            ("not_delivered", "hartwell"),
            ("not_delivered", "fenn"),
            ("not_delivered", "peake"),
            ("not_delivered", "bm"),
        )
        assert story.limit() == "Thu 10 Sep 17:00"


def test_missing_managers_are_asked_for_and_the_dispute_still_moves(tmp_path: Path) -> None:
    """NS-08: the names that must be exchanged at Stage 1."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail(
            "hartwell",
            "Child: K.W.\nAgencies: Larkfield Primary School / CSC\nIssue: case closed\nImpact: K is hungry",
            "2026-09-07 10:00",
            subject="Escalation stage 1",
            to=["fenn"],
        )
        first, second = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert "we still need the names and emails of your line manager and your senior manager" in first.text
        story.mail(
            "fenn", "My line manager: Rosalind Peake rosalind.peake@seamoor.example", "2026-09-07 11:00", answers=second
        )
        story.expect()
        story.until("2026-09-08 09:00")
        reminder = story.expect(("reminder", "hartwell"), ("reminder", "fenn"))[0]
        assert "line manager" in reminder.text
        story.until("2026-09-08 17:00")
        sent = story.expect(
            ("summary", "hartwell"),
            ("still_needed", "bm"),
            ("summary", "fenn"),
            ("stage_entered", "peake"),
        )
        asked = sent[0]
        assert asked.subject == "[NS-26-0001] Still needed by Thu 10 Sep 5pm", "one letter: the summary asks as well"
        text = " ".join(asked.text.split())
        assert "Please send what is still needed." in text
        assert "Imogen, we still need the names and emails of your line manager and your senior manager." in text
        assert "This is its summary: please put it on the child's record." in text
        assert "If nothing is recorded by then, it goes to Stage 3." in text
