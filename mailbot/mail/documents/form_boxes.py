"""A form of a protocol filled from a dispute's record, as values: what will stand in each box before anybody writes;
the boxes as a letter shows them; and a form that came back, as its letter tells it.

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
from mailbot.core.decisions.after_closing import counted
from mailbot.core.decisions.stages import is_partnership_stage
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Form, FormField, Protocol
from mailbot.core.procedure.working_days import Calendar
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute
from mailbot.core.record.events import DisputeClosed, Event, StageEntered
from mailbot.core.record.events_of_mail import FormNotRead, FormReturned
from mailbot.core.record.intents import Action, Person
from mailbot.core.record.parties import Party
from mailbot.mail.letters.recorded_so_far import RecordRow, value_shown
from mailbot.mail.letters.speaker import ActionRow, Speaker, speaker_of
from mailbot.mail.letters.wording import date_words, day_long, listed, paragraphs_shown, plain_words
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


# Boxes that are filled on an agency's own copy, or by a hand.
NOT_SENT = frozenset({"child_name", "child_dob", "child", "child_ref", "signed"})


def form_file(reference: str, name: str) -> str:
    """What the form is called as a file: no name of anybody (G4)."""
    return f"{reference}-{name}.docx"


def form_rows(name: str, case: Case, say: Speaker) -> tuple[RecordRow, ...]:
    """The boxes of a form as rows, with what is recorded for each, "" where nothing is; the child by initials alone."""
    rows, dispute = [], case.dispute
    for field in case.protocol.forms[name].fields:
        if field.key in NOT_SENT or (field.stage and all(v.stage != field.stage for v in dispute.visits)):
            continue
        rows.append(RecordRow(field.label, filled(field.key, _boxed(field.key, dispute, say), case, say)))
    return tuple(rows)


def _boxed(key: str, dispute: Dispute, say: Speaker) -> str:
    if key == "agencies":
        return listed(plain_words(name, 120) for name in (dispute.raising, *dispute.receiving_agencies) if name)
    if key.startswith("actions:"):
        rows = say.actions(actions_in_box(key, dispute))
        return "; ".join(_action_shown(row) for row in rows)
    if key.startswith("unresolved:"):
        return paragraphs_shown("\n".join(unresolved_views(key, dispute, say)), _LONGEST)
    return value_shown(dispute.fields[key], say) if dispute.fields.get(key, "").strip() else ""


def _action_shown(row: ActionRow) -> str:
    who = f" ({row.who})" if row.who else ""
    return f"{row.what}{who}, by {row.by}" if row.by and not row.lasts else f"{row.what}{who}"


def actions_in_box(key: str, dispute: Dispute) -> tuple[Action, ...]:
    """Actions for a form's box of them (``key``): row by row where it came so; as one line where it
    was written as one; else what waits to be confirmed or has been agreed; else what was decided."""
    if key in dispute.agreed:
        return dispute.agreed[key]
    if dispute.fields.get(key, "").strip():
        return (Action(dispute.fields[key]),)
    if key != f"actions:{dispute.stage}":
        return ()
    if dispute.is_open:
        return dispute.proposal.actions if dispute.proposal else ()
    return dispute.actions or _decided(dispute)


def _decided(dispute: Dispute) -> tuple[Action, ...]:
    closing = next((event for event in reversed(dispute.history) if isinstance(event, DisputeClosed)), None)
    return (Action(closing.words),) if closing and closing.words else ()


def unresolved_views(key: str, dispute: Dispute, say: Speaker) -> tuple[str, ...]:
    """For a form's box of what is unresolved at a stage (``key``, "unresolved:2"): by whoever moved it up, and beside
    it the view of any other side, with its agency."""
    own = (say.words(dispute.fields.get(key, "")),)
    beside = (
        f"{_side_of(other, dispute)}: {say.words(words)}"
        for other, words in dispute.fields.items()
        if other.startswith(f"{key}:") and words.strip() and words not in dispute.fields.get(key, "")
    )
    return tuple(words for words in (*own, *beside) if words)


def _side_of(key: str, dispute: Dispute) -> str:
    names = (dispute.raising,) if key.endswith(":raising") else dispute.receiving_agencies
    return plain_words(listed(names), 120) or "The other side"


REFERRER, CONTACT = "referrer", "referrer_contact"


# Boxes that the record itself can fill: who refers and how to reach them, when it was passed on, and how each stage
# ended. A value that somebody wrote for the box comes first; to how somebody is reached it adds the rest.


def filled(key: str, written: str, case: Case, say: Speaker) -> str:
    """What a form's box ``key`` holds, in words: ``written`` for it, else what the record has for it; "" when that has
    nothing."""
    if key == CONTACT:
        by = referrer(case.dispute, case.protocol)
        given = case.dispute.fields.get(CONTACT, "").strip()  # unveiled: it is theirs, and what the box is for
        reach = (given, telephone(by, case), by.address)
        return ", ".join(plain_words(one, 120) for n, one in enumerate(reach) if one and one not in "".join(reach[:n]))
    return written or _by_the_record(key, case, say)


def telephone(person: Person, case: Case) -> str:
    """For a form's box, the telephone number of somebody, as the directory has it; "" where it has none."""
    officer = case.directory.find_officer(person.address)
    return officer.phone if officer is not None else ""


