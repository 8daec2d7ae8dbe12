"""Situations that nobody scripted, each written from a published sentence before anybody looked what would happen."""

from dataclasses import replace
from pathlib import Path

from mailbot.core.partnership.directory import Officer
from mailbot.core.record.intents import Person
from tests.people import CSC, DIRECTORY, NHS, POLICE
from tests.scenarios.gloucestershire import telling as gloucestershire
from tests.scenarios.gloucestershire.test_gloucestershire import add_to_the_panel, at_stage_4
from tests.scenarios.north_somerset.test_several_agencies import THREE
from tests.scenarios.north_somerset.test_to_the_end import RAISED, opened
from tests.scenarios.plymouth import telling as plymouth
from tests.scenarios.sunderland import people as sunderland
from tests.scenarios.wolverhampton import people as wolverhampton
from tests.scenarios.wolverhampton import test_stages as wo
from tests.story import Sent, Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether K is seen at home."
REVIEWING = "Independent Reviewing Officer: Araminta Dell, araminta.dell@seamoor.example"
AGREED = "RESOLVED\nTobias visits K by 18 September 2026.\nOutstanding issues: none."


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def say(story: Story, who: str, words: str, when: str) -> list[Sent]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return story.letters()


def whom(letters: list[Sent], *names: str) -> set[str]:
    return {one.to for one in letters if not names or one.letter in names}


def people_of(story: Story, role: str) -> set[str]:
    return {p.person.name for p in story.dispute().parties if p.role == role}


# Who it is


def test_the_office_adds_a_line_manager_and_their_agency_tells_whose(tmp_path: Path) -> None:
    """NS-12: "each practitioner's line manager": "as line manager" names no side, the directory's row does."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        line = f"ADD {story.first} Edmund Garth, edmund.garth@seamoor.example as line manager"
        story.mail("bm", line, "2026-09-07 12:00", subject="RE: digest")
        assert "Edmund Garth is recorded" in flat(next(one for one in story.letters() if one.to == "bm"))
        assert people_of(story, "responding_manager") == {"Edmund Garth"}
        assert people_of(story, "raising_manager") == {"Desmond Oakes"}


def test_the_other_agencys_manager_adds_their_own_senior_manager_by_title(tmp_path: Path) -> None:
    """NS-08: "exchange both line manager and senior manager details": "as senior manager" is of whoever writes it."""
    body = RAISED.replace("Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example\n", "")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-07 12:00")
        say(
            story, "peake", "ADD Winifred Stroud, winifred.stroud@seamoor.example as senior manager", "2026-09-07 13:00"
        )
        assert people_of(story, "responding_senior") == {"Winifred Stroud"}
        assert people_of(story, "raising_senior") == {"Beatrix Lyle"}


def test_their_line_manager_is_not_one_of_ours(tmp_path: Path) -> None:
    """NS-12: "their line manager", said of somebody of the writer's own agency, contradicts itself."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-07 12:00")
        sent = say(
            story, "oakes", "ADD Cassius Marlow, c.marlow@tarn-trust.example as their line manager", "2026-09-07 13:00"
        )
        assert whom(sent) >= {"oakes"}
        assert people_of(story, "responding_manager") == {"Rosalind Peake"}
        assert people_of(story, "raising_manager") == {"Desmond Oakes"}


