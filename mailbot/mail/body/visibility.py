"""What a reader of an HTML mail sees of it: each element's look, computed from style sheets, attributes and styles.

Words that nobody sees were not said: hidden, struck out, in the colour of what lies behind them, too small to read,
clipped away, pushed out of the window. The cascade is a browser's, as far as mail clients have it; what is unknown (a
picture behind the words, a colour in a notation of later years) counts as seen, because a word lost costs more.
"""

import colorsys
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import html

NEARLY = 0x20  # of 255, in each of red, green and blue: grey footers differ by more


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue from 0 to 255; ``alpha`` 0 is clear as glass."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


WHITE, BLACK, CLEAR = Colour(255, 255, 255), Colour(0, 0, 0), Colour(0, 0, 0, 0.0)
# Names met in mail, and every name near white or black: those that words are hidden with.
_NAMED = """
white:ffffff window:ffffff canvas:ffffff background:ffffff snow:fffafa ivory:fffff0 azure:f0ffff
ghostwhite:f8f8ff mintcream:f5fffa floralwhite:fffaf0 aliceblue:f0f8ff whitesmoke:f5f5f5 seashell:fff5ee
honeydew:f0fff0 lavenderblush:fff0f5 oldlace:fdf5e6 cornsilk:fff8dc beige:f5f5dc linen:faf0e6 lightyellow:ffffe0
lightcyan:e0ffff lavender:e6e6fa lemonchiffon:fffacd papayawhip:ffefd5 antiquewhite:faebd7 mistyrose:ffe4e1
bisque:ffe4c4 blanchedalmond:ffebcd gainsboro:dcdcdc lightgrey:d3d3d3 lightgray:d3d3d3 silver:c0c0c0
darkgray:a9a9a9 darkgrey:a9a9a9 gray:808080 grey:808080 dimgray:696969 dimgrey:696969 black:000000
windowtext:000000 canvastext:000000 text:000000 red:ff0000 darkred:8b0000 crimson:dc143c maroon:800000
firebrick:b22222 orange:ffa500 darkorange:ff8c00 gold:ffd700 yellow:ffff00 olive:808000 green:008000
darkgreen:006400 lime:00ff00 teal:008080 aqua:00ffff cyan:00ffff blue:0000ff darkblue:00008b mediumblue:0000cd
navy:000080 midnightblue:191970 royalblue:4169e1 steelblue:4682b4 lightblue:add8e6 skyblue:87ceeb purple:800080
indigo:4b0082 violet:ee82ee magenta:ff00ff fuchsia:ff00ff pink:ffc0cb brown:a52a2a chocolate:d2691e tan:d2b48c
wheat:f5deb3 khaki:f0e68c salmon:fa8072 tomato:ff6347 coral:ff7f50 lightgreen:90ee90 palegreen:98fb98
lightpink:ffb6c1 slategray:708090 slategrey:708090 rebeccapurple:663399
"""
_NAMES = dict(one.split(":") for one in _NAMED.split())
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_CALLED = re.compile(r"(rgb|hsl)a?\(([^)]{3,80})\)")
_NUMBER = re.compile(r"(-?\d{0,4}\.?\d{1,8})\s*(%|deg)?")


def colour_of(value: str) -> Colour | None:
    """The colour that a style's value names, for whether text is visible, None for one that cannot be told."""
    value = value.strip().lower()
    if value == "transparent":
        return CLEAR
    met = _HEX.fullmatch(_NAMES.get(value, value))
    if met and (value[:1] == "#" or value in _NAMES or len(value) == 6):
        return _of_digits(met[1])
    called = _CALLED.match(value)
    if called is None:
        return None
    numbers = _NUMBER.findall(called[2])
    if len(numbers) < 3:
        return None
    alpha = float(numbers[3][0]) / (100 if numbers[3][1] == "%" else 1) if len(numbers) > 3 else 1.0
    if called[1] == "hsl":
        hue, light, full = float(numbers[0][0]) / 360 % 1, float(numbers[2][0]) / 100, float(numbers[1][0]) / 100
        red, green, blue = (255 * one for one in colorsys.hls_to_rgb(hue, light, full))
    else:
        red, green, blue = (float(one) * (2.55 if unit == "%" else 1) for one, unit in numbers[:3])
    return Colour(red, green, blue, alpha)


