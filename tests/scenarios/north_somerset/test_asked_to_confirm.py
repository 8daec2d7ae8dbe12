"""Whoever is asked to confirm what was agreed reads what it is, by whatever letter they come into it; and whoever asked
has their answer, or somebody in their place."""

from pathlib import Path

from tests.scenarios.north_somerset.test_to_the_end import opened
from tests.scenarios.test_in_the_other_four import PLACES
from tests.story import Sent, Story

PLACE = next(place for place in PLACES if place.file == "gloucestershire")

REF = "[NS-26-0001] K.W."
AGREED = "Tobias Fenn visits K at home, on school days"
SAID = f"Tobias Fenn says that this is resolved: “{AGREED}"
ANOTHER = "CORRECT Agencies: Larkfield Primary School / Children's Social Care / Westmere NHS Trust"
AWAY = [("Auto-Submitted", "auto-replied")]


def waiting(story: Story) -> None:
    """Raised, and reported as resolved by the side that was asked."""
    opened(story)
    story.mail("fenn", f"RESOLVED\n{AGREED}, by 15 September 2026.", "2026-09-07 11:00", subject=REF)
    story.expect(("proposed", "hartwell"))


def shown_to(story: Story, who: str) -> Sent:
    return next(letter for letter in story.letters() if letter.to == who)


def test_an_agency_that_joins_reads_what_it_is_to_confirm(tmp_path: Path) -> None:
    """NS-07: "agreed by all parties involved" is agreed by somebody who knows what it is."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        waiting(story)
        story.mail("hartwell", ANOTHER, "2026-09-07 11:30", subject=REF)
        line = f"ADD {story.first} Octavian Reed, octavian.reed@westmere-nhs.example, other practitioner"
        story.mail("bm", line, "2026-09-07 11:40", subject="Lines")
        asked = shown_to(story, "reed")
        flat = " ".join(asked.text.split())
        assert asked.letter == "stage_entered"
        assert "- CONFIRM (yes, we agreed this)" in flat
        assert f"Is this what was agreed about K.W.? {SAID}, by 15 September 2026” WHAT YOU CAN REPLY" in flat
        assert f"{SAID.replace('“', '&ldquo;')}, by 15 September 2026&rdquo;" in " ".join(asked.html.split())


def test_whoever_takes_over_reads_what_they_are_to_confirm(tmp_path: Path) -> None:
    """NS-03: handed over while it waits, the question is handed over with what it asks."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        waiting(story)
        story.mail(
            "hartwell", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example", "2026-09-07 12:00", subject=REF
        )
        flat = " ".join(shown_to(story, "marlow").text.split())
        assert f"You have taken over from Imogen Hartwell. {SAID}, by 15 September 2026” WHAT YOU CAN REPLY" in flat


def test_a_deputy_who_is_called_in_reads_what_they_are_to_confirm(tmp_path: Path) -> None:
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("hartwell", "ESCALATE\nWhat remains unresolved: all of it.", "2026-09-07 11:00", subject=REF)
        story.mail("oakes", f"RESOLVED\n{AGREED}, by 15 September 2026.", "2026-09-07 11:30", subject=REF)
        story.letters()
        words = "I am on annual leave until Monday 21 September 2026."
        story.mail("peake", words, "2026-09-07 12:00", subject=f"Automatic reply: {REF}", headers=AWAY)
        flat = " ".join(shown_to(story, "garth").text.split())
        assert f"Desmond Oakes says that this is resolved: “{AGREED}, by 15 September 2026”" in flat


def test_the_managers_of_a_stage_that_begins_meanwhile_read_it_too(tmp_path: Path) -> None:
    """NS-11: it moves by its limit, and those who have it from now on may still confirm."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        waiting(story)
        story.until("2026-09-08 17:00")
        begun = {
            letter.to: " ".join(letter.text.split()) for letter in story.letters() if letter.letter == "stage_entered"
        }
        assert "- CONFIRM (yes, we agreed this)" in begun["oakes"]
        assert f"{SAID}, by 15 September 2026”" in begun["oakes"]
        assert "- CONFIRM" not in begun["peake"]  # whose own side has said so


def test_what_is_long_stands_whole_below_the_line(tmp_path: Path) -> None:
    """Another letter of the same day offers CONFIRM again; it shows what for, and all of it."""
    whole = " ".join(f"on day {n} Tobias Fenn rings the school at nine and says who sees K;" for n in range(1, 6))
    with Story(tmp_path, "2026-09-07 09:30") as story:
        opened(story)
        story.mail("fenn", f"RESOLVED\n{AGREED}, by 15 September 2026; {whole}", "2026-09-07 11:00", subject=REF)
        story.letters()
        story.mail("hartwell", "NEEDED BY 8 September 2026", "2026-09-07 12:00", subject=REF)
        flat = " ".join(shown_to(story, "hartwell").text.split())
        assert "- CONFIRM (yes, we agreed this)" in flat
        assert flat.index(" …” WHAT YOU CAN REPLY") < flat.index("WHAT WAS REPORTED AS AGREED")
        assert "on day 5 Tobias Fenn rings the school at nine" in flat


def without_fenn(story: Story) -> None:
    story.mail("bm", f"REMOVE {story.first} tobias.fenn@seamoor.example", "2026-09-07 11:20", subject="Lines")
    story.letters()


def test_a_no_reaches_the_office_where_whoever_reported_it_was_taken_out(tmp_path: Path) -> None:
    """G12: the raiser's DISAGREE is heard by somebody, though nobody of the side that asked is there."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        waiting(story)
        without_fenn(story)
        story.mail("hartwell", "DISAGREE\nThat is far too late.", "2026-09-07 13:00", subject=REF)
        (told,) = story.expect(("objected", "bm"))
        flat = " ".join(told.text.split())
        assert "Imogen Hartwell does not agree that this is resolved." in flat
        assert "That is far too late." in flat


def test_a_no_to_a_date_reaches_the_office_likewise(tmp_path: Path) -> None:
    """GL-30: a longer time that was asked for is answered, whoever has gone meanwhile."""
    with Story(tmp_path, "2026-09-07 09:30", "gloucestershire", PLACE.directory, people=PLACE.people) as story:
        story.mail("hartwell", PLACE.raised, "2026-09-07 10:12", subject=f"{PLACE.subject} - K.W.", to=[PLACE.to])
        story.mail("fenn", "AGREE BY 18 September 2026", "2026-09-07 11:00", subject=f"[{story.first}] K.W.")
        story.letters()
        story.mail("ssu", f"REMOVE {story.first} {story.address['fenn']}", "2026-09-07 11:20", subject="Lines")
        story.letters()
        story.mail("hartwell", "NO", "2026-09-07 13:00", subject=f"[{story.first}] K.W.")
        assert {(letter.letter, letter.to) for letter in story.letters()} == {
            ("date_refused", "hartwell"),
            ("date_refused", "ssu"),
        }


def test_a_no_reaches_whoever_reported_it_at_a_stage_that_is_over(tmp_path: Path) -> None:
    """G12: it moved on by its limit meanwhile, and whoever said that it was agreed reads that it is not."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        waiting(story)
        story.until("2026-09-08 17:00")
        story.letters()
        story.mail("oakes", "DISAGREE\nNothing was agreed.", "2026-09-09 09:00", subject=REF)
        assert {letter.to for letter in story.letters() if letter.letter == "objected"} == {"peake", "fenn"}
