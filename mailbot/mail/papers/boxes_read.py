"""Each box of a form, found again in a document: by its tag; else by its label, in the order of the form."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailbot.mail.papers.controls import Row, Written
from mailbot.mail.papers.sheet import Box


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in one box: ``text``, or ``rows`` for a table, with nothing but written rows."""

    box: Box
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def whole(self) -> str:
        return "".join(cell for row in self.rows for cell in row) if self.box.columns else self.text


def find_boxes(boxes: tuple[Box, ...], written: Written) -> tuple[Found, ...]:
    """The boxes that the document has, in the form's order. One that it has not is left out: nothing is said of it."""
    labelled = dict(_by_label(boxes, written))
    # Beside its label, a control has the cell to itself: what is written around it was meant for the same box.
    alone = {row[1].tags[0] for t in written.tables for row in t if len(row) == 2 and len(row[1].tags) == 1}
    found = []
    for box in boxes:
        if box.columns:
            rows = _by_tags(box, written)
            rows = labelled[box.key].rows if rows is None and box.key in labelled else rows
            if rows is not None:
                found.append(Found(box, rows=rows))
        elif box.key in labelled and (box.key not in written.tagged or box.key in alone):
            found.append(labelled[box.key])
        elif box.key in written.tagged:
            found.append(Found(box, written.tagged[box.key]))
    return tuple(found)


def _by_tags(box: Box, written: Written) -> tuple[tuple[str, ...], ...] | None:
    """The rows of the table that holds this box's tags, from the first tagged row on: an added row has no tag."""
    start = f"{box.key}/"
    for table in written.tables:
        places = [n for n, row in enumerate(table) if any(tag.startswith(start) for cell in row for tag in cell.tags)]
        if not places:
            continue
        rows = []
        for row in table[places[0] :]:
            if len(row) != len(box.columns) or _is_anothers(row, start):
                break
            rows.append(tuple(cell.text for cell in row))
        return _written_in(rows)
    loose = {tag: said for tag, said in written.tagged.items() if tag.startswith(start)}
    if not loose:
        return None
    numbers = sorted({tag.split("/")[1] for tag in loose if tag.count("/") == 2}, key=lambda n: (len(n), n))
    return _written_in(
        tuple(loose.get(f"{start}{number}/{column}", "") for column in range(1, len(box.columns) + 1))
        for number in numbers
    )


def _is_anothers(row: Row, start: str) -> bool:
    return any(not tag.startswith(start) for cell in row for tag in cell.tags)


def _written_in(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(row for row in rows if any(row))


def plain_label(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _by_label(boxes: tuple[Box, ...], written: Written) -> Iterator[tuple[str, Found]]:
    """Label in the first cell and value in the second, or a label across a table and its rows beneath. A label that
    the form has three times is met three times, in its order."""
    waiting = list(boxes)
    for table in written.tables:
        at = 0
        while at < len(table):
            row, at = table[at], at + 1
            box = next((b for b in waiting if row and plain_label(b.label) == plain_label(row[0].text)), None)
            if box is None:
                continue
            if not box.columns and len(row) > 1:
                waiting.remove(box)
                yield box.key, Found(box, row[1].text)
            elif box.columns and len(row) == 1:
                waiting.remove(box)
                beneath = table[at + 1 :]  # past the row that names the columns
                yield box.key, Found(box, rows=_written_in(tuple(c.text for c in r) for r in _of_width(beneath, box)))
                break


def _of_width(rows: Iterable[Row], box: Box) -> Iterator[Row]:
    for row in rows:
        if len(row) != len(box.columns):
            return
        yield row


def value_beside(label: str, written: Written) -> str:
    """What stands beside ``label`` in the first row that has it; "" for nothing."""
    rows = (row for table in written.tables for row in table if len(row) > 1)
    return next((row[1].text for row in rows if plain_label(row[0].text) == plain_label(label)), "")
