"""Resolving professional differences, in five stages: told from a supervision in one agency to strategic leaders."""

from pathlib import Path

import pytest

from mailbot.shell.errors import BadConfiguration
from mailbot.shell.protocol_files.protocol_reader import load_protocol
from tests.pressing import press
from tests.scenarios.plymouth.telling import SUPERVISED, opened, plymouth
from tests.sites import ROOT
from tests.story import Story
from tests.unit.mail.documents.word import words_of

BOTH = ("hartwell", "fenn")
MANAGERS = (*BOTH, "oakes", "peake")
SENIORS = (*MANAGERS, "lyle", "stroud")
SUBJECT = "[PL-26-0001] K.W."


def say(story: Story, by: str, body: str, when: str) -> None:
    story.mail(by, body, when, subject=SUBJECT)


def at_stage_3(story: Story) -> None:
    opened(story)
    say(story, "hartwell", "ESCALATE\nStill nobody has seen K.", "2026-09-08 10:00")
    story.expect(*[("summary", who) for who in BOTH], ("stage_entered", "oakes"), ("stage_entered", "peake"))


def at_stage_4(story: Story) -> None:
    at_stage_3(story)
    say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-10 10:00")
    story.expect(
        *[("summary", who) for who in ("hartwell", "oakes", "peake")],
        ("stage_entered", "lyle"),
        ("stage_entered", "stroud"),
        ("stage_told", "bu"),
        ("stage_told", "qas"),
    )


def at_stage_5(story: Story) -> None:
    at_stage_4(story)
    say(story, "lyle", "ESCALATE\nStill nobody has seen K.", "2026-09-11 10:00")
    story.expect(
        *[("summary", who) for who in ("hartwell", "lyle", "stroud")],
        ("stage_entered", "whitlock"),
        ("stage_entered", "farrow"),
        ("stage_told", "bu"),
    )


def test_the_first_stage_is_seen_by_the_raising_agency_alone(tmp_path: Path) -> None:
    """PL-02 PL-20: supervision first; the other agency gets no letter and no answer; five days run here (G5)."""
    with plymouth(tmp_path) as story:
        story.mail(
            "hartwell", SUPERVISED, "2026-09-07 10:12", subject="Professional difference: Stage 1 - K.W.", to=["marlow"]
        )
        mine, theirs = story.expect(("opened", "hartwell"), ("opened", "marlow"))
        assert "The other agency has not been told, and gets no letters at this stage." in mine.text
        assert "Two calls and a home visit" in theirs.text
        assert "It is a gut feeling" in theirs.text
        assert story.limit() == "Mon 14 Sep 17:00"
        say(story, "peake", "STATUS", "2026-09-08 09:00")
        asked = story.expect(("question", "hartwell"))[0]
        assert "Rosalind Peake" in asked.text, "named for a later stage, and told nothing; her own side of it is asked"
        story.until("2026-09-14 17:00")
        letters = story.expect(
            ("reminder", "hartwell"),
            ("reminder", "marlow"),
            ("digest", "bu"),
            ("limit_passed", "hartwell"),
            ("limit_passed", "marlow"),
            ("limit_passed", "bu"),
        )
        for letter in letters:
            assert b"seamoor.example" not in letter.raw.split(b"\n\n")[0], "not in To, not in Cc"
        assert story.dispute().stage == "1"


def test_what_supervision_settles_closes_without_the_other_agency(tmp_path: Path) -> None:
    """PL-02."""
    with plymouth(tmp_path) as story:
        story.mail(
            "hartwell", SUPERVISED, "2026-09-07 10:12", subject="Professional difference: Stage 1 - K.W.", to=["marlow"]
        )
        story.expect(("opened", "hartwell"), ("opened", "marlow"))
        say(story, "hartwell", "RESOLVED\nI ask Tobias for a joint visit by 11 September 2026.", "2026-09-08 12:00")
        story.expect(("closed", "hartwell"), ("closed", "marlow"))
        assert story.dispute().state == "closed"


def test_from_supervision_it_goes_to_the_practitioner_who_then_hears_of_it_first(tmp_path: Path) -> None:
    """PL-02 PL-03 PL-20: stage 2 has five days of its own."""
    with plymouth(tmp_path) as story:
        practitioner = "Other practitioner: Tobias Fenn, tobias.fenn@seamoor.example\nEvidence:"
        raised = SUPERVISED.replace("Evidence:", practitioner)
        story.mail("hartwell", raised, "2026-09-07 10:12", subject="Professional difference: Stage 1", to=["marlow"])
        story.expect(("opened", "hartwell"), ("opened", "marlow"))
        say(story, "hartwell", "ESCALATE\nWhether somebody sees K. at home.", "2026-09-09 10:00")
        story.expect(("stage_entered", "hartwell"), ("stage_entered", "fenn"), ("summary", "marlow"))
        assert story.limit() == "Wed 16 Sep 17:00"


