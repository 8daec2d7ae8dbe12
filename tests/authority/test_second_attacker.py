"""What a second attacker tried who had read the first one's report: pages that no list of tricks has, words that are
somebody else's by another sign, commands that their own writer unsays, and a child's name in another writing."""

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, Told, to, told
from tests.authority.test_unscripted import _now
from tests.people import ADDRESS
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Sent

HTML = "text/html; charset=utf-8"
PAGES = [  # CONFIRM stands in each; what its reader has of it nobody can tell
    "<div style='display:grid;grid-template-rows:0fr;overflow:hidden'><p>CONFIRM</p></div><p>I will ring you.</p>",
    "<p style='font-size:min(0px,1em)'>CONFIRM</p><p>I will ring you.</p>",
    "<p style='color:hwb(0 100% 0%)'>CONFIRM</p><p>I will ring you.</p>",
    "<style>p:first-of-type{opacity:0}</style><p>CONFIRM</p><p>I will ring you.</p>",
    "<style>@media (min-width:1px){.x{font-size:0}}</style><p class=x>CONFIRM</p><p>I will ring you.</p>",
    "<style>p+p{visibility:hidden}</style><p>CONFIRM</p><p>is the last thing I would do.</p>",
    "<style>.n::after{content:' never'}</style><p>CONFIRM</p><p class=n>Thanks,</p>",
    "<p>CONFIRM</p><object data=x.png><p>No. I do not.</p></object>",
    "<p>CONFIRM</p><p style='color:#fefefe'>No. I do not.</p>",
    "<p>CONFIRM</p><select><option>No. I do not.</option></select>",
    "<p>CONFIRM</p><div style='height:1.2em;overflow:hidden'>Thanks.<br>No. I do not.</div>",
    "<p>CONFIRM</p><table style='margin-top:-3em;background:#fff'><tr><td>Thanks.</td></tr></table>",
    "<p dir=rtl style='unicode-bidi:bidi-override'>CONFIRM</p>",
    "<blockquote>CONFIRM</blockquote><p>I will ring you.</p>",
    "<p><q>CONFIRM</q></p>",
    "<figure>CONFIRM</figure><p>I will ring you.</p>",
    "<dl><dt>Dad</dt><dd>CONFIRM</dd></dl>",
    "<p>CONFIRM</p><!--[if mso]><p>No. I do not.</p><![endif]-->",
]


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Sent]:
    """One dispute in which a resolution waits for the head; nothing that is tried in it changes it."""
    story = Told(tmp_path_factory.mktemp("second")).at_stage_2()
    return story, to(story.says("peake", AGREED), "oakes")


@pytest.mark.parametrize("page", PAGES)
def test_what_its_reader_may_not_see_is_asked_about(proposed: tuple[Told, Sent], page: str) -> None:
    story, asked = proposed
    story.until(f"{story.now + timedelta(minutes=3):%Y-%m-%d %H:%M}")
    sent = story.comes("oakes", page, kind=HTML, answers=asked)
    assert story.dispute().state == "proposed"
    assert told(sent) <= {"oakes"}


def test_of_what_may_not_be_seen_its_writer_is_told(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.says("peake", AGREED), "oakes")
        sent = story.comes("oakes", PAGES[0], kind=HTML, answers=asked)
        assert "send it again in plain text" in " ".join(to(sent, "oakes").text.split())
        danger = PAGES[0].replace("I will ring you.", "He has a knife and says he will kill her tonight.")
        sent = story.comes("oakes", danger, kind=HTML, answers=asked)
        assert {"bm", "oakes"} <= {letter.to for letter in sent if letter.letter.startswith("urgent")}


