"""The Recording Form as a Word document: it goes out with the stage, comes back filled in, and is the record."""

from datetime import date
from pathlib import Path

from mailbot.core.record.events_of_mail import FormNotRead, FormReturned
from mailbot.core.record.intents import Action
from tests.scenarios.north_somerset.test_to_the_end import EVERYBODY, OF_STAGE_2, RAISED, at_stage_2, opened
from tests.story import Sent, Story
from tests.unit.mail.documents.word import fill_in, words_of

FORM = "NS-26-0001-recording-form.docx"
FILLED = {
    "summary:2": "Desmond & Rosalind spoke on Tuesday.\nThe school sees K hungry; social care see early help working.",
    "actions:2/1/1": "Visit K at home",
    "actions:2/1/2": "Tobias Fenn",
    "actions:2/1/3": "Friday 11 September 2026",
}


def form_of(letters: list[Sent], who: str) -> bytes:
    """The form that came with the letter to one person."""
    (content,) = (
        content for letter in letters if letter.to == who for name, content in letter.attached if name == FORM
    )
    return content


def at_stage_2_with_its_form(story: Story) -> list[Sent]:
    opened(story)
    story.until("2026-09-08 17:00")
    return story.expect(
        ("stage_entered", "oakes"),
        ("stage_entered", "peake"),
        ("summary", "hartwell"),
        ("summary", "fenn"),
        ("reminder", "hartwell"),
        ("reminder", "fenn"),
    )


def flat(letter: Sent) -> str:
    return " ".join(letter.text.split())


def test_the_form_goes_with_stage_2_and_names_no_child(tmp_path: Path) -> None:
    """NS-14 NS-29."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        content = form_of(letters, "oakes")
        assert form_of(letters, "peake") == content
        said = words_of(content)
        for label in ("Child's Name", "Date Stage 2 started", "Names of those involved", "Additional Notes"):
            assert label in said
        assert "Tuesday 8 September 2026" in said
        assert "Desmond Oakes" in said
        assert "Left blank by this mailbox on purpose" in said
        assert "The form is attached: fill it in and send it back" in flat(letters[0])
        assert "send it back with your view; Larkfield Primary School keeps it." in flat(letters[1])
        assert not letters[4].attached, "a reminder of stage 1 has no form yet"


def test_a_manager_returns_it_filled_in_and_it_is_the_record(tmp_path: Path) -> None:
    """NS-14 NS-18 NS-20 NS-28 NS-29: what changed is said back, and goes on to the senior managers."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        filled = fill_in(form_of(letters, "oakes"), FILLED)
        story.mail(
            "oakes", "Please find the form attached.", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, filled)]
        )
        (answer,) = story.expect(("form_read", "oakes"))
        assert answer.subject == "[NS-26-0001] Your form was read"
        assert "Your form was read, and 2 boxes were recorded." in answer.text
        assert "Before: empty" in answer.text
        assert "Now: Visit K at home (Tobias Fenn), by 11 September 2026" in answer.text
        assert answer.text.index("ring 999.") < answer.text.index("11 September")
        dispute = story.dispute()
        assert dispute.fields["summary:2"] == FILLED["summary:2"]
        assert dispute.actions == (Action("Visit K at home", "Tobias Fenn", date(2026, 9, 11)),)
        assert "The school sees K hungry" in words_of(form_of([answer], "oakes")), "the next copy has it"

        # The same document once more: nothing is new, and it is a second version all the same.
        story.mail("oakes", "The form.", "2026-09-09 10:30", answers=answer, attached=[(FORM, filled)])
        (again,) = story.expect(("form_read", "oakes"))
        assert "Your form was read: no change." in again.text
        versions = [event.version for event in story.dispute().history if isinstance(event, FormReturned)]
        assert versions == [1, 2]

        story.mail("oakes", "ESCALATE\nWhether K is seen at home.", "2026-09-09 11:00", answers=again)
        moved = story.expect(
            *[("summary", who) for who in OF_STAGE_2],
            ("summary", "bm"),
            ("stage_entered", "lyle"),
            ("stage_entered", "stroud"),
        )
        for who in ("bm", "lyle", "stroud"):
            assert "The school sees K hungry" in words_of(form_of(moved, who)), who
        filed = [held.raw for held in story.mailbox.filed[("Disputes", "NS-26-0001")] if FORM.encode() in held.raw]
        assert filed, "the summary of the stage is filed with its form"


