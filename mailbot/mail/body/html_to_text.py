"""HTML turned to text: HTML mail as plain text, with what mail clients mark as quotation
prefixed ``> `` as in plain mail.

One walk without recursion: libxml2 is told to keep deep trees, and no depth or size makes the walk worse than linear.
A bare blockquote is not taken for a quotation: Outlook writers indent their own words with it. Whose it is, is
uncertain. What a reader does not
see (``visibility``) is kept apart from what is said.
"""

import re
from dataclasses import dataclass
from html import unescape

from lxml import etree, html

from mailbot.mail.body.passed_on import introduces
from mailbot.mail.body.understood_styles import BY_SOME, NEVER_SHOWN, is_read_in_two_ways
from mailbot.mail.body.visibility import Look, Sheet

LARGEST_HTML = 512 * 1024
DIVIDER = "_" * 32
LONGEST_INTRODUCTION = 300
_SAYS = re.compile(r"\w")
MOST_UNSEEN, MOST_LINKS, LONGEST_LINK = 20_000, 200, 1_000
_BLOCKS = {
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
}
# A writer's own words stand in such too: whose they are is uncertain. So does a list without items, shown set in.
_SET_IN, _LISTS = {"blockquote", "figure", "dd", "fieldset"}, {"ul", "ol", "menu", "dir"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "dl"}
# Containers that clients close around the whole quotation, attribution line included.
_QUOTE_CLASSES = re.compile(
    r"\b(gmail_quote|yahoo_quoted|yahoo-quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-forward-container"
    r"|ms-outlook-mobile-reference-message|ms-outlook-ios-reference-expand)\b",
    re.IGNORECASE,
)
_QUOTE_IDS = {"mail-editor-reference-message-container", "olk_src_body_section", "isforwardcontent", "isreplycontent"}
# Word's styles and other programs' classes by which words are set in as somebody's: whose they are is uncertain.
_QUOTING_CLASS = re.compile(r"quot|\bcite|citation|excerpt|forwarded|passed.?on", re.IGNORECASE)
# Empty elements or heads after which everything is quotation. Their header block follows, as in plain mail.
_DIVIDER_IDS = {"appendonsend", "divrplyfwdmsg", "stopspelling", "zwchr"}
_BLANK_ABOVE = re.compile(r"(?:[^\S\n]*\n)*")
_SHEET = re.compile(r"<(style|script|head)\b.{0,200000}?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:!--.{0,20000}?-->|[^<>]{0,2000}>)", re.DOTALL)
# A line down the left side is how every other client shows what it quotes.
_SIDE_LINE = re.compile(
    r"border-left\s*:\s*(?![^;]*(?:\bnone\b|\b0(?:px|pt)?\b(?!\.)))[^;]*\b(?:solid|double|dashed|dotted)", re.IGNORECASE
)


def _element_is_quotation(element: html.HtmlElement) -> bool:
    classes, ident = str(element.get("class") or ""), str(element.get("id") or "").lower()
    if element.tag in {"blockquote", "div"} and _SIDE_LINE.search(str(element.get("style") or "")[:400]):
        return True
    if element.tag == "blockquote" and (str(element.get("type") or "").lower() == "cite" or "quote" in classes.lower()):
        return True
    return _is_container(element, classes, ident)


def _is_container(element: html.HtmlElement, classes: str, ident: str) -> bool:
    return (
        bool(_QUOTE_CLASSES.search(classes))
        or ident in _QUOTE_IDS
        or ("data-marker" in element.attrib and (element.get("data-marker") == "__QUOTED_TEXT__"))
    )


