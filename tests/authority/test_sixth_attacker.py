"""What a sixth attacker tried who wrote little: a yes that takes itself back or bears another's name, a call for
help, a refusal in another script, and a word taken back below by one line."""

from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to
from tests.story import Sent, SoFar

NO_YES = [  # below "Was this message yours?"
    "YES\n\nNo.",
    "Yes.\nNope.",
    "YES\n\nSorry I mean no.",
    "YES\n\nWait.",
    "YES\n\nStolen",
    "YES\n\nLater.",
    "YES\n\nTobias Fenn\nSocial Worker",
    "Yes, it was me.\n\nJune Tait\nSchool Secretary",
    "YES\n\nSent by June Tait on behalf of the sender",
    "YES\n\nThe Safeguarding Team",
    "YES\n\nK.",
    "YES\n\nBest wishes, June x",
    "YES\n\nнет",
    "YES June",
]
A_YES = [
    "YES",
    "Yes, that was me. Desmond",
    "YES Desmond",
    "YES, sent by me",
    "Yes I sent it from my phone. D",
    "Yes it was me, thanks for checking\n\nDesmond Oakes\nHead Teacher",
    "YES\n\nMany thanks\nDes x",
]


def _asked_whose(story: Told) -> Sent:
    return to(story.comes("oakes", "ESCALATE\nNo agreement.", verdict=""), "oakes")


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Sent]:
    story = Told(tmp_path_factory.mktemp("sixth")).at_stage_2()
    return story, _asked_whose(story)


@pytest.mark.parametrize("answer", NO_YES)
def test_a_yes_that_is_taken_back_or_anothers_lets_nothing_in(waiting: tuple[Told, Sent], answer: str) -> None:
    story, question = waiting
    story.comes("oakes", answer, answers=question)
    assert story.dispute().stage == "2"