def test_a_line_manager_of_two_agencies_at_one_domain_is_asked_about(tmp_path: Path) -> None:
    """NS-01: the directory has no row, and two agencies of one dispute use the domain: the office says which side."""
    body = RAISED.replace("Larkfield Primary School / Children's Social Care", "Early Help / Children's Social Care")
    body = body.replace("Line manager: Desmond Oakes, head@larkfield.sch.example\n", "").replace(
        "Senior manager: Beatrix Lyle, beatrix.lyle@tarn-trust.example\n", ""
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("dunmore", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        story.letters()
        line = f"ADD {story.first} Nora Field, nora.field@seamoor.example as line manager"
        story.mail("bm", line, "2026-09-07 12:00", subject="RE: digest")
        (answer,) = [one for one in story.letters() if one.to == "bm"]
        assert "not certain on which side they are" in flat(answer)
        story.mail("bm", line.replace("as line", "as receiving line"), "2026-09-07 13:00", subject="RE: digest")
        story.letters()
        assert "Nora Field" in people_of(story, "responding_manager")


# North Somerset


def test_what_two_of_three_agree_is_not_agreed_by_all(tmp_path: Path) -> None:
    """NS-07: "agreed by all parties involved": the silent one alone is asked, and the Business Manager is owed
    nothing of a first stage."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", THREE, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn", "reed"])
        sent = story.letters() + say(story, "hartwell", AGREED, "2026-09-07 14:00")
        sent += say(story, "fenn", "CONFIRM", "2026-09-07 15:00")
        story.until("2026-09-08 16:00")
        later = story.letters()
        assert story.dispute().state == "proposed"
        assert "fenn" not in whom(later, "proposed", "reminder")
        assert "bm" not in whom(sent)


def test_where_an_agencys_senior_manager_is_unknown_its_line_manager_answers(tmp_path: Path) -> None:
    """NS-12: "within and between each agency": at the third stage nobody is known at the NHS; whom it was last with is
    asked, their CONFIRM counts, and the health visitor's does not stand above theirs."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", THREE, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn", "reed"])
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        asked = say(story, "lyle", AGREED, "2026-09-09 10:00")
        assert whom(asked, "proposed") == {"stroud", "vance"}
        say(story, "reed", "CONFIRM", "2026-09-09 10:30")
        say(story, "stroud", "CONFIRM", "2026-09-09 11:00")
        assert story.dispute().state == "proposed"
        say(story, "vance", "CONFIRM", "2026-09-09 12:00")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "resolved")


def test_a_line_manager_reports_what_was_settled_where_no_senior_manager_is_known(tmp_path: Path) -> None:
    """NS-19: the third stage has nobody on the other side: what their line manager reports is put to the raising
    side."""
    body = RAISED.replace("Your senior manager: Winifred Stroud, winifred.stroud@seamoor.example\n", "")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        say(story, "peake", UNRESOLVED, "2026-09-09 09:00")
        assert story.dispute().stage == "3"
        assert whom(say(story, "peake", AGREED, "2026-09-09 10:00"), "proposed") == {"lyle"}
        say(story, "lyle", "CONFIRM", "2026-09-09 11:00")
        assert story.dispute().state == "closed"


def test_a_decision_overtakes_a_resolution_that_waits(tmp_path: Path) -> None:
    """NS-26: "final and binding": nobody is asked any more to confirm what the managers had put to each other."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        say(story, "lyle", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-09 10:00")
        say(story, "lyle", AGREED, "2026-09-09 12:00")
        say(story, "dsps", "DECISION\nTobias visits K by 16 September 2026.", "2026-09-09 15:00")
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "decided")
        story.until("2026-09-15 12:00")
        assert not whom(story.letters(), "proposed")


def test_each_of_three_heads_of_safeguarding_has_the_record_of_stage_3(tmp_path: Path) -> None:
    """NS-21: "your own agency Head of Safeguarding": of every agency that is in it."""
    head = Officer(
        Person("h.thale@westmere-nhs.example", "Honor Thale", NHS, "Head of Safeguarding"), ("head of safeguarding",)
    )
    more = "Your senior manager: Aurelia Penn, aurelia.penn@westmere-nhs.example\nIssue:"
    directory = replace(DIRECTORY, officers=(*DIRECTORY.officers, head))
    with Story(tmp_path, "2026-09-07 09:30", directory=directory, people={"thale": head.person.address}) as story:
        body = THREE.replace("Issue:", more, 1)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] Stage 1 - K.W.", to=["fenn", "reed"])
        story.letters()
        for who, when in (("hartwell", "2026-09-07 12:00"), ("oakes", "2026-09-08 10:00")):
            say(story, who, UNRESOLVED, when)
        sent = say(story, "lyle", "REFER\nWhat remains unresolved: whether K is seen.", "2026-09-09 10:00")
        assert {"marlow", "kettle", "thale"} <= whom(sent)


# Plymouth


def test_supervision_in_silence_goes_on_by_the_raisers_word_and_tells_nobody_outside(tmp_path: Path) -> None:
    """PL-02: "within their own agency": five days without the supervisor, and the other agency hears first of the
    second stage."""
    with plymouth.plymouth(tmp_path) as story:
        subject = "Professional difference - Stage 1 - K.W."
        story.mail("hartwell", plymouth.SUPERVISED, "2026-09-07 10:12", subject=subject, to=["marlow"])
        story.until("2026-09-15 12:00")
        assert not whom(story.letters()) & {"fenn", "peake", "stroud", "qas"}
        sent = say(story, "hartwell", UNRESOLVED, "2026-09-15 14:00")
        assert story.dispute().stage == "2"
        mine = next(flat(one) for one in sent if one.to == "hartwell")
        assert f"we still need the name and email of somebody at {CSC}" in mine
        named = "Your practitioner: Tobias Fenn, tobias.fenn@seamoor.example"
        assert "fenn" in whom(say(story, "hartwell", named, "2026-09-15 15:00"))


def test_of_two_agencies_the_silent_one_is_chased_alone(tmp_path: Path) -> None:
    """PL-05: "the other agency/agencies as appropriate": who has agreed is left in peace."""
    third = "Agencies: Larkfield Primary School / Children's Social Care / Westmere NHS Trust"
    body = plymouth.RAISED.replace("Agencies: Larkfield Primary School / Children's Social Care", third)
    with plymouth.plymouth(tmp_path) as story:
        body = body.replace("Issue:", "Your manager: Sidonie Vance, sidonie.vance@westmere-nhs.example\nIssue:", 1)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn", "reed"])
        story.letters()
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", AGREED, "2026-09-09 10:00")
        say(story, "vance", "CONFIRM", "2026-09-09 11:00")
        story.until("2026-09-14 12:00")
        asked = whom(story.letters(), "proposed", "reminder")
        assert "peake" in asked
        assert "vance" not in asked
        assert story.dispute().state == "proposed"


def test_after_the_last_stage_unit_and_scrutineer_hear_and_nothing_closes(tmp_path: Path) -> None:
    """PL-19: "a resolution should be sought within 5 working days" of the fifth, and the text names nothing after."""
    with plymouth.plymouth(tmp_path) as story:
        plymouth.opened(story)
        for day, who in enumerate(("hartwell", "oakes", "lyle"), start=8):
            say(story, who, UNRESOLVED, f"2026-09-{day:02} 10:00")
        story.until("2026-09-17 17:30")
        sent = story.letters()
        assert {"bu", "scrutineer"} <= whom(sent)
        assert (story.dispute().state, story.dispute().stage) == ("open", "5")


# Gloucestershire


def test_the_reviewing_officer_is_told_also_where_the_status_is_known_late(tmp_path: Path) -> None:
    """GL-11: "the Independent Reviewing Officer must be notified": the child is looked after, as stage 3 shows."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")
        words = f"CORRECT Child status: looked after\n{REVIEWING}"
        assert "dell" in whom(say(story, "lyle", words, "2026-09-10 10:00"))