def _of_digits(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(one * 2 for one in digits)
    values = [int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)]
    return Colour(values[0], values[1], values[2], values[3] / 255 if len(values) > 3 else 1.0)


def laid_over(upper: Colour, lower: Colour) -> Colour:
    """What is seen where one colour lies over another."""
    share = max(0.0, min(1.0, upper.alpha))
    pairs = ((upper.red, lower.red), (upper.green, lower.green), (upper.blue, lower.blue))
    return Colour(*(one * share + other * (1 - share) for one, other in pairs))


def is_alike(words: Colour, ground: Colour) -> bool:
    """Whether words of this colour cannot be told from the ground."""
    seen = laid_over(words, ground)
    apart = (seen.red - ground.red, seen.green - ground.green, seen.blue - ground.blue)
    return all(abs(one) <= NEARLY for one in apart)


LARGEST_SHEET = 128 * 1024
MOST_RULES = 2_000
MOST_RELATIVES = 200  # up or aside that a selector is followed
MOST_TRIED = 500_000  # selectors on elements of one page: what asks for more is made to be slow
SMALLEST_READ = 5.0  # pixels; six points, the smallest that footers are printed in, are eight
PUSHED_OUT, FAR_OUT = -200.0, 1_000.0
FAINTEST = 0.06
# Never on the page, whatever their style: scripts and their replacement, what can be typed into, what must be unfolded.
NEVER_SHOWN = {
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
    "textarea",
    "select",
    "option",
    "optgroup",
    "datalist",
    "input",
    "button",
    "iframe",
    "audio",
    "video",
    "canvas",
    "applet",
    "embed",
    "rp",
    "progress",
    "meter",
}
_STRUCK_TAGS = {"del", "s", "strike"}
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
_NAMED_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_IN_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "rem": 16.0,
    "vw": 10.0,
    "vh": 8.0,
    "vmin": 8.0,
    "vmax": 10.0,
}
_LENGTH = re.compile(r"(-?\d{0,9}\.?\d{1,9}(?:e\d)?)\s*(px|pt|pc|in|cm|mm|rem|em|ex|ch|vw|vh|vmin|vmax|%)?")
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_COMPOUND = re.compile(
    r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+|\[[^\]]{1,80}\]|:[\w-]+(?:\([^)]{0,40}\))?)*)", re.IGNORECASE
)
_SIMPLE = re.compile(r"([.#])([\w-]+)|\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*[\"']?([^\"'\]]*)[\"']?)?\s*\]|:([\w-]+)")
_NAMED_VALUE = re.compile(r"(--[\w-]{1,60})\s*:\s*([^;{}]{1,60})")
_NAME_USED = re.compile(r"var\(\s*(--[\w-]{1,60})\s*(?:,\s*([^()]{0,60}))?\)")
_WIDTH_ASKED = re.compile(r"(min|max)-(?:device-)?width\s*:\s*(\d+)")
_CLIPPED = re.compile(r"rect\(\s*(?:0|1px)[a-z]*[\s,]+(?:0|1px)[a-z]*[\s,]+(?:0|1px)[a-z]*[\s,]+(?:0|1px)[a-z]*\s*\)")
_CLIPPED_PATH = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|ellipse\(\s*0|polygon\(\s*0[^,]{0,4}(?:,\s*0[^,]{0,6})+\)"
)
_MOVED = re.compile(r"(translate(?:x|y|3d)?|scale(?:x|y|3d)?)\(([^)]{1,60})\)")
Declared = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """How the words directly within an element look; what is inherited is inherited, what covers children covers them.

    ``ground`` None: a picture, or something unknown, lies behind the words.
    """

    gone: bool = False
    visible: bool = True
    struck: bool = False
    size: float = 16.0
    colour: Colour | None = BLACK
    ground: Colour | None = WHITE
    indent: float = 0.0

    @property
    def is_seen(self) -> bool:
        if self.gone or self.struck or not self.visible or self.size < SMALLEST_READ or self.indent <= PUSHED_OUT:
            return False
        return self.colour is None or self.ground is None or not is_alike(self.colour, self.ground)


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector of a style sheet with what it declares: parts from the last compound back, with the combinators."""

    parts: tuple[tuple[str, str, str], ...]  # (combinator before it, tag, the rest)
    weight: tuple[int, int, int, int]
    declared: Declared


@dataclass(slots=True)
class Sheet:
    """The style sheets of a page, found by what a selector ends with."""

    by_end: dict[str, list[StyleRule]] = field(default_factory=dict)
    styles: dict[str, Declared] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)  # "--quiet" and what it stands for
    tried: int = 0

    @classmethod
    def of(cls, tree: html.HtmlElement) -> "Sheet":
        text = "\n".join(str(one.text or "") for one in tree.iter("style"))[:LARGEST_SHEET]
        sheet, order = cls(), 0
        sheet.called = dict(_NAMED_VALUE.findall(text))
        for selectors, block in _blocks(_plain_css(text)):
            declared = declarations(sheet.in_full(block))
            for selector in selectors.split(",") if declared else ():
                rule = _rule(selector.strip(), declared, order)
                order += 1
                if rule is not None and order < MOST_RULES:
                    sheet.by_end.setdefault(_end(rule.parts[0]), []).append(rule)
        return sheet

    def in_full(self, block: str) -> str:
        """A style that may change visibility, with what its names stand for, as the page says anywhere, or with what
        it says for want of one."""
        if "var(" not in block:
            return block
        return _NAME_USED.sub(lambda found: self.called.get(found[1], found[2] or ""), block)

    @property
    def is_too_much(self) -> bool:
        return self.tried > MOST_TRIED

    def declared_by_rules(self, element: html.HtmlElement) -> dict[str, str]:
        if not self.by_end or self.is_too_much:
            return {}
        ends = ["*", str(element.tag).lower(), *(f".{one}" for one in str(element.get("class") or "").split())]
        ends += [f"#{element.get('id')}"] if element.get("id") else []
        rules = [rule for end in ends for rule in self.by_end.get(end, ())]
        self.tried += sum(1 if len(rule.parts) == 1 else MOST_RELATIVES // 10 for rule in rules)
        found = [rule for rule in rules if _matches(rule, element)]
        out: dict[str, str] = {}
        for rule in sorted(found, key=lambda one: one.weight):
            out = _over(out, rule.declared)
        return out

    def style_of(self, element: html.HtmlElement) -> Declared:
        style = str(element.get("style") or "")
        if style not in self.styles:
            self.styles[style] = declarations(self.in_full(_plain_css(style[:4_000]))) if style else {}
        return self.styles[style]

    def look(self, element: html.HtmlElement, above: Look) -> Look:
        """The look of an element, ``above`` being its parent's."""
        tag = str(element.tag).lower()
        if tag in NEVER_SHOWN or _is_folded(element, tag):
            return replace(above, gone=True)
        if tag == "details" and element.get("open") is None:
            above = replace(above, visible=False)
        elif tag == "summary":
            above = replace(above, visible=True)
        declared = _over(_over(_hinted(element, tag), self.declared_by_rules(element)), self.style_of(element))
        return _computed(declared, above) if declared else above


