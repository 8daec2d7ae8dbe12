"""Escalation of professional concerns, in four stages: told from a talk between workers to the Resolution Panel."""

from pathlib import Path

from tests.prepared import prepared
from tests.scenarios.gloucestershire.telling import RAISED, gloucestershire, opened
from tests.story import Sent, Story
from tests.unit.mail.documents.word import words_of

BOTH = ("hartwell", "fenn")
MANAGERS = (*BOTH, "oakes", "peake")
SENIORS = (*MANAGERS, "lyle", "stroud")
PANEL = {
    "quayle": "Magnus Quayle, magnus.quayle@seamoor.example",
    "vance": "Sidonie Vance, sidonie.vance@westmere-nhs.example",
    "brook": "Lucian Brook, lucian.brook.5512@seamoor-police.example",
    "penrose": "Lavinia Penrose, l.penrose@tarn-trust.example",
    "marlow": "Cassius Marlow, c.marlow@tarn-trust.example",
}
SUBJECT = "[GL-26-0001] K.W."


def say(story: Story, by: str, body: str, when: str) -> None:
    story.mail(by, body, when, subject=SUBJECT)


@prepared
def at_stage_2(story: Story, more: str = "") -> list[Sent]:
    opened(story, more)
    say(story, "hartwell", "ESCALATE\nStill nobody has seen K.", "2026-09-08 10:00")
    return story.letters()


@prepared
def at_stage_3(story: Story) -> list[Sent]:
    at_stage_2(story)
    say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-09 10:00")
    return story.expect(
        *[("summary", who) for who in ("hartwell", "oakes", "peake")],
        ("stage_entered", "lyle"),
        ("stage_entered", "stroud"),
        ("stage_told", "ssu"),
    )


@prepared
def at_stage_4(story: Story) -> None:
    at_stage_3(story)
    say(story, "lyle", "ESCALATE\nWhether the case stays open.", "2026-09-10 10:00")
    story.expect(("question", "lyle"))
    say(story, "lyle", "ESCALATE\nWhether the case stays open.", "2026-09-10 11:00")
    story.expect(
        ("summary", "hartwell"),
        *[("stage_entered", who) for who in ("lyle", "penrose", "stroud")],
        ("referred", "ssu"),
    )


def add_to_the_panel(story: Story, when: str, *members: str) -> None:
    lines = "\n".join(f"ADD GL-26-0001 {PANEL[who]}, panel member" for who in members)
    story.mail("ssu", lines, when, subject="The panel")


def test_two_workers_are_asked_to_speak_and_for_what_the_policy_wants_said(tmp_path: Path) -> None:
    """GL-01 GL-04 GL-06 GL-07 GL-08 GL-27: face to face best; why, what change, the effect; the supervisor as well."""
    with gloucestershire(tmp_path) as story:
        story.mail(
            "hartwell",
            "Child: K.W.\nAgencies: Larkfield Primary School / CSC\nIssue: case closed\nCategory: The need for action",
            "2026-09-07 10:00",
            subject="Escalation",
            to=["fenn"],
        )
        letter, _ = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert "Best face to face, or by telephone." in letter.text
        assert "Record all discussions; consult your supervisor or manager." in letter.text
        assert "what you want to change" in letter.text
        assert "what it means for the child" in letter.text
        assert (story.dispute().stage, story.limit()) == ("1", "Mon 14 Sep 17:00")
        assert story.dispute().fields["category"] == "The need for action"


def test_five_days_are_working_days_whatever_the_flowchart_says(tmp_path: Path) -> None:
    """GL-28 GL-29: a bank holiday is not counted, and the guide of a week on stage 1 asks nobody for anything."""
    with gloucestershire(tmp_path, "2026-12-22 09:00") as story:
        story.mail("hartwell", RAISED.format(more=""), "2026-12-22 10:00", subject="Escalation - K.W.", to=["fenn"])
        letter, _ = story.expect(("opened", "hartwell"), ("opened", "fenn"))
        assert story.limit() == "Thu 31 Dec 17:00"
        assert "Fri 25 Dec" in letter.text
        story.until("2026-12-30 17:00")
        story.expect(("digest", "ssu"))