def test_a_dispute_begun_at_stage_3_still_has_its_reviewing_officer(tmp_path: Path) -> None:
    """GL-11: "must be notified": who begins above the second stage owes it no less."""
    more = f"Stage: 3\nChild status: looked after\n{REVIEWING}"
    with gloucestershire.gloucestershire(tmp_path) as story:
        body = gloucestershire.RAISED.format(more=more)
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Escalation - K.W.", to=["fenn"])
        assert "dell" in whom(story.letters())


def test_two_partners_are_no_panel(tmp_path: Path) -> None:
    """GL-21: "must consist of senior officers from the three agencies": two of them decide nothing, and the unit is
    told who is missing."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        at_stage_4(story)
        add_to_the_panel(story, "2026-09-11 10:00", "quayle", "vance")
        story.letters()
        sent = say(story, "quayle", "DECISION\nThe case stays open until 30 October 2026.", "2026-09-14 10:00")
        sent += say(story, "vance", "DECISION\nThe case stays open until 30 October 2026.", "2026-09-14 11:00")
        assert story.dispute().state == "open"
        assert any("police" in flat(one) for one in sent)


def test_a_shorter_date_for_the_child_holds_beside_a_longer_that_both_agreed(tmp_path: Path) -> None:
    """GL-08: "or a timescale that protects the child from harm (whichever is less)"."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        say(story, "fenn", "AGREE BY 30 September 2026", "2026-09-08 10:00")
        say(story, "hartwell", "AGREE", "2026-09-08 11:00")
        assert story.limit() == "Wed 30 Sep 17:00"
        say(story, "hartwell", "NEEDED BY 11 September 2026: K is at home all weekend", "2026-09-08 12:00")
        assert story.limit() == "Fri 11 Sep 17:00"


