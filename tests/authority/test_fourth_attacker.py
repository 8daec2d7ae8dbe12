"""What a fourth attacker tried, and beside each what honest people write: it must be done, and the other must not."""

import re
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.authority.test_campaign import is_obeyed
from tests.authority.test_second_attacker import HTML
from tests.authority.test_unscripted import _now
from tests.authority.test_whole_emails import HEAD as HIS_HEAD
from tests.authority.test_whole_emails import mail
from tests.people import ADDRESS
from tests.scenarios.gloucestershire.test_gloucestershire import at_stage_2, gloucestershire, say
from tests.story import SoFar

HEAD = ADDRESS["oakes"]


def _named(raw: bytes, name: str) -> bytes:
    return raw.replace(f"From: {HEAD}".encode(), f'From: "{name}" <{HEAD}>'.encode())


# A mail that says of itself that somebody or something else had it in hand

THROUGH_ANOTHER = [
    "Auto-Submitted: auto-generated",
    "Auto-Submitted: auto-notified; owner-email=head@larkfield.sch.example",
    "List-Id: Larkfield staff <staff.larkfield.sch.example>",
    "List-Unsubscribe: <mailto:leave@larkfield.sch.example>",
    "Precedence: bulk",
    "X-BeenThere: staff@larkfield.sch.example",
    "Return-Path: <>",
    "Resent-From: dad@freemail.example",
    "Resent-Sender: June Tait <june.tait@larkfield.sch.example>",
    "Resent-From: nobody at all",
]
HIS_OWN = [
    "Auto-Submitted: no",
    "X-Auto-Response-Suppress: All",
    f"Return-Path: <{HEAD}>",
    f"Resent-From: Desmond Oakes <{HEAD}>",
    f"Sender: {HEAD}",
    "X-Mailer: Microsoft Outlook 16.0",
]