def _quoted_within(container: html.HtmlElement) -> html.HtmlElement | None:
    """In HTML, the blockquote that is all a client's container quotes, a line that introduces it apart; None where the
    whole is quoted. Below that blockquote, and between it and the next, the writer may have typed answers.
    """
    if container.tag == "blockquote":
        return None
    quoted = next(container.iter("blockquote"), None)
    parents = [] if quoted is None else [one for one, _ in zip(quoted.iterancestors(), range(3), strict=False)]
    if quoted is None or container not in parents:
        return None
    before, length = [], 0
    for element in container.iter():
        if element is quoted or length > LONGEST_INTRODUCTION:
            break
        for words in (element.text, None if element in parents else element.tail):
            before.append(words or "")
            length += len(words or "")
    said = " ".join("".join(before).split())
    return quoted if len(said) <= LONGEST_INTRODUCTION and (not said or said.endswith((":", "："))) else None


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as its reader has it. ``unseen``: words that are in it and not seen. ``links``: (address, words).
    ``uncertain``: the lines of which nobody can tell whether their reader sees them, or sees more in their place."""

    text: str
    unseen: str = ""
    links: tuple[tuple[str, str], ...] = ()
    uncertain: frozenset[int] = frozenset()


class _Page:
    """Lines being written; white space collapses as a browser would, quotation depth prefixes each line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0
        self.pre = 0
        self.barred: set[html.HtmlElement] = set()  # bare blockquotes below "She said:", barred as in plain mail
        self.bullet = ""
        self.unseen: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.uncertain: set[int] = set()
        self.set_in = 0  # how many elements that set words in, and may quote them, are open
        self.answered: set[html.HtmlElement] = set()  # containers of whose quotation the end has been passed
        self.quoting: dict[html.HtmlElement, html.HtmlElement] = {}  # a blockquote -> the container it is quoted by

    def take(self, text: str, look: Look) -> None:
        """Words directly within an element of that look."""
        whose = self.set_in and not self.barred  # what "She said:" introduces is hers
        if (whose or not look.is_certain) and _SAYS.search(text):
            self.uncertain.add(len(self.lines))
        (self.words if look.is_seen else self.hide)(text)

    def hide(self, text: str) -> None:
        if text.strip() and sum(map(len, self.unseen)) < MOST_UNSEEN:
            self.unseen.append(" ".join(text[:MOST_UNSEEN].split()))

    def words(self, text: str) -> None:
        if text.strip():
            self.line, self.bullet = self.bullet + self.line, ""
        if self.pre:
            first, *rest = text.split("\n")
            self.line += first
            for more in rest:
                self.end(force=True)
                self.line = more
            return
        text = re.sub(r"[ \t\n\r\f]+", " ", text)
        self.line += text.lstrip(" ") if not self.line or self.line.endswith(" ") else text

    def end(self, force: bool = False) -> None:
        line = self.line.replace("\xa0", " ").rstrip()
        if line or force:
            line = f"| {line}" if self.barred and line and not self.depth else line
            self.lines.append(("> " * min(self.depth, 6) + line) if self.depth else line)
        self.line = ""

    def gap(self) -> None:
        self.end()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.depth, 6) if self.depth else "")


