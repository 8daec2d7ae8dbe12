"""Plymouth in situations that its text does not tell, each from one sentence of it."""

from pathlib import Path

from tests.scenarios.plymouth.telling import RAISED, opened, plymouth
from tests.story import Story

UNRESOLVED = "ESCALATE\nWhat remains unresolved: whether the case stays open."


def say(story: Story, who: str, words: str, when: str) -> set[tuple[str, str]]:
    story.mail(who, words, when, subject=f"[{story.first}] K.W.")
    return {(one.letter, one.to) for one in story.letters()}


def test_what_frontline_managers_settle_is_reported_to_nobody(tmp_path: Path) -> None:
    """PL-13: "reaching stage four or above": at the third the Subgroup and the Unit hear nothing of it."""
    with plymouth(tmp_path) as story:
        opened(story)
        sent = say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        sent |= say(story, "oakes", "RESOLVED\nRosalind sees K. by 18 September 2026.", "2026-09-09 10:00")
        sent |= say(story, "peake", "CONFIRM", "2026-09-09 11:00")
        assert story.dispute().outcome == "resolved"
        assert {to for _, to in sent} & {"bu", "qas"} == set()


def test_the_subgroup_hears_that_it_reached_stage_four_though_nobody_fills_in_the_form(tmp_path: Path) -> None:
    """PL-13: "all instances of case resolution going beyond frontline managers": with an empty form as well."""
    with plymouth(tmp_path) as story:
        opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        sent = say(story, "oakes", UNRESOLVED, "2026-09-10 10:00")
        assert {"qas", "bu"} <= {to for _, to in sent}


def test_a_manager_begins_it_at_the_third_stage_and_no_practitioner_is_owed_two(tmp_path: Path) -> None:
    """PL-05: "the equivalent supervisor or manager in the other agency": begun between managers, five days from it."""
    with plymouth(tmp_path) as story:
        body = RAISED.replace("Agencies:", "Stage: 3\nAgencies:").replace("Imogen Hartwell\n", "Desmond Oakes\n")
        story.mail("oakes", body, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["peake"])
        story.letters()
        assert (story.dispute().stage, story.limit()) == ("3", "Mon 14 Sep 17:00")


def test_supervision_that_finds_it_is_no_difference_ends_without_the_other_agency(tmp_path: Path) -> None:
    """PL-02: "to clarify their thinking": withdrawn there, and nobody outside ever knew."""
    with plymouth(tmp_path) as story:
        body = RAISED.replace("Agencies:", "Stage: 1\nAgencies:")
        story.mail("hartwell", body, "2026-09-07 10:12", subject="Professional difference - K.W.")
        story.letters()
        sent = say(story, "hartwell", "WITHDRAW\nTalking it through, we agree with the assessment.", "2026-09-08 10:00")
        assert story.dispute().outcome == "withdrawn"
        assert {to for _, to in sent} & {"fenn", "peake", "stroud", "bu", "qas"} == set()


def test_danger_told_at_stage_five_is_not_kept_among_strategic_leaders(tmp_path: Path) -> None:
    """PL-15: "the safety and welfare of the child concerned is assured whilst discussions take place"."""
    with plymouth(tmp_path) as story:
        opened(story)
        say(story, "hartwell", UNRESOLVED, "2026-09-08 10:00")
        say(story, "oakes", UNRESOLVED, "2026-09-09 10:00")
        say(story, "lyle", UNRESOLVED, "2026-09-10 10:00")
        words = "K told me this morning that dad hit him with a belt last night and he is frightened to go home."
        sent = say(story, "hartwell", words, "2026-09-11 10:00")
        assert {
            ("urgent", "hartwell"),
            ("urgent_told", "oakes"),
            ("urgent_told", "peake"),
            ("urgent_told", "bu"),
        } <= sent


def test_whoever_raises_it_is_asked_for_clear_evidence_or_an_owned_gut_feeling(tmp_path: Path) -> None:
    """PL-17: "clear evidence is provided or if it is a 'gut feeling', say it is and own it as such": at stage two."""
    with plymouth(tmp_path) as story:
        mine, theirs = opened(story)
        assert "Raise it with respect, balance, clarity and evidence; own a gut feeling as such." in mine.text
        assert "gut feeling" not in theirs.text


def test_a_manager_who_writes_for_a_practitioner_stays_with_them(tmp_path: Path) -> None:
    """PL-04: "may affect the confidence of some practitioners to pursue this if unsupported": both are in it."""
    with plymouth(tmp_path) as story:
        body = "Practitioner: Imogen Hartwell, i.hartwell@larkfield.sch.example\n" + RAISED.replace(
            "Imogen Hartwell\n", "Cordelia Moss\n"
        )
        story.mail("marlow", body, "2026-09-07 10:12", subject="Professional difference - K.W.", to=["fenn"])
        assert {"hartwell", "marlow", "fenn"} <= {one.to for one in story.letters()}
        assert ("supporter", "Cassius Marlow") in {(p.role, p.person.name) for p in story.dispute().parties}
