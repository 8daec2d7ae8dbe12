"""Styles of an HTML mail that are understood: a closed list of what leaves words certainly seen.

The mail programs of practitioners (Outlook, Gmail, Apple Mail, Thunderbird, those on telephones) write a few dozen
properties: fonts, colours, sizes, margins, borders. Each of those is here with the values of it that can be weighed. A
property, a value, a function or an element that is not here leaves the words under it uncertain: nobody can tell
whether their reader sees them, or sees something else in their place.
"""

import re
from collections.abc import Callable, Mapping

from lxml import html

from mailbot.mail.body.colours import colour_of

Declared = Mapping[str, str]
_LENGTH = re.compile(r"([+-]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))(px|pt|pc|in|cm|mm|rem|em|ex|ch|%)?")
_IN_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "rem": 16.0}
SMALLEST_READ, SMALLEST_SURE = 5.0, 7.0  # pixels; the smallest print of a footer is six points, eight pixels
NAMED_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0,
               "xx-large": 32.0, "xxx-large": 48.0}  # fmt: skip
_AS_ABOVE = frozenset({"inherit", "initial", "unset", "revert"})
_MAKER = re.compile(r"-(?:webkit|moz|ms|o|khtml|apple|epub|qt)-")


def _named(words: str) -> frozenset[str]:
    return frozenset(words.split())


def pixels(value: str, size: float) -> float | None:
    """The length that an understood style's value gives, in pixels; ``size`` is the font's. None for anything else, a
    function among them."""
    met = _LENGTH.fullmatch(value)
    if met is None:
        return None
    number, unit = float(met[1]), met[2] or ""
    if unit in ("em", "%"):
        return number * size / (100 if unit == "%" else 1)
    return number * (size / 2 if unit in ("ex", "ch") else _IN_PIXELS[unit])


# Whatever their value, these take no word from the page.
_HARMLESS = _named(
    """
    font-style font-weight font-variant font-variant-caps font-variant-east-asian font-variant-ligatures
    font-variant-numeric font-variant-position font-variant-alternates font-variant-emoji font-stretch
    font-kerning font-feature-settings font-variation-settings font-optical-sizing font-language-override
    font-synthesis font-synthesis-weight font-synthesis-style font-synthesis-small-caps text-align
    text-align-last text-justify white-space white-space-collapse word-wrap overflow-wrap word-break line-break
    hyphens tab-size orphans widows page page-break-before page-break-after page-break-inside break-before
    break-after break-inside size text-rendering font-smoothing osx-font-smoothing cursor caret-color
    tap-highlight-color nbsp-mode user-select user-modify pointer-events touch-action box-sizing table-layout
    border-collapse empty-cells background-position background-position-x background-position-y
    background-repeat background-size color-scheme supported-color-schemes print-color-adjust color-adjust
    accent-color interpolation-mode image-rendering object-fit tab-interval tab-stops layout-grid-mode
    layout-grid punctuation-wrap text-autospace text-kashida-space border-style border-color border-top-style
    border-right-style border-bottom-style border-left-style border-top-color border-right-color
    border-bottom-color border-left-color border-radius border-top-left-radius border-top-right-radius
    border-bottom-left-radius border-bottom-right-radius list-style-position text-decoration-style
    text-decoration-color text-decoration-skip text-decoration-skip-ink text-underline-position clear min-height
    min-width transition speak block-indent paragraph-type user-state list-indent panose-1 caption-side z-index
    text-transform outline-color outline-style scrollbar-width scrollbar-color margin-trim locale line-grid
    text-underline
    """
)
# Word's own: what is said of fonts, languages, lists, paragraphs, tables and styles; never of whether text is hidden.
_WORDS_OWN = re.compile(
    r"mso-(?:ascii|hansi|fareast|bidi|ansi|font-(?:charset|pitch|signature|alt|format|kerning)|generic-font|list|level"
    r"|style-(?:name|type|priority|unhide|link|noshow|parent|next|qformat|locked|update)|margin|padding|para-margin"
    r"|table|line-height|pagination|outline-level|element(?!-)|border|default|no-proof|spacerun|special-character|tab"
    r"|yfti|cellspacing|ignore|footer|header|paper|page|facing|mirror|gutter|break|first|title-page|endnote|footnote"
    r"|ligatures|char-indent|layout|text-indent-alt|wrap|themecolor|theme(?:shade|tint)|color-alt|highlight|height-rule"
    r"|width-(?:source|alt)|displayed|number-format|background-source|contextual|outline|add-space|data-placement)\b"
    r"(?!-hid)[\w-]*"
)
_DISPLAYS = _named(
    """
    block inline inline-block list-item table inline-table table-row table-cell table-row-group
    table-header-group table-footer-group table-column table-column-group table-caption flow-root flex
    inline-flex none
    """
)
_LISTS = _named(
    """
    none disc circle square decimal decimal-leading-zero lower-alpha upper-alpha lower-latin upper-latin
    lower-roman upper-roman lower-greek inside outside
    """
)
_LINES = _named(
    """
    none underline overline solid double dotted dashed wavy auto from-font currentcolor line-through blink
    """
)
_LEVELS = frozenset(
    ["baseline", "sub", "super", "top", "text-top", "middle", "bottom", "text-bottom"]  # vertical-align
)
_BOXES = frozenset({"scroll", "local", "border-box", "padding-box", "content-box"})  # of a background; "text" is none
_PAINTS = frozenset({"none", "transparent", "repeat", "no-repeat", "repeat-x", "repeat-y", "center", "top", "left",
                     "right", "bottom", "fixed", *_BOXES})  # fmt: skip
