"""What stands in a Word document, wherever it was written: tagged content controls, and the cells of its tables.

``cell.text`` of python-docx does not see content controls, and a control that nobody has written in holds the words of
its prompt: both are dealt with here. Tables are read as well as tags, because a row that somebody added has no control,
and some programs drop controls and keep the table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from mailbot.mail.papers.package import MAIN, PROPERTIES, SWOLLEN, NotOpened, open_parts, parse
from mailbot.mail.papers.sheet import PROMPTS, clean
from mailbot.mail.papers.word_parts import W

MOST_CONTROLS, DEEPEST = 1500, 6
MOST_ROWS = 2000


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


T, TAB, BREAKS, P, SDT = _w("t"), _w("tab"), frozenset({_w("br"), _w("cr")}), _w("p"), _w("sdt")
TBL, TR, TC, VAL, HYPHEN = _w("tbl"), _w("tr"), _w("tc"), _w("val"), _w("noBreakHyphen")
# Properties hold no words ("tab" in them is a tab stop); what was deleted or moved away is not said any more; and what
# stands in a Fallback was said once already.
_SILENT = frozenset(
    {_w(n) for n in ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr", "del", "moveFrom")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_AROUND = frozenset({_w("sdtContent"), _w("ins"), _w("moveTo"), _w("customXml"), _w("smartTag")})


@dataclass(frozen=True, slots=True)
class Cell:
    """``tags`` are those of the controls in or around it."""

    text: str
    tags: tuple[str, ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """``tagged`` has "" for a control in which nobody has written. Tables are in the order of the document."""

    properties: Mapping[str, str]
    tagged: Mapping[str, str]
    tables: tuple[tuple[Row, ...], ...]


def read_word(content: bytes) -> Written:
    """Everything a form can be read from. Raises NotOpened."""
    parts = open_parts(content)
    root = parse(parts[MAIN])
    properties = dict(_properties(parse(parts[PROPERTIES]))) if PROPERTIES in parts else {}
    return Written(properties, _tagged(root), tuple(_tables(root)))


def _properties(root: etree._Element) -> Iterator[tuple[str, str]]:
    for one in root:
        yield one.get("name", ""), "".join(text for text in one.itertext() if isinstance(text, str)).strip()


def _tagged(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, control in enumerate(root.iter(SDT), 1):
        if number > MOST_CONTROLS or sum(1 for _ in control.iterancestors(SDT)) > DEEPEST:
            raise NotOpened(SWOLLEN)
        tag = tag_of(control)
        if not tag:
            continue
        said = text_of(control)
        before = found.get(tag, "")
        # One tag twice is a row that somebody copied: nothing of either is dropped.
        found[tag] = said if not before or before == said else "\n".join(part for part in (before, said) if part)
    return found


def tag_of(control: etree._Element) -> str:
    tag = control.find(f"{_w('sdtPr')}/{_w('tag')}")
    return (tag.get(VAL) or "") if tag is not None else ""


def is_prompting(control: etree._Element) -> bool:
    """Still showing its prompt. Word takes the mark away when somebody writes; a program that only changes the text
    leaves it, so words that are not set as a prompt count."""
    shows = control.find(f"{_w('sdtPr')}/{_w('showingPlcHdr')}")
    if shows is None or shows.get(VAL) in ("0", "false", "off"):
        return False
    styles = {style.get(VAL) for style in control.iter(_w("rStyle"))}
    return "PlaceholderText" in styles or not _said(control).strip() or _said(control).strip() in PROMPTS


def text_of(element: etree._Element) -> str:
    """The words in ``element``; prompts are no words."""
    if element.tag == SDT and is_prompting(element):
        return ""
    return _without_prompt(clean(_said(element, skip_prompts=True)))


def _without_prompt(said: str) -> str:
    """A program without controls leaves the prompt standing, and people write before or behind it."""
    for prompt in PROMPTS:
        said = said.removeprefix(prompt).removesuffix(prompt)
    return said.strip()


def _said(element: etree._Element, skip_prompts: bool = False) -> str:
    pieces: list[str] = []
    waiting = [element]
    begun = False
    while waiting:
        node = waiting.pop()
        tag = node.tag
        if tag in _SILENT or (skip_prompts and tag == SDT and node is not element and is_prompting(node)):
            continue
        if tag == T:
            pieces.append(node.text or "")
        elif tag in BREAKS:
            pieces.append("\n")
        elif tag == TAB:
            pieces.append("\t")
        elif tag == HYPHEN:
            pieces.append("\u2011")
        elif tag == P:
            pieces += ["\n"] if begun else []
            begun = True
        waiting.extend(reversed(node))
    return "".join(pieces)


def _tables(root: etree._Element) -> Iterator[tuple[Row, ...]]:
    if sum(1 for _ in islice(root.iter(TR), MOST_ROWS + 1)) > MOST_ROWS:
        raise NotOpened(SWOLLEN)
    for table in root.iter(TBL):
        yield tuple(tuple(_cells(row)) for row in _inside(table, TR) if not _is_deleted(row))


def _is_deleted(row: etree._Element) -> bool:
    return row.find(f"{_w('trPr')}/{_w('del')}") is not None


def _inside(parent: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """Children of one kind, also where a control or a tracked change is put around them."""
    for child in parent:
        if child.tag == wanted:
            yield child
        elif child.tag == SDT or child.tag in _AROUND:
            yield from _inside(child, wanted)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for cell in _inside(row, TC):
        around = [one for one in cell.iterancestors(SDT) if row in set(one.iterancestors(TR))]
        tags = tuple(tag for control in (*around, *cell.iter(SDT)) if (tag := tag_of(control)))
        said = "" if any(is_prompting(control) for control in around) else text_of(cell)
        yield Cell(said, tags)
