"""What a reader of an HTML mail sees of it: each element's look, computed from style sheets, attributes and styles.

Words that nobody sees were not said: hidden, struck out, in the colour of what lies behind them, too small to read. Of
what is not understood (``understood_styles``) nobody can tell whether it is seen: such words are uncertain, and so are
words that another style than their own, or a program of another make, would show. The cascade is a browser's, as far as
mail clients have it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import html

from mailbot.mail.body.colours import BLACK, FAINT, WHITE, Colour, colour_of, contrast, is_alike, laid_over
from mailbot.mail.body.understood_styles import (
    BY_SOME,
    NEVER_SHOWN,
    SMALLEST_READ,
    Declared,
    bare_name,
    cannot_hide,
    font_size,
    is_empty_aid,
    is_usual,
    may_cover,
    not_understood,
    parts_of,
    size_in_font,
)

LARGEST_SHEET = 128 * 1024
MOST_RULES = 2_000
MOST_RELATIVES = 200  # up or aside that a selector is followed
MOST_TRIED = 500_000  # selectors on elements of one page: what asks for more is made to be slow
_STRUCK_TAGS = {"del", "s", "strike"}
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)")
_COMPOUND = re.compile(
    r"([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+|\[[^\]]{1,80}\]|::?[\w-]+(?:\([^)]{0,40}\))?)*)", re.IGNORECASE
)
_SIMPLE = re.compile(r"([.#])([\w-]+)|\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*[\"']?([^\"'\]]*)[\"']?)?\s*\]")
_PSEUDO = re.compile(r"::?([\w-]+)(\([^)]*\))?")
_ATTRIBUTES = re.compile(r"\[[^\]]*\]")
_OF_WORD = re.compile(r"[a-z]\w{0,3}:\*")  # "v\:* {behavior:url(#default#VML)}"
_BRACED_STRING = re.compile(r"[\"'][^\"'\n]*[{};][^\"'\n]*[\"']")
_SYMBOLS = re.compile(r"\b(?:wingdings|webdings|symbol|marlett|bookshelf symbol|zapf dingbats|adobe blank|blank)\b")
# Not how the page lies there: the pointer over it, a key pressed.
_MOMENTARY = frozenset({"hover", "active", "focus", "focus-visible", "focus-within"})
_WEIGHED = frozenset({"first-child", "last-child", "root", "link", "visited", "any-link"})


@dataclass(frozen=True, slots=True)
class Look:
    """How the words directly within an element look; what is inherited is inherited, what covers children covers them.

    ``ground`` None: a picture, or something unknown, lies behind the words. ``uncertain``: something about them is not
    understood. ``elsewhere``: gone by what not every program heeds.
    """

    gone: bool = False
    visible: bool = True
    struck: bool = False
    size: float = 16.0
    colour: Colour | None = BLACK
    ground: Colour | None = WHITE
    uncertain: bool = False
    elsewhere: bool = False

    @property
    def is_seen(self) -> bool:
        if self.gone or self.struck or not self.visible or self.size < SMALLEST_READ:
            return False
        return self.colour is None or self.ground is None or not is_alike(self.colour, self.ground)

    @property
    def is_certain(self) -> bool:
        """Is it certain what is visible of it, the same for every reader: the words, or none because they are struck
        out or gone."""
        if self.uncertain or self.elsewhere:
            return False
        if self.gone or self.struck:
            return True
        if not self.is_seen or self.colour is None or self.ground is None:
            return False
        return contrast(self.colour, self.ground) >= FAINT


@dataclass(frozen=True, slots=True)
class StyleRule:
    """One selector of a style sheet with what it declares: parts from the last compound back, with the combinators.
    ``sure``: it holds on every screen, and for just the elements that it fits here."""

    parts: tuple[tuple[str, str, str], ...]  # (combinator before it, tag, the rest)
    weight: tuple[int, int, int, int]
    declared: Declared
    sure: bool = True


@dataclass(slots=True)
class Sheet:
    """The style sheets of a page, found by what a selector ends with. ``odd``: something in them, or on the page, bears
    on all of it and is not understood."""

    by_end: dict[str, list[StyleRule]] = field(default_factory=dict)
    styles: dict[str, Declared] = field(default_factory=dict)
    judged: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)
    faces: tuple[str, ...] = ()  # fonts that come with the page
    odd: bool = False
    tried: int = 0

    @classmethod
    def of(cls, tree: html.HtmlElement) -> "Sheet":
        whole = "\n".join(_sheet_text(one) for one in tree.iter("style"))
        text, sheet, order = whole[:LARGEST_SHEET], cls(), 0
        sheet.odd = len(whole) > len(text) or _BRACED_STRING.search(_plain_css(text)) is not None
        sheet.odd = sheet.odd or any(_is_of_another_kind(one) for one in tree.iter("style"))
        for selectors, block, sure in _blocks(_plain_css(text)):
            declared = declarations(block)
            if selectors == "@font-face":
                sheet.faces += (declared.get("font-family", "").strip("\"' "),) if "src" in declared else ()
                continue
            for selector in selectors.split(",") if declared else ():
                rule = _rule(selector.strip(), declared, order, sure)
                order += 1
                if rule is not None and order < MOST_RULES:
                    sheet.by_end.setdefault(_end(rule.parts[0]), []).append(rule)
        sheet.odd = sheet.odd or order >= MOST_RULES
        return sheet

    @property
    def is_too_much(self) -> bool:
        return self.tried > MOST_TRIED

    def _declared_by_rules(self, element: html.HtmlElement) -> tuple[dict[str, str], bool]:
        """Visible or not by the style sheet: what its rules declare, and whether one that may hold could hide words."""
        if not self.by_end or self.is_too_much:
            return {}, False
        ends = ["*", str(element.tag).lower(), *(f".{one}" for one in str(element.get("class") or "").split())]
        ends += [f"#{element.get('id')}"] if element.get("id") else []
        rules = [rule for end in ends for rule in self.by_end.get(end, ())]
        self.tried += sum(1 if len(rule.parts) == 1 else MOST_RELATIVES // 10 for rule in rules)
        found = [rule for rule in rules if _matches(rule, element)]
        out: dict[str, str] = {}
        for rule in sorted((one for one in found if one.sure), key=lambda one: one.weight):
            out = _over(out, rule.declared)
        return out, any(not rule.sure and not cannot_hide(rule.declared) for rule in found)

    def style_of(self, element: html.HtmlElement) -> Declared:
        style = str(element.get("style") or "")
        if style not in self.styles:
            self.styles[style] = declarations(_plain_css(style[:4_000])) if style else {}
        return self.styles[style]

    def look(self, element: html.HtmlElement, above: Look) -> Look:
        """The look of an element, ``above`` being its parent's."""
        tag = str(element.tag).lower()
        if tag in NEVER_SHOWN or _is_folded(element, tag):
            return replace(above, gone=True, elsewhere=tag in BY_SOME or tag not in NEVER_SHOWN)
        if tag == "details" and element.get("open") is None:
            above = replace(above, visible=False)
        elif tag == "summary":
            above = replace(above, visible=True)
        by_rules, may_hide = self._declared_by_rules(element)
        own = self.style_of(element)
        declared = _over(_over(_hinted(element, tag), by_rules), own)
        unclear = self._unclear(element, declared, above, tag)
        if may_cover(unclear, declared):
            self.odd = True
        if not declared and not unclear and not may_hide:
            return above
        hidden_here = "none" in (own.get("display", "")[:4], _hinted(element, tag).get("display", ""))
        look = _computed(declared, above)
        return replace(
            look,
            uncertain=look.uncertain or bool(unclear) or may_hide,
            elsewhere=above.elsewhere or (look.gone and not above.gone and not hidden_here),
        )

    def _unclear(self, element: html.HtmlElement, declared: Declared, above: Look, tag: str) -> tuple[str, ...]:
        """Visible or not is unclear: what is not understood of an element: the properties of its style, its kind, its
        faces."""
        if is_empty_aid(element):
            return ()
        found: tuple[str, ...] = () if is_usual(tag) else ("element",)
        if element.get("popover") is not None or len(str(element.get("style") or "")) > 4_000:
            found += ("attribute",)
        style = str(element.get("style") or "")
        if "\\" in style.replace('"\\@', "") or ("/*" in style and re.search(r"[\"']", style)):
            found += ("style",)
        if not declared:
            return found
        key = (tag, round(above.size), *declared.items())
        if key not in self.judged:
            self.judged[key] = not_understood(_said(declared), above.size, tag)
        faces = f"{declared.get('font-family', '')} {declared.get('font', '')}"
        strange = (_SYMBOLS.search(faces) is not None and tag != "li") or any(
            one and one in faces for one in self.faces
        )
        return (*found, *self.judged[key], *(("font-family",) if strange and _has_words(element) else ()))