_SYSTEM_FONTS = frozenset({"caption", "icon", "menu", "message-box", "small-caption", "status-bar"})


def _within(least: float, most: float, *also: str) -> Callable[[str, float], bool]:
    """Every length of a value between two numbers of pixels, or one of a few words."""

    def holds(value: str, size: float) -> bool:
        found = [_across(part, size) for part in value.split() if part not in also]
        return all(one is not None and least <= one <= most for one in found)

    return holds


WINDOW = 800.0  # pixels: of whose width a margin's share is, on a screen of ordinary size


def _across(part: str, size: float) -> float | None:
    found = pixels(part, size)
    return found * WINDOW / size if found is not None and part.endswith("%") and size else found


def _of_the_size(least: float, most: float) -> Callable[[str, float], bool]:
    """A length between two shares of the font's size."""

    def holds(value: str, size: float) -> bool:
        found = pixels(value, size)
        return value == "normal" or (found is not None and least * size <= found <= most * size)

    return holds


def _among(*words: str) -> Callable[[str, float], bool]:
    return lambda value, size: value in words


def _all_of(words: frozenset[str], most: float = 0.0) -> Callable[[str, float], bool]:
    """Every part of a value one of some words, a colour, or a length of at most so many pixels."""

    def holds(value: str, size: float) -> bool:
        for part in parts_of(value):
            length = pixels(part, size)
            if part in words or colour_of(part) is not None or (length is not None and 0 <= length <= most):
                continue
            return False
        return True

    return holds


def _line_height(value: str, size: float) -> bool:
    if re.fullmatch(r"\d{0,3}\.?\d{1,6}", value):
        return float(value) >= 0.8
    found = pixels(value, size)
    return value == "normal" or (found is not None and 0.7 * size <= found <= 12 * size)


def _font_size(value: str, size: float) -> bool:
    found = font_size(value, size)
    return found is not None and found >= SMALLEST_SURE


def font_size(value: str, above: float) -> float | None:
    """The size of understood text in pixels, ``above`` being that of what it stands in; None where it cannot be
    told."""
    if value in NAMED_SIZES:
        return NAMED_SIZES[value]
    if value in ("smaller", "larger"):
        return above * (0.83 if value == "smaller" else 1.2)
    return pixels(value, above)


def size_in_font(value: str, above: float) -> float | None:
    """The size that a "font" names beside the face, as understood: "12.0px Helvetica", "italic 10pt/12pt Arial"."""
    if value in _SYSTEM_FONTS:
        return 13.0
    for part in value.split():
        found = font_size(part.partition("/")[0], above)
        if found is not None and not re.fullmatch(r"[1-9]00", part):
            return found
    return None


def _font(value: str, size: float) -> bool:
    found = size_in_font(value, size)
    return "(" not in value and found is not None and found >= SMALLEST_SURE


