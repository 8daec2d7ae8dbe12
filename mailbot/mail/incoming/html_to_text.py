"""HTML turned to text: HTML mail as plain text, with what mail clients mark as quotation
prefixed ``> `` as in plain mail.

Only what its reader sees (``visibility``): what is hidden or struck out is not said. One walk without recursion:
libxml2 is told to keep deep trees, and no depth or size makes the walk worse than linear.
A blockquote alone is not taken for a quotation: Outlook writers indent their own words with it.
"""

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape

from lxml import etree, html

# What the reader of an HTML mail sees of an element: its style as a browser computes it, as far as it can hide words.
#
# Not a list of tricks: declarations come from the sheet, the element's own style and the old attributes, inherit as
# they do in a browser, and words count as seen only when they are displayed, of a size, in a colour that stands off the
# ground behind them, inside the window and not struck out. What cannot be worked out (a picture behind the words,
# ``var()``) counts as seen.

LARGEST_SHEET, MOST_RULES, LONGEST_STYLE = 100_000, 600, 4_000
LEAST_SIZE, LEAST_CONTRAST, LEAST_ALPHA = 2.0, 1.25, 0.1  # pixels; as WCAG reckons it; of 1
FAR_OUTSIDE, FAR_DOWN = -150.0, 5_000.0  # pixels
# Elements whose words nobody has written to be read as their own: code, pictures' texts, fields of a form.
UNSEEN = frozenset(
    {
        "script",
        "style",
        "head",
        "title",
        "meta",
        "link",
        "object",
        "svg",
        "template",
        "noframes",
        "noscript",
        "iframe",
        "textarea",
        "select",
        "option",
        "optgroup",
        "datalist",
        "input",
        "button",
        "canvas",
        "audio",
        "video",
        "map",
        "math",
        "progress",
        "meter",
    }
)
_STRUCK = frozenset({"s", "strike", "del"})
Colour = tuple[float, float, float, float]  # red, green, blue and alpha, each 0 to 1
_NAMED: Mapping[str, str] = {
    "white": "#fff",
    "black": "#000",
    "snow": "#fffafa",
    "ivory": "#fffff0",
    "azure": "#f0ffff",
    "mintcream": "#f5fffa",
    "ghostwhite": "#f8f8ff",
    "floralwhite": "#fffaf0",
    "whitesmoke": "#f5f5f5",
    "aliceblue": "#f0f8ff",
    "seashell": "#fff5ee",
    "honeydew": "#f0fff0",
    "lightyellow": "#ffffe0",
    "lavenderblush": "#fff0f5",
    "oldlace": "#fdf5e6",
    "linen": "#faf0e6",
    "cornsilk": "#fff8dc",
    "beige": "#f5f5dc",
    "lightcyan": "#e0ffff",
    "gainsboro": "#dcdcdc",
    "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3",
    "silver": "#c0c0c0",
    "gray": "#808080",
    "grey": "#808080",
    "red": "#f00",
    "green": "#008000",
    "blue": "#00f",
    "navy": "#000080",
    "yellow": "#ff0",
    "aqua": "#0ff",
    "cyan": "#0ff",
    "fuchsia": "#f0f",
    "magenta": "#f0f",
    "lime": "#0f0",
    "maroon": "#800000",
    "olive": "#808000",
    "purple": "#800080",
    "teal": "#008080",
    "orange": "#ffa500",
    "transparent": "#0000",
    "window": "#fff",
    "canvas": "#fff",
    "windowtext": "#000",
    "canvastext": "#000",
    "darkblue": "#00008b",
    "darkred": "#8b0000",
    "darkgreen": "#006400",
    "darkgray": "#a9a9a9",
    "dimgray": "#696969",
    "lightblue": "#add8e6",
    "lightgreen": "#90ee90",
    "pink": "#ffc0cb",
    "lavender": "#e6e6fa",
}
_SIZES = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32}
_UNITS = {
    "px": 1.0,
    "": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "rem": 16.0,
    "vw": 12.8,
    "vh": 7.2,
}
_LENGTH = re.compile(r"\s*(-?\d*\.?\d+)\s*([a-z%]*)", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(
    r"([.#]?)((?:[\w-]|[^\x00-\x7f])+|\*)|\[([\w-]+)(?:[~|^$*]?=[\"']?([^\"'\]]*)[\"']?)?\]|(::?[\w-]+)"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How words look where they stand. ``ground`` None: a picture or something that cannot be told is behind them."""

    colour: Colour = (0.0, 0.0, 0.0, 1.0)
    ground: Colour | None = (1.0, 1.0, 1.0, 1.0)
    size: float = 16.0
    hidden: bool = False  # visibility, which a child may take back
    indent: float = 0.0
    spacing: float = 0.0

    @property
    def is_seen(self) -> bool:
        if self.hidden or self.size < LEAST_SIZE or not FAR_OUTSIDE < self.indent < FAR_DOWN:
            return False
        if self.colour[3] < LEAST_ALPHA or self.spacing <= -0.5 * self.size:
            return False
        return self.ground is None or _contrast(self.colour, self.ground) >= LEAST_CONTRAST


@dataclass(slots=True)
class Sheet:
    """The rules of a mail's own style sheets, by the last simple part of their selectors."""

    rules: dict[str, list[tuple[tuple[str, ...], Mapping[str, str]]]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: html.HtmlElement) -> "Sheet":
        sheet = cls()
        text = "\n".join(str(one.text_content()) for one in tree.iter("style"))[:LARGEST_SHEET]
        for selectors, declared in _rules(text):
            for selector in selectors.split(","):
                parts = tuple(re.sub(r"[>+~]", " ", selector).split())
                if parts and (key := _key(parts[-1])):
                    sheet.rules.setdefault(key, []).append((parts, declared))
        return sheet

    def declared(self, element: html.HtmlElement) -> dict[str, str]:
        """What the sheet says of ``element``, in the order of the sheet."""
        keys = (str(element.tag).lower(), *(f".{c}" for c in str(element.get("class") or "").split()), "*")
        ident = str(element.get("id") or "")
        said: dict[str, str] = {}
        for key in (*keys, *((f"#{ident}",) if ident else ())):
            for parts, declared in self.rules.get(key, ()):
                if _matches(element, parts):
                    said |= declared
        return said


def _rules(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Selectors with what they declare; those for the printer or for a dark screen are other people's view."""
    text = re.sub(r"<!--|-->", " ", _CSS_COMMENT.sub(" ", text))
    count, at, nested, skip = 0, 0, 0, 0
    for mark in re.finditer(r"[{}]", text):
        head = text[at : mark.start()].strip().rpartition(";")[2].strip()
        at = mark.end()
        if mark[0] == "{" and head.startswith("@"):
            nested += 1
            skip += bool(re.search(r"print|prefers-color-scheme\s*:\s*dark|font-face|keyframes|page", head)) or skip > 0
            continue
        if mark[0] == "}" and nested:
            nested -= 1
            skip = max(skip - 1, 0)
            continue
        if mark[0] == "{" and not skip and count < MOST_RULES:
            end = text.find("}", at)
            count += 1
            yield head, declarations(text[at : end if end >= 0 else len(text)])
            nested += 1  # its own closing brace


def _key(part: str) -> str:
    """What to look a selector up by; "" for one that says nothing of a mail as it lies there (":hover")."""
    if re.search(r"::?(?!root|first-child|last-child|link\b)", part):
        return ""
    found = [kind + name for kind, name, *_ in _SIMPLE.findall(part) if name]
    return next((one for one in reversed(found) if one[0] in "#."), found[0].lower() if found else "*")


def _matches(element: html.HtmlElement, parts: tuple[str, ...]) -> bool:
    if not _is(element, parts[-1]):
        return False
    rest, above = list(parts[:-1]), element.getparent()
    while rest and above is not None:
        if _is(above, rest[-1]):
            rest.pop()
        above = above.getparent()
    return not rest


def _is(element: html.HtmlElement, part: str) -> bool:
    classes = str(element.get("class") or "").split()
    for kind, name, attribute, value, _ in _SIMPLE.findall(part):
        if attribute and (element.get(attribute) is None or (value and value not in str(element.get(attribute)))):
            return False
        if kind == "." and name not in classes:
            return False
        if kind == "#" and name != element.get("id"):
            return False
        if not kind and name and name != "*" and name.lower() != str(element.tag).lower():
            return False
    return True


def declarations(style: str) -> dict[str, str]:
    """ "color: #FFF; display:none" as a mapping, names and values lower-case."""
    said: dict[str, str] = {}
    for one in _CSS_COMMENT.sub(" ", style[:LONGEST_STYLE]).split(";"):
        name, colon, value = one.partition(":")
        if colon:
            said[name.strip().lower()] = re.sub(r"!\s*important", "", value).strip().lower()
    return said


def look_of(element: html.HtmlElement, parent: Look, sheet: Sheet) -> Look | None:
    """How the words of ``element`` look, in ``parent``'s look; None where nothing of it and of what is in it is seen,
    or all of it is struck out."""
    tag = str(element.tag).lower()
    said = sheet.declared(element) | _of_attributes(element, tag) | declarations(str(element.get("style") or ""))
    if tag in UNSEEN or tag in _STRUCK or "hidden" in element.attrib:
        return None
    if tag == "dialog" and "open" not in element.attrib:
        return None
    if _is_gone(said, parent.size):
        return None
    if tag == "details" and "open" not in element.attrib:
        parent = replace(parent, hidden=True)
    elif tag == "summary":
        parent = replace(parent, hidden=False)
    size = _size(said, parent.size)
    return replace(
        parent,
        colour=_colour(said.get("-webkit-text-fill-color") or said.get("color", "")) or parent.colour,
        ground=_ground(said, parent.ground),
        size=size,
        hidden=said["visibility"] in ("hidden", "collapse") if _says(said, "visibility") else parent.hidden,
        indent=_length(said.get("text-indent", ""), size, parent.indent),
        spacing=_length(said.get("letter-spacing", ""), size, parent.spacing),
    )


def _says(said: Mapping[str, str], name: str) -> bool:
    return said.get(name, "inherit") not in ("inherit", "unset", "revert", "")


def _of_attributes(element: html.HtmlElement, tag: str) -> dict[str, str]:
    """The old attributes, as declarations."""
    said = {}
    if element.get("bgcolor"):
        said["background-color"] = str(element.get("bgcolor")).lower()
    if tag == "font" and element.get("color"):
        said["color"] = str(element.get("color")).lower()
    if tag == "body" and element.get("text"):
        said["color"] = str(element.get("text")).lower()
    if element.get("background"):
        said["background-image"] = "url"
    return said


def _is_gone(said: Mapping[str, str], size: float) -> bool:
    """Not displayed, wholly transparent, without room, cut away, outside the window, or struck out."""
    if said.get("display") == "none" or said.get("mso-hide") == "all" or said.get("content-visibility") == "hidden":
        return True
    if "line-through" in f"{said.get('text-decoration', '')} {said.get('text-decoration-line', '')}":
        return True
    faint = re.search(r"opacity\(\s*([\d.]+)(%?)", said.get("filter", ""))
    shown = [_number(said.get("opacity", "1"))] + ([_number(faint[1] + faint[2])] if faint else [])
    return min(shown) < LEAST_ALPHA or _has_no_room(said, size) or _is_outside(said, size)


def _has_no_room(said: Mapping[str, str], size: float) -> bool:
    most = [said[name] for name in ("max-height", "max-width") if _says(said, name)]
    cut = any(
        word in said.get(name, "") for name in ("overflow", "overflow-x", "overflow-y") for word in ("hidden", "clip")
    )
    fixed = [said[name] for name in ("height", "width", "line-height") if cut and _says(said, name)]
    clip, path = said.get("clip", ""), said.get("clip-path", "")
    numbers = [_number(one) for one in re.findall(r"-?[\d.]+", clip)]
    if (clip.startswith("rect") and numbers and max(numbers) <= 1) or re.match(
        r"(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)", path
    ):
        return True
    flat = re.search(r"scale[xy3d]*\(\s*0(?:\.0\d*)?\s*[,)]", said.get("transform", "")) is not None
    return flat or any(
        _length(one, size, 100.0) <= 1.0 for one in (*most, *fixed) if "%" not in one or one.startswith("0")
    )


def _is_outside(said: Mapping[str, str], size: float) -> bool:
    placed = said.get("position") in ("absolute", "fixed", "relative", "sticky")
    names = [n for n in ("left", "top", "right", "bottom") if placed] + ["margin-left", "margin-top", "margin"]
    moved = [_length(piece, size, 0.0) for name in names for piece in said.get(name, "").split()]
    moved += [_length(piece, size, 0.0) for piece in re.findall(r"translate\w*\(([^)]*)\)", said.get("transform", ""))]
    return any(one <= FAR_OUTSIDE or one >= FAR_DOWN for one in moved)


def _size(said: Mapping[str, str], parent: float) -> float:
    found = said.get("font-size", "")
    if not found and (
        short := re.search(r"(?:^|\s)(-?[\d.]+(?:px|pt|em|rem|%|pc|mm)?)(?:\s*/|\s|$)", said.get("font", ""))
    ):
        found = short[1]
    return float(_SIZES[found]) if found in _SIZES else _length(found, parent, parent)


def _length(written: str, size: float, otherwise: float) -> float:
    """In pixels; ``size`` is the letters' own, ``otherwise`` what holds where nothing can be told."""
    match = _LENGTH.match(written) if written else None
    if match is None:
        return otherwise
    number, unit = float(match[1]), match[2].lower()
    if unit in ("em", "ex", "ch", "%"):
        return number * size * {"em": 1.0, "ex": 0.5, "ch": 0.5, "%": 0.01}[unit]
    return number * _UNITS[unit] if unit in _UNITS else otherwise


def _number(written: str) -> float:
    match = _LENGTH.match(written)
    return (float(match[1]) / (100 if match[2] == "%" else 1)) if match else 1.0


def _ground(said: Mapping[str, str], parent: Colour | None) -> Colour | None:
    written = f"{said.get('background', '')} {said.get('background-color', '')}"
    if (
        "url" in f"{written} {said.get('background-image', '')}"
        or "gradient" in f"{written} {said.get('background-image', '')}"
    ):
        return None
    pieces = re.findall(r"[a-z]+\([^)]*\)|[#\w-]+", written)
    colours = [found for one in pieces if (found := _colour(one)) is not None]
    return colours[-1] if colours and colours[-1][3] >= LEAST_ALPHA else parent


def _colour(written: str) -> Colour | None:
    """A colour; None for none, or one that only a browser knows."""
    written = _NAMED.get(written.strip(), written.strip())
    if re.fullmatch(r"#?[0-9a-f]{6}", written):
        written = f"#{written.removeprefix('#')}"
    if hexed := re.fullmatch(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", written):
        digits = hexed[1] if len(hexed[1]) > 4 else "".join(d * 2 for d in hexed[1])
        values = [int(digits[n : n + 2], 16) / 255 for n in range(0, len(digits), 2)]
        return (values[0], values[1], values[2], values[3] if len(values) > 3 else 1.0)
    function = re.fullmatch(r"(rgb|hsl)a?\(([^)]*)\)", written)
    numbers = re.findall(r"(-?[\d.]+)(%|deg)?", function[2]) if function else []
    if function is None or len(numbers) < 3:
        return None
    alpha = _number("".join(numbers[3])) if len(numbers) > 3 else 1.0
    if function[1] == "hsl":
        hue, light, full = float(numbers[0][0]) / 360, float(numbers[2][0]) / 100, float(numbers[1][0]) / 100
        return (*colorsys.hls_to_rgb(hue % 1.0, light, full), alpha)
    red, green, blue = (float(n) / (100 if unit == "%" else 255) for n, unit in numbers[:3])
    return (red, green, blue, alpha)


def _contrast(words: Colour, ground: Colour) -> float:
    """As WCAG 2 reckons it, 1 (the same) to 21; what is partly transparent mixes with the ground."""
    mixed = tuple(w * words[3] + g * (1 - words[3]) for w, g in zip(words[:3], ground[:3], strict=True))
    one, other = _luminance(mixed), _luminance(ground[:3])
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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


def _start(page: _Page, element: html.HtmlElement, seen: bool) -> None:
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
    elif tag == "pre":
        page.pre += 1
    if element.text and seen:
        page.words(element.text)


def _finish(page: _Page, element: html.HtmlElement) -> None:
    tag = str(element.tag)
    if tag in _PARAGRAPHS:
        page.gap()
    elif tag in _BLOCKS:
        page.end()
    if tag == "pre":
        page.pre -= 1
    if _element_is_quotation(element):
        page.end()
        page.depth -= 1


def html_to_text(source: str) -> str:
    """The readable text of an HTML body, quotations prefixed ``> ``; "" for a page without words that can be seen.

    Only the first 512 KB are read. When libxml2 finds no text in a page that has some (trees thousands deep), the
    tags are simply removed.
    """
    tree = _tree(source) if source.strip() else None
    if tree is None:
        return ""
    page = _Page()
    unseen = _write(page, tree)
    page.end()
    text = "\n".join(page.lines).strip()
    return text or ("" if unseen else _without_tags(source[:LARGEST_HTML]))


def _write(page: _Page, tree: html.HtmlElement) -> bool:
    """Whether anything was left out because it is not seen."""
    sheet, looks, skipped, unseen = Sheet.of(tree), [Look()], None, False
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            look = look_of(element, looks[-1], sheet) if isinstance(element.tag, str) else None
            if look is None:
                unseen = unseen or str(element.tag) not in _WORDLESS
                skipped = element
                walk.skip_subtree()
                continue
            looks.append(look)
            unseen = unseen or (not look.is_seen and bool((element.text or "").strip()))
            _start(page, element, look.is_seen)
            continue
        if element is not skipped:
            looks.pop()
            _finish(page, element)
        skipped = None
        if element.tail and element is not tree and looks[-1].is_seen:
            page.words(element.tail)
    return unseen


_WORDLESS = frozenset({"script", "style", "head", "title", "meta", "link", "object", "svg", "template", "noframes"})


def _without_tags(source: str) -> str:
    return "" if "<style" in source[:20_000].lower() else " ".join(unescape(_TAG.sub(" ", source)).split())
