"""What a fifth attacker tried, and beside each what honest people write: the one is asked about, the other is done."""

from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.authority.test_unscripted import _now
from tests.pressing import link
from tests.story import Sent, SoFar


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> SoFar:
    with Told(tmp_path_factory.mktemp("here")).at_stage_2() as story:
        return story.so_far()


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> tuple[SoFar, Sent]:
    with Told(tmp_path_factory.mktemp("put")).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        return story.so_far(), asked


def _cases(text: str) -> list[str]:
    """One email a line; a bar is the end of a line in it."""
    return [line.replace("|", "\n") for line in text.strip().split("\n")]


def _both(done: str, asked: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("body", "is_done"), [(one, True) for one in _cases(done)] + [(one, False) for one in _cases(asked)]
    )


# Beside a CONFIRM: two words, whose hand it was, a purpose, what is not the writer's

CONFIRMED = """
CONFIRM
Yes please CONFIRM
Yes, CONFIRM
Hi Rosalind, CONFIRM
CONFIRM||Desmond Oakes|Head Teacher
CONFIRM||Head Teacher
CONFIRM||Pennaeth
CONFIRM||Desmond Oakes (he/him)
CONFIRM||Kind regards|Desmond Oakes|Pennaeth / Head Teacher
CONFIRM||Desmond Oakes|Pennaeth / Head Teacher|Ysgol Larkfield / Larkfield Primary School
CONFIRM||Desmond Oakes|School Business Manager and DSL
CONFIRM||Please note I do not work on Fridays
CONFIRM||Desmond Oakes|Head Teacher|Please note I do not work on Fridays. If urgent, please ring the office.
CONFIRM||Desmond|My working hours may not be yours; please do not feel you must reply outside of yours.
CONFIRM||Desmond Oakes|I am in school Monday to Thursday.
CONFIRM||Desmond Oakes|Non-working day: Friday
CONFIRM||Desmond Oakes|Working days: Tue, Wed, Thu
CONFIRM||Desmond Oakes|Term time only
CONFIRM||Desmond Oakes||Please note that I do not check emails at weekends.
CONFIRM||I may be sending this outside normal working hours; there is no expectation that you reply outside yours.
CONFIRM||Best|Desmond||I don't work Fridays
CONFIRM||I sometimes send emails at unusual times. I don't expect a reply outside your normal hours.
CONFIRM||I work flexibly. Please do not feel obliged to respond outside your working hours.
CONFIRM|Mum has been told.
CONFIRM|We are all happy with this.
"""
NOT_CONFIRMED = """
CONFIRM for discussion
CONFIRM for your approval
CONFIRM to be discussed
CONFIRM|For the agenda.
CONFIRM|HELP
CONFIRM|STATUS
CONFIRM|ESCALATE
CONFIRM||o.b.o. D Oakes
CONFIRM||obo D Oakes
CONFIRM||p.p. D Oakes
CONFIRM||per D Oakes
CONFIRM||Per pro Desmond Oakes
CONFIRM||D. Oakes (by June)
CONFIRM||Desmond Oakes|by his PA
CONFIRM||Desmond Oakes' PA
CONFIRM||Desmond / JT
CONFIRM||Desmond Oakes (signed in absence)
CONFIRM||for the Head
Hi Rosalind, please CONFIRM
CONFIRM|Mum's happy with it
CONFIRM||Chair of Governors
CONFIRM||School Business Manager
CONFIRM||Deputy Head
CONFIRM||Team Manager
CONFIRM|Dad is happy with this.
CONFIRM|The parents are content.
CONFIRM||Please note I do not agree
CONFIRM||I am in school Monday to Thursday, so leave it until then.
CONFIRM||If urgent, please ring me before you do anything.
"""


@_both(CONFIRMED, NOT_CONFIRMED)
def test_what_stands_beside_a_confirm(tmp_path: Path, put: tuple[SoFar, Sent], body: str, is_done: bool) -> None:
    before, asked = put
    with Told(tmp_path) as story:
        story.go_on_from(before)
        sent = story.comes("oakes", body, answers=asked)
        assert (story.is_closed, "oakes" in told(sent)) == (is_done, True)


