"""What a third attacker tried: a mail that is older than what it agrees to, an answer to a letter that asked nothing,
another's act taken back, a letter sent on somebody's behalf, parts that no program shows alike, and a family's names by
their shape."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.authority.telling import AGREED, LESS, Told, to, told
from tests.authority.test_second_attacker import HTML, _papers
from tests.authority.test_unscripted import _now
from tests.scenarios.north_somerset.test_to_the_end import RAISED
from tests.story import Sent

MIXED, BOTH = 'multipart/mixed; boundary="B"', 'multipart/alternative; boundary="B"'


def _dated(raw: bytes, date: datetime) -> bytes:
    head, _, rest = raw.partition(b"Date: ")
    return head + f"Date: {date:%a, %d %b %Y %H:%M:%S %z}".encode() + rest[rest.index(b"\r\n") :]


def _later(story: Told, minutes: int = 10) -> None:
    story.until(f"{story.now + timedelta(minutes=minutes):%Y-%m-%d %H:%M}")


def test_a_mail_agrees_to_nothing_that_was_put_after_its_own_date(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        early = story.now
        story.says("peake", AGREED)
        between = story.now + timedelta(minutes=5)
        _later(story)
        story.deliver(_dated(story.wire("oakes", "CONFIRM"), early))
        asked = to(story.letters(), "oakes")
        assert (story.dispute().state, asked.letter) == ("proposed", "question")
        assert "Tobias visits K" in asked.text
        story.says("oakes", "DISAGREE\nNot that.")
        story.says("peake", LESS)
        _later(story)
        story.deliver(_dated(story.wire("oakes", "CONFIRM"), between))
        asked = to(story.letters(), "oakes")
        assert story.dispute().state == "proposed"
        assert "visits K" in asked.text
        assert "a leaflet is sent" in asked.text


def test_what_quotes_an_older_proposal_is_shown_both(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        older = to(story.says("peake", AGREED), "oakes")
        story.says("oakes", "DISAGREE\nNot that.")
        newer = to(story.says("peake", LESS), "oakes")
        for letter in (older, newer):
            quoted = "\n".join(f"> {line}" for line in letter.text.split("\n"))
            head = "On Wed, 9 Sep 2026 at 09:40, NSSCP <escalation@nsscp.example> wrote:"
            sent = story.comes("oakes", f"CONFIRM\n\n{head}\n{quoted}")
            if letter is older:
                assert story.dispute().state == "proposed"
                assert "visits K" in to(sent, "oakes").text
                assert "a leaflet is sent" in to(sent, "oakes").text
        assert story.is_closed


@pytest.mark.parametrize("said", ["Yes", "AGREED", "Yes, agreed.", "Fine by me, agreed."])
def test_a_yes_to_a_letter_that_asked_nothing_closes_nothing(tmp_path: Path, said: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        put = to(story.says("peake", AGREED), "oakes")
        status = to(story.says("oakes", "STATUS"), "oakes")
        assert told(story.says("oakes", said, answers=status)) == {"oakes"}
        assert story.dispute().state == "proposed"
        story.says("oakes", said, answers=put)
        assert story.is_closed


@pytest.mark.parametrize("said", ["WRONG", "WRONG\nWe never agreed that."])
def test_wrong_to_the_other_sides_proposal_takes_back_nothing(tmp_path: Path, said: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        added = to(story.says("oakes", "ADD c.marlow@tarn-trust.example"), "oakes")
        put = to(story.says("peake", AGREED), "oakes")
        before = _now(story)
        asked = to(story.says("oakes", said, answers=put), "oakes")
        assert _now(story) == before
        assert "DISAGREE" in asked.text
        story.says("oakes", "WRONG", answers=added)
        assert "marlow" not in story.standing_on("raising")


@pytest.mark.parametrize("sender", ["dad@freemail.example", "June Tait <june.tait@larkfield.sch.example>", "nobody"])
@pytest.mark.parametrize(
    ("who", "body"), [("oakes", "ESCALATE\nNo visit."), ("bm", "CLOSE NS-26-0001 because it is over")]
)
def test_what_is_sent_on_anothers_behalf_is_asked_of_them(tmp_path: Path, who: str, body: str, sender: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.comes(who, body, head=(f"Sender: {sender}",))
        assert (_now(story), who in told(sent)) == (before, True)
        story.says(who, "YES", answers=to(sent, who))
        assert _now(story) != before


def test_what_its_own_writer_sent_is_theirs(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", "ESCALATE\nNo visit.", head=("Sender: Desmond <HEAD@larkfield.sch.example>",))
        assert story.dispute().stage == "3"


def _parts(*parts: tuple[str, str, str]) -> str:
    return "".join(f"--B\nContent-Type: {kind}\n{head}\n{body}\n" for kind, head, body in parts) + "--B--\n"


_FILE = 'Content-Disposition: inline; filename="dad.txt"\n'
NOT_CERTAINLY_THEIRS = [
    (MIXED, _parts(("text/plain", "", "I will ring you."), ('text/plain; name="dad.txt"', _FILE, "CONFIRM"))),
    (MIXED, _parts(('text/plain; name="dad.txt"', _FILE, "CONFIRM"), ("text/plain", "", "See this."))),
    ("text/enriched", "<strike>CONFIRM</strike>\n\nI will ring."),
    ("text/enriched", "<color><param>white</param>CONFIRM</color>"),
    ("text/rtf", "CONFIRM"),
    ("application/rtf", "CONFIRM"),
    ("text/rtf", "{\\rtf1\\ansi{\\colortbl;\\red255\\green255\\blue255;}\\cf1 CONFIRM\\par}"),
    ("text/rtf", "{\\rtf1\\ansi \\fs2 CONFIRM\\par}"),
    ("text/rtf", "{\\rtf1\\ansi \\li720 CONFIRM\\par}"),
    ("text/richtext", "<comment>CONFIRM</comment>"),
    ("text/markdown", "CONFIRM"),
    ("text/x-note", "CONFIRM"),
    ("text/csv", "CONFIRM"),
    ("text/plain; charset=utf-7", "+AEM-ONFIRM"),
    (HTML.replace("utf-8", "utf-7"), "+ADw-p+AD4-CONFIRM"),
    (HTML, '<div>See below</div><hr><div id="x_divRplyFwdMsg">Dad, Tuesday</div><div>CONFIRM</div>'),
    (HTML, '<div id="divRplyFwdMsg"></div><div>CONFIRM</div>'),
    (HTML, "<p class=MsoQuote>CONFIRM</p>"),
    (HTML, '<p class=MsoNormal style="margin-left:36.0pt">CONFIRM</p><p class=MsoNormal>Thanks</p>'),
    (HTML, "<style>p.MsoX{margin-left:.5in}</style><p class=MsoX>CONFIRM</p>"),
    (HTML, '<p style="margin:0 0 0 36pt">CONFIRM</p>'),
]


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Sent]:
    story = Told(tmp_path_factory.mktemp("third")).at_stage_2()
    return story, to(story.says("peake", AGREED), "oakes")


@pytest.mark.parametrize(("kind", "body"), NOT_CERTAINLY_THEIRS)
def test_what_is_not_certainly_their_own_is_asked_about(proposed: tuple[Told, Sent], kind: str, body: str) -> None:
    story, asked = proposed
    _later(story, 12)
    sent = story.comes("oakes", body, kind=kind, answers=asked)
    assert (story.dispute().state, told(sent)) == ("proposed", {"oakes"})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/enriched", "<bold>CONFIRM</bold>"),
        ("text/rtf", "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard\\f0\\fs20 CONFIRM\\par}"),
        ("text/plain; charset=iso-8859-1", "CONFIRM"),
        (HTML, "<p>CONFIRM</p><p class=MsoListParagraph style='margin-left:36pt;text-indent:-18pt'>- Thanks</p>"),
        (HTML, "<div>CONFIRM</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> NSSCP &lt;"
         "escalation@nsscp.example&gt;<br><b>Sent:</b> 09 September 2026 09:40<br><b>To:</b> Desmond Oakes<br>"
         "<b>Subject:</b> x</div><div>words</div>"),
    ],
)  # fmt: skip
def test_what_any_program_shows_is_done(tmp_path: Path, kind: str, body: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.comes("oakes", body, kind=kind, answers=to(story.says("peake", AGREED), "oakes"))
        assert story.is_closed


def test_the_same_mail_with_a_page_beside_its_text_counts_once(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("peake", AGREED)
        number, when = story._wired, story.now
        story.deliver(_dated(story.wire("oakes", "DISAGREE\nNot that plan."), when))
        story.says("peake", LESS)
        page = "<p>DISAGREE<br>Not that plan.</p>"
        both = _parts(("text/plain", "", "DISAGREE\nNot that plan."), ("text/html", "", page))
        for kind, body in ((BOTH, both), (HTML, page)):
            story._wired = number
            _later(story)
            story.deliver(_dated(story.wire("oakes", body, kind=kind), when))
            assert story.dispute().state == "proposed"


@pytest.mark.parametrize(
    ("line", "beside"),
    [
        ("CLOSE NS-26-0001 because dad has hit K again and social care have her", ""),
        ("CLOSE NS-26-0001 because K is missing", ""),
        ("CLOSE NS-26-0001 because the father has threatened staff", ""),
        ("CLOSE NS-26-0001 because it is over", "She says he touches her at night."),
        ("CLOSE NS-26-0001 because the father asked for it", ""),
        ("CLOSE NS-26-0001 because dad is in the room and wants it", ""),
        ("CLOSE NS-26-0001 because it is not over yet", ""),
        ("CLOSE NS-26-0001 because it will be settled on Friday", ""),
        ("CLOSE NS-26-0001 - draft for Vera", ""),
        ("CLOSE NS-26-0001 because it is over", "Kind regards\nRosalind Peake"),
        ("REMOVE NS-26-0001 head@larkfield.sch.example", "Kind regards\nDarren Hughes (dad)"),
    ],
)
def test_the_office_ends_nothing_beside_danger_nor_for_another(tmp_path: Path, line: str, beside: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        before = _now(story)
        sent = story.says("bm", f"{line}\n\n{beside}".strip())
        assert (_now(story), told(sent)) == (before, {"bm"})


@pytest.mark.parametrize(
    "below", ["Kind regards\nVera Holt\nBusiness Manager", "Thanks\n\nVera", "Regards\nNSSCP Business Manager"]
)
def test_the_office_signs_as_offices_do(tmp_path: Path, below: str) -> None:
    with Told(tmp_path).at_stage_2() as story:
        story.says("bm", f"CLOSE NS-26-0001 because both managers told me that it is settled\n\n{below}")
        assert story.is_closed


SHAPES = {
    "dad (Darren Hughes) is told": ("Darren", "Hughes"),
    "Ruby is visited at home": ("Ruby",),
    "her brother Tyler is seen": ("Tyler",),
    "mum's partner Kyle Dent leaves": ("Kyle", "Dent"),
    "R u b y is seen": ("R u b y",),
    "943 476 5919/1 is on the form": ("943", "5919"),
    "born on the third of February 2015, she is seen": ("third of February",),
    "dob 030215, she is seen": ("030215",),
    "dob 3.ii.2015, she is seen": ("3.ii",),
    "mum on 07700 900123 is rung": ("900123",),
    "Ruby Whitcombe is seen, and then Whitcomb": ("Ruby", "Whitcomb"),
}


def test_names_and_numbers_are_veiled_by_their_shape(tmp_path: Path) -> None:
    with Told(tmp_path).at_stage_2(RAISED.replace("K.W. (Year 3)", "R.W.")) as story:
        found = []
        for said, secrets in SHAPES.items():
            sent = story.says("peake", f"RESOLVED\n{said} and Tobias visits by 14 September 2026.", minutes=15)
            shown = "\n".join(_papers(letter) for letter in sent if letter.to != "peake")
            assert "Tobias" in shown, said
            found += [(said, secret) for secret in secrets if secret in shown]
        assert found == []