def _by_the_record(key: str, case: Case, say: Speaker) -> str:
    dispute, protocol, calendar = case.dispute, case.protocol, case.calendar
    bare, _, part = key.partition(":")
    if bare == REFERRER:
        by = referrer(dispute, protocol)
        return ", ".join(plain_words(word, 120) for word in (by.name, by.designation, by.agency) if word)
    if bare == "sent_to":
        through = (v.entered for v in dispute.visits if protocol.stages[v.stage].sent_through == part)
        entered = next(through, None)
        return say.day(entered.astimezone(say.zone).date()) if entered else ""
    if (agreed := _agreed_at(key, part, dispute, protocol, say)) != "":
        return agreed
    if bare == "outcome" and any(v.stage == part and v.left for v in dispute.visits):
        remains = dispute.fields.get(f"unresolved:{part}", "")
        return f"Not resolved: {say.words(remains)}".strip(": ") if dispute.stage != part or dispute.is_open else ""
    if bare == "stage_started":
        begun = next((v.entered for v in dispute.visits if v.stage == part), None)
        return say.day(calendar.local(begun).date()) if begun else ""
    if bare == "people":
        began = {v.stage: say.day(calendar.local(v.entered).date()) for v in reversed(dispute.visits)}
        return "; ".join(_involved(party.person, party.role, protocol, began) for party in dispute.parties)
    return _at_the_end(bare, dispute, protocol, calendar) if dispute.closed else ""


def referrer(dispute: Dispute, protocol: Protocol) -> Person:
    """Who referred it, for a form's box: whoever had it moved to the partnership; else whoever raised it."""
    entered = [past for past in reversed(dispute.history) if isinstance(past, StageEntered) and past.by]
    at_last = (past.by for past in entered if is_partnership_stage(protocol.stages[past.stage]))
    found = (party.person for by in at_last if (party := dispute.party(by)) and party.side is Side.RAISING)
    return next(found, next((p.person for p in dispute.filling("raiser")), Person()))


def _agreed_at(key: str, stage: str, dispute: Dispute, protocol: Protocol, say: Speaker) -> str:
    """What was agreed at ``stage``, for a form's box with fill = "agreed" that nobody has filled in."""
    wanted = any(f.key == key and f.fill == "agreed" for form in protocol.forms.values() for f in form.fields)
    proposal = dispute.proposal
    return say.words(proposal.agreed) if wanted and proposal is not None and proposal.stage == stage else ""


def _involved(person: Person, role: str, protocol: Protocol, began: Mapping[str, str]) -> str:
    """Everybody involved, in a form's box: name, designation, agency, stage and date ("Desmond Oakes, Head Teacher,
    Larkfield Primary School, Stage 2 from Tuesday 8 September 2026"; NSSCP Appendix 1 "Date and Stage"); of a stage
    that has not begun, its name alone. ``began``: on which day each stage began."""
    stages = [s.id for s in protocol.stages.values() if role in (*s.raising, *s.receiving)]
    stage = next((f"{protocol.stage_name(s)}{f' from {began[s]}' if s in began else ''}" for s in stages), "")
    return ", ".join(plain_words(w, 120) for w in (person.shown, person.designation, person.agency, stage) if w)