def parts_of(value: str) -> list[str]:
    """A style's value in its parts, understood or not: "1px solid rgb(0, 0, 0)" has three."""
    return re.findall(r"[\w-]+\([^()]*\)|[^\s]+", value)


_SPACE = ("auto", "normal")
_BORDER = _all_of(
    _named(
        """
    none hidden solid dotted dashed double groove ridge inset outset thin medium thick windowtext
    """
    ),
    12.0,
)
_AROUND = ("", "-top", "-right", "-bottom", "-left", "-block", "-inline", "-start", "-end", "-before", "-after",
           "-inline-start", "-inline-end", "-block-start", "-block-end")  # fmt: skip
_LEAST_WIDTH = ("auto", "none", "fit-content", "max-content", "min-content", "-webkit-fill-available", "stretch")
_OVERFLOWS = ("overflow", "overflow-x", "overflow-y")
_UNDERSTOOD: Mapping[str, Callable[[str, float], bool]] = {
    **{f"margin{side}": _within(-2.0, 420.0, *_SPACE) for side in _AROUND},
    **{f"padding{side}": _within(0.0, 420.0, *_SPACE) for side in _AROUND},
    **{f"margin{side}": _within(-24.0, 420.0, *_SPACE) for side in ("-left", "-right")},
    **{f"border{side}": _BORDER for side in _AROUND},
    **{f"border{side}-width": _within(0.0, 12.0, "thin", "medium", "thick") for side in _AROUND},
    **{name: _among("none", "0", "normal", "auto", "0s") for name in (
        "transform", "translate", "rotate", "animation", "animation-name", "filter", "backdrop-filter", "mask",
        "mask-image", "clip-path", "box-shadow", "text-shadow", "perspective", "contain", "content-visibility",
        "mix-blend-mode", "isolation", "border-image", "list-style-image", "text-emphasis", "columns", "column-count",
        "column-width", "float", "mso-hide", "will-change", "content", "clip", "order", "behavior", "text-combine",
    )},
    "scale": _among("none", "1"),
    "border-spacing": _within(0.0, 40.0),
    "outline": _all_of(_named(
    """
    none solid dotted dashed auto invert
    """
), 3.0),
    "outline-width": _within(0.0, 3.0, "thin", "medium"),
    "outline-offset": _within(0.0, 4.0),
    "text-indent": _within(-120.0, 220.0),
    "line-height": _line_height,
    "letter-spacing": _of_the_size(-0.12, 0.34),
    "word-spacing": _of_the_size(-0.2, 2.0),
    "text-size-adjust": lambda value, size: value in ("auto", "none") or 90 <= (pixels(value, 100) or 0) <= 130,
    "height": _within(12.0, 9_999.0, *_LEAST_WIDTH),
    "max-height": _within(12.0, 99_999.0, *_LEAST_WIDTH),
    **{name: lambda value, size: value in _LEAST_WIDTH or _width(value) for name in ("width", "max-width")},
    "display": lambda value, size: value in _DISPLAYS,
    "visibility": _among("visible", "hidden", "collapse"),
    "position": _among("static", "relative"),
    **{name: _within(0.0, 2.0, "auto") for name in ("top", "left", "right", "bottom", "inset")},
    "opacity": lambda value, size: value in ("1", "1.0", "100%"),
    "zoom": _among("1", "1.0", "100%", "normal"),
    "direction": _among("ltr"),
    "unicode-bidi": _among("normal", "embed", "isolate", "plaintext"),
    "writing-mode": _among("horizontal-tb", "lr-tb"),
    "vertical-align": lambda value, size: value in _LEVELS or _of_the_size(-1.0, 1.0)(value, size),
    "list-style": _all_of(_LISTS),
    "list-style-type": lambda value, size: value in _LISTS,
    "text-decoration": _all_of(_LINES, 3.0),
    "text-decoration-line": _all_of(_LINES),
    "text-decoration-thickness": _within(0.0, 3.0, "auto", "from-font"),
    "text-underline-offset": _within(0.0, 6.0, "auto"),
    "text-stroke": _within(0.0, 0.5),
    "text-stroke-width": _within(0.0, 0.5),
    "text-stroke-color": lambda value, size: True,
    "background-image": _among("none"),
    "background-clip": lambda value, size: value in _BOXES,
    "background-origin": lambda value, size: value in _BOXES,
    "background-attachment": lambda value, size: value in _BOXES,
    "background": lambda value, size: all(
        part in _PAINTS or part == "/" or colour_of(part) is not None or pixels(part, size) is not None
        for part in parts_of(value)
    ),
    "background-color": lambda value, size: colour_of(value) is not None or value in ("none", "currentcolor"),
    "color": lambda value, size: colour_of(value) is not None or value == "currentcolor",
    "text-fill-color": lambda value, size: colour_of(value) is not None or value == "currentcolor",
    "font-size": _font_size,
    "font": _font,
    "font-family": lambda value, size: "(" not in value,
    **{name: _among("visible", "auto", "hidden", "scroll", "clip") for name in _OVERFLOWS},
}  # fmt: skip
# By these an element is put over, or out of, the place where it stands: what they hide may be words of another.
_MOVES = _named(
    """
    position top left right bottom inset transform translate rotate scale margin margin-top margin-bottom
    margin-left margin-right outline outline-width outline-offset text-decoration text-decoration-thickness
    animation animation-name offset offset-path
    """
)
# By these alone a rule that may or may not hold cannot hide a word.
_LOOKED_AT = _named(
    """
    color background background-color text-fill-color font-size font display visibility text-decoration content
    text-decoration-line overflow overflow-x overflow-y height max-height position font-family
    """
)


