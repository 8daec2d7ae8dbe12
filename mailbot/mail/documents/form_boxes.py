"""A form of a protocol filled from a dispute's record, as values: what will stand in each box before anybody writes.

The fields come from the protocol's own file, in its order and under its labels, so a partnership nobody has seen has a
form as well. Nothing is put into a box that the record does not hold. The child's full name, their date of birth and a
signature stay blank in whatever is sent (G4): they are written on an agency's own copy.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mailbot.core.clocks.case import Case
from mailbot.core.procedure.protocol import Form, FormField, Protocol
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.intents import Action
from mailbot.core.record.parties import Party
from mailbot.mail.letters.recorded_so_far import NOT_SENT, actions_in_box, filled, unresolved_views
from mailbot.mail.letters.speaker import Speaker, speaker_of
from mailbot.mail.letters.wording import date_words, day_long, listed
from mailbot.mail.veil.known_names import veil_of

ACTION_COLUMNS = ("What will be done", "Who will do it", "Actual date")
WRITE, WRITE_SHORT, DAY, CHOOSE = "Click or tap here to write.", "Write here.", "Day, month and year", "Choose one."
SIGN = "Signed by hand on the printed copy."
PRIVATE = "Left blank by this mailbox on purpose. Write it on your agency's own copy."
LATER = "Filled in by this mailbox from the record."
NOTHING_RECORDED = "Nothing was recorded."
PROMPTS = frozenset({WRITE, WRITE_SHORT, DAY, CHOOSE, SIGN, PRIVATE, LATER, NOTHING_RECORDED})
# Keys whose part names a stage's own account ("summary:2"), and not a date or an address of it ("stage_started:2").
_OF_A_STAGE = frozenset({"summary", "actions", "unresolved", "actions_taken", "outcome", "learning"})
# XML cannot carry these; and the marks that turn letters round are for hiding what a line says.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class FormBox:
    """One box. ``text`` is "" where nothing is recorded; a table has ``columns`` and ``rows`` instead."""

    key: str
    label: str
    kind: str  # "text", "date", "choice", "table"
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    choices: tuple[str, ...] = ()
    by_bot: bool = False
    prompt: str = WRITE
    section: str = ""  # heading it stands under, "" for none of its own
    tall: bool = False

    @property
    def dated(self) -> int | None:
        """The column that holds a date, if one does."""
        return len(self.columns) - 1 if self.columns == ACTION_COLUMNS else None


def boxes(form: Form, case: Case, say: Speaker) -> Iterable[FormBox]:
    """The boxes of a form, filled: the boxes of ``form`` in its order, with what the record holds for each."""
    dispute, protocol = case.dispute, case.protocol
    for field in form.fields:
        shape = shaped(field, protocol)
        if field.key in NOT_SENT:
            yield shape
        elif shape.kind == "table":
            rows = _rows(field, shape.columns, dispute, protocol, say)
            yield replace(shape, rows=tuple(tuple(clean_box_text(cell) for cell in row) for row in rows))
        else:
            said = filled(field.key, _written(field.key, dispute, say), case, say)
            yield replace(shape, text=clean_box_text(said))


def shaped(field: FormField, protocol: Protocol) -> FormBox:
    """The box of a field while nothing stands in it."""
    part = field.key.partition(":")
    of = field.stage or (part[2] if part[0] in _OF_A_STAGE and part[2] in protocol.stages else "")
    section = f"{protocol.stage_name(of)}: {protocol.stages[of].name}" if of else ""
    by_bot = field.fill == "bot"
    columns: tuple[str, ...] = ()
    if field.kind == "dated actions":
        columns = ACTION_COLUMNS
    elif field.repeat:
        columns = field.parts or (field.label,)
    choices = field.choices if field.kind == "choice" else ("Yes", "No") if field.kind == "yes/no" else ()
    kind = "table" if columns else "choice" if choices else "date" if field.kind == "date" else "text"
    prompt = {"date": DAY, "choice": CHOOSE}.get(kind, WRITE)
    if field.key in NOT_SENT:
        prompt = SIGN if field.key == "signed" else PRIVATE
    return FormBox(
        field.key,
        field.label,
        kind,
        columns=columns,
        choices=choices,
        by_bot=by_bot,
        prompt=LATER if by_bot else prompt,
        section=section,
        tall=kind == "text" and not by_bot and field.kind == "text" and field.key not in _SHORT,
    )


def clean_box_text(text: str) -> str:
    """The text of a form's box: as it can stand in a document: line ends of one kind, no controls, nothing else
    changed."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text)).strip()


