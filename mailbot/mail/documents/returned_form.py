"""A form that came back as a document: which documents are one, its boxes found again, and what was written in
each.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mailbot.core.clocks.case import Case
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import FieldRecorded
from mailbot.core.record.intents import Action, Paper
from mailbot.core.record.intents import ReturnedBox as Taken
from mailbot.mail.documents.form_boxes import FormBox, FormSheet, clean_box_text, mark, mark_of, sheet
from mailbot.mail.documents.recording_form import FORM_TAG, REFERENCE_LABEL, REFERENCE_TAG
from mailbot.mail.documents.word_reading import WORD, NotOpened, TableRow, WrittenDocument, read_word
from mailbot.mail.documents.word_writing import FORM, REFERENCE, WORD_MARKS
from mailbot.mail.incoming.message import ReceivedAttachment, is_email
from mailbot.mail.letters.wording import date_words, plain_words
from mailbot.mail.text.dates import find_dates
from mailbot.mail.text.labelled_lines import NOT_AN_ANSWER
from mailbot.mail.text.spelling_and_sentences import plain

# The documents that came with a message about a dispute: which of them are its form, and what was written in it.
#
# Only a ``.docx`` is opened, and only within limits. Whatever else looks meant as the form is named with the reason
# why it was not opened; any other attachment is nobody's business here, and is filed with its message.

MOST_FORMS = 3  # in one message
_LONGEST_NAME = 120
_MEANT = re.compile(r"form|appendix|pro-?forma|monitoring|recording", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:doc|docx|docm|dot|dotx|dotm|odt|rtf|pdf|pages|zip|jpe?g|png|heic|tiff?|gif|bmp)$", re.I)
_REFERENCE = re.compile(r"[A-Z]{1,6}-\d\d-\d{4,}")
# What a file is by its name, where it need not be looked into.
_BY_NAME: Mapping[str, str] = {
    ".doc": "it is an older kind of Word file (.doc)",
    ".dot": "it is an older kind of Word file (.dot)",
    ".docm": "it is a Word file of the kind that holds macros (.docm)",
    ".dotm": "it is a Word file of the kind that holds macros (.dotm)",
    ".dotx": "it is a Word template (.dotx)",
    ".pdf": "it is a PDF, and boxes cannot be read out of one for certain",
    ".odt": "it is not a Word document (.odt)",
    ".rtf": "it is not a Word document (.rtf)",
    ".pages": "it is not a Word document (.pages)",
    ".zip": "it is an archive (.zip)",
}
TWO_REFERENCES = "it carries the references of two disputes ({both})"


@dataclass(frozen=True, slots=True)
class FormsSent:
    """All by which a form may come: files, links as (address, words), and what the writer says of them."""

    attachments: Sequence[ReceivedAttachment] = ()
    links: Sequence[tuple[str, str]] = ()
    own: str = ""

    @property
    def says_form(self) -> bool:
        """Does the writer say that a form comes with the message?"""
        return any(
            _SAID_FORM.search(one) and _COMES.search(one) for one in re.split(r"(?<=[.!?])\s|\n", self.own[:_MOST_READ])
        )


def papers_in(sent: FormsSent, case: Case) -> tuple[Paper, ...]:
    """Returned forms: every file or link that is a form, or was meant as one. The case is as it stands when they
    arrive. Never raises."""
    said = sent.says_form
    found = [_paper(one, case, said) for one in sent.attachments]
    papers = [paper for paper in found if paper is not None] or _by_link(sent)
    return tuple(papers[:MOST_FORMS])


def _by_link(sent: FormsSent) -> list[Paper]:
    """A returned form that stands somewhere else: nothing is ever fetched from an address that a message gives."""
    lines = sent.own[:_MOST_READ].split("\n")
    written = [(found[0], line.replace(found[0], "")) for line in lines if (found := _ADDRESS.search(line))]
    for address, words in (*sent.links, *written):
        near = next((line for line in lines if words.strip() and words.strip() in line), words)
        named = _MEANT.search(words) or _MEANT.search(near)
        if named and (_IN_A_STORE.search(address) or _DOCUMENT.search(words.strip()) or sent.says_form):
            shown = words.strip(" :-\t")
            name = plain_words(shown, _LONGEST_NAME) if _DOCUMENT.search(shown) else "The form that you linked to"
            return [Paper(name, hashlib.sha256(address.encode()).hexdigest(), LINKED)]
    return []


_MOST_READ = 4_000
LINKED = "it is a link, and links are not opened here"
_PICTURED = "it is a picture, and boxes cannot be read out of one"
_EMAILED = "it is an attached email, and only the form itself can be read"
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_IN_A_STORE = re.compile(
    r"sharepoint|onedrive|1drv|docs\.google|drive\.google|forms\.|dropbox|box\.com|egnyte|huddle|wetransfer|\.docx?\b"
    r"|\.pdf\b|/:[wbxf]:/",
    re.I,
)
_SAID_FORM = re.compile(r"\b(?:forms?|pro-?forma|appendix|template|paperwork|ffurflen)\b", re.IGNORECASE)
_COMES = re.compile(
    r"\b(?:attach\w*|enclos\w*|complet\w*|fill\w*|here|link\w*|scan\w*|photo\w*|picture|find|sent|send\w*|return\w*"
    r"|below|done|upload\w*|atodi\w*|amgae\w*)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|heic|heif|avif|webp|tiff?|gif|bmp|jfif)$", re.IGNORECASE)
# What stands in signatures: logos and the pictures that Outlook numbers.
_ORNAMENT = re.compile(
    r"^(?:image\d{3}|outlook-\w|logo|icon|banner|signature|facebook|twitter|linkedin|instagram"
    r"|x_)",
    re.IGNORECASE,
)


def _is_file_meant(one: ReceivedAttachment, name: str) -> bool:
    """Whether a file is the returned form that a writer means who says that the form is attached."""
    return bool(_DOCUMENT.search(name) or _PICTURE.search(name) or is_email(one)) and not _ORNAMENT.match(name)


def _why_not(one: ReceivedAttachment, name: str, ending: str) -> str:
    if _PICTURE.search(name):
        return _PICTURED
    return _EMAILED if is_email(one) else _BY_NAME.get(ending) or "it is not a Word document"


def _paper(one: ReceivedAttachment, case: Case, said: bool) -> Paper | None:
    name = plain_words(one.name, _LONGEST_NAME) or ("An attached email" if is_email(one) else "")
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    meant = bool(_MEANT.search(name) and (_DOCUMENT.search(name) or _PICTURE.search(name)))
    meant = meant or case.dispute.reference.lower() in name.lower() or (said and _is_file_meant(one, name))
    digest = hashlib.sha256(one.content).hexdigest()
    if ending != ".docx" and not (one.content_type == WORD and ending not in _BY_NAME):
        return Paper(name, digest, _why_not(one, name, ending)) if meant else None
    try:
        written = read_word(one.content)
    except NotOpened as refused:
        return Paper(name, digest, str(refused)) if meant else None
    read = read_paper(written, name, digest, case)
    return read if read.reference or read.unread or meant else None


def read_paper(written: WrittenDocument, name: str, digest: str, case: Case) -> Paper:
    """A returned form that was opened, read: a document that was opened: what it says it is, and, where it belongs to
    the dispute, what was written in it."""
    said = (
        written.tagged.get(REFERENCE_TAG, ""),
        written.properties.get(REFERENCE, ""),
        value_beside(REFERENCE_LABEL, written),
    )
    references = dict.fromkeys(m[0] for words in said if (m := _REFERENCE.search(words.upper())))
    if len(references) > 1:
        return Paper(name, digest, TWO_REFERENCES.format(both=" and ".join(references)))
    reference = next(iter(references), "")
    form = _form_of(written, case.partnership)
    if reference != case.dispute.reference or form not in case.protocol.forms:
        return Paper(name, digest, reference=reference, form=form)
    today = case.calendar.local(case.now).date()
    now = sheet(form, case)
    return _Reading(written, now, case.dispute, today).paper(name, digest)


def _form_of(written: WrittenDocument, partnership: Partnership) -> str:
    """Which form was returned: the form's id as the document has it; where that is lost, the form that most of its
    labels are of."""
    tagged = (tag.removeprefix(f"{FORM_TAG}:") for tag in written.tagged if tag.startswith(f"{FORM_TAG}:"))
    if said := written.properties.get(FORM, "") or next(tagged, "") or written.tagged.get(FORM_TAG, ""):
        return said
    labels = {plain_label(row[0].text) for table in written.tables for row in table if row}
    counted = {
        form.id: sum(plain_label(field.label) in labels for field in form.fields)
        for form in partnership.protocol.forms.values()
    }
    best = max(counted, key=lambda name: counted[name], default="")
    return best if counted.get(best) else ""


# Each box of a form, found again in a document: by its tag; else by its label, in the order of the form.


@dataclass(frozen=True, slots=True)
class FoundBox:
    """What stands in one box: ``text``, or ``rows`` for a table, with nothing but written rows."""

    box: FormBox
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def whole(self) -> str:
        return "".join(cell for row in self.rows for cell in row) if self.box.columns else self.text


class _Reading:
    """One form held against what was sent out and what the record says now."""

    def __init__(self, written: WrittenDocument, now: FormSheet, dispute: Dispute, today: date) -> None:
        self._written, self._now, self._dispute, self._today = written, now, dispute, today
        self._marks = _marks(written.properties.get(WORD_MARKS, ""))
        self._taken: list[Taken] = []
        self._asks: list[str] = []
        self._kept: list[str] = []
        self._older: list[str] = []
        self._emptied: list[str] = []

    def paper(self, name: str, digest: str) -> Paper:
        for found in find_boxes(self._now.boxes, self._written):
            if self._is_touched(found):
                self._read(found)
        return Paper(
            name,
            digest,
            reference=self._now.reference,
            form=self._now.form,
            boxes=tuple(self._taken),
            asks=tuple(self._asks),
            kept=tuple(self._kept),
            older=tuple(self._older),
            emptied=tuple(self._emptied),
        )

    def _is_touched(self, found: FoundBox) -> bool:
        """Was a box of the returned form touched? Judged against the mark it was sent with. A document that has lost
        its marks is held against the record."""
        was = self._marks.get(found.box.key)
        return mark(found.whole) != (was if was is not None else mark_of(found.box))

    def _read(self, found: FoundBox) -> None:
        key, sent = found.box.key, self._marks.get(found.box.key)
        if found.box.by_bot:
            # Without its mark it may only be an older copy: the record has moved on since.
            self._kept += [key] if sent is not None else []
        elif not found.whole.strip():
            self._emptied += [key] if self._dispute.fields.get(key, "").strip() else []
        elif sent is None and mark(found.whole) in self._past(key):
            self._older.append(key)
        else:
            box, asks = take_box(found, self._today)
            self._taken += [box] if box is not None else []
            self._asks += asks

    def _past(self, key: str) -> set[str]:
        recorded = (e for e in self._dispute.history if isinstance(e, FieldRecorded) and e.key == key)
        return {mark(clean_box_text(event.value)) for event in recorded}


def _marks(text: str) -> Mapping[str, str]:
    try:
        read = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def find_boxes(boxes: tuple[FormBox, ...], written: WrittenDocument) -> tuple[FoundBox, ...]:
    """Boxes found in a returned form: the boxes that the document has, in the form's order. One that it has not is left
    out: nothing is said of it."""
    labelled = dict(_by_label(boxes, written))
    # Beside its label, a control has the cell to itself: what is written around it was meant for the same box.
    alone = {row[1].tags[0] for t in written.tables for row in t if len(row) == 2 and len(row[1].tags) == 1}
    found = []
    for box in boxes:
        if box.columns:
            rows = _by_tags(box, written)
            rows = labelled[box.key].rows if rows is None and box.key in labelled else rows
            if rows is not None:
                found.append(FoundBox(box, rows=rows))
        elif box.key in labelled and (box.key not in written.tagged or box.key in alone):
            found.append(labelled[box.key])
        elif box.key in written.tagged:
            found.append(FoundBox(box, written.tagged[box.key]))
    return tuple(found)


def _by_tags(box: FormBox, written: WrittenDocument) -> tuple[tuple[str, ...], ...] | None:
    """Boxes of a returned form found by tags: the rows of the table that holds this box's tags, from the first tagged
    row on: an added row has no tag."""
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


def _is_anothers(row: TableRow, start: str) -> bool:
    return any(not tag.startswith(start) for cell in row for tag in cell.tags)


def _written_in(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(row for row in rows if any(row))


def plain_label(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _by_label(boxes: tuple[FormBox, ...], written: WrittenDocument) -> Iterator[tuple[str, FoundBox]]:
    """Boxes of a returned form found by label: label in the first cell and value in the second, or a label across a
    table and its rows beneath. A label that the form has three times is met three times, in its order."""
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
                yield box.key, FoundBox(box, row[1].text)
            elif box.columns and len(row) == 1:
                waiting.remove(box)
                beneath = table[at + 1 :]  # past the row that names the columns
                yield (
                    box.key,
                    FoundBox(box, rows=_written_in(tuple(c.text for c in r) for r in _of_width(beneath, box))),
                )
                break


def _of_width(rows: Iterable[TableRow], box: FormBox) -> Iterator[TableRow]:
    for row in rows:
        if len(row) != len(box.columns):
            return
        yield row


def value_beside(label: str, written: WrittenDocument) -> str:
    """A returned form's value beside a label: what stands beside ``label`` in the first row that has it; "" for
    nothing."""
    rows = (row for table in written.tables for row in table if len(row) > 1)
    return next((row[1].text for row in rows if plain_label(row[0].text) == plain_label(label)), "")


# What people wrote in a box, as what is recorded of it: text, an actual date, or actions with actual dates.
#
# "Actual date not ASAP" (NSSCP Appendix 1): a date that names no day is asked about, by what it was written for; the
# rest of the row is kept. A date with two readings is asked about as well, and never guessed.

LONGEST_BOX = 20_000  # characters
_NO_ACTIONS = frozenset({"none", "nil", "no actions", "no action", "none agreed", "nothing agreed", "n a", "na"})
_WORD = re.compile(r"\w")
_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
# Beside a date: a number or one of these words may be half of another ("11 or 14 September").
_ANOTHER = re.compile(r"\d|\b(?:or|between|either|and|to)\b", re.IGNORECASE)
# Kept as written: no clock runs from it, and an adult's lies before any year that the reader of dates looks for.
_NOT_A_CLOCKS_DATE = frozenset({"child_dob"})
_DATES = frozenset({"decision_on"})


@dataclass(frozen=True, slots=True)
class WrittenDay:
    """``on`` None with ``why``: what stood there is no actual date."""

    on: date | None
    why: str = ""


def take_box(found: FoundBox, today: date) -> tuple[Taken | None, tuple[str, ...]]:
    """Takes one box of a returned form: what is recorded of it, if anything is, and what has to be asked."""
    box = found.box
    if len(found.whole) > LONGEST_BOX:
        return None, (f"{box.label}: it has more than {LONGEST_BOX:,} characters, and was not taken.",)
    if box.dated is not None:
        return _actions(found, today)
    if box.columns:
        return Taken(box.key, "\n".join(" | ".join(_one_line(cell) for cell in row) for row in found.rows)), ()
    if (box.kind == "date" and box.key not in _NOT_A_CLOCKS_DATE) or box.key in _DATES:
        day = day_in(found.text, today, ahead=False)
        if day.on is None:
            return None, (f"{box.label}: {day.why}.",)
        return Taken(box.key, day.on.isoformat()), ()
    return Taken(box.key, found.text), ()


def _one_line(cell: str) -> str:
    return " ".join(cell.replace("|", "/").split())


def day_in(text: str, today: date, ahead: bool = True) -> WrittenDay:
    """The day written in a returned form's box: the one day that ``text`` names, as people in Britain write it."""
    said = " ".join(text.split())
    if not said:
        return WrittenDay(None, "no actual date was given")
    dates = find_dates(said[:200], today, ahead=ahead)
    days = {one.on for one in dates if one.on}
    doubt = next((one.doubt for one in dates if one.on and one.doubt), "")
    rest = _TIME.sub(" ", said[:200])
    for one in dates:
        rest = rest.replace(one.words, " ")
    if len(days) == 1 and not doubt and not _ANOTHER.search(rest):
        return WrittenDay(days.pop())
    if days:
        return WrittenDay(None, f"“{said[:80]}” could be more than one day{f' ({doubt})' if doubt else ''}")
    if plain(said) in NOT_AN_ANSWER or not _WORD.search(said):
        return WrittenDay(None, f"“{said[:80]}” is not an actual date")
    return WrittenDay(None, f"“{said[:80]}” does not name an actual date")