def _tree(source: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(source[:LARGEST_HTML].encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return tree


def _ident(element: html.HtmlElement) -> str:
    """An element's id in HTML, without the mark that Outlook puts before those of what it answers."""
    return re.sub(r"^(?:x_)+", "", str(element.get("id") or "").lower())


def _sets_in(element: html.HtmlElement) -> bool:
    classes = str(element.get("class") or "")
    bare = str(element.tag) in _LISTS and all(str(one.tag) != "li" for one in element)
    return bare or str(element.tag) in _SET_IN or (bool(_QUOTING_CLASS.search(classes)) and str(element.tag) != "body")


def _start(page: _Page, element: html.HtmlElement, look: Look) -> None:
    tag = str(element.tag)
    page.set_in += _sets_in(element)
    if _ident(element) in _DIVIDER_IDS:
        page.set_in += 1  # nothing below it is certainly the writer's, whatever head it has
        page.gap()
        page.line = DIVIDER
        page.end()
    if tag in _PARAGRAPHS:
        page.gap()
    elif tag in _BLOCKS:
        page.end()
    elif tag in {"td", "th"} and page.line:
        page.line += "\t"  # cells stay apart: a form pasted as a table is read as labels and values
    _open_quotation(page, element)
    if tag == "br":
        page.end(force=True)
    elif tag == "hr" and element.get("id") is None:
        page.line = DIVIDER
        page.end()
    elif tag == "li":
        page.bullet = "- "
    elif tag == "pre":
        page.pre += 1
    elif tag == "a" and len(page.links) < MOST_LINKS and look.is_seen:
        _link(page, element)
    if element.text:
        page.take(element.text, look)


def _link(page: _Page, element: html.HtmlElement) -> None:
    address = str(element.get("href") or "").strip()
    if address.lower().startswith(("http:", "https:")) and len(address) <= LONGEST_LINK:
        page.links.append((address, " ".join("".join(element.itertext()).split())[:LONGEST_LINK]))


def _open_quotation(page: _Page, element: html.HtmlElement) -> None:
    if element in page.quoting:
        if page.quoting[element] not in page.answered:
            return  # its container has begun the quotation already
    elif not _element_is_quotation(element):
        if element.tag == "blockquote" and introduces(_last_line(page)):
            page.end()
            page.barred.add(element)
        return
    else:
        quoted = _quoted_within(element)
        if quoted is not None:
            for one in quoted.getparent().iterchildren("blockquote"):
                page.quoting[one] = element
    page.end()
    page.depth += 1


def _last_line(page: _Page) -> str:
    return page.line or next((line for line in reversed(page.lines[-3:]) if line), "")


def _close_quotation(page: _Page, element: html.HtmlElement) -> None:
    if element in page.barred:
        page.end()
        page.barred.discard(element)
        return
    container = page.quoting.get(element)
    if container is None and (element in page.answered or not _element_is_quotation(element)):
        return
    page.end()
    page.depth -= 1
    if container is not None:
        page.answered.add(container)


def _finish(page: _Page, element: html.HtmlElement) -> None:
    tag = str(element.tag)
    page.set_in -= _sets_in(element)
    if tag in _PARAGRAPHS:
        page.gap()
    elif tag in _BLOCKS:
        page.end()
    if tag == "pre":
        page.pre -= 1
    elif tag == "li":
        page.bullet = ""
    _close_quotation(page, element)


def html_to_text(source: str) -> str:
    """The text that an HTML body shows its reader, quotations prefixed ``> ``; "" for a page without words."""
    return shown_by(source).text


def shown_by(source: str) -> ShownPage:
    """What an HTML page shows as text. Only the first 512 KB are read. When libxml2 finds no text in a page that has
    some (trees thousands deep), the tags are simply removed.
    """
    tree = _tree(source) if source.strip() else None
    if tree is None:
        return ShownPage("")
    sheet = Sheet.of(tree)
    page = _walked(tree, sheet)
    whole, unseen = "\n".join(page.lines), "\n".join(page.unseen)
    text = whole.rstrip()
    text = text[len(_BLANK_ABOVE.match(text)[0]) :]  # type: ignore[index]  # it may begin set in, as a quotation does
    if sheet.is_too_much:
        return ShownPage("", f"{text}\n{unseen}".strip())  # made to be slow: a person looks at what it shows
    if text or unseen:
        above = whole.rstrip().removesuffix(text).count("\n")
        every = range(len(page.lines)) if sheet.odd or len(source) > LARGEST_HTML or is_read_in_two_ways(source) else ()
        uncertain = frozenset(max(0, line - above) for line in (*page.uncertain, *every))
        return ShownPage(text, unseen, tuple(page.links), uncertain)
    bare = _without_tags(source[:LARGEST_HTML])
    return ShownPage("", bare) if "<style" in source.lower() else ShownPage(bare)  # hidden or not, who can tell


def _walked(tree: html.HtmlElement, sheet: Sheet) -> _Page:
    page = _Page()
    looks = [Look()]
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            look = sheet.look(element, looks[-1]) if isinstance(element.tag, str) else Look(gone=True)
            looks.append(look)
            if look.gone:
                walk.skip_subtree()
                if element.tag not in NEVER_SHOWN or element.tag in BY_SOME:
                    page.take(" ".join(element.itertext()), look)
            else:
                _start(page, element, look)
            continue
        look = looks.pop()
        if not look.gone:
            _finish(page, element)
        if element.tail and element is not tree:
            page.take(element.tail, looks[-1])
    page.end()
    return page


def _without_tags(source: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", _SHEET.sub(" ", source))).split())
