"""Which of the letters that the stories sent are shown: one for each procedure, letter and kind of reader."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as readable
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """One letter as a story sent it. ``acts``: something is asked of its reader."""

    protocol: str
    letter: str
    to: str
    path: Path
    subject: str
    text: str
    html: str
    attachments: tuple[tuple[str, str, bytes], ...]

    @property
    def acts(self) -> bool:
        return "WHAT YOU CAN REPLY" in self.text


def kept(folder: Path) -> Iterator[Kept]:
    """Every letter under ``folder/<protocol>/<story>/<number>-<letter>-<who>.eml``."""
    for path in sorted(folder.glob("*/*/*.eml")):
        message = BytesParser(policy=readable).parsebytes(path.read_bytes())
        assert isinstance(message, EmailMessage)
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None, path
        assert html is not None, path
        _, letter, to = path.stem.split("-", 2)
        yield Kept(
            path.parent.parent.name,
            letter,
            to,
            path,
            message["Subject"],
            text.get_content(),
            html.get_content(),
            tuple(_attached(message)),
        )


def _attached(message: EmailMessage) -> Iterator[tuple[str, str, bytes]]:
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        yield part.get_filename() or "", part.get_content_type(), content


def chosen(letters: Iterable[Kept]) -> list[Kept]:
    """The fullest of each procedure and letter, and beside it the fullest of those who are only told."""
    best: dict[tuple[str, str, bool], Kept] = {}
    for one in letters:
        place = (one.protocol, one.letter, one.acts)
        if place not in best or _fullness(one) > _fullness(best[place]):
            best[place] = one
    return [best[place] for place in sorted(best, key=lambda p: (p[0], p[1], not p[2]))]


def _fullness(one: Kept) -> tuple[int, int]:
    return len(one.attachments), len(one.text)