@_both(
    "Agreed|Yes, agreed. Thanks".replace("|", "\n"),
    """
Draft: agreed
Rosalind: agreed
Dad: agreed
My notes: agreed
Note to self: agreed
Just a note to myself: yes, agreed
""",
)
def test_an_answer_behind_a_label_is_not_its_writers(
    tmp_path: Path, put: tuple[SoFar, Sent], body: str, is_done: bool
) -> None:
    before, asked = put
    with Told(tmp_path) as story:
        story.go_on_from(before)
        story.comes("oakes", body, answers=asked)
        assert story.is_closed is is_done


@_both(
    """
CONFIRM|Could you also add Philippa Dunmore please, she's running the early help.
CONFIRM. Please copy in Octavian Reed too, he's the health visitor.
Yes agreed, that is right. Could you also copy Philippa Dunmore in
CONFIRM on behalf of Larkfield.
""",
    """
CONFIRM. Could you also add Philippa Dunmore, as long as she agrees to weekly visits.
CONFIRM. Could you also add that mum must be there.
CONFIRM. Please include a second visit by Philippa Dunmore.
CONFIRM. Please add Philippa Dunmore to the visit on 17 September.
CONFIRM. Please copy in Octavian Reed as he must see J weekly.
CONFIRM, that is what he wants me to say.
CONFIRM on behalf of mum.
CONFIRM on behalf of Seamoor Council.
""",
)
def test_somebody_to_be_added_beside_a_confirm(
    tmp_path: Path, put: tuple[SoFar, Sent], body: str, is_done: bool
) -> None:
    before, asked = put
    with Told(tmp_path) as story:
        story.go_on_from(before)
        sent = story.comes("oakes", body, answers=asked)
        asks_to_add = is_done and "behalf" not in body
        in_it = {party.person.name for party in story.dispute().parties}
        asked_where = any(letter.letter == "question" for letter in sent)
        assert story.is_closed is is_done
        assert not asks_to_add or asked_where or in_it & {"Philippa Dunmore", "Octavian Reed"}, "neither is dropped"


@pytest.mark.parametrize(
    ("body", "is_done"),
    [
        ("CONFIRM", True),
        ("Thanks Rosalind. CONFIRM", True),
        ("We agree that this is resolved now.", True),
        ("Yes", False),
        ("Yes, agreed.", False),
        ("Agreed", False),
        ("Confirmed.", False),
    ],
)
def test_a_bare_yes_that_answers_no_letter_is_asked_about(
    tmp_path: Path, put: tuple[SoFar, Sent], body: str, is_done: bool
) -> None:
    before, _ = put
    with Told(tmp_path) as story:
        story.go_on_from(before)
        sent = story.comes("oakes", body)
        assert (story.is_closed, "oakes" in told(sent)) == (is_done, True)
        if not is_done:
            story.comes("oakes", body, answers=to(sent, "oakes"))
            assert story.is_closed, "and in answer to that question it counts"


@_both("Hi Rosalind,|\nGood morning", "Note to self:|\nDad says:|\nReminder for Friday:|\nDRAFT|")
def test_what_stands_above_a_pressed_button(tmp_path: Path, put: tuple[SoFar, Sent], body: str, is_done: bool) -> None:
    before, asked = put
    subject, opened = link(asked, "CONFIRM")
    with Told(tmp_path) as story:
        story.go_on_from(before)
        story.comes("oakes", f"{body.strip()}\n{opened}", subject=subject)
        assert story.is_closed is is_done


@pytest.mark.parametrize(
    ("subject", "is_done"),
    [
        ("RE: {button}", True),
        ("RE: [NS-26-0001] FW: what we agreed", True),
        ("[EXTERNAL] RE: [NS-26-0001]", True),
        ("FW: {button}", False),
        ("FW: [NS-26-0001] FW: from Mr West", False),
        ("Fwd: [NS-26-0001]", False),
        ("[EXTERNAL] FW: [NS-26-0001]", False),
        ("[NS-26-0001] FW: from Mr West", False),
        ("WG: [NS-26-0001]", False),
    ],
)
def test_what_is_forwarded_is_no_answer(tmp_path: Path, put: tuple[SoFar, Sent], subject: str, is_done: bool) -> None:
    before, asked = put
    with Told(tmp_path) as story:
        story.go_on_from(before)
        sent = story.comes("oakes", "CONFIRM", subject=subject.format(button=link(asked, "CONFIRM")[0]))
        assert (story.is_closed, "oakes" in told(sent)) == (is_done, True)


