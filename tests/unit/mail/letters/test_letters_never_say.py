"""What no letter may say or leave out, held against every letter there is, on a true occasion, for each reader."""

import re
from html.parser import HTMLParser

import pytest

from mailbot.core.notices.notices import LETTERS
from mailbot.core.procedure.closed_lists import Side
from mailbot.mail.letters.letter import plain_view
from mailbot.mail.letters.render import Letters, Rendered
from mailbot.shell.config.template_files import load_letters, shipped_letters
from tests.unit.mail.letters.letter_stories import MAILBOX, PLAIN, PROTOCOL, RISK, letters, seen

TEMPLATES = Letters(load_letters([shipped_letters()]))
MARKER = "-- Please reply above this line --"
DATE = re.compile(r"\d(?:am|pm)\b|\d{1,2}:\d\d\b|\b(?:January|September|Sep|Monday|Tuesday|Thursday)\b|\b20\d\d\b")
NEVER = (
    "you have until",
    "no action needed until",
    "under control",
    "low risk",
    "your referral has been made",
    "jamie",
    "thornbury",
    "failed to",
    "is wrong",
    "is right",
    "to blame",
)
NAMES = ("Wilhelmina", "Barnaby", "Octavia", "Evadne", "Horatio", "Fernsby", "Quill", "Jamie", "Thornbury", "J.T.")


def _all() -> list[tuple[str, str, Rendered]]:
    made = [(n.letter, n.to.name, TEMPLATES.render(n.letter, seen(n, d, now))) for n, d, now in letters()]
    made += [(n.letter, n.to.name, TEMPLATES.render(n.letter, plain_view(n, PROTOCOL))) for n in PLAIN]
    return made


LETTERS_SENT = _all()
every_letter = pytest.mark.parametrize(
    ("letter", "made"), [(name, made) for name, _, made in LETTERS_SENT], ids=[f"{n}-{to}" for n, to, _ in LETTERS_SENT]
)


class Seen(HTMLParser):
    """What a reader sees of a page, and every address it points to."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.points_to: list[str] = []
        self.tags: list[str] = []
        self._hidden = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._hidden = self._hidden or tag == "head"
        self.points_to += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag != "head"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_there_is_a_true_occasion_for_every_letter() -> None:
    assert {name for name, _, _ in LETTERS_SENT} == set(LETTERS)


@every_letter
def test_the_risk_line_is_the_first_sentence_after_the_marker_and_comes_before_any_date(
    letter: str, made: Rendered
) -> None:
    for flat in (" ".join(made.text.split()), Seen(made.html).text):
        assert flat.startswith(f"{MARKER} {RISK}")
        assert DATE.search(flat[: len(MARKER) + len(RISK)]) is None


@every_letter
def test_no_letter_reads_as_leave_to_wait_judges_or_names_the_child(letter: str, made: Rendered) -> None:
    for text in (made.subject, made.text, Seen(made.html).text):
        assert [words for words in NEVER if words in text.casefold()] == []


@every_letter
def test_a_subject_is_fixed_words_reference_and_date_and_names_nobody(letter: str, made: Rendered) -> None:
    assert [name for name in NAMES if name in made.subject] == []
    assert "\n" not in made.subject
    assert len(made.subject) <= 50


@every_letter
def test_the_html_points_nowhere_but_to_a_mail_or_a_telephone(letter: str, made: Rendered) -> None:
    page = Seen(made.html)
    assert [link for link in page.points_to if not link.startswith(("mailto:", "tel:"))] == []
    assert {"img", "script", "form", "link", "iframe", "object", "svg"} & set(page.tags) == set()
    assert "url(" not in made.html
    assert '<html lang="en-GB">' in made.html


@every_letter
def test_every_mailto_goes_to_the_mailbox_and_is_short_enough_for_outlook(letter: str, made: Rendered) -> None:
    for link in Seen(made.html).points_to:
        if link.startswith("mailto:"):
            assert link.startswith(f"mailto:{MAILBOX}?subject=")
            assert len(link) < 2000
            assert re.fullmatch(r"[A-Za-z0-9@:?&=%._~-]+", link)


@every_letter
def test_every_limit_is_a_most_and_less_if_the_child_needs_it(letter: str, made: Rendered) -> None:
    if re.search(r"THE LIMIT|by 5pm on .* at the latest", made.text):
        assert "at the latest" in made.text
        assert "less if the child needs it" in made.text or letter == "protective_date"


@every_letter
def test_the_text_alone_says_all_that_the_headline_of_the_html_says(letter: str, made: Rendered) -> None:
    headline = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", made.html)
    assert headline is not None
    said = Seen(headline[1]).text
    assert said
    assert said in " ".join(made.text.split())


@every_letter
def test_the_duty_stays_with_the_reader(letter: str, made: Rendered) -> None:
    if letter == "urgent":
        assert "Nobody has made a referral because of it: that is still for you to do." in made.text
    else:
        assert "Recording this here does not make a referral and does not pass on your duty." in made.text


def test_the_urgent_letter_is_telephone_numbers_and_nothing_about_limits() -> None:
    for made in (made for name, _, made in LETTERS_SENT if name == "urgent"):
        for text in (made.subject, made.text, Seen(made.html).text):
            assert DATE.search(text) is None
            assert "limit" not in text.casefold()
            assert "stage" not in text.casefold()
        assert "999" in made.text
        assert "Front door: 01632 960001 (weekdays)" in made.text
        assert "I have told the NSCP Business Manager that an urgent message arrived." in made.text
        assert 'href="tel:999"' in made.html
        assert "mailto:" not in made.html


def test_what_one_side_decides_the_other_is_told_with_its_author() -> None:
    told = {n.letter: TEMPLATES.render(n.letter, seen(n, d, now)) for n, d, now in letters() if n.to.agency}
    assert "Octavia Samplewood (Harbourside Primary School) says that this is resolved." in told["proposed"].text
    assert "Octavia Samplewood (Harbourside Primary School) says that the child needs" in told["protective_date"].text
    assert "Evadne Trustworth (Children's Social Care) does not confirm" in told["objected"].text


def test_nobody_on_the_other_side_is_offered_what_only_the_raising_side_may_do() -> None:
    for notice, dispute, now in letters():
        view = seen(notice, dispute, now)
        words = {button.word for button in (*view.buttons, *view.also)}
        party = dispute.party(notice.to.address)
        office = view.side == "partnership"  # it may move on what nobody moves once the time has passed
        if party is None or party.side is Side.RECEIVING:
            assert not words & ({"REOPEN", "WITHDRAW"} if office else {"ESCALATE", "REFER", "REOPEN", "WITHDRAW"})