def test_asap_in_the_form_is_named_and_asked_for(tmp_path: Path) -> None:
    """NS-28: "Actual date not ASAP"; what is still missing at the stage is said as well."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        filled = fill_in(
            form_of(letters, "oakes"),
            {
                "actions:2/1/1": "Visit K at home",
                "actions:2/1/3": "ASAP",
                "actions:2/2/1": "Core group",
                "actions:2/2/3": "17/09/2026",
            },
        )
        story.mail("oakes", "Form attached", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, filled)])
        (answer,) = story.expect(("form_read", "oakes"))
        assert "Visit K at home: “ASAP” is not an actual date." in answer.text
        needed = flat(answer).partition("STILL NEEDED AT THIS STAGE")[2]
        assert needed.startswith(" - Summary of the issue at Stage 2")
        assert [(a.what, a.by) for a in story.dispute().actions] == [
            ("Visit K at home", None),
            ("Core group", date(2026, 9, 17)),
        ]

        mended = fill_in(form_of([answer], "oakes"), {"actions:2/1/3": "11 Sept 2026"})
        story.mail("oakes", "With the date", "2026-09-09 11:00", answers=answer, attached=[(FORM, mended)])
        (after,) = story.expect(("form_read", "oakes"))
        assert "STILL TO BE ANSWERED" not in after.text
        assert "Before: Visit K at home, no actual date yet" in after.text
        assert [a.by for a in story.dispute().actions] == [date(2026, 9, 11), date(2026, 9, 17)]


def test_what_the_other_side_fills_in_is_put_to_the_side_that_keeps_the_form(tmp_path: Path) -> None:
    """NS-14: "The person responsible for recording is the agency raising the issue"."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        theirs = fill_in(form_of(letters, "peake"), {"summary:2": "The threshold is not met."})
        story.mail("peake", "Our part of the form", "2026-09-09 10:00", answers=letters[1], attached=[(FORM, theirs)])
        told, writer = story.expect(("form_read", "oakes"), ("form_read", "peake"))
        assert "sent the form filled in. The record has not changed." in flat(told)
        assert "The threshold is not met." in told.text
        assert "Your form was kept as your agency's view." in flat(writer)
        assert "the record itself has not changed. Larkfield Primary School has been told." in flat(writer)
        assert "summary:2" not in story.dispute().fields


def test_a_document_that_may_hold_macros_is_kept_and_not_opened(tmp_path: Path) -> None:
    """NS-29 (hazard G25)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        filled = fill_in(form_of(letters, "oakes"), FILLED)
        story.mail(
            "oakes",
            "Form attached",
            "2026-09-09 10:00",
            answers=letters[0],
            attached=[("NS-26-0001-recording-form.docm", filled)],
        )
        (answer,) = story.expect(("form_read", "oakes"))
        assert (
            "“NS-26-0001-recording-form.docm” was not read: it is a Word file of the kind that holds macros (.docm)."
        ) in flat(answer)
        assert "nothing in it has been recorded" in answer.text
        assert "summary:2" not in story.dispute().fields
        assert len(story.mailbox.messages(("Disputes", "NS-26-0001"))) == 3, "the message is filed with its attachment"


def test_the_form_of_another_dispute_changes_neither(tmp_path: Path) -> None:
    """NS-29: a form says itself which dispute it belongs to."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        another = RAISED.replace("K.W.", "B.D.")
        story.mail("hartwell", another, "2026-09-08 17:30", subject="[ESCALATION] Stage 2 - B.D.", to=["fenn"])
        second = story.letters()
        assert story.dispute("NS-26-0002").stage == "2"
        filled = fill_in(form_of(letters, "oakes"), FILLED)
        to_oakes = next(letter for letter in second if letter.to == "oakes")
        story.mail("oakes", "Form attached", "2026-09-09 10:00", answers=to_oakes, attached=[(FORM, filled)])
        (answer,) = story.expect(("form_read", "oakes"))
        assert "it is the form of NS-26-0001, and your message is about NS-26-0002" in flat(answer)
        for reference in ("NS-26-0001", "NS-26-0002"):
            assert "summary:2" not in story.dispute(reference).fields
        (refused,) = (e for e in story.dispute("NS-26-0002").history if isinstance(e, FormNotRead))
        assert refused.name == FORM