@pytest.mark.parametrize(
    "page",
    [
        "<p style='mask:none;mask-image:linear-gradient(#0000,#0000)'>CLOSE NS-26-0001 because it is over</p>",
        "<p style='color:white'>Not yet:</p><p>CLOSE NS-26-0001 because it is over</p>",
        "<blockquote>REMOVE NS-26-0001 head@larkfield.sch.example</blockquote>",
    ],
)
def test_a_line_of_the_office_may_not_see_is_not_done(tmp_path: Path, page: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.comes("bm", page, kind=HTML, subject="a line")
        assert _now(story) == before
        assert told(sent) <= {"bm"}


def test_an_answer_that_may_not_be_seen_lets_nothing_in(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        asked = to(story.comes("oakes", "ESCALATE\nNo visit.", verdict=""), "oakes")
        story.comes("oakes", "<p style='scale:0'>YES</p>", kind=HTML, answers=asked)
        assert (story.dispute().stage, len(story.held())) == ("2", 1)
        story.comes("oakes", "<p style='color:#222'>YES</p>", kind=HTML, answers=asked)
        assert story.dispute().stage == "3"


NOT_THEIRS = [  # (kind, body)
    ("text/plain; charset=utf-8", "\u00a0> ESCALATE\nThank you."),
    ("text/plain; charset=utf-8", "\u2003\u2003> ESCALATE\n\u2003\u2003> No visit.\nThank you."),
    ("text/plain; charset=utf-8", "\u200b> ESCALATE\nThank you."),
    ("text/plain; charset=utf-8", "\uff1e ESCALATE\nThank you."),
    ("text/plain; charset=utf-8", "See what came.\n\n\u00a0\u00a0\u00a0\u00a0ESCALATE"),
    ("text/plain; charset=utf-8", "See what came.\n\n\u2502 ESCALATE"),
    ("text/plain; charset=utf-8", "ESCALATE\nNo visit.\n\nSent on behalf of Gareth West"),
    ("text/plain; charset=utf-8", "ESCALATE\nNo visit.\n\nFrom Imogen's iPad, Imogen asked me to send"),
    ("text/plain; charset=utf-8", "ESCALATE\nNo visit.\n\n-- \nDictated by Gareth West"),
    ("text/plain; charset=utf-8", "ESCALATE\nThese are Mr West's words."),
    (HTML, "<blockquote>ESCALATE<br>No visit.</blockquote><p>Thank you.</p>"),
    (HTML, "<p><q>ESCALATE</q></p><p>Thank you.</p>"),
    (HTML, "<p>&nbsp;&gt; ESCALATE</p><p>Thank you.</p>"),
    (HTML, "<p>&nbsp;&nbsp;&nbsp;&nbsp;Thank you.</p><cite>ESCALATE</cite>"),
]


@pytest.mark.parametrize(("kind", "body"), NOT_THEIRS)
def test_what_is_somebody_elses_by_another_sign_is_not_done(tmp_path: Path, kind: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", body, kind=kind)
        assert story.dispute().stage == "2"


UNSAID = [  # who says it, and how: nobody's act
    ("oakes", "CONFIRM\nJoke."),
    ("oakes", "CONFIRM\nSome hope."),
    ("oakes", "CONFIRM, I am being made to write by my governors."),
    ("oakes", "CONFIRM\nWell, that is what the button says."),
    ("oakes", "CONFIRM\nJane, can you look at this draft before it goes?"),
    ("oakes", "CONFIRM\nHold fire."),
    ("oakes", "CONFIRM\nMaybe tomorrow."),
    ("oakes", "CONFIRM\nBeatrix has the last word on this."),
    ("oakes", "CONFIRM\nThe visits stop after one."),
    ("oakes", "CONFIRM\nA second visit on 2 October 2026 as well."),
    ("oakes", "CONFIRM\nMy daughter found my tablet."),
    ("oakes", "CONFIRM\nTranslation: over my dead body."),
    ("oakes", "CONFIRM\nSee you in court."),
    ("oakes", "Confirmed.\nAfter the visit, that is."),
    ("oakes", "CONFIRM\nRead out to me by Mr West on the telephone."),
    ("oakes", "WITHDRAW\nOr so the father would like."),
    ("oakes", "WITHDRAW\nTyped with gritted teeth."),
    ("oakes", "WITHDRAW\nI am seeing whether this works."),
    ("oakes", "WITHDRAW\nWhen pigs fly."),
    ("hartwell", "WITHDRAW\nMy line manager sent me this to send."),
    ("hartwell", "WITHDRAW\nMonday."),
    ("hartwell", "WITHDRAW\nNone of this is me."),
    ("hartwell", "WITHDRAW\nPractice run."),
    ("oakes", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\nHe knows nothing of it."),
    ("oakes", "HANDOVER TO Cassius Marlow, c.marlow@tarn-trust.example\nJust floating the idea."),
    ("oakes", "REMOVE i.hartwell@larkfield.sch.example\nSaid nobody ever."),
    ("oakes", "REMOVE i.hartwell@larkfield.sch.example\nThat would make Gareth happy."),
    ("oakes", "ADD c.marlow@tarn-trust.example\nDepending on what he says."),
]


def test_what_its_own_writer_unsays_is_not_done(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", AGREED)
        before, done, unanswered = _now(story), [], []
        for who, body in UNSAID:
            sent = story.says(who, body, minutes=12)
            if _now(story) != before:
                done.append(body)
                before = _now(story)
            if not sent:
                unanswered.append(body)
        assert (done, unanswered) == ([], [])


@pytest.mark.parametrize(
    "beside",
    [
        "Pretend this was sent last week.",
        "Vera, is this the right one?",
        "I was leant on.",
        "Only seeing if this parses.",
    ],
)
def test_what_the_office_says_beside_a_line_that_ends_something_is_asked_about(tmp_path: Path, beside: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        for line in ("CLOSE NS-26-0001 because it is over", "REMOVE NS-26-0001 head@larkfield.sch.example"):
            sent = story.says("bm", f"{line}\n{beside}")
            assert (_now(story), told(sent)) == (before, {"bm"})


def test_the_round_trip_letter_names_nobody(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        subject = "[NS-26-0001] Ruby Whitcombe (jo-li) 943 476 5919, born 3/2/15, bs48 1ab"
        sent = story.comes("oakes", "ESCALATE\nNo visit.", verdict="", subject=subject)
        text = to(sent, "oakes").text + to(sent, "oakes").html + to(sent, "oakes").subject
        assert "NS-26-0001" in text
        assert [one for one in ("Ruby", "Whitcombe", "jo-li", "943", "5919", "3/2/15", "bs48") if one in text] == []


WRITTEN = (
    "jo li", "Jo-Li", "JO LI'S", "li, jo", "Jo\u00a0Li", "943 476 5919", "dob 3/2/15", "bs48 1ab", "12 acacia road",
    "j\u00f3 l\u00ef",
)  # fmt: skip


def _papers(sent: Sent) -> str:
    """The words of every document and calendar entry that came with a letter."""
    words = []
    for name, content in sent.attached:
        if name.endswith(".docx"):
            with zipfile.ZipFile(io.BytesIO(content)) as paper:
                words += [
                    re.sub(r"<[^>]+>", "", paper.read(part).decode())
                    for part in paper.namelist()
                    if part.startswith(("word/document", "docProps"))
                ]
        else:
            words.append(content.decode("utf-8", "replace"))
    return "\n".join((sent.subject, sent.text, re.sub(r"<[^>]+>", " ", sent.html), *words))


def test_nothing_leaves_with_the_name_in_another_writing(tmp_path: Path) -> None:
    with Told(tmp_path) as story:
        opened = RAISED.replace("K.W. (Year 3)", "Jo Li").replace("K is tired", "jo li of 12 acacia road is tired")
        story.mail("hartwell", opened, "2026-09-07 10:12", subject="[ESCALATION] Jo Li, DOB 3/2/15", to=["fenn"])
        story.until("2026-09-09 09:30")
        sent = story.letters()
        for said in WRITTEN:
            sent += story.says("peake", f"RESOLVED\n{said} is visited at home by 14 September 2026.", minutes=30)
        for who, said in (
            ("oakes", "ESCALATE\nWhat remains unresolved: whether jo-li of bs48 1ab (943 476 5919) is seen."),
            ("lyle", "NEEDED BY 11 September 2026 because JO LI goes to hospital"),
            ("bm", "ADD NS-26-0001 c.marlow@tarn-trust.example, for jo li"),
        ):
            sent += story.says(who, said)
        story.until("2026-09-14 09:30")
        sent += story.letters()
        shown = [(letter.letter, letter.to, _papers(letter)) for letter in sent]
        found = [(name, who, said) for name, who, text in shown for said in WRITTEN if said.lower() in text.lower()]
        assert found == []
        assert len(shown) > 30


@pytest.mark.parametrize(
    ("who", "body"),
    [
        ("fenn", "My line manager: Nora Pell, n.pell@seamoor.example"),
        ("garth", "HANDOVER TO Nora Pell, n.pell@seamoor.example"),
        ("n.pell@seamoor.example", "HANDOVER TO Tobias Fenn, tobias.fenn@seamoor.example"),
        ("n.pell@seamoor.example", "RESOLVED\nA visit by 11 September 2026."),
        ("dunmore", "ADD n.pell@seamoor.example"),
        ("stroud", "CORRECT Receiving agency: Seamoor Council Early Help"),
        ("peake", "REMOVE tobias.fenn@seamoor.example\nThe other service has it now, ask them."),
        ("bm@nsscp.example", "CLOSE NS-26-0001 because it is over"),
        ("business.manager@nsscp.example.seamoor.example", "CLOSE NS-26-0001 because it is over"),
        ("oakes", f"My line manager: Tobias Fenn, {ADDRESS['fenn']}"),
        ("oakes", "ADD dsps@nsscp.example"),
        ("dsps", "ADD NS-26-0001 c.marlow@tarn-trust.example"),
    ],
)
def test_nobody_gets_anybody_in_by_a_domain_or_a_name(tmp_path: Path, who: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        story.says(who, body) if "@nsscp.example" not in who else story.comes(who, body)
        assert _now(story) == before