def test_the_guide_of_a_week_moves_no_limit(tmp_path: Path) -> None:
    """GL-28: both sides agreed later, so the guide goes by and nothing is said of it."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "AGREE BY 24 September 2026", "2026-09-08 10:00")
        asked = story.expect(("date_proposed", "fenn"), ("date_proposed", "hartwell"))[0]
        story.mail("fenn", "AGREE", "2026-09-08 11:00", answers=asked)
        story.expect(("date_recorded", "hartwell"), ("date_recorded", "fenn"))
        story.until("2026-09-15 12:00")
        story.expect(("digest", "ssu"))
        assert story.limit() == "Thu 24 Sep 17:00"


def test_both_agencies_may_agree_any_date_and_take_it_back(tmp_path: Path) -> None:
    """GL-08 GL-13: the limit moves only when the other side agrees, later or earlier; silence agrees to nothing."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(story, "oakes", "AGREE BY 24 September 2026", "2026-09-09 10:00")
        asked = story.expect(("date_proposed", "peake"), ("date_proposed", "oakes"))[0]
        assert story.limit() == "Tue 15 Sep 17:00"
        story.mail("peake", "AGREE", "2026-09-09 11:00", answers=asked)
        story.expect(*[("date_recorded", who) for who in MANAGERS])
        assert story.limit() == "Thu 24 Sep 17:00"
        say(story, "peake", "AGREE BY 18 September 2026", "2026-09-10 10:00")
        asked = story.expect(("date_proposed", "oakes"), ("date_proposed", "peake"))[0]
        assert story.limit() == "Thu 24 Sep 17:00"
        story.mail("oakes", "AGREE", "2026-09-10 11:00", answers=asked)
        story.expect(*[("date_recorded", who) for who in MANAGERS])
        assert story.limit() == "Fri 18 Sep 17:00"


def test_either_side_may_give_an_earlier_date_for_the_child_and_it_stands_while_challenged(tmp_path: Path) -> None:
    """GL-08 GL-31: whichever is less; it takes effect at once and can only shorten."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "fenn", "NEEDED BY 10 September 2026 because the family moves on the 11th", "2026-09-08 10:00")
        letter = story.expect(*[("protective_date", who) for who in BOTH])[0]
        assert story.limit() == "Thu 10 Sep 17:00"
        assert "the family moves on the 11th" in letter.text
        say(story, "hartwell", "NOTE\nWe think that there is more time than that.", "2026-09-08 11:00")
        story.expect()
        assert story.limit() == "Thu 10 Sep 17:00"
        say(story, "hartwell", "NEEDED BY 25 September 2026 because of half a term", "2026-09-08 12:00")
        story.expect(*[("protective_date", who) for who in BOTH])
        assert story.limit() == "Thu 10 Sep 17:00"


def test_the_reviewing_officer_is_told_on_entering_stage_2(tmp_path: Path) -> None:
    """GL-09 GL-11: a child protection plan, however it is spelt; told once, and of nothing else."""
    with gloucestershire(tmp_path) as story:
        sent = at_stage_2(story, "Status: CPP\nIRO: Araminta Dell, araminta.dell@seamoor.example")
        told = next(letter for letter in sent if letter.to == "dell")
        assert told.letter == "stage_told"
        assert "In the procedure: 2.2d." in told.text
        assert ("question", "oakes") not in {(letter.letter, letter.to) for letter in sent}
        say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-09 10:00")
        assert "dell" not in {letter.to for letter in story.letters()}


def test_a_status_that_becomes_known_later_tells_the_reviewing_officer_at_once(tmp_path: Path) -> None:
    """GL-11 GL-32: asked for by the title in the file, of the raising manager, and told as soon as they are named."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(story, "peake", "CHILD STATUS: looked after", "2026-09-09 10:00")
        asked = story.expect(("question", "oakes"), ("noted", "peake"))[0]
        title = "Independent Reviewing Officer"
        text = " ".join(asked.text.split())
        assert f"{title}: who is it? They must be told, because of the child's status (looked after)." in text
        story.mail("oakes", f"{title}: Araminta Dell, araminta.dell@seamoor.example", "2026-09-09 11:00", answers=asked)
        story.expect(("stage_told", "dell"))
        say(story, "peake", "CHILD STATUS: CP plan and looked after", "2026-09-10 10:00")
        told = story.expect(("stage_told", "dell"), ("noted", "peake"), ("question", "oakes"))[2]
        assert "writes “Child status: CP plan and looked after”." in " ".join(told.text.split())