def _ended_at(dispute: Dispute) -> str:
    """The stage at which a dispute that is closed ended, for a form's box: an earlier one than the present, where it
    was settled there in time and told late."""
    ends = [past.stage for past in counted(dispute) if isinstance(past, e.DisputeClosed)]
    return ends[-1] if ends else dispute.stage


def _at_the_end(key: str, dispute: Dispute, protocol: Protocol, calendar: Calendar) -> str:
    """How each stage ended, in a form's box: the stage and the days as they were, also where the printed form
    offers no such choice (NS-36)."""
    if dispute.closed is None:
        return ""
    days = calendar.working_days_between(calendar.local(dispute.raised).date(), calendar.local(dispute.closed).date())
    marks = [str(given.helpful) for given in dispute.feedback if given.helpful is not None]
    return {
        "final_stage": protocol.stage_name(_ended_at(dispute)),
        "days_taken": f"{days} working day{'' if days == 1 else 's'}",
        "feedback": ", ".join(f"{mark} of 5" for mark in marks),
    }.get(key, "")


_LONGEST = 400  # characters of a box in the letter; the whole is in the attached form
_KEPT_BACK = "recorded, and not repeated in letters"


@dataclass(frozen=True, slots=True)
class BoxRow:
    """``was`` "" for a box that was empty."""

    label: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class FormTold:
    """``unread`` says why nothing was recorded; ``recorded`` False beside ``changed`` means that it is a view."""

    name: str = ""
    unread: str = ""
    recorded: bool = False
    changed: tuple[BoxRow, ...] = ()
    lacks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = ()


_BY_BOT = "this mailbox fills it in from the record, so it was left as it is. To change the record, reply and say what"
_OLDER = "it holds what the record said before, so the newer words were left. To put it back, reply CORRECT"
_EMPTIED = "it was emptied, and nothing is ever erased that way. To change it, write the right words in it"
NO_FORM = FormTold()


def tell_form(event: Event, say: Speaker) -> FormTold:
    if isinstance(event, FormNotRead):
        return FormTold(plain_words(event.name, 120), plain_words(event.why, 300))
    if not isinstance(event, FormReturned):
        return NO_FORM
    labels = labels_of(say.protocol.forms[event.form], say.protocol)
    changed = tuple(
        BoxRow(labels.get(c.key, c.key), _shown(c.key, c.was, say), _shown(c.key, c.becomes, say))
        for c in event.changes
    )
    return FormTold(
        plain_words(event.name, 120),
        recorded=event.recorded,
        changed=changed,
        lacks=tuple(labels.get(key, key) for key in event.missing),
        asks=tuple(plain_words(say.words(sentence), 400) for sentence in event.asks),
        not_taken=tuple(_not_taken(event, labels)),
    )


def labels_of(form: Form, protocol: Protocol) -> dict[str, str]:
    """Labels of a form's recorded boxes: each key's published label; with its stage, where the form has the same label
    more than once."""
    labels = [field.label for field in form.fields]
    return {
        f.key: f"{f.label} ({protocol.stage_name(f.stage)})" if f.stage and labels.count(f.label) > 1 else f.label
        for f in form.fields
    }


def _not_taken(event: FormReturned, labels: dict[str, str]) -> Iterable[str]:
    for keys, why in ((event.kept, _BY_BOT), (event.older, _OLDER), (event.emptied, _EMPTIED)):
        yield from (f"{labels.get(key, key)}: {why}." for key in keys)


def _shown(key: str, value: str, say: Speaker) -> str:
    if not value.strip():
        return ""
    if key in NOT_SENT:
        return _KEPT_BACK
    try:
        return day_long(date.fromisoformat(value))
    except ValueError:
        return paragraphs_shown(veil_of(say.dispute).free(value), _LONGEST)