# One person where one is asked for, one dispute on a line, one act in a sentence

NAMED = """
HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example
Hi, HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example
Hi all, please HANDOVER TO c.marlow@tarn-trust.example
HANDOVER TO Cassius Marlow (c.marlow@tarn-trust.example) please. Thanks, Des
ADD c.marlow@tarn-trust.example
ADD c.marlow@tarn-trust.example <mailto:c.marlow@tarn-trust.example>
ADD Octavian Reed, octavian.reed@westmere-nhs.example||Thanks, Desmond
REMOVE i.hartwell@larkfield.sch.example||Thanks, Des
WITHDRAW|There is nothing left to dispute.
WITHDRAW|The visit was made and there is nothing left to argue about.
NEEDED BY 15 September 2026 because of court
"""
NOT_NAMED = """
HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example or Beatrix Lyle, beatrix.lyle@tarn-trust.example
HANDOVER TO Cassius Marlow or Beatrix Lyle
HANDOVER TO c.marlow@tarn-trust.example / i.hartwell@larkfield.sch.example
HANDOVER TO Cassius Marlow (or Imogen), c.marlow@tarn-trust.example
ADD c.marlow@tarn-trust.example and octavian.reed@westmere-nhs.example
ADD c.marlow@tarn-trust.example octavian.reed@westmere-nhs.example
ADD c.marlow@tarn-trust.example|octavian.reed@westmere-nhs.example
ADD Cassius Marlow and Octavian Reed
REMOVE i.hartwell@larkfield.sch.example and beatrix.lyle@tarn-trust.example
WITHDRAW|There is nothing left to lose.
We need a bit longer. NEEDED BY 30 September 2026.
Please extend to 18 September 2026. NEEDED BY 18 September 2026.
We have resolved this, a visit by 11 September 2026. HANDOVER
We cannot agree, please move this to the next stage. CHILD STATUS
Not resolved. Please take it up. CONFIRM
Please give us until 18 September 2026. NEEDED BY that date.
ESCALATE|Please see the letter below from mum's solicitor.
ESCALATE|As per the attached from dad.
"""


@_both(NAMED, NOT_NAMED)
def test_who_and_what_is_named(tmp_path: Path, here: SoFar, body: str, is_done: bool) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        before = _now(story)
        sent = story.comes("oakes", body)
        assert (_now(story) != before, "oakes" in told(sent)) == (is_done, True)


PROPOSED = """
RESOLVED|Tobias visits K at home by 11 September 2026.
RESOLVED||Hi Desmond, Tobias visits K at home by 11 September 2026. Rosalind Peake
RESOLVED|Tobias visits K by 11 September 2026. If K is not in, he tries again on 14 September 2026.
RESOLVED|Tobias visits K at home by 11 September 2026. Once that is done we review on 18 September 2026.
RESOLVED|The case is closed and a leaflet is sent by 30 November 2026.
"""
NOT_PROPOSED = """
RESOLVED|Once the school withdraws its complaint Tobias visits K by 14 September 2026.
RESOLVED|If the school withdraws, Tobias visits K by 14 September 2026.
RESOLVED|Tobias visits K by 14 September 2026, subject to the school withdrawing.
RESOLVED|Tobias visits K by 14 September 2026 unless the school objects.
RESOLVED|Tobias visits K by 14 September 2026 on condition that the school apologises.
RESOLVED|Assuming the school withdraws, Tobias visits by 14 September 2026.
"""


@_both(PROPOSED, NOT_PROPOSED)
def test_what_is_settled_waits_for_nothing(tmp_path: Path, here: SoFar, body: str, is_done: bool) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        sent = story.comes("peake", body)
        assert story.dispute().state == ("proposed" if is_done else "open")
        assert told(sent) >= ({"oakes"} if is_done else {"peake"})


def _second(story: Told) -> None:
    story.mail(
        "hartwell",
        "Child: T.B.\nIssue: No visit.\nImpact: T is hungry.",
        "2026-09-09 10:40",
        subject="[ESCALATION] Stage 1 - T.B.",
        to=["fenn"],
    )
    story.letters()


