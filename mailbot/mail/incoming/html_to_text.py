"""HTML turned to text: HTML mail as plain text, with what mail clients mark as quotation
prefixed ``> `` as in plain mail.

One walk without recursion: libxml2 is told to keep deep trees, and no depth or size makes the walk worse than linear.
A blockquote alone is not taken for a quotation: Outlook writers indent their own words with it.
"""

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree, html

LARGEST_HTML = 512 * 1024
DIVIDER = "_" * 32
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
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "dl"}
_SILENT = {"script", "style", "head", "title", "meta", "link", "object", "svg", "template", "noframes"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
# Containers that clients close around the whole quotation, attribution line included.
_QUOTE_CLASSES = re.compile(
    r"\b(gmail_quote|yahoo_quoted|yahoo-quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-forward-container"
    r"|ms-outlook-mobile-reference-message|ms-outlook-ios-reference-expand)\b",
    re.IGNORECASE,
)
_QUOTE_IDS = {"mail-editor-reference-message-container", "olk_src_body_section", "isforwardcontent", "isreplycontent"}
# Empty elements or heads after which everything is quotation. Their header block follows, as in plain mail.
_DIVIDER_IDS = {"appendonsend", "divrplyfwdmsg", "stopspelling", "zwchr"}
_TAG = re.compile(r"<(?:!--.{0,20000}?-->|[^<>]{0,2000}>)", re.DOTALL)


def _element_is_quotation(element: html.HtmlElement) -> bool:
    classes, ident = str(element.get("class") or ""), str(element.get("id") or "").lower()
    if element.tag == "blockquote" and (str(element.get("type") or "").lower() == "cite" or "quote" in classes.lower()):
        return True
    return (
        bool(_QUOTE_CLASSES.search(classes))
        or ident in _QUOTE_IDS
        or ("data-marker" in element.attrib and (element.get("data-marker") == "__QUOTED_TEXT__"))
    )


class _Page:
    """Lines being written; white space collapses as a browser would, quotation depth prefixes each line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line = ""
        self.depth = 0
        self.pre = 0

    def words(self, text: str) -> None:
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


def _start(page: _Page, element: html.HtmlElement) -> None:
    tag = str(element.tag)
    if str(element.get("id") or "").lower() in _DIVIDER_IDS:
        page.gap()
        page.line = DIVIDER
        page.end()
    if tag in _PARAGRAPHS:
        page.gap()
    elif tag in _BLOCKS:
        page.end()
    elif tag in {"td", "th"} and page.line:
        page.line += "\t"  # cells stay apart: a form pasted as a table is read as labels and values
    if _element_is_quotation(element):
        page.end()
        page.depth += 1
    if tag == "br":
        page.end(force=True)
    elif tag == "hr" and element.get("id") is None:
        page.line = DIVIDER
        page.end()
    elif tag == "li":
        page.line = "- "
    elif tag in {"pre", "textarea"}:
        page.pre += 1
    if element.text:
        page.words(element.text)


def _finish(page: _Page, element: html.HtmlElement) -> None:
    tag = str(element.tag)
    if tag in _PARAGRAPHS:
        page.gap()
    elif tag in _BLOCKS:
        page.end()
    if tag in {"pre", "textarea"}:
        page.pre -= 1
    if _element_is_quotation(element):
        page.end()
        page.depth -= 1


def _events(tree: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start" and (
            not isinstance(element.tag, str)
            or element.tag in _SILENT
            or _HIDDEN_STYLE.search(str(element.get("style") or "")[:400])
        ):
            walk.skip_subtree()
            yield "skipped", element
        else:
            yield event, element


def html_to_text(source: str) -> str:
    """The text that an HTML body shows its reader, quotations prefixed ``> ``; "" for a page without words.

    Only the first 512 KB are read. When libxml2 finds no text in a page that has some (trees thousands deep), the
    tags are simply removed.
    """
    tree = _tree(source) if source.strip() else None
    if tree is None:
        return ""
    page, skipped = _Page(), None
    for event, element in _events(tree):
        if event == "skipped":
            skipped = element
            continue
        if event == "start":
            _start(page, element)
            continue
        if element is not skipped:
            _finish(page, element)
        skipped = None
        if element.tail and element is not tree:
            page.words(element.tail)
    page.end()
    text = "\n".join(page.lines).strip()
    return text or _without_tags(source[:LARGEST_HTML])


def _without_tags(source: str) -> str:
    return "" if "<style" in source[:20_000].lower() else " ".join(unescape(_TAG.sub(" ", source)).split())