def test_understanding_the_reasons_is_the_raising_sides_to_say(tmp_path: Path) -> None:
    """GL-12: "or they understand the reasons": said by the manager who was challenged, it ends nothing."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        words = "RESOLVED\nWe understand the reasons for our decision and it stays closed. No further action."
        say(story, "peake", words, "2026-09-09 10:00")
        assert story.dispute().state != "closed"


def test_ten_days_with_the_partnership_pass_and_nothing_is_closed(tmp_path: Path) -> None:
    """GL-22: "within 10 working days": the unit hears that they have passed."""
    with gloucestershire.gloucestershire(tmp_path) as story:
        at_stage_4(story)
        story.until("2026-09-24 17:30")
        assert "ssu" in whom(story.letters())
        assert story.dispute().state == "open"


# Sunderland


def sunderland_at_step(story: Story, step: int, body: str = sunderland.RAISED, to: str = "dunmore") -> list[Sent]:
    sunderland.raise_it(story, "2026-09-07 10:00", body, to)
    sent = story.letters()
    for day, who in enumerate(("hartwell", "oakes", "lyle")[: step - 1], start=8):
        sent = say(story, who, UNRESOLVED, f"2026-09-{day:02} 10:00")
    return sent


def in_sunderland(folder: Path, without: str = "") -> Story:
    officers = tuple(one for one in sunderland.OURS.officers if one.person.address != sunderland.PEOPLE.get(without))
    directory = replace(sunderland.OURS, officers=officers)
    return Story(folder, "2026-09-07 09:30", "sunderland", directory, people=sunderland.PEOPLE)


def test_no_agreed_date_is_later_than_five_working_days(tmp_path: Path) -> None:
    """SU-06: "should not exceed 5 working days": a later one is not the limit, and both hear so."""
    with in_sunderland(tmp_path) as story:
        sunderland_at_step(story, 1)
        sent = say(story, "dunmore", "AGREE BY 25 September 2026", "2026-09-08 10:00")
        sent += say(story, "hartwell", "AGREE", "2026-09-08 11:00")
        assert story.limit() == "Mon 14 Sep 17:00"
        assert any("14 Sep" in flat(one) for one in sent if one.to == "dunmore")


def test_a_head_of_service_whom_nobody_knows_stops_no_referral(tmp_path: Path) -> None:
    """SU-09: "to the Head of Service for each agency": one is in no directory; the SSCP has it, and the name is asked
    for."""
    with in_sunderland(tmp_path, without="thorne") as story:
        sent = sunderland_at_step(story, 4)
        assert story.dispute().stage == "4"
        assert {"bm", "merrick"} <= whom(sent)
        asked = [one for one in sent if one.to in ("quill", "bm") and "head of service" in flat(one).casefold()]
        assert asked


def test_the_police_decide_no_dispute_with_the_police(tmp_path: Path) -> None:
    """SU-10: "If the matter concerns one or more of those strategic safeguarding partners": the Scrutineer has it."""
    body = sunderland.RAISED.replace("/ Early Help", f"/ {POLICE}")
    body = "\n".join(line for line in body.split("\n") if not line.startswith("Your "))
    body = body.replace("Issue:", "Your line manager: Ada Crane, ada.crane@seamoor-police.example\nIssue:", 1)
    with in_sunderland(tmp_path) as story:
        sent = sunderland_at_step(story, 4, body, "brook")
        assert story.dispute().stage == "4"
        assert "scrutineer" in whom(sent)
        say(story, "partners", "DECISION\nNo visit is needed.", "2026-09-11 10:00")
        assert story.dispute().state == "open"


def test_the_month_passes_in_step_two_and_people_are_asked(tmp_path: Path) -> None:
    """SU-07: "one month for the process": told and asked; no clock brings it to the partners by itself."""
    with in_sunderland(tmp_path) as story:
        sunderland_at_step(story, 2)
        story.until("2026-10-08 12:00")
        sent = story.letters()
        assert story.dispute().stage == "2"
        assert "partners" not in whom(sent)
        asked = next(one for one in sent if one.letter == "refer_question")
        assert "this (whole process) is 5pm on Wednesday 7 October" in flat(asked)
        assert "REFER, then what remains unresolved. It goes to Step 4" in flat(asked)
        say(story, "oakes", "REFER\nWhat remains unresolved: whether the plan stays.", "2026-10-08 13:00")
        assert story.dispute().stage == "4"


def test_a_step_is_passed_over_only_by_somebody_who_says_that_it_is_plain(tmp_path: Path) -> None:
    """SU-13: "If professional disagreements remain unresolved": after three steps; REFER at the first is asked about,
    once, and holds nobody back who says it again."""
    refer = "REFER\nWhat remains unresolved: whether the plan stays."
    with in_sunderland(tmp_path) as story:
        sunderland_at_step(story, 1)
        (asked,) = say(story, "hartwell", refer, "2026-09-08 10:00")
        assert (asked.to, story.dispute().stage) == ("hartwell", "1")
        assert (
            "Step 2 (Line managers and designated lead) and Step 3 (Line management structure) would be passed over"
            in flat(asked)
        )
        assert "partners" in whom(say(story, "hartwell", refer, "2026-09-08 11:00"))
        assert story.dispute().stage == "4"


def test_what_confirms_that_every_tier_was_involved_is_the_word_that_was_asked_for(tmp_path: Path) -> None:
    """GL-15: "escalated up to all tiers of management before": REFER from the first stage is confirmed by REFER."""
    refer = "REFER\nWhat remains unresolved: whether the case stays open."
    with gloucestershire.gloucestershire(tmp_path) as story:
        gloucestershire.opened(story)
        (asked,) = say(story, "hartwell", refer, "2026-09-08 10:00")
        assert "reply REFER again" in flat(asked)
        say(story, "hartwell", refer, "2026-09-08 11:00")
        assert story.dispute().stage == "4"


def test_a_colleagues_answer_is_not_the_line_managers(tmp_path: Path) -> None:
    """SU-06: "a timescale for response from the other line manager": the worker's word does not stop that clock."""
    with in_sunderland(tmp_path) as story:
        sunderland_at_step(story, 2)
        say(story, "dunmore", "I have passed this to Hester.", "2026-09-09 10:00")
        story.until("2026-09-15 17:30")
        assert "arden" in whom(story.letters(), "reminder", "reply_overdue", "clock_passed", "act_due")