def test_that_there_is_no_reviewing_officer_is_an_answer_with_a_reason_and_silence_is_none(tmp_path: Path) -> None:
    """GL-11: the question cannot be skipped: it is in the reminder, in the digest, and asked again at stage 3 (G22)."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story, "Status: child protection plan")
        story.until("2026-09-14 08:00")
        digest = story.expect(("digest", "ssu"))[0]
        assert "- GL-26-0001: Independent Reviewing Officer, who must be told" in digest.text
        story.until("2026-09-15 09:00")
        reminder = story.expect(("reminder", "oakes"), ("reminder", "peake"))[0]
        assert "Still to be answered: who the Independent Reviewing Officer is" in reminder.text
        say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-15 10:00")
        sent = story.letters()
        asked = next(letter for letter in sent if letter.letter == "question")
        assert asked.to == "lyle"
        story.mail(
            "lyle", "NOTE\nThe plan began yesterday and nobody is allocated yet.", "2026-09-15 11:00", answers=asked
        )
        story.expect()
        assert story.dispute().fields["no iro"] == "The plan began yesterday and nobody is allocated yet."
        story.until("2026-09-21 08:00")
        assert "Reviewing Officer" not in story.expect(("digest", "ssu"))[0].text


def test_nobody_asks_for_a_reviewing_officer_of_a_child_who_has_none(tmp_path: Path) -> None:
    """GL-11: a child in need, and a plan that has ended."""
    with gloucestershire(tmp_path) as story:
        sent = at_stage_2(story, "Status: child in need; no longer on a CP plan")
        assert {letter.letter for letter in sent} == {"summary", "stage_entered"}


def test_raising_it_at_the_third_stage_asks_why_not_lower(tmp_path: Path) -> None:
    """GL-05 GL-09 GL-16: the lowest possible stage; it is recorded all the same, and the answer kept."""
    with gloucestershire(tmp_path) as story:
        story.mail(
            "lyle",
            RAISED.format(more="Status: CPP"),
            "2026-09-07 10:12",
            subject="Escalation Stage 3 - K.W.",
            to=["stroud"],
            cc=["mailbox", "hartwell", "fenn"],
        )
        sent = story.letters()
        assert story.dispute().stage == "3"
        whys = [
            letter
            for letter in sent
            if letter.letter == "question" and "\nWhy was it not settled at Stage 1 or 2?\n" in letter.text
        ]
        assert [letter.to for letter in whys] == ["lyle"]
        assert any("Independent Reviewing Officer: who is it?" in letter.text for letter in sent)
        assert ("stage_told", "ssu") in {(letter.letter, letter.to) for letter in sent}
        story.mail(
            "lyle",
            "NOTE\nThe two managers have been through it twice this summer.",
            "2026-09-07 11:00",
            answers=whys[0],
        )
        story.expect()
        assert "The two managers have been through it twice this summer." in story.dispute().fields.values()


def test_a_note_answers_the_question_of_the_letter_that_it_answers(tmp_path: Path) -> None:
    """GL-11 GL-16 (G22): two questions are open; in answer to neither letter it is asked which is meant."""
    with gloucestershire(tmp_path) as story:
        story.mail(
            "lyle",
            RAISED.format(more="Status: CPP"),
            "2026-09-07 10:12",
            subject="Escalation Stage 3 - K.W.",
            to=["stroud"],
            cc=["mailbox", "hartwell", "fenn"],
        )
        officer = next(one for one in story.letters() if one.letter == "question" and "Officer: who is it?" in one.text)
        said = "NOTE\nNobody is allocated yet, the child moved here last week."
        story.mail("lyle", said, "2026-09-07 11:00", subject="[GL-26-0001] K.W.")
        which = story.expect(("question", "lyle"))[0]
        assert "Which of these does your note answer" in " ".join(which.text.split())
        assert not {"no iro", "why 3"} & set(story.dispute().fields)
        story.mail("lyle", said, "2026-09-07 11:10", answers=officer)
        story.expect()
        assert story.dispute().fields["no iro"] == "Nobody is allocated yet, the child moved here last week."
        assert "why 3" not in story.dispute().fields
        story.mail("lyle", said, "2026-09-07 11:20", answers=officer)
        assert "why 3" not in story.dispute().fields, "said twice, it answers nothing else"
        story.letters()
        late = "NOTE\nThe two managers have been through it twice this summer."
        story.mail("lyle", late, "2026-09-07 12:00", subject="[GL-26-0001] K.W.")
        story.expect()
        assert story.dispute().fields["why 3"] == "The two managers have been through it twice this summer."


def test_senior_managers_speak_and_the_unit_gets_the_form_for_monitoring_only(tmp_path: Path) -> None:
    """GL-14 GL-16 GL-18: not over email; the form is sent for monitoring purposes only; five working days."""
    with gloucestershire(tmp_path) as story:
        *_, mine, theirs, unit = at_stage_3(story)
        assert "Face to face or at least by telephone, not over email." in mine.text
        assert "Face to face or at least by telephone, not over email." in theirs.text
        assert "The form is attached (GL-26-0001-monitoring-form.docx), for monitoring purposes only." in unit.text
        assert "below is what the procedure asks of you" in unit.text
        assert "Record the escalation, for monitoring purposes only." in unit.text
        ((name, document),) = unit.attached
        assert name == "GL-26-0001-monitoring-form.docx"
        assert "Fields proposed by this mailbox; the published form was not available." in words_of(document)
        assert (mine.attached, theirs.attached) == (unit.attached, ()), "and whoever keeps it has it as well"
        assert story.limit() == "Wed 16 Sep 17:00"


def test_all_tiers_are_climbed_inside_stage_3_with_no_new_five_days(tmp_path: Path) -> None:
    """GL-15 GL-30: the next tier is added or takes over; who was before stays copied; a later date may be agreed."""
    with gloucestershire(tmp_path) as story:
        at_stage_3(story)
        say(story, "lyle", "ADD Cordelia Ives, c.ives@tarn-trust.example as senior manager", "2026-09-10 10:00")
        story.expect(*[("handed_over", who) for who in ("ives", "lyle", "stroud")])
        say(story, "stroud", "HANDOVER TO Ambrose Kettle, ambrose.kettle@seamoor.example", "2026-09-10 11:00")
        story.expect(*[("handed_over", who) for who in ("kettle", "stroud", "ives")])
        assert story.limit() == "Wed 16 Sep 17:00"
        assert ("supporter", "Beatrix Lyle") in {(p.role, p.person.name) for p in story.dispute().parties}
        say(story, "ives", "AGREE BY 22 September 2026", "2026-09-11 10:00")
        asked = story.expect(("date_proposed", "kettle"), ("date_proposed", "ives"))[0]
        story.mail("kettle", "AGREE", "2026-09-11 11:00", answers=asked)
        story.expect(*[("date_recorded", who) for who in (*BOTH, "ives", "kettle")])
        assert story.limit() == "Tue 22 Sep 17:00"


def test_before_the_partnership_has_it_every_tier_must_have(tmp_path: Path) -> None:
    """GL-15 GL-19: asked before stage 4, also of somebody who would pass stage 3 over; and then it goes."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(story, "oakes", "REFER", "2026-09-09 10:00")
        asked = story.expect(("question", "oakes"))[0]
        assert "All tiers of management and the agency's GSCP representative have been involved." in asked.text
        assert story.dispute().stage == "2"
        story.mail("oakes", "REFER\nWhether the case stays open.", "2026-09-09 11:00", answers=asked)
        sent = {(letter.letter, letter.to): letter for letter in story.letters()}
        referred = sent["referred", "ssu"]
        assert "Whether the case stays open." in referred.text
        assert "ESCALATION MONITORING FORM" in referred.text
        assert story.dispute().stage == "4"