def test_most_begin_between_two_practitioners_and_owe_nothing_for_the_first_stage(tmp_path: Path) -> None:
    """PL-03 PL-11 PL-15 PL-17 PL-20: five working days from reaching the stage; the risk line first."""
    with plymouth(tmp_path) as story:
        letter, other = opened(story)
        assert story.dispute().stage == "2"
        assert story.limit() == "Mon 14 Sep 17:00"
        assert letter.text.index("ring 999") < letter.text.index("14 September")
        assert "Nobody steps away from supporting the child meanwhile." in letter.text
        assert "About: The assessment is being closed with no further action." in other.text
        assert story.dispute().fields["evidence"].startswith("It is a gut feeling")


def test_a_supervisor_may_open_it_for_a_practitioner_who_stays_copied(tmp_path: Path) -> None:
    """PL-04: nobody has to stand alone."""
    with plymouth(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "ADD Cassius Marlow, c.marlow@tarn-trust.example", "2026-09-07 11:00")
        assert ("supporter", "Cassius Marlow") in {(p.role, p.person.name) for p in story.dispute().parties}
        say(story, "hartwell", "ESCALATE\nStill nobody has seen K.", "2026-09-08 10:00")
        sent = story.letters()
        assert ("summary", "marlow") in {(letter.letter, letter.to) for letter in sent}
        assert not any(word in letter.text for letter in sent for word in ("failed", "blame", "refused to"))


def test_the_record_says_between_whom_each_stage_was(tmp_path: Path) -> None:
    """PL-05 PL-18: the managers' stage is called that, and both agencies are asked to file the summary."""
    with plymouth(tmp_path) as story:
        at_stage_3(story)
        say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-10 10:00")
        sent = {letter.to: letter for letter in story.letters()}
        for who in ("hartwell", "peake"):
            assert "Stage 3 has ended without agreement. It is now at Stage 4." in sent[who].text
            assert "Stage 3 (frontline manager to frontline manager) was about K.W." in sent[who].text
        assert "please put this on the child's record" in sent["peake"].text
        assert "Desmond Oakes is to file it on the child's record" in sent["hartwell"].text
        assert sent["lyle"].subject == "[PL-26-0001] Your turn by Thu 17 Sep 5pm (Stage 4)"


def test_silence_moves_nothing_and_goes_up_a_ladder_that_ends(tmp_path: Path) -> None:
    """PL-03 PL-11: "at the earliest opportunity"; a manager must say so, for the next stage is theirs to raise."""
    with plymouth(tmp_path) as story:
        opened(story)
        story.until("2026-09-15 10:00")
        story.expect(
            ("digest", "bu"),
            *[("reminder", who) for who in BOTH],
            *[("limit_passed", who) for who in MANAGERS],
            ("limit_passed", "bu"),
            ("limit_passed", "hartwell"),
        )
        assert story.dispute().stage == "2"
        story.until("2026-09-16 10:00")
        again, _told = story.expect(("limit_passed", "hartwell"), ("limit_passed", "fenn"))
        assert "Asked on Mon 14 Sep and Tue 15 Sep." in again.text
        assert "by 9am on Thursday 17 September, the next managers of both sides are told so." in again.text
        assert "without waiting for the limit" not in again.text
        story.until("2026-09-17 10:00")
        oakes, _ = story.expect(("limit_passed", "oakes"), ("limit_passed", "peake"))
        assert "No more reminders come" in oakes.text
        press(story, oakes, "ESCALATE", "whether anybody sees K. at home.", "2026-09-17 11:00")
        assert story.dispute().stage == "3"
        story.letters()


