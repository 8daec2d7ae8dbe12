"""The gallery: whole in itself, every letter at two widths, nothing in it able to run."""

from html.parser import HTMLParser

from mailbot.demo.gallery import Shown, gallery
from mailbot.mail.letters.render import Rendered

LETTER = Shown("NSCP", "Barnaby <Quill>", Rendered("A & B", "plain < text", '<p title="x">Hello & "you"</p>'), "9am")


class Frames(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.frames: list[dict[str, str | None]] = []
        self.fetched: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.frames.append(dict(attrs))
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href") and value[:1] != "#"]  # type: ignore[index]


def test_each_letter_is_framed_at_telephone_and_desk_width_and_may_run_nothing() -> None:
    page = Frames(gallery([LETTER, LETTER]))
    assert [frame["width"] for frame in page.frames] == ["360", "700", "360", "700"]
    assert {frame["sandbox"] for frame in page.frames} == {""}
    assert page.frames[0]["srcdoc"] == '<p title="x">Hello & "you"</p>'
    assert page.fetched == []


def test_what_is_shown_is_escaped() -> None:
    page = gallery([LETTER])
    assert "Barnaby &lt;Quill&gt;" in page
    assert "plain &lt; text" in page
    assert "<Quill>" not in page
