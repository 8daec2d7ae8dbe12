"""A dispute is what somebody raised: equal initials join nobody, and an opening rewrites nothing that is recorded."""

from pathlib import Path

from tests.people import CSC, NHS, SCHOOL
from tests.prepared import prepared
from tests.pressing import press
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Story

ANOTHER = RAISED.replace(
    "Issue: The assessment is being closed with no further action.", "Issue: The strategy meeting was cancelled."
)
COUNTER = """\
Dear Imogen,

Child: K.W. (Year 3)
Agencies: Children's Social Care / Larkfield Primary School
Issue: The school has not shared the chronology.
Impact on child: We cannot see the pattern.

Tobias Fenn
"""


def references(story: Story) -> list[str]:
    return [row.reference for row in story.store.dispute_rows(story.site.id)]


@prepared
def raise_it(story: Story, body: str = RAISED, when: str = "2026-09-07 10:00", by: str = "hartwell") -> None:
    to = ["fenn"] if by == "hartwell" else ["hartwell"]
    story.mail(by, body, when, subject="[ESCALATION] Stage 1 - K.W.", to=to)


def test_another_matter_about_the_same_initials_is_a_dispute_of_its_own_and_the_office_may_link_it(
    tmp_path: Path,
) -> None:
    """NS-06: the second email is not a correction of the first. The office is told that the initials are equal."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.letters()
        raise_it(story, ANOTHER, "2026-09-07 14:00")
        first, second = references(story)
        assert story.dispute(first).fields["issue"] == "The assessment is being closed with no further action."
        assert story.dispute(second).fields["issue"] == "The strategy meeting was cancelled."
        asked = [letter for letter in story.letters() if letter.to == "bm"]
        assert len(asked) == 1
        assert f"write LINK {second} {first}" in " ".join(asked[0].text.split())
        story.mail("bm", f"LINK {second} {first} because it is one child", "2026-09-07 15:00", subject="RE: initials")
        story.letters()
        assert [link.other for link in story.dispute(first).links] == [second]


def test_a_counter_dispute_is_its_own_and_leaves_the_first_with_its_sides(tmp_path: Path) -> None:
    """NS-01: what the other agency raises is raised by it, and the first dispute is still the school's to withdraw."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        raise_it(story, COUNTER, "2026-09-07 14:00", by="fenn")
        first, second = references(story)
        assert (story.dispute(first).raising, story.dispute(first).receiving) == (SCHOOL, CSC)
        assert (story.dispute(second).raising, story.dispute(second).receiving) == (CSC, SCHOOL)
        story.mail("hartwell", "WITHDRAW\nK has moved.", "2026-09-07 15:00", subject=f"[{first}] K.W.")
        story.letters()
        assert story.dispute(first).outcome == "withdrawn"
        assert story.dispute(second).state == "open"


def test_the_same_again_changes_nothing_and_wrong_case_opens_it(tmp_path: Path) -> None:
    """NS-06: sent twice by hand it is filed where it is; WRONG CASE makes of it what it should have been, counted from
    the day on which it came."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.letters()
        raise_it(story, RAISED.replace("K is", "She is"), "2026-09-07 14:00")
        assert len(references(story)) == 1
        (told,) = story.expect(("question", "hartwell"))
        assert "Nothing that is recorded there was changed by it." in " ".join(told.text.split())
        assert story.dispute().fields["impact"].startswith("K is")
        assert "WRONG CASE (it is about something else). Your email is opened as a dispute of its own." in (
            " ".join(told.text.split())
        )
        press(story, told, "WRONG CASE", when="2026-09-07 15:00")
        first, second = references(story)
        assert story.dispute(second).fields["impact"].startswith("She is")
        assert f"{story.dispute(second).raised:%H:%M}" == "13:00", "in UTC: when the email came"
        assert story.dispute(first).state == "open"
        story.letters()


def test_a_dispute_with_another_agency_raised_in_the_old_thread_opens(tmp_path: Path) -> None:
    """NS-06: an answer to an old letter that has its own child, agencies and issue is no correction."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        opened = next(letter for letter in story.letters() if letter.to == "hartwell")
        body = "Child: K.W.\nAgencies: Larkfield Primary School / health\nIssue: The health visitor closed it.\n"
        story.mail("hartwell", body, "2026-09-07 14:00", answers=opened, to=["reed"])
        first, second = references(story)
        assert story.dispute(first).receiving == CSC
        assert story.dispute(second).receiving == NHS
        assert "reed" in {letter.to for letter in story.letters()}


def test_one_mail_by_two_ways_is_one_mail(tmp_path: Path) -> None:
    """One Message-ID and the same words, with another Received line above them: nobody is written to again."""
    with Story(tmp_path, "2026-09-07 09:30") as story:
        raise_it(story)
        story.letters()
        (kept,) = [one for folder in story.mailbox.filed.values() for one in folder if b"[ESCALATION]" in one.raw]
        story.deliver(
            b"Received: from relay.example by mx.nsscp.example; Mon, 07 Sep 2026 10:12:09 +0100\r\n" + kept.raw
        )
        story.expect()
        assert references(story) == ["NS-26-0001"]