def _written(key: str, dispute: Dispute, say: Speaker) -> str:
    """What was written for a form's box: what somebody gave for this box, whole; the child in it by initials."""
    if key == "agencies":
        return listed(name for name in (dispute.raising, *dispute.receiving_agencies) if name)
    if key.startswith("unresolved:"):
        return "\n".join(unresolved_views(key, dispute, say))
    said = dispute.fields.get(key, "").strip()
    try:
        return day_long(date.fromisoformat(said)).partition(" ")[2]
    except ValueError:
        return veil_of(dispute).free(said)


def _rows(
    field: FormField, columns: tuple[str, ...], dispute: Dispute, protocol: Protocol, say: Speaker
) -> Iterable[tuple[str, ...]]:
    if field.key == "people":
        return dict.fromkeys(_person(party, columns, dispute, protocol, say) for party in dispute.parties)
    if field.kind == "dated actions":
        return action_rows(actions_in_box(field.key, dispute), dispute)
    said = dispute.fields.get(field.key, "").strip()
    return (tuple(veil_of(dispute).free(line).split(" | ")) for line in said.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A whole form, ready for paper; hashable, so that one is made once however many people get it."""

    partnership: str
    title: str
    clause: str
    reference: str
    form: str
    source: str
    risk: str
    proposed: bool
    stage: str
    made: str
    boxes: tuple[FormBox, ...]
    closed: bool = False  # it is for the record: nobody writes in it any more


def sheet(name: str, case: Case) -> FormSheet:
    """A form's sheet of boxes: the form ``name`` of this dispute as the record stands, and the day it was made."""
    dispute, protocol = case.dispute, case.protocol
    form, say = protocol.forms[name], speaker_of(dispute, protocol, case.calendar.zone)
    stage = protocol.stages[dispute.stage]
    return FormSheet(
        protocol.partnership,
        form.title,
        form.clause,
        dispute.reference,
        form.id,
        f"{protocol.name}, version in force from {date_words(protocol.published.in_force)}",
        protocol.risk.line,
        form.proposed,
        f"{protocol.stage_name(stage.id)}: {stage.name}" if dispute.is_open else "Closed",
        date_words(case.calendar.local(case.now).date()),
        tuple(box if dispute.is_open else _ended(box) for box in boxes(form, case, say)),
        not dispute.is_open,
    )


def _ended(box: FormBox) -> FormBox:
    """A form's box after the end: what is empty says so, but for what an agency writes on its own copy by hand."""
    return box if box.key in NOT_SENT else replace(box, by_bot=True, prompt=NOTHING_RECORDED)


_SHORT = frozenset({"child_name", "signed", "referrer", "referrer_contact", "child", "child_ref"})


def action_rows(actions: Iterable[Action], dispute: Dispute) -> tuple[tuple[str, str, str], ...]:
    hidden = veil_of(dispute)
    return tuple((hidden.free(a.what), hidden.free(a.who), date_words(a.by) if a.by else "") for a in actions)


def _person(
    party: Party, parts: tuple[str, ...], dispute: Dispute, protocol: Protocol, say: Speaker
) -> tuple[str, ...]:
    """A person's row in a form's box: one person's row, each part under whichever of the form's own words it answers
    to."""
    stage = next((s for s in protocol.stages.values() if party.role in (*s.raising, *s.receiving)), None)
    entered = next((v.entered for v in dispute.visits if stage and v.stage == stage.id), None)
    day = date_words(entered.astimezone(say.zone).date()) if entered else ""
    values: Mapping[str, str] = {
        "name": party.person.shown,
        "designation": party.person.designation,
        "agency": party.person.agency or dispute.agency_of(party),
        "date": ", ".join(word for word in (day, protocol.stage_name(stage.id) if stage else "") if word),
    }
    return tuple(next((said for word, said in values.items() if word in part.lower()), "") for part in parts)


def mark(text: str) -> str:
    """The mark of a form's box: what is compared to see whether a box was touched: programs move blanks about, and
    nothing else."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:12]


def mark_of(box: FormBox) -> str:
    return mark("".join(cell for row in box.rows for cell in row) if box.columns else box.text)