@pytest.mark.parametrize("signed", ["", "\n\nSent from my iPhone", "\n\nRosalind Peake\nTeam Manager\n"])
def test_we_have_agreed_sent_as_it_opened_is_asked_back_and_told_to_nobody(tmp_path: Path, signed: str) -> None:
    """PL-05: what two managers settled goes to the other only once somebody has written what it is."""
    with plymouth(tmp_path) as story:
        at_stage_3(story)
        story._seen = 0
        letters = {one.to: one for one in story.letters() if one.letter == "stage_entered"}
        press(story, letters["peake"], "RESOLVED", signed, "2026-09-08 11:00")
        (asked,) = story.expect(("question", "peake"))
        assert "by which date? Please reply RESOLVED, then the words." in " ".join(asked.text.split())
        assert (story.dispute().state, story.dispute().stage, story.dispute().proposal) == ("open", "3", None)
        press(story, asked, "RESOLVED", "Barnaby sees K. at home by 11 September 2026.", "2026-09-08 11:05")
        proposal = story.dispute().proposal
        assert proposal is not None
        assert proposal.agreed == "Barnaby sees K. at home by 11 September 2026"
        assert {one.to for one in story.letters() if one.letter == "proposed"} == {"oakes"}


def test_after_the_ladder_the_digest_alone_says_that_it_is_open(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        opened(story)
        story.until("2026-09-17 10:00")
        story.letters()
        story.until("2026-10-19 18:00")
        (digest,) = story.expect(("digest", "bu"))
        assert "1 needs you" in digest.text, "the office is the ladder's last rung"
        assert "reply ESCALATE PL-26-0001 because and why" in " ".join(digest.text.split())


def test_whoever_puts_a_resolution_back_after_the_ladder_is_reminded_anew(tmp_path: Path) -> None:
    with plymouth(tmp_path) as story:
        opened(story)
        story.until("2026-09-22 10:00")
        story.letters()
        say(story, "fenn", "RESOLVED\nTobias visits K. at home by 25 September 2026.", "2026-09-22 11:00")
        say(story, "hartwell", "DISAGREE\nA visit is not enough.", "2026-09-22 12:00")
        story.letters()
        story.until("2026-09-23 10:00")
        story.expect(("limit_passed", "hartwell"))


def test_at_stage_4_the_unit_is_told_and_the_form_goes_to_the_subgroup_when_it_is_complete(tmp_path: Path) -> None:
    """PL-06 PL-07 PL-08 PL-11 PL-12: senior managers; the form and the update within the stage's own five days."""
    with plymouth(tmp_path) as story:
        at_stage_3(story)
        say(story, "oakes", "ESCALATE\nStill nobody has seen K.", "2026-09-10 10:00")
        sent = {letter.to: letter for letter in story.letters()}
        assert sent["bu"].letter == "stage_told"
        asked = "“Case resolution: notice to the Quality Assurance Subgroup” still needs"
        assert [who for who, letter in sent.items() if asked in letter.text] == ["lyle"], "the account is theirs alone"
        assert "  Summary:" in sent["lyle"].text
        say(
            story,
            "lyle",
            "Summary: Winifred and I met on 15 September and went through the chronology.",
            "2026-09-15 12:00",
        )
        form = story.expect(("digest", "bu"), ("noted", "qas"), ("noted", "bu"), ("noted", "lyle"))[1]
        assert "Winifred and I met on 15 September" in form.text
        ((name, document),) = form.attached
        assert name == "PL-26-0001-qas-form.docx"
        assert "Winifred and I met on 15 September" in words_of(document)
        assert "Two calls and a home visit by our family worker." in form.text
        assert "Larkfield Primary School and Seamoor Council Children's Social Care" in form.text
        story.until("2026-09-17 17:00")
        passed = story.letters()
        told = next(letter for letter in passed if (letter.letter, letter.to) == ("limit_passed", "bu"))
        assert "resolve at this stage”)." in told.text
        assert "update to the Business Unit" not in told.text


def test_a_form_that_was_not_sent_in_time_is_flagged_to_the_unit(tmp_path: Path) -> None:
    """PL-12: "within those same timescales"."""
    with plymouth(tmp_path) as story:
        at_stage_4(story)
        story.until("2026-09-17 17:00")
        sent = story.letters()
        told = next(letter for letter in sent if (letter.letter, letter.to) == ("limit_passed", "bu"))
        assert "Form to the Quality Assurance Subgroup, update to the Business Unit" in told.text


def test_what_is_resolved_at_stage_4_goes_to_the_subgroup(tmp_path: Path) -> None:
    """PL-13 PL-18: with the form, for the standing item of its meeting."""
    with plymouth(tmp_path) as story:
        at_stage_4(story)
        say(story, "lyle", "RESOLVED\nWinifred's team sees K. at home by 18 September 2026.", "2026-09-11 12:00")
        asked = story.expect(("proposed", "stroud"))[0]
        story.mail("stroud", "CONFIRM", "2026-09-11 13:00", answers=asked)
        closed = story.expect(*[("closed", who) for who in SENIORS], ("closed", "bu"), ("closed", "qas"))
        assert "CASE RESOLUTION: NOTICE TO THE QUALITY ASSURANCE SUBGROUP" in closed[-1].text
        filed = {one.to for one in closed if "please put this on the child's record" in one.text}
        assert filed == {"lyle", "stroud"}, "one of each agency"


def test_agencies_of_which_nothing_is_heard_are_asked_after_once_a_month(tmp_path: Path) -> None:
    """PL-14: as a question, in the first digest of the month and in no other."""
    with plymouth(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "WITHDRAW\nSettled by telephone.", "2026-09-07 12:00")
        story.expect(*[("closed", who) for who in BOTH])
        others = []
        for monday in ("2026-09-14", "2026-09-21", "2026-09-28"):
            story.until(f"{monday} 08:00")
            others += story.expect(*[("digest", "bu")] * (monday == "2026-09-14"))  # then two weeks of nothing
        (last,) = others
        assert "no digest goes. The next comes by Monday 12 October" in " ".join(last.text.split())
        story.until("2026-10-05 08:00")
        first = story.expect(("digest", "bu"))[0]
        assert "No disagreements, or is the procedure not used?" in first.text
        assert "- Seamoor Police (never)" in first.text
        assert "- Larkfield Primary School" not in first.text
        assert all("NOTHING HEARD" not in digest.text for digest in others)


def test_at_stage_5_every_change_is_told_to_the_unit(tmp_path: Path) -> None:
    """PL-08 PL-09 PL-10: strategic leaders from the directory; the unit is kept informed; the form goes again."""
    with plymouth(tmp_path) as story:
        at_stage_5(story)
        assert {p.person.name for p in story.dispute().parties if p.role.endswith("strategic")} == {
            "Honor Whitlock",
            "Gideon Farrow",
        }
        say(story, "farrow", "MET on 14 September 2026 with Honor Whitlock", "2026-09-14 15:00")
        story.expect(("digest", "bu"), ("noted", "farrow"), ("noted", "bu"))
        say(story, "whitlock", "NEEDED BY 16 September 2026 because the family moves on the 17th", "2026-09-14 16:00")
        story.expect(*[("protective_date", who) for who in ("whitlock", "farrow", *BOTH)], ("protective_date", "bu"))
        assert story.limit() == "Wed 16 Sep 17:00"
        say(story, "whitlock", "Summary: Gideon and I met and went through the chronology.", "2026-09-14 17:00")
        story.expect(("noted", "qas"), ("noted", "bu"), ("form_read", "whitlock"))
        say(story, "farrow", "RESOLVED\nK. is seen at home by 16 September 2026.", "2026-09-15 10:00")
        (asked,) = story.expect(("proposed", "whitlock"))
        story.mail("whitlock", "CONFIRM", "2026-09-15 11:00", answers=asked)
        story.expect(*[("closed", who) for who in (*SENIORS, "whitlock", "farrow", "bu", "qas")])


def test_nothing_follows_stage_5_and_it_is_reported_each_week_until_a_person_closes_it(tmp_path: Path) -> None:
    """PL-19: it never closes by itself."""
    with plymouth(tmp_path) as story:
        at_stage_5(story)
        story.until("2026-09-18 17:00")
        *_, whitlock, farrow, unit, first = story.expect(
            ("digest", "bu"),
            ("reminder", "whitlock"),
            ("reminder", "farrow"),
            ("limit_passed", "whitlock"),
            ("limit_passed", "farrow"),
            ("limit_passed", "bu"),
            ("limit_passed", "scrutineer"),
        )
        assert all("Your turn" in one.text for one in (whitlock, farrow)), "it is for both to speak"
        assert "those it was with can reply RESOLVED" in " ".join(unit.text.split())
        rests = "In the procedure: Stage five, after which the published text names nothing."
        assert rests in " ".join(first.text.split())
        promised = "With no answer by 9am on Friday 25 September, the PSCP Business Unit is told again."
        assert promised in " ".join(first.text.split()), "what is promised is what is due"
        story.until("2026-09-24 17:00")
        story.expect(("digest", "bu"))
        story.until("2026-10-02 17:00")
        weekly = [("limit_passed", who) for who in ("bu", "scrutineer", "bu", "scrutineer")]
        told = [one.text for one in story.expect(("digest", "bu"), *weekly) if one.letter == "limit_passed"]
        assert ["18 September" in text.split("It is now for")[1] for text in told] == [False] * 4, "no date gone by"
        assert "after the limit." in told[0], "and how many working days ago it passed"
        assert "by 9am on Friday 2 October, you are told again" in " ".join(told[0].split())
        say(story, "whitlock", "ESCALATE", "2026-10-02 17:10")
        refused = story.expect(("refused", "whitlock"))[0]
        assert "the procedure has nothing after Stage 5" in refused.text
        say(story, "bu", f"CLOSE {story.first} because the subgroup has heard both agencies.", "2026-10-02 17:30")
        _, *closed = story.expect(
            ("transcript", "bu"), *[("closed", who) for who in (*SENIORS, "whitlock", "farrow", "bu", "qas")]
        )
        assert not any("reminders" in one.text for one in closed), "what is over is not asked about"
        assert story.dispute().outcome == "unresolved"
        story.until("2026-10-12 07:00")
        story.expect(("digest", "bu"))


def test_mediation_is_a_side_road_and_no_clock_stops_for_it(tmp_path: Path) -> None:
    """PL-16: to the Independent Scrutineer, from either side."""
    with plymouth(tmp_path) as story:
        at_stage_3(story)
        before = story.limit()
        say(story, "peake", "We would like to ask for external mediation.", "2026-09-09 10:00")
        asked, told = story.expect(("noted", "scrutineer"), ("noted", "peake"))
        assert (asked.subject, told.subject) == (
            "[PL-26-0001] Please answer: a request to you",
            "[PL-26-0001] For information: recorded",
        )
        assert "\nRosalind Peake asks you for: external mediation." in asked.text
        assert (story.limit(), story.dispute().stage) == (before, "3")


def test_a_longer_date_is_recorded_and_the_limit_stays_with_both_shown(tmp_path: Path) -> None:
    """PL-21: the text gives no power to agree longer; and its date brings back no limit that has passed."""
    with plymouth(tmp_path) as story:
        opened(story)
        say(story, "hartwell", "AGREE BY 24 September 2026", "2026-09-08 10:00")
        asked = story.expect(("date_proposed", "fenn"), ("date_proposed", "hartwell"))[0]
        story.mail("fenn", "AGREE", "2026-09-08 11:00", answers=asked)
        recorded = story.expect(("date_recorded", "hartwell"), ("date_recorded", "fenn"))[0]
        assert "Thursday 24 September 2026" in recorded.text
        assert "5pm on Monday 14 September at the latest" in recorded.text
        assert story.limit() == "Mon 14 Sep 17:00"
        story.until("2026-09-14 08:30")
        digest = story.expect(("digest", "bu"))[0]
        assert "Mon 14 Sep 17:00 (both sides agreed Thu 24 Sep, recorded only)" in digest.text


def test_a_disagreement_inside_one_agency_goes_by_its_own_policy(tmp_path: Path) -> None:
    """PL-01: and whistle-blowing goes elsewhere; nothing is opened, and nothing is passed on."""
    with plymouth(tmp_path) as story:
        story.mail(
            "hartwell",
            "I want to whistleblow about my own head teacher covering up wrongdoing.",
            "2026-09-07 10:00",
            subject="Whistleblowing",
        )
        letter = story.expect(("out_of_scope", "hartwell"))[0]
        assert "Use the whistle-blowing policy." in letter.text
        assert list(story.store.dispute_rows(story.site.id)) == []


def test_a_school_answers_at_stage_4_with_its_head_teacher(tmp_path: Path) -> None:
    """PL-06: who acts at each stage is shown with the words the procedure gives for a school."""
    roles = plymouth(tmp_path).site.current.protocol.roles
    assert "school: head teacher" in roles["raising_senior"].examples
    assert "school: multi academy trust director of education" in roles["raising_strategic"].examples


def test_without_a_line_for_immediate_risk_nothing_starts(tmp_path: Path) -> None:
    """PL-22: the text gives no route for immediate risk, so the file must."""
    written = (ROOT / "config" / "protocols" / "plymouth.toml").read_text(encoding="utf-8")
    start, end = written.index("[risk]"), written.index("[role.raiser]")
    broken = tmp_path / "plymouth.toml"
    broken.write_text(written[:start] + written[end:], encoding="utf-8")
    with pytest.raises(BadConfiguration, match="risk"):
        load_protocol(broken)
