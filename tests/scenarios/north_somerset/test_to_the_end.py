"""The main job, from a practitioner's email to the end, under North Somerset's procedure."""

from pathlib import Path

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


def raise_it(story: Story, when: str = "2026-09-07 10:12") -> None:
    story.mail("hartwell", RAISED, when, subject="[ESCALATION] Stage 1 - K.W.", to=["fenn"])


def test_silence_at_every_stage_takes_it_to_the_question_of_referral_and_the_partners_decide(tmp_path: Path) -> None:
    """NS-05, NS-11, NS-13, NS-19, NS-22, NS-23, NS-24, NS-26."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        opened = story.expect(("opened", "hartwell"), ("opened", "fenn"))[0]
        assert story.limit() == "Tue 08 Sep 17:00"
        assert "5pm on Tuesday 8 September" in opened.text

        story.until("2026-09-08 09:00")
        story.expect(("reminder", "hartwell"), ("reminder", "fenn"))

        story.until("2026-09-08 17:00")
        story.expect(
            ("stage_entered", "oakes"), ("stage_entered", "peake"),
            ("summary", "hartwell"), ("summary", "fenn"), ("summary", "oakes"), ("summary", "peake"),
            ("stage_told", "hartwell"), ("stage_told", "fenn"),
        )  # fmt: skip
        assert story.limit() == "Thu 10 Sep 17:00"
