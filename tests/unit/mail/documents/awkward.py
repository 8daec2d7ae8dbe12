"""Forms and disputes made up at random, from a seed, with the text that people and computers really produce."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from mailbot.core.clocks.case import Case
from mailbot.core.partnership.partnership import Partnership
from mailbot.core.procedure.closed_lists import Side
from mailbot.core.procedure.protocol import Form, FormField
from mailbot.core.record import events as e
from mailbot.core.record.dispute import Dispute, fold
from mailbot.core.record.intents import Action
from mailbot.mail.documents.form_boxes import FormSheet, sheet
from tests.people import ADDRESS, CSC, DIRECTORY, SCHOOL
from tests.sites import partnership_for

TODAY = date(2026, 9, 9)
ARRIVES = datetime(2026, 9, 9, 10, tzinfo=UTC)
AT = datetime(2026, 9, 8, 16, tzinfo=UTC)
SHIPPED = ("north-somerset", "sunderland", "gloucestershire", "plymouth")
PIECES: Sequence[str] = (
    'She said "no" & left',
    "<w:t>not a tag</w:t>",
    "a < b > c && d",
    "it's the school’s “view”",
    "£20 – 50%",
    "\U0001f469\u200d\u2695\ufe0f 🏫 seen",
    "مرحبا بالطفل",
    "שלום",
    "Mae'r plentyn wedi dweud ŵ ŷ wrth ei nain",
    "naïve façade Zoë Åse",
    "{{ reference }} {% if %}",
    "${HOME} `ls` $(id)",
    "=cmd|' /C calc'!A0",
    "first line\nsecond line",
    "one\n\ntwo",
    "col\tcol\tcol",
    "C:\\temp\\new",
    "2026-09-11",
    "11/09/26",
    "]]> &amp; &#60;",
    "e\u0301 and é",
    "a\u00a0b",
    "日本語の記録",
    "x" * 300,
    "ASAP",
    "%s %d {0}",
    "Stage 2: none",
    "- a\n- b\n- c",
    "line ending with spaces   \nnext",
)
LABELS = ("Views of the agency", "What “next”?", "A & B <both>", "Barn y plentyn")
CONTROLS = ("\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\u202e", "\ud800", "\uffff", "\r\n")


@dataclass(frozen=True)
class Made:
    """A dispute with one form of its partnership, as it is sent out."""

    partnership: Partnership
    dispute: Dispute
    form: Form
    sheet: FormSheet


@cache
def _partnership(name: str) -> Partnership:
    return partnership_for(name, TODAY)


def text(dice: random.Random, controls: bool = False) -> str:
    if dice.random() < 0.03:
        return ("Long words, and many of them. " * 140)[:4000].strip()
    pieces = dice.sample(PIECES, dice.randint(1, 4))
    if controls:
        pieces.insert(dice.randint(0, len(pieces)), dice.choice(CONTROLS))
    return dice.choice((" ", "\n", " ; ")).join(pieces).strip()


def day(dice: random.Random) -> date:
    return TODAY + timedelta(days=dice.randint(0, 90))


def _invented(dice: random.Random, stages: Sequence[str]) -> Form:
    """A form nobody has seen: labels with anything in them, of every kind there is."""
    fields = []
    for number in range(dice.randint(3, 12)):
        kind = dice.choice(("text", "text", "text", "date", "choice", "yes/no", "number", "dated actions"))
        label = (
            f"{number + 1}. {dice.choice(('Views of the agency', 'What “next”?', 'A & B <both>', 'Barn y plentyn'))}"
        )
        key = f"box_{number}" if dice.random() < 0.7 else f"summary:{dice.choice(stages)}_{number}"
        choices = ("Low & slow", "High", "<none>") if kind == "choice" else ()
        fields.append(FormField(label, key, kind, choices=choices, stage=dice.choice(("", *stages))))
    fields.append(FormField("Who came", "came", repeat=True, parts=("Name", "From")))
    return Form("own-form", 'A "form" & more', (stages[-1],), tuple(fields), proposed=True)


def made(seed: int) -> Made:
    """The same for the same seed. Every fifth is of an invented form."""
    dice = random.Random(seed)
    partnership = _partnership(SHIPPED[seed % 4])
    protocol = partnership.protocol
    if seed % 5 == 4:
        form = _invented(dice, protocol.order())
        partnership = replace(partnership, protocol=replace(protocol, forms={form.id: form}))
    form = next(iter(partnership.protocol.forms.values()))
    dispute = fold([*_begun(partnership, form), *_written(dice, form)])
    made_of = sheet(form.id, Case(dispute, partnership, partnership.calendar.morning_of(TODAY)))
    return Made(partnership, dispute, form, made_of)


def _begun(partnership: Partnership, form: Form) -> list[e.Event]:
    protocol, stage = partnership.protocol, partnership.protocol.stages[form.stages[0]]
    raiser, other = DIRECTORY.person(ADDRESS["hartwell"]), DIRECTORY.person(ADDRESS["fenn"])
    return [
        e.DisputeOpened(
            at=AT,
            reference=f"{protocol.prefix}-26-0012",
            partnership=protocol.id,
            protocol=protocol.id,
            version=protocol.version,
            raised=AT,
            raiser=raiser,
            raising=SCHOOL,
            receiving=CSC,
            child="K.W.",
        ),
        e.StageEntered(at=AT, stage=protocol.usual_start(), how="opening"),
        e.PersonRecorded(at=AT, role="raiser", side=Side.RAISING, person=raiser),
        e.PersonRecorded(at=AT, role="responder", side=Side.RECEIVING, person=other),
        *(
            e.PersonRecorded(at=AT, role=role, side=side, person=DIRECTORY.person(ADDRESS[who]))
            for roles, side, who in ((stage.raising, Side.RAISING, "oakes"), (stage.receiving, Side.RECEIVING, "peake"))
            for role in roles[:1]
        ),
        e.StageEntered(at=AT, stage=stage.id, how="asked"),
    ]


def _written(dice: random.Random, form: Form) -> list[e.Event]:
    """Half of the boxes hold something already, some of it with signs that no document can carry."""
    events: list[e.Event] = []
    for field in form.fields:
        if field.fill == "bot" or dice.random() < 0.5:
            continue
        if field.kind == "dated actions":
            actions = tuple(Action(text(dice), "A. Quill", day(dice)) for _ in range(dice.randint(1, 6)))
            events.append(e.ActionsRecorded(at=AT, key=field.key, actions=actions, words="as agreed"))
        elif field.kind == "date":
            events.append(e.FieldRecorded(at=AT, key=field.key, value=day(dice).isoformat()))
        elif field.kind in ("choice", "yes/no"):
            events.append(e.FieldRecorded(at=AT, key=field.key, value=(field.choices or ("Yes",))[0]))
        elif field.repeat:
            events.append(e.FieldRecorded(at=AT, key=field.key, value="Ada Quince | Health\nBo Reed | Police"))
        else:
            events.append(e.FieldRecorded(at=AT, key=field.key, value=text(dice, controls=True)))
    return events