def test_what_the_mailbox_fills_in_is_not_taken_from_a_form(tmp_path: Path) -> None:
    """NS-29: dates, people, stage and days come from what happened."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        edited = fill_in(form_of(letters, "oakes"), {"stage_started:2": "1 September 2026"})
        story.mail("oakes", "Form", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, edited)])
        (answer,) = story.expect(("form_read", "oakes"))
        assert "Date Stage 2 started: this mailbox fills it in from the record" in flat(answer)
        assert "stage_started:2" not in story.dispute().fields


def test_the_childs_name_in_a_form_is_recorded_and_never_repeated(tmp_path: Path) -> None:
    """NS-29 (hazard G4)."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        named = fill_in(form_of(letters, "oakes"), {"child_name": "Kestrel Winterbourne", "child_dob": "4 May 2018"})
        story.mail("oakes", "Form", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, named)])
        (answer,) = story.expect(("form_read", "oakes"))
        assert "recorded, and not repeated in letters" in answer.text
        assert story.dispute().fields["child_dob"] == "4 May 2018"
        for said in (answer.text, answer.html, words_of(form_of([answer], "oakes"))):
            assert "Winterbourne" not in said
            assert "2018" not in said


def test_danger_in_a_box_of_the_form_is_answered_like_danger_in_a_letter(tmp_path: Path) -> None:
    """NS-09 NS-29."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        said = "K says she is not safe to go home tonight and has fresh bruising."
        filled = fill_in(form_of(letters, "oakes"), {"summary:2": said})
        story.mail("oakes", "Form attached", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, filled)])
        told = (("urgent", "oakes"), ("urgent_told", "peake"), ("urgent_told", "bm"), ("form_read", "oakes"))
        urgent = story.expect(*told)[0]
        assert "999" in urgent.text
        assert story.dispute().fields["summary:2"] == said, "and it is recorded all the same"


def test_wrong_takes_back_everything_that_one_form_brought(tmp_path: Path) -> None:
    """NS-29."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        letters = at_stage_2_with_its_form(story)
        filled = fill_in(form_of(letters, "oakes"), FILLED)
        story.mail("oakes", "Form", "2026-09-09 10:00", answers=letters[0], attached=[(FORM, filled)])
        (answer,) = story.expect(("form_read", "oakes"))
        story.mail("oakes", "WRONG", "2026-09-09 10:05", answers=answer)
        story.expect(*[("undone", who) for who in EVERYBODY])
        dispute = story.dispute()
        assert ("summary:2" in dispute.fields, dispute.actions) == (False, ())


def test_plain_labelled_lines_are_the_same_as_the_form(tmp_path: Path) -> None:
    """NS-29: whoever has no Word answers with the labels."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        story.mail(
            "oakes",
            "Stage 2 summary: The school sees K hungry.\nAdditional notes: The chronology is on file.",
            "2026-09-09 10:00",
            subject="[NS-26-0001] form",
        )
        (answer,) = story.expect(("form_read", "oakes"))
        assert "Your lines were read, and 1 box was recorded. Something is still needed." in flat(answer)
        assert "- Agreed outcomes or actions, with timescales" in answer.text
        assert [name for name, _ in answer.attached] == [FORM]
        assert story.dispute().fields["summary:2"] == "The school sees K hungry."
        assert story.dispute().fields["notes"] == "The chronology is on file."


def test_the_closed_form_has_the_decision_asks_for_nothing_and_goes_to_every_agency_that_files_it(
    tmp_path: Path,
) -> None:
    """NS-14 NS-27: "stored on the child/young person's record for each agency"."""
    decision = "Children's Social Care visits K at home by 18 September 2026."
    with Story(tmp_path, "2026-09-07 09:30") as story:
        at_stage_2(story)
        unresolved = "What remains unresolved: whether K is seen at home."
        for by, word, when in (("oakes", "ESCALATE", "2026-09-09 10:00"), ("lyle", "REFER", "2026-09-10 10:00")):
            story.mail(by, f"{word}\n{unresolved}", when, subject=f"[{story.first}]")
        story.mail("dsps", f"DECISION\n{decision}", "2026-09-11 11:00", subject=f"[{story.first}]")
        forms = {
            one.to: words_of(content)
            for one in story.letters()
            for _, content in one.attached
            if one.letter == "closed"
        }
        assert set(forms) == {"oakes", "peake", "lyle", "stroud", "bm"}
        for told in forms.values():
            assert "visits K at home" in told
            assert "Children's Social Care" in told
            assert "18 September 2026" in told
            assert "This is closed. The form is complete as the record has it" in told
            assert "Write in the boxes" not in told
            assert "Write here." not in told
