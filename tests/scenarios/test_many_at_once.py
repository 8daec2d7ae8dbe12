"""Several agencies, siblings, people who leave, holidays, late answers: each from a published sentence, and in none."""

from dataclasses import replace
from pathlib import Path

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, HELP, NHS, POLICE, SCHOOL
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.gloucestershire.test_gloucestershire import at_stage_4
from tests.scenarios.north_somerset.test_several_agencies import raise_with_both
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.scenarios.wolverhampton import test_stages as wo
from tests.story import Sent, Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether K is seen at home."
AGREED = "RESOLVED\nTobias visits K by 18 September 2026.\nOutstanding issues: none."
REED = "Octavian Reed, octavian.reed@westmere-nhs.example"
BY_SOCIAL_CARE = """\
Dear Imogen and Octavian,

Child: K.W. (Year 3)
Agencies: Children's Social Care / Larkfield Primary School / Westmere NHS Trust
Line manager: Rosalind Peake, rosalind.peake@seamoor.example
Senior manager: Winifred Stroud, winifred.stroud@seamoor.example
Your line manager: Desmond Oakes, head@larkfield.sch.example
Your line manager: Sidonie Vance, sidonie.vance@westmere-nhs.example
Issue: Neither came to the core group, and nobody sent a report.
Impact on child: the plan for K. cannot be reviewed.
Outcome sought: Both reports by Friday 18 September 2026.

Tobias Fenn
"""


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def say(story: Story, who: str, words: str, when: str, ref: str = "") -> list[Sent]:
    story.mail(who, words, when, subject=f"[{ref or story.first}] K.W.")
    return story.letters()


def whom(letters: list[Sent], *names: str) -> set[str]:
    return {one.to for one in letters if not names or one.letter in names}


def told(letters: list[Sent], who: str) -> str:
    return " ".join(flat(one) for one in letters if one.to == who)


def test_social_care_raises_with_a_school_and_a_trust_and_each_managers_line_is_its_own(tmp_path: Path) -> None:
    """NS-01 "agency to agency": whoever raises, each of those asked has its letter, its manager, and its word."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("fenn", BY_SOCIAL_CARE, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["hartwell", "reed"])
        assert whom(story.letters(), "opened") == {"fenn", "hartwell", "reed"}
        assert (story.dispute().raising, story.dispute().receiving) == (CSC, (SCHOOL, NHS))
        sent = say(story, "fenn", UNRESOLVED, "2026-09-07 12:00")
        assert whom(sent, "stage_entered") == {"peake", "oakes", "vance"}
        say(story, "oakes", AGREED, "2026-09-08 10:00")
        say(story, "peake", "CONFIRM", "2026-09-08 11:00")
        assert story.dispute().state == "proposed"
        say(story, "vance", "CONFIRM", "2026-09-08 12:00")
        assert story.dispute().state == "closed"


def test_siblings_with_a_matter_each_are_two_disputes_and_an_answer_moves_one(tmp_path: Path) -> None:
    """NS-32 "the impact on the child": two children in one email, each with its own issue, do not move together."""
    body = RAISED.replace(
        "Outcome sought: The case stays open and a meeting is held by Friday 18 September 2026.\n",
        "\nChild: L.W. (Year 1)\nAgencies: Larkfield Primary School / Children's Social Care\n"
        "Issue: Nobody has seen L. since June.\nImpact on child: L. does not speak in class.\n",
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W. and L.W.", to=["fenn"])
        story.letters()
        assert {story.dispute().child, story.dispute("NS-26-0002").child} == {"K.W.", "L.W."}
        say(story, "hartwell", UNRESOLVED, "2026-09-07 12:00")
        assert (story.dispute().stage, story.dispute("NS-26-0002").stage) == ("2", "1")


def test_the_worker_who_was_asked_has_left_and_nothing_waits_for_them(tmp_path: Path) -> None:
    """NS-03: an automatic reply that they have left: their agency's manager or the raiser is told, and it goes on."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        first = next(one for one in _opened(story) if one.to == "fenn")
        story.mail(
            "fenn",
            "I have left Seamoor Council. Please contact the duty team.",
            "2026-09-07 10:20",
            subject=f"Automatic reply: {first.subject}",
            answers=first,
            headers=[("Auto-Submitted", "auto-replied")],
        )
        sent = story.letters()
        assert "hartwell" in whom(sent)
        assert "has left" in told(sent, "hartwell")
        story.until("2026-09-08 17:00")
        assert story.dispute().stage == "2"
        assert "peake" in whom(story.letters(), "stage_entered")