def _has_words(element: html.HtmlElement) -> bool:
    """Whether a sign of a picture font, visible as a bullet or a face, would be words in another."""
    return len(re.findall(r"\w", "".join(element.itertext())[:400])) > 1


def _sheet_text(style: html.HtmlElement) -> str:
    text, media = str(style.text or ""), str(style.get("media") or "").strip()
    return f"@media {media} {{{text}}}" if media else text


def _is_of_another_kind(style: html.HtmlElement) -> bool:
    """A style sheet that some programs heed for what is visible and others do not."""
    kind = str(style.get("type") or "text/css").strip().lower()
    return kind != "text/css" or style.get("title") is not None or style.get("disabled") is not None


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
    """A style that may hide text, "color: red; display: none !important", as names and values in lower case."""
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


def _blocks(css: str) -> Iterator[tuple[str, str, bool]]:
    """The selectors and blocks of a style sheet, which decides what is visible, that hold on a screen; and whether they
    do on every one."""
    open_ones: list[bool | None] = []
    head = selectors = ""
    for mark in re.findall(r"[{}]|[^{}]+", css):
        if mark == "{":
            head = (
                head.rpartition(";")[2].strip() if head.lstrip().startswith(("@import", "@charset")) else head.strip()
            )
            if head.startswith("@") and not head.lower().startswith("@font-face"):
                open_ones.append(_holds(head.lower()))
                selectors = ""
            else:
                selectors = head.lower() if head.startswith("@") else head
                open_ones.append(_all(open_ones))
            head = ""
        elif mark == "}":
            if selectors and open_ones and open_ones[-1] is not False:
                yield selectors, head, open_ones[-1] is True
            selectors = head = ""
            if open_ones:
                open_ones.pop()
        else:
            head = mark