def _width(value: str) -> bool:
    met = _LENGTH.fullmatch(value)
    return met is not None and (float(met[1]) >= 10 if met[2] == "%" else (pixels(value, 16.0) or 0.0) >= 16)


def bare_name(name: str) -> str:
    """A style's property as it is understood, without its maker's mark: "-webkit-text-fill-color"."""
    return _MAKER.sub("", name, count=1) if name.startswith("-") else name


def _is_understood(name: str, value: str, size: float) -> bool:
    bare = bare_name(name)
    if not value or name.startswith("--") or bare in _HARMLESS or (bare != "all" and value in _AS_ABOVE):
        return True
    if (value.count('"') % 2 or value.count("'") % 2) and bare != "font-family":
        return False
    weighs = _UNDERSTOOD.get(bare)
    return weighs(value, size) if weighs is not None else _WORDS_OWN.fullmatch(bare) is not None


def not_understood(said: Declared, size: float, tag: str) -> tuple[str, ...]:
    """The properties of a style by which nobody can tell whether words are seen; () where all is understood."""
    found = [name for name, value in said.items() if not _is_understood(name, value, size)]
    if tag in ("img", "table", "hr") and "float" in found:
        found.remove("float")  # moves a picture aside and no word of a line
    cuts = any(said.get(name, "visible") != "visible" for name in _OVERFLOWS)
    boxed = [name for name in ("height", "max-height", "width", "max-width") if said.get(name, "100%") not in (
        "auto", "none", "100%")]  # fmt: skip
    moved = said.get("position") == "relative" and any(
        said.get(name, "auto") not in ("auto", "0", "0px") for name in ("top", "left", "right", "bottom", "inset")
    )
    set_in = tag in ("p", "div") and _is_set_in(said, size)
    return (
        *found,
        *(["overflow"] if cuts and boxed else []),
        *(["position"] if moved else []),
        *(["margin-left"] if set_in else []),
    )


_SET_IN_BY = 30.0  # pixels: Word and Outlook set in by half an inch what they quote, and a list hangs back from it


def _is_set_in(said: Declared, size: float) -> bool:
    """Whether a style sets a paragraph in as a quotation is: what is understood is where it stands, and not whose it
    is."""
    if (pixels(said.get("text-indent", "0"), size) or 0.0) < 0:
        return False
    for name in ("margin", "padding"):
        around = parts_of(said.get(name, ""))
        left = said.get(f"{name}-left", around[3] if len(around) == 4 else around[1] if len(around) > 1 else "0")
        if (pixels(left, size) or 0.0) >= _SET_IN_BY:
            return True
    return False


def may_cover(unclear: tuple[str, ...], said: Declared) -> bool:
    """Whether a style that is not understood may lay its element over words that stand elsewhere on the page: space
    that is added does not, space that is taken does."""
    return any(
        bare_name(name) in _MOVES and (not name.startswith("margin") or re.search(r"[-(]", said.get(name, "")))
        for name in unclear
    )