def test_the_fourth_stage_has_ten_days_that_nobody_may_lengthen(tmp_path: Path) -> None:
    """GL-19 GL-22: sooner if the child needs it."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        assert story.limit() == "Thu 24 Sep 17:00"
        say(story, "penrose", "AGREE BY 1 October 2026", "2026-09-11 10:00")
        refused = story.expect(("date_refused", "penrose"))[0]
        assert "the procedure does not allow longer than Thursday 24 September 2026" in refused.text
        say(story, "stroud", "NEEDED BY 18 September 2026 because the family moves on the 21st", "2026-09-11 11:00")
        story.expect(*[("protective_date", who) for who in (*BOTH, "lyle", "penrose", "stroud")])
        assert story.limit() == "Fri 18 Sep 17:00"
        story.until("2026-09-18 17:00")
        story.expect(
            ("digest", "ssu"),
            *[("reminder", who) for who in ("lyle", "penrose", "stroud", "ssu")],
            ("limit_passed", "ssu"),
        )


def test_a_resolution_panel_hears_both_with_its_membership_gone_through(tmp_path: Path) -> None:
    """GL-20 GL-21 GL-23: all three partners and the agencies concerned; the worker who raised it is told."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        before = story.limit()
        say(story, "ssu", "We will convene a Resolution Panel.", "2026-09-11 11:00")
        asked = story.expect(("question", "ssu"), *[("noted", who) for who in ("ssu", "lyle", "penrose", "stroud")])[0]
        assert "panel members from all three safeguarding partners and the agencies concerned" in asked.text
        for name in ("Westmere NHS Trust", "Seamoor Police", "Larkfield Primary School"):
            assert name in asked.text
        story.mail("ssu", "NOTE\nM. Quayle, S. Vance, L. Brook and C. Marlow.", "2026-09-11 12:00", answers=asked)
        story.expect()
        assert story.dispute().fields["panel"] == "M. Quayle, S. Vance, L. Brook and C. Marlow."
        assert story.limit() == before
        decision = "DECISION\nThe case stays open; a visit by 18 September 2026."
        say(story, "ssu", decision, "2026-09-11 13:00")  # the Support Unit records, and decides nothing
        story.expect(("refused", "ssu"))
        add_to_the_panel(story, "2026-09-11 14:00", "quayle", "vance")
        story.expect(("transcript", "ssu"), *[("stage_entered", who) for who in ("quayle", "vance")])
        say(story, "quayle", decision, "2026-09-11 15:00")
        lacking = story.expect(("question", "quayle"), ("question", "ssu"))[0]
        assert "a resolution panel member from each of: police, Larkfield Primary School." in lacking.text
        add_to_the_panel(story, "2026-09-11 15:20", "penrose")  # who decides it stands on no side of it
        assert "NOT DONE" in story.expect(("transcript", "ssu"))[0].text
        add_to_the_panel(story, "2026-09-11 15:30", "brook", "marlow")
        story.expect(("transcript", "ssu"), *[("stage_entered", who) for who in ("brook", "marlow")])
        say(story, "quayle", decision, "2026-09-15 12:00")
        panel = ("quayle", "vance", "brook", "marlow")
        asked = [("question", who) for who in panel[1:]]
        _, put, *letters = story.expect(("digest", "ssu"), ("noted", "quayle"), *asked)
        assert "\nRecorded: your decision; it counts once all of you have decided the same." in put.text
        for letter, minute in zip(letters, (10, 20, 30), strict=True):
            assert story.dispute().is_open, "the panel resolves it collectively"
            story.mail(letter.to, "DECISION", f"2026-09-15 12:{minute}", answers=letter)
        noted = [("noted", "vance"), ("noted", "brook")]
        closed = story.expect(
            *noted,
            ("closed", "hartwell"),
            *[("closed", who) for who in (*SENIORS, *panel, "penrose", "ssu") if who != "hartwell"],
        )
        assert closed[2].to == "hartwell"
        assert "The case stays open; a visit by 18 September 2026." in closed[2].text
        assert story.dispute().outcome == "panel"