@pytest.mark.parametrize("line", THROUGH_ANOTHER)
def test_what_went_through_another_hand_is_asked_of_its_writer(tmp_path: Path, line: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        put = to(story.says("peake", AGREED), "oakes")
        asked = story.comes("oakes", "CONFIRM", answers=put, head=(line,))
        assert (story.is_closed, [(one.letter, one.to) for one in asked]) == (False, [("was_it_you", "oakes")])
        story.says("oakes", "YES", answers=asked[0])
        assert story.is_closed


@pytest.mark.parametrize("line", HIS_OWN)
def test_what_its_writer_sent_is_done_whatever_their_server_writes(tmp_path: Path, line: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", "CONFIRM", answers=to(story.says("peake", AGREED), "oakes"), head=(line,))
        assert story.is_closed


def test_talk_through_a_list_is_filed_and_asked_of_nobody(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        ours = to(story.says("hartwell", "STATUS"), "hartwell")
        assert story.comes("hartwell", "I will ring Tobias at noon.", answers=ours, head=(THROUGH_ANOTHER[2],)) == []
        assert story.held() == []


@pytest.mark.parametrize(
    ("name", "his"),
    [
        ("June Tait on behalf of Desmond Oakes", False),
        ("Desmond Oakes obo the Governors", False),
        ("'Desmond Oakes' via Staff", False),
        ("June Tait (PA to Desmond Oakes)", False),
        ("June Tait for Mr Oakes", False),
        ("Rosalind Peake", False),
        ("Desmond Oakes", True),
        ("Oakes, Desmond (Head)", True),
        ("Larkfield Primary School", True),
        ("D Oakes-Tait", True),
    ],
)
def test_the_name_in_from_says_whose_hand_it_was(tmp_path: Path, name: str, his: bool) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        story.deliver(_named(story.wire("oakes", "ESCALATE\nThe visit was not made."), name))
        assert told(story.letters()) >= {"oakes"}
        assert (_now(story) != before) is his


# The same mail again

_NUMBER = re.compile(rb"Message-ID: [^\r]*\r\n")


def _taken_back(story: Told, raw: bytes) -> None:
    story.deliver(raw)
    story.says("oakes", "WRONG", answers=to(story.letters(), "oakes"))
    assert story.dispute().stage == "2"
    story.until("2026-09-09 11:30")


@pytest.mark.parametrize("first", ["with a number", "without"])
@pytest.mark.parametrize("again", ["without", "another", "one more line above", "a footer below"])
def test_what_was_taken_back_does_not_work_again(tmp_path: Path, first: str, again: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        raw = story.wire("oakes", "ESCALATE\nThe visit was not made.")
        raw = raw if first == "with a number" else _NUMBER.sub(b"", raw)
        _taken_back(story, raw)
        if again == "a footer below":
            raw += b"\r\nScanned for viruses by Larkfield Shield.\r\n" if first == "with a number" else b""
        elif again == "one more line above":
            raw = raw.replace(b"\r\nFrom:", b"\r\nX-Passed: by relay.example\r\nFrom:", 1)
        else:
            raw = _NUMBER.sub(b"", raw)
            more = b"Message-ID: <new@larkfield.sch.example>\r\n" if again == "another" else b""
            raw = raw.replace(b"\r\nDate:", b"\r\n" + more + b"Date:", 1)
        story.deliver(raw + b"\r\n")
        assert story.dispute().stage == "2"


def test_the_same_words_written_again_later_are_done(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        _taken_back(story, _NUMBER.sub(b"", story.wire("oakes", "ESCALATE\nThe visit was not made.")))
        story.deliver(_NUMBER.sub(b"", story.wire("oakes", "ESCALATE\nThe visit was not made.")))
        assert story.dispute().stage == "3"


# What stands beside a word that asks to go on

NOT_ASKED_FOR = [
    "ESCALATE\nI never wanted this to go up.",
    "ESCALATE\nThis is not something we would want.",
    "ESCALATE\nWe would much rather you did not.",
    "ESCALATE\nPlease do not.",
    "ESCALATE\nWe did not ask for it.",
    "ESCALATE\nI do not support going further.",
    "ESCALATE\nDad demands it.",
    "ESCALATE\nThis is not necessary.",
    "ESCALATE NS-26-0044",
    "ESCALATE NS-26-0044, and leave K where it is.",
    "ESCALATE another family's dispute",
    "ESCALATE my complaint about the photocopier",
    "ESCALATE the leave request to the bursar please",
    "I refuse to ESCALATE.",
    "Rather than ESCALATE, let us talk.",
    "I was going to ESCALATE.",
    "Unable to ESCALATE.",
    "Rosalind asked me to ESCALATE.",
    "Note to self:\nESCALATE\nNo visit.",
    "DRAFT - ESCALATE",
    "ESCALATE\n\nForwarded from dad\n\nNobody came to the house.",
    "ESCALATE\n\nThis is what the solicitor wrote to us:\n\nNobody came to the house.",
    "ESCALATE\n\nDad wrote:\n\nNobody came to the house.",
    "ESCALATE\nThanks\n\nThe father's email of this morning:\n\nNobody came to the house.",
    "ESCALATE\n\nWe act for Mr Darren Hughes. Nobody came to the house.\n\nHodge Solicitors",
]
ASKED_FOR = [
    "ESCALATE",
    "ESCALATE to the next stage",
    "ESCALATE up to senior managers please",
    "ESCALATE the dispute to Beatrix Lyle.",
    "ESCALATE our disagreement, please.",
    "ESCALATE NS-26-0012",
    "ESCALATE\nWe do not agree that the threshold is not met.",
    "ESCALATE\nI do not want K to wait any longer.",
    "ESCALATE\nThere is no plan, and Rosalind never wanted one.",
    "ESCALATE\nThis is not what we agreed.",
    "We would like to ESCALATE. Nobody has seen K.",
    "Thanks Rosalind. Please ESCALATE",
    "ESCALATE\nThe manager on our side is away and the time has passed.",
    "ESCALATE\nNobody has seen K. Hope you had a good weekend. I work Monday to Thursday.",
    "ESCALATE\nWe did not ask for another assessment, we asked for a visit.",
    "ESCALATE\nDad told us on Monday that nobody came.",
    "ESCALATE\nMum wants a visit and there was none.",
    "ESCALATE\nThe visit was not made. Rosalind wrote to us:\n\nNobody is free.",
    "ESCALATE\nI do not accept the decision.\n\nSee also her reply below.\n\nNobody is free.",
]


@pytest.mark.parametrize("body", NOT_ASKED_FOR)
def test_what_nobody_asked_for_does_not_go_on(body: str) -> None:
    assert not is_obeyed(mail(body))


@pytest.mark.parametrize("body", ASKED_FOR)
def test_what_its_writer_asks_for_goes_on(body: str) -> None:
    assert is_obeyed(mail(body))


@pytest.mark.parametrize(
    ("body", "theirs"),
    [
        ("RESOLVED\nOur client agrees that Tobias visits K by 14 September 2026.", False),
        ("RESOLVED\nOn behalf of our client: Tobias visits K by 14 September 2026.", False),
        ("We are instructed by Mr Hughes. RESOLVED. Tobias visits K by 14 September 2026.", False),
        ("RESOLVED\nI act for the father. Tobias visits K by 14 September 2026.", False),
        ("RESOLVED\nTobias visits K by 14 September 2026, and I tell her solicitor.", True),
        ("RESOLVED\nI am acting for Rosalind this week. Tobias visits K by 14 September 2026.", True),
    ],
)
def test_a_solicitors_words_settle_nothing(body: str, theirs: bool) -> None:
    head = [line.replace(HEAD, ADDRESS["peake"]).replace("larkfield.sch", "seamoor") for line in HIS_HEAD]
    assert is_obeyed(mail(body, head=head)) is theirs


# What a third agency says of the child


@pytest.mark.parametrize("line", ["CHILD STATUS: child protection plan", "Child status: looked after"])
def test_a_supporters_word_on_the_childs_status_is_put_to_the_raising_side(tmp_path: Path, line: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("oakes", f"ADD {ADDRESS['reed']}")
        known = story.dispute().fields.get("child_status", "")
        assert "oakes" in told(story.says("reed", line))
        assert story.dispute().fields.get("child_status", "") == known
        story.says("peake", line)
        assert story.dispute().fields["child_status"] == line.partition(": ")[2], "the side asked is believed in this"


# Which dispute


@pytest.mark.parametrize(
    ("subject", "body", "closes"),
    [
        ("RE: [NS-26-0001]", "CONFIRM NS-26-0001", True),
        ("RE: [NS-26-0001] FW: NS-26-0001", "CONFIRM", True),
        ("RE: [NS-26-0001] your ref SC-26-0044", "CONFIRM", True),
        ("RE: [NS-26-0001] [NS-26-0002]", "CONFIRM", False),
        ("RE: [NS-26-0001] and NS-26-0744", "CONFIRM", False),
        ("RE: [NS-26-0001]", "CONFIRM NS-26-0002", False),
        ("RE: [NS-26-0001]", "CONFIRM NS-26-0001 and NS-26-0002", False),
        ("RE: [NS-26-0001]", "CONFIRM\nThat is NS-26-0744.", False),
    ],
)
def test_two_references_confirm_nothing(tmp_path: Path, subject: str, body: str, closes: bool) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.mail(
            "hartwell",
            "Child: T.B.\nIssue: No visit.\nImpact: T is hungry.",
            "2026-09-09 10:40",
            subject="[ESCALATION] Stage 1 - T.B.",
            to=["fenn"],
        )
        story.says("peake", AGREED)
        sent = story.comes("oakes", body, subject=subject)
        assert (story.is_closed, "oakes" in told(sent)) == (closes, True)
        assert story.dispute("NS-26-0002").is_open


# Set in, in a list without items, and without a word


@pytest.mark.parametrize(
    ("who", "kind", "body"),
    [
        ("bm", "text/plain", "    CLOSE NS-26-0001 because both sides agreed"),
        ("bm", "text/plain", "\tREMOVE NS-26-0001 head@larkfield.sch.example"),
        ("oakes", "text/plain", "    ESCALATE"),
        ("oakes", "text/plain; charset=utf-8", "\u2003\u2003ESCALATE\n\u2003\u2003No visit was made."),
        ("oakes", HTML, "<ul><p>ESCALATE</p><p>No visit was made.</p></ul>"),
        ("oakes", HTML, "<menu>ESCALATE</menu>"),
        ("oakes", HTML, "<fieldset><p>ESCALATE</p></fieldset>"),
        ("oakes", HTML, "<p>Dad wrote:</p><blockquote>They never came.</blockquote><p>ESCALATE</p>"),
        ("oakes", "text/plain", ""),
        ("oakes", HTML, "<p>&nbsp;</p>"),
        ("oakes", HTML, "<div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> NSSCP</div><div>x</div>"),
    ],
)
def test_what_stands_as_a_quotation_or_says_nothing_is_asked_about(
    tmp_path: Path, who: str, kind: str, body: str
) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        assert told(story.comes(who, body, kind=kind)) == {who}
        assert _now(story) == before


@pytest.mark.parametrize(
    ("who", "kind", "body"),
    [
        ("bm", "text/plain", " CLOSE NS-26-0001 because both sides agreed"),
        ("bm", "text/plain", "- CLOSE NS-26-0001 because both sides agreed"),
        ("oakes", "text/plain", "  ESCALATE\n\n    1. No visit was made.\n    2. Nobody rang."),
        ("oakes", "text/plain", "ESCALATE\n\n      No visit was made."),
        ("oakes", HTML, "<ul><li>ESCALATE</li><li>No visit was made.</li></ul>"),
        ("oakes", HTML, "<p>ESCALATE</p><ul><li>No visit was made.</li></ul>"),
        ("oakes", HTML, "<pre>ESCALATE\nNo visit was made.</pre>"),
        ("oakes", HTML, "<p>She said:</p><blockquote>we will not come</blockquote><p>So please ESCALATE.</p>"),
    ],
)
def test_what_is_laid_out_as_people_do_is_done(tmp_path: Path, who: str, kind: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        story.comes(who, body, kind=kind)
        assert _now(story) != before


@pytest.mark.parametrize("who", ["fenn", "peake"])
@pytest.mark.parametrize(
    "line",
    ["CORRECT Agency: Seamoor Police", "Agencies: Seamoor Police / Westmere NHS Trust", "Between: us two"],
)
def test_the_side_asked_does_not_say_which_agencies_disagree(tmp_path: Path, who: str, line: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = (story.dispute().fields.get("agencies", ""), story.dispute().receiving)
        assert {who, "oakes"} <= told(story.says(who, line))
        assert (story.dispute().fields.get("agencies", ""), story.dispute().receiving) == before


# What its subject says is no answer, and what is given up that is not the dispute


@pytest.mark.parametrize("subject", ["DRAFT: ", "RE: Undeliverable: ", "Desmond Oakes reacted to your message: "])
def test_an_email_that_is_no_answer_by_its_subject_is_asked_about(tmp_path: Path, subject: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        asked = story.comes("oakes", "ESCALATE\nNo visit was made.", subject=f"{subject}[{story.first}]")
        assert (told(asked), _now(story)) == ({"oakes"}, before)


@pytest.mark.parametrize(
    "body", ["I no longer wish to proceed with the trip.", "We have decided to drop the swimming."]
)
def test_giving_up_something_else_withdraws_nothing(tmp_path: Path, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        assert told(story.says("oakes", body)) == {"oakes"}
        assert _now(story) == before


# Kind words beside an answer, and words that only look so

KIND = """
Please.
Sent from Desmond's iPad
That was a really constructive phone call today.
Good chat with Rosalind just now
Big thanks to Rosalind and Tobias for turning this round so fast.
Very kind of Tobias to ring on his day off.
Really appreciate your patience with us.
So pleased we could sort this between us.
Glad that everybody was able to talk.
Will keep in touch with Rosalind.
We will all keep an eye on K.
That is a great relief.
Brilliant, thank you both.
I rang Rosalind at ten and she knows.
Staff have been told.
"""
NOT_KIND = """
Sent from Darren's iPad
Thanks to Tobias for ignoring us.
Really helpful conversation, and we now expect daily visits.
A good chat, we will talk again on Friday.
Glad that you will also pay for the taxi.
Kind of you, but not good enough.
Will keep an eye on whether the visits happen.
We will keep an eye on K until the assessment is done.
Pleased that the visits are to be weekly.
I rang Rosalind at ten and she will arrange weekly visits.
Great meeting, dad says he will stay away.
Thanks, I am still considering it.
"""


def _lines(text: str) -> list[str]:
    return text.strip().split("\n")


@pytest.fixture(scope="module")
def put(tmp_path_factory: pytest.TempPathFactory) -> SoFar:
    with Told(tmp_path_factory.mktemp("put")).at_stage_2() as story:
        story.says("peake", AGREED)
        return story.so_far()


@pytest.mark.parametrize(("said", "closes"), [(x, True) for x in _lines(KIND)] + [(x, False) for x in _lines(NOT_KIND)])
def test_kind_words_beside_an_answer_leave_it_one(tmp_path: Path, put: SoFar, said: str, closes: bool) -> None:
    with Told(tmp_path) as story:
        story.go_on_from(put)
        sent = story.says("oakes", f"CONFIRM\n{said}")
        assert (story.is_closed, "oakes" in told(sent)) == (closes, True)


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        ("That leaves Tobias enough time for the second visit.", True),
        ("It gives both teams a week more.", True),
        ("Sounds sensible to us.", True),
        ("No objection at all.", True),
        ("That gives you a week to reconsider.", False),
        ("It works for us if the visit is made first.", False),
        ("That gives us until 2 October.", False),
        ("No problem, as long as somebody rings.", False),
    ],
)
def test_what_a_date_is_good_for_leaves_the_yes_one(tmp_path: Path, said: str, agrees: bool) -> None:
    with gloucestershire(tmp_path) as story:
        at_stage_2(story)
        say(story, "oakes", "AGREE BY 24 September 2026", "2026-09-09 10:00")
        put = to(story.letters(), "peake")
        story.mail("peake", f"AGREE\n{said}", "2026-09-09 11:00", answers=put)
        story.letters()
        assert (story.limit() == "Thu 24 Sep 17:00") is agrees


@pytest.mark.parametrize("verdict", ["fail", ""])
def test_the_office_answers_for_its_own_name_by_yes_and_by_no_line(tmp_path: Path, verdict: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = story.comes("bm", "CLOSE NS-26-0001 because both sides agreed", verdict=verdict, subject="lines")
        story.says("bm", "RELEASE 1")
        assert not story.is_closed
        again = [one for one in story.letters() if one.letter == "was_it_you"]
        story.says("bm", "YES", answers=(again or asked)[-1])
        assert story.is_closed


@pytest.mark.parametrize(
    "said", ["No, I would rather go on with it.", "I am not dropping this.", "We carry on with it."]
)
def test_whoever_wants_to_go_on_withdraws_nothing(tmp_path: Path, said: str) -> None:
    with Told(tmp_path).raised() as story:
        asked = to(story.says("hartwell", "STATUS"), "hartwell")
        story.says("hartwell", said, answers=asked)
        assert not story.is_closed