def _opened(story: Story) -> list[Sent]:
    story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
    return story.letters()


def test_both_sides_want_it_moved_up_and_it_moves_once(tmp_path: Path) -> None:
    """NS-11 "without delay": the challenged side's word is its view; the raiser's moves it; the next word is of 2."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        sent = say(story, "fenn", "ESCALATE\nWhat remains unresolved: the threshold.", "2026-09-07 12:00")
        assert story.dispute().stage == "1"
        assert {"hartwell", "fenn"} >= whom(sent) >= {"hartwell"}
        say(story, "hartwell", UNRESOLVED, "2026-09-07 12:30")
        assert story.dispute().stage == "2"
        say(story, "fenn", "ESCALATE\nWhat remains unresolved: the threshold.", "2026-09-07 12:31")
        assert story.dispute().stage == "2"


def test_a_late_yes_of_the_second_agency_closes_what_the_limit_had_moved(tmp_path: Path) -> None:
    """NS-07, H3: the practitioners' agreement stands over the move; whoever was asked may still say yes."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.letters()
        say(story, "hartwell", AGREED, "2026-09-07 14:00")
        say(story, "fenn", "CONFIRM", "2026-09-07 15:00")
        story.until("2026-09-10 18:00")
        story.letters()
        assert story.dispute().stage == "2"
        say(story, "reed", "CONFIRM", "2026-09-11 09:30")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_new_terms_of_one_agency_are_put_to_all_the_others_again(tmp_path: Path) -> None:
    """NS-27: what two had agreed is not what the third proposes; each of the others is asked anew."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_with_both(story)
        story.letters()
        say(story, "hartwell", AGREED, "2026-09-07 14:00")
        say(story, "fenn", "CONFIRM", "2026-09-07 14:30")
        say(story, "reed", "DISAGREE\nI have no visit that week.", "2026-09-07 15:00")
        sent = say(story, "reed", "RESOLVED\nOctavian visits K by 25 September 2026.", "2026-09-07 15:30")
        assert whom(sent, "proposed") == {"hartwell", "fenn"}
        say(story, "hartwell", "CONFIRM", "2026-09-07 16:00")
        assert story.dispute().state == "proposed"
        say(story, "fenn", "CONFIRM", "2026-09-07 16:10")
        assert story.dispute().state == "closed"


def test_an_agency_that_came_at_the_third_stage_is_told_of_the_referral_and_its_end(tmp_path: Path) -> None:
    """NS-23, NS-26 "binding for all organisations involved": also for the one that came last."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        words = f"ADD {REED} as practitioner"
        say(story, "lyle", words, "2026-09-08 12:00")
        assert story.dispute().receiving == (CSC, NHS)
        say(story, "lyle", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-09 10:00")
        sent = say(story, "dsps", "DECISION\nTobias and Octavian visit K by 16 September 2026.", "2026-09-10 15:00")
        assert story.dispute().state == "closed"
        assert {"hartwell", "fenn", "reed"} <= whom(sent, "closed")


def test_what_is_withdrawn_is_told_to_an_agency_that_came_later(tmp_path: Path) -> None:
    """NS-15 "communicated to all parties in writing"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", f"ADD {REED} as practitioner", "2026-09-07 11:00")
        sent = say(story, "hartwell", "WITHDRAW\nIt was settled in the core group.", "2026-09-07 12:00")
        assert story.dispute().outcome == "withdrawn"
        assert {"fenn", "reed"} <= whom(sent, "closed")


def test_whoever_took_over_from_the_raiser_says_whether_it_is_settled(tmp_path: Path) -> None:
    """NS-03 "handed over to an appropriate colleague": whoever has it answers, and is asked."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example", "2026-09-07 12:00")
        sent = say(story, "fenn", AGREED, "2026-09-07 14:00")
        assert whom(sent, "proposed") == {"marlow"}
        say(story, "marlow", "CONFIRM", "2026-09-07 15:00")
        assert story.dispute().state == "closed"