DECISION = "DECISION\nThe case stays open; a visit by 18 September 2026."


@prepared
def panel_asked(story: Story) -> None:
    """A panel of five, one of whom has decided, and the rest are asked."""
    at_stage_4(story)
    say(story, "ssu", "We will convene a Resolution Panel.", "2026-09-11 11:00")
    add_to_the_panel(story, "2026-09-11 14:00", "quayle", "vance", "brook", "marlow")
    line = "ADD GL-26-0001 Cordelia Ives, c.ives@tarn-trust.example, panel member"
    story.mail("ssu", line, "2026-09-11 14:10", subject="The panel")
    story.letters()
    say(story, "quayle", DECISION, "2026-09-11 15:00")


def test_whose_word_a_panel_waits_for_may_leave_it_and_the_rest_are_asked_to_close(tmp_path: Path) -> None:
    """GL-20: nobody closes it by taking somebody out, and what all of them decided does not run out of time."""
    with gloucestershire(tmp_path) as story:
        panel_asked(story)
        asked = {one.to: one for one in story.letters()}
        for who, minute in (("vance", 10), ("brook", 20), ("ives", 30)):
            story.mail(who, "DECISION", f"2026-09-11 15:{minute}", answers=asked[who])
        story.letters()
        story.mail("ssu", "REMOVE GL-26-0001 c.marlow@tarn-trust.example", "2026-09-11 15:40", subject="The panel")
        whether = [("question", who) for who in ("vance", "brook", "ives")]
        *_, last = story.expect(("noted", "ssu"), ("transcript", "ssu"), *whether)
        assert story.dispute().is_open
        story.mail(last.to, "DECISION", "2026-09-11 15:50", answers=last)
        assert story.dispute().outcome == "panel"
        story.letters()