@_both(
    """
CLOSE NS-26-0001 because both sides agreed
CLOSE NS-26-0001 because both sides agreed|CLOSE NS-26-0002 because both sides agreed
ADD NS-26-0001 c.marlow@tarn-trust.example
LINK NS-26-0001 NS-26-0002
""",
    """
CLOSE NS-26-0001, NS-26-0002 because both sides agreed
CLOSE NS-26-0001 because NS-26-0002 is the right one
REDACT NS-26-0001 and NS-26-0002 assessment
REMOVE NS-26-0001 NS-26-0002 head@larkfield.sch.example
ADD NS-26-0001 and NS-26-0002 c.marlow@tarn-trust.example
""",
)
def test_a_line_of_the_offices_names_one_dispute(tmp_path: Path, here: SoFar, body: str, is_done: bool) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        _second(story)
        before = _now(story)
        sent = story.comes("bm", body, subject="lines")
        assert (_now(story) != before, "bm" in told(sent)) == (is_done, True)


# The round trip's answer


@_both(
    """
YES
Yes, that was me. Thanks
Hi, yes that was me. Thanks, Desmond
Yes it was me, sorry for the confusion
Yes, that's me
That was me
Yes, this was me. Kind regards
Yes.||Desmond Oakes|Head Teacher
""",
    """
Yes, that was dad.
Yes, that was June
Yes, that was not me
That was not me. Thanks
Yes, message received.
Yes, that was me but please do not do it
Yes? What is this
""",
)
def test_the_answer_to_was_it_you(tmp_path: Path, here: SoFar, body: str, is_done: bool) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        asked = to(story.comes("oakes", "ESCALATE\nNo visit was made.", verdict=""), "oakes")
        story.comes("oakes", body, answers=asked)
        assert (story.dispute().stage == "3") is is_done


# What the office is told its lines were


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("DISMISS 1 because Ruby Quill is not known here", "DISMISS 1 because R. Q. is not known here"),
        ("DISMISS 1 because ruby quill is of 12 Acacia Road, BS21 6AB", "because r. q. is of (address), (postcode)"),
        ("RELEASE 1 please, Imogen Hartwell rang", "RELEASE 1 please, Imogen Hartwell rang"),
        ("RELEASE one and two", "RELEASE one and two"),
        ("DISMISS 1 because the number is 07700 900123", "because the number is (telephone)"),
        (
            "CLOSE NS-26-0001 because Ruby Quill moved to 12 Acacia Road, BS21 6AB",
            "CLOSE NS-26-0001 because R. Q. moved to (address), (postcode)",
        ),
        ("CLOSE NS-26-0001 because Rosalind Peake and Imogen agreed", "because Rosalind Peake and Imogen agreed"),
        ("ADD NS-26-0001 c.marlow@tarn-trust.example", "ADD NS-26-0001 c.marlow@tarn-trust.example"),
    ],
)
def test_a_transcript_names_no_child(tmp_path: Path, here: SoFar, line: str, shown: str) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        story.comes("dad@freemail.example", "Hello, I write about my child.", verdict="", subject="hello")
        letters = [one for one in story.comes("bm", f"HELP\n{line}", subject="lines") if one.letter == "transcript"]
        said = " ".join(letters[0].text.split("WHAT YOU CAN WRITE")[0].split())
        assert shown in said
        assert not {"Quill", "Acacia"} & set(said.split())


# The child's status by the side that is challenged


@pytest.mark.parametrize("who", ["fenn", "peake", "stroud"])
@pytest.mark.parametrize(
    ("body", "recorded"),
    [
        ("CORRECT Child status: none", ""),
        ("CHILD STATUS: child in need", ""),
        ("CORRECT Child status: closed to us", ""),
        ("CHILD STATUS: looked after", "looked after"),
    ],
)
def test_a_status_that_the_side_asked_says_is_put_to_the_raising_side(
    tmp_path: Path, here: SoFar, who: str, body: str, recorded: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(here)
        assert {who, "oakes"} <= told(story.comes(who, body))
        assert story.dispute().fields.get("child_status", "") == recorded