@pytest.mark.parametrize("answer", A_YES)
def test_a_yes_in_its_writers_own_name_lets_it_in(tmp_path: Path, answer: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", answer, answers=_asked_whose(story))
        assert story.dispute().stage == "3"


def test_of_a_yes_that_somebody_is_made_to_give_the_office_hears(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        sent = story.comes("oakes", "YES\n\nI am being made to.", answers=_asked_whose(story))
        assert story.dispute().stage == "2"
        assert {letter.to for letter in sent} == {"oakes", "bm"}


MADE_TO = [  # who writes, and what
    ("oakes", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\n\nI am being made to."),
    ("peake", "HANDOVER TO Edmund Garth, edmund.garth@seamoor.example\n\nHelp me."),
    ("bm", "CLOSE NS-26-0001 because both agree\n\nI am being made to."),
    ("bm", "REMOVE NS-26-0001 head@larkfield.sch.example\n\nHelp me."),
]


@pytest.mark.parametrize(("who", "body"), MADE_TO)
def test_what_somebody_is_made_to_send_is_not_done_and_a_person_is_told(tmp_path: Path, who: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = story.dispute()
        sent = story.comes(who, body, subject="RE: digest" if who == "bm" else "")
        assert story.dispute().parties == before.parties
        assert story.dispute().is_open
        assert "bm" in {letter.to for letter in sent}


REFUSED = ["нет", "否", "不同意", "いいえ", "לא", "لا", "نہیں، متفق نہیں"]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refusal_in_another_script_is_asked_about(refusal: str, tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        story.comes("oakes", f"CONFIRM\n\n{refusal}", answers=asked)
        assert story.dispute().state == "proposed"


@pytest.mark.parametrize("sign", ["❌", "🙅", "😡", "🤔", "нет"])
def test_a_sign_behind_a_handover_is_asked_about(sign: str, tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = story.dispute().parties
        story.comes("peake", f"HANDOVER TO Edmund Garth {sign}")
        assert story.dispute().parties == before


TAKEN_BACK = [
    "Sorry I mean no.",
    "Hold on.",
    "Wrong child.",
    "If nothing is heard.",
    "On Friday.",
    "Best wishes, June x",
]


@pytest.mark.parametrize("below", TAKEN_BACK)
def test_what_goes_on_or_is_put_is_taken_back_by_one_line(below: str, tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", f"ESCALATE\n\n{below}")
        assert story.dispute().stage == "2"
        story.comes("peake", f"{AGREED}\n\n{below}")
        assert story.dispute().state == "open"


@pytest.mark.parametrize("body", ["RESOLVED nearly\n{}", "RESOLVED\nDad wants this.\n{}", "RESOLVED\nDad says: {}"])
def test_what_is_nearly_resolved_or_anothers_wish_is_not_put(body: str, tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("peake", body.format(AGREED.partition("\n")[2]))
        assert story.dispute().state == "open"


def test_what_tells_of_the_matter_goes_on(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", "ESCALATE\nIf nothing is done, K is not safe. Nobody came on Friday.\n\nDes x")
        assert story.dispute().stage == "3"


NO_HANDOVER = [  # below HANDOVER TO a colleague and their address
    "Speak first.",
    "Ring me first.",
    "Half of it.",
    "For the other one.",
    "Is this right",
    "Yeah right.",
    "Acting for Desmond.",
    "Imogen for Desmond",
    "Office manager",
    "A parent",
    "Copied from WhatsApp",
    "Or so I am told.",
    "My daughter was playing with the phone.",
    "Tobias has left.",
    "The visit is off.",
    "The assessment was completed on Monday.",
    "The referral has been accepted.",
]


@pytest.fixture(scope="module")
def at_stage_2(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("handover")).at_stage_2()


@pytest.mark.parametrize("below", NO_HANDOVER)
def test_a_handover_is_explained_by_what_is_said_of_those_two(at_stage_2: Told, below: str) -> None:
    before = at_stage_2.dispute().parties
    at_stage_2.comes("peake", f"HANDOVER TO Edmund Garth, edmund.garth@seamoor.example\n\n{below}")
    assert at_stage_2.dispute().parties == before


@pytest.mark.parametrize(
    "below",
    ["I'm in hospital from tomorrow, sorry.", "Off sick until Monday.", "Edmund has been briefed.\n\nRos x"],
)
def test_a_handover_with_its_reason_is_done(tmp_path: Path, below: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("peake", f"HANDOVER TO Edmund Garth, edmund.garth@seamoor.example\n\n{below}")
        assert "garth" in story.standing_on("receiving")


OF_SOMETHING_ELSE = [  # sentences that begin with a word of command
    "Handover to Edmund Garth takes place at 3pm in room 2.",
    "Handover to Edmund Garth happens next week.",
    "Handover to Edmund Garth starts in October.",
    "Handover to Edmund Garth needs my agreement.",
]


@pytest.mark.parametrize("body", OF_SOMETHING_ELSE)
def test_a_sentence_of_a_handover_is_none(at_stage_2: Told, body: str) -> None:
    before = at_stage_2.dispute().parties
    at_stage_2.comes("peake", body)
    assert at_stage_2.dispute().parties == before


@pytest.mark.parametrize("below", ["From Tobias: please withdraw this", "From head: withdraw please"])
def test_nobody_withdraws_in_another_voice(tmp_path: Path, below: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("hartwell", f"WITHDRAW\n{below}")
        assert not story.is_closed


@pytest.mark.parametrize("body", ["REOPEN the school gates on Monday.", "Reopen day is Monday."])
def test_what_is_opened_again_is_the_dispute(tmp_path: Path, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", "WITHDRAW\nNo longer needed.")
        assert story.is_closed
        story.comes("hartwell", body)
        assert story.is_closed


OFFICES = """
CLOSE NS-26-0001 because both sides agreed
CLOSE NS-26-0001 because both sides agreed||Best, Jo
CLOSE NS-26-0001 because both sides agreed||Many thanks|Jo Brook
CLOSE NS-26-0001 because both sides agreed|Rosalind and Desmond both confirmed it by phone on Monday.
CLOSE NS-26-0001 because both sides agreed|The family has moved to Devon.
REMOVE NS-26-0001 winifred.stroud@seamoor.example|She has left the council.
REMOVE NS-26-0001 winifred.stroud@seamoor.example|Winifred is on maternity leave.||Best wishes, Jo
ADD NS-26-0001 Cassius Marlow, c.marlow@tarn-trust.example||Best, Jo
HOLD NS-26-0001 because both asked for it||Best, Jo
"""
NOT_THE_OFFICES = """
CLOSE NS-26-0001 because both sides agreed|The dispute stays open.
CLOSE NS-26-0001 because both sides agreed|My concerns remain.
CLOSE NS-26-0001 because both sides agreed|Tobias is away.
CLOSE NS-26-0001 because both sides agreed|Copied from WhatsApp
CLOSE NS-26-0001 because both sides agreed|We meet first.
CLOSE NS-26-0001 because both sides agreed|Dad rang about it.
CLOSE NS-26-0001 because both sides agreed||Best wishes, mum
CLOSE NS-26-0001 because both sides agreed||Best wishes, Rosalind Peake
CLOSE NS-26-0001 because both sides agreed||Sally Potts
REMOVE NS-26-0001 winifred.stroud@seamoor.example|The visit is off.
REMOVE NS-26-0001 winifred.stroud@seamoor.example|It is due in October.
REMOVE NS-26-0001 winifred.stroud@seamoor.example|Copied and pasted.
HOLD NS-26-0001 because both asked for it|As before.
HOLD NS-26-0001 because both asked for it||K.
HOLD NS-26-0001 because both asked for it||Sally Potts
"""


@pytest.mark.parametrize(
    ("body", "is_done"),
    [(line, line in OFFICES) for line in (*OFFICES.strip().split("\n"), *NOT_THE_OFFICES.strip().split("\n"))],
)
def test_what_stands_beside_a_line_of_the_offices_explains_it(tmp_path: Path, body: str, is_done: bool) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = story.dispute()
        sent = story.comes("bm", body.replace("|", "\n"), subject="RE: lines")
        now = story.dispute()
        assert ((now.state, now.parties, now.move_held) != (before.state, before.parties, before.move_held)) is is_done
        assert "bm" in {letter.to for letter in sent}


SHORT_OF_A_NAME = ["K.", "K", "S"]  # Desmond Oakes' are D and O


@pytest.mark.parametrize("initial", SHORT_OF_A_NAME)
@pytest.mark.parametrize("body", ["ESCALATE\nNo visit was made.", "CONFIRM"])
def test_one_letter_that_is_not_its_writers_signs_for_another(tmp_path: Path, initial: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes") if body == "CONFIRM" else None
        before = story.dispute()
        story.comes("oakes", f"{body}\n\n{initial}", **({"answers": asked} if asked else {}))
        assert (story.dispute().state, story.dispute().stage) == (before.state, before.stage)


@pytest.mark.parametrize("initial", ["D", "D.", "DO", "Des x"])
def test_ones_own_letter_signs_for_oneself(tmp_path: Path, initial: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", f"ESCALATE\nNo visit was made.\n\n{initial}")
        assert story.dispute().stage == "3"


NOT_DONE = ["ESCALATE\nNo agreement.", "CORRECT Child status: none"]


@pytest.mark.parametrize("body", NOT_DONE)
def test_whose_word_is_not_done_does_not_come_in_beside_whom_they_stand_in_for(tmp_path: Path, body: str) -> None:
    """Edmund Garth is Rosalind Peake's deputy, and answers a letter of hers. Moving it up is not for her side, nor are
    the facts that both go by: what he writes of them is kept as a view, and refused."""
    with Told(tmp_path).at_stage_2() as story:
        hers = to(story.says("oakes", AGREED), "peake")
        before = story.dispute()
        sent = story.comes("garth", body, answers=hers)
        now = story.dispute()
        assert now.parties == before.parties
        assert now.fields != before.fields
        assert {(letter.letter, letter.to) for letter in sent} == {("refused", "garth"), ("question", "oakes")}
        story.comes("garth", "MET on 8 September 2026", answers=hers)
        assert "garth" in story.standing_on("receiving")


ONE_WORD = """
CADARNHAU / CONFIRM
CONFIRM / CADARNHAU
CADARNHAU
CONFIRM for K
CONFIRM from Larkfield
CONFIRM||Desmond|________________________________|Microsoft Teams Need help?|Join the meeting now
"""
NO_WORD = """
CONFIRM / DISAGREE
CADARNHAU / DISAGREE
CONFIRM / ESCALATE
CONFIRM for J.P.
CONFIRM||________________________________|Sally Potts
"""


@pytest.fixture(scope="module")
def put_to_oakes(tmp_path_factory: pytest.TempPathFactory) -> tuple[SoFar, Sent]:
    with Told(tmp_path_factory.mktemp("put")).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        return story.so_far(), asked


def _confirmed(tmp_path: Path, put: tuple[SoFar, Sent], body: str, **how: object) -> bool:
    with Told(tmp_path) as story:
        story.go_on_from(put[0])
        sent = story.comes("oakes", body, answers=put[1], **how)
        assert "oakes" in {letter.to for letter in sent}
        return story.is_closed


@pytest.mark.parametrize(
    ("body", "is_done"),
    [(line, line in ONE_WORD) for line in (*ONE_WORD.strip().split("\n"), *NO_WORD.strip().split("\n"))],
)
def test_one_word_in_two_languages_is_one_word(
    tmp_path: Path, put_to_oakes: tuple[SoFar, Sent], body: str, is_done: bool
) -> None:
    assert _confirmed(tmp_path, put_to_oakes, body.replace("|", "\n")) is is_done


AID = "<grammarly-extension style='position: absolute; top: 0px; pointer-events: none'>{}</grammarly-extension>"


@pytest.mark.parametrize(
    ("page", "is_done"),
    [
        (f"<div>{AID.format('')}CONFIRM</div>", True),
        ("<pre>CONFIRM</pre>", True),
        (f"<div>{AID.format('CONFIRM')}</div><p>Thanks for this.</p>", False),
        (f"<div>{AID.format('').replace('0px;', '0px; background: #fff; width: 9em;')}CONFIRM</div>", False),
        ("<pre>    CONFIRM\n</pre>", False),
        ("<p>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;CONFIRM</p>", False),
        ("<table><tr><td>CONFIRM</td><td>(example)</td></tr></table>", False),
    ],
)  # fmt: skip
def test_a_page_is_read_as_it_looks(tmp_path: Path, put_to_oakes: tuple[SoFar, Sent], page: str, is_done: bool) -> None:
    html = f"<html><body>{page}</body></html>"
    assert _confirmed(tmp_path, put_to_oakes, html, kind="text/html; charset=utf-8") is is_done


def test_a_line_of_an_example_closes_nothing(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("bm", "CLOSE NS-26-0001 because both sides agreed (example)", subject="RE: lines")
        assert not story.is_closed


@pytest.mark.parametrize("body", ["Not sure it happened", "No idea whether it happened."])
def test_whoever_does_not_know_whether_it_happened_is_asked(
    tmp_path: Path, put_to_oakes: tuple[SoFar, Sent], body: str
) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put_to_oakes[0])
        story.comes("oakes", "CONFIRM", answers=put_to_oakes[1])
        story.until("2026-09-24 12:00")
        asked = [letter for letter in story.letters() if letter.to == "hartwell"]
        story.comes("hartwell", body, answers=asked[-1])
        assert story.is_closed