def _all(conditions: list[bool | None]) -> bool | None:
    return False if False in conditions else None if None in conditions else True


def _holds(at_rule: str) -> bool | None:
    """Whether what stands in an at-rule is visible: on a screen, False never, None for what depends on the screen or on
    the program."""
    if not at_rule.startswith(("@media", "@supports", "@layer", "@container", "@scope", "@document", "@starting")):
        return False
    asked = at_rule.removeprefix("@media").strip()
    if asked in ("", "screen", "all", "only screen", "only all"):
        return True
    return False if asked in ("print", "only print", "speech", "tty", "projection") else None


def _rule(selector: str, declared: Declared, order: int, sure: bool) -> StyleRule | None:
    if _OF_WORD.fullmatch(selector):
        return None
    parts: list[tuple[str, str, str]] = []
    weight, combinator = [0, 0, 0], ""
    for piece in re.findall(r"[>+~]|(?:\[[^\]]*\]|\([^)]*\)|[^\s>+~])+", selector):
        if piece in ">+~":
            combinator = piece
            continue
        met = _COMPOUND.fullmatch(piece)
        if met is None:  # what cannot be told may be any element
            return StyleRule(((" ", "*", ""),), (0, 0, 0, order), declared, False)
        tag, rest = (met[1] or "*").lower(), met[2] or ""
        named = {name.lower() for name, _ in _PSEUDO.findall(_ATTRIBUTES.sub("", rest))}
        if named & _MOMENTARY:
            return None
        sure = sure and named <= _WEIGHED
        weight[0] += rest.count("#")
        weight[1] += rest.count(".") + rest.count("[") + rest.count(":")
        weight[2] += tag != "*"
        parts.append((combinator or " ", tag, rest))
        combinator = ""
    return StyleRule(tuple(reversed(parts)), (*weight, order), declared, sure) if parts else None  # type: ignore[arg-type]