def test_the_agency_that_was_asked_raises_its_own_after_the_first_is_over(tmp_path: Path) -> None:
    """NS-01: in the old thread, the other way round: a new dispute, and the first stays as it ended."""
    counter = (
        "Child: K.W. (Year 3)\nAgencies: Children's Social Care / Larkfield Primary School\n"
        "Issue: The school cancelled the visit that was agreed.\nImpact on child: K was not seen.\n"
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", AGREED, "2026-09-07 12:00")
        closed = next(one for one in say(story, "fenn", "CONFIRM", "2026-09-07 13:00") if one.to == "fenn")
        story.mail("fenn", counter, "2026-09-21 10:00", answers=closed, to=["hartwell"])
        story.letters()
        assert story.dispute().state == "closed"
        assert (story.dispute("NS-26-0002").raising, story.dispute("NS-26-0002").stage) == (CSC, "1")


def test_everybody_whom_the_email_is_to_at_one_agency_has_it(tmp_path: Path) -> None:
    """NS-04 "the other practitioner(s) involved": two workers of one agency in To are both in it."""
    directory = replace(
        DIRECTORY,
        officers=(*DIRECTORY.officers, Officer(Person("una.pell@seamoor.example", "Una Pell", CSC, "Social Worker"))),
    )
    with Story(tmp_path, "2026-09-07 09:30", directory=directory, people={"pell": "una.pell@seamoor.example"}) as story:
        story.mail("hartwell", RAISED, "2026-09-07 10:12", subject="[ESCALATION] K.W.", to=["fenn", "pell"])
        assert {"fenn", "pell"} <= whom(story.letters(), "opened")


def test_a_decision_that_binds_is_not_opened_again_by_either_side(tmp_path: Path) -> None:
    """NS-26 "final and binding for all organisations involved": whoever asks hears why, and what is left to them."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        say(story, "lyle", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-09 10:00")
        say(story, "dsps", "DECISION\nTobias visits K by 16 September 2026.", "2026-09-10 15:00")
        sent = say(story, "hartwell", "REOPEN\nNobody has come.", "2026-09-17 10:00")
        assert story.dispute().state == "closed"
        assert "binding" in told(sent, "hartwell")


# The other four


def test_plymouths_third_agency_silent_at_the_managers_stage_holds_nobody_back(tmp_path: Path) -> None:
    """PL-11 "within 5 working days of reaching that stage": after them the raising side moves it on, past the silent
    one, and the next stage is told at each agency."""
    third = "Agencies: Larkfield Primary School / Children's Social Care / Westmere NHS Trust"
    body = plymouth.RAISED.replace("Agencies: Larkfield Primary School / Children's Social Care", third)
    body = body.replace("Issue:", "Your manager: Sidonie Vance, sidonie.vance@westmere-nhs.example\nIssue:", 1)
    with plymouth.plymouth(tmp_path) as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn", "reed"])
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        story.until("2026-09-15 18:00")
        asked = story.letters()
        assert {"oakes"} <= whom(asked)
        sent = say(story, "oakes", UNRESOLVED, "2026-09-16 10:00")
        assert story.dispute().stage == "4"
        assert {"lyle", "stroud"} <= whom(sent, "stage_entered")
        assert any(NHS in flat(one) for one in sent if one.letter == "still_needed" or one.to in ("bu", "vance"))


def test_in_gloucestershire_an_agency_that_comes_late_may_shorten_the_time_for_the_child(tmp_path: Path) -> None:
    """GL-31 "a timescale that protects the child": either side may say it; so may the agency that came last."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        say(story, "hartwell", f"ADD {REED} as worker", "2026-09-07 11:00")
        assert story.dispute().receiving == (CSC, NHS)
        say(story, "reed", "NEEDED BY 9 September 2026: the clinic is on the tenth", "2026-09-07 12:00")
        assert story.limit() == "Wed 09 Sep 17:00"


def test_gloucestershire_opens_again_after_the_partnerships_resolution(tmp_path: Path) -> None:
    """GL-12 "until they are satisfied": the text calls no resolution final; the raiser opens it again."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        at_stage_4(story)
        say(story, "lyle", AGREED, "2026-09-11 10:00")
        say(story, "stroud", "CONFIRM", "2026-09-11 11:00")
        assert story.dispute().state == "closed"
        say(story, "hartwell", "REOPEN\nThe case was closed again.", "2026-09-14 10:00")
        assert story.dispute().state == "open"


def test_sunderlands_social_care_raises_it_and_no_partner_decides_its_own(tmp_path: Path) -> None:
    """SU-10: a partner that raises it is a party as much as one that is asked: the Scrutineer has it at step 4."""
    body = (
        "Child: K.W.\nAgencies: Children's Social Care / Early Help\n"
        "Line manager: Rosalind Peake, rosalind.peake@seamoor.example\n"
        "Senior manager: Winifred Stroud, winifred.stroud@seamoor.example\n"
        "Your line manager: Hester Arden, hester.arden@seamoor.example\n"
        "Your senior manager: Jasper Quill, jasper.quill@seamoor.example\n"
        "Issue: Early Help is closing the plan.\nImpact on child: K is alone after school.\n"
        "Outcome sought: The plan stays open.\n\nTobias Fenn\n"
    )
    people = sunderland.PEOPLE
    with Story(tmp_path, "2026-09-07 09:30", "sunderland", sunderland.OURS, people=people) as story:
        story.mail("fenn", body, "2026-09-07 10:00", subject="Dispute - K.W.", to=["dunmore"])
        story.letters()
        assert (story.dispute().raising, story.dispute().receiving) == (CSC, HELP)
        for day, who in enumerate(("fenn", "peake", "stroud"), start=8):
            sent = say(story, who, UNRESOLVED, f"2026-09-{day:02} 10:00")
        assert story.dispute().stage == "4"
        assert "scrutineer" in whom(sent)
        say(story, "partners", "DECISION\nThe plan closes.", "2026-09-11 10:00")
        assert story.dispute().state == "open"


def test_sunderlands_not_justified_is_told_to_each_agency_that_was_asked(tmp_path: Path) -> None:
    """SU-05 "review the concern to ensure it is justified": ended by the raising manager; two agencies had it."""
    body = sunderland.RAISED.replace("/ Early Help", "/ Early Help / Westmere NHS Trust")
    people = sunderland.PEOPLE
    with Story(tmp_path, "2026-09-07 09:30", "sunderland", sunderland.OURS, people=people) as story:
        story.mail("hartwell", body, "2026-09-07 10:00", subject="Dispute - K.W.", to=["dunmore", "reed"])
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        sent = say(story, "oakes", "NOT JUSTIFIED\nThe plan ends because its aims were met.", "2026-09-09 10:00")
        assert story.dispute().state == "closed"
        assert {"hartwell", "dunmore", "reed"} <= whom(sent, "closed")


def test_wolverhampton_over_christmas_counts_no_closed_day_and_prints_whom_to_ring(tmp_path: Path) -> None:
    """WO-03, G1: raised on Christmas Eve: the three days pass over the closed ones, and the letter names the hub."""
    body = wolverhampton.RAISED.replace("4 September 2026", "23 December 2026")
    with wo.wolverhampton(tmp_path, "2026-12-24 09:00") as story:
        story.mail("hartwell", body, "2026-12-24 12:00", subject="Escalation - K.W.", to=["fenn"])
        sent = story.letters()
        assert story.limit().startswith("Thu 31 Dec")
        assert all("01902 555392" in flat(one) for one in sent)
        assert any("Fri 25 Dec" in flat(one) for one in sent)


def test_wolverhamptons_third_agency_has_its_representative_at_the_fourth_stage(tmp_path: Path) -> None:
    """WO-12 "write to their equivalent … and meet": each agency's representative, or it is asked for."""
    three = "Larkfield Primary School / CSC / Seamoor Police"
    body = wolverhampton.RAISED.replace("Larkfield Primary School / CSC", three)
    with wo.wolverhampton(tmp_path) as story:
        story.mail("hartwell", body, "2026-09-07 10:00", subject="Escalation - K.W.", to=["fenn", "brook"])
        story.letters()
        assert story.dispute().receiving == (CSC, POLICE)
        for day, who in enumerate(("hartwell", "oakes", "lyle"), start=8):
            sent = say(story, who, UNRESOLVED, f"2026-09-{day:02} 10:00")
        assert story.dispute().stage == "4"
        assert {"garland", "penrose"} <= whom(sent)
        assert any(POLICE in flat(one) for one in sent if one.to in ("bm", "garland", "brook"))
