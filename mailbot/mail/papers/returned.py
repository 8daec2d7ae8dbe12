"""The documents that came with a message about a dispute: which of them are its form, and what was written in it.

Only a ``.docx`` is opened, and only within limits. Whatever else looks meant as the form is named with the reason why
it was not opened; any other attachment is nobody's business here, and is filed with its message.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

from mailbot.core.happened.dispute import Dispute
from mailbot.core.happened.events import FieldRecorded
from mailbot.core.happened.intents import Box as Taken
from mailbot.core.happened.intents import Paper
from mailbot.core.procedure.partnership import Partnership
from mailbot.mail.arriving.body import Attachment
from mailbot.mail.papers.boxes_read import Found, find_boxes, plain_label, value_beside
from mailbot.mail.papers.controls import Written, read_word
from mailbot.mail.papers.package import WORD, NotOpened
from mailbot.mail.papers.sheet import Sheet, clean, mark, mark_of, sheet
from mailbot.mail.papers.taking import take
from mailbot.mail.papers.word_form import FORM_TAG, REFERENCE_LABEL, REFERENCE_TAG
from mailbot.mail.papers.word_parts import FORM, MARKS, REFERENCE
from mailbot.mail.writing.wording import plain

MOST_FORMS = 3  # in one message
LONGEST_NAME = 120
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


def papers_in(
    attachments: Sequence[Attachment], dispute: Dispute, partnership: Partnership, today: date
) -> tuple[Paper, ...]:
    """Every attachment that is a form, or was meant as one. ``today`` is the local day of arrival. Never raises."""
    found = (_paper(one, dispute, partnership, today) for one in attachments)
    return tuple(paper for paper in found if paper is not None)[:MOST_FORMS]


def _paper(one: Attachment, dispute: Dispute, partnership: Partnership, today: date) -> Paper | None:
    name = plain(one.name, LONGEST_NAME)
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    meant = bool(_MEANT.search(name) and _DOCUMENT.search(name)) or dispute.reference.lower() in name.lower()
    digest = hashlib.sha256(one.content).hexdigest()
    if ending != ".docx" and not (one.content_type == WORD and ending not in _BY_NAME):
        why = _BY_NAME.get(ending) or "it is not a Word document"
        return Paper(name, digest, why) if meant else None
    try:
        written = read_word(one.content)
    except NotOpened as refused:
        return Paper(name, digest, str(refused)) if meant else None
    read = read_paper(written, name, digest, dispute, partnership, today)
    return read if read.reference or read.unread or meant else None


def read_paper(
    written: Written, name: str, digest: str, dispute: Dispute, partnership: Partnership, today: date
) -> Paper:
    """A document that was opened: what it says it is, and, where it belongs to ``dispute``, what was written in it."""
    said = (
        written.tagged.get(REFERENCE_TAG, ""), written.properties.get(REFERENCE, ""),
        value_beside(REFERENCE_LABEL, written),
    )  # fmt: skip
    references = dict.fromkeys(m[0] for words in said if (m := _REFERENCE.search(words.upper())))
    if len(references) > 1:
        return Paper(name, digest, TWO_REFERENCES.format(both=" and ".join(references)))
    reference = next(iter(references), "")
    form = _form_of(written, partnership)
    if reference != dispute.reference or form not in partnership.protocol.forms:
        return Paper(name, digest, reference=reference, form=form)
    now = sheet(form, dispute, partnership.protocol, partnership.calendar, today)
    return _Reading(written, now, dispute, today).paper(name, digest)


def _form_of(written: Written, partnership: Partnership) -> str:
    """The form's id as the document has it; where that is lost, the form that most of its labels are of."""
    said = written.properties.get(FORM, "") or written.tagged.get(FORM_TAG, "")
    if said:
        return said
    labels = {plain_label(row[0].text) for table in written.tables for row in table if row}
    counted = {
        form.id: sum(plain_label(field.label) in labels for field in form.fields)
        for form in partnership.protocol.forms.values()
    }
    best = max(counted, key=lambda name: counted[name], default="")
    return best if counted.get(best) else ""


class _Reading:
    """One form held against what was sent out and what the record says now."""

    def __init__(self, written: Written, now: Sheet, dispute: Dispute, today: date) -> None:
        self._written, self._now, self._dispute, self._today = written, now, dispute, today
        self._marks = _marks(written.properties.get(MARKS, ""))
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
            name, digest, reference=self._now.reference, form=self._now.form, boxes=tuple(self._taken),
            asks=tuple(self._asks), kept=tuple(self._kept), older=tuple(self._older), emptied=tuple(self._emptied),
        )  # fmt: skip

    def _is_touched(self, found: Found) -> bool:
        """Against the mark it was sent with. A document that has lost its marks is held against the record."""
        was = self._marks.get(found.box.key)
        return mark(found.whole) != (was if was is not None else mark_of(found.box))

    def _read(self, found: Found) -> None:
        key, sent = found.box.key, self._marks.get(found.box.key)
        if found.box.by_bot:
            # Without its mark it may only be an older copy: the record has moved on since.
            self._kept += [key] if sent is not None else []
        elif not found.whole.strip():
            self._emptied += [key] if self._dispute.fields.get(key, "").strip() else []
        elif sent is None and mark(found.whole) in self._past(key):
            self._older.append(key)
        else:
            box, asks = take(found, self._today)
            self._taken += [box] if box is not None else []
            self._asks += asks

    def _past(self, key: str) -> set[str]:
        recorded = (e for e in self._dispute.history if isinstance(e, FieldRecorded) and e.key == key)
        return {mark(clean(event.value)) for event in recorded}


def _marks(text: str) -> Mapping[str, str]:
    try:
        read = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}