def _end(part: tuple[str, str, str]) -> str:
    for kind, name, *_ in _SIMPLE.findall(_PSEUDO.sub("", part[2])):
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
    """For what is visible, the HTML element to which a style's combinator leads, and fits the part; None if there is
    none."""
    if element is None:
        return None
    if combinator in ">+":
        near = element.getparent() if combinator == ">" else element.getprevious()
        return near if near is not None and _fits(part, near) else None
    many = element.iterancestors() if combinator == " " else element.itersiblings(preceding=True)
    return next((one for one in islice(many, MOST_RELATIVES) if _fits(part, one)), None)


def _fits(part: tuple[str, str, str], element: html.HtmlElement) -> bool:
    """Visible by which rules: whether an element is one that a compound selector names. What is not weighed of it
    counts as fitting: such a rule is not sure."""
    _, tag, rest = part
    if not isinstance(element.tag, str) or tag not in ("*", element.tag.lower()):
        return False
    bare = _PSEUDO.sub("", rest) if "[" not in rest else rest
    if not all(_fits_simple(one, element) for one in _SIMPLE.findall(bare)):
        return False
    return all(_fits_pseudo(name, element) for name, _ in _PSEUDO.findall(_ATTRIBUTES.sub("", rest)))


def _fits_simple(one: tuple[str, ...], element: html.HtmlElement) -> bool:
    kind, name, attribute, how, value = one
    if kind == ".":
        return name in str(element.get("class") or "").split()
    if kind == "#":
        return bool(element.get("id") == name)
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


def _fits_pseudo(name: str, element: html.HtmlElement) -> bool:
    if name == "root":
        return element.getparent() is None
    if name in ("link", "visited", "any-link"):
        return element.tag == "a" and element.get("href") is not None
    if name in ("first-child", "last-child"):
        return (element.getprevious() if name == "first-child" else element.getnext()) is None
    return True


def _is_folded(element: html.HtmlElement, tag: str) -> bool:
    """A dialogue or details that nobody opened; the summary shows."""
    if tag == "dialog":
        return element.get("open") is None
    parent = element.getparent()
    return parent is not None and parent.tag == "details" and parent.get("open") is None and tag != "summary"


def _hinted(element: html.HtmlElement, tag: str) -> dict[str, str]:
    """Visibility as the tag itself and old attributes declare it, below any style."""
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


def _said(declared: Declared) -> dict[str, str]:
    return {name: value.removesuffix("!important").strip() for name, value in declared.items()}


def _computed(declared: Declared, above: Look) -> Look:
    said = _said(declared)
    look = replace(
        above,
        size=_size(said, above.size),
        gone=above.gone or said.get("display") == "none",
        visible=_visible(said.get("visibility", ""), above.visible),
        struck=above.struck
        or "line-through" in f"{said.get('text-decoration', '')} {said.get('text-decoration-line', '')}",
    )
    colour = _foreground(said, above.colour)
    ground = colour if _IN_ITS_OWN.search(_painted(said)) else _ground(said, above.ground)
    return replace(look, ground=ground, colour=colour)


_IN_ITS_OWN = re.compile(r"\bcurrentcolor\b")


def _painted(said: Declared) -> str:
    return f"{said.get('background-color', '')} {said.get('background', '')}"


def _visible(value: str, above: bool) -> bool:
    return value == "visible" if value in ("visible", "hidden", "collapse") else above


def _foreground(said: Declared, above: Colour | None) -> Colour | None:
    filled = next((value for name, value in said.items() if bare_name(name) == "text-fill-color"), "")
    value = filled or said.get("color", "")
    if not value or value in ("inherit", "currentcolor", "unset", "revert"):
        return above
    return BLACK if value == "initial" else colour_of(value)


def _ground(said: Declared, above: Colour | None) -> Colour | None:
    painted = f"{said.get('background-image', '')} {said.get('background', '')}"
    if "url(" in painted or "gradient(" in painted:
        return None
    value = said.get("background-color") or said.get("background", "")
    if not value:
        return above
    found = next((one for word in parts_of(value) if (one := colour_of(word)) is not None), None)
    if found is None:
        understood = value in ("none", "inherit", "initial", "unset", "transparent", "0") or "(" not in value
        return above if understood else None
    return laid_over(found, above) if above is not None else (found if found.alpha > 0.9 else None)


def _size(said: Declared, above: float) -> float:
    value = said.get("font-size", "")
    found = font_size(value, above) if value else size_in_font(said["font"], above) if "font" in said else None
    return above if found is None else found