def _over(below: Declared, above: Declared) -> dict[str, str]:
    """One layer of style declarations over another, to tell what is visible; what is important below stays."""
    kept = {name: value for name, value in below.items() if value.endswith("!important")}
    wins = {name: value for name, value in above.items() if name not in kept or value.endswith("!important")}
    return {**below, **wins}


def _plain_css(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        return chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else found[2]

    text = _COMMENT.sub("", text)
    return _ESCAPE.sub(letter, text) if "\\" in text else text


def declarations(block: str) -> dict[str, str]:
    """Visibility by a style that may hide text, "color: red; display: none !important", as names and values in lower
    case."""
    out: dict[str, str] = {}
    for one in re.sub(r"url\([^)]*\)", "url()", block).split(";"):
        name, colon, value = one.partition(":")
        if colon and name.strip():
            name, value = (
                name.strip().lower(),
                re.sub(r"\s*!\s*important", "!important", " ".join(value.lower().split())),
            )
            if not out.get(name, "").endswith("!important") or value.endswith("!important"):
                out[name] = value
    return out


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """The selectors and blocks of a style sheet, which decides what is visible, that hold on a screen of ordinary
    width."""
    open_ones: list[bool] = []
    head = selectors = ""
    for mark in re.findall(r"[{}]|[^{}]+", css):
        if mark == "{":
            head = (
                head.rpartition(";")[2].strip() if head.lstrip().startswith(("@import", "@charset")) else head.strip()
            )
            if head.startswith("@"):
                open_ones.append(_holds(head.lower()))
                selectors = ""
            else:
                selectors = head
                open_ones.append(all(open_ones))
            head = ""
        elif mark == "}":
            if selectors and open_ones and open_ones[-1]:
                yield selectors, head
            selectors = head = ""
            if open_ones:
                open_ones.pop()
        else:
            head = mark


def _holds(at_rule: str) -> bool:
    if not at_rule.startswith(("@media", "@supports", "@layer", "@container")):
        return False
    if re.search(r"\bprint\b(?!.*,)|prefers-color-scheme|\bspeech\b", at_rule) and "not print" not in at_rule:
        return False
    asked = _WIDTH_ASKED.findall(at_rule)
    return all(int(width) <= 1_000 if which == "min" else int(width) >= 1_000 for which, width in asked)


def _rule(selector: str, declared: Declared, order: int) -> StyleRule | None:
    parts: list[tuple[str, str, str]] = []
    weight, combinator = [0, 0, 0], ""
    for piece in re.findall(r"[>+~]|(?:\[[^\]]*\]|\([^)]*\)|[^\s>+~])+", selector):
        if piece in ">+~":
            combinator = piece
            continue
        met = _COMPOUND.fullmatch(piece)
        if met is None:
            return None
        tag, rest = (met[1] or "*").lower(), met[2] or ""
        if any(one[5] and one[5] not in ("first-child", "last-child", "root") for one in _SIMPLE.findall(rest)):
            return None  # a link that the pointer is over, a line made up by the sheet: not how the page lies there
        weight[0] += rest.count("#")
        weight[1] += rest.count(".") + rest.count("[") + rest.count(":")
        weight[2] += tag != "*"
        parts.append((combinator or " ", tag, rest))
        combinator = ""
    return StyleRule(tuple(reversed(parts)), (*weight, order), declared) if parts else None  # type: ignore[arg-type]


def _end(part: tuple[str, str, str]) -> str:
    for kind, name, *_ in _SIMPLE.findall(part[2]):
        if kind:
            return f"{kind}{name}"
    return part[1]


def _matches(rule: StyleRule, element: html.HtmlElement) -> bool:
    if not _fits(rule.parts[0], element):
        return False
    at: html.HtmlElement | None = element
    for above, part in zip(rule.parts, rule.parts[1:], strict=False):
        at = _related(at, above[0], part)
        if at is None:
            return False
    return True


def _related(element: html.HtmlElement | None, combinator: str, part: tuple[str, str, str]) -> html.HtmlElement | None:
    """The HTML element that stands to this one as a style's combinator says, and fits the part; None if there is
    none."""
    if element is None:
        return None
    if combinator in ">+":
        near = element.getparent() if combinator == ">" else element.getprevious()
        return near if near is not None and _fits(part, near) else None
    many = element.iterancestors() if combinator == " " else element.itersiblings(preceding=True)
    return next((one for one in islice(many, MOST_RELATIVES) if _fits(part, one)), None)


def _fits(part: tuple[str, str, str], element: html.HtmlElement) -> bool:
    _, tag, rest = part
    if not isinstance(element.tag, str) or tag not in ("*", element.tag.lower()):
        return False
    return all(_fits_simple(one, element) for one in _SIMPLE.findall(rest))


def _fits_simple(one: tuple[str, ...], element: html.HtmlElement) -> bool:
    kind, name, attribute, how, value, pseudo = one
    if kind == ".":
        return name in str(element.get("class") or "").split()
    if kind == "#":
        return bool(element.get("id") == name)
    if attribute:
        has = element.get(attribute.lower())
        if has is None or not how:
            return has is not None
        ways = {
            "=": has == value,
            "~=": value in has.split(),
            "*=": value in has,
            "|=": f"{has}-".startswith(f"{value}-"),
        }
        return bool(ways.get(how, has.startswith(value) if how == "^=" else has.endswith(value)))
    if pseudo == "root":
        return element.getparent() is None
    return (element.getprevious() if pseudo == "first-child" else element.getnext()) is None


def _is_folded(element: html.HtmlElement, tag: str) -> bool:
    """A dialogue or details that nobody opened; the summary shows."""
    if tag == "dialog":
        return element.get("open") is None
    parent = element.getparent()
    return parent is not None and parent.tag == "details" and parent.get("open") is None and tag != "summary"


def _hinted(element: html.HtmlElement, tag: str) -> dict[str, str]:
    """What the tag itself and old attributes declare of visibility, below any style."""
    out: dict[str, str] = {}
    if tag in _STRUCK_TAGS:
        out["text-decoration"] = "line-through"
    if not element.attrib:
        return out
    if element.get("hidden") is not None:
        out["display"] = "none"
    if element.get("bgcolor"):
        out["background-color"] = str(element.get("bgcolor")).lower()
    if element.get("background"):
        out["background-image"] = "url()"
    if tag in ("font", "basefont"):
        out |= {"color": str(element.get("color")).lower()} if element.get("color") else {}
        out |= {"font-size": f"{_FONT_SIZES[str(element.get('size'))]}px"} if element.get("size") in _FONT_SIZES else {}
    if tag == "body" and element.get("text"):
        out["color"] = str(element.get("text")).lower()
    return out


def _computed(declared: Declared, above: Look) -> Look:
    said = {name: value.removesuffix("!important").strip() for name, value in declared.items()}
    size = _size(said, above.size)
    look = replace(
        above,
        size=size,
        gone=above.gone or _is_gone(said, size),
        visible=_visible(said.get("visibility", ""), above.visible),
        struck=above.struck
        or "line-through" in f"{said.get('text-decoration', '')} {said.get('text-decoration-line', '')}",
    )
    colour = _foreground(said, above.colour)
    ground = colour if _IN_ITS_OWN.search(_painted(said)) else _ground(said, above.ground)
    indent = _pixels(said["text-indent"], size) if "text-indent" in said else above.indent
    if indent is not None and "text-indent" in said:
        indent += max(0.0, _first(said, size, "margin-left", "padding-left") or 0.0)
    return replace(look, ground=ground, colour=colour, indent=indent or 0.0)


_IN_ITS_OWN = re.compile(r"\bcurrentcolor\b")


def _painted(said: Declared) -> str:
    return f"{said.get('background-color', '')} {said.get('background', '')}"


def _visible(value: str, above: bool) -> bool:
    return value == "visible" if value in ("visible", "hidden", "collapse") else above


def _foreground(said: Declared, above: Colour | None) -> Colour | None:
    value = said.get("-webkit-text-fill-color") or said.get("color", "")
    if not value or value in ("inherit", "currentcolor", "unset"):
        return above
    return colour_of(value)


def _ground(said: Declared, above: Colour | None) -> Colour | None:
    painted = f"{said.get('background-image', '')} {said.get('background', '')}"
    if "url(" in painted or "gradient(" in painted:
        return None
    value = said.get("background-color") or said.get("background", "")
    if not value:
        return above
    words = re.findall(r"[a-z-]+\([^)]*\)|[^\s]+", value)
    found = next((one for word in words if (one := colour_of(word)) is not None), None)
    if found is None:
        return above if value in ("none", "inherit", "initial", "unset", "transparent", "0") else None
    return laid_over(found, above) if above is not None else (found if found.alpha > 0.9 else None)


def _size(said: Declared, above: float) -> float:
    value = said.get("font-size", "")
    if not value and "font" in said:
        met = re.search(rf"(?:^|\s)({_LENGTH.pattern})(?:\s*/|\s)", f"{said['font']} ")
        value = met[1] if met else ""
    if value in _NAMED_SIZES:
        return _NAMED_SIZES[value]
    if value in ("smaller", "larger"):
        return above * (0.83 if value == "smaller" else 1.2)
    found = _pixels(value, above)
    return above if found is None else found


def _pixels(value: str, size: float) -> float | None:
    met = _LENGTH.match(value)
    if met is None:
        return None
    number, unit = float(met[1]), met[2] or ""
    if unit in ("em", "%"):
        return number * size / (100 if unit == "%" else 1)
    return number * (size / 2 if unit in ("ex", "ch") else _IN_PIXELS[unit])


def _first(said: Declared, size: float, *names: str) -> float | None:
    return next((found for name in names if name in said and (found := _pixels(said[name], size)) is not None), None)


def _is_gone(said: Declared, size: float) -> bool:
    if said.get("display") == "none" or said.get("mso-hide") == "all" or said.get("content-visibility") == "hidden":
        return True
    if _pixels(said.get("zoom", ""), 1.0) == 0:
        return True
    opacity = said.get("opacity", "1")
    faint = _pixels(opacity, 1.0)
    through = re.search(r"opacity\(\s*([\d.]+)(%?)", said.get("filter", ""))
    if through:
        faint = float(through[1] or 1) / (100 if through[2] else 1)
    if faint is not None and faint < FAINTEST:
        return True
    clipped = _CLIPPED.search(said.get("clip", "")) or _CLIPPED_PATH.search(said.get("clip-path", ""))
    return bool(clipped) or _is_squeezed(said, size) or _is_outside(said, size)


def _is_squeezed(said: Declared, size: float) -> bool:
    """An element not visible, being of no height or width; what may run over such a box is still seen."""
    most = [_pixels(said[name], size) for name in ("max-height", "max-width") if name in said]
    if any(one is not None and one <= 1 and "none" not in str(one) for one in most):
        return True
    cuts = any(
        said.get(name, "").startswith(("hidden", "clip", "scroll", "auto"))
        for name in ("overflow", "overflow-y", "overflow-x")
    )
    sides = [_pixels(said[name], size) for name in ("height", "width") if name in said and said[name] != "auto"]
    return cuts and any(one is not None and one <= 1 for one in sides)


def _is_outside(said: Declared, size: float) -> bool:
    moved = [_pixels(said[name], size) for name in ("left", "right", "top", "bottom") if name in said]
    placed = said.get("position") in ("absolute", "fixed", "relative", "sticky")
    if placed and any(one is not None and (one <= PUSHED_OUT or one >= FAR_OUT) for one in moved):
        return True
    margins = [_pixels(said[name], size) for name in ("margin-left", "margin-top", "margin-right") if name in said]
    margins += [_pixels(one, size) for one in said.get("margin", "").split()]
    if any(one is not None and one <= PUSHED_OUT * 2 for one in margins):
        return True
    for what, values in _MOVED.findall(said.get("transform", "")):
        numbers = [found for one in values.split(",") if (found := _pixels(one.strip(), size)) is not None]
        if what.startswith("scale") and numbers and min(numbers[:2]) <= 0.05:
            return True
        if what.startswith("translate") and any(abs(one) >= FAR_OUT or one <= PUSHED_OUT for one in numbers):
            return True
    return False