def cannot_hide(declared: Declared) -> bool:
    """Whether a rule's style, whether it holds or not, leaves every word seen: it is understood, and is of space, lines
    and faces alone."""
    return all(
        _is_understood(name, value, 16.0) and bare_name(name) not in _LOOKED_AT for name, value in declared.items()
    )


# Elements

_USUAL = _named(
    """
    html body div p span br b strong i em u font a table tbody thead tfoot tr td th col colgroup caption ul ol
    li dl dt dd h1 h2 h3 h4 h5 h6 hr img pre code tt kbd samp var small big sub sup center blockquote abbr
    acronym address ins mark time wbr nobr label form fieldset legend details summary article section header
    footer main nav aside figure figcaption bdi dfn s strike del hgroup menu dir base basefont data map area
    picture source input xml
    """
)
# Their words are on no page: scripts and their like, the head, what a program keeps for itself.
NOWHERE = _named(
    """
    script style head title meta link template datalist noframes
    """
)
# Their words are shown by some programs and not by others, or can be typed into, or must be unfolded.
BY_SOME = _named(
    """
    noscript textarea select option optgroup button iframe object embed applet audio video canvas svg math rp
    progress meter dialog frameset noembed marquee input
    """
)
NEVER_SHOWN = NOWHERE | (BY_SOME - {"dialog", "marquee", "math"})
_A_TAG_OF_NO_PAGE = re.compile(r"(?!v:|m:)[a-z0-9_.-]*[@:][^ ]*")


def is_usual(tag: str) -> bool:
    """Whether an element is one whose words are understood to be on the page as they stand; what is of no page at all
    (an address in angle brackets, Word's ``o:p``) changes nothing."""
    return tag in _USUAL or tag in NOWHERE or _A_TAG_OF_NO_PAGE.fullmatch(tag) is not None


# An element that a writing aid leaves in what is typed: empty, and laid over nothing.
_OF_AN_AID = re.compile(r"grammarly-[a-z-]+|lt-(?:highlighter|div|span)|writer-overlay")
_LIES_OVER_NOTHING = re.compile(
    r"(?:\s*(?:position\s*:\s*absolute|(?:top|left)\s*:\s*0(?:px)?|pointer-events\s*:\s*none|cursor\s*:\s*auto)\s*(?:;|$))*\s*",
    re.IGNORECASE,
)


def is_empty_aid(element: html.HtmlElement) -> bool:
    """Whether an element is understood as what a writing aid left: without words, pictures or a size of its own."""
    return (
        _OF_AN_AID.fullmatch(str(element.tag)) is not None
        and not len(element)
        and not (element.text or "").strip()
        and _LIES_OVER_NOTHING.fullmatch(str(element.get("style") or "")) is not None
    )


# What the parser here and a mail program may take apart in two ways, so that one shows what the other does not.
_ODD_COMMENT = re.compile(r"<!--?>|<!--->|--!>|<!\[CDATA\[", re.IGNORECASE)
_FOR_SOME = re.compile(r"<!--\s*\[if\b([^\]]{0,80})\]>(.{0,100000}?)<!\s*\[endif\]\s*-->", re.DOTALL | re.IGNORECASE)
_SILENT = re.compile(
    r"<(xml|style|script|head|title|w:\w+|o:\w+)\b.{0,100000}?</\1\s*>|<[^>]{0,2000}>|&\w+;", re.DOTALL | re.IGNORECASE
)
_FROM_OUTSIDE = re.compile(
    r"<link\b[^>]{0,400}\bstylesheet\b|@import\b|<(?:plaintext|xmp|listing|noembed|frameset)\b", re.IGNORECASE
)


def is_read_in_two_ways(source: str) -> bool:
    """Whether a page's source is understood differently by different programs: comments that end where only some see
    it, words for Outlook alone, style sheets fetched from elsewhere."""
    if _FROM_OUTSIDE.search(source):
        return True
    for some in _FOR_SOME.finditer(source):
        if re.search(r"\w{2}", _SILENT.sub(" ", some[2])):
            return True
    return _ODD_COMMENT.search(_FOR_SOME.sub(" ", source)) is not None