def test_the_partnership_may_settle_it_with_the_senior_managers_and_no_panel(tmp_path: Path) -> None:
    """GL-20."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        say(story, "penrose", "RESOLVED\nK. is seen at home by 18 September 2026.", "2026-09-11 12:00")
        asked = next(letter for letter in story.letters() if letter.letter == "proposed")
        assert asked.to == "stroud"
        story.mail("stroud", "CONFIRM", "2026-09-11 13:00", answers=asked)
        assert {letter.letter for letter in story.letters()} == {"closed"}


def test_they_may_end_by_understanding_the_reasons(tmp_path: Path) -> None:
    """GL-12 GL-23 GL-25: an outcome of its own; confirmed in writing; a debrief is offered, and may be asked for."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(
            story,
            "oakes",
            "RESOLVED\nWe understand the reasons for closing; school reviews it on 25 September 2026.",
            "2026-09-09 12:00",
        )
        asked = story.expect(("proposed", "peake"))[0]
        story.mail("peake", "CONFIRM", "2026-09-09 13:00", answers=asked)
        closed = story.expect(*[("closed", who) for who in MANAGERS])[0]
        assert closed.to == "hartwell"
        assert "raising agency understands the reasons for the other decision" in closed.text
        assert "It may help those involved to look back on it together" in closed.text
        story.mail("hartwell", "Could we arrange a debrief please?", "2026-09-10 12:00", answers=closed)
        story.expect(("noted", "hartwell"), ("noted", "ssu"))
        assert (story.dispute().state, story.dispute().outcome) == ("closed", "understood")