def _actions(found: FoundBox, today: date) -> tuple[Taken | None, tuple[str, ...]]:
    """Actions written in a returned form: every row with anything in it, and a sentence for each that lacks its date or
    its deed."""
    rows = [tuple(cell.strip() for cell in row) for row in found.rows]
    if len(rows) == 1 and plain(rows[0][0]) in _NO_ACTIONS and not any(rows[0][1:]):
        return Taken(found.box.key, rows[0][0]), ()
    actions, asks = [], []
    for what, who, by in rows:
        day = day_in(by, today)
        if day.on is None:
            asks.append(f"{what or who}: {day.why}.")
        elif day.on < today:
            asks.append(f"{what or who}: {date_words(day.on)} has passed already. Is it done, or is another day meant?")
        if not what:
            asks.append(f"{who or by}: the row does not say what will be done.")
        actions.append(Action(what, who, day.on))
    return Taken(found.box.key, box_shown(actions), tuple(actions)), tuple(asks)


def box_shown(actions: Iterable[Action]) -> str:
    """A returned form's box as shown: one line for each: "Visit at home (Tobias Fenn), by 11 September 2026"."""
    return "\n".join(
        f"{a.what or '(not said)'}{f' ({a.who})' if a.who else ''}, "
        f"{f'by {date_words(a.by)}' if a.by else 'no actual date yet'}"
        for a in actions
    )
