"""Whoever has no Word answers with the form's labels as plain lines: each is read into the box it stands for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mailbot.core.procedure.protocol import FormField
from mailbot.core.record.dispute import Visit
from tests.unit.mail.understanding.scenes import OPEN, protocol, read

AT = datetime(2026, 9, 9, 9, tzinfo=UTC)
FORMS = ("north-somerset", "sunderland", "gloucestershire", "plymouth")
# By initials, by a mark of 1 to 5, by hand: these are answered otherwise.
NOT_BY_LINE = {"child_name", "child_dob", "feedback", "signed"}
LABELS = [
    (name, field)
    for name in FORMS
    for form in protocol(name).forms.values()
    for field in form.fields
    if field.fill != "bot" and field.key not in NOT_BY_LINE
]


@pytest.mark.parametrize(("name", "field"), LABELS, ids=[f"{name}-{field.key}" for name, field in LABELS])
def test_every_published_label_is_read(name: str, field: FormField) -> None:
    stage = field.stage or next(iter(protocol(name).forms.values())).stages[0]
    dispute = replace(OPEN, protocol=name, visits=(Visit(stage, AT, "asked"),))
    said = "11 September 2026" if field.kind == "date" else "Nobody has spoken to the child alone."
    wanted = "2026-09-11" if field.kind == "date" else said
    fields = {k: v for intent in read(f"{field.label}: {said}", dispute, name=name) for k, v in intent.fields.items()}
    assert wanted in (fields.get(field.key), fields.get(f"{field.key}:{stage}")), dict(fields)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("Summary of the issue at Stage 2: The school sees K hungry.", "summary:2"),
        ("Stage 2 summary: The school sees K hungry.", "summary:2"),
        ("Summary: The school sees K hungry.", "summary:2"),
        ("What remains unresolved: The school sees K hungry.", "unresolved:2"),
        (
            "SUMMARY OF THE ISSUE AT STAGE 2, INCLUDE VIEWS OF ALL AGENCIES CONCERNED AND IMPACT ON CHILD: "
            "The school sees K hungry.",
            "summary:2",
        ),
        ("Additional notes: The school sees K hungry.", "notes"),
    ],
)
def test_the_short_forms_people_use_are_read_as_well(line: str, key: str) -> None:
    assert read(line)[0].fields[key] == "The school sees K hungry."