# Wolverhampton


def test_a_written_confirmation_that_does_not_come_is_asked_of_the_receiving_worker(tmp_path: Path) -> None:
    """WO-09: "in writing … within a further 2 working days": of the responsible worker; and silence is no
    agreement."""
    with wo.wolverhampton(tmp_path) as story:
        wo.opened(story)
        say(story, "hartwell", AGREED, "2026-09-08 10:00")
        story.until("2026-09-11 12:00")
        sent = story.letters()
        assert "fenn" in whom(sent)
        assert story.dispute().state == "proposed"


def test_whoever_chairs_the_meeting_for_the_chair_decides_nothing(tmp_path: Path) -> None:
    """WO-13: "will report back to the WSCB Independent Chair": the Board member's word is no decision, and the Chair's
    five days go on."""
    with wo.wolverhampton(tmp_path) as story:
        wo.at_stage_4(story)
        say(story, "ashdown", "EXCEPTIONAL\nK is not seen by anybody.", "2026-09-10 12:00")
        say(
            story, "chair", "NOTE Octavian Reed of the NHS chairs a meeting of the senior managers.", "2026-09-11 10:00"
        )
        say(story, "reed", "DECISION\nThe assessment stays closed.", "2026-09-14 10:00")
        assert story.dispute().state == "open"
        story.until("2026-09-18 09:30")
        assert {"chair", "bm"} & whom(story.letters())


