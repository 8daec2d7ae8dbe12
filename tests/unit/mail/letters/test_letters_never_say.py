"""What no letter may say or leave out, held against every letter there is, on a true occasion, for each reader."""

import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser

from mailbot.core.notices.notice import LETTERS
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
        self._hidden = self._hidden or tag == "head" or ("class", "preheader") in attrs
        self.points_to += [value or "" for name, value in attrs if name in ("href", "src", "background", "action")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag not in ("head", "div")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@cache
def every_letter() -> tuple[tuple[str, str, Rendered, Seen], ...]:
    """Each by its name and its reader, with what a reader sees of its page."""
    made = [(n.letter, n.to.name, TEMPLATES.render(n.letter, seen(n, d, now))) for n, d, now in letters()]
    made += [(n.letter, n.to.name, TEMPLATES.render(n.letter, plain_view(n, PROTOCOL, along=PLAIN))) for n in PLAIN]
    return tuple((name, to, letter, Seen(letter.html)) for name, to, letter in made)


def _against(rule: Callable[[str, Rendered, Seen], bool]) -> list[str]:
    """The letters that do not keep a rule, with their readers."""
    return [f"{name} to {to}" for name, to, made, page in every_letter() if not rule(name, made, page)]


def test_there_is_a_true_occasion_for_every_letter() -> None:
    assert {name for name, *_ in every_letter()} == set(LETTERS)


DANGER = "Is a child in danger now? Do not wait for this: ring 999."


def test_danger_is_the_first_sentence_after_the_marker_and_comes_before_any_date() -> None:
    def first(name: str, made: Rendered, page: Seen) -> bool:
        return all(flat.startswith(f"{MARKER} {DANGER}") for flat in (" ".join(made.text.split()), page.text))

    assert _against(first) == []
    assert DATE.search(f"{MARKER} {DANGER}") is None


def test_the_numbers_to_ring_stand_at_the_head_of_every_letter() -> None:
    def there(name: str, made: Rendered, page: Seen) -> bool:
        before = made.text.partition("Front door: 01632 960001 (weekdays)")[0]
        return len(before.split()) < 50 and {"tel:999", "tel:01632960001"} <= set(page.points_to)

    assert _against(there) == []


def test_letters_that_answer_danger_or_say_how_it_goes_have_the_procedures_own_words_about_it() -> None:
    has = {name for name, _, made, _ in every_letter() if RISK in " ".join(made.text.split())}
    assert has == {"guide", "urgent"}


def test_what_a_list_of_mail_shows_after_the_subject_is_the_turn_and_the_headline() -> None:
    def shown(name: str, made: Rendered, page: Seen) -> bool:
        first = re.search(r'(?s)<div class="preheader"[^>]*>(.*?)</div>', made.html)
        headline = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", made.html)
        begins = bool(first and first[1].startswith("\u034f\u034f\u034f"))
        return name == "urgent" or bool(begins and first and headline and headline[1] in first[1])

    assert _against(shown) == []


def test_no_letter_reads_as_leave_to_wait_judges_or_names_the_child() -> None:
    def plain(name: str, made: Rendered, page: Seen) -> bool:
        return not any(words in text.casefold() for words in NEVER for text in (made.subject, made.text, page.text))

    assert _against(plain) == []


def test_a_subject_is_fixed_words_reference_and_date_and_names_nobody() -> None:
    def short(name: str, made: Rendered, page: Seen) -> bool:
        return len(made.subject) <= 50 and "\n" not in made.subject

    assert _against(short) == []
    assert _against(lambda _name, made, _page: not any(name in made.subject for name in NAMES)) == []


def test_the_html_points_nowhere_but_to_a_mail_or_a_telephone() -> None:
    def still(name: str, made: Rendered, page: Seen) -> bool:
        outside = {"img", "script", "form", "link", "iframe", "object", "svg"} & set(page.tags)
        return not outside and "url(" not in made.html and '<html lang="en-GB">' in made.html

    assert _against(lambda _name, _made, page: all(x.startswith(("mailto:", "tel:")) for x in page.points_to)) == []
    assert _against(still) == []


def test_every_mailto_goes_to_the_mailbox_and_is_short_enough_for_outlook() -> None:
    def kept(link: str) -> bool:
        plain = re.fullmatch(r"[A-Za-z0-9@:?&=%._~-]+", link)
        return link.startswith(f"mailto:{MAILBOX}?subject=") and len(link) < 2000 and plain is not None

    assert _against(lambda _n, _m, page: all(kept(x) for x in page.points_to if x.startswith("mailto:"))) == []


def test_every_limit_is_a_most_and_sooner_if_the_child_needs_it() -> None:
    def said(name: str, made: Rendered, page: Seen) -> bool:
        if not re.search(r"by 5pm on .* at the latest", made.text):
            return True
        return "sooner if the child needs it" in made.text.casefold() or name == "protective_date"

    assert _against(said) == []


def test_the_text_alone_says_all_that_the_headline_of_the_html_says() -> None:
    def same(name: str, made: Rendered, page: Seen) -> bool:
        headline = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", made.html)
        said = Seen(headline[1]).text if headline else ""
        return said != "" and said in " ".join(made.text.split())

    assert _against(same) == []


def test_the_duty_stays_with_the_reader() -> None:
    words = "Recording this is no referral; your duty stays with you."
    urgent = "Nobody has made a referral because of it: that is still for you to do."
    assert _against(lambda name, made, _page: (urgent if name == "urgent" else words) in made.text) == []


def test_the_urgent_letter_is_telephone_numbers_and_nothing_about_limits() -> None:
    for made in (made for name, _, made, _ in every_letter() if name == "urgent"):
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
    assert "Is this what you agreed?\n\nOctavia Samplewood: “" in told["proposed"].text
    assert "Octavia Samplewood (Harbourside Primary School) says that this is resolved" in told["proposed"].text
    assert "Octavia Samplewood says the child needs this by" in told["protective_date"].text
    assert "given by Octavia Samplewood (Harbourside Primary School)." in told["protective_date"].text
    assert "Evadne Trustworth does not agree" in told["objected"].text
    assert "The answer came from Evadne Trustworth (Children's Social Care)." in told["objected"].text


def test_nobody_on_the_other_side_is_offered_what_only_the_raising_side_may_do() -> None:
    for notice, dispute, now in letters():
        view = seen(notice, dispute, now)
        words = {button.word for button in (*view.buttons, *view.also)}
        party = dispute.party(notice.to.address)
        office = view.side == "partnership"  # it may move on what nobody moves once the time has passed
        if party is None or party.side is Side.RECEIVING:
            assert not words & ({"REOPEN", "WITHDRAW"} if office else {"ESCALATE", "REFER", "REOPEN", "WITHDRAW"})
