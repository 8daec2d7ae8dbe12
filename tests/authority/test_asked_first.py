"""What is asked about before anything is done or passed on: what somebody only let in, what its writer does not want
shared, a word that may be somebody else's or a joke; and what is plain, and is done."""

from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.story import Sent, SoFar

Beginning = tuple[SoFar, dict[str, Sent]]


@pytest.fixture(scope="module")
def stage_2(tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    with Told(tmp_path_factory.mktemp("stage2")).at_stage_2() as story:
        return story.so_far(), {}


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> Beginning:
    with Told(tmp_path_factory.mktemp("put")).at_stage_2() as story:
        letters = {letter.to: letter for letter in story.says("peake", AGREED)}
        return story.so_far(), letters


def _stands(story: Told) -> tuple[object, ...]:
    d = story.dispute()
    return d.state, d.stage, d.parties, dict(d.fields), d.proposal, d.protective, d.move_held


ONLY_LET_IN = [  # who writes what; nothing shows that they did
    ("oakes", AGREED),
    ("oakes", "REFER\nIt cannot be resolved below."),
    ("oakes", "NEEDED BY 10 September 2026 because of the hearing"),
    ("oakes", "CHILD STATUS: child protection plan"),
    ("oakes", "Child status: none"),
    ("oakes", "Issue: It was closed after one telephone call."),
    ("oakes", "ESCALATE\nNo agreement.\nChild status: none"),
    ("oakes", "ESCALATE\nNo agreement.\nYour line manager: Edmund Garth, edmund.garth@seamoor.example"),
    ("peake", "RESOLVED\nNo further action."),
    ("peake", "REMOVE tobias.fenn@seamoor.example"),
]


@pytest.mark.parametrize(("who", "body"), ONLY_LET_IN)
@pytest.mark.parametrize("line", ["RELEASE 1", "1 -> NS-26-0001"])
def test_what_the_office_lets_in_is_asked_of_its_writer(
    tmp_path: Path, stage_2: Beginning, who: str, body: str, line: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        story.comes(who, body, verdict="")
        before = _stands(story)
        sent = story.says("bm", line)
        assert told(sent) == {"bm", who}
        assert to(sent, who).letter == "was_it_you"
        assert _stands(story) == before
        story.says(who, "YES", answers=to(sent, who))
        assert _stands(story) != before


def test_a_disagreement_that_the_office_lets_in_is_asked_of_its_writer(tmp_path: Path, put: Beginning) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        story.comes("oakes", "DISAGREE\nNo visit was offered.", verdict="", answers=put[1]["oakes"])
        asked = to(story.says("bm", "RELEASE 1"), "oakes")
        assert story.dispute().state == "proposed"
        story.says("oakes", "YES", answers=asked)
        assert story.dispute().state == "open"


@pytest.mark.parametrize(
    ("line", "verdict", "stage"),
    [("RELEASE 1", "", "3"), ("1 -> NS-26-0001", "", "2"), ("RELEASE 1", "fail", "2")],
)
def test_an_escalation_alone_goes_on_once_the_office_lets_it_in(
    tmp_path: Path, stage_2: Beginning, line: str, verdict: str, stage: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        story.comes("oakes", "ESCALATE\nNo agreement.", verdict=verdict)
        story.says("bm", line)
        assert story.dispute().stage == stage


def test_where_the_server_writes_nothing_an_escalation_that_is_let_in_is_asked_too(tmp_path: Path) -> None:
    with Told(tmp_path, trusted=()) as story:
        opened = to(story.comes("hartwell", RAISED, verdict="", subject="[ESCALATION] Stage 1 - K.W."), "hartwell")
        story.comes("hartwell", "YES", verdict="", answers=opened)
        story.comes("hartwell", "ESCALATE\nNobody answers.", verdict="")
        let_in = to(story.comes("bm", "RELEASE 2", verdict="", subject="lines"), "bm")
        asked = story.comes("bm", "YES", verdict="", answers=let_in)
        assert story.dispute().stage == "1"
        story.comes("hartwell", "YES", verdict="", answers=to(asked, "hartwell"))
        assert story.dispute().stage == "2"


RAISED = (
    "Child: K.W.\nAgencies: Larkfield Primary School / Seamoor Council Children's Social Care\n"
    "Your practitioner: Tobias Fenn, tobias.fenn@seamoor.example\nMy line manager: Desmond Oakes, "
    "head@larkfield.sch.example\nIssue: The assessment was closed without a visit.\nImpact on child: K is not seen.\n"
    "Outcome sought: A visit.\n"
)
NOT_SHARED = [
    f"{AGREED} Please do not share this with anybody.",
    "ESCALATE\nNo agreement. Please don't share this with Rosalind.",
    "NEEDED BY 10 September 2026 because mum leaves him then. Please keep this confidential.",
    "Issue: The head is to retire and nobody knows. Not to be passed on.",
    "ESCALATE\nJust between us, the trust has no money for it.",
    "DISAGREE\nThe plan came from our own trust. I do not want them to know this.",
]


@pytest.mark.parametrize("body", NOT_SHARED)
def test_what_its_writer_does_not_want_shared_is_not_passed_on_before_they_were_asked(
    tmp_path: Path, put: Beginning, body: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        before = _stands(story)
        sent = story.comes("oakes", body)
        assert [(letter.letter, letter.to) for letter in sent] == [("question", "oakes")]
        assert "nothing was passed on" in sent[0].text
        assert _stands(story) == before


def test_danger_is_heard_whatever_else_is_not_to_be_shared(tmp_path: Path, stage_2: Beginning) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        sent = story.comes("oakes", "Issue: Dad came with a knife and K goes home tonight. Please do not share this.")
        assert {letter.letter for letter in sent} == {"urgent", "urgent_told", "question"}
        assert told(sent) == {"oakes", "peake", "bm"}
        assert not any("knife" in letter.text for letter in sent)


@pytest.mark.parametrize("more", ["", "Dad hit K today and K is going home tonight.\n"])
def test_a_disagreement_that_is_not_to_be_shared_is_opened_by_its_writers_open(tmp_path: Path, more: str) -> None:
    with Told(tmp_path) as story:
        body = f"{RAISED}{more}Please do not share this with social care."
        sent = story.comes("hartwell", body, subject="[ESCALATION] Stage 1 - K.W.")
        assert "fenn" not in told(sent)
        assert ("urgent" in {letter.letter for letter in sent}) is bool(more)
        asked = next(letter for letter in sent if letter.letter == "question")
        assert "the other agency is sent them" in asked.text
        assert "fenn" in told(story.says("hartwell", "OPEN", answers=asked))


SHARED = [
    "ESCALATE\nNo agreement. Do not share the new address with dad.",
    "ESCALATE\nThey do not share the assessment with us.",
    "ESCALATE\nThis must not be passed on to the family.",
    "ESCALATE\nNo agreement between us.",
    "ESCALATE\nNo agreement.\n\n-- \nDesmond Oakes\nThis email is confidential. Please do not share it with others.",
]


@pytest.mark.parametrize("body", SHARED)
def test_that_a_family_is_not_told_is_for_the_agencies_to_know(tmp_path: Path, stage_2: Beginning, body: str) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        story.comes("oakes", body)
        assert story.dispute().stage == "3"


ASKED = [  # who, what, in answer to what they were put
    ("oakes", "NEEDED BY 10 September 2026 because he is at risk, says dad"),
    ("oakes", "ESCALATE, says mum"),
    ("peake", "WRONG\nOnly joking."),
    ("peake", "REMOVE tobias.fenn@seamoor.example\n\nTobias is away."),
    ("peake", "REMOVE tobias.fenn@seamoor.example\n\nHe is back on Monday."),
    ("peake", "REMOVE Tobias, off sick until Monday"),
    ("oakes", "NEEDED BY 11 September per dad"),
    ("oakes", "CONFIRM for discussion"),
    ("oakes", "CONFIRM / HELP"),
    ("oakes", "CONFIRM\n\no.b.o. D Oakes"),
    ("oakes", "CONFIRM\n\nChair of Governors"),
    ("oakes", "CONFIRM\n\n---------- Forwarded message ---------\nFrom: Escalation <escalation@nsscp.example>\n"
     "Date: Wed, 9 Sept 2026 at 09:40\nSubject: [NS-26-0001] x\nTo: D <d@larkfield.sch.example>\n\nRESOLVED\nA visit."),
    ("peake", "HANDOVER TO Edmund Garth or Winifred Stroud"),
    ("peake", "HANDOVER TO edmund.garth@seamoor.example / winifred.stroud@seamoor.example"),
]  # fmt: skip


@pytest.mark.parametrize("subject", ["", "FW: [NS-26-0001] Your turn"])
@pytest.mark.parametrize(("who", "body"), ASKED)
def test_what_may_be_somebody_elses_or_no_wish_is_asked_about(
    tmp_path: Path, put: Beginning, who: str, body: str, subject: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        before = _stands(story)
        sent = story.comes(who, body, subject=subject, answers=None if subject else put[1].get(who))
        assert told(sent) == {who}
        assert _stands(story) == before


@pytest.mark.parametrize(
    ("body", "is_done"),
    [
        ("REMOVE NS-26-0001 Winifred Stroud, she has left", True),
        ("REMOVE NS-26-0001 Tobias Fenn", True),
        ("REMOVE NS-26-0001 Tobias Fenn, away until Monday", False),
        ("REMOVE NS-26-0001 Tobias Fenn or Winifred Stroud", False),
        ("REMOVE NS-26-0001 Edmund Garth", False),  # of the directory, and not in it
        ("REMOVE NS-26-0001 tobias.fenn@seamoor.example\nTobias is away.", False),
        ("CLOSE NS-26-0001 because both sides agreed\n\n-- \nSally Potts", False),
        ("CLOSE NS-26-0001 because both sides agreed\n\n-- \nSally Potts\nBusiness Manager", True),
        ("CLOSE NS-26-0001 because both sides agreed\n\nBest wishes\nSally Potts", True),
        ("CLOSE NS-26-0001 because Mrs Hartwell rang and wants it shut", False),
        ("CLOSE NS-26-0001 because both sides want it closed", True),
        ("HOLD NS-26-0001 because dad asked us to wait", False),
        ("HOLD NS-26-0001 because the manager has rung us", True),
    ],
)
def test_a_line_of_the_offices_by_name_and_under_a_name(
    tmp_path: Path, stage_2: Beginning, body: str, is_done: bool
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        before = _stands(story)
        sent = story.comes("bm", body, subject="RE: lines")
        assert (_stands(story) != before) is is_done
        assert "bm" in told(sent)


UP = [  # a refusal, and what it asks for beside it
    ("oakes", "Not agreed, please take to stage 3.", "3"),
    ("oakes", "We do not agree. Please escalate to stage 3.", "3"),
    ("oakes", "DISAGREE\nNothing was done. Please take it to stage 3.", "3"),
    ("hartwell", "We do not agree. Please escalate to stage 3.", "2"),
]


@pytest.mark.parametrize(("who", "body", "stage"), UP)
def test_who_does_not_agree_and_asks_for_the_next_stage_is_heard_in_both(
    tmp_path: Path, put: Beginning, who: str, body: str, stage: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        sent = story.comes(who, body)
        assert (story.dispute().state, story.dispute().stage) == ("open", stage)
        assert who in told(sent)
        assert ("lyle" in told(sent)) is (stage == "3")


def test_an_hour_of_the_day_by_which_it_is_needed_is_asked_about_and_the_day_holds(
    tmp_path: Path, stage_2: Beginning
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        sent = story.comes("oakes", "NEEDED BY 10 September 2026 at 9am because the court sits")
        assert [one.on.isoformat() for one in story.dispute().protective] == ["2026-09-10"]
        asked = [letter for letter in sent if letter.letter == "question"]
        assert [letter.to for letter in asked] == ["oakes"]
        assert "Must it be done before 9am on Thursday 10 September 2026?" in asked[0].text
        later = story.says("oakes", "NEEDED BY 10 September 2026, 5pm, because the court sits")
        assert "question" not in {letter.letter for letter in later}


PLAIN = [
    "CONFIRM\n\nDesmond Oakes\nHead Teacher\nPlease note I do not work on Fridays",
    "CONFIRM\n\nMany thanks\nDesmond Oakes\nHead Teacher\nPlease note: I do not work on Fridays.",
    "CONFIRM\n\n-- \nD Oakes\nMy working hours may not be yours; please do not feel obliged to reply out of hours.",
    "Yes please CONFIRM",
]


@pytest.mark.parametrize("body", PLAIN)
def test_what_stands_under_many_an_email_is_no_word_about_it(tmp_path: Path, put: Beginning, body: str) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        story.comes("oakes", body, answers=put[1]["oakes"])
        assert story.is_closed


def test_a_decision_on_what_was_taken_back_is_answered_to_whoever_sent_it(tmp_path: Path, stage_2: Beginning) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        story.says("oakes", "REFER\nIt cannot be resolved below.")
        story.says("oakes", "WRONG")
        sent = story.says("dsps", "DECISION\nA visit at home by 16 September 2026.")
        assert (story.dispute().state, story.dispute().stage) == ("open", "2")
        assert [(letter.letter, letter.to) for letter in sent] == [("question", "dsps")]
        assert "NS-26-0001 is not with you now, so nothing was done" in sent[0].text


def test_a_handover_is_taken_back_by_its_reference_alone(tmp_path: Path, stage_2: Beginning) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(stage_2[0])
        story.comes("peake", "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example")
        assert "peake" not in story.standing_on("receiving")
        story.comes("peake", "WRONG", subject="wrong person [NS-26-0001]")
        assert "garth" not in story.standing_on("receiving")
        assert "peake" in story.standing_on("receiving")