def test_a_bank_holiday_between_decision_and_raising_is_no_delay(tmp_path: Path) -> None:
    """WO-22: "within 2 working days of the disagreement": Friday before the holiday, raised on Wednesday: in time."""
    body = wolverhampton.RAISED.replace("4 September 2026", "28 August 2026")
    with wo.wolverhampton(tmp_path, "2026-09-01 09:00") as story:
        wolverhampton.raise_it(story, "2026-09-02 10:00", body)
        letters = story.letters()
        assert not any("raised late" in flat(one) for one in letters)
        story.mail("hartwell", "STATUS", "2026-09-02 11:00", answers=letters[0])
        status = story.expect(("status", "hartwell"))[0]
        assert "Practitioner to senior manager: Mon 14 Sep 5pm at the latest." in status.text


def test_a_gap_told_by_an_agency_without_representative_reaches_the_chair(tmp_path: Path) -> None:
    """WO-15: "must be brought to the attention of the agency representative", and of the Chair, who is there anyway."""
    officers = tuple(o for o in wolverhampton.OURS.officers if o.person.address != wolverhampton.PEOPLE["garland"])
    directory = replace(wolverhampton.OURS, officers=officers)
    with Story(tmp_path, "2026-09-07 09:00", "wolverhampton", directory, people=wolverhampton.PEOPLE) as story:
        wo.opened(story)
        sent = say(story, "hartwell", "POLICY GAP: nothing says who reads the file", "2026-09-08 10:00")
        assert {"bm", "chair"} <= whom(sent)


# Of all of them


def test_another_child_in_the_thread_of_one_that_is_over_opens_its_own(tmp_path: Path) -> None:
    """NS-01: what is raised is what somebody raised: an old thread is only how the email was begun."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        say(story, "hartwell", AGREED, "2026-09-07 12:00")
        closed = say(story, "fenn", "CONFIRM", "2026-09-07 13:00")
        assert story.dispute().state == "closed"
        old = next(one for one in closed if one.to == "hartwell")
        other = RAISED.replace("K.W. (Year 3)", "B.T. (Year 5)").replace("K is", "B is")
        story.mail(
            "hartwell", other, "2026-10-05 10:00", subject=f"[ESCALATION] {old.subject}", answers=old, to=["fenn"]
        )
        story.letters()
        assert story.dispute("NS-26-0002").child.startswith("B.T.")
        assert story.dispute().state == "closed"


def test_the_side_that_was_challenged_raises_its_own(tmp_path: Path) -> None:
    """NS-01: "any practitioner who feels that a decision … is not safe": also the one who was written to."""
    counter = (
        "Child: K.W. (Year 3)\nAgencies: Children's Social Care / Larkfield Primary School\n"
        "Issue: The school did not send its report for the assessment.\n"
        "Impact on child: nobody knows how K is in class.\n"
        "Outcome sought: The report by 11 September 2026.\n\nTobias Fenn\n"
    )
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("fenn", counter, "2026-09-07 14:00", subject="[ESCALATION] K.W. the report", to=["hartwell"])
        story.letters()
        first, second = story.dispute(), story.dispute("NS-26-0002")
        assert (second.raising, second.receiving) == (CSC, first.raising)
        assert "The assessment is being closed" in first.fields["issue"]


def test_a_brother_beside_the_child_is_asked_about_or_recorded(tmp_path: Path) -> None:
    """NS-32: "the impact on the child": a second child in the same sentence is never dropped."""
    body = RAISED.replace("Child: K.W. (Year 3)", "Child: K.W. and her brother L.W.")
    with Story(tmp_path, "2026-09-07 09:30") as story:
        story.mail("hartwell", body, "2026-09-07 10:12", subject="[ESCALATION] K.W. and L.W.", to=["fenn"])
        sent = story.letters()
        assert story.dispute().child == "K.W., L.W."
        assert all("K.W. and L.W." in flat(one) for one in sent)