def test_a_plan_of_action_has_real_dates(tmp_path: Path) -> None:
    """GL-17 GL-23: "as soon as possible" is asked about."""
    with gloucestershire(tmp_path) as story:
        at_stage_3(story)
        say(story, "lyle", "RESOLVED\nWinifred's team will see K. ASAP.", "2026-09-10 12:00")
        asked = story.expect(("question", "lyle"))[0]
        assert "actual date" in asked.text
        assert story.dispute().proposal is None
        say(story, "lyle", "RESOLVED\nWinifred's team will see K. by 18 September 2026.", "2026-09-10 13:00")
        story.expect(("proposed", "stroud"))


def test_managers_may_call_a_professionals_meeting_and_the_clock_runs_on(tmp_path: Path) -> None:
    """GL-10: at stages 2 and 3, not before."""
    with gloucestershire(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "Could we arrange a professionals meeting?", "2026-09-08 09:00")
        refused = story.expect(("refused", "hartwell"))[0]
        assert "is not open at Stage 1" in refused.text
        say(story, "hartwell", "ESCALATE\nStill nobody has seen K.", "2026-09-08 10:00")
        story.letters()
        say(story, "oakes", "Could we arrange a professionals meeting?", "2026-09-09 10:00")
        story.expect(("noted", "oakes"), ("noted", "peake"))
        assert story.limit() == "Tue 15 Sep 17:00"


def test_each_agency_lead_gets_their_own_agencys_month_and_nobody_elses(tmp_path: Path) -> None:
    """GL-24: numbers from stage 1 onwards, on the first working day of the month."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(story, "oakes", "WITHDRAW\nSettled by telephone.", "2026-09-09 10:00")
        story.expect(*[("closed", who) for who in MANAGERS])
        story.until("2026-10-01 07:00")
        story.expect(("digest", "ssu"))
        story.until("2026-10-01 08:00")
        school, council = story.expect(("counts", "penrose"), ("counts", "quayle"))
        assert school.subject == "GSCP: your numbers for September 2026"
        assert "raised 1 disagreement and received none" in school.text
        assert "- Stage 2: 1 raised, 0 received" in school.text
        assert "raised no disagreements and received 1" in council.text
        assert "Larkfield" not in council.text
        assert "K.W." not in school.text + council.text
        story.until("2026-11-02 12:00")
        story.expect(("digest", "ssu"))


def test_the_secretary_of_state_is_only_put_on_the_record(tmp_path: Path) -> None:
    """GL-26: in extremis, a person's act; nothing is sent from here."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        say(story, "penrose", "We have referred this to the Secretary of State.", "2026-09-11 10:00")
        story.expect(("noted", "penrose"), ("noted", "ssu"))
        assert [route for route, _ in story.dispute().routes] == ["secretary-of-state"]
        assert story.limit() == "Thu 24 Sep 17:00"


def test_wrongdoing_inside_an_agency_goes_by_its_own_policies(tmp_path: Path) -> None:
    """GL-02: nothing is opened."""
    with gloucestershire(tmp_path) as story:
        story.mail(
            "hartwell",
            "I want to whistleblow about my own head teacher covering up wrongdoing.",
            "2026-09-07 10:00",
            subject="Whistleblowing",
        )
        letter = story.expect(("out_of_scope", "hartwell"))[0]
        assert "go through that agency's own policies" in letter.text


def test_immediate_harm_goes_to_the_designated_safeguarding_lead_at_once(tmp_path: Path) -> None:
    """GL-03: danger opens every letter, with whom to tell; it is answered with the procedure's own line."""
    with gloucestershire(tmp_path) as story:
        letter, _ = opened(story)
        line = "tell your designated safeguarding lead and follow your safeguarding procedure now."
        assert letter.text.index("ring 999") < letter.text.index("14 September")
        assert line in letter.text
        story.mail(
            "hartwell", "K. has fresh bruising and is not safe to go home tonight.", "2026-09-08 14:35", answers=letter
        )
        sent = story.letters()
        urgent = next(one for one in sent if (one.letter, one.to) == ("urgent", "hartwell"))
        own = "If a child is thought to be at immediate harm, tell the designated safeguarding lead in your agency"
        assert f"{own} immediately. In an emergency call 999." in " ".join(urgent.text.split())
        assert {one.letter for one in sent} == {"urgent", "urgent_told"}
        assert story.limit() == "Mon 14 Sep 17:00"


def test_a_stage_that_nobody_answers_is_asked_about_and_never_moved(tmp_path: Path) -> None:
    """GL-13 GL-18: moving up is a person's word at every stage here."""
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        story.until("2026-09-15 17:00")
        story.expect(
            ("digest", "ssu"),
            ("reminder", "oakes"),
            ("reminder", "peake"),
            *[("limit_passed", who) for who in ("oakes", "peake", "lyle", "stroud", "ssu")],
        )
        assert story.dispute().stage == "2"


def test_a_date_put_before_the_closing_is_not_agreed_after_the_reopening(tmp_path: Path) -> None:
    with gloucestershire(tmp_path) as story:
        story.mail("hartwell", RAISED.format(more=""), "2026-09-07 10:12", subject="Escalation - K.W.", to=["fenn"])
        story.mail("hartwell", "ESCALATE\nWe do not agree.", "2026-09-07 11:00", subject="[GL-26-0001]")
        story.mail("oakes", "AGREE BY 30 October 2026", "2026-09-08 10:00", subject="[GL-26-0001]")
        agreed = "RESOLVED\nThe case stays open; Rosalind will visit by 15 September 2026."
        story.mail("oakes", agreed, "2026-09-08 11:00", subject="[GL-26-0001]")
        story.mail("peake", "CONFIRM", "2026-09-08 12:00", subject="[GL-26-0001]")
        assert story.dispute().state == "closed"
        story.mail("hartwell", "REOPEN\nNothing was done.", "2026-09-21 10:00", subject="[GL-26-0001]")
        runs = story.limit()
        story.mail("peake", "AGREE", "2026-09-21 11:00", subject="[GL-26-0001]")
        story.letters()
        assert (story.limit(), story.dispute().agreed_dates) == (runs, ())


def test_one_of_a_panel_takes_their_decision_back_before_all_have_said_it(tmp_path: Path) -> None:
    """GL-21: WRONG is for what was read of anybody; the rest of those who decide hear of it, and nobody else."""
    with gloucestershire(tmp_path) as story:
        at_stage_4(story)
        say(story, "ssu", "We will convene a Resolution Panel.", "2026-09-11 11:00")
        add_to_the_panel(story, "2026-09-11 14:00", "quayle", "vance", "brook", "marlow")
        story.letters()
        words = "DECISION\nThe case stays open; a visit by 18 September 2026."
        say(story, "quayle", words, "2026-09-11 15:00")
        asked = {letter.to: letter for letter in story.letters()}
        say(story, "quayle", "WRONG\nThat was for another case.", "2026-09-11 15:05")
        told = story.letters()
        assert {letter.letter for letter in told} == {"undone"}
        assert {letter.to for letter in told} >= {"quayle", "vance", "brook", "marlow"}
        assert not {letter.to for letter in told} & {"hartwell", "fenn", "lyle", "stroud"}
        for who in ("vance", "brook", "marlow"):
            story.mail(who, "DECISION", "2026-09-11 15:30", answers=asked[who])
        story.letters()
        assert story.dispute().is_open
